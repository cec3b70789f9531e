//! Small files of a person's decisions beside the tables.

use crate::problem::{Kind, Problem};
use std::io::{self, Write};
use std::path::Path;
use std::sync::Mutex;

/// One writer at a time within this program.
pub static WRITING: Mutex<()> = Mutex::new(());

/// The text of a file; empty where there is none.
pub fn read(path: &Path) -> Result<String, Problem> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(text),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(String::new()),
        Err(e) => Err(Problem::new(Kind::Internal, format!("cannot read `{}`", path.display())).caused(&e)),
    }
}

/// Writes a file that is there whole or as it was.
pub fn write(path: &Path, text: &str) -> Result<(), Problem> {
    let draft = path.with_extension("draft");
    let whole = || -> io::Result<()> {
        let mut file = std::fs::File::create(&draft)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        std::fs::rename(&draft, path)
    };
    whole().map_err(|e| Problem::new(Kind::Internal, format!("cannot write `{}`", path.display())).caused(&e))
}
