//! `polybius codebook`, from outside: what it lists, how it tries cases, how it ends.

use std::path::Path;
use std::process::{Command, Output};

fn codebook(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_polybius"))
        .arg("codebook")
        .args(arguments)
        .env("COLUMNS", "160")
        .output()
        .expect("the program was built for this test")
}

fn words(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("output is UTF-8")
}

#[test]
fn every_type_is_listed_and_can_be_shown() {
    let listed = codebook(&["list"]);
    assert!(listed.status.success());
    for name in ["AGREE", "CONSULT", "ASSAULT", "COERCE"] {
        assert!(words(&listed.stdout).contains(name));
        let shown = codebook(&["show", &name.to_lowercase()]);
        assert!(shown.status.success());
        assert!(words(&shown.stdout).contains(&format!("{}.tsv:", name.to_lowercase())));
    }
}

#[test]
fn a_word_shows_its_senses_of_all_types_and_an_unknown_one_says_so() {
    let shown = codebook(&["show", "--word", "expel"]);
    let out = words(&shown.stdout);
    assert!(out.contains("sanction.tsv:") && out.contains("coerce.tsv:"), "{out}");
    let none = codebook(&["show", "--word", "expelledd"]);
    assert_eq!(none.status.code(), Some(1));
    assert!(words(&none.stderr).contains("dictionary form"));
    let none = codebook(&["show", "PEACE"]);
    assert_eq!(none.status.code(), Some(1));
    assert!(words(&none.stderr).contains("SUPPORT"));
}

#[test]
fn cases_that_differ_end_with_1_and_say_what_is_missing() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let right = folder.join("right-case.md");
    std::fs::write(
        &right,
        "## Talks\n\n> Kenya met Chad on Monday.\n\n- CONSULT | KEN → TCD | affirmed, actual | met\n",
    )
    .expect("a file");
    let wrong = folder.join("wrong-case.md");
    std::fs::write(
        &wrong,
        "## Talks\n\n> Kenya met Chad on Monday.\n\n- ASSAULT | KEN → TCD | affirmed, actual | met\n",
    )
    .expect("a file");
    let answer = codebook(&["test", right.to_str().expect("UTF-8")]);
    assert!(answer.status.success(), "{}", words(&answer.stdout));
    let answer = codebook(&["test", right.to_str().expect("UTF-8"), wrong.to_str().expect("UTF-8")]);
    assert_eq!(answer.status.code(), Some(1));
    let out = words(&answer.stdout);
    assert!(out.contains("missing: ASSAULT") && out.contains("1 of 2 cases"), "{out}");
}
