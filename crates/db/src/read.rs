//! From what is stored to the words of the trade.

use domain::Outcome;
use schema::{DbError, Result};

/// Says which table holds what cannot be read. The value itself is not told.
pub(crate) fn unreadable<E>(table: &'static str) -> impl Fn(E) -> DbError {
    move |_| DbError::Unreadable(table)
}

/// A value that parses from text.
pub(crate) fn parsed<T: TryFrom<String>>(text: String, table: &'static str) -> Result<T> {
    text.try_into().map_err(unreadable(table))
}

/// A value that may be absent and parses from text.
pub(crate) fn parsed_option<T: TryFrom<String>>(
    text: Option<String>,
    table: &'static str,
) -> Result<Option<T>> {
    text.map(|text| parsed(text, table)).transpose()
}

/// An outcome by its code.
pub(crate) fn outcome(code: &str, table: &'static str) -> Result<Outcome> {
    Outcome::from_code(code).ok_or(DbError::Unreadable(table))
}
