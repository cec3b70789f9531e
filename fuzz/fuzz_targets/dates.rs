#![no_main]

use libfuzzer_sys::fuzz_target;
use polybius_ingest::{IngestKnowledge, read_dates};
use polybius_text::{Given, Page, PageKind};
use std::path::Path;
use std::sync::LazyLock;

static KNOWN: LazyLock<IngestKnowledge> = LazyLock::new(|| {
    IngestKnowledge::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/ingest")).expect("sound tables")
});

fuzz_target!(|bytes: &[u8]| {
    let page = Page {
        path: "input".into(),
        url: None,
        kind: PageKind::Text,
        bytes: bytes.to_vec(),
        given: Given::default(),
    };
    let _ = read_dates(&page, &KNOWN);
});
