//! The outbox: mails to be sent, and those that were.

use chrono::{DateTime, Utc};
use domain::{InquiryId, LetterId, MailId};
use sqlx::PgConnection;

use crate::error::Result;

/// What a mail is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MailKind {
    /// To the notary: the answer is ready.
    AnswerReady,
    /// To the département's service: an inquiry concerns it.
    ServiceNotice,
}

impl MailKind {
    /// Every kind.
    pub const ALL: [Self; 2] = [Self::AnswerReady, Self::ServiceNotice];

    /// As stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::AnswerReady => "answer_ready",
            Self::ServiceNotice => "service_notice",
        }
    }

    /// From what is stored.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// A mail to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMail {
    /// Ours; its Message-ID follows from it.
    pub id: MailId,
    /// What it is about.
    pub kind: MailKind,
    /// The inquiry.
    pub inquiry: InquiryId,
    /// The letter it tells of, if any.
    pub letter: Option<LetterId>,
    /// To whom.
    pub recipient: String,
    /// When it was written.
    pub created_at: DateTime<Utc>,
}

/// A mail of the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailRow {
    /// Ours; its Message-ID follows from it.
    pub id: MailId,
    /// What it is about.
    pub kind: MailKind,
    /// The inquiry.
    pub inquiry: InquiryId,
    /// The letter it tells of, if any.
    pub letter: Option<LetterId>,
    /// To whom.
    pub recipient: String,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// When the mail server took it.
    pub sent_at: Option<DateTime<Utc>>,
}

/// Repository of the outbox.
#[derive(Debug)]
pub struct Mails<'t> {
    pub(crate) tx: &'t mut PgConnection,
}

impl Mails<'_> {
    /// Puts a mail in the outbox. One of the same kind on the same inquiry and letter is there once: the id of the one
    /// that stands is returned.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn add(&mut self, mail: &NewMail) -> Result<MailId> {
        let _ = mail;
        todo!()
    }

    /// The mail of this id.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn by_id(&mut self, id: MailId) -> Result<Option<MailRow>> {
        let _ = id;
        todo!()
    }

    /// The mail of this id, held until the transaction ends: others who want to hold it wait.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn hold(&mut self, id: MailId) -> Result<Option<MailRow>> {
        let _ = id;
        todo!()
    }

    /// The mails on an inquiry, oldest first.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn of(&mut self, inquiry: InquiryId) -> Result<Vec<MailRow>> {
        let _ = inquiry;
        todo!()
    }

    /// Marks a mail as sent: `false` when it already was.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn mark_sent(&mut self, id: MailId, at: DateTime<Utc>) -> Result<bool> {
        let _ = (id, at);
        todo!()
    }
}
