//! Changes pages at random and reads them, for as long as one wants.
//!
//! `mutate DATA_DIR SECONDS SEED FILE...` prints how many inputs were read and the slowest of them in processor time; an
//! input that makes the reader panic, breaks a promise of its, or takes more than a second is written to `mutate-N` and ends
//! the run with status 1.

use polybius_ingest::{IngestKnowledge, body_text, read_article, read_dates};
use polybius_text::{Page, PageKind};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::Instant;

/// Longest input that is made, in bytes.
const MAX_INPUT: usize = 400_000;
/// Processor time that one input may take, in seconds.
const MAX_SECONDS: f64 = 1.0;

/// Pieces that readers look for.
const TOKENS: &[&str] = &[
    "<",
    ">",
    "</",
    "<!--",
    "-->",
    "<p>",
    "</p>",
    "<div class=\"",
    "\"",
    "'",
    "=",
    "<script>",
    "</script>",
    "<script type=\"application/ld+json\">",
    "{\"articleBody\":\"",
    "\\u",
    "\\ud83d",
    "{\"content\":[",
    "}",
    "]",
    "<br>",
    "<table><tr><td>",
    "<template>",
    "<li hidden>",
    "<h1>",
    "<title>",
    "&",
    "&#",
    "&#x110000;",
    "&nbsp",
    "\0",
    "\u{feff}",
    "\u{200f}",
    "٣١/١٢/١٤٤٥",
    "۱۴۰۱/۴/۱۵",
    "2020年13月45日",
    "31/02/2020 25:61",
    "By ",
    " – ",
    "Updated: ",
    "Comments",
    "<item>",
    "<![CDATA[",
    "]]>",
    "<?xml version=\"1.0\"?>",
    "<!DOCTYPE a [<!ENTITY b \"c\">]>",
    "WARC/1.0\r\n",
    "Content-Length: ",
    "Content-Length: 99999999999999999999\r\n",
    "\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n",
    "\u{1f}\u{8b}",
    "\n",
    "http://a.example/",
    "charset=utf-16",
    "charset=shift_jis",
    "\u{1b}$B",
];

/// Numbers that look random and are the same for the same seed (xorshift64*).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, n: usize) -> usize {
        if n == 0 { 0 } else { (self.next() >> 11) as usize % n }
    }
}

fn changed(seed: &[u8], other: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=chance.below(12) {
        let at = chance.below(bytes.len() + 1);
        let end = (at + 1 + chance.below(300)).min(bytes.len());
        match chance.below(8) {
            0 if at < bytes.len() => bytes[at] ^= 1 << chance.below(8),
            1 => drop(bytes.drain(at..end)),
            2 => bytes.truncate(at),
            3 => {
                let piece = bytes[at..end].to_vec();
                let times = 1 + chance.below(200);
                let room = MAX_INPUT.saturating_sub(bytes.len()) / piece.len().max(1);
                drop(bytes.splice(at..at, piece.repeat(times.min(room))));
            }
            4 if !other.is_empty() => {
                let from = chance.below(other.len());
                let to = (from + chance.below(2000)).min(other.len());
                drop(bytes.splice(at..at, other[from..to].iter().copied()));
            }
            _ => {
                let token = TOKENS[chance.below(TOKENS.len())];
                let times = if chance.below(20) == 0 { 2000 } else { 1 };
                drop(bytes.splice(at..at, token.repeat(times).into_bytes()));
            }
        }
    }
    bytes.truncate(MAX_INPUT);
    bytes
}

fn read(bytes: Vec<u8>, known: &IngestKnowledge) {
    let page =
        Page { path: "input".into(), url: None, kind: PageKind::Guess, bytes, given: Default::default() };
    read_page(&page, known);
}

fn read_page(page: &Page, known: &IngestKnowledge) {
    let _ = read_dates(page, known);
    let Ok(article) = read_article(page, known) else { return };
    let mut end = 0;
    for segment in &article.segments {
        let range = segment.span.range();
        assert!(range.start >= end && range.start < range.end, "segments in order: {segment:?}");
        assert!(article.text.get(range.clone()).is_some(), "at characters: {segment:?}");
        assert!(segment.raw.range().end <= page.bytes.len(), "inside the page: {segment:?}");
        end = range.end;
    }
    for flag in &article.flags {
        assert!(flag.evidence.iter().all(|s| article.text.get(s.range()).is_some()), "{flag:?}");
    }
    assert!(body_text(&article).len() <= 2 * article.text.len() + 2);
}

/// Processor time of this thread in seconds where the system tells it, else the time of day.
fn seconds(start: Instant) -> f64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanos = told.and_then(|t| t.split_whitespace().next()?.parse::<f64>().ok());
    nanos.map_or_else(|| start.elapsed().as_secs_f64(), |n| n / 1e9)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let usage = "usage: mutate DATA_DIR SECONDS SEED FILE...";
    let mut args = std::env::args().skip(1);
    let known = IngestKnowledge::load(Path::new(&args.next().ok_or(usage)?))?;
    let limit: f64 = args.next().ok_or(usage)?.parse()?;
    let mut chance = Chance(args.next().ok_or(usage)?.parse::<u64>()?.wrapping_mul(2) + 1);
    let files: Vec<(String, Vec<u8>)> =
        args.map(|path| std::fs::read(&path).map(|bytes| (path, bytes))).collect::<Result<_, _>>()?;
    if files.is_empty() {
        return Err(usage.into());
    }
    let start = Instant::now();
    let (mut n, mut bad, mut slowest) = (0u64, 0, (0.0, ""));
    while start.elapsed().as_secs_f64() < limit {
        let (path, seed) = &files[chance.below(files.len())];
        let other = &files[chance.below(files.len())].1;
        let input = changed(seed, other, &mut chance);
        let before = seconds(start);
        let sound = catch_unwind(AssertUnwindSafe(|| read(input.clone(), &known))).is_ok();
        let took = seconds(start) - before;
        if took > slowest.0 {
            slowest = (took, path);
        }
        n += 1;
        if !sound || took > MAX_SECONDS {
            bad += 1;
            std::fs::write(format!("mutate-{bad}"), &input)?;
            eprintln!(
                "input {n} from `{path}`: {} in {took:.2} s, kept as mutate-{bad}",
                if sound { "slow" } else { "panic" }
            );
        }
    }
    println!("{n} inputs, {bad} bad; slowest {:.3} s from {}", slowest.0, slowest.1);
    if bad > 0 {
        std::process::exit(1);
    }
    Ok(())
}
