//! Numbers that differ although the words around them agree.

use super::{Conflicts, Given};
use crate::differences::plural;
use crate::figures::{Figure, FigureGroup};
use crate::numbers::reach;
use polybius_text::FlagKind;
use std::collections::BTreeSet;

impl Conflicts<'_, '_> {
    /// One conflict for each group of numbers of which some exclude each other.
    pub(super) fn figures(&mut self) {
        for group in self.parts.figures {
            self.differing(group);
        }
    }

    fn differing(&mut self, group: &FigureGroup) {
        let figures = &group.figures;
        let apart = figures.iter().any(|a| figures.iter().any(|b| excludes(a, b)));
        let values: Vec<Given> = figures.iter().map(|f| (f.doc, f.shown.clone(), f.span)).collect();
        // A number that a row or a toll already disputes is not told twice.
        let known = self.found.iter().any(|c| {
            let met = |g: &Given| c.values.iter().any(|v| v.doc == g.0 && v.span.overlaps(g.2));
            values.iter().filter(|g| met(g)).count() >= 2
        });
        if !apart || known {
            return;
        }
        let sound = |f: &Figure| {
            let article = &self.facts.doc(f.doc).annotated.article;
            f.bound == "exactly" && !article.has_flag(FlagKind::MachineTranslated)
        };
        let hard = figures.iter().any(|a| figures.iter().any(|b| sound(a) && sound(b) && excludes(a, b)));
        let list: BTreeSet<&str> = values.iter().map(|v| v.1.as_str()).collect();
        let list: Vec<&str> = list.into_iter().collect();
        let reason = format!("numbers that do not meet: {}", list.join(" / "));
        let row = figures.iter().find_map(|f| self.row_at(f.doc, f.sentence));
        self.add(row.as_ref(), &format!("number of {}", plural(&group.thing)), hard, values, reason);
    }
}

/// Whether two numbers cannot both be meant.
fn excludes(a: &Figure, b: &Figure) -> bool {
    let reach = |f: &Figure| reach(f.value, f.bound);
    let ((al, ah), (bl, bh)) = (reach(a), reach(b));
    a.doc != b.doc && (ah < bl || bh < al)
}
