//! Which names of one document are one person.

use super::*;
use crate::names::other_generation;

/// Standings of bearers of one surname, see [`Clusters::standing`].
const HERE: u8 = 2;
const LEADS: u8 = 3;

impl<'s, 'a> Clusters<'s, 'a> {
    pub(super) fn persons(&mut self) {
        let mut order: Vec<(usize, Vec<String>)> = (0..self.chunks.len())
            .filter(|&i| self.chunks[i].kind == ChunkKind::Person && self.chunks[i].lemma != "=")
            .filter_map(|i| self.chunks[i].name.map(|n| (i, name_words(self.text(n)))))
            .collect();
        // Full names first, so that a surname before its full name (a headline) still finds it.
        order.sort_by_key(|(i, w)| (std::cmp::Reverse(w.len().min(2)), *i));
        for (i, form) in order {
            let chunk = &self.chunks[i];
            let name = self.text(chunk.name.expect("filtered above"));
            let (ent, score, basis) = match self.same_person(i, name, &form) {
                Some(found) => found,
                None => {
                    self.ents.push(Ent::new(ActorKind::Person, name));
                    (self.ents.len() as u32 - 1, 1.0, "name".to_owned())
                }
            };
            self.add_name(ent, name, form);
            self.add_said(ent, chunk);
            self.link(i, ent, score, basis);
        }
        for e in &mut self.ents {
            e.chunks.sort_unstable();
        }
        self.predicates();
        // The other half of "X, the prime minister".
        for i in 0..self.chunks.len() {
            if let Some(named) = self.chunks[i].same_as
                && let Some(&ent) = self.links[named as usize].ents.first()
            {
                self.link(i, ent, 0.95, "apposition");
                // What is described so again without the name is the same person.
                let chunk = &self.chunks[i];
                if chunk.office.is_none() && !chunk.code.is_empty() {
                    let key = format!("office:{}:{}:", chunk.code, chunk.role);
                    self.by_key.insert(key, ent);
                }
            }
        }
    }

    /// "X resigned as interim president", "X was elected president": the office is the subject's, or the object's of a verb that
    /// has one.
    pub(super) fn predicates(&mut self) {
        let scan = self.scan;
        for i in 0..self.chunks.len() {
            let chunk = &self.chunks[i];
            if chunk.kind != ChunkKind::Person || chunk.name.is_some() || chunk.office.is_none() {
                continue;
            }
            let head = scan.head_of(chunk.first, chunk.end);
            let as_office = chunk.first > 0 && scan.fold[chunk.first as usize - 1] == "as";
            let Some(verb) = scan.doc.tokens[head as usize].head.filter(|&v| scan.upos(v) == "VERB") else {
                continue;
            };
            let named_so =
                matches!(scan.rel(head), "xcomp" | "obj") && words().is("naming_verb", scan.lemma(verb));
            if !(as_office && matches!(scan.rel(head), "obl" | "nmod" | "xcomp" | "advcl") || named_so) {
                continue;
            }
            let argument = |rel: &[&str]| {
                scan.doc.children(verb).find(|&k| k != head && rel.contains(&scan.rel(k))).and_then(|k| {
                    let c = self
                        .chunks
                        .iter()
                        .position(|c| c.first <= k && k < c.end && c.kind == ChunkKind::Person)?;
                    self.chunks[c].name.and(self.links[c].ents.first().copied())
                })
            };
            let holder = match scan.doc.children(verb).any(|k| k != head && scan.rel(k) == "obj") {
                true => argument(&["obj"]),
                false => argument(&["nsubj", "nsubj:pass"]),
            };
            if let Some(ent) = holder {
                self.add_said(ent, chunk);
                self.link(i, ent, 0.7, "office of the person in the clause");
            }
        }
    }

    pub(super) fn same_person(&self, i: usize, name: &str, form: &[String]) -> Option<(u32, f32, String)> {
        let chunk = &self.chunks[i];
        if let Some(ent) = self.before_bracket(i) {
            return Some((ent, 0.9, "other spelling in brackets".to_owned()));
        }
        let mut best: Option<((f32, u8, std::cmp::Reverse<usize>), u32, String)> = None;
        for (e, ent) in self.ents.iter().enumerate() {
            if ent
                .actor
                .names
                .iter()
                .any(|n| n.contains(' ') && name.contains(' ') && other_generation(n, name))
            {
                continue;
            }
            let office =
                chunk.office.as_ref().is_some_and(|o| is_telling(o) && ent.holds(&o.office, &chunk.code));
            let other_office = chunk
                .office
                .as_ref()
                .is_some_and(|o| is_telling(o) && !ent.actor.offices.is_empty() && !office);
            let (mut score, mut basis) = (0.0f32, String::new());
            for (known, known_name) in ent.forms.iter().zip(&ent.actor.names) {
                let (s, why) = compare(form, known, name, known_name);
                if s > score {
                    (score, basis) = (s, why);
                }
            }
            let needed = if office { SAME_WITH_OFFICE } else { SAME_IN_DOCUMENT };
            if score < needed {
                continue;
            }
            if office {
                score += 0.2;
                basis.push_str(", same office");
            }
            if other_office && form.len() == 1 {
                score -= 0.1;
            }
            // A person of the past is no earlier "Kim" than the one whose full name stands before it.
            let before = ent.chunks.iter().any(|&c| c < i);
            let alone = form.len() == 1 && ent.forms.iter().any(|f| f.len() > 1);
            if alone && self.left_office(&ent.actor.names) && self.leader_beside(ent, &form[0]) {
                continue;
            }
            if alone && !before && (self.left_long_ago(&ent.actor.names) || self.long_before(chunk, ent)) {
                continue;
            }
            let near = ent.chunks.iter().filter(|&&c| c < i).map(|&c| i - c).min().unwrap_or(usize::MAX / 2);
            let standing = if alone { self.standing(ent, i) } else { HERE };
            let key = (score, standing, std::cmp::Reverse(near));
            if best.as_ref().is_none_or(|b| key.partial_cmp(&b.0).is_some_and(|o| o.is_gt())) {
                best = Some((key, e as u32, basis));
            }
        }
        best.map(|((score, ..), e, basis)| (e, score.min(1.0), basis))
    }

    /// "Peng Peiao (Mike Pompeo)": the person before the brackets, whose name stands there as others write it.
    fn before_bracket(&self, i: usize) -> Option<u32> {
        let (before, chunk) = (self.chunks.get(i.checked_sub(1)?)?, &self.chunks[i]);
        let scan = self.scan;
        let full = |c: &Chunk| c.name.is_some_and(|n| n.1 > n.0 + 1);
        let bracketed = before.kind == ChunkKind::Person
            && chunk.first == before.end + 1
            && scan.word(before.end) == "("
            && scan.doc.tokens.len() > chunk.end as usize
            && scan.word(chunk.end) == ")";
        (bracketed && full(before) && full(chunk) && chunk.office.is_none())
            .then(|| self.links[i - 1].ents.first().copied())
            .flatten()
    }

    /// Whether somebody else of the surname leads a state named here, or the state of the one who left office.
    fn leader_beside(&self, ent: &Ent, word: &str) -> bool {
        let tables = self.scan.tables;
        let state = self.row_of(&ent.actor.names).map(|p| tables.persons[p as usize].code.as_str());
        self.leader_named(word).is_some()
            || state.is_some_and(|code| self.leader_of_state(code, word).is_some())
    }

    /// How much speaks for a bearer of a surname that several bear: who leads a state or government goes before the others, who
    /// was named in this sentence before who was not, and who left office long ago comes last.
    fn standing(&self, ent: &Ent, chunk: usize) -> u8 {
        let leads = |o: &OfficeHeld| is_leading_office(&o.office) && !words().is("past", &o.qualifier);
        let row = self.row_of(&ent.actor.names);
        let tables = self.scan.tables;
        let led = row.is_some_and(|p| {
            let roles = tables.persons[p as usize].roles.iter().map(|&r| &tables.roles[r as usize]);
            roles.filter(|r| is_leading_office(&r.office)).any(|r| match self.day {
                Some(day) => r.holds_on(day),
                None => r.end.is_empty(),
            })
        });
        let sentence = |c: usize| self.scan.doc.sentence_of(self.chunks[c].first);
        let here = ent.chunks.iter().any(|&c| c < chunk && sentence(c) == sentence(chunk));
        if led || ent.actor.offices.iter().any(leads) {
            LEADS
        } else if here {
            HERE
        } else if self.left_office(&ent.actor.names) {
            0
        } else {
            1
        }
    }

    /// Whether a bare name of the body stands sentences before the first full name: reports give the full name first, so that it
    /// means somebody whom everyone knows.
    fn long_before(&self, chunk: &Chunk, ent: &Ent) -> bool {
        let doc = self.scan.doc;
        let body = |t: u32| {
            let segment = doc.sentences[doc.sentence_of(t) as usize].segment;
            let kind = doc.article.segments.get(segment as usize).map(|s| s.kind);
            kind == Some(polybius_text::SegmentKind::Body)
        };
        const SENTENCES: u32 = 2;
        let Some(first) = ent.chunks.iter().map(|&c| self.chunks[c].first).filter(|&t| body(t)).min() else {
            return false;
        };
        body(chunk.first) && doc.sentence_of(chunk.first) + SENTENCES <= doc.sentence_of(first)
    }

    /// The one person with a surname who leads a state that the document names, on its day.
    pub(super) fn leader_named(&self, word: &str) -> Option<u32> {
        let tables = self.scan.tables;
        let mut found: Option<u32> = None;
        let mut rows: Vec<u32> = self.scan.country_count.keys().copied().collect();
        // "Kim Jong Il" speaks of his state where the text does not name it.
        let of_persons = self.ents.iter().filter_map(|e| self.row_of(&e.actor.names));
        rows.extend(of_persons.filter_map(|p| tables.country_of.get(&tables.persons[p as usize].code)));
        rows.sort_unstable();
        rows.dedup();
        for row in rows {
            let of_state = self.leader_of_state(self.scan.code_of(row), word);
            match (found, of_state) {
                (Some(p), Some(q)) if p != q => return None,
                (None, Some(q)) => found = Some(q),
                _ => {}
            }
        }
        found
    }

    /// The first by rank of those with a surname who lead a state on the day of the document.
    fn leader_of_state(&self, code: &str, word: &str) -> Option<u32> {
        let leads = |h: &crate::tables::TableHolder| {
            (h.in_office || self.day.is_none() && h.end.is_empty())
                && name_words(h.name).iter().any(|w| w == word)
        };
        ["supreme-leader", "head-of-state", "head-of-government"].iter().find_map(|office| {
            let holders = self.scan.tables.date_offices(office, code, self.day);
            let mut persons = holders.iter().filter(|h| leads(h)).map(|h| h.person);
            let first = persons.next()?;
            persons.all(|p| p == first).then_some(first)
        })
    }

    fn row_of(&self, names: &[String]) -> Option<u32> {
        let rows = |name: &String| {
            self.scan.tables.look_up(&fold(name), true).find_map(|r| match r {
                crate::tables::Row::Person(p) => Some(p),
                _ => None,
            })
        };
        names.iter().filter(|n| n.contains(' ')).find_map(rows)
    }

    /// As [`Self::left_office`], with a year or more since: whose fall is the news still stands in headlines by surname.
    fn left_long_ago(&self, names: &[String]) -> bool {
        let year_before = self.day.and_then(|d| d.checked_sub(jiff::Span::new().years(1)).ok());
        let held_then = || {
            let (Some(p), Some(day)) = (self.row_of(names), year_before) else { return false };
            let tables = self.scan.tables;
            let since = day.to_string();
            tables.persons[p as usize]
                .roles
                .iter()
                .map(|&r| &tables.roles[r as usize])
                .any(|r| r.end.is_empty() || r.end.as_str() > since.as_str())
        };
        self.left_office(names) && !held_then()
    }

    /// Whether the tables know the name and give it no office on the day of the document.
    pub(super) fn left_office(&self, names: &[String]) -> bool {
        let tables = self.scan.tables;
        self.row_of(names).is_some_and(|p| {
            let mut roles = tables.persons[p as usize].roles.iter().map(|&r| &tables.roles[r as usize]);
            match self.day {
                Some(day) => !roles.any(|r| r.holds_on(day)),
                None => roles.all(|r| !r.end.is_empty()),
            }
        })
    }

    pub(super) fn add_name(&mut self, ent: u32, name: &str, form: Vec<String>) {
        let e = &mut self.ents[ent as usize];
        if e.gender.is_none() {
            e.gender = form.iter().take(form.len().max(2) - 1).find_map(|w| words().gender(w));
        }
        if !e.actor.names.iter().any(|n| n == name) {
            let fuller = form.len() > e.forms.iter().map(Vec::len).max().unwrap_or(0);
            if fuller {
                e.actor.name = name.to_owned();
            }
            e.actor.names.push(name.to_owned());
            e.forms.push(form);
        }
    }

    pub(super) fn add_said(&mut self, ent: u32, chunk: &Chunk) {
        let title = chunk.office.as_ref().map(|o| (o, self.office_held(o)));
        let e = &mut self.ents[ent as usize];
        for r in &chunk.ranks {
            if !e.ranks.contains(r) {
                e.ranks.push(r.clone());
            }
        }
        if e.actor.excluded.is_empty() {
            e.actor.excluded = chunk.excluded.to_owned();
        }
        if let Some((said, held)) = title {
            let known = e.actor.offices.iter_mut().find(|o| {
                o.office == held.office && (o.code.is_empty() || held.code.is_empty() || o.code == held.code)
            });
            match known {
                Some(o) if o.code.is_empty() => o.code = held.code.clone(),
                Some(_) => {}
                None => e.actor.offices.push(held.clone()),
            }
            if e.actor.sector.is_none() || (is_telling(said) && e.actor.basis.is_empty()) {
                e.actor.sector = past_sector(&held).or(said.sector);
            }
        } else if e.actor.sector.is_none() && chunk.sector.is_some() {
            e.actor.sector = chunk.sector;
        }
        // What he is now says more than what he was: "former Nigerian president X", "ECOWAS envoy X".
        let now = chunk.office.as_ref().is_some_and(|o| !words().is("past", &o.qualifier));
        let was = e.actor.basis.starts_with("past office");
        if !chunk.code.is_empty() && (e.actor.code.is_empty() || (was && now)) {
            if was && now {
                e.actor.sector = chunk.sector;
            }
            e.actor.code = chunk.code.clone();
            let past = chunk.office.is_some() && !now;
            e.actor.basis = match (&chunk.office, past) {
                (Some(_), true) => format!("past office + {}", chunk.basis),
                (Some(_), false) => format!("office + {}", chunk.basis),
                (None, _) => chunk.basis.clone(),
            };
        }
    }

    pub fn office_held(&self, said: &OfficeSaid) -> OfficeHeld {
        let (first, end) = (said.first, said.end.max(said.first + 1));
        let span: Span =
            self.scan.doc.tokens[first as usize].span.cover(self.scan.doc.tokens[end as usize - 1].span);
        OfficeHeld {
            office: said.office.clone(),
            title: self.scan.doc.slice(span).to_owned(),
            code: said.code.clone(),
            sector: said.sector,
            start: String::new(),
            end: String::new(),
            qualifier: said.qualifier.clone(),
            basis: "text".to_owned(),
            span: Some(span),
        }
    }
}
