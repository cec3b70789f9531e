//! Reported speech by dependencies: the word of speech, what it reports, and who speaks.

use super::knowledge::{Cue, QuoteKnowledge};
use super::surface::surface_report;
use crate::tree::{Argument, Tree};
use polybius_text::Span;

/// Longer stretches are lists or broken pages; only quotation marks are read there.
pub(super) const MAX_SENTENCE_TOKENS: u32 = 600;

/// Places of a speaker that words show and the tree does not: weak where no actor stands there.
pub(super) const RIGHT_BEFORE: &str = "right before the word of speech";
pub(super) const SPOKE_BEFORE: &str = "who spoke before in the sentence";

/// One reported clause.
#[derive(Debug, Clone)]
pub(super) struct Report {
    pub cue: u32,
    /// First token of what is reported.
    pub first: u32,
    /// Last token of what is reported.
    pub last: u32,
    /// Head of the noun phrase that speaks.
    pub speaker: Option<u32>,
    pub via: Option<u32>,
    pub basis: &'static str,
    /// Fewer words without quotation marks are no quote.
    pub min_words: usize,
    /// Whether only words in quotation marks make it a quote.
    pub needs_marks: bool,
}

/// Reported clauses and words of speech, by sentence.
pub(super) struct Reports<'d> {
    tree: &'d Tree<'d>,
    k: &'d QuoteKnowledge,
    by_sentence: Vec<Vec<Report>>,
    cues: Vec<Vec<u32>>,
}

impl<'d> Reports<'d> {
    pub fn new(tree: &'d Tree<'d>, k: &'d QuoteKnowledge) -> Reports<'d> {
        let mut reports = Reports { tree, k, by_sentence: Vec::new(), cues: Vec::new() };
        for sentence in &tree.doc.sentences {
            let mut found = Vec::new();
            let mut cues = Vec::new();
            if sentence.end_token - sentence.first_token <= MAX_SENTENCE_TOKENS {
                let range = sentence.first_token..sentence.end_token;
                for t in range.clone() {
                    if reports.is_cue(t) {
                        cues.push(t);
                        let from = found.len();
                        reports.at(t, &mut found);
                        reports.settle(t, range.clone(), from, &mut found);
                    }
                }
            }
            reports.by_sentence.push(found);
            reports.cues.push(cues);
        }
        reports
    }

    /// Makes one of the clauses that a word of speech was found to report, from `from` on: halves that follow each other are
    /// joined, and word order is asked where the tree shows nothing or only the second half of "S, he said, S".
    fn settle(&self, cue: u32, sentence: std::ops::Range<u32>, from: usize, found: &mut Vec<Report>) {
        found[from..].sort_by_key(|r| r.first);
        let mut i = from;
        while i + 1 < found.len() {
            if found[i].cue == cue && found[i].last + 1 == found[i + 1].first {
                found[i].last = found[i + 1].last;
                found.remove(i + 1);
            } else {
                i += 1;
            }
        }
        let by_words = surface_report(self, self.tree, cue, sentence);
        let around = by_words.as_ref().is_some_and(|r| r.first < cue && cue < r.last);
        if found.len() == from {
            found.extend(by_words);
        } else if let (true, [one], Some(whole)) = (around, &mut found[from..], by_words)
            && one.first > cue
        {
            *one = whole;
        }
    }

    /// The reported clauses of a sentence.
    pub fn of(&self, sentence: usize) -> &[Report] {
        self.by_sentence.get(sentence).map_or(&[], Vec::as_slice)
    }

    /// The words of speech of a sentence.
    pub fn cues(&self, sentence: usize) -> &[u32] {
        self.cues.get(sentence).map_or(&[], Vec::as_slice)
    }

    fn cue(&self, token: u32) -> Cue {
        let lemma = self.tree.lemma(token).to_lowercase();
        match self.tree.upos(token) {
            // The reader's dictionary forms are not all right ("deni"); the printed word decides then.
            "VERB" | "AUX" => match self.k.verb(&lemma) {
                none if none == Cue::default() => self.k.verb_form(self.tree.doc.word(token)),
                cue => cue,
            },
            "NOUN" => self.k.noun(&lemma),
            // "according" may be read as a preposition, "said" in a broken sentence as anything.
            "ADP" | "SCONJ" if lemma == "according" || lemma == "accord" => self.k.verb(&lemma),
            _ => Cue::default(),
        }
    }

    /// What a word does when speech is reported.
    pub fn class(&self, token: u32) -> Cue {
        self.cue(token)
    }

    /// Whether a stretch holds a word of speech.
    pub fn cues_in(&self, range: std::ops::Range<u32>) -> bool {
        range.into_iter().any(|t| self.is_cue(t))
    }

    /// Who speaks at a word of speech, and why.
    ///
    /// Word order goes before the tree where it is sure: ", said the minister", ", has he said", "X said ..., adding".
    pub fn speaker(&self, cue: u32) -> (Option<u32>, &'static str) {
        if let Some(token) = self.inverted(cue) {
            return (Some(token), "behind the word of speech");
        }
        if let Some(before) = self.goes_on_from(cue) {
            let (token, _) = self.speaker(before);
            if token.is_some() {
                return (token, SPOKE_BEFORE);
            }
        }
        if let Some(a) = self.above_relative(cue).or_else(|| self.tree.subject(cue)) {
            return (Some(a.token), a.basis);
        }
        if let Some(token) = self.beside_participle(cue) {
            return (Some(token), "subject before a participle");
        }
        if let Some(token) = self.right_before(cue) {
            return (Some(token), RIGHT_BEFORE);
        }
        let before = self.coordinated_before(cue).map(|c| self.speaker(c).0);
        before.flatten().map_or((None, ""), |t| (Some(t), SPOKE_BEFORE))
    }

    /// "X sat beside the man who had left, and promised that": the comma closes the relative clause, so that the second verb
    /// goes on with the main one, whose tense it has.
    fn above_relative(&self, cue: u32) -> Option<Argument> {
        let tree = self.tree;
        let first = tree.head(cue).filter(|_| tree.rel(cue) == "conj")?;
        if tree.rel(first) != "acl:relcl" || tree.own_subject(cue).is_some() {
            return None;
        }
        let and = tree.kids(cue).iter().copied().find(|&k| k < cue && tree.rel(k) == "cc")?;
        let comma = and.checked_sub(1).is_some_and(|t| tree.doc.word(t) == ",");
        let mut above = tree.head(first)?;
        for _ in 0..6 {
            if tree.upos(above) == "VERB" {
                break;
            }
            above = tree.head(above)?;
        }
        let goes_on = comma && tree.xpos(above) == tree.xpos(cue) && tree.rel(above) != "acl:relcl";
        let subject = tree.subject(above).filter(|a| goes_on && a.token < cue)?;
        Some(Argument { basis: "subject of the main verb", ..subject })
    }

    /// "the Secretary-General X told reporters that", "X, a student, said", where the tree gives the verb no subject: the noun
    /// that ends right before the verb, unless a preposition leads to it.
    pub fn right_before(&self, cue: u32) -> Option<u32> {
        let tree = self.tree;
        let low = tree.doc.sentences[tree.doc.sentence_of(cue) as usize].first_token;
        let finite = matches!(tree.xpos(cue), "VBD" | "VBZ" | "VBP" | "VBN") && tree.upos(cue) != "NOUN";
        if !finite || tree.passive(cue) {
            return None;
        }
        let before = |t: u32| t.checked_sub(1).filter(|&t| t >= low);
        let mut end = before(cue)?;
        while matches!(tree.upos(end), "AUX" | "ADV") {
            end = before(end)?;
        }
        if tree.doc.word(end) == "," {
            end = before(end).filter(|&t| tree.upos(t) == "PROPN")?;
        }
        if !matches!(tree.upos(end), "NOUN" | "PROPN" | "X") && tree.xpos(end) != "PRP" {
            return None;
        }
        let mut first = end;
        while let Some(t) = before(first).filter(|&t| {
            matches!(tree.upos(t), "NOUN" | "PROPN" | "X" | "ADJ" | "DET" | "NUM" | "PART")
                || matches!(tree.doc.word(t), "-" | "'" | "’")
        }) {
            first = t;
        }
        let led = before(first).is_some_and(|t| matches!(tree.upos(t), "ADP" | "SCONJ" | "VERB"));
        let named = tree.head(end).filter(|&h| tree.base_rel(end) == "flat" && (first..end).contains(&h));
        (!led).then(|| named.unwrap_or(end))
    }

    fn auxiliary(&self, verb: u32) -> bool {
        self.tree.kids(verb).iter().any(|&k| self.tree.base_rel(k) == "aux")
    }

    /// The verb of speech before ", demanded X and rejected Y" that has no subject of its own.
    fn coordinated_before(&self, cue: u32) -> Option<u32> {
        let tree = self.tree;
        let past = |t: u32| matches!(tree.xpos(t), "VBD" | "VBN");
        let low = tree.doc.sentences[tree.doc.sentence_of(cue) as usize].first_token;
        let led = cue.checked_sub(1).filter(|&t| t > low)?;
        let joined = matches!(tree.doc.word(led), "," | "and" | "but") && tree.own_subject(cue).is_none();
        if !joined || tree.upos(cue) == "NOUN" || tree.passive(cue) && self.auxiliary(cue) {
            return None;
        }
        (low..led).rev().find(|&t| {
            self.says(t) && tree.upos(t) == "VERB" && (tree.xpos(t) == tree.xpos(cue) || past(t) && past(cue))
        })
    }

    /// "The Union, joined by France, condemned": the reader hangs the subject on the participle.
    fn beside_participle(&self, cue: u32) -> Option<u32> {
        let tree = self.tree;
        let participle = tree.kids(cue).iter().copied().find(|&k| {
            let marked = tree.kids(k).iter().any(|&m| matches!(tree.base_rel(m), "mark" | "aux"));
            k < cue && tree.base_rel(k) == "advcl" && matches!(tree.xpos(k), "VBN" | "VBD") && !marked
        })?;
        let subject = tree.kids(participle).iter().copied().find(|&k| tree.base_rel(k) == "nsubj")?;
        let comma = (subject + 1..participle).any(|t| tree.doc.word(t) == ",");
        (subject < participle && comma && matches!(tree.doc.word(participle - 1), ",")).then_some(subject)
    }

    /// ", says X", "And said X", ", has he said".
    pub fn inverted(&self, cue: u32) -> Option<u32> {
        let tree = self.tree;
        let sentence = &tree.doc.sentences[tree.doc.sentence_of(cue) as usize];
        let low = sentence.first_token;
        let finite = matches!(tree.xpos(cue), "VBD" | "VBZ" | "VBP" | "VBN" | "VB");
        if let Some(speaker) = self.between_commas(cue, low, sentence.end_token) {
            return Some(speaker);
        }
        if !finite {
            return None;
        }
        let word = |t: u32| tree.doc.word(t);
        let breaks = |t: Option<u32>| {
            t.is_none_or(|t| {
                t < low
                    || matches!(word(t), "," | "\"" | "”" | "»" | ")" | "''")
                    || (t == low && tree.upos(t) == "CCONJ")
            })
        };
        let before = |k: u32| cue.checked_sub(k).filter(|&t| t >= low);
        // ", has he said": the speaker stands between the auxiliary and the verb.
        if let (Some(pronoun), Some(aux)) = (before(1), before(2))
            && tree.is_nominal(pronoun)
            && matches!(tree.lemma(aux), "have" | "do" | "will" | "be")
            && breaks(before(3))
            && before(3).is_some()
        {
            return Some(pronoun);
        }
        if tree.own_subject(cue).is_some_and(|s| s < cue && cue - s > 1) {
            return None;
        }
        let mut start = before(1);
        while start.is_some_and(|t| matches!(tree.lemma(t), "have") && tree.upos(t) == "AUX") {
            start = start.and_then(|t| t.checked_sub(1)).filter(|&t| t >= low);
        }
        if !breaks(start) {
            return None;
        }
        // ", has warned X": no object can follow so.
        let after_auxiliary = start != before(1);
        let next = cue + 1;
        if next >= sentence.end_token || !(tree.is_nominal(next) || matches!(tree.upos(next), "DET" | "ADJ"))
        {
            return None;
        }
        // "X, the minister, said he had": the next words may begin what was said.
        let of_other = |t: u32| tree.base_rel(t) == "nsubj" && tree.head(t) != Some(cue);
        if self.k.is_object(tree.doc.word(next)) {
            return None;
        }
        if tree.upos(next) == "PRON" {
            return (tree.own_subject(cue) == Some(next) || tree.xpos(next) == "PRP" && !of_other(next))
                .then_some(next);
        }
        // Of the words behind the verb the one that heads the first noun phrase.
        let mut head = next;
        for _ in 0..8 {
            match tree.head(head) {
                Some(up) if up > cue && up < sentence.end_token && tree.is_nominal(up) && up - cue < 12 => {
                    head = up
                }
                _ => break,
            }
        }
        let object = self.cue(cue).act || self.cue(cue).name;
        let fits = tree.is_nominal(head) && !of_other(head);
        // ", called the arrests a coup": what follows is called so, unless the tree says that it calls.
        (fits && (!object || after_auxiliary || tree.own_subject(cue) == Some(head))).then_some(head)
    }

    /// ", says Eulalia Mamani, who lost her daughter,": between commas the noun phrase behind the verb speaks, whatever the
    /// tree says.
    fn between_commas(&self, cue: u32, low: u32, end: u32) -> Option<u32> {
        const LONGEST_TOKENS: u32 = 16;
        let tree = self.tree;
        let word = |t: u32| tree.doc.word(t);
        let before = cue.checked_sub(1).filter(|&t| t > low)?;
        let c = self.cue(cue);
        let says = c.say && !c.name && matches!(tree.xpos(cue), "VBD" | "VBZ");
        if !says || !matches!(word(before), "," | "\"" | "”" | "»") || self.closes_apposition(cue, low) {
            return None;
        }
        let starts = (tree.is_nominal(cue + 1) || matches!(tree.upos(cue + 1), "DET" | "ADJ"))
            && !self.k.is_object(word(cue + 1));
        let close =
            (cue + 1..end.min(cue + LONGEST_TOKENS)).find(|&t| matches!(word(t), "," | ":" | "." | ";"))?;
        let verb = (cue + 1..close).any(|t| matches!(tree.xpos(t), "VBD" | "VBZ" | "VBP" | "MD"));
        if !starts || verb || matches!(tree.lemma(cue + 1), "that" | "this") {
            return None;
        }
        // Words go on behind the second comma, else the first half may be a clause of its own: "X, said Y."
        // The head is the last noun before a preposition.
        let stop = (cue + 1..close).find(|&t| tree.upos(t) == "ADP").unwrap_or(close);
        (cue + 1..stop).rev().find(|&t| tree.is_nominal(t) && tree.upos(t) != "DET").map(|t| {
            let flat = tree.head(t).filter(|&h| tree.base_rel(t) == "flat" && h > cue && h < t);
            flat.unwrap_or(t)
        })
    }

    /// "Their spokesman, Colonel X, announced": the comma before the verb closes what an earlier one opened behind the subject.
    fn closes_apposition(&self, cue: u32, low: u32) -> bool {
        let tree = self.tree;
        let Some(subject) = tree.own_subject(cue).filter(|&s| s >= low && s < cue) else { return false };
        let between = subject + 1..cue;
        let commas = between.clone().filter(|&t| tree.doc.word(t) == ",").count();
        let quoted = between.clone().any(|t| matches!(tree.doc.word(t), "\"" | "”" | "»"));
        let finite = between.into_iter().any(|t| matches!(tree.xpos(t), "VBD" | "VBZ" | "VBP" | "MD"));
        commas >= 2 && !quoted && !finite
    }

    /// The word of speech before ", adding that", ", stressing".
    fn goes_on_from(&self, cue: u32) -> Option<u32> {
        let tree = self.tree;
        let low = tree.doc.sentences[tree.doc.sentence_of(cue) as usize].first_token;
        // ", also stressing"
        let behind = (low..cue).rev().find(|&t| tree.upos(t) != "ADV");
        let led = behind.is_some_and(|t| matches!(tree.doc.word(t), "," | ")" | "”" | "\"" | "»" | "and"));
        if tree.xpos(cue) != "VBG" || !led || tree.own_subject(cue).is_some() {
            return None;
        }
        (low..cue)
            .rev()
            .find(|&t| self.says(t) && matches!(tree.upos(t), "VERB" | "AUX") && tree.xpos(t) != "VBG")
    }

    /// Whether a word reports speech.
    pub fn is_cue(&self, token: u32) -> bool {
        let c = self.cue(token);
        c.verb() || c.noun || c.quote || c.according
    }

    /// Whether a word can report a whole utterance.
    pub fn says(&self, token: u32) -> bool {
        let c = self.cue(token);
        c.say || c.act || c.according
    }

    /// The nearest word of speech before a stretch, in its sentence and not far.
    pub fn cue_before(&self, span: Span) -> Option<u32> {
        const NEAR_TOKENS: u32 = 14;
        let sentence = self.tree.doc.sentence_at(span.start)? as usize;
        let token = self.tree.doc.token_from(span.start);
        self.cues(sentence)
            .iter()
            .copied()
            .rev()
            .find(|&c| c < token && token - c <= NEAR_TOKENS && self.says(c))
    }

    /// The words of a cue: "said", "according to", "called for".
    pub fn cue_words(&self, cue: u32) -> Span {
        let tokens = &self.tree.doc.tokens;
        let span = tokens[cue as usize].span;
        match tokens.get(cue as usize + 1) {
            Some(next) if matches!(next.lemma.as_str(), "to") && self.cue(cue).according => {
                span.cover(next.span)
            }
            Some(next) if matches!(next.lemma.as_str(), "for" | "out" | "on") && self.cue(cue).act => {
                span.cover(next.span)
            }
            _ => span,
        }
    }

    fn at(&self, cue: u32, out: &mut Vec<Report>) {
        let c = self.cue(cue);
        if c.according {
            self.according(cue, out);
            return;
        }
        if self.tree.upos(cue) == "NOUN" {
            self.nominal(cue, out);
            return;
        }
        let from = out.len();
        if c.quote && self.quoted_as(cue, out) {
            return;
        }
        if c.say || c.act || c.name {
            self.clausal(cue, c, out);
        }
        if (c.act || c.name || c.judge) && out.len() == from {
            self.objects(cue, c, out);
        }
        if c.say && out.len() == from {
            self.parenthetical(cue, out);
        }
    }

    /// "said that S", "said S", "promised to V", "denied having V-ed", "called it a coup".
    fn clausal(&self, cue: u32, c: Cue, out: &mut Vec<Report>) {
        let tree = self.tree;
        for &k in tree.kids(cue) {
            let reported = match tree.base_rel(k) {
                "ccomp" => true,
                "xcomp" if c.name => true,
                "xcomp" => {
                    (c.act || c.say)
                        && (matches!(tree.xpos(k), "VB" | "VBG" | "VBN") || self.k.verb(tree.lemma(k)).say)
                }
                // "urged them to free", "asked that", where the reader hangs the clause loosely
                "advcl" => {
                    let led = c.act
                        && tree.kids(k).iter().any(|&m| {
                            tree.rel(m) == "mark" && matches!(tree.lemma(m), "to" | "that" | "of" | "for")
                        });
                    // "denied having hijacked the plane"
                    let perfect = c.say && k > cue && tree.lemma(cue + 1) == "have" && tree.xpos(k) == "VBN";
                    led || perfect && self.extent(k, cue).0 == cue + 1
                }
                // "He said: the war is over"; "The war is over, he said"
                "parataxis" => {
                    c.say && k > cue && tree.own_subject(k).is_some() && self.colon_between(cue, k)
                }
                _ => false,
            };
            if !reported {
                continue;
            }
            let (mut first, mut last) = self.extent(k, cue);
            if let Some(next) = self.shifted_clause(cue, k) {
                last = last.max(self.extent(next, cue).1);
            }
            let object = tree.kid(cue, "obj");
            if let Some(object) =
                object.filter(|&o| o < k && o > cue && (c.name || tree.base_rel(k) != "ccomp"))
            {
                // "called the arrests a coup", "urged Mali to free": the object belongs to what was said.
                first = first.min(self.extent(object, cue).0);
            }
            let infinitive = tree.base_rel(k) == "xcomp" || tree.base_rel(k) == "advcl";
            self.push(cue, first, last, if infinitive { 2 } else { 1 }, false, out);
        }
    }

    /// "wrote that things were improving but only time would tell": a clause beside the verb of saying, with a subject and a modal
    /// in the past, still tells what was said.
    fn shifted_clause(&self, cue: u32, reported: u32) -> Option<u32> {
        let tree = self.tree;
        if tree.base_rel(reported) != "ccomp" || reported < cue || tree.xpos(cue) != "VBD" {
            return None;
        }
        let shifted = |n: u32| {
            let modal = |m: u32| matches!(tree.doc.word(m), "would" | "could" | "might");
            tree.kids(n).iter().any(|&m| tree.rel(m) == "aux" && modal(m))
        };
        let reports = |n: u32| self.is_cue(n) && tree.kid(n, "ccomp").is_some();
        tree.kids_with(cue, "conj")
            .find(|&n| n > reported && !reports(n) && tree.own_subject(n).is_some() && shifted(n))
    }

    /// "condemned the arrests", "called for calm", "accused Asmara of arming", "stressed the need for".
    fn objects(&self, cue: u32, c: Cue, out: &mut Vec<Report>) {
        let tree = self.tree;
        let wanted = |k: u32| match tree.base_rel(k) {
            "obj" => true,
            // "called the ruling deeply flawed"
            _ if c.name && k > cue && (tree.upos(k) == "ADJ" || matches!(tree.xpos(k), "VBN" | "VBG")) => {
                matches!(tree.base_rel(k), "xcomp" | "advcl" | "acl" | "advmod" | "dep" | "conj")
                    && tree.kids(k).iter().all(|&m| tree.rel(m) != "mark" && tree.rel(m) != "cc")
            }
            "nsubj" => tree.rel(k) == "nsubj:pass" && tree.passive(cue),
            "obl" | "nmod" => {
                k > cue
                    && tree.kids(k).iter().any(|&p| {
                        tree.rel(p) == "case"
                            && matches!(tree.lemma(p), "for" | "of" | "as" | "against" | "about")
                    })
            }
            "advcl" => {
                k > cue
                    && tree.kids(k).iter().any(|&p| {
                        matches!(tree.base_rel(p), "mark" | "case") && matches!(tree.lemma(p), "of" | "for")
                    })
            }
            _ => false,
        };
        let parts: Vec<(u32, u32)> =
            tree.kids(cue).iter().copied().filter(|&k| wanted(k)).map(|k| self.extent(k, cue)).collect();
        let Some(first) = parts.iter().map(|p| p.0).min() else { return };
        let last = parts.iter().map(|p| p.1).max().unwrap_or(first);
        if (first..=last).contains(&cue) {
            return;
        }
        self.push(cue, first, last, 3, !c.act, out);
    }

    /// "The ruling, he said, would stand": the cue hangs under what it reports.
    fn parenthetical(&self, cue: u32, out: &mut Vec<Report>) {
        let tree = self.tree;
        if tree.base_rel(cue) != "parataxis"
            && tree.base_rel(cue) != "advcl"
            && tree.base_rel(cue) != "discourse"
        {
            return;
        }
        let Some(head) = tree.head(cue) else { return };
        let as_said = tree.base_rel(cue) == "advcl";
        if as_said && !tree.kids(cue).iter().any(|&m| tree.rel(m) == "mark" && tree.lemma(m) == "as") {
            return;
        }
        let (own_first, own_last) = self.extent(cue, head);
        let (first, last) = self.extent(head, cue);
        // Cut the cue's clause off an end; in the middle it stays.
        let (mut first, mut last) = (first, last);
        if own_first <= first {
            first = own_last + 1;
        } else if own_last >= last {
            last = own_first.saturating_sub(1);
        }
        // "His office contradicted him: the pact is not for sale, it said."
        let colon = (first..cue).rev().find(|&t| tree.doc.word(t) == ":");
        if let Some(colon) = colon.filter(|&c| last < cue && c < last) {
            first = colon + 1;
        }
        if first <= last {
            self.push(cue, first, last, 2, false, out);
        }
    }

    /// "state TV quoted X as saying that S", "X was quoted as saying".
    fn quoted_as(&self, cue: u32, out: &mut Vec<Report>) -> bool {
        let tree = self.tree;
        let saying = tree.kids(cue).iter().copied().find(|&k| {
            matches!(tree.base_rel(k), "advcl" | "xcomp" | "ccomp")
                && self.k.verb(tree.lemma(k)).say
                && tree
                    .kids(k)
                    .iter()
                    .any(|&m| matches!(tree.base_rel(m), "mark" | "case") && tree.lemma(m) == "as")
        });
        let Some(saying) = saying else { return false };
        let speaker = tree.object(cue).map(|a| a.token);
        let medium = if tree.passive(cue) { tree.agent(cue).map(|a| a.token) } else { tree.own_subject(cue) };
        let Some(&clause) =
            tree.kids(saying).iter().find(|&&k| matches!(tree.base_rel(k), "ccomp" | "obj" | "parataxis"))
        else {
            return false;
        };
        let (first, last) = self.extent(clause, saying);
        out.push(Report {
            cue,
            first,
            last,
            speaker,
            via: medium,
            basis: "quoted by a medium",
            min_words: 1,
            needs_marks: false,
        });
        true
    }

    /// "according to X, S".
    fn according(&self, cue: u32, out: &mut Vec<Report>) {
        let tree = self.tree;
        // Read as a preposition of the noun, or as a participle over it.
        let noun = match tree.base_rel(cue) {
            "case" => tree.head(cue),
            _ => tree.kids(cue).iter().copied().find(|&k| {
                k > cue && tree.is_nominal(k) && matches!(tree.base_rel(k), "obl" | "nmod" | "obj" | "pobj")
            }),
        };
        let Some(noun) = noun else { return };
        let top = if tree.base_rel(cue) == "case" { noun } else { cue };
        let Some(head) = tree.head(top) else { return };
        let (own_first, own_last) = self.extent(top, head);
        let (mut first, mut last) = self.extent(head, top);
        if own_first <= first {
            first = own_last + 1;
        } else if own_last >= last {
            last = own_first.saturating_sub(1);
        }
        if first <= last && last < tree.doc.tokens.len() as u32 {
            out.push(Report {
                cue,
                first,
                last,
                speaker: Some(noun),
                via: None,
                basis: "according to",
                min_words: 3,
                needs_marks: false,
            });
        }
    }

    /// "his warning that S", "a pledge to V", "the accusation of arming".
    fn nominal(&self, noun: u32, out: &mut Vec<Report>) {
        let tree = self.tree;
        if !self.cue(noun).noun {
            return;
        }
        let content = tree.kids(noun).iter().copied().find(|&k| {
            let clause = tree.upos(k) == "VERB"
                || tree.upos(k) == "AUX"
                || tree.kids(k).iter().any(|&c| tree.rel(c) == "cop");
            k > noun
                && clause
                && (tree.rel(k) == "ccomp"
                    || tree.rel(k) == "acl" && tree.kids(k).iter().any(|&m| tree.rel(m) == "mark"))
        });
        let Some(content) = content else { return };
        let holder = tree.noun_controller(noun, 3).map(|a| a.token).filter(|&t| t != noun);
        let (first, last) = self.extent(content, noun);
        out.push(Report {
            cue: noun,
            first,
            last,
            speaker: holder,
            via: None,
            basis: "holder of the noun",
            min_words: 3,
            needs_marks: false,
        });
    }

    fn push(
        &self,
        cue: u32,
        first: u32,
        last: u32,
        min_words: usize,
        needs_marks: bool,
        out: &mut Vec<Report>,
    ) {
        if first > last || (first..=last).contains(&cue) {
            return;
        }
        let (speaker, basis) = self.speaker(cue);
        // A speaker inside his own words is a misreading of the tree.
        let speaker = speaker.filter(|s| !(first..=last).contains(s));
        out.push(Report { cue, first, last, speaker, via: None, basis, min_words, needs_marks });
    }

    fn colon_between(&self, a: u32, b: u32) -> bool {
        (a..b).any(|t| self.tree.doc.word(t) == ":")
    }

    /// First and last token under `top`, without the branch that holds `cue` where that hangs below, and without
    /// conjunctions and marks at the ends.
    fn extent(&self, top: u32, cue: u32) -> (u32, u32) {
        let tree = self.tree;
        let mut first = top;
        let mut last = top;
        let mut stack = vec![top];
        while let Some(t) = stack.pop() {
            first = first.min(t);
            last = last.max(t);
            for &k in tree.kids(t) {
                if k != cue {
                    stack.push(k);
                }
            }
        }
        let skip_front = |t: u32| {
            tree.upos(t) == "PUNCT"
                || tree.base_rel(t) == "mark"
                    && matches!(tree.lemma(t), "that" | "as")
                    && tree.head(t) == Some(top)
        };
        while first < last && skip_front(first) {
            first += 1;
        }
        while last > first && tree.upos(last) == "PUNCT" {
            last -= 1;
        }
        (first, last)
    }
}
