//! A base: persons, bodies and places of another collection in one file that is used where it lies, without being read in.
//!
//! Layout, little-endian: the head (magic, format, length of the file, counts, a checksum of itself), the codes and offices as
//! short strings, entities and roles as records of fixed size, the index (65,537 starts of buckets, then hashes, then entities),
//! and last the text of names and ids. Names are found by the hash of their folded form; persons also by the consonants of
//! their words, so that other spellings find them.

mod build;

pub use build::BaseBuilder;

use crate::names::{match_names, name_words, skeleton};
use polybius_text::{Sector, stable_hash};

pub(crate) const MAGIC: &[u8; 8] = b"POLYBAS1";
pub(crate) const FORMAT: u32 = 1;
pub(crate) const HEAD: usize = 96;
pub(crate) const ENTITY: usize = 44;
pub(crate) const ROLE: usize = 16;
pub(crate) const BUCKETS: usize = 1 << 16;

/// Why bytes are no base.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum BaseError {
    #[error("not a base: it does not begin with POLYBAS")]
    NoBase,
    #[error("a base of format {found}; this program reads format {FORMAT}")]
    Format { found: u32 },
    #[error("a base that was cut or changed: {problem}")]
    Damaged { problem: &'static str },
    #[error("more than the format holds: {what}")]
    TooMany { what: &'static str },
}

/// What an entry of a base is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BaseKind {
    /// A person.
    Person,
    /// A body with a name.
    Organisation,
    /// A city, region or other place.
    Place,
}

/// An office in a base, with ISO dates or prefixes, empty when not known; the end is exclusive.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct BaseRole {
    pub office: String,
    pub code: String,
    pub sector: Option<Sector>,
    pub start: String,
    pub end: String,
}

/// An entry of a base.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub struct BaseEntity {
    /// Id in the collection: `Q42`, `NK-…`, a geonameid.
    pub id: String,
    pub name: String,
    pub kind: BaseKind,
    /// ISO-3 or special code, empty when not known.
    pub code: String,
    pub sector: Option<Sector>,
    pub roles: Vec<BaseRole>,
    /// How well known: links of a Wikidata item, people of a place.
    pub weight: u32,
    /// Latitude and longitude in degrees, of a place.
    pub point: Option<(f64, f64)>,
}

/// A base over bytes that lie in memory or in a mapped file.
pub struct Base {
    bytes: Box<dyn AsRef<[u8]> + Send + Sync>,
    codes: Vec<String>,
    offices: Vec<String>,
    head: Head,
}

/// Counts and where the sections begin.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Head {
    pub length: u64,
    pub n_entities: u64,
    pub n_roles: u64,
    pub n_names: u64,
    pub strings: u64,
    pub entities: u64,
    pub roles: u64,
    pub index: u64,
    pub text: u64,
}

impl Head {
    pub fn numbers(&self) -> [u64; 9] {
        [
            self.length,
            self.n_entities,
            self.n_roles,
            self.n_names,
            self.strings,
            self.entities,
            self.roles,
            self.index,
            self.text,
        ]
    }

    pub fn checksum(&self) -> u64 {
        let words: Vec<String> = self.numbers().iter().map(u64::to_string).collect();
        stable_hash(&words.iter().map(String::as_str).collect::<Vec<_>>())
    }
}

impl std::fmt::Debug for Base {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Base").field("head", &self.head).finish_non_exhaustive()
    }
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).map_or(0, |b| u32::from_le_bytes(b.try_into().expect("four bytes")))
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..at + 2).map_or(0, |b| u16::from_le_bytes(b.try_into().expect("two bytes")))
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    bytes.get(at..at + 8).map_or(0, |b| u64::from_le_bytes(b.try_into().expect("eight bytes")))
}

impl Base {
    /// Opens a base over its bytes. Checks head, length and sections, not every record: microseconds for any size. A record that
    /// points nowhere gives empty values, never a fault.
    ///
    /// # Errors
    /// Bytes of something else, of another format, or cut.
    pub fn open(bytes: Box<dyn AsRef<[u8]> + Send + Sync>) -> Result<Base, BaseError> {
        let all = (*bytes).as_ref();
        if all.len() < HEAD || &all[..8] != MAGIC {
            return Err(if all.starts_with(&MAGIC[..7]) && all.len() < HEAD {
                BaseError::Damaged { problem: "it ends inside its head" }
            } else {
                BaseError::NoBase
            });
        }
        let found = u32_at(all, 8);
        if found != FORMAT {
            return Err(BaseError::Format { found });
        }
        let n = |i: usize| u64_at(all, 16 + 8 * i);
        let head = Head {
            length: n(0),
            n_entities: n(1),
            n_roles: n(2),
            n_names: n(3),
            strings: n(4),
            entities: n(5),
            roles: n(6),
            index: n(7),
            text: n(8),
        };
        if n(9) != head.checksum() {
            return Err(BaseError::Damaged { problem: "its head does not agree with its checksum" });
        }
        if head.length != all.len() as u64 {
            return Err(BaseError::Damaged { problem: "its length is not the one it was written with" });
        }
        let sections = [
            (head.entities, head.n_entities * ENTITY as u64, head.roles),
            (head.roles, head.n_roles * ROLE as u64, head.index),
            (head.index, 4 * (BUCKETS as u64 + 1) + 12 * head.n_names, head.text),
        ];
        if sections.iter().any(|(from, size, to)| from + size != *to) || head.text > head.length {
            return Err(BaseError::Damaged { problem: "its sections do not fit each other" });
        }
        let mut at = head.strings as usize;
        let mut strings = || {
            let count = u16_at(all, at);
            at += 2;
            (0..count)
                .map(|_| {
                    let len = usize::from(u16_at(all, at));
                    let text = all.get(at + 2..at + 2 + len).unwrap_or_default();
                    at += 2 + len;
                    String::from_utf8_lossy(text).into_owned()
                })
                .collect::<Vec<String>>()
        };
        let (codes, offices) = (strings(), strings());
        Ok(Base { codes, offices, head, bytes })
    }

    /// Number of entries.
    pub fn len(&self) -> usize {
        self.head.n_entities as usize
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn all(&self) -> &[u8] {
        (*self.bytes).as_ref()
    }

    fn text(&self, at: u32, len: u16) -> &str {
        let from = self.head.text as usize + at as usize;
        let bytes = self.all().get(from..from + usize::from(len)).unwrap_or_default();
        std::str::from_utf8(bytes).unwrap_or("")
    }

    /// Numbers of the entries under a key, in order.
    fn under(&self, hash: u64) -> impl Iterator<Item = u32> + '_ {
        let all = self.all();
        let starts = self.head.index as usize;
        let bucket = (hash >> 48) as usize;
        let hashes = starts + 4 * (BUCKETS + 1);
        let entries = hashes + 8 * self.head.n_names as usize;
        let most = self.head.n_names as usize;
        let (low, high) = (
            (u32_at(all, starts + 4 * bucket) as usize).min(most),
            (u32_at(all, starts + 4 * (bucket + 1)) as usize).min(most),
        );
        let (mut a, mut b) = (low, high.max(low));
        while a < b {
            let middle = (a + b) / 2;
            if u64_at(all, hashes + 8 * middle) < hash { a = middle + 1 } else { b = middle }
        }
        (a..high.max(a))
            .take_while(move |&i| u64_at(all, hashes + 8 * i) == hash)
            .map(move |i| u32_at(all, entries + 4 * i))
            .filter(move |&e| u64::from(e) < self.head.n_entities)
    }

    /// Entries that bear a folded name, the best known first. At most [`MOST`] are looked at.
    pub fn named(&self, folded: &str) -> Vec<u32> {
        self.sorted(self.under(stable_hash(&["name", folded])))
    }

    /// Persons whose name is another spelling of this one, with the likeness, best first.
    pub fn spelled_like(&self, name: &str) -> Vec<(f32, u32)> {
        let Some(key) = spelling_key(name) else { return Vec::new() };
        let mut found: Vec<(f32, u32)> = self
            .under(key)
            .take(MOST)
            .map(|e| (match_names(name, self.name(e)).score, e))
            .filter(|(score, _)| *score >= LIKE)
            .collect();
        found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        found
    }

    fn sorted(&self, entries: impl Iterator<Item = u32>) -> Vec<u32> {
        let mut all: Vec<u32> = entries.take(MOST).collect();
        all.sort_unstable();
        all.dedup();
        all.sort_by_key(|&e| std::cmp::Reverse(u32_at(self.all(), self.record(e) + 32)));
        all
    }

    fn record(&self, entry: u32) -> usize {
        self.head.entities as usize + ENTITY * entry as usize
    }

    /// The canonical name of an entry.
    pub fn name(&self, entry: u32) -> &str {
        let (all, at) = (self.all(), self.record(entry));
        self.text(u32_at(all, at), u16_at(all, at + 4))
    }

    /// What an entry is.
    pub fn kind(&self, entry: u32) -> BaseKind {
        match self.all().get(self.record(entry) + 22) {
            Some(0) => BaseKind::Person,
            Some(1) => BaseKind::Organisation,
            _ => BaseKind::Place,
        }
    }

    /// An entry with its offices.
    pub fn entity(&self, entry: u32) -> BaseEntity {
        let (all, at) = (self.all(), self.record(entry));
        let kind = self.kind(entry);
        let (from, n) = (u32_at(all, at + 24) as usize, usize::from(u16_at(all, at + 28)));
        let roles = (from..from + n)
            .filter(|&r| (r as u64) < self.head.n_roles)
            .map(|r| {
                let at = self.head.roles as usize + ROLE * r;
                BaseRole {
                    office: string(&self.offices, u16_at(all, at)),
                    code: string(&self.codes, u16_at(all, at + 2)),
                    sector: sector(all.get(at + 4).copied()),
                    start: day(u32_at(all, at + 8)),
                    end: day(u32_at(all, at + 12)),
                }
            })
            .collect();
        let degrees = |at: usize| f64::from(u32_at(all, at) as i32) / 1e5;
        BaseEntity {
            id: self.text(u32_at(all, at + 16), u16_at(all, at + 20)).to_owned(),
            name: self.name(entry).to_owned(),
            kind,
            code: string(&self.codes, u16_at(all, at + 6)),
            sector: sector(all.get(at + 23).copied()),
            roles,
            weight: u32_at(all, at + 32),
            point: (kind == BaseKind::Place).then(|| (degrees(at + 36), degrees(at + 40))),
        }
    }
}

/// Entries under one key beyond this number are not looked at.
pub const MOST: usize = 64;

/// Persons of a base whose names are at least so alike may be one. Set with [`crate::names::SAME_NAME`] in mind, well above it.
const LIKE: f32 = 0.86;

fn string(list: &[String], number: u16) -> String {
    list.get(usize::from(number)).cloned().unwrap_or_default()
}

fn sector(number: Option<u8>) -> Option<Sector> {
    Sector::ALL.get(usize::from(number?).checked_sub(1)?).copied()
}

/// `20180402` as `2018-04-02`, `20180400` as `2018-04`, 0 as nothing.
fn day(packed: u32) -> String {
    match (packed / 10_000, packed / 100 % 100, packed % 100) {
        (0, ..) => String::new(),
        (y, 0, _) => format!("{y:04}"),
        (y, m, 0) => format!("{y:04}-{m:02}"),
        (y, m, d) => format!("{y:04}-{m:02}-{d:02}"),
    }
}

/// Key under which spellings of a name of several words mostly meet: the consonants of its words, sorted.
pub(crate) fn spelling_key(name: &str) -> Option<u64> {
    let words = name_words(name);
    if words.len() < 2 {
        return None;
    }
    let mut bones: Vec<String> = words.iter().map(|w| skeleton(w)).filter(|b| !b.is_empty()).collect();
    bones.sort();
    (bones.len() > 1).then(|| stable_hash(&["spelling", &bones.join(" ")]))
}
