//! Transcripts: who speaks in a paragraph that begins with a name and a colon, and the state for which a page speaks.

use crate::chunks::{Chunk, ChunkKind};
use crate::fold::fold;
use crate::scan::Scan;
use crate::tables::Row;
use crate::words::words;
use polybius_text::SegmentKind;

/// Labels stand within so many words of the start of a paragraph.
const LABEL: u32 = 9;

/// What one speaks, from behind the colon to the next label.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Turn {
    pub first: u32,
    pub end: u32,
    /// The chunk that names the speaker; `None` for "Question:".
    pub speaker: Option<usize>,
}

/// The turns of a page; none where fewer than two paragraphs begin with a label.
pub(crate) fn find_turns(scan: &Scan, chunks: &[Chunk]) -> Vec<Turn> {
    let doc = scan.doc;
    let block =
        |s: u32| doc.article.segments.get(doc.sentences[s as usize].segment as usize).map(|g| g.block);
    let mut turns: Vec<Turn> = Vec::new();
    for (i, sentence) in doc.sentences.iter().enumerate() {
        let opens = i == 0 || block(i as u32) != block(i as u32 - 1);
        let label = (sentence.first_token..sentence.end_token.min(sentence.first_token + LABEL))
            .find(|&t| scan.word(t) == ":" && t > sentence.first_token);
        let Some(colon) = label.filter(|_| opens) else { continue };
        let named = chunks.iter().position(|c| c.end == colon && c.kind == ChunkKind::Person);
        let from = named.map_or(colon, |c| chunks[c].first);
        let plain = (sentence.first_token..from).all(|t| {
            scan.word(t) == "," || matches!(scan.upos(t), "NOUN" | "PROPN" | "ADJ" | "DET" | "NUM" | "X")
        });
        // "The premier said: ..." has a verb before its colon; a label has none.
        if !plain || named.is_none() && colon > sentence.first_token + 2 {
            continue;
        }
        if let Some(last) = turns.last_mut() {
            last.end = sentence.first_token;
        }
        turns.push(Turn { first: colon + 1, end: doc.tokens.len() as u32, speaker: named });
    }
    if turns.len() < 2 || turns.iter().all(|t| t.speaker.is_none()) {
        turns.clear();
    }
    turns
}

/// The turn in which a token stands.
pub(crate) fn turn_at(turns: &[Turn], token: u32) -> Option<&Turn> {
    turns[..turns.partition_point(|t| t.first <= token)].last().filter(|t| token < t.end)
}

/// Whether the speaker of a turn says "we" or "our" in it: speaks for others.
pub(crate) fn speaks_for_others(scan: &Scan, turn: &Turn) -> bool {
    (turn.first..turn.end).any(|t| words().is("pronoun_we", &scan.fold[t as usize]))
}

/// The state for which the speakers of a transcript speak: that of the dateline.
pub(crate) fn voice_state(scan: &Scan, turns: &[Turn]) -> Option<String> {
    let article = &scan.doc.article;
    let of_kind = article.segments.iter().find(|s| s.kind == SegmentKind::Dateline).map(|s| s.span);
    let span = article.dateline.as_ref().map(|d| d.span).or(of_kind).filter(|_| !turns.is_empty())?;
    let place = fold(scan.doc.slice(span).split(',').next()?.trim());
    let tables = scan.tables;
    tables.look_up(&place, true).find_map(|row| match row {
        Row::Country(row, _) => Some(scan.code_of(row).to_owned()),
        Row::City(row, _) => Some(scan.code_of(tables.cities[row as usize].country).to_owned()),
        _ => None,
    })
}
