//! All mentions of one document and the actors that they refer to.

use crate::chunks::{Chunk, ChunkKind, build_chunks};
use crate::cluster::{Clusters, Link};
use crate::foreign::find_foreign;
use crate::names::match_names;
use crate::places::find_places;
use crate::refer::{Referrer, mention};
use crate::scan::{Scan, What};
use crate::tables::ActorTables;
use crate::tables::CountryForm;
use crate::truncated::find_truncated;
use polybius_text::{ActorKind, Annotated, DocActor, EntityType, Mention, MentionKind, Place};

/// What [`find_mentions`] gives.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MentionsFound {
    /// In text order; `actors` are indexes into `doc_actors`.
    pub mentions: Vec<Mention>,
    /// In order of first mention.
    pub doc_actors: Vec<DocActor>,
    /// In text order.
    pub places: Vec<Place>,
}

/// Finds who is mentioned in one document, in what capacity, and what each mention refers to.
///
/// Persons come from the reader's entities, titles and tables; states from their names, adjectives and capitals (a capital is
/// its government only where it acts, see `words/lists.tsv`); groups from common nouns. What cannot be resolved keeps
/// an empty `actors`. Mentions nest where a pronoun or a body stands inside a phrase ("his foreign minister", "the chairperson of
/// the African Union, X").
///
/// Cost: a few passes over the tokens; well under 5 ms for a news article.
pub fn find_mentions(doc: &Annotated, tables: &ActorTables) -> MentionsFound {
    if doc.tokens.is_empty() {
        return MentionsFound::default();
    }
    let scan = Scan::new(doc, tables);
    let chunks = build_chunks(&scan);
    let places = find_places(&scan, &chunks);
    let mut clusters = Clusters::new(&scan, &chunks, &places);
    clusters.run();
    exclude_writers(&mut clusters);
    let mut referrer = Referrer::new(&mut clusters);
    referrer.run();
    let extras = std::mem::take(&mut referrer.extras);
    let mut mentions: Vec<Mention> =
        chunks.iter().zip(&clusters.links).map(|(c, link)| of_chunk(&scan, c, link)).collect();
    mentions.extend(extras.iter().map(|x| mention(&scan, x.first, x.end, x.kind, x.entity_type, &x.link)));
    mentions.extend(inside_titles(&mut clusters));
    mentions.sort_by_key(|m| (m.span.start, std::cmp::Reverse(m.span.end)));
    let mut actors: Vec<DocActor> = clusters.ents.into_iter().map(|e| e.actor).collect();
    find_foreign(&scan, &mut actors, &mut mentions);
    find_truncated(&scan, &actors, &mut mentions);
    for a in actors.iter_mut().filter(|a| a.wikidata_id.is_none()) {
        let row = a.table_id.as_deref();
        a.wikidata_id = row.and_then(|row| tables.wikidata_of(row)).map(str::to_owned);
    }
    in_order(mentions, actors, places)
}

fn of_chunk(scan: &Scan, c: &Chunk, link: &Link) -> Mention {
    let (kind, entity_type) = match c.kind {
        ChunkKind::Person if c.name.is_some() && c.lemma != "=" => (MentionKind::Named, EntityType::Person),
        ChunkKind::Person | ChunkKind::Officers => (MentionKind::Nominal, EntityType::Person),
        ChunkKind::Country if c.adjective => (MentionKind::Named, EntityType::Nationality),
        ChunkKind::Country | ChunkKind::Place => (MentionKind::Named, EntityType::Place),
        ChunkKind::Organisation => (MentionKind::Named, EntityType::Organisation),
        ChunkKind::Group => (MentionKind::Nominal, EntityType::Organisation),
    };
    let place = Link { basis: "place".to_owned(), ..Link::default() };
    mention(scan, c.first, c.end, kind, entity_type, if c.kind == ChunkKind::Place { &place } else { link })
}

/// The bodies and states that stand inside a title or the phrase of a group: "the ECOWAS envoy X", "a delegation of ECOWAS".
fn inside_titles(c: &mut Clusters) -> Vec<Mention> {
    let scan = c.scan;
    let mut found = Vec::new();
    for h in &scan.hits {
        let (What::Organisation(_) | What::Country(_, CountryForm::Name)) = &h.what else { continue };
        let outer = c.chunks.iter().find(|c| c.first <= h.first && h.end <= c.end);
        let Some(outer) = outer.filter(|c| c.first < h.first || h.end < c.end) else { continue };
        let of_name = outer.name.is_some_and(|n| h.first < n.1 && n.0 < h.end);
        if of_name || !matches!(outer.kind, ChunkKind::Person | ChunkKind::Officers | ChunkKind::Group) {
            continue;
        }
        let (ent, entity_type, basis) = match &h.what {
            What::Organisation(rows) => {
                let ent = c.organisation(Some(rows[0]), scan.text(h.first, h.end), None);
                let row = &scan.tables.organisations[rows[0] as usize].id;
                (ent, EntityType::Organisation, format!("table: organisations.tsv {row}"))
            }
            What::Country(rows, _) => {
                (c.country(scan.code_of(rows[0])), EntityType::Place, "name of a country".to_owned())
            }
            _ => continue,
        };
        let link = Link { ents: vec![ent], score: 0.9, basis };
        found.push(mention(scan, h.first, h.end, MentionKind::Named, entity_type, &link));
    }
    found
}

/// Writers of the article are no actors, however often they are named.
fn exclude_writers(c: &mut Clusters) {
    let article = &c.scan.doc.article;
    let writers: Vec<&str> = article
        .byline
        .as_deref()
        .map(|b| {
            b.split([',', ';', '&'])
                .flat_map(|p| p.split(" and "))
                .map(str::trim)
                .filter(|p| !p.is_empty())
                .collect()
        })
        .unwrap_or_default();
    for e in &mut c.ents {
        if e.actor.kind == ActorKind::Person
            && writers.iter().any(|w| match_names(w, &e.actor.name).score > 0.9)
        {
            e.actor.excluded = "reporter".to_owned();
        }
        let outlet = [article.outlet.as_deref(), article.agency.as_deref()].into_iter().flatten().any(|o| {
            e.actor.kind == ActorKind::Organisation
                && e.actor.names.iter().any(|n| crate::fold::fold(n) == crate::fold::fold(o))
        });
        if outlet {
            e.actor.excluded = "cited medium".to_owned();
        }
    }
}

/// Numbers actors by first mention and drops those without one.
fn in_order(mut mentions: Vec<Mention>, actors: Vec<DocActor>, places: Vec<Place>) -> MentionsFound {
    let mut number = vec![u32::MAX; actors.len()];
    let mut order = Vec::new();
    for m in &mut mentions {
        for a in &mut m.actors {
            if number[*a as usize] == u32::MAX {
                number[*a as usize] = order.len() as u32;
                order.push(*a as usize);
            }
            *a = number[*a as usize];
        }
    }
    let mut actors: Vec<Option<DocActor>> = actors.into_iter().map(Some).collect();
    let doc_actors =
        order.into_iter().map(|i| actors[i].take().expect("each actor is numbered once")).collect();
    MentionsFound { mentions, doc_actors, places }
}
