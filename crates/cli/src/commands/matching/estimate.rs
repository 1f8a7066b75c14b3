//! `dn match estimate`.

use std::fs::File;
use std::io::BufReader;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use evaluation::questions::read_questions;

use crate::output;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Register, in the import format.
    #[arg(long, value_name = "CSV")]
    register: PathBuf,
    /// Queries, as for `evaluate`; the truth about them need not be known.
    #[arg(long, value_name = "CSV")]
    queries: PathBuf,
    /// A policy whose model is the start, in TOML; by default the product's.
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
}

/// Prints the model as the part of a policy file.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let policy = super::policy(arguments.policy.as_ref())?;
    let register = super::load(&arguments.register)?;
    let path = arguments.queries.display();
    let file = File::open(&arguments.queries).with_context(|| format!("{path} cannot be read"))?;
    let mut queries = Vec::new();
    for question in read_questions(BufReader::new(file)).with_context(|| format!("{path} cannot be read"))? {
        queries.push(
            question
                .with_context(|| format!("{path} cannot be read"))?
                .read()
                .0,
        );
    }
    let bar = output::spinner("Estimating");
    let estimate = evaluation::estimate::estimate(&register, &queries, &policy);
    bar.finish_and_clear();
    output::line(format!(
        "# {} queries, {} pairs, {:.0} of one person, {} turns",
        queries.len(),
        estimate.pairs,
        estimate.matches,
        estimate.turns
    ));
    let model = toml::Table::from_iter([("model".to_owned(), toml::Value::try_from(&estimate.model)?)]);
    output::line(toml::to_string(&model)?);
    Ok(ExitCode::SUCCESS)
}
