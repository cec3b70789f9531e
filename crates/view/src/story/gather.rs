//! From the rows of one story to its view.

mod claims;
mod people;
mod timeline;

use super::network::network;
use super::places::places;
use super::rows::{LinkedStory, NearDocument, StoryRows};
use super::view::*;
use crate::labels;
use claims::{brief, claims, conflicts, left_out};
use people::{names, speakers};
use polybius_store::rows::*;
use std::collections::BTreeMap;
use timeline::timeline;

/// Sets out what the rows of a story say.
pub fn gather(rows: &StoryRows) -> StoryView {
    let texts = Texts::new(rows);
    let documents = documents(rows, &texts);
    let events: Vec<EventRow> =
        rows.events.iter().filter(|e| texts.index.contains_key(&e.doc_id)).cloned().collect();
    let claims = claims(rows, &texts);
    let conflicts = conflicts(rows, &texts, &claims);
    let timeline = timeline(rows, &texts, &events, &claims, &conflicts);
    let (see_also, near_misses) = neighbours(rows);
    StoryView {
        number: rows.number,
        story_id: rows.story.story_id.clone(),
        title: rows.story.title.clone(),
        date_start: rows.story.date_start.clone(),
        date_end: rows.story.date_end.clone(),
        n_documents: documents.len(),
        n_origins: rows.story.n_origins as usize,
        brief: brief(&documents, &claims),
        left_out: left_out(&documents, &claims),
        speakers: speakers(rows, &texts),
        names: names(rows, &texts, &events),
        network: network(&texts, &documents, &events),
        places: places(rows, &texts, &events),
        documents,
        timeline,
        claims,
        conflicts,
        see_also,
        near_misses,
        events,
    }
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
    fn new(rows: &'a StoryRows) -> Texts<'a> {
        let mut documents: Vec<&DocumentRow> = rows.documents.iter().collect();
        documents.sort_by(|a, b| (&a.path, &a.doc_id).cmp(&(&b.path, &b.doc_id)));
        let labels = labels(&documents.iter().map(|d| d.path.as_str()).collect::<Vec<_>>());
        let index: BTreeMap<String, usize> =
            documents.iter().enumerate().map(|(i, d)| (d.doc_id.clone(), i)).collect();
        let mut sentences = vec![Vec::new(); documents.len()];
        for s in &rows.sentences {
            if let Some(&d) = index.get(&s.doc_id) {
                sentences[d].push((s.start, s.end));
            }
        }
        for list in &mut sentences {
            list.sort_unstable();
        }
        Texts { rows: documents, labels, index, sentences }
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
        let part = |a: u32, b: u32| text.get(a as usize..b as usize).unwrap_or("").to_string();
        Some(SpanView {
            document,
            label: self.labels[document].clone(),
            start,
            end,
            text: words.to_string(),
            before: part(sentence_start, start),
            after: part(end, sentence_end),
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

fn documents(rows: &StoryRows, texts: &Texts<'_>) -> Vec<DocumentView> {
    let member: BTreeMap<&str, &StoryDocumentRow> =
        rows.members.iter().map(|m| (m.doc_id.as_str(), m)).collect();
    let mut segments: Vec<Vec<SegmentView>> = texts.rows.iter().map(|_| Vec::new()).collect();
    for s in &rows.segments {
        if let Some(&d) = texts.index.get(&s.doc_id) {
            segments[d].push(SegmentView { kind: s.kind.clone(), start: s.start, end: s.end });
        }
    }
    let mut letters: BTreeMap<&str, String> = BTreeMap::new();
    let mut documents = Vec::new();
    for (d, row) in texts.rows.iter().enumerate() {
        let Some(member) = member.get(row.doc_id.as_str()) else { continue };
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
    documents
}

/// `A` to `Z`, then `A2`, ...
fn letter(n: usize) -> String {
    let letter = char::from(b'A' + (n % 26) as u8);
    if n < 26 { letter.to_string() } else { format!("{letter}{}", n / 26 + 1) }
}

fn neighbours(rows: &StoryRows) -> (Vec<LinkView>, Vec<NearMissView>) {
    let link = |link: &LinkedStory| LinkView {
        number: link.number,
        story_id: link.row.other_story_id.clone(),
        title: link.title.clone(),
        kind: link.row.kind.clone(),
        reasons: link.row.reasons.clone(),
    };
    let miss = |miss: &NearDocument| NearMissView {
        doc_id: miss.row.doc_id.clone(),
        path: miss.path.clone(),
        title: miss.title.clone(),
        story: miss.story.as_ref().map(|s| s.0),
        story_id: miss.story.as_ref().map(|s| s.1.clone()),
        score: miss.row.score,
        reasons: miss.row.reasons.clone(),
    };
    let mut misses: Vec<NearMissView> = rows.near_misses.iter().map(miss).collect();
    misses.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.path.cmp(&b.path)));
    (rows.links.iter().map(link).collect(), misses)
}
