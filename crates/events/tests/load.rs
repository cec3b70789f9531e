//! The shipped codebook loads, quickly, and bad rows are refused with file, line and hint.

use polybius_events::Codebook;
use std::path::{Path, PathBuf};

fn shipped() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/codebook")
}

#[test]
fn the_shipped_codebook_loads() {
    let started = std::time::Instant::now();
    let book = Codebook::load(&shipped()).unwrap_or_else(|e| panic!("{e}"));
    println!("{:?}, {:?}", started.elapsed(), book.senses_by_type());
    for (event_type, n) in book.senses_by_type() {
        assert!(n > 0, "{event_type} has no sense");
    }
}

/// A copy of the shipped codebook with one file changed.
fn changed(file: &str, from: &str, to: &str) -> String {
    let dir = tempfile::tempdir().expect("a temporary folder");
    copy(&shipped(), dir.path());
    let path = dir.path().join(file);
    let text = std::fs::read_to_string(&path).expect("a file of the codebook");
    assert!(text.contains(from), "{file} holds no `{from}`");
    std::fs::write(&path, text.replacen(from, to, 1)).expect("writes");
    Codebook::load(dir.path()).expect_err("a bad row").to_string()
}

fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            std::fs::create_dir_all(&target).expect("a folder");
            copy(&path, &target);
        } else {
            std::fs::copy(&path, &target).expect("copies");
        }
    }
}

#[test]
fn an_unknown_mode_names_file_line_and_the_closest_mode() {
    let message = changed("senses/consult.tsv", "\tv\tvisit\t", "\tv\tvisitt\t");
    assert!(message.contains("consult.tsv:") && message.contains("perhaps `visit`"), "{message}");
}

#[test]
fn an_unknown_slot_and_type_are_named() {
    let message = changed("senses/consult.tsv", "subj|obj|with|between", "subject|obj|with|between");
    assert!(message.contains("unknown slot `subject`"), "{message}");
    let message = changed("types.tsv", "AGREE", "AGREEE");
    assert!(message.contains("unknown event type `AGREEE`; perhaps `AGREE`"), "{message}");
}

#[test]
fn a_row_that_stands_twice_is_refused() {
    let row = "meet\tv\t\t040\tsubj\t\t\t\t\nmeet\tv\t\t040\tsubj\t\t\t\t\n";
    let message = changed("senses/consult.tsv", "# meetings\n", row);
    assert!(message.contains("already stands in"), "{message}");
}
