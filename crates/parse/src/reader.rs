//! From words to readings: batches, trees, lemmas.

use std::cell::RefCell;
use std::path::Path;

use crate::acts::ActReading;
use crate::clauses::{find_subjects, raise_finite_conjuncts};
use crate::model::{Labels, Model, Pass, RawSentence, Scratch};
use crate::pieces::{CASE_MARK, letter_case};
use crate::tree::best_tree;
use crate::weights::{ModelError, Weights};

/// Pieces read together, about: enough rows for the products, few enough for the cache.
const BATCH_PIECES: usize = 384;
/// A longer sentence gets one tree for each pass, joined at the first root, so that cost stays bounded.
const LONGEST_TREE: usize = 400;

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::new(Scratch::default());
}

/// A trained reader. Open it once and share it between threads.
///
/// Memory: the file is mapped; the layers are repacked once (about 6 MB for 3 layers). Each thread
/// that reads keeps a few megabytes of scratch.
pub struct Reader {
    model: Model,
    hash: String,
}

/// What the reader says of one sentence.
#[derive(Debug, Clone, PartialEq)]
pub struct SentenceReading {
    /// One reading a word, in order.
    pub words: Vec<WordReading>,
    /// The sentence as a vector of unit length, 384 wide.
    pub vector: Vec<f32>,
    /// The chance, 0 to 1, that it tells of a political act; `None` when the model has no head for it.
    pub political: Option<f32>,
    /// Words that tell an act, in order; empty when the model has no heads for them.
    pub acts: Vec<ActReading>,
}

/// What the reader says of one word. Labels are indexes into [`Labels`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordReading {
    /// Universal part of speech.
    pub upos: u8,
    /// Penn Treebank tag.
    pub xpos: u8,
    /// Relation to the head.
    pub rel: u8,
    /// The head: 0 for the root of the sentence, else the 1-based number of a word. Heads form a tree with one root.
    pub head: u32,
    /// The lemma, never empty unless the word is.
    pub lemma: String,
    /// Entity tag; an `I-` tag follows only a `B-` or `I-` tag of its own type.
    pub ner: u8,
}

impl Reader {
    /// Opens a model file.
    ///
    /// # Errors
    /// If the file cannot be read, or is not a model of format 1 with every tensor in its shape.
    pub fn open(path: &Path) -> Result<Reader, ModelError> {
        let weights = Weights::open(path)?;
        let model =
            Model::read(weights).map_err(|problem| ModelError::Format { path: path.to_owned(), problem })?;
        Ok(Reader { hash: model.hash(), model })
    }

    /// Names of the labels.
    pub fn labels(&self) -> &Labels {
        &self.model.labels
    }

    /// Whether the model has heads for acts.
    pub fn reads_acts(&self) -> bool {
        self.model.reads_acts()
    }

    /// 32 hex digits that name the content of the model file.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// Reads sentences, each a list of words as [`tokenize`](crate::tokenize) gives them.
    ///
    /// Returns one reading a sentence in the order of the input. A reading does not depend on the
    /// other sentences: the same words give the same bits in any company, on any thread. Sentences of
    /// similar length are packed together without padding; cost is near-linear in words for
    /// sentences of ordinary length.
    pub fn read(&self, sentences: &[Vec<&str>]) -> Vec<SentenceReading> {
        SCRATCH.with_borrow_mut(|scratch| self.read_with(sentences, scratch))
    }

    fn read_with(&self, sentences: &[Vec<&str>], scratch: &mut Scratch) -> Vec<SentenceReading> {
        let mut buffer = String::new();
        let passes: Vec<Vec<Pass>> = sentences.iter().map(|words| self.passes(words, &mut buffer)).collect();
        let n_pieces = |i: usize| -> usize { passes[i].iter().map(|p| p.pieces.len()).sum() };
        let mut order: Vec<usize> = (0..sentences.len()).collect();
        order.sort_by_key(|&i| n_pieces(i));
        let mut readings: Vec<Option<SentenceReading>> = sentences.iter().map(|_| None).collect();
        let mut start = 0;
        while start < order.len() {
            let (mut end, mut total) = (start, 0);
            while end < order.len() && (end == start || total + n_pieces(order[end]) <= BATCH_PIECES) {
                total += n_pieces(order[end]);
                end += 1;
            }
            let batch = &order[start..end];
            for (&i, reading) in batch.iter().zip(self.read_batch(batch, sentences, &passes, scratch)) {
                readings[i] = Some(reading);
            }
            start = end;
        }
        readings.into_iter().map(|r| r.expect("every sentence is in a batch")).collect()
    }

    fn read_batch(
        &self,
        batch: &[usize],
        sentences: &[Vec<&str>],
        passes: &[Vec<Pass>],
        scratch: &mut Scratch,
    ) -> Vec<SentenceReading> {
        let together: Vec<&Pass> = batch.iter().flat_map(|&i| &passes[i]).collect();
        let counts: Vec<usize> = batch.iter().map(|&i| passes[i].len()).collect();
        let raw = self.model.run(&together, &counts, scratch);
        let heads: Vec<Vec<u32>> =
            raw.iter().zip(batch).map(|(raw, &i)| find_heads(raw, &passes[i])).collect();
        let pairs: Vec<(&RawSentence, &[u32])> = raw.iter().zip(&heads).map(|(r, h)| (r, &h[..])).collect();
        let mut relations = self.model.relations(&pairs, scratch).into_iter();
        raw.into_iter()
            .zip(heads)
            .zip(batch)
            .map(|((raw, heads), &i)| {
                let words = sentences[i].iter().enumerate().map(|(w, form)| WordReading {
                    upos: raw.upos[w],
                    xpos: raw.xpos[w],
                    rel: relations.next().expect("one relation a word"),
                    head: heads[w],
                    lemma: self.model.lemma_rules[raw.lemma[w]].apply(form),
                    ner: raw.ner[w],
                });
                let mut words: Vec<WordReading> = words.collect();
                raise_finite_conjuncts(&mut words, &self.model.labels);
                find_subjects(&mut words, &self.model.labels);
                SentenceReading { words, vector: raw.vector, political: raw.political, acts: raw.acts }
            })
            .collect()
    }

    /// Cuts a sentence into passes at word boundaries; an empty sentence is one pass with only its marks.
    fn passes(&self, words: &[&str], buffer: &mut String) -> Vec<Pass> {
        let vocabulary = &self.model.vocabulary;
        let room = self.model.longest_pass - 1;
        let open = || Pass { pieces: vec![vocabulary.cls], cases: vec![CASE_MARK], words: Vec::new() };
        let mut passes = Vec::new();
        let mut pass = open();
        let mut pieces = Vec::new();
        for word in words {
            pieces.clear();
            vocabulary.split(word, buffer, &mut pieces);
            if pass.pieces.len() + pieces.len() > room {
                passes.push(std::mem::replace(&mut pass, open()));
            }
            let first = pass.pieces.len();
            pass.pieces.extend_from_slice(&pieces);
            pass.cases.resize(pass.pieces.len(), letter_case(word));
            pass.words.push((first as u32, pass.pieces.len() as u32 - 1));
        }
        passes.push(pass);
        for pass in &mut passes {
            pass.pieces.push(vocabulary.sep);
            pass.cases.push(CASE_MARK);
        }
        passes
    }
}

/// The tree of a sentence.
fn find_heads(raw: &RawSentence, passes: &[Pass]) -> Vec<u32> {
    let n = raw.upos.len();
    if n <= LONGEST_TREE {
        return best_tree(&raw.arcs, n);
    }
    let mut heads: Vec<u32> = Vec::with_capacity(n);
    let mut root = 0;
    for pass in passes {
        let (start, len) = (heads.len(), pass.words.len());
        let mut scores = Vec::with_capacity(len * (len + 1));
        for i in start..start + len {
            let row = &raw.arcs[i * (n + 1)..][..n + 1];
            scores.push(row[0]);
            scores.extend_from_slice(&row[start + 1..][..len]);
        }
        for (i, head) in best_tree(&scores, len).into_iter().enumerate() {
            if head > 0 {
                heads.push(head + start as u32);
            } else {
                heads.push(root);
                if root == 0 {
                    root = (start + i + 1) as u32;
                }
            }
        }
    }
    heads
}
