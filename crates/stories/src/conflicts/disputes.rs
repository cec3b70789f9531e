//! Two voices of one document against each other: one gives its version, the next sentence denies it.

use super::{Conflicts, Given, speaker_of};
use crate::facts::{Facts, subtree};
use crate::knowledge::knowledge;
use crate::words::cosine;
use polybius_text::{Annotated, ClaimId, Span};

/// Likeness of two neighbouring sentences of which the second denies something of its own.
const SAME_SENSE: f32 = 0.4;
/// Words of a version that are shown.
const SHOWN: usize = 12;

impl Conflicts<'_, '_> {
    /// `The letters were signed freely, says A. B denies it: ...`
    pub(super) fn disputes(&mut self) {
        // Copies of one text tell of one dispute.
        let mut all: Vec<(Dispute, Option<ClaimId>)> = Vec::new();
        for &doc in self.parts.members.iter().filter(|d| !self.facts.spun(**d)) {
            let a = &self.facts.doc(doc).annotated;
            for n in 1..a.sentences.len() {
                if a.sentences[n].segment != a.sentences[n - 1].segment || a.sentences[n].repeats.is_some() {
                    continue;
                }
                let Some(found) = dispute(self.facts, doc, n as u32) else { continue };
                match all.iter_mut().find(|d| d.0.names == found.names) {
                    Some((known, _)) => {
                        known.values.extend(found.values);
                        known.hard |= found.hard;
                    }
                    None => all
                        .push((found, self.row_at(doc, n as u32 - 1).or_else(|| self.row_at(doc, n as u32)))),
                }
            }
        }
        for (dispute, row) in all {
            let reason = "one voice denies what another says in the same document".to_string();
            self.add(row.as_ref(), "denial", dispute.hard, dispute.values, reason);
        }
    }
}

/// Two voices with their versions.
struct Dispute {
    names: [String; 2],
    values: Vec<Given>,
    hard: bool,
}

/// The version of the sentence before and its denial; hard when the denial has no object of its own, else only where the two
/// sentences are of one matter.
fn dispute(facts: &Facts, doc: u32, sentence: u32) -> Option<Dispute> {
    let a = &facts.doc(doc).annotated;
    let denying = a.sentences[sentence as usize].tokens().find(|&t| {
        let token = &a.tokens[t];
        token.upos == "VERB" && token.rel == "root" && (cue(a, t, "deny") || cue(a, t, "reject"))
    })?;
    let subject = a.children(denying as u32).find(|&t| a.tokens[t as usize].rel.starts_with("nsubj"))?;
    let object = a
        .children(denying as u32)
        .find(|&t| matches!(a.tokens[t as usize].rel.as_str(), "obj" | "ccomp" | "xcomp" | "parataxis"));
    // `Dismissed as fake a rumour` has a complement of its own, whatever the tree calls it.
    let bare = || {
        let own = |t: u32| {
            matches!(a.tokens[t as usize].rel.split(':').next(), Some("obl" | "advcl" | "nmod" | "dep"))
        };
        !a.children(denying as u32).any(own)
    };
    let hard = object.map_or_else(bare, |t| points_back(a, denying as u32, t));
    let vectors = (facts.vector(doc, sentence - 1), facts.vector(doc, sentence));
    let charge = object.is_some_and(|t| cue(a, t as usize, "charge"));
    if !hard
        && !charge
        && (cue(a, denying, "reject") || cosine(vectors.0, vectors.1).is_none_or(|c| c < SAME_SENSE))
    {
        return None;
    }
    // One who goes on speaking denies something else.
    if a.tokens[subject as usize].upos == "PRON" {
        return None;
    }
    let first = voice_of(facts, doc, sentence - 1)?;
    let second = noun_phrase(a, subject);
    let before = a.sentences[sentence as usize - 1].span;
    let own = a.sentences[sentence as usize].span;
    if second.is_empty() || first.contains(&second) {
        return None;
    }
    let values = vec![
        (doc, format!("{first}: {}", shown(a, before)), before),
        (doc, format!("{second}: {}", shown(a, own)), own),
    ];
    Some(Dispute { names: [first, second], values, hard })
}

fn cue(a: &Annotated, token: usize, name: &str) -> bool {
    knowledge().cue(name, &a.tokens[token].lemma.to_lowercase())
}

/// Whether what is denied is the sentence before: `denies it`, `rejects this account`, or a version behind a colon.
fn points_back(a: &Annotated, verb: u32, object: u32) -> bool {
    let token = &a.tokens[object as usize];
    let lemma = token.lemma.to_lowercase();
    let behind_colon = object > verb && (verb..object).any(|t| a.word(t) == ":");
    let pointing = |t: u32| {
        let child = &a.tokens[t as usize];
        child.rel == "det" && matches!(child.lemma.as_str(), "this" | "that" | "these" | "those")
    };
    behind_colon
        || token.upos == "PRON" && matches!(lemma.as_str(), "it" | "this" | "that" | "so")
        || a.children(object).any(pointing)
}

/// Who speaks in a sentence, by quotation or by attribution.
fn voice_of(facts: &Facts, doc: u32, sentence: u32) -> Option<String> {
    let d = facts.doc(doc);
    let quote = d.quotes.iter().find(|q| q.sentence == sentence);
    if let Some(speaker) = quote.and_then(|q| speaker_of(facts, doc, q)) {
        return Some(speaker);
    }
    let event = d.events.iter().filter(|e| e.sentence == sentence);
    let mut attributed =
        event.filter_map(|e| e.attribution.last()).filter_map(|v| facts.actor_of(doc, v.actor?));
    let named = attributed.next();
    named.map(|x| facts.actor(x).name.clone())
}

fn noun_phrase(a: &Annotated, head: u32) -> String {
    let tokens = subtree(a, head);
    let (Some(&first), Some(&last)) = (tokens.first(), tokens.last()) else { return String::new() };
    shown(a, a.tokens[first].span.cover(a.tokens[last].span))
}

fn shown(a: &Annotated, span: Span) -> String {
    let words: Vec<&str> = a.slice(span).split_whitespace().collect();
    let mut text = words[..words.len().min(SHOWN)].join(" ");
    if words.len() > SHOWN {
        text.push_str(" ...");
    }
    text
}
