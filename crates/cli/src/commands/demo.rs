//! `dn demo`: everything on this machine, with fictional people, and the main job once through.

pub(super) mod browse;
pub(super) mod folder;
mod job;
mod people;
pub(super) mod prepare;
mod report;
pub(super) mod servers;
pub(super) mod settings;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use domain::Quota;
use tokio_util::sync::CancellationToken;

use super::serve::serve;
use crate::cli::ATTENTION;
use crate::config::Config;
use crate::lifecycle::stop_token;
use crate::wiring::wire;
use crate::{output, telemetry};
use folder::Folder;
use servers::{Servers, Who};

/// Ten times the usual: each start of the demo asks every question again, and it may be started often.
const LIMITS: Quota = Quota {
    inquiries_per_hour: 600,
    inquiries_per_day: 3000,
};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Stop after the table; exit code 0 only if every answer was as expected.
    #[arg(long)]
    once: bool,
    /// Forget everything of earlier demos and start over.
    #[arg(long)]
    fresh: bool,
    /// Port of the service; by default the one of last time, or a free one.
    #[arg(long, value_name = "PORT")]
    port: Option<u16>,
    /// Where everything is kept.
    #[arg(long, default_value = ".local", value_name = "DIR")]
    dir: PathBuf,
    /// Folders of the départements.
    #[arg(long, default_value = "tenants", value_name = "DIR")]
    tenants: PathBuf,
}

pub(crate) async fn run(arguments: Arguments) -> Result<ExitCode> {
    let begun = Instant::now();
    let stop = stop_token()?;
    Box::pin(demo(&arguments, begun, &stop)).await
}

async fn demo(arguments: &Arguments, begun: Instant, stop: &CancellationToken) -> Result<ExitCode> {
    let folder = Folder::open(&arguments.dir, arguments.fresh)?;
    let tenants = prepare::folders(&arguments.tenants)?;
    let who = Who {
        notaries: people::notaries(),
        agents: people::agents(&tenants),
    };
    let servers = unless_stopped(stop, Servers::start(&folder, arguments.port, None, who)).await?;
    let (servers, listener) = servers;
    let file = settings::write(&folder, &servers, LIMITS)?;
    let config = Config::load(Some(&file)).context("the demo’s own configuration")?;
    telemetry::start_in_file(&config.log, &folder.log())?;
    unless_stopped(stop, prepare::migrate(&config)).await?;
    let wired = wire(&config).await?;
    unless_stopped(stop, prepare::tenants(&config, &wired, &tenants)).await?;
    unless_stopped(stop, prepare::registers(&wired, &tenants)).await?;

    let serving = stop.child_token();
    let service = serve(&config, &wired, listener, true, &serving);
    let visit = async {
        let done = unless_stopped(stop, job::run(&folder, &servers, &tenants)).await;
        if arguments.once || done.is_err() {
            serving.cancel();
        }
        let done = done?;
        report::table_of(&done);
        output::line(format!(
            "\nReady {:.1} s after the start.",
            begun.elapsed().as_secs_f64()
        ));
        if !arguments.once {
            report::addresses(&config, &servers, &file);
        }
        Ok::<_, anyhow::Error>(done.iter().all(job::Done::as_expected))
    };
    let (served, visited) = tokio::join!(Box::pin(service), Box::pin(visit));
    wired.db.close().await;
    servers.stop().await?;
    let as_expected = visited?;
    served?;
    Ok(if as_expected {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(ATTENTION)
    })
}

/// A long step, given up when the person presses Ctrl-C.
async fn unless_stopped<T>(stop: &CancellationToken, step: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::select! {
        done = Box::pin(step) => done,
        () = stop.cancelled() => bail!("stopped"),
    }
}
