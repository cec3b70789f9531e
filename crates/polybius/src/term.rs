//! Text for a terminal: how wide it is, with colour or without, styled runs that wrap.

use polybius_view::clean;
use std::io::{self, IsTerminal, Write};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// `println!` for a reader that may have gone (`polybius ... | head`): then there is nobody to tell, and no failure.
macro_rules! say {
    ($($arg:tt)*) => {{
        use std::io::Write as _;
        let _ = writeln!(std::io::stdout(), $($arg)*);
    }};
}
pub(crate) use say;

/// Columns of an output that is no terminal and has no `COLUMNS`.
const PIPE_WIDTH: usize = 100;

/// Where the text goes.
#[derive(Debug, Clone, Copy)]
pub struct Terminal {
    /// Columns.
    pub width: usize,
    /// Whether styles are written as escape sequences.
    pub colour: bool,
}

impl Terminal {
    /// Standard output: `COLUMNS` goes before the terminal's own width; colour only on a terminal and without `NO_COLOR`.
    pub fn of_stdout() -> Terminal {
        let set = |name: &str| std::env::var_os(name).is_some_and(|v| !v.is_empty());
        let columns = std::env::var("COLUMNS").ok().and_then(|c| c.trim().parse::<usize>().ok());
        let own = terminal_size::terminal_size_of(io::stdout()).map(|(w, _)| usize::from(w.0));
        let dumb = std::env::var_os("TERM").is_some_and(|t| t == "dumb");
        Terminal {
            width: columns.or(own).unwrap_or(PIPE_WIDTH).clamp(40, 400),
            colour: io::stdout().is_terminal() && !set("NO_COLOR") && !dumb,
        }
    }

    /// Writes the lines; a reader that has gone is no failure.
    pub fn print(&self, lines: &[Text]) -> io::Result<()> {
        let mut out = io::BufWriter::new(io::stdout().lock());
        let mut written = || {
            for line in lines {
                writeln!(out, "{}", line.rendered(self.colour))?;
            }
            out.flush()
        };
        match written() {
            Err(e) if e.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            other => other,
        }
    }
}

/// What a run of text is; nothing needs colour to be understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Style {
    /// As it is.
    #[default]
    Plain,
    /// Headings, the words that count.
    Strong,
    /// What may be skipped.
    Faint,
    /// Agreement, cooperation.
    Good,
    /// Difference, doubt.
    Warn,
    /// Contradiction, conflict.
    Bad,
    /// Labels and ids that can be typed.
    Key,
}

impl Style {
    fn escape(self) -> &'static str {
        match self {
            Style::Plain => "",
            Style::Strong => "\x1b[1m",
            Style::Faint => "\x1b[2m",
            Style::Good => "\x1b[32m",
            Style::Warn => "\x1b[33m",
            Style::Bad => "\x1b[31m",
            Style::Key => "\x1b[36m",
        }
    }
}

/// Styled runs on one line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text {
    runs: Vec<(Style, String)>,
}

impl Text {
    /// An empty line.
    pub fn new() -> Text {
        Text::default()
    }

    /// One unstyled run.
    pub fn plain(text: &str) -> Text {
        Text::styled(Style::Plain, text)
    }

    /// One run.
    pub fn styled(style: Style, text: &str) -> Text {
        Text::new().with(style, text)
    }

    /// So many blanks.
    pub fn blank(columns: usize) -> Text {
        Text::raw(" ".repeat(columns))
    }

    /// One run exactly as it is: for lines that programs read.
    pub fn raw(line: String) -> Text {
        Text { runs: vec![(Style::Plain, line)] }
    }

    /// With a run added.
    pub fn with(mut self, style: Style, text: &str) -> Text {
        self.push(style, text);
        self
    }

    /// Adds a run. White space becomes single spaces and control characters vanish: pages may hold escape sequences.
    pub fn push(&mut self, style: Style, text: &str) {
        self.push_clean(style, clean(text));
    }

    fn push_clean(&mut self, style: Style, text: String) {
        if text.is_empty() {
            return;
        }
        match self.runs.last_mut() {
            Some((last, run)) if *last == style => run.push_str(&text),
            _ => self.runs.push((style, text)),
        }
    }

    /// Adds the runs of another text.
    pub fn extend(&mut self, other: &Text) {
        for (style, text) in &other.runs {
            self.push_clean(*style, text.clone());
        }
    }

    /// With the runs of another text added.
    pub fn joined(mut self, other: &Text) -> Text {
        self.extend(other);
        self
    }

    /// Whether there is nothing to see.
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// Columns that it takes.
    pub fn width(&self) -> usize {
        self.runs.iter().map(|(_, t)| t.width()).sum()
    }

    /// The characters without styles.
    #[cfg(test)]
    pub fn bare(&self) -> String {
        self.runs.iter().map(|(_, t)| t.as_str()).collect()
    }

    /// As it is written, without blanks at the end.
    fn rendered(&self, colour: bool) -> String {
        let mut out = String::new();
        for (style, text) in &self.runs {
            if colour && *style != Style::Plain {
                out.push_str(style.escape());
                out.push_str(text);
                out.push_str("\x1b[0m");
            } else {
                out.push_str(text);
            }
        }
        out.truncate(out.trim_end().len());
        out
    }

    /// Blanks added on the right up to a width.
    pub fn padded(mut self, width: usize) -> Text {
        let missing = width.saturating_sub(self.width());
        self.push_clean(Style::Plain, " ".repeat(missing));
        self
    }

    /// Blanks added on the left up to a width.
    pub fn right(self, width: usize) -> Text {
        let missing = width.saturating_sub(self.width());
        let mut out = Text::new();
        out.push_clean(Style::Plain, " ".repeat(missing));
        out.extend(&self);
        out
    }

    /// Moved to the right by so many columns.
    pub fn indented(self, columns: usize) -> Text {
        let width = self.width() + columns;
        self.right(width)
    }

    /// Lines of at most `width` columns, broken at spaces; a word that is longer is broken anywhere.
    pub fn wrapped(&self, width: usize) -> Vec<Text> {
        let width = width.max(1);
        let mut lines = Vec::new();
        let mut line = Text::new();
        let mut used = 0;
        for word in self.words() {
            let len = word.width();
            if used > 0 && used + 1 + len > width {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            if used > 0 {
                // A space inside a stretch of one style belongs to it.
                let before = line.runs.last().map(|r| r.0);
                let after = word.runs.first().map(|r| r.0);
                let style = before.filter(|_| before == after).unwrap_or_default();
                line.push_clean(style, " ".to_string());
                used += 1;
            }
            for (style, text) in &word.runs {
                for c in text.chars() {
                    let columns = c.width().unwrap_or(0);
                    if used > 0 && used + columns > width {
                        lines.push(std::mem::take(&mut line));
                        used = 0;
                    }
                    line.push_clean(*style, c.to_string());
                    used += columns;
                }
            }
        }
        if !line.is_empty() || lines.is_empty() {
            lines.push(line);
        }
        lines
    }

    /// Lines with `first` before the first of them and blanks before the others.
    pub fn hanging(&self, first: &Text, width: usize) -> Vec<Text> {
        let indent = first.width();
        let body = self.wrapped(width.saturating_sub(indent).max(8));
        body.into_iter()
            .enumerate()
            .map(|(n, line)| {
                if n == 0 {
                    let mut out = first.clone();
                    out.extend(&line);
                    out
                } else {
                    line.indented(indent)
                }
            })
            .collect()
    }

    /// Stretches between spaces; one may hold several runs.
    fn words(&self) -> Vec<Text> {
        let mut words = Vec::new();
        let mut word = Text::new();
        for (style, text) in &self.runs {
            let mut pieces = text.split(' ');
            if let Some(first) = pieces.next() {
                word.push_clean(*style, first.to_string());
            }
            for piece in pieces {
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
                word.push_clean(*style, piece.to_string());
            }
        }
        if !word.is_empty() {
            words.push(word);
        }
        words
    }
}

/// At most `width` columns, with an ellipsis where something is cut.
pub fn shortened(text: &str, width: usize) -> String {
    let text = clean(text);
    let text = text.trim();
    if text.width() <= width {
        return text.to_string();
    }
    let mut out = String::new();
    let mut used = 0;
    for c in text.chars() {
        let columns = c.width().unwrap_or(0);
        if used + columns + 1 > width {
            break;
        }
        used += columns;
        out.push(c);
    }
    format!("{}…", out.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_wraps_at_spaces_and_breaks_only_what_is_longer_than_the_line() {
        let text = Text::plain("The two ").with(Style::Strong, "Koreas agreed").with(Style::Plain, ".");
        let lines: Vec<String> = text.wrapped(11).iter().map(Text::bare).collect();
        assert_eq!(lines, ["The two", "Koreas", "agreed."]);
        let long: Vec<String> =
            Text::plain("a https://x.org/very-long").wrapped(8).iter().map(Text::bare).collect();
        assert_eq!(long, ["a", "https://", "x.org/ve", "ry-long"]);
    }

    #[test]
    fn escape_sequences_of_a_page_do_not_reach_the_terminal() {
        assert_eq!(clean("a\x1b[31mb\r\n\u{202e}c"), "a[31mb c");
    }

    #[test]
    fn wide_characters_take_two_columns() {
        assert_eq!(Text::plain("板門店").width(), 6);
        assert_eq!(shortened("板門店宣言", 7), "板門店…");
    }

    #[test]
    fn without_colour_nothing_but_the_words_is_written() {
        let text = Text::styled(Style::Bad, "denied").padded(10);
        assert_eq!(text.rendered(false), "denied");
        assert!(text.rendered(true) == "\x1b[31mdenied\x1b[0m");
        let wrapped = Text::styled(Style::Bad, "is denied").wrapped(20);
        assert_eq!(wrapped[0].rendered(true), "\x1b[31mis denied\x1b[0m");
    }
}
