//! Rows of the data tables as they stand in their files, to be shown: the loaders of the crates check and compile them.

use std::io;
use std::path::Path;

/// A table as text: names of columns, and rows with their line from 1.
#[derive(Debug, Clone)]
pub struct Rows {
    /// Names of the columns.
    pub header: Vec<String>,
    /// Line from 1, and cells.
    pub rows: Vec<(usize, Vec<String>)>,
}

impl Rows {
    /// Reads a table of tab-separated columns with `#` comments and a header.
    pub fn read(path: &Path) -> io::Result<Rows> {
        let text = std::fs::read_to_string(path)?;
        let cells = |l: &str| l.split('\t').map(|c| c.trim().to_string()).collect::<Vec<_>>();
        let mut lines = text
            .lines()
            .enumerate()
            .filter(|(_, l)| !l.starts_with('#') && !l.trim().is_empty())
            .map(|(i, l)| (i + 1, cells(l)));
        let header = lines.next().map(|(_, h)| h).unwrap_or_default();
        Ok(Rows { header, rows: lines.collect() })
    }

    /// The cell of a named column; empty when the row is shorter or the table has no such column.
    pub fn cell<'r>(&self, row: &'r [String], column: &str) -> &'r str {
        self.header.iter().position(|h| h == column).and_then(|at| row.get(at)).map_or("", String::as_str)
    }
}

/// The cell of a column in the first row that begins with the keys.
pub fn cell(path: &Path, keys: &[&str], column: &str) -> Option<String> {
    let table = Rows::read(path).ok()?;
    let (_, row) = table
        .rows
        .iter()
        .find(|(_, row)| row.iter().map(String::as_str).take(keys.len()).eq(keys.iter().copied()))?;
    Some(table.cell(row, column).to_string()).filter(|c| !c.is_empty())
}
