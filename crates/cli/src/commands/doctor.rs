//! `dn doctor`: is everything there, and how is it mended?

use std::io::IsTerminal as _;
use std::process::ExitCode;

use anyhow::Result;
use app::doctor::{Check, Status};
use serde_json::json;
use web::oidc::Audience;

use crate::config::Config;
use crate::output;
use crate::wiring::{Wired, wire, wire_without_database};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(config: Result<Config>, arguments: Arguments) -> Result<ExitCode> {
    let checks = match config {
        Ok(config) => examine(&config).await,
        Err(error) => vec![Check::failed(
            "configuration",
            format!("{error:#}"),
            "`dn config example` shows every key",
        )],
    };
    let worst = checks
        .iter()
        .map(|check| check.status)
        .max()
        .unwrap_or(Status::Ok);
    if arguments.json {
        output::json(&json!({ "status": worst, "checks": checks }))?;
    } else {
        show(&checks);
    }
    Ok(if worst == Status::Failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

async fn examine(config: &Config) -> Vec<Check> {
    let stage = if config.is_demo() { "demo" } else { "production" };
    let mut checks = vec![Check::ok("configuration", format!("readable, for {stage}"))];
    let wired = match wire(config).await {
        Ok(wired) => {
            checks.extend(wired.app.doctor().await);
            Ok(wired)
        }
        Err(error) => without_database(config, &error, &mut checks).await,
    };
    match wired {
        Ok(wired) => checks.extend(providers(config, &wired).await),
        Err(error) => checks.push(Check::failed(
            "start",
            format!("{error:#}"),
            "see the message; nothing else could be checked",
        )),
    }
    checks
}

/// What can be checked while the database is away.
async fn without_database(config: &Config, error: &anyhow::Error, checks: &mut Vec<Check>) -> Result<Wired> {
    let wired = wire_without_database(config).await?;
    let found = error.chain().skip(1).map(ToString::to_string);
    checks.push(Check::failed(
        "database",
        found.collect::<Vec<_>>().join(": "),
        "check database.url, that PostgreSQL runs, and that it lets this machine in",
    ));
    checks.extend(wired.app.doctor_of_servers().await);
    Ok(wired)
}

/// Discovery and keys of each provider, as a login would fetch them.
async fn providers(config: &Config, wired: &Wired) -> Vec<Check> {
    let state = match wired.web(config) {
        Ok(state) => state,
        Err(error) => {
            return vec![Check::failed(
                "providers",
                format!("{error:#}"),
                "mend the configuration",
            )];
        }
    };
    let mut checks = Vec::new();
    for provider in state.providers().iter() {
        let name = format!("provider {}", provider.id());
        checks.push(match provider.probe().await {
            Ok(()) => Check::ok(name, "discovery and keys answer"),
            Err(failure) => Check::failed(
                name,
                format!("not usable: {}", failure.code()),
                "check its issuer or endpoints, and that this machine may reach them",
            ),
        });
    }
    for (audience, who) in [
        (Audience::Notary, "notaries"),
        (Audience::Officer, "the staff of départements"),
    ] {
        if !state
            .providers()
            .iter()
            .any(|provider| provider.audience() == audience)
        {
            let mend =
                "configure one below [providers]: `dn config example` shows ID.not, ProConnect and Keycloak";
            checks.push(Check::warning(
                "providers",
                format!("no provider for {who}"),
                mend,
            ));
        }
    }
    checks
}

fn show(checks: &[Check]) {
    let colour = std::io::stdout().is_terminal();
    for check in checks {
        let (sign, code) = match check.status {
            Status::Ok => ("ok     ", "32"),
            Status::Warning => ("look   ", "33"),
            Status::Failed => ("FAILED ", "31"),
        };
        let sign = if colour {
            format!("\u{1b}[{code}m{sign}\u{1b}[0m")
        } else {
            sign.to_owned()
        };
        output::line(format!("{sign} {}: {}", check.name, check.found));
        if let Some(mend) = &check.mend {
            output::line(format!("          next: {mend}"));
        }
    }
}
