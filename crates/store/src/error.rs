use std::io;
use std::path::PathBuf;

/// Version of the store's layout; a store of a newer version is refused.
pub(crate) const FORMAT: u32 = 2;

/// What can be wrong with a store.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum StoreError {
    #[error("cannot read `{}`", path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error("cannot write `{}`", path.display())]
    Write { path: PathBuf, source: io::Error },
    #[error("`{}` is damaged: {problem}", path.display())]
    Damaged { path: PathBuf, problem: String },
    #[error("no store at `{}`", path.display())]
    Missing { path: PathBuf },
    #[error("the store at `{}` has format {found}, this program reads up to {FORMAT}", path.display())]
    Newer { path: PathBuf, found: u32 },
    #[error("another run committed to `{}` at the same time", path.display())]
    Raced { path: PathBuf },
    #[error("another program is writing to `{}` ({holder})", path.display())]
    Busy { path: PathBuf, holder: String },
    #[error("there is no table `{table}`")]
    NoTable { table: String },
    #[error("the store has no version {asked}: it goes from {oldest} to {last}")]
    NoVersion { asked: u64, oldest: u64, last: u64 },
    #[error("the store holds nothing as of {asked}: version {oldest}, the oldest that is kept, is of {at}")]
    NothingYet { asked: String, oldest: u64, at: String },
    #[error("`{}` was not written by this store", path.display())]
    Foreign { path: PathBuf },
}

impl StoreError {
    /// The way out, in words for the person who meets the error.
    pub fn way_out(&self) -> Option<String> {
        Some(match self {
            StoreError::Missing { .. } => "make one with `polybius run PAGES --store DIR`".to_string(),
            StoreError::Read { source, .. } if source.kind() == io::ErrorKind::NotFound => {
                "`polybius check` lists what is missing, `polybius check --repair` mends it".to_string()
            }
            StoreError::Damaged { path, .. } if path.to_str() != Some("output") => {
                "`polybius check` lists what is wrong, `polybius check --repair` rebuilds the tables from the \
                 pages that the store keeps"
                    .to_string()
            }
            StoreError::Newer { .. } => "use the program that wrote it, or a newer one".to_string(),
            StoreError::Raced { .. } => "run the same command again: what was read is kept".to_string(),
            StoreError::Busy { .. } => {
                "wait until it has ended, or let the run wait with `polybius run --wait`".to_string()
            }
            StoreError::NoVersion { .. } | StoreError::NothingYet { .. } => {
                "`polybius log` lists the versions".to_string()
            }
            StoreError::Foreign { .. } => {
                "`polybius check --repair` writes the logs of the tables anew; versions that another program \
                 added to a table are not part of the store"
                    .to_string()
            }
            StoreError::Write { source, .. } if source.kind() == io::ErrorKind::StorageFull => {
                "make room and run the same command again: what was read is kept; `polybius vacuum` removes \
                 old versions"
                    .to_string()
            }
            StoreError::Write { source, .. }
                if matches!(
                    source.kind(),
                    io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem
                ) =>
            {
                "name a folder that you may write to with --store".to_string()
            }
            _ => return None,
        })
    }
}
