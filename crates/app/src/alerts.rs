//! Telling the administrators of a département what was noticed: once for a while, by mail, and in the audit trail.

use chrono::{DateTime, Utc};
use db::jobs::Job;
use db::{Actor, AlertRow, TenantTx};
use domain::{Action, AlertId, AlertKind, InquiryId};
use serde_json::json;
use uuid::Uuid;

use crate::audit::{detailed, entry};
use crate::{AppError, NotaryIdentity};

/// What was noticed of a notary.
pub(crate) struct Noticed {
    pub(crate) kind: AlertKind,
    /// How many inquiries the limit takes.
    pub(crate) allowed: u32,
    /// The inquiry left to an officer, if any.
    pub(crate) inquiry: Option<InquiryId>,
    /// Until when the same is not told again, however often it happens.
    pub(crate) quiet_until: DateTime<Utc>,
}

/// Raises the alert if the same was not raised lately. The caller holds the office: see [`db::Lookups::hold`]. The trail
/// has it as often as the mails do: whoever tries again and again must not fill it.
pub(crate) async fn raise(
    tx: &mut TenantTx,
    about: &NotaryIdentity,
    noticed: &Noticed,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let alert = AlertRow {
        id: AlertId(Uuid::now_v7()),
        kind: noticed.kind,
        notary: about.notary,
        office: about.office,
        notary_name: about.name.clone(),
        office_name: about.office_name.clone(),
        crpcen: about.crpcen.clone(),
        allowed: noticed.allowed,
        inquiry: noticed.inquiry,
        raised_at: now,
        quiet_until: noticed.quiet_until,
    };
    if !tx.alerts().raise(&alert).await? {
        return Ok(());
    }
    let details = json!({ "alert": alert.id, "office": alert.office, "allowed": alert.allowed });
    let object = alert.inquiry.map_or(alert.id.to_string(), |id| id.to_string());
    let noted = entry(Actor::Notary(about.notary), action(alert.kind), object, now);
    tx.audit().record(detailed(noted, details));
    let department = tx.slug().clone();
    let alert = alert.id;
    Ok(tx.enqueue(&Job::TellAlert { department, alert }).await?)
}

fn action(kind: AlertKind) -> Action {
    match kind {
        AlertKind::PlatformHour
        | AlertKind::PlatformDay
        | AlertKind::DepartmentHour
        | AlertKind::DepartmentDay => Action::LimitReached,
        AlertKind::SeriesExamined => Action::SeriesExamined,
        AlertKind::SeriesRefused => Action::SeriesRefused,
    }
}
