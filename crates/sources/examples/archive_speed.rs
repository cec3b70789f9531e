//! Megabytes a second on one core, and the largest memory, for reading an archive: one that is made first, or a given one.
//!
//! ```sh
//! cargo run --release -p polybius-sources --example archive_speed -- 2048           # makes 2 GB (unpacked), packed by record
//! cargo run --release -p polybius-sources --example archive_speed -- 2048 plain
//! cargo run --release -p polybius-sources --example archive_speed -- FILE.warc.gz
//! ```

#[path = "../tests/common/mod.rs"]
mod common;

use polybius_sources::{Settings, pages};
use std::fs::File;
use std::io::BufWriter;
use std::path::PathBuf;
use std::time::Instant;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let first = arguments.first().map_or("512", String::as_str);
    let plain = arguments.get(1).is_some_and(|a| a == "plain");
    let made = first.parse::<u64>().ok().map(|megabytes| {
        let name = if plain { "archive_speed.warc" } else { "archive_speed.warc.gz" };
        let path = std::env::temp_dir().join(name);
        let mut out = BufWriter::new(File::create(&path).expect("a temporary file"));
        let (size, n) = common::write_archive(&mut out, megabytes << 20, !plain);
        println!("made {}: {} MB unpacked, {n} pages", path.display(), size >> 20);
        path
    });
    let path = made.clone().unwrap_or_else(|| PathBuf::from(first));
    let on_disk = std::fs::metadata(&path).map_or(0, |m| m.len());
    let (started, cpu) = (Instant::now(), common::cpu_seconds());
    let (mut n_pages, mut n_rejects, mut n_bytes) = (0, 0, 0);
    for item in pages(std::slice::from_ref(&path), Settings::default()) {
        match item {
            Ok(page) => {
                n_pages += 1;
                n_bytes += page.bytes.len();
            }
            Err(_) => n_rejects += 1,
        }
    }
    let wall = started.elapsed().as_secs_f64();
    let seconds = common::cpu_seconds().zip(cpu).map_or(wall, |(now, then)| now - then);
    let rate = |bytes: f64| bytes / 1e6 / seconds;
    println!(
        "{n_pages} pages, {n_rejects} rejects in {wall:.2} s, {seconds:.2} s of one core: {:.0} MB/s of pages, {:.0} MB/s of file, peak memory {} MB",
        rate(n_bytes as f64),
        rate(on_disk as f64),
        common::peak_bytes() >> 20
    );
    if let Some(path) = made {
        let _ = std::fs::remove_file(path);
    }
}
