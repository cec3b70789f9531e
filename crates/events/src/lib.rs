//! Who did what to whom, when, and who says so: triggers, PLOVER and CAMEO codes, dates, quotes.
//!
//! No input or output except for loading the data files; no clock.

pub mod event_date;
pub mod quotes;
pub mod times;
