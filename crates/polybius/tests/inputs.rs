//! `polybius run` and `polybius extract` on archives, tables, feeds, standard input and addresses.

use serde_json::Value;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};

fn polybius(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_polybius"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program was built for this test");
    child.stdin.take().unwrap().write_all(input).unwrap();
    child.wait_with_output().unwrap()
}

fn lines(arguments: &[&str], input: &[u8]) -> Vec<Value> {
    let output = polybius(arguments, input);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().lines().map(|l| serde_json::from_str(l).unwrap()).collect()
}

fn html(place: &str) -> String {
    format!(
        "<html><head><title>Ministers meet</title></head><body><h1>Ministers meet in {place}</h1><p>French President \
         Emmanuel Macron met Chad's leader in {place} on 5 July 2021.</p><p>The two leaders discussed security.</p></body></html>"
    )
}

fn warc(places: &[&str]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (n, place) in places.iter().enumerate() {
        let http = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{}", html(place));
        let head = format!(
            "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://news.example/{n}\r\nWARC-Date: 2021-07-06T00:00:00Z\r\n\
             Content-Length: {}\r\n\r\n",
            http.len()
        );
        bytes.extend_from_slice(format!("{head}{http}\r\n\r\n").as_bytes());
    }
    bytes
}

fn rows(store: &Path, table: &str) -> Vec<Value> {
    lines(&["export", "--store", store.to_str().unwrap(), "--table", table], b"")
}

#[test]
fn archives_and_tables_of_many_pages_make_one_store_and_adding_them_again_changes_nothing() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("in");
    fs::create_dir(&folder).unwrap();
    let mut archive = warc(&["Paris", "Lyon"]);
    archive.truncate(archive.len() - 30);
    fs::write(folder.join("crawl.warc"), archive).unwrap();
    fs::write(
        folder.join("news.jsonl"),
        "{\"text\":\"Kenyan troops entered Somalia, the army said on Monday.\",\"title\":\"Troops cross border\",\"date\":\"2011-10-17\"}\nno json\n",
    )
    .unwrap();
    fs::write(
        folder.join("feed.xml"),
        "<rss><channel><title>Courier</title><item><title>Envoy expelled</title><link>http://c.example/1</link>\
         <pubDate>Wed, 07 Jul 2021 10:00:00 GMT</pubDate><description>Ghana expelled the ambassador of Togo, the foreign \
         ministry said in a statement on Wednesday.</description></item></channel></rss>",
    )
    .unwrap();
    let store = root.path().join("store");
    let run = ["run", "--json", "--store", store.to_str().unwrap(), folder.to_str().unwrap()];
    let summary = &lines(&run, b"")[0];
    assert_eq!((&summary["documents"], &summary["rejects"]), (&3.into(), &2.into()), "{summary}");
    let documents = rows(&store, "documents");
    let by_path = |end: &str| {
        let found = documents.iter().find(|d| d["path"].as_str().unwrap().ends_with(end));
        found.unwrap_or_else(|| panic!("no {end} in {documents:?}"))
    };
    assert_eq!(by_path("crawl.warc@0")["url"], "http://news.example/0");
    let row = by_path("news.jsonl:1");
    assert_eq!((&row["published_at"], &row["published_basis"]), (&"2011-10-17".into(), &"field".into()));
    let item = by_path("feed.xml:1");
    assert_eq!((&item["published_at"], &item["outlet"]), (&"2021-07-07".into(), &"Courier".into()));
    let rejects = rows(&store, "rejects");
    let told: Vec<&str> = rejects.iter().map(|r| r["path"].as_str().unwrap()).collect();
    assert!(
        told.iter().any(|p| p.contains("crawl.warc@")) && told.iter().any(|p| p.ends_with("news.jsonl:2"))
    );
    let again = &lines(&run, b"")[0];
    assert_eq!((&again["read_now"], &again["documents"]), (&0.into(), &3.into()));
    assert!(polybius(&["check", "--store", store.to_str().unwrap()], b"").status.success());
}

#[test]
fn a_killed_run_over_an_archive_goes_on_where_it_was() {
    let root = tempfile::tempdir().unwrap();
    let archive = root.path().join("a.warc");
    fs::write(&archive, warc(&["Paris", "Lyon", "Nice", "Lille", "Metz", "Brest"])).unwrap();
    let (whole, cut) = (root.path().join("whole"), root.path().join("cut"));
    let run = |store: &Path| {
        lines(&["run", "--json", "--store", store.to_str().unwrap(), archive.to_str().unwrap()], b"")[0]
            .clone()
    };
    run(&whole);
    run(&cut);
    // As if the first run had been killed: no commit, and both logs end inside a record.
    fs::remove_dir_all(cut.join("_log")).unwrap();
    for log in ["_pages", "_analysis"].iter().flat_map(|f| fs::read_dir(cut.join(f)).unwrap().flatten()) {
        let bytes = fs::read(log.path()).unwrap();
        fs::write(log.path(), &bytes[..bytes.len() / 2]).unwrap();
    }
    let resumed = run(&cut);
    let read_now = resumed["read_now"].as_u64().unwrap();
    assert!(0 < read_now && read_now < 6, "{resumed}");
    for table in ["documents", "events_flat", "claims", "rejects"] {
        assert!(rows(&whole, table) == rows(&cut, table), "{table} differs");
    }
}

#[test]
fn standard_input_is_one_page_or_json_lines() {
    let answers = lines(&["extract", "-"], html("Paris").as_bytes());
    assert_eq!((answers.len(), &answers[0]["title"]), (1, &"Ministers meet in Paris".into()));
    let input = b"{\"body\":\"Ghana expelled the ambassador of Togo, the ministry said.\"}\n{}\n";
    let answers = lines(&["extract", "-", "--format", "jsonl", "--text-field", "body"], input);
    assert_eq!(answers[0]["path"], "-:1");
    assert!(answers[0]["text"].as_str().unwrap().contains("expelled"));
    assert_eq!((&answers[1]["path"], &answers[1]["reject"]), (&"-:2".into(), &"empty".into()));
    let answers = lines(&["extract", "-"], &warc(&["Paris", "Lyon", "Nice"]));
    assert_eq!(answers.len(), 3);
}

#[test]
fn extract_answers_in_order_on_any_number_of_threads() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("a.warc");
    let places: Vec<String> = (0..150).map(|n| format!("Place{n}")).collect();
    fs::write(&path, warc(&places.iter().map(String::as_str).collect::<Vec<_>>())).unwrap();
    let one = lines(&["extract", "--threads", "1", path.to_str().unwrap()], b"");
    let three = lines(&["extract", "--threads", "3", path.to_str().unwrap()], b"");
    assert!(one == three && one.len() == 150);
    assert!(one[149]["title"].as_str().unwrap().ends_with("Place149"));
}

#[test]
fn a_feed_is_fetched_into_a_store_and_asked_for_changes_only() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let request: Vec<String> = BufReader::new(stream.try_clone().unwrap())
                .lines()
                .map_while(Result::ok)
                .take_while(|l| !l.is_empty())
                .collect();
            let path = request.first().and_then(|l| l.split(' ').nth(1)).unwrap_or("");
            let (status, kind, body) = match path {
                "/rss" => (
                    "200 OK",
                    "text/xml",
                    "<rss><channel><item><link>/one</link><pubDate>Tue, 06 Jul 2021 08:00:00 GMT</pubDate></item></channel></rss>".into(),
                ),
                "/one" => ("200 OK", "text/html", html("Paris")),
                _ => ("404 Not Found", "text/plain", String::new()),
            };
            let _ = stream.write_all(
                format!("HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
                    .as_bytes(),
            );
        }
    });
    let root = tempfile::tempdir().unwrap();
    let store = root.path().join("store");
    let feed = format!("{address}/rss");
    let run = ["run", "--json", "--store", store.to_str().unwrap(), "--delay", "0", &feed];
    // Without leave nothing on this machine is asked.
    let refused = &lines(&run, b"")[0];
    assert_eq!((&refused["documents"], &refused["rejects"]), (&0.into(), &1.into()));
    let allowed = [&run[..], &["--allow-private"]].concat();
    let first = &lines(&allowed, b"")[0];
    assert_eq!((&first["documents"], &first["read_now"]), (&1.into(), &1.into()), "{first}");
    let document = &rows(&store, "documents")[0];
    assert_eq!(document["path"].as_str().unwrap(), format!("{address}/one"));
    assert_eq!(document["published_at"], "2021-07-06");
    let second = &lines(&allowed, b"")[0];
    assert_eq!((&second["documents"], &second["read_now"]), (&1.into(), &0.into()));
}

#[test]
fn wrong_inputs_are_told_before_anything_is_done() {
    for arguments in [
        vec!["run", "/no/such/file", "--store", "/tmp/never"],
        vec!["extract", "/no/such/file"],
        vec!["extract", "--urls", "/no/such/list"],
        vec!["extract", "-", "--delay=-1"],
    ] {
        let output = polybius(&arguments, b"");
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert!(String::from_utf8_lossy(&output.stderr).starts_with("error: "));
    }
    assert_eq!(polybius(&["extract"], b"").status.code(), Some(2));
    assert!(!Path::new("/tmp/never").exists());
}
