//! What an event rests on: how its parties were found, the analysis and the page that it was read in.
#![allow(missing_docs)]

use crate::path;
use polybius_ingest::IngestKnowledge;
use polybius_store::rows::*;
use polybius_store::{find_analysis, find_page};
use polybius_text::{Annotated, Article, CodedDocument, Span};
use serde::Serialize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// A party with how it was found.
#[derive(Debug, Serialize)]
pub struct Found {
    pub side: &'static str,
    pub party: PartyRow,
    /// Dependency path from the trigger.
    pub path: Option<String>,
    /// Kind, score and basis of the mention's link to the actor.
    pub mention_kind: String,
    pub link_score: f32,
    pub link_basis: String,
    pub offices: Vec<String>,
    /// Why spellings were joined.
    pub joined: Vec<String>,
}

/// The parties, doers first. `mentions`: those of the event's document.
pub fn parties_of<'a>(
    event: &EventRow,
    mentions: &[MentionRow],
    actor: impl Fn(&str) -> Option<&'a ActorRow>,
    roles: &[RoleRow],
) -> Vec<Found> {
    let sides = [("actor", &event.actors), ("recipient", &event.recipients)];
    let parties = sides.iter().flat_map(|(side, list)| list.iter().map(move |p| (*side, p)));
    let found = |(n, (side, party)): (usize, (&'static str, &PartyRow))| {
        let own = |m: &&MentionRow| m.start == party.start && m.end == party.end;
        let mention = mentions
            .iter()
            .filter(own)
            .find(|m| m.actor_id.as_deref() == Some(&party.actor_id))
            .or(mentions.iter().find(own));
        Found {
            side,
            party: party.clone(),
            path: event.paths.get(n).cloned(),
            mention_kind: mention.map(|m| m.kind.clone()).unwrap_or_default(),
            link_score: mention.map_or(0.0, |m| m.link_score),
            link_basis: mention.map(|m| m.basis.clone()).unwrap_or_default(),
            offices: offices(roles, &party.actor_id),
            joined: actor(&party.actor_id).map(|a| a.reasons.clone()).unwrap_or_default(),
        }
    };
    parties.enumerate().map(found).collect()
}

/// Puts in the steps of every path, from the tree that the event was found in.
pub fn whole_paths(found: &mut [Found], event: &EventRow, doc: &Annotated) {
    for f in found {
        f.path = path::between(doc, event, &f.party).or(f.path.take());
    }
}

fn offices(roles: &[RoleRow], actor_id: &str) -> Vec<String> {
    let mut offices: Vec<String> = Vec::new();
    for r in roles.iter().filter(|r| r.actor_id == actor_id) {
        let from = if r.basis == "table" { "table" } else { "text" };
        let office = format!("{} ({from}{})", r.title, years(r));
        if !offices.contains(&office) {
            offices.push(office);
        }
    }
    offices
}

/// `, 2019–2021`, `, since 2021`.
fn years(r: &RoleRow) -> String {
    match (r.start_date.get(..4), r.end_date.get(..4)) {
        (Some(a), Some(b)) => format!(", {a}–{b}"),
        (Some(a), None) => format!(", since {a}"),
        (None, Some(b)) => format!(", until {b}"),
        (None, None) => String::new(),
    }
}

/// What a document gave under the settings of a commit; `None` where the store does not hold it.
pub fn analysis_of(root: &Path, settings: &str, doc_id: &str) -> Option<CodedDocument> {
    find_analysis(root, settings, doc_id).ok()?
}

/// The article read again from the page as it came, when its text is still the stored one. `ingest`: the folder of the
/// reading rules.
pub fn as_read(root: &Path, doc: &DocumentRow, ingest: &Path) -> Option<Article> {
    let page = find_page(root, &doc.doc_id).ok()??;
    let knowledge = IngestKnowledge::load(ingest).ok()?;
    let read = || polybius_ingest::read_article(&page, &knowledge);
    let article = catch_unwind(AssertUnwindSafe(read)).ok()?.ok()?;
    (article.text == doc.text).then_some(article)
}

/// Bytes of the page that a stretch of its text came from.
pub fn in_page(article: &Article, start: u32, end: u32) -> [u32; 2] {
    let span = article.in_page(Span { start, end });
    [span.start, span.end]
}
