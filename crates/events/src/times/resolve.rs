//! From what an expression says to the days that it means.

use super::grammar::{Direction, Fields, Meaning};
use super::knowledge::{Edge, Unit, Which};
use super::tense::Tense;
use super::values;
use jiff::civil::{Date, Weekday};
use polybius_text::{DateRange, Precision, TimeType};

/// What an expression resolves to.
#[derive(Debug, Clone, Default)]
pub(super) struct Resolved {
    pub time_type: Option<TimeType>,
    pub value: String,
    pub range: Option<DateRange>,
    pub basis: String,
    pub alternatives: Vec<String>,
    pub needs_story: bool,
}

/// A day, month or year that the text spoke of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Anchor {
    pub start: Date,
    pub precision: Precision,
}

/// What later expressions lean on.
#[derive(Debug, Clone, Default)]
pub(super) struct Context {
    /// The day of writing; in a made-up year when `yearless`.
    pub speech: Option<Date>,
    /// What the day of writing rests on: `dateline`, `published`.
    pub speech_basis: &'static str,
    /// Whether the day of writing has no year.
    pub yearless: bool,
    /// Whether the page tells of times long before it was written and hardly leans on that day.
    pub history: bool,
    /// Whether this page writes the month first in `09-07-2018`; `None` when it never shows.
    pub month_first: Option<bool>,
    /// Last time told of in this paragraph.
    pub paragraph: Option<Anchor>,
    /// Last day told of in this paragraph.
    pub paragraph_day: Option<Date>,
    /// Last time told of.
    pub document: Option<Anchor>,
    /// Last day told of.
    pub document_day: Option<Date>,
}

impl Context {
    /// Notes a resolved time as the one the text now tells of.
    pub fn tell(&mut self, range: DateRange) {
        let (Some(start), false) = (range.start, range.precision == Precision::Open) else {
            return;
        };
        let anchor = Anchor { start, precision: range.precision };
        self.paragraph = Some(anchor);
        let day = range.precision == Precision::Day;
        if day {
            self.paragraph_day = Some(start);
        }
        let near = self.history || self.speech.is_none_or(|s| start <= s && days_between(start, s) <= 60);
        if near {
            self.document = Some(anchor);
            if day {
                self.document_day = Some(start);
            }
        }
    }

    fn told(&self) -> Option<Anchor> {
        self.paragraph.or(self.document)
    }

    fn told_day(&self) -> Option<(Date, &'static str)> {
        let near = |d: Date| {
            self.paragraph.is_none_or(|p| (i32::from(p.start.year()) - i32::from(d.year())).abs() <= 1)
        };
        if let Some(d) = self.paragraph_day {
            return Some((d, "told of in the paragraph"));
        }
        if self.paragraph.is_some_and(|p| p.precision != Precision::Day) && !self.history {
            return None;
        }
        if let Some(d) = self.document_day.filter(|&d| near(d)) {
            return Some((d, "told of before"));
        }
        if self.history { None } else { self.speech.map(|d| (d, self.speech_basis)) }
    }

    /// The day that "this year", "last month" are told from.
    fn now(&self) -> Option<(Date, &'static str)> {
        match self.speech {
            Some(d) if !self.history => Some((d, self.speech_basis)),
            _ => self
                .told()
                .map(|a| (a.start, "told of before"))
                .filter(|_| self.history || self.speech.is_none()),
        }
    }
}

/// Whole days from `a` to `b`.
pub(crate) fn days_between(a: Date, b: Date) -> i32 {
    a.until(b).map_or(0, |s| s.get_days())
}

/// `days` after a date; `None` out of the calendar.
pub(crate) fn plus_days(date: Date, days: i32) -> Option<Date> {
    date.checked_add(jiff::Span::new().try_days(days).ok()?).ok()
}

fn plus_months(date: Date, months: i32) -> Option<Date> {
    date.checked_add(jiff::Span::new().try_months(months).ok()?).ok()
}

fn plus_years(date: Date, years: i32) -> Option<Date> {
    date.checked_add(jiff::Span::new().try_years(years).ok()?).ok()
}

fn weekday(n: i8) -> Weekday {
    Weekday::from_monday_one_offset(n.clamp(1, 7)).unwrap_or(Weekday::Monday)
}

fn interval(start: Option<Date>, end: Option<Date>) -> DateRange {
    let open = start.is_none() || end.is_none();
    DateRange { start, end, precision: if open { Precision::Open } else { Precision::Interval } }
}

fn of_type(
    time_type: TimeType,
    value: String,
    range: Option<DateRange>,
    basis: impl Into<String>,
) -> Resolved {
    Resolved { time_type: Some(time_type), value, range, basis: basis.into(), ..Resolved::default() }
}

fn date(value: String, range: Option<DateRange>, basis: impl Into<String>) -> Resolved {
    of_type(TimeType::Date, value, range, basis)
}

fn open_story(value: String, basis: impl Into<String>) -> Resolved {
    Resolved { needs_story: true, ..date(value, None, basis) }
}

/// Resolves one expression.
pub(super) fn resolve(meaning: &Meaning, c: &Context, tense: Tense) -> Resolved {
    match meaning {
        Meaning::Fields(f) => with_part(fields(f, c, tense), f),
        Meaning::Numeric { first, second, year } => numeric(*first, *second, *year, c),
        Meaning::Period { unit: Unit::Weekend, which: Which::This, .. } => this_weekend(c, tense),
        Meaning::Period { unit, which, edge } => period(*unit, *which, *edge, c),
        Meaning::Offset { n, unit, direction } => offset(*n, *unit, *direction, c),
        Meaning::Day { days, weekday, part } => speech_day(*days, *weekday, part, c),
        Meaning::Same { days, part } => same_day(*days, part, c),
        Meaning::Season { code, year, which, edge } => season(code, *year, *which, *edge, c, tense),
        Meaning::Decade { first_year, edge } => decade(*first_year, *edge),
        Meaning::Century(n) => {
            let range = interval(
                Date::new((n - 1) * 100, 1, 1).ok().filter(|_| *n > 1),
                Date::new(n * 100 - 1, 12, 31).ok(),
            );
            date(format!("{:02}", n - 1), Some(range), "explicit")
        }
        Meaning::Share { unit, n, year, which } => share(*unit, *n, *year, *which, c),
        Meaning::Duration { n, unit, which } => duration(*n, *unit, *which, c),
        Meaning::Set(value) => of_type(TimeType::Set, value.clone(), None, "repeated"),
        Meaning::Ref(code) => date((*code).to_owned(), None, "no calendar value"),
        Meaning::Other { calendar, month, day, year } => other(*calendar, *month, *day, *year, c, tense),
        Meaning::Easter { days, year } => easter(*days, *year, c, tense),
        Meaning::Part(part) => part_of_day(part, c),
        Meaning::Clock { hour, minute } => clock(*hour, *minute, c),
    }
}

/// Writes the time of day into the value.
fn with_part(mut r: Resolved, f: &Fields) -> Resolved {
    if r.value.is_empty() {
        return r;
    }
    if !f.part.is_empty() {
        r.value = format!("{}T{}", r.value, f.part);
        r.time_type = Some(TimeType::Time);
    }
    r
}

fn fields(f: &Fields, c: &Context, tense: Tense) -> Resolved {
    let mut year_basis = "explicit";
    let year = match (f.year, f.year_which) {
        (Some(y), _) => Some(y),
        (None, Some(which)) => match year_of(which, c) {
            Some((y, basis)) => {
                year_basis = basis;
                Some(y)
            }
            None => None,
        },
        _ => None,
    };
    // A year counted from a day without a year is no year.
    let year_unsaid =
        f.year.is_none() && f.year_which.is_some() && c.yearless && f.year_which != Some(Which::That);
    match (year, f.month, f.day) {
        (Some(y), _, _) if y < 1 => date(String::new(), None, "no such year"),
        (Some(_), Some(m), d) if year_unsaid => yearless_value(m, d, f.weekday),
        (Some(y), Some(m), Some(d)) => explicit_day(y, m, d, f.weekday, year_basis),
        (Some(y), Some(m), None) => match DateRange::month(y, m) {
            Some(range) => date(format!("{y:04}-{m:02}"), Some(edge_of(range, f.edge)), year_basis),
            None => date(String::new(), None, "no such month"),
        },
        (Some(y), None, _) => {
            date(format!("{y:04}"), DateRange::year(y).map(|r| edge_of(r, f.edge)), year_basis)
        }
        (None, Some(m), Some(d)) => month_day(m, d, f.weekday, c, tense),
        (None, Some(m), None) => match f.month_which {
            Some(which) => which_month(m, which, c),
            None => bare_month(m, f.edge, c, tense),
        },
        (None, None, Some(d)) => bare_day(d, f, c, tense),
        (None, None, None) => match f.weekday {
            Some(w) => bare_weekday(w, f.weekday_which, c, tense),
            None => date(String::new(), None, "nothing said"),
        },
    }
}

fn year_of(which: Which, c: &Context) -> Option<(i16, &'static str)> {
    let from = match which {
        Which::That | Which::Following | Which::Previous => {
            c.told().map(|a| (a.start, "year told of before"))
        }
        _ => c.now().map(|(d, _)| (d, "year of the page")),
    };
    let (day, basis) = from.or_else(|| c.now().map(|(d, _)| (d, "year of the page")))?;
    let shift = match which {
        Which::Last | Which::Past | Which::Previous => -1,
        Which::Next | Which::Coming | Which::Following => 1,
        Which::This | Which::That => 0,
    };
    Some((day.year() + shift, basis))
}

fn explicit_day(y: i16, m: i8, d: i8, said: Option<i8>, basis: &str) -> Resolved {
    let Ok(day) = Date::new(y, m, d) else {
        return date(String::new(), None, "no such day");
    };
    let mut r = date(values::day(day), Some(DateRange::day(day)), basis);
    check_weekday(&mut r, day, said);
    r
}

/// Keeps the day that the weekday would give, where weekday and date disagree.
fn check_weekday(r: &mut Resolved, day: Date, said: Option<i8>) {
    let Some(w) = said.filter(|&w| weekday(w) != day.weekday()) else {
        return;
    };
    let other = (-3..=3).filter_map(|n| plus_days(day, n)).find(|x| x.weekday() == weekday(w));
    if let Some(other) = other {
        let named = values::weekday_name(day.weekday().to_monday_one_offset());
        r.alternatives.push(format!(
            "{}: \"{}\", but {} is a {named}",
            values::day(other),
            values::weekday_name(w),
            values::day(day)
        ));
    }
}

fn yearless_value(m: i8, d: Option<i8>, w: Option<i8>) -> Resolved {
    let value = match d {
        // 2000 is a leap year: the day must exist in some year.
        Some(d) if Date::new(2000, m, d).is_ok() => format!("XXXX-{m:02}-{d:02}"),
        Some(_) => return date(String::new(), None, "no such day"),
        None => format!("XXXX-{m:02}"),
    };
    let mut basis = "no year on the page".to_owned();
    if let Some(w) = w {
        basis.push_str(&format!("; weekday {}", values::weekday_name(w)));
    }
    open_story(value, basis)
}

fn month_day(m: i8, d: i8, w: Option<i8>, c: &Context, tense: Tense) -> Resolved {
    if Date::new(2000, m, d).is_err() {
        return date(String::new(), None, "no such day");
    }
    if c.yearless && c.paragraph.is_none() {
        return yearless_value(m, Some(d), w);
    }
    if c.history || c.speech.is_none() {
        let Some(told) = c.told().filter(|_| c.history) else {
            return yearless_value(m, Some(d), w);
        };
        let y = year_after_told(told, m);
        return explicit_day(y, m, d, w, "year told of before");
    }
    let Some(speech) = c.speech else {
        return yearless_value(m, Some(d), w);
    };
    if c.yearless {
        return yearless_value(m, Some(d), w);
    }
    let candidates: Vec<Date> = (-1..=1).filter_map(|n| Date::new(speech.year() + n, m, d).ok()).collect();
    let distance = |x: &Date| {
        let n = days_between(speech, *x);
        // The wrong side of the day of writing is possible, but must be much nearer.
        match tense {
            Tense::Future if n < 0 => -n * 3,
            Tense::Past if n > 0 => n * 3,
            _ => n.abs(),
        }
    };
    let Some(best) = candidates.iter().copied().min_by_key(distance) else {
        return yearless_value(m, Some(d), w);
    };
    let mut r = date(
        values::day(best),
        Some(DateRange::day(best)),
        format!("year from {} ({})", values::day(speech), c.speech_basis),
    );
    check_weekday(&mut r, best, w);
    if !r.alternatives.is_empty() {
        let fitting = candidates.iter().find(|x| w.is_some_and(|w| weekday(w) == x.weekday()));
        if let Some(x) = fitting {
            r.alternatives.push(format!("{}: the weekday fits this year", values::day(*x)));
        }
    }
    r
}

/// The year of a month in a tale that goes forward.
fn year_after_told(told: Anchor, month: i8) -> i16 {
    let coarse = told.precision == Precision::Year;
    let wraps = !coarse && told.start.month() - month >= 9;
    told.start.year() + i16::from(wraps)
}

fn bare_month(m: i8, edge: Option<Edge>, c: &Context, tense: Tense) -> Resolved {
    if c.history || c.speech.is_none() {
        let Some(told) = c.told().filter(|_| c.history) else {
            return yearless_value(m, None, None);
        };
        let y = year_after_told(told, m);
        return match DateRange::month(y, m) {
            Some(range) => date(format!("{y:04}-{m:02}"), Some(edge_of(range, edge)), "year told of before"),
            None => date(String::new(), None, "no such month"),
        };
    }
    let Some(speech) = c.speech.filter(|_| !c.yearless) else {
        return yearless_value(m, None, None);
    };
    let past = if m <= speech.month() { speech.year() } else { speech.year() - 1 };
    let coming = if m >= speech.month() { speech.year() } else { speech.year() + 1 };
    let y = if tense == Tense::Future { coming } else { past };
    match DateRange::month(y, m) {
        Some(range) => date(
            format!("{y:04}-{m:02}"),
            Some(edge_of(range, edge)),
            format!("year from {} ({})", values::day(speech), c.speech_basis),
        ),
        None => date(String::new(), None, "no such month"),
    }
}

/// "last December", "next March".
fn which_month(m: i8, which: Which, c: &Context) -> Resolved {
    let told = matches!(which, Which::That | Which::Following | Which::Previous);
    let from = if told { c.told().map(|a| (a.start, "told of before")) } else { c.now() };
    let Some((day, basis)) = from.filter(|_| !c.yearless) else {
        return yearless_value(m, None, None);
    };
    let y = match which {
        Which::Last | Which::Past | Which::Previous => day.year() - i16::from(m >= day.month()),
        Which::Next | Which::Coming | Which::Following => day.year() + i16::from(m <= day.month()),
        Which::This | Which::That => day.year(),
    };
    match DateRange::month(y, m) {
        Some(range) => {
            date(format!("{y:04}-{m:02}"), Some(range), format!("year from {} ({basis})", values::day(day)))
        }
        None => date(String::new(), None, "no such month"),
    }
}

/// "the weekend": the one that is running, over or to come, as the verb says.
fn this_weekend(c: &Context, tense: Tense) -> Resolved {
    let Some((day, _)) = c.now() else {
        return period(Unit::Weekend, Which::This, None, c);
    };
    let begun = day.weekday().to_monday_one_offset() >= 6;
    let which = if begun || tense == Tense::Future { Which::This } else { Which::Last };
    period(Unit::Weekend, which, None, c)
}

/// Easter Sunday of the western churches: the rule of 1583, for years 1583 to 4099.
fn easter_sunday(year: i16) -> Option<Date> {
    let y = i32::from(year);
    if !(1583..=4099).contains(&y) {
        return None;
    }
    let (golden, century, rest) = (y % 19, y / 100, y % 100);
    let moon = (19 * golden + century - century / 4 - (century - (century + 8) / 25 + 1) / 3 + 15) % 30;
    let week = (32 + 2 * (century % 4) + 2 * (rest / 4) - moon - rest % 4) % 7;
    let late = (golden + 11 * moon + 22 * week) / 451;
    let n = moon + week - 7 * late + 114;
    Date::new(year, i8::try_from(n / 31).ok()?, i8::try_from(n % 31 + 1).ok()?).ok()
}

/// "Good Friday", "Easter Monday 1998".
fn easter(days: i32, year: Option<i16>, c: &Context, tense: Tense) -> Resolved {
    let of = |y: i16| plus_days(easter_sunday(y)?, days);
    if let Some(y) = year {
        return match of(y) {
            Some(day) => date(values::day(day), Some(DateRange::day(day)), "Easter of the year"),
            None => date(String::new(), None, "no such year"),
        };
    }
    let Some((now, basis)) = c.now().filter(|_| !c.yearless) else {
        return open_story("XXXX-XX-XX".to_owned(), "Easter, no year on the page");
    };
    let distance = |x: &Date| {
        let n = days_between(now, *x);
        match tense {
            Tense::Future if n < 0 => -n * 3,
            Tense::Past if n > 0 => n * 3,
            _ => n.abs(),
        }
    };
    match (-1..=1).filter_map(|n| of(now.year() + n)).min_by_key(distance) {
        Some(day) => date(
            values::day(day),
            Some(DateRange::day(day)),
            format!("Easter nearest to {} ({basis})", values::day(now)),
        ),
        None => date(String::new(), None, "no such day"),
    }
}

/// The first such weekday on or after the day on which a stretch begins: "from Thursday to Saturday".
pub(super) fn weekday_closing(w: i8, first: Date) -> Option<Resolved> {
    let day = (0..7).filter_map(|n| plus_days(first, n)).find(|d| d.weekday() == weekday(w))?;
    let basis = format!("weekday on or after {} (the stretch begins)", values::day(first));
    Some(date(values::day(day), Some(DateRange::day(day)), basis))
}

/// "the 21st", "Monday the 9th", "the third of the current month".
fn bare_day(d: i8, f: &Fields, c: &Context, tense: Tense) -> Resolved {
    let told = f.month_which == Some(Which::That) || c.history;
    let from = if told { c.told().map(|a| (a.start, "month told of before")) } else { None };
    let unknown = || open_story(format!("XXXX-XX-{d:02}"), "no month on the page");
    let Some((day, basis)) = from.or_else(|| c.now().map(|(d, _)| (d, "month from the page"))) else {
        return unknown();
    };
    let shift = match f.month_which {
        Some(Which::Last | Which::Past | Which::Previous) => Some(-1),
        Some(Which::Next | Which::Coming | Which::Following) => Some(1),
        Some(_) => Some(0),
        None => None,
    };
    let in_month = |n: i32| {
        let month = plus_months(day.first_of_month(), n)?;
        Date::new(month.year(), month.month(), d).ok()
    };
    let best = match shift {
        Some(n) => in_month(n),
        None if told => in_month(0),
        None => {
            let candidates = [0, -1, 1].into_iter().filter_map(in_month);
            let fits = |x: &Date| f.weekday.is_none_or(|w| weekday(w) == x.weekday() || c.yearless);
            candidates.filter(fits).min_by_key(|x| {
                let n = days_between(day, *x);
                match tense {
                    Tense::Future if n < 0 => -n * 3,
                    Tense::Past if n > 0 => n * 3,
                    _ => n.abs(),
                }
            })
        }
    };
    let Some(best) = best else {
        return date(String::new(), None, "no such day");
    };
    if c.yearless {
        return Resolved {
            basis: format!("{basis}; no year on the page"),
            ..yearless_value(best.month(), Some(d), f.weekday)
        };
    }
    let mut r = date(values::day(best), Some(DateRange::day(best)), basis);
    check_weekday(&mut r, best, f.weekday);
    r
}

fn bare_weekday(w: i8, which: Option<Which>, c: &Context, tense: Tense) -> Resolved {
    let unknown = |basis: &str| {
        open_story(
            format!("XXXX-WXX-{w}"),
            format!(
                "{basis}; weekday {}{}",
                values::weekday_name(w),
                if tense == Tense::Past { "" } else { ", coming" }
            ),
        )
    };
    let told = matches!(which, Some(Which::That | Which::Following | Which::Previous)) || c.history;
    if c.yearless && !told {
        return unknown("no year on the page");
    }
    let from = if told { c.told_day() } else { c.speech.map(|d| (d, c.speech_basis)) };
    let Some((day, basis)) = from else {
        return unknown("no day of writing");
    };
    let offset = i32::from(w) - i32::from(day.weekday().to_monday_one_offset());
    let back = if offset > 0 { offset - 7 } else { offset };
    let ahead = if offset < 0 { offset + 7 } else { offset };
    let (days, word) = match which {
        Some(Which::Last | Which::Past | Which::Previous) => (if back == 0 { -7 } else { back }, "before"),
        Some(Which::Next | Which::Coming | Which::Following) => (if ahead == 0 { 7 } else { ahead }, "after"),
        Some(Which::That) => (offset, "in the week of"),
        _ if tense != Tense::Past && !c.history => (ahead, "on or after"),
        _ if c.history => (ahead, "on or after"),
        _ => (back, "on or before"),
    };
    let Some(found) = plus_days(day, days) else {
        return unknown("out of the calendar");
    };
    let mut r = date(
        values::day(found),
        Some(DateRange::day(found)),
        format!("weekday {word} {} ({basis})", values::day(day)),
    );
    // "meets on Friday" is to come; who tells the past in the present means the Friday before.
    if tense == Tense::Present
        && days > 0
        && which.is_none()
        && let Some(other) = plus_days(day, back)
    {
        r.alternatives.push(format!("{}: if the present tense tells what was", values::day(other)));
    }
    r
}

fn numeric(first: i8, second: i8, year: i16, c: &Context) -> Resolved {
    let day_first = Date::new(year, second, first).ok();
    let month_first = Date::new(year, first, second).ok();
    let (best, other, basis) = match (day_first, month_first) {
        (Some(d), Some(m)) if d != m => match c.month_first {
            Some(true) => (m, None, "explicit, month first as elsewhere on the page"),
            Some(false) => (d, None, "explicit, day first as elsewhere on the page"),
            None => match c.speech.filter(|_| !c.yearless) {
                Some(s) if days_between(m, s).abs() < days_between(d, s).abs() => {
                    (m, Some(d), "explicit, month first as it lies nearer to the page's date")
                }
                _ => (d, Some(m), "explicit, day first"),
            },
        },
        (Some(d), _) => (d, None, "explicit"),
        (None, Some(m)) => (m, None, "explicit"),
        (None, None) => return date(String::new(), None, "no such day"),
    };
    let mut r = date(values::day(best), Some(DateRange::day(best)), basis);
    if let Some(other) = other {
        r.alternatives.push(format!("{}: the other order of day and month", values::day(other)));
    }
    r
}

fn edge_of(range: DateRange, edge: Option<Edge>) -> DateRange {
    let (Some(edge), Some(start), Some(end)) = (edge, range.start, range.end) else {
        return range;
    };
    let third = days_between(start, end) / 3;
    let (from, to) = match edge {
        Edge::Start => (Some(start), plus_days(start, third)),
        Edge::Mid => (plus_days(start, third), plus_days(end, -third)),
        Edge::End => (plus_days(end, -third), Some(end)),
    };
    interval(from, to)
}

fn period(unit: Unit, which: Which, edge: Option<Edge>, c: &Context) -> Resolved {
    let told = matches!(which, Which::That | Which::Following | Which::Previous) || c.history;
    let told_from = match unit {
        Unit::Day | Unit::Week | Unit::Weekend => c.told_day(),
        _ => c.told().map(|a| (a.start, "told of before")),
    };
    let now = c.now();
    let from = if told { told_from.or(now) } else { now };
    let shift = match which {
        Which::Last | Which::Past | Which::Previous => -1,
        Which::Next | Which::Coming | Which::Following => 1,
        Which::This | Which::That => 0,
    };
    if which == Which::Past {
        return duration(Some(1), unit, Some(which), c);
    }
    let Some((day, basis)) = from else {
        let value = match unit {
            Unit::Day => "XXXX-XX-XX",
            Unit::Week | Unit::Weekend => "XXXX-WXX",
            Unit::Month => "XXXX-XX",
            _ => "XXXX",
        };
        return open_story(value.to_owned(), format!("{shift:+} from an unknown day"));
    };
    let basis = format!("from {} ({basis})", values::day(day));
    let unsaid = c.yearless && (!told || c.told().is_none());
    let (value, range) = match unit {
        Unit::Day | Unit::Night => {
            let Some(d) = plus_days(day, shift) else {
                return date(String::new(), None, "out of the calendar");
            };
            (values::day(d), Some(DateRange::day(d)))
        }
        Unit::Week | Unit::Weekend | Unit::Fortnight => {
            let monday = plus_days(day, -(i32::from(day.weekday().to_monday_one_offset()) - 1) + 7 * shift);
            let Some(monday) = monday else {
                return date(String::new(), None, "out of the calendar");
            };
            if unit == Unit::Weekend {
                // "the weekend", "this weekend": the one that is over unless the week has just begun.
                let range = interval(plus_days(monday, 5), plus_days(monday, 6));
                (format!("{}-WE", values::week(monday)), Some(range))
            } else {
                (values::week(monday), Some(interval(Some(monday), plus_days(monday, 6))))
            }
        }
        Unit::Month => {
            let Some(m) = plus_months(day.first_of_month(), shift) else {
                return date(String::new(), None, "out of the calendar");
            };
            (values::month(m), DateRange::month(m.year(), m.month()))
        }
        Unit::Quarter | Unit::Half => {
            let length = if unit == Unit::Quarter { 3 } else { 6 };
            let n = (i32::from(day.month()) - 1) / length + shift;
            let start = plus_months(day.first_of_year(), n * length);
            let end = start.and_then(|s| plus_months(s, length)).and_then(|e| plus_days(e, -1));
            let letter = if unit == Unit::Quarter { 'Q' } else { 'H' };
            let value = start.map_or(String::new(), |s| {
                format!("{:04}-{letter}{}", s.year(), (i32::from(s.month()) - 1) / length + 1)
            });
            (value, Some(interval(start, end)))
        }
        Unit::Year => {
            let y = day.year() + shift as i16;
            (format!("{y:04}"), DateRange::year(y))
        }
        Unit::Decade => {
            let first = (day.year() / 10 + shift as i16) * 10;
            return decade(first, edge);
        }
        Unit::Century => {
            return resolve(&Meaning::Century(day.year() / 100 + 1 + shift as i16), c, Tense::Past);
        }
        _ => return date(String::new(), None, "too short to date"),
    };
    if unsaid {
        let value = format!("XXXX{}", value.get(4..).unwrap_or(""));
        return open_story(
            if unit == Unit::Week { "XXXX-WXX".to_owned() } else { value },
            format!("{shift:+} {unit:?} from a day without year").to_lowercase(),
        );
    }
    date(value, range.map(|r| edge_of(r, edge)), basis)
}

fn offset(n: Option<u32>, unit: Unit, direction: Direction, c: &Context) -> Resolved {
    if matches!(direction, Direction::After | Direction::Before) {
        let word = if direction == Direction::After { "after" } else { "before" };
        return of_type(
            TimeType::Duration,
            values::duration(n, unit),
            None,
            format!("distance {word} what follows"),
        );
    }
    let back = matches!(direction, Direction::Ago | Direction::Earlier);
    let fine = matches!(
        unit,
        Unit::Day | Unit::Night | Unit::Week | Unit::Fortnight | Unit::Hour | Unit::Minute | Unit::Second
    );
    let told = || {
        if fine {
            c.told_day()
        } else {
            c.told_day()
                .filter(|_| c.paragraph_day.is_some())
                .or_else(|| c.told().map(|a| (a.start, "told of before")))
        }
    };
    let from = match direction {
        Direction::Ago | Direction::FromNow => c.now(),
        _ => told().or_else(|| c.now()),
    };
    let vague = if back { "PAST_REF" } else { "FUTURE_REF" };
    let Some((day, basis)) = from else {
        return open_story(
            "XXXX-XX-XX".to_owned(),
            format!("{}{} from an unknown day", if back { '-' } else { '+' }, values::duration(n, unit)),
        );
    };
    let basis = format!(
        "{} {} {} ({basis})",
        values::duration(n, unit),
        if back { "before" } else { "after" },
        values::day(day)
    );
    let Some(n) = n else {
        let few = |a: i32, b: i32| {
            let (a, b) = if back { (-b, -a) } else { (a, b) };
            interval(plus_days(day, a), plus_days(day, b))
        };
        let range = match unit {
            Unit::Second | Unit::Minute | Unit::Hour => {
                return date(
                    format!("{}TXX", values::day(day)),
                    (!c.yearless).then(|| DateRange::day(day)),
                    basis,
                );
            }
            Unit::Day | Unit::Night => few(2, 7),
            Unit::Week => few(14, 42),
            Unit::Month => few(60, 300),
            _ => return date(vague.to_owned(), None, basis),
        };
        return date(vague.to_owned(), (!c.yearless).then_some(range), basis);
    };
    let Ok(n) = i32::try_from(n) else {
        return date(vague.to_owned(), None, basis);
    };
    let signed = if back { -n } else { n };
    let spoken = matches!(direction, Direction::Ago | Direction::FromNow);
    let none = || date(String::new(), None, "out of the calendar");
    let (value, range) = match unit {
        Unit::Second | Unit::Minute | Unit::Hour => {
            let whole = if unit == Unit::Hour { signed / 24 } else { 0 };
            let Some(d) = plus_days(day, whole) else {
                return none();
            };
            (format!("{}TXX", values::day(d)), Some(DateRange::day(d)))
        }
        Unit::Day | Unit::Night | Unit::Weekend => {
            let Some(d) = plus_days(day, signed) else {
                return none();
            };
            (values::day(d), Some(DateRange::day(d)))
        }
        Unit::Week | Unit::Fortnight => {
            let weeks = if unit == Unit::Week { 1 } else { 2 };
            let Some(d) = signed.checked_mul(7 * weeks).and_then(|x| plus_days(day, x)) else {
                return none();
            };
            if spoken {
                (values::week(d), Some(interval(plus_days(d, -3), plus_days(d, 3))))
            } else {
                (values::day(d), Some(DateRange::day(d)))
            }
        }
        Unit::Month | Unit::Quarter | Unit::Half => {
            let months = match unit {
                Unit::Month => 1,
                Unit::Quarter => 3,
                _ => 6,
            };
            let Some(d) = signed.checked_mul(months).and_then(|x| plus_months(day, x)) else {
                return none();
            };
            (values::month(d), DateRange::month(d.year(), d.month()))
        }
        Unit::Year | Unit::Decade | Unit::Century | Unit::Millennium => {
            let years = match unit {
                Unit::Year => 1,
                Unit::Decade => 10,
                Unit::Century => 100,
                _ => 1000,
            };
            let Some(d) = signed.checked_mul(years).and_then(|x| plus_years(day, x)).filter(|d| d.year() > 0)
            else {
                return none();
            };
            (format!("{:04}", d.year()), DateRange::year(d.year()))
        }
    };
    if c.yearless && (spoken || c.told().is_none()) {
        let value = if matches!(unit, Unit::Week | Unit::Fortnight) {
            "XXXX-WXX".to_owned()
        } else {
            format!("XXXX{}", value.get(4..).unwrap_or(""))
        };
        return open_story(value, basis_without_year(&basis));
    }
    date(value, range, basis)
}

/// The made-up year of a day without year must not be shown.
fn basis_without_year(basis: &str) -> String {
    format!("{}; no year on the page", basis.split(" 2000-").next().unwrap_or(""))
}

fn speech_day(days: i32, said: Option<i8>, part: &str, c: &Context) -> Resolved {
    let suffix = if part.is_empty() { String::new() } else { format!("T{part}") };
    let time_type = if part.is_empty() { TimeType::Date } else { TimeType::Time };
    let from = if c.history { None } else { c.speech };
    let Some((speech, day)) = from.and_then(|s| Some((s, plus_days(s, days)?))) else {
        if c.history && days == 0 {
            return date("PRESENT_REF".to_owned(), None, "no calendar value");
        }
        let word = said.map_or(String::new(), |w| format!("; weekday {}", values::weekday_name(w)));
        return Resolved {
            time_type: Some(time_type),
            ..open_story(format!("XXXX-XX-XX{suffix}"), format!("{days:+}D from an unknown day{word}"))
        };
    };
    if c.yearless {
        let r = yearless_value(day.month(), Some(day.day()), said);
        let basis = format!("{days:+}D from the day on the page; {}", r.basis);
        return Resolved {
            time_type: Some(time_type),
            value: r.value + &suffix,
            basis,
            ..Resolved { needs_story: true, ..Resolved::default() }
        };
    }
    let basis = format!("{days:+} days from {} ({})", values::day(speech), c.speech_basis);
    if let Some(w) = said.filter(|&w| weekday(w) != day.weekday()) {
        // "yesterday, Wednesday" on a Wednesday: the weekday is said outright, so it leads.
        let by_weekday = (-3..=3).filter_map(|n| plus_days(day, n)).find(|x| x.weekday() == weekday(w));
        if let Some(x) = by_weekday {
            let name = values::weekday_name(w);
            let mut r = of_type(
                time_type,
                values::day(x) + &suffix,
                Some(DateRange::day(x)),
                format!("\"{name}\" near {} ({})", values::day(speech), c.speech_basis),
            );
            r.alternatives.push(format!("{}: {basis}", values::day(day)));
            return r;
        }
    }
    of_type(time_type, values::day(day) + &suffix, Some(DateRange::day(day)), basis)
}

fn same_day(days: i32, part: &str, c: &Context) -> Resolved {
    let suffix = if part.is_empty() { String::new() } else { format!("T{part}") };
    let time_type = if part.is_empty() { TimeType::Date } else { TimeType::Time };
    let Some((from, basis)) = c.told_day() else {
        // "that night" of a month: somewhere in it.
        if let Some(told) = c.paragraph {
            let range = match told.precision {
                Precision::Month => DateRange::month(told.start.year(), told.start.month()),
                Precision::Year => DateRange::year(told.start.year()),
                _ => None,
            };
            let value = if told.precision == Precision::Month {
                format!("{}-XX", values::month(told.start))
            } else {
                format!("{:04}-XX-XX", told.start.year())
            };
            return of_type(time_type, value + &suffix, range, "told of in the paragraph");
        }
        return Resolved {
            time_type: Some(time_type),
            ..open_story(format!("XXXX-XX-XX{suffix}"), format!("{days:+}D from the day told of"))
        };
    };
    let Some(day) = plus_days(from, days) else {
        return date(String::new(), None, "out of the calendar");
    };
    let basis = format!("{days:+} days from {} ({basis})", values::day(from));
    if c.yearless && c.paragraph.is_none() && c.document.is_none() {
        let r = yearless_value(day.month(), Some(day.day()), None);
        return Resolved { time_type: Some(time_type), value: r.value + &suffix, ..r };
    }
    of_type(time_type, values::day(day) + &suffix, Some(DateRange::day(day)), basis)
}

fn season(
    code: &str,
    year: Option<i16>,
    which: Option<Which>,
    edge: Option<Edge>,
    c: &Context,
    tense: Tense,
) -> Resolved {
    let first_month: i8 = match code {
        "SP" => 3,
        "SU" => 6,
        "FA" => 9,
        _ => 12,
    };
    let mut basis = "explicit".to_owned();
    let year = year.or_else(|| {
        let (now, b) = if c.history { c.told().map(|a| (a.start, "told of before")) } else { c.now() }?;
        if c.yearless {
            return None;
        }
        basis = format!("year from {} ({b})", values::day(now));
        let started = first_month <= now.month();
        Some(match which {
            Some(Which::Last | Which::Past | Which::Previous) if started => {
                now.year() - i16::from(now.month() < first_month + 3 && first_month != 12)
            }
            Some(Which::Last | Which::Past | Which::Previous) => now.year() - 1,
            Some(Which::Next | Which::Coming | Which::Following) => now.year() + i16::from(started),
            _ if c.history => now.year(),
            None if !started && tense != Tense::Future => now.year() - 1,
            _ => now.year(),
        })
    });
    let Some(y) = year else {
        return open_story(format!("XXXX-{code}"), "no year on the page");
    };
    let start = Date::new(y, first_month, 1).ok();
    let end = start.and_then(|s| plus_months(s, 3)).and_then(|e| plus_days(e, -1));
    date(format!("{y:04}-{code}"), Some(edge_of(interval(start, end), edge)), basis)
}

fn decade(first_year: i16, edge: Option<Edge>) -> Resolved {
    let range = interval(Date::new(first_year, 1, 1).ok(), Date::new(first_year + 9, 12, 31).ok());
    date(format!("{:03}", first_year / 10), Some(edge_of(range, edge)), "explicit")
}

fn share(unit: Unit, n: i8, year: Option<i16>, which: Option<Which>, c: &Context) -> Resolved {
    let (y, basis) = match (year, which) {
        (Some(y), _) => (y, "explicit"),
        (None, Some(which)) => match year_of(which, c).filter(|_| !c.yearless) {
            Some(found) => found,
            None => return open_story(format!("XXXX-Q{n}"), "no year on the page"),
        },
        (None, None) => match c.now().filter(|_| !c.yearless) {
            Some((d, _)) => (d.year(), "year of the page"),
            None => return open_story(format!("XXXX-Q{n}"), "no year on the page"),
        },
    };
    let (letter, length) = if unit == Unit::Quarter { ('Q', 3) } else { ('H', 6) };
    let start = Date::new(y, (n - 1) * length + 1, 1).ok();
    let end = start.and_then(|s| plus_months(s, i32::from(length))).and_then(|e| plus_days(e, -1));
    date(format!("{y:04}-{letter}{n}"), Some(interval(start, end)), basis)
}

fn duration(n: Option<u32>, unit: Unit, which: Option<Which>, c: &Context) -> Resolved {
    let value = values::duration(n, unit);
    let days = match unit {
        Unit::Day | Unit::Night => 1,
        Unit::Week => 7,
        Unit::Fortnight => 14,
        Unit::Month => 30,
        Unit::Year => 365,
        _ => 0,
    };
    let now = c.now().filter(|_| !c.yearless).map(|(d, _)| d);
    let length = n.and_then(|n| i32::try_from(n).ok()).and_then(|n| n.checked_mul(days)).filter(|&l| l > 0);
    let range = match (which, now, length) {
        (Some(Which::Last | Which::Past), Some(now), Some(l)) => {
            Some(interval(plus_days(now, -l), Some(now)))
        }
        (Some(Which::Next | Which::Coming), Some(now), Some(l)) => {
            Some(interval(Some(now), plus_days(now, l)))
        }
        _ => None,
    };
    of_type(
        TimeType::Duration,
        value,
        range,
        if range.is_some() { "length before or after the day of writing" } else { "length" },
    )
}

fn other(
    calendar: super::calendars::Calendar,
    month: i8,
    day: Option<i8>,
    year: Option<i32>,
    c: &Context,
    tense: Tense,
) -> Resolved {
    let name = calendar.name();
    let span = |y: i32| {
        let (first, last) = match day {
            Some(d) => (calendar.to_common(y, month, d)?, calendar.to_common(y, month, d)?),
            None => {
                let last =
                    (1..=calendar.month_length(month)).rev().find_map(|d| calendar.to_common(y, month, d))?;
                (calendar.to_common(y, month, 1)?, last)
            }
        };
        Some((first, last))
    };
    let finish = |(first, last): (Date, Date), basis: String| {
        let slack = calendar.slack_days();
        if first == last && slack == 0 {
            return date(values::day(first), Some(DateRange::day(first)), basis);
        }
        let range = interval(plus_days(first, -slack), plus_days(last, slack));
        let value = if first == last { values::day(first) } else { values::month(first) };
        date(value, Some(range), basis)
    };
    if let Some(y) = year {
        return match span(y) {
            Some(days) => finish(days, name.to_owned()),
            None => date(String::new(), None, "no such day"),
        };
    }
    let from = if c.history {
        c.told().map(|a| a.start)
    } else {
        c.speech.filter(|_| !c.yearless).or_else(|| c.told().map(|a| a.start))
    };
    let Some(near) = from else {
        return open_story("XXXX-XX-XX".to_owned(), format!("{name}, year unknown"));
    };
    let y = calendar.year_near(near.year());
    let best = (y - 2..=y + 2).filter_map(span).min_by_key(|(first, last)| {
        let n = if *last < near {
            days_between(*last, near)
        } else if *first > near {
            days_between(near, *first)
        } else {
            0
        };
        let wrong = (*last < near && tense == Tense::Future) || (*first > near && tense == Tense::Past);
        if wrong { n * 3 } else { n }
    });
    match best {
        Some(days) => finish(days, format!("{name}, year nearest to {}", values::day(near))),
        None => date(String::new(), None, "no such day"),
    }
}

fn part_of_day(part: &str, c: &Context) -> Resolved {
    match c.told_day().filter(|_| !c.yearless && !c.history) {
        Some((day, basis)) => of_type(
            TimeType::Time,
            format!("{}T{part}", values::day(day)),
            Some(DateRange::day(day)),
            format!("day {basis}"),
        ),
        None => of_type(TimeType::Time, format!("XXXX-XX-XXT{part}"), None, "no day"),
    }
}

fn clock(hour: i8, minute: i8, c: &Context) -> Resolved {
    match c.told_day().filter(|_| !c.yearless && !c.history) {
        Some((day, basis)) => of_type(
            TimeType::Time,
            format!("{}T{hour:02}:{minute:02}", values::day(day)),
            Some(DateRange::day(day)),
            format!("day {basis}"),
        ),
        None => of_type(TimeType::Time, format!("XXXX-XX-XXT{hour:02}:{minute:02}"), None, "no day"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn easter_of_known_years() {
        let day = |y, m, d| Date::new(y, m, d).ok();
        assert_eq!(easter_sunday(1961), day(1961, 4, 2));
        assert_eq!(easter_sunday(2000), day(2000, 4, 23));
        assert_eq!(easter_sunday(2019), day(2019, 4, 21));
        assert_eq!(easter_sunday(2038), day(2038, 4, 25));
        assert_eq!(easter_sunday(0), None);
    }
}
