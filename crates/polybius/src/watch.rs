//! `polybius watch`: sources that are looked at again and again; what is new becomes a commit.

mod config;
mod hooks;
mod outbox;
mod sign;

use crate::args::{RunArgs, WatchArgs};
use crate::failure::Failure;
use crate::inputs::settings;
use crate::resources::Resources;
use crate::run::{Commit, Step, step};
use config::{Config, Source};
use hooks::Hooks;
use polybius_text::Reject;
use std::path::Path;
use std::time::{Duration, Instant};

/// A source that fails is asked again after twice the time, and so on up to this.
const LONGEST_PAUSE: Duration = Duration::from_secs(6 * 3600);
/// Rejects of one look that are shown.
const SHOWN: usize = 5;

/// Follows the sources until the program is stopped, or for one round.
pub fn watch(args: &WatchArgs) -> Result<(), Failure> {
    let config = Config::read(&args.feeds)?;
    for source in &config.sources {
        settings(std::slice::from_ref(&source.input), &args.sources)?;
    }
    let mut resources = Resources::load(&args.engine)?;
    let mut followed: Vec<Followed> = config.sources.into_iter().map(Followed::new).collect();
    let hooks = match config.hooks {
        none if none.is_empty() => None,
        hooks => Some(Hooks::open(hooks, &args.store.store, args.sources.allow_private)?),
    };
    if args.once {
        let looked = round(&mut followed, args, &mut resources);
        hooks.into_iter().for_each(Hooks::once);
        return looked;
    }
    let news = hooks.map(Hooks::start);
    note(args, &format!("following {} sources into {}", followed.len(), args.store.store.display()));
    loop {
        let next = followed.iter_mut().min_by_key(|f| f.due).expect("the file names one at least");
        std::thread::sleep(next.due.saturating_duration_since(Instant::now()));
        let more = next.look(args, &mut resources).unwrap_or_else(|failure| {
            // A full disk, another run that commits, a folder that is away: the next look may find it mended.
            eprint!("{}", failure.message());
            next.failures += 1;
            false
        });
        next.wait(more);
        // A look that is due already is enough.
        if let Some(news) = &news {
            let _ = news.try_send(());
        }
    }
}

/// Looks at every source once.
fn round(followed: &mut [Followed], args: &WatchArgs, resources: &mut Resources) -> Result<(), Failure> {
    for f in followed {
        while f.look(args, resources)? {}
    }
    Ok(())
}

/// A source and when it is looked at next.
struct Followed {
    source: Source,
    due: Instant,
    failures: u32,
}

impl Followed {
    fn new(source: Source) -> Followed {
        Followed { source, due: Instant::now(), failures: 0 }
    }

    /// Looks once; says whether there may be more of the same batch.
    ///
    /// # Errors
    /// Where the source is away or the store cannot be written. What a source does wrong is told and waited out.
    fn look(&mut self, args: &WatchArgs, resources: &mut Resources) -> Result<bool, Failure> {
        let run = run_args(&self.source.input, args);
        match step(&run, resources, Commit::WithNews)? {
            Step::Committed(s) => {
                self.failures = 0;
                let input = self.source.input.display();
                println!(
                    "{input}: {} new pages; version {}: {} stories, {} documents",
                    s.read_now, s.version, s.stories, s.documents
                );
                Ok(s.read_now >= args.batch)
            }
            Step::NothingNew(rejects) => {
                let failed = rejects.iter().any(|r| self.is_about_source(r));
                self.failures = if failed { self.failures + 1 } else { 0 };
                for reject in rejects.iter().filter(|r| self.is_about_source(r)).take(SHOWN) {
                    eprintln!("warning: {}: {}: {}", reject.path, reject.reason.as_str(), reject.detail);
                }
                Ok(false)
            }
        }
    }

    /// Whether a reject speaks of the source itself and not of a page that it names.
    fn is_about_source(&self, reject: &Reject) -> bool {
        self.source
            .input
            .to_str()
            .is_some_and(|input| reject.path.trim_end_matches('/') == input.trim_end_matches('/'))
    }

    fn wait(&mut self, more: bool) {
        self.due = Instant::now()
            + if more { Duration::ZERO } else { pause(self.source.every, self.failures, LONGEST_PAUSE) };
    }
}

/// The pause after so many failures in a row.
fn pause(every: Duration, failures: u32, longest: Duration) -> Duration {
    let longer = every.saturating_mul(1_u32.checked_shl(failures).unwrap_or(u32::MAX));
    if failures == 0 { every } else { longer.min(longest.max(every)) }
}

fn run_args(input: &Path, args: &WatchArgs) -> RunArgs {
    let mut sources = args.sources.clone();
    // One more than the batch: the feed itself is asked for, too.
    sources.max_pages = sources.max_pages.min(args.batch + 1);
    sources.follow = true;
    RunArgs {
        inputs: vec![input.to_path_buf()],
        sources,
        quiet: true,
        ..RunArgs::anew(args.store.store.clone(), args.engine.clone())
    }
}

fn note(args: &WatchArgs, words: &str) {
    if !args.quiet {
        eprintln!("{words}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_that_fails_is_asked_less_and_less_often() {
        let minute = Duration::from_secs(60);
        let minutes = |failures| pause(minute, failures, LONGEST_PAUSE).as_secs() / 60;
        assert_eq!([0, 1, 2, 5, 8, 9, 31, 32, 500].map(minutes), [1, 2, 4, 32, 256, 360, 360, 360, 360]);
        let daily = Duration::from_secs(24 * 3600);
        assert_eq!(pause(daily, 7, LONGEST_PAUSE), daily);
    }
}
