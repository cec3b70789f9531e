//! How alike two documents are, and why.

use super::time::{Basis, time_alike};
use super::{Grouper, SAME_STORY};
use crate::facts::single_holder;
use crate::features::{Features, Figure};
use crate::words::cosine;
use polybius_text::ActorKind;
use std::collections::{BTreeMap, BTreeSet};

/// What two documents must have in common to be of one story, by how near their days are: accounts of the same days need
/// little, since few happenings fall on the same days in the same hands; accounts of other days need much. Set on the six story
/// sets of `examples/` that are read, on two like them and on the public stories of NewsWCL50, November 2026.
const NEEDED: [(f32, f32); 7] =
    [(0.0, 0.5), (0.15, 0.34), (0.35, 0.275), (0.5, 0.26), (0.7, 0.24), (0.85, 0.22), (0.95, 0.21)];
/// The same where nothing is known of the days of one document.
const NEEDED_WITHOUT_DAYS: f32 = 0.46;
/// Where an undated page names a weekday or a day of the month that fits the other, or one that does not.
const NEEDED_BY_HINT: [f32; 2] = [0.34, 0.5];
/// The more documents there are, the more are alike by chance: what is needed more for each e-fold of documents over a dozen.
const FOR_MORE_DOCUMENTS: f32 = 0.026;
const DOZEN: f32 = 12.0;

/// What the comparison of two documents gave.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Pair {
    pub score: f32,
    /// 0 to 1: what the documents have in common beside their days.
    pub content: f32,
    pub persons: f32,
    pub time: Option<f32>,
    pub events: Option<f32>,
    pub place: Option<f32>,
    pub words: f32,
    pub vectors: Option<f32>,
    /// Main days too far apart.
    pub apart: bool,
    /// Different holders of one office.
    pub clash: bool,
    /// Other persons act for one state, and neither document knows those of the other.
    pub other_side: bool,
}

impl Grouper<'_> {
    pub(super) fn compare(&self, a: usize, b: usize) -> Pair {
        let (x, y) = (&self.features[a], &self.features[b]);
        let mut p = Pair { persons: self.figures_alike(x, y), ..Pair::default() };
        let coded = |f: &Features| !f.types.is_empty() && !f.dyads.is_empty();
        p.events = (coded(x) && coded(y))
            .then(|| 0.6 * cosine_of(&x.dyads, &y.dyads) + 0.4 * cosine_of(&x.types, &y.types));
        p.place = (!x.places.is_empty() && !y.places.is_empty()).then(|| cosine_of(&x.places, &y.places));
        p.words = self.words_alike(a, b);
        p.vectors = cosine(&x.vector, &y.vector).map(|v| ((v - 0.5) / 0.45).clamp(0.0, 1.0));
        let time = time_alike(x, y, p.persons, p.words);
        (p.time, p.apart) = (time.value, time.apart);
        // Who holds an office is often read wrongly: on near days, in accounts that are alike in persons and words, another holder
        // says nothing.
        let near = time.basis == Basis::Days && p.time.is_some_and(|t| t >= 0.5);
        p.other_side = self.other_side(x, y);
        let misread = near && !p.other_side && p.persons >= 0.45 && p.words >= 0.35;
        p.clash = !misread && self.offices_clash(x, y);
        let mut sum = 0.40 * p.persons + 0.15 * p.words;
        let mut weight = 0.55;
        for (value, w) in [(p.events, 0.15), (p.vectors, 0.08), (p.place, 0.07)] {
            if let Some(value) = value {
                sum += w * value;
                weight += w;
            }
        }
        p.content = sum / weight;
        let mut common = p.content;
        if p.other_side {
            common *= 0.9;
        }
        if p.clash {
            common *= 0.6;
        }
        p.score = scored(common, needed(p.time, time.basis) + self.for_more_documents());
        if p.apart {
            p.score = p.score.min(0.6 * SAME_STORY);
        }
        p
    }

    pub(super) fn for_more_documents(&self) -> f32 {
        FOR_MORE_DOCUMENTS * (self.order.len() as f32 / DOZEN).max(1.0).ln()
    }

    /// Whether other persons act for one state in each document, none of them known to the other document.
    ///
    /// Two meetings of two states have the same parties and places; who met tells them apart.
    fn other_side(&self, x: &Features, y: &Features) -> bool {
        let unknown = |f: &Features, code: &str, other: &Features| {
            let mut persons = f.principals().filter(|g| g.code == code).peekable();
            persons.peek().is_some()
                && persons.all(|f| other.figures.iter().all(|g| self.same_figure(f, g) == 0.0))
        };
        let codes: BTreeSet<&str> =
            x.principals().map(|f| f.code.as_str()).filter(|c| !c.is_empty()).collect();
        codes.into_iter().any(|code| unknown(x, code, y) && unknown(y, code, x))
    }

    /// Weighted share of figures that both documents are about.
    fn figures_alike(&self, x: &Features, y: &Features) -> f32 {
        let weight = |f: &Figure| f.weight;
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

    /// 0 to 1: whether two figures are one.
    pub(super) fn same_figure(&self, f: &Figure, g: &Figure) -> f32 {
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
                if share_key(f, g) {
                    1.0
                } else {
                    0.0
                }
            }
            ActorKind::Person => {
                // In a large corpus only persons that share a key are worth the comparison.
                if self.order.len() > 400 && !share_key(f, g) {
                    return 0.0;
                }
                let office = f.offices.iter().any(|o| g.offices.contains(o));
                let other_state = !f.code.is_empty() && !g.code.is_empty() && f.code != g.code;
                let score = self.names_alike(f, g);
                // Codes of persons are often wrong by one of the two states of a story: two like full names weigh more.
                let full = f.names.iter().chain(&g.names).all(|n| n.split(' ').count() >= 2);
                let needed = match (other_state, office) {
                    (true, _) => {
                        if full {
                            0.8
                        } else {
                            0.93
                        }
                    }
                    (false, true) => 0.5,
                    (false, false) => 0.7,
                };
                if score < needed {
                    0.0
                } else if office {
                    score.max(0.85)
                } else {
                    score
                }
            }
        }
    }

    fn names_alike(&self, f: &Figure, g: &Figure) -> f32 {
        let pairs = f.name_ids.iter().flat_map(|&a| g.name_ids.iter().map(move |&b| (a, b)));
        pairs.map(|(a, b)| self.names.score(a, b)).fold(0.0, f32::max)
    }

    fn words_alike(&self, a: usize, b: usize) -> f32 {
        (1.6 * dot(&self.words[a], &self.words[b])).min(1.0)
    }

    /// Whether one office of one state is held by different acting persons.
    fn offices_clash(&self, x: &Features, y: &Features) -> bool {
        x.principals().any(|f| {
            f.offices.iter().any(|o| {
                let holders: Vec<&Figure> = y
                    .figures
                    .iter()
                    .filter(|g| g.kind == ActorKind::Person && g.named && g.offices.contains(o))
                    .collect();
                // A family name alone may have been read as a relative.
                single_holder(&o.0)
                    && holders.iter().any(|g| g.part >= 0.35)
                    && holders.iter().all(|g| self.same_figure(f, g) == 0.0 && !one_family(f, g))
                    && y.figures.iter().all(|g| self.same_figure(f, g) == 0.0)
            })
        })
    }
}

/// Whether one of two figures is known by a single word that is the last of the other's name.
fn one_family(f: &Figure, g: &Figure) -> bool {
    let last = |x: &Figure| x.name.split(' ').next_back().map(str::to_lowercase);
    let single = |x: &Figure| !x.name.contains(' ');
    (single(f) || single(g)) && last(f) == last(g)
}

/// How much two documents must have in common.
fn needed(time: Option<f32>, basis: Basis) -> f32 {
    let Some(time) = time else { return NEEDED_WITHOUT_DAYS };
    match basis {
        Basis::Hint => NEEDED_BY_HINT[usize::from(time < 0.5)],
        Basis::Days => {
            let after = NEEDED.iter().position(|n| n.0 >= time).unwrap_or(NEEDED.len() - 1).max(1);
            let ((t0, n0), (t1, n1)) = (NEEDED[after - 1], NEEDED[after]);
            n0 + (n1 - n0) * ((time.min(t1) - t0) / (t1 - t0))
        }
    }
}

/// [`SAME_STORY`] for what has just what is needed, 0 for nothing in common and 1 for all.
fn scored(common: f32, needed: f32) -> f32 {
    if common < needed {
        SAME_STORY * common / needed
    } else {
        SAME_STORY + (1.0 - SAME_STORY) * (common - needed) / (1.0 - needed)
    }
}

/// Sum of the products of the weights of the numbers that two sorted lists share.
fn dot(x: &[(u32, f32)], y: &[(u32, f32)]) -> f32 {
    let (mut i, mut j, mut sum) = (0, 0, 0.0);
    while i < x.len() && j < y.len() {
        match x[i].0.cmp(&y[j].0) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                sum += x[i].1 * y[j].1;
                (i, j) = (i + 1, j + 1);
            }
        }
    }
    sum
}

fn share_key(f: &Figure, g: &Figure) -> bool {
    f.key_ids.iter().any(|k| g.key_ids.binary_search(k).is_ok())
}

fn cosine_of<K: Ord>(a: &BTreeMap<K, f32>, b: &BTreeMap<K, f32>) -> f32 {
    let length = |m: &BTreeMap<K, f32>| m.values().map(|x| x * x).sum::<f32>().sqrt();
    let dot: f32 = a.iter().filter_map(|(k, x)| b.get(k).map(|y| x * y)).sum();
    let all = length(a) * length(b);
    if all > 0.0 { dot / all } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearer_the_days_the_less_is_needed() {
        let days = |t| needed(Some(t), Basis::Days);
        assert_eq!(days(1.0), days(0.95));
        assert!(days(0.95) < days(0.6) && days(0.6) < days(0.2) && days(0.2) < days(0.0));
        assert!(days(0.5) < needed(None, Basis::Days));
        assert!(needed(Some(0.6), Basis::Hint) < needed(None, Basis::Days));
        assert!(needed(None, Basis::Days) < needed(Some(0.4), Basis::Hint));
    }

    #[test]
    fn what_has_just_what_is_needed_stands_at_the_border() {
        assert_eq!(scored(0.0, 0.3), 0.0);
        assert_eq!(scored(0.3, 0.3), SAME_STORY);
        assert_eq!(scored(1.0, 0.3), 1.0);
        assert!(scored(0.29, 0.3) < SAME_STORY && scored(0.31, 0.3) > SAME_STORY);
    }
}
