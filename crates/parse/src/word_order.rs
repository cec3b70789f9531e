//! Pages translated word for word from languages that put the verb last, known by where their verbs stand.

use polybius_text::{Annotated, Flag, FlagKind, Span};

/// Share of finite verbs before a comma or full stop from which on a text keeps the order of another language. In English news it
/// is a tenth, at most a fifth; in word-for-word translations from Turkish, Persian or Korean four to seven tenths.
const VERB_LAST: f32 = 0.33;
/// Finite verbs under which nothing is said.
const LEAST_VERBS: usize = 12;
/// Verbs that are shown as the ground of the flag.
const SHOWN: usize = 5;

/// The flag of a machine translation that keeps the verb last, where the page has not got it already.
pub(crate) fn verb_last(doc: &Annotated) -> Option<Flag> {
    if doc.article.has_flag(FlagKind::MachineTranslated) {
        return None;
    }
    let finite: Vec<usize> = (0..doc.tokens.len())
        .filter(|&i| matches!(doc.tokens[i].xpos.as_str(), "VBD" | "VBZ" | "VBP"))
        .collect();
    let last: Vec<Span> = finite
        .iter()
        .filter(|&&i| doc.tokens.get(i + 1).is_some_and(|t| matches!(doc.slice(t.span), "." | "," | ";")))
        .map(|&i| doc.tokens[i].span)
        .collect();
    let share = last.len() as f32 / finite.len().max(1) as f32;
    (finite.len() >= LEAST_VERBS && share >= VERB_LAST).then(|| Flag {
        kind: FlagKind::MachineTranslated,
        detail: format!(
            "{} of {} verbs stand last in their clause, as in a translation word for word (from {VERB_LAST})",
            last.len(),
            finite.len()
        ),
        evidence: last.into_iter().take(SHOWN).collect(),
    })
}
