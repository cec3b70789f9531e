//! Where the tables' words stand in a document.

use crate::fold::fold;
use crate::tables::{ActorTables, Collective, CollectiveKind, CountryForm, Office, Row};
use polybius_text::{Annotated, EntityType};
use rustc_hash::{FxHashMap, FxHashSet};

/// Words that the tables know, with what they may mean.
#[derive(Debug, Clone)]
pub(crate) enum What {
    /// Rows of countries that bear the name ("Congolese" has two).
    Country(Vec<u32>, CountryForm),
    Organisation(Vec<u32>),
    Person,
    City,
    Region(u32),
    Office(Office, bool),
    Collective(Collective, bool),
}

#[derive(Debug, Clone)]
pub(crate) struct Hit {
    pub first: u32,
    pub end: u32,
    pub what: What,
}

pub(crate) struct Scan<'a> {
    pub doc: &'a Annotated,
    pub tables: &'a ActorTables,
    /// Folded words.
    pub fold: Vec<String>,
    /// Whether the word begins with a capital letter.
    pub cap: Vec<bool>,
    /// Whether no white space stands before the word.
    pub glued: Vec<bool>,
    pub hits: Vec<Hit>,
    /// The hit that covers each token.
    pub hit_of: Vec<Option<u32>>,
    /// The reader's entity that covers each token.
    pub entity_of: Vec<Option<u32>>,
    /// How often each country is named.
    pub country_count: FxHashMap<u32, u32>,
    /// Folded words of persons' names of several words, as the reader sees them.
    full_name_words: FxHashSet<String>,
    /// Folded words that stand somewhere as a place.
    placed_words: FxHashSet<String>,
}

const LONGEST: u32 = 10;

impl<'a> Scan<'a> {
    pub fn new(doc: &'a Annotated, tables: &'a ActorTables) -> Scan<'a> {
        let n = doc.tokens.len();
        let text = doc.article.text.as_str();
        let mut s = Scan {
            doc,
            tables,
            fold: doc.tokens.iter().map(|t| fold(t.span.of(text))).collect(),
            cap: doc.tokens.iter().map(|t| begins_capital(t.span.of(text))).collect(),
            glued: (0..n).map(|i| i > 0 && doc.tokens[i - 1].span.end == doc.tokens[i].span.start).collect(),
            hits: Vec::new(),
            hit_of: vec![None; n],
            entity_of: vec![None; n],
            country_count: FxHashMap::default(),
            full_name_words: FxHashSet::default(),
            placed_words: FxHashSet::default(),
        };
        // "al-Shabaab" is a name although it begins small, be it one token or three.
        for i in 0..n {
            if let Some((particle, rest)) = doc.word(i as u32).split_once('-') {
                s.cap[i] |=
                    rest.starts_with(char::is_uppercase) && crate::names::is_name_particle(&fold(particle));
            }
        }
        for i in 0..n.saturating_sub(2) {
            let joined =
                matches!(doc.word(i as u32 + 1), "-" | "‐" | "‑") && s.glued[i + 1] && s.glued[i + 2];
            if joined && s.cap[i + 2] && crate::names::is_name_particle(&s.fold[i]) {
                s.cap[i] = true;
            }
        }
        for (i, e) in doc.entities.iter().enumerate() {
            for t in e.first_token..e.end_token {
                s.entity_of[t as usize] = Some(i as u32);
            }
        }
        s.note_words();
        for sentence in &doc.sentences {
            let mut t = sentence.first_token;
            while t < sentence.end_token {
                match s.longest_hit(t, sentence.end_token) {
                    Some(hit) => {
                        t = hit.end;
                        s.add(hit);
                    }
                    None => t += 1,
                }
            }
        }
        s.directions();
        s.settle_organisations();
        s
    }

    /// "North and South Korea", "the North": a direction that stands for the state whose name it begins.
    fn directions(&mut self) {
        let direction = |w: &str| matches!(w, "north" | "south" | "east" | "west");
        let mut named: Vec<(String, u32)> = Vec::new();
        for h in &self.hits {
            if let What::Country(rows, CountryForm::Name | CountryForm::Demonym) = &h.what
                && h.end > h.first + 1
                && direction(&self.fold[h.first as usize])
                && !named.iter().any(|(_, row)| *row == rows[0])
            {
                named.push((self.fold[h.first as usize].clone(), rows[0]));
            }
        }
        // "Pyongyang" speaks of the North as well.
        let mut rows: Vec<u32> = self.country_count.keys().copied().collect();
        rows.sort_unstable();
        for row in rows {
            let name = fold(&self.tables.countries[row as usize].name);
            if let Some((first, _)) = name.split_once(' ').filter(|(w, _)| direction(w))
                && !named.iter().any(|(_, r)| *r == row)
            {
                named.push((first.to_owned(), row));
            }
        }
        // Where only "South Koreans" are named, "the North" is their neighbour.
        for (word, row) in named.clone() {
            let other = match word.as_str() {
                "north" => "south",
                "south" => "north",
                "east" => "west",
                _ => "east",
            };
            let name = fold(&self.tables.countries[row as usize].name);
            let neighbour =
                name.split_once(' ').and_then(|(_, rest)| self.country_named(&format!("{other} {rest}")));
            if let Some(row) = neighbour.filter(|r| !named.iter().any(|(_, known)| known == r)) {
                named.push((other.to_owned(), row));
            }
        }
        if named.is_empty() {
            return;
        }
        for t in 0..self.fold.len() {
            let word = self.fold[t].as_str();
            if !direction(word) || !self.cap[t] || self.hit_of[t].is_some() {
                continue;
            }
            let at = |k: usize| self.fold.get(t + k).map_or("", String::as_str);
            let joined = at(1) == "and" && direction(at(2)) && self.hit_of[t + 2].is_some();
            let row = if joined {
                let rest = (t + 3 < self.fold.len()).then(|| format!("{word} {}", at(3)));
                rest.and_then(|name| self.country_named(&name))
            } else {
                // "the North's", "the South said"; not "the South China Sea".
                let article = t > 0 && self.fold[t - 1] == "the";
                let alone = !self.cap.get(t + 1).copied().unwrap_or(false)
                    || self.entity_type(t as u32 + 1) == Some(EntityType::Person);
                let mut rows = named.iter().filter(|(w, _)| w == word).map(|(_, row)| *row);
                rows.next().filter(|_| article && alone && rows.next().is_none())
            };
            if let Some(row) = row {
                let t = t as u32;
                self.add(Hit { first: t, end: t + 1, what: What::Country(vec![row], CountryForm::Name) });
            }
        }
        // Hits stand in text order.
        let mut order: Vec<usize> = (0..self.hits.len()).collect();
        order.sort_by_key(|&i| self.hits[i].first);
        let mut place = vec![0u32; order.len()];
        for (new, &old) in order.iter().enumerate() {
            place[old] = new as u32;
        }
        let hits = std::mem::take(&mut self.hits);
        let mut slots: Vec<Option<Hit>> = hits.into_iter().map(Some).collect();
        self.hits = order.iter().filter_map(|&i| slots[i].take()).collect();
        for hit in self.hit_of.iter_mut().flatten() {
            *hit = place[*hit as usize];
        }
    }

    fn country_named(&self, folded: &str) -> Option<u32> {
        self.tables.look_up(folded, false).find_map(|r| match r {
            Row::Country(row, CountryForm::Name) => Some(row),
            _ => None,
        })
    }

    /// What the document shows of capitalised words elsewhere, for words that the reader takes for a person here.
    fn note_words(&mut self) {
        for e in &self.doc.entities {
            let words = (e.first_token..e.end_token).map(|t| self.fold[t as usize].clone());
            match e.entity_type {
                EntityType::Person if e.end_token > e.first_token + 1 => self.full_name_words.extend(words),
                EntityType::Place => self.placed_words.extend(words),
                _ => {}
            }
        }
        for t in 1..self.fold.len() {
            if self.cap[t]
                && self.after_locative(t as u32)
                && self.doc.sentence_of(t as u32 - 1) == self.doc.sentence_of(t as u32)
            {
                let word = self.fold[t].clone();
                self.placed_words.insert(word);
            }
        }
    }

    /// Whether the reader's person is one word without a title that is part of no fuller name in the document.
    fn lone_person(&self, first: u32, end: u32) -> bool {
        let before = first.checked_sub(1).map_or("", |t| self.fold[t as usize].as_str());
        self.entity_type(first) == Some(EntityType::Person)
            && self.entity_is(first, end)
            && (first..end).all(|t| !self.full_name_words.contains(&self.fold[t as usize]) || end > first + 1)
            && !self.tables.offices.contains_key(before)
            && !self.tables.honorifics.contains_key(before)
    }

    fn add(&mut self, hit: Hit) {
        if let What::Country(rows, _) = &hit.what {
            *self.country_count.entry(rows[0]).or_default() += 1;
        }
        for t in hit.first..hit.end {
            self.hit_of[t as usize] = Some(self.hits.len() as u32);
        }
        self.hits.push(hit);
    }

    pub fn upos(&self, t: u32) -> &str {
        &self.doc.tokens[t as usize].upos
    }

    pub fn rel(&self, t: u32) -> &str {
        &self.doc.tokens[t as usize].rel
    }

    pub fn lemma(&self, t: u32) -> &str {
        &self.doc.tokens[t as usize].lemma
    }

    pub fn word(&self, t: u32) -> &str {
        self.doc.word(t)
    }

    pub fn entity_type(&self, t: u32) -> Option<EntityType> {
        self.entity_of[t as usize].map(|e| self.doc.entities[e as usize].entity_type)
    }

    pub fn text(&self, first: u32, end: u32) -> &str {
        let (a, b) = (self.doc.tokens[first as usize].span, self.doc.tokens[end as usize - 1].span);
        self.doc.slice(a.cover(b))
    }

    pub fn hit_at(&self, t: u32) -> Option<&Hit> {
        self.hit_of.get(t as usize).copied().flatten().map(|h| &self.hits[h as usize])
    }

    fn longest_hit(&self, first: u32, sentence_end: u32) -> Option<Hit> {
        if self.fold[first as usize].is_empty() {
            return None;
        }
        let most = LONGEST.min(sentence_end - first);
        (1..=most).rev().find_map(|len| {
            let end = first + len;
            if self.fold[end as usize - 1].is_empty() || (first..end).any(|t| self.parts(t)) {
                return None;
            }
            self.hit(first, end)
        })
    }

    /// Whether a mark parts what stands before and behind it.
    fn parts(&self, t: u32) -> bool {
        matches!(
            self.word(t),
            "," | ";" | ":" | "(" | ")" | "\"" | "“" | "”" | "«" | "»" | "—" | "–" | "!" | "?"
        )
    }

    fn hit(&self, first: u32, end: u32) -> Option<Hit> {
        let printed = self.text(first, end);
        // "US$" is money.
        if printed.len() > 90 || printed.contains('$') {
            return None;
        }
        let folded = fold(printed);
        let name = self.name_hit(first, end, printed, &folded);
        let what = match name {
            Some(what) => Some(what),
            None => self.common_hit(first, end, &folded),
        };
        what.map(|what| Hit { first, end, what })
    }

    fn name_hit(&self, first: u32, end: u32, printed: &str, folded: &str) -> Option<What> {
        let one = end == first + 1;
        let capital = self.cap[first as usize];
        let capitals = printed.chars().all(|c| !c.is_alphabetic() || c.is_uppercase());
        let entity = self.entity_type(first);
        // Where the reader sees a place, sloppy case is forgiven: "the usa", "Us forces".
        let place = entity == Some(EntityType::Place);
        if !capital && one && !place && !matches!(self.upos(first), "ADJ" | "PROPN") {
            return None;
        }
        let (mut countries, mut form) = (Vec::new(), CountryForm::Name);
        let (mut organisations, mut persons, mut cities, mut region) =
            (Vec::new(), Vec::new(), Vec::new(), None);
        for row in self.tables.look_up(folded, (capitals && capital) || place) {
            match row {
                Row::Country(row, f) => {
                    // "US" is both a name and an adjective; the name comes first in the file, the tree decides later.
                    if countries.is_empty() {
                        form = f;
                    }
                    if f == form && !countries.contains(&row) {
                        countries.push(row);
                    }
                }
                Row::Organisation(row) => organisations.push(row),
                Row::Person(row) if !persons.contains(&row) => persons.push(row),
                Row::Person(_) => {}
                Row::City(row, alias) if row < self.tables.first_town => cities.push((row, alias)),
                Row::City(..) => {}
                Row::Region(row) => region = Some(row),
            }
        }
        let lone = self.lone_person(first, end);
        // "Quai d'Orsay": a name of several words that the tables know takes in what the reader saw of it.
        let inside = !one
            && self.entity_of[first as usize].is_some_and(|e| {
                let e = self.doc.entities[e as usize];
                e.first_token >= first && e.end_token <= end
            });
        let person_name = entity == Some(EntityType::Person) && !self.entity_is(first, end) && !inside;
        if !countries.is_empty() && (capital || place || form == CountryForm::Demonym || !one) {
            let led = !one || self.after_title_of(first);
            let as_person = person_name && !led
                || (entity == Some(EntityType::Person)
                    && one
                    && !lone
                    && form != CountryForm::Demonym
                    && !led);
            if !as_person || form == CountryForm::Demonym {
                return Some(What::Country(countries, form));
            }
        }
        if !capital {
            return None;
        }
        // "the Minusma said": no person has an article.
        let article = first > 0 && self.fold[first as usize - 1] == "the";
        organisations.retain(|&row| !self.begins_longer_body(first, end, row));
        let led = self.after_title_of(first);
        if !organisations.is_empty()
            && !(one && entity == Some(EntityType::Person) && !(lone && article) && !led)
        {
            return Some(What::Organisation(organisations));
        }
        let person_like = entity.is_none_or(|e| e == EntityType::Person) || (capitals && folded.len() > 2);
        if !persons.is_empty() && (!one || person_like) && !(one && self.upos(first) != "PROPN") {
            return Some(What::Person);
        }
        let place_elsewhere =
            lone && (first..end).all(|t| self.placed_words.contains(&self.fold[t as usize]));
        if person_name || (entity == Some(EntityType::Person) && !place_elsewhere) {
            return None;
        }
        let placed = entity == Some(EntityType::Place)
            || place_elsewhere
            || (entity.is_none() && self.after_locative(first) && self.upos(first) == "PROPN");
        if placed {
            if let Some(row) = region {
                return Some(What::Region(row));
            }
            if !cities.is_empty() {
                return Some(What::City);
            }
        }
        None
    }

    /// "president of Chile X", "ambassador of America in Quito X": whether "of" or "in" stands before, and an office or a state before that.
    fn after_title_of(&self, first: u32) -> bool {
        let before = |k: u32| first.checked_sub(k).map_or("", |t| self.fold[t as usize].as_str());
        let title = || {
            self.tables.offices.contains_key(before(2))
                || first.checked_sub(2).and_then(|t| self.hit_of[t as usize]).is_some_and(|h| {
                    matches!(self.hits[h as usize].what, What::Office(..) | What::Country(..))
                })
        };
        matches!(before(1), "of" | "in") && title()
    }

    /// "The National" before "Police", "Confederation" before "of Workers": a paper, or one common word, that only begins the name
    /// of another body.
    fn begins_longer_body(&self, first: u32, end: u32, row: u32) -> bool {
        let last = end as usize - 1;
        let Some(e) = self.entity_of[last].map(|e| self.doc.entities[e as usize]) else { return false };
        let longer = e.entity_type == EntityType::Organisation
            && (e.end_token > end || e.first_token < first)
            && !matches!(self.fold.get(end as usize).map(String::as_str), Some("s" | ""));
        let common = end <= first + 2 && self.tables.collectives.contains_key(&self.fold[last]);
        longer && (common || self.tables.organisations[row as usize].kind == "media")
    }

    fn entity_is(&self, first: u32, end: u32) -> bool {
        self.entity_of[first as usize].is_some_and(|e| {
            let e = self.doc.entities[e as usize];
            e.first_token == first && e.end_token == end
        })
    }

    fn after_locative(&self, t: u32) -> bool {
        t > 0 && crate::words::words().is("locative_preposition", &self.fold[t as usize - 1])
    }

    fn common_hit(&self, first: u32, end: u32, folded: &str) -> Option<What> {
        let last = end - 1;
        if !matches!(self.upos(last), "NOUN" | "PROPN" | "X" | "NUM" | "SYM") && end == first + 1 {
            return None;
        }
        if matches!(self.upos(last), "AUX" | "ADP" | "DET" | "PRON" | "PUNCT") {
            return None;
        }
        // "president of the Council of Ministers" is one person.
        let of =
            (first + 1..end).find(|&t| matches!(self.fold[t as usize].as_str(), "of" | "for" | "to" | "at"));
        let noun = of.map_or(last, |t| t - 1);
        let plural = matches!(&*self.doc.tokens[noun as usize].xpos, "NNS" | "NNPS");
        let spaced = fold(&self.text(first, end).replace(['-', '–'], " "));
        let singular = || {
            let lemma = fold(self.lemma(last));
            if end == first + 1 { lemma } else { fold(&format!("{} {}", self.text(first, last), lemma)) }
        };
        let find_office = |key: &str| self.tables.offices.get(key).cloned();
        // Translations say "chief of the State" where the tables have "chief of state".
        let plain = if spaced.contains(" the ") { spaced.replace(" the ", " ") } else { String::new() };
        if let Some(o) = find_office(folded).or_else(|| find_office(&spaced)).or_else(|| find_office(&plain))
        {
            return Some(What::Office(o, plural));
        }
        let find = |key: &str| self.tables.collectives.get(key).cloned();
        let collective = find(folded).or_else(|| find(&spaced));
        if collective.as_ref().is_none_or(|c| c.kind == CollectiveKind::PersonRole)
            && plural
            && let Some(o) = find_office(&singular())
        {
            return Some(What::Office(o, true));
        }
        collective.or_else(|| find(&singular())).map(|c| What::Collective(c, plural))
    }

    /// Where several rows bear a name, the row of a country that the document names, else the first.
    fn settle_organisations(&mut self) {
        let counts = self.country_count.clone();
        let count =
            |code: &str| self.tables.country_of.get(code).and_then(|c| counts.get(c)).copied().unwrap_or(0);
        for hit in &mut self.hits {
            match &mut hit.what {
                What::Organisation(rows) => {
                    let best = *rows
                        .iter()
                        .max_by_key(|&&r| {
                            (count(&self.tables.organisations[r as usize].code), std::cmp::Reverse(r))
                        })
                        .expect("a hit has a row");
                    let home = &self.tables.organisations[best as usize].code;
                    let common = (count(home) == 0 && self.tables.country_of.contains_key(home))
                        .then(|| {
                            let tokens = &self.doc.tokens;
                            let (a, b) = (tokens[hit.first as usize].span, tokens[hit.end as usize - 1].span);
                            self.tables.collectives.get(&fold(self.doc.slice(a.cover(b)))).cloned()
                        })
                        .flatten();
                    // "the National Guard" of a state that has no row, where none of those that have one is spoken of.
                    match common {
                        Some(c) => hit.what = What::Collective(c, false),
                        None => *rows = vec![best],
                    }
                }
                What::Country(rows, _) if rows.len() > 1 => {
                    let named = |r: &u32| counts.get(r).copied().unwrap_or(0);
                    rows.sort_by_key(|r| (std::cmp::Reverse(named(r)), *r));
                }
                _ => {}
            }
        }
    }

    pub fn code_of(&self, row: u32) -> &str {
        &self.tables.countries[row as usize].code
    }

    /// The token of `first..end` that depends on something outside.
    pub fn head_of(&self, first: u32, end: u32) -> u32 {
        let outside = |t: &u32| {
            let token = &self.doc.tokens[*t as usize];
            token.head.is_none_or(|h| h < first || h >= end)
                && !matches!(&*token.upos, "PUNCT" | "DET" | "ADP" | "PART")
        };
        (first..end).rfind(outside).unwrap_or(end - 1)
    }
}

/// Whether a word is printed as a name is: with a capital first, or behind a joined particle ("al-Shabaab").
fn begins_capital(word: &str) -> bool {
    let upper = |w: &str| w.chars().next().is_some_and(char::is_uppercase);
    let joined = || word.split_once(['-', '‐', '‑']);
    upper(word)
        || joined().is_some_and(|(first, rest)| upper(rest) && crate::names::is_name_particle(&fold(first)))
}
