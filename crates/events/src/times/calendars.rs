//! Days of the Islamic, Iranian and Ethiopian calendars as days of the common one.
//!
//! The Islamic calendar is the tabular one: months begin when the moon is seen, so its days are right within a day or two
//! and callers keep them as intervals. The Iranian rule (33-year cycle) and the Ethiopian rule are exact for 1900-2100.

use jiff::civil::Date;

/// A calendar other than the common one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Calendar {
    Hijri,
    Iranian,
    Ethiopian,
}

impl Calendar {
    /// Its name, for the basis of a date.
    pub fn name(self) -> &'static str {
        match self {
            Calendar::Hijri => "Hijri calendar",
            Calendar::Iranian => "Iranian calendar",
            Calendar::Ethiopian => "Ethiopian calendar",
        }
    }

    /// Days of a month at most.
    pub fn month_length(self, month: i8) -> i8 {
        match self {
            Calendar::Hijri => 30,
            Calendar::Iranian if month <= 6 => 31,
            Calendar::Iranian => 30,
            Calendar::Ethiopian if month == 13 => 6,
            Calendar::Ethiopian => 30,
        }
    }

    /// How many days its computed day may be off.
    pub fn slack_days(self) -> i32 {
        match self {
            Calendar::Hijri => 1,
            _ => 0,
        }
    }

    /// The common date of a day; `None` when there is no such day or it lies outside 1600-2200.
    pub fn to_common(self, year: i32, month: i8, day: i8) -> Option<Date> {
        let months = if self == Calendar::Ethiopian { 13 } else { 12 };
        if !(1..=months).contains(&month) || day < 1 || day > self.month_length(month) || year < 1 {
            return None;
        }
        let (y, m, d) = (i64::from(year), i64::from(month), i64::from(day));
        let julian_day = match self {
            Calendar::Hijri => {
                (11 * y + 3).div_euclid(30) + 354 * y + 30 * m - (m - 1) / 2 + d + 1_948_440 - 385
            }
            Calendar::Iranian => {
                let before = if m <= 7 { 31 * (m - 1) } else { 186 + 30 * (m - 7) };
                1_948_320 + 365 * (y - 1) + (8 * y + 21).div_euclid(33) + before + d - 1
            }
            Calendar::Ethiopian => 1_723_856 + 365 * y + y.div_euclid(4) + 30 * m + d - 31,
        };
        from_julian_day(julian_day)
    }

    /// The year of this calendar that covers most of the common year.
    pub fn year_near(self, common_year: i16) -> i32 {
        let y = i32::from(common_year);
        match self {
            Calendar::Hijri => ((y - 622) * 33 + 16) / 32,
            Calendar::Iranian => y - 621,
            Calendar::Ethiopian => y - 8,
        }
    }
}

fn from_julian_day(julian_day: i64) -> Option<Date> {
    const JULIAN_DAY_OF_2000: i64 = 2_451_545;
    let days = i32::try_from(julian_day - JULIAN_DAY_OF_2000).ok()?;
    let date = Date::new(2000, 1, 1).ok()?.checked_add(jiff::Span::new().try_days(days).ok()?).ok()?;
    (1600..=2200).contains(&date.year()).then_some(date)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn known_days() {
        assert_eq!(Calendar::Ethiopian.to_common(2010, 11, 1), Some(date(2018, 7, 8)));
        assert_eq!(Calendar::Ethiopian.to_common(2011, 1, 1), Some(date(2018, 9, 11)));
        assert_eq!(Calendar::Iranian.to_common(1399, 1, 1), Some(date(2020, 3, 20)));
        assert_eq!(Calendar::Iranian.to_common(1399, 4, 31), Some(date(2020, 7, 21)));
        assert_eq!(Calendar::Iranian.to_common(1399, 12, 30), Some(date(2021, 3, 20)));
        let muharram = Calendar::Hijri.to_common(1442, 1, 1).unwrap();
        assert!(muharram >= date(2020, 8, 19) && muharram <= date(2020, 8, 21));
        let ramadan = Calendar::Hijri.to_common(1444, 9, 1).unwrap();
        assert!(ramadan >= date(2023, 3, 22) && ramadan <= date(2023, 3, 24));
    }

    #[test]
    fn no_such_day() {
        assert_eq!(Calendar::Iranian.to_common(1399, 7, 31), None);
        assert_eq!(Calendar::Ethiopian.to_common(2010, 13, 7), None);
        assert_eq!(Calendar::Hijri.to_common(0, 1, 1), None);
        assert_eq!(Calendar::Hijri.to_common(i32::MAX, 1, 1), None);
    }
}
