//! `GET` and `POST /conditions`.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect};
use axum_extra::extract::Form;
use chrono::Utc;
use http::StatusCode;
use serde::Deserialize;
use views::pages::TermsPage;

use crate::WebState;
use crate::reply::{Answer, View};
use crate::return_to::ReturnTo;
use crate::session;
use crate::users::ArrivingNotary;
use crate::visit::Visit;

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Acceptance {
    acceptation: String,
}

pub(crate) async fn get(ArrivingNotary(_): ArrivingNotary, view: View) -> Answer {
    view.page(&TermsPage::to_accept())
}

pub(crate) async fn post(
    State(state): State<WebState>,
    ArrivingNotary(notary): ArrivingNotary,
    visit: Visit,
    view: View,
    Form(form): Form<Acceptance>,
) -> Answer {
    if form.acceptation != "oui" {
        return view.page_with(StatusCode::UNPROCESSABLE_ENTITY, &TermsPage::not_accepted());
    }
    state.app().accept_terms(notary.notary, Utc::now()).await?;
    let next = session::take_next(&visit.session).await?;
    let path = next.as_deref().and_then(ReturnTo::parse);
    Ok(Redirect::to(path.as_ref().map_or("/demandes/nouvelle", ReturnTo::as_str)).into_response())
}
