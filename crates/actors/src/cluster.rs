//! Which chunks of one document name the same actor.

mod base;
mod bodies;
mod groups;
mod persons;
mod states;

use crate::chunks::{Chunk, ChunkKind, OfficeSaid};
use crate::fold::fold;
use crate::names::{match_names, name_words};
use crate::scan::{Scan, What};
use crate::tables::{CountryForm, Scope};
use crate::turns::{Turn, find_turns, speaks_for_others, voice_state};
use crate::words::words;
use jiff::civil::Date;
use polybius_text::{ActorKind, DocActor, FlagKind, OfficeHeld, Place, Sector, Span};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// Two full names in one document are one person from here on; below, the same office must agree.
const SAME_IN_DOCUMENT: f32 = 0.72;
/// A full name and that of anyone who ever held the office, where the document has no day. Set by judgement.
const SAME_WITHOUT_DAY: f32 = 0.85;
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
    /// The state that the document speaks of as its own.
    home: Option<String>,
    /// Who speaks where in a transcript.
    pub turns: Vec<Turn>,
    /// The state for which the speakers of a transcript speak.
    pub voice: Option<String>,
}

impl<'s, 'a> Clusters<'s, 'a> {
    pub fn new(scan: &'s Scan<'a>, chunks: &'s [Chunk], places: &'s [Place]) -> Clusters<'s, 'a> {
        let day = scan.doc.article.published_day();
        let turns = find_turns(scan, chunks);
        let voice = voice_state(scan, &turns);
        Clusters {
            scan,
            chunks,
            ents: Vec::new(),
            links: vec![Link::default(); chunks.len()],
            day,
            by_key: FxHashMap::default(),
            places,
            weights: Vec::new(),
            home: None,
            turns,
            voice,
        }
    }

    pub fn run(&mut self) {
        self.persons();
        self.person_tables();
        self.base_persons();
        self.weigh_states();
        self.spokespersons();
        self.person_codes();
        self.officers_in_office();
        self.bystanders();
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
}

/// Whether an office is held by one person of a state or body at a time.
pub(crate) fn is_telling(o: &OfficeSaid) -> bool {
    is_telling_office(&o.office)
}

/// As [`is_telling`], by id.
pub(crate) fn is_telling_office(office: &str) -> bool {
    !words().is("shared_office", office)
}

/// Whether an office leads a state or its government.
pub(crate) fn is_leading_office(office: &str) -> bool {
    matches!(office, "head-of-state" | "head-of-government" | "supreme-leader" | "monarch" | "military-ruler")
}

/// Titles of rank, which the holder of any office may bear: general, ayatollah, prince, professor.
fn is_rank(o: &OfficeHeld) -> bool {
    matches!(
        o.sector,
        None | Some(
            Sector::Religious | Sector::Military | Sector::Education | Sector::Elite | Sector::Health
        )
    )
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

/// The role held on a day, else the last one that had begun by then; without a day the latest of all.
pub(crate) fn current_role(
    tables: &crate::tables::ActorTables,
    person: u32,
    day: Option<Date>,
) -> Option<&crate::tables::Role> {
    let roles = || tables.persons[person as usize].roles.iter().map(|&r| &tables.roles[r as usize]);
    let Some(day) = day else { return roles().max_by(|a, b| a.start.cmp(&b.start)) };
    let printed = day.to_string();
    let begun = |r: &&crate::tables::Role| {
        let n = r.start.len().min(printed.len());
        r.start[..n] <= printed[..n]
    };
    roles().find(|r| r.holds_on(day)).or_else(|| roles().filter(begun).max_by(|a, b| a.start.cmp(&b.start)))
}

/// Whether a person whom the text calls by a party's office leads, in the tables, in some other way: heads of parties are listed by
/// the offices of state that they hold.
fn leads_party(tables: &crate::tables::ActorTables, person: u32, said: &[OfficeHeld]) -> bool {
    said.iter().all(|o| matches!(o.sector, Some(Sector::Party | Sector::Opposition)))
        && tables.persons[person as usize]
            .roles
            .iter()
            .any(|&r| is_leading_office(&tables.roles[r as usize].office))
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

/// Who left office so lately is still called by it in the news. Set by judgement.
const DAYS_AFTER_OFFICE: i32 = 31;

fn left_lately(holder: &crate::tables::TableHolder, day: Option<Date>) -> bool {
    let ended = holder.end.parse::<Date>().ok();
    ended.zip(day).is_some_and(|(end, day)| (0..=DAYS_AFTER_OFFICE).contains(&(day - end).get_days()))
}

/// The offices of one holder that a word for an office can mean: "minister" is any minister.
fn offices_meant<'t>(tables: &'t crate::tables::ActorTables, office: &'t str) -> Vec<&'t str> {
    if office == "minister" {
        let mut all: Vec<&str> =
            tables.office_sector.keys().map(String::as_str).filter(|o| o.ends_with("-minister")).collect();
        all.retain(|o| is_telling_office(o) && !o.starts_with("deputy-") && !o.starts_with("former-"));
        all.sort_unstable();
        return all;
    }
    if is_telling_office(office) { vec![office] } else { Vec::new() }
}

/// Where the text names no state with the office: the one holder on that day or lately, in a state that the document names, whose
/// name is like the printed one.
fn holder_in(
    tables: &crate::tables::ActorTables,
    ent: &Ent,
    day: Option<Date>,
    states: &[String],
) -> Option<(u32, String)> {
    let mut best: Option<(f32, u32, String)> = None;
    let mut clear = true;
    let said = ent.actor.offices.iter().filter(|o| o.basis == "text");
    for office in said.flat_map(|o| offices_meant(tables, &o.office)) {
        for state in states {
            let holders = tables.date_offices(office, state, day);
            let may = |h: &crate::tables::TableHolder| h.in_office || day.is_none() || left_lately(h, day);
            for holder in holders.into_iter().filter(may) {
                let person = &tables.persons[holder.person as usize];
                let score = ent
                    .actor
                    .names
                    .iter()
                    .filter(|n| day.is_some() || name_words(n).len() > 1)
                    .flat_map(|name| {
                        let form = name_words(name);
                        std::iter::once(&person.name)
                            .chain(&person.aliases)
                            .map(|known| compare(&form, &name_words(known), name, known).0)
                            .collect::<Vec<f32>>()
                    })
                    .fold(0.0, f32::max);
                if score < if day.is_some() { SAME_IN_DOCUMENT } else { SAME_WITHOUT_DAY } {
                    continue;
                }
                if best.as_ref().is_some_and(|b| b.1 != holder.person && (b.0 - score).abs() < 0.1) {
                    clear = false;
                }
                if best.as_ref().is_none_or(|b| score > b.0) {
                    let why = format!(
                        "table: persons.tsv {}, {office} of {state}, name score {score:.2}",
                        person.id
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

/// Whether an office is one of a body that a text about one state has there: a rector, a bishop, a head of a union.
pub(crate) fn serves_society(said: &OfficeSaid) -> bool {
    matches!(
        said.sector,
        Some(Sector::Education | Sector::Religious | Sector::Labour | Sector::Business | Sector::Health)
    ) && said.scope == Scope::Organisation
}

/// Whether an office is one a state has.
pub(crate) fn of_state(said: &OfficeSaid) -> bool {
    said.scope == Scope::Country
}
