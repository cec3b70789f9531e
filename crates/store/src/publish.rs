//! What stands beside the log of commits for other programs: the files of the last version where a glob finds them, and a log
//! of each table in the Delta protocol. Both follow from the commits and are made anew where they lack.

use crate::commit::{Commit, LOG, TableFile, commit_path, draft_of, replace, sync_folder};
use crate::delta;
use crate::error::StoreError;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Names the version that everything beside the log of commits has reached.
const REACHED: &str = "published";

/// Brings everything beside the log of commits up to its last commit.
pub(crate) fn bring_up_to(root: &Path, last: &Commit) -> Result<(), StoreError> {
    if last.format < 2 || has_reached(root, last) {
        return Ok(());
    }
    for (table, files) in &last.tables {
        delta::extend(root, table, last)?;
        show_last(&root.join(table), table, files)?;
    }
    let path = root.join(LOG).join(REACHED);
    replace(&path, reached_by(last).as_bytes()).map_err(|source| StoreError::Write { path, source })
}

/// Whether everything beside the log of commits was brought up to a commit.
pub(crate) fn has_reached(root: &Path, last: &Commit) -> bool {
    fs::read_to_string(root.join(LOG).join(REACHED)).is_ok_and(|reached| reached == reached_by(last))
}

fn reached_by(commit: &Commit) -> String {
    format!("{}\n", commit.version)
}

/// Forgets what stands beside the log of commits, so that it is made anew.
pub(crate) fn forget<'t>(root: &Path, tables: impl Iterator<Item = &'t String>) -> Result<(), StoreError> {
    let gone = |path: PathBuf, removed: io::Result<()>| match removed {
        Err(source) if source.kind() != io::ErrorKind::NotFound => Err(StoreError::Write { path, source }),
        _ => Ok(()),
    };
    let marker = root.join(LOG).join(REACHED);
    gone(marker.clone(), fs::remove_file(&marker))?;
    for table in tables {
        let log = root.join(table).join(delta::LOG);
        gone(log.clone(), fs::remove_dir_all(&log))?;
    }
    Ok(())
}

/// Refuses a store to whose tables another program has added versions.
pub(crate) fn refuse_foreign(root: &Path, last: &Commit) -> Result<(), StoreError> {
    for table in last.tables.keys() {
        let path = delta::log_path(root, table, last.version + 1);
        // A program that was killed between its commit and the logs leaves a gap in the other direction.
        if path.exists() && !commit_path(root, last.version + 1).exists() {
            return Err(StoreError::Foreign { path });
        }
    }
    Ok(())
}

/// The names under which the files of the last version lie in a table's folder.
pub(crate) fn shown_names(table: &str, n_files: usize) -> Vec<String> {
    match n_files {
        1 => vec![format!("{table}.parquet")],
        n => (1..=n).map(|i| format!("{table}-{i:04}.parquet")).collect(),
    }
}

/// Puts the files of the last version where `<table>/*.parquet` finds them, each in one step, and takes others away.
fn show_last(folder: &Path, table: &str, files: &[TableFile]) -> Result<(), StoreError> {
    let names = shown_names(table, files.len());
    for (name, file) in names.iter().zip(files) {
        let path = folder.join(name);
        show(&folder.join(&file.path), &path).map_err(|source| StoreError::Write { path, source })?;
    }
    for path in shown_before(folder, table).into_iter().filter(|p| !ends_with_any(p, &names)) {
        let _ = fs::remove_file(path);
    }
    Ok(())
}

/// A second name of the file, or a copy where the file system knows no second names.
fn show(file: &Path, path: &Path) -> io::Result<()> {
    let draft = draft_of(path);
    let _ = fs::remove_file(&draft);
    fs::hard_link(file, &draft).or_else(|_| fs::copy(file, &draft).map(|_| ()))?;
    let moved = fs::rename(&draft, path);
    // Nothing happens when both are names of one file: the draft is still there then.
    let _ = fs::remove_file(&draft);
    moved?;
    sync_folder(path)
}

fn shown_before(folder: &Path, table: &str) -> Vec<PathBuf> {
    let ours = |name: &str| {
        name.strip_prefix(table).and_then(|rest| rest.strip_suffix(".parquet")).is_some_and(|middle| {
            middle.is_empty()
                || middle
                    .strip_prefix('-')
                    .is_some_and(|n| n.len() == 4 && n.bytes().all(|b| b.is_ascii_digit()))
        })
    };
    fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .filter(|e| ours(&e.file_name().to_string_lossy()))
        .map(|e| e.path())
        .collect()
}

fn ends_with_any(path: &Path, names: &[String]) -> bool {
    names.iter().any(|name| path.ends_with(name))
}
