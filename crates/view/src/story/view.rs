//! One story as it is shown: what the terminal, the pages and `--json` are made of.
#![allow(missing_docs)]

use polybius_store::rows::EventRow;
use serde::Serialize;

/// One story with its documents, claims, quotes and all that it rests on.
#[derive(Debug, Serialize)]
pub struct StoryView {
    /// Number in `polybius stories`.
    pub number: usize,
    pub story_id: String,
    pub title: String,
    pub date_start: Option<String>,
    pub date_end: Option<String>,
    pub n_documents: usize,
    pub n_origins: usize,
    /// Indexes of the corroborated claims that stand in the brief, best supported first.
    pub brief: Vec<usize>,
    pub documents: Vec<DocumentView>,
    pub timeline: Vec<MomentView>,
    /// Most important first.
    pub claims: Vec<ClaimView>,
    pub conflicts: Vec<ConflictView>,
    pub speakers: Vec<SpeakerView>,
    pub left_out: Vec<LeftOutView>,
    pub names: Vec<NameView>,
    pub network: Vec<EdgeView>,
    pub places: Vec<PlaceView>,
    pub see_also: Vec<LinkView>,
    pub near_misses: Vec<NearMissView>,
    pub events: Vec<EventRow>,
}

/// A document of the story, and why it is in.
#[derive(Debug, Serialize)]
pub struct DocumentView {
    pub label: String,
    pub doc_id: String,
    pub path: String,
    pub url: Option<String>,
    pub outlet: Option<String>,
    pub agency: Option<String>,
    pub title: Option<String>,
    pub byline: Option<String>,
    pub language: String,
    pub published_at: Option<String>,
    pub published_precision: String,
    pub published_basis: String,
    pub n_words: u32,
    pub flags: Vec<FlagView>,
    pub score: f32,
    pub reasons: Vec<String>,
    pub origin_id: String,
    /// `A`, `B`, ...: documents with one letter are one witness.
    pub origin: String,
    pub origin_reason: String,
    /// Left out where it is empty: the server sends documents by themselves.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub segments: Vec<SegmentView>,
}

/// A stretch of a document and what it is.
#[derive(Debug, Serialize)]
pub struct SegmentView {
    pub kind: String,
    pub start: u32,
    pub end: u32,
}

/// A quality flag with its evidence.
#[derive(Debug, Serialize)]
pub struct FlagView {
    pub flag: String,
    pub detail: String,
    pub spans: Vec<SpanView>,
}

/// Words of a document. Offsets are bytes of its text.
#[derive(Debug, Clone, Serialize)]
pub struct SpanView {
    /// Index into [`StoryView::documents`].
    pub document: usize,
    pub label: String,
    pub start: u32,
    pub end: u32,
    pub text: String,
    /// The words of the sentence before and after it.
    pub before: String,
    pub after: String,
    /// The sentence around it; the span itself where no sentence was read.
    pub sentence_start: u32,
    pub sentence_end: u32,
}

/// One happening on the time line.
#[derive(Debug, Serialize)]
pub struct MomentView {
    pub date_start: Option<String>,
    pub date_end: Option<String>,
    pub precision: String,
    /// `happened`, `planned`, `possible`, `background`.
    pub mode: String,
    /// `affirmed`, `negated`, `denied`.
    pub polarity: String,
    pub what: String,
    pub event_type: String,
    pub chain_id: String,
    pub verdict: String,
    pub n_documents: u32,
    pub n_origins: u32,
    pub documents: Vec<usize>,
    /// What the date rests on, by document.
    pub basis: Vec<String>,
    /// Other days that the accounts allow.
    pub other_dates: Vec<String>,
    pub spans: Vec<SpanView>,
}

/// One comparable statement and what each document does with it.
#[derive(Debug, Serialize)]
pub struct ClaimView {
    pub number: usize,
    pub claim_id: String,
    pub chain_id: Option<String>,
    pub claim: String,
    pub verdict: String,
    pub n_documents: u32,
    pub n_origins: u32,
    pub importance: f32,
    /// For footnotes: the claim, and where it stands.
    pub citation: String,
    /// One for each document, in their order.
    pub cells: Vec<CellView>,
}

/// What one document does with a claim.
#[derive(Debug, Serialize)]
pub struct CellView {
    pub document: usize,
    pub stance: String,
    pub detail: String,
    pub spans: Vec<SpanView>,
}

/// Accounts that disagree on one thing.
#[derive(Debug, Serialize)]
pub struct ConflictView {
    pub conflict_id: String,
    pub field: String,
    pub hard: bool,
    pub reason: String,
    /// Number of the claim that it touches.
    pub claim: Option<usize>,
    pub values: Vec<ValueView>,
}

/// One value and the documents that give it.
#[derive(Debug, Serialize)]
pub struct ValueView {
    pub value: String,
    pub spans: Vec<SpanView>,
}

/// Somebody who is quoted.
#[derive(Debug, Serialize)]
pub struct SpeakerView {
    pub actor_id: Option<String>,
    /// `None`: the documents do not say who.
    pub name: Option<String>,
    pub code: String,
    pub utterances: Vec<UtteranceView>,
}

/// One utterance in its renderings.
#[derive(Debug, Serialize)]
pub struct UtteranceView {
    pub utterance_id: String,
    pub renderings: Vec<RenderingView>,
}

/// An utterance as one document gives it.
#[derive(Debug, Serialize)]
pub struct RenderingView {
    pub quote_id: String,
    pub kind: String,
    pub cue: String,
    pub speaker_text: String,
    pub span: SpanView,
    /// Byte ranges of `span.text`: words that no other rendering has.
    pub differs: Vec<(usize, usize)>,
    /// `span.text`, cut where that begins and ends.
    pub runs: Vec<WordRun>,
}

/// Words that other renderings have too, or that none has.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct WordRun {
    pub text: String,
    pub differs: bool,
}

/// Claims of two or more other documents that a document does not speak of.
#[derive(Debug, Serialize)]
pub struct LeftOutView {
    pub document: usize,
    /// Indexes of claims.
    pub claims: Vec<usize>,
}

/// An actor, how the documents write it, and why those are one.
#[derive(Debug, Serialize)]
pub struct NameView {
    pub actor_id: String,
    pub name: String,
    pub kind: String,
    pub code: String,
    pub sector: String,
    pub offices: Vec<String>,
    pub variants: Vec<VariantView>,
    pub reasons: Vec<String>,
}

/// One spelling with the documents that use it.
#[derive(Debug, Serialize)]
pub struct VariantView {
    pub text: String,
    pub documents: Vec<usize>,
    pub times: usize,
    pub first: SpanView,
}

/// What one actor does to another: events of one sign.
#[derive(Debug, Serialize)]
pub struct EdgeView {
    pub from: String,
    pub from_id: String,
    pub from_code: String,
    pub to: String,
    pub to_id: String,
    pub to_code: String,
    /// `+`, `-` or `0`.
    pub sign: char,
    /// Both do it to each other.
    pub mutual: bool,
    /// All of it lies before the story.
    pub background: bool,
    /// All of it is still to come.
    pub planned: bool,
    pub n_origins: usize,
    pub event_types: Vec<String>,
    pub documents: Vec<usize>,
    pub spans: Vec<SpanView>,
}

/// A place that the documents name.
#[derive(Debug, Serialize)]
pub struct PlaceView {
    pub name: String,
    pub country: String,
    pub geonameid: Option<u32>,
    pub lat: f64,
    pub lon: f64,
    pub precision: String,
    /// Mentions.
    pub times: usize,
    /// Events that took place there.
    pub events: usize,
    pub documents: Vec<usize>,
    /// The first mentions.
    pub spans: Vec<SpanView>,
}

/// Another story to look at.
#[derive(Debug, Serialize)]
pub struct LinkView {
    pub number: usize,
    pub story_id: String,
    pub title: String,
    pub kind: String,
    pub reasons: Vec<String>,
}

/// A document that almost joined.
#[derive(Debug, Serialize)]
pub struct NearMissView {
    pub doc_id: String,
    pub path: String,
    pub title: Option<String>,
    /// Number of the story that it is in.
    pub story: Option<usize>,
    pub story_id: Option<String>,
    pub score: f32,
    pub reasons: Vec<String>,
}

impl StoryView {
    /// The labels of documents, joined by spaces.
    pub fn labels(&self, documents: &[usize]) -> String {
        documents.iter().map(|&d| self.documents[d].label.as_str()).collect::<Vec<_>>().join(" ")
    }
}
