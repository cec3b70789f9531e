//! Fetching, against a server that the test starts on this machine.

mod common;

use polybius_sources::{Settings, pages};
use polybius_text::{Page, Reject, RejectReason};
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A server that answers with what `answer` gives for a request's path and lines, and notes every path asked for.
struct Server {
    address: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn start(answer: impl Fn(&str, &[String]) -> Vec<u8> + Send + 'static) -> Server {
        Server::start_on("127.0.0.1", answer)
    }

    fn start_on(host: &str, answer: impl Fn(&str, &[String]) -> Vec<u8> + Send + 'static) -> Server {
        let listener = TcpListener::bind((host, 0)).unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = asked.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let _ = serve(stream, &answer, &log);
            }
        });
        Server { address, asked }
    }

    fn url(&self, path: &str) -> PathBuf {
        PathBuf::from(format!("{}{path}", self.address))
    }

    /// The paths asked for since the last time.
    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }
}

fn serve(
    mut stream: TcpStream,
    answer: &impl Fn(&str, &[String]) -> Vec<u8>,
    log: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    let mut lines = Vec::new();
    for line in BufReader::new(stream.try_clone()?).lines() {
        match line? {
            line if line.is_empty() => break,
            line => lines.push(line),
        }
    }
    let path = lines[0].split(' ').nth(1).unwrap_or("").to_string();
    log.lock().unwrap().push(path.clone());
    stream.write_all(&answer(&path, &lines))
}

fn ok(content_type: &str, body: &[u8]) -> Vec<u8> {
    with("200 OK", &format!("Content-Type: {content_type}\r\n"), body)
}

fn with(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let head =
        format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

fn not_found() -> Vec<u8> {
    with("404 Not Found", "", b"")
}

fn to(location: &str) -> Vec<u8> {
    with("302 Found", &format!("Location: {location}\r\n"), b"")
}

/// Settings for a server on this machine, without pauses.
fn local() -> Settings {
    let mut settings = Settings::default();
    settings.fetch.allow_private = true;
    settings.fetch.delay = Duration::ZERO;
    settings.fetch.timeout = Duration::from_secs(5);
    settings
}

fn fetch(inputs: &[PathBuf], settings: Settings) -> (Vec<Page>, Vec<Reject>) {
    common::split(pages(inputs, settings))
}

fn only_reject(found: (Vec<Page>, Vec<Reject>)) -> String {
    assert!(found.0.is_empty() && found.1.len() == 1, "{found:?}");
    assert_eq!(found.1[0].reason, RejectReason::NotFetched);
    found.1[0].detail.clone()
}

#[test]
fn a_page_comes_with_its_character_set_and_the_site_is_asked_politely() {
    let server = Server::start(|path, lines| match path {
        "/a" => {
            assert!(lines.iter().any(|l| l.to_lowercase().starts_with("user-agent: polybius/")));
            ok("text/html; charset=windows-1251", b"<p>\xcf\xf0\xe8")
        }
        "/packed" => {
            with("200 OK", "Content-Type: text/html\r\nContent-Encoding: gzip\r\n", &common::gzip(b"<p>in"))
        }
        _ => not_found(),
    });
    let (found, rejects) = fetch(&[server.url("/a#part"), server.url("/packed")], local());
    assert_eq!(found.len(), 2, "{rejects:?}");
    assert_eq!(found[0].given.charset.as_deref(), Some("windows-1251"));
    assert!(found[0].path.ends_with("/a") && found[0].given.fetched.is_some());
    assert_eq!(found[1].bytes, b"<p>in");
    assert_eq!(server.asked(), ["/robots.txt", "/a", "/packed"]);
}

#[test]
fn nothing_of_a_private_network_is_fetched_unless_allowed() {
    let server = Server::start(|_, _| ok("text/html", b"<p>secret"));
    let mut settings = local();
    settings.fetch.allow_private = false;
    let detail = only_reject(fetch(&[server.url("/a")], settings));
    assert!(detail.contains("--allow-private"), "{detail}");
    assert!(server.asked().is_empty());
}

#[test]
fn what_robots_txt_forbids_is_not_asked_for() {
    let server = Server::start(|path, _| match path {
        "/robots.txt" => ok("text/plain", b"User-agent: *\nDisallow: /private/\nAllow: /private/open"),
        _ => ok("text/html", b"<p>x"),
    });
    let inputs = ["/private/a", "/private/open", "/b"].map(|p| server.url(p));
    let (found, rejects) = fetch(&inputs, local());
    assert_eq!((found.len(), rejects.len()), (2, 1));
    assert!(rejects[0].detail.contains("robots.txt") && rejects[0].path.ends_with("/private/a"));
    assert_eq!(server.asked(), ["/robots.txt", "/private/open", "/b"]);
    // A site whose robots.txt fails is not read.
    let server = Server::start(|_, _| with("500 Broken", "", b""));
    only_reject(fetch(&[server.url("/a")], local()));
    assert_eq!(server.asked(), ["/robots.txt"]);
}

#[test]
fn redirects_end_and_do_not_leave_the_web() {
    let server = Server::start(|path, _| match path {
        "/robots.txt" => not_found(),
        "/to" => to("/here"),
        "/here" => ok("text/html", b"<p>here"),
        "/circle" => to("/circle2"),
        "/circle2" => to("/circle"),
        "/file" => to("file:///etc/passwd"),
        "/private" => to("http://[::1]:1/"),
        path => to(&format!("{path}x")),
    });
    let (found, _) = fetch(&[server.url("/to")], local());
    assert_eq!(found[0].bytes, b"<p>here");
    assert!(found[0].path.ends_with("/to") && found[0].url.as_ref().unwrap().ends_with("/here"));
    assert!(only_reject(fetch(&[server.url("/circle")], local())).contains("circle"));
    assert!(only_reject(fetch(&[server.url("/file")], local())).contains("status 302"));
    assert!(only_reject(fetch(&[server.url("/long")], local())).contains("redirects"));
}

#[test]
fn what_is_too_long_or_too_slow_is_told() {
    let server = Server::start(|path, _| match path {
        "/robots.txt" => not_found(),
        "/large" => ok("text/html", &vec![b'x'; 3000]),
        "/bomb" => {
            let bomb = common::gzip(&vec![b' '; 2_000_000]);
            with("200 OK", "Content-Type: text/html\r\nContent-Encoding: gzip\r\n", &bomb)
        }
        "/broken" => b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort".to_vec(),
        "/nonsense" => b"\0\0\0\0\r\n\r\n".to_vec(),
        "/image" => ok("image/png", b"\x89PNG"),
        _ => {
            std::thread::sleep(Duration::from_millis(1500));
            not_found()
        }
    });
    let mut settings = local();
    settings.fetch.max_bytes = 2500;
    settings.fetch.timeout = Duration::from_millis(700);
    let inputs = ["/large", "/bomb", "/broken", "/nonsense", "/image", "/slow"].map(|p| server.url(p));
    let (found, rejects) = fetch(&inputs, settings);
    assert!(found.is_empty());
    let reasons: Vec<(RejectReason, &str)> =
        rejects.iter().map(|r| (r.reason, r.path.rsplit('/').next().unwrap())).collect();
    use RejectReason::{NotFetched, TooLarge, Unsupported};
    assert_eq!(
        reasons,
        [
            (TooLarge, "large"),
            (TooLarge, "bomb"),
            (NotFetched, "broken"),
            (NotFetched, "nonsense"),
            (Unsupported, "image"),
            (NotFetched, "slow")
        ]
    );
}

#[test]
fn one_host_is_not_asked_faster_than_allowed() {
    let server = Server::start(|path, _| match path {
        "/robots.txt" => not_found(),
        _ => ok("text/html", b"<p>x"),
    });
    let mut settings = local();
    settings.fetch.delay = Duration::from_millis(150);
    let started = std::time::Instant::now();
    let (found, _) = fetch(&["/1", "/2", "/3"].map(|p| server.url(p)), settings);
    assert_eq!(found.len(), 3);
    // Four requests, three pauses.
    assert!(started.elapsed() >= Duration::from_millis(450), "{:?}", started.elapsed());
}

#[test]
fn several_hosts_are_asked_at_once() {
    // Hosts are told apart by their names; some systems know only the first address of this machine.
    let hosts = ["127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4"];
    let hosts: Vec<&str> = hosts.into_iter().filter(|h| TcpListener::bind((*h, 0)).is_ok()).collect();
    let slow = |host: &&str| {
        Server::start_on(host, |path, _| {
            std::thread::sleep(Duration::from_millis(300));
            if path == "/robots.txt" { not_found() } else { ok("text/html", b"<p>x") }
        })
    };
    let servers: Vec<Server> = hosts.iter().map(slow).collect();
    let inputs: Vec<PathBuf> = servers.iter().map(|s| s.url("/a")).collect();
    let started = std::time::Instant::now();
    let (found, rejects) = fetch(&inputs[..1], local());
    let one = started.elapsed();
    assert_eq!(found.len(), 1, "{rejects:?}");
    let started = std::time::Instant::now();
    let (found, rejects) = fetch(&inputs, local());
    // Four hosts one after the other would take four times as long.
    assert!(started.elapsed() < one * 5 / 2, "{:?} for all, {one:?} for one", started.elapsed());
    assert_eq!(found.len(), hosts.len(), "{rejects:?}");
}

fn feed(address: &str) -> String {
    format!(
        "<rss><channel><title>Courier</title>\
         <item><title>Talks begin</title><link>{address}/1</link><pubDate>Tue, 07 Sep 2021 09:30:00 GMT</pubDate>\
         <source url='http://wire.example'>Northern Wire</source></item>\
         <item><title>Talks end</title><link>/2</link></item>\
         <item><title>Elsewhere</title><link>ftp://x.example/</link></item></channel></rss>"
    )
}

#[test]
fn a_feed_leads_to_its_pages_and_says_what_it_knows_of_them() {
    let server = Server::start(|path, lines| match path {
        "/robots.txt" => not_found(),
        "/feed" => {
            let host = lines.iter().find_map(|l| l.strip_prefix("host: ").or(l.strip_prefix("Host: ")));
            ok("application/rss+xml", feed(&format!("http://{}", host.unwrap())).as_bytes())
        }
        _ => ok("text/html", path.as_bytes()),
    });
    let (found, rejects) = fetch(&[server.url("/feed")], local());
    assert_eq!((found.len(), rejects.len()), (2, 1), "{rejects:?}");
    assert_eq!(found[0].given.title.as_deref(), Some("Talks begin"));
    assert_eq!(found[0].given.date.as_deref(), Some("2021-09-07T09:30:00+00:00"));
    assert_eq!(found[0].given.origin.as_deref(), Some("Northern Wire"));
    assert!(rejects[0].detail.contains("ftp://x.example/"));
    assert_eq!(server.asked(), ["/robots.txt", "/feed", "/1", "/2"]);
    // A limit on pages is told.
    let mut settings = local();
    settings.fetch.max_pages = 2;
    let (found, rejects) = fetch(&[server.url("/feed")], settings);
    assert_eq!(found.len(), 1);
    assert!(rejects.iter().any(|r| r.detail.contains("1 more addresses")), "{rejects:?}");
}

#[test]
fn sitemaps_lead_on_but_not_for_ever() {
    let server = Server::start(|path, _| {
        match path {
        "/robots.txt" => not_found(),
        "/page" => ok("text/html", b"<p>page"),
        "/sitemap.xml.gz" => {
            let map = b"<urlset><url><loc>/page</loc></url></urlset>";
            ok("application/octet-stream", &common::gzip(map))
        }
        "/index" => ok(
            "text/xml",
            b"<sitemapindex><sitemap><loc>/sitemap.xml.gz</loc></sitemap><sitemap><loc>/deep</loc></sitemap></sitemapindex>",
        ),
        deeper => {
            let map = format!("<sitemapindex><sitemap><loc>{deeper}x</loc></sitemap></sitemapindex>");
            ok("text/xml", map.as_bytes())
        }
    }
    });
    let (found, rejects) = fetch(&[server.url("/index")], local());
    assert_eq!(found.len(), 1, "{rejects:?}");
    assert!(rejects.iter().any(|r| r.detail.contains("too deep")), "{rejects:?}");
}

#[test]
fn what_has_not_changed_is_not_fetched_again() {
    let server = Server::start(|path, lines| {
        let has = |header: &str| lines.iter().any(|l| l.to_lowercase().starts_with(header));
        match path {
            "/robots.txt" => not_found(),
            "/feed" if has("if-none-match: \"v1\"") => with("304 Not Modified", "", b""),
            "/feed" => {
                let items =
                    "<rss><channel><item><link>/1</link></item><item><link>/2</link></item></channel></rss>";
                with("200 OK", "Content-Type: text/xml\r\nETag: \"v1\"\r\n", items.as_bytes())
            }
            _ if has("if-modified-since: tue") => with("304 Not Modified", "", b""),
            _ => {
                let head = "Content-Type: text/html\r\nLast-Modified: Tue, 07 Sep 2021 09:30:00 GMT\r\n";
                with("200 OK", head, path.as_bytes())
            }
        }
    });
    let kept = tempfile::tempdir().unwrap();
    let run = |known: &[&Page], refresh: bool| {
        let mut settings = local();
        settings.fetch.keep_in = Some(kept.path().join("_fetch"));
        settings.fetch.known = known.iter().map(|p| p.path.clone()).collect::<BTreeSet<String>>();
        settings.fetch.refresh = refresh;
        let (found, rejects) = fetch(&[server.url("/feed")], settings);
        assert!(rejects.is_empty(), "{rejects:?}");
        (found, server.asked())
    };
    let (first, _) = run(&[], false);
    assert_eq!(first.len(), 2);
    // The run was killed when only one page lay in the store: the feed has not changed, the other page is fetched.
    let (second, asked) = run(&[&first[0]], false);
    assert_eq!((second.len(), second[0].path.as_str()), (1, first[1].path.as_str()));
    assert_eq!(asked, ["/robots.txt", "/feed", "/2"]);
    let both = [&first[0], &first[1]];
    let (third, asked) = run(&both, false);
    assert!(third.is_empty() && asked == ["/robots.txt", "/feed"], "{asked:?}");
    let (fourth, asked) = run(&both, true);
    assert!(fourth.is_empty() && asked == ["/robots.txt", "/feed", "/1", "/2"], "{asked:?}");
    // A line of the log that a kill has cut does no harm.
    let log = kept.path().join("_fetch/fetched.jsonl");
    let bytes = std::fs::read(&log).unwrap();
    std::fs::write(&log, &bytes[..bytes.len() - 7]).unwrap();
    assert!(run(&both, false).0.len() <= 1);
    assert!(!Path::new("_fetch").exists());
}

#[test]
fn a_server_that_does_not_speak_tls_is_told() {
    let server = Server::start(|_, _| ok("text/html", b"<p>x"));
    let address = server.address.replace("http://", "https://");
    let detail = only_reject(fetch(&[PathBuf::from(format!("{address}/a"))], local()));
    assert!(detail.contains("robots.txt cannot be had"), "{detail}");
}

#[test]
fn lists_of_addresses_are_fetched_each_once() {
    let server = Server::start(|path, _| match path {
        "/robots.txt" => not_found(),
        _ => ok("text/html", path.as_bytes()),
    });
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("list.txt");
    let a = server.url("/a");
    std::fs::write(&list, format!("{0}\n{0}#again\nmailto:x@y.example\n", a.display())).unwrap();
    let settings = Settings { url_lists: vec![list], ..local() };
    let (found, rejects) = fetch(&[], settings);
    assert_eq!((found.len(), rejects.len()), (1, 1));
    assert!(rejects[0].path.ends_with("list.txt:3"));
}
