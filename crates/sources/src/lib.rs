//! From what a user names to pages, one at a time.
//!
//! [`pages`] takes files, folders, globs, addresses and standard input and gives an iterator of pages and rejects. What it
//! holds at any time is one page, the buffers of one file and the addresses still to be fetched, however large the input:
//! WARC and WET archives, JSON lines (plain, gzip, Zstandard), Parquet, RSS, Atom, sitemaps, lists of addresses, HTML and
//! text.
//!
//! Promises: the same input gives the same pages with the same paths, so that reading an archive again adds nothing; what is
//! damaged is a [`Reject`] that names file and place, and what follows it is read; nothing is fetched unless the user named
//! an address or asked for it. What it never does: decide what a page says. Titles, dates and credits that stand beside a
//! page go along as [`Given`](polybius_text::Given).

mod feed;
mod fetch;
mod fields;
mod files;
mod http;
mod jsonl;
mod kept;
mod packed;
mod pages;
mod post;
mod queue;
mod robots;
mod table;
mod urls;
mod warc;
mod zstd;

pub use fetch::FetchSettings;
pub use fields::Fields;
pub use pages::{Pages, is_address};
pub use post::{NotTaken, Poster};

use polybius_text::{Page, Reject};

/// Longest page in bytes, unpacked: what article reading takes.
pub const MAX_PAGE_BYTES: usize = 16 << 20;

/// A page, or why there is none.
pub type Item = Result<Page, Reject>;

/// What a file or standard input holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// Look at the name and the first bytes.
    #[default]
    Auto,
    /// One page.
    Page,
    /// JSON lines.
    Jsonl,
    /// Parquet.
    Parquet,
    /// WARC or WET.
    Warc,
    /// RSS, Atom or a sitemap.
    Feed,
    /// Addresses, one a line.
    Urls,
}

/// How inputs are read.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// What the inputs hold.
    pub format: Format,
    /// Names of fields and columns.
    pub fields: Fields,
    /// Lists of addresses to be fetched.
    pub url_lists: Vec<std::path::PathBuf>,
    /// Fetch the pages that feed files and sitemap files name, too.
    pub follow: bool,
    /// How to fetch.
    pub fetch: FetchSettings,
}

/// The pages of the inputs: files, folders, globs, addresses (`http://`, `https://`), `-` for standard input.
///
/// Files come in the order of their paths, each in its own order; then what is fetched, several hosts at
/// once and each in turn.
pub fn pages(inputs: &[std::path::PathBuf], settings: Settings) -> Pages {
    Pages::new(inputs, settings)
}

/// The pages of bytes that lie in memory, under a name of the caller's. Parquet is read from files only.
pub fn pages_of_bytes(name: &str, bytes: Vec<u8>, settings: Settings) -> Pages {
    Pages::of_bytes(name, bytes, settings)
}
