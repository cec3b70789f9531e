//! Articles that a page carries only as data for its scripts.

use crate::decode::{Builder, Decoded};

/// The name of the text in schema.org's data of an article.
const KEY: &str = "\"articleBody\"";
/// How many such texts are looked at.
const MAX_TEXTS: usize = 20;

/// The longest text that JSON in the page calls an article's, with its way back to the bytes of the page.
pub(crate) fn article_body(page: &Decoded) -> Option<Decoded> {
    let mut best: Option<Builder> = None;
    for (at, _) in page.text.match_indices(KEY).take(MAX_TEXTS) {
        let behind = page.text[at + KEY.len()..].trim_start();
        let Some(value) = behind.strip_prefix(':').map(str::trim_start).and_then(|v| v.strip_prefix('"'))
        else {
            continue;
        };
        let start = page.text.len() - value.len();
        if let Some(text) = json_string(&page.text, start)
            && best.as_ref().is_none_or(|b| text.text.len() > b.text.len())
        {
            best = Some(text);
        }
    }
    best.map(|text| text.over(&page.map))
}

/// The JSON string whose first character stands at `start`; `None` when it does not end.
fn json_string(source: &str, start: usize) -> Option<Builder> {
    let mut out = Builder::default();
    let mut at = start;
    loop {
        let rest = source.get(at..)?;
        let plain = rest.find(['"', '\\'])?;
        out.push(&rest[..plain], at, plain);
        at += plain;
        if rest[plain..].starts_with('"') {
            return Some(out);
        }
        let (shown, len) = escape(&rest[plain..])?;
        let mut buffer = [0; 4];
        out.push(shown.encode_utf8(&mut buffer), at, len);
        at += len;
    }
}

/// The character that an escape stands for, and its length.
fn escape(text: &str) -> Option<(char, usize)> {
    let hex = |from: usize| text.get(from..from + 4).and_then(|h| u32::from_str_radix(h, 16).ok());
    match text.as_bytes().get(1)? {
        b'n' | b'r' => Some(('\n', 2)),
        b't' | b'b' | b'f' => Some((' ', 2)),
        b'u' => {
            let first = hex(2)?;
            let second = if text.get(6..8) == Some("\\u") { hex(8) } else { None };
            match (first, second) {
                (0xd800..=0xdbff, Some(low @ 0xdc00..=0xdfff)) => {
                    let joined = 0x10000 + ((first - 0xd800) << 10) + (low - 0xdc00);
                    Some((char::from_u32(joined).unwrap_or('\u{fffd}'), 12))
                }
                _ => Some((char::from_u32(first).unwrap_or('\u{fffd}'), 6)),
            }
        }
        _ => {
            let other = text[1..].chars().next()?;
            Some((other, 1 + other.len_utf8()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::article_body;
    use crate::decode::Decoded;
    use polybius_text::{RawMap, Span};

    #[test]
    fn text_in_json_knows_its_bytes() {
        let page =
            r#"<script>{"articleBody" : "Ministers \u00ab met \u00bb in Oslo.\nThey \"agreed\"."}</script>"#;
        let decoded = Decoded { text: page.to_string(), map: RawMap::identity(page.len()) };
        let body = article_body(&decoded).expect("there is one");
        assert_eq!(body.text, "Ministers « met » in Oslo.\nThey \"agreed\".");
        let at = body.text.find("Oslo").expect("it is there");
        let raw = body.map.to_raw(Span::new(at, at + 4));
        assert_eq!(&page[raw.range()], "Oslo");
    }

    #[test]
    fn a_string_without_end_is_no_text() {
        let page = r#"{"articleBody":"Ministers met"#;
        let decoded = Decoded { text: page.to_string(), map: RawMap::identity(page.len()) };
        assert!(article_body(&decoded).is_none());
    }
}
