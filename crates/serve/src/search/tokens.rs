//! Words of a text, folded.

use polybius_store::fold_name;

/// Bytes of a word; what is longer is no word.
const LONGEST: usize = 60;

/// Hands every word to `each`, folded, with its first byte and its end: letters and digits of any script.
pub fn each_token(text: &str, mut each: impl FnMut(&str, usize, usize)) {
    let mut folded = String::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        // A mark belongs to the letter before it.
        let inside = c.is_alphanumeric() || start.is_some() && is_mark(c);
        match (inside, start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                start = None;
                let word = &text[from..at];
                if word.len() > LONGEST {
                    continue;
                }
                folded.clear();
                match word.is_ascii() {
                    true => folded.extend(word.chars().map(|c| c.to_ascii_lowercase())),
                    false => folded.push_str(&fold_name(word)),
                }
                each(&folded, from, at);
            }
            _ => {}
        }
    }
}

/// Marks that are no letters by themselves; folding takes them away.
fn is_mark(c: char) -> bool {
    !c.is_ascii() && !c.is_whitespace() && fold_name(c.encode_utf8(&mut [0; 4])).is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_every_script_are_folded_and_know_their_place() {
        let text = "Präsident Xi, e\u{301}lan (2018) رئيس";
        let mut words = Vec::new();
        each_token(text, |word, from, to| words.push((word.to_string(), text[from..to].to_string())));
        let folded: Vec<&str> = words.iter().map(|w| w.0.as_str()).collect();
        // The hamza above the letter is a mark, too.
        assert_eq!(folded, ["prasident", "xi", "elan", "2018", "رييس"]);
        assert_eq!(words[0].1, "Präsident");
        each_token(&"x".repeat(1000), |_, _, _| panic!("no word"));
    }
}
