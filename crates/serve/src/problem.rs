//! What went wrong, as RFC 9457 says it.

use polybius_store::StoreError;
use serde_json::{Value, json};
use std::error::Error;

/// The closed list of what can go wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Kind {
    BadRequest,
    Unauthorized,
    Forbidden,
    NotFound,
    MethodNotAllowed,
    Conflict,
    StaleCursor,
    TooLarge,
    UnsupportedMedia,
    QueryFailed,
    Internal,
    EngineMissing,
    Busy,
    Timeout,
    StoreUnusable,
}

impl Kind {
    /// The word in `type`, and the status.
    pub fn word_and_status(self) -> (&'static str, u16) {
        match self {
            Kind::BadRequest => ("bad-request", 400),
            Kind::Unauthorized => ("unauthorized", 401),
            Kind::Forbidden => ("forbidden", 403),
            Kind::NotFound => ("not-found", 404),
            Kind::MethodNotAllowed => ("method-not-allowed", 405),
            Kind::Conflict => ("conflict", 409),
            Kind::StaleCursor => ("stale-cursor", 410),
            Kind::TooLarge => ("too-large", 413),
            Kind::UnsupportedMedia => ("unsupported-media-type", 415),
            Kind::QueryFailed => ("query-failed", 422),
            Kind::Internal => ("internal", 500),
            Kind::EngineMissing => ("engine-missing", 424),
            Kind::Busy => ("busy", 503),
            Kind::Timeout => ("timeout", 504),
            Kind::StoreUnusable => ("store-unusable", 503),
        }
    }
}

/// A failure with the way out.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Problem {
    pub kind: Kind,
    pub title: String,
    pub detail: String,
    pub hint: String,
}

impl Problem {
    /// A problem of a kind.
    pub fn new(kind: Kind, title: impl Into<String>) -> Problem {
        Problem { kind, title: title.into(), detail: String::new(), hint: String::new() }
    }

    /// A request that cannot be understood.
    pub fn bad(title: impl Into<String>) -> Problem {
        Problem::new(Kind::BadRequest, title)
    }

    /// Something that is not there.
    pub fn missing(what: &str, key: &str) -> Problem {
        Problem::new(Kind::NotFound, format!("there is no {what} `{key}`"))
    }

    /// Adds what exactly happened.
    pub fn detail(mut self, detail: impl Into<String>) -> Problem {
        self.detail = detail.into();
        self
    }

    /// Adds the way out.
    pub fn hint(mut self, hint: impl Into<String>) -> Problem {
        self.hint = hint.into();
        self
    }

    /// Adds the chain of causes.
    pub fn caused(self, cause: &(dyn Error + 'static)) -> Problem {
        let mut causes = vec![cause.to_string()];
        let mut next = cause.source();
        while let Some(source) = next {
            causes.push(source.to_string());
            next = source.source();
        }
        self.detail(causes.join(": "))
    }

    /// The status of the answer.
    pub fn status(&self) -> u16 {
        self.kind.word_and_status().1
    }

    /// The body of the answer.
    pub fn json(&self) -> Value {
        let (word, status) = self.kind.word_and_status();
        json!({
            "type": format!("/problems/{word}"), "title": self.title, "status": status, "detail": self.detail,
            "hint": self.hint,
        })
    }
}

impl From<StoreError> for Problem {
    fn from(e: StoreError) -> Problem {
        let hint = match e {
            StoreError::Missing { .. } => "make one with `polybius run PAGES --store DIR`",
            StoreError::Newer { .. } => "use the program that wrote it, or a newer one",
            _ => "`polybius check` lists all that is wrong with it",
        };
        Problem::new(Kind::StoreUnusable, "the store cannot be used").caused(&e).hint(hint)
    }
}
