//! Scores of stories (`eval --stories-b3`) and of chains (`eval --chains`, `eval --gold-mentions`) on public sets.
//!
//! Offsets of the gold are Unicode code points, end exclusive.

use super::cluster_score::{Agreement, Prf};
use super::sets::{SetScore, lines, rounded};
use crate::analyse::{analyse_article, analyse_page};
use crate::failure::Failure;
use crate::resources::Resources;
use polybius_stories::{GivenMention, compare_corpus, group_into_stories, link_mentions};
use polybius_text::{Annotated, Article, CodedDocument, DocId, Span};
use rust_stemmers::{Algorithm, Stemmer};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Lines {"text","story"}, read as `polybius run` reads JSON lines: are the documents of one story together? A line without
/// story is a story of its own, and so is a document that was rejected.
///
/// Figures: n, stories in the gold and found, precision, recall and F1 of B³.
pub fn stories(path: &Path, resources: &Resources) -> Result<SetScore, Failure> {
    let rows = lines(path)?;
    let gold: Vec<String> = rows
        .iter()
        .enumerate()
        .map(|(n, row)| match row["story"].as_str() {
            Some(story) if !story.is_empty() => story.to_string(),
            _ => format!("alone {n}"),
        })
        .collect();
    let items: Vec<_> = polybius_sources::pages(&[path.to_path_buf()], Default::default()).collect();
    if items.len() != rows.len() {
        return Err(Failure::new(format!(
            "`{}` holds {} lines, but {} pages were read from it",
            path.display(),
            rows.len(),
            items.len()
        ))
        .hint("every line must be an object with a `text`"));
    }
    let coded = on_all_cores(&items, |item| {
        let page = item.as_ref().ok()?;
        analyse_page(&DocId::of_page(&page.path, &page.bytes), page, resources).ok()
    });
    let mut found: Vec<String> = (0..rows.len()).map(|n| format!("rejected {n}")).collect();
    let (numbers, docs): (Vec<usize>, Vec<CodedDocument>) =
        coded.into_iter().enumerate().filter_map(|(n, doc)| Some((n, doc?))).unzip();
    let grouping = group_into_stories(&docs);
    for (s, story) in grouping.stories.iter().enumerate() {
        for d in &story.documents {
            found[numbers[d.doc as usize]] = format!("story {s}");
        }
    }
    let b3 = Agreement::new(&gold, &found).b3();
    let count = |labels: &[String]| labels.iter().collect::<std::collections::BTreeSet<_>>().len();
    let figures = json!({
        "n": rows.len(), "rejected": rows.len() - docs.len(), "stories": count(&gold), "stories_found": count(&found),
        "b3_precision": rounded(b3.precision), "b3_recall": rounded(b3.recall), "b3_f1": rounded(b3.f1),
    });
    Ok(SetScore { figures, misses: mixed(&rows, &gold, &found) })
}

/// One line for each found cluster that holds several gold ones, and for each gold one in several parts.
fn mixed(rows: &[Value], gold: &[String], found: &[String]) -> Vec<String> {
    let name = |n: usize| rows[n]["id"].as_str().map_or_else(|| n.to_string(), str::to_string);
    let listed = |by: &[String], of: &[String], what: &str| -> Vec<String> {
        let mut groups: BTreeMap<&str, BTreeMap<&str, Vec<String>>> = BTreeMap::new();
        for n in 0..rows.len() {
            groups.entry(&by[n]).or_default().entry(&of[n]).or_default().push(name(n));
        }
        let several = groups.into_values().filter(|g| g.len() > 1);
        several
            .map(|g| {
                let parts: Vec<String> = g.into_values().map(|p| p.join(" ")).collect();
                format!("STORY {what} {}", parts.join(" | "))
            })
            .collect()
    };
    let mut all = listed(found, gold, "joins");
    all.extend(listed(gold, found, "parts"));
    all
}

/// A gold mention of an event.
struct Mention {
    doc: usize,
    span: Span,
    /// The token that heads it.
    head: u32,
    chain: String,
}

/// Texts with gold mentions of events.
struct CorefSet {
    docs: Vec<CodedDocument>,
    mentions: Vec<Mention>,
}

/// Lines {"id","text","mentions":[{"start","end","type","chain","scored"}]}; only events, and of those not the unscored.
fn coref_set(path: &Path, resources: &Resources) -> Result<CorefSet, Failure> {
    let rows = lines(path)?;
    let mut docs = on_all_cores(&rows, |row| {
        let mut article = Article::from_sentence(row["text"].as_str().unwrap_or(""), None);
        article.path = row["id"].as_str().unwrap_or("").to_string();
        article.doc_id = DocId::of_page(&article.path, article.text.as_bytes());
        (row, analyse_article(article, resources))
    });
    docs.sort_by(|a, b| a.1.annotated.article.doc_id.cmp(&b.1.annotated.article.doc_id));
    let mut mentions = Vec::new();
    for (n, (row, doc)) in docs.iter().enumerate() {
        let text = &doc.annotated.article.text;
        let mut bytes: Vec<usize> = text.char_indices().map(|(i, _)| i).collect();
        bytes.push(text.len());
        let events = row["mentions"].as_array().into_iter().flatten();
        for m in events.filter(|m| m["type"] == "event" && m["scored"] != false) {
            let at = |field: &str| bytes.get(m[field].as_u64()? as usize).copied();
            let (Some(start), Some(end), Some(chain)) = (at("start"), at("end"), m["chain"].as_str()) else {
                continue;
            };
            let span = Span::new(start, end);
            if let Some(head) = head_of(&doc.annotated, span) {
                mentions.push(Mention { doc: n, span, head, chain: chain.to_string() });
            }
        }
    }
    Ok(CorefSet { docs: docs.into_iter().map(|d| d.1).collect(), mentions })
}

/// The first token of a stretch that hangs on a token outside of it.
fn head_of(a: &Annotated, span: Span) -> Option<u32> {
    let inside: Vec<u32> = (0..a.tokens.len() as u32)
        .skip(a.token_from(span.start) as usize)
        .take_while(|&t| a.tokens[t as usize].span.start < span.end)
        .collect();
    let outside = |t: &&u32| a.tokens[**t as usize].head.is_none_or(|h| !inside.contains(&h));
    inside.iter().find(outside).or(inside.first()).copied()
}

/// The whole pipeline on texts with gold mentions of events. A mention is found when the trigger of an event overlaps it; found
/// mentions are compared by the chains of their events, and by the stem of their head words for the baseline.
pub fn chains(path: &Path, resources: &Resources) -> Result<SetScore, Failure> {
    let mut set = coref_set(path, resources)?;
    let corpus = compare_corpus(&mut set.docs, &resources.tables);
    let mut chain_of: BTreeMap<(u32, u32), usize> = BTreeMap::new();
    for (n, chain) in corpus.chains.iter().enumerate() {
        chain_of.extend(chain.events.iter().map(|&e| (e, n)));
    }
    let mut misses = Vec::new();
    let mut kept: Vec<(&Mention, String)> = Vec::new();
    for m in &set.mentions {
        match event_at(&set.docs[m.doc], m).and_then(|e| chain_of.get(&(m.doc as u32, e))) {
            Some(chain) => kept.push((m, chain.to_string())),
            None => misses.push(format!("{} not found: {}", m.chain, words(&set.docs, m))),
        }
    }
    misses
        .extend(kept.iter().map(|(m, chain)| format!("chain {chain} {}: {}", m.chain, words(&set.docs, m))));
    let gold: Vec<&str> = kept.iter().map(|(m, _)| m.chain.as_str()).collect();
    let found: Vec<&str> = kept.iter().map(|(_, chain)| chain.as_str()).collect();
    let stems: Vec<String> = kept.iter().map(|(m, _)| stem(&set.docs, m)).collect();
    let mut figures = coref_figures(&gold, &found, &stems);
    figures["n"] = json!(set.mentions.len());
    figures["found"] = json!(kept.len());
    figures["coverage"] = json!(rounded(kept.len() as f64 / set.mentions.len().max(1) as f64));
    Ok(SetScore { figures, misses })
}

/// Gold mentions of events, set in chains over the whole corpus.
pub fn gold_mentions(path: &Path, resources: &Resources) -> Result<SetScore, Failure> {
    let set = coref_set(path, resources)?;
    let given: Vec<GivenMention> =
        set.mentions.iter().map(|m| GivenMention { doc: m.doc as u32, token: m.head }).collect();
    let linked = link_mentions(&set.docs, &given);
    let gold: Vec<&str> = set.mentions.iter().map(|m| m.chain.as_str()).collect();
    let stems: Vec<String> = set.mentions.iter().map(|m| stem(&set.docs, m)).collect();
    let mut figures = coref_figures(&gold, &linked, &stems);
    figures["n"] = json!(gold.len());
    let misses = set.mentions.iter().zip(&linked);
    let misses = misses.map(|(m, l)| format!("chain {l} {}: {}", m.chain, words(&set.docs, m))).collect();
    Ok(SetScore { figures, misses })
}

fn coref_figures<F: Ord>(gold: &[&str], found: &[F], stems: &[String]) -> Value {
    let (own, baseline) = (Agreement::new(gold, found), Agreement::new(gold, stems));
    let shown = |p: Prf| json!({"p": rounded(p.precision), "r": rounded(p.recall), "f1": rounded(p.f1)});
    json!({
        "conll_f1": rounded(own.conll()), "muc": shown(own.muc()), "b3": shown(own.b3()), "ceaf_e": shown(own.ceaf()),
        "same_stem_conll_f1": rounded(baseline.conll()),
        "above_same_stem": rounded(own.conll() - baseline.conll()),
    })
}

/// The event whose trigger covers most of a mention; one at its head goes first.
fn event_at(doc: &CodedDocument, m: &Mention) -> Option<u32> {
    let head = doc.annotated.tokens[m.head as usize].span;
    let common = |s: Span| s.end.min(m.span.end).saturating_sub(s.start.max(m.span.start));
    let over = doc.events.iter().enumerate().filter(|(_, e)| e.trigger.overlaps(m.span));
    let best = over.max_by_key(|(n, e)| (e.trigger.overlaps(head), common(e.trigger), std::cmp::Reverse(*n)));
    best.map(|(n, _)| n as u32)
}

fn words<'d>(docs: &'d [CodedDocument], m: &Mention) -> &'d str {
    docs[m.doc].annotated.slice(m.span)
}

fn stem(docs: &[CodedDocument], m: &Mention) -> String {
    let a = &docs[m.doc].annotated;
    let word = a.slice(a.tokens[m.head as usize].span).to_lowercase();
    Stemmer::create(Algorithm::English).stem(&word).into_owned()
}

/// `f` of every item, in the order of the items.
fn on_all_cores<'i, T: Sync, R: Send>(items: &'i [T], f: impl Fn(&'i T) -> R + Sync) -> Vec<R> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some((n, item)) = {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    items.get(n).map(|item| (n, item))
                } {
                    let result = f(item);
                    done.lock().expect("no thread panics while it holds the list").push((n, result));
                }
            });
        }
    });
    let mut all = done.into_inner().expect("no thread panics while it holds the list");
    all.sort_by_key(|(n, _)| *n);
    all.into_iter().map(|(_, r)| r).collect()
}
