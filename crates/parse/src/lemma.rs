//! Edit rules that make a lemma of a form (training/FORMAT.md, "Lemma rules").

/// A rule: what to cut from the end of a form and what to append.
#[derive(Debug, PartialEq)]
pub(crate) enum Rule {
    /// The lemma itself, for irregular forms.
    Whole(String),
    /// Lower-case first when `lower`, cut `cut` characters, append `suffix`.
    Edit { lower: bool, cut: usize, suffix: String },
}

impl Rule {
    /// Reads `C|P|S` or `!|x`; `None` for anything else.
    pub(crate) fn read(text: &str) -> Option<Rule> {
        if let Some(whole) = text.strip_prefix("!|") {
            return Some(Rule::Whole(whole.to_owned()));
        }
        let (case, rest) = text.split_once('|')?;
        let (cut, suffix) = rest.split_once('|')?;
        let lower = match case {
            "l" => true,
            "=" => false,
            _ => return None,
        };
        Some(Rule::Edit { lower, cut: cut.parse().ok()?, suffix: suffix.to_owned() })
    }

    /// The lemma of `form`; the form itself where the rule would leave nothing.
    pub(crate) fn apply(&self, form: &str) -> String {
        match self {
            Rule::Whole(lemma) => lemma.clone(),
            Rule::Edit { lower, cut, suffix } => {
                let mut lemma = if *lower { form.to_lowercase() } else { form.to_owned() };
                for _ in 0..*cut {
                    lemma.pop();
                }
                lemma.push_str(suffix);
                if lemma.is_empty() { form.to_owned() } else { lemma }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_make_lemmas() {
        let lemma = |rule: &str, form: &str| Rule::read(rule).expect("a rule").apply(form);
        assert_eq!(lemma("l|3|y", "Parties"), "party");
        assert_eq!(lemma("!|be", "was"), "be");
        assert_eq!(lemma("=|0|", "Iran"), "Iran");
        assert_eq!(lemma("=|9|", "Iran"), "Iran");
        assert_eq!(Rule::read("x|1"), None);
    }
}
