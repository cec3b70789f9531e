//! One struct a table: the outer types, apart from the stages' own, so that those can change without breaking a reader.
//!
//! Names and meanings of the columns are a contract. Dates are ISO text in these structs and `Date32` in the files.
//! Offsets are UTF-8 bytes into `documents.text`.

use serde::{Deserialize, Serialize};

macro_rules! tables {
    ($($(#[$doc:meta])* $row:ident = $name:literal dates [$($date:literal),*] { $($(#[$fdoc:meta])* $field:ident : $ty:ty),* $(,)? })*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
            #[serde(default)]
            pub struct $row { $($(#[$fdoc])* pub $field: $ty),* }

            impl Row for $row {
                const TABLE: &'static str = $name;
                const DATES: &'static [&'static str] = &[$($date),*];
            }
        )*

        /// Names of all tables, in the order of the documentation.
        pub const TABLES: &[&str] = &[$($name),*];
    };
}

/// A row of a table.
pub trait Row: Serialize + for<'de> Deserialize<'de> + Default {
    /// Name of the table, of its folder and of the SQL relation.
    const TABLE: &'static str;
    /// Columns stored as `Date32`.
    const DATES: &'static [&'static str];
}

/// A party of an event.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs)]
pub struct PartyRow {
    pub actor_id: String,
    pub name: String,
    pub code: String,
    pub sector: String,
    pub start: u32,
    pub end: u32,
    pub text: String,
    pub basis: String,
}

/// One who says so.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs)]
pub struct AttributionRow {
    pub actor_id: String,
    pub name: String,
    pub start: u32,
    pub end: u32,
}

/// A value of a conflict; `owner` is empty where the document itself says so.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs)]
pub struct ValueRow {
    pub doc_id: String,
    pub value: String,
    pub start: u32,
    pub end: u32,
    pub owner: String,
}

/// A flag with its evidence.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs)]
pub struct FlagRow {
    pub flag: String,
    pub detail: String,
    pub starts: Vec<u32>,
    pub ends: Vec<u32>,
}

/// A stretch of text.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs)]
pub struct SpanRow {
    pub start: u32,
    pub end: u32,
}

tables! {
    /// One document. `flags` are names; `flag_details` carry the evidence.
    #[allow(missing_docs)]
    DocumentRow = "documents" dates [] {
        doc_id: String, path: String, url: Option<String>, outlet: Option<String>, agency: Option<String>,
        title: Option<String>, byline: Option<String>, language: String, published_at: Option<String>,
        published_precision: String, published_basis: String, flags: Vec<String>, text: String, n_words: u32,
        story_id: String, origin_id: String, flag_details: Vec<FlagRow>,
    }
    /// What a stretch of a document is.
    #[allow(missing_docs)]
    SegmentRow = "segments" dates [] {
        doc_id: String, kind: String, start: u32, end: u32, raw_start: u32, raw_end: u32,
    }
    /// One sentence that was read.
    #[allow(missing_docs)]
    SentenceRow = "sentences" dates [] {
        doc_id: String, sentence: u32, start: u32, end: u32, repeats: Option<u32>,
    }
    /// A stretch that refers to an actor.
    #[allow(missing_docs)]
    MentionRow = "mentions" dates [] {
        mention_id: String, doc_id: String, start: u32, end: u32, text: String, kind: String, entity_type: String,
        actor_id: Option<String>, link_score: f32, basis: String,
    }
    /// An actor across documents.
    #[allow(missing_docs)]
    ActorRow = "actors" dates [] {
        actor_id: String, name: String, kind: String, code: String, sector: String, other_sectors: Vec<String>,
        wikidata_id: Option<String>, aliases: Vec<String>, reasons: Vec<String>, excluded: String,
    }
    /// An office of an actor.
    #[allow(missing_docs)]
    RoleRow = "roles" dates [] {
        actor_id: String, office: String, title: String, code: String, sector: String, start_date: String,
        end_date: String, qualifier: String, basis: String, doc_id: Option<String>, start: Option<u32>, end: Option<u32>,
    }
    /// A time expression.
    #[allow(missing_docs)]
    TimeRow = "times" dates ["date_start", "date_end"] {
        doc_id: String, start: u32, end: u32, text: String, r#type: String, value: String, date_start: Option<String>,
        date_end: Option<String>, precision: String, basis: String, alternatives: Vec<String>,
    }
    /// A place named in a document.
    #[allow(missing_docs)]
    PlaceRow = "places" dates [] {
        doc_id: String, start: u32, end: u32, text: String, name: String, country: String, geonameid: Option<u32>,
        lat: Option<f64>, lon: Option<f64>, precision: String,
    }
    /// Words that somebody is said to have said.
    #[allow(missing_docs)]
    QuoteRow = "quotes" dates [] {
        quote_id: String, doc_id: String, start: u32, end: u32, kind: String, cue_start: Option<u32>, cue_end: Option<u32>,
        speaker_actor_id: Option<String>, speaker_start: Option<u32>, speaker_end: Option<u32>, utterance_id: String,
        basis: String,
    }
    /// One event as one document tells it.
    #[allow(missing_docs)]
    EventRow = "events" dates ["date_start", "date_end"] {
        event_id: String, doc_id: String, sentence: u32, evidence_start: u32, evidence_end: u32, trigger_start: u32,
        trigger_end: u32, event_type: String, modes: Vec<String>, contexts: Vec<String>, quad: String, score: f32,
        cameo: String, goldstein: f32, actors: Vec<PartyRow>, recipients: Vec<PartyRow>, polarity: String,
        modality: String, factuality: f32, date_start: Option<String>, date_end: Option<String>, date_precision: String,
        date_basis: String, date_alternatives: Vec<String>, place_name: Option<String>, place_country: Option<String>,
        geonameid: Option<u32>, lat: Option<f64>, lon: Option<f64>, attribution: Vec<AttributionRow>,
        quote_id: Option<String>, dead: Option<u64>, injured: Option<u64>, arrested: Option<u64>, rule: String,
        confidence: f32, chain_id: String, paths: Vec<String>, notes: Vec<String>,
    }
    /// Documents on one happening.
    #[allow(missing_docs)]
    StoryRow = "stories" dates ["date_start", "date_end"] {
        story_id: String, title: String, date_start: Option<String>, date_end: Option<String>, n_documents: u32,
        n_origins: u32,
    }
    /// A document in a story, and why. `role` is `member` or `near-miss`.
    #[allow(missing_docs)]
    StoryDocumentRow = "story_documents" dates [] {
        story_id: String, doc_id: String, score: f32, reasons: Vec<String>, origin_id: String, origin_reason: String,
    }
    /// A document that almost joined a story, and what kept it out.
    #[allow(missing_docs)]
    NearMissRow = "story_near_misses" dates [] {
        story_id: String, doc_id: String, score: f32, reasons: Vec<String>,
    }
    /// See-also between stories.
    #[allow(missing_docs)]
    StoryLinkRow = "story_links" dates [] {
        story_id: String, other_story_id: String, kind: String, reasons: Vec<String>,
    }
    /// One happening across documents.
    #[allow(missing_docs)]
    ChainRow = "chains" dates ["date_start", "date_end"] {
        chain_id: String, story_id: String, event_type: String, actor_codes: Vec<String>, recipient_codes: Vec<String>,
        date_start: Option<String>, date_end: Option<String>, date_precision: String, n_documents: u32, n_origins: u32,
        verdict: String,
    }
    /// One comparable statement.
    #[allow(missing_docs)]
    ClaimRow = "claims" dates [] {
        claim_id: String, story_id: String, chain_id: Option<String>, claim: String, verdict: String, n_documents: u32,
        n_origins: u32, importance: f32,
    }
    /// What one document does with a claim. `start`/`end` are the first span, `spans` all of them.
    #[allow(missing_docs)]
    ClaimCellRow = "claim_cells" dates [] {
        claim_id: String, doc_id: String, stance: String, start: Option<u32>, end: Option<u32>, detail: String,
        spans: Vec<SpanRow>,
    }
    /// Accounts that disagree.
    #[allow(missing_docs)]
    ConflictRow = "conflicts" dates [] {
        conflict_id: String, story_id: String, claim_id: Option<String>, field: String, hard: bool,
        values: Vec<ValueRow>, reason: String,
    }
    /// Signed sums by pair of codes and month.
    #[allow(missing_docs)]
    RelationRow = "relations" dates [] {
        actor_code: String, recipient_code: String, period: String, n_events: u32, n_origins: u32, score_sum: f64,
        positive: u32, negative: u32,
    }
    /// A page that gave no article.
    #[allow(missing_docs)]
    RejectRow = "rejects" dates [] {
        path: String, reason: String, detail: String,
    }
    /// What most people want of the events: lists joined by `;`.
    #[allow(missing_docs)]
    EventFlatRow = "events_flat" dates ["date_start", "date_end"] {
        event_id: String, path: String, evidence: String, trigger: String, event_type: String, modes: String,
        contexts: String, quad: String, score: f32, cameo: String, actor_names: String, actor_codes: String,
        actor_sectors: String, recipient_names: String, recipient_codes: String, recipient_sectors: String,
        polarity: String, modality: String, date_start: Option<String>, date_end: Option<String>, date_precision: String,
        place_name: Option<String>, place_country: Option<String>, attribution: String, rule: String, confidence: f32,
        chain_id: String, story_id: String,
    }
    /// What most people want of the quotes.
    #[allow(missing_docs)]
    QuoteFlatRow = "quotes_flat" dates [] {
        path: String, text: String, kind: String, cue: String, speaker_text: String, speaker_name: String,
        speaker_code: String, utterance_id: String,
    }
}
