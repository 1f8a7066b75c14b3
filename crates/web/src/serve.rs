//! Serving, until told to stop.

use std::io;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::{WebState, connections, router};

/// How long requests under way may take once told to stop.
const DRAIN: Duration = Duration::from_secs(20);
/// How long to wait when the system has no connection to give: some must end first.
const PAUSE: Duration = Duration::from_millis(200);

/// Serves until `stop` is cancelled, then takes no new requests and lets those under way end.
///
/// # Errors
/// When the listener fails.
pub async fn serve(listener: TcpListener, state: WebState, stop: CancellationToken) -> io::Result<()> {
    tokio::spawn(warm_up(state.clone(), stop.clone()));
    let http = connections::http(state.settings());
    let router = router(state);
    let under_way = TaskTracker::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop.cancelled() => break,
        };
        match accepted {
            Ok((socket, from)) => {
                let (http, router, stop) = (http.clone(), router.clone(), stop.clone());
                under_way.spawn(connections::serve(http, socket, from, router, stop));
            }
            Err(error) if is_of_the_client(&error) => {}
            Err(error) => {
                tracing::error!(code = "accept", kind = %error.kind(), "no connection can be taken");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
    drop(listener);
    under_way.close();
    if tokio::time::timeout(DRAIN, under_way.wait()).await.is_err() {
        tracing::warn!(code = "drain", "requests under way were cut off");
    }
    Ok(())
}

/// The connection was given up before it was taken.
fn is_of_the_client(error: &io::Error) -> bool {
    use io::ErrorKind as E;
    matches!(
        error.kind(),
        E::ConnectionRefused | E::ConnectionAborted | E::ConnectionReset
    )
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
