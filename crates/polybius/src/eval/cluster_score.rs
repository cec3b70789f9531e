//! How well one partition of items agrees with another: MUC, B³, CEAF and their mean.
//!
//! MUC: Vilain and others (1995), "A model-theoretic coreference scoring scheme". B³: Bagga and Baldwin (1998), "Algorithms for
//! scoring coreference chains". CEAF by entities (φ4): Luo (2005), "On coreference resolution performance metrics". The mean
//! of the three F1 is the score of the CoNLL-2012 shared task.

use pathfinding::kuhn_munkres::kuhn_munkres;
use pathfinding::matrix::Matrix;
use std::collections::{BTreeMap, BTreeSet};

/// Units of a weight of 1 in the assignment, which counts in whole numbers.
const UNITS: f64 = 1e9;

/// Precision, recall and F1 of 0 to 1.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Prf {
    pub precision: f64,
    pub recall: f64,
    pub f1: f64,
}

impl Prf {
    fn new(precision: f64, recall: f64) -> Prf {
        let sum = precision + recall;
        Prf { precision, recall, f1: if sum > 0.0 { 2.0 * precision * recall / sum } else { 0.0 } }
    }
}

/// Clusters of the numbers 0..n.
struct Partition {
    of: Vec<usize>,
    sizes: Vec<usize>,
}

impl Partition {
    fn new<L: Ord>(labels: &[L]) -> Partition {
        let mut numbers: BTreeMap<&L, usize> = BTreeMap::new();
        let mut of = Vec::with_capacity(labels.len());
        let mut sizes = Vec::new();
        for label in labels {
            let next = numbers.len();
            let number = *numbers.entry(label).or_insert(next);
            if number == sizes.len() {
                sizes.push(0);
            }
            sizes[number] += 1;
            of.push(number);
        }
        Partition { of, sizes }
    }
}

/// Two partitions of the same items.
pub struct Agreement {
    gold: Partition,
    found: Partition,
    /// How many items a gold and a found cluster share.
    common: BTreeMap<(usize, usize), usize>,
}

impl Agreement {
    /// Item i carries the labels `gold[i]` and `found[i]`; equal labels are one cluster.
    ///
    /// # Panics
    /// If the lists are not of one length.
    pub fn new<G: Ord, F: Ord>(gold: &[G], found: &[F]) -> Agreement {
        assert_eq!(gold.len(), found.len(), "every item has both labels");
        let (gold, found) = (Partition::new(gold), Partition::new(found));
        let mut common = BTreeMap::new();
        for (&g, &f) in gold.of.iter().zip(&found.of) {
            *common.entry((g, f)).or_insert(0) += 1;
        }
        Agreement { gold, found, common }
    }

    /// The mean of the three F1.
    pub fn conll(&self) -> f64 {
        (self.muc().f1 + self.b3().f1 + self.ceaf().f1) / 3.0
    }

    /// Links that must be added to make the clusters of the one from those of the other.
    pub fn muc(&self) -> Prf {
        let links = |p: &Partition| p.sizes.iter().map(|n| n - 1).sum::<usize>() as f64;
        // A cluster in k parts keeps its size less k links.
        let kept = (self.gold.of.len() - self.common.len()) as f64;
        let share = |of: f64| if of > 0.0 { kept / of } else { 0.0 };
        Prf::new(share(links(&self.found)), share(links(&self.gold)))
    }

    /// For each item the share of its cluster that is right, on the mean.
    pub fn b3(&self) -> Prf {
        let n = self.gold.of.len().max(1) as f64;
        let mean = |size: &dyn Fn(usize, usize) -> usize| {
            let sum = self.common.iter().map(|(&(g, f), &c)| (c * c) as f64 / size(g, f) as f64);
            sum.sum::<f64>() / n
        };
        Prf::new(mean(&|_, f| self.found.sizes[f]), mean(&|g, _| self.gold.sizes[g]))
    }

    /// The best one-to-one assignment of clusters, by how alike they are.
    pub fn ceaf(&self) -> Prf {
        let likeness: f64 = self.components().iter().map(|c| self.assigned(c)).sum();
        let share = |p: &Partition| likeness / p.sizes.len().max(1) as f64;
        Prf::new(share(&self.found), share(&self.gold))
    }

    /// Gold and found clusters that hang together by common items: clusters of two components are never assigned.
    fn components(&self) -> Vec<(Vec<usize>, Vec<usize>)> {
        let mut by_gold: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        let mut by_found: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for &(g, f) in self.common.keys() {
            by_gold.entry(g).or_default().push(f);
            by_found.entry(f).or_default().push(g);
        }
        let mut seen = BTreeSet::new();
        let mut components = Vec::new();
        for &start in by_gold.keys() {
            if !seen.insert(start) {
                continue;
            }
            let (mut golds, mut founds) = (vec![start], BTreeSet::new());
            let mut at = 0;
            while at < golds.len() {
                for &f in by_gold[&golds[at]].iter().filter(|f| founds.insert(**f)) {
                    golds.extend(by_found[&f].iter().filter(|g| seen.insert(**g)));
                }
                at += 1;
            }
            components.push((golds, founds.into_iter().collect()));
        }
        components
    }

    /// The sum of the likeness of the clusters of a component under its best assignment.
    fn assigned(&self, (golds, founds): &(Vec<usize>, Vec<usize>)) -> f64 {
        let like = |g: usize, f: usize| {
            let common = self.common.get(&(g, f)).copied().unwrap_or(0);
            2.0 * common as f64 / (self.gold.sizes[g] + self.found.sizes[f]) as f64
        };
        let (rows, columns, turned) =
            if golds.len() <= founds.len() { (golds, founds, false) } else { (founds, golds, true) };
        let weight = |r: usize, c: usize| {
            let (g, f) = if turned { (columns[c], rows[r]) } else { (rows[r], columns[c]) };
            (like(g, f) * UNITS) as i64
        };
        let matrix = Matrix::from_fn(rows.len(), columns.len(), |(r, c)| weight(r, c));
        kuhn_munkres(&matrix).0 as f64 / UNITS
    }
}

#[cfg(test)]
mod tests {
    use super::{Agreement, Prf};

    fn close(a: Prf, precision: f64, recall: f64) {
        assert!((a.precision - precision).abs() < 1e-6 && (a.recall - recall).abs() < 1e-6, "{a:?}");
    }

    #[test]
    fn equal_partitions_agree_wholly() {
        let agreement = Agreement::new(&[1, 1, 2, 3], &["a", "a", "b", "c"]);
        for score in [agreement.muc(), agreement.b3(), agreement.ceaf()] {
            close(score, 1.0, 1.0);
        }
        assert!((agreement.conll() - 1.0).abs() < 1e-6);
    }

    #[test]
    fn one_cluster_for_five_and_two() {
        // Gold {1..5} {6,7}; found: all seven. B³ precision (5·5/7 + 2·2/7) / 7, MUC precision 5 of 6 links.
        let agreement = Agreement::new(&[1, 1, 1, 1, 1, 2, 2], &[0; 7]);
        close(agreement.muc(), 5.0 / 6.0, 1.0);
        close(agreement.b3(), 29.0 / 49.0, 1.0);
        // The one found cluster is assigned to the larger: 2·5/12.
        close(agreement.ceaf(), 10.0 / 12.0, 5.0 / 12.0);
    }

    #[test]
    fn every_item_alone() {
        let agreement = Agreement::new(&[1, 1, 2], &[1, 2, 3]);
        close(agreement.muc(), 0.0, 0.0);
        close(agreement.b3(), 1.0, 2.0 / 3.0);
        close(agreement.ceaf(), (2.0 / 3.0 + 1.0) / 3.0, (2.0 / 3.0 + 1.0) / 2.0);
    }
}
