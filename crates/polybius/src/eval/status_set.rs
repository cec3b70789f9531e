//! Scores of polarity and modality (`evals/labelled/`) and of factuality.

use super::labelled;
use super::sets::{SetScore, lines, rounded};
use crate::analyse::analyse_article;
use crate::failure::Failure;
use crate::resources::Resources;
use polybius_text::{Article, CodedDocument};
use serde_json::{Map, Value, json};
use std::path::Path;

const MODALITIES: [&str; 4] = ["actual", "future", "hypothetical", "historical"];
const POLARITIES: [&str; 3] = ["affirmed", "negated", "denied"];

/// Rows expected, columns found.
struct Confusion {
    classes: &'static [&'static str],
    cells: Vec<u32>,
}

impl Confusion {
    fn new(classes: &'static [&'static str]) -> Confusion {
        Confusion { classes, cells: vec![0; classes.len() * classes.len()] }
    }

    fn add(&mut self, expected: &str, found: &str) {
        let place = |c: &str| self.classes.iter().position(|x| *x == c);
        if let (Some(e), Some(f)) = (place(expected), place(found)) {
            self.cells[e * self.classes.len() + f] += 1;
        }
    }

    fn at(&self, expected: usize, found: usize) -> u32 {
        self.cells[expected * self.classes.len() + found]
    }

    /// Over the classes that are expected somewhere.
    fn macro_f1(&self) -> f64 {
        let n = self.classes.len();
        let scores: Vec<f64> = (0..n)
            .filter_map(|c| {
                let expected: u32 = (0..n).map(|f| self.at(c, f)).sum();
                let found: u32 = (0..n).map(|e| self.at(e, c)).sum();
                (expected > 0).then(|| f64::from(2 * self.at(c, c)) / f64::from(expected + found))
            })
            .collect();
        scores.iter().sum::<f64>() / scores.len().max(1) as f64
    }

    /// One entry an expected class: found class and number, in the order of the classes.
    fn table(&self) -> Map<String, Value> {
        let n = self.classes.len();
        let row = |e: usize| {
            let cells: Vec<String> =
                (0..n).map(|f| format!("{} {}", self.classes[f], self.at(e, f))).collect();
            (format!("is {}", self.classes[e]), json!(cells.join(", ")))
        };
        (0..n).map(row).collect()
    }
}

/// Polarity and modality of the marked events whose trigger is coded, for a file of marked sentences.
///
/// Figures: macro-averaged F1 of the four modalities and of the three polarities, with both tables; the same over all
/// marked events, coded or not. Of a file whose name ends in `test` no misses are told.
pub fn status(path: &Path, resources: &Resources) -> Result<(String, SetScore), Failure> {
    let name = path.file_stem().map_or("labelled".to_string(), |s| s.to_string_lossy().into_owned());
    let (mut modality, mut polarity) = (Confusion::new(&MODALITIES), Confusion::new(&POLARITIES));
    let (mut any_modality, mut any_polarity) = (Confusion::new(&MODALITIES), Confusion::new(&POLARITIES));
    let (mut marked, mut coded) = (0u32, 0u32);
    let mut misses = Vec::new();
    for sentence in labelled::read_file(path)? {
        let doc = analyse_article(Article::from_sentence(&sentence.text, None), resources);
        for gold in &sentence.events {
            marked += 1;
            let token = token_at(&doc, gold.trigger.start, gold.trigger.end);
            let judged = polybius_events::judge_words(&doc, &[token], &resources.codebook);
            if let Some(j) = judged.first() {
                any_modality.add(gold.modality.as_str(), j.modality.as_str());
                any_polarity.add(gold.polarity.as_str(), j.polarity.as_str());
            }
            let near = doc.events.iter().filter(|e| {
                (e.trigger.start as usize) < gold.trigger.end && gold.trigger.start < e.trigger.end as usize
            });
            let best = near.max_by_key(|e| e.event_type == gold.event_type);
            let (is_modality, is_polarity) = match (best, judged.first()) {
                (Some(e), _) => {
                    coded += 1;
                    modality.add(gold.modality.as_str(), e.modality.as_str());
                    polarity.add(gold.polarity.as_str(), e.polarity.as_str());
                    (e.modality.as_str(), e.polarity.as_str())
                }
                (None, Some(j)) => (j.modality.as_str(), j.polarity.as_str()),
                (None, None) => continue,
            };
            if (is_modality, is_polarity) != (gold.modality.as_str(), gold.polarity.as_str()) {
                misses.push(format!(
                    "{} {}, found {is_modality} {is_polarity}{}: [{}] {}",
                    gold.modality.as_str(),
                    gold.polarity.as_str(),
                    if best.is_none() { " (not coded)" } else { "" },
                    &sentence.text[gold.trigger.start..gold.trigger.end],
                    sentence.text
                ));
            }
        }
    }
    misses.sort();
    let mut figures = json!({
        "n_marked": marked, "n_coded": coded,
        "modality_macro_f1": rounded(modality.macro_f1()), "polarity_macro_f1": rounded(polarity.macro_f1()),
        "modality_macro_f1_all_marked": rounded(any_modality.macro_f1()),
        "polarity_macro_f1_all_marked": rounded(any_polarity.macro_f1()),
    });
    if let Value::Object(all) = &mut figures {
        all.extend(modality.table());
        all.extend(polarity.table());
    }
    let told = !name.ends_with("test");
    Ok((name, SetScore { figures, misses: if told { misses } else { Vec::new() } }))
}

/// The token that heads a stretch: the last verb in it, else its last token.
fn token_at(doc: &CodedDocument, start: usize, end: usize) -> u32 {
    let doc = &doc.annotated;
    let first = doc.token_from(start as u32);
    let last = doc.token_from(end as u32).max(first + 1);
    let verb = (first..last).find(|&t| doc.tokens.get(t as usize).is_some_and(|t| t.upos == "VERB"));
    verb.unwrap_or(last - 1)
}

/// How well factuality is told, for lines {"text", "events": [{"start", "end", "value"}]}: values -3 to 3, offsets in
/// characters.
///
/// Figures: Pearson's correlation, mean absolute error.
pub fn factuality(path: &Path, resources: &Resources) -> Result<(String, SetScore), Failure> {
    let name = path.file_stem().map_or("factuality".to_string(), |s| s.to_string_lossy().into_owned());
    let mut pairs: Vec<(f64, f64)> = Vec::new();
    let mut misses = Vec::new();
    for row in lines(path)? {
        let text = row["text"].as_str().unwrap_or("");
        let bytes: Vec<usize> = text.char_indices().map(|(i, _)| i).chain([text.len()]).collect();
        let doc = analyse_article(Article::from_sentence(text, None), resources);
        for gold in row["events"].as_array().into_iter().flatten() {
            let byte =
                |k: &str| bytes.get(gold[k].as_u64().unwrap_or(0) as usize).copied().unwrap_or(text.len());
            let (start, end) = (byte("start"), byte("end"));
            let Some(value) = gold["value"].as_f64() else { continue };
            let token = token_at(&doc, start, end);
            let judged = polybius_events::judge_words(&doc, &[token], &resources.codebook);
            let Some(j) = judged.first() else { continue };
            let is = f64::from(j.factuality);
            pairs.push((value, is));
            if (value - is).abs() >= 2.0 {
                misses.push(format!(
                    "{value:+.1}, found {is:+.1} ({} {}): [{}] {text}",
                    j.modality.as_str(),
                    j.polarity.as_str(),
                    &text[start..end.max(start)]
                ));
            }
        }
    }
    let n = pairs.len().max(1) as f64;
    let error = pairs.iter().map(|(a, b)| (a - b).abs()).sum::<f64>() / n;
    let figures = json!({
        "n": pairs.len(), "correlation": rounded(correlation(&pairs)), "mean_error": rounded(error),
    });
    Ok((name, SetScore { figures, misses }))
}

/// Pearson's; 0 where one side does not vary.
fn correlation(pairs: &[(f64, f64)]) -> f64 {
    let n = pairs.len().max(1) as f64;
    let (mean_a, mean_b) =
        (pairs.iter().map(|p| p.0).sum::<f64>() / n, pairs.iter().map(|p| p.1).sum::<f64>() / n);
    let (mut ab, mut aa, mut bb) = (0.0, 0.0, 0.0);
    for (a, b) in pairs {
        let (a, b) = (a - mean_a, b - mean_b);
        ab += a * b;
        aa += a * a;
        bb += b * b;
    }
    if aa * bb <= 0.0 { 0.0 } else { ab / (aa * bb).sqrt() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use polybius_text::{Modality, Polarity};

    #[test]
    fn correlation_of_opposites() {
        assert!((correlation(&[(1.0, -1.0), (2.0, -2.0)]) + 1.0).abs() < 1e-9);
        assert_eq!(correlation(&[(1.0, 2.0), (1.0, 3.0)]), 0.0);
    }

    #[test]
    fn all_classes_right_is_one() {
        let mut c = Confusion::new(&POLARITIES);
        c.add(Polarity::Affirmed.as_str(), "affirmed");
        c.add("negated", "negated");
        assert!((c.macro_f1() - 1.0).abs() < 1e-9);
        c.add("negated", "affirmed");
        assert!(c.macro_f1() < 1.0);
        assert_eq!(Modality::Actual.as_str(), MODALITIES[0]);
    }
}
