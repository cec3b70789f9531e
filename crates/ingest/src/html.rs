//! Markup to blocks of visible text, every byte of which knows where it stood.
//!
//! A tolerant reader in one pass: tags open and close elements on a stack, and closing tags that match nothing are
//! ignored, so no markup is an error. It follows the HTML standard where pages depend on it (raw text elements,
//! implied end tags, character references) and no further.

mod element;

use crate::blocks::{Block, Hidden, Node, Sheet};
use crate::decode::{Builder, Decoded};
use crate::knowledge::IngestKnowledge;
use crate::labels::Label;
use crate::letters::ends_closed;
use crate::metadata::Metadata;
use crate::scan::{attributes, find_end_tag, reference_len, tag_name};
use crate::tags;
use element::Element;
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

/// Reads markup. Hidden elements whose tags begin at `shown` are read as if they were visible.
pub(crate) fn read(decoded: &Decoded, shown: &[usize], known: &IngestKnowledge) -> Sheet {
    let mut reader = Reader::new(&decoded.text, known);
    reader.shown = shown.to_vec();
    reader.run();
    reader.flush();
    reader.truncate(0);
    let Reader { out, blocks, nodes, mut metadata, hidden, .. } = reader;
    metadata.finish();
    let Decoded { text, map } = out.over(&decoded.map);
    Sheet { text, map, blocks, nodes, metadata, hidden, is_html: true }
}

/// The text since the last line break or begin of a block.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Line {
    Empty,
    /// All of it stands in elements like `<b>`, `<font>`, `<span>`.
    InElement,
    Plain,
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
    line: Line,
    metadata: Metadata,
    quotes_broken: bool,
    /// Places of hidden elements that are read as visible ones.
    shown: Vec<usize>,
    hidden: Vec<Hidden>,
    /// Where on the stack the outermost hidden element is.
    hiding: Option<usize>,
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
            line: Line::Empty,
            metadata: Metadata::default(),
            quotes_broken: false,
            shown: Vec::new(),
            hidden: Vec::new(),
            hiding: None,
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
        let (source, tag) = (self.source, self.at);
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
        self.take_facts(&name, &attributes);
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
        self.push(tag, name, &attributes);
    }

    /// What a tag says of the page: meta tags, the language, dates in elements.
    fn take_facts(&mut self, name: &str, attributes: &[(&'t str, &'t str)]) {
        let has = |key: &str| attributes.iter().any(|(k, _)| k.eq_ignore_ascii_case(key));
        // Behind the first word of the page microdata belongs to the element around it.
        let in_head = name == "meta" && !(has("itemprop") && !self.out.text.is_empty());
        match name {
            "meta" if !in_head => {}
            "meta" | "link" => self.metadata.take_tag(name, attributes, self.known),
            "html" | "body" => {
                if let Some((_, language)) = attributes.iter().find(|(k, _)| k.eq_ignore_ascii_case("lang")) {
                    self.metadata.take_language(language);
                }
            }
            _ => {}
        }
        let dated = has("datetime") || has("itemprop") || has("property");
        if !in_head && (name == "abbr" || dated) {
            self.metadata.take_element_date(name, attributes, self.out.text.len(), self.known);
        }
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
        // "<b>A subhead</b><br>": a line that is an element of its own.
        let own = self.line == Line::InElement && !self.stack.last().is_some_and(|e| e.inline);
        self.line = Line::Empty;
        if self.breaks >= 2 || closed || own {
            self.flush();
        }
        self.space = Some(self.at);
    }

    /// Takes the characters of the source from `start` to `end` as visible text.
    fn text(&mut self, start: usize, end: usize) {
        if start >= end {
            return;
        }
        if self.stack.last().is_some_and(|e| e.hidden) {
            self.hidden_text(end - start);
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
        let inline = self.stack.last().is_some_and(|e| e.inline);
        self.line = if inline && self.line != Line::Plain { Line::InElement } else { Line::Plain };
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
        self.line = Line::Empty;
        self.breaks = 0;
        self.space = None;
        if let Some(block) = self.block.take() {
            self.blocks.push(block);
        }
    }
}
