//! Whose countries a text is about: for "the police", "protesters" or "the two sides" that come without a name.

use polybius_text::{ActorKind, COUNTRY_OF_A_PLACE, DocActor, Mention, MentionKind, Place};
use rustc_hash::FxHashMap;

/// The country or the two countries of a document's scene, and of sentences that stand elsewhere. Indexes of actors.
pub(crate) struct Scene {
    main: Option<u32>,
    pair: Option<(u32, u32)>,
    /// Sentences whose places all lie in one country: that country.
    local: FxHashMap<u32, u32>,
}

/// How many times as often as the next one a country must be named to be the scene. Set by judgement, not tuned.
const LEAD: u32 = 2;
/// Fewer namings than this say nothing. Set by judgement, not tuned.
const MIN_NAMED: u32 = 3;

impl Scene {
    pub fn new(mentions: &[Mention], actors: &[DocActor], places: &[Place]) -> Scene {
        let mut by_code: FxHashMap<&str, u32> = FxHashMap::default();
        for (i, a) in actors.iter().enumerate() {
            let named = a.basis != COUNTRY_OF_A_PLACE;
            if a.kind == ActorKind::Country && a.excluded.is_empty() && named {
                by_code.entry(a.code.as_str()).or_insert(i as u32);
            }
        }
        let mut count: FxHashMap<u32, u32> = FxHashMap::default();
        for m in mentions.iter().filter(|m| m.kind == MentionKind::Named) {
            for &a in &m.actors {
                let coded = actors.get(a as usize).filter(|a| a.excluded.is_empty());
                if let Some(&c) = coded.and_then(|a| by_code.get(a.code.as_str())) {
                    *count.entry(c).or_default() += 1;
                }
            }
        }
        let mut local: FxHashMap<u32, Option<u32>> = FxHashMap::default();
        for p in places {
            let Some(&c) = by_code.get(p.country.as_str()) else {
                continue;
            };
            *count.entry(c).or_default() += 1;
            let known = local.entry(p.sentence).or_insert(Some(c));
            if *known != Some(c) {
                *known = None;
            }
        }
        let mut ranked: Vec<(u32, u32)> = count.into_iter().map(|(c, n)| (n, c)).collect();
        ranked.sort_by_key(|&(n, c)| (std::cmp::Reverse(n), c));
        let named = |i: usize| ranked.get(i).map_or(0, |&(n, _)| n);
        let main = (named(0) >= MIN_NAMED && named(0) >= LEAD * named(1)).then(|| ranked[0].1);
        let pair = (main.is_none() && named(1) >= MIN_NAMED && named(1) >= LEAD * named(2))
            .then(|| (ranked[0].1, ranked[1].1));
        Scene { main, pair, local: local.into_iter().filter_map(|(s, c)| Some((s, c?))).collect() }
    }

    /// The country that unnamed collectives of a sentence belong to.
    pub fn country_at(&self, sentence: u32) -> Option<u32> {
        match (self.main, self.pair) {
            (Some(main), _) => self.local.get(&sentence).copied().or(Some(main)),
            // Soldiers on the soil of one of two adversaries may be the other's.
            (None, Some(_)) => None,
            (None, None) => self.local.get(&sentence).copied(),
        }
    }

    /// The country of a sentence: that of its places, else the one that the text is about.
    pub fn country_of(&self, sentence: u32) -> Option<u32> {
        self.local.get(&sentence).copied().or(self.main)
    }

    /// Whether the text is about one or two countries.
    pub fn is_known(&self) -> bool {
        self.main.is_some() || self.pair.is_some()
    }

    /// The country that a text about one country is about.
    pub fn main(&self) -> Option<u32> {
        self.main
    }

    /// The two countries of a text about two.
    pub fn pair(&self) -> Option<(u32, u32)> {
        self.pair
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(sentence: u32, country: &str) -> Place {
        Place {
            span: polybius_text::Span::new(0, 0),
            sentence,
            name: String::new(),
            country: country.to_owned(),
            geonameid: None,
            lat: None,
            lon: None,
            precision: "city".to_owned(),
        }
    }

    fn country(code: &str) -> DocActor {
        DocActor {
            name: code.to_owned(),
            names: Vec::new(),
            kind: ActorKind::Country,
            code: code.to_owned(),
            sector: None,
            other_sectors: Vec::new(),
            offices: Vec::new(),
            table_id: None,
            wikidata_id: None,
            excluded: String::new(),
            basis: String::new(),
        }
    }

    #[test]
    fn one_country_leads_two_share_or_nobody_does() {
        let actors = [country("PER"), country("BOL"), country("FRA")];
        let at = |codes: &[&str]| {
            let places: Vec<Place> = codes.iter().enumerate().map(|(i, c)| place(i as u32, c)).collect();
            Scene::new(&[], &actors, &places)
        };
        let peru = at(&["PER", "PER", "PER", "PER", "BOL"]);
        assert_eq!((peru.country_at(9), peru.country_at(4)), (Some(0), Some(1)));
        let both = at(&["PER", "PER", "PER", "BOL", "BOL", "BOL", "FRA"]);
        assert_eq!((both.country_at(0), both.pair()), (None, Some((0, 1))));
        let many = at(&["PER", "BOL", "FRA"]);
        assert_eq!((many.country_at(9), many.pair()), (None, None));
    }
}
