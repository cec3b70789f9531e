//! Full text over documents, quotes and claims: an inverted index in memory, made anew for each commit.
//!
//! Ranked by BM25 (Robertson and Zaragoza 2009, "The probabilistic relevance framework"). Words are folded: case and
//! diacritics do not count. Positions are kept, so that phrases can be asked for.

mod query;
mod tokens;

use crate::snapshot::Packed;
use polybius_store::rows::{ClaimRow, DocumentRow, QuoteRow};
use query::{Clause, Phrase};
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Serialize;
use std::collections::BTreeMap;
use tokens::each_token;

/// Kinds of what is found.
pub const KINDS: [&str; 3] = ["document", "quote", "claim"];

/// The usual constants of BM25: how soon repetition stops to count, how much length counts.
const K1: f32 = 1.2;
const B: f32 = 0.75;
/// Words between two texts of one entry, so that no phrase reaches over.
const GAP: u32 = 16;

/// The index of a snapshot.
#[derive(Default)]
pub struct SearchIndex {
    entries: Vec<Entry>,
    terms: FxHashMap<String, u32>,
    /// By term: entries in order, as packed by [`Postings`].
    postings: Vec<Postings>,
    words: u64,
}

/// Something that can be found.
struct Entry {
    kind: u8,
    /// Number of the document, of the quote in its document, of the claim among all.
    number: u32,
    story: Option<u32>,
    doc: Option<u32>,
    words: u32,
}

/// Where a term stands: entry, count and places, each as a difference in few bytes.
#[derive(Default)]
struct Postings {
    bytes: Vec<u8>,
    entries: u32,
    last: u32,
}

/// What was found: its kind, its number, the document where it has one.
#[derive(Debug, Clone, Copy)]
#[allow(missing_docs)]
pub struct Hit {
    pub kind: usize,
    pub number: usize,
    pub doc: Option<usize>,
    pub score: f32,
}

/// What is looked for.
pub struct Asked {
    clauses: Vec<Clause>,
    /// The words that must or may stand, folded.
    words: FxHashSet<String>,
    /// The same of words of which only the beginning is given.
    beginnings: Vec<String>,
    kinds: Vec<usize>,
    story: Option<u32>,
}

/// Words that were looked for, or not.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct HitRun {
    pub text: String,
    pub hit: bool,
}

impl SearchIndex {
    /// Indexes the texts of a commit.
    pub fn build(
        documents: &[DocumentRow],
        claims: &[ClaimRow],
        quotes: &Packed<QuoteRow>,
        story_of: &FxHashMap<String, u32>,
    ) -> SearchIndex {
        let mut index = SearchIndex::default();
        let story = |id: &str| story_of.get(id).copied();
        let entry =
            |kind, number: usize, story, doc| Entry { kind, number: number as u32, story, doc, words: 0 };
        for (n, d) in documents.iter().enumerate() {
            let title = d.title.as_deref().unwrap_or("");
            index.add(entry(0, n, story(&d.story_id), Some(n as u32)), &[title, &d.text]);
        }
        for (doc, d) in documents.iter().enumerate() {
            for (n, q) in quotes.of(doc).into_iter().enumerate() {
                let words = d.text.get(q.start as usize..q.end as usize).unwrap_or("");
                index.add(entry(1, n, story(&d.story_id), Some(doc as u32)), &[words]);
            }
        }
        for (n, c) in claims.iter().enumerate() {
            index.add(entry(2, n, story(&c.story_id), None), &[&c.claim]);
        }
        index.postings.iter_mut().for_each(|p| p.bytes.shrink_to_fit());
        index
    }

    fn add(&mut self, mut entry: Entry, texts: &[&str]) {
        let mut places: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        let mut place = 0;
        for text in texts {
            each_token(text, |word, _, _| {
                let term = match self.terms.get(word) {
                    Some(&term) => term,
                    None => {
                        let term = self.postings.len() as u32;
                        self.terms.insert(word.to_string(), term);
                        self.postings.push(Postings::default());
                        term
                    }
                };
                places.entry(term).or_default().push(place);
                place += 1;
                entry.words += 1;
            });
            place += GAP;
        }
        let number = self.entries.len() as u32;
        for (term, places) in places {
            self.postings[term as usize].push(number, &places);
        }
        self.words += u64::from(entry.words);
        self.entries.push(entry);
    }

    /// Reads what a person typed; what is no query is read as words.
    pub fn ask(&self, typed: &str, kinds: &[usize], story: Option<usize>) -> Asked {
        let clauses = query::parse(typed);
        let wanted = clauses.iter().filter(|c| !c.excluded).flat_map(|c| &c.phrases);
        let (mut words, mut beginnings) = (FxHashSet::default(), Vec::new());
        for (word, is_open) in wanted.flat_map(Phrase::words) {
            match is_open {
                true => beginnings.push(word.to_string()),
                false => drop(words.insert(word.to_string())),
            }
        }
        Asked { clauses, words, beginnings, kinds: kinds.to_vec(), story: story.map(|n| n as u32) }
    }

    /// The hits from `offset` on, best first, and how many there are.
    pub fn find(&self, asked: &Asked, offset: usize, limit: usize) -> (Vec<Hit>, usize) {
        let mut found: Vec<(u32, f32)> = self.matches(asked).into_iter().collect();
        found.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let total = found.len();
        let hit = |(n, score): (u32, f32)| {
            let e = &self.entries[n as usize];
            Hit { kind: e.kind as usize, number: e.number as usize, doc: e.doc.map(|d| d as usize), score }
        };
        (found.into_iter().skip(offset).take(limit).map(hit).collect(), total)
    }

    /// The stories of all hits.
    pub fn stories(&self, asked: &Asked) -> FxHashSet<usize> {
        let found = self.matches(asked);
        found.keys().filter_map(|n| self.entries[*n as usize].story).map(|s| s as usize).collect()
    }

    /// The documents of all hits.
    pub fn documents(&self, asked: &Asked) -> FxHashSet<usize> {
        let found = self.matches(asked);
        found.keys().filter_map(|n| self.entries[*n as usize].doc).map(|d| d as usize).collect()
    }

    /// Entries that fulfil every clause, with their scores.
    fn matches(&self, asked: &Asked) -> FxHashMap<u32, f32> {
        let mut found: Option<FxHashMap<u32, f32>> = None;
        for clause in asked.clauses.iter().filter(|c| !c.excluded) {
            let own = self.clause(clause, asked);
            found = Some(match found {
                None => own,
                Some(before) => before.into_iter().filter_map(|(n, s)| Some((n, s + own.get(&n)?))).collect(),
            });
        }
        let mut found = found.unwrap_or_default();
        for clause in asked.clauses.iter().filter(|c| c.excluded) {
            let without = self.clause(clause, asked);
            found.retain(|n, _| !without.contains_key(n));
        }
        found
    }

    fn clause(&self, clause: &Clause, asked: &Asked) -> FxHashMap<u32, f32> {
        let mut scores: FxHashMap<u32, f32> = FxHashMap::default();
        for phrase in &clause.phrases {
            let found = self.phrase(phrase, asked);
            let weight = self.weight(found.len());
            for (n, times) in found {
                *scores.entry(n).or_default() += weight * self.saturated(n, times);
            }
        }
        scores
    }

    /// Entries with a phrase and how often it stands there.
    fn phrase(&self, phrase: &Phrase, asked: &Asked) -> Vec<(u32, u32)> {
        let wanted = |n: u32| {
            let e = &self.entries[n as usize];
            (asked.kinds.is_empty() || asked.kinds.contains(&(e.kind as usize)))
                && asked.story.is_none_or(|s| e.story == Some(s))
        };
        let mut lists = Vec::new();
        for (word, is_open) in phrase.words() {
            let terms = if is_open {
                self.beginning(word)
            } else {
                self.terms.get(word).copied().into_iter().collect()
            };
            if terms.is_empty() {
                return Vec::new();
            }
            lists.push(terms);
        }
        let Some((first, rest)) = lists.split_first() else { return Vec::new() };
        let mut found = self.places(first, wanted);
        for (step, terms) in (1..).zip(rest) {
            let here: FxHashMap<u32, Vec<u32>> = self.places(terms, wanted).into_iter().collect();
            found.retain_mut(|(n, starts)| {
                let places = here.get(n).map_or(&[][..], Vec::as_slice);
                starts.retain(|s| places.binary_search(&(s + step)).is_ok());
                !starts.is_empty()
            });
        }
        found.into_iter().map(|(n, starts)| (n, starts.len() as u32)).collect()
    }

    /// The terms that begin with some letters.
    fn beginning(&self, letters: &str) -> Vec<u32> {
        self.terms.iter().filter(|(word, _)| word.starts_with(letters)).map(|(_, term)| *term).collect()
    }

    /// Entries in order and where any of the terms stands in them, in order.
    fn places(&self, terms: &[u32], wanted: impl Fn(u32) -> bool) -> Vec<(u32, Vec<u32>)> {
        let of = |term: &u32| self.postings[*term as usize].iter().filter(|(n, _)| wanted(*n));
        if let [term] = terms {
            return of(term).collect();
        }
        let mut joined: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (n, places) in terms.iter().flat_map(of) {
            joined.entry(n).or_default().extend(places);
        }
        joined.values_mut().for_each(|places| places.sort_unstable());
        joined.into_iter().collect()
    }

    /// How much it says that an entry has something that so many have.
    fn weight(&self, having: usize) -> f32 {
        let (all, having) = (self.entries.len() as f32, having as f32);
        (1.0 + (all - having + 0.5) / (having + 0.5)).ln()
    }

    fn saturated(&self, n: u32, times: u32) -> f32 {
        let average = self.words as f32 / self.entries.len().max(1) as f32;
        let length = self.entries[n as usize].words as f32 / average.max(1.0);
        let times = times as f32;
        times * (K1 + 1.0) / (times + K1 * (1.0 - B + B * length))
    }
}

impl Postings {
    fn push(&mut self, entry: u32, places: &[u32]) {
        write(&mut self.bytes, entry - self.last);
        self.last = entry;
        self.entries += 1;
        write(&mut self.bytes, places.len() as u32);
        let mut before = 0;
        for place in places {
            write(&mut self.bytes, place - before);
            before = *place;
        }
    }

    /// Entries in order, with places in order.
    fn iter(&self) -> impl Iterator<Item = (u32, Vec<u32>)> + '_ {
        let mut rest = self.bytes.as_slice();
        let mut entry = 0;
        (0..self.entries).map(move |_| {
            entry += read(&mut rest);
            let mut place = 0;
            let places = (0..read(&mut rest)).map(|_| {
                place += read(&mut rest);
                place
            });
            (entry, places.collect())
        })
    }
}

/// Seven bits a byte, the lowest first; the highest bit says that more follow.
fn write(bytes: &mut Vec<u8>, mut value: u32) {
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}

fn read(bytes: &mut &[u8]) -> u32 {
    let mut value = 0;
    for shift in (0..32).step_by(7) {
        let Some((&byte, rest)) = bytes.split_first() else { break };
        *bytes = rest;
        value |= u32::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            break;
        }
    }
    value
}

impl Asked {
    /// How many different words of the query a text holds.
    pub fn weight(&self, text: &str) -> usize {
        let mut seen: FxHashSet<&str> = FxHashSet::default();
        each_token(text, |word, _, _| seen.extend(self.hit(word)));
        seen.len()
    }

    /// The word or the beginning of the query that a folded word fulfils.
    fn hit(&self, word: &str) -> Option<&str> {
        let beginning = || self.beginnings.iter().find(|b| word.starts_with(b.as_str()));
        self.words.get(word).or_else(beginning).map(String::as_str)
    }

    /// Whether a text fulfils every clause.
    pub fn fits(&self, text: &str) -> bool {
        let mut words = Vec::new();
        each_token(text, |word, _, _| words.push(word.to_string()));
        let stands = |p: &Phrase| words.windows(p.len()).any(|w| p.is(w));
        self.clauses.iter().all(|c| c.phrases.iter().any(stands) != c.excluded)
    }

    /// The text with its hits.
    pub fn runs(&self, text: &str) -> Vec<HitRun> {
        let mut runs = Vec::new();
        let mut at = 0;
        let mut push = |words: &str, hit: bool| {
            if !words.is_empty() {
                runs.push(HitRun { text: words.to_string(), hit });
            }
        };
        each_token(text, |word, from, to| {
            if self.hit(word).is_some() {
                push(&text[at..from], false);
                push(&text[from..to], true);
                at = to;
            }
        });
        push(&text[at..], false);
        runs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(texts: &[&str]) -> SearchIndex {
        let row = |t: &&str| DocumentRow { text: t.to_string(), ..DocumentRow::default() };
        let documents: Vec<DocumentRow> = texts.iter().map(row).collect();
        let quotes = Packed::new(Vec::new(), documents.len(), |_: &QuoteRow| None);
        SearchIndex::build(&documents, &[], &quotes, &FxHashMap::default())
    }

    #[track_caller]
    fn check(query: &str, expected: &[usize]) {
        let index = index(&[
            "Moon met Kim in Panmunjom on Friday.",
            "Kim met Moon; Kim smiled.",
            "The président of Peru did not meet anyone, said the ministry in a long statement about nothing much.",
        ]);
        let asked = index.ask(query, &[], None);
        let (hits, total) = index.find(&asked, 0, 10);
        assert_eq!(hits.iter().map(|h| h.number).collect::<Vec<_>>(), expected, "{query}");
        assert_eq!(total, expected.len());
        let documents = index.documents(&asked);
        assert_eq!(documents.len(), expected.len());
    }

    #[test]
    fn words_are_joined_by_and_and_the_better_text_comes_first() {
        check("kim", &[1, 0]);
        check("kim friday", &[0]);
        check("PRESIDENT", &[2]);
        check("kim peru", &[]);
    }

    #[test]
    fn phrases_alternatives_and_exclusions_work_and_what_is_no_query_is_words() {
        check("\"moon met kim\"", &[0]);
        check("moon-met", &[0]);
        check("friday OR peru", &[0, 2]);
        check("met -friday", &[1]);
        check("-friday", &[]);
        check("\"moon met", &[0]);
        check("( * ) kim", &[1, 0]);
        check("", &[]);
    }

    #[test]
    fn the_beginning_of_a_word_finds_all_that_begin_so() {
        check("fri*", &[0]);
        check("presi* OR frid*", &[0, 2]);
        check("\"moon me*\"", &[0]);
        check("\"moon m*\"", &[]);
        check("kim -frid*", &[1]);
        check("k* peru", &[]);
        check("xyz*", &[]);
        let asked = index(&["x"]).ask("presi*", &[], None);
        let runs = asked.runs("Le Président préside au pré");
        let hits: Vec<&str> = runs.iter().filter(|r| r.hit).map(|r| r.text.as_str()).collect();
        assert_eq!(hits, ["Président", "préside"]);
        assert!(asked.fits("no president") && !asked.fits("pres") && asked.weight("president presided") == 1);
    }

    #[test]
    fn hits_are_marked_in_the_words_as_they_stand() {
        let index = index(&["x"]);
        let asked = index.ask("president", &[], None);
        let runs = asked.runs("Le Président a dit");
        assert_eq!(runs.iter().map(|r| r.text.as_str()).collect::<String>(), "Le Président a dit");
        assert_eq!(runs.iter().filter(|r| r.hit).map(|r| r.text.as_str()).collect::<Vec<_>>(), ["Président"]);
        assert!(asked.fits("the president") && !asked.fits("nobody"));
    }

    #[test]
    fn numbers_come_back_as_they_were_packed() {
        let mut bytes = Vec::new();
        let numbers = [0, 1, 127, 128, 16_383, 16_384, u32::MAX];
        numbers.iter().for_each(|n| write(&mut bytes, *n));
        let mut rest = bytes.as_slice();
        assert_eq!(numbers.map(|_| read(&mut rest)), numbers);
    }
}
