//! What a person found wrong with an event: lines of `corrections.jsonl` in the store.

use crate::files;
use crate::problem::{Kind, Problem};
use crate::snapshot::Snapshot;
use polybius_store::rows::{EventRow, PartyRow};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// The file of corrections in a store.
pub const FILE: &str = "corrections.jsonl";

/// What can be wrong.
pub const FIELDS: [&str; 10] = [
    "event",
    "event_type",
    "mode",
    "actors",
    "recipients",
    "polarity",
    "modality",
    "date",
    "place",
    "attribution",
];

/// Letters of what a person writes, at most.
const LETTERS: usize = 2000;

/// A correction with what was there, so that it can be read without the store.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[derive(Default)]
pub struct Correction {
    pub id: String,
    pub event_id: String,
    pub field: String,
    pub was: String,
    pub should_be: String,
    pub note: String,
    pub doc_id: String,
    pub path: String,
    /// The sentence.
    pub evidence: String,
    pub rule: String,
    /// When it was written, ISO 8601.
    pub time: String,
}

/// What a person sends.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sent {
    pub event_id: String,
    pub field: String,
    #[serde(default)]
    pub should_be: String,
    #[serde(default)]
    pub note: String,
}

/// The corrections of a store; lines that are none are left out.
pub fn read(root: &Path) -> Result<Vec<Correction>, Problem> {
    let text = files::read(&path(root))?;
    Ok(text.lines().filter_map(|l| serde_json::from_str(l).ok()).collect())
}

/// Appends a correction.
pub fn append(root: &Path, s: &Snapshot, sent: Sent, time: String) -> Result<Correction, Problem> {
    if !FIELDS.contains(&sent.field.as_str()) {
        return Err(Problem::bad(format!("`field` cannot be `{}`", sent.field))
            .hint(format!("one of {}", FIELDS.join(", "))));
    }
    if [&sent.should_be, &sent.note].iter().any(|t| t.chars().count() > LETTERS) {
        return Err(Problem::bad("that is too long").hint(format!("at most {LETTERS} letters")));
    }
    let (head, row) = s.event(&sent.event_id).ok_or_else(|| Problem::missing("event", &sent.event_id))?;
    let doc = &s.documents[head.doc as usize];
    let evidence = doc.text.get(row.evidence_start as usize..row.evidence_end as usize).unwrap_or("");
    let parts = [&sent.event_id, &sent.field, &sent.should_be, &sent.note, &time];
    let hash = polybius_text::stable_hash(&parts.map(String::as_str));
    let correction = Correction {
        id: format!("k{hash:016x}"),
        was: was(&row, &sent.field),
        event_id: sent.event_id,
        field: sent.field,
        should_be: sent.should_be,
        note: sent.note,
        doc_id: doc.doc_id.clone(),
        path: doc.path.clone(),
        evidence: evidence.to_string(),
        rule: row.rule,
        time,
    };
    let _one = files::WRITING.lock().unwrap_or_else(|e| e.into_inner());
    let mut text = files::read(&path(root))?;
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    text.push_str(&serde_json::to_string(&correction).expect("plain data"));
    text.push('\n');
    files::write(&path(root), &text)?;
    Ok(correction)
}

/// Removes a correction.
pub fn remove(root: &Path, id: &str) -> Result<(), Problem> {
    let _one = files::WRITING.lock().unwrap_or_else(|e| e.into_inner());
    let text = files::read(&path(root))?;
    let is = |line: &str| serde_json::from_str::<Correction>(line).is_ok_and(|c| c.id == id);
    if !text.lines().any(is) {
        return Err(Problem::new(Kind::NotFound, format!("there is no correction `{id}`")));
    }
    let left: String = text.split_inclusive('\n').filter(|l| !is(l)).collect();
    files::write(&path(root), &left)
}

fn path(root: &Path) -> PathBuf {
    root.join(FILE)
}

/// What the store says of a field.
fn was(e: &EventRow, field: &str) -> String {
    let names = |list: &[PartyRow]| list.iter().map(|p| p.name.as_str()).collect::<Vec<_>>().join("; ");
    match field {
        "event_type" => e.event_type.clone(),
        "mode" => e.modes.join("; "),
        "actors" => names(&e.actors),
        "recipients" => names(&e.recipients),
        "polarity" => e.polarity.clone(),
        "modality" => e.modality.clone(),
        "date" => [&e.date_start, &e.date_end].into_iter().flatten().cloned().collect::<Vec<_>>().join("/"),
        "place" => e.place_name.clone().unwrap_or_default(),
        "attribution" => e.attribution.iter().map(|a| a.name.as_str()).collect::<Vec<_>>().join("; "),
        _ => format!("{}: {} → {}", e.event_type, names(&e.actors), names(&e.recipients)),
    }
}
