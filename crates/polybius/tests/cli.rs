//! The commands that look into a store, from outside: what they print, how they end, and that every span they give resolves.

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

fn polybius(arguments: &[&str], columns: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_polybius"))
        .args(arguments)
        .env("COLUMNS", columns)
        .env_remove("POLYBIUS_STORE")
        .output()
        .expect("the program was built for this test")
}

/// Standard output of a command that must succeed.
fn shown(arguments: &[&str], columns: &str) -> String {
    let output = polybius(arguments, columns);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("output is UTF-8")
}

/// Exit code and standard error of a command that must fail without a word on standard output.
fn refused(arguments: &[&str]) -> (Option<i32>, String) {
    let output = polybius(arguments, "80");
    assert!(output.stdout.is_empty());
    (output.status.code(), String::from_utf8(output.stderr).expect("messages are UTF-8"))
}

fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/panmunjom-2018").canonicalize().unwrap()
}

fn fresh(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    folder
}

/// One store of an example for all tests.
fn store() -> &'static str {
    static STORE: OnceLock<String> = OnceLock::new();
    STORE.get_or_init(|| {
        let folder = fresh("cli-store");
        let path = folder.to_str().unwrap().to_string();
        shown(&["run", "--quiet", "--store", &path, example().to_str().unwrap()], "80");
        path
    })
}

fn lines_of_json(text: &str) -> Vec<Value> {
    text.lines().map(|l| serde_json::from_str(l).unwrap_or_else(|e| panic!("{e}: {l}"))).collect()
}

#[test]
fn stories_lists_every_story_with_a_number_that_story_takes() {
    let listed = lines_of_json(&shown(&["stories", "--json", "--store", store()], "80"));
    assert!(!listed.is_empty());
    let table = shown(&["stories", "--store", store()], "160");
    for (n, story) in listed.iter().enumerate() {
        assert_eq!(story["number"], n + 1);
        let id = story["story_id"].as_str().unwrap();
        assert!(table.contains(id), "{table}");
        for key in [id, &id[..8], &(n + 1).to_string()] {
            let one: Value =
                serde_json::from_str(&shown(&["story", key, "--json", "--store", store()], "80")).unwrap();
            assert_eq!(one["story_id"], id);
            assert_eq!(
                one["documents"].as_array().unwrap().len() as u64,
                story["n_documents"].as_u64().unwrap()
            );
        }
    }
    let documents: u64 = listed.iter().map(|s| s["n_documents"].as_u64().unwrap()).sum();
    assert_eq!(documents, 10);
    assert!(table.contains("10 documents") && table.contains("next: polybius story 1"));
}

#[test]
fn nothing_is_wider_than_the_terminal_and_a_pipe_gets_no_escape_sequences() {
    let event = first_event();
    for columns in ["50", "80", "120", "200"] {
        for arguments in [
            vec!["stories", "--store", store()],
            vec!["story", "1", "--store", store()],
            vec!["story", "1", "--all", "--store", store()],
            vec!["story", "2", "--store", store()],
            vec!["events", "--store", store()],
            vec!["explain", &event, "--store", store()],
            vec!["check", "--store", store()],
        ] {
            let text = shown(&arguments, columns);
            assert!(!text.contains('\x1b'), "{arguments:?}");
            // The path of the store may be longer than a narrow terminal, and is never cut.
            let widest = text.lines().filter(|l| !l.contains('/')).map(|l| l.chars().count()).max().unwrap();
            assert!(widest <= columns.parse().unwrap(), "{arguments:?}: {widest} columns on {columns}");
            assert!(text.lines().all(|l| l == l.trim_end()), "{arguments:?} leaves blanks at line ends");
        }
    }
}

#[test]
fn a_story_shows_all_its_sections() {
    let text = shown(&["story", "1", "--store", store()], "120");
    for heading in
        ["DOCUMENTS", "CLAIMS", "TIMELINE", "WHO IS QUOTED", "WHAT EACH LEAVES OUT", "WHO TO WHOM", "NAMES"]
    {
        assert!(text.lines().any(|l| l.starts_with(heading)), "no {heading} in\n{text}");
    }
    for words in ["why each is in", "origin", "no date", "silent"] {
        assert!(text.contains(words), "no {words} in\n{text}");
    }
}

/// Calls `each` with every object that names words of a document.
fn each_span(value: &Value, each: &mut impl FnMut(&Value)) {
    match value {
        Value::Array(items) => items.iter().for_each(|v| each_span(v, each)),
        Value::Object(map) => {
            if ["document", "start", "end", "text", "label"].iter().all(|k| map.contains_key(*k)) {
                each(value);
            }
            map.values().for_each(|v| each_span(v, each));
        }
        _ => {}
    }
}

#[test]
fn every_span_of_the_json_reproduces_its_words() {
    let story: Value =
        serde_json::from_str(&shown(&["story", "1", "--json", "--store", store()], "80")).unwrap();
    let mut n = 0;
    each_span(&story, &mut |span| {
        let doc = &story["documents"][span["document"].as_u64().unwrap() as usize];
        let at = |key: &str| span[key].as_u64().unwrap() as usize;
        let text = doc["text"].as_str().unwrap();
        assert_eq!(text.get(at("start")..at("end")), span["text"].as_str());
        assert!(at("sentence_start") <= at("start") && at("end") <= at("sentence_end"));
        assert_eq!(doc["label"], span["label"]);
        n += 1;
    });
    assert!(n > 100, "{n} spans");
    for claim in story["claims"].as_array().unwrap() {
        let told = claim["cells"].as_array().unwrap().iter().filter(|c| c["stance"] != "silent").count();
        assert_eq!(claim["citation"].as_str().unwrap().matches(", bytes ").count(), told);
    }
    let silent = |c: &Value| c["stance"] == "silent";
    for cell in story["claims"].as_array().unwrap().iter().flat_map(|c| c["cells"].as_array().unwrap()) {
        assert_eq!(silent(cell), cell["spans"].as_array().unwrap().is_empty());
    }
}

/// The values of an attribute.
fn attribute<'h>(html: &'h str, name: &str) -> Vec<&'h str> {
    let start = format!(" {name}=\"");
    html.split(start.as_str()).skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
}

#[test]
fn the_page_loads_nothing_and_every_link_on_it_leads_somewhere() {
    let html = shown(&["story", "1", "--html", "-", "--store", store()], "80");
    assert!(html.starts_with("<!doctype html>"));
    for load in [" src=", "<link", "@import", "url(", "<iframe", "<img", "fetch(", "XMLHttpRequest"] {
        assert!(!html.contains(load), "the page holds `{load}`");
    }
    for href in attribute(&html, "href") {
        let id = href.strip_prefix('#').unwrap_or_else(|| panic!("`{href}` leads out of the page"));
        assert!(html.contains(&format!(" id=\"{id}\"")), "`{href}` leads nowhere");
    }
    let mut ids = attribute(&html, "id");
    let n = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(n, ids.len(), "an id stands twice");
    // Each stretch begins and ends where a run of its document does.
    let articles: Vec<&str> =
        html.split("<article id=\"doc-").skip(1).map(|a| a.split("</article>").next().unwrap()).collect();
    for spans in attribute(&html, "data-spans") {
        for span in spans.split(' ') {
            let (doc, range) = span.split_once(':').unwrap();
            let (start, end) = range.split_once('-').unwrap();
            if end != "0" {
                let article = articles[doc.parse::<usize>().unwrap()];
                assert!(article.contains(&format!(" data-a=\"{start}\"")), "{span}");
                assert!(article.contains(&format!(" data-b=\"{end}\"")), "{span}");
            }
        }
    }
    let file = fresh("story.html");
    shown(&["story", "1", "--html", file.to_str().unwrap(), "--store", store()], "80");
    assert_eq!(fs::read_to_string(&file).unwrap().trim_end(), html.trim_end());
}

#[test]
fn the_runs_of_the_page_are_the_bytes_that_they_name() {
    let story: Value =
        serde_json::from_str(&shown(&["story", "1", "--json", "--store", store()], "80")).unwrap();
    let html = shown(&["story", "1", "--html", "-", "--store", store()], "80");
    let mut n = 0;
    for (doc, article) in html.split("<article id=\"doc-").skip(1).enumerate() {
        let text = story["documents"][doc]["text"].as_str().unwrap();
        let article = article.split("</article>").next().unwrap();
        let mut before = 0;
        for run in article.split("<span id=\"t-").skip(1) {
            let (tag, rest) = run.split_once('>').unwrap();
            let tag = format!(" {tag}");
            let (start, end) = (attribute(&tag, "data-a")[0], attribute(&tag, "data-b")[0]);
            let (start, end): (usize, usize) = (start.parse().unwrap(), end.parse().unwrap());
            let words = rest.split("</span>").next().unwrap();
            let words = [
                ("&lt;", "<"),
                ("&gt;", ">"),
                ("&quot;", "\""),
                ("&#39;", "'"),
                ("&#96;", "`"),
                ("&amp;", "&"),
            ]
            .iter()
            .fold(words.to_string(), |w, (from, to)| w.replace(from, to));
            assert_eq!(text.get(start..end), Some(words.as_str()));
            // Between two runs lies nothing but white space.
            assert!(text[before..start].trim().is_empty(), "{} is lost", &text[before..start]);
            before = end;
            n += 1;
        }
        assert!(text[before..].trim().is_empty());
    }
    assert!(n > 100, "{n} runs");
}

#[test]
fn markup_inside_the_words_of_a_page_stays_words() {
    let folder = fresh("hostile");
    fs::create_dir_all(&folder).unwrap();
    let text = "French President Emmanuel Macron met Chad's leader </script><script>alert(1)</script> in Paris on 5 July 2021.\n\n\
        \"We <img src=x onerror=alert(2)> agreed {{body}} \u{1b}[31m to talk,\" Macron said on 5 July 2021 in Paris.\n";
    for name in ["\"><b>one", "two"] {
        fs::write(folder.join(format!("{name}.txt")), format!("{text}\nIt was {name} who wrote this.\n"))
            .unwrap();
    }
    let store = fresh("hostile-store");
    let store = store.to_str().unwrap();
    shown(&["run", "--quiet", "--store", store, folder.to_str().unwrap()], "80");
    let html = shown(&["story", "1", "--html", "-", "--store", store], "80");
    assert_eq!(html.matches("<script").count(), 1);
    assert_eq!(html.matches("</script").count(), 1);
    assert!(!html.contains("<img") && !html.contains("<b>one"));
    assert!(html.contains("&lt;/script&gt;"));
    for command in ["story", "events"] {
        let arguments = if command == "story" { vec![command, "1"] } else { vec![command] };
        let arguments = [arguments, vec!["--store", store]].concat();
        assert!(!shown(&arguments, "100").contains('\x1b'));
    }
}

fn events(filters: &[&str]) -> Vec<Value> {
    let mut arguments = vec!["events", "--json", "--store", store()];
    arguments.extend(filters);
    lines_of_json(&shown(&arguments, "80"))
}

fn first_event() -> String {
    events(&["--document", "000_"])[0]["event_id"].as_str().unwrap().to_string()
}

#[test]
fn events_pass_their_filters() {
    let all = events(&[]);
    let consult = events(&["--type", "consult"]);
    assert!(!consult.is_empty() && consult.len() < all.len());
    assert!(consult.iter().all(|e| e["event_type"] == "CONSULT"));
    let future = events(&["--modality", "future", "--polarity", "affirmed"]);
    assert!(future.iter().all(|e| e["modality"] == "future" && e["polarity"] == "affirmed"));
    let korean = events(&["--actor", "KOR"]);
    assert!(!korean.is_empty());
    assert!(
        korean
            .iter()
            .all(|e| e["actors"].to_string().contains("KOR") || e["recipients"].to_string().contains("KOR"))
    );
    assert_eq!(events(&["-n", "3"]).len(), 3);
    let by_story: usize = (1..)
        .map_while(|n: usize| {
            let output = polybius(&["events", "--json", "--story", &n.to_string(), "--store", store()], "80");
            output.status.success().then(|| String::from_utf8(output.stdout).unwrap().lines().count())
        })
        .sum();
    assert_eq!(by_story, all.len());
    for e in &all {
        assert!(e["evidence"].as_str().unwrap().contains(e["trigger"].as_str().unwrap()));
    }
    let (code, message) = refused(&["events", "--type", "MEETING", "--store", store()]);
    assert!(code == Some(1) && message.contains("CONSULT"), "{message}");
}

#[test]
fn explain_leads_back_to_the_row_of_the_codebook_and_the_bytes_of_the_page() {
    let id = first_event();
    let text = shown(&["explain", &id, "--store", store()], "100");
    for words in [
        "^ trigger",
        "actor",
        "rule",
        "lemma",
        "CAMEO",
        "score",
        "date",
        "polarity",
        "confidence",
        "story",
        "bytes",
    ] {
        assert!(text.contains(words), "no {words} in\n{text}");
    }
    let e: Value =
        serde_json::from_str(&shown(&["explain", &id[..id.len() - 1], "--json", "--store", store()], "80"))
            .unwrap();
    let page = fs::read(e["page"]["path"].as_str().unwrap()).unwrap();
    let at = |n: usize| e["page"]["trigger"][n].as_u64().unwrap() as usize;
    assert_eq!(std::str::from_utf8(&page[at(0)..at(1)]).ok(), e["event"]["trigger"].as_str());
    let rule = e["event"]["rule"].as_str().unwrap();
    assert_eq!(rule, format!("{}:{}", e["rule"]["file"].as_str().unwrap(), e["rule"]["line"]));
    assert!(!e["parties"].as_array().unwrap().is_empty());
}

#[test]
fn what_is_not_there_is_said_with_a_way_out() {
    for (arguments, hint) in [
        (vec!["story", "99", "--store", store()], "numbers go from 1"),
        (vec!["story", "zzz", "--store", store()], "polybius stories --store"),
        (vec!["story", "0", "--store", store()], "numbers go from 1"),
        (vec!["explain", "e", "--store", store()], "give more of it"),
        (vec!["explain", "nonsense", "--store", store()], "polybius events --store"),
        (vec!["events", "--story", "77", "--store", store()], "numbers go from 1"),
        (vec!["stories", "--store", "/no/such/store"], "polybius run"),
        (vec!["check", "--store", "/no/such/store"], "polybius run"),
    ] {
        let (code, message) = refused(&arguments);
        assert_eq!(code, Some(1), "{arguments:?}");
        assert!(message.starts_with("error: ") && message.contains(hint), "{arguments:?}: {message}");
    }
    assert_eq!(refused(&["story"]).0, Some(2));
    assert_eq!(refused(&["story", "1", "--json", "--html", "x", "--store", store()]).0, Some(2));
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().flatten() {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() { copy_folder(&from, &to) } else { fs::copy(from, to).map(|_| ()).unwrap() }
    }
}

#[test]
fn check_finds_a_store_whole_and_names_the_file_that_is_gone() {
    let text = shown(&["check", "--store", store()], "100");
    assert!(text.starts_with("whole: "), "{text}");
    let copy = fresh("damaged-store");
    copy_folder(Path::new(store()), &copy);
    let file = |table: &str| {
        let folder = copy.join(table).join("_files");
        fs::read_dir(folder).unwrap().flatten().next().unwrap().path()
    };
    fs::remove_file(file("claims")).unwrap();
    fs::write(file("quotes"), b"PAR1 no more").unwrap();
    let output = polybius(&["check", "--store", copy.to_str().unwrap()], "200");
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        text.contains("claims/_files/") && text.contains("quotes/_files/") && text.contains("2 problems"),
        "{text}"
    );
}

#[test]
fn data_check_counts_the_tables_and_lists_every_bad_row() {
    let text = shown(&["data", "check"], "100");
    assert!(text.contains("codebook") && text.contains("every row can be used"), "{text}");
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data").canonicalize().unwrap();
    let copy = fresh("bad-data");
    for folder in
        ["actors", "codebook", "codebook/senses", "ingest", "places", "quotes", "stories", "times", "model"]
    {
        fs::create_dir_all(copy.join(folder)).unwrap();
        for file in fs::read_dir(data.join(folder)).unwrap().flatten().filter(|f| f.path().is_file()) {
            let table = file.path().extension().is_some_and(|e| e == "tsv" || e == "txt");
            if table {
                fs::copy(file.path(), copy.join(folder).join(file.file_name())).unwrap();
            }
        }
    }
    let add = |file: &str, row: &str| {
        let path = copy.join(file);
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, format!("{}\n{row}\n", text.trim_end())).unwrap();
    };
    add("codebook/modes.tsv", "CONSULT\tnod\tmuch\t040\tno number");
    add("codebook/modality.tsv", "perhaps\tq\tfuture");
    add("stories/kinds.tsv", "MEET\t0.5\tyes");
    let output = polybius(&["data", "check", "--data", copy.to_str().unwrap()], "200");
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1));
    for part in ["modes.tsv:", "`much`", "modality.tsv:", "`q`", "kinds.tsv:", "`MEET`", "no model"] {
        assert!(text.contains(part), "no {part} in\n{text}");
    }
}

#[test]
fn code_says_what_it_left_out_and_why() {
    let folder = fresh("silent");
    fs::create_dir_all(&folder).expect("the test folder can be written");
    let file = folder.join("lines.jsonl");
    let lines = [
        r#"{"id": 1, "text": "Hurricane Irma attacked Cuba on Sunday."}"#,
        r#"{"id": 2, "text": "Iraqi troops shelled the village near Mosul on Monday."}"#,
    ];
    fs::write(&file, lines.join("\n")).expect("the test folder can be written");
    let told = lines_of_json(&shown(&["code", "--silent", file.to_str().expect("UTF-8")], "80"));
    let silent = told[0]["silent"].as_array().expect("a list");
    assert!(told[0]["events"].as_array().expect("a list").is_empty(), "{}", told[0]);
    let attack = silent.iter().find(|s| s["trigger"] == "attacked").expect("the act was seen");
    assert!(attack["why"].as_str().expect("a reason").len() > 20, "{attack}");
    let text = "Hurricane Irma attacked Cuba on Sunday.";
    let at = |key: &str| attack[key].as_u64().expect("an offset") as usize;
    assert_eq!(&text[at("start")..at("end")], "attacked");
    assert_eq!(told[1]["events"][0]["trigger"], "shelled");
    let plain = lines_of_json(&shown(&["code", file.to_str().expect("UTF-8")], "80"));
    assert!(plain[0].get("silent").is_none() && plain[1]["events"] == told[1]["events"]);
}
