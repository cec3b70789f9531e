//! Who speaks, who acts, and under which names, on the terminal.

use super::{EDGES, NAMES, PROSE, Page, SPEAKERS, UTTERANCES, named};
use crate::table::{Column, Table};
use crate::term::{Style, Text};
use polybius_view::story::view::*;

impl Page<'_> {
    pub(super) fn quotes(&mut self) {
        let v = self.view;
        if v.speakers.is_empty() {
            return;
        }
        self.heading(
            "Who is quoted",
            "renderings of one utterance stand together; what only one has is marked",
        );
        let n = self.take(SPEAKERS, v.speakers.len());
        for s in &v.speakers[..n] {
            let mut line = Text::styled(Style::Strong, s.name.as_deref().unwrap_or("speaker not named"));
            if !s.code.is_empty() {
                line.push(Style::Faint, &format!(" {}", s.code));
            }
            self.lines.extend(line.hanging(&Text::blank(2), self.prose()));
            let shown = self.take(UTTERANCES, s.utterances.len());
            for u in &s.utterances[..shown] {
                for (i, (r, times)) in once(&u.renderings).into_iter().enumerate() {
                    let lead = if i == 0 { "“ " } else { "= " };
                    let first = Text::blank(2)
                        .with(Style::Faint, lead)
                        .with(Style::Key, &r.span.label)
                        .padded(self.label_width() + 6);
                    self.lines.extend(rendering(r, times).hanging(&first, self.prose()));
                }
            }
            if s.utterances.len() > shown {
                let note = format!("… {} more", s.utterances.len() - shown);
                self.lines.push(Text::styled(Style::Faint, &note).indented(4));
            }
        }
        self.more(n, v.speakers.len(), "speakers");
    }

    pub(super) fn names(&mut self) {
        let v = self.view;
        let names: Vec<&NameView> =
            v.names.iter().filter(|n| self.all || n.variants.len() > 1 || !n.reasons.is_empty()).collect();
        if names.is_empty() {
            return;
        }
        self.heading("Names", "how the documents write each, and why those are one");
        let n = self.take(NAMES, names.len());
        for name in &names[..n] {
            let mut line = named(&name.name, &name.code);
            if let Some(office) = name.offices.first() {
                line.push(Style::Plain, &format!(", {office}"));
            }
            line.push(Style::Plain, ": ");
            for (i, variant) in name.variants.iter().enumerate() {
                if i > 0 {
                    line.push(Style::Plain, ", ");
                }
                line.push(Style::Plain, &variant.text);
                line.push(Style::Key, &format!(" {}", v.labels(&variant.documents)));
            }
            let mut rows = line.wrapped(self.prose() - 4).into_iter();
            self.lines.extend(rows.next().map(|l| l.indented(2)));
            self.lines.extend(rows.map(|l| l.indented(4)));
            if !name.reasons.is_empty() {
                let reasons = Text::styled(Style::Faint, &name.reasons.join("; "));
                self.lines.extend(reasons.hanging(&Text::blank(4), self.prose()));
            }
        }
        self.more(n, v.names.len(), "names");
    }

    pub(super) fn network(&mut self) {
        let v = self.view;
        if v.network.is_empty() {
            return;
        }
        self.heading("Who to whom", "+ cooperation  - conflict; weight is origins");
        let n = self.take(EDGES, v.network.len());
        let mut table = Table::new(vec![
            Column::new(""),
            Column::new("").wraps(24),
            Column::new("").wraps(10),
            Column::new("origins").right(),
            Column::new("documents").wraps(7),
        ])
        .indented(2);
        for e in &v.network[..n] {
            let style = if e.sign == '-' { Style::Bad } else { Style::Good };
            let arrow = if e.mutual { " ↔ " } else { " → " };
            let mut types = Text::plain(&e.event_types.join(", "));
            if e.background || e.planned {
                types.push(Style::Faint, if e.background { " background" } else { " planned" });
            }
            table.row(vec![
                Text::styled(style, &e.sign.to_string()),
                named(&e.from, &e.from_code).with(Style::Faint, arrow).joined(&named(&e.to, &e.to_code)),
                types,
                Text::plain(&e.n_origins.to_string()),
                Text::styled(Style::Key, &v.labels(&e.documents)),
            ]);
        }
        self.lines.extend(table.lines(self.width.min(PROSE + 28)));
        self.more(n, v.network.len(), "pairs");
    }
}

/// Renderings that one document gives in the same words once, with how often it does.
fn once(renderings: &[RenderingView]) -> Vec<(&RenderingView, usize)> {
    let mut out: Vec<(&RenderingView, usize)> = Vec::new();
    for r in renderings {
        match out.iter_mut().find(|(o, _)| o.span.document == r.span.document && o.span.text == r.span.text) {
            Some((_, times)) => *times += 1,
            None => out.push((r, 1)),
        }
    }
    out
}

fn rendering(r: &RenderingView, times: usize) -> Text {
    let words = &r.span.text;
    let (open, close) = if r.kind == "direct" { ("“", "”") } else { ("", "") };
    let mut text = Text::plain(open);
    let mut at = 0;
    for &(start, end) in &r.differs {
        if let (Some(before), Some(own)) = (words.get(at..start), words.get(start..end)) {
            text.push(Style::Plain, before);
            text.push(Style::Warn, own);
            at = end;
        }
    }
    text.push(Style::Plain, words.get(at..).unwrap_or(""));
    text.push(Style::Plain, close);
    text.push(Style::Faint, &format!(" {}", r.kind));
    if !r.cue.is_empty() {
        text.push(Style::Faint, &format!(", “{}”", format!("{} {}", r.speaker_text, r.cue).trim()));
    }
    if times > 1 {
        text.push(Style::Faint, &format!(", {times} times"));
    }
    text
}
