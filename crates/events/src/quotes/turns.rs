//! Turns of speech in transcripts and interviews: a paragraph that begins with who speaks and a colon.

use super::knowledge::QuoteKnowledge;
use super::speaker::Speaker;
use super::{trimmed, word_count};
use polybius_text::{Annotated, EntityType, Mention, MentionKind, Span};
use std::ops::Range;

/// Fewer paragraphs with a label are headings, not a transcript. Set by judgement, not tuned.
const MIN_TURNS: usize = 3;
/// A longer label is a sentence. Set by judgement.
const LONGEST_LABEL_WORDS: usize = 8;
const LONGEST_LABEL_BYTES: usize = 120;

/// What one paragraph of a transcript says, and who; a question of the press has no speaker.
#[derive(Debug, Clone)]
pub(super) struct Turn {
    pub speaker: Option<Speaker>,
    pub said: Span,
}

/// The turn of each paragraph; none on a page that is no transcript.
pub(super) fn turns(
    doc: &Annotated,
    paragraphs: &[Range<usize>],
    mentions: &[Mention],
    k: &QuoteKnowledge,
) -> Vec<Option<Turn>> {
    let found: Vec<Option<Turn>> = paragraphs.iter().map(|p| turn(doc, p, mentions, k)).collect();
    let is_transcript =
        found.iter().flatten().count() >= MIN_TURNS && found.iter().flatten().any(|t| t.speaker.is_some());
    if is_transcript { found } else { vec![None; paragraphs.len()] }
}

fn turn(doc: &Annotated, paragraph: &Range<usize>, mentions: &[Mention], k: &QuoteKnowledge) -> Option<Turn> {
    let text = doc.article.text.as_str();
    let words = text.get(paragraph.clone())?;
    let colon = words.find(':').filter(|&c| c <= LONGEST_LABEL_BYTES)?;
    let (label, rest) = (words[..colon].trim_end(), &words[colon + 1..]);
    let speech = rest.starts_with(char::is_whitespace) && word_count(rest) >= 2;
    if !speech || word_count(label) > LONGEST_LABEL_WORDS || label.contains(['"', '“', '«', ';']) {
        return None;
    }
    let said = trimmed(text, Span::new(paragraph.start + colon + 1, paragraph.end));
    if k.is_label(label) {
        return Some(Turn { speaker: None, said });
    }
    let end = (paragraph.start + label.len()) as u32;
    let named = mentions.iter().find(|m| {
        m.span.end == end
            && m.span.start as usize >= paragraph.start
            && m.kind == MentionKind::Named
            && m.entity_type == EntityType::Person
            && !m.actors.is_empty()
    })?;
    let speaker = Speaker {
        actor: named.actors.first().copied(),
        span: Some(named.span),
        via: Vec::new(),
        basis: "label of a turn of speech".to_owned(),
    };
    Some(Turn { speaker: Some(speaker), said })
}
