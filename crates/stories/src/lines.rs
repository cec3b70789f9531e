//! What each sentence of a story shows by itself: its words, names, actors, figures and days.

use crate::facts::Facts;
use crate::knowledge::knowledge;
use crate::words::content_lemmas;
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;
use std::collections::BTreeSet;

/// One sentence.
pub(crate) struct Line {
    pub doc: u32,
    pub sentence: u32,
    /// Content words in the form under which they are compared, sorted.
    pub words: Vec<SmolStr>,
    /// Joined actors.
    pub actors: BTreeSet<u32>,
    /// Their codes.
    pub codes: BTreeSet<SmolStr>,
    /// All words as they stand, lower case.
    pub names: FxHashSet<SmolStr>,
    /// Proper names among them.
    pub proper: BTreeSet<SmolStr>,
    /// Numbers as they stand.
    pub figures: BTreeSet<SmolStr>,
    /// Persons whose words it gives, by quotation or attribution.
    pub speakers: BTreeSet<u32>,
    /// Persons who are parties of its events.
    pub persons: BTreeSet<u32>,
    /// TIMEX3 values.
    pub times: BTreeSet<SmolStr>,
    /// Whether its main verb denies or is negated.
    pub denies: bool,
    /// Whether it asks.
    pub question: bool,
}

/// The sentences of documents, without those that repeat another of their document and those of a few words.
pub(crate) fn lines(facts: &Facts, members: &[u32]) -> Vec<Line> {
    let mut all = Vec::new();
    for &doc in members {
        let d = facts.doc(doc);
        let a = &d.annotated;
        let mut actors: FxHashMap<u32, BTreeSet<u32>> = FxHashMap::default();
        for m in &d.mentions {
            let sentence = a.sentence_of(m.head);
            let joined = m.actors.iter().filter_map(|&x| facts.actor_of(doc, x));
            actors.entry(sentence).or_default().extend(joined);
        }
        let mut times: FxHashMap<u32, BTreeSet<SmolStr>> = FxHashMap::default();
        for t in &d.times {
            times.entry(t.sentence).or_default().insert(SmolStr::from(t.value.as_str()));
        }
        let mut speakers: FxHashMap<u32, BTreeSet<u32>> = FxHashMap::default();
        let quoted = d.quotes.iter().filter_map(|q| Some((q.sentence, facts.actor_of(doc, q.speaker?)?)));
        let said = d.events.iter().filter_map(|e| Some((e.sentence, facts.voice(doc, e)?)));
        for (sentence, actor) in quoted.chain(said).filter(|(_, x)| facts.is_person(*x)) {
            speakers.entry(sentence).or_default().insert(actor);
        }
        let mut persons: FxHashMap<u32, BTreeSet<u32>> = FxHashMap::default();
        let parties = d.events.iter().flat_map(|e| {
            e.actors
                .iter()
                .chain(&e.recipients)
                .filter_map(|p| Some((e.sentence, facts.actor_of(doc, p.actor)?)))
        });
        for (sentence, actor) in parties.filter(|(_, x)| facts.is_person(*x)) {
            persons.entry(sentence).or_default().insert(actor);
        }
        for (n, s) in a.sentences.iter().enumerate().filter(|(_, s)| s.repeats.is_none()) {
            if s.tokens().len() < 4 {
                continue;
            }
            let sentence = n as u32;
            let actors = actors.remove(&sentence).unwrap_or_default();
            let codes = actors
                .iter()
                .map(|&x| SmolStr::from(facts.actor(x).code.as_str()))
                .filter(|c| !c.is_empty())
                .collect();
            let word = |t: usize| SmolStr::from(a.slice(a.tokens[t].span).to_lowercase());
            let kind = |upos: &'static str| s.tokens().filter(move |&t| a.tokens[t].upos == upos).map(word);
            let negates = |t: usize| knowledge().cue("negate", &a.tokens[t].lemma.to_lowercase());
            let denies = s
                .tokens()
                .find(|&t| a.tokens[t].rel == "root")
                .is_some_and(|root| negates(root) || a.children(root as u32).any(|t| negates(t as usize)));
            all.push(Line {
                denies,
                doc,
                sentence,
                words: content_lemmas(a, s.tokens()),
                actors,
                codes,
                names: s.tokens().map(word).collect(),
                proper: kind("PROPN").filter(|w| w.chars().count() > 2).collect(),
                figures: kind("NUM").collect(),
                speakers: speakers.remove(&sentence).unwrap_or_default(),
                persons: persons.remove(&sentence).unwrap_or_default(),
                times: times.remove(&sentence).unwrap_or_default(),
                question: a.slice(s.span).trim_end().ends_with('?'),
            });
        }
    }
    all
}
