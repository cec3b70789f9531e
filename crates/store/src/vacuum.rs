use crate::commit::{Commit, is_draft};
use crate::error::StoreError;
use crate::folder::{FILES, Store};
use crate::rows::TABLES;
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Which versions stay readable. The last one always does.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Keep {
    /// The last so many.
    Versions(u64),
    /// Those that were the last one at this time or later.
    Since(Timestamp),
}

/// What a vacuum takes away.
#[derive(Debug, Clone, PartialEq)]
pub struct Vacuumed {
    /// The oldest version that can be read afterwards.
    pub oldest: u64,
    /// Versions that cannot be read any more.
    pub versions: u64,
    /// Files that go.
    pub files: Vec<PathBuf>,
    /// Their length together.
    pub bytes: u64,
}

impl Store {
    /// Removes the files that only versions before those to keep need, and what killed programs left behind. With `only_look`
    /// nothing is removed. The log of commits stays: what each version held is still told.
    pub fn vacuum(&self, keep: Keep, only_look: bool) -> Result<Vacuumed, StoreError> {
        let commits = self.commits()?;
        let last =
            commits.last().ok_or_else(|| StoreError::Missing { path: self.root().to_path_buf() })?.version;
        let before = self.oldest_version()?;
        let oldest = before.max(oldest_kept(&commits, last, keep));
        let needed: BTreeSet<PathBuf> =
            commits.iter().filter(|c| c.version >= oldest).flat_map(|c| paths_of(self.root(), c)).collect();
        let mut found = Vacuumed { oldest, versions: oldest - before, files: Vec::new(), bytes: 0 };
        for table in TABLES {
            let folder = self.root().join(table);
            found.gather(&folder, |path, name| is_draft(name) && !needed.contains(path));
            found.gather(&folder.join(FILES), |path, _| !needed.contains(path));
        }
        if !only_look {
            // Said first: a version is never thought whole when some of its files are gone.
            self.set_oldest_version(oldest)?;
            for path in &found.files {
                fs::remove_file(path).map_err(|source| StoreError::Write { path: path.clone(), source })?;
            }
        }
        Ok(found)
    }
}

impl Vacuumed {
    fn gather(&mut self, folder: &Path, goes: impl Fn(&Path, &str) -> bool) {
        let mut entries: Vec<_> = fs::read_dir(folder).into_iter().flatten().flatten().collect();
        entries.sort_by_key(|e| e.file_name());
        for entry in entries {
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            let ours = is_draft(&name) || name.ends_with(".parquet");
            if ours && path.is_file() && goes(&path, &name) {
                self.bytes += entry.metadata().map_or(0, |m| m.len());
                self.files.push(path);
            }
        }
    }
}

fn oldest_kept(commits: &[Commit], last: u64, keep: Keep) -> u64 {
    match keep {
        Keep::Versions(n) => (last + 1).saturating_sub(n.max(1)).max(1),
        // The version that was the last one at that time is the last one made up to it.
        Keep::Since(time) => {
            commits.iter().rev().find(|c| c.at <= time).or(commits.first()).map_or(last, |c| c.version)
        }
    }
}

/// The files of a commit.
pub(crate) fn paths_of(root: &Path, commit: &Commit) -> Vec<PathBuf> {
    commit
        .tables
        .iter()
        .flat_map(|(table, files)| files.iter().map(move |f| root.join(table).join(&f.path)))
        .collect()
}
