//! The server, asked without a socket: that answers hold what the store holds, and that nobody gets what is not his.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use polybius_serve::{App, Kind, Options, Problem, router};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tower::ServiceExt;

fn program(arguments: &[&str]) {
    let output = Command::new(env!("CARGO_BIN_EXE_polybius"))
        .args(arguments)
        .env_remove("POLYBIUS_STORE")
        .output()
        .expect("the program was built for this test");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples")
}

fn fresh(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    folder
}

fn make(name: &str, pages: &[&str]) -> PathBuf {
    let folder = fresh(name);
    let mut arguments = vec!["run", "--quiet", "--store", folder.to_str().unwrap()];
    arguments.extend(pages);
    program(&arguments);
    folder
}

/// One store of two examples for all tests that only read.
fn store() -> &'static Path {
    static STORE: OnceLock<PathBuf> = OnceLock::new();
    STORE.get_or_init(|| {
        let (a, b) = (examples().join("panmunjom-2018"), examples().join("juliaca-2023"));
        make("serve-store", &[a.to_str().unwrap(), b.to_str().unwrap()])
    })
}

fn options() -> Options {
    Options {
        name: "test".to_string(),
        token: None,
        hosts: vec!["localhost".to_string()],
        engine: None,
        data: Some(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data")),
        report: |view| format!("<title>{}</title>", view.story_id),
        compare: Box::new(|| Ok(())),
        workers: 4,
    }
}

fn app() -> Arc<App> {
    App::open(store(), options()).unwrap()
}

struct Answer {
    status: StatusCode,
    headers: axum::http::HeaderMap,
    body: Vec<u8>,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.text()))
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }
}

fn send(app: &Arc<App>, request: Request<Body>) -> Answer {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    runtime.block_on(async {
        let response = router(app.clone()).oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes().to_vec();
        Answer { status: parts.status, headers: parts.headers, body }
    })
}

fn request(method: Method, path: &str) -> axum::http::request::Builder {
    Request::builder().method(method).uri(path).header(header::HOST, "localhost:7171")
}

fn ask(app: &Arc<App>, path: &str) -> Answer {
    send(app, request(Method::GET, path).body(Body::empty()).unwrap())
}

/// The JSON of an answer that must be 200.
fn get(app: &Arc<App>, path: &str) -> Value {
    let answer = ask(app, &format!("/api/v1{path}"));
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
    answer.json()
}

fn post(app: &Arc<App>, path: &str, body: Value) -> Answer {
    let request = request(Method::POST, &format!("/api/v1{path}"))
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ORIGIN, "http://localhost:7171");
    send(app, request.body(Body::from(body.to_string())).unwrap())
}

fn items(value: &Value) -> &Vec<Value> {
    value["items"].as_array().unwrap()
}

fn joined(runs: &Value) -> String {
    runs.as_array().unwrap().iter().map(|r| r["text"].as_str().unwrap()).collect()
}

fn table<R: polybius_store::rows::Row>() -> Vec<R> {
    polybius_store::Store::open(store()).unwrap().read().unwrap()
}

#[test]
fn the_checked_in_openapi_document_is_the_served_one_and_every_path_of_it_answers() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../serve/openapi.json");
    let served = get(&app(), "/openapi.json");
    if std::env::var_os("POLYBIUS_WRITE_OPENAPI").is_some() {
        fs::write(&file, format!("{}\n", serde_json::to_string_pretty(&served).unwrap())).unwrap();
    }
    let kept: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    assert_eq!(
        kept, served,
        "write it anew: POLYBIUS_WRITE_OPENAPI=1 cargo test -p polybius --test serve openapi"
    );
    let docs = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/api.md")).unwrap();
    for path in kept["paths"].as_object().unwrap().keys() {
        assert!(docs.contains(path.as_str()), "docs/api.md does not speak of {path}");
    }
}

#[test]
fn every_story_of_the_list_opens_and_its_spans_reproduce_their_words() {
    let app = app();
    let list = get(&app, "/stories?limit=500");
    let stories: Vec<polybius_store::rows::StoryRow> = table();
    assert_eq!(items(&list).len(), stories.len());
    let documents: Vec<polybius_store::rows::DocumentRow> = table();
    for item in items(&list) {
        let story = get(&app, &format!("/stories/{}", item["story_id"].as_str().unwrap()));
        assert_eq!(story["title"], item["title"]);
        assert_eq!(
            story["documents"].as_array().unwrap().len() as u64,
            item["n_documents"].as_u64().unwrap()
        );
        assert_eq!(story["claims"].as_array().unwrap().len() as u64, item["n_claims"].as_u64().unwrap());
        for claim in story["claims"].as_array().unwrap() {
            for span in claim["cells"].as_array().unwrap().iter().flat_map(|c| c["spans"].as_array().unwrap())
            {
                let doc = &story["documents"][span["document"].as_u64().unwrap() as usize];
                let text = &documents.iter().find(|d| doc["doc_id"] == d.doc_id.as_str()).unwrap().text;
                let at = |key: &str| span[key].as_u64().unwrap() as usize;
                assert_eq!(&text[at("start")..at("end")], span["text"].as_str().unwrap());
                let whole = ["before", "text", "after"].map(|k| span[k].as_str().unwrap()).concat();
                assert_eq!(&text[at("sentence_start")..at("sentence_end")], whole);
            }
        }
        let number = item["number"].as_u64().unwrap();
        assert_eq!(get(&app, &format!("/stories/{number}"))["story_id"], item["story_id"]);
    }
}

#[test]
fn the_runs_of_a_document_are_its_text_and_every_mark_is_explained() {
    let app = app();
    for row in table::<polybius_store::rows::DocumentRow>() {
        let doc = get(&app, &format!("/documents/{}", row.doc_id));
        let segments = doc["segments"].as_array().unwrap();
        assert_eq!(segments.iter().map(|s| joined(&s["runs"])).collect::<String>(), row.text, "{}", row.path);
        let mut seen = BTreeSet::new();
        for mark in segments
            .iter()
            .flat_map(|s| s["runs"].as_array().unwrap())
            .flat_map(|r| r["marks"].as_array().unwrap())
        {
            let about = &doc["marks"][mark["id"].as_str().unwrap()];
            assert_eq!(about["kind"], mark["kind"], "{mark}");
            seen.insert(mark["kind"].as_str().unwrap().to_string());
        }
        if !doc["events"].as_array().unwrap().is_empty() {
            assert!(seen.contains("event"), "{seen:?}");
        }
    }
}

#[test]
fn events_pass_their_filters_page_by_page() {
    let app = app();
    let total = get(&app, "/events")["total"].as_u64().unwrap();
    assert_eq!(total, table::<polybius_store::rows::EventRow>().len() as u64);
    let mut seen = BTreeSet::new();
    let mut cursor = String::new();
    loop {
        let page = get(&app, &format!("/events?limit=37{cursor}"));
        seen.extend(items(&page).iter().map(|e| e["event_id"].as_str().unwrap().to_string()));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen.len() as u64, total);
    let consults = get(&app, "/events?type=consult&polarity=affirmed&limit=500");
    assert!(consults["total"].as_u64().unwrap() > 0);
    assert!(items(&consults).iter().all(|e| e["event_type"] == "CONSULT" && e["polarity"] == "affirmed"));
    let korean = get(&app, "/events?actor=KOR&limit=500");
    let party = |e: &Value, code: &str| {
        let sides = ["actors", "recipients"].map(|s| e[s].as_array().unwrap().clone()).concat();
        sides.iter().any(|p| p["code"] == code)
    };
    assert!(korean["total"].as_u64().unwrap() > 0 && items(&korean).iter().all(|e| party(e, "KOR")));
    let told = get(&app, "/events?attribution=narrator&limit=500");
    assert!(items(&told).iter().all(|e| e["attribution"].as_array().unwrap().is_empty()));
    let peru = get(&app, "/events?q=Juliaca&limit=500");
    assert!(peru["total"].as_u64().unwrap() > 0);
    assert!(items(&peru).iter().all(|e| joined(&e["runs"]).contains("Juliaca")));
}

#[test]
fn an_event_is_explained_down_to_its_rule_its_tree_and_the_bytes_of_the_page() {
    let app = app();
    let event = get(&app, "/events?type=CONSULT")["items"][0].clone();
    let told = get(&app, &format!("/events/{}", event["event_id"].as_str().unwrap()));
    let trigger = event["runs"].as_array().unwrap().iter().find(|r| r["marks"][0]["kind"] == "trigger");
    assert!(trigger.is_some() || event["runs"].to_string().contains("\"trigger\""), "{event}");
    assert!(told["rule"]["cells"].as_array().is_some_and(|c| !c.is_empty()), "{told}");
    assert!(told["tokens"].as_array().unwrap().iter().any(|t| t["head"].is_null()));
    let page = fs::read(event["path"].as_str().unwrap()).unwrap();
    let at = |n: usize| told["page"]["trigger"][n].as_u64().unwrap() as usize;
    assert!(String::from_utf8_lossy(&page[at(0)..at(1)]).contains(event["trigger"].as_str().unwrap()));
}

#[test]
fn search_finds_documents_quotes_and_claims_and_marks_the_words() {
    let app = app();
    let found = get(&app, "/search?q=Panmunjom&limit=500");
    let kinds: BTreeSet<&str> = items(&found).iter().map(|h| h["kind"].as_str().unwrap()).collect();
    assert!(kinds.contains("document") && kinds.contains("claim"), "{kinds:?}");
    for hit in items(&found).iter().filter(|h| h["kind"] != "document") {
        let marked =
            hit["runs"].as_array().unwrap().iter().any(|r| r["hit"] == true && r["text"] == "Panmunjom");
        assert!(marked, "{hit}");
    }
    assert_eq!(get(&app, "/search?q=zzzzqqq")["total"], 0);
    // What is no query is read as words.
    for odd in ["%22", "AND+OR", "title:x", "(((", "*", "%5Ba+TO+b%5D", "-x", "%F0%9F%98%80"] {
        assert_eq!(ask(&app, &format!("/api/v1/search?q={odd}")).status, StatusCode::OK, "{odd}");
    }
}

#[test]
fn an_actor_shows_names_offices_and_what_it_said_with_words_that_say_so() {
    let app = app();
    let list = get(&app, "/actors?kind=person");
    let actor = get(&app, &format!("/actors/{}", list["items"][0]["actor_id"].as_str().unwrap()));
    let alias = &actor["aliases"][0];
    let words = alias["evidence"]["words"].as_str().unwrap().to_lowercase();
    assert!(words.contains(&alias["name"].as_str().unwrap().to_lowercase()), "{alias}");
    assert!(!actor["events"]["items"].as_array().unwrap().is_empty());
    let quotes = get(&app, &format!("/quotes?speaker={}", actor["actor_id"].as_str().unwrap()));
    let renderings: usize = actor["positions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| p["renderings"].as_array().unwrap().len())
        .sum();
    assert_eq!(renderings as u64, quotes["total"].as_u64().unwrap());
}

#[test]
fn lists_of_every_kind_answer_and_belong_to_their_story() {
    let app = app();
    for list in ["claims", "chains", "quotes", "conflicts", "documents", "events"] {
        let own = get(&app, &format!("/{list}?story=1&limit=500"));
        let id = get(&app, "/stories/1")["story_id"].clone();
        assert!(items(&own).iter().all(|i| i["story_id"] == id), "{list}");
        assert!(own["total"].as_u64().unwrap() <= get(&app, &format!("/{list}"))["total"].as_u64().unwrap());
    }
    let pair = get(&app, "/relations?code=KOR")["items"][0].clone();
    let (a, b) = (pair["actor_code"].as_str().unwrap(), pair["recipient_code"].as_str().unwrap());
    let series = get(&app, &format!("/relations/{a}/{b}"));
    let sum: u64 =
        series["forward"].as_array().unwrap().iter().map(|p| p["n_events"].as_u64().unwrap()).sum();
    assert_eq!(Some(sum), pair["n_events"].as_u64());
    // The list of events of a pair has what the pair does together, as the table counts it.
    for pair in items(&get(&app, "/relations?limit=500")) {
        let (a, b) = (pair["actor_code"].as_str().unwrap(), pair["recipient_code"].as_str().unwrap());
        let query = format!(
            "/events?source={a}&recipient={b}&polarity=affirmed&modality=actual,future,historical&limit=1"
        );
        assert_eq!(get(&app, &query)["total"], pair["n_events"], "{a} {b}");
    }
}

#[test]
fn exports_are_the_rows_of_the_tables() {
    let app = app();
    let events = table::<polybius_store::rows::EventFlatRow>();
    let lines = ask(&app, "/api/v1/export/events?format=jsonl").text();
    assert_eq!(lines.lines().count(), events.len());
    let csv = ask(&app, "/api/v1/export/claims?format=csv&story=1");
    assert_eq!(csv.header("content-disposition"), "attachment; filename=\"claims.csv\"");
    assert!(csv.text().starts_with("claim_id,story_id,"));
    assert_eq!(&ask(&app, "/api/v1/export/chains?format=parquet").body[..4], b"PAR1");
    assert_eq!(ask(&app, "/api/v1/export/_log").status, StatusCode::NOT_FOUND);
}

#[test]
fn the_feed_tells_of_stories_and_conflicts() {
    let app = app();
    let feed = ask(&app, "/api/v1/feed.atom");
    assert!(feed.header("content-type").starts_with("application/atom+xml"));
    let stories = ask(&app, "/api/v1/feed.atom?kind=story").text().matches("<entry>").count();
    assert_eq!(stories as u64, get(&app, "/stories")["total"].as_u64().unwrap());
    let conflicts = ask(&app, "/api/v1/feed.atom?kind=conflict").text().matches("<entry>").count();
    assert_eq!(conflicts as u64, get(&app, "/conflicts")["total"].as_u64().unwrap());
}

#[test]
fn what_is_asked_wrongly_is_told_with_a_way_out() {
    let app = app();
    for (path, status, word) in [
        ("/stories/none", 404, "not-found"),
        ("/stories/0", 404, "not-found"),
        ("/stories?limit=0", 400, "bad-request"),
        ("/stories?from=yesterday", 400, "bad-request"),
        ("/stories?colour=red", 400, "bad-request"),
        ("/stories?cursor=0.5", 410, "stale-cursor"),
        ("/events?type=PARTY", 400, "bad-request"),
        ("/events?polarity=maybe", 400, "bad-request"),
        ("/events?story=none", 404, "not-found"),
        ("/search", 400, "bad-request"),
        ("/nothing", 404, "not-found"),
        ("/documents/..%2F..%2Fetc%2Fpasswd", 404, "not-found"),
        ("/relations/KOR/NONE", 404, "not-found"),
    ] {
        let answer = ask(&app, &format!("/api/v1{path}"));
        let problem = answer.json();
        assert_eq!(answer.status.as_u16(), status, "{path}");
        assert_eq!(answer.header("content-type"), "application/problem+json", "{path}");
        assert_eq!(problem["type"], format!("/problems/{word}"), "{path}");
        assert!(!problem["title"].as_str().unwrap().is_empty());
    }
    let wrong = send(&app, request(Method::DELETE, "/api/v1/stories").body(Body::empty()).unwrap());
    assert_eq!(
        (wrong.status, wrong.json()["type"].as_str()),
        (StatusCode::METHOD_NOT_ALLOWED, Some("/problems/method-not-allowed"))
    );
}

#[test]
fn an_unchanged_answer_is_not_sent_again() {
    let app = app();
    for path in ["/api/v1/stories", "/api/v1/decisions", "/"] {
        let first = ask(&app, path);
        let etag = first.header("etag").to_string();
        assert!(!etag.is_empty(), "{path}");
        let again = send(
            &app,
            request(Method::GET, path).header(header::IF_NONE_MATCH, etag).body(Body::empty()).unwrap(),
        );
        assert_eq!((again.status, again.body.len()), (StatusCode::NOT_MODIFIED, 0), "{path}");
    }
    let packed = send(
        &app,
        request(Method::GET, "/api/v1/stories")
            .header(header::ACCEPT_ENCODING, "gzip")
            .body(Body::empty())
            .unwrap(),
    );
    assert_eq!((packed.header("content-encoding"), &packed.body[..2]), ("gzip", &[0x1f, 0x8b][..]));
}

#[test]
fn other_hosts_sites_and_types_are_refused() {
    let app = app();
    let status = |request: axum::http::request::Builder, body: &str| {
        send(&app, request.body(Body::from(body.to_string())).unwrap()).status.as_u16()
    };
    let rebound = Request::builder().uri("/api/v1/stories").header(header::HOST, "evil.example");
    assert_eq!(status(rebound, ""), 403);
    assert_eq!(status(Request::builder().uri("/api/v1/stories"), ""), 403);
    let post = || request(Method::POST, "/api/v1/sql").header(header::CONTENT_TYPE, "application/json");
    let query = r#"{"query":"select 1"}"#;
    assert_eq!(status(post().header(header::ORIGIN, "http://evil.example"), query), 403);
    assert_eq!(status(post().header(header::ORIGIN, "null"), query), 403);
    assert_eq!(status(post().header("sec-fetch-site", "cross-site"), query), 403);
    assert_eq!(
        status(request(Method::GET, "/api/v1/stories").header("sec-fetch-site", "cross-site"), ""),
        403
    );
    assert_eq!(
        status(request(Method::POST, "/api/v1/sql").header(header::CONTENT_TYPE, "text/plain"), query),
        415
    );
    assert_eq!(status(post(), &"x".repeat(70_000)), 413);
    assert_eq!(status(post(), "{"), 400);
    assert_eq!(status(post(), r#"{"query":"select 1","more":1}"#), 400);
    // Without the engine program the answer says how to build it.
    let missing = send(&app, post().body(Body::from(query)).unwrap());
    assert_eq!(missing.status.as_u16(), 424);
    assert!(missing.json()["hint"].as_str().unwrap().contains("polybius-engine"));
}

#[test]
fn every_answer_tells_the_browser_to_run_nothing_of_others() {
    let app = app();
    for path in ["/", "/api/v1/stories", "/api/v1/none", "/none"] {
        let answer = ask(&app, path);
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
    }
    for path in ["/../Cargo.toml", "/%2e%2e/Cargo.toml", "/..%2f..%2fCargo.toml", "//etc/passwd"] {
        assert!(ask(&app, path).status.is_client_error(), "{path}");
    }
    assert!(ask(&app, "/").text().contains("<html"));
}

#[test]
fn with_a_token_nothing_is_shown_without_it() {
    let token = "0123456789abcdef";
    let mut with = options();
    with.token = Some(token.to_string());
    with.hosts = Vec::new();
    let app = App::open(store(), with).unwrap();
    for path in [
        "/",
        "/api/v1/health",
        "/api/v1/changes",
        "/?token=0123456789abcdee",
        "/api/v1/health?token=0123456789abcdef",
    ] {
        assert_eq!(ask(&app, path).status, StatusCode::UNAUTHORIZED, "{path}");
    }
    // A browser is asked for the token; nothing of the store is on that page.
    let door = send(
        &app,
        request(Method::GET, "/").header(header::ACCEPT, "text/html").body(Body::empty()).unwrap(),
    );
    assert_eq!(
        (door.status, door.header("content-type")),
        (StatusCode::UNAUTHORIZED, "text/html; charset=utf-8")
    );
    assert!(
        door.text().contains("name=\"token\"") && !door.header("content-security-policy").contains("unsafe")
    );
    assert_eq!(door.header("x-frame-options"), "DENY");
    let bearer =
        request(Method::GET, "/api/v1/health").header(header::AUTHORIZATION, format!("Bearer {token}"));
    assert_eq!(send(&app, bearer.body(Body::empty()).unwrap()).status, StatusCode::OK);
    let entry = ask(&app, &format!("/?token={token}"));
    assert_eq!((entry.status, entry.header("location")), (StatusCode::SEE_OTHER, "/"));
    let cookie = entry.header("set-cookie").to_string();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"));
    let own = request(Method::GET, "/").header(header::COOKIE, cookie.split(';').next().unwrap());
    assert_eq!(send(&app, own.body(Body::empty()).unwrap()).status, StatusCode::OK);
}

#[test]
fn a_correction_is_kept_shown_with_its_event_and_taken_back() {
    let page = examples().join("panmunjom-2018/000_2e8f17b0c4d95a63.txt");
    let app = App::open(&make("serve-corrections", &[page.to_str().unwrap()]), options()).unwrap();
    let id = get(&app, "/events")["items"][0]["event_id"].as_str().unwrap().to_string();
    let sent = post(
        &app,
        "/corrections",
        json!({"event_id": id, "field": "modality", "should_be": "future", "note": "\"planned\"\nfor May"}),
    );
    assert_eq!(sent.status, StatusCode::CREATED, "{}", sent.text());
    let kept = sent.json();
    assert_eq!(get(&app, &format!("/events/{id}"))["corrections"], json!([kept]));
    assert_eq!(get(&app, "/corrections")["items"], json!([kept]));
    assert_eq!(get(&app, "/corrections?event=none")["items"], json!([]));
    let away = |id: &str| {
        send(&app, request(Method::DELETE, &format!("/api/v1/corrections/{id}")).body(Body::empty()).unwrap())
    };
    assert_eq!(away(kept["id"].as_str().unwrap()).status, StatusCode::NO_CONTENT);
    assert_eq!(away("none").status, StatusCode::NOT_FOUND);
    assert_eq!(get(&app, "/corrections")["items"], json!([]));
    for wrong in
        [json!({"event_id": "none", "field": "date"}), json!({"event_id": id, "field": "colour"}), json!([])]
    {
        assert!(post(&app, "/corrections", wrong).status.is_client_error());
    }
}

#[test]
fn a_merge_is_written_compared_and_undone() {
    static COMPARED: AtomicUsize = AtomicUsize::new(0);
    let page = examples().join("panmunjom-2018/000_2e8f17b0c4d95a63.txt");
    let mut with = options();
    with.compare = Box::new(|| {
        COMPARED.fetch_add(1, Ordering::SeqCst);
        Err(Problem::new(Kind::Internal, "told"))
    });
    let root = make("serve-merge", &[page.to_str().unwrap()]);
    let app = App::open(&root, with).unwrap();
    let people = get(&app, "/actors?kind=person");
    let (a, b) = (&people["items"][0], &people["items"][1]);
    let sent = post(&app, "/actors/merge", json!({"a": a["actor_id"], "b": b["actor_id"], "note": "why"}));
    assert_eq!(sent.status, StatusCode::ACCEPTED, "{}", sent.text());
    let written = fs::read_to_string(root.join("actors.txt")).unwrap();
    assert!(written.ends_with(&format!("{}  # why\n", sent.json()["text"].as_str().unwrap())), "{written}");
    let contrary = post(&app, "/actors/split", json!({"a": a["actor_id"], "b": b["actor_id"]}));
    assert_eq!(contrary.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", contrary.text());
    assert_eq!(
        post(&app, "/actors/merge", json!({"a": "Nobody At All", "b": a["name"]})).status,
        StatusCode::NOT_FOUND
    );
    let line = get(&app, "/decisions")["items"][0].clone();
    assert_eq!(
        get(&app, &format!("/actors/{}", a["actor_id"].as_str().unwrap()))["decisions"],
        json!([line])
    );
    let text: String = line["text"]
        .as_str()
        .unwrap()
        .replace(' ', "+")
        .replace('[', "%5B")
        .replace(']', "%5D")
        .replace('=', "%3D");
    let undo = |text: &str| {
        let path = format!("/api/v1/decisions/{}?text={text}", line["line"]);
        send(&app, request(Method::DELETE, &path).body(Body::empty()).unwrap()).status
    };
    assert_eq!(undo("merge+x+%3D+y"), StatusCode::CONFLICT);
    assert_eq!(undo(&text), StatusCode::ACCEPTED);
    assert_eq!(get(&app, "/decisions")["items"], json!([]));
    for _ in 0..100 {
        if !app.comparing() && COMPARED.load(Ordering::SeqCst) > 0 {
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("the store was not compared anew");
}

#[test]
fn a_decision_names_an_actor_as_the_documents_print_it() {
    let page = examples().join("panmunjom-2018/000_2e8f17b0c4d95a63.txt");
    let root = make("serve-split", &[page.to_str().unwrap()]);
    let app = App::open(&root, options()).unwrap();
    let text = fs::read_to_string(&page).unwrap();
    let people = get(&app, "/actors?kind=person&limit=500");
    // Its name is that of the tables, which this page spells otherwise.
    let actor =
        items(&people).iter().find(|a| !text.contains(a["name"].as_str().unwrap())).expect("one of them");
    let other =
        items(&people).iter().find(|a| text.contains(a["name"].as_str().unwrap())).expect("one of them");
    let sent = post(&app, "/actors/merge", json!({"a": actor["actor_id"], "b": other["actor_id"]})).json();
    let told = sent["text"].as_str().unwrap().strip_prefix("merge ").unwrap().split(" = ").next().unwrap();
    let name = told.split(" [").next().unwrap();
    assert!(text.contains(name) && Some(name) != actor["name"].as_str(), "{sent} of {actor}");
    let detail = get(&app, &format!("/actors/{}", actor["actor_id"].as_str().unwrap()));
    assert_eq!(detail["decisions"][0]["text"], sent["text"], "its page shows the decision");
}

#[test]
fn a_new_commit_is_taken_in_and_a_damaged_one_is_told_while_the_former_is_served() {
    let pages = examples().join("panmunjom-2018");
    let page = |name: &str| pages.join(name).to_str().unwrap().to_string();
    let root = make("serve-commits", &[&page("000_2e8f17b0c4d95a63.txt")]);
    let app = App::open(&root, options()).unwrap();
    let mut changes = app.changes.subscribe();
    let first = get(&app, "/health");
    program(&["run", "--quiet", "--store", root.to_str().unwrap(), &page("001_f94b6ad0e17c8532.html")]);
    app.refresh();
    let second = get(&app, "/health");
    assert_eq!((first["documents"].as_u64(), second["documents"].as_u64()), (Some(1), Some(2)));
    assert_eq!(second["version"].as_u64(), first["version"].as_u64().map(|v| v + 1));
    let told = changes.try_recv().unwrap();
    assert_eq!((told.event, &told.data["version"]), ("commit", &second["version"]));
    // A log file that names tables which are not there.
    let last = root.join("_log").join(format!("{:020}.json", second["version"].as_u64().unwrap()));
    let next = root.join("_log").join(format!("{:020}.json", second["version"].as_u64().unwrap() + 1));
    let mut commit: Value = serde_json::from_str(&fs::read_to_string(&last).unwrap()).unwrap();
    commit["format"] = json!(99);
    fs::write(&next, commit.to_string()).unwrap();
    app.refresh();
    let stale = get(&app, "/health");
    assert_eq!((stale["status"].as_str(), &stale["version"]), (Some("stale"), &second["version"]));
    assert!(stale["problem"]["detail"].as_str().unwrap().contains("99"), "{stale}");
    assert_eq!(changes.try_recv().unwrap().event, "problem");
    app.refresh();
    assert!(changes.try_recv().is_err(), "told once");
    fs::remove_file(&next).unwrap();
    app.refresh();
    assert_eq!(get(&app, "/health")["status"], "ok");
}

/// Cuts the files of a table of the last version in half.
fn damage(root: &Path, table: &str) {
    let store = polybius_store::Store::open(root).unwrap();
    for path in store.files(table).unwrap() {
        let bytes = fs::read(&path).unwrap();
        fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    }
}

#[test]
fn a_damaged_table_is_told_with_its_file_and_the_former_version_is_served() {
    let pages = examples().join("panmunjom-2018");
    let page = |name: &str| pages.join(name).to_str().unwrap().to_string();
    let root = make("serve-damaged", &[&page("000_2e8f17b0c4d95a63.txt")]);
    let app = App::open(&root, options()).unwrap();
    program(&["run", "--quiet", "--store", root.to_str().unwrap(), &page("001_f94b6ad0e17c8532.html")]);
    damage(&root, "claims");
    app.refresh();
    let health = get(&app, "/health");
    assert_eq!((health["status"].as_str(), health["documents"].as_u64()), (Some("stale"), Some(1)));
    let told = health["problem"].to_string();
    assert!(told.contains("claims") && told.contains("polybius check"), "{told}");
    assert_eq!(get(&app, "/stories")["total"], 1);
    // A server that is started now cannot serve; it says which file it is and what to do.
    let output = Command::new(env!("CARGO_BIN_EXE_polybius"))
        .args(["serve", "--addr", "127.0.0.1:0", "--store", root.to_str().unwrap()])
        .output()
        .unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(1) && told.contains("claims") && told.contains("hint"), "{told}");
}

#[test]
fn lists_cut_long_titles_and_the_document_has_the_whole() {
    let folder = fresh("serve-title");
    fs::create_dir_all(&folder).unwrap();
    let title = format!("Minister meets president {}", "and speaks of the long road to peace ".repeat(1000));
    let line = json!({
        "url": "https://news.example/long", "title": title, "date": "2019-03-04",
        "text": "The foreign minister of Jordan met the president of Egypt in Cairo on Monday, the agency said. \
            They agreed to hold a second round of talks in April. Egypt denied that aid had been sent.",
    });
    let pages = folder.join("pages.jsonl");
    fs::write(&pages, format!("{line}\n")).unwrap();
    let app = App::open(&make("serve-title-store", &[pages.to_str().unwrap()]), options()).unwrap();
    for list in
        ["/documents", "/stories", "/search?q=minister", "/claims", "/conflicts", "/events", "/quotes"]
    {
        let answer = ask(&app, &format!("/api/v1{list}"));
        assert!(answer.body.len() < 30_000, "{list}: {} bytes", answer.body.len());
    }
    let item = get(&app, "/documents")["items"][0].clone();
    let short = item["title"].as_str().unwrap();
    assert!(
        short.chars().count() <= 301
            && short.ends_with('…')
            && title.starts_with(short.trim_end_matches('…')),
        "{short}"
    );
    let whole = get(&app, &format!("/documents/{}", item["doc_id"].as_str().unwrap()));
    assert_eq!(whole["title"].as_str().map(str::trim), Some(title.trim()));
}

#[test]
fn a_feed_reader_is_told_of_what_changed_only_also_after_a_restart() {
    let pages = examples().join("panmunjom-2018");
    let page = |name: &str| pages.join(name).to_str().unwrap().to_string();
    let peru = examples().join("juliaca-2023");
    let root = make("serve-feed", &[&page("000_2e8f17b0c4d95a63.txt"), peru.to_str().unwrap()]);
    let entries = |app: &Arc<App>, query: &str| -> Vec<(String, String)> {
        let feed = ask(app, &format!("/api/v1/feed.atom?{query}")).text();
        let part = |e: &str, tag: &str| {
            let from = e.split_once(&format!("<{tag}>")).unwrap().1;
            from.split_once(&format!("</{tag}>")).unwrap().0.to_string()
        };
        feed.split("<entry>").skip(1).map(|e| (part(e, "id"), part(e, "updated"))).collect()
    };
    let first = entries(&App::open(&root, options()).unwrap(), "");
    // Times of commits are told to the second at most in other programs: the next one is a later one.
    std::thread::sleep(Duration::from_millis(1100));
    program(&["run", "--quiet", "--store", root.to_str().unwrap(), &page("001_f94b6ad0e17c8532.html")]);
    // The server was not running when it happened.
    let app = App::open(&root, options()).unwrap();
    let second = entries(&app, "");
    let updated: Vec<&(String, String)> = second.iter().filter(|e| !first.contains(e)).collect();
    assert!(!updated.is_empty() && updated.len() < second.len(), "{updated:?} of {second:?}");
    let korean = entries(&app, "country=KOR");
    assert!(updated.iter().all(|e| korean.contains(e)), "{updated:?}");
    assert!(korean.len() < second.len());
    assert!(second[0].1 > second[second.len() - 1].1, "newest first");
    assert_eq!(entries(&App::open(&root, options()).unwrap(), ""), second);
}

#[test]
fn a_store_that_is_missing_or_newer_is_not_served() {
    let serve = |root: &Path| {
        let output = Command::new(env!("CARGO_BIN_EXE_polybius"))
            .args(["serve", "--addr", "127.0.0.1:0", "--store", root.to_str().unwrap()])
            .output()
            .unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, message) = serve(&fresh("serve-none"));
    assert!(
        code == Some(1) && message.contains("no store at") && message.contains("polybius run"),
        "{message}"
    );
    let newer = fresh("serve-newer");
    fs::create_dir_all(newer.join("_log")).unwrap();
    let log = r#"{"format": 99, "version": 1, "tables": {}, "settings": {}}"#;
    fs::write(newer.join("_log/00000000000000000001.json"), log).unwrap();
    let (code, message) = serve(&newer);
    assert!(code == Some(1) && message.contains("format 99"), "{message}");
    let output = Command::new(env!("CARGO_BIN_EXE_polybius"))
        .args(["serve", "--addr", "0.0.0.0:0", "--store", store().to_str().unwrap()])
        .env_remove("POLYBIUS_TOKEN")
        .output()
        .unwrap();
    assert!(String::from_utf8(output.stderr).unwrap().contains("wants a token"));
}
