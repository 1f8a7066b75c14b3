//! The only door to a département's data.

use domain::{DepartmentSlug, OfficeId};
use schema::{DbError, Result, names};
use sqlx::{Postgres, Transaction};

use crate::changes::announce;
use crate::commit::{commit, commit_last};
use crate::jobs::Job;
use crate::tenant::alerts::Alerts;
use crate::tenant::decisions::Decisions;
use crate::tenant::index::TenantIndex;
use crate::tenant::indexing::Indexing;
use crate::tenant::inquiries::Inquiries;
use crate::tenant::keys::Keys;
use crate::tenant::letters::Letters;
use crate::tenant::lookups::{self, Lookups};
use crate::tenant::mails::Mails;
use crate::tenant::register::Register;
use crate::tenant::settings::Settings;
use crate::trail::{Audit, Pending};

/// A transaction in one département's schema and role. Dropped without [`TenantTx::save`], it never was.
#[derive(Debug)]
pub struct TenantTx {
    pub(crate) tx: Transaction<'static, Postgres>,
    pub(crate) slug: DepartmentSlug,
    pending: Pending,
}

impl TenantTx {
    /// Assumes the département's role and schema until the transaction ends, and makes sure it landed there. Takes an
    /// office for as long: see [`Lookups::hold`].
    pub(crate) async fn open(
        mut tx: Transaction<'static, Postgres>,
        slug: &DepartmentSlug,
        hold: Option<OfficeId>,
    ) -> Result<Self> {
        let (role, schema) = (names::role(slug), names::schema(slug));
        // `set_config(…, true)` is `set local`: it ends with the transaction, however that ends. pg_temp is named so that
        // it is searched last, not first.
        let landed = sqlx::query!(
            r#"select set_config('role', $1, true) as assumed, set_config('search_path', $2, true) as path,
                      current_user::text as "user!", current_schema()::text as schema,
                      case when $3::text is not null then pg_advisory_xact_lock(hashtextextended($3, 0)) end is null
                          as free"#,
            role,
            format!("{schema}, pg_temp"),
            hold.map(|office| lookups::lock(slug, office)),
        )
        .fetch_one(&mut *tx)
        .await
        .map_err(|error| refused(error.into(), slug))?;
        // The role may not use its schema: the département is suspended.
        if landed
            .schema
            .as_deref()
            .is_none_or(|schema| schema.starts_with("pg_temp"))
        {
            return Err(DbError::TenantUnavailable(slug.clone()));
        }
        if landed.user != role || landed.schema != Some(schema) {
            return Err(DbError::WrongSchema(slug.clone()));
        }
        Ok(Self {
            tx,
            slug: slug.clone(),
            pending: Pending::default(),
        })
    }

    /// Keeps what was done.
    ///
    /// # Errors
    /// When PostgreSQL cannot commit, or a query of the transaction had failed; then nothing was done.
    pub async fn save(mut self) -> Result<()> {
        if self.audit().flush().await? {
            commit_last(self.tx).await
        } else {
            commit(self.tx).await
        }
    }

    /// Whose data this is.
    pub fn slug(&self) -> &DepartmentSlug {
        &self.slug
    }

    /// Settings and letterhead kit.
    pub fn settings(&mut self) -> Settings<'_> {
        Settings { tx: &mut self.tx }
    }

    /// Inquiries.
    pub fn inquiries(&mut self) -> Inquiries<'_> {
        Inquiries { tx: &mut self.tx }
    }

    /// What an office asked lately.
    pub fn lookups(&mut self) -> Lookups<'_> {
        Lookups {
            tx: &mut self.tx,
            slug: &self.slug,
        }
    }

    /// What the administrators are told of.
    pub fn alerts(&mut self) -> Alerts<'_> {
        Alerts { tx: &mut self.tx }
    }

    /// Decisions on inquiries.
    pub fn decisions(&mut self) -> Decisions<'_> {
        Decisions { tx: &mut self.tx }
    }

    /// The register and its versions.
    pub fn register(&mut self) -> Register<'_> {
        Register { tx: &mut self.tx }
    }

    /// A register that gets keys of a newer version.
    pub fn indexing(&mut self) -> Indexing<'_> {
        Indexing { tx: &mut self.tx }
    }

    /// Letters.
    pub fn letters(&mut self) -> Letters<'_> {
        Letters { tx: &mut self.tx }
    }

    /// The outbox.
    pub fn mails(&mut self) -> Mails<'_> {
        Mails { tx: &mut self.tx }
    }

    /// Wrapped data keys.
    pub fn keys(&mut self) -> Keys<'_> {
        Keys { tx: &mut self.tx }
    }

    /// The audit trail.
    pub fn audit(&mut self) -> Audit<'_> {
        Audit {
            tx: &mut self.tx,
            pending: &mut self.pending,
            schema: names::schema(&self.slug),
        }
    }

    /// What of this département's inquiries stands in the platform's index.
    pub fn index(&mut self) -> TenantIndex<'_> {
        TenantIndex { tx: &mut self.tx }
    }

    /// Adds a job of this département, done once the transaction is saved. The same job twice is one job while it waits.
    ///
    /// # Errors
    /// When the job is another département's, or the query fails.
    pub async fn enqueue(&mut self, job: &Job) -> Result<()> {
        if job.department() != Some(&self.slug) {
            return Err(DbError::ForeignJob);
        }
        sqlx::query!("select platform.add_job($1, $2)", job.task(), job.object())
            .execute(&mut *self.tx)
            .await?;
        Ok(())
    }

    /// Tells every process, once saved, that this département changed: settings, register or state.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn announce_change(&mut self) -> Result<()> {
        announce(&mut self.tx, &self.slug).await
    }
}

/// 22023: there is no such role. 42501: it is not the application's to assume.
fn refused(error: DbError, slug: &DepartmentSlug) -> DbError {
    match error.code() {
        Some("22023" | "42501") => DbError::TenantUnavailable(slug.clone()),
        _ => error,
    }
}
