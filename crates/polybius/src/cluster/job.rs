use crate::build::Build;
use serde::{Deserialize, Serialize};
use std::io;
use std::path::{Path, PathBuf};

const JOB: &str = "job.json";
/// What the engine program reads: for each shard the positions of its pages in the log of pages.
const SHARDS: &str = "shards.json";

/// Pages of a store that the workers of a cluster analyse. It lies in a folder that all of them see under the same path; there
/// each shard of pages becomes one file of analyses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// What a worker must be, so that its analyses are those of the run.
    pub build: Build,
    /// The store whose log holds the pages.
    pub store: PathBuf,
    /// The base of actors.
    pub base: Option<PathBuf>,
}

impl Job {
    /// Writes the job and its shards.
    pub fn write(&self, folder: &Path, shards: &[Vec<u64>]) -> io::Result<()> {
        std::fs::create_dir_all(Job::done(folder))?;
        std::fs::create_dir_all(Job::begun(folder))?;
        std::fs::write(folder.join(SHARDS), serde_json::to_vec(shards)?)?;
        std::fs::write(folder.join(JOB), serde_json::to_vec(self)?)
    }

    /// Reads the job.
    pub fn read(folder: &Path) -> io::Result<Job> {
        Ok(serde_json::from_slice(&std::fs::read(folder.join(JOB))?)?)
    }

    /// The folder with a whole log of analyses for each shard that is done.
    pub fn done(folder: &Path) -> PathBuf {
        folder.join("done")
    }

    /// The folder with what workers have begun.
    pub fn begun(folder: &Path) -> PathBuf {
        folder.join("begun")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_is_read_as_it_was_written() {
        let folder = tempfile::tempdir().unwrap();
        let part = |name: &str| name.to_string();
        let build = Build { program: part("p"), model: part("m"), data: part("d"), base: part("") };
        let job = Job { build, store: "/a b/ü".into(), base: None };
        job.write(folder.path(), &[vec![8, 900], vec![]]).unwrap();
        assert_eq!(Job::read(folder.path()).unwrap(), job);
        assert_eq!(std::fs::read_to_string(folder.path().join("shards.json")).unwrap(), "[[8,900],[]]");
        assert!(Job::done(folder.path()).is_dir() && Job::begun(folder.path()).is_dir());
        std::fs::write(folder.path().join("job.json"), "{").unwrap();
        assert!(Job::read(folder.path()).is_err());
    }
}
