//! `polybius release`: a frozen data set that can be cited and checked.

use crate::args::{EngineArgs, ReleaseArgs};
use crate::export::csv;
use crate::failure::Failure;
use crate::resources::{codebook_hash, data_folder};
use crate::tables;
use crate::term::say;
use polybius_store::rows::{DocumentRow, EachTable, EventFlatRow, QuoteFlatRow, Row, each_table};
use polybius_store::{Commit, Store, dictionary, sha256_of, write_parquet};
use std::any::Any;
use std::fmt::Write as _;
use std::fs;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

/// Writes the data set. The same state of a store gives the same bytes.
pub fn release(args: &ReleaseArgs) -> Result<(), Failure> {
    let store = args.store.open()?;
    let commit = store.commit_read()?.expect("a store that opens has a commit");
    let folder = &args.folder;
    if fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(Failure::new(format!("`{}` is not empty", folder.display()))
            .hint("a release is frozen: give a folder that is not there yet"));
    }
    let mut writer = Release { folder, store: &store, args, written: Vec::new() };
    each_table(&mut writer)?;
    let codebook = writer.codebook(&commit)?;
    let dictionary = dictionary();
    writer.text("dictionary.csv", &tables::csv(&dictionary))?;
    writer.text("dictionary.md", &format!("# Data dictionary\n\n{}", tables::markdown(&dictionary)))?;
    writer.text("settings.json", &settings(&commit))?;
    writer.text("CITATION.cff", &citation(args, &commit))?;
    writer.text("README.md", &readme(args, &commit, &codebook))?;
    writer.sums()?;
    say!(
        "{} files in `{}`; check them with `sha256sum -c SHA256SUMS`",
        writer.written.len() + 1,
        folder.display()
    );
    Ok(())
}

struct Release<'a> {
    folder: &'a Path,
    store: &'a Store,
    args: &'a ReleaseArgs,
    /// Relative to the folder, with `/`.
    written: Vec<String>,
}

impl EachTable for Release<'_> {
    type Error = Failure;

    fn table<R: Row>(&mut self) -> Result<(), Failure> {
        let mut rows: Vec<R> = self.store.read()?;
        if self.args.without_text {
            rows.iter_mut().for_each(without_text);
        }
        let path = self.path(&format!("tables/{}.parquet", R::TABLE))?;
        write_parquet(&path, &rows)?;
        let path = self.path(&format!("tables/{}.csv", R::TABLE))?;
        let failed = |e| Failure::caused(&format!("cannot write `{}`", path.display()), &e);
        let mut out = BufWriter::new(fs::File::create(&path).map_err(failed)?);
        csv(&rows, &mut out).and_then(|()| out.flush()).map_err(failed)
    }
}

/// Takes whole sentences out; the spans stay.
fn without_text<R: Row>(row: &mut R) {
    let row: &mut dyn Any = row;
    if let Some(row) = row.downcast_mut::<DocumentRow>() {
        row.text.clear();
    } else if let Some(row) = row.downcast_mut::<EventFlatRow>() {
        row.evidence.clear();
    } else if let Some(row) = row.downcast_mut::<QuoteFlatRow>() {
        row.text.clear();
    }
}

impl Release<'_> {
    /// Where a file goes; it is counted as written.
    fn path(&mut self, name: &str) -> Result<PathBuf, Failure> {
        let path = self.folder.join(name);
        let parent = path.parent().unwrap_or(self.folder);
        fs::create_dir_all(parent)
            .map_err(|e| Failure::caused(&format!("cannot make `{}`", parent.display()), &e))?;
        self.written.push(name.to_string());
        Ok(path)
    }

    fn text(&mut self, name: &str, text: &str) -> Result<(), Failure> {
        let path = self.path(name)?;
        fs::write(&path, text).map_err(|e| Failure::caused(&format!("cannot write `{}`", path.display()), &e))
    }

    /// The codebook that the store was coded with, file by file; returns its hash.
    fn codebook(&mut self, commit: &Commit) -> Result<String, Failure> {
        let data = data_folder(&EngineArgs::of_data(self.args.data.clone()))?;
        let hash = codebook_hash(&data);
        if commit.settings.get("codebook").is_some_and(|coded| *coded != hash) {
            return Err(Failure::new(format!(
                "the codebook in `{}` is not the one that this version was coded with",
                data.display()
            ))
            .hint("give the folder that holds it with --data DIR, or run the pages again"));
        }
        let from = data.join("codebook");
        let mut files = Vec::new();
        let mut folders = vec![from.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
                if entry.path().is_dir() { folders.push(entry.path()) } else { files.push(entry.path()) }
            }
        }
        files.sort();
        for file in files {
            let relative = file.strip_prefix(&from).expect("it lies under the folder");
            let parts: Vec<_> = relative.iter().map(|p| p.to_string_lossy().into_owned()).collect();
            let path = self.path(&format!("codebook/{}", parts.join("/")))?;
            fs::copy(&file, &path)
                .map_err(|e| Failure::caused(&format!("cannot write `{}`", path.display()), &e))?;
        }
        Ok(hash)
    }

    fn sum(&self, name: &str) -> Result<String, Failure> {
        let path = self.folder.join(name);
        sha256_of(&path).map_err(|e| Failure::caused(&format!("cannot read `{}`", path.display()), &e))
    }

    fn sums(&self) -> Result<(), Failure> {
        let mut list = String::new();
        let mut names = self.written.clone();
        names.sort();
        for name in &names {
            let _ = writeln!(list, "{}  {name}", self.sum(name)?);
        }
        let path = self.folder.join("SHA256SUMS");
        fs::write(&path, list).map_err(|e| Failure::caused(&format!("cannot write `{}`", path.display()), &e))
    }
}

fn settings(commit: &Commit) -> String {
    let object = serde_json::json!({
        "version": commit.version,
        "at": commit.at,
        "settings": commit.settings,
        "tables": commit.tables,
    });
    format!("{}\n", serde_json::to_string_pretty(&object).expect("plain data"))
}

fn day(commit: &Commit) -> String {
    commit.at.to_string().chars().take(10).collect()
}

/// Citation File Format 1.2.0.
fn citation(args: &ReleaseArgs, commit: &Commit) -> String {
    let quoted = |text: &str| serde_json::to_string(text).expect("a text is plain data");
    let mut text = format!(
        "cff-version: 1.2.0\nmessage: If you use this data set, please cite it as below.\ntype: dataset\ntitle: {}\n\
         version: \"{}\"\ndate-released: {}\nauthors:\n",
        quoted(&args.title),
        commit.version,
        day(commit)
    );
    for author in &args.authors {
        let (family, given) = author.split_once(',').unwrap_or((author, ""));
        let _ = writeln!(text, "  - family-names: {}", quoted(family.trim()));
        if !given.trim().is_empty() {
            let _ = writeln!(text, "    given-names: {}", quoted(given.trim()));
        }
    }
    if args.authors.is_empty() {
        text.push_str("  - name: \"the makers of this data set\"\n");
    }
    text
}

fn readme(args: &ReleaseArgs, commit: &Commit, codebook: &str) -> String {
    let setting = |key: &str| commit.settings.get(key).map_or("unknown", String::as_str);
    let mut text = format!(
        "# {}\n\nVersion {} of {}, coded by Polybius {} with model {} and codebook {codebook}.\n\n",
        args.title,
        commit.version,
        day(commit),
        setting("program"),
        setting("model"),
    );
    text.push_str(
        "- `tables/`: every table as Parquet and as CSV (lists joined by `;`, parts of a list as JSON)\n\
         - `dictionary.md`, `dictionary.csv`: each column with type, unit and meaning\n\
         - `codebook/`: the rules that `events.rule` names\n\
         - `settings.json`: what made it, and the files of the store that it was taken from\n\
         - `SHA256SUMS`: `sha256sum -c SHA256SUMS` tells whether every file is as it was released\n\
         - `CITATION.cff`: how to cite it\n\n",
    );
    if args.without_text {
        text.push_str(
            "The texts of documents and sentences are left out; offsets speak of the original pages.\n\n",
        );
    }
    text.push_str("| table | rows |\n| --- | ---: |\n");
    for table in polybius_store::rows::TABLES {
        let _ = writeln!(text, "| {table} | {} |", commit.rows(table));
    }
    text
}
