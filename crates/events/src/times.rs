//! Expressions of time and the days they mean.
//!
//! The grammar ([`grammar`]) reads what an expression says from the words themselves; [`resolve`] turns it into days with the
//! day of writing (dateline before publication), the day that the paragraph tells of, and the tense of the governing
//! verb. The clock of the machine is never asked: a page without a year waits for its story
//! ([`resolve_with_story`]). What cannot be a date (31 February, year 0) has an empty value.

mod calendars;
mod grammar;
mod headings;
mod knowledge;
mod lex;
mod resolve;
mod story;
mod tense;
mod values;

pub use knowledge::TimeKnowledge;
pub use story::{StoryAnchor, resolve_with_story};

pub(crate) use headings::HEADING;
pub(crate) use resolve::{days_between, plus_days};
pub(crate) use values::day as iso_day;

use crate::tree::Tree;
use grammar::{Fields, Found, Meaning};
use jiff::civil::Date;
use knowledge::Which;
use polybius_text::{Annotated, Article, FlagKind, Precision, SegmentKind, Span, TimeExpression, TimeType};
use resolve::Context;
use tense::{Tense, tense_over};

/// Finds the expressions of time of a document, in text order, with their days where the document alone gives them.
///
/// Cost: linear in the text.
pub fn find_times(doc: &Annotated, knowledge: &TimeKnowledge) -> Vec<TimeExpression> {
    let found: Vec<Vec<(Span, Found)>> = doc
        .sentences
        .iter()
        .map(|s| {
            let l = lex::lexemes(doc.slice(s.span), s.span.start as usize);
            let spans = grammar::find(&l, knowledge).into_iter();
            spans.map(|f| (Span::new(l[f.first].start, l[f.end - 1].end), f)).collect()
        })
        .collect();
    let mut context = context_of(&doc.article);
    context.history = tells_history(found.iter().flatten().map(|(_, f)| &f.meaning), context.speech);
    context.month_first = order_of_page(&doc.article.text, knowledge);
    let tree = Tree::new(doc);
    let translated = doc.article.has_flag(FlagKind::MachineTranslated);
    let mut out = Vec::new();
    let mut block = None;
    let headings = headings::dated_headings(&doc.article, knowledge, &context);
    let mut headings = headings.iter().peekable();
    for (number, (sentence, found)) in doc.sentences.iter().zip(&found).enumerate() {
        while let Some(heading) = headings.next_if(|h| h.span.start <= sentence.span.start) {
            // What stands under "Friday 13 January, 21:40" was written on that day.
            context.speech = Some(heading.day);
            context.speech_basis = "heading";
            out.push(heading.expression(number as u32));
        }
        let segment = doc.article.segments.get(sentence.segment as usize);
        if block != segment.map(|s| s.block) {
            block = segment.map(|s| s.block);
            context.paragraph = None;
            context.paragraph_day = None;
        }
        let headline = segment.is_some_and(|s| matches!(s.kind, SegmentKind::Title | SegmentKind::Subhead));
        let mut last_start: Option<Date> = None;
        for (span, f) in found {
            if out.last().is_some_and(|t: &TimeExpression| t.span.overlaps(*span)) {
                continue;
            }
            let token = doc.token_from(span.start);
            let mut tense = if sentence.tokens().contains(&(token as usize)) {
                tense_over(&tree, token, sentence.tokens(), knowledge)
            } else {
                Tense::Past
            };
            // Headlines tell the past in the present tense, and so do word-for-word translations.
            if tense == Tense::Present && (headline || translated) {
                tense = Tense::Past;
            }
            if f.since && tense == Tense::Present {
                tense = Tense::Past;
            }
            let bare = match &f.meaning {
                Meaning::Fields(Fields {
                    weekday: Some(w),
                    day: None,
                    month: None,
                    weekday_which: None,
                    part: "",
                    ..
                }) => Some(*w),
                _ => None,
            };
            let weekend = matches!(f.meaning, Meaning::Period { unit: knowledge::Unit::Weekend, .. });
            if f.up_to && weekend {
                tense = Tense::Future;
            }
            let closing = bare.zip(last_start).filter(|_| f.closes_range);
            let r = closing
                .and_then(|(w, start)| resolve::weekday_closing(w, start))
                .unwrap_or_else(|| resolve::resolve(&f.meaning, &context, tense));
            last_start = r.range.filter(|r| r.precision == Precision::Day).and_then(|r| r.start);
            if let Some(range) = r.range.filter(|_| tells(&f.meaning)) {
                context.tell(range);
            }
            out.push(TimeExpression {
                span: *span,
                sentence: number as u32,
                time_type: r.time_type.unwrap_or(TimeType::Date),
                value: r.value,
                range: r.range,
                basis: r.basis,
                alternatives: r.alternatives,
                needs_story: r.needs_story,
            });
        }
    }
    out
}

/// The day of writing that a page gives.
fn context_of(article: &Article) -> Context {
    let mut context = Context::default();
    let published = crate::event_date::written_day(article);
    let dateline = article.dateline.as_ref().and_then(|d| {
        let (month, day) = d.month_day?;
        let year = d.year.or_else(|| Some(year_nearest(published?, month, day)?.year()))?;
        Date::new(year, month, day).ok()
    });
    // A dateline far from a page date belongs to the text: a copy, or an old piece put up again.
    if let Some(day) = dateline {
        context.speech = Some(day);
        context.speech_basis = "dateline";
    } else if let Some(day) = published {
        context.speech = Some(day);
        context.speech_basis = "published";
    } else {
        let dateline = article.dateline.as_ref().and_then(|d| d.month_day);
        // 2000 is a leap year; the year is never shown.
        context.speech = article.yearless.or(dateline).and_then(|(m, d)| Date::new(2000, m, d).ok());
        context.speech_basis = "day on the page";
        context.yearless = context.speech.is_some();
    }
    context
}

/// The date with this month and day that lies nearest to `day`.
pub(crate) fn year_nearest(day: Date, month: i8, of_month: i8) -> Option<Date> {
    let years = [day.year(), day.year() - 1, day.year() + 1];
    let dates = years.into_iter().filter_map(|y| Date::new(y, month, of_month).ok());
    dates.min_by_key(|d| days_between(*d, day).abs())
}

/// Whether most dates lie years before the page and few lean on its day: a history, not news.
fn tells_history<'m>(meanings: impl Iterator<Item = &'m Meaning>, speech: Option<Date>) -> bool {
    let (mut far, mut near) = (0, 0);
    for meaning in meanings {
        match meaning {
            Meaning::Fields(Fields { year: Some(y), .. }) | Meaning::Numeric { year: y, .. } => {
                let old = speech.is_none_or(|s| s.year() == 2000 || i32::from(s.year()) - i32::from(*y) > 2);
                far += usize::from(old);
                near += usize::from(!old);
            }
            Meaning::Fields(Fields { weekday: Some(_), .. }) | Meaning::Day { .. } => near += 1,
            Meaning::Period { which: Which::Last | Which::Next | Which::This, .. } => near += 1,
            _ => {}
        }
    }
    far >= 6 && far > 3 * near
}

/// Whether the page writes the month first, from dates that allow one order only.
fn order_of_page(text: &str, knowledge: &TimeKnowledge) -> Option<bool> {
    const LONGEST_BYTES: usize = 400_000;
    let end = (0..=text.len().min(LONGEST_BYTES)).rev().find(|&i| text.is_char_boundary(i))?;
    let l = lex::lexemes(&text[..end], 0);
    let numeric = |f: &Found| match f.meaning {
        Meaning::Numeric { first, second, .. } if first > 12 && second <= 12 => Some(false),
        Meaning::Numeric { first, second, .. } if second > 12 && first <= 12 => Some(true),
        _ => None,
    };
    let orders: Vec<bool> = grammar::find(&l, knowledge).iter().filter_map(numeric).collect();
    let first = *orders.first()?;
    orders.iter().all(|&o| o == first).then_some(first)
}

/// Whether what follows may lean on this expression.
fn tells(meaning: &Meaning) -> bool {
    match meaning {
        Meaning::Fields(_) | Meaning::Numeric { .. } | Meaning::Day { .. } | Meaning::Same { .. } => true,
        Meaning::Season { .. }
        | Meaning::Other { .. }
        | Meaning::Period { .. }
        | Meaning::Easter { .. }
        | Meaning::Offset { n: Some(_), .. } => true,
        Meaning::Decade { .. } | Meaning::Century(_) | Meaning::Share { .. } | Meaning::Duration { .. } => {
            false
        }
        Meaning::Offset { .. }
        | Meaning::Set(_)
        | Meaning::Ref(_)
        | Meaning::Part(_)
        | Meaning::Clock { .. } => false,
    }
}

#[cfg(test)]
mod tests;
