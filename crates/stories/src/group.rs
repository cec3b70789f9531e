//! Which documents tell of the same happening.

use crate::dates;
use crate::features::{Features, Figure, figure_weight};
use crate::shingles::{Groups, candidates, containment, shingles};
use crate::words::{Rarity, cosine};
use polybius_actors::match_names;
use polybius_text::{ActorKind, CodedDocument, StoryDocument, StoryLinkKind};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// Two groups become one story at this mean likeness of their documents. Set on hand-made corpora, November 2026.
const SAME_STORY: f32 = 0.42;
/// From here on a document outside is shown as a near miss.
const NEAR_MISS: f32 = 0.28;
/// Main days farther apart than this are different happenings.
const APART_DAYS: i32 = 10;
/// Up to this many documents every pair is compared.
const ALL_PAIRS: usize = 150;
/// A key that more documents share is cut by week, and then to neighbours.
const LARGEST_BLOCK: usize = 120;
/// Documents compared for each document, best shared keys first.
const CANDIDATES: usize = 40;
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
/// Evidence in order of force: persons that act (weighted by how rare they are), the days that the texts speak of, pairs of
/// actors and types of events, places, words. Documents far apart in time, or with different holders of one office, stay
/// apart. The result does not depend on the order of `docs`.
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
    rarity: Rarity,
    key_count: FxHashMap<String, u32>,
    /// Near-copies: smallest member stands for all.
    copy_of: Vec<usize>,
    names: RefCell<FxHashMap<(String, String), f32>>,
    pairs: RefCell<FxHashMap<(usize, usize), Pair>>,
}

/// What the comparison of two documents gave.
#[derive(Debug, Clone, Copy, Default)]
struct Pair {
    score: f32,
    persons: f32,
    time: Option<f32>,
    events: f32,
    place: Option<f32>,
    words: f32,
    vectors: Option<f32>,
    /// Main days too far apart.
    apart: bool,
    /// Different holders of one office.
    clash: bool,
}

impl<'d> Grouper<'d> {
    fn new(docs: &'d [CodedDocument], order: Vec<usize>) -> Grouper<'d> {
        let features: Vec<Features> = order.iter().map(|&i| Features::of(&docs[i])).collect();
        let rarity = Rarity::of(features.iter().map(|f| f.lemmas.keys().cloned().collect()));
        let mut key_count: FxHashMap<String, u32> = FxHashMap::default();
        for f in &features {
            let keys: BTreeSet<&String> = f.figures.iter().flat_map(|x| &x.keys).collect();
            for key in keys {
                *key_count.entry(key.clone()).or_default() += 1;
            }
        }
        let n = order.len();
        Grouper {
            docs,
            order,
            features,
            rarity,
            key_count,
            copy_of: (0..n).collect(),
            names: RefCell::default(),
            pairs: RefCell::default(),
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
        let sets: Vec<Vec<u64>> = self.order.iter().map(|&i| shingles(&self.docs[i])).collect();
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
        self.copy_of = (0..sets.len()).map(|i| groups.root(i)).collect();
    }

    /// Compared pairs of representatives with their scores.
    fn edges(&self, notes: &mut Vec<String>) -> Vec<(f32, usize, usize)> {
        let own: Vec<usize> = (0..self.order.len()).filter(|&i| self.copy_of[i] == i).collect();
        let pairs: Vec<(usize, usize)> = if own.len() <= ALL_PAIRS {
            own.iter().enumerate().flat_map(|(n, &a)| own[n + 1..].iter().map(move |&b| (a, b))).collect()
        } else {
            self.blocked(&own, notes)
        };
        pairs
            .into_iter()
            .map(|(a, b)| (self.pair(a, b).score, a, b))
            .filter(|e| e.0 >= NEAR_MISS * 0.6)
            .collect()
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
        if let Some(p) = self.pairs.borrow().get(&key) {
            return *p;
        }
        let p = self.compare(key.0, key.1);
        self.pairs.borrow_mut().insert(key, p);
        p
    }

    fn compare(&self, a: usize, b: usize) -> Pair {
        let (x, y) = (&self.features[a], &self.features[b]);
        let mut p = Pair { persons: self.figures_alike(x, y), ..Pair::default() };
        p.events = 0.6 * cosine_of(&x.dyads, &y.dyads) + 0.4 * cosine_of(&x.types, &y.types);
        p.place = (!x.places.is_empty() && !y.places.is_empty()).then(|| cosine_of(&x.places, &y.places));
        p.words = self.words_alike(x, y);
        p.vectors = cosine(&x.vector, &y.vector).map(|v| ((v - 0.5) / 0.45).clamp(0.0, 1.0));
        p.time = self.time_alike(x, y, &mut p.apart, p.persons, p.words);
        p.clash = self.offices_clash(x, y);
        let mut sum = 0.40 * p.persons + 0.15 * p.events + 0.15 * p.words;
        let mut weight = 0.70;
        for (value, w) in [(p.time, 0.15), (p.vectors, 0.08), (p.place, 0.07)] {
            if let Some(value) = value {
                sum += w * value;
                weight += w;
            }
        }
        p.score = sum / weight;
        let acts = |f: &Features| f.principals().any(|g| g.part >= 0.6);
        if acts(x)
            && acts(y)
            && !x.principals().any(|f| y.figures.iter().any(|g| self.same_figure(f, g) > 0.0))
        {
            p.score *= 0.85;
        }
        if p.clash {
            p.score *= 0.6;
        }
        if p.apart {
            p.score = p.score.min(0.9 * SAME_STORY) * 0.7;
        }
        p
    }

    /// Weighted share of figures that both documents are about.
    fn figures_alike(&self, x: &Features, y: &Features) -> f32 {
        let weight = |f: &Figure| f.part * f.part * figure_weight(f) * self.rare(f);
        let (sx, sy): (f32, f32) = (x.figures.iter().map(weight).sum(), y.figures.iter().map(weight).sum());
        let mut taken = vec![false; y.figures.len()];
        let mut common = 0.0;
        for f in &x.figures {
            let best = y
                .figures
                .iter()
                .enumerate()
                .filter(|(j, _)| !taken[*j])
                .map(|(j, g)| (self.same_figure(f, g) * (weight(f) * weight(g)).sqrt(), j))
                .filter(|(s, _)| *s > 0.0)
                .max_by(|p, q| p.0.total_cmp(&q.0).then(q.1.cmp(&p.1)));
            if let Some((s, j)) = best {
                taken[j] = true;
                common += s;
            }
        }
        let (mean, least) = (0.5 * (sx + sy), sx.min(sy));
        if least <= 0.0 { 0.0 } else { (0.5 * common / mean + 0.5 * common / least).min(1.0) }
    }

    /// 1 for a figure of one story, near 0 for one that most documents name.
    fn rare(&self, f: &Figure) -> f32 {
        let n = self.order.len() as f32;
        let holding =
            f.keys.iter().filter(|k| !k.starts_with("o:")).filter_map(|k| self.key_count.get(k)).max();
        let holding = *holding.unwrap_or(&1) as f32;
        (((n + 50.0) / (holding + 2.0)).ln() / ((n + 50.0) / 3.0).ln()).clamp(0.08, 1.0)
    }

    /// 0 to 1: whether two figures are one.
    fn same_figure(&self, f: &Figure, g: &Figure) -> f32 {
        if f.kind != g.kind {
            return 0.0;
        }
        if let (Some(a), Some(b)) = (&f.table_id, &g.table_id) {
            return if a == b { 1.0 } else { 0.0 };
        }
        match f.kind {
            ActorKind::Country => {
                if f.code == g.code && !f.code.is_empty() {
                    1.0
                } else {
                    0.0
                }
            }
            ActorKind::Organisation | ActorKind::Group => {
                if f.keys.iter().any(|k| g.keys.contains(k)) {
                    1.0
                } else {
                    0.0
                }
            }
            ActorKind::Person => {
                // In a large corpus only persons that share a key are worth the comparison.
                if self.order.len() > 400 && !f.keys.iter().any(|k| g.keys.contains(k)) {
                    return 0.0;
                }
                let office = f.offices.iter().any(|o| g.offices.contains(o));
                let other_state = !f.code.is_empty() && !g.code.is_empty() && f.code != g.code;
                let score = self.names_alike(f, g);
                let needed = if other_state {
                    0.93
                } else if office {
                    0.5
                } else {
                    0.7
                };
                if score >= needed { if office { score.max(0.85) } else { score } } else { 0.0 }
            }
        }
    }

    fn names_alike(&self, f: &Figure, g: &Figure) -> f32 {
        let mut best = 0.0f32;
        for a in f.names.iter().take(4) {
            for b in g.names.iter().take(4) {
                let key = if a <= b { (a.clone(), b.clone()) } else { (b.clone(), a.clone()) };
                let known = self.names.borrow().get(&key).copied();
                let score = known.unwrap_or_else(|| {
                    let score = match_names(&key.0, &key.1).score;
                    self.names.borrow_mut().insert(key, score);
                    score
                });
                best = best.max(score);
            }
        }
        best
    }

    fn words_alike(&self, x: &Features, y: &Features) -> f32 {
        let weigh = |f: &Features| -> BTreeMap<SmolStr, f32> {
            f.lemmas.iter().map(|(w, n)| (w.clone(), (1.0 + n.ln()) * self.rarity.weight(w))).collect()
        };
        (1.6 * cosine_of(&weigh(x), &weigh(y))).min(1.0)
    }

    fn time_alike(
        &self,
        x: &Features,
        y: &Features,
        apart: &mut bool,
        persons: f32,
        words: f32,
    ) -> Option<f32> {
        let (a, b) = (x.main_day?, y.main_day?);
        let gap = (a - b).abs();
        let common: f32 = x
            .days
            .iter()
            .map(|(d, w)| {
                let near = [0, -1, 1].iter().filter_map(|n| y.days.get(&(d + n))).sum::<f32>();
                w.min(near)
            })
            .sum();
        let by_gap: f32 = match gap {
            0 => 1.0,
            1 => 0.95,
            2 => 0.85,
            3 => 0.7,
            4..=5 => 0.5,
            6..=7 => 0.35,
            8..=APART_DAYS => 0.15,
            _ => 0.0,
        };
        if gap > APART_DAYS && common < 0.25 {
            // A page's own date may lie: one day and month in another year, or a page without any day in its text, keeps
            // apart only what persons and words keep apart too.
            let same_day_of_year = x.month_days.intersection(&y.month_days).next().is_some()
                && (gap % 365 <= 3 || gap % 365 >= 362);
            let header_only = x.from_header || y.from_header;
            if (same_day_of_year && persons >= 0.45) || (header_only && words >= 0.5 && persons >= 0.5) {
                return Some(0.3);
            }
            *apart = true;
            return Some(0.0);
        }
        Some(by_gap.max(common))
    }

    /// Whether one office of one state is held by different acting persons.
    fn offices_clash(&self, x: &Features, y: &Features) -> bool {
        x.principals().any(|f| {
            f.offices.iter().any(|o| {
                let holders: Vec<&Figure> = y
                    .figures
                    .iter()
                    .filter(|g| g.kind == ActorKind::Person && g.offices.contains(o))
                    .collect();
                single_holder(&o.0)
                    && holders.iter().any(|g| g.part >= 0.35)
                    && holders.iter().all(|g| self.same_figure(f, g) == 0.0)
                    && y.figures.iter().all(|g| self.same_figure(f, g) == 0.0)
            })
        })
    }

    /// Greedy average linkage: best pairs first, a merge only when the members of both groups are alike on the whole.
    fn cluster(&self, edges: &[(f32, usize, usize)]) -> Vec<Vec<usize>> {
        let n = self.order.len();
        let mut members: Vec<Vec<usize>> =
            (0..n).map(|i| if self.copy_of[i] == i { vec![i] } else { Vec::new() }).collect();
        let mut of: Vec<usize> = (0..n).collect();
        for _pass in 0..4 {
            let mut changed = false;
            for &(score, a, b) in edges.iter().filter(|e| e.0 >= SAME_STORY) {
                let (ca, cb) = (of[a], of[b]);
                if ca == cb || !self.may_merge(&members[ca], &members[cb], score) {
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

    fn may_merge(&self, a: &[usize], b: &[usize], _score: f32) -> bool {
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
        clusters.iter().enumerate().map(|(c, members)| self.story(members, misses.get(&c))).collect()
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
        let mut near: Vec<StoryDocument> = misses
            .into_iter()
            .flatten()
            .map(|(&i, &(score, j))| StoryDocument {
                doc: self.order[i] as u32,
                score: round(score),
                reasons: self.against(i, j),
            })
            .collect();
        near.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.doc.cmp(&b.doc)));
        near.truncate(10);
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
        jiff::civil::date(1970, 1, 1).checked_add(jiff::Span::new().days(i64::from(*best.0))).ok()
    }

    fn label(&self, i: usize) -> String {
        let path = &self.docs[self.order[i]].annotated.article.path;
        let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
        let stem = name.rsplit_once('.').map_or(name, |(s, _)| s);
        // Numbered file names are known by their number.
        let number: String = stem.chars().take_while(char::is_ascii_digit).collect();
        if (2..=6).contains(&number.len()) { number } else { stem.chars().take(24).collect() }
    }

    /// Why a document belongs to its story, in order of force.
    fn reasons(&self, i: usize, members: &[usize]) -> Vec<String> {
        let others: Vec<usize> = representatives(members).into_iter().filter(|&j| j != i).collect();
        if others.is_empty() {
            return vec!["alone".to_string()];
        }
        let mut out = Vec::new();
        if let Some(&j) = others.iter().find(|&&j| self.copy_of[j] == self.copy_of[i]) {
            out.push(format!("near-copy of {}", self.label(j)));
        }
        let f = &self.features[i];
        let mut shared: Vec<(&str, BTreeSet<usize>)> = Vec::new();
        for figure in f
            .figures
            .iter()
            .filter(|x| x.part >= 0.25 && matches!(x.kind, ActorKind::Person | ActorKind::Organisation))
        {
            let with: BTreeSet<usize> = others
                .iter()
                .copied()
                .filter(|&j| self.features[j].figures.iter().any(|g| self.same_figure(figure, g) > 0.0))
                .collect();
            if !with.is_empty() {
                shared.push((&figure.name, with));
            }
        }
        if !shared.is_empty() {
            let names: Vec<&str> = shared.iter().take(5).map(|s| s.0).collect();
            let with: BTreeSet<usize> = shared.iter().take(5).flat_map(|s| s.1.iter().copied()).collect();
            let with: Vec<String> = with.into_iter().map(|j| self.label(j)).collect();
            out.push(format!("persons: {} (with {})", names.join(", "), with.join(", ")));
        }
        let near: Vec<String> = others
            .iter()
            .filter(|&&j| self.pair(i, j).time.is_some_and(|t| t >= 0.7))
            .map(|&j| self.label(j))
            .collect();
        match (f.main_day, near.is_empty()) {
            (Some(d), false) => out.push(format!("date {} (near {})", day_text(d), near.join(", "))),
            (None, _) => out.push("no date: joined by persons and situation".to_string()),
            _ => {}
        }
        let best = others
            .iter()
            .map(|&j| (self.pair(i, j), j))
            .max_by(|p, q| p.0.score.total_cmp(&q.0.score).then(q.1.cmp(&p.1)));
        if let Some((p, j)) = best {
            if p.events >= 0.4 {
                out.push(format!("same parties and acts as {} ({:.2})", self.label(j), p.events));
            }
            if let Some(place) = self.shared_place(i, j) {
                out.push(format!("place: {place} (with {})", self.label(j)));
            }
            out.push(format!("words {:.2} (with {})", p.words, self.label(j)));
        }
        out
    }

    fn shared_place(&self, i: usize, j: usize) -> Option<SmolStr> {
        let (x, y) = (&self.features[i].places, &self.features[j].places);
        x.iter()
            .filter_map(|(p, w)| y.get(p).map(|v| (w.min(*v), p)))
            .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(a.1)))
            .map(|(_, p)| p.clone())
    }

    /// What kept document `i` from the story of `j`, in order of force, and what pulled it in.
    fn against(&self, i: usize, j: usize) -> Vec<String> {
        let p = self.pair(i, j);
        let (x, y) = (&self.features[i], &self.features[j]);
        let mut out = Vec::new();
        let lacking: Vec<&str> = y
            .principals()
            .filter(|g| !x.figures.iter().any(|f| self.same_figure(f, g) > 0.0))
            .take(4)
            .map(|g| g.name.as_str())
            .collect();
        let own: Vec<&str> = x
            .principals()
            .filter(|f| !y.figures.iter().any(|g| self.same_figure(f, g) > 0.0))
            .take(4)
            .map(|f| f.name.as_str())
            .collect();
        if p.clash {
            out.push("another holder of the same office".to_string());
        }
        if !lacking.is_empty() || !own.is_empty() {
            out.push(format!(
                "persons: acts here {}; missing {} of {}",
                list(&own),
                list(&lacking),
                self.label(j)
            ));
        }
        if let (Some(a), Some(b)) = (x.main_day, y.main_day)
            && (a - b).abs() > 3
        {
            let basis = if x.from_header { " (page date only)" } else { "" };
            out.push(format!(
                "time: {}{basis} against {}, {} days apart",
                day_text(a),
                day_text(b),
                (a - b).abs()
            ));
        }
        if p.events < 0.4 {
            out.push(format!("other parties or acts ({:.2})", p.events));
        }
        if p.words < 0.3 {
            out.push(format!("other words ({:.2})", p.words));
        }
        if x.spun || y.spun {
            out.push("word-spun text is weak evidence either way".to_string());
        }
        let pulls: Vec<&str> = x
            .figures
            .iter()
            .filter(|f| y.figures.iter().any(|g| self.same_figure(f, g) > 0.0))
            .take(5)
            .map(|f| f.name.as_str())
            .collect();
        if !pulls.is_empty() {
            out.push(format!("for it: {} in both", pulls.join(", ")));
        }
        out
    }

    /// See-also: same pair of codes with the same acting person or like words.
    fn links(&self, stories: &[Grouped]) -> Vec<Link> {
        let position: FxHashMap<usize, usize> = self.order.iter().enumerate().map(|(p, &i)| (i, p)).collect();
        let centre: Vec<usize> = stories.iter().map(|s| position[&(s.central as usize)]).collect();
        let mut by_key: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (s, &c) in centre.iter().enumerate() {
            let f = &self.features[c];
            let mut keys: BTreeSet<String> = f.principals().flat_map(|x| x.keys.iter().cloned()).collect();
            keys.extend(main_dyads(f).into_iter().map(|(a, b)| format!("d:{a}:{b}")));
            for key in keys {
                by_key.entry(key).or_default().push(s);
            }
        }
        let mut pairs = BTreeSet::new();
        for list in by_key.values() {
            for (n, &a) in list.iter().enumerate() {
                pairs.extend(list[n + 1..].iter().take(10).map(|&b| (a, b)));
            }
        }
        let mut links = Vec::new();
        let mut given: FxHashMap<usize, usize> = FxHashMap::default();
        for (a, b) in pairs {
            let (x, y) = (&self.features[centre[a]], &self.features[centre[b]]);
            let p = self.pair(centre[a], centre[b]);
            let theirs = main_dyads(y);
            let dyads: Vec<String> = main_dyads(x)
                .into_iter()
                .filter(|d| theirs.contains(d))
                .map(|(a, b)| format!("{a}-{b}"))
                .collect();
            let persons: Vec<&str> = x
                .principals()
                .filter(|f| y.figures.iter().any(|g| g.part >= 0.3 && self.same_figure(f, g) > 0.0))
                .map(|f| f.name.as_str())
                .collect();
            let mut reasons = Vec::new();
            if !dyads.is_empty() {
                reasons.push(format!("same parties: {}", dyads.join(", ")));
            }
            if !persons.is_empty() {
                reasons.push(format!("same persons: {}", persons.join(", ")));
            }
            if p.words >= 0.25 {
                reasons.push(format!("like words ({:.2})", p.words));
            }
            let kind = if !dyads.is_empty()
                && (!persons.is_empty() || p.words >= 0.25 || p.place.is_some_and(|x| x > 0.3))
            {
                StoryLinkKind::SameDyad
            } else if !persons.is_empty() && p.words >= 0.2 {
                StoryLinkKind::SameTopic
            } else {
                continue;
            };
            let before = match (stories[a].main_day, stories[b].main_day) {
                (Some(i), Some(j)) if !persons.is_empty() => {
                    let gap = dates::number(j) - dates::number(i);
                    (gap != 0 && gap.abs() <= 120).then_some(gap > 0)
                }
                _ => None,
            };
            for (from, to, later) in [(a, b, before == Some(false)), (b, a, before == Some(true))] {
                let n = given.entry(from).or_default();
                if *n >= 10 {
                    continue;
                }
                *n += 1;
                links.push(Link { story: from, other: to, kind, reasons: reasons.clone() });
                if later {
                    let why = vec![format!(
                        "{} before",
                        stories[to].main_day.map(|d| d.to_string()).unwrap_or_default()
                    )];
                    links.push(Link { story: from, other: to, kind: StoryLinkKind::Precedes, reasons: why });
                }
            }
        }
        links.sort_by_key(|l| (l.story, l.other, l.kind.as_str()));
        links
    }
}

fn main_dyads(f: &Features) -> Vec<(SmolStr, SmolStr)> {
    let mut all: Vec<_> = f.dyads.iter().collect();
    all.sort_by(|x, y| y.1.total_cmp(x.1).then(x.0.cmp(y.0)));
    all.into_iter().take(3).map(|(d, _)| d.clone()).collect()
}

fn list(names: &[&str]) -> String {
    if names.is_empty() { "nobody else".to_string() } else { names.join(", ") }
}

fn day_text(day: i32) -> String {
    jiff::civil::date(1970, 1, 1)
        .checked_add(jiff::Span::new().days(i64::from(day)))
        .map(|d| d.to_string())
        .unwrap_or_default()
}

fn round(x: f32) -> f32 {
    (x * 1000.0).round() / 1000.0
}

/// Offices that one person of a state holds at a time.
fn single_holder(office: &str) -> bool {
    !office.starts_with("former")
        && (office.starts_with("head-of")
            || office.contains("supreme")
            || office.ends_with("minister")
            || office.contains("speaker")
            || office.starts_with("vice-")
            || office.contains("president"))
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

fn cosine_of<K: Ord>(a: &BTreeMap<K, f32>, b: &BTreeMap<K, f32>) -> f32 {
    let length = |m: &BTreeMap<K, f32>| m.values().map(|x| x * x).sum::<f32>().sqrt();
    let dot: f32 = a.iter().filter_map(|(k, x)| b.get(k).map(|y| x * y)).sum();
    let all = length(a) * length(b);
    if all > 0.0 { dot / all } else { 0.0 }
}
