use crate::Span;
use serde::{Deserialize, Serialize};

/// How words are quoted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuoteKind {
    /// Whole utterance in quotation marks.
    Direct,
    /// Reported without marks: "said that ...".
    Indirect,
    /// Reported speech with words in quotation marks inside.
    Mixed,
}

impl QuoteKind {
    /// The word used in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            QuoteKind::Direct => "direct",
            QuoteKind::Indirect => "indirect",
            QuoteKind::Mixed => "mixed",
        }
    }
}

/// What somebody is said to have said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Quote {
    /// The words of the speaker, without the quotation marks; of an indirect quote, the reported clause.
    pub span: Span,
    /// How quoted.
    pub kind: QuoteKind,
    /// The words that say so: "said", "according to".
    pub cue: Option<Span>,
    /// Words that name the speaker.
    pub speaker_span: Option<Span>,
    /// Index into [`crate::CodedDocument::doc_actors`].
    pub speaker: Option<u32>,
    /// Media or bodies through whom the words came, outermost first: indexes of document actors.
    pub via: Vec<u32>,
    /// The sentence where the quote starts.
    pub sentence: u32,
    /// How the speaker was found.
    pub basis: String,
}
