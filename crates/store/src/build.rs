use crate::error::StoreError;
use crate::folder::{Committed, FileWriter};
use crate::parquet_io::DraftFile;
use crate::rows::*;
use polybius_text::{
    Actor, ActorId, Claim, CodedDocument, Corpus, DateRange, DocActor, DocId, Event, Origin, Party, Quote,
    QuoteId, Reject, Span, stable_hash,
};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// All tables of one commit. Rows are sorted so that equal input gives equal bytes.
#[derive(Debug, Default)]
#[allow(missing_docs)]
pub struct StoreTables {
    pub documents: Vec<DocumentRow>,
    pub segments: Vec<SegmentRow>,
    pub sentences: Vec<SentenceRow>,
    pub mentions: Vec<MentionRow>,
    pub actors: Vec<ActorRow>,
    pub roles: Vec<RoleRow>,
    pub times: Vec<TimeRow>,
    pub places: Vec<PlaceRow>,
    pub quotes: Vec<QuoteRow>,
    pub events: Vec<EventRow>,
    pub stories: Vec<StoryRow>,
    pub story_documents: Vec<StoryDocumentRow>,
    pub near_misses: Vec<NearMissRow>,
    pub story_links: Vec<StoryLinkRow>,
    pub chains: Vec<ChainRow>,
    pub claims: Vec<ClaimRow>,
    pub claim_cells: Vec<ClaimCellRow>,
    pub conflicts: Vec<ConflictRow>,
    pub relations: Vec<RelationRow>,
    pub rejects: Vec<RejectRow>,
    pub events_flat: Vec<EventFlatRow>,
    pub quotes_flat: Vec<QuoteFlatRow>,
}

impl StoreTables {
    /// Hands every table to the writer.
    pub(crate) fn each(&self, writer: &mut FileWriter<'_>) -> Result<(), StoreError> {
        writer.table(&self.documents)?;
        writer.table(&self.segments)?;
        writer.table(&self.sentences)?;
        writer.table(&self.mentions)?;
        writer.table(&self.times)?;
        writer.table(&self.places)?;
        writer.table(&self.quotes)?;
        writer.table(&self.events)?;
        writer.table(&self.events_flat)?;
        writer.table(&self.quotes_flat)?;
        writer.table(&self.actors)?;
        writer.table(&self.roles)?;
        writer.table(&self.claims)?;
        writer.table(&self.claim_cells)?;
        self.each_of_stories(writer)
    }

    /// Hands those to the writer that tell of whole stories, and the smaller ones.
    fn each_of_stories(&self, writer: &mut FileWriter<'_>) -> Result<(), StoreError> {
        writer.table(&self.stories)?;
        writer.table(&self.story_documents)?;
        writer.table(&self.near_misses)?;
        writer.table(&self.story_links)?;
        writer.table(&self.chains)?;
        writer.table(&self.conflicts)?;
        writer.table(&self.relations)?;
        writer.table(&self.rejects)
    }
}

/// The tables of a compared corpus. `docs` are the documents that `corpus` speaks of, by index.
pub fn tables_of(docs: &[CodedDocument], corpus: &Corpus, rejects: &[Reject]) -> StoreTables {
    let mut builder = Builder::new(docs.len(), corpus);
    let mut tables = StoreTables::default();
    for (i, doc) in docs.iter().enumerate() {
        builder.document(i, doc, &mut tables);
    }
    builder.corpus_tables(&mut tables);
    tables.rejects = reject_rows(rejects);
    tables.relations = builder.relations();
    tables
}

/// What a commit of documents that are not held came to.
#[derive(Debug, Clone)]
pub struct Written {
    /// The commit.
    pub committed: Committed,
    /// Document id and story id of each document, in their order.
    pub story_of: Vec<(String, String)>,
    /// All stories.
    pub stories: Vec<StoryRow>,
    /// Rows of `events`.
    pub events: usize,
    /// Rows of `quotes`.
    pub quotes: usize,
}

/// Documents whose rows are made together.
const AT_A_TIME: usize = 256;

/// Writes the same tables as [`tables_of`] gives, holding the rows of a few documents only.
pub(crate) fn write_documents<'d>(
    writer: &mut FileWriter<'_>,
    n: usize,
    document: impl Fn(u32) -> Cow<'d, CodedDocument> + Sync,
    corpus: &Corpus,
    rejects: &[Reject],
) -> Result<Written, StoreError> {
    let mut builder = Builder::new(n, corpus);
    let mut tables = StoreTables::default();
    let mut files = DocumentFiles::create(writer)?;
    let mut story_of = Vec::with_capacity(n);
    let (mut events, mut quotes) = (0, 0);
    for first in (0..n).step_by(AT_A_TIME) {
        for i in first..n.min(first + AT_A_TIME) {
            builder.document(i, &document(i as u32), &mut tables);
        }
        story_of.extend(tables.documents.iter().map(|d| (d.doc_id.clone(), d.story_id.clone())));
        events += tables.events.len();
        quotes += tables.quotes.len();
        files.append(&mut tables)?;
    }
    files.place(writer)?;
    let (mut claims, mut cells) = (writer.draft()?, writer.draft()?);
    for part in corpus.claims.chunks(AT_A_TIME) {
        part.iter().for_each(|claim| builder.claim(claim, &mut tables));
        claims.append(&mut tables.claims)?;
        cells.append(&mut tables.claim_cells)?;
    }
    writer.place(claims)?;
    writer.place(cells)?;
    builder.people(&mut tables);
    writer.table(&std::mem::take(&mut tables.actors))?;
    writer.table(&std::mem::take(&mut tables.roles))?;
    builder.stories(&mut tables);
    tables.rejects = reject_rows(rejects);
    tables.relations = builder.relations();
    tables.each_of_stories(writer)?;
    let committed = Committed { version: 0, changed: false };
    Ok(Written { committed, story_of, stories: tables.stories, events, quotes })
}

/// The files of the tables whose rows each document gives by itself.
struct DocumentFiles {
    documents: DraftFile<DocumentRow>,
    segments: DraftFile<SegmentRow>,
    sentences: DraftFile<SentenceRow>,
    mentions: DraftFile<MentionRow>,
    times: DraftFile<TimeRow>,
    places: DraftFile<PlaceRow>,
    quotes: DraftFile<QuoteRow>,
    events: DraftFile<EventRow>,
    events_flat: DraftFile<EventFlatRow>,
    quotes_flat: DraftFile<QuoteFlatRow>,
}

impl DocumentFiles {
    fn create(writer: &FileWriter<'_>) -> Result<DocumentFiles, StoreError> {
        Ok(DocumentFiles {
            documents: writer.draft()?,
            segments: writer.draft()?,
            sentences: writer.draft()?,
            mentions: writer.draft()?,
            times: writer.draft()?,
            places: writer.draft()?,
            quotes: writer.draft()?,
            events: writer.draft()?,
            events_flat: writer.draft()?,
            quotes_flat: writer.draft()?,
        })
    }

    fn append(&mut self, tables: &mut StoreTables) -> Result<(), StoreError> {
        self.documents.append(&mut tables.documents)?;
        self.segments.append(&mut tables.segments)?;
        self.sentences.append(&mut tables.sentences)?;
        self.mentions.append(&mut tables.mentions)?;
        self.times.append(&mut tables.times)?;
        self.places.append(&mut tables.places)?;
        self.quotes.append(&mut tables.quotes)?;
        self.events.append(&mut tables.events)?;
        self.events_flat.append(&mut tables.events_flat)?;
        self.quotes_flat.append(&mut tables.quotes_flat)
    }

    fn place(self, writer: &mut FileWriter<'_>) -> Result<(), StoreError> {
        writer.place(self.documents)?;
        writer.place(self.segments)?;
        writer.place(self.sentences)?;
        writer.place(self.mentions)?;
        writer.place(self.times)?;
        writer.place(self.places)?;
        writer.place(self.quotes)?;
        writer.place(self.events)?;
        writer.place(self.events_flat)?;
        writer.place(self.quotes_flat)
    }
}

fn reject_rows(rejects: &[Reject]) -> Vec<RejectRow> {
    let mut rows: Vec<RejectRow> = rejects
        .iter()
        .map(|r| RejectRow {
            path: r.path.clone(),
            reason: r.reason.as_str().to_string(),
            detail: r.detail.clone(),
        })
        .collect();
    rows.sort_by(|a, b| (&a.path, &a.reason, &a.detail).cmp(&(&b.path, &b.reason, &b.detail)));
    rows
}

struct Builder<'a> {
    /// Ids of the documents that were seen.
    doc_ids: Vec<String>,
    corpus: &'a Corpus,
    actors: BTreeMap<&'a ActorId, &'a Actor>,
    /// By document: story id, origin id.
    story_of: Vec<String>,
    origin_of: Vec<String>,
    /// By (document, event): chain id.
    chain_of: BTreeMap<(u32, u32), String>,
    /// By (document, quote): utterance id.
    utterance_of: BTreeMap<(u32, u32), String>,
    /// By pair of codes and month: the row, and the origins that tell it.
    relations: BTreeMap<(String, String, String), (RelationRow, BTreeSet<String>)>,
}

impl<'a> Builder<'a> {
    fn new(n: usize, corpus: &'a Corpus) -> Builder<'a> {
        let mut story_of = vec![String::new(); n];
        let mut origin_of = vec![String::new(); n];
        for story in &corpus.stories {
            for member in &story.documents {
                story_of[member.doc as usize] = story.story_id.to_string();
            }
            for origin in &story.origins {
                for doc in &origin.documents {
                    origin_of[*doc as usize] = origin.origin_id.clone();
                }
            }
        }
        let chain_of = corpus
            .chains
            .iter()
            .flat_map(|c| c.events.iter().map(|e| (*e, c.chain_id.to_string())))
            .collect();
        let utterance_of = corpus
            .utterances
            .iter()
            .flat_map(|u| u.renderings.iter().map(|q| (*q, u.utterance_id.clone())))
            .collect();
        Builder {
            doc_ids: Vec::with_capacity(n),
            corpus,
            actors: corpus.actors.iter().map(|a| (&a.actor_id, a)).collect(),
            story_of,
            origin_of,
            chain_of,
            utterance_of,
            relations: BTreeMap::new(),
        }
    }

    fn doc_id(&self, doc: u32) -> String {
        self.doc_ids[doc as usize].clone()
    }

    /// The joined actor of a document actor, or `None` where joining gave none.
    fn actor(&self, doc: usize, doc_actor: u32) -> Option<&'a Actor> {
        let id = self.corpus.actor_of.get(doc)?.get(doc_actor as usize)?;
        self.actors.get(id).copied()
    }

    /// Documents come in their order.
    fn document(&mut self, i: usize, doc: &CodedDocument, tables: &mut StoreTables) {
        let article = &doc.annotated.article;
        let doc_id = article.doc_id.to_string();
        self.doc_ids.push(doc_id.clone());
        self.relate(i, doc);
        let (published_at, published_precision, published_basis) = match &article.published {
            None => (None, String::new(), String::new()),
            Some(p) => {
                (p.date.start.map(|d| d.to_string()), p.date.precision.as_str().to_string(), p.basis.clone())
            }
        };
        tables.documents.push(DocumentRow {
            doc_id: doc_id.clone(),
            path: article.path.clone(),
            url: article.url.clone(),
            outlet: article.outlet.clone(),
            agency: article.agency.clone(),
            title: article.title.clone(),
            byline: article.byline.clone(),
            language: article.language.clone(),
            published_at,
            published_precision,
            published_basis,
            flags: article.flags.iter().map(|f| f.kind.as_str().to_string()).collect(),
            text: article.text.clone(),
            n_words: article.text.split_whitespace().count() as u32,
            story_id: self.story_of[i].clone(),
            origin_id: self.origin_of[i].clone(),
            flag_details: article
                .flags
                .iter()
                .map(|f| FlagRow {
                    flag: f.kind.as_str().to_string(),
                    detail: f.detail.clone(),
                    starts: f.evidence.iter().map(|s| s.start).collect(),
                    ends: f.evidence.iter().map(|s| s.end).collect(),
                })
                .collect(),
        });
        for s in &article.segments {
            tables.segments.push(SegmentRow {
                doc_id: doc_id.clone(),
                kind: s.kind.as_str().to_string(),
                start: s.span.start,
                end: s.span.end,
                raw_start: s.raw.start,
                raw_end: s.raw.end,
            });
        }
        for (n, s) in doc.annotated.sentences.iter().enumerate() {
            tables.sentences.push(SentenceRow {
                doc_id: doc_id.clone(),
                sentence: n as u32,
                start: s.span.start,
                end: s.span.end,
                repeats: s.repeats,
            });
        }
        for m in &doc.mentions {
            let base = MentionRow {
                mention_id: format!(
                    "m{:016x}",
                    stable_hash(&[&doc_id, &m.span.start.to_string(), &m.span.end.to_string()])
                ),
                doc_id: doc_id.clone(),
                start: m.span.start,
                end: m.span.end,
                text: doc.annotated.slice(m.span).to_string(),
                kind: m.kind.as_str().to_string(),
                entity_type: m.entity_type.as_str().to_string(),
                actor_id: None,
                link_score: m.link_score,
                basis: m.basis.clone(),
            };
            if m.actors.is_empty() {
                tables.mentions.push(base);
                continue;
            }
            // One row an actor: "the two leaders" are two.
            for actor in &m.actors {
                let mut row = base.clone();
                row.actor_id = self.actor(i, *actor).map(|a| a.actor_id.to_string());
                tables.mentions.push(row);
            }
        }
        for t in &doc.times {
            tables.times.push(TimeRow {
                doc_id: doc_id.clone(),
                start: t.span.start,
                end: t.span.end,
                text: doc.annotated.slice(t.span).to_string(),
                r#type: t.time_type.as_str().to_string(),
                value: t.value.clone(),
                date_start: t.range.and_then(|r| r.start).map(|d| d.to_string()),
                date_end: t.range.and_then(|r| r.end).map(|d| d.to_string()),
                precision: t.range.map_or("", |r| r.precision.as_str()).to_string(),
                basis: t.basis.clone(),
                alternatives: t.alternatives.clone(),
            });
        }
        for p in &doc.places {
            tables.places.push(PlaceRow {
                doc_id: doc_id.clone(),
                start: p.span.start,
                end: p.span.end,
                text: doc.annotated.slice(p.span).to_string(),
                name: p.name.clone(),
                country: p.country.clone(),
                geonameid: p.geonameid,
                lat: p.lat,
                lon: p.lon,
                precision: p.precision.clone(),
            });
        }
        for (n, q) in doc.quotes.iter().enumerate() {
            self.quote(i, n, doc, q, tables);
        }
        for (n, e) in doc.events.iter().enumerate() {
            self.event(i, n, doc, e, tables);
        }
    }

    fn quote(&self, i: usize, n: usize, doc: &CodedDocument, q: &Quote, tables: &mut StoreTables) {
        let article = &doc.annotated.article;
        let speaker = q.speaker.and_then(|s| self.actor(i, s));
        let utterance_id = self.utterance_of.get(&(i as u32, n as u32)).cloned().unwrap_or_default();
        tables.quotes.push(QuoteRow {
            quote_id: quote_id(&article.doc_id, q.span).to_string(),
            doc_id: article.doc_id.to_string(),
            start: q.span.start,
            end: q.span.end,
            kind: q.kind.as_str().to_string(),
            cue_start: q.cue.map(|s| s.start),
            cue_end: q.cue.map(|s| s.end),
            speaker_actor_id: speaker.map(|a| a.actor_id.to_string()),
            speaker_start: q.speaker_span.map(|s| s.start),
            speaker_end: q.speaker_span.map(|s| s.end),
            utterance_id: utterance_id.clone(),
            basis: q.basis.clone(),
        });
        tables.quotes_flat.push(QuoteFlatRow {
            path: article.path.clone(),
            text: article.slice(q.span).to_string(),
            kind: q.kind.as_str().to_string(),
            cue: q.cue.map(|s| article.slice(s).to_string()).unwrap_or_default(),
            speaker_text: q.speaker_span.map(|s| article.slice(s).to_string()).unwrap_or_default(),
            speaker_name: speaker.map(|a| a.name.clone()).unwrap_or_default(),
            speaker_code: speaker.map(|a| a.code.clone()).unwrap_or_default(),
            utterance_id,
        });
    }

    fn event(&self, i: usize, n: usize, doc: &CodedDocument, e: &Event, tables: &mut StoreTables) {
        let article = &doc.annotated.article;
        let chain_id = self.chain_of.get(&(i as u32, n as u32)).cloned().unwrap_or_default();
        let place = e.place.as_ref().and_then(|p| doc.places.get(p.place as usize));
        let attribution: Vec<AttributionRow> = e
            .attribution
            .iter()
            .map(|a| {
                let actor = a.actor.and_then(|x| self.actor(i, x));
                AttributionRow {
                    actor_id: actor.map(|x| x.actor_id.to_string()).unwrap_or_default(),
                    name: actor.map(|x| x.name.clone()).unwrap_or_else(|| article.slice(a.span).to_string()),
                    start: a.span.start,
                    end: a.span.end,
                }
            })
            .collect();
        let row = EventRow {
            event_id: e.event_id.to_string(),
            doc_id: article.doc_id.to_string(),
            sentence: e.sentence,
            evidence_start: e.evidence.start,
            evidence_end: e.evidence.end,
            trigger_start: e.trigger.start,
            trigger_end: e.trigger.end,
            event_type: e.event_type.to_string(),
            modes: e.modes.iter().map(|m| m.to_string()).collect(),
            contexts: e.contexts.iter().map(|c| c.to_string()).collect(),
            quad: e.event_type.quad().to_string(),
            score: e.score,
            cameo: e.cameo.to_string(),
            goldstein: e.goldstein,
            actors: self.parties(i, doc, &e.actors),
            recipients: self.parties(i, doc, &e.recipients),
            polarity: e.polarity.as_str().to_string(),
            modality: e.modality.as_str().to_string(),
            factuality: e.factuality,
            date_start: e.date.as_ref().and_then(|d| d.range.start).map(|d| d.to_string()),
            date_end: e.date.as_ref().and_then(|d| d.range.end).map(|d| d.to_string()),
            date_precision: e.date.as_ref().map_or("", |d| d.range.precision.as_str()).to_string(),
            date_basis: e.date.as_ref().map_or(String::new(), |d| d.basis.clone()),
            date_alternatives: e.date.as_ref().map_or(Vec::new(), |d| d.alternatives.clone()),
            place_name: place.map(|p| p.name.clone()),
            place_country: place.map(|p| p.country.clone()).filter(|c| !c.is_empty()),
            geonameid: place.and_then(|p| p.geonameid),
            lat: place.and_then(|p| p.lat),
            lon: place.and_then(|p| p.lon),
            attribution,
            quote_id: e
                .quote
                .and_then(|q| doc.quotes.get(q as usize))
                .map(|q| quote_id(&article.doc_id, q.span).to_string()),
            dead: e.dead.as_ref().map(|c| c.value),
            injured: e.injured.as_ref().map(|c| c.value),
            arrested: e.arrested.as_ref().map(|c| c.value),
            rule: e.rule.clone(),
            confidence: e.confidence,
            chain_id,
            paths: e.explanation.paths.clone(),
            notes: e.explanation.notes.clone(),
        };
        tables.events_flat.push(flat_event(&row, article, &self.story_of[i]));
        tables.events.push(row);
    }

    fn parties(&self, i: usize, doc: &CodedDocument, parties: &[Party]) -> Vec<PartyRow> {
        parties
            .iter()
            .map(|p| {
                let joined = self.actor(i, p.actor);
                let local: Option<&DocActor> = doc.doc_actors.get(p.actor as usize);
                PartyRow {
                    actor_id: joined.map(|a| a.actor_id.to_string()).unwrap_or_default(),
                    name: joined
                        .map(|a| a.name.clone())
                        .or(local.map(|a| a.name.clone()))
                        .unwrap_or_default(),
                    code: joined
                        .map(|a| a.code.clone())
                        .or(local.map(|a| a.code.clone()))
                        .unwrap_or_default(),
                    sector: local
                        .and_then(|a| a.sector)
                        .or(joined.and_then(|a| a.sector))
                        .map(|s| s.to_string())
                        .unwrap_or_default(),
                    start: p.span.start,
                    end: p.span.end,
                    text: doc.annotated.slice(p.span).to_string(),
                    basis: p.basis.clone(),
                }
            })
            .collect()
    }

    fn corpus_tables(&self, tables: &mut StoreTables) {
        self.people(tables);
        self.stories(tables);
        self.corpus.claims.iter().for_each(|claim| self.claim(claim, tables));
    }

    /// Who acts, in which offices.
    fn people(&self, tables: &mut StoreTables) {
        for a in &self.corpus.actors {
            tables.actors.push(ActorRow {
                actor_id: a.actor_id.to_string(),
                name: a.name.clone(),
                kind: a.kind.as_str().to_string(),
                code: a.code.clone(),
                sector: a.sector.map(|s| s.to_string()).unwrap_or_default(),
                other_sectors: a.other_sectors.iter().map(|s| s.to_string()).collect(),
                wikidata_id: a.wikidata_id.clone(),
                aliases: a.aliases.clone(),
                reasons: a.reasons.clone(),
                excluded: a.excluded.clone(),
            });
        }
        for r in &self.corpus.roles {
            tables.roles.push(RoleRow {
                actor_id: r.actor_id.to_string(),
                office: r.office.office.clone(),
                title: r.office.title.clone(),
                code: r.office.code.clone(),
                sector: r.office.sector.map(|s| s.to_string()).unwrap_or_default(),
                start_date: r.office.start.clone(),
                end_date: r.office.end.clone(),
                qualifier: r.office.qualifier.clone(),
                basis: r.office.basis.clone(),
                doc_id: r.doc.map(|d| self.doc_id(d)),
                start: r.office.span.map(|s| s.start),
                end: r.office.span.map(|s| s.end),
            });
        }
    }

    /// Stories with what they are made of, but for their claims.
    fn stories(&self, tables: &mut StoreTables) {
        for story in &self.corpus.stories {
            let (date_start, date_end) = days(story.date.as_ref());
            tables.stories.push(StoryRow {
                story_id: story.story_id.to_string(),
                title: story.title.clone(),
                date_start,
                date_end,
                n_documents: story.documents.len() as u32,
                n_origins: story.origins.len() as u32,
            });
            let origins: BTreeMap<u32, &Origin> =
                story.origins.iter().rev().flat_map(|o| o.documents.iter().map(move |d| (*d, o))).collect();
            for member in &story.documents {
                let origin = origins.get(&member.doc);
                tables.story_documents.push(StoryDocumentRow {
                    story_id: story.story_id.to_string(),
                    doc_id: self.doc_id(member.doc),
                    score: member.score,
                    reasons: member.reasons.clone(),
                    origin_id: origin.map(|o| o.origin_id.clone()).unwrap_or_default(),
                    origin_reason: origin.map(|o| o.reason.clone()).unwrap_or_default(),
                });
            }
            for miss in &story.near_misses {
                tables.near_misses.push(NearMissRow {
                    story_id: story.story_id.to_string(),
                    doc_id: self.doc_id(miss.doc),
                    score: miss.score,
                    reasons: miss.reasons.clone(),
                });
            }
        }
        for link in &self.corpus.story_links {
            tables.story_links.push(StoryLinkRow {
                story_id: link.story.to_string(),
                other_story_id: link.other.to_string(),
                kind: link.kind.as_str().to_string(),
                reasons: link.reasons.clone(),
            });
        }
        for chain in &self.corpus.chains {
            let (date_start, date_end) = days(chain.date.as_ref());
            tables.chains.push(ChainRow {
                chain_id: chain.chain_id.to_string(),
                story_id: chain.story_id.to_string(),
                event_type: chain.event_type.to_string(),
                actor_codes: chain.actor_codes.clone(),
                recipient_codes: chain.recipient_codes.clone(),
                date_start,
                date_end,
                date_precision: chain.date.map_or("", |d| d.precision.as_str()).to_string(),
                n_documents: chain.n_documents,
                n_origins: chain.n_origins,
                verdict: chain.verdict.as_str().to_string(),
            });
        }
        for conflict in &self.corpus.conflicts {
            tables.conflicts.push(ConflictRow {
                conflict_id: conflict.conflict_id.clone(),
                story_id: conflict.story_id.to_string(),
                claim_id: conflict.claim_id.as_ref().map(|c| c.to_string()),
                field: conflict.field.clone(),
                hard: conflict.hard,
                values: conflict
                    .values
                    .iter()
                    .map(|v| ValueRow {
                        doc_id: self.doc_id(v.doc),
                        value: v.value.clone(),
                        start: v.span.start,
                        end: v.span.end,
                        owner: v.owner.clone(),
                    })
                    .collect(),
                reason: conflict.reason.clone(),
            });
        }
    }

    fn claim(&self, claim: &Claim, tables: &mut StoreTables) {
        let told = claim.cells.iter().filter(|c| !c.spans.is_empty()).count();
        tables.claims.push(ClaimRow {
            claim_id: claim.claim_id.to_string(),
            story_id: claim.story_id.to_string(),
            chain_id: claim.chain_id.as_ref().map(|c| c.to_string()),
            claim: claim.claim.clone(),
            verdict: claim.verdict.as_str().to_string(),
            n_documents: told as u32,
            n_origins: claim.n_origins,
            importance: claim.importance,
        });
        for cell in &claim.cells {
            tables.claim_cells.push(ClaimCellRow {
                claim_id: claim.claim_id.to_string(),
                doc_id: self.doc_id(cell.doc),
                stance: cell.stance.as_str().to_string(),
                start: cell.spans.first().map(|s| s.start),
                end: cell.spans.first().map(|s| s.end),
                detail: cell.detail.clone(),
                spans: cell.spans.iter().map(|s| SpanRow { start: s.start, end: s.end }).collect(),
            });
        }
    }

    /// Signed sums by pair of codes and month. Events that did not happen, are only said to be possible, or are
    /// told without a coded pair do not count; origins, not documents, are the witnesses.
    fn relate(&mut self, i: usize, doc: &CodedDocument) {
        for e in &doc.events {
            if e.polarity != polybius_text::Polarity::Affirmed
                || e.modality == polybius_text::Modality::Hypothetical
            {
                continue;
            }
            let code = |p: &Party| self.actor(i, p.actor).map(|a| a.code.clone()).unwrap_or_default();
            let from: BTreeSet<String> = e.actors.iter().map(code).collect();
            let to: BTreeSet<String> =
                if e.recipients.is_empty() { from.clone() } else { e.recipients.iter().map(code).collect() };
            let period = e
                .date
                .as_ref()
                .and_then(|d| d.range.start)
                .map(|d| format!("{:04}-{:02}", d.year(), d.month()))
                .unwrap_or_default();
            for a in &from {
                for r in to.iter().filter(|r| *r != a) {
                    if a.is_empty() || r.is_empty() {
                        continue;
                    }
                    let key = (a.clone(), r.clone(), period.clone());
                    let (row, origins) = self.relations.entry(key).or_insert_with(|| {
                        let row = RelationRow {
                            actor_code: a.clone(),
                            recipient_code: r.clone(),
                            period: period.clone(),
                            ..RelationRow::default()
                        };
                        (row, BTreeSet::new())
                    });
                    row.n_events += 1;
                    row.score_sum += f64::from(e.score);
                    row.positive += u32::from(e.score > 0.0);
                    row.negative += u32::from(e.score < 0.0);
                    origins.insert(self.origin_of[i].clone());
                }
            }
        }
    }

    fn relations(&mut self) -> Vec<RelationRow> {
        std::mem::take(&mut self.relations)
            .into_values()
            .map(|(mut row, origins)| {
                row.n_origins = origins.len() as u32;
                row
            })
            .collect()
    }
}

fn days(range: Option<&DateRange>) -> (Option<String>, Option<String>) {
    let text = |d: Option<jiff::civil::Date>| d.map(|d| d.to_string());
    range.map_or((None, None), |r| (text(r.start), text(r.end)))
}

fn quote_id(doc_id: &DocId, span: Span) -> QuoteId {
    QuoteId::from_parts("q", &[doc_id.as_str(), &span.start.to_string(), &span.end.to_string()])
}

fn flat_event(row: &EventRow, article: &polybius_text::Article, story_id: &str) -> EventFlatRow {
    let join = |parties: &[PartyRow], field: fn(&PartyRow) -> &str| {
        parties.iter().map(field).collect::<Vec<_>>().join(";")
    };
    let slice = |start: u32, end: u32| article.slice(Span { start, end }).to_string();
    EventFlatRow {
        event_id: row.event_id.clone(),
        path: article.path.clone(),
        evidence: slice(row.evidence_start, row.evidence_end),
        trigger: slice(row.trigger_start, row.trigger_end),
        event_type: row.event_type.clone(),
        modes: row.modes.join(";"),
        contexts: row.contexts.join(";"),
        quad: row.quad.clone(),
        score: row.score,
        cameo: row.cameo.clone(),
        actor_names: join(&row.actors, |p| &p.name),
        actor_codes: join(&row.actors, |p| &p.code),
        actor_sectors: join(&row.actors, |p| &p.sector),
        recipient_names: join(&row.recipients, |p| &p.name),
        recipient_codes: join(&row.recipients, |p| &p.code),
        recipient_sectors: join(&row.recipients, |p| &p.sector),
        polarity: row.polarity.clone(),
        modality: row.modality.clone(),
        date_start: row.date_start.clone(),
        date_end: row.date_end.clone(),
        date_precision: row.date_precision.clone(),
        place_name: row.place_name.clone(),
        place_country: row.place_country.clone(),
        attribution: row.attribution.iter().map(|a| a.name.as_str()).collect::<Vec<_>>().join(";"),
        rule: row.rule.clone(),
        confidence: row.confidence,
        chain_id: row.chain_id.clone(),
        story_id: story_id.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Store, read_parquet, write_parquet};

    #[test]
    fn every_table_is_written_and_read_back() {
        let root = tempfile::tempdir().unwrap();
        let mut tables = StoreTables::default();
        tables.events.push(EventRow {
            event_id: "e1".into(),
            date_start: Some("2020-07-21".into()),
            actors: vec![PartyRow { code: "IRQ".into(), ..PartyRow::default() }],
            modes: vec!["visit".into()],
            ..EventRow::default()
        });
        tables.rejects.push(RejectRow { path: "x".into(), ..RejectRow::default() });
        let store = Store::create(root.path()).unwrap();
        let at = "2024-05-01T10:00:00Z".parse().unwrap();
        let first = store.commit(&tables, BTreeMap::new(), at).unwrap();
        assert_eq!((first.version, first.changed), (1, true));
        let events: Vec<EventRow> = store.read().unwrap();
        assert_eq!(events, tables.events);
        for table in TABLES {
            assert_eq!(store.files(table).unwrap().len(), 1, "{table}");
        }
        let again = store.commit(&tables, BTreeMap::new(), at).unwrap();
        assert_eq!((again.version, again.changed), (1, false));
        assert_eq!(store.read::<RejectRow>().unwrap().len(), 1);
    }

    #[test]
    fn an_empty_table_keeps_its_columns() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("e.parquet");
        write_parquet::<EventRow>(&path, &[]).unwrap();
        assert!(read_parquet::<EventRow>(&path).unwrap().is_empty());
    }
}
