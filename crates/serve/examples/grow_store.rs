//! Makes a big store out of a small one, for measuring: every document, story and person as many times as asked, each copy
//! with ids and paths of its own; countries and organisations stay one.
//!
//! `cargo run --release -p polybius-serve --example grow_store -- SMALL BIG 244`

use polybius_store::rows::*;
use polybius_store::{Store, StoreTables};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Columns whose values name something that each copy has for itself.
const OWN: [&str; 13] = [
    "doc_id",
    "story_id",
    "other_story_id",
    "origin_id",
    "chain_id",
    "claim_id",
    "event_id",
    "quote_id",
    "utterance_id",
    "mention_id",
    "conflict_id",
    "path",
    "title",
];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [small, big, times] = arguments.as_slice() else {
        eprintln!("usage: grow_store SMALL BIG TIMES");
        std::process::exit(2);
    };
    let store = Store::open(Path::new(small)).expect("a store");
    let times: usize = times.parse().expect("a number");
    let actors: Vec<ActorRow> = store.read().expect("actors");
    let persons: BTreeSet<String> =
        actors.iter().filter(|a| a.kind == "person").map(|a| a.actor_id.clone()).collect();
    let grow = Grow { store: &store, times, persons: &persons };
    let shared = actors.iter().filter(|a| a.kind != "person").cloned();
    let own = grow.rows::<ActorRow>().into_iter().filter(|a| a.kind == "person");
    let tables = StoreTables {
        documents: grow.rows(),
        segments: grow.rows(),
        sentences: grow.rows(),
        mentions: grow.rows(),
        actors: shared.chain(own).collect(),
        roles: grow.rows(),
        times: grow.rows(),
        places: grow.rows(),
        quotes: grow.rows(),
        events: grow.rows(),
        stories: grow.rows(),
        story_documents: grow.rows(),
        near_misses: grow.rows(),
        story_links: grow.rows(),
        chains: grow.rows(),
        claims: grow.rows(),
        claim_cells: grow.rows(),
        conflicts: grow.rows(),
        relations: store.read().expect("relations"),
        rejects: grow.rows(),
        events_flat: grow.rows(),
        quotes_flat: grow.rows(),
    };
    let settings = BTreeMap::from([("settings".to_string(), "grown".to_string())]);
    let documents = tables.documents.len();
    let big = Store::create(Path::new(big)).expect("a folder");
    big.commit(&tables, settings, jiff::Timestamp::UNIX_EPOCH).expect("a commit");
    println!("{documents} documents, {} events, {} mentions", tables.events.len(), tables.mentions.len());
}

struct Grow<'a> {
    store: &'a Store,
    times: usize,
    persons: &'a BTreeSet<String>,
}

impl Grow<'_> {
    fn rows<R: Row>(&self) -> Vec<R> {
        let rows: Vec<R> = self.store.read().expect("a table");
        let mut grown = Vec::with_capacity(rows.len() * self.times);
        for copy in 0..self.times {
            for row in &rows {
                let mut value = serde_json::to_value(row).expect("rows are plain data");
                self.rename(&mut value, copy);
                grown.push(serde_json::from_value(value).expect("the same shape"));
            }
        }
        grown
    }

    fn rename(&self, value: &mut Value, copy: usize) {
        match value {
            Value::Array(list) => list.iter_mut().for_each(|v| self.rename(v, copy)),
            Value::Object(map) => {
                for (key, v) in map.iter_mut() {
                    match v {
                        Value::String(s) if !s.is_empty() => {
                            let person = key.ends_with("actor_id") && self.persons.contains(s.as_str());
                            if person || OWN.contains(&key.as_str()) {
                                s.push_str(&format!("-{copy}"));
                            }
                        }
                        other => self.rename(other, copy),
                    }
                }
            }
            _ => {}
        }
    }
}
