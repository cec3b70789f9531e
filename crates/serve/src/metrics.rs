//! Counts for Prometheus.

use crate::app::App;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Upper bounds of the histogram, in seconds.
const BOUNDS: [f64; 9] = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0];

/// What was answered, by route.
#[derive(Debug, Default)]
pub struct Metrics {
    routes: Mutex<BTreeMap<&'static str, Route>>,
}

#[derive(Debug, Default)]
struct Route {
    by_status: BTreeMap<u16, u64>,
    /// As many as lie in each bound, not summed.
    buckets: [u64; BOUNDS.len() + 1],
    seconds: f64,
}

impl Metrics {
    /// Counts an answer.
    pub fn count(&self, route: &'static str, status: u16, took: Duration) {
        let mut routes = self.routes.lock().unwrap_or_else(PoisonError::into_inner);
        let route = routes.entry(route).or_default();
        *route.by_status.entry(status).or_default() += 1;
        let seconds = took.as_secs_f64();
        route.buckets[BOUNDS.iter().position(|b| seconds <= *b).unwrap_or(BOUNDS.len())] += 1;
        route.seconds += seconds;
    }

    fn write(&self, out: &mut String) {
        let routes = self.routes.lock().unwrap_or_else(PoisonError::into_inner);
        out.push_str("# HELP polybius_requests_total Answers by route and status.\n# TYPE polybius_requests_total counter\n");
        for (name, route) in routes.iter() {
            for (status, n) in &route.by_status {
                let _ = writeln!(out, "polybius_requests_total{{route=\"{name}\",status=\"{status}\"}} {n}");
            }
        }
        out.push_str(
            "# HELP polybius_request_seconds Time to an answer.\n# TYPE polybius_request_seconds histogram\n",
        );
        for (name, route) in routes.iter() {
            let mut sum = 0;
            for (n, bucket) in route.buckets.iter().enumerate() {
                sum += bucket;
                let bound = BOUNDS.get(n).map_or("+Inf".to_string(), |b| b.to_string());
                let _ =
                    writeln!(out, "polybius_request_seconds_bucket{{route=\"{name}\",le=\"{bound}\"}} {sum}");
            }
            let _ = writeln!(out, "polybius_request_seconds_sum{{route=\"{name}\"}} {}", route.seconds);
            let _ = writeln!(out, "polybius_request_seconds_count{{route=\"{name}\"}} {sum}");
        }
    }
}

/// All counts as text.
pub fn text(app: &App) -> String {
    let mut out = String::new();
    app.metrics.write(&mut out);
    let s = app.snapshot();
    let mut gauge = |name: &str, help: &str, value: u64| {
        let _ = writeln!(
            out,
            "# HELP polybius_{name} {help}\n# TYPE polybius_{name} gauge\npolybius_{name} {value}"
        );
    };
    gauge("store_version", "Version of the commit that is served.", s.version);
    gauge("documents", "Documents.", s.documents.len() as u64);
    gauge("stories", "Stories.", s.stories.len() as u64);
    gauge("events", "Events.", s.events.len() as u64);
    gauge("listeners", "Pages that listen for changes.", app.changes.receiver_count() as u64);
    gauge("comparing", "1 while the store is compared anew.", u64::from(app.comparing()));
    gauge("stale", "1 while a newer commit cannot be read.", u64::from(app.problem().is_some()));
    if let Some(bytes) = resident_bytes() {
        gauge("resident_bytes", "Memory of the program.", bytes);
    }
    out
}

/// From the system's own account, where it gives one.
pub fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|l| l.starts_with("VmRSS:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? * 1024)
}
