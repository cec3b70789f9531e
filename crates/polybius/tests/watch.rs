//! `polybius watch`: what is new becomes a commit, what is not leaves the store alone.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

fn watch(feeds: &Path, store: &Path, more: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_polybius"))
        .args(["watch", feeds.to_str().unwrap(), "--once", "--store", store.to_str().unwrap()])
        .args(more)
        .env_remove("POLYBIUS_STORE")
        .output()
        .unwrap()
}

fn fresh(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn version(store: &Path) -> u64 {
    polybius_store::Store::open(store).unwrap().last_commit().unwrap().unwrap().version
}

fn example(n: usize) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/panmunjom-2018");
    let mut pages: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    pages.sort();
    pages.swap_remove(n)
}

#[test]
fn a_page_that_is_put_into_a_folder_becomes_a_commit_and_nothing_else_does() {
    let root = fresh("watch-folder");
    let (pages, store, feeds) = (root.join("in"), root.join("out"), root.join("feeds.toml"));
    fs::create_dir_all(&pages).unwrap();
    fs::write(&feeds, format!("[[source]]\ninput = {:?}\n", pages.to_str().unwrap())).unwrap();
    let put = |n: usize| {
        let page = example(n);
        fs::copy(&page, pages.join(page.file_name().unwrap())).unwrap();
    };
    put(0);
    let first = watch(&feeds, &store, &[]);
    assert!(first.status.success(), "{}", String::from_utf8_lossy(&first.stderr));
    assert!(String::from_utf8_lossy(&first.stdout).contains("1 new pages; version 1"));
    let again = watch(&feeds, &store, &[]);
    assert!(again.status.success() && again.stdout.is_empty());
    assert_eq!(version(&store), 1);
    put(1);
    assert!(String::from_utf8_lossy(&watch(&feeds, &store, &[]).stdout).contains("version 2"));
    assert_eq!(version(&store), 2);
}

/// A web server of one feed and the pages that it names; counts what is asked.
fn site(feed: Arc<Mutex<String>>, pages: Vec<Vec<u8>>) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = asked.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            answer(stream, &feed, &pages, &counted);
        }
    });
    (address, asked)
}

fn answer(mut stream: TcpStream, feed: &Mutex<String>, pages: &[Vec<u8>], asked: &AtomicUsize) {
    let mut line = String::new();
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let _ = reader.read_line(&mut line);
    let mut header = String::new();
    while reader.read_line(&mut header).is_ok_and(|n| n > 2) {
        header.clear();
    }
    let path = line.split(' ').nth(1).unwrap_or("").to_string();
    let page = path.strip_prefix("/page/").and_then(|n| n.parse::<usize>().ok()).and_then(|n| pages.get(n));
    let (status, kind, body) = match (path.as_str(), page) {
        ("/rss", _) => ("200 OK", "application/rss+xml", feed.lock().unwrap().clone().into_bytes()),
        (_, Some(page)) => {
            asked.fetch_add(1, Ordering::SeqCst);
            ("200 OK", "text/html; charset=utf-8", page.clone())
        }
        _ => ("404 Not Found", "text/plain", Vec::new()),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    let _ = stream.write_all(head.as_bytes());
    let _ = stream.write_all(&body);
}

fn rss(address: &str, items: usize) -> String {
    let items: String = (0..items)
        .map(|n| format!("<item><title>Page {n}</title><link>{address}/page/{n}</link></item>"))
        .collect();
    format!("<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Test</title>{items}</channel></rss>")
}

#[test]
fn a_feed_is_followed_in_small_batches_and_a_page_is_asked_for_once() {
    let root = fresh("watch-feed");
    let store = root.join("out");
    let feed = Arc::new(Mutex::new(String::new()));
    let pages = (0..3).map(|n| fs::read(example(n)).unwrap()).collect();
    let (address, asked) = site(feed.clone(), pages);
    let feeds = root.join("feeds.toml");
    fs::write(&feeds, format!("[[source]]\ninput = \"{address}/rss\"\n")).unwrap();
    let flags = ["--allow-private", "--delay", "0", "--batch", "2"];
    *feed.lock().unwrap() = rss(&address, 3);
    let output = watch(&feeds, &store, &flags);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(version(&store), 2, "{}", String::from_utf8_lossy(&output.stdout));
    assert_eq!(asked.load(Ordering::SeqCst), 3);
    watch(&feeds, &store, &flags);
    assert_eq!((version(&store), asked.load(Ordering::SeqCst)), (2, 3));
}

#[test]
fn a_feed_that_is_no_feed_is_told_and_the_watch_goes_on() {
    let root = fresh("watch-wrong");
    let store = root.join("out");
    let feed = Arc::new(Mutex::new("<html><body>moved</body></html>".to_string()));
    let (address, _) = site(feed.clone(), vec![fs::read(example(0)).unwrap()]);
    let feeds = root.join("feeds.toml");
    fs::write(&feeds, format!("[[source]]\ninput = \"{address}/rss\"\nevery = \"1s\"\n")).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_polybius"))
        .args([
            "watch",
            feeds.to_str().unwrap(),
            "--store",
            store.to_str().unwrap(),
            "--allow-private",
            "--delay",
            "0",
        ])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    *feed.lock().unwrap() = rss(&address, 1);
    // It may have seen the wrong feed or not yet: in either case it comes to the page.
    let began = Instant::now();
    let documents =
        || polybius_store::Store::open(&store).and_then(|s| s.read::<polybius_store::rows::DocumentRow>());
    while began.elapsed() < Duration::from_secs(120)
        && !documents().is_ok_and(|d| d.iter().any(|d| d.path.ends_with("/page/0")))
    {
        std::thread::sleep(Duration::from_millis(100));
    }
    child.kill().unwrap();
    let mut words = String::new();
    child.stderr.take().unwrap().read_to_string(&mut words).unwrap();
    child.wait().unwrap();
    assert!(documents().unwrap().iter().any(|d| d.path.ends_with("/page/0")), "{words}");
}

/// A server that has, by path, a feed that turns into HTML after its first answer, a feed without end, and no answer at all.
struct BadSite {
    address: String,
    /// Bytes of the endless feed that were taken.
    sent: Arc<AtomicUsize>,
}

impl BadSite {
    fn start() -> BadSite {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let (sent, feeds) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let counted = sent.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (counted, feeds) = (counted.clone(), feeds.clone());
                std::thread::spawn(move || misbehave(stream, &counted, &feeds));
            }
        });
        BadSite { address, sent }
    }
}

fn misbehave(mut stream: TcpStream, sent: &AtomicUsize, feeds: &AtomicUsize) {
    let mut line = String::new();
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let _ = reader.read_line(&mut line);
    let head = |kind: &str, length: u64| {
        format!(
            "HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
        )
    };
    match line.split(' ').nth(1).unwrap_or("") {
        "/feed" => {
            let feed =
                "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>News</title></channel></rss>";
            let html = "<!doctype html><html><body><h1>We have moved</h1><p>All our news is there.</p></body></html>";
            let (kind, body) = match feeds.fetch_add(1, Ordering::SeqCst) {
                0 => ("application/rss+xml", feed),
                _ => ("text/html", html),
            };
            let _ = stream.write_all((head(kind, body.len() as u64) + body).as_bytes());
        }
        "/endless" => {
            let _ = stream.write_all(head("application/rss+xml", 10_000_000_000).as_bytes());
            let _ = stream.write_all(b"<?xml version=\"1.0\"?><rss version=\"2.0\"><channel>");
            let item = b"<item><title>One more</title></item>".repeat(1000);
            while stream.write_all(&item).is_ok() {
                sent.fetch_add(item.len(), Ordering::SeqCst);
            }
        }
        "/hangs" => std::thread::sleep(Duration::from_secs(60)),
        _ => drop(
            stream.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
        ),
    }
}

#[test]
fn feeds_that_turned_html_never_end_or_hang_are_told_and_the_others_are_read() {
    let root = fresh("watch-bad");
    let (pages, store, feeds) = (root.join("in"), root.join("out"), root.join("feeds.toml"));
    fs::create_dir_all(&pages).unwrap();
    let BadSite { address, sent } = BadSite::start();
    let source = |input: &str| format!("[[source]]\ninput = {input:?}\n");
    let bad = ["/feed", "/endless", "/hangs"].map(|path| source(&format!("{address}{path}"))).concat();
    fs::write(&feeds, bad + &source(pages.to_str().unwrap())).unwrap();
    let flags = ["--allow-private", "--delay", "0", "--timeout", "3"];
    assert!(watch(&feeds, &store, &flags).status.success());
    // The next day: the feed is a page, and there is news in the folder.
    fs::copy(example(0), pages.join(example(0).file_name().unwrap())).unwrap();
    let output = watch(&feeds, &store, &flags);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{told}");
    let about = |path: &str| {
        let line = told.lines().find(|l| l.contains(&format!("{address}{path}:")));
        line.unwrap_or_else(|| panic!("nothing on {path}: {told}")).to_string()
    };
    assert!(about("/feed").contains("it was a feed or a sitemap and is `text/html` now"), "{told}");
    assert!(about("/endless").contains("too_large") && about("/endless").contains("16 MB"), "{told}");
    assert!(about("/hangs").contains("timeout"), "{told}");
    assert!(
        sent.load(Ordering::SeqCst) < 100 << 20,
        "read {} bytes of the endless feed",
        sent.load(Ordering::SeqCst)
    );
    let documents: Vec<polybius_store::rows::DocumentRow> =
        polybius_store::Store::open(&store).unwrap().read().unwrap();
    assert_eq!(documents.len(), 1, "{told}");
}

#[test]
fn a_store_of_a_newer_program_is_told_and_left_alone() {
    let root = fresh("watch-newer");
    let (pages, store, feeds) = (root.join("in"), root.join("out"), root.join("feeds.toml"));
    fs::create_dir_all(&pages).unwrap();
    fs::write(&feeds, format!("[[source]]\ninput = {:?}\n", pages.to_str().unwrap())).unwrap();
    fs::copy(example(0), pages.join(example(0).file_name().unwrap())).unwrap();
    fs::create_dir_all(store.join("_log")).unwrap();
    let log = r#"{"format": 99, "version": 1, "tables": {}, "settings": {}}"#;
    fs::write(store.join("_log/00000000000000000001.json"), log).unwrap();
    let output = watch(&feeds, &store, &[]);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(1) && told.contains("format 99"), "{told}");
    assert_eq!(fs::read_to_string(store.join("_log/00000000000000000001.json")).unwrap(), log);
}

#[test]
fn a_file_that_cannot_be_used_says_what_it_must_look_like() {
    let root = fresh("watch-file");
    let feeds = root.join("feeds.toml");
    fs::write(&feeds, "[[source]]\ninput = \"nowhere/\"\n").unwrap();
    let output = watch(&feeds, &root.join("out"), &[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("there is no file or folder `nowhere/`"));
    fs::write(&feeds, "every = \"5m\"\n").unwrap();
    let message = String::from_utf8(watch(&feeds, &root.join("out"), &[]).stderr).unwrap();
    assert!(
        message.contains("names no [[source]]") && message.contains("polybius watch --help"),
        "{message}"
    );
}
