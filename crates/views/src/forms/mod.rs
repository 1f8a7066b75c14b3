//! Forms as they come: strings, turned into domain types or into errors at their fields.

mod dates;
mod errors;
mod history;
mod inquiry;
mod journal;
mod reader;
#[cfg(test)]
mod tests;

pub use errors::{FieldError, FieldErrors};
pub use history::{HistoryFilter, ParsedFilter};
pub use inquiry::{InquiryForm, ParsedInquiry};
pub use journal::{JournalFilter, ParsedJournal};
