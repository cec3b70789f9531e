//! The engine program from outside, on a small store.

use polybius_store::rows::{EventFlatRow, StoryRow};
use polybius_store::{Store, StoreTables};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};

fn store(root: &Path) {
    let event = |id: &str, kind: &str, date: &str| EventFlatRow {
        event_id: id.to_string(),
        event_type: kind.to_string(),
        date_start: Some(date.to_string()),
        actor_names: "Émile Zola".to_string(),
        ..EventFlatRow::default()
    };
    let tables = StoreTables {
        events_flat: vec![event("a", "CONSULT", "2019-01-02"), event("b", "ASSAULT", "2019-02-01")],
        stories: vec![StoryRow { title: "A, and B".to_string(), ..StoryRow::default() }],
        ..StoreTables::default()
    };
    Store::create(root)
        .and_then(|s| s.commit(&tables, BTreeMap::new()))
        .expect("a fresh folder takes a commit");
}

fn sql(arguments: &[&str], root: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_polybius-engine"))
        .arg("sql")
        .args(arguments)
        .arg("--store")
        .arg(root)
        .output()
        .expect("the program was built for this test")
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn a_query_answers_as_csv_where_nobody_watches_and_as_json_lines_when_asked() {
    let root = tempfile::tempdir().unwrap();
    store(root.path());
    let query = "select event_id, plover_quad(event_type) quad, fold_name(actor_names) who, date_start from events_flat \
                 where date_start < date '2019-01-31'";
    assert_eq!(
        text(&sql(&[query], root.path())),
        "event_id,quad,who,date_start\na,verbal_cooperation,emile zola,2019-01-02\n"
    );
    assert_eq!(
        text(&sql(&["select title, n_documents from stories", "--format", "jsonl"], root.path())),
        "{\"title\":\"A, and B\",\"n_documents\":0}\n"
    );
}

#[test]
fn a_missing_table_names_those_there_are_and_nothing_can_be_changed() {
    let root = tempfile::tempdir().unwrap();
    store(root.path());
    let missing = sql(&["select * from evnts"], root.path());
    let message = String::from_utf8_lossy(&missing.stderr).into_owned();
    assert_eq!(missing.status.code(), Some(1));
    assert!(message.contains("events_flat") && message.contains("hint"), "{message}");
    for change in
        ["drop table stories", "insert into stories select * from stories", "copy stories to '/tmp/x.csv'"]
    {
        assert_eq!(sql(&[change], root.path()).status.code(), Some(1), "{change}");
    }
}

#[test]
fn a_folder_that_is_no_store_is_said_to_be_none() {
    let root = tempfile::tempdir().unwrap();
    let output = sql(&["select 1"], root.path());
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("no store at"));
}
