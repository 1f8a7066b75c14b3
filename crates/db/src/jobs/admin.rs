//! What operators see of the queue.

use chrono::{DateTime, Utc};
use domain::DepartmentSlug;
use sqlx::PgConnection;

use super::Job;
use crate::error::Result;

/// How a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobState {
    /// Waits to be done.
    Waiting,
    /// A worker is at it.
    Running,
    /// Failed, and will be tried again.
    Retrying,
    /// Failed for good.
    Failed,
}

/// A job in the queue. Done jobs are not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobRow {
    /// Number in the queue.
    pub number: i64,
    /// The job; `None` when another version of the program wrote it.
    pub job: Option<Job>,
    /// Task name, as stored.
    pub task: String,
    /// How it stands.
    pub state: JobState,
    /// Attempts made.
    pub attempts: u32,
    /// Attempts it gets.
    pub max_attempts: u32,
    /// What went wrong last.
    pub last_error: Option<String>,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// When it is due.
    pub run_at: DateTime<Utc>,
}

/// Which jobs are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JobFilter {
    /// Only those that failed for good.
    pub failed_only: bool,
    /// Only this département's.
    pub department: Option<DepartmentSlug>,
    /// At most so many; 0 is all.
    pub limit: u32,
}

/// Jobs in the queue, counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct QueueCounts {
    /// Due or to come.
    pub waiting: u64,
    /// Being done.
    pub running: u64,
    /// Failed, to be tried again.
    pub retrying: u64,
    /// Failed for good.
    pub failed: u64,
    /// Seconds since the oldest due job should have begun.
    pub oldest_due_seconds: Option<u64>,
}

/// The queue, as operators see it.
#[derive(Debug)]
pub struct PlatformJobs<'t> {
    pub(crate) tx: &'t mut PgConnection,
}

impl PlatformJobs<'_> {
    /// Adds a job. The same job twice is one job while it waits.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn enqueue(&mut self, job: &Job) -> Result<()> {
        let _ = job;
        todo!()
    }

    /// Jobs in the queue, oldest first.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn list(&mut self, filter: &JobFilter) -> Result<Vec<JobRow>> {
        let _ = filter;
        todo!()
    }

    /// Has one failed job tried again at once, with all its attempts; `false` when no such job has failed.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn retry(&mut self, number: i64) -> Result<bool> {
        let _ = number;
        todo!()
    }

    /// Has every job that failed for good tried again; tells how many.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn retry_failed(&mut self) -> Result<u64> {
        todo!()
    }

    /// How many jobs stand how.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn counts(&mut self) -> Result<QueueCounts> {
        todo!()
    }
}
