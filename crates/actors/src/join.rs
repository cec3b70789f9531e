//! Which actors of different documents are one actor.

mod across;
mod clusters;
mod finish;
mod known;
mod persons;

use crate::fold::fold;
use crate::group_noun::group_noun;
use crate::parallel;
use crate::tables::{ActorTables, Person};
use clusters::Cluster;
use known::KnownNames;
pub use persons::tells_what_was_suffered;
use polybius_text::{Actor, ActorId, ActorKind, ActorRole, CodedDocument, DocActor, Sector};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::{BTreeMap, BTreeSet};

/// Actors across documents.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ActorsJoined {
    /// Sorted by id.
    pub actors: Vec<Actor>,
    /// For each document (in the order of the input), the actor of each of its document actors.
    pub actor_of: Vec<Vec<ActorId>>,
    /// Offices with their evidence, by actor, then office, then document.
    pub roles: Vec<ActorRole>,
    /// Where very many persons of like names were not all compared with each other.
    pub notes: Vec<String>,
}

/// A document actor: (document, index in it).
type Node = (u32, u32);

struct Joiner<'d> {
    docs: &'d [CodedDocument],
    tables: &'d ActorTables,
    /// Persons of the tables by id.
    rows: &'d FxHashMap<&'d str, &'d Person>,
    clusters: Vec<Option<Cluster<'d>>>,
    /// The names of the persons of a story, made ready to be compared.
    known: KnownNames<'d>,
    notes: Vec<String>,
}

/// Joins document actors across documents.
///
/// `stories` lists the documents of each story; a document in none is a story of its own. Inside a story persons are joined by
/// table row, by likeness of full names, by a weaker likeness with the same office of the same state, and single names to
/// the one full name they fit; two actors that one document keeps apart are never joined. Across stories only equal
/// table rows, or nearly equal full names with the same code. States and organisations go by table row.
///
/// The result does not depend on the order of documents: ids come from table rows or from canonical names and codes.
///
/// Cost: in a story all pairs of its persons; across stories each person is compared with those of its code whose names have the
/// same consonants, at most [`across::COMPARED`].
pub fn join_actors(docs: &[CodedDocument], stories: &[Vec<u32>], tables: &ActorTables) -> ActorsJoined {
    let rows: FxHashMap<&str, &Person> = tables.persons.iter().rev().map(|p| (p.id.as_str(), p)).collect();
    let mut j = Joiner::new(docs, tables, &rows);
    let stories = j.all_stories(stories);
    let joined = parallel::map_each(&stories, |story| {
        let mut own = Joiner::new(docs, tables, &rows);
        own.join_story(story);
        own.clusters
    });
    j.clusters = joined.into_iter().flatten().collect();
    j.join_across();
    j.join_decided();
    j.finish()
}

impl<'d> Joiner<'d> {
    fn new(
        docs: &'d [CodedDocument],
        tables: &'d ActorTables,
        rows: &'d FxHashMap<&'d str, &'d Person>,
    ) -> Joiner<'d> {
        Joiner { docs, tables, rows, clusters: Vec::new(), known: KnownNames::default(), notes: Vec::new() }
    }

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
                    cluster.add(n, a);
                    cluster.reasons.extend(key);
                }
                None => {
                    self.clusters.push(Some(Cluster::of(n, a)));
                    if let Some(k) = key {
                        by_key.insert(k, self.clusters.len() - 1);
                    }
                }
            }
        }
        self.know_names();
        self.join_persons();
        self.join_single_names();
        self.join_unnamed();
        self.join_by_fact();
    }

    fn cluster(&self, c: usize) -> &Cluster<'d> {
        self.clusters[c].as_ref().expect("asked of whole clusters only")
    }

    /// Every name form of the members, sorted, each once; none of a cluster that is gone.
    fn names(&self, c: usize) -> &[&'d str] {
        self.clusters[c].as_ref().map_or(&[], |x| &x.names)
    }

    fn members(&self, c: usize) -> impl Iterator<Item = &'d DocActor> + '_ {
        self.clusters[c].iter().flat_map(|x| x.nodes.iter()).map(|&n| self.actor(n))
    }

    /// Whether nothing forbids the two to be one: no document keeps them apart, no two table rows, no excluded with an actor.
    fn may_join(&self, a: usize, b: usize) -> bool {
        let (x, y) = (self.cluster(a), self.cluster(b));
        let rows = match (x.table_id, y.table_id) {
            (Some(x), Some(y)) => x == y,
            _ => true,
        };
        rows && x.excluded == y.excluded && !x.shares_document(y) && !self.kept_apart(a, b)
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

    fn codes(&self, c: usize) -> &BTreeSet<&'d str> {
        &self.cluster(c).codes
    }

    fn merge(&mut self, a: usize, b: usize, reason: String) {
        let (keep, gone) = (a.min(b), a.max(b));
        let other = self.clusters[gone].take().expect("merged once");
        let cluster = self.clusters[keep].as_mut().expect("kept cluster is whole");
        cluster.take_in(other);
        cluster.reasons.insert(reason);
    }

    /// The tables' name, or the fullest and most frequent form.
    fn canonical(&self, c: usize) -> String {
        let cluster = self.cluster(c);
        match cluster.person_id.and_then(|id| self.rows.get(id)) {
            Some(person) => person.name.clone(),
            None => cluster.fullest_form(),
        }
    }
}

/// Offices that one person of a state holds at a time.
fn telling(office: &str) -> bool {
    crate::cluster::is_telling_office(office)
}

fn plain_name(name: &str) -> String {
    let folded = fold(name);
    folded.strip_prefix("the ").map(str::to_owned).unwrap_or(folded)
}
