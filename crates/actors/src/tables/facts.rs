//! Small tables beside the large ones: two-letter codes, Wikidata items, points of countries, offices with several holders; and
//! what can only be checked once all rows are there.

use super::{ActorTables, Table, TableError, read_date};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;
use std::path::Path;

/// What the small tables say.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    iso3: FxHashMap<String, String>,
    /// Row to item: `country:FRA` to `Q142`.
    wikidata: FxHashMap<String, String>,
    country_of_item: FxHashMap<String, String>,
    class_of_item: FxHashMap<String, String>,
    points: FxHashMap<String, (f64, f64)>,
}

/// Offices that one person of a state holds at a time.
const SINGLE: [&str; 3] = ["head-of-state", "head-of-government", "foreign-minister"];
/// Days for which two may overlap: sources disagree on a handing over by as much.
const OVERLAP_DAYS: i32 = 31;

impl Facts {
    pub fn load(dir: &Path, tables: &ActorTables) -> Result<Facts, TableError> {
        let mut f = Facts::default();
        let actors = dir.join("actors");
        let table = Table::read(actors.join("iso2.tsv"))?;
        table.rows(&["iso2", "code"], |line, c| {
            if !tables.known_code(c[1]) || c[1].is_empty() {
                return Err(table.error(line, format!("unknown code `{}`", c[1])));
            }
            match f.iso3.insert(c[0].to_lowercase(), c[1].to_owned()) {
                Some(_) => Err(table.error(line, format!("`{}` stands twice", c[0]))),
                None => Ok(()),
            }
        })?;
        let table = Table::read(dir.join("places/points.tsv"))?;
        table.rows(&["code", "lat", "lon"], |line, c| {
            let degrees = |cell: &str, limit: f64| {
                let point = cell.parse::<f64>().ok().filter(|d| d.abs() <= limit);
                point.ok_or_else(|| table.error(line, format!("`{cell}` is no coordinate")))
            };
            if !tables.country_of.contains_key(c[0]) {
                return Err(table.error(line, format!("unknown code `{}`", c[0])));
            }
            match f.points.insert(c[0].to_owned(), (degrees(c[1], 90.0)?, degrees(c[2], 180.0)?)) {
                Some(_) => Err(table.error(line, format!("`{}` stands twice", c[0]))),
                None => Ok(()),
            }
        })?;
        let table = Table::read(actors.join("wikidata_classes.tsv"))?;
        table.rows(&["item", "class"], |line, c| {
            let known = matches!(c[1], "human" | "position" | "place")
                || c[1].parse::<polybius_text::Sector>().is_ok();
            if !known {
                return Err(table.error(line, format!("unknown class `{}`", c[1])));
            }
            f.class_of_item.insert(c[0].to_owned(), c[1].to_owned());
            Ok(())
        })?;
        f.load_wikidata(Table::read(actors.join("wikidata.tsv"))?, tables)?;
        Ok(f)
    }

    fn load_wikidata(&mut self, table: Table, tables: &ActorTables) -> Result<(), TableError> {
        let mut rows: FxHashSet<String> = FxHashSet::default();
        rows.extend(tables.countries.iter().map(|c| format!("country:{}", c.code)));
        rows.extend(tables.organisations.iter().map(|o| format!("org:{}", o.id)));
        rows.extend(tables.persons.iter().map(|p| format!("person:{}", p.id)));
        rows.extend(tables.cities.iter().map(|c| format!("city:{}", c.geonameid)));
        let mut items = FxHashSet::default();
        table.rows(&["row", "wikidata_id"], |line, c| {
            if !rows.contains(c[0]) {
                return Err(table.error(line, format!("no table has a row `{}`", c[0])));
            }
            let number =
                c[1].strip_prefix('Q').filter(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
            if number.is_none() {
                return Err(table.error(line, format!("`{}` is no Wikidata item", c[1])));
            }
            if !items.insert(c[1].to_owned()) {
                return Err(table.error(line, format!("item `{}` stands twice", c[1])));
            }
            if let Some(code) = c[0].strip_prefix("country:") {
                self.country_of_item.insert(c[1].to_owned(), code.to_owned());
            }
            match self.wikidata.insert(c[0].to_owned(), c[1].to_owned()) {
                Some(_) => Err(table.error(line, format!("row `{}` stands twice", c[0]))),
                None => Ok(()),
            }
        })
    }
}

impl ActorTables {
    /// The code of a two-letter code, in either case; a three-letter code is its own.
    pub(crate) fn iso3<'t>(&'t self, code: &'t str) -> Option<&'t str> {
        let found = self.facts.iso3.get(&code.to_lowercase()).map(String::as_str);
        found.or_else(|| (code.len() == 3 && self.country_of.contains_key(code)).then_some(code))
    }

    /// The Wikidata item of a table row: `country:FRA`, `org:…`, `person:…`, `city:<geonameid>`.
    pub fn wikidata_of(&self, row: &str) -> Option<&str> {
        self.facts.wikidata.get(row).map(String::as_str)
    }

    pub(crate) fn country_of_wikidata(&self, item: &str) -> Option<&str> {
        self.facts.country_of_item.get(item).map(String::as_str)
    }

    pub(crate) fn wikidata_class(&self, item: &str) -> Option<&str> {
        self.facts.class_of_item.get(item).map(String::as_str)
    }

    /// The point in the middle of a country, else that of its largest city.
    pub(crate) fn centre(&self, country: u32) -> Option<(f64, f64)> {
        let code = &self.countries[country as usize].code;
        self.facts.points.get(code).copied().or_else(|| {
            let city = self.cities.get(self.largest[country as usize]? as usize)?;
            Some((city.lat, city.lon))
        })
    }

    /// Refuses two persons in one office that has one holder, unless `shared_offices.tsv` says why.
    pub(super) fn check_holders(&self, dir: &Path, places: &[RowOfRole]) -> Result<(), TableError> {
        let table = Table::read(dir.join("actors/shared_offices.tsv"))?;
        let mut shared: Vec<(String, String, String, String)> = Vec::new();
        table.rows(&["office", "code", "from", "to"], |line, c| {
            for day in [c[2], c[3]] {
                if !day.is_empty() && read_date(day).is_none() {
                    return Err(
                        table.error(line, format!("`{day}` is no date (YYYY, YYYY-MM or YYYY-MM-DD)"))
                    );
                }
            }
            shared.push((c[0].to_owned(), c[1].to_owned(), c[2].to_owned(), c[3].to_owned()));
            Ok(())
        })?;
        let mut by_office: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
        for (i, r) in self.roles.iter().enumerate() {
            if SINGLE.contains(&r.office.as_str()) && r.start.len() == 10 && matches!(r.end.len(), 0 | 10) {
                by_office.entry((&r.office, &r.code)).or_default().push(i);
            }
        }
        for ((office, code), mut rows) in by_office {
            rows.sort_by_key(|&i| (&self.roles[i].start, i));
            for pair in rows.windows(2) {
                let (a, b) = (&self.roles[pair[0]], &self.roles[pair[1]]);
                let told = shared.iter().any(|(o, c, from, to)| {
                    o == office && c == code && *from <= b.start && (to.is_empty() || b.start < *to)
                });
                let (Some((_, end)), Some((start, _))) = (read_date(&a.end), read_date(&b.start)) else {
                    // Two that are both still in office.
                    if a.end.is_empty() && a.person != b.person && !told {
                        return Err(self.two_holders(
                            &places[pair[1]],
                            a,
                            office,
                            code,
                            "is still in office",
                        ));
                    }
                    continue;
                };
                let days = start.until(end).map_or(0, |span| span.get_days());
                if a.person != b.person && days > OVERLAP_DAYS && !told {
                    let until = format!("holds it until {}", a.end);
                    return Err(self.two_holders(&places[pair[1]], a, office, code, &until));
                }
            }
        }
        Ok(())
    }

    fn two_holders(
        &self,
        at: &RowOfRole,
        a: &super::Role,
        office: &str,
        code: &str,
        until: &str,
    ) -> TableError {
        let problem = format!(
            "two holders of {office} {code}: `{}` {until}; a row of shared_offices.tsv allows it",
            self.persons[a.person as usize].id
        );
        TableError::Row { path: at.path.clone(), line: at.line, problem }
    }
}

/// Where a role was read.
#[derive(Debug, Clone)]
pub(super) struct RowOfRole {
    pub path: std::path::PathBuf,
    pub line: u32,
}
