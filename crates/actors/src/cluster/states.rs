//! Table rows and states of persons, and which states the document speaks of.

use super::*;

impl<'s, 'a> Clusters<'s, 'a> {
    /// Rows of the persons table: by full name, or by likeness among those who held the office that the text gives.
    pub(super) fn person_tables(&mut self) {
        let tables = self.scan.tables;
        let mut named: Vec<String> =
            self.scan.country_count.keys().map(|&row| self.scan.code_of(row).to_owned()).collect();
        named.sort_unstable();
        let leaders: Vec<Option<u32>> = (0..self.ents.len())
            .map(|e| {
                let ent = &self.ents[e];
                let bare = ent.actor.kind == ActorKind::Person && ent.forms.iter().all(|f| f.len() == 1);
                ent.forms.first().filter(|_| bare).and_then(|f| self.leader_named(&f[0]))
            })
            .collect();
        for (ent, leader) in self.ents.iter_mut().zip(leaders) {
            let mut found: Option<(u32, String)> = None;
            let rows = |name: &str| {
                let persons = tables.look_up(&fold(name), true).filter_map(|r| match r {
                    crate::tables::Row::Person(p) => Some(p),
                    _ => None,
                });
                persons.collect::<Vec<u32>>()
            };
            // "Pope Francis": the title is a part of the name.
            let titled: Vec<u32> = (ent.actor.names.iter())
                .flat_map(|n| ent.ranks.iter().map(move |r| format!("{r} {n}")))
                .flat_map(|name| rows(&name))
                .collect();
            let mut candidates: Vec<u32> = ent.actor.names.iter().flat_map(|name| rows(name)).collect();
            if !titled.is_empty() {
                candidates = titled.clone();
            }
            candidates.dedup();
            let fits = |p: &u32| {
                let person = &tables.persons[*p as usize];
                // A former president of one state may be the envoy of a body between states.
                let serves_body = crate::tables::SPECIAL_CODES.contains(&ent.actor.code.as_str())
                    && ent.actor.names.iter().any(|n| n.contains(' '));
                ent.actor.code.is_empty()
                    || serves_body
                    || person.code == ent.actor.code
                    || person.roles.iter().any(|&r| tables.roles[r as usize].code == ent.actor.code)
            };
            let full = ent.forms.iter().any(|f| f.len() > 1) || !titled.is_empty();
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
                    let latest = current_role(tables, p, None).map(|r| r.start.clone());
                    (
                        std::cmp::Reverse(latest.filter(|_| self.day.is_none())),
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
            // "Chief Justice X" is no other X who never held that office.
            let said = || ent.actor.offices.iter().filter(|o| o.qualifier.is_empty() && !is_rank(o));
            if !full && said().next().is_some() {
                let same_kind = |p: u32| {
                    let roles = tables.persons[p as usize].roles.iter().map(|&r| &tables.roles[r as usize]);
                    roles.into_iter().any(|r| said().any(|o| o.sector == r.sector))
                };
                candidates
                    .retain(|&p| holder(p) || same_kind(p) || leads_party(tables, p, &ent.actor.offices));
            }
            if let Some(&p) = candidates.first().filter(|&&p| full || candidates.len() == 1 || holder(p)) {
                found = Some((p, format!("table: persons.tsv {}", tables.persons[p as usize].id)));
            }
            if found.is_none() {
                found = holder_like(tables, ent, self.day);
            }
            if let Some(p) =
                leader.filter(|&p| found.is_none() && fits(&p) && (ent.actor.offices.is_empty() || holder(p)))
            {
                found = Some((
                    p,
                    format!("table: persons.tsv {}, leads a state named here", tables.persons[p as usize].id),
                ));
            }
            if found.is_none() && ent.actor.code.is_empty() {
                found = holder_in(tables, ent, self.day, &named);
            }
            if let Some((p, basis)) = found {
                let person = &tables.persons[p as usize];
                ent.person = Some(p);
                ent.actor.table_id = Some(format!("person:{}", person.id));
                let role = current_role(tables, p, self.day);
                let past = role.is_some_and(|r| self.day.is_some_and(|d| !r.holds_on(d)));
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
                    ent.actor.basis = if past { format!("past office, {basis}") } else { basis };
                }
                for o in &mut ent.actor.offices {
                    if o.code.is_empty() {
                        o.code = ent.actor.code.clone();
                    }
                }
                // A rank or a vague word ("General", "official") says less than the role that the table gives.
                let told = ent.actor.offices.iter().any(|o| is_telling_office(&o.office));
                if let Some(sector) =
                    role.and_then(|r| r.sector).filter(|_| ent.actor.sector.is_none() || !told && !past)
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

    /// Who speaks for others in a transcript, or is an ambassador there, acts for the state of its dateline where nothing says
    /// otherwise.
    pub(super) fn spokespersons(&mut self) {
        let Some(voice) = self.voice.clone() else { return };
        let speakers = (self.turns.iter())
            .filter(|turn| speaks_for_others(self.scan, turn))
            .filter_map(|turn| self.links[turn.speaker?].ents.first().copied());
        let posted = (0..self.ents.len() as u32).filter(|&e| self.ents[e as usize].holds("ambassador", ""));
        for e in speakers.chain(posted).collect::<Vec<u32>>() {
            let actor = &mut self.ents[e as usize].actor;
            if actor.code.is_empty() && actor.excluded.is_empty() {
                actor.code.clone_from(&voice);
                actor.sector = actor.sector.or(Some(Sector::Government));
                actor.basis = "speaks for the state of the dateline, or is posted by it".to_owned();
            }
        }
    }

    /// States for offices that the text gives without one: of the possessor, else the state named most.
    pub(super) fn person_codes(&mut self) {
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
            let near = self.state_governed(e).filter(|_| self.ents[e].actor.excluded.is_empty());
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
            } else if let Some(code) = near {
                actor.code = code;
                actor.basis = "office; state of the place named last".to_owned();
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

    /// The state of the place named last before a governor or mayor of whom the text says no more: "the governor of that state".
    fn state_governed(&self, e: usize) -> Option<String> {
        let first = self.ents[e].chunks.first().map(|&c| self.chunks[c].first)?;
        let local = |o: &OfficeHeld| matches!(o.office.as_str(), "governor" | "mayor");
        self.ents[e].actor.offices.iter().any(local).then(|| self.state_of_place_before(first)).flatten()
    }

    /// The state of the last place within the range of a paragraph before a token.
    fn state_of_place_before(&self, token: u32) -> Option<String> {
        const RANGE: u32 = 60;
        let scan = self.scan;
        let known = |p: &&Place| {
            let at = scan.doc.token_from(p.span.start);
            !p.country.is_empty()
                && p.precision != "country"
                && !scan.tables.is_town(p.geonameid)
                && at < token
                && token - at <= RANGE
        };
        self.places.iter().rev().find(known).map(|p| p.country.clone())
    }

    /// "Defence Minister X and Y": a bare name joined by "and" to one whose state the text gives.
    pub(super) fn beside(&mut self) {
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
                let t = &self.ents[to as usize].actor;
                // "Colonels X and Y" share what the title says.
                let shared = a
                    .ranks
                    .iter()
                    .any(|r| r.ends_with('s') && self.scan.tables.honorifics.contains_key(&r[..r.len() - 1]));
                if shared && t.kind == ActorKind::Person && (from, to) == (x, y) {
                    let ranks = self.ents[from as usize].ranks.clone();
                    self.ents[to as usize].ranks.extend(ranks);
                }
                let (f, t) = (&self.ents[from as usize].actor, &self.ents[to as usize].actor);
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
    pub(super) fn weigh_states(&mut self) {
        let scan = self.scan;
        let mut count: BTreeMap<String, u32> = BTreeMap::new();
        for (&row, n) in &scan.country_count {
            *count.entry(scan.code_of(row).to_owned()).or_default() += 2 * n;
        }
        let place = |p: &&Place| {
            p.precision != "country" && !p.country.is_empty() && !scan.tables.is_town(p.geonameid)
        };
        for p in self.places.iter().filter(place) {
            *count.entry(p.country.clone()).or_default() += 1;
        }
        for e in self.ents.iter().filter(|e| e.actor.kind == ActorKind::Person && !e.actor.code.is_empty()) {
            // The text's own adjective has been counted already.
            if scan.tables.country_of.contains_key(&e.actor.code) && e.person.is_some() {
                *count.entry(e.actor.code.clone()).or_default() += 1 + e.chunks.len().min(6) as u32;
            }
        }
        // Who speaks for a state in a transcript says "our minister"; the offices without a word are those of whom the talk is.
        self.home = if self.voice.is_none() { self.state_spoken_of_as_own() } else { None };
        self.weights = count.into_iter().collect();
        self.weights.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    }

    /// The state whose known leaders the text names by an office alone, as a paper does at home: "the foreign minister, X" counts
    /// twice, "President X", which is said of any state's, once. `None` where another state has more than half as much.
    fn state_spoken_of_as_own(&self) -> Option<String> {
        let mut seen: Vec<u32> = Vec::new();
        let mut states: BTreeMap<&str, u32> = BTreeMap::new();
        for (chunk, link) in self.chunks.iter().zip(&self.links) {
            let Some(&e) = link.ents.first() else { continue };
            let ent = &self.ents[e as usize];
            let bare = chunk.kind == ChunkKind::Person && chunk.name.is_some() && chunk.code.is_empty();
            let telling = chunk.office.as_ref().is_some_and(|o| {
                is_telling(o) && of_state(o) && o.qualifier.is_empty() && o.of_person.is_none()
            });
            if bare && telling && ent.person.is_some() && !seen.contains(&e) {
                seen.push(e);
                *states.entry(&ent.actor.code).or_default() += 1 + u32::from(chunk.definite);
            }
        }
        let mut ranked: Vec<(&str, u32)> = states.into_iter().collect();
        ranked.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        let (home, points) = *ranked.first()?;
        let next = ranked.get(1).map_or(0, |r| r.1);
        let clear = points >= 2 && points >= 2 * next && self.scan.tables.country_of.contains_key(home);
        clear.then(|| home.to_owned())
    }

    /// The state that the text speaks of as its own, else that which it speaks of most; ties to the first in the alphabet.
    pub fn dominant(&self) -> Option<&str> {
        self.home.as_deref().or_else(|| self.weights.first().map(|(code, _)| code.as_str()))
    }

    /// The same, where it stands about twice as often as the next.
    pub fn clear_state(&self) -> Option<&str> {
        if let Some(home) = &self.home {
            return Some(home);
        }
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
            if p.country.is_empty()
                || self.scan.tables.is_town(p.geonameid)
                || !words().is("static_preposition", before)
            {
                continue;
            }
            if code.is_some_and(|c| c != p.country) {
                return None;
            }
            code = Some(&p.country);
        }
        code.map(str::to_owned)
    }

    /// "The defence minister, Colonel X": who bears a military rank acts as one of the military, unless he leads the state.
    pub(super) fn officers_in_office(&mut self) {
        let tables = self.scan.tables;
        let day = self.day;
        let held = |o: &OfficeHeld| {
            let on_day = |d: Date| {
                let day = d.to_string();
                (o.start.is_empty() || o.start <= day) && (o.end.is_empty() || day < o.end)
            };
            o.basis == "text" || day.is_none_or(on_day)
        };
        for ent in &mut self.ents {
            // "Colonels X and Y", "Commander X".
            let military = |r: &String| {
                let one = r.strip_suffix('s').filter(|w| w.len() > 4).unwrap_or(r);
                tables
                    .offices
                    .get(one)
                    .is_some_and(|o| matches!(o.office.as_str(), "military-officer" | "commander"))
                    && !matches!(one, "officer" | "official" | "pilot")
            };
            let civil = matches!(ent.actor.sector, None | Some(Sector::Government));
            let leads = ent.actor.offices.iter().any(|o| is_leading_office(&o.office) && held(o));
            if ent.actor.kind == ActorKind::Person && civil && !leads && ent.ranks.iter().any(military) {
                ent.actor.other_sectors.extend(ent.actor.sector);
                ent.actor.sector = Some(Sector::Military);
            }
        }
    }

    /// A person without office or state, in a document that is about one state: one of its people.
    pub(super) fn bystanders(&mut self) {
        for e in 0..self.ents.len() {
            let a = &self.ents[e].actor;
            if a.kind != ActorKind::Person
                || !a.code.is_empty()
                || !a.excluded.is_empty()
                || !a.offices.is_empty()
            {
                continue;
            }
            let first = self.ents[e].chunks.first().map(|&c| self.chunks[c].first);
            let here = first.and_then(|t| self.state_of_sentence(t));
            let home = self.clear_state();
            let Some(code) = here.or_else(|| home.map(str::to_owned)) else { continue };
            let a = &mut self.ents[e].actor;
            a.code = code;
            a.sector.get_or_insert(Sector::Civilian);
            a.basis = "no office; state that the document is mostly about".to_owned();
        }
    }
}
