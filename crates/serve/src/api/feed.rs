//! New and changed stories and conflicts, as an Atom feed.

use super::claims::conflict_item;
use super::stories::filter;
use super::{Answer, Context};
use crate::problem::Problem;
use crate::request::Request;
use crate::snapshot::StoryItem;
use std::fmt::Write;

/// Entries at most.
const ENTRIES: usize = 200;

struct Entry {
    updated: String,
    kind: &'static str,
    id: String,
    title: String,
    link: String,
    summary: String,
}

/// The feed, newest first.
pub fn feed(c: &Context<'_>, request: &Request) -> Result<Answer, Problem> {
    let s = c.snapshot;
    let kinds = request.some_of("kind", &["story", "conflict"])?;
    let asked = |kind: &str| kinds.is_empty() || kinds.contains(&kind);
    let passes = filter(s, request)?;
    let mut entries = Vec::new();
    for (n, e) in s.stories.iter().enumerate().filter(|(n, e)| passes(*n, e)) {
        if asked("story") {
            entries.push(story_entry(&e.item, c.app.updated(&e.row.story_id)));
        }
        if asked("conflict") && e.item.n_conflicts > 0 {
            entries.extend(conflict_entries(c, n));
        }
    }
    entries.sort_by(|a, b| b.updated.cmp(&a.updated).then(a.id.cmp(&b.id)));
    entries.truncate(ENTRIES);
    let body = xml(&entries, &c.app.options.name, &c.app.stamp());
    Ok(Answer {
        status: 200,
        content_type: "application/atom+xml; charset=utf-8",
        body: body.into_bytes(),
        attachment: None,
    })
}

fn story_entry(item: &StoryItem, updated: String) -> Entry {
    let days = polybius_view::days::range(item.date_start.as_deref(), item.date_end.as_deref());
    let summary = format!(
        "{}{} documents, {} origins; claims: {} corroborated, {} differ, {} contradicted; {} conflicts",
        if days.is_empty() { String::new() } else { format!("{days}. ") },
        item.n_documents,
        item.n_origins,
        item.n_corroborated,
        item.n_differs,
        item.n_contradicted,
        item.n_conflicts,
    );
    Entry {
        updated,
        kind: "story",
        id: format!("urn:polybius:story:{}", item.story_id),
        title: item.title.clone(),
        link: format!("/#/stories/{}", item.story_id),
        summary,
    }
}

fn conflict_entries(c: &Context<'_>, story: usize) -> Vec<Entry> {
    let s = c.snapshot;
    let rows = s.by_story.conflicts.of(story);
    let entry = |row: polybius_store::rows::ConflictRow| {
        let item = conflict_item(s, story, row);
        let text = |key: &str| item[key].as_str().unwrap_or("").to_string();
        let values: Vec<String> = item["values"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|v| format!("{} ({})", v["value"].as_str().unwrap_or(""), v["label"].as_str().unwrap_or("")))
            .collect();
        Entry {
            updated: c.app.updated(&text("conflict_id")),
            kind: "conflict",
            id: format!("urn:polybius:conflict:{}", text("conflict_id")),
            title: format!("Accounts disagree on {}: {}", text("field"), text("story_title")),
            link: format!("/#/stories/{}", text("story_id")),
            summary: format!("{} {}", text("reason"), values.join("; ")),
        }
    };
    rows.into_iter().map(entry).collect()
}

fn xml(entries: &[Entry], name: &str, stamp: &str) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n",
    );
    let _ = writeln!(
        out,
        "<title>Polybius: {}</title><id>urn:polybius:store</id><updated>{}</updated><author><name>Polybius</name></author>",
        escaped(name),
        escaped(stamp)
    );
    out.push_str("<link rel=\"self\" href=\"/api/v1/feed.atom\"/>\n");
    for e in entries {
        let _ = writeln!(
            out,
            "<entry><id>{}</id><title>{}</title><updated>{}</updated><link href=\"{}\"/><category term=\"{}\"/><summary>{}</summary></entry>",
            escaped(&e.id),
            escaped(&e.title),
            escaped(&e.updated),
            escaped(&e.link),
            e.kind,
            escaped(&e.summary)
        );
    }
    out.push_str("</feed>\n");
    out
}

/// Text inside XML; characters that XML does not have are left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(' '),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_a_title_stays_text() {
        assert_eq!(escaped("<script>\u{0}a & \"b\"\n"), "&lt;script&gt;a &amp; &quot;b&quot; ");
    }
}
