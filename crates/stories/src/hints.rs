//! Days that a text gives without a year, or without a month: `April 27`, `the 9th`, `Wednesday`.
//!
//! An undated page cannot be put on the calendar, but its hints fit one story and not another.

use jiff::civil::{Weekday, date};
use polybius_text::{TimeExpression, TimeType};

/// A part of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum DayHint {
    /// Days since 1 January, counted in a leap year.
    OfYear(i32),
    /// 1 to 31.
    OfMonth(i8),
    /// 1 is Monday.
    Weekday(i8),
}

/// The hint of an expression that has no year of its own.
pub(crate) fn hint_of(time: &TimeExpression) -> Option<DayHint> {
    if time.time_type == TimeType::Duration {
        return None;
    }
    let rest = time.value.strip_prefix("XXXX-")?;
    if let Some(week) = rest.strip_prefix("WXX-") {
        return week.get(..1)?.parse().ok().filter(|d| (1..=7).contains(d)).map(DayHint::Weekday);
    }
    let (month, day) = (rest.get(..2)?, rest.get(3..5)?);
    let day: i8 = day.parse().ok().filter(|d| (1..=31).contains(d))?;
    match month.parse() {
        Ok(month) => day_of_year(month, day).map(DayHint::OfYear),
        Err(_) if month == "XX" => Some(DayHint::OfMonth(day)),
        Err(_) => None,
    }
}

/// Days since 1 January, counted in a leap year.
pub(crate) fn day_of_year(month: i8, day: i8) -> Option<i32> {
    let first = date(2000, 1, 1);
    jiff::civil::Date::new(2000, month, day).ok().map(|d| (d - first).get_days())
}

/// Distance of two days of the year, over New Year if that is shorter.
pub(crate) fn gap_in_year(a: i32, b: i32) -> i32 {
    let gap = (a - b).abs();
    gap.min(366 - gap)
}

/// The day of the week that a word in lower case names.
pub(crate) fn weekday_of(word: &str) -> Option<Weekday> {
    let all = Weekday::Monday.cycle_forward().take(7);
    let name = |w: &Weekday| format!("{w:?}").to_lowercase();
    all.into_iter().find(|w| name(w) == word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use polybius_text::Span;

    fn time(value: &str) -> TimeExpression {
        TimeExpression {
            span: Span::in_text("x", 0, 1).unwrap(),
            sentence: 0,
            time_type: TimeType::Date,
            value: value.to_string(),
            range: None,
            basis: String::new(),
            alternatives: Vec::new(),
            needs_story: true,
        }
    }

    #[test]
    fn parts_of_dates_are_read() {
        assert_eq!(hint_of(&time("XXXX-01-10")), Some(DayHint::OfYear(9)));
        assert_eq!(hint_of(&time("XXXX-XX-09")), Some(DayHint::OfMonth(9)));
        assert_eq!(hint_of(&time("XXXX-WXX-3TNI")), Some(DayHint::Weekday(3)));
        for without in ["XXXX-XX-XX", "XXXX-04", "2018-04-27", "XXXX-FA", "XXXX-XX-XXTEV", "XXXX-02-31"] {
            assert_eq!(hint_of(&time(without)), None, "{without}");
        }
    }

    #[test]
    fn the_year_is_a_circle() {
        assert_eq!(gap_in_year(day_of_year(12, 30).unwrap(), day_of_year(1, 2).unwrap()), 3);
    }

    #[test]
    fn weekdays_are_known_by_name() {
        assert_eq!(weekday_of("monday"), Some(Weekday::Monday));
        assert_eq!(weekday_of("moonday"), None);
    }
}
