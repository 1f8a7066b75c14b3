//! `dn serve`: the pages, and unless told otherwise the jobs.

use std::process::ExitCode;

use anyhow::{Context, Result};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::work;
use crate::config::Config;
use crate::lifecycle::{part, stop_token};
use crate::telemetry;
use crate::wiring::{Wired, wire};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Serve the pages only; the jobs are done by `dn work`.
    #[arg(long)]
    no_worker: bool,
}

pub(crate) async fn run(config: Config, arguments: Arguments) -> Result<ExitCode> {
    telemetry::start(&config.log)?;
    let stop = stop_token()?;
    let wired = wire(&config).await?;
    wired.check_migrated().await?;
    let listener = TcpListener::bind(config.web.listen).await.with_context(|| {
        format!(
            "cannot listen on {}\n  next: another program may hold the port; change web.listen",
            config.web.listen
        )
    })?;
    tracing::info!(listen = %config.web.listen, url = %config.web.public_url, worker = !arguments.no_worker, "serving");
    serve(&config, &wired, listener, !arguments.no_worker, &stop).await?;
    wired.db.close().await;
    tracing::info!("stopped");
    Ok(ExitCode::SUCCESS)
}

/// Serves on a listener until stopped.
pub(crate) async fn serve(
    config: &Config,
    wired: &Wired,
    listener: TcpListener,
    worker: bool,
    stop: &CancellationToken,
) -> Result<()> {
    let state = wired.web(config)?;
    let pages = async {
        web::serve(listener, state, stop.clone())
            .await
            .context("the web server failed")
    };
    let changes = async {
        wired.app.follow_changes(stop.clone()).await;
        Ok(())
    };
    let jobs = async {
        if worker {
            work::work(config, wired, stop).await
        } else {
            stop.cancelled().await;
            Ok(())
        }
    };
    let (pages, changes, jobs) = tokio::join!(
        part("web", stop, Box::pin(pages)),
        part("changes", stop, Box::pin(changes)),
        part("worker", stop, Box::pin(jobs)),
    );
    pages.and(changes).and(jobs)
}
