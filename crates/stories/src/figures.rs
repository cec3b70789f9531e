//! Numbers of one thing in sentences that speak of one matter, whether or not an event joins them.

use crate::facts::{Facts, clause};
use crate::knowledge::knowledge;
use crate::matches::Match;
use crate::numbers::{bound_before, quantities, shown};
use crate::words::{cosine, dice, is_content};
use polybius_text::{Annotated, Span};
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;
use std::collections::BTreeMap;

/// Likeness of the words around two numbers from which on they count the same.
const SAME_MATTER: f32 = 0.34;
/// Less is enough where the sentences are alike on the whole.
const WITH_SENSE: f32 = 0.2;
const SAME_SENSE: f32 = 0.62;
/// Numbers farther apart than this factor count something else.
const SCALE: f64 = 3.0;
/// Numbers of one thing compared in a story.
const MOST: usize = 300;

/// A number with what stands around it.
#[derive(Debug, Clone)]
pub(crate) struct Figure {
    pub doc: u32,
    pub sentence: u32,
    pub value: f64,
    pub bound: &'static str,
    pub shown: String,
    pub span: Span,
    /// Content words and names of the clause, without number and thing.
    words: Vec<SmolStr>,
    /// The names among them.
    names: Vec<SmolStr>,
    /// What those who are counted do.
    act: Option<SmolStr>,
}

/// Numbers of one thing that count the same, in several documents.
#[derive(Debug, Clone)]
pub(crate) struct FigureGroup {
    pub thing: SmolStr,
    pub figures: Vec<Figure>,
}

/// The numbers of a story that several documents give of one thing; word-spun texts are left out.
pub(crate) fn figure_groups(facts: &Facts, members: &[u32], matched: &[Match]) -> Vec<FigureGroup> {
    let alike: FxHashSet<((u32, u32), (u32, u32))> = matched.iter().map(|m| (m.a, m.b)).collect();
    let mut by_thing: BTreeMap<SmolStr, Vec<Figure>> = BTreeMap::new();
    for &doc in members.iter().filter(|d| !facts.spun(**d)) {
        collect(facts, doc, &mut by_thing);
    }
    let mut groups = Vec::new();
    for (thing, mut figures) in by_thing {
        figures.truncate(MOST);
        for group in matching(facts, &figures, &alike) {
            let figures = group.into_iter().map(|g| figures[g].clone()).collect();
            groups.push(FigureGroup { thing: thing.clone(), figures });
        }
    }
    groups
}

fn collect(facts: &Facts, doc: u32, by_thing: &mut BTreeMap<SmolStr, Vec<Figure>>) {
    let d = facts.doc(doc);
    let a = &d.annotated;
    for (n, s) in a.sentences.iter().enumerate().filter(|(_, s)| s.repeats.is_none()) {
        let tokens: Vec<usize> = s.tokens().collect();
        for q in quantities(d, &tokens).into_iter().filter(|q| !q.part) {
            let at = a.token_from(q.span.start);
            let thing = thing_of(&q.of);
            let own: Vec<usize> =
                clause(a, at).into_iter().filter(|&t| !q.span.overlaps(a.tokens[t].span)).collect();
            let mut names: Vec<SmolStr> = own
                .iter()
                .filter(|&&t| a.tokens[t].upos == "PROPN")
                .map(|&t| SmolStr::from(a.slice(a.tokens[t].span).to_lowercase()))
                .collect();
            let content = own.iter().filter(|&&t| is_content(&a.tokens[t]));
            let mut words: Vec<SmolStr> = content.map(|&t| family(a, t)).filter(|w| *w != thing).collect();
            words.extend(names.iter().cloned());
            for list in [&mut names, &mut words] {
                list.sort_unstable();
                list.dedup();
            }
            let act = act_of_counted(a, at);
            by_thing.entry(thing).or_default().push(Figure {
                doc,
                sentence: n as u32,
                value: q.value,
                bound: bound_before(a, at as usize),
                shown: shown(a, q.span),
                span: q.span,
                words,
                names,
                act,
            });
        }
    }
}

fn family(a: &Annotated, token: usize) -> SmolStr {
    knowledge().family(&a.tokens[token].lemma.to_lowercase())
}

/// `attack` of `2,000 of them attacked the police` and of `3,500 persons who attacked it`.
fn act_of_counted(a: &Annotated, number: u32) -> Option<SmolStr> {
    let mut at = number;
    while let Some(head) = a.tokens[at as usize].head
        && (a.tokens[at as usize].rel.starts_with("nummod") || a.tokens[at as usize].rel == "compound")
    {
        at = head;
    }
    let clause = a.children(at).find(|&t| a.tokens[t as usize].rel.ends_with("relcl"));
    let subject = a.tokens[at as usize].rel.starts_with("nsubj");
    let verb = clause.or_else(|| a.tokens[at as usize].head.filter(|_| subject))?;
    (a.tokens[verb as usize].upos == "VERB").then(|| family(a, verb as usize))
}

/// `protester` and `person` are people; other things go by their family.
fn thing_of(lemma: &str) -> SmolStr {
    if knowledge().toll_word("people", lemma) { SmolStr::from("people") } else { knowledge().family(lemma) }
}

/// Groups of figures of different documents, each the best match of another.
fn matching(
    facts: &Facts,
    figures: &[Figure],
    alike: &FxHashSet<((u32, u32), (u32, u32))>,
) -> Vec<Vec<usize>> {
    let mut best: FxHashMap<(usize, u32), (f32, usize)> = FxHashMap::default();
    for i in 0..figures.len() {
        for j in (0..figures.len()).filter(|&j| figures[j].doc != figures[i].doc) {
            if let Some(score) = one_matter(facts, &figures[i], &figures[j], alike) {
                let entry = best.entry((i, figures[j].doc)).or_insert((score, j));
                if score > entry.0 {
                    *entry = (score, j);
                }
            }
        }
    }
    let mutual = |i: usize, j: usize| {
        best.get(&(i, figures[j].doc)).is_some_and(|b| b.1 == j)
            && best.get(&(j, figures[i].doc)).is_some_and(|b| b.1 == i)
    };
    let mut used = vec![false; figures.len()];
    let mut groups = Vec::new();
    for i in 0..figures.len() {
        if used[i] {
            continue;
        }
        let group: Vec<usize> = (i..figures.len()).filter(|&j| j == i || !used[j] && mutual(i, j)).collect();
        if group.len() >= 2 {
            group.iter().for_each(|&g| used[g] = true);
            groups.push(group);
        }
    }
    groups
}

/// How alike the words around two numbers are, when it is enough.
fn one_matter(
    facts: &Facts,
    a: &Figure,
    b: &Figure,
    alike: &FxHashSet<((u32, u32), (u32, u32))>,
) -> Option<f32> {
    let (x, y) = (a.value.abs().max(0.01), b.value.abs().max(0.01));
    if (x / y).max(y / x) > SCALE {
        return None;
    }
    let common = |x: &[SmolStr], y: &[SmolStr]| x.iter().filter(|w| y.binary_search(w).is_ok()).count();
    let words = dice(&a.words, &b.words, facts.rarity);
    let sense = cosine(facts.vector(a.doc, a.sentence), facts.vector(b.doc, b.sentence)).unwrap_or(0.0);
    // A common name, or one act of those who are counted, makes up for other words.
    let one_act = a.act.is_some() && a.act == b.act;
    let tied = common(&a.names, &b.names) > 0;
    let (x, y) = ((a.doc, a.sentence), (b.doc, b.sentence));
    let matched = alike.contains(&(x, y)) || alike.contains(&(y, x));
    let enough = common(&a.words, &b.words) >= if matched { 1 } else { 2 }
        && (matched
            || one_act
            || words >= SAME_MATTER
            || words >= WITH_SENSE && (tied || sense >= SAME_SENSE));
    enough.then_some(words + 0.5 * sense)
}
