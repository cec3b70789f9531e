//! FollowTheMoney entities: persons, bodies, positions and who held them.

use super::{Entry, read_position, sector_of};
use crate::base::{BaseKind, BaseRole};
use crate::tables::ActorTables;
use polybius_text::Sector;
use rustc_hash::FxHashMap;
use serde::Deserialize;

#[derive(Deserialize)]
struct Entity {
    id: String,
    schema: String,
    #[serde(default)]
    caption: String,
    #[serde(default)]
    properties: FxHashMap<String, Vec<serde_json::Value>>,
}

impl Entity {
    fn texts(&self, property: &str) -> impl Iterator<Item = &str> {
        self.properties.get(property).into_iter().flatten().filter_map(|v| v.as_str())
    }

    fn first(&self, property: &str) -> &str {
        self.texts(property).next().unwrap_or("")
    }
}

struct Occupancy {
    holder: String,
    post: String,
    start: String,
    end: String,
}

pub(super) struct Entities<'t> {
    tables: &'t ActorTables,
    entries: Vec<Entry>,
    of_id: FxHashMap<String, usize>,
    posts: FxHashMap<String, BaseRole>,
    occupancies: Vec<Occupancy>,
}

impl<'t> Entities<'t> {
    pub fn new(tables: &'t ActorTables) -> Entities<'t> {
        Entities {
            tables,
            entries: Vec::new(),
            of_id: FxHashMap::default(),
            posts: FxHashMap::default(),
            occupancies: Vec::new(),
        }
    }

    fn code(&self, e: &Entity) -> String {
        let countries = ["country", "nationality", "jurisdiction", "citizenship", "mainCountry"];
        let mut codes = countries.iter().flat_map(|p| e.texts(p)).filter_map(|c| self.tables.iso3(c));
        codes.next().unwrap_or_default().to_owned()
    }

    pub fn line(&mut self, line: &str) -> Result<(), String> {
        if line.trim().is_empty() {
            return Ok(());
        }
        let e: Entity = serde_json::from_str(line).map_err(|e| e.to_string())?;
        let kind = match e.schema.as_str() {
            "Person" => BaseKind::Person,
            "Organization" | "Company" | "PublicBody" | "LegalEntity" => BaseKind::Organisation,
            "Position" => {
                let mut role = read_position(e.first("name"), self.tables).unwrap_or_default();
                if role.code.is_empty() {
                    role.code = self.code(&e);
                }
                self.posts.insert(e.id, role);
                return Ok(());
            }
            "Occupancy" => {
                let (start, end) = (e.first("startDate").to_owned(), e.first("endDate").to_owned());
                if !start.is_empty() && !end.is_empty() && end < start {
                    return Err(format!("{}: endDate {end} is before startDate {start}", e.id));
                }
                self.occupancies.push(Occupancy {
                    holder: e.first("holder").to_owned(),
                    post: e.first("post").to_owned(),
                    start,
                    end,
                });
                return Ok(());
            }
            _ => return Ok(()),
        };
        let name = if e.caption.is_empty() { e.first("name") } else { &e.caption };
        if name.is_empty() {
            return Err(format!("{}: no name", e.id));
        }
        if self.of_id.contains_key(&e.id) {
            return Err(format!("{}: the id stands twice", e.id));
        }
        let id = e.texts("wikidataId").next().unwrap_or(&e.id);
        let mut entry = Entry::new(id, name, kind);
        entry.entity.code = self.code(&e);
        entry.aliases =
            ["name", "alias", "weakAlias"].iter().flat_map(|p| e.texts(p)).map(str::to_owned).collect();
        entry.aliases.sort();
        entry.aliases.dedup();
        entry.entity.roles = e.texts("position").filter_map(|p| read_position(p, self.tables)).collect();
        entry.entity.sector = match e.schema.as_str() {
            "PublicBody" => Some(Sector::Government),
            "Company" => Some(Sector::Business),
            _ => e.texts("topics").find_map(topic),
        };
        self.of_id.insert(e.id.clone(), self.entries.len());
        self.entries.push(entry);
        Ok(())
    }

    pub fn finish(mut self) -> Vec<Entry> {
        for o in &self.occupancies {
            if let (Some(&holder), Some(post)) = (self.of_id.get(&o.holder), self.posts.get(&o.post)) {
                let role = BaseRole { start: o.start.clone(), end: o.end.clone(), ..post.clone() };
                self.entries[holder].entity.roles.push(role);
            }
        }
        for e in &mut self.entries {
            let fallback = if e.entity.kind == BaseKind::Person { sector_of(&e.entity.roles) } else { None };
            e.entity.sector = fallback.or(e.entity.sector);
            for r in e.entity.roles.iter_mut().filter(|r| r.code.is_empty()) {
                r.code = e.entity.code.clone();
            }
        }
        self.entries
    }
}

/// OpenSanctions' topics as sectors, as far as they say one.
fn topic(topic: &str) -> Option<Sector> {
    match topic {
        "gov" | "gov.national" | "gov.state" | "gov.head" | "gov.executive" => Some(Sector::Government),
        "gov.legislative" => Some(Sector::Legislature),
        "gov.judicial" | "role.judge" => Some(Sector::Judiciary),
        "pol.party" => Some(Sector::Party),
        "mil" => Some(Sector::Military),
        "crime.terror" => Some(Sector::Terrorist),
        "crime" => Some(Sector::Criminal),
        "role.journo" => Some(Sector::Journalist),
        _ => None,
    }
}
