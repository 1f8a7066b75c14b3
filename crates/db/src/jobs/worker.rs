//! The worker.

use std::sync::Arc;

use serde::Deserialize;
use tokio_util::sync::CancellationToken;

use super::JobHandler;
use crate::error::Result;
use crate::pool::Db;

/// How jobs are done (`[worker]`).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WorkerSettings {
    /// Jobs done at once by one process.
    pub concurrency: usize,
    /// Milliseconds between two looks at the queue; new jobs are told at once besides, this is for those to be tried again.
    pub poll_milliseconds: u64,
    /// Seconds that running jobs get to end when the process stops; afterwards they are handed back to the queue.
    pub grace_seconds: u64,
}

impl Default for WorkerSettings {
    fn default() -> Self {
        Self {
            concurrency: 4,
            poll_milliseconds: 1000,
            grace_seconds: 20,
        }
    }
}

/// Does jobs until told to stop, then ends those begun.
///
/// # Errors
/// When the queue cannot be reached at the start; afterwards the worker waits for it to come back.
pub async fn run(
    db: &Db,
    settings: &WorkerSettings,
    handler: Arc<dyn JobHandler>,
    stop: CancellationToken,
) -> Result<()> {
    let _ = (db, settings, handler, stop);
    todo!()
}

/// Does the jobs that are due, and those they cause, then returns.
///
/// # Errors
/// When the queue cannot be reached.
pub async fn drain(db: &Db, handler: Arc<dyn JobHandler>) -> Result<()> {
    let _ = (db, handler);
    todo!()
}
