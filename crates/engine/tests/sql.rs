//! The engine program from outside, on a small store.

use polybius_store::rows::{DocumentRow, EventFlatRow, StoryRow};
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
    let document =
        DocumentRow { doc_id: "d".into(), text: "Él viajó a Lima".into(), ..DocumentRow::default() };
    let tables = StoreTables {
        documents: vec![document],
        events_flat: vec![event("a", "CONSULT", "2019-01-02"), event("b", "ASSAULT", "2019-02-01")],
        stories: vec![StoryRow { title: "A, and B".to_string(), ..StoryRow::default() }],
        ..StoreTables::default()
    };
    Store::create(root)
        .and_then(|s| {
            s.commit(&StoreTables::default(), BTreeMap::new(), "2024-05-01T00:00:00Z".parse().unwrap())?;
            s.commit(&tables, BTreeMap::new(), "2024-05-02T00:00:00Z".parse().unwrap())
        })
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
fn the_functions_of_polybius_can_be_asked() {
    let root = tempfile::tempdir().unwrap();
    store(root.path());
    let query = "select same_name('Assimi Goita', 'Assimi Goïta') a, same_name('Angela Merkel', 'Paul Kagame') b, \
                 goldstein('036') = goldstein('0361') c, goldstein('zz') d, round(distance_km(0, 0, 0, 90)) e, \
                 span_text(doc_id, 4, 10) f, span_text(doc_id, 1, 2) g from documents";
    assert_eq!(text(&sql(&[query], root.path())), "a,b,c,d,e,f,g\ntrue,false,true,,10008.0,viajó,\n");
}

#[test]
fn an_earlier_state_answers_as_it_was_and_answers_are_limited() {
    let root = tempfile::tempdir().unwrap();
    store(root.path());
    let count = "select count(*) n from events_flat";
    assert_eq!(text(&sql(&[count, "--as-of", "1"], root.path())), "n\n0\n");
    assert_eq!(text(&sql(&[count, "--as-of", "2024-05-02"], root.path())), "n\n2\n");
    assert_eq!(sql(&[count, "--as-of", "7"], root.path()).status.code(), Some(1));
    let limited = sql(&["select event_id from events_flat order by 1", "--limit", "1"], root.path());
    assert_eq!(text(&limited), "event_id\na\n");
    assert!(String::from_utf8_lossy(&limited.stderr).contains("more rows"));
    let slow = "select count(*) from generate_series(1, 100000) a, generate_series(1, 100000) b where a.value * b.value = 7";
    let stopped = sql(&[slow, "--timeout", "0.2"], root.path());
    assert_eq!(stopped.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&stopped.stderr).contains("--timeout"));
}

#[test]
fn answers_are_written_as_files_that_other_programs_read() {
    let root = tempfile::tempdir().unwrap();
    store(root.path());
    let file = root.path().join("query.sql");
    std::fs::write(&file, "select title from stories;\n").unwrap();
    let file = file.to_str().unwrap();
    assert_eq!(text(&sql(&["-f", file, "--format", "json"], root.path())), "[{\"title\":\"A, and B\"}]\n");
    let parquet = sql(&["-f", file, "--format", "parquet"], root.path()).stdout;
    assert!(parquet.starts_with(b"PAR1") && parquet.ends_with(b"PAR1"));
    assert!(sql(&["-f", file, "--format", "arrow"], root.path()).stdout.starts_with(b"ARROW1"));
    assert_eq!(sql(&["-f", "/no/such.sql"], root.path()).status.code(), Some(1));
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
