//! What the reader sees in a word, beside what the codebook says of it: acts that no sense names, parties that the
//! patterns miss, and doubt where the two disagree.

use crate::codebook::Pos;
use crate::coder::Coder;
use crate::matcher::{Match, Trigger};
use crate::parties::Found;
use crate::slot::Kind;
use polybius_text::{Act, EventType};

/// A word is taken for a party from this chance on. Set on own sentences.
const PARTY: f32 = 0.4;
/// A row of the codebook whose party is missing takes the reader's from this chance on. Set on own sentences.
const MISSING_PARTY: f32 = 0.5;

/// Yielding on rules and giving up means are one root in the manual; which of the two is the codebook's to say.
fn alike(a: EventType, b: EventType) -> bool {
    let yields = |t| matches!(t, EventType::Concede | EventType::Retreat);
    a == b || yields(a) && yields(b)
}

/// The chance that an act is of a type.
pub(crate) fn chance_of(act: Option<&Act>, event_type: EventType) -> f32 {
    act.map_or(0.0, |a| a.types.iter().filter(|t| alike(t.0, event_type)).map(|t| t.1).sum())
}

/// An act whose doer or victim the reader sees, but nobody knows, is one of the country of the text from this chance on. Set by
/// judgement, not tuned.
const SURE_ACT: f32 = 0.6;
/// The same of the chance that the document is about political acts.
const SURE_DOCUMENT: f32 = 0.6;

/// A party of the patterns gives way to the reader's where the reader takes it for no party of the act (under this chance) ...
const NO_PARTY: f32 = 0.1;
/// ... and another for one from this chance on. Both set by judgement, not tuned.
const SURE_PARTY: f32 = 0.8;

impl<'d> Coder<'d> {
    /// The act at a token; a noun trigger may have its act marked at its light verb, and the other way round.
    pub(crate) fn act_of(&self, trigger: &Trigger) -> Option<&'d Act> {
        let at = |t: u32| self.tree.doc.act_at(t);
        let light = trigger.light.into_iter();
        std::iter::once(trigger.token)
            .chain(light)
            .chain(trigger.tail.iter().copied())
            .filter_map(at)
            .max_by(|a, b| a.chance().total_cmp(&b.chance()))
    }

    /// The act that the reader sees in a word for which no sense fits, with the parties that it gives.
    ///
    /// `least` overrides the chances of `reader.tsv`.
    pub(crate) fn learned(&self, token: u32, least: Option<f32>) -> Option<Match> {
        let act = self.tree.doc.act_at(token)?;
        let &(event_type, _) = act.types.first()?;
        let row = self.book.reader.get(&event_type)?;
        if chance_of(Some(act), event_type) < least.unwrap_or(row.least) {
            return None;
        }
        // "alarmed Poland": what is felt is no act of whoever causes it.
        if self.book.kind_holds(self.tree.lemma(token), "feeling") {
            return None;
        }
        // "accompanied by his ministers": who comes along.
        if self.book.kind_holds(self.tree.lemma(token), "companion") && self.tree.agent(token).is_some() {
            return None;
        }
        let pos = match self.tree.upos(token) {
            "VERB" | "AUX" => Pos::Verb,
            "NOUN" | "PROPN" => Pos::Noun,
            // "joint", "armed": the noun beside them tells it.
            _ => return None,
        };
        let light =
            if pos == Pos::Noun { self.matcher.light_verb(token, self.tree.lemma(token)) } else { None };
        let (actors, mut recipients) = self.parties_seen(act, PARTY);
        let does = |f: &Found| actors.iter().any(|a| a.same_party(f));
        recipients.retain(|f| self.parties.is_political(f.actor) && !does(f));
        // "the envoy left on Friday" is no retreat; "the troops left" is.
        if event_type == EventType::Retreat
            && self.book.kind_holds(self.tree.lemma(token), "departure")
            && !actors.iter().any(|f| self.parties.is(f.token, Kind::Armed))
        {
            return None;
        }
        Some(Match {
            trigger: Trigger { token, pos, light, tail: Vec::new() },
            sense: row.sense,
            actor_basis: "reader",
            recipient_basis: if recipients.is_empty() { "" } else { "reader" },
            actor_missing: actors.is_empty(),
            recipient_missing: false,
            fit: 1.0,
            consumed: Vec::new(),
            actors,
            recipients,
        })
    }

    /// The type that takes the place of a sense's own, where the reader is sure of another; never that of a row that
    /// names its objects or is an expression of several words.
    pub(crate) fn instead(&self, m: &Match, event_type: EventType) -> Option<(EventType, f32)> {
        if !m.consumed.is_empty() || !m.trigger.tail.is_empty() {
            return None;
        }
        let act = self.act_of(&m.trigger)?;
        let &(seen, chance) = act.types.first()?;
        let least = self.book.reader.get(&seen)?.instead?;
        (!alike(seen, event_type) && chance >= least && chance_of(Some(act), event_type) < 0.1)
            .then_some((seen, chance))
    }

    /// Gives a row whose party is missing the one that the reader sees.
    pub(crate) fn complete(&self, m: &mut Match) {
        let sense = &self.book.senses[m.sense as usize];
        let wants_recipient = !sense.recipient.is_empty() && m.recipients.is_empty();
        let wants_actor = !sense.actor.is_empty() && m.actors.is_empty();
        if !wants_actor && !wants_recipient || m.trigger.pos == Pos::Adjective {
            return;
        }
        let Some(act) = self.act_of(&m.trigger) else {
            return;
        };
        let (mut actors, mut recipients) = self.parties_seen(act, MISSING_PARTY);
        // What stands outside a noun's own phrase is of the verb over it.
        let bare = m.trigger.pos == Pos::Noun && m.trigger.light.is_none();
        let fits = |f: &Found| {
            self.parties.is_political(f.actor)
                && (!bare || self.tree.under(f.token, m.trigger.token))
                && !self.feels(f.token)
        };
        actors.retain(fits);
        recipients.retain(fits);
        if wants_actor {
            m.actors = apart_from(actors, &m.recipients);
            if !m.actors.is_empty() {
                (m.actor_basis, m.actor_missing) = ("reader", false);
            }
        }
        if wants_recipient {
            m.recipients = apart_from(recipients, &m.actors);
            if !m.recipients.is_empty() {
                (m.recipient_basis, m.recipient_missing) = ("reader", false);
            }
        }
    }

    /// "America the emir by phone called": where the order of words misleads the patterns and the reader is sure of another
    /// party, that one counts.
    pub(crate) fn correct(&self, m: &mut Match) {
        // Whose participle it is, the rules of control say.
        if m.trigger.pos == Pos::Adjective || self.tree.xpos(m.trigger.token) == "VBG" {
            return;
        }
        let Some(act) = self.act_of(&m.trigger) else {
            return;
        };
        let doubted = |found: &[Found], marked: &[(u32, f32)]| {
            !found.is_empty()
                && found.iter().all(|f| {
                    !f.is_by_scene()
                        && self.parties.is_political(f.actor)
                        && marked.iter().all(|&(t, chance)| chance < NO_PARTY || !self.tree.under(t, f.token))
                })
        };
        let (actors, recipients) = self.parties_seen(act, SURE_PARTY);
        let political = |f: &Found| self.parties.is_political(f.actor) && !self.feels(f.token);
        if doubted(&m.actors, &act.actors) && !actors.is_empty() && actors.iter().all(political) {
            m.recipients = apart_from(std::mem::take(&mut m.recipients), &actors);
            (m.actors, m.actor_basis) = (actors, "reader");
        }
        if doubted(&m.recipients, &act.recipients)
            && !recipients.is_empty()
            && recipients.iter().all(political)
        {
            let apart = apart_from(recipients, &m.actors);
            if !apart.is_empty() {
                (m.recipients, m.recipient_basis) = (apart, "reader");
            }
        }
    }

    /// "the threat to invade Chad alarmed Mali": whether a word stands for whoever feels something.
    fn feels(&self, token: u32) -> bool {
        let verb = self.tree.head(token).filter(|_| self.tree.base_rel(token) == "obj");
        verb.is_some_and(|v| self.book.kind_holds(self.tree.lemma(v), "feeling"))
    }

    /// "The movement refused to leave", "thousands marched", "he was charged": in a text about politics, people whom nothing else
    /// places are of the country of their sentence or of the text.
    pub(crate) fn lend_country(&self, m: &mut Match, event_type: EventType) {
        let known = |f: &Found| self.parties.is_political(f.actor);
        if m.actors.iter().chain(&m.recipients).any(known)
            || self.guarded.is_some()
            || m.trigger.pos == Pos::Adjective
            || self.political.is_none_or(|chance| chance < SURE_DOCUMENT)
        {
            return;
        }
        let Some(act) = self.act_of(&m.trigger).filter(|a| chance_of(Some(a), event_type) >= SURE_ACT) else {
            return;
        };
        let sentence = self.tree.doc.sentence_of(m.trigger.token);
        let Some(actor) = self.parties.scene.country_of(sentence) else {
            return;
        };
        let phrase = |list: &[(u32, f32)]| {
            let marked: Vec<u32> = list.iter().filter(|p| p.1 >= MISSING_PARTY).map(|p| p.0).collect();
            marked.iter().copied().find(|&t| self.tree.head(t).is_none_or(|h| !marked.contains(&h)))
        };
        let found = |token: u32| Found {
            actor,
            span: self.parties.covering(token).map_or(self.tree.doc.tokens[token as usize].span, |c| c.span),
            mention: None,
            token,
            through: Some("country of the text"),
        };
        let harm = matches!(event_type, EventType::Coerce | EventType::Assault | EventType::Accuse);
        if let Some(token) = phrase(&act.actors) {
            m.actors = vec![found(token)];
            (m.actor_basis, m.actor_missing) = ("the text is about it", false);
        } else if harm && let Some(token) = phrase(&act.recipients) {
            m.recipients = vec![found(token)];
            (m.recipient_basis, m.recipient_missing) = ("the text is about it", false);
        }
    }

    /// Who does it and to whom, as the reader sees it: the noun phrases whose words it marks.
    fn parties_seen(&self, act: &Act, least: f32) -> (Vec<Found>, Vec<Found>) {
        let other = |list: &[(u32, f32)], t: u32| list.iter().find(|p| p.0 == t).map_or(0.0, |p| p.1);
        let pick = |mine: &[(u32, f32)], theirs: &[(u32, f32)]| -> Vec<Found> {
            let marked: Vec<u32> =
                mine.iter().filter(|p| p.1 >= least && p.1 > other(theirs, p.0)).map(|p| p.0).collect();
            let mut out: Vec<Found> = Vec::new();
            for &t in &marked {
                // A word inside a marked phrase speaks only where the head of the phrase names nobody.
                if self.tree.head(t).is_some_and(|h| marked.contains(&h)) {
                    continue;
                }
                let mut found = self.parties.of(t);
                if found.is_empty() {
                    let inner = marked.iter().filter(|&&k| k != t && self.tree.under(k, t));
                    found = inner.flat_map(|&k| self.parties.of(k)).collect();
                }
                if found.is_empty() {
                    // "the port of Odessa"
                    let inner = marked.iter().copied().filter(|&k| self.tree.under(k, t));
                    found.extend(
                        std::iter::once(t).chain(inner).find_map(|k| self.parties.country_of_place(k)),
                    );
                }
                for f in found {
                    if !out.iter().any(|o| o.actor == f.actor) {
                        out.push(f);
                    }
                }
            }
            out
        };
        let actors = pick(&act.actors, &act.recipients);
        let recipients = apart_from(pick(&act.recipients, &act.actors), &actors);
        (actors, recipients)
    }
}

fn apart_from(found: Vec<Found>, others: &[Found]) -> Vec<Found> {
    found.into_iter().filter(|f| !others.iter().any(|o| o.same_party(f))).collect()
}
