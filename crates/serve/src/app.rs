//! What the server holds: the present snapshot, what was told of it, and what runs beside.

use crate::kept::Kept;
use crate::metrics::Metrics;
use crate::problem::{Kind, Problem};
use crate::snapshot::Snapshot;
use polybius_store::{Store, StoreError};
use polybius_view::story::view::StoryView;
use rustc_hash::FxHashMap;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::SystemTime;
use tokio::sync::{Semaphore, broadcast};

/// Messages that a slow listener may lag behind.
const BACKLOG: usize = 64;
/// Stories that one message names at most.
const NAMED: usize = 100;

/// What the server is told when it starts.
pub struct Options {
    /// What the store is called on the page.
    pub name: String,
    /// What every request must carry; `None` on loopback.
    pub token: Option<String>,
    /// Names and addresses that a `Host` header may have, without port; empty allows all.
    pub hosts: Vec<String>,
    /// The engine program, where there is one.
    pub engine: Option<PathBuf>,
    /// The data folder: codebook and reading rules.
    pub data: Option<PathBuf>,
    /// A story as a page that needs nothing else.
    pub report: fn(&StoryView) -> String,
    /// Compares the store anew after a decision.
    pub compare: Box<dyn Fn() -> Result<(), Problem> + Send + Sync>,
    /// Answers that are worked on at the same time.
    pub workers: usize,
}

/// A message for `/changes`.
#[derive(Debug, Clone)]
pub struct Change {
    /// `commit`, `comparing`, `problem`.
    pub event: &'static str,
    /// What is told.
    pub data: Value,
}

/// The state of a server.
pub struct App {
    /// What it was told when it started.
    pub options: Options,
    /// The store, of which only the folder is used: each look opens it anew.
    pub(crate) store: Store,
    pub(crate) metrics: Metrics,
    pub(crate) kept: Kept,
    /// Answers that may be worked on.
    pub(crate) permits: Semaphore,
    /// Who listens hears of new commits.
    pub changes: broadcast::Sender<Change>,
    current: RwLock<Arc<Snapshot>>,
    /// Why the newest commit is not served.
    problem: Mutex<Option<(u64, Problem)>>,
    /// 0 idle, 1 comparing, 2 comparing and to be done again.
    comparing: AtomicU8,
    /// When each story was last new or changed, ISO 8601; what is not in it dates from the first commit served.
    updated: Mutex<FxHashMap<String, String>>,
    /// The time of the first commit served, and of the present one.
    stamps: Mutex<(String, String)>,
}

impl App {
    /// Opens a store and loads its last commit.
    pub fn open(root: &Path, options: Options) -> Result<Arc<App>, StoreError> {
        let store = Store::open(root)?;
        let snapshot = Snapshot::load(&store)?;
        let stamp = stamp_of(root, snapshot.version);
        Ok(Arc::new(App {
            permits: Semaphore::new(options.workers.max(1)),
            options,
            store,
            metrics: Metrics::default(),
            kept: Kept::default(),
            changes: broadcast::channel(BACKLOG).0,
            current: RwLock::new(Arc::new(snapshot)),
            problem: Mutex::new(None),
            comparing: AtomicU8::new(0),
            updated: Mutex::new(FxHashMap::default()),
            stamps: Mutex::new((stamp.clone(), stamp)),
        }))
    }

    /// The present snapshot; it stays whole for whoever holds it.
    pub(crate) fn snapshot(&self) -> Arc<Snapshot> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Why the newest commit is not served.
    pub fn problem(&self) -> Option<Problem> {
        self.problem.lock().unwrap_or_else(PoisonError::into_inner).as_ref().map(|p| p.1.clone())
    }

    /// Whether the store is being compared anew.
    pub fn comparing(&self) -> bool {
        self.comparing.load(Ordering::Relaxed) > 0
    }

    /// When a story was last new or changed.
    pub fn updated(&self, story_id: &str) -> String {
        let known = self.updated.lock().unwrap_or_else(PoisonError::into_inner);
        let stamps = self.stamps.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(story_id).unwrap_or(&stamps.0).clone()
    }

    /// When the present commit was made.
    pub fn stamp(&self) -> String {
        self.stamps.lock().unwrap_or_else(PoisonError::into_inner).1.clone()
    }

    /// Tells every listener.
    pub fn tell(&self, event: &'static str, data: Value) {
        // Nobody listening is no failure.
        let _ = self.changes.send(Change { event, data });
    }

    /// Looks for a newer commit and takes it in; what cannot be read is told once and the present one stays.
    pub fn refresh(&self) {
        let present = self.snapshot();
        let newest = match Store::open(self.store.root()).and_then(|s| s.last_commit()) {
            Ok(commit) => commit.map_or(present.version, |c| c.version),
            Err(e) => return self.report(u64::MAX, e.into()),
        };
        if newest == present.version {
            self.problem.lock().unwrap_or_else(PoisonError::into_inner).take();
            return;
        }
        if self.problem.lock().unwrap_or_else(PoisonError::into_inner).as_ref().is_some_and(|p| p.0 == newest)
        {
            return;
        }
        let load = || Snapshot::load(&Store::open(self.store.root())?);
        match std::panic::catch_unwind(std::panic::AssertUnwindSafe(load)) {
            Ok(Ok(snapshot)) => self.take(&present, snapshot),
            Ok(Err(e)) => self.report(newest, e.into()),
            Err(_) => self.report(
                newest,
                Problem::new(Kind::StoreUnusable, format!("version {newest} of the store cannot be read"))
                    .hint("`polybius check` lists all that is wrong with it"),
            ),
        }
    }

    fn take(&self, before: &Snapshot, snapshot: Snapshot) {
        let (new, changed) = difference(before, &snapshot);
        let stamp = stamp_of(self.store.root(), snapshot.version);
        {
            let mut updated = self.updated.lock().unwrap_or_else(PoisonError::into_inner);
            updated.extend(new.iter().chain(&changed).map(|id| (id.clone(), stamp.clone())));
            self.stamps.lock().unwrap_or_else(PoisonError::into_inner).1 = stamp;
        }
        let data = json!({
            "version": snapshot.version, "documents": snapshot.documents.len(), "stories": snapshot.stories.len(),
            "n_new": new.len(), "n_changed": changed.len(),
            "new_stories": &new[..new.len().min(NAMED)], "changed_stories": &changed[..changed.len().min(NAMED)],
        });
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(snapshot);
        self.problem.lock().unwrap_or_else(PoisonError::into_inner).take();
        self.tell("commit", data);
    }

    fn report(&self, version: u64, problem: Problem) {
        let mut known = self.problem.lock().unwrap_or_else(PoisonError::into_inner);
        if known.as_ref().is_some_and(|k| k.1.detail == problem.detail && k.1.title == problem.title) {
            return;
        }
        eprintln!("warning: {}: {}", problem.title, problem.detail);
        self.tell("problem", problem.json());
        *known = Some((version, problem));
    }

    /// Compares the store anew on a thread of its own; asked for again while that runs, it is done again.
    pub fn compare_soon(self: &Arc<App>) {
        let before = self.comparing.fetch_max(1, Ordering::SeqCst);
        if before > 0 {
            self.comparing.fetch_max(2, Ordering::SeqCst);
            return;
        }
        let app = self.clone();
        std::thread::spawn(move || app.compare());
    }

    fn compare(&self) {
        self.tell("comparing", json!({"running": true}));
        loop {
            let compared =
                std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| (self.options.compare)()));
            let failed = match compared {
                Ok(done) => done.err(),
                Err(_) => Some(Problem::new(Kind::Internal, "comparing the store failed")),
            };
            if let Some(problem) = failed {
                eprintln!("warning: {}: {}", problem.title, problem.detail);
                self.tell("problem", problem.json());
            }
            self.refresh();
            if self.comparing.compare_exchange(1, 0, Ordering::SeqCst, Ordering::SeqCst).is_ok() {
                break;
            }
            self.comparing.store(1, Ordering::SeqCst);
        }
        self.tell("comparing", json!({"running": false}));
    }
}

/// Ids of stories that are new, and of those that say something else than before.
fn difference(before: &Snapshot, after: &Snapshot) -> (Vec<String>, Vec<String>) {
    let (mut new, mut changed) = (Vec::new(), Vec::new());
    for e in &after.stories {
        let id = &e.row.story_id;
        match before.story(id).map(|n| &before.stories[n].item) {
            None => new.push(id.clone()),
            Some(old) => {
                let now = &e.item;
                let same = (&old.title, &old.date_start, &old.date_end, old.n_documents)
                    == (&now.title, &now.date_start, &now.date_end, now.n_documents)
                    && (old.n_origins, old.n_claims, old.n_conflicts, old.n_events)
                        == (now.n_origins, now.n_claims, now.n_conflicts, now.n_events);
                if !same {
                    changed.push(id.clone());
                }
            }
        }
    }
    (new, changed)
}

/// When a commit was made: the time of its file in the log.
fn stamp_of(root: &Path, version: u64) -> String {
    let file = root.join("_log").join(format!("{version:020}.json"));
    let time = file.metadata().and_then(|m| m.modified()).unwrap_or(SystemTime::UNIX_EPOCH);
    iso(time)
}

/// A time to the second, ISO 8601.
pub fn iso(time: SystemTime) -> String {
    let seconds = time.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |d| d.as_secs());
    jiff::Timestamp::from_second(seconds as i64).map_or(String::new(), |t| t.to_string())
}
