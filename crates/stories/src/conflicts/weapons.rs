//! Other means of one attack.

use super::Conflicts;
use crate::chains::dates_agree;
use crate::claims::{Row, StoryParts};
use crate::facts::{Fact, Facts, clause, sign};
use crate::knowledge::knowledge;
use polybius_text::{EventType, Span};
use std::collections::{BTreeMap, BTreeSet};

/// Attacks compared in a story.
const MOST: usize = 400;

/// Classes of means with their words.
type Means = BTreeMap<&'static str, Span>;

impl Conflicts<'_, '_> {
    /// Accounts of one attack, in whatever rows they lie, that name other means.
    pub(super) fn weapons(&mut self) {
        let (facts, rows) = (self.facts, self.rows);
        let armed = armed(self);
        let mut used = vec![false; armed.len()];
        for i in 0..armed.len() {
            if used[i] {
                continue;
            }
            let one = |j: usize| j == i || !used[j] && one_attack(self, armed[i].1, armed[j].1);
            let group: Vec<usize> = (i..armed.len()).filter(|&j| one(j)).collect();
            group.iter().for_each(|&g| used[g] = true);
            let mut by_doc: BTreeMap<u32, Means> = BTreeMap::new();
            for &g in &group {
                by_doc.entry(armed[g].1.doc).or_default().extend(means(facts, armed[g].1));
            }
            let single: Vec<(u32, String, Span)> = by_doc
                .into_iter()
                .filter(|(_, c)| c.len() == 1)
                .filter_map(|(d, c)| c.into_iter().next().map(|(class, span)| (d, class.to_string(), span)))
                .collect();
            if single.len() >= 2 && single.iter().any(|v| v.1 != single[0].1) {
                let row = rows.iter().find(|r| r.facts.contains(&armed[i].0));
                let list: BTreeSet<&str> = single.iter().map(|v| v.1.as_str()).collect();
                let list: Vec<&str> = list.into_iter().collect();
                let reason = format!("other means of one attack: {}", list.join(" / "));
                self.add(row.map(|r| &r.claim.claim_id), "weapon", false, single, reason);
            }
        }
    }
}

/// Attacks that name one class of means, with their place among the facts.
fn armed<'f>(all: &Conflicts<'_, 'f>) -> Vec<(usize, &'f Fact)> {
    let attacks = all.parts.all.iter().enumerate().filter(|(_, f)| {
        f.event_type == EventType::Assault
            && !all.facts.spun(f.doc)
            && sign(all.facts.event(f.doc, f.event)) == 1
    });
    attacks.filter(|(_, f)| means(all.facts, f).len() == 1).take(MOST).collect()
}

fn one_attack(all: &Conflicts, f: &Fact, g: &Fact) -> bool {
    let (e, h) = (all.facts.event(f.doc, f.event), all.facts.event(g.doc, g.event));
    let date = dates_agree(e.date.as_ref().map(|d| &d.range), h.date.as_ref().map(|d| &d.range));
    let row = all.rows.iter().any(|r| holds(all.parts, r, f) && holds(all.parts, r, g));
    let victim = |v: &u32| all.facts.is_person(*v) && g.recipients.contains(v);
    row || date.is_some() && f.recipients.iter().any(victim)
}

fn holds(parts: &StoryParts, row: &Row, fact: &Fact) -> bool {
    row.facts.iter().any(|&f| (parts.all[f].doc, parts.all[f].event) == (fact.doc, fact.event))
}

/// Classes of means that a clause names, with their words.
fn means(facts: &Facts, f: &Fact) -> Means {
    let a = &facts.doc(f.doc).annotated;
    let tokens = clause(a, facts.event(f.doc, f.event).trigger_token);
    let lemma = |t: usize| a.tokens[t].lemma.to_lowercase();
    let mut found = BTreeMap::new();
    let mut taken = 0;
    for &t in tokens.iter() {
        let two = a.tokens.get(t + 1).filter(|_| tokens.contains(&(t + 1)));
        let pair =
            two.and_then(|next| Some((knowledge().weapon(&format!("{} {}", lemma(t), lemma(t + 1)))?, next)));
        if let Some((class, next)) = pair {
            found.insert(class, a.tokens[t].span.cover(next.span));
            taken = t + 2;
        } else if t >= taken
            && let Some(class) = knowledge().weapon(&lemma(t))
        {
            found.insert(class, a.tokens[t].span);
        }
    }
    found
}
