//! Persons of one story: full names, surnames, offices without a name, what was done to whom.

use super::*;

impl<'d> Joiner<'d> {
    /// Full names of one story, best pair first.
    pub(super) fn join_persons(&mut self, first: usize) {
        let persons = self.persons(first);
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
            let (a, b) = (self.root(a, first), self.root(b, first));
            if let (Some(a), Some(b)) = (a, b)
                && a != b
                && self.may_join(a, b)
            {
                self.merge(a, b, why);
            }
        }
    }

    /// A merged cluster is gone; pairs that name it are skipped (its survivor has pairs of its own).
    pub(super) fn root(&self, c: usize, _first: usize) -> Option<usize> {
        self.clusters[c].as_ref().map(|_| c)
    }

    pub(super) fn likeness(&self, a: usize, b: usize) -> Option<(f32, String)> {
        let office = self.shared_office(a, b);
        let (ca, cb) = (self.codes(a), self.codes(b));
        let conflict = !ca.is_empty() && !cb.is_empty() && ca.is_disjoint(&cb);
        let needed = if office.is_some() {
            SAME_WITH_OFFICE
        } else if conflict {
            SAME_DESPITE_CODE
        } else if !ca.is_disjoint(&cb) {
            SAME_WITH_CODE
        } else {
            SAME_IN_STORY
        };
        let mut best: Option<(f32, String)> = None;
        for x in self.names(a) {
            for y in self.names(b) {
                let (wx, wy) = (name_words(x), name_words(y));
                let short = wx.len().min(wy.len());
                if x.contains(' ') && y.contains(' ') && other_generation(x, y) {
                    continue;
                }
                // A single name joins a full one only below, where it must be unambiguous, or by the office.
                if short == 0 || (wx.len() != wy.len() && short == 1 && office.is_none()) {
                    continue;
                }
                let score = if short == 1 && wx.len() != wy.len() {
                    single_score(&wx, &wy)
                } else {
                    match_names(x, y).score
                };
                let total = score + if office.is_some() { 0.3 } else { 0.0 };
                if score >= needed && best.as_ref().is_none_or(|b| total > b.0) {
                    let why = match office {
                        Some((office, code)) => {
                            format!("`{x}` and `{y}`: same office {office} of {code}, name score {score:.2}")
                        }
                        None => format!("`{x}` and `{y}`: name score {score:.2}"),
                    };
                    best = Some((total, why));
                }
            }
        }
        best
    }

    /// "Goita" to the only "Assimi Goïta" of the story.
    pub(super) fn join_single_names(&mut self, first: usize) {
        for b in self.persons(first) {
            let names: Vec<Vec<String>> = self.names(b).into_iter().map(name_words).collect();
            if names.is_empty() || names.iter().any(|w| w.len() != 1) {
                continue;
            }
            let given = self.bearers_of_given_name(first, b, &names);
            let mut fits: Vec<(f32, usize)> = Vec::new();
            for a in self.persons(first) {
                if a == b || !self.may_join(a, b) || !self.row_fits(b, a) {
                    continue;
                }
                // "Mahinda" alone, where two have that given name, or where the bearer goes by his surname.
                if given.contains(&a) && (given.len() > 1 || self.goes_by_surname(a)) {
                    continue;
                }
                let conflict = !self.codes(a).is_empty()
                    && !self.codes(b).is_empty()
                    && self.codes(a).is_disjoint(&self.codes(b));
                let score = self
                    .names(a)
                    .into_iter()
                    .map(name_words)
                    .filter(|w| w.len() > 1)
                    .flat_map(|w| names.iter().map(move |s| single_score(s, &w)))
                    .fold(0.0, f32::max);
                if score >= SAME_IN_STORY && !conflict {
                    fits.push((score, a));
                }
            }
            fits.sort_by(|p, q| q.0.total_cmp(&p.0).then(p.1.cmp(&q.1)));
            // Of several bearers those whose state is the same, and of these the one who leads it.
            let close = |fits: &[(f32, usize)]| fits.len() > 1 && fits[0].0 - fits[1].0 <= 0.15;
            if close(&fits) && !self.codes(b).is_empty() {
                let same = |a: usize| !self.codes(a).is_disjoint(&self.codes(b));
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
    fn bearers_of_given_name(&self, first: usize, b: usize, names: &[Vec<String>]) -> Vec<usize> {
        let given = |full: &[String]| {
            full.len() > 1 && names.iter().all(|n| n[0] == full[0]) && full.last() != Some(&full[0])
        };
        let bears = |&a: &usize| a != b && self.names(a).into_iter().any(|x| given(&name_words(x)));
        self.persons(first).into_iter().filter(bears).collect()
    }

    /// Whether the texts print the last word of a name of three words and more alone.
    fn goes_by_surname(&self, c: usize) -> bool {
        let names = self.names(c);
        let last = |n: &&str| {
            let words = name_words(n);
            (words.len() > 2 && n.split_whitespace().count() > 2).then(|| words.last().cloned()).flatten()
        };
        let surnames: Vec<String> = names.iter().filter_map(last).collect();
        let alone = names.iter().map(|n| name_words(n)).filter(|w| w.len() == 1);
        alone.into_iter().any(|w| surnames.iter().any(|s| match_names(s, &w[0]).score >= SAME_WITH_CODE))
    }

    /// Whether the table row of one, where it has one and the other has none, is of a person whose full name the other's can be:
    /// "Rajapaksa" who is the president's brother by the tables is no third brother.
    fn row_fits(&self, a: usize, b: usize) -> bool {
        let row = |c: usize| {
            let id = self.members(c).find_map(|m| m.table_id.as_deref()?.strip_prefix("person:"))?;
            self.tables.persons.iter().find(|p| p.id == id)
        };
        let agrees = |p: &crate::tables::Person, other: usize| {
            let mut full = self.names(other).into_iter().filter(|n| name_words(n).len() > 1).peekable();
            full.peek().is_none()
                || full.any(|n| {
                    let known = std::iter::once(&p.name).chain(&p.aliases);
                    known
                        .into_iter()
                        .any(|k| name_words(k).len() > 1 && match_names(k, n).score >= SAME_WITH_CODE)
                })
        };
        match (row(a), row(b)) {
            (Some(p), None) => agrees(p, b),
            (None, Some(p)) => agrees(p, a),
            _ => true,
        }
    }

    /// "the Malian president" to the named holder of that office in the story, when there is one.
    pub(super) fn join_unnamed(&mut self, first: usize) {
        let mut by_office: BTreeMap<(String, String, String), usize> = BTreeMap::new();
        for b in self.persons(first) {
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
            let named: Vec<usize> = self
                .persons(first)
                .into_iter()
                .filter(|c| *c != b && holds(c) && self.may_join(*c, b))
                .collect();
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
    pub(super) fn join_by_fact(&mut self, first: usize) {
        for b in self.persons(first) {
            let unnamed = self.members(b).all(|a| a.names.is_empty() && a.table_id.is_none());
            let office = self.members(b).any(|a| a.offices.iter().any(|o| o.basis == "text"));
            if !unnamed || !office {
                continue;
            }
            let (facts, codes) = (self.suffered(b), self.codes(b));
            let fits = |c: &usize| {
                *c != b
                    && self.members(*c).any(|a| !a.names.is_empty())
                    && !self.codes(*c).is_disjoint(&codes)
                    && self.may_join(*c, b)
            };
            let named: Vec<(usize, Fact)> = self
                .persons(first)
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
    pub(super) fn suffered(&self, c: usize) -> BTreeSet<Fact> {
        let mut facts = BTreeSet::new();
        for &(d, a) in self.clusters[c].iter().flat_map(|x| &x.nodes) {
            let doc = &self.docs[d as usize];
            for e in &doc.events {
                let harmed = e.event_type == EventType::Assault
                    && e.polarity == Polarity::Affirmed
                    && e.recipients.iter().any(|p| p.actor == a);
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

    pub(super) fn persons(&self, first: usize) -> Vec<usize> {
        (first..self.clusters.len())
            .filter(|&c| {
                self.clusters[c].as_ref().is_some_and(|x| self.actor(x.nodes[0]).kind == ActorKind::Person)
            })
            .collect()
    }

    /// An office of one state that both hold, by the texts or one table.
    pub(super) fn shared_office(&self, a: usize, b: usize) -> Option<(&'d str, &'d str)> {
        let offices = |c: usize| {
            self.members(c)
                .flat_map(|m| m.offices.iter())
                .filter(|o| !o.code.is_empty())
                .collect::<Vec<&OfficeHeld>>()
        };
        let of_b = offices(b);
        offices(a)
            .into_iter()
            .filter(|o| telling(&o.office))
            .find(|o| {
                of_b.iter().any(|p| {
                    p.office == o.office && p.code == o.code && (o.basis == "text" || p.basis == "text")
                })
            })
            .map(|o| (o.office.as_str(), o.code.as_str()))
    }

    /// Whether the texts or the tables, on the day of a document, give a member an office that leads a state.
    pub(super) fn leads(&self, c: usize) -> bool {
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
