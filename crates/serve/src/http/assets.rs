//! The page: files that are part of the program.

use super::{known, not_modified, problem_response, tag};
use crate::problem::{Kind, Problem};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use include_dir::{Dir, File, include_dir};
use polybius_text::stable_hash;

static ASSETS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/assets");

/// What a file is, by its ending.
const TYPES: [(&str, &str); 12] = [
    ("html", "text/html; charset=utf-8"),
    ("js", "text/javascript; charset=utf-8"),
    ("css", "text/css; charset=utf-8"),
    ("json", "application/json"),
    ("svg", "image/svg+xml"),
    ("png", "image/png"),
    ("ico", "image/x-icon"),
    ("woff2", "font/woff2"),
    ("webmanifest", "application/manifest+json"),
    ("wasm", "application/wasm"),
    ("txt", "text/plain; charset=utf-8"),
    ("map", "application/json"),
];

/// A file of the page; `/` is `index.html`. Nothing but embedded files can be reached.
pub async fn asset(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    let path = if path.is_empty() { "index.html" } else { path };
    if path.starts_with("api/") {
        let problem = Problem::missing("endpoint", uri.path()).hint("/api/v1/openapi.json lists them");
        return problem_response(&problem);
    }
    if !matches!(method, Method::GET | Method::HEAD) {
        return problem_response(&Problem::new(Kind::MethodNotAllowed, "that cannot be done here"));
    }
    match ASSETS.get_file(path) {
        Some(file) => sent(file, path, &headers),
        None => problem_response(&Problem::missing("file", path)),
    }
}

fn sent(file: &'static File<'static>, path: &str, headers: &HeaderMap) -> Response {
    let etag = format!("\"{:x}\"", stable_hash(&[&String::from_utf8_lossy(file.contents())]));
    if known(headers, &etag) {
        return not_modified(&etag);
    }
    let mut response = (StatusCode::OK, file.contents()).into_response();
    tag(&mut response, &etag);
    let ending = path.rsplit('.').next().unwrap_or("");
    let content_type = TYPES.iter().find(|t| t.0 == ending).map_or("application/octet-stream", |t| t.1);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    // Files under `assets/` carry a hash of their content in their names.
    if path.starts_with("assets/") {
        let forever = HeaderValue::from_static("public, max-age=31536000, immutable");
        response.headers_mut().insert(header::CACHE_CONTROL, forever);
    }
    response
}
