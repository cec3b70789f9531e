//! Why a verdict is not the one of the gold, and why a conflict is not found: the lines of `--misses`.

use super::gold::{normal, overlap};
use polybius_store::StoreTables;
use std::collections::{BTreeMap, BTreeSet};

/// How a gold cell fared in the row that was taken for its claim.
#[derive(Debug, Clone)]
pub enum CellFate {
    /// Met by a cell of the row, with the stance found and its detail.
    Met { stance: String, detail: String },
    /// In no cell of the row; the other row that holds its words, if one does.
    Lost { elsewhere: Option<String> },
    /// A cell of the row that gold does not have.
    Beside { stance: String, words: String, detail: String },
}

/// The cells of a claim by file: stance and detail in gold, and how each fared.
pub type Fates<'g> = BTreeMap<&'g str, (&'g str, &'g str, CellFate)>;

/// A few words for the likeliest reason that the verdict is another: which cell or which difference made or missed it.
pub fn verdict_cause(should: &str, found: &str, fates: &Fates) -> &'static str {
    let lost = |stances: &[&str]| {
        fates.values().any(|(s, _, fate)| stances.contains(s) && matches!(fate, CellFate::Lost { .. }))
    };
    let blind = |gold: &str| {
        fates
            .values()
            .any(|(s, _, fate)| *s == gold && matches!(fate, CellFate::Met { stance, .. } if stance != gold))
    };
    let beside = fates.values().any(|(_, _, fate)| matches!(fate, CellFate::Beside { .. }));
    let invented = |stance: &str| {
        fates.values().any(|(s, _, fate)| {
            *s != stance
                && matches!(fate, CellFate::Met { stance: f, .. } | CellFate::Beside { stance: f, .. } if f == stance)
        })
    };
    match (should, found) {
        ("only-here", "corroborated") if beside => "another statement joined",
        ("only-here", "corroborated") => "copies counted as witnesses",
        ("corroborated", "only-here") if lost(&["states", "differs"]) => {
            "the other accounts are not in the row"
        }
        (_, "differs") if invented("differs") => "a difference that gold has not",
        (_, "contradicted") if should != "contradicted" => "a contradiction that gold has not",
        ("differs", _) if lost(&["differs"]) => "the differing account is not in the row",
        ("differs", _) if blind("differs") => "the difference is not seen",
        ("contradicted", _) if lost(&["denies", "differs"]) => "the account against it is not in the row",
        ("contradicted", _) if blind("denies") => "the denial is not seen",
        ("contradicted", _) if blind("differs") => "the difference is not seen",
        ("contradicted", "differs") => "the difference is not taken as hard",
        ("self-inconsistent", _) => "one account against itself is not seen",
        (_, "only-here") => "the other accounts are not in the row",
        _ => "other",
    }
}

/// One line for each cell.
pub fn cell_lines(fates: &Fates) -> Vec<String> {
    let aside = |words: &str| if words.is_empty() { String::new() } else { format!(" ({words})") };
    let short = |file: &str| file.get(..3).unwrap_or(file).to_string();
    let line = |(file, (gold, detail, fate)): (&&str, &(&str, &str, CellFate))| {
        let file = short(file);
        match fate {
            CellFate::Met { stance, detail: found } => {
                let sign = if stance == gold { "=" } else { "but" };
                format!("      {file} {gold}{} {sign} {stance}{}", aside(detail), aside(found))
            }
            CellFate::Lost { elsewhere: Some(row) } => {
                format!("      {file} {gold}{} stands in another row: {row}", aside(detail))
            }
            CellFate::Lost { elsewhere: None } => {
                format!("      {file} {gold}{} stands in no row", aside(detail))
            }
            CellFate::Beside { stance, words, detail } => {
                format!("      {file} silent but {stance}{}: {words}", aside(detail))
            }
        }
    };
    fates.iter().map(line).collect()
}

/// The row, other than `taken`, with the most cells, that rests on the words of an anchor in a file.
pub fn row_with<'t>(
    rows: &BTreeMap<&'t str, BTreeMap<&'t str, (&'t polybius_store::rows::ClaimCellRow, String)>>,
    tables: &StoreTables,
    taken: &str,
    file: &str,
    anchor: &str,
) -> Option<String> {
    let holds = |cells: &BTreeMap<&str, (&polybius_store::rows::ClaimCellRow, String)>| {
        cells.get(file).is_some_and(|(_, words)| overlap(anchor, words) >= 0.8)
    };
    let best = rows
        .iter()
        .filter(|(id, cells)| **id != taken && holds(cells))
        .max_by(|a, b| a.1.len().cmp(&b.1.len()).then(b.0.cmp(a.0)))?;
    let claim = tables.claims.iter().find(|c| c.claim_id == *best.0)?;
    let files: Vec<&str> = best.1.keys().map(|f| f.get(..3).unwrap_or(f)).collect();
    Some(format!("[{}] {}", files.join(" "), claim.claim))
}

/// Why a gold conflict (file to value) is not found, with one line for each of its values.
pub fn conflict_cause(
    values: &BTreeMap<&str, String>,
    tables: &StoreTables,
    shares_value: impl Fn(&str, &str) -> bool,
) -> (&'static str, Vec<String>) {
    let file_of = |id: &str| {
        tables
            .documents
            .iter()
            .find(|d| d.doc_id == id)
            .map_or("", |d| d.path.rsplit('/').next().unwrap_or(&d.path))
    };
    let mut held: Vec<BTreeSet<&str>> = Vec::new();
    let mut lines = Vec::new();
    for (file, value) in values {
        let mut found = Vec::new();
        let mut ids = BTreeSet::new();
        for c in &tables.conflicts {
            for v in c
                .values
                .iter()
                .filter(|v| file_of(&v.doc_id) == *file && shares_value(value, &normal(&v.value)))
            {
                found.push(format!("{} `{}`", c.field, v.value));
                ids.insert(c.conflict_id.as_str());
            }
        }
        found.sort();
        found.dedup();
        let where_ =
            if found.is_empty() { "in no conflict".to_string() } else { format!("in {}", found.join(", ")) };
        lines.push(format!("      {} `{value}` {where_}", file.get(..3).unwrap_or(file)));
        held.push(ids);
    }
    let some = held.iter().filter(|h| !h.is_empty()).count();
    let stories: BTreeSet<&str> = tables
        .story_documents
        .iter()
        .filter(|d| values.contains_key(file_of(&d.doc_id)))
        .map(|d| d.story_id.as_str())
        .collect();
    let cause = match (some, stories.len(), values.len()) {
        (_, 2.., _) => "the documents are in different stories",
        (2.., _, _) => "the values stand in different conflicts, or look the same",
        (1, _, 1) => "one document against itself, of which one value is seen",
        (1, _, _) => "one value is in a conflict, the other in none",
        _ => "no value is in a conflict",
    };
    (cause, lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn met(stance: &str) -> CellFate {
        CellFate::Met { stance: stance.to_string(), detail: String::new() }
    }

    #[test]
    fn the_cause_of_a_verdict_is_the_cell_that_made_it() {
        let lost = CellFate::Lost { elsewhere: None };
        let fates: Fates =
            BTreeMap::from([("000", ("states", "", met("states"))), ("001", ("differs", "", lost))]);
        assert_eq!(verdict_cause("differs", "only-here", &fates), "the differing account is not in the row");
        let fates: Fates =
            BTreeMap::from([("000", ("states", "", met("states"))), ("001", ("states", "", met("states")))]);
        assert_eq!(verdict_cause("only-here", "corroborated", &fates), "copies counted as witnesses");
        let fates: Fates =
            BTreeMap::from([("000", ("states", "", met("states"))), ("001", ("differs", "", met("states")))]);
        assert_eq!(verdict_cause("differs", "corroborated", &fates), "the difference is not seen");
    }
}
