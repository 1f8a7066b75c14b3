//! « Mes demandes »: what an office asked, across départements.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeZone as _, Utc};
use db::{Actor, IndexFilter, IndexRow, InquiryRow, Page};
use domain::{Action, DepartmentSlug, InquiryId, OfficeId, SubmissionId, TimeZone};
use serde_json::json;
use views::forms::ParsedFilter;

use crate::audit::{detailed, entry};
use crate::blind_index::Field;
use crate::{Answer, AnswerState, App, AppError, NotaryIdentity};

/// Inquiries on one page.
pub const HISTORY_PAGE: u32 = 25;

/// One page, newest first.
#[derive(Debug, Clone, PartialEq)]
pub struct HistoryPage {
    /// Its rows.
    pub rows: Vec<HistoryRow>,
    /// How many rows all pages have together.
    pub total: u64,
    /// This page, from 1.
    pub page: u32,
    /// How many pages, 1 at least.
    pub pages: u32,
}

/// One inquiry.
#[derive(Debug, Clone, PartialEq)]
pub struct HistoryRow {
    /// The form it came with.
    pub submission: SubmissionId,
    /// When.
    pub asked_at: DateTime<Utc>,
    /// What was asked; `None` while the département is suspended.
    pub question: Option<HistoryQuestion>,
    /// Département, outcome and letter.
    pub answer: Answer,
}

/// What a row of the list says of the question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryQuestion {
    /// Who of the office asked.
    pub asked_by: String,
    /// The deceased, as a list names a person.
    pub decedent: String,
    /// The office's reference.
    pub file_reference: Option<String>,
}

impl App {
    /// One page (from 1) of an office's inquiries. Past the last page there are no rows.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn history(
        &self,
        notary: &NotaryIdentity,
        filter: &ParsedFilter,
        page: u32,
        now: DateTime<Utc>,
    ) -> Result<HistoryPage, AppError> {
        let office = notary.office;
        let wanted = self.index_filter(office, filter);
        let page = Page {
            number: page.max(1),
            size: HISTORY_PAGE,
        };
        let mut tx = self.db().platform().await?;
        let (lines, total) = tx.index().page(office, &wanted, page).await?;
        drop(tx);
        let mut details = self.details(&lines, notary, now).await?;
        let mut rows = Vec::with_capacity(lines.len());
        for line in lines {
            let detail = details
                .remove(&line.inquiry)
                .filter(|row| row.inquiry.asker.office == office);
            rows.push(self.history_row(line, detail).await?);
        }
        let pages = total.div_ceil(u64::from(HISTORY_PAGE)).max(1);
        Ok(HistoryPage {
            rows,
            total,
            page: page.number,
            pages: u32::try_from(pages).unwrap_or(u32::MAX),
        })
    }

    fn index_filter(&self, office: OfficeId, filter: &ParsedFilter) -> IndexFilter {
        let index = &self.inner.index;
        let query =
            |field, text: &Option<String>| index.query(office, field, text.as_deref().unwrap_or_default());
        let mut tokens = query(Field::Name, &filter.name);
        tokens.extend(query(Field::Reference, &filter.reference));
        IndexFilter {
            tokens,
            outcome: filter.outcome,
            department: filter.department.clone(),
            from: filter.from.map(midnight),
            until: filter
                .to
                .and_then(|day| day.checked_add_days(Days::new(1)))
                .map(midnight),
        }
    }

    /// What the départements know of these inquiries: one transaction for each département on the page, whose trail
    /// says which were shown.
    async fn details(
        &self,
        lines: &[IndexRow],
        notary: &NotaryIdentity,
        now: DateTime<Utc>,
    ) -> Result<HashMap<InquiryId, InquiryRow>, AppError> {
        let mut by_department: BTreeMap<&DepartmentSlug, Vec<InquiryId>> = BTreeMap::new();
        for line in lines {
            by_department
                .entry(&line.department)
                .or_default()
                .push(line.inquiry);
        }
        let mut details = HashMap::new();
        for (slug, ids) in by_department {
            match self.db().tenant(slug).await {
                Ok(mut tx) => {
                    let rows = tx.inquiries().many(&ids).await?;
                    let viewed = entry(
                        Actor::Notary(notary.notary),
                        Action::HistoryViewed,
                        notary.office,
                        now,
                    );
                    tx.audit().record(detailed(viewed, json!({ "inquiries": ids })));
                    tx.save().await?;
                    details.extend(rows.into_iter().map(|row| (row.inquiry.id, row)));
                }
                Err(db::DbError::TenantUnavailable(_)) => (),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(details)
    }

    async fn history_row(&self, line: IndexRow, detail: Option<InquiryRow>) -> Result<HistoryRow, AppError> {
        let department = self.department_of(&line.department).await?;
        let (state, question) = match detail {
            Some(row) => {
                let kit = self.kit_of(&line.department).await?;
                let state = AnswerState::of(&row, &kit, &department);
                let question = HistoryQuestion {
                    decedent: row.inquiry.decedent.full_name(),
                    file_reference: row.inquiry.file_reference.map(String::from),
                    asked_by: row.inquiry.asker.name,
                };
                (state, Some(question))
            }
            None => (AnswerState::Suspended, None),
        };
        Ok(HistoryRow {
            submission: line.submission,
            asked_at: line.asked_at,
            question,
            answer: Answer { department, state },
        })
    }
}

/// The moment a day begins in metropolitan France, where the list is read.
fn midnight(day: NaiveDate) -> DateTime<Utc> {
    beginning(day, TimeZone::default())
}

/// The moment a day begins there.
pub(crate) fn beginning(day: NaiveDate, zone: TimeZone) -> DateTime<Utc> {
    let start = day.and_time(NaiveTime::MIN);
    // Clocks never change at midnight in France.
    zone.tz()
        .from_local_datetime(&start)
        .earliest()
        .map_or_else(|| Utc.from_utc_datetime(&start), |at| at.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_in_paris() {
        let day = |text: &str| midnight(text.parse().unwrap()).to_rfc3339();
        assert_eq!(day("2026-11-23"), "2026-11-22T23:00:00+00:00");
        assert_eq!(day("2026-07-14"), "2026-07-13T22:00:00+00:00");
    }
}
