//! What a store says of each actor: names, offices, mentions, with the words they rest on.
#![allow(missing_docs)]

use crate::labels;
use jiff::civil::Date;
use polybius_actors::fold;
use polybius_store::rows::{ActorRow, DocumentRow, MentionRow, RoleRow};
use polybius_store::{Store, StoreError};
use serde::Serialize;
use std::collections::BTreeMap;

/// All that the store says of its actors.
pub struct Actors {
    pub rows: Vec<ActorRow>,
    pub documents: Vec<DocumentRow>,
    /// Short labels of the documents, by document id.
    labels: BTreeMap<String, String>,
    /// Places in `documents`, by document id.
    index: BTreeMap<String, usize>,
    mentions: BTreeMap<String, Vec<MentionRow>>,
    roles: BTreeMap<String, Vec<RoleRow>>,
}

/// Words of a document.
#[derive(Debug, Clone, Serialize)]
pub struct Evidence {
    /// Short label of the document.
    pub document: String,
    pub doc_id: String,
    pub path: String,
    pub start: u32,
    pub end: u32,
    /// The words with a few around them, on one line.
    pub words: String,
}

/// A name of an actor, as often as the documents print it.
#[derive(Debug, Serialize)]
pub struct Alias {
    pub name: String,
    /// 0 for a name that only a table knows.
    pub mentions: usize,
    pub documents: usize,
    /// How the first was linked.
    pub basis: String,
    pub evidence: Option<Evidence>,
}

/// An office with its days.
#[derive(Debug, Clone, Serialize)]
pub struct Office {
    pub office: String,
    pub title: String,
    pub code: String,
    pub sector: String,
    pub start_date: String,
    pub end_date: String,
    pub qualifier: String,
    /// `text`, `table` or `import`.
    pub basis: String,
    pub evidence: Option<Evidence>,
}

/// Mentions in one document.
#[derive(Debug, Serialize)]
pub struct InDocument {
    pub document: String,
    pub doc_id: String,
    pub path: String,
    pub named: usize,
    pub described: usize,
    pub pronouns: usize,
    /// The first two.
    pub evidence: Vec<Evidence>,
}

impl Actors {
    /// Reads the tables of a store.
    pub fn read(store: &Store) -> Result<Actors, StoreError> {
        let documents: Vec<DocumentRow> = store.read()?;
        let paths: Vec<&str> = documents.iter().map(|d| d.path.as_str()).collect();
        let short = labels(&paths);
        let labels = documents.iter().zip(short).map(|(d, l)| (d.doc_id.clone(), l)).collect();
        Ok(Actors::of(store.read()?, documents, labels, store.read()?, store.read()?))
    }

    /// Sets the rows of some actors in order. `labels`: short labels of the documents, by document id.
    pub fn of(
        rows: Vec<ActorRow>,
        documents: Vec<DocumentRow>,
        labels: BTreeMap<String, String>,
        all_mentions: Vec<MentionRow>,
        all_roles: Vec<RoleRow>,
    ) -> Actors {
        let mut mentions: BTreeMap<String, Vec<MentionRow>> = BTreeMap::new();
        for m in all_mentions {
            if let Some(id) = m.actor_id.clone() {
                mentions.entry(id).or_default().push(m);
            }
        }
        let mut roles: BTreeMap<String, Vec<RoleRow>> = BTreeMap::new();
        for r in all_roles {
            roles.entry(r.actor_id.clone()).or_default().push(r);
        }
        let index = documents.iter().enumerate().map(|(i, d)| (d.doc_id.clone(), i)).collect();
        Actors { rows, documents, labels, index, mentions, roles }
    }

    /// All mentions of an actor, document after document.
    pub fn mentions(&self, actor_id: &str) -> &[MentionRow] {
        self.mentions.get(actor_id).map_or(&[], Vec::as_slice)
    }

    /// Names in the order of their frequency, then those that no document prints.
    pub fn aliases(&self, actor: &ActorRow) -> Vec<Alias> {
        let mut aliases: Vec<Alias> = actor
            .aliases
            .iter()
            .map(|name| {
                let folded = fold(name);
                let printed = |m: &&MentionRow| m.kind == "named" && holds_words(&fold(&m.text), &folded);
                // The longest alias that a mention prints is the one it is of.
                let longest = |m: &&MentionRow| {
                    let text = fold(&m.text);
                    let longer = |o: &String| {
                        let other = fold(o);
                        other.len() > folded.len() && other.contains(&folded) && holds_words(&text, &other)
                    };
                    !actor.aliases.iter().any(longer)
                };
                let of: Vec<&MentionRow> =
                    self.mentions(&actor.actor_id).iter().filter(printed).filter(longest).collect();
                let mut documents: Vec<&str> = of.iter().map(|m| m.doc_id.as_str()).collect();
                documents.sort_unstable();
                documents.dedup();
                Alias {
                    name: name.clone(),
                    mentions: of.len(),
                    documents: documents.len(),
                    basis: of.first().map_or("table", |m| m.basis.as_str()).to_string(),
                    evidence: of.first().and_then(|m| self.evidence(&m.doc_id, m.start, m.end)),
                }
            })
            .collect();
        aliases.sort_by(|a, b| b.mentions.cmp(&a.mentions).then(a.name.cmp(&b.name)));
        aliases
    }

    /// Offices, the latest first; of equal ones the first is kept. `day`: only those held then, and those without days.
    pub fn offices(&self, actor_id: &str, day: Option<Date>) -> Vec<Office> {
        let mut offices: Vec<Office> = Vec::new();
        for r in self.roles.get(actor_id).map_or(&[][..], Vec::as_slice) {
            let same = |o: &Office| {
                (&o.office, &o.code, &o.basis, &o.start_date, &o.qualifier)
                    == (&r.office, &r.code, &r.basis, &r.start_date, &r.qualifier)
            };
            if offices.iter().any(same) || day.is_some_and(|d| !holds_on(&r.start_date, &r.end_date, d)) {
                continue;
            }
            let evidence = match (&r.doc_id, r.start, r.end) {
                (Some(doc), Some(start), Some(end)) => self.evidence(doc, start, end),
                _ => None,
            };
            offices.push(Office {
                office: r.office.clone(),
                title: r.title.clone(),
                code: r.code.clone(),
                sector: r.sector.clone(),
                start_date: r.start_date.clone(),
                end_date: r.end_date.clone(),
                qualifier: r.qualifier.clone(),
                basis: r.basis.clone(),
                evidence,
            });
        }
        offices.sort_by(|a, b| {
            let key = |o: &Office| (o.start_date.clone(), o.basis == "text");
            key(b).cmp(&key(a)).then(a.office.cmp(&b.office))
        });
        offices
    }

    /// Mentions document by document, in the order of the documents.
    pub fn by_document(&self, actor_id: &str) -> Vec<InDocument> {
        let mut by_doc: BTreeMap<&str, Vec<&MentionRow>> = BTreeMap::new();
        for m in self.mentions(actor_id) {
            by_doc.entry(&m.doc_id).or_default().push(m);
        }
        let mut all: Vec<InDocument> = Vec::new();
        for (doc_id, of) in by_doc {
            let Some(doc) = self.index.get(doc_id).map(|&i| &self.documents[i]) else { continue };
            let count = |kind: &str| of.iter().filter(|m| m.kind == kind).count();
            all.push(InDocument {
                document: self.labels.get(doc_id).cloned().unwrap_or_default(),
                doc_id: doc_id.to_string(),
                path: doc.path.clone(),
                named: count("named"),
                described: count("nominal") + count("implied"),
                pronouns: count("pronoun"),
                evidence: of
                    .iter()
                    .take(2)
                    .filter_map(|m| self.evidence(&m.doc_id, m.start, m.end))
                    .collect(),
            });
        }
        all.sort_by(|a, b| (&a.path, &a.doc_id).cmp(&(&b.path, &b.doc_id)));
        all
    }

    fn evidence(&self, doc_id: &str, start: u32, end: u32) -> Option<Evidence> {
        let doc = &self.documents[*self.index.get(doc_id)?];
        doc.text.get(start as usize..end as usize)?;
        Some(Evidence {
            document: self.labels.get(doc_id)?.clone(),
            doc_id: doc_id.to_string(),
            path: doc.path.clone(),
            start,
            end,
            words: around(&doc.text, start as usize, end as usize),
        })
    }
}

/// An office in a few words: as printed, else its id, with what the text says of it.
pub fn office_words(o: &Office) -> String {
    let title = if o.title.is_empty() { o.office.replace('-', " ") } else { o.title.clone() };
    let told = o.qualifier.is_empty() || title.to_lowercase().contains(&o.qualifier);
    if told { title } else { format!("{} {title}", o.qualifier) }
}

/// Bytes shown on either side of the words that count.
const AROUND: usize = 40;

fn around(text: &str, start: usize, end: usize) -> String {
    let mut from = start.saturating_sub(AROUND);
    let mut to = (end + AROUND).min(text.len());
    while !text.is_char_boundary(from) {
        from += 1;
    }
    while !text.is_char_boundary(to) {
        to -= 1;
    }
    // Whole words, and nothing of another line.
    let left = text[from..start].rsplit('\n').next().unwrap_or("");
    let left =
        if from > 0 && left.len() == start - from { left.split_once(' ').map_or("", |x| x.1) } else { left };
    let right = text[end..to].split('\n').next().unwrap_or("");
    let right = if to < text.len() && right.len() == to - end {
        right.rsplit_once(' ').map_or("", |x| x.0)
    } else {
        right
    };
    format!("{left}{}{right}", &text[start..end]).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn holds_words(text: &str, words: &str) -> bool {
    !words.is_empty() && format!(" {text} ").contains(&format!(" {words} "))
}

/// Whether an office with these ISO days or prefixes, the end exclusive, was held on a day; open ends reach everywhere.
pub fn holds_on(start: &str, end: &str, day: Date) -> bool {
    let day = day.to_string();
    let at = |s: &str| day.get(..s.len()).unwrap_or(&day).to_string();
    let begun = start.is_empty() || start <= at(start).as_str();
    let over = !end.is_empty() && if end.len() < 10 { end < at(end).as_str() } else { end <= day.as_str() };
    begun && !over
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_office_is_held_from_its_first_day_until_the_day_before_its_end() {
        let day = |s: &str| s.parse::<Date>().expect("a day");
        assert!(holds_on("2018-04-02", "", day("2018-04-02")));
        assert!(!holds_on("2018-04-02", "", day("2018-04-01")));
        assert!(!holds_on("2013-01", "2018-04-02", day("2018-04-02")));
        assert!(holds_on("2013-01", "2018", day("2018-03-05")));
    }

    #[test]
    fn evidence_is_cut_at_words_and_lines() {
        let text =
            "A line before.\nThe colonel Goita spoke on Monday evening in the capital of his country Mali.";
        let at = text.find("Goita").expect("there");
        assert_eq!(around(text, at, at + 5), "The colonel Goita spoke on Monday evening in the capital");
    }
}
