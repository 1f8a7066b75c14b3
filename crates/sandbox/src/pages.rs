//! Pages of the servers here: few, plain, in French, readable without script.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use minijinja::{Environment, UndefinedBehavior, Value};

/// Every template, embedded.
const TEMPLATES: [(&str, &str); 6] = [
    ("layout.html", include_str!("../pages/layout.html")),
    ("mails.html", include_str!("../pages/mails.html")),
    ("mail.html", include_str!("../pages/mail.html")),
    ("login.html", include_str!("../pages/login.html")),
    ("goodbye.html", include_str!("../pages/goodbye.html")),
    ("error.html", include_str!("../pages/error.html")),
];

/// Writes a page.
pub(crate) fn page(status: StatusCode, template: &str, context: Value) -> Response {
    match render(template, context) {
        Ok(html) => (status, secured(), Html(html)).into_response(),
        Err(error) => {
            tracing::error!(%error, template, "a page could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// The stylesheet of every page here.
pub(crate) async fn stylesheet() -> impl IntoResponse {
    (
        [(header::CONTENT_TYPE, "text/css; charset=utf-8")],
        include_str!("../pages/style.css"),
    )
}

fn render(template: &str, context: Value) -> Result<String, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    for (name, source) in TEMPLATES {
        environment.add_template(name, source)?;
    }
    environment.get_template(template)?.render(context)
}

fn secured() -> [(header::HeaderName, HeaderValue); 2] {
    // No `form-action`: browsers apply it to where a form's answer redirects, here the application.
    let policy =
        "default-src 'none'; style-src 'self'; frame-src 'self'; frame-ancestors 'none'; base-uri 'none'";
    [
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy)),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ]
}
