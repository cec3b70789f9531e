//! The best dependency tree for given arc scores.

/// Finds the maximum spanning tree in which exactly one word hangs on the root.
///
/// `scores` is n x (n + 1), row by row: the score of head j (0 = root) for word i. Returns n heads,
/// 0 for the root, else 1-based. Ties go to the earlier head. Cost n² when the best heads already form a tree, at
/// most n³.
///
/// Method: Chu and Liu (1965), Edmonds (1967).
pub(crate) fn best_tree(scores: &[f32], n: usize) -> Vec<u32> {
    if n == 0 {
        return Vec::new();
    }
    let size = n + 1;
    let mut matrix = vec![f64::NEG_INFINITY; size * size];
    let mut spread = 1.0;
    for i in 0..n {
        for j in 0..size {
            let score = scores[i * size + j];
            let score = if score.is_finite() { f64::from(score).clamp(-1e6, 1e6) } else { -1e6 };
            spread += score.abs();
            if j != i + 1 {
                matrix[(i + 1) * size + j] = score;
            }
        }
    }
    let mut heads = best_heads(&matrix, size);
    let one_root = heads[1..].iter().filter(|&&h| h == 0).count() == 1;
    if !one_root || find_cycle(&heads).is_some() {
        // Every tree has an arc from the root; made costlier than all others, it is used only once.
        for i in 1..size {
            matrix[i * size] -= 2.0 * spread;
        }
        heads = contract(&matrix, size);
    }
    heads[1..].iter().map(|&h| h as u32).collect()
}

/// The best head of each node but node 0.
fn best_heads(matrix: &[f64], size: usize) -> Vec<usize> {
    let mut heads = vec![0; size];
    for (i, head) in heads.iter_mut().enumerate().skip(1) {
        let row = &matrix[i * size..][..size];
        for j in 1..size {
            if row[j] > row[*head] {
                *head = j;
            }
        }
    }
    heads
}

fn find_cycle(heads: &[usize]) -> Option<Vec<usize>> {
    let mut seen = vec![0; heads.len()];
    for start in 1..heads.len() {
        let mut node = start;
        while node != 0 && seen[node] == 0 {
            seen[node] = start;
            node = heads[node];
        }
        if node != 0 && seen[node] == start {
            let mut cycle = vec![node];
            let mut next = heads[node];
            while next != node {
                cycle.push(next);
                next = heads[next];
            }
            return Some(cycle);
        }
    }
    None
}

/// One contraction of the Chu-Liu/Edmonds algorithm, kept on a stack of its own so that depth costs no stack.
struct Contraction {
    size: usize,
    /// Nodes of the larger graph that stay, in order; the cycle becomes the last node of the smaller one.
    kept: Vec<usize>,
    cycle: Vec<usize>,
    /// Heads inside the cycle, by node of the larger graph.
    heads: Vec<usize>,
    /// For each kept node: the member of the cycle that is its best head.
    leaving: Vec<usize>,
    /// For each kept node: the member of the cycle it would best enter as head.
    entering: Vec<usize>,
}

fn contract(matrix: &[f64], size: usize) -> Vec<usize> {
    let mut matrix = matrix.to_vec();
    let mut size = size;
    let mut stack: Vec<Contraction> = Vec::new();
    let mut heads = loop {
        let heads = best_heads(&matrix, size);
        let Some(cycle) = find_cycle(&heads) else { break heads };
        let mut in_cycle = vec![false; size];
        cycle.iter().for_each(|&c| in_cycle[c] = true);
        let kept: Vec<usize> = (0..size).filter(|&i| !in_cycle[i]).collect();
        let smaller = kept.len() + 1;
        let last = smaller - 1;
        let mut next = vec![f64::NEG_INFINITY; smaller * smaller];
        let mut leaving = vec![0; kept.len()];
        let mut entering = vec![0; kept.len()];
        for (a, &i) in kept.iter().enumerate() {
            for (b, &j) in kept.iter().enumerate() {
                next[a * smaller + b] = matrix[i * size + j];
            }
            leaving[a] = cycle[0];
            entering[a] = cycle[0];
            let gain = |c: usize| matrix[c * size + i] - matrix[c * size + heads[c]];
            for &c in &cycle {
                if matrix[i * size + c] > matrix[i * size + leaving[a]] {
                    leaving[a] = c;
                }
                if gain(c) > gain(entering[a]) {
                    entering[a] = c;
                }
            }
            next[a * smaller + last] = matrix[i * size + leaving[a]];
            next[last * smaller + a] = gain(entering[a]);
        }
        stack.push(Contraction { size, kept, cycle, heads, leaving, entering });
        matrix = next;
        size = smaller;
    };
    while let Some(step) = stack.pop() {
        let last = step.kept.len();
        let mut wider = vec![0; step.size];
        for &c in &step.cycle {
            wider[c] = step.heads[c];
        }
        for (a, &i) in step.kept.iter().enumerate().skip(1) {
            wider[i] = if heads[a] == last { step.leaving[a] } else { step.kept[heads[a]] };
        }
        wider[step.entering[heads[last]]] = step.kept[heads[last]];
        heads = wider;
    }
    heads
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Whether the heads form a tree with one word on the root.
    fn is_tree(heads: &[u32]) -> bool {
        let roots = heads.iter().filter(|&&h| h == 0).count();
        let reaches = |mut i: usize| {
            for _ in 0..=heads.len() {
                if i == 0 {
                    return true;
                }
                i = heads[i - 1] as usize;
            }
            false
        };
        roots == 1 && (1..=heads.len()).all(reaches)
    }

    fn total(scores: &[f32], heads: &[u32]) -> f32 {
        heads.iter().enumerate().map(|(i, &h)| scores[i * (heads.len() + 1) + h as usize]).sum()
    }

    proptest! {
        #[test]
        fn the_tree_is_the_best_of_all_trees(n in 1usize..5, values in prop::collection::vec(-9f32..9.0, 20)) {
            let scores = &values[..n * (n + 1)];
            let found = best_tree(scores, n);
            prop_assert!(is_tree(&found), "{:?}", found);
            let mut best = f32::NEG_INFINITY;
            for code in 0..(n + 1).pow(n as u32) {
                let heads: Vec<u32> = (0..n).map(|i| (code / (n + 1).pow(i as u32) % (n + 1)) as u32).collect();
                if is_tree(&heads) {
                    best = best.max(total(scores, &heads));
                }
            }
            prop_assert!((total(scores, &found) - best).abs() < 1e-3, "{} < {}", total(scores, &found), best);
        }

        #[test]
        fn long_sentences_get_a_tree(values in prop::collection::vec(-9f32..9.0, 40 * 41)) {
            prop_assert!(is_tree(&best_tree(&values, 40)));
        }
    }

    #[test]
    fn scores_that_are_not_numbers_still_give_a_tree() {
        assert!(is_tree(&best_tree(&[f32::NAN; 12], 3)));
        assert!(best_tree(&[], 0).is_empty());
    }
}
