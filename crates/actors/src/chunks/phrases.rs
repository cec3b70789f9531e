//! What stands left and right of a noun in its phrase: state, possessor, qualifier.

use super::*;

impl<'s, 'a> Builder<'s, 'a> {
    /// Reads the phrase leftwards from `at`, the first token of its noun.
    pub(super) fn left_of(&self, at: u32) -> Left {
        let scan = self.scan;
        let (low, _) = self.sentence(at);
        let mut left = Left { first: at, ..Left::default() };
        let mut t = at;
        while t > low {
            let p = t - 1;
            if self.owner[p as usize] {
                break;
            }
            let word = self.folded(p);
            if words().is("qualifier", word) {
                if left.qualifier.is_empty() || words().is("past", word) {
                    left.qualifier = word.to_owned();
                }
                t = p;
            } else if self.is_hyphen(p)
                && p > low
                && scan.glued[p as usize]
                && words().is("qualifier", self.folded(p - 1))
            {
                left.qualifier = self.folded(p - 1).to_owned();
                t = p - 1;
            } else if let Some(h) = scan.hit_at(p).filter(|h| h.end == t) {
                match &h.what {
                    What::Country(rows, form) if left.code.is_empty() && !self.inside_name(p) => {
                        left.code = scan.code_of(rows[0]).to_owned();
                        left.basis = "country in text".to_owned();
                        if let CountryForm::Metonym(sector) = form {
                            left.sector = *sector;
                        }
                        t = h.first;
                    }
                    What::Organisation(rows) if left.code.is_empty() && !self.inside_name(p) => {
                        let o = &scan.tables.organisations[rows[0] as usize];
                        left.code = o.code.clone();
                        left.sector = o.sector;
                        left.basis = format!("organisation {} in text", o.id);
                        t = h.first;
                    }
                    What::City | What::Region(_) if left.code.is_empty() && !self.inside_name(p) => {
                        let Some(code) = crate::places::country_of_hit(scan, h) else { break };
                        left.code = code;
                        left.basis = "country of the place in text".to_owned();
                        t = h.first;
                    }
                    _ => break,
                }
            } else if self.is_possessive(p) && p > low {
                match scan.hit_at(p - 1).filter(|h| h.end == p) {
                    Some(h)
                        if left.code.is_empty()
                            && matches!(
                                h.what,
                                What::Country(..) | What::Organisation(_) | What::City | What::Region(_)
                            ) =>
                    {
                        t = p
                    }
                    _ => {
                        left.possessor_name = self.name_ending(p);
                        // What a genitive stands before is as definite as behind "the".
                        left.definite = true;
                        break;
                    }
                }
            } else if matches!(word, "his" | "her" | "their" | "its" | "our" | "my" | "your") {
                left.possessor = Some(p);
                left.definite = true;
                left.first = p;
                return left;
            } else if scan.upos(p) == "DET"
                || matches!(word, "the" | "a" | "an" | "this" | "that" | "these" | "those" | "both")
            {
                left.definite = word != "a" && word != "an";
                break;
            } else if self.is_hyphen(p)
                && p > low
                && left.code.is_empty()
                && scan.glued[p as usize]
                && t > p
                && scan.glued[t as usize]
            {
                break;
            } else if (matches!(scan.upos(p), "ADJ" | "NUM")
                || words().is("filler", word)
                || (scan.upos(p) == "NOUN" && scan.rel(p) == "compound"))
                && !self.inside_name(p)
            {
                // "Iran-backed militias": the backer is not the actor's own country.
                if words().is("backed", word) && p > low && self.is_hyphen(p - 1) {
                    left.first = p;
                    break;
                }
                if p > low + 1 && self.is_hyphen(p - 1) && words().is("pro_prefix", self.folded(p - 2)) {
                    break;
                }
                t = p;
            } else {
                break;
            }
            left.first = t;
        }
        left
    }

    pub(super) fn inside_name(&self, t: u32) -> bool {
        self.names.iter().any(|n| n.0 <= t && t < n.1)
    }

    /// "of the Republic of X", "of the Quds Force", "for X": code, sector and the end of the phrase.
    pub(super) fn right_of(
        &self,
        end: u32,
        prepositions: &[&str],
    ) -> Option<(String, Option<Sector>, u32, String)> {
        let scan = self.scan;
        let (_, high) = self.sentence(end.saturating_sub(1));
        if end >= high || !prepositions.contains(&self.folded(end)) {
            return None;
        }
        let mut t = end + 1;
        let mut steps = 0;
        while t < high && steps < 6 {
            if let Some(h) = scan.hit_at(t).filter(|h| h.first == t) {
                match &h.what {
                    What::Country(rows, form) => {
                        let code = scan.code_of(rows[0]).to_owned();
                        let mut stop = h.end;
                        // "the head of the Iranian Customs Authority": the named body belongs to the title.
                        if *form == CountryForm::Demonym {
                            while stop < high
                                && (scan.cap[stop as usize] && !self.inside_name(stop)
                                    || scan
                                        .hit_at(stop)
                                        .is_some_and(|h| matches!(h.what, What::Collective(..))))
                                && scan.upos(stop) != "PUNCT"
                            {
                                stop += 1;
                            }
                        }
                        let sector = if let CountryForm::Metonym(s) = form { *s } else { None };
                        return Some((code, sector, stop, "country in text".to_owned()));
                    }
                    What::Organisation(rows) => {
                        let o = &scan.tables.organisations[rows[0] as usize];
                        return Some((
                            o.code.clone(),
                            o.sector,
                            h.end,
                            format!("organisation {} in text", o.id),
                        ));
                    }
                    What::City | What::Region(_) if !self.inside_name(t) => {
                        let code = crate::places::country_of_hit(scan, h)?;
                        return Some((code, None, h.end, "country of the place in text".to_owned()));
                    }
                    _ => {}
                }
            }
            let word = self.folded(t);
            let passes = matches!(scan.upos(t), "DET" | "ADJ")
                || matches!(
                    word,
                    "the"
                        | "of"
                        | "state"
                        | "republic"
                        | "kingdom"
                        | "commission"
                        | "council"
                        | "office"
                        | "government"
                        | "people"
                        | "islamic"
                        | "federal"
                )
                || (scan.upos(t) == "NOUN" && !scan.cap[t as usize])
                || scan.cap[t as usize] && !self.inside_name(t);
            if !passes || scan.upos(t) == "PUNCT" || self.inside_name(t) {
                return None;
            }
            t += 1;
            steps += 1;
        }
        None
    }
}
