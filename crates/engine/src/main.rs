//! `polybius-engine`: SQL over the tables of a store, and the cluster that analyses pages for a run. `polybius sql`, `scheduler`
//! and `worker` find it beside themselves and hand over to it.
//!
//! SQL only reads. It is a program of its own because DataFusion takes many minutes to build.

mod cluster;
mod functions;
mod query;
mod screen;
mod shell;

use clap::{Args, Parser, Subcommand, ValueEnum};
use polybius_store::AsOf;
use query::{Answer, Limits, Session};
use std::io::{IsTerminal, Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

/// SQL over a store of Polybius, and its cluster.
#[derive(Debug, Parser)]
#[command(name = "polybius-engine", version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run queries over the tables of a store.
    Sql(SqlArgs),
    /// Keep the workers of a cluster and give them their tasks.
    Scheduler(cluster::SchedulerArgs),
    /// Analyse pages for the runs of a cluster.
    Worker(cluster::WorkerArgs),
    /// Give the job of a run to the workers (what `polybius run --cluster` calls).
    #[command(hide = true)]
    Annotate(cluster::AnnotateArgs),
}

#[derive(Debug, Args)]
#[command(
    bin_name = "polybius sql",
    after_help = "\
Examples:
  polybius sql --store out                                  a shell with history and completion
  polybius sql \"show tables\" --store out
  polybius sql \"describe events_flat\" --store out
  polybius sql \"select event_type, count(*) n from events_flat group by 1 order by n desc\" --store out
  polybius sql \"select span_text(doc_id, trigger_start, trigger_end) from events\" --store out
  polybius sql --format csv \"select * from quotes_flat\" --store out > quotes.csv
  polybius sql -f query.sql --format parquet --store out > answer.parquet
  polybius sql \"select count(*) from events\" --store out --as-of 2024-05-31

Besides DataFusion's own functions: plover_quad(event_type), goldstein(cameo), fold_name(name), same_name(a, b),
span_text(doc_id, start, end), distance_km(lat, lon, lat, lon). Nothing can be changed. `polybius tables` says what the
columns mean."
)]
struct SqlArgs {
    /// The query; `-` reads it from standard input. Without one, a shell opens.
    query: Option<String>,
    /// Read the query from a file.
    #[arg(long, short = 'f', value_name = "FILE", conflicts_with = "query")]
    file: Option<PathBuf>,
    /// The store's folder.
    #[arg(long, short = 's', default_value = "polybius-store", env = "POLYBIUS_STORE")]
    store: PathBuf,
    /// The state after a version (3) or at the end of a day (2024-05-31, UTC); `polybius log` lists them.
    #[arg(long, value_name = "VERSION|DATE")]
    as_of: Option<AsOf>,
    /// How rows are written; `table` on a terminal, `csv` elsewhere, when not given.
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Show at most so many rows; 1000 in the shell when not given.
    #[arg(long, short = 'n', value_name = "ROWS")]
    limit: Option<usize>,
    /// Memory for the query in megabytes; sorting and grouping go on on disk beyond it.
    #[arg(long, value_name = "MB")]
    memory: Option<usize>,
    /// Stop a query after so many seconds.
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    timeout: Option<Duration>,
    /// Threads; all cores when not given.
    #[arg(long, short = 'j', env = "POLYBIUS_THREADS")]
    threads: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// An aligned table.
    Table,
    /// Comma-separated values with a header; lists joined by `;`.
    Csv,
    /// One JSON array of objects.
    Json,
    /// One JSON object a line.
    Jsonl,
    /// A Parquet file.
    Parquet,
    /// An Arrow IPC file.
    Arrow,
}

/// Rows that the shell shows when nothing else is said.
const SHELL_ROWS: usize = 1000;

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "give a number of seconds".to_string())?;
    Duration::try_from_secs_f64(seconds).map_err(|e| e.to_string())
}

fn main() -> ExitCode {
    let ended = match Cli::parse().command {
        Command::Sql(args) => sql(&args),
        Command::Scheduler(args) => cluster::scheduler(&args),
        Command::Worker(args) => cluster::worker(&args),
        Command::Annotate(args) => cluster::annotate(&args),
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::from(1)
        }
    }
}

fn sql(args: &SqlArgs) -> Result<(), String> {
    let text = query_text(args)?;
    let in_shell = text.is_none();
    let limits = Limits {
        rows: args.limit.or(in_shell.then_some(SHELL_ROWS)),
        memory: args.memory.map(|mb| mb.saturating_mul(1_000_000)),
        time: args.timeout,
        threads: args.threads,
    };
    let session = Session::open(&args.store, args.as_of, limits)?;
    match text {
        Some(text) => {
            let format = args.format.unwrap_or(if std::io::stdout().is_terminal() {
                Format::Table
            } else {
                Format::Csv
            });
            show(&session.run(text.trim().trim_end_matches(';'))?, format)
        }
        None => {
            let format = args.format.unwrap_or(Format::Table);
            shell::shell(&session, |query| {
                if let Err(problem) = session.run(query).and_then(|answer| show(&answer, format)) {
                    eprintln!("error: {problem}");
                }
            })
        }
    }
}

/// The query that was given; `None` where a shell is wanted.
fn query_text(args: &SqlArgs) -> Result<Option<String>, String> {
    let from_stdin = || {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map_err(|e| format!("cannot read standard input: {e}"))?;
        Ok(Some(text))
    };
    match (&args.query, &args.file) {
        (Some(query), _) if query == "-" => from_stdin(),
        (Some(query), _) => Ok(Some(query.clone())),
        (None, Some(path)) => std::fs::read_to_string(path)
            .map(Some)
            .map_err(|e| format!("cannot read `{}`: {e}", path.display())),
        // What is piped in is a query, not a person.
        (None, None) if !std::io::stdin().is_terminal() => from_stdin(),
        (None, None) => Ok(None),
    }
}

fn show(answer: &Answer, format: Format) -> Result<(), String> {
    let batches = &answer.batches;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let written = match format {
        Format::Table => screen::table(&mut out, batches),
        Format::Csv => screen::csv(&mut out, batches),
        Format::Json => screen::json(&mut out, batches),
        Format::Jsonl => screen::json_lines(&mut out, batches),
        Format::Parquet => screen::parquet(&mut out, batches),
        Format::Arrow => screen::arrow(&mut out, batches),
    }
    .and_then(|()| out.flush());
    if answer.cut {
        eprintln!("there are more rows: --limit shows more");
    }
    match written {
        // The reader has seen enough, e.g. `| head`.
        Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => other.map_err(|e| format!("cannot write: {e}")),
    }
}
