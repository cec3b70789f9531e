//! Tab-separated tables with `#` comments and a header line.

use std::io;
use std::path::{Path, PathBuf};

/// A table of the codebook that cannot be used, with file and line.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TableError {
    /// The file is missing or not readable.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// A row that the format does not allow.
    #[error("{}:{line}: {problem}", path.display())]
    Row {
        /// The file.
        path: PathBuf,
        /// Its line, from 1.
        line: u32,
        /// What is wrong and what would be right.
        problem: String,
    },
}

/// One row: its line and its cells, trimmed.
pub(crate) struct Row<'t> {
    pub line: u32,
    pub cells: Vec<&'t str>,
}

impl<'t> Row<'t> {
    /// The cell of a column, empty when the row is shorter.
    pub fn cell(&self, column: usize) -> &'t str {
        self.cells.get(column).copied().unwrap_or("")
    }
}

/// A file in memory, so that rows can borrow from it.
pub(crate) struct Table {
    pub path: PathBuf,
    text: String,
}

impl Table {
    pub fn read(path: &Path) -> Result<Table, TableError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| TableError::Read { path: path.to_owned(), source })?;
        Ok(Table { path: path.to_owned(), text })
    }

    /// The rows after the header; checks the header's names.
    pub fn rows(&self, header: &[&str]) -> Result<Vec<Row<'_>>, TableError> {
        let mut rows = Vec::new();
        let mut seen_header = false;
        for (i, raw) in self.text.lines().enumerate() {
            let raw = raw.trim_end_matches('\r');
            if raw.trim().is_empty() || raw.starts_with('#') {
                continue;
            }
            let line = i as u32 + 1;
            let cells: Vec<&str> = raw.split('\t').map(str::trim).collect();
            if !seen_header {
                seen_header = true;
                if cells.len() < header.len() || cells[..header.len()] != *header {
                    let wanted = header.join("`, `");
                    return Err(self.error(line, format!("the header must be `{wanted}` with tabs between")));
                }
                continue;
            }
            if cells.len() > header.len() {
                return Err(self.error(
                    line,
                    format!("{} cells, but the header names {} columns", cells.len(), header.len()),
                ));
            }
            rows.push(Row { line, cells });
        }
        Ok(rows)
    }

    pub fn error(&self, line: u32, problem: impl Into<String>) -> TableError {
        TableError::Row { path: self.path.clone(), line, problem: problem.into() }
    }

    /// File name for rule names: `consult.tsv`.
    pub fn name(&self) -> &str {
        self.path.file_name().and_then(|n| n.to_str()).unwrap_or("")
    }
}

/// The closest of `known` to a wrong word, for hints.
pub(crate) fn closest<'k>(word: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    known.map(|k| (distance(word, k), k)).filter(|(d, k)| *d <= 1 + k.len() / 3).min().map(|(_, k)| k)
}

fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, cb) in b.iter().enumerate() {
            let substitute = diagonal + usize::from(ca != *cb);
            diagonal = row[j + 1];
            row[j + 1] = substitute.min(row[j] + 1).min(row[j + 1] + 1);
        }
    }
    row[b.len()]
}
