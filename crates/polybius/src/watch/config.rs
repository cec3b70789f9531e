//! `feeds.toml`.

use crate::failure::Failure;
use jiff::SignedDuration;
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Pause between two looks, where nothing is said.
const EVERY: &str = "10m";
/// The shortest pause.
const SHORTEST: Duration = Duration::from_secs(1);

/// What is followed.
#[derive(Debug)]
pub struct Config {
    /// At least one.
    pub sources: Vec<Source>,
}

/// A feed, a sitemap, a page, a file or a folder.
#[derive(Debug)]
pub struct Source {
    pub input: PathBuf,
    pub every: Duration,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    every: Option<String>,
    #[serde(default)]
    source: Vec<SourceTable>,
}

#[derive(Debug, Deserialize)]
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
            let every = duration(s.every.as_deref().unwrap_or(default))?;
            Ok(Source { input: s.input, every })
        };
        let sources = file.source.into_iter().map(source).collect::<Result<Vec<_>, String>>()?;
        if sources.is_empty() {
            return Err("it names no [[source]]".to_string());
        }
        Ok(Config { sources })
    }
}

/// `30s`, `5m`, `2h`.
fn duration(text: &str) -> Result<Duration, String> {
    let parsed: Option<SignedDuration> = text.trim().parse().ok();
    parsed
        .and_then(|d| Duration::try_from(d).ok())
        .filter(|d| *d >= SHORTEST)
        .ok_or_else(|| format!("`every = \"{text}\"` is no pause; write 30s, 5m or 2h"))
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
            let problem = Config::parse(text).unwrap_err();
            assert!(problem.contains(told), "{text}: {problem}");
        }
    }
}
