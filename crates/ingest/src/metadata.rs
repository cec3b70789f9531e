//! What the head of a page says of it: JSON-LD, meta tags, the title, the canonical address.

use serde_json::Value;

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
    /// Publication times with the names of their sources, best first after [`Metadata::finish`].
    pub published: Vec<(&'static str, String)>,
}

impl Metadata {
    pub fn take_title(&mut self, text: &str) {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if self.title.is_none() && !text.is_empty() {
            self.title = Some(text);
        }
    }

    pub fn take_tag(&mut self, name: &str, attributes: &[(String, String)]) {
        let get = |key: &str| {
            attributes.iter().find(|(k, _)| k == key).map(|(_, v)| v.trim()).filter(|v| !v.is_empty())
        };
        match name {
            "meta" => {
                let key =
                    get("property").or(get("name")).or(get("itemprop")).unwrap_or("").to_ascii_lowercase();
                if let Some(content) = get("content") {
                    self.take_meta(&key, content);
                }
            }
            "link" if get("rel").is_some_and(|r| r.eq_ignore_ascii_case("canonical")) => {
                self.canonical = self.canonical.take().or(get("href").map(String::from));
            }
            "time" => {
                let published = get("pubdate").is_some()
                    || attributes.iter().any(|(k, _)| k == "pubdate")
                    || get("itemprop").is_some_and(|p| p.eq_ignore_ascii_case("datePublished"))
                    || get("class").is_some_and(|c| {
                        let c = c.to_ascii_lowercase();
                        (c.contains("publish") || c.contains("entry-date")) && !c.contains("updated-")
                    });
                if let (Some(value), true) = (get("datetime"), published) {
                    self.published.push(("time-element", value.to_string()));
                }
            }
            _ => {}
        }
    }

    fn take_meta(&mut self, key: &str, content: &str) {
        let text = content.to_string();
        match key {
            "article:published_time" | "og:article:published_time" => {
                self.published.push(("meta:article:published_time", text));
            }
            "datepublished"
            | "date"
            | "dc.date"
            | "dc.date.issued"
            | "dcterms.created"
            | "dcterms.date"
            | "pubdate"
            | "publishdate"
            | "publish-date"
            | "parsely-pub-date"
            | "sailthru.date"
            | "article.published"
            | "cxenseparse:recs:publishtime"
            | "citation_publication_date"
            | "article:published" => {
                self.published.push(("meta:date", text));
            }
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
                if article || page {
                    let basis = if article { "json-ld" } else { "json-ld:page" };
                    self.published.extend(strings(map.get("datePublished")).into_iter().map(|t| (basis, t)));
                }
                if article {
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
        self.headline = self.headline.take().or(first("headline"));
        self.section = self.section.take().or(first("articleSection"));
        self.publisher =
            self.publisher.take().or_else(|| names(map.get("publisher")).into_iter().next().map(|n| n.0));
        for (name, is_person) in names(map.get("author")) {
            if is_person { self.authors.push(name) } else { self.organisations.push(name) }
        }
    }

    /// Puts the sources in order of trust and drops what is said twice.
    pub fn finish(&mut self) {
        let rank = |basis: &str| match basis {
            "json-ld" => 0,
            "meta:article:published_time" => 1,
            "meta:date" => 2,
            "time-element" => 3,
            _ => 4,
        };
        self.published.sort_by_key(|(basis, _)| rank(basis));
        self.published.truncate(32);
        let mut seen = Vec::new();
        self.authors.retain(|name| {
            let new = !name.trim().is_empty() && !seen.contains(name);
            seen.push(name.clone());
            new
        });
    }
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
