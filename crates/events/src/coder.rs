//! From an annotated document to its events.

use crate::acts::chance_of;
use crate::codebook::{Codebook, Effect, Force, Pos};
use crate::matcher::{Match, Matcher, Trigger};
use crate::parties::{Found, Parties};
use crate::points::Agreed;
use crate::slot::{Kind, Slot};
use crate::status::{Judge, Status, keyed};
use crate::tree::Tree;
use polybius_text::{
    Act, ActorKind, Annotated, DocActor, Event, EventType, Mention, MentionKind, Modality, Place, Polarity,
    Quad, Quote, Sector, Sentence, TimeExpression,
};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

/// Codes the events of one document, in text order.
///
/// Sentences that repeat another of the same document give no row. `Event::date` stays `None`: dating is its own step.
/// Never fails; a sentence without a verb or of absurd length is silent.
pub fn code_events(
    doc: &Annotated,
    mentions: &[Mention],
    doc_actors: &[DocActor],
    times: &[TimeExpression],
    places: &[Place],
    quotes: &[Quote],
    codebook: &Codebook,
) -> Vec<Event> {
    let tree = Tree::new(doc);
    let parties = Parties::new(&tree, mentions, doc_actors, places, quotes, codebook);
    let coder = Coder::new(&tree, &parties, codebook, times, doc);
    let mut events = Vec::new();
    let mut agreed = Agreed::default();
    for number in 0..doc.sentences.len() as u32 {
        let sentence = &doc.sentences[number as usize];
        let n_tokens = sentence.end_token - sentence.first_token;
        if sentence.repeats.is_some() || !(2..=MAX_SENTENCE_TOKENS).contains(&n_tokens) {
            continue;
        }
        coder.sentence(number, &mut agreed, &mut events);
    }
    events
}

/// Longer stretches are lists or broken pages, not sentences.
const MAX_SENTENCE_TOKENS: u32 = 250;
/// Rows under this are not worth showing. Set by judgement, not tuned.
const MIN_CONFIDENCE: f32 = 0.25;
/// Share of a document's words from one non-political topic that silences weak senses. Set by judgement, not tuned.
const TOPIC_SHARE: f32 = 0.035;

/// How much the reader's view of a trigger adds to the confidence of its row. Set on own sentences.
const SEEN: f32 = 0.15;

/// An act without parties is one between the two countries of a text about two from this chance on. Set on own sentences.
const SEEN_BETWEEN: f32 = 0.6;
/// Under this chance a document and a sentence are not about acts. Set on own sentences and story sets.
const ABOUT_ACTS: f32 = 0.3;
/// The same of political acts, where the reader has a head for it.
const POLITICAL: f32 = 0.45;
/// The same of a sentence or two that stand alone: of a row of the codebook between two parties ...
const POLITICAL_BETWEEN: f32 = 0.7;
/// ... and of all else: under it lie one in forty of the non-political sentences that a reader
/// takes for political, and one in ten of odd political ones.
const POLITICAL_ALONE: f32 = 0.92;

/// From this chance on of the act itself the lower of the two is enough. Set by judgement, not tuned.
const SURELY_SEEN: f32 = 0.95;

/// How far a row of the codebook goes before the reader's own view of the same act. Set by judgement, not tuned.
const NAMED: f32 = 0.1;

/// Topics (of `topics.tsv`) whose attacks, captains and countries are those of a game or a plot.
const PLAYED: [&str; 2] = ["sport", "culture"];

/// The topic of sport, culture or business that a document is about, if any.
fn guarded_topic(doc: &Annotated, book: &Codebook) -> Option<SmolStr> {
    let mut by_topic: FxHashMap<&SmolStr, u32> = FxHashMap::default();
    let mut n = 0u32;
    for token in &doc.tokens {
        if !matches!(token.upos.as_str(), "NOUN" | "VERB" | "ADJ" | "PROPN") {
            continue;
        }
        n += 1;
        if let Some(topic) = book.topics.get(&token.lemma) {
            *by_topic.entry(topic).or_default() += 1;
        }
    }
    let (topic, count) = by_topic.into_iter().max_by_key(|(t, c)| (*c, *t))?;
    (count >= 3 && count as f32 > TOPIC_SHARE * n as f32).then(|| topic.clone())
}

/// One event before it is written out.
#[derive(Clone)]
pub(crate) struct Draft {
    pub m: Match,
    pub status: Status,
    pub event_type: EventType,
    pub notes: Vec<String>,
    pub absorbed: bool,
    pub confidence: f32,
}

pub(crate) struct Coder<'d> {
    pub tree: &'d Tree<'d>,
    pub parties: &'d Parties<'d>,
    pub book: &'d Codebook,
    pub matcher: Matcher<'d>,
    pub judge: Judge<'d>,
    pub guarded: Option<SmolStr>,
    /// 0 to 1: how much of the document tells acts, as the reader sees it.
    pub about_acts: f32,
    /// 0 to 1: how much of it tells of political acts; `None` of a reader without the head.
    pub political: Option<f32>,
}

/// The chance that a sentence tells an act: that of its likeliest word.
fn sentence_chance(doc: &Annotated, number: u32) -> f32 {
    let s = &doc.sentences[number as usize];
    let first = doc.acts.partition_point(|a| a.token < s.first_token);
    let here = doc.acts[first..].iter().take_while(|a| a.token < s.end_token);
    here.map(Act::chance).fold(0.0, f32::max)
}

/// The mean of [`sentence_chance`] over a document.
fn about_acts(doc: &Annotated) -> f32 {
    let n = doc.sentences.len() as u32;
    (0..n).map(|i| sentence_chance(doc, i)).sum::<f32>() / n.max(1) as f32
}

/// The mean chance over a document that its sentences tell of political acts.
fn political(doc: &Annotated) -> Option<f32> {
    let chances: Option<Vec<f32>> = doc.sentences.iter().map(|s| s.political).collect();
    chances.filter(|c| !c.is_empty()).map(|c| c.iter().sum::<f32>() / c.len() as f32)
}

impl<'d> Coder<'d> {
    pub fn new(
        tree: &'d Tree<'d>,
        parties: &'d Parties<'d>,
        book: &'d Codebook,
        times: &'d [TimeExpression],
        doc: &Annotated,
    ) -> Coder<'d> {
        Coder {
            tree,
            parties,
            book,
            matcher: Matcher { tree, parties, book },
            judge: Judge { tree, parties, book, times },
            guarded: guarded_topic(doc, book),
            about_acts: about_acts(doc),
            political: political(doc),
        }
    }

    fn sentence(&self, number: u32, agreed: &mut Agreed, events: &mut Vec<Event>) {
        let mut drafts = self.choose(self.drafts(number, None));
        let points = self.points(number, agreed, &mut drafts);
        drafts.extend(points);
        drafts.sort_by_key(|d| d.m.trigger.token);
        for draft in &drafts {
            agreed.note(self, draft);
            events.push(self.event(number, draft));
        }
    }

    /// Every trigger of a sentence with its sense, parties and status; outer speech acts have taken in what they govern.
    ///
    /// `least`: the chance from which on acts count that only the reader sees, in place of those of `reader.tsv`.
    pub fn drafts(&self, number: u32, least: Option<f32>) -> Vec<Draft> {
        let sentence = &self.tree.doc.sentences[number as usize];
        let mut found: Vec<Match> = Vec::new();
        let mut carried: Vec<u32> = Vec::new();
        for token in sentence.first_token..sentence.end_token {
            if self.inside_name(token) || self.names_a_date(token) {
                continue;
            }
            if let Some(m) = self.matcher.best(token) {
                carried.extend(&m.trigger.tail);
                carried.extend(m.consumed.iter().filter(|&&t| t != token));
                found.push(m);
            }
        }
        // A light verb carries its noun's event, not one of its own, unless its row names its objects; a word of an
        // expression likewise.
        let light: Vec<u32> = found
            .iter()
            .filter(|m| !carried.contains(&m.trigger.token))
            .filter_map(|m| m.trigger.light)
            .filter(|&v| found.iter().all(|m| m.trigger.token != v || m.consumed.is_empty()))
            .collect();
        carried.extend(light);
        found.retain(|m| !carried.contains(&m.trigger.token) || !m.trigger.tail.is_empty());
        self.add_learned(sentence, &carried, least, &mut found);
        let mut drafts: Vec<Draft> = found
            .into_iter()
            .map(|mut m| {
                let mut event_type = self.book.senses[m.sense as usize].event_type;
                let mut notes = Vec::new();
                if let Some((seen, chance)) = self.instead(&m, event_type) {
                    notes.push(format!("the reader sees {seen} ({chance:.2}) rather than {event_type}"));
                    event_type = seen;
                }
                let status = self.judge.status(&m.trigger);
                self.correct(&mut m);
                self.complete(&mut m);
                self.drop_own_state(&mut m);
                self.move_companions(&mut m);
                self.add_scene_parties(&mut m, event_type);
                self.lend_country(&mut m, event_type);
                Draft { m, status, event_type, notes, absorbed: false, confidence: 0.0 }
            })
            .collect();
        drafts.sort_by_key(|d| (self.tree.depth(d.m.trigger.token), d.m.trigger.token));
        self.share_recipients(&mut drafts);
        self.absorb(&mut drafts);
        for d in &mut drafts {
            self.drop_own_state(&mut d.m);
            self.decide(d);
            self.look_back(d);
        }
        self.deny(number, &mut drafts);
        drafts
    }

    /// Adds the acts that only the reader sees, where no word of theirs belongs to one that a sense names.
    fn add_learned(&self, sentence: &Sentence, carried: &[u32], least: Option<f32>, found: &mut Vec<Match>) {
        let doc = self.tree.doc;
        let taken = |found: &[Match], t: u32| {
            carried.contains(&t)
                || found.iter().any(|m| {
                    m.trigger.token == t || m.trigger.tail.contains(&t) || m.trigger.light == Some(t)
                })
        };
        let first = doc.acts.partition_point(|a| a.token < sentence.first_token);
        for act in doc.acts[first..].iter().take_while(|a| a.token < sentence.end_token) {
            if taken(found, act.token) || self.inside_name(act.token) || self.names_a_date(act.token) {
                continue;
            }
            if let Some(m) = self.learned(act.token, least) {
                found.push(m);
            }
        }
    }

    /// "imposed an embargo, accusing Asmara of arming rebels": the participle names whom the main verb is about.
    fn share_recipients(&self, drafts: &mut [Draft]) {
        for i in 0..drafts.len() {
            if !drafts[i].m.recipient_missing || !drafts[i].m.recipients.is_empty() {
                continue;
            }
            let main = drafts[i].m.trigger.token;
            let from = drafts.iter().position(|p| {
                let t = p.m.trigger.token;
                self.tree.head(t) == Some(main)
                    && self.tree.rel(t) == "advcl"
                    && self.tree.xpos(t) == "VBG"
                    && self.tree.own_subject(t).is_none()
                    && !p.m.recipients.is_empty()
            });
            if let Some(p) = from {
                let shared: Vec<Found> = drafts[p]
                    .m
                    .recipients
                    .iter()
                    .filter(|r| !drafts[i].m.actors.iter().any(|a| a.same_party(r)))
                    .cloned()
                    .collect();
                drafts[i].m.recipient_missing = shared.is_empty();
                drafts[i].m.recipients = shared;
                drafts[i].m.recipient_basis = "shared with the participle";
            }
        }
    }

    /// "The president announced that Chad would accept": an official does nothing to the state or body that he speaks for.
    fn drop_own_state(&self, m: &mut Match) {
        let speaks_for = |a: &Found, r: &Found| {
            let (a, r) = (self.actor(a.actor), self.actor(r.actor));
            let whole = match r.kind {
                ActorKind::Country => true,
                ActorKind::Organisation => matches!(r.code.as_str(), "EUR" | "UNO"),
                _ => false,
            };
            a.kind == ActorKind::Person && whole && !a.code.is_empty() && a.code == r.code
        };
        let before = m.recipients.len();
        m.recipients.retain(|r| !m.actors.iter().any(|a| speaks_for(a, r)));
        m.recipient_missing |= m.recipients.len() < before && m.recipients.is_empty();
    }

    /// "The union, joined by France and Germany, demanded": who joins in acts too.
    fn move_companions(&self, m: &mut Match) {
        let joins = |f: &Found| {
            let mut at = f.token;
            for _ in 0..6 {
                let Some(head) = self.tree.head(at) else { return false };
                let by = self.tree.base_rel(at) == "obl" && self.tree.has_case(at, "by");
                if by && self.book.kind_holds(self.tree.lemma(head), "companion") {
                    return head != m.trigger.token;
                }
                if !matches!(self.tree.base_rel(at), "conj" | "appos" | "flat" | "nmod" | "obl") {
                    return false;
                }
                at = head;
            }
            false
        };
        if m.actors.is_empty() {
            return;
        }
        let (joined, rest): (Vec<Found>, Vec<Found>) = m.recipients.drain(..).partition(joins);
        m.recipient_missing |= rest.is_empty() && !joined.is_empty();
        m.recipients = rest;
        m.actors.extend(joined);
    }

    /// Parties that only the scene gives: who protests or is put under curfew in a text about one country; whose ties and
    /// talks they are in a text about two.
    fn add_scene_parties(&self, m: &mut Match, event_type: EventType) {
        if !m.actors.is_empty() || !m.recipients.is_empty() {
            return;
        }
        let sense = &self.book.senses[m.sense as usize];
        let mode = sense.mode.as_deref().unwrap_or("");
        let scene = &self.parties.scene;
        let street = event_type == EventType::Protest;
        let rule = event_type == EventType::Coerce
            && matches!(mode, "curfew" | "martial-law" | "restrict" | "censor" | "ban" | "coup");
        let vote = event_type == EventType::Agree && mode == "change";
        let seen = chance_of(self.act_of(&m.trigger), event_type) >= SEEN_BETWEEN;
        let mutual = sense.reciprocal
            || matches!(event_type, EventType::Agree | EventType::Cooperate | EventType::Support)
            || seen
                && matches!(
                    event_type,
                    EventType::Consult | EventType::Concede | EventType::Retreat | EventType::Assault
                );
        let whose: Vec<u32> = match (scene.main(), scene.pair()) {
            (Some(main), _) if street || rule || vote => vec![main],
            (None, Some((a, b))) if mutual => vec![a, b],
            _ => return,
        };
        let token = m.trigger.token;
        let span = self.tree.doc.tokens[token as usize].span;
        let found =
            |actor| Found { actor, span, mention: None, token, through: Some("country of the scene") };
        m.actors = whose.into_iter().map(found).collect();
        m.actor_basis = "the text is about it";
        m.actor_missing = false;
    }

    /// Whether a token stands inside a longer name ("Popular Mobilisation Forces", "Operation Desert Storm").
    fn inside_name(&self, token: u32) -> bool {
        let Some(m) = self.parties.covering(token) else {
            return false;
        };
        match m.kind {
            MentionKind::Named => {
                self.tree.upos(token) != "VERB"
                    && m.end_token - m.first_token > 1
                    && (m.head != token || self.tree.upos(token) == "PROPN")
            }
            // "the military buildup": a word before another noun names nobody.
            MentionKind::Nominal => {
                let before_noun = matches!(self.tree.base_rel(token), "amod" | "compound");
                m.head == token && !m.actors.is_empty() && !before_noun
            }
            _ => false,
        }
    }

    /// "in March 2014": a capitalised word of a time.
    fn names_a_date(&self, token: u32) -> bool {
        let span = self.tree.doc.tokens[token as usize].span;
        self.tree.doc.slice(span).starts_with(char::is_uppercase)
            && self.tree.upos(token) != "VERB"
            && self.judge.times.iter().any(|t| t.span.start <= span.start && span.end <= t.span.end)
    }

    /// Outer promises, threats, demands and refusals take in the act that they are about.
    fn absorb(&self, drafts: &mut [Draft]) {
        for outer in 0..drafts.len() {
            let o_type = drafts[outer].event_type;
            let absorbs = matches!(
                o_type,
                EventType::Agree | EventType::Request | EventType::Threaten | EventType::Reject
            );
            if !absorbs || drafts[outer].absorbed {
                continue;
            }
            for inner in 0..drafts.len() {
                if inner == outer
                    || drafts[inner].absorbed
                    || !self.governs(&drafts[outer].m.trigger, &drafts[inner].m.trigger)
                {
                    continue;
                }
                if self.only_plans(&drafts[outer], &drafts[inner]) {
                    drafts[outer].absorbed = true;
                    break;
                }
                let (i_type, i_actors, i_recipients, i_polarity, i_word) = {
                    let i = &mut drafts[inner];
                    i.absorbed = true;
                    (
                        i.event_type,
                        i.m.actors.clone(),
                        i.m.recipients.clone(),
                        i.status.polarity,
                        i.m.trigger.token,
                    )
                };
                let o = &mut drafts[outer];
                let word = self.tree.doc.word(i_word).to_owned();
                o.notes.push(format!("holds the act \"{word}\" ({i_type})"));
                if o_type == EventType::Agree
                    && i_polarity == Polarity::Affirmed
                    && (self.is_promise(&o.m.trigger) || o.m.trigger.pos == Pos::Adjective)
                    && let Some(&result) = self.book.decisions.get(&(i_type, SmolStr::from("promised")))
                    && result != o.event_type
                {
                    o.event_type = result;
                    o.notes.push(format!("decisions.tsv: a promised {i_type} is {result}"));
                }
                if o.m.recipients.is_empty() {
                    let others = |list: Vec<Found>, o: &Draft| -> Vec<Found> {
                        list.into_iter().filter(|f| !o.m.actors.iter().any(|a| a.actor == f.actor)).collect()
                    };
                    let (first, second) = if o_type == EventType::Request {
                        (i_actors, Vec::new())
                    } else {
                        (i_recipients, i_actors)
                    };
                    let mut taken = others(first, o);
                    if taken.is_empty() {
                        taken = others(second, o);
                    }
                    if !taken.is_empty() {
                        o.m.recipients = taken;
                        o.m.recipient_basis = "party of the act under it";
                        o.m.recipient_missing = false;
                    }
                }
            }
        }
    }

    /// "is scheduled to visit": a word of planning that is none of speech leaves a meeting to come what it is.
    fn only_plans(&self, outer: &Draft, inner: &Draft) -> bool {
        let t = &outer.m.trigger;
        outer.event_type == EventType::Agree
            && inner.event_type == EventType::Consult
            && keyed(self.tree, &self.book.modality, t.token, t.pos) == Some(Effect::Future)
            && keyed(self.tree, &self.book.speech, t.token, t.pos).is_none()
    }

    fn is_promise(&self, trigger: &Trigger) -> bool {
        matches!(
            keyed(self.tree, &self.book.speech, trigger.token, trigger.pos),
            Some(Force::Promise | Force::Threaten | Force::Say)
        )
    }

    /// Whether `inner` is the content of `outer`.
    fn governs(&self, outer: &Trigger, inner: &Trigger) -> bool {
        let tree = self.tree;
        let mut at = inner.token;
        for _ in 0..5 {
            let Some(head) = tree.head(at) else {
                return false;
            };
            let rel = tree.rel(at);
            let apart = tree.kids(at).iter().any(|&k| {
                tree.base_rel(k) == "mark"
                    && matches!(
                        tree.lemma(k),
                        "after"
                            | "before"
                            | "since"
                            | "when"
                            | "while"
                            | "because"
                            | "as"
                            | "although"
                            | "though"
                            | "until"
                    )
            });
            if apart {
                return false;
            }
            let content = match tree.base_rel(at) {
                "ccomp" | "xcomp" | "obj" | "obl" | "nmod" | "conj" | "amod" => true,
                "acl" => rel != "acl:relcl",
                "nsubj" => rel == "nsubj:pass" || (head != outer.token && tree.passive(head)),
                "advcl" => tree
                    .kids(at)
                    .iter()
                    .any(|&k| tree.rel(k) == "mark" && matches!(tree.lemma(k), "to" | "that" | "of" | "on")),
                _ => false,
            };
            if !content {
                return false;
            }
            let reached = head == outer.token || outer.tail.contains(&head);
            if reached || outer.light == Some(head) && tree.base_rel(at) != "conj" {
                return tree.base_rel(at) != "conj" && !self.aside(at);
            }
            // "declined to speak during a visit"
            if self.aside(at) {
                return false;
            }
            at = head;
        }
        false
    }

    /// Whether a phrase only says when or where what stands over it takes place.
    fn aside(&self, token: u32) -> bool {
        self.tree.base_rel(token) == "obl"
            && self.tree.case(token).is_some_and(|c| {
                matches!(
                    c,
                    "during" | "after" | "before" | "following" | "amid" | "despite" | "in" | "at" | "since"
                )
            })
    }

    /// The manual's type decisions.
    fn decide(&self, d: &mut Draft) {
        if d.absorbed {
            return;
        }
        let base = d.event_type;
        // A curfew announced is a curfew, not the threat of one.
        if d.status.announced
            && d.status.modality == Modality::Future
            && matches!(base, EventType::Coerce | EventType::Sanction | EventType::Mobilize)
        {
            d.status.modality = Modality::Actual;
            d.status.notes.push("actual: a measure that is announced is taken".to_owned());
        }
        let speech_act = d.status.forces.iter().map(|(f, _)| *f).find(|f| *f != Force::Say);
        let actor_codes: Vec<&str> = d.m.actors.iter().map(|f| self.actor(f.actor).code.as_str()).collect();
        let speaker = d.status.attribution.last().and_then(|a| a.actor);
        let by_self = match speaker {
            None => d.status.attribution.is_empty(),
            Some(s) => {
                d.m.actors.iter().any(|f| f.actor == s)
                    || (!self.actor(s).code.is_empty() && actor_codes.contains(&self.actor(s).code.as_str()))
            }
        };
        let mut conditions: Vec<&str> = Vec::new();
        if d.status.modality == Modality::Future
            && d.status.polarity == Polarity::Affirmed
            && !d.m.actors.is_empty()
        {
            if by_self {
                conditions.push("future-self");
            }
            conditions.push("future");
        }
        match speech_act {
            Some(Force::Demand) => conditions.push("demanded"),
            Some(Force::Threaten) => conditions.push("threatened"),
            Some(Force::Promise) => conditions.push("promised"),
            Some(Force::Refuse) => conditions.push("refused"),
            _ => {}
        }
        for condition in conditions {
            if let Some(&result) = self.book.decisions.get(&(base, SmolStr::from(condition)))
                && result != base
            {
                d.event_type = result;
                d.notes.push(format!("decisions.tsv: {base} under `{condition}` is {result}"));
                // "the general said Turkey would strike": who threatens or promises is who says so.
                if let Some(s) = speaker {
                    let same_code = d.m.actors.len() == 1
                        && self.actor(d.m.actors[0].actor).kind == ActorKind::Country
                        && self.actor(d.m.actors[0].actor).code == self.actor(s).code
                        && !self.actor(s).code.is_empty()
                        && self.actor(s).kind == ActorKind::Person
                        && self.actor(s).excluded.is_empty();
                    if same_code {
                        let source = d.status.attribution.iter().find(|a| a.actor == Some(s)).map(|a| a.span);
                        d.m.actors[0] = Found {
                            actor: s,
                            span: source.unwrap_or(d.m.actors[0].span),
                            mention: None,
                            token: d.m.actors[0].token,
                            through: None,
                        };
                        d.m.actor_basis = "speaker, who speaks for the country";
                        d.m.recipients.retain(|r| r.actor != s);
                    }
                }
                return;
            }
        }
    }

    /// "would answer the killing of the general": a death that somebody speaks of as known lies before his words.
    fn look_back(&self, d: &mut Draft) {
        let tree = self.tree;
        let word = d.m.trigger.token;
        let known = d.event_type == EventType::Assault
            && d.status.modality == Modality::Actual
            && d.m.trigger.pos == Pos::Noun
            && d.m.trigger.light.is_none()
            && self.book.kind_holds(tree.lemma(word), "known")
            && !tree.kids(word).iter().any(|&k| tree.rel(k) == "det" && matches!(tree.lemma(k), "a" | "an"));
        let spoken = !d.status.attribution.is_empty() || d.status.quote.is_some();
        let answered = || {
            let mut at = word;
            (0..6).any(|_| match tree.head(at) {
                Some(h) => {
                    at = h;
                    self.book.kind_holds(tree.lemma(h), "answer")
                }
                None => false,
            })
        };
        if known && (spoken || answered()) {
            d.status.modality = Modality::Historical;
            d.status.notes.push("historical: a death spoken of as known".to_owned());
        }
    }

    /// "accused Asmara of arming the rebels, which Asmara denies": a denial in this sentence or the next one.
    fn deny(&self, number: u32, drafts: &mut [Draft]) {
        let tree = self.tree;
        let doc = tree.doc;
        let Some(first) = doc.sentences.get(number as usize) else {
            return;
        };
        let end = doc
            .sentences
            .get(number as usize + 1)
            .filter(|s| s.repeats.is_none())
            .map_or(first.end_token, |s| s.end_token);
        let mut told: Vec<u32> = Vec::new();
        for d in drafts.iter_mut().filter(|d| !d.absorbed && d.status.polarity == Polarity::Affirmed) {
            if !d.status.forces.iter().any(|(f, _)| *f == Force::Accuse) {
                continue;
            }
            for token in first.first_token..end {
                if tree.upos(token) != "VERB"
                    || keyed(tree, &self.book.modality, token, Pos::Verb) != Some(Effect::Denied)
                {
                    continue;
                }
                if self.judge.is_negated(token) {
                    continue;
                }
                let refers = tree.object(token).is_none_or(|o| {
                    matches!(tree.upos(o.token), "PRON" | "DET")
                        || self.book.kind_holds(tree.lemma(o.token), "charge")
                        || tree.under(d.m.trigger.token, o.token)
                        || tree.is_relative(o.token)
                        || o.basis.starts_with("antecedent")
                }) && !tree.kids(token).iter().any(|&k| tree.base_rel(k) == "ccomp");
                let Some(subject) = tree.subject(token).filter(|_| refers) else {
                    continue;
                };
                let deniers = self.parties.of(subject.token);
                let own = deniers.iter().any(|f| {
                    d.m.actors.iter().any(|a| {
                        a.actor == f.actor
                            || (!self.actor(a.actor).code.is_empty()
                                && self.actor(a.actor).code == self.actor(f.actor).code)
                    })
                });
                if own {
                    told.push(token);
                    d.status.polarity = Polarity::Denied;
                    d.notes.push(format!(
                        "denied by {} (\"{}\")",
                        doc.slice(deniers[0].span),
                        doc.word(token)
                    ));
                    break;
                }
            }
        }
        // The denial is told by the polarity of what is denied.
        for d in drafts.iter_mut().filter(|d| told.contains(&d.m.trigger.token)) {
            d.absorbed = true;
        }
    }

    pub fn actor(&self, index: u32) -> &DocActor {
        &self.parties.actors[index as usize]
    }

    /// Drops what stands without a political party, what repeats another row of the sentence, and what is too weak.
    fn choose(&self, mut drafts: Vec<Draft>) -> Vec<Draft> {
        for d in &mut drafts {
            d.confidence = self.confidence(d);
        }
        drafts.retain(|d| self.fault(d).is_none());
        // Of two that tell the same, the row that a reader of the codebook can find.
        let weight = |d: &Draft| {
            let named = !self.book.is_wordless(&self.book.senses[d.m.sense as usize].rule);
            d.confidence + if named { NAMED } else { 0.0 }
        };
        drafts
            .sort_by(|a, b| weight(b).total_cmp(&weight(a)).then(a.m.trigger.token.cmp(&b.m.trigger.token)));
        let mut kept: Vec<Draft> = Vec::new();
        for d in drafts {
            if !kept.iter().any(|k| self.repeats(k, &d)) {
                kept.push(d);
            }
        }
        kept.sort_by_key(|d| d.m.trigger.token);
        kept
    }

    /// What keeps a draft from being an event, in words.
    pub fn fault(&self, d: &Draft) -> Option<String> {
        if d.absorbed {
            return Some("it is the content of another act of the sentence".to_owned());
        }
        if d.confidence < MIN_CONFIDENCE {
            return Some(format!("too doubtful: confidence {:.2} of {MIN_CONFIDENCE}", d.confidence));
        }
        if self.is_of_nature(d) {
            return Some("no act of anybody: its doer is a force of nature".to_owned());
        }
        if !self.stands(d) {
            return Some("its parties do not suffice: none of a known state or office".to_owned());
        }
        self.unseen(d).then(|| {
            let sentence = self.tree.doc.sentence_of(d.m.trigger.token);
            let here = self.tree.doc.sentences[sentence as usize].political.unwrap_or(0.0);
            let all = self.political.unwrap_or(0.0);
            format!("neither sentence ({here:.2}) nor document ({all:.2}) is about political acts")
        })
    }

    /// "Typhoon Nari will hit Vietnam", "a virus that attacks the lungs".
    fn is_of_nature(&self, d: &Draft) -> bool {
        let named = |t: u32| {
            let lemma = self.tree.lemma(t);
            self.book.kind_holds(lemma, "nature") || self.book.kind_holds(&lemma.to_lowercase(), "nature")
        };
        let part = |t: u32| matches!(self.tree.base_rel(t), "flat" | "compound" | "appos");
        d.m.trigger.pos == Pos::Verb
            && self.matcher.fill(&d.m.trigger, &Slot::Subj).iter().any(|a| {
                // "Storm troops", "the Wind party": the last word says what it is.
                let parts = self.tree.kids(a.token).iter().filter(|&&k| part(k));
                named(a.token) || self.tree.upos(a.token) == "PROPN" && parts.copied().any(named)
            })
    }

    /// Whether neither this sentence nor the document as a whole is about political acts, as the reader sees it: a sense of the
    /// codebook alone says so little in a match report or a cookery column.
    fn unseen(&self, d: &Draft) -> bool {
        let doc = self.tree.doc;
        let number = doc.sentence_of(d.m.trigger.token);
        // A sentence or two that stand alone are too little to go by.
        let whole = doc.sentences.len() > 2;
        let seen = chance_of(self.act_of(&d.m.trigger), d.event_type) >= SURELY_SEEN;
        match (doc.sentences[number as usize].political, self.political) {
            (Some(here), Some(all)) => {
                let least = match (whole || seen, self.is_between_two(d)) {
                    (true, _) => POLITICAL,
                    (_, true) => POLITICAL_BETWEEN,
                    _ => POLITICAL_ALONE,
                };
                here.max(all) < least
            }
            _ => doc.reads_acts && whole && self.about_acts.max(sentence_chance(doc, number)) < ABOUT_ACTS,
        }
    }

    /// Whether a row of the codebook, not the reader alone, gives two parties with codes of their own.
    fn is_between_two(&self, d: &Draft) -> bool {
        let sense = &self.book.senses[d.m.sense as usize];
        let mut codes = self.codes(&d.m.actors);
        codes.extend(self.codes(&d.m.recipients));
        let first = codes.iter().find(|c| !c.is_empty());
        !self.book.is_wordless(&sense.rule)
            && first.is_some_and(|f| codes.iter().any(|c| !c.is_empty() && c != f))
    }

    pub fn codes<'s>(&'s self, found: &[Found]) -> Vec<&'s str> {
        found.iter().map(|f| self.parties.actors[f.actor as usize].code.as_str()).collect()
    }

    /// Whether `d` tells what the better row `k` of the same sentence already tells.
    fn repeats(&self, k: &Draft, d: &Draft) -> bool {
        let same_type = k.event_type == d.event_type;
        let near = self.tree.under(k.m.trigger.token, d.m.trigger.token)
            || self.tree.under(d.m.trigger.token, k.m.trigger.token);
        let subset = |small: &[Found], large: &[Found]| {
            let large = self.codes(large);
            self.codes(small).iter().all(|c| large.contains(c))
        };
        let within = subset(&d.m.actors, &k.m.actors) && subset(&d.m.recipients, &k.m.recipients);
        let mut all = k.m.actors.clone();
        all.extend(k.m.recipients.clone());
        let among = subset(&d.m.actors, &all) && subset(&d.m.recipients, &all);
        if same_type
            && d.status.modality == k.status.modality
            && d.status.polarity == k.status.polarity
            && (within || (among && near))
        {
            return true;
        }
        // One act told by verb and noun together: "bombed ... in an attack".
        let noun = k.m.trigger.pos == Pos::Noun || d.m.trigger.pos == Pos::Noun;
        same_type && near && among && noun
    }

    fn stands(&self, d: &Draft) -> bool {
        let sense = &self.book.senses[d.m.sense as usize];
        let all = || d.m.actors.iter().chain(&d.m.recipients);
        let n = all().count();
        let political = all().filter(|f| self.parties.is_political(f.actor)).count();
        let hidden = all().any(|f| self.parties.may_be_political(f.actor));
        if political == 0 && hidden && self.guarded.is_none() {
            // What the reader alone sees needs somebody whose state is known.
            return !d.m.actor_missing && !self.book.is_wordless(&sense.rule);
        }
        if political == 0 {
            return self.is_loss_of_life(d);
        }
        // Where only the scene gives a country, somebody must hold arms or office, or the act itself be of the street.
        let anchored = all().any(|f| {
            let lemma = self.tree.lemma(f.token);
            let office = || ["state", "armed"].iter().any(|k| self.book.kind_holds(lemma, k));
            self.parties.is_political(f.actor) && (!f.is_by_scene() || office())
        });
        if !anchored && !matches!(d.event_type, EventType::Protest | EventType::Assault | EventType::Coerce) {
            return false;
        }
        if d.m.actor_missing
            && !matches!(
                sense.event_type,
                EventType::Assault
                    | EventType::Coerce
                    | EventType::Sanction
                    | EventType::Retreat
                    | EventType::Mobilize
                    | EventType::Concede
                    | EventType::Accuse
                    | EventType::Aid
            )
        {
            return false;
        }
        if self.guarded.is_some() && (n < 2 || political < 2) && !all().any(|f| self.holds_power(f.actor)) {
            return false;
        }
        if self.guarded.as_ref().is_some_and(|topic| PLAYED.contains(&topic.as_str()))
            && !self.is_of_office(d)
        {
            return false;
        }
        if d.event_type == EventType::Consult
            && n < 2
            && d.m.trigger.pos == Pos::Noun
            && d.m.trigger.light.is_none()
        {
            return false;
        }
        true
    }

    /// In a text about a game or a film: a sentence without words of the game, about somebody with a civil office. A captain,
    /// an ambush and an attack are of the pitch there, and countries are teams.
    fn is_of_office(&self, d: &Draft) -> bool {
        let doc = self.tree.doc;
        let sentence = &doc.sentences[doc.sentence_of(d.m.trigger.token) as usize];
        let played =
            sentence.tokens().any(|t| self.book.topics.get(&doc.tokens[t].lemma) == self.guarded.as_ref());
        !played
            && d.m
                .actors
                .iter()
                .chain(&d.m.recipients)
                .any(|f| self.holds_power(f.actor) && self.actor(f.actor).sector != Some(Sector::Military))
    }

    /// People killed in a text about one or two countries, by whomever.
    fn is_loss_of_life(&self, d: &Draft) -> bool {
        self.parties.scene.is_known()
            && self.guarded.is_none()
            && d.event_type == EventType::Assault
            && d.m.trigger.pos == Pos::Verb
            && self.book.kind_holds(self.tree.lemma(d.m.trigger.token), "dead")
            && self
                .matcher
                .fill(&d.m.trigger, &Slot::Obj)
                .iter()
                .any(|a| self.parties.is(a.token, Kind::People))
    }

    fn holds_power(&self, actor: u32) -> bool {
        let a = self.actor(actor);
        a.kind != ActorKind::Country
            && a.sector.is_some_and(|s| {
                matches!(
                    s,
                    Sector::Government
                        | Sector::Military
                        | Sector::Legislature
                        | Sector::Judiciary
                        | Sector::Opposition
                        | Sector::Rebel
                        | Sector::Paramilitary
                        | Sector::Police
                        | Sector::Spy
                        | Sector::Party
                )
            })
    }

    /// 0 to 1, from how the parties were found and how certain the reading is.
    pub fn confidence(&self, d: &Draft) -> f32 {
        let mut c: f32 = 0.5;
        let coded = |list: &[Found]| list.iter().any(|f| self.parties.is_political(f.actor));
        if coded(&d.m.actors) {
            c += 0.15;
        }
        if coded(&d.m.recipients) || d.m.actors.len() > 1 {
            c += 0.15;
        }
        if d.m.actor_missing {
            c -= 0.15;
        }
        if d.m.recipient_missing {
            c -= 0.1;
        }
        if d.m.actors.iter().chain(&d.m.recipients).any(|f| f.through.is_some_and(|t| t != "adjective")) {
            c -= 0.05;
        }
        if d.m.trigger.pos == Pos::Noun && d.m.trigger.light.is_none() {
            c -= 0.1;
        }
        if d.m.trigger.pos == Pos::Adjective {
            c -= 0.05;
        }
        if d.m.fit > 3.0 {
            c += 0.05;
        }
        if d.status.modality == Modality::Hypothetical {
            c -= 0.1;
        }
        if d.status.modality == Modality::Future && d.event_type.quad() == Quad::MaterialConflict {
            c -= 0.1;
        }
        if self.guarded.is_some() {
            c -= 0.2;
        }
        if self.tree.doc.reads_acts {
            c += SEEN * chance_of(self.act_of(&d.m.trigger), self.book.senses[d.m.sense as usize].event_type);
        }
        c.clamp(0.05, 0.95)
    }
}
