//! `polybius run`: pages in, a committed store out.

use crate::analyse::analyse_page;
use crate::args::RunArgs;
use crate::changes::{Before, Changes, changes};
use crate::cluster::{self, Sent};
use crate::failure::Failure;
use crate::inputs::{settings, settings_for_store};
use crate::resources::Resources;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use polybius_actors::Decisions;
use polybius_sources::{Item, Pages};
use polybius_store::{
    Analysis, AnalysisLog, AnalysisReader, Keep, PageLog, Store, StoreError, WhenBusy, Written,
};
use polybius_stories::Documents;
use polybius_text::{CodedDocument, Corpus, DocId, Reject};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// What a run did, for the summary.
#[derive(Debug, serde::Serialize)]
pub struct Summary {
    pub stories: usize,
    pub documents: usize,
    pub origins: usize,
    pub events: usize,
    pub quotes: usize,
    pub claims: usize,
    pub rejects: usize,
    pub read_now: usize,
    pub seconds: f64,
    /// Seconds by stage, in order: load, read, compare, store.
    pub stages: Vec<(&'static str, f64)>,
    pub version: u64,
    /// Whether the run made a new version.
    pub changed: bool,
    /// Against the version before; none where this is the first.
    pub changes: Option<Changes>,
    /// The same in words.
    #[serde(skip)]
    pub news: Vec<String>,
}

/// Runs all stages over the inputs and commits.
pub fn run(args: &RunArgs) -> Result<Summary, Failure> {
    // What is not there is told before anything is made.
    settings(&args.inputs, &args.sources)?;
    let mut resources = Resources::load(&args.engine)?;
    match step(args, &mut resources, Commit::Always)? {
        Step::Committed(summary) => Ok(*summary),
        Step::NothingNew(_) => unreachable!("a run always commits"),
    }
}

/// When a step commits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Commit {
    /// Also where no page is new: the decisions on who is who may be.
    Always,
    /// Only where a page was read, or the store has no commit yet.
    WithNews,
}

/// What a step came to.
#[derive(Debug)]
pub enum Step {
    /// A new version.
    Committed(Box<Summary>),
    /// The store stays as it is; what could not be read.
    NothingNew(Vec<Reject>),
}

/// One pass over the inputs with resources that are loaded. They may be used for the next pass.
pub fn step(args: &RunArgs, resources: &mut Resources, commit: Commit) -> Result<Step, Failure> {
    let mut clock = Clock::default();
    let when_busy = if args.wait { WhenBusy::Wait } else { WhenBusy::Fail };
    let store = Store::create_when(&args.store.store, when_busy)?;
    let decisions = read_decisions(store.root())?;
    resources.tables.set_decisions(decisions.clone());
    let base = resources.open_base(args.base.as_deref(), store.root())?;
    clock.ends("load");
    let mut work = Workplace::open(&store, resources)?;
    let known = std::mem::take(&mut work.paths);
    let settings = settings_for_store(&args.inputs, &args.sources, store.root(), known)?;
    let pages = polybius_sources::pages(&args.inputs, settings);
    let read_now = match &args.cluster {
        Some(address) => work.analyse_on(address, pages, base, &store, args, resources)?,
        None => work.analyse(Some(pages), args, resources)?,
    };
    clock.ends("read");
    if commit == Commit::WithNews && read_now == 0 && store.last_commit()?.is_some() {
        return Ok(Step::NothingNew(work.new_rejects));
    }

    let progress = spinner(args, "comparing the accounts");
    let docs = Logged {
        reader: work.analyses.reader(),
        positions: work.coded.into_values().collect(),
        decisions: &decisions,
    };
    docs.check()?;
    let (corpus, notes, dated) = polybius_stories::compare_documents(&docs, &resources.tables);
    if !args.quiet {
        tell_notes(&notes);
    }
    clock.ends("compare");
    progress.set_message("writing the tables");
    let settings = BTreeMap::from([
        ("program".to_string(), env!("CARGO_PKG_VERSION").to_string()),
        ("model".to_string(), resources.model_hash.clone()),
        ("codebook".to_string(), resources.codebook_hash.clone()),
        ("settings".to_string(), resources.settings_hash.clone()),
    ]);
    let before = Before::read(&store);
    let document = |n| dated.document(n);
    let now = jiff::Timestamp::now();
    let written = store.commit_documents(docs.count(), document, &corpus, &work.rejects, settings, now)?;
    work.analyses.remove_others();
    if let Some(n) = args.keep {
        store.vacuum(Keep::Versions(n), false)?;
    }
    clock.ends("store");
    progress.finish_and_clear();
    let changes = (!before.is_empty()).then(|| changes(&before, &written.story_of, &written.stories));
    let news = changes.iter().flat_map(|c| c.lines(&before)).collect();
    let counted = summary(&written, &corpus, work.rejects.len(), read_now, clock);
    Ok(Step::Committed(Box::new(Summary { changes, news, ..counted })))
}

/// The coded documents of a store, by document id, read from the log of analyses each time they are needed.
struct Logged<'a> {
    reader: AnalysisReader,
    positions: Vec<u64>,
    decisions: &'a Decisions,
}

impl Logged<'_> {
    fn read(&self, at: u64) -> Result<CodedDocument, StoreError> {
        match self.reader.read_at(at)? {
            Analysis::Coded(doc) => Ok(*doc),
            Analysis::Rejected(id, _) => unreachable!("`{id}` was coded when the log was opened"),
        }
    }

    /// Tells a log that cannot be read at all before anything rests on it.
    fn check(&self) -> Result<(), StoreError> {
        self.positions.last().map_or(Ok(()), |at| self.read(*at).map(|_| ()))
    }
}

impl Documents for Logged<'_> {
    fn count(&self) -> usize {
        self.positions.len()
    }

    /// # Panics
    /// If the log, which was read whole when the run began, cannot be read any more.
    fn document(&self, number: u32) -> Cow<'_, CodedDocument> {
        let read = self.read(self.positions[number as usize]);
        let mut doc = read.unwrap_or_else(|e| panic!("the log of analyses cannot be read any more: {e}"));
        self.decisions.split_document(&mut doc);
        Cow::Owned(doc)
    }
}

/// Blocks of documents that were too large to be compared in full, on standard error.
fn tell_notes(notes: &[String]) {
    const SHOWN: usize = 5;
    for note in notes.iter().take(SHOWN) {
        eprintln!("note: {note}");
    }
    if notes.len() > SHOWN {
        eprintln!("note: {} more blocks were cut", notes.len() - SHOWN);
    }
}

/// What each stage took.
struct Clock {
    started: Instant,
    last: Instant,
    stages: Vec<(&'static str, f64)>,
}

impl Default for Clock {
    fn default() -> Clock {
        Clock { started: Instant::now(), last: Instant::now(), stages: Vec::new() }
    }
}

impl Clock {
    fn ends(&mut self, stage: &'static str) {
        self.stages.push((stage, self.last.elapsed().as_secs_f64()));
        self.last = Instant::now();
    }
}

/// The decisions on who is who that the store keeps; none where it has no such file.
fn read_decisions(store: &Path) -> Result<Decisions, Failure> {
    let path = store.join(polybius_serve::decisions::FILE);
    match std::fs::read_to_string(&path) {
        Ok(text) => decisions_of(&path, &text),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(Decisions::default()),
        Err(e) => Err(Failure::caused(&format!("cannot read `{}`", path.display()), &e)),
    }
}

/// The decisions of a text, with file and line of the first that cannot be read.
fn decisions_of(path: &Path, text: &str) -> Result<Decisions, Failure> {
    Decisions::parse(text, path).map_err(|e| {
        Failure::caused("the decisions on who is who cannot be used", &e).hint("mend that line or remove it")
    })
}

fn summary(written: &Written, corpus: &Corpus, rejects: usize, read_now: usize, clock: Clock) -> Summary {
    Summary {
        stories: corpus.stories.len(),
        documents: written.story_of.len(),
        origins: corpus.stories.iter().map(|s| s.origins.len()).sum(),
        events: written.events,
        quotes: written.quotes,
        claims: corpus.claims.len(),
        rejects,
        read_now,
        seconds: clock.started.elapsed().as_secs_f64(),
        stages: clock.stages,
        version: written.committed.version,
        changed: written.committed.changed,
        changes: None,
        news: Vec::new(),
    }
}

/// The logs of a store and what they hold.
struct Workplace {
    pages: PageLog,
    analyses: AnalysisLog,
    /// Position of every page in the log of pages.
    known: BTreeMap<DocId, u64>,
    /// Paths of the pages that were fetched.
    paths: BTreeSet<String>,
    /// Pages that a thread is reading.
    busy: BTreeSet<DocId>,
    /// Position of every coded document in the log of analyses.
    coded: BTreeMap<DocId, u64>,
    rejected: BTreeMap<DocId, Reject>,
    /// Rejects of this run and, at the end, all.
    rejects: Vec<Reject>,
    /// Rejects of this run alone.
    new_rejects: Vec<Reject>,
}

impl Workplace {
    fn open(store: &Store, resources: &Resources) -> Result<Workplace, Failure> {
        let mut known = BTreeMap::new();
        let mut paths = BTreeSet::new();
        let pages = PageLog::open_pages(store.root(), |id, at, path| {
            known.insert(id, at);
            if polybius_sources::is_address(std::path::Path::new(&path)) {
                paths.insert(path);
            }
        })?;
        let mut coded = BTreeMap::new();
        let mut rejected = BTreeMap::new();
        let analyses = AnalysisLog::open_analysis(store.root(), &resources.settings_hash, |at, a| match a {
            Analysis::Coded(doc) => {
                coded.insert(doc.annotated.article.doc_id, at);
            }
            Analysis::Rejected(id, reject) => {
                rejected.insert(id, reject);
            }
        })?;
        let mut work = Workplace {
            pages,
            analyses,
            known,
            paths,
            busy: BTreeSet::new(),
            coded,
            rejected,
            rejects: Vec::new(),
            new_rejects: Vec::new(),
        };
        cluster::take_left(store.root(), resources, |analysis| work.keep(analysis))?;
        Ok(work)
    }

    /// Lets the workers of a cluster analyse the pages, and every known page that has no analysis under the present settings; what
    /// they leave is analysed here. Returns how many.
    fn analyse_on(
        &mut self,
        cluster: &str,
        pages: Pages,
        base: Option<PathBuf>,
        store: &Store,
        args: &RunArgs,
        resources: &Resources,
    ) -> Result<usize, Failure> {
        self.read_in(pages)?;
        let waiting = self.waiting();
        if !waiting.is_empty() {
            let sent = Sent::new(store.root(), resources, base, &waiting)?;
            let progress = bar(args, Some(waiting.len()));
            let ended = sent.work(cluster, args, |n| progress.set_position(n as u64));
            progress.finish_and_clear();
            sent.take(|analysis| self.keep(analysis))?;
            self.analyses.sync()?;
            let left = self.waiting().len();
            if let Err(failure) = ended
                && left > 0
            {
                let kept = waiting.len() - left;
                return Err(
                    failure.also(format!("{kept} of {} pages were analysed and are kept", waiting.len()))
                );
            }
        }
        Ok(waiting.len() - self.waiting().len() + self.analyse(None, args, resources)?)
    }

    /// Appends the pages that the log does not have, and analyses none.
    fn read_in(&mut self, pages: Pages) -> Result<(), Failure> {
        for item in pages {
            match item {
                Ok(page) => {
                    let id = DocId::of_page(&page.path, &page.bytes);
                    if !self.known.contains_key(&id) {
                        let at = self.pages.append(&(id.clone(), page))?;
                        self.known.insert(id, at);
                    }
                }
                Err(reject) => self.rejects.push(reject),
            }
        }
        Ok(self.pages.sync()?)
    }

    /// Positions of the known pages that have no analysis under the present settings, in order.
    fn waiting(&self) -> Vec<u64> {
        let mut waiting: Vec<u64> =
            self.known.iter().filter(|(id, _)| !self.has(id)).map(|(_, at)| *at).collect();
        waiting.sort_unstable();
        waiting
    }

    /// Keeps an analysis of a known page that has none yet.
    fn keep(&mut self, analysis: Analysis) -> Result<(), Failure> {
        let id = match &analysis {
            Analysis::Coded(doc) => doc.annotated.article.doc_id.clone(),
            Analysis::Rejected(id, _) => id.clone(),
        };
        if self.has(&id) || !self.known.contains_key(&id) {
            return Ok(());
        }
        let at = self.analyses.append(&analysis)?;
        match analysis {
            Analysis::Coded(_) => {
                self.coded.insert(id, at);
            }
            Analysis::Rejected(_, reject) => {
                self.rejected.insert(id, reject);
            }
        }
        Ok(())
    }

    /// Analyses the pages and every known page that has no analysis under the present settings. Returns how many.
    ///
    /// Threads take one page after the other, so that no more pages are held than there are threads.
    fn analyse(
        &mut self,
        pages: Option<Pages>,
        args: &RunArgs,
        resources: &Resources,
    ) -> Result<usize, Failure> {
        let stored: Vec<Task> = self.waiting().into_iter().map(Task::Stored).collect();
        let from_pages = pages.as_ref().map_or(Some(0), Pages::expected);
        let expected = from_pages.map(|n| n + stored.len());
        let threads = args
            .engine
            .threads
            .or_else(|| std::thread::available_parallelism().ok().map(|n| n.get()))
            .unwrap_or(1)
            .clamp(1, expected.unwrap_or(usize::MAX).max(1));
        let progress = bar(args, expected);
        let tasks = Mutex::new(
            stored.into_iter().chain(pages.into_iter().flatten().map(|item| Task::Page(Box::new(item)))),
        );
        let read_now = AtomicUsize::new(0);
        let shared = Mutex::new((self, None::<Failure>));
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    loop {
                        let task = tasks.lock().expect("no panic while locked").next();
                        let Some(task) = task else { return };
                        if shared.lock().expect("no panic while locked").1.is_some() {
                            return;
                        }
                        if let Err(failure) = task.work(&shared, resources, &read_now) {
                            shared.lock().expect("no panic while locked").1 = Some(failure);
                        }
                        progress.inc(1);
                    }
                });
            }
        });
        progress.finish_and_clear();
        let (this, failure) = shared.into_inner().expect("no panic while locked");
        if let Some(failure) = failure {
            return Err(failure);
        }
        this.pages.sync()?;
        this.analyses.sync()?;
        this.new_rejects = this.rejects.clone();
        this.rejects.extend(this.rejected.values().cloned());
        Ok(read_now.into_inner())
    }

    fn has(&self, id: &DocId) -> bool {
        self.coded.contains_key(id) || self.rejected.contains_key(id)
    }
}

/// One page to be read.
enum Task {
    Page(Box<Item>),
    Stored(u64),
}

type Shared<'a> = Mutex<(&'a mut Workplace, Option<Failure>)>;

impl Task {
    /// Only reading the logs and keeping results happens under the lock; the stages run outside it.
    fn work(self, shared: &Shared<'_>, resources: &Resources, read_now: &AtomicUsize) -> Result<(), Failure> {
        let (record, stored) = match self {
            Task::Page(item) => match *item {
                Err(reject) => {
                    shared.lock().expect("no panic while locked").0.rejects.push(reject);
                    return Ok(());
                }
                Ok(page) => ((DocId::of_page(&page.path, &page.bytes), page), false),
            },
            Task::Stored(at) => (shared.lock().expect("no panic while locked").0.pages.read_at(at)?, true),
        };
        {
            let mut guard = shared.lock().expect("no panic while locked");
            let work = &mut guard.0;
            // The same page may stand in the inputs twice.
            if work.has(&record.0) || !work.busy.insert(record.0.clone()) {
                return Ok(());
            }
            if !stored && !work.known.contains_key(&record.0) {
                let at = work.pages.append(&record)?;
                work.known.insert(record.0.clone(), at);
            }
        }
        let (id, page) = record;
        finish(id, page, shared, resources, read_now)
    }
}

fn finish(
    id: DocId,
    page: polybius_text::Page,
    shared: &Shared<'_>,
    resources: &Resources,
    read_now: &AtomicUsize,
) -> Result<(), Failure> {
    let analysis = match analyse_page(&id, &page, resources) {
        Ok(doc) => Analysis::Coded(Box::new(doc)),
        Err(reject) => Analysis::Rejected(id.clone(), reject),
    };
    read_now.fetch_add(1, Ordering::Relaxed);
    let work = &mut shared.lock().expect("no panic while locked").0;
    work.busy.remove(&id);
    work.keep(analysis)
}

fn bar(args: &RunArgs, expected: Option<usize>) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(expected.map(|n| n as u64), target(args));
    let template = match expected {
        Some(_) => "reading {wide_bar} {pos}/{len} pages, {per_sec}, {eta} left",
        None => "reading {spinner} {pos} pages, {per_sec}, {elapsed}",
    };
    bar.set_style(ProgressStyle::with_template(template).expect("the templates are fixed"));
    bar
}

fn spinner(args: &RunArgs, message: &'static str) -> ProgressBar {
    let spinner = ProgressBar::with_draw_target(None, target(args));
    spinner.set_message(message);
    spinner.enable_steady_tick(Duration::from_millis(100));
    spinner
}

/// Drawn on standard error, and only where that is a terminal.
fn target(args: &RunArgs) -> ProgressDrawTarget {
    if args.quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() }
}

/// The summary on standard output.
pub fn summary_text(s: &Summary, store: &std::path::Path) -> String {
    let news: String = s.news.iter().map(|line| format!("{line}\n")).collect();
    format!(
        "{} stories, {} documents, {} origins, {} events, {} quotes, {} claims, {} rejects\n\
         {} pages read in {:.1} s, store `{}` {} version {}\n\
         {news}next: polybius stories --store {}",
        s.stories,
        s.documents,
        s.origins,
        s.events,
        s.quotes,
        s.claims,
        s.rejects,
        s.read_now,
        s.seconds,
        store.display(),
        if s.changed { "at" } else { "unchanged at" },
        s.version,
        store.display(),
    )
}
