//! Server-sent events: a page hears of a new commit without asking.

use crate::app::{App, Change};
use crate::problem::{Kind, Problem};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio_stream::StreamExt;
use tokio_stream::wrappers::BroadcastStream;

/// Pages that may listen at the same time.
const LISTENERS: usize = 256;
/// Seconds after which a line is sent that means nothing, so that nobody takes the connection for dead.
const ALIVE_SECONDS: u64 = 15;

/// A stream of what happens from now on, beginning with the present version.
pub fn stream(app: &Arc<App>) -> Result<Response, Problem> {
    if app.changes.receiver_count() >= LISTENERS {
        return Err(Problem::new(Kind::Busy, "too many pages listen").hint("close some"));
    }
    let receiver = app.changes.subscribe();
    let first = hello(app);
    let app = app.clone();
    // Who has fallen behind is told where things stand, and asks for the rest.
    let rest =
        BroadcastStream::new(receiver).map(move |change| change.map_or_else(|_| hello(&app), |c| event(&c)));
    let all = tokio_stream::once(first).chain(rest).map(Ok::<Event, Infallible>);
    let alive = KeepAlive::new().interval(Duration::from_secs(ALIVE_SECONDS));
    Ok(Sse::new(all).keep_alive(alive).into_response())
}

fn hello(app: &App) -> Event {
    event(&Change {
        event: "hello",
        data: json!({"version": app.snapshot().version, "comparing": app.comparing()}),
    })
}

fn event(change: &Change) -> Event {
    Event::default().event(change.event).data(change.data.to_string())
}
