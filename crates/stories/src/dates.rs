//! Days as numbers, so that distances are plain.

use jiff::civil::{Date, date};
use polybius_text::{DateRange, Precision};

/// Days since 1970-01-01.
pub(crate) fn number(day: Date) -> i32 {
    (day - date(1970, 1, 1)).get_days()
}

/// The day of a number.
pub(crate) fn day(number: i32) -> Option<Date> {
    date(1970, 1, 1).checked_add(jiff::Span::new().days(i64::from(number))).ok()
}

/// The first and last day of a range that is known on both sides.
pub(crate) fn bounds(range: &DateRange) -> Option<(i32, i32)> {
    Some((number(range.start?), number(range.end?)))
}

/// The day of a range of at most `longest` days: its last day.
pub(crate) fn day_of(range: &DateRange, longest: i32) -> Option<i32> {
    let (first, last) = bounds(range)?;
    (last - first < longest).then_some(last)
}

pub(crate) fn is_day(range: &DateRange) -> bool {
    range.precision == Precision::Day && range.start.is_some()
}

/// How a range reads: `2020-07-21`, `2020-07`, `2020`, `2020-07-21/2020-07-22`.
pub(crate) fn shown(range: &DateRange) -> String {
    match (range.precision, range.start, range.end) {
        (Precision::Month, Some(s), _) => format!("{:04}-{:02}", s.year(), s.month()),
        (Precision::Year, Some(s), _) => format!("{:04}", s.year()),
        (_, Some(s), Some(e)) if s == e => s.to_string(),
        (_, Some(s), Some(e)) => format!("{s}/{e}"),
        (_, Some(s), None) => format!("from {s}"),
        (_, None, Some(e)) => format!("until {e}"),
        _ => String::new(),
    }
}
