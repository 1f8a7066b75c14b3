//! Reading `tenant.toml` with the line and column of what is wrong.

use super::TenantSettings;

/// `tenant.toml` cannot be taken. The caller knows the file's name; this says where in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {message}")]
pub struct SettingsError {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// What is wrong and what is allowed, in English.
    pub message: String,
}

impl TenantSettings {
    /// Reads the text of a `tenant.toml`.
    ///
    /// # Errors
    /// For the first thing wrong in it: syntax, an unknown or missing key, a value that cannot be.
    pub fn from_toml(text: &str) -> Result<Self, SettingsError> {
        toml::from_str(text).map_err(|error| {
            let start = error.span().map_or(0, |span| span.start);
            let before = text.get(..start).unwrap_or(text);
            let line_start = before.rfind('\n').map_or(0, |end| end + 1);
            SettingsError {
                line: before.matches('\n').count() + 1,
                column: before[line_start..].chars().count() + 1,
                message: error.message().trim_end().to_owned(),
            }
        })
    }
}
