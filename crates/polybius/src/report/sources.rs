//! The documents side by side: their text cut into runs at every stretch that something rests on.

use super::html::Html;
use super::links::{page_link, span_attrs};
use crate::days;
use polybius_view::story::view::*;
use std::collections::BTreeSet;

/// All documents.
pub fn sources(view: &StoryView) -> Html {
    let mut html = Html::new();
    html.raw("<div class=\"sources\">");
    for (d, doc) in view.documents.iter().enumerate() {
        html.raw("<article").attr("id", &format!("doc-{d}")).attr("data-label", &doc.label).raw(">");
        html.add(masthead(doc));
        html.raw("<div class=\"text\" dir=\"auto\">").add(text(view, d)).raw("</div></article>");
    }
    html.raw("</div>");
    html
}

fn masthead(doc: &DocumentView) -> Html {
    let mut html = Html::new();
    html.raw("<div class=\"masthead\"><h3><span class=\"key\">").text(&doc.label).raw("</span> ");
    match (&doc.outlet, &doc.agency) {
        (Some(o), Some(a)) if o != a => html.text(o).raw(" <span class=\"faint\">(").text(a).raw(")</span>"),
        (Some(o), _) | (None, Some(o)) => html.text(o),
        (None, None) => html.raw("<span class=\"faint\">outlet not stated</span>"),
    };
    html.raw("</h3><p class=\"small faint\">");
    match &doc.published_at {
        Some(day) => html
            .text("published ")
            .text(&days::range(Some(day), Some(day)))
            .text(" (")
            .text(&doc.published_basis)
            .text(")"),
        None => html.text("no date of publication"),
    };
    html.text(&format!(" · origin {} · {} words", doc.origin, doc.n_words));
    if let Some(byline) = &doc.byline {
        html.text(" · ").text(byline);
    }
    html.raw("</p>");
    if !doc.flags.is_empty() {
        html.raw("<p>");
        for flag in &doc.flags {
            let spans: Vec<&SpanView> = flag.spans.iter().collect();
            let name = flag.flag.replace('_', " ");
            if spans.is_empty() {
                html.raw("<span class=\"badge warn\"")
                    .attr("title", &flag.detail)
                    .raw(">")
                    .text(&name)
                    .raw("</span> ");
            } else {
                html.raw("<a class=\"badge warn\"").attr("title", &flag.detail);
                html.add(span_attrs(&spans)).raw(">").text(&name).raw("</a> ");
            }
        }
        html.raw("</p>");
    }
    html.raw("<details class=\"small\"><summary>why it is in</summary><ul>");
    for reason in &doc.reasons {
        html.element("<li>", reason, "</li>");
    }
    html.raw("<li>origin ").text(&doc.origin).raw(": ").text(&doc.origin_reason).raw("</li>");
    html.raw("<li class=\"faint\">").text(&doc.path);
    if let Some(url) = &doc.url {
        html.text(" · ").text(url);
    }
    html.raw("</li></ul></details></div>");
    html
}

/// A stretch that claims rest on.
struct Claimed {
    start: u32,
    end: u32,
    /// Index of the claim.
    claim: usize,
}

fn text(view: &StoryView, d: usize) -> Html {
    let doc = &view.documents[d];
    let mut cuts = BTreeSet::from([0, doc.text.len() as u32]);
    let mut claimed = Vec::new();
    for (claim, c) in view.claims.iter().enumerate() {
        for s in &c.cells[d].spans {
            claimed.push(Claimed { start: s.start, end: s.end, claim });
        }
    }
    for s in every_span(view).filter(|s| s.document == d) {
        cuts.extend([s.start, s.end]);
    }
    for s in &doc.segments {
        cuts.extend([s.start, s.end]);
    }
    // Offsets that are no boundary of a character cannot come out of the store; a damaged one shall not end the page.
    cuts.retain(|&c| doc.text.is_char_boundary(c as usize));
    let cuts: Vec<u32> = cuts.into_iter().collect();

    let mut html = Html::new();
    let mut furniture: Vec<&SegmentView> = Vec::new();
    let whole = [SegmentView { kind: "body".to_string(), start: 0, end: doc.text.len() as u32 }];
    let segments: &[SegmentView] = if doc.segments.is_empty() { &whole } else { &doc.segments };
    for segment in segments {
        if segment.start >= segment.end {
            continue;
        }
        let aside = matches!(segment.kind.as_str(), "dateline" | "byline" | "caption");
        if !aside && !is_evidence(&segment.kind) {
            furniture.push(segment);
            continue;
        }
        html.add(folded(view, d, &cuts, &claimed, &std::mem::take(&mut furniture)));
        if aside {
            // Short, and the reader wants to see it: greyed, not folded.
            html.raw("<p class=\"aside\"").attr("title", &format!("{}: no evidence", segment.kind)).raw(">");
        } else {
            html.raw("<p").attr("class", &segment.kind).raw(">");
        }
        html.add(runs(view, d, &cuts, &claimed, segment.start, segment.end)).raw("</p>");
    }
    html.add(folded(view, d, &cuts, &claimed, &furniture));
    html
}

fn is_evidence(kind: &str) -> bool {
    matches!(kind, "body" | "title" | "subhead" | "teaser")
}

/// What was dropped, greyed and folded.
fn folded(view: &StoryView, d: usize, cuts: &[u32], claimed: &[Claimed], furniture: &[&SegmentView]) -> Html {
    let mut html = Html::new();
    if furniture.is_empty() {
        return html;
    }
    let mut kinds: Vec<String> = Vec::new();
    let mut words = 0;
    for s in furniture {
        let kind = s.kind.replace('_', " ");
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
        let text = &view.documents[d].text;
        words += text.get(s.start as usize..s.end as usize).map_or(0, |t| t.split_whitespace().count());
    }
    html.raw("<details class=\"cut\"><summary>not part of the article: ").text(&kinds.join(", "));
    html.text(&format!(" ({})", days::count(words, "word", "words"))).raw("</summary>");
    for s in furniture {
        html.raw("<p>").add(runs(view, d, cuts, claimed, s.start, s.end)).raw("</p>");
    }
    html.raw("</details>");
    html
}

fn runs(view: &StoryView, d: usize, cuts: &[u32], claimed: &[Claimed], start: u32, end: u32) -> Html {
    let mut html = Html::new();
    let first = cuts.partition_point(|&c| c < start);
    let mut at = start;
    for &next in cuts[first..].iter().filter(|c| **c > start && **c <= end) {
        let words = view.documents[d].text.get(at as usize..next as usize).unwrap_or("");
        // The shortest claimed stretch says most about these words; of equal ones, the most important claim.
        let over = claimed
            .iter()
            .filter(|c| c.start <= at && next <= c.end)
            .min_by_key(|c| (c.end - c.start, c.claim));
        html.raw("<span").attr("id", &format!("t-{d}-{at}"));
        html.attr("data-a", &at.to_string()).attr("data-b", &next.to_string());
        match over {
            None => html.raw(" class=\"run\""),
            Some(c) => {
                let claim = &view.claims[c.claim];
                html.attr("class", &format!("run c c-{}", claim.verdict));
                html.attr("data-q", &claim.number.to_string());
                html.attr("title", &format!("claim {}, {}: {}", claim.number, claim.verdict, claim.claim))
            }
        };
        html.raw(">").text(words).raw("</span>");
        at = next;
    }
    html
}

/// Every stretch that a link of the page may open.
fn every_span(view: &StoryView) -> impl Iterator<Item = &SpanView> {
    let claims = view.claims.iter().flat_map(|c| &c.cells).flat_map(|c| &c.spans);
    let conflicts = view.conflicts.iter().flat_map(|c| &c.values).flat_map(|v| &v.spans);
    let quotes =
        view.speakers.iter().flat_map(|s| &s.utterances).flat_map(|u| &u.renderings).map(|r| &r.span);
    let moments = view.timeline.iter().flat_map(|m| &m.spans);
    let edges = view.network.iter().flat_map(|e| &e.spans);
    let names = view.names.iter().flat_map(|n| &n.variants).map(|v| &v.first);
    let flags = view.documents.iter().flat_map(|d| &d.flags).flat_map(|f| &f.spans);
    claims.chain(conflicts).chain(quotes).chain(moments).chain(edges).chain(names).chain(flags)
}

/// Links to the documents, each to its beginning.
pub fn document_links(view: &StoryView, documents: &[usize]) -> Html {
    let mut html = Html::new();
    for (n, &d) in documents.iter().enumerate() {
        if n > 0 {
            html.raw(" ");
        }
        html.add(page_link(d, &view.documents[d].label));
    }
    html
}
