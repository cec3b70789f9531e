//! Dependency trees of one document: children, subjects and objects as Universal Dependencies (v2) gives them, through
//! passives, participles, infinitives, relative clauses and coordination.

use polybius_text::Annotated;

/// A noun phrase in an argument place, by its head token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Argument {
    pub token: u32,
    pub basis: &'static str,
}

/// Child lists over the tokens of a document.
pub(crate) struct Tree<'d> {
    pub doc: &'d Annotated,
    children: Vec<u32>,
    starts: Vec<u32>,
}

/// How far control and coordination are followed.
const MAX_HOPS: u32 = 6;

impl<'d> Tree<'d> {
    pub fn new(doc: &'d Annotated) -> Tree<'d> {
        let n = doc.tokens.len();
        let mut starts = vec![0u32; n + 2];
        for token in &doc.tokens {
            if let Some(h) = token.head {
                starts[h as usize + 2] += 1;
            }
        }
        for i in 2..starts.len() {
            starts[i] += starts[i - 1];
        }
        let mut children = vec![0u32; starts[n + 1] as usize];
        for (i, token) in doc.tokens.iter().enumerate() {
            if let Some(h) = token.head {
                let at = &mut starts[h as usize + 1];
                children[*at as usize] = i as u32;
                *at += 1;
            }
        }
        Tree { doc, children, starts }
    }

    /// Dependents in text order.
    pub fn kids(&self, token: u32) -> &[u32] {
        let t = token as usize;
        &self.children[self.starts[t] as usize..self.starts[t + 1] as usize]
    }

    pub fn lemma(&self, token: u32) -> &'d str {
        self.doc.tokens[token as usize].lemma.as_str()
    }

    pub fn rel(&self, token: u32) -> &'d str {
        self.doc.tokens[token as usize].rel.as_str()
    }

    /// Relation without subtype.
    pub fn base_rel(&self, token: u32) -> &'d str {
        let rel = self.rel(token);
        rel.split_once(':').map_or(rel, |(base, _)| base)
    }

    pub fn upos(&self, token: u32) -> &'d str {
        self.doc.tokens[token as usize].upos.as_str()
    }

    pub fn xpos(&self, token: u32) -> &'d str {
        self.doc.tokens[token as usize].xpos.as_str()
    }

    pub fn head(&self, token: u32) -> Option<u32> {
        self.doc.tokens[token as usize].head
    }

    /// First dependent with exactly this relation.
    pub fn kid(&self, token: u32, rel: &str) -> Option<u32> {
        self.kids(token).iter().copied().find(|&k| self.rel(k) == rel)
    }

    pub fn kids_with<'s>(&'s self, token: u32, rel: &'s str) -> impl Iterator<Item = u32> + 's {
        self.kids(token).iter().copied().filter(move |&k| self.rel(k) == rel)
    }

    /// Whether a noun phrase stands under this preposition.
    pub fn has_case(&self, noun: u32, preposition: &str) -> bool {
        self.kids(noun).iter().any(|&k| self.base_rel(k) == "case" && self.preposition_is(k, preposition))
    }

    fn preposition_is(&self, case: u32, preposition: &str) -> bool {
        self.lemma(case).eq_ignore_ascii_case(preposition)
            || self
                .kids(case)
                .iter()
                .any(|&f| self.rel(f) == "fixed" && self.lemma(f).eq_ignore_ascii_case(preposition))
    }

    /// The preposition of a noun phrase.
    pub fn case(&self, noun: u32) -> Option<&'d str> {
        self.kids(noun).iter().copied().find(|&k| self.rel(k) == "case").map(|k| self.lemma(k))
    }

    pub fn is_nominal(&self, token: u32) -> bool {
        matches!(self.upos(token), "NOUN" | "PROPN" | "PRON" | "NUM" | "DET" | "X")
    }

    /// The token and the nouns coordinated with it.
    pub fn conjuncts(&self, token: u32) -> Vec<u32> {
        let mut out = vec![token];
        let mut i = 0;
        while i < out.len() && out.len() < 24 {
            for &k in self.kids(out[i]) {
                if self.rel(k) == "conj" && (self.is_nominal(k) || self.upos(k) == "ADJ") {
                    out.push(k);
                }
            }
            i += 1;
        }
        out
    }

    /// The nouns that stand beside a noun phrase as its equals: coordinated, "joined by", "together with", "including".
    pub fn companions(&self, token: u32) -> Vec<u32> {
        let mut out = self.conjuncts(token);
        let mut i = 0;
        while i < out.len() && out.len() < 24 {
            let mut more = Vec::new();
            for &k in self.kids(out[i]) {
                let joined = self.lemma(k) == "join";
                if joined && matches!(self.rel(k), "acl" | "advcl" | "amod") {
                    more.extend(self.agent(k).map(|a| a.token));
                } else if self.base_rel(k) == "nmod"
                    && self.is_nominal(k)
                    && ["together", "along", "alongside", "include"].iter().any(|c| self.has_case(k, c))
                {
                    more.push(k);
                }
            }
            // The reader may hang "joined by B" on the verb that follows, and A on "joined".
            if self.base_rel(out[i]) == "nsubj"
                && let Some(verb) = self.head(out[i])
            {
                let verbs = [
                    Some(verb),
                    self.kids(verb).iter().copied().find(|&k| k < verb && self.rel(k) == "advcl"),
                ];
                for v in verbs.into_iter().flatten() {
                    if self.lemma(v) == "join" && self.base_rel(v) == "advcl" {
                        more.extend(self.agent(v).map(|a| a.token));
                    }
                }
            }
            for m in more {
                for c in self.conjuncts(m) {
                    if !out.contains(&c) {
                        out.push(c);
                    }
                }
            }
            i += 1;
        }
        out
    }

    /// Whether `token` lies at or under `ancestor`.
    pub fn under(&self, token: u32, ancestor: u32) -> bool {
        let mut at = Some(token);
        let mut hops = 0;
        while let Some(t) = at {
            if t == ancestor {
                return true;
            }
            hops += 1;
            if hops > 60 {
                return false;
            }
            at = self.head(t);
        }
        false
    }

    /// Distance from the root.
    pub fn depth(&self, token: u32) -> u32 {
        let mut depth = 0;
        let mut at = token;
        while let Some(h) = self.head(at) {
            depth += 1;
            at = h;
            if depth > 200 {
                break;
            }
        }
        depth
    }

    /// Whether a verb is passive.
    pub fn passive(&self, verb: u32) -> bool {
        self.passive_within(verb, MAX_HOPS)
    }

    fn passive_within(&self, verb: u32, hops: u32) -> bool {
        let mut has_object = false;
        let mut has_aux = false;
        for &k in self.kids(verb) {
            match self.rel(k) {
                "aux:pass" | "nsubj:pass" | "csubj:pass" | "obl:agent" => return true,
                "obj" => has_object = true,
                "aux" | "nsubj" => has_aux = true,
                _ => {}
            }
        }
        if self.xpos(verb) != "VBN" || has_aux || has_object {
            return false;
        }
        match self.base_rel(verb) {
            "acl" | "advcl" | "xcomp" | "amod" | "ccomp" => self.rel(verb) != "acl:relcl",
            "conj" if hops > 0 => self.head(verb).is_some_and(|h| self.passive_within(h, hops - 1)),
            "root" | "parataxis" | "dep" => true,
            _ => false,
        }
    }

    /// Who acts: the active subject, or the agent of a passive.
    pub fn subject(&self, verb: u32) -> Option<Argument> {
        if self.passive(verb) { self.agent(verb) } else { self.surface_subject(verb) }
    }

    /// The noun phrase under "by".
    pub fn agent(&self, verb: u32) -> Option<Argument> {
        // The reader takes "due to the king" for an agent as well.
        let named = self
            .kid(verb, "obl:agent")
            .filter(|&k| self.case(k).is_none_or(|c| c.eq_ignore_ascii_case("by")));
        let by =
            || self.kids(verb).iter().copied().find(|&k| self.base_rel(k) == "obl" && self.has_case(k, "by"));
        named.or_else(by).map(|token| Argument { token, basis: "agent" }).or_else(|| {
            // "was arrested and charged by police": the agent stands with the last verb.
            let last = self
                .kids(verb)
                .iter()
                .rev()
                .copied()
                .find(|&k| self.rel(k) == "conj" && self.xpos(k) == "VBN");
            let joint = last.and_then(|k| self.kid(k, "obl:agent"));
            joint
                .map(|token| Argument { token, basis: "agent of the coordinated verb" })
                .or_else(|| self.agent_behind_a_place(verb))
        })
    }

    /// "were sent to the border with Kosovo by Serbia": read under the place before it, since no name is made by another.
    fn agent_behind_a_place(&self, verb: u32) -> Option<Argument> {
        if !self.passive(verb) {
            return None;
        }
        let places = self.kids(verb).iter().copied().filter(|&k| k > verb && self.base_rel(k) == "obl");
        let names = places.flat_map(|k| std::iter::once(k).chain(self.kids(k).iter().copied()));
        let by = names
            .filter(|&n| self.upos(n) == "PROPN")
            .flat_map(|n| self.kids(n).iter().copied())
            .find(|&k| self.base_rel(k) == "nmod" && self.has_case(k, "by"))?;
        Some(Argument { token: by, basis: "agent" })
    }

    /// The done-to: the object, or the subject of a passive.
    pub fn object(&self, verb: u32) -> Option<Argument> {
        if self.passive(verb) {
            return self.surface_subject(verb).map(|a| Argument { basis: "subject of the passive", ..a });
        }
        let objects: Vec<u32> = self.kids_with(verb, "obj").collect();
        if let Some(&token) = objects.iter().find(|&&o| o > verb || objects.len() == 1) {
            return Some(Argument { token, basis: "object" });
        }
        // "asked the envoy to leave": where nothing else is the object, the one asked is.
        if let Some(token) = self.kid(verb, "iobj") {
            return Some(Argument { token, basis: "indirect object" });
        }
        // "has suspended on Tuesday its strike": a second subject behind the verb is its object.
        let subjects: Vec<u32> = self.kids_with(verb, "nsubj").collect();
        if let [first, .., last] = subjects[..]
            && first < verb
            && last > verb
            && self.upos(last) == "NOUN"
        {
            return Some(Argument { token: last, basis: "object after the adverbials" });
        }
        // "signed yesterday in Asmara a declaration": parted from its verb, an object reads as a bare oblique.
        let displaced = self.kids(verb).iter().copied().find(|&k| {
            k > verb + 1
                && self.rel(k) == "obl"
                && self.upos(k) == "NOUN"
                && self.case(k).is_none()
                && self.kid(k, "det").is_some()
        });
        if let Some(token) = displaced {
            return Some(Argument { token, basis: "object after the adverbials" });
        }
        // "the man whom Lavrov met", "the man Lavrov met"
        if self.rel(verb) == "acl:relcl"
            && self.kids(verb).iter().any(|&k| self.rel(k) == "nsubj" && !self.is_relative(k))
        {
            let oblique_gap =
                self.kids(verb).iter().any(|&k| self.base_rel(k) == "obl" && self.is_relative(k));
            if !oblique_gap {
                return self
                    .head(verb)
                    .map(|token| Argument { token, basis: "antecedent of the relative clause" });
            }
        }
        // Coordinated verbs share an object only when it follows the last: "arrested and beat protesters".
        if self.upos(verb) == "VERB" {
            let last = self.kids(verb).iter().copied().find(|&k| {
                self.rel(k) == "conj"
                    && self.upos(k) == "VERB"
                    && k == verb + 2
                    && self.kid(k, "nsubj").is_none()
            })?;
            if let Some(token) = self.kid(last, "obj") {
                return Some(Argument { token, basis: "object shared with the coordinated verb" });
            }
        }
        None
    }

    pub fn is_relative(&self, token: u32) -> bool {
        matches!(self.xpos(token), "WP" | "WDT" | "WP$")
            && matches!(self.lemma(token), "who" | "which" | "that" | "whom" | "whose" | "what")
    }

    /// What a relative pronoun stands for.
    pub fn antecedent(&self, relative: u32) -> Option<u32> {
        let mut at = relative;
        for _ in 0..MAX_HOPS {
            let head = self.head(at)?;
            if self.rel(at) == "acl:relcl" {
                return Some(head);
            }
            at = head;
        }
        None
    }

    /// Nouns that a pronoun for a thing may stand for: objects and subjects before it, nearest sentence first.
    pub fn things_before(&self, pronoun: u32) -> Vec<u32> {
        let plural = matches!(
            self.doc.word(pronoun).to_ascii_lowercase().as_str(),
            "they" | "them" | "these" | "those"
        );
        let single = matches!(self.doc.word(pronoun).to_ascii_lowercase().as_str(), "it" | "this" | "that");
        if self.upos(pronoun) != "PRON" || !(plural || single) {
            return Vec::new();
        }
        let number = self.doc.sentence_of(pronoun) as usize;
        let mut out = Vec::new();
        for sentence in (number.saturating_sub(1)..=number).rev() {
            let s = &self.doc.sentences[sentence];
            out.extend((s.first_token..s.end_token.min(pronoun)).rev().filter(|&t| {
                self.upos(t) == "NOUN"
                    && (self.xpos(t) == "NNS") == plural
                    && matches!(self.base_rel(t), "obj" | "nsubj" | "root" | "conj")
            }));
        }
        out.truncate(6);
        out
    }

    /// The subject on the surface, own or inherited.
    pub fn surface_subject(&self, verb: u32) -> Option<Argument> {
        self.subject_within(verb, MAX_HOPS)
    }

    pub fn own_subject(&self, verb: u32) -> Option<u32> {
        self.kids(verb)
            .iter()
            .copied()
            .find(|&k| matches!(self.rel(k), "nsubj" | "nsubj:pass" | "nsubj:outer"))
    }

    fn subject_within(&self, verb: u32, hops: u32) -> Option<Argument> {
        if let Some(token) = self.own_subject(verb) {
            if self.is_relative(token)
                && let Some(token) = self.antecedent(token)
            {
                return Some(Argument { token, basis: "antecedent of the relative clause" });
            }
            return Some(Argument { token, basis: "subject" });
        }
        // "In August soldiers had taken the town": two objects, of which the first is the subject.
        let objects: Vec<u32> = self.kids_with(verb, "obj").collect();
        if let [first, .., last] = objects[..]
            && first < verb
            && last > verb
        {
            return Some(Argument { token: first, basis: "subject" });
        }
        if hops == 0 {
            return None;
        }
        // "A, joined by B, condemned": the reader may hang A on the participle.
        let participle = self.kids(verb).iter().copied().find(|&k| {
            k < verb
                && self.rel(k) == "advcl"
                && self.xpos(k) == "VBN"
                && !self.kids(k).iter().any(|&m| matches!(self.base_rel(m), "mark" | "aux" | "cop"))
        });
        if let Some(token) = participle.and_then(|k| self.own_subject(k)) {
            return Some(Argument { token, basis: "subject before the participle" });
        }
        let Some(head) = self.head(verb) else {
            return self.lead_in(verb);
        };
        let through = |a: Option<Argument>, basis| a.map(|a| Argument { basis, ..a });
        match self.base_rel(verb) {
            "conj" => {
                if let Some(clause) = self.speaker_clause(verb, head) {
                    return through(
                        self.subject_within(clause, hops - 1),
                        "subject shared with the coordinated verb",
                    );
                }
                // "said it would close the border and called for talks": the tense says whose verb it is.
                if self.xpos(verb) == "VBD"
                    && self.xpos(head) == "VB"
                    && matches!(self.base_rel(head), "ccomp" | "xcomp")
                    && let Some(above) = self.head(head).filter(|&h| self.xpos(h) == "VBD")
                {
                    return through(
                        self.subject_within(above, hops - 1),
                        "subject shared with the main verb",
                    );
                }
                // "condemned what they called a coup and demanded": the clause under "what" stands for a name.
                if self.rel(head) == "acl:relcl"
                    && let Some(what) = self.head(head).filter(|&w| self.lemma(w) == "what")
                    && let Some(above) = self.head(what).filter(|&h| self.xpos(h) == self.xpos(verb))
                {
                    return through(
                        self.subject_within(above, hops - 1),
                        "subject shared with the main verb",
                    );
                }
                if matches!(self.upos(head), "VERB" | "AUX" | "ADJ") || self.own_subject(head).is_some() {
                    through(self.subject_within(head, hops - 1), "subject shared with the coordinated verb")
                } else {
                    None
                }
            }
            "xcomp" => {
                if self.upos(head) != "VERB" && self.upos(head) != "ADJ" && self.upos(head) != "AUX" {
                    return through(self.noun_controller(head, hops - 1), "controller of the infinitive");
                }
                let object = if self.passive(head)
                    || self.lemma(head) == "promise"
                    || self.lemma(head) == "threaten"
                {
                    None
                } else {
                    self.kid(head, "obj").or_else(|| self.kid(head, "iobj"))
                };
                match object {
                    Some(token) => Some(Argument { token, basis: "controller of the infinitive" }),
                    None => through(self.subject_within(head, hops - 1), "controller of the infinitive"),
                }
            }
            "advcl" | "ccomp" => {
                let mark =
                    self.kids(verb).iter().copied().find(|&k| self.rel(k) == "mark" || self.rel(k) == "case");
                let mark = mark.map_or("", |m| self.lemma(m));
                // "accused Asmara of arming", "thanked him for hosting", "urged Mali to free" read as adverbial
                if matches!(mark, "of" | "for" | "from" | "into")
                    || (mark == "to" && object_controller(self.lemma(head)))
                {
                    if self.passive(head) {
                        return through(self.subject_within(head, hops - 1), "controller of the participle");
                    }
                    if let Some(token) = self.kid(head, "obj") {
                        return Some(Argument { token, basis: "controller of the participle" });
                    }
                }
                if self.base_rel(verb) == "ccomp" && mark != "to" && self.xpos(verb) != "VBG" {
                    // "said it would close the border, suspended the country": a clause without subject or mark is
                    // another verb of the main clause.
                    let serial =
                        mark.is_empty() && self.xpos(verb) == self.xpos(head) && self.xpos(verb) != "VBN";
                    if !serial {
                        return None;
                    }
                }
                // "accused them of ruling without asking": read under the main verb, it is of the clause before it.
                let beside = self.kids(head).iter().copied().find(|&k| {
                    k < verb
                        && self.base_rel(k) == "advcl"
                        && self.xpos(k) == "VBG"
                        && self.kids(k).iter().any(|&m| self.lemma(m) == "of")
                });
                let over = match beside.filter(|_| self.xpos(verb) == "VBG" && !mark.is_empty()) {
                    Some(clause) => clause,
                    None if mark.is_empty() => {
                        self.speaker_clause(verb, head).unwrap_or_else(|| self.over_infinitives(verb, head))
                    }
                    None => head,
                };
                through(self.subject_within(over, hops - 1), "subject of the main clause")
            }
            "acl" => {
                let infinitive =
                    self.kids(verb).iter().any(|&k| self.rel(k) == "mark" || (self.rel(k) == "case"));
                if infinitive {
                    through(self.noun_controller(head, hops - 1), "controller of the infinitive")
                } else {
                    Some(Argument { token: head, basis: "noun that the clause describes" })
                }
            }
            "amod" => Some(Argument { token: head, basis: "noun that the participle describes" }),
            "parataxis" if self.xpos(verb) == "VBG" || self.xpos(verb) == "VBN" => {
                through(self.subject_within(head, hops - 1), "subject of the main clause")
            }
            _ => None,
        }
    }

    /// "told the rebels to disarm, accusing them": behind a comma, a participle that reads as the infinitive's is of the verb over
    /// it.
    fn over_infinitives(&self, participle: u32, head: u32) -> u32 {
        let mut over = head;
        let apart = participle > 0 && self.doc.word(participle - 1) == "," && self.xpos(participle) == "VBG";
        while apart && self.rel(over) == "xcomp" && self.xpos(over) == "VB" {
            match self.head(over) {
                Some(up) => over = up,
                None => break,
            }
        }
        over
    }

    /// "A met B, who said that ..., also expressing ...": a participle behind a relative clause that reports something
    /// goes on with that clause, where the reader hangs it under the main verb.
    fn speaker_clause(&self, participle: u32, main: u32) -> Option<u32> {
        if self.xpos(participle) != "VBG" || self.own_subject(participle).is_some() {
            return None;
        }
        let first = self.doc.sentences[self.doc.sentence_of(participle) as usize].first_token;
        let reports = |v: u32| self.kid(v, "ccomp").is_some_and(|c| self.own_subject(c).is_some());
        (first..participle)
            .rev()
            .find(|&v| self.rel(v) == "acl:relcl" && reports(v) && self.under(v, main))
            .filter(|&v| v > main)
    }

    /// Who speaks in the points of a communiqué: "The committee ...:", then "Condemns the attack;", "Calls for talks."
    fn lead_in(&self, verb: u32) -> Option<Argument> {
        let opens = |sentence: usize| {
            let s = &self.doc.sentences[sentence];
            (s.first_token..s.end_token)
                .find(|&t| matches!(self.upos(t), "VERB") || self.head(t).is_none() || self.is_nominal(t))
                .is_some_and(|t| {
                    self.head(t).is_none() && matches!(self.xpos(t), "VB" | "VBP" | "VBZ" | "VBG")
                })
        };
        let number = self.doc.sentence_of(verb) as usize;
        if !opens(number) {
            return None;
        }
        for sentence in (0..number).rev() {
            let s = &self.doc.sentences[sentence];
            if !self.doc.slice(s.span).trim_end().ends_with([':', ',']) {
                if opens(sentence) {
                    continue;
                }
                return None;
            }
            let root = (s.first_token..s.end_token).find(|&t| self.head(t).is_none())?;
            let token = if self.is_nominal(root) { root } else { self.own_subject(root)? };
            return Some(Argument { token, basis: "subject of the words before the list" });
        }
        None
    }

    /// Who holds a noun such as "plan" or "decision": its possessor, its maker, or the subject of its verb.
    pub fn noun_controller(&self, noun: u32, hops: u32) -> Option<Argument> {
        for &k in self.kids(noun) {
            if matches!(self.rel(k), "nmod:poss") {
                return Some(Argument { token: k, basis: "possessor" });
            }
        }
        for &k in self.kids(noun) {
            if self.base_rel(k) == "nmod" && (self.has_case(k, "by") || self.has_case(k, "of")) {
                return Some(Argument { token: k, basis: "holder of the noun" });
            }
        }
        if hops == 0 {
            return None;
        }
        let head = self.head(noun)?;
        match self.base_rel(noun) {
            "obj" | "obl" => {
                self.subject(head).map(|a| Argument { basis: "subject of the governing verb", ..a })
            }
            "nmod" => self.noun_controller(head, hops - 1),
            _ => None,
        }
    }

    /// The first of the coordinated tokens.
    pub fn first_conjunct(&self, token: u32) -> u32 {
        let mut at = token;
        for _ in 0..MAX_HOPS {
            match self.head(at) {
                Some(h) if self.rel(at) == "conj" => at = h,
                _ => break,
            }
        }
        at
    }

    /// `met -nsubj-> Masri`, for a person.
    pub fn path(&self, from: u32, to: u32) -> String {
        let mut chain = vec![to];
        let mut at = to;
        while at != from {
            match self.head(at) {
                Some(h) if chain.len() < 8 => {
                    chain.push(h);
                    at = h;
                }
                _ => return format!("{} ... {}", self.doc.word(from), self.doc.word(to)),
            }
        }
        let mut out = String::from(self.doc.word(from));
        for pair in chain.windows(2).rev() {
            out.push_str(&format!(" -{}-> {}", self.rel(pair[0]), self.doc.word(pair[0])));
        }
        out
    }
}

/// Verbs whose object is the subject of the infinitive, where the reader may hang that as an adverbial clause.
fn object_controller(lemma: &str) -> bool {
    matches!(
        lemma,
        "urge"
            | "ask"
            | "tell"
            | "order"
            | "call"
            | "force"
            | "press"
            | "pressure"
            | "persuade"
            | "invite"
            | "allow"
            | "warn"
            | "request"
            | "beg"
            | "compel"
            | "instruct"
            | "encourage"
            | "oblige"
            | "implore"
            | "appeal"
            | "require"
    )
}
