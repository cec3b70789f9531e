//! Link spam: whole lines, and stretches inside a sentence.

use crate::knowledge::IngestKnowledge;
use crate::words::Word;

/// Whether the word is a web address: `worldbrides.org`, `https://...`.
pub(crate) fn is_address(word: &Word, known: &IngestKnowledge) -> bool {
    if word.lower.contains("://") || word.lower.starts_with("www.") {
        return true;
    }
    let Some((host, last)) = word.lower.rsplit_once('.') else { return false };
    known.classes.has("domain_ending", last)
        && host.chars().any(char::is_alphabetic)
        && host.len() >= 3
        && !word.text.contains('\'')
        && !word.text.contains('’')
        && word.text.chars().nth(1).is_some_and(|c| c.is_lowercase() || c.is_ascii_digit())
}

fn is_spam_word(word: &Word, known: &IngestKnowledge) -> bool {
    known.classes.has("spam", &word.lower) || known.classes.has("spam_weak", &word.lower)
}

/// Whether pieces of the address are words of spammers (`flydeals`, `viagrapascher`).
fn sells(word: &Word, known: &IngestKnowledge) -> bool {
    let pieces = |sep: &[char]| word.lower.split(sep).map(String::from).collect::<Vec<_>>();
    pieces(&['.', '-', '/', ':', '_']).iter().any(|p| known.classes.has("spam", p))
        || known.classes.words("spam_piece").any(|s| word.lower.contains(s))
}

/// Stretches of link spam among the words of a paragraph, as word ranges.
///
/// A stretch begins at an address that sells or stands beside words that sell, and takes those words in, on each side
/// up to one unknown word between two of them.
pub(crate) fn stretches(words: &[Word], known: &IngestKnowledge) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    for i in 0..words.len() {
        if !is_address(&words[i], known) || found.last().is_some_and(|(_, to)| i < *to) {
            continue;
        }
        let floor = found.last().map_or(0, |(_, to)| *to);
        let from = grow_left(words, i, floor, known);
        let to = grow_right(words, i, known);
        // "a strategist of Forex.com" cites a firm.
        let cited = i > 0 && (!words[i - 1].is_word || known.classes.has("cites", &words[i - 1].lower));
        if from < i || to > i + 1 || (sells(&words[i], known) && !cited) {
            found.push((from, to));
        }
    }
    found
}

fn grow_left(words: &[Word], address: usize, floor: usize, known: &IngestKnowledge) -> usize {
    let mut from = address;
    let mut at = address;
    while at > floor && at + 3 > from {
        at -= 1;
        if !words[at].is_word {
            break;
        }
        if is_spam_word(&words[at], known) {
            from = at;
        }
    }
    // Weak words alone ("at", "free") do not make an address spam.
    let strong = words[from..address].iter().any(|w| known.classes.has("spam", &w.lower));
    if strong || sells(&words[address], known) { from } else { address }
}

fn grow_right(words: &[Word], address: usize, known: &IngestKnowledge) -> usize {
    let mut to = address + 1;
    let mut at = to;
    while at < words.len() && at < to + 2 && words[at].is_word {
        if is_spam_word(&words[at], known) {
            to = at + 1;
        }
        at += 1;
    }
    let strong = words[address + 1..to].iter().any(|w| known.classes.has("spam", &w.lower));
    if strong || sells(&words[address], known) { to } else { address + 1 }
}

/// How much a comment or a line sells: addresses count double, words of spammers single.
pub(crate) fn weight(words: &[Word], known: &IngestKnowledge) -> u32 {
    let sold: u32 = words
        .iter()
        .map(|w| {
            let address = is_address(w, known);
            let selling = known.classes.has("spam", &w.lower) || (address && sells(w, known));
            2 * u32::from(address) + u32::from(selling)
        })
        .sum();
    // "I turned $200 into $9,000 with ...": sums of money sell too.
    let sums = words.windows(2).filter(|w| {
        matches!(w[0].text, "$" | "€" | "£") && w[1].text.starts_with(|c: char| c.is_ascii_digit())
    });
    sold + u32::from(sums.count() >= 2)
}
