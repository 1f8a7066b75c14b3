//! The program itself, as a process of its own: pages and jobs.

use std::fs::File;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use sandbox::{Browser, Companion, Ending};

use super::ground::Ground;
use super::machine;

/// What the service logs: as in production, and how long the stages take.
const FILTER: &str = "info,graphile_worker=warn,graphile_worker_migrations=warn,dn::timing=debug";

/// How long it may take to start.
const START: Duration = Duration::from_secs(30);

pub(super) struct Service {
    process: Companion,
    /// Number of the process.
    pub(super) id: u32,
    /// Its memory once it had started and nobody had asked anything, in megabytes.
    pub(super) idle_mb: Option<f64>,
}

impl Service {
    /// Starts it and waits until it is ready.
    pub(super) async fn start(ground: &Ground) -> Result<Self> {
        let log = File::create(ground.service_log())?;
        let mut command = program(ground)?;
        command
            .arg("serve")
            .env("DN__LOG__FILTER", FILTER)
            .stdout(Stdio::null())
            .stderr(log);
        let mut process = Companion::spawn(&mut command, Ending::Group, None)?;
        let id = process.child().id();
        let browser = Browser::new()?;
        let ready = format!("{}/sante/pret", ground.servers.public_url);
        let begun = Instant::now();
        while !browser
            .get(&ready)
            .await
            .is_ok_and(|page| page.status.is_success())
        {
            ensure!(
                process.ended()?.is_none() && begun.elapsed() < START,
                "the service does not start: see {}",
                ground.service_log().display()
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        // It gets to know its providers and the store meanwhile.
        tokio::time::sleep(Duration::from_secs(1)).await;
        Ok(Self {
            process,
            id,
            idle_mb: machine::rss_mb(id),
        })
    }

    /// Stops it in order.
    pub(super) async fn stop(mut self) -> Result<()> {
        tokio::task::spawn_blocking(move || self.process.stop()).await?
    }
}

/// This very program, configured for the measurement.
pub(super) fn program(ground: &Ground) -> Result<Command> {
    let program = std::env::current_exe().context("this program cannot be found again")?;
    let mut command = Command::new(program);
    command.arg("--config").arg(&ground.file).stdin(Stdio::null());
    Ok(command)
}
