//! Fields with their names in a column.

use crate::days;
use crate::term::{Style, Text};
use polybius_store::rows::*;
use polybius_view::event::Found;
use polybius_view::rule::Rule;

/// Columns of the names.
const NAME: usize = 12;

/// Fields with their names in a column.
pub struct Sheet {
    pub lines: Vec<Text>,
    pub width: usize,
}

impl Sheet {
    pub fn field(&mut self, name: &str, text: Text) {
        let first = Text::styled(Style::Faint, name).padded(NAME);
        self.lines.extend(text.hanging(&first, self.width));
    }

    pub fn under(&mut self, text: Text) {
        self.lines.extend(text.hanging(&Text::blank(NAME), self.width));
    }

    pub fn party(&mut self, f: &Found) {
        let p = &f.party;
        let code = [p.code.as_str(), p.sector.as_str()]
            .iter()
            .filter(|c| !c.is_empty())
            .copied()
            .collect::<Vec<_>>()
            .join("/");
        let text = Text::styled(Style::Strong, &p.name)
            .with(Style::Plain, &if code.is_empty() { String::new() } else { format!(" {code}") })
            .with(Style::Plain, &format!(", from “{}”: {}", p.text, p.basis));
        self.field(f.side, text);
        if let Some(path) = &f.path {
            self.under(Text::styled(Style::Faint, &format!("path: {path}")));
        }
        if !f.mention_kind.is_empty() {
            let basis =
                if f.link_basis.is_empty() { String::new() } else { format!(", by {}", f.link_basis) };
            self.under(Text::styled(
                Style::Faint,
                &format!("{} mention, link {:.2}{basis}", f.mention_kind, f.link_score),
            ));
        }
        if !f.offices.is_empty() {
            self.under(Text::styled(Style::Faint, &format!("offices: {}", f.offices.join("; "))));
        }
        if !f.joined.is_empty() {
            self.under(Text::styled(Style::Faint, &format!("joined: {}", f.joined.join("; "))));
        }
    }

    pub fn rule(&mut self, e: &EventRow, rule: Option<&Rule>) {
        self.field("rule", Text::styled(Style::Key, &e.rule));
        if let Some(rule) = rule {
            // The conditions are long and stand on lines of their own.
            let long = |name: &str| matches!(name, "require" | "exclude" | "example");
            let told = rule.cells.iter().filter(|(_, value)| !value.is_empty());
            let short: Vec<String> = told
                .clone()
                .filter(|(name, _)| !long(name))
                .map(|(name, value)| format!("{name} {}", value.replace('|', " | ")))
                .collect();
            self.under(Text::plain(&short.join(" · ")));
            for (name, value) in told.filter(|(name, _)| long(name)) {
                self.under(Text::styled(
                    Style::Faint,
                    &format!("{name} {}", value.replace('|', " | ").replace(';', "; ")),
                ));
            }
        }
        let about = |text: Option<&String>| text.map(|t| format!(": {t}")).unwrap_or_default();
        self.field(
            "type",
            Text::plain(&format!("{}{}", e.event_type, about(rule.and_then(|r| r.type_about.as_ref())))),
        );
        if !e.modes.is_empty() {
            self.field(
                "mode",
                Text::plain(&format!(
                    "{}{}",
                    e.modes.join(", "),
                    about(rule.and_then(|r| r.mode_about.as_ref()))
                )),
            );
        }
        if !e.contexts.is_empty() {
            self.field("context", Text::plain(&e.contexts.join(", ")));
        }
        self.field(
            "CAMEO",
            Text::plain(&format!("{}{}", e.cameo, about(rule.and_then(|r| r.cameo_name.as_ref())))),
        );
        self.under(Text::plain(&format!(
            "score {:+}, Goldstein {:+}, {}",
            e.score,
            e.goldstein,
            e.quad.replace('_', " ")
        )));
    }

    pub fn date(&mut self, e: &EventRow, times: &[TimeRow]) {
        match days::range(e.date_start.as_deref(), e.date_end.as_deref()) {
            none if none.is_empty() => self.field("date", Text::styled(Style::Faint, "none")),
            when => self.field("date", Text::plain(&format!("{when} ({})", e.date_precision))),
        }
        let told = e.notes.iter().find_map(|n| n.strip_prefix("date: "));
        if !e.date_basis.is_empty() {
            self.under(Text::styled(Style::Faint, &e.date_basis));
        } else if let Some(told) = told {
            self.under(Text::styled(Style::Faint, told));
        }
        for other in &e.date_alternatives {
            self.under(Text::styled(Style::Faint, &format!("or {other}")));
        }
        for t in times {
            let value = if t.value.is_empty() { "unresolved" } else { &t.value };
            self.under(Text::styled(Style::Faint, &format!("“{}” = {value}: {}", t.text, t.basis)));
        }
    }
}
