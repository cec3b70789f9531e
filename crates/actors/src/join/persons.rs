//! Persons of one story: full names, surnames, offices without a name, what was done to whom.

use super::known::Known;
use super::{Joiner, Node, telling};
use crate::tables::Person;
use polybius_text::{ActorKind, Event, EventType, OfficeHeld, Polarity};
use std::collections::{BTreeMap, BTreeSet};

/// Two full names of one story are one person from here on.
const SAME_IN_STORY: f32 = 0.72;
/// With the same state.
const SAME_WITH_CODE: f32 = 0.66;
/// With the same office of the same state.
const SAME_WITH_OFFICE: f32 = 0.5;
/// When both documents give other states.
const SAME_DESPITE_CODE: f32 = 0.93;

/// What was done, the code of who did it, and the month.
type Fact = (&'static str, String, String);

impl<'d> Joiner<'d> {
    /// Makes the names of all persons of the story ready.
    pub(super) fn know_names(&mut self) {
        for c in self.persons() {
            for name in &self.clusters[c].as_ref().expect("persons are whole").names {
                self.known.learn(name);
            }
        }
    }

    fn known(&self, c: usize) -> impl Iterator<Item = (&'d str, &Known)> + Clone {
        self.names(c).iter().map(|&name| (name, self.known.of(name)))
    }

    /// Full names of one story, best pair first.
    pub(super) fn join_persons(&mut self) {
        let persons = self.persons();
        let mut pairs: Vec<(f32, usize, usize, String)> = Vec::new();
        for (i, &a) in persons.iter().enumerate() {
            for &b in &persons[i + 1..] {
                if self.may_join(a, b)
                    && let Some((score, why)) = self.likeness(a, b)
                {
                    pairs.push((score, a, b, why));
                }
            }
        }
        pairs.sort_by(|p, q| q.0.total_cmp(&p.0).then(p.1.cmp(&q.1)).then(p.2.cmp(&q.2)));
        for (_, a, b, why) in pairs {
            // A merged cluster is gone; pairs that name it are skipped (its survivor has pairs of its own).
            if self.clusters[a].is_some() && self.clusters[b].is_some() && self.may_join(a, b) {
                self.merge(a, b, why);
            }
        }
    }

    fn likeness(&self, a: usize, b: usize) -> Option<(f32, String)> {
        if self.names(a).is_empty() || self.names(b).is_empty() {
            return None;
        }
        let office = self.shared_office(a, b);
        let (ca, cb) = (self.codes(a), self.codes(b));
        let conflict = !ca.is_empty() && !cb.is_empty() && ca.is_disjoint(cb);
        let needed = if office.is_some() {
            SAME_WITH_OFFICE
        } else if conflict {
            SAME_DESPITE_CODE
        } else if !ca.is_disjoint(cb) {
            SAME_WITH_CODE
        } else {
            SAME_IN_STORY
        };
        let mut best: Option<(f32, f32, &str, &str)> = None;
        for (x, kx) in self.known(a) {
            for (y, ky) in self.known(b) {
                let (n, m) = (kx.words.len(), ky.words.len());
                let short = n.min(m);
                if x.contains(' ') && y.contains(' ') && kx.form.generation() != ky.form.generation() {
                    continue;
                }
                // A single name joins a full one only below, where it must be unambiguous, or by the office.
                if short == 0 || (n != m && short == 1 && office.is_none()) {
                    continue;
                }
                let score = if short == 1 && n != m { kx.single_score(ky) } else { kx.form.score(&ky.form) };
                let total = score + if office.is_some() { 0.3 } else { 0.0 };
                if score >= needed && best.is_none_or(|b| total > b.0) {
                    best = Some((total, score, x, y));
                }
            }
        }
        let (total, score, x, y) = best?;
        let why = match office {
            Some((office, code)) => {
                format!("`{x}` and `{y}`: same office {office} of {code}, name score {score:.2}")
            }
            None => format!("`{x}` and `{y}`: name score {score:.2}"),
        };
        Some((total, why))
    }

    /// "Goita" to the only "Assimi Goïta" of the story.
    pub(super) fn join_single_names(&mut self) {
        for b in self.persons() {
            if self.names(b).is_empty() || self.known(b).any(|(_, k)| k.words.len() != 1) {
                continue;
            }
            let given = self.bearers_of_given_name(b);
            let mut fits: Vec<(f32, usize)> = Vec::new();
            for a in self.persons() {
                if a == b || !self.may_join(a, b) || !self.row_fits(b, a) {
                    continue;
                }
                // "Mahinda" alone, where two have that given name, or where the bearer goes by his surname.
                if given.contains(&a) && (given.len() > 1 || self.goes_by_surname(a)) {
                    continue;
                }
                let conflict = !self.codes(a).is_empty()
                    && !self.codes(b).is_empty()
                    && self.codes(a).is_disjoint(self.codes(b));
                let full = self.known(a).filter(|(_, k)| k.words.len() > 1);
                let score = full
                    .flat_map(|(_, k)| self.known(b).map(move |(_, single)| single.single_score(k)))
                    .fold(0.0, f32::max);
                if score >= SAME_IN_STORY && !conflict {
                    fits.push((score, a));
                }
            }
            fits.sort_by(|p, q| q.0.total_cmp(&p.0).then(p.1.cmp(&q.1)));
            // Of several bearers those whose state is the same, and of these the one who leads it.
            let close = |fits: &[(f32, usize)]| fits.len() > 1 && fits[0].0 - fits[1].0 <= 0.15;
            if close(&fits) && !self.codes(b).is_empty() {
                let same = |a: usize| !self.codes(a).is_disjoint(self.codes(b));
                fits.retain(|&(_, a)| same(a));
                if close(&fits) && fits.iter().filter(|f| self.leads(f.1)).count() == 1 {
                    fits.retain(|f| self.leads(f.1));
                }
            }
            if !fits.is_empty() && !close(&fits) {
                let (score, a) = fits[0];
                let reason = format!(
                    "`{}`: the only `{}` of the story, name score {score:.2}",
                    self.names(b)[0],
                    self.names(a).last().copied().unwrap_or_default()
                );
                self.merge(a, b, reason);
            }
        }
    }

    /// Those of the story, joinable or not, whose given name all of the single names of `b` are.
    fn bearers_of_given_name(&self, b: usize) -> Vec<usize> {
        let given = |full: &[String]| {
            full.len() > 1
                && self.known(b).all(|(_, n)| n.words[0] == full[0])
                && full.last() != Some(&full[0])
        };
        let bears = |&a: &usize| a != b && self.known(a).any(|(_, k)| given(&k.words));
        self.persons().into_iter().filter(bears).collect()
    }

    /// Whether the texts print the last word of a name of three words and more alone.
    fn goes_by_surname(&self, c: usize) -> bool {
        let long = |(name, k): &(&str, &Known)| k.words.len() > 2 && name.split_whitespace().count() > 2;
        let surnames: Vec<&Known> = self.known(c).filter(long).map(|(_, k)| k).collect();
        let mut alone = self.known(c).map(|(_, k)| k).filter(|k| k.words.len() == 1);
        alone.any(|w| surnames.iter().any(|s| s.last_score(w) >= SAME_WITH_CODE))
    }

    /// Whether the table row of one, where it has one and the other has none, is of a person whose full name the other's can be:
    /// "Rajapaksa" who is the president's brother by the tables is no third brother.
    fn row_fits(&self, a: usize, b: usize) -> bool {
        let row = |c: usize| self.cluster(c).person_id.and_then(|id| self.rows.get(id).copied());
        let agrees = |p: &Person, other: usize| {
            let mut full = self.known(other).filter(|(_, k)| k.words.len() > 1).peekable();
            if full.peek().is_none() {
                return true;
            }
            let names: Vec<Known> =
                std::iter::once(&p.name).chain(&p.aliases).map(|n| Known::of(n)).collect();
            full.any(|(_, n)| {
                names.iter().any(|k| k.words.len() > 1 && k.form.score(&n.form) >= SAME_WITH_CODE)
            })
        };
        match (row(a), row(b)) {
            (Some(p), None) => agrees(p, b),
            (None, Some(p)) => agrees(p, a),
            _ => true,
        }
    }

    /// "the Malian president" to the named holder of that office in the story, when there is one.
    pub(super) fn join_unnamed(&mut self) {
        let mut by_office: BTreeMap<(String, String, String), usize> = BTreeMap::new();
        for b in self.persons() {
            if self.members(b).any(|a| !a.names.is_empty()) {
                continue;
            }
            let Some(said) = self.members(b).flat_map(|a| a.offices.first()).next().cloned() else {
                continue;
            };
            if !telling(&said.office) || said.code.is_empty() {
                continue;
            }
            let holds = |c: &usize| {
                self.members(*c).any(|a| {
                    !a.names.is_empty()
                        && a.offices.iter().any(|o| {
                            o.basis == "text"
                                && o.office == said.office
                                && o.code == said.code
                                && o.qualifier == said.qualifier
                        })
                })
            };
            let mut named = self.persons();
            named.retain(|c| *c != b && holds(c) && self.may_join(*c, b));
            let reason = format!("same office {} of {}", said.office, said.code);
            if let [a] = named[..] {
                self.merge(a, b, reason);
                continue;
            }
            let key = (said.office.clone(), said.code.clone(), said.qualifier.clone());
            match by_office.get(&key).copied().filter(|&a| self.clusters[a].is_some()) {
                Some(a) => self.merge(a, b, reason),
                None => {
                    by_office.insert(key, b);
                }
            }
        }
    }

    /// An office-holder whom one account leaves unnamed ("the commander, killed by X in May") to the one person of that state to
    /// whom other accounts say that the same party did the same in the same month. Inferred, and said so.
    pub(super) fn join_by_fact(&mut self) {
        for b in self.persons() {
            let unnamed = self.members(b).all(|a| a.names.is_empty() && a.table_id.is_none());
            let office = self.members(b).any(|a| a.offices.iter().any(|o| o.basis == "text"));
            if !unnamed || !office {
                continue;
            }
            let facts = self.suffered(b);
            if facts.is_empty() {
                continue;
            }
            let codes = self.codes(b);
            let fits = |c: &usize| {
                *c != b
                    && self.members(*c).any(|a| !a.names.is_empty())
                    && !self.codes(*c).is_disjoint(codes)
                    && self.may_join(*c, b)
            };
            let named: Vec<(usize, Fact)> = self
                .persons()
                .into_iter()
                .filter(fits)
                .filter_map(|c| Some((c, self.suffered(c).intersection(&facts).next()?.clone())))
                .collect();
            if let [(a, (kind, doer, month))] = &named[..] {
                let reason = format!(
                    "inferred, low: the same {kind} by {doer} in {month} as `{}`",
                    self.canonical(*a)
                );
                self.merge(*a, b, reason);
            }
        }
    }

    /// What was done to the members, by whom, in which month; only what is affirmed and dated.
    fn suffered(&self, c: usize) -> BTreeSet<Fact> {
        let mut facts = BTreeSet::new();
        for &(d, a) in self.clusters[c].iter().flat_map(|x| &x.nodes) {
            let doc = &self.docs[d as usize];
            for e in doc.events.iter().filter(|e| tells_what_was_suffered(e)) {
                let harmed = e.recipients.iter().any(|p| p.actor == a);
                let month = e.date.as_ref().and_then(|d| d.range.start).filter(|_| harmed);
                let Some(month) = month.map(|d| format!("{:04}-{:02}", d.year(), d.month())) else {
                    continue;
                };
                for doer in &e.actors {
                    let code = &doc.doc_actors[doer.actor as usize].code;
                    if !code.is_empty() {
                        facts.insert((e.event_type.as_str(), code.clone(), month.clone()));
                    }
                }
            }
        }
        facts
    }

    fn persons(&self) -> Vec<usize> {
        (0..self.clusters.len())
            .filter(|&c| {
                self.clusters[c].as_ref().is_some_and(|x| self.actor(x.nodes[0]).kind == ActorKind::Person)
            })
            .collect()
    }

    /// An office of one state that both hold, by the texts or one table.
    fn shared_office(&self, a: usize, b: usize) -> Option<(&'d str, &'d str)> {
        let offices = |c: usize| self.members(c).flat_map(|m| &m.offices).filter(|o| !o.code.is_empty());
        offices(a)
            .filter(|o| telling(&o.office))
            .find(|o| {
                offices(b).any(|p| {
                    p.office == o.office && p.code == o.code && (o.basis == "text" || p.basis == "text")
                })
            })
            .map(|o| (o.office.as_str(), o.code.as_str()))
    }

    /// Whether the texts or the tables, on the day of a document, give a member an office that leads a state.
    fn leads(&self, c: usize) -> bool {
        let holds = |n: &Node| {
            let day = self.docs[n.0 as usize].annotated.article.published_day().map(|d| d.to_string());
            let on_day = |o: &OfficeHeld| {
                day.as_ref()
                    .is_none_or(|d| (o.start.is_empty() || o.start <= *d) && (o.end.is_empty() || *d < o.end))
            };
            let offices = &self.actor(*n).offices;
            offices.iter().any(|o| {
                crate::cluster::is_leading_office(&o.office)
                    && (o.basis == "text" && o.qualifier.is_empty() || on_day(o))
            })
        };
        self.clusters[c].iter().flat_map(|x| &x.nodes).any(holds)
    }
}

/// Whether an event tells that somebody was harmed: of all events, joining asks these alone.
pub fn tells_what_was_suffered(event: &Event) -> bool {
    event.event_type == EventType::Assault && event.polarity == Polarity::Affirmed
}
