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
use super::limit;
use crate::WebState;
use crate::choices::departments;
use crate::kept::{DRAFT, STOPPED, Stopped};
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
    let mut draft: Option<InquiryForm> = DRAFT.take(&visit.session, &account).await?;
    if draft.is_none() {
        draft = stopped(&visit, &account).await?;
    }
    let form = draft.unwrap_or_else(|| InquiryForm::empty(fresh()));
    show(&state, &view, StatusCode::OK, form, FieldErrors::new()).await
}

/// A form that a limit stopped: as often as wanted while it would not pass, once afterwards.
async fn stopped(visit: &Visit, account: &Account) -> Result<Option<InquiryForm>, Problem> {
    let stopped: Option<Stopped> = STOPPED.get(&visit.session, account).await?;
    if stopped
        .as_ref()
        .is_some_and(|stopped| stopped.opens_at <= Utc::now())
    {
        STOPPED.take::<Stopped>(&visit.session, account).await?;
    }
    Ok(stopped.map(|stopped| stopped.form))
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
        (Ok(NotaryUser(notary)), _) => Ok(ask(&state, &view, &visit, &notary, form).await?),
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

async fn ask(
    state: &WebState,
    view: &View,
    visit: &Visit,
    notary: &app::NotaryIdentity,
    mut form: InquiryForm,
) -> Answer {
    let submission = form.submission().ok_or(Problem::BadRequest)?;
    let question = match form.parse(today()) {
        Ok(question) => question,
        Err(errors) => return show(state, view, StatusCode::UNPROCESSABLE_ENTITY, form, errors).await,
    };
    let now = Utc::now();
    let outcome = state.app().inquire(notary, &question, submission, now).await;
    if outcome.is_ok() {
        forget_stopped(visit, notary, &form).await?;
    }
    match outcome {
        Ok(answers)
            if answers
                .iter()
                .all(|answer| matches!(answer.state, AnswerState::Decided(_))) =>
        {
            Ok(Redirect::to(&format!("/demandes/{submission}")).into_response())
        }
        // What was not asked is nowhere but here: shown at once, with the form to ask again.
        Ok(answers) => {
            let status = status_of(&answers);
            let asked = asked_now(notary, &question, now);
            view.page_with(status, &page(state, submission, asked, answers).await)
        }
        Err(InquireError::LimitReached(limits)) => {
            limit::show(view, visit, notary, form, question.departments.len(), limits, now).await
        }
        Err(InquireError::TooMany(at_once)) => {
            let mut errors = FieldErrors::new();
            errors.push(
                "departements",
                format!(
                    "Cochez au plus {at_once} département{} à la fois.",
                    if at_once > 1 { "s" } else { "" }
                ),
            );
            show(state, view, StatusCode::UNPROCESSABLE_ENTITY, form, errors).await
        }
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

/// 429 when everything was refused because of a series of tries, 503 when no département could be asked.
fn status_of(answers: &[app::Answer]) -> StatusCode {
    let refused = |answer: &app::Answer| matches!(answer.state, AnswerState::Refused(_));
    if answers.iter().all(refused) {
        StatusCode::TOO_MANY_REQUESTS
    } else if answers.iter().all(|answer| answer.state == AnswerState::Failed) {
        StatusCode::SERVICE_UNAVAILABLE
    } else {
        StatusCode::OK
    }
}

/// The form that was stopped has passed.
async fn forget_stopped(
    visit: &Visit,
    notary: &app::NotaryIdentity,
    form: &InquiryForm,
) -> Result<(), Problem> {
    let account = Account::Notary(notary.notary);
    let stopped: Option<Stopped> = STOPPED.get(&visit.session, &account).await?;
    if stopped.is_some_and(|stopped| stopped.form.demande == form.demande) {
        STOPPED.take::<Stopped>(&visit.session, &account).await?;
    }
    Ok(())
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
