//! Numbers of dead, injured and arrested, as each account gives them.

use crate::chains::Happening;
use crate::claims::{Row, StoryParts};
use crate::dates;
use crate::differences::{Difference, count_difference};
use crate::echoes::{Echo, tell};
use crate::facts::{Fact, Facts, sign};
use crate::knowledge::knowledge;
use crate::numbers::{bound_before, parse, quantities};
use crate::words::cosine;
use polybius_text::{Annotated, CodedDocument, Count, Quad, Span};
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet};

/// How many words may stand between a number of people and the word for what befell them.
const REACH: usize = 8;
/// The same for a number that stands without a noun.
const BARE: usize = 24;
/// Numbers farther apart than this factor count something else.
const SCALE: f64 = 2.0;
/// The same for the dead of one state.
const CLAIMED: f64 = 50.0;
/// From so many on, numbers are those of a war and not of a day.
const WAR: f64 = 1000.0;
/// Likeness of the sentences of which one says that nobody died and one gives a number.
const SAME_SENSE: f32 = 0.25;
/// Tolls compared in a story.
const MOST: usize = 400;

/// What happened to people who are counted.
pub(crate) const FIELDS: [&str; 3] = ["deaths", "injured", "arrested"];

/// One number of people.
#[derive(Debug, Clone)]
pub(crate) struct Toll {
    pub doc: u32,
    pub sentence: u32,
    pub count: Count,
    /// First and last day that the sentence or event gives.
    days: Option<(i32, i32)>,
    /// Codes of the states that those who are counted belong to, where the words say so: `64 Thai dead`.
    of: BTreeSet<SmolStr>,
}

/// Numbers that count the same people, in several documents.
#[derive(Debug, Clone)]
pub(crate) struct TollGroup {
    pub field: &'static str,
    pub tolls: Vec<Toll>,
}

/// The tolls of a story that several documents give; word-spun texts are left out.
pub(crate) fn toll_groups(facts: &Facts, members: &[u32], all: &[Fact]) -> Vec<TollGroup> {
    let mut out = Vec::new();
    for field in FIELDS {
        let tolls = collect(facts, members, all, field);
        let mut used = vec![false; tolls.len()];
        for i in 0..tolls.len() {
            if used[i] {
                continue;
            }
            let mut group = vec![i];
            for j in i + 1..tolls.len() {
                if !used[j] && group.iter().all(|&g| one_toll(facts, &tolls[g], &tolls[j])) {
                    group.push(j);
                }
            }
            group.iter().for_each(|&g| used[g] = true);
            let documents: BTreeSet<u32> = group.iter().map(|&g| tolls[g].doc).collect();
            if documents.len() >= 2 {
                out.push(TollGroup { field, tolls: group.into_iter().map(|g| tolls[g].clone()).collect() });
            }
        }
    }
    out
}

/// Tolls on which documents differ, with the claim they belong to.
pub(crate) fn toll_differences<'r>(
    facts: &Facts,
    parts: &StoryParts,
    rows: &'r [Row],
) -> Vec<(Option<&'r Row>, Difference)> {
    let mut out = Vec::new();
    for group in parts.tolls {
        let mut seen = BTreeSet::new();
        let mut values: Vec<(u32, &Count)> = group.tolls.iter().map(|t| (t.doc, &t.count)).collect();
        values.sort_by_key(|v| (v.0, v.1.value));
        values.retain(|(doc, count)| seen.insert((*doc, count.value)));
        let row = group.tolls.iter().find_map(|t| row_of(facts, parts, rows, t));
        let known = row.is_some_and(|r| r.differences.iter().any(|d| d.field == group.field));
        if !known && let Some(difference) = count_difference(facts, parts.origin_of, group.field, &values) {
            out.push((row, difference));
        }
    }
    out
}

/// Sentences that give the toll of a happening in documents that have no event of it: told again.
pub(crate) fn tell_tolls(
    facts: &Facts,
    all: &[Fact],
    happenings: &[Happening],
    groups: &[TollGroup],
    echoes: &mut [Vec<Echo>],
) {
    for group in groups {
        let counts = |f: &Fact| {
            let e = facts.event(f.doc, f.event);
            let here = |t: &&Toll| t.doc == f.doc && t.sentence == e.sentence && t.count.value > 0;
            f.event_type.quad() == Quad::MaterialConflict
                && sign(e) == 1
                && group.tolls.iter().any(|t| here(&t))
        };
        let told = |h: &Happening| h.facts.iter().filter(|&&f| counts(&all[f])).count();
        let most = (0..happenings.len()).max_by_key(|&h| (told(&happenings[h]), std::cmp::Reverse(h)));
        let Some(h) = most.filter(|&h| told(&happenings[h]) > 0) else { continue };
        let sentences = group.tolls.iter().map(|t| Echo { doc: t.doc, sentence: t.sentence });
        tell(all, &happenings[h], sentences, &mut echoes[h]);
    }
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

/// The number of a field that an event gives, unless it stands beside the word for another fate: `8 killed and 274 wounded`.
pub(crate) fn toll_of<'a>(facts: &Facts<'a>, f: &Fact, field: &str) -> Option<&'a Count> {
    let e = facts.event(f.doc, f.event);
    let count = match field {
        "deaths" => e.dead.as_ref(),
        "injured" => e.injured.as_ref(),
        _ => e.arrested.as_ref(),
    }?;
    let a = &facts.doc(f.doc).annotated;
    let at = a.token_from(count.span.start) as usize;
    let sentence = a.sentences.get(a.sentence_of(at as u32) as usize)?;
    let fate = |t: usize| FIELDS.iter().find(|x| knowledge().toll_word(x, &a.tokens[t].lemma.to_lowercase()));
    let behind = (at..sentence.end_token as usize).take(REACH).find_map(fate);
    (count.value == 0 || behind.is_none_or(|x| *x == field)).then_some(count)
}

fn collect(facts: &Facts, members: &[u32], all: &[Fact], field: &str) -> Vec<Toll> {
    let counted = |f: &Fact| {
        let e = facts.event(f.doc, f.event);
        let days = e.date.as_ref().filter(|_| facts.own_day(f.doc, e)).and_then(|d| dates::bounds(&d.range));
        let count = toll_of(facts, f, field).filter(|_| sign(e) == 1 && !facts.spun(f.doc))?.clone();
        let of = states_of(facts, f.doc, count.span);
        Some(Toll { doc: f.doc, sentence: e.sentence, count, days, of })
    };
    let mut tolls: Vec<Toll> = all.iter().filter_map(counted).collect();
    for &doc in members.iter().filter(|d| !facts.spun(**d)) {
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
            let of = states_of(facts, doc, count.span);
            tolls.push(Toll { doc, sentence: n as u32, count, days, of });
        }
        for (at, count) in bare_numbers(d, &tokens) {
            let near =
                fields.iter().filter(|(t, _)| t.abs_diff(at) <= BARE).min_by_key(|(t, _)| t.abs_diff(at));
            if near.is_some_and(|(_, f)| *f == field) {
                let inside = d.times.iter().filter(|t| t.sentence == n as u32).find_map(|t| t.range.as_ref());
                let days = inside.and_then(dates::bounds);
                let of = states_of(facts, doc, a.sentences[n].span);
                let of = if of.len() == 1 { of } else { BTreeSet::new() };
                tolls.push(Toll { doc, sentence: n as u32, count, days, of });
            }
        }
        let none = fields.iter().filter(|(_, f)| *f == field).find_map(|(t, _)| nobody(a, &tokens, *t));
        if let Some(span) = none {
            let count = Count { value: 0, bound: "exactly".to_string(), span };
            let inside = d.times.iter().filter(|t| t.sentence == n as u32).find_map(|t| t.range.as_ref());
            let days = inside.and_then(dates::bounds);
            tolls.push(Toll { doc, sentence: n as u32, count, days, of: BTreeSet::new() });
        }
    }
}

/// Codes of the states that are named in the words of a number, or just behind it: `64 Thai dead`, `7,630 Armenian soldiers`.
fn states_of(facts: &Facts, doc: u32, words: Span) -> BTreeSet<SmolStr> {
    let d = facts.doc(doc);
    let near = d.mentions.iter().filter(|m| m.span.start + 2 >= words.start && m.span.start <= words.end + 1);
    near.flat_map(|m| &m.actors)
        .filter_map(|&x| facts.actor_of(doc, x))
        .map(|x| facts.actor(x).code.as_str())
        .filter(|c| c.len() == 3)
        .map(SmolStr::from)
        .collect()
}

/// `the figure of the dead rose to 18`, `the guild speaks of 19`: numbers behind `of` or `to` that count nothing else.
fn bare_numbers(d: &CodedDocument, tokens: &[usize]) -> Vec<(usize, Count)> {
    let a = &d.annotated;
    let bare = |&&t: &&usize| {
        let token = &a.tokens[t];
        let behind = a.children(t as u32).any(|c| {
            a.tokens[c as usize].rel == "case"
                && matches!(a.tokens[c as usize].lemma.as_str(), "of" | "to" | "at")
        });
        let place = matches!(token.rel.split(':').next(), Some("obl" | "nmod" | "obj"));
        // `a doctor of 30` is one doctor.
        let single =
            |h: u32| a.children(h).any(|c| matches!(a.tokens[c as usize].lemma.as_str(), "a" | "an"));
        let person =
            |h: u32| token.rel.starts_with("nmod") && single(h) && a.tokens[h as usize].lemma != "total";
        let age = token
            .head
            .is_some_and(|h| matches!(a.tokens[h as usize].lemma.as_str(), "age" | "aged") || person(h));
        let timed = d.times.iter().any(|x| x.span.overlaps(token.span));
        token.upos == "NUM" && behind && place && !age && !timed
    };
    let counted = tokens.iter().filter(bare).filter_map(|&t| {
        let span = a.tokens[t].span;
        let value = parse(a.slice(span)).filter(|v| v.fract() == 0.0 && *v >= 2.0 && *v < 1e9)?;
        Some((t, Count { value: value as u64, bound: bound_before(a, t).to_string(), span }))
    });
    counted.collect()
}

/// `denied that anyone had been killed`, `no one died`, `no deaths`: the words, when the word at `at` counts nobody.
fn nobody(a: &Annotated, tokens: &[usize], at: usize) -> Option<Span> {
    let cue = |name: &str, t: usize| knowledge().cue(name, &a.tokens[t].lemma.to_lowercase());
    let no = |t: u32| a.children(t).any(|c| a.tokens[c as usize].lemma.eq_ignore_ascii_case("no"));
    let whole = |t: usize| a.tokens[t].span.cover(a.tokens[at].span);
    if a.tokens[at].upos == "NOUN" {
        return no(at as u32).then(|| a.tokens[at].span);
    }
    let subject = a.children(at as u32).find(|&t| a.tokens[t as usize].rel.starts_with("nsubj"))?;
    let denied = tokens.iter().any(|&t| t < at && cue("negate", t));
    let nobody = cue("nobody", subject as usize) && denied || no(subject);
    nobody.then(|| whole(subject as usize))
}

/// Whether two numbers may count the same people.
fn one_toll(facts: &Facts, a: &Toll, b: &Toll) -> bool {
    let (x, y) = (a.count.value.max(1) as f64, b.count.value.max(1) as f64);
    // The dead of a war are given beside its first year in one account, beside its last in another.
    let apart = if x.min(y) >= WAR { 5 * 366 } else { 1 };
    let days = match (a.days, b.days) {
        (Some((s, e)), Some((t, u))) => s <= u + apart && t <= e + apart,
        _ => true,
    };
    // That nobody died is said of the news itself, not of what went before it.
    if a.count.value == 0 || b.count.value == 0 {
        let vectors = (facts.vector(a.doc, a.sentence), facts.vector(b.doc, b.sentence));
        let alike = cosine(vectors.0, vectors.1).is_none_or(|c| c >= SAME_SENSE);
        return a.count.value != b.count.value && x.max(y) <= 100.0 && days && alike;
    }
    // The dead of one state are not those of another; of one and the same, sides may claim very different numbers.
    let named = !a.of.is_empty() && !b.of.is_empty();
    if named && a.of.is_disjoint(&b.of) {
        return false;
    }
    let scale = if named && a.of == b.of { CLAIMED } else { SCALE };
    // One is also "a policeman"; small numbers name other people.
    (x / y).max(y / x) <= scale && x.min(y) > 1.0 && days
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
