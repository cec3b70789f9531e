use crate::commit::LOG;
use crate::error::StoreError;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;

/// The right to write to a store. It ends with the value, also when the program is killed.
#[derive(Debug)]
pub(crate) struct WriteLock(File);

/// What to do while another program writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhenBusy {
    /// Give up with [`StoreError::Busy`].
    Fail,
    /// Wait until it has ended.
    Wait,
}

impl WriteLock {
    /// Takes the lock of a store whose log folder exists.
    ///
    /// Where the file system knows no locks, the exclusive creation of the commit file alone keeps two writers apart.
    pub(crate) fn take(root: &Path, when_busy: WhenBusy) -> Result<WriteLock, StoreError> {
        let path = root.join(LOG).join("lock");
        let write = |source| StoreError::Write { path: path.clone(), source };
        let mut file = OpenOptions::new()
            .create(true)
            .read(true)
            .write(true)
            .truncate(false)
            .open(&path)
            .map_err(write)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) if when_busy == WhenBusy::Wait => file.lock().map_err(write)?,
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                let _ = file.read_to_string(&mut holder);
                return Err(StoreError::Busy { path: root.to_path_buf(), holder: holder.trim().to_string() });
            }
            Err(TryLockError::Error(e)) if e.kind() == std::io::ErrorKind::Unsupported => {}
            Err(TryLockError::Error(source)) => return Err(write(source)),
        }
        // Only a note for whoever is refused: a full disk must not stop a command that makes room.
        let _ = file.set_len(0);
        let _ = file.seek(SeekFrom::Start(0));
        let _ = writeln!(file, "process {}", std::process::id());
        Ok(WriteLock(file))
    }
}

impl Drop for WriteLock {
    fn drop(&mut self) {
        let _ = self.0.unlock();
    }
}

/// Makes the folder of the log.
pub(crate) fn make_log_folder(root: &Path) -> Result<(), StoreError> {
    let log = root.join(LOG);
    fs::create_dir_all(&log).map_err(|source| StoreError::Write { path: log, source })
}
