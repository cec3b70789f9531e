//! Claims, what is left out, and conflicts.

use super::Texts;
use crate::days;
use crate::story::rows::StoryRows;
use crate::story::view::*;
use polybius_store::rows::*;
use std::collections::BTreeMap;

/// Claims in the brief at most.
const BRIEF_CLAIMS: usize = 6;
/// Letters of a claim in the brief, where enough claims are that short.
const BRIEF_LETTERS: usize = 220;

pub fn claims(story: &StoryRows, texts: &Texts<'_>) -> Vec<ClaimView> {
    let mut rows: Vec<&ClaimRow> = story.claims.iter().collect();
    rows.sort_by(|a, b| b.importance.total_cmp(&a.importance).then(a.claim_id.cmp(&b.claim_id)));
    let number: BTreeMap<&str, usize> =
        rows.iter().enumerate().map(|(i, c)| (c.claim_id.as_str(), i)).collect();
    let mut cells: Vec<Vec<Option<&ClaimCellRow>>> =
        rows.iter().map(|_| vec![None; texts.rows.len()]).collect();
    for cell in &story.cells {
        if let (Some(&c), Some(&d)) = (number.get(cell.claim_id.as_str()), texts.index.get(&cell.doc_id)) {
            cells[c][d] = Some(cell);
        }
    }
    let view = |(i, row): (usize, &ClaimRow)| ClaimView {
        number: i + 1,
        cells: cells[i]
            .iter()
            .enumerate()
            .map(|(document, cell)| match cell {
                None => CellView {
                    document,
                    stance: "silent".to_string(),
                    detail: String::new(),
                    spans: Vec::new(),
                },
                Some(cell) => CellView {
                    document,
                    stance: cell.stance.clone(),
                    detail: cell.detail.clone(),
                    spans: cell
                        .spans
                        .iter()
                        .filter_map(|s| texts.span(&cell.doc_id, s.start, s.end))
                        .collect(),
                },
            })
            .collect(),
        claim_id: row.claim_id.clone(),
        chain_id: row.chain_id.clone(),
        claim: row.claim.clone(),
        verdict: row.verdict.clone(),
        n_documents: row.n_documents,
        n_origins: row.n_origins,
        importance: row.importance,
        citation: String::new(),
    };
    let mut claims: Vec<ClaimView> = rows.into_iter().enumerate().map(view).collect();
    for claim in &mut claims {
        claim.citation = citation(claim, texts);
    }
    claims
}

/// `Moon met Kim. Yellow Sea Press, 27 Apr 2018 (000, bytes 412-455); ...`: the first words of each document.
fn citation(claim: &ClaimView, texts: &Texts<'_>) -> String {
    let places: Vec<String> = claim
        .cells
        .iter()
        .filter_map(|c| c.spans.first())
        .map(|s| {
            let doc = texts.rows[s.document];
            let outlet = doc.outlet.as_deref().or(doc.agency.as_deref()).unwrap_or("outlet not stated");
            let day = doc.published_at.as_deref();
            let day = if day.is_none() { "no date".to_string() } else { days::range(day, day) };
            format!("{outlet}, {day} ({}, bytes {}-{})", s.label, s.start, s.end)
        })
        .collect();
    let words = claim.claim.trim();
    let stop = if words.ends_with(['.', '!', '?', '"', '”', '…']) { "" } else { "." };
    format!("{words}{stop} {}", places.join("; "))
}

/// The most important corroborated claims that two origins tell, then those of one speaker; word-spun text alone never carries one,
/// and no two tell the same sentences.
pub fn brief(documents: &[DocumentView], claims: &[ClaimView]) -> Vec<usize> {
    let flagged = |d: usize, flag: &str| documents[d].flags.iter().any(|f| f.flag == flag);
    let sound = |c: &&CellView| c.stance == "states" && !flagged(c.document, "word_spun");
    let mut found: Vec<usize> = (0..claims.len())
        .filter(|&i| claims[i].verdict == "corroborated" && claims[i].cells.iter().filter(sound).count() >= 2)
        .collect();
    // A brief is read in one breath: long sentences, headlines, questions, and what begins with a name in place of a pronoun, stand in
    // it only where there is nothing else; so do sentences of opinion pieces and translations that no other account bears out.
    let plain = |i: usize| {
        let claim = &claims[i];
        let reads = |c: &&CellView| {
            sound(c) && !flagged(c.document, "opinion") && !flagged(c.document, "machine_translated")
        };
        claim.claim.chars().count() <= BRIEF_LETTERS
            && !claim.claim.contains(['[', '?'])
            && !points_back(&claim.claim)
            && !is_headline(documents, claim)
            && claim.cells.iter().any(|c| reads(&c))
    };
    found.sort_by_key(|&i| (claims[i].n_origins < 2, i));
    if found.iter().any(|&i| plain(i)) {
        found.retain(|&i| plain(i));
    }
    let mut brief: Vec<usize> = Vec::new();
    for i in found {
        if brief.len() < BRIEF_CLAIMS
            && !brief.iter().any(|&known| same_sentences(&claims[known], &claims[i]))
        {
            brief.push(i);
        }
    }
    brief
}

/// Whether a claim begins with a pronoun, so that it does not say by itself of whom it speaks.
fn points_back(claim: &str) -> bool {
    let first = claim.split(|c: char| !c.is_alphabetic()).next().unwrap_or("");
    ["He", "She", "They", "It", "We", "I", "His", "Her", "Their", "Its", "This", "These", "Both"]
        .contains(&first)
}

/// Whether a claim reads as the title of one of the documents, or stands in capitals only.
fn is_headline(documents: &[DocumentView], claim: &ClaimView) -> bool {
    if !claim.claim.chars().any(char::is_lowercase) {
        return true;
    }
    let letters = |text: &str| -> String { text.chars().filter(|c| c.is_alphanumeric()).collect() };
    let own = letters(&claim.claim);
    documents.iter().filter_map(|d| d.title.as_deref()).any(|t| letters(t).starts_with(&own))
}

/// Whether half of the documents that tell one claim tell it in a sentence of the other.
fn same_sentences(a: &ClaimView, b: &ClaimView) -> bool {
    let told: Vec<(&CellView, &CellView)> =
        a.cells.iter().zip(&b.cells).filter(|(x, y)| !x.spans.is_empty() && !y.spans.is_empty()).collect();
    let meets = |(x, y): &(&CellView, &CellView)| {
        x.spans.iter().any(|s| y.spans.iter().any(|t| s.start < t.end && t.start < s.end))
    };
    let common = told.iter().filter(|p| meets(p)).count();
    let least = |c: &ClaimView| c.cells.iter().filter(|c| !c.spans.is_empty()).count();
    common > 0 && 2 * common >= least(a).min(least(b))
}

pub fn left_out(documents: &[DocumentView], claims: &[ClaimView]) -> Vec<LeftOutView> {
    let told = |c: &ClaimView| c.cells.iter().filter(|x| x.stance != "silent").count();
    (0..documents.len())
        .map(|document| LeftOutView {
            document,
            claims: (0..claims.len())
                .filter(|&i| told(&claims[i]) >= 2 && claims[i].cells[document].stance == "silent")
                .collect(),
        })
        .collect()
}

pub fn conflicts(story: &StoryRows, texts: &Texts<'_>, claims: &[ClaimView]) -> Vec<ConflictView> {
    let mut views: Vec<ConflictView> = story
        .conflicts
        .iter()
        .map(|row| {
            let mut values: Vec<ValueView> = Vec::new();
            for v in &row.values {
                let Some(span) = texts.span(&v.doc_id, v.start, v.end) else { continue };
                match values.iter_mut().find(|known| known.value == v.value) {
                    Some(known) => known.spans.push(span),
                    None => values.push(ValueView { value: v.value.clone(), spans: vec![span] }),
                }
            }
            let claim = claims.iter().find(|c| Some(&c.claim_id) == row.claim_id.as_ref()).map(|c| c.number);
            ConflictView {
                conflict_id: row.conflict_id.clone(),
                field: row.field.clone(),
                hard: row.hard,
                reason: row.reason.clone(),
                claim,
                values,
            }
        })
        .collect();
    views.sort_by_key(|c| (!c.hard, c.claim.unwrap_or(usize::MAX)));
    views
}
