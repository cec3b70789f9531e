//! `polybius actors show`.

use super::args::ShowArgs;
use crate::failure::Failure;
use crate::term::{Style, Terminal, Text};
use polybius_actors::fold;
use polybius_store::rows::ActorRow;
use polybius_view::actor::{Actors, Evidence, office_words};
use serde_json::json;

/// Shows one actor.
pub fn show(args: &ShowArgs) -> Result<(), Failure> {
    let store = args.store.open()?;
    let actors = Actors::read(&store)?;
    let actor = find(&actors, &args.name)?;
    let terminal = Terminal::of_stdout();
    let aliases = actors.aliases(actor);
    let offices = actors.offices(&actor.actor_id, args.on);
    let documents = actors.by_document(&actor.actor_id);
    let mut lines: Vec<Text> = Vec::new();
    if args.json {
        let object = json!({
            "actor_id": actor.actor_id, "name": actor.name, "kind": actor.kind, "code": actor.code,
            "sector": actor.sector, "other_sectors": actor.other_sectors, "wikidata_id": actor.wikidata_id,
            "excluded": actor.excluded, "aliases": aliases, "roles": offices, "mentions": documents,
            "reasons": actor.reasons,
        });
        lines.push(Text::raw(object.to_string()));
    } else {
        let mut head = Text::styled(Style::Strong, &actor.name);
        for part in [&actor.code, &actor.sector, &actor.other_sectors.join(" "), &actor.kind] {
            if !part.is_empty() {
                head.push(Style::Faint, &format!("  {part}"));
            }
        }
        head.push(Style::Key, &format!("  {}", actor.actor_id));
        if let Some(id) = &actor.wikidata_id {
            head.push(Style::Key, &format!("  {id}"));
        }
        if !actor.excluded.is_empty() {
            head.push(Style::Warn, &format!("  never a party: {}", actor.excluded));
        }
        lines.push(head);
        heading(&mut lines, "names");
        for a in &aliases {
            let seen = match a.mentions {
                0 => "  (table only)".to_string(),
                n => format!("  {n} in {} documents", a.documents),
            };
            lines.push(Text::blank(2).with(Style::Plain, &a.name).with(Style::Faint, &seen));
            evidence(&mut lines, a.evidence.as_ref(), terminal.width);
        }
        heading(&mut lines, "offices");
        for o in &offices {
            let days = match (o.start_date.as_str(), o.end_date.as_str()) {
                ("", "") => String::new(),
                (start, "") => format!("  since {start}"),
                ("", end) => format!("  until {end}"),
                (start, end) => format!("  {start} to {end}"),
            };
            let mut line = Text::blank(2).with(Style::Plain, &office_words(o));
            line.push(Style::Faint, &format!("  {} {}{days}  ({})", o.code, o.sector, o.basis));
            lines.push(line);
            evidence(&mut lines, o.evidence.as_ref(), terminal.width);
        }
        heading(&mut lines, "mentions");
        for d in &documents {
            let counts = format!("{} named, {} described, {} pronouns", d.named, d.described, d.pronouns);
            let first = Text::blank(2).with(Style::Key, &d.document).with(Style::Plain, "  ");
            lines.extend(Text::plain(&format!("{counts}  {}", d.path)).hanging(&first, terminal.width));
            for e in &d.evidence {
                evidence(&mut lines, Some(e), terminal.width);
            }
        }
        if !actor.reasons.is_empty() {
            heading(&mut lines, "why these are one");
            for reason in &actor.reasons {
                lines.extend(Text::plain(reason).hanging(&Text::plain("  - "), terminal.width));
            }
        }
    }
    terminal.print(&lines).map_err(|e| Failure::caused("cannot write to standard output", &e))
}

fn heading(lines: &mut Vec<Text>, words: &str) {
    lines.push(Text::new());
    lines.push(Text::styled(Style::Faint, words));
}

fn evidence(lines: &mut Vec<Text>, evidence: Option<&Evidence>, width: usize) {
    if let Some(e) = evidence {
        let first = Text::blank(4).with(Style::Key, &e.document).with(Style::Plain, " ");
        lines.extend(Text::styled(Style::Faint, &format!("“{}”", e.words)).hanging(&first, width));
    }
}

/// The actor that an id, its beginning, a name or a part of a name means. Names go before parts; of several the most
/// mentioned only where it is named exactly so.
pub fn find<'a>(actors: &'a Actors, asked: &str) -> Result<&'a ActorRow, Failure> {
    let (bare, code) = match asked.trim().strip_suffix(']').and_then(|a| a.rsplit_once('[')) {
        Some((name, code)) => (name.trim(), Some(code)),
        None => (asked.trim(), None),
    };
    let folded = fold(bare);
    let coded = |a: &&ActorRow| code.is_none_or(|c| a.code == c);
    let names = |a: &ActorRow| a.aliases.iter().chain([&a.name]).map(|n| fold(n)).collect::<Vec<_>>();
    let id = |a: &&ActorRow| bare.len() >= 4 && a.actor_id.starts_with(bare);
    let tests: [&dyn Fn(&ActorRow) -> bool; 3] =
        [&|a| fold(&a.name) == folded, &|a| names(a).contains(&folded), &|a| {
            !folded.is_empty() && names(a).iter().any(|n| n.contains(&folded))
        }];
    let of_id: Vec<&ActorRow> = actors.rows.iter().filter(id).filter(coded).collect();
    if let [only] = of_id[..] {
        return Ok(only);
    }
    for test in tests {
        let found: Vec<&ActorRow> = actors.rows.iter().filter(|a| test(a)).filter(coded).collect();
        match found[..] {
            [] => continue,
            [only] => return Ok(only),
            _ => {
                let shown: Vec<String> =
                    found.iter().take(6).map(|a| format!("{} [{}] {}", a.name, a.code, a.actor_id)).collect();
                return Err(Failure::new(format!("`{asked}` names {} actors", found.len()))
                    .hint(&format!("give an id or NAME[CODE]: {}", shown.join(", "))));
            }
        }
    }
    let nearest = actors.rows.iter().max_by(|a, b| {
        let score = |r: &ActorRow| polybius_actors::match_names(&r.name, bare).score;
        score(a).total_cmp(&score(b)).then(b.actor_id.cmp(&a.actor_id))
    });
    let hint = nearest.map_or("the store holds no actor".to_string(), |a| {
        format!("the nearest is `{}`; `polybius actors list --text WORD` searches", a.name)
    });
    Err(Failure::new(format!("no actor is named `{asked}`")).hint(&hint))
}
