//! `dn config …`: check, show, example.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};
use app::Mailer;
use objects::Keyring;

use crate::config::Config;
use crate::output;
use crate::wiring::settings;

/// The documented example, as it is shipped.
const EXAMPLE: &str = include_str!("../../../../infra/dn.example.toml");

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Check file and environment without contacting anything.
    Check,
    /// Show the configuration in force, from file and environment; never a secret.
    Show {
        /// Print JSON instead of TOML.
        #[arg(long)]
        json: bool,
    },
    /// Print a documented example to begin with.
    Example,
}

pub(crate) fn run(file: Option<&Path>, command: Command) -> Result<ExitCode> {
    match command {
        Command::Check => {
            check(&Config::load(file)?)?;
            output::line("the configuration is in order; `dn doctor` asks the servers themselves");
        }
        Command::Show { json } => {
            let shown = Config::shown(file)?;
            if json {
                output::json(&shown)?;
            } else {
                output::line(
                    toml::to_string_pretty(&shown).context("the configuration cannot be shown as TOML")?,
                );
            }
        }
        Command::Example => output::line(EXAMPLE.trim_end()),
    }
    Ok(ExitCode::SUCCESS)
}

/// What each part can say of its settings by itself.
fn check(config: &Config) -> Result<()> {
    Keyring::new(&config.storage).context("storage.master_keys cannot be used")?;
    Mailer::new(&config.mail).context("mail cannot be used")?;
    settings(config)
        .check()
        .context("privacy.index_key cannot be used")?;
    for provider in config.providers() {
        provider.check()?;
    }
    Ok(())
}
