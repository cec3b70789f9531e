use crate::analysis::{compact_pages, each_page, salvage_pages};
use crate::commit::{Commit, LOG, commit_path, versions};
use crate::error::StoreError;
use crate::folder::{FILES, Store, has_its_files};
use crate::parquet_io::sha256_of;
use crate::publish;
use crate::rows::TABLES;
use std::fs;
use std::path::Path;

/// What a repair did to the files, and what is left to do.
#[derive(Debug, Default, Clone)]
pub struct Repaired {
    /// What was done, one sentence each.
    pub done: Vec<String>,
    /// The tables of the last version are not whole: they must be made again from the pages.
    pub tables_are_lost: bool,
    /// Pages in the log.
    pub pages: u64,
}

/// Puts damaged files of a store aside, saves what is whole of its log of pages, and writes the logs of the tables anew.
/// Nothing but what can be made again is removed: damaged commits and logs of pages are kept with `.damaged` in their name.
pub fn repair(root: &Path) -> Result<Repaired, StoreError> {
    if !root.join(LOG).is_dir() && !root.join("_pages").is_dir() {
        return Err(StoreError::Missing { path: root.to_path_buf() });
    }
    let store = Store::create_damaged(root)?;
    let mut repaired = Repaired::default();
    if let Some(saved) = salvage_pages(root)? {
        repaired.done.push(format!(
            "the log of pages was damaged: {} pages saved, {} bytes lost; the old one is `_pages/pages.log.damaged`",
            saved.pages, saved.lost_bytes
        ));
    }
    each_page(root, |_, _| repaired.pages += 1)?;
    repaired.put_commits_aside(root)?;
    repaired.remove_damaged_files(root)?;
    let last = store.last_commit()?;
    repaired.oldest(&store)?;
    publish::forget(root, last.iter().flat_map(|c| c.tables.keys()))?;
    match last {
        Some(last) if has_its_files(root, &last) => {
            publish::bring_up_to(root, &last)?;
            repaired.done.push("the logs of the tables were written anew".to_string());
        }
        _ => repaired.tables_are_lost = true,
    }
    Ok(repaired)
}

impl Repaired {
    fn put_commits_aside(&mut self, root: &Path) -> Result<(), StoreError> {
        for version in versions(root)? {
            let path = commit_path(root, version);
            match Commit::read(&path) {
                Ok(commit) if commit.version == version => continue,
                Err(e @ StoreError::Newer { .. }) => return Err(e),
                _ => {}
            }
            let aside = path.with_extension("json.damaged");
            fs::rename(&path, &aside).map_err(|source| StoreError::Write { path, source })?;
            self.done.push(format!("commit {version} could not be read: it is now `{}`", aside.display()));
        }
        Ok(())
    }

    /// The name of a file tells what it should hold.
    fn remove_damaged_files(&mut self, root: &Path) -> Result<(), StoreError> {
        for table in TABLES {
            for entry in fs::read_dir(root.join(table).join(FILES)).into_iter().flatten().flatten() {
                let path = entry.path();
                let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
                let whole = sha256_of(&path).is_ok_and(|sum| sum.starts_with(&stem) && !stem.is_empty());
                if !whole {
                    fs::remove_file(&path)
                        .map_err(|source| StoreError::Write { path: path.clone(), source })?;
                    self.done.push(format!("`{}` was damaged and is removed", path.display()));
                }
            }
        }
        Ok(())
    }

    /// Versions that lack a file are no longer offered.
    fn oldest(&mut self, store: &Store) -> Result<(), StoreError> {
        let root = store.root();
        let before = store.oldest_version().unwrap_or(1);
        let mut oldest = None;
        for commit in store.commits()?.into_iter().rev().filter(|c| c.version >= before) {
            if !has_its_files(root, &commit) {
                break;
            }
            oldest = Some(commit.version);
        }
        let next = versions(root)?.last().map_or(1, |v| v + 1);
        let oldest = oldest.unwrap_or(next);
        if oldest != before || store.oldest_version().is_err() {
            store.set_oldest_version(oldest)?;
            self.done.push(format!("the oldest version that can be read is {oldest}"));
        }
        Ok(())
    }
}

impl Store {
    /// Makes the logs beside the tables small: pages that stand in the log twice are kept once. Returns the bytes saved.
    pub fn compact(&self) -> Result<u64, StoreError> {
        compact_pages(self.root())
    }
}
