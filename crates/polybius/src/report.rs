//! `polybius story --html`: one story as one page that needs nothing else.
//!
//! Everything on the page is made here; its script only opens, lights, filters and sorts what is there. Pages are hostile:
//! their text comes in through [`html::Html::text`] alone.

mod graph;
mod html;
mod links;
mod sections;
mod sources;

use html::{Html, filled};
use polybius_view::story::view::StoryView;

const PAGE: &str = include_str!("report/page.html");
const STYLE: &str = include_str!("report/style.css");
const SCRIPT: &str = include_str!("report/script.js");

/// The page of a story.
pub fn page(view: &StoryView) -> String {
    let mut body = Html::new();
    body.add(sections::header(view)).add(navigation(view)).raw("<main>").add(sections::claims(view));
    if !view.conflicts.is_empty() {
        body.add(sections::conflicts(view));
    }
    if !view.timeline.is_empty() {
        body.add(sections::timeline(view));
    }
    body.add(sections::begin(
        "sources",
        "Sources side by side",
        "Lit: words that a claim rests on, in the colour of its verdict; a click leads to the claim. Grey and folded: what is not part of the article.",
    ));
    body.add(sources::sources(view)).raw("</section>");
    if !view.speakers.is_empty() {
        body.add(sections::quotes(view));
    }
    if !view.network.is_empty() {
        body.add(sections::network(view));
    }
    if !view.names.is_empty() {
        body.add(sections::names(view));
    }
    if view.documents.len() > 1 {
        body.add(sections::missing(view));
    }
    if !view.see_also.is_empty() || !view.near_misses.is_empty() {
        body.add(sections::neighbours(view));
    }
    body.raw("</main><footer><p>Story ").number(view.number).text(", ").text(&view.story_id);
    body.text(". Made by Polybius ")
        .text(env!("CARGO_PKG_VERSION"))
        .raw(" from the words of the documents alone.</p></footer>");
    let mut title = Html::new();
    title.text(&view.title);
    filled(
        PAGE,
        &[
            ("title", &title.into_string()),
            ("style", STYLE.trim()),
            ("script", SCRIPT.trim()),
            ("body", &body.into_string()),
        ],
    )
}

fn navigation(view: &StoryView) -> Html {
    let mut html = Html::new();
    html.raw("<nav aria-label=\"Sections\"><div>");
    for (id, name, n) in [
        ("claims", "Claims", view.claims.len()),
        ("conflicts", "Conflicts", view.conflicts.len()),
        ("timeline", "Timeline", view.timeline.len()),
        ("sources", "Sources", view.documents.len()),
        ("quotes", "Quotes", view.speakers.iter().map(|s| s.utterances.len()).sum()),
        ("network", "Network", view.network.len()),
        ("names", "Names", view.names.len()),
    ] {
        if n > 0 {
            html.raw("<a")
                .attr("href", &format!("#{id}"))
                .raw(">")
                .text(name)
                .raw(" <span>")
                .number(n)
                .raw("</span></a>");
        }
    }
    if view.documents.len() > 1 {
        html.raw("<a href=\"#missing\">Missing</a>");
    }
    if !view.see_also.is_empty() || !view.near_misses.is_empty() {
        html.raw("<a href=\"#see-also\">See also</a>");
    }
    html.raw("</div></nav>");
    html
}
