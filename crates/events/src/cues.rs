//! Which type the words of a sentence speak for, where no trigger is sure.

use crate::codebook::{Codebook, Pos};
use crate::tree::Tree;
use polybius_text::EventType;
use smol_str::SmolStr;
use std::ops::Range;

/// What the cue words of a sentence say: for each type its weight and its heaviest word.
pub(crate) struct Guess {
    by_type: Vec<(EventType, f32, u32, SmolStr)>,
    total: f32,
}

impl Guess {
    /// Weighs every cue word of `tokens`; `near` gives 0 to 1 by how close a token stands to the parties.
    pub fn of(tree: &Tree, book: &Codebook, tokens: Range<u32>, near: impl Fn(u32) -> f32) -> Guess {
        let mut by_type: Vec<(EventType, f32, u32, SmolStr)> = Vec::new();
        let mut heaviest: Vec<f32> = Vec::new();
        for t in tokens {
            let pos = match tree.upos(t) {
                "VERB" | "AUX" => Pos::Verb,
                "NOUN" | "PROPN" => Pos::Noun,
                "ADJ" => Pos::Adjective,
                _ => continue,
            };
            let lower = tree.lemma(t).to_lowercase();
            let senses = book.by_lemma.get(&(pos, SmolStr::from(lower.as_str())));
            let known = senses.into_iter().flatten().filter(|e| e.tail.is_empty());
            let mut said: Vec<(EventType, f32, SmolStr)> = Vec::new();
            for entry in known {
                let sense = &book.senses[entry.sense as usize];
                // A row that asks for much speaks less for its type when none of it is known to hold.
                let weight = 0.5 / (1.0 + sense.require.len() as f32);
                add(&mut said, sense.event_type, weight, &sense.rule);
            }
            let sum: f32 = said.iter().map(|(_, w, _)| w).sum();
            for (_, w, _) in &mut said {
                *w *= 0.6 / sum.max(0.6);
            }
            if let Some(cue) = book.cues.get(lower.as_str()) {
                for (event_type, weight, rule) in cue {
                    add(&mut said, *event_type, *weight, rule);
                }
            }
            for (event_type, weight, rule) in said {
                let weight = weight * near(t);
                match by_type.iter().position(|x| x.0 == event_type) {
                    Some(i) => {
                        by_type[i].1 += weight;
                        if weight > heaviest[i] {
                            heaviest[i] = weight;
                            by_type[i].2 = t;
                            by_type[i].3 = rule;
                        }
                    }
                    None => {
                        by_type.push((event_type, weight, t, rule));
                        heaviest.push(weight);
                    }
                }
            }
        }
        let total = by_type.iter().map(|x| x.1).sum();
        Guess { by_type, total }
    }

    /// The share of a type among all that the words say, 0 to 1.
    pub fn share(&self, event_type: EventType) -> f32 {
        if self.total <= 0.0 {
            return 0.0;
        }
        self.by_type.iter().find(|x| x.0 == event_type).map_or(0.0, |x| x.1 / self.total)
    }

    /// The type that the words speak for most, its word, and the row that says so; consultation at `otherwise` when
    /// they say nothing.
    pub fn first(&self, otherwise: u32) -> (EventType, u32, SmolStr) {
        let best = self.by_type.iter().max_by(|a, b| a.1.total_cmp(&b.1).then(b.2.cmp(&a.2)));
        match best {
            Some((event_type, _, token, rule)) => (*event_type, *token, rule.clone()),
            None => (EventType::Consult, otherwise, "cues.tsv".into()),
        }
    }
}

fn add(list: &mut Vec<(EventType, f32, SmolStr)>, event_type: EventType, weight: f32, rule: &SmolStr) {
    match list.iter_mut().find(|x| x.0 == event_type) {
        Some(x) => x.1 += weight,
        None => list.push((event_type, weight, rule.clone())),
    }
}
