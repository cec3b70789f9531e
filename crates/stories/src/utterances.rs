//! One saying in several renderings.

use crate::chains::Happening;
use crate::facts::{Fact, Facts};
use crate::features::span_lemmas;
use crate::words::{cosine, dice, likeness};
use polybius_text::Quote;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet};

/// Quotes of one speaker are one saying from this likeness on.
const SAME_SAYING: f32 = 0.42;
/// The same when both carry an event of one happening.
const SAME_WITH_EVENT: f32 = 0.16;
/// Quotes of one speaker compared with each other; beyond that, neighbours.
const LARGEST_BLOCK: usize = 250;

/// A quote in comparable form.
#[derive(Debug, Clone)]
pub(crate) struct Saying {
    pub doc: u32,
    pub quote: u32,
    pub speaker: Option<u32>,
    pub words: Vec<SmolStr>,
    names: Vec<SmolStr>,
    /// Codes of the states and bodies that the words are about, without the speaker's own.
    about: BTreeSet<SmolStr>,
    /// Figures in the words.
    figures: BTreeSet<SmolStr>,
    /// Happenings whose trigger lies in the quote.
    happenings: Vec<usize>,
}

/// Renderings of one saying: indexes into the sayings.
pub(crate) fn find_sayings(
    facts: &Facts,
    members: &[u32],
    all: &[Fact],
    happenings: &[Happening],
) -> (Vec<Saying>, Vec<Vec<usize>>) {
    let mut of_quote: FxHashMap<(u32, u32), Vec<usize>> = FxHashMap::default();
    for (h, happening) in happenings.iter().enumerate() {
        for &f in &happening.facts {
            if let Some(q) = facts.event(all[f].doc, all[f].event).quote {
                of_quote.entry((all[f].doc, q)).or_default().push(h);
            }
        }
    }
    let mut sayings = Vec::new();
    for &doc in members {
        for (n, q) in facts.doc(doc).quotes.iter().enumerate() {
            let speaker = q.speaker.and_then(|s| facts.actor_of(doc, s));
            let a = &facts.doc(doc).annotated;
            let (first, end) = (a.token_from(q.span.start), a.token_from(q.span.end));
            let mut names: Vec<SmolStr> = (first..end)
                .filter_map(|t| a.tokens.get(t as usize))
                .filter(|t| t.upos == "PROPN" && t.lemma.len() > 2)
                .map(|t| SmolStr::from(a.slice(t.span).to_lowercase()))
                .collect();
            names.sort_unstable();
            names.dedup();
            let mut happenings = of_quote.remove(&(doc, n as u32)).unwrap_or_default();
            happenings.sort_unstable();
            happenings.dedup();
            sayings.push(Saying {
                doc,
                quote: n as u32,
                speaker,
                words: span_lemmas(facts.doc(doc), q.span),
                names,
                about: about(facts, doc, q, speaker),
                figures: (first..end)
                    .filter_map(|t| a.tokens.get(t as usize))
                    .map(|t| SmolStr::from(a.slice(t.span)))
                    .filter(|w| w.chars().any(|c| c.is_ascii_digit()))
                    .collect(),
                happenings,
            });
        }
    }
    let groups = group(facts, &sayings);
    (sayings, groups)
}

fn about(facts: &Facts, doc: u32, quote: &Quote, speaker: Option<u32>) -> BTreeSet<SmolStr> {
    let own = speaker.map(|s| facts.actor(s).code.as_str()).unwrap_or("");
    let inside = facts.doc(doc).mentions.iter().filter(|m| quote.span.contains(m.span));
    inside
        .flat_map(|m| &m.actors)
        .filter_map(|&a| facts.actor_of(doc, a))
        .map(|a| facts.actor(a).code.as_str())
        .filter(|c| !c.is_empty() && *c != own)
        .map(SmolStr::from)
        .collect()
}

fn group(facts: &Facts, sayings: &[Saying]) -> Vec<Vec<usize>> {
    let mut by_speaker: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (i, s) in sayings.iter().enumerate() {
        if let Some(speaker) = s.speaker {
            by_speaker.entry(speaker).or_default().push(i);
        }
    }
    let mut edges = Vec::new();
    for list in by_speaker.values() {
        let reach = if list.len() <= LARGEST_BLOCK { usize::MAX } else { 40 };
        for (n, &a) in list.iter().enumerate() {
            for &b in list[n + 1..].iter().take(reach) {
                let (score, enough) = alike(facts, &sayings[a], &sayings[b]);
                if enough {
                    edges.push((score, a, b));
                }
            }
        }
    }
    edges.sort_by(|x, y| y.0.total_cmp(&x.0).then(x.1.cmp(&y.1)).then(x.2.cmp(&y.2)));
    let mut of: Vec<usize> = (0..sayings.len()).collect();
    let mut groups: Vec<Vec<usize>> = (0..sayings.len()).map(|i| vec![i]).collect();
    for (_, a, b) in edges {
        let (x, y) = (of[a], of[b]);
        if x == y {
            continue;
        }
        // Half of all pairs must be alike: no chain of weak links through one vague rendering.
        let pairs = groups[x].iter().take(8).flat_map(|&i| groups[y].iter().take(8).map(move |&j| (i, j)));
        let (mut yes, mut n) = (0, 0);
        for (i, j) in pairs {
            n += 1;
            yes += usize::from(alike(facts, &sayings[i], &sayings[j]).1);
        }
        if 2 * yes >= n {
            let (keep, gone) = (x.min(y), x.max(y));
            let moved = std::mem::take(&mut groups[gone]);
            moved.iter().for_each(|&m| of[m] = keep);
            groups[keep].extend(moved);
            groups[keep].sort_unstable();
        }
    }
    groups.retain(|g| !g.is_empty());
    groups
}

/// Likeness of two quotes of one speaker, and whether it is enough.
fn alike(facts: &Facts, a: &Saying, b: &Saying) -> (f32, bool) {
    let (p, q) = (facts.quote(a.doc, a.quote), facts.quote(b.doc, b.quote));
    let words = dice(&a.words, &b.words, facts.rarity);
    let vectors = cosine(facts.vector(a.doc, p.sentence), facts.vector(b.doc, q.sentence));
    let mut score = likeness(words, vectors);
    // One sentence can hold two sayings, and its vector is of both; so the words of short pieces count more.
    if a.doc == b.doc {
        score = words;
    }
    let event = a.happenings.iter().any(|h| b.happenings.contains(h));
    // Other names, other object.
    let other_object =
        !a.names.is_empty() && !b.names.is_empty() && !a.names.iter().any(|n| b.names.contains(n));
    let mut need = if event { SAME_WITH_EVENT } else { SAME_SAYING };
    if a.figures != b.figures {
        need += if a.figures.is_disjoint(&b.figures) { 0.12 } else { 0.04 };
    }
    // What it is about decides between two sayings of the same words.
    if !a.about.is_empty() && !b.about.is_empty() {
        need += match a.about.intersection(&b.about).count() {
            0 => 0.15,
            n if n == a.about.len() && n == b.about.len() => -0.06,
            _ => 0.08,
        };
    } else if other_object {
        need += 0.15;
    }
    if a.doc == b.doc {
        need = need.max(0.6);
    }
    (score + if event { 0.2 } else { 0.0 }, score >= need)
}
