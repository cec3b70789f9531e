//! From the tables of a store to the view of one story.

use super::network::network;
use super::view::*;
use super::words::differing;
use crate::find::labels;
use polybius_store::rows::*;
use polybius_store::{Store, StoreError};
use std::collections::{BTreeMap, BTreeSet};

/// Claims in the brief at most.
const BRIEF_CLAIMS: usize = 6;

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

fn claims(store: &Store, texts: &Texts<'_>, story: &StoryRow) -> Result<Vec<ClaimView>, StoreError> {
    let mut rows: Vec<ClaimRow> = of_story(store.read()?, |r: &ClaimRow| &r.story_id, story);
    rows.sort_by(|a, b| b.importance.total_cmp(&a.importance).then(a.claim_id.cmp(&b.claim_id)));
    let number: BTreeMap<String, usize> =
        rows.iter().enumerate().map(|(i, c)| (c.claim_id.clone(), i)).collect();
    let mut cells: Vec<Vec<Option<ClaimCellRow>>> =
        rows.iter().map(|_| vec![None; texts.rows.len()]).collect();
    for cell in store.read::<ClaimCellRow>()? {
        if let (Some(&c), Some(&d)) = (number.get(&cell.claim_id), texts.index.get(&cell.doc_id)) {
            cells[c][d] = Some(cell);
        }
    }
    let view = |(i, row): (usize, ClaimRow)| ClaimView {
        number: i + 1,
        cells: cells[i]
            .iter()
            .enumerate()
            .map(|(document, cell)| match cell {
                None => CellView {
                    document,
                    stance: "silent".to_string(),
                    detail: String::new(),
                    spans: Vec::new(),
                },
                Some(cell) => CellView {
                    document,
                    stance: cell.stance.clone(),
                    detail: cell.detail.clone(),
                    spans: cell
                        .spans
                        .iter()
                        .filter_map(|s| texts.span(&cell.doc_id, s.start, s.end))
                        .collect(),
                },
            })
            .collect(),
        claim_id: row.claim_id,
        chain_id: row.chain_id,
        claim: row.claim,
        verdict: row.verdict,
        n_documents: row.n_documents,
        n_origins: row.n_origins,
        importance: row.importance,
    };
    Ok(rows.into_iter().enumerate().map(view).collect())
}

/// Corroborated claims with the most origins; word-spun text alone never carries one.
fn brief(documents: &[DocumentView], claims: &[ClaimView]) -> Vec<usize> {
    let sound = |c: &&CellView| {
        c.stance == "states" && documents[c.document].flags.iter().all(|f| f.flag != "word_spun")
    };
    let mut found: Vec<usize> = (0..claims.len())
        .filter(|&i| claims[i].verdict == "corroborated" && claims[i].cells.iter().filter(sound).count() >= 2)
        .collect();
    found.sort_by_key(|&i| (std::cmp::Reverse(claims[i].n_origins), i));
    found.truncate(BRIEF_CLAIMS);
    found
}

fn left_out(documents: &[DocumentView], claims: &[ClaimView]) -> Vec<LeftOutView> {
    let told = |c: &ClaimView| c.cells.iter().filter(|x| x.stance != "silent").count();
    (0..documents.len())
        .map(|document| LeftOutView {
            document,
            claims: (0..claims.len())
                .filter(|&i| told(&claims[i]) >= 2 && claims[i].cells[document].stance == "silent")
                .collect(),
        })
        .collect()
}

fn conflicts(
    store: &Store,
    texts: &Texts<'_>,
    story: &StoryRow,
    claims: &[ClaimView],
) -> Result<Vec<ConflictView>, StoreError> {
    let rows: Vec<ConflictRow> = of_story(store.read()?, |r: &ConflictRow| &r.story_id, story);
    let mut views: Vec<ConflictView> = rows
        .into_iter()
        .map(|row| {
            let mut values: Vec<ValueView> = Vec::new();
            for v in &row.values {
                let Some(span) = texts.span(&v.doc_id, v.start, v.end) else { continue };
                match values.iter_mut().find(|known| known.value == v.value) {
                    Some(known) => known.spans.push(span),
                    None => values.push(ValueView { value: v.value.clone(), spans: vec![span] }),
                }
            }
            let claim = claims.iter().find(|c| Some(&c.claim_id) == row.claim_id.as_ref()).map(|c| c.number);
            ConflictView {
                conflict_id: row.conflict_id,
                field: row.field,
                hard: row.hard,
                reason: row.reason,
                claim,
                values,
            }
        })
        .collect();
    views.sort_by_key(|c| (!c.hard, c.claim.unwrap_or(usize::MAX)));
    Ok(views)
}

fn timeline(
    store: &Store,
    texts: &Texts<'_>,
    story: &StoryRow,
    events: &[EventRow],
    claims: &[ClaimView],
    conflicts: &[ConflictView],
) -> Result<Vec<MomentView>, StoreError> {
    let mut by_chain: BTreeMap<&str, Vec<&EventRow>> = BTreeMap::new();
    for e in events {
        by_chain.entry(&e.chain_id).or_default().push(e);
    }
    let chains: Vec<ChainRow> = of_story(store.read()?, |r: &ChainRow| &r.story_id, story);
    let mut moments = Vec::new();
    for chain in chains {
        let Some(told) = by_chain.get(chain.chain_id.as_str()) else { continue };
        let claim = claims.iter().find(|c| c.chain_id.as_deref() == Some(&chain.chain_id));
        let mode = match most(told.iter().map(|e| e.modality.as_str())) {
            "future" => "planned",
            "hypothetical" => "possible",
            "historical" => "background",
            _ => "happened",
        };
        let mut documents: Vec<usize> =
            told.iter().filter_map(|e| texts.index.get(&e.doc_id).copied()).collect();
        documents.sort_unstable();
        documents.dedup();
        let label = |e: &EventRow| texts.index.get(&e.doc_id).map_or("", |&d| texts.labels[d].as_str());
        let mut basis: Vec<String> = told
            .iter()
            .filter(|e| !e.date_basis.is_empty())
            .map(|e| format!("{}: {}", label(e), e.date_basis))
            .collect();
        basis.sort();
        basis.dedup();
        let mut other_dates: Vec<String> = told
            .iter()
            .flat_map(|e| e.date_alternatives.iter().map(|a| format!("{}: {a}", label(e))))
            .collect();
        if let Some(claim) = claim {
            let disputed = conflicts.iter().filter(|c| c.claim == Some(claim.number) && c.field == "date");
            for value in disputed.flat_map(|c| &c.values) {
                let mut who: Vec<&str> = value.spans.iter().map(|s| s.label.as_str()).collect();
                who.dedup();
                other_dates.push(format!("{}: {}", who.join(" "), value.value));
            }
        }
        other_dates.sort();
        other_dates.dedup();
        moments.push(MomentView {
            mode: mode.to_string(),
            polarity: most(told.iter().map(|e| e.polarity.as_str())).to_string(),
            what: claim.map_or_else(|| plain_event(told[0], texts), |c| c.claim.clone()),
            spans: told
                .iter()
                .filter_map(|e| texts.span(&e.doc_id, e.trigger_start, e.trigger_end))
                .collect(),
            date_start: chain.date_start,
            date_end: chain.date_end,
            precision: chain.date_precision,
            event_type: chain.event_type,
            chain_id: chain.chain_id,
            verdict: chain.verdict,
            n_documents: chain.n_documents,
            n_origins: chain.n_origins,
            documents,
            basis,
            other_dates,
        });
    }
    // What has no day comes last.
    moments.sort_by(|a, b| {
        let key = |m: &MomentView| {
            let from = m.date_start.clone().or(m.date_end.clone());
            let first = m.spans.first().map(|s| (s.document, s.start));
            (
                from.is_none(),
                from,
                m.date_end.clone(),
                std::cmp::Reverse(m.n_origins),
                first,
                m.chain_id.clone(),
            )
        };
        key(a).cmp(&key(b))
    });
    Ok(moments)
}

/// The word that stands most often, the earlier one in a tie.
fn most<'a>(words: impl Iterator<Item = &'a str>) -> &'a str {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for word in words {
        match counts.iter_mut().find(|c| c.0 == word) {
            Some(c) => c.1 += 1,
            None => counts.push((word, 1)),
        }
    }
    counts.iter().rev().max_by_key(|c| c.1).map_or("", |c| c.0)
}

/// `Moon Jae-in → Kim Jong Un: met`.
fn plain_event(e: &EventRow, texts: &Texts<'_>) -> String {
    let names = |parties: &[PartyRow]| parties.iter().map(|p| p.name.as_str()).collect::<Vec<_>>().join(", ");
    let trigger = texts.slice(&e.doc_id, Some(e.trigger_start), Some(e.trigger_end));
    match (names(&e.actors), names(&e.recipients)) {
        (a, r) if a.is_empty() && r.is_empty() => trigger,
        (a, r) if r.is_empty() => format!("{a}: {trigger}"),
        (a, r) if a.is_empty() => format!("({trigger}) → {r}"),
        (a, r) => format!("{a} → {r}: {trigger}"),
    }
}

fn speakers(
    store: &Store,
    texts: &Texts<'_>,
    actors: &BTreeMap<String, ActorRow>,
) -> Result<Vec<SpeakerView>, StoreError> {
    let mut quotes: Vec<QuoteRow> =
        store.read()?.into_iter().filter(|q: &QuoteRow| texts.index.contains_key(&q.doc_id)).collect();
    quotes.sort_by(|a, b| {
        (texts.index[&a.doc_id], a.start, a.end).cmp(&(texts.index[&b.doc_id], b.start, b.end))
    });
    let mut speakers: Vec<SpeakerView> = Vec::new();
    for q in quotes {
        let Some(span) = texts.span(&q.doc_id, q.start, q.end) else { continue };
        let actor = q.speaker_actor_id.as_ref().and_then(|id| actors.get(id));
        let rendering = RenderingView {
            quote_id: q.quote_id,
            kind: q.kind,
            cue: texts.slice(&q.doc_id, q.cue_start, q.cue_end),
            speaker_text: texts.slice(&q.doc_id, q.speaker_start, q.speaker_end),
            span,
            differs: Vec::new(),
        };
        let at = speakers.iter().position(|s| s.actor_id == q.speaker_actor_id).unwrap_or_else(|| {
            speakers.push(SpeakerView {
                actor_id: q.speaker_actor_id.clone(),
                name: actor.map(|a| a.name.clone()),
                code: actor.map(|a| a.code.clone()).unwrap_or_default(),
                utterances: Vec::new(),
            });
            speakers.len() - 1
        });
        let utterances = &mut speakers[at].utterances;
        let own = !q.utterance_id.is_empty();
        match utterances.iter_mut().find(|u| own && u.utterance_id == q.utterance_id) {
            Some(u) => u.renderings.push(rendering),
            None => {
                utterances.push(UtteranceView { utterance_id: q.utterance_id, renderings: vec![rendering] });
            }
        }
    }
    for speaker in &mut speakers {
        for u in &mut speaker.utterances {
            let words: Vec<&str> = u.renderings.iter().map(|r| r.span.text.as_str()).collect();
            let differs = differing(&words);
            for (r, d) in u.renderings.iter_mut().zip(differs) {
                r.differs = d;
            }
        }
        // Most renderings first; the sort keeps the order of the documents otherwise.
        speaker.utterances.sort_by_key(|u| std::cmp::Reverse(u.renderings.len()));
    }
    let weight = |s: &SpeakerView| s.utterances.iter().map(|u| u.renderings.len()).sum::<usize>();
    speakers.sort_by(|a, b| {
        (a.name.is_none(), std::cmp::Reverse(weight(a)), &a.name).cmp(&(
            b.name.is_none(),
            std::cmp::Reverse(weight(b)),
            &b.name,
        ))
    });
    Ok(speakers)
}

fn names(
    store: &Store,
    texts: &Texts<'_>,
    actors: &BTreeMap<String, ActorRow>,
    events: &[EventRow],
    story: &StoryRow,
) -> Result<Vec<NameView>, StoreError> {
    let parties: BTreeSet<&str> = events
        .iter()
        .flat_map(|e| e.actors.iter().chain(&e.recipients))
        .map(|p| p.actor_id.as_str())
        .collect();
    // What the texts say goes before what the tables know of the story's days.
    let mut roles: Vec<RoleRow> = store.read()?;
    roles.retain(|r| match &r.doc_id {
        Some(doc_id) => texts.index.contains_key(doc_id),
        None => held_then(r, story),
    });
    roles.sort_by_key(|r| r.doc_id.is_none());
    let mut offices: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for role in roles {
        let list = offices.entry(role.actor_id).or_default();
        if !list.iter().any(|known| known.eq_ignore_ascii_case(&role.title)) {
            list.push(role.title);
        }
    }
    let mut mentions: Vec<MentionRow> = store
        .read()?
        .into_iter()
        .filter(|m: &MentionRow| texts.index.contains_key(&m.doc_id) && m.kind == "named")
        .collect();
    mentions.sort_by(|a, b| (texts.index[&a.doc_id], a.start).cmp(&(texts.index[&b.doc_id], b.start)));
    let mut names: BTreeMap<String, NameView> = BTreeMap::new();
    for m in mentions {
        let Some(actor) = m.actor_id.as_ref().and_then(|id| actors.get(id)) else { continue };
        let Some(first) = texts.span(&m.doc_id, m.start, m.end) else { continue };
        if !actor.excluded.is_empty() {
            continue;
        }
        let document = first.document;
        let name = names.entry(actor.actor_id.clone()).or_insert_with(|| NameView {
            actor_id: actor.actor_id.clone(),
            name: actor.name.clone(),
            kind: actor.kind.clone(),
            code: actor.code.clone(),
            sector: actor.sector.clone(),
            offices: offices.get(&actor.actor_id).cloned().unwrap_or_default(),
            variants: Vec::new(),
            reasons: actor.reasons.clone(),
        });
        match name.variants.iter_mut().find(|v| v.text == m.text) {
            Some(v) => {
                v.times += 1;
                if v.documents.last() != Some(&document) {
                    v.documents.push(document);
                }
            }
            None => {
                name.variants.push(VariantView { text: m.text, documents: vec![document], times: 1, first });
            }
        }
    }
    let mut names: Vec<NameView> = names
        .into_values()
        .filter(|n| parties.contains(n.actor_id.as_str()) || n.variants.len() > 1)
        .collect();
    for n in &mut names {
        n.variants.sort_by_key(|v| std::cmp::Reverse(v.times));
    }
    let times = |n: &NameView| n.variants.iter().map(|v| v.times).sum::<usize>();
    names.sort_by(|a, b| {
        (a.kind != "person", std::cmp::Reverse(times(a)), &a.name).cmp(&(
            b.kind != "person",
            std::cmp::Reverse(times(b)),
            &b.name,
        ))
    });
    Ok(names)
}

/// Whether an office of the tables was held in the story's days; without days nothing speaks against it.
fn held_then(role: &RoleRow, story: &StoryRow) -> bool {
    let (Some(first), Some(last)) =
        (&story.date_start, story.date_end.as_ref().or(story.date_start.as_ref()))
    else {
        return true;
    };
    (role.start_date.is_empty() || role.start_date <= *last)
        && (role.end_date.is_empty() || role.end_date > *first)
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
