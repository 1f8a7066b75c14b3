//! What the configuration says of the web server.

use std::net::SocketAddr;
use std::time::Duration;

use chrono::TimeDelta;
use serde::Deserialize;
use url::Url;
use views::PlatformIdentity;

/// The web server.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebSettings {
    /// Address of the service as browsers know it: `https://notaires.example.org`. It has a host of its own: cookies
    /// and addresses are for the whole of it.
    pub public_url: Url,
    /// Where to listen. Behind a reverse proxy that speaks TLS.
    #[serde(default = "default_listen")]
    pub listen: SocketAddr,
    /// Seconds without a request after which a person is logged out.
    #[serde(default = "default_idle")]
    pub session_idle_seconds: u32,
    /// Seconds after which a person is logged out in any case.
    #[serde(default = "default_absolute")]
    pub session_absolute_seconds: u32,
    /// Seconds a request may take.
    #[serde(default = "default_timeout")]
    pub request_timeout_seconds: u32,
    /// Said above the header on every page.
    #[serde(default)]
    pub banner: Option<String>,
    /// Who runs the platform, for the legal pages.
    #[serde(default)]
    pub platform: PlatformIdentity,
}

impl WebSettings {
    /// Everything by default, for this address.
    pub fn new(public_url: Url) -> Self {
        Self {
            public_url,
            listen: default_listen(),
            session_idle_seconds: default_idle(),
            session_absolute_seconds: default_absolute(),
            request_timeout_seconds: default_timeout(),
            banner: None,
            platform: PlatformIdentity::default(),
        }
    }

    pub(crate) fn idle(&self) -> TimeDelta {
        TimeDelta::seconds(self.session_idle_seconds.into())
    }

    pub(crate) fn absolute(&self) -> TimeDelta {
        TimeDelta::seconds(self.session_absolute_seconds.into())
    }

    pub(crate) fn timeout(&self) -> Duration {
        Duration::from_secs(self.request_timeout_seconds.into())
    }
}

fn default_listen() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 8080))
}

fn default_idle() -> u32 {
    30 * 60
}

fn default_absolute() -> u32 {
    8 * 60 * 60
}

fn default_timeout() -> u32 {
    30
}
