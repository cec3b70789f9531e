//! What the server holds: the present snapshot, what was told of it, and what runs beside.

use crate::kept::Kept;
use crate::metrics::Metrics;
use crate::problem::{Kind, Problem};
use crate::snapshot::Snapshot;
use crate::stamps::{Difference, Stamps};
use polybius_store::{Store, StoreError};
use polybius_view::story::view::StoryView;
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
    stamps: Mutex<Stamps>,
}

impl App {
    /// Opens a store and loads its last commit.
    pub fn open(root: &Path, options: Options) -> Result<Arc<App>, StoreError> {
        let store = Store::open(root)?;
        let snapshot = Snapshot::load(&store)?;
        let stamps = Stamps::open(root, &snapshot);
        stamps.keep(root);
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
            stamps: Mutex::new(stamps),
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

    /// When a story or a conflict was new or last changed.
    pub fn updated(&self, id: &str) -> String {
        self.stamps.lock().unwrap_or_else(PoisonError::into_inner).of(id).to_string()
    }

    /// When the present commit was made.
    pub fn stamp(&self) -> String {
        self.stamps.lock().unwrap_or_else(PoisonError::into_inner).last().to_string()
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
            Ok(Ok(snapshot)) => self.take(snapshot),
            Ok(Err(e)) => self.report(newest, e.into()),
            Err(_) => self.report(
                newest,
                Problem::new(Kind::StoreUnusable, format!("version {newest} of the store cannot be read"))
                    .hint("`polybius check` lists all that is wrong with it"),
            ),
        }
    }

    fn take(&self, snapshot: Snapshot) {
        let root = self.store.root();
        let Difference { new, changed } = {
            let mut stamps = self.stamps.lock().unwrap_or_else(PoisonError::into_inner);
            let difference = stamps.take(&snapshot);
            stamps.keep(root);
            difference
        };
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

/// A time to the second, ISO 8601.
pub fn iso(time: SystemTime) -> String {
    let seconds = time.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |d| d.as_secs());
    jiff::Timestamp::from_second(seconds as i64).map_or(String::new(), |t| t.to_string())
}
