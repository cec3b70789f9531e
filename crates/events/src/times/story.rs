//! Second pass: what only the story can tell a page without a date.

use super::resolve::{days_between, plus_days};
use super::values;
use jiff::civil::{Date, Weekday};
use polybius_text::{Article, DateRange, TimeExpression};

/// When the documents of a story were written, and when it happened.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StoryAnchor {
    /// Median publication day of the story's dated documents.
    pub published: Option<Date>,
    /// Day of the main event.
    pub main: Option<Date>,
}

/// Fills years and days that the page leaves open. Only expressions with `needs_story` change.
pub fn resolve_with_story(times: &mut [TimeExpression], article: &Article, story_anchor: StoryAnchor) {
    let Some(near) = story_anchor.main.or(story_anchor.published) else {
        return;
    };
    // The day of writing of a page that gives month and day only.
    let written = crate::event_date::written_day(article).or_else(|| {
        let (month, day) = article.yearless.or(article.dateline.as_ref()?.month_day)?;
        super::year_nearest(near, month, day)
    });
    let ahead = written.or(story_anchor.published);
    for time in times.iter_mut().filter(|t| t.needs_story) {
        let said = values::weekday_named(&time.basis);
        let (value, suffix) = match time.value.split_once('T') {
            Some((value, part)) => (value.to_owned(), format!("T{part}")),
            None => (time.value.clone(), String::new()),
        };
        let Some((value, range, basis)) = filled(&value, said, &time.basis, near, written, ahead) else {
            continue;
        };
        if let (Some(day), Some(w)) = (range.start, said)
            && day.weekday() != weekday(w)
        {
            let fits: Vec<String> = (-12..=12)
                .filter_map(|n| Date::new(day.year() + n, day.month(), day.day()).ok())
                .filter(|d| d.weekday() == weekday(w))
                .map(|d| d.year().to_string())
                .collect();
            time.alternatives.push(format!("\"{}\" fits {}", values::weekday_name(w), fits.join(", ")));
        }
        time.value = value + &suffix;
        time.range = Some(range);
        time.basis = basis;
        time.needs_story = false;
    }
}

fn weekday(n: i8) -> Weekday {
    Weekday::from_monday_one_offset(n.clamp(1, 7)).unwrap_or(Weekday::Monday)
}

fn filled(
    value: &str,
    said: Option<i8>,
    basis: &str,
    near: Date,
    written: Option<Date>,
    ahead: Option<Date>,
) -> Option<(String, DateRange, String)> {
    let rest = value.strip_prefix("XXXX-")?;
    if let Some(w) = rest.strip_prefix("WXX-").and_then(|w| w.parse::<i8>().ok()) {
        let coming = basis.contains("coming");
        // With a day of writing, the weekday before it; without, the one nearest to what the story tells.
        let day = match written {
            Some(d) if coming => {
                (0..7).filter_map(|n| plus_days(d, n)).find(|x| x.weekday() == weekday(w))?
            }
            Some(d) => (0..7).filter_map(|n| plus_days(d, -n)).find(|x| x.weekday() == weekday(w))?,
            None => (0..=3)
                .flat_map(|n| [-n, n])
                .filter_map(|n| plus_days(near, n))
                .find(|x| x.weekday() == weekday(w))?,
        };
        let from = if written.is_some() {
            "weekday with the year from the story"
        } else {
            "weekday nearest to the story's main day"
        };
        return Some((values::day(day), DateRange::day(day), from.to_owned()));
    }
    if let Some(d) = rest.strip_prefix("XX-").and_then(|d| d.parse::<i8>().ok()) {
        let months = [0, -1, 1]
            .into_iter()
            .filter_map(|n| near.first_of_month().checked_add(jiff::Span::new().try_months(n).ok()?).ok());
        let days = months.filter_map(|m| Date::new(m.year(), m.month(), d).ok());
        let fitting = days.filter(|x| said.is_none_or(|w| x.weekday() == weekday(w)));
        let day = fitting.min_by_key(|x| days_between(*x, near).abs())?;
        return Some((values::day(day), DateRange::day(day), "month and year from the story".to_owned()));
    }
    if let Some((m, d)) = rest.split_once('-') {
        let (m, d) = (m.parse::<i8>().ok()?, d.parse::<i8>().ok()?);
        let year = |n: i16| Date::new(near.year() + n, m, d).ok();
        let around = [0, -1, 1].into_iter().filter_map(year);
        // Years where the weekday fits come first, then the nearest.
        let day = around.min_by_key(|x| {
            let fits = said.is_none_or(|w| x.weekday() == weekday(w));
            (days_between(*x, near).abs() > 200, !fits, days_between(*x, near).abs())
        })?;
        return Some((values::day(day), DateRange::day(day), "year from the story".to_owned()));
    }
    let m = rest.parse::<i8>().ok()?;
    let from = ahead.unwrap_or(near);
    // A month alone looks back from the day of writing.
    let year = if m <= from.month() { from.year() } else { from.year() - 1 };
    let range = DateRange::month(year, m)?;
    Some((format!("{year:04}-{m:02}"), range, "year from the story".to_owned()))
}
