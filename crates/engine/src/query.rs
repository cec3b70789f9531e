use crate::functions;
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::error::DataFusionError;
use datafusion::execution::memory_pool::FairSpillPool;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::logical_expr::LogicalPlan;
use datafusion::prelude::{ParquetReadOptions, SQLOptions, SessionConfig, SessionContext};
use polybius_store::{AsOf, Commit, Store};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Runtime;

/// What a query may use.
#[derive(Debug, Clone, Copy, Default)]
pub struct Limits {
    /// Rows of the answer; what is over is cut, and the answer says so.
    pub rows: Option<usize>,
    /// Memory in bytes; sorting and grouping go on on disk beyond it.
    pub memory: Option<usize>,
    /// How long it may take.
    pub time: Option<Duration>,
    /// Threads.
    pub threads: Option<usize>,
}

/// The answer to a query.
pub struct Answer {
    /// Its rows; one empty batch where there are none.
    pub batches: Vec<RecordBatch>,
    /// Whether rows were cut.
    pub cut: bool,
}

/// One state of a store, open for queries.
pub struct Session {
    context: SessionContext,
    /// There until the session ends.
    runtime: Option<Runtime>,
    commit: Commit,
    limits: Limits,
}

impl Session {
    /// Opens the store and makes its tables and the functions known.
    pub fn open(root: &Path, as_of: Option<AsOf>, limits: Limits) -> Result<Session, String> {
        let store = Store::open_at(root, as_of).map_err(|e| match e.way_out() {
            Some(way_out) => format!("{}\n  hint: {way_out}", chain(&e)),
            None => chain(&e),
        })?;
        let commit = store.commit_read().map_err(|e| e.to_string())?.ok_or("the store has no commit yet")?;
        let mut config = SessionConfig::new().with_information_schema(true);
        let mut runtime = tokio::runtime::Builder::new_multi_thread();
        runtime.enable_time();
        if let Some(n) = limits.threads {
            config = config.with_target_partitions(n.max(1));
            runtime.worker_threads(n.max(1));
        }
        let mut environment = RuntimeEnvBuilder::new();
        if let Some(bytes) = limits.memory {
            environment = environment.with_memory_pool(Arc::new(FairSpillPool::new(bytes)));
        }
        let environment = environment.build_arc().map_err(|e| e.strip_backtrace())?;
        let runtime = runtime.build().map_err(|e| format!("cannot start threads: {e}"))?;
        let context = SessionContext::new_with_config_rt(config, environment);
        functions::register(&context, &store);
        let session = Session { context, runtime: Some(runtime), commit, limits };
        session.runtime().block_on(session.tables(&store)).map_err(|e| e.strip_backtrace())?;
        Ok(session)
    }

    async fn tables(&self, store: &Store) -> Result<(), DataFusionError> {
        for (table, files) in &self.commit.tables {
            let path = |f: &polybius_store::TableFile| store.root().join(table).join(&f.path);
            let paths: Vec<String> = files.iter().map(|f| path(f).to_string_lossy().into_owned()).collect();
            let rows = self.context.read_parquet(paths, ParquetReadOptions::default()).await?;
            self.context.register_table(table.as_str(), rows.into_view())?;
        }
        Ok(())
    }

    /// Answers one query. Statements that would change anything are refused.
    pub fn run(&self, sql: &str) -> Result<Answer, String> {
        let query = collect(self.context.clone(), sql.to_owned(), self.limits.rows);
        // On a thread of its own, so that the time runs also while the query computes without a pause.
        let task = self.runtime().spawn(query);
        let abort = task.abort_handle();
        let answer = async {
            let Some(time) = self.limits.time else { return Ok(task.await) };
            tokio::time::timeout(time, task).await.map_err(|_| time)
        };
        match self.runtime().block_on(answer) {
            Ok(Ok(answer)) => answer.map_err(|e| self.explain(&e)),
            Ok(Err(fault)) => Err(format!("the query failed: {fault}")),
            Err(time) => {
                abort.abort();
                Err(format!("the query was stopped after {} s (--timeout)", time.as_secs_f64()))
            }
        }
    }

    fn runtime(&self) -> &Runtime {
        self.runtime.as_ref().expect("it is there until the session ends")
    }

    /// Names that can stand in a query: tables, their columns, functions.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.commit.tables.keys().cloned().collect();
        for table in polybius_store::dictionary() {
            names.extend(table.columns.into_iter().map(|c| c.column).filter(|c| !c.contains('.')));
        }
        names.extend(
            functions::FUNCTIONS.iter().filter_map(|(call, _)| call.split('(').next()).map(str::to_string),
        );
        names.sort();
        names.dedup();
        names
    }

    /// The engine's message, and which tables there are when it misses one.
    fn explain(&self, error: &DataFusionError) -> String {
        let message = error.strip_backtrace();
        if message.contains("not found") && message.contains("table") {
            let tables: Vec<&str> = self.commit.tables.keys().map(String::as_str).collect();
            return format!("{message}\n  hint: the tables are {}", tables.join(", "));
        }
        message
    }
}

impl Drop for Session {
    /// A query that was stopped may still compute: nobody waits for it.
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// Plans and runs one query, and cuts its answer to the rows wanted.
async fn collect(
    context: SessionContext,
    sql: String,
    rows: Option<usize>,
) -> Result<Answer, DataFusionError> {
    let only_read = SQLOptions::new().with_allow_ddl(false).with_allow_dml(false);
    let frame = context.sql_with_options(&sql, only_read).await?;
    let schema = frame.schema().inner().clone();
    // One more than is shown, to know whether there are more.
    let frame = match rows.filter(|_| gives_rows(frame.logical_plan())) {
        Some(rows) => frame.limit(0, Some(rows.saturating_add(1)))?,
        None => frame,
    };
    let mut batches = frame.collect().await?;
    let cut = rows.is_some_and(|rows| cut_to(&mut batches, rows));
    if batches.is_empty() {
        // The header of an empty answer is still an answer.
        batches.push(RecordBatch::new_empty(schema));
    }
    Ok(Answer { batches, cut })
}

/// Whether a plan is a query, which can be limited, and not a word about one.
fn gives_rows(plan: &LogicalPlan) -> bool {
    !matches!(plan, LogicalPlan::Explain(_) | LogicalPlan::Analyze(_) | LogicalPlan::DescribeTable(_))
}

/// Leaves at most so many rows; `true` when there were more.
fn cut_to(batches: &mut Vec<RecordBatch>, rows: usize) -> bool {
    let mut left = rows;
    let mut cut = false;
    for batch in batches.iter_mut() {
        let n = batch.num_rows().min(left);
        cut |= n < batch.num_rows();
        *batch = batch.slice(0, n);
        left -= n;
    }
    batches.retain(|batch| batch.num_rows() > 0);
    cut
}

/// The error and its causes in one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(&format!(": {cause}"));
        next = cause.source();
    }
    text
}
