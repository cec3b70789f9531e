//! The words that all stages of Polybius speak.
//!
//! Types only: a page becomes an [`Article`], an article an [`Annotated`] document, that a [`CodedDocument`] with its
//! mentions, quotes and events; many of those become [`Story`]s, [`Chain`]s and [`Claim`]s. Each stage is a function
//! from one of these types to the next. Every record carries [`Span`]s into [`Article::text`].

mod account;
mod actor;
mod annotated;
mod article;
mod code;
mod event;
mod id;
mod quote;
mod span;
mod story;
mod time;

pub use account::{CodedDocument, Corpus};
pub use actor::{
    Actor, ActorKind, ActorRole, COUNTRY_OF_A_PLACE, DocActor, EntityType, Mention, MentionKind, OfficeHeld,
};
pub use annotated::{Act, Annotated, EntitySpan, Sentence, Token};
pub use article::{
    Article, Dateline, Flag, FlagKind, Given, GivenBasis, Page, PageKind, Published, RawMap, RawRun, Reject,
    RejectReason, Segment, SegmentKind,
};
pub use code::{EventType, Quad, Sector};
pub use event::{Attribution, Count, Event, EventDate, EventPlace, Explanation, Modality, Party, Polarity};
pub use id::{ActorId, ChainId, ClaimId, DocId, EventId, QuoteId, StoryId, stable_hash};
pub use quote::{Quote, QuoteKind};
pub use span::Span;
pub use story::{
    Chain, Claim, ClaimCell, Conflict, ConflictValue, Origin, Stance, Story, StoryDocument, StoryLink,
    StoryLinkKind, Utterance, Verdict,
};
pub use time::{DateRange, Place, Precision, TimeExpression, TimeType};
