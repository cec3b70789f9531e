//! Sentences of different texts that tell the same: found by sense, words, names and figures together, with or without an event.

use crate::facts::Facts;
use crate::lines::Line;
use crate::words::cosine;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet};

/// Points from which two sentences are alike, when each is the other's best in its document: enough where their events or figures
/// meet, too. The weights below were fitted on the story sets under `evals/stories` that may be read (28 November 2026).
const ALIKE: f32 = 6.6;
/// Points from which they tell the same by themselves.
const SAME_MATTER: f32 = 7.7;
/// Points from which their events need less to be one happening.
pub(crate) const SAME_HAPPENING: f32 = 8.3;
/// What sentences of a group need with each other on the mean.
const TOGETHER: f32 = 6.2;
/// Content of a sentence below which its words prove little.
const THIN: f32 = 5.0;
/// Content words and names that two sentences have in common at least.
const COMMON: usize = 3;
/// What it costs that one sentence denies and the other does not.
const DENIAL: f32 = 2.0;
/// What it costs that two persons are given as the speakers.
const OTHER_VOICE: f32 = 3.0;
/// What it costs that in each a person acts or is dealt with whom the other does not name. Set by judgement, not fitted.
const OTHER_PERSON: f32 = 1.5;
/// Documents that each document is compared with, in their order.
const NEIGHBOURS: usize = 24;
/// Sentences of a document that are compared.
const SENTENCES: usize = 120;

/// Sentences of several documents that tell the same, by document.
pub(crate) type Group = BTreeMap<u32, u32>;

/// Two sentences (document, sentence), and how many points speak for one matter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Match {
    pub points: f32,
    pub a: (u32, u32),
    pub b: (u32, u32),
}

/// Pairs of sentences of documents of different origins that are each other's best, best pairs first.
pub(crate) fn find_matches(
    facts: &Facts,
    lines: &[Line],
    origin_of: &BTreeMap<u32, usize>,
) -> (Vec<Match>, Vec<Group>) {
    let lines: Vec<&Line> = lines.iter().filter(|l| !facts.spun(l.doc)).collect();
    let scale = Scale::new(facts, &lines);
    let mut by_doc: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (n, line) in lines.iter().enumerate() {
        let own = by_doc.entry(line.doc).or_default();
        if own.len() < SENTENCES {
            own.push(n);
        }
    }
    let docs: Vec<u32> = by_doc.keys().copied().collect();
    let mut found = Vec::new();
    for (n, a) in docs.iter().enumerate() {
        for b in docs[n + 1..].iter().take(NEIGHBOURS).filter(|b| origin_of[*b] != origin_of[a]) {
            found.extend(mutual(&scale, &lines, &by_doc[a], &by_doc[b]));
        }
    }
    found.sort_by(|x: &Match, y| y.points.total_cmp(&x.points).then((x.a, x.b).cmp(&(y.a, y.b))));
    let at: FxHashMap<(u32, u32), &Line> = lines.iter().map(|l| ((l.doc, l.sentence), *l)).collect();
    let groups = groups(&scale, &at, &found);
    (found, groups)
}

/// Pairs that are each other's best among the sentences of two documents.
fn mutual(scale: &Scale, lines: &[&Line], ours: &[usize], theirs: &[usize]) -> Vec<Match> {
    let mut best: FxHashMap<(usize, bool), (f32, usize)> = FxHashMap::default();
    for &i in ours {
        for &j in theirs {
            let points = scale.points(lines[i], lines[j]);
            for (key, other) in [((i, true), j), ((j, false), i)] {
                let entry = best.entry(key).or_insert((points, other));
                if points > entry.0 {
                    *entry = (points, other);
                }
            }
        }
    }
    let pairs = ours.iter().filter_map(|&i| {
        let &(points, j) = best.get(&(i, true))?;
        let back = best.get(&(j, false)).is_some_and(|b| b.1 == i);
        let at = |n: usize| (lines[n].doc, lines[n].sentence);
        (back && points >= ALIKE).then(|| Match { points, a: at(i), b: at(j) })
    });
    pairs.collect()
}

/// Joins pairs to groups with one sentence of a document, best pairs first.
fn groups(scale: &Scale, at: &FxHashMap<(u32, u32), &Line>, pairs: &[Match]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut of: FxHashMap<(u32, u32), usize> = FxHashMap::default();
    for pair in pairs.iter().filter(|p| p.points >= SAME_MATTER) {
        let ends = [pair.a, pair.b].map(|place| match of.get(&place) {
            Some(&g) => g,
            None => {
                groups.push(BTreeMap::from([place]));
                of.insert(place, groups.len() - 1);
                groups.len() - 1
            }
        });
        let [x, y] = ends;
        if x == y || groups[x].keys().any(|d| groups[y].contains_key(d)) {
            continue;
        }
        let pairs = groups[x].iter().flat_map(|p| groups[y].iter().map(move |q| (p, q)));
        let points: Vec<f32> =
            pairs.map(|((d, s), (e, t))| scale.points(at[&(*d, *s)], at[&(*e, *t)])).collect();
        if points.iter().sum::<f32>() / points.len() as f32 >= TOGETHER {
            let (keep, gone) = (x.min(y), x.max(y));
            let moved = std::mem::take(&mut groups[gone]);
            of.extend(moved.iter().map(|(d, s)| ((*d, *s), keep)));
            groups[keep].extend(moved);
        }
    }
    groups.retain(|g| g.len() >= 2);
    groups.sort_by_key(|g| g.iter().next().map(|(d, s)| (*d, *s)));
    groups
}

/// How rare actors and names are among the sentences of a story.
struct Scale<'f, 'a> {
    facts: &'f Facts<'a>,
    sentences: f32,
    actors: FxHashMap<u32, f32>,
    names: FxHashMap<SmolStr, f32>,
}

impl<'f, 'a> Scale<'f, 'a> {
    fn new(facts: &'f Facts<'a>, lines: &[&Line]) -> Scale<'f, 'a> {
        let mut scale = Scale {
            facts,
            sentences: lines.len() as f32,
            actors: FxHashMap::default(),
            names: FxHashMap::default(),
        };
        for line in lines {
            line.actors.iter().for_each(|a| *scale.actors.entry(*a).or_default() += 1.0);
            line.proper.iter().for_each(|n| *scale.names.entry(n.clone()).or_default() += 1.0);
        }
        scale
    }

    fn rare(&self, holding: f32) -> f32 {
        ((self.sentences + 5.0) / (holding + 1.0)).ln()
    }

    /// How much speaks for one matter. Questions are none.
    fn points(&self, a: &Line, b: &Line) -> f32 {
        if a.question || b.question {
            return 0.0;
        }
        let weigh = |words: &mut dyn Iterator<Item = &SmolStr>| -> f32 {
            words.map(|w| self.facts.rarity.weight(w)).sum()
        };
        let shared: Vec<&SmolStr> = a.words.iter().filter(|w| b.words.binary_search(w).is_ok()).collect();
        if shared.len() + a.proper.intersection(&b.proper).count() < COMMON {
            return 0.0;
        }
        let least = weigh(&mut a.words.iter()).min(weigh(&mut b.words.iter())).max(THIN);
        let covered = weigh(&mut shared.iter().copied()) / least;
        let rare =
            shared.iter().map(|w| (self.facts.rarity.weight(w) - 1.2).max(0.0)).sum::<f32>().min(4.0) / 4.0;
        let sense = cosine(self.facts.vector(a.doc, a.sentence), self.facts.vector(b.doc, b.sentence));
        let sense = sense.unwrap_or(0.0).max(0.0);
        let actors = alike(&a.actors, &b.actors, |x| self.rare(self.actors[x]));
        let names = alike(&a.proper, &b.proper, |x| self.rare(self.names[x]));
        let figures = f32::from(u8::from(!a.figures.is_disjoint(&b.figures)));
        let times = f32::from(u8::from(!a.times.is_disjoint(&b.times)));
        let denial = if a.denies == b.denies { 0.0 } else { DENIAL };
        // What one person says is not what another says, though accounts may give a speaker or his spokesman.
        let others = !a.speakers.is_empty() && !b.speakers.is_empty() && a.speakers.is_disjoint(&b.speakers);
        let voices = if others { OTHER_VOICE } else { 0.0 };
        // "met the president", "met the speaker of parliament": two meetings of one visit.
        let alone = |x: &Line, y: &Line| x.persons.iter().any(|p| !y.actors.contains(p));
        let persons = if alone(a, b) && alone(b, a) { OTHER_PERSON } else { 0.0 };
        6.0 * sense
            + 5.4 * covered
            + 7.0 * rare * sense
            + 1.5 * actors
            + 2.0 * names
            + 1.7 * figures
            + 1.8 * times
            - denial
            - voices
            - persons
    }
}

/// Weighted share of what two sets have in common; 0 when one is empty.
fn alike<T: Ord>(a: &BTreeSet<T>, b: &BTreeSet<T>, weight: impl Fn(&T) -> f32) -> f32 {
    let all: f32 = a.iter().chain(b).map(&weight).sum();
    if a.is_empty() || b.is_empty() || all <= 0.0 {
        return 0.0;
    }
    2.0 * a.intersection(b).map(&weight).sum::<f32>() / all
}
