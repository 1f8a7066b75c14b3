//! `dn match evaluate`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};

use crate::cli::ATTENTION;
use crate::output;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Register, in the import format.
    #[arg(long, value_name = "CSV")]
    register: PathBuf,
    /// Queries: id;nom_naissance;nom_usage;prenoms;date_naissance;sexe;date_deces and, if wanted, commune_naissance.
    #[arg(long, value_name = "CSV")]
    queries: PathBuf,
    /// File to write: id;reponse;identifiants;score;motifs.
    #[arg(long, value_name = "CSV")]
    out: PathBuf,
    /// A département's policy, in TOML; by default the product's.
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let policy = super::policy(arguments.policy.as_ref())?;
    let bar = output::bar("Loading the register");
    let mut problems = Vec::new();
    let timing = evaluation::files::evaluate(
        &arguments.register,
        &arguments.queries,
        &arguments.out,
        &policy,
        chrono::Utc::now().date_naive(),
        super::follow(&bar, &mut problems),
    );
    bar.finish_and_clear();
    super::super::register::show(&problems, super::SHOWN);
    let timing = timing.with_context(|| {
        format!(
            "{} about {} could not be answered",
            arguments.queries.display(),
            arguments.register.display()
        )
    })?;
    output::line(format!(
        "{} people with {} keys loaded in {:.1} s; {} rows refused",
        timing.people,
        timing.keys,
        timing.loading.as_secs_f64(),
        timing.refused
    ));
    output::line(format!(
        "{} queries answered in {:.1} s, {:.0} a second, {:.0} candidates each: {} connu, {} ambigu, {} inconnu",
        timing.queries,
        timing.answering.as_secs_f64(),
        timing.rate(),
        timing.candidates as f64 / timing.queries.max(1) as f64,
        timing.definite,
        timing.ambiguous,
        timing.queries - timing.definite - timing.ambiguous
    ));
    Ok(if timing.refused > 0 {
        ExitCode::from(ATTENTION)
    } else {
        ExitCode::SUCCESS
    })
}
