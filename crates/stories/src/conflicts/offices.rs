//! Other offices of one person.

use super::Conflicts;
use crate::claims::StoryParts;
use crate::facts::{Facts, single_holder};
use polybius_text::Span;
use std::collections::{BTreeMap, BTreeSet};

impl Conflicts<'_, '_> {
    /// Two offices for one actor, each given by documents that do not give the other.
    pub(super) fn offices(&mut self) {
        for (actor, docs) in held(self.facts, self.parts) {
            let single: Vec<(u32, &Held)> = docs
                .iter()
                .filter(|(_, o)| o.iter().all(|x| x.0 == o[0].0))
                .map(|(d, o)| (*d, &o[0]))
                .collect();
            let both = docs.values().any(|o| o.iter().any(|x| x.0 != o[0].0));
            let of_one = differing(&single, both);
            if of_one.len() < 2 {
                continue;
            }
            let values = of_one.iter().map(|(d, o)| (*d, o.1.clone(), o.2)).collect();
            let name = &self.facts.actor(actor).name;
            let reason = format!("{name} is given other offices: one is less exact or wrong");
            self.add(None, "office", false, values, reason);
        }
    }
}

/// Office, title, words.
type Held = (String, String, Span);

/// The present offices that each document gives a person in its own words.
fn held(facts: &Facts, parts: &StoryParts) -> BTreeMap<u32, BTreeMap<u32, Vec<Held>>> {
    let mut by_actor: BTreeMap<u32, BTreeMap<u32, Vec<Held>>> = BTreeMap::new();
    for &doc in parts.members.iter().filter(|d| !facts.spun(**d)) {
        for (n, a) in facts.doc(doc).doc_actors.iter().enumerate() {
            let Some(actor) = facts.actor_of(doc, n as u32).filter(|x| facts.is_person(*x)) else { continue };
            let own = a
                .offices
                .iter()
                .filter(|o| o.basis == "text" && o.qualifier.is_empty() && !o.office.is_empty());
            for o in own {
                if let Some(span) = o.span {
                    let of_doc = by_actor.entry(actor).or_default().entry(doc).or_default();
                    of_doc.push((o.office.clone(), o.title.clone(), span));
                }
            }
        }
    }
    by_actor
}

/// Two offices that one person seldom holds together, or one office of two bodies.
fn differing<'o>(single: &[(u32, &'o Held)], both: bool) -> Vec<(u32, &'o Held)> {
    // An acting president is a president.
    let bare = |o: &'o Held| o.0.trim_start_matches("acting-").trim_start_matches("deputy-");
    let offices: BTreeSet<&str> = single.iter().map(|(_, o)| bare(o)).collect();
    if offices.len() >= 2 && !both && offices.iter().all(|o| single_holder(o)) {
        return single.to_vec();
    }
    let all: BTreeSet<&str> = single.iter().map(|(_, o)| o.0.as_str()).collect();
    let same = |office: &str| -> Vec<(u32, &'o Held)> {
        single.iter().copied().filter(|(_, o)| o.0 == office).collect()
    };
    let of_two_bodies = |held: &Vec<(u32, &Held)>| {
        let titles: BTreeSet<&str> = held.iter().map(|(_, o)| o.1.as_str()).collect();
        other_bodies(&titles)
    };
    all.into_iter().map(same).find(of_two_bodies).unwrap_or_default()
}

/// `commander of the guard` and `commander of the harbour`: one head word with other bodies, none a part of the other.
fn other_bodies(titles: &BTreeSet<&str>) -> bool {
    let parts: Vec<(String, String)> = titles
        .iter()
        .filter_map(|t| {
            let (head, body) = t.split_once(" of ")?;
            let head = head.split_whitespace().last().unwrap_or("").to_lowercase();
            Some((head, body.trim_start_matches("the ").to_lowercase()))
        })
        .collect();
    parts.iter().enumerate().any(|(i, (head, body))| {
        parts[i + 1..]
            .iter()
            .any(|(other, b)| head == other && !body.contains(b.as_str()) && !b.contains(body.as_str()))
    })
}
