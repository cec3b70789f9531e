//! What one document shows of its story: who acts in it, when, where, and in what words.

use crate::dates;
use crate::hints::{DayHint, day_of_year, hint_of, weekday_of};
use crate::knowledge::knowledge;
use crate::words::{content_lemmas, is_content};
use polybius_actors::keys::person_keys;
use polybius_text::{
    ActorKind, CodedDocument, EventType, MentionKind, Modality, Polarity, SegmentKind, Span, TimeExpression,
};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet};

/// Bytes of a line that says when an old page was put on line.
const ARCHIVE_LINE: usize = 160;

/// A person, organisation, group or state as the document shows it.
#[derive(Debug, Clone)]
pub(crate) struct Figure {
    pub name: String,
    pub names: Vec<String>,
    pub kind: ActorKind,
    pub code: SmolStr,
    pub table_id: Option<String>,
    /// (office, code), from text or table.
    pub offices: Vec<(String, String)>,
    /// Keys for blocking and rarity.
    pub keys: Vec<String>,
    /// 0 to 1: how much the document is about it.
    pub part: f32,
    /// Whether the document names it, so that it can be told from others of its kind.
    pub named: bool,
    /// Numbers of its names and of its keys in the corpus, keys sorted; its weight there. Given by the grouping.
    pub name_ids: Vec<u32>,
    pub key_ids: Vec<u32>,
    pub weight: f32,
}

/// The comparable side of a document.
#[derive(Debug, Clone, Default)]
pub(crate) struct Features {
    pub figures: Vec<Figure>,
    /// Pairs of codes that act on each other, sorted codes, with weight.
    pub dyads: BTreeMap<(SmolStr, SmolStr), f32>,
    /// Types of its events with weight, of unit length.
    pub types: BTreeMap<EventType, f32>,
    /// Days of its present events with weight, summing to 1.
    pub days: BTreeMap<i32, f32>,
    /// The day that its events speak of most.
    pub main_day: Option<i32>,
    /// Whether the main day rests on the page's own date rather than on the text.
    pub from_header: bool,
    /// Whether the text names the year of its main day; else the year rests on the page's own date.
    pub names_its_year: bool,
    /// Days by which the page stood too late, as its text shows; its days here are put back. Given by the grouping.
    pub put_back: i32,
    /// Month and day pairs that the text names outright.
    pub month_days: BTreeSet<(i8, i8)>,
    /// Days of the week that the text names, 1 is Monday.
    pub weekdays: BTreeSet<i8>,
    /// Days without year or month, with weight: what an undated page says of its time.
    pub hints: BTreeMap<DayHint, f32>,
    /// Places with weight.
    pub places: BTreeMap<SmolStr, f32>,
    /// Content lemmas with counts.
    pub lemmas: BTreeMap<SmolStr, f32>,
    /// Mean of the sentence vectors, of unit length, or empty.
    pub vector: Vec<f32>,
    pub spun: bool,
}

/// Sentences that open the document: the title and the first three of the body.
fn lead_end(doc: &CodedDocument) -> u32 {
    let mut body = 0;
    for (i, s) in doc.annotated.sentences.iter().enumerate() {
        let kind = doc.annotated.article.segments.get(s.segment as usize).map(|s| s.kind);
        if kind == Some(SegmentKind::Body) {
            body += 1;
            if body > 3 {
                return i as u32;
            }
        }
    }
    doc.annotated.sentences.len() as u32
}

impl Features {
    pub(crate) fn of(doc: &CodedDocument) -> Features {
        let lead = lead_end(doc);
        let mut f = Features { figures: figures(doc, lead), ..Features::default() };
        f.add_events(doc, lead);
        f.add_days(doc, lead);
        f.add_words(doc);
        f.spun = doc.annotated.article.has_flag(polybius_text::FlagKind::WordSpun);
        f
    }

    fn add_events(&mut self, doc: &CodedDocument, lead: u32) {
        for e in &doc.events {
            let weight = if e.modality == Modality::Historical { 0.15 } else { 1.0 }
                * if e.sentence < lead { 2.0 } else { 1.0 };
            *self.types.entry(e.event_type).or_default() += weight;
            let code = |p: &polybius_text::Party| {
                doc.doc_actors
                    .get(p.actor as usize)
                    .map(|a| SmolStr::from(a.code.as_str()))
                    .filter(|c| !c.is_empty())
            };
            let all: BTreeSet<SmolStr> = e.actors.iter().chain(&e.recipients).filter_map(code).collect();
            for a in &all {
                for b in all.iter().filter(|b| *b > a) {
                    *self.dyads.entry((a.clone(), b.clone())).or_default() += weight;
                }
            }
            if all.len() == 1 {
                let only = all.into_iter().next().expect("one code");
                *self.dyads.entry((only.clone(), only)).or_default() += 0.5 * weight;
            }
            if let Some(p) = e.place.as_ref().and_then(|p| doc.places.get(p.place as usize))
                && p.precision != "country"
                && !p.name.is_empty()
            {
                *self.places.entry(SmolStr::from(p.name.to_lowercase())).or_default() += weight;
            }
        }
        for p in doc.places.iter().filter(|p| p.precision != "country" && !p.name.is_empty()) {
            let weight = if p.sentence < lead { 0.6 } else { 0.2 };
            *self.places.entry(SmolStr::from(p.name.to_lowercase())).or_default() += weight;
        }
    }

    fn add_days(&mut self, doc: &CodedDocument, lead: u32) {
        let published = doc.annotated.article.published_day().map(dates::number);
        let mut days: BTreeMap<i32, f32> = BTreeMap::new();
        let times: Vec<&TimeExpression> = doc.times.iter().filter(|t| !in_archive_line(doc, t)).collect();
        // What an old page without date of its own tells as present hangs on the day that it was put on line.
        let archived = published.is_none() && times.len() < doc.times.len();
        let near = |day: i32| match published {
            // What a page tells of the days before its own date is its news.
            Some(p) if (0..=4).contains(&(p - day)) => 1.6,
            _ => 1.0,
        };
        for e in doc.events.iter().filter(|_| !archived) {
            let base = match (e.modality, e.polarity) {
                (Modality::Historical, _) => 0.05,
                (Modality::Actual, Polarity::Affirmed) => 1.0,
                _ => 0.4,
            };
            let lead_factor = if e.sentence < lead { 2.5 } else { 1.0 };
            if let Some(day) = e.date.as_ref().and_then(|d| dates::day_of(&d.range, 4)) {
                *days.entry(day).or_default() += base * lead_factor * near(day);
            }
        }
        let year = |t: &TimeExpression| {
            let words = doc.annotated.slice(t.span);
            words.split(|c: char| !c.is_ascii_digit()).any(|n| n.len() == 4)
        };
        for t in times.iter().filter(|t| !t.needs_story && (!archived || year(t))) {
            if let Some(day) = t.range.as_ref().and_then(|r| dates::day_of(r, 2)) {
                let lead_factor = if t.sentence < lead { 2.0 } else { 1.0 };
                *days.entry(day).or_default() += 0.5 * lead_factor * near(day);
            }
        }
        for t in &times {
            let words: String = doc.annotated.slice(t.span).to_string();
            let named =
                words.split(|c: char| !c.is_alphabetic()).filter_map(|w| weekday_of(&w.to_lowercase()));
            self.weekdays.extend(named.map(|w| w.to_monday_one_offset()));
            if words.chars().any(|c| c.is_ascii_digit())
                && let Some(day) = t.range.filter(dates::is_day).and_then(|r| r.start)
            {
                self.month_days.insert((day.month(), day.day()));
            }
        }
        for t in doc.times.iter().filter(|t| t.needs_story) {
            if let Some(hint) = hint_of(t) {
                *self.hints.entry(hint).or_default() += if t.sentence < lead { 2.0 } else { 1.0 };
            }
        }
        self.from_header = days.is_empty();
        if days.is_empty()
            && let Some(p) = published
        {
            days.insert(p, 1.0);
        }
        let all: f32 = days.values().sum();
        if all > 0.0 {
            let near_weight = |d: i32| -> f32 {
                days.iter()
                    .map(|(&x, w)| match (x - d).abs() {
                        0 => *w,
                        1 => 0.5 * w,
                        _ => 0.0,
                    })
                    .sum()
            };
            let mut best: Option<(f32, i32)> = None;
            for &d in days.keys() {
                let w = near_weight(d);
                if best.is_none_or(|(b, _)| w > b + 1e-6) {
                    best = Some((w, d));
                }
            }
            self.main_day = best.map(|(_, d)| d);
            let year_in = |sentences| self.main_day.is_some_and(|d| names_year(doc, d, sentences));
            self.names_its_year = year_in(0..u32::MAX);
            // News names the year of other years: a page without date that gives its main day a year tells of its past, unless it
            // opens with it.
            if published.is_none() && self.names_its_year && !year_in(0..lead) {
                self.main_day = None;
            }
            self.days = days.into_iter().map(|(d, w)| (d, w / all)).collect();
        }
    }

    fn add_words(&mut self, doc: &CodedDocument) {
        let a = &doc.annotated;
        let mut named = vec![false; a.tokens.len()];
        for e in &a.entities {
            named[e.first_token as usize..(e.end_token as usize).min(a.tokens.len())].fill(true);
        }
        let mut sum: Vec<f32> = Vec::new();
        for s in a.sentences.iter().filter(|s| s.repeats.is_none()) {
            for t in s.tokens() {
                if !named[t] && is_content(&a.tokens[t]) {
                    *self.lemmas.entry(SmolStr::from(a.tokens[t].lemma.to_lowercase())).or_default() += 1.0;
                }
            }
            if sum.is_empty() {
                sum.clone_from(&s.vector);
            } else if sum.len() == s.vector.len() {
                sum.iter_mut().zip(&s.vector).for_each(|(x, y)| *x += y);
            }
        }
        let length = sum.iter().map(|x| x * x).sum::<f32>().sqrt();
        if length > 0.0 {
            sum.iter_mut().for_each(|x| *x /= length);
            self.vector = sum;
        }
    }

    /// Named persons that act here, largest part first.
    pub(crate) fn principals(&self) -> impl Iterator<Item = &Figure> {
        self.figures.iter().filter(|f| f.kind == ActorKind::Person && f.named && f.part >= 0.35)
    }

    /// Whether the document is dated, but only by its page.
    pub(crate) fn dated_by_header_only(&self) -> bool {
        self.from_header && self.main_day.is_some()
    }

    /// The day of the year that the document speaks of most, by its dates or, without any, by its hints.
    pub(crate) fn day_of_year(&self) -> Option<i32> {
        if let Some(day) = self.main_day {
            let day = dates::day(day)?;
            return day_of_year(day.month(), day.day());
        }
        let hints = self.hints.iter().filter_map(|(h, w)| match h {
            DayHint::OfYear(day) => Some((*day, *w)),
            _ => None,
        });
        hints.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0))).map(|h| h.0)
    }
}

/// Whether an expression stands in a short line that says when an old page was put on line: `From our archive, uploaded 3 May
/// 2031`. Its day is not that of the news.
fn in_archive_line(doc: &CodedDocument, time: &TimeExpression) -> bool {
    let article = &doc.annotated.article;
    let lines = article.segments.iter().map(|s| s.span);
    let Some(line) = lines.filter(|s| s.len() <= ARCHIVE_LINE && s.contains(time.span)).min_by_key(Span::len)
    else {
        return false;
    };
    let words = line.of(&article.text).split(|c: char| !c.is_alphanumeric());
    words.map(str::to_lowercase).any(|w| knowledge().cue("archive", &w))
}

/// Whether the body of a document gives the year of a day in digits, in some of its sentences.
fn names_year(doc: &CodedDocument, day: i32, sentences: std::ops::Range<u32>) -> bool {
    let Some(year) = dates::day(day).map(|d| d.year().to_string()) else { return false };
    let a = &doc.annotated;
    let in_body = |sentence: u32| {
        let segment = a.sentences.get(sentence as usize).map(|s| s.segment as usize);
        segment.and_then(|s| a.article.segments.get(s)).is_some_and(|s| s.kind == SegmentKind::Body)
    };
    let mut words = doc
        .times
        .iter()
        .filter(|t| sentences.contains(&t.sentence) && in_body(t.sentence))
        .map(|t| a.slice(t.span));
    words.any(|w| w.split(|c: char| !c.is_ascii_digit()).any(|n| n == year))
}

fn figures(doc: &CodedDocument, lead: u32) -> Vec<Figure> {
    let n = doc.doc_actors.len();
    let mut part = vec![0.0f32; n];
    let mut in_lead = vec![false; n];
    let mut mentions = vec![0u32; n];
    let mut named: Vec<bool> = doc.doc_actors.iter().map(|a| a.table_id.is_some()).collect();
    let mut acts = vec![0.0f32; n];
    for m in &doc.mentions {
        let early = doc.annotated.sentence_at(m.span.start).is_some_and(|s| s < lead);
        for &a in &m.actors {
            if let Some(seen) = mentions.get_mut(a as usize) {
                *seen += 1;
                named[a as usize] |= m.kind == MentionKind::Named;
                in_lead[a as usize] |= early;
            }
        }
    }
    for e in &doc.events {
        let weight = if e.modality == Modality::Historical { 0.1 } else { 1.0 };
        for p in e.actors.iter().chain(&e.recipients) {
            if let Some(x) = acts.get_mut(p.actor as usize) {
                *x += weight;
            }
        }
    }
    for q in &doc.quotes {
        if let Some(x) = q.speaker.and_then(|s| acts.get_mut(s as usize)) {
            *x += 0.7;
        }
    }
    for a in 0..n {
        part[a] = (0.1
            + if in_lead[a] { 0.3 } else { 0.0 }
            + (0.14 * acts[a]).min(0.45)
            + (0.06 * (1.0 + mentions[a] as f32).ln()).min(0.15))
        .min(1.0);
    }
    let mut keys: FxHashMap<u32, Vec<String>> = FxHashMap::default();
    for k in person_keys(doc).into_iter().filter(|k| k.weight >= 0.35) {
        keys.entry(k.actor).or_default().push(k.key);
    }
    let mut all: Vec<Figure> =
        doc.doc_actors
            .iter()
            .enumerate()
            .filter(|(i, a)| a.excluded.is_empty() && (mentions[*i] > 0 || acts[*i] > 0.0))
            .map(|(i, a)| {
                let keys = match a.kind {
                    ActorKind::Person => keys.remove(&(i as u32)).unwrap_or_default(),
                    ActorKind::Country => vec![format!("c:{}", a.code)],
                    _ => vec![a.table_id.clone().map_or_else(
                        || format!("g:{}:{}", a.code, a.name.to_lowercase()),
                        |t| format!("t:{t}"),
                    )],
                };
                let mut offices: Vec<(String, String)> = a
                    .offices
                    .iter()
                    .filter(|o| {
                        !o.code.is_empty()
                            && o.basis == "text"
                            && !o.qualifier.contains("former")
                            && !o.qualifier.contains("late")
                    })
                    .map(|o| (o.office.clone(), o.code.clone()))
                    .collect();
                offices.sort();
                offices.dedup();
                Figure {
                    name: a.name.clone(),
                    names: a.names.clone(),
                    kind: a.kind,
                    code: SmolStr::from(a.code.as_str()),
                    table_id: a.table_id.clone(),
                    offices,
                    keys,
                    part: part[i],
                    named: named[i],
                    name_ids: Vec::new(),
                    key_ids: Vec::new(),
                    weight: 0.0,
                }
            })
            .collect();
    all.sort_by(|a, b| b.part.total_cmp(&a.part).then_with(|| a.name.cmp(&b.name)));
    all.truncate(40);
    all
}

/// How telling a figure is by itself: persons most, states little, leaders of much-reported states less.
pub(crate) fn figure_weight(f: &Figure) -> f32 {
    match f.kind {
        ActorKind::Person => {
            let high =
                f.offices.iter().any(|(o, _)| {
                    o.starts_with("head-of") || o.contains("supreme") || o.contains("secretary")
                }) || f.table_id.is_some();
            if high { knowledge().newsworthy(&f.code) } else { 1.0 }
        }
        ActorKind::Organisation => 0.45,
        ActorKind::Group => 0.2,
        ActorKind::Country => 0.25 * knowledge().newsworthy(&f.code),
    }
}

/// Content lemmas of a stretch of a document.
pub(crate) fn span_lemmas(doc: &CodedDocument, span: Span) -> Vec<SmolStr> {
    let a = &doc.annotated;
    let first = a.token_from(span.start) as usize;
    let end = a.token_from(span.end) as usize;
    content_lemmas(a, first..end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::page;
    use jiff::civil::date;

    fn main_day(lines: &[&str], day: &str) -> Option<i32> {
        let told = lines.iter().fold(page("a"), |p, line| p.sentence(line));
        Features::of(&told.time(day, "2031-05-03", Some(date(2031, 5, 3))).done()).main_day
    }

    #[test]
    fn the_day_on_which_an_old_page_was_put_on_line_is_not_that_of_its_news() {
        let day = |line: &str| main_day(&["Veres met|meet Orlo .", line], "3 May 2031");
        assert_eq!(day("Printed on 3 May 2031 ."), Some(dates::number(date(2031, 5, 3))));
        assert_eq!(day("From our archive , uploaded 3 May 2031 ."), None);
    }

    #[test]
    fn a_year_deep_in_an_undated_page_tells_of_its_past() {
        let mut lines = vec!["Veres met|meet Orlo ."; 6];
        lines.push("Orlo was|be elected on 3 May 2031 .");
        assert_eq!(main_day(&lines, "3 May 2031"), None);
        let lines = lines.split_off(6);
        assert!(main_day(&lines, "3 May 2031").is_some());
    }
}
