//! Rows of the comparison: one for each happening or saying, one cell for each document.

use crate::chains::Happening;
use crate::dates;
use crate::differences::{Difference, differences, told_toll};
use crate::echoes::Echo;
use crate::facts::{Fact, Facts, is_background, sign};
use crate::figures::FigureGroup;
use crate::matches::Group;
use crate::matters::add_matters;
use crate::origins::Copies;
use crate::phrase::in_brief;
use crate::saying_rows::saying_rows;
use crate::sentence::claim_sentence;
use crate::tolls::TollGroup;
use crate::utterances::Saying;
use polybius_text::{
    ChainId, Claim, ClaimCell, ClaimId, Conflict, Event, EventType, Polarity, SegmentKind, Span, Stance,
    StoryId, Verdict,
};
use std::collections::{BTreeMap, BTreeSet};

/// Claims that only one document makes are cut after this many rows of a story; their events stay in the events and chains.
const ROWS: usize = 60;
/// Sentences that open a document, title included.
pub(crate) const LEAD: u32 = 4;

/// A row with what conflicts need to know of it.
pub(crate) struct Row {
    pub claim: Claim,
    /// Facts that it rests on.
    pub facts: Vec<usize>,
    /// Values that differ.
    pub differences: Vec<Difference>,
    /// The claim in the words of its events, where it takes those of a plainer sentence.
    pub own_words: Option<String>,
}

/// What a story gives to its rows.
pub(crate) struct StoryParts<'p> {
    pub story_id: &'p StoryId,
    pub members: &'p [u32],
    pub all: &'p [Fact],
    pub happenings: &'p [Happening],
    /// Sentences that tell of each happening without an event.
    pub echoes: &'p [Vec<Echo>],
    /// Numbers of people, and of other things, that several documents give.
    pub tolls: &'p [TollGroup],
    pub figures: &'p [FigureGroup],
    pub chain_ids: &'p [ChainId],
    pub sayings: &'p [Saying],
    pub utterances: &'p [Vec<usize>],
    /// The day of the story, as a number.
    pub main_day: Option<i32>,
    /// Sentences of copies that stand for each other.
    pub copies: &'p [Copies],
    /// Sentences of different texts that tell the same.
    pub matter: &'p [Group],
    /// Origin number of each document.
    pub origin_of: &'p BTreeMap<u32, usize>,
}

/// A claim of more words than these is told in brief; the accounts' own words stand in its cells.
const READABLE: usize = 28;

/// All rows of a story, best first.
pub(crate) fn compare_accounts(facts: &Facts, parts: &StoryParts) -> Vec<Row> {
    let told_otherwise = spun_of_told(facts, parts);
    let mut rows: Vec<Row> = (0..parts.happenings.len())
        .filter(|&h| !told_otherwise.contains(&h) && !bare_headline(facts, parts, h))
        .map(|h| happening_row(facts, parts, h))
        .collect();
    rows.extend(saying_rows(facts, parts));
    keep_apart(&mut rows);
    merge_equal(parts, &mut rows);
    add_matters(facts, parts, &mut rows);
    rows.sort_by(|a, b| {
        b.claim
            .importance
            .total_cmp(&a.claim.importance)
            .then_with(|| a.claim.claim_id.cmp(&b.claim.claim_id))
    });
    let mut kept = 0;
    rows.retain(|r| {
        kept += 1;
        kept <= ROWS || r.claim.cells.iter().filter(|c| c.stance != Stance::Silent).count() >= 2
    });
    rows
}

/// Happenings that rest on word-spun sentences alone whose text, not spun, has a row of its own: the spinner's words for it are
/// no second claim.
fn spun_of_told(facts: &Facts, parts: &StoryParts) -> BTreeSet<usize> {
    let spun = |h: &usize| parts.happenings[*h].facts.iter().all(|&f| facts.spun(parts.all[f].doc));
    let rows = (0..parts.happenings.len()).filter(|h| !spun(h));
    let told: BTreeSet<(u32, u32)> =
        rows.flat_map(|h| parts.echoes[h].iter().map(|e| (e.doc, e.sentence))).collect();
    let at = |f: usize| (parts.all[f].doc, facts.event(parts.all[f].doc, parts.all[f].event).sentence);
    let again = |h: &usize| parts.happenings[*h].facts.iter().all(|&f| told.contains(&at(f)));
    (0..parts.happenings.len()).filter(|h| spun(h) && again(h)).collect()
}

/// Whether a happening is told by headlines alone, and by none of them with a verb and its subject: what such words claim is a
/// guess. Its events stay where they are.
fn bare_headline(facts: &Facts, parts: &StoryParts, h: usize) -> bool {
    let bare = |f: &Fact| {
        let (a, e) = (&facts.doc(f.doc).annotated, facts.event(f.doc, f.event));
        let sentence = a.sentences.get(e.sentence as usize);
        let segment = sentence.and_then(|s| a.article.segments.get(s.segment as usize));
        let verb = a.tokens.get(e.trigger_token as usize).is_some_and(|t| t.upos == "VERB");
        let subject = || a.children(e.trigger_token).any(|t| a.tokens[t as usize].rel.starts_with("nsubj"));
        segment.is_some_and(|s| s.kind != SegmentKind::Body) && !(verb && subject())
    };
    parts.echoes[h].is_empty() && parts.happenings[h].facts.iter().all(|&f| bare(&parts.all[f]))
}

/// Verdicts after what stands between the accounts beside their cells: a denial by another voice, other beginners.
pub(crate) fn settle(rows: &mut [Row], conflicts: &[Conflict]) {
    for row in rows {
        let own = || conflicts.iter().filter(|c| c.claim_id.as_ref() == Some(&row.claim.claim_id));
        if own().any(|c| c.hard) {
            row.claim.verdict = Verdict::Contradicted;
        } else if row.claim.verdict == Verdict::Corroborated && own().any(|c| c.field == "who-started") {
            row.claim.verdict = Verdict::Differs;
        }
    }
}

fn happening_row(facts: &Facts, parts: &StoryParts, h: usize) -> Row {
    let members: Vec<&Fact> = parts.happenings[h].facts.iter().map(|&f| &parts.all[f]).collect();
    let event = |f: &Fact| facts.event(f.doc, f.event);
    let mut by_doc: BTreeMap<u32, Vec<&Fact>> = BTreeMap::new();
    for f in &members {
        by_doc.entry(f.doc).or_default().push(f);
    }
    // The side that most origins take is what the row says.
    let signs = |doc: &u32| -> BTreeSet<i32> { by_doc[doc].iter().map(|f| sign(event(f))).collect() };
    let taking = |s: i32| {
        by_doc
            .keys()
            .filter(|d| signs(d).contains(&s))
            .map(|d| parts.origin_of[d])
            .collect::<BTreeSet<_>>()
            .len()
    };
    let side = if taking(1) >= taking(-1) { 1 } else { -1 };
    let speaking: Vec<&Fact> = members.iter().copied().filter(|f| sign(event(f)) == side).collect();
    let echoes = &parts.echoes[h];
    let differences = differences(facts, parts, &by_doc, echoes);
    let n_documents = by_doc.len() + echoes.iter().map(|e| e.doc).collect::<BTreeSet<_>>().len();
    let named_target = speaking.iter().any(|f| !f.recipients.is_empty());
    let one_voice = one_voice(facts, &members);
    let mut denied_by_other = false;
    let mut inconsistent = false;
    let mut cells = Vec::new();
    for &doc in parts.members {
        let Some(own) = by_doc.get(&doc) else {
            let own: Vec<Echo> = echoes.iter().copied().filter(|e| e.doc == doc).collect();
            if !own.is_empty() {
                let cell = echo_cell(facts, parts, &own, &differences);
                denied_by_other |= cell.stance == Stance::Denies;
                cells.push(cell);
                continue;
            }
            cells.push(ClaimCell { doc, stance: Stance::Silent, spans: Vec::new(), detail: String::new() });
            continue;
        };
        let mut detail: Vec<String> = Vec::new();
        let with: Vec<&&Fact> = own.iter().filter(|f| sign(event(f)) == side).collect();
        let against: Vec<&&Fact> = own.iter().filter(|f| sign(event(f)) != side).collect();
        let mut stance = Stance::States;
        if with.is_empty() {
            stance = Stance::Denies;
            denied_by_other = true;
            detail.push(against_detail(facts, &against));
        } else if !against.is_empty() {
            let voices: BTreeSet<Option<u32>> = with.iter().map(|f| facts.voice(f.doc, event(f))).collect();
            if against.iter().all(|f| voices.contains(&facts.voice(f.doc, event(f)))) {
                inconsistent = true;
                detail.push("says both that it is so and that it is not".to_string());
            } else {
                denied_by_other |= against.iter().any(|f| event(f).polarity == Polarity::Denied);
                detail.push(format!("also reports: {}", against_detail(facts, &against)));
            }
        }
        for d in &differences {
            for (_, value, _) in d.values.iter().filter(|v| v.0 == doc && v.1 != d.reference) {
                if stance == Stance::States {
                    stance = Stance::Differs;
                }
                let what = if d.of.is_empty() { d.field } else { &d.of };
                detail.push(format!("{what}: `{value}` against `{}`", d.reference));
            }
        }
        if named_target
            && own.iter().all(|f| f.recipients.is_empty())
            && own[0].event_type != EventType::Consult
        {
            detail.push("target not named".to_string());
        }
        if let Some(alternative) = own.iter().find_map(|f| second_day(facts, f.doc, event(f))) {
            inconsistent |= by_doc.len() == 1;
            detail.push(format!("gives two days: {alternative}"));
        }
        if facts.spun(doc) {
            detail.push("word-spun text".to_string());
        }
        if one_voice.is_some() && n_documents > 1 {
            detail.push("one statement of one speaker".to_string());
        }
        let mut spans: Vec<Span> = own.iter().map(|f| event(f).evidence).collect();
        add_repeats(facts, doc, own.iter().map(|f| event(f).sentence), &mut spans);
        detail.dedup();
        cells.push(ClaimCell { doc, stance, spans, detail: detail.join("; ") });
    }
    let verdict = verdict(parts, &cells, &differences, denied_by_other, inconsistent);
    let n_origins = match one_voice {
        Some(_) => 1,
        None => {
            let docs = by_doc.keys().copied().chain(echoes.iter().map(|e| e.doc));
            docs.map(|d| parts.origin_of[&d]).collect::<BTreeSet<_>>().len()
        }
    };
    let mut told_again: BTreeMap<u32, u32> = BTreeMap::new();
    for e in echoes.iter().filter(|_| side == 1) {
        told_again.entry(e.doc).or_insert(e.sentence);
    }
    let own = claim_sentence(facts, &speaking, &BTreeMap::new());
    let mut text = claim_sentence(facts, &speaking, &told_again);
    if text.split_whitespace().count() > READABLE
        && let Some(short) = in_brief(facts, parts.members, &speaking)
    {
        text = short;
    }
    let own_words = (text != own).then_some(own);
    let claim = Claim {
        claim_id: ClaimId::from_parts("q", &[parts.chain_ids[h].as_str()]),
        story_id: parts.story_id.clone(),
        chain_id: Some(parts.chain_ids[h].clone()),
        claim: text,
        verdict,
        n_origins: n_origins as u32,
        importance: importance(facts, parts, &members, n_documents, n_origins),
        cells,
    };
    Row { claim, facts: parts.happenings[h].facts.clone(), differences, own_words }
}

/// The cell of a document that tells of a happening in a sentence without an event.
pub(crate) fn echo_cell(
    facts: &Facts,
    parts: &StoryParts,
    echoes: &[Echo],
    differences: &[Difference],
) -> ClaimCell {
    let echo = echoes[0];
    let sentences = &facts.doc(echo.doc).annotated.sentences;
    let mut spans: Vec<Span> = echoes.iter().map(|e| sentences[e.sentence as usize].span).collect();
    add_repeats(facts, echo.doc, echoes.iter().map(|e| e.sentence), &mut spans);
    let mut detail = Vec::new();
    let mut stance = Stance::States;
    for d in differences {
        for (_, value, _) in d.values.iter().filter(|v| v.0 == echo.doc && v.1 != d.reference) {
            stance = Stance::Differs;
            let what = if d.of.is_empty() { d.field } else { &d.of };
            detail.push(format!("{what}: `{value}` against `{}`", d.reference));
        }
    }
    // That nobody died is said against a toll.
    if echoes.iter().any(|e| told_toll(parts, "deaths", e).is_some_and(|c| c.value == 0)) {
        stance = Stance::Denies;
    }
    if facts.spun(echo.doc) {
        detail.push("word-spun text".to_string());
    }
    ClaimCell { doc: echo.doc, stance, spans, detail: detail.join("; ") }
}

fn against_detail(facts: &Facts, against: &[&&Fact]) -> String {
    let Some(f) = against.first() else { return String::new() };
    let e = facts.event(f.doc, f.event);
    let who = facts.voice(f.doc, e).map(|v| facts.actor(v).name.clone());
    match (e.polarity, who) {
        (Polarity::Denied, Some(who)) => format!("denied by {who}"),
        (Polarity::Denied, None) => "denied".to_string(),
        (_, Some(who)) => format!("not so, says {who}"),
        (_, None) => "says that it did not or will not happen".to_string(),
    }
}

/// When every account lets one and the same speaker say it: the speaker.
fn one_voice(facts: &Facts, members: &[&Fact]) -> Option<u32> {
    let mut voices = members.iter().map(|f| {
        let e = facts.event(f.doc, f.event);
        // What a document gives as quotation or report of a speaker's words goes back to the speaker.
        let said = e.quote.and_then(|q| facts.quote(f.doc, q).speaker).and_then(|s| facts.actor_of(f.doc, s));
        said.or_else(|| facts.voice(f.doc, e)).filter(|v| facts.is_person(*v))
    });
    let first = voices.next()??;
    voices.all(|v| v == Some(first)).then_some(first)
}

/// A second day that the document itself gives for an event: `yesterday, Wednesday` on a Wednesday.
pub(crate) fn second_day(facts: &Facts, doc: u32, e: &Event) -> Option<String> {
    let d = e.date.as_ref()?;
    let own = dates::day_of(&d.range, 1)?;
    let time = d.time.and_then(|t| facts.doc(doc).times.get(t as usize));
    let time = time.filter(|t| t.sentence == e.sentence);
    // Other years and other orders of day and month are doubts of the reader; two words for one day are the text's.
    let words = time.is_some_and(|t| facts.doc(doc).annotated.slice(t.span).split_whitespace().count() >= 2);
    let of_time = time.filter(|_| words).into_iter().flat_map(|t| &t.alternatives);
    of_time.chain(d.alternatives.iter().filter(|a| words || a.contains("but"))).find_map(|a| {
        let day: jiff::civil::Date = a.get(..10)?.parse().ok()?;
        let gap = (dates::number(day) - own).abs();
        (1..=3).contains(&gap).then(|| format!("{} and {day}", dates::shown(&d.range)))
    })
}

/// Sentences that repeat the evidence word for word: more spans, no more witnesses.
pub(crate) fn add_repeats(
    facts: &Facts,
    doc: u32,
    sentences: impl Iterator<Item = u32>,
    spans: &mut Vec<Span>,
) {
    let wanted: BTreeSet<u32> = sentences.collect();
    let all = &facts.doc(doc).annotated.sentences;
    spans.extend(all.iter().filter(|s| s.repeats.is_some_and(|r| wanted.contains(&r))).map(|s| s.span));
    spans.sort_unstable();
    spans.dedup();
}

/// Whether documents of two texts at least tell a row: copies of one text are one witness.
pub(crate) fn told_by_several(parts: &StoryParts, cells: &[ClaimCell]) -> bool {
    let told = cells.iter().filter(|c| c.stance != Stance::Silent);
    told.map(|c| parts.origin_of[&c.doc]).collect::<BTreeSet<_>>().len() >= 2
}

pub(crate) fn verdict(
    parts: &StoryParts,
    cells: &[ClaimCell],
    differences: &[Difference],
    denied: bool,
    inconsistent: bool,
) -> Verdict {
    let told = cells.iter().filter(|c| c.stance != Stance::Silent).count();
    let states = cells.iter().any(|c| matches!(c.stance, Stance::States | Stance::Differs));
    if denied && states || differences.iter().any(|d| d.hard) {
        Verdict::Contradicted
    } else if inconsistent {
        Verdict::SelfInconsistent
    } else if told >= 2 && cells.iter().any(|c| c.stance == Stance::Differs) {
        Verdict::Differs
    } else if told_by_several(parts, cells) {
        Verdict::Corroborated
    } else {
        Verdict::OnlyHere
    }
}

/// 0 to 1: how much the story is about a happening. Most by independent accounts, then by its place in them, its force, its
/// dead, and whether it is of the days of the story.
fn importance(facts: &Facts, parts: &StoryParts, members: &[&Fact], documents: usize, origins: usize) -> f32 {
    let event = |f: &Fact| facts.event(f.doc, f.event);
    let any = |holds: &dyn Fn(&&Fact) -> bool| f32::from(u8::from(members.iter().any(holds)));
    let of = parts.members.len().max(1) as f32;
    let all_origins = parts.origin_of.values().collect::<BTreeSet<_>>().len().max(1) as f32;
    let share = 0.4 * documents as f32 / of + 0.6 * origins as f32 / all_origins;
    let several = if origins > 1 {
        1.0
    } else if documents > 1 {
        0.4
    } else {
        0.0
    };
    let leads: BTreeSet<u32> = members.iter().filter(|f| event(f).sentence < LEAD).map(|f| f.doc).collect();
    let force = members.iter().map(|f| event(f).score.abs()).fold(0.0, f32::max).min(10.0) / 10.0;
    let confidence = members.iter().map(|f| event(f).confidence).fold(0.0, f32::max);
    let now = any(&|f| {
        let day = event(f).date.as_ref().and_then(|d| dates::day_of(&d.range, 3));
        matches!((day, parts.main_day), (Some(d), Some(m)) if (d - m).abs() <= 5)
    });
    let mut score = 0.18 * several
        + 0.26 * share
        + 0.14 * (leads.len() as f32 / documents.max(1) as f32) * several.max(0.5)
        + 0.10 * force
        + 0.08 * any(&|f| event(f).dead.as_ref().is_some_and(|d| d.value > 0))
        + 0.08 * now
        + 0.05 * any(&|f| f.actors.iter().any(|a| facts.is_person(*a)))
        + 0.05 * any(&|f| !f.actors.is_empty() && !f.recipients.is_empty())
        + 0.06 * confidence;
    if members.iter().all(|f| facts.spun(f.doc)) {
        score *= 0.6;
    }
    if members.iter().all(|f| is_background(event(f))) {
        score *= 0.35;
    }
    (score.clamp(0.0, 1.0) * 1e4).round() / 1e4
}

/// Two claims that take the words of one plainer sentence would read the same: they keep their own.
fn keep_apart(rows: &mut [Row]) {
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    rows.iter().for_each(|r| *times.entry(r.claim.claim.clone()).or_default() += 1);
    for row in rows.iter_mut().filter(|r| times[&r.claim.claim] > 1) {
        if let Some(own) = row.own_words.take() {
            row.claim.claim = own;
        }
    }
}

/// Rows that read the same and rest on the same sentences are one.
fn merge_equal(parts: &StoryParts, rows: &mut Vec<Row>) {
    rows.sort_by(|a, b| {
        b.claim
            .importance
            .total_cmp(&a.claim.importance)
            .then_with(|| a.claim.claim_id.cmp(&b.claim.claim_id))
    });
    let mut first: BTreeMap<(String, bool), usize> = BTreeMap::new();
    let mut gone = vec![false; rows.len()];
    for i in 0..rows.len() {
        let quote = rows[i].claim.chain_id.is_none();
        let key = (rows[i].claim.claim.clone(), quote);
        match first.get(&key).copied() {
            None => {
                first.insert(key, i);
            }
            Some(keep) => {
                gone[i] = true;
                let (facts, cells) = (rows[i].facts.clone(), rows[i].claim.cells.clone());
                rows[keep].facts.extend(facts);
                rows[keep].facts.sort_unstable();
                for (cell, other) in rows[keep].claim.cells.iter_mut().zip(cells) {
                    if cell.stance == Stance::Silent {
                        *cell = other;
                    } else {
                        cell.spans.extend(other.spans);
                        cell.spans.sort_unstable();
                        cell.spans.dedup();
                    }
                }
                if told_by_several(parts, &rows[keep].claim.cells)
                    && rows[keep].claim.verdict == Verdict::OnlyHere
                {
                    rows[keep].claim.verdict = Verdict::Corroborated;
                }
            }
        }
    }
    let mut n = 0;
    rows.retain(|_| {
        n += 1;
        !gone[n - 1]
    });
}
