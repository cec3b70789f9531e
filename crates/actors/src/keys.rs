//! Keys by which documents can be compared before their actors are joined.
//!
//! Two accounts of one happening name the same persons in other spellings. A key is a short string that such spellings
//! mostly share; equal keys are a hint, not proof (use [`crate::match_names`] to confirm).

use crate::names::{name_words, skeleton};
use polybius_text::{ActorKind, CodedDocument};

/// One comparable key of a person or office in a document.
#[derive(Debug, Clone, PartialEq)]
pub struct PersonKey {
    /// `t:person:hassan-haddad` (row of the tables), `s:RN` (consonants of the surname), `o:head-of-state:IRN` (office).
    pub key: String,
    /// Index into [`CodedDocument::doc_actors`].
    pub actor: u32,
    /// 0 to 1: how much an equal key says. Table rows 1.0, offices 0.6, surname consonants 0.3 to 0.7 by their number.
    pub weight: f32,
}

/// Keys of every person that may act, sorted by key, each key once a document. Reporters and other excluded actors give none.
pub fn person_keys(doc: &CodedDocument) -> Vec<PersonKey> {
    let mut keys = Vec::new();
    for (i, actor) in doc.doc_actors.iter().enumerate() {
        if actor.kind != ActorKind::Person || !actor.excluded.is_empty() {
            continue;
        }
        let mut add = |key: String, weight: f32| keys.push(PersonKey { key, actor: i as u32, weight });
        if let Some(id) = &actor.table_id {
            add(format!("t:{id}"), 1.0);
        }
        for name in &actor.names {
            if let Some(bones) = name_words(name).last().map(|w| skeleton(w)).filter(|s| s.len() > 1) {
                let weight = (0.1 + 0.15 * bones.len() as f32).min(0.7);
                add(format!("s:{bones}"), weight);
            }
        }
        for office in actor.offices.iter().filter(|o| o.basis == "text" && !o.code.is_empty()) {
            add(format!("o:{}:{}", office.office, office.code), 0.6);
        }
    }
    keys.sort_by(|a, b| a.key.cmp(&b.key).then(a.actor.cmp(&b.actor)));
    keys.dedup_by(|a, b| a.key == b.key);
    keys
}
