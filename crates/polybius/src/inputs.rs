//! What the user named, as settings of the reading.

use crate::args::{FormatArg, SourceArgs};
use crate::failure::Failure;
use polybius_sources::{FetchSettings, Fields, Format, Settings, is_address};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Settings from the command line; nothing of earlier runs is known.
///
/// # Errors
/// Where an input is no file, folder, pattern or address, or a pause is no number of seconds.
pub fn settings(inputs: &[PathBuf], args: &SourceArgs) -> Result<Settings, Failure> {
    for path in inputs.iter().chain(&args.urls) {
        let is_pattern = path.to_str().is_some_and(|p| p.contains(['*', '?', '[']));
        if path.as_os_str() != "-" && !is_address(path) && !is_pattern && !path.exists() {
            return Err(Failure::new(format!("there is no file or folder `{}`", path.display())));
        }
    }
    let seconds = |value: f64, flag: &str| {
        Duration::try_from_secs_f64(value)
            .map_err(|_| Failure::new(format!("`{flag} {value}` is no number of seconds")))
    };
    Ok(Settings {
        format: format(args.format),
        fields: Fields {
            text: args.text_field.clone(),
            html: args.html_field.clone(),
            url: args.url_field.clone(),
            date: args.date_field.clone(),
            title: args.title_field.clone(),
        },
        url_lists: args.urls.clone(),
        follow: args.follow,
        fetch: FetchSettings {
            allow_private: args.allow_private,
            delay: seconds(args.delay, "--delay")?,
            timeout: seconds(args.timeout, "--timeout")?,
            max_pages: args.max_pages,
            refresh: args.refresh,
            ..FetchSettings::default()
        },
    })
}

/// The same for a store: what was fetched before is asked for changes only.
pub fn settings_for_store(
    inputs: &[PathBuf],
    args: &SourceArgs,
    store: &Path,
    known: BTreeSet<String>,
) -> Result<Settings, Failure> {
    let mut settings = settings(inputs, args)?;
    settings.fetch.keep_in = Some(store.join("_fetch"));
    settings.fetch.known = known;
    Ok(settings)
}

fn format(arg: FormatArg) -> Format {
    match arg {
        FormatArg::Auto => Format::Auto,
        FormatArg::Page => Format::Page,
        FormatArg::Jsonl => Format::Jsonl,
        FormatArg::Parquet => Format::Parquet,
        FormatArg::Warc => Format::Warc,
        FormatArg::Feed => Format::Feed,
        FormatArg::Urls => Format::Urls,
    }
}
