//! Reasons for and against, in words.

use super::{Grouper, representatives};
use crate::dates;
use polybius_text::ActorKind;
use smol_str::SmolStr;
use std::collections::BTreeSet;

impl Grouper<'_> {
    pub(super) fn label(&self, i: usize) -> String {
        let path = &self.heads[self.order[i]].path;
        let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
        let stem = name.rsplit_once('.').map_or(name, |(s, _)| s);
        // Numbered file names are known by their number.
        let number: String = stem.chars().take_while(char::is_ascii_digit).collect();
        if (2..=6).contains(&number.len()) { number } else { stem.chars().take(24).collect() }
    }

    /// Why a document belongs to its story, in order of force.
    pub(super) fn reasons(&self, i: usize, members: &[usize]) -> Vec<String> {
        let others: Vec<usize> = representatives(members).into_iter().filter(|&j| j != i).collect();
        if others.is_empty() {
            return vec!["alone".to_string()];
        }
        let mut out = Vec::new();
        if let Some(&j) = others.iter().find(|&&j| self.copy_of[j] == self.copy_of[i]) {
            out.push(format!("near-copy of {}", self.label(j)));
        }
        let f = &self.features[i];
        let mut shared: Vec<(&str, BTreeSet<usize>)> = Vec::new();
        for figure in f.figures.iter().filter(|x| {
            x.part >= 0.25 && x.named && matches!(x.kind, ActorKind::Person | ActorKind::Organisation)
        }) {
            let with: BTreeSet<usize> = others
                .iter()
                .copied()
                .filter(|&j| self.features[j].figures.iter().any(|g| self.same_figure(figure, g) > 0.0))
                .collect();
            if !with.is_empty() {
                shared.push((&figure.name, with));
            }
        }
        if !shared.is_empty() {
            let names: Vec<&str> = shared.iter().take(5).map(|s| s.0).collect();
            let with: BTreeSet<usize> = shared.iter().take(5).flat_map(|s| s.1.iter().copied()).collect();
            let with: Vec<String> = with.into_iter().map(|j| self.label(j)).collect();
            out.push(format!("persons: {} (with {})", names.join(", "), with.join(", ")));
        }
        let near: Vec<String> = others
            .iter()
            .filter(|&&j| self.pair(i, j).time.is_some_and(|t| t >= 0.7))
            .map(|&j| self.label(j))
            .collect();
        match (f.main_day, near.is_empty()) {
            (Some(d), false) => {
                let page = if f.put_back > 0 { " by its text, which its page date does not fit" } else { "" };
                out.push(format!("date {}{page} (near {})", day_text(d), near.join(", ")));
            }
            (None, false) => out.push(format!("no date; its days fit {}", near.join(", "))),
            (None, true) => out.push("no date: joined by persons and situation".to_string()),
            _ => {}
        }
        let best = others
            .iter()
            .map(|&j| (self.pair(i, j), j))
            .max_by(|p, q| p.0.score.total_cmp(&q.0.score).then(q.1.cmp(&p.1)));
        if let Some((p, j)) = best {
            if let Some(events) = p.events.filter(|e| *e >= 0.4) {
                out.push(format!("same parties and acts as {} ({events:.2})", self.label(j)));
            }
            if let Some(place) = self.shared_place(i, j) {
                out.push(format!("place: {place} (with {})", self.label(j)));
            }
            out.push(format!("words {:.2} (with {})", p.words, self.label(j)));
        }
        out
    }

    fn shared_place(&self, i: usize, j: usize) -> Option<SmolStr> {
        let (x, y) = (&self.features[i].places, &self.features[j].places);
        x.iter()
            .filter_map(|(p, w)| y.get(p).map(|v| (w.min(*v), p)))
            .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(a.1)))
            .map(|(_, p)| p.clone())
    }

    /// What kept document `i` from the story of `j`, in order of force, and what pulled it in.
    pub(super) fn against(&self, i: usize, j: usize) -> Vec<String> {
        let p = self.pair(i, j);
        let (x, y) = (&self.features[i], &self.features[j]);
        let mut out = Vec::new();
        let lacking: Vec<&str> = y
            .principals()
            .filter(|g| !x.figures.iter().any(|f| self.same_figure(f, g) > 0.0))
            .take(4)
            .map(|g| g.name.as_str())
            .collect();
        let own: Vec<&str> = x
            .principals()
            .filter(|f| !y.figures.iter().any(|g| self.same_figure(f, g) > 0.0))
            .take(4)
            .map(|f| f.name.as_str())
            .collect();
        if p.clash {
            out.push("another holder of the same office".to_string());
        }
        if !lacking.is_empty() || !own.is_empty() {
            out.push(format!(
                "persons: acts here {}; missing {} of {}",
                list(&own),
                list(&lacking),
                self.label(j)
            ));
        }
        if let (Some(a), Some(b)) = (x.main_day, y.main_day)
            && (a - b).abs() > 3
        {
            let basis = if x.from_header { " (page date only)" } else { "" };
            out.push(format!(
                "time: {}{basis} against {}, {} days apart",
                day_text(a),
                day_text(b),
                (a - b).abs()
            ));
        }
        if p.other_side {
            out.push("other persons act for the same states".to_string());
        }
        if let Some(events) = p.events.filter(|e| *e < 0.4) {
            out.push(format!("other parties or acts ({events:.2})"));
        }
        if p.words < 0.3 {
            out.push(format!("other words ({:.2})", p.words));
        }
        if x.spun || y.spun {
            out.push("word-spun text is weak evidence either way".to_string());
        }
        let pulls: Vec<&str> = x
            .figures
            .iter()
            .filter(|f| y.figures.iter().any(|g| self.same_figure(f, g) > 0.0))
            .take(5)
            .map(|f| f.name.as_str())
            .collect();
        if !pulls.is_empty() {
            out.push(format!("for it: {} in both", pulls.join(", ")));
        }
        out
    }
}

fn list(names: &[&str]) -> String {
    if names.is_empty() { "nobody else".to_string() } else { names.join(", ") }
}

fn day_text(day: i32) -> String {
    dates::day(day).map(|d| d.to_string()).unwrap_or_default()
}
