//! Marks on a document, each with the words that it rests on.
//!
//! Precision first: a clean agency text must never be marked. A mark changes weights and deletes nothing.

use crate::blocks::Sheet;
use crate::classify::{Piece, Reading};
use crate::knowledge::IngestKnowledge;
use crate::letters::{ends_closed, last_mark};
use crate::spam;
use crate::words::{Hit, Phrases, Word, words};
use polybius_text::{Flag, FlagKind, SegmentKind, Span};
use rustc_hash::FxHashMap;

// Thresholds, set in November 2026 on the seeds, the two story sets and the texts in the tests of this crate.
/// Weight of signs a text of up to `TEXT_WORDS` words needs to be called translated, and how many different signs.
const TRANSLATED_WEIGHT: f32 = 4.5;
const TRANSLATED_CUES: usize = 2;
/// Signs of spinning per hundred words, and how many at least.
const SPUN_PER_HUNDRED: f32 = 1.6;
const SPUN_LEAST: usize = 5;
/// Weight of framed words that makes an opinion without a label that says so.
const OPINION_WEIGHT: f32 = 4.0;
const TEXT_WORDS: f32 = 500.0;
/// Bytes of a text that are read for flags; what is longer is judged by its beginning and its last paragraph.
const MAX_FLAG_BYTES: usize = 200_000;
/// Most spans kept as evidence of a flag.
const MAX_EVIDENCE: usize = 24;
/// Repeated 8-word sequences that make a teaser a copy.
const REPEATED_LEAST: usize = 3;

/// All marks, in the order of their kinds.
pub(crate) fn flags(sheet: &Sheet, reading: &Reading, language: &str, known: &IngestKnowledge) -> Vec<Flag> {
    let text = &sheet.text;
    let last_body = reading.pieces.iter().rposition(|p| p.kind == SegmentKind::Body);
    let mut read = 0;
    let mut article: Vec<(&Piece, Vec<Word>)> = Vec::new();
    for (i, piece) in reading.pieces.iter().enumerate().filter(|(_, p)| p.kind.is_evidence()) {
        read += piece.end - piece.start;
        if read <= MAX_FLAG_BYTES || Some(i) == last_body || article.is_empty() {
            article.push((piece, words(&text[piece.start..piece.end], piece.start)));
        }
    }
    let n_words: usize = article.iter().map(|(_, w)| w.iter().filter(|w| w.is_word).count()).sum();
    let english = matches!(language, "en" | "und");
    let mut found = Vec::new();
    let spun = word_spun(&article, n_words, known).filter(|_| english);
    if spun.is_none() && english {
        found.extend(machine_translated(text, &article, n_words, known));
    }
    found.extend(spun);
    found.extend(truncated(text, reading, &article, known));
    found.extend(comment_spam(text, reading, known));
    found.extend(spam_link(reading));
    found.extend(duplicate_teaser(reading));
    found.extend(opinion(sheet, reading, &article, n_words, known).filter(|_| english));
    found
}

fn span_of(words: &[Word], hit: &Hit) -> Span {
    Span::new(words[hit.from].start, words[hit.to - 1].end)
}

/// Weight by sign: each sign counts at most three times its weight, so that one habit of a writer proves nothing.
#[derive(Default)]
struct Tally {
    cues: Vec<(String, f32, f32, usize)>,
    evidence: Vec<Span>,
}

impl Tally {
    fn add(&mut self, cue: &str, weight: f32, span: Span) {
        match self.cues.iter_mut().find(|c| c.0 == cue) {
            Some(c) => {
                c.1 = c.1.max(weight);
                c.2 += weight;
                c.3 += 1;
            }
            None => self.cues.push((cue.to_string(), weight, weight, 1)),
        }
        if self.evidence.len() < MAX_EVIDENCE {
            self.evidence.push(span);
        }
    }

    fn weight(&self) -> f32 {
        self.cues.iter().map(|(_, most, sum, _)| sum.min(3.0 * most)).sum()
    }

    fn hits(&self) -> usize {
        self.cues.iter().map(|c| c.3).sum()
    }

    fn detail(&self) -> String {
        let mut cues: Vec<_> = self.cues.iter().collect();
        cues.sort_by(|a, b| b.3.cmp(&a.3).then(a.0.cmp(&b.0)));
        let parts: Vec<String> = cues.iter().take(8).map(|c| format!("{} {}×", c.0, c.3)).collect();
        parts.join(", ")
    }

    fn flag(mut self, kind: FlagKind, detail: String) -> Flag {
        self.evidence.sort();
        self.evidence.dedup();
        Flag { kind, evidence: self.evidence, detail }
    }
}

fn tally(article: &[(&Piece, Vec<Word>)], phrases: &Phrases, known: &IngestKnowledge) -> Tally {
    let mut tally = Tally::default();
    for (piece, words) in article {
        if piece.kind == SegmentKind::Teaser {
            continue;
        }
        let mut behind = 0;
        for hit in phrases.find(words, &known.classes) {
            // Of overlapping phrases the first counts.
            if hit.from >= behind {
                behind = hit.to;
                tally.add(&hit.phrase.label, hit.phrase.weight, span_of(words, &hit));
            }
        }
    }
    tally
}

fn machine_translated(
    text: &str,
    article: &[(&Piece, Vec<Word>)],
    n_words: usize,
    known: &IngestKnowledge,
) -> Option<Flag> {
    let mut tally = tally(article, &known.translated, known);
    for (piece, words) in article.iter().filter(|(p, _)| p.kind == SegmentKind::Body) {
        parentheses_as_quotes(words, known, &mut tally);
        guillemets(words, &mut tally);
        doubled_words(words, &mut tally);
        let starts_with_and =
            words.first().is_some_and(|w| w.lower == "and") && text[piece.start..piece.end].len() > 60;
        if starts_with_and {
            tally.add("paragraph begins with And", 1.0, Span::new(piece.start, words[0].end));
        }
    }
    double_points(text, article, &mut tally);
    articles(article, &mut tally);
    let weight = tally.weight() / (n_words as f32 / TEXT_WORDS).max(1.0);
    if weight < TRANSLATED_WEIGHT || tally.cues.len() < TRANSLATED_CUES {
        return None;
    }
    let detail =
        format!("signs of translation weigh {weight:.1} (from {TRANSLATED_WEIGHT}): {}", tally.detail());
    Some(tally.flag(FlagKind::MachineTranslated, detail))
}

/// "stressing that (his country will not interfere)": Arabic papers quote in parentheses.
fn parentheses_as_quotes(words: &[Word], known: &IngestKnowledge, tally: &mut Tally) {
    for i in 1..words.len() {
        if words[i].text != "(" {
            continue;
        }
        let close = words[i..].iter().take(80).position(|w| w.text == ")").map(|n| i + n);
        let Some(close) = close else { continue };
        let inside = words[i + 1..close].iter().filter(|w| w.is_word).count();
        let cued = words[i.saturating_sub(3)..i]
            .iter()
            .any(|w| known.classes.has("speech", &w.lower) || w.lower == "that");
        if inside >= 4 && cued {
            tally.add("parentheses as quotation marks", 2.0, Span::new(words[i].start, words[close].end));
        }
    }
}

fn guillemets(words: &[Word], tally: &mut Tally) {
    for w in words.iter().filter(|w| w.text == "«") {
        tally.add("guillemets in English", 1.0, Span::new(w.start, w.end));
    }
}

/// "destruction, and destruction".
fn doubled_words(words: &[Word], tally: &mut Tally) {
    for w in words.windows(4) {
        let same = w[0].is_word && w[0].text.len() > 4;
        let apart = w[1].text == "," && w[2].lower == "and" && w[3].lower == w[0].lower;
        let beside = w[1].lower == w[0].lower && !w[0].is_capitalised();
        if same && (apart || beside) {
            tally.add("doubled word", 2.0, Span::new(w[0].start, w[if apart { 3 } else { 1 }].end));
        }
    }
}

/// "fold the page of the war.. and Guterich": two points in a headline.
fn double_points(text: &str, article: &[(&Piece, Vec<Word>)], tally: &mut Tally) {
    for (piece, _) in article.iter().filter(|(p, _)| p.kind == SegmentKind::Title) {
        let title = &text[piece.start..piece.end];
        if let Some(at) = title.find(".. ").filter(|_| !title.contains("...")) {
            tally.add("two points in the headline", 2.0, Span::new(piece.start + at, piece.start + at + 2));
            return;
        }
    }
}

/// Word for word from Romance languages or Arabic every noun has its "the" and its "of"; from languages without
/// articles there are none. Of 188 clean news texts 3 in 100 have more than 11.9 "the" in a hundred words, and none
/// fewer than 4.6 articles.
fn articles(article: &[(&Piece, Vec<Word>)], tally: &mut Tally) {
    let body = || {
        article.iter().filter(|(p, _)| p.kind == SegmentKind::Body).flat_map(|(_, w)| w).filter(|w| w.is_word)
    };
    let count = |word: &str| body().filter(|w| w.lower == word).count() as f32;
    let n = body().count() as f32;
    let Some(first) = body().next().filter(|_| n >= 150.0) else { return };
    let span = Span::new(first.start, first.end);
    let (the, of) = (count("the") / n, count("of") / n);
    if the > 0.12 && of > 0.042 {
        tally.add("\"the\" and \"of\" before every noun", 2.0, span);
    } else if the + (count("a") + count("an")) / n < 0.045 {
        tally.add("hardly any article", 2.0, span);
    }
}

fn word_spun(article: &[(&Piece, Vec<Word>)], n_words: usize, known: &IngestKnowledge) -> Option<Flag> {
    let tally = tally(article, &known.spun, known);
    let per_hundred = 100.0 * tally.cues.iter().map(|c| c.2).sum::<f32>() / n_words.max(1) as f32;
    if tally.hits() < SPUN_LEAST || per_hundred < SPUN_PER_HUNDRED {
        return None;
    }
    let detail = format!(
        "{} traces of a spinner in {n_words} words ({per_hundred:.1} per hundred, from {SPUN_PER_HUNDRED}): {}",
        tally.hits(),
        tally.detail()
    );
    Some(tally.flag(FlagKind::WordSpun, detail))
}

/// Begins in lower case, ends in mid-sentence, or has holes like "by the .".
fn truncated(
    text: &str,
    reading: &Reading,
    article: &[(&Piece, Vec<Word>)],
    known: &IngestKnowledge,
) -> Option<Flag> {
    let mut evidence = Vec::new();
    let mut reasons = Vec::new();
    let body: Vec<&(&Piece, Vec<Word>)> =
        article.iter().filter(|(p, _)| p.kind == SegmentKind::Body).collect();
    if let Some((piece, words)) = body.first() {
        let opened = reading.opening.as_ref().is_some_and(|o| o.1 <= piece.start);
        let first = words.iter().find(|w| w.is_word);
        if let Some(w) = first.filter(|w| {
            !opened && w.text.starts_with(char::is_lowercase) && !known.classes.has("name_particle", &w.lower)
        }) {
            evidence.push(Span::new(w.start, w.end));
            reasons.push("begins in lower case");
        }
    }
    if let Some((piece, words)) = body.last() {
        let n_words = words.iter().filter(|w| w.is_word).count();
        let block = &text[piece.start..piece.end];
        let open = !ends_closed(block) && !matches!(last_mark(block), Some(':' | ';'));
        let spam_behind = reading.pieces.iter().any(|p| p.block == piece.block && p.start >= piece.end);
        if open && n_words >= 4 && !spam_behind && piece.end - piece.start > 20 {
            let from = words.iter().rev().take(4).next_back().map_or(piece.start, |w| w.start);
            evidence.push(Span::new(from, piece.end));
            reasons.push("ends in mid-sentence");
        }
    }
    for (_, words) in &body {
        for w in words.windows(2) {
            let glue =
                matches!(w[0].lower.as_str(), "the" | "of" | "by" | "an" | "with" | "from" | "and" | "at");
            let spaced = w[1].start > w[0].end;
            if glue && spaced && matches!(w[1].text, "." | ",") {
                evidence.push(Span::new(w[0].start, w[1].end));
                reasons.push("a hole before a mark");
            }
        }
    }
    reasons.dedup();
    evidence.truncate(MAX_EVIDENCE);
    (!reasons.is_empty()).then(|| Flag { kind: FlagKind::Truncated, evidence, detail: reasons.join("; ") })
}

fn comment_spam(text: &str, reading: &Reading, known: &IngestKnowledge) -> Option<Flag> {
    let mut evidence = Vec::new();
    for piece in reading.pieces.iter().filter(|p| matches!(p.kind, SegmentKind::Comment | SegmentKind::Form))
    {
        let list = words(&text[piece.start..piece.end], piece.start);
        if spam::weight(&list, known) >= 3 && evidence.len() < MAX_EVIDENCE {
            evidence.push(Span::new(piece.start, piece.end));
        }
    }
    let commented = reading.pieces.iter().any(|p| p.kind == SegmentKind::Comment);
    let lines = reading.pieces.iter().enumerate().filter(|(i, p)| {
        p.kind == SegmentKind::Spam
            && (commented || reading.pieces[..*i].iter().any(|q| q.kind == SegmentKind::Body))
            && reading.pieces.iter().filter(|q| q.block == p.block).count() == 1
    });
    evidence.extend(lines.map(|(_, p)| Span::new(p.start, p.end)));
    evidence.sort();
    evidence.dedup();
    let detail = format!("{} comments or lines that sell something", evidence.len());
    (!evidence.is_empty()).then_some(Flag { kind: FlagKind::CommentSpam, evidence, detail })
}

fn spam_link(reading: &Reading) -> Option<Flag> {
    let blocks: FxHashMap<u32, usize> = reading.pieces.iter().fold(FxHashMap::default(), |mut n, p| {
        *n.entry(p.block).or_default() += 1;
        n
    });
    let evidence: Vec<Span> = reading
        .pieces
        .iter()
        .filter(|p| p.kind == SegmentKind::Spam && blocks[&p.block] > 1)
        .take(MAX_EVIDENCE)
        .map(|p| Span::new(p.start, p.end))
        .collect();
    let detail = format!("link spam inside {} sentences", evidence.len());
    (!evidence.is_empty()).then_some(Flag { kind: FlagKind::SpamLink, evidence, detail })
}

fn duplicate_teaser(reading: &Reading) -> Option<Flag> {
    if reading.n_repeated < REPEATED_LEAST {
        return None;
    }
    let evidence = reading.repeated.iter().map(|(start, end)| Span::new(*start, *end)).collect();
    let detail =
        format!("{} sequences of 8 words stand in the teaser and again in the body", reading.n_repeated);
    Some(Flag { kind: FlagKind::DuplicateTeaser, evidence, detail })
}

fn opinion(
    sheet: &Sheet,
    reading: &Reading,
    article: &[(&Piece, Vec<Word>)],
    n_words: usize,
    known: &IngestKnowledge,
) -> Option<Flag> {
    let mut labels = Vec::new();
    let metadata = &sheet.metadata;
    let says =
        |text: &str| words(text, 0).first().is_some_and(|w| known.classes.has("opinion_kicker", &w.lower));
    if metadata.section.as_deref().is_some_and(says) {
        labels.push("section of the page".to_string());
    }
    let described =
        metadata.description.as_deref().or(metadata.og_title.as_deref()).and_then(|d| d.split_once(':'));
    if described.is_some_and(|(head, _)| head.len() < 16 && says(head)) {
        labels.push("description of the page".to_string());
    }
    let path = metadata.canonical.as_deref().unwrap_or("");
    if ["/opinion/", "/opinions/", "/op-ed/", "/columns/", "/editorial/", "/editorials/"]
        .iter()
        .any(|p| path.contains(p))
    {
        labels.push("address of the page".to_string());
    }
    let mut tally = Tally::default();
    if let Some((start, end)) = reading.kicker {
        labels.push(format!("label `{}`", &sheet.text[start..end]));
        tally.evidence.push(Span::new(start, end));
    }
    for (piece, words) in article.iter().filter(|(p, _)| p.kind != SegmentKind::Teaser) {
        let quoted = quoted_words(words);
        for hit in known.opinion.find(words, &known.classes) {
            if !quoted[hit.from] {
                let _ = piece;
                tally.add(&hit.phrase.label, hit.phrase.weight, span_of(words, &hit));
            }
        }
    }
    let weight = tally.weight() / (n_words as f32 / TEXT_WORDS).max(1.0);
    if labels.is_empty() && (weight < OPINION_WEIGHT || tally.cues.len() < 2) {
        return None;
    }
    let counted = if tally.cues.is_empty() {
        String::new()
    } else {
        format!("framed language weighs {weight:.1}: {}", tally.detail())
    };
    let parts: Vec<String> = labels.into_iter().chain((!counted.is_empty()).then_some(counted)).collect();
    Some(tally.flag(FlagKind::Opinion, parts.join("; ")))
}

/// For each word whether it stands in quotation marks.
fn quoted_words(words: &[Word]) -> Vec<bool> {
    let mut inside = false;
    words
        .iter()
        .map(|w| {
            match w.text {
                "“" | "«" | "„" => inside = true,
                "”" | "»" => inside = false,
                "\"" => inside = !inside,
                _ => {}
            }
            inside
        })
        .collect()
}
