//! `polybius actors merge` and `split`: lines of the store's `actors.txt`.

use super::args::{DecideArgs, MergeArgs, SplitArgs};
use super::gather::Actors;
use super::show::find;
use crate::args::RunArgs;
use crate::failure::Failure;
use crate::run::{self, decisions_of};
use crate::term::say;
use polybius_store::Store;
use std::io::Write;
use std::path::Path;

/// The file of decisions in a store.
pub const FILE: &str = "actors.txt";

const HEADER: &str = "\
# Who is who: decisions of a person, applied whenever the store is compared.
# merge NAME = NAME        both names are one actor
# split NAME / NAME        the names are two actors
# split NAME @ DOCUMENT    in that document the name means somebody else (part of its path)
# A name may carry its code: Kim [KOR]. What follows two blanks and # is a note.
";

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

/// Appends a line, checks the whole file, and compares the store anew.
fn decide(line: &str, args: &DecideArgs) -> Result<(), Failure> {
    let path = args.store.store.join(FILE);
    let before = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => HEADER.to_string(),
        Err(e) => return Err(Failure::caused(&format!("cannot read `{}`", path.display()), &e)),
    };
    let note = args.note.as_deref().map_or(String::new(), |n| format!("  # {}", n.replace('\n', " ")));
    let gap = if before.ends_with('\n') || before.is_empty() { "" } else { "\n" };
    let text = format!("{before}{gap}{line}{note}\n");
    decisions_of(&path, &text)?;
    write_whole(&path, &text)
        .map_err(|e| Failure::caused(&format!("cannot write `{}`", path.display()), &e))?;
    say!("{}: {line}", path.display());
    if args.later {
        say!("next: polybius run PAGES --store {} applies it", args.store.store.display());
        return Ok(());
    }
    let run = RunArgs::anew(args.store.store.clone(), args.engine.clone());
    let summary = run::run(&run)?;
    say!("{}", run::summary_text(&summary, &args.store.store));
    Ok(())
}

/// A file that is there whole or as it was.
fn write_whole(path: &Path, text: &str) -> std::io::Result<()> {
    let draft = path.with_extension("draft");
    let mut file = std::fs::File::create(&draft)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    std::fs::rename(&draft, path)
}
