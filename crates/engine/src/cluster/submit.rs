use super::function::{BEGIN, END, OnlyPlanned, annotate_shard, positions_type};
use super::{host_and_port, runtime};
use ballista_core::config::BALLISTA_SCHEDULER_MAX_PARTITIONS_PER_TASK;
use ballista_core::extension::{SessionConfigExt, SessionStateExt};
use clap::Args;
use datafusion::arrow::array::{AsArray, ListArray, RecordBatch, UInt64Array};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef, UInt64Type};
use datafusion::error::DataFusionError;
use datafusion::execution::SessionStateBuilder;
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::prelude::{ParquetReadOptions, SessionConfig, SessionContext, col, lit};
use std::fs::File;
use std::net::ToSocketAddrs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long the scheduler may take to answer the first call.
const REACH: Duration = Duration::from_secs(5);
/// How often the folder of the job is looked at.
const LOOK: Duration = Duration::from_millis(500);

/// What `polybius run --cluster` calls.
#[derive(Debug, Args)]
pub struct AnnotateArgs {
    /// The scheduler.
    #[arg(long, value_name = "HOST:PORT")]
    cluster: String,
    /// The folder of the job.
    #[arg(long, value_name = "DIR")]
    job: PathBuf,
    /// Give up when no worker finishes a page for so many seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 120)]
    patience: u64,
}

/// Gives a job to the workers and waits until all its shards are done.
pub fn annotate(args: &AnnotateArgs) -> Result<(), String> {
    let (host, port) = host_and_port(&args.cluster)?;
    reach(&host, port)?;
    let shards = shards(&args.job)?;
    let tasks = args.job.join("tasks");
    write_tasks(&tasks, &shards).map_err(|e| format!("cannot write `{}`: {e}", tasks.display()))?;
    let n_pages: usize = shards.iter().map(Vec::len).sum();
    runtime()?.block_on(async {
        let scheduler = format!("http://{host}:{port}");
        let job = run(&scheduler, &args.job, shards.len());
        let patience = Duration::from_secs(args.patience);
        tokio::select! {
            done = job => match done {
                Ok(done) if done as usize == n_pages => Ok(()),
                Ok(done) => Err(format!("the workers account for {done} of {n_pages} pages")),
                Err(e) => Err(cause(&e)),
            },
            () = stall(&args.job, patience) => Err(format!(
                "no worker finished a page in {} s\n  hint: start workers with `polybius worker --cluster {}`, or wait longer \
                 with --patience",
                args.patience, args.cluster
            )),
        }
    })
}

/// The shards of a job: positions of pages.
fn shards(job: &Path) -> Result<Vec<Vec<u64>>, String> {
    let path = job.join("shards.json");
    let failed = |e: std::io::Error| format!("cannot read `{}`: {e}", path.display());
    serde_json::from_slice(&std::fs::read(&path).map_err(failed)?).map_err(|e| failed(e.into()))
}

/// Tells at once when nobody listens there.
fn reach(host: &str, port: u16) -> Result<(), String> {
    let hint = "  hint: start it with `polybius scheduler`";
    let mut last = "the name has no address".to_string();
    let name = (host.trim_matches(['[', ']']), port);
    for address in name.to_socket_addrs().map_err(|e| format!("cannot find `{host}`: {e}\n{hint}"))? {
        match std::net::TcpStream::connect_timeout(&address, REACH) {
            Ok(_) => return Ok(()),
            Err(e) => last = e.to_string(),
        }
    }
    Err(format!("cannot reach the scheduler at `{host}:{port}`: {last}\n{hint}"))
}

fn schema() -> SchemaRef {
    let positions = Field::new("pages", positions_type(), false);
    Arc::new(Schema::new(vec![Field::new("shard", DataType::UInt64, false), positions]))
}

/// One file a shard, so that each is a partition and a task of its own.
fn write_tasks(folder: &Path, shards: &[Vec<u64>]) -> Result<(), DataFusionError> {
    std::fs::create_dir_all(folder)?;
    for (number, pages) in shards.iter().enumerate() {
        let pages = pages.iter().copied().map(Some);
        let lists = ListArray::from_iter_primitive::<UInt64Type, _, _>([Some(pages)]);
        let columns = vec![Arc::new(UInt64Array::from(vec![number as u64])) as _, Arc::new(lists) as _];
        let batch = RecordBatch::try_new(schema(), columns)?;
        let file = File::create(folder.join(format!("{number:05}.parquet")))?;
        let mut writer = ArrowWriter::try_new(file, schema(), None)?;
        writer.write(&batch)?;
        writer.close()?;
    }
    Ok(())
}

/// Runs the job and gives how many pages the workers account for.
async fn run(scheduler: &str, job: &Path, n_shards: usize) -> Result<u64, DataFusionError> {
    let config = SessionConfig::new_with_ballista()
        .with_target_partitions(n_shards)
        .with_ballista_adaptive_query_planner(false)
        .with_ballista_job_name("annotate")
        .set_usize(BALLISTA_SCHEDULER_MAX_PARTITIONS_PER_TASK, 1);
    let state = SessionStateBuilder::new().with_config(config).with_default_features().build();
    let context = SessionContext::new_with_state(state.upgrade_for_ballista(scheduler.to_string())?);
    // Only now: the upgrade takes functions that were there before away.
    let function = annotate_shard(Arc::new(OnlyPlanned));
    context.register_udf(function.clone());
    let schema = schema();
    let options = ParquetReadOptions::default().schema(&schema);
    let tasks = context.read_parquet(job.join("tasks").to_string_lossy().into_owned(), options).await?;
    let done = function.call(vec![lit(job.to_string_lossy().into_owned()), col("shard"), col("pages")]);
    let batches = tasks.select(vec![done.alias("done")])?.collect().await?;
    let counts = batches.iter().flat_map(|b| b.column(0).as_primitive::<UInt64Type>().values());
    Ok(counts.sum())
}

/// Ends when the folder of the job has not changed for a while.
async fn stall(job: &Path, patience: Duration) {
    let mut last = (progress(job), Instant::now());
    loop {
        tokio::time::sleep(LOOK).await;
        let now = progress(job);
        if now != last.0 {
            last = (now, Instant::now());
        } else if last.1.elapsed() > patience {
            return;
        }
    }
}

/// Grows with each page that a worker has analysed.
fn progress(job: &Path) -> (usize, u64) {
    let files = |folder: PathBuf| std::fs::read_dir(folder).into_iter().flatten().flatten();
    let begun = files(job.join("begun")).filter_map(|f| f.metadata().ok()).map(|m| m.len()).sum();
    (files(job.join("done")).count(), begun)
}

/// The words of the worker that failed, without the shells that each layer puts around them.
fn cause(error: &DataFusionError) -> String {
    let text = error.strip_backtrace();
    // Some layers print the error as a program would, with escapes.
    let text = text.replace("\\n", "\n").replace("\\u{2}", "\u{2}").replace("\\u{3}", "\u{3}");
    let told = text.split_once(BEGIN).and_then(|(_, rest)| rest.split_once(END));
    told.map_or_else(|| text.clone(), |(words, _)| words.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_worker_says_is_found_in_what_the_layers_make_of_it() {
        let plain =
            DataFusionError::Execution("Job failed: \u{2}worker a: no\n  hint: b\u{3} (stage 1)".to_string());
        assert_eq!(cause(&plain), "worker a: no\n  hint: b");
        let escaped = DataFusionError::Execution(format!("{plain:?}"));
        assert_eq!(cause(&escaped), "worker a: no\n  hint: b");
        let other = DataFusionError::Execution("no executors".to_string());
        assert!(cause(&other).contains("no executors"));
    }
}
