use crate::commit::{Commit, LOG, commit_path, is_draft, version_of, versions};
use crate::delta;
use crate::error::StoreError;
use crate::folder::{FILES, Store};
use crate::parquet_io::{schema_of, sha256_of};
use crate::publish::{has_reached, shown_names};
use crate::rows::TABLES;
use crate::vacuum::paths_of;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// What a look at the files of a store found.
#[derive(Debug, Default, Clone)]
pub struct Inspection {
    /// What keeps some version, or a program that opens the tables, from reading what was written.
    pub problems: Vec<String>,
    /// What does no harm, or is mended by itself.
    pub notes: Vec<String>,
    /// The last version whose commit can be read.
    pub version: u64,
    /// Files of tables that were looked at.
    pub n_files: usize,
}

/// Looks at every file of a store, reading all of each: commits, files of all kept versions, logs of the tables, and what does
/// not belong there.
pub fn inspect(root: &Path) -> Result<Inspection, StoreError> {
    let mut inspector = Inspector { root, found: Inspection::default(), sums: BTreeMap::new() };
    let commits = inspector.commits()?;
    let Some(last) = commits.last() else { return Ok(inspector.found) };
    inspector.found.version = last.version;
    let store = Store::open(root).ok();
    let oldest = store.and_then(|s| s.oldest_version().ok()).unwrap_or(last.version);
    let kept: Vec<&Commit> = commits.iter().filter(|c| c.version >= oldest).collect();
    for commit in &kept {
        inspector.files_of(commit);
    }
    // What stands beside the log follows the last commit, which may be one that cannot be read.
    if versions(root)?.last() == Some(&last.version) {
        inspector.beside(last);
        inspector.strangers(&kept, last);
    }
    Ok(inspector.found)
}

struct Inspector<'a> {
    root: &'a Path,
    found: Inspection,
    /// By path: the checksum of the content, or what kept it from being read.
    sums: BTreeMap<PathBuf, Result<String, String>>,
}

impl Inspector<'_> {
    fn wrong(&mut self, path: &Path, problem: &str) {
        self.found.problems.push(format!("`{}`: {problem}", path.display()));
    }

    fn note(&mut self, path: &Path, note: &str) {
        self.found.notes.push(format!("`{}`: {note}", path.display()));
    }

    /// The commits that can be read.
    fn commits(&mut self) -> Result<Vec<Commit>, StoreError> {
        let mut commits = Vec::new();
        let all = versions(self.root)?;
        for version in &all {
            let path = commit_path(self.root, *version);
            match Commit::read(&path) {
                Ok(commit) if commit.version == *version => commits.push(commit),
                Ok(_) => self.wrong(&path, "it names another version than its file does"),
                Err(e @ StoreError::Newer { .. }) => return Err(e),
                Err(StoreError::Damaged { problem, .. }) => self.wrong(&path, &problem),
                Err(e) => self.wrong(&path, &e.to_string()),
            }
        }
        for pair in all.windows(2).filter(|pair| pair[1] != pair[0] + 1) {
            let path = commit_path(self.root, pair[0] + 1);
            self.wrong(&path, "the commit is missing");
        }
        Ok(commits)
    }

    fn sum(&mut self, path: &Path) -> Result<String, String> {
        if !self.sums.contains_key(path) {
            let sum = sha256_of(path).map_err(|e| match e.kind() {
                std::io::ErrorKind::NotFound => "it is missing".to_string(),
                _ => e.to_string(),
            });
            self.sums.insert(path.to_path_buf(), sum);
        }
        self.sums[path].clone()
    }

    fn files_of(&mut self, commit: &Commit) {
        for (table, files) in &commit.tables {
            for file in files {
                let path = self.root.join(table).join(&file.path);
                if self.sums.contains_key(&path) {
                    continue;
                }
                self.found.n_files += 1;
                match self.sum(&path) {
                    Err(problem) => self.wrong(&path, &format!("{problem} (version {})", commit.version)),
                    Ok(_) if commit.format < 2 => self.readable(&path),
                    Ok(sum) if sum == file.sha256 => self.readable(&path),
                    Ok(_) => {
                        let length = fs::metadata(&path).map_or(0, |m| m.len());
                        let problem = if length < file.bytes {
                            format!("it is cut: {length} of {} bytes", file.bytes)
                        } else {
                            "its content is not what was written".to_string()
                        };
                        self.wrong(&path, &format!("{problem} (version {})", commit.version));
                    }
                }
            }
        }
    }

    fn readable(&mut self, path: &Path) {
        if let Err(e) = schema_of(path) {
            self.wrong(path, &e.to_string());
        }
    }

    /// The files that other programs open, and the logs that they read.
    fn beside(&mut self, last: &Commit) {
        if last.format < 2 {
            return;
        }
        if !has_reached(self.root, last) {
            let path = commit_path(self.root, last.version);
            self.note(&path, "the logs of the tables are behind it; the next run brings them up to it");
            return;
        }
        for (table, files) in &last.tables {
            for (name, file) in shown_names(table, files.len()).iter().zip(files) {
                let path = self.root.join(table).join(name);
                match self.sum(&path) {
                    Ok(sum) if sum == file.sha256 => {}
                    Ok(_) => self.wrong(&path, "it is not the file of the last version"),
                    Err(problem) => self.wrong(&path, &problem),
                }
            }
            let path = delta::log_path(self.root, table, last.version);
            if !path.is_file() {
                self.note(&path, "it is missing; the next run writes it");
            }
            let log = self.root.join(table).join(delta::LOG);
            for name in names_in(&log) {
                if version_of(&name).is_some_and(|v| v > last.version) {
                    self.wrong(&log.join(name), "another program added this version to the table");
                }
            }
        }
    }

    /// What the store did not make.
    fn strangers(&mut self, kept: &[&Commit], last: &Commit) {
        let referenced: BTreeSet<PathBuf> = kept.iter().flat_map(|c| paths_of(self.root, c)).collect();
        for table in TABLES {
            let folder = self.root.join(table);
            let shown = shown_names(table, last.tables.get(*table).map_or(1, Vec::len));
            for name in names_in(&folder) {
                let path = folder.join(&name);
                if is_draft(&name) {
                    self.note(&path, "a killed run left it; `polybius vacuum` removes it");
                } else if path.is_dir() {
                    if name != FILES && name != delta::LOG {
                        self.note(&path, "a folder that is not of this store");
                    }
                } else if !shown.contains(&name) && !referenced.contains(&path) {
                    if name.ends_with(".parquet") {
                        self.wrong(
                            &path,
                            "it is not of this store, and a glob over the folder reads it: move it away",
                        );
                    } else {
                        self.note(&path, "it is not of this store");
                    }
                }
            }
            let files = folder.join(FILES);
            for name in names_in(&files).into_iter().filter(|n| !referenced.contains(&files.join(n))) {
                self.note(&files.join(name), "no kept version names it; `polybius vacuum` removes it");
            }
        }
        let log = self.root.join(LOG);
        for name in names_in(&log) {
            let known =
                version_of(&name).is_some() || ["lock", "oldest", "published"].contains(&name.as_str());
            if !known {
                self.note(&log.join(name), "it is no commit of this store");
            }
        }
    }
}

fn names_in(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|e| e.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}
