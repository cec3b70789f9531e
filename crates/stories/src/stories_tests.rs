//! Whole comparisons of accounts made by hand; persons and places are invented.

use crate::testing::{Page, page};
use crate::{Documents, compare_corpus, compare_documents, group_into_stories};
use jiff::civil::{Date, date};
use polybius_actors::ActorTables;
use polybius_text::EventType::{Assault, Coerce, Consult};
use polybius_text::{CodedDocument, Corpus, Polarity, Stance, Verdict};
use std::borrow::Cow;
use std::path::Path;

fn stories(docs: &[CodedDocument]) -> Vec<Vec<String>> {
    let mut all: Vec<Vec<String>> = group_into_stories(docs)
        .stories
        .iter()
        .map(|s| {
            let mut names: Vec<String> =
                s.documents.iter().map(|d| docs[d.doc as usize].annotated.article.path.clone()).collect();
            names.sort();
            names
        })
        .collect();
    all.sort();
    all
}

fn compare(mut docs: Vec<CodedDocument>) -> (Vec<CodedDocument>, Corpus) {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data");
    let tables = ActorTables::load(&data).expect("the shipped tables load");
    docs.sort_by(|a, b| a.annotated.article.doc_id.cmp(&b.annotated.article.doc_id));
    let corpus = compare_corpus(&mut docs, &tables);
    (docs, corpus)
}

/// A visit of a prime minister to a president, told in other words by the number.
fn visit(name: &str, guest: &str, host: &str) -> Page {
    let words = match name.len() % 3 {
        0 => "fishery harbour talks agreement trawlers",
        1 => "harbour fishery quota agreement trawlers",
        _ => "trawlers quota fishery harbour talks",
    };
    page(name)
        .person(guest, "CHL", "head-of-government")
        .person(host, "NOR", "head-of-state")
        .sentence(&format!("{guest} met|meet {host} over {words} ."))
        .event(Consult, "met", &[guest], &[host])
        .sentence(&format!("{host} thanked|thank {guest} for fishery quota harbour ."))
}

#[test]
fn another_guest_of_the_same_host_is_another_story_even_without_dates() {
    let docs = vec![
        visit("a", "Ilan Veres", "Tomas Orlo").done(),
        visit("bb", "Ilan Veres", "Tomas Orlo").done(),
        visit("ccc", "Berta Quill", "Tomas Orlo").done(),
    ];
    assert_eq!(stories(&docs), [vec!["a.txt", "bb.txt"], vec!["ccc.txt"]]);
    let turned: Vec<CodedDocument> = docs.into_iter().rev().collect();
    assert_eq!(stories(&turned), [vec!["a.txt", "bb.txt"], vec!["ccc.txt"]]);
}

fn on(page: Page, day: Date) -> Page {
    let words = format!("{} May", day.day());
    page.published(day).sentence(&format!("They spoke|speak on {words} .")).time(
        &words,
        &day.to_string(),
        Some(day),
    )
}

#[test]
fn the_same_two_persons_meet_again_in_another_story() {
    let docs = vec![
        on(visit("a", "Ilan Veres", "Tomas Orlo"), date(2031, 5, 3)).done(),
        on(visit("bb", "Ilan Veres", "Tomas Orlo"), date(2031, 5, 3)).done(),
        on(visit("ccc", "Ilan Veres", "Tomas Orlo"), date(2031, 5, 28)).done(),
    ];
    assert_eq!(stories(&docs), [vec!["a.txt", "bb.txt"], vec!["ccc.txt"]]);
}

#[test]
fn a_page_under_a_wrong_year_joins_unless_its_text_gives_the_year() {
    let told = |name: &str| on(visit(name, "Ilan Veres", "Tomas Orlo"), date(2031, 5, 3)).done();
    let later = || on(visit("ccc", "Ilan Veres", "Tomas Orlo"), date(2033, 5, 4));
    assert_eq!(stories(&[told("a"), told("bb"), later().done()]), [vec!["a.txt", "bb.txt", "ccc.txt"]]);
    let year = later().sentence("They met|meet again on 4 May 2033 .");
    let dated = year.time("4 May 2033", "2033-05-04", Some(date(2033, 5, 4))).done();
    assert_eq!(stories(&[told("a"), told("bb"), dated]), [vec!["a.txt", "bb.txt"], vec!["ccc.txt"]]);
}

#[test]
fn a_page_of_a_later_copy_joins_unless_its_text_names_another_day() {
    let told = |name: &str| on(visit(name, "Ilan Veres", "Tomas Orlo"), date(2031, 5, 3)).done();
    let copied = visit("ccc", "Ilan Veres", "Tomas Orlo").published(date(2032, 11, 20)).done();
    assert_eq!(stories(&[told("a"), told("bb"), copied]), [vec!["a.txt", "bb.txt", "ccc.txt"]]);
    let again = on(visit("ccc", "Ilan Veres", "Tomas Orlo"), date(2032, 11, 20)).done();
    assert_eq!(stories(&[told("a"), told("bb"), again]), [vec!["a.txt", "bb.txt"], vec!["ccc.txt"]]);
}

#[test]
fn an_undated_page_joins_the_meeting_whose_day_it_names() {
    let undated = visit("ffffff", "Ilan Veres", "Tomas Orlo")
        .sentence("It was|be warm on May 28 .")
        .time("May 28", "XXXX-05-28", None)
        .done();
    let docs = vec![
        on(visit("a", "Ilan Veres", "Tomas Orlo"), date(2031, 5, 3)).done(),
        on(visit("bb", "Ilan Veres", "Tomas Orlo"), date(2031, 5, 3)).done(),
        on(visit("ccc", "Ilan Veres", "Tomas Orlo"), date(2031, 5, 28)).done(),
        undated,
    ];
    assert_eq!(stories(&docs), [vec!["a.txt", "bb.txt"], vec!["ccc.txt", "ffffff.txt"]]);
}

#[test]
fn a_sentence_without_an_event_tells_of_it_in_other_words() {
    let told = on(visit("a", "Ilan Veres", "Tomas Orlo"), date(2031, 5, 3)).done();
    let again = page("bb")
        .published(date(2031, 5, 3))
        .person("Ilan Veres", "CHL", "head-of-government")
        .person("Tomas Orlo", "NOR", "head-of-state")
        .sentence("Tomas Orlo held|hold a meeting with Ilan Veres over fishery harbour agreement .")
        .sentence("Tomas Orlo thanked|thank Ilan Veres for fishery quota harbour .")
        .done();
    let (docs, corpus) = compare(vec![told, again]);
    assert_eq!(corpus.stories.len(), 1);
    let claim = corpus.claims.iter().find(|c| c.chain_id.is_some()).expect("the meeting is a claim");
    assert_eq!(claim.verdict, Verdict::Corroborated);
    for cell in &claim.cells {
        let span = cell.spans[0];
        assert_eq!(cell.stance, Stance::States);
        assert!(docs[cell.doc as usize].annotated.slice(span).contains("Veres"));
    }
}

fn attack(name: &str, toll: &str) -> Page {
    page(name)
        .published(date(2031, 5, 3))
        .person("Ilan Veres", "CHL", "head-of-government")
        .person("Tomas Orlo", "NOR", "head-of-state")
        .sentence(&format!(
            "Ilan Veres attacked|attack Tomas Orlo and {toll} people died|die in the harbour ."
        ))
        .event(Assault, "attacked", &["Ilan Veres"], &["Tomas Orlo"])
        .sentence("Tomas Orlo left|leave the harbour of Vardal .")
}

#[test]
fn tolls_that_differ_are_set_against_each_other() {
    let (_, corpus) = compare(vec![attack("a", "17").done(), attack("bb", "19").done()]);
    let conflict = corpus.conflicts.iter().find(|c| c.field == "deaths").expect("17 is not 19");
    let values: Vec<&str> = conflict.values.iter().map(|v| v.value.as_str()).collect();
    assert!(values.contains(&"17") && values.contains(&"19"), "{values:?}");
}

#[test]
fn a_denial_contradicts_and_silence_does_not() {
    let denied = page("ccc")
        .published(date(2031, 5, 3))
        .person("Ilan Veres", "CHL", "head-of-government")
        .person("Tomas Orlo", "NOR", "head-of-state")
        .sentence("Ilan Veres attacked|attack not Tomas Orlo and people died|die in the harbour .")
        .event_of(Assault, "attacked", &["Ilan Veres"], &["Tomas Orlo"], Polarity::Denied)
        .sentence("Tomas Orlo left|leave the harbour of Vardal .");
    let silent = page("dddd")
        .published(date(2031, 5, 3))
        .person("Ilan Veres", "CHL", "head-of-government")
        .person("Tomas Orlo", "NOR", "head-of-state")
        .sentence("Tomas Orlo left|leave the harbour of Vardal .")
        .sentence("Ilan Veres and people in the harbour waited|wait .");
    let docs = vec![attack("a", "17").done(), attack("bb", "17").done(), denied.done(), silent.done()];
    let (docs, corpus) = compare(docs);
    let claim = corpus.claims.iter().find(|c| c.verdict == Verdict::Contradicted).expect("it is denied");
    for cell in &claim.cells {
        let stance = match docs[cell.doc as usize].annotated.article.path.as_str() {
            "ccc.txt" => Stance::Denies,
            "dddd.txt" => Stance::Silent,
            _ => Stance::States,
        };
        assert_eq!(cell.stance, stance);
    }
}

#[test]
fn a_page_dated_years_after_its_address_contradicts_itself() {
    let page = visit("a", "Ilan Veres", "Tomas Orlo")
        .published(date(2034, 3, 1))
        .url("https://paper.example/world/2031/05/04/harbour-talks/")
        .done();
    let (_, corpus) = compare(vec![page]);
    let conflict = corpus.conflicts.iter().find(|c| c.field == "page-date").expect("2034 is not 2031");
    let values: Vec<&str> = conflict.values.iter().map(|v| v.value.as_str()).collect();
    assert_eq!(values, ["address says 2031-05-04", "page says 2034-03-01"]);
    assert!(conflict.hard);
    let near = visit("a", "Ilan Veres", "Tomas Orlo")
        .published(date(2031, 5, 5))
        .url("https://paper.example/world/2031/05/04/harbour-talks/")
        .done();
    assert!(compare(vec![near]).1.conflicts.is_empty());
}

/// A strike of so many days, told without any event.
fn strike(name: &str, days: &str) -> CodedDocument {
    visit(name, "Ilan Veres", "Tomas Orlo")
        .sentence(&format!("Dockers of Vardal halted|halt a {days} days long strike ."))
        .done()
}

#[test]
fn numbers_of_one_thing_in_like_sentences_are_set_against_each_other() {
    let (_, corpus) = compare(vec![strike("a", "5"), strike("bb", "4")]);
    let conflict = corpus.conflicts.iter().find(|c| c.field == "number of days").expect("5 is not 4");
    assert!(conflict.hard && conflict.values.len() == 2);
    let (_, corpus) = compare(vec![strike("a", "5"), strike("bb", "5")]);
    assert!(corpus.conflicts.is_empty());
}

#[test]
fn a_second_voice_gives_another_day() {
    let told = visit("a", "Ilan Veres", "Tomas Orlo")
        .sentence("Dockers swear|swear that Veres left on Tuesday .")
        .time("Tuesday", "2031-05-06", Some(date(2031, 5, 6)))
        .sentence("The news said|say Monday .")
        .time("Monday", "2031-05-05", Some(date(2031, 5, 5)));
    let (_, corpus) = compare(vec![told.done()]);
    let conflict = corpus.conflicts.iter().find(|c| c.field == "date").expect("Tuesday is not Monday");
    let values: Vec<&str> = conflict.values.iter().map(|v| v.value.as_str()).collect();
    assert_eq!(values, ["Monday", "Tuesday"]);
    assert!(!conflict.hard);
}

#[test]
fn an_arrest_with_doer_and_victim_changed_over_is_another_happening() {
    let seized = |name: &str| {
        page(name).published(date(2031, 5, 3)).person("Ilan Veres", "CHL", "head-of-government").person(
            "Tomas Orlo",
            "NOR",
            "head-of-state",
        )
    };
    let docs = vec![
        seized("a").sentence("Ilan Veres seized|seize Tomas Orlo in Vardal .").event(
            Coerce,
            "seized",
            &["Ilan Veres"],
            &["Tomas Orlo"],
        ),
        seized("bb").sentence("Tomas Orlo seized|seize Ilan Veres in Vardal .").event(
            Coerce,
            "seized",
            &["Tomas Orlo"],
            &["Ilan Veres"],
        ),
    ];
    let (_, corpus) = compare(docs.into_iter().map(Page::done).collect());
    assert_eq!(corpus.chains.len(), 2, "doer and victim changed over are two happenings");
}

/// A page on which the guest meets others on one day.
fn round_of_meetings(name: &str, hosts: &[&str]) -> CodedDocument {
    let guest = "Ilan Veres";
    let mut page = page(name).published(date(2031, 5, 3)).person(guest, "CHL", "head-of-government");
    for host in hosts {
        page = page
            .person(host, "NOR", "")
            .sentence(&format!("{guest} met|meet {host} over fishery quota harbour ."))
            .event(Consult, "met", &[guest], &[host]);
    }
    page.done()
}

#[test]
fn meetings_of_one_guest_on_one_day_stay_as_many_as_there_are_hosts() {
    let hosts = ["Tomas Orlo", "Berta Quickman", "Sander Vik"];
    let (_, corpus) = compare(vec![round_of_meetings("a", &hosts), round_of_meetings("bb", &hosts)]);
    assert_eq!(corpus.stories.len(), 1);
    assert_eq!(corpus.chains.len(), 3, "three hosts are three meetings");
    assert!(corpus.chains.iter().all(|c| c.n_documents == 2));
}

#[test]
fn whom_one_account_leaves_out_is_nobody_else() {
    let both = |name: &str, other: &str| {
        let page = page(name).published(date(2031, 5, 3));
        let page = page.person("Ilan Veres", "CHL", "").person(other, "NOR", "");
        page.sentence(&format!("Ilan Veres and {other} talked|talk over fishery quota harbour ."))
            .event(Consult, "talked", &["Ilan Veres", other], &[])
            .sentence("Boats lay|lie in the harbour of Vardal while they talked|talk of quota .")
    };
    let docs = vec![both("a", "Tomas Orlo").done(), both("bb", "Berta Quickman").done()];
    let (_, corpus) = compare(docs);
    assert_eq!(corpus.chains.len(), 2, "all parties stand on one side of each, and they are others");
}

#[test]
fn a_later_page_does_not_rename_a_story_or_its_chains() {
    let first = || vec![attack("a", "17").done(), attack("bb", "17").done()];
    let later = attack("ccc", "17").published(date(2031, 5, 4)).done();
    let (_, before) = compare(first());
    let (_, after) = compare([first(), vec![later]].concat());
    assert_eq!(before.stories[0].story_id, after.stories[0].story_id);
    assert_eq!(after.stories[0].documents.len(), 3);
    let names = |c: &Corpus| c.chains.iter().map(|x| x.chain_id.clone()).collect::<Vec<_>>();
    assert!(names(&before).iter().all(|id| names(&after).contains(id)));
}

#[test]
fn nothing_and_next_to_nothing_can_be_compared() {
    let (_, corpus) = compare(Vec::new());
    assert!(corpus.stories.is_empty());
    let (_, corpus) = compare(vec![page("a").done(), page("bb").spun().done()]);
    assert_eq!(corpus.stories.len(), 2);
}

/// Documents that are made anew each time they are asked for.
struct Lent(Vec<CodedDocument>);

impl Documents for Lent {
    fn count(&self) -> usize {
        self.0.len()
    }

    fn document(&self, number: u32) -> Cow<'_, CodedDocument> {
        Cow::Owned(self.0[number as usize].clone())
    }
}

#[test]
fn documents_that_are_not_held_give_the_same_stories_actors_and_claims() {
    let days = [date(2031, 5, 3), date(2031, 5, 4), date(2031, 9, 1)];
    let guests = ["Ilan Veres", "Ilan Veres", "Berta Quill"];
    let told = |n: usize| visit(["a", "bb", "ccc"][n], guests[n], "Tomas Orlo").published(days[n]).done();
    let mut docs: Vec<CodedDocument> = (0..3).map(told).collect();
    docs.sort_by(|a, b| a.annotated.article.doc_id.cmp(&b.annotated.article.doc_id));
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data");
    let tables = ActorTables::load(&data).expect("the shipped tables load");
    let lent = Lent(docs.clone());
    let (corpus, _, dated) = compare_documents(&lent, &tables);
    assert_eq!(corpus, compare_corpus(&mut docs, &tables));
    assert!(docs.iter().zip(0..).all(|(doc, n)| *dated.document(n) == *doc));
}
