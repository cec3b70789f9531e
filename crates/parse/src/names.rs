//! The best row of name tags: what each word says, and which tag may follow which.

use crate::weights::{Problem, Weights};

/// Score of a tag that may not follow: `I-PER` after anything but `B-PER` and `I-PER`.
const NEVER: f32 = -1e4;
/// Score of a name that begins where another ends, for models that did not learn it: names side by side are rare,
/// a name cut in two is not.
const SIDE_BY_SIDE: f32 = -4.0;

/// Scores of one tag after another, tags x tags, and of a tag at the start.
pub(crate) struct TagOrder {
    next: Vec<f32>,
    first: Vec<f32>,
}

impl TagOrder {
    /// What the model learnt (`head.ner.next`), or the default for one without; labels are BIO tags.
    pub(crate) fn read(weights: &Weights, labels: &[String]) -> Result<TagOrder, Problem> {
        const TENSOR: &str = "head.ner.next";
        let n = labels.len();
        let learnt = match weights.shape(TENSOR) {
            Ok(_) => Some(weights.f32(TENSOR, &[n, n])?),
            Err(_) => None,
        };
        let mut next = Vec::with_capacity(n * n);
        for before in labels {
            for tag in labels {
                next.push(match (&learnt, continues(before, tag)) {
                    (_, Some(false)) => NEVER,
                    (Some(learnt), _) => learnt[next.len()],
                    (None, None) if before != "O" && tag != "O" => SIDE_BY_SIDE,
                    (None, _) => 0.0,
                });
            }
        }
        let first = labels.iter().map(|tag| if tag.starts_with("I-") { NEVER } else { 0.0 }).collect();
        Ok(TagOrder { next, first })
    }

    /// The row of tags with the highest sum (Viterbi); `scores[i]` holds what word i gives each tag.
    pub(crate) fn best(&self, scores: &[&[f32]]) -> Vec<u8> {
        let n = self.first.len();
        let Some((first, rest)) = scores.split_first() else { return Vec::new() };
        let mut sums: Vec<f32> = self.first.iter().zip(*first).map(|(a, b)| a + b).collect();
        let mut came_from = Vec::with_capacity(rest.len() * n);
        let mut following = vec![0.0; n];
        for word in rest {
            for (tag, sum) in following.iter_mut().enumerate() {
                let mut best = (0, f32::NEG_INFINITY);
                for (before, so_far) in sums.iter().enumerate() {
                    let score = so_far + self.next[before * n + tag];
                    if score > best.1 {
                        best = (before, score);
                    }
                }
                came_from.push(best.0 as u8);
                *sum = best.1 + word[tag];
            }
            std::mem::swap(&mut sums, &mut following);
        }
        let mut tag =
            sums.iter().enumerate().fold(0, |best, (i, sum)| if *sum > sums[best] { i } else { best });
        let mut tags = vec![tag as u8];
        for from in came_from.chunks_exact(n).rev() {
            tag = usize::from(from[tag]);
            tags.push(tag as u8);
        }
        tags.reverse();
        tags
    }
}

/// Whether `tag` goes on with the name of `before`; `None` when it does not claim to.
fn continues(before: &str, tag: &str) -> Option<bool> {
    let kind = tag.strip_prefix("I-")?;
    Some(before.strip_prefix("B-").or(before.strip_prefix("I-")) == Some(kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order() -> (Vec<String>, TagOrder) {
        let labels: Vec<String> = ["O", "B-ORG", "I-ORG", "B-LOC", "I-LOC"].map(str::to_owned).into();
        let mut next = Vec::new();
        for before in &labels {
            for tag in &labels {
                next.push(match continues(before, tag) {
                    Some(false) => NEVER,
                    None if before != "O" && tag != "O" => SIDE_BY_SIDE,
                    _ => 0.0,
                });
            }
        }
        (labels, TagOrder { next, first: vec![0.0, 0.0, NEVER, 0.0, NEVER] })
    }

    fn tags(scores: &[&[f32]]) -> Vec<String> {
        let (labels, order) = order();
        order.best(scores).into_iter().map(|tag| labels[usize::from(tag)].clone()).collect()
    }

    #[test]
    fn a_name_is_not_cut_where_one_word_looks_like_another_kind() {
        let words: [&[f32]; 3] =
            [&[0.0, 3.0, 0.0, 1.0, 0.0], &[0.0, 0.0, 1.0, 2.0, 0.0], &[0.0, 0.0, 3.0, 0.0, 0.0]];
        assert_eq!(tags(&words), ["B-ORG", "I-ORG", "I-ORG"]);
    }

    #[test]
    fn nothing_is_continued_that_did_not_begin() {
        assert_eq!(tags(&[&[0.0, 1.0, 9.0, 0.0, 0.0]]), ["B-ORG"]);
        assert_eq!(tags(&[&[5.0, 0.0, 0.0, 0.0, 0.0], &[0.0, 0.0, 2.0, 1.0, 2.0]]), ["O", "B-LOC"]);
    }

    #[test]
    fn two_names_side_by_side_stay_two_where_the_words_are_sure() {
        let words: [&[f32]; 2] = [&[0.0, 9.0, 0.0, 0.0, 0.0], &[0.0, 0.0, 0.0, 9.0, 0.0]];
        assert_eq!(tags(&words), ["B-ORG", "B-LOC"]);
        assert!(tags(&[]).is_empty());
    }
}
