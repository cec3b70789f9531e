//! Scores of reading pages (`evals/pages`): text, metadata, dates, kinds of lines, flags.

use crate::eval::sets::SetScore;
use crate::failure::Failure;
use polybius_ingest::{IngestKnowledge, body_text, read_article};
use polybius_text::{Article, Page, PageKind};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Length of the word sequences that texts are compared by, as in the public benchmark of article extraction.
const GRAM: usize = 4;

/// All scores of the folder, by name of the set; sets whose file is missing are left out.
pub fn scores(folder: &Path, knowledge: &IngestKnowledge) -> Result<Vec<(String, SetScore)>, Failure> {
    let mut found = Vec::new();
    for split in ["dev", "test", "wild", "wild-test"] {
        let rows = |file: &str| -> Result<Vec<Value>, Failure> {
            let path = folder.join(file);
            if !path.is_file() {
                return Ok(Vec::new());
            }
            Ok(super::sets::lines(&path)?.into_iter().filter(|row| row["split"] == split).collect())
        };
        let mut add = |name: &str, rows: &[Value], score: SetScore| {
            if !rows.is_empty() {
                found.push((format!("{name}-{split}"), score));
            }
        };
        let pages = rows("gold.jsonl")?;
        add("pages", &pages, page_score(folder, &pages, knowledge)?);
        let dates = rows("dates.jsonl")?;
        add("dates", &dates, date_score(&dates, knowledge));
        let lines = rows("lines.jsonl")?;
        add("lines", &lines, line_score(&lines, knowledge));
        let flags = rows("flags.jsonl")?;
        add("flags", &flags, flag_score(&flags, knowledge));
    }
    Ok(found)
}

fn read(
    path: &str,
    url: Option<&str>,
    kind: PageKind,
    bytes: Vec<u8>,
    knowledge: &IngestKnowledge,
) -> Option<Article> {
    let page =
        Page { path: path.to_string(), url: url.map(str::to_string), kind, bytes, given: Default::default() };
    read_article(&page, knowledge).ok()
}

fn rounded(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

fn share(part: f64, whole: f64) -> f64 {
    if whole == 0.0 { 0.0 } else { part / whole }
}

/// How often each sequence of four words stands in a text.
fn grams(text: &str) -> BTreeMap<Vec<&str>, u32> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || is_mark(c);
    let words: Vec<&str> = text.split(|c| !is_word(c)).filter(|w| !w.is_empty()).collect();
    let mut found = BTreeMap::new();
    for gram in words.windows(GRAM.min(words.len().max(1))) {
        *found.entry(gram.to_vec()).or_default() += 1;
    }
    found
}

/// Vowel signs and joiners stand inside words.
fn is_mark(c: char) -> bool {
    matches!(u32::from(c), 0x300..=0x36f | 0x64b..=0x65f | 0x900..=0x963 | 0x981..=0x9e3 | 0x200c..=0x200d)
}

/// Shares of sequences found, too much and missing, which add up to one.
fn compare(gold: &str, found: &str) -> [f64; 3] {
    let (gold, found) = (grams(gold), grams(found));
    let total = |grams: &BTreeMap<Vec<&str>, u32>| grams.values().map(|n| f64::from(*n)).sum::<f64>();
    let both: f64 =
        gold.iter().map(|(gram, n)| f64::from((*n).min(found.get(gram).copied().unwrap_or(0)))).sum();
    let (extra, missing) = (total(&found) - both, total(&gold) - both);
    let sum = (both + extra + missing).max(1.0);
    [both / sum, extra / sum, missing / sum]
}

fn page_score(folder: &Path, rows: &[Value], knowledge: &IngestKnowledge) -> Result<SetScore, Failure> {
    let mut sums = [0.0; 3];
    let mut dates = Dates::default();
    let (mut titles, mut authors, mut false_flags) = (0.0, 0.0, 0u32);
    let mut misses = Vec::new();
    for row in rows {
        let name = row["page"].as_str().unwrap_or("");
        let path = folder.join(name);
        let bytes = std::fs::read(&path)
            .map_err(|e| Failure::caused(&format!("cannot read `{}`", path.display()), &e))?;
        let article = read(name, None, PageKind::Html, bytes, knowledge);
        let text = article.as_ref().map(body_text).unwrap_or_default();
        let part = compare(row["text"].as_str().unwrap_or(""), &text);
        for (sum, value) in sums.iter_mut().zip(part) {
            *sum += value;
        }
        if part[0] < 0.95 {
            misses.push(format!(
                "{name}: right {:.2}, too much {:.2}, missing {:.2}",
                part[0], part[1], part[2]
            ));
        }
        let title = article.as_ref().and_then(|a| a.title.clone());
        titles += f64::from(u8::from(title.as_deref() == row["title"].as_str()));
        let named: Vec<&str> =
            row["authors"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let byline = article.as_ref().and_then(|a| a.byline.clone()).unwrap_or_default();
        authors += f64::from(u8::from(byline == named.join(", ")));
        false_flags += article.as_ref().map_or(0, |a| a.flags.len() as u32);
        dates.add(name, &row["published"], article.as_ref(), &mut misses);
    }
    let n = rows.len() as f64;
    let (precision, recall) = (share(sums[0], sums[0] + sums[1]), share(sums[0], sums[0] + sums[2]));
    let figures = json!({
        "n": rows.len(), "text_precision": rounded(precision), "text_recall": rounded(recall),
        "text_f1": rounded(share(2.0 * precision * recall, precision + recall)),
        "titles": rounded(share(titles, n)), "authors": rounded(share(authors, n)),
        "dates_right": rounded(share(dates.right, n)), "dates_refused": rounded(share(dates.refused, n)),
        "dates_wrong": rounded(share(dates.wrong, n)), "flags_on_clean_pages": false_flags,
    });
    Ok(SetScore { figures, misses })
}

#[derive(Default)]
struct Dates {
    right: f64,
    refused: f64,
    wrong: f64,
}

impl Dates {
    fn add(&mut self, name: &str, gold: &Value, article: Option<&Article>, misses: &mut Vec<String>) {
        let found = article.and_then(|a| a.published.as_ref());
        let day = found.and_then(|p| p.date.start).map(|d| d.to_string());
        match (&day, gold.as_str()) {
            (Some(day), Some(gold)) if day == gold => self.right += 1.0,
            (None, None) => self.right += 1.0,
            (None, Some(gold)) => {
                self.refused += 1.0;
                misses.push(format!("{name}: no date, gold {gold}"));
            }
            (Some(day), gold) => {
                self.wrong += 1.0;
                let basis = found.map_or("", |p| p.basis.as_str());
                misses.push(format!("{name}: dated {day} by {basis}, gold {gold:?}"));
            }
        }
    }
}

/// Pages {"id", "url", "html", "published"}: the day, or null where a careful reader would not say.
fn date_score(rows: &[Value], knowledge: &IngestKnowledge) -> SetScore {
    let mut dates = Dates::default();
    let mut misses = Vec::new();
    for row in rows {
        let html = row["html"].as_str().unwrap_or("").as_bytes().to_vec();
        let id = row["id"].as_str().unwrap_or("");
        let article = read(id, row["url"].as_str(), PageKind::Html, html, knowledge);
        dates.add(id, &row["published"], article.as_ref(), &mut misses);
    }
    let n = rows.len() as f64;
    let figures = json!({
        "n": rows.len(), "right": rounded(share(dates.right, n)), "refused": rounded(share(dates.refused, n)),
        "wrong": rounded(share(dates.wrong, n)),
        "right_or_refused": rounded(share(dates.right + dates.refused, n)),
    });
    SetScore { figures, misses }
}

/// Flattened pages {"id", "lines": [[kind, text], ...]}: a line is right when most of it is of its kind; kinds that are no
/// article text count as one where gold says so by `furniture`.
fn line_score(rows: &[Value], knowledge: &IngestKnowledge) -> SetScore {
    let mut by_kind: BTreeMap<String, [f64; 3]> = BTreeMap::new();
    let (mut text_right, mut text_found, mut text_gold) = (0.0, 0.0, 0.0);
    let mut misses = Vec::new();
    for row in rows {
        let id = row["id"].as_str().unwrap_or("");
        let lines: Vec<(&str, &str)> = row["lines"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|line| Some((line[0].as_str()?, line[1].as_str()?)))
            .collect();
        let text = lines.iter().map(|(_, text)| *text).collect::<Vec<_>>().join("\n");
        let article = read(id, None, PageKind::Text, text.into_bytes(), knowledge);
        let mut start = 0;
        for (gold, line) in lines {
            let found = article.as_ref().map_or("none", |a| kind_of(a, start, start + line.len()));
            start += line.len() + 1;
            let is_text = |kind: &str| matches!(kind, "body" | "subhead" | "title" | "teaser");
            text_gold += f64::from(u8::from(is_text(gold)));
            text_found += f64::from(u8::from(is_text(found)));
            text_right += f64::from(u8::from(is_text(gold) && is_text(found)));
            by_kind.entry(gold.to_string()).or_default()[2] += 1.0;
            by_kind.entry(found.to_string()).or_default()[1] += 1.0;
            if found == gold {
                by_kind.entry(gold.to_string()).or_default()[0] += 1.0;
            } else {
                misses.push(format!("{id}: {gold}, found {found}: {line}"));
            }
        }
    }
    let sum = |i: usize| by_kind.values().map(|k| k[i]).sum::<f64>();
    let f1 = |k: &[f64; 3]| share(2.0 * k[0], k[1] + k[2]);
    let kinds: BTreeMap<&String, f64> =
        by_kind.iter().filter(|(_, k)| k[2] > 0.0).map(|(kind, k)| (kind, rounded(f1(k)))).collect();
    let figures = json!({
        "n": rows.len(), "lines": sum(2), "line_f1": rounded(share(2.0 * sum(0), sum(1) + sum(2))),
        "text_line_f1": rounded(share(2.0 * text_right, text_found + text_gold)), "kinds": kinds,
    });
    SetScore { figures, misses }
}

/// The kind of most bytes of a stretch.
fn kind_of(article: &Article, start: usize, end: usize) -> &'static str {
    let mut bytes: BTreeMap<&'static str, usize> = BTreeMap::new();
    for s in &article.segments {
        let (from, to) = (s.span.range().start.max(start), s.span.range().end.min(end));
        if from < to {
            *bytes.entry(s.kind.as_str()).or_default() += to - from;
        }
    }
    bytes.into_iter().max_by_key(|(_, n)| *n).map_or("none", |(kind, _)| kind)
}

/// Texts {"id", "text", "flags": [...]}: precision and recall over all flags, and how many clean texts are flagged.
fn flag_score(rows: &[Value], knowledge: &IngestKnowledge) -> SetScore {
    let (mut right, mut found_n, mut gold_n, mut clean, mut clean_flagged) = (0.0, 0.0, 0.0, 0.0, 0.0);
    let mut by_flag: BTreeMap<String, [f64; 3]> = BTreeMap::new();
    let mut misses = Vec::new();
    for row in rows {
        let id = row["id"].as_str().unwrap_or("");
        let text = row["text"].as_str().unwrap_or("").as_bytes().to_vec();
        let article = read(id, None, PageKind::Text, text, knowledge);
        let found: BTreeSet<&str> =
            article.iter().flat_map(|a| a.flags.iter().map(|f| f.kind.as_str())).collect();
        let gold: BTreeSet<&str> =
            row["flags"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        right += gold.intersection(&found).count() as f64;
        found_n += found.len() as f64;
        gold_n += gold.len() as f64;
        for flag in gold.union(&found) {
            let counts = by_flag.entry((*flag).to_string()).or_default();
            counts[0] += f64::from(u8::from(gold.contains(flag) && found.contains(flag)));
            counts[1] += f64::from(u8::from(found.contains(flag)));
            counts[2] += f64::from(u8::from(gold.contains(flag)));
        }
        clean += f64::from(u8::from(gold.is_empty()));
        clean_flagged += f64::from(u8::from(gold.is_empty() && !found.is_empty()));
        if gold != found {
            misses.push(format!("{id}: {gold:?}, found {found:?}"));
        }
    }
    let by_flag: BTreeMap<String, String> = by_flag
        .into_iter()
        .map(|(flag, [right, found, gold])| (flag, format!("{right} right, {found} found, {gold} in gold")))
        .collect();
    let figures = json!({
        "n": rows.len(), "precision": rounded(share(right, found_n)), "recall": rounded(share(right, gold_n)),
        "clean": clean, "clean_flagged": clean_flagged, "by_flag": by_flag,
    });
    SetScore { figures, misses }
}
