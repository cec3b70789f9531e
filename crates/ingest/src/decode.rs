//! Bytes to text, with the way back.

use encoding_rs::{CoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};
use polybius_text::{RawMap, RawRun, RejectReason, Span};

/// Longest page that is read, in bytes of the page and of the text.
pub const MAX_PAGE_BYTES: usize = 16 << 20;

/// Text of a page with its map to the bytes.
pub(crate) struct Decoded {
    pub text: String,
    pub map: RawMap,
}

/// Decodes a page: a byte order mark first, then valid UTF-8, then what the server and the page say of it, then a guess.
pub(crate) fn decode(bytes: &[u8], given: Option<&str>) -> Result<Decoded, (RejectReason, String)> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err((RejectReason::Empty, "no byte but white space".into()));
    }
    if bytes.len() > MAX_PAGE_BYTES {
        return Err((
            RejectReason::TooLarge,
            format!("{} bytes; the limit is {MAX_PAGE_BYTES}", bytes.len()),
        ));
    }
    let marked = Encoding::for_bom(bytes).map(|(encoding, _)| encoding).filter(|e| *e != UTF_8);
    if marked.is_none() {
        if let Some(what) = magic(bytes) {
            return Err((RejectReason::Binary, what.into()));
        }
        let nulls = bytes.iter().filter(|b| **b == 0).count();
        if let Some(encoding) = unmarked_utf16(bytes, nulls) {
            return checked(with_encoding(bytes, encoding));
        }
        // Stray NULs are dirt, which browsers skip too; more than one in a hundred bytes is not text.
        if nulls * 100 > bytes.len() {
            return Err((RejectReason::Binary, format!("{nulls} NUL bytes in {}", bytes.len())));
        }
        if nulls == 0
            && let Ok(text) = std::str::from_utf8(bytes)
            && !escapes(bytes)
        {
            return checked(Decoded { text: text.to_string(), map: RawMap::identity(bytes.len()) });
        }
    }
    let encoding = marked.or_else(|| named(bytes, given)).unwrap_or_else(|| guessed(bytes));
    // Nearly valid UTF-8 with a few broken bytes is UTF-8, whatever else is declared.
    let broken: usize = bytes.utf8_chunks().map(|c| c.invalid().len()).sum();
    let high = bytes.iter().filter(|b| **b >= 0x80).count();
    let nearly = broken * 20 < high || broken == 0;
    if marked.is_none() && nearly {
        return checked(lossy(bytes));
    }
    // A page that calls itself UTF-8 and is not.
    let encoding = if marked.is_none() && encoding == UTF_8 { guessed(bytes) } else { encoding };
    if encoding == UTF_8 {
        return checked(lossy(bytes));
    }
    checked(with_encoding(bytes, encoding))
}

fn checked(decoded: Decoded) -> Result<Decoded, (RejectReason, String)> {
    if decoded.text.len() > MAX_PAGE_BYTES {
        let n = decoded.text.len();
        return Err((RejectReason::TooLarge, format!("{n} bytes of text; the limit is {MAX_PAGE_BYTES}")));
    }
    if decoded.text.chars().all(|c| c.is_whitespace() || c == '\u{feff}') {
        return Err((RejectReason::Empty, "white space only".into()));
    }
    let strange =
        decoded.text.chars().filter(|c| c.is_control() && !c.is_whitespace() || *c == '\u{fffd}').count();
    if strange * 10 > decoded.text.chars().count() {
        return Err((RejectReason::Binary, format!("{strange} characters that no text has")));
    }
    Ok(decoded)
}

/// The kind of file that these first bytes say, for kinds that are not pages.
fn magic(bytes: &[u8]) -> Option<&'static str> {
    let kinds: [(&[u8], &str); 9] = [
        (b"%PDF-", "a PDF file"),
        (b"PK\x03\x04", "a ZIP archive"),
        (b"\x89PNG", "a PNG image"),
        (b"GIF8", "a GIF image"),
        (b"\xff\xd8\xff", "a JPEG image"),
        (b"\x1f\x8b", "a gzip archive"),
        (b"\x7fELF", "a program"),
        (b"BZh", "a bzip2 archive"),
        (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    ];
    kinds.iter().find(|(head, _)| bytes.starts_with(head)).map(|(_, what)| *what)
}

/// ISO-2022-JP hides in seven bits and would pass for UTF-8.
fn escapes(bytes: &[u8]) -> bool {
    bytes.windows(3).any(|w| w == b"\x1b$B" || w == b"\x1b$@")
}

/// The character set that the server or the page names. Where they differ and only one of them can be right, that one;
/// where both can, the page: a server names one set for all that it has, most often the default of its program.
fn named(bytes: &[u8], given: Option<&str>) -> Option<&'static Encoding> {
    let declared = declared(bytes);
    let Some(given) = given.and_then(|label| Encoding::for_label(label.trim().as_bytes())) else {
        return declared;
    };
    let fits = |encoding: &'static Encoding| {
        encoding.decode_without_bom_handling_and_without_replacement(bytes).is_some()
    };
    match declared {
        Some(page) if page == given || fits(page) || !fits(given) => Some(page),
        None if !fits(given) => None,
        _ => Some(given),
    }
}

/// The character set that a `<meta>` among the first bytes names.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head: Vec<u8> = bytes[..bytes.len().min(4096)].to_ascii_lowercase();
    let at = head.windows(8).position(|w| w == b"charset=")? + 8;
    let label: Vec<u8> = head[at..]
        .iter()
        .copied()
        .skip_while(|b| matches!(b, b'"' | b'\'' | b' '))
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b':'))
        .collect();
    Encoding::for_label(&label)
}

fn guessed(bytes: &[u8]) -> &'static Encoding {
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    detector.guess(None, chardetng::Utf8Detection::Allow)
}

/// UTF-16 without its mark: of Latin text every other byte is NUL.
fn unmarked_utf16(bytes: &[u8], nulls: usize) -> Option<&'static Encoding> {
    if nulls * 5 < bytes.len() || bytes.len() < 8 {
        return None;
    }
    let odd = bytes.iter().skip(1).step_by(2).filter(|b| **b == 0).count();
    match (odd * 10 >= nulls * 9, odd * 10 <= nulls) {
        (true, _) => Some(UTF_16LE),
        (_, true) => Some(UTF_16BE),
        _ => None,
    }
}

/// UTF-8 with marks for bytes that are none, without NULs.
fn lossy(bytes: &[u8]) -> Decoded {
    let mut out = Builder::default();
    let mut raw = 0;
    for chunk in bytes.utf8_chunks() {
        for piece in chunk.valid().split_inclusive('\0') {
            let shown = piece.trim_end_matches('\0');
            out.push(shown, raw, shown.len());
            raw += piece.len();
        }
        if !chunk.invalid().is_empty() {
            out.push("\u{fffd}", raw, chunk.invalid().len());
            raw += chunk.invalid().len();
        }
    }
    out.done()
}

/// Feeds the decoder byte by byte, so that every character knows the bytes that it came from.
fn with_encoding(bytes: &[u8], encoding: &'static Encoding) -> Decoded {
    let mut decoder = encoding.new_decoder_with_bom_removal();
    let mut out = Builder::default();
    let mut from = 0;
    let mut buffer = [0u8; 64];
    for at in 0..bytes.len() {
        let last = at + 1 == bytes.len();
        let mut input = &bytes[at..=at];
        loop {
            let (result, read, written, _) = decoder.decode_to_utf8(input, &mut buffer, last);
            if written > 0 {
                let text = std::str::from_utf8(&buffer[..written]).unwrap_or("\u{fffd}");
                out.push(text, from, at + 1 - from);
                from = at + 1;
            }
            input = &input[read..];
            if result == CoderResult::InputEmpty {
                break;
            }
        }
    }
    out.done()
}

/// Text with its runs, joined where text and page run in step.
#[derive(Default)]
pub(crate) struct Builder {
    pub text: String,
    pub runs: Vec<RawRun>,
}

impl Builder {
    /// Appends `piece`, which stands in `raw_len` bytes of the page from `raw`.
    pub fn push(&mut self, piece: &str, raw: usize, raw_len: usize) {
        if piece.is_empty() {
            return;
        }
        let (text, raw, text_len, raw_len) =
            (self.text.len() as u32, raw as u32, piece.len() as u32, raw_len as u32);
        self.text.push_str(piece);
        if let Some(last) = self.runs.last_mut() {
            let in_step = text_len == raw_len && last.text_len == last.raw_len;
            // Only single-byte characters and true copies may be joined: inside the run offsets are counted through.
            if in_step && last.text + last.text_len == text && last.raw + last.raw_len == raw {
                last.text_len += text_len;
                last.raw_len += raw_len;
                return;
            }
        }
        self.runs.push(RawRun { text, raw, text_len, raw_len });
    }

    /// The text with its runs taken on through `map`, from which it was built.
    pub fn over(self, map: &RawMap) -> Decoded {
        let runs = self.runs.iter().map(|run| through(run, map)).collect();
        Decoded { text: self.text, map: RawMap { runs } }
    }

    fn done(self) -> Decoded {
        Decoded { text: self.text, map: RawMap { runs: self.runs } }
    }
}

/// A run into the decoded text as a run into the page.
fn through(run: &RawRun, map: &RawMap) -> RawRun {
    let raw = map.to_raw(Span { start: run.raw, end: run.raw + run.raw_len });
    RawRun { raw: raw.start, raw_len: raw.end - raw.start, ..*run }
}
