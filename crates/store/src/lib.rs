//! Tables: what the stages found, as Parquet files in a folder that any tool can open, with a log of commits.
//!
//! A store is a folder. Each table is a folder in it with the Parquet files of the last commit; `_log/` holds one JSON
//! file a commit that names them. A commit is the exclusive creation of the next log file: a reader sees all of it or
//! nothing, a second writer is refused. `_pages/` keeps the pages as they came, `_analysis/` what each gave by itself, so
//! that a killed run goes on where it was and adding pages reads only the new ones.
//!
//! Every record that leaves the store carries an evidence span. The store never changes a document's text.

mod analysis;
mod build;
mod folder;
mod parquet_io;
pub mod rows;

pub use analysis::{Analysis, AnalysisLog, PageLog, Record, RecordLog, each_page, find_analysis, find_page};
pub use build::{StoreTables, tables_of};
pub use folder::{Commit, Store, StoreError};
pub use parquet_io::{read_parquet, record_batch, write_arrow, write_parquet, write_parquet_to};

/// The quad class of a PLOVER type, `None` for other words.
pub fn quad_of(event_type: &str) -> Option<&'static str> {
    event_type.parse::<polybius_text::EventType>().ok().map(|t| t.quad().as_str())
}

/// A name in lower case without diacritics, for comparing spellings.
pub fn fold_name(name: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    use unicode_normalization::char::is_combining_mark;
    name.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect()
}
