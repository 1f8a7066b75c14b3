//! Servers that run beside a task: programs of ours that print `NAME=value` lines, then `ready`, and stop when their
//! standard input ends.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use crate::Result;
use crate::cargo::built;

/// A server that runs until this is dropped. It also stops when we are killed.
pub(crate) struct Helper {
    process: Child,
    /// What it printed: names and values for the environment of whoever uses it.
    pub(crate) environment: Vec<(String, String)>,
}

impl Helper {
    /// Starts an example that was built.
    ///
    /// # Errors
    /// It does not start.
    pub(crate) fn start(example: &str) -> Result<Self> {
        let mut process = Command::new(built("examples")?.join(example))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("cannot run {example}: {error}"))?;
        let stdout = process.stdout.take().ok_or("no output")?;
        let mut helper = Self {
            process,
            environment: Vec::new(),
        };
        for line in BufReader::new(stdout).lines() {
            let line = line.map_err(|error| format!("{example}: {error}"))?;
            if line == "ready" {
                return Ok(helper);
            }
            let (name, value) = line.split_once('=').ok_or(format!("{example} said: {line}"))?;
            helper.environment.push((name.to_owned(), value.to_owned()));
        }
        Err(format!("{example} did not start"))
    }

    /// One of the values it printed.
    ///
    /// # Errors
    /// There is none of that name.
    pub(crate) fn value(&self, name: &str) -> Result<&str> {
        let found = self.environment.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).ok_or(format!("no {name}"))
    }
}

impl Drop for Helper {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}
