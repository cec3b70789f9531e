//! Pieces of markup: names of tags, attributes, character references.

use std::borrow::Cow;

/// Attributes of one element that are read.
const MAX_ATTRIBUTES: usize = 64;

/// Name and value pairs up to `>` and the place behind it; `None` when a quote never closes. With `quotes_broken` quotes
/// are letters.
pub(crate) fn attributes(
    source: &str,
    from: usize,
    quotes_broken: bool,
) -> Option<(Vec<(&str, &str)>, usize)> {
    let bytes = source.as_bytes();
    let mut found = Vec::new();
    let mut at = from;
    loop {
        at = skip(bytes, at, |b| b.is_ascii_whitespace() || b == b'/');
        match bytes.get(at) {
            None => return Some((found, at)),
            Some(b'>') => return Some((found, at + 1)),
            _ => {}
        }
        let start = at;
        at = skip(bytes, at, |b| !b.is_ascii_whitespace() && !matches!(b, b'=' | b'>' | b'/'));
        let key = source.get(start..at).unwrap_or("");
        let look = skip(bytes, at, |b| b.is_ascii_whitespace());
        let value = if bytes.get(look) == Some(&b'=') {
            let (value, next) = attribute_value(source, look + 1, quotes_broken)?;
            at = next;
            value
        } else {
            at += usize::from(at == start);
            ""
        };
        if found.len() < MAX_ATTRIBUTES {
            found.push((key, value));
        }
    }
}

/// The first place from `at` on whose byte is none of these.
fn skip(bytes: &[u8], at: usize, is_one: impl Fn(u8) -> bool) -> usize {
    bytes[at.min(bytes.len())..].iter().position(|b| !is_one(*b)).map_or(bytes.len(), |n| at + n)
}

/// The value behind `=` and the place behind it; `None` when a quote never closes.
fn attribute_value(source: &str, from: usize, quotes_broken: bool) -> Option<(&str, usize)> {
    let bytes = source.as_bytes();
    let at = skip(bytes, from, |b| b.is_ascii_whitespace());
    match bytes.get(at).copied().filter(|q| matches!(q, b'"' | b'\'') && !quotes_broken) {
        Some(quote) => {
            let end = at + 1 + bytes[at + 1..].iter().position(|b| *b == quote)?;
            Some((&source[at + 1..end], end + 1))
        }
        None => {
            let end = skip(bytes, at, |b| !b.is_ascii_whitespace() && b != b'>');
            Some((source.get(at..end).unwrap_or(""), end))
        }
    }
}

/// The name in ASCII lower case, as many bytes as it has in the page.
pub(crate) fn tag_name(rest: &str) -> Cow<'_, str> {
    let end =
        rest.find(|c: char| c.is_ascii_whitespace() || matches!(c, '>' | '/' | '<')).unwrap_or(rest.len());
    let name = &rest[..rest.floor_char_boundary(end.min(64))];
    if name.bytes().any(|b| b.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    }
}

/// Where `</name` begins.
pub(crate) fn find_end_tag(rest: &str, name: &str) -> Option<usize> {
    let bytes = rest.as_bytes();
    let mut from = 0;
    while let Some(i) = rest[from..].find("</") {
        let at = from + i;
        let end = at + 2 + name.len();
        if end <= bytes.len() && bytes[at + 2..end].eq_ignore_ascii_case(name.as_bytes()) {
            return Some(at);
        }
        from = at + 2;
    }
    None
}

/// Length of the character reference that `piece`, which starts with `&`, begins with; 1 when it is none.
pub(crate) fn reference_len(piece: &str) -> usize {
    let body = piece.as_bytes()[1..]
        .iter()
        .take(40)
        .take_while(|b| b.is_ascii_alphanumeric() || **b == b'#')
        .count();
    let closed = piece.as_bytes().get(1 + body) == Some(&b';');
    if body == 0 { 1 } else { 1 + body + usize::from(closed) }
}
