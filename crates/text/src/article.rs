use crate::{DateRange, DocId, Precision, Span};
use serde::{Deserialize, Serialize};

/// One input as it came: a file, an archive member, a line of JSON.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Page {
    /// Where it was read, as the user wrote it.
    pub path: String,
    /// Its address on the web, where the input tells.
    pub url: Option<String>,
    /// What the bytes are; `Guess` looks at the name and the first bytes.
    pub kind: PageKind,
    /// The bytes as they were.
    pub bytes: Vec<u8>,
    /// What the input says of the page beside its bytes.
    pub given: Given,
}

/// What a feed, an archive or a table says of a page beside its bytes: evidence that is weighed with what the page says of
/// itself, never taken in its place.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    /// The headline.
    pub title: Option<String>,
    /// When it was published, ISO 8601 where the input could be read so.
    pub date: Option<String>,
    /// Who says title and date.
    pub basis: GivenBasis,
    /// Who published: the feed's name, a news sitemap's publication.
    pub outlet: Option<String>,
    /// Whom the feed names as the origin of this item (the `source` element).
    pub origin: Option<String>,
    /// When it was fetched, ISO 8601: it was published no later.
    pub fetched: Option<String>,
    /// The character set that the server named.
    pub charset: Option<String>,
}

/// Who says what [`Given`] holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum GivenBasis {
    /// Nobody gave title or date.
    #[default]
    None,
    /// A field beside the text, in JSON lines or Parquet.
    Field,
    /// An RSS or Atom item.
    Feed,
    /// A sitemap.
    Sitemap,
}

impl GivenBasis {
    /// The word used as basis of a publication date.
    pub fn as_str(self) -> &'static str {
        match self {
            GivenBasis::None => "",
            GivenBasis::Field => "field",
            GivenBasis::Feed => "feed",
            GivenBasis::Sitemap => "sitemap",
        }
    }
}

/// How to read the bytes of a [`Page`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PageKind {
    /// Look at the file name and the bytes.
    Guess,
    /// HTML or XHTML.
    Html,
    /// Plain text, perhaps a page that somebody stripped of its HTML.
    Text,
}

/// Why a page gave no article: a closed list, one row of the `rejects` table each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RejectReason {
    /// No byte, or white space only.
    Empty,
    /// Not text: NUL bytes, an image, an archive, a PDF.
    Binary,
    /// Markup without article text.
    NoArticle,
    /// A file of a format that is no page: JSON, a spreadsheet, source code.
    Unsupported,
    /// Longer than the limit that the run allows.
    TooLarge,
    /// The file could not be opened or read.
    Unreadable,
    /// A fault of ours while reading this page; the run went on.
    Internal,
    /// A member of an archive, a line or a row that is cut or damaged.
    Damaged,
    /// An address that could not or may not be fetched.
    NotFetched,
}

impl RejectReason {
    /// The word used in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            RejectReason::Empty => "empty",
            RejectReason::Binary => "binary",
            RejectReason::NoArticle => "no_article",
            RejectReason::Unsupported => "unsupported",
            RejectReason::TooLarge => "too_large",
            RejectReason::Unreadable => "unreadable",
            RejectReason::Internal => "internal",
            RejectReason::Damaged => "damaged",
            RejectReason::NotFetched => "not_fetched",
        }
    }
}

/// A page that could not be read, with the reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reject {
    /// The page's path.
    pub path: String,
    /// Why, from the closed list.
    pub reason: RejectReason,
    /// What exactly, for a person.
    pub detail: String,
}

/// What a stretch of a page is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SegmentKind {
    /// Running text of the article, a paragraph each.
    Body,
    /// The headline.
    Title,
    /// A heading inside the article.
    Subhead,
    /// A lead or summary that stands apart from the body or repeats it.
    Teaser,
    /// Words under a picture.
    Caption,
    /// Place, date or agency line.
    Dateline,
    /// Who wrote it.
    Byline,
    /// Menus, buttons, share bars, breadcrumbs, legal lines.
    Navigation,
    /// A headline of another article.
    RelatedHeadline,
    /// A reader's comment.
    Comment,
    /// Forms and their labels.
    Form,
    /// Advertising.
    Advertisement,
    /// Cookie and consent notices.
    CookieNotice,
    /// Link spam, also inside a sentence.
    Spam,
    /// A stretch in another language than the document's.
    Foreign,
    /// The rest of a page that is too long to be read.
    Unread,
}

impl SegmentKind {
    /// Whether events, quotes and claims may rest on it.
    pub fn is_evidence(self) -> bool {
        matches!(self, SegmentKind::Body | SegmentKind::Title | SegmentKind::Subhead | SegmentKind::Teaser)
    }

    /// The word used in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            SegmentKind::Body => "body",
            SegmentKind::Title => "title",
            SegmentKind::Subhead => "subhead",
            SegmentKind::Teaser => "teaser",
            SegmentKind::Caption => "caption",
            SegmentKind::Dateline => "dateline",
            SegmentKind::Byline => "byline",
            SegmentKind::Navigation => "navigation",
            SegmentKind::RelatedHeadline => "related_headline",
            SegmentKind::Comment => "comment",
            SegmentKind::Form => "form",
            SegmentKind::Advertisement => "advertisement",
            SegmentKind::CookieNotice => "cookie_notice",
            SegmentKind::Spam => "spam",
            SegmentKind::Foreign => "foreign",
            SegmentKind::Unread => "unread",
        }
    }
}

/// A stretch of [`Article::text`] of one kind. Segments do not overlap and stand in page order.
///
/// A spam stretch inside a sentence is a segment of its own between two body segments with the same `block`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    /// What it is.
    pub kind: SegmentKind,
    /// Where in [`Article::text`].
    pub span: Span,
    /// Where in the raw bytes of the page.
    pub raw: Span,
    /// Paragraph number; pieces of one paragraph share it.
    pub block: u32,
}

/// One stretch where text and raw bytes run in step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RawRun {
    /// First byte in the text.
    pub text: u32,
    /// First byte in the page.
    pub raw: u32,
    /// Bytes in the text.
    pub text_len: u32,
    /// Bytes in the page; differs from `text_len` where an entity or another character set stood.
    pub raw_len: u32,
}

/// From text offsets to offsets in the page. Runs are in text order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RawMap {
    /// The runs.
    pub runs: Vec<RawRun>,
}

impl RawMap {
    /// A map for a text that is the page, byte for byte.
    pub fn identity(len: usize) -> RawMap {
        let len = u32::try_from(len).expect("pages are under 4 GiB");
        RawMap { runs: vec![RawRun { text: 0, raw: 0, text_len: len, raw_len: len }] }
    }

    /// Where `span` stands in the page: from the first byte of its first run to the last of its last.
    pub fn to_raw(&self, span: Span) -> Span {
        Span { start: self.start_of(span.start), end: self.end_of(span.end).max(self.start_of(span.start)) }
    }

    fn start_of(&self, at: u32) -> u32 {
        let i = self.runs.partition_point(|r| r.text + r.text_len <= at);
        match self.runs.get(i) {
            None => self.runs.last().map_or(0, |r| r.raw + r.raw_len),
            Some(r) if at < r.text => r.raw,
            Some(r) if r.text_len == r.raw_len => r.raw + (at - r.text),
            Some(r) => r.raw,
        }
    }

    fn end_of(&self, at: u32) -> u32 {
        let i = self.runs.partition_point(|r| r.text < at);
        if i == 0 {
            return self.runs.first().map_or(0, |r| r.raw);
        }
        let r = self.runs[i - 1];
        if at >= r.text + r.text_len {
            r.raw + r.raw_len
        } else if r.text_len == r.raw_len {
            r.raw + (at - r.text)
        } else {
            r.raw + r.raw_len
        }
    }
}

/// A mark on a document: it changes weights and never deletes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FlagKind {
    /// Translated by a machine, or word for word.
    MachineTranslated,
    /// Words replaced by near-synonyms to look new.
    WordSpun,
    /// Begins or ends in the middle, or has holes.
    Truncated,
    /// Readers' comments or comment forms carry spam.
    CommentSpam,
    /// Link spam in the text.
    SpamLink,
    /// A teaser repeats sentences of the body.
    DuplicateTeaser,
    /// Opinion, or reporting in framed language.
    Opinion,
}

impl FlagKind {
    /// The word used in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            FlagKind::MachineTranslated => "machine_translated",
            FlagKind::WordSpun => "word_spun",
            FlagKind::Truncated => "truncated",
            FlagKind::CommentSpam => "comment_spam",
            FlagKind::SpamLink => "spam_link",
            FlagKind::DuplicateTeaser => "duplicate_teaser",
            FlagKind::Opinion => "opinion",
        }
    }
}

/// A flag with what it rests on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Flag {
    /// Which.
    pub kind: FlagKind,
    /// The words that raised it.
    pub evidence: Vec<Span>,
    /// One line for a person: what was counted and found.
    pub detail: String,
}

/// When the page says that it was published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    /// The days that it may be: one day at `Precision::Day`. A date without a year is not a publication date until
    /// the story gives the year, and is then kept with basis `inferred`.
    pub date: DateRange,
    /// Time of day and zone as ISO 8601 where the page gives them, e.g. `2020-07-22T00:40+05:30`.
    pub instant: Option<String>,
    /// What it rests on: `json-ld`, `meta:article:published_time`, `time-element`, `url`, `visible`, `header-line`;
    /// `feed`, `sitemap` or `field` where only the input says so.
    pub basis: String,
    /// Where it stands, when it is visible text.
    pub span: Option<Span>,
}

/// The place and date line that opens an agency text: "ASMARA, July 9 (Bluewater Press) -".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dateline {
    /// Where it stands.
    pub span: Span,
    /// Place words.
    pub place: Option<String>,
    /// Date words as parsed: month and day, with year where given.
    pub month_day: Option<(i8, i8)>,
    /// Year where given.
    pub year: Option<i16>,
}

/// A page as an article: all visible text in page order, and what each stretch is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Article {
    /// Made of the file name and the bytes.
    pub doc_id: DocId,
    /// As the user wrote it.
    pub path: String,
    /// Canonical address, where known.
    pub url: Option<String>,
    /// Who published.
    pub outlet: Option<String>,
    /// The agency whose text this is, where credited.
    pub agency: Option<String>,
    /// The headline.
    pub title: Option<String>,
    /// Names of the writers.
    pub byline: Option<String>,
    /// ISO 639-1 code, `und` when unknown.
    pub language: String,
    /// When published; `None` when the page does not say so in a way one can trust.
    pub published: Option<Published>,
    /// Month and day of a date line or header that gives no year ("10:40 on July 22").
    pub yearless: Option<(i8, i8)>,
    /// The dateline of the text.
    pub dateline: Option<Dateline>,
    /// Marks with their evidence.
    pub flags: Vec<Flag>,
    /// All visible stretches in page order, furniture included.
    pub text: String,
    /// What each stretch is.
    pub segments: Vec<Segment>,
    /// From text to page.
    pub raw_map: RawMap,
}

impl Article {
    /// An article of one body segment: for coding a text that is no page, with the day that its words count from.
    pub fn from_sentence(text: &str, date: Option<jiff::civil::Date>) -> Article {
        let span = Span::new(0, text.len());
        Article {
            doc_id: DocId::of_page("sentence", text.as_bytes()),
            path: "sentence".to_string(),
            url: None,
            outlet: None,
            agency: None,
            title: None,
            byline: None,
            language: "en".to_string(),
            published: date.map(|d| Published {
                date: DateRange::day(d),
                instant: None,
                basis: "given".to_string(),
                span: None,
            }),
            yearless: None,
            dateline: None,
            flags: Vec::new(),
            text: text.to_string(),
            segments: vec![Segment { kind: SegmentKind::Body, span, raw: span, block: 0 }],
            raw_map: RawMap::identity(text.len()),
        }
    }

    /// Where the words of `span` stand in the page.
    pub fn in_page(&self, span: Span) -> Span {
        self.raw_map.to_raw(span)
    }

    /// The words of `span`.
    pub fn slice(&self, span: Span) -> &str {
        span.of(&self.text)
    }

    /// Whether the document carries the flag.
    pub fn has_flag(&self, kind: FlagKind) -> bool {
        self.flags.iter().any(|f| f.kind == kind)
    }

    /// The segment that holds the byte at `at`.
    pub fn segment_at(&self, at: u32) -> Option<&Segment> {
        let i = self.segments.partition_point(|s| s.span.end <= at);
        self.segments.get(i).filter(|s| s.span.start <= at)
    }

    /// Publication day when it is known to the day.
    pub fn published_day(&self) -> Option<jiff::civil::Date> {
        let p = self.published.as_ref()?;
        (p.date.precision == Precision::Day).then_some(p.date.start?)
    }
}
