//! An S3 endpoint in this process: the real protocol with real signatures, objects as files in a folder. No
//! versions, and object locks are ignored, which the application finds out by itself and tells.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use data_encoding::HEXLOWER;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::http::{Running, steady_listener};

/// The one account there is.
const ACCESS_KEY: &str = "dn-demo";

/// A running S3 endpoint. It stops when this is dropped.
#[derive(Debug)]
pub struct S3Endpoint {
    running: Running,
    secret_key: String,
}

impl S3Endpoint {
    /// Starts the endpoint on the objects kept in this folder, made on first use.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub async fn start(dir: &Path) -> Result<Self> {
        let objects = dir.join("objects");
        fs::create_dir_all(&objects).with_context(|| format!("cannot make {}", objects.display()))?;
        let secret_key = secret(&dir.join("secret-key"))?;
        let files = s3s_fs::FileSystem::new(&objects).map_err(|e| anyhow!("cannot serve objects: {e:?}"))?;
        let mut service = S3ServiceBuilder::new(files);
        service.set_auth(SimpleAuth::from_single(ACCESS_KEY, secret_key.as_str()));
        let service = service.build();
        let listener = steady_listener(dir, "s3").await?;
        let running = Running::new(listener.local_addr()?, |stop| serve(listener, service, stop));
        Ok(Self { running, secret_key })
    }

    /// Address for clients, which must use path style: `http://127.0.0.1:PORT`.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.running.address)
    }

    /// Access key of its one account.
    pub fn access_key(&self) -> &str {
        ACCESS_KEY
    }

    /// Secret key of its one account, drawn when the folder was made.
    pub fn secret_key(&self) -> &str {
        &self.secret_key
    }

    /// Stops it and waits until it has gone.
    pub async fn stop(self) {
        self.running.stop().await;
    }
}

fn secret(file: &Path) -> Result<String> {
    if !file.exists() {
        fs::write(file, HEXLOWER.encode(&rand::random::<[u8; 24]>()))?;
        fs::set_permissions(file, fs::Permissions::from_mode(0o600))?;
    }
    fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))
}

async fn serve(listener: TcpListener, service: S3Service, stop: CancellationToken) {
    let tasks = TaskTracker::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop.cancelled() => break,
        };
        let Ok((socket, _)) = accepted else { continue };
        // Clients wait 40 ms for the last piece of a large object otherwise.
        socket.set_nodelay(true).ok();
        let (service, stop) = (service.clone(), stop.clone());
        tasks.spawn(async move {
            let http = Builder::new(TokioExecutor::new());
            let connection = http.serve_connection(TokioIo::new(socket), service);
            let mut connection = std::pin::pin!(connection);
            let ended = tokio::select! {
                ended = connection.as_mut() => ended,
                () = stop.cancelled() => {
                    connection.as_mut().graceful_shutdown();
                    connection.await
                }
            };
            if let Err(error) = ended {
                tracing::debug!(%error, "S3 connection");
            }
        });
    }
    tasks.close();
    tasks.wait().await;
}
