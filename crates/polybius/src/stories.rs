//! `polybius stories`: what happened, when, in how many documents and from how many origins.

use crate::args::StoriesArgs;
use crate::days;
use crate::failure::Failure;
use crate::find::stories_by_number;
use crate::table::{Column, Table};
use crate::term::{Style, Terminal, Text};
use polybius_store::Store;
use polybius_store::rows::{ClaimRow, DocumentRow, RejectRow, StoryRow};
use serde_json::json;
use std::collections::BTreeMap;

/// Lists the stories.
pub fn stories(args: &StoriesArgs) -> Result<(), Failure> {
    let store = args.store.open()?;
    let stories = stories_by_number(&store)?;
    let claims = claims_by_story(&store)?;
    let documents: Vec<DocumentRow> = store.read()?;
    let terminal = Terminal::of_stdout();
    let lines = if args.json {
        stories.iter().enumerate().map(|(n, s)| Text::raw(json_line(n + 1, s, &claims, &documents))).collect()
    } else {
        let rejects: Vec<RejectRow> = store.read()?;
        listing(
            &stories,
            &claims,
            &documents,
            rejects.len(),
            &args.store.store.display().to_string(),
            &terminal,
        )
    };
    terminal.print(&lines).map_err(|e| Failure::caused("cannot write to standard output", &e))
}

/// Numbers of claims of a story.
#[derive(Debug, Default, Clone, Copy)]
struct ClaimCounts {
    all: usize,
    corroborated: usize,
    differs: usize,
    contradicted: usize,
}

fn claims_by_story(store: &Store) -> Result<BTreeMap<String, ClaimCounts>, Failure> {
    let mut counts: BTreeMap<String, ClaimCounts> = BTreeMap::new();
    for claim in store.read::<ClaimRow>()? {
        let c = counts.entry(claim.story_id).or_default();
        c.all += 1;
        match claim.verdict.as_str() {
            "corroborated" => c.corroborated += 1,
            "differs" => c.differs += 1,
            "contradicted" | "self-inconsistent" => c.contradicted += 1,
            _ => {}
        }
    }
    Ok(counts)
}

fn json_line(
    number: usize,
    story: &StoryRow,
    claims: &BTreeMap<String, ClaimCounts>,
    documents: &[DocumentRow],
) -> String {
    let counts = claims.get(&story.story_id).copied().unwrap_or_default();
    let mut paths: Vec<&str> =
        documents.iter().filter(|d| d.story_id == story.story_id).map(|d| d.path.as_str()).collect();
    paths.sort_unstable();
    json!({
        "number": number, "story_id": story.story_id, "title": story.title, "date_start": story.date_start,
        "date_end": story.date_end, "n_documents": story.n_documents, "n_origins": story.n_origins,
        "n_claims": counts.all, "n_corroborated": counts.corroborated, "n_differs": counts.differs,
        "n_contradicted": counts.contradicted, "documents": paths,
    })
    .to_string()
}

fn listing(
    stories: &[StoryRow],
    claims: &BTreeMap<String, ClaimCounts>,
    documents: &[DocumentRow],
    rejects: usize,
    store: &str,
    terminal: &Terminal,
) -> Vec<Text> {
    let mut table = Table::new(vec![
        Column::new("#").right(),
        Column::new("story").wraps(24),
        Column::new("when").wraps(12),
        Column::new("docs").right(),
        Column::new("origins").right(),
        Column::new("claims").right().only_from(96),
        Column::new("agree").right().only_from(96),
        Column::new("differ").right().only_from(96),
        Column::new("contradict").right().only_from(112),
        Column::new("id").only_from(132),
    ]);
    let number = |n: usize, style: Style| match n {
        0 => Text::styled(Style::Faint, "-"),
        n => Text::styled(style, &n.to_string()),
    };
    for (n, s) in stories.iter().enumerate() {
        let c = claims.get(&s.story_id).copied().unwrap_or_default();
        let when = days::range(s.date_start.as_deref(), s.date_end.as_deref());
        let when = if when.is_empty() { Text::styled(Style::Faint, "no date") } else { Text::plain(&when) };
        table.row(vec![
            Text::styled(Style::Key, &(n + 1).to_string()),
            Text::styled(
                Style::Strong,
                days::without_end(&s.title, s.date_start.as_deref(), s.date_end.as_deref()),
            ),
            when,
            Text::plain(&s.n_documents.to_string()),
            Text::plain(&s.n_origins.to_string()),
            number(c.all, Style::Plain),
            number(c.corroborated, Style::Good),
            number(c.differs, Style::Warn),
            number(c.contradicted, Style::Bad),
            Text::styled(Style::Faint, &s.story_id),
        ]);
    }
    let mut lines = if stories.is_empty() { Vec::new() } else { table.lines(terminal.width) };
    let mut totals = format!(
        "{}, {}",
        days::count(stories.len(), "story", "stories"),
        days::count(documents.len(), "document", "documents")
    );
    if rejects > 0 {
        totals.push_str(&format!(
            ", {} (polybius export --table rejects --store {store})",
            days::count(rejects, "page without an article", "pages without an article")
        ));
    }
    lines.push(Text::new());
    lines.extend(Text::styled(Style::Faint, &totals).wrapped(terminal.width));
    if !stories.is_empty() {
        let next = format!("next: polybius story 1 --store {store}");
        lines.extend(Text::styled(Style::Faint, &next).wrapped(terminal.width));
    }
    lines
}
