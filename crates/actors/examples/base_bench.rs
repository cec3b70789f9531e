//! What a large base costs: `base_bench [--persons N] [--data DIR] PAGE...`.
//!
//! Makes a base of N persons with made-up names (one million when not given), prints its size and how long opening takes, then reads
//! the pages and finds their mentions without and with the base, with the reader's own time beside it.

use polybius_actors::base::{BaseEntity, BaseKind, BaseRole};
use polybius_actors::{ActorTables, Base, BaseBuilder, find_mentions};
use polybius_text::{Annotated, Article, Sector};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// Each page is read so often that short pages give steady figures.
const ROUNDS: u32 = 5;

fn main() {
    let (mut data, mut persons, mut pages) = (PathBuf::from("data"), 1_000_000u32, Vec::new());
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--data" => data = PathBuf::from(args.next().expect("--data DIR")),
            "--persons" => persons = args.next().and_then(|n| n.parse().ok()).expect("--persons N"),
            _ => pages.push(arg),
        }
    }
    let path = std::env::temp_dir().join(format!("polybius-bench-{}.base", std::process::id()));
    let started = Instant::now();
    write_base(&path, persons);
    let bytes = std::fs::metadata(&path).expect("just written").len();
    println!(
        "{persons} persons: {:.0} MB, written in {:.1} s",
        bytes as f64 / 1e6,
        started.elapsed().as_secs_f64()
    );

    let started = Instant::now();
    let file = File::open(&path).expect("just written");
    let base = Base::open(Box::new(polybius_parse::map_file(&file).expect("maps"))).expect("a whole base");
    println!("opened in {:.2} ms", started.elapsed().as_secs_f64() * 1e3);

    let mut tables = ActorTables::load(&data).unwrap_or_else(|e| panic!("{e}"));
    let reader = polybius_parse::Reader::open(&data.join("model/fast.safetensors")).expect("the model");
    let texts: Vec<String> = pages.iter().map(|p| std::fs::read_to_string(p).expect("a page")).collect();
    let started = Instant::now();
    let docs: Vec<Annotated> =
        texts.iter().map(|t| polybius_parse::annotate(Article::from_sentence(t, None), &reader)).collect();
    let reading = started.elapsed();
    let without = link(&docs, &tables);
    tables.set_base(base);
    let with = link(&docs, &tables);
    let share = |d: Duration| d.as_secs_f64() / reading.as_secs_f64() * 100.0;
    println!("{} pages: reader {:.1} ms", docs.len(), reading.as_secs_f64() * 1e3);
    println!(
        "linking without the base {:.1} ms, {:.1} % of the reader",
        without.as_secs_f64() * 1e3,
        share(without)
    );
    println!(
        "linking with the base    {:.1} ms, {:.1} % of the reader",
        with.as_secs_f64() * 1e3,
        share(with)
    );
    let _ = std::fs::remove_file(&path);
}

/// The time of one round over all documents.
fn link(docs: &[Annotated], tables: &ActorTables) -> Duration {
    let started = Instant::now();
    for _ in 0..ROUNDS {
        for doc in docs {
            std::hint::black_box(find_mentions(doc, tables));
        }
    }
    started.elapsed() / ROUNDS
}

fn write_base(path: &PathBuf, persons: u32) {
    const FIRST: [&str; 24] = [
        "Ana", "Boris", "Chen", "Dalia", "Emre", "Fatima", "Goran", "Hana", "Igor", "Jamal", "Kofi", "Leila",
        "Marek", "Nadia", "Omar", "Petra", "Qasim", "Rosa", "Samir", "Tariq", "Uma", "Viktor", "Wanda",
        "Yusuf",
    ];
    const PARTS: [&str; 32] = [
        "ba", "re", "lo", "mi", "ka", "sha", "ten", "dor", "vi", "no", "ga", "zu", "pel", "ro", "sti", "ma",
        "kov", "ner", "al", "far", "hi", "jo", "lan", "qui", "sen", "tu", "ur", "wa", "xi", "ya", "zo",
        "bek",
    ];
    let mut base = BaseBuilder::new();
    // A linear congruence: made-up names, the same every time.
    let mut state = 7u64;
    let mut next = |n: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % n
    };
    for i in 0..persons {
        let given = FIRST[next(FIRST.len())];
        let family: String = (0..3 + next(2)).map(|_| PARTS[next(PARTS.len())]).collect();
        let family = family[..1].to_uppercase() + &family[1..];
        let entity = BaseEntity {
            id: format!("Q{}", 10_000_000 + i),
            name: format!("{given} {family}"),
            kind: BaseKind::Person,
            code: ["FRA", "IRQ", "MLI", "KOR", "PER"][next(5)].to_owned(),
            sector: Some(Sector::Government),
            roles: vec![BaseRole {
                office: "member-of-parliament".to_owned(),
                code: "FRA".to_owned(),
                sector: Some(Sector::Legislature),
                start: format!("{}", 1960 + next(60)),
                end: String::new(),
            }],
            weight: next(200) as u32,
            point: None,
        };
        let aliases = [format!("{}. {family}", &given[..1]), format!("{family} {given}")];
        base.add(&entity, &aliases).expect("within the format");
    }
    let mut file = BufWriter::new(File::create(path).expect("a temporary file"));
    base.write(&mut file).expect("space on the disk");
    file.flush().expect("space on the disk");
}
