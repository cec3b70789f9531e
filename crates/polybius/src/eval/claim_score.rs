//! Scores of the comparison of one story set: claims and their cells, chains, origins, conflicts.
//!
//! A gold cell is met by a cell of a row when the row's evidence in that document holds the gold anchor. For each gold claim the
//! row is taken that meets most of its cells and least beside them.

use super::claim_causes::{CellFate, Fates, cell_lines, conflict_cause, row_with, verdict_cause};
use super::gold::{normal, overlap, texts};
use polybius_store::StoreTables;
use polybius_store::rows::ClaimCellRow;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// How much of an anchor the evidence of a cell must hold.
const SAME_WORDS: f64 = 0.8;

/// Counts of one set.
#[derive(Debug, Default)]
pub struct ClaimScore {
    claims: usize,
    found: usize,
    cells: usize,
    cells_met: usize,
    cells_beside: usize,
    stances_right: usize,
    verdicts_right: usize,
    chain_pairs: Pairs,
    origin_pairs: Pairs,
    conflicts: usize,
    conflicts_found: usize,
    /// One line each.
    pub misses: Vec<String>,
}

/// The row and the chain of each gold event that was found.
pub type ChainOf = BTreeMap<String, (String, String)>;

/// Pairs that belong together.
#[derive(Debug, Default)]
struct Pairs {
    right: usize,
    wrong: usize,
    missed: usize,
}

impl Pairs {
    fn add(&mut self, together: bool, should: bool) {
        match (together, should) {
            (true, true) => self.right += 1,
            (true, false) => self.wrong += 1,
            (false, true) => self.missed += 1,
            (false, false) => {}
        }
    }

    fn f1(&self) -> f64 {
        share(2 * self.right, 2 * self.right + self.wrong + self.missed)
    }

    fn precision(&self) -> f64 {
        share(self.right, self.right + self.wrong)
    }
}

fn share(a: usize, b: usize) -> f64 {
    if b == 0 { 1.0 } else { (a as f64 / b as f64 * 1000.0).round() / 1000.0 }
}

fn file_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

impl ClaimScore {
    /// Shares of 0 to 1 beside their counts.
    pub fn figures(&self) -> Value {
        json!({
            "n_claims": self.claims,
            "claims_found": share(self.found, self.claims),
            "claim_cell_recall": share(self.cells_met, self.cells),
            "claim_cell_precision": share(self.cells_met, self.cells_met + self.cells_beside),
            "claim_stance_ok": share(self.stances_right, self.cells_met),
            "claim_verdict_ok": share(self.verdicts_right, self.found),
            "chain_f1": self.chain_pairs.f1(),
            "chain_precision": self.chain_pairs.precision(),
            "origin_f1": self.origin_pairs.f1(),
            "n_conflicts": self.conflicts,
            "conflicts_found": share(self.conflicts_found, self.conflicts),
        })
    }
}

/// Scores the comparison. `chain_of` gives the chain of each gold event that was found.
pub fn score(gold: &Value, tables: &StoreTables, chain_of: &ChainOf) -> ClaimScore {
    let mut score = ClaimScore::default();
    let grid = Grid::new(tables);
    for claim in gold["claims"].as_array().into_iter().flatten() {
        score.claim(claim, &grid);
    }
    score.chains(gold, chain_of);
    score.origins(gold, tables);
    score.conflicts(gold, tables);
    score
}

/// The rows of claims by document.
struct Grid<'t> {
    tables: &'t StoreTables,
    /// Claim → file → its cell and the words it rests on. Silent cells are left out.
    rows: BTreeMap<&'t str, BTreeMap<&'t str, (&'t ClaimCellRow, String)>>,
}

impl<'t> Grid<'t> {
    fn new(tables: &'t StoreTables) -> Grid<'t> {
        let documents: BTreeMap<&str, (&str, &str)> = tables
            .documents
            .iter()
            .map(|d| (d.doc_id.as_str(), (file_of(&d.path), d.text.as_str())))
            .collect();
        let mut rows: BTreeMap<&str, BTreeMap<&str, (&ClaimCellRow, String)>> = BTreeMap::new();
        for cell in tables.claim_cells.iter().filter(|c| c.stance != "silent") {
            let Some((file, text)) = documents.get(cell.doc_id.as_str()) else { continue };
            let words: Vec<&str> =
                cell.spans.iter().filter_map(|s| text.get(s.start as usize..s.end as usize)).collect();
            rows.entry(&cell.claim_id).or_default().insert(file, (cell, words.join(" ")));
        }
        Grid { tables, rows }
    }
}

impl ClaimScore {
    fn claim(&mut self, gold: &Value, grid: &Grid) {
        let told: BTreeMap<&str, &Value> = gold["cells"]
            .as_object()
            .into_iter()
            .flatten()
            .filter(|(_, c)| c["stance"].as_str() != Some("silent") && c["anchor"].is_string())
            .map(|(file, c)| (file.as_str(), c))
            .collect();
        if told.is_empty() {
            return;
        }
        self.claims += 1;
        self.cells += told.len();
        let meets = |file: &str, words: &str| {
            told.get(file).is_some_and(|c| overlap(c["anchor"].as_str().unwrap_or(""), words) >= SAME_WORDS)
        };
        let best = grid
            .rows
            .iter()
            .map(|(id, cells)| {
                let met = cells.iter().filter(|(file, (_, words))| meets(file, words)).count();
                (2 * met as i64 - cells.len() as i64, met, *id)
            })
            .filter(|(_, met, _)| *met > 0)
            .max_by(|a, b| (a.1, a.0).cmp(&(b.1, b.0)).then(b.2.cmp(a.2)));
        let label = gold["id"].as_str().unwrap_or("");
        let said = gold["claim"].as_str().unwrap_or("");
        let short = |file: &str| file.get(..3).unwrap_or(file).to_string();
        let Some((_, met, id)) = best.filter(|b| 2 * b.1 >= told.len()) else {
            let most = best.map_or(0, |b| b.1);
            self.misses.push(format!("CLAIM {label} missed ({most} of {}): {said}", told.len()));
            for (file, cell) in &told {
                let anchor = cell["anchor"].as_str().unwrap_or("");
                let row = row_with(&grid.rows, grid.tables, "", file, anchor);
                let row = row.map_or(format!("in no row: {anchor}"), |row| format!("in {row}"));
                self.misses.push(format!("      {} {row}", short(file)));
            }
            return;
        };
        self.found += 1;
        self.cells_met += met;
        let cells = &grid.rows[id];
        self.cells_beside += cells.len() - met;
        let mut fates: Fates = BTreeMap::new();
        for (file, (cell, words)) in cells {
            let fate = if meets(file, words) {
                CellFate::Met { stance: cell.stance.clone(), detail: cell.detail.clone() }
            } else {
                let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
                CellFate::Beside { stance: cell.stance.clone(), words, detail: cell.detail.clone() }
            };
            fates.insert(file, ("silent", "", fate));
        }
        for (file, cell) in &told {
            let (stance, detail) =
                (cell["stance"].as_str().unwrap_or(""), cell["detail"].as_str().unwrap_or(""));
            let anchor = cell["anchor"].as_str().unwrap_or("");
            let fate = match fates.remove(file) {
                Some((.., fate @ CellFate::Met { .. })) => fate,
                _ => CellFate::Lost { elsewhere: row_with(&grid.rows, grid.tables, id, file, anchor) },
            };
            self.stances_right +=
                usize::from(matches!(&fate, CellFate::Met { stance: found, .. } if found == stance));
            fates.insert(file, (stance, detail, fate));
        }
        let row = grid.tables.claims.iter().find(|c| c.claim_id == id);
        let (verdict, should) =
            (row.map_or("", |c| c.verdict.as_str()), gold["verdict"].as_str().unwrap_or(""));
        let right = verdict == should;
        self.verdicts_right += usize::from(right);
        let whole = fates
            .values()
            .all(|(gold, _, fate)| matches!(fate, CellFate::Met { stance, .. } if stance == gold));
        if right && whole {
            return;
        }
        let head = if right {
            format!("cells of {verdict}")
        } else {
            format!("verdict {verdict} for {should} [{}]", verdict_cause(should, verdict, &fates))
        };
        self.misses
            .push(format!("CLAIM {label} {head}: {said} | row: {}", row.map_or("", |c| c.claim.as_str())));
        self.misses.extend(cell_lines(&fates));
    }

    /// Pairs of gold events that were found: one happening in gold, one chain here.
    fn chains(&mut self, gold: &Value, chain_of: &ChainOf) {
        let mut group: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
        for (n, list) in gold["coreference"].as_array().into_iter().flatten().enumerate() {
            for id in texts(list) {
                group.entry(id).or_default().insert(n);
            }
        }
        for list in gold["coreference"].as_array().into_iter().flatten() {
            let mut parts: BTreeMap<&str, Vec<String>> = BTreeMap::new();
            for id in texts(list) {
                if let Some((_, chain)) = chain_of.get(&id) {
                    parts.entry(chain).or_default().push(id);
                }
            }
            if parts.len() > 1 {
                let parts: Vec<String> = parts.into_values().map(|p| p.join(" ")).collect();
                self.misses.push(format!("CHAIN parts {}", parts.join(" | ")));
            }
        }
        let all: Vec<(&String, &(String, String))> = chain_of.iter().collect();
        for (i, (a, (row, chain))) in all.iter().enumerate() {
            // One row may be the best for two gold events of a sentence: that says nothing of chains.
            for (b, (_, other)) in all[i + 1..].iter().filter(|(_, (other, _))| other != row) {
                let should =
                    matches!((group.get(*a), group.get(*b)), (Some(x), Some(y)) if !x.is_disjoint(y));
                let together = chain == other && !chain.is_empty();
                self.chain_pairs.add(together, should);
                if together && !should {
                    self.misses.push(format!("CHAIN joins {a} and {b}"));
                }
            }
        }
    }

    fn origins(&mut self, gold: &Value, tables: &StoreTables) {
        let mut group: BTreeMap<String, usize> = BTreeMap::new();
        for (n, list) in gold["origins"].as_array().into_iter().flatten().enumerate() {
            group.extend(texts(list).into_iter().map(|file| (file, n)));
        }
        for (i, a) in tables.documents.iter().enumerate() {
            for b in &tables.documents[i + 1..] {
                let (x, y) = (file_of(&a.path), file_of(&b.path));
                let should = matches!((group.get(x), group.get(y)), (Some(x), Some(y)) if x == y);
                let together = a.origin_id == b.origin_id;
                self.origin_pairs.add(together, should);
                if together != should {
                    let what = if should { "parts" } else { "joins" };
                    self.misses.push(format!("ORIGIN {what} {x} and {y}"));
                }
            }
        }
    }

    /// A gold conflict is found when two of its values stand against each other in one conflict, each with its document.
    fn conflicts(&mut self, gold: &Value, tables: &StoreTables) {
        let doc_of: BTreeMap<&str, &str> =
            tables.documents.iter().map(|d| (d.doc_id.as_str(), file_of(&d.path))).collect();
        for conflict in gold["conflicts"].as_array().into_iter().flatten() {
            let values: BTreeMap<&str, String> = conflict["values"]
                .as_object()
                .into_iter()
                .flatten()
                .filter_map(|(file, v)| Some((file.as_str(), normal(v.as_str()?))))
                .collect();
            self.conflicts += 1;
            let found = tables.conflicts.iter().any(|c| {
                let met: BTreeSet<(&str, &str)> = c
                    .values
                    .iter()
                    .filter_map(|v| {
                        let file = doc_of.get(v.doc_id.as_str())?;
                        let words = values.get(file)?;
                        shares_value(words, &normal(&v.value)).then_some((*file, v.value.as_str()))
                    })
                    .collect();
                let distinct: BTreeSet<&str> = met.iter().map(|m| m.1).collect();
                distinct.len() >= 2
            });
            self.conflicts_found += usize::from(found);
            if !found {
                let field = conflict["field"].as_str().unwrap_or("");
                let (cause, lines) = conflict_cause(&values, tables, shares_value);
                self.misses.push(format!("CONFLICT {field} missed [{cause}]"));
                self.misses.extend(lines);
            }
        }
    }
}

const NUMBERS: [&str; 12] =
    ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

/// Whether a gold value and a found one share a number or a telling word.
fn shares_value(a: &str, b: &str) -> bool {
    let parts = |text: &str| -> BTreeSet<String> {
        text.replace(',', "")
            .split(|c: char| !c.is_alphanumeric())
            .map(|w| NUMBERS.iter().position(|n| *n == w).map_or(w.to_string(), |n| (n + 1).to_string()))
            .filter(|w| w.len() >= 4 || w.chars().any(|c| c.is_ascii_digit()))
            .collect()
    };
    // A gold value of one word, a code above all, must stand in the other as a word.
    let whole = b.split(|c: char| !c.is_alphanumeric()).any(|w| w == a);
    whole || !parts(a).is_disjoint(&parts(b))
}
