//! SeaweedFS: an S3 server with versions and object locks.

use std::fs::File;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use sandbox::{Companion, Ending};
use tempfile::TempDir;
use tokio::sync::OnceCell;
use url::Url;

use super::tool;

/// Names the server that a run of tests shares: `http://ACCESS:SECRET@HOST:PORT`.
const SHARED: &str = "DN_TEST_S3";
/// How long it may take to start on a busy machine.
const START: Duration = Duration::from_secs(60);

/// Each listens on a port of its own, with another for gRPC.
const PARTS: [&str; 5] = ["s3", "master", "filer", "volume", "admin"];

static SEAWEEDFS: OnceCell<SeaweedFs> = OnceCell::const_new();

/// A running SeaweedFS on free ports of the loopback address. It stops when this is dropped.
#[derive(Debug)]
pub struct SeaweedFs {
    /// Credentials, host and port.
    url: Url,
    /// `None`: somebody else's, lent to us.
    process: Option<(Companion, TempDir)>,
}

impl SeaweedFs {
    /// The server of this run of tests: the one named in `DN_TEST_S3` (`cargo xtask test` starts it), or else one
    /// of this process, gone with it. Each test makes its own bucket.
    ///
    /// # Errors
    /// As [`SeaweedFs::start`].
    pub async fn shared() -> Result<&'static Self> {
        SEAWEEDFS
            .get_or_try_init(async || match std::env::var(SHARED) {
                Ok(url) => Ok(Self {
                    url: url.parse().context("DN_TEST_S3 is of no use")?,
                    process: None,
                }),
                Err(_) => Self::start().await,
            })
            .await
    }

    /// Starts it on an empty folder of its own. Takes about a second.
    ///
    /// # Errors
    /// It is not installed, or does not start.
    pub async fn start() -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("dn-seaweedfs-").tempdir()?;
        let ports = free_ports::<10>()?;
        let mut url = Url::parse(&format!("http://127.0.0.1:{}", ports[0]))?;
        // Cannot fail: the address has a host.
        url.set_username("dn-test").ok();
        url.set_password(Some(&uuid::Uuid::new_v4().simple().to_string()))
            .ok();
        let remove = folder.path().to_owned();
        let mut command = command(folder.path(), ports, &url)?;
        let process = Companion::spawn(&mut command, Ending::Group, Some(remove))?;
        let mut started = Self {
            url,
            process: Some((process, folder)),
        };
        started.wait_until_ready().await?;
        Ok(started)
    }

    async fn wait_until_ready(&mut self) -> Result<()> {
        rustls_ring();
        let (http, deadline) = (reqwest::Client::new(), Instant::now() + START);
        let health = format!("{}/healthz", self.endpoint());
        while !http
            .get(&health)
            .send()
            .await
            .is_ok_and(|answer| answer.status().is_success())
        {
            if let Some((process, folder)) = &mut self.process
                && (process.ended()?.is_some() || Instant::now() > deadline)
            {
                let said = std::fs::read_to_string(folder.path().join("log")).unwrap_or_default();
                bail!(
                    "SeaweedFS did not start: {}",
                    said.lines().last().unwrap_or_default()
                );
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(())
    }

    /// Address for clients, which must use path style: `http://127.0.0.1:PORT`.
    pub fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.url.port().unwrap_or(80))
    }

    /// Access key of its administrator.
    pub fn access_key(&self) -> &str {
        self.url.username()
    }

    /// Secret key of its administrator.
    pub fn secret_key(&self) -> &str {
        self.url.password().unwrap_or_default()
    }

    /// Everything a client needs in one line, as `DN_TEST_S3` has it.
    pub fn address(&self) -> &str {
        self.url.as_str()
    }
}

fn command(folder: &Path, ports: [u16; 10], url: &Url) -> Result<Command> {
    let mut command = Command::new(tool("python/bin/weed")?);
    command.args(["-logtostderr=true", "mini", "-ip=127.0.0.1", "-ip.bind=127.0.0.1"]);
    command.args(["-webdav=false", "-admin.ui=false", "-master.telemetry=false"]);
    command.args(["-s3.port.iceberg=0", "-s3.port.lance=0"]);
    command.arg(format!("-dir={}", folder.display()));
    command.arg(format!("-filer.localSocket={}/filer.sock", folder.display()));
    command.arg(format!("-s3.localSocket={}/s3.sock", folder.display()));
    for (part, pair) in PARTS.iter().zip(ports.chunks(2)) {
        command
            .arg(format!("-{part}.port={}", pair[0]))
            .arg(format!("-{part}.port.grpc={}", pair[1]));
    }
    let log = File::create(folder.join("log"))?;
    command
        .env("AWS_ACCESS_KEY_ID", url.username())
        .env("AWS_SECRET_ACCESS_KEY", url.password().unwrap_or_default())
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log);
    Ok(command)
}

/// Ports that were free a moment ago, all different.
fn free_ports<const N: usize>() -> Result<[u16; N]> {
    let listeners: Vec<TcpListener> = (0..N)
        .map(|_| TcpListener::bind("127.0.0.1:0"))
        .collect::<Result<_, _>>()?;
    let mut ports = [0; N];
    for (port, listener) in ports.iter_mut().zip(&listeners) {
        *port = listener.local_addr()?.port();
    }
    Ok(ports)
}

/// The HTTP client takes the process's cryptography; whoever comes first installs it.
fn rustls_ring() {
    rustls::crypto::ring::default_provider().install_default().ok();
}
