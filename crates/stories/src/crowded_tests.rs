//! Input that would make every page meet every other: copies, one page that names everyone, no dates, one day for all.

use crate::group::Grouping;
use crate::testing::{Page, page};
use crate::{compare_with_notes, find_origins, group_into_stories};
use jiff::civil::date;
use polybius_actors::ActorTables;
use polybius_text::EventType::Consult;
use polybius_text::{CodedDocument, DocId};
use std::collections::BTreeSet;
use std::path::Path;

const FIRST: [&str; 12] = [
    "Ana", "Boris", "Chiara", "Dalia", "Emil", "Fanni", "Gustav", "Hedda", "Ivo", "Jelena", "Karel", "Lotte",
];
const LAST: [&str; 15] = [
    "Abram", "Bolton", "Cordell", "Dumont", "Ekberg", "Falk", "Grimsson", "Hartman", "Ibsen", "Jansky",
    "Keller", "Lindt", "Moravec", "Novak", "Olsson",
];

/// A name of its own for each number below 2,700.
fn name(n: usize) -> String {
    let suffix = [
        "", "sen", "ova", "berg", "mann", "kamp", "stad", "vik", "rup", "lund", "dal", "by", "hof", "wald",
        "feld",
    ];
    format!("{} {}{}", FIRST[n % 12], LAST[n / 12 % 15], suffix[n / 180 % 15])
}

/// Guest number `n` meets the one host of all.
fn meeting(n: usize) -> Page {
    let guest = name(n);
    page(&format!("p{n:05}"))
        .person(&guest, "CHL", "head-of-government")
        .person("Tomas Orlo", "NOR", "head-of-state")
        .sentence(&format!("{guest} met|meet Tomas Orlo over fishery harbour quota trawlers ."))
        .event(Consult, "met", &[&guest], &["Tomas Orlo"])
        .sentence(&format!("Tomas Orlo thanked|thank {guest} for fishery quota harbour ."))
        .sentence("Boats and nets lay|lie in the harbour while the talks went|go on in the castle .")
}

fn compare(mut docs: Vec<CodedDocument>) -> (polybius_text::Corpus, Vec<String>) {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data");
    let tables = ActorTables::load(&data).expect("the shipped tables load");
    docs.sort_by(|a, b| a.annotated.article.doc_id.cmp(&b.annotated.article.doc_id));
    compare_with_notes(&mut docs, &tables)
}

fn every_page_once(grouping: &Grouping, n: usize) {
    let all: Vec<u32> = grouping.stories.iter().flat_map(|s| s.documents.iter().map(|d| d.doc)).collect();
    assert_eq!(all.len(), n);
    assert_eq!(all.into_iter().collect::<BTreeSet<u32>>().len(), n);
}

fn copies(n: usize) -> Vec<CodedDocument> {
    let copy = meeting(7).published(date(2031, 5, 3)).done();
    let numbered = |n: usize| {
        let mut doc = copy.clone();
        doc.annotated.article.path = format!("{n}.txt");
        doc.annotated.article.doc_id = DocId::of_page(&n.to_string(), b"");
        doc
    };
    (0..n).map(numbered).collect()
}

#[test]
fn five_thousand_copies_are_one_story_of_one_origin() {
    let docs = copies(5000);
    let grouping = group_into_stories(&docs);
    assert_eq!(grouping.stories.len(), 1);
    every_page_once(&grouping, 5000);
    let members: Vec<u32> = (0..5000).collect();
    assert_eq!(find_origins(&docs, &members).len(), 1);
}

#[test]
fn a_meeting_told_by_very_many_copies_is_one_happening_of_one_origin() {
    let (corpus, notes) = compare(copies(600));
    let meeting = corpus.chains.iter().max_by_key(|c| c.n_documents).expect("the meeting is told");
    assert_eq!((meeting.n_documents, meeting.n_origins), (600, 1));
    assert!(notes.iter().any(|n| n.contains("joined in parts")), "{notes:?}");
}

#[test]
fn a_page_that_names_everyone_joins_nobody_to_anybody() {
    let mut docs: Vec<CodedDocument> =
        (0..300).map(|n| meeting(n).published(date(2031, 1 + (n % 12) as i8, 3)).done()).collect();
    let everyone = (0..300).fold(page("everyone").published(date(2031, 5, 3)), |p, n| {
        let name = name(n);
        p.person(&name, "CHL", "head-of-government").sentence(&format!("{name} was|be named ."))
    });
    docs.push(everyone.done());
    let grouping = group_into_stories(&docs);
    every_page_once(&grouping, 301);
    let largest = grouping.stories[0].documents.len();
    assert!(largest <= 3, "{largest} pages of other guests are together");
}

#[test]
fn pages_without_date_and_pages_of_one_day_are_compared_in_cut_blocks() {
    for dated in [false, true] {
        let page = |n| if dated { meeting(n).published(date(2031, 5, 3)) } else { meeting(n) };
        let docs: Vec<CodedDocument> = (0..500).map(|n| page(n).done()).collect();
        let grouping = group_into_stories(&docs);
        every_page_once(&grouping, 500);
        assert!(grouping.notes.iter().any(|n| n.contains("was cut to neighbours")), "{:?}", grouping.notes);
    }
}
