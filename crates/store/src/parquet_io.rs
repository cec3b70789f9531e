use crate::StoreError;
use crate::commit::{draft_of, hex};
use crate::rows::Row;
use arrow_array::RecordBatch;
use arrow_schema::{DataType, Field, FieldRef, Schema, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use serde_arrow::schema::{SchemaLike, TracingOptions};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Rows that are turned into one batch: bounds memory and the length of a text column.
const BATCH_ROWS: usize = 16 * 1024;

/// The Arrow columns of a table.
pub fn columns_of<R: Row>() -> Vec<FieldRef> {
    let mut options = TracingOptions::default()
        .allow_null_fields(true)
        .strings_as_large_utf8(false)
        .sequence_as_large_list(false);
    for date in R::DATES {
        let field = serde_json::json!({"name": date, "data_type": "Date32", "nullable": true});
        options = options.overwrite(*date, field).expect("date columns exist in the row");
    }
    let fields = Vec::<FieldRef>::from_type::<R>(options).expect("row types are plain structs");
    fields.iter().map(signed).collect()
}

/// The column with signed numbers throughout: the Delta protocol and many readers know no others, and the difference
/// of two offsets may be negative.
fn signed(field: &FieldRef) -> FieldRef {
    let data_type = match field.data_type() {
        DataType::UInt8 | DataType::UInt16 | DataType::UInt32 | DataType::UInt64 => DataType::Int64,
        DataType::List(item) => DataType::List(signed(item)),
        DataType::Struct(fields) => DataType::Struct(fields.iter().map(signed).collect()),
        other => other.clone(),
    };
    Arc::new(Field::new(field.name(), data_type, field.is_nullable()))
}

/// The rows as one Arrow batch.
///
/// # Panics
/// If a date column holds text that is not an ISO date: a fault of ours.
pub fn record_batch<R: Row>(rows: &[R]) -> RecordBatch {
    batch_of(&columns_of::<R>(), rows)
}

fn batch_of<R: Row>(fields: &[FieldRef], rows: &[R]) -> RecordBatch {
    if rows.is_empty() {
        return RecordBatch::new_empty(Arc::new(Schema::new(fields.to_vec())));
    }
    serde_arrow::to_record_batch(fields, &rows)
        .unwrap_or_else(|e| panic!("rows of `{}` do not fit their own schema: {e}", R::TABLE))
}

/// A file that was written under a name of its own.
pub(crate) struct Draft {
    pub path: PathBuf,
    pub rows: u64,
    pub bytes: u64,
    pub sha256: String,
    pub schema: String,
}

/// A Parquet file that is being written, beside where it shall lie. Equal rows give equal bytes, in however many parts they come.
pub(crate) struct DraftFile<R: Row> {
    folder: PathBuf,
    path: PathBuf,
    rows: u64,
    file: Option<RowFile<R, Hashed>>,
}

impl<R: Row> DraftFile<R> {
    pub(crate) fn create(folder: &Path) -> Result<DraftFile<R>, StoreError> {
        let path = draft_of(&folder.join("new"));
        let mut draft = DraftFile { folder: folder.to_path_buf(), path, rows: 0, file: None };
        let made = File::create(&draft.path)
            .and_then(|file| RowFile::new(Hashed { file, digest: Sha256::new(), bytes: 0 }));
        draft.file = Some(made.map_err(|source| draft.failed(source))?);
        Ok(draft)
    }

    /// Appends the rows and empties the list.
    pub(crate) fn append(&mut self, rows: &mut Vec<R>) -> Result<(), StoreError> {
        self.rows += rows.len() as u64;
        let file = self.file.as_mut().expect("a draft is written until it is finished");
        file.append(rows).map_err(|source| self.failed(source))
    }

    /// Appends rows that stay.
    pub(crate) fn append_all(&mut self, rows: &[R]) -> Result<(), StoreError> {
        self.rows += rows.len() as u64;
        let file = self.file.as_mut().expect("a draft is written until it is finished");
        file.append_all(rows).map_err(|source| self.failed(source))
    }

    /// Syncs it to disk.
    pub(crate) fn finish(mut self) -> Result<Draft, StoreError> {
        let file = self.file.take().expect("a draft is finished once");
        let sink = file.finish().and_then(|mut sink| {
            sink.file.flush()?;
            sink.file.sync_all()?;
            Ok(sink)
        });
        let sink = sink.map_err(|source| self.failed(source))?;
        Ok(Draft {
            bytes: sink.bytes,
            rows: self.rows,
            sha256: hex(&sink.digest.finalize()),
            schema: schema_key(&columns_of::<R>()),
            path: std::mem::take(&mut self.path),
        })
    }

    fn failed(&self, source: io::Error) -> StoreError {
        StoreError::Write { path: self.folder.clone(), source }
    }
}

impl<R: Row> Drop for DraftFile<R> {
    /// What was not finished is taken away.
    fn drop(&mut self) {
        if !self.path.as_os_str().is_empty() {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// Equal for equal columns.
pub(crate) fn schema_key(fields: &[FieldRef]) -> String {
    let mut text = String::new();
    for field in fields {
        text.push_str(&format!("{}:{}:{};", field.name(), field.data_type(), field.is_nullable()));
    }
    hex(&Sha256::digest(text))[..16].to_string()
}

/// Counts and hashes what goes through.
struct Hashed {
    file: File,
    digest: Sha256,
    bytes: u64,
}

impl Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = self.file.write(bytes)?;
        self.digest.update(&bytes[..n]);
        self.bytes += n as u64;
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// SHA-256 of a file's content.
pub fn sha256_of(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut digest = Sha256::new();
    io::copy(&mut file, &mut digest)?;
    Ok(hex(&digest.finalize()))
}

/// Rows on their way into a Parquet file.
struct RowFile<R: Row, W: Write + Send> {
    fields: Vec<FieldRef>,
    writer: ArrowWriter<W>,
    /// Fewer than make a batch.
    waiting: Vec<R>,
}

impl<R: Row, W: Write + Send> RowFile<R, W> {
    fn new(sink: W) -> io::Result<RowFile<R, W>> {
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_created_by("polybius".to_string())
            .set_max_row_group_row_count(Some(64 * 1024))
            .build();
        let fields = columns_of::<R>();
        let schema = Arc::new(Schema::new(fields.clone()));
        let writer = ArrowWriter::try_new(sink, schema, Some(properties)).map_err(io_error)?;
        Ok(RowFile { fields, writer, waiting: Vec::new() })
    }

    fn append(&mut self, rows: &mut Vec<R>) -> io::Result<()> {
        self.waiting.append(rows);
        let whole = self.waiting.len() / BATCH_ROWS * BATCH_ROWS;
        for batch in self.waiting[..whole].chunks(BATCH_ROWS) {
            self.writer.write(&batch_of(&self.fields, batch)).map_err(io_error)?;
        }
        self.waiting.drain(..whole);
        Ok(())
    }

    /// All rows at once; only where none waits.
    fn append_all(&mut self, rows: &[R]) -> io::Result<()> {
        debug_assert!(self.waiting.is_empty());
        for part in rows.chunks(BATCH_ROWS) {
            self.writer.write(&batch_of(&self.fields, part)).map_err(io_error)?;
        }
        Ok(())
    }

    fn finish(mut self) -> io::Result<W> {
        if !self.waiting.is_empty() {
            self.writer.write(&batch_of(&self.fields, &self.waiting)).map_err(io_error)?;
        }
        self.writer.into_inner().map_err(io_error)
    }
}

fn write_rows<R: Row, W: Write + Send>(sink: W, rows: &[R]) -> io::Result<W> {
    let mut file = RowFile::<R, W>::new(sink)?;
    file.append_all(rows)?;
    file.finish()
}

/// The system's own error where there is one: it tells a full disk from other things.
fn io_error(error: parquet::errors::ParquetError) -> io::Error {
    match error {
        parquet::errors::ParquetError::External(inner) => match inner.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(other) => io::Error::other(other),
        },
        other => io::Error::other(other),
    }
}

/// Writes the rows as one Parquet file, synced to disk.
pub fn write_parquet<R: Row>(path: &Path, rows: &[R]) -> Result<(), StoreError> {
    let write = |source| StoreError::Write { path: path.to_path_buf(), source };
    let file = File::create(path).map_err(write)?;
    write_rows(file, rows).and_then(|file| file.sync_all()).map_err(write)
}

/// Reads all rows of one Parquet file. Columns that the file lacks take their empty value.
pub fn read_parquet<R: Row>(path: &Path) -> Result<Vec<R>, StoreError> {
    let damaged = |e: String| StoreError::Damaged { path: path.to_path_buf(), problem: e };
    let reader = open_parquet(path)?.build().map_err(|e| damaged(e.to_string()))?;
    let mut rows = Vec::new();
    for batch in reader {
        let batch = batch.map_err(|e| damaged(e.to_string()))?;
        let mut part: Vec<R> = serde_arrow::from_record_batch(&batch).map_err(|e| damaged(e.to_string()))?;
        rows.append(&mut part);
    }
    Ok(rows)
}

/// A Parquet file whose footer was read.
pub(crate) fn open_parquet(path: &Path) -> Result<ParquetRecordBatchReaderBuilder<File>, StoreError> {
    let file = File::open(path).map_err(|source| StoreError::Read { path: path.to_path_buf(), source })?;
    ParquetRecordBatchReaderBuilder::try_new(file)
        .map_err(|e| StoreError::Damaged { path: path.to_path_buf(), problem: e.to_string() })
}

/// The columns of a Parquet file.
pub(crate) fn schema_of(path: &Path) -> Result<SchemaRef, StoreError> {
    Ok(open_parquet(path)?.schema().clone())
}

/// Writes the rows as Parquet to any sink, e.g. standard output.
pub fn write_parquet_to<R: Row>(out: &mut (dyn Write + '_), rows: &[R]) -> Result<(), StoreError> {
    let failed = |source| StoreError::Write { path: "output".into(), source };
    let bytes = write_rows(Vec::new(), rows).map_err(failed)?;
    out.write_all(&bytes).map_err(failed)
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
    out.write_all(&bytes).map_err(|source| StoreError::Write { path: "output".into(), source })
}
