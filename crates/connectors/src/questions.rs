//! `tenants/<slug>/demo.toml`: decedents to ask a shipped register about, one for each outcome it can give.

use domain::{Decedent, Outcome};
use serde::Deserialize;

/// A decedent to ask about, and what the département must answer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// What it shows, in English.
    pub title: String,
    /// The outcome that must come.
    pub expect: Outcome,
    /// About whom.
    pub decedent: Decedent,
}

/// The questions of a `demo.toml`.
///
/// # Errors
/// When the text is not such a file.
pub fn parse(text: &str) -> Result<Vec<Question>, toml::de::Error> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct File {
        question: Vec<Question>,
    }
    toml::from_str::<File>(text).map(|file| file.question)
}
