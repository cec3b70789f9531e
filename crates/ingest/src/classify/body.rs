//! The text itself: where it begins and ends, its subheads and lists, and what stands between its paragraphs.

use super::{Classifier, Piece, normal};
use crate::letters::{ends_closed, last_mark};
use crate::lines::opening;
use crate::spam;
use polybius_text::SegmentKind;

/// Words from which a line right behind the article is its last paragraph, cut off.
const LONG_LINE: usize = 18;

impl Classifier<'_> {
    pub(super) fn find_body(&mut self) {
        let prose: Vec<usize> = (0..self.views.len())
            .filter(|&i| self.views[i].kind.is_none() && self.in_article(i))
            .filter(|&i| self.views[i].is_prose() || self.is_short_paragraph(i))
            .collect();
        if let (Some(first), Some(last)) = (prose.first(), prose.last()) {
            self.body = Some((*first, *last));
            return;
        }
        // No prose at all: the longest free block is the article.
        let longest = (0..self.views.len())
            .filter(|&i| self.views[i].kind.is_none())
            .max_by_key(|&i| (self.views[i].n_words, usize::MAX - i));
        self.body = longest.filter(|&i| self.views[i].n_words >= 6).map(|i| (i, i));
    }

    /// On a page, a short line that looks like the article's paragraphs, or that the page's own data have in its text.
    pub(super) fn is_short_paragraph(&self, i: usize) -> bool {
        let (v, verdict) = (&self.views[i], &self.verdicts[i]);
        self.sheet.is_html
            && v.block.heading == 0
            && v.link_share() < 0.3
            && v.n_words >= 3
            && (verdict.told || (verdict.usual && ends_closed(v.text) && !v.text.ends_with("..")))
    }

    pub(super) fn inside_body(&mut self) {
        let Some((first, last)) = self.body else { return };
        for i in first..=last {
            if self.views[i].kind.is_some() {
                continue;
            }
            let v = &self.views[i];
            let subhead = v.is_headline() && v.n_words <= 16 && !v.block.item;
            let question = last_mark(v.text) != Some('.') && v.n_words <= 16;
            let listed = v.block.item && v.n_words >= 4 && v.link_share() < 0.5;
            let kind = if self.sheet.is_html {
                self.kind_inside(i)
            } else if v.is_prose() {
                SegmentKind::Body
            } else if v.link_share() > 0.6 && v.block.heading == 0 {
                if v.n_words >= 4 { SegmentKind::RelatedHeadline } else { SegmentKind::Navigation }
            } else if v.block.heading > 0 || (subhead && question) {
                SegmentKind::Subhead
            } else if v.n_words == 0 || (v.block.item && !listed) {
                SegmentKind::Navigation
            } else {
                SegmentKind::Body
            };
            self.views[i].kind = Some(kind);
        }
        self.lists(first, last);
    }

    /// Three lines in a row that could be subheads are a list.
    pub(super) fn lists(&mut self, first: usize, last: usize) {
        let mut run = Vec::new();
        for i in first..=last + 1 {
            let v = self.views.get(i).filter(|_| i <= last);
            if v.is_some_and(|v| v.kind == Some(SegmentKind::Subhead) && v.block.heading == 0) {
                run.push(i);
                continue;
            }
            if run.len() >= 3 {
                for &k in &run {
                    self.views[k].kind = Some(SegmentKind::Body);
                }
            }
            run.clear();
        }
    }

    /// What a block of a page between the first and the last paragraph is.
    pub(super) fn kind_inside(&self, i: usize) -> SegmentKind {
        let (v, verdict) = (&self.views[i], &self.verdicts[i]);
        if !verdict.inside || v.n_words == 0 {
            return SegmentKind::Navigation;
        }
        let linked = v.link_share() > 0.6 && !verdict.told;
        if linked {
            return if v.n_words >= 4 { SegmentKind::RelatedHeadline } else { SegmentKind::Navigation };
        }
        if v.block.heading > 0 {
            return SegmentKind::Subhead;
        }
        if v.is_prose() || verdict.told {
            return SegmentKind::Body;
        }
        let title_like = v.is_headline() && v.n_words <= 16 && !v.block.item;
        if verdict.usual || v.block.item || v.n_words >= 5 {
            return if title_like { SegmentKind::Subhead } else { SegmentKind::Body };
        }
        SegmentKind::Navigation
    }

    /// Headings that lead to no paragraph, and labels in front of links, are no part of the article.
    pub(super) fn tidy(&mut self) {
        if !self.sheet.is_html {
            return;
        }
        let title = self.reading.title.map(|(start, end)| normal(&self.sheet.text[start..end]));
        // What comes next, from the end backwards: text, or a heading of some level that is kept.
        let mut text_behind = false;
        let mut next_level = 0;
        for i in (0..self.views.len()).rev() {
            let v = &self.views[i];
            match v.kind {
                Some(SegmentKind::Body) => (text_behind, next_level) = (true, 0),
                Some(SegmentKind::Subhead) if v.block.heading > 0 => {
                    let deeper = next_level > v.block.heading;
                    if title.as_ref().is_some_and(|t| *t == v.normal()) {
                        self.views[i].kind = Some(SegmentKind::Title);
                    } else if text_behind || deeper {
                        next_level = v.block.heading;
                    } else {
                        self.views[i].kind = Some(SegmentKind::RelatedHeadline);
                    }
                    text_behind = false;
                }
                Some(SegmentKind::Subhead | SegmentKind::Navigation) => {
                    let led =
                        self.views.get(i + 1).is_some_and(|n| n.kind == Some(SegmentKind::RelatedHeadline));
                    if led && v.n_words <= 7 && !self.verdicts[i].told {
                        self.views[i].kind = Some(SegmentKind::RelatedHeadline);
                    }
                }
                _ => {}
            }
        }
    }

    pub(super) fn after_body(&mut self) {
        let Some((_, last)) = self.body else {
            for v in self.views.iter_mut().filter(|v| v.kind.is_none()) {
                v.kind = Some(SegmentKind::Navigation);
            }
            return;
        };
        // A short closing line right behind the article belongs to it; what follows other furniture does not.
        let mut joined = true;
        for i in last + 1..self.views.len() {
            if self.views[i].kind.is_some() {
                joined = false;
                continue;
            }
            let v = &self.views[i];
            let last_word = v.words.iter().rev().find(|w| w.is_word);
            let cut_off = last_word.is_some_and(|w| self.known.classes.has("function", &w.lower))
                && !ends_closed(v.text);
            let closed = ends_closed(v.text) && v.n_words >= 2 && !v.text.ends_with("..");
            let verdict = &self.verdicts[i];
            let listed = self.sheet.is_html
                && verdict.inside
                && v.link_share() < 0.2
                && (verdict.told || (v.n_words >= 4 && (verdict.usual || v.block.item)));
            let kind = if joined
                && self.in_article(i)
                && v.block.heading == 0
                && v.link_share() < 0.5
                && (closed || cut_off || listed || v.n_words >= LONG_LINE)
            {
                SegmentKind::Body
            } else if v.n_words >= 4 {
                joined = false;
                SegmentKind::RelatedHeadline
            } else {
                joined = false;
                SegmentKind::Navigation
            };
            self.views[i].kind = Some(kind);
        }
    }

    /// Segments from blocks: the opening of an agency text and link spam become pieces of their own.
    pub(super) fn cut_pieces(&mut self) {
        let mut n_body = 0;
        for i in 0..self.views.len() {
            let v = &self.views[i];
            let kind = v.kind.unwrap_or(SegmentKind::Navigation);
            let block = i as u32;
            let mut start = v.block.start;
            let end = v.block.end;
            let pieces = &mut self.reading.pieces;
            if kind == SegmentKind::Title
                && let Some((from, cut)) = self.reading.title.filter(|t| t.0 == start && t.1 < end)
            {
                pieces.push(Piece { kind, start: from, end: cut, block });
                let rest = crate::blocks::trimmed(&self.sheet.text, cut, end).0;
                pieces.push(Piece { kind: SegmentKind::Dateline, start: rest, end, block });
                continue;
            }
            let mut from_word = 0;
            if kind == SegmentKind::Body || (kind == SegmentKind::Teaser && self.reading.opening.is_none()) {
                if n_body < 3
                    && self.reading.opening.is_none()
                    && let Some(found) = opening(v.text, &v.words, start, self.known)
                {
                    let cut = v.words[found.to - 1].end;
                    pieces.push(Piece { kind: SegmentKind::Dateline, start, end: cut, block });
                    from_word = found.to;
                    self.reading.opening = Some((start, cut, found));
                    start = v.words[from_word].start;
                }
                n_body += usize::from(kind == SegmentKind::Body);
            }
            if kind.is_evidence() {
                for (from, to) in spam::stretches(&v.words[from_word..], self.known) {
                    let (spam_start, spam_end) =
                        (v.words[from_word + from].start, v.words[from_word + to - 1].end);
                    let before = crate::blocks::trimmed(&self.sheet.text, start, spam_start);
                    if before.0 < before.1 {
                        pieces.push(Piece { kind, start: before.0, end: before.1, block });
                    }
                    pieces.push(Piece { kind: SegmentKind::Spam, start: spam_start, end: spam_end, block });
                    start = crate::blocks::trimmed(&self.sheet.text, spam_end, end).0;
                }
            }
            if start < end {
                pieces.push(Piece { kind, start, end, block });
            }
        }
    }
}
