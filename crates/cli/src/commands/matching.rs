//! `dn match …`: the matching engine, on files without a database, and on a département’s past inquiries.

mod bench;
mod estimate;
mod evaluate;
mod explain;
mod simulate;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use connectors::file::Problem;
use evaluation::files::Progress;
use evaluation::store::Register;
use indicatif::ProgressBar;
use matching::Policy;

use crate::config::Config;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Answer every query of a file about the register of a file.
    Evaluate(evaluate::Arguments),
    /// One query, every candidate, field by field.
    Explain(explain::Arguments),
    /// Draw registers and queries with known truth and print what the engine and other ways make of them.
    Bench(bench::Arguments),
    /// Estimate the model's probabilities anew from a register and queries.
    Estimate(estimate::Arguments),
    /// Which of a département's past inquiries another policy would have answered otherwise. Changes nothing.
    Simulate(simulate::Arguments),
}

pub(crate) async fn run(load: impl Fn() -> Result<Config>, command: Command) -> Result<ExitCode> {
    match command {
        Command::Evaluate(arguments) => evaluate::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Bench(arguments) => bench::run(&arguments),
        Command::Estimate(arguments) => estimate::run(&arguments),
        Command::Simulate(arguments) => simulate::run(&load()?, &arguments).await,
    }
}

/// The policy of a file; the default without one.
fn policy(path: Option<&PathBuf>) -> Result<Policy> {
    let Some(path) = path else {
        return Ok(Policy::default());
    };
    let text = std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
    Policy::from_toml(&text).with_context(|| format!("{} is no policy", path.display()))
}

/// Refused rows of a register that are shown.
const SHOWN: usize = 20;

/// Moves a bar by what the library says, and keeps which rows it refuses.
fn follow<'a>(bar: &'a ProgressBar, problems: &'a mut Vec<Problem>) -> impl FnMut(Progress<'_>) + 'a {
    |progress| match progress {
        Progress::Problem(problem) => problems.push(problem.clone()),
        Progress::Loading(rows, of) => {
            bar.set_message("Loading the register");
            bar.set_length(of);
            bar.set_position(rows);
        }
        Progress::Answering(queries) => {
            bar.set_message("Answering");
            bar.unset_length();
            bar.set_position(queries);
        }
    }
}

/// Loads a register from a file, with a bar, and tells which rows are refused.
fn load(path: &Path) -> Result<Register> {
    let bar = crate::output::bar("Loading the register");
    let file = std::fs::File::open(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let mut problems = Vec::new();
    let loaded = evaluation::files::load(file, &mut follow(&bar, &mut problems));
    bar.finish_and_clear();
    super::register::show(&problems, SHOWN);
    let (register, _) = loaded.with_context(|| format!("{} cannot be taken", path.display()))?;
    Ok(register)
}
