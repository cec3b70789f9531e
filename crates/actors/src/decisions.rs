//! What a person decided on who is who: lines of a small text file that goes before every other rule.
//!
//! ```text
//! # a note
//! merge Fitsum Arega = Fatsum Arija
//! split Baba Cissé / Boubou Cissé [MLI]   # the adviser, the prime minister
//! split Keita @ 003_47f0d9c2
//! ```

use crate::fold::fold;
use crate::tables::TableError;
use polybius_text::{CodedDocument, DocActor, MentionKind};
use std::path::Path;

/// A name as a decision gives it, with the code where one stands behind it in brackets.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Named {
    folded: String,
    code: Option<String>,
}

impl Named {
    fn is(&self, name: &str) -> bool {
        fold(name) == self.folded
    }

    fn of(&self, actor: &DocActor) -> bool {
        let coded = self.code.as_ref().is_none_or(|c| *c == actor.code);
        coded && (self.is(&actor.name) || actor.names.iter().any(|n| self.is(n)))
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Decision {
    /// Both are one actor.
    Merge(Named, Named),
    /// They are two.
    Split(Named, Named),
    /// In the document with this in its path the name means somebody else.
    Alone(Named, String),
}

/// The decisions of one file, in its order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Decisions {
    lines: Vec<(u32, Decision)>,
}

impl Decisions {
    /// Reads the text of a file; `path` is only named in errors.
    ///
    /// # Errors
    /// The first line that is no decision, that names one thing twice, or that says the contrary of a line before.
    pub fn parse(text: &str, path: &Path) -> Result<Decisions, TableError> {
        let mut all = Decisions::default();
        for (i, line) in text.lines().enumerate() {
            let number = i as u32 + 1;
            let error = |problem: String| TableError::Row { path: path.to_path_buf(), line: number, problem };
            let plain = line.split_once("  #").map_or(line, |(before, _)| before).trim();
            if plain.is_empty() || plain.starts_with('#') {
                continue;
            }
            let decision = read_line(plain).map_err(error)?;
            if let Some((before, _)) = all.lines.iter().find(|(_, d)| contradicts(d, &decision)) {
                return Err(error(format!("says the contrary of line {before}")));
            }
            all.lines.push((number, decision));
        }
        Ok(all)
    }

    /// Whether nothing is decided.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Gives the second name of a split an actor of its own in a document that took both for one.
    ///
    /// Mentions that print that name, and the parties and speakers that rest on them, go over; descriptions and pronouns stay.
    pub fn split_document(&self, doc: &mut CodedDocument) {
        for (_, decision) in &self.lines {
            if let Decision::Split(a, b) = decision {
                split_document(doc, a, b);
            }
        }
    }

    /// Whether two groups of document actors, each with the path of its document, may not be one.
    pub(crate) fn keeps_apart(&self, x: &[(&str, &DocActor)], y: &[(&str, &DocActor)]) -> bool {
        let names = |named: &Named, side: &[(&str, &DocActor)]| side.iter().any(|(_, a)| named.of(a));
        self.lines.iter().any(|(_, d)| match d {
            Decision::Merge(..) => false,
            Decision::Split(a, b) => names(a, x) && names(b, y) || names(b, x) && names(a, y),
            Decision::Alone(a, part) => {
                let alone =
                    |side: &[(&str, &DocActor)]| side.iter().any(|(p, d)| p.contains(part) && a.of(d));
                alone(x) != alone(y) || alone(x) && alone(y) && x.iter().all(|p| y.iter().all(|q| p.0 != q.0))
            }
        })
    }

    /// Whether a merge names one of a group.
    pub(crate) fn concerns(&self, x: &[(&str, &DocActor)]) -> bool {
        let names = |named: &Named| x.iter().any(|(_, a)| named.of(a));
        self.lines.iter().any(|(_, d)| matches!(d, Decision::Merge(a, b) if names(a) || names(b)))
    }

    /// The line of the merge that makes two groups one.
    pub(crate) fn merges(&self, x: &[(&str, &DocActor)], y: &[(&str, &DocActor)]) -> Option<u32> {
        let names = |named: &Named, side: &[(&str, &DocActor)]| side.iter().any(|(_, a)| named.of(a));
        self.lines.iter().find_map(|(line, d)| match d {
            Decision::Merge(a, b) if names(a, x) && names(b, y) || names(b, x) && names(a, y) => Some(*line),
            _ => None,
        })
    }
}

fn read_line(line: &str) -> Result<Decision, String> {
    let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
    let pair = |mark: &str| -> Result<Option<(Named, Named)>, String> {
        let Some((a, b)) = rest.split_once(mark) else { return Ok(None) };
        Ok(Some((read_name(a)?, read_name(b)?)))
    };
    match verb {
        "merge" => {
            let (a, b) = pair(" = ")?.ok_or("a merge reads `merge NAME = NAME`")?;
            if a == b { Err("both names are the same".to_string()) } else { Ok(Decision::Merge(a, b)) }
        }
        "split" => {
            if let Some((a, part)) = rest.split_once(" @ ") {
                let part = part.trim();
                if part.is_empty() {
                    return Err("no document stands behind `@`".to_string());
                }
                return Ok(Decision::Alone(read_name(a)?, part.to_string()));
            }
            let (a, b) =
                pair(" / ")?.ok_or("a split reads `split NAME / NAME` or `split NAME @ DOCUMENT`")?;
            if a == b { Err("both names are the same".to_string()) } else { Ok(Decision::Split(a, b)) }
        }
        other => Err(format!("`{other}` is no decision: a line begins with `merge` or `split`")),
    }
}

fn read_name(text: &str) -> Result<Named, String> {
    let text = text.trim();
    let (name, code) = match text.strip_suffix(']').and_then(|t| t.rsplit_once('[')) {
        Some((name, code)) => (name.trim(), Some(code.trim().to_string())),
        None => (text, None),
    };
    let folded = fold(name);
    if folded.is_empty() { Err(format!("`{text}` is no name")) } else { Ok(Named { folded, code }) }
}

fn contradicts(a: &Decision, b: &Decision) -> bool {
    match (a, b) {
        (Decision::Merge(x, y), Decision::Split(p, q)) | (Decision::Split(p, q), Decision::Merge(x, y)) => {
            (x, y) == (p, q) || (x, y) == (q, p)
        }
        _ => false,
    }
}

fn split_document(doc: &mut CodedDocument, a: &Named, b: &Named) {
    let both = |x: &DocActor| a.of(x) && x.names.iter().any(|n| b.is(n));
    let Some(old) = doc.doc_actors.iter().position(both) else { return };
    let new = doc.doc_actors.len() as u32;
    let mut other = doc.doc_actors[old].clone();
    other.names.retain(|n| b.is(n));
    other.name = other.names[0].clone();
    other.table_id = None;
    other.wikidata_id = None;
    other.offices.clear();
    other.basis = "split by decision".to_string();
    let kept = &mut doc.doc_actors[old];
    kept.names.retain(|n| !b.is(n));
    if b.is(&kept.name) {
        kept.name = kept.names.first().cloned().unwrap_or_default();
    }
    doc.doc_actors.push(other);
    let old = old as u32;
    let text = &doc.annotated.article.text;
    let prints =
        |span: polybius_text::Span| format!(" {} ", fold(span.of(text))).contains(&format!(" {} ", b.folded));
    let mut moved = vec![false; doc.mentions.len()];
    for (m, moved) in doc.mentions.iter_mut().zip(&mut moved) {
        if m.kind == MentionKind::Named && prints(m.span) {
            for actor in m.actors.iter_mut().filter(|x| **x == old) {
                *actor = new;
                *moved = true;
            }
        }
    }
    for e in &mut doc.events {
        for p in e.actors.iter_mut().chain(&mut e.recipients) {
            let rests = p.mention.map_or_else(|| prints(p.span), |m| moved.get(m as usize) == Some(&true));
            if p.actor == old && rests {
                p.actor = new;
            }
        }
        for x in e.attribution.iter_mut().filter(|x| x.actor == Some(old)) {
            if prints(x.span) {
                x.actor = Some(new);
            }
        }
    }
    for q in doc.quotes.iter_mut().filter(|q| q.speaker == Some(old)) {
        if q.speaker_span.is_some_and(&prints) {
            q.speaker = Some(new);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Decisions, String> {
        Decisions::parse(text, Path::new("actors.txt")).map_err(|e| e.to_string())
    }

    #[test]
    fn notes_and_blank_lines_are_no_decisions() {
        let read =
            parse("# who is who\n\nmerge Ann Lee = Anne Li  # one spelling\nsplit Lee / Leigh [KOR]\n");
        assert_eq!(read.expect("good lines").lines.len(), 2);
    }

    #[test]
    fn a_bad_line_is_named_with_file_and_line() {
        assert_eq!(
            parse("# x\njoin A = B").unwrap_err(),
            "actors.txt:2: `join` is no decision: a line begins with `merge` or `split`"
        );
        assert_eq!(parse("merge A B").unwrap_err(), "actors.txt:1: a merge reads `merge NAME = NAME`");
        assert_eq!(
            parse("merge A = B\nsplit B / A").unwrap_err(),
            "actors.txt:2: says the contrary of line 1"
        );
    }
}
