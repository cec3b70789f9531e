//! Names that no shipped table has, in the user's base.

use super::*;
use crate::base::{Base, BaseEntity, BaseKind};

impl<'s, 'a> Clusters<'s, 'a> {
    /// Entries of the base for persons without a row: by name, else by likeness of the name with the same state.
    pub(super) fn base_persons(&mut self) {
        let Some(base) = &self.scan.tables.base else { return };
        let day = self.day.map(|d| d.to_string());
        for ent in self.ents.iter_mut().filter(|e| e.actor.kind == ActorKind::Person && e.person.is_none()) {
            let Some((entity, basis)) = base_person(base, ent, day.as_deref()) else { continue };
            ent.actor.table_id = Some(format!("base:{}", entity.id));
            ent.actor.wikidata_id = item_id(&entity.id);
            let now = entity
                .roles
                .iter()
                .filter(|r| held_on(r, day.as_deref()))
                .max_by(|a, b| a.start.cmp(&b.start));
            if ent.actor.code.is_empty() {
                let code = now.map(|r| &r.code).filter(|c| !c.is_empty()).unwrap_or(&entity.code);
                ent.actor.code = code.clone();
                ent.actor.basis = basis;
            }
            if ent.actor.sector.is_none() {
                ent.actor.sector = now.and_then(|r| r.sector).or(entity.sector);
            }
            ent.actor.offices.extend(entity.roles.into_iter().filter(|r| !r.office.is_empty()).map(|r| {
                OfficeHeld {
                    office: r.office.clone(),
                    title: r.office.replace('-', " "),
                    code: r.code,
                    sector: r.sector,
                    start: r.start,
                    end: r.end,
                    qualifier: String::new(),
                    basis: "import".to_owned(),
                    span: None,
                }
            }));
        }
    }

    /// The body of the base with a printed name: the best known where several bear it.
    pub(super) fn base_body(&self, printed: &str) -> Option<BaseEntity> {
        let base = self.scan.tables.base.as_ref()?;
        let named = base.named(&fold(printed));
        named.into_iter().find(|&e| base.kind(e) == BaseKind::Organisation).map(|e| base.entity(e))
    }
}

/// `Q42` of an id that is one.
pub(super) fn item_id(id: &str) -> Option<String> {
    let number = id.strip_prefix('Q')?;
    (!number.is_empty() && number.bytes().all(|b| b.is_ascii_digit())).then(|| id.to_owned())
}

fn held_on(r: &crate::base::BaseRole, day: Option<&str>) -> bool {
    day.is_none_or(|d| {
        (r.start.is_empty() || r.start.as_str() <= d) && (r.end.is_empty() || d < r.end.as_str())
    })
}

fn base_person(base: &Base, ent: &Ent, day: Option<&str>) -> Option<(BaseEntity, String)> {
    let code = ent.actor.code.as_str();
    let fits = |e: &BaseEntity| {
        code.is_empty() || e.code == code || e.code.is_empty() || e.roles.iter().any(|r| r.code == code)
    };
    let office = |e: &BaseEntity| {
        let same = |o: &OfficeHeld| e.roles.iter().any(|r| r.office == o.office && held_on(r, day));
        ent.actor.offices.iter().any(same)
    };
    for name in ent.actor.names.iter().filter(|n| n.contains(' ')) {
        let named: Vec<BaseEntity> = base
            .named(&fold(name))
            .into_iter()
            .filter(|&e| base.kind(e) == BaseKind::Person)
            .map(|e| base.entity(e))
            .filter(|e| fits(e))
            .collect();
        let of_office: Vec<&BaseEntity> = named.iter().filter(|e| office(e)).collect();
        let found = match (&of_office[..], &named[..]) {
            ([only], _) => Some((*only).clone()),
            ([], [only]) => Some(only.clone()),
            // Of namesakes the far better known one, where the text gives a state.
            ([], [a, b, ..]) if !code.is_empty() && a.weight > 4 * b.weight.max(1) => Some(a.clone()),
            _ => None,
        };
        if let Some(e) = found {
            let basis = format!("base: {}", e.id);
            return Some((e, basis));
        }
    }
    if code.is_empty() {
        return None;
    }
    for name in ent.actor.names.iter().filter(|n| n.contains(' ')) {
        let mut like =
            base.spelled_like(name).into_iter().map(|(s, e)| (s, base.entity(e))).filter(|(_, e)| fits(e));
        if let Some((score, e)) = like.next()
            && like.next().is_none_or(|(next, _)| score - next > 0.03)
        {
            let basis = format!("base: {}, name score {score:.2}", e.id);
            return Some((e, basis));
        }
    }
    None
}
