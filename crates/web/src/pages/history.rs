//! `GET /demandes`: « Mes demandes », the inquiries of the office. `POST /demandes/recherche`: look for some of them.

use app::{AnswerState, HISTORY_PAGE, HistoryRow, LetterState, NotaryIdentity};
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect};
use axum_extra::extract::Form;
use chrono::Utc;
use domain::french;
use serde::Deserialize;
use views::forms::HistoryFilter;
use views::pages::{self, HistoryPage, Paging};

use crate::WebState;
use crate::choices::all_departments;
use crate::kept::SEARCH;
use crate::reply::{Answer, View};
use crate::session::Account;
use crate::users::NotaryUser;
use crate::visit::Visit;

/// Which part of which list: nothing that anybody typed.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct List {
    /// There when the search kept in the session applies.
    recherche: Option<String>,
    page: String,
}

pub(crate) async fn get(
    State(state): State<WebState>,
    NotaryUser(notary): NotaryUser,
    Query(list): Query<List>,
    visit: Visit,
    view: View,
) -> Answer {
    let filter = match list.recherche {
        Some(_) => SEARCH
            .get(&visit.session, &account(&notary))
            .await?
            .unwrap_or_default(),
        None => HistoryFilter::default(),
    };
    let (wanted, errors) = filter.parse();
    let page = list.page.trim().parse().unwrap_or(1);
    let found = state.app().history(&notary, &wanted, page, Utc::now()).await?;
    view.page(&HistoryPage {
        office: notary.office_name,
        filter,
        errors,
        departments: all_departments(&state).await?,
        paging: Paging::new(found.page, found.total, HISTORY_PAGE),
        rows: found.rows.into_iter().map(row).collect(),
    })
}

pub(crate) async fn search(
    NotaryUser(notary): NotaryUser,
    visit: Visit,
    Form(filter): Form<HistoryFilter>,
) -> Answer {
    SEARCH.put(&visit.session, &account(&notary), &filter).await?;
    Ok(Redirect::to("/demandes?recherche=1").into_response())
}

fn account(notary: &NotaryIdentity) -> Account {
    Account::Notary(notary.notary)
}

fn row(row: HistoryRow) -> pages::HistoryRow {
    let decided = match row.answer.state {
        AnswerState::Decided(decided) => Some(decided),
        AnswerState::Suspended | AnswerState::Refused(_) | AnswerState::Failed => None,
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
