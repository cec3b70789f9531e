//! Markup to blocks of visible text, every byte of which knows where it stood.
//!
//! A tolerant reader in one pass: tags open and close elements on a stack, and closing tags that match nothing are
//! ignored, so no markup is an error. It follows the HTML standard where pages depend on it (raw text elements,
//! implied end tags, character references) and no further.

use crate::blocks::{Block, Node, NodeKind, Sheet};
use crate::decode::{Builder, Decoded};
use crate::knowledge::IngestKnowledge;
use crate::labels::{self, Label};
use crate::letters::ends_closed;
use crate::metadata::Metadata;
use crate::scan::{attributes, find_end_tag, reference_len, tag_name};
use crate::tags;
use polybius_text::SegmentKind;
use rustc_hash::FxHashMap;
use std::borrow::Cow;

/// How deep closing tags look for what they close.
const MAX_LOOK: usize = 256;
/// Elements that are told apart; on pages with more, the rest belong to the last.
const MAX_NODES: usize = 400_000;

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
    let Reader { out, blocks, nodes, mut metadata, .. } = reader;
    metadata.finish();
    let Decoded { text, map } = out.over(&decoded.map);
    Sheet { text, map, blocks, nodes, metadata, is_html: true }
}

struct Element<'t> {
    name: Cow<'t, str>,
    node: u32,
    in_article: bool,
    hinted: bool,
    hidden: bool,
    link: bool,
    item: bool,
    heading: u8,
    /// Where its text begins, when it names a writer.
    author_from: Option<usize>,
}

struct Reader<'t, 'k> {
    source: &'t str,
    known: &'k IngestKnowledge,
    at: usize,
    stack: Vec<Element<'t>>,
    open: FxHashMap<Cow<'t, str>, u32>,
    nodes: Vec<Node>,
    labels: FxHashMap<(&'t str, &'t str), Label>,
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

impl<'t, 'k> Reader<'t, 'k> {
    fn new(source: &'t str, known: &'k IngestKnowledge) -> Self {
        Reader {
            source,
            known,
            at: 0,
            stack: Vec::new(),
            open: FxHashMap::default(),
            nodes: vec![Node::default()],
            labels: FxHashMap::default(),
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
        let source = self.source;
        let name = tag_name(&source[self.at + 1..]);
        let from = self.at + 1 + name.len();
        let (attributes, end) = match attributes(source, from, self.quotes_broken) {
            Some(read) => read,
            None => {
                // A quote that never closes would swallow the page: from here on tags end at the next `>`.
                self.quotes_broken = true;
                (Vec::new(), self.source[from..].find('>').map_or(self.source.len(), |i| from + i + 1))
            }
        };
        self.at = end;
        if tags::is_raw(&name) {
            self.raw_element(&name, &attributes);
            return;
        }
        if name == "br" {
            self.line_break();
            return;
        }
        let has = |key: &str| attributes.iter().any(|(k, _)| k.eq_ignore_ascii_case(key));
        // Behind the first word of the page microdata belongs to the element around it.
        let in_head = name == "meta" && !(has("itemprop") && !self.out.text.is_empty());
        match &*name {
            "meta" if !in_head => {}
            "meta" | "link" => self.metadata.take_tag(&name, &attributes, self.known),
            "html" | "body" => {
                if let Some((_, language)) = attributes.iter().find(|(k, _)| k.eq_ignore_ascii_case("lang")) {
                    self.metadata.take_language(language);
                }
            }
            _ => {}
        }
        let dated = has("datetime") || has("itemprop") || has("property");
        if !in_head && (name == "abbr" || dated) {
            self.metadata.take_element_date(&name, &attributes, self.out.text.len(), self.known);
        }
        if name == "img" && self.block.is_none() {
            return;
        }
        if tags::is_block(&name) {
            self.flush();
            self.imply_ends(&name);
        } else if name == "a" {
            self.next_link();
        }
        if tags::is_void(&name) {
            return;
        }
        self.push(name, &attributes);
    }

    /// Links in a row are entries of a list: each is a block of its own, in furniture always, elsewhere where no
    /// white space stands between them.
    fn next_link(&mut self) {
        let furniture = self.stack.last().is_some_and(|e| e.hinted);
        let all_link = self
            .block
            .as_ref()
            .is_some_and(|b| b.link_bytes > 0 && b.end - b.start < b.link_bytes * 5 / 4 + 1);
        if all_link && (furniture || self.space.is_none()) {
            self.flush();
        }
    }

    fn push(&mut self, name: Cow<'t, str>, attributes: &[(&'t str, &'t str)]) {
        let get = |key: &str| attributes.iter().find(|(k, _)| k.eq_ignore_ascii_case(key)).map(|(_, v)| *v);
        let (class, id) = (get("class").unwrap_or(""), get("id").unwrap_or(""));
        let known = self.known;
        let label = if class.is_empty() && id.is_empty() {
            Label::default()
        } else {
            *self.labels.entry((class, id)).or_insert_with(|| labels::read(class, id, known))
        };
        let parent = self.stack.last();
        let mut element = Element {
            node: parent.map_or(0, |p| p.node),
            in_article: parent.is_some_and(|p| p.in_article),
            hinted: parent.is_some_and(|p| p.hinted),
            hidden: parent.is_some_and(|p| p.hidden),
            link: parent.is_some_and(|p| p.link),
            item: parent.is_some_and(|p| p.item),
            heading: parent.map_or(0, |p| p.heading),
            author_from: None,
            name,
        };
        if let Some(style) = get("style") {
            let style: String = style
                .chars()
                .take(2000)
                .filter(|c| !c.is_whitespace())
                .flat_map(char::to_lowercase)
                .collect();
            element.hidden |= style.contains("display:none") || style.contains("visibility:hidden");
        }
        element.hidden |= tags::is_hidden(&element.name) || get("hidden").is_some_and(|v| v != "until-found");
        element.link |= element.name == "a" && get("href").is_some();
        element.item |= matches!(&*element.name, "li" | "td" | "th" | "dd" | "dt");
        if let [b'h', level @ b'1'..=b'6'] = element.name.as_bytes() {
            element.heading = level - b'0';
        }
        let role = get("role").unwrap_or("");
        let prop = get("itemprop").unwrap_or("");
        let is_body = prop.split_ascii_whitespace().any(|p| p.eq_ignore_ascii_case("articleBody"));
        element.in_article |= matches!(&*element.name, "article" | "main") || role == "main" || is_body;
        let by_tag = tags::hint(&element.name, role, element.in_article);
        let plain = tags::is_small(&element.name) || matches!(&*element.name, "body" | "html");
        let by_label = match prop {
            _ if plain => None,
            "author" => Some(SegmentKind::Byline),
            "datePublished" => Some(SegmentKind::Dateline),
            // Headings are named after their looks: only that it is a summary is believed.
            _ => label.hint.filter(|kind| element.heading == 0 || *kind == SegmentKind::Teaser),
        };
        let says_author = label.hint == Some(SegmentKind::Byline)
            || prop == "author"
            || get("rel")
                .is_some_and(|r| r.split_ascii_whitespace().any(|r| r.eq_ignore_ascii_case("author")));
        element.author_from = says_author.then_some(self.out.text.len());
        let hint = by_tag.or(by_label.filter(|_| !is_body));
        element.hinted |= hint.is_some();
        if self.nodes.len() < MAX_NODES {
            self.nodes.push(Node {
                parent: element.node,
                kind: NodeKind::of(&element.name),
                class: label.class,
                hint,
                by_tag: by_tag.is_some(),
                is_container: label.is_container || role == "main",
                is_body,
            });
            element.node = self.nodes.len() as u32 - 1;
        }
        *self.open.entry(element.name.clone()).or_default() += 1;
        self.stack.push(element);
    }

    /// An element that may leave out its end tag is ended by the start of the next.
    fn imply_ends(&mut self, name: &str) {
        let (ends, stop) = tags::implied_ends(name);
        let mut close_from = None;
        for (i, element) in self.stack.iter().enumerate().rev().take(MAX_LOOK) {
            if ends.contains(&&*element.name) {
                close_from = Some(i);
                if name != "tr" {
                    break;
                }
            } else if stop.contains(&&*element.name) {
                break;
            }
        }
        if let Some(i) = close_from {
            self.truncate(i);
        }
    }

    fn truncate(&mut self, to: usize) {
        while self.stack.len() > to {
            let Some(element) = self.stack.pop() else { return };
            if let Some(n) = self.open.get_mut(&element.name) {
                *n -= 1;
            }
            if let Some(from) = element.author_from {
                self.metadata.take_author_range(from, self.out.text.len());
            }
        }
    }

    fn close(&mut self, name: &str) {
        let is_block = tags::is_block(name);
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
            if !is_block && tags::is_block(&self.stack[i].name) {
                return;
            }
        }
    }

    fn raw_element(&mut self, name: &str, attributes: &[(&str, &str)]) {
        let rest = &self.source[self.at..];
        let end = find_end_tag(rest, name).unwrap_or(rest.len());
        let content = &rest[..end];
        match name {
            "script" => {
                let json = attributes.iter().any(|(k, v)| {
                    k.eq_ignore_ascii_case("type") && v.to_ascii_lowercase().contains("ld+json")
                });
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
            let (node, item, heading) =
                self.stack.last().map_or((0, false, 0), |e| (e.node, e.item, e.heading));
            self.block = Some(Block { node, item, heading, ..Block::plain(start, start) });
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
