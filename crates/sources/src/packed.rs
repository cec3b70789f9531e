//! Bytes out of a file that may be packed, member by member, in bounded memory.
//!
//! Gzip is inflated here member by member and not through a reader, since an archive must go on behind a damaged member:
//! the bytes of the present member are kept (the last mebibyte of them), so that the next member is found even where
//! the damaged one has swallowed its beginning. Zstandard and plain files are one member.

use crate::zstd::Frames;
use flate2::{Decompress, FlushDecompress, Status};
use std::io::{self, Read};

/// Bytes read from the file at once.
const CHUNK: usize = 128 << 10;
/// Bytes of the present member that are kept for going back.
const KEEP: usize = 1 << 20;
/// Bytes inflated at once.
const OUT: usize = 256 << 10;
/// What unpacks to more than this many bytes for each of its own is no text, once it has given [`BOMB_FROM`] bytes.
pub(crate) const BOMB_RATIO: u64 = 100;
/// Bytes that may come out before the ratio is looked at.
pub(crate) const BOMB_FROM: u64 = 64 << 20;

/// What is wrong, and where in the file.
#[derive(Debug)]
pub(crate) struct Damage {
    /// Byte of the file as it lies on the disk.
    pub at: u64,
    pub what: String,
}

pub(crate) struct Packed {
    input: Box<dyn Read + Send>,
    at_end: bool,
    /// Bytes of the file from `base`; those before `pos` are used.
    raw: Vec<u8>,
    base: u64,
    pos: usize,
    /// Where the present member, or the place marked by the caller, begins in the file.
    start: u64,
    gzip: Option<Gzip>,
}

struct Gzip {
    inflate: Decompress,
    ended: bool,
    out: Vec<u8>,
    out_pos: usize,
    /// Decoded bytes of this member that were handed on.
    inner: u64,
}

impl Gzip {
    fn new() -> Gzip {
        Gzip { inflate: Decompress::new_gzip(15), ended: false, out: Vec::new(), out_pos: 0, inner: 0 }
    }
}

impl Packed {
    /// Looks at the first bytes for how the file is packed.
    pub fn new(input: Box<dyn Read + Send>) -> io::Result<Packed> {
        let mut packed =
            Packed { input, at_end: false, raw: Vec::new(), base: 0, pos: 0, start: 0, gzip: None };
        while packed.raw.len() < 4 && packed.read_on()? {}
        // One damaged byte of the three does not make it text.
        if matches!(packed.raw.as_slice(), [0x1f, 0x8b, ..] | [0x1f, _, 8, ..] | [_, 0x8b, 8, ..]) {
            packed.gzip = Some(Gzip::new());
        } else if packed.raw.starts_with(b"\x28\xb5\x2f\xfd") {
            let head = io::Cursor::new(std::mem::take(&mut packed.raw));
            let rest = std::mem::replace(&mut packed.input, Box::new(io::empty()));
            packed.input = Box::new(Frames::new(head.chain(rest)));
            packed.at_end = false;
        }
        Ok(packed)
    }

    /// The decoded bytes at hand.
    pub fn buffer(&self) -> &[u8] {
        match &self.gzip {
            Some(gzip) => &gzip.out[gzip.out_pos..],
            None => &self.raw[self.pos..],
        }
    }

    /// The next decoded bytes of the present member; empty at its end.
    pub fn fill(&mut self) -> Result<&[u8], Damage> {
        if self.buffer().is_empty() {
            self.more()?;
        }
        Ok(self.buffer())
    }

    /// Adds to [`Packed::buffer`]; `false` at the end of the member.
    pub fn more(&mut self) -> Result<bool, Damage> {
        if self.gzip.is_some() { self.inflate() } else { self.read_on().map_err(|e| self.unreadable(&e)) }
    }

    /// Takes `n` of the bytes that [`Packed::fill`] gave.
    pub fn consume(&mut self, n: usize) {
        match &mut self.gzip {
            Some(gzip) => {
                gzip.out_pos += n;
                gzip.inner += n as u64;
            }
            None => self.pos += n,
        }
    }

    /// As [`Packed::fill`], over the ends of members; empty only at the end of the file.
    pub fn fill_across(&mut self) -> Result<&[u8], Damage> {
        while self.fill()?.is_empty() {
            if !self.next_member()? {
                return Ok(&[]);
            }
        }
        self.fill()
    }

    /// Begins the next member; `false` at the end of the file.
    pub fn next_member(&mut self) -> Result<bool, Damage> {
        if self.gzip.is_none() {
            return Ok(false);
        }
        loop {
            // Some writers fill up with zeros.
            while self.raw.get(self.pos) == Some(&0) {
                self.pos += 1;
            }
            if self.pos + 1 < self.raw.len() || !self.read_on().map_err(|e| self.unreadable(&e))? {
                break;
            }
        }
        if self.pos == self.raw.len() {
            return Ok(false);
        }
        self.start = self.base + self.pos as u64;
        self.gzip = Some(Gzip::new());
        if !self.raw[self.pos..].starts_with(b"\x1f\x8b") {
            return Err(Damage { at: self.start, what: "no gzip member begins here".into() });
        }
        Ok(true)
    }

    /// Where the next decoded byte stands: the byte of the file at which its member begins, and its place in the member.
    pub fn place(&self) -> (u64, u64) {
        match &self.gzip {
            Some(gzip) => (self.start, gzip.inner),
            None => (self.base + self.pos as u64, 0),
        }
    }

    /// Whether the bytes are those of the file.
    pub fn is_plain(&self) -> bool {
        self.gzip.is_none()
    }

    /// Remembers the present place of a file that is not packed, for [`Packed::skip_to`].
    pub fn mark(&mut self) {
        if self.gzip.is_none() {
            self.start = self.base + self.pos as u64;
        }
    }

    /// After damage in a packed file: on to the next member whose first decoded bytes are `head`; `false` when there is none.
    pub fn recover(&mut self, head: &[u8]) -> bool {
        if self.gzip.is_none() {
            return false;
        }
        let mut at = self.behind_start();
        loop {
            match find(&self.raw[at..], b"\x1f\x8b\x08").map(|n| at + n) {
                Some(n) if self.raw.len() - n < CHUNK && !self.at_end => at = self.grow(n),
                Some(n) if begins(&self.raw[n..], head) => {
                    self.pos = n;
                    self.start = self.base + n as u64;
                    self.gzip = Some(Gzip::new());
                    return true;
                }
                Some(n) => at = n + 1,
                None if self.at_end => {
                    self.pos = self.raw.len();
                    return false;
                }
                None => at = self.grow(at.max(self.raw.len().saturating_sub(2))),
            }
        }
    }

    /// After a fault in the decoded bytes: on to the next line that begins with `head`, in a file that is not packed
    /// from behind the marked place, or to the next member; `false` at the end of the file.
    pub fn skip_to(&mut self, head: &[u8]) -> Result<bool, Damage> {
        if self.gzip.is_none() {
            self.pos = self.behind_start();
        }
        loop {
            loop {
                let chunk = self.fill()?;
                if chunk.is_empty() {
                    return self.next_member();
                }
                let end = chunk.iter().position(|b| *b == b'\n');
                let n = end.map_or(chunk.len(), |n| n + 1);
                self.consume(n);
                if end.is_some() {
                    break;
                }
            }
            while self.buffer().len() < head.len() && self.more()? {}
            if self.buffer().starts_with(head) {
                return Ok(true);
            }
        }
    }

    fn behind_start(&self) -> usize {
        (self.start + 1).saturating_sub(self.base).min(self.raw.len() as u64) as usize
    }

    /// Reads on while nothing before `at` is needed any more; gives the new place of that byte.
    fn grow(&mut self, at: usize) -> usize {
        let used = if self.raw.len() >= 4 * KEEP { at } else { 0 };
        self.raw.drain(..used);
        self.base += used as u64;
        // What cannot be read is the end.
        let _ = self.append();
        at - used
    }

    /// All that is left of the file; `None` where it is more than `limit` bytes.
    pub fn read_all(&mut self, limit: usize) -> Result<Option<Vec<u8>>, Damage> {
        let mut all = Vec::new();
        loop {
            let chunk = self.fill_across()?;
            if chunk.is_empty() {
                return Ok(Some(all));
            }
            if all.len() + chunk.len() > limit {
                return Ok(None);
            }
            all.extend_from_slice(chunk);
            let n = chunk.len();
            self.consume(n);
        }
    }

    /// Reads one line without its end into `line`: `Some(whole)` tells whether it fitted into `limit` bytes, `None` is the
    /// end of the file.
    pub fn read_line(&mut self, line: &mut Vec<u8>, limit: usize) -> Result<Option<bool>, Damage> {
        line.clear();
        let mut whole = true;
        let mut any = false;
        loop {
            let chunk = self.fill_across()?;
            if chunk.is_empty() {
                return Ok(any.then_some(whole));
            }
            any = true;
            let end = chunk.iter().position(|b| *b == b'\n');
            let piece = &chunk[..end.unwrap_or(chunk.len())];
            whole &= line.len() + piece.len() <= limit;
            if whole {
                line.extend_from_slice(piece);
            }
            let n = piece.len() + usize::from(end.is_some());
            self.consume(n);
            if end.is_some() {
                return Ok(Some(whole));
            }
        }
    }

    /// Inflates some more of the member; `false` at its end.
    fn inflate(&mut self) -> Result<bool, Damage> {
        loop {
            let gzip = self.gzip.as_mut().expect("only gzip is inflated");
            if gzip.ended {
                return Ok(false);
            }
            gzip.out.drain(..gzip.out_pos);
            gzip.out_pos = 0;
            let len = gzip.out.len();
            gzip.out.resize(len + OUT, 0);
            let before = (gzip.inflate.total_in(), gzip.inflate.total_out());
            let status =
                gzip.inflate.decompress(&self.raw[self.pos..], &mut gzip.out[len..], FlushDecompress::None);
            let (used, made) = (gzip.inflate.total_in(), gzip.inflate.total_out());
            self.pos += (used - before.0) as usize;
            let written = (made - before.1) as usize;
            gzip.out.truncate(len + written);
            match status {
                Ok(Status::StreamEnd) => gzip.ended = true,
                Ok(_) if made > BOMB_FROM && made > BOMB_RATIO * used => {
                    gzip.out.clear();
                    let what = format!("{used} bytes unpack to more than {made}: no text does");
                    return Err(Damage { at: self.start, what });
                }
                Ok(_) if written == 0 => {
                    if !self.read_on().map_err(|e| self.unreadable(&e))? {
                        let what = "the file ends inside this gzip member".to_string();
                        return Err(Damage { at: self.start, what });
                    }
                }
                Ok(_) => {}
                Err(e) => {
                    let what = format!("damaged gzip member: {e} near byte {}", self.base + self.pos as u64);
                    return Err(Damage { at: self.start, what });
                }
            }
            if written > 0 {
                return Ok(true);
            }
        }
    }

    /// Reads on, dropping what nobody goes back to; `false` at the end of the file.
    fn read_on(&mut self) -> io::Result<bool> {
        if self.raw.len() >= 4 * KEEP {
            let start = self.start.saturating_sub(self.base) as usize;
            let used = self.pos.saturating_sub(KEEP).max(start.min(self.pos));
            self.raw.drain(..used);
            self.base += used as u64;
            self.pos -= used;
        }
        self.append()
    }

    fn append(&mut self) -> io::Result<bool> {
        if self.at_end {
            return Ok(false);
        }
        let len = self.raw.len();
        self.raw.resize(len + CHUNK, 0);
        let n = loop {
            match self.input.read(&mut self.raw[len..]) {
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                other => break other,
            }
        };
        self.raw.truncate(len + n.as_ref().copied().unwrap_or(0));
        self.at_end = !matches!(n, Ok(1..));
        n.map(|n| n > 0)
    }

    fn unreadable(&self, error: &io::Error) -> Damage {
        Damage { at: self.base + self.pos as u64, what: error.to_string() }
    }
}

/// Whether a gzip member stands here whose first decoded bytes are `head`.
fn begins(raw: &[u8], head: &[u8]) -> bool {
    // Flags above the fifth bit are reserved (RFC 1952, section 2.3.1.2).
    if raw.get(3).is_none_or(|flags| flags & 0xe0 != 0) {
        return false;
    }
    let mut out = [0; 64];
    let mut inflate = Decompress::new_gzip(15);
    let raw = &raw[..raw.len().min(CHUNK)];
    let good = inflate.decompress(raw, &mut out, FlushDecompress::None).is_ok();
    let made = inflate.total_out() as usize;
    good && made > 0 && out[..made].starts_with(&head[..head.len().min(made)])
}

/// First place of `needle` (not empty) in `hay`.
pub(crate) fn find(hay: &[u8], needle: &[u8]) -> Option<usize> {
    let first = needle[0];
    let mut at = 0;
    while let Some(n) = hay[at..].iter().position(|b| *b == first) {
        at += n;
        if hay[at..].starts_with(needle) {
            return Some(at);
        }
        at += 1;
    }
    None
}
