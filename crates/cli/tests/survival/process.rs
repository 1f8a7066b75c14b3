//! Processes of the program.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use sandbox::{Companion, Ending};

/// A process that serves or works. It ends with this value.
pub(crate) struct Running {
    process: Companion,
    log: PathBuf,
}

/// How a command ended.
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// The program, as an operator runs it, with a configuration.
pub(crate) fn command(config: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dn"));
    command
        .args(arguments)
        .arg("--config")
        .arg(config)
        .env_clear()
        .stdin(Stdio::null());
    command
}

/// Runs a command to its end, while the servers of this test go on.
pub(crate) async fn run(mut command: Command) -> Result<Ran> {
    let output = tokio::task::spawn_blocking(move || command.output()).await??;
    Ok(Ran {
        code: output.status.code(),
        out: String::from_utf8(output.stdout)?,
        err: String::from_utf8(output.stderr)?,
    })
}

impl Running {
    /// Starts it; what it says goes into this file.
    pub(crate) fn start(mut command: Command, log: PathBuf) -> Result<Self> {
        let file = File::options().create(true).append(true).open(&log)?;
        command.stdout(file.try_clone()?).stderr(file);
        Ok(Self {
            process: Companion::spawn(&mut command, Ending::Group, None)?,
            log,
        })
    }

    /// `SIGKILL`: it gets to do nothing more.
    pub(crate) fn kill(mut self) -> Result<()> {
        let child = self.process.child();
        child.kill()?;
        child.wait()?;
        Ok(())
    }

    /// Whether it still runs.
    pub(crate) fn runs(&mut self) -> Result<bool> {
        Ok(self.process.ended()?.is_none())
    }

    /// Waits until it ends by itself; returns its exit code.
    pub(crate) async fn end(&mut self, patience: Duration) -> Result<Option<i32>> {
        let deadline = Instant::now() + patience;
        loop {
            if let Some(status) = self.process.ended()? {
                return Ok(status.code());
            }
            ensure!(Instant::now() < deadline, "it does not end: {}", self.said()?);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// What it has said.
    pub(crate) fn said(&self) -> Result<String> {
        std::fs::read_to_string(&self.log).context("its log")
    }
}
