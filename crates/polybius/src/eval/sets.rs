//! Scores on lists of sentences and of name pairs (`evals/sentences`, `evals/names.jsonl`).

use crate::analyse::analyse_article;
use crate::failure::Failure;
use crate::resources::Resources;
use polybius_text::{Article, EventType};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// What was found against what was expected.
pub struct SetScore {
    pub figures: Value,
    pub misses: Vec<String>,
}

/// The type of the first event between two given parties, for each line {"text", "date", "actor", "recipient",
/// "event_type", "also"}. A type of `also` counts as the expected one.
///
/// Figures: n, share right, macro-averaged F1 over the types and over the four quad classes.
pub fn sentences(path: &Path, resources: &Resources) -> Result<SetScore, Failure> {
    let (mut types, mut quads) = (Classes::default(), Classes::default());
    let mut misses = Vec::new();
    for row in lines(path)? {
        let text = |field: &str| row[field].as_str().unwrap_or("");
        let expected = text("event_type");
        let coded = || {
            let article = Article::from_sentence(text("text"), text("date").parse().ok());
            let doc = analyse_article(article, resources);
            let events =
                polybius_events::code_between(&doc, text("actor"), text("recipient"), &resources.codebook);
            events.first().map(|e| e.event_type.as_str())
        };
        let found = catch_unwind(AssertUnwindSafe(coded)).unwrap_or(None).unwrap_or("none");
        let fits = row["also"].as_array().is_some_and(|also| also.iter().any(|t| t == found));
        let found_or_same = if fits { expected } else { found };
        types.add(expected, found_or_same);
        quads.add(quad(expected), quad(found_or_same));
        if found_or_same != expected {
            misses.push(format!("{} {expected}, found {found}: {}", text("id"), text("text")));
        }
    }
    let figures = json!({
        "n": types.n, "right": rounded(types.share_right()), "type_macro_f1": rounded(types.macro_f1()),
        "quad_macro_f1": rounded(quads.macro_f1()),
    });
    Ok(SetScore { figures, misses })
}

fn quad(event_type: &str) -> &str {
    event_type.parse::<EventType>().map_or("none", |t| t.quad().as_str())
}

/// Pairs {"a", "b", "same"}.
pub fn names(path: &Path) -> Result<SetScore, Failure> {
    let (mut hits, mut found, mut expected, mut n) = (0u32, 0u32, 0u32, 0u32);
    let mut misses = Vec::new();
    for row in lines(path)? {
        let name = |field: &str| row[field].as_str().unwrap_or("");
        let same = row["same"] == true;
        let says = polybius_actors::names::match_names(name("a"), name("b")).same;
        n += 1;
        hits += u32::from(same && says);
        found += u32::from(says);
        expected += u32::from(same);
        if same != says {
            misses.push(format!(
                "{} / {}: {}",
                name("a"),
                name("b"),
                if same { "same" } else { "not the same" }
            ));
        }
    }
    let (precision, recall) = (share(hits, found), share(hits, expected));
    let figures = json!({
        "n": n, "precision": rounded(precision), "recall": rounded(recall),
        "f1": rounded(share(2 * hits, found + expected)),
    });
    Ok(SetScore { figures, misses })
}

/// Expected and found classes: hits, found and expected by class.
#[derive(Default)]
pub(super) struct Classes {
    pub(super) n: u32,
    right: u32,
    by_class: BTreeMap<String, [u32; 3]>,
}

impl Classes {
    pub(super) fn add(&mut self, expected: &str, found: &str) {
        self.n += 1;
        let right = u32::from(expected == found);
        self.right += right;
        self.by_class.entry(found.to_string()).or_default()[1] += 1;
        let of_expected = self.by_class.entry(expected.to_string()).or_default();
        of_expected[0] += right;
        of_expected[2] += 1;
    }

    pub(super) fn share_right(&self) -> f64 {
        share(self.right, self.n)
    }

    /// Over the classes that are expected somewhere.
    pub(super) fn macro_f1(&self) -> f64 {
        let scores: Vec<f64> = self
            .by_class
            .values()
            .filter(|[_, _, expected]| *expected > 0)
            .map(|[hits, found, expected]| share(2 * hits, found + expected))
            .collect();
        scores.iter().sum::<f64>() / scores.len().max(1) as f64
    }
}

pub(super) fn share(part: u32, whole: u32) -> f64 {
    if whole == 0 { 0.0 } else { f64::from(part) / f64::from(whole) }
}

pub(super) fn rounded(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

/// The JSON values of a file, one a line.
pub(super) fn lines(path: &Path) -> Result<Vec<Value>, Failure> {
    let text = std::fs::read_to_string(path)
        .map_err(|e| Failure::caused(&format!("cannot read `{}`", path.display()), &e))?;
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(i, line)| {
            serde_json::from_str(line)
                .map_err(|e| Failure::caused(&format!("`{}` line {}", path.display(), i + 1), &e))
        })
        .collect()
}
