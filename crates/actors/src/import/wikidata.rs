//! Items of Wikidata's JSON dump: persons with citizenship and positions, bodies and places of known classes.

use super::{Entry, read_position, sector_of};
use crate::base::{BaseKind, BaseRole};
use crate::tables::ActorTables;
use polybius_text::Sector;
use rustc_hash::FxHashMap;
use serde::Deserialize;
use serde::de::IgnoredAny;

#[derive(Deserialize)]
struct Item {
    id: String,
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(default)]
    labels: Languages<Term>,
    #[serde(default)]
    aliases: Languages<Vec<Term>>,
    #[serde(default)]
    claims: Claims,
    #[serde(default)]
    sitelinks: Sitelinks,
}

/// Of all languages those whose spellings stand in translated news; an empty object is written `[]`.
#[derive(Deserialize)]
#[serde(from = "MapOrList<T>")]
struct Languages<T>(FxHashMap<String, T>);

#[derive(Deserialize)]
#[serde(untagged)]
enum MapOrList<T> {
    Map(FxHashMap<String, T>),
    #[expect(dead_code, reason = "only its shape tells it from a map")]
    List(Vec<IgnoredAny>),
}

impl<T> From<MapOrList<T>> for Languages<T> {
    fn from(read: MapOrList<T>) -> Languages<T> {
        match read {
            MapOrList::Map(map) => Languages(map),
            MapOrList::List(_) => Languages::default(),
        }
    }
}

impl<T> Default for Languages<T> {
    fn default() -> Languages<T> {
        Languages(FxHashMap::default())
    }
}

type Sitelinks = Languages<IgnoredAny>;
type Claims = Languages<Vec<Claim>>;

#[derive(Deserialize)]
struct Term {
    value: String,
}

#[derive(Deserialize)]
struct Claim {
    mainsnak: Snak,
    #[serde(default)]
    rank: String,
    #[serde(default)]
    qualifiers: Languages<Vec<Snak>>,
}

#[derive(Deserialize)]
struct Snak {
    #[serde(default)]
    datavalue: Option<DataValue>,
}

#[derive(Deserialize)]
struct DataValue {
    #[serde(default)]
    value: serde_json::Value,
}

impl Snak {
    fn item(&self) -> Option<&str> {
        self.datavalue.as_ref()?.value.get("id")?.as_str()
    }

    /// `+2018-04-02T00:00:00Z` with its precision as an ISO date or prefix.
    fn day(&self) -> Option<String> {
        let value = &self.datavalue.as_ref()?.value;
        let time = value.get("time")?.as_str()?.strip_prefix('+')?;
        let len = match value.get("precision").and_then(|p| p.as_u64()) {
            Some(11..) => 10,
            Some(10) => 7,
            Some(9) => 4,
            _ => return None,
        };
        time.get(..len).map(str::to_owned)
    }

    fn point(&self) -> Option<(f64, f64)> {
        let value = &self.datavalue.as_ref()?.value;
        Some((value.get("latitude")?.as_f64()?, value.get("longitude")?.as_f64()?))
    }
}

/// A position that is told by its label at the end of the dump.
struct Held {
    entry: usize,
    position: String,
    start: String,
    end: String,
}

pub(super) struct Items<'t> {
    tables: &'t ActorTables,
    entries: Vec<Entry>,
    held: Vec<Held>,
    positions: FxHashMap<String, BaseRole>,
    opened: bool,
    closed: bool,
}

/// Languages whose labels and aliases are kept.
const LANGUAGES: [&str; 14] =
    ["en", "mul", "de", "fr", "es", "pt", "it", "tr", "pl", "ru", "uk", "ar", "fa", "zh"];

impl<'t> Items<'t> {
    pub fn new(tables: &'t ActorTables) -> Items<'t> {
        Items {
            tables,
            entries: Vec::new(),
            held: Vec::new(),
            positions: FxHashMap::default(),
            opened: false,
            closed: false,
        }
    }

    pub fn line(&mut self, line: &str) -> Result<(), String> {
        let mut text = line.trim();
        if self.closed && !text.is_empty() {
            return Err("text behind the bracket that closes the dump".to_string());
        }
        if let Some(rest) = text.strip_prefix('[') {
            self.opened = true;
            text = rest.trim();
        }
        if let Some(rest) = text.strip_suffix(']').filter(|r| r.is_empty() || r.ends_with('}')) {
            self.closed = true;
            text = rest;
        }
        let text = text.trim_end_matches(',').trim();
        if text.is_empty() {
            return Ok(());
        }
        let item: Item = serde_json::from_str(text).map_err(|e| e.to_string())?;
        if item.kind == "item" || item.kind.is_empty() {
            self.item(&item);
        }
        Ok(())
    }

    fn item(&mut self, item: &Item) {
        let Some(label) = LANGUAGES.iter().find_map(|l| item.labels.0.get(*l)) else { return };
        let classes: Vec<&str> = ["P31", "P279"].iter().flat_map(|p| values(item, p)).collect();
        if !values(item, "P1001").is_empty()
            || classes.iter().any(|c| self.tables.wikidata_class(c) == Some("position"))
        {
            let mut role = read_position(&label.value, self.tables).unwrap_or_default();
            if role.code.is_empty() {
                role.code = self.code(item, &["P1001", "P17"]);
            }
            if !role.office.is_empty() || !role.code.is_empty() {
                self.positions.insert(item.id.clone(), role);
            }
            return;
        }
        let class = classes.iter().find_map(|c| self.tables.wikidata_class(c));
        let Some(class) = class else { return };
        let kind = match class {
            "human" => BaseKind::Person,
            "place" => BaseKind::Place,
            _ => BaseKind::Organisation,
        };
        let mut entry = Entry::new(&item.id, &label.value, kind);
        entry.entity.code =
            self.code(item, if kind == BaseKind::Person { &["P27"] } else { &["P17", "P495"] });
        entry.entity.sector = class.parse::<Sector>().ok();
        entry.entity.weight = item.sitelinks.0.len() as u32;
        entry.entity.point =
            claims(item, "P625").find_map(|c| c.mainsnak.point()).filter(|_| kind == BaseKind::Place);
        entry.aliases = LANGUAGES
            .iter()
            .flat_map(|l| {
                let label = item.labels.0.get(*l).map(|t| &t.value);
                label.into_iter().chain(item.aliases.0.get(*l).into_iter().flatten().map(|t| &t.value))
            })
            .filter(|n| **n != label.value)
            .cloned()
            .collect();
        entry.aliases.sort();
        entry.aliases.dedup();
        if kind == BaseKind::Person {
            for claim in claims(item, "P39") {
                if let Some(position) = claim.mainsnak.item() {
                    let day = |p: &str| {
                        claim
                            .qualifiers
                            .0
                            .get(p)
                            .and_then(|q| q.iter().find_map(Snak::day))
                            .unwrap_or_default()
                    };
                    self.held.push(Held {
                        entry: self.entries.len(),
                        position: position.to_owned(),
                        start: day("P580"),
                        end: day("P582"),
                    });
                }
            }
            let occupation = values(item, "P106").into_iter().find_map(|c| self.tables.wikidata_class(c));
            entry.entity.sector = occupation.and_then(|c| c.parse::<Sector>().ok());
        }
        self.entries.push(entry);
    }

    /// The state of the first of the properties that names one whose row the tables have; the last named is the latest.
    fn code(&self, item: &Item, properties: &[&str]) -> String {
        let states = properties.iter().flat_map(|p| values(item, p).into_iter().rev());
        states.filter_map(|q| self.tables.country_of_wikidata(q)).next().unwrap_or_default().to_owned()
    }

    pub fn finish(mut self) -> Result<Vec<Entry>, String> {
        if self.opened && !self.closed {
            return Err("the dump breaks off: its closing bracket is missing".to_string());
        }
        for h in &self.held {
            if let Some(position) = self.positions.get(&h.position) {
                let role = BaseRole { start: h.start.clone(), end: h.end.clone(), ..position.clone() };
                self.entries[h.entry].entity.roles.push(role);
            }
        }
        for e in self.entries.iter_mut().filter(|e| e.entity.kind == BaseKind::Person) {
            // An end before its start is a slip of the collection.
            e.entity.roles.retain(|r| r.start.is_empty() || r.end.is_empty() || r.start <= r.end);
            e.entity.sector = sector_of(&e.entity.roles).or(e.entity.sector);
        }
        Ok(self.entries)
    }
}

fn claims<'i>(item: &'i Item, property: &str) -> impl Iterator<Item = &'i Claim> {
    item.claims.0.get(property).into_iter().flatten().filter(|c| c.rank != "deprecated")
}

fn values<'i>(item: &'i Item, property: &str) -> Vec<&'i str> {
    claims(item, property).filter_map(|c| c.mainsnak.item()).collect()
}
