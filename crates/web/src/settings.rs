//! What the configuration says of the web server.

use std::net::SocketAddr;

use serde::Deserialize;
use url::Url;

/// The web server.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebSettings {
    /// Address of the service as browsers know it: `https://notaires.example.org`. Path `/` only: cookies are for the whole host.
    pub public_url: Url,
    /// Where to listen. Behind a reverse proxy that speaks TLS.
    #[serde(default = "default_listen")]
    pub listen: SocketAddr,
    /// Minutes without a request after which a person is logged out.
    #[serde(default = "default_idle")]
    pub session_idle_minutes: u32,
    /// Minutes after which a person is logged out in any case.
    #[serde(default = "default_absolute")]
    pub session_absolute_minutes: u32,
}

fn default_listen() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 8080))
}

fn default_idle() -> u32 {
    30
}

fn default_absolute() -> u32 {
    8 * 60
}
