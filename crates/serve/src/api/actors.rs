//! Actors: the list, and one with names, offices, what it said and did.

use super::events::head_item;
use super::filter::{Who, either};
use super::quotes::QuoteItem;
use super::{Answer, Context, asked_story};
use crate::decisions;
use crate::problem::Problem;
use crate::request::Request;
use crate::snapshot::{ActorEntry, EventHead, Snapshot};
use polybius_store::fold_name;
use polybius_store::rows::*;
use polybius_view::actor::{Actors, office_words};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Events and partners that the view of one actor shows; documents whose mentions it sets out.
const EVENTS: usize = 50;
const PARTNERS: usize = 30;
const DOCUMENTS: usize = 200;
const POSITIONS: usize = 100;

/// The actors that pass every filter, most mentioned first.
pub fn actors(c: &Context<'_>, request: &Request) -> Result<Answer, Problem> {
    let s = c.snapshot;
    let window = request.window(s.version)?;
    let part = request.get("q").map(fold_name);
    let (codes, sectors, kinds) = (request.list("code"), request.list("sector"), request.list("kind"));
    let all = request.flag("all")?.unwrap_or(false);
    let story = asked_story(s, request)?;
    let within =
        |list: &[&str], word: &str| list.is_empty() || list.iter().any(|w| w.eq_ignore_ascii_case(word));
    let passes = |a: &ActorEntry| {
        (all || a.row.excluded.is_empty())
            && within(&codes, &a.row.code)
            && (within(&sectors, &a.row.sector) || a.row.other_sectors.iter().any(|o| within(&sectors, o)))
            && within(&kinds, &a.row.kind)
            && part.as_ref().is_none_or(|p| a.folded.iter().any(|n| n.contains(p.as_str())))
            && story.is_none_or(|n| s.stories[n].docs.iter().any(|d| a.docs.binary_search(d).is_ok()))
    };
    let mut found: Vec<usize> = (0..s.actors.len()).filter(|&n| passes(&s.actors[n])).collect();
    found.sort_by(|&a, &b| {
        let (a, b) = (&s.actors[a], &s.actors[b]);
        b.mentions
            .cmp(&a.mentions)
            .then(a.row.name.cmp(&b.row.name))
            .then(a.row.actor_id.cmp(&b.row.actor_id))
    });
    Answer::json(&window.page(found, |n| item(s, n)))
}

fn item(s: &Snapshot, n: usize) -> Value {
    let a = &s.actors[n];
    let none = Actors::of(Vec::new(), Vec::new(), BTreeMap::new(), Vec::new(), s.roles(n));
    let office = none.offices(&a.row.actor_id, None).first().map(office_words).unwrap_or_default();
    json!({
        "actor_id": a.row.actor_id, "name": a.row.name, "kind": a.row.kind, "code": a.row.code,
        "sector": a.row.sector, "other_sectors": a.row.other_sectors, "wikidata_id": a.row.wikidata_id,
        "office": office, "mentions": a.mentions, "documents": a.docs.len(), "events": a.events,
        "excluded": a.row.excluded,
    })
}

/// One actor.
pub fn actor(c: &Context<'_>, request: &Request) -> Result<Answer, Problem> {
    let s = c.snapshot;
    let key = request.piece("id");
    let n = s
        .actor(key)
        .ok_or_else(|| Problem::missing("actor", key).hint("/api/v1/actors?q=NAME finds them"))?;
    let row = &s.actors[n].row;
    let own = evidence(s, n);
    let who = Who::only(s, n);
    let events: Vec<&EventHead> = s.events.iter().filter(|e| either(&who, e)).collect();
    let decisions: Vec<_> = decisions::read(c.root())?
        .into_iter()
        .filter(|d| s.actors[n].folded.iter().any(|f| d.names(f)))
        .collect();
    let mut value = item(s, n);
    let Value::Object(map) = &mut value else { unreachable!("an item is an object") };
    map.insert("aliases".to_string(), json!(own.aliases(row)));
    map.insert("roles".to_string(), json!(own.offices(&row.actor_id, None)));
    map.insert("mentions".to_string(), json!(own.by_document(&row.actor_id)));
    map.insert("positions".to_string(), json!(positions(s, n)));
    map.insert("partners".to_string(), json!(partners(s, n, &events)));
    let items: Vec<Value> = events.iter().take(EVENTS).map(|e| head_item(s, e)).collect();
    map.insert("events".to_string(), json!({"total": events.len(), "items": items}));
    map.insert("stories".to_string(), json!(stories(s, n)));
    map.insert("decisions".to_string(), json!(decisions));
    map.insert("reasons".to_string(), json!(row.reasons));
    map.insert("version".to_string(), s.version.into());
    Answer::json(&value)
}

/// The rows that speak of an actor, of its first documents.
fn evidence(s: &Snapshot, n: usize) -> Actors {
    let entry = &s.actors[n];
    let docs = || entry.docs.iter().take(DOCUMENTS).map(|&d| d as usize);
    let of = |m: &MentionRow| m.actor_id.as_deref() == Some(&entry.row.actor_id);
    let mentions = docs().flat_map(|d| s.by_doc.mentions.of(d)).filter(of).collect();
    let labels = docs().map(|d| (s.documents[d].doc_id.clone(), s.labels[d].clone())).collect();
    let roles = s.roles(n);
    let documents = docs().map(|d| s.documents[d].clone()).collect();
    Actors::of(vec![entry.row.clone()], documents, labels, mentions, roles)
}

/// What the actor is said to have said, by day of publication, the renderings of one utterance together.
fn positions(s: &Snapshot, n: usize) -> Vec<Value> {
    let id = s.actors[n].row.actor_id.as_str();
    let mut by_utterance: BTreeMap<String, Vec<QuoteItem>> = BTreeMap::new();
    for &doc in &s.actors[n].docs {
        for q in s.by_doc.quotes.of(doc as usize) {
            if q.speaker_actor_id.as_deref() == Some(id) {
                let key = if q.utterance_id.is_empty() { q.quote_id.clone() } else { q.utterance_id.clone() };
                by_utterance.entry(key).or_default().push(QuoteItem::new(s, doc as usize, q));
            }
        }
    }
    let day = |quotes: &[QuoteItem]| {
        let published = quotes.iter().filter_map(|q| s.documents[s.doc(&q.doc_id)?].published_at.clone());
        published.min()
    };
    let mut list: Vec<(Option<String>, String, Vec<QuoteItem>)> =
        by_utterance.into_iter().map(|(id, quotes)| (day(&quotes), id, quotes)).collect();
    list.sort_by(|a, b| (a.0.is_none(), &a.0, &a.1).cmp(&(b.0.is_none(), &b.0, &b.1)));
    list.truncate(POSITIONS);
    list.into_iter()
        .map(|(date, id, renderings)| {
            json!({"utterance_id": id, "date": date, "story_id": renderings[0].story_id,
                "story_number": renderings[0].story_number, "renderings": renderings})
        })
        .collect()
}

/// Those with whom the actor shares events.
fn partners(s: &Snapshot, n: usize, events: &[&EventHead]) -> Vec<Value> {
    let mut sums: BTreeMap<u32, (usize, f64)> = BTreeMap::new();
    for e in events {
        let mut others: Vec<u32> = e.doers.actors.iter().chain(&e.recipients.actors).copied().collect();
        others.sort_unstable();
        others.dedup();
        for a in others.into_iter().filter(|a| *a as usize != n) {
            let sum = sums.entry(a).or_default();
            sum.0 += 1;
            sum.1 += f64::from(e.score);
        }
    }
    let mut list: Vec<(u32, (usize, f64))> = sums.into_iter().collect();
    list.sort_by(|a, b| b.1.0.cmp(&a.1.0).then(a.0.cmp(&b.0)));
    list.truncate(PARTNERS);
    list.into_iter()
        .map(|(a, (n_events, score_sum))| {
            let row = &s.actors[a as usize].row;
            json!({"actor_id": row.actor_id, "name": row.name, "code": row.code, "n_events": n_events,
                "score_sum": score_sum})
        })
        .collect()
}

fn stories(s: &Snapshot, n: usize) -> Vec<Value> {
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for &doc in &s.actors[n].docs {
        if let Some(story) = s.story_of_doc(doc as usize) {
            *counts.entry(story).or_default() += 1;
        }
    }
    let story = |(n, documents): (usize, usize)| {
        let item = &s.stories[n].item;
        json!({"story_id": item.story_id, "story_number": n + 1, "title": item.title, "date_start": item.date_start,
            "documents": documents})
    };
    counts.into_iter().map(story).collect()
}
