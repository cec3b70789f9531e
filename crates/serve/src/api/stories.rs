//! Stories: the list and one of them.

use super::filter::{MODALITIES, POLARITIES, Who, allowed, any, event_types, touches};
use super::{Answer, Context};
use crate::problem::Problem;
use crate::request::Request;
use crate::snapshot::{Snapshot, StoryEntry, StoryItem};
use polybius_view::story::gather;
use serde_json::Value;

/// The stories that pass every filter.
pub fn stories(c: &Context<'_>, request: &Request) -> Result<Answer, Problem> {
    let s = c.snapshot;
    let window = request.window(s.version)?;
    let passes = filter(s, request)?;
    let mut found: Vec<usize> = (0..s.stories.len()).filter(|&n| passes(n, &s.stories[n])).collect();
    let day = |n: &usize| s.stories[*n].dates.map(|d| d.0);
    match request.one_of("sort", &["size", "newest", "oldest", "conflicts"])?.unwrap_or("size") {
        "newest" => found.sort_by_key(|n| std::cmp::Reverse(day(n))),
        "oldest" => found.sort_by_key(|n| (day(n).is_none(), day(n))),
        "conflicts" => found.sort_by_key(|n| std::cmp::Reverse(s.stories[*n].item.n_conflicts)),
        _ => {}
    }
    Answer::json(&window.page(found, |n| -> &StoryItem { &s.stories[n].item }))
}

/// The filter of a request, as the feed uses it too.
pub fn filter<'a>(
    s: &'a Snapshot,
    request: &Request,
) -> Result<impl Fn(usize, &StoryEntry) -> bool + use<'a>, Problem> {
    let (from, to) = (request.day("from")?, request.day("to")?);
    let who: Vec<Who> = request.list("actor").into_iter().map(|key| Who::new(s, key)).collect();
    let countries = allowed(s, &request.list("country"));
    let types = event_types(request)?;
    let types = allowed(s, &types.iter().map(String::as_str).collect::<Vec<_>>());
    let modes = allowed(s, &request.list("mode"));
    let polarities = allowed(s, &request.some_of("polarity", &POLARITIES)?);
    let modalities = allowed(s, &request.some_of("modality", &MODALITIES)?);
    let owned = |name: &str| request.list(name).into_iter().map(str::to_string).collect::<Vec<_>>();
    let (outlets, flags) = (owned("outlet"), owned("flag"));
    let found = request.get("q").map(|q| s.search.stories(&s.search.ask(q, &[], None)));
    Ok(move |n: usize, e: &StoryEntry| {
        touches(e.dates, from, to)
            && (who.is_empty() || who.iter().any(|w| w.is_in_story(&e.has)))
            && any(&countries, |w| e.has.codes.contains(w) || e.has.countries.contains(w))
            && any(&types, |w| e.has.types.contains(w))
            && any(&modes, |w| e.has.modes.contains(w))
            && any(&polarities, |w| e.has.polarities.contains(w))
            && any(&modalities, |w| e.has.modalities.contains(w))
            && (outlets.is_empty() || e.item.outlets.iter().any(|o| outlets.contains(o)))
            && (flags.is_empty() || e.item.flags.iter().any(|f| flags.contains(&f.value)))
            && found.as_ref().is_none_or(|set| set.contains(&n))
    })
}

/// One story, without the texts of its documents.
pub fn story(c: &Context<'_>, request: &Request) -> Result<Answer, Problem> {
    let s = c.snapshot;
    let n = asked(s, request)?;
    let mut view = gather(&s.story_rows(n));
    for d in &mut view.documents {
        d.text.clear();
        d.segments.clear();
    }
    let place = |id: &str| view.documents.iter().position(|d| d.doc_id == id);
    let mut events: Vec<_> = std::mem::take(&mut view.events)
        .into_iter()
        .map(|e| (place(&e.doc_id), e.trigger_start, e.event_id))
        .collect();
    events.sort();
    let mut value = serde_json::to_value(&view).expect("plain data");
    if let Value::Object(map) = &mut value {
        map.insert("version".to_string(), s.version.into());
        map.insert("events".to_string(), events.into_iter().map(|e| e.2).collect());
    }
    Answer::json(&value)
}

/// One story as a page that needs nothing else.
pub fn story_page(c: &Context<'_>, request: &Request) -> Result<Answer, Problem> {
    let s = c.snapshot;
    let n = asked(s, request)?;
    request.one_of("format", &["html"])?;
    let page = (c.app.options.report)(&gather(&s.story_rows(n)));
    Ok(Answer {
        status: 200,
        content_type: "text/html; charset=utf-8",
        body: page.into_bytes(),
        attachment: Some(format!("{}.html", s.stories[n].row.story_id)),
    })
}

fn asked(s: &Snapshot, request: &Request) -> Result<usize, Problem> {
    let key = request.piece("id");
    s.story(key).ok_or_else(|| Problem::missing("story", key).hint("/api/v1/stories lists them"))
}
