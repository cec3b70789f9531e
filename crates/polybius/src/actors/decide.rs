//! `polybius actors merge` and `split`: lines of the store's `actors.txt`.

use super::args::{DecideArgs, MergeArgs, SplitArgs};
use super::show::find;
use crate::args::RunArgs;
use crate::failure::Failure;
use crate::run;
use crate::term::say;
use polybius_serve::decisions;
use polybius_store::Store;
use polybius_view::actor::Actors;

/// Writes a merge.
pub fn merge(args: &MergeArgs) -> Result<(), Failure> {
    let actors = Actors::read(&Store::open(&args.decide.store.store)?)?;
    find(&actors, &args.a)?;
    find(&actors, &args.b)?;
    decide(&format!("merge {} = {}", args.a.trim(), args.b.trim()), &args.decide)
}

/// Writes a split.
pub fn split(args: &SplitArgs) -> Result<(), Failure> {
    let actors = Actors::read(&Store::open(&args.decide.store.store)?)?;
    find(&actors, &args.a)?;
    let line = match (&args.b, &args.document) {
        (Some(b), _) => {
            find(&actors, b)?;
            format!("split {} / {}", args.a.trim(), b.trim())
        }
        (None, Some(document)) => {
            let fits = actors.documents.iter().filter(|d| d.path.contains(document.as_str())).count();
            if fits != 1 {
                return Err(Failure::new(format!("{fits} documents have `{document}` in their path")).hint(
                    "give a part of the path that only one has; `polybius actors show NAME` lists them",
                ));
            }
            format!("split {} @ {}", args.a.trim(), document.trim())
        }
        (None, None) => return Err(Failure::new("give a second name or --document".to_string())),
    };
    decide(&line, &args.decide)
}

/// Appends a line to the checked file, and compares the store anew.
fn decide(line: &str, args: &DecideArgs) -> Result<(), Failure> {
    let root = &args.store.store;
    let written = decisions::append(root, line, args.note.as_deref()).map_err(|problem| {
        let failure = Failure::new(format!("{}: {}", problem.title, problem.detail));
        if problem.hint.is_empty() { failure } else { failure.hint(&problem.hint) }
    })?;
    say!("{}: {}", root.join(decisions::FILE).display(), written.text);
    if args.later {
        say!("next: polybius run PAGES --store {} applies it", root.display());
        return Ok(());
    }
    let run = RunArgs::anew(root.clone(), args.engine.clone());
    let summary = run::run(&run)?;
    say!("{}", run::summary_text(&summary, root));
    Ok(())
}
