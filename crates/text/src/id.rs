use serde::{Deserialize, Serialize};
use smol_str::SmolStr;
use std::fmt;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
        pub struct $name(pub SmolStr);

        impl $name {
            /// An id made from the parts that define the record, under a one-letter prefix.
            ///
            /// The same parts give the same id whatever the order of documents, batches or threads.
            pub fn from_parts(prefix: &str, parts: &[&str]) -> $name {
                $name(SmolStr::from(format!("{prefix}{:016x}", stable_hash(parts))))
            }

            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }
    };
}

id!(
    /// A document: made of its file name and bytes.
    DocId
);
id!(
    /// An actor across documents.
    ActorId
);
id!(
    /// One event as one document tells it.
    EventId
);
id!(
    /// One quotation.
    QuoteId
);
id!(
    /// A story: documents on one happening.
    StoryId
);
id!(
    /// One happening across documents.
    ChainId
);
id!(
    /// One comparable statement.
    ClaimId
);

impl DocId {
    /// The id of a page: its file name (the last part of its path, or the whole of an address) and its bytes, so that a
    /// page keeps its id when its folder moves and the same page added twice is one document.
    pub fn of_page(path: &str, bytes: &[u8]) -> DocId {
        let is_address = path.starts_with("http://") || path.starts_with("https://");
        let name = if is_address { path } else { path.rsplit(['/', '\\']).next().unwrap_or(path) };
        let digest = bytes
            .iter()
            .fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(*b)).wrapping_mul(0x0000_0100_0000_01b3));
        DocId::from_parts("d", &[name, &format!("{digest:016x}")])
    }
}

/// FNV-1a over the parts with a separator, then mixed: stable over platforms and releases.
pub fn stable_hash(parts: &[&str]) -> u64 {
    let mut h: u64 = 0xcbf2_9ce4_8422_2325;
    for part in parts {
        for b in part.bytes() {
            h = (h ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        h = (h ^ 0x1f).wrapping_mul(0x0000_0100_0000_01b3);
    }
    h ^= h >> 33;
    h = h.wrapping_mul(0xff51_afd7_ed55_8ccd);
    h ^= h >> 33;
    h = h.wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    h ^ (h >> 33)
}
