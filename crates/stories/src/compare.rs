//! The whole comparison, step after step.

use crate::chains::{Happening, date_of, find_happenings};
use crate::claims::{Row, StoryParts, compare_accounts, settle};
use crate::conflicts::find_conflicts;
use crate::dates;
use crate::documents::{Dated, Documents, Held, Selected, fill_dates, slim};
use crate::echoes::{find_echoes, tell_figures};
use crate::facts::{Fact, Facts, actor_index};
use crate::figures::figure_groups;
use crate::group::{Grouped, Groups, group};
use crate::lines::lines;
use crate::matches::find_matches;
use crate::origins::{align_copies, find_origins};
use crate::title::title_and_date;
use crate::tolls::{tell_tolls, toll_groups};
use crate::utterances::{Saying, find_sayings};
use jiff::civil::Date;
use polybius_actors::{ActorTables, ActorsJoined, join_actors, parallel};
use polybius_events::times::StoryAnchor;
use polybius_text::{
    Chain, ChainId, Claim, CodedDocument, Conflict, Corpus, EventType, Story, StoryId, StoryLink, Utterance,
    Verdict, stable_hash,
};
use std::collections::{BTreeMap, BTreeSet};

/// Joining actors compares the names of every two persons of a story: those of larger stories are joined in parts of so many
/// documents, and the parts meet as stories do, by tables and full names.
const LARGE_STORY: usize = 120;
const JOINED_AT_ONCE: usize = 24;

/// Compares documents: stories, second dates, actors across documents, happenings, sayings, claims, conflicts.
///
/// `docs` should be sorted by document id; dates that only a story can give are filled into them. Every document is in exactly
/// one story.
pub fn compare_corpus(docs: &mut [CodedDocument], tables: &ActorTables) -> Corpus {
    compare_with_notes(docs, tables).0
}

/// The same, with one line for each block of documents or events that was too large to be compared in full.
pub fn compare_with_notes(docs: &mut [CodedDocument], tables: &ActorTables) -> (Corpus, Vec<String>) {
    let groups = group(&Held(docs));
    for (doc, anchor) in docs.iter_mut().zip(anchors(&groups)) {
        fill_dates(doc, anchor);
    }
    compare_groups(&Held(docs), groups, tables)
}

/// The same of documents that are not held in memory; those with their second dates come back.
///
/// Each document is asked for three times, those of one story together.
pub fn compare_documents<'d>(
    docs: &'d dyn Documents,
    tables: &ActorTables,
) -> (Corpus, Vec<String>, Dated<'d>) {
    let groups = group(docs);
    let dated = Dated::new(docs, anchors(&groups));
    let (corpus, notes) = compare_groups(&dated, groups, tables);
    (corpus, notes, dated)
}

fn compare_groups(docs: &dyn Documents, groups: Groups, tables: &ActorTables) -> (Corpus, Vec<String>) {
    let mut notes = groups.grouping.notes.clone();
    let mut stories: Vec<Vec<u32>> = Vec::new();
    for story in &groups.grouping.stories {
        let documents: Vec<u32> = story.documents.iter().map(|d| d.doc).collect();
        if documents.len() <= LARGE_STORY {
            stories.push(documents);
            continue;
        }
        notes.push(format!("actors of a story of {} documents were joined in parts", documents.len()));
        stories.extend(documents.chunks(JOINED_AT_ONCE).map(<[u32]>::to_vec));
    }
    let mut joined = match docs.held() {
        Some(docs) => join_actors(docs, &stories, tables),
        None => join_actors(&slim(docs), &stories, tables),
    };
    notes.append(&mut joined.notes);
    (compare_joined(docs, groups, joined), notes)
}

/// The comparison once stories and actors stand.
fn compare_joined(docs: &dyn Documents, groups: Groups, joined: ActorsJoined) -> Corpus {
    let Groups { grouping, heads, rarity } = groups;
    let ids: Vec<StoryId> = grouping
        .stories
        .iter()
        .map(|s| {
            let first = s.documents.iter().map(|d| heads[d.doc as usize].age()).max();
            StoryId::from_parts("s", &[first.expect("stories hold documents").1])
        })
        .collect();
    let index = actor_index(&joined);
    // Stories are independent of each other, so threads share them out.
    let numbered: Vec<(&Grouped, &StoryId)> = grouping.stories.iter().zip(&ids).collect();
    let parts = parallel::map_each(&numbered, |(story, id)| {
        let members: Vec<u32> = story.documents.iter().map(|d| d.doc).collect();
        let selected = Selected::of(docs, &members);
        compare_story(&Facts::new(&selected, &joined, &rarity, &index), story, id)
    });
    let mut corpus = Corpus::default();
    for part in parts {
        corpus.stories.push(part.story);
        corpus.chains.extend(part.chains);
        corpus.claims.extend(part.claims);
        corpus.conflicts.extend(part.conflicts);
        corpus.utterances.extend(part.utterances);
    }
    corpus.story_links = grouping
        .links
        .iter()
        .map(|l| StoryLink {
            story: ids[l.story].clone(),
            other: ids[l.other].clone(),
            kind: l.kind,
            reasons: l.reasons.clone(),
        })
        .collect();
    corpus.actors = joined.actors;
    corpus.actor_of = joined.actor_of;
    corpus.roles = joined.roles;
    corpus
}

struct Compared {
    story: Story,
    chains: Vec<Chain>,
    claims: Vec<Claim>,
    conflicts: Vec<Conflict>,
    utterances: Vec<Utterance>,
}

/// How far from the main day of a story its pages are published, but for later copies. Set by judgement, not tuned.
const SAME_NEWS_DAYS: i32 = 60;

/// For each document, what its story says of the years and days that a page leaves open.
fn anchors(groups: &Groups) -> Vec<StoryAnchor> {
    let mut anchors = vec![StoryAnchor::default(); groups.heads.len()];
    for story in &groups.grouping.stories {
        let members = || story.documents.iter().map(|d| d.doc as usize);
        let mut published: Vec<Date> = members().filter_map(|d| groups.heads[d].published).collect();
        // A page that is put on line years later says nothing of the year of the others.
        if let Some(main) = story.main_day {
            let near = |d: &Date| (dates::number(*d) - dates::number(main)).abs() <= SAME_NEWS_DAYS;
            if published.iter().any(near) {
                published.retain(near);
            }
        }
        published.sort_unstable();
        let anchor =
            StoryAnchor { published: published.get(published.len() / 2).copied(), main: story.main_day };
        members().for_each(|d| anchors[d] = anchor);
    }
    anchors
}

fn compare_story(facts: &Facts, story: &Grouped, story_id: &StoryId) -> Compared {
    let members: Vec<u32> = story.documents.iter().map(|d| d.doc).collect();
    let origins = find_origins(facts.docs, &members);
    let origin_of: BTreeMap<u32, usize> =
        origins.iter().enumerate().flat_map(|(n, o)| o.documents.iter().map(move |d| (*d, n))).collect();
    let all: Vec<Fact> = members
        .iter()
        .flat_map(|&d| (0..facts.doc(d).events.len() as u32).map(move |e| (d, e)))
        .map(|(d, e)| facts.fact(d, e))
        .collect();
    let copies = align_copies(facts.docs, &origins);
    let lines = lines(facts, &members);
    let (matched, matter) = find_matches(facts, &lines, &origin_of);
    let happenings = find_happenings(facts, &all, &copies, &matched);
    let chain_ids: Vec<ChainId> = happenings.iter().map(|h| chain_id(facts, &all, h)).collect();
    let (sayings, groups) = find_sayings(facts, &members, &all, &happenings);
    let sources = (copies.as_slice(), matched.as_slice());
    let mut echoes = find_echoes(facts, (&members, &lines), &all, &happenings, sources, (&sayings, &groups));
    let tolls = toll_groups(facts, &members, &all);
    let figures = figure_groups(facts, &members, &matched);
    tell_tolls(facts, &all, &happenings, &tolls, &mut echoes);
    tell_figures(facts, &all, &happenings, &figures, &mut echoes);
    let parts = StoryParts {
        story_id,
        echoes: &echoes,
        tolls: &tolls,
        figures: &figures,
        main_day: story.main_day.map(dates::number),
        members: &members,
        all: &all,
        happenings: &happenings,
        chain_ids: &chain_ids,
        sayings: &sayings,
        utterances: &groups,
        copies: &copies,
        matter: &matter,
        origin_of: &origin_of,
    };
    let mut rows = compare_accounts(facts, &parts);
    let conflicts = find_conflicts(facts, &parts, &rows);
    settle(&mut rows, &conflicts);
    let chains = chains(facts, &parts, &rows);
    let (title, date) = title_and_date(facts, &parts, &rows, story.central, story.main_day);
    Compared {
        story: Story {
            story_id: story_id.clone(),
            title,
            date,
            documents: story.documents.clone(),
            near_misses: story.near_misses.clone(),
            origins,
        },
        chains,
        claims: rows.into_iter().map(|r| r.claim).collect(),
        conflicts,
        utterances: groups.iter().map(|g| utterance(facts, &sayings, g)).collect(),
    }
}

fn chain_id(facts: &Facts, all: &[Fact], h: &Happening) -> ChainId {
    let told = h.facts.iter().map(|&f| (all[f].doc, facts.event(all[f].doc, all[f].event).event_id.as_str()));
    let first = told.max_by(|a, b| facts.age(a.0).cmp(&facts.age(b.0)).then(b.1.cmp(a.1)));
    ChainId::from_parts("c", &[first.map_or("", |f| f.1)])
}

fn chains(facts: &Facts, parts: &StoryParts, rows: &[Row]) -> Vec<Chain> {
    let verdict_of: BTreeMap<&ChainId, Verdict> =
        rows.iter().filter_map(|r| Some((r.claim.chain_id.as_ref()?, r.claim.verdict))).collect();
    let mut out = Vec::new();
    for (h, happening) in parts.happenings.iter().enumerate() {
        let members: Vec<&Fact> = happening.facts.iter().map(|&f| &parts.all[f]).collect();
        let echoes = parts.echoes[h].iter().map(|e| e.doc);
        let docs: BTreeSet<u32> = members.iter().map(|f| f.doc).chain(echoes).collect();
        let origins: BTreeSet<usize> = docs.iter().map(|d| parts.origin_of[d]).collect();
        let mut types: BTreeMap<EventType, usize> = BTreeMap::new();
        members.iter().for_each(|f| *types.entry(f.event_type).or_default() += 1);
        let event_type = types
            .iter()
            .max_by(|a, b| a.1.cmp(b.1).then(b.0.cmp(a.0)))
            .map(|(t, _)| *t)
            .expect("chains hold events");
        let codes = |side: fn(&Fact) -> &Vec<u32>| -> Vec<String> {
            let all: BTreeSet<&str> = members
                .iter()
                .flat_map(|f| side(f))
                .map(|&a| facts.actor(a).code.as_str())
                .filter(|c| !c.is_empty())
                .collect();
            all.into_iter().map(str::to_string).collect()
        };
        let fallback = if origins.len() >= 2 { Verdict::Corroborated } else { Verdict::OnlyHere };
        out.push(Chain {
            chain_id: parts.chain_ids[h].clone(),
            story_id: parts.story_id.clone(),
            events: members.iter().map(|f| (f.doc, f.event)).collect(),
            event_type,
            actor_codes: codes(|f| &f.actors),
            recipient_codes: codes(|f| &f.recipients),
            date: date_of(facts, &members),
            n_documents: docs.len() as u32,
            n_origins: origins.len() as u32,
            verdict: verdict_of.get(&parts.chain_ids[h]).copied().unwrap_or(fallback),
        });
    }
    out
}

fn utterance(facts: &Facts, sayings: &[Saying], group: &[usize]) -> Utterance {
    let renderings: Vec<(u32, u32)> = group.iter().map(|&i| (sayings[i].doc, sayings[i].quote)).collect();
    let key = |(d, q): (u32, u32)| {
        let span = facts.quote(d, q).span;
        (facts.doc(d).annotated.article.doc_id.as_str(), span.start, span.end)
    };
    let (doc, start, end) = renderings.iter().map(|&r| key(r)).min().expect("utterances hold quotes");
    Utterance {
        utterance_id: format!("u{:016x}", stable_hash(&[doc, &start.to_string(), &end.to_string()])),
        speaker: sayings[group[0]].speaker.map(|s| facts.actor(s).actor_id.clone()),
        renderings,
    }
}
