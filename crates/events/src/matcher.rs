//! Matches the senses of a trigger against its tree: fixed words, slots, conditions; the most specific sense wins.

use crate::codebook::{Codebook, Entry, Pos, Sense};
use crate::parties::{Found, Parties};
use crate::slot::{Condition, Kind, Slot, Test};
use crate::status::keyed;
use crate::tree::{Argument, Tree};
use smol_str::SmolStr;

/// A token that may carry an event.
#[derive(Debug, Clone)]
pub(crate) struct Trigger {
    pub token: u32,
    pub pos: Pos,
    /// The light verb over a noun trigger.
    pub light: Option<u32>,
    /// Tokens of the rest of a fixed expression.
    pub tail: Vec<u32>,
}

/// A sense with its parties.
#[derive(Debug, Clone)]
pub(crate) struct Match {
    pub trigger: Trigger,
    pub sense: u32,
    pub actors: Vec<Found>,
    pub recipients: Vec<Found>,
    pub actor_basis: &'static str,
    pub recipient_basis: &'static str,
    pub actor_missing: bool,
    pub recipient_missing: bool,
    pub fit: f32,
    /// Nouns that a condition of the row names: they belong to this event and carry none of their own.
    pub consumed: Vec<u32>,
}

pub(crate) struct Matcher<'d> {
    pub tree: &'d Tree<'d>,
    pub parties: &'d Parties<'d>,
    pub book: &'d Codebook,
}

impl<'d> Matcher<'d> {
    /// The best sense of a token, if any sense fits.
    pub fn best(&self, token: u32) -> Option<Match> {
        let tree = self.tree;
        let pos = match tree.upos(token) {
            "VERB" => Pos::Verb,
            "NOUN" => Pos::Noun,
            "PROPN" => Pos::Noun,
            "ADJ" => Pos::Adjective,
            "AUX" => Pos::Verb,
            _ => return None,
        };
        // "what they called a coup", "B, joined by C": names and companions, not acts.
        let names =
            tree.rel(token) == "acl:relcl" && tree.head(token).is_some_and(|h| tree.lemma(h) == "what");
        let joins = self.book.kind_holds(tree.lemma(token), "companion") && tree.agent(token).is_some();
        if (names && keyed(tree, &self.book.speech, token, Pos::Verb).is_some())
            || (names && matches!(tree.lemma(token), "call" | "term" | "label" | "brand" | "dub"))
            || joins
        {
            return None;
        }
        let found = self.best_as(token, pos, tree.lemma(token));
        if found.is_some() {
            return found;
        }
        match pos {
            // "was wounded", "is detained": participles that the reader calls adjectives
            Pos::Adjective if tree.xpos(token) == "VBN" => self.best_as(token, Pos::Verb, tree.lemma(token)),
            _ => None,
        }
    }

    fn best_as(&self, token: u32, pos: Pos, lemma: &str) -> Option<Match> {
        let lower;
        let lemma = if lemma.bytes().any(|b| b.is_ascii_uppercase()) {
            lower = lemma.to_lowercase();
            lower.as_str()
        } else {
            lemma
        };
        let (first, inner) = match lemma.split_once('-') {
            Some((a, b)) if !a.is_empty() => (a, b),
            _ => (lemma, ""),
        };
        let whole = self.book.by_lemma.get(&(pos, SmolStr::from(lemma)));
        let split =
            if inner.is_empty() { None } else { self.book.by_lemma.get(&(pos, SmolStr::from(first))) };
        if whole.is_none() && split.is_none() {
            return None;
        }
        let light = if pos == Pos::Noun { self.light_verb(token, lemma) } else { None };
        let mut best: Option<Match> = None;
        for entry in whole.into_iter().flatten() {
            let Some(tail) = self.tail(token, entry) else {
                continue;
            };
            let trigger = self.at_head_noun(Trigger { token, pos, light, tail });
            self.consider(trigger, entry, &mut best);
        }
        for entry in split.into_iter().flatten() {
            if !entry.tail.is_empty() && inner.split('-').eq(entry.tail.iter().map(|w| w.as_str())) {
                self.consider(Trigger { token, pos, light, tail: Vec::new() }, entry, &mut best);
            }
        }
        best
    }

    /// "the Russian military buildup": the parties hang on the last noun of an expression whose first word stands before it.
    fn at_head_noun(&self, trigger: Trigger) -> Trigger {
        let (tree, first) = (self.tree, trigger.token);
        let head = tree.head(first).filter(|h| trigger.tail.contains(h));
        match head {
            Some(head) if trigger.pos == Pos::Noun && matches!(tree.base_rel(first), "amod" | "compound") => {
                let rest = trigger.tail.into_iter().filter(|&t| t != head);
                Trigger { token: head, tail: std::iter::once(first).chain(rest).collect(), ..trigger }
            }
            _ => trigger,
        }
    }

    fn consider(&self, trigger: Trigger, entry: &Entry, best: &mut Option<Match>) {
        let sense = &self.book.senses[entry.sense as usize];
        let Some(mut m) = self.fit(trigger, sense, entry.sense) else {
            return;
        };
        m.fit += 3.0 * entry.tail.len() as f32;
        if best.as_ref().is_none_or(|b| m.fit > b.fit) {
            *best = Some(m);
        }
    }

    /// The tokens of the rest of an expression, which must follow and hang together with the first word.
    fn tail(&self, token: u32, entry: &Entry) -> Option<Vec<u32>> {
        let mut out = Vec::with_capacity(entry.tail.len());
        if entry.tail.is_empty() {
            return Some(out);
        }
        let tree = self.tree;
        let sentence = &tree.doc.sentences[tree.doc.sentence_of(token) as usize];
        let mut last = token;
        for word in &entry.tail {
            let limit = (last + 7).min(sentence.end_token);
            let found = (last + 1..limit).find(|&t| {
                let same =
                    tree.lemma(t).eq_ignore_ascii_case(word) || tree.doc.word(t).eq_ignore_ascii_case(word);
                same && (t == last + 1
                    || (t == last + 2 && tree.upos(last + 1) == "PUNCT")
                    || tree.head(t) == Some(token)
                    || tree.head(t).and_then(|h| tree.head(h)) == Some(token)
                    || out.iter().any(|&o| tree.head(t) == Some(o)))
            });
            match found {
                Some(t) => {
                    out.push(t);
                    last = t;
                }
                None => {
                    // The object of the expression may have become the subject: "pressure was put on".
                    let t = tree
                        .kids(token)
                        .iter()
                        .copied()
                        .find(|&k| tree.rel(k) == "nsubj:pass" && tree.lemma(k) == word)?;
                    out.push(t);
                }
            }
        }
        Some(out)
    }

    /// The verb that only lends its subject to a noun: "held talks", "talks were held".
    pub fn light_verb(&self, noun: u32, lemma: &str) -> Option<u32> {
        let tree = self.tree;
        let first = tree.first_conjunct(noun);
        let rel = tree.rel(first);
        let verb = tree.head(first)?;
        if tree.upos(verb) != "VERB" {
            return None;
        }
        let carried = |key: &str| {
            self.book.light_verbs.get(key).is_some_and(|nouns| nouns.is_empty() || nouns.contains(lemma))
        };
        let name = tree.lemma(verb);
        let light = match rel {
            "obj" | "nsubj:pass" => carried(name),
            "nsubj" => carried(&format!("{name} subj")),
            r if r.starts_with("obl") => {
                let case = tree.case(first)?;
                carried(&format!("{name} {case}"))
            }
            "acl" | "acl:relcl" => false,
            _ => false,
        };
        let light = light
            || self
                .particle(verb)
                .is_some_and(|p| matches!(rel, "obj" | "nsubj:pass") && carried(&format!("{name} {p}")));
        light.then_some(verb)
    }

    fn particle(&self, verb: u32) -> Option<&'d str> {
        self.tree
            .kids(verb)
            .iter()
            .copied()
            .find(|&k| self.tree.rel(k) == "compound:prt")
            .map(|k| self.tree.lemma(k))
    }

    fn fit(&self, trigger: Trigger, sense: &Sense, number: u32) -> Option<Match> {
        for c in &sense.require {
            if !self.holds(&trigger, c, true) {
                return None;
            }
        }
        if sense.exclude.iter().any(|c| self.holds(&trigger, c, false)) {
            return None;
        }
        let (mut actors, actor_basis, actor_slots) = match self.doers(&trigger, sense) {
            Some(slots) => self.parties_in(&trigger, &slots, sense.reciprocal),
            None => self.parties_in(&trigger, &sense.actor, sense.reciprocal),
        };
        let mut recipients = Vec::new();
        let mut recipient_basis = "";
        if sense.reciprocal {
            // What stands in the first place acts; the other side of the meeting is its counterpart.
            if actor_slots > 1 {
                let (first, _, _) = self.parties_in(&trigger, &sense.actor, false);
                let split = first.len();
                if actors.len() > split {
                    recipients = actors.split_off(split);
                    recipient_basis = "counterpart";
                }
            }
        } else {
            let (found, basis, _) = self.parties_in(&trigger, &sense.recipient, false);
            recipients = found;
            recipient_basis = basis;
        }
        recipients.retain(|r| !actors.iter().any(|a| a.same_party(r)));
        // "The council imposed them": sanctions, as the row wants, not whom the pronoun may mean elsewhere.
        let wants_words =
            sense.require.iter().any(|c| !c.negated && matches!(c.test, Test::Words(Slot::Obj, _)));
        if wants_words && let Some(o) = self.tree.object(trigger.token) {
            recipients.retain(|r| r.token != o.token || self.tree.upos(o.token) != "PRON");
        }
        // Who moves into a place of its own country does nothing to it.
        recipients.retain(|r| {
            let code = |f: &Found| self.parties.actors[f.actor as usize].code.as_str();
            r.through != Some("country of the place") || !actors.iter().any(|a| code(a) == code(r))
        });
        if recipients.is_empty() && !sense.reciprocal && actors.len() > 1 && self.each_other(&trigger) {
            recipients = actors.iter().rev().cloned().collect();
            recipient_basis = "each other";
        }
        let consumed = self.named_words(&trigger, sense);
        let actor_missing = actors.is_empty() && !sense.actor.is_empty();
        let recipient_missing = recipients.is_empty() && !sense.recipient.is_empty();
        let mut fit = 1.0 + sense.require.len() as f32 * 1.5 + sense.exclude.len() as f32 * 0.1;
        fit += if actors.is_empty() { if sense.actor_optional { 0.0 } else { -0.8 } } else { 0.6 };
        fit += if recipients.is_empty() { if sense.recipient_optional { 0.0 } else { -0.8 } } else { 0.6 };
        Some(Match {
            trigger,
            sense: number,
            actors: std::mem::take(&mut actors),
            recipients,
            actor_basis,
            recipient_basis,
            actor_missing: actor_missing && !sense.actor_optional,
            recipient_missing: recipient_missing && !sense.recipient_optional,
            fit,
            consumed,
        })
    }

    /// "the invasion of Chad": whoever stands behind "of" undergoes it, where the row would take him for the doer.
    fn doers(&self, trigger: &Trigger, sense: &Sense) -> Option<Vec<Slot>> {
        let of = |slot: &Slot| matches!(slot, Slot::Prep(p) if p == "of");
        let undergone = trigger.pos == Pos::Noun
            && sense.recipient.iter().any(of)
            && sense.actor.iter().any(of)
            && self.book.kind_holds(self.tree.lemma(trigger.token), "undergone");
        undergone.then(|| sense.actor.iter().filter(|s| !of(s)).cloned().collect())
    }

    /// "expelled each other's diplomats": the doers are the done-to as well.
    fn each_other(&self, trigger: &Trigger) -> bool {
        let tree = self.tree;
        let pair = |t: u32| {
            let second = |word: &str| tree.kids(t).iter().any(|&k| tree.lemma(k) == word);
            (tree.lemma(t) == "each" && second("other"))
                || (tree.lemma(t) == "other" && second("each"))
                || (tree.lemma(t) == "one" && second("another"))
        };
        let near: Vec<u32> = tree.kids(trigger.token).to_vec();
        near.iter().any(|&k| pair(k) || tree.kids(k).iter().any(|&g| pair(g)))
    }

    /// The words of the slots that a row's conditions name: "sanctions" in "imposed sanctions".
    fn named_words(&self, trigger: &Trigger, sense: &Sense) -> Vec<u32> {
        let mut out = Vec::new();
        for c in sense.require.iter().filter(|c| !c.negated) {
            let Test::Words(slot @ (Slot::Obj | Slot::Prep(_)), words) = &c.test else {
                continue;
            };
            for a in self.fill(trigger, slot) {
                out.extend(self.tree.conjuncts(a.token).into_iter().filter(|&t| self.word_in(t, words)));
            }
        }
        out
    }

    /// The actors of the first slot that has any, or of all slots; with the basis and the number of slots that gave some.
    fn parties_in(&self, trigger: &Trigger, slots: &[Slot], all: bool) -> (Vec<Found>, &'static str, usize) {
        let mut out: Vec<Found> = Vec::new();
        let mut basis = "";
        let mut n = 0;
        for slot in slots {
            let before = out.len();
            for argument in self.fill(trigger, slot) {
                let mut found = Vec::new();
                match slot {
                    Slot::Amod => self.parties.adjectives(argument.token, &mut found),
                    Slot::ObjAmod => self.parties.adjectives(argument.token, &mut found),
                    _ => found = self.parties.of(argument.token),
                }
                if found.is_empty()
                    && matches!(slot, Slot::Prep(_) | Slot::Obj)
                    && self.tree.rel(argument.token) != "obl:agent"
                {
                    found.extend(self.parties.country_of_place(argument.token));
                }
                for f in found {
                    if !out.iter().any(|o| o.actor == f.actor) {
                        out.push(f);
                    }
                }
                if out.len() > before && basis.is_empty() {
                    basis = argument.basis;
                }
            }
            if out.len() > before {
                n += 1;
                if !all {
                    break;
                }
            }
        }
        (out, basis, n)
    }

    /// The noun phrases in a slot.
    pub fn fill(&self, trigger: &Trigger, slot: &Slot) -> Vec<Argument> {
        let tree = self.tree;
        let token = trigger.token;
        let one = |a: Option<Argument>| a.into_iter().collect::<Vec<_>>();
        match slot {
            Slot::Subj => match trigger.pos {
                Pos::Verb => one(tree.subject(token)),
                Pos::Adjective => one(self.adjective_subject(token)),
                Pos::Noun => self.fill(trigger, &Slot::Gov),
            },
            Slot::Obj => match trigger.pos {
                Pos::Verb => one(self
                    .thing_granted(token)
                    .or_else(|| tree.object(token))
                    .filter(|o| !trigger.tail.contains(&o.token))),
                _ => Vec::new(),
            },
            Slot::Iobj => {
                let granted = self.thing_granted(token).and_then(|_| tree.surface_subject(token));
                let indirect = tree.kid(token, "iobj");
                one(granted.or(indirect.map(|token| Argument { token, basis: "indirect object" })))
            }
            Slot::Comp | Slot::Xsubj => {
                let clause = tree.kids(token).iter().copied().find(|&k| {
                    matches!(tree.base_rel(k), "ccomp" | "xcomp")
                        || (tree.base_rel(k) == "acl" && trigger.pos == Pos::Noun)
                });
                let Some(clause) = clause else {
                    return Vec::new();
                };
                let subject =
                    if tree.passive(clause) { tree.surface_subject(clause) } else { tree.subject(clause) };
                one(subject.map(|a| Argument { basis: "subject of the complement", ..a }))
            }
            Slot::Gov => self.governing_subject(trigger),
            Slot::GovObj => {
                let Some(verb) = self.governing_verb(trigger) else {
                    return Vec::new();
                };
                let mut out = Vec::new();
                if let Some(o) = tree.object(verb).filter(|o| !tree.under(token, o.token)) {
                    out.push(Argument { basis: "object of the governing verb", ..o });
                }
                for p in ["to", "with", "on", "against"] {
                    out.extend(self.oblique(verb, p).into_iter().filter(|a| !tree.under(token, a.token)));
                }
                out
            }
            Slot::Poss => tree
                .kids_with(token, "nmod:poss")
                .map(|token| Argument { token, basis: "possessor" })
                .collect(),
            Slot::Amod => vec![Argument { token, basis: "adjective" }],
            Slot::Prep(p) => self.prepositional(trigger, p),
            Slot::ObjPoss => self
                .objects(token)
                .into_iter()
                .flat_map(|o| tree.kids_with(o, "nmod:poss").collect::<Vec<_>>())
                .map(|token| Argument { token, basis: "possessor of the object" })
                .collect(),
            Slot::ObjAmod => self
                .objects(token)
                .into_iter()
                .map(|token| Argument { token, basis: "adjective of the object" })
                .collect(),
            Slot::ObjPrep(p) => {
                let mut out: Vec<Argument> = Vec::new();
                for o in self.objects(token) {
                    for &k in tree.kids(o) {
                        if tree.base_rel(k) == "nmod" && tree.has_case(k, p) {
                            out.push(Argument { token: k, basis: "dependent of the object" });
                        }
                    }
                }
                if out.is_empty() {
                    out = self.oblique(token, p);
                }
                out
            }
        }
    }

    /// "was granted a loan": what a passive verb still has as its object.
    fn thing_granted(&self, verb: u32) -> Option<Argument> {
        let tree = self.tree;
        let thing = tree.kid(verb, "obj").filter(|&o| o > verb && tree.upos(o) == "NOUN")?;
        let passive = tree.kids(verb).iter().any(|&k| matches!(tree.rel(k), "aux:pass" | "nsubj:pass"));
        passive.then_some(Argument { token: thing, basis: "object of the passive" })
    }

    fn objects(&self, verb: u32) -> Vec<u32> {
        let Some(object) = self.tree.object(verb) else {
            return Vec::new();
        };
        self.tree.conjuncts(object.token)
    }

    /// Subject of a predicate adjective: "is ready", "remained critical".
    fn adjective_subject(&self, token: u32) -> Option<Argument> {
        let tree = self.tree;
        match tree.rel(token) {
            "amod" => {
                tree.head(token).map(|token| Argument { token, basis: "noun that the adjective describes" })
            }
            _ => tree.surface_subject(token),
        }
    }

    fn oblique(&self, verb: u32, preposition: &str) -> Vec<Argument> {
        let tree = self.tree;
        let phrase = |k: u32| {
            matches!(tree.base_rel(k), "obl" | "nmod" | "advcl")
                && tree.is_nominal(k)
                && tree.has_case(k, preposition)
        };
        let found = tree.kids(verb).iter().copied().filter(|&k| phrase(k));
        found
            .map(|k| Argument { token: self.beyond(verb, k).unwrap_or(k), basis: "prepositional phrase" })
            .collect()
    }

    /// "sent to the border with Kosovo", where "with Kosovo" was read as a phrase of the verb: whose border it is.
    fn beyond(&self, verb: u32, border: u32) -> Option<u32> {
        let tree = self.tree;
        let owner = tree.kids(verb).iter().copied().find(|&k| k > border && tree.has_case(k, "with"))?;
        let next = tree.kids(owner).iter().any(|&c| c == border + 1 && tree.base_rel(c) == "case");
        (next && self.book.kind_holds(tree.lemma(border), "frontier")).then_some(owner)
    }

    fn prepositional(&self, trigger: &Trigger, preposition: &str) -> Vec<Argument> {
        let tree = self.tree;
        let token = trigger.token;
        let mut out = if preposition == "by" && trigger.pos == Pos::Verb {
            tree.agent(token).into_iter().collect()
        } else {
            self.oblique(token, preposition)
        };
        if !out.is_empty() {
            return out;
        }
        // "the rebels with whom he met"
        if trigger.pos == Pos::Verb && tree.rel(token) == "acl:relcl" {
            for &k in tree.kids(token) {
                if tree.base_rel(k) == "advmod" && tree.lemma(k) == preposition {
                    out.extend(
                        tree.head(token)
                            .map(|token| Argument { token, basis: "antecedent of the relative clause" }),
                    );
                    return out;
                }
            }
        }
        match trigger.pos {
            Pos::Verb | Pos::Adjective => {
                // The last word of the expression may be the preposition, or the phrase may hang on the object or on a
                // word of the expression.
                let mut hosts = trigger.tail.clone();
                hosts.extend(self.objects(token));
                for host in hosts {
                    if tree.lemma(host) == preposition
                        && let Some(h) =
                            tree.head(host).filter(|&h| tree.base_rel(host) == "case" && h != token)
                    {
                        out.push(Argument { token: h, basis: "prepositional phrase" });
                    }
                    for &k in tree.kids(host) {
                        if tree.base_rel(k) == "nmod"
                            && tree.has_case(k, preposition)
                            && !out.iter().any(|o| o.token == k)
                        {
                            out.push(Argument { token: k, basis: "prepositional phrase at the object" });
                        }
                    }
                }
                // Shared with a coordinated verb that follows: "met and held talks with X".
                if out.is_empty() {
                    for &k in tree.kids(token) {
                        if tree.rel(k) == "conj"
                            && matches!(tree.upos(k), "VERB")
                            && k < token + 6
                            && tree.own_subject(k).is_none()
                            && tree.kid(token, "obj").is_none()
                        {
                            out.extend(
                                self.oblique(k, preposition)
                                    .into_iter()
                                    .map(|a| Argument { basis: "shared with the coordinated verb", ..a }),
                            );
                        }
                    }
                }
            }
            Pos::Noun => {
                let first = tree.first_conjunct(token);
                if first != token {
                    out.extend(self.oblique(first, preposition));
                }
                for &k in tree.kids(token) {
                    if tree.rel(k) == "conj" {
                        out.extend(self.oblique(k, preposition));
                    }
                }
                if out.is_empty()
                    && let Some(verb) = trigger.light.or_else(|| self.carrying_verb(token))
                    && (preposition != "by" || tree.passive(verb))
                {
                    out.extend(
                        self.oblique(verb, preposition).into_iter().filter(|a| !tree.under(token, a.token)),
                    );
                }
                // "talks on the crisis with X": the phrase hangs on another modifier.
                if out.is_empty() && matches!(preposition, "with" | "between" | "against" | "by" | "from") {
                    for &k in tree.kids(token) {
                        if tree.base_rel(k) == "nmod" {
                            out.extend(self.oblique(k, preposition));
                        }
                    }
                }
            }
        }
        out
    }

    /// The verb over a noun whose phrases may belong to the noun: "the talks ended with", "imposed sanctions on".
    fn carrying_verb(&self, noun: u32) -> Option<u32> {
        let tree = self.tree;
        let first = tree.first_conjunct(noun);
        let verb = tree.head(first)?;
        (tree.upos(verb) == "VERB" && matches!(tree.rel(first), "obj" | "nsubj:pass" | "nsubj"))
            .then_some(verb)
    }

    /// The verb whose subject may hold the noun.
    fn governing_verb(&self, trigger: &Trigger) -> Option<u32> {
        if let Some(v) = trigger.light {
            return Some(v);
        }
        let tree = self.tree;
        let first = tree.first_conjunct(trigger.token);
        let head = tree.head(first)?;
        if !matches!(tree.upos(head), "VERB") {
            return None;
        }
        let name = tree.lemma(head);
        // "condemned the arrests", "called for an inquiry": acts of others.
        let carries = self.book.kind_holds(name, "undertake");
        match tree.base_rel(first) {
            "obj" if carries => Some(head),
            "nsubj" if tree.passive(head) && carries => Some(head),
            "obl" => {
                let case = tree.case(first)?;
                let holds = match case {
                    "during" | "on" | "in" | "at" | "after" | "before" | "following" | "by" | "through" => {
                        true
                    }
                    // "was charged for the killing"; who strikes a blow for the killing of somebody is not the killer.
                    "for" => tree.passive(head),
                    _ => false,
                };
                holds.then_some(head)
            }
            _ => None,
        }
    }

    fn governing_subject(&self, trigger: &Trigger) -> Vec<Argument> {
        let tree = self.tree;
        let Some(verb) = self.governing_verb(trigger) else {
            return Vec::new();
        };
        let subject = if trigger.light.is_some() || !tree.passive(verb) {
            tree.subject(verb)
        } else {
            tree.surface_subject(verb)
        };
        let subject = subject.filter(|s| !tree.under(trigger.token, s.token));
        subject.map(|a| Argument { basis: "subject of the governing verb", ..a }).into_iter().collect()
    }

    /// `things`: whether "them" may stand for a thing named before.
    fn holds(&self, trigger: &Trigger, condition: &Condition, things: bool) -> bool {
        self.test(trigger, &condition.test, things && !condition.negated) != condition.negated
    }

    fn test(&self, trigger: &Trigger, test: &Test, things: bool) -> bool {
        let tree = self.tree;
        let verb = trigger.light.unwrap_or(trigger.token);
        match test {
            Test::Any(tests) => tests.iter().any(|t| self.test(trigger, t, things)),
            Test::Filled(slot) => match slot {
                Slot::Comp | Slot::Xsubj => tree.kids(trigger.token).iter().any(|&k| {
                    matches!(tree.base_rel(k), "ccomp" | "xcomp")
                        || (trigger.pos == Pos::Noun && tree.base_rel(k) == "acl")
                }),
                Slot::Amod => !self.parties_in(trigger, std::slice::from_ref(slot), false).0.is_empty(),
                _ => !self.fill(trigger, slot).is_empty(),
            },
            Test::Words(Slot::Amod, words) => tree
                .kids(trigger.token)
                .iter()
                .any(|&k| matches!(tree.base_rel(k), "amod" | "compound" | "nmod") && self.word_in(k, words)),
            Test::Words(Slot::Comp, words) => tree.kids(trigger.token).iter().any(|&k| {
                matches!(tree.base_rel(k), "ccomp" | "xcomp" | "acl" | "advcl") && self.word_in(k, words)
            }),
            Test::Words(Slot::ObjAmod, words) => self.objects(trigger.token).iter().any(|&o| {
                tree.kids(o).iter().any(|&k| {
                    matches!(tree.base_rel(k), "amod" | "compound" | "nmod") && self.word_in(k, words)
                })
            }),
            Test::Words(slot, words) => self.fill(trigger, slot).iter().any(|a| {
                tree.conjuncts(a.token).iter().any(|&t| {
                    self.word_in(t, words)
                        || things && tree.things_before(t).iter().any(|&thing| self.word_in(thing, words))
                        || (self.book.kind_holds(tree.lemma(t), "partitive")
                            && tree
                                .kids(t)
                                .iter()
                                .any(|&k| tree.base_rel(k) == "nmod" && self.word_in(k, words)))
                })
            }),
            Test::Is(slot, kind) => {
                self.fill(trigger, slot).iter().any(|a| self.is_with_partitives(a.token, *kind))
            }
            Test::NoObject => trigger.pos != Pos::Verb || tree.object(trigger.token).is_none(),
            Test::Negated => {
                tree.kids(verb).iter().any(|&k| matches!(tree.lemma(k), "not" | "never" | "n't"))
            }
            Test::Passive => tree.passive(verb),
            Test::Light => trigger.light.is_some(),
            Test::Plural => tree.xpos(trigger.token) == "NNS",
            Test::Sentence(words) => {
                let s = &tree.doc.sentences[tree.doc.sentence_of(trigger.token) as usize];
                (s.first_token..s.end_token).any(|t| self.word_in(t, words))
            }
        }
    }

    fn is_with_partitives(&self, token: u32, kind: Kind) -> bool {
        if self.parties.is(token, kind) {
            return true;
        }
        let tree = self.tree;
        (tree.upos(token) == "NUM" || self.book.kind_holds(tree.lemma(token), "partitive"))
            && tree.kids(token).iter().any(|&k| tree.base_rel(k) == "nmod" && self.parties.is(k, kind))
    }

    fn word_in(&self, token: u32, words: &rustc_hash::FxHashSet<SmolStr>) -> bool {
        let lemma = self.tree.lemma(token);
        words.contains(lemma)
            || (lemma.bytes().any(|b| b.is_ascii_uppercase())
                && words.contains(lemma.to_lowercase().as_str()))
    }
}
