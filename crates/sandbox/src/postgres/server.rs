//! The server's process: started on a free port, watched until it accepts connections.

use std::fs::{self, File};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::cluster::Cluster;
use super::{Halt, PostgresOptions};
use crate::companion::{Companion, Ending};
use crate::unprivileged;

/// How long a server may take to start: recovery after a crash included.
const START: Duration = Duration::from_secs(60);

/// A running PostgreSQL.
#[derive(Debug)]
pub(super) struct Server {
    process: Companion,
    pub(super) port: u16,
    /// Goes with the server.
    folder: Option<PathBuf>,
}

impl Server {
    /// Starts the server and waits until it accepts connections. What is disposable is removed when it stops.
    pub(super) fn start(
        cluster: &Cluster,
        bin: &Path,
        options: PostgresOptions,
        disposable: bool,
    ) -> Result<Self> {
        for _ in 0..5 {
            let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
            if let Some(server) = Self::try_on(port, cluster, bin, options, disposable)? {
                return Ok(server);
            }
        }
        bail!("no free port for PostgreSQL after five tries")
    }

    /// Starts the server on this port; `None` when somebody else has it.
    pub(super) fn try_on(
        port: u16,
        cluster: &Cluster,
        bin: &Path,
        options: PostgresOptions,
        disposable: bool,
    ) -> Result<Option<Self>> {
        let folder = cluster.data.parent().filter(|_| disposable).map(Path::to_owned);
        let ending = if disposable {
            Ending::DisposableDatabase
        } else {
            Ending::Database
        };
        let log = cluster.data.with_extension("log");
        let mut command = command(cluster, bin, port, options, &log)?;
        let process = Companion::spawn(&mut command, ending, folder.clone())?;
        let mut server = Self {
            process,
            port,
            folder,
        };
        if server.wait_until_ready(cluster)? {
            return Ok(Some(server));
        }
        // It goes, its files stay.
        server.folder = None;
        let said = fs::read_to_string(&log).unwrap_or_default();
        if said.contains("could not bind") {
            return Ok(None);
        }
        let lines: Vec<&str> = said.lines().rev().take(5).collect();
        bail!(
            "PostgreSQL did not start: {}",
            lines.into_iter().rev().collect::<Vec<_>>().join(" / ")
        )
    }

    /// Stops the server and leaves its files: in order, or at once and without writing anything down.
    pub(super) fn halt(&mut self, halt: Halt) -> Result<()> {
        self.process.signal(halt.signal())?;
        self.process.wait(START)
    }

    fn wait_until_ready(&mut self, cluster: &Cluster) -> Result<bool> {
        let deadline = Instant::now() + START;
        while !cluster.is_ready() {
            if self.process.ended()?.is_some() {
                return Ok(false);
            }
            if Instant::now() > deadline {
                bail!("PostgreSQL is not ready after {} s", START.as_secs());
            }
            sleep(Duration::from_millis(10));
        }
        Ok(true)
    }

    /// Leaves its files where they are.
    pub(super) fn leave(&mut self) {
        self.folder = None;
    }

    /// Stops the server: connections are ended, data is written, or removed.
    pub(super) fn stop(&mut self) -> Result<()> {
        self.process.stop()?;
        match self.folder.take() {
            Some(folder) => {
                fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))
            }
            None => Ok(()),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Err(error) = self.stop() {
            tracing::warn!(%error, "PostgreSQL was not stopped in order");
        }
    }
}

fn command(
    cluster: &Cluster,
    bin: &Path,
    port: u16,
    options: PostgresOptions,
    log: &Path,
) -> Result<Command> {
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
            "max_wal_size=512MB",
        ]);
    }
    let mut settings: Vec<String> = settings.into_iter().map(str::to_owned).collect();
    if options.durable {
        settings.extend(for_this_machine());
    }
    let mut command = unprivileged::command(&bin.join("postgres"));
    command
        .arg("-D")
        .arg(&cluster.data)
        .args(["-p", &port.to_string()]);
    for setting in &settings {
        command.args(["-c", setting]);
    }
    let log = File::create(log).context("cannot write the server's log")?;
    command.stdout(Stdio::null()).stderr(log);
    Ok(command)
}

/// What `infra/runbook.md` asks of every host: by its own defaults PostgreSQL takes hardly any memory, and interrupts an
/// import by a checkpoint every few seconds. Nothing of it touches what is safe after a crash.
fn for_this_machine() -> Vec<String> {
    let memory = memory_mebibytes().unwrap_or(1024);
    let shared = (memory / 4).clamp(128, 1024);
    vec![
        format!("shared_buffers={shared}MB"),
        format!("effective_cache_size={}MB", (memory / 2).max(shared)),
        "max_wal_size=4GB".to_owned(),
        "wal_compression=on".to_owned(),
        "random_page_cost=1.1".to_owned(),
    ]
}

/// Memory of the machine, as Linux tells it.
fn memory_mebibytes() -> Option<u64> {
    let text = fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes / 1024)
}
