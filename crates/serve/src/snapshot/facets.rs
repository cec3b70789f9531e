//! What filters can be set to.

use super::stories::{Counted, counted};
use super::{Snapshot, Word};
use serde::Serialize;

/// Values with their counts, the more frequent first.
#[derive(Debug, Default, Serialize)]
#[allow(missing_docs)]
pub struct Facets {
    pub outlets: Vec<Counted>,
    pub countries: Vec<Counted>,
    pub types: Vec<Counted>,
    pub modes: Vec<Counted>,
    pub polarities: Vec<Counted>,
    pub modalities: Vec<Counted>,
    pub languages: Vec<Counted>,
    pub flags: Vec<Counted>,
    pub date_start: Option<String>,
    pub date_end: Option<String>,
}

impl Facets {
    /// Counts a snapshot.
    pub fn new(s: &Snapshot) -> Facets {
        let word = |w: Word| s.words.word(w).to_string();
        let dates = || s.stories.iter().filter_map(|e| e.dates);
        Facets {
            outlets: counted(s.documents.iter().filter_map(|d| d.outlet.clone().or(d.agency.clone()))),
            countries: counted(s.stories.iter().flat_map(|e| e.item.countries.iter().cloned())),
            types: counted(s.events.iter().map(|e| word(e.event_type))),
            modes: counted(s.events.iter().flat_map(|e| e.modes.iter().map(|&m| word(m)))),
            polarities: counted(s.events.iter().map(|e| word(e.polarity))),
            modalities: counted(s.events.iter().map(|e| word(e.modality))),
            languages: counted(s.documents.iter().map(|d| d.language.clone())),
            flags: counted(s.documents.iter().flat_map(|d| d.flags.iter().cloned())),
            date_start: dates().map(|d| d.0).min().map(|d| d.to_string()),
            date_end: dates().map(|d| d.1).max().map(|d| d.to_string()),
        }
    }
}
