use crate::StoreError;
use polybius_text::{CodedDocument, DocId, Given, Page, PageKind, Reject};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::fs::{self, File, OpenOptions};
use std::io::{BufReader, Read, Seek, SeekFrom, Write};
use std::marker::PhantomData;
use std::path::{Path, PathBuf};

const MAGIC: &[u8; 8] = b"POLYLOG1";
const HEAD: u64 = 12;

/// A record of a log.
pub trait Record: Serialize + DeserializeOwned {
    /// The record from its bytes, also where an older program wrote them.
    fn from_bytes(bytes: &[u8]) -> postcard::Result<Self> {
        postcard::from_bytes(bytes)
    }
}

impl Record for Analysis {}

impl Record for (DocId, Page) {
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
/// dropped at the next start.
pub struct RecordLog<T> {
    path: PathBuf,
    file: File,
    record: PhantomData<T>,
}

impl AnalysisLog {
    /// Opens or makes the log of one hash of settings; hands every whole record to `each`.
    pub fn open_analysis(
        root: &Path,
        settings_hash: &str,
        mut each: impl FnMut(Analysis),
    ) -> Result<AnalysisLog, StoreError> {
        RecordLog::open(&root.join("_analysis").join(format!("{settings_hash}.log")), |_, r| each(r))
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
        RecordLog::open(&root.join("_pages").join("pages.log"), |at, (id, page)| each(id, at, page.path))
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

/// Hands every page of a store to `each`, without changing the log.
pub fn each_page(root: &Path, mut each: impl FnMut(DocId, Page)) -> Result<(), StoreError> {
    read_records(&root.join("_pages").join("pages.log"), |_, (id, page)| each(id, page)).map(|_| ())
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
        let valid = read_records(path, each)?;
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
        let read = |source| StoreError::Read { path: self.path.clone(), source };
        self.file.seek(SeekFrom::Start(at)).map_err(read)?;
        let mut head = [0; HEAD as usize];
        self.file.read_exact(&mut head).map_err(read)?;
        let mut bytes = vec![0; u32::from_le_bytes([head[0], head[1], head[2], head[3]]) as usize];
        self.file.read_exact(&mut bytes).map_err(read)?;
        T::from_bytes(&bytes).map_err(|e| StoreError::Damaged {
            path: self.path.clone(),
            problem: format!("record at byte {at}: {e}"),
        })
    }

    /// Makes sure that all records lie on the disk.
    pub fn sync(&self) -> Result<(), StoreError> {
        self.file.sync_data().map_err(|source| StoreError::Write { path: self.path.clone(), source })
    }
}

/// Hands each whole record to `each`; returns the length of the file up to the last of them.
fn read_records<T: Record>(path: &Path, mut each: impl FnMut(u64, T)) -> Result<u64, StoreError> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(0),
        Err(source) => return Err(StoreError::Read { path: path.to_path_buf(), source }),
    };
    let length = file.metadata().map(|m| m.len()).unwrap_or(0);
    let mut reader = BufReader::new(file);
    let mut magic = [0; 8];
    if reader.read_exact(&mut magic).is_err() || &magic != MAGIC {
        return Ok(0);
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
    Ok(valid)
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
        let mut log = AnalysisLog::open_analysis(root.path(), "h", |_| {}).unwrap();
        log.append(&rejected("a")).unwrap();
        log.append(&rejected("b")).unwrap();
        let file = root.path().join("_analysis/h.log");
        let whole = fs::read(&file).unwrap();
        for cut in 1..20 {
            fs::write(&file, &whole[..whole.len() - cut]).unwrap();
            let mut seen = 0;
            let mut log = AnalysisLog::open_analysis(root.path(), "h", |_| seen += 1).unwrap();
            assert_eq!(seen, 1, "cut by {cut} bytes");
            log.append(&rejected("c")).unwrap();
        }
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
