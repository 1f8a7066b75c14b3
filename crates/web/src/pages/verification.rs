//! `GET` and `POST /verification`, `GET /v/{code}`: anybody checks a letter, and learns nothing else.

use app::Verification;
use axum::extract::{Multipart, Path, State};
use chrono::Utc;
use domain::VerificationCode;
use http::StatusCode;
use sha2::{Digest, Sha256};
use views::pages::{CopyCheck, VerificationPage, VerificationResult, VerificationResultPage};

use crate::WebState;
use crate::layers::limits::{MAX_PARTS, text_of};
use crate::problem::Problem;
use crate::reply::{Answer, View};

pub(crate) async fn get(view: View) -> Answer {
    view.with_form().await?.page(&VerificationPage::empty())
}

/// The address in a letter's QR code.
pub(crate) async fn get_code(State(state): State<WebState>, Path(code): Path<String>, view: View) -> Answer {
    answer(&state, &view.with_form().await?, code, None).await
}

pub(crate) async fn post(State(state): State<WebState>, view: View, form: Multipart) -> Answer {
    let (code, copy) = read(form).await?;
    answer(&state, &view.with_form().await?, code, copy).await
}

async fn answer(state: &WebState, view: &View, typed: String, copy: Option<[u8; 32]>) -> Answer {
    let Ok(code) = typed.parse::<VerificationCode>() else {
        let typed = typed.chars().take(80).collect();
        return view.page_with(
            StatusCode::UNPROCESSABLE_ENTITY,
            &VerificationPage::malformed(typed),
        );
    };
    let result = match state.app().verify(&code, copy, Utc::now()).await? {
        Some(letter) => known(letter),
        None => VerificationResult::Unknown,
    };
    view.page(&VerificationResultPage {
        code: code.to_string(),
        result,
    })
}

fn known(letter: Verification) -> VerificationResult {
    let copy = match letter.copy {
        app::CopyCheck::NotAsked => CopyCheck::NotGiven,
        app::CopyCheck::Genuine => CopyCheck::Genuine,
        app::CopyCheck::Different => CopyCheck::Different,
    };
    VerificationResult::Known {
        department: letter.department,
        dated_on: letter.dated_on,
        copy,
    }
}

/// The code, and the fingerprint of the file if one was chosen. The file itself is not kept.
async fn read(mut form: Multipart) -> Result<(String, Option<[u8; 32]>), Problem> {
    let mut code = String::new();
    let mut copy = None;
    let mut parts = 0;
    while let Some(field) = form.next_field().await.map_err(|_| Problem::BadRequest)? {
        parts += 1;
        if parts > MAX_PARTS {
            return Err(Problem::FormTooLarge);
        }
        match field.name() {
            Some("code") => code = text_of(field).await?,
            Some("copie") => {
                let bytes = field.bytes().await.map_err(|_| Problem::BadRequest)?;
                // A browser sends an empty file when none was chosen.
                if !bytes.is_empty() {
                    copy = Some(Sha256::digest(&bytes).into());
                }
            }
            _ => {}
        }
    }
    Ok((code, copy))
}
