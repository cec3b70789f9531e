//! Claims and conflicts on the terminal.

use super::{CLAIMS, Page};
use crate::days;
use crate::term::{Style, Text, shortened};
use polybius_view::story::view::*;

impl Page<'_> {
    pub(super) fn claims(&mut self) {
        let v = self.view;
        if v.claims.is_empty() {
            return;
        }
        self.heading("Claims", &tally(&v.claims));
        let n = self.take(CLAIMS, v.claims.len());
        let label = self.label_width();
        // Words in the cells where there is room for them, signs alone where there is not, a list where there is none.
        let grid = |cell: usize| v.documents.len() * (cell + 1);
        if grid(9) + 80 <= self.width {
            self.claim_grid(n, 9.max(label), true);
        } else if v.documents.len() > 1 && grid(label.max(3)) + 44 <= self.width {
            self.claim_grid(n, label.max(3), false);
        } else {
            self.claim_list(n);
        }
        self.more(n, v.claims.len(), "claims");
    }

    fn claim_grid(&mut self, n: usize, cell: usize, words: bool) {
        let v = self.view;
        let columns = v.documents.len() * (cell + 1);
        let aside = if self.width >= columns + 100 { 36 } else { 0 };
        let text_width = (self.width - columns - 6 - aside).min(92);
        if !words {
            self.lines.extend(legend().wrapped(self.width - 2).into_iter().map(|l| l.indented(2)));
        }
        let mut head = Text::new().padded(6 + text_width);
        for d in &v.documents {
            head.push(Style::Plain, " ");
            head.extend(&centred(Text::styled(Style::Key, &d.label), cell, words));
        }
        self.lines.push(head);
        for claim in &v.claims[..n] {
            let first = Text::styled(Style::Faint, &claim.number.to_string()).right(4).padded(6);
            let mut text = Text::plain(claim.claim.trim()).wrapped(text_width);
            if aside == 0 {
                text.extend(support(claim).wrapped(text_width));
            }
            for (i, line) in text.into_iter().enumerate() {
                let mut row = if i == 0 { first.clone() } else { Text::new().padded(6) };
                row.extend(&line);
                if i == 0 {
                    row = row.padded(6 + text_width);
                    for c in &claim.cells {
                        row.push(Style::Plain, " ");
                        let (sign, style) = sign(&c.stance);
                        let mark = if words { format!("{sign} {}", c.stance) } else { sign.to_string() };
                        row.extend(&centred(Text::styled(style, &mark), cell, words));
                    }
                    if aside > 0 {
                        row = row.joined(&Text::blank(2)).joined(&support(claim));
                    }
                }
                self.lines.push(row);
            }
            self.details(claim, text_width.max(self.prose() - 6));
        }
    }

    /// For many documents: who says so in words.
    fn claim_list(&mut self, n: usize) {
        let v = self.view;
        for claim in &v.claims[..n] {
            let first = Text::styled(Style::Faint, &claim.number.to_string()).right(4).padded(6);
            self.lines.extend(Text::plain(claim.claim.trim()).hanging(&first, self.prose()));
            // In a story of one document nothing is to be compared.
            if v.documents.len() == 1 && claim.verdict == "only-here" {
                continue;
            }
            let mut who = support(claim);
            for stance in ["states", "differs", "denies"] {
                let labels = cells_with(v, claim, stance);
                if !labels.is_empty() {
                    let (sign, style) = sign(stance);
                    who.push(Style::Plain, " · ");
                    who.push(style, &format!("{sign} {stance} "));
                    who.push(Style::Key, &labels);
                }
            }
            let silent = claim.cells.iter().filter(|c| c.stance == "silent").count();
            if silent > 0 {
                who.push(Style::Faint, &format!(" · silent: {silent}"));
            }
            let width = self.prose() - 6;
            self.lines.extend(who.wrapped(width).into_iter().map(|l| l.indented(6)));
            self.details(claim, width);
        }
    }

    /// What differs, once for all documents of which the same is to be said.
    fn details(&mut self, claim: &ClaimView, width: usize) {
        let mut said: Vec<(&str, &str, Vec<usize>)> = Vec::new();
        for c in claim.cells.iter().filter(|c| !c.detail.is_empty()) {
            match said.iter_mut().find(|s| (s.0, s.1) == (c.stance.as_str(), c.detail.as_str())) {
                Some(s) => s.2.push(c.document),
                None => said.push((&c.stance, &c.detail, vec![c.document])),
            }
        }
        for (stance, detail, documents) in said {
            let (sign, style) = sign(stance);
            let first = Text::blank(6)
                .with(style, &format!("{sign} {stance} "))
                .with(Style::Key, &self.view.labels(&documents))
                .with(Style::Plain, " ");
            self.lines.extend(Text::styled(Style::Faint, detail).hanging(&first, width + 6));
        }
    }

    pub(super) fn conflicts(&mut self) {
        let v = self.view;
        if v.conflicts.is_empty() {
            return;
        }
        self.heading("Conflicts", "hard: cannot both be true; soft: may fit together");
        for c in &v.conflicts {
            let (word, style) = if c.hard { ("hard", Style::Bad) } else { ("soft", Style::Warn) };
            let mut line = Text::styled(style, word).with(Style::Plain, " ").with(Style::Strong, &c.field);
            line.push(Style::Plain, &format!(": {}", c.reason));
            if let Some(claim) = c.claim {
                line.push(Style::Faint, &format!(" [{claim}]"));
            }
            self.lines.extend(line.hanging(&Text::blank(2), self.prose()));
            for value in &c.values {
                self.conflict_value(value);
            }
        }
    }

    /// The value with its first words, then the words of others; what one document repeats stands once.
    fn conflict_value(&mut self, value: &ValueView) {
        let mut seen: Vec<(usize, &str)> = Vec::new();
        for span in &value.spans {
            if seen.contains(&(span.document, span.text.as_str())) {
                continue;
            }
            let head = Text::blank(4).with(Style::Key, &span.label).padded(self.label_width() + 6);
            let mut text = Text::new();
            if seen.is_empty() && value.value != span.text {
                text.push(Style::Strong, &value.value);
                text.push(Style::Plain, " ");
            }
            text.push(Style::Plain, &format!("“{}”", shortened(&span.text, 160)));
            self.lines.extend(text.hanging(&head, self.prose()));
            seen.push((span.document, &span.text));
        }
    }
}

/// `12 claims: 5 corroborated, 1 contradicted, 6 only here`.
fn tally(claims: &[ClaimView]) -> String {
    let verdicts = ["corroborated", "differs", "contradicted", "self-inconsistent", "only-here"];
    let counts: Vec<String> = verdicts
        .iter()
        .filter_map(|v| {
            let n = claims.iter().filter(|c| c.verdict == *v).count();
            (n > 0).then(|| format!("{n} {v}"))
        })
        .collect();
    counts.join(", ")
}

fn legend() -> Text {
    let mut text = Text::new();
    for (n, stance) in ["states", "differs", "denies", "silent"].into_iter().enumerate() {
        let (sign, style) = sign(stance);
        text.push(Style::Faint, if n > 0 { " · " } else { "" });
        text.push(style, sign);
        text.push(Style::Faint, &format!(" {stance}"));
    }
    text
}

/// How a stance is drawn.
fn sign(stance: &str) -> (&'static str, Style) {
    match stance {
        "states" => ("●", Style::Good),
        "differs" => ("◐", Style::Warn),
        "denies" => ("✗", Style::Bad),
        _ => ("·", Style::Faint),
    }
}

/// `corroborated  4 docs / 1 origin`.
fn support(claim: &ClaimView) -> Text {
    let style = match claim.verdict.as_str() {
        "corroborated" => Style::Good,
        "differs" => Style::Warn,
        "contradicted" | "self-inconsistent" => Style::Bad,
        _ => Style::Faint,
    };
    let text = Text::styled(style, &claim.verdict);
    text.with(
        Style::Faint,
        &format!(
            " {} / {}",
            days::count(claim.n_documents as usize, "doc", "docs"),
            days::count(claim.n_origins as usize, "origin", "origins")
        ),
    )
}

fn cells_with(view: &StoryView, claim: &ClaimView, stance: &str) -> String {
    let documents: Vec<usize> =
        claim.cells.iter().filter(|c| c.stance == stance).map(|c| c.document).collect();
    view.labels(&documents)
}

/// Words on the left of their cell, signs in its middle.
fn centred(text: Text, width: usize, left: bool) -> Text {
    let missing = width.saturating_sub(text.width());
    if left { text.padded(width) } else { text.indented(missing / 2).padded(width) }
}
