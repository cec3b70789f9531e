//! `polybius quotes`: who is said to have said what, filtered.

use crate::args::QuotesArgs;
use crate::days;
use crate::failure::Failure;
use crate::find::{find_story, stories_by_number};
use crate::table::{Column, Table};
use crate::term::{Style, Terminal, Text};
use polybius_store::fold_name;
use polybius_store::rows::{ActorRow, DocumentRow, QuoteRow};
use polybius_view::labels;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const KINDS: [&str; 3] = ["direct", "indirect", "mixed"];

/// Lists the quotes that pass every filter, by document and place in it.
pub fn quotes(args: &QuotesArgs) -> Result<(), Failure> {
    if let Some(kind) = args.kind.as_ref().filter(|k| !KINDS.contains(&k.as_str())) {
        return Err(
            Failure::new(format!("there is no kind `{kind}`")).hint(&format!("one of {}", KINDS.join(", ")))
        );
    }
    let store = args.store.open()?;
    let story_id = match &args.story {
        None => None,
        Some(key) => {
            let stories = stories_by_number(&store)?;
            Some(stories[find_story(&stories, key, &store)?].story_id.clone())
        }
    };
    let mut documents: Vec<DocumentRow> = store.read()?;
    documents.sort_by(|a, b| (&a.path, &a.doc_id).cmp(&(&b.path, &b.doc_id)));
    let names = labels(&documents.iter().map(|d| d.path.as_str()).collect::<Vec<_>>());
    let place: BTreeMap<&str, usize> =
        documents.iter().enumerate().map(|(i, d)| (d.doc_id.as_str(), i)).collect();
    let actors: Vec<ActorRow> = store.read()?;
    let actors: BTreeMap<&str, &ActorRow> = actors.iter().map(|a| (a.actor_id.as_str(), a)).collect();
    let all: Vec<QuoteRow> = store.read()?;
    let total = all.len();
    let speaker = args.speaker.as_deref().map(fold_name);
    let mut found: Vec<Said> = all
        .into_iter()
        .filter_map(|row| {
            let at = *place.get(row.doc_id.as_str())?;
            let actor = row.speaker_actor_id.as_deref().and_then(|id| actors.get(id).copied());
            Some(Said { row, at, doc: &documents[at], actor })
        })
        .filter(|q| {
            let words = |w: &str, part: &String| fold_name(w).contains(part.as_str());
            speaker.as_ref().is_none_or(|key| {
                let named = q.actor.is_some_and(|a| {
                    a.code.eq_ignore_ascii_case(key)
                        || words(&a.name, key)
                        || a.aliases.iter().any(|alias| words(alias, key))
                });
                named || words(q.speaker_words(), key)
            }) && args.kind.as_ref().is_none_or(|k| *k == q.row.kind)
                && story_id.as_ref().is_none_or(|id| *id == q.doc.story_id)
                && args.document.as_ref().is_none_or(|part| q.doc.path.contains(part.as_str()))
        })
        .collect();
    found.sort_by_key(|q| (q.at, q.row.start, q.row.end));
    let n_found = found.len();
    found.truncate(args.limit.unwrap_or(usize::MAX));

    let terminal = Terminal::of_stdout();
    let lines = if args.json {
        found.iter().map(|q| Text::raw(q.json().to_string())).collect()
    } else {
        let mut table = Table::new(vec![
            Column::new("speaker").wraps(22),
            Column::new("kind"),
            Column::new("cue").wraps(12),
            Column::new("words").wraps(40),
            Column::new("in"),
        ]);
        for q in &found {
            table.row(q.cells(&names[q.at]));
        }
        let mut lines = if found.is_empty() { Vec::new() } else { table.lines(terminal.width) };
        lines.push(Text::new());
        let mut foot = if n_found == total {
            days::count(total, "quote", "quotes")
        } else {
            format!("{n_found} of {}", days::count(total, "quote", "quotes"))
        };
        if found.len() < n_found {
            foot.push_str(&format!(", {} shown", found.len()));
        }
        lines.extend(Text::styled(Style::Faint, &foot).wrapped(terminal.width));
        lines
    };
    terminal.print(&lines).map_err(|e| Failure::caused("cannot write to standard output", &e))
}

/// A quote with its document and its speaker, where the store knows one.
struct Said<'s> {
    row: QuoteRow,
    /// Place of the document in the list.
    at: usize,
    doc: &'s DocumentRow,
    actor: Option<&'s ActorRow>,
}

impl Said<'_> {
    fn slice(&self, start: Option<u32>, end: Option<u32>) -> &str {
        let range = start.zip(end).and_then(|(s, e)| self.doc.text.get(s as usize..e as usize));
        range.unwrap_or("")
    }

    fn speaker_words(&self) -> &str {
        self.slice(self.row.speaker_start, self.row.speaker_end)
    }

    fn cells(&self, label: &str) -> Vec<Text> {
        let words = self.speaker_words();
        let mut speaker = match self.actor {
            Some(a) => Text::plain(&a.name),
            None if words.is_empty() => Text::styled(Style::Faint, "?"),
            None => Text::plain(words),
        };
        if let Some(a) = self.actor.filter(|a| !a.code.is_empty()) {
            speaker.push(Style::Faint, &format!(" {}", a.code));
        }
        vec![
            speaker,
            Text::styled(Style::Faint, &self.row.kind),
            Text::plain(self.slice(self.row.cue_start, self.row.cue_end)),
            Text::plain(self.slice(Some(self.row.start), Some(self.row.end))),
            Text::styled(Style::Key, label),
        ]
    }

    /// The row of the table with its words, and who speaks.
    fn json(&self) -> Value {
        let mut value = serde_json::to_value(&self.row).expect("plain data");
        if let Value::Object(map) = &mut value {
            map.insert("path".to_string(), json!(self.doc.path));
            map.insert("story_id".to_string(), json!(self.doc.story_id));
            map.insert("text".to_string(), json!(self.slice(Some(self.row.start), Some(self.row.end))));
            map.insert("cue".to_string(), json!(self.slice(self.row.cue_start, self.row.cue_end)));
            map.insert("speaker_text".to_string(), json!(self.speaker_words()));
            map.insert("speaker_name".to_string(), json!(self.actor.map(|a| a.name.as_str())));
            map.insert("speaker_code".to_string(), json!(self.actor.map(|a| a.code.as_str())));
        }
        value
    }
}
