use super::function::{Annotate, annotate_shard};
use super::reader::{Lost, Readers};
use super::{host_and_port, log_lines, runtime};
use ballista_core::config::TaskSchedulingPolicy;
use ballista_core::registry::BallistaFunctionRegistry;
use ballista_executor::executor_process::{ExecutorProcessConfig, start_executor_process};
use clap::Args;
use std::net::{IpAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

/// `polybius worker`.
#[derive(Debug, Args)]
#[command(
    bin_name = "polybius worker",
    after_help = "\
Examples:
  polybius worker --cluster 127.0.0.1:50050 --threads 4
  polybius worker --cluster 10.0.0.1:50050 --host 10.0.0.7      on another machine than the scheduler
Stores that workers are to help with must lie under the same path for all of them (a shared file system). Program, --model and
--data must be those of the run: a worker of another build is refused."
)]
pub struct WorkerArgs {
    /// The scheduler.
    #[arg(long, value_name = "HOST:PORT")]
    cluster: String,
    /// The address of this machine under which the run reaches it.
    #[arg(long, value_name = "IP", default_value = "127.0.0.1")]
    host: IpAddr,
    /// The port; a free one when not given.
    #[arg(long)]
    port: Option<u16>,
    /// Pages that are analysed at once, each by a process of its own; all cores when not given.
    #[arg(long, short = 'j', env = "POLYBIUS_THREADS")]
    threads: Option<usize>,
    /// Profile of the reader, or the path of a model file.
    #[arg(long, default_value = "accurate", env = "POLYBIUS_MODEL")]
    model: String,
    /// The folder with codebook, tables and models; found beside the program when not given.
    #[arg(long, env = "POLYBIUS_DATA", value_name = "DIR")]
    data: Option<PathBuf>,
    /// Also say what goes well.
    #[arg(long, short = 'v')]
    verbose: bool,
}

/// Works until it is stopped.
pub fn worker(args: &WorkerArgs) -> Result<(), String> {
    log_lines::show(args.verbose);
    let (scheduler_host, scheduler_port) = host_and_port(&args.cluster)?;
    let port = args.port.map_or_else(|| free_port(args.host), Ok)?;
    let cores = || std::thread::available_parallelism().map_or(1, |n| n.get());
    let threads = args.threads.unwrap_or_else(cores).max(1);
    let readers = Readers::new(&args.model, args.data.as_deref());
    // Model and data that cannot be loaded are told now and not by the first run.
    let first = readers.start()?;
    let name = format!("{}:{port}", args.host);
    eprintln!("worker {name}: {threads} at once, {}; scheduler at {}", first.build, args.cluster);
    readers.give_back(first);
    let function = annotate_shard(Arc::new(AtWork { name, readers, verbose: args.verbose }));
    let mut functions = BallistaFunctionRegistry::default();
    functions.scalar_functions.insert(function.name().to_string(), Arc::new(function));
    let work_dir = std::env::temp_dir().join(format!("polybius-worker-{}", std::process::id()));
    std::fs::create_dir_all(&work_dir).map_err(|e| format!("cannot write `{}`: {e}", work_dir.display()))?;
    let config = ExecutorProcessConfig {
        bind_host: args.host.to_string(),
        external_host: Some(args.host.to_string()),
        port,
        scheduler_host,
        scheduler_port,
        // The two may be started in any order.
        scheduler_connect_timeout_seconds: 30,
        vcores: threads,
        task_scheduling_policy: TaskSchedulingPolicy::PullStaged,
        work_dir: Some(work_dir.to_string_lossy().into_owned()),
        job_data_ttl_seconds: 3600,
        job_data_clean_up_interval_seconds: 600,
        override_function_registry: Some(Arc::new(functions)),
        ..ExecutorProcessConfig::default()
    };
    let ended = runtime()?.block_on(start_executor_process(Arc::new(config)));
    let _ = std::fs::remove_dir_all(&work_dir);
    ended.map_err(|e| format!("{e}\n  hint: start the scheduler with `polybius scheduler`"))
}

fn free_port(host: IpAddr) -> Result<u16, String> {
    let listener = TcpListener::bind((host, 0));
    let port = listener.and_then(|l| l.local_addr()).map(|a| a.port());
    port.map_err(|e| format!("`{host}` is no address of this machine: {e}"))
}

/// A worker, known by its address, with the processes that read for it.
struct AtWork {
    name: String,
    readers: Readers,
    verbose: bool,
}

impl Annotate for AtWork {
    fn shard(&self, folder: &Path, shard: u64, pages: &[u64]) -> Result<u64, String> {
        let began = Instant::now();
        let done = self.work(folder, shard, pages);
        if self.verbose {
            eprintln!("shard {shard}: {} pages in {:.1} s", pages.len(), began.elapsed().as_secs_f64());
        }
        done.map(|()| pages.len() as u64).map_err(|problem| format!("worker {}: {problem}", self.name))
    }
}

impl AtWork {
    /// Has a shard done. A page at which the reading process ends or hangs is left out, and the rest is begun again.
    fn work(&self, folder: &Path, shard: u64, pages: &[u64]) -> Result<(), String> {
        let mut skip = Vec::new();
        loop {
            let mut reader = self.readers.take()?;
            let request = serde_json::json!({
                "job": folder, "shard": shard, "pages": pages, "skip": skip, "worker": self.name,
            });
            match reader.shard(&request) {
                Ok(answer) => {
                    self.readers.give_back(reader);
                    return answer;
                }
                Err(lost) => skip.push(self.left_out(&lost, shard, &skip)?),
            }
        }
    }

    /// The page at which a reading process was lost.
    fn left_out(&self, lost: &Lost, shard: u64, skip: &[u64]) -> Result<u64, String> {
        match lost.page {
            Some(page) if !skip.contains(&page) => {
                eprintln!(
                    "warning: worker {}: the page at byte {page} {} and is left to the run",
                    self.name, lost.why
                );
                Ok(page)
            }
            _ => Err(format!("the process that reads shard {shard} {} before it began a page", lost.why)),
        }
    }
}
