//! What an analysis depends on, so that programs on several machines can tell whether they give the same.

use serde::{Deserialize, Serialize};

/// Everything besides its page that an analysis depends on, each part as a hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Build {
    /// The code of all stages of one document.
    pub program: String,
    /// The weights of the reader.
    pub model: String,
    /// Codebook, tables and word lists.
    pub data: String,
    /// The base of actors; empty where there is none.
    pub base: String,
}

impl Build {
    /// The parts that differ between two builds, in words; `None` where they give the same analyses.
    pub fn difference(&self, other: &Build) -> Option<String> {
        let parts = [
            ("program", &self.program, &other.program),
            ("model", &self.model, &other.model),
            ("data", &self.data, &other.data),
            ("base", &self.base, &other.base),
        ];
        let differing: Vec<&str> = parts.iter().filter(|(_, a, b)| a != b).map(|(name, ..)| *name).collect();
        (!differing.is_empty()).then(|| differing.join(", "))
    }
}

/// The hash of the code, made when it was built (`build.rs` beside `src`).
pub fn program_hash() -> &'static str {
    env!("POLYBIUS_PROGRAM")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_build_says_what_it_does_not_share_with_another() {
        let build = |model: &str, base: &str| Build {
            program: program_hash().to_string(),
            model: model.to_string(),
            data: "d".to_string(),
            base: base.to_string(),
        };
        assert_eq!(build("m", "").difference(&build("m", "")), None);
        assert_eq!(build("m", "").difference(&build("n", "b")), Some("model, base".to_string()));
    }
}
