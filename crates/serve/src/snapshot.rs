//! One commit of a store in memory: what lists and filters look at as structs, all other rows packed.

mod events;
mod facets;
mod pack;
mod stories;
mod words;

pub use events::{EventHead, Side, days};
pub use facets::Facets;
pub use pack::Packed;
pub use stories::{StoryEntry, StoryHas, StoryItem};
pub use words::{Word, Words};

use crate::search::SearchIndex;
use polybius_store::rows::*;
use polybius_store::{Store, StoreError, fold_name};
use polybius_view::labels;
use polybius_view::story::{LinkedStory, NearDocument, StoryRows};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// Attempts at reading one commit while others are made.
const ATTEMPTS: usize = 5;

/// All that one commit says.
pub struct Snapshot {
    /// Version of the commit.
    pub version: u64,
    /// When it was made, ISO 8601.
    pub at: String,
    /// Hash of the settings that the analyses were made under.
    pub settings: String,
    /// In the order of the table, which is by id.
    pub documents: Vec<DocumentRow>,
    /// Short labels, by document.
    pub labels: Vec<String>,
    /// Documents by path.
    pub by_path: Vec<u32>,
    /// In the order of their numbers.
    pub stories: Vec<StoryEntry>,
    pub actors: Vec<ActorEntry>,
    /// By story, then the most important first.
    pub claims: Vec<ClaimRow>,
    pub relations: Vec<RelationRow>,
    /// By document, then by place in it.
    pub events: Vec<EventHead>,
    pub words: Words,
    pub by_doc: ByDocument,
    pub by_story: ByStory,
    pub facets: Facets,
    pub search: SearchIndex,
    pub counts: Counts,
    roles: Packed<RoleRow>,
    doc_of: FxHashMap<String, u32>,
    story_of: FxHashMap<String, u32>,
    actor_of: FxHashMap<String, u32>,
    claim_of: FxHashMap<String, u32>,
    event_of: FxHashMap<String, u32>,
}

/// Rows of documents.
#[allow(missing_docs)]
pub struct ByDocument {
    pub segments: Packed<SegmentRow>,
    pub sentences: Packed<SentenceRow>,
    pub mentions: Packed<MentionRow>,
    pub places: Packed<PlaceRow>,
    pub times: Packed<TimeRow>,
    pub quotes: Packed<QuoteRow>,
    pub events: Packed<EventRow>,
    pub cells: Packed<ClaimCellRow>,
}

/// Rows of stories.
#[allow(missing_docs)]
pub struct ByStory {
    pub members: Packed<StoryDocumentRow>,
    pub near_misses: Packed<NearMissRow>,
    pub links: Packed<StoryLinkRow>,
    pub chains: Packed<ChainRow>,
    pub conflicts: Packed<ConflictRow>,
}

/// An actor with how often it is named.
#[allow(missing_docs)]
pub struct ActorEntry {
    pub row: ActorRow,
    /// Name and aliases, folded.
    pub folded: Vec<String>,
    pub mentions: u32,
    pub events: u32,
    /// Documents that mention it, in their order.
    pub docs: Vec<u32>,
}

/// How many rows the tables have that no list above has.
#[derive(Debug, Default, Clone, Copy)]
#[allow(missing_docs)]
pub struct Counts {
    pub origins: usize,
    pub quotes: usize,
    pub conflicts: usize,
    pub chains: usize,
    pub rejects: usize,
}

impl Snapshot {
    /// Reads the last commit. A commit that is replaced while it is read is given up for the next one.
    pub fn load(store: &Store) -> Result<Snapshot, StoreError> {
        let mut attempt = 1;
        loop {
            let missing = || StoreError::Missing { path: store.root().to_path_buf() };
            let before = store.last_commit()?.ok_or_else(missing)?;
            let settings = before.settings.get("settings").cloned().unwrap_or_default();
            let at = before.at.to_string();
            let read = Snapshot::read(store, before.version, at, settings);
            let same = store.last_commit()?.is_some_and(|c| c.version == before.version);
            match read {
                Ok(snapshot) if same => return Ok(snapshot),
                Err(e) if same || attempt == ATTEMPTS => return Err(e),
                Ok(snapshot) if attempt == ATTEMPTS => return Ok(snapshot),
                _ => attempt += 1,
            }
        }
    }

    fn read(store: &Store, version: u64, at: String, settings: String) -> Result<Snapshot, StoreError> {
        let documents: Vec<DocumentRow> = store.read()?;
        let doc_of = numbered(documents.iter().map(|d| &d.doc_id));
        let mut by_path: Vec<u32> = (0..documents.len() as u32).collect();
        by_path.sort_by_key(|&d| {
            let d = &documents[d as usize];
            (&d.path, &d.doc_id)
        });
        let doc = |id: &str| doc_of.get(id).map(|&n| n as usize);

        let mut story_rows: Vec<StoryRow> = store.read()?;
        polybius_view::story::number(&mut story_rows);
        let story_of = numbered(story_rows.iter().map(|s| &s.story_id));
        let story = |id: &str| story_of.get(id).map(|&n| n as usize);

        let actor_rows: Vec<ActorRow> = store.read()?;
        let actor_of = numbered(actor_rows.iter().map(|a| &a.actor_id));
        let mut actors: Vec<ActorEntry> = actor_rows.into_iter().map(ActorEntry::new).collect();
        let roles: Vec<RoleRow> = store.read()?;
        let roles = Packed::new(roles, actors.len(), |r| actor_of.get(&r.actor_id).map(|&n| n as usize));

        let mentions: Vec<MentionRow> = store.read()?;
        count_mentions(&mentions, &mut actors, &actor_of, &doc_of);
        let n = documents.len();
        let mentions = Packed::new(mentions, n, |r| doc(&r.doc_id));

        let mut claims: Vec<ClaimRow> = store.read()?;
        claims.sort_by(|a, b| {
            let by_story = story(&a.story_id).cmp(&story(&b.story_id));
            by_story.then(b.importance.total_cmp(&a.importance)).then(a.claim_id.cmp(&b.claim_id))
        });
        let claim_of = numbered(claims.iter().map(|c| &c.claim_id));

        let mut event_rows: Vec<EventRow> = store.read()?;
        event_rows.sort_by(|a, b| {
            (&a.doc_id, a.trigger_start, &a.event_id).cmp(&(&b.doc_id, b.trigger_start, &b.event_id))
        });
        let mut words = Words::default();
        let (events, event_of) = heads(&event_rows, &mut words, &actor_of, &doc_of, &by_path);
        count_events(&events, &mut actors);
        let event_rows = Packed::new(event_rows, n, |r| doc(&r.doc_id));

        let by_doc = ByDocument {
            segments: Packed::new(store.read()?, n, |r: &SegmentRow| doc(&r.doc_id)),
            sentences: Packed::new(store.read()?, n, |r: &SentenceRow| doc(&r.doc_id)),
            places: Packed::new(store.read()?, n, |r: &PlaceRow| doc(&r.doc_id)),
            times: Packed::new(store.read()?, n, |r: &TimeRow| doc(&r.doc_id)),
            quotes: Packed::new(store.read()?, n, |r: &QuoteRow| doc(&r.doc_id)),
            cells: Packed::new(store.read()?, n, |r: &ClaimCellRow| doc(&r.doc_id)),
            mentions,
            events: event_rows,
        };
        let m = story_rows.len();
        let by_story = ByStory {
            members: Packed::new(store.read()?, m, |r: &StoryDocumentRow| story(&r.story_id)),
            near_misses: Packed::new(store.read()?, m, |r: &NearMissRow| story(&r.story_id)),
            links: Packed::new(store.read()?, m, |r: &StoryLinkRow| story(&r.story_id)),
            chains: Packed::new(store.read()?, m, |r: &ChainRow| story(&r.story_id)),
            conflicts: Packed::new(store.read()?, m, |r: &ConflictRow| story(&r.story_id)),
        };
        let counts = Counts {
            origins: story_rows.iter().map(|s| s.n_origins as usize).sum(),
            quotes: by_doc.quotes.iter().count(),
            conflicts: by_story.conflicts.iter().count(),
            chains: by_story.chains.iter().count(),
            rejects: store.read::<RejectRow>()?.len(),
        };
        let search = SearchIndex::build(&documents, &claims, &by_doc.quotes, &story_of);
        let mut snapshot = Snapshot {
            version,
            at,
            settings,
            labels: labels(&documents.iter().map(|d| d.path.as_str()).collect::<Vec<_>>()),
            documents,
            by_path,
            stories: Vec::new(),
            actors,
            claims,
            relations: store.read()?,
            events,
            words,
            by_doc,
            by_story,
            facets: Facets::default(),
            search,
            counts,
            roles,
            doc_of,
            story_of,
            actor_of,
            claim_of,
            event_of,
        };
        snapshot.stories = stories::entries(story_rows, &snapshot);
        snapshot.facets = Facets::new(&snapshot);
        Ok(snapshot)
    }

    /// The number of a document.
    pub fn doc(&self, id: &str) -> Option<usize> {
        self.doc_of.get(id).map(|&n| n as usize)
    }

    /// The index of a story by id or by number from 1.
    pub fn story(&self, key: &str) -> Option<usize> {
        if let Ok(number) = key.parse::<usize>() {
            return number.checked_sub(1).filter(|n| *n < self.stories.len());
        }
        self.story_of.get(key).map(|&n| n as usize)
    }

    /// The index of the story that a document is in.
    pub fn story_of_doc(&self, doc: usize) -> Option<usize> {
        self.story_of.get(&self.documents[doc].story_id).map(|&n| n as usize)
    }

    /// The number of an actor.
    pub fn actor(&self, id: &str) -> Option<usize> {
        self.actor_of.get(id).map(|&n| n as usize)
    }

    /// The claim of an id.
    pub fn claim(&self, id: &str) -> Option<&ClaimRow> {
        self.claim_of.get(id).map(|&n| &self.claims[n as usize])
    }

    /// The head and row of an event.
    pub fn event(&self, id: &str) -> Option<(&EventHead, EventRow)> {
        let head = &self.events[*self.event_of.get(id)? as usize];
        Some((head, self.event_row(head)?))
    }

    /// The row of a head.
    pub fn event_row(&self, head: &EventHead) -> Option<EventRow> {
        self.by_doc.events.of(head.doc as usize).into_iter().nth(head.row as usize)
    }

    /// The offices of an actor.
    pub fn roles(&self, actor: usize) -> Vec<RoleRow> {
        self.roles.of(actor)
    }

    /// The claims of a story, the most important first.
    pub fn claims_of(&self, story: usize) -> &[ClaimRow] {
        let of = |c: &ClaimRow| self.story_of.get(&c.story_id).map_or(0, |&n| n as usize);
        let from = self.claims.partition_point(|c| of(c) < story);
        let to = self.claims.partition_point(|c| of(c) <= story);
        &self.claims[from..to]
    }

    /// All rows that a story is told from.
    pub fn story_rows(&self, story: usize) -> StoryRows {
        let entry = &self.stories[story];
        let docs = || entry.docs.iter().map(|&d| d as usize);
        let mentions = self.by_doc.mentions.of_all(docs());
        let quotes = self.by_doc.quotes.of_all(docs());
        let named = mentions.iter().filter_map(|m| m.actor_id.as_ref());
        let speaking = quotes.iter().filter_map(|q| q.speaker_actor_id.as_ref());
        let mut numbers: Vec<usize> = named.chain(speaking).filter_map(|id| self.actor(id)).collect();
        numbers.sort_unstable();
        numbers.dedup();
        let actors: BTreeMap<String, ActorRow> = numbers
            .iter()
            .map(|&n| (self.actors[n].row.actor_id.clone(), self.actors[n].row.clone()))
            .collect();
        StoryRows {
            number: story + 1,
            story: entry.row.clone(),
            members: self.by_story.members.of(story),
            documents: docs().map(|d| self.documents[d].clone()).collect(),
            segments: self.by_doc.segments.of_all(docs()),
            sentences: self.by_doc.sentences.of_all(docs()),
            places: self.by_doc.places.of_all(docs()),
            events: self.by_doc.events.of_all(docs()),
            chains: self.by_story.chains.of(story),
            claims: self.claims_of(story).to_vec(),
            cells: self.by_doc.cells.of_all(docs()),
            conflicts: self.by_story.conflicts.of(story),
            roles: self.roles.of_all(numbers),
            links: self.links(story),
            near_misses: self.near_misses(story),
            mentions,
            quotes,
            actors,
        }
    }

    fn links(&self, story: usize) -> Vec<LinkedStory> {
        let named = |row: StoryLinkRow| {
            let at = *self.story_of.get(&row.other_story_id)? as usize;
            Some(LinkedStory { row, number: at + 1, title: self.stories[at].row.title.clone() })
        };
        self.by_story.links.of(story).into_iter().filter_map(named).collect()
    }

    fn near_misses(&self, story: usize) -> Vec<NearDocument> {
        let named = |row: NearMissRow| {
            let doc = self.doc(&row.doc_id)?;
            let at = self.story_of_doc(doc);
            let document = &self.documents[doc];
            Some(NearDocument {
                row,
                path: document.path.clone(),
                title: document.title.clone(),
                story: at.map(|n| (n + 1, document.story_id.clone())),
            })
        };
        self.by_story.near_misses.of(story).into_iter().filter_map(named).collect()
    }
}

impl ActorEntry {
    fn new(row: ActorRow) -> ActorEntry {
        let mut folded: Vec<String> = row.aliases.iter().chain([&row.name]).map(|n| fold_name(n)).collect();
        folded.sort();
        folded.dedup();
        ActorEntry { row, folded, mentions: 0, events: 0, docs: Vec::new() }
    }
}

fn numbered<'a>(ids: impl Iterator<Item = &'a String>) -> FxHashMap<String, u32> {
    ids.enumerate().map(|(n, id)| (id.clone(), n as u32)).collect()
}

fn count_mentions(
    mentions: &[MentionRow],
    actors: &mut [ActorEntry],
    actor_of: &FxHashMap<String, u32>,
    doc_of: &FxHashMap<String, u32>,
) {
    for m in mentions {
        let actor = m.actor_id.as_ref().and_then(|id| actor_of.get(id));
        let (Some(&actor), Some(&doc)) = (actor, doc_of.get(&m.doc_id)) else { continue };
        let entry = &mut actors[actor as usize];
        entry.mentions += 1;
        entry.docs.push(doc);
    }
    for entry in actors {
        entry.docs.sort_unstable();
        entry.docs.dedup();
        entry.docs.shrink_to_fit();
    }
}

fn count_events(events: &[EventHead], actors: &mut [ActorEntry]) {
    for e in events {
        let mut own: Vec<u32> = e.doers.actors.iter().chain(&e.recipients.actors).copied().collect();
        own.sort_unstable();
        own.dedup();
        for actor in own {
            actors[actor as usize].events += 1;
        }
    }
}

/// The heads by path and place, and their numbers by id. `rows` are in the order in which they are packed.
fn heads(
    rows: &[EventRow],
    words: &mut Words,
    actor_of: &FxHashMap<String, u32>,
    doc_of: &FxHashMap<String, u32>,
    by_path: &[u32],
) -> (Vec<EventHead>, FxHashMap<String, u32>) {
    let mut rank = vec![0u32; by_path.len()];
    for (n, &doc) in by_path.iter().enumerate() {
        rank[doc as usize] = n as u32;
    }
    let mut in_doc: FxHashMap<u32, u32> = FxHashMap::default();
    let mut found: Vec<(EventHead, &String)> = Vec::new();
    for row in rows {
        let Some(&doc) = doc_of.get(&row.doc_id) else { continue };
        let nth = in_doc.entry(doc).or_default();
        found.push((EventHead::new(row, doc, *nth, words, actor_of), &row.event_id));
        *nth += 1;
    }
    found.sort_by_key(|(h, _)| (rank[h.doc as usize], h.trigger_start, h.row));
    let event_of = found.iter().enumerate().map(|(n, (_, id))| ((*id).clone(), n as u32)).collect();
    (found.into_iter().map(|(h, _)| h).collect(), event_of)
}
