//! One sentence with its two parties given: the best event between them.

use crate::acts::chance_of;
use crate::codebook::Codebook;
use crate::coder::{Coder, Draft};
use crate::cues::Guess;
use crate::parties::{Found, Parties};
use crate::tree::Tree;
use polybius_text::{CodedDocument, Event, EventType, Modality, Party, Polarity, Quad, Span};

/// Events of a document with the event between the two given parties first; never empty for a text with words.
///
/// `actor` and `recipient` are the words of the two parties, who does first. Every trigger of the text competes, those
/// too that are too weak to be coded on their own: by whether the parties fill its places in that order, by how near it
/// stands to both in the tree, and by the cue words of its type. Where no trigger fits, the cue words alone decide.
/// The document's other events follow by confidence.
pub fn code_between(doc: &CodedDocument, actor: &str, recipient: &str, codebook: &Codebook) -> Vec<Event> {
    let tree = Tree::new(&doc.annotated);
    let parties = Parties::new(&tree, &doc.mentions, &doc.doc_actors, &doc.places, &doc.quotes, codebook);
    let coder = Coder::new(&tree, &parties, codebook, &doc.times, &doc.annotated);
    let between =
        Between { tree: &tree, coder: &coder, actor: locate(doc, actor), recipient: locate(doc, recipient) };
    let mut rest = doc.events.clone();
    rest.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    let Some(mut best) = between.best(doc) else {
        return rest;
    };
    between.name_parties(doc, &mut best);
    rest.retain(|e| e.trigger_token != best.trigger_token || e.event_type != best.event_type);
    rest.insert(0, best);
    rest
}

/// The manual's types for what is to come or not to be: cooperation to come is consent, cooperation withheld is
/// rejection, harm that may come is a threat.
fn retype(event: &mut Event) {
    let cooperative = matches!(event.event_type.quad(), Quad::MaterialCooperation | Quad::VerbalCooperation);
    let harm = event.event_type.quad() == Quad::MaterialConflict;
    event.event_type = match (event.modality, event.polarity) {
        (Modality::Future, Polarity::Affirmed) if cooperative => EventType::Agree,
        (_, Polarity::Negated) if cooperative => EventType::Reject,
        (Modality::Hypothetical | Modality::Future, Polarity::Affirmed) if harm => EventType::Threaten,
        _ => return,
    };
    event.explanation.notes.push(format!("decided as {} by tense and negation", event.event_type));
}

struct Between<'d> {
    tree: &'d Tree<'d>,
    coder: &'d Coder<'d>,
    actor: Vec<u32>,
    recipient: Vec<u32>,
}

/// Weights of what speaks for a trigger. Set by judgement on own-written sentences, 2026-11.
const ACTS: f32 = 2.0;
const DONE_TO: f32 = 1.6;
const REVERSED: f32 = -0.8;
const NEAR: f32 = 0.25;
const CUES: f32 = 0.8;
const NAMED_NOUN: f32 = -0.4;
/// The reader's chance that the word tells this type, that the actor does it, that the recipient undergoes it.
const SEEN: f32 = 2.0;
const SEEN_ROLE: f32 = 1.2;
/// Acts that only the reader sees compete from this chance on.
const SLIGHT: f32 = 0.15;

impl Between<'_> {
    fn best(&self, doc: &CodedDocument) -> Option<Event> {
        let mut best: Option<(f32, u32, Draft)> = None;
        for number in 0..doc.annotated.sentences.len() as u32 {
            let guess = self.guess(number);
            for draft in self.coder.drafts(number, Some(SLIGHT)) {
                if draft.absorbed {
                    continue;
                }
                let score = self.score(&draft) + CUES * guess.share(draft.event_type);
                if best.as_ref().is_none_or(|(s, _, _)| score > *s) {
                    best = Some((score, number, draft));
                }
            }
        }
        if let Some((score, number, draft)) = &best
            && *score > 0.0
        {
            let mut event = self.coder.event(*number, draft);
            event.confidence = self.coder.confidence(draft);
            retype(&mut event);
            self.seen_from_outside(draft, &mut event);
            return Some(event);
        }
        // No trigger between the two: the cue words of the sentence that holds them.
        let number = self.home(doc)?;
        let (event_type, token, rule) = self.guess(number).first(self.root(number)?);
        let status = self.coder.judge.status_of_word(token);
        let event_type = match (status.modality, event_type.quad()) {
            (Modality::Future, Quad::MaterialCooperation) if status.polarity == Polarity::Affirmed => {
                EventType::Agree
            }
            (Modality::Future, Quad::MaterialConflict) if status.polarity == Polarity::Affirmed => {
                EventType::Threaten
            }
            _ => event_type,
        };
        Some(self.coder.bare_event(number, token, event_type, rule, &status))
    }

    /// "A said that B shelled the town": what A does to B is to accuse.
    fn seen_from_outside(&self, draft: &Draft, event: &mut Event) {
        let speaks = draft
            .status
            .attribution
            .iter()
            .any(|a| self.actor.iter().any(|&t| a.span.overlaps(self.tree.doc.tokens[t as usize].span)));
        let acts = self.holds(&draft.m.actors, &self.actor);
        let other = self.holds(&draft.m.actors, &self.recipient);
        if !speaks || acts || !other {
            return;
        }
        let conflict = matches!(event.event_type.quad(), Quad::MaterialConflict | Quad::VerbalConflict);
        let wanted = event.modality == Modality::Hypothetical || event.event_type == EventType::Request;
        event.event_type = match (conflict, wanted) {
            (true, false) => EventType::Accuse,
            (false, false) => EventType::Support,
            (false, true) => EventType::Request,
            (true, true) => return,
        };
        event.explanation.notes.push("seen from who says so: the act is what he speaks of".to_owned());
    }

    fn score(&self, d: &Draft) -> f32 {
        let trigger = d.m.trigger.light.unwrap_or(d.m.trigger.token);
        let mut score = 0.1 * d.m.fit.min(6.0) - 0.06 * self.tree.depth(trigger) as f32;
        let (acts, done) =
            (self.holds(&d.m.actors, &self.actor), self.holds(&d.m.recipients, &self.recipient));
        let mutual = d.m.recipients.is_empty() && acts && self.holds(&d.m.actors, &self.recipient);
        let speaker = || {
            d.status
                .attribution
                .iter()
                .any(|a| self.actor.iter().any(|&t| a.span.overlaps(self.tree.doc.tokens[t as usize].span)))
        };
        if acts {
            score += ACTS;
        } else if self.subject_holds(trigger, &self.actor) {
            score += 0.8 * ACTS;
        } else if speaker() {
            score += 0.4 * ACTS;
        }
        if done || mutual {
            score += DONE_TO;
        } else if self.recipient.iter().any(|&t| self.tree.under(t, trigger)) {
            score += 0.6 * DONE_TO;
        }
        if !acts && self.holds(&d.m.actors, &self.recipient) && self.holds(&d.m.recipients, &self.actor) {
            score += REVERSED;
        }
        let distance = |list: &[u32]| list.iter().map(|&t| self.steps(t, trigger)).min().unwrap_or(8);
        score -= NEAR * (distance(&self.actor) + distance(&self.recipient)) as f32 * 0.5;
        if d.m.trigger.pos == crate::codebook::Pos::Noun && d.m.trigger.light.is_none() {
            score += NAMED_NOUN;
        }
        if let Some(act) = self.coder.act_of(&d.m.trigger) {
            let seen = |list: &[(u32, f32)], tokens: &[u32]| {
                list.iter().filter(|p| tokens.contains(&p.0)).map(|p| p.1).fold(0.0, f32::max)
            };
            score += SEEN * chance_of(Some(act), d.event_type);
            score += SEEN_ROLE * seen(&act.actors, &self.actor);
            // Two sides of a meeting are both its actors.
            score +=
                SEEN_ROLE * seen(&act.recipients, &self.recipient).max(seen(&act.actors, &self.recipient));
        }
        score + 1.0
    }

    fn holds(&self, found: &[Found], tokens: &[u32]) -> bool {
        found.iter().any(|f| {
            tokens.iter().any(|&t| t == f.token || f.span.overlaps(self.tree.doc.tokens[t as usize].span))
        })
    }

    fn subject_holds(&self, verb: u32, tokens: &[u32]) -> bool {
        self.tree.subject(verb).is_some_and(|s| tokens.iter().any(|&t| self.tree.under(t, s.token)))
    }

    /// Steps through the tree from one token to another, at most eight.
    fn steps(&self, from: u32, to: u32) -> u32 {
        let up = |token: u32| {
            let mut chain = vec![token];
            while let Some(h) = self.tree.head(chain[chain.len() - 1])
                && chain.len() < 8
            {
                chain.push(h);
            }
            chain
        };
        let (a, b) = (up(from), up(to));
        let meet = a.iter().enumerate().find_map(|(i, t)| b.iter().position(|x| x == t).map(|j| i + j));
        meet.map_or(8, |n| n as u32).min(8)
    }

    fn guess(&self, number: u32) -> Guess {
        let s = &self.tree.doc.sentences[number as usize];
        let near = |t: u32| {
            let both = self.actor.iter().chain(&self.recipient).map(|&p| self.steps(p, t)).min().unwrap_or(8);
            1.0 / (1.0 + 0.3 * both as f32)
        };
        Guess::of(self.tree, self.coder.book, s.first_token..s.end_token, near)
    }

    /// The sentence that holds the parties, else the first with a verb.
    fn home(&self, doc: &CodedDocument) -> Option<u32> {
        let held = self.actor.iter().chain(&self.recipient).map(|&t| self.tree.doc.sentence_of(t)).next();
        held.or_else(|| (!doc.annotated.sentences.is_empty()).then_some(0))
    }

    fn root(&self, number: u32) -> Option<u32> {
        let s = &self.tree.doc.sentences[number as usize];
        (s.first_token..s.end_token).find(|&t| self.tree.head(t).is_none())
    }

    /// Puts the given parties in the places that the sentence left empty or filled otherwise.
    fn name_parties(&self, doc: &CodedDocument, event: &mut Event) {
        let party = |tokens: &[u32]| {
            tokens.iter().find_map(|&t| {
                let span = doc.annotated.tokens[t as usize].span;
                let i = doc.mentions.iter().position(|m| m.span.overlaps(span) && !m.actors.is_empty())?;
                let m = &doc.mentions[i];
                let basis = "given".to_owned();
                Some(Party { actor: m.actors[0], span: m.span, mention: Some(i as u32), basis })
            })
        };
        if let Some(p) = party(&self.actor) {
            event.actors = vec![p];
        }
        if let Some(p) = party(&self.recipient) {
            event.recipients = vec![p];
        }
    }
}

/// The tokens of a party's words: where they stand as given, else tokens that share a word with them.
fn locate(doc: &CodedDocument, words: &str) -> Vec<u32> {
    let text = &doc.annotated.article.text;
    let words = words.trim();
    if words.is_empty() {
        return Vec::new();
    }
    let tokens = doc.annotated.tokens.iter().enumerate();
    if let Some(at) = text.find(words) {
        let span = Span::new(at, at + words.len());
        return tokens.filter(|(_, t)| span.overlaps(t.span)).map(|(i, _)| i as u32).collect();
    }
    let wanted: Vec<String> = words.split_whitespace().map(folded).filter(|w| w.len() > 2).collect();
    tokens.filter(|(_, t)| wanted.contains(&folded(t.span.of(text)))).map(|(i, _)| i as u32).collect()
}

fn folded(word: &str) -> String {
    word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase()
}
