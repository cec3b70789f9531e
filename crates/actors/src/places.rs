//! Places named in a document, with coordinates, ranked by the countries that the document speaks of.

use crate::chunks::{Chunk, ChunkKind};
use crate::fold::fold;
use crate::scan::{Scan, What};
use crate::tables::{CountryForm, Row};
use polybius_text::Place;

/// Every place name in text order: states, capitals (also where they stand for a government), cities, regions, unresolved names.
pub(crate) fn find_places(scan: &Scan, chunks: &[Chunk]) -> Vec<Place> {
    let mut places = Vec::new();
    for h in &scan.hits {
        match &h.what {
            What::Country(_, CountryForm::Demonym | CountryForm::Metonym(_)) => {}
            What::Country(rows, CountryForm::Capital) => {
                places.push(city(scan, h.first, h.end, Some(rows[0])))
            }
            What::Country(rows, CountryForm::Name) => places.push(country(scan, h.first, h.end, rows[0])),
            What::City => places.push(city(scan, h.first, h.end, None)),
            What::Region(row) => {
                let r = &scan.tables.regions[*row as usize];
                let mut p = unresolved(scan, h.first, h.end);
                p.name = r.name.clone();
                p.country = r.country.clone();
                (p.lat, p.lon) = (r.lat, r.lon);
                p.precision = "region".to_owned();
                places.push(p);
            }
            _ => {}
        }
    }
    for c in chunks.iter().filter(|c| c.kind == ChunkKind::Place && c.hit.is_none()) {
        places.push(city(scan, c.first, c.end, None));
    }
    places.sort_by_key(|p: &Place| p.span);
    places
}

/// The country of the city or region that a hit names, as far as the tables tell.
pub(crate) fn country_of_hit(scan: &Scan, hit: &crate::scan::Hit) -> Option<String> {
    let country = match &hit.what {
        What::City => city(scan, hit.first, hit.end, None).country,
        What::Region(row) => scan.tables.regions[*row as usize].country.clone(),
        _ => return None,
    };
    (!country.is_empty()).then_some(country)
}

fn unresolved(scan: &Scan, first: u32, end: u32) -> Place {
    let span = scan.doc.tokens[first as usize].span.cover(scan.doc.tokens[end as usize - 1].span);
    Place {
        span,
        sentence: scan.doc.sentence_of(first),
        name: scan.doc.slice(span).to_owned(),
        country: String::new(),
        geonameid: None,
        lat: None,
        lon: None,
        precision: "unresolved".to_owned(),
    }
}

/// A state's own point is that of its largest city: the tables hold no other.
fn country(scan: &Scan, first: u32, end: u32, row: u32) -> Place {
    let mut p = unresolved(scan, first, end);
    p.name = scan.tables.countries[row as usize].name.clone();
    p.country = scan.code_of(row).to_owned();
    p.precision = "country".to_owned();
    if let Some((lat, lon)) = scan.tables.centre(row) {
        (p.lat, p.lon) = (Some(lat), Some(lon));
    }
    p
}

/// The city of that name in the country the document names most, then the most populous.
fn city(scan: &Scan, first: u32, end: u32, country: Option<u32>) -> Place {
    let mut p = unresolved(scan, first, end);
    let folded = fold(&p.name);
    let rows = scan.tables.look_up(&folded, true).filter_map(|r| match r {
        Row::City(row, alias) => Some((row, alias)),
        _ => None,
    });
    let named =
        |row: u32| scan.country_count.get(&scan.tables.cities[row as usize].country).copied().unwrap_or(0);
    let best = rows
        .filter(|&(row, _)| country.is_none_or(|c| scan.tables.cities[row as usize].country == c))
        .max_by_key(|&(row, alias)| {
            let population = scan.tables.cities[row as usize].population;
            // A great city needs no context: "Paris" in a text about Texas stays Paris unless it is named.
            let world = population > 1_000_000 && !alias;
            (
                world || named(row) > 0,
                if world { u32::MAX } else { named(row) },
                !alias,
                population,
                std::cmp::Reverse(row),
            )
        });
    if let Some((row, _)) = best {
        let c = scan.tables.cities[row as usize];
        p.name = scan.tables.city_name(&c).to_owned();
        p.country = scan.code_of(c.country).to_owned();
        p.geonameid = Some(c.geonameid);
        (p.lat, p.lon) = (Some(c.lat), Some(c.lon));
        p.precision = "city".to_owned();
    } else if let Some(row) = country {
        p.country = scan.code_of(row).to_owned();
        p.precision = "city".to_owned();
    }
    p
}
