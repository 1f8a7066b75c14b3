//! `dn migrate`: database up to date, département by département.

use std::process::ExitCode;

use anyhow::{Context, Result};
use db::migrate::{Progress, Target, migrate};
use indicatif::ProgressBar;
use serde_json::json;

use crate::cli::ATTENTION;
use crate::config::Config;
use crate::output;
use crate::wiring::owner;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Print the outcome as JSON.
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(config: Config, arguments: Arguments) -> Result<ExitCode> {
    let owner = owner(&config)?;
    let bar = output::bar("Migrating");
    let report = migrate(&owner, |progress| show(&bar, progress)).await;
    bar.finish_and_clear();
    let report = report.context("the shared schema cannot be migrated")?;
    let migrated: Vec<_> = report
        .migrated
        .iter()
        .map(|(target, applied)| json!({ "target": name(target), "applied": applied }))
        .collect();
    let failed: Vec<_> = report
        .failed
        .iter()
        .map(|(target, error)| json!({ "target": name(target), "error": output::chain(error) }))
        .collect();
    if arguments.json {
        output::json(&json!({ "migrated": migrated, "unchanged": report.unchanged, "failed": failed }))?;
    } else {
        for (target, error) in &report.failed {
            output::line(format!(
                "{}: NOT migrated: {}",
                name(target),
                output::chain(error)
            ));
        }
        output::line(format!(
            "{} migrated, {} already up to date, {} failed",
            report.migrated.len(),
            report.unchanged,
            report.failed.len()
        ));
    }
    Ok(if report.is_complete() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(ATTENTION)
    })
}

/// One line for each thing done; a bar for the rest.
pub(crate) fn show(bar: &ProgressBar, progress: Progress<'_>) {
    match progress {
        Progress::Waiting => output::step(bar, "another migration is at work: waiting for it"),
        Progress::Begin { targets } => bar.set_length(targets as u64),
        Progress::Done {
            target,
            applied,
            took,
        } => {
            if !applied.is_empty() {
                let took = took.as_millis();
                output::step(
                    bar,
                    format!("{}: {} migration(s), {took} ms", name(target), applied.len()),
                );
            }
            bar.inc(1);
        }
        Progress::Failed { target, .. } => {
            output::step(bar, format!("{}: failed, left as it was", name(target)));
            bar.inc(1);
        }
    }
}

fn name(target: &Target) -> String {
    match target {
        Target::Platform => "platform".to_owned(),
        Target::Tenant(slug) => slug.to_string(),
    }
}
