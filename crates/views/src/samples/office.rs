//! What an office types and sees.

use chrono::TimeDelta;
use domain::{InquiryId, Outcome, SubmissionId};

use super::{decedent, id, now, of, unclear_decedent};
use crate::forms::InquiryForm;
use crate::pages::{DepartmentChoice, HistoryRow};

/// Three départements.
pub(crate) fn departments() -> Vec<DepartmentChoice> {
    [
        ("isere", "Isère", "38"),
        ("nord", "Nord", "59"),
        ("rhone", "Rhône", "69"),
    ]
    .into_iter()
    .map(|(slug, name, insee_code)| DepartmentChoice {
        slug: of(slug),
        name: name.to_owned(),
        insee_code: of(insee_code),
    })
    .collect()
}

/// A form filled.
pub(crate) fn form() -> InquiryForm {
    InquiryForm::again(
        SubmissionId(id(1)),
        &[&of("rhone"), &of("nord")],
        &decedent(),
        Some("2026-114/CF"),
    )
}

/// One inquiry for each outcome, and one that could not be made.
pub(crate) fn history() -> Vec<HistoryRow> {
    let row = |number: u16, outcome: Option<Outcome>| {
        let person = if number.is_multiple_of(3) {
            unclear_decedent()
        } else {
            decedent()
        };
        HistoryRow {
            submission: SubmissionId(id(u128::from(number))),
            name: person.full_name(),
            department: "Rhône".to_owned(),
            outcome,
            reference: outcome.map(|_| format!("69-2026-{number:06}")),
            file_reference: number.is_multiple_of(2).then(|| format!("2026-{number}/CF")),
            asker: "Claire Fontaine".to_owned(),
            asked_at: now() - TimeDelta::days(i64::from(number)),
            letter: outcome
                .filter(|outcome| *outcome != Outcome::Pending)
                .map(|_| InquiryId(id(u128::from(number)))),
        }
    };
    let outcomes = Outcome::ALL.into_iter().map(Some).chain([None]);
    (1..)
        .zip(outcomes)
        .map(|(number, outcome)| row(number, outcome))
        .collect()
}
