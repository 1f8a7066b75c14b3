//! A process of ours that ends with us, whatever happens to us.

use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use rustix::io::Errno;
use rustix::process::{Pid, Signal, kill_process, kill_process_group, test_kill_process_group};

/// Outlives us by a moment: its standard input ends when we do, even if we are killed, and it then stops what it
/// minds and removes what was asked to go with it.
const WATCHDOG: &str = r#"
read -r _
kill -s "$1" -- "$3" 2>/dev/null
tries=0
while kill -0 -- "$3" 2>/dev/null && [ "$tries" -lt "$4" ]; do sleep 0.1; tries=$((tries + 1)); done
kill -s "$2" -- "$3" 2>/dev/null
[ -z "$5" ] || rm -rf -- "$5"
"#;

/// How long the children of a process may outlive it.
const CHILDREN: Duration = Duration::from_secs(1);

/// How a companion ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// `SIGINT` to the process alone, `SIGQUIT` if it has not gone after 30 s: PostgreSQL's fast shutdown, which writes
    /// everything first, and its immediate one.
    Database,
    /// `SIGQUIT`, then `SIGKILL`: for a database that nobody will open again.
    DisposableDatabase,
    /// `SIGTERM` to the process and its children, `SIGKILL` to those that have not gone after 5 s.
    Group,
}

impl Ending {
    fn signals(self) -> [(Signal, &'static str); 2] {
        match self {
            Self::Database => [(Signal::INT, "INT"), (Signal::QUIT, "QUIT")],
            Self::DisposableDatabase => [(Signal::QUIT, "QUIT"), (Signal::KILL, "KILL")],
            Self::Group => [(Signal::TERM, "TERM"), (Signal::KILL, "KILL")],
        }
    }

    fn patience(self) -> Duration {
        Duration::from_secs(if self == Self::Group { 5 } else { 30 })
    }

    fn send(self, child: &Child, signal: Signal) -> Result<()> {
        let process = Pid::from_child(child);
        let sent = match self {
            Self::Group => kill_process_group(process, signal),
            Self::Database | Self::DisposableDatabase => kill_process(process, signal),
        };
        // Gone already is what we want.
        sent.or_else(|error| if error == Errno::SRCH { Ok(()) } else { Err(error) })?;
        Ok(())
    }
}

/// A process that runs beside us, in a process group of its own (Ctrl-C on the terminal reaches us alone, and
/// we stop it in order). It is stopped when this is dropped, and also when we are killed.
#[derive(Debug)]
pub struct Companion {
    child: Child,
    watchdog: Child,
    ending: Ending,
}

impl Companion {
    /// Starts it. `remove` is a folder to be removed if we end without stopping it.
    ///
    /// # Errors
    /// The program cannot be run.
    pub fn spawn(command: &mut Command, ending: Ending, remove: Option<PathBuf>) -> Result<Self> {
        let name = command.get_program().to_string_lossy().into_owned();
        let mut child = command
            .process_group(0)
            .spawn()
            .with_context(|| format!("cannot run {name}"))?;
        let watched = watch(&child, ending, remove);
        if watched.is_err() {
            child.kill().ok();
            child.wait().ok();
        }
        Ok(Self {
            child,
            watchdog: watched?,
            ending,
        })
    }

    /// The process, for its pipes.
    pub fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    /// How it ended, if it has.
    ///
    /// # Errors
    /// The system does not say.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// Sends it a signal.
    ///
    /// # Errors
    /// The system refuses.
    pub(crate) fn signal(&self, signal: Signal) -> Result<()> {
        Ok(kill_process(Pid::from_child(&self.child), signal)?)
    }

    /// Waits until it has gone.
    ///
    /// # Errors
    /// It does not go in time.
    pub(crate) fn wait(&mut self, patience: Duration) -> Result<()> {
        let deadline = Instant::now() + patience;
        while self.ended()?.is_none() {
            ensure!(Instant::now() < deadline, "a process does not end");
            sleep(Duration::from_millis(5));
        }
        Ok(())
    }

    /// Stops it and waits until it has gone. Does nothing the second time.
    ///
    /// # Errors
    /// It cannot be stopped.
    pub fn stop(&mut self) -> Result<()> {
        // First, or it would signal a process number that may be another's by then.
        self.watchdog.kill().ok();
        self.watchdog.wait()?;
        for (signal, _) in self.ending.signals() {
            if self.ended()?.is_some() {
                break;
            }
            self.ending.send(&self.child, signal)?;
            let deadline = Instant::now() + self.ending.patience();
            while self.ended()?.is_none() && Instant::now() < deadline {
                sleep(Duration::from_millis(10));
            }
        }
        if self.ending == Ending::Group {
            self.wait_for_children()?;
        }
        Ok(())
    }

    /// Its children end a moment after it: not to wait would let them write where somebody cleans up.
    fn wait_for_children(&self) -> Result<()> {
        let group = Pid::from_child(&self.child);
        let deadline = Instant::now() + CHILDREN;
        while test_kill_process_group(group).is_ok() {
            if Instant::now() > deadline {
                // What is left may also be dead and not yet buried, which nobody but its parent can change.
                return self.ending.send(&self.child, Signal::KILL);
            }
            sleep(Duration::from_millis(10));
        }
        Ok(())
    }
}

impl Drop for Companion {
    fn drop(&mut self) {
        if let Err(error) = self.stop() {
            tracing::warn!(%error, "a process was not stopped in order");
        }
    }
}

fn watch(child: &Child, ending: Ending, remove: Option<PathBuf>) -> Result<Child> {
    let [(_, first), (_, last)] = ending.signals();
    let target = match ending {
        Ending::Database | Ending::DisposableDatabase => child.id().to_string(),
        Ending::Group => format!("-{}", child.id()),
    };
    let tenths = (ending.patience().as_secs() * 10).to_string();
    Command::new("sh")
        .args(["-c", WATCHDOG, "dn-watchdog", first, last, &target, &tenths])
        .args(remove)
        .process_group(0)
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .context("cannot run sh")
}
