//! Claims, chains and conflicts.

use super::{Answer, Context, asked_story, passage};
use crate::problem::Problem;
use crate::request::Request;
use crate::snapshot::{Snapshot, days};
use polybius_store::rows::*;
use serde_json::{Value, json};

const VERDICTS: [&str; 6] =
    ["corroborated", "only-here", "differs", "contradicted", "self-inconsistent", "silent"];

/// The claims that pass every filter, story after story, the most important first.
pub fn claims(c: &Context<'_>, request: &Request) -> Result<Answer, Problem> {
    let s = c.snapshot;
    let window = request.window(s.version)?;
    let verdicts = request.some_of("verdict", &VERDICTS)?;
    let asked = request.get("q").map(|q| s.search.ask(q, &[2], None));
    let all = match asked_story(s, request)? {
        Some(n) => s.claims_of(n),
        None => &s.claims,
    };
    let passes = |x: &&ClaimRow| {
        (verdicts.is_empty() || verdicts.contains(&x.verdict.as_str()))
            && asked.as_ref().is_none_or(|a| a.fits(&x.claim))
    };
    Answer::json(&window.page(all.iter().filter(passes).collect(), |x| claim_item(s, x)))
}

fn claim_item(s: &Snapshot, x: &ClaimRow) -> Value {
    let story = s.story(&x.story_id);
    let mut value = serde_json::to_value(x).expect("plain data");
    if let Value::Object(map) = &mut value {
        map.insert("story_number".to_string(), json!(story.map(|n| n + 1)));
        map.insert("story_title".to_string(), json!(story.map(|n| &s.stories[n].item.title)));
    }
    value
}

/// The chains that pass every filter.
pub fn chains(c: &Context<'_>, request: &Request) -> Result<Answer, Problem> {
    let s = c.snapshot;
    let window = request.window(s.version)?;
    let verdicts = request.some_of("verdict", &VERDICTS)?;
    let types = super::filter::event_types(request)?;
    let (from, to) = (request.day("from")?, request.day("to")?);
    let passes = |x: &ChainRow| {
        (verdicts.is_empty() || verdicts.contains(&x.verdict.as_str()))
            && (types.is_empty() || types.contains(&x.event_type))
            && super::filter::touches(days(x.date_start.as_deref(), x.date_end.as_deref()), from, to)
    };
    let stories = stories_of(s, request)?;
    let found: Vec<(usize, ChainRow)> = stories
        .flat_map(|n| s.by_story.chains.of(n).into_iter().filter(passes).map(move |x| (n, x)))
        .collect();
    Answer::json(&window.page(found, |(n, x)| chain_item(s, n, x)))
}

/// A chain with what it tells.
pub fn chain_item(s: &Snapshot, story: usize, x: ChainRow) -> Value {
    let told = s.claims_of(story).iter().find(|c| c.chain_id.as_deref() == Some(&x.chain_id));
    let what = told.map_or("", |c| c.claim.as_str());
    let mut value = serde_json::to_value(x).expect("plain data");
    if let Value::Object(map) = &mut value {
        map.insert("story_number".to_string(), json!(story + 1));
        map.insert("what".to_string(), json!(what));
    }
    value
}

/// The conflicts that pass every filter, story after story, hard ones first.
pub fn conflicts(c: &Context<'_>, request: &Request) -> Result<Answer, Problem> {
    let s = c.snapshot;
    let window = request.window(s.version)?;
    let (fields, hard) = (request.list("field"), request.flag("hard")?);
    let passes = |x: &ConflictRow| {
        (fields.is_empty() || fields.contains(&x.field.as_str())) && hard.is_none_or(|h| x.hard == h)
    };
    let mut found: Vec<(usize, ConflictRow)> = Vec::new();
    for n in stories_of(s, request)? {
        let mut own: Vec<ConflictRow> = s.by_story.conflicts.of(n).into_iter().filter(passes).collect();
        own.sort_by_key(|x| !x.hard);
        found.extend(own.into_iter().map(|x| (n, x)));
    }
    Answer::json(&window.page(found, |(n, x)| conflict_item(s, n, x)))
}

/// A conflict with the words of its values.
pub fn conflict_item(s: &Snapshot, story: usize, x: ConflictRow) -> Value {
    let claim = x.claim_id.as_deref().and_then(|id| s.claim(id));
    let values: Vec<Value> = x
        .values
        .iter()
        .filter_map(|v| {
            let doc = s.doc(&v.doc_id)?;
            let passage = passage(s, doc, &s.by_doc.sentences.of(doc), v.start, v.end)?;
            let mut value = serde_json::to_value(passage).expect("plain data");
            if let Value::Object(map) = &mut value {
                map.insert("value".to_string(), json!(v.value));
            }
            Some(value)
        })
        .collect();
    json!({
        "conflict_id": x.conflict_id, "story_id": x.story_id, "story_number": story + 1,
        "story_title": s.stories[story].item.title, "claim_id": x.claim_id, "claim": claim.map(|c| &c.claim),
        "field": x.field, "hard": x.hard, "reason": x.reason, "values": values,
    })
}

fn stories_of(s: &Snapshot, request: &Request) -> Result<std::ops::Range<usize>, Problem> {
    Ok(asked_story(s, request)?.map_or(0..s.stories.len(), |n| n..n + 1))
}
