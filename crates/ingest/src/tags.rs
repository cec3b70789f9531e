//! What names of elements say by themselves.

use polybius_text::SegmentKind;

/// Elements that end the paragraph before them.
pub(crate) fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "body"
            | "button"
            | "caption"
            | "center"
            | "dd"
            | "details"
            | "dialog"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "head"
            | "header"
            | "hr"
            | "html"
            | "label"
            | "legend"
            | "li"
            | "main"
            | "menu"
            | "nav"
            | "ol"
            | "option"
            | "p"
            | "pre"
            | "section"
            | "select"
            | "summary"
            | "table"
            | "tbody"
            | "td"
            | "tfoot"
            | "th"
            | "thead"
            | "tr"
            | "ul"
    )
}

/// Elements without an end.
pub(crate) fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "param"
            | "source"
            | "track"
            | "wbr"
    )
}

/// Elements whose content is not markup.
pub(crate) fn is_raw(name: &str) -> bool {
    matches!(name, "script" | "style" | "textarea" | "title" | "xmp" | "iframe" | "noembed" | "noframes")
}

/// Elements whose content nobody sees.
pub(crate) fn is_hidden(name: &str) -> bool {
    matches!(name, "template" | "svg" | "math" | "object" | "head")
}

/// Elements too small for their labels to be believed.
pub(crate) fn is_small(name: &str) -> bool {
    matches!(name, "a" | "b" | "i" | "em" | "strong" | "u" | "font")
}

/// Which open elements the start of `name` ends, and at which the search for them stops.
pub(crate) fn implied_ends(name: &str) -> (&'static [&'static str], &'static [&'static str]) {
    match name {
        "li" => (&["li"], &["ul", "ol", "menu"]),
        "td" | "th" => (&["td", "th"], &["table"]),
        "tr" => (&["td", "th", "tr"], &["table"]),
        "dd" | "dt" => (&["dd", "dt"], &["dl"]),
        "option" => (&["option"], &["select"]),
        "body" => (&["head"], &[]),
        _ => (
            &["p", "h1", "h2", "h3", "h4", "h5", "h6"],
            &[
                "div",
                "article",
                "section",
                "aside",
                "td",
                "li",
                "body",
                "blockquote",
                "button",
                "figure",
                "header",
            ],
        ),
    }
}

/// What the element itself says that its content is.
pub(crate) fn hint(name: &str, role: &str, in_article: bool) -> Option<SegmentKind> {
    match (name, role) {
        (_, "navigation" | "menu" | "menubar" | "search" | "banner") => Some(SegmentKind::Navigation),
        (_, "dialog" | "alertdialog") => Some(SegmentKind::CookieNotice),
        (_, "complementary") | ("aside", _) => Some(SegmentKind::RelatedHeadline),
        (_, "contentinfo") | ("nav" | "footer" | "button" | "noscript" | "menu", _) => {
            Some(SegmentKind::Navigation)
        }
        ("header", _) if !in_article => Some(SegmentKind::Navigation),
        ("form" | "label" | "select" | "fieldset", _) => Some(SegmentKind::Form),
        ("figure" | "figcaption" | "caption", _) => Some(SegmentKind::Caption),
        _ => None,
    }
}
