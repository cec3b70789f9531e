//! Whether the verb over an expression of time looks back or ahead.

use super::knowledge::{Frame, TimeKnowledge};
use crate::tree::Tree;

/// Which way the governing verb looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tense {
    Past,
    Present,
    Future,
}

/// The tense over the token `at`; the words of the sentence decide where no tree was read.
pub(super) fn tense_over(tree: &Tree, at: u32, sentence: std::ops::Range<usize>, k: &TimeKnowledge) -> Tense {
    let doc = tree.doc;
    if sentence.clone().all(|t| doc.tokens[t].head.is_none()) {
        let ahead = sentence.into_iter().any(|t| {
            matches!(
                doc.word(t as u32).to_lowercase().as_str(),
                "will" | "shall" | "scheduled" | "due" | "upcoming"
            )
        });
        return if ahead { Tense::Future } else { Tense::Past };
    }
    let mut token = at;
    for _ in 0..16 {
        if let Some(tense) = tense_of(tree, token, k) {
            return tense;
        }
        match tree.head(token) {
            Some(head) => token = head,
            None => break,
        }
    }
    Tense::Past
}

fn tense_of(tree: &Tree, token: u32, k: &TimeKnowledge) -> Option<Tense> {
    let looks_ahead = |t: u32| k.in_frame(&tree.lemma(t).to_lowercase(), Frame::FutureVerb);
    let kids = tree.kids(token);
    let aux = |words: &[&str]| {
        kids.iter()
            .any(|&a| tree.base_rel(a) == "aux" && words.contains(&tree.lemma(a).to_lowercase().as_str()))
    };
    let copula = kids.iter().copied().find(|&a| tree.rel(a) == "cop");
    let verbal = matches!(tree.upos(token), "VERB" | "AUX") || copula.is_some();
    if !verbal {
        // "elections due in February", "the meeting planned for Sunday"
        return (tree.upos(token) == "ADJ" && matches!(tree.lemma(token), "due" | "upcoming"))
            .then_some(Tense::Future);
    }
    if aux(&["will", "shall", "wo", "’ll", "'ll"]) {
        return Some(Tense::Future);
    }
    if aux(&["would", "should", "may", "might", "can", "could", "must"]) {
        return Some(if aux(&["have"]) { Tense::Past } else { Tense::Future });
    }
    // "are to meet in May"
    let be_to = copula.is_some_and(|c| c < token && tree.xpos(token) == "VB");
    if (aux(&["be"]) || be_to) && kids.iter().any(|&m| tree.rel(m) == "mark" && tree.lemma(m) == "to") {
        return Some(Tense::Future);
    }
    let infinitive = kids.iter().any(|&m| tree.rel(m) == "mark" && tree.lemma(m) == "to");
    if infinitive && tree.xpos(token) == "VB" {
        let ahead = tree.head(token).is_some_and(looks_ahead) || tree.base_rel(token) == "acl";
        return ahead.then_some(Tense::Future);
    }
    if tree.xpos(token) == "VBN" && !kids.iter().any(|&a| tree.base_rel(a) == "aux") {
        // "planned for Sunday" as a participle looks ahead; others look back.
        let planned = matches!(tree.lemma(token), "plan" | "schedule" | "expect" | "foresee" | "slate");
        return Some(if planned { Tense::Future } else { Tense::Past });
    }
    if matches!(tree.lemma(token), "schedule" | "slate") {
        return Some(Tense::Future);
    }
    match copula.map_or(tree.xpos(token), |c| tree.xpos(c)) {
        "VBD" => Some(Tense::Past),
        "VBN" => Some(Tense::Past),
        "VBZ" | "VBP" => Some(Tense::Present),
        "VBG" if aux(&["be"]) => Some(Tense::Present),
        _ => None,
    }
}
