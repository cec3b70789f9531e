//! Whether an event took place, and who says so: operators on the way from a trigger to the root of its sentence.

use crate::codebook::{Codebook, Effect, Force, Keyed, Pos};
use crate::matcher::Trigger;
use crate::parties::Parties;
use crate::times::HEADING;
use crate::tree::Tree;
use polybius_text::{
    Attribution, CodedDocument, FlagKind, Modality, Polarity, Precision, QuoteKind, TimeExpression,
};

/// What governs an event.
#[derive(Debug, Clone)]
pub(crate) struct Status {
    pub polarity: Polarity,
    pub modality: Modality,
    /// Outermost first.
    pub attribution: Vec<Attribution>,
    pub quote: Option<u32>,
    /// Forces of the governing words of speech, innermost first, with the word.
    pub forces: Vec<(Force, u32)>,
    /// Whether a plan of the actor itself governs the event.
    pub planned: bool,
    pub conditional: bool,
    /// Whether somebody announces the event.
    pub announced: bool,
    /// What the words alone tell of how sure it is, -3 to +3.
    pub certainty: f32,
    pub notes: Vec<String>,
}

/// The value of a word in a keyed list, with its second word where the list has one: `call for`, `rule out`.
pub(crate) fn keyed<T: Copy>(tree: &Tree, map: &Keyed<T>, token: u32, pos: Pos) -> Option<T> {
    let entries = map.get(tree.lemma(token))?;
    let follows = |word: &str| {
        tree.kids(token).iter().any(|&k| {
            (k > token && tree.lemma(k) == word)
                || (matches!(tree.base_rel(k), "obl" | "advcl" | "nmod" | "ccomp" | "xcomp")
                    && tree
                        .kids(k)
                        .iter()
                        .any(|&c| matches!(tree.base_rel(c), "case" | "mark") && tree.lemma(c) == word))
        })
    };
    let of_pos = || entries.iter().filter(|(p, _, _)| *p == pos);
    of_pos()
        .find(|(_, second, _)| second.as_deref().is_some_and(follows))
        .or_else(|| of_pos().find(|(_, second, _)| second.is_none()))
        .map(|(_, _, value)| *value)
}

pub(crate) fn pos_of(tree: &Tree, token: u32) -> Pos {
    match tree.upos(token) {
        "NOUN" | "PROPN" => Pos::Noun,
        "ADJ" | "ADV" => Pos::Adjective,
        _ => Pos::Verb,
    }
}

/// What is said of one word, as if it carried an event.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Judgement {
    /// Whether affirmed.
    pub polarity: Polarity,
    /// Whether it took place.
    pub modality: Modality,
    /// -3 (certainly not) to +3 (certainly).
    pub factuality: f32,
}

/// Judges words of a document, given as indices of tokens; tokens that the document lacks give nothing.
pub fn judge_words(doc: &CodedDocument, tokens: &[u32], codebook: &Codebook) -> Vec<Judgement> {
    let tree = Tree::new(&doc.annotated);
    let parties = Parties::new(&tree, &doc.mentions, &doc.doc_actors, &doc.places, &doc.quotes, codebook);
    let judge = Judge { tree: &tree, parties: &parties, book: codebook, times: &doc.times };
    let known = tokens.iter().filter(|&&t| (t as usize) < doc.annotated.tokens.len());
    known
        .map(|&t| {
            let status = judge.status_of_word(t);
            let factuality = factuality(&status);
            Judgement { polarity: status.polarity, modality: status.modality, factuality }
        })
        .collect()
}

/// -3 (certainly not) to +3 (certainly): what the words tell ([`crate::factuality`]), held to what is known of polarity and
/// modality.
pub(crate) fn factuality(s: &Status) -> f32 {
    let told = s.certainty;
    match s.polarity {
        Polarity::Denied => told.min(-1.0),
        Polarity::Negated if told > 0.0 => (told - 3.0) / 2.0,
        _ => told,
    }
}

/// Auxiliaries of the future, as they are printed.
const WILL: [&str; 5] = ["will", "shall", "'ll", "\u{2019}ll", "wo"];

/// What the words of a clause say of its verb.
#[derive(Default)]
struct Frame {
    modal: Option<String>,
    perfect: bool,
    /// The perfect is that of the past: "had".
    had: bool,
    /// "if", "unless", "whether", or an auxiliary before its subject.
    condition: Option<String>,
    be_to: bool,
    to: bool,
    perhaps: Option<String>,
    nearly: Option<String>,
    without: u32,
}

fn tree_word<'d>(tree: &Tree<'d>, token: u32) -> &'d str {
    tree.doc.word(token)
}

pub(crate) struct Judge<'d> {
    pub tree: &'d Tree<'d>,
    pub parties: &'d Parties<'d>,
    pub book: &'d Codebook,
    pub times: &'d [TimeExpression],
}

impl Judge<'_> {
    pub fn status(&self, trigger: &Trigger) -> Status {
        let mut s = Status {
            polarity: Polarity::Affirmed,
            modality: Modality::Actual,
            attribution: Vec::new(),
            quote: None,
            forces: Vec::new(),
            planned: false,
            conditional: false,
            announced: false,
            certainty: self.book.factuality.of(self.tree, trigger.token),
            notes: Vec::new(),
        };
        let tree = self.tree;
        let mut inner_first: Vec<Attribution> = Vec::new();
        let mut open = true;
        let mut negations = 0u32;
        let mut denied = false;
        let mut modality: Option<(Modality, String)> = None;
        let mut passed: Vec<u32> = Vec::new();
        let start = trigger.light.unwrap_or(trigger.token);
        if start != trigger.token {
            self.nominal(trigger.token, &mut negations, &mut modality, &mut s);
        }
        // "made no appeal": one negation, at the noun and at its verb.
        if start != trigger.token && self.no_phrase(trigger.token) && self.is_negated(start) {
            negations = negations.saturating_sub(1);
        }
        if trigger.pos == Pos::Noun && trigger.light.is_none() {
            self.nominal(start, &mut negations, &mut modality, &mut s);
        } else {
            self.clause(start, &mut negations, &mut modality, &mut s);
        }
        let mut at = start;
        for _ in 0..24 {
            self.sideways(at, &mut inner_first, &mut s);
            passed.push(at);
            let Some(head) = tree.head(at) else { break };
            let rel = tree.base_rel(at);
            let full = tree.rel(at);
            // What governs a clause of time or reason says nothing on whether that took place.
            let aside = matches!(rel, "advcl" | "acl" | "ccomp")
                && tree.kids(at).iter().any(|&k| {
                    tree.rel(k) == "mark"
                        && matches!(
                            tree.lemma(k),
                            "after"
                                | "before"
                                | "since"
                                | "when"
                                | "while"
                                | "because"
                                | "although"
                                | "though"
                                | "until"
                        )
                });
            open = open && !aside;
            match rel {
                "conj" => {
                    // Shared auxiliaries: "will visit X and meet Y".
                    if open
                        && matches!(tree.upos(at), "VERB")
                        && !self.has_own_aux(at)
                        && tree.own_subject(at).is_none()
                        && tree.upos(head) == "VERB"
                        && tree.xpos(at) == tree.xpos(head)
                    {
                        let mut other = 0;
                        self.clause(head, &mut other, &mut modality, &mut s);
                        // "did not meet or speak"
                        if tree
                            .kids(at)
                            .iter()
                            .any(|&k| tree.rel(k) == "cc" && matches!(tree.lemma(k), "or" | "nor"))
                        {
                            negations += other;
                        }
                    }
                }
                _ => {
                    let head_pos = pos_of(tree, head);
                    let is_clause = matches!(rel, "ccomp" | "xcomp" | "csubj")
                        || (rel == "acl" && full != "acl:relcl")
                        || (rel == "advcl" && tree.xpos(at) == "VBG")
                        || (rel == "advcl"
                            && tree.kids(at).iter().any(|&k| {
                                tree.rel(k) == "aux" && tree.doc.word(k).eq_ignore_ascii_case("having")
                            }))
                        || (rel == "advcl"
                            && tree.kids(at).iter().any(|&k| tree.rel(k) == "mark" && tree.lemma(k) == "to"));
                    let is_noun_argument = matches!(rel, "obj" | "obl" | "nmod" | "iobj")
                        || full == "nsubj:pass"
                        || (rel == "nsubj" && head_pos == Pos::Verb)
                        // "Stories that ... are groundless", "the call is off"
                        || (matches!(rel, "nsubj" | "csubj") && self.has_copula(head));
                    if is_clause || is_noun_argument {
                        let force = keyed(tree, &self.book.speech, head, head_pos);
                        let effect = keyed(tree, &self.book.modality, head, head_pos);
                        let is_spoken = force.filter(|_| {
                            is_clause
                                || matches!(full, "obj" | "nsubj:pass")
                                || (rel == "nmod")
                                || (rel == "obl" && effect.is_some())
                        });
                        if let Some(force) = is_spoken {
                            // "refused to leave Chad, where he met": what stands aside is told, not refused.
                            if open || matches!(force, Force::Say | Force::Accuse | Force::Deny) {
                                s.forces.push((force, head));
                            }
                            if matches!(rel, "ccomp" | "xcomp" | "acl" | "advcl") {
                                self.attribute(head, head_pos, &mut inner_first);
                            }
                            if force == Force::Deny && open && !(is_noun_argument && head_pos == Pos::Noun) {
                                denied = true;
                                if matches!(full, "obj" | "nsubj:pass") {
                                    self.attribute(head, head_pos, &mut inner_first);
                                }
                                s.notes.push(format!("denied: under \"{}\"", tree.doc.word(head)));
                            }
                            if self.is_negated(head)
                                && open
                                && matches!(force, Force::Say)
                                && modality.is_none()
                            {
                                modality = Some((
                                    Modality::Hypothetical,
                                    format!("under negated \"{}\"", tree.doc.word(head)),
                                ));
                            }
                        }
                        let takes_effect = is_clause && rel != "advcl"
                            || matches!(full, "obj" | "nsubj:pass")
                            || (rel == "nsubj" && (head_pos == Pos::Verb || self.has_copula(head)))
                            || (rel == "obl"
                                && tree.case(at).is_some_and(|c| {
                                    self.book
                                        .modality
                                        .get(tree.lemma(head))
                                        .is_some_and(|e| e.iter().any(|(_, s, _)| s.as_deref() == Some(c)))
                                }))
                            || (rel == "nmod" && head_pos == Pos::Noun)
                            || (rel == "advcl" && effect.is_some() && is_clause);
                        if open && takes_effect {
                            // "rejected allegations that it had armed them"
                            let said = matches!(
                                keyed(tree, &self.book.speech, at, Pos::Noun),
                                Some(Force::Say | Force::Accuse)
                            );
                            let effect = match effect {
                                Some(Effect::Negated)
                                    if said && pos_of(tree, at) == Pos::Noun && at != start =>
                                {
                                    Some(Effect::Denied)
                                }
                                other => other,
                            };
                            if let Some(effect) = effect {
                                let flipped =
                                    self.is_negated(head) || head_pos == Pos::Noun && self.no_phrase(head);
                                self.apply(
                                    effect,
                                    flipped,
                                    head,
                                    &mut negations,
                                    &mut denied,
                                    &mut modality,
                                    &mut s,
                                );
                            }
                            // A verb of happening or planning passes its own tense on.
                            let passes = effect.is_some() && head_pos == Pos::Verb && rel != "obl"
                                || (rel == "xcomp")
                                || (is_noun_argument
                                    && head_pos == Pos::Verb
                                    && self
                                        .book
                                        .light_verbs
                                        .contains_key(format!("{} subj", tree.lemma(head)).as_str()));
                            if passes
                                && matches!(tree.upos(head), "VERB" | "AUX")
                                && !matches!(
                                    effect,
                                    Some(Effect::Negated | Effect::Denied | Effect::Cancelled)
                                )
                            {
                                let mut other = 0;
                                self.clause(head, &mut other, &mut modality, &mut s);
                                // The noun's own "no" has been counted, and so has what the list says of a negated verb.
                                let counted = is_noun_argument && self.no_phrase(at);
                                if effect.is_none() {
                                    negations += other.saturating_sub(u32::from(counted));
                                }
                            }
                        }
                    }
                    if full == "acl:relcl"
                        || rel == "parataxis"
                        || (rel == "advcl" && !is_clause)
                        || (rel == "nsubj" && full != "nsubj:pass")
                        || rel == "appos"
                    {
                        open = false;
                    }
                    if is_noun_argument && head_pos == Pos::Verb {
                        // Above the governing verb only its hypothetical frame counts.
                        let mut ignored = 0;
                        let mut frame = None;
                        self.clause(head, &mut ignored, &mut frame, &mut s);
                        if open
                            && modality.is_none()
                            && matches!(frame, Some((Modality::Hypothetical, _)))
                            && rel != "obl"
                        {
                            modality = frame;
                        }
                        open = open && rel != "obl";
                    }
                }
            }
            at = head;
        }
        self.led_by_words(start, &passed, &mut negations, &mut modality, &mut s);
        self.question(trigger.token, &mut modality);
        if modality.is_none()
            && let Some(why) = self.scheduled(start)
        {
            modality = Some((Modality::Future, why));
        }
        inner_first.reverse();
        s.attribution = inner_first;
        self.quoted(trigger.token, &mut s);
        // A rumour that is denied tells of something that would have taken place.
        if denied && modality.as_ref().is_some_and(|(_, why)| self.is_rumour(why)) {
            modality = None;
        }
        let said_so = !s.attribution.is_empty() || s.quote.is_some() || self.behind_colon(trigger.token);
        if denied {
            s.polarity = Polarity::Denied;
        } else if negations % 2 == 1 {
            // "Spain says it has made no concessions": not the narrator's negation but somebody's. What somebody is accused
            // of not doing is negated, and nobody denies it.
            let accused = s.forces.iter().any(|(f, _)| *f == Force::Accuse);
            let own = said_so && modality.is_none() && !accused;
            s.polarity = if own { Polarity::Denied } else { Polarity::Negated };
            if s.polarity == Polarity::Denied {
                s.notes.push("denied: the negation is the speaker's".to_owned());
            }
        }
        if let Some((m, why)) = modality {
            s.modality = m;
            s.notes.push(format!("{}: {why}", m.as_str()));
        } else if let Some(why) = self.historical(trigger.token) {
            s.modality = Modality::Historical;
            s.notes.push(format!("historical: {why}"));
        }
        s
    }

    /// The status of any word, as if it carried an event.
    pub fn status_of_word(&self, token: u32) -> Status {
        self.status(&Trigger { token, pos: pos_of(self.tree, token), light: None, tail: Vec::new() })
    }

    fn has_own_aux(&self, verb: u32) -> bool {
        self.tree.kids(verb).iter().any(|&k| self.tree.base_rel(k) == "aux")
    }

    pub fn is_negated(&self, verb: u32) -> bool {
        let tree = self.tree;
        tree.kids(verb).iter().any(|&k| {
            let negator = |t: u32| {
                matches!(
                    tree.lemma(t),
                    "not" | "n't" | "never" | "no" | "neither" | "none" | "nobody" | "nothing" | "hardly"
                )
            };
            match tree.base_rel(k) {
                "advmod" | "det" | "cc" => {
                    negator(k) && tree.lemma(k) != "no"
                        || tree.lemma(k) == "no" && tree.base_rel(k) == "advmod"
                        // "no longer", "not yet"
                        || matches!(tree.lemma(k), "longer" | "long" | "more" | "yet")
                            && (tree.kids(k).iter().any(|&g| matches!(tree.lemma(g), "no" | "not"))
                                || k > 0 && tree.lemma(k - 1) == "no")
                }
                "aux" => negator(k),
                "nsubj" | "obj" => negator(k) || self.no_phrase(k),
                _ => false,
            }
        })
    }

    /// "no agreement", "neither side", "not one soldier", "not a single prisoner".
    fn no_phrase(&self, noun: u32) -> bool {
        let tree = self.tree;
        tree.kids(noun).iter().any(|&k| {
            matches!(tree.base_rel(k), "det" | "advmod" | "nummod" | "cc")
                && (matches!(tree.lemma(k), "no" | "neither" | "not" | "never")
                    || tree.kids(k).iter().any(|&g| tree.lemma(g) == "not"))
                || (tree.base_rel(k) == "amod" && tree.kids(k).iter().any(|&g| tree.lemma(g) == "not"))
        })
    }

    /// Operators at a verb of its own clause.
    fn clause(
        &self,
        verb: u32,
        negations: &mut u32,
        modality: &mut Option<(Modality, String)>,
        s: &mut Status,
    ) {
        let tree = self.tree;
        let frame = self.frame(verb);
        let negated = self.is_negated(verb);
        let hypothetical = |why: &str| Some((Modality::Hypothetical, why.to_owned()));
        let mut unreal = false;
        let conditions = self.condition_of(verb);
        s.conditional |= conditions.is_some() || frame.condition.is_some();
        let mut found = if let Some(word) = frame.condition.as_deref() {
            // "if NATO had bombed": it had not; "had the bomb not gone off": it did.
            unreal = frame.had && tree.base_rel(verb) != "ccomp" && (word != "whether");
            if unreal && negated { None } else { hypothetical(&format!("\"{word}\"")) }
        } else if let Some((word, true)) =
            frame.modal.as_ref().map(|m| (m.as_str(), frame.perfect && !WILL.contains(&m.as_str())))
        {
            // "could have arrested him": did not. "may have", "must have" guess; "might have" does where no condition stands.
            // Word-for-word translations say "would have done" for what is alleged.
            let alleged = conditions.is_none() && tree.doc.article.has_flag(FlagKind::MachineTranslated);
            unreal = matches!(word, "could" | "should" | "would" | "ought" | "'d" | "\u{2019}d") && !alleged
                || word == "might" && (conditions.is_some() || self.but_follows(verb));
            hypothetical(&format!("\"{word} have\""))
        } else if let Some(word) = frame.modal.as_deref() {
            match word {
                word if WILL.contains(&word) => match &conditions {
                    Some(condition) => hypothetical(condition),
                    None => Some((Modality::Future, format!("\"{word}\""))),
                },
                "would" | "'d" | "\u{2019}d" => match &conditions {
                    Some(condition) => hypothetical(condition),
                    // "said it would" tells a plan; elsewhere "would" supposes.
                    None if self.reported(verb) => Some((Modality::Future, format!("\"{word}\""))),
                    None => hypothetical(&format!("\"{word}\"")),
                },
                _ => hypothetical(&format!("\"{word}\"")),
            }
        } else if frame.be_to {
            Some((Modality::Future, "\"be to\"".into()))
        } else if frame.to {
            self.infinitive(verb)
        } else if let Some(condition) = conditions.as_ref().filter(|_| self.condition_leads(verb)) {
            hypothetical(condition)
        } else {
            frame.perhaps.as_deref().and_then(|word| hypothetical(&format!("\"{word}\"")))
        };
        if unreal {
            // What did not come to pass: "would have signed"; not so "had it not signed".
            if found.is_some() && !negated {
                *negations += 1;
                s.notes.push(format!("negated: unreal at \"{}\"", tree.doc.word(verb)));
            }
        } else if negated {
            *negations += 1;
            s.notes.push(format!("negated at \"{}\"", tree.doc.word(verb)));
        }
        *negations += frame.without;
        if let Some(word) = frame.nearly {
            *negations += 1;
            s.notes.push(format!("negated: \"{word}\""));
        }
        if modality.is_none() {
            *modality = found.take();
        }
    }

    /// Words of its own clause that bear on a verb.
    fn frame(&self, verb: u32) -> Frame {
        let tree = self.tree;
        let mut f = Frame::default();
        for &k in tree.kids(verb) {
            let word = || tree.doc.word(k).to_ascii_lowercase();
            match tree.rel(k) {
                "aux" | "aux:pass" | "cop" => match word().as_str() {
                    "have" | "having" | "has" | "'ve" | "\u{2019}ve" => f.perfect = true,
                    "had" => (f.perfect, f.had) = (true, true),
                    // "he'd removed": no modal stands before a participle.
                    "'d" | "\u{2019}d"
                        if tree.xpos(k) != "MD" || matches!(tree.xpos(verb), "VBN" | "VBD") =>
                    {
                        f.perfect = true
                    }
                    "were" if self.before_subject(verb, k) => f.condition = Some("were ... to".to_owned()),
                    w @ ("will" | "shall" | "'ll" | "\u{2019}ll" | "wo" | "would" | "'d" | "\u{2019}d"
                    | "could" | "might" | "may" | "should" | "must" | "can" | "ca" | "ought") => {
                        f.modal = Some(w.to_owned())
                    }
                    _ => {}
                },
                "mark" => match tree.lemma(k) {
                    w @ ("if" | "unless" | "whether" | "lest") => f.condition = Some(w.to_owned()),
                    "without" | "instead" => f.without += 1,
                    "to" => {
                        f.to = true;
                        f.be_to = tree.kids(verb).iter().any(|&a| {
                            a < k && matches!(tree.base_rel(a), "aux" | "cop") && tree.lemma(a) == "be"
                        });
                    }
                    _ => {}
                },
                "case" if matches!(tree.lemma(k), "without" | "instead") => f.without += 1,
                // "by no means", "in no way"
                "obl"
                    if matches!(tree.lemma(k), "means" | "mean" | "way" | "circumstance")
                        && self.no_phrase(k) =>
                {
                    f.without += 1
                }
                "advmod" => match tree.lemma(k) {
                    w @ ("perhaps" | "maybe" | "possibly") => f.perhaps = Some(w.to_owned()),
                    w @ ("nearly" | "almost" | "all-but") if k < verb && verb - k <= 2 => {
                        f.nearly = Some(w.to_owned())
                    }
                    _ => {}
                },
                _ => {}
            }
        }
        // "had it attacked", "should Taiwan declare independence": the auxiliary before the subject is an "if".
        if f.condition.is_none() && tree.base_rel(verb) == "advcl" {
            let aux = tree.kids(verb).iter().copied().find(|&k| {
                tree.rel(k) == "aux"
                    && matches!(tree.lemma(k).to_ascii_lowercase().as_str(), "have" | "should")
            });
            // "their release, had he promised, would": the order of translated speech.
            let speech = keyed(tree, &self.book.speech, verb, Pos::Verb).is_some();
            if let Some(aux) = aux.filter(|&a| self.before_subject(verb, a) && !speech) {
                let word = tree.doc.word(aux).to_ascii_lowercase();
                if word == "had" || word == "should" {
                    f.condition = Some(format!("{word} before its subject"));
                    f.modal = None;
                }
            }
        }
        if f.condition.is_none()
            && let Some((word, first)) = self.opens_condition(verb)
            && first == verb
        {
            f.had |= word == "had";
            f.condition = Some(format!("{word} before its subject"));
            (f.modal, f.be_to) = (None, false);
        }
        // "stayed at home rather than march"
        let before = |n: u32| verb.checked_sub(n).map(|t| tree.doc.word(t).to_ascii_lowercase());
        if before(1).as_deref() == Some("than") && before(2).as_deref() == Some("rather") {
            f.without += 1;
        }
        // "all but clashed"
        if verb >= 2
            && tree.doc.word(verb - 1).eq_ignore_ascii_case("but")
            && tree.doc.word(verb - 2).eq_ignore_ascii_case("all")
        {
            f.nearly = Some("all but".to_owned());
        }
        f
    }

    /// The auxiliary that opens a sentence as an "if", and the first verb behind it: "Should Taiwan declare", "Were Spain to
    /// pardon", "Had Moscow sent". By the words: the reader seldom knows the construction.
    fn opens_condition(&self, token: u32) -> Option<(&'static str, u32)> {
        let tree = self.tree;
        let doc = tree.doc;
        let s = &doc.sentences[doc.sentence_of(token) as usize];
        let opening = doc.word(s.first_token).to_ascii_lowercase();
        let word = ["should", "were", "had"].into_iter().find(|w| *w == opening)?;
        let question = doc.slice(s.span).trim_end().ends_with('?');
        let subject = s.first_token + 1 < s.end_token
            && !matches!(tree.upos(s.first_token + 1), "VERB" | "AUX" | "PUNCT");
        let comma = (s.first_token..s.end_token).find(|&t| doc.word(t) == ",")?;
        let verb = (s.first_token + 1..comma).find(|&t| tree.upos(t) == "VERB")?;
        (!question && subject).then_some((word, verb))
    }

    fn before_subject(&self, verb: u32, aux: u32) -> bool {
        self.tree.own_subject(verb).is_some_and(|subject| aux < subject)
            && tree_word(
                self.tree,
                self.tree.doc.sentences[self.tree.doc.sentence_of(verb) as usize].end_token - 1,
            ) != "?"
    }

    /// The condition that a clause, or the speech that reports it, stands under: `"if"`, `"but for"`.
    fn condition_of(&self, verb: u32) -> Option<String> {
        let tree = self.tree;
        if let Some((word, first)) = self.opens_condition(verb)
            && first < verb
        {
            return Some(format!("under \"{word}\" before its subject"));
        }
        let mut at = verb;
        for _ in 0..4 {
            for &k in tree.kids(at) {
                if tree.base_rel(k) == "advcl"
                    && k != verb
                    && let Some(word) = self.frame(k).condition.filter(|w| w != "whether" && w != "lest")
                {
                    return Some(format!("under \"{word}\""));
                }
                if matches!(tree.base_rel(k), "obl" | "nmod" | "advcl")
                    && (tree.has_case(k, "but") || tree.has_case(k, "absent"))
                {
                    return Some("under \"but for\"".to_owned());
                }
            }
            let head = tree.head(at)?;
            let spoken = keyed(tree, &self.book.speech, head, pos_of(tree, head)).is_some();
            if tree.base_rel(at) == "conj" || tree.base_rel(at) == "ccomp" && spoken {
                at = head;
            } else {
                return None;
            }
        }
        None
    }

    /// "If the list is right, Sofia bugged the embassy": the condition stands first.
    fn condition_leads(&self, verb: u32) -> bool {
        let tree = self.tree;
        tree.kids(verb).iter().any(|&k| {
            k < verb
                && tree.base_rel(k) == "advcl"
                && self.frame(k).condition.is_some_and(|w| w == "if" || w == "unless")
        })
    }

    /// "might have asked, but the mood was warm"
    fn but_follows(&self, verb: u32) -> bool {
        let tree = self.tree;
        tree.kids(verb).iter().any(|&k| {
            k > verb
                && (tree.base_rel(k) == "conj"
                    && tree.kids(k).iter().any(|&c| tree.rel(c) == "cc" && tree.lemma(c) == "but")
                    || tree.has_case(k, "but"))
        })
    }

    /// Whether a modality rests on a word of rumour.
    fn is_rumour(&self, why: &str) -> bool {
        why.starts_with("under ") && !why.contains("\"if\"")
    }

    fn has_copula(&self, token: u32) -> bool {
        self.tree.kids(token).iter().any(|&k| self.tree.rel(k) == "cop")
    }

    /// By the words before a verb where the tree shows nothing: "PLO TO VISIT", "set to receive", "refused to sign".
    fn led_by_words(
        &self,
        verb: u32,
        passed: &[u32],
        negations: &mut u32,
        modality: &mut Option<(Modality, String)>,
        s: &mut Status,
    ) {
        let tree = self.tree;
        let sentence = &tree.doc.sentences[tree.doc.sentence_of(verb) as usize];
        let Some(to) = verb.checked_sub(1).filter(|&t| t >= sentence.first_token) else { return };
        if !tree.doc.word(to).eq_ignore_ascii_case("to") {
            return;
        }
        let Some(before) = to.checked_sub(1).filter(|&t| t >= sentence.first_token) else { return };
        // "has yet to sign"
        if tree.doc.word(before).eq_ignore_ascii_case("yet") {
            *negations += 1;
            s.notes.push("negated: \"yet to\"".to_owned());
            return;
        }
        let walked = passed.contains(&before) || tree.head(verb) == Some(before);
        let lists = [pos_of(tree, before), Pos::Verb, Pos::Adjective];
        let effect = lists.into_iter().find_map(|p| keyed(tree, &self.book.modality, before, p));
        if walked && effect.is_some() {
            return;
        }
        if let Some(effect) = effect {
            let mut denied = false;
            self.apply(effect, self.is_negated(before), before, negations, &mut denied, modality, s);
            return;
        }
        // A headline: a name and an infinitive, no verb before them.
        let bare = (sentence.first_token..to)
            .all(|t| !matches!(tree.upos(t), "VERB" | "AUX") || tree.doc.word(t).eq_ignore_ascii_case("to"));
        if bare && modality.is_none() && to > sentence.first_token && tree.is_nominal(before) {
            *modality = Some((Modality::Future, "infinitive of a headline".into()));
        }
    }

    /// "begin a strike on Monday", "opens in Algiers on Saturday": told in the present of a time to come.
    fn scheduled(&self, token: u32) -> Option<String> {
        let tree = self.tree;
        let doc = tree.doc;
        let mut verb = token;
        for _ in 0..3 {
            if matches!(tree.upos(verb), "VERB" | "AUX") {
                break;
            }
            verb = tree.head(verb)?;
        }
        // "is flying to Accra tomorrow to meet", "begin handing out"
        for _ in 0..2 {
            let own = tree.kids(verb).iter().any(|&k| matches!(tree.rel(k), "aux" | "cop"));
            let under =
                matches!(tree.base_rel(verb), "xcomp" | "advcl") && matches!(tree.xpos(verb), "VB" | "VBG");
            match tree.head(verb).filter(|_| under && !own) {
                Some(head) => verb = head,
                None => break,
            }
        }
        let kids = tree.kids(verb);
        let perfect = kids.iter().any(|&k| tree.rel(k) == "aux" && tree.lemma(k) == "have");
        let tense =
            kids.iter().copied().find(|&k| matches!(tree.rel(k), "aux" | "aux:pass" | "cop")).unwrap_or(verb);
        let present = matches!(tree.xpos(tense), "VBZ" | "VBP") && !perfect;
        let number = doc.sentence_of(token);
        // "next week's talks", "tomorrow's strike"
        let within = |t: &TimeExpression| {
            let at = doc.token_from(t.span.start);
            tree.kids(token)
                .iter()
                .any(|&k| tree.base_rel(k) == "nmod" && k < token && (at..=k).contains(&k) && k - at < 3)
        };
        let own = self.times.iter().find(|t| t.sentence == number && self.lies_ahead(t, false) && within(t));
        if let Some(t) = own {
            return Some(format!("\"{}\" lies ahead", doc.slice(t.span)));
        }
        let ahead = self.times.iter().filter(|t| t.sentence == number && self.lies_ahead(t, verb == token));
        let mut ahead = ahead.filter(|t| self.belongs(t, token) || self.belongs(t, verb));
        ahead.find(|_| present).map(|t| format!("in the present, \"{}\" lies ahead", doc.slice(t.span)))
    }

    /// Whether a time lies after the day of writing. On a page without a day "in January" does where the verb itself is in
    /// the present (`at_verb`).
    fn lies_ahead(&self, time: &TimeExpression, at_verb: bool) -> bool {
        let mut posts =
            self.times.iter().filter(|t| t.basis.starts_with(HEADING) && t.sentence <= time.sentence);
        let posted = posts.next_back().and_then(|t| t.range?.start);
        let written = posted.or_else(|| crate::event_date::written_day(&self.tree.doc.article));
        match (written, time.range.and_then(|r| r.start)) {
            (Some(written), Some(start)) => start > written,
            (None, None) => {
                let dated = time
                    .value
                    .strip_prefix("XXXX-")
                    .is_some_and(|v| v.starts_with(|c: char| c.is_ascii_digit()));
                time.basis.contains(", coming")
                    || time.basis.starts_with('+') && !time.basis.starts_with("+0")
                    || dated && at_verb
            }
            _ => false,
        }
    }

    /// "Minister: no torture by gendarmes": a name and a colon open the sentence.
    fn behind_colon(&self, token: u32) -> bool {
        const LONGEST_NAME: u32 = 5;
        let doc = self.tree.doc;
        let first = doc.sentences[doc.sentence_of(token) as usize].first_token;
        let colon = (first + 1..token.min(first + LONGEST_NAME)).find(|&t| doc.word(t) == ":");
        colon.is_some_and(|c| (first..c).all(|t| !matches!(self.tree.upos(t), "VERB" | "AUX")))
    }

    /// What an infinitive's own frame makes of it: "is to visit", a purpose.
    fn infinitive(&self, verb: u32) -> Option<(Modality, String)> {
        let tree = self.tree;
        let head = tree.head(verb)?;
        match tree.base_rel(verb) {
            "xcomp" | "ccomp" if tree.lemma(head) == "be" || tree.upos(head) == "AUX" => {
                Some((Modality::Future, "\"be to\"".into()))
            }
            "xcomp" if tree.lemma(head) == "go" && tree.xpos(head) == "VBG" => {
                Some((Modality::Future, "\"going to\"".into()))
            }
            "root" => Some((Modality::Future, "infinitive of a headline".into())),
            "advcl" | "acl" => {
                // "the first to recognise them" did so.
                let ordinal =
                    matches!(tree.lemma(head), "first" | "last" | "only" | "second" | "third" | "latest")
                        || tree
                            .kids(head)
                            .iter()
                            .any(|&k| matches!(tree.lemma(k), "first" | "last" | "only" | "latest"));
                if ordinal && tree.base_rel(verb) != "advcl" {
                    return None;
                }
                let listed = keyed(tree, &self.book.modality, head, pos_of(tree, head)).is_some();
                let moved = self.book.kind_holds(tree.lemma(head), "motion");
                (!listed && !moved).then(|| (Modality::Future, "a purpose".into()))
            }
            _ => None,
        }
    }

    /// Whether a clause stands under a word of speech.
    fn reported(&self, verb: u32) -> bool {
        let tree = self.tree;
        let mut at = verb;
        for _ in 0..5 {
            if tree.kids(at).iter().any(|&k| {
                tree.base_rel(k) == "parataxis" && keyed(tree, &self.book.speech, k, Pos::Verb).is_some()
            }) {
                return true;
            }
            let Some(head) = tree.head(at) else {
                return false;
            };
            match tree.base_rel(at) {
                "ccomp" | "acl" | "parataxis"
                    if keyed(tree, &self.book.speech, head, pos_of(tree, head)).is_some() =>
                {
                    return true;
                }
                _ => {}
            }
            at = head;
        }
        false
    }

    /// Operators at a noun: "no talks", "a planned visit", "ahead of the talks".
    fn nominal(
        &self,
        noun: u32,
        negations: &mut u32,
        modality: &mut Option<(Modality, String)>,
        s: &mut Status,
    ) {
        let tree = self.tree;
        if self.no_phrase(noun) {
            *negations += 1;
            s.notes.push(format!("negated at \"{}\"", tree.doc.word(noun)));
        }
        for &k in tree.kids(noun) {
            match tree.base_rel(k) {
                "amod" | "acl" | "compound" => {
                    let pos = if tree.upos(k) == "ADJ" { Pos::Adjective } else { pos_of(tree, k) };
                    let effect = keyed(tree, &self.book.modality, k, pos).or_else(|| {
                        if tree.base_rel(k) == "amod" {
                            keyed(tree, &self.book.modality, k, Pos::Verb)
                                .or_else(|| keyed(tree, &self.book.modality, k, Pos::Adjective))
                        } else {
                            None
                        }
                    });
                    // "talks planned for May", but not "refusal to cancel".
                    let bears = match tree.base_rel(k) {
                        "acl" => tree.xpos(k) == "VBN",
                        rel => rel != "compound",
                    };
                    if let Some(effect) = effect.filter(|_| bears) {
                        let mut denied = false;
                        self.apply(effect, false, k, negations, &mut denied, modality, s);
                    }
                }
                "case" if matches!(tree.lemma(k), "without" | "instead") => *negations += 1,
                "case" if tree.lemma(k) == "ahead" && modality.is_none() => {
                    *modality = Some((Modality::Future, "\"ahead of\"".into()));
                }
                _ => {}
            }
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn apply(
        &self,
        effect: Effect,
        flipped: bool,
        word: u32,
        negations: &mut u32,
        denied: &mut bool,
        modality: &mut Option<(Modality, String)>,
        s: &mut Status,
    ) {
        let why = format!("under \"{}\"", self.tree.doc.word(word));
        match effect {
            Effect::Actual => {
                if flipped {
                    *negations += 1;
                    s.notes.push(format!("negated: {why}"));
                }
            }
            Effect::Future | Effect::Announced => {
                s.planned = true;
                s.announced |= effect == Effect::Announced;
                // "would be ready to mediate", "may have to yield", "ready to talk if asked"
                let frame = self.frame(word);
                let would =
                    frame.modal.as_deref().is_some_and(|m| !WILL.contains(&m)) && !self.reported(word);
                let supposed = would || self.has_copula(word) && self.condition_of(word).is_some();
                if modality.is_none() {
                    let m = if supposed { Modality::Hypothetical } else { Modality::Future };
                    *modality = Some((m, why));
                }
                if flipped {
                    *negations += 1;
                }
            }
            Effect::Hypothetical => {
                // "hope that it will", "cannot exclude that it will"; who warns or threatens tells what he will do.
                let tells = keyed(self.tree, &self.book.speech, word, pos_of(self.tree, word)).is_some();
                let overrides = matches!(modality, Some((Modality::Future, _))) && !tells;
                if modality.is_none() || overrides {
                    *modality = Some((Modality::Hypothetical, why));
                }
            }
            Effect::Negated => {
                // "did not rule out", "cannot exclude": it may be.
                let open = keyed(self.tree, &self.book.modality, word, Pos::Noun).is_none()
                    && matches!(self.tree.lemma(word), "rule" | "exclude" | "discount");
                if flipped && open || open && self.under_refusal(word) {
                    *modality = Some((Modality::Hypothetical, format!("not ruled out {why}")));
                } else if !flipped {
                    *negations += 1;
                    s.notes.push(format!("negated: {why}"));
                }
            }
            Effect::Denied => {
                *denied = !flipped;
                s.notes.push(format!("denied: {why}"));
            }
            Effect::Cancelled => {
                if !flipped {
                    *negations += 1;
                    *modality = Some((Modality::Future, format!("called off {why}")));
                }
            }
            Effect::Historical => {
                if modality.is_none() {
                    *modality = Some((Modality::Historical, why));
                }
            }
        }
    }

    /// "according to X", and the verb of saying that follows what was said.
    fn sideways(&self, at: u32, inner_first: &mut Vec<Attribution>, s: &mut Status) {
        let tree = self.tree;
        for &k in tree.kids(at) {
            match tree.base_rel(k) {
                "parataxis" => {
                    if let Some(force) = keyed(tree, &self.book.speech, k, Pos::Verb) {
                        let has_content =
                            tree.kids(k).iter().any(|&c| matches!(tree.base_rel(c), "ccomp" | "xcomp"));
                        if !has_content && (tree.own_subject(k).is_some() || tree.passive(k)) {
                            s.forces.push((force, k));
                            self.attribute(k, Pos::Verb, inner_first);
                        }
                    }
                }
                "obl" | "nmod" | "advcl" if tree.has_case(k, "according") || (tree.lemma(k) == "accord") => {
                    let phrase = if tree.lemma(k) == "accord" {
                        tree.kids(k)
                            .iter()
                            .copied()
                            .find(|&g| matches!(tree.base_rel(g), "obl" | "nmod"))
                            .unwrap_or(k)
                    } else {
                        k
                    };
                    let cue = tree.kids(k).iter().copied().find(|&c| tree.base_rel(c) == "case").unwrap_or(k);
                    self.add_source(phrase, tree.doc.tokens[cue as usize].span, inner_first);
                }
                _ => {}
            }
        }
    }

    fn attribute(&self, word: u32, pos: Pos, inner_first: &mut Vec<Attribution>) {
        let tree = self.tree;
        let source = match pos {
            Pos::Noun => tree.noun_controller(word, 3),
            _ => tree.subject(word),
        };
        let cue = tree.doc.tokens[word as usize].span;
        if let Some(a) = source {
            self.add_source(a.token, cue, inner_first);
        }
    }

    fn add_source(&self, phrase: u32, cue: polybius_text::Span, inner_first: &mut Vec<Attribution>) {
        let tree = self.tree;
        let found = self.parties.of(phrase);
        if found.is_empty() {
            let span =
                self.parties.covering(phrase).map_or(tree.doc.tokens[phrase as usize].span, |m| m.span);
            if !inner_first.iter().any(|a| a.span == span) {
                inner_first.push(Attribution { actor: None, span, cue: Some(cue) });
            }
        }
        for f in found {
            if !inner_first.iter().any(|a| a.actor == Some(f.actor)) {
                inner_first.push(Attribution { actor: Some(f.actor), span: f.span, cue: Some(cue) });
            }
        }
    }

    fn quoted(&self, token: u32, s: &mut Status) {
        let span = self.tree.doc.tokens[token as usize].span;
        let holding = self.parties.quotes.iter().enumerate().filter(|(_, q)| q.span.contains(span));
        let Some((i, quote)) = holding.min_by_key(|(_, q)| (q.kind == QuoteKind::Indirect, q.span.len()))
        else {
            return;
        };
        s.quote = Some(i as u32);
        let Some(speaker) = quote.speaker else { return };
        if s.attribution.iter().any(|a| a.actor == Some(speaker)) {
            return;
        }
        let mut chain = Vec::new();
        for &via in &quote.via {
            if !s.attribution.iter().any(|a| a.actor == Some(via)) && via != speaker {
                chain.push(Attribution {
                    actor: Some(via),
                    span: quote.speaker_span.unwrap_or(quote.span),
                    cue: quote.cue,
                });
            }
        }
        chain.push(Attribution {
            actor: Some(speaker),
            span: quote.speaker_span.unwrap_or(quote.span),
            cue: quote.cue,
        });
        // The quote's own speaker stands outside what is said within it.
        chain.append(&mut s.attribution);
        s.attribution = chain;
    }

    /// "Will he visit?" asks whether; "Who shot the bishop?" takes for granted that somebody did.
    fn question(&self, token: u32, modality: &mut Option<(Modality, String)>) {
        let doc = self.tree.doc;
        let sentence = &doc.sentences[doc.sentence_of(token) as usize];
        let text = doc.slice(sentence.span).trim_end_matches(['"', '\u{201d}', '\u{2019}', '\'', ')', ' ']);
        let told = matches!(modality, None | Some((Modality::Future, _)));
        if !text.ends_with('?') || !told {
            return;
        }
        let granted = (sentence.first_token..token).any(|t| {
            matches!(self.tree.xpos(t), "WP" | "WRB" | "WDT" | "WP$")
                && (t == sentence.first_token || !self.tree.doc.word(t).chars().all(char::is_lowercase))
        });
        if !granted {
            *modality = Some((Modality::Hypothetical, "a question".into()));
        }
    }

    /// "refused to rule out"
    fn under_refusal(&self, word: u32) -> bool {
        self.tree.head(word).is_some_and(|h| {
            self.tree.base_rel(word) == "xcomp"
                && matches!(
                    keyed(self.tree, &self.book.modality, h, pos_of(self.tree, h)),
                    Some(Effect::Negated)
                )
        })
    }

    /// Whether a time hangs on the trigger's clause or one above it, not on another event in the sentence.
    fn belongs(&self, time: &TimeExpression, trigger: u32) -> bool {
        let tree = self.tree;
        let mut at = tree.doc.token_from(time.span.start).min(tree.doc.tokens.len().saturating_sub(1) as u32);
        for _ in 0..24 {
            if tree.under(trigger, at) {
                return self.in_one_clause(trigger, at);
            }
            let apart = match tree.rel(at) {
                "acl:relcl" | "acl" | "appos" | "parataxis" => true,
                "advcl" | "ccomp" | "conj" => tree.own_subject(at).is_some(),
                "nmod" => tree.head(at).is_some_and(|h| h != trigger && !tree.under(trigger, h)),
                _ => false,
            };
            if apart {
                return false;
            }
            match tree.head(at) {
                Some(h) => at = h,
                None => return true,
            }
        }
        false
    }

    /// Whether no clause that stands for itself begins between a word and one above it.
    fn in_one_clause(&self, token: u32, above: u32) -> bool {
        let tree = self.tree;
        let mut at = token;
        for _ in 0..24 {
            if at == above {
                return true;
            }
            let apart = match tree.base_rel(at) {
                "parataxis" => true,
                "conj" => tree.own_subject(at).is_some(),
                // "cut off in 1979, Taipei now hosted": each has its own time.
                "advcl" => tree.own_subject(at).is_none() && !matches!(tree.xpos(at), "VBG" | "VB"),
                _ => false,
            };
            match tree.head(at).filter(|_| !apart) {
                Some(head) => at = head,
                None => return false,
            }
        }
        false
    }

    /// Cues that an event is background from an earlier time.
    fn historical(&self, token: u32) -> Option<String> {
        let doc = self.tree.doc;
        let number = doc.sentence_of(token);
        let published = doc.article.published.as_ref().and_then(|p| p.date.start);
        let trigger = doc.tokens[token as usize].span;
        let mut best: Option<(u32, &TimeExpression)> = None;
        for t in self.times.iter().filter(|t| t.sentence == number) {
            let distance = if t.span.start >= trigger.end {
                t.span.start - trigger.end
            } else {
                trigger.start.saturating_sub(t.span.end) + 20
            };
            if t.range.is_some() && best.is_none_or(|(d, _)| distance < d) && self.belongs(t, token) {
                best = Some((distance, t));
            }
        }
        if let (Some(day), Some((_, t))) = (published, best)
            && let Some(end) = t.range.as_ref().and_then(|r| r.end)
            && let Ok(gap) = day.since((jiff::Unit::Day, end))
            && gap.get_days() > HISTORICAL_AFTER_DAYS
        {
            return Some(format!(
                "\"{}\" lies {} days before publication",
                doc.slice(t.span),
                gap.get_days()
            ));
        }
        // A page without a day: news give days and weekdays, a year alone is that of a background.
        if published.is_none()
            && let Some((_, t)) = best
            && let Some(range) = t.range
            && matches!(range.precision, Precision::Year | Precision::Month | Precision::Interval)
            && t.value.chars().take(4).all(|c| c.is_ascii_digit())
        {
            return Some(format!("\"{}\" is no day of news", doc.slice(t.span)));
        }
        for t in self.times.iter().filter(|t| t.sentence == number) {
            let words = doc.slice(t.span).to_lowercase();
            let long_ago = (words.ends_with("ago")
                && ["year", "decade", "centur", "month"].iter().any(|u| words.contains(u)))
                || t.range.is_none() && (words.contains("decade") || words.contains("centur"));
            if (published.is_none() || best.is_none()) && long_ago && self.belongs(t, token) {
                return Some(format!("\"{words}\""));
            }
        }
        self.since_years(token)
    }

    /// "Thirty years have passed since Portugal left": years lie between.
    fn since_years(&self, token: u32) -> Option<String> {
        let tree = self.tree;
        let marked = tree.kids(token).iter().any(|&k| {
            matches!(tree.base_rel(k), "mark" | "case") && matches!(tree.lemma(k), "since" | "after")
        });
        let number = tree.doc.sentence_of(token);
        let trigger = tree.doc.tokens[token as usize].span;
        let years = self.times.iter().find(|t| {
            t.sentence == number
                && t.span.end <= trigger.start
                && t.value.starts_with('P')
                && t.value.ends_with('Y')
                && t.value != "P1Y"
        })?;
        marked.then(|| format!("\"{}\" lie between", tree.doc.slice(years.span)))
    }
}

/// Events that the text dates this long before its publication are background. Set by judgement, not tuned.
const HISTORICAL_AFTER_DAYS: i32 = 45;
