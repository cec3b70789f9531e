//! Reads pages and prints what was found as JSON lines, with the seconds that reading took, files and start aside, on
//! standard error: `extract DATA_DIR ROUNDS FILE...`.

use polybius_ingest::{IngestKnowledge, body_text, read_article};
use polybius_text::{Page, PageKind};
use std::io::Write;
use std::path::Path;
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let usage = "usage: extract DATA_DIR ROUNDS FILE...";
    let knowledge = IngestKnowledge::load(Path::new(&args.next().ok_or(usage)?))?;
    let rounds: u32 = args.next().ok_or(usage)?.parse()?;
    let mut pages = Vec::new();
    for path in args {
        pages.push(Page {
            bytes: std::fs::read(&path)?,
            path,
            url: None,
            kind: PageKind::Guess,
            given: Default::default(),
        });
    }
    let start = Instant::now();
    let mut slowest = (0.0, "");
    for round in 0..rounds.max(1) {
        for page in &pages {
            let page_start = Instant::now();
            let article = read_article(page, &knowledge);
            let seconds = page_start.elapsed().as_secs_f64();
            if seconds > slowest.0 {
                slowest = (seconds, &page.path);
            }
            if round > 0 {
                continue;
            }
            let line = match article {
                Err(reject) => serde_json::json!({"path": page.path, "reject": reject.reason.as_str()}),
                Ok(a) => serde_json::json!({
                    "path": page.path, "title": a.title, "byline": a.byline, "outlet": a.outlet,
                    "published_at": a.published.as_ref().and_then(|p| p.date.start).map(|d| d.to_string()),
                    "published_basis": a.published.as_ref().map(|p| p.basis.clone()),
                    "language": a.language,
                    "flags": a.flags.iter().map(|f| f.kind.as_str()).collect::<Vec<_>>(),
                    "text": body_text(&a),
                    "segments": a.segments.iter().map(|s| (s.kind.as_str(), s.span.start, s.span.end))
                        .collect::<Vec<_>>(),
                }),
            };
            writeln!(std::io::stdout(), "{line}")?;
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    let n = pages.len() as f64 * f64::from(rounds.max(1));
    eprintln!(
        "{n} pages in {seconds:.3} s, {:.1} pages/s; slowest {:.3} s: {}",
        n / seconds,
        slowest.0,
        slowest.1
    );
    Ok(())
}
