//! Draws the letter of a decision: its words are frozen with the decision, its file follows in a job.

use chrono::{DateTime, Utc};
use db::{LetterRow, NewLetter};
use domain::{Decision, Inquiry, LetterId, LetterKind, VerificationCode};
use letters::{LetterData, LetterParts};
use uuid::Uuid;

use crate::departments::{Department, Kit};
use crate::{App, AppError};

pub(super) fn draw(
    app: &App,
    department: &Department,
    kit: &Kit,
    inquiry: &Inquiry,
    decision: &Decision,
    register_date: Option<DateTime<Utc>>,
) -> Result<Option<NewLetter>, AppError> {
    let Some(kind) = LetterKind::of(decision.outcome) else {
        return Ok(None);
    };
    let zone = kit.settings.identity.time_zone;
    let code = VerificationCode::from_random(department.insee_code.clone(), rand::random());
    let dated_on = zone.day(decision.decided_at);
    let data = LetterData::new(LetterParts {
        id: LetterId(Uuid::now_v7()),
        inquiry,
        decision,
        asked_on: zone.day(inquiry.asked_at),
        dated_on,
        register_date: register_date.map(|at| zone.day(at)),
        code: &code,
        public_url: app.public_root(),
        retention_years: kit.settings.retention.letters_years,
    })
    .map_err(|_| AppError::Inconsistent("a letter cannot be drawn from its decision"))?;
    Ok(Some(NewLetter {
        id: data.id,
        inquiry: inquiry.id,
        decision: decision.id,
        kind,
        data: serde_json::to_value(&data)
            .map_err(|_| AppError::Inconsistent("the data of a letter cannot be written"))?,
        settings_revision: kit.revision,
        verification_secret: code.secret().to_owned(),
        dated_on,
        drawn_at: decision.decided_at,
    }))
}

/// As it stands once it was recorded.
pub(super) fn drawn(letter: NewLetter) -> LetterRow {
    LetterRow {
        id: letter.id,
        inquiry: letter.inquiry,
        decision: letter.decision,
        kind: letter.kind,
        data: letter.data,
        settings_revision: Some(letter.settings_revision),
        verification_secret: letter.verification_secret,
        dated_on: letter.dated_on,
        drawn_at: letter.drawn_at,
        issued: None,
    }
}
