use crate::StoreError;
use crate::rows::Row;
use arrow_array::RecordBatch;
use arrow_schema::FieldRef;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use serde_arrow::schema::{SchemaLike, TracingOptions};
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

/// The Arrow schema of a table.
fn fields<R: Row>() -> Vec<FieldRef> {
    let mut options = TracingOptions::default()
        .allow_null_fields(true)
        .strings_as_large_utf8(false)
        .sequence_as_large_list(false);
    for date in R::DATES {
        let field = serde_json::json!({"name": date, "data_type": "Date32", "nullable": true});
        options = options.overwrite(*date, field).expect("date columns exist in the row");
    }
    Vec::<FieldRef>::from_type::<R>(options).expect("row types are plain structs")
}

/// The rows as one Arrow batch.
///
/// # Panics
/// If a date column holds text that is not an ISO date: a fault of ours.
pub fn record_batch<R: Row>(rows: &[R]) -> RecordBatch {
    let fields = fields::<R>();
    if rows.is_empty() {
        return RecordBatch::new_empty(Arc::new(arrow_schema::Schema::new(fields)));
    }
    serde_arrow::to_record_batch(&fields, &rows)
        .unwrap_or_else(|e| panic!("rows of `{}` do not fit their own schema: {e}", R::TABLE))
}

/// Writes the rows as one Parquet file, synced to disk.
pub fn write_parquet<R: Row>(path: &Path, rows: &[R]) -> Result<(), StoreError> {
    let write = |source| StoreError::Write { path: path.to_path_buf(), source };
    let batch = record_batch(rows);
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by("polybius".to_string())
        .set_max_row_group_row_count(Some(64 * 1024))
        .build();
    let file = File::create(path).map_err(write)?;
    let mut writer = ArrowWriter::try_new(file, batch.schema(), Some(properties))
        .map_err(|e| write(std::io::Error::other(e)))?;
    writer.write(&batch).map_err(|e| write(std::io::Error::other(e)))?;
    let file = writer.into_inner().map_err(|e| write(std::io::Error::other(e)))?;
    file.sync_all().map_err(write)
}

/// Reads all rows of one Parquet file.
pub fn read_parquet<R: Row>(path: &Path) -> Result<Vec<R>, StoreError> {
    let damaged = |e: String| StoreError::Damaged { path: path.to_path_buf(), problem: e };
    let file = File::open(path).map_err(|source| StoreError::Read { path: path.to_path_buf(), source })?;
    let reader = ParquetRecordBatchReaderBuilder::try_new(file)
        .and_then(|b| b.build())
        .map_err(|e| damaged(e.to_string()))?;
    let mut rows = Vec::new();
    for batch in reader {
        let batch = batch.map_err(|e| damaged(e.to_string()))?;
        let mut part: Vec<R> = serde_arrow::from_record_batch(&batch).map_err(|e| damaged(e.to_string()))?;
        rows.append(&mut part);
    }
    Ok(rows)
}

/// Writes the rows as Parquet to any sink, e.g. standard output.
pub fn write_parquet_to<R: Row>(out: &mut (dyn Write + '_), rows: &[R]) -> Result<(), StoreError> {
    let failed = |e: String| StoreError::Damaged { path: "output".into(), problem: e };
    let batch = record_batch(rows);
    let mut bytes = Vec::new();
    let mut writer =
        ArrowWriter::try_new(&mut bytes, batch.schema(), None).map_err(|e| failed(e.to_string()))?;
    writer.write(&batch).map_err(|e| failed(e.to_string()))?;
    writer.close().map_err(|e| failed(e.to_string()))?;
    out.write_all(&bytes).map_err(|e| failed(e.to_string()))
}

/// Writes a batch as an Arrow IPC file.
pub fn write_arrow(out: &mut (dyn Write + '_), batch: &RecordBatch) -> Result<(), StoreError> {
    let failed =
        |e: arrow_schema::ArrowError| StoreError::Damaged { path: "output".into(), problem: e.to_string() };
    let mut bytes = Vec::new();
    let mut writer = arrow_ipc::writer::FileWriter::try_new(&mut bytes, &batch.schema()).map_err(failed)?;
    writer.write(batch).map_err(failed)?;
    writer.finish().map_err(failed)?;
    drop(writer);
    out.write_all(&bytes).map_err(|e| StoreError::Damaged { path: "output".into(), problem: e.to_string() })
}
