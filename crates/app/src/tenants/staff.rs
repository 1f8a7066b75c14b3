//! Administrators and auditors are those whom `tenant.toml` names, and nobody else.

use chrono::{DateTime, Utc};
use db::{AuditEntry, NewStaff, PlatformTx};
use domain::{Action, Administrator, Role, RoleSet, StaffId};
use serde_json::{Value, json};
use uuid::Uuid;

use super::TenantFolder;
use crate::{App, AppError};

/// Names those of the folder and takes the role from the others. Returns what the audit trail must say of it.
pub(super) async fn apply(
    app: &App,
    tx: &mut PlatformTx,
    folder: &TenantFolder,
    now: DateTime<Utc>,
) -> Result<Vec<AuditEntry>, AppError> {
    let settings = &folder.settings;
    let mut entries = Vec::new();
    for (role, named) in [
        (Role::Administrator, &settings.administrators),
        (Role::Auditor, &settings.auditors),
    ] {
        entries.extend(apply_role(app, tx, folder, role, named, now).await?);
    }
    Ok(entries)
}

async fn apply_role(
    app: &App,
    tx: &mut PlatformTx,
    folder: &TenantFolder,
    role: Role,
    named: &[Administrator],
    now: DateTime<Utc>,
) -> Result<Vec<AuditEntry>, AppError> {
    let (coming, going) = match role {
        Role::Auditor => (Action::AuditorNamed, Action::AuditorRemoved),
        Role::Administrator | Role::Officer => (Action::AdministratorNamed, Action::AdministratorRemoved),
    };
    let emails: Vec<String> = named.iter().map(|person| person.email.clone()).collect();
    let mut entries = Vec::new();
    for dismissed in tx.staff().keep(&folder.slug, role, &emails).await? {
        let details = json!({ "active": dismissed.active });
        entries.push(app.by_operator(going, dismissed.id, details, now));
    }
    for person in named {
        let person = NewStaff {
            id: StaffId(Uuid::now_v7()),
            department: folder.slug.clone(),
            email: person.email.clone(),
            name: person.name.clone(),
            roles: RoleSet::new([role]),
        };
        if let Some(id) = tx.staff().name(&person).await? {
            entries.push(app.by_operator(coming, id, Value::Null, now));
        }
    }
    Ok(entries)
}
