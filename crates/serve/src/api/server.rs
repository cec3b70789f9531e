//! What the server and its store are.

use super::{Answer, Context};
use crate::problem::Problem;
use crate::request::Request;
use serde_json::json;

/// Whether all is well, and how much there is.
pub fn health(c: &Context<'_>, _: &Request) -> Result<Answer, Problem> {
    let s = c.snapshot;
    let problem = c.app.problem();
    let status = match &problem {
        Some(_) => "stale",
        None if s.documents.is_empty() => "empty",
        None => "ok",
    };
    Answer::json(&json!({
        "status": status, "program": env!("CARGO_PKG_VERSION"), "store": c.app.options.name, "version": s.version,
        "documents": s.documents.len(), "stories": s.stories.len(), "origins": s.counts.origins,
        "events": s.events.len(), "quotes": s.counts.quotes, "claims": s.claims.len(),
        "conflicts": s.counts.conflicts, "chains": s.counts.chains, "actors": s.actors.len(), "rejects": s.counts.rejects,
        "date_start": s.facets.date_start, "date_end": s.facets.date_end,
        "comparing": c.app.comparing(), "problem": problem.map(|p| p.json()), "sql": c.app.options.engine.is_some(),
    }))
}

/// What filters can be set to.
pub fn facets(c: &Context<'_>, _: &Request) -> Result<Answer, Problem> {
    Answer::json(&c.snapshot.facets)
}
