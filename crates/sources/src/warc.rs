//! WARC and WET archives (ISO 28500), record by record.
//!
//! A reader of our own, because an archive must go on behind what is damaged and a reject must name the byte of the file:
//! the crates stop at the first error, and know places in the unpacked stream only.

use crate::http;
use crate::packed::{Damage, Packed, find};
use crate::{Item, MAX_PAGE_BYTES};
use polybius_text::{Given, Page, PageKind, Reject, RejectReason};
use std::collections::BTreeMap;

/// Longest head of a record.
const MAX_HEAD: usize = 64 << 10;
/// So many records in a row that cannot be read end the reading: this is no archive any more.
const MAX_DAMAGED_IN_ROW: u32 = 1000;
const BEGIN: &[u8] = b"WARC/";
/// A record behind another.
const HIDDEN: &[u8] = b"\r\n\r\nWARC/1.";

/// The pages of an archive: responses with status 200 that hold HTML or text, and the texts of a WET archive.
///
/// Records that hold no page are counted and told in one last [`Reject`]. A page's path is that of the archive with the
/// byte at which its record begins (`news.warc.gz@81723`); in a file that was packed as a whole, the place in the
/// unpacked bytes follows (`news.warc.gz@0+81723`).
pub(crate) struct Warc {
    packed: Packed,
    path: String,
    damaged_in_row: u32,
    /// Pages and rejects that were given.
    n_items: u64,
    /// Responses without a page, by what they hold.
    others: BTreeMap<String, u64>,
    /// Nothing more can be read.
    ended: bool,
    /// The last row was given.
    told: bool,
}

struct Record {
    at: String,
    headers: Vec<(String, String)>,
    /// Empty where nobody wants it.
    content: Vec<u8>,
    /// The content was longer than pages may be.
    too_large: bool,
}

/// How to go on after a fault.
enum Fault {
    /// The unpacked bytes cannot be had.
    Packing(Damage),
    /// The bytes are no record.
    Record(Damage),
    /// The record is cut, and the next member lies ready.
    Cut(Damage),
}

impl From<Damage> for Fault {
    fn from(damage: Damage) -> Fault {
        Fault::Packing(damage)
    }
}

impl Record {
    fn get(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }
}

impl Warc {
    pub fn new(packed: Packed, path: &str) -> Warc {
        Warc {
            packed,
            path: path.to_string(),
            damaged_in_row: 0,
            n_items: 0,
            others: BTreeMap::new(),
            ended: false,
            told: false,
        }
    }

    /// The next record; `None` at the end of the file.
    fn record(&mut self) -> Result<Option<Record>, Fault> {
        // Blank lines stand between records.
        loop {
            let chunk = self.packed.fill_across()?;
            if chunk.is_empty() {
                return Ok(None);
            }
            let blank = chunk.iter().take_while(|b| b.is_ascii_whitespace()).count();
            let found = blank < chunk.len();
            self.packed.consume(blank);
            if found {
                break;
            }
        }
        self.packed.mark();
        let (member, inner) = self.packed.place();
        let at = match inner {
            0 => format!("{}@{member}", self.path),
            _ => format!("{}@{member}+{inner}", self.path),
        };
        let fault = |what: String| Fault::Record(Damage { at: member, what });
        let head = self.head().map_err(|e| match e {
            Fault::Record(damage) => fault(damage.what),
            Fault::Cut(damage) => Fault::Cut(Damage { at: member, ..damage }),
            other => other,
        })?;
        let text = String::from_utf8_lossy(&head);
        let headers = http::headers(text.lines().skip(1));
        let get = |name: &str| headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str());
        let length = get("content-length").and_then(|v| v.parse::<u64>().ok());
        let length = length.ok_or_else(|| fault("a record without a Content-Length".into()))?;
        let wanted = matches!(
            get("warc-type").map(str::to_ascii_lowercase).as_deref(),
            Some("response" | "resource" | "conversion")
        );
        let mut record = Record { at, headers, content: Vec::new(), too_large: false };
        self.content(&mut record, length, wanted, member)?;
        Ok(Some(record))
    }

    /// The lines up to the blank one.
    fn head(&mut self) -> Result<Vec<u8>, Fault> {
        let fault = |what: &str| Fault::Record(Damage { at: 0, what: what.into() });
        let mut head: Vec<u8> = Vec::new();
        loop {
            let from = head.len();
            let buffer = self.packed.buffer();
            head.extend_from_slice(&buffer[..buffer.len().min(MAX_HEAD - from)]);
            let n = head.len().min(BEGIN.len());
            if head[..n] != BEGIN[..n] {
                return Err(fault("no record begins here"));
            }
            let look = from.saturating_sub(3);
            let crlf = find(&head[look..], b"\r\n\r\n").map(|n| look + n + 4);
            let lf = || find(&head[look..], b"\n\n").map(|n| look + n + 2);
            if let Some(end) = crlf.or_else(lf) {
                head.truncate(end);
                self.packed.consume(end - from);
                return Ok(head);
            }
            if head.len() >= MAX_HEAD {
                return Err(fault("the head of a record does not end"));
            }
            self.packed.consume(head.len() - from);
            if !self.goes_on()? {
                return Err(Fault::Cut(Damage { at: 0, what: "the head of a record is cut".into() }));
            }
        }
    }

    /// Whether bytes of the present record follow, in this member or, against the standard but read, in the next.
    fn goes_on(&mut self) -> Result<bool, Fault> {
        while self.packed.fill()?.is_empty() {
            if !self.packed.next_member()? || self.packed.fill()?.starts_with(BEGIN) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn content(&mut self, record: &mut Record, length: u64, wanted: bool, at: u64) -> Result<(), Fault> {
        let mut left = length;
        while left > 0 {
            if !self.goes_on()? {
                let what = format!("the record is cut: {} of {length} bytes are there", length - left);
                let damage = Damage { at, what };
                // A length that reaches over the end of a plain file hides the records behind it.
                return Err(if self.packed.is_plain() { Fault::Record(damage) } else { Fault::Cut(damage) });
            }
            let chunk = self.packed.buffer();
            let n = chunk.len().min(usize::try_from(left).unwrap_or(usize::MAX));
            if wanted && !record.too_large {
                record.too_large = record.content.len() + n > MAX_PAGE_BYTES;
                if record.too_large {
                    record.content = Vec::new();
                } else {
                    record.content.extend_from_slice(&chunk[..n]);
                }
            }
            // In what is too long for a page a record begins: the length was wrong.
            let hidden = if length - left > MAX_PAGE_BYTES as u64 { find(&chunk[..n], HIDDEN) } else { None };
            if let Some(place) = hidden {
                // Behind the blank line.
                self.packed.consume(place + 4);
                let what = format!("a record begins within the {length} bytes of this one");
                return Err(Fault::Cut(Damage { at, what }));
            }
            self.packed.consume(n);
            left -= n as u64;
        }
        self.after(at)
    }

    /// Looks at what follows a record: blank lines, the next record or the end. So the checksum of its member has been
    /// seen before the record is believed.
    fn after(&mut self, at: u64) -> Result<(), Fault> {
        loop {
            let chunk = self.packed.fill()?;
            let blank = chunk.iter().take_while(|b| b.is_ascii_whitespace()).count();
            let rest = &chunk[blank..];
            if rest.is_empty() && !chunk.is_empty() {
                self.packed.consume(blank);
                continue;
            }
            let n = rest.len().min(BEGIN.len());
            if rest[..n] != BEGIN[..n] {
                let what = "the record goes on behind its Content-Length".to_string();
                return Err(Fault::Record(Damage { at, what }));
            }
            self.packed.consume(blank);
            return Ok(());
        }
    }

    /// The page of a record; `None` for records that are there for other reasons.
    fn page(&mut self, record: Record) -> Option<Item> {
        let kind = record.get("warc-type")?.to_ascii_lowercase();
        if !matches!(kind.as_str(), "response" | "resource" | "conversion") {
            return None;
        }
        let reject = |reason, detail: String| Some(Err(Reject { path: record.at.clone(), reason, detail }));
        if record.too_large {
            return reject(RejectReason::TooLarge, format!("more than {} MB", MAX_PAGE_BYTES >> 20));
        }
        let url = record.get("warc-target-uri").map(|u| u.trim_matches(['<', '>']).to_string());
        let mut given = Given { fetched: record.get("warc-date").map(str::to_string), ..Given::default() };
        if kind != "response" {
            let content_type = record.get("content-type").unwrap_or("");
            let media = http::media_type(content_type);
            let Some(page_kind) = page_kind(&media, kind == "conversion") else {
                return self.other(media);
            };
            given.charset = http::charset(content_type);
            let Record { at, content, .. } = record;
            return Some(Ok(Page { path: at, url, kind: page_kind, bytes: content, given }));
        }
        let Some((head, rest)) = http::split(&record.content) else {
            return self.other("no HTTP response".into());
        };
        if !matches!(head.status, 200 | 203 | 206) {
            return self.other(format!("status {}", head.status));
        }
        let content_type = head.get("content-type").unwrap_or("");
        let media = http::media_type(content_type);
        let Some(page_kind) = page_kind(&media, false) else {
            return self.other(media);
        };
        given.charset = http::charset(content_type);
        match http::body(&head, rest, MAX_PAGE_BYTES) {
            Ok(bytes) => {
                let path = record.at.clone();
                Some(Ok(Page { path, url, kind: page_kind, bytes, given }))
            }
            Err(what) if what.contains("more than") => reject(RejectReason::TooLarge, what),
            Err(what) if what.contains("brotli") => reject(RejectReason::Unsupported, what),
            Err(what) => reject(RejectReason::Damaged, what),
        }
    }

    fn other(&mut self, what: String) -> Option<Item> {
        // A hostile archive could name any number of kinds.
        let what = if self.others.len() < 50 && !what.is_empty() { what } else { "other".into() };
        *self.others.entry(what).or_default() += 1;
        None
    }

    /// One row for all that holds no page.
    fn last(&mut self) -> Option<Item> {
        if std::mem::replace(&mut self.told, true) || (self.others.is_empty() && self.n_items > 0) {
            return None;
        }
        let mut kinds: Vec<(&String, &u64)> = self.others.iter().collect();
        kinds.sort_by_key(|(what, n)| (std::cmp::Reverse(**n), *what));
        let list: Vec<String> = kinds.iter().take(8).map(|(what, n)| format!("{n} {what}")).collect();
        let total: u64 = self.others.values().sum();
        let detail = match total {
            0 => "the archive holds no record with a page".to_string(),
            _ => format!("{total} records hold no page: {}", list.join(", ")),
        };
        Some(Err(Reject { path: self.path.clone(), reason: RejectReason::Unsupported, detail }))
    }

    /// The reject of a fault, and the way to the next record.
    fn mend(&mut self, fault: Fault) -> Item {
        let (damage, more) = match fault {
            Fault::Cut(damage) => (damage, true),
            Fault::Packing(damage) => {
                let more = self.packed.recover(BEGIN);
                (damage, more)
            }
            Fault::Record(damage) => {
                // Damage of the packing meets the next reading again.
                let more = self.packed.skip_to(BEGIN).unwrap_or_else(|_| self.packed.recover(BEGIN));
                (damage, more)
            }
        };
        self.n_items += 1;
        self.damaged_in_row += 1;
        let mut detail = damage.what;
        if self.damaged_in_row >= MAX_DAMAGED_IN_ROW {
            detail.push_str("; the rest of the archive is not read: nothing in it could be");
        }
        if !more || self.damaged_in_row >= MAX_DAMAGED_IN_ROW {
            self.ended = true;
        }
        Err(Reject { path: format!("{}@{}", self.path, damage.at), reason: RejectReason::Damaged, detail })
    }
}

impl Iterator for Warc {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        loop {
            if self.ended {
                return self.last();
            }
            match self.record() {
                Ok(None) => self.ended = true,
                Ok(Some(record)) => {
                    self.damaged_in_row = 0;
                    if let Some(item) = self.page(record) {
                        self.n_items += 1;
                        return Some(item);
                    }
                }
                Err(fault) => {
                    return Some(self.mend(fault));
                }
            }
        }
    }
}

/// How to read a media type; `None` for those that are no pages.
fn page_kind(media: &str, is_conversion: bool) -> Option<PageKind> {
    match media {
        "text/html" | "application/xhtml+xml" => Some(PageKind::Html),
        "text/plain" if is_conversion => Some(PageKind::Text),
        "text/plain" | "" => Some(PageKind::Guess),
        _ => None,
    }
}
