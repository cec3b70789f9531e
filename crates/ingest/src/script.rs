//! Articles that a page carries only as data for its scripts.
//!
//! Frameworks send the article as JSON and draw it in the browser. Every string of such data that stands under a name for
//! text weighs what it has of prose; the object, list or string that holds most of it is the article. What stands under a
//! name for furniture ("related", "comments", "author") does not count.

use crate::decode::{Builder, Decoded};
use crate::knowledge::IngestKnowledge;
use crate::labels;
use crate::letters::weight;
use crate::scan::find_end_tag;
use rustc_hash::FxHashMap;

/// The name of the text in schema.org's data of an article.
const KEY: &str = "\"articleBody\"";
/// How many such texts are looked at.
const MAX_TEXTS: usize = 20;
/// Objects, lists and strings of all scripts of a page that are looked at.
const MAX_VALUES: usize = 200_000;
/// Shortest script that can hold an article, in bytes.
const MIN_SCRIPT: usize = 400;
/// Shortest string that counts as prose, in bytes.
const MIN_PROSE: usize = 40;
/// Share of the prose of a value that one part of it must have to stand for it.
const MOST: f32 = 0.6;

/// The article's text in the page's data, with its way back to the bytes of the page: what schema.org's data name so, or
/// else the text that weighs most.
pub(crate) fn article_text(page: &Decoded, known: &IngestKnowledge) -> Option<Decoded> {
    let named = article_body(&page.text);
    let found = if named.as_ref().is_some_and(|b| b.text.len() >= MIN_SCRIPT) {
        named
    } else {
        scripts(&page.text, known).or(named)
    };
    found.map(|text| text.over(&page.map))
}

/// The longest text that JSON in the page calls an article's.
fn article_body(page: &str) -> Option<Builder> {
    let mut best: Option<Builder> = None;
    for (at, _) in page.match_indices(KEY).take(MAX_TEXTS) {
        let behind = page[at + KEY.len()..].trim_start();
        let Some(value) = behind.strip_prefix(':').map(str::trim_start).and_then(|v| v.strip_prefix('"'))
        else {
            continue;
        };
        let start = page.len() - value.len();
        if let Some(text) = json_string(page, start)
            && best.as_ref().is_none_or(|b| text.text.len() > b.text.len())
        {
            best = Some(text);
        }
    }
    best
}

/// The heaviest text of all scripts.
fn scripts(page: &str, known: &IngestKnowledge) -> Option<Builder> {
    let mut best: Option<(f32, Builder)> = None;
    let mut at = 0;
    let mut left = MAX_VALUES;
    while let Some(start) = page[at..].find("<script").map(|i| at + i) {
        let Some(from) = page[start..].find('>').map(|i| start + i + 1) else { break };
        let end = find_end_tag(&page[from..], "script").map_or(page.len(), |i| from + i);
        at = end;
        if end - from < MIN_SCRIPT {
            continue;
        }
        let data = Data::read(page, from, end, &mut left, known);
        if let Some((weight, text)) = data.heaviest(page)
            && best.as_ref().is_none_or(|(most, _)| weight > *most)
        {
            best = Some((weight, text));
        }
    }
    best.map(|(_, text)| text)
}

/// What the name of a value says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Named {
    Text,
    Furniture,
    Other,
}

/// An object, list or string.
struct Value {
    parent: u32,
    named: Named,
    is_list: bool,
    /// Where a string begins, behind its quote; 0 for objects and lists.
    string: usize,
    weight: f32,
}

/// The values of one script in the order of their beginnings; the first stands for the script.
struct Data<'p> {
    values: Vec<Value>,
    names: FxHashMap<&'p str, Named>,
}

impl<'p> Data<'p> {
    /// Reads whatever of the script looks like JSON; everything else is passed over.
    fn read(page: &'p str, from: usize, end: usize, left: &mut usize, known: &IngestKnowledge) -> Data<'p> {
        let root = Value { parent: 0, named: Named::Other, is_list: false, string: 0, weight: 0.0 };
        let mut data = Data { values: vec![root], names: FxHashMap::default() };
        let bytes = page.as_bytes();
        let mut open: Vec<u32> = vec![0];
        let mut name = None;
        let mut at = from;
        while at < end && *left > 0 {
            match bytes[at] {
                mark @ (b'{' | b'[') => {
                    *left -= 1;
                    let parent = open.last().copied().unwrap_or(0);
                    open.push(data.add(parent, name.take(), mark == b'[', 0, known));
                }
                b'}' | b']' if open.len() > 1 => {
                    open.pop();
                    name = None;
                }
                b',' => name = None,
                b'"' => {
                    let Some(close) = string_end(page, at + 1, end) else { break };
                    let is_name = page[close + 1..end].trim_start().starts_with(':');
                    let parent = open.last().copied().unwrap_or(0);
                    if is_name {
                        name = Some(&page[at + 1..close]);
                    } else if close - at > 1 {
                        *left -= 1;
                        let i = data.add(parent, name.take(), false, at + 1, known);
                        data.values[i as usize].weight = data.prose(i, &page[at + 1..close]);
                    }
                    at = close;
                }
                _ => {}
            }
            at += 1;
        }
        for i in (1..data.values.len()).rev() {
            let (parent, weight) = (data.values[i].parent as usize, data.values[i].weight);
            data.values[parent].weight += weight;
        }
        data
    }

    fn add(
        &mut self,
        parent: u32,
        name: Option<&'p str>,
        is_list: bool,
        string: usize,
        known: &IngestKnowledge,
    ) -> u32 {
        let around = self.values[parent as usize].named;
        let own = name.map(|name| *self.names.entry(name).or_insert_with(|| named(name, known)));
        let named = match (around, own) {
            (Named::Furniture, _) | (_, Some(Named::Furniture)) => Named::Furniture,
            // What stands in a list has the list's name.
            (around, None) => around,
            (_, Some(own)) => own,
        };
        self.values.push(Value { parent, named, is_list, string, weight: 0.0 });
        self.values.len() as u32 - 1
    }

    fn prose(&self, i: u32, raw: &str) -> f32 {
        let sentence = raw.len() >= MIN_PROSE && raw.contains(' ') && !raw.starts_with("http");
        if self.values[i as usize].named == Named::Text && sentence { weight(raw) } else { 0.0 }
    }

    /// The value that holds most of the prose, as text, with its weight.
    fn heaviest(&self, page: &str) -> Option<(f32, Builder)> {
        let mut heaviest_part: Vec<u32> = vec![0; self.values.len()];
        for (i, value) in self.values.iter().enumerate().skip(1) {
            let best = &mut heaviest_part[value.parent as usize];
            if *best == 0 || value.weight > self.values[*best as usize].weight {
                *best = i as u32;
            }
        }
        let mut at = 0u32;
        loop {
            let value = &self.values[at as usize];
            let part = heaviest_part[at as usize];
            let whole = value.string > 0 || (value.is_list && value.named == Named::Text);
            let most = self.values[part as usize].weight >= MOST * value.weight;
            let stories = value.is_list || at == 0;
            if part == 0 || whole || !(most || stories) {
                break;
            }
            at = part;
        }
        let weight = self.values[at as usize].weight;
        (weight > 0.0).then(|| (weight, self.text(page, at)))
    }

    /// All text below a value, a paragraph for each string.
    fn text(&self, page: &str, top: u32) -> Builder {
        let mut out = Builder::default();
        let mut below = vec![false; self.values.len()];
        below[top as usize] = true;
        for (i, value) in self.values.iter().enumerate().skip(top as usize) {
            below[i] |= below[value.parent as usize] && i > top as usize;
            let wanted = below[i] && value.string > 0 && value.named == Named::Text;
            let Some(text) = wanted.then(|| json_string(page, value.string)).flatten() else { continue };
            if !text.text.contains(' ') && value.weight == 0.0 {
                continue;
            }
            let markup = text.text.contains('<');
            out.push(if markup { "\n<p>" } else { "\n\n" }, value.string, 0);
            let mut from = 0;
            for run in &text.runs {
                let to = from + run.text_len as usize;
                out.push(&text.text[from..to], run.raw as usize, run.raw_len as usize);
                from = to;
            }
        }
        out
    }
}

fn named(name: &str, known: &IngestKnowledge) -> Named {
    let is_text = |word: &str| known.classes.has("data_text", word);
    if is_text(&name.to_lowercase()) {
        return Named::Text;
    }
    if labels::read(name, "", known).hint.is_some() {
        return Named::Furniture;
    }
    if labels::words_of(name).iter().any(|w| is_text(w)) { Named::Text } else { Named::Other }
}

/// Where the string that begins at `start` has its closing quote.
fn string_end(source: &str, start: usize, end: usize) -> Option<usize> {
    let bytes = source.as_bytes();
    let mut at = start;
    while at < end {
        match bytes[at] {
            b'"' => return Some(at),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    None
}

/// The JSON string whose first character stands at `start`; `None` when it does not end.
fn json_string(source: &str, start: usize) -> Option<Builder> {
    let mut out = Builder::default();
    let mut at = start;
    loop {
        let rest = source.get(at..)?;
        let plain = rest.find(['"', '\\'])?;
        out.push(&rest[..plain], at, plain);
        at += plain;
        if rest[plain..].starts_with('"') {
            return Some(out);
        }
        let (shown, len) = escape(&rest[plain..])?;
        let mut buffer = [0; 4];
        out.push(shown.encode_utf8(&mut buffer), at, len);
        at += len;
    }
}

/// The character that an escape stands for, and its length.
fn escape(text: &str) -> Option<(char, usize)> {
    let hex = |from: usize| text.get(from..from + 4).and_then(|h| u32::from_str_radix(h, 16).ok());
    match text.as_bytes().get(1)? {
        b'n' | b'r' => Some(('\n', 2)),
        b't' | b'b' | b'f' => Some((' ', 2)),
        b'u' => {
            let first = hex(2)?;
            let second = if text.get(6..8) == Some("\\u") { hex(8) } else { None };
            match (first, second) {
                (0xd800..=0xdbff, Some(low @ 0xdc00..=0xdfff)) => {
                    let joined = 0x10000 + ((first - 0xd800) << 10) + (low - 0xdc00);
                    Some((char::from_u32(joined).unwrap_or('\u{fffd}'), 12))
                }
                _ => Some((char::from_u32(first).unwrap_or('\u{fffd}'), 6)),
            }
        }
        _ => {
            let other = text[1..].chars().next()?;
            Some((other, 1 + other.len_utf8()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{article_body, article_text};
    use crate::IngestKnowledge;
    use crate::decode::Decoded;
    use polybius_text::{RawMap, Span};
    use std::path::Path;

    fn found(page: &str) -> Option<Decoded> {
        let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/ingest");
        let known = IngestKnowledge::load(&data).expect("the data are in the repository");
        article_text(&Decoded { text: page.to_string(), map: RawMap::identity(page.len()) }, &known)
    }

    #[test]
    fn text_in_json_knows_its_bytes() {
        let page =
            r#"<script>{"articleBody" : "Ministers \u00ab met \u00bb in Oslo.\nThey \"agreed\"."}</script>"#;
        let body = article_body(page).expect("there is one").over(&RawMap::identity(page.len()));
        assert_eq!(body.text, "Ministers « met » in Oslo.\nThey \"agreed\".");
        let at = body.text.find("Oslo").expect("it is there");
        let raw = body.map.to_raw(Span::new(at, at + 4));
        assert_eq!(&page[raw.range()], "Oslo");
    }

    #[test]
    fn a_string_without_end_is_no_text() {
        assert!(article_body(r#"{"articleBody":"Ministers met"#).is_none());
    }

    #[test]
    fn paragraphs_in_a_list_are_one_text_and_related_stories_none_of_it() {
        let long = "The ministers of both countries met in the harbour town for the third time this year. ";
        let page = format!(
            r#"<script>window.S={{"story":{{"title":"Ministers meet","body":[{{"kind":"text","content":"{}"}},{{"content":"They \u003cb\u003eagreed\u003c/b\u003e on fish and on little else before the ferry left."}}]}},"related":[{{"text":"{}"}}]}};</script>"#,
            long.repeat(4),
            long.repeat(9)
        );
        let text = found(&page).expect("there is a text");
        assert!(text.text.contains("<b>agreed</b> on fish"), "{}", text.text);
        assert_eq!(text.text.matches("harbour town").count(), 4, "{}", text.text);
        let at = text.text.find("ferry").expect("it is there");
        assert_eq!(&page[text.map.to_raw(Span::new(at, at + 5)).range()], "ferry");
    }

    #[test]
    fn settings_and_addresses_are_no_text() {
        let page = format!(
            r#"<script>{{"content":{{"id":"{}","url":"https://a.example/b c d"}}}}</script>"#,
            "x".repeat(600)
        );
        assert!(found(&page).is_none());
    }
}
