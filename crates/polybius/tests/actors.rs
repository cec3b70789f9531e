//! `polybius actors` from outside: lists, sheets, decisions that survive runs, imports that are whole or nothing.

use serde_json::{Value, json};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn polybius(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_polybius"))
        .args(arguments)
        .env("COLUMNS", "120")
        .env_remove("POLYBIUS_STORE")
        .output()
        .expect("the program was built for this test")
}

fn shown(arguments: &[&str]) -> String {
    let output = polybius(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("output is UTF-8")
}

fn refused(arguments: &[&str]) -> String {
    let output = polybius(arguments);
    assert_eq!(output.status.code(), Some(1), "{arguments:?}");
    String::from_utf8(output.stderr).expect("messages are UTF-8")
}

fn fresh(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

const PAGES: [(&str, &str); 2] = [
    (
        "one.txt",
        "Minister visits Dakar\n\nMay 3, 2019\n\nThe foreign minister of Senegal, Tibor Valdane, met Colonel Ansel Quirke \
         in Dakar on Friday. Valdane said the talks were useful. Quirke accused the government of delay.\n",
    ),
    (
        "two.txt",
        "Talks in Dakar\n\nMay 4, 2019\n\nSenegalese Foreign Minister Tibor Valdane met the colonel on Friday in Dakar. \
         Anselm Querck, who led the rebels, said nothing. Tibor Valdane promised an answer in June.\n",
    ),
];

/// A store of two small pages.
fn store(name: &str) -> (PathBuf, String) {
    let folder = fresh(name);
    let pages = folder.join("pages");
    fs::create_dir_all(&pages).expect("a folder");
    for (file, text) in PAGES {
        fs::write(pages.join(file), text).expect("a page");
    }
    let store = folder.join("store").to_str().expect("UTF-8").to_string();
    shown(&["run", "--quiet", "--store", &store, pages.to_str().expect("UTF-8")]);
    (folder, store)
}

fn sheet(name: &str, store: &str) -> Value {
    serde_json::from_str(&shown(&["actors", "show", name, "--json", "--store", store])).expect("one object")
}

#[test]
fn the_list_is_filtered_by_code_sector_and_text() {
    let (_, store) = store("actors-list");
    let list = |more: &[&str]| {
        let arguments = [&["actors", "list", "--json", "--store", &store], more].concat();
        let lines = shown(&arguments);
        lines
            .lines()
            .map(|l| serde_json::from_str::<Value>(l).expect("JSON")["name"].clone())
            .collect::<Vec<_>>()
    };
    assert!(list(&[]).contains(&json!("Tibor Valdane")));
    assert!(list(&["--code", "SEN", "--kind", "person"]).contains(&json!("Tibor Valdane")));
    assert!(!list(&["--code", "FRA"]).contains(&json!("Tibor Valdane")));
    assert!(list(&["--sector", "MIL"]).contains(&json!("Ansel Quirke")));
    assert_eq!(list(&["--text", "valdan"]), [json!("Tibor Valdane")]);
}

#[test]
fn a_sheet_gives_every_name_office_and_mention_with_its_words() {
    let (_, store) = store("actors-show");
    let sheet = sheet("valdane", &store);
    let aliases = sheet["aliases"].as_array().expect("a list");
    let full = aliases.iter().find(|a| a["name"] == "Tibor Valdane").expect("the full name");
    assert!(full["mentions"].as_u64() >= Some(2));
    assert!(full["evidence"]["words"].as_str().expect("words").contains("Tibor Valdane"));
    let roles = sheet["roles"].as_array().expect("a list");
    assert!(roles.iter().any(|r| r["office"] == "foreign-minister" && r["evidence"]["words"].is_string()));
    assert_eq!(sheet["mentions"].as_array().map(Vec::len), Some(2));
    let text = shown(&["actors", "show", "valdane", "--store", &store]);
    assert!(text.contains("Tibor Valdane") && text.contains("foreign minister of Senegal"), "{text}");
    assert!(
        refused(&["actors", "show", "Nobody Such", "--store", &store])
            .contains("no actor is named `Nobody Such`")
    );
}

#[test]
fn a_merge_and_a_split_hold_over_later_runs() {
    let (folder, store) = store("actors-decide");
    let id = |name: &str| sheet(name, &store)["actor_id"].as_str().expect("an id").to_string();
    assert_ne!(id("Tibor Valdane"), id("Ansel Quirke"));
    shown(&["actors", "merge", "Tibor Valdane", "Ansel Quirke", "--note", "a test", "--store", &store]);
    assert_eq!(id("Tibor Valdane"), id("Ansel Quirke"));
    let kept = fs::read_to_string(Path::new(&store).join("actors.txt")).expect("the decisions");
    assert!(kept.ends_with("merge Tibor Valdane = Ansel Quirke  # a test\n"), "{kept}");
    let pages = folder.join("pages");
    shown(&["run", "--quiet", "--store", &store, pages.to_str().expect("UTF-8")]);
    assert_eq!(id("Tibor Valdane"), id("Ansel Quirke"));

    fs::write(Path::new(&store).join("actors.txt"), "# by hand\nsplit Tibor Valdane @ two.txt\n")
        .expect("written");
    shown(&["run", "--quiet", "--store", &store, pages.to_str().expect("UTF-8")]);
    let lines = shown(&["actors", "list", "--text", "Tibor Valdane", "--json", "--store", &store]);
    assert_eq!(lines.lines().count(), 2, "{lines}");
}

#[test]
fn a_bad_decision_is_refused_with_file_and_line() {
    let (folder, store) = store("actors-bad");
    fs::write(Path::new(&store).join("actors.txt"), "# by hand\n\njoin A = B\n").expect("written");
    let pages = folder.join("pages");
    let message = refused(&["run", "--quiet", "--store", &store, pages.to_str().expect("UTF-8")]);
    assert!(message.contains("actors.txt:3: `join` is no decision"), "{message}");
}

/// A dump in Wikidata's format: a position, its holder, a body, a town.
fn dump() -> String {
    let item = |id: &str| json!([{"mainsnak": {"datavalue": {"value": {"id": id}}}, "rank": "normal"}]);
    let label = |name: &str| json!({"en": {"language": "en", "value": name}});
    let time = |t: &str| json!([{"datavalue": {"value": {"time": t, "precision": 11}}}]);
    let items = [
        json!({"type": "item", "id": "Q900001", "labels": label("Prime Minister of Senegal"), "aliases": [],
               "claims": {"P31": item("Q4164871"), "P1001": item("Q1041")}, "sitelinks": {}}),
        json!({"type": "item", "id": "Q900002", "labels": label("Orlan Tesfave"),
               "aliases": {"en": [{"language": "en", "value": "O. Tesfave"}]},
               "claims": {"P31": item("Q5"), "P27": item("Q1041"), "P39": [{
                   "mainsnak": {"datavalue": {"value": {"id": "Q900001"}}}, "rank": "normal",
                   "qualifiers": {"P580": time("+2015-02-01T00:00:00Z"), "P582": time("+2020-03-01T00:00:00Z")}}]},
               "sitelinks": {"enwiki": {"title": "x"}}}),
        json!({"type": "item", "id": "Q900003", "labels": label("Rally of the Baobab"), "aliases": {},
               "claims": {"P31": item("Q7278"), "P17": item("Q1041")}, "sitelinks": {}}),
        json!({"type": "item", "id": "Q900004", "labels": label("Ndoumbelane Sud"), "aliases": {}, "sitelinks": {},
               "claims": {"P31": item("Q515"), "P17": item("Q1041"), "P625": [{"mainsnak": {"datavalue":
                   {"value": {"latitude": 14.5, "longitude": -15.25}}}, "rank": "normal"}]}}),
    ];
    format!("[\n{}\n]\n", items.iter().map(Value::to_string).collect::<Vec<_>>().join(",\n"))
}

fn import(folder: &Path, file: &str, bytes: &[u8]) -> (PathBuf, Output) {
    let path = folder.join(file);
    fs::write(&path, bytes).expect("written");
    let base = folder.join(format!("{file}.base"));
    let output = polybius(&[
        "actors",
        "import",
        path.to_str().expect("UTF-8"),
        "--base",
        base.to_str().expect("UTF-8"),
        "-q",
    ]);
    (base, output)
}

#[test]
fn a_wikidata_dump_is_read_packed_or_not_and_then_tells_code_and_office() {
    let folder = fresh("actors-wikidata");
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(dump().as_bytes()).expect("memory");
    let mut bz = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    bz.write_all(dump().as_bytes()).expect("memory");
    let (plain, output) = import(&folder, "dump.json", dump().as_bytes());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    for (file, bytes) in
        [("dump.json.gz", gz.finish().expect("memory")), ("dump.json.bz2", bz.finish().expect("memory"))]
    {
        let (packed, output) = import(&folder, file, &bytes);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(fs::read(&packed).expect("a base"), fs::read(&plain).expect("a base"), "{file}");
    }
    let page = folder.join("page.txt");
    fs::write(
        &page,
        "Talks\n\nMay 3, 2019\n\nOrlan Tesfave met French President Emmanuel Macron on Friday. \
         Orlan Tesfave accused the Rally of the Baobab of delay.\n",
    )
    .expect("a page");
    let store = folder.join("store").to_str().expect("UTF-8").to_string();
    let base = plain.to_str().expect("UTF-8");
    shown(&["run", "--quiet", page.to_str().expect("UTF-8"), "--store", &store, "--base", base]);
    let sheet = sheet("Orlan Tesfave", &store);
    assert_eq!((&sheet["code"], &sheet["sector"]), (&json!("SEN"), &json!("GOV")));
    assert_eq!(sheet["wikidata_id"], "Q900002");
    assert_eq!(sheet["roles"][0]["office"], "head-of-government");
    assert_eq!(
        (&sheet["roles"][0]["start_date"], &sheet["roles"][0]["basis"]),
        (&json!("2015-02-01"), &json!("import"))
    );
    let later =
        shown(&["actors", "show", "Orlan Tesfave", "--json", "--on", "2021-01-01", "--store", &store]);
    assert_eq!(serde_json::from_str::<Value>(&later).expect("JSON")["roles"], json!([]));
}

#[test]
fn a_dump_that_breaks_off_leaves_no_base() {
    let folder = fresh("actors-cut");
    let whole = dump();
    for (n, end) in [whole.len() - 3, whole.len() / 2, 10].into_iter().enumerate() {
        let (base, output) = import(&folder, &format!("cut{n}.json"), &whole.as_bytes()[..end]);
        assert_eq!(output.status.code(), Some(1));
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(message.contains("breaks off") && message.contains("no base was written"), "{message}");
        assert!(!base.exists());
    }
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(whole.as_bytes()).expect("memory");
    let bytes = gz.finish().expect("memory");
    let (base, output) = import(&folder, "cut.gz", &bytes[..bytes.len() / 2]);
    assert_eq!(output.status.code(), Some(1));
    assert!(!base.exists());
}

#[test]
fn other_collections_are_told_by_their_content() {
    let folder = fresh("actors-others");
    let ftm = [
        json!({"id": "x-1", "schema": "Person", "caption": "Orlan Tesfave",
               "properties": {"name": ["Orlan Tesfave"], "alias": ["Orlan Tesfawe"], "country": ["sn"]}}),
        json!({"id": "x-2", "schema": "Position", "properties": {"name": ["Minister of Finance of Senegal"]}}),
        json!({"id": "x-3", "schema": "Occupancy", "properties": {"holder": ["x-1"], "post": ["x-2"],
               "startDate": ["2018-01-01"], "endDate": ["2017-01-01"]}}),
    ];
    let lines: String = ftm.iter().map(|v| format!("{v}\n")).collect();
    let (_, output) = import(&folder, "entities.json", lines.as_bytes());
    assert!(output.status.success());
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        told.contains("entities.json:3: x-3: endDate 2017-01-01 is before startDate 2018-01-01"),
        "{told}"
    );

    let petrarch = "# actors\nORLAN_TESFAVE_\n+O_TESFAVE\n\t[SENGOV 150201-200301]\n\t[SENELI >200301]\nRALLY_OF_BAOBAB_ [SENPTY]\n";
    let (_, output) = import(&folder, "actors.txt", petrarch.as_bytes());
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success() && told.contains("PETRARCH actors, 2 entries, 0 lines left out"),
        "{told}"
    );

    let town = "900004\tNdoumbelane\tNdoumbelane\tDumbelan\t14.5\t-15.25\tP\tPPL\tSN\t\t\t\t\t\t1200\t\t\tAfrica/Dakar\t2019-01-01\n";
    let (_, output) = import(&folder, "SN.txt", town.as_bytes());
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && told.contains("GeoNames table, 1 entries"), "{told}");

    let (base, output) = import(&folder, "empty.json", b"");
    assert_eq!(output.status.code(), Some(1));
    assert!(!base.exists());
}

#[test]
fn in_a_transcript_we_are_the_state_of_the_dateline() {
    let folder = fresh("actors-transcript");
    let page = folder.join("briefing.txt");
    let text = "BRIEFING BY THE OFFICIAL SPOKESPERSON\n\nNairobi, July 14, 2021\n\nSpokesperson, Tibor Valdane: Good evening.\n\n\
                Question: Will troops be sent if Mogadishu asks?\n\n\
                Tibor Valdane: We support the people of Somalia. Our ambassador met President Farmajo on Monday.\n\n\
                Question: And Uganda?\n\nTibor Valdane: Please ask Uganda.\n";
    fs::write(&page, text).expect("a page");
    let store = folder.join("store").to_str().expect("UTF-8").to_string();
    shown(&["run", "--quiet", "--store", &store, page.to_str().expect("UTF-8")]);
    let events = shown(&["events", "--json", "--store", &store]);
    let events: Vec<Value> = events.lines().map(|l| serde_json::from_str(l).expect("JSON")).collect();
    let of = |kind: &str| {
        events.iter().find(|e| e["event_type"] == kind).unwrap_or_else(|| panic!("{kind} in {events:?}"))
    };
    assert_eq!(of("SUPPORT")["actors"][0]["code"], "KEN");
    assert_eq!(of("CONSULT")["actors"][0]["code"], "KEN");
}
