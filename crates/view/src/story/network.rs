//! Who does what to whom in a story, summed by pair and sign.

use super::gather::Texts;
use super::view::{DocumentView, EdgeView};
use polybius_store::rows::{EventRow, PartyRow};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Default)]
struct Sum {
    origins: BTreeSet<String>,
    types: BTreeMap<String, usize>,
    documents: BTreeSet<usize>,
    spans: Vec<super::view::SpanView>,
    background: bool,
    planned: bool,
}

/// Edges, the best witnessed first. What is denied, negated or only possible is no edge; a meeting, whose parties all stand
/// on one side, goes both ways.
pub fn network(texts: &Texts<'_>, documents: &[DocumentView], events: &[EventRow]) -> Vec<EdgeView> {
    // By name: actor id and code.
    let mut known: BTreeMap<String, (String, String)> = BTreeMap::new();
    let mut sums: BTreeMap<(String, String, char, bool), Sum> = BTreeMap::new();
    for e in events.iter().filter(|e| e.polarity == "affirmed" && e.modality != "hypothetical") {
        let sign = match e.score {
            s if s > 0.0 => '+',
            s if s < 0.0 => '-',
            _ => '0',
        };
        let Some(&document) = texts.index.get(&e.doc_id) else { continue };
        for (from, to, mutual) in pairs(e) {
            if from.name == to.name || from.name.is_empty() || to.name.is_empty() {
                continue;
            }
            for p in [from, to] {
                known.entry(p.name.clone()).or_insert_with(|| (p.actor_id.clone(), p.code.clone()));
            }
            let (a, b) =
                if mutual && to.name < from.name { (&to.name, &from.name) } else { (&from.name, &to.name) };
            let sum = sums.entry((a.clone(), b.clone(), sign, mutual)).or_insert_with(|| Sum {
                background: true,
                planned: true,
                ..Sum::default()
            });
            sum.origins.insert(documents[document].origin_id.clone());
            *sum.types.entry(e.event_type.clone()).or_default() += 1;
            sum.documents.insert(document);
            sum.background &= e.modality == "historical";
            sum.planned &= e.modality == "future";
            sum.spans.extend(texts.span(&e.doc_id, e.evidence_start, e.evidence_end));
        }
    }
    let mut edges: Vec<EdgeView> = sums
        .into_iter()
        .map(|((from, to, sign, mutual), sum)| {
            let mut types: Vec<(String, usize)> = sum.types.into_iter().collect();
            types.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
            EdgeView {
                from_id: known[&from].0.clone(),
                from_code: known[&from].1.clone(),
                to_id: known[&to].0.clone(),
                to_code: known[&to].1.clone(),
                from,
                to,
                sign,
                mutual,
                background: sum.background,
                planned: sum.planned,
                n_origins: sum.origins.len(),
                event_types: types.into_iter().map(|t| t.0).collect(),
                documents: sum.documents.into_iter().collect(),
                spans: sum.spans,
            }
        })
        .collect();
    edges.sort_by(|a, b| {
        (b.n_origins, b.spans.len(), &a.from, &a.to, a.sign).cmp(&(
            a.n_origins,
            a.spans.len(),
            &b.from,
            &b.to,
            b.sign,
        ))
    });
    edges
}

fn pairs(e: &EventRow) -> Vec<(&PartyRow, &PartyRow, bool)> {
    let mut out = Vec::new();
    if e.recipients.is_empty() {
        for (i, a) in e.actors.iter().enumerate() {
            out.extend(e.actors[i + 1..].iter().map(|b| (a, b, true)));
        }
    } else {
        for a in &e.actors {
            out.extend(e.recipients.iter().map(|b| (a, b, false)));
        }
    }
    out
}
