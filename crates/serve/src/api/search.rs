//! Full-text search.

use super::{Answer, Context, asked_story, words};
use crate::problem::Problem;
use crate::request::Request;
use crate::runs::{TITLE_LETTERS, shortened};
use crate::search::{Asked, Hit, KINDS};
use crate::snapshot::Snapshot;
use serde_json::{Value, json};

/// Letters of a query at most.
pub const QUERY_LETTERS: usize = 500;

/// What was found, best first.
pub fn search(c: &Context<'_>, request: &Request) -> Result<Answer, Problem> {
    let s = c.snapshot;
    let window = request.window(s.version)?;
    let Some(q) = request.get("q") else {
        return Err(Problem::bad("there is nothing to look for").hint("give words with ?q="));
    };
    if q.chars().count() > QUERY_LETTERS {
        return Err(Problem::bad("the query is too long").hint(format!("at most {QUERY_LETTERS} letters")));
    }
    let kinds = request.some_of("kind", &KINDS)?;
    let kinds: Vec<usize> = kinds.iter().filter_map(|k| KINDS.iter().position(|known| known == k)).collect();
    let asked = s.search.ask(q, &kinds, asked_story(s, request)?);
    let (hits, total) = s.search.find(&asked, window.offset, window.limit);
    let items = hits.into_iter().filter_map(|hit| item(s, &asked, hit)).collect();
    Answer::json(&window.finish::<Value>(items, total))
}

fn item(s: &Snapshot, asked: &Asked, hit: Hit) -> Option<Value> {
    let kind = KINDS.get(hit.kind)?;
    let (id, title, doc, story, runs, start) = match *kind {
        "document" => {
            let d = s.documents.get(hit.number)?;
            let (start, end) = best_sentence(s, asked, hit.number);
            let runs = asked.runs(words(d, start, end).unwrap_or(""));
            let title = shortened(d.title.as_deref().unwrap_or(&d.path), TITLE_LETTERS).into_owned();
            (d.doc_id.clone(), title, Some(hit.number), s.story_of_doc(hit.number), runs, Some(start))
        }
        "quote" => {
            let doc = hit.doc?;
            let q = s.by_doc.quotes.of(doc).into_iter().nth(hit.number)?;
            let q = super::quotes::QuoteItem::new(s, doc, q);
            let who = if q.speaker_name.is_empty() { &q.speaker_text } else { &q.speaker_name };
            (
                q.quote_id.clone(),
                who.clone(),
                Some(doc),
                s.story_of_doc(doc),
                asked.runs(&q.text),
                Some(q.start),
            )
        }
        _ => {
            let c = s.claims.get(hit.number)?;
            (c.claim_id.clone(), c.verdict.clone(), None, s.story(&c.story_id), asked.runs(&c.claim), None)
        }
    };
    let d = doc.map(|d| &s.documents[d]);
    Some(json!({
        "kind": kind, "id": id, "score": hit.score, "title": title, "doc_id": d.map(|d| &d.doc_id),
        "outlet": d.and_then(super::outlet), "published_at": d.and_then(|d| d.published_at.as_ref()),
        "label": doc.map(|d| &s.labels[d]), "story_id": story.map(|n| &s.stories[n].row.story_id),
        "story_number": story.map(|n| n + 1), "story_title": story.map(|n| &s.stories[n].item.title), "runs": runs,
        "start": start,
    }))
}

/// The sentence with most of the words; the beginning of the text where no sentence has any.
fn best_sentence(s: &Snapshot, asked: &Asked, doc: usize) -> (u32, u32) {
    let d = &s.documents[doc];
    let mut best = (0, (0, 0));
    for x in s.by_doc.sentences.of(doc) {
        let weight = words(d, x.start, x.end).map_or(0, |w| asked.weight(w));
        if weight > best.0 {
            best = (weight, (x.start, x.end));
        }
    }
    if best.0 > 0 {
        return best.1;
    }
    let mut end = d.text.len().min(200);
    while !d.text.is_char_boundary(end) {
        end -= 1;
    }
    (0, end as u32)
}
