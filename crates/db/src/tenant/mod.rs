//! What belongs to one département: one repository a file, tables unqualified.

pub(crate) mod alerts;
pub(crate) mod decisions;
pub(crate) mod index;
pub(crate) mod indexing;
pub(crate) mod inquiries;
pub(crate) mod keys;
pub(crate) mod letters;
pub(crate) mod lookups;
pub(crate) mod mails;
pub(crate) mod register;
pub(crate) mod settings;
