//! Which documents are one witness: near-copies, one agency's text, a spun copy.

use crate::documents::Selected;
use crate::shingles::{Groups, containment, shingles};
use crate::words::cosine;
use polybius_text::{CodedDocument, FlagKind, Origin, stable_hash};
use std::ops::Index;

/// Share of five-word sequences from which on a text is a copy.
const COPY: f32 = 0.5;
/// The same with one agency credited by both.
const COPY_WITH_AGENCY: f32 = 0.15;
/// Share of a spun text's sentences that follow another text in its order.
const SPUN_FOLLOWS: f32 = 0.4;
/// Sentences between two aligned ones that are aligned by their place.
const GAP: usize = 2;
/// Of more copies than this each is set beside the first few alone.
const MANY_COPIES: usize = 24;
const FIRST_COPIES: usize = 4;
/// Copies that are set beside each of fewer.
const NEXT_COPIES: usize = 12;
/// Larger stories compare each document with this many that stand before it.
const COMPARED: usize = 150;

/// Groups the documents of a story by the text they go back to.
///
/// `members` are indexes into `docs`, by document id. Every member is in exactly one origin; origins are in the order of their
/// first members.
pub fn find_origins<D>(docs: &D, members: &[u32]) -> Vec<Origin>
where
    D: Index<usize, Output = CodedDocument> + ?Sized,
{
    let sets: Vec<Vec<u64>> = members.iter().map(|&d| shingles(&docs[d as usize])).collect();
    let mut groups = Groups::new(members.len());
    let mut reasons = vec![String::new(); members.len()];
    for b in 0..members.len() {
        for a in b.saturating_sub(COMPARED)..b {
            if groups.root(a) == groups.root(b) {
                continue;
            }
            if let Some(reason) = one_text(docs, (members[a], members[b]), (&sets[a], &sets[b])) {
                let keep = groups.root(a).min(groups.root(b));
                groups.join(a, b);
                reasons[keep] = reason;
            }
        }
    }
    let mut out: Vec<Origin> = Vec::new();
    for i in (0..members.len())
        .filter(|&i| (0..=i).find(|&j| groups.root(j) == groups.root(i)) == Some(i))
        .collect::<Vec<_>>()
    {
        let root = groups.root(i);
        let documents: Vec<u32> =
            (0..members.len()).filter(|&j| groups.root(j) == root).map(|j| members[j]).collect();
        let id = docs[documents[0] as usize].annotated.article.doc_id.as_str();
        let reason = if documents.len() == 1 { "own text".to_string() } else { reasons[root].clone() };
        out.push(Origin { origin_id: format!("o{:016x}", stable_hash(&[id])), documents, reason });
    }
    out
}

fn one_text<D>(docs: &D, (a, b): (u32, u32), sets: (&[u64], &[u64])) -> Option<String>
where
    D: Index<usize, Output = CodedDocument> + ?Sized,
{
    let (x, y) = (&docs[a as usize].annotated.article, &docs[b as usize].annotated.article);
    let share = containment(sets.0, sets.1);
    if share >= COPY {
        return Some(format!("near-copy of {} ({share:.2} of 5-word sequences)", file_name(&x.path)));
    }
    if let (Some(p), Some(q)) = (&x.agency, &y.agency)
        && p == q
        && share >= COPY_WITH_AGENCY
    {
        return Some(format!("both credit {p}, {share:.2} of 5-word sequences shared"));
    }
    let spun = (x.has_flag(FlagKind::WordSpun), y.has_flag(FlagKind::WordSpun));
    if spun.0 || spun.1 {
        let (copy, text) = if spun.0 { (a, b) } else { (b, a) };
        let (copied, from) = (SpunText::of(&docs[copy as usize]), SpunText::of(&docs[text as usize]));
        if let Some(follows) = spun_copy(&copied, &from) {
            let name = file_name(&docs[text as usize].annotated.article.path);
            return Some(format!(
                "word-spun copy of {name} ({follows:.2} of its sentences follow it in order)"
            ));
        }
    }
    None
}

/// How much of a word-spun text follows another text in its order, when that is enough to be a copy of it.
pub(crate) fn spun_copy(copy: &SpunText, text: &SpunText) -> Option<f32> {
    Some(follows(&copy.0, &text.0)).filter(|f| *f >= SPUN_FOLLOWS)
}

/// What a spinner mostly leaves of each sentence of a text: its names, its figures and its sense.
pub(crate) struct SpunText<'d>(Vec<Marks<'d>>);

impl<'d> SpunText<'d> {
    pub(crate) fn of(doc: &'d CodedDocument) -> SpunText<'d> {
        SpunText(marks(doc))
    }
}

pub(crate) fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// Share of the sentences of `copy` that find their like in `text` in the same order.
fn follows(copy: &[Marks], text: &[Marks]) -> f32 {
    if copy.len() < 4 || text.len() < 4 {
        return 0.0;
    }
    in_order(copy, text).len() as f32 / copy.len().min(text.len()) as f32
}

/// Two documents of one origin, with the sentences of the one that stand for sentences of the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Copies {
    pub docs: (u32, u32),
    pub sentences: Vec<(u32, u32)>,
}

/// Sets the copies of each origin side by side: each with its next ones, or, of very many, with the first few.
pub(crate) fn align_copies(docs: &Selected, origins: &[Origin]) -> Vec<Copies> {
    let mut all = Vec::new();
    for origin in origins.iter().filter(|o| o.documents.len() > 1) {
        let marks: Vec<Vec<Marks>> = origin.documents.iter().map(|&d| marks(&docs[d as usize])).collect();
        let many = origin.documents.len() > MANY_COPIES;
        for a in 0..if many { FIRST_COPIES } else { marks.len() } {
            let reach = if many { marks.len() } else { NEXT_COPIES };
            for b in (a + 1..marks.len()).take(reach) {
                let sentences = aligned(&marks[a], &marks[b]);
                all.push(Copies { docs: (origin.documents[a], origin.documents[b]), sentences });
            }
        }
    }
    all
}

/// Sentences of two copies of one text that stand for each other.
fn aligned(a: &[Marks], b: &[Marks]) -> Vec<(u32, u32)> {
    let mut pairs = in_order(a, b);
    // What stands between two neighbours of the one stands between those of the other.
    let mut between = Vec::new();
    for w in pairs.windows(2) {
        let ((i, j), (k, l)) = (w[0], w[1]);
        if k - i == l - j && k - i <= GAP + 1 {
            between.extend((1..k - i).map(|n| (i + n, j + n)).filter(|&(m, n)| not_unlike(&a[m], &b[n])));
        }
    }
    pairs.extend(between);
    pairs.sort_unstable();
    pairs.into_iter().map(|(i, j)| (a[i].sentence, b[j].sentence)).collect()
}

/// Whether two sentences that stand at one place of two copies may be one: a common name or figure, or a like sense.
fn not_unlike(a: &Marks, b: &Marks) -> bool {
    common(&a.names, &b.names) > 0 || cosine(a.vector, b.vector).is_some_and(|v| v >= 0.4)
}

/// The longest common subsequence of sentences that are alike.
fn in_order(a: &[Marks], b: &[Marks]) -> Vec<(usize, usize)> {
    let mut best = vec![vec![0u32; b.len() + 1]; a.len() + 1];
    let mut like = vec![false; a.len() * b.len()];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            like[i * b.len() + j] = alike(&a[i], &b[j]);
            best[i][j] = if like[i * b.len() + j] {
                best[i + 1][j + 1] + 1
            } else {
                best[i + 1][j].max(best[i][j + 1])
            };
        }
    }
    let (mut i, mut j, mut pairs) = (0, 0, Vec::new());
    while i < a.len() && j < b.len() {
        if like[i * b.len() + j] {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if best[i + 1][j] >= best[i][j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}

struct Marks<'d> {
    sentence: u32,
    /// Hashes of the names and figures, sorted.
    names: Vec<u64>,
    vector: &'d [f32],
}

/// Names and figures of each sentence: what a spinner mostly leaves.
fn marks(doc: &CodedDocument) -> Vec<Marks<'_>> {
    let a = &doc.annotated;
    a.sentences
        .iter()
        .enumerate()
        .filter(|(_, s)| s.repeats.is_none() && s.tokens().len() > 4)
        .take(120)
        .map(|(n, s)| {
            let words = s.tokens().filter_map(|t| a.tokens.get(t)).filter(|t| {
                t.upos == "PROPN"
                    || a.slice(t.span).chars().all(|c| c.is_ascii_digit() || c == ',' || c == '.')
            });
            let words = words.map(|t| a.slice(t.span).to_lowercase()).filter(|w| w.len() > 1);
            let mut names: Vec<u64> = words.map(|w| stable_hash(&[&w])).collect();
            names.sort_unstable();
            names.dedup();
            Marks { sentence: n as u32, names, vector: s.vector.as_slice() }
        })
        .collect()
}

fn alike(a: &Marks, b: &Marks) -> bool {
    let common = common(&a.names, &b.names);
    let all = a.names.len() + b.names.len() - common;
    let names = all > 0 && common >= 1 && 2 * common >= all;
    let vectors = cosine(a.vector, b.vector);
    match vectors {
        Some(v) => v >= 0.8 || (names && v >= 0.5),
        None => names && common >= 2,
    }
}

/// How many numbers two sorted lists share.
fn common(a: &[u64], b: &[u64]) -> usize {
    a.iter().filter(|x| b.binary_search(x).is_ok()).count()
}
