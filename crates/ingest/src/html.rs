//! Markup to blocks of visible text, every byte of which knows where it stood.
//!
//! A tolerant reader in one pass: tags open and close elements on a stack, and closing tags that match nothing are
//! ignored, so no markup is an error. It follows the HTML standard where pages depend on it (raw text elements,
//! implied end tags, character references) and no further.

use crate::blocks::{Block, Sheet};
use crate::decode::{Builder, Decoded};
use crate::knowledge::IngestKnowledge;
use crate::letters::ends_closed;
use crate::metadata::Metadata;
use polybius_text::{RawMap, RawRun, SegmentKind, Span};
use rustc_hash::FxHashMap;

/// How deep closing tags look for what they close.
const MAX_LOOK: usize = 256;

/// Whether the text is markup: a doctype or html tag in front, or several known tags near the front.
pub(crate) fn looks_like_html(text: &str) -> bool {
    let mut cut = text.len().min(4096);
    while !text.is_char_boundary(cut) {
        cut -= 1;
    }
    let head = text[..cut].to_ascii_lowercase();
    let head = head.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if head.starts_with("<!doctype html") || head.starts_with("<html") || head.starts_with("<?xml") {
        return true;
    }
    let tags = [
        "<html", "<head", "<body", "<p>", "<p ", "<div", "<article", "</p>", "<meta ", "<h1", "<br",
        "<title>",
    ];
    head.starts_with('<') && tags.iter().any(|t| head.contains(t))
        || tags.iter().filter(|t| head.contains(*t)).count() >= 3
}

/// Reads markup.
pub(crate) fn read(decoded: &Decoded, known: &IngestKnowledge) -> Sheet {
    let mut reader = Reader::new(&decoded.text, known);
    reader.run();
    reader.flush();
    let Reader { out, blocks, mut metadata, .. } = reader;
    metadata.finish();
    let runs = out.runs.iter().map(|run| through(run, &decoded.map)).collect();
    Sheet { text: out.text, map: RawMap { runs }, blocks, metadata, is_html: true }
}

/// A run into the decoded text as a run into the page.
fn through(run: &RawRun, map: &RawMap) -> RawRun {
    let raw = map.to_raw(Span { start: run.raw, end: run.raw + run.raw_len });
    RawRun { raw: raw.start, raw_len: raw.end - raw.start, ..*run }
}

struct Element {
    name: String,
    hint: Option<SegmentKind>,
    hint_element: u32,
    container: u32,
    hidden: bool,
    link: bool,
    item: bool,
    heading: u8,
}

struct Reader<'t, 'k> {
    source: &'t str,
    known: &'k IngestKnowledge,
    at: usize,
    stack: Vec<Element>,
    open: FxHashMap<String, u32>,
    n_elements: u32,
    out: Builder,
    blocks: Vec<Block>,
    /// Start of the block in hand, if it has text.
    block: Option<Block>,
    /// White space was read since the last character.
    space: Option<usize>,
    breaks: u32,
    metadata: Metadata,
    quotes_broken: bool,
}

const BLOCK_TAGS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "button",
    "caption",
    "center",
    "dd",
    "details",
    "dialog",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "label",
    "legend",
    "li",
    "main",
    "menu",
    "nav",
    "ol",
    "option",
    "p",
    "pre",
    "section",
    "select",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
];
const VOID_TAGS: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track",
    "wbr",
];
const RAW_TAGS: &[&str] = &["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"];

impl<'t, 'k> Reader<'t, 'k> {
    fn new(source: &'t str, known: &'k IngestKnowledge) -> Self {
        Reader {
            source,
            known,
            at: 0,
            stack: Vec::new(),
            open: FxHashMap::default(),
            n_elements: 0,
            out: Builder::default(),
            blocks: Vec::new(),
            block: None,
            space: None,
            breaks: 0,
            metadata: Metadata::default(),
            quotes_broken: false,
        }
    }

    fn run(&mut self) {
        while self.at < self.source.len() {
            let rest = &self.source[self.at..];
            let Some(next) = rest.find('<') else {
                self.text(self.at, self.source.len());
                return;
            };
            let tag = self.at + next;
            self.text(self.at, tag);
            self.at = tag;
            self.markup();
        }
    }

    /// Reads what begins with the `<` at the cursor.
    fn markup(&mut self) {
        let rest = &self.source[self.at..];
        let bytes = rest.as_bytes();
        if let Some(comment) = rest.strip_prefix("<!--") {
            self.at = comment.find("-->").map_or(self.source.len(), |end| self.at + 4 + end + 3);
        } else if matches!(bytes.get(1), Some(b'!' | b'?')) {
            self.at = rest.find('>').map_or(self.source.len(), |end| self.at + end + 1);
        } else if bytes.get(1) == Some(&b'/') && bytes.get(2).is_some_and(u8::is_ascii_alphabetic) {
            let end = rest.find('>').map_or(self.source.len(), |end| self.at + end + 1);
            let name = tag_name(&rest[2..]);
            self.at = end;
            self.close(&name);
        } else if bytes.get(1).is_some_and(u8::is_ascii_alphabetic) {
            self.start_tag();
        } else {
            // A lone `<` is text.
            self.text(self.at, self.at + 1);
            self.at += 1;
        }
    }

    fn start_tag(&mut self) {
        let name = tag_name(&self.source[self.at + 1..]);
        let from = self.at + 1 + name.len();
        let (attributes, end) = match self.attributes(from) {
            Some(read) => read,
            None => {
                // A quote that never closes would swallow the page: from here on tags end at the next `>`.
                self.quotes_broken = true;
                (Vec::new(), self.source[from..].find('>').map_or(self.source.len(), |i| from + i + 1))
            }
        };
        self.at = end;
        if RAW_TAGS.contains(&name.as_str()) {
            self.raw_element(&name, &attributes);
            return;
        }
        if name == "br" {
            self.line_break();
            return;
        }
        self.metadata.take_tag(&name, &attributes);
        if name == "img" && self.block.is_none() {
            return;
        }
        if BLOCK_TAGS.contains(&name.as_str()) {
            self.flush();
            self.imply_ends(&name);
        } else if name == "a" {
            self.next_link();
        }
        if name == "hr" || VOID_TAGS.contains(&name.as_str()) {
            return;
        }
        self.push(name, &attributes);
    }

    /// Links in a row are entries of a list: each is a block of its own, in furniture always, elsewhere where no
    /// white space stands between them.
    fn next_link(&mut self) {
        let furniture = self.stack.last().is_some_and(|e| e.hint.is_some());
        let all_link = self
            .block
            .as_ref()
            .is_some_and(|b| b.link_bytes > 0 && b.end - b.start < b.link_bytes * 5 / 4 + 1);
        if all_link && (furniture || self.space.is_none()) {
            self.flush();
        }
    }

    fn push(&mut self, name: String, attributes: &[(String, String)]) {
        self.n_elements += 1;
        let id = self.n_elements;
        let get = |key: &str| attributes.iter().find(|(k, _)| k == key).map(|(_, v)| v.as_str());
        let parent = self.stack.last();
        let mut element = Element {
            hint: parent.and_then(|p| p.hint),
            hint_element: parent.map_or(0, |p| p.hint_element),
            container: parent.map_or(0, |p| p.container),
            hidden: parent.is_some_and(|p| p.hidden),
            link: parent.is_some_and(|p| p.link),
            item: parent.is_some_and(|p| p.item),
            heading: parent.map_or(0, |p| p.heading),
            name,
        };
        let style: String = get("style").unwrap_or("").chars().filter(|c| !c.is_whitespace()).collect();
        element.hidden |= matches!(element.name.as_str(), "template" | "svg" | "math" | "object" | "head")
            || get("hidden").is_some()
            || style.contains("display:none")
            || style.contains("visibility:hidden");
        element.link |= element.name == "a" && get("href").is_some();
        element.item |= matches!(element.name.as_str(), "li" | "td" | "th" | "dd" | "dt");
        if let [b'h', level @ b'1'..=b'6'] = element.name.as_bytes() {
            element.heading = level - b'0';
        }
        let role = get("role").unwrap_or("");
        let labels = format!("{} {}", get("class").unwrap_or(""), get("id").unwrap_or(""));
        let prop = get("itemprop").unwrap_or("");
        let is_container = matches!(element.name.as_str(), "article" | "main")
            || role == "main"
            || prop.eq_ignore_ascii_case("articleBody")
            || label_words(&labels).windows(2).any(|w| {
                self.known.classes.has("container_first", &w[0])
                    && self.known.classes.has("container_second", &w[1])
            });
        if is_container {
            element.container = id;
        }
        let own = tag_hint(&element.name, role, element.container != 0).or_else(|| {
            if is_container || matches!(element.name.as_str(), "body" | "html") {
                None
            } else {
                self.label_hint(&labels, prop, &element)
            }
        });
        // Furniture stays furniture inside; a byline inside a header is a byline.
        let sticky = element
            .hint
            .is_some_and(|h| !matches!(h, SegmentKind::Byline | SegmentKind::Dateline | SegmentKind::Teaser));
        if let (Some(kind), false) = (own, sticky) {
            element.hint = Some(kind);
            element.hint_element = id;
        }
        *self.open.entry(element.name.clone()).or_default() += 1;
        self.stack.push(element);
    }

    /// What words of class, id and itemprop say. Headings and links are too small to be named by theirs.
    fn label_hint(&self, labels: &str, prop: &str, element: &Element) -> Option<SegmentKind> {
        if matches!(element.name.as_str(), "a" | "b" | "i" | "em" | "strong") {
            return None;
        }
        match prop {
            "author" => return Some(SegmentKind::Byline),
            "datePublished" => return Some(SegmentKind::Dateline),
            _ => {}
        }
        let found = label_words(labels).iter().find_map(|word| self.known.structure.get(word).copied());
        found.filter(|kind| element.heading == 0 || *kind == SegmentKind::Teaser)
    }

    /// An element that may leave out its end tag is ended by the start of the next.
    fn imply_ends(&mut self, name: &str) {
        let ends: &[&str] = match name {
            "li" => &["li"],
            "td" | "th" => &["td", "th"],
            "tr" => &["td", "th", "tr"],
            "dd" | "dt" => &["dd", "dt"],
            "option" => &["option"],
            "body" => &["head"],
            _ => &["p", "h1", "h2", "h3", "h4", "h5", "h6"],
        };
        let stop: &[&str] = match name {
            "li" => &["ul", "ol", "menu"],
            "td" | "th" | "tr" => &["table"],
            "dd" | "dt" => &["dl"],
            _ => &[
                "div",
                "article",
                "section",
                "aside",
                "td",
                "li",
                "body",
                "blockquote",
                "button",
                "figure",
                "header",
            ],
        };
        let mut close_from = None;
        for (i, element) in self.stack.iter().enumerate().rev().take(MAX_LOOK) {
            if ends.contains(&element.name.as_str()) {
                close_from = Some(i);
                if name != "tr" {
                    break;
                }
            } else if stop.contains(&element.name.as_str()) {
                break;
            }
        }
        if let Some(i) = close_from {
            self.truncate(i);
        }
    }

    fn truncate(&mut self, to: usize) {
        while self.stack.len() > to {
            if let Some(element) = self.stack.pop()
                && let Some(n) = self.open.get_mut(&element.name)
            {
                *n -= 1;
            }
        }
    }

    fn close(&mut self, name: &str) {
        let is_block = BLOCK_TAGS.contains(&name);
        if is_block {
            self.flush();
        }
        if name == "br" {
            self.line_break();
        }
        if self.open.get(name).is_none_or(|n| *n == 0) {
            return;
        }
        for i in (0..self.stack.len()).rev().take(if is_block { usize::MAX } else { MAX_LOOK }) {
            if self.stack[i].name == name {
                self.truncate(i);
                return;
            }
            if !is_block && BLOCK_TAGS.contains(&self.stack[i].name.as_str()) {
                return;
            }
        }
    }

    fn raw_element(&mut self, name: &str, attributes: &[(String, String)]) {
        let rest = &self.source[self.at..];
        let end = find_end_tag(rest, name).unwrap_or(rest.len());
        let content = &rest[..end];
        match name {
            "script" => {
                let json =
                    attributes.iter().any(|(k, v)| k == "type" && v.to_ascii_lowercase().contains("ld+json"));
                if json {
                    self.metadata.take_json_ld(content);
                }
            }
            "title" => self.metadata.take_title(&htmlize::unescape(content)),
            _ => {}
        }
        self.at += end;
        self.at = self.source[self.at..].find('>').map_or(self.source.len(), |i| self.at + i + 1);
    }

    /// Name and value pairs up to `>` and the place behind it; `None` when a quote never closes.
    fn attributes(&self, from: usize) -> Option<(Vec<(String, String)>, usize)> {
        let bytes = self.source.as_bytes();
        let mut found = Vec::new();
        let mut at = from;
        loop {
            while at < bytes.len() && (bytes[at].is_ascii_whitespace() || bytes[at] == b'/') {
                at += 1;
            }
            if at >= bytes.len() {
                return Some((found, at));
            }
            if bytes[at] == b'>' {
                return Some((found, at + 1));
            }
            let start = at;
            while at < bytes.len()
                && !bytes[at].is_ascii_whitespace()
                && !matches!(bytes[at], b'=' | b'>' | b'/')
            {
                at += 1;
            }
            let key = self.source.get(start..at).unwrap_or("").to_ascii_lowercase();
            let mut look = at;
            while look < bytes.len() && bytes[look].is_ascii_whitespace() {
                look += 1;
            }
            if bytes.get(look) != Some(&b'=') {
                if at == start {
                    at += 1;
                }
                found.push((key, String::new()));
                continue;
            }
            at = look + 1;
            while at < bytes.len() && bytes[at].is_ascii_whitespace() {
                at += 1;
            }
            let quote = bytes.get(at).copied().filter(|q| matches!(q, b'"' | b'\'') && !self.quotes_broken);
            let (value, next) = match quote {
                Some(quote) => {
                    let end = at + 1 + self.source.as_bytes()[at + 1..].iter().position(|b| *b == quote)?;
                    (&self.source[at + 1..end], end + 1)
                }
                None => {
                    let mut end = at;
                    while end < bytes.len() && !bytes[end].is_ascii_whitespace() && bytes[end] != b'>' {
                        end += 1;
                    }
                    (self.source.get(at..end).unwrap_or(""), end)
                }
            };
            if found.len() < 64 {
                found.push((key, htmlize::unescape_attribute(value).into_owned()));
            }
            at = next;
        }
    }

    /// A line break: one is a space unless a sentence ended before it, two are the end of the paragraph.
    fn line_break(&mut self) {
        self.breaks += 1;
        let closed = self.block.as_ref().is_some_and(|b| ends_closed(&self.out.text[b.start..]));
        if self.breaks >= 2 || closed {
            self.flush();
        }
        self.space = Some(self.at);
    }

    /// Takes the characters of the source from `start` to `end` as visible text.
    fn text(&mut self, start: usize, end: usize) {
        if start >= end || self.stack.last().is_some_and(|e| e.hidden) {
            return;
        }
        let mut at = start;
        while at < end {
            let piece = &self.source[at..end];
            let special = piece.find(|c: char| c == '&' || c.is_whitespace()).unwrap_or(piece.len());
            if special > 0 {
                self.visible(&piece[..special], at, special);
                at += special;
                continue;
            }
            if piece.starts_with('&') {
                let len = reference_len(piece);
                let decoded = htmlize::unescape(&piece[..len]);
                // Without its semicolon `&nbsp10` is a space and a number.
                let shown = decoded.trim();
                if shown.len() < decoded.len() {
                    self.space.get_or_insert(at);
                }
                if !shown.is_empty() {
                    self.visible(shown, at, len);
                }
                at += len;
            } else {
                self.space.get_or_insert(at);
                at += piece.chars().next().map_or(1, char::len_utf8);
            }
        }
    }

    fn visible(&mut self, piece: &str, raw: usize, raw_len: usize) {
        self.breaks = 0;
        let new_block = self.block.is_none();
        if new_block {
            if !self.out.text.is_empty() {
                // The line break between blocks stands for markup, not for bytes: it has no run.
                self.out.text.push('\n');
            }
            let start = self.out.text.len();
            let (hint, hint_element, container, item, heading) = self
                .stack
                .last()
                .map_or((None, 0, 0, false, 0), |e| (e.hint, e.hint_element, e.container, e.item, e.heading));
            self.block =
                Some(Block { hint, hint_element, container, item, heading, ..Block::plain(start, start) });
        } else if let Some(space) = self.space {
            // The space stands for all bytes up to here, tags among them.
            self.out.push(" ", space, raw - space);
        }
        self.space = None;
        self.out.push(piece, raw, raw_len);
        let link = self.stack.last().is_some_and(|e| e.link);
        if let Some(block) = &mut self.block {
            block.end = self.out.text.len();
            if link {
                block.link_bytes += piece.len();
            }
        }
    }

    fn flush(&mut self) {
        self.breaks = 0;
        self.space = None;
        if let Some(block) = self.block.take() {
            self.blocks.push(block);
        }
    }
}

/// The name in ASCII lower case, as many bytes as it has in the page.
fn tag_name(rest: &str) -> String {
    let end =
        rest.find(|c: char| c.is_ascii_whitespace() || matches!(c, '>' | '/' | '<')).unwrap_or(rest.len());
    rest[..rest.floor_char_boundary(end.min(64))].to_ascii_lowercase()
}

/// What the element itself says that its content is.
fn tag_hint(name: &str, role: &str, in_container: bool) -> Option<SegmentKind> {
    match (name, role) {
        (_, "navigation" | "menu" | "menubar" | "search" | "banner") => Some(SegmentKind::Navigation),
        (_, "dialog" | "alertdialog") => Some(SegmentKind::CookieNotice),
        (_, "complementary") | ("aside", _) => Some(SegmentKind::RelatedHeadline),
        (_, "contentinfo") | ("nav" | "footer" | "button" | "noscript" | "menu", _) => {
            Some(SegmentKind::Navigation)
        }
        ("header", _) if !in_container => Some(SegmentKind::Navigation),
        ("form" | "label" | "select" | "fieldset", _) => Some(SegmentKind::Form),
        ("figcaption" | "caption", _) => Some(SegmentKind::Caption),
        ("time", _) => None,
        _ => None,
    }
}

/// Words of class and id attributes: `articleBody entry-content` is article, body, entry, content.
fn label_words(labels: &str) -> Vec<String> {
    let mut found = vec![String::new()];
    let mut lower_before = false;
    for c in labels.chars().take(400) {
        if !c.is_alphanumeric() || (c.is_uppercase() && lower_before) {
            found.push(String::new());
        }
        if c.is_alphanumeric() {
            found.last_mut().expect("starts with one").extend(c.to_lowercase());
        }
        lower_before = c.is_lowercase();
    }
    found.retain(|w| !w.is_empty());
    found
}

/// Where `</name` begins.
fn find_end_tag(rest: &str, name: &str) -> Option<usize> {
    let bytes = rest.as_bytes();
    let mut from = 0;
    while let Some(i) = rest[from..].find("</") {
        let at = from + i;
        let end = at + 2 + name.len();
        if end <= bytes.len() && bytes[at + 2..end].eq_ignore_ascii_case(name.as_bytes()) {
            return Some(at);
        }
        from = at + 2;
    }
    None
}

/// Length of the character reference that `piece`, which starts with `&`, begins with; 1 when it is none.
fn reference_len(piece: &str) -> usize {
    let body = piece.as_bytes()[1..]
        .iter()
        .take(40)
        .take_while(|b| b.is_ascii_alphanumeric() || **b == b'#')
        .count();
    let closed = piece.as_bytes().get(1 + body) == Some(&b';');
    if body == 0 { 1 } else { 1 + body + usize::from(closed) }
}
