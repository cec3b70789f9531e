//! The points of an agreement: what a declaration, deal or treaty lists without naming again who made it.

use crate::coder::{Coder, Draft};
use crate::matcher::{Match, Trigger};
use crate::parties::Found;
use crate::status::pos_of;
use polybius_text::{EventType, Modality, Polarity};

/// The parties of the agreement that a text told last: indexes of actors, empty where it told none.
#[derive(Debug, Default)]
pub(crate) struct Agreed {
    parties: Vec<u32>,
}

impl Agreed {
    /// Remembers who agreed, where an event is an agreement that two or more parties made.
    pub fn note(&mut self, coder: &Coder, d: &Draft) {
        let made = d.event_type == EventType::Agree
            && d.m.recipients.is_empty()
            && d.status.polarity == Polarity::Affirmed
            && matches!(d.status.modality, Modality::Actual | Modality::Historical);
        let mut parties: Vec<u32> = Vec::new();
        for f in d.m.actors.iter().filter(|f| made && coder.parties.is_political(f.actor)) {
            if parties.iter().all(|&p| coder.actor(p).code != coder.actor(f.actor).code) {
                parties.push(f.actor);
            }
        }
        if parties.len() > 1 {
            self.parties = parties;
        }
    }
}

const BASIS: &str = "party to the agreement told before";
/// Points are numbered up to this.
const MAX_POINT: u32 = 40;

impl Coder<'_> {
    /// The points of the agreement told last that a sentence lists, where no other row tells them: "under the deal,
    /// prisoners are to be freed", "2. Trade will resume."
    pub(crate) fn points(&self, number: u32, agreed: &Agreed, told: &mut Vec<Draft>) -> Vec<Draft> {
        if agreed.parties.is_empty() || self.guarded.is_some() {
            return Vec::new();
        }
        let Some(row) = self.book.agreements.first() else {
            return Vec::new();
        };
        let mut verbs = self.point_verbs(number);
        let mut told_elsewhere = Vec::new();
        for mut d in std::mem::take(told) {
            let clause = self.clause_of(d.m.trigger.token);
            if !verbs.contains(&clause) {
                told_elsewhere.push(d);
                continue;
            }
            let named = |f: &Found| self.parties.is_political(f.actor) && !f.is_by_scene();
            if d.m.actors.iter().any(named) || d.m.recipients.iter().any(named) && !d.m.actor_missing {
                verbs.retain(|&v| v != clause);
                told_elsewhere.push(d);
            } else if d.status.modality != Modality::Future && d.m.actors.is_empty() {
                // "Under the deal, prisoners were freed": done, by those who agreed.
                verbs.retain(|&v| v != clause);
                (d.m.actors, _) = self.bound_by(clause, agreed);
                (d.m.actor_basis, d.m.actor_missing) = (BASIS, false);
                told_elsewhere.push(d);
            }
        }
        *told = told_elsewhere;
        let drafts = verbs.into_iter().map(|verb| {
            let (actors, recipients) = self.bound_by(verb, agreed);
            let trigger =
                Trigger { token: verb, pos: pos_of(self.tree, verb), light: None, tail: Vec::new() };
            let status = self.judge.status(&trigger);
            let m = Match {
                trigger,
                sense: row.sense,
                actors,
                recipients,
                actor_basis: BASIS,
                recipient_basis: BASIS,
                actor_missing: false,
                recipient_missing: false,
                fit: 1.0,
                consumed: Vec::new(),
            };
            let notes = vec!["a point of the agreement told before".to_owned()];
            let event_type = self.book.senses[row.sense as usize].event_type;
            let mut d = Draft { m, status, event_type, notes, absorbed: false, confidence: 0.0 };
            d.confidence = self.confidence(&d);
            d
        });
        drafts.filter(|d| d.status.polarity == Polarity::Affirmed).collect()
    }

    /// Who is bound by a point: its subject, where that is one of those who agreed, towards the others; else all of them.
    fn bound_by(&self, verb: u32, agreed: &Agreed) -> (Vec<Found>, Vec<Found>) {
        let span = self.tree.doc.tokens[verb as usize].span;
        let found = |actor: u32| Found { actor, span, mention: None, token: verb, through: None };
        let subject = self.tree.subject(verb).map_or_else(Vec::new, |s| self.parties.of(s.token));
        let code = |actor: u32| &self.actor(actor).code;
        let own = |f: &Found| agreed.parties.iter().any(|&p| code(p) == code(f.actor));
        let actors: Vec<Found> = subject.into_iter().filter(own).collect();
        if actors.is_empty() {
            return (agreed.parties.iter().map(|&p| found(p)).collect(), Vec::new());
        }
        let others = agreed.parties.iter().filter(|&&p| actors.iter().all(|f| code(f.actor) != code(p)));
        let recipients = others.map(|&p| found(p)).collect();
        (actors, recipients)
    }

    /// The main words of the points that a sentence lists.
    fn point_verbs(&self, number: u32) -> Vec<u32> {
        let tree = self.tree;
        let sentence = &tree.doc.sentences[number as usize];
        let tokens = sentence.first_token..sentence.end_token;
        let Some(root) = tokens.clone().find(|&t| tree.head(t).is_none()) else {
            return Vec::new();
        };
        let agreed_noun = |t: u32| self.book.agreements.iter().any(|a| a.nouns.contains(tree.lemma(t)));
        let paper_speaks = tree.own_subject(root).is_some_and(agreed_noun)
            && self.book.agreements.iter().any(|a| a.verbs.contains(tree.lemma(root)));
        if paper_speaks {
            let content = tree.kid(root, "ccomp").unwrap_or(root);
            return self.clauses(content);
        }
        let under = tokens
            .filter(|&t| agreed_noun(t) && self.is_terms(t))
            .any(|t| tree.head(t).is_some_and(|h| h == root || tree.head(h) == Some(root)));
        if under || self.is_numbered(number) {
            // "Under the text, the minister said, links are to be restored".
            let spoken = tree.kid(root, "ccomp").filter(|_| under);
            return self.clauses(spoken.unwrap_or(root));
        }
        Vec::new()
    }

    /// A clause's verb and those beside it that have a subject or an auxiliary of their own.
    fn clauses(&self, verb: u32) -> Vec<u32> {
        let tree = self.tree;
        let finite =
            |v: u32| tree.own_subject(v).is_some() || tree.kids(v).iter().any(|&k| tree.base_rel(k) == "aux");
        let mut out = vec![verb];
        out.extend(tree.kids_with(verb, "conj").filter(|&c| finite(c)));
        out.extend(tree.kids_with(verb, "parataxis").filter(|&c| finite(c)));
        out.retain(|&v| finite(v) || tree.is_nominal(v));
        out
    }

    /// "under the deal", "by the treaty", "according to the text".
    fn is_terms(&self, noun: u32) -> bool {
        self.tree.case(noun).is_some_and(|c| matches!(c, "under" | "by" | "per" | "according" | "within"))
    }

    /// The finite verb over a word.
    fn clause_of(&self, token: u32) -> u32 {
        let mut at = token;
        while let Some(head) = self.tree.head(at) {
            if matches!(self.tree.base_rel(at), "conj" | "ccomp" | "parataxis" | "root")
                && self.tree.upos(at) == "VERB"
            {
                break;
            }
            at = head;
        }
        at
    }

    /// "1. The two sides will ...".
    fn is_numbered(&self, number: u32) -> bool {
        let doc = self.tree.doc;
        let text = doc.slice(doc.sentences[number as usize].span).trim_start_matches(['(', ' ']);
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let rest = &text[digits..];
        text[..digits].parse::<u32>().is_ok_and(|n| (1..=MAX_POINT).contains(&n))
            && rest.starts_with(['.', ')'])
            && rest[1..].starts_with(' ')
    }
}
