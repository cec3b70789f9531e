//! Telling hooks what is new. One thread compares versions and queues news, one thread for each hook sends: a hook that fails or
//! hangs stops neither the watch nor another hook.

use super::config::Hook;
use super::outbox::{Delivery, Message, Next, Outbox, Queue};
use crate::failure::Failure;
use polybius_serve::Edition;
use polybius_sources::{NotTaken, Poster};
use polybius_store::{Store, StoreError};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError, SyncSender};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// For one delivery, from looking up the name to the last byte of the answer.
const TIMEOUT: Duration = Duration::from_secs(30);
/// A hook that fails is asked again after twice the time, and so on up to this.
const LONGEST_PAUSE: Duration = Duration::from_secs(3600);
/// How often it is looked for versions that other programs made.
const LOOK: Duration = Duration::from_secs(5);

/// The hooks of a watch.
pub struct Hooks {
    teller: Teller,
}

struct Teller {
    store: PathBuf,
    name: String,
    outbox: Outbox,
    targets: Vec<Arc<Target>>,
}

/// A hook with what it is to be sent.
struct Target {
    hook: Hook,
    queue: Queue,
    poster: Poster,
}

impl Hooks {
    /// Opens the queues in a store. `allow_private` holds for all hooks, beside what each says for itself.
    pub fn open(hooks: Vec<Hook>, store: &Path, allow_private: bool) -> Result<Hooks, Failure> {
        let outbox = Outbox::open(store)?;
        let mut targets = Vec::new();
        for hook in hooks {
            let queue = outbox.queue(&hook.name, hook.queue)?;
            let poster = Poster::new(allow_private || hook.allow_private, TIMEOUT);
            targets.push(Arc::new(Target { hook, queue, poster }));
        }
        let name = store.file_name().unwrap_or(store.as_os_str()).to_string_lossy().into_owned();
        Ok(Hooks { teller: Teller { store: store.to_path_buf(), name, outbox, targets } })
    }

    /// Tells in the background for as long as the program runs. Whoever sends to the channel has it look at once.
    pub fn start(self) -> SyncSender<()> {
        for target in &self.teller.targets {
            let target = target.clone();
            std::thread::spawn(move || target.send_for_ever());
        }
        let (sender, receiver) = mpsc::sync_channel(1);
        let mut teller = self.teller;
        std::thread::spawn(move || {
            loop {
                teller.look_or_warn();
                if let Err(RecvTimeoutError::Disconnected) = receiver.recv_timeout(LOOK) {
                    return;
                }
            }
        });
        sender
    }

    /// Queues what is new and sends what is due, once; says what could not be sent.
    pub fn once(mut self) {
        self.teller.look_or_warn();
        for target in &self.teller.targets {
            target.send_due();
            if target.queue.len() > 0 {
                eprintln!(
                    "warning: hook `{}`: {} deliveries wait for the next run",
                    target.hook.name,
                    target.queue.len()
                );
            }
        }
    }
}

impl Teller {
    fn look_or_warn(&mut self) {
        if let Err(failure) = self.look() {
            eprint!("{}", failure.message().replacen("error", "warning: hooks", 1));
        }
    }

    /// Queues what the store says that it did not say before.
    fn look(&mut self) -> Result<(), Failure> {
        let store = match Store::open(&self.store) {
            Err(StoreError::Missing { .. }) => return Ok(()),
            opened => opened?,
        };
        if store.last_commit()?.is_none_or(|c| c.version == self.outbox.version()) {
            return Ok(());
        }
        let edition = Edition::load(&store)?;
        let mut news = Vec::new();
        for target in &self.targets {
            news.push((target.hook.name.as_str(), &target.queue, self.messages(&edition, target)?));
        }
        let dropped = self.outbox.put(&edition, news)?;
        if dropped > 0 {
            eprintln!("warning: hooks: {dropped} deliveries were dropped, for the queues are full");
        }
        self.targets.iter().for_each(|t| t.queue.wake());
        Ok(())
    }

    fn messages(&self, edition: &Edition, target: &Target) -> Result<Vec<Message>, Failure> {
        let news = edition.news(self.outbox.said(), &target.hook.filter);
        let news = news.map_err(|p| Failure::new(format!("hook `{}`: {}", target.hook.name, p.title)))?;
        let message = |news| Message {
            timestamp: edition.at().to_string(),
            store: self.name.clone(),
            version: edition.version(),
            now: now(),
            news,
        };
        Ok(news.into_iter().map(message).collect())
    }
}

impl Target {
    fn send_for_ever(&self) {
        let mut failures = 0;
        loop {
            match self.queue.next(now()) {
                Next::Wait(longest) => self.queue.wait(longest),
                Next::Send(number, delivery) => match self.send(number, delivery) {
                    Ok(()) => failures = 0,
                    Err(_) => {
                        failures += 1;
                        std::thread::sleep(self.pause(failures));
                    }
                },
            }
        }
    }

    /// Sends what is due, until nobody answers.
    fn send_due(&self) {
        let began = now();
        while let Next::Send(number, delivery) = self.queue.next(began) {
            if self.send(number, delivery).is_err_and(|e| e.status.is_none()) {
                return;
            }
        }
    }

    /// Sends one delivery and notes what came of it.
    fn send(&self, number: u64, delivery: Delivery) -> Result<(), NotTaken> {
        let sent = self.post(&delivery);
        match &sent {
            Ok(()) => self.queue.done(number),
            Err(problem) => self.failed(number, delivery, problem),
        }
        sent
    }

    fn post(&self, delivery: &Delivery) -> Result<(), NotTaken> {
        let time = now();
        let mut headers = vec![("webhook-id", delivery.id.clone()), ("webhook-timestamp", time.to_string())];
        if let Some(secret) = &self.hook.secret {
            headers.push(("webhook-signature", secret.sign(&delivery.id, time, &delivery.body)));
        }
        self.poster.post(&self.hook.url, &headers, delivery.body.as_bytes())
    }

    fn failed(&self, number: u64, mut delivery: Delivery, problem: &NotTaken) {
        delivery.attempts += 1;
        let pause = self.pause(delivery.attempts);
        let name = &self.hook.name;
        if now().saturating_sub(delivery.created) > self.hook.give_up.as_secs() {
            eprintln!("warning: hook `{name}`: {}; {} is given up", problem.what, delivery.id);
            return self.queue.done(number);
        }
        eprintln!("warning: hook `{name}`: {}; tried again in {} s", problem.what, pause.as_secs());
        delivery.due = now() + pause.as_secs();
        if let Err(failure) = self.queue.put_off(number, &delivery) {
            eprint!("{}", failure.message().replacen("error", "warning: hooks", 1));
        }
    }

    fn pause(&self, failures: u32) -> Duration {
        super::pause(self.hook.retry, failures.saturating_sub(1), LONGEST_PAUSE)
    }
}

/// Seconds since 1970.
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs())
}
