//! The way through the dependency tree from a trigger to a party.

use polybius_store::rows::{EventRow, PartyRow};
use polybius_text::Annotated;

/// `closure <-conj- curfew <-obj- announced -nsubj-> spokesman`: up to the word above both, then down. `None` when the two do
/// not stand in one tree.
pub fn between(doc: &Annotated, event: &EventRow, party: &PartyRow) -> Option<String> {
    let from = head_of(doc, event.trigger_start, event.trigger_end)?;
    let to = head_of(doc, party.start, party.end)?;
    let (up, down) = (to_root(doc, from), to_root(doc, to));
    let (meet, above) =
        up.iter().enumerate().find_map(|(n, t)| Some((n, down.iter().position(|d| d == t)?)))?;
    let rel = |token: u32| doc.tokens[token as usize].rel.as_str();
    let mut path = doc.word(from).to_string();
    for step in up[..=meet].windows(2) {
        path.push_str(&format!(" <-{}- {}", rel(step[0]), doc.word(step[1])));
    }
    for &token in down[..above].iter().rev() {
        path.push_str(&format!(" -{}-> {}", rel(token), doc.word(token)));
    }
    Some(path)
}

/// The token of a stretch whose head lies outside it.
fn head_of(doc: &Annotated, start: u32, end: u32) -> Option<u32> {
    let (first, last) = (doc.token_from(start), doc.token_from(end));
    (first..last).find(|&t| doc.tokens[t as usize].head.is_none_or(|h| h < first || h >= last))
}

/// A token and all above it.
fn to_root(doc: &Annotated, token: u32) -> Vec<u32> {
    let mut way = vec![token];
    while let Some(head) = way.last().and_then(|&t| doc.tokens[t as usize].head)
        && !way.contains(&head)
    {
        way.push(head);
    }
    way
}
