use crate::{Article, EntityType, EventType, Span};
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

/// A word with its reading. Heads are numbers of tokens in [`Annotated::tokens`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// The word in [`Article::text`].
    pub span: Span,
    /// Dictionary form.
    pub lemma: SmolStr,
    /// Universal part of speech: `VERB`, `PROPN`, ...
    pub upos: SmolStr,
    /// Penn tag: `VBD`, `NNS`, ...
    pub xpos: SmolStr,
    /// The token that this one depends on; `None` for the root of a sentence.
    pub head: Option<u32>,
    /// Universal Dependencies relation with subtype: `nsubj:pass`.
    pub rel: SmolStr,
}

/// A sentence or a headline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sentence {
    /// Its words in [`Article::text`].
    pub span: Span,
    /// First token.
    pub first_token: u32,
    /// One past the last token.
    pub end_token: u32,
    /// Index into [`Article::segments`] of the segment that holds its start.
    pub segment: u32,
    /// 384 numbers of unit length, kept for comparing sentences; empty when not computed.
    pub vector: Vec<f32>,
    /// The chance, 0 to 1, that it tells of a political act, as the reader sees it; `None` when it does not say.
    pub political: Option<f32>,
    /// When this sentence repeats a later or earlier one of the body word for word (a teaser, a doubled headline), the
    /// number of the sentence that counts; events are coded there only.
    pub repeats: Option<u32>,
}

impl Sentence {
    /// Its token numbers.
    pub fn tokens(&self) -> std::ops::Range<usize> {
        self.first_token as usize..self.end_token as usize
    }
}

/// A name found by the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntitySpan {
    /// First token.
    pub first_token: u32,
    /// One past the last token.
    pub end_token: u32,
    /// What it names.
    pub entity_type: EntityType,
}

/// What the reader takes one word to tell, before any codebook is asked. Chances are 0 to 1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Act {
    /// The word.
    pub token: u32,
    /// Types with their chances, the most likely first.
    pub types: Vec<(EventType, f32)>,
    /// Chances of actual, future, hypothetical, historical.
    pub modality: [f32; 4],
    /// Chances of affirmed, negated, denied.
    pub polarity: [f32; 3],
    /// Tokens that may name who does it, in text order.
    pub actors: Vec<(u32, f32)>,
    /// Tokens that may name to whom it is done, in text order.
    pub recipients: Vec<(u32, f32)>,
}

impl Act {
    /// The chance that the word tells an act at all.
    pub fn chance(&self) -> f32 {
        self.types.iter().map(|t| t.1).sum()
    }

    /// The chance of one type.
    pub fn chance_of(&self, event_type: EventType) -> f32 {
        self.types.iter().find(|t| t.0 == event_type).map_or(0.0, |t| t.1)
    }
}

/// An article with sentences, tokens, dependencies and names. Only evidence segments (body, title, subhead, teaser) are
/// read; the text is never changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Annotated {
    /// The article.
    pub article: Article,
    /// In text order.
    pub sentences: Vec<Sentence>,
    /// In text order, sentence after sentence.
    pub tokens: Vec<Token>,
    /// In text order, not overlapping.
    pub entities: Vec<EntitySpan>,
    /// Words that may tell an act, in text order; empty when the reader has no heads for them.
    pub acts: Vec<Act>,
    /// Whether the reader has heads for acts.
    pub reads_acts: bool,
}

impl Annotated {
    /// The words of a token.
    pub fn word(&self, token: u32) -> &str {
        self.tokens[token as usize].span.of(&self.article.text)
    }

    /// What the reader takes a token to tell, if it may tell an act.
    pub fn act_at(&self, token: u32) -> Option<&Act> {
        self.acts.binary_search_by_key(&token, |a| a.token).ok().map(|i| &self.acts[i])
    }

    /// The words of a span.
    pub fn slice(&self, span: Span) -> &str {
        span.of(&self.article.text)
    }

    /// The number of the sentence that holds a token.
    pub fn sentence_of(&self, token: u32) -> u32 {
        (self.sentences.partition_point(|s| s.end_token <= token)) as u32
    }

    /// The number of the sentence that holds the byte at `at`, if any.
    pub fn sentence_at(&self, at: u32) -> Option<u32> {
        let i = self.sentences.partition_point(|s| s.span.end <= at);
        self.sentences.get(i).filter(|s| s.span.start <= at).map(|_| i as u32)
    }

    /// Numbers of the tokens that depend on `token`, in order.
    ///
    /// Cost: one pass over its sentence.
    pub fn children(&self, token: u32) -> impl Iterator<Item = u32> + '_ {
        let s = &self.sentences[self.sentence_of(token) as usize];
        (s.first_token..s.end_token).filter(move |&t| self.tokens[t as usize].head == Some(token))
    }

    /// First token that starts at or after the byte `at`.
    pub fn token_from(&self, at: u32) -> u32 {
        self.tokens.partition_point(|t| t.span.start < at) as u32
    }
}
