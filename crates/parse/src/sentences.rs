//! Sentence boundaries in one segment of text.

use std::ops::Range;

use crate::tokens::is_closer;
use crate::words::{ABBREVIATIONS, Abbreviation, STARTERS};

/// A sentence that grows to so many tokens (counted roughly) is cut.
const LONGEST_TOKENS: usize = 400;
/// A word before a stop is looked at no further back than this.
const LOOKBACK_CHARS: usize = 40;

/// Splits a segment (a paragraph, a heading) into sentences.
///
/// Returns byte ranges in order that leave out only whitespace; each begins and ends with a character
/// that is not whitespace. A line break is a space; a blank line always ends a sentence. A closing
/// quote or bracket after the stop belongs to the sentence before. A sentence without an end in about
/// 400 tokens is cut after a comma or at a space. Linear in the length of the text.
pub fn split_sentences(text: &str) -> Vec<Range<usize>> {
    let mut sentences = Vec::new();
    let mut start = 0;
    while let Some(offset) = text[start..].find(|c: char| !c.is_whitespace()) {
        start += offset;
        let end = sentence_end(text, start);
        debug_assert!(end > start, "a sentence has at least one character");
        let trimmed = text[start..end].trim_end().len();
        sentences.push(start..start + trimmed);
        start = end;
    }
    sentences
}

/// Where the sentence that begins at `start` ends.
fn sentence_end(text: &str, start: usize) -> usize {
    let mut n_tokens = 0;
    let mut in_word = false;
    let mut straight_quotes = 0;
    // Last places where an endless sentence could be cut, with the tokens before them.
    let mut after_comma = None;
    let mut after_space = None;
    let mut newlines = 0;
    let mut chars = text[start..].char_indices().peekable();
    while let Some((offset, c)) = chars.next() {
        let at = start + offset;
        if c.is_whitespace() {
            newlines += usize::from(c == '\n');
            if newlines >= 2 {
                return at;
            }
            in_word = false;
            let here = Some((n_tokens, at));
            after_space = here;
            if text[..at].ends_with([',', ';', '،', ':']) {
                after_comma = here;
            }
            continue;
        }
        newlines = 0;
        let word_char = c.is_alphanumeric();
        if !word_char || !in_word {
            if n_tokens >= LONGEST_TOKENS {
                return cut(after_comma, after_space).filter(|&cut| cut > start).unwrap_or(at);
            }
            n_tokens += 1;
        }
        in_word = word_char;
        straight_quotes += usize::from(c == '"');
        if is_stop(c) {
            // The whole run of stops, then what closes after it.
            let mut end = at + c.len_utf8();
            let mut single_dot = c == '.';
            let mut quoted = false;
            while let Some(&(next_offset, next)) = chars.peek() {
                if is_stop(next) {
                    single_dot = false;
                } else if !is_closer(next) || (next == '\'' && opens_word(text, start + next_offset + 1)) {
                    break;
                }
                quoted |= matches!(next, '"' | '”' | '’' | '»' | '\'');
                straight_quotes += usize::from(next == '"');
                end = start + next_offset + next.len_utf8();
                n_tokens += usize::from(!is_stop(next));
                chars.next();
            }
            if ends_sentence(text, start, at, end, c, single_dot, quoted) {
                let closer = lone_closer(&text[end..], straight_quotes % 2 == 1);
                return end + closer + note_marks(&text[end + closer..]);
            }
        }
    }
    text.len()
}

/// The better of two places: a comma in the second half, else the last space.
fn cut(after_comma: Option<(usize, usize)>, after_space: Option<(usize, usize)>) -> Option<usize> {
    match after_comma {
        Some((tokens, at)) if tokens >= LONGEST_TOKENS / 2 => Some(at),
        _ => after_space.filter(|&(tokens, _)| tokens >= LONGEST_TOKENS / 4).map(|(_, at)| at),
    }
}

fn is_stop(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…' | '。' | '！' | '？' | '؟' | '।' | '۔')
}

fn opens_word(text: &str, at: usize) -> bool {
    text[at..].starts_with(char::is_alphanumeric)
}

/// A closing sign that the page set after a space: `said . "`.
fn lone_closer(rest: &str, open_quote: bool) -> usize {
    let mut chars = rest.char_indices();
    let Some((_, ' ')) = chars.next() else { return 0 };
    let Some((_, c)) = chars.next() else { return 0 };
    let alone = chars.next().is_none_or(|(_, next)| next.is_whitespace());
    let closes = matches!(c, '”' | '»' | ')' | ']') || (c == '"' && open_quote);
    if alone && closes { 1 + c.len_utf8() } else { 0 }
}

/// Marks of notes after the stop, as in an encyclopedia: `in 1805. [6] [7]`.
fn note_marks(text: &str) -> usize {
    let mut len = 0;
    while len < LOOKBACK_CHARS {
        let rest = &text[len..];
        let Some(inside) = rest.strip_prefix(' ').unwrap_or(rest).strip_prefix('[') else { break };
        let digits = inside.bytes().take(4).take_while(u8::is_ascii_digit).count();
        let after = &inside[digits..];
        if !(1..=3).contains(&digits) || !after.starts_with(']') {
            break;
        }
        if !after[1..].starts_with(|c: char| c.is_whitespace() || c == '[') && after.len() > 1 {
            break;
        }
        len += rest.len() - after.len() + 1;
    }
    len
}

/// Whether the stop at `stop`, with all that closes up to `end`, ends the sentence.
fn ends_sentence(
    text: &str,
    start: usize,
    stop: usize,
    end: usize,
    sign: char,
    single_dot: bool,
    quoted: bool,
) -> bool {
    let rest = &text[end..];
    let Some(first) = rest.chars().next() else { return true };
    if matches!(sign, '。' | '！' | '？') {
        return true;
    }
    let word = word_before(text, start, stop);
    if !first.is_whitespace() {
        return runs_on(word, rest, single_dot || sign != '.');
    }
    let next = rest.trim_start();
    if next.starts_with('.') {
        return false; // Stops set apart: "the region . . ."
    }
    let next_char =
        next.trim_start_matches(['"', '“', '‘', '\'', '«', '(', '[', '-', '–', '—']).chars().next();
    let next_word: String = next
        .trim_start_matches(|c: char| !c.is_alphanumeric() && !c.is_whitespace())
        .chars()
        .take_while(|c| c.is_alphanumeric())
        .take(LOOKBACK_CHARS)
        .collect();
    let starts_lower = next_char.is_some_and(char::is_lowercase);
    if single_dot && end == stop + 1 {
        return dot_ends(text, start, stop, word, next_char, &next_word);
    }
    if starts_lower {
        // `"Why?" he asked`, "said ... and"; but "done.) the next".
        return single_dot && !quoted && is_plain_word(word);
    }
    true
}

/// A single full stop followed by whitespace.
fn dot_ends(text: &str, start: usize, stop: usize, word: &str, next: Option<char>, next_word: &str) -> bool {
    let starts_lower = next.is_some_and(char::is_lowercase);
    let lower = word.to_lowercase();
    let starter = STARTERS.contains(next_word.to_lowercase().as_str()) && !starts_lower;
    let is_first = stop - word.len() == start;
    if is_first && word.len() <= 3 && !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit()) {
        return false; // "1. The"
    }
    if matches!(lower.as_str(), "e.g" | "i.e") {
        return false;
    }
    let mut letters =
        word.split('.').map(|part| part.chars().count() == 1 && part.chars().all(char::is_alphabetic));
    if letters.all(|single| single) {
        let one = word.chars().count() == 1;
        if one && ABBREVIATIONS.contains_key(word) && next.is_some_and(|c| c.is_ascii_digit()) {
            return false; // "p. 5", "(c. 1230)"
        }
        if one {
            // An initial, unless a small letter ("a.") or "I." ended the sentence.
            let initial = word.starts_with(char::is_uppercase) && word != "I";
            return !initial && !starts_lower;
        }
        return starter; // "the U.S. The"
    }
    match ABBREVIATIONS.get(lower.as_str()) {
        Some(Abbreviation::Title) => return false,
        Some(Abbreviation::Inner) => return starter,
        Some(Abbreviation::Number) if next.is_some_and(|c| c.is_ascii_digit()) => return false,
        _ => {}
    }
    if starts_lower {
        // Pages that lost their capitals ("were released. the two sides"), and a leftover word that ends the text.
        let rest = &text[stop + 1..];
        let leftover = rest.len() <= LOOKBACK_CHARS
            && rest.trim().trim_end_matches('.').chars().all(char::is_alphabetic);
        return is_plain_word(word) || (leftover && word.len() > 1 && word.chars().all(char::is_alphabetic));
    }
    true
}

/// A word of four small letters or more that is not an abbreviation.
fn is_plain_word(word: &str) -> bool {
    word.chars().count() >= 4 && word.chars().all(|c| c.is_lowercase()) && !ABBREVIATIONS.contains_key(word)
}

/// A missing space: "Iraq.The minister", "again?No".
fn runs_on(word: &str, rest: &str, short: bool) -> bool {
    let rest = rest.trim_start_matches(['"', '“', '‘']);
    let mut chars = rest.chars();
    let capital = chars.next().is_some_and(char::is_uppercase);
    let then_lower = chars.next().is_some_and(|c| c.is_lowercase() || c.is_whitespace());
    let plain = word.chars().count() >= 2
        && word.chars().all(char::is_alphanumeric)
        && word.chars().skip(1).all(|c| c.is_lowercase() || c.is_ascii_digit())
        && !ABBREVIATIONS.contains_key(word.to_lowercase().as_str());
    short && capital && then_lower && plain
}

/// The word that a stop follows, without opening signs.
fn word_before(text: &str, start: usize, stop: usize) -> &str {
    let before = &text[start..stop];
    let at = before
        .char_indices()
        .rev()
        .take(LOOKBACK_CHARS)
        .take_while(|(_, c)| {
            !c.is_whitespace()
                && !matches!(c, '(' | '[' | '"' | '“' | '‘' | '«' | '-' | '–' | '—' | '/' | ',')
        })
        .last()
        .map_or(before.len(), |(at, _)| at);
    &before[at..]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// `expected` shows the sentences with ` | ` between them.
    #[track_caller]
    fn check(text: &str, expected: &str) {
        let sentences: Vec<&str> = split_sentences(text).into_iter().map(|r| &text[r]).collect();
        assert_eq!(sentences.join(" | "), expected);
    }

    #[test]
    fn stops_end_sentences_but_abbreviations_do_not() {
        check("Sarraj met Haddad. They talked.", "Sarraj met Haddad. | They talked.");
        check("Gen. Haddad and Mr. J. Smith met.", "Gen. Haddad and Mr. J. Smith met.");
        check("He left the U.S. The minister stayed.", "He left the U.S. | The minister stayed.");
        check("The U.S. President spoke at 5 p.m. in Rome.", "The U.S. President spoke at 5 p.m. in Rome.");
        check("It rose 3.5 percent to No. 2. Why?", "It rose 3.5 percent to No. 2. | Why?");
        check("She said no. Then she left.", "She said no. | Then she left.");
        check("1. The first point. 2. The second.", "1. The first point. | 2. The second.");
    }

    #[test]
    fn what_closes_belongs_to_the_sentence_before() {
        check("He said “We will.” She left.", "He said “We will.” | She left.");
        check("He said \"No.\" Then he left.", "He said \"No.\" | Then he left.");
        check("He said \" No . \" Then he left.", "He said \" No . \" | Then he left.");
        check("(It did.) So what?! Go.", "(It did.) | So what?! | Go.");
        check("“Why?” he asked. \"We will.\"", "“Why?” he asked. | \"We will.\"");
    }

    #[test]
    fn ugly_pages() {
        check("He went to Iraq.The minister stayed", "He went to Iraq. | The minister stayed");
        check("were released. the two sides", "were released. | the two sides");
        check("No stop\nat all\n\nNext part", "No stop\nat all | Next part");
        check("The militias did. did.", "The militias did. | did.");
        check("He stayed until 1805. [6] Then he left.[7]", "He stayed until 1805. [6] | Then he left.[7]");
        check("see example.com/a.b and go", "see example.com/a.b and go");
    }

    proptest! {
        #[test]
        fn sentences_cover_the_text(text in r#"(\PC|[a-zA-Z.!?"' ]|\n|[.]["”)] ?){0,80}"#) {
            let mut at = 0;
            for sentence in split_sentences(&text) {
                prop_assert!(sentence.start < sentence.end);
                prop_assert!(text[at..sentence.start].chars().all(char::is_whitespace));
                prop_assert!(text[sentence.clone()].trim() == &text[sentence.clone()]);
                at = sentence.end;
            }
            prop_assert!(text[at..].chars().all(char::is_whitespace));
        }
    }

    #[test]
    fn endless_text_is_cut_in_linear_time() {
        for piece in ["word ", "a", "a,", "\"", ". . ", "Mr. ", "a.", ".", "\n\n", " "] {
            let text = piece.repeat(10_000_000 / piece.len());
            let begin = std::time::Instant::now();
            let sentences = split_sentences(&text);
            assert!(begin.elapsed().as_secs() < 10, "`{piece}` repeated took {:?}", begin.elapsed());
            if piece == "word " {
                assert!(sentences.iter().all(|s| s.len() <= 5 * LONGEST_TOKENS));
            }
        }
    }
}
