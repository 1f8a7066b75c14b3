//! After `POST /demandes`, when a limit forbids it.

use chrono::{DateTime, Utc};
use domain::Span;
use serde::Serialize;

use crate::{Page, Sample, samples};

/// A limit that the form would have overstepped.
#[derive(Debug, Clone, Serialize)]
pub struct LimitLine {
    /// `Département du Rhône`, when it is that département's own; the platform's otherwise.
    pub department: Option<String>,
    /// In which span of time.
    pub span: Span,
    /// How many inquiries it takes.
    pub limit: u32,
}

/// The notary made as many inquiries as the limits take: nothing was asked, and the form is kept.
#[derive(Debug, Clone, Serialize)]
pub struct LimitPage {
    /// The limits, one at least.
    pub limits: Vec<LimitLine>,
    /// How many départements the form asks.
    pub asked: usize,
    /// From when on the same form passes.
    pub opens_at: DateTime<Utc>,
    /// In how many minutes that is, one at least.
    pub minutes: i64,
    /// Until when the form is kept.
    pub kept_until: DateTime<Utc>,
}

impl Page for LimitPage {
    const TEMPLATE: &'static str = "pages/limit.html";

    fn title(&self) -> String {
        "Limite de demandes atteinte".to_owned()
    }

    fn samples() -> Vec<Sample<Self>> {
        let line = |department: Option<&str>, span, limit| LimitLine {
            department: department.map(str::to_owned),
            span,
            limit,
        };
        let page = |name, asked, minutes, limits| {
            let opens_at = samples::now() + chrono::TimeDelta::minutes(minutes);
            let page = Self {
                limits,
                asked,
                opens_at,
                minutes,
                kept_until: opens_at + chrono::TimeDelta::hours(12),
            };
            Sample::new(name, samples::notary("/demandes"), page)
        };
        vec![
            page("limite-heure", 1, 14, vec![line(None, Span::Hour, 60)]),
            page("limite-jour", 3, 970, vec![line(None, Span::Day, 300)]),
            page(
                "limite-departement",
                2,
                1,
                vec![line(Some("Département du Rhône"), Span::Hour, 10)],
            ),
            page(
                "limite-plusieurs",
                2,
                75,
                vec![
                    line(None, Span::Hour, 60),
                    line(Some("Département du Rhône"), Span::Day, 40),
                ],
            ),
        ]
    }
}
