//! The page that asks for the token. It needs no file of the server, for those are shown to nobody without the token.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

const STYLE: &str = ":root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:26rem;margin:18vh auto 0;padding:0 1rem}h1{font:600 1.5rem Georgia,serif;margin:0 0 1rem}label{display:block;margin-bottom:.2rem}input{font:inherit;width:100%;box-sizing:border-box;padding:.4rem .5rem}button{font:inherit;margin-top:.8rem;padding:.35rem 1.1rem}p{margin:.8rem 0}.wrong{font-weight:600}";
/// Allows that style, by its SHA-256, and the form; nothing else.
const POLICY: &str = "default-src 'none'; style-src 'sha256-fhslWQCN9xTkcBrCEhvyAnD2xgSecubBcfViemGBuMs='; \
form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The page; `wrong` where a token was given that is not the server's.
pub fn page(wrong: bool) -> Response {
    let told = match wrong {
        true => "<p class=\"wrong\" role=\"alert\">That is not the token of this server.</p>",
        false => "",
    };
    let body = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>Polybius</title><style>{STYLE}</style></head><body><main><h1>Polybius</h1>{told}\
         <form action=\"/\" method=\"get\"><label for=\"token\">Token of this server</label>\
         <input id=\"token\" name=\"token\" type=\"password\" autocomplete=\"current-password\" required autofocus>\
         <button type=\"submit\">Open</button></form>\
         <p>Whoever started <code>polybius serve</code> has it.</p></main></body></html>\n"
    );
    let mut response = (StatusCode::UNAUTHORIZED, body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    response
}
