//! No bytes make it panic or stand still, and nothing is lost without a word: files of every kind, changed at random places.

mod common;

use common::{gzip, records};
use polybius_sources::{Format, Settings, pages_of_bytes};
use polybius_text::RejectReason;
use proptest::prelude::*;
use std::fs;

/// What is done to a file at a place between 0 and 1.
#[derive(Debug, Clone)]
enum Change {
    Flip(f64, u8),
    Cut(f64),
    Remove(f64, usize),
    Insert(f64, Vec<u8>),
    Double(f64, usize),
}

fn change() -> impl Strategy<Value = Change> {
    let at = 0.0..1.0;
    prop_oneof![
        (at.clone(), 1..=255_u8).prop_map(|(at, x)| Change::Flip(at, x)),
        at.clone().prop_map(Change::Cut),
        (at.clone(), 1..200_usize).prop_map(|(at, n)| Change::Remove(at, n)),
        (at.clone(), prop::collection::vec(any::<u8>(), 1..40)).prop_map(|(at, b)| Change::Insert(at, b)),
        (at.clone(), prop::sample::select(vec!["\0", "\r\n\r\n", "WARC/1.0\r\n", "<", "&", "{\"", "\u{1f}"]))
            .prop_map(|(at, s)| Change::Insert(at, s.as_bytes().to_vec())),
        (at, 1..400_usize).prop_map(|(at, n)| Change::Double(at, n)),
    ]
}

fn changed(bytes: &[u8], changes: &[Change]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for change in changes {
        let place = |at: f64| ((bytes.len() as f64 * at) as usize).min(bytes.len().saturating_sub(1));
        if bytes.is_empty() {
            break;
        }
        match change {
            Change::Flip(at, x) => {
                let n = place(*at);
                bytes[n] ^= x;
            }
            Change::Cut(at) => {
                let n = place(*at);
                bytes.truncate(n);
            }
            Change::Remove(at, n) => {
                let from = place(*at);
                let to = (from + n).min(bytes.len());
                bytes.drain(from..to);
            }
            Change::Insert(at, more) => {
                let n = place(*at);
                bytes.splice(n..n, more.iter().copied());
            }
            Change::Double(at, n) => {
                let from = place(*at);
                let piece = bytes[from..(from + n).min(bytes.len())].to_vec();
                bytes.splice(from..from, piece);
            }
        }
    }
    bytes
}

const FEED: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?><rss version=\"2.0\"><channel><title>Courier</title>\
    <item><title>One &amp; two</title><link>http://a.example/1</link><source url=\"http://w.example\">Wire</source>\
    <pubDate>Tue, 07 Sep 2021 09:30:00 GMT</pubDate><description><![CDATA[<p>It began.</p>]]></description></item>\
    <item><title>Three</title><guid>http://a.example/3</guid><description>Text &lt;b&gt;bold&lt;/b&gt;</description></item></channel></rss>";
const LINES: &str = "{\"text\":\"One.\",\"title\":\"T\",\"date\":\"2021-09-07\"}\n{\"html\":\"<p>Two</p>\",\"url\":\"http://a.example\"}\n{\"text\":\"\\u00e9\"}\n";
const URLS: &str = "# note\nhttp://a.example/1\nhttps://b.example/?q=%20#x\n\nhttp://[::1]/\n";

/// Reads the bytes as a file of that name. Every item names the file, and no fault of ours is among them.
fn check(name: &str, bytes: &[u8], format: Format) -> Result<(usize, usize), TestCaseError> {
    // Nothing is fetched: addresses are only read.
    let mut settings = Settings { format, ..Settings::default() };
    settings.fetch.max_pages = 0;
    let (pages, rejects) = match format {
        Format::Parquet => {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join(name);
            fs::write(&path, bytes).unwrap();
            common::read(&path, settings)
        }
        _ => common::split(pages_of_bytes(name, bytes.to_vec(), settings)),
    };
    for path in pages.iter().map(|p| &p.path).chain(rejects.iter().map(|r| &r.path)) {
        prop_assert!(path.contains(name) || path == "(addresses)", "{path}");
    }
    for reject in &rejects {
        prop_assert!(reject.reason != RejectReason::Internal, "{reject:?}");
    }
    prop_assert!(
        bytes.is_empty()
            || !pages.is_empty()
            || !rejects.is_empty()
            || format == Format::Jsonl
            || format == Format::Urls
    );
    Ok((pages.len(), rejects.len()))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_changed_archive_is_read_without_a_fault(changes in prop::collection::vec(change(), 1..5), kind in 0..3) {
        let all = records(6);
        let (name, bytes) = match kind {
            0 => ("a.warc", all.concat()),
            1 => ("a.warc.gz", all.iter().flat_map(|r| gzip(r)).collect()),
            _ => ("a.warc.gz", gzip(&all.concat())),
        };
        check(name, &changed(&bytes, &changes), Format::Warc)?;
    }

    #[test]
    fn one_damaged_member_costs_one_page(at in 0.1..0.9_f64, x in 1..=255_u8) {
        let members: Vec<Vec<u8>> = records(6).iter().map(|r| gzip(r)).collect();
        let mut bytes = members.concat();
        let n = (bytes.len() as f64 * at) as usize;
        bytes[n] ^= x;
        let (pages, rejects) = check("a.warc.gz", &bytes, Format::Warc)?;
        prop_assert!(pages >= 5, "{pages} pages");
        prop_assert!(pages == 6 || rejects >= 2, "{pages} pages, {rejects} rejects");
    }

    #[test]
    fn changed_json_lines_are_read_without_a_fault(changes in prop::collection::vec(change(), 1..5), packed in any::<bool>()) {
        let bytes = if packed { gzip(LINES.as_bytes()) } else { LINES.as_bytes().to_vec() };
        check("a.jsonl", &changed(&bytes, &changes), Format::Jsonl)?;
    }

    #[test]
    fn a_changed_feed_is_read_without_a_fault(changes in prop::collection::vec(change(), 1..5)) {
        check("a.xml", &changed(FEED.as_bytes(), &changes), Format::Feed)?;
        check("b.xml", &changed(FEED.as_bytes(), &changes), Format::Auto)?;
    }

    #[test]
    fn a_changed_list_of_addresses_is_read_without_a_fault(changes in prop::collection::vec(change(), 1..5)) {
        check("list.txt", &changed(URLS.as_bytes(), &changes), Format::Urls)?;
    }

    #[test]
    fn any_bytes_are_read_as_anything(bytes in prop::collection::vec(any::<u8>(), 0..2000), n in 0..6_usize) {
        let formats = [Format::Auto, Format::Page, Format::Jsonl, Format::Warc, Format::Feed, Format::Parquet];
        check("x", &bytes, formats[n])?;
    }
}
