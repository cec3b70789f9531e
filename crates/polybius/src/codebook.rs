//! `polybius codebook`: what the codebook says, and whether it says it of given texts.

use crate::analyse::analyse_article;
use crate::args::{CodebookAction, EngineArgs};
use crate::failure::Failure;
use crate::resources::{Resources, data_folder};
use crate::table::{Column, Table};
use crate::term::{Style, Terminal, Text};
use polybius_events::cases::{Case, cases_of, event_lines};
use polybius_text::{Article, EventType};
use polybius_view::tsv::Rows;
use std::path::{Path, PathBuf};

/// Runs the action; `false` where a case does not give its events.
pub fn codebook(action: &CodebookAction) -> Result<bool, Failure> {
    match action {
        CodebookAction::List { engine } => list(engine).map(|()| true),
        CodebookAction::Show { event_type, word, engine } => {
            show(event_type.as_deref(), word.as_deref(), engine).map(|()| true)
        }
        CodebookAction::Test { files, engine } => test(files, engine),
    }
}

fn read(path: &Path) -> Result<Rows, Failure> {
    Rows::read(path).map_err(|e| Failure::caused(&format!("cannot read `{}`", path.display()), &e))
}

fn print(lines: &[Text], terminal: &Terminal) -> Result<(), Failure> {
    terminal.print(lines).map_err(|e| Failure::caused("cannot write the answer", &e))
}

/// File of the senses of a type.
fn senses_file(book: &Path, event_type: &str) -> PathBuf {
    book.join("senses").join(format!("{}.tsv", event_type.to_lowercase()))
}

fn list(engine: &EngineArgs) -> Result<(), Failure> {
    let book = data_folder(engine)?.join("codebook");
    let types = read(&book.join("types.tsv"))?;
    let mut table = Table::new(vec![
        Column::new("type"),
        Column::new("quad").only_from(80),
        Column::new("score").right(),
        Column::new("senses").right(),
        Column::new("about").wraps(30),
    ]);
    for (_, row) in &types.rows {
        let name = types.cell(row, "type");
        let senses = read(&senses_file(&book, name))?.rows.len();
        table.row(vec![
            Text::styled(Style::Strong, name),
            Text::plain(types.cell(row, "quad")),
            Text::plain(types.cell(row, "score")),
            Text::plain(&senses.to_string()),
            Text::plain(types.cell(row, "about")),
        ]);
    }
    let terminal = Terminal::of_stdout();
    print(&table.lines(terminal.width), &terminal)
}

fn show(event_type: Option<&str>, word: Option<&str>, engine: &EngineArgs) -> Result<(), Failure> {
    let book = data_folder(engine)?.join("codebook");
    let types: Vec<&str> = match event_type {
        Some(given) => vec![type_named(given)?],
        None => EventType::ALL.iter().map(|t| t.as_str()).collect(),
    };
    let terminal = Terminal::of_stdout();
    let mut lines = Vec::new();
    let mut table = sense_table();
    let mut found = 0;
    for &name in &types {
        let senses = read(&senses_file(&book, name))?;
        for (line, row) in &senses.rows {
            if word.is_none_or(|w| has_word(senses.cell(row, "lemma"), w)) {
                found += 1;
                table.row(sense_row(name, *line, &senses, row));
            }
        }
    }
    lines.extend(table.lines(terminal.width));
    if let ([name], None) = (&types[..], word) {
        lines.extend(about_type(&book, name, terminal.width)?);
    }
    if found == 0 {
        let word = word.unwrap_or_default();
        return Err(Failure::new(format!("no sense of the codebook has the word `{word}`"))
            .hint("give its dictionary form: `expel`, not `expelled`"));
    }
    print(&lines, &terminal)
}

/// The type that a user means.
fn type_named(given: &str) -> Result<&'static str, Failure> {
    let upper = given.to_uppercase();
    EventType::ALL.iter().map(|t| t.as_str()).find(|t| *t == upper).ok_or_else(|| {
        let all: Vec<&str> = EventType::ALL.iter().map(|t| t.as_str()).collect();
        Failure::new(format!("there is no type `{given}`")).hint(&format!("types: {}", all.join(", ")))
    })
}

/// Whether a lemma cell (`visit|tour`, `call off`) has a word.
fn has_word(lemmas: &str, word: &str) -> bool {
    lemmas.split('|').any(|l| l == word || l.split(' ').any(|w| w == word))
}

fn sense_table() -> Table {
    Table::new(vec![
        Column::new("row"),
        Column::new("words").wraps(12),
        Column::new("pos"),
        Column::new("mode").only_from(90),
        Column::new("CAMEO"),
        Column::new("actor").wraps(8).only_from(110),
        Column::new("recipient").wraps(10).only_from(110),
        Column::new("only if").wraps(14).only_from(130),
        Column::new("not if").wraps(14).only_from(150),
        Column::new("example").wraps(24),
    ])
}

fn sense_row(name: &str, line: usize, senses: &Rows, row: &[String]) -> Vec<Text> {
    // Bars without blanks would never wrap.
    let cell = |column: &str| Text::plain(&senses.cell(row, column).replace('|', " | "));
    vec![
        Text::styled(Style::Key, &format!("{}.tsv:{line}", name.to_lowercase())),
        Text::styled(Style::Strong, &senses.cell(row, "lemma").replace('|', " | ")),
        cell("pos"),
        cell("mode"),
        cell("cameo"),
        cell("actor"),
        cell("recipient"),
        cell("require"),
        cell("exclude"),
        cell("example"),
    ]
}

/// Modes of a type, and what it becomes under a condition.
fn about_type(book: &Path, name: &str, width: usize) -> Result<Vec<Text>, Failure> {
    let mut lines = Vec::new();
    let modes = read(&book.join("modes.tsv"))?;
    let mut table =
        Table::new(vec![Column::new("mode"), Column::new("score").right(), Column::new("about").wraps(30)]);
    for (_, row) in modes.rows.iter().filter(|(_, row)| modes.cell(row, "type") == name) {
        table.row(["mode", "score", "about"].map(|c| Text::plain(modes.cell(row, c))).to_vec());
    }
    lines.push(Text::new());
    lines.extend(table.lines(width));
    let decisions = read(&book.join("decisions.tsv"))?;
    let mut table =
        Table::new(vec![Column::new("when"), Column::new("becomes"), Column::new("about").wraps(30)]);
    for (_, row) in &decisions.rows {
        if decisions.cell(row, "types").split('|').any(|t| t == name) {
            table.row(["condition", "result", "about"].map(|c| Text::plain(decisions.cell(row, c))).to_vec());
        }
    }
    lines.push(Text::new());
    lines.extend(table.lines(width));
    Ok(lines)
}

fn test(files: &[PathBuf], engine: &EngineArgs) -> Result<bool, Failure> {
    let mut cases: Vec<(&PathBuf, Case)> = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(file)
            .map_err(|e| Failure::caused(&format!("cannot read `{}`", file.display()), &e))?;
        cases.extend(cases_of(&text).into_iter().map(|c| (file, c)));
    }
    if cases.is_empty() {
        return Err(Failure::new("no cases in these files".to_string()).hint(
            "a case is `## heading`, then `> text`, then a line `- event` for each event, or `- none`",
        ));
    }
    let resources = Resources::load(engine)?;
    let mut lines = Vec::new();
    let mut differ = 0;
    for (file, case) in &cases {
        let got = event_lines(&analyse_article(Article::from_sentence(&case.text, None), &resources));
        if got == case.expected {
            continue;
        }
        differ += 1;
        lines.push(Text::styled(Style::Strong, &format!("{}: {}", file.display(), case.heading)));
        lines.push(Text::plain(&format!("> {}", case.text)));
        lines.extend(
            case.expected
                .iter()
                .filter(|e| !got.contains(e))
                .map(|e| Text::styled(Style::Warn, &format!("missing: {e}"))),
        );
        lines.extend(
            got.iter()
                .filter(|e| !case.expected.contains(e))
                .map(|e| Text::styled(Style::Warn, &format!("too many: {e}"))),
        );
    }
    lines.push(Text::plain(&format!("{} of {} cases give their events", cases.len() - differ, cases.len())));
    print(&lines, &Terminal::of_stdout())?;
    Ok(differ == 0)
}
