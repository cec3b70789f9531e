//! GeoNames: inhabited places and divisions.

use super::Entry;
use crate::base::BaseKind;
use crate::tables::ActorTables;

pub(super) struct Places<'t> {
    tables: &'t ActorTables,
    entries: Vec<Entry>,
}

impl<'t> Places<'t> {
    pub fn new(tables: &'t ActorTables) -> Places<'t> {
        Places { tables, entries: Vec::new() }
    }

    pub fn line(&mut self, line: &str) -> Result<(), String> {
        if line.trim().is_empty() || line.starts_with('#') {
            return Ok(());
        }
        let cells: Vec<&str> = line.split('\t').collect();
        if cells.len() < 15 {
            return Err(format!("{} columns where GeoNames has 19", cells.len()));
        }
        if !matches!(cells[6], "P" | "A" | "T" | "H" | "L" | "S") {
            return Ok(());
        }
        let number = |i: usize, what: &str| {
            cells[i].parse::<f64>().map_err(|_| format!("{what} `{}` is no number", cells[i]))
        };
        let (lat, lon) = (number(4, "latitude")?, number(5, "longitude")?);
        if !(-90.0..=90.0).contains(&lat) || !(-180.0..=180.0).contains(&lon) {
            return Err(format!("{lat}, {lon} is no point on earth"));
        }
        cells[0].parse::<u32>().map_err(|_| format!("id `{}` is no number", cells[0]))?;
        let mut entry = Entry::new(cells[0], cells[1], BaseKind::Place);
        entry.entity.point = Some((lat, lon));
        entry.entity.code = self.tables.iso3(cells[8]).unwrap_or_default().to_owned();
        entry.entity.weight = cells[14].parse::<u64>().unwrap_or(0).min(u64::from(u32::MAX)) as u32;
        let others = cells[3].split(',').chain([cells[2]]).map(str::trim);
        entry.aliases = others.filter(|n| !n.is_empty() && *n != cells[1]).map(str::to_owned).collect();
        entry.aliases.sort();
        entry.aliases.dedup();
        self.entries.push(entry);
        Ok(())
    }

    pub fn finish(self) -> Vec<Entry> {
        self.entries
    }
}
