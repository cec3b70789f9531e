//! Words of several documents that tell one happening, for words given from outside: a list of mentions rather than the events
//! of the codebook.

use crate::facts::{clause, subtree};
use crate::knowledge::knowledge;
use crate::words::{Rarity, content_lemmas, cosine, dice, is_content, likeness};
use polybius_actors::parallel;
use polybius_text::CodedDocument;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use std::collections::BTreeMap;

/// A word that tells of a happening.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GivenMention {
    /// Index of the document.
    pub doc: u32,
    /// Index of its token.
    pub token: u32,
}

/// Documents are of one matter from this mean cosine of their weighted words on. Any value from 0.1 to 0.25 groups alike.
const ONE_MATTER: f32 = 0.16;
/// Mentions of one word family in documents of one matter are one happening from this likeness of what stands around them on.
const SAME: f32 = 0.12;
/// Members that stand for a large chain.
const REPRESENTATIVES: usize = 8;

/// A mention in comparable form.
struct Told {
    doc: u32,
    sentence: u32,
    family: SmolStr,
    /// Content words of the clause without the word itself.
    words: Vec<SmolStr>,
    /// Proper names of its parties, lower case, sorted.
    parties: Vec<SmolStr>,
}

/// Groups mentions that tell one happening: in documents of one matter, of one word family, with parties that may be the same.
/// Returns the number of the chain of each mention, in their order; chains are numbered by their first mention.
///
/// Compares every two documents; for the scored sets and collections of their size, not for a day of news.
pub fn link_mentions(docs: &[CodedDocument], mentions: &[GivenMention]) -> Vec<u32> {
    let lemmas = parallel::map(docs, |d| content_lemmas(&d.annotated, 0..d.annotated.tokens.len()));
    let rarity = Rarity::of(lemmas.into_iter());
    let matter_of = matters(docs);
    let told = parallel::map(mentions, |m| Told::of(&docs[m.doc as usize], *m));
    let mut blocks: BTreeMap<(usize, &SmolStr), Vec<usize>> = BTreeMap::new();
    for (n, t) in told.iter().enumerate() {
        blocks.entry((matter_of[t.doc as usize], &t.family)).or_default().push(n);
    }
    let blocks: Vec<Vec<usize>> = blocks.into_values().collect();
    let like = |a: usize, b: usize| alike(docs, &rarity, &told[a], &told[b]);
    let chains = parallel::map(&blocks, |block| grouped(block, SAME, &like));
    let mut chain_of = vec![0; mentions.len()];
    let mut chains: Vec<Vec<usize>> = chains.into_iter().flatten().collect();
    chains.sort();
    for (number, chain) in chains.iter().enumerate() {
        chain.iter().for_each(|&m| chain_of[m] = number as u32);
    }
    chain_of
}

/// The number of the matter of each document: groups of documents by their weighted words and names.
fn matters(docs: &[CodedDocument]) -> Vec<usize> {
    let words = parallel::map(docs, words_of);
    let rarity = Rarity::of(words.iter().map(|w| w.keys().cloned().collect()));
    let weighted = parallel::map(&words, |words| {
        let mut list: Vec<(&SmolStr, f32)> =
            words.iter().map(|(w, n)| (w, (1.0 + (*n as f32).ln()) * rarity.weight(w))).collect();
        let length = list.iter().map(|w| w.1 * w.1).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
        list.iter_mut().for_each(|w| w.1 /= length);
        list.into_iter().collect::<FxHashMap<&SmolStr, f32>>()
    });
    let cosine = |a: usize, b: usize| {
        let (short, long) = if weighted[a].len() <= weighted[b].len() { (a, b) } else { (b, a) };
        // In the order of the words, so that the sum is always the same.
        words[short].keys().filter_map(|w| Some(weighted[short][w] * weighted[long].get(w)?)).sum::<f32>()
    };
    let all: Vec<usize> = (0..docs.len()).collect();
    let mut matter_of = vec![0; docs.len()];
    for (n, group) in grouped(&all, ONE_MATTER, &cosine).iter().enumerate() {
        group.iter().for_each(|&d| matter_of[d] = n);
    }
    matter_of
}

/// Content words and names of a document with their number.
fn words_of(doc: &CodedDocument) -> BTreeMap<SmolStr, u32> {
    let a = &doc.annotated;
    let mut words: BTreeMap<SmolStr, u32> = BTreeMap::new();
    for token in a.tokens.iter().filter(|t| is_content(t) || t.upos == "PROPN") {
        *words.entry(knowledge().family(&token.lemma.to_lowercase())).or_default() += 1;
    }
    words
}

impl Told {
    fn of(doc: &CodedDocument, m: GivenMention) -> Told {
        let a = &doc.annotated;
        let token = &a.tokens[m.token as usize];
        let around = clause(a, m.token);
        let words = content_lemmas(a, around.iter().copied().filter(|&t| t != m.token as usize));
        let hangs = |t: &u32| {
            let rel = a.tokens[*t as usize].rel.split(':').next().unwrap_or("");
            matches!(rel, "nsubj" | "obj" | "iobj" | "obl" | "nmod" | "compound")
        };
        let names = a.children(m.token).filter(hangs).flat_map(|t| subtree(a, t));
        let mut parties: Vec<SmolStr> = names
            .filter(|&t| a.tokens[t].upos == "PROPN")
            .map(|t| SmolStr::from(a.slice(a.tokens[t].span).to_lowercase()))
            .collect();
        parties.sort_unstable();
        parties.dedup();
        Told {
            doc: m.doc,
            sentence: a.sentence_of(m.token),
            family: knowledge().family(&token.lemma.to_lowercase()),
            words,
            parties,
        }
    }
}

/// Groups of items: best pairs first, two groups become one at a mean likeness of `least` of their members.
fn grouped(items: &[usize], least: f32, like: &impl Fn(usize, usize) -> f32) -> Vec<Vec<usize>> {
    let mut edges: Vec<(f32, usize, usize)> = Vec::new();
    for i in 0..items.len() {
        let pairs = (i + 1..items.len()).map(|j| (like(items[i], items[j]), i, j));
        edges.extend(pairs.filter(|e| e.0 >= least));
    }
    edges.sort_by(|x, y| y.0.total_cmp(&x.0).then(x.1.cmp(&y.1)).then(x.2.cmp(&y.2)));
    let mut of: Vec<usize> = (0..items.len()).collect();
    let mut members: Vec<Vec<usize>> = (0..items.len()).map(|i| vec![i]).collect();
    for (_, a, b) in edges {
        let (ca, cb) = (of[a], of[b]);
        if ca == cb {
            continue;
        }
        let (few_a, few_b) = (few(&members[ca]), few(&members[cb]));
        let scores = few_a.iter().flat_map(|&x| few_b.iter().map(move |&y| (x, y)));
        let sum: f32 = scores.map(|(x, y)| like(items[x], items[y])).sum();
        if sum / ((few_a.len() * few_b.len()) as f32) < least {
            continue;
        }
        let (keep, gone) = (ca.min(cb), ca.max(cb));
        let moved = std::mem::take(&mut members[gone]);
        moved.iter().for_each(|&m| of[m] = keep);
        members[keep].extend(moved);
        members[keep].sort_unstable();
    }
    members.retain(|m| !m.is_empty());
    members.into_iter().map(|m| m.into_iter().map(|i| items[i]).collect()).collect()
}

/// 0 to 1: how alike what stands around two mentions is; nothing where both name parties and none is the same.
fn alike(docs: &[CodedDocument], rarity: &Rarity, a: &Told, b: &Told) -> f32 {
    let vector = |t: &Told| {
        docs[t.doc as usize].annotated.sentences.get(t.sentence as usize).map_or(&[][..], |s| &s.vector)
    };
    let common = a.parties.iter().filter(|p| b.parties.binary_search(p).is_ok()).count();
    let likeness = likeness(dice(&a.words, &b.words, rarity), cosine(vector(a), vector(b)));
    match (a.parties.is_empty() || b.parties.is_empty(), common) {
        (false, 0) => 0.5 * likeness,
        (false, _) => (likeness + 0.3).min(1.0),
        (true, _) => likeness,
    }
}

fn few(members: &[usize]) -> Vec<usize> {
    if members.len() <= REPRESENTATIVES {
        return members.to_vec();
    }
    (0..REPRESENTATIVES).map(|k| members[k * members.len() / REPRESENTATIVES]).collect()
}

#[cfg(test)]
mod tests {
    use super::{GivenMention, link_mentions};
    use crate::testing::page;
    use polybius_text::CodedDocument;

    fn mention(docs: &[CodedDocument], doc: usize, word: &str) -> GivenMention {
        let a = &docs[doc].annotated;
        let token = a.tokens.iter().position(|t| a.slice(t.span) == word).expect("the word stands there");
        GivenMention { doc: doc as u32, token: token as u32 }
    }

    #[test]
    fn a_word_family_is_one_happening_in_pages_of_one_matter_only() {
        let docs = vec![
            page("a")
                .sentence("Dockers of Vardal halted|halt the harbour in a strike on trawler quota .")
                .done(),
            page("b").sentence("The strike of Vardal harbour dockers on trawler quota ended|end .").done(),
            page("c")
                .sentence("Teachers began|begin a strike by Lindholm schools and pension rules .")
                .done(),
        ];
        let all: Vec<GivenMention> = (0..3).map(|n| mention(&docs, n, "strike")).collect();
        let chains = link_mentions(&docs, &[all[0], all[1], all[2], mention(&docs, 1, "ended")]);
        assert_eq!(chains[0], chains[1]);
        assert!(chains[2] != chains[0] && chains[3] != chains[0]);
    }
}
