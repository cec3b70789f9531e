//! `polybius export`: tables to files that other programs read.

use crate::args::{ExportArgs, ExportFormat};
use crate::failure::Failure;
use crate::{exchange, follow_the_money, sqlite};
use polybius_store::rows::*;
use polybius_store::{Store, StoreError, record_batch, write_arrow, write_parquet_to};
use serde_json::Value;
use std::fs::File;
use std::io::{self, BufWriter, Write};

/// Writes the table.
pub fn export(args: &ExportArgs) -> Result<(), Failure> {
    if args.table.as_deref() == Some("list") {
        let names = TABLES.join("\n");
        return write_out(args, |out| writeln!(out, "{names}"));
    }
    let store = args.store.open()?;
    match args.format {
        ExportFormat::Plover => return exchange::plover(&store, args),
        ExportFormat::Gdelt => return exchange::gdelt(&store, args),
        ExportFormat::Polecat => return exchange::polecat(&store, args),
        ExportFormat::Ftm => return follow_the_money::entities(&store, args),
        ExportFormat::Graphml => return exchange::graphml(&store, args),
        ExportFormat::Sqlite => return sqlite::database(&store, args),
        _ => {}
    }
    let name = args.table.as_deref().unwrap_or("events_flat");
    with_table(name, &mut Export { store: &store, args }).unwrap_or_else(|| Err(no_table(name)))
}

/// A table that is not there, and those that are.
pub fn no_table(name: &str) -> Failure {
    Failure::new(format!("there is no table `{name}`")).hint(&format!("tables: {}", TABLES.join(", ")))
}

struct Export<'a> {
    store: &'a Store,
    args: &'a ExportArgs,
}

impl EachTable for Export<'_> {
    type Error = Failure;

    fn table<R: Row>(&mut self) -> Result<(), Failure> {
        let rows: Vec<R> = self.store.read()?;
        write_out(self.args, |out| match self.args.format {
            ExportFormat::Jsonl => {
                for row in &rows {
                    serde_json::to_writer(&mut *out, row)?;
                    out.write_all(b"\n")?;
                }
                Ok(())
            }
            ExportFormat::Parquet => write_parquet_to(&mut *out, &rows).map_err(io_error),
            ExportFormat::Arrow => write_arrow(&mut *out, &record_batch(&rows)).map_err(io_error),
            _ => csv(&rows, out),
        })
    }
}

/// The system's own error where there is one: a reader that has gone is told from a full disk.
fn io_error(error: StoreError) -> io::Error {
    match error {
        StoreError::Write { source, .. } => source,
        other => io::Error::other(other),
    }
}

/// Opens the output, writes, and names the file in the error. A closed pipe is a quiet end.
pub fn write_out(
    args: &ExportArgs,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Failure> {
    let (result, name) = match &args.out {
        Some(path) => {
            let name = path.display().to_string();
            let result = File::create(path).and_then(|file| {
                let mut out = BufWriter::new(file);
                write(&mut out)?;
                out.flush()
            });
            (result, name)
        }
        None => {
            let mut out = BufWriter::new(io::stdout().lock());
            (write(&mut out).and_then(|()| out.flush()), "standard output".to_string())
        }
    };
    match result {
        Err(e) if e.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        Err(e) => Err(Failure::caused(&format!("cannot write `{name}`"), &e)),
        Ok(()) => Ok(()),
    }
}

/// A table with a header. RFC 4180: fields with comma, quote or line break are quoted. Lists are joined by `;`, structs are JSON.
pub fn csv<R: Row>(rows: &[R], out: &mut dyn Write) -> io::Result<()> {
    let columns: Vec<&str> = R::COLUMNS.iter().map(|c| c.name.trim_start_matches("r#")).collect();
    writeln!(out, "{}", columns.join(","))?;
    for row in rows {
        let value = serde_json::to_value(row)?;
        let fields: Vec<String> = columns.iter().map(|c| csv_field(&cell_text(&value[*c]))).collect();
        writeln!(out, "{}", fields.join(","))?;
    }
    Ok(())
}

/// One cell as text.
pub fn cell_text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(s) => s.clone(),
        Value::Array(items) => items.iter().map(cell_text).collect::<Vec<_>>().join(";"),
        other => other.to_string(),
    }
}

pub fn csv_field(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_with_comma_or_quote_is_quoted() {
        assert_eq!(csv_field("a,b"), "\"a,b\"");
        assert_eq!(csv_field("say \"no\""), "\"say \"\"no\"\"\"");
        assert_eq!(csv_field("plain"), "plain");
    }
}
