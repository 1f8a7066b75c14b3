//! Where the logs go.

use std::fs::File;
use std::io::IsTerminal;
use std::path::Path;
use std::sync::Mutex;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use tracing_subscriber::EnvFilter;

/// How the process logs (`[log]`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct LogSettings {
    /// `json`, `human`, or `auto`: human on a terminal, JSON elsewhere.
    pub(crate) format: LogFormat,
    /// Which events, as `tracing` filters are written: `info`, `info,dn_web=debug`.
    pub(crate) filter: String,
}

/// Form of a log line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogFormat {
    /// By where it goes.
    #[default]
    Auto,
    /// One object a line.
    Json,
    /// For eyes.
    Human,
}

impl Default for LogSettings {
    fn default() -> Self {
        Self {
            format: LogFormat::Auto,
            filter: "info,graphile_worker=warn,graphile_worker_migrations=warn".to_owned(),
        }
    }
}

/// Starts logging on standard error, and makes a panic a log line as well.
pub(crate) fn start(settings: &LogSettings) -> Result<()> {
    let terminal = std::io::stderr().is_terminal();
    let json = match settings.format {
        LogFormat::Json => true,
        LogFormat::Human => false,
        LogFormat::Auto => !terminal,
    };
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter(settings)?)
        .with_writer(std::io::stderr);
    // Already started in the same process (tests): the first one stays.
    let _ = if json {
        builder
            .json()
            .flatten_event(true)
            .with_current_span(true)
            .with_span_list(true)
            .try_init()
    } else {
        builder
            .with_ansi(terminal)
            .with_target(false)
            .compact()
            .try_init()
    };
    log_panics();
    Ok(())
}

/// Starts logging at the end of a file, as JSON: the terminal is for something else.
pub(crate) fn start_in_file(settings: &LogSettings, path: &Path) -> Result<()> {
    let file = File::options().create(true).append(true).open(path);
    let file = file.with_context(|| format!("{} cannot be written", path.display()))?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter(settings)?)
        .with_writer(Mutex::new(file));
    let _ = builder
        .json()
        .flatten_event(true)
        .with_current_span(true)
        .with_span_list(true)
        .try_init();
    log_panics();
    Ok(())
}

fn filter(settings: &LogSettings) -> Result<EnvFilter> {
    EnvFilter::try_new(&settings.filter).with_context(|| {
        format!(
            "log.filter: `{}` is not a filter; write for example `info`",
            settings.filter
        )
    })
}

/// The message of a panic may hold data of a person: its place is enough to find the fault.
fn log_panics() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let place = panic.location().map(ToString::to_string);
        tracing::error!(place, "a part of the program panicked");
        if cfg!(debug_assertions) {
            usual(panic);
        }
    }));
}
