//! Which documents are worth comparing when there are too many to compare each with each: those that share rare keys.

use super::Grouper;
use polybius_actors::parallel;
use polybius_text::ActorKind;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// A key that more documents share is cut by week, and then to neighbours.
pub(super) const LARGEST_BLOCK: usize = 120;
/// Neighbours in id order that are compared to each side in a block that stays too large.
const REACH: usize = 12;
/// Documents compared for each document, best shared keys first.
const CANDIDATES: usize = 40;

/// Documents that share a key, in a week where the key is common.
struct Block {
    members: Vec<usize>,
    weight: f32,
    reach: usize,
}

impl Block {
    /// Whom the member at a place is compared with.
    fn others(&self, at: usize) -> impl Iterator<Item = usize> + '_ {
        let (first, end) = (at.saturating_sub(self.reach), at.saturating_add(self.reach + 1));
        let end = end.min(self.members.len());
        self.members[first..at].iter().chain(&self.members[at + 1..end]).copied()
    }
}

impl Grouper<'_> {
    /// Pairs that share rare keys. Blocks are bounded: a common key is cut by week, then to neighbours in id order.
    pub(super) fn blocked(&self, own: &[usize], notes: &mut Vec<String>) -> Vec<(usize, usize)> {
        let blocks = self.blocks(own, notes);
        let mut blocks_of: Vec<Vec<(u32, u32)>> = vec![Vec::new(); self.order.len()];
        for (b, block) in blocks.iter().enumerate() {
            for (at, &i) in block.members.iter().enumerate() {
                blocks_of[i].push((b as u32, at as u32));
            }
        }
        let chosen = parallel::map(own, |&i| {
            let mut shared: FxHashMap<usize, f32> = FxHashMap::default();
            for &(b, at) in &blocks_of[i] {
                let block = &blocks[b as usize];
                block.others(at as usize).for_each(|j| *shared.entry(j).or_default() += block.weight);
            }
            let mut others: Vec<(usize, f32)> = shared.into_iter().collect();
            let best_first = |x: &(usize, f32), y: &(usize, f32)| y.1.total_cmp(&x.1).then(x.0.cmp(&y.0));
            if others.len() > CANDIDATES {
                others.select_nth_unstable_by(CANDIDATES, best_first);
                others.truncate(CANDIDATES);
            }
            others.into_iter().map(|(j, _)| (i.min(j), i.max(j))).collect::<Vec<_>>()
        });
        let mut pairs: Vec<(usize, usize)> = chosen.into_iter().flatten().collect();
        pairs.sort_unstable();
        pairs.dedup();
        pairs
    }

    /// By key, then by week.
    fn blocks(&self, own: &[usize], notes: &mut Vec<String>) -> Vec<Block> {
        let mut by_key: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (&i, keys) in own.iter().zip(parallel::map(own, |&i| self.block_keys(i))) {
            for key in keys {
                by_key.entry(key).or_default().push(i);
            }
        }
        let mut blocks = Vec::new();
        for (key, members) in by_key {
            let weight = 1.0 / (1.0 + (members.len() as f32).ln());
            if members.len() <= LARGEST_BLOCK {
                blocks.push(Block { members, weight, reach: usize::MAX - 1 });
                continue;
            }
            let mut weeks: BTreeMap<i32, Vec<usize>> = BTreeMap::new();
            for i in members {
                // Undated documents stand in a block of their own, and meet the dated ones under rarer keys.
                let week = self.features[i].main_day.map_or(i32::MIN, |d| d.div_euclid(5));
                weeks.entry(week).or_default().push(i);
                if week > i32::MIN {
                    weeks.entry(week + 1).or_default().push(i);
                }
            }
            for members in weeks.into_values() {
                let reach = if members.len() <= LARGEST_BLOCK { usize::MAX - 1 } else { REACH };
                if reach == REACH {
                    notes.push(format!("block `{key}` of {} documents was cut to neighbours", members.len()));
                }
                blocks.push(Block { members, weight, reach });
            }
        }
        blocks.retain(|b| b.members.len() > 1);
        blocks
    }

    fn block_keys(&self, i: usize) -> Vec<String> {
        let f = &self.features[i];
        let mut keys: Vec<String> = f
            .figures
            .iter()
            .filter(|x| x.part >= 0.25 && x.kind != ActorKind::Country)
            .flat_map(|x| x.keys.iter().cloned())
            .collect();
        let week = f.main_day.map_or("-".to_string(), |d| d.div_euclid(5).to_string());
        let mut dyads: Vec<_> = f.dyads.iter().collect();
        dyads.sort_by(|x, y| y.1.total_cmp(x.1).then(x.0.cmp(y.0)));
        for ((a, b), _) in dyads.into_iter().take(3) {
            keys.push(format!("d:{a}:{b}:{week}"));
            if let Some(d) = f.main_day {
                keys.push(format!("d:{a}:{b}:{}", d.div_euclid(5) + 1));
            }
        }
        let mut places: Vec<_> = f.places.iter().collect();
        places.sort_by(|x, y| y.1.total_cmp(x.1).then(x.0.cmp(y.0)));
        keys.extend(places.into_iter().take(2).map(|(p, _)| format!("p:{p}:{week}")));
        keys.sort();
        keys.dedup();
        keys
    }
}
