//! Checkpoints of a table's log in the Delta protocol: the state of the table in one Parquet file, so that a reader need not
//! go through thousands of small files.

use crate::commit::replace;
use crate::delta::LOG;
use crate::error::StoreError;
use arrow_schema::FieldRef;
use parquet::arrow::ArrowWriter;
use serde::{Deserialize, Serialize};
use serde_arrow::schema::{SchemaLike, TracingOptions};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// A checkpoint follows every so many versions.
pub(crate) const EVERY: u64 = 20;

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Action {
    protocol: Option<Protocol>,
    meta_data: Option<MetaData>,
    add: Option<Add>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Protocol {
    min_reader_version: i32,
    min_writer_version: i32,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct MetaData {
    id: String,
    name: Option<String>,
    format: Format,
    schema_string: String,
    partition_columns: Vec<String>,
    configuration: BTreeMap<String, String>,
    created_time: Option<i64>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Format {
    provider: String,
    options: BTreeMap<String, String>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Add {
    path: String,
    partition_values: BTreeMap<String, String>,
    size: i64,
    modification_time: i64,
    data_change: bool,
    stats: Option<String>,
}

/// Writes the state of a table at a version, from the actions of its log up to there.
pub(crate) fn write(table: &Path, version: u64, actions: &[Value]) -> Result<(), StoreError> {
    let state = state_of(actions);
    let folder = table.join(LOG);
    let path = folder.join(format!("{version:020}.checkpoint.parquet"));
    let failed = |source| StoreError::Write { path: path.clone(), source };
    replace(&path, &parquet_of(&state)).map_err(failed)?;
    let last = serde_json::json!({"version": version, "size": state.len()});
    let marker = folder.join("_last_checkpoint");
    replace(&marker, last.to_string().as_bytes()).map_err(|source| StoreError::Write { path: marker, source })
}

/// The last protocol and metadata, and the files that were added and not removed.
fn state_of(actions: &[Value]) -> Vec<Action> {
    let last = |name: &str| actions.iter().rev().find_map(|a| a.get(name)).cloned();
    let mut files: BTreeMap<String, Add> = BTreeMap::new();
    for action in actions {
        if let Some(path) = action["remove"]["path"].as_str() {
            files.remove(path);
        }
        if let Some(add) = action.get("add").and_then(|add| serde_json::from_value::<Add>(add.clone()).ok()) {
            files.insert(add.path.clone(), add);
        }
    }
    let protocol = last("protocol").and_then(|p| serde_json::from_value(p).ok());
    let meta_data = last("metaData").and_then(|m| serde_json::from_value(m).ok());
    let mut state = vec![Action { protocol, ..Action::default() }, Action { meta_data, ..Action::default() }];
    state.extend(files.into_values().map(|add| Action { add: Some(add), ..Action::default() }));
    state
}

fn parquet_of(state: &[Action]) -> Vec<u8> {
    let options = TracingOptions::default()
        .allow_null_fields(true)
        .map_as_struct(false)
        .strings_as_large_utf8(false)
        .sequence_as_large_list(false);
    let fields = Vec::<FieldRef>::from_type::<Action>(options).expect("actions are plain structs");
    let batch = serde_arrow::to_record_batch(&fields, &state).expect("actions fit their own schema");
    let mut bytes = Vec::new();
    let schema = Arc::clone(&batch.schema());
    let mut writer = ArrowWriter::try_new(&mut bytes, schema, None).expect("the schema is fixed");
    writer.write(&batch).and_then(|()| writer.close()).expect("memory takes every write");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_state_is_what_was_added_and_not_removed() {
        let add = |path: &str| {
            json!({"add": {"path": path, "partitionValues": {}, "size": 3, "modificationTime": 1,
                "dataChange": true, "stats": "{}"}})
        };
        let actions = [
            json!({"protocol": {"minReaderVersion": 1, "minWriterVersion": 2}}),
            json!({"metaData": {"id": "i", "name": "t", "format": {"provider": "parquet", "options": {}},
                "schemaString": "{}", "partitionColumns": [], "configuration": {}, "createdTime": 1}}),
            add("a"),
            json!({"remove": {"path": "a"}}),
            add("b"),
        ];
        let state = state_of(&actions);
        assert_eq!(state.len(), 3);
        assert_eq!(state[2].add.as_ref().unwrap().path, "b");
        assert!(state[0].protocol.is_some() && state[1].meta_data.is_some());
        assert!(parquet_of(&state).starts_with(b"PAR1"));
    }
}
