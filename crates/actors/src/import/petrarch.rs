//! Actor dictionaries of PETRARCH: a name, `+` synonyms, codes in brackets with days.

use super::Entry;
use crate::base::{BaseKind, BaseRole};
use crate::tables::ActorTables;
use polybius_text::Sector;

pub(super) struct Actors<'t> {
    tables: &'t ActorTables,
    entries: Vec<Entry>,
}

impl<'t> Actors<'t> {
    pub fn new(tables: &'t ActorTables) -> Actors<'t> {
        Actors { tables, entries: Vec::new() }
    }

    pub fn line(&mut self, line: &str) -> Result<(), String> {
        let plain = line.split(['#', ';']).next().unwrap_or("").trim_end();
        if plain.trim().is_empty() || plain.starts_with("<!--") || plain.starts_with(['&', '{', '@']) {
            return Ok(());
        }
        let (name, codes) = match plain.split_once('[') {
            Some((name, rest)) => (name, Some(rest)),
            None => (plain, None),
        };
        let name = name.trim().trim_end_matches(['_', '=', '-']).replace('_', " ");
        let name = name.trim();
        if let Some(synonym) = name.strip_prefix('+') {
            let last = self.entries.last_mut().ok_or("a synonym stands before any name")?;
            let synonym = title_case(synonym.trim());
            if synonym.is_empty() {
                return Err("a synonym without letters".to_string());
            }
            last.aliases.push(synonym);
        } else if !name.is_empty() {
            let id = format!("petrarch:{}", name.to_lowercase().replace(' ', "-"));
            self.entries.push(Entry::new(&id, &title_case(name), BaseKind::Organisation));
        } else if self.entries.is_empty() {
            return Err("a code stands before any name".to_string());
        }
        for code in codes.into_iter().flat_map(|c| c.split('[')) {
            let inside = code.split_once(']').ok_or("a bracket does not close")?.0;
            self.code(inside.trim())?;
        }
        Ok(())
    }

    /// `IRQGOV 790716-030409`, `USAELI >010120`, `MYS`.
    fn code(&mut self, text: &str) -> Result<(), String> {
        let (code, days) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        let Some(first) = code.get(..3).filter(|_| code.is_ascii()) else {
            return if code.is_empty() { Ok(()) } else { Err(format!("`{code}` is no code")) };
        };
        let known = self.tables.country(first).is_some() || crate::SPECIAL_CODES.contains(&first);
        let state = if known { first.to_owned() } else { String::new() };
        let from = if known { 3 } else { 0 };
        let sector = (from..code.len()).step_by(3).find_map(|i| code.get(i..i + 3)?.parse::<Sector>().ok());
        let (start, end) = match days.trim() {
            "" => (String::new(), String::new()),
            d if d.starts_with('<') => (String::new(), day(&d[1..])?),
            d if d.starts_with('>') => (day(&d[1..])?, String::new()),
            d => match d.split_once('-') {
                Some((a, b)) => (day(a)?, day(b)?),
                None => (day(d)?, String::new()),
            },
        };
        if !start.is_empty() && !end.is_empty() && end < start {
            return Err(format!("`{text}` ends before it starts"));
        }
        let entity = &mut self.entries.last_mut().expect("checked by the caller").entity;
        if entity.code.is_empty() {
            entity.code = state.clone();
        }
        if !start.is_empty() || !end.is_empty() {
            // Only persons come and go.
            entity.kind = BaseKind::Person;
            entity.roles.push(BaseRole { office: String::new(), code: state, sector, start, end });
        } else {
            entity.sector = entity.sector.or(sector);
        }
        Ok(())
    }

    pub fn finish(mut self) -> Vec<Entry> {
        for e in &mut self.entries {
            e.entity.sector = e.entity.sector.or(super::sector_of(&e.entity.roles));
        }
        self.entries.retain(|e| !e.entity.code.is_empty() || e.entity.sector.is_some());
        self.entries
    }
}

/// `030409` is 2003-04-09, `790716` 1979-07-16, `20030409` as it is.
fn day(text: &str) -> Result<String, String> {
    let digits = text.trim();
    let whole = match digits.len() {
        6 if digits.bytes().all(|b| b.is_ascii_digit()) => {
            let century = if digits[..2] > *"30" { "19" } else { "20" };
            format!("{century}{digits}")
        }
        8 if digits.bytes().all(|b| b.is_ascii_digit()) => digits.to_owned(),
        _ => return Err(format!("`{digits}` is no day")),
    };
    let iso = format!("{}-{}-{}", &whole[..4], &whole[4..6], &whole[6..8]);
    iso.parse::<jiff::civil::Date>().map(|_| iso).map_err(|_| format!("`{digits}` is no day"))
}

/// Dictionaries write capitals: "ABU NIDAL" is "Abu Nidal".
fn title_case(name: &str) -> String {
    if name.chars().any(char::is_lowercase) {
        return name.to_owned();
    }
    name.split(' ')
        .map(|w| {
            let mut letters = w.chars();
            let first = letters.next().map(String::from).unwrap_or_default();
            first + &letters.as_str().to_lowercase()
        })
        .collect::<Vec<_>>()
        .join(" ")
}
