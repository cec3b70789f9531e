//! Which chunks of one document name the same actor.

use crate::chunks::{Chunk, ChunkKind, OfficeSaid};
use crate::fold::fold;
use crate::names::{match_names, name_words};
use crate::scan::{Scan, What};
use crate::tables::{CountryForm, Scope};
use crate::words::words;
use jiff::civil::Date;
use polybius_text::{ActorKind, DocActor, FlagKind, OfficeHeld, Place, Sector, Span};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// Two full names in one document are one person from here on; below, the same office must agree.
const SAME_IN_DOCUMENT: f32 = 0.72;
/// With the same office of the same state, a weaker likeness will do.
const SAME_WITH_OFFICE: f32 = 0.5;

/// An actor in the making.
#[derive(Debug)]
pub(crate) struct Ent {
    pub actor: DocActor,
    /// Words of each name form.
    forms: Vec<Vec<String>>,
    pub gender: Option<char>,
    pub plural: bool,
    pub ranks: Vec<String>,
    pub lemma: String,
    pub person: Option<u32>,
    /// Chunks that name it, in text order.
    pub chunks: Vec<usize>,
}

impl Ent {
    fn new(kind: ActorKind, name: &str) -> Ent {
        Ent {
            actor: DocActor {
                name: name.to_owned(),
                names: Vec::new(),
                kind,
                code: String::new(),
                sector: None,
                other_sectors: Vec::new(),
                offices: Vec::new(),
                table_id: None,
                wikidata_id: None,
                excluded: String::new(),
                basis: String::new(),
            },
            forms: Vec::new(),
            gender: None,
            plural: false,
            ranks: Vec::new(),
            lemma: String::new(),
            person: None,
            chunks: Vec::new(),
        }
    }

    pub fn holds(&self, office: &str, code: &str) -> bool {
        self.actor
            .offices
            .iter()
            .any(|o| o.office == office && (code.is_empty() || o.code.is_empty() || o.code == code))
    }
}

/// How a chunk was linked.
#[derive(Debug, Clone, Default)]
pub(crate) struct Link {
    pub ents: Vec<u32>,
    pub score: f32,
    pub basis: String,
}

pub(crate) struct Clusters<'s, 'a> {
    pub scan: &'s Scan<'a>,
    pub chunks: &'s [Chunk],
    pub ents: Vec<Ent>,
    pub links: Vec<Link>,
    pub day: Option<Date>,
    by_key: FxHashMap<String, u32>,
    places: &'s [Place],
    /// How much the document speaks of each state: its names, its places, its persons. Most first.
    weights: Vec<(String, u32)>,
}

impl<'s, 'a> Clusters<'s, 'a> {
    pub fn new(scan: &'s Scan<'a>, chunks: &'s [Chunk], places: &'s [Place]) -> Clusters<'s, 'a> {
        let day = scan.doc.article.published_day();
        Clusters {
            scan,
            chunks,
            ents: Vec::new(),
            links: vec![Link::default(); chunks.len()],
            day,
            by_key: FxHashMap::default(),
            places,
            weights: Vec::new(),
        }
    }

    pub fn run(&mut self) {
        self.persons();
        self.person_tables();
        self.weigh_states();
        self.person_codes();
        self.countries();
        self.organisations();
        self.groups();
    }

    pub fn text(&self, (first, end): (u32, u32)) -> &'s str {
        let s: &'s Scan<'a> = self.scan;
        s.text(first, end)
    }

    pub fn link(&mut self, chunk: usize, ent: u32, score: f32, basis: impl Into<String>) {
        self.links[chunk] = Link { ents: vec![ent], score, basis: basis.into() };
        self.ents[ent as usize].chunks.push(chunk);
    }

    // ---- persons ----

    fn persons(&mut self) {
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
            }
        }
    }

    /// "X resigned as interim president", "X was elected president": the office is the subject's, or the object's of a verb that
    /// has one.
    fn predicates(&mut self) {
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

    fn same_person(&self, i: usize, name: &str, form: &[String]) -> Option<(u32, f32, String)> {
        let chunk = &self.chunks[i];
        let mut best: Option<(f32, std::cmp::Reverse<usize>, u32, String)> = None;
        for (e, ent) in self.ents.iter().enumerate() {
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
            let mut near =
                ent.chunks.iter().filter(|&&c| c < i).map(|&c| i - c).min().unwrap_or(usize::MAX / 2);
            // Of two Kims the one who was named in this sentence, else the one who holds an office on the day.
            let here = ent.chunks.iter().any(|&c| {
                c < i
                    && self.scan.doc.sentence_of(self.chunks[c].first)
                        == self.scan.doc.sentence_of(chunk.first)
            });
            if form.len() == 1
                && !here
                && ent.forms.iter().any(|f| f.len() > 1)
                && self.left_office(&ent.actor.names)
            {
                near = near.saturating_add(1000);
            }
            let key = (score, std::cmp::Reverse(near), e as u32, basis);
            let better = best
                .as_ref()
                .is_none_or(|b| (key.0, key.1).partial_cmp(&(b.0, b.1)).is_some_and(|o| o.is_gt()));
            if better {
                best = Some(key);
            }
        }
        best.map(|(score, _, e, basis)| (e, score.min(1.0), basis))
    }

    /// Whether the tables know the name and give it no office on the day of the document.
    fn left_office(&self, names: &[String]) -> bool {
        let Some(day) = self.day else { return false };
        let tables = self.scan.tables;
        let person = names.iter().find_map(|n| {
            tables.look_up(&fold(n), true).find_map(|r| match r {
                crate::tables::Row::Person(p) => Some(p),
                _ => None,
            })
        });
        person.is_some_and(|p| {
            !tables.persons[p as usize].roles.iter().any(|&r| tables.roles[r as usize].holds_on(day))
        })
    }

    fn add_name(&mut self, ent: u32, name: &str, form: Vec<String>) {
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

    fn add_said(&mut self, ent: u32, chunk: &Chunk) {
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

    /// Rows of the persons table: by full name, or by likeness among those who held the office that the text gives.
    fn person_tables(&mut self) {
        let tables = self.scan.tables;
        let mut named: Vec<String> =
            self.scan.country_count.keys().map(|&row| self.scan.code_of(row).to_owned()).collect();
        named.sort_unstable();
        for ent in &mut self.ents {
            let mut found: Option<(u32, String)> = None;
            let mut candidates: Vec<u32> = Vec::new();
            for name in &ent.actor.names {
                for row in tables.look_up(&fold(name), true) {
                    if let crate::tables::Row::Person(p) = row {
                        candidates.push(p);
                    }
                }
            }
            candidates.dedup();
            let fits = |p: &u32| {
                let person = &tables.persons[*p as usize];
                ent.actor.code.is_empty()
                    || person.code == ent.actor.code
                    || person.roles.iter().any(|&r| tables.roles[r as usize].code == ent.actor.code)
            };
            let full = ent.forms.iter().any(|f| f.len() > 1);
            candidates.retain(|p| fits(p));
            if !full {
                // A surname alone needs a country that the document names.
                candidates.retain(|&p| {
                    tables
                        .country_of
                        .get(&tables.persons[p as usize].code)
                        .is_some_and(|c| self.scan.country_count.contains_key(c))
                });
                candidates.sort_by_key(|&p| {
                    (
                        std::cmp::Reverse(
                            tables.persons[p as usize]
                                .roles
                                .iter()
                                .filter(|&&r| self.day.is_none_or(|d| tables.roles[r as usize].holds_on(d)))
                                .count(),
                        ),
                        p,
                    )
                });
            }
            let holder = |p: u32| {
                let person = &tables.persons[p as usize];
                ent.actor
                    .offices
                    .iter()
                    .any(|o| person.roles.iter().any(|&r| tables.roles[r as usize].office == o.office))
            };
            candidates.sort_by_key(|&p| !holder(p));
            if let Some(&p) = candidates.first().filter(|&&p| full || candidates.len() == 1 || holder(p)) {
                found = Some((p, format!("table: persons.tsv {}", tables.persons[p as usize].id)));
            }
            if found.is_none() {
                found = holder_like(tables, ent, self.day);
            }
            if found.is_none() && ent.actor.code.is_empty() {
                found = holder_in(tables, ent, self.day, &named);
            }
            if let Some((p, basis)) = found {
                let person = &tables.persons[p as usize];
                ent.person = Some(p);
                ent.actor.table_id = Some(format!("person:{}", person.id));
                let role = current_role(tables, p, self.day);
                if ent.actor.code.is_empty() {
                    // The office in the text says which of his roles is meant.
                    let said = ent.actor.offices.iter().find_map(|o| {
                        person.roles.iter().map(|&r| &tables.roles[r as usize]).find(|r| r.office == o.office)
                    });
                    let code = said
                        .map(|r| r.code.clone())
                        .or_else(|| role.map(|r| r.code.clone()))
                        .filter(|c| !c.is_empty());
                    ent.actor.code = code.unwrap_or_else(|| person.code.clone());
                    ent.actor.basis = basis;
                }
                for o in &mut ent.actor.offices {
                    if o.code.is_empty() {
                        o.code = ent.actor.code.clone();
                    }
                }
                // A rank or a vague word ("General", "official") says less than the role that the table gives.
                let told = ent.actor.offices.iter().any(|o| is_telling_office(&o.office));
                if let Some(sector) =
                    role.and_then(|r| r.sector).filter(|_| ent.actor.sector.is_none() || !told)
                {
                    ent.actor.sector = Some(sector);
                }
                for &r in &person.roles {
                    let r = &tables.roles[r as usize];
                    ent.actor.offices.push(OfficeHeld {
                        office: r.office.clone(),
                        title: r.title.clone(),
                        code: r.code.clone(),
                        sector: r.sector,
                        start: r.start.clone(),
                        end: r.end.clone(),
                        qualifier: String::new(),
                        basis: "table".to_owned(),
                        span: None,
                    });
                }
            }
        }
    }

    /// States for offices that the text gives without one: of the possessor, else the state named most.
    fn person_codes(&mut self) {
        let dominant = self.dominant().unwrap_or_default().to_owned();
        for e in 0..self.ents.len() {
            if !self.ents[e].actor.code.is_empty() || self.ents[e].actor.offices.is_empty() {
                continue;
            }
            let possessor = self.ents[e]
                .chunks
                .iter()
                .find_map(|&c| self.chunks[c].office.as_ref().and_then(|o| o.of_person));
            let from_person = possessor.and_then(|n| {
                let c = self.chunks.iter().position(|c| c.name.is_some_and(|m| m.0 <= n.0 && n.1 <= m.1))?;
                let owner = *self.links[c].ents.first()?;
                let code = self.ents[owner as usize].actor.code.clone();
                (!code.is_empty()).then_some(code)
            });
            let _actor = &mut self.ents[e].actor;
            let weak = self.ents[e].chunks.iter().find_map(|&c| {
                self.chunks[c].office.as_ref().map(|o| o.weak_code.clone()).filter(|w| !w.is_empty())
            });
            let actor = &mut self.ents[e].actor;
            if let Some(code) = weak {
                actor.code = code;
                actor.basis = "kind of office".to_owned();
            } else if let Some(code) = from_person {
                actor.code = code;
                actor.basis = "state of the one whose office it is".to_owned();
            } else if !dominant.is_empty() && actor.excluded.is_empty() {
                actor.code = dominant.clone();
                actor.basis = "office; state named most in the document".to_owned();
            }
            for o in &mut actor.offices {
                if o.code.is_empty() {
                    o.code = actor.code.clone();
                }
            }
        }
        self.beside();
    }

    /// "Defence Minister X and Y": a bare name joined by "and" to one whose state the text gives.
    fn beside(&mut self) {
        for i in 1..self.chunks.len() {
            let (a, b) = (&self.chunks[i - 1], &self.chunks[i]);
            let joined = b.first == a.end + 1
                && self.scan.fold[a.end as usize] == "and"
                && a.name.is_some()
                && b.name.is_some();
            let (Some(&x), Some(&y)) = (self.links[i - 1].ents.first(), self.links[i].ents.first()) else {
                continue;
            };
            if !joined || x == y {
                continue;
            }
            for (from, to) in [(x, y), (y, x)] {
                let (f, t) = (&self.ents[from as usize].actor, &self.ents[to as usize].actor);
                // "Colonels X and Y" share what the title says.
                let shared = a
                    .ranks
                    .iter()
                    .any(|r| r.ends_with('s') && self.scan.tables.honorifics.contains_key(&r[..r.len() - 1]));
                let told = f.kind == ActorKind::Person
                    && !f.code.is_empty()
                    && (shared || !f.basis.starts_with("table"))
                    && !f.basis.starts_with("named beside");
                if told && t.kind == ActorKind::Person && t.code.is_empty() && t.excluded.is_empty() {
                    let (code, sector, basis) =
                        (f.code.clone(), f.sector, format!("named beside \"{}\"", f.name));
                    let t = &mut self.ents[to as usize].actor;
                    t.code = code;
                    t.sector = t.sector.or(sector);
                    t.basis = basis;
                }
            }
        }
    }

    /// Counts what speaks of each state, so that a text that names its own country nowhere still has one.
    fn weigh_states(&mut self) {
        let scan = self.scan;
        let mut count: BTreeMap<String, u32> = BTreeMap::new();
        for (&row, n) in &scan.country_count {
            *count.entry(scan.code_of(row).to_owned()).or_default() += 2 * n;
        }
        for p in self.places.iter().filter(|p| p.precision != "country" && !p.country.is_empty()) {
            *count.entry(p.country.clone()).or_default() += 1;
        }
        for e in self.ents.iter().filter(|e| e.actor.kind == ActorKind::Person && !e.actor.code.is_empty()) {
            // The text's own adjective has been counted already.
            if scan.tables.country_of.contains_key(&e.actor.code) && e.person.is_some() {
                *count.entry(e.actor.code.clone()).or_default() += 1 + e.chunks.len().min(6) as u32;
            }
        }
        self.weights = count.into_iter().collect();
        self.weights.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    }

    /// The state that the document speaks of most; ties to the first in the alphabet.
    pub fn dominant(&self) -> Option<&str> {
        self.weights.first().map(|(code, _)| code.as_str())
    }

    /// The same, where it stands about twice as often as the next.
    pub fn clear_state(&self) -> Option<&str> {
        let (code, n) = self.weights.first()?;
        let next = self.weights.get(1).map_or(0, |(_, n)| *n);
        (*n >= 3 && n * 10 >= next * 18).then_some(code.as_str())
    }

    /// The two states that the document speaks of most, where a third is clearly behind.
    pub fn two_states_most(&self) -> Option<[&str; 2]> {
        let [a, b, rest @ ..] = &self.weights[..] else { return None };
        let third = rest.first().map_or(0, |w| w.1);
        (b.1 >= 3 && b.1 * 10 >= third * 15).then_some([a.0.as_str(), b.0.as_str()])
    }

    /// The state where the sentence of a token plays: "in Bamako", "near Badme". `None` where it names two.
    pub fn state_of_sentence(&self, token: u32) -> Option<String> {
        let sentence = self.scan.doc.sentence_of(token);
        let from = self.places.partition_point(|p| p.sentence < sentence);
        let mut code: Option<&str> = None;
        for p in self.places[from..].iter().take_while(|p| p.sentence == sentence) {
            let first = self.scan.doc.token_from(p.span.start);
            let before = first.checked_sub(1).map_or("", |t| self.scan.fold[t as usize].as_str());
            if p.country.is_empty() || !words().is("static_preposition", before) {
                continue;
            }
            if code.is_some_and(|c| c != p.country) {
                return None;
            }
            code = Some(&p.country);
        }
        code.map(str::to_owned)
    }

    // ---- countries ----

    pub fn country(&mut self, code: &str) -> u32 {
        let key = format!("country:{code}");
        if let Some(&e) = self.by_key.get(&key) {
            return e;
        }
        let name = self.scan.tables.country(code).map_or(code, |c| c.name.as_str()).to_owned();
        let mut ent = Ent::new(ActorKind::Country, &name);
        ent.actor.code = code.to_owned();
        ent.actor.sector = Some(Sector::Government);
        ent.actor.table_id = Some(key.clone());
        ent.actor.basis = "table: countries.tsv".to_owned();
        self.ents.push(ent);
        let e = self.ents.len() as u32 - 1;
        self.by_key.insert(key, e);
        e
    }

    fn countries(&mut self) {
        for i in 0..self.chunks.len() {
            let chunk = &self.chunks[i];
            if chunk.kind != ChunkKind::Country {
                continue;
            }
            let printed = self.text((chunk.first, chunk.end));
            let metonym = chunk.hit.is_some_and(|h| {
                matches!(self.scan.hits[h as usize].what, What::Country(_, CountryForm::Metonym(_)))
            });
            if metonym && self.contradicted(chunk) {
                let mut ent = Ent::new(ActorKind::Organisation, printed);
                ent.actor.names.push(printed.to_owned());
                ent.actor.sector = chunk.sector;
                ent.actor.basis = format!(
                    "institution of {} not otherwise in the document: probably mistranslated",
                    chunk.code
                );
                let basis = ent.actor.basis.clone();
                self.ents.push(ent);
                self.link(i, self.ents.len() as u32 - 1, 0.3, basis);
                continue;
            }
            if metonym && chunk.sector != Some(Sector::Government) {
                let key = format!("seat:{}:{}", chunk.code, fold(printed));
                let e = match self.by_key.get(&key) {
                    Some(&e) => e,
                    None => {
                        let mut ent = Ent::new(ActorKind::Organisation, printed);
                        ent.actor.names.push(printed.to_owned());
                        ent.actor.code = chunk.code.clone();
                        ent.actor.sector = chunk.sector;
                        ent.actor.basis = chunk.basis.clone();
                        self.ents.push(ent);
                        self.by_key.insert(key, self.ents.len() as u32 - 1);
                        self.ents.len() as u32 - 1
                    }
                };
                self.link(i, e, 0.9, chunk.basis.clone());
                continue;
            }
            if let Some(both) = self.two_states(chunk) {
                let ents = both.iter().map(|code| self.country(code)).collect();
                self.links[i] = Link { ents, score: 0.9, basis: "both states of the name".to_owned() };
                continue;
            }
            let e = self.country(&chunk.code.clone());
            let names = &mut self.ents[e as usize].actor.names;
            if !names.iter().any(|n| n == printed) {
                names.push(printed.to_owned());
            }
            let score = if chunk.basis.starts_with("capital") { 0.8 } else { 0.95 };
            self.link(i, e, score, chunk.basis.clone());
        }
    }

    /// "the Koreas": a plural name that two rows bear.
    fn two_states(&self, chunk: &Chunk) -> Option<[String; 2]> {
        let What::Country(rows, CountryForm::Name) = &self.scan.hits[chunk.hit? as usize].what else {
            return None;
        };
        let plural = self.scan.fold[chunk.end as usize - 1].ends_with('s');
        match rows[..] {
            [a, b] if plural => Some([self.scan.code_of(a).to_owned(), self.scan.code_of(b).to_owned()]),
            _ => None,
        }
    }

    /// An institution named by its foreign proper name, cited as a source, of a state that the document names nowhere else.
    fn contradicted(&self, chunk: &Chunk) -> bool {
        let row = self.scan.tables.country_of.get(&chunk.code).copied();
        let elsewhere = self.scan.hits.iter().any(|h| matches!(&h.what, What::Country(rows, form) if Some(rows[0]) == row && !matches!(form, CountryForm::Metonym(_))));
        let others = self
            .scan
            .country_count
            .iter()
            .filter(|(r, _)| Some(**r) != row)
            .map(|(_, n)| *n)
            .max()
            .unwrap_or(0);
        let holder =
            self.ents.iter().any(|e| e.actor.kind == ActorKind::Person && e.actor.code == chunk.code);
        let before = |k: u32| chunk.first.checked_sub(k).map_or("", |t| self.scan.fold[t as usize].as_str());
        let cited = (before(1) == "to" && before(2) == "according")
            || (before(1) == "the" && before(2) == "to" && before(3) == "according");
        !elsewhere
            && !holder
            && others >= 3
            && (cited || self.scan.doc.article.has_flag(FlagKind::MachineTranslated))
    }

    // ---- organisations ----

    fn organisations(&mut self) {
        let scan = self.scan;
        for i in 0..self.chunks.len() {
            let chunk = &self.chunks[i];
            if chunk.kind != ChunkKind::Organisation {
                continue;
            }
            let printed = self.text((chunk.first, chunk.end));
            let table = chunk.hit.and_then(|h| match &scan.hits[h as usize].what {
                What::Organisation(rows) => Some(&scan.tables.organisations[rows[0] as usize]),
                _ => None,
            });
            let folded =
                fold(printed.strip_prefix("the ").or(printed.strip_prefix("The ")).unwrap_or(printed));
            let key = table.map_or_else(|| format!("name:{folded}"), |o| format!("org:{}", o.id));
            let known = self
                .by_key
                .get(&key)
                .copied()
                .or_else(|| if table.is_none() { self.acronym(printed) } else { None });
            let e = match known {
                Some(e) => e,
                None => {
                    let mut ent =
                        Ent::new(ActorKind::Organisation, table.map_or(printed, |o| o.name.as_str()));
                    ent.actor.code = chunk.code.clone();
                    ent.actor.sector = chunk.sector;
                    ent.actor.basis =
                        if chunk.basis.is_empty() { "name".to_owned() } else { chunk.basis.clone() };
                    ent.actor.table_id = table.map(|o| format!("org:{}", o.id));
                    ent.actor.excluded = chunk.excluded.to_owned();
                    if ent.actor.code.is_empty()
                        && table.is_none()
                        && ent.actor.sector.is_some()
                        && let Some(code) = self.dominant()
                    {
                        ent.actor.code = code.to_owned();
                        ent.actor.basis =
                            "kind of body in its name; state named most in the document".to_owned();
                    }
                    self.ents.push(ent);
                    self.by_key.insert(key, self.ents.len() as u32 - 1);
                    self.ents.len() as u32 - 1
                }
            };
            let names = &mut self.ents[e as usize].actor.names;
            if !names.iter().any(|n| n == printed) {
                names.push(printed.to_owned());
            }
            let basis = table.map_or("name".to_owned(), |o| format!("table: organisations.tsv {}", o.id));
            self.link(i, e, 0.95, basis);
        }
    }

    /// An organisation of this document whose initials are the word, or the other way round.
    fn acronym(&self, printed: &str) -> Option<u32> {
        let initials = |name: &str| {
            name.split(|c: char| c.is_whitespace() || c == '-')
                .filter_map(|w| w.chars().next())
                .filter(|c| c.is_uppercase())
                .collect::<String>()
        };
        let plain: String = printed.chars().filter(|c| c.is_alphanumeric()).collect();
        let upper = plain.chars().count() >= 3 && plain.chars().all(|c| c.is_uppercase());
        self.ents
            .iter()
            .position(|e| {
                e.actor.kind == ActorKind::Organisation
                    && e.actor.names.iter().any(|n| {
                        if upper {
                            n.contains(' ') && initials(n) == plain
                        } else {
                            !n.contains(' ') && n.len() >= 3 && *n == initials(printed)
                        }
                    })
            })
            .map(|e| e as u32)
    }

    // ---- groups ----

    fn groups(&mut self) {
        let mut last_of_lemma: FxHashMap<String, String> = FxHashMap::default();
        for i in 0..self.chunks.len() {
            let chunk = &self.chunks[i];
            if !matches!(chunk.kind, ChunkKind::Group) || chunk.possessor.is_some() {
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
            self.link(i, e, score, if basis.is_empty() { "group by its noun".to_owned() } else { basis });
        }
    }

    fn code_of_named(&self, name: (u32, u32)) -> Option<String> {
        let i = self.chunks.iter().position(|c| c.name.is_some_and(|m| m.0 <= name.0 && name.1 <= m.1))?;
        let owner = *self.links[i].ents.first()?;
        let code = &self.ents[owner as usize].actor.code;
        (!code.is_empty()).then(|| code.clone())
    }

    /// The state of an unnamed group from what stands around it: the place of its sentence, then the state that the document
    /// is mostly about.
    fn state_of_group(&self, chunk: &Chunk) -> Option<(String, &'static str, f32)> {
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
        if let Some(code) = self.state_of_sentence(chunk.first) {
            return Some((code, "state of the place in the sentence", 0.6));
        }
        if of_state && !chunk.plural && (chunk.definite || scan.cap[chunk.first as usize]) {
            return Some((self.dominant()?.to_owned(), "state named most in the document", 0.5));
        }
        let clear = self.clear_state().filter(|_| !words().is("unplaced", &chunk.lemma))?;
        Some((clear.to_owned(), "state that the document is mostly about", 0.4))
    }

    /// The group with this code, sector and noun.
    pub fn group(&mut self, code: &str, chunk: &Chunk, basis: &str) -> u32 {
        let key = format!("group:{code}:{}:{}", chunk.sector.map_or("", Sector::as_str), chunk.lemma);
        if let Some(&e) = self.by_key.get(&key) {
            return e;
        }
        let printed = self.text((chunk.first, chunk.end));
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

/// Whether an office is held by one person of a state or body at a time.
pub(crate) fn is_telling(o: &OfficeSaid) -> bool {
    is_telling_office(&o.office)
}

/// As [`is_telling`], by id.
pub(crate) fn is_telling_office(office: &str) -> bool {
    !words().is("shared_office", office)
}

fn past_sector(held: &OfficeHeld) -> Option<Sector> {
    (words().is("past", &held.qualifier)
        && held.qualifier != "late"
        && held.qualifier != "slain"
        && held.sector == Some(Sector::Government))
    .then_some(Sector::Elite)
}

/// How well a name form agrees with a known one: full names by [`match_names`], single words with a word of the full name.
fn compare(form: &[String], known: &[String], name: &str, known_name: &str) -> (f32, String) {
    if form == known {
        return (1.0, "same name".to_owned());
    }
    if form.is_empty() || known.is_empty() {
        return (0.0, String::new());
    }
    if form.len() > 1 && known.len() > 1 {
        let m = match_names(name, known_name);
        return (m.score, format!("name like \"{known_name}\", score {:.2}", m.score));
    }
    let (single, full) = if form.len() == 1 { (&form[0], known) } else { (&known[0], form) };
    let mut best = (0.0f32, 0usize);
    for (k, word) in full.iter().enumerate() {
        let last = k + 1 == full.len();
        let score = if single == word {
            if last { 1.0 } else { 0.96 }
        } else {
            match_names(single, word).score - if last { 0.0 } else { 0.05 }
        };
        if score > best.0 {
            best = (score, k);
        }
    }
    let what = if best.1 + 1 == full.len() { "surname" } else { "part" };
    (best.0, format!("{what} of \"{}\"", if form.len() == 1 { known_name } else { name }))
}

pub(crate) fn current_role(
    tables: &crate::tables::ActorTables,
    person: u32,
    day: Option<Date>,
) -> Option<&crate::tables::Role> {
    let roles = &tables.persons[person as usize].roles;
    let at_day = day.and_then(|d| roles.iter().map(|&r| &tables.roles[r as usize]).find(|r| r.holds_on(d)));
    at_day.or_else(|| roles.iter().map(|&r| &tables.roles[r as usize]).max_by(|a, b| a.start.cmp(&b.start)))
}

/// Among those who held the office of that state, the one whose name is like the printed one.
fn holder_like(tables: &crate::tables::ActorTables, ent: &Ent, day: Option<Date>) -> Option<(u32, String)> {
    let mut best: Option<(f32, u32, String)> = None;
    for held in ent.actor.offices.iter().filter(|o| o.basis == "text" && !o.code.is_empty()) {
        for holder in tables.date_offices(&held.office, &held.code, day) {
            let person = &tables.persons[holder.person as usize];
            for name in &ent.actor.names {
                let form = name_words(name);
                for known in std::iter::once(&person.name).chain(&person.aliases) {
                    let (mut score, _) = compare(&form, &name_words(known), name, known);
                    if holder.in_office {
                        score += 0.1;
                    }
                    if score >= SAME_IN_DOCUMENT && best.as_ref().is_none_or(|b| score > b.0) {
                        best = Some((
                            score,
                            holder.person,
                            format!(
                                "table: persons.tsv {}, {} of {}, name score {score:.2}",
                                person.id, held.office, held.code
                            ),
                        ));
                    }
                }
            }
        }
    }
    best.map(|(_, p, basis)| (p, basis))
}

/// Where the text names no state with the office: the one holder on that day, in a state that the document names, whose name
/// is like the printed one.
fn holder_in(
    tables: &crate::tables::ActorTables,
    ent: &Ent,
    day: Option<Date>,
    states: &[String],
) -> Option<(u32, String)> {
    let mut best: Option<(f32, u32, String)> = None;
    let mut clear = true;
    for held in ent.actor.offices.iter().filter(|o| o.basis == "text" && is_telling_office(&o.office)) {
        for state in states {
            for holder in tables.date_offices(&held.office, state, day).into_iter().filter(|h| h.in_office) {
                let person = &tables.persons[holder.person as usize];
                let score = ent
                    .actor
                    .names
                    .iter()
                    .flat_map(|name| {
                        let form = name_words(name);
                        std::iter::once(&person.name)
                            .chain(&person.aliases)
                            .map(|known| compare(&form, &name_words(known), name, known).0)
                            .collect::<Vec<f32>>()
                    })
                    .fold(0.0, f32::max);
                if score < SAME_IN_DOCUMENT {
                    continue;
                }
                if best.as_ref().is_some_and(|b| b.1 != holder.person && (b.0 - score).abs() < 0.1) {
                    clear = false;
                }
                if best.as_ref().is_none_or(|b| score > b.0) {
                    let why = format!(
                        "table: persons.tsv {}, {} of {state}, name score {score:.2}",
                        person.id, held.office
                    );
                    best = Some((score, holder.person, why));
                }
            }
        }
    }
    best.filter(|_| clear).map(|(_, p, basis)| (p, basis))
}

/// Whether an office, held by many or at any level, serves a state: a governor, a general, a prosecutor.
pub(crate) fn holds_power(said: &OfficeSaid) -> bool {
    matches!(
        said.sector,
        Some(
            Sector::Government
                | Sector::Military
                | Sector::Legislature
                | Sector::Judiciary
                | Sector::Police
                | Sector::Spy
        )
    ) && !matches!(
        said.office.as_str(),
        "diplomat" | "ambassador" | "envoy" | "special-representative" | "commissioner" | "head-of-agency"
    )
}

/// Whether an office is one a state has.
pub(crate) fn of_state(said: &OfficeSaid) -> bool {
    said.scope == Scope::Country
}
