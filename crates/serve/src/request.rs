//! What a request asks for: the pieces of its path, its parameters, the window of a list.

use crate::problem::{Kind, Problem};
use jiff::civil::Date;
use serde::Serialize;
use std::collections::BTreeMap;

/// Items of a list when nothing is said, and at most.
pub const LIMIT: usize = 50;
/// Items of a list at most.
pub const MAX_LIMIT: usize = 500;

/// Path pieces and parameters, checked against those that the endpoint knows.
#[derive(Debug, Default, Clone)]
pub struct Request {
    /// Named pieces of the path.
    pub path: BTreeMap<String, String>,
    /// Parameters with a value.
    pub query: BTreeMap<String, String>,
}

impl Request {
    /// A piece of the path.
    pub fn piece(&self, name: &str) -> &str {
        self.path.get(name).map_or("", String::as_str)
    }

    /// A parameter; an empty one is none.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.query.get(name).map(|v| v.trim()).filter(|v| !v.is_empty())
    }

    /// The values of a parameter with commas; none where it is not given.
    pub fn list(&self, name: &str) -> Vec<&str> {
        self.get(name).map_or(Vec::new(), |v| v.split(',').map(str::trim).filter(|v| !v.is_empty()).collect())
    }

    /// A day.
    pub fn day(&self, name: &str) -> Result<Option<Date>, Problem> {
        self.get(name)
            .map(|v| {
                v.parse::<Date>()
                    .map_err(|_| Problem::bad(format!("`{name}` is no day")).hint("days are ISO: 2018-04-27"))
            })
            .transpose()
    }

    /// `true` or `false`.
    pub fn flag(&self, name: &str) -> Result<Option<bool>, Problem> {
        match self.get(name) {
            None => Ok(None),
            Some("true" | "1") => Ok(Some(true)),
            Some("false" | "0") => Ok(Some(false)),
            Some(_) => Err(Problem::bad(format!("`{name}` is true or false"))),
        }
    }

    /// A word out of a list.
    pub fn one_of<'a>(&'a self, name: &str, known: &[&str]) -> Result<Option<&'a str>, Problem> {
        match self.get(name) {
            Some(word) if !known.contains(&word) => Err(Problem::bad(format!("`{name}` cannot be `{word}`"))
                .hint(format!("one of {}", known.join(", ")))),
            other => Ok(other),
        }
    }

    /// Words out of a list.
    pub fn some_of(&self, name: &str, known: &[&str]) -> Result<Vec<&str>, Problem> {
        let words = self.list(name);
        match words.iter().find(|w| !known.contains(w)) {
            Some(word) => Err(Problem::bad(format!("`{name}` cannot be `{word}`"))
                .hint(format!("one of {}", known.join(", ")))),
            None => Ok(words),
        }
    }

    /// The stretch of the list.
    pub fn window(&self, version: u64) -> Result<Window, Problem> {
        let limit = match self.get("limit") {
            None => LIMIT,
            Some(n) => n.parse().ok().filter(|n| (1..=MAX_LIMIT).contains(n)).ok_or_else(|| {
                Problem::bad("`limit` is no number of items").hint(format!("1 to {MAX_LIMIT}"))
            })?,
        };
        let offset = match self.get("cursor") {
            None => 0,
            Some(cursor) => {
                let parts =
                    cursor.split_once('.').and_then(|(v, n)| Some((v.parse::<u64>().ok()?, n.parse().ok()?)));
                let (of, offset) = parts.ok_or_else(|| {
                    Problem::bad("the cursor is none of this server").hint("take `next_cursor` as it came")
                })?;
                if of != version {
                    return Err(Problem::new(Kind::StaleCursor, "the store has changed since that page")
                        .hint("begin the list anew, without `cursor`"));
                }
                offset
            }
        };
        Ok(Window { version, offset, limit })
    }
}

/// A stretch of a list of one version.
#[derive(Debug, Clone, Copy)]
#[allow(missing_docs)]
pub struct Window {
    pub version: u64,
    pub offset: usize,
    pub limit: usize,
}

/// A page of a list.
#[derive(Debug, Serialize)]
#[allow(missing_docs)]
pub struct Page<T> {
    pub items: Vec<T>,
    pub total: usize,
    pub next_cursor: Option<String>,
    pub version: u64,
}

impl Window {
    /// The page of all that was found; only its items are made.
    pub fn page<F, T>(self, found: Vec<F>, make: impl FnMut(F) -> T) -> Page<T> {
        let total = found.len();
        let items = found.into_iter().skip(self.offset).take(self.limit).map(make).collect();
        self.finish(items, total)
    }

    /// The page with items that were cut already.
    pub fn finish<T>(self, items: Vec<T>, total: usize) -> Page<T> {
        let next = self.offset.saturating_add(self.limit);
        let next_cursor = (next < total).then(|| format!("{}.{next}", self.version));
        Page { items, total, next_cursor, version: self.version }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(query: &[(&str, &str)]) -> Request {
        let query = query.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect();
        Request { path: BTreeMap::new(), query }
    }

    #[test]
    fn a_cursor_leads_through_the_list_and_is_refused_by_the_next_version() {
        let window = asked(&[("limit", "2")]).window(7).unwrap();
        let page = window.page(vec![1, 2, 3], |n| n);
        assert_eq!((page.items, page.total), (vec![1, 2], 3));
        let cursor = page.next_cursor.unwrap();
        let next = asked(&[("limit", "2"), ("cursor", &cursor)]);
        let page = next.window(7).unwrap().page(vec![1, 2, 3], |n| n);
        assert_eq!((page.items, page.next_cursor), (vec![3], None));
        assert_eq!(next.window(8).unwrap_err().kind, Kind::StaleCursor);
        for bad in ["x", "7", "7.-1", "7.99999999999999999999999"] {
            assert_eq!(asked(&[("cursor", bad)]).window(7).unwrap_err().kind, Kind::BadRequest, "{bad}");
        }
        assert!(asked(&[("limit", "0")]).window(7).is_err());
    }
}
