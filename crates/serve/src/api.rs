//! From a snapshot and a request to JSON: pure functions, one for each endpoint.

mod actors;
mod claims;
mod documents;
mod events;
mod export;
mod feed;
mod filter;
mod quotes;
mod relations;
mod search;
mod server;
mod stories;

pub use actors::{actor, actors};
pub use claims::{chains, claims, conflict_item, conflicts};
pub use documents::{document, documents};
pub use events::{event, events};
pub use export::export;
pub use feed::feed;
pub use filter::event_types;
pub use quotes::quotes;
pub use relations::{pair, relations};
pub use search::search;
pub use server::{facets, health};
pub use stories::{filter as stories_filter, stories, story, story_page};

use crate::problem::Problem;
use crate::snapshot::Snapshot;
use polybius_store::rows::{DocumentRow, SentenceRow};
use serde::Serialize;
use std::path::Path;

/// What an answer is made from.
pub struct Context<'a> {
    pub snapshot: &'a Snapshot,
    pub app: &'a crate::App,
}

impl Context<'_> {
    /// The store's folder.
    pub fn root(&self) -> &Path {
        self.app.store.root()
    }
}

/// An answer before it is put on the wire.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub content_type: &'static str,
    pub body: Vec<u8>,
    /// Name of the file that a browser shall save.
    pub attachment: Option<String>,
}

impl Answer {
    /// JSON with status 200.
    pub fn json(value: &impl Serialize) -> Result<Answer, Problem> {
        Answer::json_with(200, value)
    }

    /// JSON with a status.
    pub fn json_with(status: u16, value: &impl Serialize) -> Result<Answer, Problem> {
        let body = serde_json::to_vec(value).expect("answers are plain data");
        Ok(Answer { status, content_type: "application/json", body, attachment: None })
    }

    /// Nothing but a status.
    pub fn empty(status: u16) -> Answer {
        Answer { status, content_type: "application/json", body: Vec::new(), attachment: None }
    }
}

/// Words of a document with the rest of their sentence, outside a story.
#[derive(Debug, Serialize)]
pub struct Passage {
    pub doc_id: String,
    pub path: String,
    pub label: String,
    pub outlet: Option<String>,
    pub start: u32,
    pub end: u32,
    pub text: String,
    pub before: String,
    pub after: String,
}

/// The words from `start` to `end` of a document; `None` where its text has no such words.
pub fn passage(s: &Snapshot, doc: usize, sentences: &[SentenceRow], start: u32, end: u32) -> Option<Passage> {
    let row = &s.documents[doc];
    let text = words(row, start, end)?;
    let (from, to) = sentences
        .iter()
        .find(|x| x.start <= start && start < x.end)
        .map_or((start, end), |x| (x.start, x.end.max(end)));
    let part = |a: u32, b: u32| words(row, a, b).unwrap_or("").to_string();
    Some(Passage {
        doc_id: row.doc_id.clone(),
        path: row.path.clone(),
        label: s.labels[doc].clone(),
        outlet: outlet(row),
        start,
        end,
        text: text.to_string(),
        before: part(from, start),
        after: part(end, to),
    })
}

/// Words of a document.
pub fn words(doc: &DocumentRow, start: u32, end: u32) -> Option<&str> {
    doc.text.get(start as usize..end as usize)
}

/// Who published a document, or whose copy it prints.
pub fn outlet(doc: &DocumentRow) -> Option<String> {
    doc.outlet.clone().or(doc.agency.clone())
}

/// The story that a request names, when it names one.
pub fn asked_story(s: &Snapshot, request: &crate::request::Request) -> Result<Option<usize>, Problem> {
    request.get("story").map(|key| s.story(key).ok_or_else(|| Problem::missing("story", key))).transpose()
}
