//! Text on standard input, CoNLL-U on standard output: `read MODEL < text`.

use std::io::Read;
use std::path::Path;

use polybius_parse::{Reader, Token, conllu::Sentence, split_sentences, tokenize};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("usage: read MODEL < text")?;
    let reader = Reader::open(Path::new(&path))?;
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    let sentences: Vec<&str> = split_sentences(&text).into_iter().map(|span| &text[span]).collect();
    let tokens: Vec<Vec<Token>> = sentences.iter().map(|s| tokenize(s)).collect();
    let words: Vec<Vec<&str>> = tokens.iter().map(|t| t.iter().map(|t| t.form.as_str()).collect()).collect();
    let mut out = String::new();
    for ((text, tokens), reading) in sentences.iter().zip(&tokens).zip(reader.read(&words)) {
        let mut sentence = Sentence::from_tokens(text, tokens);
        sentence.fill(&reading, reader.labels());
        sentence.write(&mut out);
    }
    print!("{out}");
    Ok(())
}
