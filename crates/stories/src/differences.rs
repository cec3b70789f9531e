//! Fields on which the accounts of one happening differ: numbers, days, places, whether it came to pass.

use crate::chains::dates_agree;
use crate::claims::StoryParts;
use crate::dates;
use crate::echoes::Echo;
use crate::facts::{Fact, Facts, clause, sign};
use crate::knowledge::knowledge;
use crate::numbers::{Quantity, quantities, reach, shown};
use crate::tolls::{FIELDS, toll_of};
use polybius_text::{Count, EventType, Modality, Span};
use std::collections::{BTreeMap, BTreeSet};

/// One field on which documents of a row differ.
#[derive(Debug, Clone)]
pub(crate) struct Difference {
    pub field: &'static str,
    /// For numbers: what is counted.
    pub of: String,
    pub hard: bool,
    /// (document, value, words).
    pub values: Vec<(u32, String, Span)>,
    /// The value that most origins give.
    pub reference: String,
}

/// Fields on which documents give values that do not fit together.
pub(crate) fn differences(
    facts: &Facts,
    parts: &StoryParts,
    by_doc: &BTreeMap<u32, Vec<&Fact>>,
    echoes: &[Echo],
) -> Vec<Difference> {
    let mut out = Vec::new();
    if by_doc.len() + echoes.len() < 2 {
        return out;
    }
    for field in FIELDS {
        let mut values: Vec<(u32, &Count)> =
            by_doc.iter().filter_map(|(d, own)| Some((*d, whole_toll(facts, parts, field, own)?))).collect();
        values.extend(echoes.iter().filter_map(|e| Some((e.doc, told_toll(parts, field, e)?))));
        out.extend(count_difference(facts, parts.origin_of, field, &values));
    }
    out.extend(quantity_differences(facts, parts, by_doc, echoes));
    out.extend(date_difference(facts, parts, by_doc));
    out.extend(place_difference(facts, parts, by_doc));
    out.extend(modality_difference(facts, parts, by_doc));
    out
}

/// The toll that a sentence without an event gives.
pub(crate) fn told_toll<'p>(parts: &StoryParts<'p>, field: &str, echo: &Echo) -> Option<&'p Count> {
    let of_field = parts.tolls.iter().filter(|g| g.field == field).flat_map(|g| &g.tolls);
    let here = of_field.filter(|t| t.doc == echo.doc && t.sentence == echo.sentence);
    here.map(|t| &t.count).max_by_key(|c| (c.value, std::cmp::Reverse(c.span)))
}

/// The toll that a document gives a happening: of several in its sentences the largest, for `two policemen and a student were
/// killed; the ministry spoke of five dead` are parts and whole.
fn whole_toll<'p>(
    facts: &Facts<'p>,
    parts: &StoryParts<'p>,
    field: &str,
    own: &[&Fact],
) -> Option<&'p Count> {
    let counted: Vec<&Count> = own.iter().filter_map(|f| toll_of(facts, f, field)).collect();
    let first = *counted.first()?;
    let told = own.iter().filter_map(|f| {
        let sentence = facts.event(f.doc, f.event).sentence;
        told_toll(parts, field, &Echo { doc: f.doc, sentence })
    });
    let all = counted.iter().copied().chain(told);
    // That nobody died is no part of a number.
    if first.value == 0 {
        return Some(first);
    }
    all.max_by_key(|c| (c.value, std::cmp::Reverse(c.span)))
}

/// Whether words are a number of dead, injured or arrested.
fn is_toll(parts: &StoryParts, doc: u32, words: Span) -> bool {
    parts.tolls.iter().flat_map(|g| &g.tolls).any(|t| t.doc == doc && t.count.span.overlaps(words))
}

/// The value that most origins give; ties go to the first document.
fn most_given(values: &[(u32, String, Span)], origin_of: &BTreeMap<u32, usize>) -> String {
    let mut votes: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    for (d, v, _) in values {
        votes.entry(v).or_default().insert(origin_of.get(d).copied().unwrap_or(0));
    }
    let most = votes.values().map(BTreeSet::len).max().unwrap_or(0);
    values.iter().find(|v| votes[v.1.as_str()].len() == most).map(|v| v.1.clone()).unwrap_or_default()
}

pub(crate) fn plural(thing: &str) -> String {
    if thing.ends_with('s') || thing == "people" { thing.to_string() } else { format!("{thing}s") }
}

pub(crate) fn count_text(c: &Count) -> String {
    if c.value == 0 {
        return "none".to_string();
    }
    let digits = c.value.to_string();
    let mut number = String::new();
    for (i, ch) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            number.push(',');
        }
        number.push(ch);
    }
    if c.bound == "exactly" || c.bound.is_empty() { number } else { format!("{} {number}", c.bound) }
}

/// A difference of counts, when some two do not overlap. Hard when two exact ones of one day exclude each other.
pub(crate) fn count_difference(
    facts: &Facts,
    origin_of: &BTreeMap<u32, usize>,
    field: &'static str,
    values: &[(u32, &Count)],
) -> Option<Difference> {
    let apart = |a: &Count, b: &Count| {
        let of = |c: &Count| reach(c.value as f64, &c.bound);
        let ((al, ah), (bl, bh)) = (of(a), of(b));
        // Two round numbers whose reach only touches are still two numbers.
        ah < bl || bh < al || a.bound == "about" && b.bound == "about" && (ah == bl || bh == al)
    };
    let mut differs = false;
    let mut hard = false;
    for (n, (d, a)) in values.iter().enumerate() {
        for (e, b) in &values[n + 1..] {
            if !apart(a, b) {
                continue;
            }
            differs = true;
            let exact = |c: &Count| c.bound == "exactly" && c.value < 1000;
            hard |=
                exact(a) && exact(b) && !facts.spun(*d) && !facts.spun(*e) && same_page_day(facts, *d, *e);
        }
    }
    if !differs {
        return None;
    }
    let values: Vec<(u32, String, Span)> = values.iter().map(|(d, c)| (*d, count_text(c), c.span)).collect();
    let reference = most_given(&values, origin_of);
    Some(Difference { field, of: String::new(), hard, values, reference })
}

/// Tolls rise from day to day: two exact numbers exclude each other only when they were written on one day.
fn same_page_day(facts: &Facts, a: u32, b: u32) -> bool {
    let day = |d: u32| facts.doc(d).annotated.article.published_day();
    matches!((day(a), day(b)), (Some(x), Some(y)) if x == y)
}

fn quantity_differences(
    facts: &Facts,
    parts: &StoryParts,
    by_doc: &BTreeMap<u32, Vec<&Fact>>,
    echoes: &[Echo],
) -> Vec<Difference> {
    let mut by_thing: BTreeMap<String, BTreeMap<u32, Vec<Quantity>>> = BTreeMap::new();
    for (&doc, own) in by_doc {
        if facts.spun(doc) {
            continue;
        }
        let a = &facts.doc(doc).annotated;
        for f in own {
            let e = facts.event(f.doc, f.event);
            let counted = |s: Span| {
                [&e.dead, &e.injured, &e.arrested].into_iter().flatten().any(|c| c.span.overlaps(s))
            };
            for q in quantities(facts.doc(doc), &clause(a, e.trigger_token)) {
                if !counted(q.span) && !is_toll(parts, doc, q.span) && !q.part {
                    by_thing
                        .entry(knowledge().family(&q.of).to_string())
                        .or_default()
                        .entry(doc)
                        .or_default()
                        .push(q);
                }
            }
        }
    }
    for echo in echoes.iter().filter(|e| !facts.spun(e.doc)) {
        let d = facts.doc(echo.doc);
        let tokens: Vec<usize> = d.annotated.sentences[echo.sentence as usize].tokens().collect();
        for q in quantities(d, &tokens).into_iter().filter(|q| !is_toll(parts, echo.doc, q.span) && !q.part) {
            by_thing
                .entry(knowledge().family(&q.of).to_string())
                .or_default()
                .entry(echo.doc)
                .or_default()
                .push(q);
        }
    }
    let mut out = Vec::new();
    for (thing, docs) in by_thing {
        // A document that gives two numbers of a thing speaks of two things.
        let single: Vec<(u32, &Quantity)> = docs
            .iter()
            .filter(|(_, q)| q.iter().all(|x| x.value == q[0].value))
            .map(|(d, q)| (*d, &q[0]))
            .collect();
        if single.len() < 2 || single.iter().all(|(_, q)| q.value == single[0].1.value) {
            continue;
        }
        let values: Vec<(u32, String, Span)> =
            single.iter().map(|(d, q)| (*d, shown(&facts.doc(*d).annotated, q.span), q.span)).collect();
        let reference = most_given(&values, parts.origin_of);
        let value_of =
            |text: &str| values.iter().zip(&single).find(|(v, _)| v.1 == text).map(|(_, s)| s.1.value);
        let wanted = value_of(&reference);
        let values = values
            .into_iter()
            .zip(&single)
            .map(|((d, v, s), (_, q))| (d, if Some(q.value) == wanted { reference.clone() } else { v }, s))
            .collect();
        out.push(Difference {
            field: "number",
            of: format!("number of {}", plural(&thing)),
            hard: false,
            values,
            reference,
        });
    }
    out
}

fn date_difference(
    facts: &Facts,
    parts: &StoryParts,
    by_doc: &BTreeMap<u32, Vec<&Fact>>,
) -> Option<Difference> {
    let mut values = Vec::new();
    let mut ranges = Vec::new();
    for (&doc, own) in by_doc.iter().filter(|(d, _)| !facts.spun(**d)) {
        let dated = own.iter().find_map(|f| {
            let e = facts.event(f.doc, f.event);
            // A day that an event has from elsewhere in its text is a guess, not a statement.
            let d = e.date.as_ref().filter(|_| facts.own_day(f.doc, e))?;
            let words =
                d.time.and_then(|t| facts.doc(doc).times.get(t as usize)).map_or(e.trigger, |t| t.span);
            dates::bounds(&d.range).map(|_| (d.range, words))
        });
        if let Some((range, words)) = dated {
            ranges.push(range);
            values.push((doc, dates::shown(&range), words));
        }
    }
    let differs = ranges
        .iter()
        .enumerate()
        .any(|(i, a)| ranges[i + 1..].iter().any(|b| dates_agree(Some(a), Some(b)).is_none()));
    if !differs {
        return None;
    }
    let reference = most_given(&values, parts.origin_of);
    // Values that fit the reference do not differ from it.
    let base = values.iter().position(|v| v.1 == reference).map(|i| ranges[i]);
    let values = values
        .into_iter()
        .zip(&ranges)
        .map(|((d, v, s), r)| (d, if base.is_some_and(|b| b.overlaps(r)) { reference.clone() } else { v }, s))
        .collect();
    Some(Difference { field: "date", of: String::new(), hard: false, values, reference })
}

fn place_difference(
    facts: &Facts,
    parts: &StoryParts,
    by_doc: &BTreeMap<u32, Vec<&Fact>>,
) -> Option<Difference> {
    let mut values: Vec<(u32, String, Span)> = Vec::new();
    for (&doc, own) in by_doc {
        let mut names: BTreeSet<(String, Span)> = BTreeSet::new();
        for f in own {
            let e = facts.event(f.doc, f.event);
            let place = e
                .place
                .as_ref()
                .filter(|p| p.basis.contains("clause"))
                .and_then(|p| facts.doc(doc).places.get(p.place as usize));
            if let Some(p) = place.filter(|p| p.precision == "city") {
                names.insert((p.name.clone(), p.span));
            }
        }
        let distinct: BTreeSet<&String> = names.iter().map(|n| &n.0).collect();
        if distinct.len() == 1 {
            let (name, span) = names.into_iter().next().expect("one place");
            values.push((doc, name, span));
        }
    }
    if values.len() < 2 || values.iter().all(|v| v.1 == values[0].1) {
        return None;
    }
    let reference = most_given(&values, parts.origin_of);
    Some(Difference { field: "place", of: String::new(), hard: false, values, reference })
}

fn modality_difference(
    facts: &Facts,
    parts: &StoryParts,
    by_doc: &BTreeMap<u32, Vec<&Fact>>,
) -> Option<Difference> {
    let mut values = Vec::new();
    for (&doc, own) in by_doc.iter().filter(|(d, _)| !facts.spun(**d)) {
        let all: BTreeSet<bool> = own
            .iter()
            .map(|f| matches!(facts.event(f.doc, f.event).modality, Modality::Actual | Modality::Historical))
            .collect();
        let negated = own.iter().any(|f| sign(facts.event(f.doc, f.event)) < 0);
        if all.len() == 1 && !negated {
            let e = facts.event(own[0].doc, own[0].event);
            let word = match e.modality {
                Modality::Actual | Modality::Historical => "took place",
                Modality::Future => "is to come",
                Modality::Hypothetical => "is hoped for, asked for or possible",
            };
            values.push((doc, word.to_string(), e.trigger));
        }
    }
    // What is said to come is a promise or threat by itself; only deeds and meetings are planned first and done later.
    let deed = by_doc.values().flatten().all(|f| {
        !matches!(
            f.event_type,
            EventType::Agree
                | EventType::Threaten
                | EventType::Request
                | EventType::Accuse
                | EventType::Reject
        )
    });
    // What is planned on one page and done on a later one is no difference.
    let page = |v: &(u32, String, Span)| facts.doc(v.0).annotated.article.published_day();
    let done = |v: &&(u32, String, Span)| v.1 == "took place";
    let overtaken = |v: &(u32, String, Span)| {
        let own = page(v);
        values.iter().filter(done).any(|d| matches!((own, page(d)), (Some(plan), Some(deed)) if plan > deed))
    };
    if !deed || !values.iter().any(|v| !done(&v) && overtaken(v)) {
        return None;
    }
    let reference = most_given(&values, parts.origin_of);
    Some(Difference { field: "realised", of: String::new(), hard: false, values, reference })
}
