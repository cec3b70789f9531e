//! The names of a story, made ready to be compared.

use crate::names::{NameForm, name_words};
use rustc_hash::FxHashMap;

/// Names with their forms.
#[derive(Default)]
pub(super) struct KnownNames<'d>(FxHashMap<&'d str, Known>);

/// A name, ready to be compared as a whole and word by word.
pub(super) struct Known {
    pub form: NameForm,
    /// Its words that carry weight.
    pub words: Vec<String>,
    /// The same, each ready to be compared alone.
    parts: Vec<NameForm>,
}

impl Known {
    pub(super) fn of(name: &str) -> Known {
        let words = name_words(name);
        let parts = words.iter().map(|w| NameForm::of(w)).collect();
        Known { form: NameForm::of(name), words, parts }
    }

    /// How well a single name agrees with a word of a full name; the surname counts fully.
    pub(super) fn single_score(&self, other: &Known) -> f32 {
        let (single, full) = if self.parts.len() == 1 { (self, other) } else { (other, self) };
        full.parts
            .iter()
            .enumerate()
            .map(|(i, w)| single.parts[0].score(w) - if i + 1 == full.parts.len() { 0.0 } else { 0.05 })
            .fold(0.0, f32::max)
    }

    /// How well the last word agrees with the only one of another name.
    pub(super) fn last_score(&self, single: &Known) -> f32 {
        self.parts.last().zip(single.parts.first()).map_or(0.0, |(last, word)| last.score(word))
    }
}

impl<'d> KnownNames<'d> {
    pub(super) fn learn(&mut self, name: &'d str) {
        self.0.entry(name).or_insert_with(|| Known::of(name));
    }

    /// Of a name that was learnt.
    pub(super) fn of(&self, name: &str) -> &Known {
        &self.0[name]
    }
}
