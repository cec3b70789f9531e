//! Text cut into runs, so that nobody who reads them must count bytes.

use serde::Serialize;
use serde_json::Value;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// A stretch of a text that something is said of. Offsets are bytes.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Mark {
    pub start: u32,
    pub end: u32,
    pub kind: &'static str,
    pub id: String,
}

/// What is said of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct RunMark {
    pub kind: &'static str,
    pub id: String,
}

/// Words with one set of marks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Run {
    pub text: String,
    pub start: u32,
    pub end: u32,
    pub marks: Vec<RunMark>,
}

/// Letters of a title in a list at most.
pub const TITLE_LETTERS: usize = 300;

/// The first so many letters, with an ellipsis where there are more.
pub fn shortened(text: &str, letters: usize) -> Cow<'_, str> {
    match text.char_indices().nth(letters) {
        None => Cow::Borrowed(text),
        Some((end, _)) => Cow::Owned(format!("{}…", text[..end].trim_end())),
    }
}

/// Shortens every text in a value.
pub fn shortened_all(value: &mut Value, letters: usize) {
    match value {
        Value::String(text) => {
            if let Cow::Owned(short) = shortened(text, letters) {
                *text = short;
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|v| shortened_all(v, letters)),
        Value::Object(map) => map.values_mut().for_each(|v| shortened_all(v, letters)),
        _ => {}
    }
}

/// Cuts `text[start..end]` wherever a mark begins or ends. Marks in order of their starts are cheapest.
///
/// Offsets that are no boundary of a character cannot come out of a sound store; they are passed over.
pub fn cut(text: &str, start: u32, end: u32, marks: &[Mark]) -> Vec<Run> {
    let mut own: Vec<&Mark> =
        marks.iter().filter(|m| m.start < end && m.end > start && m.start < m.end).collect();
    own.sort_by_key(|m| (m.start, m.end));
    let mut cuts = BTreeSet::from([start, end.min(text.len() as u32)]);
    cuts.extend(own.iter().flat_map(|m| [m.start, m.end]).filter(|c| *c > start && *c < end));
    let cuts: Vec<u32> = cuts.into_iter().filter(|&c| text.is_char_boundary(c as usize)).collect();
    let mut runs = Vec::new();
    let mut next = 0;
    let mut open: Vec<&Mark> = Vec::new();
    for pair in cuts.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        while next < own.len() && own[next].start <= from {
            open.push(own[next]);
            next += 1;
        }
        open.retain(|m| m.end > from);
        let Some(words) = text.get(from as usize..to as usize) else { continue };
        let marks = open.iter().map(|m| RunMark { kind: m.kind, id: m.id.clone() }).collect();
        runs.push(Run { text: words.to_string(), start: from, end: to, marks });
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn long_texts_are_cut_at_letters_and_say_so() {
        assert_eq!(shortened("né là", 5), "né là");
        assert_eq!(shortened("né là-bas", 3), "né…");
        let mut value = json!({"a": ["xxxx", 7], "b": "xx"});
        shortened_all(&mut value, 2);
        assert_eq!(value, json!({"a": ["xx…", 7], "b": "xx"}));
    }

    fn mark(start: u32, end: u32, id: &str) -> Mark {
        Mark { start, end, kind: "event", id: id.to_string() }
    }

    #[test]
    fn runs_rebuild_the_text_and_carry_every_mark_over_them() {
        let text = "Präsident traf Kim";
        let marks = [mark(0, 10, "a"), mark(11, 15, "b"), mark(0, 15, "c"), mark(2, 3, "inside a letter")];
        let runs = cut(text, 0, text.len() as u32, &marks);
        assert_eq!(runs.iter().map(|r| r.text.as_str()).collect::<String>(), text);
        let ids = |n: usize| runs[n].marks.iter().map(|m| m.id.as_str()).collect::<Vec<_>>();
        assert_eq!(runs[0].text, "Pr");
        assert_eq!(ids(0), ["a", "c"]);
        let met = runs.iter().position(|r| r.text == "traf").unwrap();
        assert_eq!(ids(met), ["c", "b"]);
        assert!(runs.last().unwrap().marks.is_empty());
    }

    #[test]
    fn a_part_of_a_text_is_cut_to_itself() {
        let runs = cut("one two three", 4, 7, &[mark(0, 13, "all"), mark(5, 40, "tail")]);
        assert_eq!(runs.iter().map(|r| r.text.as_str()).collect::<Vec<_>>(), ["t", "wo"]);
        assert!(cut("one", 9, 12, &[]).is_empty());
    }
}
