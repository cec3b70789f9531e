//! What servers said of their pages, so that only what has changed is fetched again.

use crate::fetch::Body;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::PathBuf;

/// Pages are not asked for again before this many seconds.
const FRESH_SECONDS: i64 = 24 * 3600;

/// Of one address.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Validators {
    url: String,
    pub etag: Option<String>,
    pub last_modified: Option<String>,
    /// Seconds since 1970.
    at: i64,
}

/// A log of one JSON line a fetch, `fetched.jsonl`, and the last body of each feed, `<hash>.body`, in one folder. A line that
/// a kill has cut is not read; what cannot be written is fetched again, and that is all.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    folder: Option<PathBuf>,
    by_url: BTreeMap<String, Validators>,
}

impl Kept {
    pub fn open(folder: Option<PathBuf>) -> Kept {
        let mut kept = Kept { folder, by_url: BTreeMap::new() };
        if let Some(folder) = &kept.folder {
            let bytes = fs::read(folder.join("fetched.jsonl")).unwrap_or_default();
            for line in bytes.split(|b| *b == b'\n') {
                if let Ok(v) = serde_json::from_slice::<Validators>(line) {
                    kept.by_url.insert(v.url.clone(), v);
                }
            }
        }
        kept
    }

    pub fn validators(&self, url: &str) -> Option<&Validators> {
        self.by_url.get(url)
    }

    /// Whether the address was fetched within the last day.
    pub fn is_fresh(&self, url: &str) -> bool {
        self.by_url.get(url).is_some_and(|v| now() - v.at < FRESH_SECONDS)
    }

    /// Notes that the address was asked and has not changed.
    pub fn touch(&mut self, url: &str) {
        if let Some(v) = self.by_url.get(url) {
            let v = Validators { at: now(), ..v.clone() };
            self.note(v);
        }
    }

    /// Notes what a server said, and keeps the body of a feed: it names pages that an earlier run may not have come to.
    pub fn keep(&mut self, url: &str, body: &Body, is_list: bool) {
        if let (Some(folder), true) = (&self.folder, is_list) {
            let draft = self.body_path(url).with_extension("draft");
            let written = fs::create_dir_all(folder)
                .and_then(|()| fs::write(&draft, &body.bytes))
                .and_then(|()| fs::rename(&draft, self.body_path(url)));
            // Without the body nothing may be said to be unchanged.
            if written.is_err() {
                return;
            }
        }
        self.note(Validators {
            url: url.to_string(),
            etag: body.etag.clone(),
            last_modified: body.last_modified.clone(),
            at: now(),
        });
    }

    /// Whether the body of a feed was kept.
    pub fn has_body(&self, url: &str) -> bool {
        self.folder.is_some() && self.body_path(url).exists()
    }

    /// The feed as it was when it last changed.
    pub fn body(&self, url: &str) -> Option<Body> {
        self.folder.as_ref()?;
        let bytes = fs::read(self.body_path(url)).ok()?;
        Some(Body {
            url: url.to_string(),
            bytes,
            media_type: String::new(),
            charset: None,
            fetched: String::new(),
            etag: None,
            last_modified: None,
        })
    }

    fn body_path(&self, url: &str) -> PathBuf {
        let name = format!("{:016x}.body", polybius_text::stable_hash(&[url]));
        self.folder.clone().unwrap_or_default().join(name)
    }

    fn note(&mut self, v: Validators) {
        if let Some(folder) = &self.folder {
            let line = serde_json::to_string(&v).expect("plain data") + "\n";
            let _ = fs::create_dir_all(folder).and_then(|()| {
                let path = folder.join("fetched.jsonl");
                OpenOptions::new().create(true).append(true).open(path)?.write_all(line.as_bytes())
            });
            self.by_url.insert(v.url.clone(), v);
        }
    }
}

fn now() -> i64 {
    jiff::Timestamp::now().as_second()
}
