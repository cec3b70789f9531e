//! Tables: what the stages found, as Parquet files in a folder that any tool can open, with a log of commits.
//!
//! A store is a folder. `_log/` holds one JSON file a commit that names the Parquet files of every table: it alone says
//! what the store holds. A commit is the exclusive creation of the next of these files: a reader sees all of it or nothing.
//! One program writes at a time; a second one is refused, or waits.
//!
//! A table is a folder with the files of all kept versions under `_files/`, named after their content; with those of the
//! last version again as `<table>.parquet`, where programs look that open a folder or a glob; and with a log in the Delta
//! protocol under `_delta_log/`, whose version N is commit N. The last two follow a commit and are made up for when the
//! store is next opened for writing. Old files stay until a vacuum.
//!
//! `_pages/` keeps the pages as they came, `_analysis/` what each gave by itself, so that a killed run goes on where it was
//! and adding pages reads only the new ones.
//!
//! Every record that leaves the store carries an evidence span. The store never changes a document's text.

mod analysis;
mod build;
mod checkpoint;
mod commit;
mod delta;
mod dictionary;
mod error;
mod folder;
mod inspect;
mod lock;
mod parquet_io;
mod publish;
mod repair;
pub mod rows;
mod vacuum;

pub use arrow_schema::DataType;

pub use analysis::{
    Analysis, AnalysisLog, AnalysisReader, PageLog, PageReader, Record, RecordLog, Salvaged, analysed,
    each_analysis, each_page, find_analysis, find_page,
};
pub use build::{StoreTables, Written, tables_of};
pub use commit::{AsOf, Commit, TableFile, replace as replace_file};
pub use dictionary::{ColumnEntry, TableEntry, dictionary};
pub use error::StoreError;
pub use folder::{Committed, Store};
pub use inspect::{Inspection, inspect};
pub use lock::WhenBusy;
pub use parquet_io::{
    columns_of, read_parquet, record_batch, sha256_of, write_arrow, write_parquet, write_parquet_to,
};
pub use repair::{Repaired, repair};
pub use vacuum::{Keep, Vacuumed};

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
