//! Decisions on inquiries. They are added, never changed.

use chrono::{DateTime, Utc};
use domain::{Decision, DecisionId, InquiryId, RegisterId};
use schema::{DbError, Result};
use sqlx::PgConnection;
use uuid::Uuid;

use super::index::IndexEntry;
use super::letters::NewLetter;
use crate::read::{outcome, unreadable};

/// Repository of decisions.
#[derive(Debug)]
pub struct Decisions<'t> {
    pub(crate) tx: &'t mut PgConnection,
}

impl Decisions<'_> {
    /// Records a decision.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn add(&mut self, inquiry: InquiryId, decision: &Decision) -> Result<()> {
        let finding = decision.finding.as_ref().map(serde_json::to_value).transpose();
        sqlx::query!(
            "insert into decision
                 (id, inquiry_id, outcome, reasons, candidates, finding, engine_version, register_id, decided_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            decision.id.0,
            inquiry.0,
            decision.outcome.code(),
            &decision.reasons,
            &decision.candidates,
            finding.map_err(unreadable(TABLE))?,
            decision.engine_version,
            decision.register.map(|id| id.0),
            decision.decided_at,
        )
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    /// Records a decision with what follows from it, in one round: its letter, which has a job to be issued, and what the
    /// platform's index says of it.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn answer(
        &mut self,
        decision: &Decision,
        letter: &NewLetter,
        index: &IndexEntry,
    ) -> Result<()> {
        let finding = decision.finding.as_ref().map(serde_json::to_value).transpose();
        sqlx::query!(
            "with decided as (
                 insert into decision
                     (id, inquiry_id, outcome, reasons, candidates, finding, engine_version, register_id, decided_at)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
             ), drawn as (
                 insert into letter
                     (id, inquiry_id, decision_id, kind, data, settings_revision, verification_secret, dated_on,
                      drawn_at)
                 values ($10, $2, $1, $11, $12, $13, $14, $15, $16)
             )
             select platform.index_inquiry($2, $17, $18, $19, $20, $3, $21), platform.add_job('issue_letter', $10)",
            decision.id.0,
            letter.inquiry.0,
            decision.outcome.code(),
            &decision.reasons,
            &decision.candidates,
            finding.map_err(unreadable(TABLE))?,
            decision.engine_version,
            decision.register.map(|id| id.0),
            decision.decided_at,
            letter.id.0,
            letter.kind.code(),
            letter.data,
            letter.settings_revision,
            letter.verification_secret,
            letter.dated_on,
            letter.drawn_at,
            index.submission.0,
            index.office.0,
            index.notary.0,
            index.asked_at,
            &index.tokens,
        )
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    /// The decisions on an inquiry, oldest first.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn of(&mut self, inquiry: InquiryId) -> Result<Vec<Decision>> {
        let rows = sqlx::query_as!(
            Record,
            "select id, outcome, reasons, candidates, finding, engine_version, register_id, decided_at
             from decision where inquiry_id = $1 order by decided_at, id",
            inquiry.0,
        )
        .fetch_all(&mut *self.tx)
        .await?;
        rows.into_iter().map(Decision::try_from).collect()
    }
}

pub(super) struct Record {
    pub(super) id: Uuid,
    pub(super) outcome: String,
    pub(super) reasons: Vec<String>,
    pub(super) candidates: Vec<String>,
    pub(super) finding: Option<serde_json::Value>,
    pub(super) engine_version: String,
    pub(super) register_id: Option<Uuid>,
    pub(super) decided_at: DateTime<Utc>,
}

const TABLE: &str = "decision";

impl TryFrom<Record> for Decision {
    type Error = DbError;

    fn try_from(row: Record) -> Result<Self> {
        let finding = row.finding.map(serde_json::from_value).transpose();
        Ok(Self {
            id: DecisionId(row.id),
            outcome: outcome(&row.outcome, TABLE)?,
            reasons: row.reasons,
            candidates: row.candidates,
            finding: finding.map_err(unreadable(TABLE))?,
            engine_version: row.engine_version,
            register: row.register_id.map(RegisterId),
            decided_at: row.decided_at,
        })
    }
}
