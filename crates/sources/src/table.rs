//! Parquet files with a page in each row.

use crate::Item;
use crate::fields::{Fields, Row, from_epoch};
use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Int64Type, TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType,
};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::{DataType, TimeUnit};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use polybius_text::{Reject, RejectReason};
use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Rows decoded at once.
const BATCH: usize = 64;

/// A page for each row; its path is `file.parquet:ROW`, counted from 1.
pub(crate) struct Table {
    reader: Option<ParquetRecordBatchReader>,
    path: String,
    fields: Fields,
    columns: Vec<String>,
    batch: Option<RecordBatch>,
    next: usize,
    number: u64,
}

impl Table {
    /// Opens the file and looks for the columns.
    pub fn open(file: File, path: &str, fields: &Fields) -> Result<Table, Reject> {
        let open = || -> Result<(ParquetRecordBatchReader, Vec<String>), String> {
            let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|e| e.to_string())?;
            let columns: Vec<String> = builder.schema().fields().iter().map(|f| f.name().clone()).collect();
            let wanted = [&fields.text, &fields.html, &fields.url, &fields.date, &fields.title];
            let roots: Vec<usize> =
                columns.iter().enumerate().filter(|(_, c)| wanted.contains(c)).map(|(i, _)| i).collect();
            let mask = ProjectionMask::roots(builder.parquet_schema(), roots);
            let reader = builder.with_projection(mask).with_batch_size(BATCH).build();
            Ok((reader.map_err(|e| e.to_string())?, columns))
        };
        let (reader, columns) = catch_unwind(AssertUnwindSafe(open))
            .unwrap_or_else(|_| Err("the footer is damaged".into()))
            .map_err(|what| reject(path.to_string(), what))?;
        if !columns.contains(&fields.text) && !columns.contains(&fields.html) {
            let detail = format!(
                "no column `{}` or `{}`; it has {}: name the columns with --text-field or --html-field",
                fields.text,
                fields.html,
                columns.iter().take(20).cloned().collect::<Vec<_>>().join(", ")
            );
            return Err(Reject { path: path.to_string(), reason: RejectReason::Unsupported, detail });
        }
        Ok(Table {
            reader: Some(reader),
            path: path.to_string(),
            fields: fields.clone(),
            columns,
            batch: None,
            next: 0,
            number: 0,
        })
    }

    /// The next rows; an error ends the file.
    fn load(&mut self) -> Option<Result<RecordBatch, String>> {
        let reader = self.reader.as_mut()?;
        let next = catch_unwind(AssertUnwindSafe(|| reader.next()));
        let next = match next {
            Ok(Some(Ok(batch))) => return Some(Ok(batch)),
            Ok(Some(Err(e))) => Some(Err(e.to_string())),
            Ok(None) => None,
            Err(_) => Some(Err("damaged pages".to_string())),
        };
        self.reader = None;
        next
    }

    fn row(&self, batch: &RecordBatch, row: usize) -> Item {
        let get = |name: &str| batch.column_by_name(name).and_then(|column| value(column, row));
        let values = Row {
            text: get(&self.fields.text),
            html: get(&self.fields.html),
            url: get(&self.fields.url),
            date: get(&self.fields.date),
            title: get(&self.fields.title),
        };
        values.page(format!("{}:{}", self.path, self.number), &self.fields, &self.columns)
    }
}

impl Iterator for Table {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        loop {
            if let Some(batch) = self.batch.as_ref().filter(|b| self.next < b.num_rows()) {
                let row = self.next;
                self.next += 1;
                self.number += 1;
                return Some(self.row(&batch.clone(), row));
            }
            self.batch = None;
            match self.load()? {
                Ok(batch) => (self.batch, self.next) = (Some(batch), 0),
                Err(detail) => {
                    let path = format!("{}:{}", self.path, self.number + 1);
                    return Some(Err(reject(path, detail)));
                }
            }
        }
    }
}

fn reject(path: String, mut detail: String) -> Reject {
    // Zstandard and brotli would need a C compiler, or minutes, to build.
    let unsupported = detail.contains("Disabled feature");
    if unsupported {
        detail.push_str(": write the file anew with snappy, lz4 or gzip");
    }
    let reason = if unsupported { RejectReason::Unsupported } else { RejectReason::Damaged };
    Reject { path, reason, detail }
}

/// A cell as text; `None` for null and for types that are no text, number or time.
fn value(column: &ArrayRef, row: usize) -> Option<String> {
    if row >= column.len() || column.is_null(row) {
        return None;
    }
    let bytes = |b: &[u8]| Some(String::from_utf8_lossy(b).into_owned());
    match column.data_type() {
        DataType::Utf8 => Some(column.as_string::<i32>().value(row).to_string()),
        DataType::LargeUtf8 => Some(column.as_string::<i64>().value(row).to_string()),
        DataType::Utf8View => Some(column.as_string_view().value(row).to_string()),
        DataType::Binary => bytes(column.as_binary::<i32>().value(row)),
        DataType::LargeBinary => bytes(column.as_binary::<i64>().value(row)),
        DataType::BinaryView => bytes(column.as_binary_view().value(row)),
        DataType::Int64 => Some(column.as_primitive::<Int64Type>().value(row).to_string()),
        DataType::Date32 => from_epoch(i64::from(column.as_primitive::<Date32Type>().value(row)) * 86_400)
            .map(|d| d.chars().take(10).collect()),
        DataType::Timestamp(unit, _) => {
            let seconds = match unit {
                TimeUnit::Second => column.as_primitive::<TimestampSecondType>().value(row),
                TimeUnit::Millisecond => {
                    column.as_primitive::<TimestampMillisecondType>().value(row).div_euclid(1_000)
                }
                TimeUnit::Microsecond => {
                    column.as_primitive::<TimestampMicrosecondType>().value(row).div_euclid(1_000_000)
                }
                TimeUnit::Nanosecond => {
                    column.as_primitive::<TimestampNanosecondType>().value(row).div_euclid(1_000_000_000)
                }
            };
            jiff::Timestamp::from_second(seconds).ok().map(|t| t.to_string())
        }
        _ => None,
    }
}
