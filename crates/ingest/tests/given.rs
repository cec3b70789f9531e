//! What a feed, a table or a server says of a page is weighed with what the page says of itself.

use polybius_ingest::{IngestKnowledge, body_text, read_article};
use polybius_text::{Article, Given, GivenBasis, Page, PageKind};
use std::path::Path;
use std::sync::OnceLock;

fn knowledge() -> &'static IngestKnowledge {
    static KNOWN: OnceLock<IngestKnowledge> = OnceLock::new();
    KNOWN.get_or_init(|| {
        IngestKnowledge::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/ingest")).unwrap()
    })
}

fn article(html: &[u8], given: Given) -> Article {
    let page =
        Page { path: "feed.xml:1".into(), url: None, kind: PageKind::Html, bytes: html.to_vec(), given };
    read_article(&page, knowledge()).unwrap()
}

fn feed_says(date: &str) -> Given {
    Given {
        title: Some("Envoys meet in the capital".into()),
        date: Some(date.into()),
        basis: GivenBasis::Feed,
        outlet: Some("Lakeside Courier".into()),
        ..Given::default()
    }
}

const BODY: &str = "<p>The envoys of both countries met in the capital, officials said, and agreed to talk again.</p>\
    <p>They spoke for three hours about the border and about the return of prisoners, the officials said.</p>";

fn dated(page: &Article) -> Option<(String, &str)> {
    let p = page.published.as_ref()?;
    Some((p.date.start?.to_string(), p.basis.as_str()))
}

#[test]
fn a_page_without_a_date_takes_that_of_the_feed_and_says_so() {
    let page = article(BODY.as_bytes(), feed_says("2021-09-07T09:30:00+00:00"));
    assert_eq!(dated(&page), Some(("2021-09-07".into(), "feed")));
    assert_eq!(page.outlet.as_deref(), Some("Lakeside Courier"));
}

#[test]
fn the_date_of_the_page_goes_before_that_of_the_feed() {
    let head = "<head><meta property=\"article:published_time\" content=\"2021-09-06T20:00:00Z\">\
        <meta property=\"og:site_name\" content=\"Hill Post\"></head>";
    let page = article(format!("{head}{BODY}").as_bytes(), feed_says("2021-09-07"));
    assert_eq!(dated(&page), Some(("2021-09-06".into(), "meta:article:published_time")));
    assert_eq!(page.outlet.as_deref(), Some("Hill Post"));
}

#[test]
fn no_page_was_published_after_it_was_fetched() {
    let fetched = Given { fetched: Some("2021-09-07T23:00:00Z".into()), ..Given::default() };
    let head =
        |day: &str| format!("<meta property=\"article:published_time\" content=\"{day}T01:00:00Z\">{BODY}");
    assert_eq!(dated(&article(head("2031-09-07").as_bytes(), fetched.clone())), None);
    // East of the crawler it was already the next day.
    assert!(dated(&article(head("2021-09-08").as_bytes(), fetched)).is_some());
}

#[test]
fn the_source_of_an_item_is_an_agency_or_the_outlet_of_an_aggregator() {
    let given = |origin: &str| Given { origin: Some(origin.into()), ..feed_says("2021-09-07") };
    let page = article(BODY.as_bytes(), given("Reuters"));
    assert_eq!((page.agency.as_deref(), page.outlet.as_deref()), (Some("Reuters"), Some("Lakeside Courier")));
    let page = article(BODY.as_bytes(), given("Hill Post"));
    assert_eq!((page.agency.as_deref(), page.outlet.as_deref()), (None, Some("Hill Post")));
}

#[test]
fn a_character_set_is_believed_where_the_bytes_allow_it() {
    let russian = "<p>Министры двух стран встретились в столице во вторник, сообщили официальные лица.</p>";
    let (bytes, _, _) = encoding_rs::WINDOWS_1251.encode(russian);
    let with = |charset: &str, head: &str, bytes: &[u8]| {
        let given = Given { charset: Some(charset.into()), ..Given::default() };
        article(&[head.as_bytes(), bytes].concat(), given).text
    };
    let words = "Министры двух стран";
    assert!(with("windows-1251", "", &bytes).contains(words));
    // The server's default against the page's own word.
    let meta = "<meta charset=\"windows-1251\">";
    assert!(with("iso-8859-1", meta, &bytes).contains(words));
    // Neither is right: the bytes are UTF-8.
    assert!(with("iso-8859-1", meta, russian.as_bytes()).contains(words));
    assert!(with("no such set", meta, &bytes).contains(words));
}

/// Text of a page in Russian, in the bytes of `encode`.
fn russian(encode: impl Fn(&str) -> Vec<u8>) -> String {
    let html = "<html><head><meta charset=\"utf-8\"></head><body><h1>Министры подписали соглашение о гавани</h1><p>Министры обеих \
                стран встретились во вторник в портовом городе и подписали соглашение.</p></body></html>";
    let page = Page {
        path: "p.html".into(),
        url: None,
        kind: PageKind::Html,
        bytes: encode(html),
        given: Given { charset: Some("utf-8".into()), ..Given::default() },
    };
    body_text(&read_article(&page, knowledge()).expect("it is an article"))
}

#[test]
fn a_page_that_calls_itself_utf_8_and_is_not_is_read_in_the_character_set_that_it_has() {
    let cp1251 = |html: &str| {
        html.chars()
            .map(|c| match u32::from(c) {
                n @ 0x410..=0x44f => (n - 0x410 + 0xc0) as u8,
                n => n as u8,
            })
            .collect()
    };
    assert_eq!(
        russian(cp1251),
        "Министры обеих стран встретились во вторник в портовом городе и подписали соглашение."
    );
    let utf16 = |html: &str| html.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert!(russian(utf16).starts_with("Министры обеих"));
}
