//! What a report of a story needs: the claims that stand, and what each document leaves out.

use polybius_text::{CodedDocument, Corpus, FlagKind, Stance, StoryId, Verdict};

/// Indexes into [`Corpus::claims`] of the corroborated claims of a story, best supported first, at most `most`.
///
/// Claims whose only independent support is word-spun text never stand in a brief.
pub fn brief_claims(corpus: &Corpus, docs: &[CodedDocument], story: &StoryId, most: usize) -> Vec<usize> {
    let sound = |d: u32| !docs[d as usize].annotated.article.has_flag(FlagKind::WordSpun);
    let mut out: Vec<usize> = (0..corpus.claims.len())
        .filter(|&i| {
            let c = &corpus.claims[i];
            let stating = c.cells.iter().filter(|x| x.stance == Stance::States && sound(x.doc)).count();
            c.story_id == *story && c.verdict == Verdict::Corroborated && stating >= 2
        })
        .collect();
    let key = |i: usize| (corpus.claims[i].n_origins, corpus.claims[i].importance);
    out.sort_by(|&a, &b| key(b).0.cmp(&key(a).0).then(key(b).1.total_cmp(&key(a).1)).then(a.cmp(&b)));
    out.truncate(most);
    out
}

/// For each document of a story (in its order), indexes of the claims that at least two other documents make and it leaves out.
pub fn left_out(corpus: &Corpus, story: &StoryId) -> Vec<(u32, Vec<usize>)> {
    let Some(found) = corpus.stories.iter().find(|s| s.story_id == *story) else { return Vec::new() };
    let claims: Vec<usize> =
        (0..corpus.claims.len()).filter(|&i| corpus.claims[i].story_id == *story).collect();
    let told = |i: usize| corpus.claims[i].cells.iter().filter(|c| c.stance != Stance::Silent).count();
    let silent = |i: usize, doc: u32| {
        corpus.claims[i].cells.iter().any(|c| c.doc == doc && c.stance == Stance::Silent)
    };
    found
        .documents
        .iter()
        .map(|d| (d.doc, claims.iter().copied().filter(|&i| told(i) >= 2 && silent(i, d.doc)).collect()))
        .collect()
}
