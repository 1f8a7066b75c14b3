//! HTTP only: routes, extractors, sessions, login, pages.

pub mod oidc;
mod settings;
mod state;

pub use settings::WebSettings;
pub use state::{WebError, WebState};

use axum::Router;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// Every route with every layer.
pub fn router(state: WebState) -> Router {
    Router::new().with_state(state)
}

/// Serves until `stop` is cancelled, then lets requests under way end.
///
/// # Errors
/// When the listener fails.
pub async fn serve(listener: TcpListener, state: WebState, stop: CancellationToken) -> std::io::Result<()> {
    axum::serve(listener, router(state))
        .with_graceful_shutdown(stop.cancelled_owned())
        .await
}
