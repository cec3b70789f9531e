//! The noun by which groups of one state and sector are compared.

use crate::tables::{ActorTables, Row};
use crate::words::words;

const LONGEST_PORTFOLIO: usize = 3;

/// "Malian soldiers in Kati" is `soldier`. Of nouns that many bodies of a state share ("ministry", "commission", "court") the word
/// that tells them apart belongs to it: the interior ministry is not the ministry of health.
///
/// `folded` is the phrase of the group as [`crate::fold::fold`] gives it.
pub(crate) fn group_noun(tables: &ActorTables, folded: &str) -> String {
    let cut = [" of ", " in ", " from ", " at ", " for "].iter().filter_map(|p| folded.find(p)).min();
    let (core, rest) = cut.map_or((folded, ""), |i| (&folded[..i], &folded[i + 1..]));
    let before: Vec<&str> = core.split(' ').collect();
    let (last, before) = before.split_last().expect("a split gives one part at least");
    let head = singular(last);
    if !words().is("body_noun", &head) {
        return words().same_noun(&head).to_owned();
    }
    let behind: Vec<&str> =
        rest.split_once(' ').map_or("", |(_, x)| x.strip_prefix("the ").unwrap_or(x)).split(' ').collect();
    let portfolio = (1..=LONGEST_PORTFOLIO).rev().find_map(|n| {
        let left = before.len().checked_sub(n).map(|i| before[i..].join(" "));
        let right = behind.get(..n).map(|w| w.join(" "));
        let office = |key: String| tables.portfolios.get(&key);
        left.and_then(office).or_else(|| right.and_then(office))
    });
    if let Some(office) = portfolio {
        let head = if matches!(head.as_str(), "office" | "department") { "ministry" } else { &head };
        return format!("{office} {head}");
    }
    let telling = before.last().filter(|w| {
        let state = tables.look_up(w, false).any(|r| matches!(r, Row::Country(..)));
        !state
            && !words().is("qualifier", w)
            && !words().is("filler", w)
            && !matches!(**w, "the" | "a" | "an" | "its" | "his" | "her" | "their" | "our" | "this" | "that")
    });
    telling.map_or(head.clone(), |w| format!("{w} {head}"))
}

/// The singular of a folded noun.
fn singular(word: &str) -> String {
    match word {
        "men" => "man".to_owned(),
        "women" => "woman".to_owned(),
        "people" => "person".to_owned(),
        _ => {
            if let Some(s) = word.strip_suffix("men").filter(|s| s.len() > 2) {
                format!("{s}man")
            } else if let Some(s) = word.strip_suffix("ies") {
                format!("{s}y")
            } else {
                word.strip_suffix('s').filter(|s| !s.ends_with('s') && s.len() > 2).unwrap_or(word).to_owned()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn ministries_are_told_apart_and_policemen_are_the_police() {
        let data = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../data"));
        let tables = ActorTables::load(data).expect("the shipped tables can be read");
        let noun = |phrase: &str| group_noun(&tables, phrase);
        assert_eq!(noun("kenyan soldiers in garissa"), "soldier");
        assert_eq!(noun("mutinous policemen"), "police");
        assert_eq!(noun("the ghanaian interior ministry"), noun("ministry of the interior of ghana"));
        assert_ne!(noun("health ministry"), noun("interior ministry"));
        assert_ne!(noun("human rights commission"), noun("election commission"));
        assert_eq!(noun("kenyan court"), "court");
    }
}
