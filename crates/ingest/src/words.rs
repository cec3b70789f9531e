//! Words of a stretch of text, and phrases from data files matched against them.

use crate::knowledge::Classes;
use rustc_hash::FxHashMap;

/// A word, number, web address or single punctuation mark.
#[derive(Debug, Clone)]
pub(crate) struct Word<'t> {
    /// Offset of its first byte in the whole text.
    pub start: usize,
    /// Offset behind its last byte.
    pub end: usize,
    pub text: &'t str,
    /// Lower case, with straight apostrophes and ASCII digits.
    pub lower: String,
    /// Letters or digits, not punctuation.
    pub is_word: bool,
    /// Whether a sentence starts here.
    pub first: bool,
}

impl Word<'_> {
    pub fn is_capitalised(&self) -> bool {
        self.text.chars().next().is_some_and(char::is_uppercase)
    }

    pub fn is_all_caps(&self) -> bool {
        let mut letters = self.text.chars().filter(|c| c.is_alphabetic());
        letters.clone().count() >= 2 && letters.all(char::is_uppercase)
    }

    /// The number that the word is, of up to six digits of any script.
    pub fn number(&self) -> Option<i64> {
        (self.lower.len() <= 6 && self.lower.bytes().all(|b| b.is_ascii_digit()))
            .then(|| self.lower.parse().ok())?
    }
}

/// Splits `text`, which starts at byte `base` of the whole text. A point, hyphen or apostrophe between two letters or
/// digits belongs to the word; an address with `://` runs to the next white space.
pub(crate) fn words(text: &str, base: usize) -> Vec<Word<'_>> {
    let mut found: Vec<Word> = Vec::with_capacity(text.len() / 6 + 1);
    let mut chars = text.char_indices().peekable();
    let mut first = true;
    while let Some((start, c)) = chars.next() {
        if c.is_whitespace() || c == '\u{feff}' {
            continue;
        }
        let mut end = start + c.len_utf8();
        let is_word = c.is_alphanumeric();
        if is_word {
            let mut address = false;
            while let Some(&(at, next)) = chars.peek() {
                let behind = &text[at + next.len_utf8()..];
                let glued = matches!(next, '\'' | '’' | '-' | '.' | '_')
                    && behind.chars().next().is_some_and(char::is_alphanumeric);
                address |= next == ':' && behind.starts_with("//");
                let belongs = next.is_alphanumeric()
                    || crate::letters::is_mark(next)
                    || glued
                    || (address && !next.is_whitespace());
                if !belongs {
                    break;
                }
                end = at + next.len_utf8();
                chars.next();
            }
        }
        let piece = &text[start..end];
        let lower = if is_word { folded(piece) } else { piece.to_string() };
        found.push(Word { start: base + start, end: base + end, text: piece, lower, is_word, first });
        if is_word {
            first = false;
        } else if matches!(c, '.' | '!' | '?' | '…' | '。' | '؟') {
            first = true;
        }
    }
    found
}

fn folded(word: &str) -> String {
    if word.is_ascii() {
        return word.to_ascii_lowercase();
    }
    let lower = word.to_lowercase();
    if lower.chars().any(|c| c == '’' || crate::letters::ascii_digit(c).is_some()) {
        return lower
            .chars()
            .map(|c| if c == '’' { '\'' } else { crate::letters::ascii_digit(c).unwrap_or(c) })
            .collect();
    }
    lower
}

/// One part of a phrase.
#[derive(Debug, Clone)]
enum Part {
    /// One of these words or marks.
    OneOf(Vec<String>),
    /// A word of a class of `classes.tsv`, lower case.
    Class(String),
    /// The same, and written small.
    SmallClass(String),
    /// A capitalised word.
    Name,
    /// A number.
    Number,
    /// A word in -ing.
    Ing,
    /// A lower-case word in -ed.
    Ed,
    /// Any word.
    Any,
}

/// A phrase of a data file: words in a row, see the head of `translated.tsv` for how they are written.
#[derive(Debug, Clone)]
pub(crate) struct Phrase {
    parts: Vec<Part>,
    sentence_start: bool,
    /// What it is a sign of.
    pub label: String,
    /// How much it weighs.
    pub weight: f32,
}

/// Phrases, found by their first word.
#[derive(Debug, Clone, Default)]
pub(crate) struct Phrases {
    rows: Vec<Phrase>,
    by_first: FxHashMap<String, Vec<u32>>,
    open_first: Vec<u32>,
}

/// A phrase found in text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hit<'p> {
    pub phrase: &'p Phrase,
    /// First word.
    pub from: usize,
    /// Behind the last word.
    pub to: usize,
}

impl Phrases {
    /// Adds a phrase; says what is wrong with it otherwise.
    pub fn add(&mut self, label: &str, weight: f32, pattern: &str) -> Result<(), String> {
        let mut parts = Vec::new();
        let mut sentence_start = false;
        for piece in pattern.split_whitespace() {
            parts.push(match piece {
                "^" => {
                    sentence_start = true;
                    continue;
                }
                "*" => Part::Any,
                "<Name>" => Part::Name,
                "<num>" => Part::Number,
                "<ing>" => Part::Ing,
                "<ed>" => Part::Ed,
                class if class.len() > 2 && class.starts_with('<') && class.ends_with('>') => {
                    let name = &class[1..class.len() - 1];
                    match name.strip_suffix(":small") {
                        Some(name) => Part::SmallClass(name.to_string()),
                        None => Part::Class(name.to_string()),
                    }
                }
                "|" => Part::OneOf(vec!["|".to_string()]),
                other => Part::OneOf(other.split('|').map(str::to_lowercase).collect()),
            });
        }
        if parts.is_empty() || parts.len() > 16 {
            return Err(format!("a phrase has 1 to 16 words, `{pattern}` has {}", parts.len()));
        }
        let row = self.rows.len() as u32;
        match &parts[0] {
            Part::OneOf(list) => {
                for word in list {
                    self.by_first.entry(word.clone()).or_default().push(row);
                }
            }
            _ => self.open_first.push(row),
        }
        self.rows.push(Phrase { parts, sentence_start, label: label.to_string(), weight });
        Ok(())
    }

    /// All phrases that start at word `from`.
    pub fn at<'p>(&'p self, words: &[Word], from: usize, classes: &Classes) -> Vec<Hit<'p>> {
        let Some(word) = words.get(from) else { return Vec::new() };
        let closed = self.by_first.get(&word.lower).map_or(&[][..], Vec::as_slice);
        closed
            .iter()
            .chain(&self.open_first)
            .filter_map(|&row| {
                let phrase = &self.rows[row as usize];
                let to = from + phrase.parts.len();
                let fits = (!phrase.sentence_start || word.first)
                    && to <= words.len()
                    && phrase
                        .parts
                        .iter()
                        .zip(&words[from..to])
                        .all(|(part, word)| fits(part, word, classes));
                fits.then_some(Hit { phrase, from, to })
            })
            .collect()
    }

    /// All phrases in the words, in order of their first word.
    pub fn find<'p>(&'p self, words: &[Word], classes: &Classes) -> Vec<Hit<'p>> {
        (0..words.len()).flat_map(|from| self.at(words, from, classes)).collect()
    }
}

fn fits(part: &Part, word: &Word, classes: &Classes) -> bool {
    match part {
        Part::OneOf(list) => list.contains(&word.lower),
        Part::Class(class) => classes.has(class, &word.lower),
        Part::SmallClass(class) => !word.is_capitalised() && classes.has(class, &word.lower),
        Part::Name => word.is_word && word.is_capitalised(),
        Part::Number => word.is_word && word.text.starts_with(|c: char| c.is_ascii_digit()),
        Part::Ing => word.lower.len() > 4 && word.lower.ends_with("ing"),
        Part::Ed => word.lower.len() > 3 && word.lower.ends_with("ed") && !word.is_capitalised(),
        Part::Any => word.is_word,
    }
}
