//! Content words and sentence vectors: how alike two stretches of text are.

use crate::knowledge::knowledge;
use polybius_text::{Annotated, Token};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

/// How many documents hold a lemma. Small corpora say little, so counts are smoothed.
#[derive(Debug, Default)]
pub(crate) struct Rarity {
    documents: f32,
    holding: FxHashMap<SmolStr, u32>,
}

impl Rarity {
    pub(crate) fn of(docs: impl Iterator<Item = Vec<SmolStr>>) -> Rarity {
        let mut rarity = Rarity::default();
        docs.for_each(|lemmas| rarity.add(lemmas));
        rarity
    }

    /// Counts the lemmas of one more document.
    pub(crate) fn add(&mut self, mut lemmas: Vec<SmolStr>) {
        self.documents += 1.0;
        lemmas.sort_unstable();
        lemmas.dedup();
        for lemma in lemmas {
            *self.holding.entry(lemma).or_default() += 1;
        }
    }

    /// About 1 for a common word of content, up to 3 for a rare one.
    pub(crate) fn weight(&self, lemma: &str) -> f32 {
        const PRIOR: f32 = 30.0;
        let holding = self.holding.get(lemma).copied().unwrap_or(0) as f32;
        ((self.documents + PRIOR) / (holding + 3.0)).ln().clamp(0.3, 3.5)
    }
}

/// Whether a token carries content that is not a name.
pub(crate) fn is_content(token: &Token) -> bool {
    matches!(token.upos.as_str(), "NOUN" | "VERB" | "ADJ" | "NUM")
        && token.lemma.len() > 2
        && !knowledge().is_thin(&token.lemma)
        && token.lemma.chars().next().is_some_and(char::is_alphabetic)
}

/// Content words among the tokens in the form under which they are compared, sorted, each once.
pub(crate) fn content_lemmas(doc: &Annotated, tokens: impl Iterator<Item = usize>) -> Vec<SmolStr> {
    let mut lemmas: Vec<SmolStr> = tokens
        .filter_map(|t| Some((t, doc.tokens.get(t).filter(|t| is_content(t))?)))
        .map(|(t, token)| {
            let lemma = token.lemma.to_lowercase();
            // `called off` is not `called`.
            let particle = doc.tokens.get(t + 1).filter(|p| p.rel == "compound:prt");
            let phrasal = particle.map(|p| format!("{lemma}-{}", p.lemma.to_lowercase()));
            phrasal.map_or_else(|| knowledge().family(&lemma), |p| knowledge().family(&p))
        })
        .collect();
    lemmas.sort_unstable();
    lemmas.dedup();
    lemmas
}

/// Weighted share of common words of two sorted lists: 2·common / (all of a + all of b).
pub(crate) fn dice(a: &[SmolStr], b: &[SmolStr], rarity: &Rarity) -> f32 {
    let sum = |l: &[SmolStr]| l.iter().map(|w| rarity.weight(w)).sum::<f32>();
    let common: f32 = a.iter().filter(|w| b.binary_search(w).is_ok()).map(|w| rarity.weight(w)).sum();
    let all = sum(a) + sum(b);
    if all <= 0.0 { 0.0 } else { 2.0 * common / all }
}

/// Cosine of two vectors of unit length; `None` when one is not there.
pub(crate) fn cosine(a: &[f32], b: &[f32]) -> Option<f32> {
    (!a.is_empty() && a.len() == b.len()).then(|| dot(a, b))
}

/// In lanes that a processor adds side by side; always the same ones, so that the sum is the same everywhere.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    const LANES: usize = 8;
    let mut sums = [0.0f32; LANES];
    let (x, y) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    let rest: f32 = x.remainder().iter().zip(y.remainder()).map(|(p, q)| p * q).sum();
    for (p, q) in x.zip(y) {
        for lane in 0..LANES {
            sums[lane] += p[lane] * q[lane];
        }
    }
    sums.iter().sum::<f32>() + rest
}

/// Likeness of two statements from their words and the vectors of their sentences.
pub(crate) fn likeness(words: f32, vectors: Option<f32>) -> f32 {
    // Sentences of one story start near 0.35 whatever they say.
    let Some(v) = vectors else { return words };
    let v = ((v - 0.35) / 0.6).clamp(0.0, 1.0);
    (0.5 * words + 0.5 * v).max(0.85 * words)
}
