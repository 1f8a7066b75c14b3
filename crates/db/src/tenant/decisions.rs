//! Decisions on inquiries. They are added, never changed.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::{Decision, DecisionId, InquiryId, RegisterId};
use schema::{DbError, Result};
use sqlx::PgConnection;
use uuid::Uuid;

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

    /// The decisions on an inquiry, oldest first.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn of(&mut self, inquiry: InquiryId) -> Result<Vec<Decision>> {
        let rows = sqlx::query_as!(
            Record,
            "select id, inquiry_id, outcome, reasons, candidates, finding, engine_version, register_id, decided_at
             from decision where inquiry_id = $1 order by decided_at, id",
            inquiry.0,
        )
        .fetch_all(&mut *self.tx)
        .await?;
        rows.into_iter().map(Decision::try_from).collect()
    }

    /// The last decision on each of these inquiries.
    pub(crate) async fn last(&mut self, inquiries: &[Uuid]) -> Result<HashMap<InquiryId, Decision>> {
        let rows = sqlx::query_as!(
            Record,
            "select distinct on (inquiry_id)
                 id, inquiry_id, outcome, reasons, candidates, finding, engine_version, register_id, decided_at
             from decision where inquiry_id = any($1) order by inquiry_id, decided_at desc, id desc",
            inquiries,
        )
        .fetch_all(&mut *self.tx)
        .await?;
        rows.into_iter()
            .map(|row| Ok((InquiryId(row.inquiry_id), row.try_into()?)))
            .collect()
    }
}

struct Record {
    id: Uuid,
    inquiry_id: Uuid,
    outcome: String,
    reasons: Vec<String>,
    candidates: Vec<String>,
    finding: Option<serde_json::Value>,
    engine_version: String,
    register_id: Option<Uuid>,
    decided_at: DateTime<Utc>,
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
