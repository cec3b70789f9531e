//! Scores of places (`eval --geo`) and of links to Wikidata (`eval --links`) on lines of JSON with a text and its gold spans.
//!
//! Offsets of the gold are Unicode code points, end exclusive.

use super::sets::{SetScore, lines, rounded, share};
use crate::failure::Failure;
use crate::resources::Resources;
use polybius_actors::MentionsFound;
use polybius_text::{Annotated, Article, MentionKind, Place, Span};
use serde_json::{Value, json};
use std::collections::HashSet;
use std::path::Path;

/// Kilometres within which a place counts as found: a hundred miles, the field's habit.
const NEAR_KM: f64 = 161.0;

/// A text as it is read, with its actors and places.
struct Read {
    doc: Annotated,
    found: MentionsFound,
    /// Byte of each code point, and the end.
    bytes: Vec<u32>,
}

impl Read {
    fn new(row: &Value, resources: &Resources) -> Read {
        let text = row["text"].as_str().unwrap_or("");
        let date = row["date"].as_str().and_then(|d| d.parse().ok());
        let doc = polybius_parse::annotate(Article::from_sentence(text, date), &resources.reader);
        let found = polybius_actors::find_mentions(&doc, &resources.tables);
        let mut bytes: Vec<u32> = text.char_indices().map(|(i, _)| i as u32).collect();
        bytes.push(text.len() as u32);
        Read { doc, found, bytes }
    }

    fn span(&self, gold: &Value) -> Option<(u32, u32)> {
        let at = |field: &str| self.bytes.get(gold[field].as_u64()? as usize).copied();
        Some((at("start")?, at("end")?))
    }
}

/// Lines {"text", "toponyms": [{"start", "end", "lat", "lon"}]}.
///
/// Figures: precision, recall and F1 of the exact spans; of the spans found the share whose point lies within 161 km of the
/// gold point, and the same of all gold spans with a point.
pub fn geo(path: &Path, resources: &Resources) -> Result<SetScore, Failure> {
    let (mut hits, mut found, mut gold, mut near, mut of_found, mut pointed) = (0, 0, 0, 0, 0, 0);
    let mut misses = Vec::new();
    for row in lines(path)? {
        let read = Read::new(&row, resources);
        let mut spans: HashSet<(u32, u32)> = HashSet::new();
        spans.extend(read.found.places.iter().map(|p| (p.span.start, p.span.end)));
        found += spans.len() as u32;
        let mut expected = HashSet::new();
        for t in row["toponyms"].as_array().into_iter().flatten() {
            let Some(span) = read.span(t) else { continue };
            gold += 1;
            expected.insert(span);
            hits += u32::from(spans.contains(&span));
            let point = t["lat"].as_f64().zip(t["lon"].as_f64());
            pointed += u32::from(point.is_some());
            let place = read.found.places.iter().find(|p| (p.span.start, p.span.end) == span);
            let name = t["name"].as_str().unwrap_or("");
            let (Some(place), Some(point)) = (place, point) else {
                if place.is_none() {
                    misses.push(format!("{} not found: {name}", row["id"].as_str().unwrap_or("")));
                }
                continue;
            };
            of_found += 1;
            match distance(place, point) {
                Some(km) if km <= NEAR_KM => near += 1,
                km => misses.push(format!(
                    "{} {name}: {} {} is {} km from {:.1} {:.1}",
                    row["id"].as_str().unwrap_or(""),
                    place.name,
                    place.country,
                    km.map_or("?".to_string(), |k| format!("{k:.0}")),
                    point.0,
                    point.1
                )),
            }
        }
        for p in read.found.places.iter().filter(|p| !expected.contains(&(p.span.start, p.span.end))) {
            misses.push(format!(
                "{} no gold place: {}",
                row["id"].as_str().unwrap_or(""),
                read.doc.slice(p.span)
            ));
        }
    }
    let figures = json!({
        "n": gold, "span_precision": rounded(share(hits, found)), "span_recall": rounded(share(hits, gold)),
        "span_f1": rounded(share(2 * hits, found + gold)),
        "within_161_km": rounded(share(near, of_found)), "within_161_km_of_all": rounded(share(near, pointed)),
    });
    Ok(SetScore { figures, misses })
}

/// Great circle in kilometres.
fn distance(place: &Place, (lat, lon): (f64, f64)) -> Option<f64> {
    let (a, b) = (place.lat?.to_radians(), place.lon?.to_radians());
    let (c, d) = (lat.to_radians(), lon.to_radians());
    let h = ((c - a) / 2.0).sin().powi(2) + a.cos() * c.cos() * ((d - b) / 2.0).sin().powi(2);
    Some(2.0 * 6371.0 * h.sqrt().asin())
}

/// Lines {"text", "mentions": [{"start", "end", "type", "qid"}]}: persons, places and organisations that have an item.
///
/// Figures: the share of all of them whose mention carries the item, the same of those that are names, and of those to which
/// an item was given the share that is right.
pub fn links(path: &Path, resources: &Resources) -> Result<SetScore, Failure> {
    let (mut n, mut right, mut named, mut named_right, mut given) = (0, 0, 0, 0, 0);
    let mut misses = Vec::new();
    for row in lines(path)? {
        let read = Read::new(&row, resources);
        for m in row["mentions"].as_array().into_iter().flatten() {
            let (Some(item), Some(kind), Some(span)) = (m["qid"].as_str(), m["type"].as_str(), read.span(m))
            else {
                continue;
            };
            if !matches!(kind, "person" | "place" | "organization") {
                continue;
            }
            let words = &read.doc.article.text[span.0 as usize..span.1 as usize];
            let is_name = words.split_whitespace().any(|w| w.chars().next().is_some_and(char::is_uppercase))
                && !matches!(
                    words.to_lowercase().as_str(),
                    "i" | "he" | "she" | "it" | "they" | "we" | "his" | "her"
                );
            let linked = item_of(&read, span, resources);
            n += 1;
            named += u32::from(is_name);
            given += u32::from(linked.is_some());
            let hit = linked.as_deref() == Some(item);
            right += u32::from(hit);
            named_right += u32::from(hit && is_name);
            if !hit && is_name {
                misses.push(format!(
                    "{} {words}: {item}, found {}",
                    row["id"].as_str().unwrap_or(""),
                    linked.unwrap_or_default()
                ));
            }
        }
    }
    let figures = json!({
        "n": n, "accuracy": rounded(share(right, n)), "n_named": named,
        "named_accuracy": rounded(share(named_right, named)), "precision": rounded(share(right, given)),
    });
    Ok(SetScore { figures, misses })
}

/// The item of the mention or place that shares most with a span.
fn item_of(read: &Read, (start, end): (u32, u32), resources: &Resources) -> Option<String> {
    // Bytes in common less bytes apart: the nearest span, and none that shares less than it adds.
    let closeness = |s: Span| {
        let common = i64::from(s.end.min(end)) - i64::from(s.start.max(start));
        2 * common - (i64::from(s.end - s.start).max(i64::from(end - start)) - common)
    };
    let mentions = read.found.mentions.iter().filter(|m| m.kind != MentionKind::Implied).filter_map(|m| {
        let actor = &read.found.doc_actors[*m.actors.first()? as usize];
        Some((closeness(m.span), actor.wikidata_id.clone()?))
    });
    let places = read.found.places.iter().filter_map(|p| {
        let row = match (p.precision.as_str(), p.geonameid) {
            ("country", _) => format!("country:{}", p.country),
            (_, Some(id)) => format!("city:{id}"),
            _ => return None,
        };
        Some((closeness(p.span), resources.tables.wikidata_of(&row)?.to_string()))
    });
    mentions.chain(places).filter(|(close, _)| *close > 0).max_by(|a, b| a.0.cmp(&b.0)).map(|(_, item)| item)
}
