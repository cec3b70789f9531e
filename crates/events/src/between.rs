//! One sentence with its two parties given: the best event between them.

use crate::codebook::Codebook;
use polybius_text::{CodedDocument, Event};

/// Events of a document with the event between the two given parties first.
///
/// `actor` and `recipient` are the words of the two parties. An event whose actors and recipients share words with
/// them in that order comes first, then one in the other order, then one with one of them, then by confidence.
pub fn code_between(doc: &CodedDocument, actor: &str, recipient: &str, _codebook: &Codebook) -> Vec<Event> {
    let fits = |parties: &[polybius_text::Party], words: &str| {
        parties.iter().any(|p| {
            shares_word(doc.annotated.slice(p.span), words)
                || shares_word(&doc.doc_actors[p.actor as usize].name, words)
        })
    };
    let mut events: Vec<(f32, Event)> = doc
        .events
        .iter()
        .map(|e| {
            let forward = u8::from(fits(&e.actors, actor)) + u8::from(fits(&e.recipients, recipient));
            let back = u8::from(fits(&e.actors, recipient)) + u8::from(fits(&e.recipients, actor));
            let score = 2.0 * f32::from(forward) + f32::from(back) * 0.9 + e.confidence;
            (score, e.clone())
        })
        .collect();
    events.sort_by(|a, b| b.0.total_cmp(&a.0));
    events.into_iter().map(|(_, e)| e).collect()
}

/// Whether the two share a word of three letters or more, letter case aside.
fn shares_word(a: &str, b: &str) -> bool {
    let words = |s: &str| -> Vec<String> {
        s.split(|c: char| !c.is_alphanumeric())
            .filter(|w| w.len() > 2 || w.chars().all(char::is_uppercase) && !w.is_empty())
            .map(str::to_lowercase)
            .collect()
    };
    let of_b = words(b);
    words(a).iter().any(|w| of_b.contains(w))
}
