//! Who is quoted, and how the documents write the actors.

use super::Texts;
use crate::story::rows::StoryRows;
use crate::story::view::*;
use crate::story::words::{differing, runs};
use polybius_store::rows::*;
use std::collections::{BTreeMap, BTreeSet};

pub fn speakers(rows: &StoryRows, texts: &Texts<'_>) -> Vec<SpeakerView> {
    let mut quotes: Vec<&QuoteRow> =
        rows.quotes.iter().filter(|q| texts.index.contains_key(&q.doc_id)).collect();
    quotes.sort_by(|a, b| {
        (texts.index[&a.doc_id], a.start, a.end).cmp(&(texts.index[&b.doc_id], b.start, b.end))
    });
    let mut speakers: Vec<SpeakerView> = Vec::new();
    for q in quotes {
        let Some(span) = texts.span(&q.doc_id, q.start, q.end) else { continue };
        let actor = q.speaker_actor_id.as_ref().and_then(|id| rows.actors.get(id));
        let rendering = RenderingView {
            quote_id: q.quote_id.clone(),
            kind: q.kind.clone(),
            cue: texts.slice(&q.doc_id, q.cue_start, q.cue_end),
            speaker_text: texts.slice(&q.doc_id, q.speaker_start, q.speaker_end),
            span,
            differs: Vec::new(),
            runs: Vec::new(),
        };
        let at = speakers.iter().position(|s| s.actor_id == q.speaker_actor_id).unwrap_or_else(|| {
            speakers.push(SpeakerView {
                actor_id: q.speaker_actor_id.clone(),
                name: actor.map(|a| a.name.clone()),
                code: actor.map(|a| a.code.clone()).unwrap_or_default(),
                utterances: Vec::new(),
            });
            speakers.len() - 1
        });
        let utterances = &mut speakers[at].utterances;
        let own = !q.utterance_id.is_empty();
        match utterances.iter_mut().find(|u| own && u.utterance_id == q.utterance_id) {
            Some(u) => u.renderings.push(rendering),
            None => {
                utterances.push(UtteranceView {
                    utterance_id: q.utterance_id.clone(),
                    renderings: vec![rendering],
                });
            }
        }
    }
    for speaker in &mut speakers {
        for u in &mut speaker.utterances {
            let words: Vec<&str> = u.renderings.iter().map(|r| r.span.text.as_str()).collect();
            let differs = differing(&words);
            for (r, d) in u.renderings.iter_mut().zip(differs) {
                r.runs = runs(&r.span.text, &d);
                r.differs = d;
            }
        }
        // Most renderings first; the sort keeps the order of the documents otherwise.
        speaker.utterances.sort_by_key(|u| std::cmp::Reverse(u.renderings.len()));
    }
    let weight = |s: &SpeakerView| s.utterances.iter().map(|u| u.renderings.len()).sum::<usize>();
    speakers.sort_by(|a, b| {
        (a.name.is_none(), std::cmp::Reverse(weight(a)), &a.name).cmp(&(
            b.name.is_none(),
            std::cmp::Reverse(weight(b)),
            &b.name,
        ))
    });
    speakers
}

pub fn names(rows: &StoryRows, texts: &Texts<'_>, events: &[EventRow]) -> Vec<NameView> {
    let parties: BTreeSet<&str> = events
        .iter()
        .flat_map(|e| e.actors.iter().chain(&e.recipients))
        .map(|p| p.actor_id.as_str())
        .collect();
    // What the texts say goes before what the tables know of the story's days.
    let counts = |r: &&RoleRow| match &r.doc_id {
        Some(doc_id) => texts.index.contains_key(doc_id),
        None => held_then(r, &rows.story),
    };
    let mut roles: Vec<&RoleRow> = rows.roles.iter().filter(counts).collect();
    roles.sort_by_key(|r| r.doc_id.is_none());
    let mut offices: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for role in roles {
        let list = offices.entry(&role.actor_id).or_default();
        if !list.iter().any(|known| known.eq_ignore_ascii_case(&role.title)) {
            list.push(role.title.clone());
        }
    }
    let named = |m: &&MentionRow| texts.index.contains_key(&m.doc_id) && m.kind == "named";
    let mut mentions: Vec<&MentionRow> = rows.mentions.iter().filter(named).collect();
    mentions.sort_by(|a, b| (texts.index[&a.doc_id], a.start).cmp(&(texts.index[&b.doc_id], b.start)));
    let mut names: BTreeMap<String, NameView> = BTreeMap::new();
    for m in mentions {
        let Some(actor) = m.actor_id.as_ref().and_then(|id| rows.actors.get(id)) else { continue };
        let Some(first) = texts.span(&m.doc_id, m.start, m.end) else { continue };
        if !actor.excluded.is_empty() {
            continue;
        }
        let document = first.document;
        let name = names.entry(actor.actor_id.clone()).or_insert_with(|| NameView {
            actor_id: actor.actor_id.clone(),
            name: actor.name.clone(),
            kind: actor.kind.clone(),
            code: actor.code.clone(),
            sector: actor.sector.clone(),
            offices: offices.get(actor.actor_id.as_str()).cloned().unwrap_or_default(),
            variants: Vec::new(),
            reasons: actor.reasons.clone(),
        });
        match name.variants.iter_mut().find(|v| v.text == m.text) {
            Some(v) => {
                v.times += 1;
                if v.documents.last() != Some(&document) {
                    v.documents.push(document);
                }
            }
            None => {
                name.variants.push(VariantView {
                    text: m.text.clone(),
                    documents: vec![document],
                    times: 1,
                    first,
                });
            }
        }
    }
    let mut names: Vec<NameView> = names
        .into_values()
        .filter(|n| parties.contains(n.actor_id.as_str()) || n.variants.len() > 1)
        .collect();
    for n in &mut names {
        n.variants.sort_by_key(|v| std::cmp::Reverse(v.times));
    }
    let times = |n: &NameView| n.variants.iter().map(|v| v.times).sum::<usize>();
    names.sort_by(|a, b| {
        (a.kind != "person", std::cmp::Reverse(times(a)), &a.name).cmp(&(
            b.kind != "person",
            std::cmp::Reverse(times(b)),
            &b.name,
        ))
    });
    names
}

/// Whether an office of the tables was held in the story's days; without days nothing speaks against it.
fn held_then(role: &RoleRow, story: &StoryRow) -> bool {
    let (Some(first), Some(last)) =
        (&story.date_start, story.date_end.as_ref().or(story.date_start.as_ref()))
    else {
        return true;
    };
    (role.start_date.is_empty() || role.start_date <= *last)
        && (role.end_date.is_empty() || role.end_date > *first)
}
