//! Formats that other event data use: PLOVER JSON, GDELT 2.0 and POLECAT columns, GraphML.

use crate::args::ExportArgs;
use crate::export::write_out;
use crate::failure::Failure;
use polybius_store::Store;
use polybius_store::rows::{DocumentRow, EventRow, PartyRow, RelationRow};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// PLOVER JSON: one object a line with the manual's field names.
pub fn plover(store: &Store, args: &ExportArgs) -> Result<(), Failure> {
    let events: Vec<EventRow> = store.read()?;
    let documents = documents(store)?;
    write_out(args, |out| {
        for e in &events {
            let Some(doc) = documents.get(&e.doc_id) else { continue };
            let text = doc.text.get(e.evidence_start as usize..e.evidence_end as usize);
            let party = |p: &PartyRow| json!({"actor": p.code, "sector": p.sector, "actorText": p.text, "actorName": p.name});
            let object = json!({
                "id": e.event_id,
                "date": e.date_start,
                "eventType": e.event_type,
                "mode": e.modes,
                "context": e.contexts,
                "actor": e.actors.iter().map(party).collect::<Vec<_>>(),
                "recipient": e.recipients.iter().map(party).collect::<Vec<_>>(),
                "auxiliaryMode": e.modality,
                "polarity": e.polarity,
                "eventText": doc.text.get(e.trigger_start as usize..e.trigger_end as usize),
                "text": text,
                "location": e.place_name,
                "language": doc.language,
                "publication": doc.outlet,
                "codedBy": "polybius",
                "comment": e.rule,
            });
            writeln!(out, "{object}")?;
        }
        Ok(())
    })
}

/// The columns of GDELT 2.0 event files that the store can fill, tab-separated, with a header line.
pub fn gdelt(store: &Store, args: &ExportArgs) -> Result<(), Failure> {
    let events: Vec<EventRow> = store.read()?;
    let documents = documents(store)?;
    write_out(args, |out| {
        writeln!(
            out,
            "GlobalEventID\tDay\tMonthYear\tYear\tActor1Name\tActor1CountryCode\tActor1Type1Code\tActor2Name\t\
             Actor2CountryCode\tActor2Type1Code\tEventCode\tEventBaseCode\tEventRootCode\tQuadClass\tGoldsteinScale\t\
             ActionGeo_FullName\tActionGeo_CountryCode\tActionGeo_Lat\tActionGeo_Long\tSOURCEURL"
        )?;
        for e in events.iter().filter(|e| e.polarity == "affirmed" && e.modality != "hypothetical") {
            let empty = PartyRow::default();
            let a = e.actors.first().unwrap_or(&empty);
            // A reciprocal act has all its parties in one list.
            let b = e.recipients.first().or(e.actors.get(1)).unwrap_or(&empty);
            let day = e.date_start.clone().unwrap_or_default().replace('-', "");
            let quad = match e.quad.as_str() {
                "verbal_cooperation" => 1,
                "material_cooperation" => 2,
                "verbal_conflict" => 3,
                _ => 4,
            };
            let part = |n: usize| e.cameo.get(..n.min(e.cameo.len())).unwrap_or("").to_string();
            let number = |x: Option<f64>| x.map_or(String::new(), |x| x.to_string());
            let Some(doc) = documents.get(&e.doc_id) else { continue };
            let fields = [
                e.event_id.clone(),
                day.clone(),
                day.get(..6).unwrap_or("").to_string(),
                day.get(..4).unwrap_or("").to_string(),
                a.name.to_uppercase(),
                a.code.clone(),
                a.sector.clone(),
                b.name.to_uppercase(),
                b.code.clone(),
                b.sector.clone(),
                e.cameo.clone(),
                part(3),
                part(2),
                quad.to_string(),
                e.goldstein.to_string(),
                e.place_name.clone().unwrap_or_default(),
                e.place_country.clone().unwrap_or_default(),
                number(e.lat),
                number(e.lon),
                doc.url.clone().unwrap_or_else(|| doc.path.clone()),
            ];
            writeln!(out, "{}", fields.map(|f| f.replace(['\t', '\n'], " ")).join("\t"))?;
        }
        Ok(())
    })
}

/// The columns of POLECAT (Halterman and others 2023, "PLOVER and POLECAT") that the store can fill, tab-separated, with a header line.
/// Codes of countries are ISO 3166-1 alpha-3, lists are joined by `;`. Negated and denied events are left out, as there.
pub fn polecat(store: &Store, args: &ExportArgs) -> Result<(), Failure> {
    const COLUMNS: [&str; 28] = [
        "Event ID",
        "Event Date",
        "Event Type",
        "Event Mode",
        "Intensity",
        "Quad Code",
        "Contexts",
        "Actor Name",
        "Actor Country",
        "Primary Actor Sector",
        "Actor Sectors",
        "Actor Name Raw",
        "Recipient Name",
        "Recipient Country",
        "Primary Recipient Sector",
        "Recipient Sectors",
        "Recipient Name Raw",
        "Placename",
        "Country",
        "Latitude",
        "Longitude",
        "GeoNames ID",
        "Source",
        "Publication Date",
        "Headline",
        "Event Text",
        "Language",
        "Version",
    ];
    let events: Vec<EventRow> = store.read()?;
    let documents = documents(store)?;
    write_out(args, |out| {
        writeln!(out, "{}", COLUMNS.join("\t"))?;
        for e in events.iter().filter(|e| e.polarity == "affirmed") {
            let Some(doc) = documents.get(&e.doc_id) else { continue };
            let fields = polecat_fields(e, doc);
            writeln!(out, "{}", fields.map(|f| f.replace(['\t', '\n', '\r'], " ")).join("\t"))?;
        }
        Ok(())
    })
}

fn polecat_fields(e: &EventRow, doc: &DocumentRow) -> [String; 28] {
    let joined = |parties: &[PartyRow], field: fn(&PartyRow) -> &String| {
        let mut values: Vec<&str> =
            parties.iter().map(|p| field(p).as_str()).filter(|v| !v.is_empty()).collect();
        values.dedup();
        values.join(";")
    };
    let first_sector = |parties: &[PartyRow]| parties.first().map_or(String::new(), |p| p.sector.clone());
    let number = |x: Option<f64>| x.map_or(String::new(), |x| x.to_string());
    let (a, r) = (&e.actors, &e.recipients);
    [
        e.event_id.clone(),
        e.date_start.clone().unwrap_or_default(),
        e.event_type.clone(),
        e.modes.join(";"),
        e.score.to_string(),
        e.quad.replace('_', " ").to_uppercase(),
        e.contexts.join(";"),
        joined(a, |p| &p.name),
        joined(a, |p| &p.code),
        first_sector(a),
        joined(a, |p| &p.sector),
        joined(a, |p| &p.text),
        joined(r, |p| &p.name),
        joined(r, |p| &p.code),
        first_sector(r),
        joined(r, |p| &p.sector),
        joined(r, |p| &p.text),
        e.place_name.clone().unwrap_or_default(),
        e.place_country.clone().unwrap_or_default(),
        number(e.lat),
        number(e.lon),
        e.geonameid.map_or(String::new(), |id| id.to_string()),
        doc.outlet.clone().unwrap_or_default(),
        doc.published_at.clone().unwrap_or_default(),
        doc.title.clone().unwrap_or_default(),
        doc.text.get(e.trigger_start as usize..e.trigger_end as usize).unwrap_or("").to_string(),
        doc.language.clone(),
        format!("polybius {}", env!("CARGO_PKG_VERSION")),
    ]
}

/// The relations as a directed graph: an edge for each pair of codes, summed over the periods.
pub fn graphml(store: &Store, args: &ExportArgs) -> Result<(), Failure> {
    let relations: Vec<RelationRow> = store.read()?;
    let mut nodes = BTreeSet::new();
    let mut edges: BTreeMap<(&str, &str), (u32, f64, u32, u32)> = BTreeMap::new();
    for r in &relations {
        nodes.insert(r.actor_code.as_str());
        nodes.insert(r.recipient_code.as_str());
        let edge = edges.entry((&r.actor_code, &r.recipient_code)).or_default();
        edge.0 += r.n_events;
        edge.1 += r.score_sum;
        edge.2 += r.positive;
        edge.3 += r.negative;
    }
    write_out(args, |out| {
        writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
        writeln!(out, r#"<graphml xmlns="http://graphml.graphdrawing.org/xmlns">"#)?;
        for (id, kind) in [("events", "int"), ("score", "double"), ("positive", "int"), ("negative", "int")] {
            writeln!(out, r#"  <key id="{id}" for="edge" attr.name="{id}" attr.type="{kind}"/>"#)?;
        }
        writeln!(out, r#"  <graph edgedefault="directed">"#)?;
        for node in &nodes {
            writeln!(out, r#"    <node id="{node}"/>"#)?;
        }
        for ((from, to), (events, score, positive, negative)) in &edges {
            writeln!(out, r#"    <edge source="{from}" target="{to}">"#)?;
            writeln!(out, r#"      <data key="events">{events}</data><data key="score">{score}</data>"#)?;
            writeln!(
                out,
                r#"      <data key="positive">{positive}</data><data key="negative">{negative}</data>"#
            )?;
            writeln!(out, "    </edge>")?;
        }
        writeln!(out, "  </graph>\n</graphml>")
    })
}

/// The documents by id.
pub fn documents(store: &Store) -> Result<BTreeMap<String, DocumentRow>, Failure> {
    Ok(store.read::<DocumentRow>()?.into_iter().map(|d| (d.doc_id.clone(), d)).collect())
}
