//! The templates, embedded in the program.

/// Name and source of every template.
pub(crate) const TEMPLATES: &[(&str, &str)] = &[];
