//! The commands that keep a store, from outside: versions, time travel, vacuum, check and repair, settings, releases, exports.

use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn polybius_in(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_polybius"))
        .args(arguments)
        .current_dir(folder)
        .env("COLUMNS", "120")
        .env_remove("POLYBIUS_STORE")
        .output()
        .expect("the program was built for this test")
}

fn shown(folder: &Path, arguments: &[&str]) -> String {
    let output = polybius_in(folder, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("output is UTF-8")
}

fn refused(folder: &Path, arguments: &[&str]) -> String {
    let output = polybius_in(folder, arguments);
    assert_eq!(output.status.code(), Some(1), "{arguments:?}");
    String::from_utf8(output.stderr).expect("messages are UTF-8")
}

const PAGES: [(&str, &str); 3] = [
    (
        "one.txt",
        "Minister visits Dakar\n\nMay 3, 2019\n\nThe foreign minister of Senegal met the president of Mali in Dakar on Friday. \
         \"We will open the border,\" the minister said.\n",
    ),
    ("two.txt", "Rebels killed 12 soldiers near Gao on 4 June 2020, the Malian army said.\n"),
    ("three.txt", "France and Niger signed an agreement on uranium in Niamey on 9 July 2021.\n"),
];

/// A folder with a store `out` of two versions: of one page, and of three.
fn two_versions() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    for (name, text) in PAGES {
        fs::write(root.path().join(name), text).unwrap();
    }
    shown(root.path(), &["run", "one.txt", "--quiet", "--store", "out"]);
    shown(root.path(), &["run", "one.txt", "two.txt", "three.txt", "--quiet", "--store", "out"]);
    root
}

fn count(folder: &Path, table: &str, more: &[&str]) -> usize {
    let mut arguments = vec!["export", "--store", "out", "--table", table];
    arguments.extend(more);
    shown(folder, &arguments).lines().count()
}

#[test]
fn every_command_that_reads_can_look_at_an_earlier_version() {
    let root = two_versions();
    let folder = root.path();
    assert_eq!((count(folder, "documents", &["--as-of", "1"]), count(folder, "documents", &[])), (1, 3));
    assert_eq!(count(folder, "documents", &["--as-of", "2999-01-01"]), 3);
    let lines = |arguments: &[&str]| shown(folder, arguments).lines().count();
    for command in ["stories", "events", "quotes"] {
        let now = lines(&[command, "--json", "--store", "out"]);
        let before = lines(&[command, "--json", "--store", "out", "--as-of", "1"]);
        assert!(before <= now && (command == "quotes" || before < now), "{command}: {before}, {now}");
    }
    shown(folder, &["story", "1", "--store", "out", "--as-of", "1"]);
    shown(folder, &["actors", "list", "--store", "out", "--as-of", "1"]);
    shown(folder, &["check", "--store", "out", "--as-of", "1"]);
    assert!(refused(folder, &["stories", "--store", "out", "--as-of", "3"]).contains("polybius log"));
    assert!(
        refused(folder, &["stories", "--store", "out", "--as-of", "1999-01-01"]).contains("nothing as of")
    );
    let wrong = polybius_in(folder, &["stories", "--store", "out", "--as-of", "yesterday"]);
    assert_eq!(wrong.status.code(), Some(2));
}

#[test]
fn the_log_tells_what_came_and_a_vacuum_takes_old_files_away() {
    let root = two_versions();
    let folder = root.path();
    let log = shown(folder, &["log", "--json", "--store", "out"]);
    let versions: Vec<Value> = log.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(versions.len(), 2);
    assert_eq!((&versions[0]["version"], &versions[0]["added"]["documents"]), (&2.into(), &2.into()));
    assert!(versions[0]["settings"]["model"].is_string() && versions[0]["settings"]["codebook"].is_string());
    assert!(shown(folder, &["log", "--store", "out"]).contains("(+2)"));
    let files = || fs::read_dir(folder.join("out/documents/_files")).unwrap().count();
    shown(folder, &["vacuum", "--store", "out", "--keep", "1", "--dry-run"]);
    assert_eq!(files(), 2);
    shown(folder, &["vacuum", "--store", "out", "--older-than", "0h"]);
    assert_eq!(files(), 1);
    assert!(refused(folder, &["stories", "--store", "out", "--as-of", "1"]).contains("from 2 to 2"));
    assert_eq!(count(folder, "documents", &[]), 3);
    assert!(shown(folder, &["check", "--store", "out"]).contains("whole"));
    assert_eq!(polybius_in(folder, &["vacuum", "--store", "out"]).status.code(), Some(2));
    assert!(refused(folder, &["vacuum", "--store", "none", "--keep", "1"]).contains("no store"));
    assert!(!folder.join("none").exists(), "a store that is not there is not made");
    shown(folder, &["compact", "--store", "out"]);
}

#[test]
fn a_store_whose_tables_are_cut_is_made_again_from_its_pages() {
    let root = two_versions();
    let folder = root.path();
    let before = fs::read(folder.join("out/events/events.parquet")).unwrap();
    let file = folder.join("out/events/_files").join(
        fs::read_dir(folder.join("out/events/_files"))
            .unwrap()
            .flatten()
            .find(|e| fs::read(e.path()).unwrap() == before)
            .unwrap()
            .file_name(),
    );
    fs::write(&file, &before[..before.len() / 2]).unwrap();
    let check = polybius_in(folder, &["check", "--store", "out"]);
    let listed = String::from_utf8(check.stdout).unwrap();
    assert_eq!(check.status.code(), Some(1));
    assert!(listed.contains("it is cut") && listed.contains("check --repair"), "{listed}");
    assert!(refused(folder, &["events", "--store", "out"]).contains("hint"));
    assert!(shown(folder, &["check", "--repair", "--store", "out"]).contains("whole"));
    assert_eq!(fs::read(folder.join("out/events/events.parquet")).unwrap(), before);
    assert_eq!(count(folder, "documents", &[]), 3);
}

/// Every file under a folder with its bytes.
fn files(folder: &Path) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        match entry.path() {
            path if path.is_dir() => found.extend(files(&path)),
            path => found.push((path.clone(), fs::read(path).unwrap())),
        }
    }
    found.sort();
    found
}

#[test]
fn a_dry_run_says_which_pages_are_new_known_and_changed_and_writes_nothing() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path();
    fs::write(folder.join("one.txt"), PAGES[0].1).unwrap();
    let plan = shown(folder, &["run", "one.txt", "--dry-run", "--store", "out"]);
    assert!(plan.contains("new: one.txt") && plan.contains("1 new, 0 changed, 0 known"), "{plan}");
    assert!(!folder.join("out").exists(), "no store is made");

    let root = two_versions();
    let folder = root.path();
    let before = files(&folder.join("out"));
    fs::write(folder.join("one.txt"), "The visit to Dakar was put off, the ministry said on May 4, 2019.\n")
        .unwrap();
    fs::write(folder.join("four.txt"), "Police in Lomé arrested 9 protesters on 1 March 2018.\n").unwrap();
    let inputs = ["run", "one.txt", "two.txt", "three.txt", "four.txt", "https://news.example/a"];
    let dry = |more: &[&str]| shown(folder, &[&inputs[..], &["--dry-run", "--store", "out"], more].concat());
    let plan = dry(&[]);
    assert!(plan.contains("changed: one.txt") && plan.contains("new: four.txt"), "{plan}");
    assert!(plan.contains("1 new, 1 changed, 2 known pages, 0 cannot be read"), "{plan}");
    assert!(plan.contains("not fetched by a dry run: https://news.example/a"), "{plan}");
    assert!(!plan.contains("again"), "{plan}");
    let model = dry(&["--model", "fast"]);
    let again = "3 pages of the store would be analysed again: the model changed since the last version";
    assert!(model.contains(again), "{model}");
    let json: Value = serde_json::from_str(&dry(&["--json"])).unwrap();
    assert_eq!(
        (&json["changed"][0], &json["known"], &json["again"]),
        (&"one.txt".into(), &2.into(), &0.into())
    );
    assert_eq!(files(&folder.join("out")), before, "nothing is written");
}

#[test]
fn a_store_may_lie_under_any_name() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path();
    let (pages, out) = ("Seiten für März", "mağaza – 店 '1' %20 #x");
    fs::create_dir(folder.join(pages)).unwrap();
    for (name, text) in PAGES {
        fs::write(folder.join(pages).join(format!("é {name}")), text).unwrap();
    }
    shown(folder, &["run", pages, "--quiet", "--store", out]);
    assert!(shown(folder, &["check", "--store", out]).contains("whole"));
    assert!(shown(folder, &["export", "--store", out, "--table", "documents"]).contains("é one.txt"));
    shown(folder, &["run", pages, "--quiet", "--store", out, "--keep", "1"]);
    let released = shown(folder, &["release", "veröffentlicht 1", "--store", out]);
    assert!(folder.join("veröffentlicht 1/SHA256SUMS").is_file(), "{released}");
}

#[test]
fn a_commit_that_was_edited_is_named_and_put_aside() {
    let root = two_versions();
    let folder = root.path();
    let commit = folder.join("out/_log").join(format!("{:020}.json", 2));
    let text = fs::read_to_string(&commit).unwrap();
    fs::write(&commit, text.replace("\"version\": 2", "\"version\": 9")).unwrap();
    let message = refused(folder, &["stories", "--store", "out"]);
    assert!(message.contains("00002.json") && message.contains("--repair"), "{message}");
    shown(folder, &["check", "--repair", "--store", "out"]);
    assert_eq!(count(folder, "documents", &[]), 1);
    shown(folder, &["run", "one.txt", "two.txt", "three.txt", "--quiet", "--store", "out"]);
    assert_eq!(count(folder, "documents", &[]), 3);
    assert!(shown(folder, &["check", "--store", "out"]).contains("whole"));
}

#[test]
fn the_file_of_settings_goes_behind_the_environment_and_the_flags() {
    let root = two_versions();
    let folder = root.path();
    fs::create_dir(folder.join("below")).unwrap();
    fs::write(
        folder.join("polybius.toml"),
        format!("store = {:?}\n[fetch]\ndelay = 2.5\n", folder.join("out")),
    )
    .unwrap();
    assert!(!shown(&folder.join("below"), &["stories", "--json"]).is_empty());
    assert!(refused(folder, &["stories", "--store", "none"]).contains("no store at `none`"));
    let config = shown(&folder.join("below"), &["config", "--json"]);
    let settings: Vec<Value> = config.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let of = |key: &str| settings.iter().find(|s| s["setting"] == key).unwrap();
    assert_eq!(of("fetch.delay")["value"], "2.5");
    assert!(of("fetch.delay")["from"].as_str().unwrap().ends_with("polybius.toml"));
    assert_eq!(
        (of("model")["value"].as_str(), of("model")["from"].as_str()),
        (Some("accurate"), Some("default"))
    );
    let output = Command::new(env!("CARGO_BIN_EXE_polybius"))
        .args(["stories"])
        .current_dir(folder)
        .env("POLYBIUS_STORE", "elsewhere")
        .output()
        .unwrap();
    assert!(String::from_utf8_lossy(&output.stderr).contains("elsewhere"));
    fs::write(folder.join("polybius.toml"), "treads = 2\n").unwrap();
    assert!(refused(folder, &["stories"]).contains("did you mean `threads`?"));
    assert!(refused(folder, &["stories", "--config", "none.toml"]).contains("none.toml"));
}

#[test]
fn a_release_is_whole_says_what_it_is_and_is_not_written_over() {
    let root = two_versions();
    let folder = root.path();
    shown(
        folder,
        &["release", "set", "--store", "out", "--author", "Doe, Jane", "--title", "Sahel: \"a test\""],
    );
    shown(
        folder,
        &["release", "again", "--store", "out", "--author", "Doe, Jane", "--title", "Sahel: \"a test\""],
    );
    let sums = fs::read_to_string(folder.join("set/SHA256SUMS")).unwrap();
    assert_eq!(sums, fs::read_to_string(folder.join("again/SHA256SUMS")).unwrap(), "the same bytes");
    for name in
        ["tables/events.parquet", "tables/events.csv", "dictionary.csv", "README.md", "codebook/types.tsv"]
    {
        assert!(sums.lines().any(|l| l.ends_with(&format!("  {name}"))), "{name}");
    }
    let citation = fs::read_to_string(folder.join("set/CITATION.cff")).unwrap();
    assert!(
        citation.contains("family-names: \"Doe\"") && citation.contains("title: \"Sahel: \\\"a test\\\"\"")
    );
    assert!(refused(folder, &["release", "set", "--store", "out"]).contains("not empty"));
    shown(folder, &["release", "bare", "--store", "out", "--without-text", "--as-of", "1"]);
    let documents = fs::read_to_string(folder.join("bare/tables/documents.csv")).unwrap();
    assert!(documents.contains("one.txt") && !documents.contains("open the border"));
}

#[test]
fn exports_to_other_formats_have_a_line_for_each_event_and_the_columns_of_their_field() {
    let root = two_versions();
    let folder = root.path();
    let n_events = count(folder, "events", &[]);
    let polecat = shown(folder, &["export", "--store", "out", "--format", "polecat"]);
    assert!(polecat.starts_with("Event ID\tEvent Date\tEvent Type\t"));
    assert_eq!(polecat.lines().count(), n_events + 1);
    assert!(polecat.lines().all(|l| l.split('\t').count() == 28));
    let entities: Vec<Value> = shown(folder, &["export", "--store", "out", "--format", "ftm"])
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    let of = |schema: &str| entities.iter().filter(|e| e["schema"] == schema).collect::<Vec<_>>();
    assert_eq!((of("Event").len(), of("Article").len()), (n_events, 3));
    let ids: Vec<&str> = entities.iter().map(|e| e["id"].as_str().unwrap()).collect();
    for event in of("Event") {
        for id in event["properties"]["involved"].as_array().into_iter().flatten() {
            assert!(ids.contains(&id.as_str().unwrap()), "{event}");
        }
    }
    assert!(of("PublicBody").iter().any(|e| e["properties"]["country"][0] == "ml"));
    shown(folder, &["export", "--store", "out", "--format", "sqlite", "--out", "all.sqlite"]);
    let database = fs::read(folder.join("all.sqlite")).unwrap();
    assert!(database.starts_with(b"SQLite format 3\0") && database.len().is_multiple_of(4096));
    assert!(refused(folder, &["export", "--store", "out", "--format", "sqlite"]).contains("--out"));
    assert!(shown(folder, &["tables"]).contains("events_flat"));
    assert!(shown(folder, &["tables", "events"]).contains("goldstein"));
    assert!(refused(folder, &["tables", "evnts"]).contains("events_flat"));
}

#[test]
fn generated_pages_can_be_run() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path();
    shown(folder, &["bench", "generate", "--pages", "40", "--out", "corpus.jsonl.gz"]);
    let summary = shown(
        folder,
        &["run", "corpus.jsonl.gz", "--format", "jsonl", "--json", "--quiet", "--store", "out"],
    );
    let summary: Value = serde_json::from_str(&summary).unwrap();
    assert_eq!(summary["documents"].as_u64().unwrap() + summary["rejects"].as_u64().unwrap(), 40);
    assert!(summary["events"].as_u64().unwrap() > 40, "{summary}");
    let stories = summary["stories"].as_u64().unwrap();
    assert!((5..40).contains(&stories), "{summary}");
}
