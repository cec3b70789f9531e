//! `polybius actors import`: other collections into a base, and opening one.

use super::args::ImportArgs;
use crate::failure::Failure;
use crate::resources::data_folder;
use crate::term::say;
use bzip2::read::MultiBzDecoder;
use flate2::read::MultiGzDecoder;
use indicatif::{HumanBytes, ProgressBar, ProgressDrawTarget, ProgressStyle};
use polybius_actors::{ActorTables, Base, BaseBuilder, Import, ImportKind};
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

/// The base that a store holds.
pub const FILE: &str = "people.base";
/// Lines that cannot be read and are shown; the rest are counted.
const SHOWN: usize = 10;
/// A file with more bad lines than good ones is no file of its kind, once so many were seen.
const ENOUGH: usize = 100;
/// A longer line is no entry: the longest items of Wikidata have some ten million bytes.
const LONGEST_LINE: u64 = 64 << 20;

/// Opens a base by mapping its file.
pub fn open_base(path: &Path) -> Result<Base, Failure> {
    let shown = path.display();
    let file = File::open(path).map_err(|e| Failure::caused(&format!("cannot read `{shown}`"), &e))?;
    let map =
        polybius_parse::map_file(&file).map_err(|e| Failure::caused(&format!("cannot map `{shown}`"), &e))?;
    Base::open(Box::new(map)).map_err(|e| {
        Failure::caused(&format!("`{shown}` cannot be used as a base"), &e)
            .hint("make it anew with `polybius actors import FILE --base OUT`")
    })
}

/// Reads the files one after the other and writes the base, whole or not at all.
pub fn import(args: &ImportArgs) -> Result<(), Failure> {
    let out = args.base.clone().unwrap_or_else(|| args.store.store.join(FILE));
    let data = data_folder(&args.engine)?;
    let tables = ActorTables::load(&data).map_err(|e| Failure::caused("cannot load the actor tables", &e))?;
    let mut base = BaseBuilder::new();
    let mut bad = 0;
    for path in &args.files {
        let before = base.len();
        let (kind, left_out) = read_file(path, &tables, &mut base, args.quiet)?;
        bad += left_out;
        say!(
            "{}: {}, {} entries, {left_out} lines left out",
            path.display(),
            kind.as_str(),
            base.len() - before
        );
    }
    if base.is_empty() {
        return Err(Failure::new("nothing to write: the files hold no person, body or place".to_string()));
    }
    let n = base.len();
    let size =
        write(base, &out).map_err(|e| Failure::caused(&format!("cannot write `{}`", out.display()), &e))?;
    say!("{}: {n} entries, {}, {bad} lines left out", out.display(), HumanBytes(size));
    say!("next: polybius run PAGES --base {}", out.display());
    Ok(())
}

fn read_file(
    path: &Path,
    tables: &ActorTables,
    base: &mut BaseBuilder,
    quiet: bool,
) -> Result<(ImportKind, usize), Failure> {
    let shown = path.display().to_string();
    let file = File::open(path).map_err(|e| Failure::caused(&format!("cannot read `{shown}`"), &e))?;
    let length = file.metadata().map_or(0, |m| m.len());
    let progress = bar(length, quiet);
    let mut lines = unpacked(progress.wrap_read(file))
        .map_err(|e| Failure::caused(&format!("cannot read `{shown}`"), &e))?;
    let mut import: Option<(ImportKind, Import)> = None;
    let (mut good, mut bad, mut number) = (0usize, 0usize, 0u64);
    let mut line = Vec::new();
    loop {
        line.clear();
        number += 1;
        let broken = |e: std::io::Error| {
            Failure::caused(&format!("`{shown}` line {number}: the file breaks off or is damaged"), &e)
                .hint("fetch it again; no base was written")
        };
        let read = lines.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line).map_err(broken)?;
        if read == 0 {
            break;
        }
        let text = String::from_utf8_lossy(&line);
        let text = text.trim_start_matches('\u{feff}').trim_end_matches(['\n', '\r']);
        if import.is_none() {
            import = ImportKind::of_line(text).map(|kind| (kind, Import::new(kind, tables)));
        }
        let Some((kind, reader)) = &mut import else {
            if text.trim() == "[" {
                // A dump opens with a bracket on a line of its own.
                let mut dump = Import::new(ImportKind::Wikidata, tables);
                dump.line(text).map_err(Failure::new)?;
                import = Some((ImportKind::Wikidata, dump));
            }
            continue;
        };
        match reader.line(text) {
            Ok(()) => good += 1,
            Err(problem) => {
                bad += 1;
                if bad <= SHOWN {
                    progress.suspend(|| eprintln!("{shown}:{number}: {problem}"));
                }
                if bad > ENOUGH && bad > good {
                    return Err(Failure::new(format!(
                        "`{shown}` is no {}: {bad} of {} lines cannot be read",
                        kind.as_str(),
                        bad + good
                    ))
                    .hint("Wikidata, FollowTheMoney, PETRARCH and GeoNames files can be imported"));
                }
            }
        }
    }
    progress.finish_and_clear();
    let Some((kind, reader)) = import else {
        return Err(Failure::new(format!("`{shown}` is empty")));
    };
    reader.finish(base).map_err(|problem| {
        Failure::new(format!("`{shown}` line {number}: {problem}"))
            .hint("fetch it again; no base was written")
    })?;
    Ok((kind, bad))
}

/// Unpacks gzip and bzip2 by their first bytes, whatever the file is called.
fn unpacked<R: Read + 'static>(file: R) -> std::io::Result<Box<dyn BufRead>> {
    const BUFFER: usize = 1 << 18;
    let mut file = BufReader::with_capacity(BUFFER, file);
    let start = file.fill_buf()?;
    Ok(if start.starts_with(&[0x1f, 0x8b]) {
        Box::new(BufReader::with_capacity(BUFFER, MultiGzDecoder::new(file)))
    } else if start.starts_with(b"BZh") {
        Box::new(BufReader::with_capacity(BUFFER, MultiBzDecoder::new(file)))
    } else {
        Box::new(file)
    })
}

fn bar(length: u64, quiet: bool) -> ProgressBar {
    let target = if quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
    let bar = ProgressBar::with_draw_target(Some(length), target);
    let style =
        ProgressStyle::with_template("reading {wide_bar} {bytes}/{total_bytes}, {bytes_per_sec}, {eta} left");
    bar.set_style(style.expect("the template is fixed"));
    bar
}

/// Writes beside the place and moves there, so that a base is there whole or as it was.
fn write(base: BaseBuilder, out: &Path) -> std::io::Result<u64> {
    if let Some(folder) = out.parent().filter(|f| !f.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)?;
    }
    let mut draft: PathBuf = out.to_path_buf();
    draft.set_extension(format!("{}.draft", std::process::id()));
    let written = || -> std::io::Result<u64> {
        let mut file = BufWriter::with_capacity(1 << 20, File::create(&draft)?);
        base.write(&mut file)?;
        file.flush()?;
        let file = file.into_inner().map_err(|e| e.into_error())?;
        file.sync_all()?;
        let size = file.metadata()?.len();
        std::fs::rename(&draft, out)?;
        Ok(size)
    };
    written().inspect_err(|_| {
        let _ = std::fs::remove_file(&draft);
    })
}
