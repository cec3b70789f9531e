//! Names without an office beside them, and collectives.

use super::*;
use crate::group_noun::group_noun;

impl<'s, 'a> Builder<'s, 'a> {
    pub(super) fn bare_names(&mut self) {
        let scan = self.scan;
        for (first, end) in self.names.clone() {
            if (first..end).any(|t| self.owner[t as usize]) {
                continue;
            }
            let (low, _) = self.sentence(first);
            if let Some(sector) = self.kind_of_body(first, end, low) {
                let mut c = Chunk::new(first, end, ChunkKind::Organisation);
                (c.name, c.sector) = (Some((first, end)), Some(sector));
                self.push(c);
                continue;
            }
            let mut start = first;
            let mut c = Chunk::new(first, end, ChunkKind::Person);
            while start > low
                && !self.owner[start as usize - 1]
                && (self.is_rank(start - 1)
                    || (scan.word(start - 1) == "." && start > low + 1 && self.is_rank(start - 2)))
                && scan.upos(start - 1) != "VERB"
            {
                start -= 1;
                if scan.fold[start as usize].len() > 1 {
                    c.ranks.push(self.folded(start).to_owned());
                }
            }
            // "French military strategist Paul Roy": an adjective of a country before a common noun before the name.
            let left = self.left_of(start);
            if !left.code.is_empty() && left.possessor_name.is_none() {
                c.code = left.code;
                c.basis = left.basis;
                start = left.first;
            }
            if c.code.is_empty()
                && let Some((code, sector, basis)) = self.affiliation(end)
            {
                (c.code, c.sector, c.basis) = (code, sector, basis);
            }
            c.first = start;
            c.name = Some((first, end));
            self.push(c);
        }
    }

    /// "the teachers' association Asoprof": one word that the reader takes for a person, behind the kind of body that it is.
    fn kind_of_body(&self, first: u32, end: u32, low: u32) -> Option<Sector> {
        if end != first + 1 || first == low || !self.scan.cap[first as usize] {
            return None;
        }
        let before = self.scan.hit_at(first - 1).filter(|h| h.end == first)?;
        let What::Collective(c, false) = &before.what else { return None };
        c.sector.filter(|s| {
            c.kind == CollectiveKind::Institution
                && matches!(
                    s,
                    Sector::Labour
                        | Sector::Business
                        | Sector::Education
                        | Sector::CivilSociety
                        | Sector::Agriculture
                )
        })
    }

    /// "X of the construction union Y", "X of the JVP": the body that stands behind a name says what its bearer is.
    fn affiliation(&self, end: u32) -> Option<(String, Option<Sector>, String)> {
        const LONGEST_TOKENS: u32 = 7;
        let scan = self.scan;
        let (_, high) = self.sentence(end.saturating_sub(1));
        if end >= high || self.folded(end) != "of" {
            return None;
        }
        let mut kind: Option<Sector> = None;
        for t in end + 1..high.min(end + LONGEST_TOKENS) {
            match scan.hit_at(t).filter(|h| h.first == t).map(|h| &h.what) {
                Some(What::Organisation(rows)) => {
                    let o = &scan.tables.organisations[rows[0] as usize];
                    return Some((o.code.clone(), o.sector, format!("of organisation {}", o.id)));
                }
                Some(What::Collective(c, false)) if c.kind == CollectiveKind::Institution => {
                    kind = kind.or(c.sector);
                }
                _ => {}
            }
            if !matches!(scan.upos(t), "DET" | "ADJ" | "NOUN" | "PROPN" | "X") {
                break;
            }
        }
        kind.map(|sector| (String::new(), Some(sector), "kind of body behind the name".to_owned()))
    }

    pub(super) fn group_chunks(&mut self) {
        let scan = self.scan;
        for (i, h) in scan.hits.iter().enumerate() {
            let What::Collective(what, plural) = &h.what else { continue };
            if (h.first..h.end).any(|t| self.owner[t as usize]) || self.inside_name(h.first) {
                continue;
            }
            // A collective that only modifies another noun ("government official", "army base") is no actor by itself.
            if self.is_no_group(h) {
                continue;
            }
            let last = &scan.doc.tokens[h.end as usize - 1];
            if &*last.rel == "amod"
                || &*last.rel == "compound"
                    && last.head.is_some_and(|x| x >= h.end && x < h.end + 3 && !self.owner[x as usize])
            {
                continue;
            }
            let left = self.left_of(h.first);
            let mut c = Chunk::new(left.first, h.end, ChunkKind::Group);
            c.code = left.code.clone();
            c.basis = left.basis.clone();
            c.sector = what.sector;
            c.hit = Some(i as u32);
            c.plural = *plural;
            c.possessor = left.possessor;
            c.definite = left.definite;
            c.lemma = crate::fold::fold(scan.lemma(h.end - 1));
            if h.end > h.first + 1 {
                let noun = group_noun(scan.tables, &crate::fold::fold(scan.text(h.first, h.end)));
                if noun.contains(' ') {
                    c.lemma = noun;
                }
            }
            c.of_person = left.possessor_name.or_else(|| {
                let (_, high) = self.sentence(h.first);
                let of = h.end + 1 < high && self.folded(h.end) == "of";
                // A title may stand before the name.
                (h.end + 1..(h.end + 5).min(high)).find_map(|t| self.name_at(t)).filter(|_| of)
            });
            if c.code.is_empty() {
                if let Some((code, _, stop, why)) = self.right_of(h.end, &["of"]) {
                    c.code = code;
                    c.basis = why;
                    c.end = stop;
                } else if let Some((code, _)) = self.named_inside(h) {
                    c.code = code;
                    c.basis = "country or organisation in its name".to_owned();
                } else if !what.code.is_empty() {
                    c.code = what.code.clone();
                } else if let Some((code, _, _, why)) = self.right_of(h.end, &["in", "from"]) {
                    c.code = code;
                    c.basis = format!("{why}: where they are");
                }
            }
            if what.sector == Some(Sector::Media) || words().is("report_noun", &c.lemma) {
                c.excluded = "cited medium";
            }
            match what.kind {
                CollectiveKind::PersonRole if !plural => {
                    c.kind = ChunkKind::Person;
                    let name = self.name_at(c.end);
                    if let Some(n) = name.filter(|n| !self.owner[n.0 as usize]) {
                        c.name = name;
                        c.end = n.1;
                    }
                }
                // "the Iraqi government" is Iraq as a government.
                CollectiveKind::Institution
                    if what.sector == Some(Sector::Government)
                        && !c.code.is_empty()
                        && !plural
                        && matches!(
                            c.lemma.as_str(),
                            "government"
                                | "cabinet"
                                | "administration"
                                | "regime"
                                | "authorities"
                                | "state"
                                | "republic"
                        ) =>
                {
                    c.kind = ChunkKind::Country
                }
                _ => {}
            }
            self.push(c);
        }
    }

    /// "in front of", "the state of war", "a coup of State": words that name a group elsewhere.
    pub(super) fn is_no_group(&self, h: &Hit) -> bool {
        let (low, high) = self.sentence(h.first);
        let before = |k: u32| h.first.checked_sub(k).filter(|&t| t >= low).map_or("", |t| self.folded(t));
        let after = if h.end < high { self.folded(h.end) } else { "" };
        if h.end != h.first + 1 {
            return false;
        }
        match self.folded(h.first) {
            "front"
                if !self.scan.cap[h.first as usize]
                    && before(1) == "the"
                    && matches!(before(2), "to" | "at" | "on" | "from" | "near") =>
            {
                true
            }
            "front" => before(1) == "in" || after == "of" && !self.scan.cap[h.first as usize],
            "movement" | "return" => after == "of" && !self.scan.cap[h.first as usize],
            "state" => {
                matches!(after, "of" | "visit") && self.right_of(h.end, &["of"]).is_none()
                    || before(1) == "of"
                        && matches!(
                            before(2),
                            "coup" | "head" | "chief" | "dinner" | "secretary" | "reason" | "palace"
                        )
            }
            _ => false,
        }
    }
}
