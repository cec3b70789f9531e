//! Writes a store of many made-up event rows, to measure queries on: `many_events STORE N`. Ten million take some 9 GB of memory.

use polybius_store::rows::EventRow;
use polybius_store::{Store, StoreTables};
use std::collections::BTreeMap;

const TYPES: [&str; 8] =
    ["AGREE", "CONSULT", "SUPPORT", "ACCUSE", "THREATEN", "PROTEST", "SANCTION", "ASSAULT"];

fn event(n: usize) -> EventRow {
    let event_type = TYPES[n * 7 % TYPES.len()];
    EventRow {
        event_id: format!("e{n:015x}"),
        doc_id: format!("d{:015x}", n / 8),
        sentence: (n % 8) as u32,
        event_type: event_type.to_string(),
        quad: polybius_store::quad_of(event_type).unwrap_or_default().to_string(),
        date_start: Some(format!("{}-{:02}-{:02}", 2000 + n % 25, 1 + n / 25 % 12, 1 + n / 300 % 28)),
        ..EventRow::default()
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [store, n] = arguments.as_slice() else {
        return Err("usage: many_events STORE N".into());
    };
    let n: usize = n.parse()?;
    let tables = StoreTables { events: (0..n).map(event).collect(), ..StoreTables::default() };
    let at = "2024-01-01T00:00:00Z".parse()?;
    let committed = Store::create(store.as_ref())?.commit(&tables, BTreeMap::new(), at)?;
    println!("{n} events, version {}", committed.version);
    Ok(())
}
