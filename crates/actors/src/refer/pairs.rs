//! "The two leaders", "both sides", "his Iranian counterpart".

use super::*;
use crate::scan::What;
use crate::tables::CountryForm;

impl<'c, 's, 'a> Referrer<'c, 's, 'a> {
    pub(super) fn officers(&mut self, i: usize, chunk: &Chunk) {
        let two = self.counts_two(chunk.first, chunk.end);
        let last = &self.c.scan.lemma(chunk.end - 1).to_lowercase();
        if (two || (chunk.definite && words().is("pair_noun", last) && self.both(chunk.first)))
            && let Some(link) = self.pair(last, chunk.first)
        {
            self.c.links[i] = link;
            return;
        }
        if !chunk.code.is_empty() || chunk.sector.is_some() {
            let mut as_group = chunk.clone();
            as_group.lemma = crate::fold::fold(last);
            let power = chunk.office.as_ref().is_some_and(|o| of_state(o) || holds_power(o));
            if as_group.code.is_empty() && power {
                let here = self.c.state_of_sentence(chunk.first);
                if let Some(code) = here.or_else(|| self.c.clear_state().map(str::to_owned)) {
                    as_group.code = code;
                    as_group.basis = "state that the document is mostly about".to_owned();
                }
            }
            let chunk = &as_group;
            let e = self.c.group(
                &chunk.code,
                &as_group,
                if chunk.basis.is_empty() { "holders of an office" } else { &chunk.basis },
            );
            self.c.link(i, e, 0.6, "holders of an office");
        }
    }

    /// "the leaders of North and South Korea", "foreign ministers of France and Mali": both states.
    pub(super) fn of_two_states(&mut self, chunk: &Chunk) -> Option<Link> {
        let scan = self.c.scan;
        let n = scan.doc.tokens.len() as u32;
        // The first state may lie inside the phrase.
        let inside = scan
            .hits
            .iter()
            .find(|h| matches!(h.what, What::Country(..)) && chunk.first <= h.first && h.end == chunk.end);
        let (first, end) = match inside {
            Some(h) => match &h.what {
                What::Country(rows, _) => (scan.code_of(rows[0]).to_owned(), h.end),
                _ => return None,
            },
            None => {
                let of = chunk.end;
                let from =
                    (of < n && matches!(scan.fold[of as usize].as_str(), "of" | "from")).then_some(of + 1)?;
                let from = if from < n && scan.fold[from as usize] == "the" { from + 1 } else { from };
                let named = self.c.chunks.iter().position(|c| c.first <= from && from < c.end)?;
                if let [a, b] = self.c.links[named].ents[..]
                    && self.c.chunks[named].kind == ChunkKind::Country
                {
                    let basis = "holders of an office in two states".to_owned();
                    return Some(Link { ents: vec![a, b], score: 0.7, basis });
                }
                let chunk = self.c.chunks.get(named).filter(|c| c.kind == ChunkKind::Country)?;
                (chunk.code.clone(), chunk.end)
            }
        };
        let mut codes = vec![first];
        codes.extend(self.listed_states(end));
        codes.dedup();
        if codes.len() < 2 {
            return None;
        }
        let ents = codes.iter().map(|code| self.c.country(code)).collect();
        Some(Link { ents, score: 0.7, basis: "holders of an office in several states".to_owned() })
    }

    /// The states that go on a list: "[the ministers of Jordan], Iraq and Egypt"; none without an "and" before the last.
    fn listed_states(&self, from: u32) -> Vec<String> {
        let scan = self.c.scan;
        let n = scan.doc.tokens.len() as u32;
        let is = |t: u32, words: &[&str]| t < n && words.contains(&scan.fold[t as usize].as_str());
        let state = |t: u32| match scan.hit_at(t).map(|h| (&h.what, h.end)) {
            Some((What::Country(rows, CountryForm::Name), end)) => {
                Some((scan.code_of(rows[0]).to_owned(), end))
            }
            _ => None,
        };
        let (mut at, mut found) = (from, Vec::new());
        loop {
            let comma = at < n && scan.word(at) == ",";
            let mut next = at + u32::from(comma);
            let last = is(next, &["and"]);
            next += u32::from(last);
            while (comma || last) && is(next, &["of", "from", "the"]) {
                next += 1;
            }
            let Some((code, end)) = Some(next).filter(|_| comma || last).and_then(state) else {
                return Vec::new();
            };
            found.push(code);
            if last {
                return found;
            }
            at = end;
        }
    }

    /// "French and German troops", "the Argentine, Peruvian and Chilean ministers": a group of each state whose adjective
    /// stands before the phrase.
    pub(super) fn of_each_state(&mut self, i: usize, chunk: &Chunk) {
        let scan = self.c.scan;
        let own = scan.hits.iter().find(|h| h.first == chunk.first && is_adjective(&h.what));
        let [e] = self.c.links[i].ents[..] else { return };
        let (Some(own), true) = (own.map(|h| h.end), self.c.ents[e as usize].actor.kind == ActorKind::Group)
        else {
            return;
        };
        let adjective_before = |end: u32| scan.hits.iter().find(|h| h.end == end && is_adjective(&h.what));
        let joined = chunk.first > 1 && scan.fold[chunk.first as usize - 1] == "and";
        let mut at = chunk.first.saturating_sub(1);
        let mut ents = vec![e];
        while let Some(hit) = adjective_before(at).filter(|_| joined && own < chunk.end) {
            let What::Country(rows, _) = &hit.what else { break };
            let code = scan.code_of(rows[0]).to_owned();
            let printed = format!("{} {}", scan.text(hit.first, hit.end), scan.text(own, chunk.end));
            let mut as_chunk = chunk.clone();
            as_chunk.lemma.clone_from(&self.c.ents[e as usize].lemma);
            as_chunk.sector = self.c.ents[e as usize].actor.sector;
            ents.insert(
                0,
                self.c.group_called(&printed, &code, &as_chunk, "adjective joined to another state's"),
            );
            if hit.first == 0 || scan.word(hit.first - 1) != "," {
                break;
            }
            at = hit.first - 1;
        }
        if ents.len() > 1 {
            self.c.links[i].ents = ents;
        }
    }

    pub(super) fn both(&self, first: u32) -> bool {
        first > 0 && matches!(self.c.scan.fold[first as usize - 1].as_str(), "both")
    }

    pub(super) fn counts_two(&self, first: u32, end: u32) -> bool {
        let from = first.saturating_sub(2);
        (from..end).any(|t| matches!(self.c.scan.fold[t as usize].as_str(), "two" | "both" | "2"))
    }

    /// "the two leaders", "both countries", "the two sides": two whom the text has joined by "and", else the two whom it has
    /// put side by side last.
    pub(super) fn pair(&mut self, noun: &str, at: u32) -> Option<Link> {
        let states = words().is("pair_state", noun);
        let sides = words().is("pair_side", noun);
        let sentence = self.sentence(at);
        if !states {
            if let Some(ents) = self.joined_persons(at, sides) {
                return Some(Link { ents, score: 0.75, basis: "the two persons joined last".to_owned() });
            }
            let office = |e: u32| !self.c.ents[e as usize].actor.offices.is_empty();
            if let Some(ents) = self.heads_of_two(noun) {
                return Some(Link {
                    ents,
                    score: 0.65,
                    basis: "the leaders of the two states of the text".to_owned(),
                });
            }
            let plain = matches!(noun, "man" | "men" | "woman" | "women" | "official" | "officials");
            let mut persons: Vec<u32> = Vec::new();
            for s in self.seen.iter().rev().take_while(|s| s.sentence + 2 * WINDOW >= sentence) {
                let a = &self.c.ents[s.ent as usize].actor;
                let fits = a.kind == ActorKind::Person && !a.names.is_empty() && a.excluded.is_empty();
                let apart = persons.iter().all(|&p| {
                    let other = &self.c.ents[p as usize].actor;
                    p != s.ent && (plain || other.code != a.code)
                });
                if fits && apart && !a.code.is_empty() && (plain || office(s.ent)) {
                    persons.push(s.ent);
                    if persons.len() == 2 {
                        break;
                    }
                }
            }
            if persons.len() == 2 && !sides {
                persons.reverse();
                return Some(Link {
                    ents: persons,
                    score: 0.65,
                    basis: "the two persons named last".to_owned(),
                });
            }
        }
        self.two_states_around(sentence)
    }

    /// The two states that are named most around a sentence, be it by themselves or by who acts for them.
    fn two_states_around(&mut self, sentence: u32) -> Option<Link> {
        let mut count: FxHashMap<&str, (u32, usize)> = FxHashMap::default();
        for (k, s) in self.seen.iter().enumerate() {
            let actor = &self.c.ents[s.ent as usize].actor;
            let acts = actor.kind == ActorKind::Country || actor.excluded.is_empty();
            if acts && self.c.scan.tables.country_of.contains_key(&actor.code) {
                let near = if s.sentence + WINDOW >= sentence { 3 } else { 1 };
                let entry = count.entry(&actor.code).or_default();
                entry.0 += near;
                entry.1 = k;
            }
        }
        let mut states: Vec<(&str, (u32, usize))> = count.into_iter().collect();
        states.sort_by_key(|&(code, (n, k))| (std::cmp::Reverse(n), std::cmp::Reverse(k), code));
        let clear = states.len() == 2 || (states.len() > 2 && states[1].1.0 > states[2].1.0);
        if !clear {
            return None;
        }
        let codes = [states[0].0.to_owned(), states[1].0.to_owned()];
        let mut ents: Vec<u32> = codes.iter().map(|code| self.c.country(code)).collect();
        ents.sort_unstable();
        let basis = "the two states named most around here".to_owned();
        Some(Link { ents, score: 0.65, basis })
    }

    /// Of a text that is mostly about two states, the office-holder of each who was named last.
    pub(super) fn heads_of_two(&self, noun: &str) -> Option<Vec<u32>> {
        if matches!(noun, "man" | "men" | "woman" | "women" | "official" | "officials")
            || words().is("pair_side", noun)
        {
            return None;
        }
        let states = self.c.two_states_most()?;
        let last = |code: &str| {
            self.seen.iter().rev().map(|s| s.ent).find(|&e| {
                let a = &self.c.ents[e as usize].actor;
                let leads = a.offices.iter().any(|o| {
                    matches!(
                        o.office.as_str(),
                        "head-of-state"
                            | "head-of-government"
                            | "supreme-leader"
                            | "monarch"
                            | "military-ruler"
                    )
                });
                a.kind == ActorKind::Person
                    && !a.names.is_empty()
                    && a.excluded.is_empty()
                    && a.code == code
                    && leads
            })
        };
        Some(vec![last(states[0])?, last(states[1])?])
    }

    /// The last two persons that one "and" joins: "President X and his prime minister, Y".
    pub(super) fn joined_persons(&self, at: u32, of_two_states: bool) -> Option<Vec<u32>> {
        let chunks = self.c.chunks;
        let until = chunks.partition_point(|c| c.end <= at);
        let sentence = self.sentence(at);
        for i in (1..until).rev() {
            let (a, b) = (&chunks[i - 1], &chunks[i]);
            if self.sentence(b.first) + 3 * WINDOW < sentence {
                return None;
            }
            let between = a.end..b.first;
            let joined = self.sentence(a.first) == self.sentence(b.first)
                && between.len() <= 2
                && between.clone().any(|t| self.c.scan.fold[t as usize] == "and")
                && between
                    .clone()
                    .all(|t| self.c.scan.fold[t as usize] == "and" || self.c.scan.word(t) == ",")
                && a.kind == ChunkKind::Person
                && b.kind == ChunkKind::Person
                && a.name.or(b.name).is_some();
            let third = i >= 2
                && chunks[i - 2].kind == ChunkKind::Person
                && chunks[i - 2].end + 1 == a.first
                && self.c.scan.word(chunks[i - 2].end) == ",";
            if !joined || third {
                continue;
            }
            if let (Some(&x), Some(&y)) = (self.c.links[i - 1].ents.first(), self.c.links[i].ents.first()) {
                let (p, q) = (&self.c.ents[x as usize].actor, &self.c.ents[y as usize].actor);
                let known = !p.code.is_empty() && !q.code.is_empty();
                if x != y
                    && p.excluded.is_empty()
                    && q.excluded.is_empty()
                    && known
                    && !(of_two_states && p.code == q.code)
                {
                    return Some(vec![x, y]);
                }
            }
        }
        None
    }

    /// "The two agreed", "both said": the pair itself as a party.
    pub(super) fn bare_two(&mut self, t: u32) {
        let scan = self.c.scan;
        let word = scan.fold[t as usize].as_str();
        let alone = matches!(scan.rel(t), "nsubj" | "nsubj:pass" | "obj" | "obl" | "nmod");
        let article = t > 0 && scan.fold[t as usize - 1] == "the";
        if alone
            && (word == "both" || word == "two" && article)
            && !scan.doc.children(t).any(|k| scan.rel(k).starts_with("nmod"))
            && let Some(link) = self.pair("leader", t)
        {
            self.note(&link.ents.clone(), t);
            self.extra(t, t + 1, MentionKind::Nominal, EntityType::Other, link);
        }
    }

    /// "Kenya protested after its neighbour had closed the border to Somalia": of the states named in the sentence and the one before
    /// it, the one beside that of the possessor; of several that are named there, none.
    pub(super) fn neighbour(&mut self, first: u32, t: u32) {
        let Some(own) = (first..t).find_map(|p| self.code_of_antecedent(p)) else { return };
        // "his neighbour President X": the words behind it say who that is.
        if self.c.scan.cap.get(t as usize + 1).is_some_and(|&capital| capital) {
            return;
        }
        let here = self.sentence(t);
        let is_state = |e: u32| self.c.ents[e as usize].actor.kind == ActorKind::Country;
        let seen = self.seen.iter().rev().filter(|s| is_state(s.ent) && here - s.sentence <= 1);
        let code = |e: u32| &self.c.ents[e as usize].actor.code;
        let mut others = seen.map(|s| s.ent).filter(|&e| *code(e) != own);
        let Some(e) = others.next() else { return };
        if others.any(|o| code(o) != code(e)) {
            return;
        }
        self.note(&[e], t);
        let basis = "the other state of the sentence".to_owned();
        self.extra(
            first,
            t + 1,
            MentionKind::Nominal,
            EntityType::Place,
            Link { ents: vec![e], score: 0.6, basis },
        );
    }

    pub(super) fn counterpart(&mut self, first: u32, t: u32) {
        let scan = self.c.scan;
        let code = (first.saturating_sub(1)..t).find_map(|p| match scan.hit_at(p).map(|h| &h.what) {
            Some(What::Country(rows, _)) => Some(scan.code_of(rows[0]).to_owned()),
            _ => None,
        });
        let Some(code) = code else { return };
        let of = (first.saturating_sub(2)..t)
            .find_map(|p| self.extras.iter().find(|x| x.first == p && x.kind == MentionKind::Pronoun))
            .and_then(|x| x.link.ents.first().copied());
        let of = of.or_else(|| {
            self.seen
                .iter()
                .rev()
                .find(|s| {
                    self.c.ents[s.ent as usize].actor.kind == ActorKind::Person
                        && self.c.ents[s.ent as usize].actor.code != code
                })
                .map(|s| s.ent)
        });
        let offices: Vec<String> = of
            .map(|e| self.c.ents[e as usize].actor.offices.iter().map(|o| o.office.clone()).collect())
            .unwrap_or_default();
        let found = self.c.ents.iter().position(|e| {
            e.actor.kind == ActorKind::Person
                && e.actor.code == code
                && e.actor.offices.iter().any(|o| offices.contains(&o.office))
        });
        let e = match found {
            Some(e) => e as u32,
            None => self.c.country(&code),
        };
        self.note(&[e], t);
        let basis =
            if found.is_some() { "same office in the state named" } else { "state of the counterpart" };
        self.extra(
            first,
            t + 1,
            MentionKind::Nominal,
            EntityType::Person,
            Link { ents: vec![e], score: 0.65, basis: basis.to_owned() },
        );
    }
}

/// Whether a hit is the adjective of one state.
fn is_adjective(what: &What) -> bool {
    matches!(what, What::Country(rows, CountryForm::Demonym) if rows.len() == 1)
}
