//! Stretches between quotation marks, paragraph by paragraph.

use super::knowledge::{Mark, MarkKind, QuoteKnowledge};
use polybius_text::Span;
use std::ops::Range;

/// Words between marks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Marked {
    /// The words without the marks and without white space at the ends.
    pub span: Span,
    /// With the marks.
    pub outer: Span,
    /// The paragraph, as its index in the list given.
    pub paragraph: usize,
    /// Whether only one mark stands in the paragraph.
    pub unclosed: bool,
    /// Whether it takes up an unclosed quote of the paragraph before.
    pub continues: bool,
    pub paren: bool,
}

/// A quote longer than this is a page with a lost mark. Set by judgement, not tuned.
const LONGEST_BYTES: usize = 3000;
/// The same for single marks, which are apostrophes more often.
const LONGEST_SINGLE_BYTES: usize = 600;

/// Finds marked stretches of the paragraphs of `text`. Without a closing mark a stretch ends with its paragraph when the
/// next paragraph opens with the same mark, else with its sentence (`sentence_end` of a byte).
///
/// Cost: linear in the text but for a binary search a mark.
pub(super) fn marked(
    text: &str,
    paragraphs: &[Range<usize>],
    k: &QuoteKnowledge,
    sentence_end: impl Fn(usize) -> usize,
) -> Vec<Marked> {
    let mut out = Vec::new();
    let mut running: Option<&str> = None;
    for (number, paragraph) in paragraphs.iter().enumerate() {
        let Some(body) = text.get(paragraph.clone()) else { continue };
        let closes = Closes::new(body, k);
        let next = paragraphs.get(number + 1).and_then(|p| text.get(p.clone())).map_or("", str::trim_start);
        let opened = running.take();
        let mut at = 0;
        while at < body.len() {
            let rest = &body[at..];
            let Some(c) = rest.chars().next() else { break };
            let before = body[..at].chars().next_back();
            let candidates = k.marks.iter().filter(|m| rest.starts_with(m.open.as_str()));
            let mut taken = None;
            let mut seen = false;
            for mark in candidates {
                let after = rest[mark.open.len()..].chars().next();
                if !opens(mark, before, after) {
                    continue;
                }
                seen = true;
                let from = at + mark.open.len();
                let longest =
                    if mark.kind == MarkKind::Single { LONGEST_SINGLE_BYTES } else { LONGEST_BYTES };
                if let Some(end) = closes.next(mark, from).filter(|end| end - from <= longest) {
                    // Of „...“ and „...” the nearer closing mark counts.
                    if taken.as_ref().is_none_or(|(_, e): &(&Mark, usize)| end < *e) {
                        taken = Some((mark, end));
                    }
                }
            }
            if let Some((mark, end)) = taken {
                let from = at + mark.open.len();
                let continues = at == 0 && opened.is_some_and(|o| o == mark.open);
                push(
                    &mut out,
                    text,
                    paragraph.start,
                    from..end,
                    at..end + mark.close.len(),
                    Marked { continues, paren: mark.kind == MarkKind::Paren, ..blank(number) },
                );
                at = end + mark.close.len();
                continue;
            }
            let sure = k.marks.iter().find(|m| {
                seen && m.kind == MarkKind::Quote
                    && rest.starts_with(m.open.as_str())
                    && opens(m, before, rest[m.open.len()..].chars().next())
            });
            if let Some(mark) = sure {
                let from = at + mark.open.len();
                let runs_on = next.starts_with(mark.open.as_str());
                let end = if runs_on {
                    body.len()
                } else {
                    sentence_end(paragraph.start + from)
                        .saturating_sub(paragraph.start)
                        .clamp(from, body.len())
                };
                let end = (from..=end.min(from + LONGEST_BYTES))
                    .rev()
                    .find(|&e| body.is_char_boundary(e))
                    .unwrap_or(from);
                let continues = at == 0 && opened.is_some_and(|o| o == mark.open);
                push(
                    &mut out,
                    text,
                    paragraph.start,
                    from..end,
                    at..end,
                    Marked { unclosed: true, continues, ..blank(number) },
                );
                if runs_on {
                    running = Some(mark.open.as_str());
                }
                at = end.max(from);
                continue;
            }
            at += c.len_utf8();
        }
    }
    out
}

fn blank(paragraph: usize) -> Marked {
    let none = Span { start: 0, end: 0 };
    Marked { span: none, outer: none, paragraph, unclosed: false, continues: false, paren: false }
}

fn push(
    out: &mut Vec<Marked>,
    text: &str,
    base: usize,
    inner: Range<usize>,
    outer: Range<usize>,
    marked: Marked,
) {
    let words = &text[base + inner.start..base + inner.end];
    let start = base + inner.start + (words.len() - words.trim_start().len());
    let end = start + words.trim().len();
    if start < end {
        out.push(Marked {
            span: Span::new(start, end),
            outer: Span::new(base + outer.start, base + outer.end),
            ..marked
        });
    }
}

/// Whether a mark can open here. Marks that also close or stand for an apostrophe need white space before them.
fn opens(mark: &Mark, before: Option<char>, after: Option<char>) -> bool {
    let Some(after) = after else { return false };
    let free = before.is_none_or(|b| b.is_whitespace() || "([{—–-:/>".contains(b) || "“«\"".contains(b));
    let one_sign = mark.open == mark.close || matches!(mark.open.as_str(), "»" | "”");
    match mark.kind {
        MarkKind::Single => free && after.is_alphanumeric(),
        _ if one_sign => free && !after.is_whitespace(),
        _ => true,
    }
}

/// Where each closing mark stands in a paragraph.
struct Closes<'k> {
    at: Vec<(&'k str, Vec<usize>)>,
}

impl<'k> Closes<'k> {
    fn new(body: &str, k: &'k QuoteKnowledge) -> Closes<'k> {
        let mut at: Vec<(&str, Vec<usize>)> = Vec::new();
        for mark in &k.marks {
            if at.iter().any(|(c, _)| *c == mark.close) {
                continue;
            }
            let single = mark.kind == MarkKind::Single;
            let fits = |i: usize| {
                let after = body[i + mark.close.len()..].chars().next();
                let before = body[..i].chars().next_back();
                let free = after.is_none_or(|c| !c.is_alphanumeric());
                if single {
                    // The plural possessive "leaders' talks" does not close.
                    let possessive = before == Some('s') && after.is_some_and(char::is_whitespace);
                    free && !possessive && before.is_some_and(|b| !b.is_whitespace())
                } else {
                    free || mark.open != mark.close
                }
            };
            at.push((
                mark.close.as_str(),
                body.match_indices(mark.close.as_str()).map(|(i, _)| i).filter(|&i| fits(i)).collect(),
            ));
        }
        Closes { at }
    }

    fn next(&self, mark: &Mark, from: usize) -> Option<usize> {
        let (_, list) = self.at.iter().find(|(c, _)| *c == mark.close)?;
        list.get(list.partition_point(|&i| i < from)).copied()
    }
}
