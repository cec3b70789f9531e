//! Numbers of dead, injured and arrested, as each account gives them.

use crate::claims::{Row, StoryParts};
use crate::dates;
use crate::differences::{Difference, count_difference};
use crate::facts::{Fact, Facts, sign};
use crate::knowledge::knowledge;
use crate::numbers::{bound_before, quantities};
use polybius_text::{Count, Event, Quad};
use std::collections::{BTreeMap, BTreeSet};

/// How many words may stand between a number of people and the word for what befell them.
const REACH: usize = 8;
/// Numbers farther apart than this factor count something else.
const SCALE: f64 = 2.0;
/// Tolls compared in a story.
const MOST: usize = 400;

const FIELDS: [&str; 3] = ["deaths", "injured", "arrested"];

/// One number of people.
struct Toll {
    doc: u32,
    sentence: u32,
    count: Count,
    /// First and last day that the sentence or event gives.
    days: Option<(i32, i32)>,
}

/// Tolls on which documents differ, with the claim they belong to.
pub(crate) fn toll_differences<'r>(
    facts: &Facts,
    parts: &StoryParts,
    rows: &'r [Row],
) -> Vec<(Option<&'r Row>, Difference)> {
    let mut out = Vec::new();
    for field in FIELDS {
        let tolls = collect(facts, parts, field);
        let mut used = vec![false; tolls.len()];
        for i in 0..tolls.len() {
            if used[i] {
                continue;
            }
            let mut group = vec![i];
            for j in i + 1..tolls.len() {
                if !used[j] && group.iter().all(|&g| one_toll(&tolls[g], &tolls[j])) {
                    group.push(j);
                }
            }
            group.iter().for_each(|&g| used[g] = true);
            let values: BTreeSet<(u32, u64, usize)> =
                group.iter().map(|&g| (tolls[g].doc, tolls[g].count.value, g)).collect();
            let mut seen = BTreeSet::new();
            let values: Vec<(u32, &Count)> = values
                .into_iter()
                .filter(|(doc, value, _)| seen.insert((*doc, *value)))
                .map(|(doc, _, g)| (doc, &tolls[g].count))
                .collect();
            let documents: BTreeSet<u32> = values.iter().map(|v| v.0).collect();
            if documents.len() < 2 {
                continue;
            }
            let row = group.iter().find_map(|&g| row_of(facts, parts, rows, &tolls[g]));
            let known = row.is_some_and(|r| r.differences.iter().any(|d| d.field == field));
            if !known && let Some(difference) = count_difference(facts, parts.origin_of, field, &values) {
                out.push((row, difference));
            }
        }
    }
    out
}

/// The most important row that rests on the sentence of a toll.
fn row_of<'r>(facts: &Facts, parts: &StoryParts, rows: &'r [Row], toll: &Toll) -> Option<&'r Row> {
    rows.iter().find(|r| {
        r.facts.iter().map(|&f| &parts.all[f]).any(|f| {
            f.doc == toll.doc
                && f.event_type.quad() == Quad::MaterialConflict
                && facts.event(f.doc, f.event).sentence == toll.sentence
        })
    })
}

fn collect(facts: &Facts, parts: &StoryParts, field: &str) -> Vec<Toll> {
    let get = |e: &Event| match field {
        "deaths" => e.dead.clone(),
        "injured" => e.injured.clone(),
        _ => e.arrested.clone(),
    };
    let counted = |f: &Fact| {
        let e = facts.event(f.doc, f.event);
        let days = e.date.as_ref().filter(|_| facts.own_day(f.doc, e)).and_then(|d| dates::bounds(&d.range));
        let count = get(e).filter(|_| sign(e) == 1 && !facts.spun(f.doc))?;
        Some(Toll { doc: f.doc, sentence: e.sentence, count, days })
    };
    let mut tolls: Vec<Toll> = parts.all.iter().filter_map(counted).collect();
    for &doc in parts.members.iter().filter(|d| !facts.spun(**d)) {
        in_sentences(facts, doc, field, &mut tolls);
    }
    tolls.sort_by_key(|t| (t.doc, t.count.span));
    tolls.dedup_by(|a, b| a.doc == b.doc && a.count.span.overlaps(b.count.span));
    tolls.truncate(MOST);
    tolls
}

/// `about 80,000 people were killed`, whether or not an event was coded.
fn in_sentences(facts: &Facts, doc: u32, field: &str, tolls: &mut Vec<Toll>) {
    let d = facts.doc(doc);
    let a = &d.annotated;
    for (n, s) in a.sentences.iter().enumerate().filter(|(_, s)| s.repeats.is_none()) {
        let tokens: Vec<usize> = s.tokens().collect();
        let fields: Vec<(usize, &str)> = tokens
            .iter()
            .flat_map(|&t| FIELDS.iter().map(move |f| (t, *f)))
            .filter(|(t, f)| knowledge().toll_word(f, &a.tokens[*t].lemma.to_lowercase()))
            .collect();
        if !fields.iter().any(|(_, f)| *f == field) {
            continue;
        }
        for q in quantities(d, &tokens).into_iter().filter(|q| knowledge().toll_word("people", &q.of)) {
            let at = a.token_from(q.span.start) as usize;
            // `four killed and fifteen wounded`: each number goes with the word nearest to it, better one behind it.
            let nearest = fields.iter().min_by_key(|(t, _)| (t.abs_diff(at), *t < at));
            let befell = nearest.is_some_and(|(t, f)| *f == field && t.abs_diff(at) <= REACH);
            if q.value < 1.0 || q.value.fract() > 0.0 || !befell {
                continue;
            }
            let count = Count { value: q.value as u64, bound: bound_before(a, at).to_string(), span: q.span };
            let inside = d.times.iter().filter(|t| t.sentence == n as u32).find_map(|t| t.range.as_ref());
            let days = inside.and_then(dates::bounds);
            tolls.push(Toll { doc, sentence: n as u32, count, days });
        }
    }
}

/// Whether two numbers may count the same people.
fn one_toll(a: &Toll, b: &Toll) -> bool {
    let (x, y) = (a.count.value.max(1) as f64, b.count.value.max(1) as f64);
    let days = match (a.days, b.days) {
        (Some((s, e)), Some((t, u))) => s <= u + 1 && t <= e + 1,
        _ => true,
    };
    // One is also "a policeman"; small numbers name other people.
    (x / y).max(y / x) <= SCALE && x.min(y) > 1.0 && days
}

/// Values by document, for the reason of a conflict.
pub(crate) fn listed(difference: &Difference) -> String {
    let mut by_value: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, value, _) in &difference.values {
        *by_value.entry(value).or_default() += 1;
    }
    let mut parts: Vec<(&str, usize)> = by_value.into_iter().collect();
    parts.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    parts.into_iter().map(|(v, n)| format!("{v} ({n})")).collect::<Vec<_>>().join(" / ")
}
