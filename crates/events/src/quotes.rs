//! Quotes and who is said to have said them.
//!
//! Two finders feed one list. Marks ([`marks`]) give what stands between quotation marks; it is a quote when a word of
//! speech governs it or, for a clause of some length, when the paragraph has a speaker. Dependencies ([`reported`]) give
//! reported clauses: "said that", "according to", "called it a coup", "his warning that". A reported clause with marked
//! words inside is one mixed quote. A transcript gives its quotes by the labels of its paragraphs ([`turns`]).

mod knowledge;
mod marks;
mod reported;
mod speaker;
mod surface;
mod turns;

pub use knowledge::QuoteKnowledge;

use crate::tree::Tree;
use marks::{Marked, marked};
use polybius_text::{Annotated, DocActor, Mention, Quote, QuoteKind, Span};
use reported::{RIGHT_BEFORE, Report, Reports, SPOKE_BEFORE};
use speaker::{Speaker, Speakers};
use std::ops::Range;
use turns::Turn;

/// Words that a marked stretch needs to be a quote without a cue. Set by judgement, not tuned.
const MIN_WORDS_WITHOUT_CUE: usize = 4;
/// Marked stretches with parentheses that a page needs before we take it to quote with them. Set by judgement.
const MIN_PAREN_QUOTES: usize = 3;

/// Finds the quotes of a document, in text order.
///
/// Cost: near-linear in the text; a sentence of more than [`reported::MAX_SENTENCE_TOKENS`] tokens gives marked quotes only.
pub fn find_quotes(
    doc: &Annotated,
    mentions: &[Mention],
    doc_actors: &[DocActor],
    knowledge: &QuoteKnowledge,
) -> Vec<Quote> {
    let tree = Tree::new(doc);
    let paragraphs = paragraphs(doc);
    let ranges: Vec<Range<usize>> = paragraphs.iter().map(|p| p.text.clone()).collect();
    let sentence_end =
        |at: usize| doc.sentence_at(at as u32).map_or(at, |s| doc.sentences[s as usize].span.end as usize);
    let stretches = marked(&doc.article.text, &ranges, knowledge, sentence_end);
    let reports = Reports::new(&tree, knowledge);
    let stretches = without_plain_parentheses(stretches, &reports, doc);
    let finder = Finder {
        doc,
        tree: &tree,
        reports: &reports,
        speakers: Speakers::new(&tree, mentions, doc_actors, knowledge),
        stretches: &stretches,
        turns: turns::turns(doc, &ranges, mentions, knowledge),
    };
    finder.quotes(&paragraphs)
}

/// Sentences of one paragraph and the text that they cover.
struct Paragraph {
    text: Range<usize>,
    sentences: Range<usize>,
}

fn paragraphs(doc: &Annotated) -> Vec<Paragraph> {
    let mut out: Vec<Paragraph> = Vec::new();
    let mut last = None;
    for (i, s) in doc.sentences.iter().enumerate() {
        let block = doc.article.segments.get(s.segment as usize).map(|x| (x.block, x.kind));
        let range = s.span.range();
        match out.last_mut() {
            Some(p) if block.is_some() && block == last => {
                p.text.end = p.text.end.max(range.end);
                p.sentences.end = i + 1;
            }
            _ => out.push(Paragraph { text: range, sentences: i..i + 1 }),
        }
        last = block;
    }
    out
}

/// Parentheses count as quotation marks where several of them hold clauses under words of speech.
fn without_plain_parentheses(stretches: Vec<Marked>, reports: &Reports, doc: &Annotated) -> Vec<Marked> {
    // A name or a number in brackets is an aside everywhere.
    let plain = |m: &Marked| {
        let words = doc.slice(m.span);
        m.paren
            && (word_count(words) < 2
                || is_name(words)
                || words.chars().next().is_some_and(|c| c.is_ascii_digit()))
    };
    let stretches: Vec<Marked> = stretches.into_iter().filter(|m| !plain(m)).collect();
    let parens = stretches.iter().filter(|m| m.paren);
    let spoken = parens
        .clone()
        .filter(|m| {
            word_count(doc.slice(m.span)) >= MIN_WORDS_WITHOUT_CUE && reports.cue_before(m.outer).is_some()
        })
        .count();
    let quotes_so = spoken >= MIN_PAREN_QUOTES && spoken * 3 >= parens.count();
    stretches.into_iter().filter(|m| !m.paren || quotes_so).collect()
}

fn word_count(text: &str) -> usize {
    text.split_whitespace().filter(|w| w.chars().any(char::is_alphanumeric)).count()
}

struct Finder<'d> {
    doc: &'d Annotated,
    tree: &'d Tree<'d>,
    reports: &'d Reports<'d>,
    speakers: Speakers<'d>,
    stretches: &'d [Marked],
    /// By paragraph; see [`turns`].
    turns: Vec<Option<Turn>>,
}

/// The speaker that a paragraph stands at.
#[derive(Clone)]
struct Last {
    speaker: Speaker,
    paragraph: usize,
    /// Whether he has been quoted; else a sentence has only named him.
    spoke: bool,
}

impl Finder<'_> {
    fn quotes(&self, paragraphs: &[Paragraph]) -> Vec<Quote> {
        let mut out: Vec<Quote> = Vec::new();
        let mut last: Option<Last> = None;
        let mut next_stretch = 0;
        for (number, paragraph) in paragraphs.iter().enumerate() {
            let from = next_stretch;
            while self.stretches.get(next_stretch).is_some_and(|m| m.paragraph <= number) {
                next_stretch += 1;
            }
            let stretches = &self.stretches[from..next_stretch];
            if let Some(turn) = &self.turns[number] {
                last = self.turn(turn, number, paragraph.sentences.start, &mut out);
            }
            self.paragraph(number, paragraph, stretches, &mut last, &mut out);
        }
        out.sort_by_key(|q| (q.span.start, std::cmp::Reverse(q.span.end)));
        out.dedup_by_key(|q| q.span);
        out
    }

    /// A paragraph of a transcript is one quote of whom its label names.
    fn turn(&self, turn: &Turn, paragraph: usize, sentence: usize, out: &mut Vec<Quote>) -> Option<Last> {
        let speaker = turn.speaker.clone()?;
        out.push(self.quote(turn.said, QuoteKind::Direct, None, &speaker, sentence));
        Some(Last { speaker, paragraph, spoke: true })
    }

    fn paragraph(
        &self,
        number: usize,
        paragraph: &Paragraph,
        stretches: &[Marked],
        last: &mut Option<Last>,
        out: &mut Vec<Quote>,
    ) {
        let mut next = 0;
        for sentence in paragraph.sentences.clone() {
            let span = self.doc.sentences[sentence].span;
            let mut inside: Vec<&Marked> = Vec::new();
            let first = next;
            while stretches.get(next).is_some_and(|m| m.span.start < span.end) {
                next += 1;
            }
            // A quote of several sentences belongs also to the sentence where it ends.
            inside.extend(stretches[first.saturating_sub(1)..next].iter().filter(|m| m.outer.overlaps(span)));
            self.sentence(number, sentence, &inside, last, out);
        }
    }

    fn sentence(
        &self,
        paragraph: usize,
        sentence: usize,
        inside: &[&Marked],
        last: &mut Option<Last>,
        out: &mut Vec<Quote>,
    ) {
        let span = self.doc.sentences[sentence].span;
        // Reported clauses first; their cue lies outside of marks.
        let in_marks = |token: u32| {
            let s = self.doc.tokens[token as usize].span;
            inside.iter().any(|m| m.span.contains(s))
        };
        if let Some((quote, who)) = self.list_item(sentence, inside) {
            out.push(quote);
            *last = Some(Last { speaker: who, paragraph, spoke: true });
            return;
        }
        let reports: Vec<&Report> = self.reports.of(sentence).iter().filter(|r| !in_marks(r.cue)).collect();
        // "expressing his country's desire to": the noun inside what the verb reports says nothing more.
        let nested = |r: &Report| {
            self.tree.upos(r.cue) == "NOUN"
                && reports.iter().any(|v| {
                    self.tree.upos(v.cue) == "VERB" && (v.first..=v.last).contains(&r.cue) && r.last <= v.last
                })
        };
        let reports: Vec<&Report> = reports.iter().copied().filter(|r| !nested(r)).collect();
        let mut used = vec![false; inside.len()];
        let mut found: Vec<(Quote, Speaker)> = Vec::new();
        for report in &reports {
            let whole = self.words(report.first, report.last);
            let within: Vec<usize> = (0..inside.len())
                .filter(|&i| whole.contains(inside[i].span) || inside[i].span.contains(whole))
                .collect();
            // Words of speech that need marks, without marks.
            let marks_touch = (0..inside.len()).any(|i| inside[i].span.overlaps(whole));
            if report.needs_marks && !marks_touch {
                continue;
            }
            // On pages that quote with parentheses each of them is a quote; a clause over several, or one that only leads to
            // them, is not.
            let parens =
                within.iter().filter(|&&i| inside[i].paren && whole.contains(inside[i].span)).count();
            let clause_outside = (report.first..=report.last).any(|t| {
                let s = self.doc.tokens[t as usize].span;
                matches!(self.tree.upos(t), "VERB" | "AUX") && !inside.iter().any(|m| m.span.contains(s))
            });
            let other_cue = (report.first..=report.last).any(|t| {
                let s = self.doc.tokens[t as usize].span;
                self.reports.is_cue(t) && !inside.iter().any(|m| m.span.contains(s))
            });
            if parens > 1 || parens == 1 && (other_cue || !clause_outside) {
                continue;
            }
            // "\"...\", a student, X, told": behind the marks stands the speaker.
            let led_by = |m: &Marked| {
                let rest = self.doc.token_from(m.outer.end)..report.last + 1;
                let behind = m.span.start <= whole.start + 1 && report.last < report.cue;
                let verb = rest
                    .into_iter()
                    .any(|t| matches!(self.tree.xpos(t), "VBD" | "VBZ" | "VBP" | "MD" | "VBN"));
                behind && !verb && word_count(self.doc.slice(m.span)) >= MIN_WORDS_WITHOUT_CUE
            };
            let direct =
                within.iter().copied().find(|&i| covers_most(inside[i].span, whole) || led_by(inside[i]));
            let crossing =
                (0..inside.len()).find(|&i| inside[i].outer.overlaps(whole) && !within.contains(&i));
            let (span, kind) = match (direct, crossing) {
                (Some(i), _) => (inside[i].span, QuoteKind::Direct),
                (None, Some(i)) => (inside[i].span.cover(whole), QuoteKind::Mixed),
                (None, None) if within.is_empty() => (whole, QuoteKind::Indirect),
                (None, None) => (whole, QuoteKind::Mixed),
            };
            if kind == QuoteKind::Indirect && word_count(self.doc.slice(span)) < report.min_words {
                continue;
            }
            for i in within.into_iter().chain(crossing) {
                used[i] = true;
            }
            // Quotes that end in this sentence but began before have been seen.
            if out.iter().rev().take(4).any(|q| q.span == span) {
                continue;
            }
            let mut who = self.speaker_of(report, span, sentence, paragraph, last.as_ref());
            // "If she comes, says Eulalia, the women will": the words run round the speaker.
            let around = report.first < report.cue && report.cue < report.last;
            if who.span.is_some_and(|s| span.contains(s)) && !around {
                who = self.otherwise(sentence, span, paragraph, last.as_ref());
            }
            found.push((self.quote(span, kind, Some(report.cue), &who, sentence), who));
        }
        for (i, m) in inside
            .iter()
            .enumerate()
            .filter(|(i, m)| !used[*i] && m.span.start >= span.start.min(m.span.start) && !seen(out, m.span))
        {
            let _ = i;
            if let Some((quote, who)) = self.marked_quote(m, sentence, paragraph, &reports, last.as_ref()) {
                found.push((quote, who));
            }
        }
        found.sort_by_key(|(q, _)| q.span.start);
        for (quote, who) in found {
            // A clause inside another with the same cue says nothing new.
            if out
                .iter()
                .rev()
                .take(6)
                .any(|q| q.span.contains(quote.span) && q.cue == quote.cue && q.cue.is_some())
            {
                continue;
            }
            if who.actor.is_some() || who.span.is_some() {
                *last = Some(Last { speaker: who, paragraph, spoke: true });
            }
            out.push(quote);
        }
        if let Some(subject) = self.speakers.subject_of_sentence(sentence) {
            // "X took the floor. "...": a named subject may be the speaker of what follows.
            if last.as_ref().is_none_or(|l| l.paragraph != paragraph) {
                *last = Some(Last {
                    speaker: Speaker { basis: "subject of the sentence before".to_owned(), ..subject },
                    paragraph,
                    spoke: false,
                });
            }
        }
    }

    /// "Condemn firmly the seizure;" in a list that "The Committee:" leads: the whole item is what the leader says.
    fn list_item(&self, sentence: usize, inside: &[&Marked]) -> Option<(Quote, Speaker)> {
        let s = &self.doc.sentences[sentence];
        let first = s.first_token;
        let words = self.doc.slice(s.span).trim_end();
        let item = words.ends_with([';', ',', '.'])
            && self.reports.is_cue(first)
            && matches!(self.tree.upos(first), "VERB" | "NOUN")
            && self.tree.own_subject(first).is_none_or(|k| k > first)
            && inside.is_empty();
        if !item || word_count(words) < MIN_WORDS_WITHOUT_CUE {
            return None;
        }
        let who = self.speakers.of_list(sentence)?;
        let span = trimmed(&self.doc.article.text, s.span);
        Some((self.quote(span, QuoteKind::Indirect, Some(first), &who, sentence), who))
    }

    /// A marked stretch that no reported clause explains.
    fn marked_quote(
        &self,
        m: &Marked,
        sentence: usize,
        paragraph: usize,
        reports: &[&Report],
        last: Option<&Last>,
    ) -> Option<(Quote, Speaker)> {
        let doc = self.doc;
        let n_words = word_count(doc.slice(m.span));
        let tokens = doc.token_from(m.span.start)..doc.token_from(m.span.end);
        let clause = tokens.clone().any(|t| matches!(self.tree.upos(t), "VERB" | "AUX"));
        let start = doc.sentence_at(m.span.start).unwrap_or(sentence as u32) as usize;
        // A word of speech over the marked words, or beside them in the sentence.
        let cue = self
            .cue_over(tokens.clone())
            .or_else(|| self.cue_beside(m, sentence, start, clause || n_words >= MIN_WORDS_WITHOUT_CUE));
        let name_like = !clause && is_name(doc.slice(m.span));
        let utterance = clause && n_words >= MIN_WORDS_WITHOUT_CUE;
        let continued = m.continues && last.is_some();
        if name_like && n_words < 8 || n_words < 2 && !(cue.is_some() && clause) {
            return None;
        }
        let whole = utterance && self.is_utterance(m, tokens);
        let kind = if whole { QuoteKind::Direct } else { QuoteKind::Mixed };
        if let Some(cue) = cue.filter(|_| !continued) {
            let report = reports.iter().copied().find(|r| r.cue == cue);
            let who = match report {
                Some(report) => self.speaker_of(report, m.span, sentence, paragraph, last),
                None => {
                    let token = self.reports.speaker(cue).0;
                    let told = token.and_then(|t| {
                        let who = self.speakers.at(t, "subject")?;
                        Some(self.still_speaking(t, &who, m.span, paragraph, last).unwrap_or(who))
                    });
                    told.or_else(|| self.speakers.of_cue(cue))
                        .filter(|who| who.span.is_some_and(|s| !m.span.contains(s)))
                        .unwrap_or_else(|| self.otherwise(start, m.span, paragraph, last))
                }
            };
            return Some((self.quote(m.span, kind, Some(cue), &who, start), who));
        }
        if m.paren {
            return self.in_parentheses(m, sentence, paragraph, n_words, last);
        }
        // "X: '...'"
        let before = doc.article.text[..m.outer.start as usize].trim_end();
        if before.ends_with(':') {
            let who = self.speakers.before(m.outer.start, start).or_else(|| inherited(last, paragraph));
            if let Some(mut who) = who.filter(|_| n_words >= 2) {
                who.basis = "before the colon".to_owned();
                return Some((self.quote(m.span, kind, None, &who, start), who));
            }
        }
        if !utterance && !continued {
            return None;
        }
        let who = if continued {
            last.map(|l| Speaker { basis: "the quote goes on".to_owned(), ..l.speaker.clone() })
        } else {
            self.speakers.after(m.outer.end, sentence).or_else(|| inherited(last, paragraph))
        }?;
        Some((self.quote(m.span, kind, None, &who, start), who))
    }

    /// Words in parentheses on a page that quotes with them: they must go on with the clause ("expressed its desire to (...)")
    /// or stand as a sentence of their own.
    fn in_parentheses(
        &self,
        m: &Marked,
        sentence: usize,
        paragraph: usize,
        n_words: usize,
        last: Option<&Last>,
    ) -> Option<(Quote, Speaker)> {
        const MIN_WORDS_IN_PARENTHESES: usize = 3;
        let doc = self.doc;
        let words = doc.slice(m.span);
        let aside =
            words.chars().any(|c| c.is_ascii_digit()) || is_name(words) || n_words < MIN_WORDS_IN_PARENTHESES;
        if aside {
            return None;
        }
        let before = doc.article.text[..m.outer.start as usize].trim_end();
        let alone = before.is_empty() || before.ends_with(['.', '!', '?', ')']);
        let led = doc.token_from(m.outer.start).checked_sub(1).is_some_and(|t| {
            matches!(self.tree.upos(t), "VERB" | "AUX" | "ADP" | "SCONJ" | "PART")
                || matches!(self.tree.lemma(t), "that" | "what")
        });
        let clause = {
            let tokens = doc.token_from(m.span.start)..doc.token_from(m.span.end);
            tokens.into_iter().any(|t| self.tree.base_rel(t) == "nsubj")
        };
        if !(led || alone && clause && n_words >= MIN_WORDS_WITHOUT_CUE) {
            return None;
        }
        let start = doc.sentence_at(m.outer.start).unwrap_or(sentence as u32) as usize;
        let token = doc.token_from(m.outer.start);
        let cue = self.reports.cues(start).iter().copied().rev().find(|&c| c < token);
        let told = cue
            .and_then(|c| self.reports.speaker(c).0)
            .and_then(|t| self.speakers.at(t, "subject"))
            .filter(|who| who.actor.is_some());
        let who = if alone && cue.is_none() {
            inherited(last, paragraph)
        } else {
            told.or_else(|| self.speakers.subject_of_sentence(start)).or_else(|| inherited(last, paragraph))
        }?;
        Some((self.quote(m.span, QuoteKind::Mixed, cue, &who, start), who))
    }

    /// The word of speech that governs marked words within a few steps.
    fn cue_over(&self, tokens: Range<u32>) -> Option<u32> {
        let head = tokens.clone().find(|&t| self.tree.head(t).is_none_or(|h| !tokens.contains(&h)))?;
        let mut at = head;
        for _ in 0..5 {
            at = self.tree.head(at)?;
            if !tokens.contains(&at) && self.reports.is_cue(at) {
                return Some(at);
            }
        }
        None
    }

    /// The nearest word of speech in the sentences where a marked stretch begins or ends.
    fn cue_beside(&self, m: &Marked, sentence: usize, start: usize, long: bool) -> Option<u32> {
        if !long {
            return None;
        }
        let distance = |t: u32| {
            let s = self.doc.tokens[t as usize].span;
            if s.end <= m.outer.start { m.outer.start - s.end } else { s.start.saturating_sub(m.outer.end) }
        };
        let outside = |t: &u32| {
            let s = self.doc.tokens[*t as usize].span;
            let own = self.stretches[self.stretches.partition_point(|x| x.span.end <= s.start)..]
                .first()
                .is_some_and(|x| x.span.contains(s));
            !m.outer.overlaps(s) && !own
        };
        const NEAR_BYTES: u32 = 120;
        let both = if start == sentence { vec![sentence] } else { vec![start, sentence] };
        let cues = both.into_iter().flat_map(|s| self.reports.cues(s).iter().copied());
        cues.filter(|t| self.reports.says(*t))
            .filter(outside)
            .filter(|&t| distance(t) <= NEAR_BYTES)
            .min_by_key(|&t| distance(t))
    }

    /// Whether a marked clause stands for itself and not as a part of a reporter's clause.
    fn is_utterance(&self, m: &Marked, tokens: Range<u32>) -> bool {
        let before = self.doc.article.text[..m.outer.start as usize].trim_end();
        let led = before.is_empty()
            || before.ends_with([
                ',', ':', '.', '!', '?', '-', '\u{2013}', '\u{2014}', '\n', '\u{201d}', '"', '»',
            ]);
        let capital =
            self.doc.slice(m.span).chars().next().is_some_and(|c| c.is_uppercase() || !c.is_alphabetic());
        let paragraph_start = before.len() + 1 < m.outer.start as usize;
        let subject = tokens.clone().any(|t| self.tree.base_rel(t) == "nsubj");
        (led || paragraph_start || capital || m.paren) && subject
    }

    fn speaker_of(
        &self,
        report: &Report,
        said: Span,
        sentence: usize,
        paragraph: usize,
        last: Option<&Last>,
    ) -> Speaker {
        let weak =
            |who: &Speaker| who.actor.is_none() && [RIGHT_BEFORE, SPOKE_BEFORE].contains(&report.basis);
        let named = || {
            let token = report.speaker?;
            Some((token, self.speakers.at(token, report.basis).filter(|who| !weak(who))?))
        };
        // The tree may put the speaker into what is said: "\"...\", a student, X, told me".
        let behind = || {
            let token = self.reports.right_before(report.cue)?;
            let outside = !said.contains(self.doc.tokens[token as usize].span);
            let who = self.speakers.at(token, RIGHT_BEFORE).filter(|_| outside)?;
            (who.actor.is_some() || self.tree.upos(token) == "PROPN").then_some((token, who))
        };
        if let Some((token, mut who)) = named().or_else(behind) {
            if let Some(via) = report.via.and_then(|v| self.speakers.at(v, "medium")) {
                who.via.extend(via.actor);
            }
            // "He added": who spoke before in the paragraph, unless the sentence names somebody before the pronoun.
            if let Some(before) = self.still_speaking(token, &who, said, paragraph, last) {
                return before;
            }
            if let Some(body) = self.body_before_colon(token, sentence, said) {
                return body;
            }
            // "condemned what they called a coup": the pronoun stands for the subject of the sentence.
            if who.actor.is_none()
                && self.tree.upos(token) == "PRON"
                && let Some(subject) = self.speakers.subject_of_sentence(sentence)
                && subject.span.is_some_and(|s| s.end <= self.doc.tokens[token as usize].span.start)
            {
                return subject;
            }
            // A pronoun or "the statement" that stays open leans on the speaker before.
            let it = self.tree.lemma(token).eq_ignore_ascii_case("it");
            let fits = |s: &Speaker| !it || s.actor.is_none_or(|a| !self.speakers.is_person(a));
            if who.actor.is_none()
                && (self.speakers.is_open(token))
                && let Some(before) = inherited(last, paragraph).filter(fits).or_else(|| {
                    let document = self.tree.upos(token) == "NOUN";
                    last.filter(|l| document && l.paragraph + 3 >= paragraph).map(|l| Speaker {
                        basis: "speaker of the paragraph before".to_owned(),
                        ..l.speaker.clone()
                    })
                })
            {
                return Speaker {
                    span: who.span,
                    basis: format!("\"{}\": {}", self.doc.word(token), before.basis),
                    ..before
                };
            }
            return who;
        }
        if self.tree.own_subject(report.cue).is_none()
            && let Some(list) = self.speakers.of_list(sentence)
        {
            return list;
        }
        let words = self.words(report.first, report.last);
        self.otherwise(sentence, words, paragraph, last)
    }

    /// The speaker before in the paragraph, for "he" or "she" at a word of speech.
    ///
    /// Who is named only in what is said ("\"A man on the run,\" he wrote") does not speak; then it is whoever the sentence
    /// before was about.
    fn still_speaking(
        &self,
        token: u32,
        who: &Speaker,
        said: Span,
        paragraph: usize,
        last: Option<&Last>,
    ) -> Option<Speaker> {
        let personal = self.tree.upos(token) == "PRON" && matches!(self.tree.lemma(token), "he" | "she");
        let nowhere = Span::new(0, 0);
        let named = who.actor.is_some_and(|a| self.speakers.named_before(token, a, said));
        let only_said = !named && who.actor.is_some_and(|a| self.speakers.named_before(token, a, nowhere));
        let last = last.filter(|l| personal && l.paragraph == paragraph && (l.spoke || only_said))?;
        if let Some(subject) = self.person_before(said).filter(|_| only_said) {
            return Some(subject);
        }
        let spoke = last.speaker.actor;
        // "The protesters demanded ...": several are no "he" where one person is known.
        let person = who.actor.is_some_and(|a| self.speakers.is_person(a));
        let may = |a: u32| if person { self.speakers.is_person(a) } else { self.speakers.may_be_person(a) };
        let known = spoke.is_none_or(may) && last.speaker.span.is_some();
        (known && !named && (who.actor != spoke || spoke.is_none())).then(|| Speaker {
            span: if spoke.is_none() { last.speaker.span } else { who.span },
            basis: format!("\"{}\": who spoke before in the paragraph", self.doc.word(token)),
            ..last.speaker.clone()
        })
    }

    /// The person whom the sentence before what is said is about, in the same paragraph.
    fn person_before(&self, said: Span) -> Option<Speaker> {
        let sentence = self.doc.sentence_at(said.start)?.checked_sub(1)? as usize;
        let block = |s: usize| {
            let segment = self.doc.sentences[s].segment as usize;
            self.doc.article.segments.get(segment).map(|x| x.block)
        };
        let same = block(sentence) == block(sentence + 1);
        let who = self.speakers.subject_of_sentence(sentence).filter(|_| same)?;
        who.actor.filter(|&a| self.speakers.is_person(a))?;
        Some(Speaker { basis: "whom the sentence before is about".to_owned(), ..who })
    }

    /// "His office contradicted him: the pact is not for sale, it said": "it" is the subject of the words before the colon.
    fn body_before_colon(&self, token: u32, sentence: usize, said: Span) -> Option<Speaker> {
        let it = self.tree.upos(token) == "PRON" && self.tree.lemma(token).eq_ignore_ascii_case("it");
        let start = self.doc.sentences[sentence].span.start;
        let lead = self.doc.article.text.get(start as usize..said.start as usize)?.trim_end();
        if !it || !lead.ends_with(':') {
            return None;
        }
        let colon = self.doc.token_from(said.start).checked_sub(1)?;
        let first = self.doc.sentences[sentence].first_token;
        let subject = (first..colon).find(|&t| self.tree.base_rel(t) == "nsubj")?;
        let who = self.speakers.at(subject, "subject before the colon")?;
        who.actor.is_none_or(|a| !self.speakers.is_person(a)).then_some(who)
    }

    /// Who speaks where the word of speech has no speaker: the subject of the sentence, else who spoke before.
    fn otherwise(&self, sentence: usize, words: Span, paragraph: usize, last: Option<&Last>) -> Speaker {
        let subject = self.speakers.subject_of_sentence(sentence);
        subject
            .filter(|who| who.span.is_some_and(|s| !words.contains(s)))
            .or_else(|| inherited(last, paragraph))
            .unwrap_or_default()
    }

    fn quote(&self, span: Span, kind: QuoteKind, cue: Option<u32>, who: &Speaker, sentence: usize) -> Quote {
        Quote {
            span,
            kind,
            cue: cue.map(|c| self.reports.cue_words(c)),
            speaker_span: who.span,
            speaker: who.actor,
            via: who.via.clone(),
            sentence: self.doc.sentence_at(span.start).unwrap_or(sentence as u32),
            basis: if who.basis.is_empty() { "no speaker found".to_owned() } else { who.basis.clone() },
        }
    }

    /// The words from one token to another, without marks at the ends.
    fn words(&self, first: u32, last: u32) -> Span {
        let tokens = &self.doc.tokens;
        let span = tokens[first as usize].span.cover(tokens[last as usize].span);
        trimmed(&self.doc.article.text, span)
    }
}

/// Without white space and unpaired quotation marks at the ends.
fn trimmed(text: &str, span: Span) -> Span {
    const ENDS: &[char] =
        &[' ', '\n', '\t', '\u{a0}', '"', '“', '”', '«', '»', '„', ',', ';', ':', '.', '(', ')', '‘', '’'];
    let words = span.of(text);
    let start = span.start as usize + (words.len() - words.trim_start_matches(ENDS).len());
    let core = words.trim_matches(ENDS);
    Span::new(start, start + core.len())
}

fn covers_most(marked: Span, clause: Span) -> bool {
    let from = marked.start.max(clause.start);
    let to = marked.end.min(clause.end);
    to > from && f64::from(to - from) >= 0.85 * clause.len() as f64
}

fn seen(out: &[Quote], span: Span) -> bool {
    out.iter().rev().take(8).any(|q| q.span == span || q.span.contains(span))
}

fn inherited(last: Option<&Last>, paragraph: usize) -> Option<Speaker> {
    let last = last.filter(|l| l.paragraph == paragraph)?;
    Some(Speaker { basis: "speaker before in the paragraph".to_owned(), ..last.speaker.clone() })
}

/// Whether all words of weight begin with capitals: a title or a name.
fn is_name(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().filter(|w| w.chars().any(char::is_alphabetic)).collect();
    let heavy = words.iter().filter(|w| w.chars().count() > 3);
    let capital = |w: &&&str| w.chars().find(|c| c.is_alphabetic()).is_some_and(char::is_uppercase);
    !words.is_empty() && heavy.clone().count() > 0 && heavy.clone().filter(capital).count() == heavy.count()
}

#[cfg(test)]
mod tests;
