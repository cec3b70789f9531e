//! `polybius data check`: every table through its own loader, and all rows that it refuses.
//!
//! A loader stops at the first bad row. So that all are found, the row is made a comment in a copy of the tables, and the
//! loader is asked again.

use crate::args::EngineArgs;
use crate::days;
use crate::failure::Failure;
use crate::resources::data_folder;
use crate::table::{Column, Table};
use crate::term::{Style, Terminal, Text};
use polybius_actors::ActorTables;
use polybius_events::Codebook;
use polybius_events::quotes::QuoteKnowledge;
use polybius_events::times::TimeKnowledge;
use polybius_ingest::IngestKnowledge;
use polybius_parse::Reader;
use polybius_text::EventType;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// More bad rows than this of one loader are not looked for.
const MOST: usize = 500;

/// Lists all bad rows; `true` when there is none.
pub fn check(engine: &EngineArgs) -> Result<bool, Failure> {
    let data = data_folder(engine)?;
    let work = Workplace::of(&data);
    let mut problems = Vec::new();
    macro_rules! group {
        ($name:literal, $error:path, $load:expr) => {
            work.group(
                &data,
                $name,
                |dir| {
                    $load(dir).map(|_| ()).map_err(|e| match e {
                        $error { path, line, problem } => Refused::Row { path, line, problem },
                        other => Refused::Other(words(&other)),
                    })
                },
                &mut problems,
            )
        };
    }
    group!("ingest", polybius_ingest::TableError::Row, |d: &Path| IngestKnowledge::load(&d.join("ingest")));
    group!("actors and places", polybius_actors::TableError::Row, ActorTables::load);
    group!("codebook", polybius_events::TableError::Row, |d: &Path| Codebook::load(&d.join("codebook")));
    group!("times", polybius_events::TableError::Row, TimeKnowledge::load);
    group!("quotes", polybius_events::TableError::Row, QuoteKnowledge::load);
    story_tables(&data.join("stories"), &mut problems);
    let models = models(&data.join("model"), &mut problems);

    let terminal = Terminal::of_stdout();
    let mut lines = Vec::new();
    for p in &problems {
        lines.extend(Text::plain(p).hanging(&Text::styled(Style::Bad, "- "), terminal.width));
    }
    lines.extend(counts(&data, models).lines(terminal.width));
    lines.push(match problems.len() {
        0 => Text::styled(Style::Good, "every row can be used"),
        n => Text::styled(Style::Bad, &days::count(n, "problem", "problems")),
    });
    terminal.print(&lines).map_err(|e| Failure::caused("cannot write to standard output", &e))?;
    Ok(problems.is_empty())
}

/// Why a loader refused.
enum Refused {
    Row { path: PathBuf, line: u32, problem: String },
    Other(String),
}

/// A message with its causes.
fn words(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(&format!(": {cause}"));
        next = cause.source();
    }
    text
}

/// Where the copy of the tables lies; removed at the end.
struct Workplace {
    copy: PathBuf,
}

impl Workplace {
    fn of(data: &Path) -> Workplace {
        let tag = polybius_text::stable_hash(&[&data.to_string_lossy()]);
        Workplace {
            copy: std::env::temp_dir().join(format!("polybius-data-{tag:016x}-{}", std::process::id())),
        }
    }

    /// Asks one loader until it has nothing more to say.
    fn group(
        &self,
        data: &Path,
        name: &str,
        load: impl Fn(&Path) -> Result<(), Refused>,
        problems: &mut Vec<String>,
    ) {
        let mut dir = data.to_path_buf();
        let mut before: Option<(PathBuf, u32)> = None;
        for found in 0.. {
            let (path, line, problem) = match load(&dir) {
                Ok(()) => return,
                Err(Refused::Other(problem)) => return problems.push(format!("{name}: {problem}")),
                Err(Refused::Row { path, line, problem }) => (path, line, problem),
            };
            let inner = path.strip_prefix(&dir).unwrap_or(&path).to_path_buf();
            problems.push(format!("{}:{line}: {problem}", data.join(&inner).display()));
            if found >= MOST || before.as_ref() == Some(&(inner.clone(), line)) {
                return problems.push(format!("{name}: the rows behind were not checked"));
            }
            if dir != self.copy {
                if let Err(e) = copy_tables(data, &self.copy) {
                    return problems.push(format!("{name}: cannot copy the tables to look further: {e}"));
                }
                dir.clone_from(&self.copy);
            }
            match blank(&self.copy.join(&inner), line) {
                Ok(true) => {}
                // Without its header a table says nothing.
                Ok(false) => return problems.push(format!("{name}: the rows behind were not checked")),
                Err(e) => return problems.push(format!("{name}: cannot look further: {e}")),
            }
            before = Some((inner, line));
        }
    }
}

impl Drop for Workplace {
    fn drop(&mut self) {
        if self.copy.exists() {
            let _ = fs::remove_dir_all(&self.copy);
        }
    }
}

fn is_table(path: &Path) -> bool {
    path.extension().is_some_and(|e| e == "tsv" || e == "txt")
}

fn copy_tables(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let Some(name) = path.file_name() else { continue };
        if path.is_dir() {
            copy_tables(&path, &to.join(name))?;
        } else if is_table(&path) {
            fs::copy(&path, to.join(name))?;
        }
    }
    Ok(())
}

/// Makes a row a comment, so that the numbers of the other lines stay; `false` when it is the header.
fn blank(path: &Path, line: u32) -> io::Result<bool> {
    let text = fs::read_to_string(path)?;
    let header = text.lines().position(|l| !l.trim().is_empty() && !l.starts_with('#'));
    let at = (line as usize).saturating_sub(1);
    if header == Some(at) {
        return Ok(false);
    }
    let rows: Vec<&str> = text.lines().enumerate().map(|(i, l)| if i == at { "#" } else { l }).collect();
    fs::write(path, rows.join("\n") + "\n")?;
    Ok(true)
}

/// The tables of the comparison are part of the program, which reads them without a loader that could refuse: cells and
/// kinds of values are checked here.
fn story_tables(dir: &Path, problems: &mut Vec<String>) {
    type Cell = fn(&str) -> bool;
    let is_type: Cell = |c| c.parse::<EventType>().is_ok();
    let is_share: Cell = |c| c.parse::<f32>().is_ok_and(|n| (0.0..=1.0).contains(&n));
    let is_answer: Cell = |c| matches!(c, "yes" | "no");
    let is_word: Cell = |c| !c.is_empty();
    let tables: [(&str, &[Cell]); 5] = [
        ("cues.tsv", &[is_word, is_word]),
        ("compatible.tsv", &[is_type, is_type, is_share]),
        ("kinds.tsv", &[is_type, is_share, is_answer]),
        ("newsworthy.tsv", &[is_word, is_share]),
        ("weapons.tsv", &[is_word, is_word]),
    ];
    for (file, cells) in tables {
        let path = dir.join(file);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(e) => {
                problems.push(format!("{}: {e}", path.display()));
                continue;
            }
        };
        let rows = text.lines().enumerate().filter(|(_, l)| !l.starts_with('#') && !l.trim().is_empty());
        for (n, row) in rows.skip(1) {
            let row: Vec<&str> = row.split('\t').collect();
            let at = format!("{}:{}", path.display(), n + 1);
            if row.len() != cells.len() {
                problems.push(format!("{at}: {} cells, but {} are needed", row.len(), cells.len()));
                continue;
            }
            for (cell, _) in row.iter().zip(cells).filter(|(cell, good)| !good(cell)) {
                problems.push(format!("{at}: `{cell}` does not belong in its column"));
            }
        }
    }
}

/// Opens every model; returns how many there are.
fn models(dir: &Path, problems: &mut Vec<String>) -> usize {
    let mut n = 0;
    for path in files_of(dir).into_iter().filter(|p| p.extension().is_some_and(|e| e == "safetensors")) {
        n += 1;
        if let Err(e) = Reader::open(&path) {
            problems.push(format!("{}: {}", path.display(), words(&e)));
        }
    }
    if n == 0 {
        problems.push(format!("{}: no model", dir.display()));
    }
    n
}

fn files_of(dir: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![dir.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    files
}

/// Tables and rows by folder.
fn counts(data: &Path, models: usize) -> Table {
    let mut table =
        Table::new(vec![Column::new("folder"), Column::new("tables").right(), Column::new("rows").right()]);
    let mut folders: Vec<PathBuf> =
        fs::read_dir(data).into_iter().flatten().flatten().map(|e| e.path()).filter(|p| p.is_dir()).collect();
    folders.sort();
    for folder in folders {
        // What builds tables is none.
        let files: Vec<PathBuf> = files_of(&folder)
            .into_iter()
            .filter(|p| is_table(p) && !p.components().any(|c| c.as_os_str() == "build"))
            .collect();
        if files.is_empty() {
            continue;
        }
        let rows: usize = files
            .iter()
            .map(|f| {
                let text = fs::read_to_string(f).unwrap_or_default();
                let rows = text.lines().filter(|l| !l.starts_with('#') && !l.trim().is_empty()).count();
                rows.saturating_sub(usize::from(f.extension().is_some_and(|e| e == "tsv")))
            })
            .sum();
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        table.row(vec![
            Text::styled(Style::Key, &name),
            Text::plain(&files.len().to_string()),
            Text::plain(&rows.to_string()),
        ]);
    }
    table.row(vec![Text::styled(Style::Key, "model"), Text::plain(&models.to_string()), Text::new()]);
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_bad_rows_are_found_and_the_data_folder_stays_as_it_is() {
        let root = tempfile::tempdir().unwrap();
        let file = root.path().join("t.tsv");
        let text = "# t\nword\tn\na\t1\nb\tx\nc\t2\nd\ty\n";
        fs::write(&file, text).unwrap();
        let load = |dir: &Path| {
            let path = dir.join("t.tsv");
            let text = fs::read_to_string(&path).unwrap();
            for (n, row) in text.lines().enumerate().filter(|(_, l)| !l.starts_with('#')).skip(1) {
                let cell = row.split('\t').nth(1).unwrap();
                if cell.parse::<u32>().is_err() {
                    return Err(Refused::Row { path, line: n as u32 + 1, problem: format!("`{cell}`") });
                }
            }
            Ok(())
        };
        let mut problems = Vec::new();
        Workplace::of(root.path()).group(root.path(), "t", load, &mut problems);
        assert_eq!(problems.len(), 2);
        assert!(
            problems[0].ends_with("t.tsv:4: `x`") && problems[1].ends_with("t.tsv:6: `y`"),
            "{problems:?}"
        );
        assert_eq!(fs::read_to_string(&file).unwrap(), text);
    }
}
