//! The stages alone: JSON lines or text in, one line an item out, in order.

use crate::analyse::analyse_article;
use crate::args::{CodeArgs, ExtractArgs, MatchArgs, ParseArgs};
use crate::failure::Failure;
use crate::inputs::settings;
use crate::resources::{Resources, data_folder, load_reader};
use polybius_ingest::IngestKnowledge;
use polybius_text::{Article, Page, Reject};
use serde_json::{Value, json};
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

/// `polybius extract`: one line a page.
pub fn extract(args: &ExtractArgs) -> Result<(), Failure> {
    let data = data_folder(&args.engine)?;
    let knowledge = IngestKnowledge::load(&data.join("ingest"))
        .map_err(|e| Failure::caused("cannot load the reading rules", &e))?;
    let threads = args
        .engine
        .threads
        .or_else(|| std::thread::available_parallelism().ok().map(|n| n.get()))
        .unwrap_or(1)
        .max(1);
    let settings = settings(&args.files, &args.sources)?;
    let mut pages = polybius_sources::pages(&args.files, settings);
    let mut out = BufWriter::new(io::stdout().lock());
    loop {
        let batch = next_batch(&mut pages, threads);
        if batch.is_empty() {
            return end_of_pipe(out.flush()).map(|_| ());
        }
        for line in answer_in_order(&batch, threads, |item| answer(item, &knowledge)) {
            if end_of_pipe(writeln!(out, "{line}"))? {
                return Ok(());
            }
        }
        if end_of_pipe(out.flush())? {
            return Ok(());
        }
    }
}

fn answer(item: &Result<Page, Reject>, knowledge: &IngestKnowledge) -> Value {
    let article = item.as_ref().map_err(Clone::clone).and_then(|page| read_guarded(page, knowledge));
    match article {
        Ok(article) => extract_line(&article),
        Err(reject) => {
            json!({"path": reject.path, "reject": reject.reason.as_str(), "detail": reject.detail})
        }
    }
}

/// Pages that are held and read at once: some for every thread, not too many bytes, and no waiting for those that come
/// slowly.
fn next_batch(pages: &mut polybius_sources::Pages, threads: usize) -> Vec<Result<Page, Reject>> {
    const MAX_BYTES: usize = 32 << 20;
    const MAX_WAIT: std::time::Duration = std::time::Duration::from_millis(300);
    let started = std::time::Instant::now();
    let (mut batch, mut n_bytes) = (Vec::new(), 0);
    while batch.len() < 32 * threads && n_bytes < MAX_BYTES && started.elapsed() < MAX_WAIT {
        let Some(item) = pages.next() else { break };
        n_bytes += item.as_ref().map_or(0, |page| page.bytes.len());
        batch.push(item);
    }
    batch
}

/// Answers all items on several threads; the answers stand in the order of the items.
fn answer_in_order<T: Sync>(items: &[T], threads: usize, answer: impl Fn(&T) -> Value + Sync) -> Vec<Value> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut mine = Vec::new();
        loop {
            let n = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(n) else { return mine };
            mine.push((n, answer(item)));
        }
    };
    let mut answers: Vec<(usize, Value)> = std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads.min(items.len())).map(|_| scope.spawn(work)).collect();
        let mut all = work();
        for other in others {
            all.extend(other.join().expect("answers catch their own faults"));
        }
        all
    });
    answers.sort_unstable_by_key(|(n, _)| *n);
    answers.into_iter().map(|(_, line)| line).collect()
}

fn read_guarded(page: &Page, knowledge: &IngestKnowledge) -> Result<Article, Reject> {
    let read = || polybius_ingest::read_article(page, knowledge);
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(read)).unwrap_or_else(|_| {
        Err(Reject {
            path: page.path.clone(),
            reason: polybius_text::RejectReason::Internal,
            detail: "a fault of ours while reading this page".to_string(),
        })
    })
}

fn extract_line(article: &Article) -> Value {
    let segments: Vec<Value> = article
        .segments
        .iter()
        .map(|s| {
            json!({"kind": s.kind.as_str(), "start": s.span.start, "end": s.span.end,
                   "raw_start": s.raw.start, "raw_end": s.raw.end, "text": article.slice(s.span)})
        })
        .collect();
    let flags: Vec<Value> =
        article.flags.iter().map(|f| json!({"flag": f.kind.as_str(), "detail": f.detail})).collect();
    json!({
        "path": article.path,
        "title": article.title,
        "published_at": article.published.as_ref().and_then(|p| p.date.start).map(|d| d.to_string()),
        "published_basis": article.published.as_ref().map(|p| p.basis.clone()),
        "byline": article.byline,
        "outlet": article.outlet,
        "agency": article.agency,
        "language": article.language,
        "url": article.url,
        "flags": flags,
        "text": polybius_ingest::body_text(article),
        "segments": segments,
    })
}

/// `polybius parse`: CoNLL-U out.
pub fn parse(args: &ParseArgs) -> Result<(), Failure> {
    use polybius_parse::conllu::{self, Sentence};
    let reader = load_reader(&args.engine)?;
    let mut out = BufWriter::new(io::stdout().lock());
    for (name, text) in texts(&args.files)? {
        let mut sentences: Vec<Sentence> = if args.conllu {
            conllu::read(&text).map_err(|e| Failure::caused(&format!("`{name}` is not CoNLL-U"), &e))?
        } else {
            let mut list = Vec::new();
            for block in text.split("\n\n") {
                for range in polybius_parse::split_sentences(block) {
                    let sentence = &block[range];
                    list.push(Sentence::from_tokens(sentence, &polybius_parse::tokenize(sentence)));
                }
            }
            list
        };
        for chunk in sentences.chunks_mut(256) {
            let forms: Vec<Vec<&str>> = chunk.iter().map(|s| s.forms()).collect();
            let readings = reader.read(&forms);
            let mut text = String::new();
            for (sentence, reading) in chunk.iter_mut().zip(&readings) {
                sentence.fill(reading, reader.labels());
                sentence.write(&mut text);
            }
            if end_of_pipe(out.write_all(text.as_bytes()))? {
                return Ok(());
            }
        }
    }
    end_of_pipe(out.flush()).map(|_| ())
}

/// `polybius match`: do two names match.
pub fn match_names(args: &MatchArgs) -> Result<(), Failure> {
    each_line(&args.files, |value| {
        let field = |name: &str| value[name].as_str().unwrap_or("");
        let found = polybius_actors::names::match_names(field("a"), field("b"));
        json!({"score": found.score, "same": found.same, "reasons": found.reasons})
    })
}

/// `polybius code`: sentence-level coding.
pub fn code(args: &CodeArgs) -> Result<(), Failure> {
    let resources = Resources::load(&args.engine)?;
    each_line(&args.files, |value| {
        let text = value["text"].as_str().unwrap_or("");
        let date = value["date"].as_str().and_then(|d| d.parse::<jiff::civil::Date>().ok());
        let parties = match (value["actor"].as_str(), value["recipient"].as_str()) {
            (Some(a), Some(r)) => Some((a, r)),
            _ => None,
        };
        // As with a page: a fault of ours on one line is said in its answer, and the rest is coded.
        let coded = || code_one(text, date, parties, args.silent, &resources);
        match std::panic::catch_unwind(std::panic::AssertUnwindSafe(coded)) {
            Ok((events, Some(silent))) => json!({"id": value["id"], "events": events, "silent": silent}),
            Ok((events, None)) => json!({"id": value["id"], "events": events}),
            Err(_) => {
                json!({"id": value["id"], "events": [], "error": "a fault of ours while coding this line"})
            }
        }
    })
}

fn code_one(
    text: &str,
    date: Option<jiff::civil::Date>,
    parties: Option<(&str, &str)>,
    silent: bool,
    resources: &Resources,
) -> (Vec<Value>, Option<Vec<Value>>) {
    let article = polybius_text::Article::from_sentence(text, date);
    let doc = analyse_article(article, resources);
    let mut events: Vec<Value> = Vec::new();
    let party = |p: &polybius_text::Party| {
        let actor = &doc.doc_actors[p.actor as usize];
        json!({"name": actor.name, "code": actor.code, "sector": actor.sector.map(|s| s.as_str()).unwrap_or(""),
               "text": doc.annotated.slice(p.span)})
    };
    let coded = match parties {
        Some((actor, recipient)) => {
            polybius_events::code_between(&doc, actor, recipient, &resources.codebook)
        }
        None => doc.events.clone(),
    };
    for e in &coded {
        events.push(json!({
            "event_type": e.event_type.as_str(), "modes": e.modes, "contexts": e.contexts, "quad": e.event_type.quad().as_str(),
            "cameo": e.cameo, "goldstein": e.goldstein, "score": e.score,
            "trigger": doc.annotated.slice(e.trigger),
            "actors": e.actors.iter().map(party).collect::<Vec<_>>(),
            "recipients": e.recipients.iter().map(party).collect::<Vec<_>>(),
            "polarity": e.polarity.as_str(), "modality": e.modality.as_str(),
            "date_start": e.date.as_ref().and_then(|d| d.range.start).map(|d| d.to_string()),
            "date_end": e.date.as_ref().and_then(|d| d.range.end).map(|d| d.to_string()),
            "rule": e.rule, "confidence": e.confidence,
        }));
    }
    let words = |spans: &[polybius_text::Span]| -> Vec<String> {
        spans.iter().map(|&s| doc.annotated.slice(s).to_owned()).collect()
    };
    let silent = silent.then(|| {
        let acts = polybius_events::silent_acts(&doc, &resources.codebook);
        let told = acts.iter().map(|s| {
            json!({"trigger": doc.annotated.slice(s.trigger), "start": s.trigger.start, "end": s.trigger.end, "event_type": s.event_type, "rule": s.rule, "seen": s.seen,
                   "actors": words(&s.actors), "recipients": words(&s.recipients), "why": s.why})
        });
        told.collect()
    });
    (events, silent)
}

/// Applies `answer` to each JSON line, in order; a line that is no JSON object is answered by an `error`.
fn each_line(files: &[PathBuf], mut answer: impl FnMut(&Value) -> Value) -> Result<(), Failure> {
    let mut out = BufWriter::new(io::stdout().lock());
    let inputs: Vec<Box<dyn BufRead>> = if files.is_empty() {
        vec![Box::new(BufReader::new(io::stdin()))]
    } else {
        files.iter().map(|f| open(f)).collect::<Result<_, _>>()?
    };
    for input in inputs {
        for line in input.split(b'\n') {
            let line = line.map_err(|e| Failure::caused("cannot read the input", &e))?;
            if line.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            let reply = match serde_json::from_slice::<Value>(&line) {
                Ok(value) if value.is_object() => answer(&value),
                Ok(_) => json!({"error": "not a JSON object"}),
                Err(e) => json!({"error": e.to_string()}),
            };
            if end_of_pipe(writeln!(out, "{reply}"))? {
                return Ok(());
            }
        }
    }
    end_of_pipe(out.flush()).map(|_| ())
}

fn open(path: &Path) -> Result<Box<dyn BufRead>, Failure> {
    let file = std::fs::File::open(path)
        .map_err(|e| Failure::caused(&format!("cannot read `{}`", path.display()), &e))?;
    Ok(Box::new(BufReader::new(file)))
}

/// Name and content of each file, or of standard input.
fn texts(files: &[PathBuf]) -> Result<Vec<(String, String)>, Failure> {
    if files.is_empty() {
        let mut bytes = Vec::new();
        io::stdin().read_to_end(&mut bytes).map_err(|e| Failure::caused("cannot read standard input", &e))?;
        return Ok(vec![("-".to_string(), String::from_utf8_lossy(&bytes).into_owned())]);
    }
    files
        .iter()
        .map(|f| {
            let bytes = std::fs::read(f)
                .map_err(|e| Failure::caused(&format!("cannot read `{}`", f.display()), &e))?;
            Ok((f.display().to_string(), String::from_utf8_lossy(&bytes).into_owned()))
        })
        .collect()
}

/// `true` when the reader at the other end has gone, which is no failure.
fn end_of_pipe(result: io::Result<()>) -> Result<bool, Failure> {
    match result {
        Ok(()) => Ok(false),
        Err(e) if e.kind() == io::ErrorKind::BrokenPipe => Ok(true),
        Err(e) => Err(Failure::caused("cannot write the output", &e)),
    }
}
