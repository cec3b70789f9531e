//! Sentences that tell of a happening although no event was coded in them: a copy's sentence, another rendering of one
//! quotation, or the same parties with the same act in other words.

use crate::chains::Happening;
use crate::dates;
use crate::facts::{Fact, Facts, act_of, governing_verb, sign, speech};
use crate::figures::FigureGroup;
use crate::knowledge::knowledge;
use crate::lines::Line;
use crate::matches::Match;
use crate::origins::Copies;
use crate::utterances::Saying;
use crate::words::{cosine, dice};
use polybius_text::{ActorKind, Annotated, EventType, Modality, Polarity};
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet};

/// Share of a fact's words that a sentence must hold beside parties and act.
const SAME_WORDS: f32 = 0.34;
/// Likeness of two sentence vectors that makes up for other words.
const SAME_SENSE: f32 = 0.72;
/// Sentences of one document that are shown for a happening.
const SENTENCES: usize = 3;
/// Sentences looked at for a happening.
const LOOKED_AT: usize = 400;
/// Accounts of a happening that are compared with sentences.
const REPRESENTATIVES: usize = 4;

/// One sentence that tells of a happening.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Echo {
    pub doc: u32,
    pub sentence: u32,
}

/// For each happening, sentences of documents that have no event of it.
pub(crate) fn find_echoes(
    facts: &Facts,
    (members, lines): (&[u32], &[Line]),
    all: &[Fact],
    happenings: &[Happening],
    (copies, matched): (&[Copies], &[Match]),
    (sayings, groups): (&[Saying], &[Vec<usize>]),
) -> Vec<Vec<Echo>> {
    let told: Vec<FxHashSet<u32>> =
        happenings.iter().map(|h| h.facts.iter().map(|&f| all[f].doc).collect()).collect();
    let mut found: Vec<BTreeMap<u32, BTreeSet<u32>>> = vec![BTreeMap::new(); happenings.len()];
    in_other_words(facts, (members, lines), all, happenings, &told, &mut found);
    in_renderings(facts, all, happenings, &told, (sayings, groups), &mut found);
    in_matches(facts, lines, all, happenings, &told, matched, &mut found);
    in_copies(facts, all, happenings, &told, copies, &mut found);
    found
        .into_iter()
        .map(|echoes| {
            let each = |(doc, sentences): (u32, BTreeSet<u32>)| {
                sentences.into_iter().take(SENTENCES).map(move |sentence| Echo { doc, sentence })
            };
            echoes.into_iter().flat_map(each).collect()
        })
        .collect()
}

/// Adds sentences to the echoes of a happening, for documents that have neither an event nor an echo of it.
pub(crate) fn tell(
    all: &[Fact],
    happening: &Happening,
    sentences: impl Iterator<Item = Echo>,
    echoes: &mut Vec<Echo>,
) {
    let told: FxHashSet<u32> =
        happening.facts.iter().map(|&f| all[f].doc).chain(echoes.iter().map(|e| e.doc)).collect();
    echoes.extend(sentences.filter(|e| !told.contains(&e.doc)));
    echoes.sort_unstable();
    echoes.dedup();
}

/// Sentences with a number that several documents give of one thing, for the happening that the number belongs to.
pub(crate) fn tell_figures(
    facts: &Facts,
    all: &[Fact],
    happenings: &[Happening],
    groups: &[FigureGroup],
    echoes: &mut [Vec<Echo>],
) {
    let mut at: FxHashMap<(u32, u32), Vec<(usize, usize)>> = FxHashMap::default();
    for (h, happening) in happenings.iter().enumerate() {
        for &f in &happening.facts {
            let sentence = facts.event(all[f].doc, all[f].event).sentence;
            at.entry((all[f].doc, sentence)).or_default().push((h, f));
        }
    }
    for group in groups {
        let mut votes: BTreeMap<usize, usize> = BTreeMap::new();
        for figure in &group.figures {
            let a = &facts.doc(figure.doc).annotated;
            let number = a.token_from(figure.span.start) as usize;
            let here = at.get(&(figure.doc, figure.sentence)).into_iter().flatten();
            // The number must stand in the clause of the event.
            let own = here.filter(|(_, f)| {
                let trigger = facts.event(all[*f].doc, all[*f].event).trigger_token;
                governing_verb(a, number as u32) == governing_verb(a, trigger)
            });
            own.for_each(|(h, _)| *votes.entry(*h).or_default() += 1);
        }
        let best = votes.into_iter().max_by_key(|&(h, n)| (n, std::cmp::Reverse(h)));
        if let Some((h, _)) = best {
            let sentences = group.figures.iter().map(|f| Echo { doc: f.doc, sentence: f.sentence });
            tell(all, &happenings[h], sentences, &mut echoes[h]);
        }
    }
}

/// Sentences of copies and spun copies that stand where the sentence of an event stands.
fn in_copies(
    facts: &Facts,
    all: &[Fact],
    happenings: &[Happening],
    told: &[FxHashSet<u32>],
    copies: &[Copies],
    found: &mut [BTreeMap<u32, BTreeSet<u32>>],
) {
    let mut by_sentence: FxHashMap<(u32, u32), Vec<usize>> = FxHashMap::default();
    for (h, happening) in happenings.iter().enumerate() {
        for &f in &happening.facts {
            let sentence = facts.event(all[f].doc, all[f].event).sentence;
            by_sentence.entry((all[f].doc, sentence)).or_default().push(h);
        }
    }
    let spun_only = |h: usize| happenings[h].facts.iter().all(|&f| facts.spun(all[f].doc));
    for Copies { docs: (a, b), sentences } in copies {
        for &(i, j) in sentences {
            for (from, to) in [((*a, i), (*b, j)), ((*b, j), (*a, i))] {
                for &h in by_sentence.get(&from).into_iter().flatten() {
                    // What only a spinner's words make of a sentence is not what the sentence tells.
                    let invented = spun_only(h) && !facts.spun(to.0);
                    if !invented && !told[h].contains(&to.0) {
                        found[h].entry(to.0).or_default().insert(to.1);
                    }
                }
            }
        }
    }
}

/// Other renderings of the quotation that an event stands in.
fn in_renderings(
    facts: &Facts,
    all: &[Fact],
    happenings: &[Happening],
    told: &[FxHashSet<u32>],
    (sayings, groups): (&[Saying], &[Vec<usize>]),
    found: &mut [BTreeMap<u32, BTreeSet<u32>>],
) {
    let mut group_of: FxHashMap<(u32, u32), usize> = FxHashMap::default();
    for (g, group) in groups.iter().enumerate() {
        for &s in group {
            group_of.insert((sayings[s].doc, sayings[s].quote), g);
        }
    }
    for (h, happening) in happenings.iter().enumerate() {
        for &f in &happening.facts {
            let fact = &all[f];
            let event = facts.event(fact.doc, fact.event);
            let Some(group) = event.quote.and_then(|q| group_of.get(&(fact.doc, q))) else { continue };
            for s in groups[*group].iter().map(|&s| &sayings[s]) {
                let same = dice(&fact.words, &s.words, facts.rarity) >= 0.2;
                if same && !told[h].contains(&s.doc) {
                    found[h].entry(s.doc).or_default().insert(facts.quote(s.doc, s.quote).sentence);
                }
            }
        }
    }
}

/// Sentences of other texts that tell the same as the sentence of an event, where they hold what the event's clause says.
fn in_matches(
    facts: &Facts,
    lines: &[Line],
    all: &[Fact],
    happenings: &[Happening],
    told: &[FxHashSet<u32>],
    matched: &[Match],
    found: &mut [BTreeMap<u32, BTreeSet<u32>>],
) {
    let mut alike: FxHashMap<(u32, u32), Vec<(u32, u32)>> = FxHashMap::default();
    for m in matched {
        alike.entry(m.a).or_default().push(m.b);
        alike.entry(m.b).or_default().push(m.a);
    }
    let line_at: FxHashMap<(u32, u32), &Line> = lines.iter().map(|l| ((l.doc, l.sentence), l)).collect();
    for (h, happening) in happenings.iter().enumerate() {
        for &f in &happening.facts {
            let fact = &all[f];
            let event = facts.event(fact.doc, fact.event);
            let Some(others) = alike.get(&(fact.doc, event.sentence)) else { continue };
            let Some(act) = act_of(facts, fact) else { continue };
            for &(doc, sentence) in others.iter().filter(|(d, _)| !told[h].contains(d)) {
                let Some(line) = line_at.get(&(doc, sentence)) else { continue };
                if tells_clause(facts, fact, &act, line) {
                    found[h].entry(doc).or_default().insert(sentence);
                }
            }
        }
    }
}

/// Whether a sentence of the same matter tells the part of it that an event is: its act or its words, and neither denies what the
/// other affirms.
fn tells_clause(facts: &Facts, fact: &Fact, act: &SmolStr, line: &Line) -> bool {
    let event = facts.event(fact.doc, fact.event);
    let holds = |w: &SmolStr| line.words.binary_search(w).is_ok();
    let weight =
        |words: &mut dyn Iterator<Item = &SmolStr>| -> f32 { words.map(|w| facts.rarity.weight(w)).sum() };
    let (shared, all) = (weight(&mut fact.words.iter().filter(|w| holds(w))), weight(&mut fact.words.iter()));
    let share = if all > 0.0 { shared / all } else { 0.0 };
    let only = facts.doc(fact.doc).events.iter().filter(|e| e.sentence == event.sentence).count() == 1;
    let needed = if only || holds(act) { 0.5 * SAME_WORDS } else { SAME_WORDS };
    let said = speech(fact.event_type) || !event.attribution.is_empty() || event.quote.is_some();
    // What is said about two states is not said about one of them.
    let about = !said || line.codes.is_empty() || fact.about.iter().all(|c| line.codes.contains(c));
    // A visit of one person is not the visit of another, nor is it paid to another.
    let others: Vec<u32> = line
        .actors
        .iter()
        .copied()
        .filter(|x| facts.is_person(*x) && !fact.actors.contains(x) && !fact.recipients.contains(x))
        .collect();
    let there = |side: &[u32]| {
        side.is_empty()
            || side.iter().any(|x| line.actors.contains(x))
            || others.is_empty() && side.iter().any(|&x| stands_in(facts, x, line))
            || !side.iter().any(|&x| facts.is_person(x)) && side.iter().any(|&x| stands_in(facts, x, line))
            || line.actors.is_empty()
    };
    let doer = there(&fact.actors) && (fact.event_type != EventType::Consult || there(&fact.recipients));
    // Nor are the words of one person those of another.
    let voice = facts.voice(fact.doc, event).filter(|v| facts.is_person(*v));
    let voiced = voice.is_none_or(|v| line.speakers.is_empty() || line.speakers.contains(&v));
    let a = &facts.doc(line.doc).annotated;
    share >= needed
        && about
        && doer
        && voiced
        && objects_named(fact, line, said)
        && days_fit(facts, fact, line)
        && negated(a, line.sentence, act) == (sign(event) < 0)
}

fn in_other_words(
    facts: &Facts,
    (members, lines): (&[u32], &[Line]),
    all: &[Fact],
    happenings: &[Happening],
    told: &[FxHashSet<u32>],
    found: &mut [BTreeMap<u32, BTreeSet<u32>>],
) {
    if members.len() < 2 {
        return;
    }
    let mut by_word: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
    for (n, line) in lines.iter().enumerate() {
        for word in &line.words {
            by_word.entry(word).or_default().push(n);
        }
    }
    for (h, happening) in happenings.iter().enumerate() {
        for &f in representatives(facts, all, happening).iter() {
            let fact = &all[f];
            let Some(act) = act_of(facts, fact) else { continue };
            let mut seen = FxHashSet::default();
            let near = search_words(facts, fact, &act);
            let near =
                near.iter().flat_map(|w| by_word.get(w.as_str()).into_iter().flatten().take(LOOKED_AT));
            for &n in near.filter(|n| seen.insert(**n)) {
                let line = &lines[n];
                if told[h].contains(&line.doc) || line.doc == fact.doc {
                    continue;
                }
                if echoes(facts, fact, &act, line) {
                    found[h].entry(line.doc).or_default().insert(line.sentence);
                }
            }
        }
    }
}

/// The accounts that name most parties.
fn representatives(facts: &Facts, all: &[Fact], happening: &Happening) -> Vec<usize> {
    let mut sorted = happening.facts.clone();
    sorted.sort_by_key(|&f| {
        let fact = &all[f];
        let parties = usize::from(!fact.actors.is_empty()) + usize::from(!fact.recipients.is_empty());
        (facts.spun(fact.doc), std::cmp::Reverse(parties), f)
    });
    sorted.truncate(REPRESENTATIVES);
    sorted
}

/// Words that find sentences: the act, and for what is said the rarest words of its content, since `pledged` in one account is
/// `said` in another.
fn search_words(facts: &Facts, fact: &Fact, act: &SmolStr) -> Vec<SmolStr> {
    let mut words = vec![act.clone()];
    if speech(fact.event_type) {
        let mut rest: Vec<&SmolStr> = fact.words.iter().filter(|w| *w != act).collect();
        rest.sort_by(|a, b| facts.rarity.weight(b).total_cmp(&facts.rarity.weight(a)).then(a.cmp(b)));
        words.extend(rest.into_iter().take(3).cloned());
    }
    words
}

/// Whether a sentence tells of the same.
fn echoes(facts: &Facts, fact: &Fact, act: &SmolStr, line: &Line) -> bool {
    let event = facts.event(fact.doc, fact.event);
    if fact.actors.is_empty() && fact.recipients.is_empty() {
        return false;
    }
    let either = !fact.actors.is_empty() && !fact.recipients.is_empty();
    let reciprocal = knowledge().kind(fact.event_type).reciprocal;
    let named = [&fact.actors, &fact.recipients].map(|side| side.iter().any(|&x| stands_in(facts, x, line)));
    let sides = match (either, reciprocal) {
        (true, _) => named[0] && named[1],
        (false, true) => {
            // A joint act of several is told again where two of them are named.
            let all: BTreeSet<u32> = fact.actors.iter().chain(&fact.recipients).copied().collect();
            all.iter().filter(|&&x| stands_in(facts, x, line)).count() >= all.len().min(2)
        }
        (false, false) => named[0] || named[1],
    };
    if !sides {
        return false;
    }
    let total: f32 = fact.words.iter().map(|w| facts.rarity.weight(w)).sum();
    let shared: Vec<&SmolStr> = fact.words.iter().filter(|w| line.words.binary_search(w).is_ok()).collect();
    let share =
        if total > 0.0 { shared.iter().map(|w| facts.rarity.weight(w)).sum::<f32>() / total } else { 0.0 };
    let sense =
        cosine(facts.vector(fact.doc, event.sentence), facts.vector(line.doc, line.sentence)).unwrap_or(0.0);
    let others = shared.iter().filter(|w| **w != act).count();
    // In other words only the same speaker says the same.
    let speaks = fact.actors.iter().any(|a| line.actors.contains(a));
    if line.words.binary_search(act).is_err() && !speaks {
        return false;
    }
    // What is said or to come has its own objects; what happened is known by parties and day.
    let said = !event.attribution.is_empty()
        || event.quote.is_some()
        || matches!(event.modality, Modality::Future | Modality::Hypothetical)
        || event.polarity != Polarity::Affirmed;
    let alike =
        share >= SAME_WORDS && others >= 1 || sense >= SAME_SENSE && (others >= 1 || fact.words.len() <= 2);
    if !alike || !objects_named(fact, line, said) || !days_fit(facts, fact, line) {
        return false;
    }
    let a = &facts.doc(line.doc).annotated;
    negated(a, line.sentence, act) == (sign(event) < 0)
}

/// Whether an actor, or the state that a person or group stands for, is named in a sentence.
fn stands_in(facts: &Facts, actor: u32, line: &Line) -> bool {
    if line.actors.contains(&actor) {
        return true;
    }
    let x = facts.actor(actor);
    match x.kind {
        ActorKind::Country => line.codes.contains(x.code.as_str()),
        ActorKind::Person => line.actors.iter().any(|&y| {
            let y = facts.actor(y);
            y.kind == ActorKind::Country && y.code == x.code && !x.code.is_empty()
        }),
        ActorKind::Group | ActorKind::Organisation => line.actors.iter().any(|&y| {
            let y = facts.actor(y);
            y.kind == ActorKind::Group && y.code == x.code && y.sector == x.sector && !x.code.is_empty()
        }),
    }
}

/// Acts of speech have many objects: most of their names must be there.
fn objects_named(fact: &Fact, line: &Line, said: bool) -> bool {
    if fact.names.is_empty() {
        return true;
    }
    let there = fact.names.iter().filter(|n| line.names.contains(*n)).count() as f32;
    let needed = if said || speech(fact.event_type) { 0.6 } else { 0.3 };
    there / fact.names.len() as f32 >= needed
}

/// Whether the day that a sentence gives, if any, allows the day of the event.
fn days_fit(facts: &Facts, fact: &Fact, line: &Line) -> bool {
    let Some(range) = facts.event(fact.doc, fact.event).date.as_ref().map(|d| d.range) else { return true };
    let Some((first, last)) = dates::bounds(&range) else { return true };
    let mut own = facts
        .doc(line.doc)
        .times
        .iter()
        .filter(|t| t.sentence == line.sentence)
        .filter_map(|t| dates::bounds(t.range.as_ref()?))
        .peekable();
    own.peek().is_none() || own.any(|(s, e)| s <= last + 1 && first <= e + 1)
}

/// Whether the word of the act stands under a negation in a sentence.
fn negated(a: &Annotated, sentence: u32, act: &SmolStr) -> bool {
    let Some(s) = a.sentences.get(sentence as usize) else { return false };
    let denies = |t: usize| {
        matches!(
            a.tokens[t].lemma.to_lowercase().as_str(),
            "not" | "n't" | "no" | "never" | "without" | "deny" | "refuse" | "reject" | "neither" | "nor"
        )
    };
    s.tokens().filter(|&t| knowledge().family(&a.tokens[t].lemma.to_lowercase()) == *act).any(|t| {
        let head = a.tokens[t].head.map(|h| h as usize);
        s.tokens().any(|n| {
            denies(n)
                && n != t
                && (a.tokens[n].head == Some(t as u32)
                    || head.is_some_and(|h| a.tokens[n].head == Some(h as u32) && h != n)
                    || head == Some(n))
        })
    })
}
