//! The time line: the happenings of a story with their days.

use super::Texts;
use crate::story::rows::StoryRows;
use crate::story::view::*;
use polybius_store::rows::*;
use std::collections::BTreeMap;

pub fn timeline(
    rows: &StoryRows,
    texts: &Texts<'_>,
    events: &[EventRow],
    claims: &[ClaimView],
    conflicts: &[ConflictView],
) -> Vec<MomentView> {
    let mut by_chain: BTreeMap<&str, Vec<&EventRow>> = BTreeMap::new();
    for e in events {
        by_chain.entry(&e.chain_id).or_default().push(e);
    }
    let mut moments = Vec::new();
    for chain in &rows.chains {
        let Some(told) = by_chain.get(chain.chain_id.as_str()) else { continue };
        let claim = claims.iter().find(|c| c.chain_id.as_deref() == Some(&chain.chain_id));
        let mode = match most(told.iter().map(|e| e.modality.as_str())) {
            "future" => "planned",
            "hypothetical" => "possible",
            "historical" => "background",
            _ => "happened",
        };
        let mut documents: Vec<usize> =
            told.iter().filter_map(|e| texts.index.get(&e.doc_id).copied()).collect();
        documents.sort_unstable();
        documents.dedup();
        let label = |e: &EventRow| texts.index.get(&e.doc_id).map_or("", |&d| texts.labels[d].as_str());
        let mut basis: Vec<String> = told
            .iter()
            .filter(|e| !e.date_basis.is_empty())
            .map(|e| format!("{}: {}", label(e), e.date_basis))
            .collect();
        basis.sort();
        basis.dedup();
        let mut other_dates: Vec<String> = told
            .iter()
            .flat_map(|e| e.date_alternatives.iter().map(|a| format!("{}: {a}", label(e))))
            .collect();
        if let Some(claim) = claim {
            let disputed = conflicts.iter().filter(|c| c.claim == Some(claim.number) && c.field == "date");
            // The day that stands before it is no other day.
            let shown = |v: &&ValueView| chain.date_start.as_ref() != Some(&v.value);
            for value in disputed.flat_map(|c| &c.values).filter(shown) {
                let mut who: Vec<&str> = value.spans.iter().map(|s| s.label.as_str()).collect();
                who.dedup();
                other_dates.push(format!("{}: {}", who.join(" "), value.value));
            }
        }
        other_dates.sort();
        other_dates.dedup();
        moments.push(MomentView {
            mode: mode.to_string(),
            polarity: most(told.iter().map(|e| e.polarity.as_str())).to_string(),
            what: claim.map_or_else(|| sentence(told[0], texts), |c| c.claim.clone()),
            spans: told
                .iter()
                .filter_map(|e| texts.span(&e.doc_id, e.trigger_start, e.trigger_end))
                .collect(),
            date_start: chain.date_start.clone(),
            date_end: chain.date_end.clone(),
            precision: chain.date_precision.clone(),
            event_type: chain.event_type.clone(),
            chain_id: chain.chain_id.clone(),
            verdict: chain.verdict.clone(),
            n_documents: chain.n_documents,
            n_origins: chain.n_origins,
            documents,
            basis,
            other_dates,
        });
    }
    // What has no day comes last.
    moments.sort_by(|a, b| {
        let key = |m: &MomentView| {
            let from = m.date_start.clone().or(m.date_end.clone());
            let first = m.spans.first().map(|s| (s.document, s.start));
            (
                from.is_none(),
                from,
                m.date_end.clone(),
                std::cmp::Reverse(m.n_origins),
                first,
                m.chain_id.clone(),
            )
        };
        key(a).cmp(&key(b))
    });
    joined(moments)
}

/// The word that stands most often, the earlier one in a tie.
fn most<'a>(words: impl Iterator<Item = &'a str>) -> &'a str {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for word in words {
        match counts.iter_mut().find(|c| c.0 == word) {
            Some(c) => c.1 += 1,
            None => counts.push((word, 1)),
        }
    }
    counts.iter().rev().max_by_key(|c| c.1).map_or("", |c| c.0)
}

/// The sentence of an event, on one line.
fn sentence(e: &EventRow, texts: &Texts<'_>) -> String {
    texts
        .slice(&e.doc_id, Some(e.evidence_start), Some(e.evidence_end))
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

/// Several happenings that one sentence tells of one day stand once.
fn joined(moments: Vec<MomentView>) -> Vec<MomentView> {
    let mut out: Vec<MomentView> = Vec::new();
    for m in moments {
        let same = |o: &&mut MomentView| {
            (&o.what, &o.date_start, &o.date_end, &o.mode, &o.polarity)
                == (&m.what, &m.date_start, &m.date_end, &m.mode, &m.polarity)
        };
        match out.iter_mut().find(same) {
            Some(known) => {
                known.spans.extend(m.spans);
                known.documents.extend(m.documents);
                known.documents.sort_unstable();
                known.documents.dedup();
            }
            None => out.push(m),
        }
    }
    out
}
