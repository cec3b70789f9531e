//! Renderings of one utterance: which words differ.

use super::view::WordRun;
use polybius_store::fold_name;
use std::collections::BTreeSet;

/// For each rendering, byte ranges of the words that no other one has; nothing where all have the same words.
pub fn differing(renderings: &[&str]) -> Vec<Vec<(usize, usize)>> {
    let words: Vec<Vec<(usize, usize, String)>> = renderings.iter().map(|r| words_of(r)).collect();
    let sets: Vec<BTreeSet<&str>> =
        words.iter().map(|list| list.iter().map(|w| w.2.as_str()).collect()).collect();
    words
        .iter()
        .enumerate()
        .map(|(i, list)| {
            // A repetition in the same words, in a teaser, says nothing of translation.
            let others: Vec<&BTreeSet<&str>> = sets.iter().filter(|set| **set != sets[i]).collect();
            let shared = |w: &str| others.is_empty() || others.iter().any(|set| set.contains(w));
            let mut ranges: Vec<(usize, usize)> = Vec::new();
            for (n, (start, end, word)) in list.iter().enumerate() {
                if shared(word) {
                    continue;
                }
                // Neighbours join to one stretch.
                match ranges.last_mut() {
                    Some(last) if n > 0 && last.1 == list[n - 1].1 => last.1 = *end,
                    _ => ranges.push((*start, *end)),
                }
            }
            ranges
        })
        .collect()
}

/// The text cut at the ranges, which are in order and do not overlap.
pub fn runs(text: &str, differs: &[(usize, usize)]) -> Vec<WordRun> {
    let mut runs = Vec::new();
    let mut at = 0;
    let mut push = |words: Option<&str>, differs: bool| {
        if let Some(words) = words.filter(|w| !w.is_empty()) {
            runs.push(WordRun { text: words.to_string(), differs });
        }
    };
    for &(start, end) in differs {
        push(text.get(at..start), false);
        push(text.get(start..end), true);
        at = end;
    }
    push(text.get(at..), false);
    runs
}

fn words_of(text: &str) -> Vec<(usize, usize, String)> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        let inside = c.is_alphanumeric() || (start.is_some() && matches!(c, '\'' | '’'));
        match (inside, start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                words.push((from, at, fold_name(text[from..at].trim_end_matches(['\'', '’']))));
                start = None;
            }
            _ => {}
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_that_one_translation_has_alone_are_marked() {
        let renderings = ["strike a reciprocal blow", "strike a retaliatory blow against the Americans"];
        let marked = differing(&renderings);
        let shown: Vec<Vec<&str>> = marked
            .iter()
            .zip(renderings)
            .map(|(ranges, r)| ranges.iter().map(|&(a, b)| &r[a..b]).collect())
            .collect();
        assert_eq!(shown, [vec!["reciprocal"], vec!["retaliatory", "against the Americans"]]);
        let cut = runs(renderings[0], &marked[0]);
        assert_eq!(cut.iter().map(|r| r.text.as_str()).collect::<String>(), renderings[0]);
        assert_eq!(cut.iter().map(|r| r.differs).collect::<Vec<_>>(), [false, true, false]);
        assert_eq!(differing(&["alone"]), [vec![]]);
        assert_eq!(differing(&["said twice", "Said twice."]), [vec![], vec![]]);
    }
}
