//! Relations: signed sums by pair of codes and month.

use super::{Answer, Context};
use crate::problem::Problem;
use crate::request::Request;
use polybius_store::rows::RelationRow;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The pairs, those of most events first.
pub fn relations(c: &Context<'_>, request: &Request) -> Result<Answer, Problem> {
    let s = c.snapshot;
    let window = request.window(s.version)?;
    let codes = request.list("code");
    let mut pairs: BTreeMap<(&str, &str), Sum<'_>> = BTreeMap::new();
    for r in &s.relations {
        let meant = |code: &str| codes.iter().any(|k| k.eq_ignore_ascii_case(code));
        if codes.is_empty() || meant(&r.actor_code) || meant(&r.recipient_code) {
            pairs.entry((&r.actor_code, &r.recipient_code)).or_default().add(r);
        }
    }
    let mut found: Vec<_> = pairs.into_iter().collect();
    found.sort_by(|a, b| b.1.n_events.cmp(&a.1.n_events).then(a.0.cmp(&b.0)));
    Answer::json(&window.page(found, |((a, b), sum)| {
        json!({"actor_code": a, "recipient_code": b, "n_events": sum.n_events, "n_origins": sum.n_origins,
            "score_sum": sum.score_sum, "positive": sum.positive, "negative": sum.negative, "first": sum.first,
            "last": sum.last})
    }))
}

#[derive(Default)]
struct Sum<'a> {
    n_events: u32,
    n_origins: u32,
    score_sum: f64,
    positive: u32,
    negative: u32,
    first: Option<&'a str>,
    last: Option<&'a str>,
}

impl<'a> Sum<'a> {
    fn add(&mut self, r: &'a RelationRow) {
        self.n_events += r.n_events;
        self.n_origins += r.n_origins;
        self.score_sum += r.score_sum;
        self.positive += r.positive;
        self.negative += r.negative;
        let period = Some(r.period.as_str()).filter(|p| !p.is_empty());
        self.first = [self.first, period].into_iter().flatten().min();
        self.last = self.last.max(period);
    }
}

/// Both directions of a pair over time.
pub fn pair(c: &Context<'_>, request: &Request) -> Result<Answer, Problem> {
    let s = c.snapshot;
    let (a, b) = (request.piece("a").to_uppercase(), request.piece("b").to_uppercase());
    let known = |code: &str| s.relations.iter().any(|r| r.actor_code == code || r.recipient_code == code);
    if let Some(code) = [&a, &b].into_iter().find(|code| !known(code)) {
        return Err(Problem::missing("code", code).hint("/api/v1/relations lists the pairs"));
    }
    let series = |from: &str, to: &str| -> Vec<Value> {
        let mut rows: Vec<&RelationRow> =
            s.relations.iter().filter(|r| r.actor_code == from && r.recipient_code == to).collect();
        rows.sort_by_key(|r| &r.period);
        let point = |r: &&RelationRow| {
            json!({"period": r.period, "n_events": r.n_events, "n_origins": r.n_origins,
                "score_sum": r.score_sum, "positive": r.positive, "negative": r.negative})
        };
        rows.iter().map(point).collect()
    };
    Answer::json(
        &json!({"a": a, "b": b, "forward": series(&a, &b), "back": series(&b, &a), "version": s.version}),
    )
}
