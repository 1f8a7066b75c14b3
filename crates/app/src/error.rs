//! What goes wrong without anybody being at fault: a part of the house cannot be reached or misbehaves.

/// A part of the house failed. Shown to people as « service momentanément indisponible », logged once at the boundary.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AppError {
    /// Something in the database is not as it must be.
    #[error("inconsistent data: {0}")]
    Inconsistent(&'static str),
}
