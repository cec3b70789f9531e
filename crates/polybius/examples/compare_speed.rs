//! How long comparing takes, how much memory it needs and how both grow:
//! `cargo run --release -p polybius --example compare_speed -- STORE N...`
//!
//! Takes the coded documents of a store, read from its log as a run reads them, and makes N of them: as many as the store holds as
//! they are, more by altering. Each round gives every person another name, swaps half of the content words for made ones, and moves
//! all days, so that each round has stories of its own beside words, states and offices that all rounds share. `--copies` repeats
//! one document N times instead, `--undated` takes all days away, `--minute` gives all one day, `--everyone` adds one page that names
//! the persons of every hundredth page. `--write` writes the tables too, to a store in the folder for temporary files.
//!
//! Seconds are those of the clock and, behind them, of all cores together. The peak is that of the whole process so far: give
//! sizes from small to large.

use jiff::ToSpan;
use jiff::civil::Date;
use polybius_actors::ActorTables;
use polybius_store::{Analysis, AnalysisLog, AnalysisReader, Store};
use polybius_stories::{Documents, compare_documents};
use polybius_text::{CodedDocument, DocId, EntityType, EventId, stable_hash};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

/// Days between two rounds.
const DAYS: i64 = 3;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (flags, rest): (Vec<&str>, Vec<&str>) =
        arguments.iter().map(String::as_str).partition(|a| a.starts_with("--"));
    let Some((store, sizes)) = rest.split_first() else {
        eprintln!("usage: compare_speed STORE N... [--copies] [--undated] [--minute] [--everyone] [--write]");
        std::process::exit(2);
    };
    let seeds = Seeds::open(Path::new(store));
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data");
    let tables = ActorTables::load(&data).expect("the shipped tables load");
    println!(
        "{:>8} {:>10} {:>10} {:>9} {:>8} {:>8} {:>8} {:>7} {:>8}",
        "pages", "compare s", "core s", "write s", "stories", "chains", "claims", "notes", "peak MB"
    );
    let mut last: Option<(f64, f64)> = None;
    for size in sizes.iter().filter_map(|n| n.parse::<usize>().ok()) {
        let docs = Made::new(&seeds, size, &flags);
        let (started, cores) = (Instant::now(), core_seconds());
        let (corpus, notes, dated) = compare_documents(&docs, &tables);
        let (seconds, cores) = (started.elapsed().as_secs_f64(), core_seconds() - cores);
        let written = Instant::now();
        if flags.contains(&"--write") {
            write(&docs, &dated, &corpus);
        }
        println!(
            "{:>8} {seconds:>10.2} {cores:>10.2} {:>9.2} {:>8} {:>8} {:>8} {:>7} {:>8}",
            docs.count(),
            written.elapsed().as_secs_f64(),
            corpus.stories.len(),
            corpus.chains.len(),
            corpus.claims.len(),
            notes.len(),
            peak_megabytes()
        );
        if let Some((n, before)) = last {
            let exponent = (cores / before).ln() / (docs.count() as f64 / n).ln();
            println!("         core seconds grow with exponent {exponent:.2}");
        }
        notes.iter().take(3).for_each(|note| println!("         note: {note}"));
        last = Some((docs.count() as f64, cores));
    }
}

fn write(docs: &Made, dated: &dyn Documents, corpus: &polybius_text::Corpus) {
    let folder = std::env::temp_dir().join(format!("compare_speed.{}", std::process::id()));
    let store = Store::create(&folder).expect("the folder for temporary files can be written to");
    let (n, now) = (docs.count(), jiff::Timestamp::UNIX_EPOCH);
    store.commit_documents(n, |i| dated.document(i), corpus, &[], BTreeMap::new(), now).expect("written");
    drop(store);
    let _ = std::fs::remove_dir_all(&folder);
}

/// Seconds of all cores that this process took, where the system tells.
fn core_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or("").split_whitespace().collect();
    let ticks = |i: usize| fields.get(i).and_then(|f| f.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(11) + ticks(12)) / 100.0
}

/// The most memory that this process held, where the system tells.
fn peak_megabytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|l| l.strip_prefix("VmHWM:"));
    peak.and_then(|l| l.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) / 1024
}

/// The coded documents of a store, in its log.
struct Seeds {
    reader: AnalysisReader,
    /// Position and path, by document id.
    all: Vec<(u64, String)>,
}

impl Seeds {
    fn open(store: &Path) -> Seeds {
        let logs = std::fs::read_dir(store.join("_analysis")).expect("the store has a log of analyses");
        let log = logs.flatten().map(|e| e.path()).find(|p| p.extension().is_some_and(|e| e == "log"));
        let hash = log.as_ref().and_then(|p| p.file_stem()).and_then(|s| s.to_str());
        let mut by_id: BTreeMap<DocId, (u64, String)> = BTreeMap::new();
        let log = AnalysisLog::open_analysis(store, hash.expect("the log has a name"), |at, a| {
            if let Analysis::Coded(doc) = a {
                let article = doc.annotated.article;
                by_id.insert(article.doc_id, (at, article.path));
            }
        })
        .expect("the log was written by this version");
        Seeds { reader: log.reader(), all: by_id.into_values().collect() }
    }

    fn read(&self, number: usize) -> CodedDocument {
        match self.reader.read_at(self.all[number].0).expect("the log was read whole") {
            Analysis::Coded(doc) => *doc,
            Analysis::Rejected(..) => unreachable!("only coded documents are numbered"),
        }
    }
}

/// Documents made of the seeds, by document id.
struct Made<'s> {
    seeds: &'s Seeds,
    flags: &'s [&'s str],
    /// Which of the made documents stands at each place.
    order: Vec<usize>,
    everyone: Option<Box<CodedDocument>>,
}

impl<'s> Made<'s> {
    fn new(seeds: &'s Seeds, size: usize, flags: &'s [&'s str]) -> Made<'s> {
        let mut made = Made { seeds, flags, order: (0..size).collect(), everyone: None };
        if flags.contains(&"--everyone") {
            made.everyone = Some(Box::new(everyone(size, |n| made.made(n))));
            made.order.push(size);
        }
        let mut order = made.order.clone();
        order.sort_by_cached_key(|n| made.id(*n));
        Made { order, ..made }
    }

    /// Number of the seed, and the round.
    fn seed_of(&self, n: usize) -> (usize, u64) {
        if self.flags.contains(&"--copies") {
            (0, 0)
        } else {
            (n % self.seeds.all.len(), (n / self.seeds.all.len()) as u64)
        }
    }

    fn id(&self, n: usize) -> DocId {
        match &self.everyone {
            Some(page) if n + 1 == self.order.len() => page.annotated.article.doc_id.clone(),
            _ => DocId::of_page(&path_of(&self.seeds.all[self.seed_of(n).0].1, n), b""),
        }
    }

    fn made(&self, n: usize) -> CodedDocument {
        let (seed, round) = self.seed_of(n);
        let mut doc = altered(self.seeds.read(seed), round, n);
        if self.flags.contains(&"--undated") {
            undated(&mut doc);
        }
        if self.flags.contains(&"--minute") {
            of_one_day(&mut doc);
        }
        doc
    }
}

impl Documents for Made<'_> {
    fn count(&self) -> usize {
        self.order.len()
    }

    fn document(&self, number: u32) -> Cow<'_, CodedDocument> {
        let n = self.order[number as usize];
        match &self.everyone {
            Some(page) if n + 1 == self.order.len() => Cow::Borrowed(page),
            _ => Cow::Owned(self.made(n)),
        }
    }
}

fn path_of(seed: &str, number: usize) -> String {
    format!("{number}/{seed}")
}

fn altered(mut doc: CodedDocument, round: u64, number: usize) -> CodedDocument {
    let article = &mut doc.annotated.article;
    article.path = path_of(&article.path, number);
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

fn of_one_day(doc: &mut CodedDocument) {
    let day = jiff::civil::date(2031, 5, 4);
    let one = |d: &mut Option<Date>| *d = d.map(|_| day);
    if let Some(p) = &mut doc.annotated.article.published {
        one(&mut p.date.start);
        one(&mut p.date.end);
    }
    let ranges = doc.times.iter_mut().filter_map(|t| t.range.as_mut());
    for range in ranges.chain(doc.events.iter_mut().filter_map(|e| e.date.as_mut().map(|d| &mut d.range))) {
        one(&mut range.start);
        one(&mut range.end);
    }
}

/// A page that names the persons of very many.
fn everyone(size: usize, made: impl Fn(usize) -> CodedDocument) -> CodedDocument {
    let mut page = made(0);
    page.annotated.article.path = "everyone".to_string();
    page.annotated.article.doc_id = DocId::of_page("everyone", b"");
    let model = page.mentions.first().cloned();
    for actor in (0..size).step_by(100).flat_map(|n| made(n).doc_actors) {
        page.doc_actors.push(actor);
        if let Some(mention) = &model {
            let mut mention = mention.clone();
            mention.actors = vec![page.doc_actors.len() as u32 - 1];
            page.mentions.push(mention);
        }
    }
    page
}
