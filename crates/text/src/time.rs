use crate::Span;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// How exactly a date is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    /// One day.
    Day,
    /// One month.
    Month,
    /// One year.
    Year,
    /// From one day to another.
    Interval,
    /// One side is open, or only bounds are known.
    Open,
}

impl Precision {
    /// The word used in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Precision::Day => "day",
            Precision::Month => "month",
            Precision::Year => "year",
            Precision::Interval => "interval",
            Precision::Open => "open",
        }
    }
}

/// Days from `start` to `end`, both inclusive, `None` where open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct DateRange {
    /// First day.
    pub start: Option<Date>,
    /// Last day.
    pub end: Option<Date>,
    /// How exactly it is known.
    pub precision: Precision,
}

impl DateRange {
    /// One day.
    pub fn day(day: Date) -> DateRange {
        DateRange { start: Some(day), end: Some(day), precision: Precision::Day }
    }

    /// One month; `None` when there is no such month.
    pub fn month(year: i16, month: i8) -> Option<DateRange> {
        let first = Date::new(year, month, 1).ok()?;
        Some(DateRange { start: Some(first), end: Some(first.last_of_month()), precision: Precision::Month })
    }

    /// One year; `None` when out of range.
    pub fn year(year: i16) -> Option<DateRange> {
        let first = Date::new(year, 1, 1).ok()?;
        Some(DateRange { start: Some(first), end: Some(first.last_of_year()), precision: Precision::Year })
    }

    /// Whether some day lies in both; an open side reaches everywhere.
    pub fn overlaps(&self, other: &DateRange) -> bool {
        let before = |a: Option<Date>, b: Option<Date>| matches!((a, b), (Some(a), Some(b)) if a < b);
        !before(self.end, other.start) && !before(other.end, self.start)
    }
}

/// What a time expression is, in TimeML's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TimeType {
    /// A calendar date or longer.
    Date,
    /// A time of day.
    Time,
    /// A length.
    Duration,
    /// A repeated time.
    Set,
}

impl TimeType {
    /// The word used in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            TimeType::Date => "date",
            TimeType::Time => "time",
            TimeType::Duration => "duration",
            TimeType::Set => "set",
        }
    }
}

/// An expression of time with its value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeExpression {
    /// The words.
    pub span: Span,
    /// The sentence that holds it.
    pub sentence: u32,
    /// What it is.
    pub time_type: TimeType,
    /// TIMEX3 value: `2020-07-21`, `2020-05`, `P2D`, `XXXX-07-20`; empty when unresolved.
    pub value: String,
    /// The days meant, where they could be resolved (dates only).
    pub range: Option<DateRange>,
    /// What the value rests on: `explicit`, `weekday before 2020-07-22 (published)`, `month from the page`, ...
    pub basis: String,
    /// Other readings that the page allows, best first, with the reason: `2020-07-21: "yesterday" of 2020-07-22`.
    pub alternatives: Vec<String>,
    /// Whether it needs a year or a day that only the story can give (value then holds `X`).
    pub needs_story: bool,
}

/// A place named in the text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// The words.
    pub span: Span,
    /// The sentence that holds it.
    pub sentence: u32,
    /// The table's name of it, or the words.
    pub name: String,
    /// ISO-3, empty when unknown.
    pub country: String,
    /// GeoNames id.
    pub geonameid: Option<u32>,
    /// Degrees north.
    pub lat: Option<f64>,
    /// Degrees east.
    pub lon: Option<f64>,
    /// `city`, `region`, `country`, `unresolved`.
    pub precision: String,
}
