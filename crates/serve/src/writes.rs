//! What a person changes: merges, splits, corrections; and queries, which are sent too.

use crate::api::{Answer, Context};
use crate::app::{App, iso};
use crate::problem::Problem;
use crate::request::Request;
use crate::snapshot::Snapshot;
use crate::{corrections, decisions, sql};
use polybius_store::fold_name;
use polybius_store::rows::MentionRow;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::SystemTime;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Merge {
    a: String,
    b: String,
    note: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Split {
    a: String,
    b: Option<String>,
    document: Option<String>,
    note: Option<String>,
}

fn sent<T: DeserializeOwned>(body: Value) -> Result<T, Problem> {
    serde_json::from_value(body).map_err(|e| {
        Problem::bad("the body is not what it must be")
            .detail(e.to_string())
            .hint("/api/v1/openapi.json says what")
    })
}

/// Merges two actors.
pub fn merge(app: &Arc<App>, _: &Request, body: Value) -> Result<Answer, Problem> {
    let Merge { a, b, note } = sent(body)?;
    let s = app.snapshot();
    let (a, b) = (named(&s, &a)?, named(&s, &b)?);
    decide(app, &[format!("merge {a} = {b}")], note.as_deref())
}

/// Splits a name off.
pub fn split(app: &Arc<App>, _: &Request, body: Value) -> Result<Answer, Problem> {
    let Split { a, b, document, note } = sent(body)?;
    let s = app.snapshot();
    let lines = match (b, document) {
        (Some(b), None) => {
            let b = named(&s, &b)?;
            names_beside(&s, &a, &b)?.into_iter().map(|a| format!("split {a} / {b}")).collect()
        }
        (None, Some(id)) => {
            let doc = s.doc(&id).ok_or_else(|| Problem::missing("document", &id))?;
            vec![format!("split {} @ {}", named(&s, &a)?, path_part(&s, doc)?)]
        }
        _ => return Err(Problem::bad("give either `b` or `document`")),
    };
    decide(app, &lines, note.as_deref())
}

/// Writes decisions; the answer has the first.
fn decide(app: &Arc<App>, lines: &[String], note: Option<&str>) -> Result<Answer, Problem> {
    let mut written = Vec::new();
    for line in lines {
        written.push(decisions::append(app.store.root(), line, note)?);
    }
    let line = written.into_iter().next().ok_or_else(|| Problem::bad("there is nothing to decide"))?;
    app.compare_soon();
    Answer::json_with(
        202,
        &json!({"line": line.line, "text": line.text, "note": line.note, "comparing": true}),
    )
}

/// Removes a decision.
pub fn undo(app: &Arc<App>, request: &Request) -> Result<Answer, Problem> {
    let line = request.piece("line");
    let number: usize = line.parse().map_err(|_| Problem::missing("decision", line))?;
    decisions::remove(app.store.root(), number, request.get("text").unwrap_or(""))?;
    app.compare_soon();
    Answer::json_with(202, &json!({"comparing": true}))
}

/// How a line of decisions names somebody: an id stands for the name and code of its actor; a name must be one.
fn named(s: &Snapshot, given: &str) -> Result<String, Problem> {
    let given = given.trim();
    if let Some(n) = s.actor(given) {
        return as_decided(s, n);
    }
    let bare =
        given.strip_suffix(']').and_then(|g| g.rsplit_once('[')).map_or(given, |(name, _)| name.trim());
    let folded = fold_name(bare);
    if folded.is_empty() || !s.actors.iter().any(|a| a.folded.contains(&folded)) {
        return Err(Problem::missing("actor", given).hint("/api/v1/actors?q=NAME finds them"));
    }
    plain(given).then(|| given.to_string()).ok_or_else(|| unwritable(given))
}

/// The name that documents print, for decisions are applied to documents: that of a table may stand in none of them.
fn as_decided(s: &Snapshot, n: usize) -> Result<String, Problem> {
    let actor = &s.actors[n].row;
    let printed = printed_names(s, n);
    let words = |name: &str| fold_name(name).split(' ').count();
    let best = printed.iter().filter(|(name, _)| plain(name)).max_by_key(|(name, docs)| {
        (fold_name(name) == fold_name(&actor.name), words(name), docs.len(), std::cmp::Reverse(*name))
    });
    let name = match best {
        Some((name, _)) => name.as_str(),
        None if plain(&actor.name) => &actor.name,
        None => return Err(unwritable(&actor.name)),
    };
    Ok(if actor.code.is_empty() { name.to_string() } else { format!("{name} [{}]", actor.code) })
}

/// What an actor is called where a name stands that is another's: in each of those documents one of these names is printed.
fn names_beside(s: &Snapshot, given: &str, other: &str) -> Result<Vec<String>, Problem> {
    let Some(n) = s.actor(given) else { return Ok(vec![named(s, given)?]) };
    let mut printed = printed_names(s, n);
    let mut left = printed.remove(other).unwrap_or_default();
    printed.retain(|name, _| plain(name) && fold_name(name) != fold_name(other));
    let mut names = Vec::new();
    loop {
        let here = |docs: &BTreeSet<u32>| docs.intersection(&left).count();
        let best = printed.iter().max_by_key(|(name, docs)| (here(docs), std::cmp::Reverse(*name)));
        let Some((name, docs)) = best.filter(|(_, docs)| here(docs) > 0) else { break };
        names.push(name.clone());
        left = left.difference(docs).copied().collect();
    }
    if names.is_empty() {
        names.push(as_decided(s, n)?);
    }
    Ok(names)
}

/// The names of an actor that stand in documents, with these; of a name within a name the longer one counts.
fn printed_names(s: &Snapshot, n: usize) -> BTreeMap<String, BTreeSet<u32>> {
    let actor = &s.actors[n].row;
    let mut known: Vec<(&String, String)> = actor
        .aliases
        .iter()
        .chain([&actor.name])
        .map(|name| (name, format!(" {} ", fold_name(name))))
        .collect();
    known.sort_by_key(|(name, folded)| (std::cmp::Reverse(folded.len()), *name));
    let mut printed: BTreeMap<String, BTreeSet<u32>> = BTreeMap::new();
    for &doc in &s.actors[n].docs {
        let mentions = s.by_doc.mentions.of(doc as usize);
        let own = |m: &&MentionRow| m.kind == "named" && m.actor_id.as_deref() == Some(&actor.actor_id);
        for m in mentions.iter().filter(own) {
            let text = format!(" {} ", fold_name(&m.text));
            if let Some((name, _)) = known.iter().find(|(_, folded)| text.contains(folded)) {
                printed.entry(name.to_string()).or_default().insert(doc);
            }
        }
    }
    printed
}

/// Whether a name can stand in a line without being taken for something else.
fn plain(name: &str) -> bool {
    let signs = [" = ", " / ", " @ ", "  #"];
    !name.trim().is_empty()
        && !name.contains(char::is_control)
        && signs.iter().all(|sign| !name.contains(sign))
}

fn unwritable(name: &str) -> Problem {
    Problem::bad(format!("`{name}` cannot stand in a line of decisions"))
        .hint("it holds a sign that parts names there")
}

/// A part of the path that only this document has: its file's name, else the whole path.
fn path_part(s: &Snapshot, doc: usize) -> Result<String, Problem> {
    let path = &s.documents[doc].path;
    let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or(path);
    let only = |part: &str| s.documents.iter().filter(|d| d.path.contains(part)).count() == 1;
    [name, path.as_str()]
        .into_iter()
        .find(|part| only(part) && plain(part))
        .map(str::to_string)
        .ok_or_else(|| Problem::bad("no part of the path names this document alone"))
}

/// The corrections, all or of one event.
pub fn corrections(c: &Context<'_>, request: &Request) -> Result<Answer, Problem> {
    let mut items = corrections::read(c.root())?;
    if let Some(event) = request.get("event") {
        items.retain(|x| x.event_id == event);
    }
    Answer::json(&json!({"items": items}))
}

/// Writes a correction.
pub fn correct(app: &Arc<App>, _: &Request, body: Value) -> Result<Answer, Problem> {
    let sent: corrections::Sent = sent(body)?;
    let correction = corrections::append(app.store.root(), &app.snapshot(), sent, iso(SystemTime::now()))?;
    Answer::json_with(201, &correction)
}

/// Removes a correction.
pub fn take_back(app: &Arc<App>, request: &Request) -> Result<Answer, Problem> {
    corrections::remove(app.store.root(), request.piece("id"))?;
    Ok(Answer::empty(204))
}

/// Runs a query.
pub fn sql(app: &Arc<App>, _: &Request, body: Value) -> Result<Answer, Problem> {
    Answer::json(&sql::run(app, &sent(body)?)?)
}
