//! No bytes make the reader panic, and its segments keep their promises.

use polybius_ingest::{IngestKnowledge, body_text, read_article};
use polybius_text::{Page, PageKind};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use std::path::Path;
use std::sync::LazyLock;

static KNOWN: LazyLock<IngestKnowledge> = LazyLock::new(|| {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/ingest");
    IngestKnowledge::load(&dir).expect("the tables of the repository are sound")
});

const PIECES: &[&str] = &[
    "<p>",
    "</p>",
    "<div class=\"comments related\">",
    "</div>",
    "<article>",
    "</article>",
    "<h1>",
    "</h1>",
    "<a href='/x'>",
    "</a>",
    "<br>",
    "<!--",
    "-->",
    "<script>",
    "</script>",
    "<li>",
    "<td",
    "=\"",
    "'",
    ">",
    "<",
    "&amp;",
    "&nbsp",
    "&#x41;",
    "&#0;",
    "&bogus;",
    "\n",
    "\n\n",
    " ",
    " date 2019-03-01 Left Menu ",
    "July 22, 2020",
    "10:40 on July 22",
    "By Ann Bell in Oslo",
    "Oslo – Ann Bell",
    "OSLO, March 1 (Reuters) - ",
    "The minister said on Friday that the talks had been useful and would go on. ",
    "Leave a Reply",
    "admin in: A page",
    "buy cheap pills x-pharma.example now",
    "31/02/2019",
    "2019-99-99T25:61",
    "« Ça va », a-t-il dit. ",
    "العربية من هنا إلى هناك",
    "日本語の文章です。",
    "\u{feff}",
    "\u{301}",
    "’",
    "“",
    "...",
    "İ",
];

fn promise(bytes: Vec<u8>, kind: PageKind) {
    let page = Page { path: "x".into(), url: None, kind, bytes, given: Default::default() };
    let Ok(article) = read_article(&page, &KNOWN) else { return };
    let mut last = 0;
    let mut block = 0;
    for s in &article.segments {
        assert!(s.span.start >= last && s.span.start < s.span.end, "{s:?} after {last}");
        assert!(article.text.get(s.span.range()).is_some(), "{s:?} is not on character boundaries");
        assert!(
            s.block >= block && s.raw.start <= s.raw.end && s.raw.range().end <= page.bytes.len(),
            "{s:?}"
        );
        let text = article.slice(s.span);
        assert_eq!(text, text.trim());
        last = s.span.end;
        block = s.block;
    }
    if article.text.as_bytes() == page.bytes {
        assert!(article.segments.iter().all(|s| s.raw == s.span));
    }
    for flag in &article.flags {
        assert!(flag.evidence.iter().all(|e| article.text.get(e.range()).is_some()), "{flag:?}");
    }
    if let Some(span) = article.published.and_then(|p| p.span) {
        assert!(article.text.get(span.range()).is_some());
    }
    let _ = body_text(&read_article(&page, &KNOWN).expect("the same page gives the same article"));
}

/// Every run tries the same pages, so that a failure belongs to the change that made it.
const SEED: u64 = 20_201_109;
const CASES: u32 = 300;

#[test]
fn an_element_name_that_is_not_ascii() {
    for text in ["<A🌀ΣΣ𞸧0 aAa   00=\"", "<bé>x</bé>", "<a🌀"] {
        promise(text.as_bytes().to_vec(), PageKind::Html);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: CASES, failure_persistence: None, rng_seed: RngSeed::Fixed(SEED), ..ProptestConfig::default() })]

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        promise(bytes.clone(), PageKind::Guess);
        promise(bytes, PageKind::Html);
    }

    #[test]
    fn any_text(text in "\\PC{0,300}") {
        promise(text.clone().into_bytes(), PageKind::Text);
        promise(text.into_bytes(), PageKind::Html);
    }

    #[test]
    fn pieces_of_pages(pieces in prop::collection::vec(0..PIECES.len(), 0..60)) {
        let text: String = pieces.iter().map(|i| PIECES[*i]).collect();
        promise(text.clone().into_bytes(), PageKind::Html);
        promise(text.into_bytes(), PageKind::Text);
    }

    #[test]
    fn cut_pages(pieces in prop::collection::vec(0..PIECES.len(), 0..40), cut in 0usize..200, bad in any::<u8>()) {
        let text: String = pieces.iter().map(|i| PIECES[*i]).collect();
        let mut bytes = text.into_bytes();
        if cut < bytes.len() {
            bytes[cut] = bad;
        }
        promise(bytes, PageKind::Guess);
    }
}

#[test]
fn time_is_linear_in_what_could_be_quadratic() {
    let started = std::time::Instant::now();
    for piece in [
        "<div>",
        "<a \"",
        "<i><div><b></i>",
        "<!-",
        "<p class='",
        "&amp",
        "<script",
        "a.",
        "10:40 on July ",
        "( ",
        "buy x.com ",
        "<li><br>",
    ] {
        promise(piece.repeat(400_000 / piece.len()).into_bytes(), PageKind::Html);
        promise(piece.repeat(400_000 / piece.len()).into_bytes(), PageKind::Text);
    }
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}

#[test]
fn the_rest_of_a_page_that_is_too_long_is_kept_as_unread() {
    let paragraph =
        "The harbour council met again on Tuesday and put off the vote on the new pier once more. ";
    for page in [paragraph.repeat(60_000), format!("{}\n\n", paragraph.repeat(4)).repeat(40_000)] {
        let len = page.len();
        let page = Page {
            path: "long.txt".into(),
            url: None,
            kind: PageKind::Text,
            bytes: page.into_bytes(),
            given: Default::default(),
        };
        let article = read_article(&page, &KNOWN).expect("it is an article");
        let last = article.segments.last().expect("there are segments");
        assert_eq!(last.kind, polybius_text::SegmentKind::Unread);
        assert!(last.span.range().end + 4 > len && last.span.range().start > 1_000_000);
    }
}
