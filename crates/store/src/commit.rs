//! The log of commits: one JSON file a version, which is the authority on what the store holds.

use crate::error::{FORMAT, StoreError};
use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// The folder of the log.
pub(crate) const LOG: &str = "_log";

/// One commit: the files that make up each table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Commit {
    /// Layout version.
    pub format: u32,
    /// 1 for the first commit.
    pub version: u64,
    /// When it was made. Never before the commit that it follows, also when the clock was set back.
    #[serde(default)]
    pub at: Timestamp,
    /// Files by table.
    pub tables: BTreeMap<String, Vec<TableFile>>,
    /// What made it: program version, model hash, codebook hash.
    pub settings: BTreeMap<String, String>,
    /// SHA-256 of the commit without this field: tells a file that was changed by hand.
    #[serde(default)]
    pub checksum: String,
}

/// One Parquet file of a table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TableFile {
    /// Relative to the table's folder.
    pub path: String,
    /// Rows in it.
    pub rows: u64,
    /// Its length.
    pub bytes: u64,
    /// SHA-256 of its content; empty in commits of format 1.
    pub sha256: String,
    /// Tells the columns apart: equal for files with the same columns.
    pub schema: String,
}

impl<'de> Deserialize<'de> for TableFile {
    /// Commits of format 1 hold a name only.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<TableFile, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Form {
            Name(String),
            File { path: String, rows: u64, bytes: u64, sha256: String, schema: String },
        }
        Ok(match Form::deserialize(deserializer)? {
            Form::Name(path) => {
                TableFile { path, rows: 0, bytes: 0, sha256: String::new(), schema: String::new() }
            }
            Form::File { path, rows, bytes, sha256, schema } => {
                TableFile { path, rows, bytes, sha256, schema }
            }
        })
    }
}

impl Commit {
    /// Rows of a table.
    pub fn rows(&self, table: &str) -> u64 {
        self.tables.get(table).into_iter().flatten().map(|f| f.rows).sum()
    }

    /// The checksum that the commit should carry.
    fn expected_checksum(&self) -> String {
        let bare = Commit { checksum: String::new(), ..self.clone() };
        hex(&Sha256::digest(serde_json::to_vec(&bare).expect("a commit is plain data")))
    }

    /// Reads one commit file.
    pub(crate) fn read(path: &Path) -> Result<Commit, StoreError> {
        #[derive(Deserialize)]
        struct Head {
            format: u32,
        }
        let text = fs::read_to_string(path)
            .map_err(|source| StoreError::Read { path: path.to_path_buf(), source })?;
        let damaged = |problem: String| StoreError::Damaged { path: path.to_path_buf(), problem };
        let head: Head = serde_json::from_str(&text).map_err(|e| damaged(e.to_string()))?;
        if head.format > FORMAT {
            let root = path.ancestors().nth(2).unwrap_or(path).to_path_buf();
            return Err(StoreError::Newer { path: root, found: head.format });
        }
        let commit: Commit = serde_json::from_str(&text).map_err(|e| damaged(e.to_string()))?;
        if commit.format > 1 && commit.checksum != commit.expected_checksum() {
            return Err(damaged("it was changed after it was written".to_string()));
        }
        Ok(commit)
    }

    /// Makes the commit: the exclusive creation of its file.
    pub(crate) fn publish(mut self, root: &Path) -> Result<Commit, StoreError> {
        self.checksum = self.expected_checksum();
        let path = commit_path(root, self.version);
        let text = serde_json::to_string_pretty(&self).expect("a commit is plain data");
        match create_exclusively(&path, text.as_bytes()) {
            Ok(()) => Ok(self),
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {
                Err(StoreError::Raced { path: root.to_path_buf() })
            }
            Err(source) => Err(StoreError::Write { path, source }),
        }
    }
}

/// Which state of a store is meant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum AsOf {
    /// A version of the store.
    Version(u64),
    /// The last version made up to then.
    Time(Timestamp),
}

impl FromStr for AsOf {
    type Err = String;

    fn from_str(text: &str) -> Result<AsOf, String> {
        if let Ok(version) = text.parse() {
            return Ok(AsOf::Version(version));
        }
        if let Ok(time) = text.parse() {
            return Ok(AsOf::Time(time));
        }
        let Ok(day) = text.parse::<jiff::civil::Date>() else {
            return Err("give a version (3), a day (2024-05-31, until its end in UTC) or a time \
                        (2024-05-31T12:00:00Z); `polybius log` lists the versions"
                .to_string());
        };
        format!("{day}T23:59:59.999999999Z").parse().map(AsOf::Time).map_err(|e| format!("{e}"))
    }
}

/// The file of a commit.
pub(crate) fn commit_path(root: &Path, version: u64) -> PathBuf {
    root.join(LOG).join(format!("{version:020}.json"))
}

/// Versions of which there is a file, ascending.
pub(crate) fn versions(root: &Path) -> Result<Vec<u64>, StoreError> {
    let log = root.join(LOG);
    let entries = match fs::read_dir(&log) {
        Ok(entries) => entries,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(source) => return Err(StoreError::Read { path: log, source }),
    };
    let mut versions: Vec<u64> =
        entries.filter_map(|e| version_of(&e.ok()?.file_name().into_string().ok()?)).collect();
    versions.sort_unstable();
    Ok(versions)
}

/// The version that a file name of twenty digits stands for.
pub(crate) fn version_of(name: &str) -> Option<u64> {
    let digits = name.strip_suffix(".json")?;
    (digits.len() == 20 && digits.bytes().all(|b| b.is_ascii_digit())).then(|| digits.parse().ok())?
}

/// Writes a file that must not be there yet; it is there whole or not at all.
pub(crate) fn create_exclusively(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let draft = draft_of(path);
    let made = write_synced(&draft, bytes).and_then(|()| fs::hard_link(&draft, path));
    let _ = fs::remove_file(&draft);
    made?;
    sync_folder(path)
}

/// Writes a file whole or not at all, in place of one that may be there.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let draft = draft_of(path);
    let made = write_synced(&draft, bytes).and_then(|()| fs::rename(&draft, path));
    if made.is_err() {
        let _ = fs::remove_file(&draft);
    }
    made?;
    sync_folder(path)
}

/// A name beside the path that no reader takes for a part of the store.
pub(crate) fn draft_of(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{}.draft", std::process::id()))
}

/// Whether a name is one that a killed program left behind.
pub(crate) fn is_draft(name: &str) -> bool {
    name.starts_with('.') && name.ends_with(".draft")
}

fn write_synced(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = fs::File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Makes sure that the name of a file lies on the disk, where the system can.
pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    if let Some(folder) = path.parent()
        && let Ok(folder) = fs::File::open(folder)
    {
        let _ = folder.sync_all();
    }
    Ok(())
}

/// Bytes as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_named_by_version_day_or_time() {
        assert_eq!("3".parse(), Ok(AsOf::Version(3)));
        let end: Timestamp = "2024-05-31T23:59:59.999999999Z".parse().unwrap();
        assert_eq!("2024-05-31".parse(), Ok(AsOf::Time(end)));
        assert_eq!("2024-05-31T12:00:00Z".parse(), Ok(AsOf::Time("2024-05-31T12:00:00Z".parse().unwrap())));
        assert!("last Tuesday".parse::<AsOf>().unwrap_err().contains("polybius log"));
        assert!("-1".parse::<AsOf>().is_err());
    }

    #[test]
    fn a_commit_of_format_1_names_files_only() {
        let text =
            r#"{"format":1,"version":4,"tables":{"events":["00000000000000000004.parquet"]},"settings":{}}"#;
        let commit: Commit = serde_json::from_str(text).unwrap();
        assert_eq!(commit.tables["events"][0].path, "00000000000000000004.parquet");
    }
}
