//! What a name refers to: mentions, actors inside a document, actors across documents, roles held over time.
//!
//! Three sources, in this order of trust: the text itself ("Iraqi Prime Minister X" gives country and sector without any list),
//! the shipped tables ([`ActorTables`]), the other documents of the same story ([`join_actors`]).
//!
//! Promises: no input or output except loading the tables; no clock; the same documents give the same actors in any order; two
//! different full names are never joined; an actor that stays unknown has an empty code rather than a guess.

pub mod base;
mod chunks;
mod cluster;
mod decisions;
mod fold;
mod foreign;
mod group_noun;
mod honorific;
mod import;
mod join;
pub mod keys;
mod mentions;
pub mod names;
pub mod parallel;
mod placed;
mod places;
mod refer;
mod scan;
mod tables;
mod truncated;
mod turns;
mod words;

pub use base::{Base, BaseBuilder, BaseError};
pub use decisions::Decisions;
pub use fold::fold;
pub use import::{Import, ImportKind};
pub use join::{ActorsJoined, join_actors, tells_what_was_suffered};
pub use mentions::{MentionsFound, find_mentions};
pub use names::{NameForm, NameMatch, match_names};
pub use placed::add_countries_of_places;
pub use tables::{ActorTables, SPECIAL_CODES, TableError, TableHolder};
