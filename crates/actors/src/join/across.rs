//! Actors that are one in several stories.

use super::Joiner;
use crate::names::{NameForm, skeleton};
use crate::parallel;
use polybius_text::ActorKind;
use std::collections::BTreeMap;

/// Across stories, where nothing but name and state agree.
const SAME_ACROSS_STORIES: f32 = 0.88;
/// Persons of one code whose names have the same consonants: each is compared with so many of them that are not one yet.
pub(super) const COMPARED: usize = 400;

/// A person in a block of those that may be one.
struct Member {
    cluster: usize,
    name: String,
    form: NameForm,
}

impl Joiner<'_> {
    /// Across stories: equal table rows, or nearly equal full names with the same code.
    pub(super) fn join_across(&mut self) {
        self.join_rows();
        for (key, block) in self.blocks() {
            self.join_block(&key, &block);
        }
    }

    fn join_rows(&mut self) {
        let mut rows: BTreeMap<String, usize> = BTreeMap::new();
        for c in 0..self.clusters.len() {
            let Some(row) = self.members(c).filter_map(|a| a.table_id.as_deref()).min() else { continue };
            match rows.get(row).copied() {
                Some(a) if !self.kept_apart(a, c) => {
                    let reason = format!("same table row {row}");
                    self.merge(a, c, reason);
                }
                Some(_) => {}
                None => {
                    rows.insert(row.to_owned(), c);
                }
            }
        }
    }

    /// Persons by code and the consonants of their full names; only blocks of several.
    fn blocks(&self) -> BTreeMap<String, Vec<usize>> {
        let all: Vec<usize> = (0..self.clusters.len()).filter(|&c| self.clusters[c].is_some()).collect();
        let keys = parallel::map(&all, |&c| {
            let named = |a: &polybius_text::DocActor| a.kind == ActorKind::Person && !a.names.is_empty();
            if !self.members(c).next().is_some_and(named) {
                return None;
            }
            let words = crate::names::name_words(&self.canonical(c));
            let mut bones: Vec<String> = words.iter().map(|w| skeleton(w)).collect();
            bones.sort();
            (bones.len() > 1).then(|| format!("{}:{}", self.code(c), bones.join(" ")))
        });
        let mut blocks: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (c, key) in all.into_iter().zip(keys) {
            if let Some(key) = key {
                blocks.entry(key).or_default().push(c);
            }
        }
        blocks.retain(|_, block| block.len() > 1);
        blocks
    }

    /// Each joins the first before it whose name is nearly its own.
    fn join_block(&mut self, key: &str, block: &[usize]) {
        let member = |j: &Self, cluster: usize| {
            let name = j.canonical(cluster);
            Member { cluster, form: NameForm::of(&name), name }
        };
        let mut apart: Vec<Member> = Vec::new();
        for &c in block {
            let new = member(self, c);
            let score = |m: &Member| m.form.score(&new.form);
            let found = apart
                .iter()
                .take(COMPARED)
                .enumerate()
                .filter(|(_, m)| self.may_join(m.cluster, c))
                .map(|(i, m)| (i, score(m)))
                .find(|(_, score)| *score >= SAME_ACROSS_STORIES);
            let Some((i, score)) = found else {
                apart.push(new);
                continue;
            };
            let (a, x, y) = (apart[i].cluster, &apart[i].name, &new.name);
            let reason = format!("`{x}` and `{y}`: same code, name score {score:.2}");
            self.merge(a, c, reason);
            if self.canonical(a) != apart[i].name {
                apart[i] = member(self, a);
            }
        }
        if apart.len() > COMPARED {
            self.notes.push(format!(
                "of {} persons of like names (`{key}`) each was compared with {COMPARED} only",
                apart.len()
            ));
        }
    }
}
