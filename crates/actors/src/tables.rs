//! The shipped tables: countries, organisations, offices, persons with dated roles, collectives, places.

mod facts;
mod load;

use crate::base::Base;
use crate::decisions::Decisions;
use crate::fold::{fold, fold_into};
use facts::{Facts, RowOfRole};
use jiff::civil::Date;
use polybius_text::{Sector, stable_hash};
use rustc_hash::{FxHashMap, FxHashSet};
use std::io;
use std::path::{Path, PathBuf};

/// Why the tables could not be loaded. Nothing is half-loaded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TableError {
    /// A file or folder that cannot be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A row that says something impossible.
    #[error("{}:{line}: {problem}", path.display())]
    Row {
        /// Which file.
        path: PathBuf,
        /// Line from 1.
        line: u32,
        /// What is wrong.
        problem: String,
    },
}

/// Codes that are no ISO-3 code: bodies between states, movements, companies.
pub const SPECIAL_CODES: [&str; 7] = ["IGO", "UNO", "EUR", "NGO", "ISM", "IMG", "MNC"];

/// How a name names a country.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CountryForm {
    Name,
    Demonym,
    Capital,
    /// "Kremlin": the sector that it stands for.
    Metonym(Option<Sector>),
}

/// Row of a name in one of the tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Row {
    Country(u32, CountryForm),
    Organisation(u32),
    Person(u32),
    /// The flag says that the name is only an alias.
    City(u32, bool),
    Region(u32),
}

#[derive(Debug, Clone, Copy)]
struct IndexEntry {
    hash: u64,
    row: Row,
    /// The name is an acronym, or short: only the same capitals count.
    cased: bool,
}

#[derive(Debug)]
pub(crate) struct Country {
    pub code: String,
    pub name: String,
}

#[derive(Debug)]
pub(crate) struct Organisation {
    pub id: String,
    pub name: String,
    pub code: String,
    pub sector: Option<Sector>,
    pub kind: String,
}

#[derive(Debug)]
pub(crate) struct Person {
    pub id: String,
    pub name: String,
    pub aliases: Vec<String>,
    pub code: String,
    /// Indexes of its roles.
    pub roles: Vec<u32>,
}

/// An office that a person held for a time.
#[derive(Debug)]
pub(crate) struct Role {
    pub person: u32,
    pub office: String,
    pub code: String,
    pub sector: Option<Sector>,
    pub start: String,
    pub end: String,
    pub title: String,
}

/// What a wording of an office means.
#[derive(Debug, Clone)]
pub(crate) struct Office {
    pub office: String,
    pub sector: Option<Sector>,
    /// `IGO` or `EUR` where the wording says so by itself.
    pub code: String,
    pub scope: Scope,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    Country,
    Organisation,
    Person,
}

/// What a common noun for a collective means.
#[derive(Debug, Clone)]
pub(crate) struct Collective {
    pub sector: Option<Sector>,
    pub code: String,
    pub kind: CollectiveKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CollectiveKind {
    Group,
    PersonRole,
    Institution,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct City {
    pub geonameid: u32,
    pub country: u32,
    pub lat: f64,
    pub lon: f64,
    pub population: u32,
    name: (u32, u32),
}

#[derive(Debug)]
pub(crate) struct Region {
    pub name: String,
    pub country: String,
    pub lat: Option<f64>,
    pub lon: Option<f64>,
}

/// Everything that the tables say, indexed by folded name. Load once, share by reference.
#[derive(Debug)]
pub struct ActorTables {
    pub(crate) countries: Vec<Country>,
    pub(crate) country_of: FxHashMap<String, u32>,
    pub(crate) organisations: Vec<Organisation>,
    pub(crate) persons: Vec<Person>,
    pub(crate) roles: Vec<Role>,
    /// (office, code) to roles, earliest first.
    pub(crate) roles_of: FxHashMap<(String, String), Vec<u32>>,
    pub(crate) offices: FxHashMap<String, Office>,
    pub(crate) office_sector: FxHashMap<String, Option<Sector>>,
    pub(crate) portfolios: FxHashMap<String, String>,
    pub(crate) collectives: FxHashMap<String, Collective>,
    /// Folded honorific to its kind.
    pub(crate) honorifics: FxHashMap<String, String>,
    pub(crate) cities: Vec<City>,
    pub(crate) regions: Vec<Region>,
    /// What the user decided; empty after loading.
    pub(crate) decisions: Decisions,
    /// What the user imported.
    pub(crate) base: Option<Base>,
    pub(crate) facts: Facts,
    city_text: String,
    /// Rows of `cities` from here on are towns: they give a point, and no state.
    pub(crate) first_town: u32,
    towns: FxHashSet<u32>,
    /// Largest city of each country.
    largest: Vec<Option<u32>>,
    index: Vec<IndexEntry>,
    /// First entry of each of 65,536 buckets of `index`.
    buckets: Vec<u32>,
}

/// A table file being read: rows of its columns by name.
struct Table {
    path: PathBuf,
    text: String,
}

impl Table {
    fn read(path: PathBuf) -> Result<Table, TableError> {
        match std::fs::read_to_string(&path) {
            Ok(text) => Ok(Table { path, text }),
            Err(source) => Err(TableError::Read { path, source }),
        }
    }

    fn error(&self, line: u32, problem: impl Into<String>) -> TableError {
        TableError::Row { path: self.path.clone(), line, problem: problem.into() }
    }

    /// Calls `row(line, cells)` for each row, cells in the order of `columns`; a missing trailing cell is empty.
    fn rows<'t>(
        &'t self,
        columns: &[&str],
        mut row: impl FnMut(u32, &[&'t str]) -> Result<(), TableError>,
    ) -> Result<(), TableError> {
        let mut order: Option<Vec<usize>> = None;
        let mut cells: Vec<&str> = Vec::new();
        let mut out: Vec<&str> = Vec::new();
        for (i, line) in self.text.lines().enumerate() {
            let number = i as u32 + 1;
            if line.starts_with('#') || line.trim().is_empty() {
                continue;
            }
            cells.clear();
            cells.extend(line.split('\t'));
            match &order {
                None => {
                    let find = |c: &&str| {
                        cells
                            .iter()
                            .position(|h| h == c)
                            .ok_or_else(|| self.error(number, format!("the header has no column `{c}`")))
                    };
                    order = Some(columns.iter().map(find).collect::<Result<_, _>>()?);
                }
                Some(order) => {
                    out.clear();
                    out.extend(order.iter().map(|&c| cells.get(c).map_or("", |s| s.trim())));
                    row(number, &out)?;
                }
            }
        }
        Ok(())
    }
}

fn list(cell: &str) -> impl Iterator<Item = &str> {
    cell.split(';').map(str::trim).filter(|s| !s.is_empty())
}

/// A PLOVER word, or a code that a file writes in its place ("IGO"). `None`: no such word.
fn read_sector(word: &str) -> Option<(Option<Sector>, String)> {
    match word {
        "" => Some((None, String::new())),
        "CIV" => Some((Some(Sector::Civilian), String::new())),
        "ROY" => Some((Some(Sector::Government), String::new())),
        _ if SPECIAL_CODES.contains(&word) => Some((Some(Sector::Government), word.to_owned())),
        _ => word.parse().ok().map(|s| (Some(s), String::new())),
    }
}

fn read_date(text: &str) -> Option<(Date, Date)> {
    let part = |i: usize| text.split('-').nth(i).and_then(|p| p.parse::<i16>().ok());
    let year = part(0)?;
    match text.split('-').count() {
        1 => Some((Date::new(year, 1, 1).ok()?, Date::new(year, 12, 31).ok()?)),
        2 => {
            let first = Date::new(year, part(1)? as i8, 1).ok()?;
            Some((first, first.last_of_month()))
        }
        3 => Date::new(year, part(1)? as i8, part(2)? as i8).ok().map(|d| (d, d)),
        _ => None,
    }
}

fn is_acronym(name: &str) -> bool {
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    (1..=4).contains(&letters) && name.chars().all(|c| !c.is_alphabetic() || c.is_uppercase())
}

impl ActorTables {
    /// Reads every table under the data folder (`actors/`, `places/`) and checks each row.
    ///
    /// Cost: one pass over the files, no regular expressions; about 40 ms with 26,000 cities.
    ///
    /// # Errors
    /// The first file that cannot be read or row that says something impossible, with its line.
    pub fn load(dir: &Path) -> Result<ActorTables, TableError> {
        let actors = dir.join("actors");
        let mut t = ActorTables {
            countries: Vec::new(),
            country_of: FxHashMap::default(),
            organisations: Vec::new(),
            persons: Vec::new(),
            roles: Vec::new(),
            roles_of: FxHashMap::default(),
            offices: FxHashMap::default(),
            office_sector: FxHashMap::default(),
            portfolios: FxHashMap::default(),
            collectives: FxHashMap::default(),
            honorifics: FxHashMap::default(),
            cities: Vec::new(),
            regions: Vec::new(),
            decisions: Decisions::default(),
            base: None,
            facts: Facts::default(),
            city_text: String::new(),
            first_town: 0,
            towns: FxHashSet::default(),
            largest: Vec::new(),
            index: Vec::with_capacity(1 << 18),
            buckets: Vec::new(),
        };
        t.load_countries(Table::read(actors.join("countries.tsv"))?)?;
        t.load_organisations(Table::read(actors.join("organisations.tsv"))?)?;
        t.load_offices(Table::read(actors.join("offices.tsv"))?)?;
        t.load_portfolios(Table::read(actors.join("portfolios.tsv"))?)?;
        t.load_collectives(Table::read(actors.join("collectives.tsv"))?)?;
        t.load_honorifics(Table::read(actors.join("honorifics.txt"))?);
        let mut person_of = FxHashMap::default();
        for path in files(&actors, "persons")? {
            t.load_persons(Table::read(path)?, &mut person_of)?;
        }
        let mut places = Vec::new();
        for path in files(&actors, "roles")? {
            t.load_roles(Table::read(path)?, &person_of, &mut places)?;
        }
        t.load_regions(Table::read(dir.join("places/regions.tsv"))?)?;
        t.load_cities(Table::read(dir.join("places/cities.tsv"))?)?;
        t.first_town = t.cities.len() as u32;
        t.load_cities(Table::read(dir.join("places/towns.tsv"))?)?;
        t.towns = t.cities[t.first_town as usize..].iter().map(|c| c.geonameid).collect();
        t.finish();
        t.check_holders(dir, &places)?;
        t.facts = Facts::load(dir, &t)?;
        Ok(t)
    }

    /// Sets the base in which names that no shipped table has are looked for.
    pub fn set_base(&mut self, base: Base) {
        self.base = Some(base);
    }

    /// Sets what the user decided on who is who; [`crate::join_actors`] goes by it.
    pub fn set_decisions(&mut self, decisions: Decisions) {
        self.decisions = decisions;
    }

    fn add_name(&mut self, name: &str, row: Row, buffer: &mut String) {
        buffer.clear();
        fold_into(name, buffer);
        if buffer.is_empty() {
            return;
        }
        let hash = stable_hash(&[buffer.as_str()]);
        self.index.push(IndexEntry { hash, row, cased: is_acronym(name) });
    }

    fn known_code(&self, code: &str) -> bool {
        code.is_empty() || self.country_of.contains_key(code) || SPECIAL_CODES.contains(&code)
    }

    fn finish(&mut self) {
        // Stable among equal hashes, so that the first row of a name stays first: the number breaks ties.
        self.sort_index();
        self.largest = vec![None; self.countries.len()];
        for (i, city) in self.cities.iter().enumerate() {
            let best = &mut self.largest[city.country as usize];
            if best.is_none_or(|b: u32| self.cities[b as usize].population < city.population) {
                *best = Some(i as u32);
            }
        }
        self.buckets = vec![0; (1 << 16) + 1];
        for e in &self.index {
            self.buckets[(e.hash >> 48) as usize + 1] += 1;
        }
        for i in 0..1 << 16 {
            self.buckets[i + 1] += self.buckets[i];
        }
        for (i, role) in self.roles.iter().enumerate() {
            self.roles_of.entry((role.office.clone(), role.code.clone())).or_default().push(i as u32);
        }
        let roles = &self.roles;
        for list in self.roles_of.values_mut() {
            list.sort_by(|&a, &b| roles[a as usize].start.cmp(&roles[b as usize].start).then(a.cmp(&b)));
        }
    }

    /// Sorts `index` by hash in two passes: into buckets by the top bits, then inside each, which is faster than one sort.
    fn sort_index(&mut self) {
        let mut starts = vec![0u32; (1 << 16) + 1];
        for e in &self.index {
            starts[(e.hash >> 48) as usize + 1] += 1;
        }
        for i in 0..1 << 16 {
            starts[i + 1] += starts[i];
        }
        let mut at = starts.clone();
        let mut sorted = vec![IndexEntry { hash: 0, row: Row::Region(0), cased: false }; self.index.len()];
        for e in &self.index {
            let slot = &mut at[(e.hash >> 48) as usize];
            sorted[*slot as usize] = *e;
            *slot += 1;
        }
        for bucket in 0..1 << 16 {
            sorted[starts[bucket] as usize..starts[bucket + 1] as usize].sort_by_key(|e| e.hash);
        }
        self.index = sorted;
    }

    /// Rows that bear a folded name. `capitals`: the words as printed are all capitals, or their case is not to be trusted.
    pub(crate) fn look_up(&self, folded: &str, capitals: bool) -> impl Iterator<Item = Row> + '_ {
        let hash = stable_hash(&[folded]);
        let bucket = (hash >> 48) as usize;
        let slice = &self.index[self.buckets[bucket] as usize..self.buckets[bucket + 1] as usize];
        let from = slice.partition_point(|e| e.hash < hash);
        slice[from..]
            .iter()
            .take_while(move |e| e.hash == hash)
            .filter(move |e| capitals || !e.cased)
            .map(|e| e.row)
    }

    /// Whether a place is one of the towns.
    pub(crate) fn is_town(&self, geonameid: Option<u32>) -> bool {
        geonameid.is_some_and(|id| self.towns.contains(&id))
    }

    pub(crate) fn city_name(&self, city: &City) -> &str {
        &self.city_text[city.name.0 as usize..city.name.1 as usize]
    }

    pub(crate) fn country(&self, code: &str) -> Option<&Country> {
        self.country_of.get(code).map(|&i| &self.countries[i as usize])
    }

    /// Persons that the tables give an office of a state or body, those who held it on `day` first; all holders when the day
    /// is unknown. Candidates only: what the text says counts more.
    pub fn date_offices(&self, office: &str, code: &str, day: Option<Date>) -> Vec<TableHolder<'_>> {
        let mut holders: Vec<TableHolder> = self
            .roles_of
            .get(&(office.to_owned(), code.to_owned()))
            .into_iter()
            .flatten()
            .map(|&i| {
                let role = &self.roles[i as usize];
                TableHolder {
                    person: role.person,
                    id: &self.persons[role.person as usize].id,
                    name: &self.persons[role.person as usize].name,
                    start: &role.start,
                    end: &role.end,
                    in_office: day.is_some_and(|d| role.holds_on(d)),
                }
            })
            .collect();
        holders.sort_by_key(|h| !h.in_office);
        holders
    }
}

impl Role {
    /// Whether the office was held on a day; open ends reach everywhere.
    pub(crate) fn holds_on(&self, day: Date) -> bool {
        let starts = read_date(&self.start).is_none_or(|(first, _)| first <= day);
        let ends =
            read_date(&self.end).is_none_or(|(_, last)| day < last || (self.end.len() < 10 && day <= last));
        starts && ends
    }
}

/// A person whom the tables give an office.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TableHolder<'t> {
    pub(crate) person: u32,
    /// Id in the persons file.
    pub id: &'t str,
    /// Name in the persons file.
    pub name: &'t str,
    /// ISO date or prefix, or empty.
    pub start: &'t str,
    /// ISO date or prefix, exclusive, or empty.
    pub end: &'t str,
    /// Whether in office on the day asked for.
    pub in_office: bool,
}

/// Files of the folder whose name begins with `stem` and ends in `.tsv`, by name.
fn files(dir: &Path, stem: &str) -> Result<Vec<PathBuf>, TableError> {
    let entries =
        std::fs::read_dir(dir).map_err(|source| TableError::Read { path: dir.to_owned(), source })?;
    let mut found: Vec<PathBuf> = entries
        .filter_map(Result::ok)
        .map(|e| e.path())
        .filter(|p| {
            p.file_name().and_then(|n| n.to_str()).is_some_and(|n| n.starts_with(stem) && n.ends_with(".tsv"))
        })
        .collect();
    found.sort();
    Ok(found)
}
