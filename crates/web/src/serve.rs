//! Serving, until told to stop.

use std::io;
use std::time::Duration;

use axum::serve::ListenerExt;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::{WebState, router};

/// How long requests under way may take once told to stop.
const DRAIN: Duration = Duration::from_secs(20);

/// Serves until `stop` is cancelled, then takes no new requests and lets those under way end.
///
/// # Errors
/// When the listener fails.
pub async fn serve(listener: TcpListener, state: WebState, stop: CancellationToken) -> io::Result<()> {
    tokio::spawn(warm_up(state.clone(), stop.clone()));
    let drained = async {
        stop.cancelled().await;
        tokio::time::sleep(DRAIN).await;
    };
    // Answers are short and complete: nothing is gained by waiting for more to send.
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection keeps its delay");
        }
    });
    let serving = axum::serve(listener, router(state)).with_graceful_shutdown(stop.clone().cancelled_owned());
    tokio::select! {
        result = serving => result,
        () = drained => {
            tracing::warn!(code = "drain", "requests under way were cut off");
            Ok(())
        }
    }
}

/// Gets to know the providers before the first person logs in. One that is down is asked again when needed.
async fn warm_up(state: WebState, stop: CancellationToken) {
    for provider in state.providers().iter() {
        let probed = tokio::select! {
            () = stop.cancelled() => return,
            probed = provider.probe() => probed,
        };
        if let Err(failure) = probed {
            tracing::warn!(
                provider = provider.id(),
                code = failure.code(),
                "provider not reached"
            );
        }
    }
}
