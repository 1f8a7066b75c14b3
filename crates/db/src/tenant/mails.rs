//! The outbox: mails to be sent, and those that were.

use chrono::{DateTime, Utc};
use domain::{AlertId, InquiryId, LetterId, MailId};
use schema::{DbError, Result};
use sqlx::PgConnection;
use uuid::Uuid;

/// What a mail is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MailKind {
    /// To the notary: the answer is ready.
    AnswerReady,
    /// To the département's service: an inquiry concerns it.
    ServiceNotice,
    /// To an administrator of the département: something was noticed.
    Alert,
}

impl MailKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::AnswerReady, Self::ServiceNotice, Self::Alert];

    /// As stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::AnswerReady => "answer_ready",
            Self::ServiceNotice => "service_notice",
            Self::Alert => "alert",
        }
    }

    /// From what is stored.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// A mail to be sent on an inquiry.
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
    /// The inquiry it is about; `None` for an alert.
    pub inquiry: Option<InquiryId>,
    /// The letter it tells of, if any.
    pub letter: Option<LetterId>,
    /// The alert it is about, if it is.
    pub alert: Option<AlertId>,
    /// To whom.
    pub recipient: String,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// When the mail server took it.
    pub sent_at: Option<DateTime<Utc>>,
}

macro_rules! select_mails {
    ($rest:tt, $argument:expr) => {
        sqlx::query_as!(
            Record,
            "select id, kind, inquiry_id, letter_id, alert_id, recipient, created_at, sent_at from mail "
                + $rest,
            $argument
        )
    };
}

/// Repository of the outbox.
#[derive(Debug)]
pub struct Mails<'t> {
    pub(crate) tx: &'t mut PgConnection,
}

impl Mails<'_> {
    /// Puts a mail in the outbox. One of the same kind to the same person on the same inquiry and letter is there once: the id of the one
    /// that stands is returned.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn add(&mut self, mail: &NewMail) -> Result<MailId> {
        let letter = mail.letter.map(|id| id.0);
        let added = sqlx::query!(
            "insert into mail (id, kind, inquiry_id, letter_id, recipient, created_at)
             values ($1, $2, $3, $4, $5, $6) on conflict on constraint mail_once do nothing",
            mail.id.0,
            mail.kind.code(),
            mail.inquiry.0,
            letter,
            mail.recipient,
            mail.created_at,
        )
        .execute(&mut *self.tx)
        .await?;
        if added.rows_affected() == 1 {
            return Ok(mail.id);
        }
        let standing = sqlx::query_scalar!(
            "select id from mail where inquiry_id = $1 and letter_id is not distinct from $2 and kind = $3
               and recipient = $4",
            mail.inquiry.0,
            letter,
            mail.kind.code(),
            mail.recipient,
        );
        Ok(MailId(standing.fetch_one(&mut *self.tx).await?))
    }

    /// Puts the mail in the outbox by which the notary who asked hears that a letter is there; once, as [`Mails::add`]. `None`
    /// when there is no such inquiry.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn add_on_letter(
        &mut self,
        id: MailId,
        inquiry: InquiryId,
        letter: LetterId,
        at: DateTime<Utc>,
    ) -> Result<Option<MailId>> {
        let standing = sqlx::query_scalar!(
            r#"with added as (
                   insert into mail (id, kind, inquiry_id, letter_id, recipient, created_at)
                   select $1, 'answer_ready', id, $3, notary_email, $4 from inquiry where id = $2
                   on conflict on constraint mail_once do nothing returning id
               )
               select id as "id!" from added
               union all
               select mail.id from mail join inquiry on inquiry.id = inquiry_id and notary_email = recipient
               where inquiry_id = $2 and letter_id = $3 and kind = 'answer_ready'"#,
            id.0,
            inquiry.0,
            letter.0,
            at,
        );
        Ok(standing.fetch_optional(&mut *self.tx).await?.map(MailId))
    }

    /// Puts a mail on an alert in the outbox; one to the same person is there once: `None` when it stands already.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn add_on_alert(
        &mut self,
        id: MailId,
        alert: AlertId,
        recipient: &str,
        at: DateTime<Utc>,
    ) -> Result<Option<MailId>> {
        let added = sqlx::query!(
            "insert into mail (id, kind, alert_id, recipient, created_at)
             values ($1, 'alert', $2, $3, $4) on conflict on constraint mail_once do nothing",
            id.0,
            alert.0,
            recipient,
            at,
        )
        .execute(&mut *self.tx)
        .await?;
        Ok((added.rows_affected() == 1).then_some(id))
    }

    /// The mail of this id.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn by_id(&mut self, id: MailId) -> Result<Option<MailRow>> {
        let row = select_mails!("where id = $1", id.0)
            .fetch_optional(&mut *self.tx)
            .await?;
        row.map(MailRow::try_from).transpose()
    }

    /// The mail of this id, held until the transaction ends: others who want to hold it wait.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn hold(&mut self, id: MailId) -> Result<Option<MailRow>> {
        let row = select_mails!("where id = $1 for update", id.0)
            .fetch_optional(&mut *self.tx)
            .await?;
        row.map(MailRow::try_from).transpose()
    }

    /// The mails on an inquiry, oldest first.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn of(&mut self, inquiry: InquiryId) -> Result<Vec<MailRow>> {
        let rows = select_mails!("where inquiry_id = $1 order by created_at, id", inquiry.0)
            .fetch_all(&mut *self.tx)
            .await?;
        rows.into_iter().map(MailRow::try_from).collect()
    }

    /// The mails still to be sent, oldest first.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn unsent(&mut self) -> Result<Vec<MailId>> {
        let ids = sqlx::query_scalar!("select id from mail where sent_at is null order by created_at, id")
            .fetch_all(&mut *self.tx)
            .await?;
        Ok(ids.into_iter().map(MailId).collect())
    }

    /// Marks a mail as sent: `false` when it already was.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn mark_sent(&mut self, id: MailId, at: DateTime<Utc>) -> Result<bool> {
        let marked = sqlx::query!(
            "update mail set sent_at = $2 where id = $1 and sent_at is null",
            id.0,
            at
        )
        .execute(&mut *self.tx)
        .await?;
        Ok(marked.rows_affected() == 1)
    }
}

struct Record {
    id: Uuid,
    kind: String,
    inquiry_id: Option<Uuid>,
    letter_id: Option<Uuid>,
    alert_id: Option<Uuid>,
    recipient: String,
    created_at: DateTime<Utc>,
    sent_at: Option<DateTime<Utc>>,
}

impl TryFrom<Record> for MailRow {
    type Error = DbError;

    fn try_from(row: Record) -> Result<Self> {
        Ok(Self {
            id: MailId(row.id),
            kind: MailKind::from_code(&row.kind).ok_or(DbError::Unreadable("mail"))?,
            inquiry: row.inquiry_id.map(InquiryId),
            letter: row.letter_id.map(LetterId),
            alert: row.alert_id.map(AlertId),
            recipient: row.recipient,
            created_at: row.created_at,
            sent_at: row.sent_at,
        })
    }
}
