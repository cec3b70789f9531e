//! Names the code that analyses a page: a hash over the source of every crate that the stages of one document run through, and over
//! the versions of all dependencies. Programs with the same name give the same analysis of a page, whoever built them and wherever
//! they run.

use std::fs;
use std::path::{Path, PathBuf};

/// What an analysis runs through, under the folder of crates.
const SOURCES: [&str; 7] = [
    "text/src",
    "ingest/src",
    "parse/src",
    "actors/src",
    "events/src",
    "polybius/src/analyse.rs",
    "polybius/src/resources.rs",
];

fn main() {
    let crates = Path::new("..");
    let mut files = vec![crates.join("../Cargo.lock")];
    for source in SOURCES {
        add_files(&crates.join(source), &mut files);
    }
    files.sort();
    let hash = files.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, path| {
        println!("cargo::rerun-if-changed={}", path.display());
        let bytes = fs::read(path).unwrap_or_default();
        bytes
            .iter()
            .fold(hash ^ bytes.len() as u64, |h, b| (h ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3))
    });
    println!("cargo::rustc-env=POLYBIUS_PROGRAM={hash:016x}");
}

fn add_files(path: &Path, files: &mut Vec<PathBuf>) {
    if !path.is_dir() {
        files.push(path.to_path_buf());
        return;
    }
    // A file that is added or taken away changes its folder.
    println!("cargo::rerun-if-changed={}", path.display());
    for entry in fs::read_dir(path).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() || path.extension().is_some_and(|e| e == "rs") {
            add_files(&path, files);
        }
    }
}
