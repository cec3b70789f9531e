//! What `read_article` makes of the layouts of the web, and of dates in the languages of the web.

use polybius_ingest::{IngestKnowledge, body_text, read_article, read_dates};
use polybius_text::{Article, Page, PageKind};
use std::path::Path;
use std::sync::LazyLock;

static KNOWN: LazyLock<IngestKnowledge> = LazyLock::new(|| {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/ingest");
    IngestKnowledge::load(&dir).expect("the tables of the repository are sound")
});

const FIRST: &str = "The foreign ministers of Norway and Chile met in Oslo on Friday and signed an agreement on fisheries, officials said.";
const SECOND: &str = "The agreement limits the catch of both fleets for five years and sets up a joint commission that is to meet every spring.";
const THIRD: &str =
    "Neither side would say how much compensation had been paid for the boats that were seized in January.";

fn page(html: &str) -> Page {
    Page {
        path: "page.html".into(),
        url: None,
        kind: PageKind::Html,
        bytes: html.as_bytes().to_vec(),
        given: Default::default(),
    }
}

fn read(body: &str) -> Article {
    let html = format!(
        "<!DOCTYPE html><html><head><title>Fishing quarrel settled</title></head><body>{body}</body></html>"
    );
    read_article(&page(&html), &KNOWN).expect("an article")
}

fn check(body: &str, expected: &[&str]) {
    assert_eq!(body_text(&read(body)).lines().collect::<Vec<_>>(), expected, "of the page\n{body}");
}

fn published(lang: &str, line: &str) -> Option<String> {
    let html = format!(
        "<html lang={lang}><body><article><h1>Fishing quarrel settled</h1><div class=date>{line}</div><p>{FIRST}</p><p>{SECOND}</p></article></body></html>"
    );
    let article = read_article(&page(&html), &KNOWN).expect("an article");
    article.published.and_then(|p| p.date.start).map(|d| d.to_string())
}

#[test]
fn a_text_cut_into_columns_by_advertisements_is_one_article() {
    check(
        &format!(
            "<h1>Fishing quarrel settled</h1><div class=story><div class='column a1'><p class=x>{FIRST}</p><p class=x>{SECOND}</p></div>\
             <div class=ad><p>Advertisement</p></div><div class='column a2'><p class=x>{THIRD}</p></div></div>"
        ),
        &[FIRST, SECOND, THIRD],
    );
}

#[test]
fn labels_that_say_furniture_do_not_take_the_article_away() {
    check(
        &format!(
            "<div class='layout-with-sidebar popular'><h1>Fishing quarrel settled</h1><div class='share-enabled related-on'>\
             <p class=promo-font>{FIRST}</p><p class=promo-font>{SECOND}</p></div></div>"
        ),
        &[FIRST, SECOND],
    );
}

#[test]
fn a_heading_that_leads_to_links_is_no_subhead() {
    check(
        &format!(
            "<article><h1>Fishing quarrel settled</h1><p>{FIRST}</p><h2>What was signed</h2><p>{SECOND}</p><h2>More on fish</h2>\
             <ul><li><a href=/1>Herring prices fall for a third month</a></li></ul></article>"
        ),
        &[FIRST, "What was signed", SECOND],
    );
}

#[test]
fn the_place_that_opens_an_agency_text_is_part_of_its_paragraph() {
    check(
        &format!(
            "<article><h1>Fishing quarrel settled</h1><p>OSLO, March 1 (Reuters) - {FIRST}</p><p>{SECOND}</p></article>"
        ),
        &[&format!("OSLO, March 1 (Reuters) - {FIRST}"), SECOND],
    );
}

#[test]
fn an_article_that_only_a_script_has_is_read_and_knows_its_bytes() {
    let html = format!(
        "<html><head><script type='application/ld+json'>{{\"@type\":\"NewsArticle\",\"headline\":\"Fishing quarrel settled\",\
         \"articleBody\":\"{FIRST}\\n{SECOND}\\n{THIRD} {THIRD}\"}}</script></head><body><div id=root></div><p>Loading.</p></body></html>"
    );
    let article = read_article(&page(&html), &KNOWN).expect("an article");
    assert!(body_text(&article).starts_with(FIRST));
    let at = article.text.find("sets up").expect("it is there") as u32;
    let raw = article.in_page(polybius_text::Span { start: at, end: at + 7 });
    assert_eq!(&html[raw.range()], "sets up");
}

#[test]
fn an_element_that_names_the_writers_names_all_of_them() {
    let article = read(&format!(
        "<article><h1>Fishing quarrel settled</h1><div class=story-byline>By Maren Okafor and Jonas Reiter</div><p>{FIRST}</p><p>{SECOND}</p></article>"
    ));
    assert_eq!(article.byline.as_deref(), Some("Maren Okafor, Jonas Reiter"));
}

#[test]
fn dates_are_read_in_the_calendars_and_customs_of_their_languages() {
    for (lang, line, day) in [
        ("fa", "۱۷ اسفند ۱۳۹۹", Some("2021-03-07")),
        ("th", "7 มีนาคม 2564", Some("2021-03-07")),
        ("ja", "令和3年3月7日", Some("2021-03-07")),
        ("hr", "Objavljeno: 4. listopada 2018", Some("2018-10-04")),
        ("pl", "Opublikowano: 17 listopada 2015", Some("2015-11-17")),
        ("ar", "12 تشرين الثاني 2018", Some("2018-11-12")),
        ("en-US", "03/07/2021 10:15 AM", Some("2021-03-07")),
        ("en-GB", "03/07/2021 10:15", Some("2021-07-03")),
        ("en", "03/07/2021", None),
        ("en", "Monday, 14 June 2012", None),
        // The Islamic calendar depends on a sighting.
        ("ar", "١٢ رمضان ١٤٤٢", None),
    ] {
        assert_eq!(published(lang, line).as_deref(), day, "{lang}: {line}");
    }
}

#[test]
fn a_revision_is_kept_apart_from_the_publication() {
    let html = format!(
        "<html><head><meta property=article:published_time content=2017-04-21T08:00:00Z><meta property=article:modified_time \
         content=2019-08-02T10:00:00Z></head><body><article><h1>Fishing quarrel settled</h1><p>{FIRST}</p><p>{SECOND}</p></article></body></html>"
    );
    let found: Vec<String> = read_dates(&page(&html), &KNOWN)
        .expect("dates")
        .iter()
        .map(|d| format!("{} {} {}", d.date, d.basis, if d.is_revision { "revision" } else { "publication" }))
        .collect();
    assert_eq!(
        found,
        ["2017-04-21 meta:article:published_time publication", "2019-08-02 meta:date revision"]
    );
}

#[test]
fn of_several_articles_in_the_data_of_a_page_the_one_with_its_headline_counts() {
    let html = format!(
        "<html><head><title>Fishing quarrel settled</title><script type='application/ld+json'>[{{\"@type\":\"NewsArticle\",\"headline\":\
         \"Another story\",\"datePublished\":\"2015-12-24\"}},{{\"@type\":\"NewsArticle\",\"headline\":\"Fishing quarrel settled\",\
         \"datePublished\":\"2015-11-03\"}}]</script></head><body><h1>Fishing quarrel settled</h1><p>{FIRST}</p><p>{SECOND}</p></body></html>"
    );
    let article = read_article(&page(&html), &KNOWN).expect("an article");
    assert_eq!(
        article.published.and_then(|p| p.date.start).map(|d| d.to_string()).as_deref(),
        Some("2015-11-03")
    );
}
