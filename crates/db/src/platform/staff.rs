//! Staff of the départements: who may log in, and as what.

use chrono::{DateTime, Utc};
use domain::{DepartmentSlug, Role, RoleSet, StaffId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::read::parsed;

use schema::{DbError, Result};

/// A member of one département's staff. One person in two départements is two rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffRow {
    /// Ours.
    pub id: StaffId,
    /// Whose staff.
    pub department: DepartmentSlug,
    /// E-mail by which the person was named.
    pub email: String,
    /// Given and family name.
    pub name: String,
    /// What the person may do.
    pub roles: RoleSet,
    /// Provider and the provider's identifier of the person, once linked.
    pub account: Option<(String, String)>,
    /// When the account was linked.
    pub linked_at: Option<DateTime<Utc>>,
    /// When the person last logged in.
    pub last_login_at: Option<DateTime<Utc>>,
    /// May log in.
    pub active: bool,
}

/// A person named by the département.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewStaff {
    /// The id should the person be new.
    pub id: StaffId,
    /// Whose staff.
    pub department: DepartmentSlug,
    /// E-mail the provider must confirm.
    pub email: String,
    /// Given and family name.
    pub name: String,
    /// Roles given, besides those already held.
    pub roles: RoleSet,
}

/// A person from whom a role was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dismissed {
    /// Who.
    pub id: StaffId,
    /// Still holds another role, and may log in.
    pub active: bool,
}

macro_rules! select_staff {
    ($rest:tt $(, $argument:expr)*) => {
        sqlx::query_as!(
            Record,
            "select id, department_slug, email, name, roles, provider, subject, linked_at, last_login_at, active
             from platform.staff " + $rest
            $(, $argument)*
        )
    };
}

/// Repository of staff.
#[derive(Debug)]
pub struct Staff<'t> {
    pub(crate) tx: &'t mut PgConnection,
}

impl Staff<'_> {
    /// Names a person. One already named (same département and e-mail, whatever the case) gets the new name and the
    /// roles besides their own, and is active again. Tells who, if anything changed.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn name(&mut self, person: &NewStaff) -> Result<Option<StaffId>> {
        let roles: Vec<String> = person.roles.iter().map(|role| role.code().to_owned()).collect();
        let written = sqlx::query_scalar!(
            "insert into platform.staff as s (id, department_slug, email, name, roles)
             values ($1, $2, $3, $4, $5)
             on conflict (department_slug, lower(email)) do update set
                 name = excluded.name,
                 roles = s.roles || (select coalesce(array_agg(r), '{}') from unnest(excluded.roles) r
                                     where r <> all (s.roles)),
                 active = true
             where s.name <> excluded.name or not s.roles @> excluded.roles or not s.active
             returning id",
            person.id.0,
            person.department.as_str(),
            person.email,
            person.name,
            &roles,
        )
        .fetch_optional(&mut *self.tx)
        .await?;
        Ok(written.map(StaffId))
    }

    /// Takes a role from everybody in the département who is not named by one of these e-mails, whatever their case. Who
    /// is left without a role is no longer active. Tells from whom it was taken.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn keep(
        &mut self,
        department: &DepartmentSlug,
        role: Role,
        emails: &[String],
    ) -> Result<Vec<Dismissed>> {
        let rows = sqlx::query!(
            "update platform.staff
             set roles = array_remove(roles, $3),
                 active = active and roles <> array[$3]
             where department_slug = $1 and $3 = any (roles)
               and not exists (select from unnest($2::text[]) kept where lower(kept) = lower(email))
             returning id, active",
            department.as_str(),
            emails,
            role.code(),
        )
        .fetch_all(&mut *self.tx)
        .await?;
        let dismissed = |id, active| Dismissed {
            id: StaffId(id),
            active,
        };
        Ok(rows
            .into_iter()
            .map(|row| dismissed(row.id, row.active))
            .collect())
    }

    /// E-mails of the administrators of a département who may log in, each once.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn administrators(&mut self, department: &DepartmentSlug) -> Result<Vec<String>> {
        let emails = sqlx::query_scalar!(
            "select email from platform.staff
             where department_slug = $1 and active and 'administrator' = any (roles) order by email",
            department.as_str()
        );
        Ok(emails.fetch_all(&mut *self.tx).await?)
    }

    /// The active rows linked to this account: one for each département.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn by_account(&mut self, provider: &str, subject: &str) -> Result<Vec<StaffRow>> {
        let rows = select_staff!(
            "where active and provider = $1 and subject = $2 order by department_slug",
            provider,
            subject
        )
        .fetch_all(&mut *self.tx)
        .await?;
        rows.into_iter().map(StaffRow::try_from).collect()
    }

    /// The active rows named by this e-mail, whatever its case, and not linked to any account yet.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn unlinked(&mut self, email: &str) -> Result<Vec<StaffRow>> {
        let rows = select_staff!(
            "where active and provider is null and lower(email) = lower($1) order by department_slug",
            email
        )
        .fetch_all(&mut *self.tx)
        .await?;
        rows.into_iter().map(StaffRow::try_from).collect()
    }

    /// Every active row named by this e-mail, whatever its case, linked or not.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn by_email(&mut self, email: &str) -> Result<Vec<StaffRow>> {
        let rows = select_staff!(
            "where active and lower(email) = lower($1) order by department_slug",
            email
        )
        .fetch_all(&mut *self.tx)
        .await?;
        rows.into_iter().map(StaffRow::try_from).collect()
    }

    /// Links an account to a person. Tells whether the person was free to be linked.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn link(
        &mut self,
        id: StaffId,
        provider: &str,
        subject: &str,
        at: DateTime<Utc>,
    ) -> Result<bool> {
        let linked = sqlx::query!(
            "update platform.staff set provider = $2, subject = $3, linked_at = $4
             where id = $1 and active and provider is null",
            id.0,
            provider,
            subject,
            at,
        )
        .execute(&mut *self.tx)
        .await?;
        Ok(linked.rows_affected() == 1)
    }

    /// Links another account of the same provider to a person: at ProConnect `sub` changes with the provider behind it.
    /// Tells whether the person was linked to that provider.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn relink(
        &mut self,
        id: StaffId,
        provider: &str,
        subject: &str,
        at: DateTime<Utc>,
    ) -> Result<bool> {
        let linked = sqlx::query!(
            "update platform.staff set subject = $3, linked_at = $4
             where id = $1 and active and provider = $2",
            id.0,
            provider,
            subject,
            at,
        )
        .execute(&mut *self.tx)
        .await?;
        Ok(linked.rows_affected() == 1)
    }

    /// Notes a login.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn seen(&mut self, id: StaffId, at: DateTime<Utc>) -> Result<()> {
        sqlx::query!(
            "update platform.staff set last_login_at = $2 where id = $1",
            id.0,
            at
        )
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    /// The active person of this id.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn by_id(&mut self, id: StaffId) -> Result<Option<StaffRow>> {
        let row = select_staff!("where active and id = $1", id.0)
            .fetch_optional(&mut *self.tx)
            .await?;
        row.map(StaffRow::try_from).transpose()
    }

    /// Everybody named by a département, by e-mail.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn list(&mut self, department: &DepartmentSlug) -> Result<Vec<StaffRow>> {
        let rows = select_staff!(
            "where department_slug = $1 order by lower(email)",
            department.as_str()
        )
        .fetch_all(&mut *self.tx)
        .await?;
        rows.into_iter().map(StaffRow::try_from).collect()
    }
}

struct Record {
    id: Uuid,
    department_slug: String,
    email: String,
    name: String,
    roles: Vec<String>,
    provider: Option<String>,
    subject: Option<String>,
    linked_at: Option<DateTime<Utc>>,
    last_login_at: Option<DateTime<Utc>>,
    active: bool,
}

const TABLE: &str = "platform.staff";

impl TryFrom<Record> for StaffRow {
    type Error = DbError;

    fn try_from(row: Record) -> Result<Self> {
        let roles = row.roles.iter().map(|code| Role::from_code(code));
        let roles: Option<Vec<Role>> = roles.collect();
        Ok(Self {
            id: StaffId(row.id),
            department: parsed(row.department_slug, TABLE)?,
            email: row.email,
            name: row.name,
            roles: RoleSet::new(roles.ok_or(DbError::Unreadable(TABLE))?),
            account: row.provider.zip(row.subject),
            linked_at: row.linked_at,
            last_login_at: row.last_login_at,
            active: row.active,
        })
    }
}
