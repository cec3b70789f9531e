//! A sentence with signs under the stretches that count.

use crate::term::{Style, Text};
use std::collections::BTreeSet;
use unicode_width::UnicodeWidthChar;

/// A stretch of the text and the sign that is drawn under it.
#[derive(Debug, Clone, Copy)]
pub struct Mark {
    pub start: u32,
    pub end: u32,
    pub sign: char,
}

/// The text from `start` to `end` in lines of at most `width` columns, each with its signs below, and the signs used. Where
/// marks overlap, the first in the list is drawn.
pub fn underlined(
    text: &str,
    start: u32,
    end: u32,
    marks: &[Mark],
    width: usize,
) -> (Vec<Text>, BTreeSet<char>) {
    let Some(sentence) = text.get(start as usize..end as usize) else { return (Vec::new(), BTreeSet::new()) };
    let mut rows: Vec<Vec<(char, usize)>> = Vec::new();
    let mut row: Vec<(char, usize)> = Vec::new();
    for word in words(sentence) {
        let len = columns(&word);
        if !row.is_empty() && columns(&row) + len > width {
            rows.push(std::mem::take(&mut row));
        }
        row.extend(word);
    }
    rows.push(row);
    let mut used = BTreeSet::new();
    let mut lines = Vec::new();
    for row in rows {
        let mut line = Text::new();
        let mut below = String::new();
        for (c, at) in row {
            let at = start + at as u32;
            let mark = marks.iter().find(|m| m.start <= at && at < m.end).map(|m| m.sign);
            line.push(if mark.is_some() { Style::Strong } else { Style::Plain }, &c.to_string());
            below.extend(std::iter::repeat_n(mark.unwrap_or(' '), c.width().unwrap_or(0)));
            used.extend(mark);
        }
        lines.push(line);
        if !below.trim().is_empty() {
            lines.push(Text::raw(below.trim_end().to_string()));
        }
    }
    (lines, used)
}

/// Words with the blank behind them; every kind of white space is one blank, other control characters vanish.
fn words(sentence: &str) -> Vec<Vec<(char, usize)>> {
    let mut words: Vec<Vec<(char, usize)>> = vec![Vec::new()];
    for (at, c) in sentence.char_indices() {
        let last = words.last_mut().expect("one is always there");
        if c.is_whitespace() {
            if last.last().is_some_and(|(c, _)| *c != ' ') {
                last.push((' ', at));
                words.push(Vec::new());
            }
        } else if !polybius_view::clean(&c.to_string()).is_empty() {
            last.push((c, at));
        }
    }
    words
}

fn columns(letters: &[(char, usize)]) -> usize {
    letters.iter().map(|(c, _)| c.width().unwrap_or(0)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_stand_under_the_words() {
        let text = "x Moon met\nKim today.";
        let marks = [
            Mark { start: 7, end: 10, sign: '^' },
            Mark { start: 2, end: 6, sign: 'a' },
            Mark { start: 11, end: 14, sign: 'r' },
        ];
        let (lines, used) = underlined(text, 2, text.len() as u32, &marks, 40);
        let shown: Vec<String> = lines.iter().map(Text::bare).collect();
        assert_eq!(shown, ["Moon met Kim today.", "aaaa ^^^ rrr"]);
        assert_eq!(used.len(), 3);
        let narrow = underlined(text, 2, text.len() as u32, &marks, 9).0;
        let shown: Vec<String> = narrow.iter().map(Text::bare).collect();
        assert_eq!(shown, ["Moon met ", "aaaa ^^^", "Kim ", "rrr", "today."]);
    }
}
