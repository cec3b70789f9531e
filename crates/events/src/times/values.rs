//! TIMEX3 values.

use super::knowledge::Unit;
use jiff::civil::Date;

/// `P2D`, `PT3H`, `PXW`: a length.
pub(super) fn duration(n: Option<u32>, unit: Unit) -> String {
    let times = |k: u32| n.map_or("X".to_owned(), |n| (u64::from(n) * u64::from(k)).to_string());
    match unit {
        Unit::Second => format!("PT{}S", times(1)),
        Unit::Minute => format!("PT{}M", times(1)),
        Unit::Hour => format!("PT{}H", times(1)),
        Unit::Day => format!("P{}D", times(1)),
        Unit::Night => format!("P{}NI", times(1)),
        Unit::Week => format!("P{}W", times(1)),
        Unit::Fortnight => format!("P{}W", times(2)),
        Unit::Weekend => format!("P{}WE", times(1)),
        Unit::Month => format!("P{}M", times(1)),
        Unit::Quarter => format!("P{}Q", times(1)),
        Unit::Half => format!("P{}M", times(6)),
        Unit::Year => format!("P{}Y", times(1)),
        Unit::Decade => format!("P{}Y", times(10)),
        Unit::Century => format!("P{}Y", times(100)),
        Unit::Millennium => format!("P{}Y", times(1000)),
    }
}

/// `2018-07-09`.
pub(crate) fn day(date: Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day())
}

/// `2018-07`.
pub(super) fn month(date: Date) -> String {
    format!("{:04}-{:02}", date.year(), date.month())
}

/// `2018-W28`.
pub(super) fn week(date: Date) -> String {
    let iso = date.iso_week_date();
    format!("{:04}-W{:02}", iso.year(), iso.week())
}

/// English name of a weekday, 1 = Monday.
pub(super) fn weekday_name(day: i8) -> &'static str {
    const NAMES: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    NAMES.get((day - 1).clamp(0, 6) as usize).copied().unwrap_or("Monday")
}

/// The weekday that a text of ours names.
pub(super) fn weekday_named(text: &str) -> Option<i8> {
    (1..=7).find(|&d| text.contains(weekday_name(d)))
}
