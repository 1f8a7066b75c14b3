//! Letters leave the store: to the office that asked and to the département's staff, and every time it is recorded.

use chrono::{DateTime, Utc};
use db::{Actor, AuditEntry, DbError, InquiryRow, KeyRow, LetterRow, TenantTx};
use domain::{Action, InquiryId, LetterId, SubmissionId};
use objects::{DataKey, ObjectKey, WrappedKey};
use sha2::{Digest as _, Sha256};

use crate::audit::{by_staff, entry};
use crate::departments::Department;
use crate::{App, AppError, NotaryIdentity, StaffIdentity};

/// A letter to hand over.
#[derive(Clone, PartialEq, Eq)]
pub struct LetterFile {
    /// `courrier-69-2026-000042.pdf`.
    pub name: String,
    /// The PDF.
    pub bytes: Vec<u8>,
}

/// A letter cannot be handed over.
#[derive(Debug, thiserror::Error)]
pub enum LetterFileError {
    /// No such inquiry for this person.
    #[error("no such letter")]
    NotFound,
    /// It is being written: ask again in a moment.
    #[error("the letter is not issued yet")]
    NotYet,
    /// A part of the house failed.
    #[error("the letter could not be fetched")]
    Other(#[from] AppError),
}

impl From<DbError> for LetterFileError {
    fn from(error: DbError) -> Self {
        Self::Other(error.into())
    }
}

impl App {
    /// The letter of an inquiry of this notary's office.
    ///
    /// # Errors
    /// A [`LetterFileError`].
    pub async fn letter_for_notary(
        &self,
        notary: &NotaryIdentity,
        submission: SubmissionId,
        inquiry: InquiryId,
        now: DateTime<Utc>,
    ) -> Result<LetterFile, LetterFileError> {
        let line = self.db().reads().inquiry(notary.office, inquiry).await?;
        let line = line.filter(|line| line.submission == submission);
        let line = line.ok_or(LetterFileError::NotFound)?;
        let department = self.department_of(&line.department).await?;
        let mut tx = self.db().tenant(&line.department).await?;
        let row = tx.inquiries().by_id(inquiry).await?;
        let row = row.filter(|row| row.inquiry.asker.office == notary.office);
        let row = row.ok_or(LetterFileError::NotFound)?;
        self.hand_over(tx, &department, row, |letter| {
            entry(
                Actor::Notary(notary.notary),
                Action::LetterDownloaded,
                letter,
                now,
            )
        })
        .await
    }

    /// The letter of an inquiry of this person's département.
    ///
    /// # Errors
    /// A [`LetterFileError`].
    pub async fn letter_for_staff(
        &self,
        staff: &StaffIdentity,
        inquiry: InquiryId,
        now: DateTime<Utc>,
    ) -> Result<LetterFile, LetterFileError> {
        let department = self.department_of(&staff.department).await?;
        let mut tx = self.db().tenant(&staff.department).await?;
        let row = tx.inquiries().by_id(inquiry).await?;
        let row = row.ok_or(LetterFileError::NotFound)?;
        self.hand_over(tx, &department, row, |letter| {
            by_staff(staff.staff, &staff.roles, Action::LetterDownloaded, letter, now)
        })
        .await
    }

    /// Fetches outside the transaction, then records the download: what is not recorded is not handed over.
    async fn hand_over(
        &self,
        mut tx: TenantTx,
        department: &Department,
        row: InquiryRow,
        entry: impl FnOnce(LetterId) -> AuditEntry,
    ) -> Result<LetterFile, LetterFileError> {
        let letter = row.letter.ok_or(LetterFileError::NotFound)?;
        let key = data_key(&mut tx, &letter).await?;
        drop(tx);
        let bytes = self
            .fetch(department, &letter, &key.ok_or(LetterFileError::NotYet)?)
            .await?;
        self.note(&department.slug, entry(letter.id)).await?;
        Ok(LetterFile {
            name: format!("courrier-{}.pdf", row.inquiry.reference),
            bytes,
        })
    }

    /// Reads, decrypts and compares with the fingerprint recorded when the letter was issued.
    pub(crate) async fn fetch(
        &self,
        department: &Department,
        letter: &LetterRow,
        key: &KeyRow,
    ) -> Result<Vec<u8>, AppError> {
        let issued = letter
            .issued
            .as_ref()
            .ok_or(AppError::Inconsistent("a letter is not issued"))?;
        let object = ObjectKey::recorded(department.id, letter.id, &issued.object_key)
            .ok_or(AppError::Inconsistent("a letter lies under an unexpected key"))?;
        let key = self.open_key(department, key)?;
        let objects = &self.inner.edges.objects;
        let bytes = objects
            .get_version(&object, issued.object_version.as_deref(), &key)
            .await?;
        if Sha256::digest(&bytes)[..] != issued.sha256 {
            return Err(AppError::Inconsistent("a letter is not the one that was issued"));
        }
        Ok(bytes)
    }

    pub(crate) fn open_key(&self, department: &Department, row: &KeyRow) -> Result<DataKey, AppError> {
        let wrapped = WrappedKey {
            id: row.id,
            master: row.master_key_id.clone(),
            bytes: row.wrapped.clone(),
        };
        Ok(self.inner.edges.keyring.unwrap(department.id, &wrapped)?)
    }
}

/// The key an issued letter is encrypted with; `None` when it is not issued yet.
pub(crate) async fn data_key(tx: &mut TenantTx, letter: &LetterRow) -> Result<Option<KeyRow>, AppError> {
    let Some(issued) = &letter.issued else {
        return Ok(None);
    };
    let key = tx.keys().by_id(issued.data_key).await?;
    key.map(Some)
        .ok_or(AppError::Inconsistent("the data key of a letter is missing"))
}
