//! Menus, share bars, forms, comments: what blocks are by the phrases in them.

use super::{Classifier, Verdict, View};
use crate::dates::find_dates;
use crate::knowledge::Reach;
use crate::spam;
use polybius_text::SegmentKind;
use rustc_hash::FxHashMap;

impl Classifier<'_> {
    /// The strongest phrase of furniture in the block.
    pub(super) fn furniture(&self, i: usize) -> Option<(SegmentKind, Reach)> {
        let v = &self.views[i];
        let classes = &self.known.classes;
        let from = v.words.iter().position(|w| w.is_word || w.text == "©" || w.text == "(")?;
        let n = v.words.len();
        let at_start = self.known.furniture.at(&v.words, from, classes);
        let start = at_start.into_iter().find_map(|hit| {
            let row = self.known.furniture_rows[hit.phrase.label.parse::<usize>().ok()?];
            let long = hit.to - hit.from >= 3 || v.words[from..hit.to].iter().any(|w| !w.is_word);
            let whole = v.words[hit.to..].iter().all(|w| !w.is_word);
            let fits = match row.reach {
                Reach::Whole => whole,
                Reach::Start => v.n_words <= 40 && (long || !v.is_prose()),
                // "Comments made by the minister ..." is no heading of comments.
                Reach::Rest => {
                    let counted = v.words[hit.to..].iter().all(|w| !w.is_word || w.number().is_some());
                    v.n_words <= 12 && !v.is_prose() && (counted || hit.to - hit.from >= 3)
                }
                Reach::Inside => true,
            };
            fits.then_some((row.kind, row.reach))
        });
        let inside = || {
            if v.n_words > 60 {
                return None;
            }
            (from..n).find_map(|at| {
                self.known.furniture.at(&v.words, at, classes).into_iter().find_map(|hit| {
                    let row = self.known.furniture_rows[hit.phrase.label.parse::<usize>().ok()?];
                    (row.reach == Reach::Inside).then_some((row.kind, row.reach))
                })
            })
        };
        start.or_else(inside)
    }

    pub(super) fn is_share_bar(&self, i: usize) -> bool {
        let v = &self.views[i];
        let hits = v.words.iter().filter(|w| self.known.classes.has("share", &w.lower)).count();
        (2..=14).contains(&v.n_words) && !v.is_prose() && hits >= 2 && hits * 10 >= v.n_words * 7
    }

    /// A line of a stripped page that is nearly all menu words.
    pub(super) fn is_menu_bar(&self, i: usize) -> bool {
        let v = &self.views[i];
        let hits = v.words.iter().filter(|w| self.known.classes.has("menu", &w.lower)).count();
        !self.sheet.is_html
            && (3..=40).contains(&v.n_words)
            && !v.is_prose()
            && hits >= 3
            && hits * 10 >= v.n_words * 7
    }

    pub(super) fn is_spam_line(&self, i: usize) -> bool {
        let v = &self.views[i];
        v.n_words <= 30 && !v.is_prose() && spam::weight(&v.words, self.known) >= 4
    }

    pub(super) fn note_kicker(&mut self, i: usize, prose_seen: usize) {
        let v = &self.views[i];
        let short = (1..=3).contains(&v.n_words) && prose_seen == 0 && v.block.link_bytes == 0;
        let says = v
            .words
            .iter()
            .find(|w| w.is_word)
            .is_some_and(|w| self.known.classes.has("opinion_kicker", &w.lower));
        let furniture = self.verdicts[i].hint.is_some_and(|h| h != SegmentKind::Byline);
        if short && says && !furniture && v.kind != Some(SegmentKind::Title) && self.reading.kicker.is_none()
        {
            self.reading.kicker = Some((v.block.start, v.block.end));
        }
    }

    /// From a comment form, a heading of comments or a first sidebar comment on, all is theirs.
    pub(super) fn label_rest(&mut self) {
        let total: usize = self.views.iter().filter(|v| v.kind.is_none() && v.is_prose()).count();
        let goes_on = self.article_goes_on();
        let parted = self.forms_part();
        let mut prose = 0;
        for (i, &again) in goes_on.iter().enumerate() {
            let v = &self.views[i];
            let open = matches!(
                v.kind,
                None | Some(SegmentKind::Form | SegmentKind::Comment | SegmentKind::Navigation)
            );
            // Half of a short article is enough: comments can be longer than what they comment on.
            if open && prose >= 2.min(total).max(1) {
                let cue = match self.furniture(i) {
                    Some((kind, Reach::Rest)) => Some(kind),
                    _ => self.sidebar_comment(i).then_some(SegmentKind::Comment),
                };
                if let Some(kind) = cue.filter(|_| !again || parted[i]) {
                    let mut kind = kind;
                    for k in i..self.views.len() {
                        if let Some((SegmentKind::Form, _)) = self.furniture(k).filter(|_| k > i)
                            && !self.views[k].is_prose()
                        {
                            self.views[k].kind = Some(SegmentKind::Form);
                            continue;
                        }
                        let v = &mut self.views[k];
                        if matches!(v.kind, None | Some(SegmentKind::Dateline | SegmentKind::Byline)) {
                            v.kind = Some(kind);
                        }
                        if kind == SegmentKind::Form && v.is_prose() {
                            kind = SegmentKind::Comment;
                        }
                    }
                    return;
                }
            }
            let v = &self.views[i];
            prose += usize::from(v.kind.is_none() && v.is_prose());
        }
        // A heading of comments that leads nowhere is still furniture.
        for i in 0..self.views.len() {
            if self.views[i].kind.is_none()
                && !self.views[i].is_prose()
                && let Some((kind, Reach::Rest)) = self.furniture(i)
            {
                self.views[i].kind = Some(kind);
            }
        }
    }

    /// Whether a page has more text of the article behind each block than before it: then it is no end of the article.
    pub(super) fn article_goes_on(&self) -> Vec<bool> {
        let prose = |(v, verdict): (&View, &Verdict)| {
            let counts = self.sheet.is_html && v.kind.is_none() && verdict.inside && v.is_prose();
            if counts { v.text.len() } else { 0 }
        };
        let sizes: Vec<usize> = self.views.iter().zip(&self.verdicts).map(prose).collect();
        let all: usize = sizes.iter().sum();
        let mut before = 0;
        let mut goes_on = Vec::with_capacity(sizes.len());
        for size in sizes {
            goes_on.push(all - before - size > before);
            before += size;
        }
        goes_on
    }

    /// Whether at each block one kind of paragraph ends and another begins, which comes with a scrap for each paragraph: a
    /// thread of comments that is longer than the article.
    fn forms_part(&self) -> Vec<bool> {
        let n = self.views.len();
        let counts = |i: usize| self.sheet.is_html && self.views[i].kind.is_none() && self.in_article(i);
        let is_prose = |i: usize| counts(i) && self.views[i].is_prose();
        let mut seen: FxHashMap<u64, (usize, usize)> = FxHashMap::default();
        for i in (0..n).filter(|&i| is_prose(i)) {
            seen.entry(self.verdicts[i].form).or_insert((i, i)).1 = i;
        }
        // Forms that stand on both sides of each block.
        let mut crossing = vec![0i32; n + 1];
        for (first, last) in seen.into_values() {
            crossing[first + 1] += 1;
            crossing[last + 1] -= 1;
        }
        for i in 1..=n {
            crossing[i] += crossing[i - 1];
        }
        let mut parted = vec![false; n];
        let (mut prose, mut scraps) = (0usize, 0usize);
        for i in (0..n).rev() {
            parted[i] = crossing[i] == 0 && prose >= 2 && scraps >= prose;
            prose += usize::from(is_prose(i));
            scraps += usize::from(counts(i) && !is_prose(i) && self.views[i].block.heading == 0);
        }
        parted
    }

    /// "admin in: How the ...", "Name on 3 May at 10:20 wrote:". A speaker in the news ends in a colon too, so a
    /// comment needs a short name before "in:", or a date with a clock time.
    pub(super) fn sidebar_comment(&self, i: usize) -> bool {
        let v = &self.views[i];
        let Some(colon) = v.words.iter().take(16).position(|w| w.text == ":").filter(|c| *c >= 1) else {
            return false;
        };
        let before = &v.words[..colon];
        let last = &before[colon - 1];
        let address = before.iter().any(|w| spam::is_address(w, self.known));
        if last.lower == "in" {
            let small = before.iter().filter(|w| self.known.classes.has("function", &w.lower)).count();
            return address || (colon <= 4 && small <= 1 && colon + 1 < v.words.len());
        }
        let says = matches!(
            last.lower.as_str(),
            "says" | "said" | "wrote" | "writes" | "commented" | "dit" | "dice"
        );
        let stamped = find_dates(before, self.known).iter().any(|d| d.time.is_some());
        !v.is_prose() && says && stamped
    }
}
