//! Word pieces, by the rules of BERT uncased, and the letter case of a word.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};

/// A longer run of characters is one unknown piece (as in BERT).
const LONGEST_WORD: usize = 100;
/// At most so many pieces a word; the rest is dropped.
const PIECES_A_WORD: usize = 8;

/// Letter case of `[CLS]` and `[SEP]`.
pub(crate) const CASE_MARK: u8 = 5;

/// The vocabulary.
pub(crate) struct Vocabulary {
    first: HashMap<Box<str>, u32>,
    /// Pieces that go on with a word, without their `##`.
    further: HashMap<Box<str>, u32>,
    longest: usize,
    unknown: u32,
    pub(crate) cls: u32,
    pub(crate) sep: u32,
}

impl Vocabulary {
    /// Reads pieces in id order, one a line.
    pub(crate) fn read(lines: &str) -> Result<Vocabulary, String> {
        let mut vocabulary = Vocabulary {
            first: HashMap::new(),
            further: HashMap::new(),
            longest: 1,
            unknown: 0,
            cls: 0,
            sep: 0,
        };
        for (id, piece) in lines.split('\n').enumerate() {
            let (map, piece) = match piece.strip_prefix("##") {
                Some(rest) if !rest.is_empty() => (&mut vocabulary.further, rest),
                _ => (&mut vocabulary.first, piece),
            };
            vocabulary.longest = vocabulary.longest.max(piece.len());
            map.insert(piece.into(), id as u32);
        }
        let find = |piece: &str| {
            vocabulary.first.get(piece).copied().ok_or(format!("no `{piece}` in the vocabulary"))
        };
        (vocabulary.unknown, vocabulary.cls, vocabulary.sep) =
            (find("[UNK]")?, find("[CLS]")?, find("[SEP]")?);
        Ok(vocabulary)
    }

    /// Number of pieces.
    pub(crate) fn len(&self) -> usize {
        self.first.len() + self.further.len()
    }

    /// Appends the pieces of one word, at least one and at most eight.
    pub(crate) fn split(&self, word: &str, scratch: &mut String, out: &mut Vec<u32>) {
        let limit = out.len() + PIECES_A_WORD;
        scratch.clear();
        if word.is_ascii() {
            scratch.extend(word.chars().filter(|c| !c.is_ascii_control()).map(|c| c.to_ascii_lowercase()));
        } else {
            let kept = word.chars().filter(|&c| c != '\u{fffd}' && !is_control(c));
            scratch.extend(
                kept.flat_map(char::to_lowercase)
                    .nfd()
                    .filter(|c| c.general_category() != GeneralCategory::NonspacingMark),
            );
        }
        let mut rest = &scratch[..];
        while let Some(c) = rest.chars().next() {
            if out.len() >= limit {
                break;
            }
            if c.is_whitespace() {
                rest = &rest[c.len_utf8()..];
            } else if stands_alone(c) {
                self.longest_match(&rest[..c.len_utf8()], limit, out);
                rest = &rest[c.len_utf8()..];
            } else {
                let end = rest.find(|c: char| c.is_whitespace() || stands_alone(c)).unwrap_or(rest.len());
                self.longest_match(&rest[..end], limit, out);
                rest = &rest[end..];
            }
        }
        if out.len() + PIECES_A_WORD == limit {
            out.push(self.unknown);
        }
        out.truncate(limit);
    }

    fn longest_match(&self, run: &str, limit: usize, out: &mut Vec<u32>) {
        let start = out.len();
        if run.chars().nth(LONGEST_WORD).is_some() {
            out.push(self.unknown);
            return;
        }
        let mut at = 0;
        while at < run.len() {
            let map = if at == 0 { &self.first } else { &self.further };
            let mut end = run.len().min(at + self.longest);
            let found = loop {
                if end <= at {
                    break None;
                }
                if let Some(id) = run.get(at..end).and_then(|piece| map.get(piece)) {
                    break Some(*id);
                }
                end -= 1;
            };
            let Some(id) = found else {
                out.truncate(start);
                out.push(self.unknown);
                return;
            };
            out.push(id);
            at = end;
        }
        // A later piece without a match would have made the whole run unknown, so the cut comes last.
        out.truncate(limit);
    }
}

fn is_control(c: char) -> bool {
    !matches!(c, '\t' | '\n' | '\r') && c.general_category_group() == GeneralCategoryGroup::Other
}

/// Punctuation and CJK characters are runs of their own.
fn stands_alone(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_punctuation();
    }
    is_han(c) || c.general_category_group() == GeneralCategoryGroup::Punctuation
}

/// A Chinese character, in the ranges that BERT uses.
pub(crate) fn is_han(c: char) -> bool {
    matches!(u32::from(c),
        0x4E00..=0x9FFF | 0x3400..=0x4DBF | 0x20000..=0x2A6DF | 0x2A700..=0x2B73F | 0x2B740..=0x2B81F
        | 0x2B820..=0x2CEAF | 0xF900..=0xFAFF | 0x2F800..=0x2FA1F)
}

/// The letter case of a word: 0 no letters, 1 lower, 2 first upper, 3 upper, 4 mixed.
pub(crate) fn letter_case(word: &str) -> u8 {
    let (mut upper, mut lower, mut first_upper) = (0, 0, false);
    for c in word.chars() {
        if c.is_lowercase() {
            lower += 1;
        } else if c.is_uppercase() || c.general_category() == GeneralCategory::TitlecaseLetter {
            first_upper |= upper + lower == 0;
            upper += 1;
        }
    }
    match (upper, lower) {
        (0, 0) => 0,
        (0, _) => 1,
        (1, _) if first_upper => 2,
        (_, 0) => 3,
        _ => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_split_as_in_bert() {
        let vocabulary = Vocabulary::read("[PAD]\n[UNK]\n[CLS]\n[SEP]\niran\nun\n##aff\n##able\n-\ncafe\n中")
            .expect("a vocabulary");
        let pieces = |word: &str| {
            let mut out = Vec::new();
            vocabulary.split(word, &mut String::new(), &mut out);
            out
        };
        assert_eq!(pieces("Iran"), [4]);
        assert_eq!(pieces("unaffable"), [5, 6, 7]);
        assert_eq!(pieces("unaffablex"), [1]);
        assert_eq!(pieces("Iran-Café"), [4, 8, 9]);
        assert_eq!(pieces("中中"), [10, 10]);
        assert_eq!(pieces(""), [1]);
        assert_eq!(pieces("\u{200b}"), [1]);
        assert_eq!(pieces("------------").len(), 8);
    }

    #[test]
    fn letter_cases() {
        let cases: Vec<u8> = ["12,5", "iran", "Iran", "I", "UN", "al-Haddad", "中", "O'Brien", "'Iran"]
            .iter()
            .map(|word| letter_case(word))
            .collect();
        assert_eq!(cases, [0, 1, 2, 2, 3, 4, 0, 4, 2]);
    }
}
