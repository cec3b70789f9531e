//! How alike two documents are, and why.

use super::{APART_DAYS, Grouper, SAME_STORY};
use crate::dates;
use crate::facts::single_holder;
use crate::features::{Features, Figure};
use crate::hints::{DayHint, day_of_year, gap_in_year};
use crate::words::cosine;
use polybius_text::ActorKind;
use std::collections::{BTreeMap, BTreeSet};

/// Days of the year this near each other may be the same days under a wrong year.
const SAME_DAYS_OF_YEAR: i32 = 6;

/// What the comparison of two documents gave.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Pair {
    pub score: f32,
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
        (p.time, p.apart) = time_alike(x, y, p.persons, p.words);
        p.clash = self.offices_clash(x, y);
        p.other_side = self.other_side(x, y);
        let mut sum = 0.40 * p.persons + 0.15 * p.words;
        let mut weight = 0.55;
        for (value, w) in [(p.events, 0.15), (p.time, 0.15), (p.vectors, 0.08), (p.place, 0.07)] {
            if let Some(value) = value {
                sum += w * value;
                weight += w;
            }
        }
        p.score = sum / weight;
        let acts = |f: &Features| f.principals().any(|g| g.part >= 0.6);
        let known = |f: &Features, g: &Features| {
            f.principals().any(|p| g.figures.iter().any(|q| self.same_figure(p, q) > 0.0))
        };
        let shared = known(x, y) || known(y, x);
        if p.other_side {
            p.score *= 0.75;
        } else if acts(x) && acts(y) && !shared {
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
                single_holder(&o.0)
                    && holders.iter().any(|g| g.part >= 0.35)
                    && holders.iter().all(|g| self.same_figure(f, g) == 0.0)
                    && y.figures.iter().all(|g| self.same_figure(f, g) == 0.0)
            })
        })
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

/// How well the times of two documents agree, and whether they lie apart.
fn time_alike(x: &Features, y: &Features, persons: f32, words: f32) -> (Option<f32>, bool) {
    let (Some(a), Some(b)) = (x.main_day, y.main_day) else { return hints_alike(x, y) };
    let gap = (a - b).abs();
    let common: f32 = x
        .days
        .iter()
        .map(|(d, w)| {
            let near = [0, -1, 1].iter().filter_map(|n| y.days.get(&(d + n))).sum::<f32>();
            w.min(near)
        })
        .sum();
    if gap > APART_DAYS && common < 0.25 {
        // A page's own date may lie: one day and month in another year, or a page without any day in its text, keeps
        // apart only what persons and words keep apart too.
        let same_day_of_year =
            x.month_days.intersection(&y.month_days).next().is_some() && (gap % 365 <= 3 || gap % 365 >= 362);
        let header_only = x.from_header || y.from_header;
        // The same days of a later year, on a page that has its year from its own date alone: pages are copied later.
        let of_year = (gap % 365).min(365 - gap % 365);
        let later = if a > b { x } else { y };
        let other_year = of_year <= SAME_DAYS_OF_YEAR && !later.names_its_year;
        if other_year && persons >= 0.45 {
            return (Some(by_gap(of_year)), false);
        }
        if (same_day_of_year && persons >= 0.45) || (header_only && words >= 0.5 && persons >= 0.5) {
            return (Some(0.3), false);
        }
        return (Some(0.0), true);
    }
    (Some(by_gap(gap).max(common)), false)
}

fn by_gap(days: i32) -> f32 {
    match days {
        0 => 1.0,
        1 => 0.95,
        2 => 0.85,
        3 => 0.7,
        4..=5 => 0.5,
        6..=7 => 0.35,
        8..=APART_DAYS => 0.15,
        _ => 0.0,
    }
}

/// The same when one document or both have no full date: days of the year, days of the month, weekdays.
fn hints_alike(x: &Features, y: &Features) -> (Option<f32>, bool) {
    if let (Some(a), Some(b)) = (x.day_of_year(), y.day_of_year()) {
        let gap = gap_in_year(a, b);
        let named = |f: &Features, day: i32| {
            f.hints.keys().any(|h| matches!(h, DayHint::OfYear(d) if gap_in_year(*d, day) <= 1))
                || f.month_days
                    .iter()
                    .any(|(m, d)| day_of_year(*m, *d).is_some_and(|d| gap_in_year(d, day) <= 1))
        };
        // A page that is dated by its header only says nothing of the day of its news.
        let apart = gap > APART_DAYS
            && !named(x, b)
            && !named(y, a)
            && !x.dated_by_header_only()
            && !y.dated_by_header_only();
        return (Some(by_gap(gap)), apart);
    }
    let (undated, dated) = if x.main_day.is_none() { (x, y) } else { (y, x) };
    let Some(main) = dated.main_day.and_then(dates::day) else { return (None, false) };
    let strongest = |of: fn(&DayHint) -> Option<i8>| {
        let all = undated.hints.iter().filter_map(|(h, w)| Some((of(h)?, *w)));
        all.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0))).map(|h| h.0)
    };
    if let Some(day) = strongest(|h| if let DayHint::OfMonth(d) = h { Some(*d) } else { None }) {
        return (Some(if (day - main.day()).abs() <= 1 { 0.75 } else { 0.2 }), false);
    }
    if let Some(day) = strongest(|h| if let DayHint::Weekday(d) = h { Some(*d) } else { None }) {
        let told = |n: &i32| dates::day(*n).is_some_and(|d| d.weekday().to_monday_one_offset() == day);
        let fits = dated.days.iter().any(|(n, w)| *w >= 0.1 && told(n));
        return (Some(if fits { 0.6 } else { 0.4 }), false);
    }
    (None, false)
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
