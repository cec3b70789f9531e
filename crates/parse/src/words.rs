//! The word lists of the tokeniser, compiled in from `data/`.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// What a word with a full stop is.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Abbreviation {
    /// A name follows: never ends a sentence.
    Title,
    /// Ends a sentence only before a clear starter.
    Inner,
    /// An abbreviation only before a digit.
    Number,
}

pub(crate) static ABBREVIATIONS: LazyLock<HashMap<&str, Abbreviation>> = LazyLock::new(|| {
    lines(include_str!("../data/abbreviations.tsv"))
        .map(|line| {
            let (word, kind) = line.split_once('\t').expect("a tab in every row of abbreviations.tsv");
            let kind = match kind {
                "title" => Abbreviation::Title,
                "inner" => Abbreviation::Inner,
                "number" => Abbreviation::Number,
                other => panic!("unknown kind `{other}` in abbreviations.tsv"),
            };
            (word, kind)
        })
        .collect()
});

pub(crate) static PREFIXES: LazyLock<HashSet<&str>> =
    LazyLock::new(|| words(include_str!("../data/prefixes.txt")));
pub(crate) static STARTERS: LazyLock<HashSet<&str>> =
    LazyLock::new(|| words(include_str!("../data/starters.txt")));

/// First halves of hyphenated names.
pub(crate) struct NameParts {
    pub(crate) particles: HashSet<&'static str>,
    pub(crate) given: HashSet<&'static str>,
    pub(crate) syllables: HashSet<&'static str>,
}

pub(crate) static NAME_PARTS: LazyLock<NameParts> = LazyLock::new(|| {
    let list = |key: &str| {
        lines(include_str!("../data/name_parts.txt"))
            .find_map(|line| line.strip_prefix(key))
            .map(|list| list.split_whitespace().collect())
            .expect("name_parts.txt has the line")
    };
    NameParts { particles: list("particles:"), given: list("given:"), syllables: list("syllables:") }
});

/// Lower-case word to the byte where it is cut.
pub(crate) static CONTRACTIONS: LazyLock<HashMap<String, usize>> = LazyLock::new(|| {
    words(include_str!("../data/contractions.txt"))
        .into_iter()
        .filter_map(|word| word.find('|').map(|at| (word.replace('|', ""), at)))
        .collect()
});

/// Verbs, dictionary forms.
pub(crate) static VERBS: LazyLock<HashSet<&str>> = LazyLock::new(|| words(include_str!("../data/verbs.txt")));
pub(crate) static IRREGULAR_VERBS: LazyLock<HashMap<&str, &str>> =
    LazyLock::new(|| forms(include_str!("../data/irregular_verbs.tsv")));
pub(crate) static IRREGULAR_NOUNS: LazyLock<HashMap<&str, &str>> =
    LazyLock::new(|| forms(include_str!("../data/irregular_nouns.tsv")));

/// form -> lemma; the first row that lists a form wins.
fn forms(text: &'static str) -> HashMap<&'static str, &'static str> {
    let mut map = HashMap::new();
    for line in lines(text) {
        let (lemma, list) = line.split_once('\t').expect("a tab in every row of irregular forms");
        for form in list.split_whitespace() {
            map.entry(form).or_insert(lemma);
        }
    }
    map
}

fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

fn words(text: &'static str) -> HashSet<&'static str> {
    lines(text).flat_map(str::split_whitespace).collect()
}
