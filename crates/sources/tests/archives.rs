//! WARC, JSON lines, Parquet, feeds and lists from outside: what is good is read, what is damaged is told with its place.

mod common;

use common::{gzip, html, read, record, records, response};
use polybius_sources::{Fields, Format, Settings};
use polybius_text::{GivenBasis, PageKind, RejectReason};
use std::fs;
use std::path::PathBuf;

fn file(name: &str, bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    (folder, path)
}

#[test]
fn an_archive_gives_the_same_pages_plain_packed_by_record_and_packed_as_a_whole() {
    let all = records(5);
    let plain = all.concat();
    let by_record: Vec<u8> = all.iter().flat_map(|r| gzip(r)).collect();
    // Members that end anywhere, as block-wise packing makes them.
    let blocks: Vec<u8> = plain.chunks(100).flat_map(gzip).collect();
    for (name, bytes) in [
        ("a.warc", plain.clone()),
        ("a.warc.gz", by_record),
        ("whole.warc.gz", gzip(&plain)),
        ("blocks.warc.gz", blocks),
        // By its first bytes alone.
        ("crawl", plain.clone()),
    ] {
        let (_folder, path) = file(name, &bytes);
        let (pages, rejects) = read(&path, Settings::default());
        let bodies: Vec<String> = pages.iter().map(|p| String::from_utf8(p.bytes.clone()).unwrap()).collect();
        assert_eq!(bodies, (0..5).map(html).collect::<Vec<_>>(), "{name}");
        assert_eq!(pages[2].url.as_deref(), Some("http://news.example/2.html"));
        assert_eq!(pages[2].kind, PageKind::Html);
        assert_eq!(pages[2].given.fetched.as_deref(), Some("2021-09-07T08:00:00Z"));
        assert_eq!(pages[2].given.charset.as_deref(), Some("utf-8"));
        let mut paths: Vec<&String> = pages.iter().map(|p| &p.path).collect();
        paths.dedup();
        assert_eq!(paths.len(), 5, "{name}: {paths:?}");
        assert_eq!(rejects.len(), 1, "{name}: {rejects:?}");
        assert_eq!(rejects[0].detail, "1 records hold no page: 1 image/png");
    }
}

#[test]
fn the_path_of_a_record_is_the_byte_at_which_it_begins() {
    let all = records(3);
    let plain = all.concat();
    let (_folder, path) = file("a.warc", &plain);
    for page in read(&path, Settings::default()).0 {
        let at: usize = page.path.rsplit('@').next().unwrap().parse().unwrap();
        assert!(plain[at..].starts_with(b"WARC/1.0\r\nWARC-Type: response"));
    }
    let packed: Vec<u8> = all.iter().flat_map(|r| gzip(r)).collect();
    let (_folder, path) = file("a.warc.gz", &packed);
    for page in read(&path, Settings::default()).0 {
        let at: usize = page.path.rsplit('@').next().unwrap().parse().unwrap();
        assert!(packed[at..].starts_with(b"\x1f\x8b"), "{}", page.path);
    }
}

#[test]
fn a_wet_archive_gives_its_texts() {
    let text = "Envoys met\nThe envoys met on Tuesday.\n";
    let wet = record("conversion", "http://news.example/t", "text/plain", text.as_bytes());
    let (_folder, path) = file("a.warc.wet.gz", &gzip(&wet));
    let (pages, rejects) = read(&path, Settings::default());
    assert_eq!((pages.len(), rejects.len()), (1, 0));
    assert_eq!((pages[0].kind, pages[0].bytes.as_slice()), (PageKind::Text, text.as_bytes()));
}

#[test]
fn a_cut_gzip_member_is_told_with_its_place_and_the_next_is_read() {
    let members: Vec<Vec<u8>> = (0..4).map(|n| gzip(&response("http://a.example/", &html(n)))).collect();
    let half = members[1].len() / 2;
    let bytes = [&members[0], &members[1][..half], &members[2], &members[3]].concat();
    let (_folder, path) = file("cut.warc.gz", &bytes);
    let (pages, rejects) = read(&path, Settings::default());
    let titles: Vec<bool> =
        [0, 2, 3].iter().zip(&pages).map(|(n, p)| p.bytes == html(*n).into_bytes()).collect();
    assert_eq!(titles, [true, true, true], "{rejects:?}");
    assert_eq!(rejects.len(), 1);
    assert_eq!(rejects[0].reason, RejectReason::Damaged);
    assert!(rejects[0].path.ends_with(&format!("cut.warc.gz@{}", members[0].len())), "{}", rejects[0].path);
    // Cut at the end of the file.
    let (_folder, path) = file("end.warc.gz", &bytes[..bytes.len() - 9]);
    let (pages, rejects) = read(&path, Settings::default());
    assert_eq!((pages.len(), rejects.len()), (2, 2), "{rejects:?}");
}

#[test]
fn a_record_with_a_wrong_length_costs_itself_only() {
    let good = |n: usize| response("http://a.example/", &html(n));
    let lie = |length: &str| {
        let text = String::from_utf8(good(1)).unwrap();
        let at = text.find("Content-Length: ").unwrap() + 16;
        let end = at + text[at..].find('\r').unwrap();
        format!("{}{length}{}", &text[..at], &text[end..]).into_bytes()
    };
    for length in ["5", "999999999999", "-3", "x"] {
        for packed in [false, true] {
            let parts = [good(0), lie(length), good(2), good(3)];
            let bytes: Vec<u8> =
                parts.iter().flat_map(|p| if packed { gzip(p) } else { p.clone() }).collect();
            let (_folder, path) = file(if packed { "a.warc.gz" } else { "a.warc" }, &bytes);
            let (pages, rejects) = read(&path, Settings::default());
            let found = |n: usize| pages.iter().any(|p| p.bytes == html(n).into_bytes());
            assert!(found(0) && found(2) && found(3), "length {length}, packed {packed}: {rejects:?}");
            assert!(!rejects.is_empty());
        }
    }
}

#[test]
fn a_zip_bomb_is_told_and_does_not_grow() {
    let mut bomb = record("response", "http://a.example/", "application/http", b"");
    bomb.truncate(bomb.len() - 4);
    let text = String::from_utf8(bomb).unwrap().replace("Content-Length: 0", "Content-Length: 100000000");
    let mut bytes = gzip(&[text.as_bytes(), &vec![b'0'; 100_000_000]].concat());
    bytes.extend(gzip(&response("http://a.example/", &html(7))));
    let (_folder, path) = file("bomb.warc.gz", &bytes);
    let (pages, rejects) = read(&path, Settings::default());
    assert_eq!(pages.len(), 1);
    assert!(rejects.iter().any(|r| r.detail.contains("no text does")), "{rejects:?}");
    let (_folder, path) = file("bomb.jsonl.gz", &gzip(&vec![b'['; 80_000_000]));
    let (pages, rejects) = read(&path, Settings::default());
    assert!(pages.is_empty() && rejects.len() == 1, "{rejects:?}");
    let (_folder, path) = file("bomb.html.gz", &gzip(&vec![b' '; 80_000_000]));
    assert_eq!(read(&path, Settings::default()).1[0].reason, RejectReason::TooLarge);
}

#[test]
fn json_lines_give_pages_by_their_fields_and_bad_lines_their_number() {
    let lines = concat!(
        "{\"text\":\"Troops left the town.\",\"title\":\"Troops leave\",\"url\":\"http://a.example/1\",\"date\":\"2021-09-07\"}\n",
        "\n",
        "{\"text\":\"cut\n",
        "[1,2]\n",
        "{\"body\":\"other name\"}\n",
        "{\"html\":\"&lt;p&gt;Escaped once too often.&lt;/p&gt;\",\"date\":1630946700}\n",
        "{\"text\":\"NUL \\u0000 inside\",\"title\":null}"
    );
    for (name, bytes) in [("a.jsonl", lines.as_bytes().to_vec()), ("a.ndjson.gz", gzip(lines.as_bytes()))] {
        let (_folder, path) = file(name, &bytes);
        let (pages, rejects) = read(&path, Settings::default());
        assert_eq!(pages.len(), 3, "{rejects:?}");
        assert!(pages[0].path.ends_with(&format!("{name}:1")));
        assert_eq!(pages[0].bytes, b"Troops leave\n\nTroops left the town.");
        assert_eq!(pages[0].given.date.as_deref(), Some("2021-09-07"));
        assert_eq!(pages[0].given.basis, GivenBasis::Field);
        assert_eq!(pages[1].bytes, b"<p>Escaped once too often.</p>");
        assert_eq!(pages[1].given.date.as_deref(), Some("2021-09-06T16:45:00Z"));
        let told: Vec<&str> = rejects.iter().map(|r| r.path.rsplit_once(':').unwrap().1).collect();
        assert_eq!(told, ["3", "4", "5"]);
        assert!(rejects[2].detail.contains("it has body") && rejects[2].detail.contains("--text-field"));
    }
    let (_folder, path) = file("b.jsonl", b"{\"doc\":{\"body\":[\"One.\",\"Two.\"]},\"when\":\"x\"}");
    let fields = Fields { text: "doc.body".into(), ..Fields::default() };
    let (pages, _) = read(&path, Settings { fields, ..Settings::default() });
    assert_eq!(pages[0].bytes, b"One.\n\nTwo.");
}

#[test]
fn zstandard_is_read_frame_after_frame() {
    // Two raw-block frames with a frame to be skipped between them, made by hand (RFC 8878).
    let frame = |text: &[u8]| {
        let block = ((text.len() as u32) << 3) | 1;
        let mut f = vec![0x28, 0xb5, 0x2f, 0xfd, 0x20, text.len() as u8];
        f.extend_from_slice(&block.to_le_bytes()[..3]);
        f.extend_from_slice(text);
        f
    };
    let skip = [&[0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0][..], b"abc"].concat();
    let bytes =
        [frame(b"{\"text\":\"One is"), skip, frame(b" told.\"}\n"), frame(b"{\"text\":\"Two.\"}\n")].concat();
    let (_folder, path) = file("a.jsonl.zst", &bytes);
    let (pages, rejects) = read(&path, Settings::default());
    assert_eq!(pages.len(), 2, "{rejects:?}");
    assert_eq!(pages[0].bytes, b"One is told.");
    let (_folder, path) = file("cut.jsonl.zst", &bytes[..bytes.len() - 5]);
    let (pages, rejects) = read(&path, Settings::default());
    assert_eq!((pages.len(), rejects.len()), (1, 1), "{rejects:?}");
}

#[test]
fn a_parquet_file_gives_a_page_a_row() {
    use arrow_array::{ArrayRef, Date32Array, RecordBatch, StringArray};
    use std::sync::Arc;
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("body", Arc::new(StringArray::from(vec![Some("The vote was put off."), None, Some("A second.")]))),
        ("url", Arc::new(StringArray::from(vec![Some("http://a.example/"), None, None]))),
        ("date", Arc::new(Date32Array::from(vec![Some(18_877), None, None]))),
    ];
    let batch = RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(n, c)| (n, c, true)));
    let batch = batch.unwrap();
    let mut bytes = Vec::new();
    let mut writer = parquet::arrow::ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    let fields = Fields { text: "body".into(), ..Fields::default() };
    let settings = || Settings { fields: fields.clone(), ..Settings::default() };
    let (_folder, path) = file("a.parquet", &bytes);
    let (pages, rejects) = read(&path, settings());
    assert_eq!(pages.len(), 2, "{rejects:?}");
    assert!(pages[1].path.ends_with("a.parquet:3"));
    assert_eq!(pages[0].given.date.as_deref(), Some("2021-09-07"));
    assert!(rejects.len() == 1 && rejects[0].path.ends_with("a.parquet:2"));
    // With the names that it does not have, and damaged.
    let (_, rejects) = read(&path, Settings::default());
    assert!(rejects[0].detail.contains("it has body, url, date"), "{rejects:?}");
    for cut in [10, bytes.len() / 2, bytes.len() - 1] {
        let (_folder, path) = file("cut.parquet", &bytes[..cut]);
        let (pages, rejects) = read(&path, settings());
        assert!(pages.is_empty() && rejects[0].reason == RejectReason::Damaged, "{rejects:?}");
    }
}

#[test]
fn a_feed_file_gives_its_items_and_a_sitemap_tells_how_to_fetch() {
    let feed = "<?xml version='1.0'?><rss><channel><title>Courier</title><item><title>Talks begin</title>\
        <link>http://a.example/1</link><pubDate>Tue, 07 Sep 2021 09:30:00 GMT</pubDate>\
        <description>&lt;p&gt;Talks began on Tuesday.&lt;/p&gt;</description></item><item><title>Only a title</title></item></channel></rss>";
    let (_folder, path) = file("feed.xml", feed.as_bytes());
    let (pages, rejects) = read(&path, Settings::default());
    assert_eq!((pages.len(), rejects.len()), (1, 1));
    assert!(pages[0].path.ends_with("feed.xml:1"));
    assert_eq!(
        String::from_utf8_lossy(&pages[0].bytes),
        "<article><h1>Talks begin</h1>\n<p>Talks began on Tuesday.</p></article>"
    );
    assert_eq!(pages[0].given.outlet.as_deref(), Some("Courier"));
    let (_folder, path) = file("s.xml", b"<urlset><url><loc>http://a.example/1</loc></url></urlset>");
    let (pages, rejects) = read(&path, Settings::default());
    assert!(pages.is_empty() && rejects[0].detail.contains("1 addresses: --follow"), "{rejects:?}");
}

#[test]
fn folders_globs_and_single_files_are_found_and_what_is_not_there_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::create_dir(root.join("in")).unwrap();
    for name in ["b.txt", "a.html", "README.md", ".hidden.txt", "in/c.html.gz", "table.csv"] {
        let bytes = if name.ends_with("gz") { gzip(b"<p>packed") } else { b"<p>x".to_vec() };
        fs::write(root.join(name), bytes).unwrap();
    }
    let names = |inputs: &[&str]| {
        let inputs: Vec<PathBuf> = inputs.iter().map(|i| root.join(i)).collect();
        let (pages, rejects) = common::split(polybius_sources::pages(&inputs, Settings::default()));
        let short = |p: &str| p.strip_prefix(root.to_str().unwrap()).unwrap().to_string();
        (
            pages.iter().map(|p| short(&p.path)).collect::<Vec<_>>(),
            rejects.iter().map(|r| short(&r.path)).collect::<Vec<_>>(),
        )
    };
    let (pages, rejects) = names(&["."]);
    assert_eq!(pages, ["/./a.html", "/./b.txt", "/./in/c.html.gz"]);
    assert_eq!(rejects, ["/./table.csv"]);
    assert_eq!(names(&["*.txt", "in/*"]).0, ["/b.txt", "/in/c.html.gz"]);
    assert_eq!(names(&["x*", "none.txt"]).1, ["/x*", "/none.txt"]);
    let (_folder, path) = file("list", b"{\"text\":\"One.\"}");
    let settings = Settings { format: Format::Jsonl, ..Settings::default() };
    assert_eq!(read(&path, settings).0[0].bytes, b"One.");
}
