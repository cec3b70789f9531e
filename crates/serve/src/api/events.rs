//! Events: the list, and why one is coded as it is.

use super::filter::{MODALITIES, POLARITIES, Who, allowed, any, either, event_types, touches};
use super::quotes::QuoteItem;
use super::{Answer, Context, asked_story, claims::chain_item, outlet, words};
use crate::problem::Problem;
use crate::request::Request;
use crate::runs::{Mark, cut};
use crate::snapshot::{EventHead, Side, Snapshot};
use polybius_store::rows::*;
use polybius_text::Annotated;
use polybius_view::event::{analysis_of, as_read, in_page, parties_of, whole_paths};
use polybius_view::rule::rule_of;
use serde_json::{Value, json};

/// The events that pass every filter, by document and place in it.
pub fn events(c: &Context<'_>, request: &Request) -> Result<Answer, Problem> {
    let s = c.snapshot;
    let window = request.window(s.version)?;
    let mut found = found(s, request)?;
    if let Some(chain) = request.get("chain") {
        found.retain(|e| s.event_row(e).is_some_and(|row| row.chain_id == chain));
    }
    match request.one_of("sort", &["document", "newest", "oldest"])?.unwrap_or("document") {
        "newest" => found.sort_by_key(|e| std::cmp::Reverse(e.dates)),
        "oldest" => found.sort_by_key(|e| (e.dates.is_none(), e.dates)),
        _ => {}
    }
    Answer::json(&window.page(found, |e| head_item(s, e)))
}

/// The heads that pass every filter but `chain`.
pub fn found<'a>(s: &'a Snapshot, request: &Request) -> Result<Vec<&'a EventHead>, Problem> {
    let (from, to) = (request.day("from")?, request.day("to")?);
    let types = event_types(request)?;
    let types = allowed(s, &types.iter().map(String::as_str).collect::<Vec<_>>());
    let modes = allowed(s, &request.list("mode"));
    let polarities = allowed(s, &request.some_of("polarity", &POLARITIES)?);
    let modalities = allowed(s, &request.some_of("modality", &MODALITIES)?);
    let countries = allowed(s, &request.list("country"));
    let who = |name: &str| request.list(name).into_iter().map(|key| Who::new(s, key)).collect::<Vec<_>>();
    let (actors, sources, recipients) = (who("actor"), who("source"), who("recipient"));
    let narrator = request.get("attribution").is_some_and(|a| a.eq_ignore_ascii_case("narrator"));
    let cited = if narrator { Vec::new() } else { who("attribution") };
    let only = request
        .get("actor_id")
        .map(|id| s.actor(id).map(|a| Who::only(s, a)).ok_or_else(|| Problem::missing("actor", id)))
        .transpose()?;
    let story = asked_story(s, request)?;
    let doc = request
        .get("document")
        .map(|id| s.doc(id).ok_or_else(|| Problem::missing("document", id)))
        .transpose()?;
    let asked = request.get("q").map(|q| s.search.ask(q, &[0], None));
    let docs = asked.as_ref().map(|a| s.search.documents(a));
    let sentence =
        |e: &EventHead| words(&s.documents[e.doc as usize], e.evidence.0, e.evidence.1).unwrap_or("");
    let passes = |e: &&EventHead| {
        doc.is_none_or(|d| e.doc as usize == d)
            && story.is_none_or(|n| s.story_of_doc(e.doc as usize) == Some(n))
            && any(&types, |w| e.event_type == *w)
            && any(&modes, |w| e.modes.contains(w))
            && any(&polarities, |w| e.polarity == *w)
            && any(&modalities, |w| e.modality == *w)
            && any(&countries, |w| e.country == *w)
            && touches(e.dates, from, to)
            && only.as_ref().is_none_or(|w| either(w, e))
            && (actors.is_empty() || actors.iter().any(|w| either(w, e)))
            && (sources.is_empty() || sources.iter().any(|w| w.is_in(&e.doers)))
            && (recipients.is_empty() || recipients.iter().any(|w| w.is_in(done_to(e, !sources.is_empty()))))
            && (!narrator || e.said.names.is_empty())
            && (cited.is_empty() || cited.iter().any(|w| w.is_cited(s, &e.said)))
            && docs.as_ref().is_none_or(|set| set.contains(&(e.doc as usize)))
            && asked.as_ref().is_none_or(|a| a.fits(sentence(e)))
    };
    Ok(s.events.iter().filter(passes).collect())
}

/// Those to whom an event is done. Where two do something together and a pair is asked for, each does it to the other, as in the
/// table of relations.
fn done_to(e: &EventHead, is_pair: bool) -> &Side {
    if is_pair && e.recipients.names.is_empty() { &e.doers } else { &e.recipients }
}

/// An event of a list by its head.
pub fn head_item(s: &Snapshot, head: &EventHead) -> Value {
    s.event_row(head).map_or(Value::Null, |row| item(s, head.doc as usize, row))
}

/// An event with its sentence in runs.
pub fn item(s: &Snapshot, doc: usize, e: EventRow) -> Value {
    let d = &s.documents[doc];
    let runs = cut(&d.text, e.evidence_start, e.evidence_end, &marks(s, doc, &e));
    let trigger = words(d, e.trigger_start, e.trigger_end).unwrap_or("").to_string();
    let mut value = serde_json::to_value(e).expect("plain data");
    if let Value::Object(map) = &mut value {
        map.insert("path".to_string(), json!(d.path));
        map.insert("label".to_string(), json!(s.labels[doc]));
        map.insert("outlet".to_string(), json!(outlet(d)));
        map.insert("story_id".to_string(), json!(d.story_id));
        map.insert("story_number".to_string(), json!(s.story_of_doc(doc).map(|n| n + 1)));
        map.insert("trigger".to_string(), json!(trigger));
        map.insert("runs".to_string(), json!(runs));
    }
    value
}

/// What stands in an event's sentence.
fn marks(s: &Snapshot, doc: usize, e: &EventRow) -> Vec<Mark> {
    let mark = |start, end, kind, id: String| Mark { start, end, kind, id };
    let mut marks = vec![mark(e.trigger_start, e.trigger_end, "trigger", String::new())];
    let sides = [("actor", &e.actors), ("recipient", &e.recipients)];
    for (kind, side) in sides {
        marks.extend(side.iter().enumerate().map(|(n, p)| mark(p.start, p.end, kind, n.to_string())));
    }
    let said = e.attribution.iter().enumerate();
    marks.extend(said.map(|(n, a)| mark(a.start, a.end, "attribution", n.to_string())));
    let inside = |a: u32, b: u32| a >= e.evidence_start && b <= e.evidence_end;
    for t in s.by_doc.times.of(doc).iter().filter(|t| inside(t.start, t.end)) {
        marks.push(mark(t.start, t.end, "time", t.value.clone()));
    }
    let here = |p: &&PlaceRow| inside(p.start, p.end) && e.place_name.as_deref() == Some(&p.name);
    for p in s.by_doc.places.of(doc).iter().filter(here) {
        marks.push(mark(p.start, p.end, "place", p.name.clone()));
    }
    marks
}

/// Why an event is coded as it is.
pub fn event(c: &Context<'_>, request: &Request) -> Result<Answer, Problem> {
    let s = c.snapshot;
    let key = request.piece("id");
    let (head, row) =
        s.event(key).ok_or_else(|| Problem::missing("event", key).hint("/api/v1/events lists them"))?;
    let doc = head.doc as usize;
    let mentions = s.by_doc.mentions.of(doc);
    let actor = |id: &str| s.actor(id).map(|n| &s.actors[n].row);
    let numbers = row.actors.iter().chain(&row.recipients).filter_map(|p| s.actor(&p.actor_id));
    let roles: Vec<RoleRow> = numbers.flat_map(|n| s.roles(n)).collect();
    let mut parties = parties_of(&row, &mentions, actor, &roles);
    let coded = analysis_of(c.root(), &s.settings, &row.doc_id);
    if let Some(coded) = &coded {
        whole_paths(&mut parties, &row, &coded.annotated);
    }
    let story = s.story_of_doc(doc);
    let chain = story.and_then(|n| s.by_story.chains.of(n).into_iter().find(|x| x.chain_id == row.chain_id));
    let claims = story.map_or(&[][..], |n| s.claims_of(n));
    let told = |x: &&ClaimRow| !row.chain_id.is_empty() && x.chain_id.as_deref() == Some(&row.chain_id);
    let claims: Vec<Value> = claims
        .iter()
        .filter(told)
        .map(|x| json!({"claim_id": x.claim_id, "claim": x.claim, "verdict": x.verdict}))
        .collect();
    let quotes = s.by_doc.quotes.of(doc);
    let quote = quotes.into_iter().find(|q| row.quote_id.as_deref() == Some(&q.quote_id));
    let inside = |t: &&TimeRow| t.start >= row.evidence_start && t.end <= row.evidence_end;
    let times = s.by_doc.times.of(doc);
    let rule = c.app.options.data.as_deref().and_then(|d| rule_of(&d.join("codebook"), &row));
    let article =
        c.app.options.data.as_deref().and_then(|d| as_read(c.root(), &s.documents[doc], &d.join("ingest")));
    let page = |a: u32, b: u32| article.as_ref().map(|article| in_page(article, a, b));
    let corrections: Vec<_> =
        crate::corrections::read(c.root())?.into_iter().filter(|x| x.event_id == row.event_id).collect();
    Answer::json(&json!({
        "parties": parties,
        "tokens": coded.as_ref().map_or(Vec::new(), |x| tokens(&x.annotated, row.sentence)),
        "rule": rule,
        "times": times.iter().filter(inside).collect::<Vec<_>>(),
        "quote": quote.map(|q| QuoteItem::new(s, doc, q)),
        "chain": chain.zip(story).map(|(x, n)| chain_item(s, n, x)),
        "claims": claims,
        "notes": row.notes,
        "story": story.map(|n| json!({"number": n + 1, "story_id": s.stories[n].row.story_id, "title": s.stories[n].item.title})),
        "page": {
            "path": s.documents[doc].path,
            "evidence": page(row.evidence_start, row.evidence_end),
            "trigger": page(row.trigger_start, row.trigger_end),
        },
        "corrections": corrections,
        "event": item(s, doc, row),
    }))
}

/// The words of a sentence with their tree.
fn tokens(doc: &Annotated, sentence: u32) -> Vec<Value> {
    let Some(of) = doc.sentences.get(sentence as usize).map(|x| x.tokens()) else { return Vec::new() };
    let first = of.start;
    let token = |n: usize| {
        let t = doc.tokens.get(n)?;
        let after = doc.tokens.get(n + 1).filter(|_| n + 1 < of.end);
        let space = after.map_or("", |next| if next.span.start > t.span.end { " " } else { "" });
        let head = t.head.and_then(|h| (h as usize).checked_sub(first));
        Some(json!({"text": doc.word(n as u32), "lemma": t.lemma, "tag": t.upos, "head": head, "rel": t.rel,
            "space": space, "start": t.span.start, "end": t.span.end}))
    };
    of.clone().filter_map(token).collect()
}
