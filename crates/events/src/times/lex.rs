//! Words, numbers and marks of one sentence, for the grammar of times. Independent of the reader's tokens, which split
//! `09-07-2018` one way in one page and another way in the next.

/// A word, a number or a mark.
#[derive(Debug, Clone)]
pub(super) struct Lexeme {
    /// First byte in the article's text.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// Lower case; of a number, what follows the digits (`th`, `s`, `pm`).
    pub lower: String,
    /// The digits' value, where it is a number of at most nine digits.
    pub number: Option<u32>,
    /// Number of digits.
    pub digits: usize,
    /// Whether it begins with a capital letter.
    pub capital: bool,
    /// Whether white space stands before it.
    pub spaced: bool,
}

impl Lexeme {
    /// Whether it is this mark or lower-case word.
    pub fn is(&self, word: &str) -> bool {
        self.number.is_none() && self.lower == word
    }

    /// Whether it is one of these marks or lower-case words.
    pub fn is_any(&self, words: &[&str]) -> bool {
        self.number.is_none() && words.contains(&self.lower.as_str())
    }

    /// The number, when nothing is glued to its digits.
    pub fn plain_number(&self) -> Option<u32> {
        self.number.filter(|_| self.lower.is_empty())
    }
}

/// Splits `text`, which starts at byte `base` of the article.
pub(super) fn lexemes(text: &str, base: usize) -> Vec<Lexeme> {
    let mut out = Vec::new();
    let mut spaced = true;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if c.is_whitespace() {
            spaced = true;
            continue;
        }
        let mut end = at + c.len_utf8();
        if c.is_alphanumeric() {
            while let Some(&(next, d)) = chars.peek() {
                let mark = is_combining(d);
                if !d.is_alphanumeric() && !mark {
                    break;
                }
                end = next + d.len_utf8();
                chars.next();
            }
        }
        let word = &text[at..end];
        let digits = word.bytes().take_while(u8::is_ascii_digit).count();
        let number = if (1..=9).contains(&digits) { word[..digits].parse().ok() } else { None };
        let lower = match c {
            '\u{2019}' | '\u{2018}' | '`' => "'".to_owned(),
            '\u{2010}'..='\u{2015}' | '\u{2212}' => "-".to_owned(),
            _ if number.is_some() => word[digits..].to_lowercase(),
            _ => word.to_lowercase(),
        };
        out.push(Lexeme {
            start: base + at,
            end: base + end,
            lower,
            number,
            digits,
            capital: c.is_uppercase(),
            spaced,
        });
        spaced = false;
    }
    out
}

fn is_combining(c: char) -> bool {
    ('\u{0300}'..='\u{036f}').contains(&c) || ('\u{064b}'..='\u{065f}').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_what_is_glued_to_them() {
        let l = lexemes("the 21st of mid-1990s, 5:30pm", 10);
        assert_eq!(l[1].number, Some(21));
        assert_eq!(l[1].lower, "st");
        assert_eq!(l[1].start, 14);
        assert_eq!((l[5].number, l[5].lower.as_str()), (Some(1990), "s"));
        assert_eq!(l.last().unwrap().lower, "pm");
    }
}
