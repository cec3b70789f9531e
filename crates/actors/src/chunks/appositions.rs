//! "X, the prime minister of Y" and "the prime minister of Y, X".

use super::*;

impl<'s, 'a> Builder<'s, 'a> {
    pub(super) fn appositions(&mut self) {
        for i in 1..self.chunks.len() {
            let (before, after) = self.chunks.split_at_mut(i);
            let (a, b) = (&mut before[i - 1], &mut after[0]);
            let titled = b.kind == ChunkKind::Person
                && b.name.is_none()
                && b.office.is_some()
                && a.kind == ChunkKind::Person
                && a.name.is_some();
            if !titled {
                continue;
            }
            let scan = self.scan;
            if scan.doc.sentence_of(a.first) != scan.doc.sentence_of(b.first) {
                continue;
            }
            let between: Vec<u32> = (a.end..b.first).collect();
            let only = |allowed: &[&str]| {
                between.iter().all(|&t| {
                    allowed.contains(&scan.fold[t as usize].as_str())
                        || scan.upos(t) == "DET"
                        || scan.word(t) == ","
                })
            };
            let comma = between.first().is_some_and(|&t| scan.word(t) == ",")
                && only(&["the", "a", "an", "who", "is", "was"]);
            let bracket = between.first().is_some_and(|&t| scan.word(t) == "(");
            let next = b.end;
            let closes = next as usize >= scan.doc.tokens.len()
                || matches!(scan.word(next), "," | "." | ")" | ";" | "—" | "-" | ":" | "and")
                    && !(scan.word(next) == "and" && scan.rel(b.end - 1) == "conj")
                || scan.fold[next as usize] == "who"
                || scan.doc.sentence_of(next) != scan.doc.sentence_of(b.first);
            let apposition = scan.rel(scan.head_of(b.first, b.end)) == "appos";
            let copula = between
                .iter()
                .any(|&t| matches!(scan.fold[t as usize].as_str(), "is" | "was" | "became" | "becomes"))
                && only(&["is", "was", "the", "became", "becomes", "a", "an", "now", "also", "currently"]);
            // "X minister of interior", as translations leave it.
            let behind = between.is_empty() && b.end > b.first + 1 && !b.plural;
            if behind || (comma && (closes || apposition)) || (bracket && closes) || copula {
                let said = b.office.clone();
                if a.office.is_none() {
                    a.code = if b.code.is_empty() { a.code.clone() } else { b.code.clone() };
                    a.sector = b.sector;
                    a.office = said;
                    a.basis =
                        format!("{} (apposition)", if b.basis.is_empty() { "office" } else { &b.basis });
                }
                b.name = a.name;
                b.lemma = "=".to_owned();
                b.same_as = Some(i as u32 - 1);
            }
        }
        for i in 0..self.chunks.len() {
            self.title_with_name_behind(i);
            self.kind_of_person(i);
            self.kind_of_persons(i);
            self.role_before_name(i);
        }
    }

    /// "the leader of North Korea Kim Jong Un": a role that no office has, right before the name; the state may be read into both.
    fn role_before_name(&mut self, i: usize) {
        let Some((role, named)) = self.chunks.get(i).zip(self.chunks.get(i + 1)) else { return };
        let bare = role.kind == ChunkKind::Person && role.name.is_none() && role.office.is_none();
        let Some(name) = named.name.filter(|n| bare && named.kind == ChunkKind::Person && n.0 == role.end)
        else {
            return;
        };
        let (code, lemma) = (role.code.clone(), role.lemma.clone());
        if lemma != "=" && named.office.is_none() {
            let named = &mut self.chunks[i + 1];
            if named.code.is_empty() {
                named.code = code;
            }
            let role = &mut self.chunks[i];
            role.name = Some(name);
            role.role = lemma;
            role.lemma = "=".to_owned();
            role.same_as = Some(i as u32 + 1);
        }
    }

    /// "a policeman, X," and "X, a policeman,": the singular of a group beside a name between commas says what its bearer is.
    fn kind_of_person(&mut self, i: usize) {
        let Some((a, b)) = self.chunks.get(i).zip(self.chunks.get(i + 1)) else { return };
        let (_, high) = self.sentence(a.first);
        let named = |c: &Chunk| c.kind == ChunkKind::Person && c.name.is_some() && c.office.is_none();
        let kind = |c: &Chunk| c.kind == ChunkKind::Group && !c.plural && c.sector.is_some();
        let closes = b.end >= high || matches!(self.scan.word(b.end), "," | "." | ")" | ";");
        let scan = self.scan;
        let gap: Vec<&str> = (a.end..b.first).map(|t| scan.word(t)).collect();
        let (name, group) = match (named(a) && kind(b), kind(a) && named(b)) {
            (true, _) if matches!(gap[..], [","] | [",", "a" | "an" | "the"]) => (i, i + 1),
            (_, true) if matches!(gap[..], [","] | [",", "the"]) => (i + 1, i),
            _ => return self.occupation_before(i, &gap, closes),
        };
        let singular = {
            let last = self.chunks[group].hit.map_or(0, |h| self.scan.hits[h as usize].end - 1);
            &*self.scan.doc.tokens[last as usize].xpos == "NN"
        };
        if closes && singular && self.chunks[name].sector.is_none() {
            self.chunks[name].sector = self.chunks[group].sector;
        }
    }

    /// "A monk, the Venerable X, walked": an occupation without a state, and between commas who has it.
    fn occupation_before(&mut self, i: usize, gap: &[&str], closes: bool) {
        let (a, b) = (&self.chunks[i], &self.chunks[i + 1]);
        let article = a.first.checked_sub(1).is_some_and(|t| matches!(self.folded(t), "a" | "an"));
        let bare = a.kind == ChunkKind::Person && a.name.is_none() && a.office.is_some() && !a.plural;
        let named = b.kind == ChunkKind::Person && b.name.is_some() && b.office.is_none();
        if article && bare && named && closes && matches!(gap, [","] | [",", "the"]) {
            self.give_title(i, i + 1);
        }
    }

    /// "two Malian doctors, X and Y,": the plural of a group before names between commas says what their bearers are.
    fn kind_of_persons(&mut self, i: usize) {
        let group = &self.chunks[i];
        let several = matches!(group.kind, ChunkKind::Group | ChunkKind::Officers) && group.plural;
        let (_, high) = self.sentence(group.first);
        if !several || group.end >= high || self.scan.word(group.end) != "," {
            return;
        }
        let (code, sector) = (group.code.clone(), group.sector);
        let mut end = group.end;
        let mut named = Vec::new();
        for (j, c) in self.chunks.iter().enumerate().skip(i + 1) {
            let bare = c.kind == ChunkKind::Person && c.name.is_some() && c.office.is_none();
            let linked = (end..c.first).all(|t| matches!(self.folded(t), "and" | "") || self.is_rank(t));
            if !bare || c.first >= high || !linked || c.first == end {
                break;
            }
            named.push(j);
            end = c.end;
        }
        let closes = end >= high
            || matches!(self.scan.word(end), "," | "." | ")" | ";" | "—" | "–")
            || words().is("closing_word", self.folded(end));
        if !closes {
            return;
        }
        for j in named {
            let c = &mut self.chunks[j];
            if c.code.is_empty() && !code.is_empty() {
                c.code.clone_from(&code);
                c.basis = "group that the names stand behind".to_owned();
            }
            c.sector = c.sector.or(sector);
        }
    }

    /// "The Prosecutor of the Nation, X, opened": a definite title, the rest of its phrase, and between commas a name.
    pub(super) fn title_with_name_behind(&mut self, i: usize) {
        let scan = self.scan;
        let title = &self.chunks[i];
        let (_, high) = self.sentence(title.first);
        let bare = title.kind == ChunkKind::Person && title.name.is_none() && title.office.is_some();
        if !bare || !(title.definite || !title.code.is_empty() || title.possessor.is_some()) {
            return;
        }
        const LONGEST_REST: u32 = 10;
        if let Some(j) = self.name_behind_body(i) {
            return self.give_title(i, j);
        }
        let comma = (title.end..high.min(title.end + LONGEST_REST)).find(|&t| scan.word(t) == ",");
        let Some(comma) = comma else { return };
        let plain = (title.end..comma).all(|t| {
            matches!(scan.upos(t), "ADP" | "DET" | "NOUN" | "PROPN" | "ADJ" | "X" | "PART" | "CCONJ")
        });
        let linked =
            title.end == comma || matches!(self.folded(title.end), "of" | "for" | "in" | "at" | "to");
        if !plain || !linked {
            return;
        }
        let Some(j) = (i + 1..self.chunks.len()).find(|&j| self.chunks[j].first > comma) else { return };
        let named = &self.chunks[j];
        if named.name.is_none() || named.kind != ChunkKind::Person || named.office.is_some() {
            return;
        }
        let leads = (comma + 1..named.first)
            .all(|t| self.folded(t) == "the" || self.is_rank(t) || scan.word(t) == ".");
        let closes = named.end >= high
            || matches!(scan.word(named.end), "," | "." | ")" | "—" | "–" | "-" | ";")
            || matches!(scan.upos(named.end), "VERB" | "AUX");
        // "To the president, X said": a title that is no part of the same phrase.
        let head = scan.head_of(named.first, named.end);
        let apart = scan.rel(head).starts_with("nsubj")
            && scan.doc.tokens[head as usize]
                .head
                .is_some_and(|v| scan.doc.children(v).any(|k| (title.first..title.end).contains(&k)));
        if !leads || !closes || apart {
            return;
        }
        self.give_title(i, j);
    }

    /// "the commander of the Quds Force with the Revolutionary Guards X": the body between title and name.
    pub(super) fn name_behind_body(&self, i: usize) -> Option<usize> {
        let (title, named) = (&self.chunks[i], self.chunks.get(i + 1)?);
        let name = named.name.filter(|_| named.kind == ChunkKind::Person && named.office.is_none())?;
        let (_, high) = self.sentence(title.first);
        let between: Vec<&str> = (title.end..named.first).map(|t| self.folded(t)).collect();
        let led = matches!(between[..], ["with" | "of" | "in", "the"] | ["with" | "of" | "in"]);
        (led && named.first < name.0 && named.first < high).then_some(i + 1)
    }

    pub(super) fn give_title(&mut self, i: usize, j: usize) {
        let title = &self.chunks[i];
        let (said, code, sector, basis) =
            (title.office.clone(), title.code.clone(), title.sector, title.basis.clone());
        let named = &mut self.chunks[j];
        let name = named.name;
        named.office = said;
        named.sector = sector.or(named.sector);
        if !code.is_empty() {
            named.code = code;
        }
        named.basis = format!("{} (apposition)", if basis.is_empty() { "office" } else { &basis });
        let title = &mut self.chunks[i];
        title.name = name;
        title.lemma = "=".to_owned();
        title.same_as = Some(j as u32);
    }
}
