use crate::{DateRange, EventId, EventType, Span};
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

/// Whether the text affirms the event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Polarity {
    /// It says so.
    Affirmed,
    /// The narrator or speaker says that it did not or will not happen.
    Negated,
    /// Somebody denies what another asserts.
    Denied,
}

impl Polarity {
    /// The word used in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Polarity::Affirmed => "affirmed",
            Polarity::Negated => "negated",
            Polarity::Denied => "denied",
        }
    }
}

/// Whether the event took place, PLOVER's auxiliary modes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Modality {
    /// It took place in the time that the story tells.
    Actual,
    /// Announced, promised, planned, scheduled, threatened.
    Future,
    /// If, would, could, calls for.
    Hypothetical,
    /// Background from an earlier time.
    Historical,
}

impl Modality {
    /// The word used in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Modality::Actual => "actual",
            Modality::Future => "future",
            Modality::Hypothetical => "hypothetical",
            Modality::Historical => "historical",
        }
    }
}

/// One party of an event, as the sentence names it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Party {
    /// Index into [`crate::CodedDocument::doc_actors`].
    pub actor: u32,
    /// The words that stand for it here.
    pub span: Span,
    /// Index of the mention, where there is one.
    pub mention: Option<u32>,
    /// How the party was found: `subject`, `possessor`, `sentence before`, `controller of the infinitive`.
    pub basis: String,
}

/// One who says so.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Attribution {
    /// Index into [`crate::CodedDocument::doc_actors`], where resolved.
    pub actor: Option<u32>,
    /// The words.
    pub span: Span,
    /// The cue's words.
    pub cue: Option<Span>,
}

/// A number of people.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Count {
    /// The number.
    pub value: u64,
    /// `exactly`, `about`, `at least`, `at most`.
    pub bound: String,
    /// The words.
    pub span: Span,
}

/// When the event took place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EventDate {
    /// The days.
    pub range: DateRange,
    /// What it rests on: `"on Tuesday": weekday before 2020-07-22 (published)`.
    pub basis: String,
    /// Index into the document's times.
    pub time: Option<u32>,
    /// Other readings, with their reason.
    pub alternatives: Vec<String>,
}

/// Where the event took place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EventPlace {
    /// Index into the document's places.
    pub place: u32,
    /// `in the clause`, `dateline`, `sentence before`.
    pub basis: String,
}

/// Why this event is there, for `polybius explain`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Explanation {
    /// Tokens of the dependency path: (token number, word, relation), trigger first for each party.
    pub paths: Vec<String>,
    /// One line for each decision: type, parties, polarity, modality, date, place, attribution.
    pub notes: Vec<String>,
}

/// Who did what to whom, as one document tells it once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Stable id.
    pub event_id: EventId,
    /// The sentence that holds the trigger.
    pub sentence: u32,
    /// The whole sentence.
    pub evidence: Span,
    /// The words that carry the type.
    pub trigger: Span,
    /// The token of the trigger.
    pub trigger_token: u32,
    /// PLOVER type.
    pub event_type: EventType,
    /// PLOVER modes: `visit`, `arrest`.
    pub modes: Vec<SmolStr>,
    /// PLOVER contexts: `military`, `diplomatic`, ...
    pub contexts: Vec<SmolStr>,
    /// CAMEO code as text, `036`.
    pub cameo: SmolStr,
    /// Goldstein score of the CAMEO code.
    pub goldstein: f32,
    /// PLOVER conflict-cooperation score of the type and mode.
    pub score: f32,
    /// Doers; all parties of a reciprocal act.
    pub actors: Vec<Party>,
    /// Done-to.
    pub recipients: Vec<Party>,
    /// Whether affirmed.
    pub polarity: Polarity,
    /// Whether it took place.
    pub modality: Modality,
    /// -3 (certainly not) to +3 (certainly).
    pub factuality: f32,
    /// When.
    pub date: Option<EventDate>,
    /// Where.
    pub place: Option<EventPlace>,
    /// Who says so, outermost first; empty when the narrator does.
    pub attribution: Vec<Attribution>,
    /// Index of the quote that holds the trigger.
    pub quote: Option<u32>,
    /// Killed.
    pub dead: Option<Count>,
    /// Hurt.
    pub injured: Option<Count>,
    /// Arrested.
    pub arrested: Option<Count>,
    /// The codebook row: `consult.tsv:12`.
    pub rule: String,
    /// 0 to 1.
    pub confidence: f32,
    /// For `polybius explain`.
    pub explanation: Explanation,
}
