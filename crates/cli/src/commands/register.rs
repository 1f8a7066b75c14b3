//! `dn register …`: a fictional register, or a real one into force.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use app::{ImportError, ImportReport};
use chrono::Utc;
use connectors::file::{Problem, Severity};
use connectors::generate::{Form, Options, generate};
use domain::DepartmentSlug;
use serde_json::json;

use crate::cli::ATTENTION;
use crate::config::Config;
use crate::output;
use crate::wiring::wire;

/// Problems shown on a terminal; `--json` shows all that are kept.
const SHOWN: usize = 20;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Write a register of wholly fictional people. The same seed gives the same file.
    Generate {
        /// How many people.
        #[arg(long, default_value_t = 2000, value_name = "N")]
        individuals: u64,
        /// Seed.
        #[arg(long, default_value_t = 1, value_name = "S")]
        seed: u64,
        /// File to write; by default standard output.
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
        /// Commas, Windows-1252 and ISO dates, as older programs write, instead of semicolons, UTF-8 and French dates.
        #[arg(long)]
        legacy: bool,
    },
    /// Import a register and put it in force. Bad rows are reported and left out.
    Import {
        /// The département.
        slug: DepartmentSlug,
        /// CSV file.
        file: PathBuf,
        /// Also when this very file is in force already.
        #[arg(long)]
        again: bool,
        /// Print the report as JSON.
        #[arg(long)]
        json: bool,
    },
}

pub(crate) async fn run(load: impl Fn() -> Result<Config>, command: Command) -> Result<ExitCode> {
    match command {
        Command::Generate {
            individuals,
            seed,
            output,
            legacy,
        } => {
            let form = if legacy {
                Form::LegacyComma
            } else {
                Form::Semicolon
            };
            let options = Options {
                individuals,
                seed,
                form,
            };
            write(&options, output.as_deref())?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Import {
            slug,
            file,
            again,
            json,
        } => import(&load()?, &slug, &file, again, json).await,
    }
}

fn write(options: &Options, to: Option<&Path>) -> Result<()> {
    let Some(path) = to else {
        return generate(options, std::io::stdout().lock()).context("standard output cannot be written");
    };
    let cannot = || format!("{} cannot be written", path.display());
    let mut file = BufWriter::new(File::create(path).with_context(cannot)?);
    generate(options, &mut file).with_context(cannot)?;
    file.flush().with_context(cannot)
}

async fn import(
    config: &Config,
    slug: &DepartmentSlug,
    file: &Path,
    again: bool,
    json: bool,
) -> Result<ExitCode> {
    let wired = wire(config).await?;
    let department = wired.app.department(slug).await?.with_context(|| {
        format!(
            "there is no département `{slug}`\n  next: `dn tenant create tenants/{slug}`, or `dn tenant list`"
        )
    })?;
    let bar = output::bar(&format!("Importing {slug}"));
    let imported = wired
        .app
        .import_register(&department, file, again, Utc::now(), |at| {
            bar.set_length(at.of);
            bar.set_position(at.rows);
        });
    let imported = imported.await;
    bar.finish_and_clear();
    match imported {
        Ok(report) => tell(slug, &report, json),
        Err(ImportError::File { source, problems }) => {
            show(&problems, SHOWN);
            Err(anyhow::Error::new(source))
                .with_context(|| format!("{} cannot be taken; the register in force stays", file.display()))
        }
        Err(error) => Err(error.into()),
    }
}

fn tell(slug: &DepartmentSlug, report: &ImportReport, json: bool) -> Result<ExitCode> {
    let summary = report.summary;
    let attention = summary.refused > 0;
    if json {
        output::json(&json!({
            "imported": report.imported,
            "register": report.version.id,
            "source": report.version.source,
            "individuals": report.version.individuals,
            "aids": report.version.aids,
            "rows": summary.rows,
            "refused": summary.refused,
            "warnings": summary.warnings,
            "problems": report.problems.iter().map(as_json).collect::<Vec<_>>(),
        }))?;
    } else if report.imported {
        show(&report.problems, SHOWN);
        output::line(format!(
            "{slug}: {} people with {} aids in force; {} of {} rows refused, {} warning(s)",
            report.version.individuals, report.version.aids, summary.refused, summary.rows, summary.warnings
        ));
    } else {
        let since = report.version.imported_at.format("%Y-%m-%d %H:%M UTC");
        output::line(format!(
            "{slug}: this very file is in force since {since}; nothing was done"
        ));
    }
    Ok(if attention {
        ExitCode::from(ATTENTION)
    } else {
        ExitCode::SUCCESS
    })
}

fn as_json(problem: &Problem) -> serde_json::Value {
    json!({
        "line": problem.line,
        "column": problem.column,
        "reason": problem.reason,
        "refused": problem.severity == Severity::Error,
    })
}

/// Tells rows of a register that are refused, or taken with a warning, by line and column.
pub(super) fn show(problems: &[Problem], most: usize) {
    for problem in problems.iter().take(most) {
        let column = problem
            .column
            .map(|column| format!(", {column}"))
            .unwrap_or_default();
        let weight = match problem.severity {
            Severity::Error => "refused",
            Severity::Warning => "taken",
        };
        output::line(format!(
            "  line {}{column}: {} ({weight})",
            problem.line, problem.reason
        ));
    }
    if problems.len() > most {
        output::line(format!(
            "  … and {} more: `dn register import --json` shows them",
            problems.len() - most
        ));
    }
}
