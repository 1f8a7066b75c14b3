//! `cargo xtask test`: everything that must hold before a change lands.

mod count;

use std::process::Command;
use std::time::{Duration, Instant};

use crate::cargo::{cargo, workspace};
use crate::helpers::Helper;
use crate::run::{ask, pass_through, run};
use crate::{Result, console, packages, prepare, tidy, tools};

pub(crate) use count::Count;

/// The steps done so far.
#[derive(Default)]
struct Report {
    steps: Vec<(&'static str, Duration, Result<()>)>,
}

impl Report {
    /// Does a step under its heading and remembers how it went.
    fn step<T>(&mut self, name: &'static str, work: impl FnOnce() -> Result<T>) -> Option<T> {
        console::heading(name);
        let started = Instant::now();
        let done = work();
        let (time, outcome) = (started.elapsed(), done.as_ref().map(drop).map_err(Clone::clone));
        match &outcome {
            Ok(()) => console::say(&format!("{} {}", console::good("ok"), console::duration(time))),
            Err(message) => console::say(&console::bad(message)),
        }
        self.steps.push((name, time, outcome));
        done.ok()
    }

    fn print(&self) {
        console::heading("Summary");
        for (name, time, outcome) in &self.steps {
            let word = if outcome.is_ok() {
                console::good("ok    ")
            } else {
                console::bad("FAILED")
            };
            console::say(&format!("{word} {name:<10} {:>12}", console::duration(*time)));
        }
        for (name, _, outcome) in &self.steps {
            if let Err(message) = outcome {
                console::say(&console::bad(&format!("{name}: {message}")));
            }
        }
    }

    fn failed(&self) -> usize {
        self.steps
            .iter()
            .filter(|(_, _, outcome)| outcome.is_err())
            .count()
    }
}

/// Installs what is missing, does every step, goes on past a failing one where that makes sense, and closes with a summary.
///
/// # Errors
/// Something cannot be installed, or a step failed.
pub(crate) fn test() -> Result<()> {
    console::heading("system");
    packages::for_tests()?;
    console::heading("tools");
    tools::install()?;
    let mut report = Report::default();
    report.step("format", || run(&mut cargo(&["fmt", "--all", "--check"])));
    report.step("tidy", tidy::tidy);
    report.step("clippy", || {
        explained(
            &[
                "clippy",
                "--workspace",
                "--all-targets",
                "--keep-going",
                "--",
                "--deny",
                "warnings",
            ],
            &[],
        )
    });
    report.step("docs", || {
        explained(
            &["doc", "--workspace", "--no-deps", "--locked", "--keep-going"],
            &[("RUSTDOCFLAGS", "--deny warnings")],
        )
    });
    let built = report.step("build", || {
        explained(&["test", "--workspace", "--no-run", "--locked"], &[])
    });
    let count = if built.is_some() {
        with_servers(&mut report)
    } else {
        None
    };
    report.print();
    match count {
        Some(count) => println!("{count}"),
        None => println!("No test was run."),
    }
    match report.failed() {
        0 => Ok(()),
        failed => Err(format!("{failed} of {} steps failed", report.steps.len())),
    }
}

/// The steps that need servers, which are started once for all of them.
fn with_servers(report: &mut Report) -> Option<Count> {
    let servers = report.step("servers", servers)?;
    report.step("queries", || prepare::check(&servers[0]));
    let mut count = None;
    report.step("tests", || {
        let (counted, outcome) = tests(&mut runner(), &servers)?;
        count = counted;
        outcome
    });
    report.step("stop", || {
        drop(servers);
        Ok(())
    });
    count
}

/// The servers that all tests share.
///
/// # Errors
/// One does not start.
pub(crate) fn servers() -> Result<Vec<Helper>> {
    ["postgres", "seaweedfs"].into_iter().map(Helper::start).collect()
}

/// Runs tests on the servers, counts them and says whether all passed.
///
/// # Errors
/// They cannot be run.
pub(crate) fn tests(runner: &mut Command, servers: &[Helper]) -> Result<(Option<Count>, Result<()>)> {
    // Our errors say what happened; forty frames of the runtime under each say nothing more.
    runner.env("RUST_BACKTRACE", "0");
    runner.envs(servers.iter().flat_map(|server| server.environment.clone()));
    let (status, output) = pass_through(runner)?;
    let counted = Count::of(&output);
    let outcome = match (&counted, status.success()) {
        (Some(counted), true) if counted.passed > 0 => Ok(()),
        (_, true) => Err("no test was run".to_owned()),
        (_, false) => Err("tests failed, see above".to_owned()),
    };
    Ok((counted, outcome))
}

/// cargo-nextest where it is installed, the same tests with `cargo test` where not.
fn runner() -> Command {
    nextest().unwrap_or_else(|| cargo(&["test", "--workspace", "--locked", "--no-fail-fast"]))
}

/// cargo-nextest over the workspace, where it is installed.
pub(crate) fn nextest() -> Option<Command> {
    ask(&mut cargo(&["nextest", "--version"]))?;
    let mut command = cargo(&["nextest", "run", "--workspace", "--locked", "--config-file"]);
    command.arg(workspace().join("crates/testing/nextest.toml"));
    Some(command)
}

/// Runs cargo and says what to do where a query is missing.
pub(crate) fn explained(arguments: &[&str], environment: &[(&str, &str)]) -> Result<()> {
    let mut command = cargo(arguments);
    command.envs(environment.iter().copied());
    let (status, output) = pass_through(&mut command)?;
    match status.success() {
        true => Ok(()),
        false if output.contains("there is no cached data for this query") => {
            Err("a query is not in .sqlx: run `cargo xtask prepare`".to_owned())
        }
        false => Err(format!(
            "cargo {} failed, see above",
            arguments.first().unwrap_or(&"")
        )),
    }
}
