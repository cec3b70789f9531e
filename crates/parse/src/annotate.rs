//! From an article to an annotated document.

use polybius_text::{
    Act, Annotated, Article, EntitySpan, EntityType, Segment, SegmentKind, Sentence, Span, Token,
};
use smol_str::SmolStr;

use crate::lemma::settle;
use crate::word_order::verb_last;
use crate::{Reader, split_sentences, tokenize};

/// Reads the evidence segments of an article (title, subheads, teaser, body): sentences, tokens, tags, dependencies,
/// names. The text is not changed. A sentence of a teaser, title or second printing that repeats another one word for
/// word says so in [`Sentence::repeats`].
pub fn annotate(article: Article, reader: &Reader) -> Annotated {
    let drafts = draft_sentences(&article);
    let words: Vec<Vec<&str>> =
        drafts.iter().map(|d| d.tokens.iter().map(|t| t.form.as_str()).collect()).collect();
    let readings = reader.read(&words);
    let labels = reader.labels();
    let mut sentences = Vec::with_capacity(drafts.len());
    let mut tokens = Vec::new();
    let mut entities = Vec::new();
    let mut acts = Vec::new();
    for (draft, reading) in drafts.iter().zip(readings) {
        let first = tokens.len() as u32;
        for (token, word) in draft.tokens.iter().zip(&reading.words) {
            let xpos = &labels.xpos[word.xpos as usize];
            tokens.push(Token {
                span: token.span,
                lemma: settle(&token.form, xpos, &word.lemma).into(),
                upos: SmolStr::from(&labels.upos[word.upos as usize]),
                xpos: SmolStr::from(xpos),
                head: (word.head > 0).then(|| first + word.head - 1),
                rel: SmolStr::from(&labels.rel[word.rel as usize]),
            });
        }
        let tags: Vec<&str> = reading.words.iter().map(|w| labels.ner[w.ner as usize].as_str()).collect();
        let known = entities.len();
        collect_entities(&tags, first, &mut entities);
        join_flat(&tokens, &mut entities, known);
        let from =
            |parties: Vec<(u32, f32)>| parties.into_iter().map(|(word, c)| (first + word, c)).collect();
        acts.extend(reading.acts.into_iter().map(|a| Act {
            token: first + a.word,
            types: a.types,
            modality: a.modality,
            polarity: a.polarity,
            actors: from(a.actors),
            recipients: from(a.recipients),
        }));
        sentences.push(Sentence {
            span: draft.span,
            first_token: first,
            end_token: tokens.len() as u32,
            segment: draft.segment,
            vector: reading.vector,
            political: reading.political,
            repeats: None,
        });
    }
    let mut doc = Annotated { article, sentences, tokens, entities, acts, reads_acts: reader.reads_acts() };
    mark_repeats(&mut doc);
    let flag = verb_last(&doc);
    doc.article.flags.extend(flag);
    doc
}

/// A word before reading: where it stands and the form that the model reads.
struct DraftToken {
    span: Span,
    form: String,
}

struct DraftSentence {
    span: Span,
    segment: u32,
    tokens: Vec<DraftToken>,
}

fn draft_sentences(article: &Article) -> Vec<DraftSentence> {
    let mut drafts = Vec::new();
    let segments = &article.segments;
    let mut i = 0;
    while i < segments.len() {
        if !segments[i].kind.is_evidence() {
            i += 1;
            continue;
        }
        // Pieces of one paragraph around a stretch of spam are read as one text.
        let mut pieces = vec![i];
        let mut next = i + 1;
        while next < segments.len() && segments[next].block == segments[i].block {
            if segments[next].kind == segments[i].kind {
                pieces.push(next);
            } else if segments[next].kind != SegmentKind::Spam {
                break;
            }
            next += 1;
        }
        draft_block(article, segments, &pieces, &mut drafts);
        i = pieces[pieces.len() - 1] + 1;
    }
    drafts
}

fn draft_block(article: &Article, segments: &[Segment], pieces: &[usize], drafts: &mut Vec<DraftSentence>) {
    let joined: String;
    let block: &str = if let [only] = pieces {
        article.slice(segments[*only].span)
    } else {
        joined = pieces.iter().map(|p| article.slice(segments[*p].span)).collect();
        &joined
    };
    // (start in block, start in article), one entry a piece.
    let mut starts = Vec::with_capacity(pieces.len());
    let mut at = 0;
    for p in pieces {
        starts.push((at, segments[*p].span.start as usize, *p));
        at += segments[*p].span.len();
    }
    let place = |offset: usize, is_end: bool| {
        let n = starts.partition_point(|(s, _, _)| if is_end { *s < offset } else { *s <= offset });
        let (block_start, text_start, piece) = starts[n.max(1) - 1];
        (text_start + offset - block_start, piece)
    };
    for sentence in split_sentences(block) {
        let text = &block[sentence.clone()];
        let tokens: Vec<DraftToken> = tokenize(text)
            .into_iter()
            .map(|t| DraftToken {
                span: Span::new(
                    place(sentence.start + t.start, false).0,
                    place(sentence.start + t.end, true).0,
                ),
                form: t.form,
            })
            .collect();
        let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else { continue };
        drafts.push(DraftSentence {
            span: Span { start: first.span.start, end: last.span.end },
            segment: place(sentence.start, false).1 as u32,
            tokens,
        });
    }
}

/// Turns BIO tags into spans.
fn collect_entities(tags: &[&str], first: u32, entities: &mut Vec<EntitySpan>) {
    let mut open: Option<(u32, &str)> = None;
    for (i, tag) in tags.iter().chain(std::iter::once(&"O")).enumerate() {
        let at = first + i as u32;
        let continues = tag.strip_prefix("I-").is_some_and(|t| open.is_some_and(|(_, o)| o == t));
        if continues {
            continue;
        }
        if let Some((start, kind)) = open.take() {
            entities.push(EntitySpan { first_token: start, end_token: at, entity_type: entity_type(kind) });
        }
        if *tag != "O" {
            open = Some((at, &tag[2..]));
        }
    }
}

/// Joins names from `known` on that stand side by side and that the tree takes for parts of one: "Fitsum" and "Arega". Parts of
/// different types make a person, since that is what `flat` joins; so do two places, since the reader keeps those together.
fn join_flat(tokens: &[Token], entities: &mut Vec<EntitySpan>, known: usize) {
    let mut joined: Vec<EntitySpan> = Vec::with_capacity(entities.len() - known);
    for entity in entities.drain(known..) {
        let first = &tokens[entity.first_token as usize];
        let flat = |before: &EntitySpan| {
            let inside = first.head.is_some_and(|h| (before.first_token..before.end_token).contains(&h));
            before.end_token == entity.first_token && first.rel == "flat" && inside
        };
        match joined.last_mut().filter(|before| flat(before)) {
            Some(before) => {
                before.end_token = entity.end_token;
                let place = entity.entity_type == EntityType::Place;
                if place || before.entity_type != entity.entity_type {
                    before.entity_type = EntityType::Person;
                }
            }
            None => joined.push(entity),
        }
    }
    entities.append(&mut joined);
}

fn entity_type(label: &str) -> EntityType {
    match label {
        "PER" => EntityType::Person,
        "ORG" => EntityType::Organisation,
        "LOC" => EntityType::Place,
        "NORP" => EntityType::Nationality,
        "EVENT" => EntityType::Event,
        _ => EntityType::Other,
    }
}

/// Marks sentences that are printed twice. The one in the body counts, of two in the body the first.
fn mark_repeats(doc: &mut Annotated) {
    use std::collections::HashMap;
    let keys: Vec<String> = doc
        .sentences
        .iter()
        .map(|s| {
            let words = doc.tokens[s.tokens()].iter().map(|t| doc.slice(t.span));
            let letters = words.flat_map(|w| w.chars()).filter(|c| c.is_alphanumeric());
            letters.flat_map(char::to_lowercase).collect()
        })
        .collect();
    let in_body = |s: &Sentence| doc.article.segments[s.segment as usize].kind == SegmentKind::Body;
    let mut keeper: HashMap<&str, usize> = HashMap::new();
    for (i, key) in keys.iter().enumerate() {
        let better = match keeper.get(key.as_str()) {
            None => true,
            Some(k) => !in_body(&doc.sentences[*k]) && in_body(&doc.sentences[i]),
        };
        if better {
            keeper.insert(key, i);
        }
    }
    let repeats: Vec<Option<u32>> = keys
        .iter()
        .enumerate()
        // A word or two printed twice ("Share", "did.") is no repetition of an account.
        .map(|(i, key)| (key.len() > 12 && keeper[key.as_str()] != i).then(|| keeper[key.as_str()] as u32))
        .collect();
    for (sentence, repeats) in doc.sentences.iter_mut().zip(repeats) {
        sentence.repeats = repeats;
    }
}
