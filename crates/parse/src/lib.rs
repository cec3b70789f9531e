//! Reads text: sentences, tokens, tags, lemmas, dependencies, entity tags, sentence vectors.
//!
//! [`split_sentences`] and [`tokenize`] follow the conventions of UD English EWT, on which the model
//! is trained; [`Reader`] runs the model (training/FORMAT.md) in pure Rust with int8 kernels.
//! [`conllu`] writes and reads CoNLL-U.
//!
//! Promises: no input makes it panic; a reading does not depend on which sentences are read
//! together, nor on threads; it does no output, and no input but the model file. It starts no
//! threads: read documents in parallel.

mod acts;
mod annotate;
mod clauses;
pub mod conllu;
mod kernels;
mod lemma;
mod model;
mod names;
mod pieces;
mod reader;
mod sentences;
mod tokens;
mod tree;
mod weights;
mod word_order;
mod words;

pub use acts::ActReading;
pub use annotate::annotate;
pub use kernels::map_file;
pub use model::Labels;
pub use reader::{Reader, SentenceReading, WordReading};
pub use sentences::split_sentences;
pub use tokens::{Token, tokenize};
pub use weights::ModelError;
