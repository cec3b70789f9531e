//! Prints the events of pages, or of sentences with their two parties, without building the whole program: for work on
//! the codebook.
//!
//! cargo run --release -p polybius-events --example code_pages -- FILE...       one JSON line an event
//! cargo run --release -p polybius-events --example code_pages -- --lines       a sentence a line in, its events out
//! cargo run --release -p polybius-events --example code_pages -- --between     lines {"text","actor","recipient"} in

#[path = "../tests/stages/mod.rs"]
mod stages;

use polybius_events::cases::event_line;
use polybius_events::code_between;
use polybius_ingest::{IngestKnowledge, read_article};
use polybius_text::{Article, CodedDocument, DocId, Event, Page, PageKind, Party};
use serde_json::{Value, json};
use stages::Stages;
use std::io::BufRead;

fn main() {
    let stages = Stages::load();
    let args: Vec<String> = std::env::args().skip(1).collect();
    if args.first().is_some_and(|a| a == "--between") {
        for line in std::io::stdin().lock().lines() {
            let row: Value = serde_json::from_str(&line.expect("text")).expect("a JSON line");
            let words = |k: &str| row[k].as_str().unwrap_or("").to_owned();
            let doc = stages.code(Article::from_sentence(&words("text"), None));
            let events = code_between(&doc, &words("actor"), &words("recipient"), &stages.codebook);
            let events: Vec<Value> = events.iter().map(|e| as_json(&doc, e)).collect();
            println!("{}", json!({"id": row["id"], "events": events}));
        }
        return;
    }
    if args.first().is_some_and(|a| a == "--lines") {
        for line in std::io::stdin().lock().lines() {
            let line = line.expect("text");
            let doc = stages.code(Article::from_sentence(&line, None));
            let events: Vec<String> = doc.events.iter().map(|e| event_line(&doc, e)).collect();
            println!("{line}\t{}", events.join("\t"));
        }
        return;
    }
    let ingest = IngestKnowledge::load(&stages::data().join("ingest")).expect("data/ingest");
    for path in &args {
        let page = Page {
            path: path.clone(),
            url: None,
            kind: PageKind::Guess,
            bytes: std::fs::read(path).expect("a file"),
            given: Default::default(),
        };
        let Ok(mut article) = read_article(&page, &ingest) else {
            continue;
        };
        article.doc_id = DocId::of_page(path, &page.bytes);
        let doc = stages.code(article);
        for event in &doc.events {
            println!("{}", as_json(&doc, event));
        }
    }
}

fn as_json(doc: &CodedDocument, e: &Event) -> Value {
    let codes = |parties: &[Party]| -> Vec<String> {
        parties.iter().map(|p| doc.doc_actors[p.actor as usize].code.clone()).collect()
    };
    let names = |parties: &[Party]| -> Vec<String> {
        parties.iter().map(|p| doc.doc_actors[p.actor as usize].name.clone()).collect()
    };
    json!({
        "path": doc.annotated.article.path, "event_type": e.event_type.as_str(), "modes": e.modes,
        "trigger": doc.annotated.slice(e.trigger), "evidence": doc.annotated.slice(e.evidence),
        "actor_codes": codes(&e.actors), "recipient_codes": codes(&e.recipients),
        "actor_names": names(&e.actors), "recipient_names": names(&e.recipients),
        "polarity": e.polarity.as_str(), "modality": e.modality.as_str(),
        "date_start": e.date.as_ref().and_then(|d| d.range.start).map(|d| d.to_string()),
        "rule": e.rule, "confidence": e.confidence,
    })
}
