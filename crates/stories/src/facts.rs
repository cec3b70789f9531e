//! Events after actors are joined: what chains, claims and conflicts compare.

use crate::dates;
use crate::documents::{Age, Selected};
use crate::knowledge::knowledge;
use crate::words::{Rarity, content_lemmas};
use polybius_actors::ActorsJoined;
use polybius_text::{
    Actor, ActorKind, ActorRole, Annotated, CodedDocument, Event, EventType, FlagKind, Modality, Party,
    Polarity, Quote, Span,
};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// Documents with joined actors and the rarity of words: shared by all comparisons.
pub(crate) struct Facts<'a> {
    pub docs: &'a Selected<'a>,
    pub joined: &'a ActorsJoined,
    pub rarity: &'a Rarity,
    index: &'a ActorIndex<'a>,
}

/// Numbers of the joined actors by id.
pub(crate) type ActorIndex<'a> = FxHashMap<&'a str, u32>;

/// The joined actors by id.
pub(crate) fn actor_index(joined: &ActorsJoined) -> ActorIndex<'_> {
    joined.actors.iter().enumerate().map(|(i, a)| (a.actor_id.as_str(), i as u32)).collect()
}

/// One event in comparable form. Actors are indexes into [`ActorsJoined::actors`].
#[derive(Debug, Clone)]
pub(crate) struct Fact {
    pub doc: u32,
    pub event: u32,
    pub event_type: EventType,
    pub actors: Vec<u32>,
    pub recipients: Vec<u32>,
    /// Content lemmas of the clause.
    pub words: Vec<SmolStr>,
    /// Proper names of the clause that are not its parties, lower case.
    pub names: Vec<SmolStr>,
    /// The family of the noun that the act is done to, where that is no party: the gate of `broke down the gate`.
    pub object: Option<SmolStr>,
    /// Codes of the states and bodies that the clause names, without the doers' own.
    pub about: BTreeSet<SmolStr>,
    /// Name, country, precision.
    pub place: Option<(SmolStr, SmolStr, SmolStr)>,
}

impl Fact {
    pub(crate) fn names_a_party(&self) -> bool {
        !self.actors.is_empty() || !self.recipients.is_empty()
    }
}

impl<'a> Facts<'a> {
    pub(crate) fn new(
        docs: &'a Selected<'a>,
        joined: &'a ActorsJoined,
        rarity: &'a Rarity,
        index: &'a ActorIndex<'a>,
    ) -> Facts<'a> {
        Facts { docs, joined, rarity, index }
    }

    pub(crate) fn doc(&self, doc: u32) -> &'a CodedDocument {
        &self.docs[doc as usize]
    }

    pub(crate) fn event(&self, doc: u32, event: u32) -> &'a Event {
        &self.doc(doc).events[event as usize]
    }

    pub(crate) fn quote(&self, doc: u32, quote: u32) -> &'a Quote {
        &self.doc(doc).quotes[quote as usize]
    }

    /// The joined actor of a document actor.
    pub(crate) fn actor_of(&self, doc: u32, doc_actor: u32) -> Option<u32> {
        let id = self.joined.actor_of.get(doc as usize)?.get(doc_actor as usize)?;
        self.index.get(id.as_str()).copied()
    }

    pub(crate) fn actor(&self, actor: u32) -> &'a Actor {
        &self.joined.actors[actor as usize]
    }

    /// The offices of an actor, in all documents.
    pub(crate) fn roles_of(&self, actor: u32) -> &'a [ActorRole] {
        let (roles, id) = (&self.joined.roles, &self.actor(actor).actor_id);
        let first = roles.partition_point(|r| r.actor_id < *id);
        let n = roles[first..].partition_point(|r| r.actor_id == *id);
        &roles[first..first + n]
    }

    pub(crate) fn is_person(&self, actor: u32) -> bool {
        self.actor(actor).kind == ActorKind::Person
    }

    pub(crate) fn spun(&self, doc: u32) -> bool {
        self.doc(doc).annotated.article.has_flag(FlagKind::WordSpun)
    }

    /// Who says so, as joined actor: the innermost named voice; `None` for the narrator.
    pub(crate) fn voice(&self, doc: u32, event: &Event) -> Option<u32> {
        event.attribution.iter().rev().find_map(|a| self.actor_of(doc, a.actor?))
    }

    /// Whether an event has its day from its own sentence.
    pub(crate) fn own_day(&self, doc: u32, event: &Event) -> bool {
        let time = event.date.as_ref().and_then(|d| d.time);
        time.and_then(|t| self.doc(doc).times.get(t as usize)).is_some_and(|t| t.sentence == event.sentence)
    }

    pub(crate) fn fact(&self, doc: u32, event: u32) -> Fact {
        let d = self.doc(doc);
        let e = self.event(doc, event);
        let side = |parties: &[Party]| {
            let mut all: Vec<u32> = parties.iter().filter_map(|p| self.actor_of(doc, p.actor)).collect();
            all.sort_unstable();
            all.dedup();
            all
        };
        let tokens = clause(&d.annotated, e.trigger_token);
        let parties: Vec<Span> = e.actors.iter().chain(&e.recipients).map(|p| p.span).collect();
        let outside = |t: &usize| !parties.iter().any(|p| p.contains(d.annotated.tokens[*t].span));
        let words = content_lemmas(&d.annotated, tokens.iter().copied().filter(outside));
        let mut names: Vec<SmolStr> = tokens
            .iter()
            .copied()
            .filter(outside)
            .map(|t| &d.annotated.tokens[t])
            .filter(|t| t.upos == "PROPN")
            .map(|t| SmolStr::from(d.annotated.slice(t.span).to_lowercase()))
            .collect();
        names.sort_unstable();
        names.dedup();
        let place = e.place.as_ref().and_then(|p| d.places.get(p.place as usize)).map(|p| {
            (
                SmolStr::from(p.name.as_str()),
                SmolStr::from(p.country.as_str()),
                SmolStr::from(p.precision.as_str()),
            )
        });
        let (actors, recipients) = (side(&e.actors), side(&e.recipients));
        let spans: Vec<Span> = tokens.iter().map(|&t| d.annotated.tokens[t].span).collect();
        let own: Vec<&str> = actors.iter().map(|&a| self.actor(a).code.as_str()).collect();
        let about = d
            .mentions
            .iter()
            .filter(|m| spans.binary_search_by(|s| s.start.cmp(&m.span.start)).is_ok())
            .flat_map(|m| &m.actors)
            .filter_map(|&a| self.actor_of(doc, a))
            .map(|a| self.actor(a).code.as_str())
            .filter(|c| !c.is_empty() && !own.contains(c))
            .map(SmolStr::from)
            .collect();
        let object = object_of(&d.annotated, e, &parties);
        Fact { about, doc, event, event_type: e.event_type, actors, recipients, words, names, object, place }
    }

    /// What is named after a document is named after the earliest: pages of tomorrow change no name of today.
    pub(crate) fn age(&self, doc: u32) -> Age<'a> {
        let article = &self.doc(doc).annotated.article;
        (article.published_day().map(|d| Reverse(dates::number(d))), article.doc_id.as_str())
    }

    pub(crate) fn vector(&self, doc: u32, sentence: u32) -> &'a [f32] {
        self.doc(doc).annotated.sentences.get(sentence as usize).map_or(&[], |s| s.vector.as_slice())
    }
}

/// Whether an event stands for something that happened or was said, not for background.
pub(crate) fn is_background(e: &Event) -> bool {
    e.modality == Modality::Historical
}

/// +1 affirmed, -1 negated or denied.
pub(crate) fn sign(e: &Event) -> i32 {
    if e.polarity == Polarity::Affirmed { 1 } else { -1 }
}

/// Types that are mostly acts of speech: between two parties there are many, known by their objects.
pub(crate) fn speech(event_type: EventType) -> bool {
    use EventType::*;
    matches!(event_type, Agree | Request | Accuse | Reject | Threaten | Support | Concede)
}

/// The word of the act; none for words that say nothing by themselves.
pub(crate) fn act_of(facts: &Facts, fact: &Fact) -> Option<SmolStr> {
    let event = facts.event(fact.doc, fact.event);
    let a = &facts.doc(fact.doc).annotated;
    let first = a.token_from(event.trigger.start) as usize;
    let end = a.token_from(event.trigger.end) as usize;
    // Light verbs carry their act in the noun beside them.
    let words = content_lemmas(a, first..end.max(first + 1));
    words.into_iter().max_by(|x, y| facts.rarity.weight(x).total_cmp(&facts.rarity.weight(y)))
}

/// The noun under the trigger that is its object, or the subject of its passive, in the form under which words are compared.
fn object_of(a: &Annotated, e: &Event, parties: &[Span]) -> Option<SmolStr> {
    let object = a.children(e.trigger_token).find(|&t| {
        let token = &a.tokens[t as usize];
        matches!(token.rel.as_str(), "obj" | "nsubj:pass")
            && token.upos == "NOUN"
            && !e.trigger.contains(token.span)
            && !parties.iter().any(|p| p.contains(token.span))
    })?;
    Some(knowledge().family(&a.tokens[object as usize].lemma.to_lowercase()))
}

/// Offices that one person of a state holds at a time.
pub(crate) fn single_holder(office: &str) -> bool {
    !office.starts_with("former")
        && (office.starts_with("head-of")
            || office.contains("supreme")
            || office.ends_with("minister")
            || office.contains("speaker")
            || office.starts_with("vice-")
            || office.contains("president"))
}

/// All tokens under `top`, in text order.
pub(crate) fn subtree(a: &Annotated, top: u32) -> Vec<usize> {
    let Some(s) = a.sentences.get(a.sentence_of(top) as usize) else { return Vec::new() };
    s.tokens()
        .filter(|&t| {
            let mut at = t as u32;
            // Trees are short; the bound guards against a cycle in a damaged record.
            for _ in 0..200 {
                if at == top {
                    return true;
                }
                match a.tokens.get(at as usize).and_then(|x| x.head) {
                    Some(h) => at = h,
                    None => return false,
                }
            }
            false
        })
        .collect()
}

/// The verb that governs a trigger, or the trigger itself when it is one.
pub(crate) fn governing_verb(a: &Annotated, trigger: u32) -> u32 {
    let mut at = trigger;
    for _ in 0..50 {
        let Some(token) = a.tokens.get(at as usize) else { return trigger };
        if token.upos == "VERB" {
            return at;
        }
        match token.head {
            Some(h) => at = h,
            None => return at,
        }
    }
    trigger
}

/// Tokens of the clause of a trigger: the whole sentence when that is short.
pub(crate) fn clause(a: &Annotated, trigger: u32) -> Vec<usize> {
    const SHORT: usize = 16;
    let Some(s) = a.sentences.get(a.sentence_of(trigger) as usize) else { return Vec::new() };
    if s.tokens().len() <= SHORT {
        return s.tokens().collect();
    }
    let verb = governing_verb(a, trigger);
    let part = subtree(a, verb);
    if part.len() >= 5 {
        return part;
    }
    // A bare infinitive or participle lives by the verb above it.
    match a.tokens[verb as usize].head {
        Some(h) => subtree(a, governing_verb(a, h)),
        None => part,
    }
}
