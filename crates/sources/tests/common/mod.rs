//! Archives made for tests, and reading them from outside.
#![allow(dead_code, missing_docs)]

use flate2::Compression;
use flate2::write::GzEncoder;
use polybius_sources::{Item, Settings, pages};
use polybius_text::{Page, Reject};
use std::io::Write;
use std::path::Path;

/// A record with its end.
pub fn record(kind: &str, uri: &str, content_type: &str, content: &[u8]) -> Vec<u8> {
    let mut bytes = format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {uri}\r\nWARC-Date: 2021-09-07T08:00:00Z\r\n\
         Content-Type: {content_type}\r\nContent-Length: {}\r\n\r\n",
        content.len()
    )
    .into_bytes();
    bytes.extend_from_slice(content);
    bytes.extend_from_slice(b"\r\n\r\n");
    bytes
}

/// A response with status 200 and an HTML body.
pub fn response(uri: &str, html: &str) -> Vec<u8> {
    let http =
        format!("HTTP/1.1 200 OK\r\nServer: x\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{html}");
    record("response", uri, "application/http; msgtype=response", http.as_bytes())
}

pub fn html(n: usize) -> String {
    format!(
        "<html><head><title>Report {n}</title></head><body><h1>Report {n}</h1><p>The minister met envoy number {n} \
         on Tuesday, officials said in a statement that was read out in the capital.</p></body></html>"
    )
}

/// A small archive, one vector a record: a note of the crawler, `n` pages each after its request, one picture.
pub fn records(n: usize) -> Vec<Vec<u8>> {
    let mut all = vec![record("warcinfo", "", "application/warc-fields", b"software: test\r\n")];
    for i in 0..n {
        let uri = format!("http://news.example/{i}.html");
        all.push(record("request", &uri, "application/http", b"GET / HTTP/1.1\r\n\r\n"));
        all.push(response(&uri, &html(i)));
    }
    let picture = b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n\x89PNG";
    all.push(record("response", "http://news.example/a.png", "application/http", picture));
    all
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut gz = GzEncoder::new(Vec::new(), Compression::fast());
    gz.write_all(bytes).unwrap();
    gz.finish().unwrap()
}

/// Pages and rejects of one file.
pub fn read(path: &Path, settings: Settings) -> (Vec<Page>, Vec<Reject>) {
    split(pages(&[path.to_path_buf()], settings))
}

pub fn split(items: impl Iterator<Item = Item>) -> (Vec<Page>, Vec<Reject>) {
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    for item in items {
        match item {
            Ok(page) => good.push(page),
            Err(reject) => bad.push(reject),
        }
    }
    (good, bad)
}

/// The largest memory of this process so far, in bytes; 0 where the system does not tell.
pub fn peak_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|l| l.starts_with("VmHWM:")).unwrap_or("");
    line.split_whitespace().nth(1).and_then(|n| n.parse::<u64>().ok()).unwrap_or(0) * 1024
}

/// The time that this thread has run, in seconds; `None` where the system does not tell.
pub fn cpu_seconds() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(text.split_whitespace().next()?.parse::<f64>().ok()? / 1e9)
}

/// Writes an archive of about so many bytes unpacked, a gzip member a record (or plain): pages of about 90 kB, half of them menus
/// and half text, which pack to a third; pages of the web pack better. Returns unpacked bytes and pages.
pub fn write_archive(out: &mut dyn Write, size: u64, packed: bool) -> (u64, usize) {
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = move || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed
    };
    let words: Vec<String> = (0..4096)
        .map(|_| {
            let n = next();
            (0..3 + n % 7).map(|i| char::from(b'a' + ((n >> (5 * i + 8)) % 26) as u8)).collect()
        })
        .collect();
    let (mut written, mut n) = (0, 0);
    while written < size {
        let mut html = String::from("<html><head><title>A page</title></head><body>");
        let length = 40_000 + (next() % 100_000) as usize;
        while html.len() < length / 2 {
            let n = next();
            let (a, b) = (&words[(n % 256) as usize], &words[(n / 256 % 256) as usize]);
            html.push_str(&format!(
                "<li class=\"menu-item menu-item-type-taxonomy menu-item-object-category menu-item-{}\"><a \
                 href=\"https://www.news.example/category/{a}/\" class=\"nav-link\" data-section=\"{a}\">{a} {b}</a></li>\n",
                n % 1000
            ));
        }
        while html.len() < length {
            html.push_str("<div class=\"story-body__text\"><p>");
            for _ in 0..40 {
                // Frequent words are more frequent.
                let (a, b) = (next() % 4096, next() % 4096);
                html.push_str(&words[(a * b / 4096) as usize]);
                html.push(' ');
            }
            html.push_str("</p></div>\n");
        }
        let bytes = response(&format!("http://news.example/{n}.html"), &html);
        written += bytes.len() as u64;
        n += 1;
        out.write_all(&if packed { gzip(&bytes) } else { bytes }).unwrap();
    }
    (written, n)
}
