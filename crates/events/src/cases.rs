//! Case files: a heading, why, a text (`> `) and the events that it gives (`- `), in Markdown that reads as prose.

use polybius_text::{CodedDocument, Event, Party};

/// One case: its heading, its text, and its events as lines of [`event_line`]; `none` for a text without events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// The heading over it.
    pub heading: String,
    /// The lines after `> `, joined by blanks.
    pub text: String,
    /// The lines after `- `.
    pub expected: Vec<String>,
}

/// The cases of a file, in its order; headings without a text are left out.
pub fn cases_of(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for line in text.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            cases.push(Case { heading: heading.to_owned(), text: String::new(), expected: Vec::new() });
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
    cases.retain(|c| !c.text.is_empty());
    cases
}

/// `ASSAULT | TUR → SYR | affirmed, actual | bombed`: type, parties by code (by name without one), status, trigger.
pub fn event_line(doc: &CodedDocument, event: &Event) -> String {
    let side = |parties: &[Party]| {
        let codes: Vec<&str> = parties
            .iter()
            .map(|p| &doc.doc_actors[p.actor as usize])
            .map(|a| if a.code.is_empty() { a.name.as_str() } else { a.code.as_str() })
            .collect();
        codes.join(", ")
    };
    let line = format!(
        "{} | {} → {} | {}, {} | {}",
        event.event_type,
        side(&event.actors),
        side(&event.recipients),
        event.polarity.as_str(),
        event.modality.as_str(),
        doc.annotated.slice(event.trigger)
    );
    line.replace("|  →", "| →").replace("→  |", "→ |")
}

/// The events of a document as lines, `none` where there are none: what a case is compared with.
pub fn event_lines(doc: &CodedDocument) -> Vec<String> {
    if doc.events.is_empty() {
        return vec!["none".to_owned()];
    }
    doc.events.iter().map(|e| event_line(doc, e)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_has_a_heading_a_text_over_lines_and_events() {
        let file = "# AID\n\n## Grain\n\nWhy.\n\n> Chad sent grain\n> to Mali.\n\n- AID | TCD → MLI | affirmed, actual | sent\n\n## Only words\n";
        let case = Case {
            heading: "Grain".into(),
            text: "Chad sent grain to Mali.".into(),
            expected: vec!["AID | TCD → MLI | affirmed, actual | sent".into()],
        };
        assert_eq!(cases_of(file), [case]);
    }
}
