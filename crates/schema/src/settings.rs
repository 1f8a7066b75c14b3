//! How the database is reached (`[database]`).

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use crate::error::{DbError, Result};
use crate::operator::Operator;

/// How the database is reached (`[database]` of the configuration).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatabaseSettings {
    /// Address with the application's login: `postgres://dn_app:…@host/dn`.
    pub url: SecretString,
    /// Address with the owner's login, for `dn migrate` and `dn tenant`; the serving processes do not need it.
    #[serde(default)]
    pub migrate_url: Option<SecretString>,
    /// Most connections of one process.
    #[serde(default = "max_connections")]
    pub max_connections: u32,
    /// Seconds to wait for a free connection before saying that the database cannot be reached.
    #[serde(default = "acquire_timeout")]
    pub acquire_timeout_seconds: u64,
    /// Seconds after which PostgreSQL gives up a query.
    #[serde(default = "statement_timeout")]
    pub statement_timeout_seconds: u64,
}

fn max_connections() -> u32 {
    16
}

fn acquire_timeout() -> u64 {
    5
}

fn statement_timeout() -> u64 {
    60
}

impl DatabaseSettings {
    /// Settings with defaults for everything but the application's address.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: SecretString::from(url.into()),
            migrate_url: None,
            max_connections: max_connections(),
            acquire_timeout_seconds: acquire_timeout(),
            statement_timeout_seconds: statement_timeout(),
        }
    }
}

/// How the database is migrated and départements are provisioned.
#[derive(Debug, Clone)]
pub struct MigrateSettings {
    /// Address with the owner's login: a role with CREATEROLE that owns the database.
    pub url: SecretString,
    /// Address with the application's login. Its role is created with this password if it does not exist.
    pub app_url: SecretString,
    /// Who does it: for the audit trails.
    pub operator: Operator,
}

impl MigrateSettings {
    /// Settings from the two addresses.
    pub fn new(url: impl Into<String>, app_url: impl Into<String>) -> Self {
        Self {
            url: SecretString::from(url.into()),
            app_url: SecretString::from(app_url.into()),
            operator: Operator::default(),
        }
    }
}

impl TryFrom<&DatabaseSettings> for MigrateSettings {
    type Error = DbError;

    fn try_from(settings: &DatabaseSettings) -> Result<Self> {
        let url = settings.migrate_url.as_ref().ok_or(DbError::Settings(
            "database.migrate_url is missing: migrating and provisioning need the owner's login".into(),
        ))?;
        Ok(Self::new(url.expose_secret(), settings.url.expose_secret()))
    }
}
