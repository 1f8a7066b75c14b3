//! What another policy would have answered to the département's own past inquiries.

use chrono::{DateTime, Utc};
use db::{InquiryRow, RegisterVersion, TenantTx};
use domain::{Action, DepartmentSlug, InquiryId};
use matching::{Frequencies, Policy, Verdict};
use serde_json::json;

use crate::{App, AppError, index};

/// What a policy makes of an inquiry, in short. Nobody is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Simulated {
    /// One person.
    Definite,
    /// An officer would decide.
    Ambiguous,
    /// Nobody.
    Unknown,
}

/// An inquiry that would have been answered otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Which.
    pub inquiry: InquiryId,
    /// Its reference.
    pub reference: String,
    /// By the policy in force.
    pub before: Simulated,
    /// By the other one.
    pub after: Simulated,
}

/// Past inquiries answered twice from the register in force: by the policy in force and by another one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Simulation {
    /// Inquiries looked at.
    pub inquiries: u64,
    /// Those answered otherwise, newest first.
    pub changes: Vec<Change>,
}

impl App {
    /// Answers the newest `limit` inquiries of a département by its own policy and by another one. Nothing is
    /// changed but the trail, because everybody asked about is looked up again. `None` without a register that can be
    /// asked.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn simulate(
        &self,
        slug: &DepartmentSlug,
        policy: &Policy,
        limit: u32,
        now: DateTime<Utc>,
    ) -> Result<Option<Simulation>, AppError> {
        let kit = self.kit_of(slug).await?;
        let mut tx = self.db().tenant(slug).await?;
        let Some(version) = tx.register().active().await?.filter(index::is_current) else {
            return Ok(None);
        };
        let Some(frequencies) = self.frequencies(&mut tx, version.id).await? else {
            return Ok(None);
        };
        let mut simulation = Simulation::default();
        for row in tx.inquiries().recent(limit).await? {
            let policies = [&*kit.policy, policy];
            let [before, after] = twice(&mut tx, &version, &row, policies, &frequencies).await?;
            simulation.inquiries += 1;
            if before != after {
                simulation.changes.push(Change {
                    inquiry: row.inquiry.id,
                    reference: row.inquiry.reference.to_string(),
                    before: short(&before),
                    after: short(&after),
                });
            }
        }
        let details = json!({ "inquiries": simulation.inquiries, "differ": simulation.changes.len() });
        let tried = self.by_operator(Action::PolicyTried, version.id, details, now);
        tx.audit().record(tried);
        tx.save().await?;
        Ok(Some(simulation))
    }
}

/// Verdicts without their reasons.
async fn twice(
    tx: &mut TenantTx,
    version: &RegisterVersion,
    row: &InquiryRow,
    policies: [&Policy; 2],
    frequencies: &Frequencies,
) -> Result<[Verdict; 2], AppError> {
    let decedent = &row.inquiry.decedent;
    let people = index::candidates(tx, version, decedent, frequencies).await?;
    Ok(policies.map(|policy| bare(matching::decide_with(decedent, &people, policy, frequencies))))
}

fn bare(mut verdict: Verdict) -> Verdict {
    match &mut verdict {
        Verdict::Definite { reasons, .. }
        | Verdict::Ambiguous { reasons, .. }
        | Verdict::Unknown { reasons } => {
            reasons.clear();
        }
    }
    verdict
}

fn short(verdict: &Verdict) -> Simulated {
    match verdict {
        Verdict::Definite { .. } => Simulated::Definite,
        Verdict::Ambiguous { .. } => Simulated::Ambiguous,
        Verdict::Unknown { .. } => Simulated::Unknown,
    }
}
