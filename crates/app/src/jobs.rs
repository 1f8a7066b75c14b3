//! Jobs: what follows a decision, outside the request and outside its transaction.

mod issue_letter;
mod send_mail;
mod tell_alert;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use db::jobs::{Attempt, Job, JobError, JobHandler};
use db::{NewMail, TenantTx};
use domain::{Action, DepartmentSlug};
use serde_json::{Value, json};

use crate::{App, AppError};

/// A letter that is not issued after so long is taken up again, whatever its job says.
pub(crate) const LATE: TimeDelta = TimeDelta::minutes(10);

/// Does the jobs of an application. Every one may be done twice, and stopped at any line.
#[derive(Clone)]
pub struct Worker(App);

impl Worker {
    /// A worker for this application.
    pub fn new(app: App) -> Self {
        Self(app)
    }
}

#[async_trait]
impl JobHandler for Worker {
    async fn handle(&self, job: Job, attempt: Attempt) -> Result<(), JobError> {
        let (name, department) = (job.task(), job.department().cloned());
        let done = match job {
            Job::IssueLetter { department, letter } => issue_letter::run(&self.0, &department, letter).await,
            Job::SendMail { department, mail } => send_mail::run(&self.0, &department, mail).await,
            Job::TellAlert { department, alert } => tell_alert::run(&self.0, &department, alert).await,
            Job::PurgeSessions => purge_sessions(&self.0).await,
            Job::NoteTrails => note_trails(&self.0).await.map_err(|error| retry(&error)),
        };
        let tenant = department.as_ref().map(DepartmentSlug::as_str);
        let number = attempt.number;
        match &done {
            Ok(()) => tracing::info!(job = name, tenant, attempt = number, "job done"),
            Err(JobError::Away(reason)) => {
                tracing::warn!(job = name, tenant, reason, "job waits for a server");
            }
            Err(JobError::Retry(reason)) => {
                tracing::warn!(
                    job = name,
                    tenant,
                    attempt = number,
                    of = attempt.of,
                    reason,
                    "job to be tried again"
                );
            }
            Err(JobError::Fail(reason)) => {
                tracing::error!(
                    job = name,
                    tenant,
                    attempt = number,
                    reason,
                    "job failed for good: see `dn jobs list`"
                );
            }
        }
        done
    }
}

/// Puts a mail into the outbox and has it sent once the transaction is saved.
pub(crate) async fn post(tx: &mut TenantTx, mail: &NewMail) -> Result<(), AppError> {
    let mail = tx.mails().add(mail).await?;
    let department = tx.slug().clone();
    Ok(tx.enqueue(&Job::SendMail { department, mail }).await?)
}

/// Has every letter that is not issued, every alert that is not told and every mail that is not sent taken up again,
/// whatever became of its job.
pub(crate) async fn take_up(app: &App, slug: &DepartmentSlug) -> Result<(), AppError> {
    let mut tx = app.db().tenant(slug).await?;
    for letter in tx.letters().unissued().await? {
        let department = slug.clone();
        tx.enqueue(&Job::IssueLetter { department, letter }).await?;
    }
    for alert in tx.alerts().untold().await? {
        let department = slug.clone();
        tx.enqueue(&Job::TellAlert { department, alert }).await?;
    }
    for mail in tx.mails().unsent().await? {
        let department = slug.clone();
        tx.enqueue(&Job::SendMail { department, mail }).await?;
    }
    Ok(tx.save().await?)
}

impl App {
    /// Has the letters taken up again that should long have been issued, whatever became of their jobs: one that a
    /// former version of this program gave up may be no trouble for this one. Départements that are suspended, or
    /// not migrated yet, come another time. Tells how many letters it found.
    ///
    /// # Errors
    /// When the list of départements cannot be had.
    pub async fn take_up_letters(&self, now: DateTime<Utc>) -> Result<u64, AppError> {
        let mut found = 0;
        for department in self.departments().await?.iter().filter(|d| !d.suspended) {
            match take_up_late(self, &department.slug, now).await {
                Ok(letters) => found += letters,
                Err(error) => {
                    tracing::warn!(tenant = %department.slug, error = crate::error::chain(&error), "its letters were not looked at");
                }
            }
        }
        Ok(found)
    }
}

async fn take_up_late(app: &App, slug: &DepartmentSlug, now: DateTime<Utc>) -> Result<u64, AppError> {
    let mut tx = app.db().tenant(slug).await?;
    let late = tx.letters().unissued_since(now - LATE).await?;
    let letters = late.len() as u64;
    for letter in late {
        let department = slug.clone();
        tx.enqueue(&Job::IssueLetter { department, letter }).await?;
    }
    tx.save().await?;
    Ok(letters)
}

async fn purge_sessions(app: &App) -> Result<(), JobError> {
    let purged = app
        .db()
        .sessions()
        .purge()
        .await
        .map_err(|error| retry(&error.into()))?;
    tracing::info!(purged, "expired sessions deleted");
    Ok(())
}

/// Where the trails end goes to the log, which a host keeps elsewhere: a trail written anew is then found by
/// `dn audit verify --expect`.
async fn note_trails(app: &App) -> Result<(), AppError> {
    for trail in app.trails().await? {
        if let Some(head) = app.trail_head(&trail).await? {
            tracing::info!(%trail, number = head.number, hash = %head.hash, "end of the audit trail");
        }
    }
    Ok(())
}

impl App {
    /// Has every job that failed for good tried again; tells how many.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn retry_failed_jobs(&self, now: DateTime<Utc>) -> Result<u64, AppError> {
        let mut tx = self.db().platform().await?;
        let count = tx.jobs().retry_failed().await?;
        tx.audit()
            .record(self.by_operator(Action::JobsRetried, "all", json!({ "jobs": count }), now));
        tx.save().await?;
        Ok(count)
    }

    /// Has these jobs tried again, or none of them: then the first that has not failed is told.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn retry_jobs(&self, numbers: &[i64], now: DateTime<Utc>) -> Result<Option<i64>, AppError> {
        let mut tx = self.db().platform().await?;
        for number in numbers {
            if !tx.jobs().retry(*number).await? {
                return Ok(Some(*number));
            }
            tx.audit()
                .record(self.by_operator(Action::JobsRetried, number, Value::Null, now));
        }
        tx.save().await?;
        Ok(None)
    }
}

/// What is away comes back, and what the configuration lacks is put into it; what is inconsistent stays so.
fn retry(error: &AppError) -> JobError {
    let text = crate::error::chain(error);
    match error {
        AppError::Inconsistent(_) => JobError::Fail(text),
        AppError::Storage(_) | AppError::Key(_) => JobError::Away(text),
        AppError::Database(_) if error.is_temporary() => JobError::Away(text),
        AppError::Suspended(_) | AppError::Database(_) => JobError::Retry(text),
    }
}
