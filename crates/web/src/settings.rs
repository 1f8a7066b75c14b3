//! What the configuration says of the web server.

use std::net::SocketAddr;
use std::time::Duration;

use chrono::TimeDelta;
use http::header::HeaderName;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
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
    /// Seconds a request's head may take to arrive, and a connection may stay open without a request.
    #[serde(default = "default_header_timeout")]
    pub header_timeout_seconds: u32,
    /// Seconds a form may take to arrive.
    #[serde(default = "default_body_timeout")]
    pub body_timeout_seconds: u32,
    /// Header in which the reverse proxy says where a request comes from: `x-forwarded-for`, `x-real-ip`. The proxy must
    /// set it or add to it; the last address in it counts. Without it no address is believed but the connection's.
    #[serde(default, deserialize_with = "header_name")]
    pub client_address_header: Option<HeaderName>,
    /// How often one address may come to the pages of login and verification in a minute; 0: as often as it likes.
    #[serde(default = "default_visits")]
    pub visits_per_minute: u32,
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
            header_timeout_seconds: default_header_timeout(),
            body_timeout_seconds: default_body_timeout(),
            client_address_header: None,
            visits_per_minute: default_visits(),
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

    pub(crate) fn header_timeout(&self) -> Duration {
        Duration::from_secs(self.header_timeout_seconds.max(1).into())
    }

    pub(crate) fn body_timeout(&self) -> Duration {
        Duration::from_secs(self.body_timeout_seconds.max(1).into())
    }

    pub(crate) fn timeout(&self) -> Duration {
        Duration::from_secs(self.request_timeout_seconds.into())
    }
}

fn header_name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<HeaderName>, D::Error> {
    let name = Option::<String>::deserialize(deserializer)?;
    let parsed = name.map(|name| name.parse::<HeaderName>()).transpose();
    parsed.map_err(|_| D::Error::custom("not the name of a header (expected for instance `x-forwarded-for`)"))
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

/// Longer than proxies keep an idle connection by default, so that it is they who close it.
fn default_header_timeout() -> u32 {
    75
}

fn default_body_timeout() -> u32 {
    20
}

/// Many offices may share one address: this is far more than all of them need, and far less than a machine can send.
fn default_visits() -> u32 {
    300
}
