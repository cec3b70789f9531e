//! Names printed in another script: an Arabic headline over an English report, a name repeated in brackets.
//!
//! The reader knows no words there, so nothing is searched for but the persons whom the rest of the document names and, by
//! two words or more, the persons of the tables from states that the document names. A word is written in Latin, its
//! written-on prepositions and endings are taken off, and what is left is compared sound by sound ([`match_names`]).

use crate::cluster::current_role;
use crate::fold::fold;
use crate::names::{match_names, name_words, skeleton, to_latin};
use crate::scan::Scan;
use polybius_text::{ActorKind, DocActor, EntityType, Mention, MentionKind, SegmentKind, Span};
use std::sync::OnceLock;

/// One word must read this much like the family name of a person of the document. Tuned on the Arabic words of
/// names.variants.dev against other names of the same first sound, November 2026.
const SAME_WORD: f32 = 0.76;
/// The mean over the words of a full name.
const SAME_FULL_NAME: f32 = 0.75;
/// Each word of a full name.
const SAME_PART: f32 = 0.62;
/// How far the best person must stand before the next.
const CLEAR: f32 = 0.05;
/// What taking off a preposition or an ending costs.
const CUT: f32 = 0.02;
/// A word of fewer letters says too little.
const SHORTEST: usize = 4;

/// Finds persons in stretches of other scripts and adds their mentions; `mentions` stay in text order.
pub(crate) fn find_foreign(scan: &Scan, actors: &mut Vec<DocActor>, mentions: &mut Vec<Mention>) {
    let stretches = stretches(scan, mentions);
    if stretches.is_empty() {
        return;
    }
    let known = known_persons(scan, actors);
    let before = mentions.len();
    for words in &stretches {
        let mut i = 0;
        while i < words.len() {
            let Some(found) = best(&words[i..], &known) else {
                i += 1;
                continue;
            };
            let span = words[i].span.cover(words[i + found.n_words - 1].span);
            let printed = scan.doc.slice(span).to_owned();
            let person = &known[found.person];
            let actor = match person.who {
                Who::Actor(a) => a,
                Who::Row(row) => actor_of_row(scan, actors, row, &printed),
            };
            let names = &mut actors[actor].names;
            if !names.contains(&printed) {
                names.push(printed.clone());
            }
            mentions.push(Mention {
                span,
                head: words[i].head,
                first_token: words[i].first_token,
                end_token: words[i + found.n_words - 1].end_token,
                kind: MentionKind::Named,
                entity_type: EntityType::Person,
                actors: vec![actor as u32],
                link_score: found.score.min(0.9),
                basis: format!("in another script: reads like \"{}\", score {:.2}", person.name, found.score),
            });
            i += found.n_words;
        }
    }
    if mentions.len() > before {
        mentions.sort_by_key(|m| (m.span.start, std::cmp::Reverse(m.span.end)));
    }
}

/// A word of another script.
struct Word {
    span: Span,
    first_token: u32,
    end_token: u32,
    head: u32,
    /// How it may read in Latin, folded, with what each reading costs.
    readings: Vec<(String, f32)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Who {
    Actor(usize),
    Row(u32),
}

struct Known {
    who: Who,
    name: String,
    words: Vec<String>,
}

struct Match {
    person: usize,
    n_words: usize,
    score: f32,
}

/// Words of other scripts, a list for each stretch: segments in another language, and words inside sentences.
fn stretches(scan: &Scan, mentions: &[Mention]) -> Vec<Vec<Word>> {
    let article = &scan.doc.article;
    // No sentence holds these words; a mark heads them, which nothing in a sentence can mean.
    let mark = (0..scan.doc.tokens.len() as u32).find(|&t| scan.upos(t) == "PUNCT").unwrap_or(0);
    let mut out = Vec::new();
    for segment in article.segments.iter().filter(|s| s.kind == SegmentKind::Foreign) {
        let text = segment.span.of(&article.text);
        let mut words = Vec::new();
        let mut start = None;
        for (i, c) in text.char_indices().chain([(text.len(), ' ')]) {
            // Vowel signs stand on the letters of a word.
            let inside = c.is_alphanumeric() || ('\u{64b}'..='\u{670}').contains(&c);
            match (start, inside) {
                (None, true) => start = Some(i),
                (Some(from), false) => {
                    let base = segment.span.start as usize;
                    let token = scan.doc.token_from((base + from) as u32);
                    words.extend(word(scan, Span::new(base + from, base + i), token, token, mark));
                    start = None;
                }
                _ => {}
            }
        }
        if !words.is_empty() {
            out.push(words);
        }
    }
    if article.text.is_ascii() {
        return out;
    }
    let mut covered = vec![false; scan.doc.tokens.len()];
    for m in mentions {
        for t in m.first_token..m.end_token.min(covered.len() as u32) {
            covered[t as usize] = true;
        }
    }
    for s in &scan.doc.sentences {
        let mut words = Vec::new();
        for t in s.first_token..s.end_token {
            if !covered[t as usize] {
                words.extend(word(scan, scan.doc.tokens[t as usize].span, t, t + 1, t));
            }
        }
        if !words.is_empty() {
            out.push(words);
        }
    }
    out
}

fn word(scan: &Scan, span: Span, first_token: u32, end_token: u32, head: u32) -> Option<Word> {
    let printed = scan.doc.slice(span);
    let first = printed.chars().find(|c| c.is_alphabetic())?;
    if first < '\u{370}' || to_latin(printed) == printed {
        return None;
    }
    Some(Word { span, first_token, end_token, head, readings: readings(printed) })
}

/// The word in Latin, as printed and without what may be written onto it.
fn readings(printed: &str) -> Vec<(String, f32)> {
    let whole = fold(&to_latin(printed));
    let mut out = vec![(whole, 0.0)];
    // The letters of long i and u also write the diphthongs: "Hussain", "Zawra".
    if printed.chars().any(|c| matches!(c, 'ي' | 'و')) {
        let wide = printed.replace('ي', "اي").replace('و', "او");
        out.push((fold(&to_latin(&wide)), CUT));
    }
    for affix in affixes() {
        let rest = match affix.front {
            true => printed.strip_prefix(affix.letters),
            false => printed.strip_suffix(affix.letters),
        };
        // Two letters are left of "and", "in" and the like, never of a name.
        if let Some(rest) = rest.filter(|r| r.chars().count() >= 3) {
            let latin = fold(&to_latin(rest));
            if !out.iter().any(|(r, _)| *r == latin) {
                out.push((latin, CUT));
            }
        }
    }
    out
}

struct Affix {
    front: bool,
    letters: &'static str,
}

fn affixes() -> &'static [Affix] {
    static ONCE: OnceLock<Vec<Affix>> = OnceLock::new();
    ONCE.get_or_init(|| {
        include_str!("words/affixes.tsv")
            .lines()
            .filter(|l| !l.starts_with('#'))
            .skip(1)
            .filter_map(|l| {
                let mut cells = l.split('\t').skip(1);
                Some(Affix { front: cells.next()? == "front", letters: cells.next()? })
            })
            .collect()
    })
}

/// Persons of the document by each name form, then persons of the tables from the states that it names.
fn known_persons(scan: &Scan, actors: &[DocActor]) -> Vec<Known> {
    let mut known: Vec<Known> = Vec::new();
    for (i, a) in actors.iter().enumerate().filter(|(_, a)| a.kind == ActorKind::Person) {
        for name in &a.names {
            known.push(Known { who: Who::Actor(i), name: name.clone(), words: name_words(name) });
        }
    }
    for (row, person) in scan.tables.persons.iter().enumerate() {
        let named =
            scan.tables.country_of.get(&person.code).is_some_and(|c| scan.country_count.contains_key(c));
        let id = format!("person:{}", person.id);
        if !named || actors.iter().any(|a| a.table_id.as_ref() == Some(&id)) {
            continue;
        }
        let words = name_words(&person.name);
        if words.len() > 1 {
            known.push(Known { who: Who::Row(row as u32), name: person.name.clone(), words });
        }
    }
    known.retain(|k| !k.words.is_empty());
    known
}

/// The person whom the first words name: the longest agreement, then the best, where no other person is as near.
fn best(words: &[Word], known: &[Known]) -> Option<Match> {
    let mut found: Vec<Match> = Vec::new();
    for (person, k) in known.iter().enumerate() {
        let n = k.words.len();
        if n > 1 && n <= words.len() {
            let parts: Vec<f32> = k.words.iter().zip(words).map(|(w, x)| likeness(x, w)).collect();
            let mean = parts.iter().sum::<f32>() / n as f32;
            if parts.iter().all(|&p| p >= SAME_PART) && mean >= SAME_FULL_NAME {
                found.push(Match { person, n_words: n, score: mean });
            }
        }
        if let (Who::Actor(_), Some(family)) = (k.who, k.words.last()) {
            let score = likeness(&words[0], family);
            if score >= SAME_WORD && words[0].readings[0].0.len() >= SHORTEST {
                found.push(Match { person, n_words: 1, score });
            }
        }
    }
    found.sort_by(|a, b| {
        b.n_words.cmp(&a.n_words).then(b.score.total_cmp(&a.score)).then(a.person.cmp(&b.person))
    });
    let first = found.first()?;
    let rival =
        found.iter().find(|m| m.n_words == first.n_words && known[m.person].who != known[first.person].who);
    let clear = rival.is_none_or(|r| first.score - r.score >= CLEAR);
    clear.then(|| found.swap_remove(0))
}

fn likeness(word: &Word, known: &str) -> f32 {
    let bones = skeleton(known);
    word.readings
        .iter()
        .filter(|(r, _)| bones.len() < 2 || skeleton(r).chars().next() == bones.chars().next())
        .map(|(r, cost)| match_names(r, known).score - cost)
        .fold(0.0, f32::max)
}

fn actor_of_row(scan: &Scan, actors: &mut Vec<DocActor>, row: u32, printed: &str) -> usize {
    let person = &scan.tables.persons[row as usize];
    let id = format!("person:{}", person.id);
    if let Some(i) = actors.iter().position(|a| a.table_id.as_ref() == Some(&id)) {
        return i;
    }
    let role = current_role(scan.tables, row, scan.doc.article.published_day());
    actors.push(DocActor {
        name: person.name.clone(),
        names: vec![printed.to_owned()],
        kind: ActorKind::Person,
        code: role.map(|r| r.code.clone()).filter(|c| !c.is_empty()).unwrap_or_else(|| person.code.clone()),
        sector: role.and_then(|r| r.sector),
        other_sectors: Vec::new(),
        offices: Vec::new(),
        table_id: Some(id),
        wikidata_id: None,
        excluded: String::new(),
        basis: format!("table: persons.tsv {}", person.id),
    });
    actors.len() - 1
}

#[cfg(test)]
mod tests {
    use super::readings;

    #[test]
    fn what_is_written_onto_a_name_is_taken_off() {
        let latin = |printed: &str| readings(printed).into_iter().map(|(r, _)| r).collect::<Vec<_>>();
        assert!(
            latin("والرئيس").contains(&"rais".to_owned()) || latin("والرئيس").contains(&"riis".to_owned())
        );
        assert!(latin("Лукашенком").contains(&"lukashenk".to_owned()));
        assert_eq!(latin("בנט").first().map(String::as_str), Some("bnt"));
    }
}
