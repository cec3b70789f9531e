//! The stages of one document, one after the other.

use crate::resources::Resources;
use polybius_events::{code_events, drop_unused, event_date, quotes, times};
use polybius_text::{Article, CodedDocument, DocId, Page, Reject, RejectReason};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Page to coded document. A fault of ours on one page becomes a reject, and the run goes on.
pub fn analyse_page(doc_id: &DocId, page: &Page, resources: &Resources) -> Result<CodedDocument, Reject> {
    let stages = || {
        let mut article = polybius_ingest::read_article(page, &resources.ingest)?;
        article.doc_id = doc_id.clone();
        Ok(analyse_article(article, resources))
    };
    catch_unwind(AssertUnwindSafe(stages)).unwrap_or_else(|fault| {
        let words = fault
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| fault.downcast_ref::<&str>().copied())
            .unwrap_or("unknown fault");
        Err(Reject { path: page.path.clone(), reason: RejectReason::Internal, detail: words.to_string() })
    })
}

/// Article to coded document.
pub fn analyse_article(article: Article, resources: &Resources) -> CodedDocument {
    let annotated = polybius_parse::annotate(article, &resources.reader);
    let mut found = polybius_actors::find_mentions(&annotated, &resources.tables);
    let times = times::find_times(&annotated, &resources.times);
    let quotes = quotes::find_quotes(&annotated, &found.mentions, &found.doc_actors, &resources.quotes);
    let named = polybius_actors::add_countries_of_places(&mut found, &resources.tables);
    let mut events = code_events(
        &annotated,
        &found.mentions,
        &found.doc_actors,
        &times,
        &found.places,
        &quotes,
        &resources.codebook,
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
