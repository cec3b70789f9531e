//! Hands over to the engine program, as cargo and git do with subcommands: `polybius sql`, `scheduler`, `worker`.

use crate::args::EngineProgramArgs;
use crate::failure::Failure;
use crate::settings::Settings;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

const ENGINE: &str = "polybius-engine";

/// Runs a command of the engine, with the arguments as they are and the settings in its environment.
pub fn hand_over(command: &str, args: &EngineProgramArgs, settings: &Settings) -> Result<ExitCode, Failure> {
    let program = program();
    let mut engine = Command::new(&program);
    engine.arg(command).args(&args.arguments).envs(settings.as_environment());
    let what = if command == "sql" { "SQL" } else { "a cluster" };
    take_its_place(engine).map_err(|e| cannot_start(&program, what, &e))
}

/// The engine takes the place of this program, so that who stops one stops the other.
#[cfg(unix)]
fn take_its_place(mut engine: Command) -> std::io::Result<ExitCode> {
    Err(std::os::unix::process::CommandExt::exec(&mut engine))
}

#[cfg(not(unix))]
fn take_its_place(mut engine: Command) -> std::io::Result<ExitCode> {
    let status = engine.status()?;
    Ok(ExitCode::from(status.code().and_then(|c| u8::try_from(c).ok()).unwrap_or(1)))
}

/// The engine beside this program, or else the one on the path.
pub fn program() -> PathBuf {
    beside().unwrap_or_else(|| PathBuf::from(ENGINE))
}

/// Why the engine does not run, and what needs it.
pub fn cannot_start(program: &Path, what: &str, error: &std::io::Error) -> Failure {
    if error.kind() != std::io::ErrorKind::NotFound {
        return Failure::caused(&format!("cannot start `{}`", program.display()), error);
    }
    let failure = Failure::new(format!("{what} needs the engine program `{ENGINE}`, which is not there"));
    let build = "build it once with `cargo build --release -p polybius-engine`";
    match what {
        "SQL" => failure.hint(&format!("{build}; the tables are also plain Parquet files")),
        _ => failure.hint(build),
    }
}

/// The engine program in the folder of this one.
pub fn beside() -> Option<PathBuf> {
    let name = format!("{ENGINE}{}", std::env::consts::EXE_SUFFIX);
    let program = std::env::current_exe().ok()?.canonicalize().ok()?;
    let path = program.parent()?.join(name);
    path.is_file().then_some(path)
}
