//! Documents: the list and one of them with all that rests on its words.

use super::events::item as event_item;
use super::filter::touches;
use super::quotes::QuoteItem;
use super::{Answer, Context, asked_story, outlet, passage};
use crate::problem::Problem;
use crate::request::Request;
use crate::runs::{Mark, Run, TITLE_LETTERS, cut, shortened};
use crate::snapshot::{Snapshot, days};
use polybius_store::rows::*;
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// A document in a list.
#[derive(Debug, Serialize)]
pub struct DocumentItem<'a> {
    doc_id: &'a str,
    path: &'a str,
    url: &'a Option<String>,
    outlet: &'a Option<String>,
    agency: &'a Option<String>,
    title: Option<Cow<'a, str>>,
    byline: Option<Cow<'a, str>>,
    language: &'a str,
    published_at: &'a Option<String>,
    published_precision: &'a str,
    published_basis: &'a str,
    n_words: u32,
    flags: &'a [String],
    story_id: &'a str,
    story_number: Option<usize>,
    story_title: Option<&'a str>,
    origin_id: &'a str,
    label: &'a str,
}

fn item(s: &Snapshot, doc: usize) -> DocumentItem<'_> {
    let d = &s.documents[doc];
    let story = s.story_of_doc(doc);
    DocumentItem {
        doc_id: &d.doc_id,
        path: &d.path,
        url: &d.url,
        outlet: &d.outlet,
        agency: &d.agency,
        title: d.title.as_deref().map(|t| shortened(t, TITLE_LETTERS)),
        byline: d.byline.as_deref().map(|b| shortened(b, TITLE_LETTERS)),
        language: &d.language,
        published_at: &d.published_at,
        published_precision: &d.published_precision,
        published_basis: &d.published_basis,
        n_words: d.n_words,
        flags: &d.flags,
        story_id: &d.story_id,
        story_number: story.map(|n| n + 1),
        story_title: story.map(|n| s.stories[n].item.title.as_str()),
        origin_id: &d.origin_id,
        label: &s.labels[doc],
    }
}

/// The documents that pass every filter, by path.
pub fn documents(c: &Context<'_>, request: &Request) -> Result<Answer, Problem> {
    let s = c.snapshot;
    let window = request.window(s.version)?;
    let story = asked_story(s, request)?;
    let (from, to) = (request.day("from")?, request.day("to")?);
    let (outlets, languages, flags) =
        (request.list("outlet"), request.list("language"), request.list("flag"));
    let found = request.get("q").map(|q| s.search.documents(&s.search.ask(q, &[0], None)));
    let passes = |doc: &usize| {
        let d = &s.documents[*doc];
        let day = d.published_at.as_deref().and_then(|p| p.get(..10));
        let named = outlet(d).unwrap_or_default();
        story.is_none_or(|n| s.story_of_doc(*doc) == Some(n))
            && touches(days(day, day), from, to)
            && (outlets.is_empty() || outlets.contains(&named.as_str()))
            && (languages.is_empty() || languages.contains(&d.language.as_str()))
            && (flags.is_empty() || d.flags.iter().any(|f| flags.contains(&f.as_str())))
            && request.get("path").is_none_or(|part| d.path.contains(part))
            && found.as_ref().is_none_or(|set| set.contains(doc))
    };
    let found: Vec<usize> = s.by_path.iter().map(|&d| d as usize).filter(passes).collect();
    Answer::json(&window.page(found, |d| item(s, d)))
}

/// A segment in runs.
#[derive(Debug, Serialize)]
struct Segment {
    kind: String,
    /// Whether statements may rest on it; furniture otherwise.
    evidence: bool,
    runs: Vec<Run>,
}

/// One document with its runs, marks, events, quotes, and why it is in its story.
pub fn document(c: &Context<'_>, request: &Request) -> Result<Answer, Problem> {
    let s = c.snapshot;
    let key = request.piece("id");
    let doc =
        s.doc(key).ok_or_else(|| Problem::missing("document", key).hint("/api/v1/documents lists them"))?;
    let mut marks = Marks::default();
    let events = marks.events(s, doc);
    let quotes = marks.quotes(s, doc);
    marks.claims(s, doc);
    marks.mentions(s, doc);
    marks.others(s, doc);
    marks.list.sort_by_key(|m| (m.start, m.end));
    let mut value = serde_json::to_value(item(s, doc)).expect("plain data");
    let Value::Object(map) = &mut value else { unreachable!("a struct is an object") };
    map.insert("title".to_string(), json!(s.documents[doc].title));
    map.insert("flag_details".to_string(), flags(s, doc));
    map.insert("segments".to_string(), json!(segments(s, doc, &marks.list)));
    map.insert("marks".to_string(), Value::Object(marks.about));
    map.insert("events".to_string(), json!(events));
    map.insert("quotes".to_string(), json!(quotes));
    map.insert("why".to_string(), why(s, doc));
    map.insert("version".to_string(), s.version.into());
    Answer::json(&value)
}

fn flags(s: &Snapshot, doc: usize) -> Value {
    let sentences = s.by_doc.sentences.of(doc);
    let flag = |f: &FlagRow| {
        let spans = f.starts.iter().zip(&f.ends).filter_map(|(&a, &b)| passage(s, doc, &sentences, a, b));
        json!({"flag": f.flag, "detail": f.detail, "spans": spans.collect::<Vec<_>>()})
    };
    s.documents[doc].flag_details.iter().map(flag).collect()
}

/// All text of a document, segment after segment; what lies between segments is of no kind.
fn segments(s: &Snapshot, doc: usize, marks: &[Mark]) -> Vec<Segment> {
    let text = &s.documents[doc].text;
    let mut rows = s.by_doc.segments.of(doc);
    rows.sort_by_key(|r| (r.start, r.end));
    let mut out = Vec::new();
    let mut at = 0;
    let mut next = 0;
    let mut add = |kind: &str, start: u32, end: u32| {
        // Marks are in order: those that end before this segment are passed once, save long ones.
        while next < marks.len() && marks[next].end <= start {
            next += 1;
        }
        let last = next + marks[next..].partition_point(|m| m.start < end);
        let runs = cut(text, start, end, &marks[next..last]);
        if !runs.is_empty() {
            let evidence = matches!(kind, "body" | "title" | "subhead" | "teaser");
            out.push(Segment { kind: kind.to_string(), evidence, runs });
        }
    };
    for r in &rows {
        if r.start > at {
            add("gap", at, r.start);
        }
        if r.end > at {
            add(&r.kind, r.start.max(at), r.end);
            at = r.end;
        }
    }
    if (at as usize) < text.len() {
        add(if rows.is_empty() { "body" } else { "gap" }, at, text.len() as u32);
    }
    out
}

fn why(s: &Snapshot, doc: usize) -> Value {
    let Some(story) = s.story_of_doc(doc) else { return Value::Null };
    let id = &s.documents[doc].doc_id;
    let members = s.by_story.members.of(story);
    members.iter().find(|m| m.doc_id == *id).map_or(Value::Null, |m| {
        json!({"score": m.score, "reasons": m.reasons, "origin_id": m.origin_id, "origin_reason": m.origin_reason})
    })
}

/// Stretches of one document and what each mark is.
#[derive(Default)]
struct Marks {
    list: Vec<Mark>,
    about: Map<String, Value>,
}

impl Marks {
    fn add(&mut self, kind: &'static str, id: &str, start: u32, end: u32) {
        self.list.push(Mark { start, end, kind, id: id.to_string() });
    }

    fn events(&mut self, s: &Snapshot, doc: usize) -> Vec<Value> {
        let rows = s.by_doc.events.of(doc);
        for e in &rows {
            self.add("event", &e.event_id, e.trigger_start, e.trigger_end);
            let title = format!("{} {}", e.event_type, parties(e));
            self.about.insert(
                e.event_id.clone(),
                json!({"kind": "event", "title": title, "polarity": e.polarity, "modality": e.modality,
                    "start": e.trigger_start, "end": e.trigger_end}),
            );
        }
        rows.into_iter().map(|e| event_item(s, doc, e)).collect()
    }

    fn quotes(&mut self, s: &Snapshot, doc: usize) -> Vec<QuoteItem> {
        let items: Vec<QuoteItem> =
            s.by_doc.quotes.of(doc).into_iter().map(|q| QuoteItem::new(s, doc, q)).collect();
        for q in &items {
            self.add("quote", &q.quote_id, q.start, q.end);
            let who = if q.speaker_name.is_empty() { &q.speaker_text } else { &q.speaker_name };
            self.about.insert(
                q.quote_id.clone(),
                json!({"kind": "quote", "title": format!("{who} ({})", q.kind), "start": q.start, "end": q.end}),
            );
        }
        items
    }

    fn claims(&mut self, s: &Snapshot, doc: usize) {
        let story = s.story_of_doc(doc);
        let claims = story.map_or(&[][..], |n| s.claims_of(n));
        let number: BTreeMap<&str, usize> =
            claims.iter().enumerate().map(|(n, c)| (c.claim_id.as_str(), n)).collect();
        for cell in s.by_doc.cells.of(doc) {
            let Some(&n) = number.get(cell.claim_id.as_str()) else { continue };
            for span in &cell.spans {
                self.add("claim", &cell.claim_id, span.start, span.end);
            }
            let first = cell.spans.first();
            let about = json!({"kind": "claim", "title": claims[n].claim, "verdict": claims[n].verdict,
                "number": n + 1, "stance": cell.stance, "start": first.map(|x| x.start), "end": first.map(|x| x.end)});
            self.about.insert(cell.claim_id, about);
        }
    }

    fn mentions(&mut self, s: &Snapshot, doc: usize) {
        for m in s.by_doc.mentions.of(doc) {
            let Some(actor) = m.actor_id.as_deref().and_then(|id| s.actor(id)) else { continue };
            if !matches!(m.kind.as_str(), "named" | "nominal") {
                continue;
            }
            self.add("mention", &m.mention_id, m.start, m.end);
            let actor = &s.actors[actor].row;
            let about = json!({"kind": "mention", "title": format!("{} {}", actor.name, actor.code).trim_end(),
                "actor_id": actor.actor_id, "start": m.start, "end": m.end});
            self.about.insert(m.mention_id, about);
        }
    }

    fn others(&mut self, s: &Snapshot, doc: usize) {
        for (n, t) in s.by_doc.times.of(doc).into_iter().enumerate() {
            let id = format!("time-{n}");
            self.add("time", &id, t.start, t.end);
            let value = if t.value.is_empty() { "unresolved" } else { &t.value };
            self.about.insert(
                id,
                json!({"kind": "time", "title": format!("{value}: {}", t.basis), "start": t.start, "end": t.end}),
            );
        }
        for (n, p) in s.by_doc.places.of(doc).into_iter().enumerate() {
            let id = format!("place-{n}");
            self.add("place", &id, p.start, p.end);
            let about = json!({"kind": "place", "title": format!("{} {}", p.name, p.country).trim_end(),
                "lat": p.lat, "lon": p.lon, "start": p.start, "end": p.end});
            self.about.insert(id, about);
        }
        for (n, f) in s.documents[doc].flag_details.iter().enumerate() {
            let id = format!("flag-{n}");
            for (&start, &end) in f.starts.iter().zip(&f.ends) {
                self.add("flag", &id, start, end);
            }
            self.about.insert(
                id,
                json!({"kind": "flag", "title": format!("{}: {}", f.flag.replace('_', " "), f.detail),
                    "start": f.starts.first(), "end": f.ends.first()}),
            );
        }
    }
}

/// `Moon Jae-in → Kim Jong Un`, `A ↔ B`.
pub fn parties(e: &EventRow) -> String {
    let (doers, recipients) = (names(&e.actors), names(&e.recipients));
    match (doers.is_empty(), recipients.is_empty()) {
        (true, true) => "?".to_string(),
        (true, false) => format!("? → {}", recipients.join(", ")),
        (false, true) if doers.len() > 1 => doers.join(" ↔ "),
        (false, true) => doers.join(", "),
        (false, false) => format!("{} → {}", doers.join(", "), recipients.join(", ")),
    }
}

/// Each name once, in order.
fn names(parties: &[PartyRow]) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for p in parties.iter().filter(|p| !p.name.is_empty()) {
        if !names.contains(&p.name.as_str()) {
            names.push(&p.name);
        }
    }
    names
}
