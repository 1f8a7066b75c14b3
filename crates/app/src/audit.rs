//! Entries of the audit trail: who did what to which thing and why, and nothing of its contents.

use chrono::{DateTime, Utc};
use db::{Actor, AuditEntry, DbError};
use domain::{Action, DepartmentSlug, Purpose, Role, RoleSet, StaffId};
use serde_json::{Value, json};

use crate::{App, AppError};

/// An entry without details.
pub(crate) fn entry(actor: Actor, action: Action, object: impl ToString, at: DateTime<Utc>) -> AuditEntry {
    AuditEntry {
        actor,
        role: actor.kind().code().to_owned(),
        action,
        object: Some(object.to_string()),
        purpose: action.purpose(),
        at,
        details: Value::Null,
    }
}

/// An entry by a member of staff, under the roles the person held at that moment.
pub(crate) fn by_staff(
    staff: StaffId,
    roles: &RoleSet,
    action: Action,
    object: impl ToString,
    at: DateTime<Utc>,
) -> AuditEntry {
    let codes: Vec<&str> = roles.iter().map(Role::code).collect();
    let by = entry(Actor::Staff(staff), action, object, at);
    // What a notary does for an estate, the département's staff does to handle the inquiry.
    let purpose = match by.purpose {
        Purpose::Estate => Purpose::Casework,
        other => other,
    };
    AuditEntry {
        role: codes.join(" "),
        purpose,
        ..by
    }
}

/// An entry with details; no personal data in them.
pub(crate) fn detailed(entry: AuditEntry, details: Value) -> AuditEntry {
    AuditEntry { details, ..entry }
}

/// Somebody whom we do not know as anybody was kept out.
pub(crate) fn refusal(object: impl ToString, provider: &str, reason: &str, at: DateTime<Utc>) -> AuditEntry {
    let refused = entry(Actor::Public, Action::LoginRefused, object, at);
    detailed(refused, json!({ "provider": provider, "reason": reason }))
}

impl App {
    /// An entry by whoever runs this program's command.
    pub(crate) fn by_operator(
        &self,
        action: Action,
        object: impl ToString,
        details: Value,
        at: DateTime<Utc>,
    ) -> AuditEntry {
        let operator = &self.inner.settings.operator;
        detailed(entry(Actor::Operator, action, object, at), operator.sign(details))
    }

    /// Writes an entry alone, in a département's trail.
    pub(crate) async fn note(&self, slug: &DepartmentSlug, entry: AuditEntry) -> Result<(), AppError> {
        let mut tx = self.db().tenant(slug).await?;
        tx.audit().record(entry);
        Ok(tx.save().await?)
    }

    /// Writes an entry alone, in the trail of what belongs to no département.
    pub(crate) async fn note_on_platform(&self, entry: AuditEntry) -> Result<(), AppError> {
        let mut tx = self.db().platform().await?;
        tx.audit().record(entry);
        Ok(tx.save().await?)
    }

    /// Writes an entry alone, in a département's trail; in the platform's while that one cannot be written.
    pub(crate) async fn note_anyway(&self, slug: &DepartmentSlug, entry: AuditEntry) -> Result<(), AppError> {
        match self.db().tenant(slug).await {
            Ok(mut tx) => {
                tx.audit().record(entry);
                Ok(tx.save().await?)
            }
            Err(DbError::TenantUnavailable(_)) => self.note_on_platform(entry).await,
            Err(error) => Err(error.into()),
        }
    }

    /// Records that somebody came back from a provider and was not let in. `reason` is a code.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn login_refused(
        &self,
        provider: &str,
        reason: &str,
        now: DateTime<Utc>,
    ) -> Result<(), AppError> {
        self.note_on_platform(refusal(provider, provider, reason, now))
            .await
    }
}
