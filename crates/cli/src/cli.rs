//! Arguments, and how a command ends.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::commands;
use crate::config::Config;

/// Départements & Notaires: notaries ask, départements answer.
///
/// Exit codes: 0 done · 1 failed, the message says what to do next · 2 wrong arguments · 3 done, but something needs
/// attention (a row refused, a check failed, a département left behind).
#[derive(Debug, Parser)]
#[command(name = "dn", version, max_term_width = 100)]
pub(crate) struct Arguments {
    /// Configuration file; by default ./dn.toml, or none: everything may also come from the environment (DN__WEB__LISTEN…).
    #[arg(long, global = true, env = "DN_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    /// Why, in a few words or a ticket’s number: it is kept in the audit trail with what the command does.
    #[arg(long, global = true, value_name = "TEXT", value_parser = reason)]
    reason: Option<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the pages and, unless told otherwise, do the jobs.
    Serve(commands::serve::Arguments),
    /// Do the jobs only: letters, mails, housekeeping.
    Work,
    /// Bring the database up to date, département by département.
    Migrate(commands::migrate::Arguments),
    /// Départements: create, apply, list, check, export, suspend, resume, drop.
    #[command(subcommand)]
    Tenant(commands::tenant::Command),
    /// Registers: generate a fictional one, import one.
    #[command(subcommand)]
    Register(commands::register::Command),
    /// Matching: evaluate, explain, bench and estimate on files; simulate a policy on past inquiries.
    #[command(subcommand)]
    Match(commands::matching::Command),
    /// Jobs that failed for good: list, retry.
    #[command(subcommand)]
    Jobs(commands::jobs::Command),
    /// Keys: draw new ones, rotate a département's, rewrap under a new master.
    #[command(subcommand)]
    Keys(commands::keys::Command),
    /// Audit trails: verify their chains, export them.
    #[command(subcommand)]
    Audit(commands::audit::Command),
    /// Check everything the service needs and say how to mend what fails.
    Doctor(commands::doctor::Arguments),
    /// Configuration: check, show without secrets, print a documented example.
    #[command(subcommand)]
    Config(commands::config::Command),
    /// Run everything on this machine with fictional people, in .local/.
    Demo(commands::demo::Arguments),
    /// Measure how fast this machine is, on servers of its own or on a given database.
    Bench(commands::bench::Arguments),
}

/// One line, as the audit trail keeps it.
fn reason(text: &str) -> Result<String, String> {
    domain::clean_line(text, 200).map_err(|_| "one line of at most 200 characters is expected".to_owned())
}

impl Arguments {
    pub(crate) async fn run(self) -> Result<ExitCode> {
        let load = || {
            let mut config = Config::load(self.config.as_deref())?;
            config.operator.reason.clone_from(&self.reason);
            Ok(config)
        };
        match self.command {
            Command::Serve(arguments) => commands::serve::run(load()?, arguments).await,
            Command::Work => commands::work::run(load()?).await,
            Command::Migrate(arguments) => commands::migrate::run(load()?, arguments).await,
            Command::Tenant(command) => Box::pin(commands::tenant::run(load, command)).await,
            Command::Register(command) => commands::register::run(load, command).await,
            Command::Match(command) => commands::matching::run(load, command).await,
            Command::Jobs(command) => commands::jobs::run(load()?, command).await,
            Command::Keys(command) => commands::keys::run(load, command).await,
            Command::Audit(command) => commands::audit::run(load()?, command).await,
            Command::Doctor(arguments) => commands::doctor::run(load(), arguments).await,
            Command::Config(command) => commands::config::run(self.config.as_deref(), command),
            Command::Demo(arguments) => commands::demo::run(arguments).await,
            Command::Bench(arguments) => commands::bench::run(load, arguments).await,
        }
    }
}

/// Done, but something needs attention.
pub(crate) const ATTENTION: u8 = 3;

/// Says on standard error why a command failed, from the outermost reason to the innermost, each once.
pub(crate) fn report(error: &anyhow::Error) -> ExitCode {
    use std::io::Write as _;

    let mut text = String::from("dn: ");
    let mut last = String::new();
    for (place, cause) in error.chain().enumerate() {
        let message = cause.to_string();
        if place > 0 && last.ends_with(&message) {
            continue;
        }
        if place > 0 {
            text.push_str("\n  because: ");
        }
        text.push_str(&message);
        last = message;
    }
    let _ = writeln!(std::io::stderr().lock(), "{text}");
    ExitCode::FAILURE
}
