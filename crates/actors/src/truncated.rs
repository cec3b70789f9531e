//! A page that begins inside a name: "...enko, the president of Belarus, said".
//!
//! The end of a word is weak evidence, so it is joined only to a person whom the document names in full elsewhere and whose
//! office the words beside it repeat.

use crate::fold::fold;
use crate::scan::Scan;
use polybius_text::{ActorKind, DocActor, EntityType, Mention, MentionKind, OfficeHeld, SegmentKind};

/// Fewer letters end too many names.
const SHORTEST: usize = 3;
/// Words of the apposition that are looked at.
const LONGEST_APPOSITION: u32 = 12;

/// Links the rest of a name at the start of the text to its person, in place of what was read there.
pub(crate) fn find_truncated(scan: &Scan, actors: &[DocActor], mentions: &mut Vec<Mention>) {
    let Some(token) = first_rest(scan) else { return };
    let rest = &scan.fold[token as usize];
    let fits = |name: &String| {
        name.split([' ', '-', '\u{2010}'])
            .map(fold)
            .any(|word| word.len() > rest.len() + 1 && word.ends_with(rest.as_str()))
    };
    let found = actors
        .iter()
        .enumerate()
        .filter(|(_, a)| a.kind == ActorKind::Person && a.excluded.is_empty())
        .find_map(|(i, a)| {
            let name = a.names.iter().find(|n| fits(n))?;
            let words = a.offices.iter().find_map(|o| office_words(scan, token, o))?;
            Some((i, name.clone(), words))
        });
    let Some((actor, name, words)) = found else { return };
    mentions.retain(|m| !(m.first_token <= token && token < m.end_token));
    mentions.push(Mention {
        span: scan.doc.tokens[token as usize].span,
        head: token,
        first_token: token,
        end_token: token + 1,
        kind: MentionKind::Named,
        entity_type: EntityType::Person,
        actors: vec![actor as u32],
        link_score: 0.4,
        basis: format!(
            "inferred: end of \"{name}\" where the page begins, with words of the office (\"{words}\")"
        ),
    });
    mentions.sort_by_key(|m| (m.span.start, std::cmp::Reverse(m.span.end)));
}

/// The first word of the first body sentence that begins small and is no common word, behind nothing but a dateline.
fn first_rest(scan: &Scan) -> Option<u32> {
    let doc = scan.doc;
    let body = doc.sentences.iter().find(|s| {
        doc.article.segments.get(s.segment as usize).is_some_and(|x| x.kind == SegmentKind::Body)
    })?;
    const LONGEST_DATELINE: u32 = 12;
    for t in body.first_token..body.end_token.min(body.first_token + LONGEST_DATELINE) {
        let word = doc.word(t);
        if word.chars().next().is_some_and(char::is_lowercase) {
            let rest = matches!(scan.upos(t), "PROPN" | "X" | "NOUN" | "ADJ")
                && scan.fold[t as usize].len() >= SHORTEST;
            let comma = t + 1 < body.end_token && doc.word(t + 1) == ",";
            return (rest && comma).then_some(t);
        }
        // A dateline is printed in capitals, or ends before the word.
        if word.chars().any(char::is_lowercase) && doc.article.dateline.is_none() {
            return None;
        }
    }
    None
}

/// Two neighbouring words of the apposition that a wording of the office has too.
fn office_words(scan: &Scan, token: u32, held: &OfficeHeld) -> Option<String> {
    let doc = scan.doc;
    let end = doc.sentences[doc.sentence_of(token) as usize].end_token;
    let words: Vec<&str> = (token + 2..end.min(token + 2 + LONGEST_APPOSITION))
        .take_while(|&t| doc.word(t) != "," && !matches!(scan.upos(t), "VERB" | "AUX"))
        .map(|t| scan.fold[t as usize].as_str())
        .collect();
    let mut pairs: Vec<String> =
        words.windows(2).filter(|w| w.iter().all(|x| x.len() > 3)).map(|w| w.join(" ")).collect();
    pairs.sort();
    let title = fold(&held.title);
    pairs.into_iter().find(|pair| {
        title.contains(pair.as_str())
            || scan
                .tables
                .offices
                .iter()
                .any(|(wording, o)| o.office == held.office && wording.contains(pair.as_str()))
    })
}
