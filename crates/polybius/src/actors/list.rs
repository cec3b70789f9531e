//! `polybius actors list`.

use super::args::ListArgs;
use crate::failure::Failure;
use crate::table::{Column, Table};
use crate::term::{Style, Terminal, Text};
use polybius_actors::fold;
use polybius_store::rows::ActorRow;
use polybius_view::actor::{Actors, Office, office_words};
use serde_json::json;
use std::collections::BTreeSet;

/// Lists actors, most mentioned first.
pub fn list(args: &ListArgs) -> Result<(), Failure> {
    let store = args.store.open()?;
    let actors = Actors::read(&store)?;
    let mut rows: Vec<(&ActorRow, usize, usize, Option<Office>)> = actors
        .rows
        .iter()
        .map(|a| {
            let mentions = actors.mentions(&a.actor_id);
            let documents: BTreeSet<&str> = mentions.iter().map(|m| m.doc_id.as_str()).collect();
            (a, mentions.len(), documents.len(), actors.offices(&a.actor_id, args.on).into_iter().next())
        })
        .filter(|(a, _, _, office)| wanted(a, office.as_ref(), args))
        .collect();
    rows.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.name.cmp(&b.0.name)).then(a.0.actor_id.cmp(&b.0.actor_id)));
    rows.truncate(args.limit.unwrap_or(usize::MAX));
    let terminal = Terminal::of_stdout();
    let lines: Vec<Text> = if args.json {
        let object = |(a, mentions, documents, office): &(&ActorRow, usize, usize, Option<Office>)| {
            let object = json!({
                "actor_id": a.actor_id, "name": a.name, "kind": a.kind, "code": a.code, "sector": a.sector,
                "other_sectors": a.other_sectors, "wikidata_id": a.wikidata_id, "aliases": a.aliases,
                "excluded": a.excluded, "office": office, "mentions": mentions, "documents": documents,
            });
            Text::raw(object.to_string())
        };
        rows.iter().map(object).collect()
    } else {
        let mut table = Table::new(vec![
            Column::new("actor").wraps(16),
            Column::new("code"),
            Column::new("sector"),
            Column::new("kind").only_from(90),
            Column::new("office").wraps(16),
            Column::new("mentions").right(),
            Column::new("documents").right(),
        ]);
        for (a, mentions, documents, office) in &rows {
            table.row(vec![
                Text::styled(Style::Strong, &a.name),
                Text::plain(&a.code),
                Text::plain(&a.sector),
                Text::styled(Style::Faint, &a.kind),
                Text::plain(&office.as_ref().map_or(a.excluded.clone(), office_words)),
                Text::plain(&mentions.to_string()),
                Text::plain(&documents.to_string()),
            ]);
        }
        table.lines(terminal.width)
    };
    terminal.print(&lines).map_err(|e| Failure::caused("cannot write to standard output", &e))?;
    if rows.is_empty() {
        eprintln!("no actor fits; `polybius actors list --all` lists every one");
    }
    Ok(())
}

fn wanted(a: &ActorRow, office: Option<&Office>, args: &ListArgs) -> bool {
    let same = |asked: &Option<String>, is: &dyn Fn(&str) -> bool| asked.as_deref().is_none_or(is);
    let text = |asked: &str| {
        let asked = fold(asked);
        a.aliases.iter().chain([&a.name]).any(|n| fold(n).contains(&asked))
            || office.is_some_and(|o| fold(&o.title).contains(&asked) || fold(&o.office).contains(&asked))
    };
    (args.all || a.excluded.is_empty())
        && same(&args.code, &|c| a.code.eq_ignore_ascii_case(c))
        && same(&args.sector, &|s| {
            a.sector.eq_ignore_ascii_case(s) || a.other_sectors.iter().any(|o| o.eq_ignore_ascii_case(s))
        })
        && same(&args.kind, &|k| a.kind.eq_ignore_ascii_case(k))
        && same(&args.text, &text)
}
