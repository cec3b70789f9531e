//! Many accounts side by side: documents on one happening, one event across documents, claims compared.
//!
//! [`compare_corpus`] is the whole comparison; each step is a module: `features` and `group` (stories), `origins` (copies and
//! releases), `matches` (sentences that tell the same), `chains` (one happening), `utterances` (one saying), `echoes` (told
//! without an event), `claims` and `matters` (rows), `conflicts`, `title`.
//!
//! Promises: no input or output, no clock; the same documents give the same bytes in any order and on any number of threads
//! (callers hand documents sorted by id); a false join is worse than a missed one; silence is never a denial; a hard conflict
//! is raised only where values exclude each other.

mod chains;
mod claims;
mod compare;
mod conflicts;
#[cfg(test)]
mod crowded_tests;
mod dates;
mod differences;
mod documents;
mod echoes;
mod facts;
mod features;
mod figures;
mod group;
mod hints;
mod knowledge;
mod lines;
mod matches;
mod matters;
mod mentions;
mod numbers;
mod origins;
mod phrase;
mod saying_rows;
mod sentence;
mod shingles;
#[cfg(test)]
mod stories_tests;
#[cfg(test)]
mod testing;
mod title;
mod tolls;
mod utterances;
mod words;

pub use compare::{compare_corpus, compare_documents, compare_with_notes};
pub use documents::{Dated, Documents};
pub use group::{Grouped, Grouping, Link, group_into_stories};
pub use mentions::{GivenMention, link_mentions};
pub use origins::find_origins;
