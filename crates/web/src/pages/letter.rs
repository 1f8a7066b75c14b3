//! `GET /demandes/{submission}/{inquiry}/courrier`, `GET /departements/{slug}/demandes/{inquiry}/courrier`.

use app::{LetterFile, LetterFileError};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::Utc;
use data_encoding::HEXUPPER;
use domain::{InquiryId, SubmissionId};
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};

use crate::WebState;
use crate::problem::Problem;
use crate::reply::Answer;
use crate::users::{NotaryUser, StaffUser};

/// Where a browser shows the file itself, it may do nothing.
const POLICY: &str = "default-src 'none'; frame-ancestors 'none'; sandbox";

pub(crate) async fn for_notary(
    State(state): State<WebState>,
    NotaryUser(notary): NotaryUser,
    Path((submission, inquiry)): Path<(String, String)>,
) -> Answer {
    let submission: SubmissionId = submission.parse().map_err(|_| Problem::NotFound)?;
    let inquiry: InquiryId = inquiry.parse().map_err(|_| Problem::NotFound)?;
    match state
        .app()
        .letter_for_notary(&notary, submission, inquiry, Utc::now())
        .await
    {
        // The page of the answer says that the letter is being made, and when it is there.
        Err(LetterFileError::NotYet) => Ok(Redirect::to(&format!("/demandes/{submission}")).into_response()),
        letter => Ok(download(letter.map_err(problem)?)),
    }
}

pub(crate) async fn for_staff(
    State(state): State<WebState>,
    staff: StaffUser,
    Path((_, inquiry)): Path<(String, String)>,
) -> Answer {
    let inquiry: InquiryId = inquiry.parse().map_err(|_| Problem::NotFound)?;
    let letter = state
        .app()
        .letter_for_staff(&staff.identity, inquiry, Utc::now())
        .await;
    Ok(download(letter.map_err(problem)?))
}

fn problem(error: LetterFileError) -> Problem {
    match error {
        LetterFileError::NotFound | LetterFileError::NotYet => Problem::NotFound,
        LetterFileError::Other(error) => Problem::Unavailable(error),
    }
}

fn download(letter: LetterFile) -> Response {
    let headers = [
        (CONTENT_TYPE, "application/pdf".to_owned()),
        (CONTENT_DISPOSITION, disposition(&letter.name)),
        (CACHE_CONTROL, "no-store".to_owned()),
        (CONTENT_SECURITY_POLICY, POLICY.to_owned()),
    ];
    (headers, letter.bytes).into_response()
}

/// The file name twice: plain for old browsers, exact for the others (RFC 6266, RFC 8187).
fn disposition(name: &str) -> String {
    let plain: String = name.chars().map(|c| if is_plain(c) { c } else { '_' }).collect();
    let mut exact = String::with_capacity(name.len());
    for byte in name.bytes() {
        match char::from(byte) {
            c if byte.is_ascii() && is_plain(c) => exact.push(c),
            _ => exact.push_str(&format!("%{}", HEXUPPER.encode(&[byte]))),
        }
    }
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{exact}")
}

fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_cannot_break_out_of_its_header() {
        assert_eq!(
            disposition("courrier-69-2026-000042.pdf"),
            "attachment; filename=\"courrier-69-2026-000042.pdf\"; filename*=UTF-8''courrier-69-2026-000042.pdf"
        );
        assert_eq!(
            disposition("é\"\r\n.pdf"),
            "attachment; filename=\"____.pdf\"; filename*=UTF-8''%C3%A9%22%0D%0A.pdf"
        );
    }
}
