//! Word lists and patterns, read from `data/ingest/`.

use crate::words::Phrases;
use polybius_text::SegmentKind;
use rustc_hash::{FxHashMap, FxHashSet};
use std::io;
use std::path::{Path, PathBuf};

/// A table that cannot be used, and where the fault is.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TableError {
    /// The file could not be read.
    #[error("cannot read `{}`", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A row is wrong.
    #[error("{}:{line}: {problem}", path.display())]
    Row {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: u32,
        /// What is wrong with it.
        problem: String,
    },
}

/// Classes of words: `menu`, `share`, `spam`, `agency`, ... each a set of lower-case words.
#[derive(Debug, Clone, Default)]
pub(crate) struct Classes {
    sets: FxHashMap<String, FxHashSet<String>>,
}

impl Classes {
    pub fn has(&self, class: &str, word: &str) -> bool {
        self.sets.get(class).is_some_and(|set| set.contains(word))
    }

    pub fn words(&self, class: &str) -> impl Iterator<Item = &str> {
        self.sets.get(class).into_iter().flatten().map(String::as_str)
    }
}

/// What a furniture phrase does to the block that it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// The block that begins with it.
    Start,
    /// The block that is nothing else.
    Whole,
    /// The block that has it anywhere.
    Inside,
    /// The block that begins with it, and all behind it.
    Rest,
}

/// A calendar other than the Gregorian.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Calendar {
    /// Iranian solar.
    Jalali,
    /// Islamic lunar.
    Hijri,
}

/// Which of two small numbers of a date is the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DateOrder {
    DayFirst,
    MonthFirst,
    /// Pages of this language follow both customs.
    Unknown,
}

/// A phrase that gives furniture away.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Furniture {
    pub kind: SegmentKind,
    pub reach: Reach,
}

/// All that the reader of pages knows: words of menus and forms, months, agencies, signs of translation and spinning.
#[derive(Debug, Clone, Default)]
pub struct IngestKnowledge {
    pub(crate) classes: Classes,
    pub(crate) months: FxHashMap<String, i8>,
    /// Months by language and name, where the name means another month elsewhere.
    pub(crate) month_exceptions: FxHashMap<(String, String), i8>,
    /// Months of other calendars.
    pub(crate) calendar_months: FxHashMap<String, (Calendar, i8)>,
    /// How numeric dates are read, by language or language and region.
    pub(crate) date_order: FxHashMap<String, DateOrder>,
    pub(crate) weekdays: FxHashMap<String, i8>,
    /// Names of meta tags and properties that hold a date: `true` for the one of a revision.
    pub(crate) meta_dates: FxHashMap<String, bool>,
    /// Minutes east of Greenwich; `None` when the abbreviation means several zones.
    pub(crate) zones: FxHashMap<String, Option<i32>>,
    pub(crate) languages: FxHashMap<String, String>,
    pub(crate) furniture: Phrases,
    pub(crate) furniture_rows: Vec<Furniture>,
    /// Words of class and id attributes.
    pub(crate) structure: FxHashMap<String, SegmentKind>,
    pub(crate) spun: Phrases,
    pub(crate) translated: Phrases,
    pub(crate) opinion: Phrases,
}

impl IngestKnowledge {
    /// Reads all tables of `dir`, which is `data/ingest` in the repository.
    ///
    /// # Errors
    /// A missing file, or the first row that does not say what its table says.
    pub fn load(dir: &Path) -> Result<IngestKnowledge, TableError> {
        let mut known = IngestKnowledge::default();
        read_rows(dir, "classes.tsv", 2, |row| {
            let set = known.classes.sets.entry(row[0].to_string()).or_default();
            set.extend(row[1].split(',').map(|w| w.trim().to_lowercase()).filter(|w| !w.is_empty()));
            Ok(())
        })?;
        known.load_dates(dir)?;
        read_rows(dir, "languages.tsv", 2, |row| {
            known.languages.insert(row[0].to_string(), row[1].to_string());
            Ok(())
        })?;
        read_rows(dir, "structure.tsv", 2, |row| {
            let kind = segment_kind(row[0])?;
            for word in row[1].split(',') {
                known.structure.insert(word.trim().to_lowercase(), kind);
            }
            Ok(())
        })?;
        read_rows(dir, "furniture.tsv", 3, |row| {
            let reach = match row[1] {
                "start" => Reach::Start,
                "whole" => Reach::Whole,
                "inside" => Reach::Inside,
                "rest" => Reach::Rest,
                other => return Err(format!("`{other}` is none of start, whole, inside, rest")),
            };
            let index = known.furniture_rows.len();
            known.furniture_rows.push(Furniture { kind: segment_kind(row[0])?, reach });
            known.furniture.add(&index.to_string(), 1.0, row[2])
        })?;
        for (file, phrases) in [
            ("spun.tsv", &mut known.spun),
            ("translated.tsv", &mut known.translated),
            ("opinion.tsv", &mut known.opinion),
        ] {
            read_rows(dir, file, 3, |row| {
                let weight: f32 = row[1].parse().map_err(|_| format!("`{}` is not a weight", row[1]))?;
                phrases.add(row[0], weight, row[2])
            })?;
        }
        Ok(known)
    }

    /// The tables of months, weekdays, calendars, zones, and of where dates stand.
    fn load_dates(&mut self, dir: &Path) -> Result<(), TableError> {
        read_rows(dir, "months.tsv", 2, |row| numbered(&mut self.months, row, 12))?;
        read_rows(dir, "month_exceptions.tsv", 3, |row| {
            let mut months = FxHashMap::default();
            numbered(&mut months, &row[1..], 12)?;
            let language = row[0].to_string();
            self.month_exceptions.extend(months.into_iter().map(|(name, n)| ((language.clone(), name), n)));
            Ok(())
        })?;
        read_rows(dir, "calendars.tsv", 3, |row| {
            let calendar = match row[0] {
                "jalali" => Calendar::Jalali,
                "hijri" => Calendar::Hijri,
                other => return Err(format!("`{other}` is neither jalali nor hijri")),
            };
            let mut months = FxHashMap::default();
            numbered(&mut months, &row[1..], 12)?;
            if calendar == Calendar::Hijri {
                let words = months.keys().flat_map(|name| name.split(' ')).map(str::to_string);
                self.classes.sets.entry("hijri_month".into()).or_default().extend(words);
            }
            self.calendar_months.extend(months.into_iter().map(|(name, n)| (name, (calendar, n))));
            Ok(())
        })?;
        read_rows(dir, "date_order.tsv", 2, |row| {
            let order = match row[1] {
                "dmy" | "ymd" => DateOrder::DayFirst,
                "mdy" => DateOrder::MonthFirst,
                "none" => DateOrder::Unknown,
                other => return Err(format!("`{other}` is none of dmy, mdy, ymd, none")),
            };
            self.date_order.insert(row[0].to_string(), order);
            Ok(())
        })?;
        read_rows(dir, "meta_dates.tsv", 2, |row| {
            let modified = match row[0] {
                "published" => false,
                "modified" => true,
                other => return Err(format!("`{other}` is neither published nor modified")),
            };
            self.meta_dates.extend(row[1].split(',').map(|name| (name.trim().to_lowercase(), modified)));
            Ok(())
        })?;
        read_rows(dir, "weekdays.tsv", 2, |row| numbered(&mut self.weekdays, row, 7))?;
        read_rows(dir, "zones.tsv", 2, |row| {
            let minutes = match row[1] {
                "ambiguous" => None,
                text => {
                    Some(text.parse().map_err(|_| format!("`{text}` is neither minutes nor `ambiguous`"))?)
                }
            };
            self.zones.insert(row[0].to_lowercase(), minutes);
            Ok(())
        })?;
        Ok(())
    }
}

fn numbered(into: &mut FxHashMap<String, i8>, row: &[&str], most: i8) -> Result<(), String> {
    let number: i8 = row[0]
        .parse()
        .ok()
        .filter(|n| (1..=most).contains(n))
        .ok_or(format!("`{}` is not 1 to {most}", row[0]))?;
    for name in row[1].split(',') {
        let name = name.trim().to_lowercase();
        // Persian is typed with the Arabic letters yeh and kaf, too.
        into.insert(name.replace('ی', "ي").replace('ک', "ك"), number);
        into.insert(name, number);
    }
    Ok(())
}

fn segment_kind(word: &str) -> Result<SegmentKind, String> {
    use SegmentKind::*;
    [
        Body,
        Title,
        Subhead,
        Teaser,
        Caption,
        Dateline,
        Byline,
        Navigation,
        RelatedHeadline,
        Comment,
        Form,
        Advertisement,
        CookieNotice,
        Spam,
        Foreign,
    ]
    .into_iter()
    .find(|kind| kind.as_str() == word)
    .ok_or(format!("`{word}` is not a kind of segment"))
}

fn read_rows(
    dir: &Path,
    file: &str,
    columns: usize,
    mut take: impl FnMut(&[&str]) -> Result<(), String>,
) -> Result<(), TableError> {
    let path = dir.join(file);
    let text =
        std::fs::read_to_string(&path).map_err(|source| TableError::Read { path: path.clone(), source })?;
    for (i, line) in text.lines().enumerate() {
        if line.is_empty() || line.starts_with("# ") || line == "#" {
            continue;
        }
        let row: Vec<&str> = line.split('\t').map(str::trim).collect();
        let problem = if row.len() != columns {
            Some(format!("{} columns where {columns} are expected", row.len()))
        } else {
            take(&row).err()
        };
        if let Some(problem) = problem {
            return Err(TableError::Row { path, line: i as u32 + 1, problem });
        }
    }
    Ok(())
}
