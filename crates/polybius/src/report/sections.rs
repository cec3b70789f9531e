//! The sections of the page: claims, time line, conflicts, quotes, names, what is missing.

use super::graph::graph;
use super::html::Html;
use super::links::{page_link, span_attrs, tip_attrs};
use super::sources::document_links;
use crate::days;
use polybius_view::story::view::*;

/// The heading of a section.
pub fn begin(id: &'static str, title: &'static str, note: &'static str) -> Html {
    let mut html = Html::new();
    html.raw("<section").attr("id", id).raw("><h2>").text(title).raw("</h2>");
    if !note.is_empty() {
        html.element("<p class=\"note\">", note, "</p>");
    }
    html
}

/// Title, dates, counts, brief.
pub fn header(view: &StoryView) -> Html {
    let mut html = Html::new();
    let title = days::without_end(&view.title, view.date_start.as_deref(), view.date_end.as_deref());
    html.element("<header><h1 dir=\"auto\">", title, "</h1><ul class=\"badges\">");
    let when = days::range(view.date_start.as_deref(), view.date_end.as_deref());
    let when = if when.is_empty() { "no date".to_string() } else { when };
    html.element("<li class=\"badge\">", &when, "</li>");
    html.element("<li class=\"badge\">", &days::count(view.n_documents, "document", "documents"), "</li>");
    html.element("<li class=\"badge\">", &days::count(view.n_origins, "origin", "origins"), "</li>");
    for (verdict, words) in [
        ("corroborated", "corroborated"),
        ("differs", "told differently"),
        ("contradicted", "contradicted"),
        ("only-here", "only in one"),
    ] {
        let n = view.claims.iter().filter(|c| shown_verdict(&c.verdict) == verdict).count();
        if n > 0 {
            let class = match verdict {
                "corroborated" => "badge good",
                "differs" => "badge warn",
                "contradicted" => "badge bad",
                _ => "badge",
            };
            html.raw("<li").attr("class", class).raw(">").number(n).text(" ").text(words).raw("</li>");
        }
    }
    html.raw("</ul>");
    if !view.brief.is_empty() {
        html.raw("<p class=\"brief\" dir=\"auto\">");
        for &c in &view.brief {
            let claim = &view.claims[c];
            html.text(claim.claim.trim()).raw("<sup><a").attr("href", &format!("#q{}", claim.number));
            html.attr("title", &format!("claim {}", claim.number))
                .raw(">")
                .number(claim.number)
                .raw("</a></sup> ");
        }
        html.raw("</p>");
    }
    html.raw("</header>");
    html
}

fn shown_verdict(verdict: &str) -> &str {
    if verdict == "self-inconsistent" { "contradicted" } else { verdict }
}

/// The grid of claims and documents.
pub fn claims(view: &StoryView) -> Html {
    let mut html = begin(
        "claims",
        "Claims",
        "What each document says of each statement. A cell opens the words it rests on; silence is not denial.",
    );
    html.raw("<div class=\"tools\" id=\"filters\">");
    for (verdict, name) in [
        ("", "all"),
        ("corroborated", "corroborated"),
        ("only-here", "only here"),
        ("differs", "differs"),
        ("contradicted", "contradicted"),
    ] {
        let n =
            view.claims.iter().filter(|c| verdict.is_empty() || shown_verdict(&c.verdict) == verdict).count();
        html.raw("<button type=\"button\"").attr("data-verdict", verdict);
        html.attr("aria-pressed", if verdict.is_empty() { "true" } else { "false" });
        html.raw(if n == 0 { " disabled>" } else { ">" }).text(name).text(" ").number(n).raw("</button>");
    }
    html.raw(
        "<label>order <select id=\"order\"><option value=\"importance\">importance</option>\
         <option value=\"origins\">origins</option><option value=\"text\">place in the texts</option></select></label>\
         <label>find <input id=\"find\" type=\"search\" placeholder=\"words\"></label></div>",
    );
    html.raw("<p class=\"legend\"><span>● states</span><span>◐ differs</span><span>✗ denies</span><span>· silent</span></p>");
    html.raw("<div class=\"wide\"><table class=\"grid\" id=\"grid\"><thead><tr><th></th><th>claim</th>");
    for (d, doc) in view.documents.iter().enumerate() {
        html.raw("<th class=\"doc\">").add(page_link(d, &doc.label)).raw("<small>");
        html.text(doc.outlet.as_deref().or(doc.agency.as_deref()).unwrap_or("")).raw("</small></th>");
    }
    html.raw("<th>verdict</th></tr></thead><tbody>");
    for claim in &view.claims {
        html.add(claim_row(view, claim));
    }
    html.raw("</tbody></table><p class=\"nothing\" id=\"nothing\" hidden>No claim is like that.</p></div>");
    html.raw("<p class=\"tools\"><button type=\"button\" id=\"more\" hidden></button></p></section>");
    html
}

fn claim_row(view: &StoryView, claim: &ClaimView) -> Html {
    let mut html = Html::new();
    let first = claim.cells.iter().flat_map(|c| &c.spans).map(|s| (s.document, s.start)).min();
    let at = first.map_or(u64::MAX >> 12, |(d, start)| ((d as u64) << 32) + u64::from(start));
    html.raw("<tr").attr("id", &format!("q{}", claim.number)).attr("data-verdict", &claim.verdict);
    html.attr("data-n", &claim.number.to_string()).attr("data-origins", &claim.n_origins.to_string());
    html.attr("data-at", &at.to_string()).raw("><td class=\"n\">").number(claim.number);
    html.raw("</td><td class=\"claim\" dir=\"auto\">").text(claim.claim.trim());
    let mut said: Vec<(&str, &str, Vec<usize>)> = Vec::new();
    for c in claim.cells.iter().filter(|c| !c.detail.is_empty()) {
        match said.iter_mut().find(|s| (s.0, s.1) == (c.stance.as_str(), c.detail.as_str())) {
            Some(s) => s.2.push(c.document),
            None => said.push((&c.stance, &c.detail, vec![c.document])),
        }
    }
    for (stance, detail, documents) in said {
        html.raw("<p class=\"detail\">").text(stance).text(" ").add(document_links(view, &documents));
        html.text(": ").text(detail).raw("</p>");
    }
    html.raw("</td>");
    for c in &claim.cells {
        html.raw("<td").attr("class", &format!("cell {}", c.stance));
        html.attr("data-label", &view.documents[c.document].label).raw(">");
        let spans: Vec<&SpanView> = c.spans.iter().collect();
        if spans.is_empty() {
            html.raw("<span class=\"silent\" title=\"silent\">·</span>");
        } else {
            html.raw("<a").add(span_attrs(&spans)).add(tip_attrs(view, &spans)).raw(">");
            html.text(match c.stance.as_str() {
                "states" => "●",
                "differs" => "◐",
                "denies" => "✗",
                _ => "·",
            });
            html.element("<small>", &c.stance, "</small></a>");
        }
        html.raw("</td>");
    }
    html.raw("<td").attr("class", &format!("verdict v-{}", claim.verdict)).raw(">").text(&claim.verdict);
    html.raw("<small>").text(&days::count(claim.n_documents as usize, "doc", "docs")).text(" / ");
    html.text(&days::count(claim.n_origins as usize, "origin", "origins")).raw("</small></td></tr>");
    html
}

/// The time line.
pub fn timeline(view: &StoryView) -> Html {
    let mut html = begin(
        "timeline",
        "Timeline",
        "Full: told as having happened. Hollow: planned or only possible. Grey: background. Red: negated or denied. Dashed: another day that an account allows.",
    );
    let (undated, dated): (Vec<&MomentView>, Vec<&MomentView>) =
        view.timeline.iter().partition(|m| m.date_start.is_none() && m.date_end.is_none());
    html.raw("<ol class=\"time\">");
    for m in dated {
        html.add(moment(view, m));
    }
    html.raw("</ol>");
    if !undated.is_empty() {
        html.raw("<details><summary>")
            .number(undated.len())
            .raw(" without a date</summary><ol class=\"time\">");
        for m in undated {
            html.add(moment(view, m));
        }
        html.raw("</ol></details>");
    }
    html.raw("</section>");
    html
}

fn moment(view: &StoryView, m: &MomentView) -> Html {
    let mut html = Html::new();
    let not = if m.polarity == "affirmed" { "" } else { " not" };
    html.raw("<li").attr("class", &format!("{}{not}", m.mode)).raw("><span class=\"when\"");
    html.attr("title", &m.basis.join("\n")).raw(">");
    let when = days::range(m.date_start.as_deref(), m.date_end.as_deref());
    html.text(if when.is_empty() { "no date" } else { &when });
    html.raw("</span><span class=\"dot\"><i></i></span><span class=\"what\"><span dir=\"auto\">")
        .text(m.what.trim())
        .raw("</span> ");
    if m.polarity != "affirmed" {
        html.element("<b>", &m.polarity, "</b> ");
    }
    if m.mode != "happened" {
        html.element("<span class=\"tag\">", &m.mode, "</span> ");
    }
    for other in &m.other_dates {
        html.element("<span class=\"ghost\">or ", other, "</span> ");
    }
    for &d in &m.documents {
        let own: Vec<&SpanView> = m.spans.iter().filter(|s| s.document == d).collect();
        html.raw("<a class=\"key\"").add(span_attrs(&own)).add(tip_attrs(view, &own)).raw(">");
        html.text(&view.documents[d].label).raw("</a> ");
    }
    html.raw("</span></li>");
    html
}

/// Where the accounts cannot or may not fit together.
pub fn conflicts(view: &StoryView) -> Html {
    let mut html = begin("conflicts", "Conflicts", "Hard: cannot both be true. Soft: may fit together.");
    html.raw("<div class=\"cards\">");
    for c in &view.conflicts {
        let kind = if c.hard { "hard" } else { "soft" };
        html.raw("<div").attr("class", &format!("card {kind}")).raw("><h3>").text(&c.field);
        html.raw(" <span class=\"tag\">").text(kind).raw("</span></h3><p>").text(&c.reason);
        if let Some(n) = c.claim {
            html.raw(" <a").attr("href", &format!("#q{n}")).raw(">claim ").number(n).raw("</a>");
        }
        html.raw("</p>");
        for v in &c.values {
            html.element("<p><b>", &v.value, "</b></p><ul>");
            let mut seen: Vec<(usize, &str)> = Vec::new();
            for s in &v.spans {
                if seen.contains(&(s.document, s.text.as_str())) {
                    continue;
                }
                seen.push((s.document, &s.text));
                html.raw("<li><a class=\"key\"").add(span_attrs(&[s])).add(tip_attrs(view, &[s])).raw(">");
                html.text(&s.label)
                    .raw("</a> <span dir=\"auto\">“")
                    .text(&crate::term::shortened(&s.text, 220));
                html.raw("”</span></li>");
            }
            html.raw("</ul>");
        }
        html.raw("</div>");
    }
    html.raw("</div></section>");
    html
}

/// Who said what, renderings of one utterance stacked.
pub fn quotes(view: &StoryView) -> Html {
    let mut html = begin(
        "quotes",
        "Who is quoted",
        "Renderings of one utterance stand together; words that only one has are marked.",
    );
    html.raw("<div class=\"columns\">");
    for s in &view.speakers {
        html.raw("<div class=\"card\"><h3>").text(s.name.as_deref().unwrap_or("speaker not named"));
        if !s.code.is_empty() {
            html.raw(" <span class=\"faint\">").text(&s.code).raw("</span>");
        }
        html.raw("</h3>");
        for (n, u) in s.utterances.iter().enumerate() {
            // A long list is folded behind its beginning.
            if n == 5 && s.utterances.len() > 6 {
                html.raw("<details><summary>").number(s.utterances.len() - 5).raw(" more</summary>");
            }
            html.raw("<div class=\"utterance\">");
            let mut seen: Vec<(usize, &str)> = Vec::new();
            for r in &u.renderings {
                // A teaser repeats the body.
                if seen.contains(&(r.span.document, r.span.text.as_str())) {
                    continue;
                }
                seen.push((r.span.document, &r.span.text));
                html.raw("<p dir=\"auto\"><a class=\"key\"").add(span_attrs(&[&r.span]));
                html.add(tip_attrs(view, &[&r.span])).raw(">").text(&r.span.label).raw("</a>");
                html.add(rendering(r));
                html.raw(" <span class=\"tag\">").text(&r.kind).raw("</span>");
                if !r.cue.is_empty() {
                    html.raw(" <span class=\"faint small\">")
                        .text(&format!("{} {}", r.speaker_text, r.cue))
                        .raw("</span>");
                }
                html.raw("</p>");
            }
            html.raw("</div>");
        }
        if s.utterances.len() > 6 {
            html.raw("</details>");
        }
        html.raw("</div>");
    }
    html.raw("</div></section>");
    html
}

fn rendering(r: &RenderingView) -> Html {
    let words = &r.span.text;
    let quoted = r.kind == "direct";
    let mut html = Html::new();
    html.text(if quoted { "“" } else { "" });
    let mut at = 0;
    for &(start, end) in &r.differs {
        if let (Some(before), Some(own)) = (words.get(at..start), words.get(start..end)) {
            html.text(before).raw("<mark>").text(own).raw("</mark>");
            at = end;
        }
    }
    html.text(words.get(at..).unwrap_or("")).text(if quoted { "”" } else { "" });
    html
}

/// The picture and the list of who does what to whom.
pub fn network(view: &StoryView) -> Html {
    let mut html = begin(
        "network",
        "Who to whom",
        "Green +: cooperation. Red −: conflict. Width: origins, not documents. Dashed: background. Dotted: planned.",
    );
    html.raw("<div class=\"graph\">");
    if let Some(picture) = graph(view) {
        html.raw("<div>").add(picture).raw("</div>");
    }
    html.raw("<div class=\"wide\"><table><thead><tr><th></th><th>who → whom</th><th>what</th><th>origins</th><th>in</th></tr></thead><tbody>");
    for e in &view.network {
        html.raw("<tr><td>");
        html.raw(match e.sign {
            '+' => "<span class=\"plus\">+</span>",
            '-' => "<span class=\"minus\">−</span>",
            _ => "0",
        });
        html.raw("</td><td>").text(&e.from).text(if e.mutual { " ↔ " } else { " → " }).text(&e.to);
        html.raw("</td><td>").text(&e.event_types.join(", "));
        if e.background || e.planned {
            html.element(
                " <span class=\"tag\">",
                if e.background { "background" } else { "planned" },
                "</span>",
            );
        }
        html.raw("</td><td>").number(e.n_origins).raw("</td><td>");
        for &d in &e.documents {
            let own: Vec<&SpanView> = e.spans.iter().filter(|s| s.document == d).collect();
            html.raw("<a class=\"key\"").add(span_attrs(&own)).add(tip_attrs(view, &own)).raw(">");
            html.text(&view.documents[d].label).raw("</a> ");
        }
        html.raw("</td></tr>");
    }
    html.raw("</tbody></table></div></div></section>");
    html
}

/// Actors and how the documents write them.
pub fn names(view: &StoryView) -> Html {
    let mut html =
        begin("names", "Names", "How the documents write each actor, and why those spellings are one.");
    html.raw("<div class=\"wide\"><table><thead><tr><th>actor</th><th>written</th><th>joined because</th></tr></thead><tbody>");
    for n in &view.names {
        html.element("<tr><td><b>", &n.name, "</b>");
        let code: Vec<&str> =
            [n.code.as_str(), n.sector.as_str()].into_iter().filter(|c| !c.is_empty()).collect();
        html.element(" <span class=\"faint\">", &code.join("/"), "</span>");
        if !n.offices.is_empty() {
            html.element("<p class=\"detail\">", &n.offices.join("; "), "</p>");
        }
        html.raw("</td><td>");
        for (i, v) in n.variants.iter().enumerate() {
            html.raw(if i > 0 { ", " } else { "" }).raw("<a").add(span_attrs(&[&v.first]));
            html.add(tip_attrs(view, &[&v.first]))
                .raw(" dir=\"auto\">")
                .text(&v.text)
                .raw("</a> <span class=\"faint small\">");
            html.text(&view.labels(&v.documents)).raw("</span>");
        }
        html.element("</td><td class=\"small\">", &n.reasons.join("; "), "</td></tr>");
    }
    html.raw("</tbody></table></div></section>");
    html
}

/// What is missing where.
pub fn missing(view: &StoryView) -> Html {
    let mut html = begin(
        "missing",
        "What is missing where",
        "Statements of two or more other documents that a document does not speak of.",
    );
    html.raw("<dl class=\"missing\">");
    for l in &view.left_out {
        html.raw("<dt>").add(page_link(l.document, &view.documents[l.document].label)).raw("</dt><dd>");
        if l.claims.is_empty() {
            html.raw("<span class=\"faint\">nothing that two others tell</span>");
        } else {
            html.raw("<ul>");
            for &c in &l.claims {
                let claim = &view.claims[c];
                html.raw("<li><a")
                    .attr("href", &format!("#q{}", claim.number))
                    .raw(">")
                    .number(claim.number)
                    .raw("</a> ");
                html.text(claim.claim.trim()).raw(" <span class=\"faint small\">");
                let telling: Vec<usize> =
                    claim.cells.iter().filter(|x| x.stance != "silent").map(|x| x.document).collect();
                html.text(&view.labels(&telling)).raw("</span></li>");
            }
            html.raw("</ul>");
        }
        html.raw("</dd>");
    }
    html.raw("</dl></section>");
    html
}

/// Other stories, and documents that were kept apart.
pub fn neighbours(view: &StoryView) -> Html {
    let mut html = begin("see-also", "See also", "");
    if !view.see_also.is_empty() {
        html.raw("<ul>");
        for l in &view.see_also {
            html.raw("<li>story ").number(l.number).text(": ").text(&l.title).raw(" <span class=\"faint\">");
            html.text(&format!("{}: {}", l.kind.replace('_', " "), l.reasons.join("; "))).raw("</span></li>");
        }
        html.raw("</ul>");
    }
    if !view.near_misses.is_empty() {
        html.raw(
            "<h3>Kept apart</h3><p class=\"note\">Documents that came near, and what kept them out.</p><ul>",
        );
        for m in &view.near_misses {
            let name = m.path.rsplit('/').next().unwrap_or(&m.path);
            html.raw("<li><b>")
                .text(m.title.as_deref().unwrap_or(name))
                .raw("</b> <span class=\"faint\">")
                .text(name);
            if let Some(n) = m.story {
                html.text(&format!(", story {n}"));
            }
            html.raw("</span><ul class=\"small\">");
            for reason in &m.reasons {
                html.element("<li>", reason, "</li>");
            }
            html.raw("</ul></li>");
        }
        html.raw("</ul>");
    }
    html.raw("</section>");
    html
}
