//! The whole application in one process, on servers of its own.

use url::Url;

/// The whole application: database of its own, object storage, identity provider, mail catcher, worker, web server.
pub struct TestApp {
    /// Address of the web server.
    pub url: Url,
}
