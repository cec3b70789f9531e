//! Who leads, or speaks for, a body that is no organ of the state: the president of a union is no head of state.

use super::*;

/// Words between "of" and the noun of the body.
const LONGEST_BODY: u32 = 6;

impl<'s, 'a> Builder<'s, 'a> {
    /// "the president of the teachers' union", "the bar association's chairman X", "a coast guard spokesman": office and sector from
    /// the noun of the body, which stands behind the wording of the office (from `end` on) or right before it.
    pub(super) fn leader_of_body(&self, h: &Hit, end: u32, said: &mut OfficeSaid) {
        let Some(sector) = self.body_behind(end).or_else(|| self.body_before(h)) else { return };
        match said.office.as_str() {
            "spokesperson" => said.sector = Some(sector),
            "speaker-of-parliament" if sector != Sector::Legislature => {
                said.office = "spokesperson".to_owned();
                said.sector = Some(sector);
                said.scope = Scope::Organisation;
            }
            "head-of-state" | "vice-president" | "official" | "commission-chair" | "secretary-general"
            | "head-of-agency" | "minister" | "commander" | "party-leader" | "academic" => {
                let Some(office) = leader(sector) else { return };
                said.office = office.to_owned();
                said.sector = Some(sector);
                said.scope = Scope::Organisation;
            }
            _ => {}
        }
    }

    fn body_behind(&self, end: u32) -> Option<Sector> {
        let (_, high) = self.sentence(end.saturating_sub(1));
        if end + 1 >= high || !matches!(self.folded(end), "of" | "for" | "at") {
            return None;
        }
        let mut t = end + 1;
        while t < high.min(end + 1 + LONGEST_BODY) {
            match self.scan.hit_at(t).filter(|h| h.first == t).map(|h| (&h.what, h.end)) {
                Some((What::Collective(c, false), _)) if c.kind == CollectiveKind::Institution => {
                    return c.sector;
                }
                Some((What::Country(..), stop)) => t = stop,
                Some((What::Organisation(_) | What::Office(..), _)) => return None,
                _ => {
                    let passes = self.folded(t) == "the"
                        || self.is_possessive(t)
                        || matches!(self.scan.upos(t), "ADJ" | "NOUN")
                        || self.scan.cap[t as usize] && !self.inside_name(t);
                    if !passes {
                        return None;
                    }
                    t += 1;
                }
            }
        }
        None
    }

    fn body_before(&self, h: &Hit) -> Option<Sector> {
        let (low, _) = self.sentence(h.first);
        let mut end = h.first;
        if end > low && self.is_possessive(end - 1) {
            end -= 1;
        }
        let before = end.checked_sub(1).filter(|&t| t >= low).and_then(|t| self.scan.hit_at(t))?;
        match &before.what {
            What::Collective(c, _) if before.end == end => c.sector,
            _ => None,
        }
    }
}

/// The office of who leads a body of a sector; `None` for organs of the state, whose heads have wordings of their own.
fn leader(sector: Sector) -> Option<&'static str> {
    Some(match sector {
        Sector::Labour => "union-leader",
        Sector::Business => "chief-executive",
        Sector::Education => "academic",
        Sector::Health => "health-worker",
        Sector::Religious => "religious-leader",
        Sector::Party => "party-leader",
        Sector::Opposition => "opposition-leader",
        Sector::Police => "police-chief",
        Sector::Judiciary => "judge",
        Sector::Agriculture | Sector::Civilian | Sector::CivilSociety => "activist",
        _ => return None,
    })
}
