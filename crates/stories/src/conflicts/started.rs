//! Who began it.

use super::{Conflicts, Given};
use crate::chains::dates_agree;
use crate::dates;
use crate::facts::{Fact, Facts, clause, sign};
use crate::knowledge::knowledge;
use polybius_text::{ActorKind, Annotated, DateRange, EventType, Span};
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet};

/// Deeds compared in a story.
const MOST: usize = 300;

impl Conflicts<'_, '_> {
    /// Each side is said to have begun: mutual accusations, other beginners in other accounts, or one attack with doer and
    /// victim changed over.
    pub(super) fn who_started(&mut self) {
        let accused = self.mutual_accusations();
        if !accused {
            self.beginners();
        }
        self.swapped();
    }

    fn mutual_accusations(&mut self) -> bool {
        let facts = self.facts;
        let mut sides: BTreeMap<(&str, &str), Vec<&Fact>> = BTreeMap::new();
        for f in self.parts.all {
            let e = facts.event(f.doc, f.event);
            if f.event_type != EventType::Accuse || sign(e) != 1 || !of_force(facts, f) {
                continue;
            }
            if let (Some(a), Some(b)) = (code(facts, &f.actors), code(facts, &f.recipients))
                && a != b
            {
                sides.entry((a, b)).or_default().push(f);
            }
        }
        let mut any = false;
        for (&(a, b), ours) in &sides {
            let Some(theirs) = sides.get(&(b, a)).filter(|_| a < b) else { continue };
            let one = |f: &Fact, g: &Fact| {
                one_time(facts, f, g) && !forces(facts, f).is_disjoint(&forces(facts, g))
            };
            let theirs: Vec<&Fact> =
                theirs.iter().copied().filter(|g| ours.iter().any(|f| one(f, g))).collect();
            let ours: Vec<&Fact> =
                ours.iter().copied().filter(|f| theirs.iter().any(|g| one(f, g))).collect();
            if ours.is_empty() {
                continue;
            }
            let given = |f: &Fact| {
                let (x, y) = (code(facts, &f.actors).unwrap_or(""), code(facts, &f.recipients).unwrap_or(""));
                (f.doc, format!("{y}, says {x}"), facts.event(f.doc, f.event).evidence)
            };
            let values: Vec<Given> = ours.into_iter().chain(theirs).map(given).collect();
            let reason = format!("{a} and {b} each accuse the other of the attack");
            self.add(None, "who-started", true, values, reason);
            any = true;
        }
        any
    }

    /// Sentences that name who opened a fight, where documents name other sides for one time.
    fn beginners(&mut self) {
        let facts = self.facts;
        let mut told: Vec<Beginning> = Vec::new();
        for &doc in self.parts.members.iter().filter(|d| !facts.spun(**d)) {
            told.extend(beginnings(facts, doc));
        }
        let mut used = vec![false; told.len()];
        for i in 0..told.len() {
            let one = |j: usize| {
                // Without a day the words must speak of one thing: the war, the first shot.
                let timed = match (&told[i].time, &told[j].time) {
                    (Some(a), Some(b)) => a.overlaps(b),
                    _ => told[i].what == told[j].what,
                };
                !used[j] && timed
            };
            let group: Vec<usize> = (i..told.len()).filter(|&j| j == i || one(j)).collect();
            let sides: BTreeSet<&str> = group.iter().map(|&g| told[g].side.as_str()).collect();
            let docs: BTreeSet<u32> = group.iter().map(|&g| told[g].doc).collect();
            if used[i] || sides.len() < 2 || docs.len() < 2 {
                continue;
            }
            group.iter().for_each(|&g| used[g] = true);
            let list: Vec<&str> = sides.into_iter().collect();
            let reason = format!("accounts let other sides begin: {}", list.join(" / "));
            let values = group.iter().map(|&g| (told[g].doc, told[g].side.clone(), told[g].words)).collect();
            let row = group.iter().find_map(|&g| self.row_at(told[g].doc, told[g].sentence));
            self.add(row.as_ref(), "who-started", false, values, reason);
        }
    }

    /// One attack of one time with doer and victim changed over.
    fn swapped(&mut self) {
        let facts = self.facts;
        let deeds: Vec<&Fact> = self
            .parts
            .all
            .iter()
            .filter(|f| {
                matches!(f.event_type, EventType::Assault | EventType::Mobilize)
                    && sign(facts.event(f.doc, f.event)) == 1
                    && !facts.spun(f.doc)
            })
            .take(MOST)
            .collect();
        for (n, f) in deeds.iter().enumerate() {
            for g in deeds[n + 1..].iter().filter(|g| g.doc != f.doc) {
                if !changed_over(facts, f, g) || !one_opening(facts, f, g) {
                    continue;
                }
                let given = |f: &Fact| {
                    let name = |side: &[u32]| facts.actor(side[0]).name.clone();
                    let against = format!("{} against {}", name(&f.actors), name(&f.recipients));
                    (f.doc, against, facts.event(f.doc, f.event).evidence)
                };
                let reason = "doer and victim changed over between accounts".to_string();
                self.add(None, "actor", false, vec![given(f), given(g)], reason);
            }
        }
    }
}

fn code<'f>(facts: &Facts<'f>, list: &[u32]) -> Option<&'f str> {
    list.iter().map(|&a| facts.actor(a).code.as_str()).find(|c| !c.is_empty())
}

fn one_time(facts: &Facts, f: &Fact, g: &Fact) -> bool {
    let (e, h) = (facts.event(f.doc, f.event), facts.event(g.doc, g.event));
    dates_agree(e.date.as_ref().map(|d| &d.range), h.date.as_ref().map(|d| &d.range)).is_some()
}

fn of_force(facts: &Facts, f: &Fact) -> bool {
    !forces(facts, f).is_empty()
}

/// The uses of force that a clause names, in the form under which words are compared.
fn forces(facts: &Facts, f: &Fact) -> BTreeSet<SmolStr> {
    let a = &facts.doc(f.doc).annotated;
    let tokens = clause(a, facts.event(f.doc, f.event).trigger_token);
    let words = tokens.iter().filter(|&&t| cue(a, t, "force"));
    words.map(|&t| knowledge().family(&a.tokens[t].lemma.to_lowercase())).collect()
}

fn cue(a: &Annotated, token: usize, name: &str) -> bool {
    a.tokens.get(token).is_some_and(|t| knowledge().cue(name, &t.lemma.to_lowercase()))
}

/// Who opened a fight, as one sentence tells it.
struct Beginning {
    doc: u32,
    sentence: u32,
    /// The state, or `each side` where both are blamed.
    side: String,
    words: Span,
    time: Option<DateRange>,
    /// What was begun, in the form under which words are compared.
    what: SmolStr,
}

/// `The war began when Ruritanian troops moved in`; `it was Ruritania that turned the quarrel into a war`; `each still holds
/// the other responsible for the war`.
fn beginnings(facts: &Facts, doc: u32) -> Vec<Beginning> {
    let d = facts.doc(doc);
    let a = &d.annotated;
    let mut out = Vec::new();
    for (n, s) in a.sentences.iter().enumerate().filter(|(_, s)| s.repeats.is_none()) {
        let time = d.times.iter().filter(|t| t.sentence == n as u32).find_map(|t| t.range);
        let has = |name: &str| s.tokens().find(|&t| cue(a, t, name));
        let first =
            has("first").and_then(|t| a.tokens[t].head).map(|h| h as usize).filter(|&t| cue(a, t, "force"));
        let (Some(begin), Some(force)) = (first.or_else(|| has("begin")), has("force")) else { continue };
        let what = knowledge().family(&a.tokens[first.unwrap_or(force)].lemma.to_lowercase());
        let mut named = sides(facts, doc, begin);
        if mutual(a, s.tokens()) {
            named = BTreeSet::from(["each blames the other".to_string()]);
        }
        for side in named {
            let what = what.clone();
            out.push(Beginning { doc, sentence: n as u32, side, words: s.span, time, what });
        }
    }
    out
}

/// `each holds the other responsible`, `both blame each other`.
fn mutual(a: &Annotated, tokens: std::ops::Range<usize>) -> bool {
    let lemma = |t: usize| a.tokens[t].lemma.to_lowercase();
    let each = tokens.clone().find(|&t| lemma(t) == "each" || lemma(t) == "both");
    each.is_some_and(|e| {
        (e..tokens.end).any(|t| lemma(t) == "other") && (e..tokens.end).any(|t| cue(a, t, "blame"))
    })
}

/// The states that do the opening: subjects of the word of beginning, or of a clause that hangs on it.
fn sides(facts: &Facts, doc: u32, begin: usize) -> BTreeSet<String> {
    let d = facts.doc(doc);
    let a = &d.annotated;
    // Who opens it himself, or in the clause that says when it began.
    let opens = a.children(begin as u32).find(|&t| a.tokens[t as usize].rel.starts_with("advcl"));
    let subject = |t: usize| {
        let token = &a.tokens[t];
        let verb = token.head.map(|h| h as usize);
        // `was begun by Ruritanian soldiers`.
        let by =
            token.rel.starts_with("obl") && a.children(t as u32).any(|c| a.tokens[c as usize].lemma == "by");
        let direct = (by || token.rel.starts_with("nsubj")) && verb == Some(begin);
        direct || token.rel.starts_with("nsubj") && verb.is_some() && verb == opens.map(|v| v as usize)
    };
    let mentions = d.mentions.iter().filter(|m| subject(m.head as usize));
    mentions
        .flat_map(|m| &m.actors)
        .filter_map(|&x| facts.actor_of(doc, x))
        .map(|x| facts.actor(x))
        .filter(|x| !x.code.is_empty() && matches!(x.kind, ActorKind::Country | ActorKind::Group))
        .map(
            |x| {
                if x.kind == ActorKind::Country { x.name.clone() } else { format!("{} ({})", x.name, x.code) }
            },
        )
        .collect()
}

/// Whether one codes A against B and the other B against A.
fn changed_over(facts: &Facts, f: &Fact, g: &Fact) -> bool {
    let only = |list: &[u32]| {
        let codes: BTreeSet<&str> =
            list.iter().map(|&a| facts.actor(a).code.as_str()).filter(|c| !c.is_empty()).collect();
        (codes.len() == 1).then(|| codes.into_iter().next()).flatten()
    };
    let (fa, fr, ga, gr) = (only(&f.actors), only(&f.recipients), only(&g.actors), only(&g.recipients));
    fa.is_some() && fr.is_some() && fa == gr && fr == ga && fa != fr
}

/// Fighting goes both ways; only the act that opens it, told of one place and time, has one doer.
fn one_opening(facts: &Facts, f: &Fact, g: &Fact) -> bool {
    let (e, h) = (facts.event(f.doc, f.event), facts.event(g.doc, g.event));
    let (Some(x), Some(y)) = (&e.date, &h.date) else { return false };
    let narrow = |r: &DateRange| dates::day_of(r, 40).is_some();
    let place = matches!((&f.place, &g.place), (Some(p), Some(q)) if p.0 == q.0 && p.2 != "country");
    place && x.range.overlaps(&y.range) && narrow(&x.range) && narrow(&y.range) && e.trigger != h.trigger
}
