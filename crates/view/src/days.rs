//! Days as a person writes them.

use jiff::civil::Date;

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// `27 Apr 2018`, `21–22 Jul 2020`, `Apr 2018`, `2018`, `from 3 May 2018`; empty when both sides are open.
pub fn range(start: Option<&str>, end: Option<&str>) -> String {
    let parse = |d: Option<&str>| d.and_then(|d| d.parse::<Date>().ok());
    match (parse(start), parse(end)) {
        (None, None) => String::new(),
        (Some(a), None) => format!("from {}", day(a)),
        (None, Some(b)) => format!("until {}", day(b)),
        (Some(a), Some(b)) => between(a, b),
    }
}

fn between(a: Date, b: Date) -> String {
    let whole_months = a.day() == 1 && b == b.last_of_month();
    if a == b {
        day(a)
    } else if whole_months && a.month() == 1 && b.month() == 12 {
        if a.year() == b.year() { a.year().to_string() } else { format!("{}–{}", a.year(), b.year()) }
    } else if whole_months && (a.year(), a.month()) == (b.year(), b.month()) {
        format!("{} {}", month(a), a.year())
    } else if whole_months && a.year() == b.year() {
        format!("{}–{} {}", month(a), month(b), a.year())
    } else if (a.year(), a.month()) == (b.year(), b.month()) {
        format!("{}–{} {} {}", a.day(), b.day(), month(a), a.year())
    } else if a.year() == b.year() {
        format!("{} {} – {}", a.day(), month(a), day(b))
    } else {
        format!("{} – {}", day(a), day(b))
    }
}

fn day(d: Date) -> String {
    format!("{} {} {}", d.day(), month(d), d.year())
}

fn month(d: Date) -> &'static str {
    MONTHS[(d.month() - 1) as usize]
}

/// A title without the days at its end where those stand beside it anyway.
pub fn without_end<'t>(title: &'t str, start: Option<&str>, end: Option<&str>) -> &'t str {
    let Some((head, tail)) = title.rsplit_once(", ") else { return title };
    let year = [start, end].into_iter().flatten().filter_map(|d| d.get(..4)).any(|y| tail.ends_with(y));
    let only_days = tail.split([' ', '-', '–']).all(|w| {
        w.is_empty()
            || w.bytes().all(|b| b.is_ascii_digit())
            || MONTHS.iter().any(|m| w.starts_with(m) && w.len() <= "September".len())
    });
    if year && only_days { head } else { title }
}

/// `3 documents`, `1 document`.
pub fn count(n: usize, one: &str, many: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {many}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_read_as_a_person_writes_them() {
        let r = |a, b| range(Some(a), Some(b));
        assert_eq!(r("2018-04-27", "2018-04-27"), "27 Apr 2018");
        assert_eq!(r("2020-07-21", "2020-07-22"), "21–22 Jul 2020");
        assert_eq!(r("2018-04-27", "2018-05-02"), "27 Apr – 2 May 2018");
        assert_eq!(r("2017-12-31", "2018-01-02"), "31 Dec 2017 – 2 Jan 2018");
        assert_eq!(r("2018-04-01", "2018-04-30"), "Apr 2018");
        assert_eq!(r("2018-01-01", "2018-12-31"), "2018");
        assert_eq!(range(Some("2018-04-27"), None), "from 27 Apr 2018");
        assert_eq!(range(None, None), "");
    }

    #[test]
    fn a_title_loses_only_days_that_stand_beside_it() {
        let of = |title| without_end(title, Some("2018-04-27"), Some("2018-04-27"));
        assert_eq!(of("Moon meets Kim, 27 April 2018"), "Moon meets Kim");
        assert_eq!(of("Moon meets Kim, in 2018"), "Moon meets Kim, in 2018");
        assert_eq!(of("Moon meets Kim, 3 May 2019"), "Moon meets Kim, 3 May 2019");
    }
}
