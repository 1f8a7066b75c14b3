//! `GET /connexion/{provider}/retour`: back from the provider.

use app::{AppError, LoginClaims, NotaryLoginError, StaffLoginError, StaffTrust};
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect};
use chrono::{DateTime, Utc};
use http::StatusCode;
use views::pages::{LoginErrorKind, LoginErrorPage};

use crate::WebState;
use crate::oidc::{
    Audience, CallbackQuery, LoginFailure, Provider, ProviderSettings, SpeaksFor, StaffLinking,
};
use crate::problem::{Problem, chain};
use crate::reply::{Answer, View};
use crate::return_to::ReturnTo;
use crate::session::{self, Account, Login};
use crate::visit::Visit;

pub(crate) async fn get(
    State(state): State<WebState>,
    Path(provider): Path<String>,
    Query(answer): Query<CallbackQuery>,
    visit: Visit,
    view: View,
) -> Answer {
    let provider = state.providers().get(&provider).ok_or(Problem::NotFound)?;
    let now = Utc::now();
    let mut pending = session::pending(&visit.session).await?;
    let any = !pending.is_empty();
    let begun = answer
        .state
        .as_deref()
        .and_then(|state| pending.take(state, provider.id(), now));
    if any {
        // Spent before anything is asked of the provider, so that it cannot be used twice, here or elsewhere.
        session::save_pending(&visit.session, &pending).await?;
    }
    let Some(begun) = begun else {
        // Without a login that was begun here it is no login at all, and anybody can ask for this page.
        if any {
            refused(&state, provider, &LoginFailure::State, now).await;
        }
        return failed(provider, LoginFailure::State, None, &view);
    };
    let return_to = begun.return_to.clone();
    let logged_in = match provider.finish(begun, answer, now).await {
        Ok(logged_in) => logged_in,
        Err(failure) => {
            refused(&state, provider, &failure, now).await;
            return failed(provider, failure, None, &view);
        }
    };
    let arrival = match arrive(&state, provider, &logged_in.claims, now).await {
        Ok(arrival) => arrival,
        Err(failure) => return failed(provider, failure, logged_in.claims.email, &view),
    };
    let login = Login {
        account: arrival.account,
        provider: provider.id().to_owned(),
        id_token: logged_in.id_token,
        at: now,
    };
    session::open(&visit.session, login, state.settings()).await?;
    tracing::info!(provider = provider.id(), code = "login", "logged in");
    let wanted = return_to.as_deref().and_then(ReturnTo::parse);
    let wanted = wanted.filter(|path| path.is_of_staff() == (provider.audience() == Audience::Officer));
    let path = wanted
        .as_ref()
        .map_or(arrival.first_page.as_str(), ReturnTo::as_str);
    if arrival.terms_first {
        session::set_next(&visit.session, path).await?;
        return Ok(Redirect::to("/conditions").into_response());
    }
    Ok(Redirect::to(path).into_response())
}

/// A person whom we know.
struct Arrival {
    account: Account,
    first_page: String,
    terms_first: bool,
}

async fn arrive(
    state: &WebState,
    provider: &Provider,
    claims: &LoginClaims,
    now: DateTime<Utc>,
) -> Result<Arrival, LoginFailure> {
    match provider.audience() {
        Audience::Notary => {
            let notary = state
                .app()
                .login_notary(claims, now)
                .await
                .map_err(notary_failure)?;
            Ok(Arrival {
                account: Account::Notary(notary.notary),
                first_page: "/demandes/nouvelle".to_owned(),
                terms_first: !notary.terms_accepted,
            })
        }
        Audience::Officer => {
            let trust = trust(provider.settings());
            let staff = state
                .app()
                .login_staff(claims, &trust, now)
                .await
                .map_err(staff_failure)?;
            let first_page = match staff.as_slice() {
                [one] => format!("/departements/{}", one.department),
                _ => "/departements".to_owned(),
            };
            let account = Account::Staff(staff.iter().map(|staff| staff.staff).collect());
            Ok(Arrival {
                account,
                first_page,
                terms_first: false,
            })
        }
    }
}

fn trust(settings: &ProviderSettings) -> StaffTrust {
    let linking = match &settings.staff {
        StaffLinking::VerifiedEmail => app::StaffLinking::VerifiedEmail,
        StaffLinking::SiretAndRole { roles } => app::StaffLinking::SiretAndRole { roles: roles.clone() },
    };
    // Nothing said (which `check` refuses): it speaks for nobody.
    let departments = settings
        .departments
        .as_ref()
        .map_or(Some(vec![]), SpeaksFor::departments);
    StaffTrust { departments, linking }
}

fn notary_failure(error: NotaryLoginError) -> LoginFailure {
    match error {
        NotaryLoginError::OfficeMissing => LoginFailure::OfficeMissing,
        NotaryLoginError::EmailMissing => LoginFailure::EmailMissing,
        NotaryLoginError::Other(error) => ours(&error),
    }
}

fn staff_failure(error: StaffLoginError) -> LoginFailure {
    match error {
        StaffLoginError::Unknown => LoginFailure::StaffUnknown,
        StaffLoginError::NotVouchedFor => LoginFailure::StaffNotVouchedFor,
        StaffLoginError::LinkedElsewhere => LoginFailure::StaffLinkedElsewhere,
        StaffLoginError::Other(AppError::Suspended(_)) => LoginFailure::Suspended,
        StaffLoginError::Other(error) => ours(&error),
    }
}

fn ours(error: &AppError) -> LoginFailure {
    tracing::error!(
        code = "unavailable",
        error = chain(error),
        "a part of the house failed"
    );
    LoginFailure::Unavailable
}

/// In the audit trail. The page is shown whatever becomes of that: nobody is let in.
async fn refused(state: &WebState, provider: &Provider, failure: &LoginFailure, now: DateTime<Utc>) {
    let noted = state.app().login_refused(provider.id(), failure.code(), now);
    if let Err(error) = noted.await {
        tracing::error!(
            code = "trail",
            error = chain(&error),
            "a refused login could not be recorded"
        );
    }
}

/// The page of a failure. The log gets its code and the provider, and nothing of the person.
pub(super) fn failed(
    provider: &Provider,
    failure: LoginFailure,
    email: Option<String>,
    view: &View,
) -> Answer {
    tracing::warn!(provider = provider.id(), code = failure.code(), "login failed");
    let (kind, status) = match failure {
        LoginFailure::Cancelled => (LoginErrorKind::Cancelled, StatusCode::OK),
        LoginFailure::State => (LoginErrorKind::Expired, StatusCode::BAD_REQUEST),
        LoginFailure::ProviderDown(_) => (LoginErrorKind::ProviderDown, StatusCode::BAD_GATEWAY),
        LoginFailure::Refused(_) => (LoginErrorKind::Refused, StatusCode::BAD_REQUEST),
        LoginFailure::AcrTooLow => (LoginErrorKind::WeakAuthentication, StatusCode::FORBIDDEN),
        LoginFailure::OfficeMissing => (LoginErrorKind::MissingOffice, StatusCode::FORBIDDEN),
        LoginFailure::EmailMissing => (LoginErrorKind::MissingEmail, StatusCode::FORBIDDEN),
        LoginFailure::StaffUnknown => (LoginErrorKind::UnknownOfficer { email }, StatusCode::FORBIDDEN),
        LoginFailure::StaffNotVouchedFor => (LoginErrorKind::UnverifiedEmail, StatusCode::FORBIDDEN),
        LoginFailure::StaffLinkedElsewhere => (LoginErrorKind::Refused, StatusCode::FORBIDDEN),
        LoginFailure::Suspended => (LoginErrorKind::Suspended, StatusCode::FORBIDDEN),
        LoginFailure::Unavailable => return Err(Problem::Away),
    };
    let page = LoginErrorPage {
        kind,
        provider: provider.label().to_owned(),
        request_id: view.request_id(),
    };
    view.page_with(status, &page)
}
