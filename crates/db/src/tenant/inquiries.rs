//! Inquiries.

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    Asker, Decedent, Decision, FamilyName, FileReference, Inquiry, InquiryId, NotaryId, OfficeId, Outcome,
    Place, Sex, SubmissionId,
};
use schema::{DbError, Result};
use sqlx::PgConnection;
use uuid::Uuid;

use super::letters::LetterRow;
use super::{decisions, letters};
use crate::read::{outcome, parsed, parsed_option};

/// An inquiry to open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewInquiry {
    /// Ours.
    pub id: InquiryId,
    /// The form it came with: the idempotency key.
    pub submission: SubmissionId,
    /// Begin of « Nos références » : `69-2026`. The département's own number follows: `69-2026-000042`.
    pub series: String,
    /// Who asks.
    pub asker: Asker,
    /// About whom.
    pub decedent: Decedent,
    /// « Vos références ».
    pub file_reference: Option<FileReference>,
    /// When.
    pub asked_at: DateTime<Utc>,
}

impl NewInquiry {
    fn opened(&self, reference: String) -> Inquiry {
        Inquiry {
            id: self.id,
            submission: self.submission,
            reference,
            asker: self.asker.clone(),
            decedent: self.decedent.clone(),
            file_reference: self.file_reference.clone(),
            asked_at: self.asked_at,
        }
    }
}

/// An inquiry and how it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct InquiryRow {
    /// The inquiry.
    pub inquiry: Inquiry,
    /// The last decision on it.
    pub decision: Option<Decision>,
    /// The last letter on it.
    pub letter: Option<LetterRow>,
}

/// What became of a form handed in.
#[derive(Debug, Clone, PartialEq)]
pub enum Opened {
    /// A new inquiry.
    New(Box<Inquiry>),
    /// The same office had handed in the form before: nothing was written.
    Existing(Box<InquiryRow>),
}

/// Inquiries with the last decision and the last letter on each.
macro_rules! select_inquiries {
    ($rest:tt, $argument:expr) => {
        sqlx::query_as!(
            Record,
            r#"select inquiry.id, submission_id, reference, notary_id, office_id, notary_name, notary_email, office_name,
                      office_crpcen, office_address, birth_name, usage_name, given_names, sex, birth_date, birth_place,
                      death_date, death_place, death_certificate_date, file_reference, asked_at,
                      decided.id as "decision_id?", outcome as "outcome?", reasons as "reasons?",
                      candidates as "candidates?", finding, engine_version as "engine_version?", register_id,
                      decided_at as "decided_at?",
                      drawn.id as "letter_id?", drawn.decision_id as "letter_decision_id?", kind as "kind?",
                      data as "data?", settings_revision, verification_secret as "verification_secret?",
                      dated_on as "dated_on?", drawn_at as "drawn_at?", sha256, size, template_version, object_key,
                      object_version, data_key_id, issued_at, locked_until
               from inquiry
               left join lateral (
                   select id, outcome, reasons, candidates, finding, engine_version, register_id, decided_at
                   from decision where inquiry_id = inquiry.id order by decided_at desc, id desc limit 1
               ) as decided on true
               left join lateral (
                   select id, decision_id, kind, data, settings_revision, verification_secret, dated_on, drawn_at,
                          sha256, size, template_version, object_key, object_version, data_key_id, issued_at,
                          locked_until
                   from letter where inquiry_id = inquiry.id order by drawn_at desc, id desc limit 1
               ) as drawn on true "#
                + $rest,
            $argument
        )
    };
}

/// Repository of inquiries.
#[derive(Debug)]
pub struct Inquiries<'t> {
    pub(crate) tx: &'t mut PgConnection,
}

impl Inquiries<'_> {
    /// Opens an inquiry, or finds the one the same form opened before. Two at once: the second waits for the first.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn open(&mut self, inquiry: &NewInquiry) -> Result<Opened> {
        let (asker, decedent) = (&inquiry.asker, &inquiry.decedent);
        let reference = sqlx::query_scalar!(
            "with number as (select nextval('inquiry_number')::text as digits)
             insert into inquiry
                 (id, submission_id, reference, notary_id, office_id, notary_name, notary_email, office_name,
                  office_crpcen, office_address, birth_name, usage_name, given_names, sex, birth_date, birth_place,
                  death_date, death_place, death_certificate_date, file_reference, asked_at)
             select $1, $2, $3 || '-' || lpad(digits, greatest(6, length(digits)), '0'), $4, $5, $6, $7, $8, $9, $10,
                  $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21
             from number
             on conflict (office_id, submission_id) do nothing
             returning reference",
            inquiry.id.0,
            inquiry.submission.0,
            inquiry.series,
            asker.notary.0,
            asker.office.0,
            asker.name,
            asker.email,
            asker.office_name,
            asker.crpcen.as_str(),
            &asker.office_address,
            decedent.birth_name.as_ref().map(FamilyName::as_str),
            decedent.usage_name.as_ref().map(FamilyName::as_str),
            decedent.given_names.to_string(),
            decedent.sex.map(Sex::code),
            decedent.birth_date.to_string(),
            decedent.birth_place.as_ref().map(Place::as_str),
            decedent.death_date,
            decedent.death_place.as_ref().map(Place::as_str),
            decedent.death_certificate_date,
            inquiry.file_reference.as_ref().map(FileReference::as_str),
            inquiry.asked_at,
        )
        .fetch_optional(&mut *self.tx)
        .await?;
        if let Some(reference) = reference {
            return Ok(Opened::New(Box::new(inquiry.opened(reference))));
        }
        let existing = self.by_submission(asker.office, inquiry.submission).await?;
        existing
            .map(|row| Opened::Existing(Box::new(row)))
            .ok_or(DbError::Unreadable(TABLE))
    }

    /// The inquiry of this id.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn by_id(&mut self, id: InquiryId) -> Result<Option<InquiryRow>> {
        let row = select_inquiries!("where inquiry.id = $1", id.0)
            .fetch_optional(&mut *self.tx)
            .await?;
        row.map(InquiryRow::try_from).transpose()
    }

    /// The inquiry that this form of this office opened here.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn by_submission(
        &mut self,
        office: OfficeId,
        submission: SubmissionId,
    ) -> Result<Option<InquiryRow>> {
        let id = sqlx::query_scalar!(
            "select id from inquiry where office_id = $1 and submission_id = $2",
            office.0,
            submission.0,
        )
        .fetch_optional(&mut *self.tx)
        .await?;
        match id {
            Some(id) => self.by_id(InquiryId(id)).await,
            None => Ok(None),
        }
    }

    /// The inquiries of these ids, in no order.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn many(&mut self, ids: &[InquiryId]) -> Result<Vec<InquiryRow>> {
        let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
        let rows = select_inquiries!("where inquiry.id = any($1)", &ids)
            .fetch_all(&mut *self.tx)
            .await?;
        rows.into_iter().map(InquiryRow::try_from).collect()
    }

    /// The newest inquiries, newest first.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn recent(&mut self, limit: u32) -> Result<Vec<InquiryRow>> {
        let rows = select_inquiries!(
            "order by asked_at desc, inquiry.id desc limit $1",
            i64::from(limit)
        )
        .fetch_all(&mut *self.tx)
        .await?;
        rows.into_iter().map(InquiryRow::try_from).collect()
    }

    /// How many inquiries there are.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn count(&mut self) -> Result<u64> {
        let count = sqlx::query_scalar!(r#"select count(*) as "count!" from inquiry"#);
        Ok(count.fetch_one(&mut *self.tx).await?.unsigned_abs())
    }

    /// How many inquiries asked since then have which outcome, by their last decision; outcomes that are missing count zero.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn outcomes_since(&mut self, since: DateTime<Utc>) -> Result<Vec<(Outcome, u64)>> {
        let rows = sqlx::query!(
            r#"select outcome, count(*) as "count!" from (
                   select distinct on (decision.inquiry_id) decision.outcome
                   from decision join inquiry on inquiry.id = decision.inquiry_id
                   where inquiry.asked_at >= $1
                   order by decision.inquiry_id, decision.decided_at desc, decision.id desc
               ) as last group by outcome"#,
            since,
        )
        .fetch_all(&mut *self.tx)
        .await?;
        rows.into_iter()
            .map(|row| Ok((outcome(&row.outcome, "decision")?, row.count.unsigned_abs())))
            .collect()
    }
}

struct Record {
    id: Uuid,
    submission_id: Uuid,
    reference: String,
    notary_id: Uuid,
    office_id: Uuid,
    notary_name: String,
    notary_email: String,
    office_name: String,
    office_crpcen: String,
    office_address: Vec<String>,
    birth_name: Option<String>,
    usage_name: Option<String>,
    given_names: String,
    sex: Option<String>,
    birth_date: String,
    birth_place: Option<String>,
    death_date: NaiveDate,
    death_place: Option<String>,
    death_certificate_date: Option<NaiveDate>,
    file_reference: Option<String>,
    asked_at: DateTime<Utc>,
    decision_id: Option<Uuid>,
    outcome: Option<String>,
    reasons: Option<Vec<String>>,
    candidates: Option<Vec<String>>,
    finding: Option<serde_json::Value>,
    engine_version: Option<String>,
    register_id: Option<Uuid>,
    decided_at: Option<DateTime<Utc>>,
    letter_id: Option<Uuid>,
    letter_decision_id: Option<Uuid>,
    kind: Option<String>,
    data: Option<serde_json::Value>,
    settings_revision: Option<i64>,
    verification_secret: Option<String>,
    dated_on: Option<NaiveDate>,
    drawn_at: Option<DateTime<Utc>>,
    sha256: Option<Vec<u8>>,
    size: Option<i64>,
    template_version: Option<String>,
    object_key: Option<String>,
    object_version: Option<String>,
    data_key_id: Option<Uuid>,
    issued_at: Option<DateTime<Utc>>,
    locked_until: Option<DateTime<Utc>>,
}

const TABLE: &str = "inquiry";

impl Record {
    /// The decision, if there is one: then all of it is there.
    fn decision(&mut self) -> Option<decisions::Record> {
        Some(decisions::Record {
            id: self.decision_id?,
            outcome: self.outcome.take()?,
            reasons: self.reasons.take()?,
            candidates: self.candidates.take()?,
            finding: self.finding.take(),
            engine_version: self.engine_version.take()?,
            register_id: self.register_id,
            decided_at: self.decided_at?,
        })
    }

    /// The letter, if there is one: then all of it is there.
    fn letter(&mut self) -> Option<letters::Record> {
        Some(letters::Record {
            id: self.letter_id?,
            inquiry_id: self.id,
            decision_id: self.letter_decision_id?,
            kind: self.kind.take()?,
            data: self.data.take()?,
            settings_revision: self.settings_revision,
            verification_secret: self.verification_secret.take()?,
            dated_on: self.dated_on?,
            drawn_at: self.drawn_at?,
            sha256: self.sha256.take(),
            size: self.size,
            template_version: self.template_version.take(),
            object_key: self.object_key.take(),
            object_version: self.object_version.take(),
            data_key_id: self.data_key_id,
            issued_at: self.issued_at,
            locked_until: self.locked_until,
        })
    }
}

impl TryFrom<Record> for InquiryRow {
    type Error = DbError;

    fn try_from(mut row: Record) -> Result<Self> {
        Ok(Self {
            decision: row.decision().map(Decision::try_from).transpose()?,
            letter: row.letter().map(LetterRow::try_from).transpose()?,
            inquiry: row.try_into()?,
        })
    }
}

impl TryFrom<Record> for Inquiry {
    type Error = DbError;

    fn try_from(row: Record) -> Result<Self> {
        Ok(Self {
            id: InquiryId(row.id),
            submission: SubmissionId(row.submission_id),
            reference: row.reference,
            asker: Asker {
                notary: NotaryId(row.notary_id),
                office: OfficeId(row.office_id),
                name: row.notary_name,
                email: row.notary_email,
                office_name: row.office_name,
                crpcen: parsed(row.office_crpcen, TABLE)?,
                office_address: row.office_address,
            },
            decedent: Decedent {
                birth_name: parsed_option(row.birth_name, TABLE)?,
                usage_name: parsed_option(row.usage_name, TABLE)?,
                given_names: parsed(row.given_names, TABLE)?,
                sex: row.sex.as_deref().and_then(Sex::parse),
                birth_date: parsed(row.birth_date, TABLE)?,
                birth_place: parsed_option(row.birth_place, TABLE)?,
                death_date: row.death_date,
                death_place: parsed_option(row.death_place, TABLE)?,
                death_certificate_date: row.death_certificate_date,
            },
            file_reference: parsed_option(row.file_reference, TABLE)?,
            asked_at: row.asked_at,
        })
    }
}
