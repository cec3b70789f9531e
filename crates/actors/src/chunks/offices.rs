//! Offices with and without the name of who holds them.

use super::*;

impl<'s, 'a> Builder<'s, 'a> {
    pub(super) fn office_chunks(&mut self) {
        let scan = self.scan;
        for (i, h) in scan.hits.iter().enumerate() {
            let What::Office(office, plural) = &h.what else { continue };
            if (h.first..h.end).any(|t| self.owner[t as usize])
                || (self.inside_name(h.first) && self.inside_name(h.end - 1))
            {
                continue;
            }
            self.office_chunk(i as u32, h, office, *plural);
        }
    }

    pub(super) fn office_chunk(&mut self, number: u32, h: &Hit, office: &Office, plural: bool) {
        let scan = self.scan;
        let (_, high) = self.sentence(h.first);
        let left = self.left_of(h.first);
        let mut said = OfficeSaid {
            office: office.office.clone(),
            sector: office.sector,
            code: left.code.clone(),
            weak_code: String::new(),
            qualifier: left.qualifier.clone(),
            first: left.first,
            end: h.end,
            scope: office.scope,
            of_person: left.possessor_name,
        };
        let mut basis = left.basis.clone();
        let mut end = h.end;
        self.portfolio(h, &mut said, &mut end);
        if end < high
            && self.is_hyphen(end)
            && end + 1 < high
            && matches!(self.folded(end + 1), "elect" | "designate")
        {
            said.qualifier = self.folded(end + 1).to_owned();
            end += 2;
        }
        let office_end = end;
        let abroad = matches!(
            said.office.as_str(),
            "ambassador" | "envoy" | "special-representative" | "permanent-representative"
        );
        let prepositions: &[&str] = if abroad { &["of", "from"] } else { &["of", "for", "from", "at", "in"] };
        if let Some((code, sector, stop, why)) = self.right_of(end, prepositions) {
            let locative = matches!(self.folded(end), "in" | "at" | "from");
            if said.code.is_empty()
                || matches!(said.office.as_str(), "head-of-agency" | "commander" | "spokesperson")
            {
                if !locative || said.code.is_empty() {
                    said.code = code;
                    basis = why;
                }
                if office.scope == Scope::Organisation && sector.is_some() && !locative {
                    said.sector = sector;
                }
            }
            if !locative {
                end = stop;
            }
        } else if let Some(stop) = self.body_before_name(end, high) {
            end = stop;
        } else if let Some(h) = scan.hit_at(end).filter(|h| h.first == end && said.code.is_empty()) {
            // Machine translation puts the adjective behind: "the president eritrean", "the Shura Council Iranian X".
            if let What::Country(rows, CountryForm::Demonym) = &h.what {
                said.code = scan.code_of(rows[0]).to_owned();
                basis = "country in text, behind the office".to_owned();
                end = h.end;
            }
        }
        // "commander of the Revolutionary Guard" + "Corps": the rest of a name that the wording cuts.
        while end < high
            && end > h.first + 1
            && scan.cap[end as usize]
            && scan.cap[end as usize - 1]
            && scan.hit_at(end).is_some_and(|x| matches!(x.what, What::Collective(..)))
            && !self.inside_name(end)
        {
            end = scan.hit_at(end).map_or(end + 1, |x| x.end);
        }
        if said.code.is_empty()
            && let Some((code, sector)) = self.named_inside(h)
        {
            said.code = code;
            said.sector =
                if said.scope == Scope::Organisation { sector.or(said.sector) } else { said.sector };
            basis = "country or organisation in the title".to_owned();
        }
        self.leader_of_body(h, office_end, &mut said);
        if said.code.is_empty() && said.of_person.is_none() {
            said.of_person = self.person_served(end, high, &said);
        }
        said.weak_code = if h.end > h.first + 1 { office.code.clone() } else { String::new() };
        said.end = end;
        let mut name_from = end;
        let mut ranks = Vec::new();
        if name_from < high
            && scan.word(name_from) == ","
            && !self.belongs_to_outer(left.first)
            && self.title_then_name(name_from + 1, high, &left)
        {
            name_from += 1;
            if self.folded(name_from) == "the" {
                name_from += 1;
            }
        }
        while let Some(next) = self.past_rank(name_from, high) {
            ranks.push(self.folded(name_from).to_owned());
            name_from = next;
        }
        // "the leader of North Korea Kim Jong Un": the reader takes the state into the name.
        let cut = |n: &&(u32, u32)| n.0 > h.first && n.0 < name_from && name_from < n.1 && name_from == end;
        let rest = self.names.iter().find(cut).map(|n| (name_from, n.1));
        let name = self.name_at(name_from).or(rest).filter(|_| !plural || name_from == end);
        // "King X of the Belgians": the state stands behind the name.
        if said.code.is_empty()
            && office.scope == Scope::Country
            && let Some((code, _, _, why)) = name.and_then(|n| self.right_of(n.1, &["of"]))
        {
            said.code = code;
            basis = why;
        }
        let first = left.first;
        let stop = name.map_or(end, |n| n.1);
        let kind = if plural && name.is_none() { ChunkKind::Officers } else { ChunkKind::Person };
        let mut c = Chunk::new(first, stop, kind);
        if scan.cap[h.first as usize]
            && matches!(said.office.as_str(), "military-officer" | "religious-leader" | "royal" | "monarch")
        {
            ranks.push(self.folded(h.end - 1).to_owned());
        }
        c.name = name;
        c.code = said.code.clone();
        c.sector = said.sector;
        c.hit = Some(number);
        c.lemma = crate::fold::fold(scan.text(h.first, h.end));
        c.plural = plural;
        c.possessor = left.possessor;
        c.definite = left.definite;
        c.basis = basis;
        c.ranks = ranks;
        if matches!(said.office.as_str(), "journalist") {
            c.excluded = if name.is_some() { "reporter" } else { "" };
        }
        c.office = Some(said);
        self.push(c);
    }

    /// "spokesman of the foreign ministry X": where a body without a name ends that stands between an office and a name.
    fn body_before_name(&self, end: u32, high: u32) -> Option<u32> {
        if end + 1 >= high || !matches!(self.folded(end), "of" | "for") {
            return None;
        }
        let from = if self.folded(end + 1) == "the" { end + 2 } else { end + 1 };
        let body = self.scan.hit_at(from.min(high - 1)).filter(|h| h.first == from && h.end < high)?;
        let What::Collective(c, false) = &body.what else { return None };
        (c.kind == CollectiveKind::Institution && self.name_at(body.end).is_some()).then_some(body.end)
    }

    /// "the foreign policy adviser of President X", "a spokesman for X": the name of the one who is served.
    fn person_served(&self, end: u32, high: u32, said: &OfficeSaid) -> Option<(u32, u32)> {
        const LONGEST_TITLE: u32 = 5;
        let serves = said.scope == Scope::Person
            || matches!(
                said.office.as_str(),
                "adviser" | "spokesperson" | "lawyer" | "special-representative"
            );
        if !serves || end + 1 >= high || !matches!(self.folded(end), "of" | "for" | "to") {
            return None;
        }
        let from = end + 1;
        let t = (from..high.min(from + LONGEST_TITLE)).find(|&t| self.name_at(t).is_some())?;
        let title = |t: u32| {
            self.folded(t) == "the"
                || self.is_rank(t)
                || self.scan.word(t) == "."
                || self.scan.hit_at(t).is_some_and(|h| matches!(h.what, What::Office(..)))
        };
        (from..t).all(title).then(|| self.name_at(t)).flatten()
    }

    /// A country or organisation inside the wording itself: "United Nations Secretary-General", "Quds Force commander".
    pub(super) fn named_inside(&self, h: &Hit) -> Option<(String, Option<Sector>)> {
        let scan = self.scan;
        for len in (1..h.end - h.first).rev() {
            for first in h.first..=h.end - len {
                if !scan.cap[first as usize] {
                    continue;
                }
                // "Labour Minister" is of no party, a "Confederation of Workers" not the party of that name.
                let common = scan.tables.portfolios.contains_key(self.folded(first))
                    || first + 1 < h.end && self.folded(first + 1) == "of";
                if len == 1 && common {
                    continue;
                }
                let printed = scan.text(first, first + len);
                let capitals = printed.chars().all(|c| !c.is_alphabetic() || c.is_uppercase());
                for row in scan.tables.look_up(&crate::fold::fold(printed), capitals) {
                    match row {
                        crate::tables::Row::Country(row, _) => {
                            return Some((scan.code_of(row).to_owned(), None));
                        }
                        crate::tables::Row::Organisation(row) => {
                            let o = &scan.tables.organisations[row as usize];
                            if o.kind == "media" {
                                continue;
                            }
                            return Some((o.code.clone(), o.sector));
                        }
                        _ => {}
                    }
                }
            }
        }
        None
    }

    /// "minister of foreign affairs", "minister for oil": the portfolio says which.
    pub(super) fn portfolio(&self, h: &Hit, said: &mut OfficeSaid, end: &mut u32) {
        if !matches!(said.office.as_str(), "minister" | "deputy-minister") {
            return;
        }
        let (low, high) = self.sentence(h.first);
        if *end + 1 < high && matches!(self.folded(*end), "of" | "for") {
            let from = if self.folded(*end + 1) == "the" { *end + 2 } else { *end + 1 };
            for len in (1..=3).rev() {
                if from + len <= high {
                    let key = crate::fold::fold(self.scan.text(from, from + len));
                    if let Some(office) = self.scan.tables.portfolios.get(&key) {
                        said.office = office.clone();
                        *end = from + len;
                        return;
                    }
                }
            }
        }
        if h.first > low
            && let Some(office) = self.scan.tables.portfolios.get(self.folded(h.first - 1))
        {
            said.office = office.clone();
        }
    }

    /// "Kenya's President, Otieno, also": a name between commas after a definite title.
    pub(super) fn title_then_name(&self, from: u32, high: u32, left: &Left) -> bool {
        let mut t = from;
        if t < high && self.folded(t) == "the" {
            t += 1;
        }
        while let Some(next) = self.past_rank(t, high) {
            t = next;
        }
        let named = !left.code.is_empty() || left.definite || left.possessor_name.is_some();
        self.name_at(t).is_some_and(|n| {
            named && (n.1 >= high || matches!(self.scan.word(n.1), "," | "." | ")" | "-" | "–" | "—"))
        })
    }

    /// The token behind a rank ("Lt.", "Colonel-Major") that stands at `t` and is no part of a name.
    pub(super) fn past_rank(&self, t: u32, high: u32) -> Option<u32> {
        if t >= high || !self.is_rank(t) || self.name_at(t).is_some() {
            return None;
        }
        let mut next = t + 1;
        while next < high && self.scan.word(next) == "." {
            next += 1;
        }
        if next + 1 < high && self.is_hyphen(next) && self.is_rank(next + 1) {
            next += 2;
        }
        Some(next)
    }

    /// "the director of the office of the prime minister, X": the name behind the comma is the director's.
    pub(super) fn belongs_to_outer(&self, first: u32) -> bool {
        let (low, _) = self.sentence(first);
        let mut t = first;
        let mut seen_of = false;
        while t > low && first - t < 7 {
            t -= 1;
            match self.folded(t) {
                "of" | "to" => seen_of = true,
                "the" | "office" | "cabinet" | "a" => {}
                _ => {
                    let office = self
                        .scan
                        .hit_at(t)
                        .is_some_and(|h| matches!(h.what, What::Office(_, false)) && h.end == t + 1);
                    return seen_of && office;
                }
            }
        }
        false
    }
}
