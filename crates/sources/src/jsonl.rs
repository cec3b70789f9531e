//! JSON lines, also packed.

use crate::fields::{Fields, Row};
use crate::packed::Packed;
use crate::{Item, MAX_PAGE_BYTES};
use polybius_text::{Reject, RejectReason};
use serde_json::{Map, Value};

/// Longest line: a page and what JSON adds by escaping it.
const MAX_LINE: usize = 2 * MAX_PAGE_BYTES;

/// A page for each line that holds one; its path is `file.jsonl:LINE`.
pub(crate) struct JsonLines {
    packed: Packed,
    path: String,
    fields: Fields,
    line: Vec<u8>,
    number: u64,
    ended: bool,
}

impl JsonLines {
    pub fn new(packed: Packed, path: &str, fields: &Fields) -> JsonLines {
        JsonLines {
            packed,
            path: path.to_string(),
            fields: fields.clone(),
            line: Vec::new(),
            number: 0,
            ended: false,
        }
    }

    fn read(&self, whole: bool) -> Item {
        let path = format!("{}:{}", self.path, self.number);
        if !whole {
            let detail = format!("a line of more than {} MB", MAX_LINE >> 20);
            return Err(Reject { path, reason: RejectReason::TooLarge, detail });
        }
        let damaged =
            |detail: String| Err(Reject { path: path.clone(), reason: RejectReason::Damaged, detail });
        let line = self.line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&self.line);
        // Text with broken bytes is text all the same.
        let repaired = String::from_utf8_lossy(line);
        match serde_json::from_str::<Value>(&repaired) {
            Ok(Value::Object(object)) => row(&object, &self.fields, path),
            Ok(_) => damaged("no JSON object".into()),
            Err(e) => damaged(format!("no JSON: {e}").replace(" at line 1 column", ", at byte")),
        }
    }
}

fn row(object: &Map<String, Value>, fields: &Fields, path: String) -> Item {
    let get = |name: &str| find(object, name).and_then(text_of);
    let row = Row {
        text: get(&fields.text),
        html: get(&fields.html),
        url: get(&fields.url),
        date: get(&fields.date),
        title: get(&fields.title),
    };
    let others: Vec<String> = object.keys().take(12).map(|k| k.chars().take(40).collect()).collect();
    row.page(path, fields, &others)
}

/// The value of a name, or of a path of names joined by dots.
fn find<'v>(object: &'v Map<String, Value>, name: &str) -> Option<&'v Value> {
    object.get(name).or_else(|| {
        let (head, rest) = name.split_once('.')?;
        find(object.get(head)?.as_object()?, rest)
    })
}

fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Array(parts) => {
            // Paragraphs in a list.
            let parts: Vec<&str> = parts.iter().filter_map(Value::as_str).collect();
            (!parts.is_empty()).then(|| parts.join("\n\n"))
        }
        _ => None,
    }
}

impl Iterator for JsonLines {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        while !self.ended {
            match self.packed.read_line(&mut self.line, MAX_LINE) {
                Ok(None) => self.ended = true,
                Ok(Some(whole)) => {
                    self.number += 1;
                    if !whole || !self.line.iter().all(u8::is_ascii_whitespace) {
                        return Some(self.read(whole));
                    }
                }
                Err(damage) => {
                    // The line that the damage cut is lost; what follows in the next member is read.
                    self.number += 1;
                    self.ended = !self.packed.recover(b"");
                    return Some(Err(Reject {
                        path: format!("{}@{}", self.path, damage.at),
                        reason: RejectReason::Damaged,
                        detail: damage.what,
                    }));
                }
            }
        }
        None
    }
}
