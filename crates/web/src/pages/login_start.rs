//! `GET /connexion/{provider}`: off to the provider.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect};
use chrono::Utc;

use super::login_callback::failed;
use crate::WebState;
use crate::problem::Problem;
use crate::reply::{Answer, View};
use crate::session;
use crate::visit::Visit;

pub(crate) async fn get(
    State(state): State<WebState>,
    Path(provider): Path<String>,
    visit: Visit,
    view: View,
) -> Answer {
    let provider = state.providers().get(&provider).ok_or(Problem::NotFound)?;
    let now = Utc::now();
    let return_to = session::next(&visit.session).await?;
    let (address, login) = match provider.begin(return_to, now).await {
        Ok(begun) => begun,
        Err(failure) => return failed(provider, failure, None, &view),
    };
    let mut pending = session::pending(&visit.session).await?;
    pending.add(login, now);
    session::save_pending(&visit.session, &pending).await?;
    Ok(Redirect::to(address.as_str()).into_response())
}
