//! The mails in a browser, and as JSON for programs.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use chrono::{DateTime, Utc};
use minijinja::{Value, context};
use uuid::Uuid;

use super::{CaughtMail, Shared};
use crate::pages::{page, stylesheet};

pub(super) fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/", get(list))
        .route("/style.css", get(stylesheet))
        .route("/mails/{id}", get(show))
        .route("/mails/{id}/html", get(html_part))
        .route("/mails/{id}/source", get(source))
        .route("/api/mails", get(all))
        .fallback(missing)
        .with_state(shared)
}

async fn list(State(shared): State<Arc<Shared>>) -> Response {
    let mails: Vec<Value> = shared.store.all().iter().rev().map(view).collect();
    page(StatusCode::OK, "mails.html", context! { mails })
}

async fn show(State(shared): State<Arc<Shared>>, Path(id): Path<Uuid>) -> Response {
    match shared.store.find(id) {
        Some(mail) => page(StatusCode::OK, "mail.html", context! { mail => view(&mail) }),
        None => missing().await,
    }
}

/// The HTML part as its reader sees it, except that nothing in it can act or fetch.
async fn html_part(State(shared): State<Arc<Shared>>, Path(id): Path<Uuid>) -> Response {
    let policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox";
    match shared.store.find(id).and_then(|mail| mail.html) {
        Some(html) => ([(header::CONTENT_SECURITY_POLICY, policy)], Html(html)).into_response(),
        None => missing().await,
    }
}

async fn source(State(shared): State<Arc<Shared>>, Path(id): Path<Uuid>) -> Response {
    match shared.store.find(id) {
        Some(mail) => mail.raw.into_response(),
        None => missing().await,
    }
}

async fn all(State(shared): State<Arc<Shared>>) -> Json<Vec<CaughtMail>> {
    Json(shared.store.all())
}

async fn missing() -> Response {
    let message = "Ce message n’existe pas, ou plus.";
    page(
        StatusCode::NOT_FOUND,
        "error.html",
        context! { title => "Page introuvable", message },
    )
}

fn view(mail: &CaughtMail) -> Value {
    context! {
        id => mail.id.to_string(),
        at => moment(mail.received_at),
        from => &mail.from,
        to => mail.to.join(", "),
        subject => &mail.subject,
        message_id => &mail.message_id,
        text => &mail.text,
        has_html => mail.html.is_some(),
    }
}

fn moment(at: DateTime<Utc>) -> String {
    at.with_timezone(&chrono::Local)
        .format("%d/%m/%Y, %H h %M")
        .to_string()
}
