//! `polybius run --cluster`: the pages that have no analysis yet go to the workers of a cluster, as a job of the engine program.
//!
//! The job lies in a folder of the store. A worker writes the analyses of a shard beside its place and moves them there whole; what
//! counts is what lies there at the end, page by page, and not what anybody says of it. Pages that no worker took on (too large,
//! too slow) are analysed here.

mod job;
mod shards;

pub use shards::annotate_shards;

use crate::args::RunArgs;
use crate::failure::Failure;
use crate::resources::Resources;
use crate::sql;
use job::Job;
use polybius_store::{Analysis, each_analysis};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// The folder of a store with what its cluster works on.
const FOLDER: &str = "_cluster";
/// Pages in one shard at least: what a worker does at once, and what is lost with it.
const SHARD: usize = 16;
/// Shards of a job at most: each is a task that the scheduler keeps.
const SHARDS: usize = 1000;
/// How often the progress is looked at.
const LOOK: Duration = Duration::from_millis(100);

/// A job of this run: its folder, which is removed with it.
pub struct Sent {
    folder: PathBuf,
    n_pages: usize,
    shard: usize,
}

impl Sent {
    /// Lays the pages at these positions of the log down as a job, in a folder that no other job had.
    pub fn new(
        store: &Path,
        resources: &Resources,
        base: Option<PathBuf>,
        pages: &[u64],
    ) -> Result<Sent, Failure> {
        let here = |path: &Path| {
            path.canonicalize().map_err(|e| Failure::caused(&format!("cannot find `{}`", path.display()), &e))
        };
        let job = Job {
            build: resources.build.clone(),
            store: here(store)?,
            base: base.as_deref().map(here).transpose()?,
        };
        let shard = SHARD.max(pages.len().div_ceil(SHARDS));
        let shards: Vec<Vec<u64>> = pages.chunks(shard).map(<[u64]>::to_vec).collect();
        let folder = fresh_folder(&job.store)?;
        job.write(&folder, &shards)
            .map_err(|e| Failure::caused(&format!("cannot write `{}`", folder.display()), &e))?;
        Ok(Sent { folder, n_pages: pages.len(), shard })
    }

    /// Hands the job to the engine program and waits for its end. `each` is told how many pages are done.
    pub fn work(&self, cluster: &str, args: &RunArgs, mut each: impl FnMut(usize)) -> Result<(), Failure> {
        let mut child = self.start(cluster, args)?;
        // What it says fits the pipe: one error.
        let status = loop {
            match child.try_wait() {
                Ok(Some(status)) => break status,
                Ok(None) => std::thread::sleep(LOOK),
                Err(e) => return Err(Failure::caused("cannot wait for the engine program", &e)),
            }
            each((done(&self.folder).len() * self.shard).min(self.n_pages));
        };
        if status.success() {
            return Ok(());
        }
        let mut said = String::new();
        if let Some(mut pipe) = child.stderr.take() {
            let _ = pipe.read_to_string(&mut said);
        }
        Err(Failure::told("the cluster did not finish the job", said.trim()))
    }

    fn start(&self, cluster: &str, args: &RunArgs) -> Result<Child, Failure> {
        let program = sql::program();
        Command::new(&program)
            .args(["annotate", "--cluster", cluster, "--patience", &args.patience.to_string(), "--job"])
            .arg(&self.folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|e| sql::cannot_start(&program, "a cluster", &e))
    }

    /// Hands all analyses that are done to `each`.
    pub fn take(&self, each: impl FnMut(Analysis) -> Result<(), Failure>) -> Result<(), Failure> {
        take(&self.folder, each)
    }
}

impl Drop for Sent {
    /// Workers that still work on it find nothing to write to, and turn to the next job.
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Takes what a run that was killed had got from its workers, where they were of this build, and clears its folder away.
pub fn take_left(
    store: &Path,
    resources: &Resources,
    mut each: impl FnMut(Analysis) -> Result<(), Failure>,
) -> Result<(), Failure> {
    for entry in std::fs::read_dir(store.join(FOLDER)).into_iter().flatten().flatten() {
        let folder = entry.path();
        if Job::read(&folder).is_ok_and(|job| job.build == resources.build) {
            take(&folder, &mut each)?;
        }
        let _ = std::fs::remove_dir_all(&folder);
    }
    Ok(())
}

fn take(folder: &Path, mut each: impl FnMut(Analysis) -> Result<(), Failure>) -> Result<(), Failure> {
    for path in done(folder) {
        let mut failed = None;
        each_analysis(&path, |analysis| {
            if failed.is_none() {
                failed = each(analysis).err();
            }
        })?;
        if let Some(failure) = failed {
            return Err(failure);
        }
    }
    Ok(())
}

/// The logs of the shards that are done, in order.
fn done(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(Job::done(folder)).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|e| e.path()).collect();
    paths.sort();
    paths
}

fn fresh_folder(store: &Path) -> Result<PathBuf, Failure> {
    let folder = store.join(FOLDER);
    let failed = |path: &Path, e| Failure::caused(&format!("cannot write `{}`", path.display()), &e);
    std::fs::create_dir_all(&folder).map_err(|e| failed(&folder, e))?;
    let stamp = jiff::Timestamp::now().as_millisecond();
    let job = folder.join(format!("{stamp}-{}", std::process::id()));
    std::fs::create_dir(&job).map_err(|e| failed(&job, e))?;
    Ok(job)
}
