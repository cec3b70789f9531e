//! Where accounts disagree, with the values and their owners.

use crate::chains::dates_agree;
use crate::claims::{Row, StoryParts, second_day};
use crate::dates;
use crate::facts::{Fact, Facts, clause, sign, single_holder};
use crate::knowledge::knowledge;
use crate::tolls::{listed, toll_differences};
use polybius_text::{ClaimId, Conflict, ConflictValue, EventType, Polarity, Span, stable_hash};
use std::collections::{BTreeMap, BTreeSet};

/// All conflicts of a story: hard ones first, then by number of values.
pub(crate) fn find_conflicts(facts: &Facts, parts: &StoryParts, rows: &[Row]) -> Vec<Conflict> {
    let mut out = Vec::new();
    for row in rows {
        from_row(facts, parts, row, &mut out);
    }
    weapons(facts, parts, rows, &mut out);
    tolls(facts, parts, rows, &mut out);
    who_started(facts, parts, &mut out);
    offices(facts, parts, &mut out);
    out.sort_by(|a, b| {
        b.hard
            .cmp(&a.hard)
            .then(b.values.len().cmp(&a.values.len()))
            .then_with(|| a.conflict_id.cmp(&b.conflict_id))
    });
    out.dedup_by(|a, b| a.conflict_id == b.conflict_id);
    out
}

fn conflict(
    facts: &Facts,
    parts: &StoryParts,
    claim: Option<&ClaimId>,
    field: &str,
    hard: bool,
    values: Vec<(u32, String, Span)>,
    reason: String,
) -> Conflict {
    let mut id = vec![parts.story_id.as_str().to_string(), field.to_string()];
    for (d, v, s) in &values {
        id.push(format!("{} {v} {}", facts.doc(*d).annotated.article.doc_id, s.start));
    }
    let id: Vec<&str> = id.iter().map(String::as_str).collect();
    Conflict {
        conflict_id: format!("x{:016x}", stable_hash(&id)),
        story_id: parts.story_id.clone(),
        claim_id: claim.cloned(),
        field: field.to_string(),
        hard,
        values: values.into_iter().map(|(doc, value, span)| ConflictValue { doc, value, span }).collect(),
        reason,
    }
}

fn from_row(facts: &Facts, parts: &StoryParts, row: &Row, out: &mut Vec<Conflict>) {
    let id = Some(&row.claim.claim_id);
    for d in &row.differences {
        let distinct: BTreeSet<&str> = d.values.iter().map(|v| v.1.as_str()).collect();
        let list: Vec<&str> = distinct.into_iter().collect();
        let field = if d.of.is_empty() { d.field.to_string() } else { d.of.clone() };
        let reason = match (d.field, d.hard) {
            (_, true) => format!("exact values that exclude each other: {}", list.join(" / ")),
            ("date", _) => format!("accounts give other days: {}", list.join(" / ")),
            ("realised", _) => "planned in one account, done in another".to_string(),
            _ => format!("values that do not meet: {}", list.join(" / ")),
        };
        out.push(conflict(facts, parts, id, &field, d.hard, d.values.clone(), reason));
    }
    denial(facts, parts, row, out);
    for &f in &row.facts {
        let fact = &parts.all[f];
        let e = facts.event(fact.doc, fact.event);
        if let Some(two) = second_day(facts, fact.doc, e) {
            let words = e
                .date
                .as_ref()
                .and_then(|d| d.time)
                .and_then(|t| facts.doc(fact.doc).times.get(t as usize))
                .map_or(e.trigger, |t| t.span);
            let values = two.split(" and ").map(|v| (fact.doc, v.to_string(), words)).collect();
            out.push(conflict(
                facts,
                parts,
                id,
                "date",
                false,
                values,
                "one document gives two days that do not meet".to_string(),
            ));
        }
    }
}

/// An explicit denial against an assertion, each with its owner.
fn denial(facts: &Facts, parts: &StoryParts, row: &Row, out: &mut Vec<Conflict>) {
    let event = |f: &Fact| facts.event(f.doc, f.event);
    let members: Vec<&Fact> = row.facts.iter().map(|&f| &parts.all[f]).collect();
    let yes: Vec<&&Fact> = members.iter().filter(|f| sign(event(f)) == 1).collect();
    // What one sentence says both ways is one statement, not two.
    let both = |n: &Fact| yes.iter().any(|y| y.doc == n.doc && event(y).sentence == event(n).sentence);
    let no: Vec<&&Fact> = members.iter().filter(|f| sign(event(f)) == -1 && !both(f)).collect();
    // One document that says both, or a spun one, is no second account.
    let others =
        no.iter().any(|n| yes.iter().any(|y| y.doc != n.doc && !facts.spun(y.doc) && !facts.spun(n.doc)));
    let denied = no.iter().any(|n| event(n).polarity == Polarity::Denied);
    if yes.is_empty() || no.is_empty() || !others && !denied {
        return;
    }
    let owner = |f: &Fact| facts.voice(f.doc, event(f));
    let owners: BTreeSet<Option<u32>> = yes.iter().map(|f| owner(f)).collect();
    let hard = no.iter().any(|f| event(f).polarity == Polarity::Denied && !owners.contains(&owner(f)));
    let text = |f: &Fact| {
        let who = owner(f).map_or_else(|| "the narrator".to_string(), |a| facts.actor(a).name.clone());
        match event(f).polarity {
            Polarity::Affirmed => format!("asserted by {who}"),
            Polarity::Denied => format!("denied by {who}"),
            Polarity::Negated => format!("negated by {who}"),
        }
    };
    let mut values: Vec<(u32, String, Span)> =
        yes.iter().chain(&no).map(|f| (f.doc, text(f), event(f).evidence)).collect();
    values.sort();
    values.dedup();
    let reason = if hard { "one side denies what another asserts" } else { "said to be so and not to be so" };
    out.push(conflict(facts, parts, Some(&row.claim.claim_id), "denial", hard, values, reason.to_string()));
}

/// Classes of means that a clause names, with their words.
fn means(facts: &Facts, f: &Fact) -> BTreeMap<&'static str, Span> {
    let a = &facts.doc(f.doc).annotated;
    let tokens = clause(a, facts.event(f.doc, f.event).trigger_token);
    let lemma = |t: usize| a.tokens[t].lemma.to_lowercase();
    let mut found = BTreeMap::new();
    let mut taken = 0;
    for &t in tokens.iter() {
        let two = a.tokens.get(t + 1).filter(|_| tokens.contains(&(t + 1)));
        let pair =
            two.and_then(|next| Some((knowledge().weapon(&format!("{} {}", lemma(t), lemma(t + 1)))?, next)));
        if let Some((class, next)) = pair {
            found.insert(class, a.tokens[t].span.cover(next.span));
            taken = t + 2;
        } else if t >= taken
            && let Some(class) = knowledge().weapon(&lemma(t))
        {
            found.insert(class, a.tokens[t].span);
        }
    }
    found
}

/// Other means of one attack: accounts with the same victim and a time that allows both, whatever rows they lie in.
fn weapons(facts: &Facts, parts: &StoryParts, rows: &[Row], out: &mut Vec<Conflict>) {
    let armed: Vec<(usize, &Fact, BTreeMap<&'static str, Span>)> = parts
        .all
        .iter()
        .enumerate()
        .filter(|(_, f)| f.event_type == EventType::Assault && !facts.spun(f.doc))
        .filter(|(_, f)| sign(facts.event(f.doc, f.event)) == 1)
        .map(|(i, f)| (i, f, means(facts, f)))
        .filter(|(_, _, m)| m.len() == 1)
        .take(400)
        .collect();
    let one_attack = |f: &Fact, g: &Fact| {
        let (e, h) = (facts.event(f.doc, f.event), facts.event(g.doc, g.event));
        let date = dates_agree(e.date.as_ref().map(|d| &d.range), h.date.as_ref().map(|d| &d.range));
        let row = rows.iter().any(|r| holds(parts, r, f) && holds(parts, r, g));
        row || date.is_some() && f.recipients.iter().any(|v| facts.is_person(*v) && g.recipients.contains(v))
    };
    let mut used = vec![false; armed.len()];
    for i in 0..armed.len() {
        if used[i] {
            continue;
        }
        let group: Vec<usize> =
            (i..armed.len()).filter(|&j| j == i || !used[j] && one_attack(armed[i].1, armed[j].1)).collect();
        group.iter().for_each(|&g| used[g] = true);
        let mut by_doc: BTreeMap<u32, BTreeMap<&'static str, Span>> = BTreeMap::new();
        for &g in &group {
            by_doc.entry(armed[g].1.doc).or_default().extend(armed[g].2.iter().map(|(c, s)| (*c, *s)));
        }
        let single: Vec<(u32, String, Span)> = by_doc
            .into_iter()
            .filter(|(_, c)| c.len() == 1)
            .filter_map(|(d, c)| c.into_iter().next().map(|(class, span)| (d, class.to_string(), span)))
            .collect();
        if single.len() >= 2 && single.iter().any(|v| v.1 != single[0].1) {
            let row = rows.iter().find(|r| r.facts.contains(&armed[i].0));
            let list: BTreeSet<&str> = single.iter().map(|v| v.1.as_str()).collect();
            let reason =
                format!("other means of one attack: {}", list.into_iter().collect::<Vec<_>>().join(" / "));
            out.push(conflict(facts, parts, row.map(|r| &r.claim.claim_id), "weapon", false, single, reason));
        }
    }
}

fn holds(parts: &StoryParts, row: &Row, fact: &Fact) -> bool {
    row.facts.iter().any(|&f| (parts.all[f].doc, parts.all[f].event) == (fact.doc, fact.event))
}

/// Tolls that lie outside the rows, or in different ones.
fn tolls(facts: &Facts, parts: &StoryParts, rows: &[Row], out: &mut Vec<Conflict>) {
    for (row, d) in toll_differences(facts, parts, rows) {
        let reason = format!("tolls that do not meet: {}", listed(&d));
        let claim = row.map(|r| &r.claim.claim_id);
        out.push(conflict(facts, parts, claim, d.field, d.hard, d.values, reason));
    }
}

/// Each side is said to have begun: mutual accusations of attack, or one attack with doer and victim swapped.
fn who_started(facts: &Facts, parts: &StoryParts, out: &mut Vec<Conflict>) {
    let of_force = |f: &Fact| {
        let e = facts.event(f.doc, f.event);
        let a = &facts.doc(f.doc).annotated;
        let tokens = clause(a, e.trigger_token);
        tokens.iter().any(|&t| {
            let lemma = a.tokens[t].lemma.to_lowercase();
            [
                "attack",
                "shell",
                "fire",
                "aggression",
                "offensive",
                "violate",
                "violation",
                "war",
                "invade",
                "strike",
                "clash",
            ]
            .contains(&lemma.as_str())
        })
    };
    let code = |list: &[u32]| list.iter().map(|&a| facts.actor(a).code.as_str()).find(|c| !c.is_empty());
    let mut sides: BTreeMap<(&str, &str), Vec<&Fact>> = BTreeMap::new();
    for f in parts.all {
        if !matches!(f.event_type, EventType::Accuse)
            || sign(facts.event(f.doc, f.event)) != 1
            || !of_force(f)
        {
            continue;
        }
        if let (Some(a), Some(b)) = (code(&f.actors), code(&f.recipients))
            && a != b
        {
            sides.entry((a, b)).or_default().push(f);
        }
    }
    for (&(a, b), ours) in &sides {
        let Some(theirs) = sides.get(&(b, a)).filter(|_| a < b) else { continue };
        let near = |f: &&&Fact, g: &Fact| {
            let (e, h) = (facts.event(f.doc, f.event), facts.event(g.doc, g.event));
            dates_agree(e.date.as_ref().map(|d| &d.range), h.date.as_ref().map(|d| &d.range)).is_some()
        };
        let ours: Vec<&&Fact> = ours.iter().filter(|f| theirs.iter().any(|g| near(f, g))).collect();
        if ours.is_empty() {
            continue;
        }
        let mut values: Vec<(u32, String, Span)> = Vec::new();
        for f in ours.iter().copied().chain(theirs) {
            let e = facts.event(f.doc, f.event);
            let (x, y) = (code(&f.actors).unwrap_or(""), code(&f.recipients).unwrap_or(""));
            values.push((f.doc, format!("{y}, says {x}"), e.evidence));
        }
        values.sort();
        values.dedup();
        out.push(conflict(
            facts,
            parts,
            None,
            "who-started",
            true,
            values,
            format!("{a} and {b} each accuse the other of the attack"),
        ));
    }
    swapped(facts, parts, out);
}

/// One attack of one time with doer and victim changed over.
fn swapped(facts: &Facts, parts: &StoryParts, out: &mut Vec<Conflict>) {
    let deeds: Vec<&Fact> = parts
        .all
        .iter()
        .filter(|f| {
            matches!(f.event_type, EventType::Assault | EventType::Mobilize)
                && sign(facts.event(f.doc, f.event)) == 1
                && !facts.spun(f.doc)
        })
        .take(300)
        .collect();
    let codes = |list: &[u32]| -> BTreeSet<&str> {
        list.iter().map(|&a| facts.actor(a).code.as_str()).filter(|c| !c.is_empty()).collect()
    };
    for (n, f) in deeds.iter().enumerate() {
        for g in deeds[n + 1..].iter().filter(|g| g.doc != f.doc) {
            let (fa, fr, ga, gr) =
                (codes(&f.actors), codes(&f.recipients), codes(&g.actors), codes(&g.recipients));
            if fa.len() != 1
                || ga.len() != 1
                || fr.len() != 1
                || gr.len() != 1
                || fa != gr
                || fr != ga
                || fa == fr
            {
                continue;
            }
            let (e, h) = (facts.event(f.doc, f.event), facts.event(g.doc, g.event));
            let (Some(x), Some(y)) = (&e.date, &h.date) else { continue };
            let narrow = |r: &polybius_text::DateRange| dates::day_of(r, 40).is_some();
            let place = matches!((&f.place, &g.place), (Some(p), Some(q)) if p.0 == q.0 && p.2 != "country");
            // Fighting goes both ways; only the act that opens it, told of one place and time, has one doer.
            if place
                && x.range.overlaps(&y.range)
                && narrow(&x.range)
                && narrow(&y.range)
                && e.trigger != h.trigger
            {
                let values = [(f, e), (g, h)]
                    .iter()
                    .map(|(f, e)| {
                        (
                            f.doc,
                            format!(
                                "{} against {}",
                                facts.actor(f.actors[0]).name,
                                facts.actor(f.recipients[0]).name
                            ),
                            e.evidence,
                        )
                    })
                    .collect();
                out.push(conflict(
                    facts,
                    parts,
                    None,
                    "actor",
                    false,
                    values,
                    "doer and victim changed over between accounts".to_string(),
                ));
            }
        }
    }
}

/// Two offices for one actor, each given by documents that do not give the other.
fn offices(facts: &Facts, parts: &StoryParts, out: &mut Vec<Conflict>) {
    let mut by_actor: BTreeMap<u32, BTreeMap<u32, Vec<(String, String, Span)>>> = BTreeMap::new();
    for &doc in parts.members {
        if facts.spun(doc) {
            continue;
        }
        for (n, a) in facts.doc(doc).doc_actors.iter().enumerate() {
            let Some(actor) = facts.actor_of(doc, n as u32).filter(|x| facts.is_person(*x)) else { continue };
            for o in a
                .offices
                .iter()
                .filter(|o| o.basis == "text" && o.qualifier.is_empty() && !o.office.is_empty())
            {
                if let Some(span) = o.span {
                    by_actor.entry(actor).or_default().entry(doc).or_default().push((
                        o.office.clone(),
                        o.title.clone(),
                        span,
                    ));
                }
            }
        }
    }
    for (actor, docs) in by_actor {
        let single: Vec<(u32, &(String, String, Span))> =
            docs.iter().filter(|(_, o)| o.iter().all(|x| x.0 == o[0].0)).map(|(d, o)| (*d, &o[0])).collect();
        // An acting president is a president.
        let offices: BTreeSet<&str> = single
            .iter()
            .map(|(_, o)| o.0.trim_start_matches("acting-").trim_start_matches("deputy-"))
            .collect();
        let both = docs.values().any(|o| o.iter().any(|x| x.0 != o[0].0));
        // Two offices that one person seldom holds together, or one office of two bodies.
        let apart = offices.len() >= 2 && !both && offices.iter().all(|o| single_holder(o));
        let of_one: Vec<&(u32, &(String, String, Span))> = if apart {
            single.iter().collect()
        } else {
            let same = |office: &str| -> Vec<&(u32, &(String, String, Span))> {
                single.iter().filter(|(_, o)| o.0 == office).collect()
            };
            let all: BTreeSet<&str> = single.iter().map(|(_, o)| o.0.as_str()).collect();
            let differing = all.into_iter().map(same).find(|held| {
                let titles: BTreeSet<&str> = held.iter().map(|(_, o)| o.1.as_str()).collect();
                other_bodies(&titles)
            });
            differing.unwrap_or_default()
        };
        if of_one.len() < 2 {
            continue;
        }
        let values = of_one.iter().map(|(d, o)| (*d, o.1.clone(), o.2)).collect();
        let reason =
            format!("{} is given other offices: one is less exact or wrong", facts.actor(actor).name);
        out.push(conflict(facts, parts, None, "office", false, values, reason));
    }
}

/// `commander of the guard` and `commander of the harbour`: one head word with other bodies, none a part of the other.
fn other_bodies(titles: &BTreeSet<&str>) -> bool {
    let parts: Vec<(String, String)> = titles
        .iter()
        .filter_map(|t| {
            let (head, body) = t.split_once(" of ")?;
            let head = head.split_whitespace().last().unwrap_or("").to_lowercase();
            Some((head, body.trim_start_matches("the ").to_lowercase()))
        })
        .collect();
    parts.iter().enumerate().any(|(i, (head, body))| {
        parts[i + 1..]
            .iter()
            .any(|(other, b)| head == other && !body.contains(b.as_str()) && !b.contains(body.as_str()))
    })
}
