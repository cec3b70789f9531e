use crate::build::{StoreTables, Written, write_documents};
use crate::commit::{AsOf, Commit, LOG, TableFile, commit_path, create_exclusively, replace, versions};
use crate::error::{FORMAT, StoreError};
use crate::lock::{WhenBusy, WriteLock, make_log_folder};
use crate::parquet_io::{DraftFile, read_parquet, sha256_of};
use crate::publish;
use crate::rows::Row;
use jiff::Timestamp;
use polybius_text::{CodedDocument, Corpus, Reject};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where a table keeps the files of all its versions. Programs that read folders pass over names with an underscore.
pub(crate) const FILES: &str = "_files";

/// A folder of tables.
#[derive(Debug, Clone)]
pub struct Store {
    root: PathBuf,
    /// The state that is read; the last one where the store is open for writing.
    snapshot: Option<Commit>,
    /// Held while the store is open for writing.
    _lock: Option<Arc<WriteLock>>,
}

/// What a commit came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Committed {
    /// The version of the store now.
    pub version: u64,
    /// `false` when the tables and what made them are those of the version before, and nothing was written.
    pub changed: bool,
}

impl Store {
    /// Opens the last state of a store for reading. Later commits do not change what is read.
    pub fn open(root: &Path) -> Result<Store, StoreError> {
        Store::open_at(root, None)
    }

    /// Opens a state of a store for reading; the last one when none is named.
    pub fn open_at(root: &Path, as_of: Option<AsOf>) -> Result<Store, StoreError> {
        let store = Store { root: root.to_path_buf(), snapshot: None, _lock: None };
        let last = store.last_commit()?.ok_or_else(|| StoreError::Missing { path: root.to_path_buf() })?;
        let snapshot = match as_of {
            None => last,
            Some(AsOf::Version(version)) => store.version(version, last)?,
            Some(AsOf::Time(time)) => store.version_at(time, last)?,
        };
        Ok(Store { snapshot: Some(snapshot), ..store })
    }

    fn version(&self, asked: u64, last: Commit) -> Result<Commit, StoreError> {
        let oldest = self.oldest_version()?;
        if asked == last.version {
            return Ok(last);
        }
        if !(oldest..last.version).contains(&asked) {
            return Err(StoreError::NoVersion { asked, oldest, last: last.version });
        }
        Commit::read(&commit_path(&self.root, asked))
    }

    fn version_at(&self, time: Timestamp, last: Commit) -> Result<Commit, StoreError> {
        let oldest = self.oldest_version()?;
        let mut earliest = last;
        for version in versions(&self.root)?.into_iter().rev().filter(|v| *v >= oldest) {
            let commit = Commit::read(&commit_path(&self.root, version))?;
            if commit.at <= time {
                return Ok(commit);
            }
            earliest = commit;
        }
        Err(StoreError::NothingYet {
            asked: time.to_string(),
            oldest: earliest.version,
            at: earliest.at.to_string(),
        })
    }

    /// Opens a store for writing, making the folder when it is not there. Only one program writes at a time.
    ///
    /// What a killed program left half done beside the log of commits is brought up to it.
    pub fn create(root: &Path) -> Result<Store, StoreError> {
        Store::create_when(root, WhenBusy::Fail)
    }

    /// [`Store::create`], with a choice of what happens while another program writes.
    pub fn create_when(root: &Path, when_busy: WhenBusy) -> Result<Store, StoreError> {
        make_log_folder(root)?;
        let lock = Arc::new(WriteLock::take(root, when_busy)?);
        let store = Store { root: root.to_path_buf(), snapshot: None, _lock: Some(lock) };
        if let Some(last) = store.last_commit()? {
            publish::refuse_foreign(root, &last)?;
            // Where files are gone, the next commit is the way back to a whole store.
            if has_its_files(root, &last) {
                publish::bring_up_to(root, &last)?;
            }
        }
        Ok(store)
    }

    /// Opens a store for writing whatever its state, to mend it.
    pub(crate) fn create_damaged(root: &Path) -> Result<Store, StoreError> {
        make_log_folder(root)?;
        let lock = Arc::new(WriteLock::take(root, WhenBusy::Fail)?);
        Ok(Store { root: root.to_path_buf(), snapshot: None, _lock: Some(lock) })
    }

    /// The store's folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The state that is read: the one that was asked for, or the last. `None` before the first commit.
    pub fn commit_read(&self) -> Result<Option<Commit>, StoreError> {
        match &self.snapshot {
            Some(commit) => Ok(Some(commit.clone())),
            None => self.last_commit(),
        }
    }

    /// The last commit, `None` before the first.
    pub fn last_commit(&self) -> Result<Option<Commit>, StoreError> {
        match versions(&self.root)?.last() {
            Some(version) => Commit::read(&commit_path(&self.root, *version)).map(Some),
            None => Ok(None),
        }
    }

    /// All commits, the oldest first; also those whose files are gone.
    pub fn commits(&self) -> Result<Vec<Commit>, StoreError> {
        versions(&self.root)?.into_iter().map(|v| Commit::read(&commit_path(&self.root, v))).collect()
    }

    /// The oldest version whose files are kept.
    pub fn oldest_version(&self) -> Result<u64, StoreError> {
        let path = self.root.join(LOG).join("oldest");
        match fs::read_to_string(&path) {
            Ok(text) => text.trim().parse().map_err(|_| StoreError::Damaged {
                path,
                problem: "it must hold the number of a version".to_string(),
            }),
            Err(e) if e.kind() == io::ErrorKind::NotFound => {
                Ok(versions(&self.root)?.first().copied().unwrap_or(1))
            }
            Err(source) => Err(StoreError::Read { path, source }),
        }
    }

    pub(crate) fn set_oldest_version(&self, oldest: u64) -> Result<(), StoreError> {
        let path = self.root.join(LOG).join("oldest");
        replace(&path, format!("{oldest}\n").as_bytes()).map_err(|source| StoreError::Write { path, source })
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
        let commit = self.commit_read()?.ok_or_else(|| StoreError::Missing { path: self.root.clone() })?;
        let files =
            commit.tables.get(table).ok_or_else(|| StoreError::NoTable { table: table.to_string() })?;
        Ok(files.iter().map(|file| self.root.join(table).join(&file.path)).collect())
    }

    /// Replaces the content of the store in one commit, made at a time that the caller says.
    ///
    /// New files are written and synced first, then the commit's file is created exclusively: a kill at any moment
    /// leaves the former commit or the new one. Then the logs of the tables and the files beside them follow; what of
    /// that a kill leaves undone is done when the store is next opened for writing. The files of former commits stay.
    pub fn commit(
        &self,
        tables: &StoreTables,
        settings: BTreeMap<String, String>,
        at: Timestamp,
    ) -> Result<Committed, StoreError> {
        let mut files = BTreeMap::new();
        tables.each(&mut FileWriter { root: &self.root, files: &mut files })?;
        self.commit_files(files, settings, at)
    }

    /// The same of documents that come one after the other and need not be held: `document` is asked for each of `n` once, in
    /// order.
    pub fn commit_documents<'d>(
        &self,
        n: usize,
        document: impl Fn(u32) -> Cow<'d, CodedDocument> + Sync,
        corpus: &Corpus,
        rejects: &[Reject],
        settings: BTreeMap<String, String>,
        at: Timestamp,
    ) -> Result<Written, StoreError> {
        let mut files = BTreeMap::new();
        let writer = &mut FileWriter { root: &self.root, files: &mut files };
        let written = write_documents(writer, n, document, corpus, rejects)?;
        let committed = self.commit_files(files, settings, at)?;
        Ok(Written { committed, ..written })
    }

    fn commit_files(
        &self,
        files: BTreeMap<String, Vec<TableFile>>,
        settings: BTreeMap<String, String>,
        at: Timestamp,
    ) -> Result<Committed, StoreError> {
        let before = self.last_commit()?;
        if let Some(before) = &before
            && before.format == FORMAT
            && before.tables == files
            && before.settings == settings
        {
            publish::bring_up_to(&self.root, before)?;
            return Ok(Committed { version: before.version, changed: false });
        }
        let version = before.as_ref().map_or(1, |c| c.version + 1);
        let at = before.as_ref().map_or(at, |b| b.at.max(at));
        let commit = Commit { format: FORMAT, version, at, tables: files, settings, checksum: String::new() };
        let commit = commit.publish(&self.root)?;
        if before.as_ref().is_some_and(|b| b.format < FORMAT) {
            self.leave_format_1(&commit)?;
        }
        publish::bring_up_to(&self.root, &commit)?;
        Ok(Committed { version, changed: true })
    }

    /// Files of format 1 lay where programs look for the last state, so they cannot stay.
    fn leave_format_1(&self, commit: &Commit) -> Result<(), StoreError> {
        self.set_oldest_version(commit.version)?;
        for table in commit.tables.keys() {
            for entry in fs::read_dir(self.root.join(table)).into_iter().flatten().flatten() {
                let name = entry.file_name().to_string_lossy().into_owned();
                if name.strip_suffix(".parquet").is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit())) {
                    let _ = fs::remove_file(entry.path());
                }
            }
        }
        Ok(())
    }
}

/// Whether all files of a commit are there in their length.
pub(crate) fn has_its_files(root: &Path, commit: &Commit) -> bool {
    commit.tables.iter().all(|(table, files)| {
        files.iter().all(|file| {
            fs::metadata(root.join(table).join(&file.path))
                .is_ok_and(|m| commit.format < 2 || m.len() == file.bytes)
        })
    })
}

/// Writes each table that [`StoreTables::each`] hands it.
pub(crate) struct FileWriter<'a> {
    root: &'a Path,
    files: &'a mut BTreeMap<String, Vec<TableFile>>,
}

impl FileWriter<'_> {
    pub(crate) fn table<R: Row>(&mut self, rows: &[R]) -> Result<(), StoreError> {
        let mut draft = self.draft::<R>()?;
        draft.append_all(rows)?;
        self.place(draft)
    }

    /// A file for the rows of a table that come in parts.
    pub(crate) fn draft<R: Row>(&self) -> Result<DraftFile<R>, StoreError> {
        let folder = self.root.join(R::TABLE).join(FILES);
        fs::create_dir_all(&folder).map_err(|source| StoreError::Write { path: folder.clone(), source })?;
        DraftFile::create(&folder)
    }

    /// A file is named after its content, so that equal tables share a file and two writers never change one another's.
    pub(crate) fn place<R: Row>(&mut self, draft: DraftFile<R>) -> Result<(), StoreError> {
        let draft = draft.finish()?;
        let name = format!("{}.parquet", &draft.sha256[..32]);
        let path = self.root.join(R::TABLE).join(FILES).join(&name);
        let write = |source| StoreError::Write { path: path.clone(), source };
        // The name says what it should hold; a damaged file is replaced.
        if sha256_of(&path).is_ok_and(|held| held == draft.sha256) {
            fs::remove_file(&draft.path).map_err(write)?;
        } else {
            fs::rename(&draft.path, &path).map_err(write)?;
        }
        let file = TableFile {
            path: format!("{FILES}/{name}"),
            rows: draft.rows,
            bytes: draft.bytes,
            sha256: draft.sha256,
            schema: draft.schema,
        };
        self.files.insert(R::TABLE.to_string(), vec![file]);
        Ok(())
    }
}

/// Writes a text file that must not be there yet.
pub(crate) fn create_file(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    create_exclusively(path, bytes).map_err(|source| StoreError::Write { path: path.to_path_buf(), source })
}
