//! Headings that are a date: the posts of a live page, the entries of a diary.

use super::grammar::{self, Fields, Found, Meaning};
use super::knowledge::TimeKnowledge;
use super::lex;
use super::resolve::{Context, days_between, resolve};
use super::tense::Tense;
use super::values;
use jiff::civil::Date;
use polybius_text::{Article, DateRange, SegmentKind, Span, TimeExpression, TimeType};

/// How the basis of a heading's date begins.
pub(crate) const HEADING: &str = "heading";
/// Fewer are the date of the page and no posts.
const MIN_HEADINGS: usize = 2;
/// Longer lines are text.
const LONGEST_BYTES: usize = 80;
/// Words beside the date and the clock: "Updated at", "GMT".
const MAX_OTHER_WORDS: usize = 3;
/// Headings further from the page's day are years of a history. Set by judgement, not tuned.
const MAX_DAYS: i32 = 60;

/// A heading with its day.
pub(super) struct DatedHeading {
    pub span: Span,
    pub day: Date,
    basis: String,
}

impl DatedHeading {
    /// The heading's date as an expression that belongs to the sentence after it.
    pub fn expression(&self, sentence: u32) -> TimeExpression {
        TimeExpression {
            span: self.span,
            sentence,
            time_type: TimeType::Date,
            value: values::day(self.day),
            range: Some(DateRange::day(self.day)),
            basis: format!("{HEADING}, {}", self.basis),
            alternatives: Vec::new(),
            needs_story: false,
        }
    }
}

/// The dated headings of a page in text order; none where the page is no sequence of dated posts.
pub(super) fn dated_headings(article: &Article, k: &TimeKnowledge, context: &Context) -> Vec<DatedHeading> {
    if context.yearless {
        return Vec::new();
    }
    // A paragraph of its own; "LIMA, Jan 10 (Agency)" before running text opens that text only.
    let segments = &article.segments;
    let alone = |i: usize| {
        let beside = [i.checked_sub(1), Some(i + 1)];
        beside.into_iter().flatten().filter_map(|j| segments.get(j)).all(|s| s.block != segments[i].block)
    };
    let lines = segments.iter().enumerate().filter(|(i, s)| {
        matches!(s.kind, SegmentKind::Dateline | SegmentKind::Subhead)
            && s.span.len() <= LONGEST_BYTES
            && alone(*i)
    });
    let found: Vec<DatedHeading> = lines
        .map(|(_, s)| s)
        .filter_map(|s| {
            let l = lex::lexemes(article.slice(s.span), s.span.start as usize);
            let times = grammar::find(&l, k);
            let dates: Vec<&Found> = times.iter().filter(|f| is_date(&f.meaning)).collect();
            let [date] = dates.as_slice() else { return None };
            let words = l.iter().enumerate().filter(|(i, x)| {
                x.lower.chars().any(char::is_alphabetic)
                    && !times.iter().any(|f| (f.first..f.end).contains(i))
            });
            if words.count() > MAX_OTHER_WORDS {
                return None;
            }
            let r = resolve(&date.meaning, context, Tense::Past);
            let day = r.range.filter(|x| x.start == x.end).and_then(|x| x.start)?;
            let near = context.speech.is_none_or(|s| days_between(day, s).abs() <= MAX_DAYS);
            let span = Span::new(l[date.first].start, l[date.end - 1].end);
            near.then_some(DatedHeading { span, day, basis: r.basis })
        })
        .collect();
    // Of lines that follow each other without text between them the last one counts.
    let told = |from: u32, to: u32| {
        segments.iter().any(|s| s.kind == SegmentKind::Body && s.span.start >= from && s.span.end <= to)
    };
    let ends: Vec<u32> =
        found.iter().skip(1).map(|h| h.span.start).chain([article.text.len() as u32]).collect();
    let found: Vec<DatedHeading> =
        found.into_iter().zip(ends).filter(|(h, end)| told(h.span.end, *end)).map(|(h, _)| h).collect();
    if found.len() >= MIN_HEADINGS { found } else { Vec::new() }
}

fn is_date(meaning: &Meaning) -> bool {
    matches!(meaning, Meaning::Fields(Fields { day: Some(_), month: Some(_), .. }) | Meaning::Numeric { .. })
}
