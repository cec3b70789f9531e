//! States and organisations.

use super::*;

impl<'s, 'a> Clusters<'s, 'a> {
    pub fn country(&mut self, code: &str) -> u32 {
        let key = format!("country:{code}");
        if let Some(&e) = self.by_key.get(&key) {
            return e;
        }
        let name = self.scan.tables.country(code).map_or(code, |c| c.name.as_str()).to_owned();
        let mut ent = Ent::new(ActorKind::Country, &name);
        ent.actor.code = code.to_owned();
        ent.actor.sector = Some(Sector::Government);
        ent.actor.table_id = Some(key.clone());
        ent.actor.basis = "table: countries.tsv".to_owned();
        self.ents.push(ent);
        let e = self.ents.len() as u32 - 1;
        self.by_key.insert(key, e);
        e
    }

    pub(super) fn countries(&mut self) {
        for i in 0..self.chunks.len() {
            let chunk = &self.chunks[i];
            if chunk.kind != ChunkKind::Country {
                continue;
            }
            let printed = self.text((chunk.first, chunk.end));
            let metonym = chunk.hit.is_some_and(|h| {
                matches!(self.scan.hits[h as usize].what, What::Country(_, CountryForm::Metonym(_)))
            });
            if metonym && self.contradicted(chunk) {
                let mut ent = Ent::new(ActorKind::Organisation, printed);
                ent.actor.names.push(printed.to_owned());
                ent.actor.sector = chunk.sector;
                ent.actor.basis = format!(
                    "institution of {} not otherwise in the document: probably mistranslated",
                    chunk.code
                );
                let basis = ent.actor.basis.clone();
                self.ents.push(ent);
                self.link(i, self.ents.len() as u32 - 1, 0.3, basis);
                continue;
            }
            if metonym && chunk.sector != Some(Sector::Government) {
                let key = format!("seat:{}:{}", chunk.code, fold(printed));
                let e = match self.by_key.get(&key) {
                    Some(&e) => e,
                    None => {
                        let mut ent = Ent::new(ActorKind::Organisation, printed);
                        ent.actor.names.push(printed.to_owned());
                        ent.actor.code = chunk.code.clone();
                        ent.actor.sector = chunk.sector;
                        ent.actor.basis = chunk.basis.clone();
                        self.ents.push(ent);
                        self.by_key.insert(key, self.ents.len() as u32 - 1);
                        self.ents.len() as u32 - 1
                    }
                };
                self.link(i, e, 0.9, chunk.basis.clone());
                continue;
            }
            if let Some(both) = self.two_states(chunk) {
                let ents = both.iter().map(|code| self.country(code)).collect();
                self.links[i] = Link { ents, score: 0.9, basis: "both states of the name".to_owned() };
                continue;
            }
            let e = self.country(&chunk.code.clone());
            let names = &mut self.ents[e as usize].actor.names;
            if !names.iter().any(|n| n == printed) {
                names.push(printed.to_owned());
            }
            let score = if chunk.basis.starts_with("capital") { 0.8 } else { 0.95 };
            self.link(i, e, score, chunk.basis.clone());
        }
    }

    /// "the Koreas": a plural name that two rows bear.
    pub(super) fn two_states(&self, chunk: &Chunk) -> Option<[String; 2]> {
        let What::Country(rows, CountryForm::Name) = &self.scan.hits[chunk.hit? as usize].what else {
            return None;
        };
        let plural = self.scan.fold[chunk.end as usize - 1].ends_with('s');
        match rows[..] {
            [a, b] if plural => Some([self.scan.code_of(a).to_owned(), self.scan.code_of(b).to_owned()]),
            _ => None,
        }
    }

    /// An institution named by its foreign proper name, cited as a source, of a state that the document names nowhere else.
    pub(super) fn contradicted(&self, chunk: &Chunk) -> bool {
        let row = self.scan.tables.country_of.get(&chunk.code).copied();
        let elsewhere = self.scan.hits.iter().any(|h| matches!(&h.what, What::Country(rows, form) if Some(rows[0]) == row && !matches!(form, CountryForm::Metonym(_))));
        let others = self
            .scan
            .country_count
            .iter()
            .filter(|(r, _)| Some(**r) != row)
            .map(|(_, n)| *n)
            .max()
            .unwrap_or(0);
        let holder =
            self.ents.iter().any(|e| e.actor.kind == ActorKind::Person && e.actor.code == chunk.code);
        let before = |k: u32| chunk.first.checked_sub(k).map_or("", |t| self.scan.fold[t as usize].as_str());
        let cited = (before(1) == "to" && before(2) == "according")
            || (before(1) == "the" && before(2) == "to" && before(3) == "according");
        !elsewhere
            && !holder
            && others >= 3
            && (cited || self.scan.doc.article.has_flag(FlagKind::MachineTranslated))
    }

    pub(super) fn organisations(&mut self) {
        let scan = self.scan;
        for i in 0..self.chunks.len() {
            let chunk = &self.chunks[i];
            if chunk.kind != ChunkKind::Organisation {
                continue;
            }
            let printed = self.text((chunk.first, chunk.end));
            let table = chunk.hit.and_then(|h| match &scan.hits[h as usize].what {
                What::Organisation(rows) => Some(&scan.tables.organisations[rows[0] as usize]),
                _ => None,
            });
            let row = chunk.hit.and_then(|h| match &scan.hits[h as usize].what {
                What::Organisation(rows) => Some(rows[0]),
                _ => None,
            });
            if let Some(e) = self.body_before_bracket(i) {
                let names = &mut self.ents[e as usize].actor.names;
                if !names.iter().any(|n| n == printed) {
                    names.push(printed.to_owned());
                }
                if row.is_none() {
                    self.by_key.entry(format!("name:{}", fold(printed))).or_insert(e);
                }
                self.link(i, e, 0.95, "short name in brackets");
                continue;
            }
            let e = match self.body_called(i, row) {
                Some(e) => e,
                None => self.organisation(row, printed, Some(chunk)),
            };
            self.kind_before_bracket(i, e);
            let basis = table.map_or("name".to_owned(), |o| format!("table: organisations.tsv {}", o.id));
            self.link(i, e, 0.95, basis);
        }
    }

    /// "the General Confederation of Workers (CGTP)": the body whose short name stands in brackets behind it, whatever the
    /// language that the letters come from.
    fn body_before_bracket(&self, i: usize) -> Option<u32> {
        let (before, short) = (self.chunks.get(i.checked_sub(1)?)?, &self.chunks[i]);
        let scan = self.scan;
        let capitals = self.text((short.first, short.end)).chars().filter(|c| c.is_uppercase()).count();
        let bracketed = short.first == before.end + 1
            && scan.word(before.end) == "("
            && scan.doc.tokens.len() > short.end as usize
            && scan.word(short.end) == ")";
        let body = bracketed && before.kind == ChunkKind::Organisation && before.end > before.first + 1;
        (body && capitals >= 2).then(|| self.links[i - 1].ents.first().copied()).flatten()
    }

    /// "the General Confederation of Workers (CGTP)" where the long name is read as a group: it says what kind of body it is.
    fn kind_before_bracket(&mut self, i: usize, e: u32) {
        let Some(before) = i.checked_sub(1).map(|k| &self.chunks[k]) else { return };
        let (chunk, scan) = (&self.chunks[i], self.scan);
        let bracketed = before.kind == ChunkKind::Group
            && chunk.first == before.end + 1
            && scan.word(before.end) == "("
            && scan.cap[before.end as usize - 1];
        let actor = &self.ents[e as usize].actor;
        if !bracketed || actor.table_id.is_some() || actor.sector.is_some() || before.sector.is_none() {
            return;
        }
        let (sector, told) = (before.sector, before.code.clone());
        let home = self.dominant().unwrap_or_default().to_owned();
        let actor = &mut self.ents[e as usize].actor;
        actor.sector = sector;
        if actor.code.is_empty() {
            actor.code = if told.is_empty() { home } else { told };
            actor.basis = "kind of body before the brackets; state named most in the document".to_owned();
        }
    }

    /// "the Fund" behind "the International Monetary Fund": a body named before whose name ends so, where no table has the word.
    fn body_called(&self, i: usize, row: Option<u32>) -> Option<u32> {
        let chunk = &self.chunks[i];
        let scan = self.scan;
        let article = chunk.first > 0 && scan.fold[chunk.first as usize - 1] == "the";
        if row.is_some() || chunk.end != chunk.first + 1 || !article {
            return None;
        }
        self.shortened(&scan.fold[chunk.first as usize])
    }

    /// The body of a table row, or of a printed name that no table knows; made when the document has not named it yet.
    pub fn organisation(&mut self, row: Option<u32>, printed: &str, chunk: Option<&Chunk>) -> u32 {
        let table = row.map(|r| &self.scan.tables.organisations[r as usize]);
        let folded = fold(printed.strip_prefix("the ").or(printed.strip_prefix("The ")).unwrap_or(printed));
        let key = table.map_or_else(|| format!("name:{folded}"), |o| format!("org:{}", o.id));
        let known = self.by_key.get(&key).copied();
        let known = known.or_else(|| if table.is_none() { self.acronym(printed) } else { None });
        let e = match known {
            Some(e) => e,
            None => {
                let mut ent = Ent::new(ActorKind::Organisation, table.map_or(printed, |o| o.name.as_str()));
                ent.actor.table_id = table.map(|o| format!("org:{}", o.id));
                ent.actor.basis = "name".to_owned();
                if let Some(o) = table {
                    ent.actor.code = o.code.clone();
                    ent.actor.sector = o.sector;
                    ent.actor.basis = format!("table: organisations.tsv {}", o.id);
                }
                if let Some(chunk) = chunk {
                    ent.actor.code = chunk.code.clone();
                    ent.actor.sector = chunk.sector;
                    ent.actor.excluded = chunk.excluded.to_owned();
                    if !chunk.basis.is_empty() {
                        ent.actor.basis = chunk.basis.clone();
                    }
                }
                if table.is_none()
                    && let Some(found) = self.base_body(printed)
                {
                    ent.actor.table_id = Some(format!("base:{}", found.id));
                    ent.actor.wikidata_id = super::base::item_id(&found.id);
                    ent.actor.basis = format!("base: {}", found.id);
                    ent.actor.sector = found.sector.or(ent.actor.sector);
                    if !found.code.is_empty() {
                        ent.actor.code = found.code;
                    }
                }
                if ent.actor.code.is_empty()
                    && table.is_none()
                    && ent.actor.sector.is_some()
                    && let Some(code) = self.dominant()
                {
                    ent.actor.code = code.to_owned();
                    ent.actor.basis = "kind of body in its name; state named most in the document".to_owned();
                }
                self.ents.push(ent);
                self.by_key.insert(key, self.ents.len() as u32 - 1);
                self.ents.len() as u32 - 1
            }
        };
        let names = &mut self.ents[e as usize].actor.names;
        if !names.iter().any(|n| n == printed) {
            names.push(printed.to_owned());
        }
        e
    }

    /// "Fund" behind "the International Monetary Fund": the one body so far whose name ends in the word.
    pub fn shortened(&self, folded: &str) -> Option<u32> {
        let ends = |n: &String| fold(n).rsplit_once(' ').is_some_and(|(_, last)| last == folded);
        let mut found = self.ents.iter().enumerate().filter(|(_, e)| {
            e.actor.kind == ActorKind::Organisation && (ends(&e.actor.name) || e.actor.names.iter().any(ends))
        });
        let (e, _) = found.next()?;
        found.next().is_none().then_some(e as u32)
    }

    /// An organisation of this document whose initials are the word, or the other way round.
    pub(super) fn acronym(&self, printed: &str) -> Option<u32> {
        let initials = |name: &str| {
            name.split(|c: char| c.is_whitespace() || c == '-')
                .filter_map(|w| w.chars().next())
                .filter(|c| c.is_uppercase())
                .collect::<String>()
        };
        let plain: String = printed.chars().filter(|c| c.is_alphanumeric()).collect();
        let upper = plain.chars().count() >= 3 && plain.chars().all(|c| c.is_uppercase());
        self.ents
            .iter()
            .position(|e| {
                e.actor.kind == ActorKind::Organisation
                    && e.actor.names.iter().any(|n| {
                        if upper {
                            n.contains(' ') && initials(n) == plain
                        } else {
                            !n.contains(' ') && n.len() >= 3 && *n == initials(printed)
                        }
                    })
            })
            .map(|e| e as u32)
    }
}
