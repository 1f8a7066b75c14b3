//! `GET /demandes`: « Mes demandes », the inquiries of the office.

use app::{AnswerState, HISTORY_PAGE, HistoryRow, LetterState};
use axum::extract::{Query, State};
use domain::french;
use views::forms::HistoryFilter;
use views::pages::{self, HistoryPage, Paging};

use crate::WebState;
use crate::choices::all_departments;
use crate::reply::{Answer, View};
use crate::users::NotaryUser;

pub(crate) async fn get(
    State(state): State<WebState>,
    NotaryUser(notary): NotaryUser,
    Query(filter): Query<HistoryFilter>,
    view: View,
) -> Answer {
    let (wanted, errors) = filter.parse();
    let found = state.app().history(notary.office, &wanted).await?;
    view.page(&HistoryPage {
        office: notary.office_name,
        filter,
        errors,
        departments: all_departments(&state).await?,
        paging: Paging::new(found.page, found.total, HISTORY_PAGE),
        rows: found.rows.into_iter().map(row).collect(),
    })
}

fn row(row: HistoryRow) -> pages::HistoryRow {
    let decided = match row.answer.state {
        AnswerState::Decided(decided) => Some(decided),
        AnswerState::Suspended | AnswerState::Failed => None,
    };
    let letter = decided
        .as_ref()
        .filter(|decided| matches!(decided.letter, LetterState::Ready { .. }));
    // A suspended département tells nothing of what it was asked.
    let question = row.question;
    let name = question.as_ref().map(|question| question.decedent.clone());
    pages::HistoryRow {
        submission: row.submission,
        name: name.unwrap_or_else(|| format!("Demande du {}", french::date(row.asked_at.date_naive()))),
        department: row.answer.department.name,
        letter: letter.map(|decided| decided.inquiry),
        outcome: decided.as_ref().map(|decided| decided.outcome),
        reference: decided.map(|decided| decided.reference),
        file_reference: question
            .as_ref()
            .and_then(|question| question.file_reference.clone()),
        asker: question.map(|question| question.asked_by).unwrap_or_default(),
        asked_at: row.asked_at,
    }
}
