//! Places named in a document, with coordinates, ranked by the countries that the document speaks of.

use crate::base::BaseKind;
use crate::chunks::{Chunk, ChunkKind};
use crate::fold::fold;
use crate::scan::{Hit, Scan, What};
use crate::tables::{CountryForm, Row};
use polybius_text::Place;

/// Every place name in text order: states, capitals (also where they stand for a government), cities, regions, unresolved names.
pub(crate) fn find_places(scan: &Scan, chunks: &[Chunk]) -> Vec<Place> {
    let mut places = Vec::new();
    for h in &scan.hits {
        match &h.what {
            What::Country(_, CountryForm::Demonym | CountryForm::Metonym(_)) => {}
            What::Country(rows, CountryForm::Capital) => places.push(match division(scan, h, rows[0]) {
                Some(row) => region(scan, h.first, h.end, row),
                None => city(scan, h.first, h.end, Some(rows[0])),
            }),
            What::Country(rows, CountryForm::Name) => places.push(match division(scan, h, rows[0]) {
                Some(row) => region(scan, h.first, h.end, row),
                None => country(scan, h.first, h.end, rows[0]),
            }),
            What::City => places.push(city(scan, h.first, h.end, None)),
            What::Region(row) => places.push(region(scan, h.first, h.end, *row)),
            _ => {}
        }
    }
    let named = |c: &&Chunk| c.kind == ChunkKind::Place && c.hit.is_none() && scan.cap[c.first as usize];
    for c in chunks.iter().filter(named) {
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
    // "the United States": the article is no part of the name.
    let first = if end > first + 1 && scan.fold[first as usize] == "the" { first + 1 } else { first };
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

fn region(scan: &Scan, first: u32, end: u32, row: u32) -> Place {
    let r = &scan.tables.regions[row as usize];
    let mut p = unresolved(scan, first, end);
    p.name = r.name.clone();
    p.country = r.country.clone();
    (p.lat, p.lon) = (r.lat, r.lon);
    p.precision = "region".to_owned();
    p
}

/// The region that a name of a state means here: a part of that state ("England"), or a namesake in another ("Georgia") that the
/// document names, where nothing but this name speaks of the state.
fn division(scan: &Scan, h: &Hit, country: u32) -> Option<u32> {
    let folded = fold(scan.text(h.first, h.end));
    let row = scan.tables.look_up(&folded, true).find_map(|r| match r {
        Row::Region(row) if scan.tables.regions[row as usize].lat.is_some() => Some(row),
        _ => None,
    })?;
    let of = scan.tables.regions[row as usize].country.as_str();
    if of == scan.code_of(country) {
        return Some(row);
    }
    let named = scan.country_count.get(scan.tables.country_of.get(of)?).copied().unwrap_or(0);
    let otherwise = scan.hits.iter().any(|x| match &x.what {
        What::Country(rows, _) => rows[0] == country && fold(scan.text(x.first, x.end)) != folded,
        _ => false,
    });
    (named > 0 && !otherwise).then_some(row)
}

/// The place of the user's base with that name: in a state that the document names, else the largest.
fn of_base(scan: &Scan, folded: &str, country: Option<u32>) -> Option<crate::base::BaseEntity> {
    let base = scan.tables.base.as_ref()?;
    let places =
        base.named(folded).into_iter().filter(|&e| base.kind(e) == BaseKind::Place).map(|e| base.entity(e));
    let fits = |e: &crate::base::BaseEntity| country.is_none_or(|c| e.code == scan.code_of(c));
    let named = |e: &crate::base::BaseEntity| {
        let row = scan.tables.country_of.get(&e.code);
        row.and_then(|r| scan.country_count.get(r)).copied().unwrap_or(0)
    };
    places.filter(fits).max_by(|a, b| (named(a), a.weight).cmp(&(named(b), b.weight)).then(b.id.cmp(&a.id)))
}

/// A state has the point in its middle.
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

/// The city of that name that is largest, with a preference for the states that the document names. Set by judgement, not tuned.
fn city(scan: &Scan, first: u32, end: u32, country: Option<u32>) -> Place {
    let mut p = unresolved(scan, first, end);
    let folded = fold(&p.name);
    let mut rows: Vec<(u32, bool)> = scan
        .tables
        .look_up(&folded, true)
        .filter_map(|r| match r {
            Row::City(row, alias) => Some((row, alias)),
            _ => None,
        })
        .collect();
    // A town is meant only where no city has the name.
    if rows.iter().any(|&(row, _)| row < scan.tables.first_town) {
        rows.retain(|&(row, _)| row < scan.tables.first_town);
    }
    let named =
        |row: u32| scan.country_count.get(&scan.tables.cities[row as usize].country).copied().unwrap_or(0);
    let dominant = scan.country_count.values().copied().max().unwrap_or(0);
    // How many live there, in powers of ten, and whether the document names the state. A village needs more than that: "Paris"
    // in a text about Texas stays Paris.
    let fits = |row: u32, alias: bool| {
        let population = f64::from(scan.tables.cities[row as usize].population);
        let context = match named(row) {
            0 => 0.0,
            n => (if population < 50_000.0 { 1.0 } else { 1.7 }) + (if n == dominant { 0.3 } else { 0.0 }),
        };
        (population + 1000.0).log10() + context - if alias { 0.3 } else { 0.0 }
    };
    let best = rows
        .into_iter()
        .filter(|&(row, _)| country.is_none_or(|c| scan.tables.cities[row as usize].country == c))
        .max_by(|a, b| fits(a.0, a.1).total_cmp(&fits(b.0, b.1)).then(b.0.cmp(&a.0)));
    if let Some((row, _)) = best {
        let c = scan.tables.cities[row as usize];
        p.name = scan.tables.city_name(&c).to_owned();
        p.country = scan.code_of(c.country).to_owned();
        p.geonameid = Some(c.geonameid);
        (p.lat, p.lon) = (Some(c.lat), Some(c.lon));
        p.precision = "city".to_owned();
    } else if let Some(e) = of_base(scan, &folded, country) {
        p.name = e.name;
        p.country = e.code;
        p.geonameid = e.id.parse().ok();
        (p.lat, p.lon) = (e.point.map(|x| x.0), e.point.map(|x| x.1));
        p.precision = "city".to_owned();
    } else if let Some(row) = country {
        p.country = scan.code_of(row).to_owned();
        p.precision = "city".to_owned();
    }
    p
}
