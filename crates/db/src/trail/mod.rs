//! The audit trail: one for each département, one for what belongs to none. PostgreSQL lets the application add to it
//! and read it, nothing else, and chains the entries (`migrations/*/*_audit_chain.sql`).
//!
//! Entries are told to the transaction as they happen and written by its `save()`, all at once and last: a trail is
//! written by one transaction at a time, so its lock must be held as shortly as can be.
//!
//! Nothing is ever deleted from a trail yet. Where old entries are to go (three years by default), the chain survives
//! it with a checkpoint: a row that keeps number and fingerprint of the last entry deleted, from which [`Verifier`]
//! would set out instead of the beginning.

mod chain;
mod repository;
mod verify;

use chrono::{DateTime, Utc};
use domain::{Action, ActorKind, NotaryId, Purpose, StaffId};
use uuid::Uuid;

pub use chain::Fingerprint;
pub use repository::{Audit, PlatformAudit};
pub use verify::{Finding, Verification, Verifier};

pub(crate) use repository::Pending;

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
    /// What kind of person or thing.
    pub fn kind(self) -> ActorKind {
        match self {
            Self::Notary(_) => ActorKind::Notary,
            Self::Staff(_) => ActorKind::Staff,
            Self::Operator => ActorKind::Operator,
            Self::System => ActorKind::System,
            Self::Public => ActorKind::Public,
        }
    }

    /// The id of those who have one.
    pub fn id(self) -> Option<Uuid> {
        match self {
            Self::Notary(NotaryId(id)) | Self::Staff(StaffId(id)) => Some(id),
            Self::Operator | Self::System | Self::Public => None,
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
    /// What.
    pub action: Action,
    /// On what: the id of the inquiry, letter, register version.
    pub object: Option<String>,
    /// Why.
    pub purpose: Purpose,
    /// When.
    pub at: DateTime<Utc>,
    /// What else is to be known; `null` for nothing. Never who the deceased is.
    pub details: serde_json::Value,
}

/// An entry of the trail, as it stands there: what another version wrote is shown as well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrailRow {
    /// Position in the trail, from 1, without gaps.
    pub number: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// Code of an [`ActorKind`].
    pub actor: String,
    /// Id of the notary or the member of staff.
    pub actor_id: Option<Uuid>,
    /// In which role.
    pub role: String,
    /// Code of an [`Action`].
    pub action: String,
    /// On what.
    pub object: Option<String>,
    /// Code of a [`Purpose`]; none on entries from before purposes were recorded.
    pub purpose: Option<String>,
    /// JSON, exactly as PostgreSQL writes it: the fingerprint is taken of this text.
    pub details: String,
    /// Fingerprint of the entry before; of the trail's name, for the first.
    pub previous: Fingerprint,
    /// Fingerprint of this entry.
    pub hash: Fingerprint,
}

/// Where a trail ends: worth noting elsewhere, for [`Verifier`] to hold the trail against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrailHead {
    /// Number of the last entry, 0 when there is none.
    pub number: i64,
    /// Its fingerprint.
    pub hash: Fingerprint,
}

/// Which entries. Nothing said finds all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrailFilter {
    /// Not before.
    pub from: Option<DateTime<Utc>>,
    /// Before.
    pub until: Option<DateTime<Utc>>,
    /// One action only.
    pub action: Option<Action>,
    /// One kind of actor only.
    pub actor: Option<ActorKind>,
    /// One notary or member of staff only.
    pub actor_id: Option<Uuid>,
    /// One object only.
    pub object: Option<String>,
}

/// Between which numbers; both ends are left out themselves.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Between {
    /// Above this number.
    pub after: Option<i64>,
    /// Below this number.
    pub before: Option<i64>,
}
