#![no_main]

use libfuzzer_sys::fuzz_target;
use polybius_sources::{Format, Settings, pages_of_bytes};
use polybius_text::RejectReason;

fuzz_target!(|bytes: &[u8]| {
    let mut settings = Settings { format: Format::Warc, ..Settings::default() };
    settings.fetch.max_pages = 0;
    for item in pages_of_bytes("input", bytes.to_vec(), settings) {
        if let Err(reject) = item {
            assert!(reject.reason != RejectReason::Internal, "{reject:?}");
        }
    }
});
