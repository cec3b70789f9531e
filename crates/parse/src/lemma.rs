//! Edit rules that make a lemma of a form (training/FORMAT.md, "Lemma rules"), and the English inflection that corrects
//! them: the model guesses "impos" for "imposed" and "clashe" for "clashes".

use crate::words::{IRREGULAR_NOUNS, IRREGULAR_VERBS, VERBS};

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

/// The lemma of an inflected noun or verb by its Penn tag; `guess` for every other word and where no rule applies.
pub(crate) fn settle(form: &str, xpos: &str, guess: &str) -> String {
    let lower = form.to_lowercase();
    let plain = lower.len() > 1 && lower.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
    if !plain {
        return guess.to_owned();
    }
    // The last part of "counter-attacked" inflects.
    let (front, last) = lower.rsplit_once('-').map_or(("", lower.as_str()), |(a, b)| (a, b));
    let settled = match xpos {
        "NNS" => Some(singular(last)),
        "VBZ" | "VBG" | "VBD" | "VBN" => infinitive(last, xpos),
        // A past form that the tagger takes for the present: "the army overthrew him".
        "VB" | "VBP" => Some(present(last).to_owned()),
        _ => None,
    };
    match settled {
        Some(lemma) if front.is_empty() => lemma,
        Some(lemma) => format!("{front}-{lemma}"),
        None => guess.to_owned(),
    }
}

/// The dictionary form of what is tagged as one.
fn present(form: &str) -> &str {
    match IRREGULAR_VERBS.get(form) {
        Some(lemma) if !VERBS.contains(form) => lemma,
        _ => form,
    }
}

fn singular(form: &str) -> String {
    if let Some(lemma) = IRREGULAR_NOUNS.get(form) {
        return (*lemma).to_owned();
    }
    if form.len() > 5 && form.ends_with("men") {
        return format!("{}an", &form[..form.len() - 2]);
    }
    let drop = |n: usize| form[..form.len() - n].to_owned();
    if form.len() > 4 && form.ends_with("ies") {
        return drop(3) + "y";
    }
    if sibilant_plural(form) || (form.len() > 5 && form.ends_with("uses")) {
        return drop(2);
    }
    if form.ends_with('s') && !["ss", "us", "is"].iter().any(|e| form.ends_with(e)) {
        drop(1)
    } else {
        form.to_owned()
    }
}

fn sibilant_plural(form: &str) -> bool {
    ["ches", "shes", "xes", "sses", "zzes", "oes"].iter().any(|e| form.ends_with(e))
}

fn infinitive(form: &str, xpos: &str) -> Option<String> {
    if let Some(lemma) = IRREGULAR_VERBS.get(form) {
        return Some((*lemma).to_owned());
    }
    let drop = |n: usize| &form[..form.len() - n];
    match xpos {
        "VBZ" if form.len() > 4 && form.ends_with("ies") => Some(format!("{}y", drop(3))),
        "VBZ" if sibilant_plural(form) => {
            let short = VERBS.contains(drop(2)) || !VERBS.contains(drop(1));
            Some(if short { drop(2) } else { drop(1) }.to_owned())
        }
        "VBZ" if form.ends_with('s') && !form.ends_with("ss") => Some(drop(1).to_owned()),
        "VBG" if form.len() > 4 && form.ends_with("ing") => Some(base(drop(3))),
        "VBD" | "VBN" if form.len() > 4 && form.ends_with("ied") => Some(format!("{}y", drop(3))),
        "VBD" | "VBN" if form.len() > 3 && form.ends_with("ed") => Some(base(drop(2))),
        "VBD" | "VBN" if VERBS.contains(form) => Some(form.to_owned()),
        _ => None,
    }
}

/// The dictionary form behind what is left of a form without "-ed" or "-ing": as it is, with "e", or with one consonant
/// less; by the list of verbs, else by how English spells.
fn base(stem: &str) -> String {
    let vowel = |c: Option<char>| c.is_some_and(|c| "aeiou".contains(c));
    let from_end = |n: usize| stem.chars().rev().nth(n);
    let with_e = format!("{stem}e");
    let doubled = from_end(0).is_some() && from_end(0) == from_end(1) && !vowel(from_end(0));
    let single = doubled.then(|| &stem[..stem.len() - 1]);
    let two_vowels = vowel(from_end(1)) && vowel(from_end(2));
    if VERBS.contains(with_e.as_str()) && !(VERBS.contains(stem) && two_vowels) {
        return with_e;
    }
    if VERBS.contains(stem) {
        return stem.to_owned();
    }
    match single {
        Some(single) if VERBS.contains(single) || !matches!(from_end(0), Some('l' | 's' | 'f' | 'z')) => {
            return single.to_owned();
        }
        Some(_) => return stem.to_owned(),
        None => {}
    }
    let tails = ["at", "iz", "z", "c", "v", "u", "ur", "ir", "ar", "id", "ud", "ut", "ok", "um"];
    let soft = tails.iter().any(|t| stem.ends_with(t))
        || (stem.ends_with('g') && !stem.ends_with("ng"))
        || (stem.ends_with('s') && !stem.ends_with("us"))
        || (stem.ends_with('l') && !vowel(from_end(1)) && from_end(1) != Some('r'));
    if soft && !two_vowels { with_e } else { stem.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inflected_forms_find_their_dictionary_form() {
        let verb = |form: &str, tag: &str| settle(form, tag, "?");
        for (form, tag, lemma) in [
            ("imposed", "VBD", "impose"),
            ("expelled", "VBN", "expel"),
            ("killed", "VBN", "kill"),
            ("fought", "VBD", "fight"),
            ("denied", "VBD", "deny"),
            ("banning", "VBG", "ban"),
            ("releasing", "VBG", "release"),
            ("clashes", "VBZ", "clash"),
            ("freed", "VBN", "free"),
            ("visited", "VBD", "visit"),
            ("counter-attacked", "VBD", "counter-attack"),
            ("embassies", "NNS", "embassy"),
            ("clashes", "NNS", "clash"),
            ("viruses", "NNS", "virus"),
            ("houses", "NNS", "house"),
            ("gunmen", "NNS", "gunman"),
            ("crises", "NNS", "crisis"),
            ("run", "VBN", "run"),
            ("overthrew", "VBP", "overthrow"),
            ("found", "VB", "found"),
            ("are", "VBP", "be"),
        ] {
            assert_eq!(verb(form, tag), lemma, "{form}");
        }
        assert_eq!(settle("'s", "VBZ", "be"), "be");
        assert_eq!(settle("Mali", "NNP", "Mali"), "Mali");
    }

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
