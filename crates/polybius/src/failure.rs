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

    /// The failure that an error tells, with the chain of its causes.
    pub fn of(error: &(dyn Error + 'static)) -> Failure {
        match error.source() {
            Some(cause) => Failure::caused(&error.to_string(), cause),
            None => Failure::new(error.to_string()),
        }
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

    /// A failure whose cause another program told: its `error:` and `hint:` lines become cause and way out.
    pub fn told(what: &str, words: &str) -> Failure {
        let mut failure = Failure::new(what.to_string());
        for line in words.lines().map(str::trim).filter(|l| !l.is_empty()) {
            match line.strip_prefix("hint: ") {
                Some(hint) => failure.hint = Some(hint.to_string()),
                None => failure.causes.push(line.strip_prefix("error: ").unwrap_or(line).to_string()),
            }
        }
        failure
    }

    /// Adds what else is to be known.
    pub fn also(mut self, cause: String) -> Failure {
        self.causes.push(cause);
        self
    }

    /// Adds the way out.
    pub fn hint(mut self, hint: &str) -> Failure {
        self.hint = Some(hint.to_string());
        self
    }

    /// Without the way out, for whoever builds a message of its own from it.
    pub fn in_one_line(&self) -> String {
        std::iter::once(&self.what).chain(&self.causes).cloned().collect::<Vec<_>>().join(": ")
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
