//! Lists of addresses.

use polybius_text::{Reject, RejectReason};
use url::Url;

/// The address that a user or a page means; `None` where it is none of http or https.
pub(crate) fn parse(text: &str) -> Option<Url> {
    let text = text.trim();
    if text.len() > 8000 || text.contains('\0') {
        return None;
    }
    let mut url = Url::parse(text).ok()?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
        return None;
    }
    url.set_fragment(None);
    Some(url)
}

/// The addresses of a list, one a line; blank lines and those that begin with `#` are notes. A line that is no address
/// is a reject.
pub(crate) fn read_list(bytes: &[u8], path: &str) -> Vec<Result<Url, Reject>> {
    let text = String::from_utf8_lossy(bytes);
    text.trim_start_matches('\u{feff}')
        .split('\n')
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty() && !line.trim_start().starts_with('#'))
        .map(|(n, line)| {
            parse(line).ok_or_else(|| {
                let printable = |c: char| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c };
                let shown: String = line.trim().chars().take(80).map(printable).collect();
                Reject {
                    path: format!("{path}:{}", n + 1),
                    reason: RejectReason::NotFetched,
                    detail: format!("`{shown}` is no http or https address"),
                }
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_gives_its_addresses_and_tells_the_line_that_is_none() {
        let list =
            b"# a note\nhttps://a.example/x#part\n\nftp://a.example/\nhttp://b.example\r\nno\0address\n";
        let read = read_list(list, "list.txt");
        let good: Vec<&str> = read.iter().flatten().map(Url::as_str).collect();
        assert_eq!(good, ["https://a.example/x", "http://b.example/"]);
        let bad: Vec<&str> = read.iter().filter_map(|r| r.as_ref().err()).map(|r| r.path.as_str()).collect();
        assert_eq!(bad, ["list.txt:4", "list.txt:6"]);
    }
}
