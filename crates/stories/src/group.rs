//! Which documents tell of the same happening.

mod blocks;
mod links;
mod names;
mod pair;
mod reasons;
mod time;

use crate::dates;
use crate::documents::{Documents, Head, Held};
use crate::features::{Features, figure_weight};
use crate::origins::{SpunText, spun_copy};
use crate::shingles::{Groups as Joined, candidates, containment, shingles};
use crate::words::{Rarity, content_lemmas, cosine};
use blocks::LARGEST_BLOCK;
use names::NameScores;
use pair::Pair;
use polybius_actors::parallel;
use polybius_text::{ActorKind, CodedDocument, StoryDocument, StoryLinkKind};
use rustc_hash::FxHashMap;
use std::borrow::Cow;
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
    group(&Held(docs)).grouping
}

/// What grouping learns in the one look that it takes at each document.
pub(crate) struct Groups {
    pub grouping: Grouping,
    pub heads: Vec<Head>,
    /// Of the content words of whole documents.
    pub rarity: Rarity,
}

/// Documents that are looked at together; what is kept of them is far less.
const AT_A_TIME: u32 = 1024;

pub(crate) fn group(docs: &dyn Documents) -> Groups {
    let n = docs.count() as u32;
    let (mut heads, mut rarity) = (Vec::with_capacity(n as usize), Rarity::default());
    let mut looks: Vec<Option<(Features, Vec<u64>)>> = Vec::with_capacity(n as usize);
    for first in (0..n).step_by(AT_A_TIME as usize) {
        let part: Vec<u32> = (first..n.min(first + AT_A_TIME)).collect();
        let seen = parallel::map(&part, |&i| {
            let doc = docs.document(i);
            let all = 0..doc.annotated.tokens.len();
            (Head::of(&doc), content_lemmas(&doc.annotated, all), (Features::of(&doc), shingles(&doc)))
        });
        for (head, lemmas, look) in seen {
            heads.push(head);
            rarity.add(lemmas);
            looks.push(Some(look));
        }
    }
    let mut order: Vec<usize> = (0..heads.len()).collect();
    let id = |i: usize| (&heads[i].doc_id, &heads[i].path);
    order.sort_by(|&a, &b| id(a).cmp(&id(b)));
    let looks = order.iter().map(|&i| looks[i].take().expect("each has one place")).unzip();
    let grouping = Grouper::new(docs, &heads, order, looks).run();
    Groups { grouping, heads, rarity }
}

struct Grouper<'d> {
    docs: &'d dyn Documents,
    heads: &'d [Head],
    /// Position in id order → index in `docs`. All other numbers here are positions.
    order: Vec<usize>,
    features: Vec<Features>,
    /// Hashes of the five-word sequences of each document, until the copies are found.
    sequences: Vec<Vec<u64>>,
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
    fn new(
        docs: &'d dyn Documents,
        heads: &'d [Head],
        order: Vec<usize>,
        (mut features, sequences): (Vec<Features>, Vec<Vec<u64>>),
    ) -> Grouper<'d> {
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
        let words = weighted_words(&mut features, &rarity);
        Grouper {
            docs,
            heads,
            order,
            features,
            sequences,
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
        &self.heads[story.documents[0].doc as usize].doc_id
    }

    fn document(&self, i: usize) -> Cow<'d, CodedDocument> {
        self.docs.document(self.order[i] as u32)
    }

    fn find_copies(&mut self) {
        let sets = std::mem::take(&mut self.sequences);
        let mut groups = Joined::new(sets.len());
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
        let spun = self.document(i);
        let copy = SpunText::of(&spun);
        let mut best: Option<(f32, usize)> = None;
        for (_, j) in near.into_iter().take(SPUN_CANDIDATES) {
            if let Some(follows) = spun_copy(&copy, &SpunText::of(&self.document(j)))
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
            let flagged = self.heads[self.order[i]].flagged;
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

/// The words of each document by number; their texts are given up.
fn weighted_words(features: &mut [Features], rarity: &Rarity) -> Vec<Vec<(u32, f32)>> {
    let mut numbers = Numbers::default();
    features
        .iter_mut()
        .map(|f| {
            let lemmas = std::mem::take(&mut f.lemmas);
            let mut words: Vec<(u32, f32)> =
                lemmas.iter().map(|(w, n)| (numbers.number(w), (1.0 + n.ln()) * rarity.weight(w))).collect();
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
