//! Slots and conditions of the codebook: what they are and how they are written.

use rustc_hash::FxHashSet;
use smol_str::SmolStr;

/// Where a party or a condition looks, seen from the trigger.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Slot {
    Subj,
    Obj,
    Iobj,
    Comp,
    Xsubj,
    Gov,
    GovObj,
    Poss,
    Amod,
    /// The noun phrase that a preposition governs under the trigger.
    Prep(SmolStr),
    /// A dependent of the object.
    ObjPoss,
    ObjAmod,
    ObjPrep(SmolStr),
}

/// The prepositions that may be slots.
pub(crate) const PREPOSITIONS: &[&str] = &[
    "about",
    "above",
    "across",
    "after",
    "against",
    "ahead",
    "along",
    "alongside",
    "amid",
    "among",
    "around",
    "as",
    "at",
    "before",
    "behind",
    "besides",
    "between",
    "beyond",
    "by",
    "despite",
    "during",
    "following",
    "for",
    "from",
    "in",
    "inside",
    "into",
    "like",
    "near",
    "of",
    "off",
    "on",
    "onto",
    "out",
    "outside",
    "over",
    "past",
    "per",
    "regarding",
    "since",
    "through",
    "throughout",
    "to",
    "toward",
    "towards",
    "under",
    "until",
    "unto",
    "up",
    "upon",
    "via",
    "with",
    "within",
    "without",
];

impl Slot {
    pub fn parse(text: &str) -> Option<Slot> {
        Some(match text {
            "subj" => Slot::Subj,
            "obj" => Slot::Obj,
            "iobj" => Slot::Iobj,
            "comp" => Slot::Comp,
            "xsubj" => Slot::Xsubj,
            "gov" => Slot::Gov,
            "govobj" => Slot::GovObj,
            "poss" => Slot::Poss,
            "amod" => Slot::Amod,
            _ => match text.strip_prefix("obj/") {
                Some("poss") => Slot::ObjPoss,
                Some("amod") => Slot::ObjAmod,
                Some(p) if PREPOSITIONS.contains(&p) => Slot::ObjPrep(p.into()),
                Some(_) => return None,
                None if PREPOSITIONS.contains(&text) => Slot::Prep(text.into()),
                None => return None,
            },
        })
    }
}

/// What may fill a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    Actor,
    Person,
    Country,
    Org,
    Armed,
    State,
    People,
    Place,
    Thing,
}

impl Kind {
    pub const NAMES: &'static [(&'static str, Kind)] = &[
        ("actor", Kind::Actor),
        ("person", Kind::Person),
        ("country", Kind::Country),
        ("org", Kind::Org),
        ("armed", Kind::Armed),
        ("state", Kind::State),
        ("people", Kind::People),
        ("place", Kind::Place),
        ("thing", Kind::Thing),
    ];

    pub fn parse(text: &str) -> Option<Kind> {
        Kind::NAMES.iter().find(|(n, _)| *n == text).map(|(_, k)| *k)
    }
}

/// One condition of a row.
#[derive(Debug, Clone)]
pub(crate) struct Condition {
    /// Written with `!`.
    pub negated: bool,
    pub test: Test,
}

#[derive(Debug, Clone)]
pub(crate) enum Test {
    Filled(Slot),
    Words(Slot, FxHashSet<SmolStr>),
    Is(Slot, Kind),
    NoObject,
    Negated,
    Passive,
    Light,
    Plural,
    /// The sentence holds one of these lemmas.
    Sentence(FxHashSet<SmolStr>),
    /// One of these holds.
    Any(Vec<Test>),
}

impl Condition {
    /// Reads one condition, or says what is wrong with it.
    pub fn parse(text: &str) -> Result<Condition, String> {
        let (negated, body) = match text.strip_prefix('!') {
            Some(rest) => (true, rest.trim()),
            None => (false, text),
        };
        // `by|of|in@place` are alternatives; after a colon the bars part words.
        let mut parts: Vec<String> = Vec::new();
        for piece in body.split('|') {
            match parts.last_mut() {
                Some(last) if last.contains(':') && !piece.contains([':', '@']) => {
                    last.push('|');
                    last.push_str(piece);
                }
                _ => parts.push(piece.trim().to_owned()),
            }
        }
        let mut tests = parts.iter().map(|p| parse_test(p, text)).collect::<Result<Vec<Test>, String>>()?;
        let test = if tests.len() == 1 { tests.remove(0) } else { Test::Any(tests) };
        Ok(Condition { negated, test })
    }
}

fn parse_test(body: &str, text: &str) -> Result<Test, String> {
    let slot = |name: &str| {
        Slot::parse(name).ok_or_else(|| {
                format!("unknown slot `{name}` in condition `{text}`; slots are subj, obj, iobj, comp, xsubj, gov, govobj, poss, amod, obj/..., or a preposition")
            })
    };
    let words =
        |list: &str| -> FxHashSet<SmolStr> { list.split('|').map(|w| SmolStr::from(w.trim())).collect() };
    Ok(match body {
        "noobj" => Test::NoObject,
        "neg" => Test::Negated,
        "passive" => Test::Passive,
        "light" => Test::Light,
        "plural" => Test::Plural,
        _ => {
            if let Some((left, right)) = body.split_once('@') {
                let kind = Kind::parse(right).ok_or_else(|| {
                    let known: Vec<&str> = Kind::NAMES.iter().map(|(n, _)| *n).collect();
                    format!("unknown kind `{right}` in condition `{text}`; kinds are {}", known.join(", "))
                })?;
                Test::Is(slot(left)?, kind)
            } else if let Some((left, right)) = body.split_once(':') {
                if right.trim().is_empty() {
                    return Err(format!("condition `{text}` names no word after the colon"));
                }
                if left == "word" {
                    Test::Sentence(words(right))
                } else {
                    Test::Words(slot(left)?, words(right))
                }
            } else {
                Test::Filled(slot(body)?)
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_read_as_the_readme_says() {
        assert!(
            matches!(Condition::parse("obj:goal|match").unwrap().test, Test::Words(Slot::Obj, w) if w.len() == 2)
        );
        assert!(Condition::parse("!subj@armed").unwrap().negated);
        assert!(
            matches!(Condition::parse("obj/on").unwrap().test, Test::Filled(Slot::ObjPrep(p)) if p == "on")
        );
        assert!(Condition::parse("obj@tank").unwrap_err().contains("kinds are"));
        assert!(Condition::parse("sbj").unwrap_err().contains("unknown slot"));
    }
}
