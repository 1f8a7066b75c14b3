//! A mail server that delivers nothing: it keeps what it is given and shows it in the browser.

mod faults;
mod pages;
mod smtp;
mod store;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, bail};
use tokio::net::TcpListener;

use crate::http::{Running, steady_listener};
use faults::Faults;
use store::Store;

pub use store::CaughtMail;

/// What the SMTP side and the pages share.
#[derive(Debug, Default)]
struct Shared {
    store: Store,
    faults: Faults,
}

/// A running mail catcher. It stops when this is dropped.
#[derive(Debug)]
pub struct MailCatcher {
    smtp: Running,
    web: Running,
    shared: Arc<Shared>,
}

impl MailCatcher {
    /// Starts it. With a folder, mails are kept there as files and are back after a restart, and the ports stay
    /// the same where they can; without, they are forgotten with this value.
    ///
    /// # Errors
    /// The folder cannot be read or written.
    pub async fn start(dir: Option<&Path>) -> Result<Self> {
        let store = Store::open(dir)?;
        let shared = Arc::new(Shared {
            store,
            faults: Faults::default(),
        });
        let (smtp, web) = match dir {
            Some(dir) => (
                steady_listener(dir, "smtp").await?,
                steady_listener(dir, "web").await?,
            ),
            None => (
                TcpListener::bind("127.0.0.1:0").await?,
                TcpListener::bind("127.0.0.1:0").await?,
            ),
        };
        let address = smtp.local_addr()?;
        let smtp = Running::new(address, |stop| smtp::serve(smtp, Arc::clone(&shared), stop));
        let web = Running::pages(web, pages::router(Arc::clone(&shared)))?;
        Ok(Self { smtp, web, shared })
    }

    /// Port of the SMTP server on 127.0.0.1: no TLS, no login.
    pub fn smtp_port(&self) -> u16 {
        self.smtp.address.port()
    }

    /// `smtp://127.0.0.1:PORT`.
    pub fn smtp_url(&self) -> String {
        format!("smtp://{}", self.smtp.address)
    }

    /// Where the mails can be read in a browser. The same list for programs is at `/api/mails`.
    pub fn web_url(&self) -> String {
        format!("http://{}/", self.web.address)
    }

    /// Every mail caught, oldest first.
    pub fn mails(&self) -> Vec<CaughtMail> {
        self.shared.store.all()
    }

    /// Every mail caught for this address, oldest first.
    pub fn mails_to(&self, address: &str) -> Vec<CaughtMail> {
        let mut mails = self.mails();
        mails.retain(|mail| mail.to.iter().any(|to| to.eq_ignore_ascii_case(address)));
        mails
    }

    /// Waits until at least this many mails were caught for this address and returns them.
    ///
    /// # Errors
    /// They did not come in time.
    pub async fn wait_for(&self, address: &str, count: usize, patience: Duration) -> Result<Vec<CaughtMail>> {
        let mut changes = self.shared.store.changes();
        let enough = async {
            loop {
                changes.mark_unchanged();
                let mails = self.mails_to(address);
                if mails.len() >= count || changes.changed().await.is_err() {
                    return mails;
                }
            }
        };
        match tokio::time::timeout(patience, enough).await {
            Ok(mails) => Ok(mails),
            Err(_) => bail!(
                "{count} mails awaited, {} came in {patience:?}",
                self.mails_to(address).len()
            ),
        }
    }

    /// Refuses this recipient for good from now on (550).
    pub fn refuse(&self, address: &str) {
        self.shared.faults.refuse(address);
    }

    /// Puts this recipient off from now on (451): the sender should try again later.
    pub fn put_off(&self, address: &str) {
        self.shared.faults.put_off(address);
    }

    /// Answers every command only after this long from now on.
    pub fn slow_down(&self, delay: Duration) {
        self.shared.faults.slow_down(delay);
    }

    /// Answers every connection with 421 and closes it from now on.
    pub fn go_down(&self) {
        self.shared.faults.go_down();
    }

    /// Ends every fault.
    pub fn heal(&self) {
        self.shared.faults.heal();
    }

    /// Stops it and waits until it has gone.
    pub async fn stop(self) {
        self.smtp.stop().await;
        self.web.stop().await;
    }
}
