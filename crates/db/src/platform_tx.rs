//! A transaction on what all départements share.

use sqlx::{Postgres, Transaction};

use crate::commit::{commit, commit_last};
use crate::jobs::PlatformJobs;
use crate::platform::claims::Claims;
use crate::platform::departments::Departments;
use crate::platform::index::Index;
use crate::platform::notaries::Notaries;
use crate::platform::offices::Offices;
use crate::platform::staff::Staff;
use crate::platform::terms::Terms;
use crate::trail::{Pending, PlatformAudit};
use schema::Result;

/// A transaction on the schema `platform`, with the application's own login. Dropped without [`PlatformTx::save`], it never was.
#[derive(Debug)]
pub struct PlatformTx {
    pub(crate) tx: Transaction<'static, Postgres>,
    pub(crate) pending: Pending,
}

impl PlatformTx {
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

    /// The audit trail of what belongs to no département.
    pub fn audit(&mut self) -> PlatformAudit<'_> {
        PlatformAudit {
            tx: &mut self.tx,
            pending: &mut self.pending,
            schema: "platform".to_owned(),
        }
    }

    /// The départements served.
    pub fn departments(&mut self) -> Departments<'_> {
        Departments { tx: &mut self.tx }
    }

    /// The notaries' offices.
    pub fn offices(&mut self) -> Offices<'_> {
        Offices { tx: &mut self.tx }
    }

    /// The notaries.
    pub fn notaries(&mut self) -> Notaries<'_> {
        Notaries { tx: &mut self.tx }
    }

    /// The staff of the départements.
    pub fn staff(&mut self) -> Staff<'_> {
        Staff { tx: &mut self.tx }
    }

    /// Acceptances of the terms of use.
    pub fn terms(&mut self) -> Terms<'_> {
        Terms { tx: &mut self.tx }
    }

    /// The offices' inquiries across départements.
    pub fn index(&mut self) -> Index<'_> {
        Index { tx: &mut self.tx }
    }

    /// What the limits per notary are counted from.
    pub fn claims(&mut self) -> Claims<'_> {
        Claims { tx: &mut self.tx }
    }

    /// The job queue.
    pub fn jobs(&mut self) -> PlatformJobs<'_> {
        PlatformJobs { tx: &mut self.tx }
    }
}
