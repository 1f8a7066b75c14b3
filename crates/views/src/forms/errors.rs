//! What is wrong with a form, field by field.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use crate::typography;

/// One thing to mend.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// Name and `id` of the field.
    pub field: &'static str,
    /// What to do, in French.
    pub message: String,
}

/// Everything to mend, in the order of the form. Templates read it as `{ list, by_field }`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldErrors(Vec<FieldError>);

impl FieldErrors {
    /// No error yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an error; the message is set as French typography wants it.
    pub fn push(&mut self, field: &'static str, message: impl AsRef<str>) {
        self.0.push(FieldError {
            field,
            message: typography::set(message.as_ref()).into_owned(),
        });
    }

    /// Puts the errors in the order of the fields of the form.
    pub(super) fn sort_by_field(&mut self, order: &[&str]) {
        self.0
            .sort_by_key(|error| order.iter().position(|field| *field == error.field));
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The first message of a field.
    pub fn get(&self, field: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|error| error.field == field)
            .map(|error| error.message.as_str())
    }

    /// Every error, in order.
    pub fn iter(&self) -> impl Iterator<Item = &FieldError> {
        self.0.iter()
    }
}

impl Serialize for FieldErrors {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Form<'a> {
            list: &'a [FieldError],
            by_field: BTreeMap<&'a str, &'a str>,
        }
        // The first message of a field stands at the field.
        let by_field = self
            .0
            .iter()
            .rev()
            .map(|e| (e.field, e.message.as_str()))
            .collect();
        Form {
            list: &self.0,
            by_field,
        }
        .serialize(serializer)
    }
}
