//! Scores times on a file of lines {"text", "dct", "timex": [{"start", "end", "value"}]} (offsets in characters).
//!
//! cargo run --release -p polybius-events --example timex_score FILE [--verbose]

use polybius_events::times::{TimeKnowledge, find_times};
use polybius_text::*;
use std::collections::BTreeMap;
use std::path::Path;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let verbose = args.iter().any(|a| a == "--verbose");
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data");
    let knowledge = TimeKnowledge::load(&data).expect("data/times");
    let file = std::fs::read_to_string(&args[0]).expect("the set");
    let (mut gold_n, mut found_n, mut strict, mut relaxed, mut valued, mut right) = (0, 0, 0, 0, 0, 0);
    let mut misses: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for line in file.lines() {
        let row: serde_json::Value = serde_json::from_str(line).expect("a JSON line");
        let text = row["text"].as_str().expect("text");
        let bytes: Vec<usize> = text.char_indices().map(|(i, _)| i).chain([text.len()]).collect();
        let doc = as_document(text, row["dct"].as_str().unwrap_or(""));
        let times = find_times(&doc, &knowledge);
        let gold: Vec<(usize, usize, String)> = row["timex"]
            .as_array()
            .expect("timex")
            .iter()
            .map(|t| {
                let at = |k: &str| bytes[t[k].as_u64().expect("offset") as usize];
                (at("start"), at("end"), t["value"].as_str().unwrap_or("").to_owned())
            })
            .collect();
        gold_n += gold.len();
        found_n += times.len();
        let mut used = vec![false; times.len()];
        for (start, end, value) in &gold {
            let overlapping: Vec<usize> = (0..times.len())
                .filter(|&i| {
                    !used[i] && (times[i].span.start as usize) < *end && *start < times[i].span.end as usize
                })
                .collect();
            let exact = overlapping.iter().copied().find(|&i| times[i].span.range() == (*start..*end));
            let Some(i) = exact.or_else(|| overlapping.first().copied()) else {
                misses.entry("missed").or_default().push(text[*start..*end].to_owned());
                continue;
            };
            used[i] = true;
            relaxed += 1;
            if exact.is_some() {
                strict += 1;
            } else {
                misses.entry("span").or_default().push(format!(
                    "{} | ours {}",
                    &text[*start..*end],
                    times[i].span.of(text)
                ));
            }
            if !value.is_empty() {
                valued += 1;
                if times[i].value == *value {
                    right += 1;
                } else {
                    misses.entry("value").or_default().push(format!(
                        "{} {value} | ours {} {} ({})",
                        &text[*start..*end],
                        times[i].span.of(text),
                        times[i].value,
                        times[i].basis
                    ));
                }
            }
        }
        for (i, t) in times.iter().enumerate().filter(|(i, _)| !used[*i]) {
            let _ = i;
            let from = t.span.start as usize;
            let before: String =
                text[..from].chars().rev().take(25).collect::<Vec<_>>().into_iter().rev().collect();
            misses.entry("extra").or_default().push(format!(
                "{}[{}]",
                before.replace('\n', " "),
                t.span.of(text)
            ));
        }
    }
    let f1 = |hit: usize| 200.0 * hit as f64 / (gold_n + found_n).max(1) as f64;
    if verbose {
        for (kind, list) in &misses {
            println!("== {kind} {}", list.len());
            for m in list {
                println!("  {m}");
            }
        }
    }
    println!(
        "gold {gold_n} found {found_n} strict {:.1} relaxed {:.1} value {:.3}",
        f1(strict),
        f1(relaxed),
        right as f64 / valued.max(1) as f64
    );
}

/// A document of paragraphs split at full stops, without tokens.
fn as_document(text: &str, dct: &str) -> Annotated {
    let published = dct.parse().ok().map(|day| Published {
        date: DateRange::day(day),
        instant: None,
        basis: "set".into(),
        span: None,
    });
    let mut segments = Vec::new();
    let mut sentences = Vec::new();
    let mut at = 0;
    for (block, paragraph) in text.split_inclusive('\n').enumerate() {
        let span = Span::new(at, at + paragraph.len());
        if !paragraph.trim().is_empty() {
            let segment = segments.len() as u32;
            segments.push(Segment { kind: SegmentKind::Body, span, raw: span, block: block as u32 });
            let mut from = at;
            for piece in paragraph.split_inclusive(". ") {
                sentences.push(Sentence {
                    span: Span::new(from, from + piece.len()),
                    first_token: 0,
                    end_token: 0,
                    segment,
                    vector: Vec::new(),
                    repeats: None,
                });
                from += piece.len();
            }
        }
        at += paragraph.len();
    }
    let article = Article {
        doc_id: DocId("set".into()),
        path: String::new(),
        url: None,
        outlet: None,
        agency: None,
        title: None,
        byline: None,
        language: "en".into(),
        published,
        yearless: None,
        dateline: None,
        flags: Vec::new(),
        text: text.to_owned(),
        segments,
        raw_map: RawMap::identity(text.len()),
    };
    Annotated { article, sentences, tokens: Vec::new(), entities: Vec::new() }
}
