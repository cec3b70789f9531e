//! The shell: queries over several lines until a semicolon, with history and completion of names.

use crate::query::Session;
use rustyline::completion::{Completer, Pair};
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::FileHistory;
use rustyline::validate::Validator;
use rustyline::{CompletionType, Config, Context, Editor, Helper};
use std::path::PathBuf;

const HELP: &str = "\
A query ends with ; and may run over several lines. Tab completes names of tables, columns and functions.
  show tables;            the tables
  describe events;        the columns of one (polybius tables events says what they mean)
  .functions              functions that only Polybius has
  .quit                   leave; so does Ctrl-D";

const HISTORY: &str = ".polybius_history";

/// Reads queries and hands each answer to `answer`, until the user leaves.
pub fn shell(session: &Session, mut answer: impl FnMut(&str)) -> Result<(), String> {
    let failed = |e: ReadlineError| format!("cannot read the terminal: {e}");
    let config = Config::builder().completion_type(CompletionType::List).auto_add_history(false).build();
    let mut editor: Editor<Names, FileHistory> = Editor::with_config(config).map_err(failed)?;
    editor.set_helper(Some(Names(session.names())));
    let history = history_file();
    if let Some(path) = &history {
        // Without a history yet there is none to load.
        let _ = editor.load_history(path);
    }
    println!("SQL over the tables, read only; .help tells more");
    let mut query = String::new();
    loop {
        let prompt = if query.is_empty() { "polybius> " } else { "      ... " };
        match editor.readline(prompt) {
            Ok(line) if query.is_empty() && line.trim().is_empty() => {}
            Ok(line) if query.is_empty() && line.trim().starts_with('.') => match line.trim() {
                ".quit" | ".exit" => break,
                ".functions" => println!("{}", functions()),
                _ => println!("{HELP}"),
            },
            Ok(line) => {
                if !query.is_empty() {
                    query.push('\n');
                }
                query.push_str(&line);
                if let Some(whole) = query.trim_end().strip_suffix(';') {
                    let _ = editor.add_history_entry(query.trim_end());
                    answer(whole);
                    query.clear();
                }
            }
            Err(ReadlineError::Interrupted) => query.clear(),
            Err(ReadlineError::Eof) => break,
            Err(e) => return Err(failed(e)),
        }
    }
    if let Some(path) = &history {
        let _ = editor.save_history(path);
    }
    Ok(())
}

/// The functions, one a line.
pub fn functions() -> String {
    let lines = crate::functions::FUNCTIONS.iter().map(|(call, what)| format!("  {call:<34}{what}"));
    lines.collect::<Vec<_>>().join("\n")
}

fn history_file() -> Option<PathBuf> {
    let home = std::env::var_os("HOME").or_else(|| std::env::var_os("USERPROFILE"))?;
    Some(PathBuf::from(home).join(HISTORY))
}

/// Completes a word to the names that begin with it.
struct Names(Vec<String>);

impl Completer for Names {
    type Candidate = Pair;

    fn complete(&self, line: &str, pos: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<Pair>)> {
        let before = line.get(..pos).unwrap_or(line);
        let start = before
            .rfind(|c: char| !(c.is_alphanumeric() || c == '_'))
            .map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
        Ok((start, beginning_with(&self.0, &before[start..])))
    }
}

fn beginning_with(names: &[String], word: &str) -> Vec<Pair> {
    let word = word.to_lowercase();
    names
        .iter()
        .filter(|name| !word.is_empty() && name.starts_with(&word))
        .map(|name| Pair { display: name.clone(), replacement: name.clone() })
        .collect()
}

impl Hinter for Names {
    type Hint = String;
}
impl Highlighter for Names {}
impl Validator for Names {}
impl Helper for Names {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_completed_by_the_names_that_begin_with_it() {
        let names: Vec<String> = ["events", "events_flat", "stories"].map(str::to_string).to_vec();
        let found: Vec<String> = beginning_with(&names, "Eve").into_iter().map(|p| p.replacement).collect();
        assert_eq!(found, ["events", "events_flat"]);
        assert!(beginning_with(&names, "").is_empty());
    }
}
