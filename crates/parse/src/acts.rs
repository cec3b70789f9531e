//! The heads that say which word tells an act, whether it happened, and who does it to whom.

use polybius_text::EventType;

use crate::kernels::{self, Packed};
use crate::model::Scratch;
use crate::weights::{Problem, Weights};

/// Width of the role scorer.
pub(crate) const ROLE: usize = 128;
/// Modality and polarity, in the order of the model's labels.
pub(crate) const STATUS: usize = 7;
/// A word is an act when the chance that it is none is under this.
const SURELY_NONE: f32 = 0.9;
/// Types and parties under this chance are left out.
const SLIGHT: f32 = 0.05;

/// What the reader takes one word of a sentence to tell. Chances are 0 to 1.
#[derive(Debug, Clone, PartialEq)]
pub struct ActReading {
    /// Number of the word, from 0.
    pub word: u32,
    /// Types with their chances, the most likely first; they and "no act" add up to at most 1.
    pub types: Vec<(EventType, f32)>,
    /// Chances of actual, future, hypothetical, historical.
    pub modality: [f32; 4],
    /// Chances of affirmed, negated, denied.
    pub polarity: [f32; 3],
    /// Words that may name who does it, in text order.
    pub actors: Vec<(u32, f32)>,
    /// Words that may name to whom it is done, in text order.
    pub recipients: Vec<(u32, f32)>,
}

/// Weights of the role scorer and the names of the types; absent from a model without these heads.
pub(crate) struct ActHeads {
    /// The type of each label but the first, which is "no act".
    types: Vec<EventType>,
    v: Packed,
    p: [Vec<f32>; 2],
    q: [Vec<f32>; 2],
    bias: [f32; 2],
}

/// What the one product of all heads gave for one sentence of n words.
pub(crate) struct ActOutputs<'r> {
    /// n rows of logits: no act, then the types.
    pub(crate) kinds: Vec<&'r [f32]>,
    pub(crate) status: Vec<&'r [f32]>,
    /// n x 128, after gelu.
    pub(crate) triggers: Vec<f32>,
    /// n x 128, after gelu.
    pub(crate) parties: Vec<f32>,
}

impl ActHeads {
    /// `labels` are the names of the model's act labels, "O" first.
    pub(crate) fn read(weights: &Weights, labels: &[String]) -> Result<ActHeads, Problem> {
        let Some(("O", types)) = labels.split_first().map(|(o, rest)| (o.as_str(), rest)) else {
            return Err("the first act label is not `O`".to_owned());
        };
        let types = types
            .iter()
            .map(|t| t.parse().map_err(|()| format!("`{t}` is not an event type")))
            .collect::<Result<Vec<EventType>, Problem>>()?;
        let v = weights.rows("head.role.v", &[2, ROLE, ROLE])?;
        let square = ROLE * ROLE;
        // Row (role, y) of the packed matrix holds V[role][x][y] for all x.
        let v_by_column: Vec<f32> =
            (0..2 * square).map(|i| v[i / square * square + (i % ROLE) * ROLE + i % square / ROLE]).collect();
        let halves = |name: &str| -> Result<[Vec<f32>; 2], Problem> {
            let both = weights.f32(name, &[2, ROLE])?;
            Ok([both[..ROLE].to_vec(), both[ROLE..].to_vec()])
        };
        let bias = weights.f32("head.role.b", &[2])?;
        Ok(ActHeads {
            types,
            v: Packed::from_f32(&v_by_column, &[0.0; 2 * ROLE], ROLE),
            p: halves("head.role.p")?,
            q: halves("head.role.q")?,
            bias: [bias[0], bias[1]],
        })
    }

    /// The acts of one sentence, in text order.
    pub(crate) fn find(&self, out: &ActOutputs, s: &mut Scratch) -> Vec<ActReading> {
        let mut acts = Vec::new();
        for (word, logits) in out.kinds.iter().enumerate() {
            // Most words are plainly no act: the best logit decides before any exponential is taken.
            let best = logits[1..].iter().fold(f32::NEG_INFINITY, |m, &l| m.max(l));
            if logits[0] - best > 6.0 {
                continue;
            }
            let chances = softmax(logits);
            if chances[0] >= SURELY_NONE {
                continue;
            }
            let mut types: Vec<(EventType, f32)> = self
                .types
                .iter()
                .copied()
                .zip(chances[1..].iter().copied())
                .filter(|t| t.1 >= SLIGHT)
                .collect();
            types.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            let status = out.status[word];
            let (modality, polarity) = (softmax(&status[..4]), softmax(&status[4..STATUS]));
            let [actors, recipients] = self.parties(&out.triggers[word * ROLE..][..ROLE], &out.parties, s);
            acts.push(ActReading {
                word: word as u32,
                types,
                modality: modality.try_into().unwrap_or([0.0; 4]),
                polarity: polarity.try_into().unwrap_or([0.0; 3]),
                actors,
                recipients,
            });
        }
        acts
    }

    fn parties(&self, trigger: &[f32], words: &[f32], s: &mut Scratch) -> [Vec<(u32, f32)>; 2] {
        s.bytes.fill(trigger, ROLE);
        kernels::matmul(&s.bytes, &self.v, &mut s.wide);
        [0, 1].map(|role| {
            let towards: Vec<f32> =
                s.wide[role * ROLE..][..ROLE].iter().zip(&self.q[role]).map(|(a, b)| a + b).collect();
            let own: f32 =
                trigger.iter().zip(&self.p[role]).map(|(a, b)| a * b).sum::<f32>() + self.bias[role];
            let mut logits = vec![0f32; words.len() / ROLE];
            kernels::dot_all(&towards, words, ROLE, &mut logits);
            let chance = |logit: f32| 1.0 / (1.0 + (-(logit + own)).exp());
            let all = logits.iter().enumerate().map(|(i, &l)| (i as u32, chance(l)));
            all.filter(|(_, c)| *c >= SLIGHT).collect()
        })
    }
}

fn softmax(logits: &[f32]) -> Vec<f32> {
    let best = logits.iter().fold(f32::NEG_INFINITY, |m, &l| m.max(l));
    let mut out: Vec<f32> = logits.iter().map(|l| (l - best).exp()).collect();
    let sum: f32 = out.iter().sum();
    out.iter_mut().for_each(|v| *v /= sum);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chances_add_up_to_one() {
        let chances = softmax(&[3.0, -2.0, 700.0, 699.0]);
        assert!((chances.iter().sum::<f32>() - 1.0).abs() < 1e-6);
        assert!(chances[2] > chances[3] && chances[3] > chances[0]);
    }
}
