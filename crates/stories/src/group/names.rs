//! How alike the names of persons are: each two names are compared at most once, and most not at all.

use polybius_actors::names::skeleton;
use polybius_actors::{NameForm, parallel};
use rustc_hash::FxHashMap;
use std::sync::Mutex;

/// Parts of the memory of scores, so that threads seldom wait for each other.
const SHARDS: usize = 64;
/// Share of the consonants of a word that must stand in the other in order before two names are compared in full.
const LEAST_COMMON: f32 = 0.6;
/// Consonants of a word that are looked at.
const LONGEST: usize = 12;

/// Names by number with the scores of those that were compared.
pub(super) struct NameScores {
    names: Vec<(NameForm, Vec<Look>)>,
    known: Vec<Mutex<FxHashMap<(u32, u32), f32>>>,
}

impl NameScores {
    pub(super) fn new(texts: Vec<String>) -> NameScores {
        let names = parallel::map(&texts, |t| {
            let form = NameForm::of(t);
            let looks = looks_of(&form);
            (form, looks)
        });
        NameScores { names, known: (0..SHARDS).map(|_| Mutex::default()).collect() }
    }

    /// 0 to 1; 0 for names that have next to no consonants in common.
    pub(super) fn score(&self, a: u32, b: u32) -> f32 {
        let key = (a.min(b), a.max(b));
        let ((x, looks_x), (y, looks_y)) = (&self.names[key.0 as usize], &self.names[key.1 as usize]);
        if !alike(looks_x, looks_y) {
            return 0.0;
        }
        let shard = &self.known[(key.0.wrapping_mul(31).wrapping_add(key.1)) as usize % SHARDS];
        let known = || shard.lock().expect("a comparison does not panic");
        if let Some(score) = known().get(&key) {
            return *score;
        }
        let score = x.score(y);
        known().insert(key, score);
        score
    }
}

/// What a first look takes from a word of a name.
struct Look {
    consonants: Vec<u8>,
    /// The same by classes of sound.
    sounds: String,
}

fn looks_of(name: &NameForm) -> Vec<Look> {
    let look = |w: &str| Look {
        consonants: w.bytes().filter(|b| !b"aeiouywh".contains(b)).take(LONGEST).collect(),
        sounds: skeleton(w),
    };
    name.words().into_iter().map(look).collect()
}

/// Whether two names are worth the full comparison: that asks of every word of the shorter name that it stands in the longer
/// one, so each must have something in common with one there.
fn alike(a: &[Look], b: &[Look]) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    long.is_empty() || short.iter().all(|w| long.iter().any(|v| words_alike(w, v)))
}

fn words_alike(a: &Look, b: &Look) -> bool {
    let shorter = a.consonants.len().min(b.consonants.len());
    // Of very short words and initials the consonants say too little to part them.
    shorter <= 1
        || a.sounds == b.sounds
        || common_in_order(&a.consonants, &b.consonants) as f32 >= LEAST_COMMON * shorter as f32
}

/// Length of the longest common subsequence; at most [`LONGEST`] letters each.
fn common_in_order(a: &[u8], b: &[u8]) -> usize {
    let mut row = [0usize; LONGEST + 1];
    for x in a {
        let mut diagonal = 0;
        for (j, y) in b.iter().enumerate() {
            let above = row[j + 1];
            row[j + 1] = if x == y { diagonal + 1 } else { above.max(row[j]) };
            diagonal = above;
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::{NameScores, alike, looks_of};
    use polybius_actors::{NameForm, match_names};

    #[test]
    fn the_first_look_lets_renderings_of_one_name_pass() {
        let looks_of = |name| looks_of(&NameForm::of(name));
        for (a, b) in [
            ("Omar al-Masri", "Al-Masry"),
            ("Gebremeskel", "Jabr Meskel"),
            ("Nguyen Thi Mai", "Mai Nguyen"),
            ("Yevgeny Khodorov", "Evgenii Hodorow"),
            ("Li", "Lee"),
        ] {
            assert!(alike(&looks_of(a), &looks_of(b)), "{a} and {b}");
        }
        assert!(!alike(&looks_of("Tomas Orlo"), &looks_of("Berta Quickman")));
    }

    #[test]
    fn what_is_compared_has_the_score_of_the_names() {
        let names = ["Omar al-Masri", "Umar Al-Masry", "Berta Quickman"];
        let scores = NameScores::new(names.map(str::to_string).to_vec());
        assert_eq!(scores.score(0, 1), match_names(names[0], names[1]).score);
        assert_eq!(scores.score(1, 0), scores.score(0, 1));
        assert_eq!(scores.score(0, 2), 0.0);
    }
}
