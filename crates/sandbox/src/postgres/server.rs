//! The server's process: started on a free port, stopped in order, gone with us whatever happens to us.

use std::fs::{self, File};
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process};

use super::PostgresOptions;
use super::cluster::Cluster;
use crate::unprivileged;

/// How long a server may take to start: recovery after a crash included.
const START: Duration = Duration::from_secs(60);
/// How long a fast shutdown may take before it becomes an immediate one.
const STOP: Duration = Duration::from_secs(20);

/// Outlives us by a moment: its standard input ends when we do, even if we are killed, and it then stops the
/// server and removes what was asked to go with it.
const WATCHDOG: &str = r#"
read -r _
kill -INT "$1" 2>/dev/null
tries=0
while kill -0 "$1" 2>/dev/null && [ "$tries" -lt 100 ]; do sleep 0.1; tries=$((tries + 1)); done
[ -z "$2" ] || rm -rf -- "$2"
"#;

/// A running PostgreSQL.
#[derive(Debug)]
pub(super) struct Server {
    child: Child,
    watchdog: Child,
    pub(super) port: u16,
}

impl Server {
    /// Starts the server and waits until it accepts connections. `remove` goes when we die.
    pub(super) fn start(
        cluster: &Cluster,
        bin: &Path,
        options: PostgresOptions,
        remove: Option<&Path>,
    ) -> Result<Self> {
        let log = cluster.data.with_extension("log");
        for _ in 0..5 {
            let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
            let child = spawn(cluster, bin, port, options, &log)?;
            let watchdog = watch(&child, remove)?;
            let mut server = Self {
                child,
                watchdog,
                port,
            };
            if server.wait_until_ready(cluster)? {
                return Ok(server);
            }
            // Another process may have taken the port in between: only then is another try of use.
            let said = fs::read_to_string(&log).unwrap_or_default();
            if !said.contains("could not bind") {
                let lines: Vec<&str> = said.lines().rev().take(5).collect();
                bail!(
                    "PostgreSQL did not start: {}",
                    lines.into_iter().rev().collect::<Vec<_>>().join(" / ")
                );
            }
        }
        bail!("no free port for PostgreSQL after five tries")
    }

    fn wait_until_ready(&mut self, cluster: &Cluster) -> Result<bool> {
        let deadline = Instant::now() + START;
        while !cluster.is_ready() {
            if self.child.try_wait()?.is_some() {
                return Ok(false);
            }
            if Instant::now() > deadline {
                bail!("PostgreSQL is not ready after {} s", START.as_secs());
            }
            sleep(Duration::from_millis(10));
        }
        Ok(true)
    }

    /// Stops the server: connections are ended, data is written. Does nothing the second time.
    pub(super) fn stop(&mut self) -> Result<()> {
        // First, or it would signal a process number that may be another's by then.
        self.watchdog.kill().ok();
        self.watchdog.wait()?;
        for signal in [Signal::INT, Signal::QUIT, Signal::KILL] {
            if self.child.try_wait()?.is_some() {
                return Ok(());
            }
            kill_process(Pid::from_child(&self.child), signal)?;
            let deadline = Instant::now() + STOP;
            while self.child.try_wait()?.is_none() && Instant::now() < deadline {
                sleep(Duration::from_millis(10));
            }
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Err(error) = self.stop() {
            tracing::warn!(%error, "PostgreSQL was not stopped in order");
        }
    }
}

fn spawn(cluster: &Cluster, bin: &Path, port: u16, options: PostgresOptions, log: &Path) -> Result<Child> {
    let mut settings = vec![
        "listen_addresses=127.0.0.1",
        // No socket file: its path has a limit of 107 bytes, and nothing needs it.
        "unix_socket_directories=",
        "max_connections=400",
        "jit=off",
    ];
    if !options.durable {
        settings.extend([
            "fsync=off",
            "synchronous_commit=off",
            "full_page_writes=off",
            "wal_level=minimal",
        ]);
        settings.extend([
            "max_wal_senders=0",
            "checkpoint_timeout=30min",
            "max_wal_size=4GB",
        ]);
    }
    let mut command = unprivileged::command(&bin.join("postgres"));
    command
        .arg("-D")
        .arg(&cluster.data)
        .args(["-p", &port.to_string()]);
    for setting in settings {
        command.args(["-c", setting]);
    }
    let log = File::create(log).context("cannot write the server's log")?;
    command
        .stdout(Stdio::null())
        .stderr(log)
        .spawn()
        .context("cannot run postgres")
}

fn watch(server: &Child, remove: Option<&Path>) -> Result<Child> {
    let mut command = Command::new("sh");
    command.args(["-c", WATCHDOG, "dn-watchdog", &server.id().to_string()]);
    command.args(remove);
    command
        .process_group(0)
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .context("cannot run sh")
}
