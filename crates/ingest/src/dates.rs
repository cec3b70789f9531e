//! Dates as they are written on pages.

use crate::knowledge::IngestKnowledge;
use crate::words::Word;
use jiff::civil::{Date, Weekday};

/// A date found in text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct DateMention {
    /// First and last word, half open.
    pub from: usize,
    pub to: usize,
    pub year: Option<i16>,
    pub month: i8,
    pub day: i8,
    /// Monday is 1.
    pub weekday: Option<i8>,
    /// Day and month could be the other way round.
    pub ambiguous: bool,
    pub time: Option<(i8, i8)>,
    pub zone: Option<String>,
}

impl DateMention {
    /// The day, when the year is given.
    pub fn date(&self) -> Option<Date> {
        Date::new(self.year?, self.month, self.day).ok()
    }

    /// The other reading of an ambiguous date.
    pub fn swapped(&self) -> Option<Date> {
        self.ambiguous.then(|| Date::new(self.year?, self.day, self.month).ok())?
    }
}

/// All dates with at least month and day among `words`, in order, not overlapping.
pub(crate) fn find_dates(words: &[Word], known: &IngestKnowledge) -> Vec<DateMention> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        match date_at(words, at, known) {
            Some(mut date) => {
                widen(&mut date, words, known, found.last().map_or(0, |d: &DateMention| d.to));
                at = date.to;
                found.push(date);
            }
            None => at += 1,
        }
    }
    found
}

fn plain(from: usize, to: usize, year: Option<i16>, month: i8, day: i8) -> DateMention {
    DateMention { from, to, year, month, day, weekday: None, ambiguous: false, time: None, zone: None }
}

fn date_at(words: &[Word], at: usize, known: &IngestKnowledge) -> Option<DateMention> {
    let word = words.get(at).filter(|w| w.is_word)?;
    if word.text.starts_with(|c: char| c.is_ascii_digit()) {
        numeric(words, at).or_else(|| day_month(words, at, known))
    } else {
        month_day(words, at, known)
    }
}

/// `2018-07-09`, `09-07-2018`, `9.7.2018`, `09/07/2018`, `2020年7月21日`.
fn numeric(words: &[Word], at: usize) -> Option<DateMention> {
    let text = words[at].text;
    let split = |sep: char| -> Option<Vec<i64>> {
        let head = text.split(['T', 't']).next()?;
        let parts: Option<Vec<i64>> =
            head.split(sep).map(|p| if p.len() <= 4 { p.parse().ok() } else { None }).collect();
        parts.filter(|p| p.len() == 3)
    };
    let slashed = || {
        let n = |i: usize| words.get(at + i)?.number();
        let slash = |i: usize| words.get(at + i).is_some_and(|w| w.text == "/");
        (slash(1) && slash(3)).then(|| Some(vec![n(0)?, n(2)?, n(4)?]))?
    };
    let (parts, to) = match split('-').or_else(|| split('.')) {
        Some(parts) => (parts, at + 1),
        None => match slashed() {
            Some(parts) => (parts, at + 5),
            None => (east_asian(text)?, at + 1),
        },
    };
    let year_first = parts[0] > 31;
    let (year, a, b) =
        if year_first { (parts[0], parts[1], parts[2]) } else { (parts[2], parts[0], parts[1]) };
    let year = if (0..100).contains(&year) && !year_first { year + 2000 } else { year };
    if !(1900..2100).contains(&year) {
        return None;
    }
    let (month, day, ambiguous) = match (year_first, a, b) {
        (true, month, day) => (month, day, false),
        (false, a, b) if b > 12 => (a, b, false),
        (false, a, b) => (b, a, a <= 12 && a != b),
    };
    let date = plain(at, to, Some(year as i16), i8::try_from(month).ok()?, i8::try_from(day).ok()?);
    date.date().is_some().then_some(DateMention { ambiguous, ..date })
}

fn east_asian(text: &str) -> Option<Vec<i64>> {
    let (year, rest) = text.split_once(['年', '년'])?;
    let (month, rest) = rest.split_once(['月', '월'])?;
    let (day, _) = rest.split_once(['日', '일'])?;
    [year, month, day].iter().map(|p| p.parse().ok()).collect()
}

/// A day of the month: `9`, `9th`, `1er`, `21.`.
fn day_number(word: &Word) -> Option<i8> {
    let digits = word.lower.trim_end_matches(|c: char| !c.is_ascii_digit());
    let tail = &word.lower[digits.len()..];
    let ordinal = tail.is_empty() || matches!(tail, "st" | "nd" | "rd" | "th" | "er" | "º" | "ª" | "a" | "o");
    digits.parse().ok().filter(|d| ordinal && (1..=31).contains(d))
}

fn year_number(words: &[Word], at: usize) -> Option<i16> {
    let word = words.get(at)?;
    let year = word.number().filter(|_| word.text.len() == 4)?;
    (1900..2100).contains(&year).then_some(year as i16)
}

fn is_mark(words: &[Word], at: usize, marks: &[&str]) -> bool {
    words.get(at).is_some_and(|w| marks.contains(&w.lower.as_str()))
}

/// `July 22, 2020`, `Aug. 19`, `july 9th`.
fn month_day(words: &[Word], at: usize, known: &IngestKnowledge) -> Option<DateMention> {
    let month = *known.months.get(&words[at].lower)?;
    let mut next = at + 1;
    if is_mark(words, next, &[".", "the"]) {
        next += 1;
    }
    let day = day_number(words.get(next)?)?;
    next += 1;
    // `20 July 20:15` and `May 20 000 men` have no day behind the month.
    if is_mark(words, next, &[":"]) {
        return None;
    }
    let (year, to) = year_behind(words, next);
    Some(plain(at, to, year, month, day)).filter(valid)
}

/// `9 July 2018`, `9th of July`, `9 de julio de 2018`.
fn day_month(words: &[Word], at: usize, known: &IngestKnowledge) -> Option<DateMention> {
    let day = day_number(&words[at])?;
    let mut next = at + 1;
    if is_mark(words, next, &["of", "de", ".", "di"]) {
        next += 1;
    }
    let month = *known.months.get(&words.get(next)?.lower)?;
    next += 1;
    if is_mark(words, next, &["."]) && year_number(words, next + 1).is_some() {
        next += 1;
    }
    let (year, to) = year_behind(words, next);
    Some(plain(at, to, year, month, day)).filter(valid)
}

fn year_behind(words: &[Word], next: usize) -> (Option<i16>, usize) {
    let skip = usize::from(is_mark(words, next, &[",", "of", "de", "del", "،"]));
    match year_number(words, next + skip) {
        Some(year) => (Some(year), next + skip + 1),
        None => (None, next),
    }
}

fn valid(date: &DateMention) -> bool {
    Date::new(date.year.unwrap_or(2000), date.month, date.day).is_ok()
}

/// Takes in weekday, clock time and zone beside the date.
fn widen(date: &mut DateMention, words: &[Word], known: &IngestKnowledge, not_before: usize) {
    let mut from = date.from;
    while from > not_before && is_mark(words, from - 1, &[",", "the", "on", "،", "."]) && from + 3 > date.from
    {
        from -= 1;
    }
    if from > not_before
        && let Some(day) = known.weekdays.get(&words[from - 1].lower)
    {
        date.weekday = Some(*day);
        date.from = from - 1;
    }
    // `10:40 on July 22`
    let mut before = date.from;
    if before > not_before && is_mark(words, before - 1, &["on", ",", "am", "pm"]) {
        before -= 1;
    }
    if before >= not_before + 3
        && is_mark(words, before - 2, &[":"])
        && let Some(time) = clock(words, before - 3)
    {
        date.time = Some(time.0);
        date.from = before - 3;
    }
    // `2018-07-09T06:30`, `25 May 2021, 08:40 GMT`, `19 August 2020 at 20 h 05`
    let mut next = date.to;
    let iso_hour = words[date.to - 1].text.split(['T', 't']).nth(1).and_then(|h| h.parse::<i8>().ok());
    if let (Some(hour), true) = (iso_hour, is_mark(words, next, &[":"])) {
        if let Some(minute) = words.get(next + 1).and_then(Word::number) {
            date.time = Some((hour, minute.clamp(0, 59) as i8));
            date.to = next + 2;
            next = date.to;
        }
    } else if date.time.is_none() {
        while is_mark(words, next, &["at", ",", "-", "–", "à", "um", "alle", "a", "las", "|"])
            && next < date.to + 2
        {
            next += 1;
        }
        if let Some((time, to)) = clock(words, next) {
            date.time = Some(time);
            date.to = to;
            next = to;
        } else {
            return;
        }
    }
    if let Some(zone) = words.get(next).filter(|w| known.zones.contains_key(&w.lower)) {
        date.zone = Some(zone.text.to_string());
        date.to = next + 1;
    }
}

/// `19:42`, `8.15 pm`, `20 h 05`, `7 am`: the time and the word behind it.
fn clock(words: &[Word], at: usize) -> Option<((i8, i8), usize)> {
    let first = words.get(at)?;
    let (hour, minute, mut to) = if let Some(hour) = first.number() {
        if is_mark(words, at + 1, &[":", "h"]) {
            (hour, words.get(at + 2)?.number()?, at + 3)
        } else if is_mark(words, at + 1, &["am", "pm", "a.m", "p.m"]) {
            (hour, 0, at + 1)
        } else {
            return None;
        }
    } else {
        let (hour, minute) = first.lower.split_once(['.', 'h'])?;
        (hour.parse().ok()?, minute.parse().ok()?, at + 1)
    };
    let pm = is_mark(words, to, &["pm", "p.m"]);
    if pm || is_mark(words, to, &["am", "a.m"]) {
        to += 1;
    }
    if is_mark(words, to, &[":"]) && words.get(to + 1).and_then(Word::number).is_some() {
        to += 2;
    }
    let hour = if pm && hour < 12 { hour + 12 } else { hour };
    let fits = (0..24).contains(&hour) && (0..60).contains(&minute);
    fits.then_some(((hour as i8, minute as i8), to))
}

/// The date nearest to `near` that falls on this month and day.
pub(crate) fn nearest(near: Date, month: i8, day: i8) -> Option<Date> {
    (-1..=1)
        .filter_map(|step| Date::new(near.year().checked_add(step)?, month, day).ok())
        .min_by_key(|date| days_between(*date, near).abs())
}

/// Days from `from` to `to`.
pub(crate) fn days_between(to: Date, from: Date) -> i64 {
    i64::from(from.until(to).map_or(i32::MAX, |span| span.get_days()))
}

/// Whether `date` falls on the weekday (Monday is 1).
pub(crate) fn falls_on(date: Date, weekday: i8) -> bool {
    Weekday::from_monday_one_offset(weekday).is_ok_and(|w| w == date.weekday())
}
