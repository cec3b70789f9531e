use super::function::{OnlyPlanned, annotate_shard};
use super::{host_and_port, log_lines, runtime};
use ballista_core::config::TaskSchedulingPolicy;
use ballista_core::utils::default_session_builder;
use ballista_scheduler::cluster::BallistaCluster;
use ballista_scheduler::config::SchedulerConfig;
use ballista_scheduler::scheduler_process::{create_scheduler, start_grpc_service_with_listener};
use clap::Args;
use datafusion::execution::FunctionRegistry;
use datafusion_proto::protobuf::{LogicalPlanNode, PhysicalPlanNode};
use std::sync::Arc;

/// A worker that has not been heard of for so many seconds is lost. Busy ones report every five.
const LOST_SECONDS: u64 = 15;

/// `polybius scheduler`.
#[derive(Debug, Args)]
#[command(
    bin_name = "polybius scheduler",
    after_help = "\
Examples:
  polybius scheduler                                  on this machine only, port 50050
  polybius scheduler --listen 10.0.0.1:50050          for workers on other machines
  polybius worker --cluster 10.0.0.1:50050            on each of them
  polybius run pages/ --store /shared/out --cluster 10.0.0.1:50050

Whoever reaches the port can give the workers work, with their rights on files: open it to a trusted network only."
)]
pub struct SchedulerArgs {
    /// Where to listen; port 0 takes a free one and says which.
    #[arg(long, value_name = "IP:PORT", default_value = "127.0.0.1:50050")]
    listen: String,
    /// Also say what goes well.
    #[arg(long, short = 'v')]
    verbose: bool,
}

/// Serves until it is stopped.
pub fn scheduler(args: &SchedulerArgs) -> Result<(), String> {
    log_lines::show(args.verbose);
    let (host, _) = host_and_port(&args.listen)?;
    runtime()?.block_on(async {
        let failed = |e: std::io::Error| format!("cannot listen at `{}`: {e}", args.listen);
        let listener = tokio::net::TcpListener::bind(&args.listen).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let config = Arc::new(config(host, address.port()));
        let cluster = BallistaCluster::new_from_config(&config).await.map_err(|e| e.to_string())?;
        let scheduler = create_scheduler::<LogicalPlanNode, PhysicalPlanNode>(cluster, config)
            .await
            .map_err(|e| e.to_string())?;
        eprintln!("scheduler: listening at {address}");
        start_grpc_service_with_listener(listener, scheduler).await.map_err(|e| e.to_string())
    })
}

fn config(host: String, port: u16) -> SchedulerConfig {
    SchedulerConfig {
        bind_host: host.clone(),
        external_host: host,
        bind_port: port,
        // Workers ask for work: nothing needs to reach them but who collects the answer.
        scheduling_policy: TaskSchedulingPolicy::PullStaged,
        executor_timeout_seconds: LOST_SECONDS,
        expire_dead_executor_interval_seconds: 2,
        no_executors_grace_period_seconds: LOST_SECONDS,
        // A task that fails fails again: the run is told at once. A worker that is lost is no failure of the task.
        task_max_failures: 1,
        stage_max_failures: 1,
        override_session_builder: Some(Arc::new(|config| {
            let mut state = default_session_builder(config)?;
            state.register_udf(Arc::new(annotate_shard(Arc::new(OnlyPlanned))))?;
            Ok(state)
        })),
        ..SchedulerConfig::default()
    }
}
