//! The network of a story as a picture: actors on a circle, what they do to each other as signed curves.

use super::html::Html;
use super::links::span_attrs;
use polybius_view::story::view::{EdgeView, SpanView, StoryView};
use std::collections::BTreeMap;

/// Actors in the picture at most; the list beside it has all.
const NODES: usize = 14;
const WIDTH: f64 = 900.0;
const HEIGHT: f64 = 620.0;
const RADIUS_X: f64 = 240.0;
const RADIUS_Y: f64 = 225.0;
const NODE: f64 = 11.0;

/// `None` when nobody does anything to anybody.
pub fn graph(view: &StoryView) -> Option<Html> {
    let (nodes, edges) = chosen(&view.network);
    if edges.is_empty() {
        return None;
    }
    let order = circle_order(&nodes, &edges);
    let place: BTreeMap<&str, (f64, f64)> = order
        .iter()
        .enumerate()
        .map(|(i, name)| {
            let turn = std::f64::consts::TAU * i as f64 / order.len() as f64 - std::f64::consts::FRAC_PI_2;
            (*name, (WIDTH / 2.0 + RADIUS_X * turn.cos(), HEIGHT / 2.0 + RADIUS_Y * turn.sin()))
        })
        .collect();
    let mut html = Html::new();
    html.raw("<svg role=\"img\" aria-label=\"Network of the actors; the table beside it says the same\"");
    html.attr("viewBox", &format!("0 0 {WIDTH} {HEIGHT}")).raw(">");
    // Several edges of one pair lie beside each other.
    let mut beside: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for e in &edges {
        let pair =
            if e.from < e.to { (e.from.as_str(), e.to.as_str()) } else { (e.to.as_str(), e.from.as_str()) };
        let n = beside.entry(pair).or_default();
        html.add(curve(e, place[e.from.as_str()], place[e.to.as_str()], *n, e.from < e.to));
        *n += 1;
    }
    for name in &order {
        html.add(node(name, nodes[name], place[name]));
    }
    html.raw("</svg>");
    Some(html)
}

/// The edges among the actors with most witnesses, and the actors with their codes.
fn chosen(network: &[EdgeView]) -> (BTreeMap<&str, &str>, Vec<&EdgeView>) {
    let mut nodes: BTreeMap<&str, &str> = BTreeMap::new();
    let mut edges = Vec::new();
    for e in network {
        let new = [&e.from, &e.to].iter().filter(|n| !nodes.contains_key(n.as_str())).count();
        if nodes.len() + new > NODES {
            continue;
        }
        nodes.insert(&e.from, &e.from_code);
        nodes.insert(&e.to, &e.to_code);
        edges.push(e);
    }
    (nodes, edges)
}

/// Neighbours on the circle are those who have most to do with each other, as far as a greedy walk finds them.
fn circle_order<'a>(nodes: &BTreeMap<&'a str, &'a str>, edges: &[&'a EdgeView]) -> Vec<&'a str> {
    let weight = |a: &str, b: &str| -> usize {
        let own = |e: &&&EdgeView| (e.from == a && e.to == b) || (e.from == b && e.to == a);
        edges.iter().filter(own).map(|e| 2 * e.n_origins).sum::<usize>()
            + usize::from(!nodes[a].is_empty() && nodes[a] == nodes[b])
    };
    let degree =
        |a: &str| edges.iter().filter(|e| e.from == a || e.to == a).map(|e| e.n_origins).sum::<usize>();
    let mut left: Vec<&str> = nodes.keys().copied().collect();
    let mut order: Vec<&str> = Vec::new();
    while !left.is_empty() {
        let last = order.last().copied();
        let best = (0..left.len())
            .max_by_key(|&i| {
                (last.map_or(0, |l| weight(l, left[i])), degree(left[i]), std::cmp::Reverse(left[i]))
            })
            .expect("some are left");
        order.push(left.remove(best));
    }
    order
}

fn curve(e: &EdgeView, from: (f64, f64), to: (f64, f64), beside: usize, ahead: bool) -> Html {
    let middle = ((from.0 + to.0) / 2.0, (from.1 + to.1) / 2.0);
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = dx.hypot(dy).max(1.0);
    // Bent towards the centre, further for every other edge of the same pair.
    let side = if ahead { 1.0 } else { -1.0 };
    let bend = (if beside.is_multiple_of(2) { 1.0 } else { -1.0 })
        * (18.0 + 26.0 * beside.div_ceil(2) as f64)
        * side;
    let pull = 0.16;
    let control = (
        middle.0 + (WIDTH / 2.0 - middle.0) * pull - dy / length * bend,
        middle.1 + (HEIGHT / 2.0 - middle.1) * pull + dx / length * bend,
    );
    let towards = |p: (f64, f64), q: (f64, f64), by: f64| {
        let d = (q.0 - p.0).hypot(q.1 - p.1).max(1.0);
        (p.0 + (q.0 - p.0) / d * by, p.1 + (q.1 - p.1) / d * by)
    };
    let start = towards(from, control, NODE + if e.mutual { 13.0 } else { 3.0 });
    let end = towards(to, control, NODE + 13.0);
    let tip = towards(to, control, NODE + 3.0);
    let class = match e.sign {
        '+' => "pos",
        '-' => "neg",
        _ => "nil",
    };
    let path =
        format!("M{:.1} {:.1}Q{:.1} {:.1} {:.1} {:.1}", start.0, start.1, control.0, control.1, end.0, end.1);
    let mut html = Html::new();
    let spans: Vec<&SpanView> = e.spans.iter().collect();
    html.raw("<a").add(span_attrs(&spans)).raw("><title>").text(&describe(e)).raw("</title>");
    html.raw("<path class=\"hit\"").attr("d", &path).raw("/><path").attr("class", &format!("edge {class}"));
    html.attr("d", &path).attr("stroke-width", &format!("{:.1}", 1.2 + 1.3 * e.n_origins.min(6) as f64));
    if e.background {
        html.raw(" stroke-dasharray=\"7 6\"");
    } else if e.planned {
        html.raw(" stroke-dasharray=\"1 6\"");
    }
    html.raw("/>").add(arrow(end, tip, class));
    if e.mutual {
        let back = towards(from, control, NODE + 3.0);
        html.add(arrow(start, back, class));
    }
    // The sign at the middle of the curve.
    let at =
        (0.25 * start.0 + 0.5 * control.0 + 0.25 * end.0, 0.25 * start.1 + 0.5 * control.1 + 0.25 * end.1);
    let sign = match e.sign {
        '-' => "−",
        '+' => "+",
        _ => "0",
    };
    html.raw("<circle class=\"bubble\" r=\"8\"").attr("cx", &format!("{:.1}", at.0));
    html.attr("cy", &format!("{:.1}", at.1)).raw("/><text").attr("class", &format!("sign {class}"));
    html.attr("x", &format!("{:.1}", at.0))
        .attr("y", &format!("{:.1}", at.1))
        .raw(">")
        .text(sign)
        .raw("</text></a>");
    html
}

fn arrow(base: (f64, f64), tip: (f64, f64), class: &str) -> Html {
    let (dx, dy) = (tip.0 - base.0, tip.1 - base.1);
    let d = dx.hypot(dy).max(0.1);
    let (nx, ny) = (-dy / d * 5.0, dx / d * 5.0);
    let mut html = Html::new();
    html.raw("<path").attr("class", &format!("head {class}")).attr(
        "d",
        &format!(
            "M{:.1} {:.1}L{:.1} {:.1}L{:.1} {:.1}Z",
            tip.0,
            tip.1,
            base.0 + nx,
            base.1 + ny,
            base.0 - nx,
            base.1 - ny
        ),
    );
    html.raw("/>");
    html
}

fn node(name: &str, code: &str, at: (f64, f64)) -> Html {
    let mut html = Html::new();
    html.raw("<circle class=\"node\"")
        .attr("cx", &format!("{:.1}", at.0))
        .attr("cy", &format!("{:.1}", at.1));
    html.attr("r", &NODE.to_string()).raw("/>");
    let (anchor, dx) = match at.0 - WIDTH / 2.0 {
        x if x > 30.0 => ("start", NODE + 7.0),
        x if x < -30.0 => ("end", -NODE - 7.0),
        _ => ("middle", 0.0),
    };
    let dy = match (anchor, at.1 < HEIGHT / 2.0) {
        ("middle", true) => -NODE - 20.0,
        ("middle", false) => NODE + 18.0,
        _ => -1.0,
    };
    let (x, y) = (format!("{:.1}", at.0 + dx), at.1 + dy);
    html.raw("<text").attr("text-anchor", anchor).attr("x", &x).attr("y", &format!("{y:.1}")).raw(">");
    html.text(&crate::term::shortened(name, 24)).raw("</text>");
    if !code.is_empty() {
        html.raw("<text class=\"code\"").attr("text-anchor", anchor).attr("x", &x);
        html.attr("y", &format!("{:.1}", y + 14.0)).raw(">").text(code).raw("</text>");
    }
    html
}

/// `Moon Jae-in ↔ Kim Jong Un: CONSULT, 3 origins`.
pub fn describe(e: &EdgeView) -> String {
    let arrow = if e.mutual { "↔" } else { "→" };
    let when = match (e.background, e.planned) {
        (true, _) => ", background",
        (_, true) => ", planned",
        _ => "",
    };
    format!(
        "{} {arrow} {}: {}{when}, {}",
        e.from,
        e.to,
        e.event_types.join(", "),
        crate::days::count(e.n_origins, "origin", "origins")
    )
}
