//! The small tables of `data/stories/`, compiled into the program: they are part of the method.

use polybius_text::EventType;
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;
use std::str::FromStr;
use std::sync::OnceLock;

/// What two accounts of one happening of a type must share beside parties and time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct KindRule {
    /// How alike the words must be, 0 to 1.
    pub words: f32,
    /// Whether doer and done-to may be swapped.
    pub reciprocal: bool,
}

pub(crate) struct Knowledge {
    compatible: FxHashMap<(EventType, EventType), f32>,
    kinds: FxHashMap<EventType, KindRule>,
    newsworthy: FxHashMap<&'static str, f32>,
    thin: FxHashSet<&'static str>,
    weapons: FxHashMap<&'static str, &'static str>,
    tolls: FxHashSet<(&'static str, &'static str)>,
    cues: FxHashSet<(&'static str, &'static str)>,
    suffixes: Vec<&'static str>,
    families: FxHashMap<&'static str, &'static str>,
}

pub(crate) fn knowledge() -> &'static Knowledge {
    static ONCE: OnceLock<Knowledge> = OnceLock::new();
    ONCE.get_or_init(Knowledge::read)
}

fn rows(text: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    text.lines().filter(|l| !l.starts_with('#') && !l.is_empty()).skip(1).map(|l| l.split('\t').collect())
}

impl Knowledge {
    fn read() -> Knowledge {
        let number = |w: &str| w.parse::<f32>().expect("the shipped tables hold numbers (tested)");
        let type_of = |w: &str| EventType::from_str(w).expect("the shipped tables hold event types (tested)");
        let mut compatible = FxHashMap::default();
        for row in rows(include_str!("../../../data/stories/compatible.tsv")) {
            let (a, b) = (type_of(row[0]), type_of(row[1]));
            compatible.insert((a, b), number(row[2]));
            compatible.insert((b, a), number(row[2]));
        }
        let kinds = rows(include_str!("../../../data/stories/kinds.tsv"))
            .map(|row| (type_of(row[0]), KindRule { words: number(row[1]), reciprocal: row[2] == "yes" }))
            .collect();
        let newsworthy = rows(include_str!("../../../data/stories/newsworthy.tsv"))
            .map(|row| (row[0], number(row[1])))
            .collect();
        let thin = include_str!("../../../data/stories/thin_words.txt")
            .lines()
            .filter(|l| !l.starts_with('#'))
            .flat_map(str::split_whitespace)
            .collect();
        let weapons =
            rows(include_str!("../../../data/stories/weapons.tsv")).map(|row| (row[0], row[1])).collect();
        let tolls = rows(include_str!("../../../data/stories/tolls.tsv"))
            .flat_map(|row| row[1].split(' ').map(move |w| (row[0], w)))
            .collect();
        let cues = rows(include_str!("../../../data/stories/cues.tsv"))
            .flat_map(|row| row[1].split(' ').map(move |w| (row[0], w)))
            .collect();
        let suffixes = include_str!("../../../data/stories/suffixes.txt")
            .lines()
            .filter(|l| !l.starts_with('#'))
            .flat_map(str::split_whitespace)
            .collect();
        let families = rows(include_str!("../../../data/stories/word_families.tsv"))
            .flat_map(|row| row[1].split(' ').map(move |w| (w, row[0])))
            .collect();
        Knowledge { compatible, kinds, newsworthy, thin, weapons, tolls, cues, suffixes, families }
    }

    /// 1 for one type, less for neighbours, 0 where no happening is told under both.
    pub(crate) fn compatible(&self, a: EventType, b: EventType) -> f32 {
        if a == b { 1.0 } else { self.compatible.get(&(a, b)).copied().unwrap_or(0.0) }
    }

    pub(crate) fn kind(&self, t: EventType) -> KindRule {
        self.kinds[&t]
    }

    /// 1, or less for states whose leaders stand in very many stories.
    pub(crate) fn newsworthy(&self, code: &str) -> f32 {
        self.newsworthy.get(code).copied().unwrap_or(1.0)
    }

    pub(crate) fn is_thin(&self, lemma: &str) -> bool {
        self.thin.contains(lemma)
    }

    /// The form under which a dictionary form is compared: its family, or its stem.
    ///
    /// `interference` and `interfere` meet, and so do `frontier` and `border`.
    pub(crate) fn family(&self, lemma: &str) -> SmolStr {
        if let Some(family) = self.families.get(lemma) {
            return SmolStr::from(*family);
        }
        let lemma = lemma.strip_prefix("non-").unwrap_or(lemma);
        let stem = self
            .suffixes
            .iter()
            .filter_map(|s| lemma.strip_suffix(s))
            .find(|stem| stem.chars().count() >= 4)
            .unwrap_or(lemma);
        SmolStr::from(stem)
    }

    /// Whether a dictionary form counts people of a field: `deaths`, `injured`, `arrested`; or is a word for `people`.
    pub(crate) fn toll_word(&self, field: &str, lemma: &str) -> bool {
        self.tolls.contains(&(field, lemma))
    }

    /// Whether a dictionary form is one of the words of a cue.
    pub(crate) fn cue(&self, cue: &str, lemma: &str) -> bool {
        self.cues.contains(&(cue, lemma))
    }

    pub(crate) fn weapon(&self, lemma: &str) -> Option<&'static str> {
        self.weapons.get(lemma).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_type_has_its_rule() {
        for t in EventType::ALL {
            assert!(knowledge().kind(*t).words > 0.0);
        }
    }

    #[test]
    fn words_of_one_family_meet() {
        for (a, b) in [
            ("interfere", "non-interference"),
            ("frontier", "border"),
            ("cooperation", "cooperate"),
            ("implement", "implementation"),
        ] {
            let (x, y) = (knowledge().family(a), knowledge().family(b));
            assert!(x == y, "{a} {x}, {b} {y}");
        }
        for (a, b) in [("ask", "demand"), ("promise", "threat"), ("sanction", "sanctuary")] {
            assert_ne!(knowledge().family(a), knowledge().family(b));
        }
    }
}
