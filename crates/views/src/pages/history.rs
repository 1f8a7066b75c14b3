//! `GET /demandes`.

use chrono::{DateTime, Utc};
use domain::{InquiryId, Outcome, SubmissionId};
use serde::Serialize;

use super::DepartmentChoice;
use crate::forms::{FieldErrors, HistoryFilter};
use crate::{Page, Sample, samples};

/// One inquiry of the office.
#[derive(Debug, Clone, Serialize)]
pub struct HistoryRow {
    /// The form: its answers are at `/demandes/{submission}`.
    pub submission: SubmissionId,
    /// `Decedent::full_name`.
    pub name: String,
    /// `Rhône`.
    pub department: String,
    /// The answer; none when the département could not be asked.
    pub outcome: Option<Outcome>,
    /// « Nos références ».
    pub reference: Option<String>,
    /// « Vos références ».
    pub file_reference: Option<String>,
    /// Who asked.
    pub asker: String,
    /// When.
    pub asked_at: DateTime<Utc>,
    /// The inquiry whose letter can be downloaded, at `/demandes/{submission}/{inquiry}/courrier`.
    pub letter: Option<InquiryId>,
}

/// Which part of a long list is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Paging {
    /// Page shown, from 1.
    pub page: u32,
    /// Pages there are; at least 1.
    pub pages: u32,
    /// Inquiries found.
    pub total: u64,
}

impl Paging {
    /// From the number found and shown per page; `page` is brought back into the list.
    pub fn new(page: u32, total: u64, per_page: u32) -> Self {
        let pages = total.div_ceil(u64::from(per_page.max(1))).max(1);
        let pages = u32::try_from(pages).unwrap_or(u32::MAX);
        Self {
            page: page.clamp(1, pages),
            pages,
            total,
        }
    }
}

/// « Mes demandes »: the inquiries of the office, newest first.
#[derive(Debug, Clone, Serialize)]
pub struct HistoryPage {
    /// Name of the office.
    pub office: String,
    /// What was looked for.
    pub filter: HistoryFilter,
    /// What of it could not be understood.
    pub errors: FieldErrors,
    /// Départements to choose from.
    pub departments: Vec<DepartmentChoice>,
    /// Inquiries of this page.
    pub rows: Vec<HistoryRow>,
    /// Which page it is.
    pub paging: Paging,
}

impl Page for HistoryPage {
    const TEMPLATE: &'static str = "pages/history.html";

    fn title(&self) -> String {
        "Mes demandes".to_owned()
    }

    fn samples() -> Vec<Sample<Self>> {
        let page = |filter: HistoryFilter, rows, paging| Self {
            office: "Étude Fontaine et associés".to_owned(),
            errors: filter.parse().1,
            filter,
            departments: samples::departments(),
            rows,
            paging,
        };
        let looking = || HistoryFilter {
            nom: "dur".to_owned(),
            reponse: "recoverable".to_owned(),
            du: "01/09/2026".to_owned(),
            ..HistoryFilter::default()
        };
        let wrong = HistoryFilter {
            du: "hier".to_owned(),
            ..looking()
        };
        let all = HistoryFilter::default;
        let layout = || samples::notary("/demandes");
        vec![
            Sample::new(
                "historique",
                layout(),
                page(all(), samples::history(), Paging::new(1, 6, 20)),
            ),
            Sample::new(
                "historique-pages",
                layout(),
                page(looking(), samples::history(), Paging::new(2, 1234, 20)),
            ),
            Sample::new(
                "historique-erreur",
                layout(),
                page(wrong, samples::history(), Paging::new(1, 6, 20)),
            ),
            Sample::new(
                "historique-rien",
                layout(),
                page(looking(), vec![], Paging::new(1, 0, 20)),
            ),
            Sample::new(
                "historique-premier",
                layout(),
                page(all(), vec![], Paging::new(1, 0, 20)),
            ),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_past_the_end_is_the_last_one() {
        let paging = |page, total| Paging::new(page, total, 20);
        assert_eq!((paging(1, 0).page, paging(1, 0).pages), (1, 1));
        assert_eq!((paging(9, 41).page, paging(9, 41).pages), (3, 3));
        assert_eq!((paging(0, 40).page, paging(0, 40).pages), (1, 2));
        assert_eq!(Paging::new(1, 5, 0).pages, 5);
    }
}
