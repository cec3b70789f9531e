//! The command line of Polybius: the only crate that prints or exits.

mod actors;
mod analyse;
mod args;
mod check;
mod data_check;
mod eval;
mod events;
mod exchange;
mod explain;
mod export;
mod failure;
mod find;
mod inputs;
mod lines;
mod quotes;
mod report;
mod resources;
mod run;
mod serve;
mod sql;
mod stories;
mod story;
mod table;
mod term;
mod watch;

use args::{Cli, Command, DataAction};
use clap::{CommandFactory, Parser};
use failure::Failure;
use polybius_view::days;
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = Cli::parse();
    quiet_panics();
    match dispatch(cli.command) {
        Ok(code) => code,
        Err(failure) => {
            eprint!("{}", failure.message());
            ExitCode::from(1)
        }
    }
}

fn dispatch(command: Command) -> Result<ExitCode, Failure> {
    match command {
        Command::Run(args) => {
            let summary = run::run(&args)?;
            if args.json {
                println!("{}", serde_json::to_string(&summary).expect("plain data"));
            } else if !args.quiet {
                println!("{}", run::summary_text(&summary, &args.store.store));
            }
        }
        Command::Stories(args) => stories::stories(&args)?,
        Command::Story(args) => story::story(&args)?,
        Command::Events(args) => events::events(&args)?,
        Command::Quotes(args) => quotes::quotes(&args)?,
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
        Command::Sql(args) => return sql::hand_over(&args),
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut Cli::command(), "polybius", &mut std::io::stdout());
        }
        Command::Check(args) => return Ok(exit_code(check::check(&args)?)),
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
