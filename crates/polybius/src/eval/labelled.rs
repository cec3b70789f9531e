//! Sentences whose events are marked in the text (evals/labelled/README.md), and the scores on them.

use super::sets::{Classes, SetScore, rounded, share};
use crate::analyse::analyse_article;
use crate::failure::Failure;
use crate::resources::Resources;
use polybius_text::{Article, CodedDocument, EventType, Modality, Polarity};
use serde_json::json;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

const MODALITIES: [Modality; 4] =
    [Modality::Actual, Modality::Future, Modality::Hypothetical, Modality::Historical];
const POLARITIES: [Polarity; 3] = [Polarity::Affirmed, Polarity::Negated, Polarity::Denied];

/// A sentence without its marks, and what they say.
#[derive(Debug, Default, PartialEq)]
pub struct Marked {
    pub text: String,
    pub events: Vec<MarkedEvent>,
}

/// One marked event. Words are as they stand in the text.
#[derive(Debug, PartialEq)]
pub struct MarkedEvent {
    pub event_type: EventType,
    /// Bytes of the trigger in the text.
    pub trigger: std::ops::Range<usize>,
    pub modality: Modality,
    pub polarity: Polarity,
    pub actors: Vec<String>,
    pub recipients: Vec<String>,
}

/// Reads one line: `{S Kenya} {SANCTION:future will expel} two {T Eritrean} diplomats.`
///
/// # Errors
/// What is wrong with a mark.
pub fn read_line(line: &str) -> Result<Marked, String> {
    let mut marked = Marked::default();
    let mut parties: Vec<(char, String, String)> = Vec::new();
    let mut numbers: Vec<String> = Vec::new();
    let mut rest = line;
    while let Some(at) = rest.find('{') {
        marked.text.push_str(&rest[..at]);
        let close = rest[at..].find('}').ok_or("a `{` without `}`")? + at;
        let (label, words) = rest[at + 1..close].split_once(' ').ok_or("a mark without words")?;
        let start = marked.text.len();
        marked.text.push_str(words);
        rest = &rest[close + 1..];
        let (name, status) = label.split_once(':').unwrap_or((label, ""));
        let kind = name.trim_end_matches(|c: char| c.is_ascii_digit());
        if let Ok(event_type) = kind.parse::<EventType>() {
            let mut event = MarkedEvent {
                event_type,
                trigger: start..marked.text.len(),
                modality: Modality::Actual,
                polarity: Polarity::Affirmed,
                actors: Vec::new(),
                recipients: Vec::new(),
            };
            for word in status.split(',').filter(|w| !w.is_empty()) {
                let modality = MODALITIES.into_iter().find(|m| m.as_str() == word);
                let polarity = POLARITIES.into_iter().find(|p| p.as_str() == word);
                match (modality, polarity) {
                    (Some(modality), _) => event.modality = modality,
                    (_, Some(polarity)) => event.polarity = polarity,
                    _ => return Err(format!("`{word}` is neither modality nor polarity")),
                }
            }
            numbers.push(number_of(&name[kind.len()..]));
            marked.events.push(event);
            continue;
        }
        let mut roles = name;
        while let Some(role) = roles.chars().next().filter(|c| matches!(c, 'S' | 'T')) {
            let digits = roles[1..].len() - roles[1..].trim_start_matches(|c: char| c.is_ascii_digit()).len();
            parties.push((role, number_of(&roles[1..1 + digits]), words.to_owned()));
            roles = &roles[1 + digits..];
        }
        if !roles.is_empty() {
            return Err(format!("`{name}` is neither a type nor S, T"));
        }
    }
    marked.text.push_str(rest);
    for (role, number, words) in parties {
        let i =
            numbers.iter().position(|n| *n == number).ok_or(format!("no event {number} for `{words}`"))?;
        let event = &mut marked.events[i];
        if role == 'S' { event.actors.push(words) } else { event.recipients.push(words) }
    }
    Ok(marked)
}

fn number_of(digits: &str) -> String {
    if digits.is_empty() { "1".to_owned() } else { digits.to_owned() }
}

/// Reads a file of marked sentences; lines that are empty or start with `#` say nothing.
///
/// # Errors
/// The first line that cannot be read.
pub fn read_file(path: &Path) -> Result<Vec<Marked>, Failure> {
    let text = std::fs::read_to_string(path)
        .map_err(|e| Failure::caused(&format!("cannot read `{}`", path.display()), &e))?;
    let lines = text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty() && !l.starts_with('#'));
    lines
        .map(|(i, line)| {
            read_line(line.trim())
                .map_err(|why| Failure::new(format!("`{}` line {}: {why}", path.display(), i + 1)))
        })
        .collect()
}

fn code(text: &str, resources: &Resources) -> CodedDocument {
    analyse_article(Article::from_sentence(text, None), resources)
}

/// CONCEDE and RETREAT are one root of the fifteen that published sentence sets use.
fn root(event_type: &str) -> &str {
    if matches!(event_type, "CONCEDE" | "RETREAT") { "YIELD" } else { event_type }
}

/// The quad of a root as those sets count: yielding is material cooperation, a sanction material conflict.
fn root_quad(event_type: &str) -> &'static str {
    match event_type {
        "CONCEDE" | "RETREAT" | "COOPERATE" | "AID" => "material_cooperation",
        "AGREE" | "CONSULT" | "SUPPORT" => "verbal_cooperation",
        "REQUEST" | "ACCUSE" | "REJECT" | "THREATEN" => "verbal_conflict",
        "PROTEST" | "SANCTION" | "MOBILIZE" | "COERCE" | "ASSAULT" => "material_conflict",
        _ => "none",
    }
}

/// The type of the event between two given parties, for each sentence with one event between one and another.
pub fn wire(path: &Path, resources: &Resources) -> Result<SetScore, Failure> {
    let (mut types, mut roots, mut quads) = (Classes::default(), Classes::default(), Classes::default());
    let mut misses = Vec::new();
    for marked in read_file(path)? {
        let Some((event, actor, recipient)) = marked
            .events
            .iter()
            .find_map(|e| Some((e, e.actors.first()?, e.recipients.first().or(e.actors.get(1))?)))
        else {
            continue;
        };
        let found = catch_unwind(AssertUnwindSafe(|| {
            let doc = code(&marked.text, resources);
            let events = polybius_events::code_between(&doc, actor, recipient, &resources.codebook);
            events.first().map(|e| (e.event_type.as_str(), e.rule.clone()))
        }));
        let (found, rule) = found.unwrap_or(None).unwrap_or(("none", String::new()));
        let expected = event.event_type.as_str();
        types.add(expected, found);
        roots.add(root(expected), root(found));
        quads.add(root_quad(expected), root_quad(found));
        if root(found) != root(expected) {
            misses.push(format!("{expected}, found {found} ({rule}): {}", marked.text));
        }
    }
    let figures = json!({
        "n": types.n, "right": rounded(types.share_right()), "type_macro_f1": rounded(types.macro_f1()),
        "root_macro_f1": rounded(roots.macro_f1()), "quad_macro_f1": rounded(quads.macro_f1()),
    });
    Ok(SetScore { figures, misses })
}

/// The share of sentences in which something is coded though nothing political happens in any.
pub fn silence(paths: &[PathBuf], resources: &Resources) -> Result<SetScore, Failure> {
    let (mut n, mut coded) = (0, 0);
    let mut misses = Vec::new();
    for path in paths {
        for marked in read_file(path)? {
            n += 1;
            let doc = catch_unwind(AssertUnwindSafe(|| code(&marked.text, resources)));
            let events = doc.map_or(Vec::new(), |d| d.events);
            if let Some(e) = events.first() {
                coded += 1;
                misses.push(format!("{} ({}): {}", e.event_type, e.rule, marked.text));
            }
        }
    }
    Ok(SetScore { figures: json!({"n": n, "coded": rounded(share(coded, n))}), misses })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_give_events_with_their_parties() {
        let line =
            "{S1 Kenya} {SANCTION1:future,negated spared} two {T1S2 Eritrean} men who {PROTEST2 marched}.";
        let marked = read_line(line).expect("a good line");
        assert_eq!(marked.text, "Kenya spared two Eritrean men who marched.");
        let [first, second] = &marked.events[..] else { panic!("two events: {:?}", marked.events) };
        assert_eq!(&marked.text[first.trigger.clone()], "spared");
        assert_eq!((first.modality, first.polarity), (Modality::Future, Polarity::Negated));
        assert_eq!((first.actors.join(","), first.recipients.join(",")), ("Kenya".into(), "Eritrean".into()));
        assert_eq!((second.event_type, second.actors.join(",")), (EventType::Protest, "Eritrean".into()));
    }

    #[test]
    fn bad_marks_are_named() {
        for line in ["{S Kenya", "{Kenya}", "{X Kenya}", "{S2 Kenya} {AID gave}", "{AID:soon gave}"] {
            assert!(read_line(line).is_err(), "{line}");
        }
    }
}
