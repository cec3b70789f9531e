//! `polybius check`: is a store whole? Commits and files agree, ids resolve, spans lie in their texts, words reproduce.

use crate::args::{CheckArgs, RunArgs};
use crate::days;
use crate::failure::Failure;
use crate::run;
use crate::term::{Style, Terminal, Text};
use polybius_store::rows::*;
use polybius_store::{Store, each_page, inspect};
use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

/// Lists all that is wrong, after mending what can be mended where that is asked for; `true` when nothing is wrong.
pub fn check(args: &CheckArgs) -> Result<bool, Failure> {
    if args.repair {
        repair(args)?;
    }
    let root = &args.store.store;
    let mut checker = Checker::default();
    let inspection = inspect(root)?;
    if inspection.version == 0 && inspection.problems.is_empty() {
        args.store.open()?;
    }
    checker.version = inspection.version;
    checker.problems = inspection.problems;
    // What cannot be read cannot be compared: its file is in the list already.
    if checker.problems.is_empty() {
        let store = args.store.open()?;
        checker.manifest(&store)?;
        if checker.problems.is_empty() {
            checker.rows(&store)?;
            checker.pages(&store)?;
        }
    }
    let way_out = (!args.repair).then(|| format!("polybius check --repair --store {}", root.display()));
    print(&checker, &inspection.notes, way_out.as_deref())?;
    Ok(checker.problems.is_empty())
}

/// Mends the files; makes the tables again from the pages where theirs are lost.
fn repair(args: &CheckArgs) -> Result<(), Failure> {
    let repaired = polybius_store::repair(&args.store.store)?;
    for line in &repaired.done {
        eprintln!("{line}");
    }
    if !repaired.tables_are_lost {
        return Ok(());
    }
    if repaired.pages == 0 {
        return Err(Failure::new(
            "the tables are lost, and the store keeps no page to make them from".to_string(),
        )
        .hint("run the pages again: `polybius run PAGES --store DIR`"));
    }
    let summary = run::run(&RunArgs::anew(args.store.store.clone(), args.engine.clone()))?;
    eprintln!("the tables were made again from {}", days::count(repaired.pages as usize, "page", "pages"));
    eprintln!("{}", run::summary_text(&summary, &args.store.store));
    Ok(())
}

fn print(checker: &Checker, notes: &[String], way_out: Option<&str>) -> Result<(), Failure> {
    let terminal = Terminal::of_stdout();
    let list = |items: &[String], style: Style| -> Vec<Text> {
        items
            .iter()
            .flat_map(|p| Text::plain(p).hanging(&Text::styled(style, "- "), terminal.width))
            .collect()
    };
    let mut lines = list(&checker.problems, Style::Bad);
    if !notes.is_empty() {
        lines.push(Text::styled(Style::Faint, "does no harm:"));
        lines.extend(list(notes, Style::Faint));
    }
    let counts = format!(
        "version {}, {}, {}, {}, {}",
        checker.version,
        days::count(TABLES.len(), "table", "tables"),
        days::count(checker.n_rows, "row", "rows"),
        days::count(checker.n_spans, "span", "spans"),
        days::count(checker.texts.len(), "document", "documents"),
    );
    let verdict = match checker.problems.len() {
        0 => Text::styled(Style::Good, "whole").with(Style::Plain, &format!(": {counts}")),
        n => Text::styled(Style::Bad, &days::count(n, "problem", "problems"))
            .with(Style::Plain, &format!(" in {counts}")),
    };
    lines.extend(verdict.wrapped(terminal.width));
    if let Some(way_out) = way_out.filter(|_| !checker.problems.is_empty()) {
        lines.extend(Text::plain(&format!("way out: {way_out}")).wrapped(terminal.width));
    }
    terminal.print(&lines).map_err(|e| Failure::caused("cannot write to standard output", &e))
}

#[derive(Default)]
struct Checker {
    problems: Vec<String>,
    version: u64,
    n_rows: usize,
    n_spans: usize,
    /// By document id.
    texts: BTreeMap<String, String>,
}

/// Ids of one kind.
type Ids = BTreeSet<String>;

impl Checker {
    fn wrong(&mut self, problem: String) {
        self.problems.push(problem);
    }

    /// The files that the commit names can be read.
    fn manifest(&mut self, store: &Store) -> Result<(), Failure> {
        struct Readable<'a>(&'a mut Checker, &'a Store);
        impl EachTable for Readable<'_> {
            type Error = Infallible;
            fn table<R: Row>(&mut self) -> Result<(), Infallible> {
                self.0.readable::<R>(self.1);
                Ok(())
            }
        }
        let Some(commit) = store.commit_read()? else { return Ok(()) };
        self.version = commit.version;
        let Ok(()) = each_table(&mut Readable(self, store));
        for table in commit.tables.keys().filter(|t| !TABLES.contains(&t.as_str())) {
            self.wrong(format!("the commit names a table `{table}` that this program does not know"));
        }
        Ok(())
    }

    fn readable<R: Row>(&mut self, store: &Store) {
        let files = match store.files(R::TABLE) {
            Ok(files) => files,
            Err(_) => return self.wrong(format!("{}: the commit names no file", R::TABLE)),
        };
        for file in &files {
            if !file.is_file() {
                self.wrong(format!("{}: `{}` is missing", R::TABLE, file.display()));
            }
        }
        if files.iter().all(|f| f.is_file()) {
            match store.read::<R>() {
                Ok(rows) => self.n_rows += rows.len(),
                Err(e) => self.wrong(format!("{}: {e}", R::TABLE)),
            }
        }
    }

    fn rows(&mut self, store: &Store) -> Result<(), Failure> {
        let documents: Vec<DocumentRow> = store.read()?;
        let doc_ids = self.unique("documents", documents.iter().map(|d| &d.doc_id));
        self.texts = documents.iter().map(|d| (d.doc_id.clone(), d.text.clone())).collect();
        let actors: Vec<ActorRow> = store.read()?;
        let actor_ids = self.unique("actors", actors.iter().map(|a| &a.actor_id));
        let stories: Vec<StoryRow> = store.read()?;
        let story_ids = self.unique("stories", stories.iter().map(|s| &s.story_id));
        let chains: Vec<ChainRow> = store.read()?;
        let chain_ids = self.unique("chains", chains.iter().map(|c| &c.chain_id));
        let claims: Vec<ClaimRow> = store.read()?;
        let claim_ids = self.unique("claims", claims.iter().map(|c| &c.claim_id));
        let quotes: Vec<QuoteRow> = store.read()?;
        let quote_ids = self.unique("quotes", quotes.iter().map(|q| &q.quote_id));
        let events: Vec<EventRow> = store.read()?;
        self.unique("events", events.iter().map(|e| &e.event_id));

        for d in &documents {
            self.known("documents", &d.doc_id, "story", &story_ids, &d.story_id);
            for flag in &d.flag_details {
                for (&start, &end) in flag.starts.iter().zip(&flag.ends) {
                    self.span(&format!("flag {} of", flag.flag), &d.doc_id, start, end);
                }
            }
        }
        self.document_tables(store, &doc_ids, &actor_ids)?;
        for q in &quotes {
            let what = format!("quote {}", q.quote_id);
            self.known("quotes", &q.quote_id, "document", &doc_ids, &q.doc_id);
            self.span(&what, &q.doc_id, q.start, q.end);
            self.optional_span(&what, &q.doc_id, q.cue_start, q.cue_end);
            self.optional_span(&what, &q.doc_id, q.speaker_start, q.speaker_end);
            if let Some(id) = &q.speaker_actor_id {
                self.known("quotes", &q.quote_id, "actor", &actor_ids, id);
            }
        }
        self.events(&events, &doc_ids, &actor_ids, &chain_ids, &quote_ids);
        self.flat(store, &events)?;
        for c in &chains {
            self.known("chains", &c.chain_id, "story", &story_ids, &c.story_id);
        }
        for c in &claims {
            self.known("claims", &c.claim_id, "story", &story_ids, &c.story_id);
            if let Some(id) = &c.chain_id {
                self.known("claims", &c.claim_id, "chain", &chain_ids, id);
            }
        }
        self.story_tables(store, &doc_ids, &story_ids, &claim_ids)
    }

    fn document_tables(&mut self, store: &Store, doc_ids: &Ids, actor_ids: &Ids) -> Result<(), Failure> {
        for s in store.read::<SegmentRow>()? {
            self.known("segments", &s.kind, "document", doc_ids, &s.doc_id);
            self.span(&format!("segment ({})", s.kind), &s.doc_id, s.start, s.end);
        }
        for s in store.read::<SentenceRow>()? {
            self.known("sentences", &s.sentence.to_string(), "document", doc_ids, &s.doc_id);
            self.span(&format!("sentence {}", s.sentence), &s.doc_id, s.start, s.end);
        }
        for m in store.read::<MentionRow>()? {
            self.known("mentions", &m.mention_id, "document", doc_ids, &m.doc_id);
            self.words(&format!("mention {}", m.mention_id), &m.doc_id, m.start, m.end, &m.text);
            if let Some(id) = &m.actor_id {
                self.known("mentions", &m.mention_id, "actor", actor_ids, id);
            }
        }
        for r in store.read::<RoleRow>()? {
            self.known("roles", &r.title, "actor", actor_ids, &r.actor_id);
            if let Some(doc_id) = &r.doc_id {
                self.known("roles", &r.title, "document", doc_ids, doc_id);
                self.optional_span(&format!("role {}", r.title), doc_id, r.start, r.end);
            }
        }
        for t in store.read::<TimeRow>()? {
            self.words("time", &t.doc_id, t.start, t.end, &t.text);
        }
        for p in store.read::<PlaceRow>()? {
            self.words("place", &p.doc_id, p.start, p.end, &p.text);
        }
        Ok(())
    }

    fn events(
        &mut self,
        events: &[EventRow],
        doc_ids: &Ids,
        actor_ids: &Ids,
        chain_ids: &Ids,
        quote_ids: &Ids,
    ) {
        for e in events {
            let id = &e.event_id;
            let what = format!("event {id}");
            self.known("events", id, "document", doc_ids, &e.doc_id);
            self.span(&what, &e.doc_id, e.evidence_start, e.evidence_end);
            self.span(&what, &e.doc_id, e.trigger_start, e.trigger_end);
            if e.trigger_start < e.evidence_start || e.trigger_end > e.evidence_end {
                self.wrong(format!("{what}: the trigger lies outside its evidence"));
            }
            for p in e.actors.iter().chain(&e.recipients) {
                self.words(&format!("party of event {id}"), &e.doc_id, p.start, p.end, &p.text);
                if !p.actor_id.is_empty() {
                    self.known("events", id, "actor", actor_ids, &p.actor_id);
                }
            }
            for a in &e.attribution {
                self.span(&format!("attribution of event {id}"), &e.doc_id, a.start, a.end);
                if !a.actor_id.is_empty() {
                    self.known("events", id, "actor", actor_ids, &a.actor_id);
                }
            }
            if !e.chain_id.is_empty() {
                self.known("events", id, "chain", chain_ids, &e.chain_id);
            }
            if let Some(quote) = &e.quote_id {
                self.known("events", id, "quote", quote_ids, quote);
            }
        }
    }

    /// The flat view repeats the events and their words.
    fn flat(&mut self, store: &Store, events: &[EventRow]) -> Result<(), Failure> {
        let by_id: BTreeMap<&str, &EventRow> = events.iter().map(|e| (e.event_id.as_str(), e)).collect();
        let flat: Vec<EventFlatRow> = store.read()?;
        if flat.len() != events.len() {
            self.wrong(format!("events_flat has {} rows, events {}", flat.len(), events.len()));
        }
        for f in &flat {
            let Some(e) = by_id.get(f.event_id.as_str()) else {
                self.wrong(format!("events_flat: no event `{}`", f.event_id));
                continue;
            };
            let what = format!("flat event {}", f.event_id);
            self.words(&what, &e.doc_id, e.evidence_start, e.evidence_end, &f.evidence);
            self.words(&what, &e.doc_id, e.trigger_start, e.trigger_end, &f.trigger);
        }
        Ok(())
    }

    fn story_tables(
        &mut self,
        store: &Store,
        doc_ids: &Ids,
        story_ids: &Ids,
        claim_ids: &Ids,
    ) -> Result<(), Failure> {
        let mut member_of: BTreeMap<String, String> = BTreeMap::new();
        for d in store.read::<StoryDocumentRow>()? {
            self.known("story_documents", &d.doc_id, "story", story_ids, &d.story_id);
            self.known("story_documents", &d.story_id, "document", doc_ids, &d.doc_id);
            if member_of.insert(d.doc_id.clone(), d.story_id).is_some() {
                self.wrong(format!("story_documents: document `{}` is in two stories", d.doc_id));
            }
        }
        for doc in doc_ids.iter().filter(|d| !member_of.contains_key(*d)) {
            self.wrong(format!("story_documents: document `{doc}` is in no story"));
        }
        for n in store.read::<NearMissRow>()? {
            self.known("story_near_misses", &n.doc_id, "story", story_ids, &n.story_id);
            self.known("story_near_misses", &n.story_id, "document", doc_ids, &n.doc_id);
        }
        for l in store.read::<StoryLinkRow>()? {
            self.known("story_links", &l.other_story_id, "story", story_ids, &l.story_id);
            self.known("story_links", &l.story_id, "story", story_ids, &l.other_story_id);
        }
        for c in store.read::<ClaimCellRow>()? {
            let what = format!("cell of claim {}", c.claim_id);
            self.known("claim_cells", &c.doc_id, "claim", claim_ids, &c.claim_id);
            self.known("claim_cells", &c.claim_id, "document", doc_ids, &c.doc_id);
            for s in &c.spans {
                self.span(&what, &c.doc_id, s.start, s.end);
            }
            if (c.stance == "silent") != c.spans.is_empty() {
                self.wrong(format!("{what} in `{}`: {} with {} spans", c.doc_id, c.stance, c.spans.len()));
            }
        }
        for c in store.read::<ConflictRow>()? {
            self.known("conflicts", &c.conflict_id, "story", story_ids, &c.story_id);
            if let Some(id) = &c.claim_id {
                self.known("conflicts", &c.conflict_id, "claim", claim_ids, id);
            }
            for v in &c.values {
                self.span(&format!("conflict {}", c.conflict_id), &v.doc_id, v.start, v.end);
            }
        }
        Ok(())
    }

    /// Every document's page is in the log, and its segments lead back to the same words in it.
    fn pages(&mut self, store: &Store) -> Result<(), Failure> {
        let mut segments: BTreeMap<String, Vec<SegmentRow>> = BTreeMap::new();
        for s in store.read::<SegmentRow>()? {
            segments.entry(s.doc_id.clone()).or_default().push(s);
        }
        let mut missing: BTreeSet<String> = self.texts.keys().cloned().collect();
        each_page(store.root(), |id, page| {
            missing.remove(id.as_str());
            for s in segments.remove(id.as_str()).unwrap_or_default() {
                self.segment(&s, &page.bytes);
            }
        })?;
        for id in missing {
            self.wrong(format!("_pages: the page of document `{id}` is not in the log"));
        }
        Ok(())
    }

    /// A stretch as long in the page as in the text was taken over as it stood, white space aside; one of another length
    /// was decoded.
    fn segment(&mut self, s: &SegmentRow, page: &[u8]) {
        let what = format!("segment ({}) of `{}`", s.kind, s.doc_id);
        let Some(raw) = page.get(s.raw_start as usize..s.raw_end as usize) else {
            return self.wrong(format!(
                "{what}: bytes {}-{} lie outside the page, which has {}",
                s.raw_start,
                s.raw_end,
                page.len()
            ));
        };
        let text = self.texts.get(&s.doc_id).and_then(|t| t.get(s.start as usize..s.end as usize));
        if let (Some(text), Ok(raw)) = (text, std::str::from_utf8(raw))
            && text.len() == raw.len()
            && !text.split_whitespace().eq(raw.split_whitespace())
        {
            self.wrong(format!("{what}: bytes {}-{} of the page hold other words", s.raw_start, s.raw_end));
        }
    }

    fn unique<'r>(&mut self, table: &str, ids: impl Iterator<Item = &'r String>) -> Ids {
        let mut known = Ids::new();
        for id in ids {
            if !known.insert(id.clone()) {
                self.wrong(format!("{table}: id `{id}` stands twice"));
            }
        }
        known
    }

    fn known(&mut self, table: &str, row: &str, what: &str, ids: &Ids, id: &str) {
        if !ids.contains(id) {
            self.wrong(format!("{table}: `{row}` names {what} `{id}`, which is not there"));
        }
    }

    fn optional_span(&mut self, what: &str, doc_id: &str, start: Option<u32>, end: Option<u32>) {
        match (start, end) {
            (Some(start), Some(end)) => self.span(what, doc_id, start, end),
            (None, None) => {}
            _ => self.wrong(format!("{what} in `{doc_id}`: a span with one end")),
        }
    }

    fn span(&mut self, what: &str, doc_id: &str, start: u32, end: u32) {
        self.n_spans += 1;
        let Some(text) = self.texts.get(doc_id) else {
            return self.wrong(format!("{what}: no document `{doc_id}`"));
        };
        if text.get(start as usize..end as usize).is_none() {
            let length = text.len();
            self.wrong(format!(
                "{what} in `{doc_id}`: {start}-{end} is out of bounds (0-{length}) or cuts a character"
            ));
        }
    }

    fn words(&mut self, what: &str, doc_id: &str, start: u32, end: u32, words: &str) {
        let before = self.problems.len();
        self.span(what, doc_id, start, end);
        if self.problems.len() == before
            && self.texts[doc_id].get(start as usize..end as usize) != Some(words)
        {
            self.wrong(format!("{what} in `{doc_id}`: {start}-{end} does not reproduce `{words}`"));
        }
    }
}
