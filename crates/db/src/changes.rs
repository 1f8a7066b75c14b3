//! Changes of départements, heard by every process so that it can empty its caches.

use domain::DepartmentSlug;

use crate::error::Result;

/// What has changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// The settings, register or state of one département.
    Department(DepartmentSlug),
    /// The connection was lost and found again: anything may have changed in between.
    Anything,
}

/// A subscription to changes. It survives a restart of PostgreSQL.
#[derive(Debug)]
pub struct Changes {}

impl Changes {
    /// Waits for the next change. Cancel-safe.
    ///
    /// # Errors
    /// When the connection is lost and cannot be had again; calling once more tries again.
    pub async fn next(&mut self) -> Result<Change> {
        todo!()
    }
}
