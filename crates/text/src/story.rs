use crate::{ActorId, ChainId, ClaimId, DateRange, EventType, Span, StoryId};
use serde::{Deserialize, Serialize};

/// Documents on one happening. Documents are indexes into the corpus that was grouped.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Story {
    /// Stable id.
    pub story_id: StoryId,
    /// One line made from the texts.
    pub title: String,
    /// The days of its main events.
    pub date: Option<DateRange>,
    /// Its documents, by document id.
    pub documents: Vec<StoryDocument>,
    /// Near misses: documents that almost joined, with what kept them out.
    pub near_misses: Vec<StoryDocument>,
    /// Groups of its documents that go back to one text or release.
    pub origins: Vec<Origin>,
}

/// A document in a story, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StoryDocument {
    /// Index of the document.
    pub doc: u32,
    /// 0 to 1.
    pub score: f32,
    /// In order of force: `persons: Masri, Haddad (with 001, 003)`, `date 2020-07-21`.
    pub reasons: Vec<String>,
}

/// Documents that are one witness.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Origin {
    /// Stable id, `o...`.
    pub origin_id: String,
    /// Indexes of documents.
    pub documents: Vec<u32>,
    /// `near-copy of 000 (0.91 of 5-word sequences)`, `both credit Reuters`, `own text`.
    pub reason: String,
}

/// How two stories belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StoryLinkKind {
    /// Same pair of countries, another happening.
    SameDyad,
    /// Same topic.
    SameTopic,
    /// The other one happened before.
    Precedes,
}

impl StoryLinkKind {
    /// The word used in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            StoryLinkKind::SameDyad => "same_dyad",
            StoryLinkKind::SameTopic => "same_topic",
            StoryLinkKind::Precedes => "precedes",
        }
    }
}

/// "See also" from one story to another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StoryLink {
    /// From.
    pub story: StoryId,
    /// To.
    pub other: StoryId,
    /// Kind.
    pub kind: StoryLinkKind,
    /// Why.
    pub reasons: Vec<String>,
}

/// One happening across documents.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Chain {
    /// Stable id.
    pub chain_id: ChainId,
    /// Its story.
    pub story_id: StoryId,
    /// (document, index of the event in it).
    pub events: Vec<(u32, u32)>,
    /// The type most of them have.
    pub event_type: EventType,
    /// Codes of the doers.
    pub actor_codes: Vec<String>,
    /// Codes of the done-to.
    pub recipient_codes: Vec<String>,
    /// The most exact date that most allow.
    pub date: Option<DateRange>,
    /// Documents that tell it.
    pub n_documents: u32,
    /// Independent origins among them.
    pub n_origins: u32,
    /// How the accounts stand to each other.
    pub verdict: Verdict,
}

/// How the accounts of a claim stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Two or more documents say it.
    Corroborated,
    /// One document says it.
    OnlyHere,
    /// Said with other scope or detail.
    Differs,
    /// Cannot both be true.
    Contradicted,
    /// One document against itself.
    SelfInconsistent,
}

impl Verdict {
    /// The word used in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::Corroborated => "corroborated",
            Verdict::OnlyHere => "only-here",
            Verdict::Differs => "differs",
            Verdict::Contradicted => "contradicted",
            Verdict::SelfInconsistent => "self-inconsistent",
        }
    }
}

/// What one document does with a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stance {
    /// It says so.
    States,
    /// It says so with other scope or detail.
    Differs,
    /// It says that it is not so.
    Denies,
    /// It does not speak of it.
    Silent,
}

impl Stance {
    /// The word used in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Stance::States => "states",
            Stance::Differs => "differs",
            Stance::Denies => "denies",
            Stance::Silent => "silent",
        }
    }
}

/// One comparable statement: (speaker, act, object, polarity, time).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Claim {
    /// Stable id.
    pub claim_id: ClaimId,
    /// Its story.
    pub story_id: StoryId,
    /// The happening that it is about, where it rests on events.
    pub chain_id: Option<ChainId>,
    /// One plain sentence made from the texts.
    pub claim: String,
    /// How the accounts stand to each other.
    pub verdict: Verdict,
    /// One cell for each document of the story, in the story's order.
    pub cells: Vec<ClaimCell>,
    /// Independent origins among the cells that are not silent.
    pub n_origins: u32,
    /// 0 to 1: for sorting.
    pub importance: f32,
}

/// What one document says of a claim.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClaimCell {
    /// Index of the document.
    pub doc: u32,
    /// Stance.
    pub stance: Stance,
    /// The words it rests on; several when a document says it more than once; empty only when silent.
    pub spans: Vec<Span>,
    /// What differs: "target not named", "`about 100,000` against `about 80,000`".
    pub detail: String,
}

/// One value of a disputed field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ConflictValue {
    /// Index of the document.
    pub doc: u32,
    /// The value as compared.
    pub value: String,
    /// The words.
    pub span: Span,
    /// Whom the document lets say so; empty when it says so itself.
    pub owner: String,
}

/// Accounts that disagree on one field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Conflict {
    /// Stable id, `x...`.
    pub conflict_id: String,
    /// Its story.
    pub story_id: StoryId,
    /// The claim that it touches.
    pub claim_id: Option<ClaimId>,
    /// `deaths`, `date`, `place`, `actor`, `weapon`, `office`, `who-started`, `denial`.
    pub field: String,
    /// Cannot both be true.
    pub hard: bool,
    /// The values by document.
    pub values: Vec<ConflictValue>,
    /// One line for a person.
    pub reason: String,
}

/// One utterance in several renderings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Utterance {
    /// Stable id, `u...`.
    pub utterance_id: String,
    /// Who spoke.
    pub speaker: Option<ActorId>,
    /// (document, index of the quote in it).
    pub renderings: Vec<(u32, u32)>,
}
