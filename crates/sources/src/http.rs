//! HTTP responses as archives keep them, and the packing of bodies.

use crate::packed::find;
use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use std::io::Read;

/// The head of a response.
#[derive(Debug)]
pub(crate) struct Head {
    pub status: u16,
    /// Names in small letters, values as they stand, in order.
    headers: Vec<(String, String)>,
}

impl Head {
    /// The first value under a name in small letters.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }
}

/// Head and body of a response; `None` when it does not begin as one.
pub(crate) fn split(bytes: &[u8]) -> Option<(Head, &[u8])> {
    if !bytes.starts_with(b"HTTP/") {
        return None;
    }
    let look = &bytes[..bytes.len().min(128 << 10)];
    let crlf = find(look, b"\r\n\r\n").map(|n| (n, n + 4));
    let lf = find(&look[..crlf.map_or(look.len(), |c| c.0)], b"\n\n").map(|n| (n, n + 2));
    let (end, body) = lf.or(crlf).unwrap_or((look.len(), look.len()));
    let text = String::from_utf8_lossy(&bytes[..end]);
    let mut lines = text.lines();
    let status = lines.next()?.split_whitespace().nth(1)?.get(..3)?.parse().ok()?;
    Some((Head { status, headers: headers(lines) }, &bytes[body..]))
}

/// Header fields, continued lines joined.
pub(crate) fn headers<'a>(lines: impl Iterator<Item = &'a str>) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for line in lines.take(1000) {
        match (line.starts_with([' ', '\t']), found.last_mut()) {
            (true, Some((_, value))) => {
                value.push(' ');
                value.push_str(line.trim());
            }
            _ => {
                if let Some((name, value)) = line.split_once(':') {
                    found.push((name.trim().to_ascii_lowercase(), value.trim().to_string()));
                }
            }
        }
    }
    found
}

/// The body as the server meant it: chunks joined, packing undone. A body that is not packed as its head says is taken as
/// it stands: many archives undo the packing and leave the head.
///
/// # Errors
/// What is wrong, where the body is packed in a way that cannot be read or unpacks to more than `limit` bytes.
pub(crate) fn body(head: &Head, body: &[u8], limit: usize) -> Result<Vec<u8>, String> {
    let joined = match head.get("transfer-encoding") {
        Some(v) if v.to_ascii_lowercase().contains("chunked") => chunks(body),
        _ => None,
    };
    unpack(head.get("content-encoding"), joined.as_deref().unwrap_or(body), limit)
}

/// Undoes a content encoding.
pub(crate) fn unpack(encoding: Option<&str>, body: &[u8], limit: usize) -> Result<Vec<u8>, String> {
    let encoding = encoding.unwrap_or("").trim().to_ascii_lowercase();
    let unpacked = match encoding.as_str() {
        "gzip" | "x-gzip" if body.starts_with(b"\x1f\x8b") => read(MultiGzDecoder::new(body), limit),
        // Some servers send bare deflate, others the zlib form that the standard means.
        "deflate" if body.first().is_some_and(|b| b & 0x0f == 8) => read(ZlibDecoder::new(body), limit),
        "deflate" => read(DeflateDecoder::new(body), limit),
        "zstd" if body.starts_with(b"\x28\xb5\x2f\xfd") => read(crate::zstd::Frames::new(body), limit),
        "br" if std::str::from_utf8(body).is_err() => return Err("packed with brotli".into()),
        _ => return Ok(body.to_vec()),
    };
    match unpacked {
        Ok(bytes) if bytes.len() > limit => Err(format!("unpacks to more than {limit} bytes")),
        Ok(bytes) => Ok(bytes),
        // What came before the damage is a page that breaks off, as browsers show it.
        Err((bytes, _)) if bytes.len() > 1024 => Ok(bytes),
        Err((_, what)) => Err(format!("damaged {encoding} body: {what}")),
    }
}

fn read(input: impl Read, limit: usize) -> Result<Vec<u8>, (Vec<u8>, String)> {
    let mut bytes = Vec::new();
    match input.take(limit as u64 + 1).read_to_end(&mut bytes) {
        Ok(_) => Ok(bytes),
        Err(e) => Err((bytes, e.to_string())),
    }
}

/// Joins chunks (RFC 9112, section 7.1); `None` when the body does not begin with one. What follows a damaged chunk is
/// kept as it stands.
fn chunks(body: &[u8]) -> Option<Vec<u8>> {
    let mut joined = Vec::with_capacity(body.len());
    let mut rest = body;
    while !rest.is_empty() {
        match chunk_size(rest) {
            None if rest.len() == body.len() => return None,
            None => {
                joined.extend_from_slice(rest);
                break;
            }
            Some((_, 0)) => break,
            Some((head, size)) => {
                rest = &rest[head..];
                let n = size.min(rest.len());
                joined.extend_from_slice(&rest[..n]);
                rest = &rest[n..];
                rest = rest.strip_prefix(b"\r\n").or(rest.strip_prefix(b"\n")).unwrap_or(rest);
            }
        }
    }
    Some(joined)
}

/// Length of the line that begins a chunk, and the size that it names.
fn chunk_size(rest: &[u8]) -> Option<(usize, usize)> {
    let end = rest.iter().take(64).position(|b| *b == b'\n')?;
    let line = std::str::from_utf8(&rest[..end]).ok()?;
    let size = usize::from_str_radix(line.split(';').next()?.trim(), 16).ok()?;
    Some((end + 1, size))
}

/// The character set of a content type.
pub(crate) fn charset(content_type: &str) -> Option<String> {
    let (_, rest) = content_type.split_once(';')?;
    rest.split(';').find_map(|part| {
        let (name, value) = part.split_once('=')?;
        let value = value.trim().trim_matches(['"', '\'']);
        (name.trim().eq_ignore_ascii_case("charset") && !value.is_empty()).then(|| value.to_string())
    })
}

/// The media type of a content type, in small letters.
pub(crate) fn media_type(content_type: &str) -> String {
    content_type.split(';').next().unwrap_or("").trim().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_in_chunks_is_joined_and_one_that_only_says_so_is_kept() {
        let response = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: text/html; charset=\"windows-1251\"\r\n\r\n5;x=1\r\nhello\r\n6\r\n world\r\n0\r\n\r\n";
        let (head, rest) = split(response).unwrap();
        assert_eq!(body(&head, rest, 100).unwrap(), b"hello world");
        let kind = head.get("content-type").unwrap();
        assert_eq!((media_type(kind), charset(kind)), ("text/html".into(), Some("windows-1251".into())));
        assert_eq!(body(&head, b"<html>plain", 100).unwrap(), b"<html>plain");
        assert_eq!(body(&head, b"2\r\nab\r\nff\r\ncut", 100).unwrap(), b"abcut");
        assert_eq!(body(&head, b"2\r\nab\r\nno size", 100).unwrap(), b"abno size");
    }

    #[test]
    fn a_packed_body_that_grows_over_the_limit_is_refused() {
        use std::io::Write;
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gz.write_all(&vec![b'0'; 1 << 20]).unwrap();
        let packed = gz.finish().unwrap();
        assert!(unpack(Some("gzip"), &packed, 1 << 16).unwrap_err().contains("more than 65536"));
        assert_eq!(unpack(Some("gzip"), &packed, 1 << 20).unwrap().len(), 1 << 20);
        assert_eq!(unpack(Some("gzip"), b"<p>not packed", 1 << 20).unwrap(), b"<p>not packed");
    }
}
