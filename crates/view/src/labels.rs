//! Short names of documents.

use std::collections::BTreeMap;

/// Short labels of documents by path, each naming one: `004` of `004_c71f.html` where that is enough, the file's name, its
/// folder and label, or a number `d1`.
pub fn labels(paths: &[&str]) -> Vec<String> {
    let tries: [fn(&str) -> String; 4] = [
        |path| first_piece(stem(path)).to_string(),
        |path| stem(path).to_string(),
        |path| format!("{}/{}", folder(path), first_piece(stem(path))),
        |path| format!("{}/{}", folder(path), stem(path)),
    ];
    for (make, longest) in tries.into_iter().zip([8, 12, 24, 24]) {
        let labels: Vec<String> = paths.iter().map(|p| clean(&make(p))).collect();
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        for label in &labels {
            *seen.entry(label).or_default() += 1;
        }
        let good = |l: &String| !l.is_empty() && !l.starts_with('/') && l.chars().count() <= longest;
        if labels.iter().all(good) && seen.values().all(|n| *n == 1) {
            return labels;
        }
    }
    (1..=paths.len()).map(|n| format!("d{n}")).collect()
}

fn stem(path: &str) -> &str {
    let name = path.trim_end_matches('/').rsplit(['/', '\\']).next().unwrap_or("");
    name.split_once('.').map_or(name, |(stem, _)| stem)
}

fn folder(path: &str) -> &str {
    path.trim_end_matches('/').rsplit(['/', '\\']).nth(1).unwrap_or("")
}

fn first_piece(stem: &str) -> &str {
    stem.split(['_', '-', ' ']).next().unwrap_or("")
}

/// One line, without control characters and marks that change the direction of writing.
pub fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_whitespace() {
            if !out.ends_with(' ') {
                out.push(' ');
            }
        } else if !c.is_control()
            && !matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
        {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_short_where_that_is_enough_and_always_name_one_document() {
        assert_eq!(labels(&["x/000_ab.txt", "x/001_cd.html"]), ["000", "001"]);
        assert_eq!(labels(&["a/000_ab.txt", "b/000_cd.txt"]), ["000_ab", "000_cd"]);
        assert_eq!(labels(&["a/000_4f5e6d7c8b9a.txt", "b/000_4f5e6d7c8b9a.txt"]), ["a/000", "b/000"]);
        assert_eq!(labels(&["p.txt", "p.html"]), ["d1", "d2"]);
        assert_eq!(labels(&["https://x.org/"]), ["x"]);
        assert!(labels(&[]).is_empty());
    }
}
