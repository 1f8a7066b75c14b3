//! Tasks of the house: demo, test, prepare, tidy. Standard library only, so that it builds in seconds.
#![expect(clippy::print_stdout, reason = "a program of the terminal")]

mod cargo;
mod console;
mod demo;
mod helpers;
mod packages;
mod prepare;
mod run;
mod soak;
mod test;
mod tidy;
mod tools;

use std::process::ExitCode;

/// What goes wrong is told and ends the task.
type Result<T, E = String> = std::result::Result<T, E>;

const USAGE: &str = "\
Usage: cargo xtask <task>

  demo [--once] [--fresh] …   installs what the system lacks, builds, runs `dn demo` with the same arguments
  test                        everything that must hold before a change lands
  soak [CASES]                the tests of load, survival and broken input, for hours; CASES a property (default 20000)
  prepare                     writes .sqlx anew: what the queries of crates/db look like to the database
  tidy                        checks the house's rules over the source
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (task, rest) = match arguments.split_first() {
        Some((task, rest)) => (task.as_str(), rest),
        None => ("help", &[][..]),
    };
    let outcome = match (task, rest) {
        ("demo", _) => demo::demo(rest),
        ("test", []) => test::test(),
        ("soak", []) => soak::soak("20000"),
        ("soak", [cases]) if cases.parse::<u32>().is_ok() => soak::soak(cases),
        ("prepare", []) => prepare::prepare(),
        ("tidy", []) => tidy::tidy(),
        ("help" | "--help" | "-h", _) => {
            print!("{USAGE}");
            Ok(())
        }
        _ => {
            eprint!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{}", console::bad(&message));
            ExitCode::FAILURE
        }
    }
}
