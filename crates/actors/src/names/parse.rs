//! A name cut into words: order, particles, generations, initials.

use super::bearers::generation_of;
use super::{WordKind, knowledge, to_latin};
use crate::fold::fold;

pub(super) struct Word {
    pub text: String,
    pub weight: f32,
    pub initial: bool,
}

/// A name cut into words.
#[derive(Default)]
pub(super) struct Parsed {
    pub words: Vec<Word>,
    pub organisation: bool,
    /// "II", "Jr": the part that tells one bearer of the name from the next; `generation` as in [`generation_of`].
    pub generation: Option<u8>,
    /// "H. W." between given and family name.
    pub middle: Vec<String>,
}

pub(super) fn parse(name: &str) -> Parsed {
    let k = knowledge();
    let latin = to_latin(name).replace('&', " and ");
    // "Putin, Vladimir" is the family name first; bring it behind.
    let turned = match latin.split_once(',') {
        Some((family, given))
            if !given.contains(',')
                && given.split_whitespace().count() <= 3
                && !given.trim().is_empty()
                && !looks_like_form(given) =>
        {
            format!("{} {}", given.trim(), family.trim())
        }
        _ => latin,
    };
    let mut words: Vec<Word> = Vec::new();
    let mut organisation = false;
    let mut generation = None;
    // Where the whole name is in capitals, "XI" may be a name.
    let capitals = !name.chars().any(char::is_lowercase);
    let pieces: Vec<&str> = turned
        .split(|c: char| c.is_whitespace() || matches!(c, '-' | '‐' | '–' | '(' | ')' | ',' | '/' | '"'))
        .filter(|w| !w.is_empty())
        .take(40)
        .collect();
    for (i, piece) in pieces.iter().enumerate() {
        let mut text = fold(piece);
        // Arabic writes its article as part of the word.
        if piece.len() > 4
            && piece.starts_with("al")
            && !name.is_ascii()
            && pieces.len() == 1
            && text.len() > 4
            && name.trim_start().starts_with("ال")
        {
            text.drain(..2);
        }
        if text.is_empty() {
            continue;
        }
        let kinds = k.particles.get(text.as_str()).map(Vec::as_slice).unwrap_or_default();
        if kinds.contains(&WordKind::Organisation) && i > 0 {
            organisation |= !matches!(text.as_str(), "of" | "and" | "the" | "for" | "as" | "ag");
            continue;
        }
        if kinds.contains(&WordKind::Organisation)
            && !kinds.contains(&WordKind::Article)
            && i == 0
            && pieces.len() > 1
        {
            organisation |= text != "the";
            continue;
        }
        if i > 0
            && !capitals
            && let Some(n) = generation_of(piece, i + 1 == pieces.len())
        {
            generation = Some(n);
            continue;
        }
        // "Al-Sisi", but not "Kim Jong-il".
        if kinds.contains(&WordKind::Article) && i + 1 < pieces.len() {
            continue;
        }
        if kinds.contains(&WordKind::Filiation) && i > 0 && i + 1 < pieces.len() {
            words.push(Word { text, weight: 0.1, initial: false });
            continue;
        }
        if kinds.contains(&WordKind::Particle) && i + 1 < pieces.len() {
            // "Abu Mahdi", "de Gaulle", "Abd al-Rahman": the particle belongs to the next word only when that is compared alone.
            words.push(Word { text, weight: 0.15, initial: false });
            continue;
        }
        if crate::honorific::is_honorific(&text) && i + 1 < pieces.len() {
            continue;
        }
        let initial = text.chars().count() == 1
            || (piece.len() <= 3 && text.len() == 2 && piece.chars().all(|c| c.is_uppercase()));
        words.push(Word { weight: if initial { 0.5 } else { 1.0 }, initial, text });
    }
    if let Some(last) = words.iter_mut().rev().find(|w| w.weight >= 1.0) {
        last.weight = 1.6;
    }
    let full = |w: &Word| w.weight >= 1.0;
    let (first, last) = (words.iter().position(full), words.iter().rposition(full));
    let middle = match (first, last) {
        (Some(first), Some(last)) if last > first => {
            words[first..last].iter().filter(|w| w.initial).map(|w| w.text.clone()).collect()
        }
        _ => Vec::new(),
    };
    Parsed { words, organisation, generation, middle }
}
fn looks_like_form(words: &str) -> bool {
    words.split_whitespace().any(|w| {
        knowledge().particles.get(fold(w).as_str()).is_some_and(|k| k.contains(&WordKind::Organisation))
    })
}
