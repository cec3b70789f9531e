//! Which actors of different documents are one actor.

use crate::fold::fold;
use crate::names::{match_names, name_words, skeleton};
use crate::tables::ActorTables;
use polybius_text::{
    Actor, ActorId, ActorKind, ActorRole, CodedDocument, DocActor, EventType, OfficeHeld, Polarity, Sector,
};
use rustc_hash::{FxHashMap, FxHashSet};
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
                    head_noun(&a.name)
                )),
                (None, ActorKind::Country) => Some(format!("same code {}", a.code)),
                (None, ActorKind::Person) => None,
            };
            let at = key.as_ref().and_then(|k| by_key.get(k).copied());
            match at {
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

    fn persons(&self, first: usize) -> Vec<usize> {
        (first..self.clusters.len())
            .filter(|&c| {
                self.clusters[c].as_ref().is_some_and(|x| self.actor(x.nodes[0]).kind == ActorKind::Person)
            })
            .collect()
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
        rows && docs(a).is_disjoint(&docs(b)) && excluded(a) == excluded(b)
    }

    fn codes(&self, c: usize) -> BTreeSet<&'d str> {
        self.members(c).filter(|a| !a.code.is_empty()).map(|a| a.code.as_str()).collect()
    }

    /// An office of one state that both hold, by the texts or one table.
    fn shared_office(&self, a: usize, b: usize) -> Option<(&'d str, &'d str)> {
        let offices = |c: usize| {
            self.members(c)
                .flat_map(|m| m.offices.iter())
                .filter(|o| !o.code.is_empty())
                .collect::<Vec<&OfficeHeld>>()
        };
        let of_b = offices(b);
        offices(a)
            .into_iter()
            .filter(|o| telling(&o.office))
            .find(|o| {
                of_b.iter().any(|p| {
                    p.office == o.office && p.code == o.code && (o.basis == "text" || p.basis == "text")
                })
            })
            .map(|o| (o.office.as_str(), o.code.as_str()))
    }

    fn merge(&mut self, a: usize, b: usize, reason: String) {
        let (keep, gone) = (a.min(b), a.max(b));
        let other = self.clusters[gone].take().expect("merged once");
        let cluster = self.clusters[keep].as_mut().expect("kept cluster is whole");
        cluster.nodes.extend(other.nodes);
        cluster.reasons.extend(other.reasons);
        cluster.reasons.insert(reason);
    }

    /// Full names of one story, best pair first.
    fn join_persons(&mut self, first: usize) {
        let persons = self.persons(first);
        let mut pairs: Vec<(f32, usize, usize, String)> = Vec::new();
        for (i, &a) in persons.iter().enumerate() {
            for &b in &persons[i + 1..] {
                if self.may_join(a, b)
                    && let Some((score, why)) = self.likeness(a, b)
                {
                    pairs.push((score, a, b, why));
                }
            }
        }
        pairs.sort_by(|p, q| q.0.total_cmp(&p.0).then(p.1.cmp(&q.1)).then(p.2.cmp(&q.2)));
        for (_, a, b, why) in pairs {
            let (a, b) = (self.root(a, first), self.root(b, first));
            if let (Some(a), Some(b)) = (a, b)
                && a != b
                && self.may_join(a, b)
            {
                self.merge(a, b, why);
            }
        }
    }

    /// A merged cluster is gone; pairs that name it are skipped (its survivor has pairs of its own).
    fn root(&self, c: usize, _first: usize) -> Option<usize> {
        self.clusters[c].as_ref().map(|_| c)
    }

    fn likeness(&self, a: usize, b: usize) -> Option<(f32, String)> {
        let office = self.shared_office(a, b);
        let (ca, cb) = (self.codes(a), self.codes(b));
        let conflict = !ca.is_empty() && !cb.is_empty() && ca.is_disjoint(&cb);
        let needed = if office.is_some() {
            SAME_WITH_OFFICE
        } else if conflict {
            SAME_DESPITE_CODE
        } else if !ca.is_disjoint(&cb) {
            SAME_WITH_CODE
        } else {
            SAME_IN_STORY
        };
        let mut best: Option<(f32, String)> = None;
        for x in self.names(a) {
            for y in self.names(b) {
                let (wx, wy) = (name_words(x), name_words(y));
                let short = wx.len().min(wy.len());
                // A single name joins a full one only below, where it must be unambiguous, or by the office.
                if short == 0 || (wx.len() != wy.len() && short == 1 && office.is_none()) {
                    continue;
                }
                let score = if short == 1 && wx.len() != wy.len() {
                    single_score(&wx, &wy)
                } else {
                    match_names(x, y).score
                };
                let total = score + if office.is_some() { 0.3 } else { 0.0 };
                if score >= needed && best.as_ref().is_none_or(|b| total > b.0) {
                    let why = match office {
                        Some((office, code)) => {
                            format!("`{x}` and `{y}`: same office {office} of {code}, name score {score:.2}")
                        }
                        None => format!("`{x}` and `{y}`: name score {score:.2}"),
                    };
                    best = Some((total, why));
                }
            }
        }
        best
    }

    /// "Goita" to the only "Assimi Goïta" of the story.
    fn join_single_names(&mut self, first: usize) {
        for b in self.persons(first) {
            let names: Vec<Vec<String>> = self.names(b).into_iter().map(name_words).collect();
            if names.is_empty() || names.iter().any(|w| w.len() != 1) {
                continue;
            }
            let mut fits: Vec<(f32, usize)> = Vec::new();
            for a in self.persons(first) {
                if a == b || !self.may_join(a, b) {
                    continue;
                }
                let conflict = !self.codes(a).is_empty()
                    && !self.codes(b).is_empty()
                    && self.codes(a).is_disjoint(&self.codes(b));
                let score = self
                    .names(a)
                    .into_iter()
                    .map(name_words)
                    .filter(|w| w.len() > 1)
                    .flat_map(|w| names.iter().map(move |s| single_score(s, &w)))
                    .fold(0.0, f32::max);
                if score >= SAME_IN_STORY && !conflict {
                    fits.push((score, a));
                }
            }
            fits.sort_by(|p, q| q.0.total_cmp(&p.0).then(p.1.cmp(&q.1)));
            let clear = fits.len() == 1 || (fits.len() > 1 && fits[0].0 - fits[1].0 > 0.15);
            if clear {
                let (score, a) = fits[0];
                let reason = format!(
                    "`{}`: the only `{}` of the story, name score {score:.2}",
                    self.names(b)[0],
                    self.names(a).last().copied().unwrap_or_default()
                );
                self.merge(a, b, reason);
            }
        }
    }

    /// "the Malian president" to the named holder of that office in the story, when there is one.
    fn join_unnamed(&mut self, first: usize) {
        let mut by_office: BTreeMap<(String, String, String), usize> = BTreeMap::new();
        for b in self.persons(first) {
            if self.members(b).any(|a| !a.names.is_empty()) {
                continue;
            }
            let Some(said) = self.members(b).flat_map(|a| a.offices.first()).next().cloned() else {
                continue;
            };
            if !telling(&said.office) || said.code.is_empty() {
                continue;
            }
            let holds = |c: &usize| {
                self.members(*c).any(|a| {
                    !a.names.is_empty()
                        && a.offices.iter().any(|o| {
                            o.basis == "text"
                                && o.office == said.office
                                && o.code == said.code
                                && o.qualifier == said.qualifier
                        })
                })
            };
            let named: Vec<usize> = self
                .persons(first)
                .into_iter()
                .filter(|c| *c != b && holds(c) && self.may_join(*c, b))
                .collect();
            let reason = format!("same office {} of {}", said.office, said.code);
            if let [a] = named[..] {
                self.merge(a, b, reason);
                continue;
            }
            let key = (said.office.clone(), said.code.clone(), said.qualifier.clone());
            match by_office.get(&key).copied().filter(|&a| self.clusters[a].is_some()) {
                Some(a) => self.merge(a, b, reason),
                None => {
                    by_office.insert(key, b);
                }
            }
        }
    }

    /// An office-holder whom one account leaves unnamed ("the commander, killed by X in May") to the one person of that state to
    /// whom other accounts say that the same party did the same in the same month. Inferred, and said so.
    fn join_by_fact(&mut self, first: usize) {
        for b in self.persons(first) {
            let unnamed = self.members(b).all(|a| a.names.is_empty() && a.table_id.is_none());
            let office = self.members(b).any(|a| a.offices.iter().any(|o| o.basis == "text"));
            if !unnamed || !office {
                continue;
            }
            let (facts, codes) = (self.suffered(b), self.codes(b));
            let fits = |c: &usize| {
                *c != b
                    && self.members(*c).any(|a| !a.names.is_empty())
                    && !self.codes(*c).is_disjoint(&codes)
                    && self.may_join(*c, b)
            };
            let named: Vec<(usize, Fact)> = self
                .persons(first)
                .into_iter()
                .filter(fits)
                .filter_map(|c| Some((c, self.suffered(c).intersection(&facts).next()?.clone())))
                .collect();
            if let [(a, (kind, doer, month))] = &named[..] {
                let reason = format!(
                    "inferred, low: the same {kind} by {doer} in {month} as `{}`",
                    self.canonical(*a)
                );
                self.merge(*a, b, reason);
            }
        }
    }

    /// What was done to the members, by whom, in which month; only what is affirmed and dated.
    fn suffered(&self, c: usize) -> BTreeSet<Fact> {
        let mut facts = BTreeSet::new();
        for &(d, a) in self.clusters[c].iter().flat_map(|x| &x.nodes) {
            let doc = &self.docs[d as usize];
            for e in &doc.events {
                let harmed = e.event_type == EventType::Assault
                    && e.polarity == Polarity::Affirmed
                    && e.recipients.iter().any(|p| p.actor == a);
                let month = e.date.as_ref().and_then(|d| d.range.start).filter(|_| harmed);
                let Some(month) = month.map(|d| format!("{:04}-{:02}", d.year(), d.month())) else {
                    continue;
                };
                for doer in &e.actors {
                    let code = &doc.doc_actors[doer.actor as usize].code;
                    if !code.is_empty() {
                        facts.insert((e.event_type.as_str(), code.clone(), month.clone()));
                    }
                }
            }
        }
        facts
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
                    Some(a) => self.merge(a, c, format!("same table row {row}")),
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
                    || b.starts_with("named beside") =>
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
        for a in self.members(c) {
            if let Some(s) = a.sector {
                *count.entry(s).or_default() += 2;
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
            let kind = if named || row.is_some() { name.clone() } else { head_noun(&name) };
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

/// Head noun of a group's phrase, singular: "Malian soldiers in Kati" is `soldier`.
fn head_noun(name: &str) -> String {
    let folded = fold(name);
    let core = [" of ", " in ", " from ", " at "]
        .iter()
        .filter_map(|p| folded.find(p))
        .min()
        .map_or(folded.as_str(), |i| &folded[..i]);
    let word = core.split(' ').next_back().unwrap_or(core);
    let map: FxHashMap<&str, &str> =
        [("men", "man"), ("women", "woman"), ("people", "person")].into_iter().collect();
    match map.get(word) {
        Some(w) => (*w).to_owned(),
        None => word.strip_suffix("ies").map(|s| format!("{s}y")).unwrap_or_else(|| {
            word.strip_suffix('s').filter(|s| !s.ends_with('s') && s.len() > 2).unwrap_or(word).to_owned()
        }),
    }
}
