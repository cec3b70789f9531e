//! What stands in front of the text: headline, summary, letterhead, headlines of other articles.

use super::{Classifier, Stamp, View};
use crate::dates::find_dates;
use crate::lines::{StampRole, is_person};
use crate::words::Word;
use polybius_text::SegmentKind;
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use std::hash::BuildHasher;

/// Labelled summaries that are compared with the text.
const MAX_SUMMARIES: usize = 4;
/// Words from which a heading in front of the text is a summary.
const SUMMARY_WORDS: usize = 8;
/// Length of the word sequences that count as repeated.
const REPEATED_WORDS: usize = 8;
/// An odd number with many bits set, as of Fibonacci hashing.
const HASH_FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
/// Longest block that can be set again in large type, in words.
const PULLED_WORDS: usize = 45;

impl Classifier<'_> {
    /// A paragraph in front that repeats the body, or stands before the stamp of a portal.
    pub(super) fn teaser(&mut self) {
        let Some((first, last)) = self.body else { return };
        let prose: Vec<usize> =
            (first..=last).filter(|&i| self.views[i].kind.is_none() && self.views[i].is_prose()).collect();
        let hinted = self.views[..first]
            .iter()
            .enumerate()
            .filter(|(_, v)| v.kind == Some(SegmentKind::Teaser))
            .map(|(i, _)| i)
            .take(MAX_SUMMARIES);
        let fronts: Vec<usize> = hinted.chain(prose.iter().copied().take(2)).collect();
        for &front in &fronts {
            let rest = prose.iter().filter(|&&i| i > front).map(|&i| &self.views[i]);
            let (share, spans) = repeats(&self.views[front], rest);
            let stamped = prose.len() > 1
                && prose.first() == Some(&front)
                && (front + 1..=front + 2).any(|i| {
                    i < prose[1]
                        && self.reading.stamps.iter().any(|s| {
                            matches!(s.role, StampRole::Published | StampRole::Updated)
                                && (self.views[i].block.start..self.views[i].block.end).contains(&s.start)
                        })
                });
            let hinted = self.views[front].kind == Some(SegmentKind::Teaser);
            let is_front = prose.len() > 1 && prose.first() == Some(&front);
            if let (Some(a), Some(b)) = (spans.first(), spans.last())
                && (hinted || (is_front && (share >= 0.4 || stamped)))
            {
                self.reading.n_repeated += spans.len();
                self.reading.repeated.push((a.0, b.1));
            }
            if (share >= 0.4 || stamped) && is_front {
                self.views[front].kind = Some(SegmentKind::Teaser);
                self.body = prose.iter().find(|&&i| i > front).map(|&i| (i, last));
            }
        }
    }

    /// Headline, letterhead, lone names and other headlines in front of the article.
    pub(super) fn before_body(&mut self) {
        let end = self.body.map_or(self.views.len(), |(first, _)| first);
        self.glued_title(end);
        let free: Vec<usize> = (0..end).filter(|&i| self.views[i].kind.is_none()).collect();
        let mut headlines = Vec::new();
        for &i in &free {
            let v = &self.views[i];
            let letterhead = self.is_letterhead(i);
            if v.n_words == 0 {
                self.views[i].kind = Some(SegmentKind::Navigation);
            } else if is_person(&v.words, self.known) && v.block.heading == 0 && !self.is_in_page_head(i) {
                let name = v.text.to_string();
                self.views[i].kind = Some(SegmentKind::Byline);
                self.reading.person = self.reading.person.take().or(Some(name));
            } else if letterhead {
                if v.words.iter().any(|w| self.known.classes.has("issuer", &w.lower))
                    && self.reading.outlet.is_none()
                {
                    self.reading.outlet = Some(v.text.to_string());
                }
                self.views[i].kind = Some(SegmentKind::Byline);
            } else if v.is_headline() {
                headlines.push(i);
            } else if v.n_words >= 5 && !self.sheet.is_html {
                self.views[i].kind = Some(SegmentKind::Teaser);
            }
        }
        if self.reading.title.is_none() && !headlines.is_empty() {
            self.choose_title(&mut headlines);
        }
        let title_at = self.views.iter().position(|v| v.kind == Some(SegmentKind::Title));
        for i in free {
            if self.views[i].kind.is_none() {
                self.views[i].kind = Some(self.kind_before(i, title_at.is_some_and(|t| i > t)));
            }
        }
    }

    /// What a block in front of the text is that is neither headline nor name.
    fn kind_before(&self, i: usize, behind_title: bool) -> SegmentKind {
        let v = &self.views[i];
        if behind_title && v.block.heading > 0 && self.in_article(i) && v.block.link_bytes == 0 {
            // A whole sentence between headline and text sums the text up.
            return if v.n_words >= SUMMARY_WORDS { SegmentKind::Teaser } else { SegmentKind::Subhead };
        }
        // A date in a calendar that we do not read ("Hamle 2, 2010").
        let year = v.words.iter().any(|w| w.text.len() == 4 && w.number().is_some());
        if behind_title && v.n_words <= 5 && year {
            return SegmentKind::Dateline;
        }
        let menu = v.block.item || v.link_share() > 0.5 || v.n_words < 4;
        match (behind_title, menu) {
            (true, false) => SegmentKind::Teaser,
            (_, true) => SegmentKind::Navigation,
            (false, false) => SegmentKind::RelatedHeadline,
        }
    }

    /// Whether a block stands before the headline and outside of the article: in the menus of a site.
    fn is_in_page_head(&self, i: usize) -> bool {
        let before = self.reading.title.is_some_and(|(start, _)| self.views[i].block.end <= start);
        self.sheet.is_html && before && (!self.in_article(i) || self.views[i].link_share() > 0.0)
    }

    /// The headline that is printed twice, or else the first; headlines before a doubled one are other articles'.
    pub(super) fn choose_title(&mut self, headlines: &mut [usize]) {
        let normals: Vec<String> = headlines.iter().map(|&i| self.views[i].normal()).collect();
        let doubled = (0..normals.len()).find(|&a| normals[a + 1..].contains(&normals[a]));
        let chosen = doubled.unwrap_or(0);
        let first = headlines[chosen];
        self.reading.title = Some((self.views[first].block.start, self.views[first].block.end));
        for (k, &i) in headlines.iter().enumerate() {
            if normals[k] == normals[chosen] {
                self.views[i].kind = Some(SegmentKind::Title);
            } else if doubled.is_some() {
                self.views[i].kind = Some(SegmentKind::RelatedHeadline);
            }
        }
    }

    /// "... keeps distance 10:40 on July 22": the clock time belongs to the page, not to the headline.
    pub(super) fn glued_title(&mut self, end: usize) {
        for i in 0..end {
            let v = &self.views[i];
            if v.kind.is_some_and(|k| k != SegmentKind::Title) || !v.is_headline() {
                continue;
            }
            let dates = find_dates(&v.words, self.known);
            let Some(date) = dates.into_iter().next_back() else { continue };
            if date.time.is_none() || date.to != v.words.len() || date.from < 3 {
                continue;
            }
            let cut = v.words[date.from - 1].end;
            let (start, stop) = (v.words[date.from].start, v.block.end);
            self.reading.stamps.push(Stamp { role: StampRole::Plain, date, start, end: stop });
            self.reading.title = Some((v.block.start, cut));
            self.views[i].kind = Some(SegmentKind::Title);
            return;
        }
    }

    /// A line of capitalised words with one for an institution: a letterhead.
    pub(super) fn is_letterhead(&self, i: usize) -> bool {
        let v = &self.views[i];
        let classes = &self.known.classes;
        (2..=10).contains(&v.n_words)
            && v.block.heading == 0
            && v.words.iter().any(|w| classes.has("institution", &w.lower))
            && v.words.iter().filter(|w| w.is_word).all(|w| {
                w.is_capitalised()
                    || classes.has("function", &w.lower)
                    || classes.has("name_particle", &w.lower)
            })
            && v.words.first().is_some_and(Word::is_capitalised)
            && self.views[i + 1..].iter().any(|v| v.kind.is_none() && v.is_headline())
    }
}

impl Classifier<'_> {
    /// Words of the article that are set again in large type: a short block nearly all of which stands in a longer one.
    pub(super) fn pull_quotes(&mut self) {
        let Some((first, last)) = self.body.filter(|_| self.sheet.is_html) else { return };
        let body: Vec<usize> = (first..=last)
            .filter(|&i| matches!(self.views[i].kind, Some(SegmentKind::Body | SegmentKind::Subhead)))
            .collect();
        let mut holders: FxHashMap<u64, usize> = FxHashMap::default();
        for &i in &body {
            for (gram, _, _) in sequences(&self.views[i]) {
                let at = holders.entry(gram).or_insert(i);
                // Of all blocks that have the words the longest one keeps them.
                if self.views[i].n_words > self.views[*at].n_words {
                    *at = i;
                }
            }
        }
        for i in body {
            if self.views[i].n_words > PULLED_WORDS {
                continue;
            }
            let grams = sequences(&self.views[i]);
            let elsewhere = grams.iter().filter(|g| holders.get(&g.0).is_some_and(|at| *at != i)).count();
            let covered = elsewhere + REPEATED_WORDS - 1;
            if elsewhere > 0 && covered * 10 >= self.views[i].n_words * 7 {
                self.views[i].kind = Some(SegmentKind::Teaser);
            }
        }
    }
}

/// The hashes of all sequences of words of a block, with where they begin and end.
fn sequences(v: &View) -> Vec<(u64, usize, usize)> {
    let words: Vec<(u64, usize, usize)> = v
        .words
        .iter()
        .filter(|w| w.is_word)
        .map(|w| (FxBuildHasher.hash_one(w.lower.as_str()), w.start, w.end))
        .collect();
    let hash = |list: &[(u64, usize, usize)]| {
        list.iter().fold(0u64, |all, (word, _, _)| (all.rotate_left(7) ^ word).wrapping_mul(HASH_FACTOR))
    };
    words.windows(REPEATED_WORDS).map(|w| (hash(w), w[0].1, w[REPEATED_WORDS - 1].2)).collect()
}

/// The share of the words of `front` that stand in 8-word sequences of `rest`, and where these sequences are.
fn repeats<'v>(front: &View, rest: impl Iterator<Item = &'v View<'v>>) -> (f32, Vec<(usize, usize)>) {
    let mine = sequences(front);
    if mine.is_empty() {
        return (0.0, Vec::new());
    }
    let wanted: FxHashSet<u64> = mine.iter().map(|g| g.0).collect();
    let mut there: FxHashSet<u64> = FxHashSet::default();
    for v in rest {
        there.extend(sequences(v).iter().map(|g| g.0).filter(|g| wanted.contains(g)));
    }
    let spans: Vec<(usize, usize)> =
        mine.iter().filter(|g| there.contains(&g.0)).map(|g| (g.1, g.2)).collect();
    let mut covered = 0;
    let mut behind = 0;
    for w in front.words.iter().filter(|w| w.is_word) {
        while behind < spans.len() && spans[behind].1 <= w.start {
            behind += 1;
        }
        covered += usize::from(spans.get(behind).is_some_and(|s| s.0 <= w.start));
    }
    (covered as f32 / front.n_words.max(1) as f32, spans)
}
