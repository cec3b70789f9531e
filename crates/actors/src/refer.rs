//! Descriptions and pronouns: "the premier", "the two leaders", "his Iranian counterpart", "she".

use crate::chunks::{Chunk, ChunkKind};
use crate::cluster::{Clusters, Link, holds_power, is_telling, of_state};
use crate::words::words;
use polybius_text::{ActorKind, EntityType, Mention, MentionKind, Span};
use rustc_hash::FxHashMap;

/// A mention that is no chunk: pronoun, "both sides", "his country".
#[derive(Debug)]
pub(crate) struct Extra {
    pub first: u32,
    pub end: u32,
    pub kind: MentionKind,
    pub entity_type: EntityType,
    pub link: Link,
}

/// One thing that was mentioned, for salience.
#[derive(Clone, Debug)]
struct Seen {
    ent: u32,
    sentence: u32,
    head: u32,
    subject: bool,
}

pub(crate) struct Referrer<'c, 's, 'a> {
    pub c: &'c mut Clusters<'s, 'a>,
    pub extras: Vec<Extra>,
    seen: Vec<Seen>,
}

const WINDOW: u32 = 4;

impl<'c, 's, 'a> Referrer<'c, 's, 'a> {
    pub fn new(c: &'c mut Clusters<'s, 'a>) -> Referrer<'c, 's, 'a> {
        Referrer { c, extras: Vec::new(), seen: Vec::new() }
    }

    /// Walks the document once, in text order, resolving what refers back.
    pub fn run(&mut self) {
        let scan = self.c.scan;
        let chunks = self.c.chunks;
        let mut next = 0;
        let mut covered = vec![usize::MAX; scan.doc.tokens.len()];
        for (i, c) in chunks.iter().enumerate() {
            for t in c.first..c.end {
                covered[t as usize] = i;
            }
        }
        for t in 0..scan.doc.tokens.len() as u32 {
            let possessor = chunks.get(next).is_some_and(|c| c.first == t && c.possessor == Some(t));
            if scan.upos(t) == "PRON"
                || possessor
                || words().is("pronoun_p", &scan.fold[t as usize])
                || scan.upos(t) == "DET"
            {
                self.pronoun(t);
            }
            if let Some(chunk) = chunks.get(next).filter(|c| c.first == t) {
                self.chunk(next, chunk);
                next += 1;
            } else if covered[t as usize] == usize::MAX {
                self.bare_noun(t);
                self.bare_two(t);
            }
        }
        self.groups_at_home();
    }

    /// "The opposition accused Moon": a group at home that stays without a state takes that of whom it deals with in its clause.
    fn groups_at_home(&mut self) {
        use polybius_text::Sector::*;
        let scan = self.c.scan;
        for i in 0..self.c.chunks.len() {
            let chunk = &self.c.chunks[i];
            let [e] = self.c.links[i].ents[..] else { continue };
            let ent = &self.c.ents[e as usize];
            let home = matches!(
                ent.actor.sector,
                Some(
                    Opposition
                        | Legislature
                        | Judiciary
                        | Party
                        | Labour
                        | Civilian
                        | CivilSociety
                        | Education
                )
            );
            let bare =
                chunk.kind == ChunkKind::Group && ent.actor.code.is_empty() && ent.actor.excluded.is_empty();
            if !bare || !home {
                continue;
            }
            let head = scan.head_of(chunk.first, chunk.end);
            let Some(verb) =
                scan.doc.tokens[head as usize].head.filter(|_| scan.rel(head).starts_with("nsubj"))
            else {
                continue;
            };
            let mut codes: Vec<String> = Vec::new();
            for k in scan
                .doc
                .children(verb)
                .filter(|&k| k != head && matches!(scan.rel(k), "obj" | "obl" | "iobj" | "obl:agent"))
            {
                let other = self.c.chunks.iter().position(|c| c.first <= k && k < c.end);
                let party = other.and_then(|c| self.c.links[c].ents.first());
                if let Some(&x) = party {
                    let a = &self.c.ents[x as usize].actor;
                    if a.kind == ActorKind::Person && scan.tables.country_of.contains_key(&a.code) {
                        codes.push(a.code.clone());
                    }
                }
            }
            codes.dedup();
            if let [code] = &codes[..] {
                let x = self.c.group(code, chunk, "state of whom it deals with");
                self.c.link(i, x, 0.4, "state of whom it deals with");
            }
        }
    }

    fn sentence(&self, t: u32) -> u32 {
        self.c.scan.doc.sentence_of(t)
    }

    fn note(&mut self, ents: &[u32], head: u32) {
        let scan = self.c.scan;
        let mut h = head;
        // "Ethiopia and Eritrea signed": a conjunct is subject when its first conjunct is.
        for _ in 0..4 {
            match (scan.rel(h), scan.doc.tokens[h as usize].head) {
                ("conj" | "appos" | "flat", Some(up)) => h = up,
                _ => break,
            }
        }
        let subject = scan.rel(h).starts_with("nsubj");
        for &ent in ents {
            self.seen.push(Seen { ent, sentence: self.sentence(head), head, subject });
        }
    }

    fn chunk(&mut self, i: usize, chunk: &Chunk) {
        let head = self.c.scan.head_of(chunk.first, chunk.end);
        if matches!(chunk.kind, ChunkKind::Group | ChunkKind::Officers)
            && chunk.plural
            && chunk.code.is_empty()
            && (self.counts_two(chunk.first, chunk.end) || self.both(chunk.first))
        {
            let noun = self.c.scan.lemma(chunk.end - 1).to_lowercase();
            if words().is("pair_noun", &noun)
                && let Some(link) = self.pair(&noun, chunk.first)
            {
                self.c.links[i] = link;
            }
        }
        if matches!(chunk.kind, ChunkKind::Group | ChunkKind::Officers)
            && chunk.plural
            && let Some(link) = self.of_two_states(chunk)
        {
            self.c.links[i] = link;
        }
        if self.c.links[i].ents.is_empty() {
            match chunk.kind {
                ChunkKind::Person if chunk.name.is_none() => self.described_person(i, chunk),
                ChunkKind::Officers => self.officers(i, chunk),
                ChunkKind::Group => self.owned_group(i, chunk),
                _ => {}
            }
        }
        if let Some(link) = self.body_by_noun(chunk) {
            self.c.links[i] = link;
        }
        self.office_of_possessor(i, chunk);
        let ents = self.c.links[i].ents.clone();
        self.note(&ents, head);
    }

    /// "the committee" behind "the National Committee for the Salvation of the People": the body named last whose name has the
    /// noun.
    fn body_by_noun(&self, chunk: &Chunk) -> Option<Link> {
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
    fn office_of_possessor(&mut self, i: usize, chunk: &Chunk) {
        let (Some(p), true) = (chunk.possessor, chunk.office.is_some() && chunk.name.is_some()) else {
            return;
        };
        let (Some(code), Some(&e)) = (self.code_of_antecedent(p), self.c.links[i].ents.first()) else {
            return;
        };
        let actor = &mut self.c.ents[e as usize].actor;
        if actor.basis.contains("named most") {
            actor.code = code;
            actor.basis = "state or body of the possessor".to_owned();
        }
    }

    fn code_of_antecedent(&self, t: u32) -> Option<String> {
        let e = self.extras.iter().rev().find(|x| x.first == t)?.link.ents.first().copied()?;
        let code = &self.c.ents[e as usize].actor.code;
        (!code.is_empty()).then(|| code.clone())
    }

    fn described_person(&mut self, i: usize, chunk: &Chunk) {
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
        } else if code.is_empty() && holds_power(said) && definite {
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

    fn indefinite(&self, chunk: &Chunk) -> bool {
        let before = chunk.first.checked_sub(1).map_or("", |t| self.c.scan.fold[t as usize].as_str());
        matches!(before, "a" | "an" | "any" | "another" | "every" | "each" | "no")
            && self.sentence(chunk.first) == self.sentence(chunk.first.saturating_sub(1))
    }

    fn in_office(&self, o: &polybius_text::OfficeHeld) -> bool {
        let Some(day) = self.c.day else { return o.end.is_empty() };
        let day = day.to_string();
        let at = |s: &str| s.len().min(day.len());
        (o.start.is_empty() || o.start[..at(&o.start)] <= day[..at(&o.start)])
            && (o.end.is_empty() || day[..at(&o.end)] <= o.end[..at(&o.end)])
    }

    fn by_rank(&self, chunk: &Chunk) -> Option<u32> {
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

    fn officers(&mut self, i: usize, chunk: &Chunk) {
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
    fn of_two_states(&mut self, chunk: &Chunk) -> Option<Link> {
        let scan = self.c.scan;
        let at = |t: u32| {
            let k = self
                .c
                .chunks
                .iter()
                .position(|c| c.first <= t && t < c.end && c.kind == ChunkKind::Country)?;
            Some((self.c.chunks[k].code.clone(), self.c.chunks[k].end))
        };
        let n = scan.doc.tokens.len() as u32;
        // The first state may lie inside the phrase.
        let inside = scan.hits.iter().find(|h| {
            matches!(h.what, crate::scan::What::Country(..)) && chunk.first <= h.first && h.end == chunk.end
        });
        let (first, end) = match inside {
            Some(h) => match &h.what {
                crate::scan::What::Country(rows, _) => (scan.code_of(rows[0]).to_owned(), h.end),
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
                at(from)?
            }
        };
        let and = (end < n && scan.fold[end as usize] == "and").then_some(end + 1)?;
        let and =
            if and < n && matches!(scan.fold[and as usize].as_str(), "of" | "the") { and + 1 } else { and };
        let (second, _) = at(and)?;
        if first == second {
            return None;
        }
        let ents = vec![self.c.country(&first), self.c.country(&second)];
        Some(Link { ents, score: 0.7, basis: "holders of an office in two states".to_owned() })
    }

    fn both(&self, first: u32) -> bool {
        first > 0 && matches!(self.c.scan.fold[first as usize - 1].as_str(), "both")
    }

    fn counts_two(&self, first: u32, end: u32) -> bool {
        let from = first.saturating_sub(2);
        (from..end).any(|t| matches!(self.c.scan.fold[t as usize].as_str(), "two" | "both" | "2"))
    }

    /// "the two leaders", "both countries", "the two sides": two whom the text has joined by "and", else the two whom it has
    /// put side by side last.
    fn pair(&self, noun: &str, at: u32) -> Option<Link> {
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
        let mut count: FxHashMap<u32, (u32, usize)> = FxHashMap::default();
        for (k, s) in self.seen.iter().enumerate() {
            let a = &self.c.ents[s.ent as usize].actor;
            let state = match a.kind {
                ActorKind::Country => Some(s.ent),
                _ => self
                    .c
                    .ents
                    .iter()
                    .position(|e| {
                        e.actor.kind == ActorKind::Country && !a.code.is_empty() && e.actor.code == a.code
                    })
                    .map(|e| e as u32),
            };
            if let Some(e) = state {
                let near = if s.sentence + WINDOW >= sentence { 3 } else { 1 };
                let entry = count.entry(e).or_default();
                entry.0 += near;
                entry.1 = k;
            }
        }
        let mut states: Vec<(u32, (u32, usize))> = count.into_iter().collect();
        states.sort_by_key(|&(e, (n, k))| (std::cmp::Reverse(n), std::cmp::Reverse(k), e));
        let clear = states.len() == 2 || (states.len() > 2 && states[1].1.0 > states[2].1.0);
        if states.len() >= 2 && clear {
            let mut ents = vec![states[0].0, states[1].0];
            ents.sort_unstable();
            return Some(Link {
                ents,
                score: 0.65,
                basis: "the two states named most around here".to_owned(),
            });
        }
        None
    }

    /// Of a text that is mostly about two states, the office-holder of each who was named last.
    fn heads_of_two(&self, noun: &str) -> Option<Vec<u32>> {
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
    fn joined_persons(&self, at: u32, of_two_states: bool) -> Option<Vec<u32>> {
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

    fn owned_group(&mut self, i: usize, chunk: &Chunk) {
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

    /// Nouns that no table knows: "his country", "the two countries", "his Iranian counterpart".
    fn bare_noun(&mut self, t: u32) {
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
        if plural && words().is("pair_noun", &lemma) && self.counts_two(first, t + 1) {
            if let Some(link) = self.pair(&lemma, t) {
                self.note(&link.ents.clone(), t);
                self.extra(first, t + 1, MentionKind::Nominal, EntityType::Other, link);
            }
            return;
        }
        if lemma == "counterpart" {
            return self.counterpart(first, t);
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

    /// "The two agreed", "both said": the pair itself as a party.
    fn bare_two(&mut self, t: u32) {
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

    fn counterpart(&mut self, first: u32, t: u32) {
        let scan = self.c.scan;
        let code = (first.saturating_sub(1)..t).find_map(|p| match scan.hit_at(p).map(|h| &h.what) {
            Some(crate::scan::What::Country(rows, _)) => Some(scan.code_of(rows[0]).to_owned()),
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

    fn extra(&mut self, first: u32, end: u32, kind: MentionKind, entity_type: EntityType, link: Link) {
        self.extras.push(Extra { first, end, kind, entity_type, link });
    }

    // ---- pronouns ----

    fn pronoun(&mut self, t: u32) {
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
    fn first_person(&mut self, t: u32) {
        let scan = self.c.scan;
        let sentence = self.sentence(t);
        let speaks = |s: &Seen| {
            let verb = scan.doc.tokens[s.head as usize].head;
            s.subject && verb.is_some_and(|v| words().is("speech_verb", &scan.lemma(v).to_lowercase()))
        };
        let quoted = self.inside_marks(t);
        let reach = if quoted { 2 } else { 0 };
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

    /// Whether more marks open than close between the start of the paragraph and a token.
    fn inside_marks(&self, t: u32) -> bool {
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

    fn relative(&mut self, t: u32) {
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

    fn score(&self, s: &Seen, t: u32, k: usize) -> i32 {
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
    fn same_clause(&self, t: u32, s: &Seen) -> bool {
        let scan = self.c.scan;
        let head = |x: u32| scan.doc.tokens[x as usize].head;
        if !matches!(scan.rel(t), "obj" | "iobj" | "obl") || scan.fold[t as usize].ends_with("self") {
            return false;
        }
        let mut verb = head(t);
        for _ in 0..4 {
            let Some(v) = verb else { return false };
            if head(s.head) == Some(v) {
                return true;
            }
            if scan.rel(v) != "conj" || scan.doc.children(v).any(|k| scan.rel(k).starts_with("nsubj")) {
                return false;
            }
            verb = head(v);
        }
        false
    }

    /// Whether a pronoun speaks in an aside ("..., it said"): what the words before it are about is not the speaker.
    fn speaks_aside(&self, t: u32) -> bool {
        let scan = self.c.scan;
        let verb = scan.doc.tokens[t as usize].head;
        let says = verb.is_some_and(|v| words().is("speech_verb", &scan.lemma(v).to_lowercase()));
        let before = t.checked_sub(1).map_or("", |p| scan.word(p));
        says && matches!(before, "," | "\"" | "”" | "»" | ")" | "''")
    }

    fn he_or_she(&self, t: u32, class: char) -> Option<Link> {
        let sentence = self.sentence(t);
        let aside = self.speaks_aside(t);
        let mut best: Option<(i32, u32, bool)> = None;
        for (k, s) in self.seen.iter().enumerate().rev() {
            if aside && s.sentence == sentence {
                continue;
            }
            if s.sentence + WINDOW < sentence {
                break;
            }
            let ent = &self.c.ents[s.ent as usize];
            let person = ent.actor.kind == ActorKind::Person && ent.actor.excluded.is_empty() && !ent.plural;
            if !person || ent.gender.is_some_and(|g| g != class) || self.same_clause(t, s) {
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

    fn it(&self, t: u32) -> Option<Link> {
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

    fn they(&self, t: u32) -> Option<Link> {
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

/// "the leader" may mean a president, "the minister" any minister.
fn general(said: &str, held: &str) -> bool {
    match said {
        "minister" => held.ends_with("-minister"),
        "party-leader" | "politician" | "leader" | "political-leader" => matches!(
            held,
            "head-of-state" | "head-of-government" | "supreme-leader" | "military-ruler" | "monarch"
        ),
        "official" => false,
        _ => false,
    }
}

/// As a mention of the output.
pub(crate) fn mention(
    scan: &crate::scan::Scan,
    first: u32,
    end: u32,
    kind: MentionKind,
    entity_type: EntityType,
    link: &Link,
) -> Mention {
    let span: Span = scan.doc.tokens[first as usize].span.cover(scan.doc.tokens[end as usize - 1].span);
    Mention {
        span,
        head: scan.head_of(first, end),
        first_token: first,
        end_token: end,
        kind,
        entity_type,
        actors: link.ents.clone(),
        link_score: link.score,
        basis: link.basis.clone(),
    }
}
