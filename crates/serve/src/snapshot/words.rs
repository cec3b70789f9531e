//! Words that stand in many rows, each kept once.

use polybius_store::fold_name;
use rustc_hash::FxHashMap;

/// A word by number.
pub type Word = u32;

/// Words and their numbers; number 0 is the empty word.
#[derive(Debug)]
pub struct Words {
    list: Vec<String>,
    folded: Vec<String>,
    index: FxHashMap<String, Word>,
}

impl Default for Words {
    fn default() -> Words {
        let mut words = Words { list: Vec::new(), folded: Vec::new(), index: FxHashMap::default() };
        words.add("");
        words
    }
}

impl Words {
    /// The number of a word, new or known.
    pub fn add(&mut self, word: &str) -> Word {
        if let Some(&n) = self.index.get(word) {
            return n;
        }
        let n = self.list.len() as Word;
        self.list.push(word.to_string());
        self.folded.push(fold_name(word));
        self.index.insert(word.to_string(), n);
        n
    }

    /// The numbers of several words.
    pub fn add_all<'w>(&mut self, words: impl IntoIterator<Item = &'w str>) -> Box<[Word]> {
        words.into_iter().map(|w| self.add(w)).collect()
    }

    /// The word of a number.
    pub fn word(&self, n: Word) -> &str {
        &self.list[n as usize]
    }

    /// The number of a word that is known, whatever its case.
    pub fn find(&self, word: &str) -> Option<Word> {
        self.index.get(word).copied().or_else(|| {
            let at = self.list.iter().position(|w| w.eq_ignore_ascii_case(word))?;
            Some(at as Word)
        })
    }

    /// For each number whether the word holds the folded part.
    pub fn holding(&self, folded: &str) -> Vec<bool> {
        self.folded.iter().map(|w| !w.is_empty() && w.contains(folded)).collect()
    }
}
