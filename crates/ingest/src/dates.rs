//! Dates as they are written on pages.

use crate::calendars::{ERAS_FIRST, east_asian, jalali};
use crate::knowledge::{Calendar, IngestKnowledge};
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
    if word.lower.starts_with(|c: char| c.is_ascii_digit()) || word.lower.starts_with(ERAS_FIRST) {
        numeric(words, at, known)
            .or_else(|| year_month_day(words, at, known))
            .or_else(|| day_month(words, at, known))
    } else {
        month_day(words, at, known)
    }
}

/// `2018-07-09`, `09-07-2018`, `9.7.2018`, `09/07/2018`, `9. 7. 2018`, `9-Jul-2018`, `2020年7月21日`, `2020년 7월 21일`.
fn numeric(words: &[Word], at: usize, known: &IngestKnowledge) -> Option<DateMention> {
    if let Some((parts, to)) = east_asian(words, at) {
        return gregorian(at, to, parts[0], parts[1], parts[2], false);
    }
    let text = &words[at].lower;
    let part = |p: &str| -> Option<i64> {
        if p.len() <= 4 && p.bytes().all(|b| b.is_ascii_digit()) { p.parse().ok() } else { None }
    };
    let split = |sep: char| -> Option<Vec<i64>> {
        let head = text.split('t').next()?;
        let parts: Vec<&str> = head.split(sep).collect();
        let [a, b, c] = parts[..] else { return None };
        let middle = part(b).or_else(|| known.months.get(b).map(|m| i64::from(*m)));
        Some(vec![part(a)?, middle?, part(c)?])
    };
    let named = text.contains(|c: char| c.is_alphabetic() && c != 't');
    let spaced = |sep: &str| {
        let n = |i: usize| words.get(at + i)?.number();
        let mark = |i: usize| words.get(at + i).is_some_and(|w| w.text == sep);
        let middle = n(2).or_else(|| {
            let name = &words.get(at + 2)?.lower;
            (sep == "/").then(|| known.months.get(name).map(|m| i64::from(*m)))?
        });
        (mark(1) && mark(3)).then(|| Some(vec![n(0)?, middle?, n(4)?]))?
    };
    let (parts, to) = match split('-').or_else(|| split('.')) {
        Some(parts) => (parts, at + 1),
        None => (spaced("/").or_else(|| spaced(".").filter(|p| p[0] > 999 || p[2] > 999))?, at + 5),
    };
    let named = named || words[at..to].iter().any(|w| known.months.contains_key(&w.lower));
    let year_first = parts[0] > 31;
    let (year, a, b) =
        if year_first { (parts[0], parts[1], parts[2]) } else { (parts[2], parts[0], parts[1]) };
    let year = if (0..100).contains(&year) && !year_first { year + 2000 } else { year };
    if (1300..1500).contains(&year) {
        // A year of the Iranian calendar; one of the Islamic calendar is taken for none.
        let (month, day) = if year_first { (a, b) } else { (b, a) };
        let found = jalali(year, month, day).filter(|_| (1300..1420).contains(&year))?;
        return gregorian(at, to, found.0, found.1, found.2, false);
    }
    match (year_first, a, b) {
        (true, month, day) => gregorian(at, to, year, month, day, false),
        (false, a, b) if b > 12 && !named => gregorian(at, to, year, a, b, false),
        (false, a, b) => gregorian(at, to, year, b, a, !named && a <= 12 && a != b),
    }
}

fn gregorian(
    from: usize,
    to: usize,
    year: i64,
    month: i64,
    day: i64,
    ambiguous: bool,
) -> Option<DateMention> {
    // Thai pages count years from the Buddha.
    let year = if (2450..2650).contains(&year) { year - 543 } else { year };
    if !(1900..2100).contains(&year) {
        return None;
    }
    let date = plain(from, to, Some(year as i16), i8::try_from(month).ok()?, i8::try_from(day).ok()?);
    date.date().is_some().then_some(DateMention { ambiguous, ..date })
}

/// A day of the month: `9`, `9th`, `1er`, `21.`, `21-го`.
fn day_number(word: &Word) -> Option<i8> {
    let digits = word.lower.trim_end_matches(|c: char| !c.is_ascii_digit());
    let tail = &word.lower[digits.len()..];
    let ordinal = tail.is_empty()
        || matches!(
            tail,
            "st" | "nd" | "rd" | "th" | "er" | "º" | "ª" | "a" | "o" | "-го" | "-ე" | "ος" | "η"
        );
    digits.parse().ok().filter(|d| ordinal && (1..=31).contains(d))
}

fn year_number(words: &[Word], at: usize) -> Option<i64> {
    let word = words.get(at)?;
    let digits = word.lower.trim_end_matches(['г', 'р', 'm', 'e', 'k', 'o', '.', 'd']);
    let year: i64 = digits.parse().ok().filter(|_| digits.len() == 4)?;
    (1300..2650).contains(&year).then_some(year)
}

fn is_mark(words: &[Word], at: usize, marks: &[&str]) -> bool {
    words.get(at).is_some_and(|w| marks.contains(&w.lower.as_str()))
}

/// A month of a calendar and the word behind its name.
struct Month {
    calendar: Option<Calendar>,
    number: i8,
    to: usize,
    /// The name is a common word of some language: it is a month only beside a year.
    weak: bool,
}

fn month_at(words: &[Word], at: usize, known: &IngestKnowledge) -> Option<Month> {
    let word = words.get(at).filter(|w| w.is_word)?;
    let weak = known.classes.has("weak_month", &word.lower);
    let found = |calendar, number, to| Some(Month { calendar, number, to, weak });
    if let Some(next) = words.get(at + 1).filter(|w| w.is_word && !w.lower.is_ascii()) {
        let two = format!("{} {}", word.lower, next.lower);
        if let Some(n) = known.months.get(&two) {
            return found(None, *n, at + 2);
        }
        if let Some((calendar, n)) = known.calendar_months.get(&two) {
            return found(Some(*calendar), *n, at + 2);
        }
    }
    // Hebrew writes "in" to the front of the month.
    let bare = word.lower.strip_prefix('ב').unwrap_or(&word.lower);
    if let Some(n) = known.months.get(&word.lower).or_else(|| known.months.get(bare)) {
        let mut to = at + 1;
        // The Levant's name of the month and the one of Egypt: "مارس / آذار".
        if is_mark(words, to, &["/"])
            && words.get(to + 1).is_some_and(|w| known.months.get(&w.lower) == Some(n))
        {
            to += 2;
        }
        return found(None, *n, to);
    }
    let (calendar, n) = known.calendar_months.get(&word.lower)?;
    found(Some(*calendar), *n, at + 1)
}

fn with_year(from: usize, to: usize, year: Option<i64>, month: &Month, day: i8) -> Option<DateMention> {
    let (m, d) = (i64::from(month.number), i64::from(day));
    match (month.calendar, year) {
        (None, Some(year)) if year > 1600 => gregorian(from, to, year, m, d, false),
        (None, None) if !month.weak => Some(plain(from, to, None, month.number, day)).filter(valid),
        (Some(Calendar::Jalali), Some(year)) if (1300..1420).contains(&year) => {
            let (y, m, d) = jalali(year, m, d)?;
            gregorian(from, to, y, m, d, false)
        }
        // The Islamic calendar depends on a sighting: its dates are known to a day or two only.
        _ => None,
    }
}

/// `July 22, 2020`, `Aug. 19`, `july 9th`.
fn month_day(words: &[Word], at: usize, known: &IngestKnowledge) -> Option<DateMention> {
    let month = month_at(words, at, known)?;
    let mut next = month.to;
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
    with_year(at, to, year, &month, day)
}

/// `9 July 2018`, `9th of July`, `9 de julio de 2018`, `ngày 9 tháng 7 năm 2018`.
fn day_month(words: &[Word], at: usize, known: &IngestKnowledge) -> Option<DateMention> {
    let day = day_number(&words[at])?;
    let mut next = at + 1;
    if is_mark(words, next, &["tháng"]) {
        let number = words.get(next + 1)?.number().filter(|n| (1..=12).contains(n))?;
        let (year, to) = year_behind(words, next + 2);
        let month = Month { calendar: None, number: number as i8, to, weak: false };
        return with_year(at, to, year, &month, day);
    }
    if is_mark(words, next, &["of", "de", ".", "di", "d'", "din", "ta'"]) {
        next += 1;
    }
    let month = month_at(words, next, known)?;
    next = month.to;
    if is_mark(words, next, &["."]) && year_number(words, next + 1).is_some() {
        next += 1;
    }
    let (year, to) = year_behind(words, next);
    with_year(at, to, year, &month, day)
}

/// `2018. július 9.`, `2018 m. liepos 9 d.`, `2018. gada 9. jūlijā`.
fn year_month_day(words: &[Word], at: usize, known: &IngestKnowledge) -> Option<DateMention> {
    let year = year_number(words, at).filter(|y| *y > 1600)?;
    let mut next = at + 1;
    while next < at + 4 && is_mark(words, next, &[".", "m", "gada", ",", "-", "оны", "жылғы"]) {
        next += 1;
    }
    if let Some(month) = month_at(words, next, known) {
        let day = day_number(
            words.get(month.to).filter(|w| !is_mark(words, month.to + 1, &[":"]) || w.lower.len() < 3)?,
        )?;
        let to = month.to + 1 + usize::from(is_mark(words, month.to + 1, &["d"]));
        return with_year(at, to, Some(year), &month, day);
    }
    let day = day_number(words.get(next)?)?;
    let dot = usize::from(is_mark(words, next + 1, &["."]));
    let month = month_at(words, next + 1 + dot, known)?;
    with_year(at, month.to, Some(year), &month, day)
}

fn year_behind(words: &[Word], next: usize) -> (Option<i64>, usize) {
    let skip = usize::from(is_mark(words, next, &[",", "of", "de", "del", "،", "năm", "-", "/", "พ.ศ", "c"]));
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
    let behind_day = words[date.to - 1].lower.rsplit_once(['t', '日', '일', '号']);
    let iso_hour = behind_day.and_then(|(_, hour)| hour.parse::<i8>().ok());
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
