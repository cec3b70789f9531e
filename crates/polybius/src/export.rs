//! `polybius export`: tables to files that other programs read.

use crate::args::{ExportArgs, ExportFormat};
use crate::failure::Failure;
use polybius_store::rows::*;
use polybius_store::{Store, record_batch, write_arrow, write_parquet_to};
use serde_json::Value;
use std::fs::File;
use std::io::{self, BufWriter, Write};

/// Writes the table.
pub fn export(args: &ExportArgs) -> Result<(), Failure> {
    if args.table == "list" {
        let names = TABLES.join("\n");
        return write_out(args, |out| writeln!(out, "{names}"));
    }
    let store = Store::open(&args.store.store)?;
    match args.format {
        ExportFormat::Plover => return crate::exchange::plover(&store, args),
        ExportFormat::Gdelt => return crate::exchange::gdelt(&store, args),
        ExportFormat::Graphml => return crate::exchange::graphml(&store, args),
        _ => {}
    }
    macro_rules! dispatch {
        ($($row:ident),*) => {
            match args.table.as_str() {
                $(name if name == $row::TABLE => table::<$row>(&store, args),)*
                other => Err(Failure::new(format!("there is no table `{other}`"))
                    .hint(&format!("tables: {}", TABLES.join(", ")))),
            }
        };
    }
    dispatch!(
        DocumentRow,
        SegmentRow,
        SentenceRow,
        MentionRow,
        ActorRow,
        RoleRow,
        TimeRow,
        PlaceRow,
        QuoteRow,
        EventRow,
        StoryRow,
        StoryDocumentRow,
        NearMissRow,
        StoryLinkRow,
        ChainRow,
        ClaimRow,
        ClaimCellRow,
        ConflictRow,
        RelationRow,
        RejectRow,
        EventFlatRow,
        QuoteFlatRow
    )
}

fn table<R: Row>(store: &Store, args: &ExportArgs) -> Result<(), Failure> {
    let rows: Vec<R> = store.read()?;
    write_out(args, |out| match args.format {
        ExportFormat::Jsonl => {
            for row in &rows {
                serde_json::to_writer(&mut *out, row)?;
                out.write_all(b"\n")?;
            }
            Ok(())
        }
        ExportFormat::Csv => csv(&rows, out),
        ExportFormat::Parquet => write_parquet_to(&mut *out, &rows).map_err(io::Error::other),
        ExportFormat::Arrow => write_arrow(&mut *out, &record_batch(&rows)).map_err(io::Error::other),
        ExportFormat::Plover | ExportFormat::Gdelt | ExportFormat::Graphml => {
            unreachable!("handled before")
        }
    })
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

/// RFC 4180: fields with comma, quote or line break are quoted. Lists are joined by `;`, structs are JSON.
fn csv<R: Row>(rows: &[R], out: &mut dyn Write) -> io::Result<()> {
    let columns: Vec<String> = match serde_json::to_value(R::default())? {
        Value::Object(map) => map.keys().cloned().collect(),
        _ => Vec::new(),
    };
    writeln!(out, "{}", columns.join(","))?;
    for row in rows {
        let value = serde_json::to_value(row)?;
        let fields: Vec<String> = columns.iter().map(|c| csv_field(&cell_text(&value[c]))).collect();
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

fn csv_field(text: &str) -> String {
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
