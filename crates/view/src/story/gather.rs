//! From the tables of a store to the view of one story.

mod claims;
mod people;
mod timeline;

use super::network::network;
use super::view::*;
use crate::find::labels;
use claims::{brief, claims, conflicts, left_out};
use people::{names, speakers};
use polybius_store::rows::*;
use polybius_store::{Store, StoreError};
use std::collections::{BTreeMap, BTreeSet};
use timeline::timeline;

/// Gathers everything on the story at `index` of `stories`, which are in the order of their numbers.
pub fn gather(store: &Store, stories: &[StoryRow], index: usize) -> Result<StoryView, StoreError> {
    let story = &stories[index];
    let members: Vec<StoryDocumentRow> = of_story(store.read()?, |r: &StoryDocumentRow| &r.story_id, story);
    let all_documents: Vec<DocumentRow> = store.read()?;
    let texts = Texts::new(store, &all_documents, &members)?;
    let documents = documents(store, &texts, &members)?;
    let events: Vec<EventRow> =
        store.read()?.into_iter().filter(|e: &EventRow| texts.index.contains_key(&e.doc_id)).collect();
    let actors: BTreeMap<String, ActorRow> =
        store.read()?.into_iter().map(|a: ActorRow| (a.actor_id.clone(), a)).collect();
    let claims = claims(store, &texts, story)?;
    let conflicts = conflicts(store, &texts, story, &claims)?;
    let timeline = timeline(store, &texts, story, &events, &claims, &conflicts)?;
    let speakers = speakers(store, &texts, &actors)?;
    let names = names(store, &texts, &actors, &events, story)?;
    let (see_also, near_misses) = neighbours(store, stories, story, &all_documents)?;
    let network = network(&texts, &documents, &events);
    let left_out = left_out(&documents, &claims);
    Ok(StoryView {
        number: index + 1,
        story_id: story.story_id.clone(),
        title: story.title.clone(),
        date_start: story.date_start.clone(),
        date_end: story.date_end.clone(),
        n_documents: documents.len(),
        n_origins: story.n_origins as usize,
        brief: brief(&documents, &claims),
        documents,
        timeline,
        claims,
        conflicts,
        speakers,
        left_out,
        names,
        network,
        see_also,
        near_misses,
        events,
    })
}

fn of_story<R>(rows: Vec<R>, id: fn(&R) -> &String, story: &StoryRow) -> Vec<R> {
    rows.into_iter().filter(|r| *id(r) == story.story_id).collect()
}

/// The story's documents by path, with their sentences.
pub struct Texts<'a> {
    rows: Vec<&'a DocumentRow>,
    labels: Vec<String>,
    /// By document id.
    pub index: BTreeMap<String, usize>,
    /// By document: starts and ends of sentences, in order.
    sentences: Vec<Vec<(u32, u32)>>,
}

impl<'a> Texts<'a> {
    fn new(
        store: &Store,
        all: &'a [DocumentRow],
        members: &[StoryDocumentRow],
    ) -> Result<Texts<'a>, StoreError> {
        let ids: BTreeSet<&str> = members.iter().map(|m| m.doc_id.as_str()).collect();
        let mut rows: Vec<&DocumentRow> = all.iter().filter(|d| ids.contains(d.doc_id.as_str())).collect();
        rows.sort_by(|a, b| (&a.path, &a.doc_id).cmp(&(&b.path, &b.doc_id)));
        let labels = labels(&rows.iter().map(|d| d.path.as_str()).collect::<Vec<_>>());
        let index: BTreeMap<String, usize> =
            rows.iter().enumerate().map(|(i, d)| (d.doc_id.clone(), i)).collect();
        let mut sentences = vec![Vec::new(); rows.len()];
        for s in store.read::<SentenceRow>()? {
            if let Some(&d) = index.get(&s.doc_id) {
                sentences[d].push((s.start, s.end));
            }
        }
        for list in &mut sentences {
            list.sort_unstable();
        }
        Ok(Texts { rows, labels, index, sentences })
    }

    /// Words of a document of the story; `None` when the document is of another one.
    pub fn span(&self, doc_id: &str, start: u32, end: u32) -> Option<SpanView> {
        let document = *self.index.get(doc_id)?;
        let text = &self.rows[document].text;
        let words = text.get(start as usize..end as usize)?;
        let sentences = &self.sentences[document];
        let first = sentences.partition_point(|s| s.1 <= start);
        let (sentence_start, sentence_end) = match sentences.get(first) {
            Some(s) if s.0 <= start => {
                // A span may reach over several sentences.
                let last = sentences[first..].iter().take_while(|s| s.0 < end).last().unwrap_or(s);
                (s.0, last.1.max(end))
            }
            _ => (start, end),
        };
        Some(SpanView {
            document,
            label: self.labels[document].clone(),
            start,
            end,
            text: words.to_string(),
            sentence_start,
            sentence_end,
        })
    }

    fn slice(&self, doc_id: &str, start: Option<u32>, end: Option<u32>) -> String {
        let found = || {
            let document = *self.index.get(doc_id)?;
            self.rows[document].text.get(start? as usize..end? as usize)
        };
        found().unwrap_or("").to_string()
    }
}

fn documents(
    store: &Store,
    texts: &Texts<'_>,
    members: &[StoryDocumentRow],
) -> Result<Vec<DocumentView>, StoreError> {
    let member: BTreeMap<&str, &StoryDocumentRow> = members.iter().map(|m| (m.doc_id.as_str(), m)).collect();
    let mut segments: Vec<Vec<SegmentView>> = texts.rows.iter().map(|_| Vec::new()).collect();
    for s in store.read::<SegmentRow>()? {
        if let Some(&d) = texts.index.get(&s.doc_id) {
            segments[d].push(SegmentView { kind: s.kind, start: s.start, end: s.end });
        }
    }
    let mut letters: BTreeMap<&str, String> = BTreeMap::new();
    let mut documents = Vec::new();
    for (d, row) in texts.rows.iter().enumerate() {
        let member = member[row.doc_id.as_str()];
        let next = letter(letters.len());
        let origin = letters.entry(&member.origin_id).or_insert(next).clone();
        let flags = row.flag_details.iter().map(|f| FlagView {
            flag: f.flag.clone(),
            detail: f.detail.clone(),
            spans: f
                .starts
                .iter()
                .zip(&f.ends)
                .filter_map(|(&start, &end)| texts.span(&row.doc_id, start, end))
                .collect(),
        });
        let mut own_segments = std::mem::take(&mut segments[d]);
        own_segments.sort_by_key(|s| (s.start, s.end));
        documents.push(DocumentView {
            label: texts.labels[d].clone(),
            doc_id: row.doc_id.clone(),
            path: row.path.clone(),
            url: row.url.clone(),
            outlet: row.outlet.clone(),
            agency: row.agency.clone(),
            title: row.title.clone(),
            byline: row.byline.clone(),
            language: row.language.clone(),
            published_at: row.published_at.clone(),
            published_precision: row.published_precision.clone(),
            published_basis: row.published_basis.clone(),
            n_words: row.n_words,
            flags: flags.collect(),
            score: member.score,
            reasons: member.reasons.clone(),
            origin_id: member.origin_id.clone(),
            origin,
            origin_reason: member.origin_reason.clone(),
            text: row.text.clone(),
            segments: own_segments,
        });
    }
    Ok(documents)
}

/// `A` to `Z`, then `A2`, ...
fn letter(n: usize) -> String {
    let letter = char::from(b'A' + (n % 26) as u8);
    if n < 26 { letter.to_string() } else { format!("{letter}{}", n / 26 + 1) }
}

fn neighbours(
    store: &Store,
    stories: &[StoryRow],
    story: &StoryRow,
    documents: &[DocumentRow],
) -> Result<(Vec<LinkView>, Vec<NearMissView>), StoreError> {
    let number = |id: &str| stories.iter().position(|s| s.story_id == id);
    let links = of_story(store.read()?, |r: &StoryLinkRow| &r.story_id, story)
        .into_iter()
        .filter_map(|link| {
            let at = number(&link.other_story_id)?;
            Some(LinkView {
                number: at + 1,
                story_id: link.other_story_id,
                title: stories[at].title.clone(),
                kind: link.kind,
                reasons: link.reasons,
            })
        })
        .collect();
    let by_id: BTreeMap<&str, &DocumentRow> = documents.iter().map(|d| (d.doc_id.as_str(), d)).collect();
    let mut misses: Vec<NearMissView> = of_story(store.read()?, |r: &NearMissRow| &r.story_id, story)
        .into_iter()
        .filter_map(|miss| {
            let doc = by_id.get(miss.doc_id.as_str())?;
            Some(NearMissView {
                path: doc.path.clone(),
                title: doc.title.clone(),
                story: number(&doc.story_id).map(|n| n + 1),
                doc_id: miss.doc_id,
                score: miss.score,
                reasons: miss.reasons,
            })
        })
        .collect();
    misses.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.path.cmp(&b.path)));
    Ok((links, misses))
}
