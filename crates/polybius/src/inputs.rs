//! From what the user named to pages.

use polybius_text::{Page, PageKind, Reject, RejectReason};
use std::io::Read;
use std::path::{Path, PathBuf};

/// Files above this many bytes are rejected, not read.
const LIMIT_BYTES: u64 = 64 << 20;

/// The files under the given paths, sorted, without hidden files and read-me files; folders that cannot be listed
/// come back as rejects.
pub fn list_files(inputs: &[PathBuf]) -> (Vec<PathBuf>, Vec<Reject>) {
    let mut files = Vec::new();
    let mut rejects = Vec::new();
    for input in inputs {
        walk(input, true, &mut files, &mut rejects);
    }
    files.sort();
    files.dedup();
    (files, rejects)
}

fn walk(path: &Path, named: bool, files: &mut Vec<PathBuf>, rejects: &mut Vec<Reject>) {
    if !path.is_dir() {
        if named || !is_note(path) {
            files.push(path.to_path_buf());
        }
        return;
    }
    match std::fs::read_dir(path) {
        Err(e) => rejects.push(reject(path, RejectReason::Unreadable, &e.to_string())),
        Ok(entries) => {
            for entry in entries.flatten() {
                let hidden = entry.file_name().to_string_lossy().starts_with('.');
                if !hidden {
                    walk(&entry.path(), false, files, rejects);
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

/// Reads one file as a page; `-` is standard input.
pub fn read_page(path: &Path) -> Result<Page, Reject> {
    let kind = match path.extension().and_then(|e| e.to_str()).map(str::to_lowercase).as_deref() {
        Some("html" | "htm" | "xhtml" | "mhtml") => PageKind::Html,
        Some("txt" | "text") => PageKind::Text,
        Some("json" | "csv" | "tsv" | "toml" | "yaml" | "yml" | "py" | "rs" | "js" | "css") => {
            return Err(reject(path, RejectReason::Unsupported, "not a page format"));
        }
        _ => PageKind::Guess,
    };
    let mut bytes = Vec::new();
    if path.as_os_str() == "-" {
        std::io::stdin()
            .take(LIMIT_BYTES + 1)
            .read_to_end(&mut bytes)
            .map_err(|e| reject(path, RejectReason::Unreadable, &e.to_string()))?;
    } else {
        let unreadable = |e: std::io::Error| reject(path, RejectReason::Unreadable, &e.to_string());
        let file = std::fs::File::open(path).map_err(unreadable)?;
        file.take(LIMIT_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    }
    if bytes.len() as u64 > LIMIT_BYTES {
        let detail = format!("more than {} MB", LIMIT_BYTES >> 20);
        return Err(reject(path, RejectReason::TooLarge, &detail));
    }
    Ok(Page { path: path.to_string_lossy().into_owned(), url: None, kind, bytes })
}

fn reject(path: &Path, reason: RejectReason, detail: &str) -> Reject {
    Reject { path: path.to_string_lossy().into_owned(), reason, detail: detail.to_string() }
}
