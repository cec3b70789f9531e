//! The words and marks of speech, from `data/quotes/`.

use crate::table::{Table, TableError};
use rustc_hash::{FxHashMap, FxHashSet};
use std::path::Path;

/// What a word does when speech is reported; several may hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Cue {
    /// A clause is what was said.
    pub say: bool,
    /// Its object is what was said: "condemned the arrests".
    pub act: bool,
    /// "called it a coup".
    pub name: bool,
    /// Reports speech only round words in quotation marks.
    pub judge: bool,
    /// A medium passes words on.
    pub quote: bool,
    /// "according to".
    pub according: bool,
    /// A noun: "his warning that".
    pub noun: bool,
    /// A noun that speaks for whoever issued it.
    pub document: bool,
}

impl Cue {
    /// Whether it is a verb of speech.
    pub fn verb(self) -> bool {
        self.say || self.act || self.name || self.judge
    }
}

/// How a pair of marks is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MarkKind {
    Quote,
    /// Also an apostrophe.
    Single,
    /// Only on pages that quote with parentheses.
    Paren,
}

/// An opening mark and what closes it.
#[derive(Debug, Clone)]
pub(super) struct Mark {
    pub open: String,
    pub close: String,
    pub kind: MarkKind,
}

/// The words and marks of speech, as [`QuoteKnowledge::load`] reads them.
#[derive(Debug, Clone, Default)]
pub struct QuoteKnowledge {
    cues: FxHashMap<String, Cue>,
    nouns: FxHashMap<String, Cue>,
    /// Pronouns that are spoken to, never speak: "told me".
    objects: FxHashSet<String>,
    /// Labels of turns of speech that name nobody: "Question".
    labels: FxHashSet<String>,
    pub(super) marks: Vec<Mark>,
}

impl QuoteKnowledge {
    /// Reads `cues.tsv` and `marks.tsv` of the folder `quotes` in the data folder.
    pub fn load(data: &Path) -> Result<QuoteKnowledge, TableError> {
        let dir = data.join("quotes");
        let mut knowledge = QuoteKnowledge::default();
        let table = Table::read(&dir.join("cues.tsv"))?;
        for row in table.rows(&["word", "pos", "class"])? {
            let map = match row.cell(1) {
                "verb" => &mut knowledge.cues,
                "noun" => &mut knowledge.nouns,
                "pronoun" => {
                    knowledge.objects.insert(row.cell(0).to_owned());
                    continue;
                }
                "label" => {
                    knowledge.labels.insert(row.cell(0).to_owned());
                    continue;
                }
                other => {
                    let problem = format!("`{other}` is not `verb`, `noun`, `pronoun` or `label`");
                    return Err(table.error(row.line, problem));
                }
            };
            let cue = map.entry(row.cell(0).to_owned()).or_default();
            match row.cell(2) {
                "say" => cue.say = true,
                "act" => cue.act = true,
                "name" => cue.name = true,
                "judge" => cue.judge = true,
                "quote" => cue.quote = true,
                "according" => cue.according = true,
                "cue" => cue.noun = true,
                "document" => cue.document = true,
                other => return Err(table.error(row.line, format!("no class `{other}`"))),
            }
        }
        let table = Table::read(&dir.join("marks.tsv"))?;
        for row in table.rows(&["open", "close", "kind"])? {
            let kind = match row.cell(2) {
                "quote" => MarkKind::Quote,
                "single" => MarkKind::Single,
                "paren" => MarkKind::Paren,
                other => return Err(table.error(row.line, format!("no kind `{other}`"))),
            };
            if row.cell(0).is_empty() || row.cell(1).is_empty() {
                return Err(table.error(row.line, "an opening and a closing mark are needed"));
            }
            knowledge.marks.push(Mark { open: row.cell(0).to_owned(), close: row.cell(1).to_owned(), kind });
        }
        // Longer marks first: `` before `.
        knowledge.marks.sort_by_key(|m| std::cmp::Reverse(m.open.len()));
        Ok(knowledge)
    }

    /// What a verb does, by its dictionary form.
    pub(super) fn verb(&self, lemma: &str) -> Cue {
        self.cues.get(lemma).copied().unwrap_or_default()
    }

    /// What a verb does, by a printed form: "denied", "stresses", "adding".
    pub(super) fn verb_form(&self, printed: &str) -> Cue {
        let word = printed.to_lowercase();
        let stem = |cut: &str, add: &str| word.strip_suffix(cut).map(|s| format!("{s}{add}"));
        let doubled = |cut: &str| {
            let s = word.strip_suffix(cut)?;
            let last = s.chars().next_back()?;
            s.strip_suffix(last).filter(|t| t.ends_with(last)).map(str::to_owned)
        };
        let forms = [
            stem("ied", "y"),
            stem("ies", "y"),
            stem("ed", ""),
            stem("ed", "e"),
            doubled("ed"),
            stem("es", ""),
            stem("s", ""),
            stem("ing", ""),
            stem("ing", "e"),
            doubled("ing"),
            Some(word.clone()),
        ];
        forms.into_iter().flatten().find_map(|f| self.cues.get(&f).copied()).unwrap_or_default()
    }

    /// Whether a printed word is a pronoun in the object's case.
    pub(super) fn is_object(&self, printed: &str) -> bool {
        self.objects.contains(&printed.to_lowercase())
    }

    /// Whether a printed word heads a turn of speech without naming who speaks.
    pub(super) fn is_label(&self, printed: &str) -> bool {
        self.labels.contains(&printed.to_lowercase())
    }

    /// What a noun does, by its dictionary form.
    pub(super) fn noun(&self, lemma: &str) -> Cue {
        self.nouns.get(lemma).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printed_forms_find_their_verb() {
        let mut k = QuoteKnowledge::default();
        for verb in ["deny", "stress", "announce", "admit"] {
            k.cues.insert(verb.to_owned(), Cue { say: true, ..Cue::default() });
        }
        for form in ["denied", "denies", "stresses", "announcing", "admitted", "admitting", "Announced"] {
            assert!(k.verb_form(form).say, "{form}");
        }
        assert_eq!(k.verb_form("died"), Cue::default());
    }
}
