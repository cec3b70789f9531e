//! The router: a thin layer that checks who asks, hands requests to the endpoints, and puts answers on the wire.

mod assets;
mod changes;
mod entry;
mod guard;
mod packed;

use crate::api::{Answer, Context};
use crate::app::App;
use crate::endpoints::{Endpoint, Handler, checked, endpoints};
use crate::problem::{Kind, Problem};
use crate::request::Request;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{Query, RawPathParams, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, on};
use polybius_text::stable_hash;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

pub use guard::COOKIE;

/// Bytes of a body that is sent, at most.
const BODY_BYTES: usize = 64 * 1024;
/// Seconds for a body to arrive, for a free worker, and for an answer.
const BODY_SECONDS: u64 = 10;
const WAIT_SECONDS: u64 = 10;
const ANSWER_SECONDS: u64 = 40;

/// The routes of a server.
pub fn router(app: Arc<App>) -> Router {
    let mut router = Router::new();
    for endpoint in endpoints() {
        router = router.route(&format!("/api/v1{}", endpoint.path), route(endpoint));
    }
    router
        .fallback(assets::asset)
        .method_not_allowed_fallback(|| async {
            problem_response(
                &Problem::new(Kind::MethodNotAllowed, "that cannot be done here")
                    .hint("/api/v1/openapi.json says what can"),
            )
        })
        .layer(axum::middleware::from_fn_with_state(app.clone(), guard::guard))
        .with_state(app)
}

fn route(endpoint: Endpoint) -> axum::routing::MethodRouter<Arc<App>> {
    let filter = match endpoint.method {
        "POST" => MethodFilter::POST,
        "DELETE" => MethodFilter::DELETE,
        _ => MethodFilter::GET,
    };
    let endpoint: &'static Endpoint = Box::leak(Box::new(endpoint));
    on(
        filter,
        move |State(app): State<Arc<App>>, pieces: Pieces, uri: Uri, headers: HeaderMap, body: Body| async move {
            let started = Instant::now();
            let answered = match request(pieces, &uri) {
                Ok(request) => answer(&app, endpoint, request, &uri, &headers, body).await,
                Err(problem) => Err(problem),
            };
            let response = answered.unwrap_or_else(|problem| problem_response(&problem));
            app.metrics.count(endpoint.path, response.status().as_u16(), started.elapsed());
            response
        },
    )
}

/// The pieces of a path, where they can be read.
type Pieces = Result<RawPathParams, RawPathParamsRejection>;

async fn answer(
    app: &Arc<App>,
    endpoint: &'static Endpoint,
    request: Request,
    uri: &Uri,
    headers: &HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let request = checked(endpoint, request)?;
    match endpoint.handler {
        Handler::Changes => changes::stream(app),
        Handler::Read(make) => read(app, make, request, uri, headers).await,
        Handler::ReadNow(make) => {
            let (app, snapshot) = (app.clone(), app.snapshot());
            let version = snapshot.version;
            let made =
                work(&app.clone(), move || make(&Context { snapshot: &snapshot, app: &app }, &request))
                    .await?;
            let body = String::from_utf8_lossy(&made.body);
            let etag = format!("\"{version}-{:x}\"", stable_hash(&[&body]));
            if known(headers, &etag) {
                return Ok(not_modified(&etag));
            }
            Ok(response(made, Some(&etag)))
        }
        Handler::Send(act) => {
            let sent = json_body(headers, body).await?;
            let app = app.clone();
            let made = work(&app.clone(), move || act(&app, &request, sent)).await?;
            Ok(response(made, None))
        }
        Handler::Act(act) => {
            let app = app.clone();
            let made = work(&app.clone(), move || act(&app, &request)).await?;
            Ok(response(made, None))
        }
    }
}

/// An answer that is the same until the next commit.
async fn read(
    app: &Arc<App>,
    make: fn(&Context<'_>, &Request) -> Result<Answer, Problem>,
    request: Request,
    uri: &Uri,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let snapshot = app.snapshot();
    let (version, address) = (snapshot.version, uri.to_string());
    let etag = format!("\"{version}-{:x}\"", stable_hash(&[&address, env!("CARGO_PKG_VERSION")]));
    if known(headers, &etag) {
        return Ok(not_modified(&etag));
    }
    if let Some(answer) = app.kept.get(version, &address) {
        return Ok(response(answer, Some(&etag)));
    }
    let with = app.clone();
    let made = work(app, move || make(&Context { snapshot: &snapshot, app: &with }, &request)).await?;
    app.kept.put(version, &address, &made);
    Ok(response(made, Some(&etag)))
}

/// Path pieces and parameters; a parameter that stands twice is a list.
fn request(pieces: Pieces, uri: &Uri) -> Result<Request, Problem> {
    let pieces = pieces.map_err(|e| Problem::bad("the path cannot be read").detail(e.to_string()))?;
    let path = pieces.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect();
    let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(uri)
        .map_err(|e| Problem::bad("the parameters cannot be read").detail(e.to_string()))?;
    let mut query: BTreeMap<String, String> = BTreeMap::new();
    for (name, value) in pairs {
        query.entry(name).and_modify(|known| *known = format!("{known},{value}")).or_insert(value);
    }
    Ok(Request { path, query })
}

/// Makes an answer on a thread that may take its time, as soon as one is free.
async fn work(
    app: &Arc<App>,
    make: impl FnOnce() -> Result<Answer, Problem> + Send + 'static,
) -> Result<Answer, Problem> {
    let busy = || Problem::new(Kind::Busy, "the server is busy").hint("ask again in a moment");
    let permit = tokio::time::timeout(Duration::from_secs(WAIT_SECONDS), app.permits.acquire()).await;
    let _permit = permit.map_err(|_| busy())?.map_err(|_| busy())?;
    let made = tokio::task::spawn_blocking(make);
    match tokio::time::timeout(Duration::from_secs(ANSWER_SECONDS), made).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(_)) => Err(Problem::new(Kind::Internal, "the server failed at this request")),
        Err(_) => Err(Problem::new(Kind::Timeout, "the answer takes too long").hint("ask for less")),
    }
}

async fn json_body(headers: &HeaderMap, body: Body) -> Result<Value, Problem> {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("");
    let essence = content_type.split(';').next().unwrap_or("").trim();
    if !essence.eq_ignore_ascii_case("application/json") {
        return Err(Problem::new(Kind::UnsupportedMedia, "the body must be JSON")
            .hint("send Content-Type: application/json"));
    }
    let read = tokio::time::timeout(Duration::from_secs(BODY_SECONDS), to_bytes(body, BODY_BYTES)).await;
    let bytes =
        read.map_err(|_| Problem::new(Kind::Timeout, "the body did not arrive in time"))?.map_err(|_| {
            Problem::new(Kind::TooLarge, "the body is too large").hint(format!("at most {BODY_BYTES} bytes"))
        })?;
    serde_json::from_slice(&bytes).map_err(|e| Problem::bad("the body is no JSON").detail(e.to_string()))
}

fn known(headers: &HeaderMap, etag: &str) -> bool {
    let tags = headers.get(header::IF_NONE_MATCH).and_then(|v| v.to_str().ok()).unwrap_or("");
    tags.split(',').map(|t| t.trim().trim_start_matches("W/")).any(|t| t == etag)
}

fn not_modified(etag: &str) -> Response {
    let mut response = StatusCode::NOT_MODIFIED.into_response();
    tag(&mut response, etag);
    response
}

fn tag(response: &mut Response, etag: &str) {
    if let Ok(value) = HeaderValue::from_str(etag) {
        response.headers_mut().insert(header::ETAG, value);
    }
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
}

fn response(answer: Answer, etag: Option<&str>) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    if status == StatusCode::NO_CONTENT {
        return status.into_response();
    }
    let mut response = (status, answer.body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(answer.content_type));
    if let Some(name) = answer.attachment {
        // Names come from ids and fixed words; anything else is left out.
        let name: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || "._-".contains(*c)).collect();
        if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
            headers.insert(header::CONTENT_DISPOSITION, value);
        }
    }
    match etag {
        Some(etag) => tag(&mut response, etag),
        None => {
            response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        }
    }
    response
}

/// A problem on the wire.
pub fn problem_response(problem: &Problem) -> Response {
    let status = StatusCode::from_u16(problem.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, problem.json().to_string()).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    match problem.kind {
        Kind::Unauthorized => {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        Kind::Busy => {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
        }
        _ => {}
    }
    response
}
