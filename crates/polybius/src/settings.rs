//! Settings: `polybius.toml`, overridden by the environment, overridden by flags.
//!
//! A setting is a flag with a name in the file and in the environment. What the file says takes the place of the flag's default, so
//! that the flag itself and its environment variable go before it.

use crate::args::{Cli, ConfigArgs};
use crate::failure::Failure;
use crate::table::{Column, Table};
use crate::term::{Style, Terminal, Text};
use clap::{Arg, ArgMatches, Command, CommandFactory, FromArgMatches};
use serde_json::json;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// A setting: its name in the file, the flag that it stands for, and what it does.
struct Setting {
    key: &'static str,
    flag: &'static str,
    help: &'static str,
}

const SETTINGS: &[Setting] = &[
    Setting { key: "store", flag: "store", help: "the store's folder" },
    Setting { key: "data", flag: "data", help: "the folder with codebook, tables and models" },
    Setting { key: "model", flag: "model", help: "profile of the reader, or a model file" },
    Setting { key: "threads", flag: "threads", help: "threads" },
    Setting { key: "base", flag: "base", help: "a base of `polybius actors import`" },
    Setting { key: "keep", flag: "keep", help: "versions of the store that a run keeps" },
    Setting { key: "fetch.delay", flag: "delay", help: "seconds between two requests to one host" },
    Setting { key: "fetch.timeout", flag: "timeout", help: "seconds for one request" },
    Setting { key: "fetch.max-pages", flag: "max_pages", help: "addresses that one run fetches" },
    Setting { key: "inputs.text-field", flag: "text_field", help: "field with the text" },
    Setting { key: "inputs.html-field", flag: "html_field", help: "field with the HTML" },
    Setting { key: "inputs.url-field", flag: "url_field", help: "field with the address" },
    Setting { key: "inputs.date-field", flag: "date_field", help: "field with the day of publication" },
    Setting { key: "inputs.title-field", flag: "title_field", help: "field with the headline" },
];

impl Setting {
    /// `POLYBIUS_FETCH_MAX_PAGES` for `fetch.max-pages`.
    fn variable(&self) -> String {
        format!("POLYBIUS_{}", self.key.replace(['.', '-'], "_").to_uppercase())
    }
}

/// What the file says, and where it lies.
#[derive(Debug, Default)]
pub struct Settings {
    file: Option<PathBuf>,
    values: BTreeMap<&'static str, String>,
}

/// Reads the command line with the file's settings as defaults.
pub fn parse() -> Result<(Cli, Settings), Failure> {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let settings = match file_of(&arguments)? {
        Some(path) => Settings::read(&path)?,
        None => Settings::default(),
    };
    let matches = with_defaults(Cli::command(), &settings).get_matches_from(arguments);
    let cli = from_matches(&matches);
    Ok((cli, settings))
}

fn from_matches(matches: &ArgMatches) -> Cli {
    Cli::from_arg_matches(matches).unwrap_or_else(|e| e.exit())
}

/// The file that is named, or the first `polybius.toml` from the working folder upwards.
fn file_of(arguments: &[OsString]) -> Result<Option<PathBuf>, Failure> {
    if let Some(given) = given_file(arguments) {
        if !given.is_file() {
            return Err(Failure::new(format!("there is no settings file `{}`", given.display()))
                .hint("give another with --config FILE, or none"));
        }
        return Ok(Some(given));
    }
    let Ok(folder) = std::env::current_dir() else { return Ok(None) };
    Ok(folder.ancestors().map(|f| f.join("polybius.toml")).find(|f| f.is_file()))
}

fn given_file(arguments: &[OsString]) -> Option<PathBuf> {
    let mut words = arguments.iter().skip(1).take_while(|w| *w != "--");
    while let Some(word) = words.next() {
        if word == "--config" {
            return words.next().map(PathBuf::from);
        }
        if let Some(path) = word.to_str().and_then(|w| w.strip_prefix("--config=")) {
            return Some(PathBuf::from(path));
        }
    }
    None
}

/// Every command with the environment variable of each setting, and the file's value as the default of its flag.
fn with_defaults(command: Command, settings: &Settings) -> Command {
    let change = |arg: Arg| {
        let Some(setting) = SETTINGS.iter().find(|s| arg.get_id() == s.flag) else { return arg };
        // Texts of the command line live as long as the program.
        let arg = arg.env(&*setting.variable().leak());
        match settings.values.get(setting.key) {
            Some(value) => arg.default_value(&*value.clone().leak()),
            None => arg,
        }
    };
    let names: Vec<String> = command.get_subcommands().map(|c| c.get_name().to_string()).collect();
    let command = command.mut_args(change);
    names
        .into_iter()
        .fold(command, |command, name| command.mut_subcommand(name, |sub| with_defaults(sub, settings)))
}

impl Settings {
    fn read(path: &Path) -> Result<Settings, Failure> {
        let text = std::fs::read_to_string(path)
            .map_err(|e| Failure::caused(&format!("cannot read `{}`", path.display()), &e))?;
        Settings::from_text(path, &text)
    }

    fn from_text(path: &Path, text: &str) -> Result<Settings, Failure> {
        let table: toml::Table = text.parse().map_err(|e: toml::de::Error| {
            let line = e.span().map_or(1, |s| text[..s.start.min(text.len())].matches('\n').count() + 1);
            Failure::new(format!("{}:{line}: {}", path.display(), e.message()))
                .hint("`polybius config --help` shows how the file looks")
        })?;
        let mut settings = Settings { file: Some(path.to_path_buf()), values: BTreeMap::new() };
        settings.take("", &table)?;
        Ok(settings)
    }

    fn take(&mut self, above: &str, table: &toml::Table) -> Result<(), Failure> {
        for (name, value) in table {
            let key = format!("{above}{name}");
            let setting = SETTINGS.iter().find(|s| s.key == key);
            let is_group = SETTINGS.iter().any(|s| s.key.starts_with(&format!("{key}.")));
            let value = match (setting, value) {
                (None, toml::Value::Table(inner)) if is_group => {
                    self.take(&format!("{key}."), inner)?;
                    continue;
                }
                (None, _) => return Err(self.unknown(&key)),
                (Some(_), toml::Value::String(text)) => text.clone(),
                (Some(_), toml::Value::Integer(n)) => n.to_string(),
                (Some(_), toml::Value::Float(x)) => x.to_string(),
                (Some(_), toml::Value::Boolean(b)) => b.to_string(),
                (Some(_), _) => return Err(self.wrong(&format!("`{key}` must be a text or a number"))),
            };
            self.values.insert(setting.expect("matched above").key, value);
        }
        Ok(())
    }

    fn wrong(&self, problem: &str) -> Failure {
        let file = self.file.as_deref().unwrap_or(Path::new("polybius.toml"));
        Failure::new(format!("{}: {problem}", file.display()))
    }

    fn unknown(&self, key: &str) -> Failure {
        let likeness = |s: &&Setting| (strsim::jaro_winkler(s.key, key) * 1000.0) as u32;
        let nearest = SETTINGS.iter().max_by_key(likeness).filter(|s| likeness(s) > 750);
        let hint = match nearest {
            Some(setting) => format!("did you mean `{}`? `polybius config` lists the settings", setting.key),
            None => "`polybius config` lists the settings".to_string(),
        };
        self.wrong(&format!("there is no setting `{key}`")).hint(&hint)
    }

    /// What another program needs to have the same settings, where its environment does not say them.
    pub fn as_environment(&self) -> Vec<(String, String)> {
        SETTINGS
            .iter()
            .filter_map(|s| Some((s.variable(), self.values.get(s.key)?.clone())))
            .filter(|(variable, _)| std::env::var_os(variable).is_none())
            .collect()
    }

    /// Lists every setting with its value and where that comes from.
    pub fn print(&self, args: &ConfigArgs) -> Result<(), Failure> {
        let defaults = defaults_of(&Cli::command());
        let terminal = Terminal::of_stdout();
        let mut table = Table::new(vec![
            Column::new("setting"),
            Column::new("value"),
            Column::new("from"),
            Column::new("what it is").wraps(20),
        ]);
        let mut lines = Vec::new();
        for s in SETTINGS {
            let (value, from) = self.value_of(s, &defaults);
            if args.json {
                let object =
                    json!({"setting": s.key, "value": value, "from": from, "variable": s.variable()});
                lines.push(Text::raw(object.to_string()));
            }
            let shown = value.unwrap_or_else(|| "-".to_string());
            table.row(vec![
                Text::styled(Style::Key, s.key),
                Text::plain(&shown),
                Text::plain(&from),
                Text::styled(Style::Faint, s.help),
            ]);
        }
        if !args.json {
            lines = table.lines(terminal.width);
            if self.file.is_none() {
                lines.push(Text::styled(Style::Faint, "no polybius.toml here or above"));
            }
        }
        terminal.print(&lines).map_err(|e| Failure::caused("cannot write to standard output", &e))
    }

    fn value_of(&self, s: &Setting, defaults: &BTreeMap<String, String>) -> (Option<String>, String) {
        if let Some(value) = std::env::var_os(s.variable()) {
            return (Some(value.to_string_lossy().into_owned()), s.variable());
        }
        if let (Some(value), Some(file)) = (self.values.get(s.key), &self.file) {
            return (Some(value.clone()), file.display().to_string());
        }
        (defaults.get(s.flag).cloned(), "default".to_string())
    }
}

/// The defaults of all flags, by name.
fn defaults_of(command: &Command) -> BTreeMap<String, String> {
    let mut defaults = BTreeMap::new();
    let mut commands = vec![command];
    while let Some(command) = commands.pop() {
        commands.extend(command.get_subcommands());
        for arg in command.get_arguments() {
            if let Some(value) = arg.get_default_values().first() {
                defaults
                    .entry(arg.get_id().to_string())
                    .or_insert_with(|| value.to_string_lossy().into_owned());
            }
        }
    }
    defaults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Settings, String> {
        Settings::from_text(Path::new("polybius.toml"), text).map_err(|f| f.message())
    }

    fn store_of(settings: &Settings, arguments: &[&str]) -> String {
        let command = with_defaults(Cli::command(), settings);
        let matches = command.try_get_matches_from(arguments).unwrap();
        match from_matches(&matches).command {
            crate::args::Command::Stories(args) => args.store.store.display().to_string(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_file_stands_behind_the_flag() {
        let settings = read("store = \"from-file\"\nthreads = 3\n[fetch]\ndelay = 2.5\n").unwrap();
        assert_eq!(store_of(&settings, &["polybius", "stories"]), "from-file");
        assert_eq!(store_of(&settings, &["polybius", "stories", "--store", "flag"]), "flag");
        assert_eq!(settings.values["fetch.delay"], "2.5");
    }

    #[test]
    fn a_setting_that_is_not_there_is_an_error_with_the_nearest_one() {
        assert!(read("treads = 3").unwrap_err().contains("did you mean `threads`?"));
        assert!(read("[fetch]\ndelays = 1").unwrap_err().contains("did you mean `fetch.delay`?"));
        assert!(read("x = 1").unwrap_err().contains("there is no setting `x`"));
        assert!(read("store = [1]").unwrap_err().contains("`store` must be a text or a number"));
        assert!(read("store = \"a\"\nthreads = = 2").unwrap_err().contains("polybius.toml:2: "));
    }

    #[test]
    fn every_setting_is_a_flag_of_some_command() {
        let mut flags = Vec::new();
        let command = Cli::command();
        let mut commands = vec![&command];
        while let Some(command) = commands.pop() {
            commands.extend(command.get_subcommands());
            flags.extend(command.get_arguments().map(|a| a.get_id().to_string()));
        }
        for s in SETTINGS {
            assert!(flags.iter().any(|f| f == s.flag), "{}", s.key);
        }
        assert_eq!(SETTINGS[8].variable(), "POLYBIUS_FETCH_MAX_PAGES");
    }

    #[test]
    fn the_file_is_named_in_either_form() {
        let of = |words: &[&str]| given_file(&words.iter().map(OsString::from).collect::<Vec<_>>());
        assert_eq!(of(&["polybius", "config", "--config", "a.toml"]), Some(PathBuf::from("a.toml")));
        assert_eq!(of(&["polybius", "--config=a.toml", "config"]), Some(PathBuf::from("a.toml")));
        assert_eq!(of(&["polybius", "run", "--", "--config", "a.toml"]), None);
    }
}
