//! What the input says of a page beside its bytes, weighed with what the page says of itself.

use crate::knowledge::IngestKnowledge;
use crate::lines::is_agency;
use crate::metadata::{DateRole, MachineDate, Metadata};
use crate::words::words;
use jiff::civil::Date;
use jiff::{Span, ToSpan};
use polybius_text::{Given, Published};

/// Puts the given date among the dates that the page's head names: the last of them in rank, and out of the same database
/// as they, so that it never outvotes the page.
pub(crate) fn weigh(given: &Given, metadata: &mut Metadata) {
    let latest = latest_day(given);
    metadata.dates.retain(|date| match (latest, day(&date.value)) {
        (Some(latest), Some(day)) => day <= latest,
        _ => true,
    });
    if let Some(date) = &given.date
        && !given.basis.as_str().is_empty()
    {
        metadata.dates.push(MachineDate {
            basis: given.basis.as_str(),
            role: DateRole::Published,
            value: date.clone(),
            at: None,
        });
    }
}

/// Whether the page can have been published then: no later than it was fetched.
pub(crate) fn is_possible(given: &Given, published: &Published) -> bool {
    match (latest_day(given), published.date.start) {
        (Some(latest), Some(start)) => start <= latest,
        _ => true,
    }
}

/// The page's own outlet and agency, or, where it names none, those that the feed gives. The `source` element of an item
/// names an agency in an outlet's own feed and the outlet itself in an aggregator's.
pub(crate) fn outlet_and_agency(
    given: &Given,
    outlet: Option<String>,
    agency: Option<String>,
    knowledge: &IngestKnowledge,
) -> (Option<String>, Option<String>) {
    let (credit, publisher) = match &given.origin {
        Some(origin) if is_agency(&words(origin, 0), knowledge) => (Some(origin), None),
        origin => (None, origin.as_ref()),
    };
    let outlet = outlet.or_else(|| publisher.or(given.outlet.as_ref()).cloned());
    let agency = agency.or_else(|| credit.filter(|c| Some(*c) != outlet.as_ref()).cloned());
    (outlet, agency)
}

/// The day after fetching: east of the crawler it was already tomorrow.
fn latest_day(given: &Given) -> Option<Date> {
    let one: Span = 1.day();
    day(given.fetched.as_ref()?)?.checked_add(one).ok()
}

fn day(text: &str) -> Option<Date> {
    text.trim().get(..10)?.parse().ok()
}
