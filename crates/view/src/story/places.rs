//! Where a story takes place.

use super::gather::Texts;
use super::rows::StoryRows;
use super::view::PlaceView;
use polybius_store::rows::{EventRow, PlaceRow};
use std::collections::BTreeMap;

/// Mentions that are shown of one place.
const SPANS: usize = 20;

/// A place is one when it has one id, or where there is none, one name and country.
type Key = (Option<u32>, String, String);

/// Places with a point, those of most events first.
pub fn places(rows: &StoryRows, texts: &Texts<'_>, events: &[EventRow]) -> Vec<PlaceView> {
    let mut mentions: Vec<&PlaceRow> =
        rows.places.iter().filter(|p| texts.index.contains_key(&p.doc_id)).collect();
    mentions.sort_by_key(|p| (texts.index[&p.doc_id], p.start, p.end));
    let mut found: BTreeMap<Key, PlaceView> = BTreeMap::new();
    for p in mentions {
        let (Some(lat), Some(lon)) = (p.lat, p.lon) else { continue };
        let place = found.entry(key(p.geonameid, &p.name, &p.country)).or_insert_with(|| PlaceView {
            name: p.name.clone(),
            country: p.country.clone(),
            geonameid: p.geonameid,
            lat,
            lon,
            precision: p.precision.clone(),
            times: 0,
            events: 0,
            documents: Vec::new(),
            spans: Vec::new(),
        });
        place.times += 1;
        let document = texts.index[&p.doc_id];
        if place.documents.last() != Some(&document) {
            place.documents.push(document);
        }
        if place.spans.len() < SPANS {
            place.spans.extend(texts.span(&p.doc_id, p.start, p.end));
        }
    }
    for e in events {
        let Some(name) = &e.place_name else { continue };
        let country = e.place_country.as_deref().unwrap_or("");
        if let Some(place) = found.get_mut(&key(e.geonameid, name, country)) {
            place.events += 1;
        }
    }
    let mut places: Vec<PlaceView> = found.into_values().collect();
    places.sort_by(|a, b| (b.events, b.times, &a.name).cmp(&(a.events, a.times, &b.name)));
    places
}

fn key(geonameid: Option<u32>, name: &str, country: &str) -> Key {
    match geonameid {
        Some(id) => (Some(id), String::new(), String::new()),
        None => (None, name.to_string(), country.to_string()),
    }
}
