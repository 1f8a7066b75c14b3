//! `POST /deconnexion`, `GET /deconnexion/retour`.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect};
use url::Url;
use views::pages::{ProvidersPage, SignInNotice};

use super::login::choices;
use crate::WebState;
use crate::reply::{Answer, View};
use crate::session::{Login, random_token};
use crate::visit::Visit;

/// Ends our session first, then the provider's if it wants to know: whatever becomes of the second, the first is gone.
pub(crate) async fn post(State(state): State<WebState>, visit: Visit) -> Answer {
    visit.session.flush().await?;
    let target = match &visit.login {
        Some(login) => leave(&state, login).await,
        None => None,
    };
    let target = target
        .as_ref()
        .map_or("/deconnexion/retour", |address| address.as_str());
    Ok(Redirect::to(target).into_response())
}

async fn leave(state: &WebState, login: &Login) -> Option<Url> {
    let provider = state.providers().get(&login.provider)?;
    tracing::info!(provider = provider.id(), code = "logout", "logged out");
    provider.logout_url(&login.id_token, &random_token()).await
}

/// Back from the provider. Nothing depends on it: the session was gone before the browser left.
pub(crate) async fn get(State(state): State<WebState>, view: View) -> Answer {
    let (notary, staff) = choices(state.providers());
    view.page(&ProvidersPage {
        notary,
        staff,
        notice: Some(SignInNotice::SignedOut),
    })
}
