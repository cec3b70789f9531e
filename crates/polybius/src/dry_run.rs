//! `polybius run --dry-run`: what a run would do, without writing: which pages are new, known or changed, and which pages of the
//! store would be analysed again.

use crate::args::RunArgs;
use crate::failure::Failure;
use crate::inputs::settings;
use crate::resources::Resources;
use polybius_sources::is_address;
use polybius_store::{Commit, Store, StoreError, analysed, each_page};
use polybius_text::{DocId, Page};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Pages of one kind that are named to a person.
const SHOWN: usize = 20;

/// What a run would do.
#[derive(Debug, Default, Serialize)]
pub struct Plan {
    /// Pages that the store does not have.
    pub new: Vec<String>,
    /// Pages whose address or name the store has with other content: both are kept.
    pub changed: Vec<String>,
    /// How many pages the store has as they are.
    pub known: usize,
    /// Inputs that cannot be read, with the reason.
    pub rejects: Vec<String>,
    /// Addresses and lists of addresses, which only a run fetches.
    pub not_fetched: Vec<String>,
    /// Pages of the store that would be analysed again.
    pub again: usize,
    /// What changed since the last version, so that they must.
    pub because: Vec<&'static str>,
}

/// Looks at inputs and store.
pub fn plan(args: &RunArgs) -> Result<Plan, Failure> {
    let mut resources = Resources::load(&args.engine)?;
    resources.open_base(args.base.as_deref(), &args.store.store)?;
    let store = match Store::open(&args.store.store) {
        Ok(store) => Some(store),
        Err(StoreError::Missing { .. }) => None,
        Err(e) => return Err(e.into()),
    };
    let mut kept = Kept::default();
    let mut plan = Plan::default();
    if let Some(store) = &store {
        each_page(store.root(), |id, page| kept.add(id, &page))?;
        plan.look_back(store, &resources, &kept)?;
    }
    plan.look_at(args, &mut kept)?;
    Ok(plan)
}

/// The pages of a store: their ids, and which addresses and names they have.
#[derive(Default)]
struct Kept {
    ids: BTreeSet<DocId>,
    names: BTreeMap<String, DocId>,
}

impl Kept {
    fn add(&mut self, id: DocId, page: &Page) {
        self.names.insert(name(page), id.clone());
        self.ids.insert(id);
    }
}

/// What stays when a page changes: its address, or else its path.
fn name(page: &Page) -> String {
    page.url.clone().unwrap_or_else(|| page.path.clone())
}

impl Plan {
    fn look_back(&mut self, store: &Store, resources: &Resources, kept: &Kept) -> Result<(), Failure> {
        let analysed = analysed(store.root(), &resources.settings_hash)?;
        self.again = kept.ids.iter().filter(|id| !analysed.contains(*id)).count();
        if let Some(last) = store.last_commit()?
            && self.again > 0
        {
            self.because = changed_since(&last, resources);
        }
        Ok(())
    }

    fn look_at(&mut self, args: &RunArgs, kept: &mut Kept) -> Result<(), Failure> {
        let (addresses, inputs): (Vec<_>, Vec<_>) =
            args.inputs.iter().cloned().partition(|input| is_address(input));
        let lists = args.sources.urls.iter().chain(&addresses);
        self.not_fetched = lists.map(|path| path.display().to_string()).collect();
        let mut settings = settings(&inputs, &args.sources)?;
        settings.url_lists.clear();
        settings.follow = false;
        for item in polybius_sources::pages(&inputs, settings) {
            match item {
                Ok(page) => self.page(&page, kept),
                Err(r) => self.rejects.push(format!("{}: {}: {}", r.path, r.reason.as_str(), r.detail)),
            }
        }
        Ok(())
    }

    fn page(&mut self, page: &Page, kept: &mut Kept) {
        let id = DocId::of_page(&page.path, &page.bytes);
        if kept.ids.contains(&id) {
            self.known += 1;
        } else if kept.names.contains_key(&name(page)) {
            self.changed.push(page.path.clone());
        } else {
            self.new.push(page.path.clone());
        }
        // The same page may stand in the inputs twice.
        kept.add(id, page);
    }

    /// For a person.
    pub fn text(&self, store: &Path) -> String {
        let mut lines = Vec::new();
        for (kind, pages) in
            [("new", &self.new), ("changed", &self.changed), ("cannot be read", &self.rejects)]
        {
            lines.extend(pages.iter().take(SHOWN).map(|page| format!("{kind}: {page}")));
            if pages.len() > SHOWN {
                lines.push(format!("{kind}: {} more (--json names all)", pages.len() - SHOWN));
            }
        }
        lines.extend(self.not_fetched.iter().map(|a| format!("not fetched by a dry run: {a}")));
        lines.push(format!(
            "{} new, {} changed, {} known pages, {} cannot be read",
            self.new.len(),
            self.changed.len(),
            self.known,
            self.rejects.len()
        ));
        if self.again > 0 {
            let because = match self.because.as_slice() {
                [] => "a run was stopped before it had analysed them".to_string(),
                parts => format!("{} changed since the last version", parts.join(" and ")),
            };
            lines.push(format!("{} pages of the store would be analysed again: {because}", self.again));
        }
        lines.push(format!("nothing was written to `{}`", store.display()));
        lines.join("\n")
    }
}

/// The parts that an analysis depends on and that are others than those of a commit.
fn changed_since(last: &Commit, resources: &Resources) -> Vec<&'static str> {
    let is = |key: &str, now: &str| last.settings.get(key).is_some_and(|then| then == now);
    if is("settings", &resources.settings_hash) {
        return Vec::new();
    }
    let mut parts = Vec::new();
    if !is("model", &resources.model_hash) {
        parts.push("the model");
    }
    if !is("codebook", &resources.codebook_hash) {
        parts.push("the codebook");
    }
    if parts.is_empty() {
        parts.push("the program, its tables or the base");
    }
    parts
}
