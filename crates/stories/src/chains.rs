//! One happening across documents and within them.

use crate::dates;
use crate::facts::{Fact, Facts, act_of, is_background, sign, speech};
use crate::knowledge::knowledge;
use crate::matches::{self, Match};
use crate::origins::Copies;
use crate::words::{cosine, dice, likeness};
use polybius_text::{ActorKind, DateRange, Event, EventType, Modality, Polarity, Sector};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;

/// Two groups of events become one happening at this mean score.
const SAME_HAPPENING: f32 = 0.5;
/// A group of events whose members contradict each other in more pairs than this stays two.
const IMPOSSIBLE: f32 = 0.2;
/// Events compared inside a block; larger blocks compare neighbours in text and document order.
const LARGEST_BLOCK: usize = 220;
const REACH: usize = 40;
/// What two events of sentences that tell the same need of the words that others do.
const MATCHED: f32 = 0.6;
/// Members that stand for a large chain.
const REPRESENTATIVES: usize = 8;

/// One happening: indexes into the facts of its story, in document and text order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Happening {
    pub facts: Vec<usize>,
}

/// Groups the events of one story into happenings, by first event.
///
/// Sentences of `copies` that stand for each other tell the same.
pub(crate) fn find_happenings(
    facts: &Facts,
    all: &[Fact],
    copies: &[Copies],
    matched: &[Match],
) -> Vec<Happening> {
    let linker = Linker::new(facts, all, copies, matched);
    let mut edges: Vec<(f32, usize, usize)> = linker
        .candidates()
        .into_iter()
        .filter_map(|(a, b)| Some((linker.score(a, b)?, a, b)))
        .filter(|e| e.0 >= SAME_HAPPENING)
        .collect();
    edges.sort_by(|x, y| y.0.total_cmp(&x.0).then(x.1.cmp(&y.1)).then(x.2.cmp(&y.2)));
    let mut members: Vec<Vec<usize>> = (0..all.len()).map(|i| vec![i]).collect();
    let mut of: Vec<usize> = (0..all.len()).collect();
    let spun = |i: usize| facts.spun(all[i].doc);
    // Word-spun text says little of what it tells: it joins what others tell, and joins nothing to each other.
    for (with_spun, passes) in [(false, 3), (true, 1)] {
        for _pass in 0..passes {
            let mut changed = false;
            for &(_, a, b) in edges.iter().filter(|e| (spun(e.1) || spun(e.2)) == with_spun) {
                let (ca, cb) = (of[a], of[b]);
                let bridge = with_spun && ![ca, cb].iter().any(|&c| members[c].iter().all(|&m| spun(m)));
                if ca != cb && !bridge && linker.may_merge(&members[ca], &members[cb]) {
                    let (keep, gone) = (ca.min(cb), ca.max(cb));
                    let moved = std::mem::take(&mut members[gone]);
                    moved.iter().for_each(|&m| of[m] = keep);
                    members[keep].extend(moved);
                    members[keep].sort_unstable();
                    changed = true;
                }
            }
            if !changed {
                break;
            }
        }
    }
    members.into_iter().filter(|m| !m.is_empty()).map(|facts| Happening { facts }).collect()
}

/// How well the parties of two events agree, 0 to 1, and by what.
struct Agreement {
    score: f32,
    bond: Bond,
}

/// The closest party that two events have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bond {
    /// One actor.
    Actor,
    /// A person and its state, or crowds of one state.
    Capacity,
    /// The one names only who does it, the other only to whom.
    Nothing,
}

impl Bond {
    /// How alike the words must be at least.
    fn words(self) -> f32 {
        match self {
            Bond::Actor => 0.0,
            Bond::Capacity => 0.15,
            Bond::Nothing => 0.5,
        }
    }
}

struct Linker<'a, 'f> {
    facts: &'f Facts<'a>,
    all: &'f [Fact],
    /// How many events of a document share type, modality and parties with this one.
    rivals: Vec<u32>,
    /// Sentences of copies that stand for each other: the later document's sentence to the earlier one's.
    copied: FxHashSet<((u32, u32), (u32, u32))>,
    /// Sentences of different texts that tell the same, likewise.
    matched: FxHashSet<((u32, u32), (u32, u32))>,
}

impl<'a, 'f> Linker<'a, 'f> {
    fn new(facts: &'f Facts<'a>, all: &'f [Fact], copies: &[Copies], matched: &[Match]) -> Linker<'a, 'f> {
        let mut count: FxHashMap<(u32, EventType, &[u32], bool), u32> = FxHashMap::default();
        let key = |f: &'f Fact| {
            (f.doc, f.event_type, f.actors.as_slice(), is_background(facts.event(f.doc, f.event)))
        };
        for f in all {
            *count.entry(key(f)).or_default() += 1;
        }
        let rivals = all.iter().map(|f| count[&key(f)]).collect();
        let mut copied = FxHashSet::default();
        for Copies { docs: (a, b), sentences } in copies {
            copied.extend(sentences.iter().map(|(i, j)| ((*a, *i), (*b, *j))));
        }
        let strong = matched.iter().filter(|m| m.points >= matches::SAME_HAPPENING);
        let matched = strong.map(|m| (m.a, m.b)).collect();
        Linker { facts, all, rivals, copied, matched }
    }

    /// Pairs worth comparing: compatible types, and a code or place or word in common.
    fn candidates(&self) -> Vec<(usize, usize)> {
        let mut blocks: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (i, f) in self.all.iter().enumerate() {
            let mut keys: Vec<String> = f
                .actors
                .iter()
                .chain(&f.recipients)
                .map(|&a| self.facts.actor(a))
                .flat_map(|a| {
                    let code = (!a.code.is_empty()).then(|| format!("c:{}", a.code));
                    [Some(format!("a:{}", a.actor_id)), code]
                })
                .flatten()
                .collect();
            keys.extend(
                f.words.iter().filter(|w| self.facts.rarity.weight(w) > 1.6).map(|w| format!("w:{w}")),
            );
            keys.sort_unstable();
            keys.dedup();
            for key in keys {
                blocks.entry(key).or_default().push(i);
            }
        }
        let mut pairs = FxHashSet::default();
        let mut by_sentence: FxHashMap<(u32, u32), Vec<usize>> = FxHashMap::default();
        for (i, f) in self.all.iter().enumerate() {
            by_sentence.entry(self.place_of(f)).or_default().push(i);
        }
        let at = |place: &(u32, u32)| by_sentence.get(place).map_or(&[][..], Vec::as_slice);
        for (x, y) in self.copied.iter().chain(&self.matched) {
            for &i in at(x) {
                pairs.extend(at(y).iter().map(|&j| (i.min(j), i.max(j))));
            }
        }
        for members in blocks.values() {
            let reach = if members.len() <= LARGEST_BLOCK { usize::MAX } else { REACH };
            for (n, &a) in members.iter().enumerate() {
                for &b in members[n + 1..].iter().take(reach) {
                    if knowledge().compatible(self.all[a].event_type, self.all[b].event_type) > 0.0 {
                        pairs.insert((a, b));
                    }
                }
            }
        }
        let mut pairs: Vec<_> = pairs.into_iter().collect();
        pairs.sort_unstable();
        pairs
    }

    fn place_of(&self, f: &Fact) -> (u32, u32) {
        (f.doc, self.facts.event(f.doc, f.event).sentence)
    }

    fn is_copied(&self, f: &Fact, g: &Fact) -> bool {
        let (x, y) = (self.place_of(f), self.place_of(g));
        self.copied.contains(&(x, y)) || self.copied.contains(&(y, x))
    }

    fn is_matched(&self, f: &Fact, g: &Fact) -> bool {
        let (x, y) = (self.place_of(f), self.place_of(g));
        self.matched.contains(&(x, y)) || self.matched.contains(&(y, x))
    }

    fn may_merge(&self, a: &[usize], b: &[usize]) -> bool {
        let (a, b) = (few(a), few(b));
        let n = (a.len() * b.len()) as f32;
        let (mut sum, mut impossible) = (0.0, 0.0);
        for &i in &a {
            for &j in &b {
                match self.score(i, j) {
                    Some(s) => sum += s,
                    None => impossible += 1.0,
                }
            }
        }
        impossible / n <= IMPOSSIBLE && sum / n >= SAME_HAPPENING * if n > 1.0 { 0.85 } else { 1.0 }
    }

    /// How well two events go as one happening; `None` when they cannot be one.
    fn score(&self, i: usize, j: usize) -> Option<f32> {
        let (f, g) = (&self.all[i], &self.all[j]);
        let types = knowledge().compatible(f.event_type, g.event_type);
        if types <= 0.0 {
            return None;
        }
        let (e, h) = (self.facts.event(f.doc, f.event), self.facts.event(g.doc, g.event));
        let one_document = f.doc == g.doc;
        if self.is_copied(f, g) {
            if sign(e) != sign(h) {
                return None;
            }
            if types >= 0.5 && self.one_of_its_kind(f, g) {
                return Some(0.95);
            }
        }
        // One sentence tells two things in two words, unless both are words for one meeting.
        if one_document && e.sentence == h.sentence && !e.trigger.overlaps(h.trigger) {
            let meeting = f.event_type == EventType::Consult && g.event_type == EventType::Consult;
            if !meeting || self.verbs(f, g) && act_of(self.facts, f) != act_of(self.facts, g) {
                return None;
            }
        }
        if one_document && e.sentence == h.sentence && sign(e) != sign(h) {
            return None;
        }
        // "stressed the need for coordination", "trade has not resumed": what ought to be and what is not go together.
        let ought_to_be = |x: &Event, y: &Event| {
            x.modality == Modality::Hypothetical && sign(x) == 1 && y.polarity == Polarity::Negated
        };
        if ought_to_be(e, h) || ought_to_be(h, e) {
            return None;
        }
        let (rule, other) = (knowledge().kind(f.event_type), knowledge().kind(g.event_type));
        let reciprocal = rule.reciprocal || other.reciprocal;
        if !reciprocal && (self.turned(f, g) || self.turned(g, f)) {
            return None;
        }
        let Agreement { score: parties, bond } = self.parties(f, g, reciprocal)?;
        // A visit is not a call.
        let other_mode = f.event_type == g.event_type
            && !e.modes.is_empty()
            && !h.modes.is_empty()
            && !e.modes.iter().any(|m| h.modes.contains(m));
        if other_mode && f.event_type == EventType::Consult {
            return Some(0.0);
        }
        let date = dates_agree(e.date.as_ref().map(|d| &d.range), h.date.as_ref().map(|d| &d.range));
        let words = likeness(
            dice(&f.words, &g.words, self.facts.rarity),
            cosine(self.facts.vector(f.doc, e.sentence), self.facts.vector(g.doc, h.sentence)),
        );
        // Accounts may give days that differ by a little, and a day that an event has from elsewhere in its text may be
        // wrong by one or two; then the words must carry the join.
        let date = match date {
            Some(d) => d,
            // A spun page is dated by whoever spun it.
            None if self.facts.spun(f.doc) != self.facts.spun(g.doc) => 0.4,
            None => {
                let near = days_between(e.date.as_ref().map(|d| &d.range), h.date.as_ref().map(|d| &d.range));
                let own = self.facts.own_day(f.doc, e) && self.facts.own_day(g.doc, h);
                if near <= 2 && words >= 0.5 {
                    0.2
                } else if near <= 3 && !own {
                    0.3
                } else {
                    return None;
                }
            }
        };
        let place = places_agree(f, g)?;
        // What is asked, promised or alleged has its own names: other names, other object.
        let common = f.names.iter().filter(|n| g.names.contains(n)).count();
        let objects = 2 * common >= f.names.len().min(g.names.len());
        let time = modalities_agree(e.modality, h.modality);
        let spun = self.facts.spun(f.doc) || self.facts.spun(g.doc);
        let complete = f.recipients.is_empty() == g.recipients.is_empty();
        let rivals = self.rivals[i] == 1 && self.rivals[j] == 1;
        let unique = !one_document && !spun && complete && rivals && parties >= 0.7 && !other_mode;
        let mut need = rule.words.max(other.words) / types.max(0.3);
        if unique && types >= 1.0 {
            need *= 0.45;
        }
        // The same deed of the same parties on the same day: accounts need not share more than its word.
        let deed = !speech(f.event_type) && !speech(g.event_type);
        if !one_document && parties >= 0.7 && date >= 0.75 && types >= 1.0 {
            let act = act_of(self.facts, f).filter(|a| act_of(self.facts, g).as_ref() == Some(a));
            if act.is_some_and(|a| deed || a == "sign") {
                need *= 0.4;
            }
        }
        if one_document {
            need *= if bond == Bond::Actor { 1.25 } else { 1.6 };
        }
        // A curfew and an arrest are both coercion.
        if other_mode {
            need *= 1.5;
        }
        if matches!((&f.object, &g.object), (Some(x), Some(y)) if x != y) {
            need *= 1.25;
        }
        need = need.max(bond.words());
        if !objects {
            need *= if speech(f.event_type) && speech(g.event_type) { 1.6 } else { 1.2 };
        }
        // A promise or charge about one state is not the same about another, or about one more.
        let said = |x: &Fact, e: &Event| {
            speech(x.event_type)
                || !e.attribution.is_empty()
                || e.quote.is_some()
                || matches!(e.modality, Modality::Future | Modality::Hypothetical)
        };
        if said(f, e) && said(g, h) && !f.about.is_empty() && !g.about.is_empty() && f.about != g.about {
            need *= if f.about.is_disjoint(&g.about) { 1.6 } else { 1.35 };
        }
        // What is said not to be so must be the same thing by its words.
        if sign(e) != sign(h) {
            need = need.max(0.3);
        }
        if time < 1.0 {
            need *= 1.3;
        }
        // A trip or meeting of which one side alone is named can be any of those that the person had.
        let alone = |x: &Fact| x.actors.len() + x.recipients.len() == 1;
        if rule.reciprocal && other.reciprocal && alone(f) != alone(g) {
            let same_act = act_of(self.facts, f).is_some_and(|a| act_of(self.facts, g) == Some(a));
            need = need.max(if same_act { 0.35 } else { 0.5 });
        }
        // Two sentences that tell the same on the whole need less of their clauses.
        if self.is_matched(f, g) {
            need *= MATCHED;
        }
        if words < need {
            return Some(0.0);
        }
        let score = 0.42 * parties
            + 0.2 * date
            + 0.06 * place
            + 0.32 * (0.5 * (words / need.max(0.2)).min(1.0) + 0.5 * (words / 0.6).min(1.0));
        Some(score * (0.6 + 0.4 * types) * time)
    }

    fn verbs(&self, f: &Fact, g: &Fact) -> bool {
        [f, g].iter().all(|x| {
            let trigger = self.facts.event(x.doc, x.event).trigger_token;
            self.facts.doc(x.doc).annotated.tokens.get(trigger as usize).is_some_and(|t| t.upos == "VERB")
        })
    }

    /// Whether a person or body that does the one is done to in the other, and on no other side of it.
    fn turned(&self, f: &Fact, g: &Fact) -> bool {
        let own = |a: &u32| self.facts.actor(*a).kind != ActorKind::Group;
        f.actors.iter().any(|a| own(a) && g.recipients.contains(a) && !g.actors.contains(a))
    }

    /// Whether neither sentence has a second event that fits the other as well by its type, or both have one act.
    fn one_of_its_kind(&self, f: &Fact, g: &Fact) -> bool {
        let same = |x: &Fact, t: EventType| {
            let sentence = self.place_of(x).1;
            let events = &self.facts.doc(x.doc).events;
            events.iter().filter(|e| e.sentence == sentence && e.event_type == t).count() <= 1
        };
        f.event_type == g.event_type && same(f, f.event_type) && same(g, g.event_type)
            || act_of(self.facts, f).is_some_and(|a| act_of(self.facts, g) == Some(a))
    }

    /// How well doers and done-to agree; `None` when they cannot be the same.
    fn parties(&self, f: &Fact, g: &Fact, reciprocal: bool) -> Option<Agreement> {
        let score = if reciprocal { self.joint(f, g) } else { self.straight(f, g) }?;
        let common = |a: &[u32], b: &[u32]| a.iter().any(|x| b.contains(x));
        let crossed = reciprocal && (common(&f.actors, &g.recipients) || common(&f.recipients, &g.actors));
        let bond = if crossed || common(&f.actors, &g.actors) || common(&f.recipients, &g.recipients) {
            Bond::Actor
        } else if reciprocal && f.names_a_party() && g.names_a_party()
            || !f.actors.is_empty() && !g.actors.is_empty()
            || !f.recipients.is_empty() && !g.recipients.is_empty()
        {
            Bond::Capacity
        } else {
            Bond::Nothing
        };
        Some(Agreement { score, bond })
    }

    /// Doers against doers and done-to against done-to.
    fn straight(&self, f: &Fact, g: &Fact) -> Option<f32> {
        let speech = speech(f.event_type) && speech(g.event_type);
        let home = self.at_home(f) || self.at_home(g);
        let doers = self.side(&f.actors, &g.actors, home).filter(|_| !speech || self.one_speaker(f, g))?;
        Some(0.65 * doers + 0.35 * self.side(&f.recipients, &g.recipients, home)?)
    }

    /// The same where the parties do it together, so that either may be named as the doer.
    fn joint(&self, f: &Fact, g: &Fact) -> Option<f32> {
        let home = self.at_home(f) || self.at_home(g);
        let both_sides = |x: &Fact| !x.actors.is_empty() && !x.recipients.is_empty();
        let sides = |a: &[u32], b: &[u32], c: &[u32], d: &[u32]| {
            Some(0.5 * self.side(a, b, home)? + 0.5 * self.side(c, d, home)?)
        };
        let (straight, crossed) = if both_sides(f) && both_sides(g) {
            (
                sides(&f.actors, &g.actors, &f.recipients, &g.recipients),
                sides(&f.actors, &g.recipients, &f.recipients, &g.actors),
            )
        } else {
            (None, None)
        };
        let all = |x: &Fact| {
            let mut all: Vec<u32> = x.actors.iter().chain(&x.recipients).copied().collect();
            all.sort_unstable();
            all.dedup();
            all
        };
        let (a, b) = (all(f), all(g));
        // What one party promises is not what another promises it.
        let promise = speech(f.event_type) && speech(g.event_type) && a.len().min(b.len()) == 1;
        let together = if promise { self.straight(f, g) } else { self.covers(&a, &b) };
        // Who is with whom is not told at all by one of the two.
        let untold = (a.is_empty() || b.is_empty()).then_some(0.45);
        [straight, crossed, together, untold].into_iter().flatten().max_by(f32::total_cmp)
    }

    /// Whether an act is between parties of one state: that state's name then tells nothing of who does what to whom.
    fn at_home(&self, f: &Fact) -> bool {
        let mut codes = f.actors.iter().chain(&f.recipients).map(|&a| self.facts.actor(a).code.as_str());
        let first = codes.next();
        f.actors.len() + f.recipients.len() >= 2
            && first.is_some_and(|c| !c.is_empty() && codes.all(|d| c == d))
    }

    /// Whether what is said may come from one mouth: a named person and a crowd are two.
    fn one_speaker(&self, f: &Fact, g: &Fact) -> bool {
        f.actors.is_empty()
            || g.actors.is_empty()
            || f.actors.iter().any(|&x| {
                g.actors.iter().any(|&y| {
                    let (a, b) = (self.facts.actor(x), self.facts.actor(y));
                    let groups = a.kind == ActorKind::Group || b.kind == ActorKind::Group;
                    x == y || !groups || a.sector == b.sector || a.sector.is_none() || b.sector.is_none()
                })
            })
    }

    /// One side: 1 for a common actor, less for a person and the state it serves, `None` for others.
    fn side(&self, a: &[u32], b: &[u32], home: bool) -> Option<f32> {
        if a.is_empty() || b.is_empty() {
            return Some(if a.is_empty() && b.is_empty() { 0.5 } else { 0.45 });
        }
        if a.iter().any(|x| b.contains(x)) {
            return Some(1.0);
        }
        a.iter()
            .flat_map(|&x| b.iter().map(move |&y| (x, y)))
            .filter_map(|(x, y)| self.same_capacity(x, y, home))
            .max_by(f32::total_cmp)
    }

    /// Two lists of all parties of a joint act: every party of the shorter must be met.
    fn covers(&self, a: &[u32], b: &[u32]) -> Option<f32> {
        let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
        if short.is_empty() {
            return None;
        }
        let mut sum = 0.0;
        for &x in short {
            let best = long
                .iter()
                .filter_map(|&y| if x == y { Some(1.0) } else { self.same_capacity(x, y, false) })
                .max_by(f32::total_cmp)?;
            sum += best;
        }
        Some(sum / short.len() as f32 * if short.len() == 1 && long.len() > 1 { 0.8 } else { 1.0 })
    }

    /// A person and its state, or unnamed groups of one state.
    fn same_capacity(&self, x: u32, y: u32, home: bool) -> Option<f32> {
        use polybius_text::ActorKind::*;
        let (a, b) = (self.facts.actor(x), self.facts.actor(y));
        let (ka, kb) = (a.kind, b.kind);
        if ka == Person && kb == Person {
            return None;
        }
        if a.code.is_empty() || b.code.is_empty() {
            return if ka == Group || kb == Group { Some(0.3) } else { None };
        }
        if a.code != b.code {
            return None;
        }
        let sectors = a.sector.is_none() || b.sector.is_none() || a.sector == b.sector;
        let known = a.sector.is_some() && a.sector == b.sector;
        // Police and crowd of one state are two sides; so are a person and a body or crowd that it does not belong to.
        let official = |s: Option<Sector>| {
            s.map(|s| {
                use Sector::{Government, Judiciary, Legislature, Military, Police, Spy};
                matches!(s, Government | Military | Police | Spy | Legislature | Judiciary)
            })
        };
        let two_sides = matches!((official(a.sector), official(b.sector)), (Some(x), Some(y)) if x != y);
        let no_states = ka != Country && kb != Country;
        let one_person = (ka == Person) != (kb == Person);
        if no_states && (two_sides || one_person && !known || ka == Organisation && kb == Organisation) {
            return None;
        }
        Some(match (ka, kb) {
            (Country, _) | (_, Country) if home => 0.35,
            (Country, _) | (_, Country) => 0.75,
            (Group, Group) => {
                if sectors {
                    0.75
                } else {
                    0.3
                }
            }
            (Group, _) | (_, Group) => {
                if sectors {
                    0.6
                } else {
                    0.3
                }
            }
            _ => {
                if sectors {
                    0.5
                } else {
                    0.3
                }
            }
        })
    }
}

fn few(members: &[usize]) -> Vec<usize> {
    if members.len() <= REPRESENTATIVES {
        return members.to_vec();
    }
    (0..REPRESENTATIVES).map(|k| members[k * members.len() / REPRESENTATIVES]).collect()
}

/// 1 for one day, less for wider ranges that meet, 0.5 when unknown, `None` when they exclude each other.
pub(crate) fn dates_agree(a: Option<&DateRange>, b: Option<&DateRange>) -> Option<f32> {
    let (Some(a), Some(b)) = (a, b) else { return Some(0.5) };
    if !a.overlaps(b) {
        return None;
    }
    // "Before the page was written" is a bound and says as little as nothing.
    let bound = |r: &DateRange| r.start.is_none();
    Some(match dates::is_day(a) && dates::is_day(b) {
        true => 1.0,
        false if bound(a) || bound(b) => 0.5,
        false => 0.75,
    })
}

fn days_between(a: Option<&DateRange>, b: Option<&DateRange>) -> i32 {
    match (a.and_then(dates::bounds), b.and_then(dates::bounds)) {
        (Some((s, e)), Some((t, u))) => (t - e).max(s - u).max(0),
        _ => 0,
    }
}

fn places_agree(f: &Fact, g: &Fact) -> Option<f32> {
    let (Some(p), Some(q)) = (&f.place, &g.place) else { return Some(0.5) };
    if p.0 == q.0 {
        return Some(1.0);
    }
    if !p.1.is_empty() && !q.1.is_empty() && p.1 != q.1 {
        // Where words were said and where they were about are easily taken for each other; deeds have one place.
        let deed = |t: EventType| {
            matches!(t, EventType::Assault | EventType::Protest | EventType::Mobilize | EventType::Coerce)
        };
        return if deed(f.event_type) && deed(g.event_type) { None } else { Some(0.1) };
    }
    Some(if p.2 == "country" || q.2 == "country" { 0.6 } else { 0.2 })
}

fn modalities_agree(a: Modality, b: Modality) -> f32 {
    use Modality::*;
    match (a, b) {
        _ if a == b => 1.0,
        (Actual, Historical) | (Historical, Actual) => 0.95,
        (Actual, Future) | (Future, Actual) | (Future, Hypothetical) | (Hypothetical, Future) => 0.9,
        (Actual, Hypothetical) | (Hypothetical, Actual) => 0.7,
        _ => 0.5,
    }
}

/// The most exact date that most documents allow; ties go to the earlier.
pub(crate) fn date_of(facts: &Facts, members: &[&Fact]) -> Option<DateRange> {
    let ranges: Vec<(u32, DateRange)> = members
        .iter()
        .filter_map(|f| Some((f.doc, facts.event(f.doc, f.event).date.as_ref()?.range)))
        .collect();
    let mut best: Option<(usize, i32, i32, DateRange)> = None;
    let mut seen: Vec<&DateRange> = Vec::new();
    for (_, range) in &ranges {
        // Thousands of copies have few dates.
        if seen.contains(&range) {
            continue;
        }
        seen.push(range);
        let mut docs: Vec<u32> = ranges.iter().filter(|(_, r)| r.overlaps(range)).map(|(d, _)| *d).collect();
        docs.sort_unstable();
        docs.dedup();
        let (first, last) = dates::bounds(range).unwrap_or((i32::MIN / 2, i32::MAX / 2));
        let better =
            best.as_ref().is_none_or(|b| (docs.len(), -(last - first), -first) > (b.0, -(b.2 - b.1), -b.1));
        if better {
            best = Some((docs.len(), first, last, *range));
        }
    }
    best.map(|b| b.3)
}
