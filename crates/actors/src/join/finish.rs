//! What joining comes to: one actor for each cluster.

use super::{ActorsJoined, Joiner};
use crate::fold::fold;
use crate::group_noun::group_noun;
use crate::parallel;
use polybius_text::{Actor, ActorId, ActorRole, DocActor, OfficeHeld, Sector};
use std::collections::{BTreeMap, BTreeSet};

/// A sector that one text tells counts as much as so many guesses from what other documents are about.
const TOLD: u32 = 10;

/// What a cluster gives by itself.
struct Entry {
    cluster: usize,
    id: ActorId,
    name: String,
    code: String,
    sectors: Vec<Sector>,
    aliases: BTreeSet<String>,
    wikidata_id: Option<String>,
    excluded: String,
}

impl<'d> Joiner<'d> {
    /// The state or kind that most members give; ties to the first in the alphabet.
    pub(super) fn code(&self, c: usize) -> String {
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

    fn sectors(&self, c: usize, code: &str) -> Vec<Sector> {
        let mut count: BTreeMap<Sector, u32> = BTreeMap::new();
        // A former president of one state who is the envoy of a body has the sector of what he is now.
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

    fn entry(&self, c: usize) -> Entry {
        let cluster = self.cluster(c);
        let first = self.actor(cluster.nodes[0]);
        let (name, code) = (self.canonical(c), self.code(c));
        let named = !cluster.names.is_empty();
        let row = self.members(c).filter_map(|a| a.table_id.as_deref()).min();
        let id = match row {
            Some(row) => ActorId::from_parts("a", &[row]),
            None => {
                let salt =
                    if named || !code.is_empty() { "" } else { self.first_document(c).unwrap_or_default() };
                let kind = if named { fold(&name) } else { fold(&group_noun(self.tables, &fold(&name))) };
                let sector = if named { "" } else { first.sector.map_or("", Sector::as_str) };
                ActorId::from_parts("a", &[first.kind.as_str(), &kind, &code, sector, salt])
            }
        };
        let mut aliases: BTreeSet<String> = cluster.names.iter().map(|n| (*n).to_owned()).collect();
        let person = row.and_then(|r| r.strip_prefix("person:")).and_then(|id| self.rows.get(id));
        aliases.extend(person.into_iter().flat_map(|p| p.aliases.iter().cloned()));
        Entry {
            cluster: c,
            id,
            sectors: self.sectors(c, &code),
            name,
            code,
            aliases,
            wikidata_id: self.members(c).find_map(|a| a.wikidata_id.clone()),
            excluded: self.members(c).map(|a| a.excluded.as_str()).max().unwrap_or_default().to_owned(),
        }
    }

    fn first_document(&self, c: usize) -> Option<&'d str> {
        let id = |n: &super::Node| self.docs[n.0 as usize].annotated.article.doc_id.as_str();
        self.cluster(c).nodes.iter().map(id).min()
    }

    pub(super) fn finish(self) -> ActorsJoined {
        let mut actor_of: Vec<Vec<ActorId>> =
            self.docs.iter().map(|d| vec![ActorId::default(); d.doc_actors.len()]).collect();
        let mut actors: BTreeMap<ActorId, Actor> = BTreeMap::new();
        let mut owner: BTreeMap<ActorId, usize> = BTreeMap::new();
        let mut id_of: Vec<ActorId> = vec![ActorId::default(); self.clusters.len()];
        let whole: Vec<usize> = (0..self.clusters.len()).filter(|&c| self.clusters[c].is_some()).collect();
        for entry in parallel::map(&whole, |&c| self.entry(c)) {
            let c = entry.cluster;
            // Two actors of one row or name that the user keeps apart.
            let id = if owner.get(&entry.id).is_some_and(|&o| self.kept_apart(o, c)) {
                let salt = self.first_document(c).unwrap_or_default();
                ActorId::from_parts("a", &[entry.id.as_str(), "split", salt])
            } else {
                entry.id
            };
            owner.entry(id.clone()).or_insert(c);
            let cluster = self.cluster(c);
            for &n in &cluster.nodes {
                actor_of[n.0 as usize][n.1 as usize] = id.clone();
            }
            let actor = actors.entry(id.clone()).or_insert_with(|| Actor {
                actor_id: id.clone(),
                name: entry.name,
                kind: self.actor(cluster.nodes[0]).kind,
                code: entry.code,
                sector: entry.sectors.first().copied(),
                other_sectors: entry.sectors.iter().skip(1).copied().collect(),
                wikidata_id: entry.wikidata_id,
                aliases: Vec::new(),
                reasons: Vec::new(),
                excluded: entry.excluded,
            });
            actor.aliases.extend(entry.aliases);
            actor.reasons.extend(cluster.reasons.iter().cloned());
            id_of[c] = id;
        }
        for a in actors.values_mut() {
            a.aliases.sort();
            a.aliases.dedup();
            a.reasons.sort();
            a.reasons.dedup();
        }
        let roles = self.roles(&whole, &id_of);
        ActorsJoined { actors: actors.into_values().collect(), actor_of, roles, notes: self.notes }
    }

    /// Offices by actor, then office, then document; what tables say once.
    fn roles(&self, whole: &[usize], id_of: &[ActorId]) -> Vec<ActorRole> {
        let mut roles: Vec<(&ActorId, &OfficeHeld, Option<u32>)> = Vec::new();
        for &c in whole {
            for &n in &self.cluster(c).nodes {
                let doc = |office: &OfficeHeld| (office.basis == "text").then_some(n.0);
                roles.extend(self.actor(n).offices.iter().map(|o| (&id_of[c], o, doc(o))));
            }
        }
        let doc = |d: Option<u32>| d.map(|d| &self.docs[d as usize].annotated.article.doc_id);
        roles.sort_by(|a, b| {
            (a.0, &a.1.office, &a.1.code, &a.1.start)
                .cmp(&(b.0, &b.1.office, &b.1.code, &b.1.start))
                .then_with(|| doc(a.2).cmp(&doc(b.2)))
                .then_with(|| a.1.span.cmp(&b.1.span))
        });
        roles.dedup_by(|a, b| a.2.is_none() && b.2.is_none() && a == b);
        roles
            .into_iter()
            .map(|(id, office, doc)| ActorRole { actor_id: id.clone(), office: office.clone(), doc })
            .collect()
    }
}
