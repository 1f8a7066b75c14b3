//! What the administrators of a département are told of.

use chrono::{DateTime, Utc};
use domain::{AlertId, AlertKind, Crpcen, InquiryId, NotaryId, OfficeId};
use schema::{DbError, Result};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::read::parsed;

/// An alert: about whom among the notaries, never about a deceased person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertRow {
    /// Ours.
    pub id: AlertId,
    /// What was noticed.
    pub kind: AlertKind,
    /// The notary.
    pub notary: NotaryId,
    /// The notary's office.
    pub office: OfficeId,
    /// Given and family name of the notary.
    pub notary_name: String,
    /// Name of the office.
    pub office_name: String,
    /// Code of the office.
    pub crpcen: Crpcen,
    /// How many inquiries the limit takes.
    pub allowed: u32,
    /// The inquiry left to an officer, if any.
    pub inquiry: Option<InquiryId>,
    /// When.
    pub raised_at: DateTime<Utc>,
    /// Until when the same is not told again.
    pub quiet_until: DateTime<Utc>,
}

const TABLE: &str = "alert";

/// Repository of alerts.
#[derive(Debug)]
pub struct Alerts<'t> {
    pub(crate) tx: &'t mut PgConnection,
}

impl Alerts<'_> {
    /// Raises an alert, unless one of the same kind on the same notary is still quiet; tells whether it was raised.
    /// Callers hold the office (see [`super::lookups::Lookups::hold`]): two at once would both find nothing.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn raise(&mut self, alert: &AlertRow) -> Result<bool> {
        let raised = sqlx::query!(
            "insert into alert (id, kind, notary_id, office_id, notary_name, office_name, office_crpcen, allowed,
                                inquiry_id, raised_at, quiet_until)
             select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11
             where not exists (select from alert where notary_id = $3 and kind = $2 and quiet_until > $10)",
            alert.id.0,
            alert.kind.code(),
            alert.notary.0,
            alert.office.0,
            alert.notary_name,
            alert.office_name,
            alert.crpcen.as_str(),
            i64::from(alert.allowed),
            alert.inquiry.map(|id| id.0),
            alert.raised_at,
            alert.quiet_until,
        )
        .execute(&mut *self.tx)
        .await?;
        Ok(raised.rows_affected() == 1)
    }

    /// The alert of this id.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn by_id(&mut self, id: AlertId) -> Result<Option<AlertRow>> {
        let row = sqlx::query_as!(
            Record,
            "select id, kind, notary_id, office_id, notary_name, office_name, office_crpcen, allowed, inquiry_id,
                    raised_at, quiet_until
             from alert where id = $1",
            id.0
        )
        .fetch_optional(&mut *self.tx)
        .await?;
        row.map(AlertRow::try_from).transpose()
    }

    /// The alerts of which nobody was told yet, oldest first.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn untold(&mut self) -> Result<Vec<AlertId>> {
        let ids = sqlx::query_scalar!(
            "select id from alert where not exists (select from mail where alert_id = alert.id) order by raised_at, id"
        );
        let ids = ids.fetch_all(&mut *self.tx).await?;
        Ok(ids.into_iter().map(AlertId).collect())
    }
}

struct Record {
    id: Uuid,
    kind: String,
    notary_id: Uuid,
    office_id: Uuid,
    notary_name: String,
    office_name: String,
    office_crpcen: String,
    allowed: i64,
    inquiry_id: Option<Uuid>,
    raised_at: DateTime<Utc>,
    quiet_until: DateTime<Utc>,
}

impl TryFrom<Record> for AlertRow {
    type Error = DbError;

    fn try_from(row: Record) -> Result<Self> {
        Ok(Self {
            id: AlertId(row.id),
            kind: AlertKind::from_code(&row.kind).ok_or(DbError::Unreadable(TABLE))?,
            notary: NotaryId(row.notary_id),
            office: OfficeId(row.office_id),
            notary_name: row.notary_name,
            office_name: row.office_name,
            crpcen: parsed(row.office_crpcen, TABLE)?,
            allowed: u32::try_from(row.allowed).map_err(|_| DbError::Unreadable(TABLE))?,
            inquiry: row.inquiry_id.map(InquiryId),
            raised_at: row.raised_at,
            quiet_until: row.quiet_until,
        })
    }
}
