//! Shows what `read_article` makes of a page: `article FILE... DATA_DIR`.

use polybius_ingest::{IngestKnowledge, read_article};
use polybius_text::{Page, PageKind};
use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    let data = args.pop().ok_or("usage: article FILE... DATA_DIR")?;
    let knowledge = IngestKnowledge::load(Path::new(&data))?;
    for path in args {
        let page = Page {
            bytes: std::fs::read(&path)?,
            path: path.clone(),
            url: None,
            kind: PageKind::Guess,
            given: Default::default(),
        };
        println!("=== {path}");
        match read_article(&page, &knowledge) {
            Err(reject) => println!("reject | {} | {}", reject.reason.as_str(), reject.detail),
            Ok(a) => {
                let published =
                    a.published.as_ref().map(|p| (p.date.start.map(|d| d.to_string()), &p.instant, &p.basis));
                println!(
                    "@title {:?}\n@outlet {:?}\n@agency {:?}\n@byline {:?}",
                    a.title, a.outlet, a.agency, a.byline
                );
                println!("@published {published:?}\n@yearless {:?}\n@language {}", a.yearless, a.language);
                println!(
                    "@dateline {:?}",
                    a.dateline.as_ref().map(|d| (a.slice(d.span), &d.place, d.month_day))
                );
                for flag in &a.flags {
                    println!("@flag {} | {}", flag.kind.as_str(), flag.detail);
                    if std::env::var_os("EVIDENCE").is_some() {
                        let words: Vec<&str> = flag.evidence.iter().map(|s| a.slice(*s)).collect();
                        println!("@evidence {words:?}");
                    }
                }
                for segment in &a.segments {
                    println!(
                        "{:>16} {:>3} | {}",
                        segment.kind.as_str(),
                        segment.block,
                        a.slice(segment.span).replace('\n', "⏎")
                    );
                }
            }
        }
    }
    Ok(())
}
