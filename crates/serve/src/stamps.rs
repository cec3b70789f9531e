//! When each story and conflict was new or last changed, as the Atom feed tells it; kept beside the store, so that a server
//! that starts anew does not tell everything again.

use crate::news::{Became, Said};
use crate::snapshot::Snapshot;
use polybius_store::replace_file;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Names with an underscore are no tables.
const FILE: &str = "_serve/told.bin";
/// First byte of the file.
const FORMAT: u8 = 1;

/// Times in ISO 8601.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Stamps {
    said: Said,
    /// By id. What is not in it dates from the first version that was served.
    updated: BTreeMap<String, String>,
    first: String,
    last: String,
}

/// Ids of stories that are new, and of those that say something else than before.
#[derive(Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Difference {
    pub new: Vec<String>,
    pub changed: Vec<String>,
}

impl Stamps {
    /// What an earlier server kept, brought up to a snapshot; a file that cannot be read is none.
    pub fn open(root: &Path, s: &Snapshot) -> Stamps {
        let kept = std::fs::read(root.join(FILE)).ok();
        let kept = kept.as_deref().and_then(|bytes| match bytes.split_first() {
            Some((&FORMAT, rest)) => postcard::from_bytes::<Stamps>(rest).ok(),
            _ => None,
        });
        match kept {
            Some(mut stamps) => {
                stamps.take(s);
                stamps
            }
            None => {
                let (first, last) = (s.at.clone(), s.at.clone());
                Stamps { said: Said::of(s), updated: BTreeMap::new(), first, last }
            }
        }
    }

    /// Takes in the next snapshot.
    pub fn take(&mut self, s: &Snapshot) -> Difference {
        let mut difference = Difference::default();
        let mut ids = Vec::new();
        let mut present = Vec::new();
        for (n, e) in s.stories.iter().enumerate() {
            let id = &e.row.story_id;
            match self.said.became(s, n) {
                Some(Became::New) => difference.new.push(id.clone()),
                Some(Became::Changed(_)) => difference.changed.push(id.clone()),
                None => {}
            }
            ids.extend(self.said.new_conflicts(s, n).into_iter().map(|c| c.conflict_id));
            present.push(id.clone());
            present.extend(s.by_story.conflicts.of(n).into_iter().map(|c| c.conflict_id));
        }
        present.sort_unstable();
        self.updated.retain(|id, _| present.binary_search(id).is_ok());
        ids.extend(difference.new.iter().chain(&difference.changed).cloned());
        self.updated.extend(ids.into_iter().map(|id| (id, s.at.clone())));
        self.said = Said::of(s);
        self.last.clone_from(&s.at);
        difference
    }

    /// When a story or a conflict was new or last changed.
    pub fn of(&self, id: &str) -> &str {
        self.updated.get(id).unwrap_or(&self.first)
    }

    /// When the present version was made.
    pub fn last(&self) -> &str {
        &self.last
    }

    /// Keeps the times; a store that cannot be written to is served without.
    pub fn keep(&self, root: &Path) {
        let path: PathBuf = root.join(FILE);
        let mut bytes = vec![FORMAT];
        bytes.extend(postcard::to_stdvec(self).expect("plain data"));
        if path.parent().is_some_and(|folder| std::fs::create_dir_all(folder).is_ok()) {
            let _ = replace_file(&path, &bytes);
        }
    }
}
