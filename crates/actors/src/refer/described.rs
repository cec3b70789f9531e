//! Persons and groups that are described: "the premier", "the colonel", "his forces".

use super::*;

impl<'c, 's, 'a> Referrer<'c, 's, 'a> {
    pub(super) fn described_person(&mut self, i: usize, chunk: &Chunk) {
        let code = if chunk.code.is_empty() {
            chunk.possessor.and_then(|p| self.code_of_antecedent(p)).unwrap_or_default()
        } else {
            chunk.code.clone()
        };
        let Some(said) = &chunk.office else {
            // "a gunman", "the captain": a group noun in the singular.
            if words().is("foe", &chunk.lemma) {
                return;
            }
            let e = if chunk.definite { self.by_rank(chunk) } else { None };
            let leader = (chunk.lemma == "leader" && !code.is_empty() && !self.indefinite(chunk))
                .then(|| self.leader_of(&code));
            if let Some(e) = leader.flatten() {
                let basis = format!("leads the state: \"{}\"", self.c.ents[e as usize].actor.name);
                return self.c.link(i, e, 0.75, basis);
            }
            match e {
                Some(e) => self.c.link(i, e, 0.7, "rank of a named person before"),
                None => {
                    let e = self.c.unnamed(chunk, &code);
                    self.c.link(i, e, 0.6, "described, not named");
                }
            }
            return;
        };
        let past = |q: &str| words().is("past", q);
        let mut best: Option<(i32, u32)> = None;
        for (e, ent) in self.c.ents.iter().enumerate() {
            if ent.actor.kind != ActorKind::Person
                || ent.actor.names.is_empty()
                || !ent.actor.excluded.is_empty()
            {
                continue;
            }
            let agrees = |o: &polybius_text::OfficeHeld| {
                let same = o.office == said.office || general(&said.office, &o.office);
                let state =
                    code.is_empty() || o.code == code || (o.code.is_empty() && ent.actor.code == code);
                same && state && past(&o.qualifier) == past(&said.qualifier)
            };
            let text = ent.actor.offices.iter().any(|o| o.basis == "text" && agrees(o));
            let exact = ent.actor.offices.iter().any(|o| o.office == said.office && agrees(o));
            let table =
                ent.actor.offices.iter().any(|o| o.basis == "table" && agrees(o) && self.in_office(o));
            if !text && !table {
                continue;
            }
            let last = self
                .seen
                .iter()
                .rposition(|s| s.ent == e as u32)
                .map_or(-1000, |p| p as i32 - self.seen.len() as i32);
            let home = code.is_empty() && self.c.dominant().is_some_and(|code| code == ent.actor.code);
            let score = last + 200 * i32::from(text) + 100 * i32::from(exact) + 150 * i32::from(home);
            if best.is_none_or(|b| score > b.0) {
                best = Some((score, e as u32));
            }
        }
        let definite = chunk.definite || !code.is_empty() || chunk.possessor.is_some();
        if let Some((_, e)) = best.filter(|_| definite && !self.indefinite(chunk)) {
            let basis = if code.is_empty() {
                format!("office of \"{}\"", self.c.ents[e as usize].actor.name)
            } else {
                format!("office + country of \"{}\"", self.c.ents[e as usize].actor.name)
            };
            let score = if code.is_empty() { 0.75 } else { 0.85 };
            return self.c.link(i, e, score, basis);
        }
        if chunk.definite
            && code.is_empty()
            && let Some(e) = self.by_rank(chunk)
        {
            return self.c.link(i, e, 0.7, "rank of a named person before");
        }
        // "as premier", "elected president": a predicate, not a person.
        if !definite
            && !chunk.plural
            && !self.indefinite(chunk)
            && !self.c.scan.rel(self.c.scan.head_of(chunk.first, chunk.end)).starts_with("nsubj")
        {
            return;
        }
        let code = if code.is_empty() && of_state(said) && is_telling(said) && definite {
            self.c.dominant().unwrap_or_default().to_owned()
        } else if code.is_empty() && (holds_power(said) || serves_society(said)) && definite {
            let here = self.c.state_of_sentence(chunk.first);
            here.or_else(|| self.c.clear_state().map(str::to_owned)).unwrap_or_default()
        } else {
            code
        };
        let e = self.c.unnamed(chunk, &code);
        self.c.link(
            i,
            e,
            0.6,
            if code.is_empty() { "described, not named" } else { "office + country, not named" },
        );
    }

    /// The one named person who leads a state, by the text or in the tables on the day of the document.
    fn leader_of(&self, code: &str) -> Option<u32> {
        let leads = |o: &polybius_text::OfficeHeld| {
            is_leading_office(&o.office)
                && o.code == code
                && (o.basis == "text" && !words().is("past", &o.qualifier)
                    || o.basis == "table" && self.in_office(o))
        };
        let mut found = self.c.ents.iter().enumerate().filter(|(_, e)| {
            e.actor.kind == ActorKind::Person
                && !e.actor.names.is_empty()
                && e.actor.excluded.is_empty()
                && e.actor.offices.iter().any(leads)
        });
        let (e, _) = found.next()?;
        found.next().is_none().then_some(e as u32)
    }

    pub(super) fn indefinite(&self, chunk: &Chunk) -> bool {
        let before = chunk.first.checked_sub(1).map_or("", |t| self.c.scan.fold[t as usize].as_str());
        matches!(before, "a" | "an" | "any" | "another" | "every" | "each" | "no")
            && self.sentence(chunk.first) == self.sentence(chunk.first.saturating_sub(1))
    }

    pub(super) fn in_office(&self, o: &polybius_text::OfficeHeld) -> bool {
        let Some(day) = self.c.day else { return o.end.is_empty() };
        let day = day.to_string();
        let at = |s: &str| s.len().min(day.len());
        (o.start.is_empty() || o.start[..at(&o.start)] <= day[..at(&o.start)])
            && (o.end.is_empty() || day[..at(&o.end)] <= o.end[..at(&o.end)])
    }

    pub(super) fn by_rank(&self, chunk: &Chunk) -> Option<u32> {
        let word = chunk.lemma.split(' ').next_back()?;
        let short = |full: &str| match full {
            "colonel" => "col",
            "general" => "gen",
            "lieutenant" => "lt",
            "captain" => "capt",
            "major" => "maj",
            "doctor" => "dr",
            "professor" => "prof",
            _ => "",
        };
        let bears = |e: u32| {
            let ranks = &self.c.ents[e as usize].ranks;
            ranks.iter().any(|r| r == word || (!short(word).is_empty() && r == short(word)))
        };
        self.seen.iter().rev().map(|s| s.ent).find(|&e| bears(e))
    }

    pub(super) fn owned_group(&mut self, i: usize, chunk: &Chunk) {
        let Some(p) = chunk.possessor else { return };
        let code = if chunk.code.is_empty() {
            self.code_of_antecedent(p).unwrap_or_default()
        } else {
            chunk.code.clone()
        };
        let owned = !code.is_empty();
        let e = if owned && matches!(chunk.lemma.as_str(), "government" | "country" | "state") {
            self.c.country(&code)
        } else {
            self.c.group(&code, chunk, "state of the possessor")
        };
        self.c.link(i, e, if owned { 0.65 } else { 0.4 }, "state of the possessor");
    }

    /// "the Fund": a word that the reader takes for no name ends that of a body.
    pub(super) fn short_name(&mut self, t: u32) {
        let scan = self.c.scan;
        let named = scan.cap[t as usize] && t > 0 && scan.fold[t as usize - 1] == "the";
        let follows = scan.cap.get(t as usize + 1).copied().unwrap_or(false);
        let body = self.c.shortened(&scan.fold[t as usize]).filter(|_| named && !follows);
        if let Some(e) = body {
            self.note(&[e], t);
            let basis = "last word of its name".to_owned();
            let link = Link { ents: vec![e], score: 0.7, basis };
            self.extra(t, t + 1, MentionKind::Named, EntityType::Organisation, link);
        }
    }

    /// Nouns that no table knows: "his country", "the two countries", "his Iranian counterpart".
    pub(super) fn bare_noun(&mut self, t: u32) {
        let scan = self.c.scan;
        if scan.upos(t) != "NOUN" {
            return;
        }
        let lemma = scan.lemma(t).to_lowercase();
        let (low, _) = {
            let s = &scan.doc.sentences[self.sentence(t) as usize];
            (s.first_token, s.end_token)
        };
        let mut first = t;
        while first > low
            && t - first < 3
            && (matches!(scan.upos(first - 1), "DET" | "ADJ" | "NUM")
                || matches!(scan.fold[first as usize - 1].as_str(), "his" | "her" | "their" | "its" | "our"))
        {
            first -= 1;
        }
        let plural = &*scan.doc.tokens[t as usize].xpos == "NNS";
        let each = first < t && words().is("each_of_two", &scan.fold[first as usize]);
        if words().is("pair_noun", &lemma) && (each || plural && self.counts_two(first, t + 1)) {
            if let Some(link) = self.pair(&lemma, t) {
                self.note(&link.ents.clone(), t);
                self.extra(first, t + 1, MentionKind::Nominal, EntityType::Other, link);
            }
            return;
        }
        if lemma == "counterpart" {
            return self.counterpart(first, t);
        }
        if words().is("neighbour_noun", &lemma) && !plural {
            return self.neighbour(first, t);
        }
        if words().is("country_noun", &lemma) && !plural {
            let code = (first..t).find_map(|p| self.code_of_antecedent(p));
            if let Some(code) = code {
                let e = self.c.country(&code);
                self.note(&[e], t);
                self.extra(
                    first,
                    t + 1,
                    MentionKind::Nominal,
                    EntityType::Place,
                    Link { ents: vec![e], score: 0.65, basis: "state of the possessor".to_owned() },
                );
            }
        }
    }

    /// "the committee" behind "the National Committee for the Salvation of the People": the body named last whose name has the
    /// noun.
    pub(super) fn body_by_noun(&self, chunk: &Chunk) -> Option<Link> {
        let bare = chunk.kind == ChunkKind::Group
            && chunk.definite
            && !chunk.plural
            && chunk.end == chunk.first + 1
            && chunk.possessor.is_none();
        if !bare {
            return None;
        }
        let named = |e: u32| {
            let a = &self.c.ents[e as usize].actor;
            let has =
                |n: &String| n.contains(' ') && crate::fold::fold(n).split(' ').any(|w| w == chunk.lemma);
            a.kind == ActorKind::Organisation && a.excluded.is_empty() && a.names.iter().any(has)
        };
        let ent = self.seen.iter().rev().map(|s| s.ent).find(|&e| named(e))?;
        Some(Link { ents: vec![ent], score: 0.7, basis: "noun of the body's name".to_owned() })
    }

    /// "Its head, X": what the possessor says of his state counts more than what the document is mostly about.
    pub(super) fn office_of_possessor(&mut self, i: usize, chunk: &Chunk) {
        let (Some(p), true) = (chunk.possessor, chunk.office.is_some() && chunk.name.is_some()) else {
            return;
        };
        let (Some(code), Some(&e)) = (self.code_of_antecedent(p), self.c.links[i].ents.first()) else {
            return;
        };
        let body = self.body_of_antecedent(p);
        let actor = &mut self.c.ents[e as usize].actor;
        if actor.basis.contains("named most") {
            actor.code = code;
            actor.basis = "state or body of the possessor".to_owned();
        }
        // "the SLPP; its secretary, X": who holds an office of a party is of the party.
        if let Some(sector) = body.filter(|s| *s != polybius_text::Sector::Government)
            && actor.sector == Some(polybius_text::Sector::Government)
            && actor.table_id.is_none()
        {
            actor.sector = Some(sector);
        }
    }

    /// The sector of the organisation that a possessor stands for.
    fn body_of_antecedent(&self, t: u32) -> Option<polybius_text::Sector> {
        let e = self.extras.iter().rev().find(|x| x.first == t)?.link.ents.first().copied()?;
        let a = &self.c.ents[e as usize].actor;
        a.sector.filter(|_| matches!(a.kind, ActorKind::Organisation | ActorKind::Group))
    }

    pub(super) fn code_of_antecedent(&self, t: u32) -> Option<String> {
        let e = self.extras.iter().rev().find(|x| x.first == t)?.link.ents.first().copied()?;
        let code = &self.c.ents[e as usize].actor.code;
        (!code.is_empty()).then(|| code.clone())
    }
}
