//! What can go wrong with an object, and whether to try again.

/// An object could not be stored or read.
#[derive(Debug, thiserror::Error)]
pub enum ObjectError {
    /// The store does not answer, or asks to come back later. Try again.
    #[error("the object store is unavailable: {0}")]
    Unavailable(String),
    /// No such object.
    #[error("no such object")]
    NotFound,
    /// The object is not what was stored: altered, cut, or moved from elsewhere.
    #[error("the object is corrupt")]
    Corrupt,
    /// The object was encrypted with another data key than the one given.
    #[error("the object was encrypted with another key")]
    WrongKey,
    /// The store refuses: credentials or rights.
    #[error("the object store refuses: {0}")]
    Denied(String),
    /// The settings cannot be used.
    #[error("the storage settings cannot be used: {0}")]
    Settings(String),
    /// The store answered something else.
    #[error("the object store failed: {0}")]
    Other(String),
}

impl ObjectError {
    /// Whether the same call may succeed later.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Unavailable(_))
    }
}
