//! From names to files.

use polybius_text::{Reject, RejectReason};
use std::path::{Path, PathBuf};

/// The files that the paths and globs name, sorted, without hidden files and read-me files of folders. What cannot be listed and
/// what is not there comes as a reject.
pub(crate) fn list(inputs: &[&Path]) -> (Vec<PathBuf>, Vec<Reject>) {
    let mut files = Vec::new();
    let mut rejects = Vec::new();
    for path in inputs {
        let Some(pattern) = path.to_str().filter(|p| is_glob(p) && !path.exists()) else {
            walk(path, true, 0, &mut files, &mut rejects);
            continue;
        };
        let before = files.len();
        let options = glob::MatchOptions { require_literal_leading_dot: true, ..Default::default() };
        match glob::glob_with(pattern, options) {
            Ok(found) => {
                for path in found.flatten() {
                    walk(&path, false, 0, &mut files, &mut rejects);
                }
            }
            Err(e) => rejects.push(reject(path, RejectReason::Unreadable, e.to_string())),
        }
        if files.len() == before {
            rejects.push(reject(path, RejectReason::Unreadable, "no file matches".into()));
        }
    }
    files.sort();
    files.dedup();
    (files, rejects)
}

fn is_glob(text: &str) -> bool {
    text.contains(['*', '?', '['])
}

/// Folders in folders; links can make a circle.
const MAX_DEPTH: u32 = 64;

fn walk(path: &Path, named: bool, depth: u32, files: &mut Vec<PathBuf>, rejects: &mut Vec<Reject>) {
    if !path.is_dir() {
        if named || !is_note(path) {
            files.push(path.to_path_buf());
        }
        return;
    }
    if depth > MAX_DEPTH {
        rejects.push(reject(path, RejectReason::Unreadable, format!("more than {MAX_DEPTH} folders deep")));
        return;
    }
    match std::fs::read_dir(path) {
        Err(e) => rejects.push(reject(path, RejectReason::Unreadable, e.to_string())),
        Ok(entries) => {
            for entry in entries.flatten() {
                let hidden = entry.file_name().to_string_lossy().starts_with('.');
                // A folder that is linked to could be one that we are in.
                let is_link = entry.file_type().is_ok_and(|t| t.is_symlink());
                if !hidden && !(is_link && entry.path().is_dir()) {
                    walk(&entry.path(), false, depth + 1, files, rejects);
                }
            }
        }
    }
}

/// Read-me files lie beside pages and are none.
fn is_note(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    name.starts_with("readme") || name.ends_with(".md")
}

pub(crate) fn reject(path: &Path, reason: RejectReason, detail: String) -> Reject {
    Reject { path: path.to_string_lossy().into_owned(), reason, detail }
}
