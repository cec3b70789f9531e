//! What each block of a page is: the article, its headline and lines, or furniture.
//!
//! The same steps for HTML and for flattened text. Markup gives a hint where it can; words decide the rest:
//! first hints of the markup, then phrases of furniture, stamps and bylines, then the article's range, from its first to
//! its last paragraph of prose, then headline, teaser and subheads by their place in or before that range, last what
//! stands inside a paragraph: the dateline in front, link spam in the middle.

use crate::blocks::{Block, Sheet};
use crate::content::{self, Verdict};
use crate::dates::{DateMention, find_dates};
use crate::knowledge::{IngestKnowledge, Reach};
use crate::letters::{Script, ends_closed, last_mark, main_script, word_units};
use crate::lines::{MetaLine, Opening, StampRole, byline, is_person, meta_line, opening};
use crate::spam;
use crate::words::{Word, words};
use polybius_text::SegmentKind;
use rustc_hash::{FxHashMap, FxHashSet};

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
        let metadata = &self.sheet.metadata;
        let named: Vec<String> = [&metadata.og_title, &metadata.headline, &metadata.title]
            .into_iter()
            .flatten()
            .map(|t| normal(t))
            .collect();
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
                let clock = self.sheet.is_html && title_at.is_some_and(|t| i < t) && !self.in_article(i);
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

    /// The strongest phrase of furniture in the block.
    fn furniture(&self, i: usize) -> Option<(SegmentKind, Reach)> {
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

    fn is_share_bar(&self, i: usize) -> bool {
        let v = &self.views[i];
        let hits = v.words.iter().filter(|w| self.known.classes.has("share", &w.lower)).count();
        (2..=14).contains(&v.n_words) && !v.is_prose() && hits >= 2 && hits * 10 >= v.n_words * 7
    }

    /// A line of a stripped page that is nearly all menu words.
    fn is_menu_bar(&self, i: usize) -> bool {
        let v = &self.views[i];
        let hits = v.words.iter().filter(|w| self.known.classes.has("menu", &w.lower)).count();
        !self.sheet.is_html
            && (3..=40).contains(&v.n_words)
            && !v.is_prose()
            && hits >= 3
            && hits * 10 >= v.n_words * 7
    }

    fn is_spam_line(&self, i: usize) -> bool {
        let v = &self.views[i];
        v.n_words <= 30 && !v.is_prose() && spam::weight(&v.words, self.known) >= 4
    }

    fn note_kicker(&mut self, i: usize, prose_seen: usize) {
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
    fn label_rest(&mut self) {
        let total: usize = self.views.iter().filter(|v| v.kind.is_none() && v.is_prose()).count();
        let goes_on = self.article_goes_on();
        let mut prose = 0;
        for i in 0..self.views.len() {
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
                if let Some(kind) = cue.filter(|_| !goes_on[i]) {
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
    fn article_goes_on(&self) -> Vec<bool> {
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

    /// "admin in: How the ...", "Name on 3 May at 10:20 wrote:". A speaker in the news ends in a colon too, so a
    /// comment needs a short name before "in:", or a date with a clock time.
    fn sidebar_comment(&self, i: usize) -> bool {
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

    fn find_body(&mut self) {
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
    fn is_short_paragraph(&self, i: usize) -> bool {
        let (v, verdict) = (&self.views[i], &self.verdicts[i]);
        self.sheet.is_html
            && v.block.heading == 0
            && v.link_share() < 0.3
            && v.n_words >= 3
            && (verdict.told || (verdict.usual && ends_closed(v.text) && !v.text.ends_with("..")))
    }

    /// A paragraph in front that repeats the body, or stands before the stamp of a portal.
    fn teaser(&mut self) {
        let Some((first, last)) = self.body else { return };
        let prose: Vec<usize> =
            (first..=last).filter(|&i| self.views[i].kind.is_none() && self.views[i].is_prose()).collect();
        let hinted = self.views[..first]
            .iter()
            .enumerate()
            .filter(|(_, v)| v.kind == Some(SegmentKind::Teaser))
            .map(|(i, _)| i);
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
    fn before_body(&mut self) {
        let end = self.body.map_or(self.views.len(), |(first, _)| first);
        self.glued_title(end);
        let free: Vec<usize> = (0..end).filter(|&i| self.views[i].kind.is_none()).collect();
        let mut headlines = Vec::new();
        for &i in &free {
            let v = &self.views[i];
            let letterhead = self.is_letterhead(i);
            if v.n_words == 0 {
                self.views[i].kind = Some(SegmentKind::Navigation);
            } else if is_person(&v.words, self.known) && v.block.heading == 0 {
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
            let v = &self.views[i];
            if v.kind.is_some() {
                continue;
            }
            let behind_title = title_at.is_some_and(|t| i > t);
            if behind_title && v.block.heading > 0 && self.in_article(i) && v.block.link_bytes == 0 {
                // A whole sentence between headline and text sums the text up.
                let summary = v.n_words >= SUMMARY_WORDS;
                self.views[i].kind = Some(if summary { SegmentKind::Teaser } else { SegmentKind::Subhead });
                continue;
            }
            // A date in a calendar that we do not read ("Hamle 2, 2010").
            let year = v.words.iter().any(|w| w.text.len() == 4 && w.number().is_some());
            if behind_title && v.n_words <= 5 && year {
                self.views[i].kind = Some(SegmentKind::Dateline);
                continue;
            }
            let menu = v.block.item || v.link_share() > 0.5 || v.n_words < 4;
            self.views[i].kind = Some(match (behind_title, menu) {
                (true, false) => SegmentKind::Teaser,
                (_, true) => SegmentKind::Navigation,
                (false, false) => SegmentKind::RelatedHeadline,
            });
        }
    }

    /// The headline that is printed twice, or else the first; headlines before a doubled one are other articles'.
    fn choose_title(&mut self, headlines: &mut [usize]) {
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
    fn glued_title(&mut self, end: usize) {
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
    fn is_letterhead(&self, i: usize) -> bool {
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

    fn inside_body(&mut self) {
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
    fn lists(&mut self, first: usize, last: usize) {
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
    fn kind_inside(&self, i: usize) -> SegmentKind {
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
    fn tidy(&mut self) {
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

    fn after_body(&mut self) {
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
    fn cut_pieces(&mut self) {
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

/// Words from which a heading in front of the text is a summary.
const SUMMARY_WORDS: usize = 8;
/// Words from which a line right behind the article is its last paragraph, cut off.
const LONG_LINE: usize = 18;

/// Length of the word sequences that count as repeated.
const REPEATED_WORDS: usize = 8;

/// The share of the words of `front` that stand in 8-word sequences of `rest`, and where these sequences are.
fn repeats<'v>(front: &View, rest: impl Iterator<Item = &'v View<'v>>) -> (f32, Vec<(usize, usize)>) {
    let list = |v: &View| -> Vec<(u64, usize, usize)> {
        let words: Vec<&Word> = v.words.iter().filter(|w| w.is_word).collect();
        words
            .windows(REPEATED_WORDS)
            .map(|w| {
                let parts: Vec<&str> = w.iter().map(|w| w.lower.as_str()).collect();
                (polybius_text::stable_hash(&parts), w[0].start, w[REPEATED_WORDS - 1].end)
            })
            .collect()
    };
    let mine = list(front);
    if mine.is_empty() {
        return (0.0, Vec::new());
    }
    let wanted: FxHashSet<u64> = mine.iter().map(|g| g.0).collect();
    let mut there: FxHashSet<u64> = FxHashSet::default();
    for v in rest {
        there.extend(list(v).iter().map(|g| g.0).filter(|g| wanted.contains(g)));
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

/// Words in lower case, without marks.
pub(crate) fn normal(text: &str) -> String {
    let list = words(text, 0);
    let words: Vec<&str> = list.iter().filter(|w| w.is_word).map(|w| w.lower.as_str()).collect();
    words.join(" ")
}
