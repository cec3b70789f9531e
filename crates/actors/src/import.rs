//! Entries of other collections, line by line, into a [`BaseBuilder`].
//!
//! A reader takes lines and keeps what can only be told at the end of the file (the label of a position, the holder of an
//! office); [`Import::finish`] then fills the base. A line that cannot be read is an error with its problem; the caller counts
//! them and goes on.

mod geonames;
mod opensanctions;
mod petrarch;
mod wikidata;

use crate::base::{BaseBuilder, BaseEntity, BaseError, BaseKind, BaseRole};
use crate::tables::ActorTables;
use polybius_text::Sector;

/// The kinds of files that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportKind {
    /// Wikidata's JSON dump: one array, one item a line.
    Wikidata,
    /// FollowTheMoney entities, one JSON object a line, as OpenSanctions publishes them.
    FollowTheMoney,
    /// Actor dictionaries of PETRARCH and its kin.
    Petrarch,
    /// GeoNames tables of 19 columns.
    GeoNames,
}

impl ImportKind {
    /// The kind that a line shows; `None` for a line that says nothing (blank, a note, the bracket that opens a dump).
    pub fn of_line(line: &str) -> Option<ImportKind> {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') || line.starts_with("<!--") || line == "[" {
            return None;
        }
        if line.starts_with('{') || line.starts_with("[{") {
            let head: String = line.chars().take(4000).collect();
            return if head.contains("\"schema\"") && head.contains("\"properties\"") {
                Some(ImportKind::FollowTheMoney)
            } else {
                Some(ImportKind::Wikidata)
            };
        }
        let cells = line.split('\t').count();
        let numbered = line.split('\t').next().is_some_and(|c| c.parse::<u32>().is_ok());
        if cells >= 15 && numbered { Some(ImportKind::GeoNames) } else { Some(ImportKind::Petrarch) }
    }

    /// The name shown to a person.
    pub fn as_str(self) -> &'static str {
        match self {
            ImportKind::Wikidata => "Wikidata dump",
            ImportKind::FollowTheMoney => "FollowTheMoney entities",
            ImportKind::Petrarch => "PETRARCH actors",
            ImportKind::GeoNames => "GeoNames table",
        }
    }
}

/// A file being read.
pub struct Import<'t> {
    reader: Reader<'t>,
}

enum Reader<'t> {
    Wikidata(wikidata::Items<'t>),
    FollowTheMoney(opensanctions::Entities<'t>),
    Petrarch(petrarch::Actors<'t>),
    GeoNames(geonames::Places<'t>),
}

impl<'t> Import<'t> {
    /// Begins a file of a kind.
    pub fn new(kind: ImportKind, tables: &'t ActorTables) -> Import<'t> {
        let reader = match kind {
            ImportKind::Wikidata => Reader::Wikidata(wikidata::Items::new(tables)),
            ImportKind::FollowTheMoney => Reader::FollowTheMoney(opensanctions::Entities::new(tables)),
            ImportKind::Petrarch => Reader::Petrarch(petrarch::Actors::new(tables)),
            ImportKind::GeoNames => Reader::GeoNames(geonames::Places::new(tables)),
        };
        Import { reader }
    }

    /// Takes one line.
    ///
    /// # Errors
    /// What is wrong with the line, in words; the line is left out.
    pub fn line(&mut self, line: &str) -> Result<(), String> {
        match &mut self.reader {
            Reader::Wikidata(r) => r.line(line),
            Reader::FollowTheMoney(r) => r.line(line),
            Reader::Petrarch(r) => r.line(line),
            Reader::GeoNames(r) => r.line(line),
        }
    }

    /// Fills the base with what the lines said.
    ///
    /// # Errors
    /// A file that ends before its own end, in words.
    pub fn finish(self, base: &mut BaseBuilder) -> Result<(), String> {
        let entries = match self.reader {
            Reader::Wikidata(r) => r.finish()?,
            Reader::FollowTheMoney(r) => r.finish(),
            Reader::Petrarch(r) => r.finish(),
            Reader::GeoNames(r) => r.finish(),
        };
        let full = |e: BaseError| e.to_string();
        entries.iter().try_for_each(|e| base.add(&e.entity, &e.aliases).map_err(full))
    }
}

/// An entry with its other names.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entry {
    pub entity: BaseEntity,
    pub aliases: Vec<String>,
}

impl Entry {
    pub fn new(id: &str, name: &str, kind: BaseKind) -> Entry {
        Entry {
            entity: BaseEntity {
                id: id.to_owned(),
                name: name.to_owned(),
                kind,
                code: String::new(),
                sector: None,
                roles: Vec::new(),
                weight: 0,
                point: None,
            },
            aliases: Vec::new(),
        }
    }
}

/// "Prime Minister of Iraq", "Iraqi foreign minister": office, code and sector by the shipped wordings and names.
pub(crate) fn read_position(words: &str, tables: &ActorTables) -> Option<BaseRole> {
    let folded = crate::fold::fold(words);
    let role = |office: &crate::tables::Office, code: String| BaseRole {
        office: office.office.clone(),
        code,
        sector: office.sector,
        start: String::new(),
        end: String::new(),
    };
    let country = |name: &str| {
        let name = name.trim().trim_start_matches("the ");
        tables.look_up(name, true).find_map(|r| match r {
            crate::tables::Row::Country(row, _) => Some(tables.countries[row as usize].code.clone()),
            crate::tables::Row::Organisation(row) => Some(tables.organisations[row as usize].code.clone()),
            _ => None,
        })
    };
    if let Some(office) = tables.offices.get(&folded) {
        return Some(role(office, String::new()));
    }
    // The longest wording goes first: "minister of foreign affairs of Chad".
    for (at, _) in folded.match_indices(" of ").collect::<Vec<_>>().into_iter().rev() {
        if let (Some(office), Some(code)) = (tables.offices.get(&folded[..at]), country(&folded[at + 4..])) {
            return Some(role(office, code));
        }
    }
    for (at, _) in folded.match_indices(' ') {
        if let (Some(office), Some(code)) = (tables.offices.get(&folded[at + 1..]), country(&folded[..at])) {
            return Some(role(office, code));
        }
    }
    None
}

/// The sector of the office held last, as far as one is known.
pub(crate) fn sector_of(roles: &[BaseRole]) -> Option<Sector> {
    roles.iter().filter(|r| r.sector.is_some()).max_by(|a, b| a.start.cmp(&b.start)).and_then(|r| r.sector)
}
