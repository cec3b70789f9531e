//! Rows for what was said, beside those for what happened.

use crate::claims::{Row, StoryParts, add_repeats, told_by_several};
use crate::facts::Facts;
use crate::sentence::quote_sentence;
use crate::utterances::Saying;
use polybius_text::{Claim, ClaimCell, ClaimId, Span, Stance, Verdict};
use std::collections::{BTreeMap, BTreeSet};

/// Words that a quotation must have to be a row by itself.
const QUOTE_WORDS: usize = 5;

/// Rows for sayings that carry no event of a happening, or whose happening has fewer documents.
pub(crate) fn saying_rows(facts: &Facts, parts: &StoryParts) -> Vec<Row> {
    // The documents of every happening that an event in the quotation belongs to.
    let mut in_events: BTreeMap<(u32, u32), Vec<BTreeSet<u32>>> = BTreeMap::new();
    for (h, echoes) in parts.happenings.iter().zip(parts.echoes) {
        let own = h.facts.iter().map(|&f| parts.all[f].doc);
        let docs: BTreeSet<u32> = own.chain(echoes.iter().map(|e| e.doc)).collect();
        for &f in &h.facts {
            let fact = &parts.all[f];
            let event = facts.event(fact.doc, fact.event);
            for (n, q) in facts.doc(fact.doc).quotes.iter().enumerate() {
                // `asked for calm`: the verb that reports the words may carry the event.
                let reports =
                    q.sentence == event.sentence && q.cue.is_some_and(|c| c.overlaps(event.trigger));
                if reports || event.quote == Some(n as u32) {
                    in_events.entry((fact.doc, n as u32)).or_default().push(docs.clone());
                }
            }
        }
    }
    let mut rows = Vec::new();
    for group in parts.utterances {
        let members: Vec<&Saying> = group.iter().map(|&i| &parts.sayings[i]).collect();
        let docs: BTreeSet<u32> = members.iter().map(|s| s.doc).collect();
        let told = members
            .iter()
            .filter_map(|s| in_events.get(&(s.doc, s.quote)))
            .flatten()
            .any(|by_event| docs == *by_event || docs.len() == 1 && docs.is_subset(by_event));
        let best =
            members.iter().copied().max_by_key(|s| quote_rank(facts, s)).expect("utterances are not empty");
        if told || best.words.len() < 2 || best.speaker.is_none() {
            continue;
        }
        let words = facts
            .doc(best.doc)
            .annotated
            .slice(facts.quote(best.doc, best.quote).span)
            .split_whitespace()
            .count();
        if docs.len() == 1 && words < QUOTE_WORDS {
            continue;
        }
        let mut cells = Vec::new();
        for &doc in parts.members {
            let mut spans: Vec<Span> =
                members.iter().filter(|s| s.doc == doc).map(|s| facts.quote(s.doc, s.quote).span).collect();
            let stance = if spans.is_empty() { Stance::Silent } else { Stance::States };
            let sentences: Vec<u32> = members
                .iter()
                .filter(|s| s.doc == doc)
                .map(|s| facts.quote(s.doc, s.quote).sentence)
                .collect();
            add_repeats(facts, doc, sentences.into_iter(), &mut spans);
            let mut detail = Vec::new();
            if stance == Stance::States && docs.len() > 1 {
                detail.push("one statement of one speaker");
            }
            if stance == Stance::States && facts.spun(doc) {
                detail.push("word-spun text");
            }
            cells.push(ClaimCell { doc, stance, spans, detail: detail.join("; ") });
        }
        let verdict = if told_by_several(parts, &cells) { Verdict::Corroborated } else { Verdict::OnlyHere };
        let article = &facts.doc(members[0].doc).annotated.article;
        let q = facts.quote(members[0].doc, members[0].quote);
        let share = docs.len() as f32 / parts.members.len().max(1) as f32;
        let person = best.speaker.is_some_and(|s| facts.is_person(s)) as u8 as f32;
        let origins: BTreeSet<usize> = docs.iter().map(|d| parts.origin_of[d]).collect();
        let several = if origins.len() > 1 {
            0.18
        } else if docs.len() > 1 {
            0.07
        } else {
            0.0
        };
        let mut importance = several + 0.22 * share + 0.05 * person + 0.06;
        if members.iter().all(|s| facts.spun(s.doc)) {
            importance *= 0.6;
        }
        let claim = Claim {
            claim_id: ClaimId::from_parts(
                "q",
                &["quote", article.doc_id.as_str(), &q.span.start.to_string(), &q.span.end.to_string()],
            ),
            story_id: parts.story_id.clone(),
            chain_id: None,
            claim: quote_sentence(facts, best.doc, best.quote, best.speaker),
            verdict,
            n_origins: 1,
            importance: (importance * 1e4).round() / 1e4,
            cells,
        };
        rows.push(Row { claim, facts: Vec::new(), differences: Vec::new(), own_words: None });
    }
    rows
}

fn quote_rank(facts: &Facts, s: &Saying) -> (bool, bool, usize, std::cmp::Reverse<(u32, u32)>) {
    let article = &facts.doc(s.doc).annotated.article;
    let plain = !article.has_flag(polybius_text::FlagKind::MachineTranslated);
    (!facts.spun(s.doc), plain, s.words.len().min(12), std::cmp::Reverse((s.doc, s.quote)))
}
