//! Years and days of other calendars and customs: Japanese and Taiwanese eras, the Iranian calendar.

use crate::words::Word;
use jiff::civil::Date;

/// Names of the eras in which Japan and Taiwan count years, and the year before their first.
const ERAS: &[(&str, i64)] =
    &[("令和", 2018), ("平成", 1988), ("昭和", 1925), ("民國", 1911), ("民国", 1911), ("中華民國", 1911)];
/// How such a year can begin.
pub(crate) const ERAS_FIRST: &[char] = &['令', '平', '昭', '民', '中'];

/// Year, month and day with their signs, in one word or in several, and the word behind them.
pub(crate) fn east_asian(words: &[Word], at: usize) -> Option<([i64; 3], usize)> {
    let first = &words[at].lower;
    if !first.contains(['年', '년']) && !words.get(at + 1)?.lower.starts_with(['年', '년']) {
        return None;
    }
    let mut text = String::new();
    for (i, word) in words[at..].iter().take(6).enumerate() {
        if !word.is_word {
            return None;
        }
        text.push_str(&word.lower);
        if text.contains(['日', '일', '號', '号']) {
            let (year, rest) = text.split_once(['年', '년'])?;
            let (month, rest) = rest.split_once(['月', '월'])?;
            let (day, _) = rest.split_once(['日', '일', '號', '号'])?;
            let era = ERAS.iter().find_map(|(name, before)| {
                let n = year.strip_prefix(name)?;
                Some(before + if n == "元" { 1 } else { n.parse::<i64>().ok()? })
            });
            let year = era.or_else(|| year.parse().ok())?;
            return Some(([year, month.parse().ok()?, day.parse().ok()?], at + i + 1));
        }
    }
    None
}

/// A day of the Iranian calendar as year, month and day of ours. Exact for the years 1206 to 1498, with the rule of 33
/// years, in which the years 1, 5, 9, 13, 17, 22, 26 and 30 are leap years.
pub(crate) fn jalali(year: i64, month: i64, day: i64) -> Option<(i64, i64, i64)> {
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let leap_days = |years: i64| {
        let (cycles, rest) = (years.div_euclid(33), years.rem_euclid(33));
        cycles * 8 + [1, 5, 9, 13, 17, 22, 26, 30].iter().filter(|n| **n <= rest).count() as i64
    };
    let days = |y: i64, m: i64, d: i64| {
        let in_year = if m <= 7 { (m - 1) * 31 } else { 186 + (m - 7) * 30 };
        (y - 1) * 365 + leap_days(y - 1) + in_year + d - 1
    };
    // 1 Farvardin 1400 was 21 March 2021.
    let since = days(year, month, day) - days(1400, 1, 1);
    let date = Date::constant(2021, 3, 21).checked_add(jiff::Span::new().try_days(since).ok()?).ok()?;
    Some((i64::from(date.year()), i64::from(date.month()), i64::from(date.day())))
}

#[cfg(test)]
mod tests {
    use super::jalali;

    #[test]
    fn new_years_days_of_the_iranian_calendar() {
        assert_eq!(jalali(1400, 1, 1), Some((2021, 3, 21)));
        assert_eq!(jalali(1399, 12, 30), Some((2021, 3, 20)));
        assert_eq!(jalali(1375, 1, 1), Some((1996, 3, 20)));
        assert_eq!(jalali(1357, 11, 22), Some((1979, 2, 11)));
        assert_eq!(jalali(1403, 12, 30), Some((2025, 3, 20)));
    }
}
