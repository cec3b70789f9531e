//! What the head of a page says of it: JSON-LD, meta tags, the title, the canonical address.

use crate::knowledge::IngestKnowledge;
use serde_json::Value;

/// What a date says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DateRole {
    Published,
    Modified,
    /// A date without a word.
    Plain,
}

/// A date that the page gives for programs.
#[derive(Debug, Clone)]
pub(crate) struct MachineDate {
    pub basis: &'static str,
    pub role: DateRole,
    pub value: String,
    /// Where in the visible text the element stands; `None` in the head.
    pub at: Option<usize>,
}

/// An article of the page's JSON-LD: the page's own or one that it links.
#[derive(Debug, Clone, Default)]
struct LinkedArticle {
    headline: Option<String>,
    published: Vec<String>,
    modified: Vec<String>,
}

/// Most dates that are kept.
const MAX_DATES: usize = 64;

/// Facts from the head, none of them visible text.
#[derive(Debug, Clone, Default)]
pub(crate) struct Metadata {
    pub title: Option<String>,
    pub og_title: Option<String>,
    pub headline: Option<String>,
    pub site: Option<String>,
    pub publisher: Option<String>,
    pub authors: Vec<String>,
    pub organisations: Vec<String>,
    pub canonical: Option<String>,
    pub section: Option<String>,
    pub description: Option<String>,
    /// The longest text that JSON-LD gives as the article's.
    pub article_body: Option<String>,
    /// Language of the page, lower case, perhaps with its region.
    pub language: Option<String>,
    /// Dates with the names of their sources, best first after [`Metadata::finish`].
    pub dates: Vec<MachineDate>,
    /// Stretches of the visible text whose elements are said to name the writer, innermost first.
    pub author_ranges: Vec<(usize, usize)>,
    linked: Vec<LinkedArticle>,
}

impl Metadata {
    pub fn take_title(&mut self, text: &str) {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if self.title.is_none() && !text.is_empty() {
            self.title = Some(text);
        }
    }

    pub fn take_tag(&mut self, name: &str, raw: &[(&str, &str)], known: &IngestKnowledge) {
        let attributes: Vec<(String, String)> = raw
            .iter()
            .map(|(k, v)| (k.to_ascii_lowercase(), htmlize::unescape_attribute(*v).into_owned()))
            .collect();
        let get = |key: &str| {
            attributes.iter().find(|(k, _)| k == key).map(|(_, v)| v.trim()).filter(|v| !v.is_empty())
        };
        match name {
            "meta" => {
                let key =
                    get("property").or(get("name")).or(get("itemprop")).unwrap_or("").to_ascii_lowercase();
                if let Some(content) = get("content") {
                    self.take_meta(&key, content, known);
                }
                let header = get("http-equiv").unwrap_or("");
                if let (true, Some(content)) =
                    (header.eq_ignore_ascii_case("content-language"), get("content"))
                {
                    self.take_language(content);
                }
            }
            "link" if get("rel").is_some_and(|r| r.eq_ignore_ascii_case("canonical")) => {
                self.canonical = self.canonical.take().or(get("href").map(String::from));
            }
            _ => {}
        }
    }

    /// The first word for the language counts.
    pub fn take_language(&mut self, value: &str) {
        let value = value.trim().to_ascii_lowercase().replace('_', "-");
        if self.language.is_none() && !value.is_empty() && value.len() < 20 {
            self.language = Some(value);
        }
    }

    /// Keeps a stretch of text that names a writer, unless it is empty or too long for names.
    pub fn take_author_range(&mut self, from: usize, to: usize) {
        if (2..160).contains(&to.saturating_sub(from)) && self.author_ranges.len() < 64 {
            self.author_ranges.push((from, to));
        }
    }

    fn date(&mut self, basis: &'static str, role: DateRole, value: &str, at: Option<usize>) {
        if self.dates.len() < MAX_DATES && !value.trim().is_empty() && value.len() < 100 {
            self.dates.push(MachineDate { basis, role, value: value.trim().to_string(), at });
        }
    }

    /// A date in an element of the page: `<time datetime>`, microdata, RDFa, hAtom. `at` is where in the visible text.
    pub fn take_element_date(
        &mut self,
        name: &str,
        raw: &[(&str, &str)],
        at: usize,
        known: &IngestKnowledge,
    ) {
        let get = |key: &str| {
            let found = raw.iter().find(|(k, _)| k.eq_ignore_ascii_case(key)).map(|(_, v)| *v);
            found.map(|v| htmlize::unescape_attribute(v).trim().to_string())
        };
        let prop = get("itemprop").or(get("property")).unwrap_or_default().to_ascii_lowercase();
        let class = get("class").unwrap_or_default().to_ascii_lowercase();
        let value = get("datetime").or(get("content")).or(if name == "abbr" { get("title") } else { None });
        let Some(value) = value.filter(|v| v.bytes().any(|b| b.is_ascii_digit())) else { return };
        let named = prop.split_ascii_whitespace().find_map(|p| known.meta_dates.get(p));
        let (basis, role) = match (named, name) {
            (Some(true), _) => ("microdata", DateRole::Modified),
            (Some(false), _) => ("microdata", DateRole::Published),
            (None, "time") if get("pubdate").is_some() => ("time-element", DateRole::Published),
            (None, "time" | "abbr") => {
                let published = class.contains("publish") || class.contains("entry-date");
                let modified = class.contains("updated") || class.contains("modif");
                let role = match (published, modified) {
                    (true, _) => DateRole::Published,
                    (false, true) => DateRole::Modified,
                    (false, false) => DateRole::Plain,
                };
                ("time-element", role)
            }
            _ => return,
        };
        self.date(basis, role, &value, Some(at));
    }

    fn take_meta(&mut self, key: &str, content: &str, known: &IngestKnowledge) {
        let text = content.to_string();
        if let Some(modified) = known.meta_dates.get(key) {
            let role = if *modified { DateRole::Modified } else { DateRole::Published };
            let basis = match key {
                "article:published_time" | "og:article:published_time" => "meta:article:published_time",
                _ => "meta:date",
            };
            self.date(basis, role, content, None);
            return;
        }
        match key {
            "og:locale" => self.take_language(content),
            "og:site_name" | "application-name" => self.site = self.site.take().or(Some(text)),
            "og:title" | "twitter:title" => self.og_title = self.og_title.take().or(Some(text)),
            "og:description" | "description" => self.description = self.description.take().or(Some(text)),
            "article:section" => self.section = self.section.take().or(Some(text)),
            "og:url" => self.canonical = self.canonical.take().or(Some(text)),
            "author" | "article:author" | "parsely-author" | "dc.creator" | "byl" | "sailthru.author"
                if !text.contains("://") =>
            {
                self.authors.push(text.trim_start_matches("By ").to_string());
            }
            _ => {}
        }
    }

    pub fn take_json_ld(&mut self, text: &str) {
        let text =
            text.trim().trim_start_matches("<!--").trim_start_matches("//<![CDATA[").trim_end_matches("-->");
        let Ok(value) = serde_json::from_str::<Value>(text.trim()) else { return };
        let mut budget = 2000;
        self.walk(&value, &mut budget);
    }

    fn walk(&mut self, value: &Value, budget: &mut u32) {
        if *budget == 0 {
            return;
        }
        *budget -= 1;
        match value {
            Value::Array(list) => list.iter().for_each(|v| self.walk(v, budget)),
            Value::Object(map) => {
                let types = strings(map.get("@type"));
                let article = types.iter().any(|t| {
                    t.ends_with("Article")
                        || t.ends_with("Posting")
                        || matches!(t.as_str(), "Report" | "LiveBlogPosting")
                });
                let page = types.iter().any(|t| t == "WebPage" || t == "ItemPage");
                if page {
                    for value in strings(map.get("datePublished")) {
                        self.date("json-ld:page", DateRole::Published, &value, None);
                    }
                    for value in strings(map.get("dateModified")) {
                        self.date("json-ld:page", DateRole::Modified, &value, None);
                    }
                }
                if article {
                    self.linked.push(LinkedArticle {
                        headline: strings(map.get("headline")).into_iter().next(),
                        published: strings(map.get("datePublished")),
                        modified: strings(map.get("dateModified")),
                    });
                    self.take_article(map);
                }
                if let Some(graph) = map.get("@graph").or_else(|| map.get("mainEntity")) {
                    self.walk(graph, budget);
                }
            }
            _ => {}
        }
    }

    fn take_article(&mut self, map: &serde_json::Map<String, Value>) {
        let first = |key: &str| strings(map.get(key)).into_iter().next();
        let body = first("articleBody").filter(|b| !b.is_empty());
        if body.as_ref().map_or(0, String::len) > self.article_body.as_ref().map_or(0, String::len) {
            self.article_body = body;
        }
        self.headline = self.headline.take().or(first("headline"));
        self.section = self.section.take().or(first("articleSection"));
        self.publisher =
            self.publisher.take().or_else(|| names(map.get("publisher")).into_iter().next().map(|n| n.0));
        for (name, is_person) in names(map.get("author")) {
            if is_person { self.authors.push(name) } else { self.organisations.push(name) }
        }
    }

    /// What the head of the page calls its headline, best first; of a title that begins with the site's name, the rest too.
    pub fn headlines(&self) -> impl Iterator<Item = &str> {
        let rest = self.title.as_deref().and_then(behind_site);
        [&self.og_title, &self.headline, &self.title].into_iter().flatten().map(String::as_str).chain(rest)
    }

    /// Puts the sources in order of trust and drops what is said twice.
    pub fn finish(&mut self) {
        self.take_linked();
        let rank = |basis: &str| match basis {
            "json-ld" => 0,
            "meta:article:published_time" => 1,
            "meta:date" => 2,
            "microdata" => 3,
            "time-element" => 4,
            _ => 5,
        };
        self.dates.sort_by_key(|d| rank(d.basis));
        let mut seen = Vec::new();
        self.authors.retain(|name| {
            let new = !name.trim().is_empty() && !seen.contains(name);
            seen.push(name.clone());
            new
        });
    }
}

impl Metadata {
    /// Of several articles in JSON-LD those with the page's headline are the page's; where none has it, the first.
    fn take_linked(&mut self) {
        let titles: Vec<String> =
            [&self.og_title, &self.title].into_iter().flatten().map(|t| bare(t)).collect();
        let fits = |a: &LinkedArticle| {
            let headline = a.headline.as_deref().map(bare).unwrap_or_default();
            !headline.is_empty() && titles.iter().any(|t| t.starts_with(&headline) || headline.starts_with(t))
        };
        let linked = std::mem::take(&mut self.linked);
        let own: Vec<&LinkedArticle> = linked.iter().filter(|a| fits(a)).collect();
        let own = if own.is_empty() { linked.iter().take(1).collect() } else { own };
        for article in own {
            for value in &article.published {
                self.date("json-ld", DateRole::Published, value, None);
            }
            for value in &article.modified {
                self.date("json-ld", DateRole::Modified, value, None);
            }
        }
    }
}

/// The longer part of "Site: Headline", behind the first mark that parts them.
fn behind_site(title: &str) -> Option<&str> {
    let (site, rest) = [": ", " - ", " | ", " – ", " — ", " :: ", " » "]
        .iter()
        .filter_map(|sep| title.split_once(sep))
        .min_by_key(|p| p.0.len())?;
    (site.len() < rest.len() && rest.split_whitespace().count() >= 3).then_some(rest)
}

/// Letters and digits in lower case.
fn bare(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn strings(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::String(text)) => vec![text.trim().to_string()],
        Some(Value::Array(list)) => {
            list.iter().filter_map(|v| v.as_str()).map(|t| t.trim().to_string()).collect()
        }
        _ => Vec::new(),
    }
}

/// Names of persons and organisations, and whether each is a person (a bare string counts as one).
fn names(value: Option<&Value>) -> Vec<(String, bool)> {
    match value {
        Some(Value::String(text)) => vec![(text.trim().to_string(), true)],
        Some(Value::Array(list)) => list
            .iter()
            .take(20)
            .flat_map(|v| match v {
                Value::Array(_) => Vec::new(),
                other => names(Some(other)),
            })
            .collect(),
        Some(Value::Object(map)) => {
            let organisation = strings(map.get("@type")).iter().any(|t| t.contains("Organization"));
            strings(map.get("name")).into_iter().map(|name| (name, !organisation)).collect()
        }
        _ => Vec::new(),
    }
}
