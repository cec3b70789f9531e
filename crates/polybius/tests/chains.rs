//! `polybius chains` and `polybius conflicts` from outside: lists, filters, one chain with its accounts, errors; and what a
//! second run says of the stories that changed.

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
    String::from_utf8(output.stdout).expect("output is UTF-8")
}

/// Exit code and standard error of a command that must fail without a word on standard output.
fn refused(arguments: &[&str]) -> (Option<i32>, String) {
    let output = polybius(arguments, "80");
    assert!(output.stdout.is_empty());
    (output.status.code(), String::from_utf8(output.stderr).expect("messages are UTF-8"))
}

fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/juliaca-2023").canonicalize().unwrap()
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
        let path = fresh("chains-store").to_str().unwrap().to_string();
        shown(&["run", "--quiet", "--store", &path, example().to_str().unwrap()], "80");
        path
    })
}

fn json_lines(command: &str, filters: &[&str]) -> Vec<Value> {
    let mut arguments = vec![command, "--json", "--store", store()];
    arguments.extend(filters);
    shown(&arguments, "80").lines().map(|l| serde_json::from_str(l).unwrap()).collect()
}

#[test]
fn chains_are_listed_with_most_origins_first_and_pass_their_filters() {
    let all = json_lines("chains", &[]);
    let origins: Vec<u64> = all.iter().map(|c| c["n_origins"].as_u64().unwrap()).collect();
    assert!(origins.is_sorted_by(|a, b| a >= b) && origins[0] >= 2);
    let several = json_lines("chains", &["--min-origins", "2"]);
    assert!(!several.is_empty() && several.len() < all.len());
    assert!(several.iter().all(|c| c["n_origins"].as_u64() >= Some(2)));
    let accused = json_lines("chains", &["--type", "accuse", "--verdict", "only-here"]);
    assert!(!accused.is_empty());
    assert!(accused.iter().all(|c| c["event_type"] == "ACCUSE" && c["verdict"] == "only-here"));
    let bolivian = json_lines("chains", &["--actor", "BOL"]);
    assert!(!bolivian.is_empty());
    let codes = |c: &Value| format!("{}{}", c["actor_codes"], c["recipient_codes"]);
    assert!(bolivian.iter().all(|c| codes(c).contains("BOL")));
    let in_one = json_lines("chains", &["--document", "006_"]);
    assert!(!in_one.is_empty() && in_one.iter().all(|c| c["documents"].to_string().contains("006_")));
    assert_eq!(json_lines("chains", &["-n", "2"]).len(), 2);
    let by_story: usize = json_lines("stories", &[])
        .iter()
        .map(|s| json_lines("chains", &["--story", s["story_id"].as_str().unwrap()]).len())
        .sum();
    assert_eq!(by_story, all.len());
}

#[test]
fn one_chain_shows_every_account_with_its_sentence() {
    let chain = &json_lines("chains", &["-n", "1"])[0];
    let id = chain["chain_id"].as_str().unwrap();
    let whole: Value =
        serde_json::from_str(&shown(&["chains", &id[..id.len() - 1], "--json", "--store", store()], "80"))
            .unwrap();
    let accounts = whole["accounts"].as_array().unwrap();
    assert_eq!(accounts.len(), chain["events"].as_array().unwrap().len());
    let sheet = shown(&["chains", id, "--store", store()], "400");
    for account in accounts {
        assert_eq!(account["chain_id"], id);
        let sentence: Vec<&str> = account["evidence"].as_str().unwrap().split_whitespace().take(3).collect();
        assert!(sheet.contains(&sentence.join(" ")), "{sheet}");
    }
}

#[test]
fn conflicts_name_values_owners_and_reason() {
    let all = json_lines("conflicts", &[]);
    assert!(!all.is_empty());
    for c in &all {
        let values = c["values"].as_array().unwrap();
        assert!(values.len() >= 2 && !c["reason"].as_str().unwrap().is_empty());
        for v in values {
            let page = v["path"].as_str().unwrap();
            assert!(page.contains("juliaca-2023") && v["owner"].is_string() && v["text"].is_string());
        }
    }
    let hard = json_lines("conflicts", &["--hard"]);
    let soft = json_lines("conflicts", &["--soft"]);
    assert_eq!(hard.len() + soft.len(), all.len());
    let field = all[0]["field"].as_str().unwrap();
    assert!(json_lines("conflicts", &["--field", field]).iter().all(|c| c["field"] == field));
    let by_document = json_lines("conflicts", &["--document", "006_"]);
    assert!(by_document.iter().all(|c| c["values"].to_string().contains("006_")));
    let text = shown(&["conflicts", "--store", store()], "100");
    for c in &all {
        assert!(text.contains(c["field"].as_str().unwrap()), "{text}");
    }
}

#[test]
fn the_lists_fit_the_terminal() {
    for columns in ["50", "80", "120", "200"] {
        for command in ["chains", "conflicts"] {
            let text = shown(&[command, "--store", store()], columns);
            assert!(!text.contains('\x1b'));
            let widest = text.lines().filter(|l| !l.contains('/')).map(|l| l.chars().count()).max().unwrap();
            assert!(widest <= columns.parse().unwrap(), "{command}: {widest} columns on {columns}");
        }
    }
}

#[test]
fn what_is_not_there_is_said_with_a_way_out() {
    for (arguments, hint) in [
        (vec!["chains", "zzz", "--store", store()], "polybius chains --store"),
        (vec!["chains", "c", "--store", store()], "give more of it"),
        (vec!["chains", "--type", "MEETING", "--store", store()], "CONSULT"),
        (vec!["chains", "--verdict", "true", "--store", store()], "corroborated"),
        (vec!["chains", "--story", "99", "--store", store()], "numbers go from 1"),
        (vec!["conflicts", "--field", "weather", "--store", store()], "fields of this store"),
        (vec!["conflicts", "--store", "/no/such/store"], "polybius run"),
    ] {
        let (code, message) = refused(&arguments);
        assert_eq!(code, Some(1), "{arguments:?}");
        assert!(message.starts_with("error: ") && message.contains(hint), "{arguments:?}: {message}");
    }
    assert_eq!(refused(&["conflicts", "--hard", "--soft", "--store", store()]).0, Some(2));
    assert_eq!(refused(&["chains", "c1", "--type", "CONSULT", "--store", store()]).0, Some(2));
}

#[test]
fn a_second_run_says_which_stories_are_new_and_which_grew() {
    let root = tempfile::tempdir().unwrap();
    let store = root.path().join("store");
    let store = store.to_str().unwrap();
    let mut files: Vec<String> =
        fs::read_dir(example()).unwrap().flatten().map(|e| e.path().to_string_lossy().into_owned()).collect();
    files.sort();
    let first = shown(&["run", "--store", store, &files[0], &files[1]], "100");
    assert!(!first.contains("story s"), "{first}");
    let id = |text: String| -> Vec<String> {
        let lines = text.lines().map(|l| serde_json::from_str::<Value>(l).unwrap());
        lines.map(|s| s["story_id"].as_str().unwrap().to_string()).collect()
    };
    let before = id(shown(&["stories", "--json", "--store", store], "100"));
    let second = shown(&["run", "--json", "--store", store, &files[6], &files[7]], "100");
    let changes = &serde_json::from_str::<Value>(&second).unwrap()["changes"];
    assert_eq!(changes["grown"][0]["added"], 1, "{changes}");
    assert_eq!(changes["new"].as_array().unwrap().len(), 1, "{changes}");
    // The story keeps its id, since the page that joined it is not older than it.
    assert!(id(shown(&["stories", "--json", "--store", store], "100")).contains(&before[0]));
    let third = shown(&["run", "--store", store, &files[6]], "100");
    assert!(!third.contains("story s"), "{third}");
}
