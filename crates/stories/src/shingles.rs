//! Near-copies: sequences of five words, compared exactly after a cheap search for candidates.
//!
//! Method: Broder (1997), "On the resemblance and containment of documents"; candidates by MinHash in bands.

use polybius_actors::parallel;
use polybius_text::CodedDocument;
use rustc_hash::{FxHashMap, FxHashSet};

const WORDS: usize = 5;
const BANDS: usize = 16;
const ROWS: usize = 2;
/// Pages with fewer sequences are too short to be called copies.
const FEWEST: usize = 12;
/// A document is compared with at most so many others of a band.
const COMPARED_IN_BAND: usize = 8;

/// Hashes of all five-word sequences of the evidence text, sorted, each once.
pub(crate) fn shingles(doc: &CodedDocument) -> Vec<u64> {
    let a = &doc.annotated;
    let mut all = Vec::new();
    for s in a.sentences.iter().filter(|s| s.repeats.is_none()) {
        let words: Vec<u64> = s
            .tokens()
            .filter_map(|t| a.tokens.get(t))
            .filter(|t| t.upos != "PUNCT")
            .map(|t| hash(a.slice(t.span).to_lowercase().bytes()))
            .collect();
        all.extend(words.windows(WORDS).map(|w| w.iter().fold(7, |h, x| mix(h ^ x))));
    }
    all.sort_unstable();
    all.dedup();
    all
}

/// Share of the shorter document's sequences that the other holds too; 0 for very short ones.
pub(crate) fn containment(a: &[u64], b: &[u64]) -> f32 {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if short.len() < FEWEST {
        return 0.0;
    }
    let common = short.iter().filter(|x| long.binary_search(x).is_ok()).count();
    common as f32 / short.len() as f32
}

/// Pairs (smaller index first) that may be near-copies, sorted. At most `BANDS` · `COMPARED_IN_BAND` pairs a document.
pub(crate) fn candidates(sets: &[Vec<u64>]) -> Vec<(usize, usize)> {
    let mut bands: FxHashMap<(usize, u64), Vec<usize>> = FxHashMap::default();
    let mut pairs = FxHashSet::default();
    let keys = parallel::map(sets, |set| band_keys(set));
    for (i, keys) in keys.into_iter().enumerate() {
        for (band, key) in keys.into_iter().enumerate() {
            let seen = bands.entry((band, key)).or_default();
            pairs.extend(seen.iter().map(|&j| (j, i)));
            // The first of a band stand for it: thousands of copies give a star, not a square.
            if seen.len() < COMPARED_IN_BAND {
                seen.push(i);
            }
        }
    }
    let mut pairs: Vec<_> = pairs.into_iter().collect();
    pairs.sort_unstable();
    pairs
}

/// What documents must share of a band to be compared; empty for a document with too few sequences.
fn band_keys(set: &[u64]) -> Vec<u64> {
    if set.len() < FEWEST {
        return Vec::new();
    }
    let key = |band: usize| {
        (0..ROWS).fold(band as u64, |h, row| {
            let salt = mix((band * ROWS + row) as u64 + 1);
            mix(h ^ set.iter().map(|x| mix(x ^ salt)).min().expect("not empty"))
        })
    };
    (0..BANDS).map(key).collect()
}

fn hash(bytes: impl Iterator<Item = u8>) -> u64 {
    bytes.fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3))
}

pub(crate) fn mix(x: u64) -> u64 {
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// Groups joined pair by pair.
#[derive(Debug)]
pub(crate) struct Groups(Vec<usize>);

impl Groups {
    pub(crate) fn new(n: usize) -> Groups {
        Groups((0..n).collect())
    }

    /// The smallest member of the group of `i`.
    pub(crate) fn root(&mut self, i: usize) -> usize {
        let mut root = i;
        while self.0[root] != root {
            root = self.0[root];
        }
        let mut at = i;
        while self.0[at] != root {
            at = std::mem::replace(&mut self.0[at], root);
        }
        root
    }

    pub(crate) fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b)] = a.min(b);
    }
}
