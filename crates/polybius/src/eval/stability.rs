//! Whether stories stay what they are when pages come in another order, or when one page is not there.

use polybius_stories::group_into_stories;
use polybius_text::CodedDocument;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Orders that are tried.
const ORDERS: u64 = 20;

/// Stories as sets of paths.
type Stories = BTreeSet<BTreeSet<String>>;

/// Figures: `order_changes`, how many of 20 orders gave other stories; `left_out_changes`, how many pages change what becomes of
/// the others when they are left out. One line for each change.
pub fn stability(docs: &[CodedDocument]) -> (Value, Vec<String>) {
    let expected = stories(docs);
    let mut misses = Vec::new();
    let mut order_changes = 0;
    for order in 0..ORDERS {
        if stories(&shuffled(docs, order)) != expected {
            order_changes += 1;
            misses.push(format!("ORDER {order} gives other stories"));
        }
    }
    let mut left_out_changes = 0;
    for (n, left) in docs.iter().enumerate() {
        let path = &left.annotated.article.path;
        let others: Vec<CodedDocument> =
            docs.iter().enumerate().filter(|(i, _)| *i != n).map(|(_, d)| d.clone()).collect();
        let without: Stories = expected
            .iter()
            .map(|s| s.iter().filter(|p| *p != path).cloned().collect::<BTreeSet<String>>())
            .filter(|s| !s.is_empty())
            .collect();
        if stories(&others) != without {
            left_out_changes += 1;
            misses.push(format!("WITHOUT {path} the other pages form other stories"));
        }
    }
    (json!({ "order_changes": order_changes, "left_out_changes": left_out_changes }), misses)
}

fn stories(docs: &[CodedDocument]) -> Stories {
    let path = |d: u32| docs[d as usize].annotated.article.path.clone();
    let grouping = group_into_stories(docs);
    grouping.stories.iter().map(|s| s.documents.iter().map(|d| path(d.doc)).collect()).collect()
}

/// The documents in an order that a number stands for: Fisher and Yates, with a generator of its own so that it never changes.
fn shuffled(docs: &[CodedDocument], seed: u64) -> Vec<CodedDocument> {
    let mut out = docs.to_vec();
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(1);
    for i in (1..out.len()).rev() {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        out.swap(i, (state >> 33) as usize % (i + 1));
    }
    out
}
