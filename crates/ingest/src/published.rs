//! The day of publication, from everything that the page says of it.
//!
//! A site can print one wrong date in four places: JSON-LD, meta tags, time elements and visible stamps all come from
//! one field of its database, so they count as one witness. The address and the text (weekdays with dates, the
//! dateline) are others. Witnesses that agree win; when nobody can be believed there is no date.

use crate::blocks::Sheet;
use crate::classify::{Reading, Stamp};
use crate::dates::{days_between, falls_on, find_dates, nearest};
use crate::knowledge::{DateOrder, IngestKnowledge};
use crate::lines::StampRole;
use crate::metadata::DateRole;
use crate::words::words;
use jiff::civil::Date;
use polybius_text::{DateRange, Published, SegmentKind, Span};

/// Dates this many days apart are one date told in several time zones or revisions.
const SAME_DATE_DAYS: i64 = 3;

/// One date that a page gives for itself.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct DateCandidate {
    /// The day.
    pub date: Date,
    /// Time of day and zone as ISO 8601 where the page gives them.
    pub instant: Option<String>,
    /// Where it was found: `json-ld`, `meta:article:published_time`, `meta:date`, `microdata`, `time-element`, `url`,
    /// `visible`, `header-line`.
    pub basis: &'static str,
    /// The date of a revision, which is never taken for the day of publication.
    pub is_revision: bool,
    /// 0 to 1: how far its kind of source can be trusted alone.
    pub confidence: f32,
    /// Where it stands in the text, when it is visible.
    pub span: Option<Span>,
}

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
    let mut found = machine_dates(sheet, reading, known, DateRole::Published);
    if let Some(date) = url.and_then(url_date) {
        found.push(Candidate { date, instant: None, basis: "url", span: None, rank: 6 });
    }
    for stamp in &reading.stamps {
        let rank = match stamp.role {
            StampRole::Published => 4,
            StampRole::Plain => 5,
            StampRole::HeadLine => 7,
            // A later revision says only what the first day was not later than.
            StampRole::Updated => continue,
        };
        let Some(date) = stamp_date(stamp, &found, sheet, reading, known) else { continue };
        let basis = if stamp.role == StampRole::HeadLine { "header-line" } else { "visible" };
        let instant = instant_of(stamp, date, known);
        let span = Some(Span::new(stamp.start, stamp.end));
        found.push(Candidate { date, instant, basis, span, rank });
    }
    found
}

/// Dates for programs. Of those in the page's elements only the first of a role is the article's: others belong to
/// comments and to linked articles. One without a word counts where it stands near the headline.
fn machine_dates(
    sheet: &Sheet,
    reading: &Reading,
    known: &IngestKnowledge,
    role: DateRole,
) -> Vec<Candidate> {
    let mut found: Vec<Candidate> = Vec::new();
    let mut seen: Vec<&'static str> = Vec::new();
    let body = reading.pieces.iter().find(|p| p.kind == SegmentKind::Body).map_or(usize::MAX, |p| p.start);
    let title = reading.title.map_or(0, |t| t.0);
    for machine in &sheet.metadata.dates {
        let near = machine.at.is_some_and(|at| (title.saturating_sub(400)..=body).contains(&at));
        let plain = role == DateRole::Published && machine.role == DateRole::Plain && near;
        if (machine.role != role && !plain) || (machine.at.is_some() && seen.contains(&machine.basis)) {
            continue;
        }
        let Some((date, instant)) = machine_date(&machine.value, sheet, known) else { continue };
        seen.push(machine.basis);
        let (basis, rank) = match machine.basis {
            "json-ld" => ("json-ld", 0),
            "json-ld:page" => ("json-ld", 4),
            "time-element" if plain => ("time-element", 5),
            "time-element" => ("time-element", 3),
            "microdata" => ("microdata", 2),
            "meta:date" => ("meta:date", 2),
            given @ ("field" | "feed" | "sitemap") => (given, 4),
            _ => ("meta:article:published_time", 1),
        };
        found.push(Candidate { date, instant, basis, span: None, rank });
    }
    found
}

/// All dates that the page gives for itself, those of revisions last.
pub(crate) fn all_dates(
    sheet: &Sheet,
    reading: &Reading,
    url: Option<&str>,
    known: &IngestKnowledge,
) -> Vec<DateCandidate> {
    let of = |c: Candidate, is_revision: bool| {
        let confidence = match c.rank {
            0 | 1 => 0.9,
            2 | 3 => 0.8,
            4 => 0.7,
            5 => 0.55,
            6 => 0.6,
            _ => 0.4,
        };
        let Candidate { date, instant, basis, span, .. } = c;
        DateCandidate { date, instant, basis, is_revision, confidence, span }
    };
    let mut found: Vec<DateCandidate> =
        candidates(sheet, reading, url, known).into_iter().map(|c| of(c, false)).collect();
    found.extend(machine_dates(sheet, reading, known, DateRole::Modified).into_iter().map(|c| of(c, true)));
    for stamp in reading.stamps.iter().filter(|s| s.role == StampRole::Updated) {
        if let Some(date) = stamp_date(stamp, &[], sheet, reading, known) {
            let instant = instant_of(stamp, date, known);
            let span = Some(Span::new(stamp.start, stamp.end));
            found.push(of(Candidate { date, instant, basis: "visible", span, rank: 5 }, true));
        }
    }
    found
}

/// The date of a stamp; of the two readings of 09-07-2018 the one that the weekday or something else on the page supports.
fn stamp_date(
    stamp: &Stamp,
    found: &[Candidate],
    sheet: &Sheet,
    reading: &Reading,
    known: &IngestKnowledge,
) -> Option<Date> {
    let fits = |d: Date| stamp.date.weekday.is_none_or(|w| falls_on(d, w));
    let date = stamp.date.date()?;
    let Some(other) = stamp.date.swapped() else { return Some(date).filter(|d| fits(*d)) };
    match (fits(date), fits(other)) {
        (true, false) => return Some(date),
        (false, true) => return Some(other),
        (false, false) => return None,
        (true, true) => {}
    }
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
    match support(date).cmp(&support(other)) {
        std::cmp::Ordering::Greater => Some(date),
        std::cmp::Ordering::Less => Some(other),
        std::cmp::Ordering::Equal => match order(sheet, known) {
            DateOrder::DayFirst => Some(date),
            DateOrder::MonthFirst => Some(other),
            // With points or hyphens the day stands first in every language.
            DateOrder::Unknown => {
                let slashed = sheet.text.get(stamp.start..stamp.end).is_none_or(|t| t.contains('/'));
                (!slashed).then_some(date)
            }
        },
    }
}

/// How the language of the page writes numeric dates; most of the world writes the day first.
fn order(sheet: &Sheet, known: &IngestKnowledge) -> DateOrder {
    let Some(language) = &sheet.metadata.language else { return DateOrder::DayFirst };
    let short = language.split('-').next().unwrap_or(language);
    let found = known.date_order.get(language).or_else(|| known.date_order.get(short));
    found.copied().unwrap_or(DateOrder::DayFirst)
}

/// `2018-07-10T05:12:00+02:00` as the site's local day, and the instant. Also days without hyphens, seconds since 1970,
/// and dates in words.
fn machine_date(text: &str, sheet: &Sheet, known: &IngestKnowledge) -> Option<(Date, Option<String>)> {
    let text = text.trim();
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    let compact = || -> Option<Date> {
        let d = text.get(..8).filter(|d| d.bytes().all(|b| b.is_ascii_digit()))?;
        Date::new(d[..4].parse().ok()?, d[4..6].parse().ok()?, d[6..].parse().ok()?).ok()
    };
    let epoch = || -> Option<Date> {
        let seconds: i64 = text.get(..10)?.parse().ok()?;
        let days = jiff::Span::new().try_days(seconds / 86_400).ok()?;
        Date::constant(1970, 1, 1).checked_add(days).ok()
    };
    let in_words = || -> Option<Date> {
        let list = words(text, 0);
        let found = find_dates(&list, known).into_iter().next()?;
        match found.swapped() {
            None => found.date(),
            Some(other) => match order(sheet, known) {
                DateOrder::DayFirst => found.date(),
                DateOrder::MonthFirst => Some(other),
                DateOrder::Unknown => None,
            },
        }
    };
    let iso = text.get(..10).and_then(|d| d.replace(['/', '.'], "-").parse::<Date>().ok());
    let date = match (iso, digits) {
        (Some(date), _) => date,
        (None, true) if matches!(text.len(), 10 | 13) => epoch()?,
        (None, true) => compact()?,
        (None, false) => compact().filter(|_| text.contains(['T', ':'])).or_else(in_words)?,
    };
    (1990..2100).contains(&date.year()).then_some(())?;
    let clock = text
        .get(10..)
        .filter(|_| iso.is_some())
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
