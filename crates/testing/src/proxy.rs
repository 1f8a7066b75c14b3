//! A proxy between a process and one of its servers that stops everything at a chosen step: just before a message reaches
//! the server, or after the server has done what it says and before its answer is back. The test then kills the
//! process, and so finds out what a power cut at that very step leaves.

mod speech;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Result, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_util::sync::{CancellationToken, DropGuard};

pub use speech::Speech;

/// Where a step is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cut {
    /// The server never hears of it.
    BeforeServer,
    /// The server did it; its answer never comes back.
    BeforeAnswer,
}

/// A running proxy on the loopback address.
#[derive(Debug)]
pub struct Proxy {
    port: u16,
    shared: Arc<Shared>,
    _stop: DropGuard,
}

#[derive(Debug)]
struct Shared {
    upstream: SocketAddr,
    speech: Speech,
    state: Mutex<State>,
    frozen: watch::Sender<bool>,
}

#[derive(Debug, Default)]
struct State {
    heard: Vec<String>,
    plan: Option<Plan>,
    delay: Duration,
    /// Ends the connections there are.
    connections: CancellationToken,
}

/// The step that is waited for.
#[derive(Debug)]
struct Plan {
    message: String,
    /// Times it still passes.
    passes: usize,
    cut: Cut,
}

impl Proxy {
    /// Starts one in front of the server on this port.
    ///
    /// # Errors
    /// No port is free.
    pub async fn start(speech: Speech, port: u16) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let shared = Arc::new(Shared {
            upstream: (Ipv4Addr::LOCALHOST, port).into(),
            speech,
            state: Mutex::default(),
            frozen: watch::Sender::new(false),
        });
        let stop = CancellationToken::new();
        let port = listener.local_addr()?.port();
        tokio::spawn(
            stop.clone()
                .run_until_cancelled_owned(accept(listener, Arc::clone(&shared))),
        );
        Ok(Self {
            port,
            shared,
            _stop: stop.drop_guard(),
        })
    }

    /// Where it listens.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The messages it has heard since the start, [`Proxy::forget`] or [`Proxy::reset`].
    pub fn heard(&self) -> Vec<String> {
        self.shared.state().heard.clone()
    }

    /// Forgets what it has heard.
    pub fn forget(&self) {
        self.shared.state().heard.clear();
    }

    /// Stops everything at the message that contains this text, after so many of them have passed.
    pub fn cut(&self, message: &str, passes: usize, cut: Cut) {
        self.shared.state().plan = Some(Plan {
            message: message.to_owned(),
            passes,
            cut,
        });
    }

    /// Waits for the step that [`Proxy::cut`] named.
    ///
    /// # Errors
    /// It did not come in time.
    pub async fn wait_for_cut(&self, patience: Duration) -> Result<()> {
        let mut frozen = self.shared.frozen.subscribe();
        if tokio::time::timeout(patience, frozen.wait_for(|frozen| *frozen))
            .await
            .is_err()
        {
            bail!(
                "the step did not come in {patience:?}; heard: {:#?}",
                self.heard()
            );
        }
        Ok(())
    }

    /// Lets each message wait this long on its way to the server, from now on.
    pub fn slow_down(&self, delay: Duration) {
        self.shared.state().delay = delay;
    }

    /// Breaks every connection there is, and takes new ones as if nothing had happened.
    pub fn reset(&self) {
        let mut state = self.shared.state();
        state.connections.cancel();
        *state = State {
            delay: state.delay,
            ..State::default()
        };
        self.shared.frozen.send_replace(false);
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes a message; tells whether it is the one to be cut at.
    fn hear(&self, message: &str) -> Option<Cut> {
        let mut state = self.state();
        state.heard.push(message.to_owned());
        let plan = state
            .plan
            .as_mut()
            .filter(|plan| message.contains(&plan.message))?;
        if plan.passes > 0 {
            plan.passes -= 1;
            return None;
        }
        let cut = plan.cut;
        state.plan = None;
        Some(cut)
    }

    /// Nothing moves any more, on any connection, until [`Proxy::reset`].
    fn freeze(&self) {
        self.frozen.send_replace(true);
    }

    /// Returns at once, or never: [`Proxy::reset`] ends the connections that wait here, and thaws for those to come.
    async fn unless_frozen(&self) {
        if *self.frozen.borrow() {
            std::future::pending::<()>().await;
        }
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    while let Ok((client, _)) = listener.accept().await {
        let shared = Arc::clone(&shared);
        let open = shared.state().connections.clone();
        tokio::spawn(async move {
            let connected = Box::pin(connect(client, &shared));
            open.run_until_cancelled(connected).await;
        });
    }
}

async fn connect(client: TcpStream, shared: &Shared) {
    let Ok(server) = TcpStream::connect(shared.upstream).await else {
        return;
    };
    client.set_nodelay(true).ok();
    server.set_nodelay(true).ok();
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let hold = AtomicBool::new(false);
    // One side gone, the other goes too.
    tokio::select! {
        _ = ask(from_client, to_server, shared, &hold) => {}
        _ = answer(from_server, to_client, shared, &hold) => {}
    }
}

async fn ask(
    mut client: OwnedReadHalf,
    mut server: OwnedWriteHalf,
    shared: &Shared,
    hold: &AtomicBool,
) -> std::io::Result<()> {
    let mut splitter = shared.speech.splitter();
    let mut buffer = [0; 16 * 1024];
    loop {
        let read = client.read(&mut buffer).await?;
        if read == 0 {
            return Ok(());
        }
        for part in splitter.split(&buffer[..read]) {
            if part.message.is_some() {
                let delay = shared.state().delay;
                tokio::time::sleep(delay).await;
            }
            shared.unless_frozen().await;
            match part.message.and_then(|message| shared.hear(&message)) {
                Some(Cut::BeforeServer) => {
                    shared.freeze();
                    shared.unless_frozen().await;
                }
                Some(Cut::BeforeAnswer) => hold.store(true, Ordering::SeqCst),
                None => {}
            }
            server.write_all(&part.bytes).await?;
        }
    }
}

async fn answer(
    mut server: OwnedReadHalf,
    mut client: OwnedWriteHalf,
    shared: &Shared,
    hold: &AtomicBool,
) -> std::io::Result<()> {
    let mut buffer = [0; 16 * 1024];
    loop {
        let read = server.read(&mut buffer).await?;
        if read == 0 {
            return Ok(());
        }
        if hold.load(Ordering::SeqCst) {
            shared.freeze();
        }
        shared.unless_frozen().await;
        client.write_all(&buffer[..read]).await?;
    }
}
