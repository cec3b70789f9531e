//! One input after the other.

use crate::feed::{Feed, FeedKind, looks_like_feed};
use crate::fetch::{Body, Fetcher};
use crate::files::{self, reject};
use crate::jsonl::JsonLines;
use crate::packed::Packed;
use crate::queue::{Queue, Wanted};
use crate::table::Table;
use crate::urls;
use crate::warc::Warc;
use crate::{Format, Item, MAX_PAGE_BYTES, Settings};
use polybius_text::{Given, Page, PageKind, Reject, RejectReason};
use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use url::Url;

/// Feeds and sitemaps may be longer than pages: the bound of the sitemap protocol.
const MAX_FEED_BYTES: usize = 50 << 20;
/// Hosts that are asked at once.
const AT_ONCE: usize = 8;
/// Sitemaps that name sitemaps.
const MAX_INDEX_DEPTH: u8 = 3;

/// The pages of the inputs, in bounded memory.
pub struct Pages {
    settings: Settings,
    files: VecDeque<PathBuf>,
    open: Option<Box<dyn Iterator<Item = Item> + Send>>,
    /// Name of what is open.
    name: String,
    ready: VecDeque<Item>,
    queue: Queue,
    fetcher: Option<Fetcher>,
    /// Pages that were asked for.
    n_asked: usize,
}

/// Whether an input is an address of the web and not a file.
pub fn is_address(input: &Path) -> bool {
    input.to_str().is_some_and(|s| s.starts_with("http://") || s.starts_with("https://"))
}

impl Pages {
    pub(crate) fn new(inputs: &[PathBuf], settings: Settings) -> Pages {
        let (addresses, paths): (Vec<&Path>, Vec<&Path>) =
            inputs.iter().map(PathBuf::as_path).partition(|p| is_address(p));
        let (standard, paths): (Vec<&Path>, Vec<&Path>) =
            paths.into_iter().partition(|p| p.as_os_str() == "-");
        let (listed, rejects) = files::list(&paths);
        let mut pages = Pages {
            files: listed.into(),
            open: None,
            name: String::new(),
            ready: rejects.into_iter().map(Err).collect(),
            queue: Queue::default(),
            fetcher: None,
            n_asked: 0,
            settings,
        };
        if !standard.is_empty() {
            pages.files.push_front(PathBuf::from("-"));
        }
        for list in pages.settings.url_lists.clone() {
            pages.url_list(&list);
        }
        for address in addresses {
            match urls::parse(&address.to_string_lossy()) {
                Some(url) => pages.queue.push(url, Given::default(), 0),
                None => {
                    let detail = "no address that can be fetched".to_string();
                    pages.ready.push_back(Err(reject(address, RejectReason::NotFetched, detail)));
                }
            }
        }
        pages
    }

    /// Pages of bytes that lie in memory.
    pub(crate) fn of_bytes(name: &str, bytes: Vec<u8>, settings: Settings) -> Pages {
        let format = settings.format;
        let mut pages = Pages::new(&[], settings);
        pages.name = name.to_string();
        if let Err(reject) = pages.read(Path::new(name), Box::new(io::Cursor::new(bytes)), format) {
            pages.ready.push_back(Err(reject));
        }
        pages
    }

    /// How many pages there are, where every input is a file of one page by its name.
    pub fn expected(&self) -> Option<usize> {
        let one = |p: &PathBuf| format_of_name(p).is_some_and(|f| f == Format::Page);
        let known = self.settings.format == Format::Auto && self.queue.is_empty();
        (known && self.files.iter().all(one)).then_some(self.files.len())
    }

    fn next_item(&mut self) -> Option<Item> {
        loop {
            if let Some(item) = self.ready.pop_front() {
                return Some(item);
            }
            if let Some(open) = &mut self.open {
                match open.next() {
                    Some(item) => return Some(item),
                    None => self.open = None,
                }
                continue;
            }
            if let Some(path) = self.files.pop_front() {
                self.name = path.to_string_lossy().into_owned();
                if let Err(reject) = self.begin(&path) {
                    return Some(Err(reject));
                }
                continue;
            }
            if !self.fetch_next() {
                return None;
            }
        }
    }

    /// Opens a file and looks what it is.
    fn begin(&mut self, path: &Path) -> Result<(), Reject> {
        let name = path.to_string_lossy().into_owned();
        let unreadable = |e: io::Error| reject(path, RejectReason::Unreadable, e.to_string());
        let standard = name == "-";
        let by_name = if standard { None } else { format_of_name(path) };
        let format = match self.settings.format {
            Format::Auto => by_name.unwrap_or(Format::Auto),
            forced => forced,
        };
        if self.settings.format == Format::Auto && is_other(path) {
            return Err(reject(path, RejectReason::Unsupported, "not a page format".into()));
        }
        if !standard && !std::fs::metadata(path).map_err(unreadable)?.is_file() && !is_stream(path) {
            return Err(reject(path, RejectReason::Unreadable, "neither file nor folder".into()));
        }
        if format == Format::Parquet {
            return self.table(path);
        }
        let input: Box<dyn Read + Send> =
            if standard { Box::new(io::stdin()) } else { Box::new(File::open(path).map_err(unreadable)?) };
        self.read(path, input, format)
    }

    /// Reads what was opened.
    fn read(&mut self, path: &Path, input: Box<dyn Read + Send>, mut format: Format) -> Result<(), Reject> {
        let name = path.to_string_lossy().into_owned();
        let mut packed =
            Packed::new(input).map_err(|e| reject(path, RejectReason::Unreadable, e.to_string()))?;
        let damaged =
            |what: String, at: u64| reject(path, RejectReason::Damaged, format!("byte {at}: {what}"));
        if format == Format::Auto {
            // A damaged beginning is told by whoever reads on.
            while packed.buffer().len() < 2048 && matches!(packed.more(), Ok(true)) {}
            format = match packed.buffer() {
                head if head.starts_with(b"WARC/1") => Format::Warc,
                head if head.starts_with(b"PAR1") => return self.table(path),
                head if looks_like_feed(head) => Format::Feed,
                _ => Format::Page,
            };
        }
        match format {
            Format::Warc => self.open = Some(Box::new(Warc::new(packed, &name))),
            Format::Jsonl => self.open = Some(Box::new(JsonLines::new(packed, &name, &self.settings.fields))),
            Format::Page | Format::Auto | Format::Parquet => {
                let bytes = packed.read_all(MAX_PAGE_BYTES).map_err(|d| damaged(d.what, d.at))?;
                self.ready.push_back(bytes.map_or_else(
                    || Err(too_large(&name, MAX_PAGE_BYTES)),
                    |bytes| Ok(page_of_file(path, bytes)),
                ));
            }
            Format::Feed => {
                let bytes = packed.read_all(MAX_FEED_BYTES).map_err(|d| damaged(d.what, d.at))?;
                let bytes = bytes.ok_or_else(|| too_large(&name, MAX_FEED_BYTES))?;
                match Feed::read(&bytes) {
                    Some(feed) => self.feed_file(&name, feed),
                    // XHTML has the same beginning.
                    None if self.settings.format == Format::Auto => {
                        self.ready.push_back(Ok(page_of_file(path, bytes)));
                    }
                    None => {
                        let what = "neither RSS, Atom nor a sitemap".to_string();
                        return Err(reject(path, RejectReason::Unsupported, what));
                    }
                }
            }
            Format::Urls => {
                let bytes = packed.read_all(MAX_FEED_BYTES).map_err(|d| damaged(d.what, d.at))?;
                let bytes = bytes.ok_or_else(|| too_large(&name, MAX_FEED_BYTES))?;
                self.url_bytes(&bytes, &name);
            }
        }
        Ok(())
    }

    fn table(&mut self, path: &Path) -> Result<(), Reject> {
        if path.as_os_str() == "-" {
            let detail = "Parquet is read from its end: name a file".to_string();
            return Err(reject(path, RejectReason::Unsupported, detail));
        }
        let file = File::open(path).map_err(|e| reject(path, RejectReason::Unreadable, e.to_string()))?;
        let table = Table::open(file, &path.to_string_lossy(), &self.settings.fields)?;
        self.open = Some(Box::new(table));
        Ok(())
    }

    fn url_list(&mut self, path: &Path) {
        let name = path.to_string_lossy().into_owned();
        let read = || -> io::Result<Vec<u8>> {
            let input: Box<dyn Read> =
                if name == "-" { Box::new(io::stdin()) } else { Box::new(File::open(path)?) };
            let mut bytes = Vec::new();
            input.take(MAX_FEED_BYTES as u64).read_to_end(&mut bytes)?;
            Ok(bytes)
        };
        match read() {
            Ok(bytes) => self.url_bytes(&bytes, &name),
            Err(e) => self.ready.push_back(Err(reject(path, RejectReason::Unreadable, e.to_string()))),
        }
    }

    fn url_bytes(&mut self, bytes: &[u8], name: &str) {
        for line in urls::read_list(bytes, name) {
            match line {
                Ok(url) => self.queue.push(url, Given::default(), 0),
                Err(reject) => self.ready.push_back(Err(reject)),
            }
        }
    }

    /// A feed that lies on the disk: its items are pages, unless their pages are to be fetched.
    fn feed_file(&mut self, name: &str, mut feed: Feed) {
        if feed.items.is_empty() && feed.problem.is_none() {
            feed.problem = Some("it names no item".into());
        }
        self.tell_problem(name, &mut feed);
        if self.settings.follow {
            self.queue_links(name, &feed, None, 0);
            return;
        }
        if feed.kind != FeedKind::Feed {
            let n = feed.items.len();
            let detail = format!("a sitemap holds no page but {n} addresses: --follow fetches them");
            self.ready.push_back(Err(reject(Path::new(name), RejectReason::NotFetched, detail)));
            return;
        }
        for (n, item) in feed.items.iter().enumerate() {
            let path = format!("{name}:{}", n + 1);
            self.ready.push_back(item.page(path.clone(), &feed).ok_or_else(|| {
                let detail = "the item has no text of its own: --follow fetches its page".to_string();
                Reject { path, reason: RejectReason::Empty, detail }
            }));
        }
    }

    fn tell_problem(&mut self, name: &str, feed: &mut Feed) {
        if let Some(detail) = feed.problem.take() {
            self.ready.push_back(Err(reject(Path::new(name), RejectReason::Damaged, detail)));
        }
    }

    /// Puts the links of a feed in line, with what the feed says of them.
    fn queue_links(&mut self, name: &str, feed: &Feed, base: Option<&Url>, depth: u8) {
        let deeper = depth + u8::from(feed.kind == FeedKind::Index);
        for (n, item) in feed.items.iter().enumerate() {
            let Some(link) = &item.link else { continue };
            let absolute = match base {
                Some(base) => base.join(link).ok().and_then(|u| urls::parse(u.as_str())),
                None => urls::parse(link),
            };
            let problem = match absolute {
                Some(_) if deeper > MAX_INDEX_DEPTH => "sitemaps that name sitemaps, too deep",
                Some(url) => {
                    self.queue.push(url, item.given(feed), deeper);
                    continue;
                }
                None => "no address that can be fetched",
            };
            let path = format!("{name}:{}", n + 1);
            let detail = format!("`{}`: {problem}", link.chars().take(80).collect::<String>());
            self.ready.push_back(Err(Reject { path, reason: RejectReason::NotFetched, detail }));
        }
    }

    /// Fetches the next addresses, one of each host, and makes ready what they gave; `false` when nothing is in line.
    fn fetch_next(&mut self) -> bool {
        if self.queue.is_empty() {
            return false;
        }
        let limit = self.settings.fetch.max_pages;
        let left = limit.saturating_sub(self.n_asked);
        if left == 0 {
            let n = self.queue.clear();
            let detail = format!("{n} more addresses: only {limit} are fetched (--max-pages)");
            self.ready.push_back(Err(reject(Path::new("(addresses)"), RejectReason::NotFetched, detail)));
            return true;
        }
        let fetcher = self.fetcher.get_or_insert_with(|| Fetcher::new(&self.settings.fetch));
        let wanted = self.queue.pop(fetcher, left.min(AT_ONCE));
        let fetcher = &*fetcher;
        let answers: Vec<Result<Option<Body>, Reject>> = std::thread::scope(|scope| {
            let asked: Vec<_> = wanted.iter().map(|w| scope.spawn(|| fetcher.get(&w.url))).collect();
            let answer = |(thread, w): (std::thread::ScopedJoinHandle<'_, _>, &Wanted)| {
                thread.join().unwrap_or_else(|_| {
                    let detail = "a fault of ours while fetching".to_string();
                    Err(reject(Path::new(w.url.as_str()), RejectReason::Internal, detail))
                })
            };
            asked.into_iter().zip(&wanted).map(answer).collect()
        });
        // What is known and has not changed gives no page: a long sitemap is got through a few new pages at a time.
        self.n_asked += answers.iter().filter(|a| !matches!(a, Ok(None))).count();
        for (wanted, answer) in wanted.into_iter().zip(answers) {
            match answer {
                Err(reject) => self.ready.push_back(Err(reject)),
                Ok(None) => {}
                Ok(Some(body)) => self.fetched(wanted, body),
            }
        }
        true
    }

    /// A page is ready; the links of a feed are put in line.
    fn fetched(&mut self, wanted: Wanted, body: Body) {
        let is_feed = matches!(
            body.media_type.as_str(),
            "application/rss+xml" | "application/atom+xml" | "application/xml" | "text/xml" | ""
        ) || looks_like_feed(&body.bytes);
        let feed = if is_feed { Feed::read(&body.bytes) } else { None };
        if feed.is_none() && self.fetcher.as_ref().is_some_and(|f| f.was_list(&wanted.url)) {
            // A notice, a page of errors, a domain that was sold: no article, and nothing to be kept in place of the feed.
            let detail = format!("it was a feed or a sitemap and is {} now", shown_type(&body.media_type));
            let path = Path::new(wanted.url.as_str());
            self.ready.push_back(Err(reject(path, RejectReason::NotFetched, detail)));
            return;
        }
        if let Some(fetcher) = &self.fetcher {
            fetcher.keep(&wanted.url, &body, feed.is_some());
        }
        let Some(mut feed) = feed else {
            self.ready.push_back(fetched_page(wanted, body));
            return;
        };
        self.tell_problem(wanted.url.as_str(), &mut feed);
        let base = Url::parse(&body.url).ok();
        self.queue_links(wanted.url.as_str(), &feed, base.as_ref(), wanted.depth);
    }
}

/// The media type as it may be shown.
fn shown_type(media_type: &str) -> String {
    let shown: String = media_type.chars().filter(|c| c.is_ascii_graphic()).take(60).collect();
    if shown.is_empty() { "something else".to_string() } else { format!("`{shown}`") }
}

impl Iterator for Pages {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        // Libraries for packing and XML read what strangers wrote: a fault of theirs costs one input, not the run.
        catch_unwind(AssertUnwindSafe(|| self.next_item())).unwrap_or_else(|_| {
            self.open = None;
            let detail = "a fault of ours while reading this input".to_string();
            Some(Err(reject(Path::new(&self.name), RejectReason::Internal, detail)))
        })
    }
}

fn fetched_page(wanted: Wanted, body: Body) -> Item {
    let kind = match body.media_type.as_str() {
        "text/html" | "application/xhtml+xml" => PageKind::Html,
        "text/plain" | "" | "text/xml" | "application/xml" => PageKind::Guess,
        other => {
            let path = wanted.url.to_string();
            return Err(Reject { path, reason: RejectReason::Unsupported, detail: other.to_string() });
        }
    };
    let given = Given {
        fetched: (!body.fetched.is_empty()).then_some(body.fetched),
        charset: body.charset,
        ..wanted.given
    };
    Ok(Page { path: wanted.url.to_string(), url: Some(body.url), kind, bytes: body.bytes, given })
}

fn page_of_file(path: &Path, bytes: Vec<u8>) -> Page {
    let kind = match extension(path).as_str() {
        "html" | "htm" | "xhtml" | "mhtml" => PageKind::Html,
        "txt" | "text" => PageKind::Text,
        _ => PageKind::Guess,
    };
    Page { path: path.to_string_lossy().into_owned(), url: None, kind, bytes, given: Given::default() }
}

fn too_large(name: &str, limit: usize) -> Reject {
    reject(Path::new(name), RejectReason::TooLarge, format!("more than {} MB", limit >> 20))
}

/// The extension in small letters, that of the packed file where it is packed.
fn extension(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let name = name.strip_suffix(".gz").or(name.strip_suffix(".zst")).unwrap_or(&name);
    name.rsplit_once('.').map_or(String::new(), |(_, e)| e.to_string())
}

/// What the name of a file says.
fn format_of_name(path: &Path) -> Option<Format> {
    match extension(path).as_str() {
        "html" | "htm" | "xhtml" | "mhtml" | "txt" | "text" => Some(Format::Page),
        "jsonl" | "ndjson" => Some(Format::Jsonl),
        "parquet" | "pq" => Some(Format::Parquet),
        "warc" | "wet" => Some(Format::Warc),
        "rss" | "atom" | "rdf" => Some(Format::Feed),
        _ => None,
    }
}

/// Formats that lie beside pages and hold none.
fn is_other(path: &Path) -> bool {
    let others = ["json", "csv", "tsv", "toml", "yaml", "yml", "py", "rs", "js", "css"];
    others.contains(&extension(path).as_str())
}

/// Pipes, as in `polybius run <(zcat pages.gz)`.
fn is_stream(path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        std::fs::metadata(path).is_ok_and(|m| m.file_type().is_fifo() || m.file_type().is_char_device())
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        false
    }
}
