//! Where coded documents come from: held in memory, or read again each time they are needed.

use crate::dates;
use polybius_actors::parallel;
use polybius_events::event_date::redate;
use polybius_events::times::{StoryAnchor, resolve_with_story};
use polybius_text::{Article, CodedDocument, DocId};
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::cmp::Reverse;
use std::ops::Index;

/// Coded documents by number. Those of a large store are not all held: each is read when it is needed.
pub trait Documents: Sync {
    /// How many.
    fn count(&self) -> usize;

    /// One of them.
    fn document(&self, number: u32) -> Cow<'_, CodedDocument>;

    /// All of them, where they are held.
    fn held(&self) -> Option<&[CodedDocument]> {
        None
    }
}

/// Documents in memory.
pub(crate) struct Held<'d>(pub &'d [CodedDocument]);

impl Documents for Held<'_> {
    fn count(&self) -> usize {
        self.0.len()
    }

    fn document(&self, number: u32) -> Cow<'_, CodedDocument> {
        Cow::Borrowed(&self.0[number as usize])
    }

    fn held(&self) -> Option<&[CodedDocument]> {
        Some(self.0)
    }
}

/// Documents with the dates that only their stories can give.
pub struct Dated<'d> {
    docs: &'d dyn Documents,
    anchors: Vec<StoryAnchor>,
}

impl<'d> Dated<'d> {
    pub(crate) fn new(docs: &'d dyn Documents, anchors: Vec<StoryAnchor>) -> Dated<'d> {
        Dated { docs, anchors }
    }
}

impl Documents for Dated<'_> {
    fn count(&self) -> usize {
        self.docs.count()
    }

    fn document(&self, number: u32) -> Cow<'_, CodedDocument> {
        let mut doc = self.docs.document(number);
        if needs_dates(&doc) {
            fill_dates(doc.to_mut(), self.anchors[number as usize]);
        }
        doc
    }
}

fn needs_dates(doc: &CodedDocument) -> bool {
    doc.times.iter().any(|t| t.needs_story)
}

/// Fills in the years and days that a page leaves open.
pub(crate) fn fill_dates(doc: &mut CodedDocument, anchor: StoryAnchor) {
    if needs_dates(doc) {
        resolve_with_story(&mut doc.times, &doc.annotated.article, anchor);
        redate(&doc.annotated, &doc.times, &mut doc.events, anchor);
    }
}

/// What is held of each document throughout.
#[derive(Debug, Clone)]
pub(crate) struct Head {
    pub doc_id: DocId,
    pub path: String,
    pub published: Option<jiff::civil::Date>,
    pub flagged: bool,
}

impl Head {
    pub(crate) fn of(doc: &CodedDocument) -> Head {
        let article = &doc.annotated.article;
        Head {
            doc_id: article.doc_id.clone(),
            path: article.path.clone(),
            published: article.published_day(),
            flagged: !article.flags.is_empty(),
        }
    }

    /// Orders documents from the latest to the earliest published; those without a day come first, equals by id.
    pub(crate) fn age(&self) -> Age<'_> {
        (self.published.map(|d| Reverse(dates::number(d))), self.doc_id.as_str())
    }
}

/// See [`Head::age`].
pub(crate) type Age<'a> = (Option<Reverse<i32>>, &'a str);

/// Some of the documents, by their numbers among all.
pub(crate) enum Selected<'d> {
    All(&'d [CodedDocument]),
    /// By number.
    Some(FxHashMap<u32, Cow<'d, CodedDocument>>),
}

impl<'d> Selected<'d> {
    pub(crate) fn of(docs: &'d dyn Documents, members: &[u32]) -> Selected<'d> {
        if let Some(all) = docs.held() {
            return Selected::All(all);
        }
        Selected::Some(members.iter().map(|&d| (d, docs.document(d))).collect())
    }
}

impl Index<usize> for Selected<'_> {
    type Output = CodedDocument;

    fn index(&self, number: usize) -> &CodedDocument {
        match self {
            Selected::All(docs) => &docs[number],
            Selected::Some(docs) => &docs[&(number as u32)],
        }
    }
}

/// What joining actors needs of all documents, when they are not held.
pub(crate) fn slim(docs: &dyn Documents) -> Vec<CodedDocument> {
    let numbers: Vec<u32> = (0..docs.count() as u32).collect();
    parallel::map(&numbers, |&n| {
        let mut doc = docs.document(n).into_owned();
        let article = &mut doc.annotated.article;
        let bare = Article::from_sentence("", None);
        let (doc_id, path) = (std::mem::take(&mut article.doc_id), std::mem::take(&mut article.path));
        *article = Article { doc_id, path, published: article.published.take(), ..bare };
        let a = &mut doc.annotated;
        (a.sentences, a.tokens, a.entities, a.acts) = Default::default();
        (doc.times, doc.places, doc.mentions, doc.quotes) = Default::default();
        doc.events.retain(polybius_actors::tells_what_was_suffered);
        for event in &mut doc.events {
            event.explanation = Default::default();
        }
        doc.events.shrink_to_fit();
        doc.doc_actors.shrink_to_fit();
        doc
    })
}
