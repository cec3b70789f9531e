//! Where accounts disagree, with the values and their owners.
//!
//! Each kind of conflict is a module; all of them add to [`Conflicts`].

mod changed;
mod denials;
mod disputes;
mod figures;
mod offices;
mod page_dates;
mod started;
mod two_days;
mod weapons;

use crate::claims::{Row, StoryParts, second_day};
use crate::facts::Facts;
use crate::tolls::{listed, toll_differences};
use polybius_text::{ClaimId, Conflict, ConflictValue, Quote, Span, stable_hash};
use std::collections::BTreeSet;

/// All conflicts of a story: hard ones first, then by number of values.
pub(crate) fn find_conflicts(facts: &Facts, parts: &StoryParts, rows: &[Row]) -> Vec<Conflict> {
    let mut all = Conflicts { facts, parts, rows, found: Vec::new() };
    all.take_rows();
    all.weapons();
    all.tolls();
    all.figures();
    all.who_started();
    all.offices();
    all.page_dates();
    all.disputes();
    all.two_days();
    all.changed_in_copies();
    let mut found = without_doubles(all.found);
    found.sort_by(|a, b| {
        b.hard
            .cmp(&a.hard)
            .then(b.values.len().cmp(&a.values.len()))
            .then_with(|| a.conflict_id.cmp(&b.conflict_id))
    });
    found.dedup_by(|a, b| a.conflict_id == b.conflict_id);
    found
}

/// Without conflicts whose values all stand in another one of their field.
fn without_doubles(found: Vec<Conflict>) -> Vec<Conflict> {
    let held = |a: &Conflict, b: &Conflict| {
        a.field == b.field
            && a.values.iter().all(|v| b.values.iter().any(|w| (v.doc, v.span) == (w.doc, w.span)))
    };
    let double = |i: usize| {
        (0..found.len()).any(|j| {
            // Of two with the same values the hard one stays, else the first.
            let (a, b) = (&found[i], &found[j]);
            let rank = |c: &Conflict, n: usize| (c.values.len(), c.hard, std::cmp::Reverse(n));
            i != j && held(a, b) && rank(a, i) < rank(b, j)
        })
    };
    let kept: Vec<bool> = (0..found.len()).map(|i| !double(i)).collect();
    found.into_iter().zip(kept).filter(|(_, k)| *k).map(|(c, _)| c).collect()
}

/// The conflicts of one story, as they are found.
struct Conflicts<'a, 'f> {
    facts: &'f Facts<'a>,
    parts: &'f StoryParts<'f>,
    rows: &'f [Row],
    found: Vec<Conflict>,
}

/// Document, value, words.
type Given = (u32, String, Span);

impl Conflicts<'_, '_> {
    fn add(
        &mut self,
        claim: Option<&ClaimId>,
        field: &str,
        hard: bool,
        mut values: Vec<Given>,
        reason: String,
    ) {
        values.sort();
        values.dedup();
        let mut id = vec![self.parts.story_id.as_str().to_string(), field.to_string()];
        for (d, v, s) in &values {
            id.push(format!("{} {v} {}", self.facts.doc(*d).annotated.article.doc_id, s.start));
        }
        let id: Vec<&str> = id.iter().map(String::as_str).collect();
        let values = values.into_iter().map(|(doc, value, span)| {
            let owner = owner(self.facts, doc, span);
            ConflictValue { doc, value, span, owner }
        });
        self.found.push(Conflict {
            conflict_id: format!("x{:016x}", stable_hash(&id)),
            story_id: self.parts.story_id.clone(),
            claim_id: claim.cloned(),
            field: field.to_string(),
            hard,
            values: values.collect(),
            reason,
        });
    }

    /// The most important claim that rests on an event of a sentence.
    fn row_at(&self, doc: u32, sentence: u32) -> Option<ClaimId> {
        let rests = |f: &usize| {
            let fact = &self.parts.all[*f];
            fact.doc == doc && self.facts.event(doc, fact.event).sentence == sentence
        };
        self.rows.iter().find(|r| r.facts.iter().any(rests)).map(|r| r.claim.claim_id.clone())
    }

    /// Values that differ inside one row, denials, and two days that one document gives.
    fn take_rows(&mut self) {
        for row in self.rows {
            for d in &row.differences {
                let distinct: BTreeSet<&str> = d.values.iter().map(|v| v.1.as_str()).collect();
                let list: Vec<&str> = distinct.into_iter().collect();
                let field = if d.of.is_empty() { d.field.to_string() } else { d.of.clone() };
                let reason = match (d.field, d.hard) {
                    (_, true) => format!("exact values that exclude each other: {}", list.join(" / ")),
                    ("date", _) => format!("accounts give other days: {}", list.join(" / ")),
                    ("realised", _) => "planned in one account, done in another".to_string(),
                    _ => format!("values that do not meet: {}", list.join(" / ")),
                };
                self.add(Some(&row.claim.claim_id), &field, d.hard, d.values.clone(), reason);
            }
            self.denial(row);
            self.second_days(row);
        }
        self.denied_elsewhere();
    }

    fn second_days(&mut self, row: &Row) {
        for &f in &row.facts {
            let fact = &self.parts.all[f];
            let e = self.facts.event(fact.doc, fact.event);
            let Some(two) = second_day(self.facts, fact.doc, e) else { continue };
            let time = e.date.as_ref().and_then(|d| d.time);
            let words = time
                .and_then(|t| self.facts.doc(fact.doc).times.get(t as usize))
                .map_or(e.trigger, |t| t.span);
            let values = two.split(" and ").map(|v| (fact.doc, v.to_string(), words)).collect();
            let reason = "one document gives two days that do not meet".to_string();
            self.add(Some(&row.claim.claim_id), "date", false, values, reason);
        }
    }

    /// Tolls that lie outside the rows, or in different ones.
    fn tolls(&mut self) {
        for (row, d) in toll_differences(self.facts, self.parts, self.rows) {
            let reason = format!("tolls that do not meet: {}", listed(&d));
            self.add(row.map(|r| &r.claim.claim_id), d.field, d.hard, d.values, reason);
        }
    }
}

/// Whom the document lets say the words: the speaker of the quotation that holds them, or the innermost voice of the event
/// beside them; empty for the narrator.
fn owner(facts: &Facts, doc: u32, words: Span) -> String {
    let d = facts.doc(doc);
    let name = |actor: Option<u32>, span: Option<Span>| {
        let known = actor.and_then(|a| facts.actor_of(doc, a)).map(|a| facts.actor(a).name.clone());
        known.or_else(|| span.map(|s| d.annotated.slice(s).split_whitespace().collect::<Vec<_>>().join(" ")))
    };
    let quote = d.quotes.iter().filter(|q| q.span.contains(words)).min_by_key(|q| q.span.len());
    if let Some(speaker) = quote.and_then(|q| speaker_of(facts, doc, q)) {
        return speaker;
    }
    let said = d.events.iter().filter(|e| e.evidence.contains(words) && !e.attribution.is_empty());
    let nearest = said.min_by_key(|e| e.trigger.start.abs_diff(words.start));
    let voice = nearest.and_then(|e| e.attribution.last());
    voice.and_then(|v| name(v.actor, Some(v.span))).unwrap_or_default()
}

/// The speaker of a quotation: by name where its words name it or point to it, else in its words.
fn speaker_of(facts: &Facts, doc: u32, quote: &Quote) -> Option<String> {
    let a = &facts.doc(doc).annotated;
    let actor = quote.speaker.and_then(|s| facts.actor_of(doc, s)).map(|x| facts.actor(x).name.as_str());
    let words = quote.speaker_span.map(|s| a.slice(s).split_whitespace().collect::<Vec<_>>().join(" "));
    let Some(words) = words else { return actor.map(str::to_string) };
    let short = words.split(' ').count() == 1;
    let named = actor.is_some_and(|n| n.split(' ').any(|part| part.len() > 2 && words.contains(part)));
    actor.filter(|_| short || named).map(str::to_string).or(Some(words))
}
