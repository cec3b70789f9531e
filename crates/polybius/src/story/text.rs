//! A story on the terminal.

mod claims;
mod people;

use crate::days;
use crate::table::{Column, Table};
use crate::term::{Style, Text, shortened};
use polybius_view::story::view::*;

/// Without `--all`: documents with their reasons, claims, speakers, utterances a speaker, moments, names, edges.
const DOCUMENTS: usize = 16;
const CLAIMS: usize = 20;
const SPEAKERS: usize = 8;
const UTTERANCES: usize = 3;
const MOMENTS: usize = 24;
const NAMES: usize = 12;
const EDGES: usize = 12;
/// Columns of what happened on the time line.
const MOMENT: usize = 150;
/// Left-out claims that are named for each document.
const LEFT_OUT: usize = 5;
/// Lines of prose are not longer than this, however wide the terminal is.
const PROSE: usize = 112;

/// All sections, in at most `width` columns.
pub fn lines(view: &StoryView, store: &str, all: bool, width: usize) -> Vec<Text> {
    let mut page = Page { view, all, width, lines: Vec::new() };
    page.head();
    page.brief();
    page.documents();
    page.claims();
    page.conflicts();
    page.timeline();
    page.quotes();
    page.left_out();
    page.network();
    page.names();
    page.neighbours();
    page.foot(store);
    page.lines
}

struct Page<'a> {
    view: &'a StoryView,
    all: bool,
    width: usize,
    lines: Vec<Text>,
}

impl Page<'_> {
    fn prose(&self) -> usize {
        self.width.min(PROSE)
    }

    fn take(&self, most: usize, there: usize) -> usize {
        if self.all { there } else { most.min(there) }
    }

    fn heading(&mut self, title: &str, note: &str) {
        self.lines.push(Text::new());
        let mut line = Text::styled(Style::Strong, &title.to_uppercase());
        if !note.is_empty() {
            line.push(Style::Faint, &format!(" · {note}"));
        }
        self.lines.extend(line.wrapped(self.width));
    }

    fn more(&mut self, shown: usize, there: usize, what: &str) {
        if there > shown {
            let note = format!("… {} more: --all shows all {what}", there - shown);
            let note = Text::styled(Style::Faint, &note);
            self.lines.extend(note.hanging(&Text::blank(2), self.width));
        }
    }

    fn head(&mut self) {
        let v = self.view;
        let title = days::without_end(&v.title, v.date_start.as_deref(), v.date_end.as_deref());
        self.lines.extend(Text::styled(Style::Strong, title).wrapped(self.prose()));
        let when = days::range(v.date_start.as_deref(), v.date_end.as_deref());
        let when = if when.is_empty() { "no date".to_string() } else { when };
        let facts = format!(
            "{when} · {} / {} · story {} ",
            days::count(v.n_documents, "document", "documents"),
            days::count(v.n_origins, "origin", "origins"),
            v.number,
        );
        self.lines.extend(Text::plain(&facts).with(Style::Faint, &v.story_id).wrapped(self.width));
    }

    fn brief(&mut self) {
        if self.view.brief.is_empty() {
            return;
        }
        self.heading("In brief", "corroborated claims only");
        let mut text = Text::new();
        for &c in &self.view.brief {
            let claim = &self.view.claims[c];
            if !text.is_empty() {
                text.push(Style::Plain, " ");
            }
            text.push(Style::Plain, claim.claim.trim());
            text.push(Style::Faint, &format!(" [{}]", claim.number));
        }
        let width = self.prose() - 2;
        self.lines.extend(text.wrapped(width).into_iter().map(|l| l.indented(2)));
    }

    fn documents(&mut self) {
        self.heading("Documents", "one letter under “origin” is one witness");
        let mut table = Table::new(vec![
            Column::new(""),
            Column::new("origin"),
            Column::new("outlet").wraps(12),
            Column::new("published").wraps(11),
            Column::new("flags").wraps(12),
            Column::new("words").right().only_from(96),
            Column::new("title").wraps(20).only_from(72),
        ])
        .indented(2);
        for d in &self.view.documents {
            let flags = d.flags.iter().map(|f| f.flag.replace('_', " ")).collect::<Vec<_>>().join(", ");
            table.row(vec![
                Text::styled(Style::Key, &d.label),
                Text::plain(&d.origin),
                outlet(d),
                published(d),
                Text::styled(Style::Warn, &flags),
                Text::plain(&d.n_words.to_string()),
                Text::plain(d.title.as_deref().unwrap_or("")),
            ]);
        }
        self.lines.extend(table.lines(self.width));
        self.lines.push(Text::new());
        let label_width = self.label_width();
        self.lines.push(Text::styled(Style::Faint, "why each is in").indented(2));
        let n = self.take(DOCUMENTS, self.view.documents.len());
        for d in &self.view.documents[..n] {
            let first = Text::blank(2).with(Style::Key, &d.label).padded(label_width + 4);
            let mut reasons = d.reasons.clone();
            if !d.origin_reason.is_empty() && d.origin_reason != "own text" {
                reasons.push(format!("origin: {}", d.origin_reason));
            }
            let text = if reasons.is_empty() { "the only document".to_string() } else { reasons.join("; ") };
            self.lines.extend(Text::plain(&text).hanging(&first, self.prose()));
        }
        self.more(n, self.view.documents.len(), "reasons");
    }

    fn label_width(&self) -> usize {
        self.view.documents.iter().map(|d| Text::plain(&d.label).width()).max().unwrap_or(0)
    }

    fn timeline(&mut self) {
        let moments: Vec<&MomentView> = self
            .view
            .timeline
            .iter()
            .filter(|m| self.all || m.date_start.is_some() || m.date_end.is_some())
            .collect();
        if moments.is_empty() {
            return;
        }
        self.heading("Timeline", "● happened  ○ planned  ◌ possible  ← background  ✗ negated or denied");
        let n = self.take(MOMENTS, moments.len());
        let mut table = Table::new(vec![
            Column::new("").wraps(13),
            Column::new(""),
            Column::new("").wraps(24),
            Column::new("").wraps(7),
        ])
        .indented(2);
        for m in &moments[..n] {
            let when = days::range(m.date_start.as_deref(), m.date_end.as_deref());
            let (mark, style) = if m.polarity == "affirmed" {
                match m.mode.as_str() {
                    "planned" => ("○", Style::Warn),
                    "possible" => ("◌", Style::Faint),
                    "background" => ("←", Style::Faint),
                    _ => ("●", Style::Plain),
                }
            } else {
                ("✗", Style::Bad)
            };
            let all_of_it = m.what.trim();
            let mut what =
                if self.all { Text::plain(all_of_it) } else { Text::plain(&shortened(all_of_it, MOMENT)) };
            let mut notes = Vec::new();
            if m.mode != "happened" {
                notes.push(m.mode.clone());
            }
            if m.polarity != "affirmed" {
                notes.push(m.polarity.clone());
            }
            if !m.other_dates.is_empty() {
                notes.push(format!("or {}", m.other_dates.join("; ")));
            }
            if !notes.is_empty() {
                what.push(style, &format!(" ({})", notes.join("; ")));
            }
            let when =
                if when.is_empty() { Text::styled(Style::Faint, "no date") } else { Text::plain(&when) };
            table.row(vec![
                when,
                Text::styled(style, mark),
                what,
                Text::styled(Style::Key, &self.view.labels(&m.documents)),
            ]);
        }
        self.lines.extend(table.lines(self.width.min(PROSE + 28)));
        self.more(n, self.view.timeline.len(), "moments, without a date too");
    }

    fn left_out(&mut self) {
        let v = self.view;
        if v.left_out.iter().all(|l| l.claims.is_empty()) {
            return;
        }
        self.heading("What each leaves out", "claims of two or more others; silence is not denial");
        let label = self.label_width();
        for l in v.left_out.iter().filter(|l| !l.claims.is_empty()) {
            let shown = if self.all { l.claims.len() } else { LEFT_OUT.min(l.claims.len()) };
            for (n, &c) in l.claims[..shown].iter().enumerate() {
                let first = Text::blank(2)
                    .with(Style::Key, if n == 0 { &v.documents[l.document].label } else { "" })
                    .padded(label + 3)
                    .with(Style::Faint, &format!("{:>4} ", v.claims[c].number));
                let room = (self.prose().saturating_sub(label + 8)).max(20);
                let claim = shortened(v.claims[c].claim.trim(), room * 2);
                self.lines.extend(Text::plain(&claim).hanging(&first, self.prose()));
            }
            if l.claims.len() > shown {
                let note = format!("… {} more", l.claims.len() - shown);
                self.lines.push(Text::styled(Style::Faint, &note).indented(label + 8));
            }
        }
    }

    fn neighbours(&mut self) {
        let v = self.view;
        if !v.see_also.is_empty() {
            self.heading("See also", "");
            for l in &v.see_also {
                let first = Text::blank(2).with(Style::Key, &l.number.to_string()).with(Style::Plain, "  ");
                let text = Text::plain(&l.title).with(
                    Style::Faint,
                    &format!(" ({}: {})", l.kind.replace('_', " "), l.reasons.join("; ")),
                );
                self.lines.extend(text.hanging(&first, self.prose()));
            }
        }
        let near: Vec<&NearMissView> =
            v.near_misses.iter().take(if self.all { usize::MAX } else { 3 }).collect();
        if !near.is_empty() {
            self.heading("Kept apart", "documents that came near, and what kept them out");
            for m in near {
                let name = m.path.rsplit('/').next().unwrap_or(&m.path);
                let mut text = Text::styled(Style::Key, name);
                if let Some(story) = m.story {
                    text.push(Style::Plain, &format!(" (story {story})"));
                }
                text.push(Style::Plain, &format!(": {}", m.reasons.join("; ")));
                self.lines.extend(text.hanging(&Text::blank(2), self.prose()));
            }
        }
    }

    fn foot(&mut self, store: &str) {
        self.lines.push(Text::new());
        let n = self.view.number;
        let hint = format!(
            "page: polybius story {n} --store {store} --html story.html · events: polybius events --store {store} --story {n}"
        );
        self.lines.extend(Text::styled(Style::Faint, &hint).wrapped(self.width));
    }
}

fn outlet(d: &DocumentView) -> Text {
    match (&d.outlet, &d.agency) {
        (Some(o), Some(a)) if o != a => Text::plain(&format!("{o} ({a})")),
        (Some(o), _) | (None, Some(o)) => Text::plain(o),
        (None, None) => Text::styled(Style::Faint, "not stated"),
    }
}

fn published(d: &DocumentView) -> Text {
    match &d.published_at {
        None => Text::styled(Style::Faint, "no date"),
        Some(day) => {
            let end = match d.published_precision.as_str() {
                "day" | "" => day.clone(),
                _ => return Text::plain(&format!("{day} ({})", d.published_precision)),
            };
            Text::plain(&days::range(Some(day), Some(&end)))
        }
    }
}

fn named(name: &str, code: &str) -> Text {
    let text = Text::styled(Style::Strong, name);
    if code.is_empty() || code == name { text } else { text.with(Style::Faint, &format!(" {code}")) }
}
