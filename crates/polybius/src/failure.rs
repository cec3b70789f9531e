//! What went wrong, in words for the person at the terminal.

use std::error::Error;
use std::fmt::Write;

/// A failure of the whole command: what, why, and the way out.
#[derive(Debug)]
pub struct Failure {
    what: String,
    causes: Vec<String>,
    hint: Option<String>,
}

impl Failure {
    /// A failure without a deeper cause.
    pub fn new(what: String) -> Failure {
        Failure { what, causes: Vec::new(), hint: None }
    }

    /// A failure with the chain of its causes.
    pub fn caused(what: &str, cause: &(dyn Error + 'static)) -> Failure {
        let mut causes = vec![cause.to_string()];
        let mut next = cause.source();
        while let Some(source) = next {
            causes.push(source.to_string());
            next = source.source();
        }
        Failure { what: what.to_string(), causes, hint: None }
    }

    /// Adds the way out.
    pub fn hint(mut self, hint: &str) -> Failure {
        self.hint = Some(hint.to_string());
        self
    }

    /// As it is printed on standard error.
    pub fn message(&self) -> String {
        let mut text = format!("error: {}\n", self.what);
        for cause in &self.causes {
            let _ = writeln!(text, "  cause: {cause}");
        }
        if let Some(hint) = &self.hint {
            let _ = writeln!(text, "  hint: {hint}");
        }
        text
    }
}

impl From<polybius_store::StoreError> for Failure {
    fn from(e: polybius_store::StoreError) -> Failure {
        let failure = Failure::caused("the store cannot be used", &e);
        match e.way_out() {
            Some(way_out) => failure.hint(&way_out),
            None => failure,
        }
    }
}
