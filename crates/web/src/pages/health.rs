//! `GET /sante/vivant`, `GET /sante/pret`: for whoever starts, stops and balances processes.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::json;

use crate::WebState;

/// The process answers.
pub(crate) async fn live() -> Response {
    Json(json!({ "status": "ok" })).into_response()
}

/// The process can do its work: the database answers, and with it sessions and the job queue. Object storage, mail
/// and providers are not asked: inquiries are answered while they are down, and what they owe is done later by jobs.
/// `dn doctor` looks at them.
pub(crate) async fn ready(State(state): State<WebState>) -> Response {
    match state.app().ready().await {
        Ok(()) => Json(json!({ "status": "ok" })).into_response(),
        Err(_) => (
            StatusCode::SERVICE_UNAVAILABLE,
            Json(json!({ "status": "database" })),
        )
            .into_response(),
    }
}
