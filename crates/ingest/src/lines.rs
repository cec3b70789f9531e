//! Lines that are not sentences: bylines, date stamps, names, datelines.

use crate::dates::{DateMention, find_dates};
use crate::knowledge::IngestKnowledge;
use crate::letters::word_units;
use crate::words::{Word, words};

const SEPARATORS: &[&str] = &[
    "|", "•", "·", "–", "—", "-", "/", ",", ":", "(", ")", "‐", "*", "»", "«", "’", "'", "\"", ".", "،", "©",
];
/// Most writers of one article that are named.
const MAX_NAMES: usize = 4;
pub(crate) const DASHES: &[&str] = &["-", "–", "—", "―"];

/// What a stamped date says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StampRole {
    /// The crawler's head line.
    HeadLine,
    /// "Created", "Published", "Posted".
    Published,
    /// "Updated", "Modified".
    Updated,
    /// A date without a word.
    Plain,
}

/// A line that says where, when and by whom.
#[derive(Debug, Clone, Default)]
pub(crate) struct MetaLine {
    pub dates: Vec<(StampRole, DateMention)>,
    pub person: Option<String>,
    pub agency: Option<String>,
    pub outlet: Option<String>,
    pub is_byline: bool,
}

fn is_particle(word: &Word, known: &IngestKnowledge) -> bool {
    known.classes.has("name_particle", &word.lower)
}

/// Capitalised, or with a capital behind a particle: "al-Musawi".
fn is_name_word(word: &Word) -> bool {
    word.is_capitalised() || word.text.split('-').skip(1).any(|part| part.starts_with(char::is_uppercase))
}

/// Whether these words can be the name of a person: two to five, capitalised but for particles, none a word that
/// names do not have.
pub(crate) fn is_person(words: &[Word], known: &IngestKnowledge) -> bool {
    let n_names = words.iter().filter(|w| is_name_word(w)).count();
    (2..=5).contains(&words.len())
        && n_names >= 2
        && words.first().is_some_and(|w| is_name_word(w) || is_particle(w, known))
        && words.last().is_some_and(is_name_word)
        && words.iter().all(|w| {
            w.is_word
                && (is_name_word(w) || is_particle(w, known))
                && !w.text.chars().any(|c| c.is_ascii_digit())
                && !known.classes.has("not_in_name", &w.lower)
                && !known.classes.has("agency", &w.lower)
                && !known.classes.has("institution", &w.lower)
                && !known.classes.has("menu", &w.lower)
                && !known.classes.has("share", &w.lower)
                && !known.classes.has("updated_label", &w.lower)
                && !known.classes.has("published_label", &w.lower)
                && (!known.months.contains_key(&w.lower) || known.classes.has("given_name_month", &w.lower))
                && !known.weekdays.contains_key(&w.lower)
        })
}

/// The persons that words begin with, parted by commas and words for "and", and how many words they take.
fn persons(list: &[Word], base: usize, text: &str, known: &IngestKnowledge) -> (Option<String>, usize) {
    let mut names: Vec<String> = Vec::new();
    let mut end = 0;
    let mut from = 0;
    loop {
        let rest = &list[from.min(list.len())..];
        let and = |w: &Word| known.classes.has("name_and", &w.lower);
        let n = rest
            .iter()
            .take_while(|w| w.is_word && (is_name_word(w) || (is_particle(w, known) && !and(w))))
            .count();
        if names.len() == MAX_NAMES || !is_person(&rest[..n], known) {
            break;
        }
        names.extend(joined(text, &rest[..n], base));
        end = from + n;
        let parts = rest.get(n).is_some_and(|w| matches!(w.text, "," | "&" | "/" | ";" | "،") || and(w));
        if !parts {
            break;
        }
        from = end + 1;
    }
    ((!names.is_empty()).then(|| names.join(", ")), end)
}

pub(crate) fn is_agency(words: &[Word], known: &IngestKnowledge) -> bool {
    (1..=4).contains(&words.len())
        && words.iter().any(|w| w.is_capitalised() && known.classes.has("agency", &w.lower))
}

fn joined(text: &str, words: &[Word], base: usize) -> Option<String> {
    let (first, last) = (words.first()?, words.last()?);
    text.get(first.start - base..last.end - base).map(str::to_string)
}

/// The names in the words of an element that is said to name the writers; none where the words say something else.
pub(crate) fn names_in(text: &str, known: &IngestKnowledge) -> Vec<String> {
    let list = words(text, 0);
    let mut found = Vec::new();
    let splits = |w: &Word| {
        matches!(w.text, "," | "&" | ";" | "/" | "،" | "、" | "|" | "·" | "•" | "-" | "–" | "—" | "(")
            || known.classes.has("name_and", &w.lower)
    };
    let dates = find_dates(&list, known);
    let end = dates.first().map_or(list.len(), |d| d.from);
    for part in list[..end].split(splits) {
        let name: &[Word] = match part.iter().position(|w| w.is_word && !known.classes.has("by", &w.lower)) {
            Some(at) => &part[at..],
            None => continue,
        };
        let n = name.iter().filter(|w| w.is_word).count();
        let units: usize = name.iter().map(|w| word_units(w.text)).sum();
        let odd = name.iter().any(|w| {
            !(w.is_word || matches!(w.text, "." | "'" | "’"))
                || w.lower.contains(|c: char| c.is_ascii_digit() || c == '@')
                || known.classes.has("not_in_name", &w.lower)
                || known.classes.has("share", &w.lower)
        });
        let cased = name.iter().filter(|w| w.is_word).all(|w| {
            is_name_word(w)
                || is_particle(w, known)
                || !w.text.starts_with(|c: char| c.is_lowercase() || c.is_uppercase())
        });
        if odd || !cased || !(n >= 2 || units >= 2) || n > 5 {
            break;
        }
        if let Some(name) = joined(text, name, 0)
            && found.len() < MAX_NAMES
            && !found.contains(&name)
        {
            found.push(name);
        }
    }
    found
}

/// "By X in Y", "Par X, with agencies", "From our correspondent in Z", "Baghdad – X", "Asmara – Agencies".
pub(crate) fn byline(text: &str, words: &[Word], base: usize, known: &IngestKnowledge) -> Option<MetaLine> {
    let first = words.first()?;
    if words.iter().filter(|w| w.is_word).count() > 16 {
        return None;
    }
    let mut line = MetaLine { is_byline: true, ..MetaLine::default() };
    // "Posted by".
    let posted = known.classes.has("published_label", &first.lower);
    let by = words.get(usize::from(posted)).filter(|w| known.classes.has("by", &w.lower));
    if by.is_some() {
        let words = &words[usize::from(posted)..];
        let rest: &[Word] = match words.get(1) {
            Some(w) if w.text == ":" => &words[2..],
            _ => &words[1..],
        };
        let correspondent = rest.iter().take(4).any(|w| known.classes.has("correspondent", &w.lower));
        let last_closed = words.last().is_some_and(|w| matches!(w.text, "." | "?" | "!")) && words.len() > 8;
        if last_closed {
            return None;
        }
        let tail_fits =
            |n: usize| rest.get(n).is_none_or(|w| !w.is_word || known.classes.has("byline_link", &w.lower));
        let (person, n) = persons(rest, base, text, known);
        if person.is_some() && tail_fits(n) {
            line.person = person;
            return Some(line);
        }
        let n = rest.iter().take_while(|w| w.is_word && (is_name_word(w) || is_particle(w, known))).count();
        let staff = is_agency(&rest[..n], known) && n == rest.len();
        return (correspondent || staff).then_some(line);
    }
    let dash = words.iter().position(|w| DASHES.contains(&w.text))?;
    let (place, who) = (&words[..dash], &words[dash + 1..]);
    let place_fits = (1..=3).contains(&place.len()) && place.iter().all(|w| w.is_word && w.is_capitalised());
    if !place_fits || who.is_empty() || who.len() > 10 {
        return None;
    }
    if is_person(who, known) {
        line.person = joined(text, who, base);
        return Some(line);
    }
    let correspondent = who.iter().any(|w| known.classes.has("correspondent", &w.lower));
    if correspondent || is_agency(who, known) {
        let open = who.iter().position(|w| w.text == "(");
        let close = who.iter().position(|w| w.text == ")");
        if let (Some(open), Some(close)) = (open, close) {
            line.outlet = (open + 1 < close).then(|| joined(text, &who[open + 1..close], base))?;
        }
        return Some(line);
    }
    None
}

/// A line of dates, names, places and agencies, and nothing else, with at least one date.
///
/// `named` allows the first piece to be a person; in a stamp of a portal it is the outlet.
pub(crate) fn meta_line(
    text: &str,
    words: &[Word],
    base: usize,
    named: bool,
    known: &IngestKnowledge,
) -> Option<MetaLine> {
    let n_words = words.iter().filter(|w| w.is_word).count();
    if n_words > 34 {
        return None;
    }
    let dates = find_dates(words, known);
    if dates.is_empty() {
        return None;
    }
    let in_date = |i: usize| dates.iter().any(|d| d.from <= i && i < d.to);
    let by = words.first().is_some_and(|w| known.classes.has("by", &w.lower));
    let mut left = 0;
    for (i, word) in words.iter().enumerate() {
        let label = known.classes.has("stamp", &word.lower)
            || known.classes.has("published_label", &word.lower)
            || known.classes.has("updated_label", &word.lower)
            || known.zones.contains_key(&word.lower)
            || known.weekdays.contains_key(&word.lower)
            || known.classes.has("hijri_month", &word.lower)
            || (by && known.classes.has("byline_link", &word.lower));
        if in_date(i) || label || SEPARATORS.contains(&word.text) || is_particle(word, known) {
            continue;
        }
        let number = word.lower.starts_with(|c: char| c.is_ascii_digit());
        if !(word.is_word && (is_name_word(word) || number)) {
            return None;
        }
        left += 1;
    }
    if left > 10 || (words.last().is_some_and(|w| w.text == ".") && n_words > 8) {
        return None;
    }
    let mut line = MetaLine { is_byline: by, ..MetaLine::default() };
    for date in &dates {
        let before = words[..date.from].iter().rev().take(12).take_while(|w| w.text != "|");
        let role = before
            .filter_map(|w| {
                let w = &w.lower;
                if known.classes.has("updated_label", w) {
                    Some(StampRole::Updated)
                } else {
                    known.classes.has("published_label", w).then_some(StampRole::Published)
                }
            })
            .next();
        line.dates.push((role.unwrap_or(StampRole::Plain), date.clone()));
    }
    let labelled = line.dates.iter().any(|(role, _)| *role != StampRole::Plain);
    for piece in pieces(words, &dates) {
        let piece: &[Word] = match piece.first() {
            Some(w) if known.classes.has("by", &w.lower) => &piece[1..],
            _ => piece,
        };
        let name: &[Word] =
            piece.split(|w| !w.is_word || known.classes.has("byline_link", &w.lower)).next().unwrap_or(piece);
        let label = |w: &Word| {
            ["stamp", "published_label", "updated_label"]
                .iter()
                .any(|class| known.classes.has(class, &w.lower))
        };
        if name.iter().all(label) || name.first().is_some_and(label) {
            continue;
        }
        if is_agency(name, known) {
            line.agency = line.agency.take().or(joined(text, name, base));
        } else if (named || by || !labelled) && is_person(name, known) {
            let all = persons(piece, base, text, known).0;
            line.person = line.person.take().or(all).or_else(|| joined(text, name, base));
            line.is_byline = true;
        } else if labelled
            && line.outlet.is_none()
            && line.agency.is_none()
            && piece.len() >= 2
            && words.iter().any(|w| w.text == "|")
        {
            line.outlet = joined(text, piece, base);
        }
    }
    Some(line)
}

/// Pieces of a line between strong separators and dates.
fn pieces<'a, 't>(words: &'a [Word<'t>], dates: &[DateMention]) -> Vec<&'a [Word<'t>]> {
    let mut found = Vec::new();
    let mut from = 0;
    for i in 0..=words.len() {
        let cut = i == words.len()
            || matches!(words[i].text, "|" | "•" | "·" | "–" | "—" | "/" | "©" | "*" | ":")
            || dates.iter().any(|d| d.from <= i && i < d.to);
        if cut {
            if from < i {
                found.push(&words[from..i]);
            }
            from = i + 1;
        }
    }
    found
}

/// The opening of an agency text up to and with its dash.
#[derive(Debug, Clone)]
pub(crate) struct Opening {
    /// Words that it takes.
    pub to: usize,
    pub place: Option<String>,
    pub date: Option<DateMention>,
    pub agency: Option<String>,
}

/// Reads "ASMARA, July 9 (Bluewater Press) -" off the front of a paragraph.
pub(crate) fn opening(text: &str, words: &[Word], base: usize, known: &IngestKnowledge) -> Option<Opening> {
    let head = &words[..words.len().min(24)];
    let mut at = 0;
    while at < head.len()
        && at < 5
        && head[at].is_word
        && (head[at].is_capitalised() || (at > 0 && is_particle(&head[at], known)))
    {
        at += 1;
    }
    let place = (at > 0).then(|| &head[..at])?;
    let caps = place[0].is_all_caps();
    let dates = find_dates(head, known);
    let mut date = None;
    let mut agency = None;
    while let Some(word) = head.get(at) {
        if DASHES.contains(&word.text) || (word.text == ":" && (date.is_some() || agency.is_some())) {
            let known_place = caps || date.is_some() || agency.is_some();
            // Two dashes in a row are one.
            let to = at + 1 + usize::from(head.get(at + 1).is_some_and(|w| w.text == "-"));
            return (known_place && to < words.len()).then(|| Opening {
                to,
                place: joined(text, place, base),
                date,
                agency,
            });
        }
        if let Some(found) = dates.iter().find(|d| d.from == at) {
            at = found.to;
            date = Some(found.clone());
        } else if word.text == "(" {
            let close = (at..head.len().min(at + 8)).find(|i| head[*i].text == ")")?;
            let inside = &head[at + 1..close];
            if !inside.is_empty()
                && inside.iter().all(|w| w.is_word && w.is_capitalised() || matches!(w.text, "/" | "&" | "."))
            {
                agency = joined(text, inside, base);
            }
            at = close + 1;
            let no_dash = head.get(at).is_some_and(|w| w.is_word);
            if no_dash && is_agency(inside, known) {
                return Some(Opening { to: at, place: joined(text, place, base), date, agency });
            }
        } else if matches!(word.text, "," | "." | "/") || (word.is_word && word.is_capitalised() && at < 12) {
            at += 1;
        } else {
            return None;
        }
    }
    None
}
