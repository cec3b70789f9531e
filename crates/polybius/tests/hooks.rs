//! Webhooks of `polybius watch`: told once, signed, filtered; a receiver that fails or hangs stops nothing, a kill loses nothing.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use serde_json::Value;
use sha2::Sha256;
use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

const SECRET: &str = "0123456789abcdef0123456789abcdef";

/// What a receiver was sent.
#[derive(Clone)]
struct Received {
    path: String,
    /// Names in small letters.
    headers: Vec<(String, String)>,
    body: String,
}

impl Received {
    fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v)
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// A receiver; `answer` says with which status, or never where it is 0.
struct Receiver {
    address: String,
    received: Arc<Mutex<Vec<Received>>>,
}

impl Receiver {
    fn start(answer: impl Fn(usize) -> u16 + Send + 'static) -> Receiver {
        Receiver::on(TcpListener::bind("127.0.0.1:0").unwrap(), answer)
    }

    fn on(listener: TcpListener, answer: impl Fn(usize) -> u16 + Send + 'static) -> Receiver {
        let address = format!("http://{}", listener.local_addr().unwrap());
        let received = Arc::new(Mutex::new(Vec::new()));
        let noted = received.clone();
        std::thread::spawn(move || {
            let mut held = Vec::new();
            for mut stream in listener.incoming().flatten() {
                let Some(request) = read(&stream) else { continue };
                let n = {
                    let mut noted = noted.lock().unwrap();
                    noted.push(request);
                    noted.len()
                };
                match answer(n) {
                    0 => held.push(stream),
                    status => {
                        let head = format!(
                            "HTTP/1.1 {status} x\r\nContent-Length: 4\r\nConnection: close\r\n\r\nsaid"
                        );
                        let _ = stream.write_all(head.as_bytes());
                    }
                }
            }
        });
        Receiver { address, received }
    }

    fn all(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    fn of(&self, path: &str) -> Vec<Received> {
        self.all().into_iter().filter(|r| r.path == path).collect()
    }

    /// Waits for so many requests.
    fn wait_for(&self, n: usize) {
        until(|| self.all().len() >= n, &format!("{n} requests"));
    }
}

fn read(stream: &TcpStream) -> Option<Received> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let path = line.split(' ').nth(1)?.to_string();
    let mut headers = Vec::new();
    loop {
        let mut header = String::new();
        if reader.read_line(&mut header).ok()? <= 2 {
            break;
        }
        let (name, value) = header.split_once(':')?;
        headers.push((name.to_ascii_lowercase(), value.trim().to_string()));
    }
    let length = headers.iter().find(|(n, _)| n == "content-length")?.1.parse().ok()?;
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Received { path, headers, body: String::from_utf8(body).ok()? })
}

fn until(mut done: impl FnMut() -> bool, what: &str) {
    let began = Instant::now();
    while !done() {
        assert!(began.elapsed() < Duration::from_secs(120), "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// A folder that is watched, a store, and the file that joins them to hooks.
struct Desk {
    pages: PathBuf,
    store: PathBuf,
    feeds: PathBuf,
}

impl Desk {
    fn new(name: &str, hooks: &str) -> Desk {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&root);
        let desk = Desk { pages: root.join("in"), store: root.join("out"), feeds: root.join("feeds.toml") };
        fs::create_dir_all(&desk.pages).unwrap();
        desk.hooks(hooks);
        desk
    }

    fn hooks(&self, hooks: &str) {
        let source = format!("every = \"1s\"\n[[source]]\ninput = {:?}\n", self.pages.to_str().unwrap());
        fs::write(&self.feeds, source + hooks).unwrap();
    }

    /// Puts a page of an example into the watched folder.
    fn put(&self, set: &str, n: usize) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(set);
        let mut pages: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
        pages.sort();
        fs::copy(&pages[n], self.pages.join(pages[n].file_name().unwrap())).unwrap();
    }

    fn command(&self, more: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_polybius"));
        command.args(["watch", self.feeds.to_str().unwrap(), "--store", self.store.to_str().unwrap()]);
        command.args(more).env_remove("POLYBIUS_STORE");
        command
    }

    fn once(&self) -> Output {
        let output = self.command(&["--once"]).output().unwrap();
        assert!(output.status.success(), "{}", words(&output));
        output
    }

    fn start(&self) -> Watching {
        let child = self.command(&[]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        Watching(child)
    }

    fn version(&self) -> u64 {
        let commit = polybius_store::Store::open(&self.store).and_then(|s| s.last_commit());
        commit.ok().flatten().map_or(0, |c| c.version)
    }

    fn queued(&self, hook: &str) -> usize {
        let files = fs::read_dir(self.store.join("_hooks").join(hook)).into_iter().flatten().flatten();
        files.filter(|e| e.file_name().to_string_lossy().ends_with(".json")).count()
    }
}

/// A watch that ends with the test.
struct Watching(Child);

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn words(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn hook(name: &str, receiver: &Receiver, more: &str) -> String {
    let url = format!("{}/{name}", receiver.address);
    format!("[[hook]]\nname = \"{name}\"\nurl = \"{url}\"\nallow_private = true\nretry = \"1s\"\n{more}\n")
}

#[test]
fn each_hook_is_told_what_it_asked_for_signed_and_once() {
    let receiver = Receiver::start(|_| 204);
    let hooks = [
        hook("all", &receiver, &format!("secret = \"{SECRET}\"")),
        hook("peru", &receiver, "countries = [\"PER\"]"),
        hook("moon", &receiver, "kinds = [\"story.new\"]\nactors = [\"Moon Jae\"]\ntypes = [\"CONSULT\"]"),
        hook("conflicts", &receiver, "kinds = [\"conflict.new\"]"),
    ];
    let desk = Desk::new("hooks-told", &hooks.concat());
    desk.put("panmunjom-2018", 0);
    desk.once();
    let first = receiver.of("/all");
    let told = first[0].json();
    assert_eq!((first.len(), &told["type"], &told["sequence"]), (1, &"story.new".into(), &1.into()));
    assert_eq!((&told["version"], &told["store"], &told["hook"]), (&1.into(), &"out".into(), &"all".into()));
    assert!(told["data"]["title"].as_str().is_some_and(|t| !t.is_empty()), "{told}");
    assert_eq!(told["data"]["n_documents"], 1);
    assert_eq!((receiver.of("/peru").len(), receiver.of("/moon").len()), (0, 1));

    // A second account: the story is changed, and where the two disagree is told.
    desk.put("panmunjom-2018", 5);
    desk.once();
    let kind = |r: &Received| r.json()["type"].as_str().unwrap().to_string();
    let kinds = |path: &str| receiver.of(path).iter().map(kind).collect::<Vec<_>>();
    let store = polybius_store::Store::open(&desk.store).unwrap();
    let conflicts: Vec<polybius_store::rows::ConflictRow> = store.read().unwrap();
    assert!(!conflicts.is_empty(), "the two pages of the example disagree");
    assert_eq!(kinds("/all")[..2], ["story.new", "story.changed"]);
    assert_eq!(kinds("/conflicts"), vec!["conflict.new"; conflicts.len()]);
    assert_eq!(
        receiver.of("/conflicts")[0].json()["data"]["values"][0]["text"].as_str().map(str::is_empty),
        Some(false)
    );
    assert_eq!(receiver.of("/moon").len(), 1);

    // Another story of another country is told to whom it concerns; nothing that was told is told again.
    let before = receiver.of("/all").len();
    desk.put("juliaca-2023", 0);
    desk.once();
    let news = |path: &str| receiver.of(path).iter().map(Received::json).collect::<Vec<Value>>();
    let peru = news("/peru");
    assert_eq!(peru[0]["type"], "story.new");
    assert!(peru.iter().all(|n| n["data"]["countries"].to_string().contains("PER")), "{peru:?}");
    let titles: Vec<String> = news("/all")[before..].iter().map(|n| n["data"]["title"].to_string()).collect();
    assert!(titles.contains(&peru[0]["data"]["title"].to_string()), "{titles:?}");
    assert_eq!(receiver.of("/moon").len(), 1);
    let told = receiver.all().len();
    desk.once();
    assert_eq!(receiver.all().len(), told);

    for request in receiver.of("/all") {
        let signed = format!(
            "{}.{}.{}",
            request.header("webhook-id"),
            request.header("webhook-timestamp"),
            request.body
        );
        let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
        mac.update(signed.as_bytes());
        let expected = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
        assert_eq!(request.header("webhook-signature"), expected);
        assert_eq!(request.header("content-type"), "application/json");
    }
    assert_eq!(receiver.of("/peru")[0].header("webhook-signature"), "");
    let ids: BTreeSet<String> = receiver.all().iter().map(|r| r.header("webhook-id").to_string()).collect();
    assert_eq!(ids.len(), receiver.all().len());
}

#[test]
fn what_was_refused_is_sent_again_under_the_same_id_and_then_no_more() {
    let receiver = Receiver::start(|n| if n <= 2 { 500 } else { 200 });
    let desk = Desk::new("hooks-again", &hook("desk", &receiver, ""));
    desk.put("panmunjom-2018", 0);
    let refused = words(&desk.once());
    assert!(refused.contains("hook `desk`: status 500 said; tried again in 1 s"), "{refused}");
    assert!(refused.contains("1 deliveries wait"), "{refused}");
    assert_eq!((desk.version(), desk.queued("desk")), (1, 1));
    until(
        || {
            desk.once();
            desk.queued("desk") == 0
        },
        "an empty queue",
    );
    desk.once();
    let ids: Vec<String> = receiver.all().iter().map(|r| r.header("webhook-id").to_string()).collect();
    assert_eq!((ids.len(), ids[0] == ids[1] && ids[1] == ids[2]), (3, true), "{ids:?}");
}

#[test]
fn a_kill_loses_nothing_and_a_receiver_that_hangs_stops_nothing() {
    let hanging = Receiver::start(|_| 0);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap();
    drop(listener);
    let away = format!(
        "[[hook]]\nname = \"away\"\nurl = \"http://{port}/away\"\nallow_private = true\nretry = \"1s\"\n\
         kinds = [\"story.new\", \"story.changed\"]\n"
    );
    let desk = Desk::new("hooks-kill", &(hook("hangs", &hanging, "") + &away));
    desk.put("panmunjom-2018", 0);
    let mut watching = desk.start();
    until(|| desk.queued("away") == 1, "the first delivery");
    hanging.wait_for(1);
    // The watch goes on while one hook hangs and the other is away.
    desk.put("juliaca-2023", 0);
    until(|| desk.version() == 2 && desk.queued("away") == 2, "the second delivery");
    // A second watch of the same store would tell everything twice.
    let second = desk.command(&["--once"]).output().unwrap();
    assert!(
        second.status.code() == Some(1) && words(&second).contains("another watch"),
        "{}",
        words(&second)
    );
    watching.0.kill().unwrap();
    watching.0.wait().unwrap();

    // A version that was made while nobody watched is told, too.
    desk.put("panmunjom-2018", 1);
    let run = Command::new(env!("CARGO_BIN_EXE_polybius"))
        .args(["run", "--quiet", "--store", desk.store.to_str().unwrap(), desk.pages.to_str().unwrap()])
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", words(&run));
    let back = Receiver::on(TcpListener::bind(port).unwrap(), |_| 200);
    desk.hooks(&away);
    until(
        || {
            desk.once();
            desk.queued("away") == 0
        },
        "an empty queue",
    );
    let told: Vec<(u64, String)> = back
        .all()
        .iter()
        .map(|r| (r.json()["sequence"].as_u64().unwrap(), r.json()["type"].as_str().unwrap().to_string()))
        .collect();
    let sequence: BTreeSet<u64> = told.iter().map(|t| t.0).collect();
    assert_eq!(sequence, (1..=told.len() as u64).collect(), "each once, none left out: {told:?}");
    let n = |kind: &str| told.iter().filter(|t| t.1 == kind).count();
    assert_eq!((n("story.new"), n("story.changed")), (2, 1), "{told:?}");
}

#[test]
fn addresses_of_private_networks_are_told_only_where_that_is_allowed() {
    let receiver = Receiver::start(|_| 200);
    let private = hook("desk", &receiver, "").replace("allow_private = true\n", "");
    let desk = Desk::new("hooks-private", &private);
    desk.put("panmunjom-2018", 0);
    let refused = words(&desk.once());
    assert!(refused.contains("`127.0.0.1` lies in a private network"), "{refused}");
    assert_eq!((desk.version(), receiver.all().len(), desk.queued("desk")), (1, 0, 1));
    desk.hooks(&hook("desk", &receiver, ""));
    until(
        || {
            desk.once();
            !receiver.all().is_empty()
        },
        "the delivery",
    );
    assert_eq!(desk.queued("desk"), 0);
}

#[test]
fn a_redirect_is_not_followed_and_what_is_too_old_is_given_up() {
    let receiver = Receiver::start(|_| 302);
    let desk = Desk::new("hooks-old", &hook("desk", &receiver, "give_up = \"1s\""));
    desk.put("panmunjom-2018", 0);
    assert!(words(&desk.once()).contains("status 302"));
    let mut last = String::new();
    until(
        || {
            last = words(&desk.once());
            desk.queued("desk") == 0
        },
        "the end of the delivery",
    );
    assert!(last.contains("is given up"), "{last}");
}
