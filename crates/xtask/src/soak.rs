//! `cargo xtask soak`: tests that run for a bounded time in `cargo xtask test`, for as long as they find something.

use crate::{Result, console, packages, test, tools};

/// Which tests: those of `cargo xtask test` that know a longer run.
const LONG: &str = "binary(fuzz) or binary(survival) or test(never_panic) or test(soak)";

/// Runs them: properties with this many cases each, load and survival as long as they are written for (`DN_SOAK`).
///
/// # Errors
/// Something cannot be installed, or a test failed.
pub(crate) fn soak(cases: &str) -> Result<()> {
    console::heading("system");
    packages::for_tests()?;
    console::heading("tools");
    tools::install()?;
    let mut runner =
        test::nextest().ok_or("this needs cargo-nextest: cargo install --locked cargo-nextest")?;
    console::heading("build");
    test::explained(&["test", "--workspace", "--no-run", "--locked"], &[])?;
    let servers = test::servers()?;
    console::heading("soak");
    runner.envs([("PROPTEST_CASES", cases), ("DN_SOAK", "1")]);
    runner.args(["--profile", "soak", "--filterset", LONG]);
    let (count, outcome) = test::tests(&mut runner, &servers)?;
    if let Some(count) = count {
        println!("{count}");
    }
    outcome
}
