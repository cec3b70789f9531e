//! The row of the codebook that made an event.
#![allow(missing_docs)]

use crate::tsv::cell;
use polybius_store::rows::EventRow;
use serde::Serialize;
use std::path::Path;

/// A row with the names of its columns, and what type, mode and code mean.
#[derive(Debug, Serialize)]
pub struct Rule {
    pub file: String,
    pub line: usize,
    pub cells: Vec<(String, String)>,
    pub type_about: Option<String>,
    pub mode_about: Option<String>,
    pub cameo_name: Option<String>,
}

/// Looks the rule up, which names file and line; `None` when the codebook has no such row any more.
pub fn rule_of(codebook: &Path, event: &EventRow) -> Option<Rule> {
    let (file, line) = event.rule.rsplit_once(':')?;
    let line: usize = line.parse().ok()?;
    // A rule names a file, never a path.
    if file.contains(['/', '\\']) {
        return None;
    }
    let path = [codebook.join("senses").join(file), codebook.join(file)].into_iter().find(|p| p.is_file())?;
    let text = std::fs::read_to_string(&path).ok()?;
    let row = text.lines().nth(line.checked_sub(1)?)?;
    let header = text.lines().find(|l| !l.starts_with('#') && !l.trim().is_empty())?;
    let cells = header
        .split('\t')
        .map(|name| name.trim().to_string())
        .zip(row.split('\t').map(|v| v.trim().to_string()).chain(std::iter::repeat(String::new())))
        .collect();
    let mode = event.modes.first().map_or("", String::as_str);
    Some(Rule {
        file: path.file_name()?.to_string_lossy().into_owned(),
        line,
        cells,
        type_about: cell(&codebook.join("types.tsv"), &[&event.event_type], "about"),
        mode_about: cell(&codebook.join("modes.tsv"), &[&event.event_type, mode], "about"),
        cameo_name: cell(&codebook.join("cameo.tsv"), &[&event.cameo], "name"),
    })
}
