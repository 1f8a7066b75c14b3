//! The authorization endpoint: checks the request, asks who one is, sends the browser back.

use std::sync::Arc;

use axum::Form;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::Utc;
use minijinja::{Value, context};
use serde::Deserialize;
use url::Url;

use super::Shared;
use super::memory::{Login, LoginRequest};
use crate::pages::page;

/// Parameters of the standard that a strict provider knows.
const KNOWN: [&str; 13] = [
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "nonce",
    "acr_values",
    "claims",
    "prompt",
    "code_challenge",
    "code_challenge_method",
    "login_hint",
    "idp_hint",
];

type Parameters = Vec<(String, String)>;

/// Why a request is refused, as the standard has it.
struct Refusal {
    error: &'static str,
    description: String,
}

fn refused(error: &'static str, description: impl Into<String>) -> Refusal {
    Refusal {
        error,
        description: description.into(),
    }
}

pub(super) async fn by_link(State(shared): State<Arc<Shared>>, Query(query): Query<Parameters>) -> Response {
    ask(&shared, &query)
}

pub(super) async fn by_form(State(shared): State<Arc<Shared>>, Form(form): Form<Parameters>) -> Response {
    ask(&shared, &form)
}

fn ask(shared: &Shared, parameters: &Parameters) -> Response {
    // Before both are known, sending the browser anywhere would make us an open redirector.
    let Some(client) = value(parameters, "client_id").and_then(|id| shared.client(id)) else {
        return stray("L’application qui vous envoie n’est pas inscrite ici (client_id inconnu).");
    };
    let Some(redirect_uri) =
        value(parameters, "redirect_uri").filter(|uri| client.redirect_uris.iter().any(|known| known == uri))
    else {
        return stray("L’adresse de retour n’est pas celle que l’application a inscrite (redirect_uri).");
    };
    let state = value(parameters, "state").map(str::to_owned);
    match check(shared, parameters, &client.id, redirect_uri) {
        Ok(request) => {
            let people: Vec<Value> = shared
                .settings
                .people
                .iter()
                .map(|p| context! { subject => &p.subject, name => &p.name, detail => &p.detail })
                .collect();
            let request = shared.memory.keep(request);
            let provider = &shared.settings.name;
            page(
                StatusCode::OK,
                "login.html",
                context! { provider, request, people },
            )
        }
        Err(refusal) => {
            let answer = [
                ("error", refusal.error),
                ("error_description", &refusal.description),
            ];
            send_back(shared, redirect_uri, state.as_deref(), &answer)
        }
    }
}

fn check(shared: &Shared, all: &Parameters, client: &str, uri: &str) -> Result<LoginRequest, Refusal> {
    let get = |name| value(all, name);
    for (index, (name, _)) in all.iter().enumerate() {
        if all[..index].iter().any(|(earlier, _)| earlier == name) {
            return Err(refused("invalid_request", format!("{name} is given twice")));
        }
        if shared.settings.strict && !KNOWN.contains(&name.as_str()) {
            return Err(refused("invalid_request", format!("unknown parameter {name}")));
        }
    }
    if get("response_type") != Some("code") {
        return Err(refused("unsupported_response_type", "only code"));
    }
    let scopes: Vec<String> = get("scope")
        .unwrap_or_default()
        .split(' ')
        .map(str::to_owned)
        .collect();
    if !scopes.iter().any(|scope| scope == "openid") {
        return Err(refused("invalid_scope", "openid is missing"));
    }
    if get("code_challenge_method") != Some("S256") || get("code_challenge").is_none_or(|c| c.len() != 43) {
        return Err(refused("invalid_request", "PKCE with S256 is required"));
    }
    let too_short = |name| shared.settings.strict && get(name).is_none_or(|text: &str| text.len() < 32);
    if let Some(name) = ["state", "nonce"].into_iter().find(|name| too_short(name)) {
        return Err(refused("invalid_request", format!("{name} needs 32 characters")));
    }
    if get("prompt") == Some("none") {
        return Err(refused("login_required", "there is no session"));
    }
    Ok(LoginRequest {
        client: client.to_owned(),
        redirect_uri: uri.to_owned(),
        scopes,
        state: get("state").map(str::to_owned),
        nonce: get("nonce").map(str::to_owned),
        challenge: get("code_challenge").unwrap_or_default().to_owned(),
    })
}

/// What the login page sends.
#[derive(Deserialize)]
pub(super) struct Decision {
    request: String,
    person: Option<String>,
}

pub(super) async fn decide(State(shared): State<Arc<Shared>>, Form(decision): Form<Decision>) -> Response {
    let Some(request) = shared.memory.request(&decision.request) else {
        return stray("Cette page a expiré. Revenez à l’application et recommencez.");
    };
    let (uri, state) = (request.redirect_uri.clone(), request.state.clone());
    match decision.person.map(|subject| shared.person(&subject)) {
        Some(Some(person)) => {
            let login = Login {
                request,
                subject: person.subject.clone(),
                at: Utc::now().timestamp(),
            };
            let code = shared.memory.code(login, shared.settings.code_lifetime);
            send_back(&shared, &uri, state.as_deref(), &[("code", &code)])
        }
        Some(None) => stray("Cette personne n’est pas inscrite ici."),
        None => {
            let answer = [
                ("error", "access_denied"),
                ("error_description", "the person cancelled"),
            ];
            send_back(&shared, &uri, state.as_deref(), &answer)
        }
    }
}

fn send_back(shared: &Shared, uri: &str, state: Option<&str>, answer: &[(&str, &str)]) -> Response {
    let Ok(mut target) = Url::parse(uri) else {
        return stray("L’adresse de retour n’en est pas une.");
    };
    target
        .query_pairs_mut()
        .extend_pairs(answer)
        .extend_pairs(state.map(|state| ("state", state)))
        .append_pair("iss", &shared.issuer);
    Redirect::to(target.as_str()).into_response()
}

fn stray(message: &str) -> Response {
    page(
        StatusCode::BAD_REQUEST,
        "error.html",
        context! { title => "Connexion impossible", message },
    )
}

fn value<'a>(parameters: &'a Parameters, name: &str) -> Option<&'a str> {
    parameters
        .iter()
        .find(|(known, _)| known == name)
        .map(|(_, value)| value.as_str())
}
