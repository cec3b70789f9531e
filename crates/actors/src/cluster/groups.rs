//! Collectives, and persons who are only described.

use super::*;

impl<'s, 'a> Clusters<'s, 'a> {
    pub(super) fn groups(&mut self) {
        let mut last_of_lemma: FxHashMap<String, String> = FxHashMap::default();
        let mut last_body: FxHashMap<String, u32> = FxHashMap::default();
        for i in 0..self.chunks.len() {
            let chunk = &self.chunks[i];
            if !matches!(chunk.kind, ChunkKind::Group) || chunk.possessor.is_some() {
                continue;
            }
            let bare = chunk.code.is_empty() && chunk.definite && !chunk.plural && chunk.of_person.is_none();
            if let Some(&e) = last_body.get(&chunk.lemma).filter(|_| bare) {
                self.link(i, e, 0.7, "the body of that kind named last");
                continue;
            }
            let (mut code, mut basis, mut score) = (chunk.code.clone(), chunk.basis.clone(), 0.9);
            if code.is_empty()
                && let Some(owner) = chunk.of_person.and_then(|n| self.code_of_named(n))
            {
                (code, basis, score) = (owner, "state of the person whose it is".to_owned(), 0.7);
            }
            if code.is_empty() && chunk.excluded.is_empty() {
                let known = last_of_lemma.get(&chunk.lemma).filter(|_| chunk.definite || !chunk.plural);
                let found = if let Some(known) = known {
                    Some((known.clone(), "same noun before", 0.7))
                } else {
                    self.state_of_group(chunk)
                };
                if let Some((state, why, sure)) = found {
                    (code, basis, score) = (state, why.to_owned(), sure);
                }
            }
            if !code.is_empty() && !basis.ends_with("where they are") && score > 0.6 {
                last_of_lemma.insert(chunk.lemma.clone(), code.clone());
            }
            let government = chunk.sector == Some(Sector::Government)
                && !chunk.plural
                && chunk.lemma == "government"
                && !code.is_empty();
            let e = if government { self.country(&code) } else { self.group(&code, chunk, &basis) };
            if let Some((_, head)) = self.chunks[i].lemma.rsplit_once(' ') {
                last_body.insert(head.to_owned(), e);
            }
            self.link(i, e, score, if basis.is_empty() { "group by its noun".to_owned() } else { basis });
        }
    }

    pub(super) fn code_of_named(&self, name: (u32, u32)) -> Option<String> {
        let i = self.chunks.iter().position(|c| c.name.is_some_and(|m| m.0 <= name.0 && name.1 <= m.1))?;
        let owner = *self.links[i].ents.first()?;
        let code = &self.ents[owner as usize].actor.code;
        (!code.is_empty()).then(|| code.clone())
    }

    /// The state of an unnamed group from what stands around it: the place of its sentence, then the state that the document
    /// is mostly about.
    pub(super) fn state_of_group(&self, chunk: &Chunk) -> Option<(String, &'static str, f32)> {
        let scan = self.scan;
        let of_state = matches!(
            chunk.sector,
            Some(
                Sector::Government
                    | Sector::Military
                    | Sector::Legislature
                    | Sector::Judiciary
                    | Sector::Police
                    | Sector::Spy
            )
        );
        let political = of_state
            || matches!(
                chunk.sector,
                Some(
                    Sector::Opposition
                        | Sector::Rebel
                        | Sector::Paramilitary
                        | Sector::Labour
                        | Sector::Party
                        | Sector::Civilian
                        | Sector::Elite
                        | Sector::Criminal
                        | Sector::CivilSociety
                        | Sector::Education
                        | Sector::Health
                        | Sector::Agriculture
                        | Sector::Religious
                )
            );
        // "foreign troops", but not "the foreign ministry": words before the noun of the table.
        let noun = chunk.hit.map_or(chunk.end, |h| scan.hits[h as usize].first);
        let abroad =
            (chunk.first.saturating_sub(1)..noun).any(|t| words().is("abroad", &scan.fold[t as usize]));
        if !political || abroad {
            return None;
        }
        let printed = fold(scan.text(chunk.first, chunk.end));
        let at_post = words().is("at_post", printed.trim_start_matches("the "));
        if let Some(voice) = self.voice.clone().filter(|_| at_post) {
            return Some((voice, "state for which the transcript speaks", 0.5));
        }
        if let Some(code) = self.state_of_sentence(chunk.first) {
            return Some((code, "state of the place in the sentence", 0.6));
        }
        if of_state && !chunk.plural && (chunk.definite || scan.cap[chunk.first as usize]) {
            return Some((self.dominant()?.to_owned(), "state named most in the document", 0.5));
        }
        if words().is("unplaced", &chunk.lemma) {
            return None;
        }
        if let Some(clear) = self.clear_state() {
            return Some((clear.to_owned(), "state that the document is mostly about", 0.4));
        }
        let public = matches!(chunk.sector, Some(Sector::Opposition | Sector::Party | Sector::Labour));
        // "Kurdish politicians" are of a people, whatever the state.
        let of_a_people =
            (chunk.first + 1..chunk.end).any(|t| scan.cap[t as usize - 1] && scan.upos(t - 1) == "ADJ");
        let alone = self.state_of_paragraph(chunk.first).filter(|_| (of_state || public) && !of_a_people)?;
        Some((alone, "the only state of its paragraph", 0.35))
    }

    /// The one state that the paragraph of a token speaks of, by its names, its places or its people.
    fn state_of_paragraph(&self, token: u32) -> Option<String> {
        let doc = self.scan.doc;
        let block = |t: u32| {
            let sentence = &doc.sentences[doc.sentence_of(t) as usize];
            doc.article.segments.get(sentence.segment as usize).map(|g| g.block)
        };
        let here = block(token);
        let named = self.scan.hits.iter().filter(|h| block(h.first) == here).filter_map(|h| match &h.what {
            What::Country(rows, _) => Some(self.scan.code_of(rows[0])),
            _ => None,
        });
        let people = (self.chunks.iter().zip(&self.links))
            .filter(|(c, _)| c.kind == ChunkKind::Person && block(c.first) == here)
            .filter_map(|(_, link)| link.ents.first().map(|&e| self.ents[e as usize].actor.code.as_str()));
        let mut states = named.chain(people).filter(|code| self.scan.tables.country_of.contains_key(*code));
        let first = states.next()?;
        states.all(|other| other == first).then(|| first.to_owned())
    }

    /// The group with this code, sector and noun.
    pub fn group(&mut self, code: &str, chunk: &Chunk, basis: &str) -> u32 {
        let printed = self.text((chunk.first, chunk.end));
        // "Thailand's army": the mark of the genitive is no part of the army's name.
        let printed =
            printed.strip_prefix("'s ").or(printed.strip_prefix("’s ")).unwrap_or(printed).to_owned();
        self.group_called(&printed, code, chunk, basis)
    }

    /// A group of a state, with the words that name it where no other mention of it came before.
    pub fn group_called(&mut self, printed: &str, code: &str, chunk: &Chunk, basis: &str) -> u32 {
        let noun = words().same_noun(&chunk.lemma);
        let key = format!("group:{code}:{}:{noun}", chunk.sector.map_or("", Sector::as_str));
        if let Some(&e) = self.by_key.get(&key) {
            return e;
        }
        let mut ent = Ent::new(ActorKind::Group, printed);
        ent.actor.code = code.to_owned();
        ent.actor.sector = chunk.sector;
        ent.actor.basis = basis.to_owned();
        ent.actor.excluded = chunk.excluded.to_owned();
        ent.plural = chunk.plural;
        ent.lemma = chunk.lemma.clone();
        self.ents.push(ent);
        self.by_key.insert(key, self.ents.len() as u32 - 1);
        self.ents.len() as u32 - 1
    }

    /// A person who is only described: "the Malian president".
    pub fn unnamed(&mut self, chunk: &Chunk, code: &str) -> u32 {
        let office = chunk.office.as_ref();
        let key = format!(
            "office:{code}:{}:{}",
            office.map_or(chunk.lemma.as_str(), |o| o.office.as_str()),
            office.map_or("", |o| o.qualifier.as_str())
        );
        if let Some(&e) = self.by_key.get(&key) {
            return e;
        }
        let printed = self.text((chunk.first, chunk.end)).to_owned();
        let mut ent = Ent::new(ActorKind::Person, &printed);
        ent.actor.code = code.to_owned();
        ent.actor.sector = chunk.sector;
        ent.actor.basis =
            if chunk.basis.is_empty() { "described, not named".to_owned() } else { chunk.basis.clone() };
        ent.lemma = chunk.lemma.clone();
        if let Some(said) = office {
            let mut held = self.office_held(said);
            held.code = code.to_owned();
            if let Some(s) = past_sector(&held) {
                ent.actor.sector = Some(s);
            }
            ent.actor.offices.push(held);
            if !chunk.plural
                && said.qualifier.is_empty()
                && matches!(
                    said.office.as_str(),
                    "head-of-state"
                        | "head-of-government"
                        | "foreign-minister"
                        | "supreme-leader"
                        | "monarch"
                )
            {
                let holders: Vec<_> = self
                    .scan
                    .tables
                    .date_offices(&said.office, code, self.day)
                    .into_iter()
                    .filter(|h| h.in_office)
                    .collect();
                if let [holder] = holders[..] {
                    ent.actor.table_id = Some(format!("person:{}", holder.id));
                    ent.actor.name = holder.name.to_owned();
                    ent.actor.basis = format!(
                        "table: held the office on {}",
                        self.day.map(|d| d.to_string()).unwrap_or_default()
                    );
                }
            }
        }
        self.ents.push(ent);
        self.by_key.insert(key, self.ents.len() as u32 - 1);
        self.ents.len() as u32 - 1
    }
}
