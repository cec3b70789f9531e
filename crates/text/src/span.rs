use serde::{Deserialize, Serialize};
use std::ops::Range;

/// A half-open byte range in the text of one document.
///
/// Offsets count bytes of [`crate::Article::text`], and both ends fall on character boundaries.
/// [`crate::Article::in_page`] says where those words stand in the file they came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// A span from offsets that are known to be character boundaries, in order.
    ///
    /// # Panics
    /// If `start > end`, or an offset exceeds 4 GiB (pages are far smaller: the reader of pages rejects them).
    pub fn new(start: usize, end: usize) -> Span {
        assert!(start <= end, "span {start}..{end} is reversed");
        Span {
            start: u32::try_from(start).expect("documents are under 4 GiB"),
            end: u32::try_from(end).expect("documents are under 4 GiB"),
        }
    }

    /// Returns `None` unless `start <= end` and both ends are character boundaries of `text`.
    pub fn in_text(text: &str, start: u32, end: u32) -> Option<Span> {
        text.get(start as usize..end as usize)?;
        Some(Span { start, end })
    }

    /// The words of this span, or `""` when it does not lie in `text`.
    pub fn of<'t>(&self, text: &'t str) -> &'t str {
        text.get(self.range()).unwrap_or("")
    }

    /// As a range for slicing.
    pub fn range(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Length in bytes.
    pub fn len(&self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether it holds no byte.
    pub fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// Whether `other` lies wholly inside this span.
    pub fn contains(&self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether the two share at least one byte.
    pub fn overlaps(&self, other: Span) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// The smallest span that holds both.
    pub fn cover(&self, other: Span) -> Span {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}
