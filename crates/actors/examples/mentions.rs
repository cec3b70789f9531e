//! Prints every mention of the given pages with its actor, code, sector and basis: `mentions [--data DIR] FILE...`.
//!
//! `--tsv` prints one tab-separated row a mention, for scoring.

use polybius_actors::{ActorTables, find_mentions, join_actors};
use polybius_text::{
    Annotated, Article, CodedDocument, DateRange, DocId, Precision, Published, RawMap, Segment, SegmentKind,
    Span,
};
use std::path::PathBuf;

fn main() {
    let mut data = PathBuf::from("data");
    let (mut files, mut tsv) = (Vec::new(), false);
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--data" => data = PathBuf::from(args.next().expect("--data DIR")),
            "--tsv" => tsv = true,
            _ => files.push(arg),
        }
    }
    let start = std::time::Instant::now();
    let tables = ActorTables::load(&data).unwrap_or_else(|e| panic!("{e}"));
    eprintln!("tables: {:?}", start.elapsed());
    let reader = polybius_parse::Reader::open(&data.join("model/accurate.safetensors")).expect("model");
    let mut docs = Vec::new();
    let mut spent = std::time::Duration::ZERO;
    for path in &files {
        let annotated: Annotated = polybius_parse::annotate(plain_article(path), &reader);
        let start = std::time::Instant::now();
        let found = find_mentions(&annotated, &tables);
        spent += start.elapsed();
        docs.push(CodedDocument {
            annotated,
            times: vec![],
            places: found.places,
            doc_actors: found.doc_actors,
            mentions: found.mentions,
            quotes: vec![],
            events: vec![],
        });
    }
    eprintln!("mentions: {spent:?} for {} documents", docs.len());
    let start = std::time::Instant::now();
    let joined = join_actors(&docs, &[(0..docs.len() as u32).collect()], &tables);
    eprintln!("joining: {:?}", start.elapsed());
    for (d, doc) in docs.iter().enumerate() {
        if !tsv {
            println!("== {}", doc.annotated.article.path);
        }
        for m in &doc.mentions {
            let who: Vec<String> = m
                .actors
                .iter()
                .map(|&a| {
                    let (x, id) = (&doc.doc_actors[a as usize], &joined.actor_of[d][a as usize]);
                    let actor =
                        joined.actors.iter().find(|y| y.actor_id == *id).expect("every id is an actor");
                    let sector = actor.sector.map_or("", |s| s.as_str());
                    if tsv {
                        format!("{id}|{}|{}|{}|{}", actor.name, actor.code, sector, x.excluded)
                    } else {
                        format!(
                            "{} [{} {}] ({}) {}",
                            x.name,
                            x.code,
                            x.sector.map_or("", |s| s.as_str()),
                            actor.name,
                            x.excluded
                        )
                    }
                })
                .collect();
            let text = doc.annotated.slice(m.span).replace(['\n', '\t'], " ");
            if tsv {
                println!(
                    "{}\t{}\t{}\t{}\t{}\t{}\t{}",
                    doc.annotated.article.path,
                    m.span.start,
                    m.span.end,
                    m.kind.as_str(),
                    text,
                    who.join(";"),
                    m.basis
                );
            } else {
                println!(
                    "  {:9} {:40} {} <- {} {:.2}",
                    m.kind.as_str(),
                    text,
                    who.join(" + "),
                    m.basis,
                    m.link_score
                );
            }
        }
    }
    if !tsv {
        for a in joined.actors.iter().filter(|a| !a.reasons.is_empty()) {
            println!(
                "{} {} {} {:?} {:?}\n     {}",
                a.actor_id,
                a.name,
                a.code,
                a.sector,
                a.aliases,
                a.reasons.join("\n     ")
            );
        }
    }
}

/// A stand-in for the reader of pages: paragraphs of a text, or of the `p` and `h1` elements of an HTML page.
fn plain_article(path: &str) -> Article {
    let page = String::from_utf8_lossy(&std::fs::read(path).expect("file")).into_owned();
    let published = page
        .find("published_time\" content=\"")
        .map(|i| &page[i + 25..i + 35])
        .or_else(|| page.find("date 20").map(|i| &page[i + 5..i + 15]));
    let published = published.and_then(|d| d.parse().ok()).map(|d| Published {
        date: DateRange { start: Some(d), end: Some(d), precision: Precision::Day },
        instant: None,
        basis: "stand-in".into(),
        span: None,
    });
    let text = if path.ends_with(".html") { paragraphs(&page) } else { page };
    let mut segments = Vec::new();
    let mut start = 0;
    for (block, line) in text.split_inclusive('\n').enumerate() {
        if !line.trim().is_empty() {
            let span = Span::new(start, start + line.trim_end().len());
            segments.push(Segment { kind: SegmentKind::Body, span, raw: span, block: block as u32 });
        }
        start += line.len();
    }
    Article {
        doc_id: DocId::from_parts("d", &[path]),
        path: path.to_owned(),
        url: None,
        outlet: None,
        agency: None,
        title: None,
        byline: None,
        language: "en".into(),
        published,
        yearless: None,
        dateline: None,
        flags: vec![],
        raw_map: RawMap::identity(text.len()),
        text,
        segments,
    }
}

fn paragraphs(page: &str) -> String {
    let mut out = String::new();
    for open in ["<h1", "<p"] {
        let mut rest = page;
        while let Some(i) = rest.find(open) {
            rest = &rest[i + open.len()..];
            let Some(j) = rest.find('>') else { break };
            if !rest.starts_with('>') && !rest.starts_with(' ') {
                continue;
            }
            let inner = &rest[j + 1..];
            let end = inner.find(&format!("</{}>", &open[1..])).unwrap_or(0);
            let (mut plain, mut tag) = (String::new(), false);
            for c in inner[..end].chars() {
                match c {
                    '<' => tag = true,
                    '>' => tag = false,
                    _ if !tag => plain.push(c),
                    _ => {}
                }
            }
            out.push_str(
                &plain
                    .replace("&amp;", "&")
                    .replace("&#39;", "'")
                    .replace("&quot;", "\"")
                    .replace("&rsquo;", "\u{2019}")
                    .replace("&ldquo;", "\u{201c}")
                    .replace("&rdquo;", "\u{201d}")
                    .replace("&nbsp;", " ")
                    .replace('\n', " "),
            );
            out.push('\n');
        }
    }
    out
}
