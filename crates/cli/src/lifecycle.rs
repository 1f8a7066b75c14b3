//! Beginning and end of a serving process: one token stops everything, in order.

use anyhow::{Context, Result};
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// A token cancelled by SIGTERM or SIGINT. A second signal ends the process at once.
pub(crate) fn stop_token() -> Result<CancellationToken> {
    let token = CancellationToken::new();
    let stopping = token.clone();
    let mut terminate = signal(SignalKind::terminate()).context("cannot listen for SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("cannot listen for SIGINT")?;
    tokio::spawn(async move {
        for again in [false, true] {
            let name = tokio::select! {
                _ = terminate.recv() => "SIGTERM",
                _ = interrupt.recv() => "SIGINT",
            };
            if again {
                tracing::warn!(signal = name, "asked twice: stopping at once");
                std::process::exit(130);
            }
            tracing::info!(signal = name, "stopping: finishing what is in flight");
            stopping.cancel();
        }
    });
    Ok(token)
}

/// Runs a part of the process; when it ends, however it ends, the others are asked to stop as well.
pub(crate) async fn part(
    name: &'static str,
    stop: &CancellationToken,
    part: impl Future<Output = Result<()>>,
) -> Result<()> {
    let ended = part.await;
    if !stop.is_cancelled() {
        tracing::error!(part = name, "ended unasked: stopping");
    }
    stop.cancel();
    ended
}
