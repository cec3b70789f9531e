//! The stages of one document with the shipped data, for tests and examples of this crate.

use polybius_actors::ActorTables;
use polybius_events::quotes::{QuoteKnowledge, find_quotes};
use polybius_events::times::{TimeKnowledge, find_times};
use polybius_events::{Codebook, code_events, drop_unused, event_date};
use polybius_parse::Reader;
use polybius_text::{Article, CodedDocument};
use std::path::{Path, PathBuf};

/// All that the stages are given.
pub struct Stages {
    pub reader: Reader,
    pub tables: ActorTables,
    pub codebook: Codebook,
    pub times: TimeKnowledge,
    pub quotes: QuoteKnowledge,
}

/// The shipped data folder.
pub fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data")
}

impl Stages {
    /// Loads the shipped data with the default model.
    pub fn load() -> Stages {
        let data = data();
        Stages {
            reader: Reader::open(&data.join("model/accurate.safetensors")).expect("the model"),
            tables: ActorTables::load(&data).expect("data/actors"),
            codebook: Codebook::load(&data.join("codebook")).expect("data/codebook"),
            times: TimeKnowledge::load(&data).expect("data/times"),
            quotes: QuoteKnowledge::load(&data).expect("data/quotes"),
        }
    }

    /// Article to coded document.
    pub fn code(&self, article: Article) -> CodedDocument {
        let annotated = polybius_parse::annotate(article, &self.reader);
        let mut found = polybius_actors::find_mentions(&annotated, &self.tables);
        let times = find_times(&annotated, &self.times);
        let quotes = find_quotes(&annotated, &found.mentions, &found.doc_actors, &self.quotes);
        let named = polybius_actors::add_countries_of_places(&mut found, &self.tables);
        let mut events = code_events(
            &annotated,
            &found.mentions,
            &found.doc_actors,
            &times,
            &found.places,
            &quotes,
            &self.codebook,
        );
        drop_unused(&mut found.doc_actors, named, &mut events);
        event_date::date_events(&annotated, &times, &mut events);
        CodedDocument {
            annotated,
            times,
            places: found.places,
            doc_actors: found.doc_actors,
            mentions: found.mentions,
            quotes,
            events,
        }
    }
}
