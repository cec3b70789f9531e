//! `polybius run` from outside: same bytes whatever the order and threads, bad pages become rejects, a second run adds nothing, a
//! cut log is made whole again.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn polybius(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_polybius"))
        .args(arguments)
        .output()
        .expect("the program was built for this test")
}

fn run(inputs: &[&str], store: &Path, threads: &str) -> Output {
    let mut arguments = vec!["run", "--json", "--threads", threads, "--store", store.to_str().unwrap()];
    arguments.extend(inputs);
    let output = polybius(&arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output
}

/// The file of every table as it is now, with its bytes.
fn tables(store: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for table in
        fs::read_dir(store).unwrap().flatten().filter(|e| !e.file_name().to_string_lossy().starts_with('_'))
    {
        let files = fs::read_dir(table.path()).unwrap().flatten();
        for file in files.filter(|f| f.file_name().to_string_lossy().ends_with(".parquet")) {
            found
                .insert(Path::new(&table.file_name()).join(file.file_name()), fs::read(file.path()).unwrap());
        }
    }
    found
}

fn rows(store: &Path, table: &str) -> Vec<String> {
    let output = polybius(&["export", "--store", store.to_str().unwrap(), "--table", table]);
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_string).collect()
}

fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/panmunjom-2018").canonicalize().unwrap()
}

#[test]
fn the_same_pages_give_the_same_bytes_in_any_order_and_on_any_number_of_threads() {
    let root = tempfile::tempdir().unwrap();
    let folder = example();
    let mut files: Vec<String> =
        fs::read_dir(&folder).unwrap().flatten().map(|e| e.path().to_string_lossy().into_owned()).collect();
    files.sort();
    let forward: Vec<&str> = files.iter().map(String::as_str).collect();
    let backward: Vec<&str> = forward.iter().rev().copied().collect();
    let (one, two, three) = (root.path().join("one"), root.path().join("two"), root.path().join("three"));
    run(&forward, &one, "1");
    run(&backward, &two, "2");
    // The same in two steps: half of the pages first.
    run(&forward[..forward.len() / 2], &three, "2");
    run(&backward, &three, "1");
    let expected = tables(&one);
    assert!(expected.len() > 20);
    assert!(expected == tables(&two), "order and threads change the tables");
    assert!(expected == tables(&three), "adding pages in two runs changes the tables");
}

#[test]
fn a_page_that_cannot_be_read_is_a_reject_and_the_rest_is_read() {
    let root = tempfile::tempdir().unwrap();
    let pages = root.path().join("pages with a space é");
    fs::create_dir(&pages).unwrap();
    fs::write(pages.join("empty.txt"), b"").unwrap();
    fs::write(pages.join("blank.html"), b"  \n\t ").unwrap();
    fs::write(pages.join("picture.png"), b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0").unwrap();
    fs::write(pages.join("form.html"), b"<html><body><form><input><button>Go</button></form></body></html>")
        .unwrap();
    fs::write(pages.join("broken.txt"), b"The president of Chad met the foreign minister of France on 3 May 2021 in N'Djamena. \xff\xfe\x80 They signed an accord.").unwrap();
    fs::write(pages.join("line.txt"), vec![b'a'; 50 << 20]).unwrap();
    fs::write(pages.join("table.csv"), b"a,b\n1,2\n").unwrap();
    fs::write(
        pages.join("good.txt"),
        "French President Emmanuel Macron met Chad's leader in Paris on 5 July 2021.\n\nThe two leaders discussed security.\n",
    )
    .unwrap();
    let store = root.path().join("store");
    run(&[pages.to_str().unwrap()], &store, "2");
    let rejects = rows(&store, "rejects").join("\n");
    for name in ["empty.txt", "blank.html", "picture.png", "form.html", "line.txt", "table.csv"] {
        assert!(rejects.contains(name), "{name} is missing in {rejects}");
    }
    let documents = rows(&store, "documents").join("\n");
    assert!(documents.contains("good.txt") && documents.contains("broken.txt"));
    assert!(rows(&store, "events_flat").iter().any(|e| e.contains("CONSULT") && e.contains("FRA")));
}

#[test]
fn the_same_page_twice_is_one_document_and_is_not_read_again() {
    let root = tempfile::tempdir().unwrap();
    let page = root.path().join("p.txt");
    fs::write(&page, "Kenyan troops entered Somalia on 16 October 2011, the army said.\n").unwrap();
    let store = root.path().join("store");
    run(&[page.to_str().unwrap()], &store, "1");
    let again = run(&[page.to_str().unwrap()], &store, "1");
    let summary = String::from_utf8(again.stdout).unwrap();
    assert!(summary.contains("\"read_now\":0") && summary.contains("\"documents\":1"), "{summary}");
    assert!(summary.contains("\"version\":1") && summary.contains("\"changed\":false"), "{summary}");
}

#[test]
fn a_run_that_was_killed_in_the_middle_of_a_record_goes_on() {
    let root = tempfile::tempdir().unwrap();
    let folder = example();
    let (whole, cut) = (root.path().join("whole"), root.path().join("cut"));
    run(&[folder.to_str().unwrap()], &whole, "2");
    run(&[folder.to_str().unwrap()], &cut, "2");
    // As if the first run had been killed: no commit, and both logs end inside a record.
    for entry in fs::read_dir(&cut).unwrap().flatten() {
        if !entry.file_name().to_string_lossy().starts_with("_pages")
            && !entry.file_name().to_string_lossy().starts_with("_analysis")
        {
            fs::remove_dir_all(entry.path()).unwrap();
        }
    }
    for folder in ["_pages", "_analysis"] {
        for log in fs::read_dir(cut.join(folder)).unwrap().flatten() {
            let bytes = fs::read(log.path()).unwrap();
            fs::write(log.path(), &bytes[..bytes.len() * 2 / 3]).unwrap();
        }
    }
    run(&[folder.to_str().unwrap()], &cut, "2");
    assert!(tables(&whole) == tables(&cut), "the resumed run gives other tables");
}

#[test]
fn wrong_usage_exits_with_2_and_a_missing_folder_with_1_and_a_hint() {
    assert_eq!(polybius(&["run"]).status.code(), Some(2));
    assert_eq!(polybius(&["no-such-command"]).status.code(), Some(2));
    let missing = polybius(&["run", "/no/such/folder", "--store", "/tmp/never"]);
    assert_eq!(missing.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&missing.stderr).contains("/no/such/folder"));
    let no_store = polybius(&["export", "--store", "/no/such/store"]);
    assert_eq!(no_store.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&no_store.stderr).contains("polybius run"));
}

#[test]
fn the_stages_alone_answer_one_line_an_item_in_order() {
    use std::io::Write;
    use std::process::Stdio;
    let mut child = Command::new(env!("CARGO_BIN_EXE_polybius"))
        .arg("match")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = "{\"a\":\"Assimi Goita\",\"b\":\"Assimi Goïta\"}\nnot json\n{\"a\":\"Angela Merkel\",\"b\":\"Paul Kagame\"}\n";
    child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    let output = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
    let answers: Vec<&str> = output.lines().collect();
    assert_eq!(answers.len(), 3);
    assert!(
        answers[0].contains("\"same\":true")
            && answers[1].contains("error")
            && answers[2].contains("\"same\":false")
    );
}
