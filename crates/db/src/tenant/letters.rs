//! Letters.

use chrono::{DateTime, NaiveDate, Utc};
use domain::{DecisionId, InquiryId, LetterId, LetterKind};
use schema::{DbError, Result};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::read::unreadable;

/// A letter to be issued.
#[derive(Debug, Clone, PartialEq)]
pub struct NewLetter {
    /// Ours.
    pub id: LetterId,
    /// The inquiry it answers.
    pub inquiry: InquiryId,
    /// The decision it tells of.
    pub decision: DecisionId,
    /// What it says.
    pub kind: LetterKind,
    /// Everything the template needs, frozen.
    pub data: serde_json::Value,
    /// Revision of the settings it was drawn at: its letterhead is of that revision for ever.
    pub settings_revision: i64,
    /// Secret part of the verification code.
    pub verification_secret: String,
    /// Date the letter bears.
    pub dated_on: NaiveDate,
    /// When it was drawn.
    pub drawn_at: DateTime<Utc>,
}

/// A letter.
#[derive(Debug, Clone, PartialEq)]
pub struct LetterRow {
    /// Ours.
    pub id: LetterId,
    /// The inquiry it answers.
    pub inquiry: InquiryId,
    /// The decision it tells of.
    pub decision: DecisionId,
    /// What it says.
    pub kind: LetterKind,
    /// Everything the template needs, frozen.
    pub data: serde_json::Value,
    /// Revision of the settings it was drawn at; `None` where an older version of the program drew it.
    pub settings_revision: Option<i64>,
    /// Secret part of the verification code.
    pub verification_secret: String,
    /// Date the letter bears.
    pub dated_on: NaiveDate,
    /// When it was drawn.
    pub drawn_at: DateTime<Utc>,
    /// The file, once there is one.
    pub issued: Option<IssuedLetter>,
}

/// The file of a letter in object storage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuedLetter {
    /// SHA-256 of the PDF.
    pub sha256: [u8; 32],
    /// Size of the PDF in bytes.
    pub size: u64,
    /// Version of the template.
    pub template_version: String,
    /// Where it lies.
    pub object_key: String,
    /// Version of the object, where the store keeps versions.
    pub object_version: Option<String>,
    /// The data key it is encrypted with.
    pub data_key: Uuid,
    /// When.
    pub issued_at: DateTime<Utc>,
    /// Until when the store refuses to delete it, where it can.
    pub locked_until: Option<DateTime<Utc>>,
}

macro_rules! select_letters {
    ($rest:tt, $argument:expr) => {
        sqlx::query_as!(
            Record,
            "select id, inquiry_id, decision_id, kind, data, settings_revision, verification_secret, dated_on, drawn_at, sha256, size,
                    template_version, object_key, object_version, data_key_id, issued_at, locked_until
             from letter " + $rest,
            $argument
        )
    };
}

/// Repository of letters.
#[derive(Debug)]
pub struct Letters<'t> {
    pub(crate) tx: &'t mut PgConnection,
}

impl Letters<'_> {
    /// Records a letter to be issued.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn draw(&mut self, letter: &NewLetter) -> Result<()> {
        sqlx::query!(
            "insert into letter
                 (id, inquiry_id, decision_id, kind, data, settings_revision, verification_secret, dated_on, drawn_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            letter.id.0,
            letter.inquiry.0,
            letter.decision.0,
            letter.kind.code(),
            letter.data,
            letter.settings_revision,
            letter.verification_secret,
            letter.dated_on,
            letter.drawn_at,
        )
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    /// The letter of this id.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn by_id(&mut self, id: LetterId) -> Result<Option<LetterRow>> {
        let row = select_letters!("where id = $1", id.0)
            .fetch_optional(&mut *self.tx)
            .await?;
        row.map(LetterRow::try_from).transpose()
    }

    /// The letter of this id, held until the transaction ends: others who want to hold it wait.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn hold(&mut self, id: LetterId) -> Result<Option<LetterRow>> {
        let row = select_letters!("where id = $1 for update", id.0)
            .fetch_optional(&mut *self.tx)
            .await?;
        row.map(LetterRow::try_from).transpose()
    }

    /// The letter with this verification secret.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn by_secret(&mut self, secret: &str) -> Result<Option<LetterRow>> {
        let row = select_letters!("where verification_secret = $1", secret)
            .fetch_optional(&mut *self.tx)
            .await?;
        row.map(LetterRow::try_from).transpose()
    }

    /// The letters still to be issued, oldest first.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn unissued(&mut self) -> Result<Vec<LetterId>> {
        let ids = sqlx::query_scalar!("select id from letter where issued_at is null order by drawn_at, id")
            .fetch_all(&mut *self.tx)
            .await?;
        Ok(ids.into_iter().map(LetterId).collect())
    }

    /// The letters drawn before this moment and still to be issued, oldest first.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn unissued_since(&mut self, drawn_before: DateTime<Utc>) -> Result<Vec<LetterId>> {
        let ids = sqlx::query_scalar!(
            "select id from letter where issued_at is null and drawn_at < $1 order by drawn_at, id",
            drawn_before
        );
        let ids = ids.fetch_all(&mut *self.tx).await?;
        Ok(ids.into_iter().map(LetterId).collect())
    }

    /// Marks a letter as issued, once: `false` when it already was, and then nothing changes.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn mark_issued(&mut self, id: LetterId, issued: &IssuedLetter) -> Result<bool> {
        let size = i64::try_from(issued.size).map_err(unreadable(TABLE))?;
        let marked = sqlx::query!(
            "update letter set sha256 = $2, size = $3, template_version = $4, object_key = $5, object_version = $6,
                 data_key_id = $7, issued_at = $8, locked_until = $9
             where id = $1 and issued_at is null",
            id.0,
            &issued.sha256,
            size,
            issued.template_version,
            issued.object_key,
            issued.object_version,
            issued.data_key,
            issued.issued_at,
            issued.locked_until,
        )
        .execute(&mut *self.tx)
        .await?;
        Ok(marked.rows_affected() == 1)
    }
}

pub(super) struct Record {
    pub(super) id: Uuid,
    pub(super) inquiry_id: Uuid,
    pub(super) decision_id: Uuid,
    pub(super) kind: String,
    pub(super) data: serde_json::Value,
    pub(super) settings_revision: Option<i64>,
    pub(super) verification_secret: String,
    pub(super) dated_on: NaiveDate,
    pub(super) drawn_at: DateTime<Utc>,
    pub(super) sha256: Option<Vec<u8>>,
    pub(super) size: Option<i64>,
    pub(super) template_version: Option<String>,
    pub(super) object_key: Option<String>,
    pub(super) object_version: Option<String>,
    pub(super) data_key_id: Option<Uuid>,
    pub(super) issued_at: Option<DateTime<Utc>>,
    pub(super) locked_until: Option<DateTime<Utc>>,
}

const TABLE: &str = "letter";

impl Record {
    fn issued(&mut self) -> Option<IssuedLetter> {
        Some(IssuedLetter {
            sha256: self.sha256.take()?.try_into().ok()?,
            size: self.size?.unsigned_abs(),
            template_version: self.template_version.take()?,
            object_key: self.object_key.take()?,
            object_version: self.object_version.take(),
            data_key: self.data_key_id?,
            issued_at: self.issued_at?,
            locked_until: self.locked_until,
        })
    }
}

impl TryFrom<Record> for LetterRow {
    type Error = DbError;

    fn try_from(mut row: Record) -> Result<Self> {
        Ok(Self {
            id: LetterId(row.id),
            inquiry: InquiryId(row.inquiry_id),
            decision: DecisionId(row.decision_id),
            kind: LetterKind::from_code(&row.kind).ok_or(DbError::Unreadable(TABLE))?,
            issued: row.issued(),
            data: row.data,
            settings_revision: row.settings_revision,
            verification_secret: row.verification_secret,
            dated_on: row.dated_on,
            drawn_at: row.drawn_at,
        })
    }
}
