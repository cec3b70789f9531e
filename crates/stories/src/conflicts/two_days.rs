//! Two voices of one document that give two days for one thing.

use super::{Conflicts, Given};
use crate::facts::Facts;
use crate::hints::weekday_of;
use crate::knowledge::knowledge;
use crate::words::content_lemmas;
use polybius_text::{Annotated, TimeExpression};

/// Words of content that a sentence may have beside its day when it only gives another day for what stands before it.
const LITTLE: usize = 2;

impl Conflicts<'_, '_> {
    /// `My aunt swears that he left on Tuesday. The news said Monday.` and `it ended on the 26th, one ministry said; the other
    /// said that it ends at the end of the month`.
    pub(super) fn two_days(&mut self) {
        for &doc in self.parts.members.iter().filter(|d| !self.facts.spun(**d)) {
            let a = &self.facts.doc(doc).annotated;
            for n in 0..a.sentences.len() as u32 {
                if a.sentences[n as usize].repeats.is_some() {
                    continue;
                }
                let found = neighbours(self.facts, doc, n).or_else(|| twice(self.facts, doc, n));
                if let Some(values) = found {
                    let reason = "two voices give two days for one thing".to_string();
                    let row = self.row_at(doc, n.saturating_sub(1)).or_else(|| self.row_at(doc, n));
                    self.add(row.as_ref(), "date", false, values, reason);
                }
            }
        }
    }
}

/// A short sentence that gives another weekday for what the sentence before it tells.
fn neighbours(facts: &Facts, doc: u32, sentence: u32) -> Option<Vec<Given>> {
    let before = sentence.checked_sub(1)?;
    let d = facts.doc(doc);
    let a = &d.annotated;
    let tokens = a.sentences[sentence as usize].tokens();
    let says = says(a, tokens.clone()) >= 1;
    let (first, second) = (one_weekday(facts, doc, before)?, one_weekday(facts, doc, sentence)?);
    let timed = |t: &usize| !d.times.iter().any(|x| x.span.overlaps(a.tokens[*t].span));
    let rest = content_lemmas(a, tokens.filter(timed)).len();
    (says && rest <= LITTLE && first.1 != second.1).then(|| vec![first, second])
}

/// The one day of the week that a sentence names.
pub(super) fn one_weekday(facts: &Facts, doc: u32, sentence: u32) -> Option<Given> {
    let d = facts.doc(doc);
    let mut days = d.times.iter().filter(|t| t.sentence == sentence).filter_map(|t| {
        let mut words = d.annotated.slice(t.span).split(|c: char| !c.is_alphabetic());
        let day = words.find_map(|w| weekday_of(&w.to_lowercase()))?;
        Some((doc, format!("{day:?}"), t.span))
    });
    days.next().filter(|first| days.all(|other| other.1 == first.1))
}

/// One act twice in a sentence, each time with another day and another speaker.
fn twice(facts: &Facts, doc: u32, sentence: u32) -> Option<Vec<Given>> {
    let d = facts.doc(doc);
    let a = &d.annotated;
    let tokens = a.sentences[sentence as usize].tokens();
    if says(a, tokens.clone()) < 2 {
        return None;
    }
    let times: Vec<&TimeExpression> =
        d.times.iter().filter(|t| t.sentence == sentence && t.range.is_some()).collect();
    let verbs: Vec<usize> = tokens.filter(|&t| a.tokens[t].upos == "VERB" && !says_word(a, t)).collect();
    let nearest =
        |v: usize| times.iter().copied().min_by_key(|t| a.token_from(t.span.start).abs_diff(v as u32));
    for (n, &v) in verbs.iter().enumerate() {
        for &w in &verbs[n + 1..] {
            let same = knowledge().family(&a.tokens[v].lemma) == knowledge().family(&a.tokens[w].lemma);
            let (Some(x), Some(y)) = (nearest(v), nearest(w)) else { continue };
            let apart = matches!((x.range, y.range), (Some(p), Some(q)) if !p.overlaps(&q));
            if same && apart {
                let given = |t: &TimeExpression| (doc, a.slice(t.span).to_string(), t.span);
                return Some(vec![given(x), given(y)]);
            }
        }
    }
    None
}

/// How many words of saying stand among the tokens.
fn says(a: &Annotated, tokens: std::ops::Range<usize>) -> usize {
    tokens.filter(|&t| says_word(a, t)).count()
}

fn says_word(a: &Annotated, token: usize) -> bool {
    a.tokens[token].upos == "VERB" && knowledge().cue("say", &a.tokens[token].lemma.to_lowercase())
}
