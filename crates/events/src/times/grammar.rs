//! What an expression of time says, before it is known which day that is.

use super::calendars::Calendar;
use super::knowledge::{Edge, Frame, Phrase, TimeKnowledge, Unit, Which, Word};
use super::lex::Lexeme;

/// What an expression says.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Meaning {
    /// Parts of a calendar date; what is not said is `None`.
    Fields(Fields),
    /// `09-07-2018`, where the page decides which number is the month.
    Numeric {
        first: i8,
        second: i8,
        year: i16,
    },
    /// "last week", "the same year", "the end of the month".
    Period {
        unit: Unit,
        which: Which,
        edge: Option<Edge>,
    },
    /// "three weeks ago", "two days later"; no number: "days later".
    Offset {
        n: Option<u32>,
        unit: Unit,
        direction: Direction,
    },
    /// "today", "yesterday, Wednesday".
    Day {
        days: i32,
        weekday: Option<i8>,
        part: &'static str,
    },
    /// "the next day", "that evening".
    Same {
        days: i32,
        part: &'static str,
    },
    Season {
        code: &'static str,
        year: Option<i16>,
        which: Option<Which>,
        edge: Option<Edge>,
    },
    Decade {
        first_year: i16,
        edge: Option<Edge>,
    },
    Century(i16),
    /// Quarter (1-4) or half (1-2) of a year.
    Share {
        unit: Unit,
        n: i8,
        year: Option<i16>,
        which: Option<Which>,
    },
    Duration {
        n: Option<u32>,
        unit: Unit,
        which: Option<Which>,
    },
    Set(String),
    Ref(&'static str),
    Other {
        calendar: Calendar,
        month: i8,
        day: Option<i8>,
        year: Option<i32>,
    },
    /// "Good Friday": days from Easter Sunday.
    Easter {
        days: i32,
        year: Option<i16>,
    },
    /// "in the evening".
    Part(&'static str),
    Clock {
        hour: i8,
        minute: i8,
    },
}

/// Parts of a calendar date.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Fields {
    pub year: Option<i16>,
    pub year_which: Option<Which>,
    pub month: Option<i8>,
    pub month_which: Option<Which>,
    pub day: Option<i8>,
    pub weekday: Option<i8>,
    pub weekday_which: Option<Which>,
    pub edge: Option<Edge>,
    pub part: &'static str,
}

/// Which way an offset goes, and from what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    /// Back from the day of speech.
    Ago,
    /// On from the day of speech.
    FromNow,
    /// On from the day the paragraph speaks of.
    Later,
    /// Back from the day the paragraph speaks of.
    Earlier,
    /// The distance from the happening that follows: "two days after soldiers arrested him".
    After,
    /// The distance to the happening that follows.
    Before,
}

/// An expression found in a sentence: lexemes `first..end`.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub first: usize,
    pub end: usize,
    pub meaning: Meaning,
    /// Whether the expression right before it is where this stretch begins: "from Thursday to Saturday".
    pub closes_range: bool,
    /// Whether what is told goes on to it: "until Friday", "by the weekend".
    pub up_to: bool,
    /// Whether it goes on from it: "since Friday".
    pub since: bool,
}

/// Where it ends, and what it is.
type Parsed<T> = Option<(usize, T)>;

/// Marks and words between two days of one month.
const BETWEEN_DAYS: &[&str] = &["-", "and", "to", "or", "&", ","];

/// Finds the expressions of one sentence, left to right, longest first.
pub(super) fn find(l: &[Lexeme], k: &TimeKnowledge) -> Vec<Found> {
    let g = Grammar { l, k };
    let mut out: Vec<Found> = Vec::new();
    let mut i = 0;
    while i < l.len() {
        if let Some((end, meaning)) = g.second_day(i, out.last()).or_else(|| g.at(i)) {
            let closes_range = g.closes_range(i, out.last());
            let up_to = g.before_is(i, &["until", "till", "by", "before"]);
            let since = g.before_is(i, &["since"]);
            out.push(Found { first: i, end, meaning, closes_range, up_to, since });
            i = end;
        } else {
            i += 1;
        }
    }
    out
}

struct Grammar<'a> {
    l: &'a [Lexeme],
    k: &'a TimeKnowledge,
}

impl Grammar<'_> {
    /// The longest expression that begins at `i`; of equals the first.
    fn at(&self, i: usize) -> Parsed<Meaning> {
        let all = [
            self.phrase(i),
            self.iso(i),
            self.numeric(i),
            self.calendar_date(i),
            self.other_calendar(i),
            self.edged(i),
            self.season(i, None),
            self.decade_or_century(i),
            self.share(i),
            self.period(i),
            self.weekend(i),
            self.offset(i),
            self.duration(i),
            self.with_modifier(i),
            self.repeated(i),
            self.part_of_day(i),
            self.clock(i).map(|(end, (hour, minute))| (end, Meaning::Clock { hour, minute })),
            self.range_start(i),
        ];
        let mut best: Parsed<Meaning> = None;
        for (end, meaning) in all.into_iter().flatten() {
            if best.as_ref().is_none_or(|(b, _)| end > *b) {
                best = Some((end, meaning));
            }
        }
        best
    }

    /// "less than a week", "nearly three months ago": the words before a number belong to the expression.
    fn with_modifier(&self, i: usize) -> Parsed<Meaning> {
        let two = self.is_any(i, &["less", "more", "fewer", "longer"]) && self.is(i + 1, "than")
            || self.is(i, "at") && self.is_any(i + 1, &["least", "most"])
            || self.is(i, "up") && self.is(i + 1, "to");
        let j = match two {
            true => i + 2,
            false if self.lex(i).is_some_and(|x| self.framed(x, Frame::Modifier)) => i + 1,
            false => return None,
        };
        self.amount(j)?;
        self.offset(j).or_else(|| self.duration(j))
    }

    /// Whether only "to" or the like stands between this expression and the one before, which "from" or "between" leads.
    fn closes_range(&self, i: usize, last: Option<&Found>) -> bool {
        let Some(last) = last.filter(|f| f.end + 1 == i) else { return false };
        let from = self.before_is(last.first, &["from"]);
        let between = self.before_is(last.first, &["between"]);
        self.is_any(i - 1, &["to", "until", "till", "through", "-"]) && (from || self.is(i - 1, "-"))
            || between && self.is(i - 1, "and")
    }

    fn lex(&self, i: usize) -> Option<&Lexeme> {
        self.l.get(i)
    }

    fn is(&self, i: usize, word: &str) -> bool {
        self.lex(i).is_some_and(|x| x.is(word))
    }

    fn is_any(&self, i: usize, words: &[&str]) -> bool {
        self.lex(i).is_some_and(|x| x.is_any(words))
    }

    fn before_is(&self, i: usize, words: &[&str]) -> bool {
        i > 0 && self.is_any(i - 1, words)
    }

    fn framed(&self, x: &Lexeme, frame: Frame) -> bool {
        x.number.is_none() && self.k.in_frame(&x.lower, frame)
    }

    fn before_frame(&self, i: usize, frame: Frame) -> bool {
        i > 0 && self.framed(&self.l[i - 1], frame)
    }

    fn skip(&self, i: usize, words: &[&str]) -> usize {
        if self.is_any(i, words) { i + 1 } else { i }
    }

    /// Whether the word at `i` names several.
    fn plural(&self, i: usize) -> bool {
        self.lex(i).is_some_and(|x| x.lower.ends_with('s'))
    }

    fn word<T>(&self, i: usize, pick: impl Fn(Word) -> Option<T>) -> Option<T> {
        let x = self.lex(i).filter(|x| x.number.is_none())?;
        self.k.meanings(&x.lower).iter().find_map(|&w| pick(w))
    }

    fn which(&self, i: usize) -> Option<Which> {
        self.word(i, |w| if let Word::Which(x) = w { Some(x) } else { None })
    }

    fn unit(&self, i: usize) -> Option<Unit> {
        self.word(i, |w| if let Word::Unit(x) = w { Some(x) } else { None })
    }

    fn part(&self, i: usize) -> Option<&'static str> {
        self.word(i, |w| if let Word::Part(x) = w { Some(x) } else { None })
    }

    fn edge_word(&self, i: usize) -> Option<Edge> {
        self.word(i, |w| if let Word::Edge(x) = w { Some(x) } else { None })
    }

    fn season_word(&self, i: usize) -> Option<&'static str> {
        self.word(i, |w| if let Word::Season(x) = w { Some(x) } else { None })
    }

    /// A month's name; abbreviations end with a full stop or not.
    fn month(&self, i: usize) -> Parsed<i8> {
        let full = self.word(i, |w| if let Word::Month(m) = w { Some(m) } else { None });
        if let Some(m) = full {
            return Some((i + 1, m));
        }
        let m = self.word(i, |w| if let Word::MonthAbbr(m) = w { Some(m) } else { None })?;
        let dot = self.is(i + 1, ".") && !self.l[i + 1].spaced;
        Some((if dot { i + 2 } else { i + 1 }, m))
    }

    /// A weekday's name. Abbreviations need a date after them.
    fn weekday(&self, i: usize) -> Parsed<i8> {
        let x = self.lex(i).filter(|x| x.capital)?;
        let full = self.word(i, |w| if let Word::Weekday(d) = w { Some(d) } else { None });
        if let Some(d) = full {
            // "the Tuesday Club", "Friday Okello"
            let named = self.before_is(i, &["the"])
                && self
                    .lex(i + 1)
                    .is_some_and(|n| n.capital && n.number.is_none() && self.k.meanings(&n.lower).is_empty());
            return (!named).then_some((i + 1, d));
        }
        let d = self.word(i, |w| if let Word::WeekdayAbbr(d) = w { Some(d) } else { None })?;
        let next = self.skip(i + 1, &["."]);
        let date = self.skip(next, &[","]);
        let dated = self.day_number(date).is_some() || self.month(date).is_some();
        (x.capital && dated).then_some((next, d))
    }

    /// A day of the month: `9`, `9th`, `ninth`, `twenty-first`.
    fn day_number(&self, i: usize) -> Parsed<i8> {
        let x = self.lex(i)?;
        if let Some(n) = x.number {
            let fits = (1..=31).contains(&n) && x.digits <= 2;
            return (fits && (x.lower.is_empty() || is_ordinal_ending(&x.lower))).then_some((i + 1, n as i8));
        }
        self.ordinal_word(i).filter(|(_, n)| *n <= 31).map(|(end, n)| (end, n as i8))
    }

    /// A day of the month that is written as an ordinal.
    fn ordinal_day(&self, i: usize) -> Parsed<i8> {
        let x = self.lex(i)?;
        if x.number.is_some() && !is_ordinal_ending(&x.lower) {
            return None;
        }
        self.day_number(i)
    }

    fn ordinal_word(&self, i: usize) -> Parsed<u32> {
        let tens = self.word(i, |w| if let Word::Number(n @ (20 | 30)) = w { Some(n) } else { None });
        let ordinal = |j| self.word(j, |w| if let Word::Ordinal(n) = w { Some(n) } else { None });
        if let Some(tens) = tens {
            let j = self.skip(i + 1, &["-"]);
            return ordinal(j).filter(|n| *n < 10).map(|n| (j + 1, tens + n));
        }
        ordinal(i).map(|n| (i + 1, n))
    }

    fn four_digits(&self, i: usize) -> Parsed<i16> {
        let x = self.lex(i)?;
        let n = x.plain_number().filter(|n| x.digits == 4 && (1000..=2200).contains(n))?;
        Some((i + 1, n as i16))
    }

    /// Whether a number follows the mark at `i` without white space.
    fn glued_number(&self, i: usize, marks: &[&str]) -> bool {
        self.is_any(i, marks)
            && !self.l[i].spaced
            && self.lex(i + 1).is_some_and(|n| !n.spaced && n.number.is_some())
    }

    /// The year after a month: `, 2018`, `of 2018`, `of the year 2018`, `'18`, or "this year".
    fn year_after(&self, i: usize) -> Parsed<(Option<i16>, Option<Which>)> {
        let mut j = self.skip(i, &[",", "of", "in", "de", "/", "-"]);
        j = self.skip(j, &["the"]);
        j = self.skip(j, &["year"]);
        if let Some((end, y)) = self.four_digits(j) {
            let part_of_more = self.glued_number(end, &["-", ":"]) && self.l[end + 1].digits < 4;
            return (!part_of_more).then_some((end, (Some(y), None)));
        }
        if self.is(i, "'")
            && self.lex(i + 1).is_some_and(|x| x.plain_number().is_some() && x.digits == 2 && !x.spaced)
        {
            return Some((i + 2, (Some(two_digit_year(self.l[i + 1].number?)), None)));
        }
        let j = self.skip(self.skip(i, &["of", "in", ","]), &["the"]);
        let which = self.which(j)?;
        let j = if self.is(j, "that") && self.is(j + 1, "same") { j + 1 } else { j };
        (self.unit(j + 1) == Some(Unit::Year) && !self.plural(j + 1)).then_some((j + 2, (None, Some(which))))
    }

    /// Dates of the common calendar in words, with what may stand round them.
    fn calendar_date(&self, i: usize) -> Parsed<Meaning> {
        let mut f = Fields::default();
        let mut j = i;
        // "the night of 4 July", "midnight on Tuesday"
        let the = self.skip(j, &["the"]);
        if let Some(part) = self.part(the)
            && self.is_any(the + 1, &["of", "on"])
        {
            let end = self.plain_date(the + 2, &mut f).or_else(|| {
                f = Fields::default();
                self.plain_date(self.skip(the + 2, &["the"]), &mut f)
            });
            if let Some(end) = end {
                f.part = part;
                return Some((self.trailing_part(end, &mut f), Meaning::Fields(f)));
            }
            f = Fields::default();
        }
        // "last Monday", "the following Friday"
        if let Some(which) = self.which(the)
            && let Some((end, d)) = self.weekday(the + 1)
        {
            f.weekday = Some(d);
            f.weekday_which = Some(which);
            return Some((self.trailing_part(end, &mut f), Meaning::Fields(f)));
        }
        // "last December", "this April"; "last May 5" is a date of its own.
        if let Some(which) = self.which(the).filter(|w| *w != Which::That && the == j)
            && let Some((end, m)) = self.month(the + 1)
            && self.l[the + 1].capital
            && self.day_number(end).is_none()
            && self.year_after(end).is_none()
        {
            f.month = Some(m);
            f.month_which = Some(which);
            return Some((end, Meaning::Fields(f)));
        }
        if self.is_any(j, &["early", "late"]) && self.weekday(j + 1).is_some() {
            j += 1;
        }
        let end = self.plain_date(j, &mut f)?;
        Some((self.trailing_part(end, &mut f), Meaning::Fields(f)))
    }

    /// "Monday, 9 July 2018", "July 9", "the 9th of July", "May 2018", "the May of 1998", "the 21st", "1998".
    fn plain_date(&self, i: usize, f: &mut Fields) -> Option<usize> {
        if let Some((after, d)) = self.weekday(i) {
            f.weekday = Some(d);
            let mut k = self.skip(after, &[","]);
            if let Some(part) = self.part(k).filter(|_| k == after) {
                f.part = part;
                k = self.skip(k + 1, &[",", "of"]);
            }
            k = self.skip(k, &["the", "of"]);
            if let Some(end) = self.day_and_month(k, f).filter(|_| f.day.is_some()) {
                return Some(end);
            }
            (f.month, f.year, f.year_which) = (None, None, None);
            if let Some((end, day)) = self.ordinal_day(k).filter(|(e, _)| !self.counts(*e)) {
                f.day = Some(day);
                return Some(end);
            }
            f.part = "";
            return Some(after);
        }
        let the = self.skip(i, &["the"]);
        if let Some(end) = self.day_and_month(the, f) {
            let bare_month = f.day.is_none() && f.year.is_none();
            return (!(bare_month && the > i)).then_some(end);
        }
        if the > i {
            // "the 21st", "the third of the current month"
            let (end, day) = self.ordinal_day(the)?;
            let of = self.skip(self.skip(end, &["of"]), &["the"]);
            if self.is(end, "of")
                && let Some(which) = self.which(of)
                && self.unit(of + 1) == Some(Unit::Month)
            {
                f.day = Some(day);
                f.month_which = Some(which);
                return Some(of + 2);
            }
            let free = self.l[the].number.is_some() && !self.counts(end) && !self.is_any(end, &["-", "of"]);
            f.day = free.then_some(day);
            return free.then_some(end);
        }
        self.year(i, f)
    }

    /// Whether the word here is what an ordinal counts: "the 21st century", "the 3rd battalion".
    fn counts(&self, i: usize) -> bool {
        let Some(x) = self.lex(i) else { return false };
        let word = x.lower.chars().all(char::is_alphabetic) && !x.lower.is_empty();
        x.number.is_some() || x.lower == "-" && !x.spaced || word && !self.framed(x, Frame::AfterDay)
    }

    /// A month with a day or a year, or alone.
    fn day_and_month(&self, i: usize, f: &mut Fields) -> Option<usize> {
        if let Some((after_day, day)) = self.day_number(i) {
            let of = self.skip(self.skip(self.skip(after_day, &["-", "/"]), &["of"]), &["the"]);
            let (end, month) = self.month(of)?;
            if !self.month_like(of, true) {
                return None;
            }
            f.day = Some(day);
            f.month = Some(month);
            return Some(self.with_year(end, f));
        }
        let (after, month) = self.month(i)?;
        let abbreviated = self.word(i, |w| matches!(w, Word::Month(_)).then_some(())).is_none();
        let day_at = self.skip(after, &["the", "-"]);
        if let Some((end, day)) = self.day_number(day_at)
            && self.month_like(i, true)
            && (self.l[day_at].number.is_some() || self.is(after, "the") && !self.l[day_at].capital)
            && !self.glued_number(end, &[":"])
        {
            f.month = Some(month);
            f.day = Some(day);
            return Some(self.with_year(end, f));
        }
        f.month = Some(month);
        let end = self.with_year(after, f);
        if f.year.is_some() || f.year_which.is_some() {
            if self.month_like(i, true) {
                return Some(end);
            }
        } else if !abbreviated && self.month_like(i, false) {
            return Some(after);
        }
        (f.month, f.year, f.year_which) = (None, None, None);
        None
    }

    fn with_year(&self, i: usize, f: &mut Fields) -> usize {
        match self.year_after(i) {
            Some((end, (year, which))) => {
                f.year = year;
                f.year_which = which;
                end
            }
            None => i,
        }
    }

    /// Whether the word is a month and not a verb or a first name. `sure`: a number stands beside it.
    fn month_like(&self, i: usize, sure: bool) -> bool {
        let Some(x) = self.lex(i) else { return false };
        let verb = x.is_any(&["may", "march", "mar", "sep", "dec", "jan"]);
        if sure {
            return x.capital || !verb;
        }
        if !x.capital {
            return false;
        }
        let led = self.before_frame(i, Frame::BeforeMonth)
            || i > 0 && (self.which(i - 1).is_some() || self.edge_word(i - 1).is_some());
        if verb {
            return led;
        }
        let named = self.lex(i + 1).is_some_and(|n| {
            n.capital && n.spaced && n.number.is_none() && self.k.meanings(&n.lower).is_empty()
        });
        led || !named
    }

    /// A bare year.
    fn year(&self, i: usize, f: &mut Fields) -> Option<usize> {
        let x = self.lex(i)?;
        if x.is("'") && self.before_is(i, &["in", "since", "of", "by"]) {
            let short = self.lex(i + 1)?;
            if short.plain_number().is_some() && short.digits == 2 && !short.spaced && !self.is(i + 2, "'") {
                f.year = Some(two_digit_year(short.number?));
                return Some(i + 2);
            }
        }
        let (end, year) = self.four_digits(i)?;
        let after_mark = i > 0 && !x.spaced && self.is_any(i - 1, &[".", ",", ":", "/", "$", "€", "£", "#"]);
        let valued = i > 0 && self.framed(&self.l[i - 1], Frame::BeforeCount);
        if after_mark || valued || self.glued_number(end, &[".", ",", ":", "/"]) {
            return None;
        }
        let next = self.lex(end);
        let unit_follows = next.is_some_and(|n| self.framed(n, Frame::Counted));
        let counted = unit_follows
            || next.is_some_and(|n| {
                let plural = n.lower.len() > 3 && !n.capital && n.lower.ends_with('s');
                n.number.is_none() && plural && !n.is_any(&["this", "thus", "across"])
            });
        let sure = self.before_frame(i, Frame::BeforeYearSure)
            || i > 0 && (self.edge_word(i - 1).is_some() || self.season_word(i - 1).is_some());
        let led = sure
            || i == 0
            || self.before_frame(i, Frame::BeforeYear)
            || self.before_is(i, &["(", "-", "[", ",", "the"]);
        let recent = (1700..=2100).contains(&year);
        let free = next
            .is_none_or(|n| !n.lower.chars().all(char::is_alphanumeric) || self.framed(n, Frame::AfterYear));
        let fits = sure && !counted || sure && recent && !unit_follows || recent && !counted && (led || free);
        f.year = fits.then_some(year);
        fits.then_some(end)
    }

    /// "Monday evening", "9 July at night": the part of the day after a date.
    fn trailing_part(&self, end: usize, f: &mut Fields) -> usize {
        if f.day.is_none() && f.weekday.is_none() {
            return end;
        }
        let mut j = self.skip(self.skip(end, &["in", "at"]), &["the"]);
        if j > end {
            j = self.skip(j, &["early", "late"]);
        }
        match self.part(j) {
            Some(part) if j == end || !self.is(j + 1, "of") => {
                f.part = part;
                j + 1
            }
            _ => end,
        }
    }

    /// `8` in "8 and 9 July": a day that borrows its month from the next.
    fn range_start(&self, i: usize) -> Parsed<Meaning> {
        let (after, day) = self.day_number(i).filter(|_| self.l[i].number.is_some())?;
        let mut j = after;
        for _ in 0..4 {
            if !self.is_any(j, BETWEEN_DAYS) {
                return None;
            }
            let mut g = Fields::default();
            let (next, _) = self.day_number(j + 1)?;
            if self.day_and_month(j + 1, &mut g).is_some() {
                let later = g.day.is_some_and(|d| d > day) && g.month.is_some();
                let f = Fields { day: Some(day), ..g };
                return later.then_some((after, Meaning::Fields(f)));
            }
            j = next;
        }
        None
    }

    /// `9` in "July 8 and 9": a day that borrows its month from the one before.
    fn second_day(&self, i: usize, last: Option<&Found>) -> Parsed<Meaning> {
        let last = last.filter(|f| f.end + 1 == i)?;
        let Meaning::Fields(Fields { month: Some(month), day: Some(first), year, .. }) = last.meaning else {
            return None;
        };
        if !self.is_any(i - 1, BETWEEN_DAYS) || self.is(i - 1, ",") {
            return None;
        }
        let (end, day) = self.day_number(i).filter(|_| self.l[i].number.is_some())?;
        if day <= first || self.counts(end) || self.month(end).is_some() || self.is(end, ":") {
            return None;
        }
        Some((end, Meaning::Fields(Fields { month: Some(month), day: Some(day), year, ..Fields::default() })))
    }

    /// `2018-07-09`, `2018/07/09`.
    fn iso(&self, i: usize) -> Parsed<Meaning> {
        let (j, year) = self.four_digits(i)?;
        if !self.glued_number(j, &["-", "/", "."]) || !self.is(j + 2, &self.l[j].lower) {
            return None;
        }
        let (month, day) = (self.lex(j + 1)?, self.lex(j + 3)?);
        let (m, d) = (month.plain_number()?, day.number?);
        let fits = !day.spaced
            && day.digits <= 2
            && month.digits <= 2
            && (1..=12).contains(&m)
            && (1..=31).contains(&d);
        fits.then(|| {
            (
                j + 4,
                Meaning::Fields(Fields {
                    year: Some(year),
                    month: Some(m as i8),
                    day: Some(d as i8),
                    ..Fields::default()
                }),
            )
        })
    }

    /// `09-07-2018`, `22/07/20`.
    fn numeric(&self, i: usize) -> Parsed<Meaning> {
        let first = self.lex(i).filter(|x| x.digits <= 2)?.plain_number()?;
        if !self.glued_number(i + 1, &["-", "/", "."]) {
            return None;
        }
        let mark = &self.l[i + 1];
        let second = self.lex(i + 2).filter(|x| x.digits <= 2)?.plain_number()?;
        if !self.is(i + 3, &mark.lower) || !self.glued_number(i + 3, &["-", "/", "."]) {
            return None;
        }
        let last = self.lex(i + 4)?;
        let n = last.plain_number()?;
        let year = match last.digits {
            4 if (1000..=2200).contains(&n) => n as i16,
            2 if !mark.is(".") => two_digit_year(n),
            _ => return None,
        };
        let day = |n: u32| (1..=31).contains(&n);
        if self.glued_number(i + 5, &["-", "/", "."])
            || !day(first)
            || !day(second)
            || (first > 12 && second > 12)
        {
            return None;
        }
        Some((i + 5, Meaning::Numeric { first: first as i8, second: second as i8, year }))
    }

    /// "Ramadan", "10 Muharram 1442", "the 31st of Tir", "Hamle 2, 2010".
    fn other_calendar(&self, i: usize) -> Parsed<Meaning> {
        let name = |j: usize| {
            let x = self.lex(j).filter(|x| x.capital)?;
            self.k.meanings(&x.lower).iter().find_map(|&w| match w {
                Word::Other(calendar, month, alone) => Some((calendar, month, alone)),
                _ => None,
            })
        };
        let year_at = |j: usize| {
            let j = self.skip(j, &[",", "of"]);
            let x = self.lex(j)?;
            let n = x.plain_number().filter(|_| x.digits == 4)?;
            Some((self.skip(j + 1, &["ah", "sh"]), n as i32))
        };
        let dated = |calendar, month, day, at: usize| {
            let (end, year) = year_at(at).map_or((at, None), |(e, y)| (e, Some(y)));
            Some((end, Meaning::Other { calendar, month, day, year }))
        };
        let the = self.skip(i, &["the"]);
        if let Some((after, day)) = self.day_number(the) {
            let of = self.skip(after, &["of"]);
            let (calendar, month, _) = name(of)?;
            return dated(calendar, month, Some(day), of + 1);
        }
        let (calendar, month, alone) = name(i)?;
        if let Some((after, day)) = self.day_number(i + 1).filter(|_| self.l[i + 1].number.is_some()) {
            return dated(calendar, month, Some(day), after);
        }
        if alone || year_at(i + 1).is_some() { dated(calendar, month, None, i + 1) } else { None }
    }

    /// "the end of June", "early 2019", "mid-July", "the middle of the last month", "month's end".
    fn edged(&self, i: usize) -> Parsed<Meaning> {
        if self.is_any(i, &["month", "year", "week"])
            && self.is(i + 1, "'")
            && self.is(i + 2, "s")
            && self.is(i + 3, "end")
        {
            return Some((
                i + 4,
                Meaning::Period { unit: self.unit(i)?, which: Which::That, edge: Some(Edge::End) },
            ));
        }
        let j = self.skip(self.skip(i, &["the"]), &["very"]);
        let edge = self.edge_word(j)?;
        let mut k = self.skip(j + 1, &["-", "part", "half"]);
        let of = self.is_any(k, &["of", "in"]);
        // "end June", but no "start 1990" and no "close August".
        let noun =
            self.is_any(j, &["beginning", "start", "onset", "outset", "close", "middle", "midst", "end"]);
        if noun && !of && !(self.is(j, "end") && self.month(k).is_some()) {
            return None;
        }
        if of {
            k += 1;
        }
        let the = self.skip(k, &["the"]);
        self.edged_body(k, edge).or_else(|| if the > k { self.edged_body(the, edge) } else { None })
    }

    fn edged_body(&self, k: usize, edge: Edge) -> Parsed<Meaning> {
        let edge = Some(edge);
        let the = self.skip(k, &["the"]);
        if let Some((end, Meaning::Season { code, year, which, .. })) = self.season(k, edge) {
            return Some((end, Meaning::Season { code, year, which, edge }));
        }
        if let Some((end, Meaning::Decade { first_year, .. })) = self.decade_or_century(the) {
            return Some((end, Meaning::Decade { first_year, edge }));
        }
        if let Some((end, Meaning::Period { unit, which, .. })) = self.period(k) {
            return Some((end, Meaning::Period { unit, which, edge }));
        }
        let calendar_unit = self
            .unit(the)
            .filter(|u| matches!(u, Unit::Week | Unit::Month | Unit::Year | Unit::Day | Unit::Decade));
        if let Some(unit) = calendar_unit.filter(|_| the > k && !self.plural(the)) {
            if let Some((end, year)) = self.four_digits(the + 1).filter(|_| unit == Unit::Year) {
                return Some((end, Meaning::Fields(Fields { year: Some(year), edge, ..Fields::default() })));
            }
            return Some((the + 1, Meaning::Period { unit, which: Which::That, edge }));
        }
        let mut f = Fields::default();
        let mut end = self.day_and_month(the, &mut f).filter(|_| f.day.is_none());
        if end.is_none() {
            f = Fields::default();
            end = self.year(k, &mut f);
        }
        f.edge = edge;
        end.map(|end| (end, Meaning::Fields(f)))
    }

    /// "the spring of 1994", "last summer", "in winter". Bare "fall", and "Spring" after a capital, are no seasons.
    fn season(&self, i: usize, edge: Option<Edge>) -> Parsed<Meaning> {
        // "2019 summer"
        if let Some((j, y)) = self.four_digits(i)
            && let Some(code) = self.season_word(j)
        {
            return Some((j + 1, Meaning::Season { code, year: Some(y), which: None, edge }));
        }
        let the = self.skip(i, &["the"]);
        let which = self.which(the);
        let j = if which.is_some() { the + 1 } else { the };
        let code = self.season_word(j)?;
        if let Some((end, (year, year_which))) = self.year_after(j + 1).filter(|_| !self.is(j + 1, "-")) {
            return Some((end, Meaning::Season { code, year, which: year_which.or(which), edge }));
        }
        let fall = self.l[j].is("fall");
        let doubtful = fall || self.l[j].is("spring");
        let led = which.is_some() || edge.is_some() || the > i || self.before_frame(i, Frame::BeforeMonth);
        let title = self.l[j].capital && j > 0 && self.l[j - 1].capital && the == j;
        let event = self.is(j + 1, "of") && fall;
        if title
            || event
            || doubtful && !led
            || fall && which.is_none() && !(the > i && self.before_is(i, &["in", "this", "by"]))
        {
            return None;
        }
        Some((j + 1, Meaning::Season { code, year: None, which, edge }))
    }

    /// `1990s`, "the 21st century", "eighteenth-century".
    fn decade_or_century(&self, i: usize) -> Parsed<Meaning> {
        if self.is(i, "the") && self.lex(i + 1).is_some_and(|x| x.lower == "s" || x.is("'")) {
            return self.decade_or_century(i + 1);
        }
        let x = self.lex(i)?;
        if let Some(n) = x.number.filter(|n| x.lower == "s" && x.digits == 4 && (1000..=2100).contains(n)) {
            if n % 100 == 0 && n < 2000 {
                return Some((i + 1, Meaning::Century((n / 100 + 1) as i16)));
            }
            return (n % 10 == 0).then_some((i + 1, Meaning::Decade { first_year: n as i16, edge: None }));
        }
        if x.is("'") && self.lex(i + 1).is_some_and(|y| y.lower == "s" && y.digits == 2 && !y.spaced) {
            let n = self.l[i + 1].number?;
            return (n % 10 == 0)
                .then_some((i + 2, Meaning::Decade { first_year: two_digit_year(n), edge: None }));
        }
        let the = self.skip(i, &["the"]);
        let (end, n) = match self.lex(the)?.number {
            Some(n) if is_ordinal_ending(&self.l[the].lower) => (the + 1, n),
            Some(_) => return None,
            None => self.ordinal_word(the)?,
        };
        let end = self.skip(end, &["-"]);
        (self.unit(end) == Some(Unit::Century) && (1..=30).contains(&n))
            .then_some((end + 1, Meaning::Century(n as i16)))
    }

    /// "the first quarter of 2020", "Q1 2020", "the second half of this year".
    fn share(&self, i: usize) -> Parsed<Meaning> {
        if let Some(x) = self.lex(i).filter(|x| x.capital && x.number.is_none() && x.lower.starts_with('q')) {
            let n = x.lower[1..].parse::<i8>().ok().filter(|n| (1..=4).contains(n))?;
            let (end, (year, which)) = self.year_after(i + 1).unwrap_or((i + 1, (None, None)));
            return Some((end, Meaning::Share { unit: Unit::Quarter, n, year, which }));
        }
        let the = self.skip(i, &["the"]);
        let closing = self.is_any(the, &["last", "final"]);
        let (j, n) = match closing {
            true => (the + 1, if self.unit(the + 1) == Some(Unit::Quarter) { 4 } else { 2 }),
            false => self.ordinal_day(the)?,
        };
        let unit = if self.is(j, "half") { Unit::Half } else { self.unit(j)? };
        let most = match unit {
            Unit::Quarter => 4,
            Unit::Half => 2,
            _ => return None,
        };
        let (end, (year, which)) = self.year_after(j + 1).or_else(|| {
            let year = self.is(j + 1, "of") && self.is(j + 2, "the") && self.is(j + 3, "year");
            year.then_some((j + 4, (None, Some(Which::That))))
        })?;
        (n <= most).then_some((end, Meaning::Share { unit, n, year, which }))
    }

    /// "last week", "this year", "the same month", "later that day", "later in the year", "later in 1792".
    fn period(&self, i: usize) -> Parsed<Meaning> {
        let mut j = self.skip(i, &["the"]);
        let mut edge = None;
        if self.is_any(j, &["later", "earlier"]) {
            edge = Some(if self.is(j, "later") { Edge::End } else { Edge::Start });
            let k = self.skip(j + 1, &["in"]);
            if k > j + 1 {
                if self.is(k, "the") && !self.plural(k + 1) {
                    let unit = self
                        .unit(k + 1)
                        .filter(|u| matches!(u, Unit::Year | Unit::Month | Unit::Week | Unit::Day));
                    if let Some(unit) = unit {
                        return Some((k + 2, Meaning::Period { unit, which: Which::That, edge }));
                    }
                }
                if let Some((end, year)) = self.four_digits(k) {
                    return Some((
                        end,
                        Meaning::Fields(Fields { year: Some(year), edge, ..Fields::default() }),
                    ));
                }
                return None;
            }
            j += 1;
        }
        let mut which = self.which(j)?;
        let mut k = j + 1;
        if which == Which::That && self.which(k) == Some(Which::That) {
            k += 1;
        }
        let unit = self.unit(k)?;
        let short = matches!(unit, Unit::Second | Unit::Minute | Unit::Hour | Unit::Night);
        if short || self.plural(k) {
            return None;
        }
        // "next year" is told from the day of writing, "the next year" from the day told of.
        if which == Which::Next && j > i {
            which = Which::Following;
        }
        Some((k + 1, Meaning::Period { unit, which, edge }))
    }

    /// "over the weekend", "by the weekend".
    fn weekend(&self, i: usize) -> Parsed<Meaning> {
        let the = self.skip(i, &["the"]);
        let bare = the > i && self.is(the, "weekend");
        let of = self.is(the + 1, "of") && self.which(the + 2).is_none();
        (bare && !of)
            .then_some((the + 1, Meaning::Period { unit: Unit::Weekend, which: Which::This, edge: None }))
    }

    /// A number of units: digits, words, "a", "several", "a couple of".
    fn amount(&self, i: usize) -> Parsed<Option<u32>> {
        let x = self.lex(i)?;
        if let Some(n) = x.number {
            return (x.lower.is_empty() && n <= 100_000).then_some((i + 1, Some(n)));
        }
        let number = |j: usize| self.word(j, |w| if let Word::Number(n) = w { Some(n) } else { None });
        let vague = |j: usize| self.word(j, |w| if let Word::Vague(n) = w { Some(n) } else { None });
        if let Some(n) = number(i) {
            let j = self.skip(i + 1, &["-"]);
            if let Some(m) = number(j).filter(|m| *m < 10 && (20..100).contains(&n)) {
                return Some((j + 1, Some(n + m)));
            }
            if n < 20 && number(i + 1) == Some(100) {
                return Some((i + 2, Some(n * 100)));
            }
            return Some((i + 1, Some(n)));
        }
        if let Some(n) = vague(i) {
            // "some 20 days"
            if let Some((end, n)) = self.lex(i + 1).and_then(|y| y.plain_number()).map(|n| (i + 2, n)) {
                return x.is("some").then_some((end, Some(n)));
            }
            return Some((self.skip(i + 1, &["of"]), n));
        }
        if x.is_any(&["a", "an"]) {
            if let Some(n) = vague(i + 1) {
                return Some((self.skip(i + 2, &["of"]), n));
            }
            if let Some(n) = number(i + 1).filter(|n| *n >= 12) {
                return Some((i + 2, Some(n)));
            }
            return Some((self.skip(i + 1, &["full", "whole", "single", "mere"]), Some(1)));
        }
        None
    }

    /// "three weeks ago", "two days later", "days earlier", "a year before", "hours after he was seized".
    fn offset(&self, i: usize) -> Parsed<Meaning> {
        let (j, n) = self.amount(i).unwrap_or((i, None));
        let j = self.skip(j, &["-"]);
        let unit = self.unit(j)?;
        if j == i && !self.plural(j) {
            return None;
        }
        let k = j + 1;
        let x = self.lex(k).filter(|x| x.number.is_none())?;
        let (end, direction) = match x.lower.as_str() {
            "ago" | "back" => (k + 1, Direction::Ago),
            "after" if self.goes_on(k + 1) => (k + 1, Direction::After),
            "before" if self.goes_on(k + 1) => (k + 1, Direction::Before),
            "later" | "after" | "afterwards" | "afterward" => (k + 1, Direction::Later),
            "earlier" | "before" | "previously" | "prior" => (k + 1, Direction::Earlier),
            "hence" => (k + 1, Direction::FromNow),
            "from" if self.is_any(k + 1, &["now", "today"]) => (k + 2, Direction::FromNow),
            _ => return None,
        };
        Some((end, Meaning::Offset { n, unit, direction }))
    }

    /// Whether a clause or a noun phrase follows.
    fn goes_on(&self, i: usize) -> bool {
        self.lex(i).is_some_and(|x| x.number.is_some() || x.lower.chars().all(char::is_alphanumeric))
    }

    /// "two days", "a two-day visit", "the past two weeks", "for months", "decades-long".
    fn duration(&self, i: usize) -> Parsed<Meaning> {
        let the = self.skip(i, &["the", "these", "those", "its", "his", "her", "their"]);
        let counted =
            |j: usize| self.amount(j).is_some_and(|(e, _)| self.unit(self.skip(e, &["-"])).is_some());
        let which = self.which(the).filter(|w| {
            *w != Which::That && (counted(the + 1) || self.unit(the + 1).is_some() && self.plural(the + 1))
        });
        let j = if which.is_some() { the + 1 } else { i };
        let (k, n) = match self.amount(j) {
            Some(found) => found,
            None if self.unit(j).is_some() && !self.plural(j) => {
                // "the year-long inquiry"
                let long = self.is(j + 1, "-") && self.is(j + 2, "long") && j == i;
                return long.then_some((j + 3, Meaning::Duration { n: Some(1), unit: self.unit(j)?, which }));
            }
            None => {
                let long = self.is(j + 1, "-") && self.is(j + 2, "long");
                let led = which.is_some() || self.before_frame(i, Frame::BeforeLength);
                if self.unit(j).is_none() || !self.plural(j) || !(led || long) {
                    return None;
                }
                (j, None)
            }
        };
        let k = self.skip(k, &["-"]);
        let k = self.skip(k, &["consecutive", "straight", "more", "long", "full", "whole", "successive"]);
        let unit = self.unit(k)?;
        // "a second" is an ordinal, "a quarter" a share; "25-year-old" and "25 years old" are ages.
        let article = self.is_any(j, &["a", "an"]);
        // "a weeks-long strike": the article is the noun's.
        let long_several = article && j + 1 == k && self.plural(k) && self.is(k + 1, "-");
        if self.is_any(k, &["second", "quarter", "quarters"])
            || article && unit == Unit::Weekend
            || long_several
        {
            return None;
        }
        let mut end = k + 1;
        if self.is(self.skip(end, &["-"]), "old") {
            return None;
        }
        if self.is(end, "-") && self.is(end + 1, "long") || self.is(end, "'") && self.is(end + 1, "time") {
            end += 2;
        }
        Some((end, Meaning::Duration { n, unit, which }))
    }

    /// "every Friday", "on Fridays", "every two weeks".
    fn repeated(&self, i: usize) -> Parsed<Meaning> {
        if self.is_any(i, &["every", "each"]) {
            if let Some((end, d)) = self.weekday(i + 1) {
                return Some((end, Meaning::Set(format!("XXXX-WXX-{d}"))));
            }
            if let Some((end, m)) = self.month(i + 1) {
                return Some((end, Meaning::Set(format!("XXXX-{m:02}"))));
            }
            if let Some(code) = self.season_word(i + 1) {
                return Some((i + 2, Meaning::Set(format!("XXXX-{code}"))));
            }
            if let Some(part) = self.part(i + 1) {
                return Some((i + 2, Meaning::Set(format!("XXXX-XX-XXT{part}"))));
            }
            let (j, n) = self.amount(i + 1)?;
            let unit = self.unit(j)?;
            return Some((j + 1, Meaning::Set(super::values::duration(n, unit))));
        }
        let x = self.lex(i).filter(|x| x.capital && x.lower.ends_with('s'))?;
        let singular = &x.lower[..x.lower.len() - 1];
        let day = self
            .k
            .meanings(singular)
            .iter()
            .find_map(|w| if let Word::Weekday(d) = w { Some(*d) } else { None })?;
        Some((i + 1, Meaning::Set(format!("XXXX-WXX-{day}"))))
    }

    /// "in the evening", "at night", "one afternoon", "daytime".
    fn part_of_day(&self, i: usize) -> Parsed<Meaning> {
        let j = self.skip(i, &["the", "one"]);
        let k = self.skip(j, &["early", "late"]);
        let part = self.part(k)?;
        let x = &self.l[k];
        // "Evening Standard", "Golden Dawn"
        let named =
            x.capital && k > 0 && (self.lex(k + 1).is_some_and(|n| n.capital) || self.l[k - 1].capital);
        let bare = x.is_any(&["midnight", "noon", "midday", "overnight", "daytime"]);
        let led = j > i || bare || self.before_frame(i, Frame::BeforePart);
        (led && !named).then_some((k + 1, Meaning::Part(part)))
    }

    /// `10:40`, `9 p.m.`, `5:30pm`, `05:30hrs`.
    fn clock(&self, i: usize) -> Parsed<(i8, i8)> {
        let x = self.lex(i).filter(|x| x.digits <= 2)?;
        let mut hour = x.number?;
        let mut minute = 0;
        let mut suffix = x.lower.as_str();
        let mut end = i + 1;
        let mut sure = false;
        if suffix.is_empty()
            && self.glued_number(end, &[":", "."])
            && let Some(m) = self.lex(end + 1).filter(|m| m.digits == 2)
        {
            minute = m.number?;
            suffix = m.lower.as_str();
            sure = self.is(end, ":") || suffix.starts_with("hr");
            end += 2;
            if self.glued_number(end, &[":"]) && self.l[end + 1].digits == 2 {
                suffix = self.l[end + 1].lower.as_str();
                end += 2;
            }
        }
        let dotted = |a: &str| self.is(end, a) && self.is(end + 1, ".") && self.is(end + 2, "m");
        let mut afternoon = None;
        if suffix == "am" || suffix == "pm" {
            afternoon = Some(suffix == "pm");
        } else if suffix.is_empty() && self.is_any(end, &["am", "pm"]) {
            afternoon = Some(self.is(end, "pm"));
            end += 1;
        } else if suffix.is_empty() && (dotted("a") || dotted("p")) {
            afternoon = Some(self.is(end, "p"));
            end += 3;
            if self.is(end, ".") && !self.l[end].spaced {
                end += 1;
            }
        }
        let known = suffix.is_empty() || afternoon.is_some() || suffix.starts_with("hr") || suffix == "h";
        if afternoon.is_none() && !sure || !known {
            return None;
        }
        if let Some(pm) = afternoon {
            if !(1..=12).contains(&hour) {
                return None;
            }
            hour = hour % 12 + if pm { 12 } else { 0 };
        }
        (hour <= 24 && minute < 60).then_some((end, (hour as i8, minute as i8)))
    }

    /// Fixed expressions; "yesterday, Wednesday" is one.
    fn phrase(&self, i: usize) -> Parsed<Meaning> {
        let first = self.lex(i).filter(|x| x.number.is_none())?;
        let fits = |words: &[String]| words.iter().enumerate().all(|(n, w)| self.is(i + n, w));
        let (words, phrase) = self.k.phrases(&first.lower).iter().find(|(words, _)| fits(words))?;
        let end = i + words.len();
        let meaning = match phrase {
            Phrase::Ref(code) => {
                // "Former" in a title is part of a name; "the time" needs a preposition.
                let title = first.capital && i > 0 && words.len() == 1;
                let led = !matches!(words.last().map(String::as_str), Some("time" | "moment" | "period"))
                    || self.before_frame(i, Frame::BeforePart);
                if title || !led {
                    return None;
                }
                Meaning::Ref(code)
            }
            Phrase::Day(days, part) => return Some(self.speech_day(end, *days, part)),
            Phrase::Same(days, part) => Meaning::Same { days: *days, part },
            Phrase::Holiday(month, day) => {
                let mut f = Fields { month: Some(*month), day: Some(*day), ..Fields::default() };
                let e = self.with_year(end, &mut f);
                return Some((e, Meaning::Fields(f)));
            }
            Phrase::Easter(days) => {
                let mut f = Fields::default();
                let e = self.with_year(end, &mut f);
                let year = f.year.filter(|_| f.year_which.is_none());
                return Some((if year.is_some() { e } else { end }, Meaning::Easter { days: *days, year }));
            }
            Phrase::Set(value) => Meaning::Set(value.clone()),
        };
        Some((end, meaning))
    }

    /// What follows "yesterday": a weekday, a part of the day.
    fn speech_day(&self, end: usize, days: i32, part: &'static str) -> (usize, Meaning) {
        if let Some((after, weekday)) = self.weekday(self.skip(end, &[","])) {
            let mut f = Fields { weekday: Some(weekday), ..Fields::default() };
            let e = self.trailing_part(after, &mut f);
            // "yesterday, Wednesday 22 July": the date is an expression of its own.
            let next = self.day_number(self.skip(e, &[","]));
            if next.is_some_and(|(n, _)| self.month(self.skip(n, &["of"])).is_some()) {
                return (end, Meaning::Day { days, weekday: None, part });
            }
            let part = if f.part.is_empty() { part } else { f.part };
            return (e, Meaning::Day { days, weekday: Some(weekday), part });
        }
        match self.part(end).filter(|_| part.is_empty()) {
            Some(part) => (end + 1, Meaning::Day { days, weekday: None, part }),
            None => (end, Meaning::Day { days, weekday: None, part }),
        }
    }
}

fn is_ordinal_ending(s: &str) -> bool {
    matches!(s, "st" | "nd" | "rd" | "th")
}

/// `98` is 1998, `18` is 2018, as the press writes them.
fn two_digit_year(n: u32) -> i16 {
    if n < 50 { 2000 + n as i16 } else { 1900 + n as i16 }
}
