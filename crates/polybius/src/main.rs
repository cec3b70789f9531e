//! The command line of Polybius: the only crate that prints or exits.

mod actors;
mod analyse;
mod args;
mod bench;
mod build;
mod chains;
mod changes;
mod check;
mod cluster;
mod codebook;
mod conflicts;
mod data_check;
mod dry_run;
mod eval;
mod events;
mod exchange;
mod explain;
mod export;
mod failure;
mod find;
mod follow_the_money;
mod inputs;
mod lines;
mod quotes;
mod release;
mod report;
mod resources;
mod run;
mod serve;
mod settings;
mod sql;
mod sqlite;
mod stories;
mod story;
mod table;
mod tables;
mod term;
mod versions;
mod watch;

use crate::term::say;
use args::{Cli, Command, DataAction};
use clap::CommandFactory;
use failure::Failure;
use polybius_view::days;
use settings::Settings;
use std::process::ExitCode;

fn main() -> ExitCode {
    quiet_panics();
    match settings::parse().and_then(|(cli, settings)| dispatch(cli.command, &settings)) {
        Ok(code) => code,
        Err(failure) => {
            eprint!("{}", failure.message());
            ExitCode::from(1)
        }
    }
}

fn dispatch(command: Command, settings: &Settings) -> Result<ExitCode, Failure> {
    match command {
        Command::Run(args) if args.dry_run => {
            let plan = dry_run::plan(&args)?;
            if args.json {
                say!("{}", serde_json::to_string(&plan).expect("plain data"));
            } else {
                say!("{}", plan.text(&args.store.store));
            }
        }
        Command::Run(args) => {
            let summary = run::run(&args)?;
            if args.json {
                say!("{}", serde_json::to_string(&summary).expect("plain data"));
            } else if !args.quiet {
                say!("{}", run::summary_text(&summary, &args.store.store));
            }
        }
        Command::Stories(args) => stories::stories(&args)?,
        Command::Story(args) => story::story(&args)?,
        Command::Events(args) => events::events(&args)?,
        Command::Quotes(args) => quotes::quotes(&args)?,
        Command::Chains(args) => chains::chains(&args)?,
        Command::Conflicts(args) => conflicts::conflicts(&args)?,
        Command::Explain(args) => explain::explain(&args)?,
        Command::Export(args) => export::export(&args)?,
        Command::Extract(args) => lines::extract(&args)?,
        Command::Parse(args) => lines::parse(&args)?,
        Command::Code(args) => lines::code(&args)?,
        Command::Match(args) => lines::match_names(&args)?,
        Command::Eval(args) => {
            if !eval::eval(&args)? {
                return Ok(ExitCode::from(1));
            }
        }
        Command::Actors(args) => actors::actors(&args)?,
        Command::Serve(args) => serve::serve(&args)?,
        Command::Watch(args) => watch::watch(&args)?,
        Command::Sql(args) => return sql::hand_over("sql", &args, settings),
        Command::Scheduler(args) => return sql::hand_over("scheduler", &args, settings),
        Command::Worker(args) => return sql::hand_over("worker", &args, settings),
        Command::AnnotateShards(args) => cluster::annotate_shards(&args)?,
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut Cli::command(), "polybius", &mut std::io::stdout());
        }
        Command::Log(args) => versions::log(&args)?,
        Command::Vacuum(args) => versions::vacuum(&args)?,
        Command::Compact(args) => versions::compact(&args)?,
        Command::Tables(args) => tables::tables(&args)?,
        Command::Release(args) => release::release(&args)?,
        Command::Config(args) => settings.print(&args)?,
        Command::Bench(args) => bench::bench(&args)?,
        Command::Check(args) => return Ok(exit_code(check::check(&args)?)),
        Command::Codebook(args) => return Ok(exit_code(codebook::codebook(&args.action)?)),
        Command::Data(args) => match args.action {
            DataAction::Check { engine } => return Ok(exit_code(data_check::check(&engine)?)),
        },
    }
    Ok(ExitCode::SUCCESS)
}

fn exit_code(good: bool) -> ExitCode {
    if good { ExitCode::SUCCESS } else { ExitCode::from(1) }
}

/// A fault in one document is caught and becomes a reject: its message goes into the table, not to the screen.
fn quiet_panics() {
    let default = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if std::env::var_os("RUST_BACKTRACE").is_some() {
            default(info);
        }
    }));
}
