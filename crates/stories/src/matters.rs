//! Rows for what several texts tell in other words and no row of a happening or saying brings together.

use crate::claims::{LEAD, Row, StoryParts, echo_cell, told_by_several, verdict};
use crate::differences::differences;
use crate::echoes::Echo;
use crate::facts::Facts;
use crate::matches::Group;
use crate::sentence::plainest;
use polybius_text::{Claim, ClaimCell, ClaimId, Stance, Verdict};
use std::collections::{BTreeMap, BTreeSet};

/// Adds a row for each group of sentences that no row holds together. Rows of one text that rest on these sentences alone go into it.
pub(crate) fn add_matters(facts: &Facts, parts: &StoryParts, rows: &mut Vec<Row>) {
    for group in parts.matter {
        if held_together(facts, parts, rows, group) {
            continue;
        }
        let whole = with_copies(parts, group);
        let row = matter_row(facts, parts, group, &whole);
        if let Some(same) = rows.iter_mut().find(|r| r.claim.claim == row.claim.claim) {
            complete(parts, same, row);
            continue;
        }
        let taken = taken_in(rows, &row);
        let row = taken.iter().map(|&i| &rows[i]).fold(row, joined);
        for i in taken.into_iter().rev() {
            rows.remove(i);
        }
        rows.push(row);
    }
}

/// Whether a row rests on most of the sentences, and on those of two texts at least.
fn held_together(facts: &Facts, parts: &StoryParts, rows: &[Row], group: &Group) -> bool {
    rows.iter().any(|row| {
        let rests = |(doc, sentence): (&u32, &u32)| {
            let span = facts.doc(*doc).annotated.sentences[*sentence as usize].span;
            let cell = row.claim.cells.iter().find(|c| c.doc == *doc);
            cell.is_some_and(|c| c.spans.iter().any(|s| s.overlaps(span)))
        };
        let held: Vec<u32> = group.iter().filter(|p| rests(*p)).map(|(d, _)| *d).collect();
        let texts: BTreeSet<usize> = held.iter().map(|d| parts.origin_of[d]).collect();
        held.len() == group.len() || texts.len() >= 2 && 2 * held.len() >= group.len()
    })
}

/// A group with the sentences of copies that stand where its sentences stand.
fn with_copies(parts: &StoryParts, group: &Group) -> Group {
    let mut whole = group.clone();
    for copies in parts.copies {
        let (a, b) = copies.docs;
        for &(i, j) in &copies.sentences {
            for (from, to) in [((a, i), (b, j)), ((b, j), (a, i))] {
                if group.get(&from.0) == Some(&from.1) {
                    whole.entry(to.0).or_insert(to.1);
                }
            }
        }
    }
    whole
}

fn matter_row(facts: &Facts, parts: &StoryParts, group: &Group, whole: &Group) -> Row {
    let told: Vec<Echo> = whole.iter().map(|(d, s)| Echo { doc: *d, sentence: *s }).collect();
    let differences = differences(facts, parts, &BTreeMap::new(), &told);
    let mut cells = Vec::new();
    for &doc in parts.members {
        cells.push(match whole.get(&doc) {
            Some(&sentence) => echo_cell(facts, parts, &[Echo { doc, sentence }], &differences),
            None => ClaimCell { doc, stance: Stance::Silent, spans: Vec::new(), detail: String::new() },
        });
    }
    let origins: BTreeSet<usize> = whole.keys().map(|d| parts.origin_of[d]).collect();
    let all = parts.origin_of.values().collect::<BTreeSet<_>>().len().max(1) as f32;
    let share =
        0.4 * whole.len() as f32 / parts.members.len().max(1) as f32 + 0.6 * origins.len() as f32 / all;
    let leads = whole.values().filter(|s| **s < LEAD).count() as f32 / whole.len() as f32;
    let importance = 0.18 + 0.26 * share + 0.14 * leads + 0.06;
    let (doc, sentence) = group.iter().next().expect("groups hold sentences");
    let first = facts.doc(*doc);
    let start = first.annotated.sentences[*sentence as usize].span.start.to_string();
    let claim = Claim {
        claim_id: ClaimId::from_parts("q", &["matter", first.annotated.article.doc_id.as_str(), &start]),
        story_id: parts.story_id.clone(),
        chain_id: None,
        claim: plainest(facts, group),
        verdict: verdict(parts, &cells, &differences, false, false),
        n_origins: origins.len() as u32,
        importance: (importance * 1e4).round() / 1e4,
        cells,
    };
    Row { claim, facts: Vec::new(), differences, own_words: None }
}

/// Gives a row that reads the same the cells that it has not.
fn complete(parts: &StoryParts, row: &mut Row, other: Row) {
    for (cell, new) in row.claim.cells.iter_mut().zip(other.claim.cells) {
        if cell.stance == Stance::Silent {
            *cell = new;
        }
    }
    // What stands as one statement of one speaker stays one origin.
    if row.claim.verdict == Verdict::OnlyHere && told_by_several(parts, &row.claim.cells) {
        row.claim.verdict = Verdict::Corroborated;
        row.claim.n_origins = row.claim.n_origins.max(other.claim.n_origins);
    }
}

/// Rows of one text that say nothing beside a new row: one of a document at most, since a sentence that carries two tells two things.
fn taken_in(rows: &[Row], new: &Row) -> Vec<usize> {
    let inside = |row: &Row| {
        row.claim
            .cells
            .iter()
            .zip(&new.claim.cells)
            .all(|(own, all)| own.spans.iter().all(|s| all.spans.iter().any(|t| t.contains(*s))))
    };
    let alone = |row: &Row| row.claim.verdict == Verdict::OnlyHere && inside(row);
    let found: Vec<usize> = (0..rows.len()).filter(|&i| alone(&rows[i])).collect();
    let mut of_doc: BTreeMap<u32, usize> = BTreeMap::new();
    for &i in &found {
        for cell in rows[i].claim.cells.iter().filter(|c| c.stance != Stance::Silent) {
            *of_doc.entry(cell.doc).or_default() += 1;
        }
    }
    let single = |i: &usize| {
        let mut told = rows[*i].claim.cells.iter().filter(|c| c.stance != Stance::Silent);
        told.all(|c| of_doc[&c.doc] == 1)
    };
    found.into_iter().filter(single).collect()
}

/// The new row with what a row of one text knew.
fn joined(mut new: Row, taken: &Row) -> Row {
    new.facts.extend(&taken.facts);
    new.facts.sort_unstable();
    new.claim.importance = new.claim.importance.max(taken.claim.importance);
    new.claim.chain_id = new.claim.chain_id.or_else(|| taken.claim.chain_id.clone());
    new
}

#[cfg(test)]
mod tests {
    use crate::compare_corpus;
    use crate::testing::{Page, page};
    use jiff::civil::date;
    use polybius_actors::ActorTables;
    use polybius_text::{Claim, CodedDocument, EventType::Consult, Stance, Verdict};
    use std::path::Path;

    /// A page on a meeting, with one sentence of its own that carries no event.
    fn told(name: &str, meeting: &str, line: &str) -> Page {
        page(name)
            .published(date(2031, 5, 3))
            .person("Ilan Veres", "CHL", "head-of-government")
            .person("Tomas Orlo", "NOR", "head-of-state")
            .sentence(meeting)
            .event(Consult, "met", &["Ilan Veres"], &["Tomas Orlo"])
            .sentence("Tomas Orlo thanked|thank Ilan Veres for fishery quota harbour .")
            .sentence(line)
    }

    fn claims(mut docs: Vec<CodedDocument>) -> Vec<Claim> {
        let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data");
        let tables = ActorTables::load(&data).expect("the shipped tables load");
        docs.sort_by(|a, b| a.annotated.article.doc_id.cmp(&b.annotated.article.doc_id));
        compare_corpus(&mut docs, &tables).claims
    }

    fn about<'c>(claims: &'c [Claim], word: &str) -> Vec<&'c Claim> {
        claims.iter().filter(|c| c.claim.contains(word)).collect()
    }

    const FIRST: &str = "Ilan Veres met|meet Tomas Orlo over fishery quota harbour .";
    const SECOND: &str = "In harbour talks about fishery Tomas Orlo met|meet Ilan Veres today .";

    #[test]
    fn what_two_texts_tell_without_an_event_is_one_claim() {
        let a =
            told("a", FIRST, "In Vardal 40 trawlers with herring nets and crews halted|halt near chapel .");
        let b = told("bb", SECOND, "At Vardal crews with herring nets halted|halt 40 trawlers near chapel .");
        let claims = claims(vec![a.done(), b.done()]);
        let found = about(&claims, "trawlers");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].verdict, Verdict::Corroborated);
        assert!(found[0].cells.iter().all(|c| c.stance == Stance::States));
    }

    #[test]
    fn sentences_with_little_in_common_are_no_claim() {
        let a = told("a", FIRST, "Dockers of Vardal halted|halt 40 trawlers with herring nets .").done();
        let b = told("bb", SECOND, "Vardal counted|count 40 geese on meadow near chapel .").done();
        assert!(about(&claims(vec![a, b]), "trawlers").is_empty());
    }

    #[test]
    fn copies_of_one_text_are_one_witness() {
        let line = "Dockers of Vardal halted|halt 40 trawlers with herring nets .";
        let more =
            "Crews went|go home over snowy hills while gulls circled above their empty boats in moonlight .";
        let page = |name: &str| {
            told(name, FIRST, line).sentence(more).sentence(&more.replace("gulls", "crows")).done()
        };
        let claims = claims(vec![page("a"), page("bb")]);
        assert!(claims.iter().any(|c| c.cells.iter().filter(|x| x.stance != Stance::Silent).count() == 2));
        assert!(claims.iter().all(|c| c.verdict == Verdict::OnlyHere), "{claims:?}");
    }
}
