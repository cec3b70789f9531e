//! Which documents tell of the same happening.

mod links;
mod names;
mod pair;
mod reasons;
mod time;

use crate::dates;
use crate::features::{Features, figure_weight};
use crate::origins::{SpunText, spun_copy};
use crate::parallel;
use crate::shingles::{Groups, candidates, containment, shingles};
use crate::words::{Rarity, cosine};
use names::NameScores;
use pair::Pair;
use polybius_text::{ActorKind, CodedDocument, StoryDocument, StoryLinkKind};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

/// Two groups become one story at this mean likeness of their documents. Set on hand-made corpora, November 2026.
const SAME_STORY: f32 = 0.42;
/// From here on a document outside is shown as a near miss.
const NEAR_MISS: f32 = 0.28;
/// Main days farther apart than this are different happenings.
const APART_DAYS: i32 = 14;
/// Up to this many documents every pair is compared.
const ALL_PAIRS: usize = 150;
/// A key that more documents share is cut by week, and then to neighbours.
const LARGEST_BLOCK: usize = 120;
/// Documents compared for each document, best shared keys first.
const CANDIDATES: usize = 40;
/// Texts that a word-spun page is set against, those most like it first.
const SPUN_CANDIDATES: usize = 10;
/// Members that stand for a group when groups are compared.
const REPRESENTATIVES: usize = 7;

/// A story as grouping finds it.
#[derive(Debug, Clone, PartialEq)]
pub struct Grouped {
    /// Its documents (indexes into the input), by document id, with reasons.
    pub documents: Vec<StoryDocument>,
    /// Documents that almost joined, with what kept them out.
    pub near_misses: Vec<StoryDocument>,
    /// The day that its documents speak of most.
    pub main_day: Option<jiff::civil::Date>,
    /// Index into the input of the document that is most like the others.
    pub central: u32,
}

/// See-also between two stories of a [`Grouping`].
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// Index into [`Grouping::stories`].
    pub story: usize,
    /// Index into [`Grouping::stories`].
    pub other: usize,
    /// Kind.
    pub kind: StoryLinkKind,
    /// Why.
    pub reasons: Vec<String>,
}

/// Documents in stories.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Grouping {
    /// Every document is in exactly one. Largest first, ties by the smallest document id.
    pub stories: Vec<Grouped>,
    /// See-also links.
    pub links: Vec<Link>,
    /// Where a block of too many documents was cut.
    pub notes: Vec<String>,
}

/// Groups documents into stories.
///
/// Evidence in order of force: persons that act (weighted by how rare they are), pairs of actors and types of events, words,
/// places; how much of it is needed depends on how near the days are that the texts speak of. Documents far apart in time, or
/// with different holders of one office, stay apart; a page under the day of a later copy stands where its text belongs. The
/// result does not depend on the order of `docs`.
///
/// Cost: all pairs up to 150 documents (near-copies count once); above that each document is compared with at most 40
/// others that share rare keys.
pub fn group_into_stories(docs: &[CodedDocument]) -> Grouping {
    let mut order: Vec<usize> = (0..docs.len()).collect();
    let id = |i: usize| (&docs[i].annotated.article.doc_id, &docs[i].annotated.article.path);
    order.sort_by(|&a, &b| id(a).cmp(&id(b)));
    Grouper::new(docs, order).run()
}

struct Grouper<'d> {
    docs: &'d [CodedDocument],
    /// Position in id order → index in `docs`. All other numbers here are positions.
    order: Vec<usize>,
    features: Vec<Features>,
    /// Weighted words of each document by their number, of unit length.
    words: Vec<Vec<(u32, f32)>>,
    /// Documents that hold each key.
    holding: Vec<Vec<u32>>,
    /// Near-copies: the document that stands for them.
    copy_of: Vec<usize>,
    names: NameScores,
    pairs: Mutex<FxHashMap<(usize, usize), Pair>>,
}

/// Numbers for strings, in the order of first use.
#[derive(Default)]
struct Numbers {
    of: FxHashMap<String, u32>,
    texts: Vec<String>,
}

impl Numbers {
    fn number(&mut self, text: &str) -> u32 {
        if let Some(n) = self.of.get(text) {
            return *n;
        }
        let n = self.texts.len() as u32;
        self.of.insert(text.to_string(), n);
        self.texts.push(text.to_string());
        n
    }
}

impl<'d> Grouper<'d> {
    fn new(docs: &'d [CodedDocument], order: Vec<usize>) -> Grouper<'d> {
        let mut features: Vec<Features> = parallel::map(&order, |&i| Features::of(&docs[i]));
        let rarity = Rarity::of(features.iter().map(|f| f.lemmas.keys().cloned().collect()));
        let (mut names, mut keys) = (Numbers::default(), Numbers::default());
        for figure in features.iter_mut().flat_map(|f| &mut f.figures) {
            figure.name_ids = figure.names.iter().take(4).map(|n| names.number(n)).collect();
            figure.key_ids = figure.keys.iter().map(|k| keys.number(k)).collect();
            figure.key_ids.sort_unstable();
        }
        let mut holding: Vec<Vec<u32>> = vec![Vec::new(); keys.texts.len()];
        for (n, f) in features.iter().enumerate() {
            let own: BTreeSet<u32> = f.figures.iter().flat_map(|x| x.key_ids.iter().copied()).collect();
            own.into_iter().for_each(|k| holding[k as usize].push(n as u32));
        }
        let n = order.len();
        for figure in features.iter_mut().flat_map(|f| &mut f.figures) {
            // A description ("the president") tells nothing of who it is.
            if figure.named || figure.kind != ActorKind::Person {
                let office = |k: u32| keys.texts[k as usize].starts_with("o:");
                let held =
                    figure.key_ids.iter().filter(|k| !office(**k)).map(|k| holding[*k as usize].len()).max();
                let rare = rareness(n, held.unwrap_or(1));
                figure.weight = figure.part * figure.part * figure_weight(figure) * rare;
            }
        }
        let words = weighted_words(&features, &rarity);
        Grouper {
            docs,
            order,
            features,
            words,
            holding,
            copy_of: (0..n).collect(),
            names: NameScores::new(names.texts),
            pairs: Mutex::default(),
        }
    }

    fn run(mut self) -> Grouping {
        let mut notes = Vec::new();
        self.find_copies();
        let mut edges = self.edges(&mut notes);
        edges.sort_by(|x, y| y.0.total_cmp(&x.0).then(x.1.cmp(&y.1)).then(x.2.cmp(&y.2)));
        let clusters = self.cluster(&edges);
        let mut stories = self.stories(clusters, &edges);
        stories.sort_by(|a, b| {
            b.documents.len().cmp(&a.documents.len()).then_with(|| self.id_of(a).cmp(self.id_of(b)))
        });
        let links = self.links(&stories);
        Grouping { stories, links, notes }
    }

    fn id_of(&self, story: &Grouped) -> &'d polybius_text::DocId {
        &self.docs[story.documents[0].doc as usize].annotated.article.doc_id
    }

    fn find_copies(&mut self) {
        let sets: Vec<Vec<u64>> = parallel::map(&self.order, |&i| shingles(&self.docs[i]));
        let mut groups = Groups::new(sets.len());
        for (a, b) in candidates(&sets) {
            let far = match (self.features[a].main_day, self.features[b].main_day) {
                (Some(x), Some(y)) => {
                    (x - y).abs() > APART_DAYS
                        && !self.features[a].from_header
                        && !self.features[b].from_header
                }
                _ => false,
            };
            if !far && containment(&sets[a], &sets[b]) >= 0.8 {
                groups.join(a, b);
            }
        }
        let spun: Vec<usize> = (0..sets.len()).filter(|&i| self.features[i].spun).collect();
        for (i, text) in spun.iter().zip(parallel::map(&spun, |&i| self.spun_from(i))) {
            if let Some(text) = text {
                groups.join(*i, text);
            }
        }
        // The first that is not spun stands for its copies: it shows who, when and where.
        let mut stands: BTreeMap<usize, usize> = BTreeMap::new();
        for i in 0..sets.len() {
            let at = stands.entry(groups.root(i)).or_insert(i);
            if self.features[*at].spun && !self.features[i].spun {
                *at = i;
            }
        }
        self.copy_of = (0..sets.len()).map(|i| stands[&groups.root(i)]).collect();
    }

    /// The text that a word-spun page was made from: it follows that text sentence by sentence.
    fn spun_from(&self, i: usize) -> Option<usize> {
        let keys: BTreeSet<u32> =
            self.features[i].figures.iter().flat_map(|f| f.key_ids.iter().copied()).collect();
        let mut shared: BTreeMap<u32, (usize, f32)> = BTreeMap::new();
        for key in keys {
            let holding = &self.holding[key as usize];
            // What very many documents hold finds nothing.
            for &j in holding.iter().take(4 * LARGEST_BLOCK) {
                let common = shared.entry(j).or_default();
                common.0 += 1;
                common.1 += rareness(self.order.len(), holding.len());
            }
        }
        let vector = |j: u32| cosine(&self.features[i].vector, &self.features[j as usize].vector);
        let mut near: Vec<(f32, usize)> = shared
            .into_iter()
            .filter(|&(j, (n, _))| n >= 2 && j as usize != i && !self.features[j as usize].spun)
            .map(|(j, (_, rare))| (rare + 2.0 * vector(j).unwrap_or(0.0), j as usize))
            .collect();
        near.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let copy = SpunText::of(&self.docs[self.order[i]]);
        let mut best: Option<(f32, usize)> = None;
        for (_, j) in near.into_iter().take(SPUN_CANDIDATES) {
            if let Some(follows) = spun_copy(&copy, &SpunText::of(&self.docs[self.order[j]]))
                && best.is_none_or(|b| follows > b.0)
            {
                best = Some((follows, j));
            }
        }
        best.map(|b| b.1)
    }

    /// Compared pairs of representatives with their scores.
    fn edges(&mut self, notes: &mut Vec<String>) -> Vec<(f32, usize, usize)> {
        let own: Vec<usize> = (0..self.order.len()).filter(|&i| self.copy_of[i] == i).collect();
        let mut pairs = self.pairs_of(&own, notes);
        self.compare_all(&pairs);
        let moved = self.redate(&pairs);
        if !moved.is_empty() {
            let known = self.pairs.get_mut().expect("a comparison does not panic");
            known.retain(|(a, b), _| moved.binary_search(a).is_err() && moved.binary_search(b).is_err());
            notes.clear();
            pairs = self.pairs_of(&own, notes);
            self.compare_all(&pairs);
        }
        pairs
            .into_iter()
            .map(|(a, b)| (self.pair(a, b).score, a, b))
            .filter(|e| e.0 >= NEAR_MISS * 0.6)
            .collect()
    }

    fn pairs_of(&self, own: &[usize], notes: &mut Vec<String>) -> Vec<(usize, usize)> {
        if own.len() > ALL_PAIRS {
            return self.blocked(own, notes);
        }
        own.iter().enumerate().flat_map(|(n, &a)| own[n + 1..].iter().map(move |&b| (a, b))).collect()
    }

    /// Compares pairs on all cores and keeps what came out.
    fn compare_all(&self, pairs: &[(usize, usize)]) {
        let known =
            |key: &(usize, usize)| self.pairs.lock().expect("a comparison does not panic").contains_key(key);
        let new: Vec<(usize, usize)> =
            pairs.iter().map(|&(a, b)| (a.min(b), a.max(b))).filter(|key| !known(key)).collect();
        let compared = parallel::map(&new, |&(a, b)| self.compare(a, b));
        self.pairs.lock().expect("a comparison does not panic").extend(new.into_iter().zip(compared));
    }

    /// Pairs that share rare keys. Blocks are bounded: a common key is cut by week, then to neighbours in id order.
    fn blocked(&self, own: &[usize], notes: &mut Vec<String>) -> Vec<(usize, usize)> {
        let mut blocks: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for &i in own {
            for key in self.block_keys(i) {
                blocks.entry(key).or_default().push(i);
            }
        }
        let mut shared: FxHashMap<(usize, usize), f32> = FxHashMap::default();
        for (key, members) in &blocks {
            let weight = 1.0 / (1.0 + (members.len() as f32).ln());
            if members.len() <= LARGEST_BLOCK {
                add_pairs(members, weight, usize::MAX, &mut shared);
                continue;
            }
            let mut weeks: BTreeMap<i32, Vec<usize>> = BTreeMap::new();
            for &i in members {
                // Undated documents stand in a block of their own, and meet the dated ones under rarer keys.
                let week = self.features[i].main_day.map_or(i32::MIN, |d| d.div_euclid(5));
                weeks.entry(week).or_default().push(i);
                if week > i32::MIN {
                    weeks.entry(week + 1).or_default().push(i);
                }
            }
            for part in weeks.values() {
                let reach = if part.len() <= LARGEST_BLOCK { usize::MAX } else { 12 };
                if reach < usize::MAX {
                    notes.push(format!("block `{key}` of {} documents was cut to neighbours", part.len()));
                }
                add_pairs(part, weight, reach, &mut shared);
            }
        }
        let mut best: BTreeMap<usize, Vec<(f32, usize)>> = BTreeMap::new();
        for (&(a, b), &w) in &shared {
            best.entry(a).or_default().push((w, b));
            best.entry(b).or_default().push((w, a));
        }
        let mut pairs = BTreeSet::new();
        for (a, mut others) in best {
            others.sort_by(|x, y| y.0.total_cmp(&x.0).then(x.1.cmp(&y.1)));
            pairs.extend(others.into_iter().take(CANDIDATES).map(|(_, b)| (a.min(b), a.max(b))));
        }
        pairs.into_iter().collect()
    }

    fn block_keys(&self, i: usize) -> Vec<String> {
        let f = &self.features[i];
        let mut keys: Vec<String> = f
            .figures
            .iter()
            .filter(|x| x.part >= 0.25 && x.kind != ActorKind::Country)
            .flat_map(|x| x.keys.iter().cloned())
            .collect();
        let week = f.main_day.map_or("-".to_string(), |d| d.div_euclid(5).to_string());
        let mut dyads: Vec<_> = f.dyads.iter().collect();
        dyads.sort_by(|x, y| y.1.total_cmp(x.1).then(x.0.cmp(y.0)));
        for ((a, b), _) in dyads.into_iter().take(3) {
            keys.push(format!("d:{a}:{b}:{week}"));
            if let Some(d) = f.main_day {
                keys.push(format!("d:{a}:{b}:{}", d.div_euclid(5) + 1));
            }
        }
        let mut places: Vec<_> = f.places.iter().collect();
        places.sort_by(|x, y| y.1.total_cmp(x.1).then(x.0.cmp(y.0)));
        keys.extend(places.into_iter().take(2).map(|(p, _)| format!("p:{p}:{week}")));
        keys.sort();
        keys.dedup();
        keys
    }

    fn pair(&self, a: usize, b: usize) -> Pair {
        let key = (a.min(b), a.max(b));
        let known = || self.pairs.lock().expect("a comparison does not panic");
        if let Some(p) = known().get(&key) {
            return *p;
        }
        let p = self.compare(key.0, key.1);
        known().insert(key, p);
        p
    }

    /// Greedy average linkage: best pairs first, a merge only when the members of both groups are alike on the whole.
    fn cluster(&self, edges: &[(f32, usize, usize)]) -> Vec<Vec<usize>> {
        let n = self.order.len();
        let mut members: Vec<Vec<usize>> =
            (0..n).map(|i| if self.copy_of[i] == i { vec![i] } else { Vec::new() }).collect();
        let mut of: Vec<usize> = (0..n).collect();
        for _pass in 0..4 {
            let mut changed = false;
            for &(_, a, b) in edges.iter().filter(|e| e.0 >= SAME_STORY) {
                let (ca, cb) = (of[a], of[b]);
                if ca == cb || !self.may_merge(&members[ca], &members[cb]) {
                    continue;
                }
                let (keep, gone) = (ca.min(cb), ca.max(cb));
                let moved = std::mem::take(&mut members[gone]);
                for &m in &moved {
                    of[m] = keep;
                }
                members[keep].extend(moved);
                members[keep].sort_unstable();
                changed = true;
            }
            if !changed {
                break;
            }
        }
        for i in 0..n {
            if self.copy_of[i] != i {
                let at = of[self.copy_of[i]];
                members[at].push(i);
            }
        }
        members.iter_mut().for_each(|m| m.sort_unstable());
        members.retain(|m| !m.is_empty());
        members
    }

    fn may_merge(&self, a: &[usize], b: &[usize]) -> bool {
        let (a, b) = (representatives(a), representatives(b));
        let n = (a.len() * b.len()) as f32;
        let (mut sum, mut apart, mut clash) = (0.0, 0.0, 0.0);
        for &i in &a {
            for &j in &b {
                let p = self.pair(i, j);
                sum += p.score;
                apart += f32::from(u8::from(p.apart));
                clash += f32::from(u8::from(p.clash));
            }
        }
        // Mean over the groups may lie a little under the threshold of a pair: short accounts share less.
        sum / n >= SAME_STORY * if n > 1.0 { 0.88 } else { 1.0 } && apart / n <= 0.34 && clash / n <= 0.34
    }

    fn stories(&self, clusters: Vec<Vec<usize>>, edges: &[(f32, usize, usize)]) -> Vec<Grouped> {
        let mut of = vec![0; self.order.len()];
        for (c, members) in clusters.iter().enumerate() {
            for &m in members {
                of[m] = c;
            }
        }
        let mut misses: BTreeMap<usize, BTreeMap<usize, (f32, usize)>> = BTreeMap::new();
        for &(score, a, b) in edges {
            for (i, j) in [(a, b), (b, a)] {
                if of[i] != of[j] && (score >= NEAR_MISS || self.pair(i, j).persons >= 0.3) {
                    let best = misses.entry(of[j]).or_default().entry(i).or_insert((0.0, j));
                    if score > best.0 {
                        *best = (score, j);
                    }
                }
            }
        }
        let numbered: Vec<(usize, Vec<usize>)> = clusters.into_iter().enumerate().collect();
        parallel::map(&numbered, |(c, members)| self.story(members, misses.get(c)))
    }

    fn story(&self, members: &[usize], misses: Option<&BTreeMap<usize, (f32, usize)>>) -> Grouped {
        let centre = representatives(members);
        let mean = |i: usize| {
            let others: Vec<usize> =
                centre.iter().copied().filter(|&j| j != i && self.copy_of[j] != self.copy_of[i]).collect();
            if others.is_empty() {
                1.0
            } else {
                others.iter().map(|&j| self.pair(i, j).score).sum::<f32>() / others.len() as f32
            }
        };
        let mut central = (f32::MIN, members[0]);
        let mut documents = Vec::new();
        for &i in members {
            let score = if self.copy_of[i] == i || members.len() <= 60 { mean(self.copy_of[i]) } else { 1.0 };
            let flagged = !self.docs[self.order[i]].annotated.article.flags.is_empty();
            if score - if flagged { 0.1 } else { 0.0 } > central.0 {
                central = (score - if flagged { 0.1 } else { 0.0 }, i);
            }
            documents.push(StoryDocument {
                doc: self.order[i] as u32,
                score: round(score),
                reasons: self.reasons(i, members),
            });
        }
        let mut nearest: Vec<(f32, usize, usize)> =
            misses.into_iter().flatten().map(|(&i, &(score, j))| (round(score), i, j)).collect();
        nearest.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        nearest.truncate(10);
        let near: Vec<StoryDocument> = nearest
            .into_iter()
            .map(|(score, i, j)| StoryDocument {
                doc: self.order[i] as u32,
                score,
                reasons: self.against(i, j),
            })
            .collect();
        Grouped {
            documents,
            near_misses: near,
            main_day: self.main_day(members),
            central: self.order[central.1] as u32,
        }
    }

    fn main_day(&self, members: &[usize]) -> Option<jiff::civil::Date> {
        let mut votes: BTreeMap<i32, f32> = BTreeMap::new();
        for &m in members {
            let f = &self.features[m];
            if let Some(d) = f.main_day {
                *votes.entry(d).or_default() += if f.from_header {
                    0.2
                } else if f.spun {
                    0.4
                } else {
                    1.0
                };
            }
        }
        let best = votes.iter().max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(a.0)))?;
        dates::day(*best.0)
    }
}

/// 1 for a figure of one story, near 0 for one that most documents name.
fn rareness(documents: usize, holding: usize) -> f32 {
    let (n, holding) = (documents as f32, holding as f32);
    (((n + 50.0) / (holding + 2.0)).ln() / ((n + 50.0) / 3.0).ln()).clamp(0.08, 1.0)
}

fn weighted_words(features: &[Features], rarity: &Rarity) -> Vec<Vec<(u32, f32)>> {
    let mut numbers = Numbers::default();
    features
        .iter()
        .map(|f| {
            let mut words: Vec<(u32, f32)> = f
                .lemmas
                .iter()
                .map(|(w, n)| (numbers.number(w), (1.0 + n.ln()) * rarity.weight(w)))
                .collect();
            let length = words.iter().map(|w| w.1 * w.1).sum::<f32>().sqrt();
            words.iter_mut().for_each(|w| w.1 /= length.max(f32::MIN_POSITIVE));
            words.sort_unstable_by_key(|w| w.0);
            words
        })
        .collect()
}

fn round(x: f32) -> f32 {
    (x * 1000.0).round() / 1000.0
}

/// A bounded choice of members, spread over the group.
fn representatives(members: &[usize]) -> Vec<usize> {
    if members.len() <= REPRESENTATIVES {
        return members.to_vec();
    }
    (0..REPRESENTATIVES).map(|k| members[k * members.len() / REPRESENTATIVES]).collect()
}

fn add_pairs(members: &[usize], weight: f32, reach: usize, shared: &mut FxHashMap<(usize, usize), f32>) {
    for (n, &a) in members.iter().enumerate() {
        for &b in members[n + 1..].iter().take(reach) {
            *shared.entry((a.min(b), a.max(b))).or_default() += weight;
        }
    }
}
