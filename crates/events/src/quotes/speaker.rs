//! Who speaks: from the noun phrase in the speaker's place to an actor of the document.

use super::knowledge::QuoteKnowledge;
use crate::tree::Tree;
use polybius_text::{ActorKind, DocActor, EntityType, Mention, MentionKind, Span};

/// A speaker, as far as found.
#[derive(Debug, Clone, Default)]
pub(super) struct Speaker {
    pub actor: Option<u32>,
    pub span: Option<Span>,
    pub via: Vec<u32>,
    pub basis: String,
}

pub(super) struct Speakers<'d> {
    tree: &'d Tree<'d>,
    mentions: &'d [Mention],
    actors: &'d [DocActor],
    k: &'d QuoteKnowledge,
}

impl<'d> Speakers<'d> {
    pub fn new(
        tree: &'d Tree<'d>,
        mentions: &'d [Mention],
        actors: &'d [DocActor],
        k: &'d QuoteKnowledge,
    ) -> Speakers<'d> {
        Speakers { tree, mentions, actors, k }
    }

    /// The smallest mention headed by a token, else the smallest over it.
    fn mention(&self, token: u32) -> Option<&'d Mention> {
        // Mentions are in text order; one of more than 40 tokens is no name.
        const LONGEST_TOKENS: u32 = 40;
        let from = self.mentions.partition_point(|m| m.first_token + LONGEST_TOKENS < token);
        let near = self.mentions[from..]
            .iter()
            .take_while(|m| m.first_token <= token)
            .filter(|m| token < m.end_token);
        near.clone()
            .filter(|m| m.head == token)
            .max_by_key(|m| (!m.actors.is_empty(), m.end_token - m.first_token))
            .or_else(|| near.min_by_key(|m| m.end_token - m.first_token))
    }

    /// The speaker that a noun phrase names.
    pub fn at(&self, token: u32, basis: &str) -> Option<Speaker> {
        let mut token = token;
        let mut basis = basis.to_owned();
        let mut span = None;
        // "the statement said": who issued it.
        if self.k.noun(&self.tree.lemma(token).to_lowercase()).document && self.tree.upos(token) == "NOUN" {
            span = Some(self.phrase(token));
            if let Some(holder) = self.issuer(token) {
                basis = format!("issuer of \"{}\"", self.tree.doc.word(token));
                token = holder;
            }
        }
        let mention = self.mention(token);
        let actor = mention
            .and_then(|m| m.actors.first().copied())
            .filter(|&a| self.actors.get(a as usize).is_none_or(|a| a.excluded != "reporter"))
            .filter(|&a| self.pronoun_fits(token, a));
        // An apposition or a name inside the phrase may carry what the head does not: "the minister, Yemane".
        let (actor, mention) = match actor {
            Some(a) => (Some(a), mention),
            None => self
                .tree
                .kids(token)
                .iter()
                .copied()
                .filter(|&k| matches!(self.tree.base_rel(k), "appos" | "flat"))
                .find_map(|k| {
                    let m = self.mention(k)?;
                    Some((m.actors.first().copied(), Some(m)))
                })
                .unwrap_or((None, mention)),
        };
        if !self.may_speak(token) {
            return None;
        }
        // "The presidents of the two commissions, X and Y, condemned": the first by name.
        let behind = mention.and_then(|m| self.named_behind(m)).or_else(|| {
            let told = actor.and_then(|a| self.actors.get(a as usize));
            let open = told
                .is_none_or(|a| a.names.is_empty() && matches!(a.kind, ActorKind::Person | ActorKind::Group));
            if open { self.named_beside(token, mention.map_or(token + 1, |m| m.end_token)) } else { None }
        });
        let actor = behind.and_then(|m| m.actors.first().copied()).or(actor);
        let mention = behind.or(mention);
        let words = mention.map_or_else(|| self.phrase(token), |m| self.full_phrase(m, token));
        Some(Speaker {
            actor,
            span: Some(span.map_or(words, |s: Span| s.cover(words))),
            via: Vec::new(),
            basis,
        })
    }

    /// "it" is no person, "he" no body.
    fn pronoun_fits(&self, token: u32, actor: u32) -> bool {
        let Some(actor) = self.actors.get(actor as usize).filter(|_| self.tree.upos(token) == "PRON") else {
            return true;
        };
        match self.tree.lemma(token).to_lowercase().as_str() {
            "it" => actor.kind != ActorKind::Person,
            "he" | "she" => !matches!(actor.kind, ActorKind::Country | ActorKind::Organisation),
            _ => true,
        }
    }

    /// A mention with what names it further: "the government" of Mali, "a general" of the police, "the mother", Eulalia M.
    fn full_phrase(&self, mention: &Mention, token: u32) -> Span {
        const LONGEST_TOKENS: u32 = 14;
        let tree = self.tree;
        let mut span = mention.span;
        if mention.kind != MentionKind::Nominal || mention.head != token {
            return span;
        }
        let tokens = &tree.doc.tokens;
        for &k in tree.kids(token) {
            let of = tree.base_rel(k) == "nmod" && tree.has_case(k, "of");
            if k <= token || !(of || matches!(tree.base_rel(k), "appos" | "flat")) {
                continue;
            }
            let mut end = k;
            while end + 1 < tokens.len() as u32
                && tree.under(end + 1, k)
                && matches!(tree.upos(end + 1), "PROPN" | "NOUN" | "ADP" | "DET" | "ADJ")
            {
                end += 1;
            }
            if end - token <= LONGEST_TOKENS {
                span = span.cover(tokens[end as usize].span);
            }
        }
        span
    }

    /// Whether an actor can be "he" or "she".
    pub fn may_be_person(&self, actor: u32) -> bool {
        let kind = self.actors.get(actor as usize).map(|a| a.kind);
        !matches!(kind, None | Some(ActorKind::Country | ActorKind::Organisation))
    }

    /// Whether an actor is a person.
    pub fn is_person(&self, actor: u32) -> bool {
        self.actors.get(actor as usize).is_some_and(|a| a.kind == ActorKind::Person)
    }

    /// Whether a mention of the actor stands in the token's sentence before it, outside of what is said.
    pub fn named_before(&self, token: u32, actor: u32, said: Span) -> bool {
        let first = self.tree.doc.sentences[self.tree.doc.sentence_of(token) as usize].first_token;
        let from = self.mentions.partition_point(|m| m.first_token < first);
        let before = self.mentions[from..].iter().take_while(|m| m.first_token < token);
        before.filter(|m| !said.contains(m.span)).any(|m| m.actors.contains(&actor))
    }

    /// The person named right behind a description of several, between commas.
    fn named_behind(&self, m: &Mention) -> Option<&'d Mention> {
        let several = m.kind == MentionKind::Nominal
            && m.actors.first().is_some_and(|&a| self.actors[a as usize].kind == ActorKind::Group)
            && m.entity_type == EntityType::Person;
        let doc = self.tree.doc;
        let sentence = doc.sentence_of(m.first_token);
        let next = self.mentions.iter().find(|n| {
            n.first_token >= m.end_token
                && n.entity_type == EntityType::Person
                && n.kind == MentionKind::Named
        })?;
        let near = next.first_token - m.end_token < 8 && doc.sentence_of(next.first_token) == sentence;
        let comma = (m.end_token..next.first_token).any(|t| doc.word(t) == ",");
        let verb = (m.end_token..next.first_token).any(|t| matches!(self.tree.upos(t), "VERB" | "AUX"));
        (several && near && comma && !verb).then_some(next)
    }

    /// The person named with a description that ends at `end`: "International Minister X", "one of their organisers, the
    /// playwright X, said".
    fn named_beside(&self, token: u32, end: u32) -> Option<&'d Mention> {
        const LONGEST_TOKENS: u32 = 12;
        let (tree, doc) = (self.tree, self.tree.doc);
        if tree.upos(token) == "PRON" || self.k.noun(&tree.lemma(token).to_lowercase()).document {
            return None;
        }
        let sentence = &doc.sentences[doc.sentence_of(token) as usize];
        let from = self.mentions.partition_point(|m| m.first_token < end.max(token + 1));
        let next = self.mentions[from..]
            .iter()
            .take_while(|n| n.first_token < end + LONGEST_TOKENS)
            .find(|n| n.entity_type == EntityType::Person && n.kind == MentionKind::Named)
            .filter(|n| n.end_token <= sentence.end_token && !n.actors.is_empty())?;
        let between = end..next.first_token;
        if between.is_empty() {
            return Some(next);
        }
        let commas = between.clone().filter(|&t| doc.word(t) == ",").count();
        let plain = between.clone().all(|t| {
            !matches!(tree.xpos(t), "VBD" | "VBZ" | "VBP" | "MD" | "CC")
                && !matches!(doc.word(t), "\"" | "“" | "”" | "«" | "»" | "(" | ")" | ":" | ";")
        });
        let closed = next.end_token >= sentence.end_token || tree.upos(next.end_token) == "PUNCT";
        (commas == 1 && plain && closed).then_some(next)
    }

    /// The subject of a word of speech.
    pub fn of_cue(&self, cue: u32) -> Option<Speaker> {
        let subject = self.tree.subject(cue).or_else(|| self.tree.noun_controller(cue, 2))?;
        self.at(subject.token, subject.basis)
    }

    /// Whether a word points to a speaker without naming one: a pronoun, "the statement", "the source".
    pub fn is_open(&self, token: u32) -> bool {
        let document =
            self.k.noun(&self.tree.lemma(token).to_lowercase()).document && self.issuer(token).is_none();
        self.tree.upos(token) == "PRON" || document
    }

    fn may_speak(&self, token: u32) -> bool {
        matches!(self.tree.upos(token), "PROPN" | "NOUN" | "PRON" | "X" | "ADJ" | "NUM" | "DET")
            && !matches!(self.tree.lemma(token), "it" if self.tree.rel(token) == "expl")
    }

    /// "the president's statement", "a statement by the army", "a statement from".
    fn issuer(&self, document: u32) -> Option<u32> {
        self.tree.kids(document).iter().copied().find(|&k| {
            let rel = self.tree.base_rel(k);
            rel == "nmod"
                && (self.tree.rel(k) == "nmod:poss"
                    || self.tree.has_case(k, "by")
                    || self.tree.has_case(k, "from")
                    || self.tree.has_case(k, "of"))
                && self.mention(k).is_some_and(|m| !m.actors.is_empty())
        })
    }

    /// The words of a noun phrase around its head, without clauses.
    fn phrase(&self, token: u32) -> Span {
        let tokens = &self.tree.doc.tokens;
        let close = self.tree.kids(token).iter().copied().filter(|&k| {
            matches!(self.tree.base_rel(k), "det" | "amod" | "compound" | "flat" | "nmod" | "nummod")
                && k.abs_diff(token) < 12
        });
        close.fold(tokens[token as usize].span, |s, k| s.cover(tokens[k as usize].span))
    }

    /// The last named speaker before a colon, in its sentence.
    pub fn before(&self, at: u32, sentence: usize) -> Option<Speaker> {
        let s = &self.tree.doc.sentences[sentence];
        // "He said: ..." has a word of speech; here a name stands alone, or a sentence ends with a colon.
        let end = self.tree.doc.token_from(at);
        let root =
            (s.first_token..end.min(s.end_token)).find(|&t| self.tree.head(t).is_none_or(|h| h >= end));
        if let Some(subject) = root.and_then(|r| self.tree.own_subject(r)) {
            return self.at(subject, "subject");
        }
        let named = self.mentions.iter().rev().find(|m| {
            m.span.end <= at
                && m.span.start >= s.span.start
                && m.kind != MentionKind::Implied
                && !m.actors.is_empty()
        })?;
        Some(Speaker {
            actor: named.actors.first().copied(),
            span: Some(named.span),
            via: Vec::new(),
            basis: "named before".to_owned(),
        })
    }

    /// "..." - Name, or a next sentence that begins in lower case: "he said".
    pub fn after(&self, at: u32, sentence: usize) -> Option<Speaker> {
        let doc = self.tree.doc;
        let rest = doc.article.text.get(at as usize..)?;
        let gap = rest.trim_start_matches([' ', ',', '.']);
        if gap.starts_with(['\u{2014}', '\u{2013}']) {
            let from = at + (rest.len() - gap.len()) as u32;
            let named = self
                .mentions
                .iter()
                .find(|m| m.span.start >= from && m.span.start < from + 40 && !m.actors.is_empty())?;
            return Some(Speaker {
                actor: named.actors.first().copied(),
                span: Some(named.span),
                via: Vec::new(),
                basis: "named after the quote".to_owned(),
            });
        }
        // "...", has he launched; "...", slips an official: a verb of any kind and its subject close the sentence.
        if rest.trim_start().starts_with(',') || rest.trim_start().starts_with(['"', '”', '»']) {
            let own = &doc.sentences[sentence];
            let from = doc.token_from(at);
            let verb = (from..own.end_token.min(from + 7)).find(|&t| self.tree.upos(t) == "VERB");
            if let Some(verb) = verb {
                let subject = self.tree.own_subject(verb).filter(|&s| s >= from).or_else(|| {
                    let around = (from..own.end_token.min(verb + 4)).filter(|&t| t != verb);
                    around.into_iter().find(|&t| matches!(self.tree.upos(t), "PRON" | "PROPN" | "NOUN"))
                });
                let document = |t: u32| self.k.noun(&self.tree.lemma(t).to_lowercase()).document;
                let who = subject
                    .and_then(|s| Some((s, self.at(s, "beside the quote")?)))
                    .filter(|(s, who)| who.actor.is_some() || !document(*s))
                    .map(|(s, who)| self.with_adjective_behind(s, who, own.end_token));
                if who.is_some() {
                    return who;
                }
            }
        }
        let next = doc.sentences.get(sentence + 1)?;
        if !doc.slice(next.span).chars().next().is_some_and(char::is_lowercase) {
            return None;
        }
        let cue = (next.first_token..next.end_token.min(next.first_token + 8))
            .find(|&t| self.tree.upos(t) == "VERB" && self.k.verb(self.tree.lemma(t)).say)?;
        self.of_cue(cue)
    }

    /// "a military responsible": an adjective that a translation leaves behind its noun at the end of the sentence.
    fn with_adjective_behind(&self, token: u32, who: Speaker, end: u32) -> Speaker {
        let next = token + 1;
        let ends = next + 1 >= end || self.tree.upos(next + 1) == "PUNCT";
        let behind = next < end && ends && matches!(self.tree.upos(next), "ADJ" | "NOUN");
        let span =
            who.span.map(|s| if behind { s.cover(self.tree.doc.tokens[next as usize].span) } else { s });
        Speaker { span, ..who }
    }

    /// The subject of a sentence's root, when it is a person or body that the document names.
    pub fn subject_of_sentence(&self, sentence: usize) -> Option<Speaker> {
        let s = &self.tree.doc.sentences[sentence];
        let root = (s.first_token..s.end_token).find(|&t| self.tree.head(t).is_none())?;
        let subject = self.tree.own_subject(root).or_else(|| Some(self.tree.subject(root)?.token))?;
        self.at(subject, "subject").filter(|who| who.actor.is_some())
    }

    /// A body that leads a list with what its name goes on with: "The Committee" for the Follow-up of the Transition.
    fn lead_phrase(&self, named: &Mention, end: u32) -> Span {
        let tree = self.tree;
        let mut span = named.span;
        let capital = |t: u32| tree.doc.word(t).chars().next().is_some_and(char::is_uppercase);
        let goes_on = |t: u32| {
            matches!(tree.upos(t), "ADP" | "DET" | "PROPN" | "NOUN" | "ADJ")
                || capital(t)
                || matches!(tree.doc.word(t), "-" | "’" | "'")
        };
        let led = named.end_token < end && tree.upos(named.end_token) == "ADP";
        const LONGEST_TOKENS: u32 = 12;
        let reach = end.min(named.end_token + LONGEST_TOKENS);
        for t in (named.end_token..reach).take_while(|&t| led && goes_on(t)) {
            if matches!(tree.upos(t), "PROPN" | "NOUN") || capital(t) {
                span = span.cover(tree.doc.tokens[t as usize].span);
            }
        }
        span
    }

    /// Who leads a list of clauses: "The Committee:" before "Condemn ...; Demand ...".
    pub fn of_list(&self, sentence: usize) -> Option<Speaker> {
        let doc = self.tree.doc;
        const LONGEST_LIST: usize = 30;
        for before in (sentence.saturating_sub(LONGEST_LIST)..=sentence).rev() {
            let s = &doc.sentences[before];
            let words = doc.slice(s.span).trim_end();
            if words.ends_with(':') {
                let named = self.mentions.iter().find(|m| {
                    m.first_token >= s.first_token && m.end_token <= s.end_token && !m.actors.is_empty()
                })?;
                let named_span = self.lead_phrase(named, s.end_token);
                let root = (s.first_token..s.end_token).find(|&t| self.tree.head(t).is_none());
                let subject =
                    root.and_then(|r| self.tree.own_subject(r).or(self.tree.is_nominal(r).then_some(r)));
                if let Some(mut who) =
                    subject.and_then(|t| self.at(t, "leads the list")).filter(|w| w.actor.is_some())
                {
                    who.span = who.span.map(|s| if s.overlaps(named_span) { s.cover(named_span) } else { s });
                    return Some(who);
                }
                return Some(Speaker {
                    actor: named.actors.first().copied(),
                    span: Some(named_span),
                    via: Vec::new(),
                    basis: "leads the list".to_owned(),
                });
            }
            if before != sentence && !words.ends_with([';', ',']) {
                return None;
            }
        }
        None
    }
}
