//! Which elements of a page hold the article.
//!
//! Every paragraph of prose votes for the elements around it, the nearest most. Links, lists and labels that say
//! furniture lower a vote, never forbid it: a page whose labels are all wrong still has its text. The element with most
//! votes is the article's core. From there the article grows upwards, as far as neighbours look like its paragraphs:
//! pages cut one text into several columns, cards or "teaser" and "remainder". Inside the article a label counts only
//! where it does not name a good part of the text.
//!
//! The votes are those of Arc90's Readability (2009); growing by equal classes and voting down labels are ours.

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
/// Share of the text from which a label is wrong.
const WRONG_LABEL: f32 = 0.35;
/// Weight of usual paragraphs that makes a neighbour of another kind part of the article.
const LIKE: f32 = 80.0;
/// Weight of prose that makes a neighbour of the same kind a part of the article.
const PART: f32 = 250.0;
/// Weight and number of paragraphs that are too much text for what a label says.
const TOO_MUCH: f32 = 600.0;
const TOO_MANY: f32 = 3.0;
/// Share of the core's paragraphs that a form of paragraph must have to be looked for outside.
const USUAL_FORM: f32 = 0.3;

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
    own_class: bool,
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
        for i in 1..nodes.len() {
            let own = nodes[i].hint.map_or(1.0, |kind| factor_of(kind, nodes[i].by_tag));
            factor[i] = factor[nodes[i].parent as usize].min(own);
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
            title: None,
        };
        for (i, b) in judge.blocks.iter().enumerate() {
            let n = b.node as usize;
            judge.weight[n] += b.weight;
            judge.link[n] += b.weight * b.link;
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
        for i in 0..self.nodes.len() {
            below[i] = roots.contains(&(i as u32)) || (i > 0 && below[self.nodes[i].parent as usize]);
        }
        below
    }

    /// The forms that most paragraphs of the core have.
    fn usual_forms(&self, core: u32) -> FxHashSet<u64> {
        let inside = self.below(&[core].into_iter().collect());
        let mut by_form: FxHashMap<u64, f32> = FxHashMap::default();
        let mut all = 0.0;
        for b in self.blocks.iter().filter(|b| b.prose && inside[b.node as usize]) {
            *by_form.entry(b.form).or_default() += b.weight;
            if b.around != 0 {
                *by_form.entry(b.around).or_default() += b.weight;
            }
            all += b.weight;
        }
        by_form.into_iter().filter(|(_, w)| *w >= USUAL_FORM * all).map(|(form, _)| form).collect()
    }

    /// The core and the neighbours of it, and of what is around it, that hold paragraphs of the usual forms.
    fn grow(&self, core: u32, forms: &FxHashSet<u64>) -> FxHashSet<u32> {
        let mut roots: FxHashSet<u32> = [core].into_iter().collect();
        let mut like = vec![0.0f32; self.nodes.len()];
        let mut titled = vec![false; self.nodes.len()];
        for (i, b) in self.blocks.iter().enumerate() {
            let n = b.node as usize;
            let usual = forms.contains(&b.form) || (b.around != 0 && forms.contains(&b.around));
            let fits = usual && self.factor[n] > 0.5 && !self.in_card(i) || b.told;
            like[n] += if b.prose && fits { b.weight } else { 0.0 };
            titled[n] |= b.heading && self.nodes[n].kind == NodeKind::Heading && b.link > 0.8;
        }
        for i in (1..self.nodes.len()).rev() {
            let parent = self.nodes[i].parent as usize;
            like[parent] += like[i];
            titled[parent] |= titled[i];
        }
        let mut children: FxHashMap<u32, Vec<u32>> = FxHashMap::default();
        let mut on_path = Vec::new();
        let mut at = core;
        while self.nodes[at as usize].parent != at && on_path.len() < 200 {
            at = self.nodes[at as usize].parent;
            on_path.push(at);
        }
        let wanted: FxHashSet<u32> = on_path.iter().copied().collect();
        for (i, node) in self.nodes.iter().enumerate().skip(1) {
            if wanted.contains(&node.parent) {
                children.entry(node.parent).or_default().push(i as u32);
            }
        }
        let mut from = core;
        for up in on_path {
            if self.nodes[from as usize].kind == NodeKind::Article && !self.is_entry(from) {
                break;
            }
            let from_node = self.nodes[from as usize];
            for &child in children.get(&up).into_iter().flatten().filter(|c| **c != from) {
                let c = child as usize;
                let node = self.nodes[c];
                let links = self.link[c] / self.weight[c].max(1.0);
                let twin = node.kind == from_node.kind && node.class == from_node.class && node.class != 0;
                let other_article = node.kind == NodeKind::Article && !twin;
                let fits = like[c] >= 0.5 * self.prose[c] && like[c] > 0.0 && links < 0.35;
                // Parts of one text can have a class each.
                let part = from == core
                    && node.kind == from_node.kind
                    && self.prose[c] >= PART
                    && links < 0.1
                    && self.n_scraps[c] <= 0.5 * self.n_prose[c]
                    && self.factor[c] > 0.5;
                let fits = fits || part;
                let strong = twin || from == core || like[c] >= LIKE;
                if fits && strong && !other_article && !titled[c] {
                    roots.insert(child);
                }
            }
            from = up;
            if self.nodes[up as usize].kind == NodeKind::Body {
                break;
            }
        }
        self.between(&mut roots);
        roots
    }

    /// Whether an article element is an entry of a running report: equal ones stand beside it, and the headline in none.
    fn is_entry(&self, article: u32) -> bool {
        let own = &self.nodes[article as usize];
        let twins = self.nodes.iter().filter(|n| {
            n.parent == own.parent && n.kind == NodeKind::Article && n.class == own.class && own.class != 0
        });
        let mut around_title = self.title.map_or(0, |title| self.blocks[title].node);
        while around_title != article && self.nodes[around_title as usize].parent != around_title {
            around_title = self.nodes[around_title as usize].parent;
        }
        twins.take(2).count() == 2 && around_title != article
    }

    /// Headings and short paragraphs that stand between roots of one parent belong to the article too.
    fn between(&self, roots: &mut FxHashSet<u32>) {
        if roots.len() < 2 {
            return;
        }
        let mut by_parent: FxHashMap<u32, (u32, u32)> = FxHashMap::default();
        for &root in roots.iter() {
            let span = by_parent.entry(self.nodes[root as usize].parent).or_insert((root, root));
            *span = (span.0.min(root), span.1.max(root));
        }
        for (i, node) in self.nodes.iter().enumerate().skip(1) {
            let i = i as u32;
            let Some((first, last)) = by_parent.get(&node.parent) else { continue };
            let n = i as usize;
            let linked = self.link[n] > 0.3 * self.weight[n];
            if i > *first && i < *last && !linked && self.factor[n] > 0.5 {
                roots.insert(i);
            }
        }
    }

    fn verdicts(&self, core: u32, roots: &FxHashSet<u32>, forms: &FxHashSet<u64>) -> Vec<Verdict> {
        let inside = self.below(roots);
        let all = roots.is_empty();
        let wrong = self.wrong_labels(&inside);
        // What is around the article is no furniture, whatever it is called.
        let mut around: FxHashSet<u32> = FxHashSet::default();
        let mut at = core;
        while at != 0 {
            at = self.nodes[at as usize].parent;
            around.insert(at);
        }
        // Hints count from the article's root inwards; outside they count from the elements around it.
        let mut hints: Vec<Option<SegmentKind>> = vec![None; self.nodes.len()];
        for i in 1..self.nodes.len() {
            let node = &self.nodes[i];
            let is_root = roots.contains(&(i as u32)) && !inside[node.parent as usize];
            if is_root || around.contains(&(i as u32)) {
                continue;
            }
            let mut inherited = hints[node.parent as usize];
            // Tables and quotations stand in figures too.
            if inherited == Some(SegmentKind::Caption)
                && matches!(node.kind, NodeKind::Table | NodeKind::Quote)
            {
                inherited = None;
            }
            // Furniture stays furniture inside; a byline inside a header is a byline.
            let sticky = inherited.is_some_and(|h| {
                !matches!(h, SegmentKind::Byline | SegmentKind::Dateline | SegmentKind::Teaser)
            });
            let own = node
                .hint
                .filter(|_| !inside[i] || !(wrong.contains(&(node.class, node.hint)) || self.is_text(i)));
            hints[i] = if sticky { inherited } else { own.or(inherited) };
        }
        self.blocks
            .iter()
            .map(|b| {
                let n = b.node as usize;
                let usual = inside[n] && forms.contains(&b.form);
                // A label inside a line ("<span class=place>Oslo</span> The ...") is not the paragraph's.
                let labelled = if b.weight < 60.0 { b.inner as usize } else { n };
                let hint = hints[labelled].filter(|kind| {
                    let strong = usual && b.own_class && *kind != SegmentKind::Comment;
                    !(inside[n] && (b.told || (strong && b.link < 0.3)))
                });
                Verdict { inside: all || inside[n], usual, told: b.told, hint }
            })
            .collect()
    }

    /// Whether a labelled element holds several paragraphs and little else.
    fn is_text(&self, i: usize) -> bool {
        let node = &self.nodes[i];
        !node.by_tag
            && !matches!(node.hint, Some(SegmentKind::Comment | SegmentKind::CookieNotice))
            && self.prose[i] >= TOO_MUCH
            && self.n_prose[i] >= TOO_MANY
            && self.link[i] < 0.12 * self.weight[i]
            && self.n_scraps[i] < self.n_prose[i]
    }

    /// Labels, with what they say, that would take a good part of the article away.
    fn wrong_labels(&self, inside: &[bool]) -> FxHashSet<(u64, Option<SegmentKind>)> {
        let mut under: FxHashMap<(u64, Option<SegmentKind>), f32> = FxHashMap::default();
        // Of nested elements the outermost one counts; below it nothing is added twice for the same label.
        let mut seen: Vec<Option<(u64, Option<SegmentKind>)>> = vec![None; self.nodes.len()];
        let mut free = 0.0;
        let mut hinted = vec![false; self.nodes.len()];
        for i in 1..self.nodes.len() {
            if !inside[i] {
                continue;
            }
            let node = &self.nodes[i];
            let parent = node.parent as usize;
            hinted[i] = hinted[parent] || node.hint.is_some();
            seen[i] = seen[parent];
            if node.hint.is_some() {
                let label = (node.class, node.hint);
                if seen[parent] != Some(label) {
                    *under.entry(label).or_default() += self.prose[i];
                }
                seen[i] = Some(label);
            }
        }
        let mut all = 0.0;
        for b in self.blocks.iter().filter(|b| b.prose && inside[b.node as usize]) {
            all += b.weight;
            free += if hinted[b.node as usize] { 0.0 } else { b.weight };
        }
        let is_wrong = |kind: Option<SegmentKind>, prose: f32| match kind {
            Some(SegmentKind::Comment) => free < 0.15 * all && prose > 0.8 * all,
            _ => prose >= WRONG_LABEL * all,
        };
        under
            .into_iter()
            .filter(|((_, kind), prose)| is_wrong(*kind, *prose))
            .map(|(label, _)| label)
            .collect()
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
    let (around, own_class) = (around.class, node.class != 0);
    Paragraph {
        inner: block.node,
        node: at,
        weight,
        link,
        prose,
        heading,
        told: false,
        form,
        around,
        own_class,
    }
}

/// Letters and digits in lower case, so that white space and marks do not matter.
fn letters_only(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
