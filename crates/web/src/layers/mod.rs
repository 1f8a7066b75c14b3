//! What happens to every request before and after its page.

pub(crate) mod csrf;
pub(crate) mod errors;
pub(crate) mod headers;
pub(crate) mod limits;
pub(crate) mod request;
pub(crate) mod visitors;
