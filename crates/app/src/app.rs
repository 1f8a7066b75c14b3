//! The application: what every use case has at hand.

use std::sync::Arc;

use db::{Db, Operator};
use domain::Quota;
use letters::Renderer;
use objects::{Keyring, ObjectStore};
use secrecy::SecretString;
use url::Url;
use views::Views;

use crate::blind_index::{BlindIndex, IndexKeyError};
use crate::departments::Caches;
use crate::{AppError, Mailer};

/// What the use cases themselves are configured with.
#[derive(Debug, Clone)]
pub struct AppSettings {
    /// Address of the service as browsers know it; mails and letters point to it.
    pub public_url: Url,
    /// Key of the blind index behind « Mes demandes »: 32 random bytes in base64.
    pub index_key: SecretString,
    /// Version of the terms of use that notaries accept; [`views::pages::TERMS_VERSION`] unless the operator has their own.
    pub terms_version: String,
    /// How many inquiries a notary may make, all départements together. A département may allow fewer of its own.
    pub quota: Quota,
    /// Who runs this program, and why, where it is a command: for the audit trails.
    pub operator: Operator,
}

impl AppSettings {
    /// Checks what can be checked without anything else.
    ///
    /// # Errors
    /// When the key of the blind index is not usable.
    pub fn check(&self) -> Result<(), IndexKeyError> {
        BlindIndex::new(&self.index_key).map(drop)
    }
}

/// The edges an application stands on.
pub struct Edges {
    /// The database.
    pub db: Db,
    /// Object storage.
    pub objects: ObjectStore,
    /// Master keys.
    pub keyring: Keyring,
    /// Letters.
    pub renderer: Renderer,
    /// Pages and mails.
    pub views: Arc<Views>,
    /// SMTP.
    pub mailer: Mailer,
}

/// Every use case. Cheap to clone.
#[derive(Clone)]
pub struct App {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) edges: Edges,
    pub(crate) settings: AppSettings,
    pub(crate) index: BlindIndex,
    pub(crate) caches: Caches,
}

impl App {
    /// The application on these edges.
    ///
    /// # Errors
    /// When the key of the blind index is not usable.
    pub fn new(edges: Edges, settings: AppSettings) -> Result<Self, IndexKeyError> {
        let index = BlindIndex::new(&settings.index_key)?;
        let inner = Inner {
            edges,
            settings,
            index,
            caches: Caches::new(),
        };
        Ok(Self {
            inner: Arc::new(inner),
        })
    }

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
        Ok(self.db().ping().await?)
    }

    /// The templates.
    pub fn views(&self) -> &Views {
        &self.inner.edges.views
    }

    pub(crate) fn db(&self) -> &Db {
        &self.inner.edges.db
    }

    /// A whole address below the public one.
    pub(crate) fn link(&self, path: &str) -> String {
        format!("{}{path}", self.public_root())
    }

    /// The public address without a slash at its end.
    pub(crate) fn public_root(&self) -> &str {
        self.inner.settings.public_url.as_str().trim_end_matches('/')
    }
}
