//! The words of time, from `data/times/`.

use super::calendars::Calendar;
use crate::table::{Row, Table, TableError};
use rustc_hash::{FxHashMap, FxHashSet};
use std::path::Path;

/// A unit of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    Night,
    Week,
    Fortnight,
    Weekend,
    Month,
    Quarter,
    Half,
    Year,
    Decade,
    Century,
    Millennium,
}

/// Which of several periods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    Last,
    Past,
    Previous,
    Next,
    Coming,
    Following,
    This,
    That,
}

/// A part of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Edge {
    Start,
    Mid,
    End,
}

/// What one word can mean in an expression of time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Word {
    Month(i8),
    MonthAbbr(i8),
    Weekday(i8),
    WeekdayAbbr(i8),
    Season(&'static str),
    Unit(Unit),
    Number(u32),
    Ordinal(u32),
    /// `None`: several; `Some(2)`: a couple.
    Vague(Option<u32>),
    Part(&'static str),
    Edge(Edge),
    Which(Which),
    /// Calendar, month, and whether the name alone is a time.
    Other(Calendar, i8, bool),
}

/// What a fixed expression means.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Phrase {
    Ref(&'static str),
    /// Days from the day of speech, part of the day.
    Day(i32, &'static str),
    /// Days from the day the paragraph speaks of, part of the day.
    Same(i32, &'static str),
    Holiday(i8, i8),
    /// Days from Easter Sunday.
    Easter(i32),
    Set(String),
}

/// The words of time, as [`TimeKnowledge::load`] reads them.
#[derive(Debug, Clone, Default)]
pub struct TimeKnowledge {
    words: FxHashMap<String, Vec<Word>>,
    /// By first word: the words and the meaning, longest first.
    phrases: FxHashMap<String, Vec<(Vec<String>, Phrase)>>,
    frames: FxHashSet<(String, Frame)>,
}

/// What a word beside a number or a month, or a verb over a time, shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Frame {
    BeforeYear,
    BeforeYearSure,
    AfterYear,
    AfterDay,
    BeforeMonth,
    BeforeLength,
    BeforePart,
    BeforeCount,
    Counted,
    Modifier,
    FutureVerb,
}

fn frame_of(place: &str) -> Option<Frame> {
    Some(match place {
        "before_year" => Frame::BeforeYear,
        "before_year_sure" => Frame::BeforeYearSure,
        "after_year" => Frame::AfterYear,
        "after_day" => Frame::AfterDay,
        "before_month" => Frame::BeforeMonth,
        "before_length" => Frame::BeforeLength,
        "before_part" => Frame::BeforePart,
        "before_count" => Frame::BeforeCount,
        "counted" => Frame::Counted,
        "modifier" => Frame::Modifier,
        "future_verb" => Frame::FutureVerb,
        _ => return None,
    })
}

impl TimeKnowledge {
    /// Reads `words.tsv`, `phrases.tsv` and `frames.tsv` of the folder `times` in the data folder.
    pub fn load(data: &Path) -> Result<TimeKnowledge, TableError> {
        let dir = data.join("times");
        let mut knowledge = TimeKnowledge::default();
        let table = Table::read(&dir.join("words.tsv"))?;
        for row in table.rows(&["word", "class", "value", "mark"])? {
            let word = word_of(&row).ok_or_else(|| table.error(row.line, "unknown class or value"))?;
            knowledge.words.entry(row.cell(0).to_owned()).or_default().push(word);
        }
        let table = Table::read(&dir.join("phrases.tsv"))?;
        for row in table.rows(&["phrase", "kind", "value"])? {
            let phrase = phrase_of(&row).ok_or_else(|| table.error(row.line, "unknown kind or value"))?;
            let words: Vec<String> = row.cell(0).split(' ').map(str::to_owned).collect();
            knowledge.phrases.entry(words[0].clone()).or_default().push((words, phrase));
        }
        for phrases in knowledge.phrases.values_mut() {
            phrases.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
        }
        let table = Table::read(&dir.join("frames.tsv"))?;
        for row in table.rows(&["word", "place"])? {
            let frame = frame_of(row.cell(1)).ok_or_else(|| table.error(row.line, "unknown place"))?;
            knowledge.frames.insert((row.cell(0).to_owned(), frame));
        }
        Ok(knowledge)
    }

    /// Whether a lower-case word stands in such a place.
    pub(super) fn in_frame(&self, word: &str, frame: Frame) -> bool {
        self.frames.contains(&(word.to_owned(), frame))
    }

    /// What a lower-case word can mean.
    pub(super) fn meanings(&self, word: &str) -> &[Word] {
        self.words.get(word).map_or(&[], Vec::as_slice)
    }

    /// The fixed expressions that begin with a lower-case word, longest first.
    pub(super) fn phrases(&self, first: &str) -> &[(Vec<String>, Phrase)] {
        self.phrases.get(first).map_or(&[], Vec::as_slice)
    }
}

fn word_of(row: &Row<'_>) -> Option<Word> {
    let value = row.cell(2);
    let number = || value.parse::<u32>().ok();
    let small = || value.parse::<i8>().ok();
    let alone = row.cell(3) == "alone";
    Some(match row.cell(1) {
        "month" => Word::Month(small()?),
        "month_abbr" => Word::MonthAbbr(small()?),
        "weekday" => Word::Weekday(small()?),
        "weekday_abbr" => Word::WeekdayAbbr(small()?),
        "season" => Word::Season(known(value, &["SP", "SU", "FA", "WI"])?),
        "unit" => Word::Unit(unit_of(value)?),
        "number" => Word::Number(number()?),
        "ordinal" => Word::Ordinal(number()?),
        "vague" => Word::Vague(number()),
        "part" => Word::Part(known(value, &["MO", "MI", "AF", "EV", "NI", "DT"])?),
        "edge" => Word::Edge(match value {
            "START" => Edge::Start,
            "MID" => Edge::Mid,
            "END" => Edge::End,
            _ => return None,
        }),
        "which" => Word::Which(match value {
            "last" => Which::Last,
            "past" => Which::Past,
            "previous" => Which::Previous,
            "next" => Which::Next,
            "coming" => Which::Coming,
            "following" => Which::Following,
            "this" => Which::This,
            "that" => Which::That,
            _ => return None,
        }),
        "hijri" => Word::Other(Calendar::Hijri, small()?, alone),
        "iranian" => Word::Other(Calendar::Iranian, small()?, alone),
        "ethiopian" => Word::Other(Calendar::Ethiopian, small()?, alone),
        _ => return None,
    })
}

fn unit_of(value: &str) -> Option<Unit> {
    Some(match value {
        "S" => Unit::Second,
        "MIN" => Unit::Minute,
        "H" => Unit::Hour,
        "D" => Unit::Day,
        "NIGHT" => Unit::Night,
        "W" => Unit::Week,
        "FORTNIGHT" => Unit::Fortnight,
        "WEEKEND" => Unit::Weekend,
        "M" => Unit::Month,
        "Q" => Unit::Quarter,
        "HALF" => Unit::Half,
        "Y" => Unit::Year,
        "DECADE" => Unit::Decade,
        "CENTURY" => Unit::Century,
        "MILLENNIUM" => Unit::Millennium,
        _ => return None,
    })
}

fn phrase_of(row: &Row<'_>) -> Option<Phrase> {
    let value = row.cell(2);
    Some(match row.cell(1) {
        "ref" => Phrase::Ref(known(value, &["PAST_REF", "PRESENT_REF", "FUTURE_REF"])?),
        "day" => {
            let (days, part) = days_and_part(value)?;
            Phrase::Day(days, part)
        }
        "same" => {
            let (days, part) = days_and_part(value)?;
            Phrase::Same(days, part)
        }
        "holiday" => {
            let (month, day) = value.split_once('-')?;
            Phrase::Holiday(month.parse().ok()?, day.parse().ok()?)
        }
        "easter" => Phrase::Easter(value.parse().ok()?),
        "set" => Phrase::Set(value.to_owned()),
        _ => return None,
    })
}

fn days_and_part(value: &str) -> Option<(i32, &'static str)> {
    let number = value.trim_end_matches(|c: char| c.is_ascii_uppercase());
    let part = &value[number.len()..];
    let part = if part.is_empty() { "" } else { known(part, &["MO", "MI", "AF", "EV", "NI"])? };
    Some((number.parse().ok()?, part))
}

fn known(value: &str, codes: &[&'static str]) -> Option<&'static str> {
    codes.iter().copied().find(|&code| code == value)
}
