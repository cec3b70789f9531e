//! Which actors of different documents are one actor.

mod persons;

use crate::fold::fold;
use crate::group_noun::group_noun;
use crate::names::{match_names, name_words, other_generation, skeleton};
use crate::tables::ActorTables;
use polybius_text::{
    Actor, ActorId, ActorKind, ActorRole, CodedDocument, DocActor, EventType, OfficeHeld, Polarity, Sector,
};
use rustc_hash::FxHashSet;
use std::collections::{BTreeMap, BTreeSet};

/// Two full names of one story are one person from here on.
const SAME_IN_STORY: f32 = 0.72;
/// With the same state.
const SAME_WITH_CODE: f32 = 0.66;
/// With the same office of the same state.
const SAME_WITH_OFFICE: f32 = 0.5;
/// When both documents give other states.
const SAME_DESPITE_CODE: f32 = 0.93;
/// Across stories, where nothing but name and state agree.
const SAME_ACROSS_STORIES: f32 = 0.88;
/// A sector that one text tells counts as much as so many guesses from what other documents are about.
const TOLD: u32 = 10;

/// Actors across documents.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ActorsJoined {
    /// Sorted by id.
    pub actors: Vec<Actor>,
    /// For each document (in the order of the input), the actor of each of its document actors.
    pub actor_of: Vec<Vec<ActorId>>,
    /// Offices with their evidence, by actor, then office, then document.
    pub roles: Vec<ActorRole>,
}

/// What was done, the code of who did it, and the month.
type Fact = (&'static str, String, String);

/// A document actor: (document, index in it).
type Node = (u32, u32);

struct Cluster {
    nodes: Vec<Node>,
    reasons: BTreeSet<String>,
}

struct Joiner<'d> {
    docs: &'d [CodedDocument],
    tables: &'d ActorTables,
    /// Name words of each form of each person, cached.
    clusters: Vec<Option<Cluster>>,
}

/// Joins document actors across documents.
///
/// `stories` lists the documents of each story; a document in none is a story of its own. Inside a story persons are joined by
/// table row, by likeness of full names, by a weaker likeness with the same office of the same state, and single names to
/// the one full name they fit; two actors that one document keeps apart are never joined. Across stories only equal
/// table rows, or nearly equal full names with the same code. States and organisations go by table row.
///
/// The result does not depend on the order of documents: ids come from table rows or from canonical names and codes.
pub fn join_actors(docs: &[CodedDocument], stories: &[Vec<u32>], tables: &ActorTables) -> ActorsJoined {
    let mut j = Joiner { docs, tables, clusters: Vec::new() };
    for story in &j.all_stories(stories) {
        j.join_story(story);
    }
    j.join_across();
    j.join_decided();
    j.finish()
}

impl<'d> Joiner<'d> {
    fn actor(&self, n: Node) -> &'d DocActor {
        &self.docs[n.0 as usize].doc_actors[n.1 as usize]
    }

    /// Stories with their documents by document id, stories by their first document id: the order that everything follows.
    fn all_stories(&self, stories: &[Vec<u32>]) -> Vec<Vec<u32>> {
        let id = |d: u32| {
            (&self.docs[d as usize].annotated.article.doc_id, &self.docs[d as usize].annotated.article.path)
        };
        let mut seen = FxHashSet::default();
        let mut all: Vec<Vec<u32>> = Vec::new();
        for story in stories {
            let mut docs: Vec<u32> =
                story.iter().copied().filter(|&d| (d as usize) < self.docs.len() && seen.insert(d)).collect();
            docs.sort_by(|&a, &b| id(a).cmp(&id(b)));
            if !docs.is_empty() {
                all.push(docs);
            }
        }
        all.extend((0..self.docs.len() as u32).filter(|d| !seen.contains(d)).map(|d| vec![d]));
        all.sort_by(|a, b| id(a[0]).cmp(&id(b[0])));
        all
    }

    fn join_story(&mut self, docs: &[u32]) {
        let first = self.clusters.len();
        let mut by_key: BTreeMap<String, usize> = BTreeMap::new();
        let nodes: Vec<Node> = docs
            .iter()
            .flat_map(|&d| (0..self.docs[d as usize].doc_actors.len() as u32).map(move |a| (d, a)))
            .collect();
        for &n in &nodes {
            let a = self.actor(n);
            let key = match (&a.table_id, a.kind) {
                (Some(id), _) => Some(format!("same table row {id}")),
                (None, ActorKind::Organisation) => Some(format!("same name `{}`", plain_name(&a.name))),
                (None, ActorKind::Group) => Some(format!(
                    "same group: {} {} {}",
                    a.code,
                    a.sector.map_or("", Sector::as_str),
                    group_noun(self.tables, &fold(&a.name))
                )),
                (None, ActorKind::Country) => Some(format!("same code {}", a.code)),
                (None, ActorKind::Person) => None,
            };
            let at = key.as_ref().and_then(|k| by_key.get(k).copied());
            let decisions = &self.tables.decisions;
            let apart = !decisions.is_empty()
                && at.is_some_and(|c| {
                    let path = self.docs[n.0 as usize].annotated.article.path.as_str();
                    decisions.keeps_apart(&self.placed(c), &[(path, a)])
                });
            match at.filter(|_| !apart) {
                Some(c) => {
                    let cluster = self.clusters[c].as_mut().expect("new clusters are whole");
                    cluster.nodes.push(n);
                    cluster.reasons.extend(key);
                }
                None => {
                    self.clusters.push(Some(Cluster { nodes: vec![n], reasons: BTreeSet::new() }));
                    if let Some(k) = key {
                        by_key.insert(k, self.clusters.len() - 1);
                    }
                }
            }
        }
        self.join_persons(first);
        self.join_single_names(first);
        self.join_unnamed(first);
        self.join_by_fact(first);
    }

    fn names(&self, c: usize) -> Vec<&'d str> {
        let mut names: Vec<&str> = self.members(c).flat_map(|a| a.names.iter().map(String::as_str)).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    fn members(&self, c: usize) -> impl Iterator<Item = &'d DocActor> + '_ {
        self.clusters[c].iter().flat_map(|x| x.nodes.iter()).map(|&n| self.actor(n))
    }

    /// Whether nothing forbids the two to be one: no document keeps them apart, no two table rows, no excluded with an actor.
    fn may_join(&self, a: usize, b: usize) -> bool {
        let docs = |c: usize| {
            self.clusters[c].iter().flat_map(|x| x.nodes.iter().map(|n| n.0)).collect::<BTreeSet<u32>>()
        };
        let ids = |c: usize| self.members(c).filter_map(|a| a.table_id.as_deref()).next();
        let excluded = |c: usize| self.members(c).any(|a| !a.excluded.is_empty());
        let rows = match (ids(a), ids(b)) {
            (Some(x), Some(y)) => x == y,
            _ => true,
        };
        rows && docs(a).is_disjoint(&docs(b)) && excluded(a) == excluded(b) && !self.kept_apart(a, b)
    }

    /// Members with the paths of their documents, as decisions name them.
    fn placed(&self, c: usize) -> Vec<(&'d str, &'d DocActor)> {
        let place = |n: &Node| (self.docs[n.0 as usize].annotated.article.path.as_str(), self.actor(*n));
        self.clusters[c].iter().flat_map(|x| x.nodes.iter()).map(place).collect()
    }

    /// Whether the user decided that the two are not one.
    fn kept_apart(&self, a: usize, b: usize) -> bool {
        let decisions = &self.tables.decisions;
        !decisions.is_empty() && decisions.keeps_apart(&self.placed(a), &self.placed(b))
    }

    /// Joins what the user decided to be one, whatever speaks against it.
    fn join_decided(&mut self) {
        if self.tables.decisions.is_empty() {
            return;
        }
        let named: Vec<usize> =
            (0..self.clusters.len()).filter(|&c| self.tables.decisions.concerns(&self.placed(c))).collect();
        for (i, &a) in named.iter().enumerate() {
            for &b in &named[i + 1..] {
                if self.clusters[a].is_none() || self.clusters[b].is_none() {
                    continue;
                }
                if let Some(line) = self.tables.decisions.merges(&self.placed(a), &self.placed(b)) {
                    self.merge(a, b, format!("merged by the user: line {line} of the decisions"));
                }
            }
        }
    }

    fn codes(&self, c: usize) -> BTreeSet<&'d str> {
        let told = |a: &&DocActor| !a.code.is_empty() && !a.basis.starts_with("no office");
        self.members(c).filter(told).map(|a| a.code.as_str()).collect()
    }

    fn merge(&mut self, a: usize, b: usize, reason: String) {
        let (keep, gone) = (a.min(b), a.max(b));
        let other = self.clusters[gone].take().expect("merged once");
        let cluster = self.clusters[keep].as_mut().expect("kept cluster is whole");
        cluster.nodes.extend(other.nodes);
        cluster.reasons.extend(other.reasons);
        cluster.reasons.insert(reason);
    }

    /// Across stories: equal table rows, or nearly equal full names with the same code.
    fn join_across(&mut self) {
        let mut rows: BTreeMap<String, usize> = BTreeMap::new();
        let mut blocks: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for c in 0..self.clusters.len() {
            if self.clusters[c].is_none() {
                continue;
            }
            let row = self.members(c).filter_map(|a| a.table_id.clone()).min();
            if let Some(row) = row {
                match rows.get(&row).copied() {
                    Some(a) if !self.kept_apart(a, c) => {
                        self.merge(a, c, format!("same table row {row}"));
                    }
                    Some(_) => {}
                    None => {
                        rows.insert(row, c);
                    }
                }
            }
        }
        for c in 0..self.clusters.len() {
            if self.clusters[c].is_none() {
                continue;
            }
            let name = self.canonical(c);
            let words = name_words(&name);
            if self.members(c).next().is_some_and(|a| a.kind == ActorKind::Person && !a.names.is_empty())
                && words.len() > 1
            {
                let mut bones: Vec<String> = words.iter().map(|w| skeleton(w)).collect();
                bones.sort();
                blocks.entry(format!("{}:{}", self.code(c), bones.join(" "))).or_default().push(c);
            }
        }
        for list in blocks.into_values() {
            for (i, &b) in list.iter().enumerate().skip(1) {
                for &a in &list[..i] {
                    if self.clusters[a].is_none() || self.clusters[b].is_none() || !self.may_join(a, b) {
                        continue;
                    }
                    let (x, y) = (self.canonical(a), self.canonical(b));
                    let score = match_names(&x, &y).score;
                    if score >= SAME_ACROSS_STORIES {
                        self.merge(a, b, format!("`{x}` and `{y}`: same code, name score {score:.2}"));
                        break;
                    }
                }
            }
        }
    }

    /// The state or kind that most members give; ties to the first in the alphabet.
    fn code(&self, c: usize) -> String {
        let mut count: BTreeMap<&str, u32> = BTreeMap::new();
        for a in self.members(c).filter(|a| !a.code.is_empty()) {
            // What the text says of an office counts more than what the document is mostly about.
            *count.entry(&a.code).or_default() += match a.basis.as_str() {
                b if b.starts_with("office") && !b.contains("named most") => 8,
                b if b.contains("named most")
                    || b.starts_with("past office")
                    || b.starts_with("named beside")
                    || b.starts_with("no office") =>
                {
                    1
                }
                _ => 3,
            };
        }
        count
            .into_iter()
            .max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(a.0)))
            .map_or(String::new(), |(code, _)| code.to_owned())
    }

    fn sectors(&self, c: usize) -> Vec<Sector> {
        let mut count: BTreeMap<Sector, u32> = BTreeMap::new();
        // A former president of one state who is the envoy of a body has the sector of what he is now.
        let code = self.code(c);
        let told = |a: &&DocActor| a.code.is_empty() || code.is_empty() || a.code == code;
        for a in self.members(c).filter(told) {
            if let Some(s) = a.sector {
                // What a rank says in one document holds for those that leave it out.
                let officer = s == Sector::Military && !a.other_sectors.is_empty();
                let guess = a.basis.starts_with("no office");
                *count.entry(s).or_default() += if officer {
                    20 * TOLD
                } else if guess {
                    1
                } else {
                    TOLD
                };
            }
            for &s in &a.other_sectors {
                count.entry(s).or_default();
            }
        }
        let mut all: Vec<(Sector, u32)> = count.into_iter().collect();
        all.sort_by_key(|&(s, n)| (std::cmp::Reverse(n), s));
        all.into_iter().map(|(s, _)| s).collect()
    }

    /// The tables' name, or the fullest and most frequent form.
    fn canonical(&self, c: usize) -> String {
        let person = self
            .members(c)
            .filter_map(|a| a.table_id.as_deref())
            .find_map(|id| id.strip_prefix("person:"))
            .and_then(|id| self.tables.persons.iter().find(|p| p.id == id));
        if let Some(p) = person {
            return p.name.clone();
        }
        let mut forms: BTreeMap<&str, usize> = BTreeMap::new();
        for a in self.members(c) {
            *forms.entry(&a.name).or_default() += 1;
        }
        forms
            .into_iter()
            .max_by(|a, b| {
                name_words(a.0).len().cmp(&name_words(b.0).len()).then(a.1.cmp(&b.1)).then(b.0.cmp(a.0))
            })
            .map(|(n, _)| n.to_owned())
            .unwrap_or_default()
    }

    fn finish(self) -> ActorsJoined {
        let mut actor_of: Vec<Vec<ActorId>> =
            self.docs.iter().map(|d| vec![ActorId::default(); d.doc_actors.len()]).collect();
        let mut actors: BTreeMap<ActorId, Actor> = BTreeMap::new();
        let mut roles: Vec<ActorRole> = Vec::new();
        let mut owner: BTreeMap<ActorId, usize> = BTreeMap::new();
        for c in (0..self.clusters.len()).filter(|&c| self.clusters[c].is_some()) {
            let cluster = self.clusters[c].as_ref().expect("filtered");
            let first = self.actor(cluster.nodes[0]);
            let (name, code) = (self.canonical(c), self.code(c));
            let named = self.members(c).any(|a| !a.names.is_empty());
            let row = self.members(c).filter_map(|a| a.table_id.clone()).min();
            let salt = if named || !code.is_empty() {
                ""
            } else {
                cluster
                    .nodes
                    .iter()
                    .map(|n| self.docs[n.0 as usize].annotated.article.doc_id.as_str())
                    .min()
                    .unwrap_or("")
            };
            let kind =
                if named || row.is_some() { name.clone() } else { group_noun(self.tables, &fold(&name)) };
            let id = match &row {
                Some(row) => ActorId::from_parts("a", &[row]),
                None => ActorId::from_parts(
                    "a",
                    &[
                        first.kind.as_str(),
                        &fold(&kind),
                        &code,
                        if named { "" } else { first.sector.map_or("", Sector::as_str) },
                        salt,
                    ],
                ),
            };
            // Two actors of one row or name that the user keeps apart.
            let id = if owner.get(&id).is_some_and(|&o| self.kept_apart(o, c)) {
                let salt =
                    cluster.nodes.iter().map(|n| &self.docs[n.0 as usize].annotated.article.doc_id).min();
                ActorId::from_parts("a", &[id.as_str(), "split", salt.map_or("", |d| d.as_str())])
            } else {
                id
            };
            owner.entry(id.clone()).or_insert(c);
            for &n in &cluster.nodes {
                actor_of[n.0 as usize][n.1 as usize] = id.clone();
                for office in &self.actor(n).offices {
                    let doc = (office.basis == "text").then_some(n.0);
                    roles.push(ActorRole { actor_id: id.clone(), office: office.clone(), doc });
                }
            }
            let sectors = self.sectors(c);
            let mut aliases: BTreeSet<String> =
                self.members(c).flat_map(|a| a.names.iter().cloned()).collect();
            if let Some(p) = row
                .as_deref()
                .and_then(|r| r.strip_prefix("person:"))
                .and_then(|id| self.tables.persons.iter().find(|p| p.id == id))
            {
                aliases.extend(p.aliases.iter().cloned());
            }
            let excluded = self.members(c).map(|a| a.excluded.clone()).max().unwrap_or_default();
            let entry = actors.entry(id.clone()).or_insert_with(|| Actor {
                actor_id: id,
                name,
                kind: first.kind,
                code,
                sector: sectors.first().copied(),
                other_sectors: sectors.iter().skip(1).copied().collect(),
                wikidata_id: self.members(c).find_map(|a| a.wikidata_id.clone()),
                aliases: Vec::new(),
                reasons: Vec::new(),
                excluded,
            });
            entry.aliases.extend(aliases);
            entry.reasons.extend(cluster.reasons.iter().cloned());
        }
        for a in actors.values_mut() {
            a.aliases.sort();
            a.aliases.dedup();
            a.reasons.sort();
            a.reasons.dedup();
        }
        roles.sort_by(|a, b| {
            let key = |r: &ActorRole| {
                (r.actor_id.clone(), r.office.office.clone(), r.office.code.clone(), r.office.start.clone())
            };
            let doc = |r: &ActorRole| r.doc.map(|d| self.docs[d as usize].annotated.article.doc_id.clone());
            key(a)
                .cmp(&key(b))
                .then_with(|| doc(a).cmp(&doc(b)))
                .then_with(|| a.office.span.cmp(&b.office.span))
        });
        roles.dedup_by(|a, b| a.doc.is_none() && b.doc.is_none() && a == b);
        ActorsJoined { actors: actors.into_values().collect(), actor_of, roles }
    }
}

/// How well a single name agrees with a word of a full name; the surname counts fully.
fn single_score(a: &[String], b: &[String]) -> f32 {
    let (single, full) = if a.len() == 1 { (&a[0], b) } else { (&b[0], a) };
    full.iter()
        .enumerate()
        .map(|(i, w)| match_names(single, w).score - if i + 1 == full.len() { 0.0 } else { 0.05 })
        .fold(0.0, f32::max)
}

/// Offices that one person of a state holds at a time.
fn telling(office: &str) -> bool {
    crate::cluster::is_telling_office(office)
}

fn plain_name(name: &str) -> String {
    let folded = fold(name);
    folded.strip_prefix("the ").map(str::to_owned).unwrap_or(folded)
}
