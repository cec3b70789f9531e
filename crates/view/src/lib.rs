//! What is shown of a store: one story, one actor, the rule of one event, as plain structures that serialise to JSON.
//!
//! The command line, the report and the server are made of the same structures. Nothing here reads a store by itself beyond
//! the `read` functions, so that a server can hand in rows that it holds in memory.

pub mod actor;
pub mod days;
pub mod event;
mod labels;
pub mod path;
pub mod rule;
pub mod story;
pub mod tsv;

pub use labels::{clean, labels};
