//! Elements that are open, and what their attributes say.

use super::{MAX_LOOK, MAX_NODES, Reader};
use crate::blocks::{Hidden, Node, NodeKind};
use crate::labels::{self, Label};
use crate::tags;
use polybius_text::SegmentKind;
use std::borrow::Cow;

/// Text in the paragraphs of a hidden element from which it can be a part of an article, in bytes.
const HIDDEN_PROSE: usize = 200;
/// Longest `style` that is read, in characters.
const MAX_STYLE: usize = 2000;

type Attributes<'a, 't> = &'a [(&'t str, &'t str)];

pub(super) struct Element<'t> {
    pub name: Cow<'t, str>,
    pub node: u32,
    pub in_article: bool,
    pub hinted: bool,
    pub hidden: bool,
    pub link: bool,
    pub item: bool,
    pub heading: u8,
    /// A part of a line.
    pub inline: bool,
    /// Where its text begins, when it names a writer.
    pub author_from: Option<usize>,
    /// What it hides, when it is the outermost hidden element.
    hides: Option<Hidden>,
}

impl<'t> Reader<'t, '_> {
    /// Opens the element whose tag begins at `tag`.
    pub(super) fn push(&mut self, tag: usize, name: Cow<'t, str>, attributes: Attributes<'_, 't>) {
        let label = self.label(attributes);
        let parent = self.stack.last();
        let mut element = Element {
            node: parent.map_or(0, |p| p.node),
            in_article: parent.is_some_and(|p| p.in_article),
            hinted: parent.is_some_and(|p| p.hinted),
            hidden: parent.is_some_and(|p| p.hidden),
            link: parent.is_some_and(|p| p.link),
            item: parent.is_some_and(|p| p.item),
            heading: parent.map_or(0, |p| p.heading),
            inline: NodeKind::of(&name) == NodeKind::Inline,
            author_from: None,
            hides: None,
            name,
        };
        if !element.hidden && is_hidden(&element.name, attributes) && !self.shown.contains(&tag) {
            element.hidden = true;
            element.hides = Some(Hidden { at: tag, parent: element.node, prose: 0 });
            self.hiding = Some(self.stack.len());
        }
        element.link |= element.name == "a" && get(attributes, "href").is_some();
        element.item |= matches!(&*element.name, "li" | "td" | "th" | "dd" | "dt");
        if let [b'h', level @ b'1'..=b'6'] = element.name.as_bytes() {
            element.heading = level - b'0';
        }
        self.push_node(&mut element, label, attributes);
        *self.open.entry(element.name.clone()).or_default() += 1;
        self.stack.push(element);
    }

    fn label(&mut self, attributes: Attributes<'_, 't>) -> Label {
        let of =
            |key: &str| attributes.iter().find(|(k, _)| k.eq_ignore_ascii_case(key)).map_or("", |(_, v)| *v);
        let (class, id) = (of("class"), of("id"));
        if class.is_empty() && id.is_empty() {
            return Label::default();
        }
        let known = self.known;
        *self.labels.entry((class, id)).or_insert_with(|| labels::read(class, id, known))
    }

    fn push_node(&mut self, element: &mut Element<'t>, label: Label, attributes: Attributes<'_, 't>) {
        let role = get(attributes, "role").unwrap_or("");
        let prop = get(attributes, "itemprop").unwrap_or("");
        let is_body = prop.split_ascii_whitespace().any(|p| p.eq_ignore_ascii_case("articleBody"));
        element.in_article |= matches!(&*element.name, "article" | "main") || role == "main" || is_body;
        let by_tag = tags::hint(&element.name, role, element.in_article);
        let plain = tags::is_small(&element.name) || matches!(&*element.name, "body" | "html");
        let by_label = match prop {
            _ if plain => None,
            "author" => Some(SegmentKind::Byline),
            "datePublished" => Some(SegmentKind::Dateline),
            // Headings are named after their looks: only that it is a summary is believed.
            _ => label.hint.filter(|kind| element.heading == 0 || *kind == SegmentKind::Teaser),
        };
        let says_author = label.hint == Some(SegmentKind::Byline)
            || prop == "author"
            || get(attributes, "rel")
                .is_some_and(|r| r.split_ascii_whitespace().any(|r| r.eq_ignore_ascii_case("author")));
        element.author_from = says_author.then_some(self.out.text.len());
        let hint = by_tag.or(by_label.filter(|_| !is_body));
        element.hinted |= hint.is_some();
        if self.nodes.len() < MAX_NODES {
            self.nodes.push(Node {
                parent: element.node,
                kind: NodeKind::of(&element.name),
                class: label.class,
                hint,
                by_tag: by_tag.is_some(),
                is_container: label.is_container || role == "main",
                is_body,
            });
            element.node = self.nodes.len() as u32 - 1;
        }
    }

    /// Counts text of a hidden element that stands in its paragraphs.
    pub(super) fn hidden_text(&mut self, len: usize) {
        if self.stack.last().is_some_and(|e| e.name == "p")
            && let Some(hides) = self.hiding.and_then(|i| self.stack[i].hides.as_mut())
        {
            hides.prose += len;
        }
    }

    /// An element that may leave out its end tag is ended by the start of the next.
    pub(super) fn imply_ends(&mut self, name: &str) {
        let (ends, stop) = tags::implied_ends(name);
        let mut close_from = None;
        for (i, element) in self.stack.iter().enumerate().rev().take(MAX_LOOK) {
            if ends.contains(&&*element.name) {
                close_from = Some(i);
                if name != "tr" {
                    break;
                }
            } else if stop.contains(&&*element.name) {
                break;
            }
        }
        if let Some(i) = close_from {
            self.truncate(i);
        }
    }

    /// Closes all elements from the `to`th on.
    pub(super) fn truncate(&mut self, to: usize) {
        while self.stack.len() > to {
            let Some(element) = self.stack.pop() else { return };
            if let Some(n) = self.open.get_mut(&element.name) {
                *n -= 1;
            }
            if let Some(from) = element.author_from {
                self.metadata.take_author_range(from, self.out.text.len());
            }
            if let Some(hides) = element.hides {
                self.hiding = None;
                if hides.prose >= HIDDEN_PROSE {
                    self.hidden.push(hides);
                }
            }
        }
    }
}

fn get<'t>(attributes: &[(&'t str, &'t str)], key: &str) -> Option<&'t str> {
    attributes.iter().find(|(k, _)| k.eq_ignore_ascii_case(key)).map(|(_, v)| *v)
}

fn is_hidden(name: &str, attributes: &[(&str, &str)]) -> bool {
    // The inside of a custom element is shown, the pattern for one is not.
    if name == "template" {
        return get(attributes, "shadowrootmode").is_none();
    }
    let by_style = get(attributes, "style").is_some_and(|style| {
        let style: String = style
            .chars()
            .take(MAX_STYLE)
            .filter(|c| !c.is_whitespace())
            .flat_map(char::to_lowercase)
            .collect();
        style.contains("display:none") || style.contains("visibility:hidden")
    });
    by_style || tags::is_hidden(name) || get(attributes, "hidden").is_some_and(|v| v != "until-found")
}
