//! Names made ready to be compared with many others.

use super::align::agree;
use super::bearers::{initialism_letters, is_initialism_of, other_bearer};
use super::parse::parse;
use super::sounds::Spelling;
use super::{INITIALISM, OTHER_BEARER, to_latin};
use crate::fold::fold;

/// A name with all that comparing it takes. [`crate::match_names`] of two names is [`NameForm::score`] of their forms.
#[derive(Debug, Clone)]
pub struct NameForm {
    folded: String,
    /// In letters of one script, where it may be what an initialism stands for.
    latin: String,
    /// The letters that it may be made of, when it may be an initialism.
    letters: Option<String>,
    pub(super) words: Vec<FormWord>,
    /// All words as one.
    joined: String,
    pub(super) organisation: bool,
    pub(super) generation: Option<u8>,
    pub(super) middle: Vec<String>,
}

#[derive(Debug, Clone)]
pub(super) struct FormWord {
    pub spelling: Spelling,
    pub weight: f32,
    pub initial: bool,
    pub first: Option<char>,
    pub digits: bool,
}

impl FormWord {
    fn of(text: String, weight: f32, initial: bool) -> FormWord {
        FormWord {
            first: text.chars().next(),
            digits: text.bytes().any(|b| b.is_ascii_digit()),
            spelling: Spelling::of(text),
            weight,
            initial,
        }
    }

    pub(super) fn text(&self) -> &str {
        &self.spelling.text
    }

    /// This word and the next as one.
    pub(super) fn glued(&self, next: &FormWord) -> FormWord {
        FormWord::of(format!("{}{}", self.text(), next.text()), self.weight.max(next.weight), false)
    }
}

impl NameForm {
    /// Makes a name of any script ready.
    pub fn of(name: &str) -> NameForm {
        let parsed = parse(name);
        NameForm {
            folded: fold(name),
            latin: to_latin(name),
            letters: initialism_letters(name),
            joined: parsed.words.iter().map(|w| w.text.as_str()).collect(),
            words: parsed.words.into_iter().map(|w| FormWord::of(w.text, w.weight, w.initial)).collect(),
            organisation: parsed.organisation,
            generation: parsed.generation,
            middle: parsed.middle,
        }
    }

    /// The words that carry weight, as [`super::name_words`] gives them.
    pub fn words(&self) -> Vec<&str> {
        self.words.iter().filter(|w| w.weight >= 0.5).map(FormWord::text).collect()
    }

    /// The part of a generation ("Jr", "II"), if the name has one.
    pub(crate) fn generation(&self) -> Option<u8> {
        self.generation
    }

    /// 0 to 1: how well two names agree.
    pub fn score(&self, other: &NameForm) -> f32 {
        self.compare(other, None)
    }

    /// The same, with what was compared, best first.
    pub(super) fn compare(&self, other: &NameForm, mut reasons: Option<&mut Vec<String>>) -> f32 {
        let mut because = |why: &str| {
            if let Some(reasons) = reasons.as_deref_mut() {
                reasons.push(why.to_owned());
            }
        };
        if !self.folded.is_empty() && self.folded == other.folded {
            because("both fold to the same letters");
            return 1.0;
        }
        let initialism = |short: &NameForm, long: &NameForm| {
            short.letters.as_ref().is_some_and(|letters| is_initialism_of(letters, &long.latin))
        };
        if initialism(self, other) || initialism(other, self) {
            because("one is made of the first letters of the other");
            return INITIALISM;
        }
        if self.words.is_empty() || other.words.is_empty() {
            because("no word to compare");
            return 0.0;
        }
        if other_bearer(self, other) {
            because("another bearer of the name: number, generation or middle letters differ");
            return OTHER_BEARER;
        }
        if self.joined == other.joined {
            because("same words, cut or joined otherwise");
            return 0.98;
        }
        agree(self, other, reasons)
    }
}
