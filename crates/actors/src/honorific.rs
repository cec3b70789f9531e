//! Words of address before a name, as far as comparing names needs them. The full list is `honorifics.txt` of the data folder.

use rustc_hash::FxHashSet;
use std::sync::OnceLock;

/// Whether a folded word is a form of address that says nothing about which person is meant.
pub(crate) fn is_honorific(folded: &str) -> bool {
    static ONCE: OnceLock<FxHashSet<&'static str>> = OnceLock::new();
    ONCE.get_or_init(|| {
        include_str!("words/honorifics.txt").lines().filter(|l| !l.starts_with('#')).collect()
    })
    .contains(folded)
}
