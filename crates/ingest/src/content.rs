//! Which elements of a page hold the article.
//!
//! Every paragraph of prose votes for the elements around it, the nearest most. Links, lists and labels that say
//! furniture lower a vote, never forbid it: a page whose labels are all wrong still has its text. The element with most
//! votes is the article's core. From there the article grows upwards, as far as neighbours look like its paragraphs:
//! pages cut one text into several columns, cards or "teaser" and "remainder". Inside the article a label counts only
//! where it does not name a good part of the text.
//!
//! The votes are those of Arc90's Readability (2009); growing by equal classes and voting down labels are ours.

mod grow;
mod verdicts;

use crate::blocks::{Block, Node, NodeKind, Sheet};
use crate::letters::{ends_closed, weight};
use polybius_text::SegmentKind;
use rustc_hash::{FxHashMap, FxHashSet};

/// How much of a paragraph's vote the first, second, ... element around it gets.
const DECAY: [f32; 7] = [1.0, 0.7, 0.5, 0.35, 0.25, 0.18, 0.12];
/// Weight of letters of a paragraph that is prose whatever it ends with, and of one that ends like a sentence. A letter of an
/// alphabet weighs 1.
const LONG: f32 = 150.0;
const CLOSED: f32 = 45.0;
/// Bytes of the article's text in the page's data that are looked at, and blocks that are looked for.
const MAX_TOLD: usize = 100_000;
const MAX_ASKED: usize = 2_000;

/// What the elements say of a block.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Verdict {
    /// It stands in the article.
    pub inside: bool,
    /// It looks like most paragraphs of the article.
    pub usual: bool,
    /// The page's own data call it text of the article.
    pub told: bool,
    /// What its elements say that it is.
    pub hint: Option<SegmentKind>,
    /// Equal for paragraphs in equal elements.
    pub form: u64,
}

/// Judges all blocks of a page, a verdict for each.
pub(crate) fn judge(sheet: &Sheet) -> Vec<Verdict> {
    if sheet.nodes.is_empty() {
        return sheet
            .blocks
            .iter()
            .map(|b| Verdict { inside: true, hint: b.hint, ..Verdict::default() })
            .collect();
    }
    let mut judge = Judge::new(sheet);
    judge.told(sheet);
    judge.title = sheet.title_block();
    let Some(core) = judge.core() else {
        return judge.verdicts(0, &FxHashSet::default(), &FxHashSet::default());
    };
    let forms = judge.usual_forms(core);
    let roots = judge.grow(core, &forms);
    judge.verdicts(core, &roots, &forms)
}

/// A block with what the choice needs.
struct Paragraph {
    /// The innermost element, and the innermost that is no part of a line.
    inner: u32,
    node: u32,
    weight: f32,
    link: f32,
    prose: bool,
    heading: bool,
    told: bool,
    /// Element and class of the innermost element and of the one around it.
    form: u64,
    /// The class around it alone, 0 without one.
    around: u64,
    /// Its own class alone, 0 without one.
    own: u64,
}

impl Paragraph {
    /// Whether it looks like the paragraphs of these forms.
    fn has_form(&self, forms: &FxHashSet<u64>) -> bool {
        forms.contains(&self.form) || (self.own != 0 && forms.contains(&self.own))
    }
}

struct Judge<'s> {
    nodes: &'s [Node],
    blocks: Vec<Paragraph>,
    /// What the nearest hints leave of a vote.
    factor: Vec<f32>,
    /// Weight of all text and of text in links below each node.
    weight: Vec<f32>,
    link: Vec<f32>,
    /// Weight of prose below each node.
    prose: Vec<f32>,
    /// Paragraphs of prose and scraps (short lines, links) below each node.
    n_prose: Vec<f32>,
    n_scraps: Vec<f32>,
    /// Prose behind the title and before each node's first prose; where a node's prose begins.
    first_prose: Vec<u32>,
    /// Whether a headline below each node is a link.
    titled: Vec<bool>,
    title: Option<usize>,
}

fn factor_of(kind: SegmentKind, by_tag: bool) -> f32 {
    match kind {
        SegmentKind::Byline | SegmentKind::Dateline | SegmentKind::Teaser => 0.6,
        SegmentKind::Caption => 0.3,
        SegmentKind::Comment => 0.1,
        _ if by_tag => 0.2,
        _ => 0.25,
    }
}

impl<'s> Judge<'s> {
    fn new(sheet: &'s Sheet) -> Judge<'s> {
        let nodes = &sheet.nodes[..];
        let mut factor = vec![1.0f32; nodes.len()];
        for (i, node) in nodes.iter().enumerate().skip(1) {
            let own = node.hint.map_or(1.0, |kind| factor_of(kind, node.by_tag));
            factor[i] = factor[node.parent as usize].min(own);
        }
        let blocks: Vec<Paragraph> = sheet.blocks.iter().map(|b| paragraph(b, sheet)).collect();
        let mut judge = Judge {
            nodes,
            blocks,
            factor,
            weight: vec![0.0; nodes.len()],
            link: vec![0.0; nodes.len()],
            prose: vec![0.0; nodes.len()],
            n_prose: vec![0.0; nodes.len()],
            n_scraps: vec![0.0; nodes.len()],
            first_prose: vec![u32::MAX; nodes.len()],
            titled: vec![false; nodes.len()],
            title: None,
        };
        for (i, b) in judge.blocks.iter().enumerate() {
            let n = b.node as usize;
            judge.weight[n] += b.weight;
            judge.link[n] += b.weight * b.link;
            judge.titled[n] |= b.heading && nodes[n].kind == NodeKind::Heading && b.link > 0.8;
            judge.prose[n] += if b.prose { b.weight } else { 0.0 };
            if b.prose {
                judge.n_prose[n] += 1.0;
                judge.first_prose[n] = judge.first_prose[n].min(i as u32);
            } else if !b.heading && (b.link > 0.5 || b.weight < 20.0) {
                judge.n_scraps[n] += 1.0;
            }
        }
        for i in (1..nodes.len()).rev() {
            let parent = nodes[i].parent as usize;
            judge.titled[parent] |= judge.titled[i];
            judge.first_prose[parent] = judge.first_prose[parent].min(judge.first_prose[i]);
            for sums in [
                &mut judge.weight,
                &mut judge.link,
                &mut judge.prose,
                &mut judge.n_prose,
                &mut judge.n_scraps,
            ] {
                sums[parent] += sums[i];
            }
        }
        judge
    }

    /// Marks the blocks that stand in the article text of the page's JSON-LD, if enough of them do.
    fn told(&mut self, sheet: &Sheet) {
        let Some(body) = sheet.metadata.article_body.as_deref() else { return };
        let body = letters_only(&body[..body.floor_char_boundary(MAX_TOLD)]);
        let mut found = 0.0;
        let mut marks = vec![false; self.blocks.len()];
        let long = (0..self.blocks.len()).filter(|i| self.blocks[*i].weight >= 25.0).take(MAX_ASKED);
        for i in long.collect::<Vec<_>>() {
            let block = &sheet.blocks[i];
            let text = letters_only(&sheet.text[block.start..block.end]);
            let head = &text[..text.floor_char_boundary(90)];
            if self.blocks[i].link < 0.9 && body.contains(head) {
                marks[i] = true;
                found += self.blocks[i].weight;
            }
        }
        if found >= 300.0 {
            for (block, mark) in self.blocks.iter_mut().zip(marks) {
                block.told = mark;
            }
        }
    }

    /// Whether a paragraph is the summary of a card: a headline that is a link stands right before it.
    fn in_card(&self, i: usize) -> bool {
        let before = i.checked_sub(1).map(|k| &self.blocks[k]);
        before.is_some_and(|b| b.link > 0.8 && (b.heading || b.weight >= 15.0) && !b.prose)
            && self.blocks.get(i + 1).is_none_or(|b| !b.prose)
    }

    fn vote(&self, i: usize) -> f32 {
        let b = &self.blocks[i];
        if !b.prose {
            return if b.told { b.weight / 100.0 } else { 0.0 };
        }
        let card = if self.in_card(i) { 0.3 } else { 1.0 };
        let told = if b.told { 3.0 } else { 1.0 };
        let factor = if b.told { 1.0 } else { self.factor[b.node as usize] };
        factor * card * told * (1.0 - b.link) * (0.5 + b.weight.min(700.0) / 100.0)
    }

    /// The element with most votes.
    fn core(&self) -> Option<u32> {
        let mut votes: FxHashMap<u32, f32> = FxHashMap::default();
        for (i, b) in self.blocks.iter().enumerate() {
            let vote = self.vote(i);
            if vote <= 0.0 {
                continue;
            }
            let mut node = self.holder(b.node);
            for share in DECAY {
                *votes.entry(node).or_default() += vote * share;
                let parent = self.nodes[node as usize].parent;
                if parent == node {
                    break;
                }
                node = parent;
            }
        }
        let score = |node: u32, votes: f32| {
            let n = node as usize;
            let link_share = self.link[n] / self.weight[n].max(1.0);
            let label = match &self.nodes[n] {
                Node { is_body: true, .. } => 1.6,
                Node { kind: NodeKind::Body, .. } => 0.6,
                Node { is_container: true, .. } => 1.35,
                Node { kind: NodeKind::Article, .. } => 1.25,
                Node { kind: NodeKind::List | NodeKind::Item, .. } => 0.9,
                _ => 1.0,
            };
            // Comments and lists of teasers have a name, a clock and a button for each paragraph.
            let scraps = self.n_scraps[n] / self.n_prose[n].max(1.0);
            let place = if self.follows_title(n) { 1.5 } else { 1.0 };
            votes * (1.0 - link_share) * label * place / (1.0 + scraps * scraps / 3.0)
        };
        let mut best: Option<(f32, u32)> = None;
        let mut list: Vec<(u32, f32)> = votes.into_iter().collect();
        list.sort_unstable_by_key(|(node, _)| *node);
        for (node, votes) in list {
            let score = score(node, votes);
            if best.is_none_or(|(most, _)| score > most) {
                best = Some((score, node));
            }
        }
        best.map(|(_, node)| node)
    }

    /// Whether the first prose behind the title is this element's first.
    fn follows_title(&self, node: usize) -> bool {
        let Some(title) = self.title else { return false };
        let first = self.blocks[title..].iter().position(|b| b.prose).map(|n| n + title);
        first.is_some_and(|first| self.first_prose[node] as usize == first)
    }

    /// The element that a paragraph stands in: for text of a `<p>` or of a heading the one around it.
    fn holder(&self, node: u32) -> u32 {
        let mut at = node;
        for _ in 0..4 {
            let n = &self.nodes[at as usize];
            if matches!(n.kind, NodeKind::Paragraph | NodeKind::Heading) {
                return n.parent;
            }
            at = n.parent;
        }
        node
    }

    /// Whether `node` is `root` or below; marks for all nodes.
    fn below(&self, roots: &FxHashSet<u32>) -> Vec<bool> {
        let mut below = vec![false; self.nodes.len()];
        for (i, node) in self.nodes.iter().enumerate() {
            below[i] = roots.contains(&(i as u32)) || (i > 0 && below[node.parent as usize]);
        }
        below
    }
}

fn paragraph(block: &Block, sheet: &Sheet) -> Paragraph {
    let text = &sheet.text[block.start..block.end];
    let weight = weight(text);
    let link = block.link_bytes as f32 / (block.end - block.start).max(1) as f32;
    let mut at = block.node;
    for _ in 0..16 {
        if sheet.nodes[at as usize].kind != NodeKind::Inline {
            break;
        }
        at = sheet.nodes[at as usize].parent;
    }
    let node = sheet.nodes[at as usize];
    let around = sheet.nodes[node.parent as usize];
    let form = (node.class.rotate_left(7) ^ around.class)
        .wrapping_mul(31)
        .wrapping_add(node.kind as u64 * 16 + around.kind as u64);
    let heading = block.heading > 0;
    let prose = !heading && link < 0.5 && (weight >= LONG || (weight >= CLOSED && ends_closed(text)));
    let (around, own) = (around.class, node.class);
    Paragraph { inner: block.node, node: at, weight, link, prose, heading, told: false, form, around, own }
}

/// Letters and digits in lower case, so that white space and marks do not matter.
fn letters_only(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
