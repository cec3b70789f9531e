//! The log of one table in the Delta protocol (github.com/delta-io/delta, PROTOCOL.md: reader version 1, writer version 2), so
//! that programs that know it read every kept version. Version 0 is the empty table, version N commit N of the store.

use crate::checkpoint;
use crate::commit::{Commit, TableFile, commit_path, hex, versions};
use crate::error::StoreError;
use crate::folder::create_file;
use crate::parquet_io::{open_parquet, schema_of};
use arrow_schema::{DataType, Field, Schema};
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData};
use parquet::file::statistics::Statistics;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};

/// The folder of a table's log.
pub(crate) const LOG: &str = "_delta_log";

/// The file of a version of a table.
pub(crate) fn log_path(root: &Path, table: &str, version: u64) -> PathBuf {
    root.join(table).join(LOG).join(format!("{version:020}.json"))
}

/// Writes what the log of a table lacks up to the last commit.
pub(crate) fn extend(root: &Path, table: &str, last: &Commit) -> Result<(), StoreError> {
    let folder = root.join(table).join(LOG);
    fs::create_dir_all(&folder).map_err(|source| StoreError::Write { path: folder, source })?;
    let mut from = last.version;
    while from > 0 && !log_path(root, table, from).exists() {
        from -= 1;
    }
    if from == 0 && !log_path(root, table, 0).exists() {
        create_table(root, table, last)?;
    }
    let known = versions(root)?;
    let mut before = if from == 0 { None } else { read_commit(root, from, last, &known)? };
    for version in from + 1..=last.version {
        let commit = read_commit(root, version, last, &known)?;
        let actions = actions_of(root, table, version, before.as_ref(), commit.as_ref())?;
        write(&log_path(root, table, version), &actions)?;
        before = commit;
        if version.is_multiple_of(checkpoint::EVERY) {
            checkpoint::write(&root.join(table), version, &read_log(root, table, version)?)?;
        }
    }
    Ok(())
}

/// All actions of a table up to a version.
fn read_log(root: &Path, table: &str, last: u64) -> Result<Vec<Value>, StoreError> {
    let mut actions = Vec::new();
    for version in 0..=last {
        let path = log_path(root, table, version);
        let text =
            fs::read_to_string(&path).map_err(|source| StoreError::Read { path: path.clone(), source })?;
        for line in text.lines() {
            let action = serde_json::from_str(line);
            actions.push(
                action.map_err(|e| StoreError::Damaged { path: path.clone(), problem: e.to_string() })?,
            );
        }
    }
    Ok(actions)
}

fn read_commit(
    root: &Path,
    version: u64,
    last: &Commit,
    known: &[u64],
) -> Result<Option<Commit>, StoreError> {
    if version == last.version {
        return Ok(Some(last.clone()));
    }
    if !known.contains(&version) {
        return Ok(None);
    }
    Commit::read(&commit_path(root, version)).map(Some)
}

/// Version 0: the table without a row.
fn create_table(root: &Path, table: &str, last: &Commit) -> Result<(), StoreError> {
    let at = last.at.as_millisecond();
    let info = json!({"commitInfo": {"timestamp": at, "operation": "CREATE TABLE", "operationParameters": {},
        "engineInfo": engine_info()}});
    let protocol = json!({"protocol": {"minReaderVersion": 1, "minWriterVersion": 2}});
    let files = last.tables.get(table).map(Vec::as_slice).unwrap_or_default();
    let mut actions = vec![info, protocol];
    actions.extend(metadata(root, table, files, at)?);
    write(&log_path(root, table, 0), &actions)
}

fn actions_of(
    root: &Path,
    table: &str,
    version: u64,
    before: Option<&Commit>,
    commit: Option<&Commit>,
) -> Result<Vec<Value>, StoreError> {
    let old = files_of(before, table);
    // A version whose commit is gone changes nothing that could still be read.
    let new = if commit.is_some() { files_of(commit, table) } else { old };
    let at = commit.or(before).map_or(0, |c| c.at.as_millisecond());
    let added: Vec<&TableFile> = new.iter().filter(|f| !has(old, f)).collect();
    let removed: Vec<&TableFile> = old.iter().filter(|f| !has(new, f)).collect();
    let mut actions = vec![commit_info(version, commit, table, at)];
    if !added.is_empty() && added[0].schema != old.first().map_or("", |f| f.schema.as_str()) {
        actions.extend(metadata(root, table, new, at)?);
    }
    actions.extend(removed.iter().map(|file| {
        json!({"remove": {"path": file.path, "deletionTimestamp": at, "dataChange": true,
            "extendedFileMetadata": true, "partitionValues": {}, "size": file.bytes}})
    }));
    for file in added {
        actions.push(json!({"add": {"path": file.path, "partitionValues": {}, "size": file.bytes,
            "modificationTime": at, "dataChange": true, "stats": statistics(root, table, file)?.to_string()}}));
    }
    Ok(actions)
}

fn has(files: &[TableFile], file: &TableFile) -> bool {
    files.iter().any(|f| f.path == file.path)
}

/// Files of a commit that lie where the logs can name them; those of format 1 are gone.
fn files_of<'c>(commit: Option<&'c Commit>, table: &str) -> &'c [TableFile] {
    match commit {
        Some(commit) if commit.format >= 2 => commit.tables.get(table).map(Vec::as_slice).unwrap_or_default(),
        _ => &[],
    }
}

fn engine_info() -> String {
    format!("polybius/{}", env!("CARGO_PKG_VERSION"))
}

fn commit_info(version: u64, commit: Option<&Commit>, table: &str, at: i64) -> Value {
    let settings = commit.map(|c| c.settings.clone()).unwrap_or_default();
    json!({"commitInfo": {
        "timestamp": at,
        "operation": "WRITE",
        "operationParameters": {"mode": "Overwrite"},
        "operationMetrics": {"numOutputRows": commit.map_or(0, |c| c.rows(table)).to_string()},
        "engineInfo": engine_info(),
        "polybiusVersion": version,
        "polybiusSettings": settings,
    }})
}

/// Name and columns of the table, as far as a file is there to tell them.
fn metadata(root: &Path, table: &str, files: &[TableFile], at: i64) -> Result<Option<Value>, StoreError> {
    let folder = root.join(table);
    let Some(file) = files.iter().map(|f| folder.join(&f.path)).find(|p| p.is_file()) else {
        return Ok(None);
    };
    let schema = schema_of(&file)?;
    Ok(Some(json!({"metaData": {
        "id": table_id(table),
        "name": table,
        "format": {"provider": "parquet", "options": {}},
        "schemaString": delta_schema(&schema).to_string(),
        "partitionColumns": [],
        "configuration": {},
        "createdTime": at,
    }})))
}

/// A UUID (version 8) that depends on the table's name only.
fn table_id(table: &str) -> String {
    let mut bytes: [u8; 16] = Sha256::digest(format!("polybius {table}"))[..16].try_into().expect("sixteen");
    bytes[6] = (bytes[6] & 0x0f) | 0x80;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let text = hex(&bytes);
    format!("{}-{}-{}-{}-{}", &text[..8], &text[8..12], &text[12..16], &text[16..20], &text[20..])
}

fn delta_schema(schema: &Schema) -> Value {
    json!({"type": "struct", "fields": schema.fields().iter().map(|f| delta_field(f)).collect::<Vec<_>>()})
}

/// Every column may be empty, so that columns that come later are no break.
fn delta_field(field: &Field) -> Value {
    json!({"name": field.name(), "type": delta_type(field.data_type()), "nullable": true, "metadata": {}})
}

fn delta_type(data_type: &DataType) -> Value {
    match data_type {
        DataType::Boolean => json!("boolean"),
        DataType::Int32 => json!("integer"),
        DataType::Int64 => json!("long"),
        DataType::Float32 => json!("float"),
        DataType::Float64 => json!("double"),
        DataType::Date32 => json!("date"),
        DataType::List(item) => {
            json!({"type": "array", "elementType": delta_type(item.data_type()), "containsNull": true})
        }
        DataType::Struct(fields) => {
            json!({"type": "struct", "fields": fields.iter().map(|f| delta_field(f)).collect::<Vec<_>>()})
        }
        _ => json!("string"),
    }
}

/// Rows, and least, greatest and missing values of each plain column, from the file's own footer.
fn statistics(root: &Path, table: &str, file: &TableFile) -> Result<Value, StoreError> {
    let path = root.join(table).join(&file.path);
    if !path.is_file() {
        return Ok(json!({"numRecords": file.rows}));
    }
    let reader = open_parquet(&path)?;
    let metadata = reader.metadata();
    let (mut least, mut greatest, mut missing) = (Map::new(), Map::new(), Map::new());
    for (i, column) in metadata.file_metadata().schema_descr().columns().iter().enumerate() {
        if column.max_rep_level() > 0 || column.path().parts().len() > 1 {
            continue;
        }
        let Some(range) = range_of(metadata, i) else { continue };
        let name = column.name().to_string();
        missing.insert(name.clone(), json!(range.missing));
        if let Some((low, high)) = range.ends {
            let is_date = schema_is_date(reader.schema(), &name);
            least.insert(name.clone(), low.value(is_date));
            greatest.insert(name, high.value(is_date));
        }
    }
    Ok(json!({"numRecords": file.rows, "minValues": least, "maxValues": greatest, "nullCount": missing}))
}

fn schema_is_date(schema: &Schema, name: &str) -> bool {
    schema.field_with_name(name).is_ok_and(|f| f.data_type() == &DataType::Date32)
}

struct Range {
    ends: Option<(End, End)>,
    missing: u64,
}

#[derive(Clone, PartialEq, PartialOrd)]
enum End {
    Whole(i64),
    Real(f64),
    Text(String),
}

impl End {
    fn value(&self, is_date: bool) -> Value {
        match self {
            End::Whole(day) if is_date => {
                let epoch = jiff::civil::date(1970, 1, 1);
                let day = epoch.checked_add(jiff::Span::new().days(*day)).unwrap_or(epoch);
                json!(day.to_string())
            }
            End::Whole(n) => json!(n),
            End::Real(x) => json!(x),
            End::Text(text) => json!(text),
        }
    }
}

/// The range of a column over all row groups; `None` where one of them does not tell it.
fn range_of(metadata: &ParquetMetaData, column: usize) -> Option<Range> {
    let mut range = Range { ends: None, missing: 0 };
    for group in metadata.row_groups() {
        let chunk = group.column(column);
        range.missing += chunk.statistics()?.null_count_opt()?;
        let Some((low, high)) = ends_of(chunk) else {
            // A group of missing values only has no ends; any other without them leaves the range unknown.
            let all_missing = chunk.statistics()?.null_count_opt() == Some(group.num_rows() as u64);
            if all_missing {
                continue;
            }
            return None;
        };
        range.ends = Some(match range.ends {
            None => (low, high),
            Some((l, h)) => (if low < l { low } else { l }, if high > h { high } else { h }),
        });
    }
    Some(range)
}

fn ends_of(chunk: &ColumnChunkMetaData) -> Option<(End, End)> {
    let real = |low: f64, high: f64| {
        (low.is_finite() && high.is_finite()).then_some((End::Real(low), End::Real(high)))
    };
    match chunk.statistics()? {
        Statistics::Int32(s) => {
            Some((End::Whole((*s.min_opt()?).into()), End::Whole((*s.max_opt()?).into())))
        }
        Statistics::Int64(s) => Some((End::Whole(*s.min_opt()?), End::Whole(*s.max_opt()?))),
        Statistics::Float(s) => real((*s.min_opt()?).into(), (*s.max_opt()?).into()),
        Statistics::Double(s) => real(*s.min_opt()?, *s.max_opt()?),
        Statistics::ByteArray(s) => {
            let text = |b: &parquet::data_type::ByteArray| String::from_utf8(b.data().to_vec()).ok();
            Some((End::Text(text(s.min_opt()?)?), End::Text(text(s.max_opt()?)?)))
        }
        _ => None,
    }
}

fn write(path: &Path, actions: &[Value]) -> Result<(), StoreError> {
    let mut text = String::new();
    for action in actions {
        text.push_str(&action.to_string());
        text.push('\n');
    }
    create_file(path, text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_as_the_protocol_names_them() {
        let fields = crate::parquet_io::columns_of::<crate::rows::EventRow>();
        let schema = delta_schema(&Schema::new(fields));
        let of = |name: &str| {
            schema["fields"].as_array().unwrap().iter().find(|f| f["name"] == name).unwrap()["type"].clone()
        };
        assert_eq!(of("sentence"), "long");
        assert_eq!(of("score"), "float");
        assert_eq!(of("date_start"), "date");
        assert_eq!(of("modes")["elementType"], "string");
        assert_eq!(of("actors")["elementType"]["fields"][4]["name"], "start");
        assert_eq!(of("actors")["elementType"]["fields"][4]["type"], "long");
    }

    #[test]
    fn a_table_has_the_same_id_everywhere_and_another_than_its_neighbour() {
        assert_eq!(table_id("events"), table_id("events"));
        assert_ne!(table_id("events"), table_id("quotes"));
        assert_eq!(table_id("events").len(), 36);
        assert_eq!(&table_id("events")[14..15], "8");
    }
}
