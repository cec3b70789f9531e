//! What a run changed: stories that are new, that grew, that were joined by a bridge or split, against the version before.

use polybius_store::Store;
use polybius_store::rows::{DocumentRow, StoryRow};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Lines of one kind that are printed.
const SHOWN: usize = 8;

/// The stories of the last version: which document was in which.
#[derive(Debug, Default)]
pub struct Before {
    story_of: BTreeMap<String, String>,
    titles: BTreeMap<String, String>,
}

impl Before {
    /// Reads the last version; empty where there is none, or where its tables cannot be read and the run makes new ones.
    pub fn read(store: &Store) -> Before {
        let documents: Vec<DocumentRow> = store.read().unwrap_or_default();
        let stories: Vec<StoryRow> = store.read().unwrap_or_default();
        Before {
            story_of: documents.into_iter().map(|d| (d.doc_id, d.story_id)).collect(),
            titles: stories.into_iter().map(|s| (s.story_id, s.title)).collect(),
        }
    }

    /// Whether there was a version with documents.
    pub fn is_empty(&self) -> bool {
        self.story_of.is_empty()
    }
}

/// One story that changed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    /// Its id now.
    pub story_id: String,
    /// Its title now.
    pub title: String,
    /// Documents now.
    pub documents: usize,
    /// Documents that are new in it.
    pub added: usize,
    /// Ids that its documents had before, where they differ from its own or are several.
    pub before: Vec<String>,
}

/// All stories that changed, by kind. A story stands under one kind only: bridged, then split, then grown.
#[derive(Debug, Default, PartialEq, Serialize)]
pub struct Changes {
    /// None of its documents was there before.
    pub new: Vec<Change>,
    /// Documents joined it.
    pub grown: Vec<Change>,
    /// Documents of several stories stand in it now.
    pub bridged: Vec<Change>,
    /// A part of a story that was one before.
    pub split: Vec<Change>,
    /// Stories of before that have no document any more.
    pub gone: usize,
    /// Stories as they were.
    pub same: usize,
}

/// Compares the stories of a new version with those of the last. `story_of` holds document id and story id of each document.
pub fn changes(before: &Before, story_of: &[(String, String)], stories: &[StoryRow]) -> Changes {
    let mut members: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (doc, story) in story_of {
        members.entry(story).or_default().push(doc);
    }
    // Where the documents of each former story are now.
    let mut now: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (story, docs) in &members {
        for old in docs.iter().filter_map(|d| before.story_of.get(*d)) {
            now.entry(old).or_default().insert(story);
        }
    }
    let mut out = Changes {
        gone: before.titles.keys().filter(|s| !now.contains_key(s.as_str())).count(),
        ..Changes::default()
    };
    for story in stories {
        let docs = members.get(story.story_id.as_str()).map_or(&[][..], Vec::as_slice);
        let old: BTreeSet<&str> =
            docs.iter().filter_map(|d| before.story_of.get(*d)).map(String::as_str).collect();
        let added = docs.iter().filter(|d| !before.story_of.contains_key(**d)).count();
        let change = Change {
            story_id: story.story_id.clone(),
            title: story.title.clone(),
            documents: docs.len(),
            added,
            before: old
                .iter()
                .filter(|o| old.len() > 1 || **o != story.story_id)
                .map(|o| o.to_string())
                .collect(),
        };
        let parted = old.iter().any(|o| now[o].len() > 1);
        match (old.len(), parted, added) {
            (0, _, _) => out.new.push(change),
            (2.., _, _) => out.bridged.push(change),
            (1, true, _) => out.split.push(change),
            (1, false, 0) => out.same += 1,
            (1, false, _) => out.grown.push(change),
        }
    }
    out
}

impl Changes {
    /// Lines for the terminal; none where nothing changed.
    pub fn lines(&self, before: &Before) -> Vec<String> {
        let mut lines = Vec::new();
        let kinds =
            [("new", &self.new), ("grown", &self.grown), ("bridged", &self.bridged), ("split", &self.split)];
        for (kind, changes) in kinds {
            for c in changes.iter().take(SHOWN) {
                let id = c.story_id.get(..8).unwrap_or(&c.story_id);
                let mut line = format!("{kind} story {id}: {}", c.title);
                if kind != "new" {
                    line.push_str(&format!(" (+{}, now {})", c.added, c.documents));
                }
                let were: Vec<String> = c
                    .before
                    .iter()
                    .map(|old| {
                        let title = before.titles.get(old).map_or("", String::as_str);
                        format!("{} {title}", old.get(..8).unwrap_or(old))
                    })
                    .collect();
                if !were.is_empty() {
                    line.push_str(&format!("; before: {}", were.join("; ")));
                }
                lines.push(line);
            }
            if changes.len() > SHOWN {
                lines.push(format!("{} more {kind}", changes.len() - SHOWN));
            }
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(id: &str, story: &str) -> (String, String) {
        (id.to_string(), story.to_string())
    }

    fn story(id: &str) -> StoryRow {
        StoryRow { story_id: id.to_string(), title: format!("title of {id}"), ..StoryRow::default() }
    }

    fn before(pairs: &[(&str, &str)]) -> Before {
        Before {
            story_of: pairs.iter().map(|(d, s)| (d.to_string(), s.to_string())).collect(),
            titles: pairs.iter().map(|(_, s)| (s.to_string(), format!("title of {s}"))).collect(),
        }
    }

    #[test]
    fn stories_are_new_grown_bridged_split_or_the_same() {
        let old =
            before(&[("a", "A"), ("b", "B"), ("c", "C"), ("d", "D"), ("e", "D"), ("f", "F"), ("g", "G")]);
        let docs = [
            document("a", "A"),
            document("x", "A"),
            document("b", "B"),
            document("c", "B"),
            document("d", "D"),
            document("e", "E"),
            document("f", "F"),
            document("y", "Y"),
        ];
        let stories: Vec<StoryRow> = ["A", "B", "D", "E", "F", "Y"].map(story).into();
        let found = changes(&old, &docs, &stories);
        let ids = |list: &[Change]| list.iter().map(|c| c.story_id.clone()).collect::<Vec<_>>();
        assert_eq!(ids(&found.new), ["Y"]);
        assert_eq!(ids(&found.grown), ["A"]);
        assert_eq!(ids(&found.bridged), ["B"]);
        assert_eq!(ids(&found.split), ["D", "E"]);
        assert_eq!((found.same, found.gone), (1, 1));
        assert_eq!(found.bridged[0].before, ["B", "C"]);
        assert_eq!(found.split[1].before, ["D"]);
        let lines = found.lines(&old);
        assert_eq!(lines[1], "grown story A: title of A (+1, now 2)");
        assert_eq!(lines[2], "bridged story B: title of B (+0, now 2); before: B title of B; C title of C");
    }
}
