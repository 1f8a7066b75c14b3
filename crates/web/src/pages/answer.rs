//! `GET /demandes/{submission}`: what each département answers. The page asks again by itself while a letter is made.

use app::{AnswerState, LetterState, NotaryIdentity};
use axum::extract::{Path, State};
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use domain::SubmissionId;
use views::forms::ParsedInquiry;
use views::pages::{self, AnswerPage, Asked};

use crate::WebState;
use crate::choices::brand;
use crate::problem::Problem;
use crate::reply::{Answer, View};
use crate::users::NotaryUser;

pub(crate) async fn get(
    State(state): State<WebState>,
    NotaryUser(notary): NotaryUser,
    Path(submission): Path<String>,
    view: View,
) -> Answer {
    let submission: SubmissionId = submission.parse().map_err(|_| Problem::NotFound)?;
    let found = state
        .app()
        .answers(&notary, submission, Utc::now())
        .await?
        .ok_or(Problem::NotFound)?;
    let asked = Asked {
        decedent: found.decedent,
        file_reference: found.file_reference.map(String::from),
        asker: found.asked_by,
        asked_at: found.asked_at,
    };
    view.page(&page(&state, submission, asked, found.answers).await)
}

/// What was asked a moment ago.
pub(super) fn asked_now(notary: &NotaryIdentity, question: &ParsedInquiry, now: DateTime<Utc>) -> Asked {
    Asked {
        decedent: question.decedent.clone(),
        file_reference: question.file_reference.clone().map(String::from),
        asker: notary.name.clone(),
        asked_at: now,
    }
}

/// The page of these answers.
pub(super) async fn page(
    state: &WebState,
    submission: SubmissionId,
    asked: Asked,
    answers: Vec<app::Answer>,
) -> AnswerPage {
    let mut shown = Vec::with_capacity(answers.len());
    for answer in answers {
        let department = brand(state, &answer.department).await;
        shown.push(pages::Answer {
            department,
            state: state_of(answer.state),
        });
    }
    AnswerPage::new(submission, asked, shown)
}

fn state_of(state: AnswerState) -> pages::AnswerState {
    match state {
        AnswerState::Suspended => pages::AnswerState::Suspended,
        AnswerState::Failed => pages::AnswerState::Failed,
        AnswerState::Refused(contact) => pages::AnswerState::Refused(contact_of(contact)),
        AnswerState::Decided(decided) => pages::AnswerState::Decided(Box::new(pages::Decided {
            inquiry: decided.inquiry,
            reference: decided.reference,
            outcome: decided.outcome,
            decided_at: decided.decided_at,
            register_date: decided.register_date.map(noon),
            claim: decided.claim,
            overpaid: decided.overpaid,
            contact: contact_of(decided.contact),
            letter: letter_of(decided.letter),
        })),
    }
}

fn contact_of(contact: app::ServiceContact) -> pages::ServiceContact {
    pages::ServiceContact {
        officer: contact.officer,
        telephone: contact.telephone,
        email: contact.email,
    }
}

fn letter_of(letter: LetterState) -> pages::LetterState {
    match letter {
        LetterState::None => pages::LetterState::None,
        LetterState::InPreparation => pages::LetterState::Preparing,
        LetterState::Failed => pages::LetterState::Failed,
        LetterState::Ready {
            dated_on, size, code, ..
        } => pages::LetterState::Ready {
            dated_on,
            size,
            code: code.to_string(),
        },
    }
}

/// A moment of that day, wherever in France it is read.
fn noon(day: NaiveDate) -> DateTime<Utc> {
    (day.and_time(NaiveTime::MIN) + TimeDelta::hours(12)).and_utc()
}
