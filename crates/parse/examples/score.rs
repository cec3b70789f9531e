//! Scores a model on gold CoNLL-U: `score MODEL GOLD...`. Gold tokens; relations without subtypes.
//! Also scores tokens and sentences found in the running text of each document, and times one thread.

use std::collections::HashSet;
use std::path::Path;
use std::time::Instant;

use polybius_parse::conllu::{self, LineKind, Sentence};
use polybius_parse::{Reader, split_sentences, tokenize};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let model = args.next().ok_or("usage: score MODEL GOLD...")?;
    let begin = Instant::now();
    let reader = Reader::open(Path::new(&model))?;
    println!("model {} opened in {:.0} ms", reader.hash(), begin.elapsed().as_secs_f64() * 1e3);
    for path in args {
        let gold = conllu::read(&std::fs::read_to_string(&path)?)?;
        println!("{path}");
        score(&reader, &gold);
        score_tokens(&gold);
    }
    Ok(())
}

/// CPU time of this process in user mode (Linux; 0 elsewhere).
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let ticks = stat.rsplit(')').next().and_then(|rest| rest.split_whitespace().nth(11)?.parse::<f64>().ok());
    ticks.unwrap_or(0.0) / 100.0
}

fn score(reader: &Reader, gold: &[Sentence]) {
    let words: Vec<Vec<&str>> = gold.iter().map(Sentence::forms).collect();
    // Documents of about 20 sentences, as in use.
    let (begin, cpu) = (Instant::now(), cpu_seconds());
    let readings: Vec<_> = words.chunks(20).flat_map(|document| reader.read(document)).collect();
    let seconds = begin.elapsed().as_secs_f64();
    let cpu = (cpu_seconds() - cpu).max(0.01);
    let labels = reader.labels();
    let names = ["UPOS", "XPOS", "lemma", "UAS", "LAS", "LAS+"];
    let (mut n, mut right) = (0usize, [0usize; 6]);
    for (sentence, reading) in gold.iter().zip(&readings) {
        for (line, word) in sentence.words().zip(&reading.words) {
            let columns = &line.columns;
            let rel = &labels.rel[usize::from(word.rel)];
            let base = |r: &str| r.split(':').next().unwrap_or_default().to_owned();
            let head = columns[6] == word.head.to_string();
            n += 1;
            for (count, hit) in right.iter_mut().zip([
                columns[3] == labels.upos[usize::from(word.upos)],
                columns[4] == labels.xpos[usize::from(word.xpos)],
                columns[2] == word.lemma,
                head,
                head && base(rel) == base(&columns[7]),
                head && *rel == columns[7],
            ]) {
                *count += usize::from(hit);
            }
        }
    }
    print!(" ");
    for (name, count) in names.iter().zip(right) {
        print!(" {name} {:.2}", 100.0 * count as f64 / n as f64);
    }
    let n = n as f64;
    println!("  n {n}  {:.0} words a second on one thread, {:.0} a CPU second", n / seconds, n / cpu);
}

/// F1 of token and sentence spans, counted without whitespace, with the sentences of a paragraph joined.
fn score_tokens(gold: &[Sentence]) {
    let mut paragraphs: Vec<Vec<&Sentence>> = Vec::new();
    for sentence in gold {
        let starts = sentence.comments.iter().any(|c| c.starts_with("# newpar") || c.starts_with("# newdoc"));
        match paragraphs.last_mut() {
            Some(paragraph) if !starts => paragraph.push(sentence),
            _ => paragraphs.push(vec![sentence]),
        }
    }
    let mut counts = [[0usize; 3]; 2];
    let mut misses = std::collections::HashMap::<String, usize>::new();
    for paragraph in paragraphs {
        let mut text = String::new();
        let mut gold_spans = [HashSet::new(), HashSet::new()];
        let mut at = 0;
        for sentence in &paragraph {
            let line = sentence.comments.iter().find_map(|c| c.strip_prefix("# text = ")).unwrap_or_default();
            text.push_str(line);
            text.push(' ');
            let start = at;
            for line in sentence.lines.iter().filter(|l| l.kind == LineKind::Word) {
                let len = line.columns[1].chars().filter(|c| !c.is_whitespace()).count();
                gold_spans[0].insert((at, at + len));
                at += len;
            }
            gold_spans[1].insert((start, at));
        }
        if at != text.chars().filter(|c| !c.is_whitespace()).count() {
            continue; // Words that are not spelled as in the text.
        }
        let mut position = vec![0; text.len() + 1];
        let mut count = 0;
        for (i, c) in text.char_indices() {
            position[i] = count;
            count += usize::from(!c.is_whitespace());
        }
        position[text.len()] = count;
        let mut found = [HashSet::new(), HashSet::new()];
        for span in split_sentences(&text) {
            let end_of = |byte: usize| position[byte];
            found[1].insert((end_of(span.start), end_of(span.end)));
            for token in tokenize(&text[span.clone()]) {
                let ends = (end_of(span.start + token.start), end_of(span.start + token.end));
                if !gold_spans[0].contains(&ends) {
                    *misses.entry(token.form.clone()).or_default() += 1;
                }
                found[0].insert(ends);
            }
        }
        if std::env::var_os("MISSES").is_some() {
            let mut starts: Vec<usize> = gold_spans[1].iter().map(|s| s.0).collect();
            starts.extend(found[1].iter().map(|s| s.0));
            starts.sort_unstable();
            starts.dedup();
            for start in starts {
                let (in_gold, in_found) =
                    (gold_spans[1].iter().any(|s| s.0 == start), found[1].iter().any(|s| s.0 == start));
                if in_gold != in_found {
                    let byte = position.iter().rposition(|&p| p == start).unwrap_or(0);
                    let before: String = text[..byte].chars().rev().take(30).collect();
                    let before: String = before.chars().rev().collect();
                    let after: String = text[byte..].chars().take(30).collect();
                    println!("  {} {before}|{after}", if in_gold { "missed" } else { "extra " });
                }
            }
        }
        for level in 0..2 {
            counts[level][0] += found[level].intersection(&gold_spans[level]).count();
            counts[level][1] += found[level].len();
            counts[level][2] += gold_spans[level].len();
        }
    }
    for (name, [hit, found, gold]) in ["tokens", "sentences"].iter().zip(counts) {
        println!("  {name} F1 {:.2}  n {gold}", 200.0 * hit as f64 / (found + gold) as f64);
    }
    if std::env::var_os("MISSES").is_some() {
        let mut misses: Vec<_> = misses.into_iter().collect();
        misses.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        println!("  {:?}", &misses[..misses.len().min(120)]);
    }
}
