//! RSS, Atom and sitemaps.
//!
//! Feeds of the real web are seldom clean XML: tags that do not match, bare ampersands and HTML's own entities are read
//! over, and what came before a fault that cannot be read over is kept. (The crate for feeds ends at the first fault without a
//! word of what it had read, knows no sitemaps, and brings a calendar and a regular expression engine.)

use crate::fields::iso_date;
use encoding_rs::{Encoding, UTF_8};
use polybius_text::{Given, GivenBasis, Page, PageKind};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// Items that are read of one feed, and addresses of one sitemap: the bound of the sitemap protocol.
const MAX_ITEMS: usize = 50_000;
/// Elements within elements.
const MAX_DEPTH: usize = 64;
/// Longest value of an element.
const MAX_VALUE: usize = 4 << 20;

/// What a file of XML is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FeedKind {
    Feed,
    Sitemap,
    /// A list of sitemaps.
    Index,
}

#[derive(Debug)]
pub(crate) struct Feed {
    pub kind: FeedKind,
    /// The feed's own name.
    pub title: Option<String>,
    pub items: Vec<FeedItem>,
    /// What could not be read, with the byte at which the reading ended.
    pub problem: Option<String>,
}

/// One item, or one address of a sitemap.
#[derive(Debug, Clone, Default)]
pub(crate) struct FeedItem {
    pub title: Option<String>,
    pub link: Option<String>,
    pub date: Option<String>,
    /// Whom the feed names as origin.
    pub origin: Option<String>,
    /// Of a news sitemap.
    pub outlet: Option<String>,
    content: Option<String>,
    summary: Option<String>,
    /// The id, where it is an address.
    guid: Option<String>,
    updated: Option<String>,
}

/// Whether these first bytes are those of a feed or a sitemap.
pub(crate) fn looks_like_feed(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(&head[..head.len().min(2048)]).to_ascii_lowercase();
    let begins = text.trim_start_matches('\u{feff}').trim_start();
    if !begins.starts_with('<') || begins.starts_with("<!doctype html") || begins.starts_with("<html") {
        return false;
    }
    ["<rss", "<feed", "<rdf:rdf", "<urlset", "<sitemapindex"].iter().any(|tag| begins.contains(tag))
        && !begins.contains("<html")
}

impl Feed {
    /// Reads a feed; `None` where there is none.
    pub fn read(bytes: &[u8]) -> Option<Feed> {
        let text = decode(bytes);
        let mut state = State::default();
        let mut reader = Reader::from_str(&text);
        let config = reader.config_mut();
        config.allow_dangling_amp = true;
        config.allow_unmatched_ends = true;
        config.check_end_names = false;
        loop {
            match reader.read_event() {
                Ok(Event::Start(tag)) => state.start(&tag),
                Ok(Event::Empty(tag)) => {
                    state.start(&tag);
                    state.end();
                }
                Ok(Event::End(_)) => state.end(),
                Ok(Event::Text(text)) => state.text(&text.xml10_content()),
                Ok(Event::CData(text)) => state.text(&text.xml10_content()),
                Ok(Event::GeneralRef(name)) => {
                    state.text(&htmlize::unescape(format!("&{};", name.xml10_content())));
                }
                Ok(Event::Eof) => break,
                Ok(_) => {}
                Err(e) => {
                    state.problem = Some(format!("byte {}: {e}", reader.error_position()));
                    break;
                }
            }
            if state.items.len() >= MAX_ITEMS {
                state.problem = Some(format!("only the first {MAX_ITEMS} items are read"));
                break;
            }
        }
        state.finish()
    }
}

/// Text by byte order mark, valid UTF-8, or the encoding that the first line names.
fn decode(bytes: &[u8]) -> String {
    if let Some((encoding, skip)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[skip..]).0.into_owned();
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_string();
    }
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]).to_ascii_lowercase();
    let label = head.split_once("encoding=").map(|(_, rest)| {
        rest.trim_start_matches(['"', '\'']).split(['"', '\'', '?', ' ']).next().unwrap_or("").to_string()
    });
    let encoding = label.and_then(|l| Encoding::for_label(l.as_bytes())).unwrap_or(UTF_8);
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

#[derive(Default)]
struct State {
    kind: Option<FeedKind>,
    title: Option<String>,
    items: Vec<FeedItem>,
    problem: Option<String>,
    /// Names of the open elements, small letters, without prefix but for those that need it.
    path: Vec<String>,
    /// Text of the innermost element of interest.
    value: String,
    item: Option<FeedItem>,
    /// Depth at which markup inside of an Atom value began: its tags are part of the value.
    markup: Option<usize>,
}

impl State {
    fn start(&mut self, tag: &BytesStart<'_>) {
        if self.path.len() >= MAX_DEPTH {
            self.path.push(String::new());
            return;
        }
        let full = tag.name().as_ref().to_ascii_lowercase();
        if self.markup.is_some() {
            self.text(&format!("<{}>", tag.local_name().as_ref()));
            self.path.push(String::new());
            return;
        }
        let name = match full.as_str() {
            // Names that mean other things in these vocabularies.
            n if n.starts_with("media:") || n.starts_with("itunes:") || n.starts_with("image:") => "",
            n if n.starts_with("video:") => "",
            n => n.rsplit(':').next().unwrap_or(n),
        };
        match name {
            "rss" | "feed" | "rdf" if self.kind.is_none() => self.kind = Some(FeedKind::Feed),
            "urlset" if self.kind.is_none() => self.kind = Some(FeedKind::Sitemap),
            "sitemapindex" if self.kind.is_none() => self.kind = Some(FeedKind::Index),
            "item" | "entry" | "url" | "sitemap" if self.kind.is_some() && self.item.is_none() => {
                self.item = Some(FeedItem::default());
            }
            "link" => self.link(tag),
            _ => {}
        }
        let is_xhtml = matches!(name, "content" | "summary")
            && attribute(tag, "type").is_some_and(|t| t.eq_ignore_ascii_case("xhtml"));
        if is_xhtml {
            self.markup = Some(self.path.len());
        }
        self.value.clear();
        self.path.push(name.to_string());
    }

    /// Atom's links: the page is the one that is `alternate` or says nothing.
    fn link(&mut self, tag: &BytesStart<'_>) {
        let Some(href) = attribute(tag, "href") else { return };
        let rel = attribute(tag, "rel").unwrap_or_default();
        if let Some(item) = &mut self.item
            && (rel.is_empty() || rel.eq_ignore_ascii_case("alternate"))
            && !self.path.iter().any(|n| n == "source")
        {
            item.link.get_or_insert(href);
        }
    }

    fn text(&mut self, text: &str) {
        if self.value.len() + text.len() <= MAX_VALUE {
            self.value.push_str(text);
        }
    }

    fn end(&mut self) {
        let Some(name) = self.path.pop() else { return };
        match self.markup {
            Some(depth) if self.path.len() > depth => return,
            _ => self.markup = None,
        }
        let value = std::mem::take(&mut self.value);
        let value = value.trim();
        let parent = self.path.last().map_or("", String::as_str);
        let Some(item) = &mut self.item else {
            if name == "title" && matches!(parent, "channel" | "feed") && !value.is_empty() {
                self.title.get_or_insert(value.to_string());
            }
            return;
        };
        if matches!(name.as_str(), "item" | "entry" | "url" | "sitemap") {
            let mut item = self.item.take().expect("just seen");
            item.link = item.link.or(item.guid.take());
            item.date = item.date.or(item.updated.take());
            self.items.push(item);
            return;
        }
        if value.is_empty() {
            return;
        }
        let slot = match (name.as_str(), parent) {
            // Atom's source is a small feed of its own.
            ("title", "source") | ("source", _) => &mut item.origin,
            (_, "source" | "author" | "publication" | "image") if name != "name" => return,
            ("name", "publication") => &mut item.outlet,
            ("title", _) => &mut item.title,
            ("link" | "loc", _) => &mut item.link,
            ("guid", _) if value.starts_with("http") => &mut item.guid,
            ("pubdate" | "date" | "published" | "issued" | "publication_date" | "dc:date", _) => {
                item.date.get_or_insert(iso_date(value));
                return;
            }
            ("updated" | "modified" | "lastmod", _) => {
                item.updated.get_or_insert(iso_date(value));
                return;
            }
            ("encoded" | "content", _) => &mut item.content,
            ("description" | "summary", _) => &mut item.summary,
            _ => return,
        };
        slot.get_or_insert(value.to_string());
    }

    fn finish(mut self) -> Option<Feed> {
        let kind = self.kind?;
        // The last item of a file that breaks off.
        if let Some(item) = self.item.take()
            && item.link.is_some()
        {
            self.items.push(item);
        }
        if self.problem.is_none() && !self.path.is_empty() && kind == FeedKind::Feed {
            self.problem = Some("the file breaks off".into());
        }
        Some(Feed { kind, title: self.title, items: self.items, problem: self.problem })
    }
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = tag.html_attributes().with_checks(false).flatten().find(|a| a.key.as_ref() == name)?;
    let value = htmlize::unescape(found.value.as_ref()).trim().to_string();
    (!value.is_empty()).then_some(value)
}

impl FeedItem {
    /// What the feed says of the page behind the link. The last change of a page in a plain sitemap is no publication.
    pub fn given(&self, feed: &Feed) -> Given {
        let basis = if feed.kind == FeedKind::Feed { GivenBasis::Feed } else { GivenBasis::Sitemap };
        let is_news = feed.kind == FeedKind::Feed || self.outlet.is_some() || self.title.is_some();
        Given {
            title: self.title.as_deref().map(plain),
            date: self.date.clone().filter(|_| is_news),
            basis,
            outlet: self.outlet.clone().or_else(|| feed.title.clone()),
            origin: self.origin.clone(),
            fetched: None,
            charset: None,
        }
    }

    /// The item itself as a page: its title as headline over its content or, where it has none, its summary. `None` when it
    /// has neither.
    pub fn page(&self, path: String, feed: &Feed) -> Option<Page> {
        let content = self.content.as_ref().or(self.summary.as_ref())?;
        let mut html = String::from("<article>");
        if let Some(title) = &self.title {
            html.push_str(&format!("<h1>{}</h1>\n", htmlize::escape_text(plain(title))));
        }
        // Text without a tag is a paragraph; what is escaped once more is markup that was meant.
        match (content.contains('<'), content.contains("&lt;")) {
            (true, _) => html.push_str(content),
            (false, true) => html.push_str(&htmlize::unescape(content.as_str())),
            (false, false) => html.push_str(&format!("<p>{content}</p>")),
        }
        html.push_str("</article>");
        let bytes = html.into_bytes();
        Some(Page { path, url: self.link.clone(), kind: PageKind::Html, bytes, given: self.given(feed) })
    }
}

/// A title without tags and entities: feeds escape them once too often.
fn plain(title: &str) -> String {
    let mut text = String::new();
    let mut within = false;
    for c in htmlize::unescape(title).chars() {
        match c {
            '<' => within = true,
            '>' if within => within = false,
            c if !within => text.push(c),
            _ => {}
        }
    }
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.is_empty() { title.to_string() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RSS: &str = r#"<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="m">
<channel><title>Lakeside Courier</title><link>https://courier.example/</link>
<item><title>Talks &amp; tea: ministers&nbsp;meet</title><link>https://courier.example/a?x=1&y=2</link>
<pubDate>Tue, 07 Sep 2021 09:30:00 +0200</pubDate><source url="https://wire.example/">Northern Wire</source>
<media:title>no headline</media:title><description>Short.</description>
<content:encoded><![CDATA[<p>The ministers met on Tuesday.</p>]]></content:encoded></item>
<item><title>Second</title><guid>https://courier.example/b</guid></item></channel></rss>"#;

    #[test]
    fn an_item_gives_title_link_date_and_whom_it_names_as_origin() {
        let feed = Feed::read(RSS.as_bytes()).unwrap();
        assert_eq!((feed.kind, feed.items.len(), &feed.problem), (FeedKind::Feed, 2, &None));
        let given = feed.items[0].given(&feed);
        assert_eq!(given.title.as_deref(), Some("Talks & tea: ministers meet"));
        assert_eq!(given.date.as_deref(), Some("2021-09-07T09:30:00+02:00"));
        assert_eq!(given.origin.as_deref(), Some("Northern Wire"));
        assert_eq!(given.outlet.as_deref(), Some("Lakeside Courier"));
        assert_eq!(feed.items[0].link.as_deref(), Some("https://courier.example/a?x=1&y=2"));
        let page = feed.items[0].page("f.xml:1".into(), &feed).unwrap();
        let html = String::from_utf8(page.bytes).unwrap();
        assert!(html.contains("<h1>Talks &amp; tea") && html.contains("<p>The ministers met"), "{html}");
        assert_eq!(feed.items[1].link.as_deref(), Some("https://courier.example/b"));
        assert!(feed.items[1].page("f.xml:2".into(), &feed).is_none());
    }

    #[test]
    fn an_atom_entry_keeps_its_own_title_beside_that_of_its_source() {
        let atom = r#"<feed xmlns="http://www.w3.org/2005/Atom"><title>Hill Post</title>
<entry><source><title>Coast Agency</title><updated>2001-01-01T00:00:00Z</updated></source><title type="html">Army &lt;b&gt;denies&lt;/b&gt; raid</title>
<link rel="self" href="https://hill.example/self"/><link href="https://hill.example/raid"/>
<published>2022-03-04T05:06:07Z</published><updated>2022-03-05T00:00:00Z</updated>
<content type="xhtml"><div><p>The army denied it.</p></div></content></entry></feed>"#;
        let feed = Feed::read(atom.as_bytes()).unwrap();
        let item = &feed.items[0];
        let given = item.given(&feed);
        assert_eq!(given.title.as_deref(), Some("Army denies raid"));
        assert_eq!(given.origin.as_deref(), Some("Coast Agency"));
        assert_eq!(given.date.as_deref(), Some("2022-03-04T05:06:07Z"));
        assert_eq!(item.link.as_deref(), Some("https://hill.example/raid"));
        let html = String::from_utf8(item.page("x".into(), &feed).unwrap().bytes).unwrap();
        assert!(html.contains("<p>The army denied it."), "{html}");
    }

    #[test]
    fn a_news_sitemap_dates_its_pages_and_a_plain_one_does_not() {
        let sitemap = r#"<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="n">
<url><loc>https://a.example/1</loc><lastmod>2024-01-02</lastmod></url>
<url><loc>https://a.example/2</loc><news:news><news:publication><news:name>Anchor</news:name><news:language>en</news:language></news:publication>
<news:publication_date>2023-12-31</news:publication_date><news:title>Vote delayed</news:title></news:news></url></urlset>"#;
        let feed = Feed::read(sitemap.as_bytes()).unwrap();
        assert_eq!(feed.kind, FeedKind::Sitemap);
        assert_eq!(feed.items[0].given(&feed).date, None);
        let given = feed.items[1].given(&feed);
        assert_eq!((given.date.as_deref(), given.outlet.as_deref()), (Some("2023-12-31"), Some("Anchor")));
        let index = "<sitemapindex><sitemap><loc>https://a.example/s.xml</loc></sitemap></sitemapindex>";
        assert_eq!(Feed::read(index.as_bytes()).unwrap().kind, FeedKind::Index);
    }

    #[test]
    fn a_feed_that_breaks_off_keeps_its_items_and_tells() {
        let cut = &RSS[..RSS.find("<item><title>Second").unwrap()];
        let feed = Feed::read(cut.as_bytes()).unwrap();
        assert_eq!(feed.items.len(), 1);
        assert!(feed.problem.is_some());
        assert!(Feed::read(b"<html><body>no feed</body></html>").is_none());
        assert!(looks_like_feed(RSS.as_bytes()) && !looks_like_feed(b"<!DOCTYPE html><html><rss>"));
    }
}
