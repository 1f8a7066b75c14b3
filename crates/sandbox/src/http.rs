//! Listening and serving, shared by the servers here.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;

use anyhow::{Context, Result};
use axum::Router;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// A listener on the loopback address, on the port it had last time where that is still free: what was
/// written down of an address (in a letter, in a browser's history) then still leads here. The port is kept in
/// `dir/<name>.port`.
///
/// # Errors
/// The folder cannot be written; no port is free.
pub async fn steady_listener(dir: &Path, name: &str) -> Result<TcpListener> {
    let file = dir.join(format!("{name}.port"));
    let last: u16 = fs::read_to_string(&file)
        .ok()
        .and_then(|text| text.trim().parse().ok())
        .unwrap_or(0);
    let listener = match TcpListener::bind(("127.0.0.1", last)).await {
        Ok(listener) => listener,
        Err(_) => TcpListener::bind(("127.0.0.1", 0)).await?,
    };
    fs::create_dir_all(dir)?;
    fs::write(&file, listener.local_addr()?.port().to_string())
        .with_context(|| format!("cannot write {}", file.display()))?;
    Ok(listener)
}

/// A server of ours that runs until it is stopped or dropped.
#[derive(Debug)]
pub(crate) struct Running {
    pub(crate) address: SocketAddr,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Running {
    /// Runs `work` until it ends by itself once the token is cancelled.
    pub(crate) fn new<W>(address: SocketAddr, work: impl FnOnce(CancellationToken) -> W) -> Self
    where
        W: Future<Output = ()> + Send + 'static,
    {
        let stop = CancellationToken::new();
        let task = tokio::spawn(work(stop.clone()));
        Self { address, stop, task }
    }

    /// Serves pages.
    pub(crate) fn pages(listener: TcpListener, router: Router) -> Result<Self> {
        let address = listener.local_addr()?;
        Ok(Self::new(address, |stop| async move {
            let served = axum::serve(listener, router)
                .with_graceful_shutdown(stop.cancelled_owned())
                .await;
            if let Err(error) = served {
                tracing::warn!(%error, %address, "stopped serving");
            }
        }))
    }

    /// Asks it to end; gives open connections a moment.
    pub(crate) async fn stop(mut self) {
        self.stop.cancel();
        let grace = std::time::Duration::from_millis(500);
        if tokio::time::timeout(grace, &mut self.task).await.is_err() {
            self.task.abort();
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.cancel();
        self.task.abort();
    }
}
