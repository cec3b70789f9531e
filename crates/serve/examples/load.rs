//! Asks a running server so many times a second and prints how long its answers took.
//!
//! `cargo run --release -p polybius-serve --example load -- 127.0.0.1:7171 100 20`: 100 requests a second for 20 seconds, of
//! each kind by itself. Times run from the moment at which a request is due, so that a server that falls behind shows it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Connections that are kept open.
const CONNECTIONS: usize = 16;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [address, rate, seconds] = arguments.as_slice() else {
        eprintln!("usage: load HOST:PORT RATE SECONDS");
        std::process::exit(2);
    };
    let (rate, seconds): (f64, f64) = (rate.parse().expect("a rate"), seconds.parse().expect("seconds"));
    let mut connection = Connection::open(address);
    let stories = ids(&connection.get("/api/v1/stories?limit=500").1, "\"story_id\":\"");
    let documents = ids(&connection.get("/api/v1/documents?limit=500").1, "\"doc_id\":\"");
    let events = ids(&connection.get("/api/v1/events?limit=500").1, "\"event_id\":\"");
    assert!(!stories.is_empty() && !documents.is_empty() && !events.is_empty(), "the store is empty");
    let lists = [
        "",
        "?sort=newest",
        "?type=CONSULT",
        "?country=KOR&from=2018-01-01",
        "?actor=Kim&limit=100",
        "?polarity=denied",
    ];
    let words = [
        "president",
        "summit talks",
        "\"prime minister\"",
        "police killed",
        "ceasefire agreement",
        "government",
    ];
    let encoded = |w: &str| w.replace(' ', "+").replace('"', "%22");
    let kinds: Vec<(&str, Vec<String>)> = vec![
        ("story list", lists.iter().map(|f| format!("/api/v1/stories{f}")).collect()),
        ("story", stories.iter().map(|id| format!("/api/v1/stories/{id}")).collect()),
        ("search", words.iter().map(|w| format!("/api/v1/search?q={}", encoded(w))).collect()),
        ("document", documents.iter().map(|id| format!("/api/v1/documents/{id}")).collect()),
        (
            "event list",
            ["", "?type=ASSAULT", "?actor=PRK"].iter().map(|f| format!("/api/v1/events{f}")).collect(),
        ),
    ];
    println!(
        "{:<12} {:>8} {:>7} {:>8} {:>8} {:>8} {:>9}",
        "kind", "answers", "errors", "p50 ms", "p95 ms", "max ms", "kB each"
    );
    for (kind, paths) in kinds {
        let taken = run(address, Arc::new(paths), rate, seconds);
        println!("{}", taken.line(kind));
    }
}

struct Taken {
    seconds: Vec<f64>,
    bytes: usize,
    errors: usize,
}

impl Taken {
    fn line(mut self, kind: &str) -> String {
        self.seconds.sort_by(f64::total_cmp);
        let n = self.seconds.len();
        let at = |q: f64| {
            self.seconds.get(((n as f64 * q) as usize).min(n.saturating_sub(1))).unwrap_or(&0.0) * 1000.0
        };
        let each = self.bytes as f64 / n.max(1) as f64 / 1000.0;
        format!(
            "{kind:<12} {n:>8} {:>7} {:>8.1} {:>8.1} {:>8.1} {each:>9.1}",
            self.errors,
            at(0.5),
            at(0.95),
            at(1.0)
        )
    }
}

fn run(address: &str, paths: Arc<Vec<String>>, rate: f64, seconds: f64) -> Taken {
    let total = (rate * seconds) as usize;
    let next = Arc::new(AtomicUsize::new(0));
    let taken = Arc::new(Mutex::new(Taken { seconds: Vec::new(), bytes: 0, errors: 0 }));
    let began = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..CONNECTIONS {
            let (next, taken, paths) = (next.clone(), taken.clone(), paths.clone());
            scope.spawn(move || {
                let mut connection = Connection::open(address);
                loop {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    if n >= total {
                        return;
                    }
                    let due = began + Duration::from_secs_f64(n as f64 / rate);
                    std::thread::sleep(due.saturating_duration_since(Instant::now()));
                    // A stride, so that neighbours are not the same story.
                    let (status, body) = connection.get(&paths[n.wrapping_mul(7919) % paths.len()]);
                    let mut taken = taken.lock().expect("no panic while locked");
                    taken.seconds.push(due.elapsed().as_secs_f64());
                    taken.bytes += body.len();
                    taken.errors += usize::from(status != 200);
                }
            });
        }
    });
    Arc::into_inner(taken).expect("all threads are done").into_inner().expect("no panic while locked")
}

struct Connection {
    address: String,
    stream: BufReader<TcpStream>,
}

impl Connection {
    fn open(address: &str) -> Connection {
        let stream = TcpStream::connect(address).expect("a server that listens");
        stream.set_nodelay(true).expect("a socket");
        Connection { address: address.to_string(), stream: BufReader::new(stream) }
    }

    /// Status and body.
    fn get(&mut self, path: &str) -> (u16, String) {
        let head = format!("GET {path} HTTP/1.1\r\nHost: {}\r\n\r\n", self.address);
        self.stream.get_mut().write_all(head.as_bytes()).expect("an open connection");
        let mut line = String::new();
        self.stream.read_line(&mut line).expect("an answer");
        let status = line.split(' ').nth(1).and_then(|s| s.parse().ok()).unwrap_or(0);
        let mut length = 0;
        loop {
            line.clear();
            self.stream.read_line(&mut line).expect("headers");
            if line.trim().is_empty() {
                break;
            }
            if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().expect("a length");
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).expect("a body");
        (status, String::from_utf8_lossy(&body).into_owned())
    }
}

/// Values of a key in the order in which they stand.
fn ids(json: &str, key: &str) -> Vec<String> {
    json.split(key).skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_string).collect()
}
