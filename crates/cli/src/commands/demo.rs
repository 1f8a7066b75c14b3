//! `dn demo`.
use anyhow::Result;
use std::process::ExitCode;
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {}
pub(crate) async fn run(_: Arguments) -> Result<ExitCode> {
    Ok(ExitCode::SUCCESS)
}
