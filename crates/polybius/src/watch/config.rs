//! `feeds.toml`.

use super::sign::Secret;
use crate::failure::Failure;
use jiff::SignedDuration;
use polybius_serve::NewsFilter;
use polybius_sources::Poster;
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Pause between two looks, where nothing is said.
const EVERY: &str = "10m";
/// The shortest pause.
const SHORTEST: Duration = Duration::from_secs(1);

/// Deliveries that wait for one hook, where nothing is said.
const QUEUE: usize = 1000;
/// Pause after the first failure of a hook, and how long one piece of news is tried, where nothing is said.
const RETRY: &str = "5s";
const GIVE_UP: &str = "72h";

/// What is followed, and who is told.
pub struct Config {
    /// At least one.
    pub sources: Vec<Source>,
    /// Each with a name of its own.
    pub hooks: Vec<Hook>,
}

/// A feed, a sitemap, a page, a file or a folder.
#[derive(Debug)]
pub struct Source {
    pub input: PathBuf,
    pub every: Duration,
}

/// An address that is told of news.
pub struct Hook {
    /// Letters, digits, `-` and `_`: names a folder.
    pub name: String,
    pub url: String,
    pub secret: Option<Secret>,
    pub filter: NewsFilter,
    pub allow_private: bool,
    /// Deliveries that may wait.
    pub queue: usize,
    /// Pause after the first failure.
    pub retry: Duration,
    /// What is older is not tried any more.
    pub give_up: Duration,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    every: Option<String>,
    #[serde(default)]
    source: Vec<SourceTable>,
    #[serde(default)]
    hook: Vec<HookTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HookTable {
    name: String,
    url: String,
    secret: Option<String>,
    secret_env: Option<String>,
    #[serde(default)]
    kinds: Vec<String>,
    #[serde(default)]
    countries: Vec<String>,
    #[serde(default)]
    types: Vec<String>,
    #[serde(default)]
    actors: Vec<String>,
    #[serde(default)]
    outlets: Vec<String>,
    #[serde(default)]
    allow_private: bool,
    queue: Option<usize>,
    retry: Option<String>,
    give_up: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceTable {
    input: PathBuf,
    every: Option<String>,
}

impl Config {
    /// Reads a file.
    pub fn read(path: &Path) -> Result<Config, Failure> {
        let text = std::fs::read_to_string(path)
            .map_err(|e| Failure::caused(&format!("cannot read `{}`", path.display()), &e))?;
        Config::parse(&text).map_err(|problem| {
            Failure::new(format!("`{}` cannot be used: {problem}", path.display()))
                .hint("`polybius watch --help` shows what it looks like")
        })
    }

    fn parse(text: &str) -> Result<Config, String> {
        let file: File = toml::from_str(text).map_err(|e| e.to_string().trim_end().to_string())?;
        let default = file.every.as_deref().unwrap_or(EVERY);
        let source = |s: SourceTable| {
            let every = duration("every", s.every.as_deref().unwrap_or(default))?;
            Ok(Source { input: s.input, every })
        };
        let sources = file.source.into_iter().map(source).collect::<Result<Vec<_>, String>>()?;
        if sources.is_empty() {
            return Err("it names no [[source]]".to_string());
        }
        let hooks = file.hook.into_iter().map(HookTable::read).collect::<Result<Vec<_>, String>>()?;
        let mut names: Vec<&str> = hooks.iter().map(|h| h.name.as_str()).collect();
        names.sort_unstable();
        match names.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(pair) => Err(format!("two hooks are called `{}`", pair[0])),
            None => Ok(Config { sources, hooks }),
        }
    }
}

impl HookTable {
    fn read(self) -> Result<Hook, String> {
        let name = self.name.clone();
        self.checked().map_err(|problem| format!("hook `{name}`: {problem}"))
    }

    fn checked(self) -> Result<Hook, String> {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if self.name.is_empty() || self.name.len() > 60 || !self.name.chars().all(plain) {
            return Err("a name has letters, digits, - and _ only".to_string());
        }
        if !Poster::is_address(&self.url) {
            return Err(format!("`{}` is no http or https address", self.url));
        }
        let filter = NewsFilter {
            kinds: self.kinds,
            countries: self.countries,
            types: self.types,
            actors: self.actors,
            outlets: self.outlets,
        };
        filter.check().map_err(|p| format!("{}; {}", p.title, p.hint))?;
        Ok(Hook {
            secret: secret(self.secret, self.secret_env)?,
            queue: self.queue.unwrap_or(QUEUE).max(1),
            retry: duration("retry", self.retry.as_deref().unwrap_or(RETRY))?,
            give_up: duration("give_up", self.give_up.as_deref().unwrap_or(GIVE_UP))?,
            name: self.name,
            url: self.url,
            allow_private: self.allow_private,
            filter,
        })
    }
}

/// The secret as it stands in the file, or in the environment variable that the file names.
fn secret(plain: Option<String>, variable: Option<String>) -> Result<Option<Secret>, String> {
    let text = match (plain, variable) {
        (Some(_), Some(_)) => return Err("either `secret` or `secret_env`".to_string()),
        (None, Some(name)) => {
            Some(std::env::var(&name).map_err(|_| format!("the environment has no variable `{name}`"))?)
        }
        (plain, None) => plain,
    };
    text.map(|t| Secret::parse(&t).map_err(|e| format!("the secret cannot be used: {e}"))).transpose()
}

/// `30s`, `5m`, `2h`.
fn duration(name: &str, text: &str) -> Result<Duration, String> {
    let parsed: Option<SignedDuration> = text.trim().parse().ok();
    parsed
        .and_then(|d| Duration::try_from(d).ok())
        .filter(|d| *d >= SHORTEST)
        .ok_or_else(|| format!("`{name} = \"{text}\"` is no pause; write 30s, 5m or 2h"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_have_their_own_pause_or_that_of_the_file() {
        let text = "every = \"5m\"\n[[source]]\ninput = \"https://news.example/rss\"\nevery = \"30s\"\n[[source]]\ninput = \"in\"\n";
        let config = Config::parse(text).unwrap();
        let seconds: Vec<u64> = config.sources.iter().map(|s| s.every.as_secs()).collect();
        assert_eq!(seconds, [30, 300]);
    }

    #[test]
    fn what_is_wrong_with_the_file_is_told() {
        for (text, told) in [
            ("", "no [[source]]"),
            ("[[source]]\ninput = \"a\"\nevery = \"soon\"", "`every = \"soon\"` is no pause"),
            ("[[source]]\ninput = \"a\"\nevery = \"0s\"", "is no pause"),
            ("[[source]]\ninput = \"a\"\ncolour = 1", "unknown field `colour`"),
            ("[[source]\n", "TOML"),
        ] {
            let problem = Config::parse(text).err().unwrap();
            assert!(problem.contains(told), "{text}: {problem}");
        }
    }

    #[test]
    fn a_hook_says_what_it_wants_to_be_told() {
        let hook = |more: &str| {
            let source = "[[source]]\ninput = \"in\"\n";
            Config::parse(&format!(
                "{source}[[hook]]\nname = \"desk\"\nurl = \"https://desk.example/in\"\n{more}"
            ))
        };
        let config = hook(
            "kinds = [\"conflict.new\"]\ncountries = [\"KOR\"]\nsecret = \"0123456789abcdef\"\nretry = \"1m\"\n",
        );
        let read = &config.ok().unwrap().hooks[0];
        assert_eq!((read.filter.countries.as_slice(), read.retry.as_secs()), (&["KOR".to_string()][..], 60));
        assert_eq!((read.queue, read.give_up.as_secs(), read.allow_private), (1000, 72 * 3600, false));
        for (more, told) in [
            ("kinds = [\"story.gone\"]", "hook `desk`: `kinds` cannot be `story.gone`; one of story.new"),
            ("types = [\"PARTY\"]", "there is no event type `PARTY`"),
            ("secret = \"short\"", "the secret cannot be used: it has 5 bytes"),
            ("secret_env = \"POLYBIUS_NO_SUCH_VARIABLE\"", "no variable `POLYBIUS_NO_SUCH_VARIABLE`"),
            ("retry = \"0s\"", "`retry = \"0s\"` is no pause"),
            ("[[hook]]\nname = \"desk\"\nurl = \"http://a.example\"", "two hooks are called `desk`"),
            ("[[hook]]\nname = \"a/b\"\nurl = \"http://a.example\"", "letters, digits"),
            ("[[hook]]\nname = \"b\"\nurl = \"file:///etc\"", "`file:///etc` is no http or https address"),
        ] {
            let problem = hook(more).err().unwrap();
            assert!(problem.contains(told), "{more}: {problem}");
        }
    }
}
