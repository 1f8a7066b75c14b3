//! `dn work`: the jobs only.

use std::convert::Infallible;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use app::{IndexedAnew, Worker};
use chrono::Utc;
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::lifecycle::{part, stop_token};
use crate::telemetry;
use crate::wiring::{Wired, wire};

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);

pub(crate) async fn run(config: Config) -> Result<ExitCode> {
    telemetry::start(&config.log)?;
    let stop = stop_token()?;
    let wired = wire(&config).await?;
    wired.check_migrated().await?;
    tracing::info!(concurrency = config.worker.concurrency, "working");
    let changes = async {
        wired.app.follow_changes(stop.clone()).await;
        Ok(())
    };
    let (jobs, changes) = tokio::join!(
        part("worker", &stop, Box::pin(work(&config, &wired, &stop))),
        part("changes", &stop, Box::pin(changes)),
    );
    jobs.and(changes)?;
    wired.db.close().await;
    tracing::info!("stopped");
    Ok(ExitCode::SUCCESS)
}

/// Does jobs until stopped.
pub(crate) async fn work(config: &Config, wired: &Wired, stop: &CancellationToken) -> Result<()> {
    prepare_storage(wired).await;
    let indexing = tokio::spawn(index_anew(wired.app.clone()));
    let handler = Arc::new(Worker::new(wired.app.clone()));
    let work = db::jobs::run(&wired.db, &config.worker, handler, stop.clone());
    let worked = tokio::select! {
        worked = work => worked,
        never = take_up(wired) => match never {},
    };
    indexing.abort();
    worked.context("the job queue failed\n  next: run `dn migrate`, then `dn doctor`")
}

/// At the start and then every hour, has letters taken up again that should long have been issued.
async fn take_up(wired: &Wired) -> Infallible {
    loop {
        match wired.app.take_up_letters(Utc::now()).await {
            Ok(0) => {}
            Ok(letters) => tracing::warn!(letters, "letters that are late are taken up again"),
            Err(error) => tracing::warn!(%error, "late letters were not looked for"),
        }
        tokio::time::sleep(HOUR).await;
    }
}

/// At the start and then every hour, beside the jobs, indexes registers anew that a former version of this program
/// indexed; sooner again where some are left.
async fn index_anew(app: app::App) -> Infallible {
    loop {
        let indexed = app.index_registers_anew().await;
        let left = match indexed {
            Ok(IndexedAnew { done, left }) => {
                if done + left > 0 {
                    tracing::info!(done, left, "registers indexed anew");
                }
                left > 0
            }
            Err(error) => {
                tracing::warn!(%error, "registers to be indexed anew were not looked for");
                true
            }
        };
        tokio::time::sleep(if left { MINUTE } else { HOUR }).await;
    }
}

/// Makes the bucket if it is missing and says what the store does. A store that is away is no reason not to start:
/// letters wait for it.
async fn prepare_storage(wired: &Wired) {
    let prepared = async {
        wired.objects.ensure_bucket().await?;
        wired.objects.probe().await
    };
    match prepared.await {
        Ok(does) => tracing::info!(
            versioning = does.versioning,
            object_lock = does.object_lock,
            "storage ready"
        ),
        Err(error) => tracing::warn!(%error, "storage is not ready: letters wait for it; see `dn doctor`"),
    }
}
