//! Addresses that wait to be fetched.

use crate::fetch::Fetcher;
use polybius_text::Given;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;
use url::Url;

/// Addresses by host, so that hosts take turns.
#[derive(Default)]
pub(crate) struct Queue {
    by_host: BTreeMap<String, VecDeque<Wanted>>,
    seen: BTreeSet<String>,
}

/// An address with what a feed said of it, and how many sitemaps led to it.
pub(crate) struct Wanted {
    pub url: Url,
    pub given: Given,
    pub depth: u8,
}

impl Queue {
    pub fn push(&mut self, url: Url, given: Given, depth: u8) {
        if self.seen.insert(url.to_string()) {
            let host = url.host_str().unwrap_or("").to_string();
            self.by_host.entry(host).or_default().push_back(Wanted { url, given, depth });
        }
    }

    /// Addresses of different hosts that may be asked now; if none may, the one that may be first.
    pub fn pop(&mut self, fetcher: &Fetcher, at_most: usize) -> Vec<Wanted> {
        let mut hosts: Vec<(Duration, String)> = self
            .by_host
            .iter()
            .filter_map(|(host, list)| Some((fetcher.wait_for(&list.front()?.url), host.clone())))
            .collect();
        hosts.sort();
        let ready = hosts.iter().take_while(|(wait, _)| wait.is_zero()).count();
        hosts.truncate(ready.clamp(1, at_most.max(1)));
        let wanted = hosts.iter().filter_map(|(_, host)| self.by_host.get_mut(host)?.pop_front()).collect();
        self.by_host.retain(|_, list| !list.is_empty());
        wanted
    }

    pub fn is_empty(&self) -> bool {
        self.by_host.is_empty()
    }

    /// Gives up what is in line; how many that were.
    pub fn clear(&mut self) -> usize {
        std::mem::take(&mut self.by_host).values().map(VecDeque::len).sum()
    }
}
