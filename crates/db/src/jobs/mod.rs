//! Jobs: inserted in the transaction that causes them, done afterwards by a worker.

mod admin;
mod lane;
mod tend;
mod worker;

use async_trait::async_trait;
use domain::{AlertId, DepartmentSlug, LetterId, MailId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

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
    /// Writes the mails by which the administrators are told of an alert.
    TellAlert {
        /// Whose.
        department: DepartmentSlug,
        /// Which.
        alert: AlertId,
    },
    /// Deletes expired sessions.
    PurgeSessions,
    /// Notes in the log where each audit trail ends.
    NoteTrails,
}

impl Job {
    /// Name of the task in the queue.
    pub fn task(&self) -> &'static str {
        match self {
            Self::IssueLetter { .. } => "issue_letter",
            Self::SendMail { .. } => "send_mail",
            Self::TellAlert { .. } => "tell_alert",
            Self::PurgeSessions => "purge_sessions",
            Self::NoteTrails => "note_trails",
        }
    }

    /// The département it is for; `None` for the platform's own.
    pub fn department(&self) -> Option<&DepartmentSlug> {
        match self {
            Self::IssueLetter { department, .. }
            | Self::SendMail { department, .. }
            | Self::TellAlert { department, .. } => Some(department),
            Self::PurgeSessions | Self::NoteTrails => None,
        }
    }

    /// The one id it carries.
    pub(crate) fn object(&self) -> Option<Uuid> {
        match self {
            Self::IssueLetter { letter, .. } => Some(letter.0),
            Self::SendMail { mail, .. } => Some(mail.0),
            Self::TellAlert { alert, .. } => Some(alert.0),
            Self::PurgeSessions | Self::NoteTrails => None,
        }
    }

    /// The same job has the same key: it waits in the queue once. `platform.add_job` makes the same keys.
    pub(crate) fn key(&self) -> String {
        match (self.department(), self.object()) {
            (Some(department), Some(object)) => format!("{}:{department}:{object}", self.task()),
            _ => self.task().to_owned(),
        }
    }

    /// What the queue carries, as `platform.add_job` writes it.
    pub(crate) fn payload(&self) -> serde_json::Value {
        match (self.department(), self.object()) {
            (Some(department), Some(object)) => serde_json::json!({ "department": department, "id": object }),
            _ => serde_json::json!({}),
        }
    }

    /// From what the queue carries.
    pub(crate) fn read(task: &str, payload: serde_json::Value) -> Option<Self> {
        let payload: Option<Payload> = serde_json::from_value(payload).ok()?;
        let Payload { department, id } = payload.unwrap_or_default();
        Some(match task {
            "issue_letter" => Self::IssueLetter {
                department: department?,
                letter: LetterId(id?),
            },
            "send_mail" => Self::SendMail {
                department: department?,
                mail: MailId(id?),
            },
            "tell_alert" => Self::TellAlert {
                department: department?,
                alert: AlertId(id?),
            },
            "purge_sessions" => Self::PurgeSessions,
            "note_trails" => Self::NoteTrails,
            _ => return None,
        })
    }
}

/// What a job of the queue carries. The queue may add keys of its own (`_cron`), and gives `null` for nothing.
#[derive(Default, Deserialize)]
struct Payload {
    department: Option<DepartmentSlug>,
    id: Option<Uuid>,
}

/// Why a job did not succeed. The message is kept and shown by `dn jobs`: no personal data in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JobError {
    /// A server that every such job needs is away: tried again about once a minute, for as long as that takes. It
    /// says nothing against this job, which is therefore never given up for it.
    #[error("waits for a server: {0}")]
    Away(String),
    /// This job did not pass: tried again with growing pauses, for some four days.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_goes_through_the_queue_and_back() {
        let department: DepartmentSlug = "rhone".parse().unwrap();
        let jobs = [
            Job::IssueLetter {
                department: department.clone(),
                letter: LetterId(Uuid::from_u128(1)),
            },
            Job::SendMail {
                department: department.clone(),
                mail: MailId(Uuid::from_u128(2)),
            },
            Job::TellAlert {
                department,
                alert: AlertId(Uuid::from_u128(3)),
            },
            Job::PurgeSessions,
            Job::NoteTrails,
        ];
        for job in jobs {
            assert_eq!(Job::read(job.task(), job.payload()), Some(job));
        }
        assert_eq!(Job::read("issue_letter", serde_json::json!({})), None);
        assert_eq!(
            Job::read("purge_sessions", serde_json::Value::Null),
            Some(Job::PurgeSessions)
        );
        assert_eq!(Job::read("other", serde_json::json!({})), None);
    }
}
