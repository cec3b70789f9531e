use crate::StoreError;
use polybius_text::{CodedDocument, DocId, Given, Page, PageKind, Reject};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{BufReader, Read, Seek, SeekFrom, Write};
use std::marker::PhantomData;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

const MAGIC: &[u8; 8] = b"POLYLOG1";
const HEAD: u64 = 12;

/// A record of a log.
pub trait Record: Serialize + DeserializeOwned {
    /// Whether lost records can be had again from elsewhere in the store.
    const MADE_AGAIN: bool;

    /// The record from its bytes, also where an older program wrote them.
    fn from_bytes(bytes: &[u8]) -> postcard::Result<Self> {
        postcard::from_bytes(bytes)
    }
}

impl Record for Analysis {
    const MADE_AGAIN: bool = true;
}

impl Record for (DocId, Page) {
    const MADE_AGAIN: bool = false;

    fn from_bytes(bytes: &[u8]) -> postcard::Result<Self> {
        // Pages were once kept without what was given with them.
        type Bare = (DocId, (String, Option<String>, PageKind, Vec<u8>));
        postcard::from_bytes(bytes).or_else(|error| match postcard::take_from_bytes::<Bare>(bytes) {
            Ok(((id, (path, url, kind, bytes)), [])) => {
                Ok((id, Page { path, url, kind, bytes, given: Given::default() }))
            }
            _ => Err(error),
        })
    }
}

/// What one page gave by itself.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Analysis {
    /// A document with its events.
    Coded(Box<CodedDocument>),
    /// No article.
    Rejected(DocId, Reject),
}

/// The log of what each page gave by itself, under `_analysis/`.
///
/// The file's name carries a hash of the program, model and data that made it: another model starts another file, and
/// older ones are removed once a commit rests on the new one.
pub type AnalysisLog = RecordLog<Analysis>;

/// The log of the pages as they came, under `_pages/`: what is analysed again when the model or a table changes.
pub type PageLog = RecordLog<(DocId, Page)>;

/// An append-only file of records. A record is its length, a checksum and its bytes; one that a kill has cut is
/// dropped at the next start. A log with whole records after a damaged one is refused where they cannot be had again.
pub struct RecordLog<T> {
    path: PathBuf,
    file: File,
    record: PhantomData<T>,
}

impl AnalysisLog {
    /// Opens or makes the log of one hash of settings; hands every whole record to `each`, with its position.
    pub fn open_analysis(
        root: &Path,
        settings_hash: &str,
        each: impl FnMut(u64, Analysis),
    ) -> Result<AnalysisLog, StoreError> {
        RecordLog::open(&root.join("_analysis").join(format!("{settings_hash}.log")), each)
    }

    /// For reading records by several threads at positions that this log gave.
    pub fn reader(&self) -> AnalysisReader {
        AnalysisReader { path: self.path.clone(), files: Mutex::default() }
    }

    /// Makes a log of its own at a path: what a worker found, on its way into the log of a store. What lies there is overwritten.
    pub fn create(path: &Path) -> Result<AnalysisLog, StoreError> {
        match fs::remove_file(path) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
                Err(StoreError::Write { path: path.to_path_buf(), source: e })
            }
            _ => RecordLog::open(path, |_, _| {}),
        }
    }

    /// Removes the logs of other settings.
    pub fn remove_others(&self) {
        let Some(folder) = self.path.parent() else { return };
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            if entry.path() != self.path {
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

impl PageLog {
    /// Opens or makes the log of pages; hands id, position and path of every page to `each`.
    pub fn open_pages(root: &Path, mut each: impl FnMut(DocId, u64, String)) -> Result<PageLog, StoreError> {
        RecordLog::open(&pages_path(root), |at, (id, page)| each(id, at, page.path))
    }
}

/// Reads analyses at positions that a log gave.
pub struct AnalysisReader {
    path: PathBuf,
    /// Files that no thread is reading.
    files: Mutex<Vec<File>>,
}

impl AnalysisReader {
    /// Reads the analysis at a position.
    pub fn read_at(&self, at: u64) -> Result<Analysis, StoreError> {
        let free = self.files.lock().expect("no panic while locked").pop();
        let mut file = match free {
            Some(file) => file,
            None => File::open(&self.path)
                .map_err(|source| StoreError::Read { path: self.path.clone(), source })?,
        };
        let analysis = read_record(&mut file, &self.path, at);
        self.files.lock().expect("no panic while locked").push(file);
        analysis
    }
}

/// Hands every analysis of a log made by [`AnalysisLog::create`] to `each`; an error when the log is not whole.
pub fn each_analysis(path: &Path, mut each: impl FnMut(Analysis)) -> Result<(), StoreError> {
    let length = fs::metadata(path).map(|m| m.len());
    let length = length.map_err(|source| StoreError::Read { path: path.to_path_buf(), source })?;
    match read_records(path, |_, analysis| each(analysis))? {
        End { valid, damage: None } if valid == length => Ok(()),
        End { damage, .. } => {
            let problem = damage.unwrap_or_else(|| "it is cut".to_string());
            Err(StoreError::Damaged { path: path.to_path_buf(), problem })
        }
    }
}

/// Reads pages at positions that the log of a store gave, while its writer may append more.
pub struct PageReader {
    path: PathBuf,
    file: File,
}

impl PageReader {
    /// Opens the log of pages of a store.
    pub fn open(root: &Path) -> Result<PageReader, StoreError> {
        let path = pages_path(root);
        match File::open(&path) {
            Ok(file) => Ok(PageReader { path, file }),
            Err(source) => Err(StoreError::Read { path, source }),
        }
    }

    /// Reads the page at a position.
    pub fn read_at(&mut self, at: u64) -> Result<(DocId, Page), StoreError> {
        read_record(&mut self.file, &self.path, at)
    }
}

/// What a document gave under the settings of a commit, without changing the log; `None` when the log does not hold it or
/// was written by a program that kept it in another form.
pub fn find_analysis(
    root: &Path,
    settings_hash: &str,
    doc_id: &str,
) -> Result<Option<CodedDocument>, StoreError> {
    let mut found = None;
    let path = root.join("_analysis").join(format!("{settings_hash}.log"));
    read_records(&path, |_, analysis: Analysis| match analysis {
        Analysis::Coded(doc) if doc.annotated.article.doc_id.as_str() == doc_id => found = Some(*doc),
        _ => {}
    })?;
    Ok(found)
}

/// The documents that have an analysis under these settings, without changing the log.
pub fn analysed(root: &Path, settings_hash: &str) -> Result<BTreeSet<DocId>, StoreError> {
    let mut ids = BTreeSet::new();
    let path = root.join("_analysis").join(format!("{settings_hash}.log"));
    read_records(&path, |_, analysis: Analysis| {
        ids.insert(match analysis {
            Analysis::Coded(doc) => doc.annotated.article.doc_id,
            Analysis::Rejected(id, _) => id,
        });
    })?;
    Ok(ids)
}

/// Hands every page of a store to `each`, without changing the log.
pub fn each_page(root: &Path, mut each: impl FnMut(DocId, Page)) -> Result<(), StoreError> {
    let path = pages_path(root);
    match read_records(&path, |_, (id, page)| each(id, page))? {
        End { damage: Some(problem), .. } => Err(StoreError::Damaged { path, problem }),
        _ => Ok(()),
    }
}

fn pages_path(root: &Path) -> PathBuf {
    root.join("_pages").join("pages.log")
}

/// What could be saved of a damaged log of pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Salvaged {
    /// Whole records.
    pub pages: u64,
    /// Bytes that belong to no whole record.
    pub lost_bytes: u64,
}

/// Writes the log of pages anew from its whole records; the damaged one is kept beside it as `pages.log.damaged`. `None`
/// when the log is whole, or cut at its end only, which the next run mends.
pub(crate) fn salvage_pages(root: &Path) -> Result<Option<Salvaged>, StoreError> {
    let path = pages_path(root);
    if read_records::<(DocId, Page)>(&path, |_, _| {})?.damage.is_none() {
        return Ok(None);
    }
    let bytes = fs::read(&path).map_err(|source| StoreError::Read { path: path.clone(), source })?;
    let mut whole = MAGIC.to_vec();
    let mut pages = 0;
    let mut at = 0;
    while let Some((start, end)) = next_whole::<(DocId, Page)>(&bytes, at) {
        whole.extend_from_slice(&bytes[start..end]);
        pages += 1;
        at = end;
    }
    let write = |source| StoreError::Write { path: path.clone(), source };
    let aside = path.with_extension("log.damaged");
    fs::rename(&path, &aside).map_err(write)?;
    crate::commit::replace(&path, &whole).map_err(write)?;
    let lost_bytes = bytes.len().saturating_sub(whole.len()) as u64;
    Ok(Some(Salvaged { pages, lost_bytes }))
}

/// Rewrites the log of pages without records of pages that it holds already; returns how many bytes that saved.
pub(crate) fn compact_pages(root: &Path) -> Result<u64, StoreError> {
    let path = pages_path(root);
    let mut seen = BTreeSet::new();
    let mut repeated = false;
    each_page(root, |id, _| repeated |= !seen.insert(id))?;
    if !repeated {
        return Ok(0);
    }
    let before = fs::metadata(&path).map(|m| m.len()).unwrap_or(0);
    let write = |source| StoreError::Write { path: path.clone(), source };
    let draft = crate::commit::draft_of(&path);
    let mut log = RecordLog::<(DocId, Page)>::open(&draft, |_, _| {})?;
    let mut failed = None;
    seen.clear();
    each_page(root, |id, page| {
        if failed.is_none() && seen.insert(id.clone()) {
            failed = log.append(&(id, page)).err();
        }
    })?;
    if let Some(failed) = failed {
        let _ = fs::remove_file(&draft);
        return Err(failed);
    }
    log.sync()?;
    fs::rename(&draft, &path).map_err(write)?;
    let after = fs::metadata(&path).map(|m| m.len()).unwrap_or(0);
    Ok(before.saturating_sub(after))
}

/// The page of a document as it came; `None` when the log does not hold it.
pub fn find_page(root: &Path, doc_id: &str) -> Result<Option<Page>, StoreError> {
    let mut found = None;
    each_page(root, |id, page| {
        if id.as_str() == doc_id {
            found = Some(page);
        }
    })?;
    Ok(found)
}

impl<T: Record> RecordLog<T> {
    fn open(path: &Path, each: impl FnMut(u64, T)) -> Result<RecordLog<T>, StoreError> {
        let folder = path.parent().expect("logs lie in a folder");
        let write = |source| StoreError::Write { path: path.to_path_buf(), source };
        fs::create_dir_all(folder).map_err(write)?;
        let End { valid, damage } = read_records(path, each)?;
        if let Some(problem) = damage
            && !T::MADE_AGAIN
        {
            return Err(StoreError::Damaged { path: path.to_path_buf(), problem });
        }
        let mut file = OpenOptions::new().create(true).read(true).append(true).open(path).map_err(write)?;
        file.set_len(valid).map_err(write)?;
        if valid == 0 {
            file.write_all(MAGIC).map_err(write)?;
        }
        Ok(RecordLog { path: path.to_path_buf(), file, record: PhantomData })
    }

    /// Appends one record and returns its position.
    pub fn append(&mut self, record: &T) -> Result<u64, StoreError> {
        let bytes = postcard::to_stdvec(record).expect("records are plain data");
        let mut framed = Vec::with_capacity(bytes.len() + HEAD as usize);
        framed.extend_from_slice(&(bytes.len() as u32).to_le_bytes());
        framed.extend_from_slice(&checksum(&bytes).to_le_bytes());
        framed.extend_from_slice(&bytes);
        let write = |source| StoreError::Write { path: self.path.clone(), source };
        let at = self.file.seek(SeekFrom::End(0)).map_err(write)?;
        self.file
            .write_all(&framed)
            .map_err(|source| StoreError::Write { path: self.path.clone(), source })?;
        Ok(at)
    }

    /// Reads the record at a position that this log gave.
    pub fn read_at(&mut self, at: u64) -> Result<T, StoreError> {
        read_record(&mut self.file, &self.path, at)
    }

    /// Makes sure that all records lie on the disk.
    pub fn sync(&self) -> Result<(), StoreError> {
        self.file.sync_data().map_err(|source| StoreError::Write { path: self.path.clone(), source })
    }
}

/// Reads the record at a position, checked by its checksum.
fn read_record<T: Record>(file: &mut File, path: &Path, at: u64) -> Result<T, StoreError> {
    let read = |source| StoreError::Read { path: path.to_path_buf(), source };
    let damaged = |problem: &str| StoreError::Damaged {
        path: path.to_path_buf(),
        problem: format!("record at byte {at}: {problem}"),
    };
    let length = file.metadata().map_err(read)?.len();
    file.seek(SeekFrom::Start(at)).map_err(read)?;
    let mut head = [0; HEAD as usize];
    file.read_exact(&mut head).map_err(read)?;
    let len = u64::from(u32::from_le_bytes([head[0], head[1], head[2], head[3]]));
    if at.saturating_add(HEAD + len) > length {
        return Err(damaged("it is cut"));
    }
    let mut bytes = vec![0; len as usize];
    file.read_exact(&mut bytes).map_err(read)?;
    if checksum(&bytes) != u64::from_le_bytes(head[4..].try_into().expect("eight bytes")) {
        return Err(damaged("its checksum is wrong"));
    }
    T::from_bytes(&bytes).map_err(|e| damaged(&e.to_string()))
}

/// Where the whole records of a log end.
struct End {
    /// Length of the file up to there; 0 when it does not begin as a log.
    valid: u64,
    /// What is wrong, when more follows there than a record that a kill has cut.
    damage: Option<String>,
}

/// Hands each whole record to `each` until the first that is not.
fn read_records<T: Record>(path: &Path, mut each: impl FnMut(u64, T)) -> Result<End, StoreError> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(End { valid: 0, damage: None }),
        Err(source) => return Err(StoreError::Read { path: path.to_path_buf(), source }),
    };
    let length = file.metadata().map(|m| m.len()).unwrap_or(0);
    let mut reader = BufReader::new(file);
    let mut magic = [0; 8];
    let begins = &mut magic[..length.min(8) as usize];
    reader.read_exact(begins).map_err(|source| StoreError::Read { path: path.to_path_buf(), source })?;
    if MAGIC.starts_with(begins) && length < 8 {
        // A kill while the log was made.
        return Ok(End { valid: 0, damage: None });
    }
    if &magic != MAGIC {
        return Ok(End { valid: 0, damage: Some("it does not begin as a log of this program".to_string()) });
    }
    let mut valid = MAGIC.len() as u64;
    let mut head = [0; HEAD as usize];
    while reader.read_exact(&mut head).is_ok() {
        let len = u64::from(u32::from_le_bytes([head[0], head[1], head[2], head[3]]));
        let sum = u64::from_le_bytes(head[4..].try_into().expect("eight bytes"));
        if valid + HEAD + len > length {
            break;
        }
        let mut bytes = vec![0; len as usize];
        if reader.read_exact(&mut bytes).is_err() || checksum(&bytes) != sum {
            break;
        }
        let Ok(record) = T::from_bytes(&bytes) else { break };
        each(valid, record);
        valid += HEAD + len;
    }
    let damage = if valid < length { damage_after::<T>(path, valid)? } else { None };
    Ok(End { valid, damage })
}

/// Tells damage from a record that a kill has cut: after damage, whole records follow.
fn damage_after<T: Record>(path: &Path, valid: u64) -> Result<Option<String>, StoreError> {
    let read = |source| StoreError::Read { path: path.to_path_buf(), source };
    let mut file = File::open(path).map_err(read)?;
    file.seek(SeekFrom::Start(valid)).map_err(read)?;
    let mut rest = Vec::new();
    file.read_to_end(&mut rest).map_err(read)?;
    Ok(next_whole::<T>(&rest, 1).map(|(start, _)| {
        format!("bytes {valid} to {} are no record, whole ones follow", valid + start as u64)
    }))
}

/// Start and end of the first whole record at or after a position.
fn next_whole<T: Record>(bytes: &[u8], from: usize) -> Option<(usize, usize)> {
    let head = HEAD as usize;
    (from..bytes.len().saturating_sub(head)).find_map(|at| {
        let len = u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes")) as usize;
        let end = (at + head).checked_add(len).filter(|end| len > 0 && *end <= bytes.len())?;
        let sum = u64::from_le_bytes(bytes[at + 4..at + head].try_into().expect("eight bytes"));
        let record = &bytes[at + head..end];
        (checksum(record) == sum && T::from_bytes(record).is_ok()).then_some((at, end))
    })
}

/// FNV-1a over 64 bits: guards against a cut record, not against malice.
fn checksum(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;
    use polybius_text::RejectReason;

    fn rejected(path: &str) -> Analysis {
        let reject = Reject { path: path.into(), reason: RejectReason::Empty, detail: String::new() };
        Analysis::Rejected(DocId::of_page(path, b""), reject)
    }

    #[test]
    fn a_record_cut_by_a_kill_is_dropped_and_the_rest_is_kept() {
        let root = tempfile::tempdir().unwrap();
        let mut log = AnalysisLog::open_analysis(root.path(), "h", |_, _| {}).unwrap();
        log.append(&rejected("a")).unwrap();
        log.append(&rejected("b")).unwrap();
        let file = root.path().join("_analysis/h.log");
        let whole = fs::read(&file).unwrap();
        for cut in 1..20 {
            fs::write(&file, &whole[..whole.len() - cut]).unwrap();
            let mut seen = 0;
            let mut log = AnalysisLog::open_analysis(root.path(), "h", |_, _| seen += 1).unwrap();
            assert_eq!(seen, 1, "cut by {cut} bytes");
            log.append(&rejected("c")).unwrap();
        }
    }

    #[test]
    fn what_a_worker_found_is_read_whole_or_refused() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("worker/7.log");
        let mut log = AnalysisLog::create(&path).unwrap();
        log.append(&rejected("a")).unwrap();
        log.append(&rejected("b")).unwrap();
        let mut seen = 0;
        each_analysis(&path, |_| seen += 1).unwrap();
        assert_eq!(seen, 2);
        let whole = fs::read(&path).unwrap();
        fs::write(&path, &whole[..whole.len() - 1]).unwrap();
        assert!(matches!(each_analysis(&path, |_| {}), Err(StoreError::Damaged { .. })));
        AnalysisLog::create(&path).unwrap();
        each_analysis(&path, |_| panic!("it was made anew")).unwrap();
        assert!(matches!(each_analysis(&root.path().join("none"), |_| {}), Err(StoreError::Read { .. })));
    }

    #[test]
    fn a_page_is_read_while_others_are_appended_and_a_wrong_position_is_an_error() {
        let root = tempfile::tempdir().unwrap();
        let mut log = PageLog::open_pages(root.path(), |_, _, _| {}).unwrap();
        let first = log.append(&page("a")).unwrap();
        let mut reader = PageReader::open(root.path()).unwrap();
        let second = log.append(&page("b")).unwrap();
        assert_eq!(reader.read_at(second).unwrap().1.path, "b");
        assert_eq!(reader.read_at(first).unwrap().1.path, "a");
        assert!(matches!(reader.read_at(first + 1), Err(StoreError::Damaged { .. })));
        assert!(reader.read_at(1 << 40).is_err());
    }

    fn page(name: &str) -> (DocId, Page) {
        let bytes = format!("words of {name}").into_bytes();
        let id = DocId::of_page(name, &bytes);
        (id, Page { path: name.into(), url: None, kind: PageKind::Text, bytes, given: Given::default() })
    }

    #[test]
    fn pages_after_a_damaged_one_are_not_thrown_away_and_can_be_saved() {
        let root = tempfile::tempdir().unwrap();
        let mut log = PageLog::open_pages(root.path(), |_, _, _| {}).unwrap();
        let at: Vec<u64> = ["a", "b", "c"].iter().map(|n| log.append(&page(n)).unwrap()).collect();
        drop(log);
        let file = pages_path(root.path());
        let whole = fs::read(&file).unwrap();
        // Once in the length, once in the words of the second record.
        for place in [at[1] + 1, at[1] + 20] {
            let mut bytes = whole.clone();
            bytes[place as usize] ^= 0x55;
            fs::write(&file, &bytes).unwrap();
            let opened = PageLog::open_pages(root.path(), |_, _, _| {});
            assert!(matches!(opened, Err(StoreError::Damaged { .. })), "byte {place}");
            assert_eq!(fs::read(&file).unwrap(), bytes, "the damaged log is left as it is");
            let saved = salvage_pages(root.path()).unwrap().unwrap();
            assert_eq!(saved, Salvaged { pages: 2, lost_bytes: at[2] - at[1] });
            let mut names = Vec::new();
            each_page(root.path(), |_, p| names.push(p.path)).unwrap();
            assert_eq!(names, ["a", "c"]);
        }
        fs::write(&file, b"a note of somebody, not a log").unwrap();
        assert!(matches!(PageLog::open_pages(root.path(), |_, _, _| {}), Err(StoreError::Damaged { .. })));
    }

    #[test]
    fn a_page_that_stands_in_the_log_twice_is_kept_once() {
        let root = tempfile::tempdir().unwrap();
        let mut log = PageLog::open_pages(root.path(), |_, _, _| {}).unwrap();
        for name in ["a", "b", "a"] {
            log.append(&page(name)).unwrap();
        }
        assert!(compact_pages(root.path()).unwrap() > 0);
        let mut names = Vec::new();
        each_page(root.path(), |_, p| names.push(p.path)).unwrap();
        assert_eq!(names, ["a", "b"]);
        assert_eq!(compact_pages(root.path()).unwrap(), 0);
    }

    #[test]
    fn a_page_kept_by_an_older_program_is_still_read() {
        let id = DocId::of_page("p.txt", b"words");
        let old =
            postcard::to_stdvec(&(id.clone(), ("p.txt", None::<String>, PageKind::Text, b"words".to_vec())));
        let (read, page) = <(DocId, Page)>::from_bytes(&old.unwrap()).unwrap();
        assert_eq!((read, page.path.as_str(), page.bytes.as_slice()), (id, "p.txt", b"words".as_slice()));
        assert_eq!(page.given, Given::default());
    }

    #[test]
    fn pages_come_back_as_they_were() {
        let root = tempfile::tempdir().unwrap();
        let page = Page {
            path: "p.txt".into(),
            url: None,
            kind: PageKind::Guess,
            bytes: vec![0, 255, 7],
            given: Given::default(),
        };
        let id = DocId::of_page(&page.path, &page.bytes);
        let mut log = PageLog::open_pages(root.path(), |_, _, _| {}).unwrap();
        let at = log.append(&(id.clone(), page.clone())).unwrap();
        let mut seen = Vec::new();
        let mut log = PageLog::open_pages(root.path(), |id, at, _| seen.push((id, at))).unwrap();
        assert_eq!(log.read_at(at).unwrap().1.bytes, page.bytes);
        assert_eq!(find_page(root.path(), id.as_str()).unwrap().unwrap().bytes, page.bytes);
        assert!(find_page(root.path(), "d0").unwrap().is_none());
        assert_eq!(seen, vec![(id, at)]);
    }
}
