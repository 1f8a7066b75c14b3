//! `dn jobs …`: what waits, what failed for good.

use std::process::ExitCode;

use anyhow::{Result, bail};
use chrono::Utc;
use db::jobs::{Job, JobFilter, JobRow, JobState};
use domain::DepartmentSlug;
use serde_json::json;

use crate::config::Config;
use crate::output;
use crate::wiring::wire;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Show the jobs in the queue. Done jobs are not kept.
    List {
        /// Only those that failed for good.
        #[arg(long)]
        failed: bool,
        /// Only this département's.
        #[arg(long, value_name = "SLUG")]
        department: Option<DepartmentSlug>,
        /// At most so many; 0 is all.
        #[arg(long, default_value_t = 100, value_name = "N")]
        limit: u32,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Have jobs that failed for good tried again.
    Retry {
        /// Numbers, as the list shows them.
        #[arg(value_name = "NUMBER", required_unless_present = "all")]
        numbers: Vec<i64>,
        /// All of them.
        #[arg(long, conflicts_with = "numbers")]
        all: bool,
    },
}

pub(crate) async fn run(config: Config, command: Command) -> Result<ExitCode> {
    let wired = wire(&config).await?;
    match command {
        Command::List {
            failed,
            department,
            limit,
            json,
        } => {
            let filter = JobFilter {
                failed_only: failed,
                department,
                limit,
            };
            let rows = wired.db.platform().await?.jobs().list(&filter).await?;
            list(&rows, json)?;
        }
        Command::Retry { all: true, .. } => {
            let count = wired.app.retry_failed_jobs(Utc::now()).await?;
            output::line(format!("{count} job(s) will be tried again"));
        }
        Command::Retry { numbers, .. } => {
            if let Some(number) = wired.app.retry_jobs(&numbers, Utc::now()).await? {
                bail!("no job {number} has failed: nothing was done\n  next: `dn jobs list --failed`");
            }
            output::line("they will be tried again");
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn list(rows: &[JobRow], json: bool) -> Result<()> {
    if json {
        return output::json(&rows.iter().map(as_json).collect::<Vec<_>>());
    }
    if rows.is_empty() {
        output::line("no jobs");
        return Ok(());
    }
    let headers = [
        "number",
        "job",
        "département",
        "state",
        "attempts",
        "due (UTC)",
        "last error",
    ];
    output::table(&headers, rows.iter().map(as_row));
    Ok(())
}

fn state(state: JobState) -> &'static str {
    match state {
        JobState::Waiting => "waiting",
        JobState::Running => "running",
        JobState::Retrying => "to be tried again",
        JobState::Failed => "failed for good",
    }
}

fn department(row: &JobRow) -> Option<&DepartmentSlug> {
    row.job.as_ref().and_then(Job::department)
}

fn as_json(row: &JobRow) -> serde_json::Value {
    json!({
        "number": row.number,
        "task": row.task,
        "job": row.job,
        "state": state(row.state),
        "attempts": row.attempts,
        "max_attempts": row.max_attempts,
        "last_error": row.last_error,
        "created_at": row.created_at,
        "run_at": row.run_at,
    })
}

fn as_row(row: &JobRow) -> Vec<String> {
    vec![
        row.number.to_string(),
        row.task.clone(),
        department(row).map(ToString::to_string).unwrap_or_default(),
        state(row.state).to_owned(),
        format!("{}/{}", row.attempts, row.max_attempts),
        row.run_at.format("%Y-%m-%d %H:%M:%S").to_string(),
        row.last_error.clone().unwrap_or_default(),
    ]
}
