//! Whether two names may be one name in two spellings.
//!
//! Names cross scripts and newsrooms: "Gaddafi", "Qadhafi", "Al-Gathafi". A name is cut into words, other scripts are written in
//! Latin, honorifics and particles are set aside, and words are compared sound by sound with learned costs
//! (`words/costs.tsv`). Words of two names are then paired; the family name weighs most.
//!
//! Method of the sound costs: Bilenko and Mooney (2003), "Adaptive duplicate detection using learnable string similarity measures".

mod align;
mod bearers;
mod forms;
mod parse;
mod sounds;

pub use forms::NameForm;
pub(crate) use sounds::sounds;

use crate::fold::fold;
use parse::parse;
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::OnceLock;

/// Names at or above this score count as spellings of one name. Tuned on evals/names.jsonl, November 2026.
pub const SAME_NAME: f32 = 0.62;

/// How well two names agree.
#[derive(Debug, Clone, PartialEq)]
pub struct NameMatch {
    /// 0 to 1.
    pub score: f32,
    /// Whether the score reaches [`SAME_NAME`].
    pub same: bool,
    /// What was compared, best first, for a person.
    pub reasons: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum WordKind {
    Article,
    Filiation,
    Particle,
    Organisation,
}

struct Knowledge {
    scripts: FxHashMap<char, &'static str>,
    particles: FxHashMap<&'static str, Vec<WordKind>>,
    nicknames: FxHashSet<(&'static str, &'static str)>,
    /// All words of `nicknames`.
    nicknamed: FxHashSet<&'static str>,
    /// Longest first as in the file; `$` marks an ending.
    renderings: Vec<(&'static str, &'static str)>,
    /// `cost[first][a][b]` in sounds 0..128; 0 is nothing.
    cost: Vec<f32>,
}

fn knowledge() -> &'static Knowledge {
    static ONCE: OnceLock<Knowledge> = OnceLock::new();
    ONCE.get_or_init(|| {
        let rows = |text: &'static str| {
            text.lines().filter(|l| !l.starts_with('#')).skip(1).map(|l| l.split('\t').collect::<Vec<_>>())
        };
        let mut scripts = FxHashMap::default();
        for row in rows(include_str!("words/scripts.tsv")) {
            if let Some(c) = row[0].chars().next() {
                scripts.insert(c, if row[1] == "-" { "" } else { row[1] });
            }
        }
        let mut particles: FxHashMap<&'static str, Vec<WordKind>> = FxHashMap::default();
        for row in rows(include_str!("words/name_particles.tsv")) {
            let kind = match row[1] {
                "article" => WordKind::Article,
                "filiation" => WordKind::Filiation,
                "organisation" => WordKind::Organisation,
                _ => WordKind::Particle,
            };
            particles.entry(row[0]).or_default().push(kind);
        }
        let mut cost = vec![2.0; 2 * 128 * 128];
        for row in rows(include_str!("words/costs.tsv")) {
            let sound = |w: &str| if w == "-" { 0 } else { usize::from(w.as_bytes()[0]) };
            let (a, b, first) = (sound(row[0]), sound(row[1]), usize::from(row[2] == "i"));
            let value: f32 = row[3].parse().expect("costs.tsv holds numbers");
            cost[first << 14 | a << 7 | b] = value.max(0.01);
            cost[first << 14 | b << 7 | a] = value.max(0.01);
        }
        let nicknames: FxHashSet<(&'static str, &'static str)> =
            rows(include_str!("words/nicknames.tsv")).map(|row| (row[0], row[1])).collect();
        let nicknamed = nicknames.iter().flat_map(|&(a, b)| [a, b]).collect();
        let renderings = rows(include_str!("words/renderings.tsv"))
            .map(|row| (row[0], row.get(1).copied().unwrap_or("")))
            .collect();
        Knowledge { scripts, particles, nicknames, nicknamed, renderings, cost }
    })
}

/// Letters of other scripts in Latin; Latin text is returned as it is.
pub fn to_latin(name: &str) -> String {
    if name.is_ascii() {
        return name.to_owned();
    }
    let k = knowledge();
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        let lower = c.to_lowercase().next().unwrap_or(c);
        match k.scripts.get(&lower) {
            Some(latin) => out.push_str(latin),
            None => out.push(c),
        }
    }
    out
}
/// The words of a name that carry weight, in order, folded and in Latin; particles and honorifics left out.
pub fn name_words(name: &str) -> Vec<String> {
    parse(name).words.into_iter().filter(|w| w.weight >= 0.5).map(|w| w.text).collect()
}

/// Whether one name has a part of a generation ("Jr", "II") that the other lacks or has otherwise.
pub(crate) fn other_generation(a: &str, b: &str) -> bool {
    parse(a).generation != parse(b).generation
}
/// Compares two names of any script, spelling and word order. Names of absurd length are compared by their first 40 words.
///
/// One name against many is cheaper by [`NameForm`].
pub fn match_names(a: &str, b: &str) -> NameMatch {
    let folded = fold(a);
    if !folded.is_empty() && folded == fold(b) {
        return NameMatch {
            score: 1.0,
            same: true,
            reasons: vec![format!("`{a}` and `{b}` fold to the same letters")],
        };
    }
    let mut reasons = Vec::new();
    let score = NameForm::of(a).compare(&NameForm::of(b), Some(&mut reasons));
    NameMatch { score, same: score >= SAME_NAME, reasons }
}

/// What an initialism scores.
const INITIALISM: f32 = 0.9;
/// What two bearers of one name score.
const OTHER_BEARER: f32 = 0.3;
/// What each word costs that only the longer of two names of bodies has.
const SPARE_OF_BODY: f32 = 0.4;

/// How far above its worst word a name may score. Tuned with [`SAME_NAME`].
const MILD: f32 = 0.1;
/// Consonants of a folded word as sound classes: spellings of one name mostly share it. Used for blocking, never as proof.
pub fn skeleton(word: &str) -> String {
    let mut out = String::new();
    for s in sounds(&fold(&to_latin(word))) {
        let class = match s {
            b'a' | b'e' | b'i' | b'o' | b'u' | b'y' | b'w' | b'h' => continue,
            b'k' | b'q' | b'g' | b'G' | b'K' => 'k',
            b'z' | b's' | b'D' | b'T' | b'd' | b't' | b'c' | b'S' | b'C' | b'J' | b'j' => 't',
            b'v' | b'f' | b'b' | b'p' => 'b',
            b'm' | b'n' => 'n',
            b'l' | b'r' => 'r',
            other => char::from(other),
        };
        if !out.ends_with(class) {
            out.push(class);
        }
    }
    out
}

/// Whether a folded word is a small word inside names: "al", "bin", "van".
pub(crate) fn is_name_particle(folded: &str) -> bool {
    knowledge().particles.get(folded).is_some_and(|k| k.iter().any(|k| *k != WordKind::Organisation))
        && !matches!(folded, "the" | "as" | "at" | "an" | "ad" | "i" | "y" | "e" | "do")
}
#[cfg(test)]
mod tests {
    use super::{SAME_NAME, match_names};

    #[test]
    fn slips_nicknames_and_sons_are_told_apart() {
        let score = |a, b| match_names(a, b).score;
        assert!(score("Bill Harker", "William Harker") >= SAME_NAME);
        assert!(score("Marta Oslnad", "Marta Osland") >= SAME_NAME);
        assert!(score("Marta Osland", "Marta Perez") < SAME_NAME);
        assert!(score("Faisal bin Khalid", "Khalid bin Faisal") < SAME_NAME);
    }
}
