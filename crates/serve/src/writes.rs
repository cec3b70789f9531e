//! What a person changes: merges, splits, corrections; and queries, which are sent too.

use crate::api::{Answer, Context};
use crate::app::{App, iso};
use crate::problem::Problem;
use crate::request::Request;
use crate::snapshot::Snapshot;
use crate::{corrections, decisions, sql};
use polybius_store::fold_name;
use polybius_store::rows::ActorRow;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
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
    decide(app, &format!("merge {a} = {b}"), note.as_deref())
}

/// Splits a name off.
pub fn split(app: &Arc<App>, _: &Request, body: Value) -> Result<Answer, Problem> {
    let Split { a, b, document, note } = sent(body)?;
    let s = app.snapshot();
    let a = named(&s, &a)?;
    let line = match (b, document) {
        (Some(b), None) => format!("split {a} / {}", named(&s, &b)?),
        (None, Some(id)) => {
            let doc = s.doc(&id).ok_or_else(|| Problem::missing("document", &id))?;
            format!("split {a} @ {}", path_part(&s, doc)?)
        }
        _ => return Err(Problem::bad("give either `b` or `document`")),
    };
    decide(app, &line, note.as_deref())
}

fn decide(app: &Arc<App>, line: &str, note: Option<&str>) -> Result<Answer, Problem> {
    let line = decisions::append(app.store.root(), line, note)?;
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
        return as_decided(&s.actors[n].row);
    }
    let bare =
        given.strip_suffix(']').and_then(|g| g.rsplit_once('[')).map_or(given, |(name, _)| name.trim());
    let folded = fold_name(bare);
    if folded.is_empty() || !s.actors.iter().any(|a| a.folded.contains(&folded)) {
        return Err(Problem::missing("actor", given).hint("/api/v1/actors?q=NAME finds them"));
    }
    plain(given).then(|| given.to_string()).ok_or_else(|| unwritable(given))
}

fn as_decided(actor: &ActorRow) -> Result<String, Problem> {
    let name = [&actor.name]
        .into_iter()
        .chain(&actor.aliases)
        .find(|n| plain(n))
        .ok_or_else(|| unwritable(&actor.name))?;
    Ok(if actor.code.is_empty() { name.clone() } else { format!("{name} [{}]", actor.code) })
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
