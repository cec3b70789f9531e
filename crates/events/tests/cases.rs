//! The case files `cases/*.md`: a heading, why, a text (`> `) and the events that it gives (`- `), read as prose.

mod stages;

use polybius_text::Article;
use stages::{Stages, as_line};
use std::path::Path;

/// One case: where it stands, its text, and its events as lines.
struct Case {
    place: String,
    text: String,
    expected: Vec<String>,
}

fn cases_of(name: &str, text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for line in text.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            cases.push(Case {
                place: format!("{name}: {heading}"),
                text: String::new(),
                expected: Vec::new(),
            });
        } else if let Some(case) = cases.last_mut() {
            if let Some(words) = line.strip_prefix("> ") {
                if !case.text.is_empty() {
                    case.text.push(' ');
                }
                case.text.push_str(words);
            } else if let Some(event) = line.strip_prefix("- ") {
                case.expected.push(event.to_owned());
            }
        }
    }
    cases
}

#[test]
fn every_case_gives_its_events() {
    let stages = Stages::load();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases");
    let mut files: Vec<_> = std::fs::read_dir(folder).expect("cases").flatten().map(|e| e.path()).collect();
    files.sort();
    let (mut n, mut wrong) = (0, String::new());
    for file in files.iter().filter(|f| f.extension().is_some_and(|e| e == "md")) {
        let name = file.file_stem().and_then(|n| n.to_str()).unwrap_or("");
        let text = std::fs::read_to_string(file).expect("a case file");
        for case in cases_of(name, &text) {
            n += 1;
            let doc = stages.code(Article::from_sentence(&case.text, None));
            let mut got: Vec<String> = doc.events.iter().map(|e| as_line(&doc, e)).collect();
            if got.is_empty() {
                got.push("none".to_owned());
            }
            if got != case.expected {
                wrong.push_str(&format!(
                    "\n{}\n  > {}\n  expected {}\n  got      {}\n",
                    case.place,
                    case.text,
                    case.expected.join("\n           "),
                    got.join("\n           ")
                ));
            }
        }
    }
    assert!(n > 0 && wrong.is_empty(), "{wrong}");
}
