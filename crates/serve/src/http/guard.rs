//! Who may ask: host names, the token, origins; and what every answer tells the browser not to do.

use super::{entry, packed, problem_response};
use crate::app::App;
use crate::problem::{Kind, Problem};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// The cookie with the token.
pub const COOKIE: &str = "polybius_token";

/// Nothing but the page's own files; no plug-ins, frames, forms or base.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Refuses what may not ask, and marks every answer.
pub async fn guard(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let packs = packed::accepted(request.headers());
    let mut response = match admitted(&app, &request) {
        Ok(None) => next.run(request).await,
        Ok(Some(response)) => response,
        Err(problem) => problem_response(&problem),
    };
    mark(&mut response);
    if packs { packed::packed(response).await } else { response }
}

/// `None` where the request goes on; an answer where the guard itself has one.
fn admitted(app: &App, request: &Request) -> Result<Option<Response>, Problem> {
    let headers = request.headers();
    host_known(&app.options.hosts, headers)?;
    same_site(request)?;
    let Some(token) = &app.options.token else { return Ok(None) };
    let at_the_door = request.uri().path() == "/";
    let given = given_in_query(request.uri().query().unwrap_or("")).filter(|_| at_the_door);
    if given.as_ref().is_some_and(|given| same(given, token)) {
        return Ok(Some(signed_in(token)));
    }
    if bearer(headers).is_some_and(|t| same(t, token)) || cookies(headers).any(|t| same(t, token)) {
        return Ok(None);
    }
    if at_the_door && accepts_html(headers) {
        return Ok(Some(entry::page(given.is_some())));
    }
    Err(Problem::new(Kind::Unauthorized, "this server wants its token")
        .hint("open the address that `polybius serve` printed, or send Authorization: Bearer TOKEN"))
}

/// A page of another name that leads to this address (DNS rebinding) is refused.
fn host_known(hosts: &[String], headers: &HeaderMap) -> Result<(), Problem> {
    let host = headers.get(header::HOST).and_then(|v| v.to_str().ok()).unwrap_or("");
    if hosts.is_empty() || hosts.iter().any(|h| h.eq_ignore_ascii_case(name_of(host))) {
        return Ok(());
    }
    Err(Problem::new(Kind::Forbidden, format!("this server is not called `{}`", name_of(host)))
        .hint(format!("open it as {}", hosts.join(" or "))))
}

/// The host without its port.
fn name_of(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) && !name.is_empty() => name,
        _ => host,
    }
}

/// Pages of other sites may lead here, but neither write nor read.
fn same_site(request: &Request) -> Result<(), Problem> {
    let headers = request.headers();
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    let refused = || Err(Problem::new(Kind::Forbidden, "requests of other sites are refused"));
    let writes = !matches!(*request.method(), Method::GET | Method::HEAD);
    if writes && let Some(origin) = headers.get(header::ORIGIN) {
        let host = text("host").unwrap_or("");
        let own = origin
            .to_str()
            .ok()
            .and_then(|o| o.split_once("://"))
            .is_some_and(|(_, h)| h.eq_ignore_ascii_case(host));
        if !own {
            return refused();
        }
    }
    match text("sec-fetch-site") {
        Some("cross-site" | "same-site") if writes || text("sec-fetch-mode") != Some("navigate") => refused(),
        _ => Ok(()),
    }
}

fn accepts_html(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).is_some_and(|v| v.contains("text/html"))
}

fn given_in_query(query: &str) -> Option<String> {
    let uri = format!("/?{query}").parse().ok()?;
    let axum::extract::Query(pairs) =
        axum::extract::Query::<Vec<(String, String)>>::try_from_uri(&uri).ok()?;
    pairs.into_iter().find(|(name, _)| name == "token").map(|(_, value)| value)
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

fn cookies(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let all = headers.get_all(header::COOKIE).into_iter().filter_map(|v| v.to_str().ok());
    all.flat_map(|v| v.split(';')).filter_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('='))
}

/// Compares in a time that does not tell how much was right.
fn same(given: &str, token: &str) -> bool {
    given.len() == token.len() && given.bytes().zip(token.bytes()).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
}

fn signed_in(token: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let headers = response.headers_mut();
    headers.insert(header::LOCATION, HeaderValue::from_static("/"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(cookie) = HeaderValue::from_str(&format!("{COOKIE}={token}; Path=/; HttpOnly; SameSite=Strict"))
    {
        headers.insert(header::SET_COOKIE, cookie);
    }
    response
}

fn mark(response: &mut Response) {
    let headers = response.headers_mut();
    for (name, value) in [
        ("content-security-policy", POLICY),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
    ] {
        // The page that asks for the token has a policy of its own.
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_no_part_of_a_name() {
        assert_eq!(name_of("localhost:7171"), "localhost");
        assert_eq!(name_of("[::1]:7171"), "[::1]");
        assert_eq!(name_of("[::1]"), "[::1]");
        assert_eq!(name_of("evil.example"), "evil.example");
    }

    #[test]
    fn tokens_are_equal_or_not() {
        assert!(same("abc", "abc"));
        assert!(!same("abd", "abc") && !same("ab", "abc") && !same("", "abc"));
    }
}
