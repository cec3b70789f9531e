//! What is still to be sent to each hook, as files in the store: a kill at any moment loses nothing.
//!
//! `_hooks/state.bin` says up to which version all news has been queued, and what that version said. News is queued first, then
//! the state is written: what a kill leaves of the former is written again under the same names before anything is sent.

use crate::failure::Failure;
use polybius_serve::{Edition, News, Said};
use polybius_store::{Store, StoreError, replace_file};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Names with an underscore are no tables.
const FOLDER: &str = "_hooks";
const STATE: &str = "state.bin";
/// First byte of the state.
const FORMAT: u8 = 1;
/// Whoever waits looks at the clock anew after this time.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// The folder of all queues; only one program at a time has it.
pub struct Outbox {
    folder: PathBuf,
    state: State,
    _lock: File,
}

#[derive(Default, Serialize, Deserialize)]
struct State {
    version: u64,
    said: Said,
    /// By hook: the number of its next delivery.
    next: BTreeMap<String, u64>,
}

impl Outbox {
    /// Takes the folder. Where there is none yet, what the store says now is no news.
    pub fn open(store: &Path) -> Result<Outbox, Failure> {
        let folder = store.join(FOLDER);
        fs::create_dir_all(&folder).map_err(|e| cannot_write(&folder, &e))?;
        let lock = lock(&folder)?;
        let path = folder.join(STATE);
        let state = match fs::read(&path) {
            Ok(bytes) => State::read(&bytes).ok_or_else(|| unreadable(&path))?,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => State::now(store)?,
            Err(e) => return Err(Failure::caused(&format!("cannot read `{}`", path.display()), &e)),
        };
        state.keep(&folder)?;
        Ok(Outbox { folder, state, _lock: lock })
    }

    /// The queue of a hook, with what an earlier watch left in it.
    pub fn queue(&self, hook: &str, limit: usize) -> Result<Queue, Failure> {
        let next = self.state.next.get(hook).copied().unwrap_or(1);
        Queue::open(self.folder.join(hook), next, limit)
    }

    /// The version up to which news has been queued.
    pub fn version(&self) -> u64 {
        self.state.version
    }

    /// What that version said.
    pub fn said(&self) -> &Said {
        &self.state.said
    }

    /// Takes in the news of a version for each hook. Returns how many deliveries were dropped for want of room.
    pub fn put(
        &mut self,
        edition: &Edition,
        news: Vec<(&str, &Queue, Vec<Message>)>,
    ) -> Result<usize, Failure> {
        let mut next = self.state.next.clone();
        let mut dropped = 0;
        let mut written = Vec::new();
        for (hook, queue, messages) in news {
            let number = next.entry(hook.to_string()).or_insert(1);
            // What would be dropped at once is not written; its numbers stay free, so that the receiver sees the gap.
            let too_many = messages.len().saturating_sub(queue.limit);
            dropped += too_many;
            *number += too_many as u64;
            for message in messages.into_iter().skip(too_many) {
                queue.write(*number, &message.delivery(hook, *number))?;
                written.push((queue, *number));
                *number += 1;
            }
        }
        let state = State { version: edition.version(), said: edition.said(), next };
        state.keep(&self.folder)?;
        self.state = state;
        Ok(dropped + written.into_iter().map(|(queue, number)| queue.admit(number)).sum::<usize>())
    }
}

impl State {
    fn keep(&self, folder: &Path) -> Result<(), Failure> {
        let mut bytes = vec![FORMAT];
        bytes.extend(postcard::to_stdvec(self).expect("plain data"));
        let path = folder.join(STATE);
        replace_file(&path, &bytes).map_err(|e| cannot_write(&path, &e))
    }

    fn read(bytes: &[u8]) -> Option<State> {
        match bytes.split_first() {
            Some((&FORMAT, rest)) => postcard::from_bytes(rest).ok(),
            _ => None,
        }
    }

    /// The state of a store that nobody has been told of.
    fn now(store: &Path) -> Result<State, Failure> {
        let store = match Store::open(store) {
            Err(StoreError::Missing { .. }) => return Ok(State::default()),
            opened => opened?,
        };
        let edition = Edition::load(&store)?;
        Ok(State { version: edition.version(), said: edition.said(), next: BTreeMap::new() })
    }
}

fn lock(folder: &Path) -> Result<File, Failure> {
    let path = folder.join("lock");
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
    let file = file.map_err(|e| cannot_write(&path, &e))?;
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => {
            Err(Failure::new("another watch sends to the hooks of this store".to_string())
                .hint("stop it, or leave the [[hook]] parts out of one of the two files"))
        }
        // Where the file system knows no locks, the user must know.
        _ => Ok(file),
    }
}

fn cannot_write(path: &Path, e: &std::io::Error) -> Failure {
    Failure::caused(&format!("cannot write `{}`", path.display()), e)
}

fn unreadable(path: &Path) -> Failure {
    Failure::new(format!("`{}` cannot be read", path.display()))
        .hint("another version of the program wrote it, or it is damaged; without it, hooks are told what comes from now on")
}

/// A piece of news in the form that is sent.
pub struct Message {
    /// When its version was made, ISO 8601.
    pub timestamp: String,
    /// Name of the store.
    pub store: String,
    /// Version of the store.
    pub version: u64,
    /// What is told.
    pub news: News,
    /// Seconds since 1970.
    pub now: u64,
}

impl Message {
    fn delivery(self, hook: &str, sequence: u64) -> Delivery {
        let body = serde_json::json!({
            "type": self.news.kind, "timestamp": self.timestamp, "hook": hook, "sequence": sequence,
            "store": self.store, "version": self.version, "data": self.news.data,
        })
        .to_string();
        Delivery {
            id: super::sign::id_of(hook, sequence, &body),
            created: self.now,
            attempts: 0,
            due: 0,
            body,
        }
    }
}

/// A piece of news for one hook. Times are seconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// Stays the same however often it is sent.
    pub id: String,
    pub created: u64,
    pub attempts: u32,
    pub due: u64,
    pub body: String,
}

/// What is still to be sent to one hook.
pub struct Queue {
    folder: PathBuf,
    /// Deliveries at most.
    limit: usize,
    /// By number: when each is due.
    waiting: Mutex<BTreeMap<u64, u64>>,
    changed: Condvar,
}

/// What is to be done next.
#[derive(Debug, PartialEq, Eq)]
pub enum Next {
    Send(u64, Delivery),
    /// Nothing is due for so long.
    Wait(Duration),
}

impl Queue {
    fn open(folder: PathBuf, next: u64, limit: usize) -> Result<Queue, Failure> {
        fs::create_dir_all(&folder).map_err(|e| cannot_write(&folder, &e))?;
        let queue = Queue { folder, limit, waiting: Mutex::default(), changed: Condvar::new() };
        for number in queue.numbers() {
            // From `next` on: queued by a watch that was killed before it could say so.
            match queue.read(number).filter(|_| number < next) {
                Some(delivery) => drop(queue.lock().insert(number, delivery.due)),
                None => drop(fs::remove_file(queue.path(number))),
            }
        }
        Ok(queue)
    }

    fn numbers(&self) -> Vec<u64> {
        let names = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        names.filter_map(|e| e.file_name().to_str()?.strip_suffix(".json")?.parse().ok()).collect()
    }

    fn path(&self, number: u64) -> PathBuf {
        self.folder.join(format!("{number:012}.json"))
    }

    fn read(&self, number: u64) -> Option<Delivery> {
        serde_json::from_slice(&fs::read(self.path(number)).ok()?).ok()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<u64, u64>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self, number: u64, delivery: &Delivery) -> Result<(), Failure> {
        let path = self.path(number);
        let bytes = serde_json::to_vec(delivery).expect("plain data");
        replace_file(&path, &bytes).map_err(|e| cannot_write(&path, &e))
    }

    /// Lets a delivery that was written be sent. Where there is no room the oldest go; returns how many.
    fn admit(&self, number: u64) -> usize {
        let mut waiting = self.lock();
        waiting.insert(number, 0);
        let mut dropped = 0;
        while waiting.len() > self.limit {
            let Some((oldest, _)) = waiting.pop_first() else { break };
            let _ = fs::remove_file(self.path(oldest));
            dropped += 1;
        }
        dropped
    }

    /// Tells whoever waits that there is something new.
    pub fn wake(&self) {
        self.changed.notify_all();
    }

    /// How many are waiting.
    pub fn len(&self) -> usize {
        self.lock().len()
    }

    /// The delivery that is due first and, among those, was queued first.
    pub fn next(&self, now: u64) -> Next {
        loop {
            let first =
                self.lock().iter().min_by_key(|(number, due)| (**due, **number)).map(|(n, d)| (*n, *d));
            match first {
                None => return Next::Wait(LONGEST_WAIT),
                Some((_, due)) if due > now => {
                    return Next::Wait(Duration::from_secs(due - now).min(LONGEST_WAIT));
                }
                Some((number, _)) => match self.read(number) {
                    Some(delivery) => return Next::Send(number, delivery),
                    None => self.done(number),
                },
            }
        }
    }

    /// Waits until something is queued, at most so long.
    pub fn wait(&self, longest: Duration) {
        let _ = self.changed.wait_timeout(self.lock(), longest);
    }

    /// Takes a delivery out.
    pub fn done(&self, number: u64) {
        self.lock().remove(&number);
        let _ = fs::remove_file(self.path(number));
    }

    /// Puts a delivery off; nothing happens where it was dropped meanwhile.
    pub fn put_off(&self, number: u64, delivery: &Delivery) -> Result<(), Failure> {
        let mut waiting = self.lock();
        let Some(due) = waiting.get_mut(&number) else { return Ok(()) };
        *due = delivery.due;
        self.write(number, delivery)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn queue(folder: &Path, next: u64, limit: usize) -> Queue {
        Queue::open(folder.join("desk"), next, limit).unwrap()
    }

    fn put(queue: &Queue, number: u64) -> usize {
        queue.write(number, &delivery(0)).unwrap();
        queue.admit(number)
    }

    fn delivery(due: u64) -> Delivery {
        Delivery { id: format!("msg_{due}"), created: 0, attempts: 0, due, body: "{}".to_string() }
    }

    #[test]
    fn what_is_queued_survives_and_what_was_not_announced_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let first = queue(folder.path(), 1, 10);
        for number in 1..=3 {
            put(&first, number);
        }
        first.done(1);
        drop(first);
        let again = queue(folder.path(), 3, 10);
        assert_eq!(again.len(), 1);
        assert_eq!(again.next(5), Next::Send(2, delivery(0)));
        assert!(!folder.path().join("desk/000000000003.json").exists());
    }

    #[test]
    fn what_was_put_off_comes_after_what_was_not() {
        let folder = tempfile::tempdir().unwrap();
        let queue = queue(folder.path(), 1, 10);
        put(&queue, 1);
        put(&queue, 2);
        queue.put_off(1, &delivery(30)).unwrap();
        assert!(matches!(queue.next(10), Next::Send(2, _)));
        queue.done(2);
        assert_eq!(queue.next(10), Next::Wait(Duration::from_secs(20)));
        assert!(matches!(queue.next(30), Next::Send(1, _)));
    }

    #[test]
    fn a_full_queue_drops_the_oldest() {
        let folder = tempfile::tempdir().unwrap();
        let queue = queue(folder.path(), 1, 2);
        let dropped: usize = (1..=5).map(|n| put(&queue, n)).sum();
        assert_eq!((dropped, queue.len()), (3, 2));
        assert!(matches!(queue.next(0), Next::Send(4, _)));
        queue.put_off(1, &delivery(9)).unwrap();
        assert_eq!(queue.numbers().len(), 2);
    }
}
