//! A happening in headline words, made from its parties' names and the verb of its clearest account.

use crate::facts::{Fact, Facts};
use crate::numbers::parse;
use crate::sentence::titled;
use polybius_text::{ActorKind, Annotated, EventType, Modality, Party, Polarity};

/// Words of an object that are shown.
const OBJECT_WORDS: usize = 7;

/// `Libyan Prime Minister Masri meets Haddad in Tehran`; `None` when the account does not give a plain sentence.
pub(crate) fn phrase(facts: &Facts, members: &[u32], f: &Fact) -> Option<String> {
    let e = facts.event(f.doc, f.event);
    if e.polarity != Polarity::Affirmed || !matches!(e.modality, Modality::Actual | Modality::Future) {
        return None;
    }
    let a = &facts.doc(f.doc).annotated;
    let verb = a.tokens.get(e.trigger_token as usize).filter(|t| t.upos == "VERB")?;
    if open_verb(a, e.trigger_token) {
        return None;
    }
    if stripped(facts, f) {
        return None;
    }
    let to = attached(facts, f, e.trigger_token, &e.recipients);
    if to.is_empty() != f.recipients.is_empty() {
        return None;
    }
    let actors = names(facts, members, &f.actors);
    let recipients = names(facts, members, &to);
    let rest = after_verb(a, f, facts);
    if rest.split(' ').count() > OBJECT_WORDS || unfinished(a, e.trigger.start, e.trigger.end) {
        return None;
    }
    let place = f.place.as_ref().filter(|p| p.2 == "city").map(|p| p.0.to_string());
    if possessed(&actors) || possessed(&recipients) {
        return None;
    }
    let mut line = if actors.is_empty() {
        // Nobody named does it: `Ndaw and Ouane arrested`.
        let done =
            verb.xpos == "VBN" && e.modality == Modality::Actual && rest.is_empty() && !recipients.is_empty();
        done.then(|| format!("{recipients} {}", a.slice(verb.span).to_lowercase()))?
    } else {
        let many = several(facts, &f.actors);
        let lemma = verb.lemma.to_lowercase();
        let verb = match (e.modality, many) {
            (Modality::Future, _) => format!("to {lemma}"),
            (_, true) => lemma,
            (_, false) => third_person(&lemma),
        };
        let object = if recipients.is_empty() {
            let (words, head) = object_of(a, e.trigger_token)?;
            // The object of `held talks` stands in its trigger already.
            if e.trigger.contains(a.tokens[head as usize].span) { String::new() } else { words }
        } else {
            let preposition = preposition(facts, f, e.trigger_token, &e.recipients)?;
            format!("{preposition}{recipients}")
        };
        let parts = [actors, verb, rest, object];
        parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(" ")
    };
    if let Some(place) = place.filter(|p| !line.contains(p.as_str())) {
        line.push_str(&format!(" in {place}"));
    }
    Some(capital(&line))
}

/// `his men` is nobody by itself.
fn possessed(name: &str) -> bool {
    let first = name.split(' ').next().unwrap_or("").to_lowercase();
    // `the two` are known to a reader of the page alone.
    let counted = name.strip_prefix("the ").or(name.strip_prefix("The ")).is_some_and(|n| parse(n).is_some());
    ["his", "her", "their", "its", "our", "my"].contains(&first.as_str()) || counted
}

fn capital(line: &str) -> String {
    let mut chars = line.chars();
    chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect()
}

/// The same as a sentence, from the first account that gives one; for a row whose accounts all speak at length.
pub(crate) fn in_brief(facts: &Facts, members: &[u32], accounts: &[&Fact]) -> Option<String> {
    let plain = accounts.iter().filter(|f| !facts.spun(f.doc));
    let line = plain.take(12).find_map(|f| phrase(facts, members, f))?;
    Some(line + ".")
}

/// A line for a happening that no account puts plainly.
pub(crate) fn plain(facts: &Facts, members: &[u32], f: &Fact) -> Option<String> {
    let (actors, recipients) = (names(facts, members, &f.actors), names(facts, members, &f.recipients));
    if actors.is_empty() || recipients.is_empty() || possessed(&actors) || possessed(&recipients) {
        return None;
    }
    let (one, many) = match f.event_type {
        EventType::Agree => ("agrees with", "agree with"),
        EventType::Consult => ("meets", "meet"),
        EventType::Support => ("supports", "support"),
        EventType::Cooperate => ("cooperates with", "cooperate with"),
        EventType::Aid => ("aids", "aid"),
        EventType::Concede => ("yields to", "yield to"),
        EventType::Retreat => ("withdraws before", "withdraw before"),
        EventType::Request => ("makes a demand of", "make a demand of"),
        EventType::Accuse => ("accuses", "accuse"),
        EventType::Reject => ("rejects", "reject"),
        EventType::Threaten => ("threatens", "threaten"),
        EventType::Protest => ("protests against", "protest against"),
        EventType::Mobilize => ("readies forces against", "ready forces against"),
        EventType::Sanction => ("acts against", "act against"),
        EventType::Coerce => ("uses coercion against", "use coercion against"),
        EventType::Assault => ("attacks", "attack"),
    };
    let verb = if several(facts, &f.actors) { many } else { one };
    let place = f.place.as_ref().filter(|p| p.2 == "city" && !recipients.contains(p.0.as_str()));
    let place = place.map(|p| format!(" in {}", p.0)).unwrap_or_default();
    Some(capital(&format!("{actors} {verb} {recipients}{place}")))
}

/// Whether a verb takes the plural: two parties, or one of several persons (`soldiers`, `people`, `the Wolves`). A body with a
/// code is one, whatever its name ends in.
fn several(facts: &Facts, actors: &[u32]) -> bool {
    let [only] = actors else { return actors.len() > 1 };
    let actor = facts.actor(*only);
    let last = actor.name.split_whitespace().last().unwrap_or("");
    let plural = last.ends_with('s') || matches!(last, "people" | "police" | "men" | "women");
    match actor.kind {
        ActorKind::Group => plural,
        ActorKind::Organisation => plural && actor.code.is_empty(),
        ActorKind::Person | ActorKind::Country => false,
    }
}

fn names(facts: &Facts, members: &[u32], list: &[u32]) -> String {
    let names: Vec<String> = list.iter().take(3).map(|&a| titled(facts, members, a)).collect();
    match names.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [all @ .., last] => format!("{} and {last}", all.join(", ")),
    }
}

/// Words of the trigger after its verb: `called off`, `held talks`.
fn after_verb(a: &Annotated, f: &Fact, facts: &Facts) -> String {
    let e = facts.event(f.doc, f.event);
    let verb = a.tokens[e.trigger_token as usize].span;
    if e.trigger.end <= verb.end {
        return String::new();
    }
    let rest = a.article.text.get(verb.end as usize..e.trigger.end as usize).unwrap_or("");
    let words: Vec<&str> = rest.split_whitespace().collect();
    words.join(" ")
}

/// Whether words end in one that points elsewhere: `discuss that`, `agreed to`.
fn unfinished(a: &Annotated, start: u32, end: u32) -> bool {
    let last = (a.token_from(start)..a.token_from(end)).next_back().and_then(|t| a.tokens.get(t as usize));
    last.is_some_and(|t| matches!(t.upos.as_str(), "PRON" | "DET" | "SCONJ" | "PART" | "AUX" | "CCONJ"))
}

/// The object of a verb, when it is short and stands beside it.
fn object_of(a: &Annotated, verb: u32) -> Option<(String, u32)> {
    let object = a.children(verb).find(|&t| a.tokens[t as usize].rel == "obj")?;
    let mut tokens: Vec<u32> = vec![object];
    let mut at = 0;
    while at < tokens.len() {
        let inner = a.children(tokens[at]).filter(|&t| {
            let token = &a.tokens[t as usize];
            let rel = token.rel.split(':').next().unwrap_or("");
            matches!(rel, "det" | "amod" | "compound" | "nummod" | "case" | "flat" | "nmod")
        });
        let inner: Vec<u32> = inner.collect();
        tokens.extend(inner);
        at += 1;
    }
    tokens.sort_unstable();
    let (first, last) = (*tokens.first()?, *tokens.last()?);
    let whole = (last - first + 1) as usize == tokens.len();
    let named = matches!(a.tokens[object as usize].upos.as_str(), "NOUN" | "PROPN" | "NUM" | "ADJ");
    if !whole || tokens.len() > OBJECT_WORDS || !named {
        return None;
    }
    let text = a.slice(a.tokens[first as usize].span.cover(a.tokens[last as usize].span));
    Some((text.split_whitespace().collect::<Vec<_>>().join(" "), object))
}

/// Whether a verb says little without what hangs on it: `declared him president`, `stripped him of his office`.
fn open_verb(a: &Annotated, verb: u32) -> bool {
    a.children(verb).any(|t| {
        let rel = a.tokens[t as usize].rel.as_str();
        let of = rel.starts_with("obl") && a.children(t).any(|c| a.tokens[c as usize].lemma == "of");
        matches!(rel, "xcomp" | "ccomp") || of
    })
}

/// Whether a person to whom it is done has an `of` behind the name, which a verb like `strip` needs and the tree hangs there.
fn stripped(facts: &Facts, f: &Fact) -> bool {
    let d = facts.doc(f.doc);
    let a = &d.annotated;
    let heads = facts.event(f.doc, f.event).recipients.iter();
    let heads = heads.filter_map(|p| d.mentions.get(p.mention? as usize)).map(|m| m.head);
    heads.filter(|&h| a.tokens[h as usize].upos == "PROPN").any(|h| {
        a.children(h).any(|t| {
            let mine = a.children(t).any(|c| a.tokens[c as usize].rel == "nmod:poss");
            a.tokens[t as usize].rel == "nmod"
                && mine
                && a.children(t).any(|c| a.tokens[c as usize].lemma == "of")
        })
    })
}

/// The parties whose words hang on the verb, or stand beside one that does.
fn attached(facts: &Facts, f: &Fact, verb: u32, parties: &[Party]) -> Vec<u32> {
    let d = facts.doc(f.doc);
    let a = &d.annotated;
    let hangs = |p: &&Party| {
        let Some(mut at) = p.mention.and_then(|m| d.mentions.get(m as usize)).map(|m| m.head) else {
            return false;
        };
        for _ in 0..8 {
            let token = &a.tokens[at as usize];
            match token.head {
                Some(h) if h == verb => return true,
                Some(h) if token.rel == "conj" => at = h,
                _ => return false,
            }
        }
        false
    };
    let mut out: Vec<u32> =
        parties.iter().filter(hangs).filter_map(|p| facts.actor_of(f.doc, p.actor)).collect();
    out.sort_unstable();
    out.dedup();
    out
}

/// The preposition between the verb and the party, with a space; empty for an object or the subject of a passive; `None` when
/// the party stands elsewhere.
fn preposition(facts: &Facts, f: &Fact, verb: u32, parties: &[Party]) -> Option<String> {
    let d = facts.doc(f.doc);
    let a = &d.annotated;
    let head = parties.iter().find_map(|p| d.mentions.get(p.mention? as usize)).map(|m| m.head)?;
    let token = a.tokens.get(head as usize)?;
    if token.head != Some(verb) {
        return None;
    }
    if token.rel == "obj" || token.rel.starts_with("nsubj:pass") {
        return Some(String::new());
    }
    if !token.rel.starts_with("obl") {
        return None;
    }
    let case = a.children(head).find(|&t| a.tokens[t as usize].rel == "case")?;
    Some(format!("{} ", a.slice(a.tokens[case as usize].span).to_lowercase()))
}

/// `meets`, `carries`, `crosses`.
fn third_person(lemma: &str) -> String {
    let vowel = |c: Option<char>| c.is_some_and(|c| "aeiou".contains(c));
    match lemma {
        "be" => "is".to_string(),
        "have" => "has".to_string(),
        _ if ["s", "x", "z", "ch", "sh", "o"].iter().any(|e| lemma.ends_with(e)) => format!("{lemma}es"),
        _ if lemma.ends_with('y') && !vowel(lemma.chars().rev().nth(1)) => {
            format!("{}ies", &lemma[..lemma.len() - 1])
        }
        _ => format!("{lemma}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::third_person;

    #[test]
    fn verbs_take_their_ending() {
        for (lemma, form) in [("meet", "meets"), ("carry", "carries"), ("cross", "crosses"), ("pay", "pays")]
        {
            assert_eq!(third_person(lemma), form);
        }
    }
}
