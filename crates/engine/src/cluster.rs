//! The cluster: a scheduler, workers that analyse pages, and the job that a run gives them.
//!
//! A job is one query that only maps: each row is a shard of pages, and the function `annotate_shard` writes their analyses to the
//! job's folder. Nothing is shuffled, sorted or grouped, since Ballista is not safe against the loss of a worker after a shuffle.
//! Rows come back for the count only; what the run believes are the files.

mod function;
mod log_lines;
mod reader;
mod scheduler;
mod submit;
mod worker;

pub use scheduler::{SchedulerArgs, scheduler};
pub use submit::{AnnotateArgs, annotate};
pub use worker::{WorkerArgs, worker};

use tokio::runtime::Runtime;

/// An address as a user gives it: host and port.
fn host_and_port(address: &str) -> Result<(String, u16), String> {
    let split = address.rsplit_once(':').and_then(|(host, port)| Some((host, port.parse().ok()?)));
    match split {
        Some((host, port)) if !host.is_empty() => Ok((host.to_string(), port)),
        _ => Err(format!("`{address}` is no address: give HOST:PORT, e.g. 127.0.0.1:50050")),
    }
}

fn runtime() -> Result<Runtime, String> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|e| format!("cannot start threads: {e}"))
}

#[cfg(test)]
mod tests {
    use super::host_and_port;

    #[test]
    fn an_address_has_a_host_and_a_port() {
        assert_eq!(host_and_port("a.example:50050"), Ok(("a.example".to_string(), 50050)));
        assert_eq!(host_and_port("[::1]:1"), Ok(("[::1]".to_string(), 1)));
        for bad in ["a", ":1", "a:", "a:b", "a:70000", ""] {
            assert!(host_and_port(bad).unwrap_err().contains("HOST:PORT"), "{bad}");
        }
    }
}
