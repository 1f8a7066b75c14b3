//! `GET /connexion`: choice of provider.

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;
use views::pages::{ProviderChoice, ProvidersPage, SignInNotice};

use crate::oidc::{Audience, Provider, Providers};
use crate::reply::{Answer, View};
use crate::return_to::ReturnTo;
use crate::session::{self, EndReason};
use crate::visit::Visit;
use crate::{WebSettings, WebState};

/// What the address may say.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct LoginQuery {
    /// Path to come back to.
    pub(crate) suite: String,
    /// Why the former login ended.
    motif: String,
}

pub(crate) async fn get(
    State(state): State<WebState>,
    visit: Visit,
    Query(query): Query<LoginQuery>,
    view: View,
) -> Answer {
    let return_to = ReturnTo::parse(&query.suite);
    if let Some(path) = &return_to {
        if visit.person(&state).await?.is_some() {
            return Ok(Redirect::to(path.as_str()).into_response());
        }
        session::set_next(&visit.session, path.as_str()).await?;
    } else {
        session::take_next(&visit.session).await?;
    }
    let (notary, staff) = choices(state.providers());
    let notice = notice(&query.motif, return_to.is_some(), state.settings());
    view.page(&ProvidersPage {
        notary,
        staff,
        notice,
    })
}

/// The providers of notaries, and those of staff.
pub(super) fn choices(providers: &Providers) -> (Vec<ProviderChoice>, Vec<ProviderChoice>) {
    let of = |audience| {
        let of_audience = providers
            .iter()
            .filter(move |provider| provider.audience() == audience);
        of_audience.map(choice).collect()
    };
    (of(Audience::Notary), of(Audience::Officer))
}

fn choice(provider: &Provider) -> ProviderChoice {
    ProviderChoice {
        id: provider.id().to_owned(),
        label: provider.label().to_owned(),
    }
}

fn notice(reason: &str, required: bool, settings: &WebSettings) -> Option<SignInNotice> {
    let in_units = |seconds: u32, unit: u32| seconds.div_ceil(unit);
    match EndReason::from_code(reason) {
        Some(EndReason::Idle) => Some(SignInNotice::Idle {
            minutes: in_units(settings.session_idle_seconds, 60),
        }),
        Some(EndReason::TooLong) => Some(SignInNotice::TooLong {
            hours: in_units(settings.session_absolute_seconds, 3600),
        }),
        None => required.then_some(SignInNotice::Required),
    }
}
