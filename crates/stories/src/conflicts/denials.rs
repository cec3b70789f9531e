//! Denial against assertion, and what was denied and later admitted.

use super::{Conflicts, Given};
use crate::chains::dates_agree;
use crate::claims::Row;
use crate::facts::{Fact, act_of, is_background, sign};
use crate::knowledge::knowledge;
use crate::words::{cosine, dice};
use polybius_text::{Event, Polarity};
use std::collections::BTreeSet;

/// Likeness of the words of a denial and an assertion that no row joins.
const SAME_MATTER: f32 = 0.3;
/// Likeness of their sentences.
const SAME_SENSE: f32 = 0.6;
/// Denials compared in a story.
const MOST: usize = 200;

impl<'a, 'f> Conflicts<'a, 'f> {
    /// An explicit denial against an assertion of one row, each with its owner.
    pub(super) fn denial(&mut self, row: &Row) {
        let members: Vec<&Fact> = row.facts.iter().map(|&f| &self.parts.all[f]).collect();
        let yes: Vec<&Fact> = members.iter().copied().filter(|f| sign(self.event(f)) == 1).collect();
        // What one sentence says both ways is one statement, not two.
        let both =
            |n: &Fact| yes.iter().any(|y| y.doc == n.doc && self.event(y).sentence == self.event(n).sentence);
        // `No minister had ever resigned` is said of the time before.
        let of_now =
            |f: &Fact| yes.iter().any(|y| is_background(self.event(y)) == is_background(self.event(f)));
        let no: Vec<&Fact> =
            members.iter().copied().filter(|f| sign(self.event(f)) == -1 && !both(f) && of_now(f)).collect();
        // One document that says both, or a spun one, is no second account.
        let spun = |f: &Fact| self.facts.spun(f.doc);
        let others = no.iter().any(|n| yes.iter().any(|y| y.doc != n.doc && !spun(y) && !spun(n)));
        let denied = no.iter().any(|n| self.event(n).polarity == Polarity::Denied);
        if yes.is_empty() || no.is_empty() || !others && !denied {
            return;
        }
        let owners: BTreeSet<Option<u32>> = yes.iter().map(|f| self.voice(f)).collect();
        let hard =
            no.iter().any(|f| self.event(f).polarity == Polarity::Denied && !owners.contains(&self.voice(f)));
        let values: Vec<Given> = yes.iter().chain(&no).map(|f| self.stated(f)).collect();
        let reason =
            if hard { "one side denies what another asserts" } else { "said to be so and not to be so" };
        self.add(Some(&row.claim.claim_id), "denial", hard, values, reason.to_string());
        self.admission(row, &yes, &no);
    }

    fn event(&self, f: &Fact) -> &'a Event {
        self.facts.event(f.doc, f.event)
    }

    fn voice(&self, f: &Fact) -> Option<u32> {
        self.facts.voice(f.doc, self.event(f))
    }

    fn stated(&self, f: &Fact) -> Given {
        let e = self.event(f);
        let who = self.voice(f).map_or("the narrator", |a| self.facts.actor(a).name.as_str());
        let how = match e.polarity {
            Polarity::Affirmed => "asserted",
            Polarity::Denied => "denied",
            Polarity::Negated => "negated",
        };
        (f.doc, format!("{how} by {who}"), e.evidence)
    }

    /// What one side denied and says itself on a later page.
    fn admission(&mut self, row: &Row, yes: &[&Fact], no: &[&Fact]) {
        let page = |f: &Fact| self.facts.doc(f.doc).annotated.article.published_day();
        let side = |f: &Fact| {
            let code = self.voice(f).map(|v| self.facts.actor(v).code.as_str());
            code.filter(|c| !c.is_empty())
        };
        let pair = no.iter().filter(|n| self.event(n).polarity == Polarity::Denied).find_map(|n| {
            let admits = yes.iter().find(|y| {
                side(y).is_some()
                    && side(y) == side(n)
                    && matches!((page(n), page(y)), (Some(a), Some(b)) if a < b)
            });
            Some((*n, *admits?))
        });
        if let Some((n, y)) = pair {
            let reason = "denied first, admitted by the same side on a later page".to_string();
            let values = vec![self.stated(n), self.stated(y)];
            self.add(Some(&row.claim.claim_id), "later-admission", false, values, reason);
        }
    }

    /// Denials of deeds that another voice asserts, where no row joins the two: the words of both must meet.
    pub(super) fn denied_elsewhere(&mut self) {
        let denied: Vec<usize> = (0..self.parts.all.len())
            .filter(|&i| {
                let f = &self.parts.all[i];
                self.event(f).polarity == Polarity::Denied && !self.facts.spun(f.doc) && !self.in_conflict(i)
            })
            .take(MOST)
            .collect();
        for n in denied {
            let against: Vec<usize> = (0..self.parts.all.len()).filter(|&y| self.answers(n, y)).collect();
            if against.is_empty() {
                continue;
            }
            let denial = &self.parts.all[n];
            let row = self.rows.iter().find(|r| r.facts.contains(&n));
            let claim = row.map(|r| r.claim.claim_id.clone());
            let mut values = vec![self.stated(denial)];
            values.extend(against.iter().map(|&y| self.stated(&self.parts.all[y])));
            let reason = "one voice denies a deed that another asserts; they may speak of other moments";
            self.add(claim.as_ref(), "denial", false, values, reason.to_string());
        }
    }

    /// Whether a denial already stands against an assertion of its own row.
    fn in_conflict(&self, fact: usize) -> bool {
        let Some(row) = self.rows.iter().find(|r| r.facts.contains(&fact)) else { return false };
        self.found.iter().any(|c| c.field == "denial" && c.claim_id.as_ref() == Some(&row.claim.claim_id))
    }

    /// Whether an assertion is what a denial denies.
    fn answers(&self, denial: usize, assertion: usize) -> bool {
        let (n, y) = (&self.parts.all[denial], &self.parts.all[assertion]);
        let (e, h) = (self.event(n), self.event(y));
        let one_sentence = n.doc == y.doc && e.sentence == h.sentence;
        if sign(h) != 1
            || one_sentence
            || self.facts.spun(y.doc)
            || is_background(e) != is_background(h)
            || knowledge().compatible(n.event_type, y.event_type) <= 0.0
            || n.doc == y.doc && self.voice(n) == self.voice(y)
        {
            return false;
        }
        let date = |e: &'a Event| e.date.as_ref().map(|d| &d.range);
        let doer = n.actors.iter().any(|a| y.actors.iter().any(|b| a == b || self.same_force(*a, *b)));
        let words = dice(&n.words, &y.words, self.facts.rarity);
        let vectors = (self.facts.vector(n.doc, e.sentence), self.facts.vector(y.doc, h.sentence));
        let sense = cosine(vectors.0, vectors.1).unwrap_or(0.0);
        let act = act_of(self.facts, n).is_some_and(|a| act_of(self.facts, y) == Some(a));
        doer && dates_agree(date(e), date(h)).is_some()
            && (words >= SAME_MATTER || sense >= SAME_SENSE && act && words >= 0.5 * SAME_MATTER)
    }

    /// Groups and bodies of one state and sector act as one.
    fn same_force(&self, a: u32, b: u32) -> bool {
        let (x, y) = (self.facts.actor(a), self.facts.actor(b));
        !x.code.is_empty() && x.code == y.code && x.sector.is_some() && x.sector == y.sector
    }
}
