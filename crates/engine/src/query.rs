use crate::functions;
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::error::DataFusionError;
use datafusion::prelude::{ParquetReadOptions, SQLOptions, SessionConfig, SessionContext};
use polybius_store::{Commit, Store};
use std::path::Path;

/// Runs one query over the tables of the store's last commit. Statements that would change anything are refused.
pub fn run(store: &Path, sql: &str, threads: Option<usize>) -> Result<Vec<RecordBatch>, String> {
    let store = Store::open(store)
        .map_err(|e| format!("{e}\n  hint: `polybius run PAGES --store {}` makes one", store.display()))?;
    let commit = store.last_commit().map_err(|e| e.to_string())?.ok_or("the store has no commit yet")?;
    let mut config = SessionConfig::new().with_information_schema(true);
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    if let Some(n) = threads {
        config = config.with_target_partitions(n.max(1));
        runtime.worker_threads(n.max(1));
    }
    let runtime = runtime.build().map_err(|e| format!("cannot start threads: {e}"))?;
    let context = SessionContext::new_with_config(config);
    functions::register(&context);
    runtime.block_on(collect(&context, &store, &commit, sql)).map_err(|e| explain(&e, &commit))
}

async fn collect(
    context: &SessionContext,
    store: &Store,
    commit: &Commit,
    sql: &str,
) -> Result<Vec<RecordBatch>, DataFusionError> {
    for (table, files) in &commit.tables {
        let paths: Vec<String> =
            files.iter().map(|f| store.root().join(table).join(f).to_string_lossy().into_owned()).collect();
        let rows = context.read_parquet(paths, ParquetReadOptions::default()).await?;
        context.register_table(table.as_str(), rows.into_view())?;
    }
    let only_read = SQLOptions::new().with_allow_ddl(false).with_allow_dml(false);
    let frame = context.sql_with_options(sql, only_read).await?;
    let schema = frame.schema().inner().clone();
    let mut batches = frame.collect().await?;
    if batches.is_empty() {
        // The header of an empty answer is still an answer.
        batches.push(RecordBatch::new_empty(schema));
    }
    Ok(batches)
}

/// The engine's message, and which tables there are when it misses one.
fn explain(error: &DataFusionError, commit: &Commit) -> String {
    let message = error.strip_backtrace();
    if message.contains("not found") && message.contains("table") {
        let tables: Vec<&str> = commit.tables.keys().map(String::as_str).collect();
        return format!("{message}\n  hint: the tables are {}", tables.join(", "));
    }
    message
}
