//! Scores of time expressions (`evals/times.jsonl`, or any file of that form).

use super::sets::{SetScore, lines, rounded};
use crate::failure::Failure;
use crate::resources::Resources;
use polybius_text::{Article, Segment, SegmentKind, Span, TimeExpression};
use serde_json::{Value, json};
use std::path::Path;

/// Counts of one half of a set.
#[derive(Default)]
struct Half {
    texts: u32,
    expected: u32,
    found: u32,
    strict: u32,
    relaxed: u32,
    valued: u32,
    right: u32,
    misses: Vec<String>,
}

/// Spans and TIMEX3 values, for each line {"text", "dct" or "date", "timex": [{"start", "end", "value"[, "also"]}]} with
/// offsets in characters. Lines with a field "half" are scored by half; misses of a half named "test" are not told.
///
/// Figures: strict and relaxed F1 (same span; overlapping spans), share of the overlapping ones with the right value.
/// An empty value is not scored, except on own sets (with "half"), where it says that no value may be given.
pub fn times(path: &Path, resources: &Resources) -> Result<Vec<(String, SetScore)>, Failure> {
    let name = path.file_stem().map_or("times".to_string(), |s| s.to_string_lossy().into_owned());
    let mut halves: Vec<(String, Half)> = Vec::new();
    for row in lines(path)? {
        let part = row["half"].as_str();
        let set = part.map_or(name.clone(), |half| format!("{name} {half}"));
        let at = halves.iter().position(|(n, _)| *n == set).unwrap_or_else(|| {
            halves.push((set, Half::default()));
            halves.len() - 1
        });
        halves[at].1.add(&row, resources);
    }
    halves.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(halves
        .into_iter()
        .map(|(name, half)| {
            let score = half.score(!name.ends_with(" test"));
            (name, score)
        })
        .collect())
}

/// The text as an article whose lines are paragraphs.
fn article(text: &str, written: &str) -> Article {
    let mut article = Article::from_sentence(text, written.parse().ok());
    article.segments.clear();
    let mut at = 0;
    for (block, line) in text.split_inclusive('\n').enumerate() {
        let span = Span::new(at, at + line.trim_end().len());
        if !line.trim().is_empty() {
            let block = block as u32;
            article.segments.push(Segment { kind: SegmentKind::Body, span, raw: span, block });
        }
        at += line.len();
    }
    article
}

impl Half {
    fn add(&mut self, row: &Value, resources: &Resources) {
        let text = row["text"].as_str().unwrap_or("");
        let written = row["dct"].as_str().or(row["date"].as_str()).unwrap_or("");
        let bytes: Vec<usize> = text.char_indices().map(|(i, _)| i).chain([text.len()]).collect();
        let doc = polybius_parse::annotate(article(text, written), &resources.reader);
        let times = polybius_events::times::find_times(&doc, &resources.times);
        let mut used = vec![false; times.len()];
        self.texts += 1;
        self.found += times.len() as u32;
        for gold in row["timex"].as_array().into_iter().flatten() {
            let byte = |k: &str| {
                let at = gold[k].as_u64().unwrap_or(0) as usize;
                bytes.get(at).copied().unwrap_or(text.len())
            };
            let (start, end) = (byte("start"), byte("end").max(byte("start")));
            self.expected += 1;
            let overlapping =
                |t: &TimeExpression| (t.span.start as usize) < end && start < t.span.end as usize;
            let near: Vec<usize> = (0..times.len()).filter(|&i| !used[i] && overlapping(&times[i])).collect();
            let exact = near.iter().copied().find(|&i| times[i].span.range() == (start..end));
            let words = &text[start..end];
            let Some(i) = exact.or_else(|| near.first().copied()) else {
                self.misses.push(format!("MISSED {words}: {}", around(text, start)));
                continue;
            };
            used[i] = true;
            self.relaxed += 1;
            self.strict += u32::from(exact.is_some());
            let ours = times[i].span.of(text);
            if exact.is_none() {
                self.misses.push(format!("SPAN {words}, ours {ours}"));
            }
            let value = gold["value"].as_str().unwrap_or("");
            if value.is_empty() && row["half"].is_null() {
                continue;
            }
            self.valued += 1;
            let also = gold["also"].as_array().into_iter().flatten();
            let fits = times[i].value == value || also.into_iter().any(|v| v == times[i].value.as_str());
            self.right += u32::from(fits);
            if !fits {
                self.misses.push(format!(
                    "VALUE {words} {value}, ours {} ({}): {}",
                    times[i].value,
                    times[i].basis,
                    around(text, start)
                ));
            }
        }
        for (i, t) in times.iter().enumerate().filter(|(i, _)| !used[*i]) {
            let _ = i;
            let from = t.span.start as usize;
            self.misses.push(format!("EXTRA {} {}: {}", t.span.of(text), t.value, around(text, from)));
        }
    }

    fn score(mut self, tells: bool) -> SetScore {
        let share = |a: u32, b: u32| if b == 0 { 0.0 } else { rounded(f64::from(a) / f64::from(b)) };
        let both = self.expected + self.found;
        let figures = json!({
            "texts": self.texts, "expected": self.expected, "found": self.found,
            "strict_f1": share(2 * self.strict, both), "relaxed_f1": share(2 * self.relaxed, both),
            "n_values": self.valued, "value_accuracy": share(self.right, self.valued),
        });
        self.misses.sort();
        SetScore { figures, misses: if tells { self.misses } else { Vec::new() } }
    }
}

/// The words about a byte.
fn around(text: &str, at: usize) -> String {
    let before: Vec<char> = text[..at].chars().rev().take(40).collect();
    let after = text[at..].chars().take(50);
    before.into_iter().rev().chain(after).map(|c| if c == '\n' { ' ' } else { c }).collect()
}
