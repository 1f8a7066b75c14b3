//! Jobs: inserted in the transaction that causes them, done afterwards by a worker.

mod admin;
mod worker;

use async_trait::async_trait;
use domain::{DepartmentSlug, LetterId, MailId};
use serde::{Deserialize, Serialize};

pub use admin::{JobFilter, JobRow, JobState, PlatformJobs, QueueCounts};
pub use worker::{WorkerSettings, drain, run};

/// A job. It carries ids, never personal data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "task", rename_all = "snake_case")]
pub enum Job {
    /// Renders, encrypts and stores a letter.
    IssueLetter {
        /// Whose.
        department: DepartmentSlug,
        /// Which.
        letter: LetterId,
    },
    /// Sends a mail of the outbox.
    SendMail {
        /// Whose.
        department: DepartmentSlug,
        /// Which.
        mail: MailId,
    },
    /// Deletes expired sessions.
    PurgeSessions,
}

/// Why a job did not succeed. The message is kept and shown by `dn jobs`: no personal data in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JobError {
    /// Something is away: tried again later, with growing pauses.
    #[error("to be tried again: {0}")]
    Retry(String),
    /// Trying again would not help: kept for somebody to look at.
    #[error("failed for good: {0}")]
    Fail(String),
}

/// Which attempt at a job this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempt {
    /// From 1.
    pub number: u32,
    /// The last one.
    pub of: u32,
}

/// Does jobs. Every job must be safe to do twice.
#[async_trait]
pub trait JobHandler: Send + Sync + 'static {
    /// Does one job.
    ///
    /// # Errors
    /// [`JobError`] says what happens next.
    async fn handle(&self, job: Job, attempt: Attempt) -> Result<(), JobError>;
}
