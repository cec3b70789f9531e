//! Who did what to whom, when, and who says so: triggers, PLOVER and CAMEO codes, dates, quotes.
//!
//! No input or output except for loading the data files; no clock.

mod acts;
mod between;
pub mod cases;
mod codebook;
mod coder;
mod counts;
mod cues;
pub mod event_date;
mod factuality;
mod matcher;
mod parties;
mod points;
pub mod quotes;
mod scene;
mod silent;
mod slot;
mod status;
mod table;
pub mod times;
mod tree;
mod unused;
mod write;

pub use between::code_between;
pub use codebook::Codebook;
pub use coder::code_events;
pub use silent::{Silent, silent_acts};
pub use status::{Judgement, judge_words};
pub use table::TableError;
pub use unused::drop_unused;
