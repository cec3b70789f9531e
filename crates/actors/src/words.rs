//! The small closed classes of `words/lists.tsv` and the genders of given names.

use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::OnceLock;

pub(crate) struct Words {
    classes: FxHashMap<&'static str, FxHashSet<&'static str>>,
    gender: FxHashMap<&'static str, char>,
    same: FxHashMap<&'static str, &'static str>,
}

impl Words {
    pub fn is(&self, class: &str, word: &str) -> bool {
        self.classes.get(class).is_some_and(|c| c.contains(word))
    }

    /// The noun that stands for a folded singular noun where groups are compared: "demonstrator" is "protester".
    pub fn same_noun<'w>(&self, noun: &'w str) -> &'w str {
        self.same.get(noun).copied().unwrap_or(noun)
    }

    /// `f` or `m` for a folded given name that is commonly of one gender.
    pub fn gender(&self, given: &str) -> Option<char> {
        self.gender.get(given).copied()
    }
}

pub(crate) fn words() -> &'static Words {
    static ONCE: OnceLock<Words> = OnceLock::new();
    ONCE.get_or_init(|| {
        let rows = |text: &'static str| {
            text.lines().filter(|l| !l.starts_with('#')).skip(1).filter_map(|l| l.split_once('\t'))
        };
        Words {
            classes: rows(include_str!("words/lists.tsv"))
                .map(|(class, list)| (class, list.split(';').collect()))
                .collect(),
            gender: rows(include_str!("words/given_gender.tsv"))
                .filter_map(|(n, g)| Some((n, g.chars().next()?)))
                .collect(),
            same: rows(include_str!("words/same_nouns.tsv")).collect(),
        }
    })
}
