//! A page as blocks: what the classifier sees, from HTML and from plain text alike.

use crate::knowledge::IngestKnowledge;
use crate::metadata::Metadata;
use crate::words::words;
use polybius_text::{RawMap, SegmentKind};

/// A paragraph, heading, line or cell.
#[derive(Debug, Clone)]
pub(crate) struct Block {
    /// In [`Sheet::text`], without white space at the ends, never empty.
    pub start: usize,
    pub end: usize,
    /// Heading level, 0 for none.
    pub heading: u8,
    /// What is known of it before any word is read: of a line of a crawler by its place, of markup by its elements.
    pub hint: Option<SegmentKind>,
    /// Bytes of it inside links.
    pub link_bytes: usize,
    /// The innermost element that it stands in, in [`Sheet::nodes`].
    pub node: u32,
    /// A list item or table cell.
    pub item: bool,
}

impl Block {
    pub fn plain(start: usize, end: usize) -> Block {
        Block { start, end, heading: 0, hint: None, link_bytes: 0, node: 0, item: false }
    }
}

/// An element, as far as the choice of the article needs it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Node {
    /// Always before this node; the root is its own parent.
    pub parent: u32,
    pub kind: NodeKind,
    /// Equal for elements with equal class attributes, 0 without one.
    pub class: u64,
    /// What the element says that it holds, and whether its name says so and not a label.
    pub hint: Option<SegmentKind>,
    pub by_tag: bool,
    /// Its labels say that it holds an article.
    pub is_container: bool,
    /// Marked as the article's text.
    pub is_body: bool,
}

/// Elements that matter for the choice of the article.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum NodeKind {
    Body,
    Article,
    Main,
    Section,
    Paragraph,
    Heading,
    List,
    Item,
    Table,
    Quote,
    /// Part of a line of text: a link, bold words, a span.
    Inline,
    #[default]
    Other,
}

impl NodeKind {
    pub fn of(name: &str) -> NodeKind {
        match name {
            "body" | "html" => NodeKind::Body,
            "article" => NodeKind::Article,
            "main" => NodeKind::Main,
            "div" | "section" => NodeKind::Section,
            "p" | "pre" => NodeKind::Paragraph,
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => NodeKind::Heading,
            "ul" | "ol" | "dl" => NodeKind::List,
            "li" | "td" | "th" | "dd" | "dt" | "tr" | "tbody" => NodeKind::Item,
            "table" => NodeKind::Table,
            "blockquote" => NodeKind::Quote,
            "a" | "abbr" | "b" | "bdi" | "big" | "cite" | "code" | "em" | "font" | "i" | "ins" | "mark"
            | "q" | "s" | "small" | "span" | "strong" | "sub" | "sup" | "time" | "u" => NodeKind::Inline,
            _ => NodeKind::Other,
        }
    }
}

/// Visible text with its blocks.
pub(crate) struct Sheet {
    pub text: String,
    pub map: RawMap,
    pub blocks: Vec<Block>,
    /// Elements in page order; empty for plain text.
    pub nodes: Vec<Node>,
    pub metadata: Metadata,
    /// Elements with prose that a reader sees only after a click, if at all.
    pub hidden: Vec<Hidden>,
    pub is_html: bool,
}

/// A hidden element with paragraphs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hidden {
    /// Where its tag begins in the page.
    pub at: usize,
    /// The element around it, in [`Sheet::nodes`].
    pub parent: u32,
    /// Bytes of text in its paragraphs.
    pub prose: usize,
}

/// How much of a page is read: bytes of visible text, and blocks. Half a million words are longer than any article, and
/// take less than a second.
pub(crate) const MAX_READ_BYTES: usize = 3 << 20;
pub(crate) const MAX_READ_BLOCKS: usize = 30_000;

impl Sheet {
    /// Cuts off the blocks that are too many to be read, and says from where to where they stand.
    pub fn cut(&mut self) -> Option<(usize, usize)> {
        let end = self.blocks.last()?.end;
        let fits = self.blocks.partition_point(|b| b.end <= MAX_READ_BYTES).min(MAX_READ_BLOCKS);
        let next = self.blocks.get(fits)?.clone();
        self.blocks.truncate(fits);
        // A block that is longer than all that is read falls apart between two words.
        let whole = fits == MAX_READ_BLOCKS || next.end - next.start < MAX_READ_BYTES / 2;
        let cut = self.text.floor_char_boundary(MAX_READ_BYTES);
        let Some(cut) = (!whole && next.start < cut).then(|| cut_between_words(&self.text, next.start, cut))
        else {
            return Some((next.start, end));
        };
        let (start, to) = trimmed(&self.text, next.start, cut);
        self.blocks.push(Block { start, end: to, ..next });
        Some((trimmed(&self.text, cut, end).0, end))
    }

    /// The block that shows the headline which the head of the page names, or else the first heading of level one.
    pub fn title_block(&self) -> Option<usize> {
        let named: Vec<String> = self.metadata.headlines().map(squeezed).filter(|t| !t.is_empty()).collect();
        let fits = |b: &&Block| {
            let text = squeezed(&self.text[b.start..b.end]);
            text.chars().count() >= 8 && named.iter().any(|n| n.starts_with(&text))
        };
        let short: Vec<usize> = (0..self.blocks.len())
            .filter(|&i| self.blocks[i].end - self.blocks[i].start < 600)
            .take(4000)
            .collect();
        let at = |wanted: &dyn Fn(&Block) -> bool| short.iter().copied().find(|&i| wanted(&self.blocks[i]));
        at(&|b| b.heading > 0 && fits(&b))
            .or_else(|| at(&|b| b.heading == 1 && b.link_bytes == 0))
            .or_else(|| at(&|b| b.link_bytes == 0 && fits(&b)))
    }
}

/// The last space before `cut`, or `cut` where there is none behind `start`.
fn cut_between_words(text: &str, start: usize, cut: usize) -> usize {
    text[start..cut].rfind(char::is_whitespace).filter(|i| *i > 0).map_or(cut, |i| start + i)
}

/// Letters and digits in lower case.
fn squeezed(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Blocks of a plain text: its lines, wrapped lines joined, the crawler's head line taken apart.
pub(crate) fn text_blocks(text: &str, known: &IngestKnowledge) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut offset = 0;
    let mut after_gap = true;
    let mut last_end = 0;
    for line in text.split_inclusive('\n') {
        let (start, end) = trimmed(text, offset, offset + line.len());
        offset += line.len();
        if start == end {
            after_gap = true;
            continue;
        }
        let wrapped = !after_gap
            && blocks
                .last()
                .is_some_and(|b| continues(&text[b.start..b.end], last_end, &text[start..end], text));
        if wrapped {
            if let Some(block) = blocks.last_mut() {
                block.end = end;
            }
        } else if blocks.is_empty() {
            head_line(text, start, end, known, &mut blocks);
        } else {
            blocks.push(Block::plain(start, end));
        }
        last_end = start;
        after_gap = false;
    }
    blocks
}

/// Whether `next` is the rest of a sentence that was wrapped at a fixed width.
fn continues(before: &str, last_line_start: usize, next: &str, text: &str) -> bool {
    let last_line = text.get(last_line_start..).and_then(|t| t.lines().next()).unwrap_or("");
    (50..=120).contains(&last_line.trim_end().len())
        && !crate::letters::ends_closed(before)
        && next.chars().next().is_some_and(char::is_lowercase)
}

/// The first line of a crawled text: ` date 2018-07-09 Left Menu Home World ...`.
///
/// The date, the menu words and what follows them are blocks of their own.
fn head_line(text: &str, start: usize, end: usize, known: &IngestKnowledge, blocks: &mut Vec<Block>) {
    let list = words(&text[start..end], start);
    let dated = list.len() >= 2
        && list[0].lower == "date"
        && list[1].text.len() == 10
        && crate::dates::find_dates(&list[1..2], known).len() == 1;
    let mut from = start;
    let mut skip = 0;
    if dated {
        blocks.push(Block { hint: Some(SegmentKind::Dateline), ..Block::plain(start, list[1].end) });
        from = trimmed(text, list[1].end, end).0;
        skip = 2;
    }
    if from >= end {
        return;
    }
    let menu = menu_run(&list[skip..], known);
    if menu > 0 {
        let menu_end = list[skip + menu - 1].end;
        blocks.push(Block { hint: Some(SegmentKind::Navigation), ..Block::plain(from, menu_end) });
        from = trimmed(text, menu_end, end).0;
    }
    if from < end {
        blocks.push(Block::plain(from, end));
    }
}

/// How many leading words are a menu: at least two menu words, or three words of which most are.
///
/// A menu that takes nearly the whole line takes all of it ("Home Fixtures Tables Transfers Live scores").
fn menu_run(list: &[crate::words::Word], known: &IngestKnowledge) -> usize {
    let is_menu = |w: &crate::words::Word| known.classes.has("menu", &w.lower);
    let mut run = 0;
    let mut hits = 0;
    for (i, word) in list.iter().enumerate() {
        if is_menu(word) {
            hits += 1;
            run = i + 1;
        } else if i >= run + 2 || (word.is_word && !word.is_capitalised()) {
            break;
        }
    }
    let n_words = list.iter().filter(|w| w.is_word).count();
    let closed = list.last().is_some_and(|w| matches!(w.text, "." | "!" | "?" | "\"" | "”"));
    let all = list.iter().filter(|w| is_menu(w)).count();
    if !closed && n_words <= 40 && all >= 2 && all * 2 >= n_words {
        return list.len();
    }
    if hits >= 3 || (hits == 2 && run == 2 && list[0].lower == "left") { run } else { 0 }
}

/// The range without white space at its ends.
pub(crate) fn trimmed(text: &str, start: usize, end: usize) -> (usize, usize) {
    let piece = &text[start..end];
    let blank = |c: char| c.is_whitespace() || c == '\u{feff}' || c == '\u{200b}';
    let front = piece.trim_start_matches(blank);
    let start = end - front.len();
    (start, start + front.trim_end_matches(blank).len())
}
