//! Alone in its file, since the memory of a process is measured.

mod common;

use polybius_sources::{Settings, pages};
use std::fs::File;
use std::io::BufWriter;

#[test]
fn an_archive_of_any_size_is_read_in_the_same_memory() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("large.warc.gz");
    let mut out = BufWriter::new(File::create(&path).unwrap());
    let (size, n) = common::write_archive(&mut out, 80 << 20, true);
    drop(out);
    let before = common::peak_bytes();
    let read = pages(&[path], Settings::default()).filter(|item| item.is_ok()).count();
    let grown = common::peak_bytes() - before;
    assert_eq!(read, n);
    assert!(grown < 24 << 20, "{grown} bytes more for an archive of {size}");
}
