//! One table after the other, each row checked.

use super::*;

impl ActorTables {
    pub(super) fn load_countries(&mut self, table: Table) -> Result<(), TableError> {
        let mut b = String::new();
        table.rows(&["code", "name", "aliases", "demonyms", "capital", "metonyms", "former"], |line, c| {
            let row = self.countries.len() as u32;
            if self.country_of.insert(c[0].to_owned(), row).is_some() {
                return Err(table.error(line, format!("`{}` stands twice", c[0])));
            }
            self.countries.push(Country { code: c[0].to_owned(), name: c[1].to_owned() });
            for name in std::iter::once(c[1]).chain(list(c[2])).chain(list(c[6])) {
                self.add_name(name, Row::Country(row, CountryForm::Name), &mut b);
            }
            for name in list(c[3]) {
                self.add_name(name, Row::Country(row, CountryForm::Demonym), &mut b);
            }
            for name in list(c[4]) {
                self.add_name(name, Row::Country(row, CountryForm::Capital), &mut b);
            }
            for pair in list(c[5]) {
                let (name, sector) = pair
                    .split_once('=')
                    .ok_or_else(|| table.error(line, format!("metonym `{pair}` has no `=SECTOR`")))?;
                let (sector, _) = read_sector(sector)
                    .ok_or_else(|| table.error(line, format!("unknown sector `{sector}`")))?;
                self.add_name(name, Row::Country(row, CountryForm::Metonym(sector)), &mut b);
            }
            Ok(())
        })
    }

    pub(super) fn load_organisations(&mut self, table: Table) -> Result<(), TableError> {
        let mut b = String::new();
        let mut ids = FxHashSet::default();
        table.rows(&["id", "name", "aliases", "code", "sector", "kind"], |line, c| {
            if !ids.insert(c[0]) {
                return Err(table.error(line, format!("id `{}` stands twice", c[0])));
            }
            if !self.known_code(c[3]) {
                return Err(table.error(line, format!("unknown code `{}`", c[3])));
            }
            let (sector, code) =
                read_sector(c[4]).ok_or_else(|| table.error(line, format!("unknown sector `{}`", c[4])))?;
            let row = self.organisations.len() as u32;
            self.organisations.push(Organisation {
                id: c[0].to_owned(),
                name: c[1].to_owned(),
                code: if c[3].is_empty() { code } else { c[3].to_owned() },
                sector,
                kind: c[5].to_owned(),
            });
            for name in std::iter::once(c[1]).chain(list(c[2])) {
                self.add_name(name, Row::Organisation(row), &mut b);
                // "UN mission in Mali" is printed "United Nations mission in Mali" as well.
                if let Some(rest) = name.strip_prefix("UN ") {
                    self.add_name(&format!("United Nations {rest}"), Row::Organisation(row), &mut b);
                }
            }
            Ok(())
        })
    }

    pub(super) fn load_offices(&mut self, table: Table) -> Result<(), TableError> {
        table.rows(&["wording", "office", "sector", "scope"], |line, c| {
            let (sector, code) =
                read_sector(c[2]).ok_or_else(|| table.error(line, format!("unknown sector `{}`", c[2])))?;
            let scope = match c[3] {
                "country" => Scope::Country,
                "organisation" => Scope::Organisation,
                "person" => Scope::Person,
                other => return Err(table.error(line, format!("unknown scope `{other}`"))),
            };
            self.office_sector.entry(c[1].to_owned()).or_insert(sector);
            let office = Office { office: c[1].to_owned(), sector, code, scope };
            let spaced = fold(&c[0].replace('-', " "));
            self.offices.entry(fold(c[0])).or_insert_with(|| office.clone());
            self.offices.entry(spaced).or_insert(office);
            Ok(())
        })
    }

    pub(super) fn load_portfolios(&mut self, table: Table) -> Result<(), TableError> {
        table.rows(&["word", "office"], |line, c| {
            if !self.office_sector.contains_key(c[1]) {
                return Err(table.error(line, format!("office `{}` is not in offices.tsv", c[1])));
            }
            self.portfolios.entry(fold(c[0])).or_insert_with(|| c[1].to_owned());
            Ok(())
        })
    }

    pub(super) fn load_collectives(&mut self, table: Table) -> Result<(), TableError> {
        table.rows(&["lemma", "sector", "kind"], |line, c| {
            let unknown = || table.error(line, format!("unknown sector `{}`", c[1]));
            // "IGO JUD": a court between states.
            let (sector, code) = match c[1].split_once(' ') {
                Some((body, sector)) => (
                    read_sector(sector).ok_or_else(unknown)?.0,
                    read_sector(body).map(|(_, code)| code).filter(|c| !c.is_empty()).ok_or_else(unknown)?,
                ),
                None => read_sector(c[1]).ok_or_else(unknown)?,
            };
            let kind = match c[2] {
                "group" => CollectiveKind::Group,
                "person-role" => CollectiveKind::PersonRole,
                "institution" => CollectiveKind::Institution,
                other => return Err(table.error(line, format!("unknown kind `{other}`"))),
            };
            self.collectives.entry(fold(c[0])).or_insert(Collective { sector, code, kind });
            Ok(())
        })
    }

    pub(super) fn load_honorifics(&mut self, table: Table) {
        for line in table.text.lines().filter(|l| !l.starts_with('#') && !l.trim().is_empty()) {
            let (word, kind) = line.split_once('\t').unwrap_or((line, "civil"));
            self.honorifics.entry(fold(word)).or_insert_with(|| kind.trim().to_owned());
        }
    }

    pub(super) fn load_persons(
        &mut self,
        table: Table,
        person_of: &mut FxHashMap<String, u32>,
    ) -> Result<(), TableError> {
        let mut b = String::new();
        table.rows(&["id", "name", "aliases", "code"], |line, c| {
            if !self.known_code(c[3]) {
                return Err(table.error(line, format!("unknown code `{}`", c[3])));
            }
            let row = self.persons.len() as u32;
            if person_of.insert(c[0].to_owned(), row).is_some() {
                return Err(table.error(line, format!("id `{}` stands twice", c[0])));
            }
            self.persons.push(Person {
                id: c[0].to_owned(),
                name: c[1].to_owned(),
                aliases: list(c[2]).map(str::to_owned).collect(),
                code: c[3].to_owned(),
                roles: Vec::new(),
            });
            for name in std::iter::once(c[1]).chain(list(c[2])) {
                self.add_name(name, Row::Person(row), &mut b);
            }
            Ok(())
        })
    }

    pub(super) fn load_roles(
        &mut self,
        table: Table,
        person_of: &FxHashMap<String, u32>,
        places: &mut Vec<RowOfRole>,
    ) -> Result<(), TableError> {
        table.rows(&["person", "office", "code", "sector", "start", "end", "title"], |line, c| {
            let person = *person_of
                .get(c[0])
                .ok_or_else(|| table.error(line, format!("person `{}` is in no persons file", c[0])))?;
            if !self.office_sector.contains_key(c[1]) {
                return Err(table.error(line, format!("office `{}` is not in offices.tsv", c[1])));
            }
            if !self.known_code(c[2]) {
                return Err(table.error(line, format!("unknown code `{}`", c[2])));
            }
            let (sector, code) =
                read_sector(c[3]).ok_or_else(|| table.error(line, format!("unknown sector `{}`", c[3])))?;
            for date in [c[4], c[5]] {
                if !date.is_empty() && read_date(date).is_none() {
                    return Err(
                        table.error(line, format!("`{date}` is no date (YYYY, YYYY-MM or YYYY-MM-DD)"))
                    );
                }
            }
            if let (Some(start), Some(end)) = (read_date(c[4]), read_date(c[5]))
                && end.1 < start.0
            {
                return Err(table.error(line, format!("`end` {} is before `start` {}", c[5], c[4])));
            }
            let number = self.roles.len() as u32;
            places.push(RowOfRole { path: table.path.clone(), line });
            self.roles.push(Role {
                person,
                office: c[1].to_owned(),
                code: if c[2].is_empty() { code } else { c[2].to_owned() },
                sector,
                start: c[4].to_owned(),
                end: c[5].to_owned(),
                title: c[6].to_owned(),
            });
            self.persons[person as usize].roles.push(number);
            Ok(())
        })
    }

    pub(super) fn load_regions(&mut self, table: Table) -> Result<(), TableError> {
        let mut b = String::new();
        table.rows(&["name", "country", "lat", "lon", "kind"], |line, c| {
            let row = self.regions.len() as u32;
            // A region may span countries; it then names them all, or none.
            let country = list(c[1]).next().filter(|_| list(c[1]).count() == 1).unwrap_or("");
            if !self.known_code(country) {
                return Err(table.error(line, format!("unknown code `{country}`")));
            }
            let degrees = |cell: &str, limit: f64| match cell {
                "" => Ok(None),
                _ => cell
                    .parse()
                    .ok()
                    .filter(|d: &f64| d.abs() <= limit)
                    .map(Some)
                    .ok_or_else(|| table.error(line, format!("`{cell}` is no coordinate"))),
            };
            let (lat, lon) = (degrees(c[2], 90.0)?, degrees(c[3], 180.0)?);
            self.regions.push(Region { name: c[0].to_owned(), country: country.to_owned(), lat, lon });
            self.add_name(c[0], Row::Region(row), &mut b);
            Ok(())
        })
    }

    pub(super) fn load_cities(&mut self, table: Table) -> Result<(), TableError> {
        let mut b = String::new();
        let base = table.text.as_ptr() as usize;
        let before = self.city_text.len();
        table.rows(
            &["geonameid", "name", "ascii", "aliases", "country", "lat", "lon", "population"],
            |line, c| {
                let number = |what: &str, cell: &str| {
                    cell.parse::<f64>()
                        .map_err(|_| table.error(line, format!("{what} `{cell}` is no number")))
                };
                let country = *self
                    .country_of
                    .get(c[4])
                    .ok_or_else(|| table.error(line, format!("unknown code `{}`", c[4])))?;
                let start = (before + c[1].as_ptr() as usize - base) as u32;
                let row = self.cities.len() as u32;
                self.cities.push(City {
                    geonameid: c[0]
                        .parse()
                        .map_err(|_| table.error(line, format!("geonameid `{}` is no number", c[0])))?,
                    country,
                    lat: number("lat", c[5])?,
                    lon: number("lon", c[6])?,
                    population: c[7].parse().unwrap_or(0),
                    name: (start, start + c[1].len() as u32),
                });
                self.add_name(c[1], Row::City(row, false), &mut b);
                if c[2] != c[1] && !c[2].is_empty() {
                    self.add_name(c[2], Row::City(row, false), &mut b);
                }
                for alias in list(c[3]) {
                    self.add_name(alias, Row::City(row, true), &mut b);
                }
                Ok(())
            },
        )?;
        self.city_text.push_str(&table.text);
        Ok(())
    }
}
