//! Countries that a text names only by their places: "arrived in Kathmandu", "shelled Kharkiv".

use crate::mentions::MentionsFound;
use crate::tables::ActorTables;
use polybius_text::{ActorKind, COUNTRY_OF_A_PLACE, DocActor, Sector};

/// Adds the countries of the places that no mention names, at the end and in the order of their codes; gives the number of actors
/// before. The coder may take them for parties; those that no event uses are to be dropped afterwards.
pub fn add_countries_of_places(found: &mut MentionsFound, tables: &ActorTables) -> usize {
    let known = found.doc_actors.len();
    let mut codes: Vec<&str> = found.places.iter().map(|p| p.country.as_str()).collect();
    codes.sort_unstable();
    codes.dedup();
    let named = |code: &str| found.doc_actors.iter().any(|a| a.kind == ActorKind::Country && a.code == code);
    let missing: Vec<DocActor> = codes
        .into_iter()
        .filter(|code| !named(code))
        .filter_map(|code| {
            let country = tables.country(code)?;
            Some(DocActor {
                name: country.name.clone(),
                names: Vec::new(),
                kind: ActorKind::Country,
                code: code.to_owned(),
                sector: Some(Sector::Government),
                other_sectors: Vec::new(),
                offices: Vec::new(),
                table_id: Some(format!("country:{code}")),
                wikidata_id: None,
                excluded: String::new(),
                basis: COUNTRY_OF_A_PLACE.to_owned(),
            })
        })
        .collect();
    found.doc_actors.extend(missing);
    known
}
