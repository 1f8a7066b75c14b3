//! Entries of the audit trail: who did what to which thing, and nothing of its contents.

use chrono::{DateTime, Utc};
use db::{Actor, AuditEntry};
use domain::{Role, RoleSet, StaffId};
use serde_json::Value;

/// An entry without details.
pub(crate) fn entry(actor: Actor, action: &str, object: impl ToString, at: DateTime<Utc>) -> AuditEntry {
    let role = match actor {
        Actor::Notary(_) => "notary",
        Actor::Staff(_) => "staff",
        Actor::Operator => "operator",
        Actor::System => "system",
        Actor::Public => "public",
    };
    AuditEntry {
        actor,
        role: role.to_owned(),
        action: action.to_owned(),
        object: Some(object.to_string()),
        at,
        details: Value::Null,
    }
}

/// An entry by a member of staff, under the roles the person held at that moment.
pub(crate) fn by_staff(
    staff: StaffId,
    roles: &RoleSet,
    action: &str,
    object: impl ToString,
    at: DateTime<Utc>,
) -> AuditEntry {
    let codes: Vec<&str> = roles.iter().map(Role::code).collect();
    AuditEntry {
        role: codes.join(" "),
        ..entry(Actor::Staff(staff), action, object, at)
    }
}

/// An entry with details; no personal data in them.
pub(crate) fn detailed(entry: AuditEntry, details: Value) -> AuditEntry {
    AuditEntry { details, ..entry }
}
