//! The only door to a département's data.

use domain::DepartmentSlug;
use sqlx::{Postgres, Transaction};

use crate::error::Result;
use crate::jobs::Job;
use crate::tenant::audit::Audit;
use crate::tenant::decisions::Decisions;
use crate::tenant::index::TenantIndex;
use crate::tenant::inquiries::Inquiries;
use crate::tenant::keys::Keys;
use crate::tenant::letters::Letters;
use crate::tenant::mails::Mails;
use crate::tenant::register::Register;
use crate::tenant::settings::Settings;

/// A transaction in one département's schema and role. Dropped without [`TenantTx::save`], it never was.
#[derive(Debug)]
pub struct TenantTx {
    pub(crate) tx: Transaction<'static, Postgres>,
    pub(crate) slug: DepartmentSlug,
}

impl TenantTx {
    /// Keeps what was done.
    ///
    /// # Errors
    /// When PostgreSQL cannot commit; then nothing was done.
    pub async fn save(self) -> Result<()> {
        Ok(self.tx.commit().await?)
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

    /// Decisions on inquiries.
    pub fn decisions(&mut self) -> Decisions<'_> {
        Decisions { tx: &mut self.tx }
    }

    /// The register and its versions.
    pub fn register(&mut self) -> Register<'_> {
        Register { tx: &mut self.tx }
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
        Audit { tx: &mut self.tx }
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
        let _ = job;
        todo!()
    }

    /// Tells every process, once saved, that this département changed: settings, register or state.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn announce_change(&mut self) -> Result<()> {
        todo!()
    }
}
