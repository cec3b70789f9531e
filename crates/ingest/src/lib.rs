//! From the bytes of a page to an [`Article`].
//!
//! [`read_article`] is pure: the same page gives the same article. It never fails for what stands in a page except by a
//! [`Reject`] from the closed list, it never panics, and its time is linear in the length of the page. It cuts nothing:
//! every visible stretch of the page is a segment with its kind, and every segment knows its bytes. What stands behind the
//! first 3 MiB of visible text, or behind 30,000 blocks, is one segment of the kind `unread`.
//!
//! Word lists and patterns lie in `data/ingest/` and are read once into [`IngestKnowledge`].
//!
//! What this crate does not do: it opens no page itself, fetches nothing, and finds no sentences or events.

mod blocks;
mod calendars;
mod classify;
mod content;
mod dates;
mod decode;
mod flags;
mod given;
mod html;
mod knowledge;
mod labels;
mod letters;
mod lines;
mod metadata;
mod published;
mod scan;
mod script;
mod spam;
mod tags;
mod words;

pub use decode::MAX_PAGE_BYTES;
pub use knowledge::{IngestKnowledge, TableError};
pub use published::DateCandidate;

use blocks::Sheet;
use classify::Reading;
use decode::Decoded;
use metadata::Metadata;
use polybius_text::{
    Article, Dateline, DocId, Page, PageKind, Reject, RejectReason, Segment, SegmentKind, Span,
};
use rustc_hash::FxHashSet;

/// Reads a page.
///
/// Text pages keep their bytes: [`Article::text`] of a UTF-8 text file is the file. Of an HTML page it holds all visible
/// blocks in page order, white space collapsed, a line each.
///
/// # Errors
/// A [`Reject`] when the bytes are empty, not text, longer than [`MAX_PAGE_BYTES`], or hold no article text.
pub fn read_article(page: &Page, knowledge: &IngestKnowledge) -> Result<Article, Reject> {
    let reject = |reason, detail: String| Reject { path: page.path.clone(), reason, detail };
    let decoded = decode::decode(&page.bytes, page.given.charset.as_deref())
        .map_err(|(reason, detail)| reject(reason, detail))?;
    let (sheet, reading) = read_sheet(page, decoded, knowledge);
    if !reading.pieces.iter().any(|p| p.kind.is_evidence()) {
        return Err(reject(RejectReason::NoArticle, "no paragraph, headline or line of an article".into()));
    }
    Ok(article(page, sheet, reading, knowledge))
}

/// All dates that a page gives for itself, with source and confidence: those of publication first, then those of
/// revisions. [`Article::published`] is what follows from the first, or nothing when they contradict each other.
///
/// # Errors
/// As [`read_article`], but a page without an article may have dates.
pub fn read_dates(page: &Page, knowledge: &IngestKnowledge) -> Result<Vec<DateCandidate>, Reject> {
    let reject = |reason, detail: String| Reject { path: page.path.clone(), reason, detail };
    let decoded = decode::decode(&page.bytes, page.given.charset.as_deref())
        .map_err(|(reason, detail)| reject(reason, detail))?;
    let (sheet, reading) = read_sheet(page, decoded, knowledge);
    let url = page.url.clone().or(sheet.metadata.canonical.clone());
    Ok(published::all_dates(&sheet, &reading, url.as_deref(), knowledge))
}

/// The article's own text: subheads and body, a line for each paragraph, pieces of one paragraph joined by a space. The
/// place and date that open an agency's first paragraph are words of that paragraph.
pub fn body_text(article: &Article) -> String {
    let mut out = String::new();
    let mut block = None;
    let opens = |i: usize| {
        article.segments[i].kind == SegmentKind::Dateline
            && article
                .segments
                .get(i + 1)
                .is_some_and(|next| next.kind == SegmentKind::Body && next.block == article.segments[i].block)
    };
    for (i, segment) in article.segments.iter().enumerate() {
        if !matches!(segment.kind, SegmentKind::Body | SegmentKind::Subhead) && !opens(i) {
            continue;
        }
        if !out.is_empty() {
            let piece = article.slice(segment.span);
            let mark = piece.starts_with(['.', ',', ';', ':', '!', '?', '"', '”', '»', ')']);
            match (block == Some(segment.block), mark) {
                (false, _) => out.push('\n'),
                (true, false) => out.push(' '),
                (true, true) => {}
            }
        }
        block = Some(segment.block);
        out.push_str(article.slice(segment.span));
    }
    out
}

/// Shortest text of an article in a script that takes the place of a page's visible text, in bytes.
const MIN_SCRIPT_TEXT: usize = 400;

/// The blocks of a page and what each is.
fn read_sheet(page: &Page, decoded: Decoded, knowledge: &IngestKnowledge) -> (Sheet, Reading) {
    if is_html(page, &decoded.text) {
        return html_reading(page, &decoded, knowledge);
    }
    let mut sheet = text_sheet(page, decoded, knowledge);
    let reading = classified(&mut sheet, knowledge);
    (sheet, reading)
}

/// Reads markup: what is visible, with what the article folds away, or else the article that only a script has.
fn html_reading(page: &Page, decoded: &Decoded, knowledge: &IngestKnowledge) -> (Sheet, Reading) {
    let read = |shown: &[usize]| {
        let mut sheet = html::read(decoded, shown, knowledge);
        given::weigh(&page.given, &mut sheet.metadata);
        let reading = classified(&mut sheet, knowledge);
        (sheet, reading)
    };
    let (mut sheet, mut reading) = read(&[]);
    let folded = folded(&sheet, &reading);
    if !folded.is_empty() {
        (sheet, reading) = read(&folded);
    }
    let shown = shown_bytes(&reading);
    if shown < MIN_SCRIPT_TEXT
        && let Some(text) = script::article_text(decoded, knowledge)
        && text.text.len() >= MIN_SCRIPT_TEXT
        && shown * 3 < text.text.len()
    {
        sheet = script_sheet(text, sheet.metadata, knowledge);
        reading = classified(&mut sheet, knowledge);
    }
    (sheet, reading)
}

/// Reads the blocks of a sheet; what is too long to be read is kept as one piece.
fn classified(sheet: &mut Sheet, knowledge: &IngestKnowledge) -> Reading {
    let rest = sheet.cut();
    let mut reading = classify::classify(sheet, knowledge);
    if let Some((start, end)) = rest {
        let block = sheet.blocks.len() as u32;
        reading.pieces.push(classify::Piece { kind: SegmentKind::Unread, start, end, block });
    }
    reading
}

fn shown_bytes(reading: &Reading) -> usize {
    reading.pieces.iter().filter(|p| p.kind == SegmentKind::Body).map(|p| p.end - p.start).sum()
}

/// The hidden elements of a page that hold text of the article: paragraphs beside its visible ones.
fn folded(sheet: &Sheet, reading: &Reading) -> Vec<usize> {
    if sheet.hidden.is_empty() {
        return Vec::new();
    }
    let body = reading.pieces.iter().filter(|piece| piece.kind == SegmentKind::Body);
    let holders: FxHashSet<u32> =
        body.map(|piece| sheet.nodes[sheet.blocks[piece.block as usize].node as usize].parent).collect();
    sheet.hidden.iter().filter(|h| holders.contains(&h.parent)).map(|h| h.at).collect()
}

fn script_sheet(text: Decoded, metadata: Metadata, knowledge: &IngestKnowledge) -> Sheet {
    if ["</p>", "<p>", "<br"].iter().any(|tag| text.text.contains(tag)) {
        return Sheet { metadata, ..html::read(&text, &[], knowledge) };
    }
    let blocks = blocks::text_blocks(&text.text, knowledge);
    let Decoded { text, map } = text;
    Sheet { text, map, blocks, nodes: Vec::new(), metadata, hidden: Vec::new(), is_html: false }
}

fn is_html(page: &Page, text: &str) -> bool {
    let name = page.path.to_ascii_lowercase();
    match page.kind {
        PageKind::Html => true,
        PageKind::Text => false,
        PageKind::Guess => {
            [".html", ".htm", ".xhtml"].iter().any(|e| name.ends_with(e)) || html::looks_like_html(text)
        }
    }
}

/// The lines of a page that is no markup.
fn text_sheet(page: &Page, decoded: Decoded, knowledge: &IngestKnowledge) -> Sheet {
    let blocks = blocks::text_blocks(&decoded.text, knowledge);
    let Decoded { text, map } = decoded;
    let mut metadata = Metadata::default();
    given::weigh(&page.given, &mut metadata);
    Sheet { text, map, blocks, nodes: Vec::new(), metadata, hidden: Vec::new(), is_html: false }
}

fn article(page: &Page, sheet: Sheet, reading: Reading, knowledge: &IngestKnowledge) -> Article {
    let url = page.url.clone().or(sheet.metadata.canonical.clone());
    let language = language(&sheet.text, &reading, knowledge);
    let flags = flags::flags(&sheet, &reading, &language, knowledge);
    let published = published::published(&sheet, &reading, url.as_deref(), knowledge)
        .filter(|p| given::is_possible(&page.given, p));
    let (outlet, agency) = given::outlet_and_agency(
        &page.given,
        outlet(&sheet, &reading),
        agency(&sheet, &reading, knowledge),
        knowledge,
    );
    let segments = reading
        .pieces
        .iter()
        .map(|piece| {
            let span = Span::new(piece.start, piece.end);
            Segment { kind: piece.kind, span, raw: sheet.map.to_raw(span), block: piece.block }
        })
        .collect();
    Article {
        doc_id: DocId::of_page(&page.path, &page.bytes),
        path: page.path.clone(),
        outlet,
        agency,
        title: title(&sheet, &reading).or_else(|| page.given.title.clone()),
        byline: byline(&sheet, &reading, knowledge),
        language,
        published,
        yearless: yearless(&reading),
        dateline: reading.opening.as_ref().map(|(start, end, opening)| Dateline {
            span: Span::new(*start, *end),
            place: opening.place.clone(),
            month_day: opening.date.as_ref().map(|d| (d.month, d.day)),
            year: opening.date.as_ref().and_then(|d| d.year),
        }),
        flags,
        url,
        segments,
        text: sheet.text,
        raw_map: sheet.map,
    }
}

fn language(text: &str, reading: &Reading, knowledge: &IngestKnowledge) -> String {
    let mut sample = String::new();
    for piece in reading.pieces.iter().filter(|p| matches!(p.kind, SegmentKind::Body | SegmentKind::Title)) {
        sample.push_str(&text[piece.start..piece.end]);
        sample.push('\n');
        if sample.len() > 4000 {
            break;
        }
    }
    if sample.chars().filter(|c| c.is_alphabetic()).count() < 60 {
        return "und".into();
    }
    let found = whatlang::detect(&sample).filter(|info| info.confidence() > 0.2);
    found
        .and_then(|info| knowledge.languages.get(info.lang().code()).cloned())
        .unwrap_or_else(|| "und".into())
}

/// The words behind the last bar or dash of the page's title, where the rest is the headline.
fn site_in_title(sheet: &Sheet, reading: &Reading) -> Option<String> {
    let title = sheet.metadata.title.as_ref()?;
    let headline = classify::normal(&self::title(sheet, reading)?);
    [" | ", " - ", " – ", " — ", " :: ", " » "].iter().find_map(|sep| {
        let (head, site) = title.rsplit_once(sep)?;
        let site = site.split(" (").next().unwrap_or(site).trim();
        (classify::normal(head) == headline && site.split_whitespace().count() <= 6 && !site.is_empty())
            .then(|| site.to_string())
    })
}

fn outlet(sheet: &Sheet, reading: &Reading) -> Option<String> {
    let metadata = &sheet.metadata;
    metadata
        .publisher
        .clone()
        .or_else(|| metadata.site.clone())
        .or_else(|| site_in_title(sheet, reading))
        .or_else(|| reading.outlet.clone())
        .filter(|name| !name.trim().is_empty())
}

fn agency(sheet: &Sheet, reading: &Reading, knowledge: &IngestKnowledge) -> Option<String> {
    let opening = reading.opening.as_ref().and_then(|o| o.2.agency.clone());
    let author = sheet.metadata.organisations.iter().chain(&sheet.metadata.authors).find(|name| {
        let list = words::words(name, 0);
        lines::is_agency(&list, knowledge)
    });
    let outlet = outlet(sheet, reading);
    opening
        .or_else(|| reading.agency.clone())
        .or_else(|| author.cloned())
        .filter(|a| Some(a) != outlet.as_ref())
}

fn byline(sheet: &Sheet, reading: &Reading, knowledge: &IngestKnowledge) -> Option<String> {
    let persons = sheet.metadata.authors.iter().filter(|name| {
        let list = words::words(name, 0);
        !lines::is_agency(&list, knowledge)
            && Some(*name) != sheet.metadata.publisher.as_ref()
            && Some(*name) != sheet.metadata.site.as_ref()
            && (list.iter().filter(|w| w.is_word).count() >= 2 || letters::word_units(name) >= 2)
    });
    let named: Vec<&str> = persons.take(4).map(String::as_str).collect();
    if !named.is_empty() {
        return Some(named.join(", "));
    }
    let labelled = labelled_authors(sheet, reading, knowledge);
    match (&reading.person, labelled) {
        // The element that names the writers knows all of them.
        (Some(person), Some(names)) if names.contains(person.as_str()) => Some(names),
        (Some(person), _) => Some(person.clone()),
        // "Newsroom" is better than nothing, where the page itself calls it the author.
        (None, labelled) => labelled.or_else(|| newsroom(sheet)),
    }
}

/// The author whom the page's data name, when it is no person's name and not the outlet's.
fn newsroom(sheet: &Sheet) -> Option<String> {
    let metadata = &sheet.metadata;
    let names = metadata.authors.iter().filter(|name| name.chars().any(char::is_alphabetic));
    names
        .take(1)
        .find(|n| Some(*n) != metadata.publisher.as_ref() && Some(*n) != metadata.site.as_ref())
        .cloned()
}

/// Names in the first element that says that it names the writer, before the body or right behind it.
fn labelled_authors(sheet: &Sheet, reading: &Reading, knowledge: &IngestKnowledge) -> Option<String> {
    let end = reading.pieces.iter().filter(|p| p.kind == SegmentKind::Body).map(|p| p.end).max()? + 400;
    let start = reading.title.map_or(0, |t| t.0.saturating_sub(300));
    let mut ranges: Vec<(usize, usize)> = sheet.metadata.author_ranges.clone();
    ranges.retain(|(from, _)| (start..end).contains(from));
    ranges.sort_by_key(|(from, to)| (*from, std::cmp::Reverse(*to)));
    ranges.iter().find_map(|(from, to)| {
        let names = lines::names_in(sheet.text.get(*from..*to)?, knowledge);
        (!names.is_empty()).then(|| names.join(", "))
    })
}

fn title(sheet: &Sheet, reading: &Reading) -> Option<String> {
    let visible = reading.title.and_then(|(start, end)| sheet.text.get(start..end)).map(str::to_string);
    visible
        .or_else(|| sheet.metadata.og_title.clone())
        .or_else(|| sheet.metadata.headline.clone())
        .or_else(|| sheet.metadata.title.clone())
}

fn yearless(reading: &Reading) -> Option<(i8, i8)> {
    let stamps = reading.stamps.iter().filter(|s| s.date.year.is_none()).map(|s| &s.date);
    let opening = reading.opening.iter().filter_map(|o| o.2.date.as_ref()).filter(|d| d.year.is_none());
    stamps.chain(opening).next().map(|d| (d.month, d.day))
}
