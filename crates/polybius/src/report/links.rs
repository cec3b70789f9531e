//! Links from what is said to the words that it rests on.

use super::html::Html;
use polybius_view::story::view::{SpanView, StoryView};

/// Bytes of a sentence that a tip shows before and after the stretch.
const AROUND: usize = 260;

/// `href` and the stretches, for the script; without it the link leads to the first run.
pub fn span_attrs(spans: &[&SpanView]) -> Html {
    let mut html = Html::new();
    let Some(first) = spans.first() else { return html };
    html.attr("href", &format!("#t-{}-{}", first.document, first.start));
    let list: Vec<String> = spans.iter().map(|s| format!("{}:{}-{}", s.document, s.start, s.end)).collect();
    html.attr("data-spans", &list.join(" "));
    html
}

/// The sentence around the first stretch, for the tip.
pub fn tip_attrs(view: &StoryView, spans: &[&SpanView]) -> Html {
    let mut html = Html::new();
    let Some(s) = spans.first() else { return html };
    let doc = &view.documents[s.document];
    let part = |a: u32, b: u32| doc.text.get(a as usize..b as usize).unwrap_or("");
    let before = tail(part(s.sentence_start.min(s.start), s.start), AROUND);
    let after = head(part(s.end, s.sentence_end.max(s.end)), AROUND);
    html.attr("data-before", &before).attr("data-hit", &s.text).attr("data-after", &after);
    let more = if spans.len() > 1 { format!(" and {} more", spans.len() - 1) } else { String::new() };
    let from = doc.outlet.as_deref().or(doc.agency.as_deref()).unwrap_or("outlet not stated");
    html.attr("data-from", &format!("{}, {from}{more}", doc.label));
    html.attr("title", &format!("{before}{}{after}", s.text));
    html
}

/// A link to a document.
pub fn page_link(document: usize, label: &str) -> Html {
    let mut html = Html::new();
    html.raw("<a class=\"key\"").attr("href", &format!("#doc-{document}"));
    html.attr("data-spans", &format!("{document}:0-0")).raw(">").text(label).raw("</a>");
    html
}

fn head(text: &str, most: usize) -> String {
    if text.len() <= most {
        return text.to_string();
    }
    let mut end = most;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}…", &text[..end])
}

fn tail(text: &str, most: usize) -> String {
    if text.len() <= most {
        return text.to_string();
    }
    let mut start = text.len() - most;
    while !text.is_char_boundary(start) {
        start += 1;
    }
    format!("…{}", &text[start..])
}
