//! `dn match estimate`.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use connectors::file::Entry;
use domain::Catalogue;
use evaluation::estimate::Asked;
use evaluation::questions::read_questions;

use crate::output;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Register, in the import format.
    #[arg(long, value_name = "CSV")]
    register: PathBuf,
    /// Queries, as for `evaluate`; the truth about them need not be known. Without them the register is compared with
    /// itself: it tells of those it holds twice.
    #[arg(long, value_name = "CSV")]
    queries: Option<PathBuf>,
    /// A policy whose model is the start, in TOML; by default the product's.
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
}

/// Prints the model as the part of a policy file.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let policy = super::policy(arguments.policy.as_ref())?;
    let register = super::load(&arguments.register)?;
    let asked = match &arguments.queries {
        Some(path) => queries(path)?,
        None => people(&arguments.register)?,
    };
    let bar = output::spinner("Estimating");
    let estimate = evaluation::estimate::estimate(&register, &asked, &policy);
    bar.finish_and_clear();
    output::line(format!(
        "# {} queries, {} pairs, {:.0} of one person, {} turns",
        asked.len(),
        estimate.pairs,
        estimate.matches,
        estimate.turns
    ));
    let model = toml::Table::from_iter([("model".to_owned(), toml::Value::try_from(&estimate.model)?)]);
    output::line(toml::to_string(&model)?);
    Ok(ExitCode::SUCCESS)
}

/// The queries of a file.
fn queries(path: &Path) -> Result<Vec<Asked>> {
    let cannot = || format!("{} cannot be read", path.display());
    let file = File::open(path).with_context(cannot)?;
    read_questions(BufReader::new(file))
        .with_context(cannot)?
        .map(|question| Ok(question.with_context(cannot)?.read().0.into()))
        .collect()
}

/// Everybody of a register.
fn people(path: &Path) -> Result<Vec<Asked>> {
    let cannot = || format!("{} cannot be read", path.display());
    let file = File::open(path).with_context(cannot)?;
    let mut asked = Vec::new();
    for entry in connectors::file::read(file, &Catalogue::default()).with_context(cannot)? {
        if let Entry::Individual(person) = entry.with_context(cannot)? {
            asked.push(Asked::from(&*person));
        }
    }
    Ok(asked)
}
