//! A story on the terminal.

use super::view::*;
use crate::days;
use crate::table::{Column, Table};
use crate::term::{Style, Text, shortened};

/// Without `--all`: claims, speakers, utterances a speaker, moments, names, edges.
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
            Column::new("words").right().from_width(96),
            Column::new("title").wraps(20).from_width(72),
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
        for d in &self.view.documents {
            let first = Text::blank(2).with(Style::Key, &d.label).padded(label_width + 4);
            let mut reasons = d.reasons.clone();
            if !d.origin_reason.is_empty() && d.origin_reason != "own text" {
                reasons.push(format!("origin: {}", d.origin_reason));
            }
            let text = if reasons.is_empty() { "the only document".to_string() } else { reasons.join("; ") };
            self.lines.extend(Text::plain(&text).hanging(&first, self.prose()));
        }
    }

    fn label_width(&self) -> usize {
        self.view.documents.iter().map(|d| Text::plain(&d.label).width()).max().unwrap_or(0)
    }

    fn claims(&mut self) {
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

    fn conflicts(&mut self) {
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

    fn quotes(&mut self) {
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

    fn network(&mut self) {
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

    fn names(&mut self) {
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

fn named(name: &str, code: &str) -> Text {
    let text = Text::styled(Style::Strong, name);
    if code.is_empty() || code == name { text } else { text.with(Style::Faint, &format!(" {code}")) }
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
