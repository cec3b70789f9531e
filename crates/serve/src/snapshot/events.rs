//! What a filter asks of an event, in few bytes.

use super::words::{Word, Words};
use jiff::civil::Date;
use polybius_store::rows::{EventRow, PartyRow};
use rustc_hash::FxHashMap;

/// An event as far as filters look at it.
#[derive(Debug)]
#[allow(missing_docs)]
pub struct EventHead {
    /// Number of the document and of the event's row in it.
    pub doc: u32,
    pub row: u32,
    pub event_type: Word,
    pub modes: Box<[Word]>,
    pub polarity: Word,
    pub modality: Word,
    pub country: Word,
    pub dates: Option<(Date, Date)>,
    pub doers: Side,
    pub recipients: Side,
    /// Who says so.
    pub said: Side,
    pub evidence: (u32, u32),
    pub trigger_start: u32,
    pub score: f32,
}

/// One side of an event.
#[derive(Debug, Default)]
#[allow(missing_docs)]
pub struct Side {
    /// Numbers of the actors.
    pub actors: Box<[u32]>,
    pub codes: Box<[Word]>,
    pub names: Box<[Word]>,
}

impl Side {
    fn of(parties: &[PartyRow], words: &mut Words, actor_of: &FxHashMap<String, u32>) -> Side {
        Side {
            actors: parties.iter().filter_map(|p| actor_of.get(&p.actor_id).copied()).collect(),
            codes: words.add_all(parties.iter().map(|p| p.code.as_str())),
            names: words.add_all(parties.iter().map(|p| p.name.as_str())),
        }
    }
}

/// First and last day; an open side takes the other.
pub fn days(start: Option<&str>, end: Option<&str>) -> Option<(Date, Date)> {
    let parse = |d: Option<&str>| d.and_then(|d| d.parse::<Date>().ok());
    match (parse(start), parse(end)) {
        (Some(a), Some(b)) => Some((a, b.max(a))),
        (Some(a), None) | (None, Some(a)) => Some((a, a)),
        (None, None) => None,
    }
}

impl EventHead {
    /// The head of a row.
    pub fn new(
        e: &EventRow,
        doc: u32,
        row: u32,
        words: &mut Words,
        actor_of: &FxHashMap<String, u32>,
    ) -> EventHead {
        EventHead {
            doc,
            row,
            event_type: words.add(&e.event_type),
            modes: words.add_all(e.modes.iter().map(String::as_str)),
            polarity: words.add(&e.polarity),
            modality: words.add(&e.modality),
            country: words.add(e.place_country.as_deref().unwrap_or("")),
            dates: days(e.date_start.as_deref(), e.date_end.as_deref()),
            doers: Side::of(&e.actors, words, actor_of),
            recipients: Side::of(&e.recipients, words, actor_of),
            said: Side {
                actors: e.attribution.iter().filter_map(|a| actor_of.get(&a.actor_id).copied()).collect(),
                codes: Box::default(),
                names: words.add_all(e.attribution.iter().map(|a| a.name.as_str())),
            },
            evidence: (e.evidence_start, e.evidence_end),
            trigger_start: e.trigger_start,
            score: e.score,
        }
    }
}
