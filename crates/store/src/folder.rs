use crate::build::StoreTables;
use crate::parquet_io::{read_parquet, write_parquet};
use crate::rows::Row;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Version of the store's layout; a store of a newer version is refused.
const FORMAT: u32 = 1;

/// What can be wrong with a store.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum StoreError {
    #[error("cannot read `{}`", path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error("cannot write `{}`", path.display())]
    Write { path: PathBuf, source: io::Error },
    #[error("`{}` is damaged: {problem}", path.display())]
    Damaged { path: PathBuf, problem: String },
    #[error("no store at `{}`", path.display())]
    Missing { path: PathBuf },
    #[error("the store at `{}` has format {found}, this program reads up to {FORMAT}", path.display())]
    Newer { path: PathBuf, found: u32 },
    #[error("another run committed to `{}` at the same time", path.display())]
    Raced { path: PathBuf },
    #[error("there is no table `{table}`")]
    NoTable { table: String },
}

/// One commit: the files that make up each table.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Commit {
    /// Layout version.
    pub format: u32,
    /// 1 for the first commit.
    pub version: u64,
    /// File names by table, relative to the table's folder.
    pub tables: BTreeMap<String, Vec<String>>,
    /// What made it: program version, model hash, codebook hash.
    pub settings: BTreeMap<String, String>,
}

/// A folder of tables.
#[derive(Debug, Clone)]
pub struct Store {
    root: PathBuf,
}

impl Store {
    /// Opens a store for reading.
    pub fn open(root: &Path) -> Result<Store, StoreError> {
        let store = Store { root: root.to_path_buf() };
        match store.last_commit()? {
            None => Err(StoreError::Missing { path: root.to_path_buf() }),
            Some(commit) if commit.format > FORMAT => {
                Err(StoreError::Newer { path: root.to_path_buf(), found: commit.format })
            }
            Some(_) => Ok(store),
        }
    }

    /// Opens a store for writing, making the folder when it is not there.
    pub fn create(root: &Path) -> Result<Store, StoreError> {
        let log = root.join("_log");
        fs::create_dir_all(&log).map_err(|source| StoreError::Write { path: log.clone(), source })?;
        let store = Store { root: root.to_path_buf() };
        if let Some(commit) = store.last_commit()?
            && commit.format > FORMAT
        {
            return Err(StoreError::Newer { path: root.to_path_buf(), found: commit.format });
        }
        Ok(store)
    }

    /// The store's folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The last commit, `None` before the first.
    pub fn last_commit(&self) -> Result<Option<Commit>, StoreError> {
        let log = self.root.join("_log");
        let entries = match fs::read_dir(&log) {
            Ok(entries) => entries,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(StoreError::Read { path: log, source }),
        };
        let last = entries
            .filter_map(|e| e.ok()?.file_name().into_string().ok())
            .filter(|name| name.ends_with(".json") && name.len() == 25)
            .max();
        let Some(name) = last else { return Ok(None) };
        let path = log.join(name);
        let text =
            fs::read_to_string(&path).map_err(|source| StoreError::Read { path: path.clone(), source })?;
        serde_json::from_str(&text)
            .map(Some)
            .map_err(|e| StoreError::Damaged { path, problem: e.to_string() })
    }

    /// All rows of a table, in the order of the documentation of [`StoreTables`].
    pub fn read<R: Row>(&self) -> Result<Vec<R>, StoreError> {
        let mut rows = Vec::new();
        for path in self.files(R::TABLE)? {
            rows.append(&mut read_parquet(&path)?);
        }
        Ok(rows)
    }

    /// The Parquet files of a table.
    pub fn files(&self, table: &str) -> Result<Vec<PathBuf>, StoreError> {
        let commit = self.last_commit()?.ok_or_else(|| StoreError::Missing { path: self.root.clone() })?;
        let names =
            commit.tables.get(table).ok_or_else(|| StoreError::NoTable { table: table.to_string() })?;
        Ok(names.iter().map(|name| self.root.join(table).join(name)).collect())
    }

    /// Replaces the content of the store in one commit; returns its version.
    ///
    /// New files are written and synced first, then the log file is created exclusively; files of the former commit
    /// are removed last. A kill at any moment leaves the former commit or the new one.
    pub fn commit(
        &self,
        tables: &StoreTables,
        settings: BTreeMap<String, String>,
    ) -> Result<u64, StoreError> {
        let before = self.last_commit()?;
        let version = before.as_ref().map_or(1, |c| c.version + 1);
        let mut files = BTreeMap::new();
        tables.each(&mut FileWriter { root: &self.root, version, files: &mut files })?;
        let commit = Commit { format: FORMAT, version, tables: files, settings };
        self.publish(&commit)?;
        self.remove_files_outside(&commit);
        Ok(version)
    }

    fn publish(&self, commit: &Commit) -> Result<(), StoreError> {
        let log = self.root.join("_log");
        let path = log.join(format!("{:020}.json", commit.version));
        let draft = log.join(format!(".{:020}.{}.draft", commit.version, std::process::id()));
        let write = |source| StoreError::Write { path: draft.clone(), source };
        let mut file = fs::File::create(&draft).map_err(write)?;
        let text = serde_json::to_string_pretty(commit).expect("a commit is plain data");
        file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(write)?;
        // A hard link fails when the name exists: the exclusive create that makes the commit.
        let linked = fs::hard_link(&draft, &path);
        let _ = fs::remove_file(&draft);
        match linked {
            Ok(()) => Ok(()),
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {
                Err(StoreError::Raced { path: self.root.clone() })
            }
            Err(source) => Err(StoreError::Write { path, source }),
        }
    }

    /// Removes Parquet files that no commit names any more. A file that cannot be removed does no harm.
    fn remove_files_outside(&self, commit: &Commit) {
        for (table, keep) in &commit.tables {
            let Ok(entries) = fs::read_dir(self.root.join(table)) else { continue };
            for entry in entries.flatten() {
                let name = entry.file_name().to_string_lossy().into_owned();
                if name.ends_with(".parquet") && !keep.contains(&name) {
                    let _ = fs::remove_file(entry.path());
                }
            }
        }
    }
}

/// Writes each table that [`StoreTables::each`] hands it.
pub(crate) struct FileWriter<'a> {
    root: &'a Path,
    version: u64,
    files: &'a mut BTreeMap<String, Vec<String>>,
}

impl FileWriter<'_> {
    pub(crate) fn table<R: Row>(&mut self, rows: &[R]) -> Result<(), StoreError> {
        let folder = self.root.join(R::TABLE);
        fs::create_dir_all(&folder).map_err(|source| StoreError::Write { path: folder.clone(), source })?;
        let name = format!("{:020}.parquet", self.version);
        write_parquet(&folder.join(&name), rows)?;
        self.files.insert(R::TABLE.to_string(), vec![name]);
        Ok(())
    }
}
