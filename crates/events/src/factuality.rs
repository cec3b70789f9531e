//! How sure it is that something took place, from -3 (certainly not) to +3 (certainly): a linear model over the words and
//! the tree round the word that carries it. The weights are data (`data/codebook/factuality.tsv`, learned as
//! `training/factuality.py` tells).

use crate::table::{Table, TableError};
use crate::tree::Tree;
use rustc_hash::FxHashMap;

/// What is surer than this is told as a fact. Set so that plain statements of news reach the end of the scale.
const PLAIN: f32 = 1.0;
/// How far up the tree operators are looked for.
const MAX_DEPTH: u32 = 12;

/// Weights by name of feature.
#[derive(Debug, Clone, Default)]
pub(crate) struct Weights(FxHashMap<String, f32>);

impl Weights {
    /// Reads rows of `feature` and `weight`; the row `bias` is added always.
    pub fn read(table: &Table) -> Result<Weights, TableError> {
        let mut weights = FxHashMap::default();
        for row in table.rows(&["feature", "weight"])? {
            let weight: f32 = row
                .cell(1)
                .parse()
                .ok()
                .filter(|w: &f32| w.is_finite())
                .ok_or_else(|| table.error(row.line, format!("`{}` is no weight", row.cell(1))))?;
            weights.insert(row.cell(0).to_owned(), weight);
        }
        Ok(Weights(weights))
    }

    /// The value of a word, as if it carried an event.
    pub fn of(&self, tree: &Tree, token: u32) -> f32 {
        let weight = |name: &str| self.0.get(name).copied().unwrap_or(0.0);
        let mut names = Features { tree, names: Vec::with_capacity(48) }.of(token);
        names.sort_unstable();
        names.dedup();
        let sum = weight("bias") + names.iter().map(|n| weight(n)).sum::<f32>();
        if sum > PLAIN { 3.0 } else { sum.clamp(-3.0, 3.0) }
    }
}

struct Features<'t, 'd> {
    tree: &'t Tree<'d>,
    names: Vec<String>,
}

impl Features<'_, '_> {
    fn lemma(&self, token: u32) -> String {
        self.tree.lemma(token).to_lowercase()
    }

    fn add(&mut self, name: String) {
        self.names.push(name);
    }

    /// The names of the features that hold for a word.
    fn of(mut self, token: u32) -> Vec<String> {
        let tree = self.tree;
        let (upos, xpos, rel) = (tree.upos(token), tree.xpos(token), tree.base_rel(token));
        let lemma = self.lemma(token);
        self.add(format!("x={xpos}"));
        self.add(format!("u={upos}"));
        self.add(format!("r={rel}"));
        self.add(format!("x+r={xpos}+{rel}"));
        self.add(format!("l={lemma}"));
        self.clause(token, '0');
        // What is joined to another clause shares its operators.
        let mut base = token;
        for _ in 0..3 {
            let Some(head) = tree.head(base).filter(|_| tree.base_rel(base) == "conj") else { break };
            base = head;
            self.clause(base, 'c');
        }
        match tree.head(base) {
            None => self.add("root".to_owned()),
            Some(head) => {
                let (lemma, rel) = (self.lemma(head), tree.base_rel(base));
                self.add(format!("h={lemma}+{rel}"));
                self.add(format!("hu={}+{rel}", tree.upos(head)));
                self.add(format!("hx={}", tree.xpos(head)));
                self.add(format!("hl={lemma}"));
                self.clause(head, '1');
                if let Some(above) = tree.head(head) {
                    let lemma = self.lemma(above);
                    self.add(format!("g={lemma}+{}", tree.base_rel(head)));
                    self.add(format!("grr={rel}+{}", tree.base_rel(head)));
                    self.clause(above, '2');
                }
            }
        }
        self.sentence(token);
        self.ancestors(token);
        self.names
    }

    /// Operators among the dependents of a word.
    fn clause(&mut self, word: u32, place: char) {
        let tree = self.tree;
        let (mut negated, mut subject, mut auxiliary) = (false, false, false);
        for &k in tree.kids(word) {
            let lemma = self.lemma(k);
            let rel = tree.base_rel(k);
            let printed = tree.doc.word(k).to_lowercase();
            let none =
                || tree.kids(k).iter().any(|&g| matches!(self.lemma(g).as_str(), "no" | "none" | "nobody"));
            let name = match rel {
                "aux" | "cop" => {
                    auxiliary = true;
                    format!("{place}aux={printed}")
                }
                "mark" | "case" => format!("{place}mark={lemma}"),
                "advmod"
                    if matches!(lemma.as_str(), "not" | "n't" | "never" | "hardly" | "barely" | "n’t") =>
                {
                    negated = true;
                    String::new()
                }
                "advmod" => format!("{place}adv={lemma}"),
                "det" => {
                    negated |= matches!(lemma.as_str(), "no" | "neither");
                    format!("{place}det={lemma}")
                }
                "nsubj" => {
                    subject = true;
                    negated |= none() || matches!(lemma.as_str(), "nobody" | "nothing" | "none");
                    let who = if tree.upos(k) == "PRON" { lemma.as_str() } else { tree.upos(k) };
                    format!("{place}subj={who}")
                }
                "obj" => {
                    let no = tree.kids(k).iter().any(|&g| self.lemma(g) == "no");
                    negated |= no || matches!(lemma.as_str(), "nobody" | "nothing");
                    String::new()
                }
                "advcl" => {
                    let conditional = tree.kids(k).iter().any(|&g| {
                        tree.base_rel(g) == "mark" && matches!(self.lemma(g).as_str(), "if" | "unless")
                    });
                    if conditional { format!("{place}hasif") } else { String::new() }
                }
                _ => String::new(),
            };
            negated |= matches!(printed.as_str(), "not" | "n't") && matches!(rel, "aux" | "part" | "advmod");
            if !name.is_empty() {
                self.add(name);
            }
        }
        for (holds, name) in [(negated, "neg"), (!subject, "nosubj"), (!auxiliary, "noaux")] {
            if holds {
                self.add(format!("{place}{name}"));
            }
        }
    }

    /// Whether the sentence asks, and how it begins.
    fn sentence(&mut self, token: u32) {
        const OPENINGS: [&str; 16] = [
            "if", "please", "do", "does", "did", "can", "could", "will", "would", "what", "how", "why",
            "who", "where", "when", "be",
        ];
        let tree = self.tree;
        let s = &tree.doc.sentences[tree.doc.sentence_of(token) as usize];
        let asks = (s.end_token.saturating_sub(2).max(s.first_token)..s.end_token)
            .any(|t| tree.doc.word(t).contains('?'));
        self.add(format!("end={}", if asks { '?' } else { '.' }));
        let first = self.lemma(s.first_token);
        if OPENINGS.contains(&first.as_str()) {
            self.add(format!("first={first}"));
        }
    }

    /// Operators on the way to the root.
    fn ancestors(&mut self, token: u32) {
        let tree = self.tree;
        let mut at = token;
        let mut depth = 0;
        while let Some(head) = tree.head(at).filter(|_| depth < MAX_DEPTH) {
            at = head;
            depth += 1;
            for &k in tree.kids(at) {
                let lemma = self.lemma(k);
                match (tree.base_rel(k), lemma.as_str()) {
                    ("mark", "if") => self.add("ancif".to_owned()),
                    ("aux", "would" | "could" | "should" | "may" | "might" | "must" | "can" | "will") => {
                        self.add(format!("ancmod={lemma}"))
                    }
                    ("advmod", "not" | "n't") => self.add("ancneg".to_owned()),
                    _ => {}
                }
            }
        }
        self.add(format!("depth={}", depth.min(5)));
    }
}
