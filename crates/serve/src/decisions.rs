//! Who is who, as a person decided: the lines of `actors.txt` in the store.

use crate::files;
use crate::problem::{Kind, Problem};
use polybius_actors::Decisions;
use polybius_store::fold_name;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// The file of decisions in a store.
pub const FILE: &str = "actors.txt";

const HEADER: &str = "\
# Who is who: decisions of a person, applied whenever the store is compared.
# merge NAME = NAME        both names are one actor
# split NAME / NAME        the names are two actors
# split NAME @ DOCUMENT    in that document the name means somebody else (part of its path)
# A name may carry its code: Kim [KOR]. What follows two blanks and # is a note.
";

/// A line of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Number in the file, from 1.
    pub line: usize,
    /// The decision without its note.
    pub text: String,
    /// Why; empty where nothing is said.
    pub note: String,
}

impl Line {
    /// Whether a decision names somebody; the name is folded.
    pub fn names(&self, folded: &str) -> bool {
        let rest = self.text.split_once(' ').map_or("", |(_, rest)| rest);
        let names = rest.split(" = ").flat_map(|n| n.split(" / ")).flat_map(|n| n.split(" @ "));
        names.map(|n| n.split('[').next().unwrap_or(n).trim()).any(|n| fold_name(n) == folded)
    }
}

/// The decisions of a store.
pub fn read(root: &Path) -> Result<Vec<Line>, Problem> {
    let text = files::read(&path(root))?;
    let line = |(n, line): (usize, &str)| {
        let (text, note) = line.split_once("  #").unwrap_or((line, ""));
        let text = text.trim();
        (!text.is_empty() && !text.starts_with('#')).then(|| Line {
            line: n + 1,
            text: text.to_string(),
            note: note.trim().to_string(),
        })
    };
    Ok(text.lines().enumerate().filter_map(line).collect())
}

/// Appends a decision after checking the whole file with it; returns it as it stands there.
pub fn append(root: &Path, decision: &str, note: Option<&str>) -> Result<Line, Problem> {
    let _one = files::WRITING.lock().unwrap_or_else(|e| e.into_inner());
    let path = path(root);
    let before = files::read(&path)?;
    let before = if before.is_empty() { HEADER.to_string() } else { before };
    let one_line = |s: &str| s.split_whitespace().collect::<Vec<_>>().join(" ");
    let note = note.map(one_line).filter(|n| !n.is_empty());
    let tail = note.as_ref().map_or(String::new(), |n| format!("  # {n}"));
    let decision = one_line(decision);
    let gap = if before.ends_with('\n') { "" } else { "\n" };
    let text = format!("{before}{gap}{decision}{tail}\n");
    check(&path, &text)?;
    files::write(&path, &text)?;
    Ok(Line { line: text.lines().count(), text: decision, note: note.unwrap_or_default() })
}

/// Removes a line that still has this text.
pub fn remove(root: &Path, number: usize, expected: &str) -> Result<(), Problem> {
    let _one = files::WRITING.lock().unwrap_or_else(|e| e.into_inner());
    let known = read(root)?;
    let Some(line) = known.iter().find(|l| l.line == number) else {
        return Err(Problem::missing("decision", &number.to_string()).hint("/api/v1/decisions lists them"));
    };
    if line.text != expected.trim() {
        return Err(Problem::new(Kind::Conflict, format!("line {number} says something else by now"))
            .detail(line.text.clone())
            .hint("ask for the decisions again"));
    }
    let path = path(root);
    let text = files::read(&path)?;
    let left: String = text
        .split_inclusive('\n')
        .enumerate()
        .filter(|(n, _)| n + 1 != number)
        .map(|(_, line)| line)
        .collect();
    files::write(&path, &left)
}

fn path(root: &Path) -> PathBuf {
    root.join(FILE)
}

fn check(path: &Path, text: &str) -> Result<(), Problem> {
    Decisions::parse(text, path).map(|_| ()).map_err(|e| {
        Problem::new(Kind::QueryFailed, "the decisions on who is who cannot be used")
            .caused(&e)
            .hint("mend that line or remove it")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decision_is_written_found_by_name_and_undone() {
        let root = tempfile::tempdir().unwrap();
        let first =
            append(root.path(), "merge Fitsum Arega = Fatsum  Arija [ETH]", Some("same\nspokesman")).unwrap();
        let second = append(root.path(), "split Baba Cissé / Boubou Cissé", None).unwrap();
        assert_eq!(read(root.path()).unwrap(), [first.clone(), second.clone()]);
        assert_eq!(
            (first.text.as_str(), first.note.as_str()),
            ("merge Fitsum Arega = Fatsum Arija [ETH]", "same spokesman")
        );
        assert!(first.names("fatsum arija") && first.names("fitsum arega") && !first.names("arega"));
        assert!(second.names("boubou cisse"));
        assert_eq!(remove(root.path(), first.line, "merge X = Y").unwrap_err().kind, Kind::Conflict);
        remove(root.path(), first.line, &first.text).unwrap();
        let left = read(root.path()).unwrap();
        assert_eq!(left.len(), 1);
        assert_eq!(left[0].text, second.text);
        assert_eq!(remove(root.path(), 99, "x").unwrap_err().kind, Kind::NotFound);
    }

    #[test]
    fn a_contrary_decision_is_refused_and_nothing_is_written() {
        let root = tempfile::tempdir().unwrap();
        append(root.path(), "merge Kim = Moon", None).unwrap();
        assert_eq!(append(root.path(), "split Kim / Moon", None).unwrap_err().kind, Kind::QueryFailed);
        assert_eq!(append(root.path(), "join Kim = Moon", None).unwrap_err().kind, Kind::QueryFailed);
        assert_eq!(read(root.path()).unwrap().len(), 1);
    }
}
