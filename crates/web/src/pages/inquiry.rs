//! `GET /demandes/nouvelle`, `POST /demandes`: the main job.

use app::{AnswerState, InquireError};
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::Form;
use chrono::{NaiveDate, Utc};
use domain::{SubmissionId, TimeZone};
use http::StatusCode;
use uuid::Uuid;
use views::forms::{FieldErrors, InquiryForm};
use views::pages::InquiryFormPage;

use super::answer::{asked_now, page};
use crate::WebState;
use crate::choices::departments;
use crate::kept::DRAFT;
use crate::problem::Problem;
use crate::reply::{Answer, View};
use crate::session::Account;
use crate::users::{Denied, NotaryUser, to_login};
use crate::visit::Visit;

/// An empty form; or the one that was sent just after the login had ended.
pub(crate) async fn get(
    State(state): State<WebState>,
    NotaryUser(notary): NotaryUser,
    visit: Visit,
    view: View,
) -> Answer {
    let account = Account::Notary(notary.notary);
    let draft: Option<InquiryForm> = DRAFT.take(&visit.session, &account).await?;
    let form = draft.unwrap_or_else(|| InquiryForm::empty(fresh()));
    show(&state, &view, StatusCode::OK, form, FieldErrors::new()).await
}

/// Asks, and shows the answers. Sent twice, it asks once.
pub(crate) async fn post(
    State(state): State<WebState>,
    user: Result<NotaryUser, Denied>,
    visit: Visit,
    view: View,
    Form(form): Form<InquiryForm>,
) -> Result<Response, Denied> {
    match (user, &visit.ended) {
        (Ok(NotaryUser(notary)), _) => Ok(ask(&state, &view, &notary, form).await?),
        // The token was right, only late: what was typed is given back after the login, to the same person.
        (Err(_), Some((account, _))) => {
            // In a session that has nothing else of the one that ended.
            visit.session.cycle_id().await.map_err(Problem::from)?;
            DRAFT
                .put(&visit.session, account, &form)
                .await
                .map_err(Problem::from)?;
            Ok(to_login(&visit, "/demandes/nouvelle").into_response())
        }
        (Err(denied), None) => Err(denied),
    }
}

async fn ask(state: &WebState, view: &View, notary: &app::NotaryIdentity, mut form: InquiryForm) -> Answer {
    let submission = form.submission().ok_or(Problem::BadRequest)?;
    let question = match form.parse(today()) {
        Ok(question) => question,
        Err(errors) => return show(state, view, StatusCode::UNPROCESSABLE_ENTITY, form, errors).await,
    };
    let now = Utc::now();
    match state.app().inquire(notary, &question, submission, now).await {
        Ok(answers)
            if answers
                .iter()
                .all(|answer| matches!(answer.state, AnswerState::Decided(_))) =>
        {
            Ok(Redirect::to(&format!("/demandes/{submission}")).into_response())
        }
        // What was not asked is nowhere but here: shown at once, with the form to ask again.
        Ok(answers) => view.page(&page(state, submission, asked_now(notary, &question, now), answers).await),
        Err(InquireError::Changed) => {
            form.demande = fresh().to_string();
            let mut errors = FieldErrors::new();
            errors.push("attestation", CHANGED);
            show(state, view, StatusCode::CONFLICT, form, errors).await
        }
        Err(InquireError::UnknownDepartment) => Err(Problem::NotFound),
        Err(InquireError::Other(error)) => Err(Problem::Unavailable(error)),
    }
}

/// The form was sent before, then changed.
const CHANGED: &str = "Vous avez déjà envoyé ce formulaire avec d’autres indications. Pour faire une nouvelle demande avec celles-ci, envoyez-le encore une fois.";

async fn show(
    state: &WebState,
    view: &View,
    status: StatusCode,
    form: InquiryForm,
    errors: FieldErrors,
) -> Answer {
    let departments = departments(state).await?;
    view.page_with(
        status,
        &InquiryFormPage {
            form,
            errors,
            departments,
        },
    )
}

fn fresh() -> SubmissionId {
    SubmissionId(Uuid::now_v7())
}

/// Today, where the notary is.
fn today() -> NaiveDate {
    TimeZone::default().day(Utc::now())
}
