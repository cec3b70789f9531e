//! The day of publication, from everything that the page says of it.
//!
//! A site can print one wrong date in four places: JSON-LD, meta tags, time elements and visible stamps all come from
//! one field of its database, so they count as one witness. The address and the text (weekdays with dates, the
//! dateline) are others. Witnesses that agree win; when nobody can be believed there is no date.

use crate::blocks::Sheet;
use crate::classify::{Reading, Stamp};
use crate::dates::{days_between, falls_on, find_dates, nearest};
use crate::knowledge::IngestKnowledge;
use crate::lines::StampRole;
use crate::words::words;
use jiff::civil::Date;
use polybius_text::{DateRange, Published, SegmentKind, Span};

/// Dates this many days apart are one date told in several time zones or revisions.
const SAME_DATE_DAYS: i64 = 3;

#[derive(Debug, Clone)]
struct Candidate {
    date: Date,
    instant: Option<String>,
    basis: &'static str,
    span: Option<Span>,
    rank: u8,
}

/// What the text says of its time: weekdays with dates, the dateline.
#[derive(Default)]
struct Witnesses {
    weekdays: Vec<(i8, i8, i8)>,
    dateline: Option<(i8, i8)>,
}

impl Witnesses {
    /// Above zero for days that the text fits, below for days that it contradicts.
    fn judge(&self, date: Date) -> i32 {
        let mut score = 0;
        for &(weekday, month, day) in &self.weekdays {
            if let Some(near) = nearest(date, month, day) {
                score += if falls_on(near, weekday) { 2 } else { -2 };
            }
        }
        if let Some(near) = self.dateline.and_then(|(month, day)| nearest(date, month, day)) {
            score += if (-1..=8).contains(&days_between(date, near)) { 1 } else { -1 };
        }
        score.clamp(-4, 4)
    }
}

/// Decides; `None` when the page gives no date that one can trust.
pub(crate) fn published(
    sheet: &Sheet,
    reading: &Reading,
    url: Option<&str>,
    known: &IngestKnowledge,
) -> Option<Published> {
    let candidates = candidates(sheet, reading, url, known);
    let witnesses = witnesses(sheet, reading, known);
    let mut groups: Vec<Vec<&Candidate>> = Vec::new();
    for candidate in &candidates {
        let group =
            groups.iter_mut().find(|g| days_between(candidate.date, g[0].date).abs() <= SAME_DATE_DAYS);
        match group {
            Some(group) => group.push(candidate),
            None => groups.push(vec![candidate]),
        }
    }
    let best = best_group(&groups, &witnesses)?;
    // A stamp of the page is nearer to the text than the crawler's date.
    let chosen = best.iter().min_by_key(|c| c.rank)?;
    Some(Published {
        date: DateRange::day(chosen.date),
        instant: chosen.instant.clone(),
        basis: chosen.basis.to_string(),
        span: chosen.span,
    })
}

fn best_group<'g, 'c>(
    groups: &'g [Vec<&'c Candidate>],
    witnesses: &Witnesses,
) -> Option<&'g Vec<&'c Candidate>> {
    let score = |group: &Vec<&Candidate>| -> i32 {
        let site = group.iter().any(|c| !matches!(c.basis, "url" | "header-line"));
        let url = group.iter().any(|c| c.basis == "url");
        let text = group.iter().map(|c| witnesses.judge(c.date)).max().unwrap_or(0);
        // What the site says of its page outweighs the crawler, who saw it later.
        2 * (2 * i32::from(site) + 2 * i32::from(url) + i32::from(!site && !url)) + 3 * text
    };
    let mut scored: Vec<(i32, &Vec<&Candidate>)> = groups.iter().map(|g| (score(g), g)).collect();
    scored.sort_by_key(|(score, _)| -score);
    let (top, group) = *scored.first()?;
    let tie = scored.get(1).is_some_and(|(second, _)| *second == top);
    (top > 0 && !tie).then_some(group)
}

fn candidates(
    sheet: &Sheet,
    reading: &Reading,
    url: Option<&str>,
    known: &IngestKnowledge,
) -> Vec<Candidate> {
    let mut found = Vec::new();
    for (basis, text) in &sheet.metadata.published {
        if let Some((date, instant)) = machine_date(text) {
            let (basis, rank) = match *basis {
                "json-ld" => ("json-ld", 0),
                "json-ld:page" => ("json-ld", 4),
                "time-element" => ("time-element", 3),
                "meta:date" => ("meta:date", 2),
                given @ ("field" | "feed" | "sitemap") => (given, 4),
                _ => ("meta:article:published_time", 1),
            };
            found.push(Candidate { date, instant, basis, span: None, rank });
        }
    }
    if let Some(date) = url.and_then(url_date) {
        found.push(Candidate { date, instant: None, basis: "url", span: None, rank: 6 });
    }
    let has_published = reading.stamps.iter().any(|s| s.role == StampRole::Published);
    for stamp in &reading.stamps {
        let rank = match stamp.role {
            StampRole::Published => 4,
            StampRole::Plain => 5,
            StampRole::HeadLine => 7,
            // A later revision says only what the first day was not later than.
            StampRole::Updated if has_published || !found.is_empty() => continue,
            StampRole::Updated => 8,
        };
        let Some(date) = stamp_date(stamp, &found, reading) else { continue };
        let basis = if stamp.role == StampRole::HeadLine { "header-line" } else { "visible" };
        let instant = instant_of(stamp, date, known);
        let span = Some(Span::new(stamp.start, stamp.end));
        found.push(Candidate { date, instant, basis, span, rank });
    }
    found
}

/// The date of a stamp; of the two readings of 09-07-2018 the one that something else on the page supports.
fn stamp_date(stamp: &Stamp, found: &[Candidate], reading: &Reading) -> Option<Date> {
    let date = stamp.date.date()?;
    let Some(other) = stamp.date.swapped() else { return Some(date) };
    let support = |d: Date| {
        let candidates = found.iter().filter(|c| days_between(c.date, d).abs() <= SAME_DATE_DAYS).count();
        let stamps = reading
            .stamps
            .iter()
            .filter(|s| !s.date.ambiguous && s.date.date().is_some_and(|e| days_between(e, d).abs() <= 60))
            .count();
        let dateline = reading
            .opening
            .iter()
            .filter_map(|o| o.2.date.as_ref())
            .filter(|m| (m.month, m.day) == (d.month(), d.day()))
            .count();
        candidates + stamps + dateline
    };
    // Without support the day stands first, as in most of the world.
    Some(if support(other) > support(date) { other } else { date })
}

/// `2018-07-10T05:12:00+02:00` as the site's local day, and the instant.
fn machine_date(text: &str) -> Option<(Date, Option<String>)> {
    let text = text.trim();
    let compact = || -> Option<Date> {
        let digits: String = text.chars().take(8).filter(char::is_ascii_digit).collect();
        (digits.len() == 8).then(|| {
            Date::new(digits[..4].parse().ok()?, digits[4..6].parse().ok()?, digits[6..].parse().ok()?).ok()
        })?
    };
    let date = match text.get(..10).and_then(|d| d.replace('/', "-").parse::<Date>().ok()) {
        Some(date) => date,
        None => compact()?,
    };
    (1990..2100).contains(&date.year()).then_some(())?;
    let clock = text
        .get(10..)
        .map(|t| t.trim_start_matches(['T', ' ']).replace(' ', ""))
        .filter(|t| t.len() >= 5 && t.is_ascii());
    Some((date, clock.map(|t| format!("{date}T{t}"))))
}

/// `/2018/07/10/` or `/2018-07-10-` or `/20180710` in an address.
fn url_date(url: &str) -> Option<Date> {
    let path = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = path.split_once('/')?.1;
    let parts: Vec<&str> = path.split(|c: char| !c.is_ascii_digit()).filter(|p| !p.is_empty()).collect();
    let valid = |y: &str, m: &str, d: &str| {
        let year: i16 = y.parse().ok().filter(|y| (1990..2100).contains(y))?;
        Date::new(year, m.parse().ok()?, d.parse().ok()?).ok()
    };
    let triple = parts.windows(3).find_map(|w| {
        if w[0].len() == 4 && w[1].len() <= 2 && w[2].len() <= 2 { valid(w[0], w[1], w[2]) } else { None }
    });
    triple.or_else(|| {
        parts.iter().find_map(|p| if p.len() == 8 { valid(&p[..4], &p[4..6], &p[6..]) } else { None })
    })
}

/// Local time with its offset where the zone's abbreviation means one zone only.
fn instant_of(stamp: &Stamp, date: Date, known: &IngestKnowledge) -> Option<String> {
    let (hour, minute) = stamp.date.time?;
    let zone = stamp.date.zone.as_ref().and_then(|z| known.zones.get(&z.to_lowercase()).copied().flatten());
    let offset = zone.map_or(String::new(), |m| {
        let sign = if m < 0 { '-' } else { '+' };
        format!("{sign}{:02}:{:02}", m.abs() / 60, m.abs() % 60)
    });
    Some(format!("{date}T{hour:02}:{minute:02}{offset}"))
}

fn witnesses(sheet: &Sheet, reading: &Reading, known: &IngestKnowledge) -> Witnesses {
    let mut found = Witnesses::default();
    for piece in reading.pieces.iter().filter(|p| matches!(p.kind, SegmentKind::Body | SegmentKind::Subhead))
    {
        let list = words(&sheet.text[piece.start..piece.end], piece.start);
        for date in find_dates(&list, known) {
            if let (Some(weekday), None) = (date.weekday, date.year) {
                let seen = (weekday, date.month, date.day);
                if !found.weekdays.contains(&seen) && found.weekdays.len() < 50 {
                    found.weekdays.push(seen);
                }
            }
        }
    }
    found.dateline = reading.opening.as_ref().and_then(|o| o.2.date.as_ref()).map(|d| (d.month, d.day));
    found
}
