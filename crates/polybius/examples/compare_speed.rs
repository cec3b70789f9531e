//! How long comparing takes, and how it grows: `cargo run --release -p polybius --example compare_speed -- STORE N...`
//!
//! Takes the coded documents of a store and makes N of them by altering: each round gives every person another name, swaps
//! half of the content words for made ones, and moves all days, so that each round has stories of its own beside words,
//! states and offices that all rounds share. `--copies` repeats one document N times instead, `--undated` takes all days
//! away, `--everyone` adds one page that names the persons of every hundredth page.

use jiff::ToSpan;
use jiff::civil::Date;
use polybius_actors::ActorTables;
use polybius_store::{Analysis, AnalysisLog};
use polybius_stories::{compare_corpus, group_into_stories};
use polybius_text::{CodedDocument, DocId, EntityType, EventId, stable_hash};
use std::path::Path;
use std::time::Instant;

/// Days between two rounds.
const DAYS: i64 = 3;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (flags, rest): (Vec<&str>, Vec<&str>) =
        arguments.iter().map(String::as_str).partition(|a| a.starts_with("--"));
    let Some((store, sizes)) = rest.split_first() else {
        eprintln!("usage: compare_speed STORE N... [--copies] [--undated] [--everyone]");
        std::process::exit(2);
    };
    let seeds = coded(Path::new(store));
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data");
    let tables = ActorTables::load(&data).expect("the shipped tables load");
    println!(
        "{:>8} {:>9} {:>9} {:>8} {:>8} {:>8} {:>7}",
        "pages", "group s", "all s", "stories", "chains", "claims", "notes"
    );
    let mut last: Option<(f64, f64)> = None;
    for size in sizes.iter().filter_map(|n| n.parse::<usize>().ok()) {
        let mut docs = corpus(&seeds, size, &flags);
        let started = Instant::now();
        let grouping = group_into_stories(&docs);
        let grouped = started.elapsed().as_secs_f64();
        let started = Instant::now();
        let compared = compare_corpus(&mut docs, &tables);
        let all = started.elapsed().as_secs_f64();
        println!(
            "{:>8} {grouped:>9.2} {all:>9.2} {:>8} {:>8} {:>8} {:>7}",
            docs.len(),
            compared.stories.len(),
            compared.chains.len(),
            compared.claims.len(),
            grouping.notes.len()
        );
        if let Some((n, seconds)) = last {
            println!(
                "         grows with exponent {:.2}",
                (all / seconds).ln() / (docs.len() as f64 / n).ln()
            );
        }
        last = Some((docs.len() as f64, all));
    }
}

/// The coded documents of a store.
fn coded(store: &Path) -> Vec<CodedDocument> {
    let logs = std::fs::read_dir(store.join("_analysis")).expect("the store has a log of analyses");
    let log = logs.flatten().map(|e| e.path()).find(|p| p.extension().is_some_and(|e| e == "log"));
    let hash = log.as_ref().and_then(|p| p.file_stem()).and_then(|s| s.to_str()).expect("the log has a name");
    let mut docs = Vec::new();
    AnalysisLog::open_analysis(store, hash, |a| {
        if let Analysis::Coded(doc) = a {
            docs.push(*doc);
        }
    })
    .expect("the log was written by this version");
    docs.sort_by(|a, b| a.annotated.article.doc_id.cmp(&b.annotated.article.doc_id));
    docs
}

fn corpus(seeds: &[CodedDocument], size: usize, flags: &[&str]) -> Vec<CodedDocument> {
    let copies = flags.contains(&"--copies");
    let mut docs: Vec<CodedDocument> = (0..size)
        .map(|n| {
            let (seed, round) =
                if copies { (&seeds[0], 0) } else { (&seeds[n % seeds.len()], n / seeds.len()) };
            altered(seed, round as u64, n)
        })
        .collect();
    if flags.contains(&"--undated") {
        docs.iter_mut().for_each(undated);
    }
    if flags.contains(&"--everyone") {
        docs.push(everyone(&docs));
    }
    docs.sort_by(|a, b| a.annotated.article.doc_id.cmp(&b.annotated.article.doc_id));
    docs
}

fn altered(seed: &CodedDocument, round: u64, number: usize) -> CodedDocument {
    let mut doc = seed.clone();
    let article = &mut doc.annotated.article;
    article.path = format!("{number}/{}", article.path);
    article.doc_id = DocId::of_page(&article.path, b"");
    for e in &mut doc.events {
        e.event_id = EventId::from_parts("e", &[doc.annotated.article.doc_id.as_str(), e.event_id.as_str()]);
    }
    if round > 0 {
        rename(&mut doc, round);
        shift(&mut doc, round as i64 * DAYS);
    }
    doc
}

/// Other persons and other words, letter by letter, so that all spans stay true.
fn rename(doc: &mut CodedDocument, round: u64) {
    let mut text = doc.annotated.article.text.clone().into_bytes();
    let persons = doc.mentions.iter().filter(|m| m.entity_type == EntityType::Person);
    let names: Vec<std::ops::Range<usize>> = persons.map(|m| m.span.range()).collect();
    for range in names {
        cipher(&mut text[range], round);
    }
    for t in &mut doc.annotated.tokens {
        let content = matches!(t.upos.as_str(), "NOUN" | "VERB" | "ADJ");
        if content && stable_hash(&[&t.lemma, &round.to_string()]).is_multiple_of(2) {
            cipher(&mut text[t.span.range()], round);
            t.lemma = ciphered(&t.lemma, round).into();
        }
    }
    doc.annotated.article.text = String::from_utf8(text).expect("letters give letters");
    for a in doc.doc_actors.iter_mut().filter(|a| a.kind == polybius_text::ActorKind::Person) {
        a.name = ciphered(&a.name, round);
        a.names = a.names.iter().map(|n| ciphered(n, round)).collect();
        a.table_id = None;
        a.wikidata_id = None;
    }
}

fn ciphered(word: &str, round: u64) -> String {
    let mut bytes = word.as_bytes().to_vec();
    cipher(&mut bytes, round);
    String::from_utf8(bytes).expect("letters give letters")
}

/// Vowels to vowels, consonants to consonants, by the place of the letter and the round.
fn cipher(word: &mut [u8], round: u64) {
    const VOWELS: &[u8] = b"aeiou";
    const CONSONANTS: &[u8] = b"bcdfghjklmnpqrstvwxyz";
    for b in word {
        let small = b.to_ascii_lowercase();
        let group = if VOWELS.contains(&small) { VOWELS } else { CONSONANTS };
        let Some(at) = group.iter().position(|g| *g == small) else { continue };
        let step = stable_hash(&[&round.to_string(), &at.to_string()]) as usize;
        let new = group[(at + step) % group.len()];
        *b = if b.is_ascii_uppercase() { new.to_ascii_uppercase() } else { new };
    }
}

fn shift(doc: &mut CodedDocument, days: i64) {
    let moved = |d: &mut Option<Date>| *d = d.and_then(|d| d.checked_add(days.days()).ok());
    if let Some(p) = &mut doc.annotated.article.published {
        moved(&mut p.date.start);
        moved(&mut p.date.end);
    }
    let ranges = doc.times.iter_mut().filter_map(|t| t.range.as_mut());
    for range in ranges.chain(doc.events.iter_mut().filter_map(|e| e.date.as_mut().map(|d| &mut d.range))) {
        moved(&mut range.start);
        moved(&mut range.end);
    }
}

fn undated(doc: &mut CodedDocument) {
    doc.annotated.article.published = None;
    doc.annotated.article.dateline = None;
    doc.times.clear();
    doc.events.iter_mut().for_each(|e| e.date = None);
}

/// A page that names the persons of very many.
fn everyone(docs: &[CodedDocument]) -> CodedDocument {
    let mut page = docs[0].clone();
    page.annotated.article.path = "everyone".to_string();
    page.annotated.article.doc_id = DocId::of_page("everyone", b"");
    let model = page.mentions.first().cloned();
    for actor in docs.iter().step_by(100).flat_map(|d| &d.doc_actors) {
        page.doc_actors.push(actor.clone());
        if let Some(mention) = &model {
            let mut mention = mention.clone();
            mention.actors = vec![page.doc_actors.len() as u32 - 1];
            page.mentions.push(mention);
        }
    }
    page
}
