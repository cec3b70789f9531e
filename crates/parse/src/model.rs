//! The network: word pieces in, a vector for each word, labels out (training/FORMAT.md).

use serde_json::Value;

use crate::acts::{ActHeads, ActOutputs, ActReading, ROLE, STATUS};
use crate::kernels::{self, Packed, Quantised};
use crate::lemma::Rule;
use crate::names::TagOrder;
use crate::pieces::Vocabulary;
use crate::weights::{Problem, Weights};

const EPSILON: f32 = 1e-12;
/// Width of the arc scorer.
const ARC: usize = 256;
/// Width of the relation scorer.
const RELATION: usize = 128;

/// Names of the labels that [`WordReading`](crate::WordReading) gives by index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labels {
    /// Universal parts of speech.
    pub upos: Vec<String>,
    /// Penn Treebank tags.
    pub xpos: Vec<String>,
    /// Dependency relations.
    pub rel: Vec<String>,
    /// Entity tags: `O`, `B-...`, `I-...`.
    pub ner: Vec<String>,
}

struct Layer {
    qkv: Packed,
    output: Packed,
    ff1: Packed,
    ff2: Packed,
    norm1: Norm,
    norm2: Norm,
}

struct Norm {
    weight: Vec<f32>,
    bias: Vec<f32>,
}

/// Where the outputs of each head lie in a row of the one product that makes them all.
struct Columns {
    upos: usize,
    xpos: usize,
    lemma: usize,
    ner: usize,
    arc: usize,
    relation: usize,
    /// Of the act heads: kinds, status, triggers and parties, one after the other.
    act: Option<[usize; 3]>,
}

/// All weights, repacked where a kernel wants it.
pub(crate) struct Model {
    weights: Weights,
    pub(crate) labels: Labels,
    names: TagOrder,
    pub(crate) lemma_rules: Vec<Rule>,
    pub(crate) vocabulary: Vocabulary,
    pub(crate) hidden: usize,
    heads: usize,
    /// Longest pass in pieces, the two marks included.
    pub(crate) longest_pass: usize,
    word_rows: std::ops::Range<usize>,
    word_scale: Vec<f32>,
    position: Vec<f32>,
    case: Vec<f32>,
    norm: Norm,
    layers: Vec<Layer>,
    mix: Vec<f32>,
    outputs: Packed,
    columns: Columns,
    arc_u: Packed,
    arc_ub: Vec<f32>,
    relation_v: Packed,
    relation_p: Packed,
    relation_q: Packed,
    sentence: Packed,
    acts: Option<(ActHeads, usize)>,
    /// Weights and bias of the head that tells whether a sentence tells of a political act.
    about: Option<(Vec<f32>, f32)>,
}

/// One pass: the pieces of a sentence, or of a stretch of a long one, with their marks.
#[derive(Default, Clone)]
pub(crate) struct Pass {
    pub(crate) pieces: Vec<u32>,
    pub(crate) cases: Vec<u8>,
    /// First and last piece of each word, counted in this pass.
    pub(crate) words: Vec<(u32, u32)>,
}

/// Buffers that calls on one thread share.
#[derive(Default)]
pub(crate) struct Scratch {
    x: Vec<f32>,
    mixed: Vec<f32>,
    pub(crate) wide: Vec<f32>,
    context: Vec<f32>,
    update: Vec<f32>,
    keys: Vec<f32>,
    scores: Vec<f32>,
    pub(crate) bytes: Quantised,
    rows: Vec<f32>,
    outputs: Vec<f32>,
    arc_u: Vec<f32>,
}

/// What the heads say of one sentence of n words, before a tree is chosen.
pub(crate) struct RawSentence {
    pub(crate) upos: Vec<u8>,
    pub(crate) xpos: Vec<u8>,
    pub(crate) ner: Vec<u8>,
    pub(crate) lemma: Vec<usize>,
    /// n x (n + 1).
    pub(crate) arcs: Vec<f32>,
    /// Relation vectors of the words as dependents, n x 128.
    dependents: Vec<f32>,
    /// Relation vectors as heads, (n + 1) x 128, the root first.
    governors: Vec<f32>,
    pub(crate) vector: Vec<f32>,
    /// The chance that it tells of a political act.
    pub(crate) political: Option<f32>,
    pub(crate) acts: Vec<ActReading>,
}

impl Model {
    pub(crate) fn read(weights: Weights) -> Result<Model, Problem> {
        let info: Value = serde_json::from_str(weights.metadata("polybius")?)
            .map_err(|e| format!("metadata `polybius` is not JSON: {e}"))?;
        let number = |key: &str| {
            info[key].as_u64().map(|n| n as usize).ok_or_else(|| format!("metadata has no number `{key}`"))
        };
        if number("format")? != 1 {
            return Err(format!("format {} is not known, only 1", number("format")?));
        }
        let names = |key: &str| -> Result<Vec<String>, Problem> {
            let list =
                info["labels"][key].as_array().ok_or_else(|| format!("metadata has no labels `{key}`"))?;
            Ok(list.iter().map(|v| v.as_str().unwrap_or_default().to_owned()).collect())
        };
        let labels =
            Labels { upos: names("upos")?, xpos: names("xpos")?, rel: names("rel")?, ner: names("ner")? };
        for (head, n) in [
            ("upos", labels.upos.len()),
            ("xpos", labels.xpos.len()),
            ("rel", labels.rel.len()),
            ("ner", labels.ner.len()),
        ] {
            if n == 0 || n > 256 {
                return Err(format!("{n} labels for `{head}`, expected 1 to 256"));
            }
        }
        let lemma_rules = names("lemma")?
            .iter()
            .map(|text| Rule::read(text).ok_or_else(|| format!("`{text}` is not a lemma rule")))
            .collect::<Result<Vec<Rule>, Problem>>()?;
        let (d, heads, ff) = (number("hidden")?, number("heads")?, number("ff")?);
        if heads == 0 || d == 0 || d % heads != 0 {
            return Err(format!("hidden size {d} does not divide into {heads} heads"));
        }
        let vocabulary = Vocabulary::read(weights.metadata("vocab")?)?;
        let positions = weights.shape("emb.position")?.first().copied().unwrap_or(0);
        if positions < 16 {
            return Err(format!("{positions} positions, expected 16 or more"));
        }
        let n_pieces = weights.shape("emb.word")?.first().copied().unwrap_or(0);
        if n_pieces < vocabulary.len() {
            return Err(format!("{n_pieces} rows in `emb.word` for {} word pieces", vocabulary.len()));
        }

        let layers = (0..number("layers")?)
            .map(|k| {
                let name = |part: &str| format!("layer.{k}.{part}");
                let mut qkv = Matrix::read(&weights, &name("q"), d, d)?;
                let factor = 1.0 / ((d / heads) as f32).sqrt();
                qkv.scale.iter_mut().chain(&mut qkv.bias).for_each(|v| *v *= factor);
                qkv.append(Matrix::read(&weights, &name("k"), d, d)?);
                qkv.append(Matrix::read(&weights, &name("v"), d, d)?);
                Ok(Layer {
                    qkv: qkv.pack(),
                    output: Matrix::read(&weights, &name("o"), d, d)?.pack(),
                    ff1: Matrix::read(&weights, &name("ff1"), ff, d)?.pack(),
                    ff2: Matrix::read(&weights, &name("ff2"), d, ff)?.pack(),
                    norm1: Norm::read(&weights, &name("ln1"), d)?,
                    norm2: Norm::read(&weights, &name("ln2"), d)?,
                })
            })
            .collect::<Result<Vec<Layer>, Problem>>()?;

        let mut outputs = Matrix { values: Vec::new(), scale: Vec::new(), bias: Vec::new(), k: d };
        let mut add = |name: &str, n: usize| -> Result<usize, Problem> {
            let start = outputs.scale.len();
            outputs.append(Matrix::read(&weights, &format!("head.{name}"), n, d)?);
            Ok(start)
        };
        let columns = Columns {
            upos: add("upos", labels.upos.len())?,
            xpos: add("xpos", labels.xpos.len())?,
            lemma: add("lemma", lemma_rules.len())?,
            ner: add("ner", labels.ner.len())?,
            arc: {
                let start = add("arc.dep", ARC)?;
                add("arc.head", ARC)?;
                start
            },
            relation: {
                let start = add("rel.dep", RELATION)?;
                add("rel.head", RELATION)?;
                start
            },
            act: match names("act") {
                Ok(labels) => {
                    let kinds = add("act", labels.len())?;
                    let status = add("status", STATUS)?;
                    let roles = add("role.act", ROLE)?;
                    add("role.arg", ROLE)?;
                    Some([kinds, status, roles])
                }
                Err(_) => None,
            },
        };
        let acts = match columns.act {
            Some(_) => {
                let labels = names("act")?;
                Some((ActHeads::read(&weights, &labels)?, labels.len()))
            }
            None => None,
        };

        let u = weights.rows("head.arc.u", &[ARC, ARC])?;
        let u_by_column: Vec<f32> = (0..ARC * ARC).map(|i| u[(i % ARC) * ARC + i / ARC]).collect();
        let n_rel = labels.rel.len();
        let v = weights.rows("head.rel.v", &[n_rel, RELATION, RELATION])?;
        let square = RELATION * RELATION;
        // Row (label, b) of the packed matrix holds V[label][a][b] for all a.
        let v_by_column: Vec<f32> = (0..n_rel * square)
            .map(|i| {
                let (label, b, a) = (i / square, i % square / RELATION, i % RELATION);
                v[label * square + a * RELATION + b]
            })
            .collect();
        let p = weights.f32("head.rel.p", &[n_rel, RELATION])?;
        let q = weights.f32("head.rel.q", &[n_rel, RELATION])?;
        let b = weights.f32("head.rel.b", &[n_rel])?;

        let about = match names("about") {
            Ok(_) => {
                let row = Matrix::read(&weights, "head.about", 1, d)?;
                Some((row.values.iter().map(|&v| f32::from(v) * row.scale[0]).collect(), row.bias[0]))
            }
            Err(_) => None,
        };

        let weight = weights.f32("mix.w", &[layers.len() + 1])?;
        let gamma = match weights.shape("mix.gamma")? {
            [] => weights.f32("mix.gamma", &[])?[0],
            _ => weights.f32("mix.gamma", &[1])?[0],
        };
        let largest = weight.iter().fold(f32::NEG_INFINITY, |m, &w| m.max(w));
        let sum: f32 = weight.iter().map(|w| (w - largest).exp()).sum();

        Ok(Model {
            names: TagOrder::read(&weights, &labels.ner)?,
            lemma_rules,
            vocabulary,
            hidden: d,
            heads,
            longest_pass: positions.min(256),
            word_rows: weights.i8_range("emb.word", &[n_pieces, d])?,
            word_scale: weights.f32("emb.word.scale", &[n_pieces])?,
            position: weights.rows("emb.position", &[positions, d])?,
            case: weights.f32("emb.case", &[6, d])?,
            norm: Norm::read(&weights, "emb.ln", d)?,
            mix: weight.iter().map(|w| gamma * (w - largest).exp() / sum).collect(),
            layers,
            outputs: outputs.pack(),
            columns,
            arc_u: Packed::from_f32(&u_by_column, &[0.0; ARC], ARC),
            arc_ub: weights.f32("head.arc.ub", &[ARC])?,
            relation_v: Packed::from_f32(&v_by_column, &vec![0.0; n_rel * RELATION], RELATION),
            relation_p: Packed::from_f32(&p, &b, RELATION),
            relation_q: Packed::from_f32(&q, &vec![0.0; n_rel], RELATION),
            sentence: Matrix::read(&weights, "head.sent", d, d)?.pack(),
            acts,
            about,
            labels,
            weights,
        })
    }

    pub(crate) fn reads_acts(&self) -> bool {
        self.acts.is_some()
    }

    pub(crate) fn hash(&self) -> String {
        self.weights.hash()
    }

    /// Runs the trunk over packed passes; the result lies in `s.mixed`, pieces x hidden.
    fn trunk(&self, passes: &[&Pass], s: &mut Scratch) {
        let d = self.hidden;
        let n_pieces: usize = passes.iter().map(|p| p.pieces.len()).sum();
        s.x.clear();
        let words = &self.weights.bytes()[self.word_rows.clone()];
        for pass in passes {
            for (i, (&piece, &case)) in pass.pieces.iter().zip(&pass.cases).enumerate() {
                let piece = piece as usize;
                let scale = self.word_scale[piece];
                let position = &self.position[i * d..][..d];
                let case = &self.case[usize::from(case) * d..][..d];
                let word = &words[piece * d..][..d];
                s.x.extend(
                    word.iter()
                        .zip(position)
                        .zip(case)
                        .map(|((w, p), c)| f32::from(w.cast_signed()) * scale + p + c),
                );
            }
        }
        self.norm.apply(&mut s.x, &[]);
        s.mixed.clear();
        s.mixed.resize(n_pieces * d, 0.0);
        kernels::add_scaled(&mut s.mixed, &s.x, self.mix[0]);
        for (layer, factor) in self.layers.iter().zip(&self.mix[1..]) {
            s.bytes.fill(&s.x, d);
            kernels::matmul(&s.bytes, &layer.qkv, &mut s.wide);
            s.context.resize(n_pieces * d, 0.0);
            let mut at = 0;
            for pass in passes {
                let t = pass.pieces.len();
                let qkv = &s.wide[at * 3 * d..][..t * 3 * d];
                let out = &mut s.context[at * d..][..t * d];
                kernels::attention(qkv, t, d, self.heads, &mut s.keys, &mut s.scores, out);
                at += t;
            }
            s.bytes.fill(&s.context, d);
            kernels::matmul(&s.bytes, &layer.output, &mut s.update);
            layer.norm1.apply(&mut s.update, &s.x);
            std::mem::swap(&mut s.x, &mut s.update);
            self.feed_forward(layer, s);
            kernels::add_scaled(&mut s.mixed, &s.x, *factor);
        }
    }

    /// The feed-forward part of a layer, in blocks of rows so that the wide middle stays in the cache.
    fn feed_forward(&self, layer: &Layer, s: &mut Scratch) {
        const ROWS: usize = 96;
        let d = self.hidden;
        for block in s.x.chunks_mut(ROWS * d) {
            s.bytes.fill(block, d);
            kernels::matmul(&s.bytes, &layer.ff1, &mut s.wide);
            kernels::gelu(&mut s.wide);
            s.bytes.fill(&s.wide, layer.ff1.n());
            kernels::matmul(&s.bytes, &layer.ff2, &mut s.update);
            layer.norm2.apply(&mut s.update, block);
            block.copy_from_slice(&s.update);
        }
    }

    /// Runs whole sentences: `sentences` gives how many of `passes` belong to each, in order.
    pub(crate) fn run(&self, passes: &[&Pass], sentences: &[usize], s: &mut Scratch) -> Vec<RawSentence> {
        let d = self.hidden;
        self.trunk(passes, s);
        // One row for the root of each sentence, then one for each word; after all of them, the means.
        s.rows.clear();
        let mut means = Vec::new();
        let mut n_words = Vec::new();
        let (mut at, mut pass) = (0, 0);
        for &n_passes in sentences {
            s.rows.extend_from_slice(&s.mixed[at * d..][..d]);
            let mut mean = vec![0f32; d];
            let (mut n_pieces, mut n) = (0, 0);
            for p in &passes[pass..pass + n_passes] {
                for &(first, last) in &p.words {
                    let first = &s.mixed[(at + first as usize) * d..][..d];
                    let last = &s.mixed[(at + last as usize) * d..][..d];
                    s.rows.extend(first.iter().zip(last).map(|(a, b)| (a + b) * 0.5));
                }
                for i in 1..p.pieces.len() - 1 {
                    kernels::add_scaled(&mut mean, &s.mixed[(at + i) * d..][..d], 1.0);
                    n_pieces += 1;
                }
                n += p.words.len();
                at += p.pieces.len();
            }
            pass += n_passes;
            let n_pieces = n_pieces.max(1) as f32;
            means.extend(mean.iter().map(|v| v / n_pieces));
            n_words.push(n);
        }
        s.bytes.fill(&s.rows, d);
        kernels::matmul(&s.bytes, &self.outputs, &mut s.outputs);
        let mut vectors = Vec::new();
        s.bytes.fill(&means, d);
        kernels::matmul(&s.bytes, &self.sentence, &mut vectors);

        let mut row = 0;
        let mut out = Vec::with_capacity(sentences.len());
        for (i, &n) in n_words.iter().enumerate() {
            let mut raw = self.read_outputs(row, n, &vectors[i * d..][..d], s);
            raw.political = self.political(&means[i * d..][..d]);
            out.push(raw);
            row += n + 1;
        }
        out
    }

    /// The chance that a sentence with this mean vector tells of a political act; `None` of a model without the head.
    fn political(&self, mean: &[f32]) -> Option<f32> {
        let (weights, bias) = self.about.as_ref()?;
        let logit: f32 = weights.iter().zip(mean).map(|(w, v)| w * v).sum::<f32>() + bias;
        Some(1.0 / (1.0 + (-logit).exp()))
    }

    fn read_outputs(&self, row: usize, n: usize, vector: &[f32], s: &mut Scratch) -> RawSentence {
        let width = self.outputs.n();
        let outputs = std::mem::take(&mut s.outputs);
        let rows = &outputs[row * width..][..(n + 1) * width];
        let words = &rows[width..];
        let best = |start: usize, n_labels: usize| -> Vec<usize> {
            words.chunks_exact(width).map(|r| arg_max(&r[start..start + n_labels])).collect()
        };
        let column = |start: usize, len: usize| -> Vec<&[f32]> {
            words.chunks_exact(width).map(|r| &r[start..start + len]).collect()
        };
        let bytes = |labels: Vec<usize>| labels.into_iter().map(|l| l as u8).collect();
        let gather = |rows: &[f32], start: usize, len: usize| -> Vec<f32> {
            let mut all: Vec<f32> =
                rows.chunks_exact(width).flat_map(|r| &r[start..start + len]).copied().collect();
            kernels::gelu(&mut all);
            all
        };
        let dependents = gather(words, self.columns.arc, ARC);
        let governors = gather(rows, self.columns.arc + ARC, ARC);
        let mut arcs = vec![0f32; n * (n + 1)];
        if n > 0 {
            s.bytes.fill(&dependents, ARC);
            kernels::matmul(&s.bytes, &self.arc_u, &mut s.arc_u);
            // u . r_j is the same for all dependents: d^T U + u in one row, times r.
            for row in s.arc_u.chunks_exact_mut(ARC) {
                row.iter_mut().zip(&self.arc_ub).for_each(|(v, u)| *v += u);
            }
            kernels::dot_all(&s.arc_u, &governors, ARC, &mut arcs);
        }
        let acts = match (&self.acts, self.columns.act) {
            (Some((heads, n_kinds)), Some([kinds, status, roles])) => {
                let found = ActOutputs {
                    kinds: column(kinds, *n_kinds),
                    status: column(status, STATUS),
                    triggers: gather(words, roles, ROLE),
                    parties: gather(words, roles + ROLE, ROLE),
                };
                heads.find(&found, s)
            }
            _ => Vec::new(),
        };
        let length = vector.iter().map(|v| v * v).sum::<f32>().sqrt().max(1e-12);
        let raw = RawSentence {
            upos: bytes(best(self.columns.upos, self.labels.upos.len())),
            xpos: bytes(best(self.columns.xpos, self.labels.xpos.len())),
            ner: self.names.best(&column(self.columns.ner, self.labels.ner.len())),
            lemma: best(self.columns.lemma, self.lemma_rules.len()),
            arcs,
            dependents: gather(words, self.columns.relation, RELATION),
            governors: gather(rows, self.columns.relation + RELATION, RELATION),
            vector: vector.iter().map(|v| v / length).collect(),
            political: None,
            acts,
        };
        s.outputs = outputs;
        raw
    }

    /// The best relation of every word of several sentences, given their heads; sentence after sentence.
    pub(crate) fn relations(&self, sentences: &[(&RawSentence, &[u32])], s: &mut Scratch) -> Vec<u8> {
        let n_rel = self.labels.rel.len();
        let mut dependents = Vec::new();
        let mut governors = Vec::new();
        for (raw, heads) in sentences {
            dependents.extend_from_slice(&raw.dependents);
            for &head in *heads {
                governors.extend_from_slice(&raw.governors[head as usize * RELATION..][..RELATION]);
            }
        }
        let n = dependents.len() / RELATION;
        if n == 0 {
            return Vec::new();
        }
        let (mut logits, mut of_head) = (Vec::new(), Vec::new());
        s.bytes.fill(&governors, RELATION);
        kernels::matmul(&s.bytes, &self.relation_q, &mut of_head);
        s.bytes.fill(&dependents, RELATION);
        kernels::matmul(&s.bytes, &self.relation_p, &mut logits);
        let mut dots = vec![0f32; n_rel];
        kernels::matmul(&s.bytes, &self.relation_v, &mut s.wide);
        let mut labels = Vec::with_capacity(n);
        for i in 0..n {
            let by_label = &s.wide[i * n_rel * RELATION..][..n_rel * RELATION];
            kernels::dot_all(&governors[i * RELATION..][..RELATION], by_label, RELATION, &mut dots);
            let row = &mut logits[i * n_rel..][..n_rel];
            for ((logit, head), dot) in row.iter_mut().zip(&of_head[i * n_rel..]).zip(&dots) {
                *logit += head + dot;
            }
            labels.push(arg_max(row) as u8);
        }
        labels
    }
}

impl Norm {
    fn read(weights: &Weights, name: &str, d: usize) -> Result<Norm, Problem> {
        Ok(Norm {
            weight: weights.f32(&format!("{name}.w"), &[d])?,
            bias: weights.f32(&format!("{name}.b"), &[d])?,
        })
    }

    fn apply(&self, x: &mut [f32], residual: &[f32]) {
        kernels::add_and_norm(x, residual, &self.weight, &self.bias, EPSILON);
    }
}

/// An int8 matrix on its way from the file to the packed form.
struct Matrix {
    values: Vec<i8>,
    scale: Vec<f32>,
    bias: Vec<f32>,
    k: usize,
}

impl Matrix {
    fn read(weights: &Weights, name: &str, n: usize, k: usize) -> Result<Matrix, Problem> {
        Ok(Matrix {
            values: weights.i8(&format!("{name}.w"), &[n, k])?,
            scale: weights.f32(&format!("{name}.scale"), &[n])?,
            bias: weights.f32(&format!("{name}.b"), &[n])?,
            k,
        })
    }

    fn append(&mut self, other: Matrix) {
        self.values.extend(other.values);
        self.scale.extend(other.scale);
        self.bias.extend(other.bias);
    }

    fn pack(self) -> Packed {
        Packed::new(&self.values, &self.scale, &self.bias, self.k)
    }
}

/// The first of the largest values.
fn arg_max(values: &[f32]) -> usize {
    let mut best = 0;
    for (i, v) in values.iter().enumerate() {
        if *v > values[best] {
            best = i;
        }
    }
    best
}
