//! The sentence that stands for a claim, made from the words of the clearest account.

use crate::facts::{Fact, Facts, governing_verb, subtree};
use polybius_text::{ActorKind, Annotated, FlagKind, MentionKind, QuoteKind, SegmentKind, Span};
use std::collections::BTreeMap;

/// Sentences up to this many words and marks are shown whole; of longer ones the clause is shown.
const WHOLE: usize = 30;
/// How much plainer a sentence without an event must be to speak for a claim: a translation, a headline or an opinion costs so much.
const PLAINER: i32 = 12;

/// The plainest sentence among the events of a happening: complete, short, with its parties named, not spun or translated. Where
/// no event stands in plain words, a plainer sentence that tells the same without one (`echoes`, by document) speaks for it.
pub(crate) fn claim_sentence(facts: &Facts, members: &[&Fact], echoes: &BTreeMap<u32, u32>) -> String {
    let mut best: Option<(i32, &Fact)> = None;
    // A very long chain says the same in its first accounts.
    for f in members.iter().take(60) {
        let rank = rank(facts, f);
        if best.is_none_or(|(r, _)| rank > r) {
            best = Some((rank, f));
        }
    }
    let Some((_, f)) = best else { return String::new() };
    let e = facts.event(f.doc, f.event);
    let own = text_rank(facts, f.doc, e.sentence);
    let plainer: BTreeMap<u32, u32> = echoes
        .iter()
        .map(|(d, s)| (*d, *s))
        .filter(|&(d, s)| text_rank(facts, d, s) >= own + PLAINER)
        .collect();
    if !plainer.is_empty() {
        return plainest(facts, &plainer);
    }
    event_sentence(facts, f)
}

/// The accounts of a happening (indexes into `all`), plainest first.
pub(crate) fn by_clarity<'f>(facts: &Facts, all: &'f [Fact], happening: &[usize]) -> Vec<&'f Fact> {
    let mut sorted: Vec<(i32, &Fact)> =
        happening.iter().take(60).map(|&f| (rank(facts, &all[f]), &all[f])).collect();
    sorted.sort_by_key(|&(rank, _)| std::cmp::Reverse(rank));
    sorted.into_iter().map(|(_, f)| f).collect()
}

fn rank(facts: &Facts, f: &Fact) -> i32 {
    let doc = facts.doc(f.doc);
    let e = facts.event(f.doc, f.event);
    let named = |p: &polybius_text::Party| {
        p.mention.and_then(|m| doc.mentions.get(m as usize)).is_some_and(|m| m.kind == MentionKind::Named)
    };
    let trigger = doc.annotated.tokens.get(e.trigger_token as usize);
    let verb = trigger.is_some_and(|t| t.upos == "VERB");
    // `The meeting drew criticism` tells of the criticism.
    let beside = trigger.is_some_and(|t| t.upos == "NOUN" && t.rel.starts_with("nsubj"));
    text_rank(facts, f.doc, e.sentence)
        + 8 * e.actors.iter().take(2).filter(|p| named(p)).count() as i32
        + 6 * e.recipients.iter().take(2).filter(|p| named(p)).count() as i32
        + if verb { 5 } else { 0 }
        - if beside { 10 } else { 0 }
        + (e.confidence * 10.0) as i32
}

/// How plainly a sentence can stand for what it tells, by its text and its form.
fn text_rank(facts: &Facts, doc: u32, sentence: u32) -> i32 {
    let a = &facts.doc(doc).annotated;
    let article = &a.article;
    let mut rank = 0;
    for (flag, cost) in [
        (FlagKind::WordSpun, 100),
        (FlagKind::MachineTranslated, 40),
        (FlagKind::Opinion, 12),
        (FlagKind::Truncated, 6),
    ] {
        rank -= if article.has_flag(flag) { cost } else { 0 };
    }
    let Some(s) = a.sentences.get(sentence as usize) else { return i32::MIN / 2 };
    rank += match s.tokens().len() {
        0..=5 => -20,
        6..=8 => 4,
        9..=22 => 14,
        23..=30 => 6,
        _ => 0,
    };
    if article.segments.get(s.segment as usize).is_some_and(|x| x.kind != SegmentKind::Body) {
        rank -= 16;
    }
    // Whom `they` are the reader of a claim cannot look up.
    if a.tokens.get(s.first_token as usize).is_some_and(|t| matches!(t.upos.as_str(), "PRON" | "CCONJ")) {
        rank -= 10;
    }
    let text = a.slice(s.span).trim();
    rank += if text.ends_with(['.', '"', '”']) { 6 } else { -6 };
    rank += if text.chars().next().is_some_and(char::is_uppercase) { 2 } else { -4 };
    rank
}

/// The plainest of sentences that tell the same, by document: complete, not too long, not spun or translated.
pub(crate) fn plainest(facts: &Facts, sentences: &BTreeMap<u32, u32>) -> String {
    let rank = |doc: u32, sentence: u32| {
        let a = &facts.doc(doc).annotated;
        let s = &a.sentences[sentence as usize];
        let named = s.tokens().any(|t| a.tokens[t].upos == "PROPN");
        text_rank(facts, doc, sentence) + if named { 8 } else { 0 }
    };
    let best = sentences.iter().max_by_key(|&(&d, &s)| (rank(d, s), std::cmp::Reverse((d, s))));
    best.map_or_else(String::new, |(&d, &s)| {
        let a = &facts.doc(d).annotated;
        finish(a, a.sentences[s as usize].span, "")
    })
}

/// The words of one event as a sentence: whole when short, else its clause with the subject put back.
fn event_sentence(facts: &Facts, f: &Fact) -> String {
    let doc = facts.doc(f.doc);
    let e = facts.event(f.doc, f.event);
    let a = &doc.annotated;
    let Some(s) = a.sentences.get(e.sentence as usize) else { return String::new() };
    if s.tokens().len() <= WHOLE {
        let text = finish(a, s.span, &opening_pronoun(facts, f, s.first_token));
        return said(facts, f, text, s.span);
    }
    let top = clause_top(a, e.trigger_token);
    let tokens = trimmed(a, subtree(a, top));
    let (Some(&first), Some(&last)) = (tokens.first(), tokens.last()) else { return finish(a, s.span, "") };
    if tokens.len() < 4 || tokens.len() + 4 > s.tokens().len() {
        return finish(a, s.span, &opening_pronoun(facts, f, s.first_token));
    }
    let span = a.tokens[first].span.cover(a.tokens[last].span);
    let subject = tokens
        .iter()
        .any(|&t| a.tokens[t].head == Some(top) && a.tokens[t].rel.starts_with("nsubj") && !relative(a, t));
    let lead = if subject { opening_pronoun(facts, f, first as u32) } else { subject_above(facts, f, top) };
    let text = finish(a, span, &lead);
    said(facts, f, text, span)
}

/// The verb whose clause can stand alone: the trigger's, or the one above when that has no subject of its own to be given.
fn clause_top(a: &Annotated, trigger: u32) -> u32 {
    let mut top = governing_verb(a, trigger);
    for _ in 0..10 {
        let token = &a.tokens[top as usize];
        let dependent =
            matches!(token.rel.as_str(), "xcomp" | "acl" | "amod" | "advcl" | "csubj" | "nmod" | "obl")
                || token.xpos == "VBG" && token.rel != "root";
        match (dependent, token.head) {
            (true, Some(h)) => top = governing_verb(a, h),
            _ => break,
        }
    }
    top
}

/// Without joining words and marks at its edges.
fn trimmed(a: &Annotated, mut tokens: Vec<usize>) -> Vec<usize> {
    let edge = |t: usize| {
        let token = &a.tokens[t];
        token.upos == "PUNCT" && !matches!(a.slice(token.span), "\"" | "“" | "”" | ")" | "(")
            || matches!(token.rel.as_str(), "cc" | "mark")
            || relative(a, t)
            // "where a strike killed ...": as a sentence of its own it begins with the strike.
            || token.xpos == "WRB"
    };
    // `in which he also dissolved`: the preposition goes with its pronoun.
    let fronted = |tokens: &[usize]| matches!(tokens, [first, second, ..] if a.tokens[*first].upos == "ADP" && relative(a, *second));
    while tokens.first().is_some_and(|&t| edge(t)) || fronted(&tokens) {
        tokens.remove(0);
    }
    while tokens.last().is_some_and(|&t| {
        a.tokens[t].upos == "PUNCT" && !matches!(a.slice(a.tokens[t].span), "\"" | "”" | ")")
    }) {
        tokens.pop();
    }
    tokens
}

fn relative(a: &Annotated, t: usize) -> bool {
    matches!(a.tokens[t].xpos.as_str(), "WP" | "WDT" | "WP$")
}

/// `[Masri]` in place of a pronoun that opens the sentence as its doer, else nothing.
fn opening_pronoun(facts: &Facts, f: &Fact, first: u32) -> String {
    let doc = facts.doc(f.doc);
    let Some(token) = doc.annotated.tokens.get(first as usize) else { return String::new() };
    if token.upos != "PRON" || !token.rel.starts_with("nsubj") {
        return String::new();
    }
    let mention = doc.mentions.iter().find(|m| m.first_token == first && m.kind == MentionKind::Pronoun);
    let names: Vec<&str> = mention
        .into_iter()
        .flat_map(|m| &m.actors)
        .filter_map(|&x| facts.actor_of(f.doc, x))
        .map(|x| facts.actor(x).name.as_str())
        .collect();
    if names.is_empty() { String::new() } else { format!("{}\u{1}", joined(&names)) }
}

/// Who does the verb of a clause that leaves its subject to the verb before it: `condemned the arrests and demanded ...`.
fn subject_above(facts: &Facts, f: &Fact, top: u32) -> String {
    let d = facts.doc(f.doc);
    let a = &d.annotated;
    let mut at = top;
    for _ in 0..6 {
        let subject = a.children(at).find(|&t| a.tokens[t as usize].rel.starts_with("nsubj"));
        if let Some(subject) = subject {
            let mention = d.mentions.iter().find(|m| m.head == subject);
            let actors =
                mention.into_iter().flat_map(|m| &m.actors).filter_map(|&x| facts.actor_of(f.doc, x));
            let names: Vec<&str> = actors.map(|x| facts.actor(x).name.as_str()).collect();
            if !names.is_empty() {
                return joined(&names);
            }
            break;
        }
        match (a.tokens[at as usize].rel.as_str(), a.tokens[at as usize].head) {
            ("conj" | "xcomp" | "parataxis", Some(h)) => at = h,
            _ => break,
        }
    }
    let names: Vec<&str> = f.actors.iter().take(3).map(|&x| facts.actor(x).name.as_str()).collect();
    joined(&names)
}

fn joined(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => format!("[{one}]"),
        [all @ .., last] => format!("[{} and {last}]", all.join(", ")),
    }
}

/// The words of a span as a sentence. `lead` is put before it; one that ends in `\u{1}` replaces the first word.
fn finish(a: &Annotated, span: Span, lead: &str) -> String {
    let mut text = a.slice(span).split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some(name) = lead.strip_suffix('\u{1}') {
        text = text.split_once(' ').map_or(name.to_string(), |(_, rest)| format!("{name} {rest}"));
    } else if !lead.is_empty() {
        text = format!("{lead} {text}");
    }
    ended(balanced(without_number(text)))
}

/// `3. The border reopens` without its place in a list.
fn without_number(text: String) -> String {
    match text.split_once(' ') {
        Some((first, rest))
            if first.len() <= 4
                && first.ends_with(['.', ')'])
                && first.trim_end_matches(['.', ')']).chars().all(|c| c.is_ascii_digit()) =>
        {
            rest.to_string()
        }
        _ => text,
    }
}

/// Quotation marks and brackets without their partner go.
fn balanced(mut text: String) -> String {
    for (open, close) in [('“', '”'), ('«', '»'), ('(', ')')] {
        if text.matches(open).count() != text.matches(close).count() {
            text = text.replace([open, close], "");
        }
    }
    if text.matches('"').count() % 2 == 1 {
        text = text.replace('"', "");
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace(" ,", ",").replace(" .", ".")
}

/// First letter large, full stop at the end.
fn ended(text: String) -> String {
    let text = text
        .trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '-' | '–' | '—'))
        .to_string();
    let mut out = String::with_capacity(text.len() + 1);
    let mut chars = text.chars();
    if let Some(c) = chars.next() {
        out.extend(c.to_uppercase());
    }
    out.extend(chars);
    if !out.is_empty() && !out.ends_with(['.', '!', '?']) && !out.ends_with(".\"") && !out.ends_with(".”") {
        out.push('.');
    }
    out
}

/// Puts the speaker before words that a trimmed clause or a bare quotation leaves without one.
fn said(facts: &Facts, f: &Fact, text: String, shown: Span) -> String {
    let e = facts.event(f.doc, f.event);
    let Some(voice) = facts.voice(f.doc, e) else { return text };
    let named =
        e.attribution.iter().any(|x| shown.contains(x.span) || x.cue.is_some_and(|c| shown.contains(c)));
    if named || f.actors.contains(&voice) && text.starts_with('[') {
        return text;
    }
    speech(&facts.actor(voice).name, &text)
}

/// `Otieno: "..."` as a sentence.
pub(crate) fn speech(speaker: &str, words: &str) -> String {
    let words = words
        .trim_matches(|c: char| matches!(c, '"' | '“' | '”' | '«' | '»' | '(' | ')') || c.is_whitespace());
    let mut first = speaker.chars();
    let speaker: String = first.next().into_iter().flat_map(char::to_uppercase).chain(first).collect();
    format!("{speaker} said: \"{words}\"")
}

/// A quotation as a sentence.
pub(crate) fn quote_sentence(facts: &Facts, doc: u32, quote: u32, speaker: Option<u32>) -> String {
    let q = facts.quote(doc, quote);
    let a = &facts.doc(doc).annotated;
    let name = speaker.map(|s| facts.actor(s).name.as_str());
    // Reported words read best behind the verb that reports them.
    if q.kind != QuoteKind::Direct
        && let (Some(name), Some(said), Some(cue)) = (name, q.speaker_span, q.cue)
        && said.end <= cue.start
        && cue.end <= q.span.start
        && q.span.start - said.end <= 60
        && a.sentence_at(said.start) == Some(q.sentence)
        && let Some(rest) = a.article.text.get(said.end as usize..q.span.end as usize)
    {
        let known = name.split_whitespace().last().is_some_and(|last| a.slice(said).contains(last));
        let subject = if known { a.slice(said) } else { name };
        return shortened(&format!("{subject}{}{rest}", if rest.starts_with(' ') { "" } else { " " }));
    }
    let text = shortened(a.slice(q.span));
    match name {
        Some(name) => speech(name, &text),
        None => format!("It was said: \"{}\"", text.trim_matches('"')),
    }
}

/// At most 45 words, as a sentence.
fn shortened(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut text = words[..words.len().min(45)].join(" ");
    if words.len() > 45 {
        text.push_str(" ...");
    }
    ended(balanced(text))
}

/// How an actor is called in a made sentence: with its office where a text gives one.
pub(crate) fn titled(facts: &Facts, members: &[u32], actor: u32) -> String {
    let x = facts.actor(actor);
    if x.kind != ActorKind::Person {
        return x.name.clone();
    }
    let mut titles: Vec<&str> = facts
        .roles_of(actor)
        .iter()
        .filter(|r| r.office.basis == "text" && r.doc.is_some_and(|d| members.contains(&d)))
        .map(|r| r.office.title.as_str())
        .filter(|t| t.split(' ').count() <= 4 && t.chars().next().is_some_and(char::is_uppercase))
        .filter(|t| !["His", "Her", "Their", "Its", "Our", "My"].contains(&t.split(' ').next().unwrap_or("")))
        .collect();
    titles.sort_unstable();
    let best =
        titles.iter().max_by_key(|t| (titles.iter().filter(|u| u == t).count(), std::cmp::Reverse(t.len())));
    // The whole name: which part of it stands alone differs from language to language.
    best.map_or_else(|| x.name.clone(), |t| format!("{t} {}", x.name))
}

#[cfg(test)]
mod tests {
    use super::without_number;

    #[test]
    fn a_claim_does_not_begin_with_its_place_in_a_list() {
        assert_eq!(without_number("3. The border reopens".to_string()), "The border reopens");
        assert_eq!(without_number("12) The border reopens".to_string()), "The border reopens");
        assert_eq!(without_number("1998 was a year of war".to_string()), "1998 was a year of war");
        assert_eq!(without_number("Mr. Veres left".to_string()), "Mr. Veres left");
    }
}
