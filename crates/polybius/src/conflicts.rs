//! `polybius conflicts`: where accounts disagree, with the values, who gives them, and why it is a conflict.

use crate::args::ConflictsArgs;
use crate::days;
use crate::failure::Failure;
use crate::find::{stories_by_number, story_id_of};
use crate::term::{Style, Terminal, Text, shortened};
use polybius_store::Store;
use polybius_store::rows::{ClaimRow, ConflictRow, DocumentRow, ValueRow};
use polybius_view::labels;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Columns of the words that are shown of one value.
const WORDS: usize = 240;

/// Lists the conflicts that pass every filter: by story, hard ones first.
pub fn conflicts(args: &ConflictsArgs) -> Result<(), Failure> {
    let store = Store::open(&args.store.store)?;
    let all = Conflicts::read(&store)?;
    let fields: BTreeSet<&str> = all.rows.iter().map(|c| c.field.as_str()).collect();
    if let Some(field) = args.field.as_ref().filter(|f| !fields.contains(f.as_str()) && !fields.is_empty()) {
        let known: Vec<&str> = fields.into_iter().collect();
        return Err(Failure::new(format!("no conflict is about `{field}`"))
            .hint(&format!("fields of this store: {}", known.join(", "))));
    }
    let story_id = story_id_of(args.story.as_ref(), &store)?;
    let mut found: Vec<&ConflictRow> = all
        .rows
        .iter()
        .filter(|c| {
            args.field.as_ref().is_none_or(|f| *f == c.field)
                && (!args.hard || c.hard)
                && (!args.soft || !c.hard)
                && story_id.as_ref().is_none_or(|s| *s == c.story_id)
                && args.document.as_ref().is_none_or(|part| all.given_by(c, part))
        })
        .collect();
    let n_found = found.len();
    found.truncate(args.limit.unwrap_or(usize::MAX));
    let terminal = Terminal::of_stdout();
    let lines = if args.json {
        found.iter().map(|c| Text::raw(all.json(c).to_string())).collect()
    } else {
        let mut lines: Vec<Text> = found.iter().flat_map(|c| all.card(c, terminal.width)).collect();
        let total = days::count(all.rows.len(), "conflict", "conflicts");
        let mut foot = if n_found == all.rows.len() { total } else { format!("{n_found} of {total}") };
        if found.len() < n_found {
            foot.push_str(&format!(", {} shown", found.len()));
        }
        lines.push(Text::styled(Style::Faint, &foot));
        lines
    };
    terminal.print(&lines).map_err(|e| Failure::caused("cannot write to standard output", &e))
}

/// Conflicts with what they are shown by.
struct Conflicts {
    /// By number of the story, hard ones first.
    rows: Vec<ConflictRow>,
    documents: Vec<DocumentRow>,
    labels: Vec<String>,
    /// Place of a document by its id.
    place: BTreeMap<String, usize>,
    /// Number and title of a story by its id.
    stories: BTreeMap<String, (usize, String)>,
    claims: BTreeMap<String, String>,
}

impl Conflicts {
    fn read(store: &Store) -> Result<Conflicts, Failure> {
        let mut documents: Vec<DocumentRow> = store.read()?;
        documents.sort_by(|a, b| (&a.path, &a.doc_id).cmp(&(&b.path, &b.doc_id)));
        let labels = labels(&documents.iter().map(|d| d.path.as_str()).collect::<Vec<_>>());
        let place = documents.iter().enumerate().map(|(i, d)| (d.doc_id.clone(), i)).collect();
        let stories: BTreeMap<String, (usize, String)> = stories_by_number(store)?
            .into_iter()
            .enumerate()
            .map(|(n, s)| (s.story_id, (n + 1, s.title)))
            .collect();
        let claims = store.read::<ClaimRow>()?.into_iter().map(|c| (c.claim_id, c.claim)).collect();
        let mut rows: Vec<ConflictRow> = store.read()?;
        let number = |c: &ConflictRow| stories.get(&c.story_id).map_or(usize::MAX, |s| s.0);
        rows.sort_by(|a, b| {
            let key = |c: &ConflictRow| (number(c), !c.hard, c.field.clone(), c.conflict_id.clone());
            key(a).cmp(&key(b))
        });
        Ok(Conflicts { rows, documents, labels, place, stories, claims })
    }

    fn document(&self, value: &ValueRow) -> Option<&DocumentRow> {
        self.place.get(&value.doc_id).map(|&i| &self.documents[i])
    }

    fn given_by(&self, conflict: &ConflictRow, part: &str) -> bool {
        conflict.values.iter().filter_map(|v| self.document(v)).any(|d| d.path.contains(part))
    }

    fn words(&self, value: &ValueRow) -> &str {
        let text = self.document(value).and_then(|d| d.text.get(value.start as usize..value.end as usize));
        text.unwrap_or("")
    }

    /// `deaths, hard, story 1`, then each value with its documents and their words.
    fn card(&self, conflict: &ConflictRow, width: usize) -> Vec<Text> {
        let mut head = Text::styled(Style::Strong, &conflict.field);
        let (style, kind) = if conflict.hard { (Style::Bad, "hard") } else { (Style::Warn, "soft") };
        head.push(Style::Plain, " ");
        head.push(style, kind);
        if let Some((number, title)) = self.stories.get(&conflict.story_id) {
            head.push(Style::Faint, &format!(" · story {number}: {title}"));
        }
        let mut lines = head.wrapped(width);
        lines.extend(Text::plain(&conflict.reason).hanging(&Text::blank(2), width));
        if let Some(claim) = conflict.claim_id.as_ref().and_then(|c| self.claims.get(c)) {
            lines.extend(
                Text::styled(Style::Faint, claim).hanging(&Text::styled(Style::Faint, "  about: "), width),
            );
        }
        let mut by_value: Vec<(&str, Vec<&ValueRow>)> = Vec::new();
        for v in &conflict.values {
            match by_value.iter_mut().find(|known| known.0 == v.value) {
                Some(known) => known.1.push(v),
                None => by_value.push((&v.value, vec![v])),
            }
        }
        for (value, owners) in by_value {
            lines.extend(Text::styled(Style::Strong, value).hanging(&Text::blank(4), width));
            for v in owners {
                lines.extend(self.owner(v).hanging(&Text::blank(6), width));
            }
        }
        lines.push(Text::new());
        lines
    }

    /// `004 Pavel Orlo: "..."`.
    fn owner(&self, value: &ValueRow) -> Text {
        let label = self.place.get(&value.doc_id).map_or("?", |&i| self.labels[i].as_str());
        let mut text = Text::styled(Style::Key, label);
        if !value.owner.is_empty() {
            text.push(Style::Plain, &format!(" {}", value.owner));
        }
        let words = shortened(self.words(value), WORDS);
        if !words.is_empty() {
            text.push(Style::Faint, &format!(" “{words}”"));
        }
        text
    }

    /// The row of the table with story, claim, paths and words.
    fn json(&self, conflict: &ConflictRow) -> Value {
        let mut value = serde_json::to_value(conflict).expect("plain data");
        let values: Vec<Value> = conflict
            .values
            .iter()
            .map(|v| {
                let doc = self.document(v);
                json!({
                    "doc_id": v.doc_id, "path": doc.map(|d| d.path.as_str()),
                    "outlet": doc.and_then(|d| d.outlet.as_deref()), "value": v.value, "owner": v.owner,
                    "start": v.start, "end": v.end, "text": self.words(v),
                })
            })
            .collect();
        let story = self.stories.get(&conflict.story_id);
        let claim = conflict.claim_id.as_ref().and_then(|c| self.claims.get(c));
        if let Value::Object(map) = &mut value {
            map.insert("values".to_string(), json!(values));
            map.insert("story".to_string(), json!(story.map(|s| s.0)));
            map.insert("claim".to_string(), json!(claim));
        }
        value
    }
}
