//! `polybius log`, `vacuum` and `compact`: the versions of a store.

use crate::args::{LogArgs, StoreArgs, VacuumArgs};
use crate::days;
use crate::failure::Failure;
use crate::table::{Column, Table};
use crate::term::{Style, Terminal, Text};
use jiff::{SignedDuration, Timestamp};
use polybius_store::rows::TABLES;
use polybius_store::{AsOf, Commit, Keep, Store};
use serde_json::json;
use std::collections::BTreeMap;

/// Tables whose growth a person wants to see.
const TOLD: [&str; 4] = ["documents", "events", "quotes", "stories"];

/// Lists the commits, the last one first.
pub fn log(args: &LogArgs) -> Result<(), Failure> {
    let store = Store::open(&args.store.store)?;
    let oldest = store.oldest_version()?;
    let commits = store.commits()?;
    let n = args.limit.unwrap_or(commits.len());
    let terminal = Terminal::of_stdout();
    let pairs =
        commits.iter().enumerate().rev().take(n).map(|(i, c)| (c, i.checked_sub(1).map(|i| &commits[i])));
    let lines = if args.json {
        pairs.map(|(c, before)| Text::raw(json_line(c, before, oldest))).collect()
    } else {
        let mut table = columns();
        for (commit, before) in pairs {
            table.row(row(commit, before, oldest));
        }
        let mut lines = table.lines(terminal.width);
        lines.push(Text::new());
        let foot = format!(
            "{} · read one: polybius stories --store {} --as-of {}",
            days::count(commits.len(), "version", "versions"),
            store.root().display(),
            oldest
        );
        lines.extend(Text::styled(Style::Faint, &foot).wrapped(terminal.width));
        lines
    };
    print(&terminal, &lines)
}

fn columns() -> Table {
    let mut columns = vec![Column::new("version").right(), Column::new("when (UTC)")];
    columns.extend(TOLD.map(|table| Column::new(table).right()));
    columns.extend([
        Column::new("program").only_from(90),
        Column::new("model").only_from(100),
        Column::new(""),
    ]);
    Table::new(columns)
}

fn row(commit: &Commit, before: Option<&Commit>, oldest: u64) -> Vec<Text> {
    let setting = |key: &str| commit.settings.get(key).map_or("", String::as_str);
    let at = commit.at.to_string();
    let mut cells = vec![
        Text::styled(Style::Key, &commit.version.to_string()),
        Text::plain(&at.get(..16).unwrap_or(&at).replace('T', " ")),
    ];
    cells.extend(TOLD.map(|table| {
        let rows = commit.rows(table);
        let change = rows as i64 - before.map_or(0, |b| b.rows(table)) as i64;
        let text = Text::plain(&rows.to_string());
        if change == 0 { text } else { text.with(Style::Faint, &format!(" ({change:+})")) }
    }));
    cells.extend([
        Text::plain(setting("program")),
        Text::plain(setting("model").get(..8).unwrap_or(setting("model"))),
        Text::styled(Style::Faint, if commit.version < oldest { "files removed" } else { "" }),
    ]);
    cells
}

fn json_line(commit: &Commit, before: Option<&Commit>, oldest: u64) -> String {
    let rows: BTreeMap<&str, u64> = TABLES.iter().map(|t| (*t, commit.rows(t))).collect();
    let added: BTreeMap<&str, i64> = TABLES
        .iter()
        .map(|t| (*t, commit.rows(t) as i64 - before.map_or(0, |b| b.rows(t)) as i64))
        .filter(|(_, n)| *n != 0)
        .collect();
    json!({
        "version": commit.version, "at": commit.at, "readable": commit.version >= oldest,
        "settings": commit.settings, "rows": rows, "added": added,
    })
    .to_string()
}

/// Removes the files of old versions.
pub fn vacuum(args: &VacuumArgs) -> Result<(), Failure> {
    // What was said goes before what a file of settings says.
    let keep = match (&args.older_than, args.keep) {
        (Some(text), _) => Keep::Since(since(text, Timestamp::now())?),
        (None, Some(n)) => Keep::Versions(n),
        (None, None) => return Err(Failure::new("give --keep or --older-than".to_string())),
    };
    // A store that is not there is not made.
    Store::open(&args.store.store)?;
    let found = Store::create(&args.store.store)?.vacuum(keep, args.dry_run)?;
    let terminal = Terminal::of_stdout();
    let mut lines: Vec<Text> = Vec::new();
    if args.dry_run {
        lines.extend(found.files.iter().map(|f| Text::raw(f.display().to_string())));
    }
    lines.extend(
        Text::plain(&format!(
            "{} {}, {} ({} of old versions); the oldest version that can be read {} {}",
            if args.dry_run { "would remove" } else { "removed" },
            days::count(found.files.len(), "file", "files"),
            size(found.bytes),
            found.versions,
            if args.dry_run { "would be" } else { "is" },
            found.oldest
        ))
        .wrapped(terminal.width),
    );
    print(&terminal, &lines)
}

/// A day, a time, or an age such as 30d or 12h before `now`.
fn since(text: &str, now: Timestamp) -> Result<Timestamp, Failure> {
    let wrong = || {
        Failure::new(format!("`{text}` is no day and no age"))
            .hint("give a day (2024-05-31), a time, or an age in days or hours (30d, 12h)")
    };
    if let Some(hours) = text
        .strip_suffix('d')
        .and_then(|n| n.parse::<i64>().ok()?.checked_mul(24))
        .or_else(|| text.strip_suffix('h')?.parse().ok())
        .filter(|hours| *hours >= 0)
    {
        let age = hours.checked_mul(3600).map(SignedDuration::from_secs);
        return age.and_then(|age| now.checked_sub(age).ok()).ok_or_else(wrong);
    }
    match text.parse() {
        Ok(AsOf::Time(time)) => Ok(time),
        _ => Err(wrong()),
    }
}

/// Makes the logs beside the tables small.
pub fn compact(args: &StoreArgs) -> Result<(), Failure> {
    Store::open(&args.store)?;
    let saved = Store::create(&args.store)?.compact()?;
    let terminal = Terminal::of_stdout();
    print(&terminal, &[Text::plain(&format!("{} saved", size(saved)))])
}

/// A length for a person.
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1000 => format!("{bytes} bytes"),
        1000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", bytes as f64 / 1e6),
        _ => format!("{:.1} GB", bytes as f64 / 1e9),
    }
}

fn print(terminal: &Terminal, lines: &[Text]) -> Result<(), Failure> {
    terminal.print(lines).map_err(|e| Failure::caused("cannot write to standard output", &e))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_counted_back_from_now_and_a_day_is_its_end() {
        let now: Timestamp = "2024-06-30T12:00:00Z".parse().unwrap();
        let of = |text: &str| since(text, now).map(|t| t.to_string());
        assert_eq!(of("30d").unwrap(), "2024-05-31T12:00:00Z");
        assert_eq!(of("12h").unwrap(), "2024-06-30T00:00:00Z");
        assert!(of("2024-05-31").unwrap().starts_with("2024-05-31T23:59:59"));
        for wrong in ["", "d", "-3d", "soon", "7", "99999999999999d", "9223372036854775807h"] {
            assert!(of(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn sizes_are_short() {
        assert_eq!(
            (size(12).as_str(), size(1500).as_str(), size(2_500_000).as_str()),
            ("12 bytes", "1.5 kB", "2.5 MB")
        );
    }
}
