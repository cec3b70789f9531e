//! When an event took place: the time of its own clause, else of the clauses above, else the day that the narrative stands
//! at, else bounds from the page's date. Publication is a bound, never a silent answer.

use crate::times::{HEADING, StoryAnchor, days_between, iso_day, plus_days, year_nearest};
use crate::tree::Tree;
use jiff::civil::Date;
use polybius_text::{
    Annotated, Article, DateRange, Event, EventDate, FlagKind, Modality, Precision, TimeExpression, TimeType,
};

/// Older than this before the page was written, an event is background. Set by judgement, not tuned.
const BACKGROUND_DAYS: i32 = 60;
/// A news text gives its main day in its first sentences. Set by judgement, not tuned.
const LEAD_SENTENCES: usize = 10;
/// How far from the page's date the main day of a news text may lie. Set by judgement, not tuned.
const NEWS_DAYS: i32 = 10;

/// The day of writing, where the page can be trusted to tell: spun copies carry the day of the spinning.
pub(crate) fn written_day(article: &Article) -> Option<Date> {
    let spun = article.flags.iter().any(|f| f.kind == FlagKind::WordSpun);
    article.published_day().filter(|_| !spun)
}

/// Dates the events of one document, in place; marks actual events that are clearly older than the page as historical.
pub fn date_events(doc: &Annotated, times: &[TimeExpression], events: &mut [Event]) {
    date_with(doc, times, events, StoryAnchor::default());
}

/// Dates the events again after [`crate::times::resolve_with_story`]: for documents that have no date of their own.
pub fn redate(doc: &Annotated, times: &[TimeExpression], events: &mut [Event], story: StoryAnchor) {
    date_with(doc, times, events, story);
}

fn date_with(doc: &Annotated, times: &[TimeExpression], events: &mut [Event], story: StoryAnchor) {
    let tree = Tree::new(doc);
    let clock = Calendar::new(&tree, times, story);
    for event in events.iter_mut() {
        let date = clock.date_of(event);
        if let (Some(date), Some(written)) = (&date, clock.background_from()) {
            let old = date.range.end.is_some_and(|end| days_between(end, written) > BACKGROUND_DAYS);
            if old && event.modality == Modality::Actual {
                event.modality = Modality::Historical;
                event.explanation.notes.push(format!(
                    "modality: historical, as {} lies long before {}",
                    date.basis,
                    iso_day(written)
                ));
            }
        }
        event.explanation.notes.retain(|n| !n.starts_with("date: "));
        event.explanation.notes.push(match &date {
            Some(d) => format!("date: {}", d.basis),
            None => "date: none said".to_owned(),
        });
        event.date = date;
    }
}

/// A time in its sentence.
struct Placed {
    /// Index into the document's times.
    time: usize,
    /// Tokens from the expression's head up to its clause's verb, that included.
    chain: Vec<u32>,
    /// The preposition over it, or over a noun between it and its clause: "before", "since".
    preposition: Preposition,
    /// Place in the chain of the word that has the preposition.
    prepositioned: usize,
    /// First and last token.
    tokens: (u32, u32),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Preposition {
    /// At, on, in, by or none: the time itself.
    At,
    Since,
    /// Before, until, after, ahead of: another time than that of the clause.
    Apart,
}

struct Calendar<'d> {
    tree: &'d Tree<'d>,
    times: &'d [TimeExpression],
    /// Times with days, by sentence.
    placed: Vec<Vec<Placed>>,
    /// The day that each sentence's main clause stands at.
    narrative: Vec<Option<usize>>,
    /// The main day of the document, index into the times.
    main: Option<usize>,
    /// The dated heading that each sentence stands under, index into the times.
    headed: Vec<Option<usize>>,
    /// Day of writing.
    written: Option<Date>,
    story: StoryAnchor,
}

impl<'d> Calendar<'d> {
    fn new(tree: &'d Tree<'d>, times: &'d [TimeExpression], story: StoryAnchor) -> Calendar<'d> {
        let doc = tree.doc;
        let mut placed: Vec<Vec<Placed>> = doc.sentences.iter().map(|_| Vec::new()).collect();
        for (i, time) in times.iter().enumerate() {
            let Some(list) = placed.get_mut(time.sentence as usize) else {
                continue;
            };
            list.extend(place(tree, i, time));
        }
        let written = written_day(&doc.article).or_else(|| {
            let (month, day) = doc.article.yearless?;
            year_nearest(story.main.or(story.published)?, month, day)
        });
        let mut calendar = Calendar {
            tree,
            times,
            placed,
            narrative: Vec::new(),
            main: None,
            headed: Vec::new(),
            written,
            story,
        };
        calendar.headed = calendar.headings();
        calendar.narrative = (0..doc.sentences.len()).map(|s| calendar.main_clause_time(s)).collect();
        calendar.main = calendar.main_time();
        calendar
    }

    fn headings(&self) -> Vec<Option<usize>> {
        let mut at = None;
        let mut next = (0..self.times.len()).filter(|&t| self.times[t].basis.starts_with(HEADING)).peekable();
        (0..self.tree.doc.sentences.len())
            .map(|s| {
                while let Some(t) = next.next_if(|&t| self.times[t].sentence as usize <= s) {
                    at = Some(t);
                }
                at
            })
            .collect()
    }

    /// From which day on the past is background.
    fn background_from(&self) -> Option<Date> {
        self.written.or(self.story.published).or(self.main.and_then(|m| self.times[m].range?.start))
    }

    fn range(&self, time: usize) -> Option<DateRange> {
        self.times[time].range.filter(|_| self.times[time].time_type != TimeType::Set)
    }

    /// The time of a sentence's root clause, or of what its root verb reports.
    fn main_clause_time(&self, sentence: usize) -> Option<usize> {
        let s = &self.tree.doc.sentences[sentence];
        let root = (s.first_token..s.end_token).find(|&t| self.tree.head(t).is_none())?;
        let heads: Vec<u32> =
            std::iter::once(root)
                .chain(
                    self.tree.kids(root).iter().copied().filter(|&k| {
                        matches!(self.tree.base_rel(k), "ccomp" | "conj" | "xcomp" | "parataxis")
                    }),
                )
                .collect();
        heads.into_iter().find_map(|head| {
            let list = self.placed[sentence]
                .iter()
                .filter(|p| p.preposition == Preposition::At && p.chain.last() == Some(&head));
            list.filter(|p| self.range(p.time).is_some()).map(|p| p.time).next()
        })
    }

    /// The first day told of by a main clause, near the page's date where that is known.
    fn main_time(&self) -> Option<usize> {
        let days = || {
            self.narrative
                .iter()
                .take(LEAD_SENTENCES)
                .flatten()
                .copied()
                .filter(|&t| self.range(t).is_some_and(|r| r.precision == Precision::Day))
        };
        match self.written {
            Some(written) => days().find(|&t| {
                self.range(t)
                    .and_then(|r| r.start)
                    .is_some_and(|d| (0..=NEWS_DAYS).contains(&days_between(d, written)))
            }),
            None => days().next(),
        }
    }

    fn date_of(&self, event: &Event) -> Option<EventDate> {
        let sentence = event.sentence as usize;
        let list = self.placed.get(sentence)?;
        let trigger = event.trigger_token;
        if let Some(found) = self
            .in_clause(list, trigger, event.modality)
            .or_else(|| self.by_distance(list, sentence, trigger))
        {
            return Some(found);
        }
        if event.modality == Modality::Hypothetical {
            return None;
        }
        if event.modality == Modality::Actual && self.over_a_stretch(sentence, trigger) {
            return self.before_page();
        }
        if let Some(found) = self.in_clause_of_time(list, trigger, event.modality) {
            return Some(found);
        }
        let earlier = self.pluperfect(trigger) && !self.at_the_same_time(trigger);
        let above = self.in_clauses_above(list, trigger, event.modality).filter(|_| !earlier);
        // Background is not of the day on which somebody speaks of it.
        let past = event.modality == Modality::Historical;
        if let Some(found) = above.filter(|d| !past || self.long_past(d.range)) {
            return Some(found);
        }
        if past {
            return self
                .paragraph_time(sentence, true)
                .filter(|&t| self.range(t).is_some_and(|r| self.long_past(r)))
                .map(|t| self.dated(t, "told of in the paragraph"))
                .or_else(|| self.before_page());
        }
        // Only the narrator goes on telling of long ago; who is quoted speaks today.
        let told_long_ago = event.modality == Modality::Actual && event.attribution.is_empty();
        // Whoever argues tells of many days; a day in his lead is not that of all he speaks of.
        let argues = self.tree.doc.article.has_flag(FlagKind::Opinion);
        let headed = self.headed[sentence].map(|t| (t, "post"));
        let carried = || self.carried(sentence).map(|t| (t, "told of before"));
        let main = || self.main.map(|t| (t, "main day of the text"));
        let main = headed.or_else(|| match argues {
            true => None,
            false if earlier => main().or_else(carried),
            false => carried().or_else(main),
        });
        let told = self.paragraph_time(sentence, told_long_ago).map(|t| (t, "told of in the paragraph"));
        let told = if earlier { main.or(told) } else { told.or(main) };
        let told = if event.modality == Modality::Future { headed.or(told) } else { told };
        match told {
            Some((t, why)) if event.modality == Modality::Future => self.announced(t, why),
            Some((t, why)) => Some(self.dated(t, why)),
            None => self.around_page(event),
        }
    }

    /// The day on which the tale stands after what was told before: the latest one that a main clause told of. Looks back
    /// ("On Monday it had barred"), and days far from the page's, do not take it there.
    fn carried(&self, sentence: usize) -> Option<usize> {
        let written = self.written?;
        let told = (0..sentence).filter_map(|s| {
            let time = self.narrative[s]?;
            let day = self.range(time).filter(|r| r.precision == Precision::Day)?.start?;
            let near = (0..=NEWS_DAYS).contains(&days_between(day, written));
            (near && !self.had(self.root(s)?)).then_some((day, time))
        });
        told.max_by_key(|&(day, time)| (day, std::cmp::Reverse(time))).map(|(_, time)| time)
    }

    fn root(&self, sentence: usize) -> Option<u32> {
        let s = &self.tree.doc.sentences[sentence];
        (s.first_token..s.end_token).find(|&t| self.tree.head(t).is_none())
    }

    /// "carried out two raids in her first months in office": over weeks or more whose days are not said.
    fn over_a_stretch(&self, sentence: usize, trigger: u32) -> bool {
        let doc = self.tree.doc;
        self.times.iter().filter(|t| t.sentence as usize == sentence && t.range.is_none()).any(|time| {
            let long = time.time_type == TimeType::Duration
                && time.value.starts_with('P')
                && time.value.ends_with(['W', 'M', 'Y']);
            let first = doc.token_from(time.span.start);
            // By the words before it: broken text hangs the preposition on some other noun of the phrase.
            let within = (first.saturating_sub(5)..first).any(|t| {
                let token = &doc.tokens[t as usize];
                token.upos == "ADP" && matches!(token.lemma.as_str(), "in" | "over" | "during" | "within")
            });
            let mut at = first;
            for _ in 0..8 {
                if !long || !within || at as usize >= doc.tokens.len() || self.carries(at, trigger) {
                    break;
                }
                match self.tree.head(at) {
                    Some(head) => at = head,
                    None => break,
                }
            }
            long && within && self.carries(at, trigger)
        })
    }

    /// Whether a token is the trigger, or the verb that its noun depends on: "carried out raids".
    fn carries(&self, token: u32, trigger: u32) -> bool {
        token == trigger
            || self.tree.doc.tokens.get(token as usize).is_some_and(|t| t.upos == "VERB")
                && self.tree.under(trigger, token)
                && self.same_clause(trigger, token)
    }

    /// The time that hangs on the trigger itself.
    fn in_clause(&self, list: &[Placed], trigger: u32, modality: Modality) -> Option<EventDate> {
        // "before a ceasefire in June": June is the ceasefire's, not that of what came before it.
        let own = list.iter().filter(|p| {
            let hops = p.chain.iter().position(|&c| c == trigger);
            self.range(p.time).is_some()
                && hops.is_some_and(|h| p.preposition != Preposition::Apart || h > 0 && h <= p.prepositioned)
        });
        // What took place did not do so after it was written; "backed April 2024 in December", "calls for a vote in 2023".
        let took_place = matches!(modality, Modality::Actual | Modality::Historical);
        let told = |p: &Placed| {
            let range = self.range(p.time);
            let loose = |r: DateRange| {
                self.runs_on(r) && (p.chain.get(1) != Some(&trigger) || r.precision == Precision::Year)
            };
            !took_place || range.is_none_or(|r| !self.ahead(r) && !loose(r))
        };
        let best = own
            .filter(|p| told(p))
            .filter_map(|p| p.chain.iter().position(|&c| c == trigger).map(|hops| (hops, p)))
            .min_by_key(|(hops, p)| (*hops, p.tokens.0.abs_diff(trigger)))?;
        let own = best.1.preposition == Preposition::Since && best.0 > 0 && best.0 <= best.1.prepositioned;
        if own {
            return Some(self.dated(best.1.time, ""));
        }
        Some(self.with_preposition(best.1, ""))
    }

    /// "declared the war over when he visited Asmara on 8 July".
    fn in_clause_of_time(&self, list: &[Placed], trigger: u32, modality: Modality) -> Option<EventDate> {
        let mut clauses = self.tree.kids(trigger).iter().copied();
        clauses.find_map(|k| {
            let same = self.tree.base_rel(k) == "advcl" && self.at_the_same_time(k);
            self.in_clause(list, k, modality).filter(|_| same)
        })
    }

    /// Whether "when", "while" or "as" leads a clause: it stands at the time of the clause above.
    fn at_the_same_time(&self, verb: u32) -> bool {
        self.tree.kids(verb).iter().any(|&k| {
            matches!(self.tree.base_rel(k), "mark" | "advmod")
                && matches!(self.tree.lemma(k), "when" | "while" | "as")
        })
    }

    /// "a day after soldiers arrested both men": counted from the time of the clause above.
    fn by_distance(&self, list: &[Placed], sentence: usize, trigger: u32) -> Option<EventDate> {
        for p in list.iter().rev() {
            let time = &self.times[p.time];
            let Some(rest) = time.basis.strip_prefix("distance ") else {
                continue;
            };
            let marker = p.tokens.1;
            let clause = self.tree.head(marker).filter(|&c| c > marker)?;
            let inside = self.tree.under(trigger, clause) && self.same_clause(trigger, clause);
            if !inside {
                continue;
            }
            let sign = if rest.starts_with("after") { -1 } else { 1 };
            let above = list.iter().filter(|q| {
                q.time != p.time && q.preposition == Preposition::At && !self.tree.under(q.tokens.0, clause)
            });
            let from =
                above.map(|q| q.time).find(|&t| self.range(t).is_some_and(|r| r.precision == Precision::Day));
            let from = from.or_else(|| self.paragraph_time(sentence, false)).or(self.main)?;
            let start = self.range(from)?.start?;
            let words = self.tree.doc.slice(time.span);
            let basis = format!("\"{words}\": counted from {}", iso_day(start));
            let range = match (days_of(&time.value), months_of(&time.value)) {
                (Some(days), _) => DateRange::day(plus_days(start, sign * days)?),
                (None, Some((n, unit))) => {
                    let months = n.checked_mul(if unit == 'Y' { 12 } else { 1 })?;
                    let day = start.checked_add(jiff::Span::new().try_months(sign * months).ok()?).ok()?;
                    let range = if unit == 'Y' {
                        DateRange::year(day.year())
                    } else {
                        DateRange::month(day.year(), day.month())
                    };
                    range?
                }
                (None, None) => continue,
            };
            return Some(EventDate { range, basis, time: Some(p.time as u32), alternatives: Vec::new() });
        }
        None
    }

    /// Whether no finite clause with its own subject stands between.
    fn same_clause(&self, token: u32, clause: u32) -> bool {
        let mut at = token;
        for _ in 0..12 {
            if at == clause {
                return true;
            }
            if matches!(self.tree.rel(at), "acl:relcl" | "ccomp") {
                return false;
            }
            match self.tree.head(at) {
                Some(h) => at = h,
                None => return false,
            }
        }
        false
    }

    /// Times of the clauses over the trigger's, as far as they hold for it.
    fn in_clauses_above(&self, list: &[Placed], trigger: u32, modality: Modality) -> Option<EventDate> {
        let mut at = trigger;
        for _ in 0..12 {
            let Some(head) = self.tree.head(at) else {
                break;
            };
            if self.apart_from_head(at) {
                break;
            }
            let shared = list.iter().filter(|p| {
                p.preposition != Preposition::Apart && p.chain.contains(&head) && self.range(p.time).is_some()
            });
            // A time inside the phrase on the way to the trigger's own clause is nearer than one beside it.
            if let Some(p) = shared.min_by_key(|p| (p.chain.len(), p.tokens.0.abs_diff(trigger))) {
                if modality == Modality::Future && self.range(p.time).is_some_and(|r| !self.ahead(r)) {
                    return self.announced(p.time, "day of the announcement");
                }
                return Some(self.with_preposition(p, "time of the clause above"));
            }
            at = head;
        }
        // "met and signed on Monday"
        let later = self.tree.kids(trigger).iter().copied().filter(|&k| self.tree.rel(k) == "conj");
        later.filter(|_| modality != Modality::Future).find_map(|k| self.in_clause(list, k, modality))
    }

    /// Whether a clause or phrase stands at another time than what governs it.
    fn apart_from_head(&self, token: u32) -> bool {
        let marks = || {
            self.tree
                .kids(token)
                .iter()
                .copied()
                .filter(|&k| matches!(self.tree.base_rel(k), "mark" | "case"))
        };
        match self.tree.rel(token) {
            "acl:relcl" => true,
            "advcl" | "obl" | "nmod" => marks().any(|m| {
                matches!(self.tree.lemma(m), "after" | "before" | "since" | "until" | "following" | "till")
            }),
            _ => false,
        }
    }

    /// Whether a stretch goes on after the day of writing.
    fn runs_on(&self, range: DateRange) -> bool {
        matches!((range.end, self.written), (Some(end), Some(written)) if end > written)
    }

    fn ahead(&self, range: DateRange) -> bool {
        match (range.start, self.written) {
            (Some(start), Some(written)) => start > written,
            _ => false,
        }
    }

    /// The last time that this sentence's paragraph told of before it.
    fn paragraph_time(&self, sentence: usize, long_ago: bool) -> Option<usize> {
        let doc = self.tree.doc;
        let block = |s: usize| doc.article.segments.get(doc.sentences[s].segment as usize).map(|x| x.block);
        let here = block(sentence);
        let same = (0..sentence).rev().take_while(|&s| block(s) == here);
        let mut before = same.filter_map(|s| self.narrative[s]);
        // Neither what lies ahead nor what is long past is where the tale stands.
        let stands =
            |t: usize| self.range(t).is_some_and(|r| !self.ahead(r) && (long_ago || !self.long_past(r)));
        let own = || {
            self.narrative[sentence]
                .filter(|&t| stands(t) && self.range(t).is_some_and(|r| !self.long_past(r)))
        };
        before.find(|&t| stands(t)).or_else(own)
    }

    fn long_past(&self, range: DateRange) -> bool {
        match (range.end, self.background_from()) {
            (Some(end), Some(from)) => days_between(end, from) > BACKGROUND_DAYS,
            _ => false,
        }
    }

    /// "had marched": told from a later point, so the time of who tells it is not its own.
    fn pluperfect(&self, trigger: u32) -> bool {
        let told_with = |t: u32| matches!(self.tree.base_rel(t), "conj" | "parataxis");
        let mut at = trigger;
        for _ in 0..3 {
            if self.had(at) {
                return true;
            }
            // "had marched, he added, and two thousand of them attacked"
            match self.tree.head(at).filter(|_| told_with(at)) {
                Some(head) => at = head,
                None => return false,
            }
        }
        false
    }

    fn had(&self, trigger: u32) -> bool {
        self.tree.xpos(trigger) == "VBN"
            && self.tree.kids(trigger).iter().any(|&k| {
                self.tree.base_rel(k) == "aux"
                    && matches!(self.tree.doc.word(k).to_ascii_lowercase().as_str(), "had" | "'d" | "’d")
            })
    }

    fn dated(&self, time: usize, why: &str) -> EventDate {
        let t = &self.times[time];
        let words = self.tree.doc.slice(t.span);
        let range =
            self.range(time).unwrap_or(DateRange { start: None, end: None, precision: Precision::Open });
        let basis = if why.is_empty() {
            format!("\"{words}\": {}", t.basis)
        } else {
            format!("\"{words}\", {why}: {}", t.basis)
        };
        EventDate { range, basis, time: Some(time as u32), alternatives: t.alternatives.clone() }
    }

    fn with_preposition(&self, p: &Placed, why: &str) -> EventDate {
        let mut date = self.dated(p.time, why);
        if p.preposition == Preposition::Since {
            date.range = DateRange { start: date.range.start, end: None, precision: Precision::Open };
            date.basis = format!("since {}", date.basis);
        }
        date
    }

    /// Something to come: on or after the day that it was announced.
    fn announced(&self, time: usize, why: &str) -> Option<EventDate> {
        let mut date = self.dated(time, why);
        date.range = DateRange { start: date.range.start, end: None, precision: Precision::Open };
        date.basis = format!("not before {}", date.basis);
        Some(date)
    }

    /// Nothing said, and the page has a date: what is told in the present is of that day, all else lies before it.
    fn around_page(&self, event: &Event) -> Option<EventDate> {
        let written = self.written?;
        let date =
            |range, basis: String| Some(EventDate { range, basis, time: None, alternatives: Vec::new() });
        if event.modality == Modality::Future {
            let range = DateRange { start: Some(written), end: None, precision: Precision::Open };
            return date(range, format!("not before {} (published)", iso_day(written)));
        }
        let article = &self.tree.doc.article;
        let loose = [FlagKind::Opinion, FlagKind::MachineTranslated].iter().any(|&f| article.has_flag(f));
        if !loose && self.in_present(event.trigger_token) {
            let basis = format!("told in the present on {} (published)", iso_day(written));
            return date(DateRange::day(written), basis);
        }
        self.before_page()
    }

    /// "Demand the release", "condemns", "is marching": the doing is of the day of writing.
    fn in_present(&self, trigger: u32) -> bool {
        let perfect = self.tree.kids(trigger).iter().any(|&k| self.tree.lemma(k) == "have");
        match self.tree.xpos(trigger) {
            "VBZ" | "VBP" => !perfect,
            // An item of a resolution: "Condemn firmly the seizure;"
            "VB" => {
                let sentence = self.tree.doc.sentence_of(trigger);
                self.tree.doc.sentences[sentence as usize].first_token == trigger
            }
            _ => false,
        }
    }

    /// Background without a time: before the page.
    fn before_page(&self) -> Option<EventDate> {
        let written = self.written?;
        let range = DateRange { start: None, end: Some(written), precision: Precision::Open };
        Some(EventDate {
            range,
            basis: "before publication (bound)".to_owned(),
            time: None,
            alternatives: Vec::new(),
        })
    }
}

/// Where a time hangs in its sentence; `None` where no days are known or no token is under it.
fn place(tree: &Tree, index: usize, time: &TimeExpression) -> Option<Placed> {
    let doc = tree.doc;
    let distance = time.basis.starts_with("distance ");
    if time.range.is_none() && !distance {
        return None;
    }
    let sentence = &doc.sentences[time.sentence as usize];
    let first =
        (doc.tokens.partition_point(|t| t.span.end <= time.span.start) as u32).max(sentence.first_token);
    let last = (doc.token_from(time.span.end).saturating_sub(1)).min(sentence.end_token.saturating_sub(1));
    if first > last || first >= sentence.end_token {
        return None;
    }
    let inside = |t: u32| (first..=last).contains(&t);
    // "a day after": the word "after" hangs on the next clause, not here.
    let head = (first..=last).find(|&t| tree.head(t).is_none_or(|h| !inside(h)))?;
    let mut chain = vec![head];
    let mut preposition = preposition_over(tree, head);
    let mut prepositioned = 0;
    let mut at = head;
    for _ in 0..12 {
        if chain.len() > 1 && is_clause(tree, at) {
            break;
        }
        let Some(h) = tree.head(at) else { break };
        at = h;
        chain.push(at);
        if !is_clause(tree, at) && preposition == Preposition::At {
            preposition = preposition_over(tree, at);
            prepositioned = chain.len() - 1;
        }
    }
    Some(Placed { time: index, chain, preposition, prepositioned, tokens: (first, last) })
}

fn is_clause(tree: &Tree, token: u32) -> bool {
    matches!(tree.upos(token), "VERB" | "AUX") || tree.kids(token).iter().any(|&k| tree.rel(k) == "cop")
}

fn preposition_over(tree: &Tree, noun: u32) -> Preposition {
    let case =
        tree.kids(noun).iter().copied().find(|&k| matches!(tree.base_rel(k), "case" | "mark") && k < noun);
    match case.map(|c| tree.lemma(c)) {
        // "the first to cross since 1953", "the bloodiest day since March": what is compared with, not the time.
        Some("since") if case.is_some_and(|c| compared(tree, c)) => Preposition::Apart,
        Some("since") => Preposition::Since,
        Some("before" | "until" | "till" | "after" | "ahead" | "following" | "prior" | "for") => {
            Preposition::Apart
        }
        _ => Preposition::At,
    }
}

/// Whether "since" closes a comparison: a superlative or "first" stands before it in its sentence, near.
fn compared(tree: &Tree, since: u32) -> bool {
    const NEAR_TOKENS: u32 = 14;
    let first = tree.doc.sentences[tree.doc.sentence_of(since) as usize].first_token;
    (since.saturating_sub(NEAR_TOKENS).max(first)..since).any(|t| {
        tree.xpos(t) == "JJS"
            || tree.xpos(t) == "RBS"
            || matches!(tree.lemma(t), "first" | "only" | "unprecedented")
    })
}

/// Whole days of a duration's value; hours are the same day.
fn days_of(value: &str) -> Option<i32> {
    if value.starts_with("PT") {
        return Some(0);
    }
    let body = value.strip_prefix('P')?;
    let unit = body.trim_start_matches(|c: char| c.is_ascii_digit());
    let n: i32 = body[..body.len() - unit.len()].parse().ok()?;
    let days = match unit {
        "D" | "NI" => 1,
        "W" => 7,
        _ => return None,
    };
    n.checked_mul(days)
}

/// Months or years of a duration's value, with the unit.
fn months_of(value: &str) -> Option<(i32, char)> {
    let body = value.strip_prefix('P').filter(|b| !b.starts_with('T'))?;
    let unit = body.chars().last().filter(|u| matches!(u, 'M' | 'Y'))?;
    Some((body[..body.len() - 1].parse().ok()?, unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_in_days() {
        assert_eq!(days_of("P2D"), Some(2));
        assert_eq!(days_of("P1W"), Some(7));
        assert_eq!(days_of("PT3H"), Some(0));
        assert_eq!(days_of("PXD"), None);
        assert_eq!(days_of("P9999999999D"), None);
    }
}
