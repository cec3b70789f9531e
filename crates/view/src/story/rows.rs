//! The rows that one story is told from.

use polybius_store::rows::*;
use polybius_store::{Store, StoreError};
use std::collections::{BTreeMap, BTreeSet};

/// All rows of one story and of its documents.
#[derive(Debug, Default)]
#[allow(missing_docs)]
pub struct StoryRows {
    /// Number in `polybius stories`, from 1.
    pub number: usize,
    pub story: StoryRow,
    pub members: Vec<StoryDocumentRow>,
    /// The member documents.
    pub documents: Vec<DocumentRow>,
    pub segments: Vec<SegmentRow>,
    pub sentences: Vec<SentenceRow>,
    pub mentions: Vec<MentionRow>,
    pub places: Vec<PlaceRow>,
    pub quotes: Vec<QuoteRow>,
    pub events: Vec<EventRow>,
    pub chains: Vec<ChainRow>,
    pub claims: Vec<ClaimRow>,
    pub cells: Vec<ClaimCellRow>,
    pub conflicts: Vec<ConflictRow>,
    /// Actors of the mentions and quotes, by id; others do no harm.
    pub actors: BTreeMap<String, ActorRow>,
    /// Roles of those actors.
    pub roles: Vec<RoleRow>,
    pub links: Vec<LinkedStory>,
    pub near_misses: Vec<NearDocument>,
}

/// A link with what the other story is called.
#[derive(Debug)]
#[allow(missing_docs)]
pub struct LinkedStory {
    pub row: StoryLinkRow,
    pub number: usize,
    pub title: String,
}

/// A document that almost joined, with what it is called and where it is.
#[derive(Debug)]
#[allow(missing_docs)]
pub struct NearDocument {
    pub row: NearMissRow,
    pub path: String,
    pub title: Option<String>,
    /// Number and id of the story that it is in.
    pub story: Option<(usize, String)>,
}

impl StoryRows {
    /// Reads the rows of the story at `index` of `stories`, which are in the order of their numbers.
    pub fn read(store: &Store, stories: &[StoryRow], index: usize) -> Result<StoryRows, StoreError> {
        let story = &stories[index];
        let all: Vec<DocumentRow> = store.read()?;
        let members: Vec<StoryDocumentRow> = of(store, |r: &StoryDocumentRow| r.story_id == story.story_id)?;
        let ids: BTreeSet<&str> = members.iter().map(|m| m.doc_id.as_str()).collect();
        let inside = |doc_id: &str| ids.contains(doc_id);
        let claims: Vec<ClaimRow> = of(store, |r: &ClaimRow| r.story_id == story.story_id)?;
        let claim_ids: BTreeSet<&str> = claims.iter().map(|c| c.claim_id.as_str()).collect();
        Ok(StoryRows {
            number: index + 1,
            segments: of(store, |r: &SegmentRow| inside(&r.doc_id))?,
            sentences: of(store, |r: &SentenceRow| inside(&r.doc_id))?,
            mentions: of(store, |r: &MentionRow| inside(&r.doc_id))?,
            places: of(store, |r: &PlaceRow| inside(&r.doc_id))?,
            quotes: of(store, |r: &QuoteRow| inside(&r.doc_id))?,
            events: of(store, |r: &EventRow| inside(&r.doc_id))?,
            chains: of(store, |r: &ChainRow| r.story_id == story.story_id)?,
            cells: of(store, |r: &ClaimCellRow| claim_ids.contains(r.claim_id.as_str()))?,
            conflicts: of(store, |r: &ConflictRow| r.story_id == story.story_id)?,
            actors: store.read()?.into_iter().map(|a: ActorRow| (a.actor_id.clone(), a)).collect(),
            roles: store.read()?,
            links: links(store, stories, story)?,
            near_misses: near_misses(store, stories, story, &all)?,
            documents: all.iter().filter(|d| inside(&d.doc_id)).cloned().collect(),
            story: story.clone(),
            claims,
            members,
        })
    }
}

fn of<R: Row>(store: &Store, wanted: impl Fn(&R) -> bool) -> Result<Vec<R>, StoreError> {
    Ok(store.read::<R>()?.into_iter().filter(wanted).collect())
}

fn links(store: &Store, stories: &[StoryRow], story: &StoryRow) -> Result<Vec<LinkedStory>, StoreError> {
    let rows = of(store, |r: &StoryLinkRow| r.story_id == story.story_id)?;
    let named = |row: StoryLinkRow| {
        let at = stories.iter().position(|s| s.story_id == row.other_story_id)?;
        Some(LinkedStory { row, number: at + 1, title: stories[at].title.clone() })
    };
    Ok(rows.into_iter().filter_map(named).collect())
}

fn near_misses(
    store: &Store,
    stories: &[StoryRow],
    story: &StoryRow,
    documents: &[DocumentRow],
) -> Result<Vec<NearDocument>, StoreError> {
    let by_id: BTreeMap<&str, &DocumentRow> = documents.iter().map(|d| (d.doc_id.as_str(), d)).collect();
    let rows = of(store, |r: &NearMissRow| r.story_id == story.story_id)?;
    let named = |row: NearMissRow| {
        let doc = by_id.get(row.doc_id.as_str())?;
        let at = stories.iter().position(|s| s.story_id == doc.story_id);
        Some(NearDocument {
            row,
            path: doc.path.clone(),
            title: doc.title.clone(),
            story: at.map(|n| (n + 1, doc.story_id.clone())),
        })
    };
    Ok(rows.into_iter().filter_map(named).collect())
}
