//! What can be said of single characters.

/// A combining mark that belongs to the letter before it (Arabic vowels, accents, Indic signs).
pub(crate) fn is_mark(c: char) -> bool {
    matches!(u32::from(c),
        0x0300..=0x036f | 0x0483..=0x0489 | 0x0591..=0x05c7 | 0x0610..=0x061a | 0x064b..=0x065f
        | 0x0670 | 0x06d6..=0x06ed | 0x0e47..=0x0e4e | 0x0ec8..=0x0ecd | 0x200c..=0x200d)
        // Signs of Indic scripts that are no letters and no full stops.
        || (matches!(u32::from(c), 0x0900..=0x0dff) && !c.is_alphanumeric() && !matches!(c, '।' | '॥' | '॰'))
}

/// The ASCII digit of a digit of another script.
pub(crate) fn ascii_digit(c: char) -> Option<char> {
    let zero = match u32::from(c) {
        n @ (0x0660..=0x0669 | 0x06f0..=0x06f9) => n & !0xf,
        n @ (0x0966..=0x096f | 0x09e6..=0x09ef) => n - (n - 6) % 16,
        n @ 0x0e50..=0x0e59 => n & !0xf,
        n @ 0xff10..=0xff19 => n & !0xf,
        _ => return None,
    };
    char::from_digit(u32::from(c) - zero, 10)
}

/// A writing system, coarsely: enough to see that a line is not in the script of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Script {
    Latin,
    Greek,
    Cyrillic,
    Hebrew,
    Arabic,
    Ethiopic,
    Indic,
    EastAsian,
    Other,
}

fn script_of(c: char) -> Script {
    match u32::from(c) {
        0..=0x024f | 0x1e00..=0x1eff => Script::Latin,
        0x0370..=0x03ff | 0x1f00..=0x1fff => Script::Greek,
        0x0400..=0x052f => Script::Cyrillic,
        0x0590..=0x05ff => Script::Hebrew,
        0x0600..=0x077f | 0x08a0..=0x08ff | 0xfb50..=0xfdff | 0xfe70..=0xfeff => Script::Arabic,
        0x1200..=0x139f => Script::Ethiopic,
        0x0900..=0x0dff => Script::Indic,
        0x1100..=0x11ff | 0x3040..=0x30ff | 0x3400..=0x9fff | 0xac00..=0xd7af => Script::EastAsian,
        _ => Script::Other,
    }
}

/// The script of most letters, with the number of letters; `None` without letters.
pub(crate) fn main_script(text: &str) -> Option<(Script, usize)> {
    let mut counts = [0usize; 9];
    let mut letters = 0;
    for c in text.chars().filter(|c| c.is_alphabetic()) {
        counts[script_of(c) as usize] += 1;
        letters += 1;
    }
    const ALL: [Script; 9] = [
        Script::Latin,
        Script::Greek,
        Script::Cyrillic,
        Script::Hebrew,
        Script::Arabic,
        Script::Ethiopic,
        Script::Indic,
        Script::EastAsian,
        Script::Other,
    ];
    let best = (0..9).max_by_key(|&i| counts[i])?;
    (letters > 0).then_some((ALL[best], letters))
}

/// Whether a paragraph that ends here is closed: a full stop or its kin, behind which quotes and brackets may stand.
pub(crate) fn ends_closed(text: &str) -> bool {
    last_mark(text)
        .is_some_and(|c| matches!(c, '.' | '!' | '?' | '…' | '。' | '؟' | '！' | '？' | '۔' | '।' | '።'))
}

/// The last character but closing quotes, brackets with a note number, invisible signs and white space.
pub(crate) fn last_mark(text: &str) -> Option<char> {
    let mut in_note = false;
    text.chars().rev().find(|c| {
        in_note = *c == ']' || (in_note && c.is_ascii_digit());
        let closing = matches!(c, '"' | '\'' | '”' | '’' | '»' | ')' | ']' | '[');
        let invisible = matches!(c, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}');
        !(c.is_whitespace() || closing || invisible || in_note)
    })
}

/// How much text this is: a letter or digit of an alphabet weighs 1, a sign of an East Asian script 2.5.
pub(crate) fn weight(text: &str) -> f32 {
    text.chars()
        .map(|c| match u32::from(c) {
            0x30..=0x39 | 0x41..=0x5a | 0x61..=0x7a => 1.0,
            0..=0xbf => 0.0,
            0x3040..=0x30ff | 0x3400..=0x9fff | 0xac00..=0xd7af => 2.5,
            0x2000..=0x206f | 0x3000..=0x303f | 0xff00..=0xff0f => 0.0,
            _ => 1.0,
        })
        .sum()
}

/// How many words a run of letters counts as: one, but two signs of an East Asian script are about a word.
pub(crate) fn word_units(text: &str) -> usize {
    if text.is_ascii() {
        return 1;
    }
    let signs = text.chars().filter(|c| matches!(u32::from(*c), 0x3040..=0x30ff | 0x3400..=0x9fff)).count();
    signs.div_ceil(2).max(1)
}
