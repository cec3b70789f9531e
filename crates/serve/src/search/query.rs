//! What a person types: words, "phrases", -exclusions, alternatives with OR, beginnings with a star at their end.

use super::tokens::each_token;

/// Letters of a beginning at least: fewer would be most of the index.
const BEGINNING: usize = 2;

/// Words that stand one behind the other.
#[derive(Debug, PartialEq, Eq)]
pub struct Phrase {
    /// At least one.
    words: Vec<String>,
    /// Whether the last one is only the beginning of a word.
    is_open: bool,
}

impl Phrase {
    /// The words in order, and whether each is only a beginning.
    pub fn words(&self) -> impl Iterator<Item = (&str, bool)> {
        let last = self.words.len() - 1;
        self.words.iter().enumerate().map(move |(n, w)| (w.as_str(), self.is_open && n == last))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Whether as many words are these.
    pub fn is(&self, given: &[String]) -> bool {
        let same = |((word, is_open), given): ((&str, bool), &String)| match is_open {
            true => given.starts_with(word),
            false => given == word,
        };
        self.words().zip(given).all(same)
    }
}

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
        let long_enough = words.last().is_some_and(|w| w.chars().count() >= BEGINNING);
        let phrase = Phrase { words, is_open: is_open(&piece) && long_enough };
        match clauses.last_mut().filter(|last| alternative && !last.excluded && !excluded) {
            Some(last) => last.phrases.push(phrase),
            None => clauses.push(Clause { phrases: vec![phrase], excluded }),
        }
        alternative = false;
    }
    clauses
}

/// Whether a piece ends with a star that follows a word.
fn is_open(piece: &str) -> bool {
    piece.trim_end().strip_suffix('*').is_some_and(|rest| rest.ends_with(char::is_alphanumeric))
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
            let phrases: Vec<String> =
                c.phrases.iter().map(|p| p.words.join(" ") + if p.is_open { "*" } else { "" }).collect();
            format!("{}{}", if c.excluded { "-" } else { "" }, phrases.join("|"))
        };
        parse(typed).iter().map(clause).collect::<Vec<_>>().join(" & ")
    }

    #[test]
    fn queries_read_as_they_are_meant() {
        assert_eq!(shown("Moon Kim"), "moon & kim");
        assert_eq!(shown("\"Moon met\" OR summit -\"North Korea\""), "moon met|summit & -north korea");
        assert_eq!(shown("al-Haddad AND visit"), "al haddad & visit");
        assert_eq!(shown("OR a OR"), "a");
        assert_eq!(shown("--- \"\" ("), "");
        assert_eq!(shown("a OR -b"), "a & -b");
        assert_eq!(shown("minist* \"foreign mini*\" -pre*"), "minist* & foreign mini* & -pre*");
        assert_eq!(shown("m* a*b * (*"), "m & a b");
    }
}
