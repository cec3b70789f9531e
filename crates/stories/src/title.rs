//! One line for a story, made from its texts.

use crate::chains::Happening;
use crate::claims::{LEAD, Row, StoryParts};
use crate::dates;
use crate::facts::{Fact, Facts, is_background};
use crate::phrase::{phrase, plain};
use crate::sentence::by_clarity;
use polybius_text::{ActorKind, Article, DateRange, FlagKind, Modality, Polarity, Precision, Stance};
use std::collections::{BTreeMap, BTreeSet};

/// Rows whose plain line is a better title than an outlet's headline.
const LEADING: usize = 2;

/// The title and the days of a story. `rows` are its claims, most important first.
pub(crate) fn title_and_date(
    facts: &Facts,
    parts: &StoryParts,
    rows: &[Row],
    central: u32,
    main: Option<jiff::civil::Date>,
) -> (String, Option<DateRange>) {
    let (members, all) = (parts.members, parts.all);
    let date = story_date(facts, members, main, all, parts.happenings);
    let core = made(facts, parts, &rows[..rows.len().min(LEADING)], true)
        .or_else(|| headline(facts, members, central, (all, parts.happenings), main))
        .or_else(|| made(facts, parts, rows, false))
        .unwrap_or_else(|| first_words(facts, central));
    if !day_stated(facts, members, main) {
        let published = members.iter().find_map(|&d| facts.doc(d).annotated.article.published_day());
        let page = published.map(|p| format!("; page dated {}", span_text(&DateRange::day(p))));
        return (format!("{core} (date not stated{})", page.unwrap_or_default()), None);
    }
    let when = date.as_ref().map(span_text).filter(|w| !w.is_empty());
    (when.map_or(core.clone(), |w| format!("{core}, {w}")), date)
}

/// Whether some text gives the day of the story, beside the date of its page.
fn day_stated(facts: &Facts, members: &[u32], main: Option<jiff::civil::Date>) -> bool {
    let Some(main) = main.map(dates::number) else { return false };
    let days = members.iter().flat_map(|&d| &facts.doc(d).times).filter_map(|t| t.range.as_ref());
    days.filter_map(|r| dates::day_of(r, 4)).any(|day| (day - main).abs() <= 5)
}

/// First to last day of the present happenings that most documents tell; days far from the main one do not count.
fn story_date(
    facts: &Facts,
    members: &[u32],
    main: Option<jiff::civil::Date>,
    all: &[Fact],
    happenings: &[Happening],
) -> Option<DateRange> {
    let main = main.map(dates::number)?;
    let needed = if members.len() >= 3 { 2 } else { 1 };
    let mut days: Vec<i32> = Vec::new();
    for h in happenings {
        let docs: BTreeSet<u32> = h.facts.iter().map(|&f| all[f].doc).collect();
        if docs.len() < needed {
            continue;
        }
        for &f in &h.facts {
            let e = facts.event(all[f].doc, all[f].event);
            if is_background(e) || e.polarity != Polarity::Affirmed || e.modality != Modality::Actual {
                continue;
            }
            if let Some(d) = e.date.as_ref().and_then(|d| dates::day_of(&d.range, 1))
                && (d - main).abs() <= 5
            {
                days.push(d);
            }
        }
    }
    days.push(main);
    days.sort_unstable();
    // A single stray day does not widen the range of a story that many documents tell.
    let votes = |d: i32| days.iter().filter(|x| **x == d).count();
    let strong: Vec<i32> =
        days.iter().copied().filter(|&d| d == main || votes(d) * 6 >= days.len()).collect();
    let day = |n: i32| jiff::civil::date(1970, 1, 1).checked_add(jiff::Span::new().days(i64::from(n))).ok();
    let (first, last) = (day(*strong.first()?)?, day(*strong.last()?)?);
    Some(if first == last {
        DateRange::day(first)
    } else {
        DateRange { start: Some(first), end: Some(last), precision: Precision::Interval }
    })
}

/// Names of the months.
pub(crate) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// `21-22 July 2020`.
fn span_text(range: &DateRange) -> String {
    let (Some(s), Some(e)) = (range.start, range.end) else { return String::new() };
    let month = |d: jiff::civil::Date| MONTHS[(d.month() - 1) as usize];
    if s == e {
        format!("{} {} {}", s.day(), month(s), s.year())
    } else if (s.year(), s.month()) == (e.year(), e.month()) {
        format!("{}-{} {} {}", s.day(), e.day(), month(s), s.year())
    } else {
        format!("{} {} {} - {} {} {}", s.day(), month(s), s.year(), e.day(), month(e), e.year())
    }
}

/// Words of the actors and triggers that most documents tell of.
fn core_words(facts: &Facts, all: &[Fact], happenings: &[Happening]) -> Vec<(String, usize)> {
    let mut words: std::collections::BTreeMap<String, BTreeSet<u32>> = std::collections::BTreeMap::new();
    for h in happenings {
        for &f in &h.facts {
            let fact = &all[f];
            if is_background(facts.event(fact.doc, fact.event)) {
                continue;
            }
            for &a in fact.actors.iter().chain(&fact.recipients) {
                for w in facts.actor(a).name.split_whitespace().filter(|w| w.len() > 2) {
                    words.entry(w.to_lowercase()).or_default().insert(fact.doc);
                }
            }
            for w in &fact.words {
                words.entry(w.to_string()).or_default().insert(fact.doc);
            }
        }
    }
    words.into_iter().map(|(w, d)| (w, d.len())).collect()
}

/// The headline that names most of what the accounts share.
fn headline(
    facts: &Facts,
    members: &[u32],
    central: u32,
    (all, happenings): (&[Fact], &[Happening]),
    main: Option<jiff::civil::Date>,
) -> Option<String> {
    let core = core_words(facts, all, happenings);
    let weight = |w: &str| core.binary_search_by(|c| c.0.as_str().cmp(w)).map_or(0, |i| core[i].1);
    let mut best: Option<(i32, String)> = None;
    for &d in members.iter().take(200) {
        let article = &facts.doc(d).annotated.article;
        let Some(line) = article.title.as_deref().and_then(|t| cleaned(t, article)) else { continue };
        let words: Vec<String> = line
            .split(|c: char| !c.is_alphanumeric())
            .filter(|w| w.len() > 2)
            .map(str::to_lowercase)
            .collect();
        let n = line.split_whitespace().count();
        if !(4..=18).contains(&n) {
            continue;
        }
        let hits: usize = words.iter().map(|w| weight(w).min(4)).sum();
        let mut score = (10 * hits / words.len().max(4)) as i32 + if d == central { 3 } else { 0 };
        for (flag, cost) in
            [(FlagKind::WordSpun, 40), (FlagKind::MachineTranslated, 15), (FlagKind::Opinion, 12)]
        {
            score -= if article.has_flag(flag) { cost } else { 0 };
        }
        // What is written days later has another point.
        let later = matches!((article.published_day(), main), (Some(p), Some(m)) if dates::number(p) > dates::number(m) + 1);
        score -= if later { 8 } else { 0 };
        score -= if line.ends_with('?') || line.contains(['"', '“', '«']) { 4 } else { 0 };
        if best.as_ref().is_none_or(|(s, _)| score > *s) {
            best = Some((score, line));
        }
    }
    best.filter(|(s, _)| *s >= 4 || members.len() == 1 && *s > -30).map(|b| b.1)
}

/// A title without outlet, clock time and date stamps.
fn cleaned(title: &str, article: &Article) -> Option<String> {
    let mut line = title.split_whitespace().collect::<Vec<_>>().join(" ");
    for mark in [" | ", " - ", " – ", " — "] {
        if let Some((head, tail)) = line.rsplit_once(mark) {
            let outlet =
                article.outlet.as_deref().is_some_and(|o| tail.to_lowercase().contains(&o.to_lowercase()));
            if outlet || (mark == " | " && head.split(' ').count() >= 4) {
                line = head.to_string();
            }
        }
    }
    let clock = |w: &str| {
        let w = w.trim_matches(|c: char| !c.is_alphanumeric());
        w.len() <= 5 && w.contains(':') && w.chars().all(|c| c.is_ascii_digit() || c == ':')
    };
    if let Some(at) = line.split(' ').position(clock) {
        let words: Vec<&str> = line.split(' ').collect();
        line = if at >= 3 { words[..at].join(" ") } else { words[at + 1..].join(" ") };
    }
    let line = line
        .trim_matches(|c: char| c.is_whitespace() || matches!(c, '.' | ',' | '-' | '|' | ':'))
        .to_string();
    (!line.is_empty()).then_some(line)
}

/// Whether an actor says to a reader who it is: a state, or a person or body of which a code or an office is known.
fn known(facts: &Facts, actor: u32) -> bool {
    let x = facts.actor(actor);
    match x.kind {
        ActorKind::Country => true,
        ActorKind::Person | ActorKind::Organisation => !x.code.is_empty(),
        ActorKind::Group => false,
    }
}

/// From the most important happening that some account puts plainly, in canonical names; `who_to_whom`: only where one
/// party does it to another, both are known, and it is done.
fn made(facts: &Facts, parts: &StoryParts, rows: &[Row], who_to_whom: bool) -> Option<String> {
    let all_known = |side: &[u32]| !side.is_empty() && side.iter().all(|a| known(facts, *a));
    // A state does nothing to its own president: somebody in it does.
    let at_home = |f: &Fact| {
        let own = |a: &u32| facts.actor(*a).kind == ActorKind::Country;
        f.actors
            .iter()
            .any(|a| own(a) && f.recipients.iter().any(|r| facts.actor(*r).code == facts.actor(*a).code))
    };
    let whole = |f: &&Fact| {
        !who_to_whom
            || !at_home(f)
                && all_known(&f.actors)
                && all_known(&f.recipients)
                && facts.event(f.doc, f.event).modality == Modality::Actual
    };
    let told = |r: &Row| r.claim.cells.iter().filter(|c| c.stance != Stance::Silent).count();
    let best: Vec<&Row> = rows.iter().filter(|r| !r.facts.is_empty()).take(5).collect();
    // A happening that far fewer documents tell is not what the story is about.
    let least = best.iter().map(|r| told(r)).max().unwrap_or(0).div_ceil(2);
    // What a story is about stands at the head of its accounts.
    let leads = |r: &Row| {
        let mut docs: BTreeMap<u32, bool> = BTreeMap::new();
        for f in r.facts.iter().map(|&f| &parts.all[f]) {
            *docs.entry(f.doc).or_default() |= facts.event(f.doc, f.event).sentence < LEAD;
        }
        2 * docs.values().filter(|l| **l).count() >= docs.len()
    };
    for row in best.into_iter().filter(|r| told(r) >= least && (!who_to_whom || leads(r))) {
        let clearest = by_clarity(facts, parts.all, &row.facts);
        // A line from plain English before one from a translation.
        let (own, translated): (Vec<&Fact>, Vec<&Fact>) = clearest.into_iter().partition(|f| {
            let article = &facts.doc(f.doc).annotated.article;
            !article.has_flag(FlagKind::MachineTranslated) && !article.has_flag(FlagKind::WordSpun)
        });
        for accounts in [own, translated] {
            let line = accounts.iter().filter(|f| whole(f)).find_map(|f| phrase(facts, parts.members, f));
            let by_code = || accounts.iter().find_map(|f| plain(facts, parts.members, f));
            if let Some(line) = line.or_else(|| if who_to_whom { None } else { by_code() }) {
                return Some(line);
            }
        }
    }
    None
}

fn first_words(facts: &Facts, central: u32) -> String {
    let a = &facts.doc(central).annotated;
    let line = a
        .article
        .title
        .clone()
        .or_else(|| a.sentences.first().map(|s| a.slice(s.span).to_string()))
        .unwrap_or_default();
    let words: Vec<&str> = line.split_whitespace().take(14).collect();
    if words.is_empty() {
        "Untitled".to_string()
    } else {
        words.join(" ").trim_end_matches(['.', ',']).to_string()
    }
}
