//! How many were killed, hurt, arrested: numbers on the people of a clause.

use crate::codebook::Codebook;
use crate::tree::Tree;
use polybius_text::Count;

/// Counts of one event.
#[derive(Debug, Clone, Default)]
pub(crate) struct Counts {
    pub dead: Option<Count>,
    pub injured: Option<Count>,
    pub arrested: Option<Count>,
}

/// Reads the counts of the clause around a trigger: at the trigger itself, at verbs coordinated with it or next to it.
pub(crate) fn counts(tree: &Tree, book: &Codebook, trigger: u32) -> Counts {
    let mut out = Counts::default();
    let sentence = &tree.doc.sentences[tree.doc.sentence_of(trigger) as usize];
    for token in sentence.first_token..sentence.end_token {
        let near = token == trigger || tree.under(token, trigger) || tree.under(trigger, token);
        if !near {
            continue;
        }
        let lemma = tree.lemma(token);
        for (kind, slot) in
            [("dead", &mut out.dead), ("injured", &mut out.injured), ("arrested", &mut out.arrested)]
        {
            if slot.is_none() && book.kind_holds(lemma, kind) {
                *slot = count_at(tree, token);
            }
        }
    }
    out
}

/// The number of those whom a word of harm befell.
fn count_at(tree: &Tree, word: u32) -> Option<Count> {
    if matches!(tree.upos(word), "VERB") {
        let who =
            tree.object(word).or_else(|| tree.surface_subject(word).filter(|_| tree.lemma(word) == "die"))?;
        return number_of(tree, who.token);
    }
    // "three dead", "12 deaths", "left five injured"
    number_of(tree, word).or_else(|| {
        let head = tree.head(word)?;
        let subject = tree.own_subject(word).or_else(|| {
            matches!(tree.base_rel(word), "xcomp" | "amod" | "acl")
                .then(|| tree.kid(head, "obj").unwrap_or(head))
        })?;
        number_of(tree, subject)
    })
}

fn number_of(tree: &Tree, noun: u32) -> Option<Count> {
    let holder = if is_number(tree, noun) {
        Some(noun)
    } else {
        tree.kids(noun).iter().copied().find(|&k| tree.base_rel(k) == "nummod").or_else(|| {
            tree.kids(noun).iter().copied().find(|&k| tree.base_rel(k) == "amod" && is_number(tree, k))
        })
    }?;
    let mut words: Vec<u32> = tree
        .kids(holder)
        .iter()
        .copied()
        .filter(|&k| matches!(tree.base_rel(k), "compound" | "flat" | "nummod") && is_number(tree, k))
        .collect();
    words.push(holder);
    words.sort_unstable();
    let value = value_of(&words.iter().map(|&t| tree.doc.word(t)).collect::<Vec<_>>())?;
    let spans = words.iter().map(|&t| tree.doc.tokens[t as usize].span);
    let span = spans.reduce(|a, b| a.cover(b))?;
    Some(Count { value, bound: bound(tree, holder, noun).to_owned(), span })
}

fn is_number(tree: &Tree, token: u32) -> bool {
    tree.upos(token) == "NUM" || unit(&tree.lemma(token).to_lowercase()).is_some()
}

fn bound(tree: &Tree, number: u32, noun: u32) -> &'static str {
    let sentence = &tree.doc.sentences[tree.doc.sentence_of(number) as usize];
    let from = number.min(noun).saturating_sub(3).max(sentence.first_token);
    let mut words = Vec::new();
    for t in from..number {
        words.push(tree.doc.word(t).to_lowercase());
    }
    let text = words.join(" ");
    let has = |list: &[&str]| list.iter().any(|w| text.ends_with(w));
    if has(&["at least", "more than", "over", "no fewer than", "no less than", "upwards of"]) {
        "at least"
    } else if has(&["at most", "up to", "fewer than", "less than", "no more than"]) {
        "at most"
    } else if has(&["about", "around", "some", "nearly", "almost", "roughly", "approximately", "close to"])
        || matches!(tree.lemma(number), "dozen" | "dozens" | "hundreds" | "thousands" | "score" | "several")
        || (tree.lemma(number) == "hundred" && tree.xpos(number) == "NNS")
        || (tree.lemma(number) == "thousand" && tree.xpos(number) == "NNS")
    {
        "about"
    } else {
        "exactly"
    }
}

fn unit(word: &str) -> Option<u64> {
    Some(match word {
        "one" => 1,
        "two" => 2,
        "three" => 3,
        "four" => 4,
        "five" => 5,
        "six" => 6,
        "seven" => 7,
        "eight" => 8,
        "nine" => 9,
        "ten" => 10,
        "eleven" => 11,
        "twelve" => 12,
        "thirteen" => 13,
        "fourteen" => 14,
        "fifteen" => 15,
        "sixteen" => 16,
        "seventeen" => 17,
        "eighteen" => 18,
        "nineteen" => 19,
        "twenty" => 20,
        "thirty" => 30,
        "forty" => 40,
        "fifty" => 50,
        "sixty" => 60,
        "seventy" => 70,
        "eighty" => 80,
        "ninety" => 90,
        "dozen" | "dozens" => 12,
        "hundred" | "hundreds" => 100,
        "thousand" | "thousands" => 1_000,
        "million" | "millions" => 1_000_000,
        _ => return None,
    })
}

/// `["two", "hundred"]` is 200, `["1,200"]` 1200; `None` for what is no count of people.
fn value_of(words: &[&str]) -> Option<u64> {
    let mut total = 0u64;
    let mut last = 0u64;
    for word in words.iter().flat_map(|w| w.split('-')) {
        let lower = word.to_lowercase();
        let digits: String = lower.chars().filter(|c| !matches!(c, ',' | ' ' | '\u{a0}')).collect();
        let value = match digits.parse::<u64>() {
            Ok(n) if n < 10_000_000 => n,
            Ok(_) => return None,
            Err(_) => unit(&lower)?,
        };
        if value >= 100 && last > 0 && matches!(value, 100 | 1_000 | 1_000_000) {
            last = last.saturating_mul(value);
        } else {
            total = total.saturating_add(last);
            last = value;
        }
    }
    Some(total + last).filter(|&n| n > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_in_words_and_digits() {
        assert_eq!(value_of(&["two", "hundred"]), Some(200));
        assert_eq!(value_of(&["1,200"]), Some(1200));
        assert_eq!(value_of(&["twenty-three"]), Some(23));
        assert_eq!(value_of(&["many"]), None);
    }
}
