//! Quotes: who is said to have said what.

use super::{Answer, Context, asked_story, outlet, words};
use crate::problem::Problem;
use crate::request::Request;
use crate::snapshot::Snapshot;
use polybius_store::fold_name;
use polybius_store::rows::QuoteRow;
use serde::Serialize;

const KINDS: [&str; 3] = ["direct", "indirect", "mixed"];

/// A quote with its words.
#[derive(Debug, Clone, Serialize)]
#[allow(missing_docs)]
pub struct QuoteItem {
    pub quote_id: String,
    pub doc_id: String,
    pub path: String,
    pub label: String,
    pub outlet: Option<String>,
    pub story_id: String,
    pub story_number: Option<usize>,
    pub kind: String,
    pub text: String,
    pub cue: String,
    pub speaker_text: String,
    pub speaker_actor_id: Option<String>,
    pub speaker_name: String,
    pub speaker_code: String,
    pub utterance_id: String,
    pub basis: String,
    pub start: u32,
    pub end: u32,
}

impl QuoteItem {
    /// A row with the words it names.
    pub fn new(s: &Snapshot, doc: usize, q: QuoteRow) -> QuoteItem {
        let d = &s.documents[doc];
        let slice = |a: Option<u32>, b: Option<u32>| {
            a.zip(b).and_then(|(a, b)| words(d, a, b)).unwrap_or("").to_string()
        };
        let actor = q.speaker_actor_id.as_deref().and_then(|id| s.actor(id)).map(|n| &s.actors[n].row);
        QuoteItem {
            path: d.path.clone(),
            label: s.labels[doc].clone(),
            outlet: outlet(d),
            story_id: d.story_id.clone(),
            story_number: s.story_of_doc(doc).map(|n| n + 1),
            text: words(d, q.start, q.end).unwrap_or("").to_string(),
            cue: slice(q.cue_start, q.cue_end),
            speaker_text: slice(q.speaker_start, q.speaker_end),
            speaker_name: actor.map(|a| a.name.clone()).unwrap_or_default(),
            speaker_code: actor.map(|a| a.code.clone()).unwrap_or_default(),
            speaker_actor_id: q.speaker_actor_id,
            quote_id: q.quote_id,
            doc_id: q.doc_id,
            kind: q.kind,
            utterance_id: q.utterance_id,
            basis: q.basis,
            start: q.start,
            end: q.end,
        }
    }
}

/// The quotes that pass every filter, by document and place in it.
pub fn quotes(c: &Context<'_>, request: &Request) -> Result<Answer, Problem> {
    let s = c.snapshot;
    let window = request.window(s.version)?;
    let found = found(s, request)?;
    Answer::json(&window.page(found, |(doc, q)| QuoteItem::new(s, doc, q)))
}

/// Quotes with their documents.
fn found(s: &Snapshot, request: &Request) -> Result<Vec<(usize, QuoteRow)>, Problem> {
    let story = asked_story(s, request)?;
    let kinds = request.some_of("kind", &KINDS)?;
    let only = request
        .get("document")
        .map(|id| s.doc(id).ok_or_else(|| Problem::missing("document", id)))
        .transpose()?;
    let speaker = request.get("speaker").map(|key| Speaker::new(s, key));
    let asked = request.get("q").map(|q| s.search.ask(q, &[1], story));
    let docs = asked.as_ref().map(|a| s.search.documents(a));
    let wanted = |doc: &usize| {
        only.is_none_or(|d| d == *doc)
            && story.is_none_or(|n| s.story_of_doc(*doc) == Some(n))
            && docs.as_ref().is_none_or(|set| set.contains(doc))
    };
    let mut found = Vec::new();
    for doc in s.by_path.iter().map(|&d| d as usize).filter(wanted) {
        let d = &s.documents[doc];
        let passes = |q: &QuoteRow| {
            (kinds.is_empty() || kinds.contains(&q.kind.as_str()))
                && speaker.as_ref().is_none_or(|who| who.is(s, doc, q))
                && asked.as_ref().is_none_or(|a| a.fits(words(d, q.start, q.end).unwrap_or("")))
        };
        let mut own: Vec<QuoteRow> = s.by_doc.quotes.of(doc).into_iter().filter(passes).collect();
        own.sort_by_key(|q| (q.start, q.end));
        found.extend(own.into_iter().map(|q| (doc, q)));
    }
    Ok(found)
}

/// Whom a filter means: an id, a code, or a part of a name or of the words that stand for him.
struct Speaker<'k> {
    key: &'k str,
    folded: String,
    actors: Vec<bool>,
    by_id: bool,
}

impl<'k> Speaker<'k> {
    fn new(s: &Snapshot, key: &'k str) -> Speaker<'k> {
        let folded = fold_name(key);
        let by_id = s.actor(key).is_some();
        let meant = |a: &crate::snapshot::ActorEntry| match by_id {
            true => a.row.actor_id == key,
            false => a.row.code.eq_ignore_ascii_case(key) || a.folded.iter().any(|n| n.contains(&folded)),
        };
        Speaker { key, actors: s.actors.iter().map(meant).collect(), folded, by_id }
    }

    fn is(&self, s: &Snapshot, doc: usize, q: &QuoteRow) -> bool {
        let actor = q.speaker_actor_id.as_deref();
        if self.by_id {
            return actor == Some(self.key);
        }
        let printed = q.speaker_start.zip(q.speaker_end).and_then(|(a, b)| words(&s.documents[doc], a, b));
        actor.and_then(|id| s.actor(id)).is_some_and(|n| self.actors[n])
            || printed.is_some_and(|w| fold_name(w).contains(&self.folded))
    }
}
