//! Stories as lists show and filter them.

use super::{Snapshot, Word, days};
use crate::runs::{TITLE_LETTERS, shortened};
use jiff::civil::Date;
use polybius_store::rows::StoryRow;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Serialize;
use std::collections::BTreeMap;

/// Actors and types that an item names at most; days of its sparkline.
const ACTORS: usize = 8;
const TYPES: usize = 6;
const SPARKLINE_DAYS: usize = 60;

/// A story with all that lists need.
pub struct StoryEntry {
    pub row: StoryRow,
    pub docs: Vec<u32>,
    pub item: StoryItem,
    pub dates: Option<(Date, Date)>,
    /// What its events and documents can be filtered by.
    pub has: StoryHas,
}

/// Words that a story's events and documents hold.
#[derive(Debug, Default)]
#[allow(missing_docs)]
pub struct StoryHas {
    pub types: FxHashSet<Word>,
    pub modes: FxHashSet<Word>,
    pub polarities: FxHashSet<Word>,
    pub modalities: FxHashSet<Word>,
    pub codes: FxHashSet<Word>,
    pub countries: FxHashSet<Word>,
    pub actors: FxHashSet<u32>,
}

/// A story in a list.
#[derive(Debug, Clone, Serialize)]
#[allow(missing_docs)]
pub struct StoryItem {
    pub story_id: String,
    pub number: usize,
    pub title: String,
    pub date_start: Option<String>,
    pub date_end: Option<String>,
    pub n_documents: u32,
    pub n_origins: u32,
    pub n_claims: usize,
    pub n_corroborated: usize,
    pub n_differs: usize,
    pub n_contradicted: usize,
    pub n_conflicts: usize,
    pub n_events: usize,
    pub outlets: Vec<String>,
    pub countries: Vec<String>,
    pub types: Vec<Counted>,
    pub flags: Vec<Counted>,
    pub languages: Vec<String>,
    pub actors: Vec<StoryActor>,
    pub sparkline: Vec<Day>,
}

/// A value and how often it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Counted {
    pub value: String,
    pub n: usize,
}

/// An actor of a story and in how many of its events it is.
#[derive(Debug, Clone, Serialize)]
#[allow(missing_docs)]
pub struct StoryActor {
    pub actor_id: String,
    pub name: String,
    pub code: String,
    pub n: usize,
}

/// Documents published on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Day {
    pub day: String,
    pub n: usize,
}

/// Values by how often they stand, the more frequent first.
pub fn counted(values: impl Iterator<Item = String>) -> Vec<Counted> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for v in values.filter(|v| !v.is_empty()) {
        *counts.entry(v).or_default() += 1;
    }
    let mut list: Vec<Counted> = counts.into_iter().map(|(value, n)| Counted { value, n }).collect();
    list.sort_by(|a, b| b.n.cmp(&a.n).then(a.value.cmp(&b.value)));
    list
}

/// The entries of all stories, which are in the order of their numbers.
pub fn entries(rows: Vec<StoryRow>, snapshot: &Snapshot) -> Vec<StoryEntry> {
    let mut docs: Vec<Vec<u32>> = vec![Vec::new(); rows.len()];
    for d in 0..snapshot.documents.len() {
        if let Some(s) = snapshot.story_of_doc(d) {
            docs[s].push(d as u32);
        }
    }
    let mut events: FxHashMap<u32, Vec<usize>> = FxHashMap::default();
    for (n, e) in snapshot.events.iter().enumerate() {
        events.entry(e.doc).or_default().push(n);
    }
    rows.into_iter()
        .zip(docs)
        .enumerate()
        .map(|(n, (row, docs))| {
            let own: Vec<usize> =
                docs.iter().flat_map(|d| events.get(d).into_iter().flatten().copied()).collect();
            entry(n, row, docs, &own, snapshot)
        })
        .collect()
}

fn entry(n: usize, row: StoryRow, docs: Vec<u32>, events: &[usize], s: &Snapshot) -> StoryEntry {
    let has = has(events, s);
    let claims = s.claims_of(n);
    let verdict = |words: &[&str]| claims.iter().filter(|c| words.contains(&c.verdict.as_str())).count();
    let documents = || docs.iter().map(|&d| &s.documents[d as usize]);
    let outlets = counted(documents().filter_map(|d| d.outlet.clone().or(d.agency.clone())));
    let languages = counted(documents().map(|d| d.language.clone()));
    let types = events.iter().map(|&e| s.words.word(s.events[e].event_type).to_string());
    let mut types = counted(types);
    types.truncate(TYPES);
    let mut sparkline =
        counted(documents().filter_map(|d| Some(d.published_at.as_ref()?.get(..10)?.to_string())))
            .into_iter()
            .map(|c| Day { day: c.value, n: c.n })
            .collect::<Vec<_>>();
    sparkline.sort_by(|a, b| a.day.cmp(&b.day));
    sparkline.drain(..sparkline.len().saturating_sub(SPARKLINE_DAYS));
    let item = StoryItem {
        story_id: row.story_id.clone(),
        number: n + 1,
        title: shortened(&row.title, TITLE_LETTERS).into_owned(),
        date_start: row.date_start.clone(),
        date_end: row.date_end.clone(),
        n_documents: row.n_documents,
        n_origins: row.n_origins,
        n_claims: claims.len(),
        n_corroborated: verdict(&["corroborated"]),
        n_differs: verdict(&["differs"]),
        n_contradicted: verdict(&["contradicted", "self-inconsistent"]),
        n_conflicts: s.by_story.conflicts.of(n).len(),
        n_events: events.len(),
        outlets: outlets.into_iter().map(|c| c.value).collect(),
        countries: codes(events, s),
        types,
        flags: counted(documents().flat_map(|d| d.flags.iter().cloned())),
        languages: languages.into_iter().map(|c| c.value).collect(),
        actors: actors(events, s),
        sparkline,
    };
    let dates = days(row.date_start.as_deref(), row.date_end.as_deref());
    StoryEntry { row, docs, item, dates, has }
}

fn has(events: &[usize], s: &Snapshot) -> StoryHas {
    let mut has = StoryHas::default();
    for e in events.iter().map(|&e| &s.events[e]) {
        has.types.insert(e.event_type);
        has.modes.extend(e.modes.iter());
        has.polarities.insert(e.polarity);
        has.modalities.insert(e.modality);
        has.countries.insert(e.country);
        has.codes.extend(e.doers.codes.iter().chain(&e.recipients.codes));
        has.actors.extend(e.doers.actors.iter().chain(&e.recipients.actors));
    }
    has
}

/// Codes of the parties, those of most events first.
fn codes(events: &[usize], s: &Snapshot) -> Vec<String> {
    let of = events.iter().map(|&e| &s.events[e]).flat_map(|e| {
        let mut own: Vec<Word> = e.doers.codes.iter().chain(&e.recipients.codes).copied().collect();
        own.sort_unstable();
        own.dedup();
        own
    });
    counted(of.map(|w| s.words.word(w).to_string())).into_iter().map(|c| c.value).collect()
}

fn actors(events: &[usize], s: &Snapshot) -> Vec<StoryActor> {
    let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
    for e in events.iter().map(|&e| &s.events[e]) {
        for &a in e.doers.actors.iter().chain(&e.recipients.actors) {
            *counts.entry(a).or_default() += 1;
        }
    }
    let mut list: Vec<StoryActor> = counts
        .into_iter()
        .map(|(a, n)| {
            let row = &s.actors[a as usize].row;
            StoryActor { actor_id: row.actor_id.clone(), name: row.name.clone(), code: row.code.clone(), n }
        })
        .collect();
    list.sort_by(|a, b| b.n.cmp(&a.n).then(a.actor_id.cmp(&b.actor_id)));
    list.truncate(ACTORS);
    list
}
