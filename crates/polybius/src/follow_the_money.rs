//! FollowTheMoney entities (followthemoney.tech), for OpenSanctions, Aleph and other tools of that family: actors, articles, and events
//! that name the actors in them.

use crate::args::{EngineArgs, ExportArgs};
use crate::exchange::documents;
use crate::export::write_out;
use crate::failure::Failure;
use crate::resources::data_folder;
use polybius_store::Store;
use polybius_store::rows::{ActorRow, DocumentRow, EventRow};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Writes one entity a line: first actors that are a party or speaker somewhere, then articles, then events.
pub fn entities(store: &Store, args: &ExportArgs) -> Result<(), Failure> {
    let actors: Vec<ActorRow> = store.read()?;
    let events: Vec<EventRow> = store.read()?;
    let documents = documents(store)?;
    let countries = Countries::load(args)?;
    let named: BTreeSet<&str> = events.iter().flat_map(ids_of).collect();
    write_out(args, |out| {
        for a in actors.iter().filter(|a| named.contains(a.actor_id.as_str())) {
            writeln!(out, "{}", actor(a, &countries))?;
        }
        for d in documents.values() {
            writeln!(out, "{}", article(d))?;
        }
        for e in &events {
            let Some(doc) = documents.get(&e.doc_id) else { continue };
            writeln!(out, "{}", event(e, doc, &countries))?;
        }
        Ok(())
    })
}

fn ids_of(e: &EventRow) -> impl Iterator<Item = &str> {
    let parties = e.actors.iter().chain(&e.recipients).map(|p| p.actor_id.as_str());
    parties.chain(e.attribution.iter().map(|a| a.actor_id.as_str())).filter(|id| !id.is_empty())
}

/// Alpha-2 codes, which FollowTheMoney uses, by alpha-3 code.
struct Countries(BTreeMap<String, String>);

impl Countries {
    fn load(args: &ExportArgs) -> Result<Countries, Failure> {
        let path = data_folder(&EngineArgs::of_data(args.data.clone()))?.join("actors/iso2.tsv");
        let text = std::fs::read_to_string(&path)
            .map_err(|e| Failure::caused(&format!("cannot read `{}`", path.display()), &e))?;
        let mut countries = BTreeMap::new();
        for (iso2, code) in text.lines().filter(|l| !l.starts_with('#')).filter_map(|l| l.split_once('\t')) {
            // The first of two spellings is that of ISO 3166.
            countries.entry(code.trim().to_string()).or_insert_with(|| iso2.to_lowercase());
        }
        Ok(Countries(countries))
    }

    fn of<'c>(&'c self, code: &str) -> Vec<&'c str> {
        self.0.get(code).map(String::as_str).into_iter().collect()
    }
}

fn entity(id: &str, schema: &str, properties: Vec<(&str, Vec<&str>)>) -> Value {
    let mut map = Map::new();
    for (name, values) in properties {
        let values: Vec<&str> = values.into_iter().filter(|v| !v.is_empty()).collect();
        if !values.is_empty() {
            map.insert(name.to_string(), json!(values));
        }
    }
    json!({"id": id, "schema": schema, "properties": map})
}

fn actor(a: &ActorRow, countries: &Countries) -> Value {
    let schema = match (a.kind.as_str(), a.sector.as_str()) {
        ("person", _) => "Person",
        ("country", _) => "PublicBody",
        (_, "GOV" | "MIL" | "LEG" | "JUD" | "COP" | "SPY") => "PublicBody",
        _ => "Organization",
    };
    let aliases = a.aliases.iter().map(String::as_str).filter(|n| *n != a.name).collect();
    entity(
        &a.actor_id,
        schema,
        vec![
            ("name", vec![&a.name]),
            ("alias", aliases),
            ("country", countries.of(&a.code)),
            ("wikidataId", a.wikidata_id.as_deref().into_iter().collect()),
            ("keywords", vec![&a.sector]),
        ],
    )
}

fn article(d: &DocumentRow) -> Value {
    let text = |value: &'_ Option<String>| value.clone().unwrap_or_default();
    let (title, outlet, author) = (text(&d.title), text(&d.outlet), text(&d.byline));
    let (published, url) = (text(&d.published_at), text(&d.url));
    entity(
        &d.doc_id,
        "Article",
        vec![
            ("title", vec![&title]),
            ("publisher", vec![&outlet]),
            ("author", vec![&author]),
            ("publishedAt", vec![&published]),
            ("sourceUrl", vec![&url]),
            ("fileName", vec![&d.path]),
            ("bodyText", vec![&d.text]),
        ],
    )
}

fn event(e: &EventRow, doc: &DocumentRow, countries: &Countries) -> Value {
    let sentence = doc.text.get(e.evidence_start as usize..e.evidence_end as usize).unwrap_or("");
    let trigger = doc.text.get(e.trigger_start as usize..e.trigger_end as usize).unwrap_or("");
    let name = format!("{}: {trigger}", e.event_type);
    let involved: BTreeSet<&str> =
        e.actors.iter().chain(&e.recipients).map(|p| p.actor_id.as_str()).collect();
    let mut keywords = vec![e.event_type.as_str(), &e.quad, &e.polarity, &e.modality];
    keywords.extend(e.modes.iter().chain(&e.contexts).map(String::as_str));
    entity(
        &e.event_id,
        "Event",
        vec![
            ("name", vec![&name]),
            ("summary", vec![sentence]),
            ("startDate", e.date_start.as_deref().into_iter().collect()),
            ("endDate", e.date_end.as_deref().into_iter().collect()),
            ("location", e.place_name.as_deref().into_iter().collect()),
            ("country", e.place_country.as_deref().map_or(Vec::new(), |c| countries.of(c))),
            ("involved", involved.into_iter().collect()),
            ("keywords", keywords),
            ("proof", vec![&e.doc_id]),
        ],
    )
}
