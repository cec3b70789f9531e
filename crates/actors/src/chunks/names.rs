//! Where names of persons stand: from the reader, the tables and titles.

use super::*;

impl<'s, 'a> Builder<'s, 'a> {
    pub(super) fn find_names(&mut self) {
        let scan = self.scan;
        let mut spans: Vec<(u32, u32)> = Vec::new();
        for e in &scan.doc.entities {
            // "Addis Abeba", "Minusma": the tables know better.
            let known = scan.hit_at(e.first_token).is_some_and(|h| {
                let whole = (h.first, h.end) == (e.first_token, e.end_token);
                // "Perú Libre", of which the reader sees "Libre".
                let wider = h.first < e.first_token && e.end_token <= h.end;
                whole
                    && matches!(
                        h.what,
                        What::Country(..) | What::Organisation(_) | What::City | What::Region(_)
                    )
                    || wider && matches!(h.what, What::Organisation(_))
            });
            if e.entity_type == EntityType::Person && !known {
                self.cut_entity(e.first_token, e.end_token, &mut spans);
            }
        }
        for h in &scan.hits {
            match &h.what {
                What::Person => spans.push((h.first, h.end)),
                What::Office(_, false) => self.name_after_title(h.end, &mut spans),
                _ => {}
            }
        }
        for t in 0..self.n() {
            if self.is_rank(t)
                && scan.cap[t as usize]
                && !scan.hit_at(t).is_some_and(|h| matches!(h.what, What::Office(..)))
            {
                self.name_after_title(t + 1, &mut spans);
            }
        }
        spans.retain(|s| s.0 < s.1);
        spans.sort_by_key(|s| (s.0, std::cmp::Reverse(s.1)));
        let mut merged: Vec<(u32, u32)> = Vec::new();
        for s in spans {
            match merged.last_mut() {
                Some(last) if s.0 < last.1 => last.1 = last.1.max(s.1),
                _ => merged.push(s),
            }
        }
        self.names = merged.into_iter().map(|s| self.whole_words(s)).filter(|s| s.0 < s.1).collect();
    }

    /// Words of address. The wide list of the data folder also holds names ("Baba", "Khan"): those count only outside a name.
    pub(super) fn is_rank(&self, t: u32) -> bool {
        let word = self.folded(t);
        let plural = word.strip_suffix('s').filter(|w| w.len() > 4);
        crate::honorific::is_honorific(word)
            || plural.is_some_and(crate::honorific::is_honorific)
            || (self.scan.entity_type(t) != Some(EntityType::Person)
                && self.scan.tables.honorifics.contains_key(word))
    }

    /// A reader's person span without titles, adjectives and commas.
    pub(super) fn cut_entity(&self, first: u32, end: u32, spans: &mut Vec<(u32, u32)>) {
        let scan = self.scan;
        let mut start = first;
        let mut t = first;
        while t < end {
            let hit = scan.hit_at(t).filter(|h| h.first == t && h.end < end + 6);
            let cuts = match hit.map(|h| &h.what) {
                Some(What::Office(..) | What::Collective(..)) => true,
                Some(What::Country(_, CountryForm::Demonym)) => t == start,
                Some(What::Country(..)) => {
                    t == start && hit.is_some_and(|h| h.end < end) && scan.fold[t as usize].len() > 1
                }
                Some(What::Organisation(_)) => hit.is_some_and(|h| {
                    h.end > h.first + 1
                        || t == start && h.end < end && t > 0 && matches!(self.folded(t - 1), "of" | "in")
                        || (h.end < end && t == start && self.is_possessive(h.end))
                }),
                _ => false,
            };
            let punctuation =
                scan.upos(t) == "PUNCT" && !self.is_hyphen(t) && !matches!(scan.word(t), "." | "'" | "’");
            if cuts || punctuation || self.is_possessive(t) && t + 1 == end {
                if start < t {
                    spans.push((start, t));
                }
                t = hit.filter(|_| cuts).map_or(t + 1, |h| h.end.min(end));
                start = t;
                continue;
            }
            if t == start
                && self.is_rank(t)
                && t + 1 < end
                && scan.fold[t as usize] != "al"
                && !self.is_hyphen(t + 1)
            {
                start = t + 1;
            }
            t += 1;
        }
        if start < end && !self.is_possessive(start) {
            spans.push((start, end));
        }
    }

    /// A run of capitalised words after a title.
    pub(super) fn name_after_title(&self, from: u32, spans: &mut Vec<(u32, u32)>) {
        if from >= self.n() || from == 0 {
            return;
        }
        let (_, sentence_end) = self.sentence(from - 1);
        let mut t = from;
        while t < sentence_end
            && (self.is_rank(t) || (t > from && self.scan.word(t) == "." && self.scan.glued[t as usize]))
            && !self.is_hyphen(t + 1)
        {
            t += 1;
        }
        let start = t;
        let mut last = t;
        while t < sentence_end {
            let particle = crate::names::is_name_particle(self.folded(t))
                || self.is_hyphen(t) && self.scan.glued[t as usize];
            if self.nameish(t) && !matches!(self.scan.entity_type(t), Some(EntityType::Organisation)) {
                t += 1;
                last = t;
            } else if particle
                && t + 1 < sentence_end
                && (self.nameish(t + 1) || self.is_hyphen(t + 1))
                && (t > start || crate::names::is_name_particle(self.folded(t)))
            {
                t += 1;
            } else {
                break;
            }
        }
        // "President Obama" yes; "President On Monday" no: the first word must be a proper noun for the reader.
        if last > start && (start..last).any(|t| self.scan.upos(t) == "PROPN") {
            spans.push((start, last));
        }
    }

    /// Widens a span to whole printed words: "al-Masri" and "N'Daw" are one word each.
    pub(super) fn whole_words(&self, (mut first, mut end): (u32, u32)) -> (u32, u32) {
        let scan = self.scan;
        let joins = |t: u32| {
            self.is_hyphen(t)
                || (matches!(scan.word(t), "'" | "’") && t + 1 < self.n() && scan.glued[t as usize + 1])
        };
        let (low, high) = self.sentence(first);
        while first >= low + 2
            && joins(first - 1)
            && scan.glued[first as usize]
            && scan.glued[first as usize - 1]
            && !self.blocked(first - 2)
        {
            first -= 2;
        }
        while end + 1 < high
            && joins(end)
            && scan.glued[end as usize]
            && scan.glued[end as usize + 1]
            && scan.upos(end + 1) != "ADJ"
            && scan.upos(end + 1) != "VERB"
        {
            end += 2;
        }
        while end > first
            && (self.is_possessive(end - 1) || (scan.upos(end - 1) == "PUNCT" && scan.word(end - 1) != "."))
        {
            end -= 1;
        }
        if end > first + 1 && scan.word(end - 1) == "." && scan.fold[end as usize - 2].len() > 2 {
            end -= 1;
        }
        while first + 1 < end
            && crate::honorific::is_honorific(self.folded(first))
            && !self.is_hyphen(first + 1)
        {
            first += 1;
            while first + 1 < end && scan.word(first) == "." {
                first += 1;
            }
        }
        (first, end)
    }

    pub(super) fn blocked(&self, t: u32) -> bool {
        matches!(
            self.scan.hit_at(t).map(|h| &h.what),
            Some(What::Country(..) | What::Office(..) | What::Collective(..))
        )
    }

    pub(super) fn name_at(&self, t: u32) -> Option<(u32, u32)> {
        self.names.iter().copied().find(|n| n.0 == t)
    }

    pub(super) fn name_ending(&self, t: u32) -> Option<(u32, u32)> {
        self.names.iter().copied().find(|n| n.1 == t)
    }
}
