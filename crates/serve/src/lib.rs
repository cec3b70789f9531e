//! A store over HTTP: JSON under `/api/v1` for programs, a page for people.
//!
//! One commit of the store is held in memory (`snapshot`); when the next one is made, a new snapshot takes its place and
//! every open page is told. Answers are pure functions from a snapshot and a request (`api`); the router and the OpenAPI
//! document are made of one list (`endpoints`). Offsets never leave without the words cut at them (`runs`).

mod api;
mod app;
mod corrections;
pub mod decisions;
mod endpoints;
mod files;
mod http;
mod kept;
mod metrics;
mod news;
mod openapi;
mod ordered;
mod problem;
mod request;
mod runs;
mod search;
mod server;
mod snapshot;
mod sql;
mod stamps;
mod writes;

pub use app::{App, Change, Options};
pub use http::router;
pub use metrics::resident_bytes;
pub use news::{Edition, NEWS_KINDS, News, NewsFilter, Said};
pub use openapi::document as openapi_document;
pub use problem::{Kind, Problem};
pub use server::{Listening, serve};
