//! What `read_article` makes of small pages: the kind of every line, the dates, the marks.

use polybius_ingest::{IngestKnowledge, body_text, read_article};
use polybius_text::{Article, FlagKind, Page, PageKind, RejectReason};
use std::path::Path;
use std::sync::LazyLock;

static KNOWN: LazyLock<IngestKnowledge> = LazyLock::new(|| {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/ingest");
    IngestKnowledge::load(&dir).expect("the tables of the repository are sound")
});

fn page(bytes: &[u8]) -> Page {
    Page {
        path: "pages/sample".into(),
        url: None,
        kind: PageKind::Guess,
        bytes: bytes.to_vec(),
        given: Default::default(),
    }
}

fn read(text: &str) -> Article {
    read_article(&page(text.as_bytes()), &KNOWN).expect("an article")
}

/// One line for each segment: its kind and its first words.
fn shape(article: &Article) -> Vec<String> {
    article
        .segments
        .iter()
        .map(|s| {
            let words: Vec<&str> = article.slice(s.span).split_whitespace().take(5).collect();
            format!("{} | {}", s.kind.as_str(), words.join(" "))
        })
        .collect()
}

fn check(text: &str, expected: &[&str]) {
    assert_eq!(shape(&read(text)), expected, "of the page\n{text}");
}

fn published(text: &str) -> Option<(String, String)> {
    let found = read(text).published?;
    Some((found.date.start.expect("a day").to_string(), found.basis))
}

fn flags(text: &str) -> Vec<FlagKind> {
    read(text).flags.iter().map(|f| f.kind).collect()
}

const BODY: &str = "The foreign ministers of Norway and Chile met in Oslo on Friday and signed an agreement on fisheries, officials said.

The agreement limits the catch of both fleets for five years and sets up a joint commission that is to meet every spring.

Neither side would say how much compensation had been paid for the boats that were seized in January.";

#[test]
fn the_head_line_of_a_crawler_is_a_date_and_a_menu() {
    check(
        &format!(
            " date 2019-03-01 Left Menu Home World Sport Weather\nNorway and Chile settle fishing quarrel\n\n{BODY}"
        ),
        &[
            "dateline | date 2019-03-01",
            "navigation | Left Menu Home World Sport",
            "title | Norway and Chile settle fishing",
            "body | The foreign ministers of Norway",
            "body | The agreement limits the catch",
            "body | Neither side would say how",
        ],
    );
}

#[test]
fn an_agency_dateline_is_cut_from_the_first_sentence() {
    let text = format!("OSLO, March 1 (Fjord Wire) - {BODY}");
    check(
        &text,
        &[
            "dateline | OSLO, March 1 (Fjord Wire)",
            "body | The foreign ministers of Norway",
            "body | The agreement limits the catch",
            "body | Neither side would say how",
        ],
    );
    let article = read(&text);
    assert_eq!(article.agency.as_deref(), Some("Fjord Wire"));
    assert_eq!(
        article.dateline.map(|d| (d.place, d.month_day, d.year)),
        Some((Some("OSLO".into()), Some((3, 1)), None))
    );
    assert_eq!(article.yearless, Some((3, 1)));
    assert_eq!(article.published, None);
}

#[test]
fn the_clock_glued_to_a_headline_is_a_date_without_a_year() {
    let article = read(&format!("Chile and Norway bury the hatchet over cod 09:15 on March 2\n\n{BODY}"));
    assert_eq!(article.title.as_deref(), Some("Chile and Norway bury the hatchet over cod"));
    assert_eq!((article.yearless, article.published), (Some((3, 2)), None));
}

#[test]
fn a_doubled_headline_frames_the_headline_of_another_article() {
    check(
        &format!(
            "Norway settles with Chile\n\nMarch 2, 2019\n\nPeru's finance minister resigns today\n\nNorway settles with Chile\n\nSantiago – Pilar Osorio\n\n{BODY}\n\nLeave a Reply\n\nYour email address will not be published."
        ),
        &[
            "title | Norway settles with Chile",
            "dateline | March 2, 2019",
            "related_headline | Peru's finance minister resigns today",
            "title | Norway settles with Chile",
            "byline | Santiago – Pilar Osorio",
            "body | The foreign ministers of Norway",
            "body | The agreement limits the catch",
            "body | Neither side would say how",
            "form | Leave a Reply",
            "form | Your email address will not",
        ],
    );
}

#[test]
fn a_teaser_that_repeats_the_body_is_marked_and_is_no_second_witness() {
    let text = format!(
        "The agreement limits the catch of both fleets for five years and sets up a joint commission.\n\nOsloposten | Oslo | Updated: 02-03-2019 10:00 CET | Created: 01-03-2019 17:30 CET\n{BODY}"
    );
    let article = read(&text);
    assert_eq!(
        shape(&article)[..2],
        ["teaser | The agreement limits the catch", "dateline | Osloposten | Oslo | Updated:"]
    );
    assert!(article.has_flag(FlagKind::DuplicateTeaser));
    let published = article.published.expect("the stamp is a date");
    assert_eq!(published.instant.as_deref(), Some("2019-03-01T17:30+01:00"));
    assert_eq!(published.basis, "visible");
}

#[test]
fn an_ambiguous_zone_keeps_the_local_time_without_an_offset() {
    let article = read(&format!("Wire | Delhi | Created: 22-03-2019 00:40 IST\n{BODY}"));
    assert_eq!(article.published.expect("a date").instant.as_deref(), Some("2019-03-22T00:40"));
}

#[test]
fn comments_of_a_sidebar_are_no_text() {
    let text = format!(
        "{BODY}\nadmin in: Why the sea is empty\nGreat article with insight ...\nhttps://www.cheap-pills-rx.example/buy in: The cod war\nHello there, nice blog ..."
    );
    assert_eq!(
        shape(&read(&text))[3..],
        [
            "comment | admin in: Why the sea",
            "comment | Great article with insight ...",
            "comment | https://www.cheap-pills-rx.example/buy in: The cod war",
            "comment | Hello there, nice blog ..."
        ]
    );
    assert_eq!(flags(&text), [FlagKind::CommentSpam]);
}

#[test]
fn a_speaker_before_a_colon_is_no_comment() {
    check(
        &format!(
            "{BODY}\n\nAsked about the boats, the minister said:\n\nWe have closed this chapter and we will not open it again while I hold office.\n\nOn 2 March 2019 the Chilean minister said: I have nothing to add to the words of my colleague in Oslo."
        ),
        &[
            "body | The foreign ministers of Norway",
            "body | The agreement limits the catch",
            "body | Neither side would say how",
            "body | Asked about the boats, the",
            "body | We have closed this chapter",
            "body | On 2 March 2019 the",
        ],
    );
}

#[test]
fn link_spam_is_cut_out_of_a_sentence() {
    let text = "The two presidents said that the talks buy cheap watches replica-hub.example order now had been useful, and promised to meet again before the end of the year.";
    let article = read(text);
    assert_eq!(
        shape(&article),
        [
            "body | The two presidents said that",
            "spam | buy cheap watches replica-hub.example order",
            "body | had been useful, and promised"
        ]
    );
    assert_eq!(article.segments[0].block, article.segments[2].block);
    assert!(article.has_flag(FlagKind::SpamLink));
    assert!(body_text(&article).contains("the talks had been useful"));
}

#[test]
fn a_site_named_in_a_report_is_no_spam() {
    let text = "According to the website president.ru the two leaders spoke by telephone on Monday, and the statement on kremlin.ru gave no details of the call.";
    assert_eq!(flags(text), []);
    check(text, &["body | According to the website president.ru"]);
}

#[test]
fn a_line_in_another_script_is_foreign() {
    let text = format!("{BODY}\n\nالنرويج وتشيلي توقعان اتفاقا بشأن مصايد الأسماك");
    assert!(shape(&read(&text))[3].starts_with("foreign | "));
}

#[test]
fn a_byline_a_related_line_and_a_share_bar_are_furniture() {
    check(
        &format!(
            "Norway and Chile settle fishing quarrel\n\nBy Ingrid Solheim in Oslo\n\n{BODY}\n\nRead more: Cod prices fall | Whales return\n\nShare   Tweet   Print"
        ),
        &[
            "title | Norway and Chile settle fishing",
            "byline | By Ingrid Solheim in Oslo",
            "body | The foreign ministers of Norway",
            "body | The agreement limits the catch",
            "body | Neither side would say how",
            "related_headline | Read more: Cod prices fall",
            "navigation | Share Tweet Print",
        ],
    );
}

#[test]
fn a_subhead_between_paragraphs_has_no_full_stop() {
    let text = BODY.replacen("\n\n", "\n\nFive years without a quarrel\n\n", 1);
    assert_eq!(shape(&read(&text))[1], "subhead | Five years without a quarrel");
}

#[test]
fn lines_wrapped_at_a_fixed_width_are_one_paragraph() {
    let text = "The foreign ministers of Norway and Chile met in Oslo on Friday and signed an\nagreement on fisheries, officials said.\n\nThe agreement limits the catch of both fleets for five years and sets up a joint\ncommission that is to meet every spring.";
    check(text, &["body | The foreign ministers of Norway", "body | The agreement limits the catch"]);
}

fn html(head: &str, body: &str) -> String {
    format!("<!DOCTYPE html><html lang=en><head><meta charset=utf-8>{head}</head><body>{body}</body></html>")
}

fn paragraphs() -> String {
    BODY.split("\n\n").map(|p| format!("<p>{p}</p>\n")).collect()
}

#[test]
fn an_html_page_gives_its_article_and_shows_its_furniture() {
    let text = html(
        "<title>Cod war ends | The Gull</title><meta property=article:published_time content=2019-03-01T18:00:00Z>",
        &format!(
            "<nav><a href=/>Home</a><a href=/sea>Sea</a></nav><div class=cookie-bar>We use cookies. <button>OK</button></div><article><h1>Cod war ends</h1><p class=byline>By Ingrid Solheim | 1 March 2019</p>{}<div class=related><h3>Read next</h3><a href=/1>Whales return to the fjord</a></div></article><section id=comments><h3>2 comments</h3><p><b>Olaf</b>: Nonsense, they should all resign</p></section><footer>&copy; The Gull</footer>",
            paragraphs()
        ),
    );
    let article = read(&text);
    assert_eq!(
        shape(&article),
        [
            "navigation | Home",
            "navigation | Sea",
            "cookie_notice | We use cookies.",
            "cookie_notice | OK",
            "title | Cod war ends",
            "byline | By Ingrid Solheim | 1",
            "body | The foreign ministers of Norway",
            "body | The agreement limits the catch",
            "body | Neither side would say how",
            "related_headline | Read next",
            "related_headline | Whales return to the fjord",
            "comment | 2 comments",
            "comment | Olaf: Nonsense, they should all",
            "navigation | © The Gull",
        ]
    );
    assert_eq!(article.outlet.as_deref(), Some("The Gull"));
    assert_eq!(article.byline.as_deref(), Some("Ingrid Solheim"));
}

#[test]
fn a_page_of_bare_divisions_is_read_by_its_words() {
    let lines: String = BODY.split("\n\n").map(|p| format!("{p}<br><br>")).collect();
    let text = html(
        "<title>Cod war ends - The Gull</title>",
        &format!(
            "<table><tr><td><a href=/>Home</a> <a href=/sea>Sea</a></td><td><font size=5>Cod war ends</font><br><br>March 1, 2019<br><br>{lines}</td></tr></table>Comments (1)<br><br>Olaf: they should all resign"
        ),
    );
    let article = read(&text);
    assert_eq!(article.title.as_deref(), Some("Cod war ends"));
    assert_eq!(body_text(&article), BODY.replace("\n\n", "\n"));
    assert_eq!(article.published_day().map(|d| d.to_string()), Some("2019-03-01".into()));
}

#[test]
fn entities_and_tags_map_back_to_the_bytes() {
    let text = html(
        "",
        "<article><h1>Caf&eacute; &amp; <b>sea</b></h1><p>The minister said &ldquo;we have nothing to hide&rdquo; and left the room at once, witnesses said.</p></article>",
    );
    let article = read(&text);
    let title = article.segments.iter().find(|s| s.kind.as_str() == "title").expect("a title");
    assert_eq!(article.slice(title.span), "Café & sea");
    assert_eq!(&text[title.raw.range()], "Caf&eacute; &amp; <b>sea");
    let at = article.text.find("“we").expect("the quote") as u32;
    let quote = polybius_text::Span { start: at, end: at + "“we have".len() as u32 };
    assert_eq!(&text[article.in_page(quote).range()], "&ldquo;we have");
}

#[test]
fn a_page_in_windows_1251_is_decoded_and_mapped() {
    let russian = "Президент России заявил в понедельник, что переговоры с делегацией Норвегии были полезными и будут продолжены весной.";
    let (bytes, _, _) = encoding_rs::WINDOWS_1251.encode(russian);
    let article = read_article(&page(&bytes), &KNOWN).expect("an article");
    assert_eq!((article.text.as_str(), article.language.as_str()), (russian, "ru"));
    assert_eq!(article.segments[0].raw.range(), 0..bytes.len());
}

#[test]
fn hidden_words_and_json_are_not_visible() {
    let text = html(
        "<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"articleBody\":\"secret\"}</script>",
        &format!(
            "<div style='display: none'>secret</div><script>secret</script><article>{}</article>",
            paragraphs()
        ),
    );
    assert!(!read(&text).text.contains("secret"));
}

#[test]
fn dates_that_agree_win_over_the_date_of_an_import() {
    let head = "<link rel=canonical href=https://gull.example/2019/03/01/cod><script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"datePublished\":\"2023-05-09T00:00:01Z\"}</script>";
    let fitting = BODY.replace("on Friday", "on Friday, 1 March,");
    assert_eq!(
        published(&html(head, &format!("<article><p>{fitting}</p></article>"))),
        Some(("2019-03-01".into(), "url".into()))
    );
    assert_eq!(
        published(&html(head, &format!("<article>{}</article>", paragraphs()))),
        None,
        "nobody to decide between two dates"
    );
}

#[test]
fn a_header_date_that_the_weekdays_contradict_is_refused() {
    let text = BODY.replace("on Friday", "on Friday, 1 March,");
    assert_eq!(
        published(&format!(" date 2019-03-02 Left Menu\n{text}")),
        Some(("2019-03-02".into(), "header-line".into()))
    );
    assert_eq!(published(&format!(" date 2023-03-02 Left Menu\n{text}")), None);
}

#[test]
fn a_modified_date_or_a_footer_is_no_publication_date() {
    let text = html(
        "<meta property=article:modified_time content=2021-01-01T00:00:00Z>",
        &format!(
            "<article><h1>Cod war ends</h1>{}</article><footer>1 March 2022 The Gull</footer>",
            paragraphs()
        ),
    );
    assert_eq!(published(&text), None);
}

#[test]
fn clean_agency_text_carries_no_mark() {
    assert_eq!(flags(&format!("OSLO, March 1 (Fjord Wire) - {BODY}")), []);
}

#[test]
fn literal_translation_is_marked() {
    let text = "The president chilean has received Friday the minister of the Foreign Affairs. « The accord is a success for the two peoples », has he declared to the journalists, before of to leave for Oslo.\n\nThe two parties have decided for to create a commission, since two months awaited by the fishermen of the south.";
    assert_eq!(flags(text), [FlagKind::MachineTranslated]);
    let leftovers = "The foreign minister emphasized the importance of the agreement with the neighboring country on Friday. did.\n\nThe government talks about fishing limits while detaining the captains of both fleets. Is strengthening. The minister told that (the sea belongs to all of the peoples on its shores) and left.";
    assert_eq!(flags(leftovers), [FlagKind::MachineTranslated]);
}

#[test]
fn spun_text_is_marked_and_not_called_translated() {
    let text = "The actual Overseas Clergyman associated with Norway as well as their Chilean counterpart fulfilled upon Friday within Oslo as well as inked a contract upon fisheries, authorities stated.\n\nThe contract limits the actual capture associated with both fleets with regard to 5 years as well as creates a joint commission that is to fulfill every springtime, he or she stated.";
    assert_eq!(flags(text), [FlagKind::WordSpun]);
}

#[test]
fn text_that_breaks_off_is_marked() {
    assert_eq!(
        flags(&format!("{BODY}\n\nThe Chilean minister flew home in the afternoon and was to report to the")),
        [FlagKind::Truncated]
    );
    assert_eq!(
        flags(
            "according to a readout by the . The two sides agreed on Friday to meet again in spring, officials said."
        ),
        [FlagKind::Truncated]
    );
}

#[test]
fn an_opinion_is_known_by_its_label_or_its_words() {
    assert_eq!(
        flags(&html(
            "<meta property=article:section content=Opinion>",
            &format!("<article>{}</article>", paragraphs())
        )),
        [FlagKind::Opinion]
    );
    let framed = "Make no mistake: the puppet regime in the capital has once more shown its contempt for its own people, and its cronies cheer.\n\nThis shameful charade must be stopped, and I fear that our leaders will turn a blind eye to it as they have done before.";
    assert_eq!(flags(framed), [FlagKind::Opinion]);
}

#[test]
fn bytes_that_are_no_page_are_rejected_with_a_reason() {
    let reason = |bytes: &[u8]| read_article(&page(bytes), &KNOWN).map_err(|r| r.reason);
    assert_eq!(reason(b""), Err(RejectReason::Empty));
    assert_eq!(reason(b" \n\t"), Err(RejectReason::Empty));
    assert_eq!(reason(b"abc\0\0def"), Err(RejectReason::Binary));
    assert_eq!(reason(b"%PDF-1.4 and so on"), Err(RejectReason::Binary));
    assert_eq!(
        reason(b"<html><body><nav><a href=/>Home</a></nav></body></html>"),
        Err(RejectReason::NoArticle)
    );
    assert_eq!(reason(&vec![b'a'; polybius_ingest::MAX_PAGE_BYTES + 1]), Err(RejectReason::TooLarge));
}

#[test]
fn the_id_depends_on_name_and_bytes_only() {
    let id = |path: &str, text: &str| {
        let page = Page { path: path.into(), ..page(text.as_bytes()) };
        read_article(&page, &KNOWN).expect("an article").doc_id
    };
    assert_eq!(id("a/x.txt", BODY), id("b/x.txt", BODY));
    assert_ne!(id("x.txt", BODY), id("y.txt", BODY));
    assert_ne!(id("x.txt", BODY), id("x.txt", &BODY[1..]));
}

#[test]
fn a_day_in_two_calendars_or_with_arabic_letters_is_read() {
    for stamp in ["الأحد 29 صفر 1444 هـ الموافق 25 سبتمبر 2022", "يكشنبه، ۳ مهر ۱۴۰۱ ساعت ۱۴:۲۰"]
    {
        let page = format!(
            "<html lang=fa><body><div class=item><div>{stamp}</div><h1>صادرات پسته امسال بیست درصد افزایش یافت</h1><p>وزیر کشاورزی روز \
             گذشته گفت که صادرات پسته امسال بیست درصد افزایش یافته و بازارهای تازه‌ای پیدا شده است.</p><p>او افزود که کشاورزان باید برای فصل \
             آینده آماده شوند و دولت از آنان پشتیبانی خواهد کرد.</p></div></body></html>"
        );
        let published = read(&page).published.expect(stamp);
        assert_eq!(published.date.start.map(|d| d.to_string()).as_deref(), Some("2022-09-25"), "{stamp}");
    }
}
