//! Why a word gives no event: for whoever asks what the coder left out.

use crate::acts::chance_of;
use crate::codebook::Codebook;
use crate::coder::{Coder, Draft};
use crate::parties::{Found, Parties};
use crate::tree::Tree;
use polybius_text::{CodedDocument, Span};

/// Acts that the reader sees at less than this chance are not worth naming.
const SLIGHT: f32 = 0.15;

/// An act that was seen and not coded.
#[derive(Debug, Clone, PartialEq)]
pub struct Silent {
    /// The word that tells it.
    pub trigger: Span,
    /// PLOVER type.
    pub event_type: &'static str,
    /// File and line of the sense, or of `reader.tsv` for an act that only the reader sees.
    pub rule: String,
    /// 0 to 1: the chance that the reader gives the word to be an act of this type.
    pub seen: f32,
    /// Words of those who do it.
    pub actors: Vec<Span>,
    /// Words of those to whom it is done.
    pub recipients: Vec<Span>,
    /// Why it is no event, in words.
    pub why: String,
}

/// The acts of a coded document that give no event, in text order, each with the reason.
pub fn silent_acts(doc: &CodedDocument, codebook: &Codebook) -> Vec<Silent> {
    let text = &doc.annotated;
    let tree = Tree::new(text);
    let parties = Parties::new(&tree, &doc.mentions, &doc.doc_actors, &doc.places, &doc.quotes, codebook);
    let coder = Coder::new(&tree, &parties, codebook, &doc.times, text);
    let mut out = Vec::new();
    for number in 0..text.sentences.len() as u32 {
        for mut draft in coder.drafts(number, Some(SLIGHT)) {
            let token = draft.m.trigger.token;
            if doc.events.iter().any(|e| e.trigger_token == token) {
                continue;
            }
            draft.confidence = coder.confidence(&draft);
            let sense = &codebook.senses[draft.m.sense as usize];
            let seen = chance_of(coder.act_of(&draft.m.trigger), draft.event_type);
            let spans = |list: &[Found]| list.iter().map(|f| f.span).collect();
            out.push(Silent {
                trigger: text.tokens[token as usize].span,
                event_type: draft.event_type.as_str(),
                rule: sense.rule.to_string(),
                seen,
                actors: spans(&draft.m.actors),
                recipients: spans(&draft.m.recipients),
                why: coder.why_silent(&draft, seen),
            });
        }
    }
    out.sort_by_key(|s| s.trigger);
    out
}

impl Coder<'_> {
    fn why_silent(&self, draft: &Draft, seen: f32) -> String {
        let sense = &self.book.senses[draft.m.sense as usize];
        let least = self.book.reader.values().find(|r| r.sense == draft.m.sense).map(|r| r.least);
        match (least, self.fault(draft)) {
            (Some(least), _) if seen < least => {
                format!("no sense fits, and the reader is not sure enough ({seen:.2} of {least})")
            }
            (_, Some(fault)) => fault,
            (_, None) => format!("another event of the sentence tells the same {}", sense.event_type),
        }
    }
}
