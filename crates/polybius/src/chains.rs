//! `polybius chains`: one happening across documents: all of them, filtered, or one with every account of it.

use crate::args::ChainsArgs;
use crate::days;
use crate::events::{json_of, marks, parties};
use crate::failure::Failure;
use crate::find::{find_chain, short_length, story_id_of};
use crate::table::{Column, Table};
use crate::term::{Style, Terminal, Text};
use polybius_store::rows::{ChainRow, ClaimRow, DocumentRow, EventRow};
use polybius_store::{Store, fold_name};
use polybius_text::EventType;
use polybius_view::labels;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const VERDICTS: [&str; 5] = ["corroborated", "only-here", "differs", "contradicted", "self-inconsistent"];

/// Lists the chains that pass every filter, most origins first, or shows the one that the user named.
pub fn chains(args: &ChainsArgs) -> Result<(), Failure> {
    let store = Store::open(&args.store.store)?;
    let terminal = Terminal::of_stdout();
    let chains = Chains::read(&store)?;
    let lines = match &args.chain {
        Some(key) => {
            let chain = &chains.chains[find_chain(&chains.chains, key, &store)?];
            if args.json {
                let json = chains.whole_json(chain);
                vec![Text::raw(serde_json::to_string_pretty(&json).expect("plain data"))]
            } else {
                chains.sheet(chain, terminal.width)
            }
        }
        None => list(args, &chains, &store, &terminal)?,
    };
    terminal.print(&lines).map_err(|e| Failure::caused("cannot write to standard output", &e))
}

fn list(
    args: &ChainsArgs,
    chains: &Chains,
    store: &Store,
    terminal: &Terminal,
) -> Result<Vec<Text>, Failure> {
    let filter = Filter::new(args, chains, store)?;
    let mut found: Vec<&ChainRow> = chains.chains.iter().filter(|c| filter.passes(c)).collect();
    let n_found = found.len();
    found.truncate(args.limit.unwrap_or(usize::MAX));
    if args.json {
        return Ok(found.iter().map(|c| Text::raw(chains.json(c).to_string())).collect());
    }
    let short = short_length(chains.chains.iter().map(|c| c.chain_id.as_str()));
    let mut table = Table::new(vec![
        Column::new("date").wraps(11),
        Column::new("type"),
        Column::new("what").wraps(24),
        Column::new("who → whom").wraps(16).only_from(100),
        Column::new("docs").right(),
        Column::new("origins").right(),
        Column::new("verdict").only_from(72),
        Column::new("id"),
    ]);
    found.iter().for_each(|c| table.row(chains.row(c, short)));
    let mut lines = if found.is_empty() { Vec::new() } else { table.lines(terminal.width) };
    lines.push(Text::new());
    let total = days::count(chains.chains.len(), "chain", "chains");
    let mut foot = if n_found == chains.chains.len() { total } else { format!("{n_found} of {total}") };
    if found.len() < n_found {
        foot.push_str(&format!(", {} shown", found.len()));
    }
    if let Some(c) = found.first() {
        let id = c.chain_id.get(..short).unwrap_or(&c.chain_id);
        foot.push_str(&format!(
            " · every account: polybius chains {id} --store {}",
            args.store.store.display()
        ));
    }
    lines.extend(Text::styled(Style::Faint, &foot).wrapped(terminal.width));
    Ok(lines)
}

/// Chains with what they are shown by.
struct Chains {
    /// Most origins first, then most documents, then by date and id.
    chains: Vec<ChainRow>,
    /// By path.
    documents: Vec<DocumentRow>,
    /// Label of each document.
    labels: Vec<String>,
    /// Place of a document by its id.
    place: BTreeMap<String, usize>,
    /// Accounts of each chain, by document and place in it.
    events: BTreeMap<String, Vec<EventRow>>,
    /// The sentence that stands for each chain.
    claims: BTreeMap<String, String>,
}

impl Chains {
    fn read(store: &Store) -> Result<Chains, Failure> {
        let mut documents: Vec<DocumentRow> = store.read()?;
        documents.sort_by(|a, b| (&a.path, &a.doc_id).cmp(&(&b.path, &b.doc_id)));
        let labels = labels(&documents.iter().map(|d| d.path.as_str()).collect::<Vec<_>>());
        let place: BTreeMap<String, usize> =
            documents.iter().enumerate().map(|(i, d)| (d.doc_id.clone(), i)).collect();
        let mut events: BTreeMap<String, Vec<EventRow>> = BTreeMap::new();
        for e in store.read::<EventRow>()?.into_iter().filter(|e| place.contains_key(&e.doc_id)) {
            events.entry(e.chain_id.clone()).or_default().push(e);
        }
        for list in events.values_mut() {
            list.sort_by_key(|e| (place[&e.doc_id], e.trigger_start, e.trigger_end));
        }
        let claims = store.read::<ClaimRow>()?.into_iter().filter_map(|c| Some((c.chain_id?, c.claim)));
        let mut chains: Vec<ChainRow> = store.read()?;
        chains.sort_by(|a, b| {
            let size = (b.n_origins, b.n_documents).cmp(&(a.n_origins, a.n_documents));
            size.then_with(|| (&a.date_start, &a.chain_id).cmp(&(&b.date_start, &b.chain_id)))
        });
        Ok(Chains { chains, labels, place, events, claims: claims.collect(), documents })
    }

    fn accounts(&self, chain: &ChainRow) -> &[EventRow] {
        self.events.get(&chain.chain_id).map_or(&[], Vec::as_slice)
    }

    fn document(&self, e: &EventRow) -> &DocumentRow {
        &self.documents[self.place[&e.doc_id]]
    }

    /// The sentence of the claim, or the words of the first account.
    fn what(&self, chain: &ChainRow) -> String {
        self.claims.get(&chain.chain_id).cloned().unwrap_or_else(|| {
            let first = self.accounts(chain).first();
            first.map(|e| words(self.document(e), e.evidence_start, e.evidence_end)).unwrap_or_default()
        })
    }

    fn row(&self, chain: &ChainRow, short: usize) -> Vec<Text> {
        let clearest = self.accounts(chain).iter().max_by_key(|e| {
            (e.actors.len().min(1) + e.recipients.len().min(1), std::cmp::Reverse(e.trigger_start))
        });
        vec![
            when(chain.date_start.as_deref(), chain.date_end.as_deref()),
            Text::plain(&chain.event_type),
            Text::plain(&self.what(chain)),
            clearest.map(parties).unwrap_or_default(),
            Text::plain(&chain.n_documents.to_string()),
            Text::plain(&chain.n_origins.to_string()),
            verdict(&chain.verdict),
            Text::styled(Style::Faint, chain.chain_id.get(..short).unwrap_or(&chain.chain_id)),
        ]
    }

    /// The row of the table with its sentence and the ids of its accounts.
    fn json(&self, chain: &ChainRow) -> Value {
        let mut value = serde_json::to_value(chain).expect("plain data");
        if let Value::Object(map) = &mut value {
            let ids: Vec<&str> = self.accounts(chain).iter().map(|e| e.event_id.as_str()).collect();
            let mut paths: Vec<&str> =
                self.accounts(chain).iter().map(|e| self.document(e).path.as_str()).collect();
            paths.dedup();
            map.insert("claim".to_string(), json!(self.what(chain)));
            map.insert("events".to_string(), json!(ids));
            map.insert("documents".to_string(), json!(paths));
        }
        value
    }

    /// The same with every account in full.
    fn whole_json(&self, chain: &ChainRow) -> Value {
        let mut value = self.json(chain);
        let accounts = self.accounts(chain).iter().map(|e| json_of(e, self.document(e)));
        value["accounts"] = accounts.collect();
        value
    }

    fn sheet(&self, chain: &ChainRow, width: usize) -> Vec<Text> {
        let mut lines = Text::styled(Style::Strong, &self.what(chain)).wrapped(width);
        let mut facts = Text::plain(&chain.event_type).with(Style::Plain, ", ");
        facts.extend(&when(chain.date_start.as_deref(), chain.date_end.as_deref()));
        facts.push(
            Style::Plain,
            &format!(
                ", {}, {}, ",
                days::count(chain.n_documents as usize, "document", "documents"),
                days::count(chain.n_origins as usize, "origin", "origins")
            ),
        );
        lines.extend(facts.joined(&verdict(&chain.verdict)).wrapped(width));
        lines.push(Text::new());
        let mut table = Table::new(vec![
            Column::new("in"),
            Column::new("date").wraps(11),
            Column::new("who → whom").wraps(16),
            Column::new("marks").wraps(8),
            Column::new("sentence").wraps(24),
            Column::new("event").only_from(90),
        ]);
        let short = short_length(self.events.values().flatten().map(|e| e.event_id.as_str()));
        for e in self.accounts(chain) {
            let doc = self.document(e);
            table.row(vec![
                Text::styled(Style::Key, &self.labels[self.place[&e.doc_id]]),
                when(e.date_start.as_deref(), e.date_end.as_deref()),
                parties(e),
                marks(e),
                Text::plain(&words(doc, e.evidence_start, e.evidence_end)),
                Text::styled(Style::Faint, e.event_id.get(..short).unwrap_or(&e.event_id)),
            ]);
        }
        lines.extend(table.lines(width));
        lines
    }
}

fn words(doc: &DocumentRow, start: u32, end: u32) -> String {
    doc.text.get(start as usize..end as usize).unwrap_or("").to_string()
}

fn when(start: Option<&str>, end: Option<&str>) -> Text {
    match days::range(start, end) {
        none if none.is_empty() => Text::styled(Style::Faint, "no date"),
        when => Text::plain(&when),
    }
}

fn verdict(word: &str) -> Text {
    let style = match word {
        "corroborated" => Style::Good,
        "differs" => Style::Warn,
        "contradicted" | "self-inconsistent" => Style::Bad,
        _ => Style::Faint,
    };
    Text::styled(style, word)
}

/// What the user asked for, checked.
struct Filter<'a> {
    args: &'a ChainsArgs,
    chains: &'a Chains,
    event_type: Option<String>,
    /// Folded.
    actor: Option<String>,
    /// The actor is a code of some chain: names do not count then.
    by_code: bool,
    story_id: Option<String>,
}

impl<'a> Filter<'a> {
    fn new(args: &'a ChainsArgs, chains: &'a Chains, store: &Store) -> Result<Filter<'a>, Failure> {
        let event_type = args.event_type.as_ref().map(|t| t.to_uppercase());
        if let Some(t) = event_type.as_ref().filter(|t| t.parse::<EventType>().is_err()) {
            let known: Vec<&str> = EventType::ALL.iter().map(|t| t.as_str()).collect();
            return Err(Failure::new(format!("there is no event type `{t}`"))
                .hint(&format!("types: {}", known.join(", "))));
        }
        if let Some(v) = args.verdict.as_ref().filter(|v| !VERDICTS.contains(&v.as_str())) {
            return Err(Failure::new(format!("there is no verdict `{v}`"))
                .hint(&format!("one of {}", VERDICTS.join(", "))));
        }
        let codes = |c: &'a ChainRow| c.actor_codes.iter().chain(&c.recipient_codes);
        let by_code =
            args.actor.as_ref().is_some_and(|key| chains.chains.iter().flat_map(codes).any(|c| c == key));
        let story_id = story_id_of(args.story.as_ref(), store)?;
        Ok(Filter {
            args,
            chains,
            event_type,
            actor: args.actor.as_deref().map(fold_name),
            by_code,
            story_id,
        })
    }

    fn passes(&self, chain: &ChainRow) -> bool {
        let is = |given: &Option<String>, value: &str| given.as_ref().is_none_or(|g| g == value);
        let accounts = self.chains.accounts(chain);
        is(&self.event_type, &chain.event_type)
            && is(&self.story_id, &chain.story_id)
            && is(&self.args.verdict, &chain.verdict)
            && chain.n_documents >= self.args.min_documents
            && chain.n_origins >= self.args.min_origins
            && self.args.document.as_ref().is_none_or(|part| {
                accounts.iter().any(|e| self.chains.document(e).path.contains(part.as_str()))
            })
            && self.party(chain, accounts)
    }

    fn party(&self, chain: &ChainRow, accounts: &[EventRow]) -> bool {
        let Some(key) = &self.actor else { return true };
        let coded =
            chain.actor_codes.iter().chain(&chain.recipient_codes).any(|c| c.eq_ignore_ascii_case(key));
        let mut named = accounts.iter().flat_map(|e| e.actors.iter().chain(&e.recipients));
        coded || !self.by_code && named.any(|p| fold_name(&p.name).contains(key.as_str()))
    }
}
