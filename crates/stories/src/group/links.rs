//! See-also links between stories.

use super::{Grouped, Grouper, Link};
use crate::dates;
use crate::features::Features;
use polybius_text::StoryLinkKind;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet};

impl Grouper<'_> {
    /// See-also: same pair of codes with the same acting person or like words.
    pub(super) fn links(&self, stories: &[Grouped]) -> Vec<Link> {
        let position: FxHashMap<usize, usize> = self.order.iter().enumerate().map(|(p, &i)| (i, p)).collect();
        let centre: Vec<usize> = stories.iter().map(|s| position[&(s.central as usize)]).collect();
        let mut by_key: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (s, &c) in centre.iter().enumerate() {
            let f = &self.features[c];
            let mut keys: BTreeSet<String> = f.principals().flat_map(|x| x.keys.iter().cloned()).collect();
            keys.extend(main_dyads(f).into_iter().map(|(a, b)| format!("d:{a}:{b}")));
            for key in keys {
                by_key.entry(key).or_default().push(s);
            }
        }
        let mut pairs = BTreeSet::new();
        for list in by_key.values() {
            for (n, &a) in list.iter().enumerate() {
                pairs.extend(list[n + 1..].iter().take(10).map(|&b| (a, b)));
            }
        }
        let compared: Vec<(usize, usize)> = pairs.iter().map(|&(a, b)| (centre[a], centre[b])).collect();
        self.compare_all(&compared);
        let mut links = Vec::new();
        let mut given: FxHashMap<usize, usize> = FxHashMap::default();
        for (a, b) in pairs {
            let (x, y) = (&self.features[centre[a]], &self.features[centre[b]]);
            let p = self.pair(centre[a], centre[b]);
            let theirs = main_dyads(y);
            let dyads: Vec<String> = main_dyads(x)
                .into_iter()
                .filter(|d| theirs.contains(d))
                .map(|(a, b)| format!("{a}-{b}"))
                .collect();
            let persons: Vec<&str> = x
                .principals()
                .filter(|f| y.figures.iter().any(|g| g.part >= 0.3 && self.same_figure(f, g) > 0.0))
                .map(|f| f.name.as_str())
                .collect();
            let mut reasons = Vec::new();
            if !dyads.is_empty() {
                reasons.push(format!("same parties: {}", dyads.join(", ")));
            }
            if !persons.is_empty() {
                reasons.push(format!("same persons: {}", persons.join(", ")));
            }
            if p.words >= 0.25 {
                reasons.push(format!("like words ({:.2})", p.words));
            }
            let kind = if !dyads.is_empty()
                && (!persons.is_empty() || p.words >= 0.25 || p.place.is_some_and(|x| x > 0.3))
            {
                StoryLinkKind::SameDyad
            } else if !persons.is_empty() && p.words >= 0.2 {
                StoryLinkKind::SameTopic
            } else {
                continue;
            };
            let before = match (stories[a].main_day, stories[b].main_day) {
                (Some(i), Some(j)) if !persons.is_empty() => {
                    let gap = dates::number(j) - dates::number(i);
                    (gap != 0 && gap.abs() <= 120).then_some(gap > 0)
                }
                _ => None,
            };
            for (from, to, later) in [(a, b, before == Some(false)), (b, a, before == Some(true))] {
                let n = given.entry(from).or_default();
                if *n >= 10 {
                    continue;
                }
                *n += 1;
                links.push(Link { story: from, other: to, kind, reasons: reasons.clone() });
                if later {
                    let why = vec![format!(
                        "{} before",
                        stories[to].main_day.map(|d| d.to_string()).unwrap_or_default()
                    )];
                    links.push(Link { story: from, other: to, kind: StoryLinkKind::Precedes, reasons: why });
                }
            }
        }
        links.sort_by_key(|l| (l.story, l.other, l.kind.as_str()));
        links
    }
}

fn main_dyads(f: &Features) -> Vec<(SmolStr, SmolStr)> {
    let mut all: Vec<_> = f.dyads.iter().collect();
    all.sort_by(|x, y| y.1.total_cmp(x.1).then(x.0.cmp(y.0)));
    all.into_iter().take(3).map(|(d, _)| d.clone()).collect()
}
