//! What a person types: words, "phrases", -exclusions, alternatives with OR.

use super::tokens::each_token;

/// Words that stand one behind the other.
#[derive(Debug, PartialEq, Eq)]
pub struct Phrase(pub Vec<String>);

/// Alternatives, one of which must stand; or none of which may.
#[derive(Debug, PartialEq, Eq)]
pub struct Clause {
    pub phrases: Vec<Phrase>,
    pub excluded: bool,
}

/// The clauses, all of which must hold.
pub fn parse(typed: &str) -> Vec<Clause> {
    let mut clauses: Vec<Clause> = Vec::new();
    let mut alternative = false;
    for (piece, quoted, excluded) in pieces(typed) {
        if !quoted && piece == "OR" {
            alternative = !clauses.is_empty();
            continue;
        }
        if !quoted && piece == "AND" {
            continue;
        }
        let mut words = Vec::new();
        each_token(&piece, |word, _, _| words.push(word.to_string()));
        if words.is_empty() {
            continue;
        }
        match clauses.last_mut().filter(|last| alternative && !last.excluded && !excluded) {
            Some(last) => last.phrases.push(Phrase(words)),
            None => clauses.push(Clause { phrases: vec![Phrase(words)], excluded }),
        }
        alternative = false;
    }
    clauses
}

/// Pieces between blanks or quotation marks, whether they were quoted, whether a minus stood before them.
fn pieces(typed: &str) -> Vec<(String, bool, bool)> {
    let mut pieces = Vec::new();
    let mut rest = typed.trim_start();
    while !rest.is_empty() {
        let excluded = rest.starts_with('-');
        rest = rest.trim_start_matches('-');
        let quoted = rest.starts_with(['"', '“', '”']);
        let (piece, after) = if quoted {
            let inside = &rest[rest.chars().next().map_or(0, char::len_utf8)..];
            // A quotation that is not closed reaches to the end.
            inside.split_once(['"', '”', '“']).unwrap_or((inside, ""))
        } else {
            rest.split_once(char::is_whitespace).unwrap_or((rest, ""))
        };
        pieces.push((piece.to_string(), quoted, excluded));
        rest = after.trim_start();
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(typed: &str) -> String {
        let clause = |c: &Clause| {
            let phrases: Vec<String> = c.phrases.iter().map(|p| p.0.join(" ")).collect();
            format!("{}{}", if c.excluded { "-" } else { "" }, phrases.join("|"))
        };
        parse(typed).iter().map(clause).collect::<Vec<_>>().join(" & ")
    }

    #[test]
    fn queries_read_as_they_are_meant() {
        assert_eq!(shown("Moon Kim"), "moon & kim");
        assert_eq!(shown("\"Moon met\" OR summit -\"North Korea\""), "moon met|summit & -north korea");
        assert_eq!(shown("al-Kadhimi AND visit"), "al kadhimi & visit");
        assert_eq!(shown("OR a OR"), "a");
        assert_eq!(shown("--- \"\" ("), "");
        assert_eq!(shown("a OR -b"), "a & -b");
    }
}
