//! What each block of a page is: the article, its headline and lines, or furniture.
//!
//! The same steps for HTML and for flattened text. Markup gives a hint where it can; words decide the rest:
//! first hints of the markup, then phrases of furniture, stamps and bylines, then the article's range, from its first to
//! its last paragraph of prose, then headline, teaser and subheads by their place in or before that range, last what
//! stands inside a paragraph: the dateline in front, link spam in the middle.

mod body;
mod front;
mod furniture;

use crate::blocks::{Block, NodeKind, Sheet};
use crate::content::{self, Verdict};
use crate::dates::{DateMention, find_dates};
use crate::knowledge::{IngestKnowledge, Reach};
use crate::letters::{Script, ends_closed, last_mark, main_script, word_units};
use crate::lines::{MetaLine, Opening, StampRole, byline, is_person, meta_line};
use crate::words::{Word, words};
use polybius_text::SegmentKind;
use rustc_hash::FxHashMap;

/// A stretch of the text with its kind.
#[derive(Debug, Clone)]
pub(crate) struct Piece {
    pub kind: SegmentKind,
    pub start: usize,
    pub end: usize,
    pub block: u32,
}

/// A date that the page shows, with what it says of itself.
#[derive(Debug, Clone)]
pub(crate) struct Stamp {
    pub role: StampRole,
    pub date: DateMention,
    pub start: usize,
    pub end: usize,
}

/// The page, read.
#[derive(Default)]
pub(crate) struct Reading {
    pub pieces: Vec<Piece>,
    pub title: Option<(usize, usize)>,
    pub person: Option<String>,
    pub agency: Option<String>,
    pub outlet: Option<String>,
    pub stamps: Vec<Stamp>,
    pub opening: Option<(usize, usize, Opening)>,
    /// A line or label says that this is opinion.
    pub kicker: Option<(usize, usize)>,
    /// Teaser blocks repeat this much of the body: 8-word sequences and where they stand.
    pub repeated: Vec<(usize, usize)>,
    pub n_repeated: usize,
}

/// How far a date stands from the headline that it belongs to: elements upwards, and blocks.
const HEAD_LEVELS: usize = 3;
const HEAD_BLOCKS: usize = 3;

struct View<'t> {
    block: Block,
    text: &'t str,
    words: Vec<Word<'t>>,
    n_words: usize,
    kind: Option<SegmentKind>,
}

impl View<'_> {
    fn link_share(&self) -> f32 {
        self.block.link_bytes as f32 / (self.block.end - self.block.start).max(1) as f32
    }

    /// Running text: a closed sentence of some length, or a long paragraph.
    fn is_prose(&self) -> bool {
        self.block.heading == 0
            && self.link_share() < 0.5
            && (self.n_words >= 30 || (self.n_words >= 9 && ends_closed(self.text)))
    }

    /// A headline, by its form: short, begins like a sentence, no full stop.
    fn is_headline(&self) -> bool {
        let open = !matches!(last_mark(self.text), Some('.' | ':' | ';' | ',' | '。'));
        let start = self.words.iter().find(|w| w.is_word);
        (2..=28).contains(&self.n_words)
            && open
            && start.is_some_and(|w| !w.text.starts_with(char::is_lowercase))
    }

    fn normal(&self) -> String {
        let words: Vec<&str> = self.words.iter().filter(|w| w.is_word).map(|w| w.lower.as_str()).collect();
        words.join(" ")
    }
}

struct Classifier<'a> {
    sheet: &'a Sheet,
    known: &'a IngestKnowledge,
    views: Vec<View<'a>>,
    verdicts: Vec<Verdict>,
    reading: Reading,
    /// First and last block of the article.
    body: Option<(usize, usize)>,
}

/// Reads the blocks of a page.
pub(crate) fn classify(sheet: &Sheet, known: &IngestKnowledge) -> Reading {
    let views = sheet
        .blocks
        .iter()
        .map(|block| {
            let text = &sheet.text[block.start..block.end];
            let words = words(text, block.start);
            let n_words = words.iter().filter(|w| w.is_word).map(|w| word_units(w.text)).sum();
            View { block: block.clone(), text, words, n_words, kind: None }
        })
        .collect();
    let verdicts = content::judge(sheet);
    let mut c = Classifier { sheet, known, views, verdicts, reading: Reading::default(), body: None };
    for (view, verdict) in c.views.iter_mut().zip(&c.verdicts) {
        view.kind = verdict.hint;
    }
    c.late_teasers();
    c.foreign();
    c.find_html_title();
    c.label_lines();
    c.label_rest();
    c.find_body();
    c.teaser();
    c.before_body();
    c.inside_body();
    c.pull_quotes();
    c.after_body();
    c.tidy();
    c.cut_pieces();
    c.reading
}

impl Classifier<'_> {
    /// A label of a summary behind the first paragraph names a subhead or a paragraph.
    fn late_teasers(&mut self) {
        let mut begun = false;
        for (v, verdict) in self.views.iter_mut().zip(&self.verdicts).filter(|(_, verdict)| verdict.inside) {
            if begun && v.kind == Some(SegmentKind::Teaser) && self.sheet.is_html {
                v.kind = None;
            }
            begun |= v.kind.is_none() && v.is_prose() && (verdict.usual || verdict.told);
        }
    }

    /// Blocks in another script than most of the page.
    fn foreign(&mut self) {
        let mut letters: FxHashMap<Script, usize> = FxHashMap::default();
        for v in self.views.iter().filter(|v| v.kind.is_none() && v.n_words >= 3) {
            if let Some((script, n)) = main_script(v.text) {
                *letters.entry(script).or_default() += n;
            }
        }
        let Some((main, _)) = letters.into_iter().max_by_key(|(script, n)| (*n, std::cmp::Reverse(*script)))
        else {
            return;
        };
        for v in self.views.iter_mut().filter(|v| v.kind.is_none() && v.n_words >= 2) {
            if main_script(v.text)
                .is_some_and(|(script, n)| script != main && script != Script::Other && n >= 6)
            {
                v.kind = Some(SegmentKind::Foreign);
            }
        }
    }

    fn in_article(&self, i: usize) -> bool {
        self.verdicts[i].inside
    }

    /// The heading that the head of the page names, or else the first of level one.
    fn find_html_title(&mut self) {
        if !self.sheet.is_html {
            return;
        }
        let named: Vec<String> = self.sheet.metadata.headlines().map(normal).collect();
        let fits = |v: &View| {
            let text = v.normal();
            v.n_words >= 2 && named.iter().any(|n| *n == text || (v.n_words >= 3 && n.starts_with(&text)))
        };
        let furniture = |v: &View| {
            matches!(
                v.kind,
                Some(
                    SegmentKind::RelatedHeadline
                        | SegmentKind::Comment
                        | SegmentKind::Form
                        | SegmentKind::CookieNotice
                )
            )
        };
        let found = self
            .views
            .iter()
            .position(|v| v.block.heading > 0 && !furniture(v) && fits(v))
            .or_else(|| {
                self.views.iter().position(|v| {
                    v.block.heading == 1
                        && !furniture(v)
                        && v.kind != Some(SegmentKind::Navigation)
                        && v.n_words >= 2
                })
            })
            .or_else(|| {
                self.views.iter().position(|v| v.kind.is_none() && fits(v) && v.block.link_bytes == 0)
            })
            .or_else(|| {
                self.views.iter().position(|v| v.block.heading == 1 && !furniture(v) && v.n_words >= 4)
            });
        if let Some(i) = found {
            self.views[i].kind = Some(SegmentKind::Title);
            self.reading.title = Some((self.views[i].block.start, self.views[i].block.end));
        }
    }

    /// Stamps, bylines and phrases of furniture.
    fn label_lines(&mut self) {
        let title_at = self.views.iter().position(|v| v.kind == Some(SegmentKind::Title));
        let mut prose_seen = 0;
        for i in 0..self.views.len() {
            let free = self.views[i].kind.is_none();
            let hinted = matches!(
                self.views[i].kind,
                Some(SegmentKind::Byline | SegmentKind::Dateline | SegmentKind::Teaser)
            );
            if self.head_stamp(i) {
                continue;
            }
            let v = &self.views[i];
            if hinted || free {
                let line = self.line_of(i);
                // A clock in front of an HTML page's headline shows the day of the visit.
                let clock = self.sheet.is_html
                    && title_at.is_some_and(|t| i < t && !self.heads(i, t))
                    && !self.in_article(i);
                if let Some(line) = line.filter(|_| v.kind != Some(SegmentKind::Teaser)) {
                    let labelled = line.dates.iter().any(|(role, _)| *role == StampRole::Published);
                    if clock && !labelled {
                        self.views[i].kind = Some(SegmentKind::Navigation);
                    } else if prose_seen == 0 || labelled || line.is_byline || hinted || prose_seen <= 2 {
                        self.take_line(i, line, prose_seen > 2 && !hinted);
                    }
                }
            }
            if self.views[i].kind.is_none() && !(self.verdicts[i].told && self.views[i].is_prose()) {
                let kind = self.furniture(i);
                if let Some((kind, Reach::Start | Reach::Whole | Reach::Inside)) = kind {
                    self.views[i].kind = Some(kind);
                } else if self.is_share_bar(i) || self.is_menu_bar(i) {
                    self.views[i].kind = Some(SegmentKind::Navigation);
                } else if self.is_spam_line(i) {
                    self.views[i].kind = Some(SegmentKind::Spam);
                }
            }
            self.note_kicker(i, prose_seen);
            let v = &self.views[i];
            // A hint of a date or byline on running text, or on words that say neither, is not believed.
            if hinted && v.is_prose() && v.n_words > 20 && v.kind != Some(SegmentKind::Teaser) {
                self.views[i].kind = None;
            }
            if self.views[i].kind.is_none() && self.views[i].is_prose() && self.in_article(i) {
                prose_seen += 1;
            }
        }
    }

    /// Whether a block right in front of the headline stands in one element with it.
    fn heads(&self, i: usize, title: usize) -> bool {
        let nodes = &self.sheet.nodes;
        let above = |block: usize| {
            let mut at = self.views[block].block.node;
            let mut found = [0u32; HEAD_LEVELS];
            for level in &mut found {
                *level = at;
                at = nodes[at as usize].parent;
            }
            found
        };
        let (own, titles) = (above(i), above(title));
        title - i <= HEAD_BLOCKS
            && own.iter().any(|n| titles.contains(n) && nodes[*n as usize].kind != NodeKind::Body && *n != 0)
    }

    /// The crawler's `date 2018-07-09`.
    fn head_stamp(&mut self, i: usize) -> bool {
        let v = &self.views[i];
        let dated = !self.sheet.is_html && v.words.len() == 2 && v.words[0].lower == "date" && i == 0;
        if !dated {
            return false;
        }
        let Some(date) = find_dates(&v.words, self.known).into_iter().next() else { return false };
        let (start, end) = (v.block.start, v.block.end);
        self.reading.stamps.push(Stamp { role: StampRole::HeadLine, date, start, end });
        self.views[i].kind = Some(SegmentKind::Dateline);
        true
    }

    fn line_of(&self, i: usize) -> Option<MetaLine> {
        let v = &self.views[i];
        if v.block.heading == 1 || v.kind == Some(SegmentKind::Title) {
            return None;
        }
        let hinted = v.kind == Some(SegmentKind::Byline);
        // A dash between two names can be a headline: it is a byline only behind another line.
        let first = !self.sheet.is_html && self.views[..i].iter().all(|v| v.kind.is_some());
        let dash_first = first && !v.words.first().is_some_and(|w| self.known.classes.has("by", &w.lower));
        let html = self.sheet.is_html;
        meta_line(v.text, &v.words, v.block.start, hinted || html, self.known)
            .or_else(|| if dash_first { None } else { byline(v.text, &v.words, v.block.start, self.known) })
            .or_else(|| {
                let name = v.words.split(|w| !w.is_word).next()?;
                let person = hinted && is_person(name, self.known);
                let text =
                    |list: &[Word]| Some(self.sheet.text[list.first()?.start..list.last()?.end].to_string());
                person.then(|| MetaLine { person: text(name), is_byline: true, ..MetaLine::default() })
            })
    }

    fn take_line(&mut self, i: usize, line: MetaLine, late: bool) {
        let v = &mut self.views[i];
        v.kind = Some(if line.is_byline { SegmentKind::Byline } else { SegmentKind::Dateline });
        let language = self.sheet.metadata.language.as_deref().unwrap_or("").split('-').next().unwrap_or("");
        for (role, mut date) in line.dates {
            if late && role == StampRole::Plain {
                continue;
            }
            let exceptions = &self.known.month_exceptions;
            if let Some(month) = v.words[date.from..date.to]
                .iter()
                .find_map(|w| exceptions.get(&(language.to_string(), w.lower.clone())))
            {
                date.month = *month;
            }
            let (start, end) = (v.words[date.from].start, v.words[date.to - 1].end);
            self.reading.stamps.push(Stamp { role, date, start, end });
        }
        let r = &mut self.reading;
        r.person = match (r.person.take(), line.person) {
            (Some(a), Some(b)) if a != b && line.is_byline && !late => Some(format!("{a}, {b}")),
            (a, b) => a.or(b),
        };
        r.agency = r.agency.take().or(line.agency);
        r.outlet = r.outlet.take().or(line.outlet);
    }
}

/// Words in lower case, without marks.
pub(crate) fn normal(text: &str) -> String {
    let list = words(text, 0);
    let words: Vec<&str> = list.iter().filter(|w| w.is_word).map(|w| w.lower.as_str()).collect();
    words.join(" ")
}
