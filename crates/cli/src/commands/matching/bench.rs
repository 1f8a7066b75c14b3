//! `dn match bench`.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use evaluation::bench::{Exam, Marks};
use evaluation::exchange;
use evaluation::table::{self, Line};
use evaluation::world::World;

use crate::cli::ATTENTION;
use crate::output;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// People in each register.
    #[arg(long, default_value_t = 100_000, value_name = "N")]
    people: usize,
    /// Queries about each register.
    #[arg(long, default_value_t = 20_000, value_name = "N")]
    queries: usize,
    /// Seed: the same seed gives the same registers and queries.
    #[arg(long, default_value_t = 1, value_name = "S")]
    seed: u64,
    /// Only the worlds whose name holds this.
    #[arg(long, value_name = "TEXT")]
    world: Option<String>,
    /// A département's policy, in TOML; by default the product's.
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// Compare with Splink as well: a Python that has it (`pip install splink pandas`).
    #[arg(long, value_name = "PYTHON")]
    splink: Option<PathBuf>,
}

/// Answers the files of an exam with Splink.
const SPLINK: &str = include_str!("../../../../evaluation/compare/splink_answers.py");

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let policy = super::policy(arguments.policy.as_ref())?;
    let mut wrong = 0;
    for recipe in evaluation::recipes::ALL {
        if arguments
            .world
            .as_ref()
            .is_some_and(|wanted| !recipe.name.contains(wanted.as_str()))
        {
            continue;
        }
        let name = recipe.name;
        let bar = output::spinner(format!(
            "{name}: {} people, {} queries",
            arguments.people, arguments.queries
        ));
        let exam = Exam::draw(
            &World::new(recipe),
            arguments.people,
            arguments.queries,
            arguments.seed,
        );
        let (line, blocking) = table::engine(&exam, &policy);
        wrong += line.marks.wrong.len();
        let rate = exam.trials.len() as f64 / line.time.as_secs_f64();
        let mut lines = vec![line];
        lines.extend(table::rivals(&exam));
        if let Some(python) = &arguments.splink {
            lines.push(splink(python, &exam)?);
        }
        bar.finish_and_clear();
        output::line(format!(
            "\n{name} · definite and right / ambiguous with the person / missed\n{:.3} % of the people meant are candidates; {} candidates at the median, {} at p99, {} at most; {rate:.0} queries a second",
            100.0 * blocking.completeness,
            blocking.median,
            blocking.p99,
            blocking.most
        ));
        output::table(&table::headers(), lines.iter().map(table::cells));
        show_wrong(&lines);
    }
    Ok(if wrong > 0 {
        ExitCode::from(ATTENTION)
    } else {
        ExitCode::SUCCESS
    })
}

fn splink(python: &Path, exam: &Exam) -> Result<Line> {
    let directory = tempfile::tempdir().context("no temporary directory")?;
    exchange::write(exam, directory.path())?;
    let script = directory.path().join("splink_answers.py");
    std::fs::write(&script, SPLINK)?;
    let started = Instant::now();
    let output = Command::new(python)
        .arg(&script)
        .arg(directory.path())
        .output()
        .with_context(|| format!("{} cannot be run", python.display()))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let last = said.lines().last().unwrap_or("it said nothing").to_owned();
        bail!("Splink failed: {last}");
    }
    let answers = exchange::read_answers(directory.path())?;
    Ok(table::answered(exam, "Splink", &answers, started.elapsed()))
}

/// What the engine got wrong, to look at.
fn show_wrong(lines: &[Line]) {
    let Some(Marks { wrong, .. }) = lines.first().map(|line| &line.marks) else {
        return;
    };
    for (trial, given) in wrong.iter().take(5) {
        output::line(format!(
            "  wrong: {:?} {:?} meant {:?}, answered {given:?}",
            trial.class, trial.question, trial.truth
        ));
    }
}
