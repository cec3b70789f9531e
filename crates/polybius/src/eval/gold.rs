//! Gold files, and how anchors are found in what the program wrote.

use crate::failure::Failure;
use serde_json::Value;
use std::collections::HashMap;
use std::path::Path;

/// Reads a JSON file.
pub fn read_json(path: &Path) -> Result<Value, Failure> {
    let text = std::fs::read_to_string(path)
        .map_err(|e| Failure::caused(&format!("cannot read `{}`", path.display()), &e))?;
    serde_json::from_str(&text)
        .map_err(|e| Failure::caused(&format!("`{}` is not a gold file", path.display()), &e))
}

/// Lower case, straight quotes, single spaces.
pub fn normal(text: &str) -> String {
    let straight: String = text
        .chars()
        .map(|c| match c {
            '’' | '‘' => '\'',
            '“' | '”' => '"',
            c => c,
        })
        .collect();
    straight.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

fn words(text: &str) -> Vec<String> {
    normal(text)
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|w| !w.is_empty())
        .map(str::to_string)
        .collect()
}

/// The share of the anchor's words that the text holds, each word as often as it stands there.
pub fn overlap(anchor: &str, text: &str) -> f64 {
    let anchor = words(anchor);
    if anchor.is_empty() {
        return 0.0;
    }
    let mut left: HashMap<String, usize> = HashMap::new();
    for word in words(text) {
        *left.entry(word).or_default() += 1;
    }
    let hits = anchor
        .iter()
        .filter(|w| match left.get_mut(*w) {
            Some(n) if *n > 0 => {
                *n -= 1;
                true
            }
            _ => false,
        })
        .count();
    hits as f64 / anchor.len() as f64
}

/// A text or a list of texts as a list; null stands in it as `None`.
pub fn list(value: &Value) -> Vec<Option<String>> {
    match value {
        Value::Array(items) => items.iter().map(|v| v.as_str().map(str::to_string)).collect(),
        Value::String(s) => vec![Some(s.clone())],
        _ => Vec::new(),
    }
}

/// The texts of a list, without nulls.
pub fn texts(value: &Value) -> Vec<String> {
    list(value).into_iter().flatten().collect()
}
