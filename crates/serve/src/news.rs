//! What a version of a store says that an earlier one did not: stories that are new or changed, conflicts that are new.

use crate::api::{conflict_item, stories_filter};
use crate::problem::Problem;
use crate::request::Request;
use crate::runs::shortened_all;
use crate::snapshot::{Snapshot, StoryItem};
use polybius_store::rows::ConflictRow;
use polybius_store::{Store, StoreError};
use polybius_text::stable_hash;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Letters of one text in a piece of news at most.
const LETTERS: usize = 2000;

/// What a version said, in hashes: enough to tell whether the next one says something else.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// By document: the index of its story.
    docs: BTreeMap<u64, u32>,
    stories: Vec<SaidStory>,
    conflicts: BTreeSet<u64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct SaidStory {
    story_id: String,
    hash: u64,
}

/// What became of a story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Became {
    /// None of its documents was there before.
    New,
    /// It says something else; the ids that its documents were under before, where those are others.
    Changed(Vec<String>),
}

impl Said {
    /// What a snapshot says.
    pub(crate) fn of(s: &Snapshot) -> Said {
        let mut said = Said::default();
        for (n, e) in s.stories.iter().enumerate() {
            let key = |&d: &u32| (key_of(&s.documents[d as usize].doc_id), n as u32);
            said.docs.extend(e.docs.iter().map(key));
            said.stories.push(SaidStory { story_id: e.row.story_id.clone(), hash: story_hash(&e.item) });
            said.conflicts.extend(s.by_story.conflicts.of(n).iter().map(conflict_key));
        }
        said
    }

    /// What became of a story of a later snapshot; `None` where it is as it was.
    pub(crate) fn became(&self, s: &Snapshot, story: usize) -> Option<Became> {
        let e = &s.stories[story];
        let index = |&d: &u32| self.docs.get(&key_of(&s.documents[d as usize].doc_id)).copied();
        let before: BTreeSet<u32> = e.docs.iter().filter_map(index).collect();
        let before: Vec<&SaidStory> = before.iter().filter_map(|n| self.stories.get(*n as usize)).collect();
        match before.as_slice() {
            [] => Some(Became::New),
            [one] if one.story_id == e.row.story_id && one.hash == story_hash(&e.item) => None,
            several => {
                let others = several.iter().map(|b| &b.story_id).filter(|id| **id != e.row.story_id);
                Some(Became::Changed(others.cloned().collect()))
            }
        }
    }

    /// The conflicts of a story of a later snapshot that were not there with these values.
    pub(crate) fn new_conflicts(&self, s: &Snapshot, story: usize) -> Vec<ConflictRow> {
        let mut rows = s.by_story.conflicts.of(story);
        rows.retain(|row| !self.conflicts.contains(&conflict_key(row)));
        rows
    }
}

fn key_of(id: &str) -> u64 {
    stable_hash(&[id])
}

/// What a reader would call a change: not the order of the claims, nor the number of the story.
fn story_hash(item: &StoryItem) -> u64 {
    let days = [&item.date_start, &item.date_end].map(|d| d.as_deref().unwrap_or(""));
    let counts = format!(
        "{} {} {} {} {}",
        item.n_documents, item.n_origins, item.n_claims, item.n_conflicts, item.n_events
    );
    stable_hash(&[item.title.as_str(), days[0], days[1], counts.as_str()])
}

/// Field and values, whatever the story is called now.
fn conflict_key(row: &ConflictRow) -> u64 {
    let values: Vec<String> =
        row.values.iter().map(|v| format!("{} {} {}", v.doc_id, v.start, v.value)).collect();
    let mut parts = vec![row.field.as_str()];
    parts.extend(values.iter().map(String::as_str));
    stable_hash(&parts)
}

/// What may be told; the names are those of the payloads.
pub const NEWS_KINDS: [&str; 3] = ["story.new", "story.changed", "conflict.new"];

/// Which news is wanted. An empty list wants all; several lists are joined by *and*, as in the API.
#[derive(Debug, Default, Clone)]
pub struct NewsFilter {
    /// Out of [`NEWS_KINDS`].
    pub kinds: Vec<String>,
    /// Codes of countries.
    pub countries: Vec<String>,
    /// PLOVER types.
    pub types: Vec<String>,
    /// Codes or parts of names.
    pub actors: Vec<String>,
    /// Names of outlets.
    pub outlets: Vec<String>,
}

impl NewsFilter {
    fn wants(&self, kind: &str) -> bool {
        self.kinds.is_empty() || self.kinds.iter().any(|k| k == kind)
    }

    /// The filter of the story list that means the same.
    fn request(&self) -> Request {
        let lists = [
            ("country", &self.countries),
            ("type", &self.types),
            ("actor", &self.actors),
            ("outlet", &self.outlets),
        ];
        let query = lists.iter().map(|(name, list)| (name.to_string(), list.join(",")));
        Request { query: query.collect(), ..Request::default() }
    }

    /// Whether the words of the filter are words that there are.
    ///
    /// # Errors
    /// An event type or a kind of news that does not exist.
    pub fn check(&self) -> Result<(), Problem> {
        let kinds = Request {
            query: BTreeMap::from([("kinds".to_string(), self.kinds.join(","))]),
            ..Request::default()
        };
        kinds.some_of("kinds", &NEWS_KINDS)?;
        crate::api::event_types(&self.request()).map(|_| ())
    }
}

/// One piece of news.
#[derive(Debug, Clone, PartialEq)]
pub struct News {
    /// One of [`NEWS_KINDS`].
    pub kind: &'static str,
    /// The story as in lists, or the conflict as in lists.
    pub data: Value,
}

/// One version of a store, to be compared with what an earlier one said.
pub struct Edition(Snapshot);

impl Edition {
    /// Reads the last version.
    pub fn load(store: &Store) -> Result<Edition, StoreError> {
        Snapshot::load(store).map(Edition)
    }

    /// Its version.
    pub fn version(&self) -> u64 {
        self.0.version
    }

    /// When it was made, ISO 8601.
    pub fn at(&self) -> &str {
        &self.0.at
    }

    /// What it says.
    pub fn said(&self) -> Said {
        Said::of(&self.0)
    }

    /// What is new in it, story after story.
    pub fn news(&self, before: &Said, filter: &NewsFilter) -> Result<Vec<News>, Problem> {
        let s = &self.0;
        let passes = stories_filter(s, &filter.request())?;
        let mut news = Vec::new();
        for (n, e) in s.stories.iter().enumerate().filter(|(n, e)| passes(*n, e)) {
            if let Some(became) = before.became(s, n) {
                news.extend(Some(story_news(&e.item, became)).filter(|x| filter.wants(x.kind)));
            }
            if filter.wants("conflict.new") {
                news.extend(before.new_conflicts(s, n).into_iter().map(|row| conflict_news(s, n, row)));
            }
        }
        Ok(news)
    }
}

fn story_news(item: &StoryItem, became: Became) -> News {
    let (kind, replaces) = match became {
        Became::New => ("story.new", Vec::new()),
        Became::Changed(before) => ("story.changed", before),
    };
    let mut data = serde_json::to_value(item).expect("plain data");
    if let Value::Object(map) = &mut data {
        map.remove("sparkline");
        // A number is that of one version only.
        map.remove("number");
        map.insert("replaces".to_string(), json!(replaces));
    }
    shortened_all(&mut data, LETTERS);
    News { kind, data }
}

fn conflict_news(s: &Snapshot, story: usize, row: ConflictRow) -> News {
    let mut data = conflict_item(s, story, row);
    if let Value::Object(map) = &mut data {
        map.remove("story_number");
        let item = &s.stories[story].item;
        map.insert("countries".to_string(), json!(item.countries));
    }
    shortened_all(&mut data, LETTERS);
    News { kind: "conflict.new", data }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_with_words_that_do_not_exist_is_refused() {
        let with = |kinds: &[&str], types: &[&str]| NewsFilter {
            kinds: kinds.iter().map(|k| k.to_string()).collect(),
            types: types.iter().map(|t| t.to_string()).collect(),
            ..NewsFilter::default()
        };
        assert!(with(&["story.new", "conflict.new"], &["assault"]).check().is_ok());
        assert!(with(&["story.gone"], &[]).check().unwrap_err().title.contains("story.gone"));
        assert!(with(&[], &["PARTY"]).check().unwrap_err().title.contains("PARTY"));
    }
}
