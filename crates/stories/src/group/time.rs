//! How well the days of two documents agree, and pages that stand under the day of a later copy.

use super::{APART_DAYS, Grouper};
use crate::dates;
use crate::features::Features;
use crate::hints::{DayHint, day_of_year, gap_in_year};
use std::collections::BTreeMap;

/// Days of the year this near each other may be the same days under a wrong year.
const SAME_DAYS_OF_YEAR: i32 = 6;
/// A page is put on line again half a year later or more; what is nearer is another happening.
const LATER_COPY: i32 = 180;
/// What a page must have in common with the earlier account, and at most with any near its own date.
const COPIED: f32 = 0.4;
const AT_HOME: f32 = 0.3;
const YEAR: f32 = 365.25;

/// What the days of two documents say.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Agreement {
    /// 0 to 1; `None` where one document says nothing of its days.
    pub value: Option<f32>,
    /// Days that exclude each other.
    pub apart: bool,
    pub basis: Basis,
}

/// What an agreement rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Basis {
    /// Days of the calendar, or of the year.
    Days,
    /// Weekdays, or days of the month without the month.
    Hint,
}

impl Agreement {
    fn days(value: f32, apart: bool) -> Agreement {
        Agreement { value: Some(value), apart, basis: Basis::Days }
    }

    fn hint(fits: bool) -> Agreement {
        Agreement { value: Some(if fits { 0.6 } else { 0.4 }), apart: false, basis: Basis::Hint }
    }

    fn unknown() -> Agreement {
        Agreement { value: None, apart: false, basis: Basis::Days }
    }
}

/// How well the times of two documents agree, and whether they lie apart.
pub(super) fn time_alike(x: &Features, y: &Features, persons: f32, words: f32) -> Agreement {
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
        if (same_day_of_year && persons >= 0.45) || (header_only && words >= 0.5 && persons >= 0.5) {
            return Agreement::days(0.3, false);
        }
        return Agreement::days(0.0, true);
    }
    Agreement::days(by_gap(gap).max(common), false)
}

impl Grouper<'_> {
    /// Puts pages that stand under the day of a later copy back to the days of the document that tells the same.
    ///
    /// Such a page has its year from its own date alone, and tells on no day near that date what another told half a year
    /// before it or more: either on the same days of the year, or in a text that names no day but such weekdays as fit. Returns the pages that moved.
    pub(super) fn redate(&mut self, pairs: &[(usize, usize)]) -> Vec<usize> {
        let least = COPIED + self.for_more_documents();
        // For each page: the best likeness near its own date, and the best earlier account with the days between.
        let mut near: BTreeMap<usize, f32> = BTreeMap::new();
        let mut earlier: BTreeMap<usize, (f32, i32)> = BTreeMap::new();
        for &(i, j) in pairs {
            let (Some(a), Some(b)) = (self.features[i].main_day, self.features[j].main_day) else { continue };
            let p = self.pair(i, j);
            if (a - b).abs() <= APART_DAYS {
                for own in [i, j] {
                    let best = near.entry(own).or_default();
                    *best = best.max(p.content);
                }
                continue;
            }
            let (late, gap) = if a > b { (i, a - b) } else { (j, b - a) };
            let f = &self.features[late];
            if gap < LATER_COPY || f.names_its_year || p.content < least {
                continue;
            }
            let years = ((gap as f32 / YEAR).round() * YEAR).round() as i32;
            let same_days = years > 0 && (gap - years).abs() <= SAME_DAYS_OF_YEAR;
            let common = p.persons >= 0.2 && p.persons + p.words >= 0.4;
            let very_like = p.persons >= 0.28 && p.words >= 0.35 && p.events.is_some_and(|e| e >= 0.85);
            // A weekday that the page names must be that of the other's news.
            let weekday = dates::day(a.min(b)).map(|d| d.weekday().to_monday_one_offset());
            let no_day = f.month_days.is_empty()
                && (f.weekdays.is_empty() || weekday.is_some_and(|d| f.weekdays.contains(&d)));
            let back = match (same_days && common, no_day && very_like) {
                (true, _) => years,
                (false, true) => gap,
                (false, false) => continue,
            };
            let best = earlier.entry(late).or_insert((0.0, 0));
            if (p.content, back) > *best {
                *best = (p.content, back);
            }
        }
        let mut moved = Vec::new();
        for (i, (content, back)) in earlier {
            if near.get(&i).is_some_and(|own| *own >= AT_HOME.min(content)) {
                continue;
            }
            let f = &mut self.features[i];
            f.main_day = f.main_day.map(|d| d - back);
            f.days = f.days.iter().map(|(d, w)| (d - back, *w)).collect();
            f.put_back = back;
            moved.push(i);
        }
        moved
    }
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
fn hints_alike(x: &Features, y: &Features) -> Agreement {
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
        // Two pages without a year may speak of the days of other years, or of days to come.
        if !apart && x.main_day.is_none() && y.main_day.is_none() {
            return Agreement::hint(gap <= 3);
        }
        return Agreement::days(by_gap(gap), apart);
    }
    let (undated, dated) = if x.main_day.is_none() { (x, y) } else { (y, x) };
    let Some(main) = dated.main_day.and_then(dates::day) else { return Agreement::unknown() };
    let strongest = |of: fn(&DayHint) -> Option<i8>| {
        let all = undated.hints.iter().filter_map(|(h, w)| Some((of(h)?, *w)));
        all.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0))).map(|h| h.0)
    };
    if let Some(day) = strongest(|h| if let DayHint::OfMonth(d) = h { Some(*d) } else { None }) {
        return Agreement::hint((day - main.day()).abs() <= 1);
    }
    if let Some(day) = strongest(|h| if let DayHint::Weekday(d) = h { Some(*d) } else { None }) {
        let told = |n: &i32| dates::day(*n).is_some_and(|d| d.weekday().to_monday_one_offset() == day);
        let fits = dated.days.iter().any(|(n, w)| *w >= 0.1 && told(n));
        return Agreement::hint(fits);
    }
    Agreement::unknown()
}
