//! Whether an event took place, and who says so: operators on the way from a trigger to the root of its sentence.

use crate::codebook::{Codebook, Effect, Force, Keyed, Pos};
use crate::matcher::Trigger;
use crate::parties::Parties;
use crate::tree::Tree;
use polybius_text::{Attribution, Modality, Polarity, QuoteKind, TimeExpression};

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

fn pos_of(tree: &Tree, token: u32) -> Pos {
    match tree.upos(token) {
        "NOUN" | "PROPN" => Pos::Noun,
        "ADJ" => Pos::Adjective,
        _ => Pos::Verb,
    }
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
            notes: Vec::new(),
        };
        let tree = self.tree;
        let mut inner_first: Vec<Attribution> = Vec::new();
        let mut open = true;
        let mut negations = 0u32;
        let mut denied = false;
        let mut modality: Option<(Modality, String)> = None;
        let start = trigger.light.unwrap_or(trigger.token);
        if start != trigger.token {
            self.nominal(trigger.token, &mut negations, &mut modality, &mut s);
        }
        if trigger.pos == Pos::Noun && trigger.light.is_none() {
            self.nominal(start, &mut negations, &mut modality, &mut s);
        } else {
            self.clause(start, &mut negations, &mut modality, &mut s);
        }
        let mut at = start;
        for _ in 0..24 {
            self.sideways(at, &mut inner_first, &mut s);
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
                        || (rel == "nsubj" && head_pos == Pos::Verb);
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
                            s.forces.push((force, head));
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
                            || (rel == "nsubj" && head_pos == Pos::Verb)
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
                            if let Some(effect) = effect {
                                let flipped = self.is_negated(head);
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
                                if effect.is_none() || effect == Some(Effect::Actual) {
                                    negations += other;
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
                    if rel == "ccomp"
                        && !keyed(tree, &self.book.modality, head, head_pos).is_some_and(|_| true)
                    {
                        // The tense of a verb of saying is its own.
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
        self.question(trigger.token, &mut modality);
        inner_first.reverse();
        s.attribution = inner_first;
        self.quoted(trigger.token, &mut s);
        if denied {
            s.polarity = Polarity::Denied;
        } else if negations % 2 == 1 {
            s.polarity = Polarity::Negated;
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
        if self.is_negated(verb) {
            *negations += 1;
            s.notes.push(format!("negated at \"{}\"", tree.doc.word(verb)));
        }
        let mut found: Option<(Modality, String)> = None;
        let mut perfect = false;
        for &k in tree.kids(verb) {
            match tree.rel(k) {
                "aux" | "aux:pass" | "cop" => {
                    let word = tree.doc.word(k).to_ascii_lowercase();
                    match word.as_str() {
                        "will" | "shall" | "'ll" | "’ll" | "wo" | "ca" if word != "ca" => {
                            found = Some((Modality::Future, format!("\"{word}\"")))
                        }
                        "would" | "'d" | "’d" if tree.xpos(k) == "MD" => {
                            // "said it would" tells a plan; elsewhere "would" supposes.
                            let told = self.reported(verb);
                            let m = if told { Modality::Future } else { Modality::Hypothetical };
                            found = Some((m, format!("\"{word}\"")));
                        }
                        "could" | "might" | "may" | "should" | "must" | "can" | "ca" | "ought" => {
                            found = Some((Modality::Hypothetical, format!("\"{word}\"")))
                        }
                        "have" | "has" | "had" | "having" => perfect = true,
                        _ => {}
                    }
                }
                "mark" => match tree.lemma(k) {
                    "if" | "unless" | "whether" | "lest" => {
                        found = Some((Modality::Hypothetical, format!("\"{}\"", tree.lemma(k))));
                        s.conditional = true;
                    }
                    "without" => *negations += 1,
                    "to" => {
                        let bound = tree.kids(verb).iter().any(|&a| {
                            a < k && matches!(tree.base_rel(a), "aux" | "cop") && tree.lemma(a) == "be"
                        });
                        if found.is_none() && bound {
                            found = Some((Modality::Future, "\"be to\"".into()));
                        } else if found.is_none()
                            && let Some(m) = self.infinitive(verb)
                        {
                            found = Some(m);
                        }
                    }
                    _ => {}
                },
                "case" if tree.lemma(k) == "without" => *negations += 1,
                "advmod" if matches!(tree.lemma(k), "allegedly" | "reportedly") => {}
                "advmod" if matches!(tree.lemma(k), "perhaps" | "maybe" | "possibly") => {
                    found = found.or(Some((Modality::Hypothetical, format!("\"{}\"", tree.lemma(k)))))
                }
                "advcl" => {
                    let conditional = tree
                        .kids(k)
                        .iter()
                        .any(|&m| tree.rel(m) == "mark" && matches!(tree.lemma(m), "if" | "unless"));
                    if conditional {
                        s.conditional = true;
                    }
                }
                _ => {}
            }
        }
        // "If sanctions fall, ..." without "if": "had it attacked", "were it to"
        if found.is_none()
            && perfect
            && tree.xpos(verb) == "VBN"
            && tree.base_rel(verb) == "advcl"
            && let (Some(subject), Some(aux)) = (
                tree.own_subject(verb),
                tree.kids(verb)
                    .iter()
                    .copied()
                    .find(|&k| tree.rel(k) == "aux" && tree.doc.word(k).eq_ignore_ascii_case("had")),
            )
            && aux < subject
        {
            found = Some((Modality::Hypothetical, "inverted conditional".into()));
        }
        if modality.is_none() {
            *modality = found;
        }
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
                    if let Some(effect) = effect.filter(|_| tree.base_rel(k) != "compound") {
                        let mut denied = false;
                        self.apply(effect, false, k, negations, &mut denied, modality, s);
                    }
                }
                "case" if tree.lemma(k) == "without" => *negations += 1,
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
                if modality.is_none() {
                    *modality = Some((Modality::Future, why));
                }
                if flipped {
                    *negations += 1;
                }
            }
            Effect::Hypothetical => {
                if modality.is_none() {
                    *modality = Some((Modality::Hypothetical, why));
                }
            }
            Effect::Negated => {
                if !flipped {
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

    fn question(&self, token: u32, modality: &mut Option<(Modality, String)>) {
        let doc = self.tree.doc;
        let sentence = &doc.sentences[doc.sentence_of(token) as usize];
        let text = doc.slice(sentence.span).trim_end_matches(['"', '”', '’', '\'', ')', ' ']);
        if text.ends_with('?') && modality.is_none() {
            *modality = Some((Modality::Hypothetical, "a question".into()));
        }
    }

    /// Whether a time hangs on the trigger's clause or one above it, not on another event in the sentence.
    fn belongs(&self, time: &TimeExpression, trigger: u32) -> bool {
        let tree = self.tree;
        let mut at = tree.doc.token_from(time.span.start).min(tree.doc.tokens.len().saturating_sub(1) as u32);
        for _ in 0..24 {
            if tree.under(trigger, at) {
                return true;
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
        if published.is_none() || best.is_none() {
            let s = &doc.sentences[number as usize];
            for t in s.first_token..s.end_token {
                let lemma = self.tree.lemma(t);
                if matches!(lemma, "ago" | "decade") || (lemma == "century") {
                    let unit = if t > s.first_token { self.tree.lemma(t - 1) } else { "" };
                    if lemma != "ago" || matches!(unit, "year" | "decade" | "century" | "month") {
                        return Some(format!("\"{}\"", doc.word(t)));
                    }
                }
            }
        }
        None
    }
}

/// Events that the text dates this long before its publication are background. Set by judgement, not tuned.
const HISTORICAL_AFTER_DAYS: i32 = 45;
