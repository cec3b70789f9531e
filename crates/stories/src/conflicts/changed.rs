//! What a word-spun copy changed in the text that it was made from: days of the week, states.

use super::{Conflicts, Given, two_days::one_weekday};
use crate::facts::Facts;
use crate::origins::Copies;
use polybius_text::ActorKind;
use std::collections::BTreeSet;

/// Texts that a spun copy is set against.
const COMPARED: usize = 8;

impl Conflicts<'_, '_> {
    /// Soft conflicts between a spun copy and the texts of its origin, sentence by sentence.
    pub(super) fn changed_in_copies(&mut self) {
        let facts = self.facts;
        let members = self.parts.members;
        for &copy in members.iter().filter(|d| facts.spun(**d)) {
            let beside = |c: &Copies| match c.docs {
                (a, b) if a == copy && !facts.spun(b) => Some((b, c.sentences.clone())),
                (a, b) if b == copy && !facts.spun(a) => {
                    Some((a, c.sentences.iter().map(|&(i, j)| (j, i)).collect()))
                }
                _ => None,
            };
            let texts: Vec<(u32, Vec<(u32, u32)>)> =
                self.parts.copies.iter().filter_map(beside).take(COMPARED).collect();
            for (field, read) in [("date", one_weekday as Read), ("parties", states as Read)] {
                let other = |ours: &str, theirs: &str| {
                    // Names that the copy lost are no other names.
                    let named: BTreeSet<&str> = theirs.split(", ").collect();
                    ours.split(", ").any(|n| !named.contains(n))
                };
                let mut seen = BTreeSet::new();
                for (text, sentences) in &texts {
                    for &(i, j) in sentences {
                        let (ours, theirs) = (read(facts, copy, i), read(facts, *text, j));
                        if let (Some(ours), Some(theirs)) = (ours, theirs)
                            && other(&ours.1, &theirs.1)
                            && seen.insert(i)
                        {
                            let reason = "a word-spun copy gives what its text does not".to_string();
                            self.add(None, field, false, vec![ours, theirs], reason);
                        }
                    }
                }
            }
        }
    }
}

/// The value of a field in a sentence of a document.
type Read = fn(&Facts, u32, u32) -> Option<Given>;

/// The states that a sentence names, when they are at least two.
fn states(facts: &Facts, doc: u32, sentence: u32) -> Option<Given> {
    let d = facts.doc(doc);
    let here = d.mentions.iter().filter(|m| d.annotated.sentence_of(m.head) == sentence);
    let actors = here.flat_map(|m| &m.actors).filter_map(|&x| facts.actor_of(doc, x)).map(|x| facts.actor(x));
    let names: BTreeSet<&str> =
        actors.filter(|x| x.kind == ActorKind::Country).map(|x| x.name.as_str()).collect();
    let list: Vec<&str> = names.into_iter().collect();
    (list.len() >= 2).then(|| (doc, list.join(", "), d.annotated.sentences[sentence as usize].span))
}
