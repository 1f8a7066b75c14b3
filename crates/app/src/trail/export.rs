//! A trail on its way out, some entries at a time: whoever downloads slowly keeps no connection busy.

use db::{AuditEntry, Between, TrailFilter, TrailRow};

use super::{TrailEntry, TrailName, csv, entry};
use crate::{App, AppError};

/// Entries read at once.
const BATCH: u32 = 1000;

/// A trail being exported: [`TrailExport::next`] until there is nothing more.
pub struct TrailExport {
    app: App,
    trail: TrailName,
    filter: TrailFilter,
    /// The entry that says that the export was taken; nothing after it is handed out.
    up_to: i64,
    after: Option<i64>,
    begun: bool,
}

impl TrailExport {
    /// Records the export.
    pub(super) async fn begin(
        app: &App,
        trail: TrailName,
        filter: TrailFilter,
        taken: AuditEntry,
    ) -> Result<Self, AppError> {
        let head = match &trail {
            TrailName::Platform => {
                let mut tx = app.db().platform().await?;
                tx.audit().record(taken);
                let head = tx.audit().head().await?;
                tx.save().await?;
                head
            }
            TrailName::Department(slug) => {
                let mut tx = app.db().tenant(slug).await?;
                tx.audit().record(taken);
                let head = tx.audit().head().await?;
                tx.save().await?;
                head
            }
        };
        let head = head.ok_or(AppError::Inconsistent(
            "an audit trail has no end: `dn audit verify`",
        ))?;
        Ok(Self {
            app: app.clone(),
            trail,
            filter,
            up_to: head.number,
            after: None,
            begun: false,
        })
    }

    /// The next lines of the file; `None` when there are no more.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, AppError> {
        let entries = self.read().await?;
        self.after = entries.last().map(|entry| entry.row.number).or(self.after);
        let first = !std::mem::replace(&mut self.begun, true);
        if entries.is_empty() && !first {
            return Ok(None);
        }
        Ok(Some(csv::lines(first, &entries)))
    }

    async fn read(&self) -> Result<Vec<TrailEntry>, AppError> {
        let between = Between {
            after: self.after,
            before: Some(self.up_to + 1),
        };
        let (rows, department): (Vec<TrailRow>, _) = match &self.trail {
            TrailName::Platform => {
                let mut tx = self.app.db().platform().await?;
                (tx.audit().oldest(&self.filter, between, BATCH).await?, None)
            }
            TrailName::Department(slug) => {
                let mut tx = self.app.db().tenant(slug).await?;
                (tx.audit().oldest(&self.filter, between, BATCH).await?, Some(slug))
            }
        };
        let names = self.app.names(department, &rows).await?;
        Ok(rows.into_iter().map(|row| entry(row, &names)).collect())
    }
}
