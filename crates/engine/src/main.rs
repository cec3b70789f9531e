//! `polybius-engine`: SQL over the tables of a store. `polybius sql` finds it beside itself and hands over to it.
//!
//! It only reads. It is a program of its own because DataFusion takes many minutes to build.

mod functions;
mod query;
mod screen;

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::io::{IsTerminal, Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// SQL over a store of Polybius.
#[derive(Debug, Parser)]
#[command(name = "polybius-engine", version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run a query over the tables of a store.
    Sql(SqlArgs),
}

#[derive(Debug, Args)]
#[command(
    bin_name = "polybius sql",
    after_help = "\
Examples:
  polybius sql \"show tables\" --store out
  polybius sql \"describe events_flat\" --store out
  polybius sql \"select event_type, count(*) n from events_flat group by 1 order by n desc\" --store out
  polybius sql \"select c.claim, count(*) from claims c join claim_cells x using (claim_id) where x.stance = 'states' group by 1\" --store out
  polybius sql --format csv \"select * from quotes_flat\" --store out > quotes.csv
  polybius sql - --store out < query.sql

Besides DataFusion's own functions: plover_quad(event_type), fold_name(name)."
)]
struct SqlArgs {
    /// The query; `-` reads it from standard input.
    query: String,
    /// The store's folder.
    #[arg(long, short = 's', default_value = "polybius-store", env = "POLYBIUS_STORE")]
    store: PathBuf,
    /// How rows are written; `table` on a terminal, `csv` elsewhere, when not given.
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Threads; all cores when not given.
    #[arg(long, short = 'j')]
    threads: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// An aligned table.
    Table,
    /// Comma-separated values with a header; lists joined by `;`.
    Csv,
    /// One JSON object a line.
    Jsonl,
}

fn main() -> ExitCode {
    let Command::Sql(args) = Cli::parse().command;
    match sql(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::from(1)
        }
    }
}

fn sql(args: &SqlArgs) -> Result<(), String> {
    let text = if args.query == "-" {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map_err(|e| format!("cannot read standard input: {e}"))?;
        text
    } else {
        args.query.clone()
    };
    let batches = query::run(&args.store, &text, args.threads)?;
    let out = std::io::stdout();
    let format = args.format.unwrap_or(if out.is_terminal() { Format::Table } else { Format::Csv });
    let mut out = std::io::BufWriter::new(out.lock());
    let written = match format {
        Format::Table => screen::table(&mut out, &batches),
        Format::Csv => screen::csv(&mut out, &batches),
        Format::Jsonl => screen::json_lines(&mut out, &batches),
    }
    .and_then(|()| out.flush());
    match written {
        // The reader has seen enough, e.g. `| head`.
        Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => other.map_err(|e| format!("cannot write: {e}")),
    }
}
