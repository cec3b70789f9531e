//! What tells two bearers of one name apart, and names made of first letters.

use super::forms::NameForm;
use crate::fold::fold;

/// The number in a dynasty or a family that a word says: "II" is 2, "Jr" 101, "Sr" 100. Numbers are printed in capitals ("Xi" is
/// a name), a lone letter counts only at the end ("Elizabeth I").
pub(super) fn generation_of(printed: &str, last: bool) -> Option<u8> {
    let word = fold(printed);
    match word.as_str() {
        "jr" | "junior" => return Some(101),
        "sr" | "senior" => return Some(100),
        "i" | "v" | "x" if !last => return None,
        _ => {}
    }
    if printed.chars().any(char::is_lowercase) {
        return None;
    }
    let value = |c: char| match c {
        'i' => Some(1i16),
        'v' => Some(5),
        'x' => Some(10),
        _ => None,
    };
    let digits: Vec<i16> = word.chars().map(value).collect::<Option<_>>()?;
    if digits.is_empty() || digits.len() > 5 {
        return None;
    }
    let total: i16 = digits
        .iter()
        .enumerate()
        .map(|(i, &d)| if digits.get(i + 1).is_some_and(|&n| n > d) { -d } else { d })
        .sum();
    u8::try_from(total).ok().filter(|n| *n > 0)
}

/// Whether two names belong to two bearers of one name: another number ("Elizabeth I", "Elizabeth II"), other letters between
/// given and family name ("George W.", "George H. W.").
pub(super) fn other_bearer(x: &NameForm, y: &NameForm) -> bool {
    // Funds are numbered too, and collections take their numbers for slips.
    let body = x.organisation || y.organisation;
    let generation = x.generation.zip(y.generation).is_some_and(|(a, b)| a != b) && !body;
    generation || (!x.middle.is_empty() && !y.middle.is_empty() && x.middle != y.middle)
}

/// The letters, in lower case, of a word in capitals that may be made of the beginnings of the words of another name: "WHO".
pub(super) fn initialism_letters(name: &str) -> Option<String> {
    let letters: String = name.chars().filter(|c| !matches!(c, '.' | ' ')).collect();
    let n = letters.chars().count();
    let capitals =
        (2..=8).contains(&n) && letters.chars().all(char::is_uppercase) && !name.trim().contains("  ");
    capitals.then(|| letters.to_lowercase())
}

/// Whether the words of a name in Latin letters begin with these: "who", "World Health Organization".
pub(super) fn is_initialism_of(wanted: &str, latin: &str) -> bool {
    let cut = |hyphens: bool| -> Vec<String> {
        let parts = |c: char| {
            c.is_whitespace() || matches!(c, '/' | ',' | '(' | ')') || hyphens && matches!(c, '-' | '‐' | '–')
        };
        latin.split(parts).map(fold).filter(|w| !w.is_empty()).collect()
    };
    // "Co-operation" gives one letter, "Asia-Pacific" two.
    let (words, whole) = (cut(true), cut(false));
    if words.len() < 2 {
        return false;
    }
    let small = |w: &String| {
        matches!(w.as_str(), "of" | "and" | "the" | "for" | "in" | "on" | "de" | "des" | "du" | "la" | "le")
            || matches!(w.as_str(), "les" | "del" | "y" | "e" | "et" | "und" | "der" | "die" | "fur" | "para")
    };
    let initials = |words: &[String], all: bool| {
        words.iter().filter(|w| all || !small(w)).filter_map(|w| w.chars().next()).collect::<String>()
    };
    // "UNIFIL" takes more than one letter of a word.
    [&words, &whole].into_iter().any(|w| initials(w, false) == wanted || initials(w, true) == wanted)
        || spelled(wanted, &words)
}

/// Whether a word is made of beginnings of all the great words in order: "asean", "unifil". At most three letters a word.
fn spelled(wanted: &str, words: &[String]) -> bool {
    fn fits(wanted: &str, words: &[String]) -> bool {
        let Some((word, rest)) = words.split_first() else { return wanted.is_empty() };
        let small = word.len() < 4 && matches!(word.as_str(), "of" | "and" | "the" | "for" | "in" | "on");
        (1..=3).rev().any(|n| {
            word.get(..n).is_some_and(|start| wanted.strip_prefix(start).is_some_and(|left| fits(left, rest)))
        }) || small && fits(wanted, rest)
    }
    words.len() >= 3 && words.len() <= 10 && fits(wanted, words)
}
