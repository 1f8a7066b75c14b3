//! What the staff of a département see first: how it is set up, on which register it answers, what was asked lately.

use chrono::{DateTime, Days, NaiveDate, Utc};
use db::{InquiryRow, RegisterVersion};
use domain::{Action, InquiryId, Outcome, TenantSettings};
use serde_json::json;

use crate::audit::{by_staff, detailed};
use crate::history::beginning;
use crate::{App, AppError, StaffIdentity};

/// Days counted.
const DAYS: u64 = 30;
/// Inquiries listed.
const LISTED: u32 = 10;

/// What the staff of a département see first. Nothing in it concerns a deceased person.
#[derive(Debug, Clone)]
pub struct StaffHome {
    /// How the département is set up.
    pub settings: TenantSettings,
    /// The register it answers on.
    pub register: Option<RegisterVersion>,
    /// First day counted, in the time of the département.
    pub counted_from: NaiveDate,
    /// How many inquiries had which outcome since then.
    pub counts: Vec<(Outcome, u64)>,
    /// The latest inquiries, newest first.
    pub recent: Vec<RecentInquiry>,
}

/// One of the latest inquiries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecentInquiry {
    /// Its id.
    pub inquiry: InquiryId,
    /// The département's reference.
    pub reference: String,
    /// Name of the office that asked.
    pub office: String,
    /// The answer.
    pub outcome: Outcome,
    /// When it was asked.
    pub asked_at: DateTime<Utc>,
    /// Whether its letter is issued.
    pub letter: bool,
}

impl App {
    /// The first page of a département's staff.
    ///
    /// # Errors
    /// When the database cannot be asked, or the département is suspended.
    pub async fn staff_home(&self, staff: &StaffIdentity, now: DateTime<Utc>) -> Result<StaffHome, AppError> {
        let slug = &staff.department;
        let kit = self.kit_of(slug).await?;
        let zone = kit.settings.identity.time_zone;
        let counted_from = zone.day(now) - Days::new(DAYS);
        let mut tx = self.db().tenant(slug).await?;
        let register = tx.register().active().await?;
        let counts = tx
            .inquiries()
            .outcomes_since(beginning(counted_from, zone))
            .await?;
        let rows = tx.inquiries().recent(LISTED).await?;
        let recent: Vec<RecentInquiry> = rows.iter().filter_map(recent).collect();
        let listed: Vec<InquiryId> = recent.iter().map(|row| row.inquiry).collect();
        let viewed = by_staff(staff.staff, &staff.roles, Action::HomeViewed, slug, now);
        tx.audit()
            .record(detailed(viewed, json!({ "inquiries": listed })));
        tx.save().await?;
        Ok(StaffHome {
            settings: kit.settings.clone(),
            register,
            counted_from,
            counts,
            recent,
        })
    }
}

fn outcome_of(row: &InquiryRow) -> Option<Outcome> {
    row.decision.as_ref().map(|decision| decision.outcome)
}

fn recent(row: &InquiryRow) -> Option<RecentInquiry> {
    Some(RecentInquiry {
        inquiry: row.inquiry.id,
        reference: row.inquiry.reference.clone(),
        office: row.inquiry.asker.office_name.clone(),
        outcome: outcome_of(row)?,
        asked_at: row.inquiry.asked_at,
        letter: row.letter.as_ref().is_some_and(|letter| letter.issued.is_some()),
    })
}
