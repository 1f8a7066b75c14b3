//! The audit trail. PostgreSQL lets the application add to it and read it, nothing else.

use chrono::{DateTime, Utc};
use domain::{NotaryId, StaffId};
use sqlx::PgConnection;

use crate::error::Result;

/// Who did it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// A notary.
    Notary(NotaryId),
    /// A member of the département's staff.
    Staff(StaffId),
    /// The operator of the platform, by a command.
    Operator,
    /// The program by itself: a job.
    System,
    /// Somebody not logged in.
    Public,
}

/// An entry to be added.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditEntry {
    /// Who.
    pub actor: Actor,
    /// In which role: `notary`, `administrator`, `system`.
    pub role: String,
    /// What: `inquiry.decided`, `letter.downloaded`.
    pub action: String,
    /// On what: the id of the inquiry, letter, register version.
    pub object: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
    /// What else is to be known; `null` for nothing.
    pub details: serde_json::Value,
}

/// An entry of the trail.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditRow {
    /// Position in the trail.
    pub number: i64,
    /// The entry.
    pub entry: AuditEntry,
}

/// Repository of the audit trail.
#[derive(Debug)]
pub struct Audit<'t> {
    pub(crate) tx: &'t mut PgConnection,
}

impl Audit<'_> {
    /// Adds an entry.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn record(&mut self, entry: &AuditEntry) -> Result<()> {
        let _ = entry;
        todo!()
    }

    /// The last entries, newest first, before this position if one is given.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn recent(&mut self, before: Option<i64>, limit: u32) -> Result<Vec<AuditRow>> {
        let _ = (before, limit);
        todo!()
    }

    /// The entries on one object, oldest first.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn of(&mut self, object: &str) -> Result<Vec<AuditRow>> {
        let _ = object;
        todo!()
    }
}
