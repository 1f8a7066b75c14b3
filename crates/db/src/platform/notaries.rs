//! Notaries and their collaborators.

use chrono::{DateTime, Utc};
use domain::{NotaryId, OfficeId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::offices::OfficeRow;
use crate::read::parsed;
use schema::{DbError, Result};

/// A notary who has logged in at least once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotaryRow {
    /// Ours.
    pub id: NotaryId,
    /// Provider that vouches for the person.
    pub provider: String,
    /// The provider's identifier of the person.
    pub subject: String,
    /// Given and family name.
    pub name: String,
    /// E-mail.
    pub email: String,
    /// The office of the last login.
    pub office: OfficeRow,
    /// When the person last logged in.
    pub last_login_at: DateTime<Utc>,
}

/// A notary as a login tells of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotaryLogin {
    /// The id should the person be new.
    pub id: NotaryId,
    /// Provider.
    pub provider: String,
    /// The provider's identifier of the person.
    pub subject: String,
    /// Given and family name.
    pub name: String,
    /// E-mail.
    pub email: String,
    /// The office.
    pub office: OfficeId,
    /// When.
    pub at: DateTime<Utc>,
}

const TABLE: &str = "platform.notary";

/// Repository of notaries.
#[derive(Debug)]
pub struct Notaries<'t> {
    pub(crate) tx: &'t mut PgConnection,
}

impl Notaries<'_> {
    /// The notary of this provider and subject, created or brought up to date.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn login(&mut self, login: &NotaryLogin) -> Result<NotaryRow> {
        let id = sqlx::query_scalar!(
            "insert into platform.notary
                 (id, provider, subject, name, email, office_id, first_login_at, last_login_at)
             values ($1, $2, $3, $4, $5, $6, $7, $7)
             on conflict (provider, subject) do update set
                 name = excluded.name,
                 email = excluded.email,
                 office_id = excluded.office_id,
                 last_login_at = excluded.last_login_at
             returning id",
            login.id.0,
            login.provider,
            login.subject,
            login.name,
            login.email,
            login.office.0,
            login.at,
        )
        .fetch_one(&mut *self.tx)
        .await?;
        self.by_id(NotaryId(id)).await?.ok_or(DbError::Unreadable(TABLE))
    }

    /// What these notaries are called today.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn names(&mut self, ids: &[NotaryId]) -> Result<Vec<(NotaryId, String)>> {
        let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
        let rows = sqlx::query!("select id, name from platform.notary where id = any ($1)", &ids)
            .fetch_all(&mut *self.tx)
            .await?;
        Ok(rows.into_iter().map(|row| (NotaryId(row.id), row.name)).collect())
    }

    /// The notary of this id.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn by_id(&mut self, id: NotaryId) -> Result<Option<NotaryRow>> {
        Ok(self.with_terms(id, "").await?.map(|(row, _)| row))
    }

    /// The notary of this id, and whether this version of the terms of use was accepted.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn with_terms(&mut self, id: NotaryId, terms: &str) -> Result<Option<(NotaryRow, bool)>> {
        let row = sqlx::query!(
            r#"select n.id, n.provider, n.subject, n.name, n.email, n.last_login_at,
                      o.id as office_id, o.crpcen, o.name as office_name, o.address,
                      exists (select from platform.terms_acceptance t where t.notary_id = n.id and t.version = $2)
                          as "accepted!"
               from platform.notary n join platform.office o on o.id = n.office_id
               where n.id = $1"#,
            id.0,
            terms,
        )
        .fetch_optional(&mut *self.tx)
        .await?;
        row.map(|row| {
            let notary = NotaryRow {
                id: NotaryId(row.id),
                provider: row.provider,
                subject: row.subject,
                name: row.name,
                email: row.email,
                office: OfficeRow {
                    id: OfficeId(row.office_id),
                    crpcen: parsed(row.crpcen, TABLE)?,
                    name: row.office_name,
                    address: row.address,
                },
                last_login_at: row.last_login_at,
            };
            Ok((notary, row.accepted))
        })
        .transpose()
    }
}
