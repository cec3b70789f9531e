//! CoNLL-U: writing readings, and reading gold tokens (universaldependencies.org/format.html).

use std::fmt::Write;

use crate::lemma::settle;
use crate::model::Labels;
use crate::reader::SentenceReading;
use crate::tokens::Token;

/// One sentence of a CoNLL-U file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sentence {
    /// Comment lines with their `#`, in order.
    pub comments: Vec<String>,
    /// All other lines, in order.
    pub lines: Vec<Line>,
}

/// One line of a sentence: ten columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What the id says the line is.
    pub kind: LineKind,
    /// ID, FORM, LEMMA, UPOS, XPOS, FEATS, HEAD, DEPREL, DEPS, MISC.
    pub columns: [String; 10],
}

/// The kinds of lines, told by the id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineKind {
    /// A word ("3"): what the reader reads.
    Word,
    /// A multiword token ("3-4").
    Range,
    /// An empty node ("3.1").
    Empty,
}

/// A line that is not CoNLL-U.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("line {line}: {problem}")]
pub struct ConlluError {
    /// 1-based.
    pub line: usize,
    /// What is wrong.
    pub problem: String,
}

/// Reads all sentences of a CoNLL-U text. Missing columns become `_`.
///
/// # Errors
/// If a line has no tab, or its id is no number, range or empty node, or word ids do not count up from 1.
pub fn read(text: &str) -> Result<Vec<Sentence>, ConlluError> {
    let mut sentences = Vec::new();
    let mut sentence = Sentence::default();
    let mut n_words = 0;
    for (i, line) in text.lines().enumerate() {
        let error = |problem: String| ConlluError { line: i + 1, problem };
        let line = line.strip_suffix('\r').unwrap_or(line);
        if line.trim().is_empty() {
            if !sentence.lines.is_empty() {
                sentences.push(std::mem::take(&mut sentence));
                n_words = 0;
            }
        } else if line.starts_with('#') {
            sentence.comments.push(line.to_owned());
        } else {
            let mut columns: [String; 10] = std::array::from_fn(|_| "_".to_owned());
            let fields: Vec<&str> = line.split('\t').collect();
            if fields.len() < 2 {
                return Err(error("expected columns with tabs between".to_owned()));
            }
            for (column, field) in columns.iter_mut().zip(fields) {
                *column = field.to_owned();
            }
            let kind = line_kind(&columns[0]).ok_or_else(|| error(format!("`{}` is no id", columns[0])))?;
            if kind == LineKind::Word {
                n_words += 1;
                if columns[0] != n_words.to_string() {
                    return Err(error(format!("id `{}` where {n_words} comes next", columns[0])));
                }
            }
            sentence.lines.push(Line { kind, columns });
        }
    }
    if !sentence.lines.is_empty() {
        sentences.push(sentence);
    }
    Ok(sentences)
}

fn line_kind(id: &str) -> Option<LineKind> {
    let number = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    if number(id) {
        return Some(LineKind::Word);
    }
    let (kind, (a, b)) = match id.split_once('-') {
        Some(pair) => (LineKind::Range, pair),
        None => (LineKind::Empty, id.split_once('.')?),
    };
    (number(a) && number(b)).then_some(kind)
}

impl Sentence {
    /// The forms of the words, for [`Reader::read`](crate::Reader::read).
    pub fn forms(&self) -> Vec<&str> {
        self.words().map(|line| line.columns[1].as_str()).collect()
    }

    /// The word lines, in order.
    pub fn words(&self) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(|line| line.kind == LineKind::Word)
    }

    /// Puts a reading into the word lines. Comments, ids, ranges, FEATS and MISC stay as they are (the
    /// entity tag is added to MISC as `NER=`); DEPS is emptied.
    ///
    /// # Panics
    /// If the reading has another number of words.
    pub fn fill(&mut self, reading: &SentenceReading, labels: &Labels) {
        let mut words = reading.words.iter();
        for line in self.lines.iter_mut().filter(|line| line.kind == LineKind::Word) {
            let word = words.next().expect("a reading for every word");
            let columns = &mut line.columns;
            columns[2] = clean(&settle(&columns[1], &labels.xpos[usize::from(word.xpos)], &word.lemma));
            columns[3] = labels.upos[usize::from(word.upos)].clone();
            columns[4] = labels.xpos[usize::from(word.xpos)].clone();
            columns[6] = word.head.to_string();
            columns[7] = labels.rel[usize::from(word.rel)].clone();
            columns[8] = "_".to_owned();
            let tag = &labels.ner[usize::from(word.ner)];
            let others = columns[9].split('|').filter(|m| *m != "_" && !m.starts_with("NER="));
            let mut misc: Vec<&str> = others.collect();
            let ner = format!("NER={tag}");
            if tag != "O" {
                misc.push(&ner);
            }
            columns[9] = if misc.is_empty() { "_".to_owned() } else { misc.join("|") };
        }
        assert!(words.next().is_none(), "a word for every reading");
    }

    /// Makes the lines of a tokenised sentence, ranges of multiword tokens included; fill it with a reading.
    pub fn from_tokens(text: &str, tokens: &[Token]) -> Sentence {
        let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut sentence = Sentence { comments: vec![format!("# text = {one_line}")], lines: Vec::new() };
        for (i, token) in tokens.iter().enumerate() {
            let n_more = tokens[i + 1..].iter().take_while(|t| t.continues_word).count();
            let space = |token: &Token| if token.space_after { "_" } else { "SpaceAfter=No" };
            let mut line = |kind, id: String, form: &str, misc: &str| {
                let mut columns: [String; 10] = std::array::from_fn(|_| "_".to_owned());
                (columns[0], columns[1], columns[9]) = (id, clean(form), misc.to_owned());
                sentence.lines.push(Line { kind, columns });
            };
            if n_more > 0 && !token.continues_word {
                let last = &tokens[i + n_more];
                let form = &text[token.start..last.end];
                line(LineKind::Range, format!("{}-{}", i + 1, i + 1 + n_more), form, space(last));
            }
            let in_range = token.continues_word || n_more > 0;
            line(
                LineKind::Word,
                (i + 1).to_string(),
                &text[token.start..token.end],
                if in_range { "_" } else { space(token) },
            );
        }
        sentence
    }

    /// Appends the lines and the blank line after them.
    pub fn write(&self, out: &mut String) {
        for comment in &self.comments {
            out.push_str(comment);
            out.push('\n');
        }
        for line in &self.lines {
            writeln!(out, "{}", line.columns.join("\t")).expect("writing to a string cannot fail");
        }
        out.push('\n');
    }
}

/// A column holds no tab and no line break, and is never empty.
fn clean(text: &str) -> String {
    let text: String = text.chars().map(|c| if matches!(c, '\t' | '\n' | '\r') { ' ' } else { c }).collect();
    if text.is_empty() { "_".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_ranges_and_empty_nodes_survive() {
        let text = "# sent_id = 1\n1-2\tdon't\t_\t_\t_\t_\t_\t_\t_\tX=1\n1\tdo\tdo\tAUX\tVBP\t_\t0\troot\t_\t_\n\
                    2\tn't\tnot\tPART\tRB\t_\t1\tadvmod\t_\t_\n2.1\tgo\t_\t_\t_\t_\t_\t_\t_\t_\n\n";
        let sentences = read(text).expect("CoNLL-U");
        assert_eq!(sentences[0].forms(), ["do", "n't"]);
        let mut out = String::new();
        sentences[0].write(&mut out);
        assert_eq!(out, text);
        assert_eq!(read("2\tx\n").expect_err("ids count up").line, 1);
        assert!(read("x").is_err());
    }

    #[test]
    fn tokens_become_lines() {
        let text = "I can’t go.";
        let mut out = String::new();
        Sentence::from_tokens(text, &crate::tokenize(text)).write(&mut out);
        let short: Vec<String> = out
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .map(|line| line.replace("\t_", ""))
            .collect();
        assert_eq!(short, ["1\tI", "2-3\tcan’t", "2\tca", "3\tn’t", "4\tgo\tSpaceAfter=No", "5\t."]);
    }
}
