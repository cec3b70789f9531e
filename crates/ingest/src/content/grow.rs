//! From the core of the article to all its parts.

use super::Judge;
use crate::blocks::NodeKind;
use rustc_hash::{FxHashMap, FxHashSet};

/// Weight of prose that makes a neighbour of the same kind a part of the article.
const PART: f32 = 250.0;
/// Weight of usual paragraphs that makes a neighbour of another kind part of the article.
const LIKE: f32 = 80.0;
/// How far around the core neighbours are looked for, in elements.
const MAX_PATH: usize = 200;
/// Share of the core's paragraphs that a form of paragraph must have to be looked for outside.
const USUAL_FORM: f32 = 0.3;

impl Judge<'_> {
    /// The forms that most paragraphs of the core have.
    pub(super) fn usual_forms(&self, core: u32) -> FxHashSet<u64> {
        let inside = self.below(&[core].into_iter().collect());
        let mut by_form: FxHashMap<u64, f32> = FxHashMap::default();
        let mut all = 0.0;
        for b in self.blocks.iter().filter(|b| b.prose && inside[b.node as usize]) {
            *by_form.entry(b.form).or_default() += b.weight;
            for class in [b.around, b.own].into_iter().filter(|class| *class != 0) {
                *by_form.entry(class).or_default() += b.weight;
            }
            all += b.weight;
        }
        by_form.into_iter().filter(|(_, w)| *w >= USUAL_FORM * all).map(|(form, _)| form).collect()
    }

    /// The core and the neighbours of it, and of what is around it, that hold paragraphs of the usual forms.
    pub(super) fn grow(&self, core: u32, forms: &FxHashSet<u64>) -> FxHashSet<u32> {
        let mut roots: FxHashSet<u32> = [core].into_iter().collect();
        let like = self.like(forms);
        let on_path = self.path_from(core);
        let children = self.children_of(&on_path);
        let mut from = core;
        for up in on_path {
            if self.nodes[from as usize].kind == NodeKind::Article && !self.is_entry(from) {
                break;
            }
            let neighbours = children.get(&up).into_iter().flatten().copied().filter(|c| *c != from);
            roots.extend(neighbours.filter(|&c| self.belongs(c, from, core, &like)));
            from = up;
            if self.nodes[up as usize].kind == NodeKind::Body {
                break;
            }
        }
        self.between(&mut roots);
        roots
    }

    /// Weight of paragraphs of the usual forms below each node.
    fn like(&self, forms: &FxHashSet<u64>) -> Vec<f32> {
        let mut like = vec![0.0f32; self.nodes.len()];
        for (i, b) in self.blocks.iter().enumerate() {
            let n = b.node as usize;
            let usual = b.has_form(forms) || (b.around != 0 && forms.contains(&b.around));
            let fits = usual && self.factor[n] > 0.5 && !self.in_card(i) || b.told;
            like[n] += if b.prose && fits { b.weight } else { 0.0 };
        }
        for i in (1..self.nodes.len()).rev() {
            like[self.nodes[i].parent as usize] += like[i];
        }
        like
    }

    /// The elements around an element, from the inside outwards.
    fn path_from(&self, core: u32) -> Vec<u32> {
        let mut found = Vec::new();
        let mut at = core;
        while self.nodes[at as usize].parent != at && found.len() < MAX_PATH {
            at = self.nodes[at as usize].parent;
            found.push(at);
        }
        found
    }

    fn children_of(&self, parents: &[u32]) -> FxHashMap<u32, Vec<u32>> {
        let wanted: FxHashSet<u32> = parents.iter().copied().collect();
        let mut children: FxHashMap<u32, Vec<u32>> = FxHashMap::default();
        for (i, node) in self.nodes.iter().enumerate().skip(1) {
            if wanted.contains(&node.parent) {
                children.entry(node.parent).or_default().push(i as u32);
            }
        }
        children
    }

    /// Whether a neighbour of `from`, which is the core or stands around it, is a part of the article.
    fn belongs(&self, child: u32, from: u32, core: u32, like: &[f32]) -> bool {
        let (c, node, from_node) = (child as usize, self.nodes[child as usize], self.nodes[from as usize]);
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
        let strong = twin || from == core || like[c] >= LIKE;
        (fits || part) && strong && !other_article && !self.titled[c]
    }

    /// Whether an article element is an entry of a running report: equal ones stand beside it, and the headline in none.
    pub(super) fn is_entry(&self, article: u32) -> bool {
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
    pub(super) fn between(&self, roots: &mut FxHashSet<u32>) {
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
}
