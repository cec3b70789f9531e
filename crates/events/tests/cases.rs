//! The case files `cases/*.md`: each text gives the events that stand under it, and no others.

mod stages;

use polybius_events::cases::{cases_of, event_lines};
use polybius_text::Article;
use stages::Stages;
use std::path::Path;

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
        for case in cases_of(&text) {
            n += 1;
            let got = event_lines(&stages.code(Article::from_sentence(&case.text, None)));
            if got != case.expected {
                wrong.push_str(&format!(
                    "\n{name}: {}\n  > {}\n  expected {}\n  got      {}\n",
                    case.heading,
                    case.text,
                    case.expected.join("\n           "),
                    got.join("\n           ")
                ));
            }
        }
    }
    assert!(n > 0 && wrong.is_empty(), "{wrong}");
}
