//! Pronouns: whom "she", "it", "they", "who", "we" mean.

use super::*;
use crate::turns::turn_at;

impl<'c, 's, 'a> Referrer<'c, 's, 'a> {
    pub(super) fn pronoun(&mut self, t: u32) {
        let scan = self.c.scan;
        let word = scan.fold[t as usize].clone();
        let w = words();
        if w.is("relative", &word) && word != "that" {
            return self.relative(t);
        }
        let class = if w.is("pronoun_m", &word) {
            'm'
        } else if w.is("pronoun_f", &word) {
            'f'
        } else if w.is("pronoun_n", &word) {
            'n'
        } else if w.is("pronoun_p", &word) {
            'p'
        } else if w.is("pronoun_1", &word) {
            return self.first_person(t);
        } else {
            return;
        };
        // Expletive "it was raining", "it is said".
        if class == 'n' && scan.rel(t) == "expl" {
            return;
        }
        let link = match class {
            'm' | 'f' => self.he_or_she(t, class),
            'n' => self.it(t),
            _ => self.they(t),
        };
        let entity_type = match class {
            'm' | 'f' => EntityType::Person,
            _ => EntityType::Other,
        };
        let link = link.unwrap_or_default();
        if let ([e], "he" | "she") = (&link.ents[..], word.as_str()) {
            let ent = &mut self.c.ents[*e as usize];
            ent.gender.get_or_insert(class);
        }
        self.note(&link.ents.clone(), t);
        self.extra(t, t + 1, MentionKind::Pronoun, entity_type, link);
    }

    /// "our forces", "we": whoever speaks in the sentence, or, inside marks that a sentence before opened, spoke last.
    pub(super) fn first_person(&mut self, t: u32) {
        let scan = self.c.scan;
        let sentence = self.sentence(t);
        let speaks = |s: &Seen| {
            let verb = scan.doc.tokens[s.head as usize].head;
            s.subject && verb.is_some_and(|v| words().is("speech_verb", &scan.lemma(v).to_lowercase()))
        };
        let quoted = self.inside_marks(t);
        let reach = if quoted { 2 } else { 0 };
        if let Some(link) = self.speaker_of_turn(t).filter(|_| !quoted) {
            // "We support the truce": the state for which one speaks does.
            let link = match self.c.voice.clone().filter(|_| words().is("pronoun_we", &scan.fold[t as usize]))
            {
                Some(voice) => Link { ents: vec![self.c.country(&voice)], ..link },
                None => link,
            };
            return self.extra(t, t + 1, MentionKind::Pronoun, EntityType::Other, link);
        }
        let said = self.seen.iter().rev().take_while(|s| s.sentence + reach >= sentence).find(|s| speaks(s));
        let Some(ent) = said.map(|s| s.ent) else { return };
        let a = &self.c.ents[ent as usize].actor;
        if a.excluded.is_empty() && (quoted || a.kind == ActorKind::Person) {
            let basis = "pronoun: who speaks".to_owned();
            self.extra(
                t,
                t + 1,
                MentionKind::Pronoun,
                EntityType::Other,
                Link { ents: vec![ent], score: 0.5, basis },
            );
        }
    }

    /// Whose turn of a transcript it is.
    fn speaker_of_turn(&self, t: u32) -> Option<Link> {
        let turn = turn_at(&self.c.turns, t)?;
        let ents = self.c.links[turn.speaker?].ents.clone();
        (!ents.is_empty()).then(|| Link { ents, score: 0.7, basis: "pronoun: whose turn it is".to_owned() })
    }

    /// Whether more marks open than close between the start of the paragraph and a token.
    pub(super) fn inside_marks(&self, t: u32) -> bool {
        let doc = self.c.scan.doc;
        let segment = doc.sentences[self.sentence(t) as usize].segment;
        let from = doc.sentences.partition_point(|s| s.segment < segment);
        let first = doc.sentences.get(from).map_or(t, |s| s.first_token);
        let mut open = false;
        let mut depth = 0i32;
        for x in first..t {
            match doc.word(x) {
                "\"" | "''" | "``" => open = !open,
                "“" | "«" | "„" | "(" => depth += 1,
                "”" | "»" | ")" => depth -= 1,
                _ => {}
            }
        }
        open || depth > 0
    }

    pub(super) fn relative(&mut self, t: u32) {
        let scan = self.c.scan;
        // The noun that the relative clause hangs on.
        let mut up = scan.doc.tokens[t as usize].head;
        for _ in 0..4 {
            let Some(v) = up else { return };
            if scan.rel(v).starts_with("acl") {
                let Some(noun) = scan.doc.tokens[v as usize].head else { return };
                let chunk = self.c.chunks.iter().position(|c| c.first <= noun && noun < c.end);
                let ents = chunk.map(|c| self.c.links[c].ents.clone()).unwrap_or_default();
                if !ents.is_empty() {
                    self.note(&ents, t);
                    self.extra(
                        t,
                        t + 1,
                        MentionKind::Pronoun,
                        EntityType::Other,
                        Link { ents, score: 0.85, basis: "pronoun: the noun before its clause".to_owned() },
                    );
                }
                return;
            }
            up = scan.doc.tokens[v as usize].head;
        }
    }

    pub(super) fn score(&self, s: &Seen, t: u32, k: usize) -> i32 {
        let sentence = self.sentence(t);
        let apart = sentence.saturating_sub(s.sentence) as i32;
        let block = |x: u32| {
            let a = &self.c.scan.doc.article;
            let seg = self.c.scan.doc.sentences[x as usize].segment as usize;
            a.segments.get(seg).map(|g| g.block)
        };
        let paragraph = block(sentence) == block(s.sentence);
        -12 * apart + 10 * i32::from(s.subject) + 4 * i32::from(paragraph) - (self.seen.len() - k) as i32 / 3
    }

    /// Whether a token is the object of a verb whose subject the other is, also over joined verbs ("arrested X and drove
    /// them"), so that a plain pronoun cannot mean the subject.
    pub(super) fn same_clause(&self, t: u32, s: &Seen) -> bool {
        let scan = self.c.scan;
        let head = |x: u32| scan.doc.tokens[x as usize].head;
        if scan.rel(t).starts_with("nsubj") {
            return self.beside_subject(t, s);
        }
        if scan.fold[t as usize].ends_with("self") {
            return false;
        }
        let mut verb = match scan.rel(t) {
            "obj" | "iobj" | "obl" => head(t),
            // "had talks with him"
            "nmod" => head(t).filter(|&noun| scan.rel(noun) == "obj").and_then(head),
            _ => return false,
        };
        let own = verb;
        for _ in 0..4 {
            let Some(v) = verb else { return false };
            // "met Abiy and embraced him": what the verb before has beside its subject may well be meant.
            if head(s.head) == Some(v) && (s.subject || verb == own) {
                return true;
            }
            if scan.rel(v) != "conj" || scan.doc.children(v).any(|k| scan.rel(k).starts_with("nsubj")) {
                return false;
            }
            verb = head(v);
        }
        false
    }

    /// Whether the other hangs on the verb whose subject a pronoun is: "to the general and his deputy he said".
    fn beside_subject(&self, t: u32, s: &Seen) -> bool {
        let scan = self.c.scan;
        let head = |x: u32| scan.doc.tokens[x as usize].head;
        let mut first = s.head;
        for _ in 0..4 {
            match head(first) {
                Some(up) if matches!(scan.rel(first), "conj" | "flat" | "appos") => first = up,
                _ => break,
            }
        }
        head(first).is_some() && head(first) == head(t) && matches!(scan.rel(first), "obj" | "iobj" | "obl")
    }

    /// Whether a pronoun speaks in an aside ("..., it said"): what the words before it are about is not the speaker.
    pub(super) fn speaks_aside(&self, t: u32) -> bool {
        let scan = self.c.scan;
        let verb = scan.doc.tokens[t as usize].head;
        let says = verb.is_some_and(|v| words().is("speech_verb", &scan.lemma(v).to_lowercase()));
        let before = t.checked_sub(1).map_or("", |p| scan.word(p));
        says && matches!(before, "," | "\"" | "”" | "»" | ")" | "''")
    }

    pub(super) fn he_or_she(&self, t: u32, class: char) -> Option<Link> {
        let speaker = self.speaker_of_turn(t).map(|link| link.ents);
        let sentence = self.sentence(t);
        let aside = self.speaks_aside(t);
        let outside = !self.inside_marks(t);
        let mut best: Option<(i32, u32, bool)> = None;
        for (k, s) in self.seen.iter().enumerate().rev() {
            // "\"A man on the run has fled,\" he wrote": who is spoken of inside the marks is not who speaks.
            let spoken_of = outside && s.sentence == sentence && self.inside_marks(s.head);
            if s.sentence == sentence && (aside || spoken_of || self.fronted(t, s.head)) {
                continue;
            }
            if s.sentence + WINDOW < sentence {
                break;
            }
            let ent = &self.c.ents[s.ent as usize];
            let person = ent.actor.kind == ActorKind::Person && ent.actor.excluded.is_empty() && !ent.plural;
            let speaks = speaker.as_ref().is_some_and(|of_turn| of_turn.contains(&s.ent));
            if !person || speaks || ent.gender.is_some_and(|g| g != class) || self.same_clause(t, s) {
                continue;
            }
            let unnamed = if ent.actor.names.is_empty() { -4 } else { 0 };
            let score = self.score(s, t, k) + unnamed + if ent.gender == Some(class) { 5 } else { 0 };
            if best.is_none_or(|b| score > b.0) {
                best = Some((score, s.ent, s.subject));
            }
        }
        let (score, ent, subject) = best.filter(|b| b.0 > -40)?;
        let role = if subject { "subject" } else { "person" };
        Some(Link {
            ents: vec![ent],
            score: (0.75 + score as f32 / 100.0).clamp(0.4, 0.85),
            basis: format!("pronoun: {role} named before"),
        })
    }

    /// "To X and his deputy Y, arrested on Monday, he objects": who stands in a phrase in front of the clause is not its subject.
    fn fronted(&self, t: u32, other: u32) -> bool {
        let scan = self.c.scan;
        let first = scan.doc.sentences[self.sentence(t) as usize].first_token;
        let led = words().is("fronting_preposition", &scan.fold[first as usize]);
        let finite =
            (first..t).any(|x| matches!(&*scan.doc.tokens[x as usize].xpos, "VBD" | "VBZ" | "VBP" | "MD"));
        led && other < t && !finite && scan.rel(t).starts_with("nsubj")
    }

    pub(super) fn it(&self, t: u32) -> Option<Link> {
        let sentence = self.sentence(t);
        let aside = self.speaks_aside(t);
        let mut best: Option<(i32, u32)> = None;
        for (k, s) in self.seen.iter().enumerate().rev() {
            if aside && s.sentence == sentence {
                continue;
            }
            if s.sentence + 1 < sentence {
                break;
            }
            let ent = &self.c.ents[s.ent as usize];
            let thing =
                matches!(ent.actor.kind, ActorKind::Country | ActorKind::Organisation | ActorKind::Group)
                    && !ent.plural;
            if !thing || !s.subject || self.same_clause(t, s) {
                continue;
            }
            let score = self.score(s, t, k);
            if best.is_none_or(|b| score > b.0) {
                best = Some((score, s.ent));
            }
        }
        best.map(|(_, e)| Link { ents: vec![e], score: 0.6, basis: "pronoun: subject before".to_owned() })
    }

    pub(super) fn they(&self, t: u32) -> Option<Link> {
        let sentence = self.sentence(t);
        let mut heads: Vec<(&Seen, i32)> = Vec::new();
        for (k, s) in self.seen.iter().enumerate().rev() {
            if s.sentence + 1 < sentence {
                break;
            }
            heads.push((s, self.score(s, t, k)));
        }
        let scan = self.c.scan;
        let root = |mut h: u32| {
            for _ in 0..4 {
                match (scan.rel(h), scan.doc.tokens[h as usize].head) {
                    ("conj" | "flat" | "appos", Some(up)) => h = up,
                    _ => break,
                }
            }
            h
        };
        // The subject of the main clause is spoken of, not that of a clause inside it.
        let main = |h: u32| {
            let mut verb = scan.doc.tokens[root(h) as usize].head;
            for _ in 0..4 {
                match verb {
                    // "The union, joined by France, condemned": the reader hangs the subject under the participle.
                    Some(v)
                        if scan.rel(v) == "conj"
                            || scan.rel(v) == "advcl"
                                && v < scan.doc.tokens.len() as u32
                                && scan.doc.tokens[v as usize].head.is_some_and(|up| up > v)
                                && &*scan.doc.tokens[v as usize].xpos == "VBN" =>
                    {
                        verb = scan.doc.tokens[v as usize].head;
                    }
                    _ => break,
                }
            }
            verb.is_some_and(|v| matches!(scan.rel(v), "root" | "parataxis"))
        };
        for near in [sentence, sentence.wrapping_sub(1)] {
            for of_main in [true, false] {
                // "Isaias and Abiy ... they": subjects joined in one clause.
                let subjects: Vec<&Seen> = heads
                    .iter()
                    .map(|(s, _)| *s)
                    .filter(|s| s.subject && s.sentence == near && !self.same_clause(t, s))
                    .filter(|s| main(s.head) == of_main)
                    .collect();
                for s in &subjects {
                    let mut ents: Vec<u32> = subjects
                        .iter()
                        .filter(|o| root(o.head) == root(s.head) && scan.upos(o.head) != "PRON")
                        .map(|o| o.ent)
                        .collect();
                    ents.sort_unstable();
                    ents.dedup();
                    if ents.len() >= 2 {
                        let basis = "pronoun: joined subjects before".to_owned();
                        return Some(Link { ents, score: 0.6, basis });
                    }
                }
                // "They ... they": what the pronoun before meant.
                let again: Option<&Seen> = subjects.iter().find(|s| scan.upos(s.head) == "PRON").copied();
                if let Some(again) = again {
                    let ents: Vec<u32> =
                        subjects.iter().filter(|s| s.head == again.head).map(|s| s.ent).collect();
                    if ents.len() >= 2 || ents.iter().any(|&e| self.c.ents[e as usize].plural) {
                        return Some(Link { ents, score: 0.55, basis: "pronoun: as before".to_owned() });
                    }
                }
                if let Some(s) = subjects.iter().find(|s| self.c.ents[s.ent as usize].plural) {
                    return Some(Link {
                        ents: vec![s.ent],
                        score: 0.6,
                        basis: "pronoun: plural subject before".to_owned(),
                    });
                }
            }
        }
        let plural = heads
            .iter()
            .filter(|(s, _)| self.c.ents[s.ent as usize].plural && !self.same_clause(t, s))
            .max_by_key(|(_, score)| *score);
        if let Some((s, _)) = plural {
            return Some(Link { ents: vec![s.ent], score: 0.5, basis: "pronoun: plural before".to_owned() });
        }
        // "The police said they ...": a body of several people.
        let body = heads.iter().map(|(s, _)| *s).find(|s| {
            s.subject
                && main(s.head)
                && matches!(
                    self.c.ents[s.ent as usize].actor.kind,
                    ActorKind::Group | ActorKind::Organisation
                )
        });
        body.map(|s| Link { ents: vec![s.ent], score: 0.45, basis: "pronoun: body before".to_owned() })
    }
}
