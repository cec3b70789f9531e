//! Pages that give themselves a day which their address, their text or the text that they copy does not allow.

use super::{Conflicts, Given};
use crate::dates;
use crate::hints::weekday_of;
use crate::title::MONTHS;
use jiff::civil::{Date, Weekday};
use polybius_text::{Article, CodedDocument, Precision, Span, TimeExpression};

/// A page written so many days after the news that it tells as present is dated wrongly or copied.
const FAR: i32 = 45;
/// Bytes of a line that gives a date and little else.
const LINE: usize = 120;
/// The days around the main day of a story that its news may name.
const NEAR: i32 = 7;

impl Conflicts<'_, '_> {
    /// One conflict for each page whose own date does not fit.
    pub(super) fn page_dates(&mut self) {
        for &doc in self.parts.members {
            let article = &self.facts.doc(doc).annotated.article;
            let Some((page, at)) = page_day(article) else { continue };
            let own: Given = (doc, format!("page says {page}"), at);
            let mut against = Vec::new();
            let address = article.url.as_deref().and_then(address_day).filter(|d| far(*d, page));
            against.extend(address.map(|day| (doc, format!("address says {day}"), head(article))));
            against.extend(self.own_words(doc, page));
            let mut hard = !against.is_empty();
            if against.is_empty() {
                against.extend(self.weekday_of_the_story(doc, page));
            }
            if against.is_empty() {
                against.extend(self.copied_from(doc, page));
                hard = false;
            }
            if against.is_empty() {
                continue;
            }
            let words: Vec<&str> = against.iter().map(|v| v.1.as_str()).collect();
            let reason = format!("the page gives {page}, but: {}", words.join(", "));
            against.push(own);
            self.add(None, "page-date", hard, against, reason);
        }
    }

    /// A weekday with its day of the month that the days of the story allow and the year of the page does not.
    fn own_words(&self, doc: u32, page: Date) -> Option<Given> {
        let main = dates::day(self.parts.main_day?).filter(|m| far(*m, page))?;
        let d = self.facts.doc(doc);
        d.times.iter().find_map(|t| {
            let stated = Stated::of(d, t)?;
            let allows = |from: Date| {
                (-NEAR..=NEAR).filter_map(|n| dates::day(dates::number(from) + n)).find(|x| stated.is(*x))
            };
            let day = allows(main)?;
            allows(page).is_none().then(|| (doc, format!("text says {} ({day})", shown(d, t)), t.span))
        })
    }

    /// `last Friday` on a page that stands far from the story, where the day of the story is a Friday.
    fn weekday_of_the_story(&self, doc: u32, page: Date) -> Option<Given> {
        let main = dates::day(self.parts.main_day?).filter(|m| *m < page && far(*m, page))?;
        let d = self.facts.doc(doc);
        // A text that gives the year of the story looks back.
        let year = main.year().to_string();
        let looks_back = d.times.iter().any(|t| words_of(d, t).contains(&year));
        if self.parts.members.len() < 3 || self.facts.spun(doc) || looks_back {
            return None;
        }
        let named = d.times.iter().find(|t| {
            let words: Vec<String> = words_of(d, t);
            words.len() <= 3 && words.iter().any(|w| weekday_of(w) == Some(main.weekday()))
        })?;
        Some((doc, format!("text says {} ({main})", shown(d, named)), named.span))
    }

    /// An earlier page that has the same text.
    fn copied_from(&self, doc: u32, page: Date) -> Option<Given> {
        let origin = self.parts.origin_of.get(&doc)?;
        let same = |m: &&u32| **m != doc && self.parts.origin_of.get(m) == Some(origin);
        let days = self
            .parts
            .members
            .iter()
            .filter(same)
            .filter_map(|&m| self.facts.doc(m).annotated.article.published_day());
        let first = days.min()?;
        let head = head(&self.facts.doc(doc).annotated.article);
        (first < page && far(first, page)).then(|| (doc, format!("copy of a text of {first}"), head))
    }
}

fn words_of(d: &CodedDocument, time: &TimeExpression) -> Vec<String> {
    let words = d.annotated.slice(time.span).split(|c: char| !c.is_alphanumeric());
    words.filter(|w| !w.is_empty()).map(str::to_lowercase).collect()
}

fn shown(d: &CodedDocument, time: &TimeExpression) -> String {
    d.annotated.slice(time.span).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A weekday and a day of the month, as the text gives them.
struct Stated {
    weekday: Weekday,
    day: i8,
    month: Option<i8>,
}

impl Stated {
    fn of(d: &CodedDocument, time: &TimeExpression) -> Option<Stated> {
        let words = words_of(d, time);
        // A year in the words leaves nothing open.
        if words.iter().any(|w| w.len() == 4 && w.parse::<i16>().is_ok()) {
            return None;
        }
        let weekday = words.iter().find_map(|w| weekday_of(w))?;
        // Where the reader fixed a day, its number is the one of the words; else the value keeps it.
        let of_value = time.value.get(8..10).and_then(|n| n.parse().ok());
        let has_number = words.iter().any(|w| w.chars().next().is_some_and(|c| c.is_ascii_digit()));
        let spelled =
            words.len() >= 2 && !has_number && words.iter().any(|w| w.ends_with("th") || w.ends_with("st"));
        let day = (has_number || spelled).then_some(of_value).flatten()?;
        let month = (words.len() >= 3).then(|| time.value.get(5..7).and_then(|n| n.parse().ok())).flatten();
        Some(Stated { weekday, day, month })
    }

    fn is(&self, day: Date) -> bool {
        day.weekday() == self.weekday && day.day() == self.day && self.month.is_none_or(|m| m == day.month())
    }
}

fn far(a: Date, b: Date) -> bool {
    (dates::number(a) - dates::number(b)).abs() > FAR
}

/// The day that the page itself gives, with its words: what it is dated by, or a day in its lines of date and navigation where
/// it is dated by its address.
fn page_day(article: &Article) -> Option<(Date, Span)> {
    let published = article.published.as_ref()?;
    if published.basis != "url" {
        let stated = published.date.precision == Precision::Day && published.basis != "inferred";
        let day = published.date.start.filter(|_| stated)?;
        return Some((day, published.span.unwrap_or(head(article))));
    }
    use polybius_text::SegmentKind::{Byline, Dateline, Navigation};
    let lines = article
        .segments
        .iter()
        .filter(|s| matches!(s.kind, Byline | Dateline | Navigation) && s.span.len() <= LINE);
    lines.filter_map(|s| Some((written_day(s.span.of(&article.text))?, s.span))).next()
}

/// A full day in a line: `24 May 2022`, `02/03/2020`, `2020-03-02`, `May 24, 2022`.
fn written_day(line: &str) -> Option<Date> {
    let words: Vec<&str> = line.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    // `24th` and the `24T10` of an ISO time hold a number, too.
    let number = |w: &str| {
        let digits = w.len() - w.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (digits, rest) = w.split_at(digits);
        let ends = rest.starts_with('T') || matches!(rest, "" | "st" | "nd" | "rd" | "th");
        digits.parse::<i16>().ok().filter(|_| ends)
    };
    let month = |w: &str| number(w).filter(|n| *n <= 12).or_else(|| Some(month_of(w)? as i16));
    words.windows(3).find_map(|w| {
        let year_last = number(w[2]).filter(|y| (1990..2100).contains(y));
        let (year, month, day) = match (year_last, number(w[0]).filter(|y| (1990..2100).contains(y))) {
            (Some(year), _) if number(w[0]).is_none() => (year, month(w[0])?, number(w[1])?),
            (Some(year), _) => (year, month(w[1])?, number(w[0])?),
            (None, Some(year)) => (year, month(w[1])?, number(w[2])?),
            (None, None) => return None,
        };
        Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
    })
}

fn month_of(word: &str) -> Option<usize> {
    let word = word.to_lowercase();
    MONTHS.iter().position(|m| word.len() >= 3 && m.to_lowercase().starts_with(&word)).map(|n| n + 1)
}

/// The title, or the first words.
fn head(article: &Article) -> Span {
    use polybius_text::SegmentKind::{Body, Title};
    let of = |kind| article.segments.iter().find(|s| s.kind == kind).map(|s| s.span);
    of(Title).or_else(|| of(Body)).unwrap_or(Span::new(0, 0))
}

/// The day in an address: `/2018/07/10/` or `2018-07-10`.
fn address_day(url: &str) -> Option<Date> {
    let pieces: Vec<i16> = url.split(['/', '-', '_', '.']).map(|p| p.parse().unwrap_or(-1)).collect();
    pieces.windows(3).find_map(|w| {
        let year = (1990..2100).contains(&w[0]);
        year.then(|| Date::new(w[0], i8::try_from(w[1]).ok()?, i8::try_from(w[2]).ok()?).ok()).flatten()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn an_address_may_hold_a_day() {
        assert_eq!(address_day("https://x.example/esteri/2018/07/10/a-b/"), Some(date(2018, 7, 10)));
        assert_eq!(address_day("https://x.example/a-2018-07-10-b"), Some(date(2018, 7, 10)));
        assert_eq!(address_day("https://x.example/2018/17/10/"), None);
        assert_eq!(address_day("https://x.example/12/3/4"), None);
    }

    #[test]
    fn a_line_may_hold_a_day() {
        assert_eq!(written_day("Published the 02/03/2020 at 08:15"), Some(date(2020, 3, 2)));
        assert_eq!(written_day("Tuesday, 24 May 2022"), Some(date(2022, 5, 24)));
        assert_eq!(written_day("May 24, 2022"), Some(date(2022, 5, 24)));
        assert_eq!(written_day("2022-05-24T10:00"), Some(date(2022, 5, 24)));
        assert_eq!(written_day("Page 12 of 24"), None);
    }
}
