//! Reported speech by the order of words, where the reader's tree shows none: "told reporters that S", "S, he said, S",
//! "According to X, S", "X denies: S".

use super::reported::{Report, Reports};
use crate::tree::Tree;
use std::ops::Range;

/// "that" further from its verb belongs to something else. Set by judgement.
const NEAR_THAT: u32 = 14;
/// The same for the words between an aside's comma and its verb.
const LONGEST_SPEAKER: u32 = 9;

/// What a word of speech reports, found without the tree; nothing where the words fit no pattern.
pub(super) fn surface_report(
    reports: &Reports,
    tree: &Tree,
    cue: u32,
    sentence: Range<u32>,
) -> Option<Report> {
    let words = Words { tree, sentence };
    let at_cue = reports.class(cue);
    let (first, last) = if at_cue.according {
        words.according(cue)?
    } else if at_cue.say || at_cue.act {
        let that = words.after_that(cue);
        let found = that.or_else(|| if at_cue.say { words.aside(reports, cue) } else { None });
        found.or_else(|| words.after_mark(cue))?
    } else {
        return None;
    };
    let (first, last) = words.trimmed(first, last);
    let enough = first < last && (first..=last).any(|t| matches!(tree.upos(t), "VERB" | "AUX"));
    enough.then(|| {
        let (speaker, basis) = if at_cue.according {
            (
                (cue + 1..words.sentence.end)
                    .find(|&t| tree.is_nominal(t))
                    .map(|t| words.top(t, cue + 1..first.max(last + 1))),
                "according to",
            )
        } else {
            reports.speaker(cue)
        };
        Report { cue, first, last, speaker, via: None, basis, min_words: 3, needs_marks: false }
    })
}

struct Words<'t, 'd> {
    tree: &'t Tree<'d>,
    sentence: Range<u32>,
}

impl Words<'_, '_> {
    fn word(&self, t: u32) -> &str {
        if self.sentence.contains(&t) { self.tree.doc.word(t) } else { "" }
    }

    fn is_end(&self, t: u32) -> bool {
        t >= self.sentence.end || matches!(self.word(t), "." | "!" | "?" | ";" | "\"" | "”" | "»")
    }

    fn has_verb(&self, range: Range<u32>) -> bool {
        range.into_iter().any(|t| matches!(self.tree.upos(t), "VERB" | "AUX"))
    }

    /// "told reporters that S".
    fn after_that(&self, cue: u32) -> Option<(u32, u32)> {
        let that = (cue + 1..self.sentence.end.min(cue + NEAR_THAT))
            .take_while(|&t| !matches!(self.word(t), "." | ";" | ":" | "\"" | "“" | "«" | "("))
            .find(|&t| self.word(t).eq_ignore_ascii_case("that") && self.tree.upos(t) == "SCONJ")?;
        Some((that + 1, self.end_of_clause(that + 1)))
    }

    /// The last token before the sentence ends or another word of speech goes on: ", adding", ", while".
    fn end_of_clause(&self, from: u32) -> u32 {
        let stops = |t: u32| {
            self.word(t) == ","
                && (self.tree.xpos(t + 1) == "VBG"
                    || matches!(self.word(t + 1), "while" | "whereas" | "adding"))
        };
        let end = (from..self.sentence.end).find(|&t| {
            matches!(self.word(t), ";" | "“" | "«" | "(") || (t + 1 < self.sentence.end && stops(t))
        });
        end.unwrap_or(self.sentence.end).saturating_sub(1)
    }

    /// "S, he said", "S, said the minister, S", "S; S, he said, S".
    fn aside(&self, reports: &Reports, cue: u32) -> Option<(u32, u32)> {
        if !matches!(self.tree.xpos(cue), "VBD" | "VBZ" | "VBP" | "VBN") {
            return None;
        }
        let low = self.sentence.start;
        // The speaker stands before the verb or behind it.
        let comma = (low..cue)
            .rev()
            .take(LONGEST_SPEAKER as usize)
            .find(|&t| matches!(self.word(t), "," | ";" | ":"))?;
        if self.word(comma) != "," || self.has_verb(comma + 1..cue) && !self.auxiliary(comma + 1..cue) {
            return None;
        }
        let speaker_before = (comma + 1..cue).any(|t| self.tree.is_nominal(t));
        let after = if speaker_before {
            cue + 1
        } else {
            let end = (cue + 1..self.sentence.end)
                .take(2 * LONGEST_SPEAKER as usize)
                .find(|&t| self.word(t) == "," || self.is_end(t));
            end.unwrap_or(self.sentence.end)
        };
        if !speaker_before && (after == cue + 1 || reports.inverted(cue).is_none()) {
            return None;
        }
        // "he added on Monday."
        let close = (after..self.sentence.end)
            .take(LONGEST_SPEAKER as usize)
            .find(|&t| self.word(t) == "," || self.is_end(t));
        let close = close.unwrap_or(self.sentence.end);
        if self.has_verb(after..close) || reports.cues_in(after..close) {
            return None;
        }
        let first = (low..comma)
            .rev()
            .find(|&t| {
                // "His office contradicted him: the pact is not for sale, it said."
                let led = self.word(t) == ":" && self.has_verb(low..t) && self.has_verb(t..comma);
                led || matches!(self.word(t), ";" | "\"" | "”" | "»")
            })
            .map_or(low, |t| t + 1);
        let quoted = matches!(self.word(close + 1), "\"" | "“" | "«" | "(" | "``" | "'" | "‘");
        let goes_on = self.word(close) == "," && !quoted && self.has_verb(close..self.sentence.end);
        let before = self.has_verb(first..comma);
        // "In a meeting, X said, S": what stands before is no part of what was said.
        let begun = !matches!(self.tree.upos(first), "ADP" | "ADV" | "SCONJ" | "CCONJ");
        match (before, goes_on) {
            // "The victims were unarmed, he said, and some had not": both halves are his.
            (true, true) => Some((first, self.end_of_half(close + 1))),
            (false, true) if begun => Some((first, self.end_of_half(close + 1))),
            (true, false) => Some((first, comma - 1)),
            _ => None,
        }
    }

    fn end_of_half(&self, from: u32) -> u32 {
        (from..self.sentence.end)
            .find(|&t| matches!(self.word(t), ";" | "“" | "«"))
            .unwrap_or(self.sentence.end)
            .saturating_sub(1)
    }

    fn auxiliary(&self, range: Range<u32>) -> bool {
        range.into_iter().all(|t| self.tree.upos(t) != "VERB")
    }

    /// "X denies, under cover of anonymity: S", "X expressed, S".
    fn after_mark(&self, cue: u32) -> Option<(u32, u32)> {
        let colon = (cue + 1..self.sentence.end.min(cue + NEAR_THAT))
            .find(|&t| matches!(self.word(t), ":" | ";" | "."));
        let from = match colon {
            Some(t) if self.word(t) == ":" => t + 1,
            _ if self.word(cue + 1) == ","
                && cue + 2 < self.sentence.end
                && !matches!(self.tree.xpos(cue + 2), "WP" | "WDT" | "VBG" | "CC" | "RB" | "IN" | "WRB") =>
            {
                cue + 2
            }
            _ => return None,
        };
        let quoted = matches!(self.word(from), "\"" | "“" | "«" | "(");
        (!quoted && from < self.sentence.end).then(|| (from, self.sentence.end - 1))
    }

    /// "According to X, S" and "S, according to X".
    fn according(&self, cue: u32) -> Option<(u32, u32)> {
        if cue <= self.sentence.start + 1 {
            let comma = (cue + 2..self.sentence.end)
                .find(|&t| self.word(t) == "," && self.has_verb(t + 1..self.sentence.end))?;
            return Some((comma + 1, self.sentence.end - 1));
        }
        let before = cue - 1;
        (self.word(before) == ",").then(|| (self.sentence.start, before.saturating_sub(1)))
    }

    /// The token above `t` inside a range.
    fn top(&self, t: u32, range: Range<u32>) -> u32 {
        let mut at = t;
        for _ in 0..12 {
            match self.tree.head(at) {
                Some(h) if range.contains(&h) && self.tree.is_nominal(h) => at = h,
                _ => break,
            }
        }
        at
    }

    /// Without marks and joining words at the ends.
    fn trimmed(&self, mut first: u32, mut last: u32) -> (u32, u32) {
        while first < last
            && (self.tree.upos(first) == "PUNCT" || matches!(self.word(first), "But" | "And" | "and" | "but"))
        {
            first += 1;
        }
        while last > first && self.tree.upos(last) == "PUNCT" {
            last -= 1;
        }
        (first, last)
    }
}
