//! What elements say of a block, once the article is known: labels inside it are weighed against its text.

use super::{Judge, Verdict};
use crate::blocks::NodeKind;
use polybius_text::SegmentKind;
use rustc_hash::{FxHashMap, FxHashSet};

/// Weight and number of paragraphs that are too much text for what a label says.
const TOO_MUCH: f32 = 600.0;
const TOO_MANY: f32 = 3.0;
/// Most paragraphs, and most weight of prose, that the words around a form have.
const BOX_PARAGRAPHS: f32 = 2.0;
const BOX_PROSE: f32 = 400.0;
/// Share of the text from which a label is wrong.
const WRONG_LABEL: f32 = 0.35;

impl Judge<'_> {
    pub(super) fn verdicts(&self, core: u32, roots: &FxHashSet<u32>, forms: &FxHashSet<u64>) -> Vec<Verdict> {
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
        let boxes = self.boxes(roots, &around);
        // Hints count from the article's root inwards; outside they count from the elements around it.
        let mut hints: Vec<Option<SegmentKind>> = vec![None; self.nodes.len()];
        for (i, node) in self.nodes.iter().enumerate().skip(1) {
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
            let own = boxes[i]
                .or(node.hint)
                .filter(|_| !inside[i] || !(wrong.contains(&(node.class, node.hint)) || self.is_text(i)));
            hints[i] = if sticky { inherited } else { own.or(inherited) };
        }
        self.blocks
            .iter()
            .map(|b| {
                let n = b.node as usize;
                let usual = inside[n] && b.has_form(forms);
                // A label inside a line ("<span class=place>Oslo</span> The ...") is not the paragraph's.
                let labelled = if b.weight < 60.0 { b.inner as usize } else { n };
                let hint = hints[labelled].filter(|kind| {
                    let strong = usual && b.own != 0 && *kind != SegmentKind::Comment;
                    !(inside[n] && (b.told || (strong && b.link < 0.3)))
                });
                Verdict { inside: all || inside[n], usual, told: b.told, hint, form: b.form }
            })
            .collect()
    }

    /// What elements are by what stands in them: the box around a form, the card of another article.
    fn boxes(&self, roots: &FxHashSet<u32>, around: &FxHashSet<u32>) -> Vec<Option<SegmentKind>> {
        let mut found = vec![None; self.nodes.len()];
        let is_box = |i: u32| {
            let node = &self.nodes[i as usize];
            !roots.contains(&i)
                && !around.contains(&i)
                && !node.is_body
                && matches!(node.kind, NodeKind::Section | NodeKind::Other)
                && self.n_prose[i as usize] <= BOX_PARAGRAPHS
                && self.prose[i as usize] <= BOX_PROSE
        };
        for (i, node) in self.nodes.iter().enumerate().skip(1) {
            let is_form = node.by_tag && node.hint == Some(SegmentKind::Form);
            if is_form && is_box(node.parent) {
                found[node.parent as usize] = Some(SegmentKind::Form);
            }
            let is_card = node.kind == NodeKind::Article
                && self.titled[i]
                && !roots.contains(&(i as u32))
                && self.n_prose[i] <= 1.0;
            if is_card {
                found[i] = Some(SegmentKind::RelatedHeadline);
            }
        }
        found
    }

    /// Whether a labelled element holds several paragraphs and little else.
    pub(super) fn is_text(&self, i: usize) -> bool {
        let node = &self.nodes[i];
        !node.by_tag
            && !matches!(node.hint, Some(SegmentKind::Comment | SegmentKind::CookieNotice))
            && self.prose[i] >= TOO_MUCH
            && self.n_prose[i] >= TOO_MANY
            && self.link[i] < 0.12 * self.weight[i]
            && self.n_scraps[i] < self.n_prose[i]
    }

    /// Labels, with what they say, that would take a good part of the article away.
    pub(super) fn wrong_labels(&self, inside: &[bool]) -> FxHashSet<(u64, Option<SegmentKind>)> {
        let mut under: FxHashMap<(u64, Option<SegmentKind>), f32> = FxHashMap::default();
        // Of nested elements the outermost one counts; below it nothing is added twice for the same label.
        let mut seen: Vec<Option<(u64, Option<SegmentKind>)>> = vec![None; self.nodes.len()];
        let mut free = 0.0;
        let mut hinted = vec![false; self.nodes.len()];
        for (i, node) in self.nodes.iter().enumerate().skip(1) {
            if !inside[i] {
                continue;
            }
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
