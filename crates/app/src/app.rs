//! The application: what every use case has at hand.

use std::sync::Arc;

use secrecy::SecretString;
use url::Url;

use crate::AppError;

/// What the use cases themselves are configured with.
#[derive(Debug, Clone)]
pub struct AppSettings {
    /// Address of the service as browsers know it; mails and letters point to it.
    pub public_url: Url,
    /// Key of the blind index behind « Mes demandes »: 32 random bytes in base64.
    pub index_key: SecretString,
    /// Version of the terms of use that notaries accept.
    pub terms_version: String,
}

/// Every use case. Cheap to clone.
#[derive(Clone)]
pub struct App {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) settings: AppSettings,
}

impl App {
    /// Address of the service as browsers know it.
    pub fn public_url(&self) -> &Url {
        &self.inner.settings.public_url
    }

    /// Version of the terms of use in force.
    pub fn terms_version(&self) -> &str {
        &self.inner.settings.terms_version
    }

    /// Whether the service can take requests: the database answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ready(&self) -> Result<(), AppError> {
        todo!()
    }
}
