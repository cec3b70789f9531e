//! Numbers of things in a clause: `five-day strike`, `about 15 km`, `80,000 people`.

use crate::knowledge::knowledge;
use crate::tolls::FIELDS;
use polybius_text::{Annotated, CodedDocument, Span, Token};
use smol_str::SmolStr;

/// `two of them` are some of those told before; `2,000 of them` are a number to be compared.
const FEW: f64 = 10.0;

/// So many of a thing.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Quantity {
    /// Lemma of what is counted.
    pub of: SmolStr,
    pub value: f64,
    /// Whether it counts a part of those told before: `two of them`.
    pub part: bool,
    /// The words of number and thing.
    pub span: Span,
}

/// Quantities among the tokens, without those that belong to expressions of time of day or date.
pub(crate) fn quantities(doc: &CodedDocument, tokens: &[usize]) -> Vec<Quantity> {
    let a = &doc.annotated;
    let dated = |span: Span| {
        doc.times
            .iter()
            .any(|t| t.span.overlaps(span) && !matches!(t.time_type, polybius_text::TimeType::Duration))
    };
    let mut out: Vec<Quantity> = Vec::new();
    for &t in tokens {
        let token = &a.tokens[t];
        let word = a.slice(token.span);
        if let Some((number, thing)) = word.split_once('-')
            && let (Some(value), true) =
                (parse(number), thing.len() > 2 && thing.chars().all(char::is_alphabetic))
        {
            let of = SmolStr::from(thing.to_lowercase());
            out.push(Quantity { of, value, part: false, span: token.span });
            continue;
        }
        if token.upos != "NUM" || dated(token.span) {
            continue;
        }
        let head = token.head.filter(|_| token.rel.starts_with("nummod") || token.rel == "compound");
        let noun = head.map(|h| &a.tokens[h as usize]).filter(|n| matches!(n.upos.as_str(), "NOUN" | "SYM"));
        let (Some(noun), thing) = (match noun {
            Some(noun) => (Some(noun), noun.lemma.to_lowercase()),
            None if token.rel.starts_with("nummod") => continue,
            None => (people_behind(a, t), "people".to_string()),
        }) else {
            continue;
        };
        let mut first = t;
        while first > 0 && a.tokens[first - 1].upos == "NUM" && tokens.contains(&(first - 1)) {
            first -= 1;
        }
        if let Some(value) = parse(a.slice(a.tokens[first].span.cover(token.span))) {
            let span = a.tokens[first].span.cover(if noun.span.start > token.span.start {
                noun.span
            } else {
                token.span
            });
            out.retain(|q| !span.contains(q.span));
            let part = noun.lemma == "of" && value < FEW;
            out.push(Quantity { of: SmolStr::from(thing), value, part, span });
        }
    }
    out
}

/// The word that shows that a number without a noun counts people: `70 thousand dead`, `2,000 of them`.
fn people_behind(a: &Annotated, number: usize) -> Option<&Token> {
    let next = a.tokens.get(number + 1)?;
    let lemma = next.lemma.to_lowercase();
    let befell = |f: &&str| knowledge().toll_word(f, &lemma);
    let fate = matches!(next.xpos.as_str(), "VBN" | "VBD" | "JJ") && FIELDS.iter().any(befell);
    let of_them = lemma == "of" && a.tokens.get(number + 2).is_some_and(|t| t.upos == "PRON");
    (fate || befell(&"people") || of_them).then_some(next)
}

/// `about`, `at least`, `at most` or `exactly`, from the words before a number.
pub(crate) fn bound_before(a: &Annotated, number: usize) -> &'static str {
    let before: Vec<String> = (number.saturating_sub(3)..number)
        .filter_map(|t| a.tokens.get(t))
        .map(|t| a.slice(t.span).to_lowercase())
        .collect();
    let line = format!("{} ", before.join(" "));
    let ends = |words: &[&str]| words.iter().any(|w| line.ends_with(&format!("{w} ")));
    if ends(&["at least", "more than", "over", "no fewer than", "no less than"]) {
        "at least"
    } else if ends(&["at most", "up to", "fewer than", "less than", "under"]) {
        "at most"
    } else if ends(&[
        "about",
        "some",
        "around",
        "nearly",
        "almost",
        "roughly",
        "approximately",
        "regarding",
        "about one",
        "about a",
    ]) {
        "about"
    } else {
        "exactly"
    }
}

/// Least and greatest number that a number and its bound allow: a round number reaches half its last place to both sides.
pub(crate) fn reach(value: f64, bound: &str) -> (f64, f64) {
    match bound {
        "about" => {
            let mut place = 1.0;
            while value >= 10.0 * place && value % (10.0 * place) == 0.0 {
                place *= 10.0;
            }
            let half = (0.5 * place).clamp(0.02 * value, 0.1 * value);
            (value - half, value + half)
        }
        "at least" => (value, f64::MAX),
        "at most" => (0.0, value),
        _ => (value, value),
    }
}

/// Words of a span, short enough for a person.
pub(crate) fn shown(a: &Annotated, span: Span) -> String {
    a.slice(span).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `80,000`, `15`, `five`, `one hundred thousand`, `70 thousand`.
pub(crate) fn parse(words: &str) -> Option<f64> {
    let mut total = 0.0;
    let mut part = 0.0;
    let mut any = false;
    for word in words.split(|c: char| c.is_whitespace() || c == '-').filter(|w| !w.is_empty() && *w != "and")
    {
        let plain = word.replace(',', "").to_lowercase();
        if let Ok(n) = plain.parse::<f64>() {
            part += n;
        } else if let Some(n) = small(&plain) {
            part += n;
        } else {
            match plain.as_str() {
                "hundred" => part = f64::max(part, 1.0) * 100.0,
                "thousand" => {
                    total += f64::max(part, 1.0) * 1e3;
                    part = 0.0;
                }
                "million" => {
                    total += f64::max(part, 1.0) * 1e6;
                    part = 0.0;
                }
                "billion" => {
                    total += f64::max(part, 1.0) * 1e9;
                    part = 0.0;
                }
                _ => return None,
            }
        }
        any = true;
    }
    any.then_some(total + part)
}

fn small(word: &str) -> Option<f64> {
    const ONES: [&str; 20] = [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ];
    const TENS: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
    let one = ONES.iter().position(|w| *w == word).map(|n| n as f64);
    one.or_else(|| TENS.iter().position(|w| *w == word).map(|n| (n as f64 + 2.0) * 10.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_round_number_reaches_half_its_last_place() {
        assert_eq!(reach(80_000.0, "about"), (75_000.0, 85_000.0));
        assert_eq!(reach(100_000.0, "about"), (90_000.0, 110_000.0));
        assert_eq!(reach(17.0, "exactly"), (17.0, 17.0));
        assert_eq!(reach(0.0, "about"), (0.0, 0.0));
    }

    #[test]
    fn numbers_are_read_in_figures_and_words() {
        assert_eq!(parse("80,000"), Some(80_000.0));
        assert_eq!(parse("one hundred thousand"), Some(100_000.0));
        assert_eq!(parse("70 thousand"), Some(70_000.0));
        assert_eq!(parse("twenty-five"), Some(25.0));
        assert_eq!(parse("several"), None);
    }
}
