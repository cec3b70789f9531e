//! Writing a base.

use super::*;
use crate::fold::fold;
use rustc_hash::FxHashMap;
use std::io::{self, Write};

/// Collects entries and writes them as a base. Entries keep the order in which they come.
#[derive(Debug, Default)]
pub struct BaseBuilder {
    entities: Vec<u8>,
    roles: Vec<u8>,
    text: Vec<u8>,
    names: Vec<(u64, u32)>,
    codes: Strings,
    offices: Strings,
    n_entities: u32,
    n_roles: u32,
}

/// Short strings by number; number 0 is the empty one.
#[derive(Debug)]
struct Strings {
    list: Vec<String>,
    number: FxHashMap<String, u16>,
}

impl Default for Strings {
    fn default() -> Strings {
        Strings { list: vec![String::new()], number: [(String::new(), 0)].into_iter().collect() }
    }
}

impl Strings {
    fn number(&mut self, text: &str) -> Option<u16> {
        if let Some(&n) = self.number.get(text) {
            return Some(n);
        }
        let n = u16::try_from(self.list.len()).ok()?;
        self.list.push(text.to_owned());
        self.number.insert(text.to_owned(), n);
        Some(n)
    }
}

/// Names and ids of more bytes are cut at a character.
const LONGEST: usize = 400;

impl BaseBuilder {
    /// An empty base.
    pub fn new() -> BaseBuilder {
        BaseBuilder::default()
    }

    /// Number of entries so far.
    pub fn len(&self) -> usize {
        self.n_entities as usize
    }

    /// Whether no entry came yet.
    pub fn is_empty(&self) -> bool {
        self.n_entities == 0
    }

    /// Adds an entry that is found by its name and by `aliases`.
    ///
    /// # Errors
    /// Where the format ends: four thousand million bytes of names, 65,000 different codes or offices.
    pub fn add(&mut self, entity: &BaseEntity, aliases: &[String]) -> Result<(), BaseError> {
        let entry = self.n_entities;
        let too_many = |what| BaseError::TooMany { what };
        let (name_at, name_len) = self.push_text(&entity.name)?;
        let (id_at, id_len) = self.push_text(&entity.id)?;
        let code = self.codes.number(&entity.code).ok_or(too_many("codes"))?;
        let first_role = self.n_roles;
        let roles = &entity.roles[..entity.roles.len().min(usize::from(u16::MAX))];
        for r in roles {
            let office = self.offices.number(&r.office).ok_or(too_many("offices"))?;
            let code = self.codes.number(&r.code).ok_or(too_many("codes"))?;
            self.roles.extend(office.to_le_bytes());
            self.roles.extend(code.to_le_bytes());
            self.roles.extend([number(r.sector), 0, 0, 0]);
            self.roles.extend(packed(&r.start).to_le_bytes());
            self.roles.extend(packed(&r.end).to_le_bytes());
            self.n_roles = self.n_roles.checked_add(1).ok_or(too_many("offices held"))?;
        }
        let kind = match entity.kind {
            BaseKind::Person => 0,
            BaseKind::Organisation => 1,
            BaseKind::Place => 2,
        };
        let (lat, lon) = entity.point.unwrap_or_default();
        let degrees = |d: f64| ((d.clamp(-180.0, 180.0) * 1e5).round() as i32).to_le_bytes();
        self.entities.extend(name_at.to_le_bytes());
        self.entities.extend(name_len.to_le_bytes());
        self.entities.extend(code.to_le_bytes());
        self.entities.extend([0; 8]);
        self.entities.extend(id_at.to_le_bytes());
        self.entities.extend(id_len.to_le_bytes());
        self.entities.extend([kind, number(entity.sector)]);
        self.entities.extend(first_role.to_le_bytes());
        self.entities.extend((roles.len() as u16).to_le_bytes());
        self.entities.extend([0; 2]);
        self.entities.extend(entity.weight.to_le_bytes());
        self.entities.extend(degrees(lat));
        self.entities.extend(degrees(lon));
        self.n_entities = entry.checked_add(1).ok_or(too_many("entries"))?;
        for name in std::iter::once(&entity.name).chain(aliases) {
            let folded = fold(cut(name));
            if !folded.is_empty() {
                self.names.push((stable_hash(&["name", &folded]), entry));
            }
        }
        if entity.kind == BaseKind::Person
            && let Some(key) = spelling_key(cut(&entity.name))
        {
            self.names.push((key, entry));
        }
        Ok(())
    }

    fn push_text(&mut self, text: &str) -> Result<(u32, u16), BaseError> {
        let at = u32::try_from(self.text.len()).map_err(|_| BaseError::TooMany { what: "bytes of names" })?;
        let text = cut(text);
        self.text.extend(text.as_bytes());
        Ok((at, text.len() as u16))
    }

    /// Writes the base; the same entries give the same bytes.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write(mut self, out: &mut impl Write) -> io::Result<()> {
        self.names.sort_unstable();
        self.names.dedup();
        let mut strings: Vec<u8> = Vec::new();
        for list in [&self.codes.list, &self.offices.list] {
            strings.extend((list.len() as u16).to_le_bytes());
            for s in list {
                let s = cut(s);
                strings.extend((s.len() as u16).to_le_bytes());
                strings.extend(s.as_bytes());
            }
        }
        let mut head = Head {
            n_entities: u64::from(self.n_entities),
            n_roles: u64::from(self.n_roles),
            n_names: self.names.len() as u64,
            strings: HEAD as u64,
            ..Head::default()
        };
        head.entities = head.strings + strings.len() as u64;
        head.roles = head.entities + self.entities.len() as u64;
        head.index = head.roles + self.roles.len() as u64;
        head.text = head.index + 4 * (BUCKETS as u64 + 1) + 12 * head.n_names;
        head.length = head.text + self.text.len() as u64;
        let mut first = Vec::with_capacity(HEAD);
        first.extend(MAGIC);
        first.extend(FORMAT.to_le_bytes());
        first.extend([0; 4]);
        head.numbers().iter().for_each(|n| first.extend(n.to_le_bytes()));
        first.extend(head.checksum().to_le_bytes());
        out.write_all(&first)?;
        out.write_all(&strings)?;
        out.write_all(&self.entities)?;
        out.write_all(&self.roles)?;
        let mut start = 0usize;
        for bucket in 0..=BUCKETS as u64 {
            while start < self.names.len() && self.names[start].0 >> 48 < bucket {
                start += 1;
            }
            out.write_all(&(start as u32).to_le_bytes())?;
        }
        for (hash, _) in &self.names {
            out.write_all(&hash.to_le_bytes())?;
        }
        for (_, entry) in &self.names {
            out.write_all(&entry.to_le_bytes())?;
        }
        out.write_all(&self.text)
    }
}

fn cut(text: &str) -> &str {
    let mut end = text.len().min(LONGEST);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

fn number(sector: Option<Sector>) -> u8 {
    let at = sector.and_then(|s| Sector::ALL.iter().position(|x| *x == s));
    at.map_or(0, |i| i as u8 + 1)
}

/// `2018-04-02`, `2018-04` or `2018` as a number; anything else is 0.
fn packed(day: &str) -> u32 {
    let mut parts = day.split('-').map(|p| p.parse::<u32>().ok());
    let (year, month, day) = (parts.next().flatten(), parts.next().flatten(), parts.next().flatten());
    match year {
        Some(y) if (1..=9999).contains(&y) => {
            y * 10_000 + month.filter(|m| *m <= 12).unwrap_or(0) * 100 + day.filter(|d| *d <= 31).unwrap_or(0)
        }
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person() -> BaseEntity {
        BaseEntity {
            id: "Q1".into(),
            name: "Tsegaye Wolde".into(),
            kind: BaseKind::Person,
            code: "ETH".into(),
            sector: Some(Sector::Government),
            roles: vec![BaseRole {
                office: "head-of-government".into(),
                code: "ETH".into(),
                sector: Some(Sector::Government),
                start: "1999-03".into(),
                end: "2001-10-04".into(),
            }],
            weight: 7,
            point: None,
        }
    }

    fn bytes() -> Vec<u8> {
        let mut builder = BaseBuilder::new();
        builder.add(&person(), &["Tsegaye W. Selassie".into(), "x".repeat(10_000)]).expect("small");
        let mut out = Vec::new();
        builder.write(&mut out).expect("memory");
        out
    }

    #[test]
    fn what_is_written_is_found_by_name_alias_and_other_spelling() {
        let base = Base::open(Box::new(bytes())).expect("whole");
        assert_eq!(base.named("tsegaye wolde"), [0]);
        assert_eq!(base.named("tsegaye w selassie"), [0]);
        assert!(base.named("tsegaye").is_empty());
        assert_eq!(base.spelled_like("Tsegaye Woldie").first().map(|f| f.1), Some(0));
        assert_eq!(base.entity(0), person());
    }

    #[test]
    fn a_base_that_was_cut_anywhere_is_refused() {
        let whole = bytes();
        for end in 0..whole.len() {
            assert!(Base::open(Box::new(whole[..end].to_vec())).is_err(), "cut at {end}");
        }
    }

    #[test]
    fn changed_bytes_never_fault() {
        let whole = bytes();
        for at in 0..whole.len() {
            let mut changed = whole.clone();
            changed[at] ^= 0xff;
            if let Ok(base) = Base::open(Box::new(changed)) {
                for e in base.named("tsegaye wolde").into_iter().chain([0]) {
                    let _ = base.entity(e);
                }
                let _ = base.spelled_like("Tsegaye Wolde");
            }
        }
    }
}
