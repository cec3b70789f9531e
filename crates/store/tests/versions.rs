//! A store over several commits: what each version holds, what lies beside it for other programs, what a kill, a stranger or a
//! hand leaves behind.

use jiff::Timestamp;
use polybius_store::rows::{EventRow, RejectRow, StoryRow, TABLES};
use polybius_store::{AsOf, Keep, Store, StoreError, StoreTables, WhenBusy, inspect, repair};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

fn at(day: i8) -> Timestamp {
    format!("2024-05-{day:02}T10:00:00Z").parse().unwrap()
}

fn tables(n_events: usize) -> StoreTables {
    let event = |i: usize| EventRow {
        event_id: format!("e{i}"),
        event_type: "CONSULT".to_string(),
        date_start: Some(format!("2020-07-{:02}", i + 1)),
        score: i as f32,
        ..EventRow::default()
    };
    StoreTables {
        events: (0..n_events).map(event).collect(),
        stories: vec![StoryRow { title: "a title".into(), ..StoryRow::default() }],
        ..StoreTables::default()
    }
}

/// A store with versions 1, 2 and 3 of one, two and three events, made on the 1st, 2nd and 3rd.
fn three_versions(root: &Path) {
    for n in 1..=3 {
        let store = Store::create(root).unwrap();
        let committed = store.commit(&tables(n), BTreeMap::new(), at(n as i8)).unwrap();
        assert_eq!((committed.version, committed.changed), (n as u64, true));
    }
}

fn n_events(root: &Path, as_of: &str) -> Result<usize, StoreError> {
    let as_of = as_of.parse::<AsOf>().unwrap();
    Ok(Store::open_at(root, Some(as_of))?.read::<EventRow>()?.len())
}

fn log(root: &Path, table: &str, version: u64) -> PathBuf {
    root.join(table).join("_delta_log").join(format!("{version:020}.json"))
}

fn actions(root: &Path, table: &str, version: u64) -> Vec<Value> {
    let text = fs::read_to_string(log(root, table, version)).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The files that a reader of the Delta log takes for the table at a version.
fn live_files(root: &Path, table: &str, version: u64) -> Vec<String> {
    let mut live = Vec::new();
    for action in (0..=version).flat_map(|v| actions(root, table, v)) {
        if let Some(path) = action["add"]["path"].as_str() {
            live.push(path.to_string());
        }
        if let Some(path) = action["remove"]["path"].as_str() {
            live.retain(|p| p != path);
        }
    }
    live
}

fn parquet_in(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .flatten()
        .map(|e| e.file_name().to_string_lossy().into_owned())
        .filter(|n| n.ends_with(".parquet"))
        .collect();
    names.sort();
    names
}

#[test]
fn every_kept_version_can_be_read_by_number_and_by_day() {
    let root = tempfile::tempdir().unwrap();
    three_versions(root.path());
    for (asked, n) in
        [("1", 1), ("2", 2), ("3", 3), ("2024-05-02", 2), ("2024-05-03T09:00:00Z", 2), ("2030-01-01", 3)]
    {
        assert_eq!(n_events(root.path(), asked).unwrap(), n, "as of {asked}");
    }
    assert!(matches!(n_events(root.path(), "4"), Err(StoreError::NoVersion { oldest: 1, last: 3, .. })));
    assert!(matches!(n_events(root.path(), "0"), Err(StoreError::NoVersion { .. })));
    assert!(matches!(n_events(root.path(), "2024-04-30"), Err(StoreError::NothingYet { oldest: 1, .. })));
}

#[test]
fn a_reader_goes_on_reading_the_state_that_it_opened() {
    let root = tempfile::tempdir().unwrap();
    three_versions(root.path());
    let reader = Store::open(root.path()).unwrap();
    Store::create(root.path()).unwrap().commit(&tables(7), BTreeMap::new(), at(9)).unwrap();
    assert_eq!(reader.read::<EventRow>().unwrap().len(), 3);
    assert_eq!(Store::open(root.path()).unwrap().read::<EventRow>().unwrap().len(), 7);
}

#[test]
fn a_glob_over_a_table_finds_the_last_version_and_nothing_twice() {
    let root = tempfile::tempdir().unwrap();
    three_versions(root.path());
    for table in TABLES {
        assert_eq!(parquet_in(&root.path().join(table)), [format!("{table}.parquet")]);
    }
    let shown = root.path().join("events/events.parquet");
    assert_eq!(polybius_store::read_parquet::<EventRow>(&shown).unwrap().len(), 3);
    // What did not change lies there once for all versions.
    assert_eq!(parquet_in(&root.path().join("stories/_files")).len(), 1);
    assert_eq!(parquet_in(&root.path().join("events/_files")).len(), 3);
}

#[test]
fn the_log_of_a_table_in_the_delta_protocol_names_the_files_of_each_version() {
    let root = tempfile::tempdir().unwrap();
    three_versions(root.path());
    let first = actions(root.path(), "events", 0);
    assert_eq!(first[1]["protocol"]["minReaderVersion"], 1);
    let schema: Value = serde_json::from_str(first[2]["metaData"]["schemaString"].as_str().unwrap()).unwrap();
    assert_eq!(schema["fields"][0]["name"], "event_id");
    assert!(live_files(root.path(), "events", 0).is_empty());
    for version in 1..=3 {
        let store = Store::open_at(root.path(), Some(AsOf::Version(version))).unwrap();
        for table in TABLES {
            let files = live_files(root.path(), table, version);
            let expected: Vec<PathBuf> = files.iter().map(|f| root.path().join(table).join(f)).collect();
            assert_eq!(store.files(table).unwrap(), expected, "{table} at {version}");
        }
    }
    let added = actions(root.path(), "events", 3).into_iter().find(|a| a.get("add").is_some()).unwrap();
    let stats: Value = serde_json::from_str(added["add"]["stats"].as_str().unwrap()).unwrap();
    assert_eq!(stats["numRecords"], 3);
    assert_eq!(stats["minValues"]["date_start"], "2020-07-01");
    assert_eq!(stats["maxValues"]["event_id"], "e2");
    assert_eq!(stats["maxValues"]["score"], 2.0);
    assert_eq!(stats["nullCount"]["lat"], 3);
}

#[test]
fn what_a_kill_after_the_commit_left_undone_is_done_when_the_store_is_opened_again() {
    let root = tempfile::tempdir().unwrap();
    three_versions(root.path());
    let whole: Vec<String> = (1..=3).flat_map(|v| live_files(root.path(), "events", v)).collect();
    // As if the program had been killed after the second commit and again after the third.
    for version in 2..=3 {
        fs::remove_file(log(root.path(), "events", version)).unwrap();
    }
    fs::remove_file(log(root.path(), "quotes", 3)).unwrap();
    fs::remove_file(root.path().join("events/events.parquet")).unwrap();
    fs::write(root.path().join("_log/published"), "1\n").unwrap();
    assert_eq!(n_events(root.path(), "3").unwrap(), 3, "readers do not need it");
    let found = inspect(root.path()).unwrap();
    assert!(found.problems.is_empty() && found.notes[0].contains("behind"), "{found:?}");
    drop(Store::create(root.path()).unwrap());
    assert_eq!((1..=3).flat_map(|v| live_files(root.path(), "events", v)).collect::<Vec<_>>(), whole);
    assert!(inspect(root.path()).unwrap().problems.is_empty());
}

#[test]
fn a_second_writer_is_refused_or_waits_and_readers_are_not_kept_out() {
    let root = tempfile::tempdir().unwrap();
    three_versions(root.path());
    let first = Store::create(root.path()).unwrap();
    let refused = Store::create(root.path()).unwrap_err();
    assert!(
        matches!(&refused, StoreError::Busy { holder, .. } if holder.starts_with("process ")),
        "{refused}"
    );
    assert_eq!(n_events(root.path(), "3").unwrap(), 3);
    let path = root.path().to_path_buf();
    let waiting = std::thread::spawn(move || {
        let store = Store::create_when(&path, WhenBusy::Wait).unwrap();
        store.commit(&tables(5), BTreeMap::new(), at(5)).unwrap().version
    });
    first.commit(&tables(4), BTreeMap::new(), at(4)).unwrap();
    drop(first);
    assert_eq!(waiting.join().unwrap(), 5);
    assert_eq!((n_events(root.path(), "4").unwrap(), n_events(root.path(), "5").unwrap()), (4, 5));
}

#[test]
fn time_does_not_run_backwards_when_the_clock_does() {
    let root = tempfile::tempdir().unwrap();
    let store = Store::create(root.path()).unwrap();
    store.commit(&tables(1), BTreeMap::new(), at(9)).unwrap();
    store.commit(&tables(2), BTreeMap::new(), at(3)).unwrap();
    let times: Vec<Timestamp> = store.commits().unwrap().iter().map(|c| c.at).collect();
    assert_eq!(times, [at(9), at(9)]);
}

#[test]
fn a_vacuum_keeps_what_it_was_told_to_keep_and_a_look_removes_nothing() {
    let root = tempfile::tempdir().unwrap();
    three_versions(root.path());
    let store = Store::create(root.path()).unwrap();
    fs::write(root.path().join("events/_files/.new.77.draft"), b"cut").unwrap();
    let looked = store.vacuum(Keep::Versions(2), true).unwrap();
    assert_eq!((looked.oldest, looked.versions, looked.files.len()), (2, 1, 2));
    assert_eq!(n_events(root.path(), "1").unwrap(), 1);
    assert_eq!(store.vacuum(Keep::Since(at(2)), false).unwrap(), looked);
    assert!(matches!(n_events(root.path(), "1"), Err(StoreError::NoVersion { oldest: 2, .. })));
    assert_eq!((n_events(root.path(), "2").unwrap(), n_events(root.path(), "3").unwrap()), (2, 3));
    assert!(store.vacuum(Keep::Versions(2), false).unwrap().files.is_empty());
    assert_eq!(store.vacuum(Keep::Versions(0), false).unwrap().oldest, 3, "the last version always stays");
    assert!(inspect(root.path()).unwrap().problems.is_empty());
    assert_eq!(store.commits().unwrap().len(), 3, "what was there once is still told");
}

#[test]
fn a_commit_that_was_changed_by_hand_is_told_and_put_aside() {
    let root = tempfile::tempdir().unwrap();
    three_versions(root.path());
    let path = root.path().join("_log").join(format!("{:020}.json", 3));
    let text = fs::read_to_string(&path).unwrap();
    for changed in [text.replace("\"rows\": 3", "\"rows\": 30"), text[..text.len() / 2].to_string()] {
        assert_ne!(changed, text);
        fs::write(&path, changed).unwrap();
        let error = Store::open(root.path()).unwrap_err();
        assert!(error.to_string().contains(path.to_str().unwrap()), "{error}");
        assert!(error.way_out().unwrap().contains("--repair"));
        assert_eq!(inspect(root.path()).unwrap().problems.len(), 1);
    }
    let repaired = repair(root.path()).unwrap();
    assert!(!repaired.tables_are_lost);
    assert_eq!(n_events(root.path(), "2").unwrap(), 2);
    assert!(path.with_extension("json.damaged").exists());
    let again = Store::create(root.path()).unwrap().commit(&tables(3), BTreeMap::new(), at(5)).unwrap();
    assert_eq!(again.version, 3);
    assert!(inspect(root.path()).unwrap().problems.is_empty());
}

#[test]
fn a_damaged_file_is_named_and_the_next_commit_of_the_same_rows_mends_it() {
    let root = tempfile::tempdir().unwrap();
    three_versions(root.path());
    let file = Store::open(root.path()).unwrap().files("events").unwrap().remove(0);
    let bytes = fs::read(&file).unwrap();
    fs::write(&file, &bytes[..bytes.len() / 2]).unwrap();
    let found = inspect(root.path()).unwrap();
    assert!(
        found.problems.iter().any(|p| p.contains(file.to_str().unwrap()) && p.contains("cut")),
        "{found:?}"
    );
    let error = Store::open(root.path()).unwrap().read::<EventRow>().unwrap_err();
    assert!(error.to_string().contains(file.to_str().unwrap()), "{error}");
    let repaired = repair(root.path()).unwrap();
    assert!(repaired.tables_are_lost);
    Store::create(root.path()).unwrap().commit(&tables(3), BTreeMap::new(), at(5)).unwrap();
    assert_eq!(Store::open(root.path()).unwrap().read::<EventRow>().unwrap().len(), 3);
    assert_eq!(inspect(root.path()).unwrap().problems, Vec::<String>::new());
}

#[test]
fn strangers_are_told_and_a_table_that_another_program_wrote_to_is_refused() {
    let root = tempfile::tempdir().unwrap();
    three_versions(root.path());
    let stranger = root.path().join("events/mine.parquet");
    fs::copy(root.path().join("events/events.parquet"), &stranger).unwrap();
    fs::write(root.path().join("events/notes.txt"), "mine").unwrap();
    let found = inspect(root.path()).unwrap();
    assert!(found.problems.len() == 1 && found.problems[0].contains("mine.parquet"), "{found:?}");
    assert!(found.notes.iter().any(|n| n.contains("notes.txt")));
    fs::remove_file(&stranger).unwrap();
    fs::write(log(root.path(), "events", 4), "{}").unwrap();
    assert!(matches!(Store::create(root.path()), Err(StoreError::Foreign { .. })));
    repair(root.path()).unwrap();
    assert!(inspect(root.path()).unwrap().problems.is_empty());
    assert_eq!(live_files(root.path(), "events", 3).len(), 1);
}

#[test]
fn a_store_of_format_1_is_read_and_goes_on() {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir_all(root.path().join("_log")).unwrap();
    let name = format!("{:020}.parquet", 1);
    let mut files = BTreeMap::new();
    for table in TABLES {
        fs::create_dir_all(root.path().join(table)).unwrap();
        polybius_store::write_parquet::<RejectRow>(&root.path().join(table).join(&name), &[]).unwrap();
        files.insert(table.to_string(), vec![name.clone()]);
    }
    polybius_store::write_parquet(&root.path().join("events").join(&name), &tables(2).events).unwrap();
    let commit = serde_json::json!({"format": 1, "version": 1, "tables": files, "settings": {}});
    fs::write(root.path().join("_log").join(format!("{:020}.json", 1)), commit.to_string()).unwrap();
    assert_eq!(n_events(root.path(), "1").unwrap(), 2);
    Store::create(root.path()).unwrap().commit(&tables(3), BTreeMap::new(), at(1)).unwrap();
    assert_eq!(n_events(root.path(), "2").unwrap(), 3);
    assert!(matches!(n_events(root.path(), "1"), Err(StoreError::NoVersion { oldest: 2, .. })));
    assert_eq!(parquet_in(&root.path().join("events")), ["events.parquet"]);
    assert_eq!(live_files(root.path(), "events", 2).len(), 1);
    assert!(inspect(root.path()).unwrap().problems.is_empty());
}

#[test]
fn a_long_log_gets_a_checkpoint() {
    let root = tempfile::tempdir().unwrap();
    let store = Store::create(root.path()).unwrap();
    for n in 1..=21 {
        store.commit(&tables(n), BTreeMap::new(), at(1)).unwrap();
    }
    let log = root.path().join("events/_delta_log");
    let last: Value =
        serde_json::from_str(&fs::read_to_string(log.join("_last_checkpoint")).unwrap()).unwrap();
    assert_eq!((&last["version"], &last["size"]), (&20.into(), &3.into()));
    assert!(log.join(format!("{:020}.checkpoint.parquet", 20)).is_file());
    assert!(inspect(root.path()).unwrap().problems.is_empty());
}

#[test]
fn a_store_of_a_newer_program_is_left_alone() {
    let root = tempfile::tempdir().unwrap();
    three_versions(root.path());
    let path = root.path().join("_log").join(format!("{:020}.json", 4));
    fs::write(&path, r#"{"format": 99, "something": "else"}"#).unwrap();
    for refused in [
        Store::open(root.path()).map(|_| ()),
        Store::create(root.path()).map(|_| ()),
        repair(root.path()).map(|_| ()),
    ] {
        assert!(matches!(refused, Err(StoreError::Newer { found: 99, .. })));
    }
    assert!(path.exists());
}
