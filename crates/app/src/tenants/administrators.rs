//! Administrators are those whom `tenant.toml` names, and nobody else.

use chrono::{DateTime, Utc};
use db::{Actor, AuditEntry, NewStaff, PlatformTx};
use domain::{Role, RoleSet, StaffId};
use serde_json::json;
use uuid::Uuid;

use super::TenantFolder;
use crate::AppError;
use crate::audit::{detailed, entry};

/// Names those of the folder and takes the role from the others. Returns what the audit trail must say of it.
pub(super) async fn apply(
    tx: &mut PlatformTx,
    folder: &TenantFolder,
    now: DateTime<Utc>,
) -> Result<Vec<AuditEntry>, AppError> {
    let named = &folder.settings.administrators;
    let emails: Vec<String> = named.iter().map(|person| person.email.clone()).collect();
    let mut entries = Vec::new();
    for dismissed in tx.staff().keep_administrators(&folder.slug, &emails).await? {
        let removed = entry(Actor::Operator, "staff.administrator_removed", dismissed.id, now);
        entries.push(detailed(removed, json!({ "active": dismissed.active })));
    }
    for administrator in named {
        let person = NewStaff {
            id: StaffId(Uuid::now_v7()),
            department: folder.slug.clone(),
            email: administrator.email.clone(),
            name: administrator.name.clone(),
            roles: RoleSet::new([Role::Administrator]),
        };
        if let Some(id) = tx.staff().name(&person).await? {
            entries.push(entry(Actor::Operator, "staff.administrator_named", id, now));
        }
    }
    Ok(entries)
}
