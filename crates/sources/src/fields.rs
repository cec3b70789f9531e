//! Named values to pages: the same for JSON lines and Parquet.

use crate::MAX_PAGE_BYTES;
use jiff::Timestamp;
use polybius_text::{Given, GivenBasis, Page, PageKind, Reject, RejectReason};

/// Names of the fields that hold a page. In JSON a name with dots reaches into objects (`meta.url`).
#[derive(Debug, Clone)]
pub struct Fields {
    /// Plain text.
    pub text: String,
    /// HTML; goes before the text where a row has both.
    pub html: String,
    /// The address.
    pub url: String,
    /// When published: ISO 8601, RFC 2822, or seconds or milliseconds since 1970.
    pub date: String,
    /// The headline.
    pub title: String,
}

impl Default for Fields {
    fn default() -> Fields {
        Fields {
            text: "text".into(),
            html: "html".into(),
            url: "url".into(),
            date: "date".into(),
            title: "title".into(),
        }
    }
}

/// The values of one row.
#[derive(Debug, Default)]
pub(crate) struct Row {
    pub text: Option<String>,
    pub html: Option<String>,
    pub url: Option<String>,
    pub date: Option<String>,
    pub title: Option<String>,
}

impl Row {
    /// The page of a row. Title and text of a plain row are one text, the title on the first line, unless the text
    /// begins with it: a headline is told as much as the lines under it.
    pub fn page(self, path: String, fields: &Fields, others: &[String]) -> Result<Page, Reject> {
        let full = |s: &Option<String>| s.as_ref().is_some_and(|s| !s.trim().is_empty());
        let (kind, bytes) = if full(&self.html) {
            (PageKind::Html, markup(self.html.unwrap_or_default()).into_bytes())
        } else if full(&self.text) {
            (PageKind::Guess, under_title(self.title.as_deref(), self.text.unwrap_or_default()).into_bytes())
        } else {
            let there = match others {
                [] => String::new(),
                _ => format!("; it has {}", others.join(", ")),
            };
            let detail = format!(
                "nothing in `{}` or `{}`{there}: name the fields with --text-field or --html-field",
                fields.text, fields.html
            );
            return Err(Reject { path, reason: RejectReason::Empty, detail });
        };
        if bytes.len() > MAX_PAGE_BYTES {
            let detail = format!("more than {} MB", MAX_PAGE_BYTES >> 20);
            return Err(Reject { path, reason: RejectReason::TooLarge, detail });
        }
        let date = self.date.map(|d| iso_date(&d));
        let is_given = date.is_some() || self.title.is_some();
        let given = Given {
            title: self.title.filter(|t| !t.trim().is_empty()),
            date,
            basis: if is_given { GivenBasis::Field } else { GivenBasis::None },
            ..Given::default()
        };
        Ok(Page { path, url: self.url.filter(|u| !u.trim().is_empty()), kind, bytes, given })
    }
}

/// The markup of a field that was escaped once too often.
fn markup(html: String) -> String {
    let escaped = html.contains("&lt;") && !html.contains('<');
    if escaped { htmlize::unescape(html.as_str()).into_owned() } else { html }
}

fn under_title(title: Option<&str>, text: String) -> String {
    let title = title.map(str::trim).unwrap_or("");
    let is_markup = text.trim_start().starts_with('<');
    if title.is_empty() || is_markup || text.trim_start().starts_with(title) {
        return text;
    }
    format!("{title}\n\n{text}")
}

/// A date as ISO 8601 where it can be read, as it stands otherwise.
pub(crate) fn iso_date(text: &str) -> String {
    let text = text.trim();
    if let Ok(zoned) =
        jiff::fmt::rfc2822::DateTimeParser::new().relaxed_weekday(true).parse_zoned_datetime(text)
    {
        return zoned.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string();
    }
    match text.parse::<i64>() {
        Ok(number) if text.len() > 8 => from_epoch(number).unwrap_or_else(|| text.to_string()),
        _ => text.to_string(),
    }
}

/// Seconds, or milliseconds, microseconds or nanoseconds, since 1970.
pub(crate) fn from_epoch(number: i64) -> Option<String> {
    let seconds = match number.unsigned_abs() {
        0..100_000_000_000 => number,
        100_000_000_000..100_000_000_000_000 => number / 1_000,
        100_000_000_000_000..100_000_000_000_000_000 => number / 1_000_000,
        _ => number / 1_000_000_000,
    };
    Timestamp::from_second(seconds).ok().map(|t| t.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_feeds_and_databases_become_iso() {
        assert_eq!(iso_date("Mon, 06 Sep 2021 16:45:00 GMT"), "2021-09-06T16:45:00+00:00");
        assert_eq!(iso_date("06 Sep 2021 16:45 +0530"), "2021-09-06T16:45:00+05:30");
        assert_eq!(iso_date("1630946700"), "2021-09-06T16:45:00Z");
        assert_eq!(iso_date("1630946700000"), "2021-09-06T16:45:00Z");
        assert_eq!(iso_date("20210906"), "20210906");
        assert_eq!(iso_date("yesterday"), "yesterday");
    }
}
