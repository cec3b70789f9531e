//! Rows as a person or a program reads them.

use datafusion::arrow::array::{Array, ArrayRef, AsArray, StringArray};
use datafusion::arrow::csv::WriterBuilder;
use datafusion::arrow::datatypes::DataType;
use datafusion::arrow::ipc::writer::FileWriter;
use datafusion::arrow::json::{ArrayWriter, LineDelimitedWriter};
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::arrow::util::display::{ArrayFormatter, FormatOptions};
use datafusion::arrow::util::pretty::pretty_format_batches;
use datafusion::parquet::arrow::ArrowWriter;
use std::io::{self, Write};
use std::sync::Arc;

/// An aligned table.
pub fn table(out: &mut dyn Write, batches: &[RecordBatch]) -> io::Result<()> {
    let text = pretty_format_batches(batches).map_err(io::Error::other)?;
    writeln!(out, "{text}")
}

/// Comma-separated values with a header. Lists of plain values are joined by `;`, other nested values are shown as
/// the engine shows them.
pub fn csv(out: &mut dyn Write, batches: &[RecordBatch]) -> io::Result<()> {
    let mut writer = WriterBuilder::new().with_header(true).build(out);
    for batch in batches {
        writer.write(&flat(batch)?).map_err(io::Error::other)?;
    }
    Ok(())
}

/// One JSON object a line.
pub fn json_lines(out: &mut dyn Write, batches: &[RecordBatch]) -> io::Result<()> {
    let mut writer = LineDelimitedWriter::new(out);
    for batch in batches {
        writer.write(batch).map_err(io::Error::other)?;
    }
    writer.finish().map_err(io::Error::other)
}

/// One JSON array of objects.
pub fn json(out: &mut dyn Write, batches: &[RecordBatch]) -> io::Result<()> {
    let mut writer = ArrayWriter::new(out);
    for batch in batches {
        writer.write(batch).map_err(io::Error::other)?;
    }
    writer.finish().map_err(io::Error::other)?;
    writeln!(writer.into_inner())
}

/// A Parquet file.
pub fn parquet(out: &mut dyn Write, batches: &[RecordBatch]) -> io::Result<()> {
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batches[0].schema(), None).map_err(io::Error::other)?;
    for batch in batches {
        writer.write(batch).map_err(io::Error::other)?;
    }
    writer.close().map_err(io::Error::other)?;
    out.write_all(&bytes)
}

/// An Arrow IPC file.
pub fn arrow(out: &mut dyn Write, batches: &[RecordBatch]) -> io::Result<()> {
    let mut writer = FileWriter::try_new(out, &batches[0].schema()).map_err(io::Error::other)?;
    for batch in batches {
        writer.write(batch).map_err(io::Error::other)?;
    }
    writer.finish().map_err(io::Error::other)
}

/// The batch with every nested column as text.
fn flat(batch: &RecordBatch) -> io::Result<RecordBatch> {
    let columns =
        batch
            .columns()
            .iter()
            .map(|column| {
                if column.data_type().is_nested() { nested_text(column.as_ref()) } else { Ok(column.clone()) }
            })
            .collect::<io::Result<Vec<ArrayRef>>>()?;
    let schema = batch.schema();
    let named = schema.fields().iter().map(|f| f.name().clone()).zip(columns);
    RecordBatch::try_from_iter(named).map_err(io::Error::other)
}

fn nested_text(column: &dyn Array) -> io::Result<ArrayRef> {
    let options = FormatOptions::default();
    let text = |array: &dyn Array, row: usize| -> io::Result<String> {
        let formatter = ArrayFormatter::try_new(array, &options).map_err(io::Error::other)?;
        Ok(formatter.value(row).to_string())
    };
    let mut out = Vec::with_capacity(column.len());
    for row in 0..column.len() {
        out.push(match column.data_type() {
            _ if column.is_null(row) => None,
            DataType::List(_) => {
                let items = column.as_list::<i32>().value(row);
                let items: Vec<String> =
                    (0..items.len()).map(|i| text(items.as_ref(), i)).collect::<io::Result<_>>()?;
                Some(items.join(";"))
            }
            _ => Some(text(column, row)?),
        });
    }
    Ok(Arc::new(StringArray::from(out)))
}
