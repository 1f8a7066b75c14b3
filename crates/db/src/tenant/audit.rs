//! The audit trail. PostgreSQL lets the application add to it and read it, nothing else.

use chrono::{DateTime, Utc};
use domain::{NotaryId, StaffId};
use schema::{DbError, Result};
use sqlx::PgConnection;
use uuid::Uuid;

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

impl Actor {
    /// As stored: a code, and an id for those who have one.
    fn columns(self) -> (&'static str, Option<Uuid>) {
        match self {
            Self::Notary(id) => ("notary", Some(id.0)),
            Self::Staff(id) => ("staff", Some(id.0)),
            Self::Operator => ("operator", None),
            Self::System => ("system", None),
            Self::Public => ("public", None),
        }
    }

    fn from_columns(code: &str, id: Option<Uuid>) -> Option<Self> {
        match (code, id) {
            ("notary", Some(id)) => Some(Self::Notary(NotaryId(id))),
            ("staff", Some(id)) => Some(Self::Staff(StaffId(id))),
            ("operator", None) => Some(Self::Operator),
            ("system", None) => Some(Self::System),
            ("public", None) => Some(Self::Public),
            _ => None,
        }
    }
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

macro_rules! select_audit {
    ($rest:tt $(, $argument:expr)*) => {
        sqlx::query_as!(
            Record,
            "select number, at, actor, actor_id, role, action, object, details from audit " + $rest
            $(, $argument)*
        )
    };
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
        let (actor, actor_id) = entry.actor.columns();
        sqlx::query!(
            "insert into audit (at, actor, actor_id, role, action, object, details)
             values ($1, $2, $3, $4, $5, $6, $7)",
            entry.at,
            actor,
            actor_id,
            entry.role,
            entry.action,
            entry.object,
            entry.details,
        )
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    /// The last entries, newest first, before this position if one is given.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn recent(&mut self, before: Option<i64>, limit: u32) -> Result<Vec<AuditRow>> {
        let rows = select_audit!(
            "where $1::bigint is null or number < $1 order by number desc limit $2",
            before,
            i64::from(limit)
        )
        .fetch_all(&mut *self.tx)
        .await?;
        rows.into_iter().map(AuditRow::try_from).collect()
    }

    /// The entries on one object, oldest first.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn of(&mut self, object: &str) -> Result<Vec<AuditRow>> {
        let rows = select_audit!("where object = $1 order by number", object)
            .fetch_all(&mut *self.tx)
            .await?;
        rows.into_iter().map(AuditRow::try_from).collect()
    }
}

struct Record {
    number: i64,
    at: DateTime<Utc>,
    actor: String,
    actor_id: Option<Uuid>,
    role: String,
    action: String,
    object: Option<String>,
    details: serde_json::Value,
}

impl TryFrom<Record> for AuditRow {
    type Error = DbError;

    fn try_from(row: Record) -> Result<Self> {
        Ok(Self {
            number: row.number,
            entry: AuditEntry {
                actor: Actor::from_columns(&row.actor, row.actor_id).ok_or(DbError::Unreadable("audit"))?,
                role: row.role,
                action: row.action,
                object: row.object,
                at: row.at,
                details: row.details,
            },
        })
    }
}
