//! Document actors that are one actor, with what joining asks of them again and again.

use super::Node;
use crate::names::name_words;
use polybius_text::DocActor;
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;

/// Document actors that are one.
pub(super) struct Cluster<'d> {
    pub nodes: Vec<Node>,
    pub reasons: BTreeSet<String>,
    /// Every name form of the members, sorted, each once.
    pub names: Vec<&'d str>,
    /// Codes that texts or tables tell.
    pub codes: BTreeSet<&'d str>,
    /// Whether a member may never be a party.
    pub excluded: bool,
    /// The table row of the first member that has one.
    pub table_id: Option<&'d str>,
    /// The same for rows of persons, without what says so.
    pub person_id: Option<&'d str>,
    /// Documents of the members, ascending.
    docs: Vec<u32>,
    /// How many members have each fullest name.
    forms: FxHashMap<&'d str, u32>,
}

impl<'d> Cluster<'d> {
    pub(super) fn of(node: Node, actor: &'d DocActor) -> Cluster<'d> {
        let mut cluster = Cluster {
            nodes: Vec::new(),
            reasons: BTreeSet::new(),
            names: Vec::new(),
            codes: BTreeSet::new(),
            excluded: false,
            table_id: None,
            person_id: None,
            docs: Vec::new(),
            forms: FxHashMap::default(),
        };
        cluster.add(node, actor);
        cluster
    }

    pub(super) fn add(&mut self, node: Node, actor: &'d DocActor) {
        self.nodes.push(node);
        for name in &actor.names {
            insert(&mut self.names, name.as_str());
        }
        if !actor.code.is_empty() && !actor.basis.starts_with("no office") {
            self.codes.insert(&actor.code);
        }
        self.excluded |= !actor.excluded.is_empty();
        let row = actor.table_id.as_deref();
        self.table_id = self.table_id.or(row);
        self.person_id = self.person_id.or(row.and_then(|id| id.strip_prefix("person:")));
        insert(&mut self.docs, node.0);
        *self.forms.entry(&actor.name).or_default() += 1;
    }

    /// Takes the members of another behind its own.
    pub(super) fn take_in(&mut self, other: Cluster<'d>) {
        self.nodes.extend(other.nodes);
        self.reasons.extend(other.reasons);
        other.names.into_iter().for_each(|n| insert(&mut self.names, n));
        self.codes.extend(other.codes);
        self.excluded |= other.excluded;
        self.table_id = self.table_id.or(other.table_id);
        self.person_id = self.person_id.or(other.person_id);
        other.docs.into_iter().for_each(|d| insert(&mut self.docs, d));
        for (form, n) in other.forms {
            *self.forms.entry(form).or_default() += n;
        }
    }

    /// Whether a document holds members of both.
    pub(super) fn shares_document(&self, other: &Cluster) -> bool {
        let (few, many) = if self.docs.len() <= other.docs.len() { (self, other) } else { (other, self) };
        few.docs.iter().any(|d| many.docs.binary_search(d).is_ok())
    }

    /// The form of most words, of these the most frequent, of these the first in the alphabet.
    pub(super) fn fullest_form(&self) -> String {
        if self.forms.len() == 1 {
            return self.forms.keys().next().map(|n| (*n).to_owned()).unwrap_or_default();
        }
        self.forms
            .iter()
            .map(|(name, n)| (name_words(name).len(), *n, *name))
            .max_by(|a, b| a.0.cmp(&b.0).then(a.1.cmp(&b.1)).then(b.2.cmp(a.2)))
            .map(|(_, _, name)| name.to_owned())
            .unwrap_or_default()
    }
}

/// Puts an item into a sorted list that does not hold it.
fn insert<T: Ord>(list: &mut Vec<T>, item: T) {
    match list.last() {
        None => list.push(item),
        Some(last) if *last < item => list.push(item),
        _ => {
            if let Err(at) = list.binary_search(&item) {
                list.insert(at, item);
            }
        }
    }
}
