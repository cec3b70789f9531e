//! `polybius sql`: hands over to the engine program, as cargo and git do with subcommands.

use crate::args::SqlArgs;
use crate::failure::Failure;
use crate::settings::Settings;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

const ENGINE: &str = "polybius-engine";

/// Runs the engine beside this program or on the path, with the arguments as they are and the settings in its environment.
pub fn hand_over(args: &SqlArgs, settings: &Settings) -> Result<ExitCode, Failure> {
    let program = beside().unwrap_or_else(|| PathBuf::from(ENGINE));
    let environment = settings.as_environment();
    match Command::new(&program).arg("sql").args(&args.arguments).envs(environment).status() {
        Ok(status) => {
            Ok(ExitCode::from(status.code().and_then(|c| u8::try_from(c).ok()).unwrap_or(1)))
        }
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
            Err(Failure::new(format!("SQL needs the engine program `{ENGINE}`, which is not there"))
                .hint("build it once with `cargo build --release -p polybius-engine`; the tables are also plain Parquet files"))
        }
        Err(e) => Err(Failure::caused(&format!("cannot start `{}`", program.display()), &e)),
    }
}

/// The engine program in the folder of this one.
pub fn beside() -> Option<PathBuf> {
    let name = format!("{ENGINE}{}", std::env::consts::EXE_SUFFIX);
    let program = std::env::current_exe().ok()?.canonicalize().ok()?;
    let path = program.parent()?.join(name);
    path.is_file().then_some(path)
}
