//! Answers of the present version that were asked for before, as many as fit.

use crate::api::Answer;
use rustc_hash::FxHashMap;
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

/// Bytes of all answers together, and of one.
const BYTES: usize = 48 << 20;
const LARGEST: usize = BYTES / 16;

/// Answers by address; the oldest go first.
#[derive(Default)]
pub struct Kept {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    version: u64,
    bytes: usize,
    answers: FxHashMap<String, Answer>,
    order: VecDeque<String>,
}

impl Kept {
    /// The answer to an address under a version.
    pub fn get(&self, version: u64, address: &str) -> Option<Answer> {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.answers.get(address).filter(|_| inner.version == version).cloned()
    }

    /// Keeps an answer; a newer version drops all before.
    pub fn put(&self, version: u64, address: &str, answer: &Answer) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if version > inner.version {
            *inner = Inner { version, ..Inner::default() };
        }
        let size = answer.body.len() + 2 * address.len();
        if version < inner.version || size > LARGEST || inner.answers.contains_key(address) {
            return;
        }
        while inner.bytes + size > BYTES {
            let Some(oldest) = inner.order.pop_front() else { break };
            if let Some(gone) = inner.answers.remove(&oldest) {
                inner.bytes -= gone.body.len() + 2 * oldest.len();
            }
        }
        inner.bytes += size;
        inner.order.push_back(address.to_string());
        inner.answers.insert(address.to_string(), answer.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(bytes: usize) -> Answer {
        Answer { status: 200, content_type: "application/json", body: vec![b' '; bytes], attachment: None }
    }

    #[test]
    fn answers_belong_to_one_version_and_the_oldest_make_room() {
        let kept = Kept::default();
        kept.put(1, "/a", &answer(10));
        assert!(kept.get(1, "/a").is_some() && kept.get(2, "/a").is_none());
        for n in 0..20 {
            kept.put(1, &format!("/{n}"), &answer(LARGEST - 100));
        }
        assert!(kept.get(1, "/a").is_none() && kept.get(1, "/19").is_some());
        kept.put(2, "/b", &answer(1));
        assert!(kept.get(1, "/19").is_none() && kept.get(2, "/b").is_some());
        kept.put(1, "/late", &answer(1));
        assert!(kept.get(1, "/late").is_none());
        kept.put(2, "/large", &answer(LARGEST + 1));
        assert!(kept.get(2, "/large").is_none());
    }
}
