//! What operators see of the queue.

use chrono::{DateTime, Utc};
use domain::DepartmentSlug;
use sqlx::PgConnection;

use super::Job;
use schema::Result;

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
        sqlx::query!(
            r#"select (graphile_worker.add_job(
                   identifier => $1, payload => $2::jsonb::json, job_key => $3, max_attempts => 25)).id as "id!""#,
            job.task(),
            job.payload(),
            job.key(),
        )
        .fetch_one(&mut *self.tx)
        .await?;
        Ok(())
    }

    /// Jobs in the queue, oldest first.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn list(&mut self, filter: &JobFilter) -> Result<Vec<JobRow>> {
        let rows = sqlx::query_as!(
            Record,
            r#"select j.id, t.identifier as task, j.payload, j.attempts, j.max_attempts, j.last_error, j.created_at,
                      j.run_at, j.locked_at is not null as "running!"
               from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
               where (not $1 or (j.locked_at is null and j.attempts >= j.max_attempts))
                 and ($2::text is null or j.payload ->> 'department' = $2)
               order by j.id
               limit nullif($3::bigint, 0)"#,
            filter.failed_only,
            filter.department.as_ref().map(DepartmentSlug::as_str),
            i64::from(filter.limit),
        )
        .fetch_all(&mut *self.tx)
        .await?;
        Ok(rows.into_iter().map(JobRow::from).collect())
    }

    /// Has one failed job tried again at once, with all its attempts; `false` when no such job has failed.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn retry(&mut self, number: i64) -> Result<bool> {
        let again = sqlx::query!(
            "update graphile_worker._private_jobs
             set attempts = 0, max_attempts = 25, run_at = now(), updated_at = now()
             where id = $1 and locked_at is null and attempts > 0",
            number,
        )
        .execute(&mut *self.tx)
        .await?;
        self.wake().await?;
        Ok(again.rows_affected() == 1)
    }

    /// Has every job that failed for good tried again; tells how many.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn retry_failed(&mut self) -> Result<u64> {
        let again = sqlx::query!(
            "update graphile_worker._private_jobs
             set attempts = 0, max_attempts = 25, run_at = now(), updated_at = now()
             where locked_at is null and attempts >= max_attempts"
        )
        .execute(&mut *self.tx)
        .await?;
        self.wake().await?;
        Ok(again.rows_affected())
    }

    /// How many jobs stand how.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn counts(&mut self) -> Result<QueueCounts> {
        let row = sqlx::query!(
            r#"select count(*) filter (where locked_at is null and attempts = 0) as "waiting!",
                      count(*) filter (where locked_at is not null) as "running!",
                      count(*) filter (where locked_at is null and attempts > 0 and attempts < max_attempts)
                          as "retrying!",
                      count(*) filter (where locked_at is null and attempts >= max_attempts) as "failed!",
                      extract(epoch from now() - min(run_at) filter (where is_available and run_at <= now()))::bigint
                          as oldest_due_seconds
               from graphile_worker._private_jobs"#
        )
        .fetch_one(&mut *self.tx)
        .await?;
        Ok(QueueCounts {
            waiting: row.waiting.unsigned_abs(),
            running: row.running.unsigned_abs(),
            retrying: row.retrying.unsigned_abs(),
            failed: row.failed.unsigned_abs(),
            oldest_due_seconds: row.oldest_due_seconds.map(i64::unsigned_abs),
        })
    }

    /// Tells the workers, once saved, that there is something to do.
    async fn wake(&mut self) -> Result<()> {
        sqlx::query!("select pg_notify('jobs:insert', '') is null as told")
            .fetch_one(&mut *self.tx)
            .await?;
        Ok(())
    }
}

struct Record {
    id: i64,
    task: String,
    payload: serde_json::Value,
    attempts: i16,
    max_attempts: i16,
    last_error: Option<String>,
    created_at: DateTime<Utc>,
    run_at: DateTime<Utc>,
    running: bool,
}

impl From<Record> for JobRow {
    fn from(row: Record) -> Self {
        let state = match row {
            Record { running: true, .. } => JobState::Running,
            Record { attempts: 0, .. } => JobState::Waiting,
            Record {
                attempts,
                max_attempts,
                ..
            } if attempts >= max_attempts => JobState::Failed,
            _ => JobState::Retrying,
        };
        Self {
            number: row.id,
            job: Job::read(&row.task, row.payload),
            task: row.task,
            state,
            attempts: u32::from(row.attempts.unsigned_abs()),
            max_attempts: u32::from(row.max_attempts.unsigned_abs()),
            last_error: row.last_error.map(readable),
            created_at: row.created_at,
            run_at: row.run_at,
        }
    }
}

/// The queue keeps errors as `TaskError("…")`: the words inside are ours.
fn readable(error: String) -> String {
    let quoted = error
        .strip_prefix("TaskError(")
        .and_then(|rest| rest.strip_suffix(')'));
    quoted
        .and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or(error)
}
